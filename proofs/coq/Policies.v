(** * Policies: what sums and squares of probabilities satisfy

    Cauchy-Schwarz and its equality cases, the range of the collision probability, and three forms of
    w = ||e_c - P||^2. The theorems of the claims are put together from these. *)

From Logitlab Require Export Sums.

(** ** Inequalities for vectors *)

Lemma cauchy_schwarz K u v : dot K u v ^ 2 <= sqnorm K u * sqnorm K v.
Proof.
  destruct (Req_dec (sqnorm K v) 0) as [zero|ne].
  - assert (veq K v zeros) as E by now apply sqnorm_zero.
    replace (dot K u v) with 0; [rewrite zero; lra|].
    symmetry. apply rsum_zero. intros i lt. rewrite E by exact lt. unfold zeros. ring.
  - pose proof (sqnorm_nonneg K v) as nonneg.
    pose proof (sqnorm_nonneg K (vsub (vscale (sqnorm K v) u) (vscale (dot K u v) v))) as square.
    unfold sqnorm in square. autorewrite with bilinear in square.
    rewrite (dot_comm K v u) in square. fold (sqnorm K u) (sqnorm K v) in square.
    apply Rmult_le_reg_l with (sqnorm K v); [lra|]. nra.
Qed.

(** The square of a sum of nonnegative numbers is at least the sum of their squares ... *)
Lemma sqnorm_le_sum_sq K v : vle K zeros v -> sqnorm K v <= rsum K v ^ 2.
Proof.
  intros nonneg. replace (rsum K v ^ 2) with (rsum K (fun i => v i * rsum K v)) by (rewrite rsum_scal_r; ring).
  apply rsum_le. intros i lt.
  apply Rmult_le_compat_l; [now apply nonneg|now apply rsum_ge_term].
Qed.

(** ... and equal to it only where each of them is 0 or the whole sum. *)
Lemma sqnorm_eq_sum_sq K v :
  vle K zeros v -> sqnorm K v = rsum K v ^ 2 -> forall i, (i < K)%nat -> v i = 0 \/ v i = rsum K v.
Proof.
  intros nonneg E i lt.
  assert (v i * v i = v i * rsum K v) as prod.
  { apply (rsum_le_eq K (fun i => v i * v i) (fun i => v i * rsum K v)); auto.
    - intros j lj. apply Rmult_le_compat_l; [now apply nonneg|now apply rsum_ge_term].
    - rewrite rsum_scal_r. fold (dot K v v). fold (sqnorm K v). rewrite E. ring. }
  destruct (Req_dec (v i) 0) as [|ne]; [now left|right].
  now apply Rmult_eq_reg_l with (v i).
Qed.

(** ** Distributions *)

Lemma dist_nonneg K P i : distribution K P -> (i < K)%nat -> 0 <= P i.
Proof. intros [nonneg _]; auto. Qed.

Lemma dist_sum K P : distribution K P -> rsum K P = 1.
Proof. now intros [_ sum]. Qed.

Lemma dist_one K P : distribution K P -> (1 <= K)%nat.
Proof. intros [_ sum]. destruct K; [cbn in sum; lra|lia]. Qed.

Lemma dist_le_1 K P i : distribution K P -> (i < K)%nat -> P i <= 1.
Proof. intros [nonneg sum] lt. rewrite <- sum. now apply rsum_ge_term. Qed.

Lemma dist_vle K P : distribution K P -> vle K zeros P.
Proof. intros [nonneg _]. exact nonneg. Qed.

Lemma dist_ext K P Q : veq K P Q -> distribution K P -> distribution K Q.
Proof.
  intros E [nonneg sum]. split.
  - intros i lt. rewrite <- E by exact lt. auto.
  - rewrite <- sum. apply rsum_ext. intros. symmetry. auto.
Qed.

Lemma C_ext K P Q : veq K P Q -> C K P = C K Q.
Proof. apply sqnorm_ext. Qed.

Lemma C_le_1 K P : distribution K P -> C K P <= 1.
Proof.
  intros D. pose proof (sqnorm_le_sum_sq K P (dist_vle K P D)) as b.
  rewrite (dist_sum K P D) in b. unfold C. fold (sqnorm K P). lra.
Qed.

(** The squared distance from the uniform distribution. *)
Lemma C_from_uniform K P : distribution K P ->
  sqnorm K (vsub P (vscale (1 / INR K) ones)) = C K P - 1 / INR K.
Proof.
  intros D. assert (INR K <> 0) by (apply not_0_INR; pose proof (dist_one K P D); lia).
  rewrite sqnorm_sub, sqnorm_scale. autorewrite with bilinear. unfold sqnorm.
  rewrite !dot_ones_r, (dist_sum K P D). unfold ones. rewrite rsum_const. unfold C. field. auto.
Qed.

Lemma C_ge_uniform K P : distribution K P -> 1 / INR K <= C K P.
Proof.
  intros D. pose proof (sqnorm_nonneg K (vsub P (vscale (1 / INR K) ones))) as b.
  rewrite (C_from_uniform K P D) in b. lra.
Qed.

Lemma INR_pos K : (1 <= K)%nat -> 0 < INR K.
Proof. intros one. apply lt_0_INR. lia. Qed.

Lemma C_pos K P : distribution K P -> 0 < C K P.
Proof.
  intros D. apply Rlt_le_trans with (2 := C_ge_uniform K P D).
  apply Rdiv_lt_0_compat; [lra|]. now apply INR_pos, (dist_one K P).
Qed.

Lemma C_ge_square K P c : (c < K)%nat -> P c ^ 2 <= C K P.
Proof.
  intros lt. replace (P c ^ 2) with (P c * P c) by ring.
  apply (rsum_ge_term K (fun i => P i * P i)); [exact lt|]. intros; nra.
Qed.

(** The collision probability is 1 exactly at a one-hot distribution. *)
Lemma C_one K P : distribution K P -> (C K P = 1 <-> vmax K P = 1).
Proof.
  intros D. pose proof (dist_one K P D) as one. split; intros E.
  - destruct (vmax_attained K P one) as [i [lt M]]. rewrite <- M.
    assert (forall j, (j < K)%nat -> P j = 0 \/ P j = 1) as bits.
    { intros j lj. rewrite <- (dist_sum K P D). apply sqnorm_eq_sum_sq; [now apply dist_vle| |exact lj].
      rewrite (dist_sum K P D). unfold sqnorm. fold (C K P). rewrite E. ring. }
    destruct (bits i lt) as [zero|]; [exfalso|assumption].
    assert (rsum K P <= 0); [|rewrite (dist_sum K P D) in *; lra].
    rewrite <- (Rmult_0_r (INR K)), <- rsum_const. apply rsum_le. intros j lj.
    rewrite <- zero, M. now apply vmax_ub.
  - destruct (vmax_attained K P one) as [i [lt Ei]]. rewrite E in Ei.
    apply Rle_antisym; [now apply C_le_1|].
    pose proof (C_ge_square K P i lt) as b. rewrite Ei in b. lra.
Qed.

(** ** Three forms of w = ||e_c - P||^2 *)

Lemma w_closed K P c : (c < K)%nat -> sqnorm K (vsub (e c) P) = 1 - 2 * P c + C K P.
Proof.
  intros lt. rewrite sqnorm_sub, dot_e_l by exact lt. unfold sqnorm at 1.
  rewrite dot_e_l, e_same by exact lt. reflexivity.
Qed.

Lemma C_split K P c : (c < K)%nat -> C K P = P c ^ 2 + sqnorm K (others P c).
Proof.
  intros lt. unfold others. rewrite sqnorm_sub, sqnorm_scale, dot_scale_r, dot_e_r by exact lt.
  unfold sqnorm at 2. rewrite dot_e_l, e_same by exact lt. unfold sqnorm, C. ring.
Qed.

Lemma w_direct K P c : (c < K)%nat ->
  sqnorm K (vsub (e c) P) = (1 - P c) ^ 2 + sqnorm K (others P c).
Proof. intros lt. rewrite w_closed, (C_split K P c lt) by exact lt. ring. Qed.

Lemma sum_others K P c : distribution K P -> (c < K)%nat -> rsum K (others P c) = 1 - P c.
Proof. intros D lt. rewrite rsum_others, (dist_sum K P D); auto. Qed.

Lemma others_nonneg K P c : distribution K P -> vle K zeros (others P c).
Proof.
  intros D i lt. unfold zeros. destruct (Nat.eq_dec i c) as [->|ne].
  - rewrite others_same. lra.
  - rewrite others_other by exact ne. now apply (dist_nonneg K P).
Qed.

Lemma dist_others_bound K P c i : distribution K P -> (c < K)%nat -> (i < K)%nat -> others P c i <= 1 - P c.
Proof.
  intros D lt li. rewrite <- (sum_others K P c D lt).
  apply rsum_ge_term; [exact li|]. now apply others_nonneg.
Qed.

(** The squared distance of the other probabilities from the level [x] on all other actions. *)
Lemma others_from_level K P c x : distribution K P -> (c < K)%nat ->
  sqnorm K (vsub (others P c) (vscale x (vsub ones (e c)))) =
  sqnorm K (others P c) - 2 * x * (1 - P c) + x ^ 2 * (INR K - 1).
Proof.
  intros D lt. rewrite sqnorm_sub, sqnorm_scale, sqnorm_sub. autorewrite with bilinear.
  rewrite !dot_e_r, dot_ones_r by exact lt. unfold sqnorm at 2 3.
  rewrite dot_ones_l, dot_e_l, e_same, others_same, (sum_others K P c D lt) by exact lt.
  unfold ones. rewrite rsum_const. ring.
Qed.

Lemma w_lower K P c : distribution K P -> (c < K)%nat -> (2 <= K)%nat ->
  INR K / (INR K - 1) * (1 - P c) ^ 2 <= sqnorm K (vsub (e c) P).
Proof.
  intros D lt two. rewrite w_direct by exact lt.
  assert (2 <= INR K) by (apply (le_INR 2); exact two).
  pose proof (sqnorm_nonneg K (vsub (others P c) (vscale ((1 - P c) / (INR K - 1)) (vsub ones (e c))))) as b.
  rewrite others_from_level in b by assumption.
  replace (INR K / (INR K - 1) * (1 - P c) ^ 2) with ((1 - P c) ^ 2 + (1 - P c) ^ 2 / (INR K - 1)) by (field; lra).
  match type of b with 0 <= ?x =>
    replace x with (sqnorm K (others P c) - (1 - P c) ^ 2 / (INR K - 1)) in b by (field; lra) end.
  lra.
Qed.

Lemma w_upper K P c : distribution K P -> (c < K)%nat -> sqnorm K (vsub (e c) P) <= 2 * (1 - P c) ^ 2.
Proof.
  intros D lt. rewrite w_direct by exact lt.
  pose proof (sqnorm_le_sum_sq K (others P c) (others_nonneg K P c D)) as b.
  rewrite (sum_others K P c D lt) in b. lra.
Qed.

(** ** Logarithms of probabilities *)

(** [ln x < x - 1] except at 1. *)
Lemma ln_le_pred x : 0 < x -> ln x <= x - 1.
Proof. intros pos. pose proof (exp_ineq1_le (ln x)) as b. rewrite exp_ln in b by exact pos. lra. Qed.

Lemma ln_eq_pred x : 0 < x -> ln x = x - 1 -> x = 1.
Proof.
  intros pos E. destruct (Req_dec (ln x) 0) as [zero|ne]; [lra|].
  pose proof (exp_ineq1 (ln x) ne) as b. rewrite exp_ln in b by exact pos. lra.
Qed.

Lemma ln_div x y : 0 < x -> 0 < y -> ln (x / y) = ln x - ln y.
Proof. intros. unfold Rdiv. rewrite ln_mult, ln_Rinv by auto using Rinv_0_lt_compat. ring. Qed.
