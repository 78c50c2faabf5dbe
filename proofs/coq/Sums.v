(** * Sums, inner products and norms over [K] coordinates

    The lemmas that everything else is built from. [rsum] is a plain recursion over [nat], so that a sum is closed by
    induction and [ring], [field] or [lra] see real numbers only. *)

From Logitlab Require Export Definitions.
From Coq Require Export Lra Lia Psatz.

(** ** Linearity *)

Lemma rsum_ext K f g : (forall i, (i < K)%nat -> f i = g i) -> rsum K f = rsum K g.
Proof.
  induction K as [|n IH]; intros E; cbn; [reflexivity|].
  rewrite IH by (intros; apply E; lia). now rewrite (E n) by lia.
Qed.

Lemma rsum_plus K f g : rsum K (fun i => f i + g i) = rsum K f + rsum K g.
Proof. induction K as [|n IH]; cbn; [ring|rewrite IH; ring]. Qed.

Lemma rsum_minus K f g : rsum K (fun i => f i - g i) = rsum K f - rsum K g.
Proof. induction K as [|n IH]; cbn; [ring|rewrite IH; ring]. Qed.

Lemma rsum_opp K f : rsum K (fun i => - f i) = - rsum K f.
Proof. induction K as [|n IH]; cbn; [ring|rewrite IH; ring]. Qed.

Lemma rsum_scal K a f : rsum K (fun i => a * f i) = a * rsum K f.
Proof. induction K as [|n IH]; cbn; [ring|rewrite IH; ring]. Qed.

Lemma rsum_scal_r K a f : rsum K (fun i => f i * a) = rsum K f * a.
Proof. induction K as [|n IH]; cbn; [ring|rewrite IH; ring]. Qed.

Lemma rsum_div K a f : rsum K (fun i => f i / a) = rsum K f / a.
Proof. unfold Rdiv. apply rsum_scal_r. Qed.

Lemma rsum_const K a : rsum K (fun _ => a) = INR K * a.
Proof. induction K as [|n IH]; [cbn; ring|]. rewrite S_INR; cbn; rewrite IH; ring. Qed.

Lemma rsum_zero K f : (forall i, (i < K)%nat -> f i = 0) -> rsum K f = 0.
Proof. intros E. rewrite (rsum_ext K f (fun _ => 0)) by exact E. rewrite rsum_const; ring. Qed.

(** The order of two sums does not matter. *)
Lemma rsum_swap K L (f : nat -> nat -> R) :
  rsum K (fun i => rsum L (fun j => f i j)) = rsum L (fun j => rsum K (fun i => f i j)).
Proof.
  induction K as [|n IH]; cbn; [symmetry; now apply rsum_zero|].
  now rewrite IH, <- rsum_plus.
Qed.

(** ** Order *)

Lemma rsum_le K f g : (forall i, (i < K)%nat -> f i <= g i) -> rsum K f <= rsum K g.
Proof.
  induction K as [|n IH]; intros E; cbn; [lra|].
  apply Rplus_le_compat; [apply IH; intros; apply E; lia|apply E; lia].
Qed.

Lemma rsum_nonneg K f : (forall i, (i < K)%nat -> 0 <= f i) -> 0 <= rsum K f.
Proof.
  intros E. replace 0 with (rsum K (fun _ => 0)) by (rewrite rsum_const; ring).
  now apply rsum_le.
Qed.

Lemma rsum_pos K f : (1 <= K)%nat -> (forall i, (i < K)%nat -> 0 < f i) -> 0 < rsum K f.
Proof.
  destruct K as [|n]; intros one E; [lia|]. cbn.
  assert (0 <= rsum n f) by (apply rsum_nonneg; intros; apply Rlt_le, E; lia).
  specialize (E n ltac:(lia)). lra.
Qed.

(** A summand is at most the sum of nonnegative ones. *)
Lemma rsum_ge_term K f c : (c < K)%nat -> (forall i, (i < K)%nat -> 0 <= f i) -> f c <= rsum K f.
Proof.
  induction K as [|n IH]; intros lt E; [lia|]. cbn.
  assert (0 <= f n) by (apply E; lia).
  destruct (Nat.eq_dec c n) as [->|ne].
  - assert (0 <= rsum n f) by (apply rsum_nonneg; intros; apply E; lia). lra.
  - assert (f c <= rsum n f) by (apply IH; [lia|intros; apply E; lia]). lra.
Qed.

(** Nonnegative summands with sum 0 are 0. *)
Lemma rsum_zero_inv K f :
  (forall i, (i < K)%nat -> 0 <= f i) -> rsum K f = 0 -> forall i, (i < K)%nat -> f i = 0.
Proof.
  intros E sum i lt. apply Rle_antisym; [|now apply E].
  rewrite <- sum. now apply rsum_ge_term.
Qed.

(** If the summands are ordered and the sums are equal, then so are the summands. *)
Lemma rsum_le_eq K f g :
  (forall i, (i < K)%nat -> f i <= g i) -> rsum K f = rsum K g -> forall i, (i < K)%nat -> f i = g i.
Proof.
  intros E sum i lt.
  assert (g i - f i = 0); [|lra].
  apply (rsum_zero_inv K (fun j => g j - f j)); [intros j lj; specialize (E j lj); lra| |exact lt].
  rewrite rsum_minus; lra.
Qed.

(** ** One coordinate *)

Lemma e_same c : e c c = 1.
Proof. unfold e. now rewrite Nat.eqb_refl. Qed.

Lemma e_other c i : i <> c -> e c i = 0.
Proof. intros ne. unfold e. now apply Nat.eqb_neq in ne as ->. Qed.

Lemma upd_same v j x : upd v j x j = x.
Proof. unfold upd. now rewrite Nat.eqb_refl. Qed.

Lemma upd_other v j x i : i <> j -> upd v j x i = v i.
Proof. intros ne. unfold upd. now apply Nat.eqb_neq in ne as ->. Qed.

Lemma others_same v c : others v c c = 0.
Proof. unfold others, vsub, vscale. rewrite e_same. ring. Qed.

Lemma others_other v c i : i <> c -> others v c i = v i.
Proof. intros ne. unfold others, vsub, vscale. rewrite e_other by exact ne. ring. Qed.

Lemma rsum_e K c f : (c < K)%nat -> rsum K (fun i => e c i * f i) = f c.
Proof.
  induction K as [|n IH]; intros lt; [lia|]. cbn.
  destruct (Nat.eq_dec c n) as [->|ne].
  - rewrite rsum_zero; [rewrite e_same; ring|]. intros i li. rewrite e_other by lia. ring.
  - rewrite IH by lia. rewrite e_other by lia. ring.
Qed.

Lemma rsum_unit K c : (c < K)%nat -> rsum K (e c) = 1.
Proof.
  intros lt. rewrite <- (rsum_e K c (fun _ => 1) lt).
  apply rsum_ext. intros; ring.
Qed.

(** A sum is the summand at [c] and the rest. *)
Lemma rsum_split K c f : (c < K)%nat -> rsum K f = f c + rsum K (others f c).
Proof.
  intros lt. unfold others, vsub, vscale.
  rewrite rsum_minus, rsum_scal, rsum_unit by exact lt. ring.
Qed.

Lemma rsum_others K c f : (c < K)%nat -> rsum K (others f c) = rsum K f - f c.
Proof. intros lt. rewrite (rsum_split K c f lt). ring. Qed.

(** ** Inner products *)

Lemma dot_ext K u v u' v' : veq K u u' -> veq K v v' -> dot K u v = dot K u' v'.
Proof. intros Eu Ev. apply rsum_ext. intros i lt. now rewrite Eu, Ev. Qed.

Lemma dot_comm K u v : dot K u v = dot K v u.
Proof. apply rsum_ext. intros; ring. Qed.

Lemma dot_add_l K u v w : dot K (vadd u v) w = dot K u w + dot K v w.
Proof. unfold dot, vadd. rewrite <- rsum_plus. apply rsum_ext. intros; ring. Qed.

Lemma dot_sub_l K u v w : dot K (vsub u v) w = dot K u w - dot K v w.
Proof. unfold dot, vsub. rewrite <- rsum_minus. apply rsum_ext. intros; ring. Qed.

Lemma dot_scale_l K x u w : dot K (vscale x u) w = x * dot K u w.
Proof. unfold dot, vscale. rewrite <- rsum_scal. apply rsum_ext. intros; ring. Qed.

Lemma dot_add_r K u v w : dot K w (vadd u v) = dot K w u + dot K w v.
Proof. now rewrite !(dot_comm K w), dot_add_l. Qed.

Lemma dot_sub_r K u v w : dot K w (vsub u v) = dot K w u - dot K w v.
Proof. now rewrite !(dot_comm K w), dot_sub_l. Qed.

Lemma dot_scale_r K x u w : dot K w (vscale x u) = x * dot K w u.
Proof. now rewrite !(dot_comm K w), dot_scale_l. Qed.

Lemma dot_e_l K c v : (c < K)%nat -> dot K (e c) v = v c.
Proof. apply rsum_e. Qed.

Lemma dot_e_r K c v : (c < K)%nat -> dot K v (e c) = v c.
Proof. rewrite dot_comm. apply rsum_e. Qed.

Lemma dot_ones_l K v : dot K ones v = rsum K v.
Proof. apply rsum_ext. intros; unfold ones; ring. Qed.

Lemma dot_ones_r K v : dot K v ones = rsum K v.
Proof. rewrite dot_comm. apply dot_ones_l. Qed.

(** Expands an inner product of sums, differences and multiples. *)
#[global] Hint Rewrite dot_add_l dot_sub_l dot_scale_l dot_add_r dot_sub_r dot_scale_r : bilinear.

Lemma sqnorm_ext K u v : veq K u v -> sqnorm K u = sqnorm K v.
Proof. intros E. now apply dot_ext. Qed.

Lemma sqnorm_nonneg K v : 0 <= sqnorm K v.
Proof. apply rsum_nonneg. intros. nra. Qed.

Lemma sqnorm_scale K x v : sqnorm K (vscale x v) = x ^ 2 * sqnorm K v.
Proof. unfold sqnorm. autorewrite with bilinear. ring. Qed.

Lemma sqnorm_sub K u v : sqnorm K (vsub u v) = sqnorm K u - 2 * dot K u v + sqnorm K v.
Proof. unfold sqnorm. autorewrite with bilinear. rewrite (dot_comm K v u). ring. Qed.

Lemma sqnorm_zero K v : sqnorm K v = 0 <-> veq K v zeros.
Proof.
  split.
  - intros E i lt. unfold zeros.
    assert (v i * v i = 0); [|nra].
    apply (rsum_zero_inv K (fun j => v j * v j)); auto. intros; nra.
  - intros E. apply rsum_zero. intros i lt. rewrite E by exact lt. unfold zeros. ring.
Qed.

Lemma vnorm_sq K v : vnorm K v ^ 2 = sqnorm K v.
Proof. unfold vnorm. rewrite pow2_sqrt; auto using sqnorm_nonneg. Qed.

Lemma vnorm_scale K x v : vnorm K (vscale x v) = Rabs x * vnorm K v.
Proof.
  unfold vnorm. rewrite sqnorm_scale, sqrt_mult by (auto using sqnorm_nonneg; nra).
  f_equal. rewrite <- Rsqr_pow2. apply sqrt_Rsqr_abs.
Qed.

(** ** The largest and the smallest coordinate *)

Lemma vmax_ub K v i : (i < K)%nat -> v i <= vmax K v.
Proof.
  induction K as [|n IH]; intros lt; [lia|].
  destruct n as [|n]; [replace i with 0%nat by lia; cbn; lra|].
  change (vmax (S (S n)) v) with (Rmax (vmax (S n) v) (v (S n))).
  destruct (Nat.eq_dec i (S n)) as [->|ne]; [apply Rmax_r|].
  apply Rle_trans with (2 := Rmax_l _ _). apply IH. lia.
Qed.

Lemma vmax_attained K v : (1 <= K)%nat -> exists i, (i < K)%nat /\ v i = vmax K v.
Proof.
  induction K as [|n IH]; intros one; [lia|].
  destruct n as [|n]; [exists 0%nat; cbn; split; [lia|reflexivity]|].
  change (vmax (S (S n)) v) with (Rmax (vmax (S n) v) (v (S n))).
  destruct IH as [i [lt E]]; [lia|].
  destruct (Rle_dec (vmax (S n) v) (v (S n))).
  - exists (S n). split; [lia|]. now rewrite Rmax_right.
  - exists i. split; [lia|]. rewrite Rmax_left by lra. exact E.
Qed.

Lemma vmax_lub K v x : (1 <= K)%nat -> (forall i, (i < K)%nat -> v i <= x) -> vmax K v <= x.
Proof. intros one E. destruct (vmax_attained K v one) as [i [lt <-]]. auto. Qed.

(** The maximum is what is attained and bounds everything. *)
Lemma vmax_intro K v c x : (c < K)%nat -> v c = x -> (forall i, (i < K)%nat -> v i <= x) -> vmax K v = x.
Proof.
  intros lt <- E. apply Rle_antisym; [apply vmax_lub; [lia|exact E]|now apply vmax_ub].
Qed.

Lemma vmin_vmax K v : vmin K v = - vmax K (vopp v).
Proof.
  induction K as [|n IH]; [cbn; ring|].
  destruct n as [|n]; [cbn; unfold vopp; ring|].
  change (vmin (S (S n)) v) with (Rmin (vmin (S n) v) (v (S n))).
  change (vmax (S (S n)) (vopp v)) with (Rmax (vmax (S n) (vopp v)) (- v (S n))).
  rewrite IH. unfold Rmin, Rmax. destruct (Rle_dec _ _), (Rle_dec _ _); lra.
Qed.

Lemma vmin_lb K v i : (i < K)%nat -> vmin K v <= v i.
Proof. intros lt. rewrite vmin_vmax. pose proof (vmax_ub K (vopp v) i lt) as b. unfold vopp in b at 1. lra. Qed.

Lemma vmin_attained K v : (1 <= K)%nat -> exists i, (i < K)%nat /\ v i = vmin K v.
Proof.
  intros one. destruct (vmax_attained K (vopp v) one) as [i [lt E]].
  exists i. split; [exact lt|]. rewrite vmin_vmax, <- E. unfold vopp. ring.
Qed.

Lemma vmin_intro K v c x : (c < K)%nat -> v c = x -> (forall i, (i < K)%nat -> x <= v i) -> vmin K v = x.
Proof.
  intros lt <- E. apply Rle_antisym; [now apply vmin_lb|].
  destruct (vmin_attained K v ltac:(lia)) as [i [li <-]]. auto.
Qed.
