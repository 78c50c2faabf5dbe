(** * Consequences about distributions

    Forms of w, bounds on it, other norms, expectations over the chosen action, and truncated policies. Each theorem is
    named after its claim and states the claim's lines in order. *)

From Logitlab Require Import Policies.

(** ** Forms of the squared norm, and bounds *)

(** The form to compute with: it has no subtraction. *)
Theorem tail_form : forall (K : nat) (P : vec) (c : nat),
  (1 <= K)%nat -> distribution K P -> (c < K)%nat ->
  sqnorm K (vsub (e c) P) = vsum K (others P c) ^ 2 + sqnorm K (others P c).
Proof.
  intros K P c _ D lt. unfold vsum. rewrite (sum_others K P c D lt). now apply w_direct.
Qed.

(** The conditional distribution over the other actions. *)
Lemma conditional_distribution K P c : distribution K P -> (c < K)%nat -> P c < 1 ->
  distribution K (vdiv (others P c) (1 - P c)).
Proof.
  intros D lt lt1. split.
  - intros i li. unfold vdiv. apply Rmult_le_pos; [now apply (others_nonneg K P c D)|].
    apply Rlt_le, Rinv_0_lt_compat. lra.
  - unfold vdiv. rewrite rsum_div, (sum_others K P c D lt). field. lra.
Qed.

Lemma C_conditional K P c : P c < 1 ->
  C K (vdiv (others P c) (1 - P c)) = sqnorm K (others P c) / (1 - P c) ^ 2.
Proof.
  intros lt1. unfold C, sqnorm, dot, vdiv. rewrite <- rsum_div. apply rsum_ext. intros. field. lra.
Qed.

Theorem factored_form : forall (K : nat) (P : vec) (c : nat),
  (1 <= K)%nat -> distribution K P -> (c < K)%nat -> (2 <= K)%nat -> P c < 1 ->
  let q := vdiv (others P c) (1 - P c) in
  sqnorm K (vsub (e c) P) = (1 - P c) ^ 2 * (1 + C K q).
Proof.
  intros K P c _ _ lt _ lt1 q. unfold q. rewrite w_direct, C_conditional by assumption. field. lra.
Qed.

(** The norm is of the order of 1 - P_c; the lower bound is met where the other actions are equally likely, the upper
    one where only one of them is possible. *)
Theorem two_sided : forall (K : nat) (P : vec) (c : nat),
  (1 <= K)%nat -> distribution K P -> (c < K)%nat -> (2 <= K)%nat ->
  let w := sqnorm K (vsub (e c) P) in
  let q := vdiv (others P c) (1 - P c) in
  INR K / (INR K - 1) * (1 - P c) ^ 2 <= w /\
  w <= 2 * (1 - P c) ^ 2 /\
  (P c < 1 ->
    (w = INR K / (INR K - 1) * (1 - P c) ^ 2 <-> veq K q (vscale (1 / (INR K - 1)) (vsub ones (e c))))) /\
  (P c < 1 -> (w = 2 * (1 - P c) ^ 2 <-> vmax K q = 1)).
Proof.
  intros K P c _ D lt two w q.
  assert (2 <= INR K) as two_le by (apply (le_INR 2); exact two).
  split; [now apply w_lower|split; [now apply w_upper|split; intros lt1]].
  - pose proof (others_from_level K P c ((1 - P c) / (INR K - 1)) D lt) as distance.
    assert (w - INR K / (INR K - 1) * (1 - P c) ^ 2 =
      sqnorm K (vsub (others P c) (vscale ((1 - P c) / (INR K - 1)) (vsub ones (e c))))) as E.
    { rewrite distance. unfold w. rewrite w_direct by exact lt. field. lra. }
    split.
    + intros Ew. rewrite Ew, Rminus_diag_eq in E by reflexivity. symmetry in E.
      apply sqnorm_zero in E. intros i li. specialize (E i li).
      unfold vsub, vscale, zeros in E. unfold q, vdiv, vscale, vsub.
      replace (others P c i) with ((1 - P c) / (INR K - 1) * (ones i - e c i)) by lra. field. lra.
    + intros Eq. enough (w - INR K / (INR K - 1) * (1 - P c) ^ 2 = 0) by lra. rewrite E.
      apply sqnorm_zero. intros i li. specialize (Eq i li).
      unfold q, vdiv, vscale, vsub in Eq. unfold vsub, vscale, zeros.
      replace (others P c i) with (others P c i / (1 - P c) * (1 - P c)) by (field; lra).
      rewrite Eq. field. lra.
  - rewrite <- (C_one K q) by now apply conditional_distribution.
    unfold w, q. rewrite w_direct, C_conditional by assumption. split; intros E.
    + replace (sqnorm K (others P c)) with ((1 - P c) ^ 2) by lra. field. lra.
    + replace (sqnorm K (others P c)) with (sqnorm K (others P c) / (1 - P c) ^ 2 * (1 - P c) ^ 2) by (field; lra).
      rewrite E. ring.
Qed.

(** The condition number of the closed form as a sum of three numbers. *)
Theorem cancellation : forall (K : nat) (P : vec) (c : nat),
  (1 <= K)%nat -> distribution K P -> (c < K)%nat -> (2 <= K)%nat -> P c < 1 ->
  let kappa := (1 + 2 * P c + C K P) / sqnorm K (vsub (e c) P) in
  (1 + P c) ^ 2 / (2 * (1 - P c) ^ 2) <= kappa /\
  kappa <= 4 * (INR K - 1) / (INR K * (1 - P c) ^ 2).
Proof.
  intros K P c _ D lt two lt1 kappa. unfold kappa.
  assert (2 <= INR K) as two_le by (apply (le_INR 2); exact two).
  assert (0 < (1 - P c) ^ 2) as square by (apply pow_lt; lra).
  pose proof (w_lower K P c D lt two) as lower. pose proof (w_upper K P c D lt) as upper.
  pose proof (C_ge_square K P c lt) as C_lower. pose proof (C_le_1 K P D) as C_upper.
  pose proof (dist_nonneg K P c D lt) as nonneg.
  set (w := sqnorm K (vsub (e c) P)) in *.
  assert (0 < INR K / (INR K - 1) * (1 - P c) ^ 2) as lower_pos.
  { apply Rmult_lt_0_compat; [apply Rdiv_lt_0_compat; lra|exact square]. }
  split.
  - apply Rmult_le_compat; [nra| |nra|]; [apply Rlt_le, Rinv_0_lt_compat; lra|].
    apply Rinv_le_contravar; lra.
  - replace (4 * (INR K - 1) / (INR K * (1 - P c) ^ 2)) with (4 * / (INR K / (INR K - 1) * (1 - P c) ^ 2))
      by (field; lra).
    apply Rmult_le_compat; [nra|apply Rlt_le, Rinv_0_lt_compat; lra|lra|].
    apply Rinv_le_contravar; lra.
Qed.

(** The update in the sum and maximum norms. *)
Theorem other_norms : forall (K : nat) (P : vec) (c : nat),
  (1 <= K)%nat -> distribution K P -> (c < K)%nat ->
  vsum K (vabs (vsub (e c) P)) = 2 * (1 - P c) /\
  vmax K (vabs (vsub (e c) P)) = 1 - P c.
Proof.
  intros K P c _ D lt. pose proof (dist_le_1 K P c D lt) as le1.
  assert (vabs (vsub (e c) P) c = 1 - P c) as at_c.
  { unfold vabs, vsub. rewrite e_same. apply Rabs_right. lra. }
  assert (forall i, (i < K)%nat -> i <> c -> vabs (vsub (e c) P) i = others P c i) as at_others.
  { intros i li ne. unfold vabs, vsub. rewrite e_other, others_other by exact ne.
    pose proof (dist_nonneg K P i D li). rewrite Rminus_0_l, Rabs_Ropp. apply Rabs_right. lra. }
  split.
  - unfold vsum. rewrite (rsum_split K c) by exact lt. rewrite at_c.
    rewrite (rsum_ext K _ (others P c)); [rewrite (sum_others K P c D lt); ring|].
    intros i li. destruct (Nat.eq_dec i c) as [->|ne]; [now rewrite !others_same|].
    rewrite others_other by exact ne. auto.
  - apply vmax_intro with c; [exact lt|exact at_c|]. intros i li.
    destruct (Nat.eq_dec i c) as [->|ne]; [lra|]. rewrite at_others by assumption.
    now apply (dist_others_bound K P c i).
Qed.

(** The squared gradient norm of cross-entropy with a smoothed target. *)
Theorem label_smoothing : forall (K : nat) (P : vec) (c : nat) (eps : R),
  (1 <= K)%nat -> distribution K P -> (c < K)%nat ->
  sqnorm K (vsub (vadd (vscale (1 - eps) (e c)) (vscale (eps / INR K) ones)) P) =
  C K P - 2 * (1 - eps) * P c - 2 * eps / INR K + (1 - eps) ^ 2 + 2 * eps * (1 - eps) / INR K + eps ^ 2 / INR K.
Proof.
  intros K P c eps one D lt. pose proof (INR_pos K one).
  unfold sqnorm. autorewrite with bilinear.
  rewrite !dot_e_l, !dot_e_r, e_same, !dot_ones_l, !dot_ones_r, (dist_sum K P D) by exact lt.
  unfold ones. rewrite rsum_const. unfold C. field. lra.
Qed.

(** Without the -P term an update has the same size at every policy. *)
Theorem alternate_estimator : forall (K : nat) (P : vec) (c : nat) (g : R),
  (1 <= K)%nat -> distribution K P -> (c < K)%nat ->
  vnorm K (vscale g (e c)) = Rabs g.
Proof.
  intros K P c g _ _ lt. rewrite vnorm_scale. unfold vnorm, sqnorm.
  rewrite dot_e_l, e_same, sqrt_1 by exact lt. ring.
Qed.

(** ** The Fisher matrix F = diag P - P P^T *)

(** x^T F x is the variance of [x] under [P]: around any point [m] ... *)
Lemma variance_around K P x m : distribution K P -> m = dot K P x ->
  dot K x (vsub (vmul P x) (vscale m P)) = rsum K (fun i => P i * (x i - m) ^ 2).
Proof.
  intros D Em.
  rewrite (rsum_ext K (fun i => P i * (x i - m) ^ 2) (fun i => x i * (P i * x i) - 2 * m * (P i * x i) + m ^ 2 * P i))
    by (intros; ring).
  rewrite rsum_plus, rsum_minus, !rsum_scal, (dist_sum K P D).
  rewrite dot_sub_r, dot_scale_r, (dot_comm K x P). fold (dot K P x). rewrite <- Em.
  unfold dot, vmul. ring.
Qed.

(** ... and between any bounds, (hi - m)(m - lo) less something nonnegative. *)
Lemma variance_between K P x m lo hi : distribution K P -> m = dot K P x ->
  dot K x (vsub (vmul P x) (vscale m P)) =
  (hi - m) * (m - lo) - rsum K (fun i => P i * ((hi - x i) * (x i - lo))).
Proof.
  intros D Em.
  rewrite (rsum_ext K (fun i => P i * ((hi - x i) * (x i - lo)))
    (fun i => (hi + lo) * (P i * x i) - hi * lo * P i - x i * (P i * x i))) by (intros; ring).
  rewrite !rsum_minus, !rsum_scal, (dist_sum K P D).
  rewrite dot_sub_r, dot_scale_r, (dot_comm K x P). fold (dot K P x). rewrite <- Em.
  unfold dot, vmul. ring.
Qed.

Lemma popoviciu K P x : distribution K P ->
  dot K x (vsub (vmul P x) (vscale (dot K P x) P)) <= (vmax K x - vmin K x) ^ 2 / 4.
Proof.
  intros D. set (m := dot K P x). rewrite (variance_between K P x m (vmin K x) (vmax K x) D eq_refl).
  assert (0 <= rsum K (fun i => P i * ((vmax K x - x i) * (x i - vmin K x)))).
  { apply rsum_nonneg. intros i lt. pose proof (vmax_ub K x i lt). pose proof (vmin_lb K x i lt).
    apply Rmult_le_pos; [now apply (dist_nonneg K P)|]. apply Rmult_le_pos; lra. }
  pose proof (pow2_ge_0 (vmax K x + vmin K x - 2 * m)). lra.
Qed.

(** The squared range is at most twice the squared norm. *)
Lemma range_sqnorm K x : (1 <= K)%nat -> (vmax K x - vmin K x) ^ 2 <= 2 * sqnorm K x.
Proof.
  intros one. pose proof (sqnorm_nonneg K x).
  destruct (vmax_attained K x one) as [i [li <-]]. destruct (vmin_attained K x one) as [j [lj <-]].
  destruct (Nat.eq_dec j i) as [->|ne]; [rewrite Rminus_diag_eq by reflexivity; lra|].
  assert (x i * x i + x j * x j <= sqnorm K x); [|pose proof (pow2_ge_0 (x i + x j)); lra].
  unfold sqnorm, dot. rewrite (rsum_split K i) by exact li. apply Rplus_le_compat_l.
  set (f := fun k => x k * x k).
  replace (x j * x j) with (others f i j) by now rewrite others_other.
  apply rsum_ge_term; [exact lj|]. intros k _. destruct (Nat.eq_dec k i) as [->|ki].
  - rewrite others_same. lra.
  - rewrite others_other by exact ki. unfold f. nra.
Qed.

(** The Fisher matrix is positive semidefinite, maps the ones to 0, and is bounded. *)
Theorem fisher : forall (K : nat) (P x : vec),
  (1 <= K)%nat -> distribution K P ->
  let Fx := vsub (vmul P x) (vscale (dot K P x) P) in
  0 <= dot K x Fx /\
  veq K (vsub (vmul P ones) (vscale (dot K P ones) P)) zeros /\
  dot K x Fx <= (vmax K x - vmin K x) ^ 2 / 4 /\
  dot K x Fx <= sqnorm K x / 2.
Proof.
  intros K P x one D Fx. pose proof (popoviciu K P x D) as b. fold Fx in b.
  split; [|split; [|split; [exact b|]]].
  - unfold Fx. rewrite (variance_around K P x _ D eq_refl). apply rsum_nonneg. intros i lt.
    apply Rmult_le_pos; [now apply (dist_nonneg K P)|apply pow2_ge_0].
  - intros i _. rewrite dot_ones_r, (dist_sum K P D). unfold vsub, vmul, vscale, ones, zeros. ring.
  - pose proof (range_sqnorm K x one). lra.
Qed.

(** ** Expectations over the chosen action *)

Lemma expect_ext K P f g : (forall a, (a < K)%nat -> f a = g a) -> expect K P f = expect K P g.
Proof. intros E. apply rsum_ext. intros a lt. now rewrite E. Qed.

(** The expected squared norm is the trace of the Fisher matrix. *)
Theorem expected_norm : forall (K : nat) (P : vec),
  (1 <= K)%nat -> distribution K P ->
  expect K P (fun c => sqnorm K (vsub (e c) P)) = 1 - C K P /\
  1 - C K P = vsum K (vsub P (vmul P P)) /\
  1 - C K P = 1 - exp (- H2 K P).
Proof.
  intros K P _ D. split; [|split].
  - rewrite (expect_ext K P _ (fun c => 1 - 2 * P c + C K P)) by (intros; now apply w_closed).
    unfold expect. rewrite (rsum_ext K _ (fun a => (1 + C K P) * P a - 2 * (P a * P a))) by (intros; ring).
    rewrite rsum_minus, !rsum_scal, (dist_sum K P D). unfold C, dot. ring.
  - unfold vsum, vsub, vmul. rewrite rsum_minus, (dist_sum K P D). reflexivity.
  - unfold H2. rewrite Ropp_involutive, exp_ln; [reflexivity|]. now apply C_pos.
Qed.

(** A constant baseline does not change the expected update. *)
Theorem expected_update : forall (K : nat) (P r : vec) (b : R),
  (1 <= K)%nat -> distribution K P ->
  veq K (vexpect K P (fun c => vscale (r c - b) (vsub (e c) P)))
        (vmul P (vsub r (vscale (dot K P r) ones))).
Proof.
  intros K P r b _ D i lt. unfold vexpect, expect, vmul, vsub, vscale, ones.
  rewrite (rsum_ext K _ (fun c => e i c * (P c * (r c - b)) - P i * (P c * r c) + b * P i * P c)).
  - rewrite rsum_plus, rsum_minus, rsum_e, !rsum_scal, (dist_sum K P D) by exact lt. unfold dot. ring.
  - intros c _. unfold e. rewrite (Nat.eqb_sym i c). ring.
Qed.

(** The baseline of least variance, and what any other one costs. *)
Theorem optimal_baseline : forall (K : nat) (P G : vec) (b : R),
  (1 <= K)%nat -> distribution K P ->
  let Ew := expect K P (fun a => sqnorm K (vsub (e a) P)) in
  let best := expect K P (fun a => G a * sqnorm K (vsub (e a) P)) / Ew in
  0 < Ew ->
  expect K P (fun a => (G a - b) ^ 2 * sqnorm K (vsub (e a) P)) -
    expect K P (fun a => (G a - best) ^ 2 * sqnorm K (vsub (e a) P)) = (b - best) ^ 2 * Ew /\
  expect K P (fun a => (G a - best) ^ 2 * sqnorm K (vsub (e a) P)) <=
    expect K P (fun a => (G a - b) ^ 2 * sqnorm K (vsub (e a) P)).
Proof.
  intros K P G b _ _ Ew best pos.
  set (w := fun a => sqnorm K (vsub (e a) P)).
  assert (forall x, expect K P (fun a => (G a - x) ^ 2 * w a) =
    expect K P (fun a => G a ^ 2 * w a) - 2 * x * (best * Ew) + x ^ 2 * Ew) as expand.
  { intros x. replace (best * Ew) with (expect K P (fun a => G a * w a)) by (unfold best, w; field; lra).
    change Ew with (expect K P w). unfold expect.
    rewrite <- !rsum_scal, <- rsum_minus, <- rsum_plus. apply rsum_ext. intros; ring. }
  assert (expect K P (fun a => (G a - b) ^ 2 * w a) - expect K P (fun a => (G a - best) ^ 2 * w a) =
    (b - best) ^ 2 * Ew) as excess by (rewrite !expand; ring).
  split; [exact excess|].
  assert (0 <= (b - best) ^ 2 * Ew) by (apply Rmult_le_pos; [apply pow2_ge_0|lra]).
  unfold w in *. lra.
Qed.

(** ** Truncated policies *)

(** From the top probabilities [t] and the mass [m] of the [N] others, each at most [p]. *)
Theorem tail_bound : forall (K : nat) (P t : vec) (p : R) (c : nat),
  (1 <= K)%nat -> distribution K P -> subset K t -> (c < K)%nat ->
  let m := dot K (vsub ones t) P in
  let N := dot K (vsub ones t) ones in
  let S := dot K t (vmul P P) in
  let w := sqnorm K (vsub (e c) P) in
  1 <= N -> vle K (vmul (vsub ones t) P) (vscale p (vsub ones t)) ->
  (S + m ^ 2 / N <= C K P /\ C K P <= S + m * p) /\
  (t c = 1 -> 1 - 2 * P c + S + m ^ 2 / N <= w /\ w <= 1 - 2 * P c + S + m * p) /\
  (t c = 0 -> 1 - 2 * p + S + m ^ 2 / N <= w /\ w <= 1 + S + m * p).
Proof.
  intros K P t p c _ D sub lt m N S w N_ge_1 small.
  set (tail := dot K (vsub ones t) (vmul P P)).
  assert (C K P = S + tail) as E.
  { unfold S, tail, C, dot. rewrite <- rsum_plus. apply rsum_ext. intros. unfold vmul, vsub, ones. ring. }
  (* [1 - t] is a vector of zeros and ones: equal to its square. *)
  assert (forall i, (i < K)%nat -> (1 - t i) * (1 - t i) = 1 - t i) as idempotent.
  { intros i li. destruct (sub i li) as [-> | ->]; ring. }
  assert (m ^ 2 / N <= tail) as lower.
  { apply Rmult_le_reg_r with N; [lra|]. replace (m ^ 2 / N * N) with (m ^ 2) by (field; lra).
    replace m with (dot K (vmul (vsub ones t) P) (vsub ones t)).
    - replace N with (sqnorm K (vsub ones t)).
      + replace tail with (sqnorm K (vmul (vsub ones t) P)); [apply cauchy_schwarz|].
        apply rsum_ext. intros i li. unfold vmul, vsub, ones. rewrite <- (idempotent i li) at 3. ring.
      + apply rsum_ext. intros i li. unfold vsub, ones. rewrite idempotent by exact li. ring.
    - apply rsum_ext. intros i li. unfold vmul, vsub, ones. rewrite <- (idempotent i li) at 3. ring. }
  assert (tail <= m * p) as upper.
  { unfold tail, m, dot. rewrite <- rsum_scal_r. apply rsum_le. intros i li.
    pose proof (small i li) as b. unfold vmul, vsub, vscale, ones in *.
    pose proof (dist_nonneg K P i D li). nra. }
  assert (w = 1 - 2 * P c + C K P) as Ew by now apply w_closed.
  split; [lra|split; intros tc; [lra|]].
  pose proof (small c lt) as b. unfold vmul, vsub, vscale, ones in b. rewrite tc in b.
  pose proof (dist_nonneg K P c D lt). lra.
Qed.
