//! Normal forms of expressions: what `ring`, `vector` and the rules of linearity compare. (trusted)
//!
//! Reals are a field, and vectors with the elementwise product a commutative ring over it whose 1 is the vector of
//! ones; so one kind of polynomial, over real and vector atoms, is a normal form of both. Everything that is not
//! an operation of the ring is an atom, equal only to itself.

use num_rational::BigRational;
use num_traits::{One, Zero};

use super::effort::Effort;
use super::polynomial::{Fraction, Monomial, Polynomial, multiply};
use super::term::mentions_action;
use crate::expr::{Action, Name, Node, Op, Tree, Type};

/// What is expanded by its linearity, beside the operations of the ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expand {
    /// Nothing.
    Nothing,
    /// `<u,v>`, linear in both places and symmetric.
    Inner,
    /// `sum(v)`.
    Sum,
    /// `v[c]`: linear, and `(u.*v)[c] = u[c]*v[c]`.
    Entry,
    /// `E[a ~ P](x)`; what does not depend on the action comes out.
    Expectation,
}

/// Computes normal forms.
pub struct Normalizer<'n> {
    /// Proves divisors to be other than zero under some binders; where it does not, they are so only as literals.
    pub nonzero: &'n dyn Fn(&Tree, &[Name]) -> bool,
    /// The names whose binders are around.
    pub binders: Vec<Name>,
    /// What is expanded.
    pub expand: Expand,
    /// What it may take.
    pub effort: &'n Effort,
}

/// The polynomial of a tree without knowledge of any divisor: those are atoms.
pub fn polynomial(tree: &Tree, effort: &Effort) -> Option<Polynomial> {
    let ring = Normalizer { nonzero: &|_, _| false, binders: vec![], expand: Expand::Nothing, effort };
    ring.fraction(tree).map(|fraction| fraction.over)
}

impl Normalizer<'_> {
    /// The normal form of a tree; `None` if it is too long.
    pub fn fraction(&self, tree: &Tree) -> Option<Fraction> {
        self.effort.spend(1)?;
        let number = |value: BigRational| Some(Fraction::whole(Polynomial::constant(value)));
        let plus = |x: Fraction, factor: i32, y: &Tree| {
            x.plus(&BigRational::from_integer(factor.into()), &self.fraction(y)?, self.effort)
        };
        match tree.node() {
            Node::Number(value) => number(value.clone()),
            Node::Ones => number(BigRational::one()),
            Node::Zeros => number(BigRational::zero()),
            Node::Apply(Op::Neg, items) => plus(Fraction::whole(Polynomial::default()), -1, &items[0]),
            Node::Apply(Op::Add, items) => plus(self.fraction(&items[0])?, 1, &items[1]),
            Node::Apply(Op::Sub, items) => plus(self.fraction(&items[0])?, -1, &items[1]),
            Node::Apply(Op::Mul | Op::Hadamard, items) => {
                self.fraction(&items[0])?.times(&self.fraction(&items[1])?, self.effort)
            }
            Node::Apply(Op::Div, items) => self.fraction(&items[0])?.times(&self.inverse(&items[1])?, self.effort),
            Node::Power(base, n) => {
                let base = self.fraction(base)?;
                (0..*n).try_fold(Fraction::whole(Polynomial::one()), |product, _| product.times(&base, self.effort))
            }
            node => match self.expanded(node)? {
                Some(fraction) => Some(fraction),
                None => Some(Fraction::whole(Polynomial::atom(tree.clone()))),
            },
        }
    }

    /// 1/x: a fraction where x is known to be other than zero, otherwise an atom.
    fn inverse(&self, x: &Tree) -> Option<Fraction> {
        let fraction = self.fraction(x)?;
        let literal = fraction.over.as_constant().filter(|c| !c.is_zero() && fraction.under == Polynomial::one());
        if let Some(value) = literal {
            return Some(Fraction::whole(Polynomial::constant(value.recip())));
        }
        if (self.nonzero)(x, &self.binders) {
            return Some(fraction.inverse());
        }
        let atom = Tree::apply(Op::Div, [Tree::integer(1), x.clone()]).ok()?;
        Some(Fraction::whole(Polynomial::atom(atom)))
    }

    /// The expansion of an operation that is to be expanded; the inner `None` is for every other one.
    fn expanded(&self, node: &Node) -> Option<Option<Fraction>> {
        match (self.expand, node) {
            (Expand::Inner, Node::Apply(Op::Inner, items)) => {
                self.bilinear(&self.fraction(&items[0])?, &self.fraction(&items[1])?).map(Some)
            }
            (Expand::Sum, Node::Apply(Op::Sum, items)) => self.summed(self.fraction(&items[0])?).map(Some),
            (Expand::Entry, Node::At(vector, action)) => self.entry(self.fraction(vector)?, action).map(Some),
            (Expand::Expectation, Node::Expect { action, over, body }) => {
                let binders = [self.binders.as_slice(), std::slice::from_ref(action)].concat();
                self.expectation(action, over, Normalizer { binders, ..*self }.fraction(body)?)
            }
            _ => Some(None),
        }
    }

    /// `sum(v)` of a normal form: of each term, the reals come out.
    fn summed(&self, of: Fraction) -> Option<Fraction> {
        let mut sum = Polynomial::default();
        for (monomial, coefficient) in of.over.terms() {
            let (vectors, rest) = split(monomial, |atom| atom.ty() == Type::Vector);
            let total = Tree::apply(Op::Sum, [product(&vectors, Type::Vector)?]).ok()?;
            sum = self.with(sum, multiply(&rest, &Monomial::from([(total, 1)]))?, coefficient.clone())?;
        }
        Some(Fraction { over: sum, under: of.under })
    }

    /// sum + coefficient*monomial
    fn with(&self, sum: Polynomial, monomial: Monomial, coefficient: BigRational) -> Option<Polynomial> {
        self.effort.spend(1 + monomial.len())?;
        sum.plus(&BigRational::one(), &Polynomial::term(monomial, coefficient))
    }

    fn bilinear(&self, u: &Fraction, v: &Fraction) -> Option<Fraction> {
        let mut sum = Polynomial::default();
        for (left, x) in u.over.terms() {
            let (left_vectors, left_reals) = split(left, |atom| atom.ty() == Type::Vector);
            for (right, y) in v.over.terms() {
                let (right_vectors, right_reals) = split(right, |atom| atom.ty() == Type::Vector);
                let mut pair = [product(&left_vectors, Type::Vector)?, product(&right_vectors, Type::Vector)?];
                pair.sort();
                let inner = Monomial::from([(Tree::apply(Op::Inner, pair).ok()?, 1)]);
                sum = self.with(sum, multiply(&inner, &multiply(&left_reals, &right_reals)?)?, x * y)?;
            }
        }
        Some(Fraction { over: sum, under: u.under.times(&v.under)? })
    }

    /// Factors that do not depend on the action come out; a divisor that does makes the whole one atom.
    fn expectation(&self, action: &Name, over: &Tree, body: Fraction) -> Option<Option<Fraction>> {
        let depends = |atom: &Tree| mentions_action(atom, action);
        if body.under.terms().any(|(monomial, _)| monomial.keys().any(depends)) {
            return Some(None);
        }
        let mut sum = Polynomial::default();
        for (monomial, coefficient) in body.over.terms() {
            let (inside, outside) = split(monomial, depends);
            let ty = if inside.keys().any(|atom| atom.ty() == Type::Vector) { Type::Vector } else { Type::Real };
            let body = product(&inside, ty)?;
            let atom = Tree::new(Node::Expect { action: action.clone(), over: over.clone(), body }).ok()?;
            sum = self.with(sum, multiply(&outside, &Monomial::from([(atom, 1)]))?, coefficient.clone())?;
        }
        Some(Some(Fraction { over: sum, under: body.under }))
    }

    /// `v[c]` of a normal form: the homomorphism that takes every vector atom to its entry.
    fn entry(&self, vector: Fraction, action: &Action) -> Option<Fraction> {
        let mut sum = Polynomial::default();
        for (monomial, coefficient) in vector.over.terms() {
            let (vectors, mut product) = split(monomial, |atom| atom.ty() == Type::Vector);
            for (atom, power) in vectors {
                let at = Tree::new(Node::At(atom, action.clone())).ok()?;
                product = multiply(&product, &Monomial::from([(at, power)]))?;
            }
            sum = self.with(sum, product, coefficient.clone())?;
        }
        Some(Fraction { over: sum, under: vector.under })
    }
}

/// The factors that satisfy a test, and the others.
fn split(monomial: &Monomial, test: impl Fn(&Tree) -> bool) -> (Monomial, Monomial) {
    monomial.iter().map(|(atom, power)| (atom.clone(), *power)).partition(|(atom, _)| test(atom))
}

/// A monomial as a tree of the given type: the same tree for the same monomial.
fn product(monomial: &Monomial, ty: Type) -> Option<Tree> {
    let (vectors, reals) = split(monomial, |atom| atom.ty() == Type::Vector);
    let join = |factors: Monomial, op: Op| {
        let repeated = factors.into_iter().flat_map(|(atom, power)| std::iter::repeat_n(atom, power as usize));
        repeated.map(Some).reduce(|left, right| Tree::apply(op, [left?, right?]).ok())
    };
    let real = join(reals, Op::Mul);
    if ty == Type::Real {
        return real.unwrap_or_else(|| Some(Tree::integer(1)));
    }
    let vector = join(vectors, Op::Hadamard).unwrap_or_else(|| Some(Tree::ones()))?;
    match real {
        None => Some(vector),
        Some(real) => Tree::apply(Op::Mul, [real?, vector]).ok(),
    }
}
