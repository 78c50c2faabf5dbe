(** * Signs and sizes: the conditions of a law

    [side] proves what a law asks of its instance: that a vector is a distribution or a subset, that a number is
    positive or not zero, that one is at most another. It goes by the form of an expression and by what is given. *)

From Logitlab Require Export Entries Prelude Laws.
From Logitlab Require Export Calculus Steps.

(** ** Signs and sizes *)

Lemma pow2_sqrt x : 0 <= x -> sqrt x ^ 2 = x. Proof. intros. simpl. rewrite Rmult_1_r. now apply sqrt_sqrt. Qed.
Lemma Rabs_twice x : Rabs x * Rabs x = x * x. Proof. symmetry. apply Rsqr_abs. Qed.
Lemma pow2_abs x : Rabs x ^ 2 = x ^ 2. Proof. rewrite <- !Rsqr_pow2. symmetry. apply Rsqr_abs. Qed.
Lemma e_nonneg c i : 0 <= e c i.
Proof. unfold e. destruct (Nat.eqb i c); lra. Qed.
Lemma e_le_1 c i : e c i <= 1.
Proof. unfold e. destruct (Nat.eqb i c); lra. Qed.
Lemma dist_unit K c : (c < K)%nat -> distribution K (e c).
Proof. intros lt. split; [intros; apply e_nonneg | now apply rsum_unit]. Qed.
Lemma dist_softmax K z : (1 <= K)%nat -> distribution K (softmax K z).
Proof. intros one. rewrite softmax_ones. apply softmax_distribution, weights_ones, one. Qed.
Lemma softmax_positive K z i : (1 <= K)%nat -> 0 < softmax K z i.
Proof. intros one. apply Rdiv_lt_0_compat; [apply exp_pos | now apply sumexp_positive]. Qed.
Lemma dist_by K v : vle K zeros v -> vsum K v = 1 -> distribution K v.
Proof. intros nonneg sum. split; [exact nonneg | exact sum]. Qed.
Lemma sub_complement K t : subset K t -> subset K (vsub ones t).
Proof. intros S i lt. unfold vsub, ones. destruct (S i lt) as [-> | ->]; [right | left]; ring. Qed.
Lemma sub_unit K c : subset K (e c).
Proof. intros i lt. unfold e. destruct (Nat.eqb i c); [right | left]; reflexivity. Qed.
Lemma sub_ones K : subset K ones. Proof. now right. Qed.
Lemma sub_zeros K : subset K zeros. Proof. now left. Qed.
Lemma sub_nonneg K t i : subset K t -> (i < K)%nat -> 0 <= t i <= 1.
Proof. intros S lt. destruct (S i lt) as [-> | ->]; lra. Qed.
Lemma sub_square K t i : subset K t -> (i < K)%nat -> t i * t i = t i.
Proof. intros S lt. destruct (S i lt) as [-> | ->]; ring. Qed.
Lemma square_nonneg x : 0 <= x * x. Proof. apply Rle_0_sqr. Qed.
Lemma even_nonneg x n : 0 <= x ^ (2 * n). Proof. rewrite pow_mult. apply pow_le, pow2_ge_0. Qed.
Lemma inverse_nonneg x : 0 <= x -> 0 <= / x.
Proof. intros [pos | <-]; [now apply Rlt_le, Rinv_0_lt_compat | rewrite Rinv_0; lra]. Qed.
Lemma max_nonneg K v : (1 <= K)%nat -> (forall i, (i < K)%nat -> 0 <= v i) -> 0 <= vmax K v.
Proof. intros one E. destruct (vmax_attained K v one) as [i [lt <-]]. auto. Qed.
Lemma max_pos K v : (1 <= K)%nat -> (forall i, (i < K)%nat -> 0 < v i) -> 0 < vmax K v.
Proof. intros one E. destruct (vmax_attained K v one) as [i [lt <-]]. auto. Qed.
Lemma min_nonneg K v : (1 <= K)%nat -> (forall i, (i < K)%nat -> 0 <= v i) -> 0 <= vmin K v.
Proof. intros one E. destruct (vmin_attained K v one) as [i [lt <-]]. auto. Qed.
Lemma min_pos K v : (1 <= K)%nat -> (forall i, (i < K)%nat -> 0 < v i) -> 0 < vmin K v.
Proof. intros one E. destruct (vmin_attained K v one) as [i [lt <-]]. auto. Qed.
Lemma max_dist_pos K P : distribution K P -> 0 < vmax K P.
Proof.
  intros D. pose proof (dist_one K P D) as one. destruct (Rlt_or_le 0 (vmax K P)) as [pos | neg]; [exact pos|].
  pose proof (dist_sum K P D) as sum. rewrite (rsum_zero K P) in sum; [lra|].
  intros i lt. pose proof (vmax_ub K P i lt). pose proof (dist_nonneg K P i D lt). lra.
Qed.
Lemma max_dist_le K P : distribution K P -> vmax K P <= 1.
Proof. intros D. apply vmax_lub; [now apply (dist_one K P)|]. intros. now apply (dist_le_1 K). Qed.
Lemma squares_pos K P : distribution K P -> 0 < rsum K (fun i => P i * P i).
Proof. apply C_pos. Qed.
Lemma norm_pos K v : 0 < sqnorm K v -> 0 < vnorm K v. Proof. intros. now apply sqrt_lt_R0. Qed.
Lemma H_nonneg K P : distribution K P -> 0 <= H K P.
Proof.
  intros D. unfold H. rewrite <- rsum_opp. apply rsum_nonneg. intros i lt. unfold vxlogx, xlogx.
  pose proof (dist_nonneg K P i D lt) as nonneg. pose proof (dist_le_1 K P i D lt).
  destruct nonneg as [pos | <-]; [|lra].
  pose proof (ln_le_pred (P i) pos). assert (ln (P i) <= 0) by lra. nra.
Qed.
Lemma ln_pos x : 1 < x -> 0 < ln x. Proof. intros. rewrite <- ln_1. apply ln_increasing; lra. Qed.
Lemma ln_nonneg x : 1 <= x -> 0 <= ln x. Proof. intros. rewrite <- ln_1. apply ln_increasing_le; lra. Qed.
Lemma ln_nonpos x : 0 < x -> x <= 1 -> ln x <= 0. Proof. intros. rewrite <- ln_1. now apply ln_increasing_le. Qed.
Lemma ln_neg x : 0 < x -> x < 1 -> ln x < 0. Proof. intros. rewrite <- ln_1. now apply ln_increasing. Qed.
Lemma exp_le_1 x : x <= 0 -> exp x <= 1. Proof. intros. rewrite <- exp_0. now apply exp_increasing_le. Qed.
Lemma exp_ge_1 x : 0 <= x -> 1 <= exp x. Proof. intros. rewrite <- exp_0. now apply exp_increasing_le. Qed.
Lemma opp_nonneg x : x <= 0 -> 0 <= - x. Proof. lra. Qed.
Lemma opp_nonpos x : 0 <= x -> - x <= 0. Proof. lra. Qed.
Lemma opp_pos x : x < 0 -> 0 < - x. Proof. lra. Qed.
Lemma opp_neg x : 0 < x -> - x < 0. Proof. lra. Qed.
Lemma mult_neg_neg x y : x <= 0 -> y <= 0 -> 0 <= x * y. Proof. intros. nra. Qed.
Lemma mult_pos_neg x y : 0 <= x -> y <= 0 -> x * y <= 0. Proof. intros. nra. Qed.
Lemma mult_neg_pos x y : x <= 0 -> 0 <= y -> x * y <= 0. Proof. intros. nra. Qed.
Lemma abs_apart x : 0 < Rabs x -> x <> 0. Proof. intros pos ->. rewrite Rabs_R0 in pos. lra. Qed.
Lemma mult_both_neg x y : x < 0 -> y < 0 -> 0 < x * y. Proof. intros. nra. Qed.
Lemma apart_by x y : x - y <> 0 -> x <> y. Proof. lra. Qed.
Lemma pos_nonzero x : 0 < x -> x <> 0. Proof. lra. Qed.
Lemma neg_nonzero x : x < 0 -> x <> 0. Proof. lra. Qed.
Lemma le_by x y : 0 <= y - x -> x <= y. Proof. lra. Qed.
Lemma lt_by x y : 0 < y - x -> x < y. Proof. lra. Qed.

Ltac pose_new T :=
  let says := type of T in lazymatch goal with _ : says |- _ => fail | _ => pose proof T end.

(** What is given of vectors at the actions at hand, and of K. *)
Ltac know :=
  repeat match goal with both : _ /\ _ |- _ => destruct both end;
  repeat match goal with
  | D : distribution ?K ?P, lt : (?c < ?K)%nat |- _ =>
      pose_new (dist_nonneg K P c D lt); pose proof (dist_le_1 K P c D lt)
  | S : subset ?K ?t, lt : (?c < ?K)%nat |- _ => pose_new (sub_nonneg K t c S lt)
  | le : vle ?K ?u ?v, lt : (?c < ?K)%nat |- _ => pose_new (le c lt)
  | le : vlt ?K ?u ?v, lt : (?c < ?K)%nat |- _ => pose_new (le c lt)
  | le : veq ?K ?u ?v, lt : (?c < ?K)%nat |- _ => pose_new (le c lt)
  | one : (1 <= ?K)%nat |- context [softmax ?K ?z] => pose_new (dist_softmax K z one)
  | |- context [e ?c ?i] => pose_new (e_nonneg c i); pose proof (e_le_1 c i)
  | many : (?n <= ?K)%nat |- _ => is_var K; pose_new (le_INR n K many)
  | many : (?n < ?K)%nat |- _ => is_var K; pose_new (lt_INR n K many)
  | many : ?K = ?n :> nat |- _ => is_var K; pose_new (f_equal INR many)
  end;
  repeat match goal with both : _ <= _ <= _ |- _ => destruct both end.

Ltac plain :=
  cbv beta delta [vopp vadd vsub vscale vdiv vmul vquot vabs vsqrt vexp vln vxlogx vxlogy xlogx xlogy others ones
    zeros vsum dot sqnorm C expect vexpect total Rdiv] in *;
  repeat match goal with
  | known : context [INR 1] |- _ => change (INR 1) with 1 in known
  | known : context [INR (S ?n)] |- _ => progress rewrite ?S_INR in known; simpl INR in known
  end.

(** A sign at every action. *)
Ltac each decided :=
  let i := fresh "i" in let lt := fresh "lt" in intros i lt; know; plain; decided.

Ltac nonneg :=
  first
  [ assumption
  | lra
  | lazymatch goal with
    | |- 0 <= ?a + ?b => apply Rplus_le_le_0_compat; nonneg
    | |- 0 <= ?a * ?a => apply square_nonneg
    | |- 0 <= ?a * ?b => first [apply Rmult_le_pos; nonneg | apply mult_neg_neg; nonpos]
    | |- 0 <= - ?a => apply opp_nonneg; nonpos
    | |- 0 <= / ?a => apply inverse_nonneg; nonneg
    | |- 0 <= ?a ^ 2 => apply pow2_ge_0
    | |- 0 <= ?a ^ 4 => apply (even_nonneg a 2)
    | |- 0 <= ?a ^ ?n => apply pow_le; nonneg
    | |- 0 <= rsum _ _ => apply rsum_nonneg; each ltac:(nonneg)
    | |- 0 <= exp _ => apply Rlt_le, exp_pos
    | |- 0 <= Rabs _ => apply Rabs_pos
    | |- 0 <= sqrt _ => apply sqrt_pos
    | |- 0 <= ln _ => apply ln_nonneg; sign
    | |- 0 <= softmax _ _ _ => apply Rlt_le, softmax_positive; lia
    | |- 0 <= e _ _ => apply e_nonneg
    | |- 0 <= vnorm _ _ => apply vnorm_nonneg
    | |- 0 <= H _ _ => apply H_nonneg; dist
    | |- 0 <= vmax _ _ => apply max_nonneg; [lia | each ltac:(nonneg)]
    | |- 0 <= vmin _ _ => apply min_nonneg; [lia | each ltac:(nonneg)]
    | |- 0 <= INR _ => apply pos_INR
    end
  | solve [apply Rlt_le; positive] ]
with positive :=
  first
  [ assumption
  | lra
  | lazymatch goal with
    | |- 0 < ?a + ?b =>
        first [ apply Rplus_lt_le_0_compat; [positive | nonneg] | apply Rplus_le_lt_0_compat; [nonneg | positive] ]
    | |- 0 < ?a * ?b => first [apply Rmult_lt_0_compat; positive | apply mult_both_neg; negative]
    | |- 0 < - ?a => apply opp_pos; negative
    | |- 0 < / ?a => apply Rinv_0_lt_compat; positive
    | |- 0 < ?a ^ 2 => apply pow2_gt_0; nonzero_real
    | |- 0 < ?a ^ ?n => apply pow_lt; positive
    | |- 0 < rsum ?K ?f =>
        first
        [ apply rsum_pos;
          [lia | each ltac:(positive)]
        | match goal with
          | more : context [rsum K ?g] |- _ =>
              assert_fails (constr_eq f g);
              replace (rsum K f) with (rsum K g) by (apply rsum_ext; intros; cbv beta; ring); positive
          | D : distribution K ?P |- _ =>
              apply Rlt_le_trans with (rsum K (fun i => P i * P i));
              [apply squares_pos; exact D | right; apply rsum_ext; intros; cbv beta; ring]
          end ]
    | |- 0 < exp _ => apply exp_pos
    | |- 0 < Rabs _ => apply Rabs_pos_lt; nonzero_real
    | |- 0 < sqrt _ => apply sqrt_lt_R0; positive
    | |- 0 < ln _ => apply ln_pos; sign
    | |- 0 < softmax _ _ _ => apply softmax_positive; lia
    | |- 0 < vnorm _ _ => apply norm_pos; plain; positive
    | |- 0 < vmax _ _ =>
        first [ apply max_dist_pos; dist
              | apply max_pos; [lia | each ltac:(positive)] ]
    | |- 0 < vmin _ _ => apply min_pos; [lia | each ltac:(positive)]
    | |- 0 < INR _ => apply lt_0_INR; lia
    end ]
with nonpos :=
  first
  [ assumption
  | lra
  | lazymatch goal with
    | |- - ?a <= 0 => apply opp_nonpos; nonneg
    | |- ?a * ?b <= 0 => first [apply mult_pos_neg; [nonneg | nonpos] | apply mult_neg_pos; [nonpos | nonneg]]
    | |- ln _ <= 0 => apply ln_nonpos; sign
    end ]
with negative :=
  first
  [ assumption
  | lra
  | lazymatch goal with
    | |- - ?a < 0 => apply opp_neg; positive
    | |- ln _ < 0 => apply ln_neg; sign
    end ]
with nonzero_real :=
  first
  [ assumption
  | lra
  | solve [apply pos_nonzero; positive]
  | solve [apply neg_nonzero; negative]
  | match goal with apart : 0 < Rabs ?x |- ?x <> 0 => exact (abs_apart x apart) end
  | lazymatch goal with
    | |- ?a * ?b <> 0 => apply Rmult_integral_contrapositive_currified; nonzero_real
    | |- ?a ^ ?n <> 0 => apply pow_nonzero; nonzero_real
    | |- - ?a <> 0 => apply Ropp_neq_0_compat; nonzero_real
    | |- / ?a <> 0 => apply Rinv_neq_0_compat; nonzero_real
    | |- INR _ <> 0 => apply not_0_INR; lia
    end ]
with sign :=
  lazymatch goal with
  | |- 0 <= _ => nonneg
  | |- 0 < _ => positive
  | |- _ <= 0 => nonpos
  | |- _ < 0 => negative
  | |- _ <> 0 => nonzero_real
  | |- ?a <> ?b => first [assumption | lra | apply apart_by; nonzero_real]
  | |- exp _ <= 1 => apply exp_le_1; sign
  | |- 1 <= exp _ => apply exp_ge_1; sign
  | |- vmax _ _ <= 1 => first [lra | apply max_dist_le; dist]
  | |- _ <= _ =>
      first
      [ assumption | lra | solve [progress (rewrite ?Rmult_0_l, ?Rmult_0_r); sign]
      | solve [apply le_by; nonneg] | solve [apply le_by; differ_nonneg] | solve [ordered; sign] | nra ]
  | |- _ < _ => first [assumption | lra | solve [apply lt_by; positive] | solve [apply lt_by; differ_positive] | nra]
  | |- _ = _ => first [assumption | lra | ring]
  end
with ordered :=
  lazymatch goal with
  | |- ?a * ?c <= ?b * ?c => apply mono_mult_l; [nonneg | ]
  | |- ?c * ?a <= ?c * ?b => apply mono_mult_r; [nonneg | ]
  | |- ?a + ?c <= ?b + ?c => apply Rplus_le_compat_r
  | |- ?c + ?a <= ?c + ?b => apply Rplus_le_compat_l
  | |- ?a - ?c <= ?b - ?c => apply mono_minus_l
  | |- ?c - ?a <= ?c - ?b => apply mono_minus_r
  | |- exp _ <= exp _ => apply exp_increasing_le
  | |- ln _ <= ln _ => apply mono_ln; [positive | ]
  | |- sqrt _ <= sqrt _ => apply sqrt_le_1_alt
  end
with differ_nonneg := match goal with |- 0 <= ?x => ring_simplify x end; nonneg
with differ_positive := match goal with |- 0 < ?x => ring_simplify x end; positive
with dist :=
  first
  [ assumption
  | apply dist_unit; lia
  | apply dist_softmax; lia
  | apply dist_by; [side | first [assumption | symmetry; assumption]] ]
with sub :=
  first [assumption | apply sub_unit | apply sub_ones | apply sub_zeros | apply sub_complement; sub]
(** The conditions of a law. *)
with side :=
  intros;
  lazymatch goal with
  | |- _ /\ _ => split; side
  | |- distribution _ _ => dist
  | |- subset _ _ => sub
  | |- (_ <= _)%nat => lia
  | |- (_ < _)%nat => lia
  | |- @eq nat _ _ => first [assumption | symmetry; assumption | lia]
  | |- ~ @eq nat _ _ => first [assumption | apply not_eq_sym; assumption | lia]
  | |- veq _ _ _ => first [assumption | apply veq_sym; assumption | intros ? ?; know; plain; sign]
  | |- ~ veq _ _ _ => assumption
  | |- vle _ _ _ => first [assumption | by_actions]
  | |- vlt _ _ _ => first [assumption | by_actions]
  | |- _ \/ _ => first [assumption | left; side | right; side]
  | |- _ => first [assumption | know; plain; sign]
  end
with by_actions :=
  let i := fresh "i" in let lt := fresh "lt" in
  intros i lt; first [know; plain; sign | cases_at i; know; plain; units; sign]
with cases_at i :=
  match goal with |- context [e ?c] =>
    let ne := fresh "ne" in destruct (Nat.eq_dec i c) as [-> | ne]
  | |- context [others _ ?c] =>
    let ne := fresh "ne" in destruct (Nat.eq_dec i c) as [-> | ne]
  end.


Ltac nonzero := know; plain; nonzero_real.
