//! What the procedures make of expressions drawn at random, held against values: what `algebra` compares, what
//! `gradient` and `expect.sum` write out, and what is known of signs, each in a random one of several settings.

use std::ops::Range;

use logitlab::arith::Truth;
use logitlab::expr::{Name, Node, Op, Prop, Relation, Tree, Type};
use logitlab::proof::Context;
use logitlab::proof::facts::Facts;
use logitlab::proof::gradient::derivative;
use logitlab::proof::lift::summed;
use logitlab::proof::normal::{Expand, Normalizer};
use logitlab::proof::polynomial::Polynomial;
use num_traits::ToPrimitive;

use crate::instances::Dice;
use crate::pool::{self, Pool, Rounding, Setting, define, moved, pick, settings};
use crate::total::World;

fn polynomial(world: &World, polynomial: &Polynomial) -> Option<Vec<f64>> {
    let mut sum = vec![0.0; world.k];
    for (monomial, coefficient) in polynomial.terms() {
        let mut term = vec![coefficient.to_f64()?; world.k];
        for (atom, power) in monomial {
            let value = world.value(atom)?;
            for (index, x) in term.iter_mut().enumerate() {
                let factor = value[if value.len() == 1 { 0 } else { index }];
                *x = (0..*power).fold(*x, |product, _| product * factor);
            }
        }
        // What is large loses the digits that cancel.
        if term.iter().any(|x| x.abs() > 1e6) {
            return None;
        }
        sum.iter_mut().zip(term).for_each(|(s, x)| *s += x);
    }
    Some(sum)
}

/// Whether values are the same to within rounding; what overflows says nothing.
fn close(left: &[f64], right: &[f64], slack: f64) -> bool {
    let clear = |x: &f64| x.is_finite() && x.abs() < 1e7;
    let all = left.iter().chain(right);
    if !all.clone().all(clear) {
        return true;
    }
    let scale = all.fold(1.0_f64, |m, x| m.max(x.abs()));
    let at = |of: &[f64], index: usize| of[if of.len() == 1 { 0 } else { index }];
    (0..left.len().max(right.len())).all(|index| (at(left, index) - at(right, index)).abs() <= slack * scale)
}

const EXPANSIONS: &[Expand] = &[Expand::Nothing, Expand::Inner, Expand::Sum, Expand::Entry, Expand::Expectation];

/// The normal form of an expression has its value: here, under a binder of an action, and near a point.
fn algebra(setting: &Setting, facts: &Facts<'_>, pool: &Pool, dice: &mut Dice, wrong: &mut Vec<String>) -> bool {
    let expand = if dice.below(4) == 0 { pick(dice, EXPANSIONS) } else { Expand::All };
    let binder = pick(dice, &["", "", "i", "u", "v", "z"]);
    let inner = facts.without(&binder.into());
    let facts: &Facts<'_> = if binder.is_empty() { facts } else { &inner };
    let bound = if binder == "i" { vec!["i"] } else { vec![] };
    let (ty, depth) = (pick(dice, &[Type::Real, Type::Vector]), 2 + dice.below(3));
    let tree = &Pool { bound, ..pool.clone() }.tree(dice, ty, depth);
    if !facts.is_finite(tree) {
        return false;
    }
    let normal = Normalizer { known: facts, binders: vec![], expand, effort: &facts.effort };
    let Some(fraction) = normal.fraction(tree) else { return false };
    for world in &setting.worlds {
        let world = &match binder {
            "" => world.clone(),
            "i" => {
                let mut inner = world.clone();
                inner.actions.insert("i".into(), dice.below(world.k));
                inner
            }
            point => moved(&setting.statement, world, &point.into(), dice, 1.0 / 1_048_576.0),
        };
        let (Some(value), Some(over), Some(under)) =
            (world.value(tree), polynomial(world, &fraction.over), polynomial(world, &fraction.under))
        else {
            continue;
        };
        let back: Vec<f64> = value.iter().zip(&under).map(|(x, y)| x * y).collect();
        let zero = under.contains(&0.0);
        if zero && underflows(tree) {
            continue;
        }
        if world.is_exact()
            && (zero && value.iter().all(|x| x.is_finite()) || !close(&back, &over[..value.len()], 1e-8))
        {
            wrong.push(format!("{expand:?} under `{binder}`: {tree} -> {fraction:?} at {world:?}"));
            break;
        }
    }
    true
}

/// An expectation written out as a sum has its value.
fn lift(setting: &Setting, facts: &Facts<'_>, tree: &Tree, wrong: &mut Vec<String>) -> bool {
    let Some(sum) = summed(tree).filter(|_| facts.is_finite(tree)) else { return false };
    for world in &setting.worlds {
        let (Some(left), Some(right)) = (world.value(tree), world.value(&sum)) else { continue };
        if world.is_exact() && !close(&left, &right, 1e-9) {
            wrong.push(format!("{tree} -> {sum} at {world:?}"));
            break;
        }
    }
    true
}

/// What is known of signs holds, and nearby what is known under a derivative.
fn signs(setting: &Setting, facts: &Facts<'_>, tree: &Tree, dice: &mut Dice, wrong: &mut Vec<String>) -> bool {
    let zero = if tree.ty() == Type::Vector { Tree::zeros() } else { Tree::integer(0) };
    let point = Name::from(pick(dice, &["u", "v", "z", "x"]));
    let near = dice.below(3) == 0 && &*point != "x";
    let inner = facts.without(&point);
    let known: &Facts<'_> = if near { &inner } else { facts };
    let mut any = false;
    for relation in [
        Relation::Less,
        Relation::LessEqual,
        Relation::Greater,
        Relation::GreaterEqual,
        Relation::Equal,
        Relation::NotEqual,
    ] {
        let prop = Prop::Compare(relation, tree.clone(), zero.clone());
        if known.holds(&prop) != Truth::True {
            continue;
        }
        any = true;
        for world in &setting.worlds {
            let world = if near { moved(&setting.statement, world, &point, dice, 1e-6) } else { world.clone() };
            let number = world.is_exact()
                && world.value(tree).is_some_and(|value| value.iter().all(|x| x.is_finite() && x.abs() < 1e7));
            let strict = matches!(relation, Relation::NotEqual)
                && world.value(tree).is_some_and(|v| v.iter().all(|x| *x == 0.0))
                && !underflows(tree);
            if number && (strict || relation != Relation::NotEqual && world.holds(&prop, true) == Some(false)) {
                wrong.push(format!("{prop} (near {point}: {near}) at {world:?}"));
                break;
            }
        }
    }
    any
}

fn underflows(tree: &Tree) -> bool {
    tree.any(&|node| matches!(node, Node::Apply(Op::Exp | Op::Softmax | Op::Derived(_), _)))
}

/// A derivative that is written out is the slope.
fn gradient(setting: &Setting, facts: &Facts<'_>, tree: &Tree, dice: &mut Dice, wrong: &mut Vec<String>) -> bool {
    let at = Name::from(pick(dice, &["u", "v", "z"]));
    if !facts.depends(tree, &at) {
        return false;
    }
    let asked = Tree::new(Node::Gradient { of: tree.clone(), at: at.clone() }).expect("the types fit");
    let Some(written) = derivative(&asked, facts).filter(|written| facts.is_finite(written)) else { return false };
    'worlds: for world in &setting.worlds {
        let Some(value) = world.value(&written) else { continue };
        // Of what is large, differences lose their digits.
        if world.value(tree).is_none_or(|value| value[0].abs() > 1e3) {
            continue;
        }
        let mut slopes = Vec::new();
        for index in 0..world.k {
            let at_step = |h: f64| {
                let mut near = world.clone();
                near.values.get_mut(&at).expect("declared")[index] += h;
                define(&setting.statement, &mut near);
                near.value(tree).map(|v| v[0])
            };
            // To one side alone: of |x| the slope at 0 is 0 from both.
            let slope = |h: f64| Some((4.0 * at_step(h)? - 3.0 * at_step(0.0)? - at_step(2.0 * h)?) / (2.0 * h));
            let (Some(wide), Some(fine)) = (slope(1e-4), slope(5e-5)) else { continue 'worlds };
            slopes.push((4.0 * fine - wide) / 3.0);
        }
        let smooth = value.iter().all(|x| x.abs() < 1e4) || value.iter().any(|x| !x.is_finite());
        let undefined = value.iter().any(|x| x.is_nan()) && slopes.iter().all(|x| x.is_finite());
        if undefined || smooth && !close(&value, &slopes, 1e-4) {
            wrong.push(format!("{asked} -> {written}: {value:?} but {slopes:?} at {world:?}"));
            break;
        }
    }
    true
}

/// A step by what is given in which one value is exchanged for another.
fn order(setting: &Setting, pool: &Pool, dice: &mut Dice, wrong: &mut Vec<String>) -> bool {
    let given = &setting.statement.hypotheses;
    if given.is_empty() {
        return false;
    }
    let Prop::Compare(_, from, to) = pick(dice, given) else { return false };
    let (from, to) = if dice.below(2) == 0 { (from, to) } else { (to, from) };
    let (ty, depth) = (pick(dice, &[Type::Real, Type::Vector]), 1 + dice.below(3));
    let left = pool.tree(dice, ty, depth);
    let mut places = 0;
    let leaf = |tree: &Tree| tree.ty() == from.ty() && tree.depth() < 3;
    left.visit(&mut |tree| places += usize::from(leaf(tree)));
    if places == 0 {
        return false;
    }
    let at = dice.below(places);
    let put = |value: &Tree| {
        let mut seen = 0;
        left.rewrite(&mut |tree| {
            if !leaf(tree) {
                return None;
            }
            seen += 1;
            (seen == at + 1).then(|| value.clone())
        })
        .ok()
    };
    let (Some(left), Some(right)) = (put(&from), put(&to)) else { return false };
    let relation = pick(dice, &[Relation::Less, Relation::LessEqual, Relation::Equal, Relation::Greater]);
    let context = Context::new(&setting.statement);
    let names = [Name::from("hypothesis"), "order".into(), "algebra".into()];
    if context.step(&left, relation, &right, &names, &[]).is_err() {
        return false;
    }
    let prop = Prop::Compare(relation, left.clone(), right.clone());
    let ring = |node: &Node| {
        use Op::{Abs, Add, Collision, Hadamard, Inner, Max, Min, Mul, Neg, NormSquared, Sub, Sum};
        let Node::Apply(op, _) = node else { return true };
        matches!(op, Abs | Add | Collision | Hadamard | Inner | Max | Min | Mul | Neg | NormSquared | Sub | Sum)
    };
    let rounded = [&left, &right].iter().any(|side| side.any(&|node| !ring(node)));
    for world in &setting.worlds {
        let value = |tree: &Tree| world.value(tree).is_some_and(|v| v.iter().all(|x| x.is_finite() && x.abs() < 1e7));
        if world.is_exact() && value(&left) && value(&right) && world.holds(&prop, rounded) == Some(false) {
            wrong.push(format!("{prop} at {world:?}"));
            break;
        }
    }
    true
}

fn attempt(kind: &str, setting: &Setting, dice: &mut Dice, wrong: &mut Vec<String>) -> bool {
    let facts =
        Facts::new(&setting.statement.variables, &setting.statement.definitions, setting.statement.hypotheses.clone());
    facts.effort.renew();
    let size = setting.worlds[0].k;
    let given = facts.size().map(|_| size);
    let pool =
        Pool { numbers: setting.numbers, bound: vec![], size: given, derived: kind == "signs" || kind == "algebra" };
    let ty = pick(dice, &[Type::Real, Type::Vector]);
    let depth = 2 + dice.below(3);
    match kind {
        "algebra" => algebra(setting, &facts, &pool, dice, wrong),
        "order" => order(setting, &pool, dice, wrong),
        "signs" => {
            let depth = dice.below(5);
            let tree = match dice.below(4) {
                0 => pool::difference(setting, dice),
                _ => pool.tree(dice, ty, depth),
            };
            signs(setting, &facts, &tree, dice, wrong)
        }
        "lift" => lift(setting, &facts, &pool.expectation(dice, ty, depth), wrong),
        _ => gradient(setting, &facts, &pool.tree(dice, Type::Real, depth), dice, wrong),
    }
}

/// Draws cases of a kind by their seeds; how many said something, and what was wrong.
pub fn draw(kind: &str, seeds: Range<u64>) -> (u64, Vec<String>) {
    let settings = settings(&mut Dice::new(seeds.start));
    let (mut said, mut wrong) = (0, Vec::new());
    for seed in seeds {
        let dice = &mut Dice::new(seed);
        let setting = &settings[dice.below(settings.len())];
        let mut found = Vec::new();
        said += u64::from(attempt(kind, setting, dice, &mut found));
        wrong.extend(found.into_iter().map(|what| format!("{:?} seed {seed}: {what}", setting.statement.hypotheses)));
    }
    (said, wrong)
}

#[test]
fn what_procedures_say_of_random_expressions_holds_of_their_values() {
    for (kind, least) in [("algebra", 4000), ("lift", 3000), ("gradient", 250), ("signs", 1000), ("order", 80)] {
        let (said, wrong) = draw(kind, 0..6000);
        assert!(wrong.is_empty(), "{kind}: {}\n{}", wrong.len(), wrong[0]);
        assert!(said > least, "{kind}: {said}");
    }
}
