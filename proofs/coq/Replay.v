(** * Tactics that replay what the kernel records of a step

    A generated derivation (crates/claims/src/coq/derivation) says for each step at which place which law is used, with
    what for its variables. Congruence down to the place is a lemma of Congruence.v, the law one of Laws.v. What is left
    are the conditions ([side], Signs.v) and what the kernel's procedures say ([normal], Normal.v; [gradient],
    Gradients.v). These files are no part of what is trusted: Coq checks what their tactics find. *)

From Logitlab Require Export Gradients.

(** What is known, or follows from it at once. *)
Ltac known :=
  first
  [ assumption
  | symmetry; assumption
  | apply veq_sym; assumption
  | apply Rlt_le; assumption
  | apply Req_le; assumption
  | apply Req_le; symmetry; assumption
  | apply veq_le; assumption
  | apply veq_le, veq_sym; assumption
  | apply vlt_le; assumption
  | apply Rlt_not_eq; assumption
  | apply Rgt_not_eq; assumption
  | apply grad_known; assumption
  | apply along_known; assumption
  | apply veq_sym, grad_known; assumption
  | symmetry; apply along_known; assumption ].

Ltac discharge fact :=
  match type of fact with
  | ?A -> _ =>
      let p := fresh "p" in assert A as p by side; specialize (fact p); clear p
  end.
Ltac take fact :=
  repeat match goal with
  | _ => discharge fact
  end;
  lazymatch type of fact with
  | _ /\ _ =>
      let left := fresh "left" in let right := fresh "right" in
      destruct fact as [left right]; take left; take right
  | _ <-> _ =>
      let left := fresh "left" in let right := fresh "right" in
      destruct fact as [left right]; try take left; try take right
  | _ => idtac
  end.
Ltac by_fact F := let fact := fresh "fact" in pose proof F as fact; take fact; known.

Ltac given := know; known.

Ltac rising :=
  lazymatch goal with
  | |- ?a + ?c <= ?b + ?c => apply Rplus_le_compat_r
  | |- ?c + ?a <= ?c + ?b => apply Rplus_le_compat_l
  | |- ?a - ?c <= ?b - ?c => apply mono_minus_l
  | |- ?a * ?c <= ?b * ?c => apply mono_mult_l; [side | ]
  | |- ?c * ?a <= ?c * ?b => apply mono_mult_r; [side | ]
  | |- ?a / ?c <= ?b / ?c => apply mono_div; [side | ]
  | |- ?a ^ 3 <= ?b ^ 3 => apply mono_cube
  | |- ?a ^ ?n <= ?b ^ ?n => apply mono_pow; [side | ]
  | |- sqrt _ <= sqrt _ => apply sqrt_le_1_alt
  | |- exp _ <= exp _ => apply exp_increasing_le
  | |- ln _ <= ln _ => apply mono_ln; [side | ]
  | |- vsum _ _ <= vsum _ _ => apply mono_vsum
  | |- vmax _ _ <= vmax _ _ => apply mono_vmax
  | |- vmin _ _ <= vmin _ _ => apply mono_vmin
  | |- dot _ _ ?c <= dot _ _ ?c => apply mono_dot_l; [side | ]
  | |- dot _ ?c _ <= dot _ ?c _ => apply mono_dot_r; [side | ]
  | |- expect _ _ _ <= expect _ _ _ => apply mono_expect; [side | ]
  | |- ?u ?a <= ?v ?a => eapply mono_at; [eassumption || actions | ]
  | |- ?a + ?c < ?b + ?c => apply Rplus_lt_compat_r
  | |- ?c + ?a < ?c + ?b => apply Rplus_lt_compat_l
  | |- ?a - ?c < ?b - ?c => apply strict_minus_l
  | |- ?a * ?c < ?b * ?c => apply strict_mult_l; [side | ]
  | |- ?c * ?a < ?c * ?b => apply strict_mult_r; [side | ]
  | |- ?a / ?c < ?b / ?c => apply strict_div; [side | ]
  | |- ?a ^ S ?n < ?b ^ S ?n => apply strict_pow; [side | ]
  | |- sqrt _ < sqrt _ => apply sqrt_lt_1_alt; split; [side | ]
  | |- exp _ < exp _ => apply exp_increasing
  | |- ln _ < ln _ => apply ln_increasing; [side | ]
  | |- vsum _ _ < vsum _ _ => apply strict_vsum; [side | ]
  | |- vmax _ _ < vmax _ _ => apply strict_vmax; [side | ]
  | |- vmin _ _ < vmin _ _ => apply strict_vmin; [side | ]
  | |- ?u ?a < ?v ?a => eapply strict_at; [eassumption || actions | ]
  | |- vle _ (vadd _ ?c) (vadd _ ?c) => apply vmono_add_l
  | |- vle _ (vadd ?c _) (vadd ?c _) => apply vmono_add_r
  | |- vle _ (vsub _ ?c) (vsub _ ?c) => apply vmono_sub_l
  | |- vle _ (vscale ?x _) (vscale ?x _) => apply vmono_scale; [side | ]
  | |- vle _ (vscale _ ?v) (vscale _ ?v) => apply vmono_scale_l; [side | ]
  | |- vle _ (vdiv _ ?x) (vdiv _ ?x) => apply vmono_div; [side | ]
  | |- vle _ (vmul _ ?c) (vmul _ ?c) => apply vmono_mul_l; [side | ]
  | |- vle _ (vmul ?c _) (vmul ?c _) => apply vmono_mul_r; [side | ]
  | |- vle _ (vexp _) (vexp _) => apply vmono_exp
  | |- vle _ (vln _) (vln _) => apply vmono_ln; [side | ]
  | |- vle _ (vsqrt _) (vsqrt _) => apply vmono_sqrt
  | |- vle _ (others _ _) (others _ _) => apply mono_others; [side | ]
  end.

Ltac falling :=
  lazymatch goal with
  | |- ?c - ?a <= ?c - ?b => apply mono_minus_r
  | |- - _ <= - _ => apply Ropp_le_contravar
  | |- ?a * ?c <= ?b * ?c => apply fall_mult_l; [side | ]
  | |- ?c * ?a <= ?c * ?b => apply fall_mult_r; [side | ]
  | |- ?c / ?a <= ?c / ?b => apply fall_div; [side | side | side | ]
  | |- ?c - ?a < ?c - ?b => apply strict_minus_r
  | |- - _ < - _ => apply Ropp_lt_contravar
  | |- ?c / ?a < ?c / ?b => apply strict_fall_div; [side | side | side | ]
  | |- vle _ (vsub ?c _) (vsub ?c _) => apply vmono_sub_r
  | |- vle _ (vopp _) (vopp _) => apply vmono_opp
  | |- vle _ (vscale ?x _) (vscale ?x _) => apply vfall_scale; [side | ]
  end.

(** Several parts, each of which was compared. *)
Ltac together := first [known | lra | intros ? ?; know; plain; lra].

(** Operations that are written out: their parts may stand at several places. *)
Ltac spread :=
  first
  [ refl
  | assumption
  | first [ apply ext_Rplus | apply ext_Rminus | apply ext_Rmult | apply ext_Rdiv | apply ext_Ropp | apply ext_pow
          | apply ext_Rabs | apply ext_sqrt | apply ext_exp | apply ext_ln | apply ext_xlogx | apply ext_xlogy
          | apply ext_vadd | apply ext_vsub | apply ext_vmul | apply ext_vquot | apply ext_vscale | apply ext_vdiv
          | apply ext_vopp | apply ext_vabs | apply ext_vsqrt | apply ext_vexp | apply ext_vln | apply ext_vxlogx
          | apply ext_vxlogy | apply ext_vsum | apply ext_dot | apply ext_sqnorm | apply ext_vnorm | apply ext_C
          | apply ext_H | apply ext_H2 | apply ext_KL | apply ext_lse | apply ext_softmax | apply ext_vmax
          | apply ext_vmin ]; spread ].

(** ** Proofs *)

Ltac exhaustive :=
  first
  [ assumption
  | lazymatch goal with
    | |- @eq nat ?a ?b \/ _ => destruct (Nat.eq_dec a b); [left; assumption | right; exhaustive]
    | |- ~ @eq nat ?a ?b \/ _ => destruct (Nat.eq_dec a b); [right; exhaustive | left; assumption]
    | |- ?x = ?y \/ _ => destruct (Req_dec x y); [left; assumption | right; exhaustive]
    | |- ?x <> ?y \/ _ => destruct (Req_dec x y); [right; exhaustive | left; assumption]
    | |- ?x < ?y \/ _ => destruct (Rlt_le_dec x y); [left; assumption | right; exhaustive]
    | |- ?x <= ?y \/ _ => destruct (Rle_lt_dec x y); [left; assumption | right; exhaustive]
    | |- _ => first [known | side]
    end ].

(** What was shown says the goal. *)
Ltac conclude :=
  first
  [ known
  | lazymatch goal with
    | |- _ /\ _ => split; conclude
    | |- _ \/ _ => first [left; conclude | right; conclude]
    | |- is_grad ?K ?f ?z ?g => apply grad_exists; [known | intros; differentiable]
    | |- is_along ?f ?z ?v ?x => apply along_exists; [known | differentiable]
    | |- exists d, (forall z, is_grad ?K ?f z (d z)) /\ _ =>
        exists (grad f); split; [intros; apply grad_exists; [refl | intros; differentiable] | cbv beta; conclude]
    | |- exists d, (forall z, is_along ?f z ?v (d z)) /\ _ =>
        exists (fun z => along f z v); split;
        [intros; apply along_exists; [refl | differentiable] | cbv beta; conclude]
    | |- exists d, is_grad ?K ?f ?z d /\ _ =>
        exists (grad f z); split; [apply grad_exists; [refl | intros; differentiable] | conclude]
    | |- exists d, is_along ?f ?z ?v d /\ _ =>
        exists (along f z v); split; [apply along_exists; [refl | differentiable] | conclude]
    end
  | exfalso; match goal with absurd : ?x < ?x |- _ => exact (Rlt_irrefl x absurd) end ].

Ltac list_entries := apply ext_vlist.

(** A step of which nothing is recorded. *)
Ltac unrecorded := first [leaf | normal | side].
