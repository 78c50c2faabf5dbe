//! Random statements, made from bytes: all sorts, all operations, and names that mean something elsewhere.

use logitlab::expr::tree::{BuildError, MAX_EXPONENT};
use logitlab::expr::{Action, Name, Node, OPS, Op, Prop, Relation, Sort, Statement, Tree, Type};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Pow;

/// Names that can be declared: words of Coq, of LaTeX, of FPCore, names that are made up when statements are printed,
/// and names that become alike where something is taken away from them or added.
pub const NAMES: [&str; 72] = [
    "x",
    "v",
    "z",
    "P",
    "c",
    "a",
    "S",
    "S_",
    "S__",
    "d",
    "d0",
    "d0_",
    "d1",
    "d0'",
    "mask",
    "mask_",
    "given0",
    "given1",
    "step_1_1",
    "chain_1",
    "P_c",
    "w_c",
    "e_c",
    "H_2",
    "x_1",
    "x1",
    "x_",
    "_",
    "__",
    "_x",
    "x'",
    "x''",
    "x_'",
    "tau",
    "pi",
    "PI",
    "alpha",
    "nu",
    "eps",
    "epsilon",
    "one",
    "R",
    "INR",
    "nat",
    "vec",
    "fun",
    "forall",
    "exists",
    "match",
    "at",
    "Prop",
    "Type",
    "is",
    "of",
    "ln",
    "Rabs",
    "O",
    "I",
    "conj",
    "nil",
    "vsum",
    "dot",
    "C_",
    "K_",
    "E_",
    "norm_identity",
    "distribution",
    "z0",
    "NAN",
    "INFINITY",
    "pow",
    "cdot",
];

/// Names of actions that expectations bind.
const BOUND: [&str; 10] = ["i", "j", "d2", "d2_", "u_", "fix", "given2", "k'", "mu", "z1"];

/// Which expressions are made.
#[derive(Clone, Copy)]
pub struct Kinds {
    /// Operations on numbers of floating-point formats.
    pub formats: bool,
    /// Derivatives.
    pub derivatives: bool,
    /// Coordinates by their numbers, and vectors by their entries.
    pub numbered: bool,
}

impl Kinds {
    /// Everything.
    pub const ALL: Kinds = Kinds { formats: true, derivatives: true, numbered: true };
}

/// Choices, read from a list of bytes that gets shorter when a failure is made small; 0 when they are used up, which
/// is always the simplest choice.
pub struct Choices<'a> {
    bytes: std::slice::Iter<'a, u8>,
    bound: Vec<Name>,
    /// What is declared and defined so far.
    pub statement: Statement,
    kinds: Kinds,
}

impl<'a> Choices<'a> {
    /// Choices about the names of a statement.
    pub fn new(bytes: &'a [u8], statement: Statement, kinds: Kinds) -> Self {
        Choices { bytes: bytes.iter(), bound: Vec::new(), statement, kinds }
    }

    /// One of so many, from 0.
    pub fn pick(&mut self, among: usize) -> usize {
        usize::from(self.bytes.next().copied().unwrap_or(0)) % among
    }

    /// A name that is not declared yet.
    fn name(&mut self) -> Name {
        let start = self.pick(NAMES.len());
        let rest = NAMES[start..].iter().chain(&NAMES[..start]);
        let mut free = rest.filter(|name| {
            self.statement.sort(name).is_none()
                && self.statement.definitions.iter().all(|(known, _)| &**known != **name)
        });
        (*free.next().expect("fewer names than there are")).into()
    }

    /// A whole statement; its expressions are at most so deep.
    pub fn whole(bytes: &'a [u8], kinds: Kinds, depth: usize) -> Statement {
        let mut choices = Choices::new(bytes, Statement::default(), kinds);
        let vectors = [Sort::Vector, Sort::Distribution, Sort::Logits, Sort::Subset, Sort::Masked];
        let mut sorts = vec![Sort::Real, Sort::Vector, Sort::Action];
        sorts.extend((0..choices.pick(3)).map(|_| Sort::Real));
        for _ in 0..choices.pick(3) {
            sorts.push(vectors[choices.pick(vectors.len())]);
        }
        sorts.extend((0..choices.pick(2)).map(|_| Sort::Action));
        for sort in sorts {
            let name = choices.name();
            choices.statement.variables.push((name, sort));
        }
        for _ in 0..choices.pick(3) {
            let ty = if choices.pick(2) == 0 { Type::Real } else { Type::Vector };
            let derivatives = std::mem::replace(&mut choices.kinds.derivatives, false);
            let body = choices.tree(ty, depth);
            choices.kinds.derivatives = derivatives;
            let name = choices.name();
            choices.statement.definitions.push((name, body));
        }
        choices.statement.hypotheses = (0..choices.pick(3)).map(|_| choices.prop(2, depth)).collect();
        choices.statement.shows = (0..1 + choices.pick(2)).map(|_| choices.prop(2, depth)).collect();
        choices.statement
    }

    fn action(&mut self) -> Action {
        let declared = self.statement.variables.iter().filter(|(_, sort)| *sort == Sort::Action).map(|(name, _)| name);
        let names: Vec<Name> = declared.chain(&self.bound).cloned().collect();
        let numbered = if self.kinds.numbered { 2 } else { 0 };
        match self.pick(names.len() + numbered) {
            k if k < names.len() => Action::Name(names[k].clone()),
            k if k == names.len() => Action::Index(1),
            _ => Action::Index(12),
        }
    }

    fn op(&mut self, ty: Type, depth: usize) -> Node {
        let ways: Vec<(Op, &[Type])> = OPS
            .iter()
            .filter(|row| self.kinds.formats || !row.op.is_of_format())
            .flat_map(|row| row.signatures.iter().map(|(takes, gives)| (row.op, *takes, *gives)))
            .filter(|(_, _, gives)| *gives == ty)
            .map(|(op, takes, _)| (op, takes))
            .collect();
        let (op, takes) = ways[self.pick(ways.len())];
        Node::Apply(op, takes.iter().map(|ty| self.tree(*ty, depth - 1)).collect())
    }

    /// An expression.
    pub fn tree(&mut self, ty: Type, depth: usize) -> Tree {
        if depth == 0 {
            return self.leaf(ty);
        }
        let derivatives = self.kinds.derivatives && !self.variables().is_empty();
        let node = match (self.pick(12), ty) {
            (0, _) => return self.leaf(ty),
            (1, Type::Real) => Node::At(self.tree(Type::Vector, depth - 1), self.action()),
            (2, Type::Real) => {
                let base = self.tree(Type::Real, depth - 1);
                let exponent = self.pick(4 + MAX_EXPONENT as usize) as u32;
                Node::Power(base, if exponent > MAX_EXPONENT { 2 } else { exponent })
            }
            (3, Type::Real) if derivatives => {
                let (of, at) = (self.tree(Type::Real, depth - 1), self.variable());
                Node::Derivative { of, at, along: self.tree(Type::Vector, depth - 1) }
            }
            (1, Type::Vector) => Node::Others(self.tree(Type::Vector, depth - 1), self.action()),
            (2, Type::Vector) if self.kinds.numbered => {
                let count = 1 + self.pick(3);
                Node::Entries((0..count).map(|_| self.tree(Type::Real, depth - 1)).collect())
            }
            (3, Type::Vector) if derivatives => {
                Node::Gradient { of: self.tree(Type::Real, depth - 1), at: self.variable() }
            }
            (4, _) => {
                let over = self.tree(Type::Vector, depth - 1);
                let start = self.pick(BOUND.len());
                let names = BOUND[start..].iter().chain(&BOUND[..start]);
                let action = names.map(|name| Name::from(*name)).find(|name| !self.bound.contains(name));
                let action = action.expect("fewer levels than names");
                self.bound.push(action.clone());
                let body = self.tree(ty, depth - 1);
                self.bound.pop();
                Node::Expect { action, over, body }
            }
            _ => self.op(ty, depth),
        };
        // Derived functions in each other stand for more than a tree may; the types always fit.
        match Tree::new(node) {
            Err(BuildError::TooLarge) => self.leaf(ty),
            tree => tree.expect("the types fit"),
        }
    }

    /// The vectors that a derivative can be taken by.
    fn variables(&self) -> Vec<Name> {
        let free = |sort: &Sort| matches!(sort, Sort::Vector | Sort::Logits | Sort::Masked);
        self.statement.variables.iter().filter(|(_, sort)| free(sort)).map(|(name, _)| name.clone()).collect()
    }

    fn variable(&mut self) -> Name {
        let names = self.variables();
        names[self.pick(names.len())].clone()
    }

    fn leaf(&mut self, ty: Type) -> Tree {
        let declared = self.statement.variables.iter().filter(|(_, sort)| sort.ty() == Some(ty)).map(|(name, _)| name);
        let defined = self.statement.definitions.iter().filter(|(_, tree)| tree.ty() == ty).map(|(name, _)| name);
        let names: Vec<Name> = declared.chain(defined).cloned().collect();
        let other = self.pick(4 + 2 * names.len());
        if other >= 4 {
            return Tree::variable(&names[(other - 4) / 2], ty);
        }
        match (other, ty) {
            (0, Type::Real) => Tree::integer(1),
            (1, Type::Real) => Tree::integer(0),
            (2, Type::Real) => Tree::size(),
            (_, Type::Real) => {
                let scale = Pow::pow(BigInt::from(10), self.pick(5));
                let digits = BigInt::from(self.pick(256) * 256 + self.pick(256));
                Tree::new(Node::Number(BigRational::new(digits, scale))).expect("a leaf")
            }
            (0 | 1, Type::Vector) => Tree::ones(),
            (2, Type::Vector) => Tree::zeros(),
            (_, Type::Vector) => Tree::unit(self.action()),
        }
    }

    /// A proposition of so many levels about expressions of at most such a depth.
    pub fn prop(&mut self, levels: usize, depth: usize) -> Prop {
        let shape = if levels == 0 { 0 } else { self.pick(8) };
        let mut part = || self.prop(levels.saturating_sub(1), depth);
        match shape {
            1 => Prop::Implies(part().into(), part().into()),
            2 => Prop::Iff(part().into(), part().into()),
            // A conjunction has two parts or more, none of which is one.
            3 => match [part(), part()] {
                [Prop::And(_), other] | [other, Prop::And(_)] => other,
                parts => Prop::And(parts.into()),
            },
            // So has a disjunction.
            7 => match [part(), part()] {
                [Prop::Or(_), other] | [other, Prop::Or(_)] => other,
                parts => Prop::Or(parts.into()),
            },
            4 => {
                let names = self.statement.variables.iter().filter(|(_, sort)| *sort == Sort::Action);
                let name = names.map(|(name, _)| name.clone()).next().expect("an action is declared");
                Prop::SameAction(Action::Name(name), self.action(), self.pick(2) == 0)
            }
            5 => {
                let ty = if self.pick(2) == 0 { Type::Real } else { Type::Vector };
                let side = self.tree(ty, depth);
                Prop::Compare(Relation::ALL[self.pick(Relation::ALL.len())].0, side.clone(), side)
            }
            _ => {
                let relation = Relation::ALL[self.pick(Relation::ALL.len())].0;
                let ty = if self.pick(2) == 0 { Type::Real } else { Type::Vector };
                Prop::Compare(relation, self.tree(ty, depth), self.tree(ty, depth))
            }
        }
    }
}

/// Bytes for the statement number `index`.
pub fn bytes(index: u64) -> Vec<u8> {
    let mut rng = logitlab::policy::random::Rng::new(0x57a7, index);
    let length = 20 + rng.below(140);
    (0..length).map(|_| rng.bits(8) as u8).collect()
}
