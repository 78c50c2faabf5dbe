(** * What all the theorems rest on

    One list of them; the build prints the axioms behind all of it, and allowed-axioms.txt has those that may be. *)

From Logitlab Require Import Paper Consequences Derivatives Steps Table Float Certificate Laws.

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

(** The laws of the kernel, which a test holds against its table. *)
Definition laws :=
  (law_collision_definition_1, law_collision_definition_2, law_entropy_definition_1,
   law_collision_entropy_definition_1, law_divergence_definition_1, law_softmax_definition_1, law_lse_definition_1,
   law_others_definition_1, law_sigmoid_definition_1, law_sigmoid_definition_2, law_larger_definition_1,
   law_larger_definition_2, law_smaller_definition_1, law_smaller_definition_2, law_clip_definition_1,
   law_clip_definition_2, law_power_definition_1, law_power_definition_2, law_total_variation_definition_1,
   law_chi_squared_definition_1, law_jensen_shannon_definition_1, law_renyi_entropy_definition_1,
   law_variance_definition_1, law_covariance_definition_1, law_inner_unit_1, law_inner_unit_2, law_inner_unit_3,
   law_inner_distinct_1, law_inner_ones_1, law_inner_ones_2, law_inner_ones_3, law_inner_symmetric_1,
   law_inner_elementwise_1, law_inner_sum_1, law_inner_bound_1, law_sum_unit_1, law_sum_ones_1, law_others_sum_1,
   law_sum_bound_1, law_sum_bound_2, law_sum_bound_3, law_sum_zero_1, law_distribution_sum_1, law_unit_entry_1,
   law_unit_entry_2, law_unit_elementwise_1, law_unit_elementwise_2, law_subset_square_1, law_abs_subset_1,
   law_others_entry_1, law_others_entry_2, law_exp_entry_1, law_log_entry_1, law_sqrt_entry_1, law_abs_entry_1,
   law_quotient_entry_1, law_quotient_constant_1, law_xlogx_entry_1, law_xlogy_entry_1, law_softmax_entry_1,
   law_norm_square_1, law_norm_square_2, law_norm_root_1, law_norm_scale_1, law_norm_scale_2, law_norm_scale_3,
   law_norm_scale_4, law_norm_scale_5, law_norm_scale_6, law_norm_unit_1, law_norm_unit_2, law_norm_zero_1,
   law_norm_zero_2, law_norm_zero_3, law_norm_zero_4, law_norm_entry_1, law_norm_entry_2, law_norm_entry_3,
   law_norm_entry_4, law_norm_least_1, law_norm_sum_1, law_norm_sum_2, law_norm_sum_3, law_norm_sum_4,
   law_norm_triangle_1, law_norm_triangle_2, law_norm_triangle_3, law_abs_sign_1, law_abs_sign_2, law_abs_sign_3,
   law_abs_negative_1, law_abs_negative_2, law_abs_negative_3, law_abs_square_1, law_abs_square_2, law_abs_square_3,
   law_abs_product_1, law_abs_product_2, law_abs_product_3, law_abs_quotient_1, law_abs_quotient_2,
   law_abs_quotient_3, law_abs_others_1, law_abs_bound_1, law_abs_bound_2, law_abs_bound_3, law_abs_bound_4,
   law_abs_bound_5, law_abs_bound_6, law_abs_least_1, law_abs_least_2, law_abs_triangle_1, law_abs_triangle_2,
   law_abs_triangle_3, law_abs_triangle_4, law_abs_triangle_5, law_abs_triangle_6, law_exp_zero_1, law_exp_zero_2,
   law_exp_sum_1, law_exp_sum_2, law_exp_difference_1, law_exp_difference_2, law_exp_negative_1, law_exp_negative_2,
   law_exp_negative_3, law_exp_double_1, law_exp_double_2, law_exp_multiple_1, law_exp_multiple_2,
   law_exp_multiple_3, law_exp_multiple_4, law_exp_multiple_5, law_exp_shift_1, law_exp_shift_2, law_exp_constant_1,
   law_exp_unit_1, law_exp_tangent_1, law_exp_tangent_2, law_exp_tangent_3, law_exp_quadratic_1,
   law_exp_quadratic_2, law_exp_quadratic_3, law_exp_quadratic_4, law_exp_log_1, law_exp_log_2, law_log_exp_1,
   law_log_exp_2, law_log_one_1, law_log_one_2, law_log_product_1, law_log_product_2, law_log_product_3,
   law_log_quotient_1, law_log_quotient_2, law_log_quotient_3, law_log_quotient_4, law_log_power_1, law_log_power_2,
   law_log_power_3, law_log_power_4, law_log_power_5, law_log_power_6, law_log_tangent_1, law_log_tangent_2,
   law_log_tangent_3, law_log_tangent_4, law_log_quadratic_1, law_log_quadratic_2, law_sqrt_square_1,
   law_sqrt_square_2, law_sqrt_square_3, law_sqrt_square_4, law_sqrt_product_1, law_sqrt_quotient_1, law_lse_exp_1,
   law_lse_shift_1, law_lse_shift_2, law_softmax_lse_1, law_softmax_lse_2, law_xlogx_idempotent_1,
   law_xlogx_idempotent_2, law_xlogx_idempotent_3, law_xlogx_log_1, law_xlogx_log_2, law_xlogy_log_1,
   law_xlogy_log_2, law_xlogy_zero_1, law_xlogy_zero_2, law_xlogy_same_1, law_xlogy_same_2, law_xlogx_quotient_1,
   law_xlogx_quotient_2, law_xlogx_product_1, law_xlogx_product_2, law_xlogy_product_1, law_xlogy_product_2,
   law_xlogy_product_3, law_xlogy_product_4, law_xlogy_product_5, law_xlogy_product_6, law_xlogy_product_7,
   law_xlogy_product_8, law_xlogx_elementwise_1, law_xlogx_elementwise_2, law_xlogx_subset_1, law_xlogx_subset_2,
   law_xlogx_subset_3, law_xlogx_tangent_1, law_xlogx_tangent_2, law_xlogx_touch_1, law_expect_constant_1,
   law_expect_entry_1, law_expect_entry_2, law_expect_entry_3, law_order_antisymmetric_1, law_order_square_1,
   law_order_square_2, law_order_square_3, law_order_square_4, law_order_root_1, law_order_root_2,
   law_order_divide_1, law_order_divide_2, law_order_divide_3, law_order_exp_1, law_order_exp_2, law_order_log_1,
   law_order_log_2, law_product_bound_1, law_product_bound_2, law_product_bound_3, law_product_bound_4,
   law_product_bound_5, law_max_bound_1, law_max_bound_2, law_min_bound_1, law_min_bound_2, law_min_bound_3,
   law_max_least_1, law_min_greatest_1, law_max_scale_1, law_max_scale_2, law_max_scale_3, law_max_scale_4,
   law_max_scale_5, law_max_scale_6, law_max_scale_7, law_max_scale_8, law_max_shift_1, law_max_shift_2,
   law_max_shift_3, law_max_shift_4, law_max_shift_5, law_max_shift_6, law_max_sum_1, law_max_sum_2, law_max_exp_1,
   law_max_exp_2, law_max_exp_3, law_max_exp_4, law_mean_bound_1, law_mean_bound_2, law_lse_bound_1,
   law_lse_bound_2, law_lse_bound_3, law_gradient_direction_1, law_gradient_constant_1, law_gradient_sum_1,
   law_gradient_sum_2, law_gradient_sum_3, law_gradient_sum_4, law_gradient_product_1, law_gradient_quotient_1,
   law_gradient_log_1, law_gradient_exp_1, law_gradient_exp_2, law_gradient_exp_3, law_gradient_exp_4,
   law_gradient_exp_5, law_gradient_lse_1, law_gradient_softmax_1, law_gradient_xlogx_1, law_cauchy_schwarz_1,
   law_cauchy_schwarz_2, law_cauchy_schwarz_3, law_cauchy_schwarz_4, law_cauchy_schwarz_5, law_cauchy_schwarz_6,
   law_inner_holder_1, law_inner_holder_2, law_mean_variance_1, law_jensen_1, law_jensen_2, law_jensen_3,
   law_jensen_4, law_jensen_5, law_hoeffding_1, law_divergence_bound_1, law_divergence_bound_2,
   law_divergence_bound_3, law_divergence_square_1).

Definition all_theorems := (paper, consequences, masked, floating_point, numbers, laws).

Print Assumptions all_theorems.
