//! Where a claim can turn: the roots of its polynomials in one real, the other values held fixed.
//!
//! Sides of relations, divisors, and what logarithms, roots and absolute values are taken of are evaluated at a few
//! values of the real; where they are affine or quadratic there, their rational roots and points on both sides are
//! tried. So x = 17 is found for 1/(x - 17), and a = 2 for a - 2 < 0.

use num_bigint::BigInt;
use num_rational::BigRational;
use rug::Rational;

use crate::arith::exact::Exact;
use crate::arith::number::Number;
use crate::arith::rational::Rational as _;
use crate::eval::{Evaluator, Value};
use crate::expr::{Name, Node, Op, Prop, Sort, Statement, Tree, Type};
use crate::judges::case::Case;
use crate::judges::solve::roots;
use crate::judges::values::evaluator;

type System = Exact<Rational>;

/// The most turning points of one real.
const MOST: usize = 16;

/// From where four consecutive values are tried, until all four exist.
const FROM: [(i64, i64); 3] = [(0, 1), (1, 2), (-7, 2)];

/// The turning points of all reals around a case, the roots themselves first.
pub fn points(statement: &Statement, case: &Case) -> Vec<(Name, BigRational)> {
    let system = System::new();
    let mut found = Vec::new();
    for (name, sort) in &statement.variables {
        if *sort != Sort::Real {
            continue;
        }
        let Ok(mut evaluator) = evaluator(&system, case, &statement.definitions) else { return found };
        let mut roots: Vec<Rational> = Vec::new();
        for prop in statement.hypotheses.iter().chain(&statement.shows) {
            relations(prop, &mut |left, right| {
                roots.extend(along(&system, &mut evaluator, name, case.k, left, Some(right)));
            });
        }
        for tree in statement.trees() {
            sites(tree, case.k, &mut evaluator, &mut |evaluator, site| {
                roots.extend(along(&system, evaluator, name, case.k, site, None));
            });
        }
        let unit = BigRational::from_integer(BigInt::from(1));
        let small = BigRational::new(BigInt::from(1), BigInt::from(8));
        let roots: Vec<BigRational> = roots.iter().map(|root| root.to_big()).collect();
        let around = [&unit, &small].into_iter().flat_map(|gap| [-gap.clone(), gap.clone()]);
        let sides = around.flat_map(|gap| roots.iter().map(move |root| root + &gap).collect::<Vec<_>>());
        let mut points: Vec<BigRational> = Vec::new();
        for point in roots.iter().cloned().chain(sides) {
            if points.len() < MOST && !points.contains(&point) {
                points.push(point);
            }
        }
        found.extend(points.into_iter().map(|point| (name.clone(), point)));
    }
    found
}

fn relations<'a>(prop: &'a Prop, f: &mut dyn FnMut(&'a Tree, &'a Tree)) {
    match prop {
        Prop::Compare(_, left, right) => f(left, right),
        Prop::SameAction(..) => {}
        Prop::And(parts) | Prop::Or(parts) => parts.iter().for_each(|part| relations(part, f)),
        Prop::Implies(a, b) | Prop::Iff(a, b) => {
            relations(a, f);
            relations(b, f);
        }
    }
}

/// Calls `f` with every divisor and every argument of a function that has a place where it turns, for each value of
/// the actions that are bound around it.
fn sites<'a>(
    tree: &'a Tree,
    k: usize,
    evaluator: &mut Evaluator<'_, System>,
    f: &mut dyn FnMut(&mut Evaluator<'_, System>, &'a Tree),
) {
    match tree.node() {
        Node::Apply(Op::Div | Op::Quotient, parts) => f(evaluator, &parts[1]),
        Node::Apply(Op::Log | Op::Sqrt | Op::Abs | Op::XlogX, parts) => f(evaluator, &parts[0]),
        Node::Apply(Op::XlogY, parts) => f(evaluator, &parts[1]),
        _ => {}
    }
    if let Node::Expect { action, over, body } = tree.node() {
        sites(over, k, evaluator, f);
        for index in 0..k {
            evaluator.choose(action, index);
            sites(body, k, evaluator, f);
        }
        return;
    }
    for child in tree.node().children() {
        sites(child, k, evaluator, f);
    }
}

/// The rational roots of left - right, or of left, in the real of this name, in every coordinate.
fn along(
    system: &System,
    evaluator: &mut Evaluator<'_, System>,
    name: &Name,
    k: usize,
    left: &Tree,
    right: Option<&Tree>,
) -> Vec<Rational> {
    let rational = |x: Number<Rational>| match x {
        Number::Rational(x) => Some(x),
        _ => None,
    };
    let mut at = |x: &Rational| -> Option<Vec<Rational>> {
        evaluator.assign(name, Value::Real(Number::Rational(x.clone())));
        let mut side = |tree: &Tree| -> Option<Vec<Rational>> {
            if tree.ty() == Type::Real {
                return Some(vec![rational(evaluator.real(tree).ok()?)?]);
            }
            let v = evaluator.vector(tree).ok()?;
            (0..k).map(|index| rational(v.at(system, index).ok()?)).collect()
        };
        let left = side(left)?;
        let Some(right) = right else { return Some(left) };
        Some(left.into_iter().zip(side(right)?).map(|(x, y)| x - y).collect())
    };
    for (n, d) in FROM {
        let start = Rational::from((n, d));
        let values: Option<Vec<Vec<Rational>>> = (0..4).map(|t| at(&Rational::from(&start + t))).collect();
        let Some(values) = values else { continue };
        let coordinate = |index: usize| roots(&[0, 1, 2, 3].map(|t: usize| values[t][index].clone()));
        return (0..values[0].len()).flat_map(coordinate).map(|root| root + &start).collect();
    }
    vec![]
}

/// Numbers of actions beyond the small ones at which a statement about K can turn: near its whole numbers and
/// their square roots.
pub fn sizes(statement: &Statement, most: usize) -> Vec<usize> {
    let mut found = Vec::new();
    let system = System::new();
    for tree in statement.trees() {
        tree.visit(&mut |part| {
            let closed =
                !part.any(&|node| matches!(node, Node::Variable(..) | Node::Size | Node::At(..) | Node::Unit(_)));
            if part.ty() == Type::Real
                && closed
                && let Ok(Number::Rational(value)) = Evaluator::new(&system, 1, &statement.definitions).real(part)
                && let Some(whole) = value.floor().numer().to_usize()
            {
                // K^2 = 3600 turns at 60.
                for turn in [whole, num_integer::sqrt(whole)] {
                    found.extend([turn.saturating_sub(1), turn, turn.saturating_add(1)]);
                }
            }
        });
    }
    let about_size = statement.trees().iter().any(|tree| tree.any(&|node| matches!(node, Node::Size)));
    found.retain(|k| about_size && (1..=most).contains(k));
    found.sort_unstable();
    found.dedup();
    found
}
