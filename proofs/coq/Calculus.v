(** * Derivatives of log-sum-exp and softmax

    Everything is derived along a curve [z t] of logits whose coordinates have derivatives [d i]. A partial derivative is
    the case of the curve [upd z j t], a derivative along [v] that of [z + t v]. *)

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

(** ** Softmax and log-sum-exp *)

Lemma sumexp_pos K z : (1 <= K)%nat -> 0 < rsum K (vexp z).
Proof. intros one. apply rsum_pos; [exact one|]. intros. apply exp_pos. Qed.

Lemma softmax_pos K z i : (1 <= K)%nat -> 0 < softmax K z i.
Proof. intros one. apply Rdiv_lt_0_compat; [apply exp_pos|now apply sumexp_pos]. Qed.

Lemma softmax_distribution K z : (1 <= K)%nat -> distribution K (softmax K z).
Proof.
  intros one. pose proof (sumexp_pos K z one). split.
  - intros. now apply Rlt_le, softmax_pos.
  - unfold softmax. rewrite rsum_div. unfold vexp in *. field. lra.
Qed.

Lemma sumexp_ext K z z' : veq K z z' -> rsum K (vexp z) = rsum K (vexp z').
Proof. intros E. apply rsum_ext. intros i lt. unfold vexp. now rewrite E. Qed.

Lemma softmax_ext K z z' : veq K z z' -> veq K (softmax K z) (softmax K z').
Proof. intros E i lt. unfold softmax. now rewrite (sumexp_ext K z z' E), E. Qed.

Lemma lse_ext K z z' : veq K z z' -> lse K z = lse K z'.
Proof. intros E. unfold lse. now rewrite (sumexp_ext K z z' E). Qed.

Lemma softmax_exp K z i : (1 <= K)%nat -> softmax K z i = exp (z i - lse K z).
Proof.
  intros one. unfold Rminus, lse. rewrite exp_plus, exp_Ropp, exp_ln by now apply sumexp_pos. reflexivity.
Qed.

Lemma ln_softmax K z i : (1 <= K)%nat -> ln (softmax K z i) = z i - lse K z.
Proof. intros one. now rewrite softmax_exp, ln_exp. Qed.

(** ** Along a curve *)

Section Curve.

Variables (K : nat) (z : R -> vec) (x : R) (d : vec).
Hypothesis one : (1 <= K)%nat.
Hypothesis dz : forall i, (i < K)%nat -> is_derive (fun t => z t i) x (d i).

Let P := softmax K (z x).

Lemma curve_lse : is_derive (fun t => lse K (z t)) x (dot K P d).
Proof.
  pose proof (sumexp_pos K (z x) one) as pos.
  apply derive_to with (rsum K (fun i => exp (z x i) * d i) / rsum K (vexp (z x))).
  - unfold lse. apply (derive_ln (fun t => rsum K (vexp (z t)))); [exact pos|].
    apply (derive_rsum K (fun t => vexp (z t))). intros i lt. apply derive_exp. now apply dz.
  - rewrite <- rsum_div. apply rsum_ext. intros i _. unfold P, softmax. field. lra.
Qed.

Lemma curve_log c : (c < K)%nat -> is_derive (fun t => ln (softmax K (z t) c)) x (d c - dot K P d).
Proof.
  intros lt. apply (is_derive_ext (fun t => z t c - lse K (z t))).
  - intros t. symmetry. now apply ln_softmax.
  - apply derive_minus; [now apply dz|exact curve_lse].
Qed.

Lemma curve_softmax c : (c < K)%nat -> is_derive (fun t => softmax K (z t) c) x (P c * (d c - dot K P d)).
Proof.
  intros lt. apply (is_derive_ext (fun t => exp (z t c - lse K (z t)))).
  - intros t. symmetry. now apply softmax_exp.
  - unfold P at 1. rewrite softmax_exp by exact one.
    apply (derive_exp (fun t => z t c - lse K (z t))). apply derive_minus; [now apply dz|exact curve_lse].
Qed.

(** The expectation of a fixed vector. *)
Lemma curve_mean r : is_derive (fun t => dot K (softmax K (z t)) r) x
  (dot K P (vmul d r) - dot K P d * dot K P r).
Proof.
  apply derive_to with (rsum K (fun i => P i * (d i - dot K P d) * r i)).
  - apply (derive_rsum K (fun t i => softmax K (z t) i * r i)). intros i lt.
    apply derive_to with (P i * (d i - dot K P d) * r i + P i * 0); [|ring].
    apply (derive_mult (fun t => softmax K (z t) i)); [now apply curve_softmax|apply derive_const].
  - rewrite (rsum_ext K _ (fun i => P i * vmul d r i - dot K P d * (P i * r i))) by (intros; unfold vmul; ring).
    rewrite rsum_minus, rsum_scal. reflexivity.
Qed.

Lemma curve_entropy : is_derive (fun t => H K (softmax K (z t))) x
  (- (dot K (vxlogx P) d + H K P * dot K P d)).
Proof.
  apply derive_to with (- rsum K (fun i => P i * (d i - dot K P d) * ln (P i) + P i * (d i - dot K P d))).
  - unfold H. apply (derive_opp (fun t => rsum K (vxlogx (softmax K (z t))))).
    apply (derive_rsum K (fun t => vxlogx (softmax K (z t)))). intros i lt. unfold vxlogx, xlogx.
    apply (derive_mult (fun t => softmax K (z t) i) (fun t => ln (softmax K (z t) i)));
      [now apply curve_softmax|now apply curve_log].
  - f_equal. unfold H.
    rewrite (rsum_ext K _ (fun i => (vxlogx P i * d i - dot K P d * vxlogx P i) + (P i * d i - dot K P d * P i)))
      by (intros; unfold vxlogx, xlogx; ring).
    rewrite rsum_plus, !rsum_minus, !rsum_scal, (dist_sum K P) by now apply softmax_distribution.
    unfold dot. ring.
Qed.

End Curve.

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
