(** * Vectors entry by entry

    What is computed of vectors becomes sums over the action, and sums are pushed inwards: over sums, past constant
    factors, and away where a unit vector leaves one summand. *)

From Logitlab Require Export Congruence.

(** ** Sums *)

(** A sum whose normal form was found; it is looked at no more. *)
Definition total (K : nat) (f : nat -> R) : R := rsum K f.

Lemma total_ext K f g : (forall i, (i < K)%nat -> f i = g i) -> total K f = total K g.
Proof. apply rsum_ext. Qed.
Lemma push_ext K f g x : (forall i, (i < K)%nat -> f i = g i) -> rsum K g = x -> rsum K f = x.
Proof. intros E <-. now apply rsum_ext. Qed.
Lemma push_plus K f g x y : rsum K f = x -> rsum K g = y -> rsum K (fun i => f i + g i) = x + y.
Proof. intros <- <-. apply rsum_plus. Qed.
Lemma push_minus K f g x y : rsum K f = x -> rsum K g = y -> rsum K (fun i => f i - g i) = x - y.
Proof. intros <- <-. apply rsum_minus. Qed.
Lemma push_opp K f x : rsum K f = x -> rsum K (fun i => - f i) = - x.
Proof. intros <-. apply rsum_opp. Qed.
Lemma push_scal K a f : rsum K (fun i => a * f i) = a * total K f.
Proof. apply rsum_scal. Qed.
Lemma push_const K a : rsum K (fun _ => a) = a * INR K.
Proof. rewrite rsum_const. ring. Qed.
(** Of a sum in which only one action counts, its summand is left. *)
Lemma push_unit K f c : (c < K)%nat -> (forall i, i <> c -> f i = 0) -> rsum K f = f c.
Proof.
  intros lt zero. rewrite (rsum_split K c f lt).
  rewrite (rsum_zero K (others f c)); [ring|]. intros i li. destruct (Nat.eq_dec i c) as [-> | ne].
  - apply others_same.
  - rewrite others_other by exact ne. now apply zero.
Qed.

(** Constant factors come to the front. *)
Lemma split_mul (A B : nat -> R) x y A' B' :
  (forall i, A i = x * A' i) -> (forall i, B i = y * B' i) -> forall i, A i * B i = (x * y) * (A' i * B' i).
Proof. intros E F i. rewrite (E i), (F i). ring. Qed.
Lemma split_pow (A : nat -> R) x A' n : (forall i, A i = x * A' i) -> forall i, A i ^ n = x ^ n * A' i ^ n.
Proof. intros E i. rewrite (E i). apply Rpow_mult_distr. Qed.
Lemma split_opp (A : nat -> R) x A' : (forall i, A i = x * A' i) -> forall i, - A i = (- x) * A' i.
Proof. intros E i. rewrite (E i). ring. Qed.
Lemma split_constant (c : R) : forall i : nat, c = c * 1. Proof. intros. ring. Qed.
Lemma split_none (A : nat -> R) : forall i, A i = 1 * A i. Proof. intros. ring. Qed.

Ltac split_factors :=
  lazymatch goal with
  | |- forall _, ?c = _ => apply (split_constant c)
  | |- forall i, @?A i * @?B i = _ => eapply (split_mul A B); split_factors
  | |- forall i, @?A i ^ ?n = _ => eapply (split_pow A _ _ n); split_factors
  | |- forall i, - @?A i = _ => eapply (split_opp A); split_factors
  | |- forall i, @?A i = _ => apply (split_none A)
  end.

(** Vectors become functions of the action, and what is computed of them sums. *)
Ltac entries :=
  cbv beta delta [vopp vadd vsub vscale vdiv vmul vquot vabs vsqrt vexp vln vxlogx vxlogy xlogx xlogy others ones
    zeros vsum dot sqnorm C expect vexpect Rdiv].

Ltac units := repeat first
  [ rewrite e_same
  | match goal with ne : ?a <> ?b |- context [e ?b ?a] => rewrite (e_other b a ne) end
  | match goal with ne : ?b <> ?a |- context [e ?b ?a] => rewrite (e_other b a (not_eq_sym ne)) end ].

Ltac actions := first [assumption | lia].
