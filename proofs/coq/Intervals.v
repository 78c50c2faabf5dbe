(** * The tactic [interval] on Coq's own integers

    The default instance computes with the processor's integers, which Coq takes for granted by some sixty axioms. This
    one computes with [Z]: slower, and nothing is assumed beyond the real numbers. It stands alone because checking it
    again with coqchk takes longer than everything else. *)

From Interval Require Import Float.Specific_stdz Float.Specific_ops.
From Interval Require Export Tactic.

Module StdZFloats := SpecificFloat StdZRadix2.
Module StdZInterval := IntervalTactic StdZFloats.
Export StdZInterval.
