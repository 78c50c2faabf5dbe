(** * Equations by a normal form

    [normal] proves what the kernel's procedures say: identities of the field, of sums, inner products and entries. Both
    sides become polynomials in sums of products; sums over the same summands, written differently, become one. *)

From Logitlab Require Export Signs.

(** ** Sums as sums of products *)

(** What an unknown right side is, out of sight of the rewriting of the left one. *)
Ltac on_the_left work :=
  let r := fresh "r" in
  match goal with |- _ = ?right => set (r := right) end; work; subst r; reflexivity.

Ltac simplified := match goal with |- ?l = _ => ring_simplify l end.
(** The same without quotients, where they cancel. *)
Ltac cancelled i :=
  match goal with |- context [/ ?x] => match x with context [i] => idtac end end;
  match goal with |- ?l = _ => field_simplify l; [ | repeat split; nonzero .. ] end;
  lazymatch goal with |- context [/ _] => fail | |- context [_ / _] => fail | _ => idtac end.

(** The normal form of the sum on the left, for an unknown on the right. *)
Ltac push :=
  lazymatch goal with
  | |- rsum _ (fun _ => ?c) = _ => apply push_const
  | |- rsum _ (fun i => @?f i + @?g i) = _ => eapply (push_plus _ f g); push
  | |- rsum _ (fun i => @?f i - @?g i) = _ => eapply (push_minus _ f g); push
  | |- rsum _ (fun i => - @?f i) = _ => eapply (push_opp _ f); push
  | |- rsum ?K ?f = _ =>
      first
      [ match f with context [e ?c] =>
          eapply eq_trans;
          [ apply (push_unit K f c);
            [ actions
            | let i := fresh "i" in let ne := fresh "ne" in intros i ne; cbv beta; rewrite (e_other c i ne); ring ]
          | cbv beta; rewrite ?e_same; reflexivity ]
        end
      | match f with context [Rinv] =>
          eapply push_ext;
          [ let i := fresh "i" in let lt := fresh "lt" in
            intros i lt; cbv beta;
            match goal with |- context [/ ?x] => match x with context [i] => idtac end end;
            on_the_left ltac:(match goal with |- ?l = _ => field_simplify l; [ | repeat split; nonzero .. ] end;
              unfold Rdiv; match goal with |- ?l = _ => ring_simplify l end)
          | push_product ]
        end
      | push_product ]
  end
with push_product :=
  lazymatch goal with
  | |- rsum _ (fun _ => ?c) = _ => apply push_const
  | _ => eapply push_ext; [intros ? _; cbv beta; revert_action; split_factors | apply push_scal]
  end
with revert_action := match goal with i : nat |- _ => revert i end.

Ltac squares :=
  repeat match goal with
  | S : subset ?K ?t, lt : (?i < ?K)%nat |- context [?t ?i ^ 2] =>
      replace (t i ^ 2) with (t i) by (rewrite <- (sub_square K t i S lt) at 1; ring)
  | |- context [sqrt ?x ^ 2] => rewrite (pow2_sqrt x) by (know; plain; nonneg)
  | |- context [Rabs ?x ^ 2] => rewrite (pow2_abs x)
  end.

(** Sums as sums of products, the innermost first. *)
Ltac sums :=
  repeat match goal with
  | |- context [rsum ?K ?f] =>
      let E := fresh "E" in
      eassert (rsum K f = _) as E;
      [ eapply push_ext;
        [ let i := fresh "i" in let lt := fresh "lt" in
          intros i lt; cbv beta;
          on_the_left ltac:(rewrite ?(e_swap i); units; sums; first [cancelled i | simplified];
            progress_squares; simplified)
        | push ]
      | rewrite E; clear E ]
  end
with progress_squares := try squares.

(** ** What the procedures say *)


(** What is said of reals by the field. *)
Ltac equal_field := first [reflexivity | ring | solve [field; repeat split; nonzero]].

(** The same with what is known of squares, of roots and of quotients that cancel. *)
Ltac new_equation says proof :=
  lazymatch goal with _ : says |- _ => fail | _ => let E := fresh "equation" in assert says as E by proof end.
Ltac equations :=
  repeat match goal with
  | S : subset ?K ?t, lt : (?i < ?K)%nat |- context [?t ?i] =>
      new_equation (t i * t i = t i) ltac:(apply (sub_square K t i S lt))
  | |- context [sqrt ?x] => new_equation (sqrt x * sqrt x = x) ltac:(apply sqrt_sqrt; know; plain; nonneg)
  | |- context [Rabs ?x] => new_equation (Rabs x * Rabs x = x * x) ltac:(apply Rabs_twice)
  | |- context [/ ?x] => new_equation (x * / x = 1) ltac:(apply Rinv_r; nonzero)
  end.
Ltac by_equations :=
  match goal with
  | one : ?a * ?b = _, two : ?d * ?f = _, three : ?h * ?k = _ |- _ => ring [one two three]
  | one : ?a * ?b = _, two : ?d * ?f = _ |- _ => ring [one two]
  | one : ?a * ?b = _ |- _ => first [ring [one] | field [one]; repeat split; nonzero]
  end.
Ltac equal_here := first [equal_field | equations; by_equations].

(** What is written differently and is the same becomes the same. *)
Ltac same f g E :=
  assert_fails (constr_eq f g); let A := fresh "same" in assert (g = f) as A by E; rewrite A; clear A.
Ltac same_parts equal :=
  repeat match goal with
  | |- context [e ?a ?b] =>
      match goal with |- context [e b a] => assert_fails (constr_eq a b); rewrite (e_swap b a) end
  | |- context [total ?K ?f] =>
      match goal with |- context [total K ?g] =>
        same (total K f) (total K g) ltac:(apply total_ext; intros; cbv beta; equal)
      end
  | |- context [exp ?x] => match goal with |- context [exp ?y] => same (exp x) (exp y) ltac:(f_equal; equal) end
  | |- context [ln ?x] => match goal with |- context [ln ?y] => same (ln x) (ln y) ltac:(f_equal; equal) end
  | |- context [sqrt ?x] => match goal with |- context [sqrt ?y] => same (sqrt x) (sqrt y) ltac:(f_equal; equal) end
  | |- context [Rabs ?x] => match goal with |- context [Rabs ?y] => same (Rabs x) (Rabs y) ltac:(f_equal; equal) end
  end.

(** The mass of a distribution. *)
Ltac mass_of P proof :=
  match goal with |- context [total ?K ?f] =>
    let A := fresh "mass" in
    assert (total K f = 1) as A
      by (transitivity (total K P); [apply total_ext; intros; cbv beta; ring | proof]);
    rewrite A; clear A
  end.
Ltac masses :=
  repeat match goal with
  | D : distribution ?K ?P |- context [total ?K _] => mass_of P ltac:(apply (dist_sum K P D))
  | |- context [softmax ?K ?z] => mass_of (softmax K z) ltac:(apply dist_sum, dist_softmax; lia)
  | one : vsum ?K ?P = 1 |- context [total ?K _] => mass_of P ltac:(exact one)
  end.

(** What is known of another form of a divisor. *)
Ltac same_value := unfold total; entries; units; sums; first [ring | same_parts equal_field; ring].
Ltac known_nonzero :=
  match goal with
  | known : 0 < ?x |- ?n <> 0 => apply pos_nonzero; replace n with x by same_value; exact known
  | known : ?x <> 0 |- ?n <> 0 => replace n with x by same_value; exact known
  end.

Ltac equal_by_known := field; repeat split; first [solve [know; plain; nonzero_real] | known_nonzero].

(** Norms as numbers of which the squares are known. *)
Ltac norms :=
  repeat match goal with |- context [vnorm ?K ?v] =>
    let E := fresh "square" in let F := fresh "square" in let n := fresh "n" in
    assert (vnorm K v * vnorm K v = sqnorm K v) as E by (rewrite <- vnorm_sq; ring);
    generalize dependent (vnorm K v); intros n E;
    eassert (n * n = _) as F by (rewrite E; on_the_left ltac:(entries; units; sums)); clear E
  end.
Ltac by_norms :=
  match goal with
  | one : ?n * ?n = _, two : ?m * ?m = _ |- _ => ring [one two]
  | one : ?n * ?n = _ |- _ => first [ring [one] | field [one]; repeat split; nonzero]
  end.

(** Where the number of actions is given, sums are written out. *)
Ltac sized :=
  repeat match goal with number : ?K = ?n :> nat |- _ => is_var K; progress (rewrite number; cbn [rsum INR]) end.

Ltac normal_real :=
  first
  [ solve [ring]
  | solve [field; repeat split; solve [know; plain; nonzero_real]]
  | entries; sized; units; sums;
    first
    [ equal_field
    | same_parts equal_field; first [equal_field | masses; equal_field]
    | masses; same_parts equal_here; equal_here
    | same_parts equal_field; equal_by_known ]
  | norms; entries; units; sums; same_parts equal_field; by_norms ].
(** On expectations of what is not looked into. *)
Ltac expectations_real :=
  cbv beta delta [vopp vadd vsub vscale vdiv vmul vquot expect vexpect Rdiv]; sums;
  first [equal_field | same_parts equal_field; equal_field].
Ltac expected :=
  lazymatch goal with
  | |- veq _ _ _ => let i := fresh "i" in let lt := fresh "lt" in intros i lt; first [expectations_real | normal_real]
  | |- _ => first [expectations_real | normal_real]
  end.
(** On expressions of which only the operations of the field are looked at. *)
Ltac opaque :=
  first
  [ solve [ring]
  | solve [field; repeat split; solve [know; plain; nonzero_real]]
  | solve [unfold Rdiv; equations; by_equations]
  | normal_real ].
Ltac normal :=
  lazymatch goal with
  | |- veq _ _ _ =>
      let i := fresh "i" in let lt := fresh "lt" in
      intros i lt; first [normal_real | cases_at i; normal_real]
  | |- _ => normal_real
  end.
