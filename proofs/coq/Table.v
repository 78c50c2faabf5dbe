(** * The paper's example with four actions

    Exact values, and two decimal fractions by interval arithmetic. The action that the language calls 1 is 0 here. *)

From Logitlab Require Import Policies Intervals.

(** A sum over four actions, written out. *)
Ltac four := unfold H, C, vnorm, sqnorm, dot, rsum, vxlogx, xlogx, vsub, vlist, e; cbn.

Theorem paper_table : forall (K : nat),
  (1 <= K)%nat -> K = 4%nat ->
  let u := vlist (1/4 :: 1/4 :: 1/4 :: 1/4 :: nil) in
  let P := vlist (4/5 :: 1/10 :: 1/20 :: 1/20 :: nil) in
  (H K u = ln 4 /\ C K u = 1/4 /\ vnorm K (vsub (e 0) u) = sqrt 3 / 2) /\
  Rabs (H K P - 70834658/100000000) < 5/1000000000 /\
  (C K P = 131/200 /\ vnorm K (vsub (e 0) P) = sqrt (11/200)) /\
  Rabs (vnorm K (vsub (e 0) P) - 23452079/100000000) < 5/1000000000 /\
  (H K (e 0) = 0 /\ C K (e 0) = 1 /\ vnorm K (vsub (e 0) (e 0)) = 0).
Proof.
  intros K _ -> u P. unfold u, P. repeat split.
  - four. replace (1 / 4) with (/ 4) by field. rewrite ln_Rinv by lra. field.
  - four. field.
  - four. transitivity (sqrt (3 / 2 ^ 2)); [f_equal; field|].
    rewrite sqrt_div_alt, sqrt_pow2 by lra. reflexivity.
  - four. interval with (i_prec 60).
  - four. field.
  - four. f_equal. field.
  - four. interval with (i_prec 60).
  - four. rewrite ln_1. ring.
  - four. ring.
  - four. transitivity (sqrt 0); [f_equal; ring|apply sqrt_0].
Qed.
