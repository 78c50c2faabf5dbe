//! What the kernel knows without a derivation, held against values: expressions of every operation, drawn at random.

use logitlab::expr::{Action, Name, Node, Op, Prop, Relation, Sort, Tree, Type};
use logitlab::proof::facts::Facts;

use crate::instances::{Dice, Instance};
use crate::total::World;

const REAL_TO_REAL: &[Op] = &[Op::Neg, Op::Abs, Op::Sqrt, Op::Exp, Op::Log, Op::XlogX];
const VECTOR_TO_REAL: &[Op] =
    &[Op::Norm, Op::NormSquared, Op::Sum, Op::Max, Op::Min, Op::Lse, Op::Collision, Op::Entropy, Op::CollisionEntropy];
const VECTOR_TO_VECTOR: &[Op] = &[Op::Neg, Op::Abs, Op::Sqrt, Op::Exp, Op::Log, Op::XlogX, Op::Softmax];
const ELEMENTWISE: &[Op] = &[Op::Add, Op::Sub, Op::Mul, Op::Div];
const OF_VECTORS: &[Op] = &[Op::Add, Op::Sub, Op::Hadamard, Op::Quotient, Op::XlogY];

fn variables() -> Vec<(Name, Sort)> {
    let of = |names: &[&str], sort: Sort| names.iter().map(|name| (Name::from(*name), sort)).collect::<Vec<_>>();
    [
        of(&["x", "y"], Sort::Real),
        of(&["u", "v"], Sort::Vector),
        of(&["P"], Sort::Distribution),
        of(&["t"], Sort::Subset),
        of(&["z"], Sort::Masked),
        of(&["a", "c"], Sort::Action),
    ]
    .concat()
}

fn pick<T: Copy>(dice: &mut Dice, items: &[T]) -> T {
    items[dice.below(items.len())]
}

fn action(dice: &mut Dice) -> Action {
    Action::Name(pick(dice, &["a", "c"]).into())
}

/// An expression of a type that is at most so deep.
fn random(dice: &mut Dice, ty: Type, depth: usize) -> Tree {
    let inner = |dice: &mut Dice, ty: Type| random(dice, ty, depth.saturating_sub(1));
    let tree = match (ty, if depth == 0 { 0 } else { 1 + dice.below(6) }) {
        (Type::Real, 0) => match dice.below(5) {
            0 => Ok(Tree::integer(pick(dice, &[0, 1, 2]))),
            1 => Tree::new(Node::Size),
            _ => Ok(Tree::variable(pick(dice, &["x", "y"]), Type::Real)),
        },
        (Type::Vector, 0) => match dice.below(8) {
            0 => Ok(Tree::ones()),
            1 => Ok(Tree::unit(action(dice))),
            _ => Ok(Tree::variable(pick(dice, &["u", "v", "P", "P", "t", "z"]), Type::Vector)),
        },
        (Type::Real, 1) => Tree::apply(pick(dice, REAL_TO_REAL), [inner(dice, Type::Real)]),
        (Type::Real, 2) => Tree::apply(pick(dice, ELEMENTWISE), [inner(dice, Type::Real), inner(dice, Type::Real)]),
        (Type::Real, 3 | 4) => Tree::apply(pick(dice, VECTOR_TO_REAL), [inner(dice, Type::Vector)]),
        (Type::Real, 5) if dice.below(2) == 0 => Tree::new(Node::Power(inner(dice, Type::Real), 2)),
        (Type::Real, 5) => Tree::apply(Op::Inner, [inner(dice, Type::Vector), inner(dice, Type::Vector)]),
        (Type::Real, _) => Tree::new(Node::At(inner(dice, Type::Vector), action(dice))),
        (Type::Vector, 1 | 2) => Tree::apply(pick(dice, VECTOR_TO_VECTOR), [inner(dice, Type::Vector)]),
        (Type::Vector, 3 | 4) => {
            Tree::apply(pick(dice, OF_VECTORS), [inner(dice, Type::Vector), inner(dice, Type::Vector)])
        }
        (Type::Vector, 5) if dice.below(2) == 0 => {
            Tree::apply(Op::Div, [inner(dice, Type::Vector), inner(dice, Type::Real)])
        }
        (Type::Vector, 5) => Tree::apply(Op::Mul, [inner(dice, Type::Real), inner(dice, Type::Vector)]),
        (Type::Vector, _) => Tree::new(Node::Others(inner(dice, Type::Vector), action(dice))),
    };
    tree.expect("the types fit")
}

fn zero(ty: Type) -> Tree {
    if ty == Type::Vector { Tree::zeros() } else { Tree::integer(0) }
}

const RELATIONS: &[Relation] =
    &[Relation::Less, Relation::LessEqual, Relation::Greater, Relation::GreaterEqual, Relation::NotEqual];

/// A condition on a small expression.
fn condition(dice: &mut Dice) -> Prop {
    let ty = pick(dice, &[Type::Real, Type::Vector]);
    let depth = dice.below(3);
    let left = random(dice, ty, depth);
    let right = if dice.below(3) == 0 { random(dice, ty, 0) } else { zero(ty) };
    Prop::Compare(pick(dice, RELATIONS), left, right)
}

/// Values at which some propositions hold, as far as they are found.
fn world(variables: &[(Name, Sort)], props: &[Prop], seed: u64) -> Option<World> {
    (0..12).find_map(|k| {
        let world = Instance::random(variables, 1000 * seed + k).world(seed);
        props.iter().all(|prop| world.holds(prop, false) == Some(true)).then_some(world)
    })
}

fn is_number(world: &World, tree: &Tree) -> bool {
    world.value(tree).is_some_and(|value| value.iter().all(|x| x.is_finite()))
}

#[test]
fn known_signs_are_those_of_values() {
    let variables = variables();
    let (mut known, mut wrong) = ([0; 2], Vec::new());
    for seed in 0..40_000 {
        let dice = &mut Dice::new(seed);
        let given: Vec<Prop> = (0..dice.below(3)).map(|_| condition(dice)).collect();
        let depth = 1 + dice.below(3);
        let ty = pick(dice, &[Type::Real, Type::Real, Type::Vector]);
        let tree = random(dice, ty, depth);
        let facts = Facts::new(&variables, &[], given.clone());
        for relation in RELATIONS.iter().filter(|relation| **relation != Relation::NotEqual) {
            let prop = Prop::Compare(*relation, tree.clone(), zero(tree.ty()));
            if facts.holds(&prop) != logitlab::arith::Truth::True {
                continue;
            }
            known[usize::from(!given.is_empty())] += 1;
            let Some(world) = world(&variables, &given, seed) else { continue };
            // What overflows in floating point is no counterexample; what is masked must not be said to be a number.
            if world.holds(&prop, true) == Some(false) && is_number(&world, &tree) {
                wrong.push(format!("{prop} given {given:?} at {world:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong[0]);
    assert!(known[0] > 3000 && known[1] > 3000, "{known:?}");
}

/// Under a derivative only what holds near the present point stays known.
#[test]
fn what_is_known_under_a_derivative_holds_near_the_point() {
    let variables = variables();
    let name = Name::from("v");
    let (mut kept, mut dropped, mut wrong) = (0, 0, Vec::new());
    for seed in 0..40_000 {
        let dice = &mut Dice::new(seed ^ 0x5eed);
        let mut given = vec![condition(dice)];
        let Prop::Compare(relation, left, right) = given[0].clone() else { unreachable!("a comparison") };
        if !left.has_variable("v") || relation == Relation::NotEqual {
            continue;
        }
        given.extend((0..dice.below(2)).map(|_| condition(dice)));
        let facts = Facts::new(&variables, &[], given.clone());
        if facts.without(&name).holds(&given[0]) != logitlab::arith::Truth::True {
            dropped += 1;
            continue;
        }
        kept += 1;
        let Some(world) = world(&variables, &given, seed) else { continue };
        let difference = Tree::apply(Op::Sub, [left, right]).unwrap();
        let clear = |world: &World| world.value(&difference).is_some_and(|d| d.iter().all(|x| x.abs() > 1e-2));
        for k in 0..4 {
            let mut near = world.clone();
            let v = near.values.get_mut(&name).unwrap();
            v.iter_mut().for_each(|x| *x += [-1e-5, 0.0, 1e-5, 2e-5][dice.below(4)] * f64::from(k));
            if clear(&world) && near.holds(&given[0], false) == Some(false) {
                wrong.push(format!("{} given {given:?} at {world:?} and {near:?}", given[0]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong[0]);
    assert!(kept > 500 && dropped > 500, "{kept} {dropped}");
}
