//! Derived operations against the equations that define them, in exact arithmetic and in intervals.

use super::*;
use crate::arith::exact::Exact;
use crate::arith::interval::Intervals;
use crate::arith::interval64::Intervals64;
use crate::expr::OPS;
use crate::expr::definition::unfold;
use crate::policy::{Policy, Scores, Spec};

/// Whether an operation on P, Q and log P of two policies is what it stands for, where both have values.
fn agrees<A: Arithmetic>(system: &A, op: Op, takes: &[Type], weights: [&[u64]; 2]) -> Option<Truth> {
    let k = weights[0].len();
    let mut evaluator = Evaluator::new(system, k, &[]);
    let names = ["p", "q"];
    for (name, weights) in names.iter().zip(weights) {
        let total: u64 = weights.iter().sum();
        let entry = |n: &u64| system.div(system.integer(*n as i64), &system.integer(total as i64));
        let entries = weights.iter().map(entry).collect::<Eval<Vec<_>>>().expect("the sum is positive");
        evaluator.assign(&Name::from(*name), Value::Vector(Vector::dense(system, entries)));
    }
    let policies = names.map(|name| Tree::variable(name, Type::Vector));
    let logits = || policies.clone().map(|p| Tree::apply(Op::Log, [p]).expect("elementwise"));
    let of = if matches!(op, Op::Lse | Op::Softmax) { logits() } else { policies.clone() };
    // The entries of the first action, where reals are needed.
    let real = |v: &Tree| Tree::new(Node::At(v.clone(), Action::Index(1))).expect("a vector");
    let argument = |(index, ty): (usize, &Type)| match ty {
        Type::Vector => of[index % 2].clone(),
        Type::Real => real(&of[index % 2]),
    };
    let arguments: Vec<Tree> = takes.iter().enumerate().map(argument).collect();
    let arguments = arguments.as_slice();
    let (whole, meaning) = (Tree::apply(op, arguments).expect("its types"), unfold(op, arguments).expect("derived"));
    let at = |tree: Tree| match tree.ty() {
        Type::Real => tree,
        Type::Vector => Tree::new(Node::At(tree, Action::Index(1))).expect("a vector"),
    };
    match (evaluator.real(&at(whole)), evaluator.real(&at(meaning))) {
        (Ok(x), Ok(y)) => Some(system.equal(&x, &y).unwrap_or(Truth::Unknown)),
        (x, y) => {
            assert_eq!(x.is_err(), y.is_err(), "{op:?} {weights:?}: {:?} {:?}", x.err(), y.err());
            None
        }
    }
}

#[test]
fn derived_operations_are_what_they_stand_for() {
    let specs = ["integers:K=2..6,bits=12", "ties:K=3", "zeros:K=4,bits=6", "integers:K=1,bits=5"];
    let derived = OPS.iter().filter(|row| !row.laws.is_empty());
    for (row, takes) in derived.flat_map(|row| row.signatures.iter().map(move |(takes, _)| (row, *takes))) {
        let mut decided = 0;
        for (seed, spec) in specs.iter().cycle().take(40).enumerate() {
            let spec: Spec = spec.parse().expect("a spec");
            let weights = |case: u64| match Policy::generate(&spec, seed as u64, case).scores {
                Scores::Integers(all) => all.iter().map(|limbs| limbs[0]).collect::<Vec<u64>>(),
                other => unreachable!("{other:?}"),
            };
            let p = weights(0);
            let mut q = weights(1);
            q.resize(p.len(), 3);
            let weights = [p.as_slice(), q.as_slice()];
            let exact = agrees(&Exact::<rug::Rational>::new(), row.op, takes, weights);
            assert_ne!(exact, Some(Truth::False), "{:?} {weights:?}", row.op);
            let enclosed = agrees(&Intervals64, row.op, takes, weights);
            assert_ne!(enclosed, Some(Truth::False), "{:?} {weights:?}", row.op);
            // Exact arithmetic has no sum of exponentials; that there is an enclosure says enough of what is evaluated
            // by its equation.
            let evaluated = matches!(row.op, Op::Derived(_)) && enclosed.is_some();
            decided += usize::from(exact == Some(Truth::True) || evaluated);
            assert_ne!(agrees(&Intervals::new(96), row.op, takes, weights), Some(Truth::False), "{:?}", row.op);
        }
        assert!(decided >= 10, "{:?}: {decided} cases", row.op);
    }
}
