(** * What the laws of the kernel need

    Lemmas about reals, sums, norms and extremes that the rest of the development does not have, and the tactics by which
    most laws follow. Laws.v has the laws. *)

From Logitlab Require Export Definitions.
From Logitlab Require Import Sums Policies Calculus Consequences Derivatives Steps.

(** ** Reals *)

Lemma ln_ge_inverse x : 0 < x -> 1 - 1 / x <= ln x.
Proof.
  intros pos. pose proof (ln_le_pred (/ x) (Rinv_0_lt_compat x pos)) as b. rewrite ln_Rinv in b by exact pos.
  unfold Rdiv. lra.
Qed.

(** The summand of a divergence is at least the difference: log x <= x - 1 at v/u. *)
Lemma ln_gap u v : 0 <= u -> 0 < v -> u - v <= u * ln u - u * ln v.
Proof.
  intros [pos | <-] v_pos; [|lra].
  pose proof (ln_ge_inverse (u / v) (Rdiv_lt_0_compat u v pos v_pos)) as b.
  rewrite ln_div in b by assumption. replace (1 / (u / v)) with (v / u) in b by (field; lra).
  apply Rmult_le_compat_l with (r := u) in b; [|lra].
  replace (u * (1 - v / u)) with (u - v) in b by (field; lra). lra.
Qed.

Lemma ln_gap_equal u v : 0 <= u -> 0 < v -> u * ln u - u * ln v = u - v -> u = v.
Proof.
  intros [pos | <-] v_pos E; [|lra].
  assert (ln (v / u) = v / u - 1) as L.
  { rewrite ln_div by assumption. apply Rmult_eq_reg_l with u; [|lra].
    replace (u * (v / u - 1)) with (v - u) by (field; lra). lra. }
  apply ln_eq_pred in L; [|now apply Rdiv_lt_0_compat].
  apply Rmult_eq_reg_r with (/ u); [|apply Rgt_not_eq, Rinv_0_lt_compat; lra].
  rewrite Rinv_r by lra. unfold Rdiv in L. lra.
Qed.

(** With f(x) = (2 x + 4) (x ln x - x + 1) - 3 (x - 1)^2: f(1) = 0, f'(x) = 4 g(x) with g(x) = (x + 1) ln x - 2 (x - 1),
    g(1) = 0 and g'(x) = ln x + 1/x - 1 >= 0. So f' has the sign of x - 1. *)
Lemma pinsker_ratio x : 0 < x -> 3 * (x - 1) ^ 2 <= (2 * x + 4) * (x * ln x - x + 1).
Proof.
  intros pos.
  assert (forall c, 0 < c -> 0 <= ((c + 1) * ln c - 2 * (c - 1)) * (c - 1)) as slope.
  { intros c c_pos.
    destruct (MVT_gen (fun y => (y + 1) * ln y - 2 * (y - 1)) 1 c (fun y => ln y - (1 - 1 / y))) as [d [between E]].
    - intros y [low high]. assert (0 < y) by (unfold Rmin in low; destruct (Rle_dec 1 c); lra).
      auto_derive; [lra | field; lra].
    - intros y [low high]. assert (0 < y) by (unfold Rmin in low; destruct (Rle_dec 1 c); lra).
      apply derivable_continuous_pt, ex_derive_Reals_0. auto_derive. lra.
    - assert (0 < d) by (destruct between as [low _]; unfold Rmin in low; destruct (Rle_dec 1 c); lra).
      pose proof (ln_ge_inverse d ltac:(assumption)). rewrite ln_1 in E.
      replace ((c + 1) * ln c - 2 * (c - 1)) with ((ln d - (1 - 1 / d)) * (c - 1)) by lra.
      pose proof (pow2_ge_0 (c - 1)). nra. }
  destruct (MVT_gen (fun y => (2 * y + 4) * (y * ln y - y + 1) - 3 * (y - 1) ^ 2) 1 x
    (fun y => 4 * ((y + 1) * ln y - 2 * (y - 1)))) as [c [between E]].
  - intros y [low high]. assert (0 < y) by (unfold Rmin in low; destruct (Rle_dec 1 x); lra).
    auto_derive; [lra | field; lra].
  - intros y [low high]. assert (0 < y) by (unfold Rmin in low; destruct (Rle_dec 1 x); lra).
    apply derivable_continuous_pt, ex_derive_Reals_0. auto_derive. lra.
  - assert (0 < c) as c_pos by (destruct between as [low _]; unfold Rmin in low; destruct (Rle_dec 1 x); lra).
    specialize (slope c c_pos). rewrite ln_1 in E.
    assert (0 <= ((c + 1) * ln c - 2 * (c - 1)) * (x - 1)); [|lra].
    unfold Rmin, Rmax in between. destruct (Rle_dec 1 x) as [le | gt].
    + destruct (Req_dec c 1) as [-> | ne]; [rewrite ln_1; lra|].
      assert (0 <= (c + 1) * ln c - 2 * (c - 1)); [|nra].
      apply Rmult_le_reg_r with (c - 1); lra.
    + destruct (Req_dec c 1) as [-> | ne]; [rewrite ln_1; lra|].
      assert ((c + 1) * ln c - 2 * (c - 1) <= 0); [|nra].
      apply Rmult_le_reg_r with (1 - c); lra.
Qed.

Lemma pinsker_pair u v : 0 <= u -> 0 < v ->
  3 * (u - v) * (u - v) <= (2 * u + 4 * v) * (xlogx u - xlogy u v - u + v).
Proof.
  intros [pos | <-] v_pos; unfold xlogx, xlogy; [|nra].
  pose proof (pinsker_ratio (u / v) (Rdiv_lt_0_compat u v pos v_pos)) as b. rewrite ln_div in b by assumption.
  apply Rmult_le_compat_r with (r := v ^ 2) in b; [|nra].
  replace (3 * (u / v - 1) ^ 2 * v ^ 2) with (3 * (u - v) * (u - v)) in b by (field; lra).
  replace ((2 * (u / v) + 4) * (u / v * (ln u - ln v) - u / v + 1) * v ^ 2)
    with ((2 * u + 4 * v) * (u * ln u - u * ln v - u + v)) in b by (field; lra).
  exact b.
Qed.

(** By the mean value theorem, the error of the parabola is x times something nonnegative: the derivative of the error. *)
Lemma exp_taylor x : exists d, 0 <= d /\ exp x - (1 + x + x ^ 2 / 2) = d * x.
Proof.
  destruct (MVT_gen (fun y => exp y - (1 + y + y ^ 2 / 2)) 0 x (fun y => exp y - (1 + y))) as [c [_ E]].
  - intros y _. auto_derive; [trivial | field].
  - intros y _. apply derivable_continuous_pt, ex_derive_Reals_0. auto_derive. trivial.
  - exists (exp c - (1 + c)). split; [pose proof (exp_ineq1_le c); lra|]. rewrite exp_0 in E. lra.
Qed.

Lemma ln_taylor x : -1 < x -> exists d, 0 <= d /\ ln (1 + x) - (x - x ^ 2 / 2) = d * x.
Proof.
  intros above.
  assert (forall y, Rmin 0 x <= y -> 0 < 1 + y) as inside.
  { intros y le. unfold Rmin in le. destruct (Rle_dec 0 x); lra. }
  destruct (MVT_gen (fun y => ln (1 + y) - (y - y ^ 2 / 2)) 0 x (fun y => y ^ 2 / (1 + y))) as [c [[low _] E]].
  - intros y [low _]. specialize (inside y ltac:(lra)). auto_derive; [lra | field; lra].
  - intros y [low _]. specialize (inside y low). apply derivable_continuous_pt, ex_derive_Reals_0. auto_derive. lra.
  - specialize (inside c low). exists (c ^ 2 / (1 + c)). split.
    + apply Rmult_le_pos; [apply pow2_ge_0 | now apply Rlt_le, Rinv_0_lt_compat].
    + replace (1 + 0) with 1 in E by ring. rewrite ln_1 in E. lra.
Qed.

Lemma exp_half x : exp (x / 2) * exp (x / 2) = exp x.
Proof. rewrite <- exp_plus. f_equal. field. Qed.

Lemma exp_minus_div x y : exp (x - y) = exp x / exp y.
Proof. unfold Rminus, Rdiv. now rewrite exp_plus, exp_Ropp. Qed.

Lemma exp_two x : exp (2 * x) = exp x * exp x.
Proof. rewrite <- exp_plus. f_equal. ring. Qed.

Lemma exp_three x : exp (3 * x) = exp x * exp x * exp x.
Proof. rewrite <- !exp_plus. f_equal. ring. Qed.

Lemma ln_sqrt x : 0 < x -> ln (sqrt x) = ln x / 2.
Proof.
  intros pos. pose proof (sqrt_lt_R0 x pos) as root.
  rewrite <- (sqrt_sqrt x) at 2 by lra. rewrite ln_mult by exact root. field.
Qed.

Lemma sqrt_square_abs x : sqrt (x * x) = Rabs x.
Proof. exact (sqrt_Rsqr_abs x). Qed.

Lemma ln_increasing_le x y : 0 < x -> x <= y -> ln x <= ln y.
Proof. intros pos le. now apply ln_le. Qed.

Lemma exp_increasing_le x y : x <= y -> exp x <= exp y.
Proof. intros [lt | ->]; [apply Rlt_le, exp_increasing, lt | lra]. Qed.

(** ** Sums and norms *)

Lemma Rabs_rsum K f : Rabs (rsum K f) <= rsum K (fun i => Rabs (f i)).
Proof.
  induction K as [|n IH]; cbn; [rewrite Rabs_R0; lra|].
  apply Rle_trans with (1 := Rabs_triang _ _). lra.
Qed.

Lemma vnorm_nonneg K v : 0 <= vnorm K v.
Proof. apply sqrt_pos. Qed.

Lemma vnorm_le K v x : 0 <= x -> sqnorm K v <= x ^ 2 -> vnorm K v <= x.
Proof.
  intros nonneg le. unfold vnorm. rewrite <- (sqrt_pow2 x) by exact nonneg. now apply sqrt_le_1_alt.
Qed.

Lemma le_vnorm K v x : x ^ 2 <= sqnorm K v -> Rabs x <= vnorm K v.
Proof.
  intros le. unfold vnorm. rewrite <- (sqrt_Rsqr_abs x). apply sqrt_le_1_alt. unfold Rsqr. lra.
Qed.

Lemma le_vnorm_le K v x : x ^ 2 <= sqnorm K v -> x <= vnorm K v.
Proof. intros le. apply Rle_trans with (1 := Rle_abs x). now apply le_vnorm. Qed.

Lemma entry_square K v c : (c < K)%nat -> v c ^ 2 <= sqnorm K v.
Proof.
  intros lt. replace (v c ^ 2) with (v c * v c) by ring.
  apply (rsum_ge_term K (fun i => v i * v i)); [exact lt|]. intros; nra.
Qed.

Lemma dot_abs K u v : Rabs (dot K u v) <= dot K (vabs u) (vabs v).
Proof.
  apply Rle_trans with (1 := Rabs_rsum K _). apply Req_le, rsum_ext. intros. unfold vabs. apply Rabs_mult.
Qed.

Lemma dot_norms K u v : Rabs (dot K u v) <= vnorm K u * vnorm K v.
Proof.
  unfold vnorm. rewrite <- sqrt_mult by apply sqnorm_nonneg. rewrite <- sqrt_Rsqr_abs. apply sqrt_le_1_alt.
  pose proof (cauchy_schwarz K u v). unfold Rsqr. lra.
Qed.

Lemma sqnorm_opp K v : sqnorm K (vopp v) = sqnorm K v.
Proof. apply rsum_ext. intros. unfold vopp. ring. Qed.

Lemma sqnorm_vabs K v : sqnorm K (vabs v) = sqnorm K v.
Proof. apply rsum_ext. intros. unfold vabs. rewrite <- Rabs_mult. apply Rabs_pos_eq. nra. Qed.

Lemma sqnorm_div K v x : x <> 0 -> sqnorm K (vdiv v x) = sqnorm K v / x ^ 2.
Proof.
  intros ne. unfold sqnorm, dot. rewrite <- rsum_div. apply rsum_ext. intros. unfold vdiv. field. exact ne.
Qed.

Lemma vnorm_add K u v : vnorm K (vadd u v) <= vnorm K u + vnorm K v.
Proof.
  pose proof (vnorm_nonneg K u). pose proof (vnorm_nonneg K v).
  apply vnorm_le; [lra|]. unfold sqnorm. autorewrite with bilinear. fold (sqnorm K u) (sqnorm K v).
  rewrite <- (vnorm_sq K u), <- (vnorm_sq K v). rewrite (dot_comm K v u).
  pose proof (dot_norms K u v). pose proof (Rle_abs (dot K u v)). lra.
Qed.

Lemma vnorm_opp K v : vnorm K (vopp v) = vnorm K v.
Proof. unfold vnorm. now rewrite sqnorm_opp. Qed.

Lemma vnorm_sub K u v : vnorm K (vsub u v) <= vnorm K u + vnorm K v.
Proof. rewrite <- (vnorm_opp K v). apply (vnorm_add K u (vopp v)). Qed.

Lemma vnorm_ext_eq K u v : veq K u v -> vnorm K u = vnorm K v.
Proof. intros E. unfold vnorm. now rewrite (sqnorm_ext K u v E). Qed.

Lemma sum_squared K v : rsum K v ^ 2 <= INR K * sqnorm K v.
Proof.
  pose proof (cauchy_schwarz K ones v) as b. rewrite dot_ones_l in b.
  unfold sqnorm at 1 in b. rewrite dot_ones_l in b. unfold ones in b. rewrite rsum_const in b. lra.
Qed.

Lemma sum_norm K v : rsum K v <= sqrt (INR K) * vnorm K v.
Proof.
  unfold vnorm. rewrite <- sqrt_mult by (apply pos_INR || apply sqnorm_nonneg).
  apply Rle_trans with (1 := Rle_abs _). rewrite <- sqrt_Rsqr_abs. apply sqrt_le_1_alt.
  pose proof (sum_squared K v). unfold Rsqr. lra.
Qed.

(** Cauchy-Schwarz with weights: of the vectors times the roots of the weights. *)
Lemma weighted_cauchy K w u v : vle K zeros w ->
  dot K w (vmul u v) ^ 2 <= dot K w (vmul u u) * dot K w (vmul v v).
Proof.
  intros nonneg.
  assert (forall a b, dot K (vmul (vsqrt w) a) (vmul (vsqrt w) b) = dot K w (vmul a b)) as E.
  { intros a b. apply rsum_ext. intros i lt. unfold vmul, vsqrt. specialize (nonneg i lt). unfold zeros in nonneg.
    rewrite <- (sqrt_sqrt (w i)) at 3 by exact nonneg. ring. }
  pose proof (cauchy_schwarz K (vmul (vsqrt w) u) (vmul (vsqrt w) v)) as b. unfold sqnorm in b.
  rewrite !E in b. exact b.
Qed.

Lemma mean_one K P : distribution K P -> dot K P ones = 1.
Proof. intros [_ sum]. now rewrite dot_ones_r. Qed.

Lemma mean_square K P v : distribution K P -> dot K P v ^ 2 <= dot K P (vmul v v).
Proof.
  intros D. pose proof (weighted_cauchy K P ones v (dist_vle K P D)) as b.
  assert (dot K P (vmul ones v) = dot K P v) as E by (apply rsum_ext; intros; unfold vmul, ones; ring).
  rewrite E in b.
  assert (dot K P (vmul ones ones) = 1) as one.
  { rewrite <- (mean_one K P D). apply rsum_ext. intros. unfold vmul, ones. ring. }
  rewrite one in b. lra.
Qed.

Lemma mean_le K P u v : distribution K P -> vle K u v -> dot K P u <= dot K P v.
Proof.
  intros D le. apply rsum_le. intros i lt. apply Rmult_le_compat_l; [now apply (dist_nonneg K P)|now apply le].
Qed.

Lemma mean_const K P x : distribution K P -> dot K P (fun _ => x) = x.
Proof. intros [_ sum]. unfold dot. rewrite rsum_scal_r, sum. ring. Qed.

Lemma mean_le_max K P v : distribution K P -> dot K P v <= vmax K v.
Proof.
  intros D. rewrite <- (mean_const K P (vmax K v) D). apply mean_le; [exact D|].
  intros i lt. now apply vmax_ub.
Qed.

Lemma min_le_mean K P v : distribution K P -> vmin K v <= dot K P v.
Proof.
  intros D. rewrite <- (mean_const K P (vmin K v) D). apply mean_le; [exact D|].
  intros i lt. now apply vmin_lb.
Qed.

Lemma vmin_glb K v x : (1 <= K)%nat -> (forall i, (i < K)%nat -> x <= v i) -> x <= vmin K v.
Proof. intros one E. destruct (vmin_attained K v one) as [i [lt <-]]. auto. Qed.

Lemma vmax_ext K u v : (1 <= K)%nat -> veq K u v -> vmax K u = vmax K v.
Proof.
  intros one E. destruct (vmax_attained K v one) as [c [lt M]]. rewrite <- M.
  apply (vmax_intro K u c); [exact lt | now apply E |]. intros i li. rewrite (E i li), M. now apply vmax_ub.
Qed.

Lemma vmin_ext K u v : (1 <= K)%nat -> veq K u v -> vmin K u = vmin K v.
Proof.
  intros one E. destruct (vmin_attained K v one) as [c [lt M]]. rewrite <- M.
  apply (vmin_intro K u c); [exact lt | now apply E |]. intros i li. rewrite (E i li), M. now apply vmin_lb.
Qed.

(** Extremes of what is monotone in each entry. *)
Lemma vmax_map K v f : (1 <= K)%nat -> (forall i j, (i < K)%nat -> (j < K)%nat -> v i <= v j -> f (v i) <= f (v j)) ->
  vmax K (fun i => f (v i)) = f (vmax K v).
Proof.
  intros one mono. destruct (vmax_attained K v one) as [c [lt E]]. rewrite <- E.
  apply (vmax_intro K _ c); [exact lt|reflexivity|]. intros i li. apply mono; auto. rewrite E. now apply vmax_ub.
Qed.

Lemma vmin_map K v f : (1 <= K)%nat -> (forall i j, (i < K)%nat -> (j < K)%nat -> v i <= v j -> f (v i) <= f (v j)) ->
  vmin K (fun i => f (v i)) = f (vmin K v).
Proof.
  intros one mono. destruct (vmin_attained K v one) as [c [lt E]]. rewrite <- E.
  apply (vmin_intro K _ c); [exact lt|reflexivity|]. intros i li. apply mono; auto. rewrite E. now apply vmin_lb.
Qed.

Lemma vmax_map_falling K v f :
  (1 <= K)%nat -> (forall i j, (i < K)%nat -> (j < K)%nat -> v i <= v j -> f (v j) <= f (v i)) ->
  vmax K (fun i => f (v i)) = f (vmin K v).
Proof.
  intros one mono. destruct (vmin_attained K v one) as [c [lt E]]. rewrite <- E.
  apply (vmax_intro K _ c); [exact lt|reflexivity|]. intros i li. apply mono; auto. rewrite E. now apply vmin_lb.
Qed.

Lemma vmin_map_falling K v f :
  (1 <= K)%nat -> (forall i j, (i < K)%nat -> (j < K)%nat -> v i <= v j -> f (v j) <= f (v i)) ->
  vmin K (fun i => f (v i)) = f (vmax K v).
Proof.
  intros one mono. destruct (vmax_attained K v one) as [c [lt E]]. rewrite <- E.
  apply (vmin_intro K _ c); [exact lt|reflexivity|]. intros i li. apply mono; auto. rewrite E. now apply vmax_ub.
Qed.

Lemma dot_sum_max K u v : dot K (vabs u) (vabs v) <= vsum K (vabs u) * vmax K (vabs v).
Proof.
  unfold vsum. rewrite <- rsum_scal_r. apply rsum_le. intros i lt. apply Rmult_le_compat_l; [apply Rabs_pos|].
  now apply (vmax_ub K (vabs v)).
Qed.

Lemma sumexp_positive K z : (1 <= K)%nat -> 0 < rsum K (vexp z).
Proof. intros one. apply rsum_pos; [exact one|]. intros. apply exp_pos. Qed.

(** ** Divergences *)

Lemma KL_gap K u v r : vle K zeros u -> vlt K zeros v -> 0 < r ->
  rsum K u - r * rsum K v <= KL K u v - rsum K u * ln r.
Proof.
  intros nonneg pos r_pos. unfold KL. rewrite <- rsum_scal, <- rsum_scal_r, <- !rsum_minus. apply rsum_le. intros i lt.
  specialize (nonneg i lt). specialize (pos i lt). unfold zeros, xlogx, xlogy in *.
  pose proof (ln_gap (u i) (r * v i) nonneg (Rmult_lt_0_compat r (v i) r_pos pos)) as b.
  rewrite ln_mult in b by assumption. lra.
Qed.

Lemma KL_nonneg K P Q : distribution K P -> distribution K Q -> vlt K zeros Q -> 0 <= KL K P Q.
Proof.
  intros DP DQ pos. pose proof (KL_gap K P Q 1 (dist_vle K P DP) pos Rlt_0_1) as b.
  rewrite ln_1, (dist_sum K P DP), (dist_sum K Q DQ) in b. lra.
Qed.

(** ** Gradients of sums of functions of one entry each *)

Lemma grad_sum K (g : nat -> R -> R) (z d : vec) :
  (forall i, (i < K)%nat -> is_derive (g i) (z i) (d i)) -> is_grad K (fun z => rsum K (fun i => g i (z i))) z d.
Proof.
  intros D j lt. apply derive_to with (rsum K (fun i => e j i * d i)); [|now apply rsum_e].
  apply (derive_rsum K (fun s i => g i (upd z j s i))). intros i li.
  apply (is_derive_comp (g i) (fun s => upd z j s i) (z j) (d i) (e j i)).
  - rewrite upd_self. now apply D.
  - apply upd_derive.
Qed.

Lemma grad_entry K (g : R -> R) (z : vec) (c : nat) (d : R) :
  is_derive g (z c) d -> is_grad K (fun z => g (z c)) z (vscale d (e c)).
Proof.
  intros D j lt. apply derive_to with (e j c * d); [|unfold vscale, e; rewrite (Nat.eqb_sym j c); ring].
  apply (is_derive_comp g (fun s => upd z j s c) (z j) d (e j c)); [|apply upd_derive].
  rewrite upd_self. exact D.
Qed.

Lemma grad_ext K f g z d : (forall z, f z = g z) -> is_grad K g z d -> is_grad K f z d.
Proof. intros E D j lt. apply (is_derive_ext (fun x => g (upd z j x))); [intros; now rewrite E | now apply D]. Qed.

(** ** What most laws follow by *)

(** Vectors entry by entry, with what is known there. *)
Ltac by_entries :=
  let i := fresh "i" in let lt := fresh "lt" in
  intros i lt;
  repeat match goal with
  | known : veq _ _ _ |- _ => specialize (known i lt)
  | known : vle _ _ _ |- _ => specialize (known i lt)
  | known : vlt _ _ _ |- _ => specialize (known i lt)
  | known : subset _ _ |- _ => specialize (known i lt)
  end;
  unfold vabs, vexp, vln, vsqrt, vxlogx, vxlogy, xlogx, xlogy, vadd, vsub, vscale, vdiv, vquot, vmul, vopp, ones,
    zeros in *.

(** What the laws have as hypotheses, in pieces. *)
Ltac pieces := intros; repeat match goal with known : _ /\ _ |- _ => destruct known end.

Ltac by_reals :=
  rewrite ?Rmult_1_r, ?Rplus_0_r, ?Rminus_0_r;
  first
  [ reflexivity
  | assumption
  | ring
  | solve [field; repeat split; (lra || apply Rgt_not_eq, exp_pos)]
  | lra
  | nra
  | solve [now rewrite exp_plus]
  | solve [now rewrite exp_minus_div]
  | solve [rewrite exp_Ropp; field; apply Rgt_not_eq, exp_pos]
  | solve [now rewrite exp_two]
  | solve [now rewrite exp_three]
  | solve [now rewrite exp_half]
  | solve [now rewrite exp_ln]
  | solve [now rewrite ln_exp]
  | solve [now rewrite ln_mult]
  | solve [rewrite ln_mult by assumption; ring]
  | solve [now rewrite ln_div]
  | solve [rewrite ln_sqrt by assumption; reflexivity]
  | solve [now apply sqrt_sqrt]
  | solve [apply sqrt_square_abs]
  | solve [now apply Rabs_pos_eq]
  | solve [apply Rabs_Ropp]
  | solve [apply Rabs_mult]
  | solve [now apply Rabs_div]
  | solve [apply Rabs_triang]
  | solve [apply Rle_abs]
  | solve [apply exp_ineq1_le]
  | solve [now apply ln_le_pred] ].

Ltac law :=
  pieces;
  first
  [ reflexivity
  | assumption
  | solve [by_entries; by_reals]
  | by_reals ].
