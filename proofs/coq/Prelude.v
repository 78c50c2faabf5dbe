(** * Tactics for the steps of generated derivations

    A generated file has one closed lemma for each step of a derivation; its proof is [leaf], possibly after facts that
    the step cites. [leaf] knows: inner products are bilinear and symmetric, what one with a unit vector or the ones is,
    what the definitions unfold to, that a distribution sums to 1, and field arithmetic. It is no part of what is trusted:
    Coq checks what it finds. *)

From Logitlab Require Export Definitions.
From Logitlab Require Import Sums Policies.

(** ** Coordinates of vectors that are put together *)

Lemma vopp_at v i : vopp v i = - v i. Proof. reflexivity. Qed.
Lemma vadd_at u v i : vadd u v i = u i + v i. Proof. reflexivity. Qed.
Lemma vsub_at u v i : vsub u v i = u i - v i. Proof. reflexivity. Qed.
Lemma vscale_at x v i : vscale x v i = x * v i. Proof. reflexivity. Qed.
Lemma vdiv_at v x i : vdiv v x i = v i / x. Proof. reflexivity. Qed.
Lemma vmul_at u v i : vmul u v i = u i * v i. Proof. reflexivity. Qed.
Lemma ones_at i : ones i = 1. Proof. reflexivity. Qed.
Lemma zeros_at i : zeros i = 0. Proof. reflexivity. Qed.
Lemma vabs_at v i : vabs v i = Rabs (v i). Proof. reflexivity. Qed.
Lemma vexp_at v i : vexp v i = exp (v i). Proof. reflexivity. Qed.
Lemma vln_at v i : vln v i = ln (v i). Proof. reflexivity. Qed.
Lemma softmax_at K z i : softmax K z i = exp (z i) / rsum K (vexp z). Proof. reflexivity. Qed.

#[export] Hint Rewrite vopp_at vadd_at vsub_at vscale_at vdiv_at vmul_at ones_at zeros_at vabs_at vexp_at vln_at
  e_same others_same : coordinates.

(** ** Inner products *)

Lemma dot_opp_l K u v : dot K (vopp u) v = - dot K u v.
Proof. unfold dot, vopp. rewrite <- rsum_opp. apply rsum_ext. intros; ring. Qed.
Lemma dot_opp_r K u v : dot K u (vopp v) = - dot K u v.
Proof. rewrite dot_comm, dot_opp_l. f_equal. apply dot_comm. Qed.
Lemma dot_div_l K u x v : dot K (vdiv u x) v = dot K u v / x.
Proof. unfold dot, vdiv. rewrite <- rsum_div. apply rsum_ext. intros; unfold Rdiv; ring. Qed.
Lemma dot_div_r K u x v : dot K v (vdiv u x) = dot K v u / x.
Proof. rewrite dot_comm, dot_div_l. f_equal. apply dot_comm. Qed.
Lemma dot_zeros_l K v : dot K zeros v = 0.
Proof. apply rsum_zero. intros; unfold zeros; ring. Qed.
Lemma dot_zeros_r K v : dot K v zeros = 0.
Proof. rewrite dot_comm. apply dot_zeros_l. Qed.
(** A factor that is an elementwise product moves to the other side. *)
Lemma dot_mul_l K u v w : dot K (vmul u v) w = dot K u (vmul v w).
Proof. apply rsum_ext. intros; unfold vmul; ring. Qed.
Lemma dot_ones K : dot K ones ones = INR K.
Proof. unfold dot, ones. rewrite rsum_const. ring. Qed.
Lemma vsum_dot K v : vsum K v = dot K ones v.
Proof. symmetry. apply dot_ones_l. Qed.
Lemma rsum_dot K v : rsum K v = dot K ones v.
Proof. symmetry. apply dot_ones_l. Qed.
Lemma expect_dot K P f : expect K P f = dot K P f.
Proof. reflexivity. Qed.
Lemma dist_dot K P : distribution K P -> dot K ones P = 1.
Proof. intros [_ sum]. now rewrite dot_ones_l. Qed.
Lemma dist_dot_r K P : distribution K P -> dot K P ones = 1.
Proof. intros D. rewrite dot_comm. now apply dist_dot. Qed.

#[export] Hint Rewrite dot_opp_l dot_opp_r dot_div_l dot_div_r dot_zeros_l dot_zeros_r dot_ones : bilinear.

(** ** Exponentials, roots and sizes *)

Lemma dot_exp_pos K z : (1 <= K)%nat -> 0 < dot K ones (vexp z).
Proof. intros one. rewrite dot_ones_l. apply rsum_pos; [exact one | intros; apply exp_pos]. Qed.
Lemma dot_exp_shift K z a : dot K ones (vexp (vadd z (vscale a ones))) = exp a * dot K ones (vexp z).
Proof.
  rewrite !dot_ones_l, <- rsum_scal. apply rsum_ext. intros.
  unfold vexp, vadd, vscale, ones. rewrite Rmult_1_r, exp_plus. ring.
Qed.
Lemma exp_H2 K P : (1 <= K)%nat -> distribution K P -> exp (- H2 K P) = C K P.
Proof.
  intros one D. unfold H2. rewrite Ropp_involutive. apply exp_ln.
  destruct (Req_dec (C K P) 0) as [zero | ne].
  - apply (sqnorm_zero K P) in zero. destruct D as [_ sum].
    rewrite (rsum_zero K P) in sum by exact zero. lra.
  - pose proof (sqnorm_nonneg K P). unfold C, sqnorm in *. lra.
Qed.
Lemma exp_ln_C K P : (1 <= K)%nat -> distribution K P -> exp (ln (C K P)) = C K P.
Proof. intros one D. rewrite <- (exp_H2 K P one D) at 2. unfold H2. now rewrite Ropp_involutive. Qed.
Lemma C_least K P : (1 <= K)%nat -> distribution K P -> 0 < 1 / INR K /\ 1 / INR K <= C K P.
Proof.
  intros one D. split.
  - apply Rdiv_lt_0_compat; [lra | apply lt_0_INR; lia].
  - pose proof (sqnorm_nonneg K (vsub P (vscale (1 / INR K) ones))) as nonneg.
    rewrite (C_from_uniform K P D) in nonneg. lra.
Qed.
Lemma exp_twice x : exp (2 * x) = exp x ^ 2.
Proof. replace (2 * x) with (x + x) by ring. rewrite exp_plus. ring. Qed.
Lemma exp_minus x y : exp (x - y) = exp x / exp y.
Proof. unfold Rminus, Rdiv. rewrite exp_plus, exp_Ropp. reflexivity. Qed.
Lemma dot_exp_twice K z : dot K ones (vexp (vscale 2 z)) = dot K (vexp z) (vexp z).
Proof. apply rsum_ext. intros. unfold ones, vexp, vscale. rewrite exp_twice. ring. Qed.
Lemma dot_ones_mul K u v : dot K ones (vmul u v) = dot K u v.
Proof. apply rsum_ext. intros. unfold ones, vmul. ring. Qed.
Lemma sqrt_pow2_abs x : sqrt (x ^ 2) = Rabs x.
Proof. rewrite <- Rsqr_pow2. apply sqrt_Rsqr_abs. Qed.
Lemma others_vle K P c : distribution K P -> (c < K)%nat -> vle K zeros (others P c).
Proof.
  intros D lt i li. unfold zeros. destruct (Nat.eq_dec i c) as [-> | ne].
  - rewrite others_same. lra.
  - rewrite others_other by exact ne. now apply (dist_nonneg K P).
Qed.

(** ** Expectations of vectors, coordinate by coordinate *)

Lemma e_swap a i : e a i = e i a.
Proof. unfold e. now rewrite Nat.eqb_sym. Qed.
Lemma expect_entry K P f i : (i < K)%nat -> rsum K (fun a => P a * (f a * e a i)) = P i * f i.
Proof.
  intros lt. rewrite <- (dot_e_l K i (fun a => P a * f a) lt). apply rsum_ext.
  intros a la. rewrite (e_swap a i). ring.
Qed.
Lemma expect_unit K P i : (i < K)%nat -> rsum K (fun a => P a * e a i) = P i.
Proof.
  intros lt. rewrite <- (dot_e_l K i P lt). apply rsum_ext.
  intros a la. rewrite (e_swap a i). ring.
Qed.
Lemma expect_one K P : rsum K (fun a => P a * 1) = rsum K P.
Proof. apply rsum_ext. intros; ring. Qed.

(** ** Chains of steps *)

(** Every one of them is one for reals at a coordinate. *)
Ltac at_coordinates := intros a b i lt; specialize (a i lt); specialize (b i lt); lra.

Lemma veq_veq K u v w : veq K u v -> veq K v w -> veq K u w. Proof. at_coordinates. Qed.
Lemma veq_vle K u v w : veq K u v -> vle K v w -> vle K u w. Proof. at_coordinates. Qed.
Lemma vle_veq K u v w : vle K u v -> veq K v w -> vle K u w. Proof. at_coordinates. Qed.
Lemma vle_vle K u v w : vle K u v -> vle K v w -> vle K u w. Proof. at_coordinates. Qed.
Lemma veq_vlt K u v w : veq K u v -> vlt K v w -> vlt K u w. Proof. at_coordinates. Qed.
Lemma vlt_veq K u v w : vlt K u v -> veq K v w -> vlt K u w. Proof. at_coordinates. Qed.
Lemma vle_vlt K u v w : vle K u v -> vlt K v w -> vlt K u w. Proof. at_coordinates. Qed.
Lemma vlt_vle K u v w : vlt K u v -> vle K v w -> vlt K u w. Proof. at_coordinates. Qed.
Lemma vlt_vlt K u v w : vlt K u v -> vlt K v w -> vlt K u w. Proof. at_coordinates. Qed.
Lemma veq_le K u v : veq K u v -> vle K u v. Proof. intros a i lt. apply Req_le, a, lt. Qed.
Lemma vlt_le K u v : vlt K u v -> vle K u v. Proof. intros a i lt. apply Rlt_le, a, lt. Qed.
Definition eq_eq (a b c : R) (p : a = b) (q : b = c) : a = c := eq_trans p q.
Definition le_le := Rle_trans.
Definition lt_lt := Rlt_trans.
Definition le_lt := Rle_lt_trans.
Definition lt_le := Rlt_le_trans.
Lemma eq_le a b c : a = b -> b <= c -> a <= c. Proof. now intros ->. Qed.
Lemma le_eq a b c : a <= b -> b = c -> a <= c. Proof. now intros p <-. Qed.
Lemma eq_lt a b c : a = b -> b < c -> a < c. Proof. now intros ->. Qed.
Lemma lt_eq a b c : a < b -> b = c -> a < c. Proof. now intros p <-. Qed.

Lemma vnorm_ext K u v : veq K u v -> vnorm K u = vnorm K v.
Proof. intros E. unfold vnorm. now rewrite (sqnorm_ext K u v E). Qed.

(** ** Tactics *)

(** Signs and sizes of probabilities. *)
Ltac probabilities :=
  repeat match goal with
  | D : distribution ?K ?P, lt : (?c < ?K)%nat |- _ =>
      lazymatch goal with
      | _ : 0 <= P c |- _ => fail
      | _ => pose proof (dist_nonneg K P c D lt); pose proof (dist_le_1 K P c D lt)
      end
  | D : distribution ?K ?P |- _ =>
      lazymatch goal with
      | _ : C K P <= 1 |- _ => fail
      | _ => pose proof (C_le_1 K P D)
      end
  end.

(** What a division needs: its denominators are not 0. *)
Ltac nonzero :=
  repeat split;
  first
  [ apply not_0_INR; lia
  | apply Rgt_not_eq, dot_exp_pos; assumption
  | apply Rgt_not_eq, rsum_pos; [assumption | intros; apply exp_pos]
  | apply Rgt_not_eq, exp_pos
  | lra
  | match goal with two : (2 <= ?K)%nat |- _ => pose proof (le_INR 2 K two) as two_R; simpl in two_R; lra end ].

(** Inner products over the parts of vectors. *)
Ltac expand :=
  unfold C, sqnorm, others; rewrite ?vsum_dot;
  autorewrite with bilinear coordinates;
  repeat match goal with
  | lt : (?c < ?K)%nat |- context [dot ?K (e ?c) ?v] => rewrite (dot_e_l K c v lt)
  | lt : (?c < ?K)%nat |- context [dot ?K ?v (e ?c)] => rewrite (dot_e_r K c v lt)
  | D : distribution ?K ?P |- context [dot ?K ones ?P] => rewrite (dist_dot K P D)
  | D : distribution ?K ?P |- context [dot ?K ?P ones] => rewrite (dist_dot_r K P D)
  | |- context [dot ?K ?u ones] => rewrite (dot_comm K u ones)
  end;
  autorewrite with coordinates.

(** The same inner product the other way round. *)
Ltac commute :=
  repeat match goal with
  | |- context [dot ?K ?u ?v] =>
      match goal with |- context [dot K v u] => tryif constr_eq u v then fail else rewrite (dot_comm K u v) end
  end.

Ltac arithmetic :=
  rewrite ?sqrt_1, ?sqrt_pow2_abs, ?dot_exp_shift, ?dot_exp_twice, ?dot_ones_mul, ?exp_minus, ?exp_twice, ?exp_plus;
  first [reflexivity | ring | solve [field; nonzero] | lra].

(** Equality of vectors: coordinate by coordinate, the chosen action apart. *)
Ltac coordinatewise :=
  let i := fresh "i" in let lt := fresh "lt" in
  intros i lt; unfold vexpect, softmax, others; rewrite ?vsum_dot, ?rsum_dot;
  autorewrite with bilinear coordinates; rewrite ?Rmult_1_r;
  first
  [ arithmetic
  | match goal with
    | |- context [e ?c i] =>
        destruct (Nat.eq_dec i c) as [-> | ne]; [rewrite ?e_same | rewrite ?(e_other c i ne)];
        autorewrite with coordinates; arithmetic
    end ].

(** The same where coordinates are expectations: by what those of units are, or as one sum over the action. *)
Ltac expectations :=
  let i := fresh "i" in let lt := fresh "lt" in
  intros i lt; unfold vexpect, expect, vsum, dot, vopp, vadd, vsub, vscale, vdiv, vmul, ones;
  first
  [ solve
    [ match goal with
      | |- context [rsum ?K _] =>
          rewrite ?expect_one, ?(expect_unit K _ i lt), ?(expect_entry K _ _ i lt)
      end; ring ]
  | solve [match goal with D : distribution ?K ?P |- _ => destruct D as [_ sum]; rewrite ?sum; ring end]
  | repeat first [rewrite <- rsum_scal | rewrite <- rsum_scal_r | rewrite <- rsum_plus | rewrite <- rsum_minus];
    apply rsum_ext; let a := fresh "a" in intros a ?; ring ].

(** Sums as one sum, summand by summand. *)
Ltac gather :=
  repeat first
    [rewrite <- rsum_scal | rewrite <- rsum_plus | rewrite <- rsum_minus | rewrite <- rsum_opp | rewrite <- rsum_div];
  apply rsum_ext;
  let i := fresh "i" in let lt := fresh "lt" in
  intros i lt; unfold vxlogx, vxlogy, others; autorewrite with coordinates;
  first [arithmetic | solve [expand; commute; arithmetic]].
Ltac pointwise :=
  first
  [ solve [unfold expect, vsum, H, KL; gather]
  | solve [unfold dot, expect, vsum, H, KL; gather]
  | unfold C, sqnorm, dot, expect, vsum, H, KL; gather ].

Ltac absolute :=
  probabilities;
  repeat match goal with |- context [Rabs ?x] => rewrite (Rabs_pos_eq x) by (autorewrite with coordinates; lra) end.

Ltac equal_reals :=
  first
  [ reflexivity
  | solve [expand; commute; arithmetic]
  | solve [pointwise]
  | solve [rewrite ?expect_dot; expand; commute; pointwise]
  | solve [rewrite ?vnorm_scale; first [arithmetic | unfold vnorm; expand; arithmetic]]
  | solve [unfold vnorm; f_equal; expand; commute; arithmetic]
  | solve [unfold vnorm; f_equal; f_equal; expand; commute; arithmetic]
  | solve [absolute; expand; commute; arithmetic]
  | solve [apply sqnorm_ext; coordinatewise]
  | solve [rewrite ?vsum_dot, ?exp_ln by (apply dot_exp_pos; assumption); expand; commute; arithmetic]
  | solve [rewrite ?exp_ln_C by assumption; reflexivity]
  | solve [rewrite ?exp_H2 by assumption; expand; commute; arithmetic]
  | solve [rewrite sqrt_mult by (try lra; probabilities; nra); arithmetic] ].

(** Inequalities between reals: by signs, by the signs of summands, by the sum of nonnegative numbers. *)
Ltac summands :=
  unfold C, sqnorm, dot, expect, vsum;
  first [apply rsum_le | apply rsum_nonneg];
  let i := fresh "i" in let lt := fresh "lt" in
  intros i lt; probabilities; autorewrite with coordinates; nra.

Ltac order :=
  first
  [ lra
  | solve [probabilities; first [lra | nra]]
  | solve [summands]
  | solve [apply Rplus_le_compat_l; summands]
  | match goal with
    | one : (1 <= ?K)%nat, D : distribution ?K ?P |- _ => destruct (C_least K P one D); solve [lra]
    end
  | solve [apply Rdiv_lt_0_compat; [lra | apply lt_0_INR; lia]]
  | solve [apply Rmult_lt_compat_r;
      [match goal with |- context [C ?K ?q] => pose proof (sqnorm_nonneg K q); unfold C, sqnorm in *; lra end | nra]]
  | solve [apply Rplus_le_compat_l, Rmult_le_pos; [apply pow2_ge_0 | lra]]
  | solve [apply Rmult_le_compat_l; [apply Rabs_pos | apply sqrt_le_1_alt; assumption || lra]]
  | solve [probabilities; expand; commute; first [lra | nra]]
  | match goal with
    | D : distribution ?K ?P, lt : (?c < ?K)%nat |- _ =>
        pose proof (sqnorm_le_sum_sq K (others P c) (others_vle K P c D lt)) as bound;
        rewrite <- dot_ones_l in bound; unfold sqnorm in bound;
        unfold C, sqnorm; rewrite ?vsum_dot; autorewrite with bilinear; rewrite ?(dot_comm K _ ones); nra
    end ].

Ltac coordinates_order :=
  let i := fresh "i" in let lt := fresh "lt" in
  intros i lt; autorewrite with coordinates; probabilities;
  first
  [ apply Rabs_pos
  | lra
  | nra
  | match goal with
    | |- context [e ?c i] =>
        destruct (Nat.eq_dec i c) as [-> | ne]; [rewrite ?e_same | rewrite ?(e_other c i ne)]; lra
    end ].

(** One step of a derivation; facts that it cites stand among the hypotheses. *)
Ltac leaf :=
  match goal with
  | |- veq _ _ _ => first [solve [coordinatewise] | expectations]
  | |- _ = _ =>
      first
      [ equal_reals
      | solve [repeat match goal with fact : ?a = _ |- context [?a] => rewrite fact; clear fact end; equal_reals]
      | solve [repeat match goal with fact : _ = ?a |- context [?a] => rewrite <- fact; clear fact end; equal_reals] ]
  | |- vle _ _ _ => coordinates_order
  | |- vlt _ _ _ => coordinates_order
  | |- _ => order
  end.
