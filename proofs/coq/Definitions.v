(** * The language of the claims, in Coq

    Each construct of the claims (proofs/README.md) has one name here. A vector is a function [nat -> R] of which only
    the coordinates [0 .. K - 1] count; everything that looks at all the coordinates takes [K : nat] first. Two vectors
    are equal, [veq K u v], when these coordinates are.

    How a claim is read, always in this way:
    - [forall (K : nat)] and the given names in order, as [vec], [nat] (an action) or [R];
    - the hypothesis [(1 <= K)%nat], then one for each given name in order that has one: [distribution K P],
      [subset K t], [(c < K)%nat] for an action. Vectors, logits and reals have none;
    - the [let]s, and the given hypotheses, in order. [K >= 2] alone is about naturals, [(2 <= K)%nat]; elsewhere the
      number K is [INR K]. [a >= b] and [a > b] are written [b <= a] and [b < a];
    - the conjunction of the lines to be shown, in order. [a = b] on vectors is [veq K a b], [a <= b] is [vle K a b];
    - [D(f, z) = g] is [is_grad K f z g], [D(f, z, v) = x] is [is_along f z v x]: the derivative exists, and is that. In
      any other place a derivative [d] is introduced by [exists d, is_grad K f z d /\ ...].

    Logits are real numbers here. A masked action (logit -inf) is one with [P i = 0], which the claims that start from a
    distribution cover. Those that start from logits are proved twice: as said above, and for [softmax_on K t], softmax
    with weights, which are 0 at masked actions and 1 at the others.

    Functions that are no more than their equations ([sigmoid], [clip], [TV] and others, proofs/README.md) have no name
    here: they are written out, and so are the functions that a claim defines for itself.

    Division, [ln] and [sqrt] are total in Coq, with arbitrary values outside their domains: no statement is about such
    values, except that [xlogx 0 = 0], on purpose. *)

From Coq Require Export Reals.
From Coquelicot Require Export Coquelicot.
Open Scope R_scope.

(** ** Sums over the actions *)

Fixpoint rsum (K : nat) (f : nat -> R) : R :=
  match K with
  | O => 0
  | S n => rsum n f + f n
  end.

(** ** Vectors, coordinate by coordinate *)

Definition vec := nat -> R.

Definition veq (K : nat) (u v : vec) : Prop := forall i, (i < K)%nat -> u i = v i.
Definition vle (K : nat) (u v : vec) : Prop := forall i, (i < K)%nat -> u i <= v i.
Definition vlt (K : nat) (u v : vec) : Prop := forall i, (i < K)%nat -> u i < v i.

Definition zeros : vec := fun _ => 0.
Definition ones : vec := fun _ => 1.
(** The unit vector of the action [c]. *)
Definition e (c : nat) : vec := fun i => if Nat.eqb i c then 1 else 0.

(** A vector written out, [[x, y]]: 0 beyond its end. *)
Definition vlist (l : list R) : vec := fun i => List.nth i l 0.

Definition vopp (v : vec) : vec := fun i => - v i.
Definition vadd (u v : vec) : vec := fun i => u i + v i.
Definition vsub (u v : vec) : vec := fun i => u i - v i.
Definition vscale (x : R) (v : vec) : vec := fun i => x * v i.
Definition vdiv (v : vec) (x : R) : vec := fun i => v i / x.
(** The elementwise product, [u.*v]. *)
Definition vmul (u v : vec) : vec := fun i => u i * v i.
(** The elementwise quotient, [u./v]. *)
Definition vquot (u v : vec) : vec := fun i => u i / v i.

(** [x log x] and [x log y]: 0 at [x = 0], whatever [ln 0] is. *)
Definition xlogx (x : R) : R := x * ln x.
Definition xlogy (x y : R) : R := x * ln y.

Definition vabs (v : vec) : vec := fun i => Rabs (v i).
Definition vsqrt (v : vec) : vec := fun i => sqrt (v i).
Definition vexp (v : vec) : vec := fun i => exp (v i).
Definition vln (v : vec) : vec := fun i => ln (v i).
Definition vxlogx (v : vec) : vec := fun i => xlogx (v i).
Definition vxlogy (u v : vec) : vec := fun i => xlogy (u i) (v i).

(** [v] with its coordinate [c] set to 0. *)
Definition others (v : vec) (c : nat) : vec := vsub v (vscale (v c) (e c)).
(** [v] with its coordinate [j] set to [x]. *)
Definition upd (v : vec) (j : nat) (x : R) : vec := fun i => if Nat.eqb i j then x else v i.

(** ** Vectors as a whole *)

Definition vsum (K : nat) (v : vec) : R := rsum K v.
Definition dot (K : nat) (u v : vec) : R := rsum K (fun i => u i * v i).
Definition sqnorm (K : nat) (v : vec) : R := dot K v v.
Definition vnorm (K : nat) (v : vec) : R := sqrt (sqnorm K v).

(** The largest and the smallest coordinate; 0 if there is none. *)
Fixpoint vmax (K : nat) (v : vec) : R :=
  match K with
  | O => 0
  | S O => v O
  | S n => Rmax (vmax n v) (v n)
  end.
Fixpoint vmin (K : nat) (v : vec) : R :=
  match K with
  | O => 0
  | S O => v O
  | S n => Rmin (vmin n v) (v n)
  end.

(** ** Policies *)

Definition distribution (K : nat) (P : vec) : Prop :=
  (forall i, (i < K)%nat -> 0 <= P i) /\ rsum K P = 1.
Definition subset (K : nat) (t : vec) : Prop :=
  forall i, (i < K)%nat -> t i = 0 \/ t i = 1.

(** The collision probability, and the entropies in nats. *)
Definition C (K : nat) (P : vec) : R := dot K P P.
Definition H (K : nat) (P : vec) : R := - rsum K (vxlogx P).
Definition H2 (K : nat) (P : vec) : R := - ln (C K P).
Definition KL (K : nat) (P Q : vec) : R := rsum K (fun i => xlogx (P i) - xlogy (P i) (Q i)).

Definition lse (K : nat) (z : vec) : R := ln (rsum K (vexp z)).
Definition softmax (K : nat) (z : vec) : vec := fun i => exp (z i) / rsum K (vexp z).

(** The same with weights [t]: 1 where the logit is [z i], 0 where it is -inf and [z i] does not matter. *)
Definition weights (K : nat) (t : vec) : Prop :=
  (forall i, (i < K)%nat -> 0 <= t i) /\ 0 < rsum K t.
Definition lse_on (K : nat) (t z : vec) : R := ln (rsum K (vmul t (vexp z))).
Definition softmax_on (K : nat) (t z : vec) : vec := fun i => t i * exp (z i) / rsum K (vmul t (vexp z)).

(** The expectation over an action of a real, and of a vector. *)
Definition expect (K : nat) (P : vec) (f : nat -> R) : R := rsum K (fun a => P a * f a).
Definition vexpect (K : nat) (P : vec) (f : nat -> vec) : vec := fun i => expect K P (fun a => f a i).

(** ** Derivatives *)

(** [g] is the vector of the partial derivatives of [f] at [z]. *)
Definition is_grad (K : nat) (f : vec -> R) (z g : vec) : Prop :=
  forall j, (j < K)%nat -> is_derive (fun x : R => f (upd z j x)) (z j) (g j).

(** [x] is the derivative of [f] at [z] along [v]. *)
Definition is_along (f : vec -> R) (z v : vec) (x : R) : Prop :=
  is_derive (fun t : R => f (vadd z (vscale t v))) 0 x.

(** The same as terms, meaningful where the derivative exists. *)
Definition grad (f : vec -> R) (z : vec) : vec := fun j => Derive (fun x : R => f (upd z j x)) (z j).
Definition along (f : vec -> R) (z v : vec) : R := Derive (fun t : R => f (vadd z (vscale t v))) 0.
