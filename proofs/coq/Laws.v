(** * The laws of the kernel, each with a proof

    For every law of the table crates/kernel/src/proof/rules.rs one lemma, with the name of its rule and its number there:
    the second law of abs.bound is [law_abs_bound_2]. The statements are the laws as the workbench writes statements (see
    the header of Definitions.v), and a test holds them against the table; only those about functions f and h of z are
    stated by hand. Logits are real numbers here. *)

From Coq Require Import FunctionalExtensionality.
From Logitlab Require Import Definitions Sums Policies Calculus Consequences Derivatives Steps LawLemmas.

(** ** Laws of collision *)

Lemma law_collision_definition_1 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (C K v = dot K v v).
Proof. law. Qed.

Lemma law_collision_definition_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (C K v = sqnorm K v).
Proof. law. Qed.

(** ** Laws of entropy *)

Lemma law_entropy_definition_1 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (H K v = - vsum K (vxlogx v)).
Proof. pieces. reflexivity. Qed.

(** ** Laws of collision *)

Lemma law_collision_entropy_definition_1 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (H2 K v = - ln (C K v)).
Proof. law. Qed.

(** ** Laws of divergence *)

Lemma law_divergence_definition_1 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (KL K u v = vsum K (vsub (vxlogx u) (vxlogy u v))).
Proof. pieces. apply rsum_ext. reflexivity. Qed.

(** ** Laws of softmax *)

Lemma law_softmax_definition_1 : forall (K : nat) (z : vec),
  ((1 <= K)%nat) ->
  (veq K (softmax K z) (vdiv (vexp z) (vsum K (vexp z)))).
Proof. law. Qed.

(** ** Laws of lse *)

Lemma law_lse_definition_1 : forall (K : nat) (z : vec),
  ((1 <= K)%nat) ->
  (lse K z = ln (vsum K (vexp z))).
Proof. law. Qed.

(** ** Laws of others *)

Lemma law_others_definition_1 : forall (K : nat) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (veq K (others v c) (vsub v (vscale (v c) (e c)))).
Proof. law. Qed.

(** ** Laws of sigmoid *)

Lemma law_sigmoid_definition_1 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (1 / (1 + exp (- x)) = 1 / (1 + exp (- x))).
Proof. law. Qed.

Lemma law_sigmoid_definition_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (veq K (vquot ones (vadd ones (vexp (vopp v)))) (vquot ones (vadd ones (vexp (vopp v))))).
Proof. law. Qed.

(** ** Laws of larger *)

Lemma law_larger_definition_1 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  ((x + y + Rabs (x - y)) / 2 = (x + y + Rabs (x - y)) / 2).
Proof. law. Qed.

Lemma law_larger_definition_2 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (veq K (vdiv (vadd (vadd u v) (vabs (vsub u v))) 2) (vdiv (vadd (vadd u v) (vabs (vsub u v))) 2)).
Proof. law. Qed.

(** ** Laws of smaller *)

Lemma law_smaller_definition_1 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  ((x + y - Rabs (x - y)) / 2 = (x + y - Rabs (x - y)) / 2).
Proof. law. Qed.

Lemma law_smaller_definition_2 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (veq K (vdiv (vsub (vadd u v) (vabs (vsub u v))) 2) (vdiv (vsub (vadd u v) (vabs (vsub u v))) 2)).
Proof. law. Qed.

(** ** Laws of clip *)

Lemma law_clip_definition_1 : forall (K : nat) (x : R) (y : R) (k : R),
  ((1 <= K)%nat) ->
  (((x + y + Rabs (x - y)) / 2 + k - Rabs ((x + y + Rabs (x - y)) / 2 - k)) / 2 = ((x + y + Rabs (x - y)) / 2 + k
    - Rabs ((x + y + Rabs (x - y)) / 2 - k)) / 2).
Proof. law. Qed.

Lemma law_clip_definition_2 : forall (K : nat) (x : R) (y : R) (v : vec),
  ((1 <= K)%nat) ->
  (veq K (vdiv (vsub (vadd (vdiv (vadd (vadd v (vscale x ones)) (vabs (vsub v (vscale x ones)))) 2) (vscale y
    ones)) (vabs (vsub (vdiv (vadd (vadd v (vscale x ones)) (vabs (vsub v (vscale x ones)))) 2) (vscale y ones))))
    2) (vdiv (vsub (vadd (vdiv (vadd (vadd v (vscale x ones)) (vabs (vsub v (vscale x ones)))) 2) (vscale y ones))
    (vabs (vsub (vdiv (vadd (vadd v (vscale x ones)) (vabs (vsub v (vscale x ones)))) 2) (vscale y ones)))) 2)).
Proof. law. Qed.

(** ** Laws of power *)

Lemma law_power_definition_1 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  (exp (y * ln x) = exp (y * ln x)).
Proof. law. Qed.

Lemma law_power_definition_2 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (veq K (vexp (vscale x (vln v))) (vexp (vscale x (vln v)))).
Proof. law. Qed.

(** ** Laws of total *)

Lemma law_total_variation_definition_1 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (vsum K (vabs (vsub u v)) / 2 = vsum K (vabs (vsub u v)) / 2).
Proof. law. Qed.

(** ** Laws of chi *)

Lemma law_chi_squared_definition_1 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (vsum K (vquot (vmul (vsub u v) (vsub u v)) v) = vsum K (vquot (vmul (vsub u v) (vsub u v)) v)).
Proof. law. Qed.

(** ** Laws of Jensen *)

Lemma law_jensen_shannon_definition_1 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (H K (vdiv (vadd u v) 2) - (H K u + H K v) / 2 = H K (vdiv (vadd u v) 2) - (H K u + H K v) / 2).
Proof. law. Qed.

(** ** Laws of renyi *)

Lemma law_renyi_entropy_definition_1 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (ln (vsum K (vexp (vscale x (vln v)))) / (1 - x) = ln (vsum K (vexp (vscale x (vln v)))) / (1 - x)).
Proof. law. Qed.

(** ** Laws of variance *)

Lemma law_variance_definition_1 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (dot K u (vmul v v) - dot K u v ^ 2 = dot K u (vmul v v) - dot K u v ^ 2).
Proof. law. Qed.

(** ** Laws of covariance *)

Lemma law_covariance_definition_1 : forall (K : nat) (u : vec) (v : vec) (w : vec),
  ((1 <= K)%nat) ->
  (dot K u (vmul v w) - dot K u v * dot K u w = dot K u (vmul v w) - dot K u v * dot K u w).
Proof. law. Qed.

(** ** Laws of inner *)

Lemma law_inner_unit_1 : forall (K : nat) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (dot K (e c) (e c) = 1).
Proof. pieces. rewrite dot_e_l by assumption. apply e_same. Qed.

Lemma law_inner_unit_2 : forall (K : nat) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (dot K (e c) v = v c).
Proof. pieces. now apply dot_e_l. Qed.

Lemma law_inner_unit_3 : forall (K : nat) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (dot K v (e c) = v c).
Proof. pieces. now apply dot_e_r. Qed.

Lemma law_inner_distinct_1 : forall (K : nat) (a : nat) (b : nat),
  ((1 <= K)%nat) ->
  ((a < K)%nat) ->
  ((b < K)%nat) ->
  (a <> b) ->
  (dot K (e a) (e b) = 0).
Proof. pieces. rewrite dot_e_l by assumption. now apply e_other. Qed.

Lemma law_inner_ones_1 : forall (K : nat),
  ((1 <= K)%nat) ->
  (dot K ones ones = INR K).
Proof. pieces. rewrite dot_ones_l. unfold ones. rewrite rsum_const. ring. Qed.

Lemma law_inner_ones_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (dot K ones v = vsum K v).
Proof. pieces. apply dot_ones_l. Qed.

Lemma law_inner_ones_3 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (dot K v ones = vsum K v).
Proof. pieces. apply dot_ones_r. Qed.

Lemma law_inner_symmetric_1 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (dot K u v = dot K v u).
Proof. pieces. apply dot_comm. Qed.

Lemma law_inner_elementwise_1 : forall (K : nat) (u : vec) (v : vec) (w : vec),
  ((1 <= K)%nat) ->
  (dot K (vmul u v) w = dot K u (vmul v w)).
Proof. pieces. apply rsum_ext. intros. unfold vmul. ring. Qed.

Lemma law_inner_sum_1 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (dot K u v = vsum K (vmul u v)).
Proof. law. Qed.

Lemma law_inner_bound_1 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (Rabs (dot K u v) <= dot K (vabs u) (vabs v)).
Proof. pieces. apply dot_abs. Qed.

(** ** Laws of sum *)

Lemma law_sum_unit_1 : forall (K : nat) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (vsum K (e c) = 1).
Proof. pieces. now apply rsum_unit. Qed.

Lemma law_sum_ones_1 : forall (K : nat),
  ((1 <= K)%nat) ->
  (vsum K ones = INR K).
Proof. pieces. unfold vsum, ones. rewrite rsum_const. ring. Qed.

(** ** Laws of others *)

Lemma law_others_sum_1 : forall (K : nat) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (vsum K (others v c) = vsum K v - v c).
Proof. pieces. now apply rsum_others. Qed.

(** ** Laws of sum *)

Lemma law_sum_bound_1 : forall (K : nat) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (vle K zeros v) ->
  (v c <= vsum K v).
Proof. pieces. now apply rsum_ge_term. Qed.

Lemma law_sum_bound_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vle K zeros v) ->
  (vle K v (vscale (vsum K v) ones)).
Proof. pieces. intros i lt. unfold vscale, ones. rewrite Rmult_1_r. now apply rsum_ge_term. Qed.

Lemma law_sum_bound_3 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (Rabs (vsum K v) <= vsum K (vabs v)).
Proof. pieces. apply Rabs_rsum. Qed.

Lemma law_sum_zero_1 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  ((vle K zeros v) /\ (vsum K v = 0)) ->
  (veq K v zeros).
Proof. pieces. intros i lt. now apply (rsum_zero_inv K v). Qed.

(** ** Laws of distribution *)

Lemma law_distribution_sum_1 : forall (K : nat) (P : vec),
  ((1 <= K)%nat) ->
  (distribution K P) ->
  (vsum K P = 1).
Proof. pieces. now apply dist_sum. Qed.

(** ** Laws of unit *)

Lemma law_unit_entry_1 : forall (K : nat) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (e c c = 1).
Proof. pieces. apply e_same. Qed.

Lemma law_unit_entry_2 : forall (K : nat) (a : nat) (b : nat),
  ((1 <= K)%nat) ->
  ((a < K)%nat) ->
  ((b < K)%nat) ->
  (a <> b) ->
  (e a b = 0).
Proof. pieces. apply e_other. auto. Qed.

Lemma law_unit_elementwise_1 : forall (K : nat) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (veq K (vmul (e c) v) (vscale (v c) (e c))).
Proof.
  pieces. intros i lt. unfold vmul, vscale. destruct (Nat.eq_dec i c) as [-> | ne]; [ring | rewrite e_other by
    exact ne; ring].
Qed.

Lemma law_unit_elementwise_2 : forall (K : nat) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (veq K (vmul v (e c)) (vscale (v c) (e c))).
Proof.
  pieces. intros i lt. unfold vmul, vscale. destruct (Nat.eq_dec i c) as [-> | ne]; [ring | rewrite e_other by
    exact ne; ring].
Qed.

(** ** Laws of subset *)

Lemma law_subset_square_1 : forall (K : nat) (t : vec),
  ((1 <= K)%nat) ->
  (subset K t) ->
  (veq K (vmul t t) t).
Proof. pieces. by_entries. nra. Qed.

(** ** Laws of abs *)

Lemma law_abs_subset_1 : forall (K : nat) (u : vec) (v : vec) (t : vec),
  ((1 <= K)%nat) ->
  (subset K t) ->
  (veq K (vabs (vadd u (vmul t v))) (vadd (vabs u) (vmul t (vsub (vabs (vadd u v)) (vabs u))))).
Proof.
  pieces. by_entries. destruct H0 as [-> | ->].
  - replace (u i + 0 * v i) with (u i) by ring. ring.
  - replace (u i + 1 * v i) with (u i + v i) by ring. ring.
Qed.

(** ** Laws of others *)

Lemma law_others_entry_1 : forall (K : nat) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (others v c c = 0).
Proof. pieces. apply others_same. Qed.

Lemma law_others_entry_2 : forall (K : nat) (v : vec) (a : nat) (c : nat),
  ((1 <= K)%nat) ->
  ((a < K)%nat) ->
  ((c < K)%nat) ->
  (a = c) ->
  (others v c a = 0).
Proof. pieces. subst. apply others_same. Qed.

(** ** Laws of exp *)

Lemma law_exp_entry_1 : forall (K : nat) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (vexp v c = exp (v c)).
Proof. law. Qed.

(** ** Laws of log *)

Lemma law_log_entry_1 : forall (K : nat) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (vln v c = ln (v c)).
Proof. law. Qed.

(** ** Laws of sqrt *)

Lemma law_sqrt_entry_1 : forall (K : nat) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (vsqrt v c = sqrt (v c)).
Proof. law. Qed.

(** ** Laws of abs *)

Lemma law_abs_entry_1 : forall (K : nat) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (vabs v c = Rabs (v c)).
Proof. law. Qed.

(** ** Laws of quotient *)

Lemma law_quotient_entry_1 : forall (K : nat) (u : vec) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (vquot u v c = u c / v c).
Proof. law. Qed.

Lemma law_quotient_constant_1 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (veq K (vquot v (vscale x ones)) (vdiv v x)).
Proof. law. Qed.

(** ** Laws of xlogx *)

Lemma law_xlogx_entry_1 : forall (K : nat) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (vxlogx v c = xlogx (v c)).
Proof. law. Qed.

(** ** Laws of xlogy *)

Lemma law_xlogy_entry_1 : forall (K : nat) (u : vec) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (vxlogy u v c = xlogy (u c) (v c)).
Proof. law. Qed.

(** ** Laws of softmax *)

Lemma law_softmax_entry_1 : forall (K : nat) (z : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (softmax K z c = vexp z c / vsum K (vexp z)).
Proof. law. Qed.

(** ** Laws of norm *)

Lemma law_norm_square_1 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (sqnorm K v = dot K v v).
Proof. law. Qed.

Lemma law_norm_square_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vnorm K v ^ 2 = sqnorm K v).
Proof. pieces. apply vnorm_sq. Qed.

Lemma law_norm_root_1 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vnorm K v = sqrt (sqnorm K v)).
Proof. law. Qed.

Lemma law_norm_scale_1 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (sqnorm K (vscale x v) = x ^ 2 * sqnorm K v).
Proof. pieces. apply sqnorm_scale. Qed.

Lemma law_norm_scale_2 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (vnorm K (vscale x v) = Rabs x * vnorm K v).
Proof. pieces. apply vnorm_scale. Qed.

Lemma law_norm_scale_3 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (sqnorm K (vopp v) = sqnorm K v).
Proof. pieces. apply sqnorm_opp. Qed.

Lemma law_norm_scale_4 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vnorm K (vopp v) = vnorm K v).
Proof. pieces. apply vnorm_opp. Qed.

Lemma law_norm_scale_5 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (x <> 0) ->
  (sqnorm K (vdiv v x) = sqnorm K v / x ^ 2).
Proof. pieces. now apply sqnorm_div. Qed.

Lemma law_norm_scale_6 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (x <> 0) ->
  (vnorm K (vdiv v x) = vnorm K v / Rabs x).
Proof.
  pieces. unfold vnorm. rewrite sqnorm_div by assumption. rewrite sqrt_div by (apply sqnorm_nonneg || nra).
  f_equal. replace (x ^ 2) with (x * x) by ring. apply sqrt_square_abs.
Qed.

Lemma law_norm_unit_1 : forall (K : nat) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (vnorm K (e c) = 1).
Proof. pieces. unfold vnorm, sqnorm. rewrite dot_e_l by assumption. rewrite e_same. apply sqrt_1. Qed.

Lemma law_norm_unit_2 : forall (K : nat) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (sqnorm K (e c) = 1).
Proof. pieces. unfold sqnorm. rewrite dot_e_l by assumption. apply e_same. Qed.

Lemma law_norm_zero_1 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (sqnorm K v = 0) ->
  (veq K v zeros).
Proof. pieces. now apply sqnorm_zero. Qed.

Lemma law_norm_zero_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vnorm K v = 0) ->
  (veq K v zeros).
Proof. pieces. apply sqnorm_zero. rewrite <- vnorm_sq. rewrite H0. ring. Qed.

Lemma law_norm_zero_3 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (~ veq K v zeros) ->
  (0 < sqnorm K v).
Proof.
  pieces. destruct (sqnorm_nonneg K v) as [pos | zero]; [exact pos|]. exfalso. apply H0. now apply sqnorm_zero.
Qed.

Lemma law_norm_zero_4 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (~ veq K v zeros) ->
  (0 < vnorm K v).
Proof.
  pieces. apply sqrt_lt_R0. destruct (sqnorm_nonneg K v) as [pos | zero]; [exact pos|]. exfalso. apply H0.
  now apply sqnorm_zero.
Qed.

Lemma law_norm_entry_1 : forall (K : nat) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (v c <= vnorm K v).
Proof. pieces. apply le_vnorm_le. now apply entry_square. Qed.

Lemma law_norm_entry_2 : forall (K : nat) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (Rabs (v c) <= vnorm K v).
Proof. pieces. apply le_vnorm. now apply entry_square. Qed.

Lemma law_norm_entry_3 : forall (K : nat) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (v c ^ 2 <= sqnorm K v).
Proof. pieces. now apply entry_square. Qed.

Lemma law_norm_entry_4 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vmax K (vabs v) <= vnorm K v).
Proof. pieces. apply vmax_lub; [assumption|]. intros i lt. apply le_vnorm. now apply entry_square. Qed.

Lemma law_norm_least_1 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  ((0 <= x) /\ (sqnorm K v <= x ^ 2)) ->
  (vnorm K v <= x).
Proof. pieces. now apply vnorm_le. Qed.

Lemma law_norm_sum_1 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vnorm K v <= vsum K (vabs v)).
Proof.
  pieces. pose proof (sqnorm_le_sum_sq K (vabs v) ltac:(intros i lt; apply Rabs_pos)) as b.
  rewrite sqnorm_vabs in b. apply vnorm_le; [apply rsum_nonneg; intros; apply Rabs_pos | exact b].
Qed.

Lemma law_norm_sum_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vsum K (vabs v) <= sqrt (INR K) * vnorm K v).
Proof. pieces. pose proof (sum_norm K (vabs v)) as b. unfold vnorm in *. rewrite sqnorm_vabs in b. exact b. Qed.

Lemma law_norm_sum_3 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vsum K v ^ 2 <= INR K * sqnorm K v).
Proof. pieces. apply sum_squared. Qed.

Lemma law_norm_sum_4 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vsum K v <= sqrt (INR K) * vnorm K v).
Proof. pieces. apply sum_norm. Qed.

Lemma law_norm_triangle_1 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (vnorm K (vadd u v) <= vnorm K u + vnorm K v).
Proof. pieces. apply vnorm_add. Qed.

Lemma law_norm_triangle_2 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (vnorm K (vsub u v) <= vnorm K u + vnorm K v).
Proof. pieces. apply vnorm_sub. Qed.

Lemma law_norm_triangle_3 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (vnorm K u - vnorm K v <= vnorm K (vsub u v)).
Proof.
  pieces. pose proof (vnorm_add K (vsub u v) v) as b.
  rewrite (vnorm_ext_eq K (vadd (vsub u v) v) u) in b by (intros i lt; unfold vadd, vsub; ring). lra.
Qed.

(** ** Laws of abs *)

Lemma law_abs_sign_1 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (0 <= x) ->
  (Rabs x = x).
Proof. law. Qed.

Lemma law_abs_sign_2 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (x <= 0) ->
  (Rabs x = - x).
Proof. pieces. now apply Rabs_left1. Qed.

Lemma law_abs_sign_3 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vle K zeros v) ->
  (veq K (vabs v) v).
Proof. law. Qed.

Lemma law_abs_negative_1 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (Rabs (- x) = Rabs x).
Proof. law. Qed.

Lemma law_abs_negative_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (veq K (vabs (vopp v)) (vabs v)).
Proof. law. Qed.

Lemma law_abs_negative_3 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  (Rabs (x - y) = Rabs (y - x)).
Proof. pieces. apply Rabs_minus_sym. Qed.

Lemma law_abs_square_1 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (Rabs x ^ 2 = x ^ 2).
Proof. pieces. apply pow2_abs. Qed.

Lemma law_abs_square_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (veq K (vmul (vabs v) (vabs v)) (vmul v v)).
Proof. pieces. by_entries. rewrite <- Rabs_mult. apply Rabs_pos_eq. nra. Qed.

Lemma law_abs_square_3 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (sqnorm K (vabs v) = sqnorm K v).
Proof. pieces. apply sqnorm_vabs. Qed.

Lemma law_abs_product_1 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  (Rabs (x * y) = Rabs x * Rabs y).
Proof. law. Qed.

Lemma law_abs_product_2 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (veq K (vabs (vmul u v)) (vmul (vabs u) (vabs v))).
Proof. law. Qed.

Lemma law_abs_product_3 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (veq K (vabs (vscale x v)) (vscale (Rabs x) (vabs v))).
Proof. law. Qed.

Lemma law_abs_quotient_1 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  (y <> 0) ->
  (Rabs (x / y) = Rabs x / Rabs y).
Proof. law. Qed.

Lemma law_abs_quotient_2 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (x <> 0) ->
  (veq K (vabs (vdiv v x)) (vdiv (vabs v) (Rabs x))).
Proof. law. Qed.

Lemma law_abs_quotient_3 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (vlt K zeros v) ->
  (veq K (vabs (vquot u v)) (vquot (vabs u) v)).
Proof. pieces. by_entries. rewrite Rabs_div by lra. now rewrite (Rabs_pos_eq (v i)) by lra. Qed.

Lemma law_abs_others_1 : forall (K : nat) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (veq K (vabs v) (vadd (vscale (Rabs (v c)) (e c)) (vabs (others v c)))).
Proof.
  pieces. intros i lt. unfold vadd, vscale, vabs. destruct (Nat.eq_dec i c) as [-> | ne].
  - rewrite others_same, e_same, Rabs_R0. ring.
  - rewrite others_other, e_other by exact ne. ring.
Qed.

Lemma law_abs_bound_1 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (x <= Rabs x).
Proof. law. Qed.

Lemma law_abs_bound_2 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (- x <= Rabs x).
Proof. pieces. rewrite <- Rabs_Ropp. apply Rle_abs. Qed.

Lemma law_abs_bound_3 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (- Rabs x <= x).
Proof. pieces. pose proof (Rle_abs (- x)) as b. rewrite Rabs_Ropp in b. lra. Qed.

Lemma law_abs_bound_4 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vle K v (vabs v)).
Proof. law. Qed.

Lemma law_abs_bound_5 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vle K (vopp v) (vabs v)).
Proof. pieces. by_entries. rewrite <- Rabs_Ropp. apply Rle_abs. Qed.

Lemma law_abs_bound_6 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vle K (vopp (vabs v)) v).
Proof. pieces. by_entries. pose proof (Rle_abs (- v i)) as b. rewrite Rabs_Ropp in b. lra. Qed.

Lemma law_abs_least_1 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  ((x <= y) /\ (- x <= y)) ->
  (Rabs x <= y).
Proof. pieces. apply Rabs_le. lra. Qed.

Lemma law_abs_least_2 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  ((vle K u v) /\ (vle K (vopp u) v)) ->
  (vle K (vabs u) v).
Proof. pieces. by_entries. apply Rabs_le. lra. Qed.

Lemma law_abs_triangle_1 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  (Rabs (x + y) <= Rabs x + Rabs y).
Proof. law. Qed.

Lemma law_abs_triangle_2 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  (Rabs (x - y) <= Rabs x + Rabs y).
Proof. pieces. rewrite <- (Rabs_Ropp y). apply Rabs_triang. Qed.

Lemma law_abs_triangle_3 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  (Rabs x - Rabs y <= Rabs (x - y)).
Proof. pieces. apply Rabs_triang_inv. Qed.

Lemma law_abs_triangle_4 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  (Rabs (Rabs x - Rabs y) <= Rabs (x - y)).
Proof. pieces. apply Rabs_triang_inv2. Qed.

Lemma law_abs_triangle_5 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (vle K (vabs (vadd u v)) (vadd (vabs u) (vabs v))).
Proof. law. Qed.

Lemma law_abs_triangle_6 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (vle K (vabs (vsub u v)) (vadd (vabs u) (vabs v))).
Proof. pieces. by_entries. rewrite <- (Rabs_Ropp (v i)). apply Rabs_triang. Qed.

(** ** Laws of exp *)

Lemma law_exp_zero_1 : forall (K : nat),
  ((1 <= K)%nat) ->
  (exp 0 = 1).
Proof. pieces. apply exp_0. Qed.

Lemma law_exp_zero_2 : forall (K : nat),
  ((1 <= K)%nat) ->
  (veq K (vexp zeros) ones).
Proof. pieces. by_entries. apply exp_0. Qed.

Lemma law_exp_sum_1 : forall (K : nat) (v : vec) (z : vec),
  ((1 <= K)%nat) ->
  (veq K (vexp (vadd z v)) (vmul (vexp z) (vexp v))).
Proof. law. Qed.

Lemma law_exp_sum_2 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  (exp (x + y) = exp x * exp y).
Proof. law. Qed.

Lemma law_exp_difference_1 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  (exp (x - y) = exp x / exp y).
Proof. law. Qed.

Lemma law_exp_difference_2 : forall (K : nat) (v : vec) (z : vec),
  ((1 <= K)%nat) ->
  (veq K (vexp (vsub z v)) (vquot (vexp z) (vexp v))).
Proof. law. Qed.

Lemma law_exp_negative_1 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (exp (- x) = 1 / exp x).
Proof. law. Qed.

Lemma law_exp_negative_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (veq K (vmul (vexp v) (vexp (vopp v))) ones).
Proof. pieces. by_entries. rewrite <- exp_plus, Rplus_opp_r. apply exp_0. Qed.

Lemma law_exp_negative_3 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (veq K (vexp (vopp v)) (vquot ones (vexp v))).
Proof. law. Qed.

Lemma law_exp_double_1 : forall (K : nat) (z : vec),
  ((1 <= K)%nat) ->
  (veq K (vexp (vscale 2 z)) (vmul (vexp z) (vexp z))).
Proof. law. Qed.

Lemma law_exp_double_2 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (exp (2 * x) = exp x ^ 2).
Proof. pieces. rewrite exp_two. ring. Qed.

Lemma law_exp_multiple_1 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (exp (3 * x) = exp x ^ 3).
Proof. pieces. rewrite exp_three. ring. Qed.

Lemma law_exp_multiple_2 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (exp (4 * x) = exp x ^ 4).
Proof. pieces. replace (4 * x) with (2 * (2 * x)) by ring. rewrite !exp_two. ring. Qed.

Lemma law_exp_multiple_3 : forall (K : nat) (z : vec),
  ((1 <= K)%nat) ->
  (veq K (vexp (vscale 3 z)) (vmul (vmul (vexp z) (vexp z)) (vexp z))).
Proof. law. Qed.

Lemma law_exp_multiple_4 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (exp (x / 2) ^ 2 = exp x).
Proof. pieces. rewrite <- (exp_half x). ring. Qed.

Lemma law_exp_multiple_5 : forall (K : nat) (z : vec),
  ((1 <= K)%nat) ->
  (veq K (vmul (vexp (vdiv z 2)) (vexp (vdiv z 2))) (vexp z)).
Proof. law. Qed.

Lemma law_exp_shift_1 : forall (K : nat) (x : R) (z : vec),
  ((1 <= K)%nat) ->
  (veq K (vexp (vadd z (vscale x ones))) (vscale (exp x) (vexp z))).
Proof. pieces. by_entries. rewrite Rmult_1_r, exp_plus. ring. Qed.

Lemma law_exp_shift_2 : forall (K : nat) (x : R) (z : vec),
  ((1 <= K)%nat) ->
  (veq K (vexp (vsub z (vscale x ones))) (vdiv (vexp z) (exp x))).
Proof. law. Qed.

Lemma law_exp_constant_1 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (veq K (vexp (vscale x ones)) (vscale (exp x) ones)).
Proof. law. Qed.

Lemma law_exp_unit_1 : forall (K : nat) (x : R) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (veq K (vexp (vscale x (e c))) (vadd ones (vscale (exp x - 1) (e c)))).
Proof.
  pieces. intros i lt. unfold vexp, vscale, vadd, ones. destruct (Nat.eq_dec i c) as [-> | ne].
  - rewrite e_same, !Rmult_1_r. ring.
  - rewrite e_other, !Rmult_0_r by exact ne. rewrite exp_0. ring.
Qed.

Lemma law_exp_tangent_1 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (1 + x <= exp x).
Proof. law. Qed.

Lemma law_exp_tangent_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vle K (vadd ones v) (vexp v)).
Proof. law. Qed.

Lemma law_exp_tangent_3 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (x <> 0) ->
  (1 + x < exp x).
Proof. pieces. now apply exp_ineq1. Qed.

Lemma law_exp_quadratic_1 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (0 <= x) ->
  (1 + x + x ^ 2 / 2 <= exp x).
Proof. pieces. destruct (exp_taylor x) as [c [nonneg E]]. nra. Qed.

Lemma law_exp_quadratic_2 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (x <= 0) ->
  (exp x <= 1 + x + x ^ 2 / 2).
Proof. pieces. destruct (exp_taylor x) as [c [nonneg E]]. nra. Qed.

Lemma law_exp_quadratic_3 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vle K zeros v) ->
  (vle K (vadd (vadd ones v) (vdiv (vmul v v) 2)) (vexp v)).
Proof. pieces. by_entries. destruct (exp_taylor (v i)) as [c [nonneg E]]. nra. Qed.

Lemma law_exp_quadratic_4 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vle K v zeros) ->
  (vle K (vexp v) (vadd (vadd ones v) (vdiv (vmul v v) 2))).
Proof. pieces. by_entries. destruct (exp_taylor (v i)) as [c [nonneg E]]. nra. Qed.

Lemma law_exp_log_1 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (0 < x) ->
  (exp (ln x) = x).
Proof. law. Qed.

Lemma law_exp_log_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vlt K zeros v) ->
  (veq K (vexp (vln v)) v).
Proof. law. Qed.

(** ** Laws of log *)

Lemma law_log_exp_1 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (ln (exp x) = x).
Proof. law. Qed.

Lemma law_log_exp_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (veq K (vln (vexp v)) v).
Proof. law. Qed.

Lemma law_log_one_1 : forall (K : nat),
  ((1 <= K)%nat) ->
  (ln 1 = 0).
Proof. pieces. apply ln_1. Qed.

Lemma law_log_one_2 : forall (K : nat),
  ((1 <= K)%nat) ->
  (veq K (vln ones) zeros).
Proof. pieces. by_entries. apply ln_1. Qed.

Lemma law_log_product_1 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  ((0 < x) /\ (0 < y)) ->
  (ln (x * y) = ln x + ln y).
Proof. law. Qed.

Lemma law_log_product_2 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  ((0 < x) /\ (vlt K zeros v)) ->
  (veq K (vln (vscale x v)) (vadd (vscale (ln x) ones) (vln v))).
Proof. law. Qed.

Lemma law_log_product_3 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  ((vlt K zeros u) /\ (vlt K zeros v)) ->
  (veq K (vln (vmul u v)) (vadd (vln u) (vln v))).
Proof. law. Qed.

Lemma law_log_quotient_1 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  ((0 < x) /\ (0 < y)) ->
  (ln (x / y) = ln x - ln y).
Proof. law. Qed.

Lemma law_log_quotient_2 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  ((vlt K zeros v) /\ (0 < x)) ->
  (veq K (vln (vdiv v x)) (vsub (vln v) (vscale (ln x) ones))).
Proof. law. Qed.

Lemma law_log_quotient_3 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (0 < x) ->
  (ln (1 / x) = - ln x).
Proof. pieces. unfold Rdiv. rewrite Rmult_1_l. now apply ln_Rinv. Qed.

Lemma law_log_quotient_4 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  ((vlt K zeros u) /\ (vlt K zeros v)) ->
  (veq K (vln (vquot u v)) (vsub (vln u) (vln v))).
Proof. law. Qed.

Lemma law_log_power_1 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (0 < x) ->
  (ln (x ^ 2) = 2 * ln x).
Proof. pieces. replace (x ^ 2) with (x * x) by ring. rewrite ln_mult by assumption. ring. Qed.

Lemma law_log_power_2 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (x <> 0) ->
  (ln (x ^ 2) = 2 * ln (Rabs x)).
Proof.
  pieces. rewrite <- pow2_abs. replace (Rabs x ^ 2) with (Rabs x * Rabs x) by ring. rewrite ln_mult by now apply
    Rabs_pos_lt. ring.
Qed.

Lemma law_log_power_3 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (0 < x) ->
  (ln (x ^ 3) = 3 * ln x).
Proof.
  pieces. replace (x ^ 3) with (x * (x * x)) by ring. rewrite !ln_mult by (assumption || now apply Rmult_lt_0_compat).
  ring.
Qed.

Lemma law_log_power_4 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vlt K zeros v) ->
  (veq K (vln (vmul v v)) (vscale 2 (vln v))).
Proof. law. Qed.

Lemma law_log_power_5 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (0 < x) ->
  (ln (sqrt x) = ln x / 2).
Proof. law. Qed.

Lemma law_log_power_6 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vlt K zeros v) ->
  (veq K (vln (vsqrt v)) (vdiv (vln v) 2)).
Proof. law. Qed.

Lemma law_log_tangent_1 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (0 < x) ->
  (ln x <= x - 1).
Proof. law. Qed.

Lemma law_log_tangent_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vlt K zeros v) ->
  (vle K (vln v) (vsub v ones)).
Proof. law. Qed.

Lemma law_log_tangent_3 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (0 < x) ->
  (1 - 1 / x <= ln x).
Proof. pieces. now apply ln_ge_inverse. Qed.

Lemma law_log_tangent_4 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  ((0 < x) /\ (x <> 1)) ->
  (ln x < x - 1).
Proof.
  pieces. destruct (ln_le_pred x ltac:(assumption)) as [lt | E]; [exact lt|]. exfalso. auto using ln_eq_pred.
Qed.

Lemma law_log_quadratic_1 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (0 <= x) ->
  (x - x ^ 2 / 2 <= ln (1 + x)).
Proof. pieces. destruct (ln_taylor x ltac:(lra)) as [c [nonneg E]]. nra. Qed.

Lemma law_log_quadratic_2 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  ((- 1 < x) /\ (x <= 0)) ->
  (ln (1 + x) <= x - x ^ 2 / 2).
Proof. pieces. destruct (ln_taylor x ltac:(lra)) as [c [nonneg E]]. nra. Qed.

(** ** Laws of sqrt *)

Lemma law_sqrt_square_1 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (sqrt (x ^ 2) = Rabs x).
Proof. pieces. replace (x ^ 2) with (x * x) by ring. apply sqrt_square_abs. Qed.

Lemma law_sqrt_square_2 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (0 <= x) ->
  (sqrt x ^ 2 = x).
Proof. pieces. replace (sqrt x ^ 2) with (sqrt x * sqrt x) by ring. now apply sqrt_sqrt. Qed.

Lemma law_sqrt_square_3 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (veq K (vsqrt (vmul v v)) (vabs v)).
Proof. law. Qed.

Lemma law_sqrt_square_4 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vle K zeros v) ->
  (veq K (vmul (vsqrt v) (vsqrt v)) v).
Proof. law. Qed.

Lemma law_sqrt_product_1 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  ((0 <= x) /\ (0 <= y)) ->
  (sqrt (x * y) = sqrt x * sqrt y).
Proof. pieces. now apply sqrt_mult. Qed.

Lemma law_sqrt_quotient_1 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  ((0 <= x) /\ (0 < y)) ->
  (sqrt (x / y) = sqrt x / sqrt y).
Proof. pieces. now apply sqrt_div. Qed.

(** ** Laws of lse *)

Lemma law_lse_exp_1 : forall (K : nat) (z : vec),
  ((1 <= K)%nat) ->
  (exp (lse K z) = vsum K (vexp z)).
Proof. pieces. apply exp_ln. now apply sumexp_positive. Qed.

Lemma law_lse_shift_1 : forall (K : nat) (x : R) (z : vec),
  ((1 <= K)%nat) ->
  (lse K (vadd z (vscale x ones)) = lse K z + x).
Proof.
  pieces. unfold lse. pose proof (sumexp_positive K z H).
  assert (rsum K (vexp (vadd z (vscale x ones))) = exp x * rsum K (vexp z)) as ->.
  { rewrite <- rsum_scal. apply rsum_ext. by_entries. rewrite Rmult_1_r. unfold Rminus. rewrite exp_plus. ring. }
  rewrite ln_mult, ln_exp by (assumption || apply exp_pos). ring.
Qed.

Lemma law_lse_shift_2 : forall (K : nat) (x : R) (z : vec),
  ((1 <= K)%nat) ->
  (lse K (vsub z (vscale x ones)) = lse K z - x).
Proof.
  pieces. unfold lse. pose proof (sumexp_positive K z H).
  assert (rsum K (vexp (vsub z (vscale x ones))) = exp (- x) * rsum K (vexp z)) as ->.
  { rewrite <- rsum_scal. apply rsum_ext. by_entries. rewrite Rmult_1_r. unfold Rminus. rewrite exp_plus. ring. }
  rewrite ln_mult, ln_exp by (assumption || apply exp_pos). ring.
Qed.

(** ** Laws of softmax *)

Lemma law_softmax_lse_1 : forall (K : nat) (z : vec),
  ((1 <= K)%nat) ->
  (veq K (softmax K z) (vexp (vsub z (vscale (lse K z) ones)))).
Proof.
  pieces. intros i lt. pose proof (sumexp_positive K z H). unfold softmax, vexp, vsub, vscale, ones, lse.
  rewrite Rmult_1_r, exp_minus_div, exp_ln by assumption. reflexivity.
Qed.

Lemma law_softmax_lse_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (veq K (vln (softmax K v)) (vsub v (vscale (lse K v) ones))).
Proof.
  pieces. intros i lt. pose proof (sumexp_positive K v H). unfold softmax, vln, vsub, vscale, ones, lse.
  rewrite ln_div, ln_exp by (assumption || apply exp_pos). ring.
Qed.

(** ** Laws of xlogx *)

Lemma law_xlogx_idempotent_1 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (veq K (vmul v v) v) ->
  (veq K (vxlogx v) zeros).
Proof.
  pieces. by_entries. assert (v i = 0 \/ v i = 1) as [-> | ->]; [|ring|rewrite ln_1; ring].
  destruct (Req_dec (v i) 0) as [zero | ne]; [now left | right]. apply Rmult_eq_reg_l with (v i); lra.
Qed.

Lemma law_xlogx_idempotent_2 : forall (K : nat),
  ((1 <= K)%nat) ->
  (xlogx 0 = 0).
Proof. pieces. unfold xlogx. ring. Qed.

Lemma law_xlogx_idempotent_3 : forall (K : nat),
  ((1 <= K)%nat) ->
  (xlogx 1 = 0).
Proof. pieces. unfold xlogx. rewrite ln_1. ring. Qed.

Lemma law_xlogx_log_1 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (0 <= x) ->
  (xlogx x = x * ln x).
Proof. law. Qed.

Lemma law_xlogx_log_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vle K zeros v) ->
  (veq K (vxlogx v) (vmul v (vln v))).
Proof. law. Qed.

(** ** Laws of xlogy *)

Lemma law_xlogy_log_1 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  (0 < y) ->
  (xlogy x y = x * ln y).
Proof. law. Qed.

Lemma law_xlogy_log_2 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (vlt K zeros v) ->
  (veq K (vxlogy u v) (vmul u (vln v))).
Proof. law. Qed.

Lemma law_xlogy_zero_1 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (0 <= x) ->
  (xlogy 0 x = 0).
Proof. pieces. unfold xlogy. ring. Qed.

Lemma law_xlogy_zero_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vle K zeros v) ->
  (veq K (vxlogy zeros v) zeros).
Proof. law. Qed.

Lemma law_xlogy_same_1 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (0 <= x) ->
  (xlogy x x = xlogx x).
Proof. law. Qed.

Lemma law_xlogy_same_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vle K zeros v) ->
  (veq K (vxlogy v v) (vxlogx v)).
Proof. law. Qed.

(** ** Laws of xlogx *)

Lemma law_xlogx_quotient_1 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  ((0 < x) /\ (vle K zeros v)) ->
  (veq K (vxlogx (vdiv v x)) (vdiv (vsub (vxlogx v) (vscale (ln x) v)) x)).
Proof.
  pieces. by_entries. destruct H1 as [pos | <-]; [|unfold Rdiv; ring].
  rewrite ln_div by assumption. field. lra.
Qed.

Lemma law_xlogx_quotient_2 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  ((vle K zeros u) /\ (vlt K zeros v)) ->
  (veq K (vmul v (vxlogx (vquot u v))) (vsub (vxlogx u) (vxlogy u v))).
Proof.
  pieces. by_entries. destruct H0 as [pos | <-]; [|unfold Rdiv; ring].
  rewrite ln_div by assumption. field. lra.
Qed.

Lemma law_xlogx_product_1 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  ((0 < x) /\ (vle K zeros v)) ->
  (veq K (vxlogx (vscale x v)) (vadd (vscale x (vxlogx v)) (vscale (xlogx x) v))).
Proof. pieces. by_entries. destruct H1 as [pos | <-]; [rewrite ln_mult by assumption; ring | ring]. Qed.

Lemma law_xlogx_product_2 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  ((vle K zeros u) /\ (vle K zeros v)) ->
  (veq K (vxlogx (vmul u v)) (vadd (vmul u (vxlogx v)) (vmul v (vxlogx u)))).
Proof.
  pieces. by_entries. destruct H0 as [u_pos | <-]; [|ring]. destruct H1 as [v_pos | <-]; [|ring].
  rewrite ln_mult by assumption. ring.
Qed.

(** ** Laws of xlogy *)

Lemma law_xlogy_product_1 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  ((vle K zeros u) /\ (vlt K zeros v)) ->
  (veq K (vxlogy u (vmul u v)) (vadd (vxlogx u) (vmul u (vln v)))).
Proof. pieces. by_entries. destruct H0 as [pos | <-]; [rewrite ln_mult by assumption; ring | ring]. Qed.

Lemma law_xlogy_product_2 : forall (K : nat) (x : R) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  ((0 < x) /\ (vlt K zeros v)) ->
  (veq K (vxlogy u (vscale x v)) (vadd (vscale (ln x) u) (vxlogy u v))).
Proof. law. Qed.

Lemma law_xlogy_product_3 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  ((0 < x) /\ (vle K zeros v)) ->
  (veq K (vxlogy v (vscale x v)) (vadd (vscale (ln x) v) (vxlogx v))).
Proof. pieces. by_entries. destruct H1 as [pos | <-]; [rewrite ln_mult by assumption; ring | ring]. Qed.

Lemma law_xlogy_product_4 : forall (K : nat) (u : vec) (v : vec) (w : vec),
  ((1 <= K)%nat) ->
  ((vlt K zeros v) /\ (vlt K zeros w)) ->
  (veq K (vxlogy u (vmul v w)) (vadd (vxlogy u v) (vxlogy u w))).
Proof. law. Qed.

Lemma law_xlogy_product_5 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (vle K zeros v) ->
  (veq K (vxlogy (vmul u v) v) (vmul u (vxlogx v))).
Proof. law. Qed.

Lemma law_xlogy_product_6 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (vle K zeros v) ->
  (veq K (vxlogy (vscale x v) v) (vscale x (vxlogx v))).
Proof. pieces. by_entries. ring. Qed.

Lemma law_xlogy_product_7 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  ((vle K zeros v) /\ (x <> 0)) ->
  (veq K (vxlogy (vdiv v x) v) (vdiv (vxlogx v) x)).
Proof. pieces. by_entries. field. assumption. Qed.

Lemma law_xlogy_product_8 : forall (K : nat) (x : R) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  ((vle K zeros v) /\ (x <> 0)) ->
  (veq K (vxlogy (vdiv (vmul u v) x) v) (vdiv (vmul u (vxlogx v)) x)).
Proof. pieces. by_entries. field. assumption. Qed.

(** ** Laws of xlogx *)

Lemma law_xlogx_elementwise_1 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  ((vle K zeros u) /\ (vlt K zeros v)) ->
  (veq K (vxlogx (vquot u v)) (vquot (vsub (vxlogx u) (vmul u (vln v))) v)).
Proof.
  pieces. by_entries. destruct H0 as [pos | <-]; [|unfold Rdiv; ring].
  rewrite ln_div by assumption. field. lra.
Qed.

Lemma law_xlogx_elementwise_2 : forall (K : nat) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (veq K (vxlogx (others v c)) (others (vxlogx v) c)).
Proof.
  pieces. intros i lt. unfold vxlogx. destruct (Nat.eq_dec i c) as [-> | ne].
  - rewrite !others_same. unfold xlogx. ring.
  - rewrite !others_other by exact ne. reflexivity.
Qed.

Lemma law_xlogx_subset_1 : forall (K : nat) (t : vec),
  ((1 <= K)%nat) ->
  (subset K t) ->
  (veq K (vxlogx t) zeros).
Proof. pieces. by_entries. destruct H0 as [-> | ->]; [ring | rewrite ln_1; ring]. Qed.

Lemma law_xlogx_subset_2 : forall (K : nat) (v : vec) (t : vec),
  ((1 <= K)%nat) ->
  (subset K t) ->
  (veq K (vxlogx (vmul t v)) (vmul t (vxlogx v))).
Proof. pieces. by_entries. destruct H0 as [-> | ->]; [ring|]. rewrite !Rmult_1_l. reflexivity. Qed.

Lemma law_xlogx_subset_3 : forall (K : nat) (u : vec) (v : vec) (t : vec),
  ((1 <= K)%nat) ->
  (subset K t) ->
  (vle K zeros v) ->
  (veq K (vxlogy (vmul t u) v) (vmul t (vxlogy u v))).
Proof. law. Qed.

Lemma law_xlogx_tangent_1 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vle K zeros v) ->
  (vle K (vxlogx v) (vsub (vmul v v) v)).
Proof. pieces. by_entries. destruct H0 as [pos | <-]; [|lra]. pose proof (ln_le_pred (v i) pos). nra. Qed.

Lemma law_xlogx_tangent_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vle K zeros v) ->
  (vle K (vsub v ones) (vxlogx v)).
Proof. pieces. by_entries. pose proof (ln_gap (v i) 1 H0 Rlt_0_1) as b. rewrite ln_1 in b. lra. Qed.

Lemma law_xlogx_touch_1 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  ((vle K zeros v) /\ (veq K (vxlogx v) (vsub (vmul v v) v))) ->
  (veq K (vmul v v) v).
Proof.
  pieces. by_entries. destruct H0 as [pos | <-]; [|ring].
  assert (ln (v i) = v i - 1) as E by (apply Rmult_eq_reg_l with (v i); lra). apply ln_eq_pred in E; [|exact pos].
    rewrite E. ring.
Qed.

(** ** Laws of expect *)

Lemma law_expect_constant_1 : forall (K : nat) (u : vec),
  ((1 <= K)%nat) ->
  (expect K u (fun i => 1) = vsum K u).
Proof. pieces. apply rsum_ext. intros. ring. Qed.

Lemma law_expect_entry_1 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (expect K u (fun i => v i) = dot K u v).
Proof. law. Qed.

Lemma law_expect_entry_2 : forall (K : nat) (u : vec),
  ((1 <= K)%nat) ->
  (veq K (vexpect K u (fun i => e i)) u).
Proof.
  pieces. intros i lt. unfold vexpect, expect. rewrite <- (dot_e_l K i u lt). apply rsum_ext.
  intros a la. unfold e. rewrite (Nat.eqb_sym a i). ring.
Qed.

Lemma law_expect_entry_3 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (veq K (vexpect K u (fun i => vscale (v i) (e i))) (vmul u v)).
Proof.
  pieces. intros i lt. unfold vexpect, expect. rewrite <- (dot_e_l K i (vmul u v) lt). apply rsum_ext.
  intros a la. unfold vscale, vmul, e. rewrite (Nat.eqb_sym a i). ring.
Qed.

(** ** Laws of order *)

Lemma law_order_antisymmetric_1 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  ((x <= y) /\ (y <= x)) ->
  (x = y).
Proof. pieces. lra. Qed.

Lemma law_order_square_1 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  ((0 <= y) /\ (x ^ 2 <= y ^ 2)) ->
  (x <= y).
Proof. law. Qed.

Lemma law_order_square_2 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  ((0 <= y) /\ (x ^ 2 < y ^ 2)) ->
  (x < y).
Proof. pieces. nra. Qed.

Lemma law_order_square_3 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  ((0 <= x) /\ (0 <= y) /\ (x ^ 2 = y ^ 2)) ->
  (x = y).
Proof. pieces. nra. Qed.

Lemma law_order_square_4 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (x ^ 2 = 0) ->
  (x = 0).
Proof. pieces. nra. Qed.

Lemma law_order_root_1 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  (x ^ 2 <= y) ->
  (x <= sqrt y).
Proof. pieces. apply Rle_trans with (1 := Rle_abs x). rewrite <- sqrt_square_abs. apply sqrt_le_1_alt. lra. Qed.

Lemma law_order_root_2 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  ((0 <= x) /\ (0 <= y) /\ (x <= y ^ 2)) ->
  (sqrt x <= y).
Proof. pieces. rewrite <- (sqrt_pow2 y) by assumption. now apply sqrt_le_1_alt. Qed.

Lemma law_order_divide_1 : forall (K : nat) (x : R) (y : R) (k : R),
  ((1 <= K)%nat) ->
  ((0 < y) /\ (x * y <= k)) ->
  (x <= k / y).
Proof.
  pieces. apply Rmult_le_reg_r with y; [assumption|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.

Lemma law_order_divide_2 : forall (K : nat) (x : R) (y : R) (k : R),
  ((1 <= K)%nat) ->
  ((0 < y) /\ (k <= x * y)) ->
  (k / y <= x).
Proof.
  pieces. apply Rmult_le_reg_r with y; [assumption|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.

Lemma law_order_divide_3 : forall (K : nat) (x : R) (y : R) (k : R),
  ((1 <= K)%nat) ->
  ((0 < y) /\ (x * y <= k * y)) ->
  (x <= k).
Proof. pieces. now apply Rmult_le_reg_r with y. Qed.

Lemma law_order_exp_1 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  (ln x <= y) ->
  (x <= exp y).
Proof.
  pieces. destruct (Rlt_le_dec 0 x) as [pos | neg]; [|pose proof (exp_pos y); lra].
  rewrite <- (exp_ln x) by exact pos. now apply exp_increasing_le.
Qed.

Lemma law_order_exp_2 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  ((0 < x) /\ (y <= ln x)) ->
  (exp y <= x).
Proof. pieces. rewrite <- (exp_ln x) by assumption. now apply exp_increasing_le. Qed.

Lemma law_order_log_1 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  ((0 < x) /\ (x <= exp y)) ->
  (ln x <= y).
Proof. pieces. rewrite <- (ln_exp y). now apply ln_increasing_le. Qed.

Lemma law_order_log_2 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  (exp x <= y) ->
  (x <= ln y).
Proof. pieces. rewrite <- (ln_exp x). apply ln_increasing_le; [apply exp_pos | assumption]. Qed.

(** ** Laws of product *)

Lemma law_product_bound_1 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  (x * y <= (x ^ 2 + y ^ 2) / 2).
Proof. pieces. pose proof (pow2_ge_0 (x - y)). lra. Qed.

Lemma law_product_bound_2 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  (4 * x * y <= (x + y) ^ 2).
Proof. pieces. pose proof (pow2_ge_0 (x - y)). lra. Qed.

Lemma law_product_bound_3 : forall (K : nat) (x : R) (y : R),
  ((1 <= K)%nat) ->
  ((0 <= x) /\ (0 <= y)) ->
  (sqrt (x * y) <= (x + y) / 2).
Proof.
  pieces. rewrite <- (sqrt_pow2 ((x + y) / 2)) by lra. apply sqrt_le_1_alt. pose proof (pow2_ge_0 (x - y)). lra.
Qed.

Lemma law_product_bound_4 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (dot K u v <= (sqnorm K u + sqnorm K v) / 2).
Proof. pieces. pose proof (sqnorm_nonneg K (vsub u v)) as b. rewrite sqnorm_sub in b. lra. Qed.

Lemma law_product_bound_5 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (vle K (vmul u v) (vdiv (vadd (vmul u u) (vmul v v)) 2)).
Proof. pieces. by_entries. pose proof (pow2_ge_0 (u i - v i)). lra. Qed.

(** ** Laws of max *)

Lemma law_max_bound_1 : forall (K : nat) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (v c <= vmax K v).
Proof. pieces. now apply vmax_ub. Qed.

Lemma law_max_bound_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vle K v (vscale (vmax K v) ones)).
Proof. pieces. by_entries. rewrite Rmult_1_r. now apply vmax_ub. Qed.

(** ** Laws of min *)

Lemma law_min_bound_1 : forall (K : nat) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (vmin K v <= v c).
Proof. pieces. now apply vmin_lb. Qed.

Lemma law_min_bound_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vle K (vscale (vmin K v) ones) v).
Proof. pieces. by_entries. rewrite Rmult_1_r. now apply vmin_lb. Qed.

Lemma law_min_bound_3 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vmin K v <= vmax K v).
Proof. pieces. apply Rle_trans with (v 0%nat); [apply vmin_lb | apply vmax_ub]; lia. Qed.

(** ** Laws of max *)

Lemma law_max_least_1 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (vle K v (vscale x ones)) ->
  (vmax K v <= x).
Proof.
  pieces. apply vmax_lub; [assumption|]. intros i lt. specialize (H0 i lt). unfold vscale, ones in H0. lra.
Qed.

(** ** Laws of min *)

Lemma law_min_greatest_1 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (vle K (vscale x ones) v) ->
  (x <= vmin K v).
Proof.
  pieces. apply vmin_glb; [assumption|]. intros i lt. specialize (H0 i lt). unfold vscale, ones in H0. lra.
Qed.

(** ** Laws of max *)

Lemma law_max_scale_1 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (0 <= x) ->
  (vmax K (vscale x v) = x * vmax K v).
Proof. pieces. exact (vmax_map K v (fun y => x * y) ltac:(assumption) ltac:(intros; nra)). Qed.

Lemma law_max_scale_2 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (0 <= x) ->
  (vmin K (vscale x v) = x * vmin K v).
Proof. pieces. exact (vmin_map K v (fun y => x * y) ltac:(assumption) ltac:(intros; nra)). Qed.

Lemma law_max_scale_3 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (x <= 0) ->
  (vmax K (vscale x v) = x * vmin K v).
Proof. pieces. exact (vmax_map_falling K v (fun y => x * y) ltac:(assumption) ltac:(intros; nra)). Qed.

Lemma law_max_scale_4 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (x <= 0) ->
  (vmin K (vscale x v) = x * vmax K v).
Proof. pieces. exact (vmin_map_falling K v (fun y => x * y) ltac:(assumption) ltac:(intros; nra)). Qed.

Lemma law_max_scale_5 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (0 < x) ->
  (vmax K (vdiv v x) = vmax K v / x).
Proof.
  pieces. exact (vmax_map K v (fun y => y / x) ltac:(assumption) ltac:(intros; apply Rmult_le_compat_r; [now apply
    Rlt_le, Rinv_0_lt_compat | assumption])).
Qed.

Lemma law_max_scale_6 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (0 < x) ->
  (vmin K (vdiv v x) = vmin K v / x).
Proof.
  pieces. exact (vmin_map K v (fun y => y / x) ltac:(assumption) ltac:(intros; apply Rmult_le_compat_r; [now apply
    Rlt_le, Rinv_0_lt_compat | assumption])).
Qed.

Lemma law_max_scale_7 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vmax K (vopp v) = - vmin K v).
Proof. pieces. exact (vmax_map_falling K v (fun y => - y) ltac:(assumption) ltac:(intros; lra)). Qed.

Lemma law_max_scale_8 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vmin K (vopp v) = - vmax K v).
Proof. pieces. exact (vmin_map_falling K v (fun y => - y) ltac:(assumption) ltac:(intros; lra)). Qed.

Lemma law_max_shift_1 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (vmax K (vscale x ones) = x).
Proof.
  pieces. apply (vmax_intro K (vscale x ones) 0%nat); [lia | unfold vscale, ones; ring | intros; unfold vscale,
    ones; lra].
Qed.

Lemma law_max_shift_2 : forall (K : nat) (x : R),
  ((1 <= K)%nat) ->
  (vmin K (vscale x ones) = x).
Proof.
  pieces. apply (vmin_intro K (vscale x ones) 0%nat); [lia | unfold vscale, ones; ring | intros; unfold vscale,
    ones; lra].
Qed.

Lemma law_max_shift_3 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (vmax K (vadd v (vscale x ones)) = vmax K v + x).
Proof.
  pieces. rewrite <- (vmax_map K v (fun y => y + x)) by (assumption || (intros; lra)). apply vmax_ext;
    [assumption|]. intros i lt.
  unfold vadd, vscale, ones. ring.
Qed.

Lemma law_max_shift_4 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (vmin K (vadd v (vscale x ones)) = vmin K v + x).
Proof.
  pieces. rewrite <- (vmin_map K v (fun y => y + x)) by (assumption || (intros; lra)). apply vmin_ext;
    [assumption|]. intros i lt.
  unfold vadd, vscale, ones. ring.
Qed.

Lemma law_max_shift_5 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (vmax K (vsub v (vscale x ones)) = vmax K v - x).
Proof.
  pieces. rewrite <- (vmax_map K v (fun y => y - x)) by (assumption || (intros; lra)). apply vmax_ext;
    [assumption|]. intros i lt.
  unfold vsub, vscale, ones. ring.
Qed.

Lemma law_max_shift_6 : forall (K : nat) (x : R) (v : vec),
  ((1 <= K)%nat) ->
  (vmin K (vsub v (vscale x ones)) = vmin K v - x).
Proof.
  pieces. rewrite <- (vmin_map K v (fun y => y - x)) by (assumption || (intros; lra)). apply vmin_ext;
    [assumption|]. intros i lt.
  unfold vsub, vscale, ones. ring.
Qed.

Lemma law_max_sum_1 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (vmax K (vadd u v) <= vmax K u + vmax K v).
Proof.
  pieces. apply vmax_lub; [assumption|]. intros i lt. pose proof (vmax_ub K u i lt). pose proof (vmax_ub K v i lt).
  unfold vadd. lra.
Qed.

Lemma law_max_sum_2 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (vmin K u + vmin K v <= vmin K (vadd u v)).
Proof.
  pieces. apply vmin_glb; [assumption|]. intros i lt. pose proof (vmin_lb K u i lt). pose proof (vmin_lb K v i lt).
  unfold vadd. lra.
Qed.

Lemma law_max_exp_1 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vmax K (vexp v) = exp (vmax K v)).
Proof.
  pieces. exact (vmax_map K v (fun y => exp y) ltac:(assumption) ltac:(intros; now apply exp_increasing_le)).
Qed.

Lemma law_max_exp_2 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vmin K (vexp v) = exp (vmin K v)).
Proof.
  pieces. exact (vmin_map K v (fun y => exp y) ltac:(assumption) ltac:(intros; now apply exp_increasing_le)).
Qed.

Lemma law_max_exp_3 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vlt K zeros v) ->
  (vmax K (vln v) = ln (vmax K v)).
Proof.
  pieces. exact (vmax_map K v (fun y => ln y) ltac:(assumption) ltac:(intros i j li lj le; apply ln_increasing_le;
    [now apply H0 | exact le])).
Qed.

Lemma law_max_exp_4 : forall (K : nat) (v : vec),
  ((1 <= K)%nat) ->
  (vlt K zeros v) ->
  (vmin K (vln v) = ln (vmin K v)).
Proof.
  pieces. exact (vmin_map K v (fun y => ln y) ltac:(assumption) ltac:(intros i j li lj le; apply ln_increasing_le;
    [now apply H0 | exact le])).
Qed.

(** ** Laws of mean *)

Lemma law_mean_bound_1 : forall (K : nat) (v : vec) (P : vec),
  ((1 <= K)%nat) ->
  (distribution K P) ->
  (dot K P v <= vmax K v).
Proof. pieces. now apply mean_le_max. Qed.

Lemma law_mean_bound_2 : forall (K : nat) (v : vec) (P : vec),
  ((1 <= K)%nat) ->
  (distribution K P) ->
  (vmin K v <= dot K P v).
Proof. pieces. now apply min_le_mean. Qed.

(** ** Laws of lse *)

Lemma law_lse_bound_1 : forall (K : nat) (v : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (v c <= lse K v).
Proof.
  pieces. rewrite <- (ln_exp (v c)). apply ln_increasing_le; [apply exp_pos|].
  apply (rsum_ge_term K (vexp v)); [assumption|]. intros. apply Rlt_le, exp_pos.
Qed.

Lemma law_lse_bound_2 : forall (K : nat) (z : vec),
  ((1 <= K)%nat) ->
  (vmax K z <= lse K z).
Proof. pieces. apply vmax_lub; [assumption|]. intros i lt. now apply law_lse_bound_1. Qed.

Lemma law_lse_bound_3 : forall (K : nat) (z : vec),
  ((1 <= K)%nat) ->
  (lse K z <= vmax K z + ln (INR K)).
Proof.
  pieces. rewrite <- (ln_exp (vmax K z)). pose proof (Policies.INR_pos K H). rewrite <- ln_mult by (apply exp_pos
    || assumption).
  apply ln_increasing_le; [now apply sumexp_positive|]. rewrite Rmult_comm, <- rsum_const. apply rsum_le.
  intros i lt. apply exp_increasing_le. now apply vmax_ub.
Qed.

(** ** Laws of gradient *)

Lemma law_gradient_direction_1 : forall (K : nat) (f : vec -> R) (z v g : vec),
  ((1 <= K)%nat) ->
  (forall u, is_along f z u (dot K g u)) ->
  (is_grad K f z g /\ is_along f z v (dot K g v)).
Proof.
  intros K f z v g _ D. split; [|apply D]. intros j lt. specialize (D (e j)). rewrite dot_e_r in D by exact lt.
  apply (is_derive_ext (fun x => f (vadd z (vscale (x - z j) (e j))))).
  - intros x. f_equal. apply functional_extensionality. intros i. unfold vadd, vscale.
    destruct (Nat.eq_dec i j) as [-> | ne]; [rewrite e_same, upd_same; ring|].
    rewrite e_other, upd_other by exact ne. ring.
  - apply derive_to with (1 * g j); [|ring].
    apply (is_derive_comp (fun t => f (vadd z (vscale t (e j)))) (fun x => x - z j) (z j) (g j) 1).
    + rewrite Rminus_diag_eq by reflexivity. exact D.
    + apply derive_to with (1 - 0); [|ring]. apply (derive_minus (fun x => x)); [apply derive_id | apply
      derive_const].
Qed.

Lemma law_gradient_constant_1 : forall (K : nat) (k : R) (z : vec),
  ((1 <= K)%nat) ->
  (is_grad K (fun z => k) z zeros).
Proof. pieces. intros j lt. apply derive_const. Qed.

Lemma law_gradient_sum_1 : forall (K : nat) (f h : vec -> R) (z df dh : vec),
  ((1 <= K)%nat) ->
  (is_grad K f z df) ->
  (is_grad K h z dh) ->
  (is_grad K (fun z => f z + h z) z (vadd df dh)).
Proof.
  intros K f h z df dh _ Df Dh j lt. apply (derive_plus (fun x => f (upd z j x))); [now apply Df | now apply Dh].
Qed.

Lemma law_gradient_sum_2 : forall (K : nat) (f h : vec -> R) (z df dh : vec),
  ((1 <= K)%nat) ->
  (is_grad K f z df) ->
  (is_grad K h z dh) ->
  (is_grad K (fun z => f z - h z) z (vsub df dh)).
Proof.
  intros K f h z df dh _ Df Dh j lt. apply (derive_minus (fun x => f (upd z j x))); [now apply Df | now apply Dh].
Qed.

Lemma law_gradient_sum_3 : forall (K : nat) (f : vec -> R) (z df : vec),
  ((1 <= K)%nat) ->
  (is_grad K f z df) ->
  (is_grad K (fun z => - f z) z (vopp df)).
Proof. intros K f z df _ Df j lt. apply (derive_opp (fun x => f (upd z j x))). now apply Df. Qed.

Lemma law_gradient_sum_4 : forall (K : nat) (k : R) (f : vec -> R) (z df : vec),
  ((1 <= K)%nat) ->
  (is_grad K f z df) ->
  (is_grad K (fun z => k * f z) z (vscale k df)).
Proof. intros K k f z df _ Df j lt. apply (is_derive_scal (fun x => f (upd z j x))). now apply Df. Qed.

Lemma law_gradient_product_1 : forall (K : nat) (f h : vec -> R) (z df dh : vec),
  ((1 <= K)%nat) ->
  (forall u v, veq K u v -> f u = f v) ->
  (forall u v, veq K u v -> h u = h v) ->
  (is_grad K f z df) ->
  (is_grad K h z dh) ->
  (is_grad K (fun z => f z * h z) z (vadd (vscale (f z) dh) (vscale (h z) df))).
Proof.
  intros K f h z df dh _ Ef Eh Df Dh j lt. unfold vadd, vscale.
  rewrite <- (Ef (upd z j (z j)) z), <- (Eh (upd z j (z j)) z) by (intros i _; apply upd_self).
  apply derive_to with (df j * h (upd z j (z j)) + f (upd z j (z j)) * dh j); [|ring].
  apply (derive_mult (fun x => f (upd z j x)) (fun x => h (upd z j x))); [now apply Df | now apply Dh].
Qed.

Lemma law_gradient_quotient_1 : forall (K : nat) (f h : vec -> R) (z df dh : vec),
  ((1 <= K)%nat) ->
  (forall u v, veq K u v -> f u = f v) ->
  (forall u v, veq K u v -> h u = h v) ->
  (is_grad K f z df) ->
  (is_grad K h z dh) ->
  (h z <> 0) ->
  (is_grad K (fun z => f z / h z) z (vdiv (vsub (vscale (h z) df) (vscale (f z) dh)) (h z ^ 2))).
Proof.
  intros K f h z df dh _ Ef Eh Df Dh ne j lt. unfold vdiv, vsub, vscale. revert ne.
  rewrite <- (Ef (upd z j (z j)) z), <- (Eh (upd z j (z j)) z) by (intros i _; apply upd_self). intros ne.
  apply derive_to with ((df j * h (upd z j (z j)) - f (upd z j (z j)) * dh j) / h (upd z j (z j)) ^ 2); [|field;
    exact ne].
  apply (is_derive_div (fun x => f (upd z j x)) (fun x => h (upd z j x))); [now apply Df | now apply Dh | exact ne].
Qed.

Lemma law_gradient_log_1 : forall (K : nat) (f : vec -> R) (z df : vec),
  ((1 <= K)%nat) ->
  (forall u v, veq K u v -> f u = f v) ->
  (is_grad K f z df) ->
  (0 < f z) ->
  (is_grad K (fun z => ln (f z)) z (vdiv df (f z))).
Proof.
  intros K f z df _ Ef Df pos j lt. unfold vdiv. revert pos.
  rewrite <- (Ef (upd z j (z j)) z) by (intros i _; apply upd_self). intros pos.
  apply (derive_ln (fun x => f (upd z j x))); [exact pos | now apply Df].
Qed.

Lemma law_gradient_exp_1 : forall (K : nat) (z : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (is_grad K (fun z => vexp z c) z (vscale (vexp z c) (e c))).
Proof. pieces. apply (grad_entry K exp). apply is_derive_exp. Qed.

Lemma law_gradient_exp_2 : forall (K : nat) (z : vec),
  ((1 <= K)%nat) ->
  (is_grad K (fun z => vsum K (vexp z)) z (vexp z)).
Proof. pieces. apply (grad_sum K (fun _ => exp)). intros. apply is_derive_exp. Qed.

Lemma law_gradient_exp_3 : forall (K : nat) (u : vec) (z : vec),
  ((1 <= K)%nat) ->
  (is_grad K (fun z => dot K (vexp z) u) z (vmul (vexp z) u)).
Proof.
  pieces. apply (grad_sum K (fun i x => exp x * u i) z (vmul (vexp z) u)). intros i lt.
  apply derive_to with (exp (z i) * u i + exp (z i) * 0); [|unfold vmul, vexp; ring].
  apply (derive_mult exp (fun _ => u i)); [apply is_derive_exp | apply derive_const].
Qed.

Lemma law_gradient_exp_4 : forall (K : nat) (k : R) (z : vec) (c : nat),
  ((1 <= K)%nat) ->
  ((c < K)%nat) ->
  (0 < k) ->
  (is_grad K (fun z => vexp (vdiv z k) c) z (vscale (vexp (vdiv z k) c / k) (e c))).
Proof.
  pieces. apply (grad_entry K (fun x => exp (x / k))). unfold vexp, vdiv. auto_derive; [trivial | unfold Rdiv; ring].
Qed.

Lemma law_gradient_exp_5 : forall (K : nat) (k : R) (z : vec),
  ((1 <= K)%nat) ->
  (0 < k) ->
  (is_grad K (fun z => vsum K (vexp (vdiv z k))) z (vdiv (vexp (vdiv z k)) k)).
Proof.
  pieces. apply (grad_sum K (fun _ x => exp (x / k))). intros i lt. unfold vexp, vdiv. auto_derive; [trivial |
    unfold Rdiv; ring].
Qed.

Lemma law_gradient_lse_1 : forall (K : nat) (z : vec),
  ((1 <= K)%nat) ->
  (is_grad K (fun z => lse K z) z (softmax K z)).
Proof.
  pieces. rewrite lse_ones, softmax_ones. intros j lt.
  apply derive_to with (dot K (softmax_on K ones (upd z j (z j))) (e j)).
  - apply (curve_lse K ones (weights_ones K H) (fun s => upd z j s)). intros. apply upd_derive.
  - rewrite dot_e_r by exact lt. apply softmax_ext; [|exact lt]. intros i _. apply upd_self.
Qed.

Lemma law_gradient_softmax_1 : forall (K : nat) (u : vec) (z : vec),
  ((1 <= K)%nat) ->
  (is_grad K (fun z => dot K (softmax K z) u) z (vsub (vmul (softmax K z) u) (vscale (dot K (softmax K z) u)
    (softmax K z)))).
Proof.
  pieces. rewrite softmax_ones. intros j lt.
  assert (veq K (softmax_on K ones (upd z j (z j))) (softmax_on K ones z)) as E
    by (apply softmax_ext; intros i _; apply upd_self).
  apply derive_to with (dot K (softmax_on K ones (upd z j (z j))) (vmul (e j) u)
    - dot K (softmax_on K ones (upd z j (z j))) (e j) * dot K (softmax_on K ones (upd z j (z j))) u).
  - apply (curve_mean K ones (weights_ones K H) (fun s => upd z j s)). intros. apply upd_derive.
  - rewrite (dot_ext K _ _ _ _ E (fun i _ => eq_refl)), (dot_ext K _ (e j) _ _ E (fun i _ => eq_refl)),
      (dot_ext K _ u _ _ E (fun i _ => eq_refl)).
    rewrite dot_e_r by exact lt. unfold vsub, vscale, vmul at 2.
    assert (dot K (softmax_on K ones z) (vmul (e j) u) = softmax_on K ones z j * u j) as ->; [|ring].
    rewrite <- (dot_e_l K j (fun i => softmax_on K ones z i * u i) lt). apply rsum_ext. intros. unfold vmul. ring.
Qed.

Lemma law_gradient_xlogx_1 : forall (K : nat) (z : vec),
  ((1 <= K)%nat) ->
  (is_grad K (fun z => vsum K (vxlogx (vexp z))) z (vadd (vxlogx (vexp z)) (vexp z))).
Proof.
  pieces. apply (grad_sum K (fun _ x => xlogx (exp x))). intros i lt.
  unfold vadd, vxlogx, vexp, xlogx. rewrite ln_exp.
  apply (is_derive_ext (fun x => exp x * x)); [intros; now rewrite ln_exp|]. auto_derive; [trivial | ring].
Qed.

(** ** Laws of Cauchy and Schwarz *)

Lemma law_cauchy_schwarz_1 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (dot K u v ^ 2 <= dot K u u * dot K v v).
Proof. pieces. apply cauchy_schwarz. Qed.

Lemma law_cauchy_schwarz_2 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (dot K u v ^ 2 <= sqnorm K u * sqnorm K v).
Proof. pieces. apply cauchy_schwarz. Qed.

Lemma law_cauchy_schwarz_3 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (dot K u v <= vnorm K u * vnorm K v).
Proof. pieces. apply Rle_trans with (1 := Rle_abs _). apply dot_norms. Qed.

Lemma law_cauchy_schwarz_4 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (Rabs (dot K u v) <= vnorm K u * vnorm K v).
Proof. pieces. apply dot_norms. Qed.

Lemma law_cauchy_schwarz_5 : forall (K : nat) (u : vec) (v : vec) (w : vec),
  ((1 <= K)%nat) ->
  (vle K zeros w) ->
  (dot K w (vmul u v) ^ 2 <= dot K w (vmul u u) * dot K w (vmul v v)).
Proof. pieces. now apply weighted_cauchy. Qed.

Lemma law_cauchy_schwarz_6 : forall (K : nat) (v : vec) (P : vec),
  ((1 <= K)%nat) ->
  (distribution K P) ->
  (dot K P v ^ 2 <= dot K P (vmul v v)).
Proof. pieces. now apply mean_square. Qed.

(** ** Laws of inner *)

Lemma law_inner_holder_1 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (dot K u v <= vsum K (vabs u) * vmax K (vabs v)).
Proof.
  pieces. apply Rle_trans with (1 := Rle_abs _). apply Rle_trans with (1 := dot_abs K u v). apply dot_sum_max.
Qed.

Lemma law_inner_holder_2 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  (Rabs (dot K u v) <= vsum K (vabs u) * vmax K (vabs v)).
Proof. pieces. apply Rle_trans with (1 := dot_abs K u v). apply dot_sum_max. Qed.

(** ** Laws of mean *)

Lemma law_mean_variance_1 : forall (K : nat) (v : vec) (P : vec),
  ((1 <= K)%nat) ->
  (distribution K P) ->
  (dot K P (vmul v v) - dot K P v ^ 2 <= (vmax K v - vmin K v) ^ 2 / 4).
Proof.
  pieces. pose proof (popoviciu K P v H0) as b. rewrite dot_sub_r, dot_scale_r in b.
  rewrite (dot_comm K v P) in b. replace (dot K v (vmul P v)) with (dot K P (vmul v v)) in b; [lra|].
  apply rsum_ext. intros. unfold vmul. ring.
Qed.

(** ** Laws of Jensen *)

Lemma law_jensen_1 : forall (K : nat) (v : vec) (P : vec),
  ((1 <= K)%nat) ->
  (distribution K P) ->
  (dot K P v <= ln (dot K P (vexp v))).
Proof. pieces. pose proof (jensen K P v H0). lra. Qed.

Lemma law_jensen_2 : forall (K : nat) (v : vec) (P : vec),
  ((1 <= K)%nat) ->
  (distribution K P) ->
  (exp (dot K P v) <= dot K P (vexp v)).
Proof.
  pieces. pose proof (jensen K P v H0) as b. assert (0 < dot K P (vexp v)) as pos.
  { apply (weighted_pos K P (vexp v)); [now apply weights_dist | intros; apply exp_pos]. }
  rewrite <- (exp_ln (dot K P (vexp v))) by exact pos. apply exp_increasing_le. lra.
Qed.

Lemma law_jensen_3 : forall (K : nat) (v : vec) (P : vec),
  ((1 <= K)%nat) ->
  (distribution K P) ->
  (vlt K zeros v) ->
  (dot K P (vln v) <= ln (dot K P v)).
Proof.
  pieces. assert (0 < dot K P v) as pos.
  { apply Rlt_le_trans with (vmin K v); [|now apply min_le_mean].
    destruct (vmin_attained K v H) as [i [lt <-]]. now apply H1. }
  apply Rle_trans with (dot K P (fun i => ln (dot K P v) + (v i / dot K P v - 1))).
  - apply mean_le; [assumption|]. intros i lt. specialize (H1 i lt). unfold zeros in H1. unfold vln.
    pose proof (ln_le_pred (v i / dot K P v) (Rdiv_lt_0_compat _ _ H1 pos)) as b. rewrite ln_div in b by
      assumption. lra.
  - apply Req_le. set (x := dot K P v) in *. unfold dot.
    rewrite (rsum_ext K _ (fun i => (ln x - 1) * P i + P i * v i / x)) by (intros; field; lra).
    rewrite rsum_plus, rsum_scal, rsum_div, (dist_sum K P H0). fold (dot K P v). fold x. field. lra.
Qed.

Lemma law_jensen_4 : forall (K : nat) (v : vec) (P : vec),
  ((1 <= K)%nat) ->
  (distribution K P) ->
  (vle K zeros v) ->
  (dot K P (vsqrt v) <= sqrt (dot K P v)).
Proof.
  pieces. assert (0 <= dot K P (vsqrt v)) as nonneg.
  { apply rsum_nonneg. intros i lt. apply Rmult_le_pos; [now apply (dist_nonneg K P) | apply sqrt_pos]. }
  rewrite <- (sqrt_pow2 (dot K P (vsqrt v))) by exact nonneg. apply sqrt_le_1_alt.
  apply Rle_trans with (1 := mean_square K P (vsqrt v) H0). apply Req_le, rsum_ext. intros i lt.
  unfold vmul, vsqrt. rewrite sqrt_sqrt; [reflexivity | now apply H1].
Qed.

Lemma law_jensen_5 : forall (K : nat) (v : vec) (P : vec),
  ((1 <= K)%nat) ->
  (distribution K P) ->
  (vle K zeros v) ->
  (xlogx (dot K P v) <= dot K P (vxlogx v)).
Proof.
  pieces. assert (forall i, (i < K)%nat -> 0 <= P i * v i) as each.
  { intros i lt. apply Rmult_le_pos; [now apply (dist_nonneg K P) | now apply H1]. }
  destruct (rsum_nonneg K _ each) as [pos | zero]; fold (dot K P v) in *.
  - apply Rle_trans with (dot K P (fun i => xlogx (v i) - (v i * ln (dot K P v) + (v i - dot K P v)) + xlogx (dot
    K P v))).
    + rewrite <- (mean_const K P (xlogx (dot K P v)) H0) at 1. apply mean_le; [assumption|]. intros i lt.
      pose proof (ln_gap (v i) (dot K P v) (H1 i lt) pos). unfold xlogx. lra.
    + apply Req_le. set (x := dot K P v) in *. unfold dot.
      rewrite (rsum_ext K _ (fun i => P i * vxlogx v i - (ln x + 1) * (P i * v i) + (x + xlogx x) * P i))
        by (intros; unfold vxlogx; ring).
      rewrite rsum_plus, rsum_minus, !rsum_scal, (dist_sum K P H0). fold (dot K P v). fold x. unfold xlogx. ring.
  - assert (dot K P (vxlogx v) = 0) as ->.
    { apply rsum_zero. intros i lt. unfold vxlogx, xlogx. rewrite <- Rmult_assoc.
      rewrite (rsum_zero_inv K _ each (eq_sym zero) i lt). ring. }
    rewrite <- zero. unfold xlogx. lra.
Qed.

(** ** Laws of Hoeffding *)

Lemma law_hoeffding_1 : forall (K : nat) (v : vec) (P : vec),
  ((1 <= K)%nat) ->
  (distribution K P) ->
  (ln (dot K P (vexp v)) <= dot K P v + (vmax K v - vmin K v) ^ 2 / 8).
Proof. pieces. pose proof (hoeffding K P v H0). lra. Qed.

(** ** Laws of divergence *)

Lemma law_divergence_bound_1 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  ((vle K zeros u) /\ (vlt K zeros v)) ->
  (vle K (vsub u v) (vsub (vxlogx u) (vxlogy u v))).
Proof. pieces. by_entries. now apply ln_gap. Qed.

Lemma law_divergence_bound_2 : forall (K : nat) (P : vec) (Q : vec),
  ((1 <= K)%nat) ->
  (distribution K P) ->
  (distribution K Q) ->
  ((vlt K zeros Q) /\ (KL K P Q = 0)) ->
  (veq K P Q).
Proof.
  pieces. intros i lt. apply ln_gap_equal; [now apply (dist_nonneg K P) | now apply H2 |].
  symmetry. apply (rsum_le_eq K (fun i => P i - Q i) (fun i => P i * ln (P i) - P i * ln (Q i))); [| | exact lt].
  - intros j lj. apply ln_gap; [now apply (dist_nonneg K P) | now apply H2].
  - rewrite rsum_minus, (dist_sum K P), (dist_sum K Q) by assumption. symmetry. rewrite Rminus_diag_eq by
    reflexivity. exact H3.
Qed.

Lemma law_divergence_bound_3 : forall (K : nat) (P : vec) (Q : vec),
  ((1 <= K)%nat) ->
  (distribution K P) ->
  (distribution K Q) ->
  ((vlt K zeros Q) /\ (~ veq K P Q)) ->
  (0 < KL K P Q).
Proof.
  pieces. destruct (Rle_lt_or_eq_dec 0 (KL K P Q)) as [pos | zero]; [now apply KL_nonneg | exact pos |].
  exfalso. apply H3. now apply law_divergence_bound_2.
Qed.

Lemma law_divergence_square_1 : forall (K : nat) (u : vec) (v : vec),
  ((1 <= K)%nat) ->
  ((vle K zeros u) /\ (vlt K zeros v)) ->
  (vle K (vmul (vscale 3 (vsub u v)) (vsub u v)) (vmul (vadd (vscale 2 u) (vscale 4 v)) (vadd (vsub (vsub (vxlogx
    u) (vxlogy u v)) u) v))).
Proof. pieces. by_entries. now apply pinsker_pair. Qed.
