(** * Derivatives of log-sum-exp and softmax

    Everything is derived along a curve [z s] of logits whose coordinates have derivatives [d i]. A partial derivative
    is the case of the curve [upd z j s], a derivative along [v] that of [z + s v]. Softmax has weights here, so that
    masked actions are covered. *)

From Coq Require Import FunctionalExtensionality.
From Logitlab Require Export Policies.

(** ** Rules for real functions, with the derivative to be proved equal afterwards *)

Lemma derive_to (f : R -> R) (x l l' : R) : is_derive f x l' -> l' = l -> is_derive f x l.
Proof. now intros D <-. Qed.

Lemma derive_exp (f : R -> R) (x d : R) : is_derive f x d -> is_derive (fun t => exp (f t)) x (exp (f x) * d).
Proof.
  intros D. apply derive_to with (1 := is_derive_comp exp f x _ _ (is_derive_exp (f x)) D).
  apply Rmult_comm.
Qed.

Lemma derive_ln (f : R -> R) (x d : R) : 0 < f x -> is_derive f x d -> is_derive (fun t => ln (f t)) x (d / f x).
Proof. intros pos D. exact (is_derive_comp ln f x _ _ (is_derive_ln (f x) pos) D). Qed.

Lemma derive_mult (f g : R -> R) (x df dg : R) :
  is_derive f x df -> is_derive g x dg -> is_derive (fun t => f t * g t) x (df * g x + f x * dg).
Proof. intros Df Dg. exact (is_derive_mult f g x df dg Df Dg Rmult_comm). Qed.

Lemma derive_plus (f g : R -> R) (x df dg : R) :
  is_derive f x df -> is_derive g x dg -> is_derive (fun t => f t + g t) x (df + dg).
Proof. exact (is_derive_plus f g x df dg). Qed.

Lemma derive_minus (f g : R -> R) (x df dg : R) :
  is_derive f x df -> is_derive g x dg -> is_derive (fun t => f t - g t) x (df - dg).
Proof. exact (is_derive_minus f g x df dg). Qed.

Lemma derive_opp (f : R -> R) (x d : R) : is_derive f x d -> is_derive (fun t => - f t) x (- d).
Proof. exact (is_derive_opp f x d). Qed.

Lemma derive_const a x : is_derive (fun _ : R => a) x 0.
Proof. exact (is_derive_const a x). Qed.

Lemma derive_id x : is_derive (fun t : R => t) x 1.
Proof. exact (is_derive_id x). Qed.

Lemma derive_affine (a b x : R) : is_derive (fun t : R => a + t * b) x b.
Proof.
  apply derive_to with (0 + (1 * b + x * 0)); [|ring].
  apply derive_plus; [apply derive_const|].
  apply (derive_mult (fun t => t) (fun _ => b)); [apply derive_id|apply derive_const].
Qed.

Lemma derive_rsum K (f : R -> vec) (x : R) (d : vec) :
  (forall i, (i < K)%nat -> is_derive (fun t => f t i) x (d i)) ->
  is_derive (fun t => rsum K (f t)) x (rsum K d).
Proof.
  induction K as [|n IH]; intros D; cbn; [apply derive_const|].
  apply (derive_plus (fun t => rsum n (f t)) (fun t => f t n)); [apply IH; intros; apply D; lia|apply D; lia].
Qed.

(** ** Softmax and log-sum-exp with weights *)

(** Weights of 1 are no weights. *)
Lemma vmul_ones_exp z : vmul ones (vexp z) = vexp z.
Proof. apply functional_extensionality. intros i. apply Rmult_1_l. Qed.

Lemma softmax_ones K : softmax K = softmax_on K ones.
Proof.
  apply functional_extensionality. intros z. apply functional_extensionality. intros i.
  unfold softmax, softmax_on. rewrite vmul_ones_exp. unfold ones. now rewrite Rmult_1_l.
Qed.

Lemma lse_ones K : lse K = lse_on K ones.
Proof. apply functional_extensionality. intros z. unfold lse, lse_on. now rewrite vmul_ones_exp. Qed.

Lemma weights_ones K : (1 <= K)%nat -> weights K ones.
Proof.
  intros one. split; [intros; unfold ones; lra|]. unfold ones. rewrite rsum_const, Rmult_1_r. now apply INR_pos.
Qed.

Lemma weights_dist K P : distribution K P -> weights K P.
Proof. intros [nonneg sum]. split; [exact nonneg|lra]. Qed.

(** Positive numbers with weights that are not all 0. *)
Lemma weighted_pos K t f : weights K t -> (forall i, 0 < f i) -> 0 < rsum K (vmul t f).
Proof.
  intros [nonneg some] pos.
  assert (forall i, (i < K)%nat -> 0 <= vmul t f i) as each.
  { intros i lt. apply Rmult_le_pos; [now apply nonneg|now apply Rlt_le]. }
  destruct (rsum_nonneg K _ each) as [|zero]; [assumption|exfalso].
  assert (rsum K t = 0); [|lra]. apply rsum_zero. intros i lt.
  apply Rmult_eq_reg_r with (f i); [|specialize (pos i); lra].
  rewrite Rmult_0_l. now apply (rsum_zero_inv K (vmul t f)).
Qed.

Section Softmax.

Variables (K : nat) (t : vec).
Hypothesis W : weights K t.

Lemma sumexp_pos z : 0 < rsum K (vmul t (vexp z)).
Proof. apply weighted_pos; [exact W|]. intros. apply exp_pos. Qed.

Lemma softmax_pos z i : 0 < t i -> 0 < softmax_on K t z i.
Proof.
  intros pos. apply Rdiv_lt_0_compat; [|apply sumexp_pos].
  apply Rmult_lt_0_compat; [exact pos|apply exp_pos].
Qed.

Lemma softmax_masked z i : t i = 0 -> softmax_on K t z i = 0.
Proof. intros zero. unfold softmax_on. rewrite zero. unfold Rdiv. ring. Qed.

(** Where a probability is positive, so is the weight. *)
Lemma softmax_pos_inv z i : (i < K)%nat -> 0 < softmax_on K t z i -> 0 < t i.
Proof.
  intros lt pos. destruct W as [nonneg _]. destruct (nonneg i lt) as [|zero]; [assumption|].
  rewrite softmax_masked in pos by easy. lra.
Qed.

Lemma softmax_distribution z : distribution K (softmax_on K t z).
Proof.
  pose proof (sumexp_pos z) as pos. destruct W as [nonneg _]. split.
  - intros i lt. apply Rmult_le_pos; [|now apply Rlt_le, Rinv_0_lt_compat].
    apply Rmult_le_pos; [now apply nonneg|apply Rlt_le, exp_pos].
  - unfold softmax_on. rewrite rsum_div. unfold vmul, vexp in *. field. lra.
Qed.

Lemma sumexp_ext z z' : veq K z z' -> rsum K (vmul t (vexp z)) = rsum K (vmul t (vexp z')).
Proof. intros E. apply rsum_ext. intros i lt. unfold vmul, vexp. now rewrite E. Qed.

Lemma softmax_ext z z' : veq K z z' -> veq K (softmax_on K t z) (softmax_on K t z').
Proof. intros E i lt. unfold softmax_on. now rewrite (sumexp_ext z z' E), E. Qed.

Lemma lse_ext z z' : veq K z z' -> lse_on K t z = lse_on K t z'.
Proof. intros E. unfold lse_on. now rewrite (sumexp_ext z z' E). Qed.

Lemma softmax_exp z i : softmax_on K t z i = t i * exp (z i - lse_on K t z).
Proof.
  unfold Rminus, lse_on. rewrite exp_plus, exp_Ropp, exp_ln by apply sumexp_pos.
  unfold softmax_on, Rdiv. ring.
Qed.

Lemma ln_softmax z i : 0 < t i -> ln (softmax_on K t z i) = ln (t i) + (z i - lse_on K t z).
Proof. intros pos. rewrite softmax_exp, ln_mult, ln_exp by (assumption || apply exp_pos). reflexivity. Qed.

(** ** Along a curve *)

Variables (z : R -> vec) (x : R) (d : vec).
Hypothesis dz : forall i, (i < K)%nat -> is_derive (fun s => z s i) x (d i).

Let P := softmax_on K t (z x).

Lemma curve_lse : is_derive (fun s => lse_on K t (z s)) x (dot K P d).
Proof.
  pose proof (sumexp_pos (z x)) as pos.
  apply derive_to with (rsum K (fun i => t i * (exp (z x i) * d i)) / rsum K (vmul t (vexp (z x)))).
  - unfold lse_on. apply (derive_ln (fun s => rsum K (vmul t (vexp (z s))))); [exact pos|].
    apply (derive_rsum K (fun s => vmul t (vexp (z s)))). intros i lt.
    apply (is_derive_scal (fun s => exp (z s i))). apply derive_exp. now apply dz.
  - rewrite <- rsum_div. apply rsum_ext. intros i _. unfold P, softmax_on. field. lra.
Qed.

Lemma curve_log c : (c < K)%nat -> 0 < t c ->
  is_derive (fun s => ln (softmax_on K t (z s) c)) x (d c - dot K P d).
Proof.
  intros lt pos. apply (is_derive_ext (fun s => ln (t c) + (z s c - lse_on K t (z s)))).
  - intros s. symmetry. now apply ln_softmax.
  - apply derive_to with (0 + (d c - dot K P d)); [|ring].
    apply (derive_plus (fun _ => ln (t c))); [apply derive_const|].
    apply derive_minus; [now apply dz|exact curve_lse].
Qed.

Lemma curve_softmax c : (c < K)%nat ->
  is_derive (fun s => softmax_on K t (z s) c) x (P c * (d c - dot K P d)).
Proof.
  intros lt. apply (is_derive_ext (fun s => t c * exp (z s c - lse_on K t (z s)))).
  - intros s. symmetry. apply softmax_exp.
  - unfold P at 1. rewrite softmax_exp, Rmult_assoc.
    apply (is_derive_scal (fun s => exp (z s c - lse_on K t (z s)))).
    apply (derive_exp (fun s => z s c - lse_on K t (z s))). apply derive_minus; [now apply dz|exact curve_lse].
Qed.

(** The expectation of a fixed vector. *)
Lemma curve_mean r : is_derive (fun s => dot K (softmax_on K t (z s)) r) x
  (dot K P (vmul d r) - dot K P d * dot K P r).
Proof.
  apply derive_to with (rsum K (fun i => P i * (d i - dot K P d) * r i)).
  - apply (derive_rsum K (fun s i => softmax_on K t (z s) i * r i)). intros i lt.
    apply derive_to with (P i * (d i - dot K P d) * r i + P i * 0); [|ring].
    apply (derive_mult (fun s => softmax_on K t (z s) i)); [now apply curve_softmax|apply derive_const].
  - rewrite (rsum_ext K _ (fun i => P i * vmul d r i - dot K P d * (P i * r i))) by (intros; unfold vmul; ring).
    rewrite rsum_minus, rsum_scal. reflexivity.
Qed.

Lemma curve_xlogx i : (i < K)%nat ->
  is_derive (fun s => xlogx (softmax_on K t (z s) i)) x
    (P i * (d i - dot K P d) * ln (P i) + P i * (d i - dot K P d)).
Proof.
  intros lt. destruct W as [nonneg _]. destruct (nonneg i lt) as [pos|zero].
  - unfold xlogx.
    apply (derive_mult (fun s => softmax_on K t (z s) i) (fun s => ln (softmax_on K t (z s) i)));
      [now apply curve_softmax|now apply curve_log].
  - (* a masked action: 0 on the whole curve *)
    assert (forall s, softmax_on K t (z s) i = 0) as masked by (intros; now apply softmax_masked).
    apply (is_derive_ext (fun _ => 0)).
    + intros s. unfold xlogx. rewrite masked. symmetry. apply Rmult_0_l.
    + apply derive_to with 0; [apply derive_const|]. unfold P. rewrite masked. ring.
Qed.

Lemma curve_entropy : is_derive (fun s => H K (softmax_on K t (z s))) x
  (- (dot K (vxlogx P) d + H K P * dot K P d)).
Proof.
  apply derive_to with (- rsum K (fun i => P i * (d i - dot K P d) * ln (P i) + P i * (d i - dot K P d))).
  - unfold H. apply (derive_opp (fun s => rsum K (vxlogx (softmax_on K t (z s))))).
    apply (derive_rsum K (fun s => vxlogx (softmax_on K t (z s)))). exact curve_xlogx.
  - f_equal. unfold H.
    rewrite (rsum_ext K _ (fun i => (vxlogx P i * d i - dot K P d * vxlogx P i) + (P i * d i - dot K P d * P i)))
      by (intros; unfold vxlogx, xlogx; ring).
    rewrite rsum_plus, !rsum_minus, !rsum_scal, (dist_sum K P) by apply softmax_distribution.
    unfold dot. ring.
Qed.

End Softmax.

(** ** Partial derivatives and derivatives along a line *)

Lemma upd_self z j : forall i, upd z j (z j) i = z i.
Proof. intros i. destruct (Nat.eq_dec i j) as [->|ne]; [apply upd_same|now apply upd_other]. Qed.

Lemma upd_derive z j i x : is_derive (fun t => upd z j t i) x (e j i).
Proof.
  unfold upd, e. destruct (Nat.eqb i j); [apply derive_id|apply derive_const].
Qed.

Lemma line_derive (z v : vec) i x : is_derive (fun t => vadd z (vscale t v) i) x (v i).
Proof. apply derive_affine. Qed.

Lemma line_start z v : forall i, vadd z (vscale 0 v) i = z i.
Proof. intros. unfold vadd, vscale. ring. Qed.

(** The predicates and the terms of Definitions.v say the same. *)
Lemma is_grad_grad K f z g :
  is_grad K f z g <->
  (forall j, (j < K)%nat -> ex_derive (fun x : R => f (upd z j x)) (z j)) /\ veq K (grad f z) g.
Proof.
  split.
  - intros D. split; intros j lt; [exists (g j); now apply D|apply is_derive_unique; now apply D].
  - intros [ex E] j lt. rewrite <- E by exact lt. apply Derive_correct. now apply ex.
Qed.

Lemma is_along_along f z v x :
  is_along f z v x <-> ex_derive (fun t : R => f (vadd z (vscale t v))) 0 /\ along f z v = x.
Proof.
  split.
  - intros D. split; [now exists x|now apply is_derive_unique].
  - intros [ex <-]. now apply Derive_correct.
Qed.
