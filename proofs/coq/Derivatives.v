(** * Claims about derivatives with respect to the logits *)

From Logitlab Require Import Calculus Consequences.

(** ** From curves to gradients and to derivatives along a vector *)

Section Derivatives.

Variables (K : nat) (t : vec).
Hypothesis W : weights K t.

Lemma line_start_softmax z v : veq K (softmax_on K t (vadd z (vscale 0 v))) (softmax_on K t z).
Proof. apply softmax_ext. intros i _. apply line_start. Qed.

(** The derivative of a log-probability along a vector. *)
Lemma along_log z v c : (c < K)%nat -> 0 < t c ->
  is_along (fun z => ln (softmax_on K t z c)) z v (v c - dot K (softmax_on K t z) v).
Proof.
  intros lt pos. unfold is_along.
  apply derive_to with (v c - dot K (softmax_on K t (vadd z (vscale 0 v))) v).
  - apply (curve_log K t W (fun s => vadd z (vscale s v))); auto. intros. apply line_derive.
  - f_equal. apply dot_ext; [apply line_start_softmax|easy].
Qed.

Lemma along_lse z v : is_along (lse_on K t) z v (dot K (softmax_on K t z) v).
Proof.
  unfold is_along. apply derive_to with (dot K (softmax_on K t (vadd z (vscale 0 v))) v).
  - apply (curve_lse K t W (fun s => vadd z (vscale s v))). intros. apply line_derive.
  - apply dot_ext; [apply line_start_softmax|easy].
Qed.

Lemma along_mean z v r :
  is_along (fun z => dot K (softmax_on K t z) r) z v
    (dot K (softmax_on K t z) (vmul v r) - dot K (softmax_on K t z) v * dot K (softmax_on K t z) r).
Proof.
  unfold is_along. pose proof (line_start_softmax z v) as start.
  set (P0 := softmax_on K t (vadd z (vscale 0 v))) in start.
  apply derive_to with (dot K P0 (vmul v r) - dot K P0 v * dot K P0 r).
  - apply (curve_mean K t W (fun s => vadd z (vscale s v))). intros. apply line_derive.
  - now rewrite !(dot_ext K P0 _ (softmax_on K t z) _ start (fun i _ => eq_refl)).
Qed.

Lemma along_entropy z v :
  is_along (fun z => H K (softmax_on K t z)) z v
    (- (dot K (vxlogx (softmax_on K t z)) v + H K (softmax_on K t z) * dot K (softmax_on K t z) v)).
Proof.
  unfold is_along. pose proof (line_start_softmax z v) as start.
  set (P0 := softmax_on K t (vadd z (vscale 0 v))) in start.
  apply derive_to with (- (dot K (vxlogx P0) v + H K P0 * dot K P0 v)).
  - apply (curve_entropy K t W (fun s => vadd z (vscale s v))). intros. apply line_derive.
  - assert (veq K (vxlogx P0) (vxlogx (softmax_on K t z))) as starts.
    { intros i lt. unfold vxlogx. now rewrite start. }
    rewrite (dot_ext K P0 v _ v start) by easy. rewrite (dot_ext K (vxlogx P0) v _ v starts) by easy.
    unfold H. now rewrite (rsum_ext K _ _ starts).
Qed.

(** The score at a temperature. *)
Lemma grad_log_tau z c tau : (c < K)%nat -> 0 < t c -> 0 < tau ->
  is_grad K (fun z => ln (softmax_on K t (vdiv z tau) c)) z (vdiv (vsub (e c) (softmax_on K t (vdiv z tau))) tau).
Proof.
  intros lt pos tau_pos j lj. set (P := softmax_on K t (vdiv z tau)).
  set (P0 := softmax_on K t (vdiv (upd z j (z j)) tau)).
  apply derive_to with (vscale (/ tau) (e j) c - dot K P0 (vscale (/ tau) (e j))).
  - apply (curve_log K t W (fun s => vdiv (upd z j s) tau)); auto. intros i li.
    apply (is_derive_ext (fun s => / tau * upd z j s i)); [intros; apply Rmult_comm|].
    apply (is_derive_scal (fun s => upd z j s i)). apply upd_derive.
  - rewrite dot_scale_r, dot_e_r by exact lj.
    replace (P0 j) with (P j).
    + unfold vscale, vdiv, vsub, e. rewrite (Nat.eqb_sym c j). field. lra.
    + symmetry. apply softmax_ext; [|exact lj]. intros i _. unfold vdiv. now rewrite upd_self.
Qed.

Lemma grad_log z c : (c < K)%nat -> 0 < t c ->
  is_grad K (fun z => ln (softmax_on K t z c)) z (vsub (e c) (softmax_on K t z)).
Proof.
  intros lt pos j lj.
  apply derive_to with (e j c - dot K (softmax_on K t (upd z j (z j))) (e j)).
  - apply (curve_log K t W (fun s => upd z j s)); auto. intros. apply upd_derive.
  - rewrite dot_e_r by exact lj. unfold vsub, e. rewrite (Nat.eqb_sym c j). f_equal.
    apply softmax_ext; [|exact lj]. intros i _. apply upd_self.
Qed.

End Derivatives.

(** ** The claims, for weights and then for logits that are all real *)

Theorem score_masked : forall (K : nat) (t z : vec) (c : nat),
  weights K t -> (c < K)%nat -> 0 < softmax_on K t z c ->
  is_grad K (fun z => ln (softmax_on K t z c)) z (vsub (e c) (softmax_on K t z)).
Proof.
  intros K t z c W lt pos. apply grad_log; auto. now apply (softmax_pos_inv K t W z).
Qed.

Theorem score : forall (K : nat) (z : vec) (c : nat),
  (1 <= K)%nat -> (c < K)%nat -> 0 < softmax K z c ->
  is_grad K (fun z => ln (softmax K z c)) z (vsub (e c) (softmax K z)).
Proof.
  intros K z c one. rewrite softmax_ones. exact (score_masked K ones z c (weights_ones K one)).
Qed.

(** One policy-gradient step on the logits. *)
Theorem update_masked : forall (K : nat) (t z : vec) (c : nat) (eta A : R),
  weights K t -> (c < K)%nat -> 0 < softmax_on K t z c ->
  let P := softmax_on K t z in
  let g := eta * A in
  (exists d, is_grad K (fun z => ln (softmax_on K t z c)) z d /\
    veq K (vscale (eta * A) d) (vscale g (vsub (e c) P))) /\
  veq K (vscale g (vsub (e c) P)) (vsub (vscale (g * (1 - P c)) (e c)) (vscale g (others P c))).
Proof.
  intros K t z c eta A W lt pos P g. split.
  - exists (vsub (e c) P). split; [|easy]. apply grad_log; auto. now apply (softmax_pos_inv K t W z).
  - intros i _. unfold vscale, vsub. destruct (Nat.eq_dec i c) as [->|ne].
    + rewrite e_same, others_same. ring.
    + rewrite e_other, others_other by exact ne. ring.
Qed.

Theorem update : forall (K : nat) (z : vec) (c : nat) (eta A : R),
  (1 <= K)%nat -> (c < K)%nat -> 0 < softmax K z c ->
  let P := softmax K z in
  let g := eta * A in
  (exists d, is_grad K (fun z => ln (softmax K z c)) z d /\
    veq K (vscale (eta * A) d) (vscale g (vsub (e c) P))) /\
  veq K (vscale g (vsub (e c) P)) (vsub (vscale (g * (1 - P c)) (e c)) (vscale g (others P c))).
Proof.
  intros K z c eta A one. rewrite softmax_ones. exact (update_masked K ones z c eta A (weights_ones K one)).
Qed.

(** The squared norm is the first-order change of the chosen log-probability. *)
Theorem learned_logprob_masked : forall (K : nat) (t z : vec) (c : nat) (g : R),
  weights K t -> (c < K)%nat -> 0 < softmax_on K t z c ->
  let P := softmax_on K t z in
  is_along (fun z => ln (softmax_on K t z c)) z (vscale g (vsub (e c) P)) (g * sqnorm K (vsub (e c) P)).
Proof.
  intros K t z c g W lt pos P. unfold is_along. eapply derive_to.
  - apply (along_log K t W); auto. now apply (softmax_pos_inv K t W z).
  - fold P. rewrite w_closed, dot_scale_r, dot_sub_r, dot_e_r by exact lt.
    unfold vscale, vsub, C. rewrite e_same. ring.
Qed.

Theorem learned_logprob : forall (K : nat) (z : vec) (c : nat) (g : R),
  (1 <= K)%nat -> (c < K)%nat -> 0 < softmax K z c ->
  let P := softmax K z in
  is_along (fun z => ln (softmax K z c)) z (vscale g (vsub (e c) P)) (g * sqnorm K (vsub (e c) P)).
Proof.
  intros K z c g one. rewrite softmax_ones. exact (learned_logprob_masked K ones z c g (weights_ones K one)).
Qed.

(** The first-order change of the entropy, along any vector and along the update. *)
Theorem entropy_change_masked : forall (K : nat) (t z : vec) (c : nat) (g : R) (v : vec),
  weights K t -> (c < K)%nat ->
  let P := softmax_on K t z in
  let dz := vscale g (vsub (e c) P) in
  is_along (fun z => H K (softmax_on K t z)) z v (- dot K (vadd (vxlogx P) (vscale (H K P) P)) v) /\
  is_along (fun z => H K (softmax_on K t z)) z dz
    (- (dot K (vxlogx P) dz - vsum K (vxlogx P) * dot K P dz)).
Proof.
  intros K t z c g v W _ P dz.
  split; unfold is_along; (eapply derive_to; [now apply along_entropy|]); fold P.
  - autorewrite with bilinear. reflexivity.
  - unfold H, vsum. ring.
Qed.

Theorem entropy_change : forall (K : nat) (z : vec) (c : nat) (g : R) (v : vec),
  (1 <= K)%nat -> (c < K)%nat ->
  let P := softmax K z in
  let dz := vscale g (vsub (e c) P) in
  is_along (fun z => H K (softmax K z)) z v (- dot K (vadd (vxlogx P) (vscale (H K P) P)) v) /\
  is_along (fun z => H K (softmax K z)) z dz
    (- (dot K (vxlogx P) dz - vsum K (vxlogx P) * dot K P dz)).
Proof.
  intros K z c g v one. rewrite softmax_ones. exact (entropy_change_masked K ones z c g v (weights_ones K one)).
Qed.

(** The expected update raises the mean reward. *)
Theorem bandit_ascent_masked : forall (K : nat) (t z r : vec),
  weights K t ->
  let P := softmax_on K t z in
  let s := vsub r (vscale (dot K P r) ones) in
  is_along (fun z => dot K (softmax_on K t z) r) z (vmul P s) (dot K (vmul P P) (vmul s s)) /\
  0 <= dot K (vmul P P) (vmul s s).
Proof.
  intros K t z r W P s. split.
  - unfold is_along. eapply derive_to; [now apply along_mean|]. fold P.
    unfold s. set (m := dot K P r). unfold dot. rewrite <- rsum_scal_r, <- rsum_minus.
    apply rsum_ext. intros i _. unfold vmul, vsub, vscale, ones. ring.
  - apply rsum_nonneg. intros i _. unfold vmul. apply Rmult_le_pos; nra.
Qed.

Theorem bandit_ascent : forall (K : nat) (z r : vec),
  (1 <= K)%nat ->
  let P := softmax K z in
  let s := vsub r (vscale (dot K P r) ones) in
  is_along (fun z => dot K (softmax K z) r) z (vmul P s) (dot K (vmul P P) (vmul s s)) /\
  0 <= dot K (vmul P P) (vmul s s).
Proof.
  intros K z r one. rewrite softmax_ones. exact (bandit_ascent_masked K ones z r (weights_ones K one)).
Qed.

(** Score and norm at a temperature. *)
Theorem temperature_masked : forall (K : nat) (t z : vec) (c : nat) (tau : R),
  weights K t -> (c < K)%nat -> 0 < tau -> 0 < softmax_on K t (vdiv z tau) c ->
  let P := softmax_on K t (vdiv z tau) in
  is_grad K (fun z => ln (softmax_on K t (vdiv z tau) c)) z (vdiv (vsub (e c) P) tau) /\
  vnorm K (vdiv (vsub (e c) P) tau) = 1 / Rabs tau * sqrt (1 - 2 * P c + C K P).
Proof.
  intros K t z c tau W lt tau_pos pos P.
  split; [apply grad_log_tau; auto; now apply (softmax_pos_inv K t W (vdiv z tau))|].
  rewrite <- (w_closed K P c lt). fold (vnorm K (vsub (e c) P)).
  replace (1 / Rabs tau) with (Rabs (/ tau)) by (rewrite Rabs_inv; unfold Rdiv; ring).
  rewrite <- vnorm_scale. unfold vnorm. f_equal. apply sqnorm_ext. intros i _.
  unfold vdiv, vscale. field. lra.
Qed.

Theorem temperature : forall (K : nat) (z : vec) (c : nat) (tau : R),
  (1 <= K)%nat -> (c < K)%nat -> 0 < tau -> 0 < softmax K (vdiv z tau) c ->
  let P := softmax K (vdiv z tau) in
  is_grad K (fun z => ln (softmax K (vdiv z tau) c)) z (vdiv (vsub (e c) P) tau) /\
  vnorm K (vdiv (vsub (e c) P) tau) = 1 / Rabs tau * sqrt (1 - 2 * P c + C K P).
Proof.
  intros K z c tau one. rewrite softmax_ones. exact (temperature_masked K ones z c tau (weights_ones K one)).
Qed.

(** The variance of the update, which is also the second derivative of the log-sum-exp. *)
Theorem step_variance_masked : forall (K : nat) (t z : vec) (c : nat) (g : R) (v : vec),
  weights K t -> (c < K)%nat ->
  let P := softmax_on K t z in
  let dz := vscale g (vsub (e c) P) in
  dot K P (vmul dz dz) - dot K P dz ^ 2 =
    g ^ 2 * (P c - 2 * P c ^ 2 + vsum K (vmul (vmul P P) P) - (P c - C K P) ^ 2) /\
  (exists d, (forall z, is_along (lse_on K t) z v (d z)) /\
    is_along d z v (dot K P (vmul v v) - dot K P v ^ 2)).
Proof.
  intros K t z c g v W lt P dz. split.
  - assert (dot K P dz = g * (P c - C K P)) as mean.
    { unfold dz. rewrite dot_scale_r, dot_sub_r, dot_e_r by exact lt. reflexivity. }
    assert (dot K P (vmul dz dz) = g ^ 2 * (P c - 2 * P c ^ 2 + vsum K (vmul (vmul P P) P))) as square.
    { unfold dot, vsum, dz.
      rewrite (rsum_ext K _ (fun i => g ^ 2 * (e c i * (P i * (e c i - 2 * P i)) + vmul (vmul P P) P i)))
        by (intros; unfold vmul, vscale, vsub; ring).
      rewrite rsum_scal, rsum_plus, rsum_e, e_same by exact lt. ring. }
    rewrite mean, square. ring.
  - exists (fun z => dot K (softmax_on K t z) v). split; [intros; now apply along_lse|].
    unfold is_along. eapply derive_to; [now apply along_mean|]. fold P. ring.
Qed.

Theorem step_variance : forall (K : nat) (z : vec) (c : nat) (g : R) (v : vec),
  (1 <= K)%nat -> (c < K)%nat ->
  let P := softmax K z in
  let dz := vscale g (vsub (e c) P) in
  dot K P (vmul dz dz) - dot K P dz ^ 2 =
    g ^ 2 * (P c - 2 * P c ^ 2 + vsum K (vmul (vmul P P) P) - (P c - C K P) ^ 2) /\
  (exists d, (forall z, is_along (lse K) z v (d z)) /\
    is_along d z v (dot K P (vmul v v) - dot K P v ^ 2)).
Proof.
  intros K z c g v one. rewrite softmax_ones, lse_ones.
  exact (step_variance_masked K ones z c g v (weights_ones K one)).
Qed.
