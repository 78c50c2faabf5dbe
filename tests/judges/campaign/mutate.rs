//! Mutants of statements: each differs in one place.

use std::fmt;

use logitlab::expr::{Action, Name, Node, Op, Prop, Relation, Sort, Statement, Tree, Type};
use num_rational::BigRational;
use num_traits::{One, Zero};

/// In which way a mutant differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Sign,
    Percent,
    Constant,
    Exponent,
    Hypothesis,
    Name,
    Operation,
    Relation,
    Factor,
    Index,
}

impl Kind {
    pub const ALL: [Kind; 10] = [
        Kind::Sign,
        Kind::Percent,
        Kind::Constant,
        Kind::Exponent,
        Kind::Hypothesis,
        Kind::Name,
        Kind::Operation,
        Kind::Relation,
        Kind::Factor,
        Kind::Index,
    ];
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Kind::Sign => "a sign",
            Kind::Percent => "a constant, by 1 or 10 %",
            Kind::Constant => "a constant, by more",
            Kind::Exponent => "an exponent",
            Kind::Hypothesis => "a hypothesis left out",
            Kind::Name => "a name",
            Kind::Operation => "an operation",
            Kind::Relation => "a relation",
            Kind::Factor => "a factor or term left out",
            Kind::Index => "an index",
        })
    }
}

/// A statement that differs in one place from one that is true.
pub struct Mutant {
    pub kind: Kind,
    pub statement: Statement,
    /// What was changed, for people.
    pub change: String,
}

/// All mutants of a statement.
pub fn mutants(statement: &Statement) -> Vec<Mutant> {
    let mut all = Vec::new();
    let mut add = |kind, change: String, mutated: Statement| {
        if mutated != *statement {
            all.push(Mutant { kind, statement: mutated, change });
        }
    };
    for index in 0..statement.hypotheses.len() {
        let mut mutated = statement.clone();
        let left_out = mutated.hypotheses.remove(index);
        add(Kind::Hypothesis, format!("without `{left_out}`"), mutated);
        for (kind, prop) in props(&statement.hypotheses[index], &Scope::new(statement, 0)) {
            let mut mutated = statement.clone();
            mutated.hypotheses[index] = prop.clone();
            add(kind, format!("given {prop}"), mutated);
        }
    }
    for (index, (name, body)) in statement.definitions.iter().enumerate() {
        for (kind, tree) in trees(body, &Scope::new(statement, index)) {
            let mut mutated = statement.clone();
            mutated.definitions[index].1 = tree.clone();
            add(kind, format!("let {name} = {tree}"), mutated);
        }
    }
    for (index, show) in statement.shows.iter().enumerate() {
        for (kind, prop) in props(show, &Scope::new(statement, statement.definitions.len())) {
            let mut mutated = statement.clone();
            mutated.shows[index] = prop.clone();
            add(kind, format!("show {prop}"), mutated);
        }
    }
    all
}

/// What may stand at a place.
#[derive(Clone)]
struct Scope {
    names: Vec<(Name, Type, Option<Sort>)>,
    actions: Vec<Name>,
}

impl Scope {
    /// With the first so many definitions.
    fn new(statement: &Statement, definitions: usize) -> Scope {
        let declared =
            statement.variables.iter().filter_map(|(name, sort)| Some((name.clone(), sort.ty()?, Some(*sort))));
        let defined = statement.definitions[..definitions].iter().map(|(name, body)| (name.clone(), body.ty(), None));
        let actions = statement.variables.iter().filter(|(_, sort)| *sort == Sort::Action);
        Scope { names: declared.chain(defined).collect(), actions: actions.map(|(name, _)| name.clone()).collect() }
    }

    fn other_actions(&self, action: &Action) -> Vec<Action> {
        let mut others: Vec<Action> =
            self.actions.iter().cloned().map(Action::Name).filter(|other| other != action).collect();
        match action {
            Action::Index(index) => others.extend([Action::Index(index + 1), Action::Index(index.max(&2) - 1)]),
            Action::Name(_) => others.push(Action::Index(1)),
        }
        others
    }
}

fn props(prop: &Prop, scope: &Scope) -> Vec<(Kind, Prop)> {
    let mut out = Vec::new();
    match prop {
        Prop::Compare(relation, left, right) => {
            use Relation::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
            let others: &[Relation] = match relation {
                Equal => &[LessEqual, Less, GreaterEqual, NotEqual],
                NotEqual => &[Equal],
                LessEqual => &[Less, Equal, GreaterEqual],
                Less => &[LessEqual, Greater],
                GreaterEqual => &[Greater, Equal, LessEqual],
                Greater => &[GreaterEqual, Less],
            };
            out.extend(others.iter().map(|other| (Kind::Relation, Prop::Compare(*other, left.clone(), right.clone()))));
            let with_left = |(kind, tree)| (kind, Prop::Compare(*relation, tree, right.clone()));
            out.extend(trees(left, scope).into_iter().map(with_left));
            let with_right = |(kind, tree)| (kind, Prop::Compare(*relation, left.clone(), tree));
            out.extend(trees(right, scope).into_iter().map(with_right));
        }
        Prop::SameAction(a, b, same) => {
            out.push((Kind::Relation, Prop::SameAction(a.clone(), b.clone(), !same)));
        }
        Prop::And(parts) => {
            for (index, part) in parts.iter().enumerate() {
                let mut rest = parts.clone();
                rest.remove(index);
                let rest = if rest.len() == 1 { rest.remove(0) } else { Prop::And(rest) };
                out.push((Kind::Hypothesis, rest));
                for (kind, mutated) in props(part, scope) {
                    let mut parts = parts.clone();
                    parts[index] = mutated;
                    out.push((kind, Prop::And(parts)));
                }
            }
        }
        Prop::Or(parts) => {
            for (index, part) in parts.iter().enumerate() {
                let mut rest = parts.clone();
                rest.remove(index);
                let rest = if rest.len() == 1 { rest.remove(0) } else { Prop::Or(rest) };
                out.push((Kind::Hypothesis, rest));
                for (kind, mutated) in props(part, scope) {
                    let mut parts = parts.clone();
                    parts[index] = mutated;
                    out.push((kind, Prop::Or(parts)));
                }
            }
        }
        Prop::Implies(a, b) | Prop::Iff(a, b) => {
            let again = |a: Prop, b: Prop| match prop {
                Prop::Implies(..) => Prop::Implies(a.into(), b.into()),
                _ => Prop::Iff(a.into(), b.into()),
            };
            if matches!(prop, Prop::Implies(..)) {
                out.push((Kind::Hypothesis, (**b).clone()));
                out.push((Kind::Relation, Prop::Implies(b.clone(), a.clone())));
            }
            out.extend(props(a, scope).into_iter().map(|(kind, a)| (kind, again(a, (**b).clone()))));
            out.extend(props(b, scope).into_iter().map(|(kind, b)| (kind, again((**a).clone(), b))));
        }
    }
    out
}

/// The mutants of an expression that fit where it stands.
fn trees(tree: &Tree, scope: &Scope) -> Vec<(Kind, Tree)> {
    let mut out: Vec<(Kind, Tree)> =
        own(tree, scope).into_iter().filter(|(_, other)| other.ty() == tree.ty()).collect();
    let children: Vec<Tree> = tree.node().children().into_iter().cloned().collect();
    for (index, child) in children.iter().enumerate() {
        let mut inner = scope.clone();
        if let (Node::Expect { action, .. }, 1) = (tree.node(), index) {
            inner.actions.push(action.clone());
        }
        for (kind, mutated) in trees(child, &inner) {
            let mut children = children.clone();
            children[index] = mutated;
            out.extend(Tree::new(tree.node().with_children(children)).ok().map(|tree| (kind, tree)));
        }
    }
    out
}

fn apply(op: Op, items: &[Tree]) -> Option<Tree> {
    Tree::apply(op, items.to_vec()).ok()
}

/// Mutants at the root of an expression.
fn own(tree: &Tree, scope: &Scope) -> Vec<(Kind, Tree)> {
    let mut out = Vec::new();
    let mut push = |kind, tree: Option<Tree>| out.extend(tree.map(|tree| (kind, tree)));
    let number = |value: BigRational| Tree::new(Node::Number(value)).ok();
    match tree.node() {
        Node::Number(value) => {
            for (n, d) in [(101, 100), (99, 100), (11, 10), (9, 10)] {
                push(Kind::Percent, number(value * BigRational::new(n.into(), d.into())));
            }
            push(Kind::Constant, number(value + BigRational::one()));
            push(Kind::Constant, number(value * BigRational::from_integer(2.into())));
            if *value >= BigRational::one() {
                push(Kind::Constant, number(value - BigRational::one()));
            }
            if !value.is_zero() {
                push(Kind::Sign, apply(Op::Neg, std::slice::from_ref(tree)));
            }
        }
        Node::Size => {
            push(Kind::Constant, apply(Op::Add, &[tree.clone(), Tree::integer(1)]));
            push(Kind::Constant, apply(Op::Sub, &[tree.clone(), Tree::integer(1)]));
        }
        Node::Ones => push(Kind::Constant, apply(Op::Mul, &[Tree::integer(2), tree.clone()])),
        Node::Zeros => push(Kind::Constant, Some(Tree::ones())),
        Node::Variable(name, ty) => {
            for (other, _, _) in scope.names.iter().filter(|(other, of, _)| other != name && of == ty) {
                push(Kind::Name, Some(Tree::variable(other, *ty)));
            }
            push(Kind::Sign, apply(Op::Neg, std::slice::from_ref(tree)));
        }
        Node::Unit(action) => {
            for other in scope.other_actions(action) {
                push(Kind::Index, Some(Tree::unit(other)));
            }
        }
        Node::At(v, action) => {
            for other in scope.other_actions(action) {
                push(Kind::Index, Tree::new(Node::At(v.clone(), other)).ok());
            }
        }
        Node::Others(v, action) => {
            for other in scope.other_actions(action) {
                push(Kind::Index, Tree::new(Node::Others(v.clone(), other)).ok());
            }
            push(Kind::Operation, Some(v.clone()));
        }
        Node::Power(x, n) => {
            push(Kind::Exponent, Tree::new(Node::Power(x.clone(), n + 1)).ok());
            push(Kind::Exponent, (*n > 0).then(|| Tree::new(Node::Power(x.clone(), n - 1)).ok()).flatten());
        }
        Node::Entries(items) => {
            let mut turned = items.clone();
            turned.rotate_left(1);
            push(Kind::Index, Tree::new(Node::Entries(turned)).ok());
        }
        Node::Expect { .. } => {}
        Node::Gradient { of, at } | Node::Derivative { of, at, .. } => {
            for (other, _, sort) in &scope.names {
                if other == at || !matches!(sort, Some(Sort::Vector | Sort::Logits | Sort::Masked)) {
                    continue;
                }
                let node = match tree.node() {
                    Node::Derivative { along, .. } => {
                        Node::Derivative { of: of.clone(), at: other.clone(), along: along.clone() }
                    }
                    _ => Node::Gradient { of: of.clone(), at: other.clone() },
                };
                push(Kind::Name, Tree::new(node).ok());
            }
        }
        Node::Apply(op, items) => {
            let other = |op: Op| apply(op, items);
            match op {
                Op::Neg => push(Kind::Sign, Some(items[0].clone())),
                Op::Add | Op::Sub => {
                    push(Kind::Operation, other(if *op == Op::Add { Op::Sub } else { Op::Add }));
                    push(Kind::Factor, Some(items[0].clone()));
                    push(Kind::Factor, Some(items[1].clone()));
                }
                Op::Quotient => {
                    push(Kind::Factor, Some(items[0].clone()));
                    push(Kind::Operation, other(Op::Hadamard));
                    push(Kind::Operation, apply(Op::Quotient, &[items[1].clone(), items[0].clone()]));
                }
                Op::Mul | Op::Hadamard => {
                    push(Kind::Factor, Some(items[0].clone()));
                    push(Kind::Factor, Some(items[1].clone()));
                    push(Kind::Operation, other(if *op == Op::Mul { Op::Div } else { Op::Add }));
                }
                Op::Div => {
                    push(Kind::Factor, Some(items[0].clone()));
                    push(Kind::Operation, other(Op::Mul));
                    push(Kind::Operation, apply(Op::Div, &[items[1].clone(), items[0].clone()]));
                }
                Op::Inner => push(Kind::Operation, apply(Op::NormSquared, &items[..1])),
                Op::Abs => push(Kind::Operation, Some(items[0].clone())),
                Op::Norm => push(Kind::Exponent, other(Op::NormSquared)),
                Op::NormSquared => {
                    push(Kind::Exponent, other(Op::Norm));
                    push(Kind::Operation, other(Op::Sum));
                }
                Op::Sqrt => push(Kind::Exponent, Some(items[0].clone())),
                Op::Exp => push(Kind::Operation, apply(Op::Add, &[tree_one(tree.ty()), items[0].clone()])),
                Op::Log => push(Kind::Operation, apply(Op::Sub, &[items[0].clone(), tree_one(tree.ty())])),
                Op::XlogX => push(Kind::Operation, other(Op::Log)),
                Op::XlogY | Op::Divergence => {
                    push(Kind::Operation, apply(*op, &[items[1].clone(), items[0].clone()]));
                }
                Op::Sum => push(Kind::Operation, other(Op::Max)),
                Op::Max => push(Kind::Operation, other(Op::Min)),
                Op::Min => push(Kind::Operation, other(Op::Max)),
                Op::Lse => push(Kind::Operation, other(Op::Max)),
                Op::Softmax => push(Kind::Operation, other(Op::Exp)),
                Op::Collision => push(Kind::Operation, other(Op::Max)),
                Op::Entropy => push(Kind::Operation, other(Op::CollisionEntropy)),
                Op::CollisionEntropy => push(Kind::Operation, other(Op::Entropy)),
                _ => {}
            }
        }
    }
    out
}

fn tree_one(ty: Type) -> Tree {
    match ty {
        Type::Real => Tree::integer(1),
        Type::Vector => Tree::ones(),
    }
}
