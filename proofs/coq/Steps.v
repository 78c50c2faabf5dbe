(** * Claims about finite steps on the logits, and identities of softmax

    A step [d] multiplies the weights by [exp d]: [ln (dot P (vexp d))] is what it adds to the log-sum-exp. Jensen's
    inequality bounds that from below, Hoeffding's lemma from above. *)

From Logitlab Require Import Calculus Consequences Derivatives.

(** ** What a step does *)

Lemma dot_exp_pos K z d : (1 <= K)%nat -> 0 < dot K (softmax K z) (vexp d).
Proof. intros one. apply rsum_pos; [exact one|]. intros. apply Rmult_lt_0_compat; [now apply softmax_pos|apply exp_pos]. Qed.

Lemma lse_step K z d : (1 <= K)%nat -> lse K (vadd z d) - lse K z = ln (dot K (softmax K z) (vexp d)).
Proof.
  intros one. pose proof (sumexp_pos K z one). pose proof (sumexp_pos K (vadd z d) one).
  unfold lse. rewrite <- ln_div by assumption. f_equal.
  rewrite <- rsum_div. apply rsum_ext. intros i _.
  unfold softmax, vexp, vadd. rewrite exp_plus. field. unfold vexp in *. lra.
Qed.

Lemma ln_softmax_step K z d i : (1 <= K)%nat ->
  ln (softmax K (vadd z d) i) - ln (softmax K z i) = d i - ln (dot K (softmax K z) (vexp d)).
Proof. intros one. rewrite !ln_softmax, <- lse_step by exact one. unfold vadd. ring. Qed.

(** The mean of the update under the policy. *)
Lemma mean_update K P c g : (c < K)%nat -> dot K P (vscale g (vsub (e c) P)) = g * (P c - C K P).
Proof. intros lt. rewrite dot_scale_r, dot_sub_r, dot_e_r by exact lt. reflexivity. Qed.

(** ** Jensen and Hoeffding *)

Lemma jensen K z d : (1 <= K)%nat ->
  0 <= ln (dot K (softmax K z) (vexp d)) - dot K (softmax K z) d.
Proof.
  intros one. set (P := softmax K z). set (m := dot K P d).
  assert (exp m <= dot K P (vexp d)) as b.
  { (* the tangent of exp at the mean *)
    replace (exp m) with (rsum K (fun i => P i * (exp m * (1 + (d i - m))))).
    - apply rsum_le. intros i _. apply Rmult_le_compat_l; [now apply Rlt_le, softmax_pos|].
      unfold vexp. replace (d i) with (m + (d i - m)) at 2 by ring. rewrite exp_plus.
      apply Rmult_le_compat_l; [apply Rlt_le, exp_pos|apply exp_ineq1_le].
    - rewrite (rsum_ext K _ (fun i => exp m * (1 - m) * P i + exp m * (P i * d i))) by (intros; ring).
      rewrite rsum_plus, !rsum_scal, (dist_sum K P) by now apply softmax_distribution.
      fold (dot K P d). fold m. ring. }
  enough (ln (exp m) <= ln (dot K P (vexp d))) by (rewrite ln_exp in *; lra).
  apply ln_le; [apply exp_pos|exact b].
Qed.

(** A function with a derivative that is nowhere positive on [0, 1] does not grow. *)
Lemma decreasing (f df : R -> R) : (forall t, is_derive f t (df t)) ->
  (forall t, 0 <= t -> df t <= 0) -> forall t, 0 <= t -> f t <= f 0.
Proof.
  intros D neg t nonneg.
  destruct (MVT_gen f 0 t df) as [s [between E]].
  - intros; apply D.
  - intros s _. apply continuity_pt_filterlim, (ex_derive_continuous f). now exists (df s).
  - rewrite Rmin_left in between by exact nonneg. specialize (neg s ltac:(lra)). nra.
Qed.

(** At any point of a line, not only at its start. *)
Lemma line_lse K z v t : (1 <= K)%nat ->
  is_derive (fun t : R => lse K (vadd z (vscale t v))) t (dot K (softmax K (vadd z (vscale t v))) v).
Proof. intros one. apply (curve_lse K (fun t => vadd z (vscale t v))); auto. intros. apply line_derive. Qed.

Lemma line_mean K z v t : (1 <= K)%nat ->
  let P := softmax K (vadd z (vscale t v)) in
  is_derive (fun t : R => dot K (softmax K (vadd z (vscale t v))) v) t (dot K v (vsub (vmul P v) (vscale (dot K P v) P))).
Proof.
  intros one P. eapply derive_to.
  - apply (curve_mean K (fun t => vadd z (vscale t v))); auto. intros. apply line_derive.
  - fold P. rewrite dot_sub_r, dot_scale_r, (dot_comm K v P). f_equal.
    apply rsum_ext. intros. unfold vmul. ring.
Qed.

Lemma hoeffding K z d : (1 <= K)%nat ->
  ln (dot K (softmax K z) (vexp d)) - dot K (softmax K z) d <= (vmax K d - vmin K d) ^ 2 / 8.
Proof.
  intros one. set (R2 := (vmax K d - vmin K d) ^ 2).
  set (z_at := fun t => vadd z (vscale t d)). set (m := dot K (softmax K z) d).
  assert (dot K (softmax K (z_at 0)) d = m) as start.
  { apply dot_ext; [|easy]. apply softmax_ext. intros i _. apply line_start. }
  (* The slope of lse along the step grows at most at the rate R^2 / 4 (Popoviciu) ... *)
  assert (forall t, 0 <= t -> dot K (softmax K (z_at t)) d - m - t * (R2 / 4) <= 0) as slope.
  { intros t nonneg.
    replace 0 with (dot K (softmax K (z_at 0)) d - m - 0 * (R2 / 4)) by (rewrite start; ring).
    revert t nonneg.
    apply (decreasing (fun t => dot K (softmax K (z_at t)) d - m - t * (R2 / 4))
      (fun t => dot K d (vsub (vmul (softmax K (z_at t)) d) (vscale (dot K (softmax K (z_at t)) d) (softmax K (z_at t)))) - 0 - R2 / 4)).
    - intros t. apply (derive_minus (fun t => dot K (softmax K (z_at t)) d - m)).
      + apply (derive_minus (fun t => dot K (softmax K (z_at t)) d)); [now apply line_mean|apply derive_const].
      + apply (is_derive_ext (fun t => 0 + t * (R2 / 4))); [intros; apply Rplus_0_l|apply derive_affine].
    - intros t _. pose proof (popoviciu K (softmax K (z_at t)) d (softmax_distribution K _ one)). unfold R2. lra. }
  (* ... so that lse stays below the parabola. *)
  assert (lse K (z_at 1) - 1 * m - R2 / 8 * (1 * 1) <= lse K (z_at 0) - 0 * m - R2 / 8 * (0 * 0)) as parabola.
  { apply (decreasing (fun t => lse K (z_at t) - t * m - R2 / 8 * (t * t))
      (fun t => dot K (softmax K (z_at t)) d - m - R2 / 8 * (1 * t + t * 1))); [| |lra].
    - intros t. apply (derive_minus (fun t => lse K (z_at t) - t * m)).
      + apply (derive_minus (fun t => lse K (z_at t))); [now apply line_lse|].
        apply (is_derive_ext (fun t => 0 + t * m)); [intros; apply Rplus_0_l|apply derive_affine].
      + apply (is_derive_scal (fun t : R => t * t)). apply derive_mult; apply derive_id.
    - intros t nonneg. pose proof (slope t nonneg). lra. }
  rewrite <- lse_step by exact one. fold m.
  replace (lse K (vadd z d)) with (lse K (z_at 1)).
  - replace (lse K z) with (lse K (z_at 0)); [lra|]. apply lse_ext. intros i _. apply line_start.
  - apply lse_ext. intros i _. unfold z_at, vadd, vscale. ring.
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

(** ** The theorems *)

(** The exact change of the chosen log-probability, and its bounds. *)
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
  intros K z c g one lt _ P dz R.
  assert (distribution K P) as D by now apply softmax_distribution.
  assert (R = Rabs g * (1 - P c + vmax K (others P c))) as ER.
  { unfold R, dz. rewrite range_scale, max_score, min_score by assumption. ring. }
  rewrite <- (mean_update K P c g lt). fold dz.
  split; [now apply ln_softmax_step|split; [now apply jensen|split; [now apply hoeffding|split; [exact ER|]]]].
  rewrite ER. replace (2 * Rabs g * (1 - P c)) with (Rabs g * (2 * (1 - P c))) by ring.
  apply Rmult_le_compat_l; [apply Rabs_pos|].
  assert (vmax K (others P c) <= 1 - P c); [|lra].
  apply vmax_lub; [exact one|]. intros i li. now apply (dist_others_bound K P c i).
Qed.

(** The divergence of one step. *)
Theorem step_kl : forall (K : nat) (z : vec) (c : nat) (g : R),
  (1 <= K)%nat -> (c < K)%nat ->
  let P := softmax K z in
  let dz := vscale g (vsub (e c) P) in
  let R := vmax K dz - vmin K dz in
  KL K P (softmax K (vadd z dz)) = ln (dot K P (vexp dz)) - g * (P c - C K P) /\
  0 <= KL K P (softmax K (vadd z dz)) /\
  KL K P (softmax K (vadd z dz)) <= R ^ 2 / 8.
Proof.
  intros K z c g one lt P dz R. rewrite <- (mean_update K P c g lt). fold dz.
  assert (KL K P (softmax K (vadd z dz)) = ln (dot K P (vexp dz)) - dot K P dz) as E.
  { unfold KL, xlogx, xlogy.
    rewrite (rsum_ext K _ (fun i => ln (dot K P (vexp dz)) * P i - P i * dz i)).
    - rewrite rsum_minus, rsum_scal, (dist_sum K P) by now apply softmax_distribution. unfold dot at 3. ring.
    - intros i _. pose proof (ln_softmax_step K z dz i one) as step. fold P in step.
      replace (ln (P i)) with (ln (softmax K (vadd z dz) i) - (dz i - ln (dot K P (vexp dz)))) by lra. ring. }
  rewrite E. split; [reflexivity|split; [now apply jensen|now apply hoeffding]].
Qed.

(** The form that training code uses. *)
Theorem collision_lse : forall (K : nat) (z : vec),
  (1 <= K)%nat ->
  C K (softmax K z) = exp (lse K (vscale 2 z) - 2 * lse K z).
Proof.
  intros K z one. pose proof (sumexp_pos K z one). pose proof (sumexp_pos K (vscale 2 z) one).
  replace (lse K (vscale 2 z) - 2 * lse K z) with (lse K (vscale 2 z) + (- lse K z + - lse K z)) by ring.
  rewrite !exp_plus, exp_Ropp. unfold lse. rewrite !exp_ln by assumption.
  unfold C, dot. rewrite <- rsum_scal_r. apply rsum_ext. intros i _.
  unfold softmax, vexp, vscale in *. replace (2 * z i) with (z i + z i) by ring. rewrite exp_plus. field. lra.
Qed.

(** A common shift of the logits changes nothing. *)
Theorem shift_invariance : forall (K : nat) (z : vec) (a : R) (c : nat),
  (1 <= K)%nat -> (c < K)%nat ->
  veq K (softmax K (vadd z (vscale a ones))) (softmax K z) /\
  sqnorm K (vsub (e c) (softmax K (vadd z (vscale a ones)))) = sqnorm K (vsub (e c) (softmax K z)).
Proof.
  intros K z a c one _.
  assert (veq K (softmax K (vadd z (vscale a ones))) (softmax K z)) as E.
  { intros i _. pose proof (sumexp_pos K z one) as pos. pose proof (exp_pos a). unfold softmax.
    rewrite (rsum_ext K (vexp (vadd z (vscale a ones))) (fun i => exp a * vexp z i)).
    - rewrite rsum_scal. unfold vadd, vscale, ones. rewrite Rmult_1_r, exp_plus. field. lra.
    - intros j _. unfold vexp, vadd, vscale, ones. rewrite Rmult_1_r, exp_plus. ring. }
  split; [exact E|]. apply sqnorm_ext. intros i lt. unfold vsub. now rewrite E.
Qed.
