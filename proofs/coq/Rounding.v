(** * The tail form computed with rounding, in the standard model

    [fl] rounds with a relative error of at most [u] wherever nothing underflows. What is computed is enclosed between
    multiples of what is meant: every rounding and every error of an input adds one factor. Float.v has the formats. *)

From Logitlab Require Import Policies Consequences.

(** ** What is computed *)

(** Recursive summation of [n] numbers, from the first to the last: [n - 1] additions. *)
Fixpoint fsum (fl : R -> R) (n : nat) (y : vec) : R :=
  match n with
  | O => 0
  | S O => y O
  | S m => fl (fsum fl m y + y m)
  end.

(** (sum of y)^2 + sum of y^2: [n] squares, two sums, a square and an addition. *)
Definition ftail (fl : R -> R) (n : nat) (y : vec) : R :=
  fl (fl (fsum fl n y * fsum fl n y) + fsum fl n (fun i => fl (y i * y i))).

(** The coordinates of [v] other than [c], in order: [K - 1] of them. *)
Definition skip (v : vec) (c : nat) : vec := fun i => if Nat.ltb i c then v i else v (S i).

Lemma skip_shift v c i : (c <= i)%nat -> skip v c i = v (S i).
Proof. intros le. unfold skip. destruct (Nat.ltb_spec i c); [lia|reflexivity]. Qed.

Lemma skip_keep v c i : (i < c)%nat -> skip v c i = v i.
Proof. intros lt. unfold skip. destruct (Nat.ltb_spec i c); [reflexivity|lia]. Qed.

Lemma rsum_skip n v c : (c <= n)%nat -> rsum n (skip v c) = rsum (S n) (others v c).
Proof.
  revert c. induction n as [|n IH]; intros c le.
  - replace c with 0%nat by lia. cbn. rewrite others_same. ring.
  - destruct (Nat.eq_dec c (S n)) as [->|ne].
    + rewrite (rsum_others (S (S n)) (S n) v) by lia. cbn [rsum].
      rewrite skip_keep by lia. rewrite (rsum_ext n (skip v (S n)) v); [ring|].
      intros i lt. apply skip_keep. lia.
    + change (rsum n (skip v c) + skip v c n = rsum (S n) (others v c) + others v c (S n)).
      rewrite IH, skip_shift, others_other by lia. reflexivity.
Qed.

(** w, from the other probabilities in a row. *)
Lemma w_skip K P c : distribution K P -> (c < K)%nat ->
  sqnorm K (vsub (e c) P) = rsum (K - 1) (skip P c) ^ 2 + rsum (K - 1) (fun i => skip P c i * skip P c i).
Proof.
  intros D lt. rewrite (tail_form K P c) by (auto; lia). unfold vsum. f_equal.
  - f_equal. rewrite rsum_skip by lia. now replace (S (K - 1)) with K by lia.
  - replace (rsum (K - 1) (fun i => skip P c i * skip P c i)) with (rsum (K - 1) (skip (vmul P P) c)).
    + rewrite rsum_skip by lia. replace (S (K - 1)) with K by lia. apply rsum_ext. intros i li.
      destruct (Nat.eq_dec i c) as [->|ne]; [rewrite !others_same; ring|].
      rewrite !others_other by exact ne. reflexivity.
    + apply rsum_ext. intros i _. unfold skip, vmul. now destruct (Nat.ltb i c).
Qed.

(** ** Powers of 1 + u and 1 - u *)

Lemma pow_le_1 x n : 0 <= x <= 1 -> 0 <= x ^ n <= 1.
Proof. intros b. induction n as [|n IH]; cbn; [lra|nra]. Qed.

(** Bernoulli's inequality from below, and what it says of (1 + u)^n. *)
Lemma pow_minus_ge u n : 0 <= u <= 1 -> 1 - INR n * u <= (1 - u) ^ n.
Proof.
  intros b. induction n as [|n IH]; [cbn; lra|]. rewrite S_INR. cbn.
  pose proof (pos_INR n). nra.
Qed.

Lemma pow_plus_le u n : 0 <= u <= 1 -> INR n * u < 1 -> (1 + u) ^ n <= 1 / (1 - INR n * u).
Proof.
  intros b small. pose proof (pow_minus_ge u n b) as lower.
  assert ((1 + u) ^ n * (1 - u) ^ n <= 1) as product.
  { rewrite <- Rpow_mult_distr. apply pow_le_1. nra. }
  assert (0 <= (1 + u) ^ n) by (apply pow_le; lra).
  apply Rmult_le_reg_r with (1 - INR n * u); [lra|].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. nra.
Qed.

(** Upward factors lead at least as far from 1 as downward ones. *)
Lemma spread_step a b x : 0 <= x <= 1 -> 0 <= b <= a -> 2 <= a + b ->
  0 <= b * (1 - x) <= a * (1 + x) /\ 2 <= a * (1 + x) + b * (1 - x).
Proof. intros. split; nra. Qed.

Lemma spread u n : 0 <= u <= 1 ->
  0 <= (1 - u) ^ n <= (1 + u) ^ n /\ 2 <= (1 + u) ^ n + (1 - u) ^ n.
Proof.
  intros b. induction n as [|n [IH1 IH2]]; [cbn; lra|]. cbn.
  rewrite (Rmult_comm (1 - u)), (Rmult_comm (1 + u)). now apply spread_step.
Qed.

Lemma enclosed_error a b w x : 2 <= a + b -> 0 <= w -> b * w <= x <= a * w -> Rabs (x - w) <= (a - 1) * w.
Proof. intros far nonneg [lo hi]. apply Rabs_le. split; nra. Qed.

(** ** The model *)

Section Model.

Variables (fl : R -> R) (format : R -> Prop) (u : R).
Hypothesis u_range : 0 <= u <= 1.
Hypothesis fl_format : forall x, format (fl x).
(** An addition of two numbers of the format never underflows. *)
Hypothesis fl_add : forall x y, format x -> format y -> exists d, Rabs d <= u /\ fl (x + y) = (x + y) * (1 + d).

(** The rounding of [x] is accurate. *)
Definition accurate (x : R) : Prop := exists d, Rabs d <= u /\ fl x = x * (1 + d).

Lemma accurate_between x : accurate x -> 0 <= x -> x * (1 - u) <= fl x <= x * (1 + u).
Proof. intros [d [small ->]] nonneg. apply Rabs_le_between in small. nra. Qed.

Lemma fsum_format n y : (1 <= n)%nat -> (forall i, (i < n)%nat -> format (y i)) -> format (fsum fl n y).
Proof. intros one F. destruct n as [|[|n]]; [lia|cbn; apply F; lia|apply fl_format]. Qed.

Lemma fsum_between n y : (1 <= n)%nat ->
  (forall i, (i < n)%nat -> format (y i) /\ 0 <= y i) ->
  (1 - u) ^ (n - 1) * rsum n y <= fsum fl n y <= (1 + u) ^ (n - 1) * rsum n y.
Proof.
  induction n as [|[|n] IH]; intros one F; [lia|cbn; lra|].
  destruct IH as [lo hi]; [lia|intros; apply F; lia|].
  change (fsum fl (S (S n)) y) with (fl (fsum fl (S n) y + y (S n))).
  change (rsum (S (S n)) y) with (rsum (S n) y + y (S n)).
  replace (S (S n) - 1)%nat with (S n) by lia. replace (S n - 1)%nat with n in * by lia.
  destruct (F (S n)) as [Fy nonneg]; [lia|].
  assert (0 <= rsum (S n) y) by (apply rsum_nonneg; intros; apply F; lia).
  assert (format (fsum fl (S n) y)) as Fs by (apply fsum_format; [lia|intros; apply F; lia]).
  set (s := fsum fl (S n) y) in *. set (x := rsum (S n) y) in *. set (v := y (S n)) in *.
  pose proof (pow_le_1 (1 - u) n ltac:(lra)) as down.
  pose proof (pow_R1_Rle (1 + u) n ltac:(lra)) as up.
  assert ((1 - u) ^ n * (x + v) <= s + v <= (1 + u) ^ n * (x + v)) as sum by nra.
  assert (0 <= s + v) as sum_nonneg by nra.
  destruct (accurate_between (s + v) (fl_add s v Fs Fy) sum_nonneg) as [lo' hi'].
  split; [apply Rle_trans with (2 := lo')|apply Rle_trans with (1 := hi')].
  - replace ((1 - u) ^ S n * (x + v)) with ((1 - u) ^ n * (x + v) * (1 - u)) by (cbn; ring).
    apply Rmult_le_compat_r; lra.
  - replace ((1 + u) ^ S n * (x + v)) with ((1 + u) ^ n * (x + v) * (1 + u)) by (cbn; ring).
    apply Rmult_le_compat_r; lra.
Qed.

(** Numbers that are each within a factor of others. *)
Lemma rsum_between n x y a b : (forall i, (i < n)%nat -> a * x i <= y i <= b * x i) ->
  a * rsum n x <= rsum n y <= b * rsum n x.
Proof. intros B. rewrite <- !rsum_scal. split; apply rsum_le; intros i lt; now apply B. Qed.

Variables (n : nat) (x y : vec) (tau : R).
Hypothesis one : (1 <= n)%nat.
Hypothesis tau_range : 0 <= tau <= 1.
Hypothesis x_nonneg : forall i, (i < n)%nat -> 0 <= x i.
Hypothesis y_format : forall i, (i < n)%nat -> format (y i).
Hypothesis y_near : forall i, (i < n)%nat -> Rabs (y i - x i) <= tau * x i.
Hypothesis squares : forall i, (i < n)%nat -> accurate (y i * y i).
Hypothesis square : accurate (fsum fl n y * fsum fl n y).

Let w := rsum n x ^ 2 + rsum n (fun i => x i * x i).

Lemma y_between i : (i < n)%nat -> (1 - tau) * x i <= y i <= (1 + tau) * x i.
Proof. intros lt. pose proof (y_near i lt) as near. apply Rabs_le_between in near. lra. Qed.

Lemma y_nonneg i : (i < n)%nat -> 0 <= y i.
Proof. intros lt. pose proof (y_between i lt). pose proof (x_nonneg i lt). nra. Qed.

Lemma square_between a b s t : 0 <= a -> 0 <= s -> a * s <= t <= b * s -> a ^ 2 * s ^ 2 <= t * t <= b ^ 2 * s ^ 2.
Proof. intros. assert (0 <= a * s) by nra. nra. Qed.

(** The sum: [n - 1] roundings. *)
Lemma sum_between :
  (1 - u) ^ (n - 1) * (1 - tau) * rsum n x <= fsum fl n y <= (1 + u) ^ (n - 1) * (1 + tau) * rsum n x.
Proof.
  destruct (fsum_between n y one) as [lo hi]; [intros i lt; split; [now apply y_format|now apply y_nonneg]|].
  destruct (rsum_between n x y (1 - tau) (1 + tau) y_between) as [lo' hi'].
  pose proof (pow_le (1 - u) (n - 1) ltac:(lra)). pose proof (pow_le (1 + u) (n - 1) ltac:(lra)).
  split; [apply Rle_trans with (2 := lo)|apply Rle_trans with (1 := hi)];
    rewrite Rmult_assoc; now apply Rmult_le_compat_l.
Qed.

(** The sum of squares: [n] roundings. *)
Lemma sum_squares_between :
  (1 - u) ^ n * (1 - tau) ^ 2 * rsum n (fun i => x i * x i) <= fsum fl n (fun i => fl (y i * y i)) <=
  (1 + u) ^ n * (1 + tau) ^ 2 * rsum n (fun i => x i * x i).
Proof.
  assert (forall i, (i < n)%nat ->
    (1 - u) * (1 - tau) ^ 2 * (x i * x i) <= fl (y i * y i) <= (1 + u) * (1 + tau) ^ 2 * (x i * x i)) as each.
  { intros i lt.
    destruct (square_between (1 - tau) (1 + tau) (x i) (y i) ltac:(lra) (x_nonneg i lt) (y_between i lt)) as [lo hi].
    pose proof (y_nonneg i lt). destruct (accurate_between _ (squares i lt) ltac:(nra)) as [lo' hi'].
    split; [apply Rle_trans with (2 := lo')|apply Rle_trans with (1 := hi')]; nra. }
  destruct (fsum_between n (fun i => fl (y i * y i)) one) as [lo hi].
  { intros i lt. split; [apply fl_format|]. pose proof (y_nonneg i lt).
    pose proof (accurate_between _ (squares i lt) ltac:(nra)). nra. }
  destruct (rsum_between n (fun i => x i * x i) _ _ _ each) as [lo' hi'].
  pose proof (pow_le (1 - u) (n - 1) ltac:(lra)). pose proof (pow_le (1 + u) (n - 1) ltac:(lra)).
  replace ((1 - u) ^ n) with ((1 - u) ^ (n - 1) * (1 - u))
    by (rewrite Rmult_comm, tech_pow_Rmult; f_equal; lia).
  replace ((1 + u) ^ n) with ((1 + u) ^ (n - 1) * (1 + u))
    by (rewrite Rmult_comm, tech_pow_Rmult; f_equal; lia).
  split; [apply Rle_trans with (2 := lo)|apply Rle_trans with (1 := hi)];
    rewrite !Rmult_assoc; (apply Rmult_le_compat_l; [assumption|]); rewrite <- !Rmult_assoc; assumption.
Qed.

(** The tail form: at most [2 n] roundings and two errors of the inputs in each summand. *)
Lemma ftail_between :
  (1 - u) ^ (2 * n) * (1 - tau) ^ 2 * w <= ftail fl n y <= (1 + u) ^ (2 * n) * (1 + tau) ^ 2 * w.
Proof.
  assert (0 <= rsum n x) as sum_nonneg by now apply rsum_nonneg.
  set (q := fun i => x i * x i). assert (0 <= rsum n q) as q_nonneg.
  { apply rsum_nonneg. intros i _. unfold q. nra. }
  set (s := fsum fl n y). set (t := fsum fl n (fun i => fl (y i * y i))).
  set (down := (1 - u) ^ (n - 1)). set (up := (1 + u) ^ (n - 1)).
  assert (0 <= down <= 1) as down_range by (apply pow_le_1; lra).
  assert (1 <= up) as up_range by (apply pow_R1_Rle; lra).
  assert (0 <= down * (1 - tau)) as factor by nra.
  destruct (square_between (down * (1 - tau)) (up * (1 + tau)) (rsum n x) s factor sum_nonneg sum_between) as [lo hi].
  assert (0 <= s * s) as s_nonneg by nra.
  destruct (accurate_between (s * s) square s_nonneg) as [lo' hi'].
  destruct sum_squares_between as [lo_q hi_q]. fold t q in lo_q, hi_q.
  assert (0 <= (1 - u) ^ n * (1 - tau) ^ 2 * rsum n q) as low_nonneg.
  { repeat apply Rmult_le_pos; try apply pow_le; lra. }
  destruct (accurate_between (fl (s * s) + t)) as [lo_w hi_w].
  { apply fl_add; [apply fl_format|apply fsum_format; [exact one|intros; apply fl_format]]. }
  { nra. }
  (* Both summands have at least the factor with 2 n - 1 roundings, the last one follows. *)
  assert ((1 - u) ^ (2 * n) = down * down * (1 - u) * (1 - u)) as pow_down.
  { unfold down. rewrite <- pow_add, !(Rmult_comm _ (1 - u)), !tech_pow_Rmult. f_equal. lia. }
  assert ((1 + u) ^ (2 * n) = up * up * (1 + u) * (1 + u)) as pow_up.
  { unfold up. rewrite <- pow_add, !(Rmult_comm _ (1 + u)), !tech_pow_Rmult. f_equal. lia. }
  assert ((1 - u) ^ n = down * (1 - u)) as pow_down_n.
  { unfold down. rewrite (Rmult_comm _ (1 - u)), tech_pow_Rmult. f_equal. lia. }
  assert ((1 + u) ^ n = up * (1 + u)) as pow_up_n.
  { unfold up. rewrite (Rmult_comm _ (1 + u)), tech_pow_Rmult. f_equal. lia. }
  rewrite pow_down_n in lo_q. rewrite pow_up_n in hi_q. rewrite pow_down, pow_up. unfold w. fold q.
  unfold ftail. fold s t.
  set (lo_s := down * down * (1 - u) * (1 - tau) ^ 2 * rsum n x ^ 2).
  set (hi_s := up * up * (1 + u) * (1 + tau) ^ 2 * rsum n x ^ 2).
  set (lo_t := down * down * (1 - u) * (1 - tau) ^ 2 * rsum n q).
  set (hi_t := up * up * (1 + u) * (1 + tau) ^ 2 * rsum n q).
  assert (lo_s <= fl (s * s) <= hi_s) as between_s.
  { split; [apply Rle_trans with (2 := lo')|apply Rle_trans with (1 := hi')].
    - replace lo_s with ((down * (1 - tau)) ^ 2 * rsum n x ^ 2 * (1 - u)) by (unfold lo_s; ring).
      apply Rmult_le_compat_r; lra.
    - replace hi_s with ((up * (1 + tau)) ^ 2 * rsum n x ^ 2 * (1 + u)) by (unfold hi_s; ring).
      apply Rmult_le_compat_r; lra. }
  assert (lo_t <= t) as between_t.
  { apply Rle_trans with (2 := lo_q). unfold lo_t.
    assert (0 <= down * (1 - u) * ((1 - tau) ^ 2 * rsum n q)) by (repeat apply Rmult_le_pos; try apply pow_le; lra).
    nra. }
  assert (t <= hi_t) as between_t'.
  { apply Rle_trans with (1 := hi_q). unfold hi_t.
    assert (0 <= up * (1 + u) * ((1 + tau) ^ 2 * rsum n q)) by (repeat apply Rmult_le_pos; try apply pow_le; lra).
    nra. }
  split.
  - apply Rle_trans with (2 := lo_w).
    replace (_ * _ * (1 - u) * (1 - u) * _ * _) with ((lo_s + lo_t) * (1 - u)) by (unfold lo_s, lo_t; ring).
    apply Rmult_le_compat_r; lra.
  - apply Rle_trans with (1 := hi_w).
    replace (_ * _ * (1 + u) * (1 + u) * _ * _) with ((hi_s + hi_t) * (1 + u)) by (unfold hi_s, hi_t; ring).
    apply Rmult_le_compat_r; lra.
Qed.

Lemma w_nonneg : 0 <= w.
Proof.
  unfold w. pose proof (pow2_ge_0 (rsum n x)).
  assert (0 <= rsum n (fun i => x i * x i)) by (apply rsum_nonneg; intros; nra). lra.
Qed.

Lemma spread_tail : 2 <= (1 + u) ^ (2 * n) * (1 + tau) ^ 2 + (1 - u) ^ (2 * n) * (1 - tau) ^ 2.
Proof.
  destruct (spread u (2 * n) u_range) as [order far].
  destruct (spread_step _ _ tau tau_range order far) as [order' far'].
  destruct (spread_step _ _ tau tau_range order' far') as [_ far'']. cbn [pow]. lra.
Qed.

Lemma ftail_error : Rabs (ftail fl n y - w) <= ((1 + tau) ^ 2 * (1 + u) ^ (2 * n) - 1) * w.
Proof.
  rewrite (Rmult_comm ((1 + tau) ^ 2)).
  apply (enclosed_error _ _ _ _ spread_tail w_nonneg ftail_between).
Qed.

(** The norm: a square root halves the exponents, and adds a rounding. *)
Lemma fnorm_error : accurate (sqrt (ftail fl n y)) ->
  Rabs (fl (sqrt (ftail fl n y)) - sqrt w) <= ((1 + tau) * (1 + u) ^ (n + 1) - 1) * sqrt w.
Proof.
  intros root. destruct ftail_between as [lo hi]. pose proof w_nonneg as nonneg.
  assert (forall f g, 0 <= f -> 0 <= g -> sqrt (f ^ (2 * n) * g ^ 2 * w) = f ^ n * g * sqrt w) as root_of.
  { intros f g pf pg. replace (f ^ (2 * n) * g ^ 2) with ((f ^ n * g) ^ 2).
    - rewrite sqrt_mult_alt by apply pow2_ge_0. rewrite sqrt_pow2; [reflexivity|].
      apply Rmult_le_pos; [now apply pow_le|exact pg].
    - replace (2 * n)%nat with (n * 2)%nat by lia. rewrite pow_mult. ring. }
  apply sqrt_le_1_alt in lo, hi. rewrite root_of in lo by lra. rewrite root_of in hi by lra.
  destruct (accurate_between _ root (sqrt_pos _)) as [lo' hi'].
  destruct (spread u n u_range) as [order far].
  destruct (spread_step _ _ tau tau_range order far) as [order' far'].
  destruct (spread_step _ _ u u_range order' far') as [_ far''].
  rewrite pow_add, pow_1, (Rmult_comm (1 + tau)), (Rmult_assoc _ (1 + u)), (Rmult_comm (1 + u)), <- Rmult_assoc.
  apply (enclosed_error _ _ _ _ far'' (sqrt_pos w)). split.
  - apply Rle_trans with (2 := lo'). nra.
  - apply Rle_trans with (1 := hi'). nra.
Qed.

End Model.
