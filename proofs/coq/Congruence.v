(** * Parts of an operation, and the whole

    Equal parts make equal wholes, and ordered ones ordered wholes where the operation is monotone. For every operation
    of the language one lemma, by which a generated derivation gets down to the place where a law was used. *)

From Logitlab Require Export Definitions Sums Policies LawLemmas.

(** ** Equal parts make equal wholes *)

Lemma veq_refl K u : veq K u u. Proof. now intros i lt. Qed.
Lemma veq_sym K u v : veq K u v -> veq K v u. Proof. intros E i lt. symmetry. now apply E. Qed.

Ltac by_entry := intros; intros i lt; repeat match goal with E : veq _ _ _ |- _ => specialize (E i lt) end.

Lemma ext_Rplus a b c d : a = c -> b = d -> a + b = c + d. Proof. now intros -> ->. Qed.
Lemma ext_Rminus a b c d : a = c -> b = d -> a - b = c - d. Proof. now intros -> ->. Qed.
Lemma ext_Rmult a b c d : a = c -> b = d -> a * b = c * d. Proof. now intros -> ->. Qed.
Lemma ext_Rdiv a b c d : a = c -> b = d -> a / b = c / d. Proof. now intros -> ->. Qed.
Lemma ext_Ropp a b : a = b -> - a = - b. Proof. now intros ->. Qed.
Lemma ext_pow a b n : a = b -> a ^ n = b ^ n. Proof. now intros ->. Qed.
Lemma ext_Rabs a b : a = b -> Rabs a = Rabs b. Proof. now intros ->. Qed.
Lemma ext_sqrt a b : a = b -> sqrt a = sqrt b. Proof. now intros ->. Qed.
Lemma ext_exp a b : a = b -> exp a = exp b. Proof. now intros ->. Qed.
Lemma ext_ln a b : a = b -> ln a = ln b. Proof. now intros ->. Qed.
Lemma ext_xlogx a b : a = b -> xlogx a = xlogx b. Proof. now intros ->. Qed.
Lemma ext_xlogy a b c d : a = c -> b = d -> xlogy a b = xlogy c d. Proof. now intros -> ->. Qed.

Lemma ext_vadd K a b c d : veq K a c -> veq K b d -> veq K (vadd a b) (vadd c d).
Proof. by_entry. unfold vadd. congruence. Qed.
Lemma ext_vsub K a b c d : veq K a c -> veq K b d -> veq K (vsub a b) (vsub c d).
Proof. by_entry. unfold vsub. congruence. Qed.
Lemma ext_vmul K a b c d : veq K a c -> veq K b d -> veq K (vmul a b) (vmul c d).
Proof. by_entry. unfold vmul. congruence. Qed.
Lemma ext_vquot K a b c d : veq K a c -> veq K b d -> veq K (vquot a b) (vquot c d).
Proof. by_entry. unfold vquot. congruence. Qed.
Lemma ext_vscale K x y a b : x = y -> veq K a b -> veq K (vscale x a) (vscale y b).
Proof. by_entry. unfold vscale. congruence. Qed.
Lemma ext_vdiv K x y a b : veq K a b -> x = y -> veq K (vdiv a x) (vdiv b y).
Proof. by_entry. unfold vdiv. congruence. Qed.
Lemma ext_vopp K a b : veq K a b -> veq K (vopp a) (vopp b).
Proof. by_entry. unfold vopp. congruence. Qed.
Lemma ext_vabs K a b : veq K a b -> veq K (vabs a) (vabs b).
Proof. by_entry. unfold vabs. congruence. Qed.
Lemma ext_vsqrt K a b : veq K a b -> veq K (vsqrt a) (vsqrt b).
Proof. by_entry. unfold vsqrt. congruence. Qed.
Lemma ext_vexp K a b : veq K a b -> veq K (vexp a) (vexp b).
Proof. by_entry. unfold vexp. congruence. Qed.
Lemma ext_vln K a b : veq K a b -> veq K (vln a) (vln b).
Proof. by_entry. unfold vln. congruence. Qed.
Lemma ext_vxlogx K a b : veq K a b -> veq K (vxlogx a) (vxlogx b).
Proof. by_entry. unfold vxlogx. congruence. Qed.
Lemma ext_vxlogy K a b c d : veq K a c -> veq K b d -> veq K (vxlogy a b) (vxlogy c d).
Proof. by_entry. unfold vxlogy. congruence. Qed.
Lemma ext_at K u v a : (a < K)%nat -> veq K u v -> u a = v a.
Proof. intros lt E. now apply E. Qed.
Lemma ext_others K u v a : (a < K)%nat -> veq K u v -> veq K (others u a) (others v a).
Proof. intros la E i lt. unfold others, vsub, vscale. now rewrite (E i lt), (E a la). Qed.

Lemma ext_vsum K a b : veq K a b -> vsum K a = vsum K b.
Proof. intros. now apply rsum_ext. Qed.
Lemma ext_dot K a b c d : veq K a c -> veq K b d -> dot K a b = dot K c d.
Proof. intros. now apply dot_ext. Qed.
Lemma ext_sqnorm K a b : veq K a b -> sqnorm K a = sqnorm K b.
Proof. intros. now apply sqnorm_ext. Qed.
Lemma ext_vnorm K a b : veq K a b -> vnorm K a = vnorm K b.
Proof. intros E. unfold vnorm. now rewrite (sqnorm_ext K a b E). Qed.
Lemma ext_C K a b : veq K a b -> C K a = C K b.
Proof. intros. now apply C_ext. Qed.
Lemma ext_H K a b : veq K a b -> H K a = H K b.
Proof. intros E. unfold H. f_equal. apply rsum_ext. now apply ext_vxlogx. Qed.
Lemma ext_H2 K a b : veq K a b -> H2 K a = H2 K b.
Proof. intros E. unfold H2. now rewrite (ext_C K a b E). Qed.
Lemma ext_KL K a b c d : veq K a c -> veq K b d -> KL K a b = KL K c d.
Proof. intros E F. apply rsum_ext. intros i lt. now rewrite (E i lt), (F i lt). Qed.
Lemma ext_lse K a b : veq K a b -> lse K a = lse K b.
Proof. intros E. unfold lse. f_equal. apply rsum_ext. now apply ext_vexp. Qed.
Lemma ext_softmax K a b : veq K a b -> veq K (softmax K a) (softmax K b).
Proof.
  intros E i lt. unfold softmax. rewrite (E i lt). f_equal. apply rsum_ext. now apply ext_vexp.
Qed.
Lemma ext_vmax K a b : veq K a b -> vmax K a = vmax K b.
Proof. intros E. destruct K as [|n]; [reflexivity|]. apply vmax_ext; [lia | exact E]. Qed.
Lemma ext_vmin K a b : veq K a b -> vmin K a = vmin K b.
Proof. intros E. destruct K as [|n]; [reflexivity|]. apply vmin_ext; [lia | exact E]. Qed.
Lemma ext_expect K P Q f g :
  veq K P Q -> (forall a, (a < K)%nat -> f a = g a) -> expect K P f = expect K Q g.
Proof. intros E F. apply rsum_ext. intros i lt. now rewrite (E i lt), (F i lt). Qed.
Lemma ext_vexpect K P Q f g :
  veq K P Q -> (forall a, (a < K)%nat -> veq K (f a) (g a)) -> veq K (vexpect K P f) (vexpect K Q g).
Proof. intros E F i lt. apply ext_expect; [exact E|]. intros a la. now apply F. Qed.
Lemma ext_vlist K x y l m : x = y -> veq K (vlist l) (vlist m) -> veq (S K) (vlist (x :: l)) (vlist (y :: m)).
Proof. intros -> E [|i] lt; [reflexivity|]. apply E. lia. Qed.

(** ** Ordered parts make ordered wholes *)

Lemma mono_minus_l a b c : a <= b -> a - c <= b - c. Proof. lra. Qed.
Lemma mono_minus_r a b c : a <= b -> c - b <= c - a. Proof. lra. Qed.
Lemma mono_mult_l a b c : 0 <= c -> a <= b -> a * c <= b * c. Proof. intros. now apply Rmult_le_compat_r. Qed.
Lemma mono_mult_r a b c : 0 <= c -> a <= b -> c * a <= c * b. Proof. intros. now apply Rmult_le_compat_l. Qed.
Lemma fall_mult_l a b c : c <= 0 -> a <= b -> b * c <= a * c. Proof. intros. nra. Qed.
Lemma fall_mult_r a b c : c <= 0 -> a <= b -> c * b <= c * a. Proof. intros. nra. Qed.
Lemma mono_div a b c : 0 < c -> a <= b -> a / c <= b / c.
Proof. intros. unfold Rdiv. apply Rmult_le_compat_r; [|assumption]. now apply Rlt_le, Rinv_0_lt_compat. Qed.
Lemma fall_div a b c : 0 < a -> 0 < b -> 0 <= c -> a <= b -> c / b <= c / a.
Proof. intros. unfold Rdiv. apply Rmult_le_compat_l; [assumption|]. now apply Rinv_le_contravar. Qed.
Lemma mono_pow a b n : 0 <= a -> a <= b -> a ^ n <= b ^ n. Proof. intros. apply pow_incr. lra. Qed.
Lemma mono_cube a b : a <= b -> a ^ 3 <= b ^ 3.
Proof.
  intros. enough (0 <= b ^ 3 - a ^ 3) by lra.
  replace (b ^ 3 - a ^ 3) with ((b - a) * ((a + b / 2) ^ 2 + 3 / 4 * b ^ 2)) by field.
  apply Rmult_le_pos; [lra|]. pose proof (pow2_ge_0 (a + b / 2)). pose proof (pow2_ge_0 b). lra.
Qed.
Lemma mono_ln a b : 0 < a -> a <= b -> ln a <= ln b. Proof. intros. now apply ln_increasing_le. Qed.
Lemma mono_vmax K u v : vle K u v -> vmax K u <= vmax K v.
Proof.
  intros le. destruct K as [|n]; [simpl; lra|]. apply vmax_lub; [lia|]. intros i lt.
  apply Rle_trans with (v i); [now apply le | now apply vmax_ub].
Qed.
Lemma mono_vmin K u v : vle K u v -> vmin K u <= vmin K v.
Proof.
  intros le. destruct K as [|n]; [simpl; lra|]. apply vmin_glb; [lia|]. intros i lt.
  apply Rle_trans with (u i); [now apply vmin_lb | now apply le].
Qed.
Lemma mono_dot_l K u v w : vle K zeros w -> vle K u v -> dot K u w <= dot K v w.
Proof. intros pos le. apply rsum_le. intros i lt. apply Rmult_le_compat_r; [now apply (pos i lt) | now apply le]. Qed.
Lemma mono_dot_r K u v w : vle K zeros w -> vle K u v -> dot K w u <= dot K w v.
Proof. intros pos le. apply rsum_le. intros i lt. apply Rmult_le_compat_l; [now apply (pos i lt) | now apply le]. Qed.
Lemma mono_expect K P f g :
  vle K zeros P -> (forall a, (a < K)%nat -> f a <= g a) -> expect K P f <= expect K P g.
Proof. intros pos le. apply rsum_le. intros i lt. apply Rmult_le_compat_l; [now apply (pos i lt) | now apply le]. Qed.
Lemma mono_at K u v a : (a < K)%nat -> vle K u v -> u a <= v a. Proof. intros lt le. now apply le. Qed.
Lemma mono_vsum K u v : vle K u v -> vsum K u <= vsum K v.
Proof. intros le. now apply rsum_le. Qed.
Lemma mono_others K u v a : (a < K)%nat -> vle K u v -> vle K (others u a) (others v a).
Proof.
  intros la le i lt. destruct (Nat.eq_dec i a) as [-> | ne].
  - rewrite !others_same. lra.
  - rewrite !others_other by exact ne. now apply le.
Qed.
Lemma strict_mult_l a b c : 0 < c -> a < b -> a * c < b * c. Proof. intros. now apply Rmult_lt_compat_r. Qed.
Lemma strict_mult_r a b c : 0 < c -> a < b -> c * a < c * b. Proof. intros. now apply Rmult_lt_compat_l. Qed.
Lemma strict_minus_l a b c : a < b -> a - c < b - c. Proof. lra. Qed.
Lemma strict_minus_r a b c : a < b -> c - b < c - a. Proof. lra. Qed.
Lemma strict_div a b c : 0 < c -> a < b -> a / c < b / c.
Proof. intros. unfold Rdiv. apply Rmult_lt_compat_r; [|assumption]. now apply Rinv_0_lt_compat. Qed.
Lemma strict_fall_div a b c : 0 < a -> 0 < b -> 0 < c -> a < b -> c / b < c / a.
Proof. intros. unfold Rdiv. apply Rmult_lt_compat_l; [assumption|]. apply Rinv_lt_contravar; [nra | assumption]. Qed.
Lemma strict_pow a b n : 0 <= a -> a < b -> a ^ S n < b ^ S n.
Proof.
  intros nonneg lt. induction n as [|n IH]; [simpl; lra|].
  change (a * a ^ S n < b * b ^ S n). apply Rmult_le_0_lt_compat; try assumption. now apply pow_le.
Qed.
Lemma strict_vsum K u v : (1 <= K)%nat -> vlt K u v -> vsum K u < vsum K v.
Proof.
  intros one lt. enough (0 < rsum K (fun i => v i - u i)) by (rewrite rsum_minus in *; unfold vsum; lra).
  destruct K as [|n]; [lia|]. change (0 < rsum n (fun i => v i - u i) + (v n - u n)).
  pose proof (lt n (Nat.lt_succ_diag_r n)).
  assert (0 <= rsum n (fun i => v i - u i)) by (apply rsum_nonneg; intros i li; specialize (lt i ltac:(lia)); lra).
  lra.
Qed.
Lemma strict_vmax K u v : (1 <= K)%nat -> vlt K u v -> vmax K u < vmax K v.
Proof.
  intros one lt. destruct (vmax_attained K u one) as [i [li <-]].
  apply Rlt_le_trans with (v i); [now apply lt | now apply vmax_ub].
Qed.
Lemma strict_vmin K u v : (1 <= K)%nat -> vlt K u v -> vmin K u < vmin K v.
Proof.
  intros one lt. destruct (vmin_attained K v one) as [i [li <-]].
  apply Rle_lt_trans with (u i); [now apply vmin_lb | now apply lt].
Qed.

Lemma strict_at K u v a : (a < K)%nat -> vlt K u v -> u a < v a. Proof. intros lt le. now apply le. Qed.
Ltac by_order := intros; intros i lt; repeat match goal with le : vle _ _ _ |- _ => specialize (le i lt) end.
Lemma vmono_add_l K u v w : vle K u v -> vle K (vadd u w) (vadd v w). Proof. by_order. unfold vadd. lra. Qed.
Lemma vmono_add_r K u v w : vle K u v -> vle K (vadd w u) (vadd w v). Proof. by_order. unfold vadd. lra. Qed.
Lemma vmono_sub_l K u v w : vle K u v -> vle K (vsub u w) (vsub v w). Proof. by_order. unfold vsub. lra. Qed.
Lemma vmono_sub_r K u v w : vle K u v -> vle K (vsub w v) (vsub w u). Proof. by_order. unfold vsub. lra. Qed.
Lemma vmono_opp K u v : vle K u v -> vle K (vopp v) (vopp u). Proof. by_order. unfold vopp. lra. Qed.
Lemma vmono_scale K x u v : 0 <= x -> vle K u v -> vle K (vscale x u) (vscale x v).
Proof. by_order. now apply Rmult_le_compat_l. Qed.
Lemma vfall_scale K x u v : x <= 0 -> vle K u v -> vle K (vscale x v) (vscale x u).
Proof. by_order. now apply fall_mult_r. Qed.
Lemma vmono_scale_l K x y v : vle K zeros v -> x <= y -> vle K (vscale x v) (vscale y v).
Proof. by_order. now apply Rmult_le_compat_r. Qed.
Lemma vmono_div K x u v : 0 < x -> vle K u v -> vle K (vdiv u x) (vdiv v x).
Proof. by_order. now apply mono_div. Qed.
Lemma vmono_mul_l K u v w : vle K zeros w -> vle K u v -> vle K (vmul u w) (vmul v w).
Proof. by_order. now apply Rmult_le_compat_r. Qed.
Lemma vmono_mul_r K u v w : vle K zeros w -> vle K u v -> vle K (vmul w u) (vmul w v).
Proof. by_order. now apply Rmult_le_compat_l. Qed.
Lemma vmono_exp K u v : vle K u v -> vle K (vexp u) (vexp v).
Proof. by_order. now apply exp_increasing_le. Qed.
Lemma vmono_ln K u v : vlt K zeros u -> vle K u v -> vle K (vln u) (vln v).
Proof. intros pos. by_order. apply mono_ln; [now apply pos | assumption]. Qed.
Lemma vmono_sqrt K u v : vle K u v -> vle K (vsqrt u) (vsqrt v).
Proof. by_order. now apply sqrt_le_1_alt. Qed.
