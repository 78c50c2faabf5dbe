(** * Certificates for numbers

    A row of logits is a list of integers [m] and an exponent [u]: the logits are the numbers m 2^u. This file encloses
    the norm |e_c - softmax z| of such a row by integers, and proves that the norm lies in what it computes. A
    certificate is then one evaluation: [certified]. *)

From Logitlab Require Export Definitions Exponentials.
From Logitlab Require Import Sums.
From Coq Require Import Bool ZArith List Lia Lra.
Import ListNotations.
Local Open Scope bool_scope.

(** The logits of a row in units of 2^u, as a vector. *)
Definition logits (u : Z) (row : list Z) (i : nat) : R := dyadic (nth i row 0%Z) u.

(** All but the element [c]. *)
Definition beside {A} (c : nat) (l : list A) : list A := firstn c l ++ skipn (S c) l.

(** ** What is computed

    With weights exp (z_i - r), r the largest of the other logits, the norm is sqrt (S^2 + Q) / (S + w): S is the sum
    of the others' weights, Q that of their squares, w the weight of [c]. Nothing cancels. Where w > 1, numerator and
    denominator are multiplied by t = 1 / w, which may be tiny and is known narrowly relative to its size. *)

(** The sum of numbers, and that of their squares. *)
Fixpoint sums (l : list Z) : Z * Z :=
  match l with
  | [] => (0, 0)%Z
  | n :: l => let (s, q) := sums l in (s + n, q + n * n)%Z
  end.

(** m 2^u <= n 2^v. *)
Definition at_most (m u n v : Z) : bool :=
  if (u <=? v)%Z then (m <=? Z.shiftl n (v - u))%Z else (Z.shiftl m (u - v) <=? n)%Z.

Section Computed.
Variable p : precision.

(** For t = m 2^u, S = s 2^-bits and x = v 2^-bits, the number t S + x as (n, k) with n 2^k, rounded down: it exceeds
    that by less than one unit 2^k. Far below x, t S needs no more than twice [work] bits. *)
Definition denominator (m u s v : Z) : Z * Z :=
  let g := Z.max 0 (- u - 2 * work p) in
  ((Z.shiftr (m * s) g + Z.shiftl v (- u - g)), (u - bits p + g))%Z.

(** Whether L <= sqrt (S^2 + Q) / (S + w), with t (S + w) = t S + x and numbers that make the right side smaller. *)
Definition above (m u s_least s_most q_least x_most l ul : Z) : bool :=
  let (n, k) := denominator m u s_most x_most in
  ((l <=? 0) ||
    ((0 <? m) && (u <=? 0) && (0 <=? work p) &&
     at_most (Z.square (l * (n + 1))) (2 * (ul + k)) (Z.square m * (Z.square s_least + q_least)) (2 * (u - bits p))))%Z.

(** Whether sqrt (S^2 + Q) / (S + w) <= H, with numbers that make the left side larger. *)
Definition below (m u s_least s_most q_most x_least h uh : Z) : bool :=
  let (n, k) := denominator m u s_least x_least in
  ((0 <=? h) && (0 <? m) && (u <=? 0) && (0 <=? work p) && (0 <=? n) &&
     at_most (Z.square m * (Z.square s_most + q_most)) (2 * (u - bits p)) (Z.square (h * n)) (2 * (uh + k)))%Z.

(** The largest of the others; any number where there are none. *)
Definition largest (others : list Z) : Z := fold_right Z.max (hd 0%Z others) others.

(** Whether the norm lies between lo 2^ulo and hi 2^uhi. *)
Definition check (t : tables) (u : Z) (row : list Z) (c : nat) (lo ulo hi uhi : Z) : bool :=
  let others := beside c row in
  let r := largest others in
  let (s, q) := sums (map (fun m => fixed_exp p u t (r - m)) others) in
  let count := Z.of_nat (length others) in
  let s_most := (s + count * error t)%Z in
  let q_most := (q + error t * (2 * s + count * error t))%Z in
  let own := nth c row 0%Z in
  Nat.ltb c (length row) && sound t &&
  if (own <=? r)%Z then
    let x := fixed_exp p u t (r - own) in
    above 1 0 s s_most q (x + error t) lo ulo && below 1 0 s s_most q_most x hi uhi
  else
    let (lower, upper) := float_exp p u t (own - r) in
    let x := unity (bits p) in
    above (least lower) (scale lower) s s_most q x lo ulo && below (most upper) (scale upper) s s_most q_most x hi uhi.

(** ** That it is right *)

Fixpoint lsum (l : list R) : R := match l with nil => 0 | x :: rest => x + lsum rest end.

Notation real n := (dyadic n (- bits p)).

Lemma sums_near error ns xs : (0 <= error)%Z -> Forall2 (fun n x => near (bits p) x n error) ns xs ->
  let (s, q) := sums ns in
  let count := Z.of_nat (length ns) in
  (0 <= s)%Z /\ (0 <= q)%Z /\
  real s <= lsum xs <= real (s + count * error) /\
  dyadic q (- bits p + - bits p) <= lsum (map (fun x => x * x) xs)
    <= dyadic (q + error * (2 * s + count * error)) (- bits p + - bits p).
Proof.
  intros pos all. assert (zero : forall u, dyadic 0 u = 0) by (intros; unfold dyadic; ring).
  induction all as [|n x ns xs (posn & _ & lower & upper) _ IH]; simpl sums.
  - simpl. rewrite Z.mul_0_r, !zero. lra || (repeat split; lia || lra).
  - destruct (sums ns) as [s q]. destruct IH as (poss & posq & [low high] & [least most]).
    simpl lsum. cbv zeta. set (k := Z.of_nat (length ns)) in *.
    replace (Z.of_nat (length (n :: ns))) with (k + 1)%Z by (unfold k; simpl length; lia).
    replace (s + n + (k + 1) * error)%Z with ((s + k * error) + (n + error))%Z by ring.
    replace (q + n * n + error * (2 * (s + n) + (k + 1) * error))%Z
      with (q + error * (2 * s + k * error) + (n + error) * (n + error))%Z by ring.
    rewrite !(dyadic_add _ n), !(dyadic_add _ (n + error)), !(dyadic_add _ (n * n)),
      !(dyadic_add _ ((n + error) * (n + error))), <- (dyadic_mul n), <- (dyadic_mul (n + error)).
    assert (zeron := dyadic_nonneg n (- bits p) posn).
    assert (real n * real n <= x * x) by (apply Rmult_le_compat; lra).
    assert (x * x <= real (n + error) * real (n + error)) by (apply Rmult_le_compat; lra).
    repeat split; nia || lra.
Qed.

Lemma at_most_holds m u n v : at_most m u n v = true -> dyadic m u <= dyadic n v.
Proof.
  unfold at_most. destruct (Z.leb_spec u v) as [le | lt]; intros yes; apply Z.leb_le in yes.
  - replace v with (u + (v - u))%Z by ring. rewrite <- dyadic_shiftl by lia. now apply dyadic_le.
  - replace u with (v + (u - v))%Z by ring. rewrite <- dyadic_shiftl by lia. now apply dyadic_le.
Qed.

Lemma denominator_holds m u s v : (u <= 0)%Z -> (0 <= work p)%Z ->
  let (n, k) := denominator m u s v in
  dyadic n k <= dyadic m u * real s + real v <= dyadic (n + 1) k.
Proof.
  intros le posw. unfold denominator. set (g := Z.max _ _).
  assert (shifted := dyadic_shiftr (m * s) (u + - bits p) g). rewrite <- dyadic_mul in shifted.
  replace (u + - bits p + g)%Z with (u - bits p + g)%Z in shifted by ring.
  rewrite !dyadic_add in *. rewrite dyadic_shiftl by lia.
  replace (u - bits p + g + (- u - g))%Z with (- bits p)%Z by ring. lra.
Qed.

Lemma dyadic_square m u : dyadic (Z.square m) (2 * u) = dyadic m u * dyadic m u.
Proof. rewrite dyadic_mul, Z.square_spec. f_equal. ring. Qed.

Lemma dyadic_sign m u : (m <= 0)%Z -> dyadic m u <= 0.
Proof. intros le. apply IZR_le in le. assert (pos := power_pos u). unfold dyadic. nra. Qed.

Lemma dyadic_pos m u : (0 < m)%Z -> 0 < dyadic m u.
Proof. intros lt. apply IZR_lt in lt. assert (pos := power_pos u). unfold dyadic. nra. Qed.

Section Norm.
(* The sums S and Q, and the weight of c. *)
Variables S Q w : R.
Variables s_least s_most q_least q_most : Z.
Hypothesis S_between : real s_least <= S <= real s_most.
Hypothesis Q_between : dyadic q_least (- bits p + - bits p) <= Q <= dyadic q_most (- bits p + - bits p).
Hypothesis s_pos : (0 <= s_least)%Z.
Hypothesis q_pos : (0 <= q_least)%Z.
Hypothesis w_pos : 0 < w.

Let norm := sqrt (S * S + Q) / (S + w).

Lemma squares_scaled m u s q :
  dyadic (Z.square m * (Z.square s + q)) (2 * (u - bits p))
  = dyadic m u * dyadic m u * (real s * real s + dyadic q (- bits p + - bits p)).
Proof.
  rewrite <- dyadic_square, dyadic_mul, <- dyadic_add, Z.square_spec, dyadic_mul.
  f_equal; [now rewrite !Z.square_spec | ring].
Qed.

Lemma above_holds m u x_most l ul : dyadic m u * w <= real x_most ->
  above m u s_least s_most q_least x_most l ul = true -> dyadic l ul <= norm.
Proof.
  intros weight. unfold above.
  assert (poss := dyadic_nonneg _ (- bits p) s_pos).
  assert (posq := dyadic_nonneg _ (- bits p + - bits p) q_pos).
  assert (root := sqrt_pos (S * S + Q)).
  destruct (denominator m u s_most x_most) as [n k] eqn:is_denominator.
  intros yes. apply orb_prop in yes as [none | yes].
  - apply Z.leb_le in none. apply (dyadic_sign _ ul) in none.
    assert (0 <= norm) by (apply Rdiv_le_0_compat; lra). lra.
  - apply andb_prop in yes as [yes compared]. apply andb_prop in yes as [yes posw].
    apply andb_prop in yes as [posm le]. apply Z.ltb_lt in posm. apply Z.leb_le in le, posw.
    apply at_most_holds in compared. rewrite squares_scaled, dyadic_square, <- dyadic_mul in compared.
    assert (whole := denominator_holds m u s_most x_most le posw). rewrite is_denominator in whole.
    apply (dyadic_pos _ u) in posm. set (t := dyadic m u) in *. set (L := dyadic l ul) in *.
    set (D := dyadic (n + 1) k) in *.
    destruct (Rle_lt_dec L 0) as [none | some].
    { assert (0 <= norm) by (apply Rdiv_le_0_compat; lra). lra. }
    assert (bottom : t * (S + w) <= D) by nra.
    assert (0 < t * (S + w)) by (apply Rmult_lt_0_compat; lra).
    assert (top : L * (S + w) <= sqrt (S * S + Q)).
    { rewrite <- (sqrt_square (L * (S + w))) by (apply Rmult_le_pos; lra). apply sqrt_le_1_alt.
      apply (Rmult_le_reg_l (t * t)); [nra|].
      assert (L * (t * (S + w)) <= L * D) by (apply Rmult_le_compat_l; lra).
      assert (0 <= L * (t * (S + w))) by (apply Rmult_le_pos; lra).
      assert (L * (t * (S + w)) * (L * (t * (S + w))) <= L * D * (L * D)) by (apply Rmult_le_compat; lra).
      assert (real s_least * real s_least <= S * S) by (apply Rmult_le_compat; lra).
      assert (t * t * (real s_least * real s_least + dyadic q_least (- bits p + - bits p)) <= t * t * (S * S + Q))
        by (apply Rmult_le_compat_l; [nra | lra]).
      lra. }
    unfold norm. apply (Rmult_le_reg_r (S + w)); [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.

Lemma below_holds m u x_least h uh : real x_least <= dyadic m u * w ->
  below m u s_least s_most q_most x_least h uh = true -> norm <= dyadic h uh.
Proof.
  intros weight. unfold below.
  assert (poss := dyadic_nonneg _ (- bits p) s_pos).
  assert (posq := dyadic_nonneg _ (- bits p + - bits p) q_pos).
  assert (root := sqrt_pos (S * S + Q)).
  destruct (denominator m u s_least x_least) as [n k] eqn:is_denominator.
  intros yes. apply andb_prop in yes as [yes compared]. apply andb_prop in yes as [yes posn].
  apply andb_prop in yes as [yes posw]. apply andb_prop in yes as [yes le]. apply andb_prop in yes as [posh posm].
  apply Z.ltb_lt in posm. apply Z.leb_le in le, posw, posh, posn.
  apply at_most_holds in compared. rewrite squares_scaled, dyadic_square, <- dyadic_mul in compared.
  assert (whole := denominator_holds m u s_least x_least le posw). rewrite is_denominator in whole.
  apply (dyadic_pos _ u) in posm. apply (dyadic_nonneg _ uh) in posh. apply (dyadic_nonneg _ k) in posn.
  set (t := dyadic m u) in *. set (H := dyadic h uh) in *. set (D := dyadic n k) in *.
  assert (bottom : D <= t * (S + w)) by nra.
  assert (top : sqrt (S * S + Q) <= H * (S + w)).
  { rewrite <- (sqrt_square (H * (S + w))) by (apply Rmult_le_pos; lra). apply sqrt_le_1_alt.
    apply (Rmult_le_reg_l (t * t)); [nra|].
    assert (H * D <= H * (t * (S + w))) by (apply Rmult_le_compat_l; lra).
    assert (0 <= H * D) by (apply Rmult_le_pos; lra).
    assert (H * D * (H * D) <= H * (t * (S + w)) * (H * (t * (S + w)))) by (apply Rmult_le_compat; lra).
    assert (S * S <= real s_most * real s_most) by (apply Rmult_le_compat; lra).
    assert (t * t * (S * S + Q) <= t * t * (real s_most * real s_most + dyadic q_most (- bits p + - bits p)))
      by (apply Rmult_le_compat_l; [nra | lra]).
    lra. }
  unfold norm. apply (Rmult_le_reg_r (S + w)); [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.

End Norm.

Lemma largest_is_largest : forall l m, In m l -> (m <= largest l)%Z.
Proof.
  intros l. unfold largest. generalize (hd 0%Z l) as start. intros start.
  induction l as [|x l IH]; intros m []; simpl; [lia | specialize (IH m ltac:(assumption)); lia].
Qed.

End Computed.

Definition weight (u top : Z) (m : Z) : R := exp (dyadic (m - top) u).

Lemma weight_falls u top m : weight u top m = exp (- dyadic (top - m) u).
Proof. unfold weight. f_equal. unfold dyadic. rewrite !minus_IZR. ring. Qed.

Lemma beside_map {A B} (f : A -> B) c l : map f (beside c l) = beside c (map f l).
Proof. unfold beside. now rewrite map_app, firstn_map, skipn_map. Qed.

(** ** The norm by what is computed *)

Lemma lsum_app : forall l m, lsum (l ++ m) = lsum l + lsum m.
Proof. intros l m. induction l as [|x l IH]; simpl; [ring | rewrite IH; ring]. Qed.

Lemma rsum_first K f : rsum (S K) f = f O + rsum K (fun i => f (S i)).
Proof.
  induction K as [|n IH]; [simpl; ring|].
  change (rsum (S (S n)) f) with (rsum (S n) f + f (S n)). rewrite IH. simpl. ring.
Qed.

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

Theorem certified : forall p u t row c lo ulo hi uhi,
  t = make p u -> check p t u row c lo ulo hi uhi = true ->
  dyadic lo ulo <= vnorm (length row) (vsub (e c) (softmax (length row) (logits u row))) <= dyadic hi uhi.
Proof.
  intros p u t row c lo ulo hi uhi made checked. unfold check in checked.
  assert (dominated := largest_is_largest (beside c row)).
  set (r := largest (beside c row)) in *. clearbody r.
  destruct (sums _) as [s q] eqn:summed. cbv zeta in checked.
  apply andb_prop in checked as [checked within]. apply andb_prop in checked as [lt is_sound].
  apply Nat.ltb_lt in lt. rewrite made in is_sound.
  assert (exps := fixed_exp_near p u is_sound). assert (floats := float_exp_between p u is_sound).
  destruct (made_sound p u is_sound) as (some_bits & _ & some_error & _). rewrite <- made in exps, floats, some_error.
  (* The weights of the row. *)
  pose (rs := map (weight u r) row). pose (w := fun i => nth i rs 0).
  assert (size : length rs = length row) by apply map_length.
  assert (at_c : w c = weight u r (nth c row 0%Z)).
  { unfold w, rs. rewrite (nth_indep _ 0 (weight u r 0)) by now rewrite map_length. apply map_nth. }
  assert (all_pos : forall i, (i < length row)%nat -> 0 < w i).
  { intros i li. unfold w, rs. rewrite (nth_indep _ 0 (weight u r 0)) by now rewrite map_length.
    rewrite map_nth. apply exp_pos. }
  assert (pos : 0 < rsum (length row) w) by (apply rsum_pos; [lia | exact all_pos]).
  assert (sum : lsum rs = rsum (length row) w) by (unfold w; rewrite <- size; apply lsum_rsum).
  assert (squares : lsum (map (fun x => x * x) rs) = rsum (length row) (fun i => w i * w i)).
  { rewrite lsum_rsum, map_length, size. apply rsum_ext. intros i li. unfold w.
    rewrite (nth_indep _ 0 (0 * 0)) by now rewrite map_length, size.
    now rewrite (map_nth (fun x => x * x)). }
  assert (rest : lsum (beside c rs) = rsum (length row) w - w c).
  { assert (all := lsum_others (fun x => x) rs c). rewrite !map_id, sum in all. apply all. now rewrite size. }
  assert (rest_squares := lsum_others (fun x => x * x) rs c ltac:(now rewrite size)).
  rewrite squares in rest_squares. fold (w c) in rest_squares.
  (* The norm in terms of them. *)
  rewrite (vnorm_ext _ _ (vsub (e c) (vdiv w (rsum (length row) w)))).
  2: { intros i li. unfold vsub. now rewrite (softmax_of_weights u r row i li). }
  rewrite (norm_of_weights (length row) w c lt pos), <- rest, <- rest_squares.
  replace (rsum (length row) w) with (lsum (beside c rs) + w c) by (rewrite rest; ring).
  (* What was summed is near. *)
  assert (near_all : Forall2 (fun n x => near (bits p) x n (error t))
    (map (fun m => fixed_exp p u t (r - m)) (beside c row)) (beside c rs)).
  { unfold rs. rewrite <- beside_map. clear summed. revert dominated. generalize (beside c row) as l.
    induction l as [|m l IH]; intros dominated; simpl; constructor.
    - rewrite weight_falls. apply exps. assert (m <= r)%Z by (apply dominated; now left). lia.
    - apply IH. intros n there. apply dominated. now right. }
  assert (summed_near := sums_near p (error t) _ _ ltac:(lia) near_all).
  rewrite summed, map_length in summed_near. destruct summed_near as (poss & posq & S_between & Q_between).
  specialize (all_pos c lt).
  destruct (Z.leb_spec (nth c row 0%Z) r) as [le | more].
  - apply andb_prop in within as [lower upper].
    destruct (exps (r - nth c row 0%Z)%Z ltac:(lia)) as (_ & _ & least & most).
    rewrite <- weight_falls, <- at_c in least, most.
    assert (is_1 : dyadic 1 0 = 1) by (unfold dyadic; simpl; ring).
    split; [eapply above_holds with (7 := lower) | eapply below_holds with (7 := upper)]; eauto; rewrite is_1; lra.
  - destruct (float_exp p u t _) as [tl th] eqn:floated.
    specialize (floats (nth c row 0%Z - r)%Z ltac:(lia)). rewrite floated in floats.
    apply andb_prop in within as [lower upper].
    assert (inverse : exp (- dyadic (nth c row 0%Z - r) u) * w c = 1).
    { rewrite at_c. unfold weight. rewrite <- exp_plus, <- exp_0. f_equal. ring. }
    destruct (unity_near (bits p) ltac:(lia)) as (_ & _ & least & most). rewrite Z.add_0_r in most.
    split; [eapply above_holds with (7 := lower) | eapply below_holds with (7 := upper)]; eauto; nra.
Qed.
