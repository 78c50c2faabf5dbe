(** * Claims about finite steps on the logits, and identities of softmax

    A step [d] multiplies the weights by [exp d]: [ln (dot P (vexp d))] is what it adds to the log-sum-exp. Jensen's
    inequality bounds that from below, Hoeffding's lemma from above. *)

From Logitlab Require Import Calculus Consequences.

(** ** What a step does *)

Section Step.

Variables (K : nat) (t : vec).
Hypothesis W : weights K t.

Lemma lse_step z d : lse_on K t (vadd z d) - lse_on K t z = ln (dot K (softmax_on K t z) (vexp d)).
Proof.
  pose proof (sumexp_pos K t W z). pose proof (sumexp_pos K t W (vadd z d)).
  unfold lse_on. rewrite <- ln_div by assumption. f_equal.
  rewrite <- rsum_div. apply rsum_ext. intros i _.
  unfold softmax_on, vmul, vexp, vadd in *. rewrite exp_plus. field. lra.
Qed.

Lemma ln_softmax_step z d i : 0 < t i ->
  ln (softmax_on K t (vadd z d) i) - ln (softmax_on K t z i) = d i - ln (dot K (softmax_on K t z) (vexp d)).
Proof. intros pos. rewrite !(ln_softmax K t W), <- lse_step by exact pos. unfold vadd. ring. Qed.

(** At any point of a line, not only at its start. *)
Lemma line_lse z v s :
  is_derive (fun s : R => lse_on K t (vadd z (vscale s v))) s (dot K (softmax_on K t (vadd z (vscale s v))) v).
Proof. apply (curve_lse K t W (fun s => vadd z (vscale s v))). intros. apply line_derive. Qed.

Lemma line_mean z v s :
  let P := softmax_on K t (vadd z (vscale s v)) in
  is_derive (fun s : R => dot K (softmax_on K t (vadd z (vscale s v))) v) s
    (dot K v (vsub (vmul P v) (vscale (dot K P v) P))).
Proof.
  intros P. eapply derive_to.
  - apply (curve_mean K t W (fun s => vadd z (vscale s v))). intros. apply line_derive.
  - fold P. rewrite dot_sub_r, dot_scale_r, (dot_comm K v P). f_equal.
    apply rsum_ext. intros. unfold vmul. ring.
Qed.

End Step.

(** The mean of the update under the policy. *)
Lemma mean_update K P c g : (c < K)%nat -> dot K P (vscale g (vsub (e c) P)) = g * (P c - C K P).
Proof. intros lt. rewrite dot_scale_r, dot_sub_r, dot_e_r by exact lt. reflexivity. Qed.

(** ** Jensen and Hoeffding *)

Lemma jensen K P d : distribution K P -> 0 <= ln (dot K P (vexp d)) - dot K P d.
Proof.
  intros D. set (m := dot K P d).
  assert (exp m <= dot K P (vexp d)) as b.
  { (* the tangent of exp at the mean *)
    replace (exp m) with (rsum K (fun i => P i * (exp m * (1 + (d i - m))))).
    - apply rsum_le. intros i lt. apply Rmult_le_compat_l; [now apply (dist_nonneg K P)|].
      unfold vexp. replace (d i) with (m + (d i - m)) at 2 by ring. rewrite exp_plus.
      apply Rmult_le_compat_l; [apply Rlt_le, exp_pos|apply exp_ineq1_le].
    - rewrite (rsum_ext K _ (fun i => exp m * (1 - m) * P i + exp m * (P i * d i))) by (intros; ring).
      rewrite rsum_plus, !rsum_scal, (dist_sum K P D). fold (dot K P d). fold m. ring. }
  enough (ln (exp m) <= ln (dot K P (vexp d))) by (rewrite ln_exp in *; lra).
  apply ln_le; [apply exp_pos|exact b].
Qed.

(** A function whose derivative is nowhere positive from 0 on does not grow. *)
Lemma decreasing (f df : R -> R) : (forall s, is_derive f s (df s)) ->
  (forall s, 0 <= s -> df s <= 0) -> forall s, 0 <= s -> f s <= f 0.
Proof.
  intros D neg s nonneg.
  destruct (MVT_gen f 0 s df) as [r [between E]].
  - intros; apply D.
  - intros r _. apply continuity_pt_filterlim, (ex_derive_continuous f). now exists (df r).
  - rewrite Rmin_left in between by exact nonneg. specialize (neg r ltac:(lra)). nra.
Qed.

(** The line from [P] in the direction [d] is softmax with the weights [P]. *)
Lemma softmax_on_self K P d : distribution K P -> veq K (softmax_on K P (vadd zeros (vscale 0 d))) P.
Proof.
  intros D i _. unfold softmax_on.
  assert (forall j, vexp (vadd zeros (vscale 0 d)) j = 1) as ones_exp.
  { intros j. unfold vexp, vadd, vscale, zeros. rewrite <- exp_0. f_equal. ring. }
  rewrite (rsum_ext K _ P) by (intros; unfold vmul; rewrite ones_exp; ring).
  fold (vexp (vadd zeros (vscale 0 d)) i). rewrite ones_exp, (dist_sum K P D). field.
Qed.

Lemma hoeffding K P d : distribution K P ->
  ln (dot K P (vexp d)) - dot K P d <= (vmax K d - vmin K d) ^ 2 / 8.
Proof.
  intros D. pose proof (weights_dist K P D) as W. set (R2 := (vmax K d - vmin K d) ^ 2).
  set (z_at := fun s => vadd zeros (vscale s d)). set (m := dot K P d).
  pose proof (softmax_on_self K P d D) as start. fold (z_at 0) in start.
  assert (dot K (softmax_on K P (z_at 0)) d = m) as start_mean by (apply dot_ext; [exact start|easy]).
  (* The slope of lse along the step grows at most at the rate R^2 / 4 (Popoviciu) ... *)
  assert (forall s, 0 <= s -> dot K (softmax_on K P (z_at s)) d - m - s * (R2 / 4) <= 0) as slope.
  { intros s nonneg.
    replace 0 with (dot K (softmax_on K P (z_at 0)) d - m - 0 * (R2 / 4)) by (rewrite start_mean; ring).
    revert s nonneg.
    apply (decreasing (fun s => dot K (softmax_on K P (z_at s)) d - m - s * (R2 / 4))
      (fun s => dot K d (vsub (vmul (softmax_on K P (z_at s)) d)
        (vscale (dot K (softmax_on K P (z_at s)) d) (softmax_on K P (z_at s)))) - 0 - R2 / 4)).
    - intros s. apply (derive_minus (fun s => dot K (softmax_on K P (z_at s)) d - m)).
      + apply (derive_minus (fun s => dot K (softmax_on K P (z_at s)) d));
          [now apply line_mean|apply derive_const].
      + apply (is_derive_ext (fun s => 0 + s * (R2 / 4))); [intros; apply Rplus_0_l|apply derive_affine].
    - intros s _. pose proof (popoviciu K _ d (softmax_distribution K P W (z_at s))). unfold R2. lra. }
  (* ... so that lse stays below the parabola. *)
  assert (lse_on K P (z_at 1) - 1 * m - R2 / 8 * (1 * 1) <= lse_on K P (z_at 0) - 0 * m - R2 / 8 * (0 * 0)) as parabola.
  { apply (decreasing (fun s => lse_on K P (z_at s) - s * m - R2 / 8 * (s * s))
      (fun s => dot K (softmax_on K P (z_at s)) d - m - R2 / 8 * (1 * s + s * 1))); [| |lra].
    - intros s. apply (derive_minus (fun s => lse_on K P (z_at s) - s * m)).
      + apply (derive_minus (fun s => lse_on K P (z_at s))); [now apply line_lse|].
        apply (is_derive_ext (fun s => 0 + s * m)); [intros; apply Rplus_0_l|apply derive_affine].
      + apply (is_derive_scal (fun s : R => s * s)). apply derive_mult; apply derive_id.
    - intros s nonneg. pose proof (slope s nonneg). lra. }
  replace (ln (dot K P (vexp d))) with (lse_on K P (z_at 1) - lse_on K P (z_at 0)); [lra|].
  rewrite <- (dot_ext K (softmax_on K P (z_at 0)) (vexp d) P (vexp d)) by (exact start || easy).
  rewrite <- (lse_step K P W). f_equal. apply lse_ext. intros i _. unfold z_at, vadd, vscale, zeros. ring.
Qed.

(** ** The range of the update *)

Lemma range_scale K g v : (1 <= K)%nat ->
  vmax K (vscale g v) - vmin K (vscale g v) = Rabs g * (vmax K v - vmin K v).
Proof.
  intros one.
  destruct (vmax_attained K v one) as [i [li Ei]]. destruct (vmin_attained K v one) as [j [lj Ej]].
  destruct (Rle_dec 0 g) as [pos|neg].
  - rewrite Rabs_right by lra.
    rewrite (vmax_intro K (vscale g v) i (g * v i)), (vmin_intro K (vscale g v) j (g * v j)); auto.
    + rewrite Ei, Ej. ring.
    + intros k lk. unfold vscale. rewrite Ej. apply Rmult_le_compat_l; [exact pos|now apply vmin_lb].
    + intros k lk. unfold vscale. rewrite Ei. apply Rmult_le_compat_l; [exact pos|now apply vmax_ub].
  - rewrite Rabs_left by lra.
    rewrite (vmax_intro K (vscale g v) j (g * v j)), (vmin_intro K (vscale g v) i (g * v i)); auto.
    + rewrite Ei, Ej. ring.
    + intros k lk. unfold vscale. rewrite Ei. pose proof (vmax_ub K v k lk). nra.
    + intros k lk. unfold vscale. rewrite Ej. pose proof (vmin_lb K v k lk). nra.
Qed.

Lemma max_others_nonneg K P c : distribution K P -> (c < K)%nat -> 0 <= vmax K (others P c).
Proof. intros D lt. rewrite <- (others_same P c) at 1. now apply vmax_ub. Qed.

Lemma max_score K P c : distribution K P -> (c < K)%nat -> vmax K (vsub (e c) P) = 1 - P c.
Proof.
  intros D lt. apply vmax_intro with c; [exact lt|unfold vsub; now rewrite e_same|].
  intros i li. unfold vsub. pose proof (dist_le_1 K P c D lt). pose proof (dist_nonneg K P i D li).
  destruct (Nat.eq_dec i c) as [->|ne]; [rewrite e_same; lra|rewrite e_other by exact ne; lra].
Qed.

Lemma min_score K P c : distribution K P -> (c < K)%nat -> vmin K (vsub (e c) P) = - vmax K (others P c).
Proof.
  intros D lt. destruct (vmax_attained K (others P c) ltac:(lia)) as [i [li Ei]].
  pose proof (max_others_nonneg K P c D lt) as nonneg. pose proof (dist_le_1 K P c D lt) as le1.
  assert (forall k, (k < K)%nat -> - vmax K (others P c) <= vsub (e c) P k) as bound.
  { intros k lk. unfold vsub. destruct (Nat.eq_dec k c) as [->|ne]; [rewrite e_same; lra|].
    pose proof (vmax_ub K (others P c) k lk) as b.
    rewrite others_other in b by exact ne. rewrite e_other by exact ne. lra. }
  destruct (Nat.eq_dec i c) as [->|ne].
  - (* Every other probability is 0, so that of c is 1. *)
    rewrite others_same in Ei.
    assert (rsum K (others P c) <= 0) as none.
    { rewrite <- (Rmult_0_r (INR K)), <- rsum_const. apply rsum_le. intros k lk. rewrite Ei. now apply vmax_ub. }
    rewrite (sum_others K P c D lt) in none.
    apply vmin_intro with c; [exact lt| |exact bound]. unfold vsub. rewrite e_same. lra.
  - apply vmin_intro with i; [exact li| |exact bound].
    unfold vsub. rewrite e_other, <- Ei, others_other by exact ne. ring.
Qed.

(** ** The claims, for weights and then for logits that are all real *)

(** The exact change of the chosen log-probability, and its bounds. *)
Theorem finite_step_masked : forall (K : nat) (t z : vec) (c : nat) (g : R),
  weights K t -> (c < K)%nat -> 0 < softmax_on K t z c ->
  let P := softmax_on K t z in
  let dz := vscale g (vsub (e c) P) in
  let R := vmax K dz - vmin K dz in
  ln (softmax_on K t (vadd z dz) c) - ln (P c) = dz c - ln (dot K P (vexp dz)) /\
  0 <= ln (dot K P (vexp dz)) - g * (P c - C K P) /\
  ln (dot K P (vexp dz)) - g * (P c - C K P) <= R ^ 2 / 8 /\
  R = Rabs g * (1 - P c + vmax K (others P c)) /\
  R <= 2 * Rabs g * (1 - P c).
Proof.
  intros K t z c g W lt pos P dz R.
  assert (distribution K P) as D by now apply softmax_distribution.
  pose proof (dist_one K P D) as one.
  assert (R = Rabs g * (1 - P c + vmax K (others P c))) as ER.
  { unfold R, dz. rewrite range_scale, max_score, min_score by assumption. ring. }
  rewrite <- (mean_update K P c g lt). fold dz.
  split; [apply ln_softmax_step; [exact W|now apply (softmax_pos_inv K t W z)]|].
  split; [now apply jensen|split; [now apply hoeffding|split; [exact ER|]]].
  rewrite ER. replace (2 * Rabs g * (1 - P c)) with (Rabs g * (2 * (1 - P c))) by ring.
  apply Rmult_le_compat_l; [apply Rabs_pos|].
  assert (vmax K (others P c) <= 1 - P c); [|lra].
  apply vmax_lub; [exact one|]. intros i li. now apply (dist_others_bound K P c i).
Qed.

Theorem finite_step : forall (K : nat) (z : vec) (c : nat) (g : R),
  (1 <= K)%nat -> (c < K)%nat -> 0 < softmax K z c ->
  let P := softmax K z in
  let dz := vscale g (vsub (e c) P) in
  let R := vmax K dz - vmin K dz in
  ln (softmax K (vadd z dz) c) - ln (P c) = dz c - ln (dot K P (vexp dz)) /\
  0 <= ln (dot K P (vexp dz)) - g * (P c - C K P) /\
  ln (dot K P (vexp dz)) - g * (P c - C K P) <= R ^ 2 / 8 /\
  R = Rabs g * (1 - P c + vmax K (others P c)) /\
  R <= 2 * Rabs g * (1 - P c).
Proof.
  intros K z c g one. rewrite softmax_ones. exact (finite_step_masked K ones z c g (weights_ones K one)).
Qed.

(** The divergence of one step. *)
Theorem step_kl_masked : forall (K : nat) (t z : vec) (c : nat) (g : R),
  weights K t -> (c < K)%nat ->
  let P := softmax_on K t z in
  let dz := vscale g (vsub (e c) P) in
  let R := vmax K dz - vmin K dz in
  KL K P (softmax_on K t (vadd z dz)) = ln (dot K P (vexp dz)) - g * (P c - C K P) /\
  0 <= KL K P (softmax_on K t (vadd z dz)) /\
  KL K P (softmax_on K t (vadd z dz)) <= R ^ 2 / 8.
Proof.
  intros K t z c g W lt P dz R. rewrite <- (mean_update K P c g lt). fold dz.
  assert (distribution K P) as D by now apply softmax_distribution.
  assert (KL K P (softmax_on K t (vadd z dz)) = ln (dot K P (vexp dz)) - dot K P dz) as E.
  { unfold KL, xlogx, xlogy.
    rewrite (rsum_ext K _ (fun i => ln (dot K P (vexp dz)) * P i - P i * dz i)).
    - rewrite rsum_minus, rsum_scal, (dist_sum K P D). unfold dot at 3. ring.
    - intros i li. destruct W as [nonneg some]. destruct (nonneg i li) as [pos|zero].
      + pose proof (ln_softmax_step K t (conj nonneg some) z dz i pos) as step. fold P in step.
        replace (ln (P i)) with (ln (softmax_on K t (vadd z dz) i) - (dz i - ln (dot K P (vexp dz)))) by lra. ring.
      + (* a masked action *)
        replace (P i) with 0 by (symmetry; now apply softmax_masked). ring. }
  rewrite E. split; [reflexivity|split; [now apply jensen|now apply hoeffding]].
Qed.

Theorem step_kl : forall (K : nat) (z : vec) (c : nat) (g : R),
  (1 <= K)%nat -> (c < K)%nat ->
  let P := softmax K z in
  let dz := vscale g (vsub (e c) P) in
  let R := vmax K dz - vmin K dz in
  KL K P (softmax K (vadd z dz)) = ln (dot K P (vexp dz)) - g * (P c - C K P) /\
  0 <= KL K P (softmax K (vadd z dz)) /\
  KL K P (softmax K (vadd z dz)) <= R ^ 2 / 8.
Proof.
  intros K z c g one. rewrite softmax_ones. exact (step_kl_masked K ones z c g (weights_ones K one)).
Qed.

(** The form that training code uses. *)
Theorem collision_lse_masked : forall (K : nat) (t z : vec),
  weights K t -> (forall i, (i < K)%nat -> t i = 0 \/ t i = 1) ->
  C K (softmax_on K t z) = exp (lse_on K t (vscale 2 z) - 2 * lse_on K t z).
Proof.
  intros K t z W bits. pose proof (sumexp_pos K t W z). pose proof (sumexp_pos K t W (vscale 2 z)).
  replace (lse_on K t (vscale 2 z) - 2 * lse_on K t z)
    with (lse_on K t (vscale 2 z) + (- lse_on K t z + - lse_on K t z)) by ring.
  rewrite !exp_plus, exp_Ropp. unfold lse_on. rewrite !exp_ln by assumption.
  unfold C, dot. rewrite <- rsum_scal_r. apply rsum_ext. intros i lt.
  unfold softmax_on, vmul at 3, vexp at 3, vscale at 1. replace (2 * z i) with (z i + z i) by ring. rewrite exp_plus.
  destruct (bits i lt) as [-> | ->]; field; lra.
Qed.

Theorem collision_lse : forall (K : nat) (z : vec),
  (1 <= K)%nat ->
  C K (softmax K z) = exp (lse K (vscale 2 z) - 2 * lse K z).
Proof.
  intros K z one. rewrite softmax_ones, lse_ones.
  apply (collision_lse_masked K ones z (weights_ones K one)). now right.
Qed.

(** A common shift of the logits changes nothing. *)
Theorem shift_invariance_masked : forall (K : nat) (t z : vec) (a : R) (c : nat),
  weights K t -> (c < K)%nat ->
  veq K (softmax_on K t (vadd z (vscale a ones))) (softmax_on K t z) /\
  sqnorm K (vsub (e c) (softmax_on K t (vadd z (vscale a ones)))) = sqnorm K (vsub (e c) (softmax_on K t z)).
Proof.
  intros K t z a c W _.
  assert (veq K (softmax_on K t (vadd z (vscale a ones))) (softmax_on K t z)) as E.
  { intros i _. pose proof (sumexp_pos K t W z) as pos. pose proof (exp_pos a). unfold softmax_on.
    rewrite (rsum_ext K (vmul t (vexp (vadd z (vscale a ones)))) (fun i => exp a * vmul t (vexp z) i)).
    - rewrite rsum_scal. unfold vadd, vscale, ones. rewrite Rmult_1_r, exp_plus. field. lra.
    - intros j _. unfold vmul, vexp, vadd, vscale, ones. rewrite Rmult_1_r, exp_plus. ring. }
  split; [exact E|]. apply sqnorm_ext. intros i lt. unfold vsub. now rewrite E.
Qed.

Theorem shift_invariance : forall (K : nat) (z : vec) (a : R) (c : nat),
  (1 <= K)%nat -> (c < K)%nat ->
  veq K (softmax K (vadd z (vscale a ones))) (softmax K z) /\
  sqnorm K (vsub (e c) (softmax K (vadd z (vscale a ones)))) = sqnorm K (vsub (e c) (softmax K z)).
Proof.
  intros K z a c one. rewrite softmax_ones. exact (shift_invariance_masked K ones z a c (weights_ones K one)).
Qed.
