(** * Certificates for numbers

    A row of logits is a list of integers [m] and an exponent [u]: the logits are the numbers m 2^u. This file encloses
    the norm |e_c - softmax z| of such a row by the intervals of the library Interval, and proves that what it computes
    contains the norm. A certificate is then one evaluation: [certified]. *)

From Logitlab Require Export Definitions.
From Logitlab Require Import Sums.
From Coq Require Import ZArith List.
From Interval Require Import Xreal Basic Sig Interval Float Float_full Specific_ops Specific_stdz Generic.

(** Intervals whose ends are numbers m 2^u with [m] and [u] of type [Z]: no primitive integers, hence no axioms beside
    those of the real numbers. *)
Module Ends := SpecificFloat StdZRadix2.
Module I := FloatIntervalFull Ends.

(** The number m 2^u. *)
Definition dyadic (m u : Z) : R := IZR m * powerRZ 2 u.

(** The logits of a row in units of 2^u, as a vector. *)
Definition logits (u : Z) (row : list Z) (i : nat) : R := dyadic (nth i row 0%Z) u.

(** ** What is computed *)

Section Computed.
Variable bits : positive.
Let prec := Ends.PtoP bits.

Definition idyadic (m u : Z) : I.type := I.mul prec (I.fromZ prec m) (I.power_int prec (I.fromZ prec 2) u).

(** Of exp ((m - top) 2^u). *)
Definition iexps (u top : Z) (row : list Z) : list I.type :=
  map (fun m => I.exp prec (idyadic (m - top) u)) row.

Fixpoint isum (l : list I.type) : I.type :=
  match l with nil => I.zero | x :: rest => I.add prec x (isum rest) end.

(** The norm by its tail form: sqrt ((sum of the others)^2 + sum of their squares) / sum of all, with nothing that
    cancels. *)
Definition inorm (u top : Z) (row : list Z) (c : nat) : I.type :=
  let exps := iexps u top row in
  let others := firstn c exps ++ skipn (S c) exps in
  let beside := isum others in
  let total := I.add prec beside (nth c exps I.zero) in
  I.div prec (I.sqrt prec (I.add prec (I.sqr prec beside) (isum (map (I.sqr prec) others)))) total.

Definition above (x : I.type) (m u : Z) : bool :=
  match I.sign_large (I.sub prec x (idyadic m u)) with Xgt | Xeq => true | _ => false end.

Definition below (x : I.type) (m u : Z) : bool :=
  match I.sign_large (I.sub prec (idyadic m u) x) with Xgt | Xeq => true | _ => false end.

(** ** That it contains what it should *)

Definition holds (x : I.type) (r : R) : Prop := contains (I.convert x) (Xreal r).

Lemma power_int_real : forall x n, x <> 0 -> Xpower_int (Xreal x) n = Xreal (powerRZ x n).
Proof.
  intros x [|p|p] nonzero; simpl; try reflexivity.
  case is_zero_spec; [contradiction | reflexivity].
Qed.

Lemma idyadic_holds : forall m u, holds (idyadic m u) (dyadic m u).
Proof.
  intros m u. unfold holds, dyadic, idyadic.
  apply (I.mul_correct prec _ _ (Xreal (IZR m)) (Xreal (powerRZ 2 u))).
  - apply I.fromZ_correct.
  - rewrite <- power_int_real by lra.
    apply (I.power_int_correct prec u _ (Xreal 2)), I.fromZ_correct.
Qed.

Lemma add_holds : forall x y a b, holds x a -> holds y b -> holds (I.add prec x y) (a + b).
Proof. intros x y a b hx hy. exact (I.add_correct prec _ _ _ _ hx hy). Qed.

Lemma sub_holds : forall x y a b, holds x a -> holds y b -> holds (I.sub prec x y) (a - b).
Proof. intros x y a b hx hy. exact (I.sub_correct prec _ _ _ _ hx hy). Qed.

Lemma sqr_holds : forall x a, holds x a -> holds (I.sqr prec x) (a * a).
Proof. intros x a hx. exact (I.sqr_correct prec _ _ hx). Qed.

Lemma sqrt_holds : forall x a, holds x a -> holds (I.sqrt prec x) (sqrt a).
Proof. intros x a hx. exact (I.sqrt_correct prec _ _ hx). Qed.

Lemma div_holds : forall x y a b, holds x a -> holds y b -> b <> 0 -> holds (I.div prec x y) (a / b).
Proof.
  intros x y a b hx hy nonzero. unfold holds.
  assert (same : Xdiv (Xreal a) (Xreal b) = Xreal (a / b)).
  { simpl. unfold Xdiv'. case is_zero_spec; [contradiction | reflexivity]. }
  rewrite <- same. exact (I.div_correct prec _ _ _ _ hx hy).
Qed.

Lemma zero_holds : holds I.zero 0.
Proof. unfold holds. rewrite I.zero_correct. simpl. lra. Qed.

Fixpoint lsum (l : list R) : R := match l with nil => 0 | x :: rest => x + lsum rest end.

Lemma isum_holds : forall xs rs, Forall2 holds xs rs -> holds (isum xs) (lsum rs).
Proof.
  intros xs rs all. induction all as [|x r xs rs one _ sum]; simpl; [apply zero_holds | now apply add_holds].
Qed.

Definition weight (u top : Z) (m : Z) : R := exp (dyadic (m - top) u).

Lemma iexps_hold : forall u top row, Forall2 holds (iexps u top row) (map (weight u top) row).
Proof.
  intros u top row. induction row as [|m row IH]; simpl; constructor; trivial.
  apply (I.exp_correct prec _ (Xreal (dyadic (m - top) u))), idyadic_holds.
Qed.

Lemma nth_holds : forall xs rs c, Forall2 holds xs rs -> holds (nth c xs I.zero) (nth c rs 0).
Proof.
  intros xs rs c all. revert c.
  induction all as [|x r xs rs one _ rest]; intros [|c]; simpl; trivial; apply zero_holds.
Qed.

Lemma firstn_holds : forall xs rs c, Forall2 holds xs rs -> Forall2 holds (firstn c xs) (firstn c rs).
Proof.
  intros xs rs c all. revert c. induction all; intros [|c]; simpl; constructor; auto.
Qed.

Lemma skipn_holds : forall xs rs c, Forall2 holds xs rs -> Forall2 holds (skipn c xs) (skipn c rs).
Proof.
  intros xs rs c all. revert c. induction all; intros [|c]; simpl; try constructor; auto.
Qed.

Lemma squares_hold : forall xs rs,
  Forall2 holds xs rs -> Forall2 holds (map (I.sqr prec) xs) (map (fun r => r * r) rs).
Proof.
  intros xs rs all. induction all; simpl; constructor; trivial. now apply sqr_holds.
Qed.

Definition beside (c : nat) (rs : list R) : list R := firstn c rs ++ skipn (S c) rs.

Lemma inorm_holds : forall u top row c,
  let rs := map (weight u top) row in
  lsum (beside c rs) + nth c rs 0 <> 0 ->
  holds (inorm u top row c)
    (sqrt (lsum (beside c rs) * lsum (beside c rs) + lsum (map (fun r => r * r) (beside c rs)))
     / (lsum (beside c rs) + nth c rs 0)).
Proof.
  intros u top row c rs nonzero.
  assert (all := iexps_hold u top row). fold rs in all.
  assert (beside : Forall2 holds (firstn c (iexps u top row) ++ skipn (S c) (iexps u top row)) (beside c rs)).
  { unfold others. apply Forall2_app; [now apply firstn_holds | now apply skipn_holds]. }
  unfold inorm. apply div_holds; trivial.
  - apply sqrt_holds, add_holds; [now apply sqr_holds, isum_holds | now apply isum_holds, squares_hold].
  - apply add_holds; [now apply isum_holds | now apply nth_holds].
Qed.

Lemma above_holds : forall x r m u, holds x r -> above x m u = true -> dyadic m u <= r.
Proof.
  intros x r m u hx. unfold above.
  assert (sign := I.sign_large_correct (I.sub prec x (idyadic m u))).
  assert (hd := sub_holds _ _ _ _ hx (idyadic_holds m u)).
  destruct (I.sign_large _); intros yes; try discriminate yes; specialize (sign _ hd).
  - injection sign as sign. lra.
  - destruct sign as [_ sign]. simpl in sign. lra.
Qed.

Lemma below_holds : forall x r m u, holds x r -> below x m u = true -> r <= dyadic m u.
Proof.
  intros x r m u hx. unfold below.
  assert (sign := I.sign_large_correct (I.sub prec (idyadic m u) x)).
  assert (hd := sub_holds _ _ _ _ (idyadic_holds m u) hx).
  destruct (I.sign_large _); intros yes; try discriminate yes; specialize (sign _ hd).
  - injection sign as sign. lra.
  - destruct sign as [_ sign]. simpl in sign. lra.
Qed.

End Computed.

(** ** The norm by what is computed *)

Lemma lsum_app : forall l m, lsum (l ++ m) = lsum l + lsum m.
Proof. intros l m. induction l as [|x l IH]; simpl; [ring | rewrite IH; ring]. Qed.

Lemma rsum_first K f : rsum (S K) f = f O + rsum K (fun i => f (S i)).
Proof. induction K as [|n IH]; [simpl; ring | change (rsum (S (S n)) f) with (rsum (S n) f + f (S n)); rewrite IH; simpl; ring]. Qed.

Lemma lsum_rsum : forall rs, lsum rs = rsum (length rs) (fun i => nth i rs 0).
Proof.
  induction rs as [|r rs IH]; [reflexivity|].
  change (length (r :: rs)) with (S (length rs)). rewrite rsum_first. simpl. now rewrite IH.
Qed.

Lemma lsum_others : forall (f : R -> R) rs c, (c < length rs)%nat ->
  lsum (map f (beside c rs)) = lsum (map f rs) - f (nth c rs 0).
Proof.
  intros f rs c. unfold beside. revert c.
  induction rs as [|r rs IH]; intros c lt; simpl in lt; [lia|].
  destruct c as [|c]; simpl; [ring|].
  specialize (IH c ltac:(lia)). simpl in IH. rewrite IH. ring.
Qed.

(** The tail form over weights that need not sum to 1. *)
Lemma norm_of_weights K (w : vec) c : (c < K)%nat -> 0 < rsum K w ->
  vnorm K (vsub (e c) (vdiv w (rsum K w))) =
    sqrt ((rsum K w - w c) * (rsum K w - w c) + (rsum K (fun i => w i * w i) - w c * w c)) / rsum K w.
Proof.
  intros lt pos. unfold vnorm. rewrite <- (sqrt_square (rsum K w)) at 4 by lra.
  rewrite <- sqrt_div_alt by nra. f_equal.
  rewrite sqnorm_sub.
  replace (sqnorm K (e c)) with 1 by (unfold sqnorm; now rewrite dot_e_l, e_same).
  rewrite dot_e_l by exact lt.
  replace (sqnorm K (vdiv w (rsum K w))) with (rsum K (fun i => w i * w i) / (rsum K w * rsum K w)).
  - unfold vdiv. field. lra.
  - unfold sqnorm, dot, vdiv. rewrite <- rsum_div. apply rsum_ext. intros. field. lra.
Qed.

Lemma vnorm_ext K u v : veq K u v -> vnorm K u = vnorm K v.
Proof. intros same. unfold vnorm. f_equal. now apply sqnorm_ext. Qed.

(** A softmax is the quotient of weights that are shifted by any amount. *)
Lemma softmax_of_weights u top row :
  let w i := nth i (map (weight u top) row) 0 in
  veq (length row) (softmax (length row) (logits u row)) (vdiv w (rsum (length row) w)).
Proof.
  intros w i lt.
  assert (shifted : forall j, (j < length row)%nat -> w j = exp (- dyadic top u) * exp (logits u row j)).
  { intros j lj. unfold w. rewrite (nth_indep _ 0 (weight u top 0)) by now rewrite map_length.
    rewrite map_nth. unfold weight, logits. rewrite <- exp_plus. f_equal.
    unfold dyadic. rewrite minus_IZR. ring. }
  unfold softmax, vdiv, vexp. rewrite (rsum_ext _ w _ shifted), rsum_scal, (shifted i lt).
  assert (0 < exp (- dyadic top u)) by apply exp_pos.
  assert (0 < rsum (length row) (fun j => exp (logits u row j))) by (apply rsum_pos; [lia | intros; apply exp_pos]).
  field. lra.
Qed.

(** ** Certificates *)

(** Whether the enclosure that is computed with [bits] bits lies between lo 2^ulo and hi 2^uhi. *)
Definition check (bits : positive) (u : Z) (row : list Z) (c : nat) (lo ulo hi uhi : Z) : bool :=
  let top := fold_right Z.max (hd 0%Z row) row in
  let norm := inorm bits u top row c in
  Nat.ltb c (length row) && above bits norm lo ulo && below bits norm hi uhi.

Theorem certified : forall bits u row c lo ulo hi uhi,
  check bits u row c lo ulo hi uhi = true ->
  dyadic lo ulo <= vnorm (length row) (vsub (e c) (softmax (length row) (logits u row))) <= dyadic hi uhi.
Proof.
  intros bits u row c lo ulo hi uhi checked. unfold check in checked.
  set (top := fold_right _ _ _) in checked. clearbody top.
  apply andb_prop in checked as [checked upper]. apply andb_prop in checked as [lt lower].
  apply Nat.ltb_lt in lt.
  pose (rs := map (weight u top) row). pose (w := fun i => nth i rs 0).
  assert (size : length rs = length row) by apply map_length.
  assert (pos : 0 < rsum (length row) w).
  { apply rsum_pos; [lia|]. intros i li. unfold w, rs.
    rewrite (nth_indep _ 0 (weight u top 0)) by now rewrite map_length.
    rewrite map_nth. apply exp_pos. }
  assert (sum : lsum rs = rsum (length row) w) by (unfold w; rewrite <- size; apply lsum_rsum).
  assert (squares : lsum (map (fun r => r * r) rs) = rsum (length row) (fun i => w i * w i)).
  { rewrite lsum_rsum, map_length, size. apply rsum_ext. intros i li. unfold w.
    rewrite (nth_indep _ 0 (0 * 0)) by now rewrite map_length, size.
    now rewrite (map_nth (fun r => r * r)). }
  assert (rest : lsum (beside c rs) = rsum (length row) w - w c).
  { assert (all := lsum_others (fun r => r) rs c). rewrite !map_id, sum in all. apply all. now rewrite size. }
  assert (holds_norm := inorm_holds bits u top row c). fold rs in holds_norm. cbv zeta in holds_norm.
  rewrite rest, lsum_others, squares in holds_norm by now rewrite size.
  fold (w c) in holds_norm.
  replace (rsum (length row) w - w c + w c) with (rsum (length row) w) in holds_norm by ring.
  specialize (holds_norm ltac:(lra)).
  rewrite <- (norm_of_weights (length row) w c lt pos) in holds_norm.
  rewrite (vnorm_ext _ _ (vsub (e c) (vdiv w (rsum (length row) w)))).
  - split; [exact (above_holds bits _ _ _ _ holds_norm lower) | exact (below_holds bits _ _ _ _ holds_norm upper)].
  - intros i li. unfold vsub. now rewrite (softmax_of_weights u top row i li).
Qed.
