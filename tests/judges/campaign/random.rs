//! Random statements to hold the judges against each other: of any kind, equations that are true because one side is
//! the other written differently, and equations that are nearly so.

use logitlab::expr::{Node, Op, Prop, Relation, Sort, Statement, Tree, Type};
use logitlab::policy::random::Rng;
use num_rational::BigRational;

use crate::campaign::mutate::mutants;
use crate::support::statements::{Choices, Kinds};

/// Statement number `index`.
pub fn statement(index: u64) -> Statement {
    let mut rng = Rng::new(0x72616e64, index);
    let bytes = |rng: &mut Rng| -> Vec<u8> { (0..160).map(|_| rng.bits(8) as u8).collect() };
    let kinds = Kinds { formats: false, derivatives: rng.below(3) == 0, numbered: rng.below(6) == 0 };
    let depth = 1 + rng.index(3);
    let mut statement = Choices::whole(&bytes(&mut rng), kinds, depth);
    if rng.below(2) == 0 {
        // Contradictory hypotheses are the rule where they are random; half of the statements have none.
        statement.hypotheses.clear();
    }
    if rng.below(3) > 0 {
        let bytes = bytes(&mut rng);
        let ty = if rng.below(3) == 0 { Type::Vector } else { Type::Real };
        let side = tame(&Choices::new(&bytes, statement.clone(), kinds).tree(ty, depth), &mut rng);
        let other = rewritten(&side, &mut rng);
        let relation = if rng.below(4) == 0 { Relation::LessEqual } else { Relation::Equal };
        let show = Prop::Compare(relation, side, other);
        statement.shows = match (rng.below(4), statement.shows.pop()) {
            (0, Some(premise)) => vec![Prop::Implies(premise.into(), show.into())],
            (1, Some(other)) => vec![show, other],
            _ => vec![show],
        };
    }
    for (_, sort) in &mut statement.variables {
        if *sort == Sort::Logits && rng.below(2) == 0 {
            *sort = Sort::Masked;
        }
    }
    let mut each = |tree: &Tree| tame(tree, &mut rng);
    statement.hypotheses = statement.hypotheses.iter().map(|prop| in_prop(prop, &mut each)).collect();
    statement.shows = statement.shows.iter().map(|prop| in_prop(prop, &mut each)).collect();
    statement.definitions = statement.definitions.iter().map(|(name, body)| (name.clone(), each(body))).collect();
    if rng.below(4) == 0 {
        let mut near = mutants(&statement);
        if !near.is_empty() {
            statement = near.swap_remove(rng.index(near.len())).statement;
        }
    }
    statement
}

fn in_prop(prop: &Prop, f: &mut dyn FnMut(&Tree) -> Tree) -> Prop {
    match prop {
        Prop::Compare(relation, left, right) => Prop::Compare(*relation, f(left), f(right)),
        Prop::SameAction(..) => prop.clone(),
        Prop::And(parts) => Prop::And(parts.iter().map(|part| in_prop(part, f)).collect()),
        Prop::Or(parts) => Prop::Or(parts.iter().map(|part| in_prop(part, f)).collect()),
        Prop::Implies(a, b) => Prop::Implies(in_prop(a, f).into(), in_prop(b, f).into()),
        Prop::Iff(a, b) => Prop::Iff(in_prop(a, f).into(), in_prop(b, f).into()),
    }
}

/// With small exponents, and mostly small numbers.
fn tame(tree: &Tree, rng: &mut Rng) -> Tree {
    let mut smaller = |tree: &Tree| match tree.node() {
        Node::Power(x, n) if *n > 4 => Tree::new(Node::Power(x.clone(), n % 5)).ok(),
        Node::Number(value) if *value.numer() > 12.into() && rng.below(4) > 0 => {
            let (n, d) = [(0, 1), (1, 2), (2, 1), (1, 3), (3, 1), (9, 10)][rng.index(6)];
            Tree::new(Node::Number(BigRational::new(n.into(), d.into()))).ok()
        }
        _ => None,
    };
    tree.rewrite(&mut smaller).expect("every part keeps its type")
}

/// The same value, written differently.
fn rewritten(tree: &Tree, rng: &mut Rng) -> Tree {
    tree.rewrite(&mut |tree| if rng.below(2) == 0 { other_form(tree) } else { None })
        .expect("every part keeps its type")
}

fn apply(op: Op, items: &[&Tree]) -> Option<Tree> {
    Tree::apply(op, items.iter().map(|item| (*item).clone()).collect::<Vec<_>>()).ok()
}

fn other_form(tree: &Tree) -> Option<Tree> {
    match tree.node() {
        Node::Apply(op, items) => match (op, items.as_slice()) {
            (Op::Neg, [x]) => {
                apply(Op::Sub, &[&if x.ty() == Type::Real { Tree::integer(0) } else { Tree::zeros() }, x])
            }
            (Op::Add | Op::Inner | Op::Hadamard, [x, y]) => apply(*op, &[y, x]),
            (Op::Sub, [x, y]) => apply(Op::Add, &[x, &apply(Op::Neg, &[y])?]),
            (Op::Mul, [x, y]) if y.ty() == Type::Real => apply(Op::Mul, &[y, x]),
            (Op::NormSquared | Op::Collision, [v]) => apply(Op::Inner, &[v, v]),
            (Op::Norm, [v]) => apply(Op::Sqrt, &[&apply(Op::NormSquared, &[v])?]),
            (Op::Sum, [v]) => apply(Op::Inner, &[&Tree::ones(), v]),
            (Op::XlogX, [x]) => apply(Op::XlogY, &[x, x]),
            (Op::Entropy, [p]) => apply(Op::Neg, &[&apply(Op::Sum, &[&apply(Op::XlogX, &[p])?])?]),
            (Op::CollisionEntropy, [p]) => apply(Op::Neg, &[&apply(Op::Log, &[&apply(Op::Collision, &[p])?])?]),
            (Op::Divergence, [p, q]) => {
                let terms = apply(Op::Sub, &[&apply(Op::XlogX, &[p])?, &apply(Op::XlogY, &[p, q])?])?;
                apply(Op::Sum, &[&terms])
            }
            (Op::Lse, [z]) => apply(Op::Log, &[&apply(Op::Sum, &[&apply(Op::Exp, &[z])?])?]),
            (Op::Softmax, [z]) => {
                let weights = apply(Op::Exp, &[z])?;
                apply(Op::Div, &[&weights, &apply(Op::Sum, &[&weights])?])
            }
            (Op::Max, [v]) => apply(Op::Neg, &[&apply(Op::Min, &[&apply(Op::Neg, &[v])?])?]),
            _ => None,
        },
        Node::Power(x, 2) => apply(Op::Mul, &[x, x]),
        Node::At(v, action) => apply(Op::Inner, &[&Tree::unit(action.clone()), v]),
        Node::Others(v, action) => {
            let own = Tree::new(Node::At(v.clone(), action.clone())).ok()?;
            apply(Op::Sub, &[v, &apply(Op::Mul, &[&own, &Tree::unit(action.clone())])?])
        }
        Node::Derivative { of, at, along } => {
            apply(Op::Inner, &[&Tree::new(Node::Gradient { of: of.clone(), at: at.clone() }).ok()?, along])
        }
        _ => None,
    }
}
