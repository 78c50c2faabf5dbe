(** * Exponentials of integers, by integers

    Enclosures of exp (- d 2^u) for many integers [d >= 0], computed with nothing but integers: [Z], so that nothing
    is assumed beside the real numbers. A number between 0 and 1 is enclosed in one of two ways:
    - [within]: by two integers and a power of 2 that goes with its size: the enclosure is narrow relative to it;
    - [near]: by one integer in units of 2^-bits and the number of units that it may be too small by.

    All starts with exp (- 2^-depth), which lies between 1 - y and 1 - y + y^2 for y = 2^-depth. Squaring gives
    exp (- 2^j) for all larger j; a tree has the products of some of these for all choices among [chunk] neighbours;
    and exp (- d 2^u) is the product of one leaf of each tree, found by the bits of [d]. *)

From Logitlab Require Export Definitions.
From Coq Require Import ZArith List Lia Lra.
Import ListNotations.

(** The number m 2^u. *)
Definition dyadic (m u : Z) : R := IZR m * powerRZ 2 u.

(** ** Numbers m 2^u *)

Lemma power_pos u : 0 < powerRZ 2 u.
Proof. apply powerRZ_lt. lra. Qed.

Lemma power_add u v : powerRZ 2 (u + v) = powerRZ 2 u * powerRZ 2 v.
Proof. apply powerRZ_add. lra. Qed.

Lemma power_Z n : (0 <= n)%Z -> IZR (2 ^ n) = powerRZ 2 n.
Proof.
  intros le. rewrite <- (Z2Nat.id n) by exact le.
  rewrite <- pow_IZR, <- pow_powerRZ. reflexivity.
Qed.

Lemma power_double u : powerRZ 2 (u + 1) = 2 * powerRZ 2 u.
Proof. rewrite power_add. simpl. ring. Qed.

Lemma power_le u v : (u <= v)%Z -> powerRZ 2 u <= powerRZ 2 v.
Proof.
  intros le. replace v with (u + (v - u))%Z by ring. rewrite power_add, <- (power_Z (v - u)) by lia.
  assert (some : (0 < 2 ^ (v - u))%Z) by (apply Z.pow_pos_nonneg; lia).
  assert (one : 1 <= IZR (2 ^ (v - u))) by (apply IZR_le; lia).
  assert (pos := power_pos u). nra.
Qed.

Lemma dyadic_mul m u n v : dyadic m u * dyadic n v = dyadic (m * n) (u + v).
Proof. unfold dyadic. rewrite mult_IZR, power_add. ring. Qed.

Lemma dyadic_add m n u : dyadic (m + n) u = dyadic m u + dyadic n u.
Proof. unfold dyadic. rewrite plus_IZR. ring. Qed.

Lemma dyadic_le m n u : (m <= n)%Z -> dyadic m u <= dyadic n u.
Proof. intros le. apply IZR_le in le. assert (pos := power_pos u). unfold dyadic. nra. Qed.

Lemma dyadic_nonneg m u : (0 <= m)%Z -> 0 <= dyadic m u.
Proof. intros le. apply IZR_le in le. assert (pos := power_pos u). unfold dyadic. nra. Qed.

Lemma dyadic_shiftl m u s : (0 <= s)%Z -> dyadic (Z.shiftl m s) u = dyadic m (u + s).
Proof.
  intros le. unfold dyadic. rewrite Z.shiftl_mul_pow2, mult_IZR, power_Z, power_add by exact le. ring.
Qed.

(** A shift, to the right or to the left, rounds down and loses less than one unit. *)
Lemma dyadic_shiftr m u s :
  dyadic (Z.shiftr m s) (u + s) <= dyadic m u <= dyadic (Z.shiftr m s + 1) (u + s).
Proof.
  destruct (Z_le_gt_dec 0 s) as [le | gt].
  - assert (pos : (0 < 2 ^ s)%Z) by (apply Z.pow_pos_nonneg; lia).
    assert (parts := Z.div_mod m (2 ^ s) ltac:(lia)). assert (rest := Z.mod_pos_bound m (2 ^ s) pos).
    rewrite <- Z.shiftr_div_pow2 in parts by exact le.
    assert (low : (Z.shiftr m s * 2 ^ s <= m)%Z) by lia.
    assert (high : (m <= (Z.shiftr m s + 1) * 2 ^ s)%Z) by lia.
    apply IZR_le in low, high. rewrite mult_IZR, power_Z in low, high by exact le.
    unfold dyadic. rewrite power_add. assert (unit := power_pos u). split; nra.
  - replace (Z.shiftr m s) with (Z.shiftl m (- s)) by (rewrite Z.shiftl_opp_r; reflexivity).
    assert (same : dyadic (Z.shiftl m (- s)) (u + s) = dyadic m u).
    { rewrite dyadic_shiftl by lia. f_equal. lia. }
    assert (more := dyadic_le (Z.shiftl m (- s)) (Z.shiftl m (- s) + 1) (u + s) ltac:(lia)). lra.
Qed.

(** ** Narrow relative to the number *)

Record range := Range { least : Z; most : Z; scale : Z }.

Definition within (x : R) (r : range) : Prop :=
  (0 <= least r)%Z /\ dyadic (least r) (scale r) <= x <= dyadic (most r) (scale r).

Section Within.
Variable work : Z.

(** The product, with [work] bits. *)
Definition product (x y : range) : range :=
  let most := (most x * most y)%Z in
  let more := Z.max 0 (Z.log2 most - work) in
  Range (Z.shiftr (least x * least y) more) (Z.shiftr most more + 1) (scale x + scale y + more).

Lemma product_within a b x y : within a x -> within b y -> within (a * b) (product x y).
Proof.
  intros [posx [lox hix]] [posy [loy hiy]]. unfold product. set (more := Z.max _ _).
  assert (zerox := dyadic_nonneg _ (scale x) posx). assert (zeroy := dyadic_nonneg _ (scale y) posy).
  split; simpl; [apply Z.shiftr_nonneg; nia|].
  assert (lower := dyadic_shiftr (least x * least y) (scale x + scale y) more).
  assert (upper := dyadic_shiftr (most x * most y) (scale x + scale y) more).
  rewrite <- !dyadic_mul in lower, upper.
  assert (dyadic (least x) (scale x) * dyadic (least y) (scale y) <= a * b) by (apply Rmult_le_compat; lra).
  assert (a * b <= dyadic (most x) (scale x) * dyadic (most y) (scale y)) by (apply Rmult_le_compat; lra).
  lra.
Qed.

(** x^n for n >= 1. *)
Fixpoint power (x : range) (n : positive) : range :=
  match n with
  | xH => x
  | xO n => let y := power x n in product y y
  | xI n => let y := power x n in product x (product y y)
  end.

Lemma power_within a x n : within (exp (- a)) x -> within (exp (- (IZR (Zpos n) * a))) (power x n).
Proof.
  intros one. induction n as [n IH | n IH |].
  - replace (exp _) with (exp (- a) * (exp (- (IZR (Zpos n) * a)) * exp (- (IZR (Zpos n) * a)))).
    + simpl. apply product_within; [exact one | now apply product_within].
    + rewrite <- !exp_plus. f_equal. rewrite Pos2Z.inj_xI, plus_IZR, mult_IZR. ring.
  - replace (exp _) with (exp (- (IZR (Zpos n) * a)) * exp (- (IZR (Zpos n) * a))).
    + simpl. now apply product_within.
    + rewrite <- exp_plus. f_equal. rewrite Pos2Z.inj_xO, mult_IZR. ring.
  - simpl. now rewrite Rmult_1_l.
Qed.

(** exp (- 2^-depth). *)
Definition smallest (depth : Z) : range :=
  let least := (Z.shiftl 1 (2 * depth) - Z.shiftl 1 depth)%Z in Range least (least + 1) (- (2 * depth)).

Lemma smallest_within depth : (0 <= depth)%Z -> within (exp (- powerRZ 2 (- depth))) (smallest depth).
Proof.
  intros le. cbv beta zeta iota delta [smallest within least most scale].
  set (y := powerRZ 2 (- depth)).
  assert (pos : 0 < y) by apply power_pos.
  assert (small : y <= 1) by (change 1 with (powerRZ 2 0); apply power_le; lia).
  rewrite !Z.shiftl_1_l.
  assert (lower : dyadic (2 ^ (2 * depth) - 2 ^ depth) (- (2 * depth)) = 1 - y).
  { unfold dyadic, y. rewrite minus_IZR, !power_Z by lia. rewrite Rmult_minus_distr_r, <- !power_add.
    replace (2 * depth + - (2 * depth))%Z with 0%Z by ring.
    replace (depth + - (2 * depth))%Z with (- depth)%Z by ring. reflexivity. }
  split; [|rewrite (dyadic_add _ 1), lower; split].
  - assert (2 ^ depth <= 2 ^ (2 * depth))%Z by (apply Z.pow_le_mono_r; lia). lia.
  - assert (tangent := exp_ineq1_le (- y)). lra.
  - assert (square : dyadic 1 (- (2 * depth)) = y * y).
    { unfold dyadic, y. rewrite <- power_add. replace (- depth + - depth)%Z with (- (2 * depth))%Z by ring. ring. }
    rewrite square, exp_Ropp. assert (tangent := exp_ineq1_le y).
    assert (inverse : / exp y <= / (1 + y)) by (apply Rinv_le_contravar; lra).
    assert (/ (1 + y) <= 1 - y + y * y).
    { apply (Rmult_le_reg_l (1 + y)); [lra|]. rewrite Rinv_r by lra.
      assert (0 <= y * y * y) by (repeat apply Rmult_le_pos; lra). lra. }
    lra.
Qed.

(** [n] numbers, each the square of the one before. *)
Fixpoint squares (n : nat) (x : range) : list range :=
  match n with O => [] | S n => x :: squares n (product x x) end.

(** exp (- 2^u), exp (- 2^(u+1)) and so on. *)
Fixpoint all_within (u : Z) (l : list range) : Prop :=
  match l with [] => True | x :: l => within (exp (- powerRZ 2 u)) x /\ all_within (u + 1) l end.

Lemma squares_within n u x : within (exp (- powerRZ 2 u)) x -> all_within u (squares n x).
Proof.
  revert u x. induction n as [|n IH]; intros u x one; simpl; [exact I|].
  split; [exact one|]. apply IH.
  replace (exp _) with (exp (- powerRZ 2 u) * exp (- powerRZ 2 u)); [now apply product_within|].
  rewrite <- exp_plus, power_double. f_equal. ring.
Qed.

End Within.

Lemma all_within_skipn n : forall u l, all_within u l -> all_within (u + Z.of_nat n) (skipn n l).
Proof.
  induction n as [|n IH]; intros u l all; [now rewrite Z.add_0_r|].
  destruct l as [|x l]; [exact I|]. destruct all as [_ all]. apply IH in all. simpl skipn.
  now replace (u + Z.of_nat (S n))%Z with (u + 1 + Z.of_nat n)%Z by lia.
Qed.

(** ** In units of 2^-bits *)

Section Near.
Variable bits : Z.

Definition near (x : R) (n error : Z) : Prop :=
  (0 <= n)%Z /\ x <= 1 /\ dyadic n (- bits) <= x <= dyadic (n + error) (- bits).

Lemma near_more x n error more : (error <= more)%Z -> near x n error -> near x n more.
Proof.
  intros le (pos & small & lower & upper). repeat split; trivial.
  assert (wider := dyadic_le (n + error) (n + more) (- bits) ltac:(lia)). lra.
Qed.

Definition times (m n : Z) : Z := Z.shiftr (m * n) bits.

Lemma times_near x y m n d f : (0 <= d)%Z -> (0 <= f)%Z ->
  near x m d -> near y n f -> near (x * y) (times m n) (d + f + 1).
Proof.
  intros posd posf (posm & smallx & lowx & highx) (posn & smally & lowy & highy). unfold times.
  assert (zerom := dyadic_nonneg m (- bits) posm). assert (zeron := dyadic_nonneg n (- bits) posn).
  assert (zerod := dyadic_nonneg d (- bits) posd). assert (zerof := dyadic_nonneg f (- bits) posf).
  assert (rounded := dyadic_shiftr (m * n) (- bits + - bits) bits).
  replace (- bits + - bits + bits)%Z with (- bits)%Z in rounded by ring.
  rewrite <- dyadic_mul in rounded. rewrite dyadic_add in highx, highy, rounded.
  repeat split.
  - apply Z.shiftr_nonneg. nia.
  - nra.
  - assert (dyadic m (- bits) * dyadic n (- bits) <= x * y) by (apply Rmult_le_compat; lra). lra.
  - rewrite !dyadic_add. set (a := dyadic m (- bits)) in *. set (b := dyadic n (- bits)) in *.
    set (c := dyadic d (- bits)) in *. set (g := dyadic f (- bits)) in *.
    assert (x * y <= (a + c) * y) by (apply Rmult_le_compat_r; lra).
    assert (c * y <= c) by nra.
    assert (a * y <= a * (b + g)) by (apply Rmult_le_compat_l; lra).
    assert (a * g <= g) by nra.
    nra.
Qed.

Definition unity : Z := Z.shiftl 1 bits.

Lemma unity_near : (0 <= bits)%Z -> near 1 unity 0.
Proof.
  intros le. unfold near, unity. rewrite Z.add_0_r, Z.shiftl_1_l.
  assert (same : dyadic (2 ^ bits) (- bits) = 1).
  { unfold dyadic. rewrite power_Z, <- power_add by exact le. now replace (bits + - bits)%Z with 0%Z by ring. }
  rewrite same. repeat split; try lra. apply Z.pow_nonneg. lia.
Qed.

(** A range in units of 2^-bits, and whether that is at most 2 units too small. *)
Definition rounded (x : range) : Z := Z.shiftr (least x) (- bits - scale x).
Definition narrow (x : range) : bool := (Z.shiftr (most x) (- bits - scale x) + 1 <=? rounded x + 2)%Z.

Lemma rounded_near a x : a <= 1 -> within a x -> narrow x = true -> near a (rounded x) 2.
Proof.
  intros small [pos [lower upper]] yes. apply Z.leb_le in yes. unfold rounded in *.
  assert (low := dyadic_shiftr (least x) (scale x) (- bits - scale x)).
  assert (high := dyadic_shiftr (most x) (scale x) (- bits - scale x)).
  replace (scale x + (- bits - scale x))%Z with (- bits)%Z in low, high by ring.
  repeat split; [now apply Z.shiftr_nonneg | exact small | lra |].
  assert (wider := dyadic_le _ _ (- bits) yes). lra.
Qed.

(** exp (- 2^u), exp (- 2^(u+1)) and so on. *)
Fixpoint all_near (u : Z) (l : list Z) : Prop :=
  match l with [] => True | n :: l => near (exp (- powerRZ 2 u)) n 2 /\ all_near (u + 1) l end.

Lemma exp_small a : 0 <= a -> exp (- a) <= 1.
Proof.
  intros pos. rewrite <- exp_0. destruct pos as [pos | <-]; [left; apply exp_increasing; lra | right; f_equal; ring].
Qed.

Lemma power_small u : exp (- powerRZ 2 u) <= 1.
Proof. apply exp_small. left. apply power_pos. Qed.

Lemma all_rounded l : forall u, all_within u l -> forallb narrow l = true -> all_near u (map rounded l).
Proof.
  induction l as [|x l IH]; intros u all yes; simpl in *; [exact I|].
  apply andb_prop in yes as [yes rest]. destruct all as [first all].
  split; [apply rounded_near; trivial; apply power_small | now apply IH].
Qed.

(** ** Trees of products *)

Inductive tree := Leaf (n : Z) | Node (without with_it : tree).

(** All products of [n] and some of [l]. *)
Fixpoint products (l : list Z) (n : Z) : tree :=
  match l with
  | [] => Leaf n
  | x :: l => Node (products l n) (products l (times n x))
  end.

(** The product that the lowest bits of [d] choose, and the other bits. *)
Fixpoint find (t : tree) (d : Z) : Z * Z :=
  match t with
  | Leaf n => (n, d)
  | Node without with_it => find (if Z.odd d then with_it else without) (Z.div2 d)
  end.

Lemma bits_of d : d = (2 * Z.div2 d + if Z.odd d then 1 else 0)%Z.
Proof. rewrite (Z.div2_odd d) at 1. now destruct (Z.odd d). Qed.

Lemma div2_nonneg d : (0 <= d)%Z -> (0 <= Z.div2 d)%Z.
Proof. intros le. now apply Z.div2_nonneg. Qed.

Lemma find_products l : forall u n x error d,
  all_near u l -> (0 <= error)%Z -> near x n error -> (0 <= d)%Z ->
  let (m, rest) := find (products l n) d in
  (0 <= rest)%Z /\ exists y, near y m (error + 3 * Z.of_nat (length l)) /\
    x * exp (- dyadic d u) = y * exp (- dyadic rest (u + Z.of_nat (length l))).
Proof.
  induction l as [|p l IH]; intros u n x error d all pos hx le.
  - simpl. rewrite !Z.add_0_r. split; [exact le|]. exists x. now split.
  - destruct all as [hp all].
    assert (next := fun n x error => IH (u + 1)%Z n x error (Z.div2 d) all).
    change (find (products (p :: l) n) d) with
      (find (if Z.odd d then products l (times n p) else products l n) (Z.div2 d)).
    replace (u + Z.of_nat (length (p :: l)))%Z with (u + 1 + Z.of_nat (length l))%Z by (simpl length; lia).
    assert (value : dyadic d u = dyadic (Z.div2 d) (u + 1) + if Z.odd d then powerRZ 2 u else 0).
    { unfold dyadic. rewrite power_double, (bits_of d) at 1. rewrite plus_IZR, mult_IZR. destruct (Z.odd d); ring. }
    rewrite value. apply div2_nonneg in le. destruct (Z.odd d).
    + specialize (next (times n p) (x * exp (- powerRZ 2 u)) (error + 2 + 1)%Z ltac:(lia)
        (times_near x _ n p error 2 pos ltac:(lia) hx hp) le).
      destruct (find _ _) as [m rest]. destruct next as (nonneg & y & hy & same).
      split; [exact nonneg|]. exists y. split; [apply near_more with (2 := hy); simpl length; lia|].
      rewrite <- same, Rmult_assoc, <- exp_plus. do 2 f_equal. ring.
    + specialize (next n x error pos hx le).
      destruct (find _ _) as [m rest]. destruct next as (nonneg & y & hy & same).
      split; [exact nonneg|]. exists y. split; [apply near_more with (2 := hy); simpl length; lia|].
      rewrite <- same. do 3 f_equal. ring.
Qed.

(** ** Exponentials *)

(** Trees for [S chunk] numbers each. *)
Fixpoint forest (fuel chunk : nat) (l : list Z) : list tree :=
  match fuel, l with
  | S fuel, _ :: _ => products (firstn (S chunk) l) unity :: forest fuel chunk (skipn (S chunk) l)
  | _, _ => []
  end.

(** exp (- d 2^u) from the trees for u, u + 1 and so on; 0 where more bits are in [d]. *)
Fixpoint exponential (trees : list tree) (d : Z) : Z :=
  match trees with
  | [] => if (d =? 0)%Z then unity else 0%Z
  | t :: trees =>
      let (n, rest) := find t d in
      if (rest =? 0)%Z then n else times (exponential trees rest) n
  end.

Lemma all_near_app l : forall u m, all_near u (l ++ m) -> all_near u l /\ all_near (u + Z.of_nat (length l)) m.
Proof.
  induction l as [|x l IH]; intros u m all; [now rewrite Z.add_0_r|].
  destruct all as [first all]. apply IH in all as [all rest]. split; [now split|].
  now replace (u + Z.of_nat (length (x :: l)))%Z with (u + 1 + Z.of_nat (length l))%Z by (simpl length; lia).
Qed.

Lemma times_one x n error : near x n error -> forall a, a = 0 -> near (x * exp (- a)) n error.
Proof. intros hx a ->. now rewrite Ropp_0, exp_0, Rmult_1_r. Qed.

Lemma exponential_near chunk last fuel : forall l u d,
  (0 <= bits)%Z -> (length l <= fuel)%nat -> all_near u l ->
  near (exp (- powerRZ 2 last)) 0 2 -> (last <= u + Z.of_nat (length l))%Z -> (0 <= d)%Z ->
  near (exp (- dyadic d u)) (exponential (forest fuel chunk l) d) (4 * Z.of_nat (length l) + 2).
Proof.
  assert (zero : forall u, dyadic 0 u = 0) by (intros; unfold dyadic; ring).
  induction fuel as [|fuel IH]; intros l u d posb enough all ending far le; destruct l as [|p l];
    try (simpl in enough; lia).
  1, 2: simpl; destruct (Z.eqb_spec d 0) as [-> | nonzero].
  1, 3: rewrite zero, Ropp_0, exp_0; apply near_more with (error := 0%Z); [lia | now apply unity_near].
  1, 2: destruct ending as (_ & _ & _ & ending);
    repeat split; [lia | apply exp_small | rewrite zero; left; apply exp_pos |].
  1, 3: apply dyadic_nonneg; exact le.
  1, 2: apply Rle_trans with (2 := ending); assert (later : powerRZ 2 last <= dyadic d u);
    [ simpl in far; rewrite Z.add_0_r in far; apply power_le in far; assert (1 <= IZR d) by (apply IZR_le; lia);
      assert (pos := power_pos u); unfold dyadic; nra
    | destruct later as [lt | same]; [left; apply exp_increasing; lra | right; now rewrite same]].
  change (forest (S fuel) chunk (p :: l)) with
    (products (firstn (S chunk) (p :: l)) unity :: forest fuel chunk (skipn (S chunk) (p :: l))).
  assert (parts := firstn_skipn (S chunk) (p :: l)).
  set (head := firstn (S chunk) (p :: l)) in *. set (tail := skipn (S chunk) (p :: l)) in *.
  assert (some : (0 < length head)%nat) by (simpl; lia). clearbody head tail.
  assert (size : (length head + length tail = length (p :: l))%nat) by (rewrite <- parts; symmetry; apply app_length).
  rewrite <- size in *. rewrite <- parts in all. apply all_near_app in all as [first rest].
  assert (found := find_products head u unity 1 0 d first ltac:(lia) (unity_near posb) le).
  simpl exponential. destruct (find _ _) as [n left]. destruct found as (nonneg & y & hy & same).
  rewrite Rmult_1_l in same. rewrite same. destruct (Z.eqb_spec left 0) as [-> | nonzero].
  - apply times_one; [|apply zero]. apply near_more with (2 := hy). lia.
  - specialize (IH tail (u + Z.of_nat (length head))%Z left posb ltac:(lia) rest ending ltac:(lia) nonneg).
    rewrite Rmult_comm. eapply near_more; [|eapply times_near; [| |exact IH|exact hy]; lia]. lia.
Qed.

End Near.

(** ** Tables for one unit *)

(** How closely is computed: all of it are hints, since what comes out is proved to be right for any. *)
Record precision := Precision {
  bits : Z; (** of the numbers in fixed point, *)
  work : Z; (** of those in floating point, *)
  depth : Z; (** the start at exp (- 2^-depth), *)
  chunk : nat (** and one less than the height of the trees. *)
}.

(** For exp (- d 2^from), [d >= 0]. *)
Record tables := Tables {
  from : Z;
  trees : list tree;
  error : Z; (** units of 2^-bits that [exponential] may be too small by *)
  step : range; (** exp (- 2^from) *)
  sound : bool
}.

(** Tables for the unit 2^u, or for 2^-depth if that is larger. *)
Definition make (p : precision) (u : Z) : tables :=
  let from := Z.max u (- depth p) in
  (* exp (- 2^ending) is nothing. *)
  let ending := (Z.log2 (bits p) + 1)%Z in
  let powers := squares (work p) (Z.to_nat (depth p + Z.max ending from + 1)) (smallest (depth p)) in
  let fixed := skipn (Z.to_nat (depth p + from)) (firstn (Z.to_nat (depth p + ending)) powers) in
  let last := nth (Z.to_nat (depth p + ending)) powers (smallest (depth p)) in
  Tables from
    (forest (bits p) (length fixed) (chunk p) (map (rounded (bits p)) fixed))
    (4 * Z.of_nat (length fixed) + 3)
    (nth (Z.to_nat (depth p + from)) powers (smallest (depth p)))
    ((0 <=? bits p)%Z && (bits p <=? depth p)%Z && forallb (narrow (bits p)) fixed
      && narrow (bits p) last && (rounded (bits p) last =? 0)%Z).

Lemma squares_length w n : forall x, length (squares w n x) = n.
Proof. induction n as [|n IH]; intros x; simpl; [reflexivity | now rewrite IH]. Qed.

Lemma all_within_nth l : forall u i x, all_within u l -> (i < length l)%nat ->
  within (exp (- powerRZ 2 (u + Z.of_nat i))) (nth i l x).
Proof.
  induction l as [|y l IH]; intros u i x all lt; simpl in lt; [lia|].
  destruct all as [first all]. destruct i as [|i]; [now rewrite Z.add_0_r|].
  replace (u + Z.of_nat (S i))%Z with (u + 1 + Z.of_nat i)%Z by lia. apply IH; [exact all | lia].
Qed.

Lemma all_within_firstn n : forall u l, all_within u l -> all_within u (firstn n l).
Proof.
  induction n as [|n IH]; intros u l all; [exact I|]. destruct l as [|x l]; [exact I|].
  destruct all as [first all]. split; [exact first | now apply IH].
Qed.

Section Made.
Variables (p : precision) (u : Z).
Let t := make p u.
Hypothesis is_sound : sound t = true.

Lemma made_sound :
  (0 <= bits p <= depth p)%Z /\
  within (exp (- powerRZ 2 (from t))) (step t) /\
  (3 <= error t)%Z /\
  forall d, (0 <= d)%Z -> near (bits p) (exp (- dyadic d (from t))) (exponential (bits p) (trees t) d) (error t - 1).
Proof.
  revert is_sound. unfold t, make. cbv zeta. cbn [sound from trees error step].
  set (from := Z.max u (- depth p)). set (ending := (Z.log2 (bits p) + 1)%Z).
  set (powers := squares _ _ _). set (fixed := skipn _ _).
  intros yes. apply andb_prop in yes as [yes nothing]. apply andb_prop in yes as [yes ends].
  apply andb_prop in yes as [yes fine]. apply andb_prop in yes as [posb posd].
  apply Z.leb_le in posb, posd. apply Z.eqb_eq in nothing.
  assert (posl := Z.log2_nonneg (bits p)).
  assert (size : length powers = Z.to_nat (depth p + Z.max ending from + 1)) by apply squares_length.
  assert (all : all_within (- depth p) powers) by (apply squares_within, smallest_within; lia).
  assert (at_place : forall j, (- depth p <= j <= Z.max ending from)%Z ->
    within (exp (- powerRZ 2 j)) (nth (Z.to_nat (depth p + j)) powers (smallest (depth p)))).
  { intros j le.
    replace (powerRZ 2 j) with (powerRZ 2 (- depth p + Z.of_nat (Z.to_nat (depth p + j)))) by (f_equal; lia).
    apply all_within_nth; [exact all | lia]. }
  split; [lia|]. split; [apply at_place; lia|]. split; [lia|].
  intros d le. eapply near_more; [|eapply (exponential_near (bits p) (chunk p) ending)].
  - rewrite map_length. lia.
  - exact posb.
  - now rewrite map_length.
  - apply all_rounded; [|exact fine].
    replace from with (- depth p + Z.of_nat (Z.to_nat (depth p + from)))%Z at 1 by lia.
    now apply all_within_skipn, all_within_firstn.
  - rewrite <- nothing. apply rounded_near; [apply power_small | apply at_place; lia | exact ends].
  - rewrite map_length. unfold fixed. rewrite skipn_length, firstn_length, size. lia.
  - exact le.
Qed.

(** d 2^u in units of 2^from, rounded up and down. *)
Definition up (from d : Z) : Z := (- Z.shiftr (- d) (from - u))%Z.
Definition down (from d : Z) : Z := Z.shiftr d (from - u).

Lemma up_down d :
  dyadic (down (from t) d) (from t) <= dyadic d u <= dyadic (up (from t) d) (from t) /\
  dyadic (up (from t) d) (from t) <= dyadic d u + powerRZ 2 (- depth p).
Proof.
  assert (pos := power_pos (- depth p)).
  unfold t, make, up, down. cbv zeta. cbn [from]. set (from := Z.max u (- depth p)).
  assert (below := dyadic_shiftr d u (from - u)). assert (above := dyadic_shiftr (- d) u (from - u)).
  replace (u + (from - u))%Z with from in below, above by ring.
  assert (opp : forall m v, dyadic (- m) v = - dyadic m v) by (intros; unfold dyadic; rewrite opp_IZR; ring).
  rewrite !opp in *. split; [lra|]. rewrite dyadic_add in above.
  assert (same : from = u \/ from = (- depth p)%Z) by lia.
  destruct same as [same | same].
  - rewrite same, Z.sub_diag, Z.shiftr_0_r, opp. lra.
  - assert (dyadic 1 from = powerRZ 2 (- depth p)) by (rewrite same; unfold dyadic; ring). lra.
Qed.

(** exp (- d 2^u) in units of 2^-bits. *)
Definition fixed_exp (t : tables) (d : Z) : Z := exponential (bits p) (trees t) (up (from t) d).

Lemma up_nonneg d : (0 <= d)%Z -> (0 <= up (from t) d)%Z.
Proof.
  intros le. unfold up. rewrite Z.opp_nonneg_nonpos.
  destruct (Z.eq_dec d 0) as [-> | nonzero]; [now rewrite Z.shiftr_0_l|].
  assert (Z.shiftr (- d) (from t - u) < 0)%Z by (apply Z.shiftr_neg; lia). lia.
Qed.

Lemma fixed_exp_near d : (0 <= d)%Z -> near (bits p) (exp (- dyadic d u)) (fixed_exp t d) (error t).
Proof.
  intros le. destruct made_sound as (size & _ & _ & all).
  destruct (all _ (up_nonneg d le)) as (pos & _ & lower & upper). fold (fixed_exp t d) in *.
  destruct (up_down d) as [[_ more] less].
  assert (zero := dyadic_nonneg d u le).
  set (x := exp (- dyadic d u)). set (y := exp (- dyadic (up (from t) d) (from t))) in *.
  assert (y <= x).
  { unfold x, y. destruct more as [more | ->]; [left; apply exp_increasing; lra | right; reflexivity]. }
  assert (small : x <= 1) by (apply exp_small; lra).
  assert (x - y <= powerRZ 2 (- depth p)).
  { set (gap := dyadic (up (from t) d) (from t) - dyadic d u).
    assert (shifted : y = x * exp (- gap)) by (unfold x, y, gap; rewrite <- exp_plus; f_equal; ring).
    assert (tangent := exp_ineq1_le (- gap)). assert (0 <= gap <= powerRZ 2 (- depth p)) by (unfold gap; lra).
    assert (0 < x) by apply exp_pos. rewrite shifted. nra. }
  assert (finer : powerRZ 2 (- depth p) <= dyadic 1 (- bits p)).
  { unfold dyadic. rewrite Rmult_1_l. apply power_le. lia. }
  repeat split; trivial; [lra|].
  replace (fixed_exp t d + error t)%Z with (fixed_exp t d + (error t - 1) + 1)%Z by ring.
  rewrite (dyadic_add _ 1). lra.
Qed.

(** Two numbers that exp (- d 2^u) lies between: the lower end of the first and the upper end of the second. *)
Definition float_exp (t : tables) (d : Z) : range * range :=
  match up (from t) d with
  | Zpos m =>
      let lower := power (work p) (step t) m in
      let upper :=
        match down (from t) d with
        | Zpos n => if (m =? n)%positive then lower else power (work p) (step t) n
        | _ => Range 1 1 0
        end in
      (lower, upper)
  | _ => (Range 0 0 0, Range 1 1 0)
  end.

Lemma float_exp_between d : (0 <= d)%Z ->
  let (lower, upper) := float_exp t d in
  dyadic (least lower) (scale lower) <= exp (- dyadic d u) <= dyadic (most upper) (scale upper).
Proof.
  intros le. destruct made_sound as (_ & one & _). destruct (up_down d) as [[less more] _].
  assert (zero := dyadic_nonneg d u le).
  assert (small : exp (- dyadic d u) <= 1) by (apply exp_small; lra).
  assert (trivial : dyadic 0 0 <= exp (- dyadic d u) <= dyadic 1 0).
  { replace (dyadic 0 0) with 0 by (unfold dyadic; ring). replace (dyadic 1 0) with 1 by (unfold dyadic; simpl; ring).
    assert (pos := exp_pos (- dyadic d u)). lra. }
  assert (falling : forall a b, a <= b -> exp (- b) <= exp (- a)).
  { intros a b [lt | ->]; [left; apply exp_increasing; lra | right; reflexivity]. }
  unfold float_exp. destruct (up _ _) as [| m |]; try exact trivial.
  apply falling in less, more. unfold dyadic at 1 in more.
  destruct (power_within (work p) _ _ m one) as [_ lower].
  destruct (down _ _) as [| n |]; try (split; [lra | apply trivial]).
  unfold dyadic at 2 in less. destruct (power_within (work p) _ _ n one) as [_ upper].
  destruct (Pos.eqb_spec m n) as [-> | differ]; lra.
Qed.

End Made.
