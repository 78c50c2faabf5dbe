(** * What all the theorems rest on

    One list of them; the build prints the axioms behind all of it, and allowed-axioms.txt has those that may be. *)

From Logitlab Require Import Paper Consequences Derivatives Steps Table Float Certificate.

Definition paper :=
  (score, update, zero_sum, norm_identity, collision_range, collision_renyi, entropy_order, limit_confident,
   limit_rare, special_values, self_regulation, paper_table).

Definition consequences :=
  (tail_form, factored_form, two_sided, other_norms, expected_norm, fisher, learned_logprob, finite_step, step_kl,
   step_variance, entropy_change, expected_update, bandit_ascent, temperature, label_smoothing, collision_lse,
   shift_invariance, tail_bound, optimal_baseline, alternate_estimator).

Definition masked :=
  (score_masked, update_masked, learned_logprob_masked, entropy_change_masked, bandit_ascent_masked,
   temperature_masked, step_variance_masked, finite_step_masked, step_kl_masked, collision_lse_masked,
   shift_invariance_masked).

Definition floating_point :=
  (cancellation, tail_form_error_FLT, tail_form_error_FLX, tail_form_error_rounded, tail_norm_error_FLT,
   tail_norm_error_FLX, tail_constant, one_minus_exact, one_minus_inherits, one_minus_twice_exact, saturation_FLT,
   saturation_FLX, saturation_down, saturation_toward_zero).

Definition numbers := certified.

Definition all_theorems := (paper, consequences, masked, floating_point, numbers).

Print Assumptions all_theorems.
