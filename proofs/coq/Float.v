(** * Computing it in a floating-point format

    With Flocq, for every binary format: [FLT_exp emin prec] is that of precision [prec], gradual underflow and least
    subnormal 2^emin, [FLX_exp prec] the one without underflow. Neither has a largest number: the theorems are about
    computations that do not overflow. [Znearest choice] is rounding to nearest with any rule for ties, [ZnearestE] the
    one with ties to even. *)

From Coq Require Import ZArith.
From Flocq Require Import Core Sterbenz Relative Plus_error Mult_error.
From Logitlab Require Import Policies Rounding.

(** The unit roundoff, 2^-prec. *)
Definition unit_roundoff (prec : Z) : R := bpow radix2 (- prec).

Lemma unit_roundoff_half prec : / 2 * bpow radix2 (- prec + 1) = unit_roundoff prec.
Proof. unfold unit_roundoff. rewrite bpow_plus. cbn. field. Qed.

Lemma unit_roundoff_range prec : (0 < prec)%Z -> 0 <= unit_roundoff prec <= 1.
Proof.
  intros pos. split; [apply bpow_ge_0|]. change 1 with (bpow radix2 0). apply bpow_le. lia.
Qed.

Definition nearest (fexp : Z -> Z) (choice : Z -> bool) (x : R) : R := round radix2 fexp (Znearest choice) x.

(** ** The error of the tail form *)

(** Rounding this number has a relative error of at most 2^-prec. *)
Definition within_u (fexp : Z -> Z) (choice : Z -> bool) (prec : Z) : R -> Prop :=
  accurate (nearest fexp choice) (unit_roundoff prec).

(** [x] is 0 or at least the smallest normal number: rounding it does not underflow. *)
Definition normal (emin prec : Z) (x : R) : Prop := x = 0 \/ bpow radix2 (emin + prec - 1) <= Rabs x.

Lemma accurate_FLT emin prec choice x : (0 < prec)%Z -> normal emin prec x ->
  within_u (FLT_exp emin prec) choice prec x.
Proof.
  intros pos [->|large].
  - assert (Prec_gt_0 prec) by exact pos.
    exists 0. rewrite Rabs_R0. split; [now apply unit_roundoff_range|].
    unfold nearest. rewrite round_0 by auto with typeclass_instances. ring.
  - destruct (relative_error_N_FLT_ex radix2 emin prec pos choice x large) as [d [small E]].
    exists d. rewrite unit_roundoff_half in small. now split.
Qed.

Lemma accurate_FLX prec choice x : (0 < prec)%Z -> within_u (FLX_exp prec) choice prec x.
Proof.
  intros pos. destruct (relative_error_N_FLX_ex radix2 prec pos choice x) as [d [small E]].
  exists d. rewrite unit_roundoff_half in small. now split.
Qed.

(** A sum of two numbers of the format is accurate even among the subnormal ones. *)
Lemma add_FLT emin prec choice x y : (0 < prec)%Z ->
  generic_format radix2 (FLT_exp emin prec) x -> generic_format radix2 (FLT_exp emin prec) y ->
  within_u (FLT_exp emin prec) choice prec (x + y).
Proof.
  intros pos Fx Fy. assert (Prec_gt_0 prec) by exact pos.
  destruct (FLT_plus_error_N_ex radix2 emin prec choice x y Fx Fy) as [d [small E]].
  exists d. split; [|exact E]. apply Rle_trans with (1 := small).
  apply Rle_trans with (1 := u_rod1pu_ro_le_u_ro radix2 prec). unfold u_ro. rewrite unit_roundoff_half. apply Rle_refl.
Qed.

Lemma skip_all K c (prop : R -> R -> Prop) (u v : vec) : (c < K)%nat ->
  (forall i, (i < K)%nat -> i <> c -> prop (u i) (v i)) ->
  forall i, (i < K - 1)%nat -> prop (skip u c i) (skip v c i).
Proof.
  intros lt all i li. unfold skip. destruct (Nat.ltb_spec i c); apply all; lia.
Qed.

(** [Phat] is what is at hand in the place of the policy [P]: numbers of the format, each within the relative error
    [tau]. Only the probabilities of the other actions are used. *)
Definition at_hand (fexp : Z -> Z) (K : nat) (P Phat : vec) (c : nat) (tau : R) : Prop :=
  forall i, (i < K)%nat -> i <> c -> generic_format radix2 fexp (Phat i) /\ Rabs (Phat i - P i) <= tau * P i.

Section Tail.

Variables (fexp : Z -> Z) (choice : Z -> bool) (prec : Z).
Context {valid : Valid_exp fexp}.
Hypothesis prec_pos : (0 < prec)%Z.

Let u := unit_roundoff prec.
Let fl := nearest fexp choice.
Let fine := within_u fexp choice prec.

Hypothesis add : forall x y, generic_format radix2 fexp x -> generic_format radix2 fexp y -> fine (x + y).

Variables (K : nat) (P Phat : vec) (c : nat) (tau : R).
Hypothesis two : (2 <= K)%nat.
Hypothesis P_distribution : distribution K P.
Hypothesis c_lt : (c < K)%nat.
Hypothesis tau_range : 0 <= tau <= 1.
Hypothesis hand : at_hand fexp K P Phat c tau.

Let y := skip Phat c.

Hypothesis squares : forall i, (i < K)%nat -> i <> c -> fine (Phat i * Phat i).
Hypothesis square : fine (fsum fl (K - 1) y * fsum fl (K - 1) y).

Let w := sqnorm K (vsub (e c) P).

Lemma tail_error : Rabs (ftail fl (K - 1) y - w) <= ((1 + tau) ^ 2 * (1 + u) ^ (2 * (K - 1)) - 1) * w.
Proof.
  unfold w. rewrite w_skip by assumption.
  apply (ftail_error fl (generic_format radix2 fexp) u).
  - now apply unit_roundoff_range.
  - intros x. apply generic_format_round; auto with typeclass_instances.
  - exact add.
  - lia.
  - exact tau_range.
  - apply (skip_all K c (fun p _ => 0 <= p) P P c_lt). intros i lt _. now apply (dist_nonneg K P).
  - apply (skip_all K c (fun p _ => generic_format radix2 fexp p) Phat P c_lt). intros i lt ne. now apply hand.
  - apply (skip_all K c (fun p q => Rabs (p - q) <= tau * q) Phat P c_lt). intros i lt ne. now apply hand.
  - apply (skip_all K c (fun p _ => fine (p * p)) Phat P c_lt). exact squares.
  - exact square.
Qed.

Lemma norm_error : fine (sqrt (ftail fl (K - 1) y)) ->
  Rabs (fl (sqrt (ftail fl (K - 1) y)) - sqrt w) <= ((1 + tau) * (1 + u) ^ K - 1) * sqrt w.
Proof.
  intros root. unfold w. rewrite w_skip by assumption.
  replace ((1 + u) ^ K) with ((1 + u) ^ (K - 1 + 1)) by (f_equal; lia).
  apply (fnorm_error fl (generic_format radix2 fexp) u).
  - now apply unit_roundoff_range.
  - intros x. apply generic_format_round; auto with typeclass_instances.
  - exact add.
  - lia.
  - exact tau_range.
  - apply (skip_all K c (fun p _ => 0 <= p) P P c_lt). intros i lt _. now apply (dist_nonneg K P).
  - apply (skip_all K c (fun p _ => generic_format radix2 fexp p) Phat P c_lt). intros i lt ne. now apply hand.
  - apply (skip_all K c (fun p q => Rabs (p - q) <= tau * q) Phat P c_lt). intros i lt ne. now apply hand.
  - apply (skip_all K c (fun p _ => fine (p * p)) Phat P c_lt). exact squares.
  - exact square.
  - exact root.
Qed.

End Tail.

(** In a format with gradual underflow, where no square underflows. *)
Theorem tail_form_error_FLT : forall (emin prec : Z) (choice : Z -> bool) (K : nat) (P Phat : vec) (c : nat) (tau : R),
  (0 < prec)%Z -> (2 <= K)%nat -> distribution K P -> (c < K)%nat -> 0 <= tau <= 1 ->
  let fl := nearest (FLT_exp emin prec) choice in
  let u := unit_roundoff prec in
  let s := fsum fl (K - 1) (skip Phat c) in
  let w := sqnorm K (vsub (e c) P) in
  at_hand (FLT_exp emin prec) K P Phat c tau ->
  (forall i, (i < K)%nat -> i <> c -> normal emin prec (Phat i * Phat i)) -> normal emin prec (s * s) ->
  Rabs (ftail fl (K - 1) (skip Phat c) - w) <= ((1 + tau) ^ 2 * (1 + u) ^ (2 * (K - 1)) - 1) * w.
Proof.
  intros emin prec choice K P Phat c tau pos two D lt range fl u s w hand squares square.
  assert (Prec_gt_0 prec) by exact pos.
  apply (tail_error (FLT_exp emin prec) choice prec); auto using add_FLT, accurate_FLT.
Qed.

(** Without underflow nothing has to be asked of the squares. *)
Theorem tail_form_error_FLX : forall (prec : Z) (choice : Z -> bool) (K : nat) (P Phat : vec) (c : nat) (tau : R),
  (0 < prec)%Z -> (2 <= K)%nat -> distribution K P -> (c < K)%nat -> 0 <= tau <= 1 ->
  let fl := nearest (FLX_exp prec) choice in
  let u := unit_roundoff prec in
  let w := sqnorm K (vsub (e c) P) in
  at_hand (FLX_exp prec) K P Phat c tau ->
  Rabs (ftail fl (K - 1) (skip Phat c) - w) <= ((1 + tau) ^ 2 * (1 + u) ^ (2 * (K - 1)) - 1) * w.
Proof.
  intros prec choice K P Phat c tau pos two D lt range fl u w hand. assert (Prec_gt_0 prec) by exact pos.
  apply (tail_error (FLX_exp prec) choice prec); auto; intros; now apply accurate_FLX.
Qed.

(** From the probabilities of the policy, rounded to nearest. *)
Theorem tail_form_error_rounded : forall (prec : Z) (choice : Z -> bool) (K : nat) (P : vec) (c : nat),
  (0 < prec)%Z -> (2 <= K)%nat -> distribution K P -> (c < K)%nat ->
  let fl := nearest (FLX_exp prec) choice in
  let u := unit_roundoff prec in
  let w := sqnorm K (vsub (e c) P) in
  Rabs (ftail fl (K - 1) (skip (fun i => fl (P i)) c) - w) <= ((1 + u) ^ (2 * K) - 1) * w.
Proof.
  intros prec choice K P c pos two D lt fl u w. assert (Prec_gt_0 prec) by exact pos.
  replace ((1 + u) ^ (2 * K)) with ((1 + u) ^ 2 * (1 + u) ^ (2 * (K - 1))) by (rewrite <- pow_add; f_equal; lia).
  apply tail_form_error_FLX; auto; [now apply unit_roundoff_range|]. intros i li _. split.
  - apply generic_format_round; auto with typeclass_instances.
  - destruct (accurate_FLX prec choice (P i) pos) as [d [small E]]. fold fl in E. rewrite E. fold u in small.
    pose proof (dist_nonneg K P i D li).
    replace (P i * (1 + d) - P i) with (d * P i) by ring. rewrite Rabs_mult, (Rabs_right (P i)) by lra.
    now apply Rmult_le_compat_r.
Qed.

(** The norm itself, with one square root more. *)
Theorem tail_norm_error_FLT : forall (emin prec : Z) (choice : Z -> bool) (K : nat) (P Phat : vec) (c : nat) (tau : R),
  (0 < prec)%Z -> (2 <= K)%nat -> distribution K P -> (c < K)%nat -> 0 <= tau <= 1 ->
  let fl := nearest (FLT_exp emin prec) choice in
  let u := unit_roundoff prec in
  let s := fsum fl (K - 1) (skip Phat c) in
  let root := sqrt (ftail fl (K - 1) (skip Phat c)) in
  at_hand (FLT_exp emin prec) K P Phat c tau ->
  (forall i, (i < K)%nat -> i <> c -> normal emin prec (Phat i * Phat i)) -> normal emin prec (s * s) ->
  normal emin prec root ->
  Rabs (fl root - vnorm K (vsub (e c) P)) <= ((1 + tau) * (1 + u) ^ K - 1) * vnorm K (vsub (e c) P).
Proof.
  intros emin prec choice K P Phat c tau pos two D lt range fl u s root hand squares square large.
  assert (Prec_gt_0 prec) by exact pos.
  apply (norm_error (FLT_exp emin prec) choice prec); auto using add_FLT, accurate_FLT.
Qed.

Theorem tail_norm_error_FLX : forall (prec : Z) (choice : Z -> bool) (K : nat) (P Phat : vec) (c : nat) (tau : R),
  (0 < prec)%Z -> (2 <= K)%nat -> distribution K P -> (c < K)%nat -> 0 <= tau <= 1 ->
  let fl := nearest (FLX_exp prec) choice in
  let u := unit_roundoff prec in
  let root := sqrt (ftail fl (K - 1) (skip Phat c)) in
  at_hand (FLX_exp prec) K P Phat c tau ->
  Rabs (fl root - vnorm K (vsub (e c) P)) <= ((1 + tau) * (1 + u) ^ K - 1) * vnorm K (vsub (e c) P).
Proof.
  intros prec choice K P Phat c tau pos two D lt range fl u root hand. assert (Prec_gt_0 prec) by exact pos.
  apply (norm_error (FLX_exp prec) choice prec); auto; intros; now apply accurate_FLX.
Qed.

(** The constant without a power: with n = 2 (K - 1) roundings of at most u, n u < 1. *)
Theorem tail_constant : forall (prec : Z) (n : nat) (tau : R),
  (0 < prec)%Z -> 0 <= tau -> INR n * unit_roundoff prec < 1 ->
  (1 + tau) ^ 2 * (1 + unit_roundoff prec) ^ n - 1 <= (1 + tau) ^ 2 / (1 - INR n * unit_roundoff prec) - 1.
Proof.
  intros prec n tau pos nonneg small.
  pose proof (pow_plus_le _ n (unit_roundoff_range prec pos) small) as b.
  apply Rplus_le_compat_r. unfold Rdiv. apply Rmult_le_compat_l; [apply pow2_ge_0|]. lra.
Qed.

(** ** The closed form inherits its loss *)

(** In a format that has 1, subtracting a number of [1/2, 1] from 1 is exact ... *)
Theorem one_minus_exact : forall (fexp : Z -> Z) (rnd : R -> Z) (p : R),
  Valid_exp fexp -> Monotone_exp fexp -> Valid_rnd rnd ->
  generic_format radix2 fexp 1 -> generic_format radix2 fexp p -> 1 / 2 <= p <= 1 ->
  round radix2 fexp rnd (1 - p) = 1 - p.
Proof.
  intros fexp rnd p V M Vr F1 Fp range. apply round_generic; [exact Vr|].
  apply sterbenz; auto. lra.
Qed.

(** ... so that what is lost relative to 1 - P_c was lost when P_c was rounded: no digit is left where that error is as
    large as 1 - P_c itself. *)
Theorem one_minus_inherits : forall (fexp : Z -> Z) (rnd : R -> Z) (P_c p : R),
  Valid_exp fexp -> Monotone_exp fexp -> Valid_rnd rnd ->
  generic_format radix2 fexp 1 -> generic_format radix2 fexp p -> 1 / 2 <= p <= 1 -> P_c < 1 ->
  Rabs (round radix2 fexp rnd (1 - p) - (1 - P_c)) / (1 - P_c) = Rabs (p - P_c) / (1 - P_c).
Proof.
  intros fexp rnd P_c p V M Vr F1 Fp range lt1. rewrite one_minus_exact by assumption. f_equal.
  rewrite <- (Rabs_Ropp (p - P_c)). f_equal. ring.
Qed.

Lemma double_FLT emin prec p : (0 < prec)%Z ->
  generic_format radix2 (FLT_exp emin prec) p -> generic_format radix2 (FLT_exp emin prec) (2 * p).
Proof.
  intros pos F. replace (2 * p) with (p * bpow radix2 1) by (cbn; ring).
  apply mult_bpow_pos_exact_FLT; [exact F|lia].
Qed.

(** The first subtraction of the closed form, 1 - 2 P_c, is exact from 1/4 on. *)
Theorem one_minus_twice_exact : forall (emin prec : Z) (rnd : R -> Z) (p : R),
  (0 < prec)%Z -> (emin <= 0)%Z -> Valid_rnd rnd ->
  generic_format radix2 (FLT_exp emin prec) p -> 1 / 4 <= p <= 1 ->
  round radix2 (FLT_exp emin prec) rnd (1 - 2 * p) = 1 - 2 * p.
Proof.
  intros emin prec rnd p pos small Vr F range. apply round_generic; [exact Vr|].
  assert (Prec_gt_0 prec) by exact pos.
  apply sterbenz; auto with typeclass_instances; [now apply generic_format_FLT_1|now apply double_FLT|lra].
Qed.

(** ** Saturation *)

Section Saturation.

Variables (prec : Z) (fexp : Z -> Z).
Context {valid : Valid_exp fexp}.
Hypothesis prec_pos : (0 < prec)%Z.
(** The numbers of [1/2, 1) are the multiples of 2^-prec. *)
Hypothesis fexp_0 : fexp 0%Z = (- prec)%Z.
Hypothesis format_1 : generic_format radix2 fexp 1.
Hypothesis format_half : generic_format radix2 fexp (/ 2).

Let N := (2 ^ prec)%Z.

Lemma N_even : exists m, N = (2 * m)%Z /\ (0 < m)%Z.
Proof.
  exists (2 ^ (prec - 1))%Z. split; [|apply Z.pow_pos_nonneg; lia].
  unfold N. rewrite <- Z.pow_succ_r by lia. f_equal. lia.
Qed.

Lemma bpow_prec : bpow radix2 prec = IZR N.
Proof. unfold N. rewrite <- (IZR_Zpower radix2) by lia. reflexivity. Qed.

Lemma bpow_neg : bpow radix2 (- prec) = / IZR N.
Proof. now rewrite bpow_opp, bpow_prec. Qed.

Lemma N_pos : 0 < IZR N.
Proof. rewrite <- bpow_prec. apply bpow_gt_0. Qed.

(** Between 1/2 and 1 rounding is that of x 2^prec to an integer. *)
Lemma round_below_1 x : / 2 <= x < 1 ->
  round radix2 fexp ZnearestE x = IZR (ZnearestE (x * IZR N)) / IZR N.
Proof.
  intros range. assert (mag radix2 x = 0%Z :> Z) as M by (apply mag_unique_pos; cbn; lra).
  unfold round, F2R, scaled_mantissa, cexp. cbn. rewrite M, fexp_0, Z.opp_involutive, bpow_prec, bpow_neg. reflexivity.
Qed.

Theorem saturation_generic : forall p, p <= 1 ->
  (round radix2 fexp ZnearestE p = 1 <-> 1 - bpow radix2 (- (prec + 1)) <= p).
Proof.
  intros p le1. pose proof N_pos as pos.
  assert (bpow radix2 (- (prec + 1)) = / IZR N / 2) as midpoint.
  { replace (- (prec + 1))%Z with (- prec + - (1))%Z by lia. rewrite bpow_plus, bpow_neg. reflexivity. }
  assert (2 <= IZR N) as N_ge_2.
  { destruct N_even as [m [-> m_pos]]. apply (IZR_le 2). lia. }
  assert (/ IZR N <= / 2) as inv_le by (apply Rinv_le_contravar; lra).
  assert (/ IZR N * IZR N = 1) as inv by (field; lra).
  rewrite midpoint. destruct (Req_dec p 1) as [->|ne].
  { rewrite round_generic by auto with typeclass_instances. split; intros; [|reflexivity].
    assert (0 < / IZR N) by now apply Rinv_0_lt_compat. lra. }
  destruct (Rle_dec (/ 2) p) as [ge|lt].
  - rewrite round_below_1 by lra.
    assert (IZR (ZnearestE (p * IZR N)) / IZR N = 1 <-> ZnearestE (p * IZR N) = N) as ->.
    { split; [intros E; apply eq_IZR|intros ->; field; lra].
      replace (IZR (ZnearestE (p * IZR N))) with (IZR (ZnearestE (p * IZR N)) / IZR N * IZR N) by (field; lra).
      rewrite E. ring. }
    split; intros E.
    + (* Nothing that rounds to N is below N - 1/2. *)
      pose proof (Znearest_half (fun x => negb (Z.even x)) (p * IZR N)) as half. rewrite E in half.
      apply Rabs_le_between in half.
      apply Rmult_le_reg_r with (IZR N); [exact pos|]. nra.
    + assert (IZR N - / 2 <= p * IZR N) as above by nra.
      assert (p * IZR N < IZR N) as below by nra.
      assert (Zfloor (p * IZR N) = (N - 1)%Z) as floor.
      { apply Zfloor_imp. rewrite plus_IZR, minus_IZR. lra. }
      unfold Znearest. rewrite floor, minus_IZR. destruct N_even as [m [Em _]].
      destruct (Rcompare_spec (p * IZR N - (IZR N - 1)) (/ 2)) as [L|L|L].
      * exfalso. lra.
      * (* the tie: N - 1 is odd *)
        replace (Z.even (N - 1)) with false; [|rewrite Em, Z.even_sub, Z.even_mul; reflexivity].
        cbn. rewrite Zceil_floor_neq; [rewrite floor; lia|]. rewrite floor, minus_IZR. intros E'; lra.
      * rewrite Zceil_floor_neq; [rewrite floor; lia|]. rewrite floor, minus_IZR. intros E'; lra.
  - (* Below 1/2 nothing rounds to more than 1/2. *)
    assert (round radix2 fexp ZnearestE p <= / 2) as small.
    { rewrite <- (round_generic radix2 fexp ZnearestE (/ 2)) by auto with typeclass_instances.
      apply round_le; auto with typeclass_instances. lra. }
    split; intros; exfalso; lra.
Qed.

End Saturation.

Lemma half_bpow : / 2 = bpow radix2 (- (1)).
Proof. reflexivity. Qed.

(** To nearest, ties to even, a probability becomes 1 exactly from the midpoint of 1 and its predecessor on, the tie
    included: where 1 is not the smallest normal number. *)
Theorem saturation_FLT : forall (emin prec : Z) (p : R),
  (2 <= prec)%Z -> (emin <= - prec)%Z -> p <= 1 ->
  (round radix2 (FLT_exp emin prec) ZnearestE p = 1 <-> 1 - bpow radix2 (- (prec + 1)) <= p).
Proof.
  intros emin prec p pos small le1. assert (Prec_gt_0 prec) by (unfold Prec_gt_0; lia).
  apply saturation_generic; auto with typeclass_instances; [unfold FLT_exp; lia| |].
  - apply generic_format_FLT_1; auto. lia.
  - rewrite half_bpow. apply generic_format_FLT_bpow; auto. lia.
Qed.

Theorem saturation_FLX : forall (prec : Z) (p : R),
  (2 <= prec)%Z -> p <= 1 ->
  (round radix2 (FLX_exp prec) ZnearestE p = 1 <-> 1 - bpow radix2 (- (prec + 1)) <= p).
Proof.
  intros prec p pos le1. assert (Prec_gt_0 prec) by (unfold Prec_gt_0; lia).
  apply saturation_generic; auto with typeclass_instances.
  - change 1 with (bpow radix2 0). apply generic_format_bpow. unfold FLX_exp. lia.
  - rewrite half_bpow. apply generic_format_bpow. unfold FLX_exp. lia.
Qed.

(** Rounding down, or toward zero, never does that. *)
Theorem saturation_down : forall (fexp : Z -> Z) (p : R), Valid_exp fexp -> p < 1 ->
  round radix2 fexp Zfloor p <> 1.
Proof. intros fexp p V lt1. pose proof (proj1 (proj2 (round_DN_pt radix2 fexp p))). lra. Qed.

Theorem saturation_toward_zero : forall (fexp : Z -> Z) (p : R), Valid_exp fexp -> 0 <= p < 1 ->
  round radix2 fexp Ztrunc p <> 1.
Proof.
  intros fexp p V [nonneg lt1]. rewrite round_ZR_DN by exact nonneg. now apply saturation_down.
Qed.
