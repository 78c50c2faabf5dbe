(** * Derivatives of what is written out

    [explicit] replaces every derivative in a goal by what it is, everywhere at once, the innermost first; [gradient]
    then compares. *)

From Coq Require FunctionalExtensionality.
From Logitlab Require Export Normal.

Ltac refl := first [reflexivity | intros ? ?; reflexivity].

(** A point on the line through [z] in the direction [v]. *)
Definition line (z v : vec) (t : R) : vec := vadd z (vscale t v).
Lemma line_at z v : line z v 0 = z.
Proof. apply FunctionalExtensionality.functional_extensionality. intros i. unfold line, vadd, vscale. ring. Qed.
Lemma line_moves z v i x : is_derive (fun t => line z v t i) x (v i).
Proof. apply line_derive. Qed.
Lemma upd_at z j : upd z j (z j) = z.
Proof. apply FunctionalExtensionality.functional_extensionality. intros i. apply upd_self. Qed.
Lemma along_line f z v : along f z v = Derive (fun t => f (line z v t)) 0.
Proof. reflexivity. Qed.
Lemma is_along_line f z v x : is_derive (fun t => f (line z v t)) 0 x -> is_along f z v x.
Proof. easy. Qed.

Lemma derive_inv (f : R -> R) x d : f x <> 0 -> is_derive f x d -> is_derive (fun t => / f t) x (- d / f x ^ 2).
Proof. intros ne D. now apply is_derive_inv. Qed.
Lemma derive_pow (f : R -> R) x d n : is_derive f x d -> is_derive (fun t => f t ^ n) x (INR n * d * f x ^ pred n).
Proof. intros D. now apply is_derive_pow. Qed.
Lemma derive_sqrt (f : R -> R) x d : 0 < f x -> is_derive f x d ->
  is_derive (fun t => sqrt (f t)) x (d / (2 * sqrt (f x))).
Proof. intros pos D. now apply (is_derive_sqrt f). Qed.
Lemma derive_log (f : R -> R) x d : 0 < f x -> is_derive f x d -> is_derive (fun t => ln (f t)) x (d * / f x).
Proof. intros pos D. now apply derive_ln. Qed.
Lemma derive_lse K (w : R -> vec) x d : (1 <= K)%nat ->
  (forall i, (i < K)%nat -> is_derive (fun s => w s i) x (d i)) ->
  is_derive (fun s => lse K (w s)) x (rsum K (fun i => softmax K (w x) i * d i)).
Proof. intros one D. rewrite lse_ones, softmax_ones. apply (curve_lse K ones (weights_ones K one)). exact D. Qed.
Lemma derive_softmax K (w : R -> vec) x d c : (1 <= K)%nat -> (c < K)%nat ->
  (forall i, (i < K)%nat -> is_derive (fun s => w s i) x (d i)) ->
  is_derive (fun s => softmax K (w s) c) x (softmax K (w x) c * (d c - rsum K (fun i => softmax K (w x) i * d i))).
Proof. intros one lt D. rewrite softmax_ones. apply (curve_softmax K ones (weights_ones K one)); assumption. Qed.

Ltac derive :=
  lazymatch goal with
  | |- is_derive (fun _ => ?c) _ _ => apply derive_const
  | |- is_derive (fun s => upd ?z ?j s ?i) _ _ => apply upd_derive
  | |- is_derive (fun s => line ?z ?v s ?i) _ _ => apply line_moves
  | |- is_derive (fun s => s) _ _ => apply derive_id
  | |- is_derive (fun s => @?f s + @?g s) _ _ => eapply (derive_plus f g); derive
  | |- is_derive (fun s => @?f s - @?g s) _ _ => eapply (derive_minus f g); derive
  | |- is_derive (fun s => @?f s * @?g s) _ _ => eapply (derive_mult f g); derive
  | |- is_derive (fun s => - @?f s) _ _ => eapply (derive_opp f); derive
  | |- is_derive (fun s => / @?f s) _ _ => eapply (derive_inv f); [at_point; nonzero | derive]
  | |- is_derive (fun s => @?f s ^ ?n) _ _ => eapply (derive_pow f _ _ n); derive
  | |- is_derive (fun s => exp (@?f s)) _ _ => eapply (derive_exp f); derive
  | |- is_derive (fun s => ln (@?f s)) _ _ =>
      eapply (derive_log f); [at_point; solve [know; plain; positive] | derive]
  | |- is_derive (fun s => sqrt (@?f s)) _ _ =>
      eapply (derive_sqrt f); [at_point; solve [know; plain; positive] | derive]
  | |- is_derive (fun s => rsum ?K (@?f s)) _ _ =>
      eapply (derive_rsum K f); let i := fresh "i" in let lt := fresh "lt" in intros i lt; cbv beta; derive
  | |- is_derive (fun s => lse ?K (@?w s)) _ _ =>
      eapply (derive_lse K w); [lia | let i := fresh "i" in let lt := fresh "lt" in intros i lt; cbv beta; derive]
  | |- is_derive (fun s => softmax ?K (@?w s) ?c) _ _ =>
      eapply (derive_softmax K w _ _ c);
      [lia | actions | let i := fresh "i" in let lt := fresh "lt" in intros i lt; cbv beta; derive]
  end
with at_point := cbv beta; rewrite ?upd_at, ?line_at.

Ltac unfolded :=
  unfold H, H2, KL;
  cbv beta delta [vopp vadd vsub vscale vdiv vmul vquot vabs vsqrt vexp vln vxlogx vxlogy xlogx xlogy others ones
    zeros vsum dot vnorm sqnorm C expect vexpect Rdiv].

Ltac by_values := apply FunctionalExtensionality.functional_extensionality.

(** Derivatives of functions that are written out, everywhere at once: the innermost first. *)
Ltac explicit :=
  repeat match goal with
  | |- context [grad ?f] =>
      let E := fresh "E" in let G := fresh "G" in
      evar (G : vec -> nat -> R);
      assert (grad f = G) as E;
      [ let y := fresh "y" in let j := fresh "j" in
        by_values; intros y; by_values; intros j; subst G;
        unfold grad; eapply eq_trans; [apply is_derive_unique; unfolded; derive | on_the_left ltac:(at_point)]
      | rewrite E; subst G; clear E; cbv beta ]
  | |- context [along ?f] =>
      let E := fresh "E" in let G := fresh "G" in
      evar (G : vec -> vec -> R);
      assert (along f = G) as E;
      [ let y := fresh "y" in let v := fresh "v" in
        by_values; intros y; by_values; intros v; subst G;
        rewrite along_line; eapply eq_trans; [apply is_derive_unique; unfolded; derive | on_the_left ltac:(at_point)]
      | rewrite E; subst G; clear E; cbv beta ]
  end.

Ltac gradient := explicit; unfolded; normal.

Lemma grad_exists K f z g : veq K (grad f z) g ->
  (forall j, (j < K)%nat -> ex_derive (fun x : R => f (upd z j x)) (z j)) -> is_grad K f z g.
Proof. intros E D. apply is_grad_grad. split; assumption. Qed.
Lemma along_exists f z v x : along f z v = x -> ex_derive (fun t : R => f (line z v t)) 0 -> is_along f z v x.
Proof. intros E D. apply is_along_along. split; assumption. Qed.
Lemma grad_known K f z g : is_grad K f z g -> veq K (grad f z) g.
Proof. intros D. now apply is_grad_grad. Qed.
Lemma along_known f z v x : is_along f z v x -> along f z v = x.
Proof. intros D. now apply is_along_along. Qed.

Ltac differentiable := explicit; unfolded; eexists; derive.

Lemma ext_grad K f g z : (forall y, f y = g y) -> veq K (grad f z) (grad g z).
Proof. intros E j lt. apply Derive_ext. intros. apply E. Qed.
Tactic Notation "anew" ident(z) := let old := fresh z in rename z into old; intros z; cbv beta.
Lemma ext_along f g z v : (forall y, f y = g y) -> along f z v = along g z v.
Proof. intros E. apply Derive_ext. intros. apply E. Qed.
