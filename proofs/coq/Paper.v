(** * The paper, arXiv:2506.12912: claims about norms, entropies and limits

    Each theorem is named after its claim, with [_] for [-], and states the claim's lines in order. The claims about
    derivatives are in Derivatives.v, the example with numbers is in Table.v. *)

From Logitlab Require Import Policies.

(** The logit update sums to zero. *)
Theorem zero_sum : forall (K : nat) (P : vec) (c : nat) (g : R),
  (1 <= K)%nat -> distribution K P -> (c < K)%nat ->
  vsum K (vscale g (vsub (e c) P)) = 0.
Proof.
  intros K P c g _ D lt. unfold vsum, vscale, vsub.
  rewrite rsum_scal, rsum_minus, rsum_unit, (dist_sum K P D) by exact lt. ring.
Qed.

(** The closed form of the norm of the logit update, for any vector [P]. *)
Theorem norm_identity : forall (K : nat) (P : vec) (c : nat) (g : R),
  (1 <= K)%nat -> (c < K)%nat ->
  sqnorm K (vscale g (vsub (e c) P)) = g ^ 2 * (1 - 2 * P c + C K P) /\
  vnorm K (vscale g (vsub (e c) P)) = Rabs g * sqrt (1 - 2 * P c + C K P).
Proof.
  intros K P c g _ lt. split.
  - rewrite sqnorm_scale, w_closed by exact lt. reflexivity.
  - rewrite vnorm_scale. unfold vnorm. rewrite w_closed by exact lt. reflexivity.
Qed.

(** The collision probability lies between that of the uniform and that of a one-hot distribution, and is equal to
    them only there. *)
Theorem collision_range : forall (K : nat) (P : vec),
  (1 <= K)%nat -> distribution K P ->
  (1 / INR K <= C K P /\ C K P <= 1) /\
  (C K P = 1 / INR K <-> veq K P (vscale (1 / INR K) ones)) /\
  (C K P = 1 <-> vmax K P = 1).
Proof.
  intros K P one D. split; [|split].
  - split; [now apply C_ge_uniform|now apply C_le_1].
  - pose proof (C_from_uniform K P D) as distance. split; intros E.
    + rewrite E, Rminus_diag_eq in distance by reflexivity.
      apply sqnorm_zero in distance. intros i lt. specialize (distance i lt).
      unfold vsub, zeros in distance. lra.
    + assert (sqnorm K (vsub P (vscale (1 / INR K) ones)) = 0) as zero; [|lra].
      apply sqnorm_zero. intros i lt. unfold vsub. rewrite E by exact lt. unfold zeros. ring.
  - now apply C_one.
Qed.

Theorem collision_renyi : forall (K : nat) (P : vec),
  (1 <= K)%nat -> distribution K P ->
  C K P = exp (- H2 K P).
Proof.
  intros K P _ D. unfold H2. rewrite Ropp_involutive, exp_ln; [reflexivity|]. now apply C_pos.
Qed.

(** Jensen's inequality, summand by summand: [p ln (p / x) <= p (p / x - 1)], with equality where p is 0 or x. *)
Lemma xlogx_le p x : 0 <= p -> 0 < x -> xlogx p - p * ln x <= p * (p / x) - p.
Proof.
  intros nonneg pos. unfold xlogx. destruct nonneg as [p_pos|<-]; [|unfold Rdiv; lra].
  pose proof (ln_le_pred (p / x) (Rdiv_lt_0_compat p x p_pos pos)) as b.
  rewrite ln_div in b by assumption. nra.
Qed.

Lemma xlogx_eq p x : 0 <= p -> 0 < x -> xlogx p - p * ln x = p * (p / x) - p <-> p * p = x * p.
Proof.
  intros nonneg pos. unfold xlogx. destruct nonneg as [p_pos|<-]; [|unfold Rdiv; split; intros; ring].
  split; intros E.
  - f_equal. assert (p / x = 1) as ratio.
    { apply ln_eq_pred; [now apply Rdiv_lt_0_compat|]. rewrite ln_div by assumption.
      apply Rmult_eq_reg_l with p; lra. }
    replace p with (p / x * x) by (field; lra). rewrite ratio. ring.
  - assert (p = x) as -> by (apply Rmult_eq_reg_r with p; lra). field. lra.
Qed.

(** The sum of the left sides is H_2 - H, the sum of the right sides is 0. *)
Lemma entropy_sums K P : distribution K P ->
  rsum K (fun i => xlogx (P i) - P i * ln (C K P)) = H2 K P - H K P /\
  rsum K (fun i => P i * (P i / C K P) - P i) = 0.
Proof.
  intros D. pose proof (C_pos K P D) as pos. split.
  - rewrite rsum_minus, rsum_scal_r, (dist_sum K P D). unfold H2, H, vxlogx. ring.
  - rewrite rsum_minus, (dist_sum K P D).
    rewrite (rsum_ext K _ (fun i => P i * P i / C K P)) by (intros; field; lra).
    rewrite rsum_div. fold (dot K P P) (C K P). field. lra.
Qed.

(** The collision entropy is at most the Shannon entropy, with equality at what is uniform on its support. *)
Theorem entropy_order : forall (K : nat) (P : vec),
  (1 <= K)%nat -> distribution K P ->
  H2 K P <= H K P /\
  exp (- H K P) <= C K P /\
  (H2 K P = H K P <-> veq K (vmul P P) (vscale (C K P) P)).
Proof.
  intros K P one D. pose proof (C_pos K P D) as pos.
  destruct (entropy_sums K P D) as [left_sum right_sum].
  assert (forall i, (i < K)%nat -> xlogx (P i) - P i * ln (C K P) <= P i * (P i / C K P) - P i) as summands.
  { intros i lt. apply xlogx_le; [now apply (dist_nonneg K P)|exact pos]. }
  assert (H2 K P <= H K P) as order by (pose proof (rsum_le K _ _ summands); lra).
  split; [exact order|split].
  - rewrite collision_renyi by assumption. destruct order as [lt| -> ]; [|lra].
    apply Rlt_le, exp_increasing. lra.
  - unfold veq, vmul, vscale. split.
    + intros E i lt. apply xlogx_eq; [now apply (dist_nonneg K P)|exact pos|].
      revert i lt. apply rsum_le_eq; [exact summands|lra].
    + intros E. enough (H2 K P - H K P = 0) by lra. rewrite <- left_sum, <- right_sum.
      apply rsum_ext. intros i lt. apply xlogx_eq; auto. now apply (dist_nonneg K P).
Qed.

(** A confident choice is barely updated. *)
Theorem limit_confident : forall (K : nat) (P : vec) (c : nat) (g : R),
  (1 <= K)%nat -> distribution K P -> (c < K)%nat ->
  vnorm K (vscale g (vsub (e c) P)) <= sqrt 2 * Rabs g * (1 - P c).
Proof.
  intros K P c g _ D lt. rewrite vnorm_scale.
  replace (sqrt 2 * Rabs g * (1 - P c)) with (Rabs g * (sqrt 2 * (1 - P c))) by ring.
  apply Rmult_le_compat_l; [apply Rabs_pos|].
  pose proof (dist_le_1 K P c D lt) as le1.
  replace (1 - P c) with (sqrt ((1 - P c) ^ 2)) by (apply sqrt_pow2; lra).
  rewrite <- sqrt_mult by nra. apply sqrt_le_1_alt. now apply w_upper.
Qed.

(** A rare choice makes a large update, the largest where another action is certain. *)
Theorem limit_rare : forall (K : nat) (P : vec) (c : nat),
  (1 <= K)%nat -> distribution K P -> (c < K)%nat -> (2 <= K)%nat ->
  let w := sqnorm K (vsub (e c) P) in
  Rabs (w - (1 + C K P)) = 2 * P c /\
  w <= 2 /\
  (w = 2 <-> P c = 0 /\ vmax K P = 1).
Proof.
  intros K P c _ D lt _ w. unfold w. rewrite w_closed by exact lt.
  pose proof (dist_nonneg K P c D lt) as nonneg. pose proof (C_le_1 K P D) as le1.
  split; [|split].
  - replace (1 - 2 * P c + C K P - (1 + C K P)) with (- (2 * P c)) by ring.
    rewrite Rabs_Ropp, Rabs_right; lra.
  - lra.
  - rewrite <- (C_one K P D). split; [intros; split; lra|intros [-> ->]; ring].
Qed.

(** The squared norm at the uniform and at one-hot policies. *)
Theorem special_values : forall (K : nat) (c a : nat),
  (1 <= K)%nat -> (c < K)%nat -> (a < K)%nat ->
  sqnorm K (vsub (e c) (vscale (1 / INR K) ones)) = 1 - 1 / INR K /\
  sqnorm K (vsub (e c) (e c)) = 0 /\
  (a <> c -> sqnorm K (vsub (e c) (e a)) = 2).
Proof.
  intros K c a one ltc lta. pose proof (INR_pos K one) as pos. split; [|split].
  - rewrite w_closed by exact ltc. unfold C, vscale, ones, dot. rewrite rsum_const. field. lra.
  - apply sqnorm_zero. intros i _. unfold vsub, zeros. ring.
  - intros ne. rewrite w_closed, (e_other a c) by auto. unfold C. rewrite dot_e_l, e_same by exact lta. ring.
Qed.

(** The other actions in fixed proportions [q], more confidence makes a smaller update. *)
Theorem self_regulation : forall (K : nat) (q : vec) (c : nat) (s t : R),
  (1 <= K)%nat -> distribution K q -> (c < K)%nat -> q c = 0 -> 0 <= s -> s < t -> t <= 1 ->
  let at_s := vadd (vscale s (e c)) (vscale (1 - s) q) in
  let at_t := vadd (vscale t (e c)) (vscale (1 - t) q) in
  sqnorm K (vsub (e c) at_s) = (1 - s) ^ 2 * (1 + C K q) /\
  sqnorm K (vsub (e c) at_t) < sqnorm K (vsub (e c) at_s).
Proof.
  intros K q c s t _ D lt off _ s_lt_t t_le_1.
  assert (forall x,
    sqnorm K (vsub (e c) (vadd (vscale x (e c)) (vscale (1 - x) q))) = (1 - x) ^ 2 * (1 + C K q)) as form.
  { intros x. rewrite (sqnorm_ext K _ (vscale (1 - x) (vsub (e c) q))).
    - rewrite sqnorm_scale, w_closed, off by exact lt. ring.
    - intros i _. unfold vsub, vadd, vscale. ring. }
  cbv zeta. rewrite !form. split; [reflexivity|].
  pose proof (C_pos K q D). apply Rmult_lt_compat_r; nra.
Qed.
