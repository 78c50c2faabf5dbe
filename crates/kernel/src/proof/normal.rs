//! Normal forms of expressions: what `ring`, `vector` and the rules of linearity compare. (trusted)
//!
//! Reals are a field, and vectors with the elementwise product a commutative ring over it whose 1 is the vector of
//! ones; so one kind of polynomial, over real and vector atoms, is a normal form of both. Everything that is not
//! an operation of the ring is an atom, equal only to itself.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use super::effort::Effort;
use super::known::{Known, Nothing};
use super::polynomial::{Fraction, Monomial, Polynomial, multiply};
use super::term::mentions_action;
use crate::expr::{Action, Name, Node, Op, Tree, Type};
use logitlab_words::Truth;

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
    /// Sums, inner products, squared norms and entries together, with what unit vectors, subsets, distributions, roots
    /// and reciprocals are.
    All,
}

/// Computes normal forms.
pub struct Normalizer<'n> {
    /// What is known.
    pub known: &'n dyn Known,
    /// The names whose binders are around.
    pub binders: Vec<Name>,
    /// What is expanded.
    pub expand: Expand,
    /// What it may take.
    pub effort: &'n Effort,
}

/// The polynomial of a tree without knowledge of any divisor: those are atoms.
pub fn polynomial(tree: &Tree, effort: &Effort) -> Option<Polynomial> {
    let ring = Normalizer { known: &Nothing, binders: vec![], expand: Expand::Nothing, effort };
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
                self.times(&self.fraction(&items[0])?, &self.fraction(&items[1])?)
            }
            Node::Apply(Op::Div, items) => self.times(&self.fraction(&items[0])?, &self.inverse(&items[1])?),
            Node::Power(base, n) => {
                let base = self.fraction(base)?;
                (0..*n).try_fold(Fraction::whole(Polynomial::one()), |product, _| self.times(&product, &base))
            }
            _ if self.expand == Expand::All => self.everything(tree),
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
        if self.known.excludes_zero(x, &self.binders) {
            return Some(fraction.inverse());
        }
        // What is not seen of a sum may be seen of its simpler form.
        let canonical = self.canonical(x)?;
        if canonical != *x && self.known.excludes_zero(&canonical, &self.binders) {
            return Some(fraction.inverse());
        }
        let atom = Tree::apply(Op::Div, [Tree::integer(1), canonical]).ok()?;
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

/// The forms of [`Expand::All`].
impl Normalizer<'_> {
    /// Whether both sides have the same normal form; `None` if one is too long.
    pub fn equal(&self, left: &Tree, right: &Tree) -> Option<bool> {
        let (left, right) = (self.fraction(left)?, self.fraction(right)?);
        if self.expand != Expand::All {
            return left.equals(&right, self.effort);
        }
        let difference = left.plus(&-BigRational::one(), &right, self.effort)?;
        Some(self.reduced(difference)?.over.terms().next().is_none())
    }

    fn times(&self, left: &Fraction, right: &Fraction) -> Option<Fraction> {
        let product = left.times(right, self.effort)?;
        if self.expand == Expand::All { self.reduced(product) } else { Some(product) }
    }

    /// The normal form of what is no operation of the ring.
    fn everything(&self, tree: &Tree) -> Option<Fraction> {
        let minus = |x: Fraction, y: &Fraction| x.plus(&-BigRational::one(), y, self.effort);
        match tree.node() {
            Node::Size => Some(Fraction::whole(match self.known.size() {
                Some(n) => Polynomial::constant(BigRational::from_integer(n.into())),
                None => Polynomial::atom(tree.clone()),
            })),
            Node::Apply(Op::Inner, items) => {
                self.total(&self.times(&self.fraction(&items[0])?, &self.fraction(&items[1])?)?)
            }
            Node::Apply(Op::NormSquared | Op::Collision, items) => {
                let v = self.fraction(&items[0])?;
                self.total(&self.times(&v, &v)?)
            }
            Node::Apply(Op::Sum, items) => self.total(&self.fraction(&items[0])?),
            Node::At(v, action) => self.entries(&self.fraction(v)?, &self.known.representative(action)),
            Node::Unit(action) => {
                Some(Fraction::whole(Polynomial::atom(Tree::unit(self.known.representative(action)))))
            }
            Node::Others(v, action) => {
                let (v, action) = (self.fraction(v)?, self.known.representative(action));
                let unit = Fraction::whole(Polynomial::atom(Tree::unit(action.clone())));
                let own = self.times(&self.entries(&v, &action)?, &unit)?;
                minus(v, &own)
            }
            Node::Apply(Op::Quotient, items) => self.times(&self.fraction(&items[0])?, &self.reciprocal(&items[1])?),
            _ => Some(Fraction::whole(Polynomial::atom(self.with_canonical_parts(tree)?))),
        }
    }

    /// 1/v entry by entry: a product of reciprocals of atoms where v is known to be nowhere zero, otherwise an atom.
    fn reciprocal(&self, v: &Tree) -> Option<Fraction> {
        let one_over = |v: Tree| Tree::apply(Op::Quotient, [Tree::ones(), v]).ok();
        let fraction = self.fraction(v)?;
        let mut terms = fraction.over.terms();
        match (terms.next(), terms.next()) {
            (Some((monomial, coefficient)), None) if self.known.excludes_zero(v, &self.binders) => {
                let (vectors, reals) = split(monomial, |atom| atom.ty() == Type::Vector);
                let inverse = |(atom, power): (Tree, u32)| Some((one_over(atom)?, power));
                let over =
                    Polynomial::term(vectors.into_iter().map(inverse).collect::<Option<_>>()?, BigRational::one());
                let under = Fraction { over: fraction.under, under: Polynomial::term(reals, coefficient.clone()) };
                self.times(&Fraction::whole(over), &under)
            }
            _ => Some(Fraction::whole(Polynomial::atom(one_over(self.canonical(v)?)?))),
        }
    }

    /// `sum(v)` of a normal form: of each term the reals come out; where K is given, entry by entry.
    fn total(&self, of: &Fraction) -> Option<Fraction> {
        if of.under.terms().any(|(monomial, _)| monomial.keys().any(|atom| atom.ty() == Type::Vector)) {
            return None;
        }
        if let Some(size) = self.known.size() {
            let zero = Some(Fraction::whole(Polynomial::default()));
            let entry = |index| self.entries(of, &Action::Index(index));
            return (1..=size).fold(zero, |sum, index| sum?.plus(&BigRational::one(), &entry(index)?, self.effort));
        }
        let mut sum = Polynomial::default();
        for (monomial, coefficient) in of.over.terms() {
            let (vectors, rest) = split(monomial, |atom| atom.ty() == Type::Vector);
            let alone = if vectors.values().sum::<u32>() == 1 { vectors.keys().next() } else { None };
            let total = match alone {
                Some(v) if self.known.is_distribution(v) => Monomial::new(),
                _ if vectors.is_empty() => Monomial::from([(Tree::size(), 1)]),
                _ => Monomial::from([(Tree::apply(Op::Sum, [product(&vectors, Type::Vector)?]).ok()?, 1)]),
            };
            sum = self.with(sum, multiply(&rest, &total)?, coefficient.clone())?;
        }
        self.reduced(Fraction { over: sum, under: of.under.clone() })
    }

    /// `v[c]` of a normal form.
    fn entries(&self, vector: &Fraction, action: &Action) -> Option<Fraction> {
        let mut sum = Fraction::whole(Polynomial::default());
        for (monomial, coefficient) in vector.over.terms() {
            let (vectors, reals) = split(monomial, |atom| atom.ty() == Type::Vector);
            let mut term = Fraction::whole(Polynomial::term(reals, coefficient.clone()));
            for (atom, power) in &vectors {
                let entry = self.atom_entry(atom, action)?;
                term = (0..*power).try_fold(term, |product, _| self.times(&product, &entry))?;
            }
            sum = sum.plus(&BigRational::one(), &term, self.effort)?;
        }
        self.times(&sum, &Fraction { over: Polynomial::one(), under: vector.under.clone() })
    }

    /// `v[c]` of an atom: functions that act on each entry are taken of the entries.
    fn atom_entry(&self, atom: &Tree, action: &Action) -> Option<Fraction> {
        let at = |v: &Tree, action: &Action| Tree::new(Node::At(v.clone(), action.clone())).ok();
        let number = |n: u32| Some(Fraction::whole(Polynomial::constant(BigRational::from_integer(n.into()))));
        match (atom.node(), action) {
            (Node::Unit(own), _) => match self.known.same(own, action) {
                Truth::True => number(1),
                Truth::False => number(0),
                Truth::Unknown => {
                    let (first, second) = (own.min(action), own.max(action));
                    Some(Fraction::whole(Polynomial::atom(at(&Tree::unit(first.clone()), second)?)))
                }
            },
            (Node::Entries(items), Action::Index(index)) if (1..=items.len()).contains(index) => {
                self.fraction(&items[index - 1])
            }
            (
                Node::Apply(
                    op @ (Op::Exp | Op::Log | Op::Sqrt | Op::Abs | Op::XlogX | Op::XlogY | Op::Quotient),
                    items,
                ),
                _,
            ) if items.iter().all(|item| self.known.is_finite(item)) => {
                let op = if *op == Op::Quotient { Op::Div } else { *op };
                let items: Vec<Tree> = items.iter().map(|item| at(item, action)).collect::<Option<_>>()?;
                self.fraction(&Tree::apply(op, items).ok()?)
            }
            _ => Some(Fraction::whole(Polynomial::atom(at(atom, action)?))),
        }
    }

    /// A normal form with products put together that are known to be something simpler.
    fn reduced(&self, of: Fraction) -> Option<Fraction> {
        let simpler = |polynomial: &Polynomial| {
            let found = polynomial.terms().map(|(monomial, _)| self.simpler(monomial)).collect::<Option<Vec<_>>>()?;
            if found.iter().all(Option::is_none) {
                return Some(None);
            }
            let mut sum = Fraction::whole(Polynomial::default());
            for ((monomial, coefficient), found) in polynomial.terms().zip(found) {
                let term =
                    found.unwrap_or_else(|| Fraction::whole(Polynomial::term(monomial.clone(), BigRational::one())));
                sum = sum.plus(coefficient, &term, self.effort)?;
            }
            Some(Some(sum))
        };
        match (simpler(&of.over)?, simpler(&of.under)?) {
            (None, None) => Some(of),
            (over, under) => {
                let over = over.unwrap_or_else(|| Fraction::whole(of.over));
                let under = under.unwrap_or_else(|| Fraction::whole(of.under));
                over.times(&under.inverse(), self.effort)
            }
        }
    }

    /// What a product is that has `e[c].*v`, `t.*t`, the square of a root, or an atom beside its reciprocal; the inner
    /// `None` where it has none of them.
    fn simpler(&self, monomial: &Monomial) -> Option<Option<Fraction>> {
        self.effort.spend(1)?;
        let without = |atom: &Tree, times: u32| {
            let mut rest = monomial.clone();
            match rest.get(atom).copied().unwrap_or(0) {
                power if power > times => rest.insert(atom.clone(), power - times),
                _ => rest.remove(atom),
            };
            Fraction::whole(Polynomial::term(rest, BigRational::one()))
        };
        for (atom, power) in monomial {
            match atom.node() {
                Node::Unit(action) if monomial.iter().any(|(v, n)| v.ty() == Type::Vector && (v != atom || *n > 1)) => {
                    let (vectors, reals) = split(monomial, |atom| atom.ty() == Type::Vector);
                    let vector = Fraction::whole(Polynomial::term(vectors, BigRational::one()));
                    let mut rest = reals;
                    rest.insert(atom.clone(), 1);
                    let rest = Fraction::whole(Polynomial::term(rest, BigRational::one()));
                    return self.entries(&vector, action)?.times(&rest, self.effort).map(Some);
                }
                _ if *power > 1 && atom.ty() == Type::Vector && self.known.is_subset(atom) => {
                    return Some(Some(without(atom, power - 1)));
                }
                Node::Apply(Op::Quotient, items)
                    if items[0].is_one()
                        && monomial.contains_key(&items[1])
                        && self.known.excludes_zero(&items[1], &self.binders) =>
                {
                    let times = (*power).min(monomial[&items[1]]);
                    let Fraction { over, .. } = without(&items[1], times);
                    let (rest, _) = over.terms().next()?;
                    let mut rest = rest.clone();
                    rest.remove(atom);
                    if *power > times {
                        rest.insert(atom.clone(), power - times);
                    }
                    return self.reduced(Fraction::whole(Polynomial::term(rest, BigRational::one()))).map(Some);
                }
                Node::Apply(op @ (Op::Norm | Op::Sqrt | Op::Abs), items) if *power > 1 => {
                    let of = &items[0];
                    let square = match op {
                        Op::Norm => self.fraction(&Tree::apply(Op::NormSquared, [of.clone()]).ok()?)?,
                        Op::Sqrt if self.known.is_nonnegative(of) => self.fraction(of)?,
                        Op::Abs => self.times(&self.fraction(of)?, &self.fraction(of)?)?,
                        _ => continue,
                    };
                    return self.times(&without(atom, 2), &square).map(Some);
                }
                _ => {}
            }
        }
        Some(None)
    }

    /// An atom whose parts are written in one way, so that `exp(x + y)` and `exp(y + x)` are one atom.
    fn with_canonical_parts(&self, tree: &Tree) -> Option<Tree> {
        match tree.node() {
            // Under a binder, less is known.
            Node::Expect { .. } | Node::Gradient { .. } | Node::Derivative { .. } => Some(tree.clone()),
            node => {
                let parts = node.children().into_iter().map(|part| self.canonical(part)).collect::<Option<Vec<_>>>()?;
                Tree::new(node.with_children(parts)).ok()
            }
        }
    }

    /// A value written in one way; what may be infinite, and all without [`Expand::All`], as it is.
    fn canonical(&self, tree: &Tree) -> Option<Tree> {
        if self.expand != Expand::All || !self.known.is_finite(tree) {
            return Some(tree.clone());
        }
        let Fraction { over, under } = self.fraction(tree)?.shortened()?;
        let over = written(&over, tree.ty())?;
        if under == Polynomial::one() {
            Some(over)
        } else {
            Tree::apply(Op::Div, [over, written(&under, Type::Real)?]).ok()
        }
    }
}

/// A polynomial as a tree: the same tree for the same polynomial.
fn written(polynomial: &Polynomial, ty: Type) -> Option<Tree> {
    let whole = |n: &BigInt| Tree::new(Node::Number(BigRational::from_integer(n.abs()))).ok();
    let mut sum: Option<Tree> = None;
    for (monomial, coefficient) in polynomial.terms() {
        let mut term = product(monomial, ty)?;
        if !coefficient.numer().abs().is_one() {
            term = Tree::apply(Op::Mul, [whole(coefficient.numer())?, term]).ok()?;
        }
        if !coefficient.denom().is_one() {
            term = Tree::apply(Op::Div, [term, whole(coefficient.denom())?]).ok()?;
        }
        sum = Some(match (sum, coefficient.is_negative()) {
            (None, false) => term,
            (None, true) => Tree::apply(Op::Neg, [term]).ok()?,
            (Some(sum), negative) => Tree::apply(if negative { Op::Sub } else { Op::Add }, [sum, term]).ok()?,
        });
    }
    Some(sum.unwrap_or_else(|| if ty == Type::Vector { Tree::zeros() } else { Tree::integer(0) }))
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
