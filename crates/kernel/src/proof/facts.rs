//! What is known about values where a rule is applied, and the decision whether a side condition holds. (trusted)
//!
//! The answer has three values, and only [`Truth::True`] lets a rule fire. Signs follow the structure of an
//! expression; assumptions contribute by their difference: where `a <= b` is assumed, everything that is a positive
//! multiple of `b - a` plus a number is bounded.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use super::effort::Effort;
use super::normal::polynomial;
use super::polynomial::Polynomial;
use super::term::{mentions, prop_mentions};
use crate::expr::definition::unfold;
use crate::expr::{Action, Name, Node, Op, Prop, Relation, Sort, Tree, Type};
use logitlab_words::Truth;

/// The signs that a real, or the entries of a vector, may have: a set of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signs(u8);

impl Signs {
    const NONE: Signs = Signs(0);
    const NEGATIVE: Signs = Signs(1);
    const ZERO: Signs = Signs(2);
    /// Above zero.
    pub const POSITIVE: Signs = Signs(4);
    const NONPOSITIVE: Signs = Signs(3);
    const NONNEGATIVE: Signs = Signs(6);
    const ANY: Signs = Signs(7);

    /// Those of `right - left` where `left relation right` holds.
    pub fn of_difference(relation: Relation) -> Signs {
        match relation {
            Relation::Equal => Signs::ZERO,
            Relation::NotEqual => Signs::NEGATIVE.or(Signs::POSITIVE),
            Relation::LessEqual => Signs::NONNEGATIVE,
            Relation::Less => Signs::POSITIVE,
            Relation::GreaterEqual => Signs::NONPOSITIVE,
            Relation::Greater => Signs::NEGATIVE,
        }
    }

    /// Whether zero is not among them.
    pub fn excludes_zero(self) -> bool {
        self.and(Signs::ZERO) == Signs::NONE
    }

    /// Those in both.
    pub fn and(self, other: Signs) -> Signs {
        Signs(self.0 & other.0)
    }

    /// Those in either.
    pub fn or(self, other: Signs) -> Signs {
        Signs(self.0 | other.0)
    }

    /// Whether all of them are among the others.
    pub fn within(self, other: Signs) -> bool {
        self.and(other) == self
    }

    /// Those of -x.
    pub fn negated(self) -> Signs {
        self.times(Signs::NEGATIVE)
    }

    /// What an operation on each sign of the one and each of the other can give.
    fn pairs(self, other: Signs, f: impl Fn(i8, i8) -> Signs) -> Signs {
        let each = |signs: Signs| (-1..=1).filter(move |sign| signs.0 & (1 << (sign + 1)) != 0);
        each(self).flat_map(|x| each(other).map(move |y| (x, y))).fold(Signs::NONE, |all, (x, y)| all.or(f(x, y)))
    }

    fn plus(self, other: Signs) -> Signs {
        self.pairs(other, |x, y| if x * y < 0 { Signs::ANY } else { Signs(1 << ((x + y).signum() + 1)) })
    }

    fn times(self, other: Signs) -> Signs {
        self.pairs(other, |x, y| Signs(1 << (x * y + 1)))
    }

    /// Those of x^2.
    fn squared(self) -> Signs {
        self.pairs(self, |x, _| Signs(1 << (x * x + 1)))
    }

    fn of_number(value: &BigRational) -> Signs {
        Signs(1 << (1 + value.cmp(&BigRational::zero()) as i8))
    }
}

/// A proposition that holds, and what it says of the signs of the difference of its sides, if it says anything.
pub type Fact = Arc<(Prop, Option<(Polynomial, Signs, Type)>)>;

/// Declared names, definitions and facts.
#[derive(Debug)]
pub struct Facts<'a> {
    variables: &'a [(Name, Sort)],
    definitions: &'a [(Name, Tree)],
    known: Vec<Fact>,
    /// The names whose binders are around.
    pub blocked: Vec<Name>,
    /// Answers, by question and expression, so that none is looked for twice.
    remembered: RefCell<HashMap<(&'static str, Tree), u8>>,
    inner: RefCell<BTreeMap<Name, Rc<Facts<'a>>>>,
    /// The work that is left for what is asked here.
    pub effort: Rc<Effort>,
}

impl<'a> Facts<'a> {
    /// Knowledge from declarations and propositions.
    pub fn new(variables: &'a [(Name, Sort)], definitions: &'a [(Name, Tree)], props: Vec<Prop>) -> Facts<'a> {
        Facts::of(variables, definitions, Facts::of(variables, definitions, vec![]).learned(props))
    }

    /// Knowledge from declarations and facts.
    pub fn of(variables: &'a [(Name, Sort)], definitions: &'a [(Name, Tree)], known: Vec<Fact>) -> Facts<'a> {
        let (blocked, remembered, inner, effort) = Default::default();
        Facts { variables, definitions, known, blocked, remembered, inner, effort }
    }

    /// What is known with some propositions more.
    pub fn learned(&self, props: Vec<Prop>) -> Vec<Fact> {
        let new = props.into_iter().map(|prop| Arc::new((prop, None)));
        let mut all: Vec<Fact> = self.known.iter().cloned().chain(new).collect();
        // What is finite by itself may show that other values are: z/k where 0 < k.
        for _ in 0..2 {
            let facts = Facts::of(self.variables, self.definitions, all.clone());
            let bound = |fact: &mut Fact| *fact = Arc::new((fact.0.clone(), facts.bound(&fact.0)));
            all[self.known.len()..].iter_mut().for_each(bound);
        }
        all
    }

    /// What a proposition says of the signs of a difference.
    fn bound(&self, prop: &Prop) -> Option<(Polynomial, Signs, Type)> {
        match prop {
            // With -inf on both sides, nothing can be taken away from them.
            Prop::Compare(_, left, right) if !self.is_finite(left) || !self.is_finite(right) => None,
            // Vectors differ where some coordinate does, which says nothing of any sign.
            Prop::Compare(Relation::NotEqual, left, _) if left.ty() == Type::Vector => None,
            Prop::Compare(relation, left, right) => {
                let minus = polynomial(left, &self.effort)?;
                let difference = polynomial(right, &self.effort)?.plus(&-BigRational::one(), &minus)?;
                Some((difference, Signs::of_difference(*relation), left.ty()))
            }
            _ => None,
        }
    }

    /// Those that do not depend on a name: all that is known under a binder of that name.
    pub fn without(&self, name: &Name) -> Rc<Facts<'a>> {
        if let Some(inner) = self.inner.borrow().get(name) {
            return inner.clone();
        }
        self.effort.spend(self.known.len());
        let names = self.dependent(name);
        let free = self.known.iter().filter(|fact| !prop_mentions(&fact.0, &names)).cloned().collect();
        let mut inner = Facts::of(self.variables, self.definitions, free);
        inner.blocked = [self.blocked.as_slice(), std::slice::from_ref(name)].concat();
        inner.effort = self.effort.clone();
        let inner = Rc::new(inner);
        self.inner.borrow_mut().insert(name.clone(), inner.clone());
        inner
    }

    /// An answer that is looked for only once; where no work is left for it, the one that says nothing.
    fn remembered(&self, question: &'static str, tree: &Tree, nothing: u8, find: impl FnOnce() -> u8) -> u8 {
        let key = (question, tree.clone());
        if let Some(known) = self.remembered.borrow().get(&key) {
            return *known;
        }
        let found = self.effort.spend(1).map_or(nothing, |()| find());
        if !self.effort.is_spent() {
            self.remembered.borrow_mut().insert(key, found);
        }
        found
    }

    /// Whether a value is other than zero under binders of some names.
    pub fn excludes_zero(&self, tree: &Tree, binders: &[Name]) -> bool {
        match binders.split_first() {
            Some((first, inner)) => self.without(first).excludes_zero(tree, inner),
            None => self.signs(tree).excludes_zero(),
        }
    }

    /// Whether the value of a tree may depend on a name, definitions unfolded.
    pub fn depends(&self, tree: &Tree, name: &str) -> bool {
        mentions(tree, &self.dependent(name))
    }

    /// A name and the definitions that depend on it: each uses only those before it.
    pub fn dependent<'n>(&'n self, name: &'n str) -> Vec<&'n str> {
        let defined = self.definitions.iter();
        defined.fold(vec![name], |names, (defined, body)| match mentions(body, &names) {
            true => [names.as_slice(), &[&**defined]].concat(),
            false => names,
        })
    }

    fn sort(&self, name: &Name) -> Option<Sort> {
        self.variables.iter().find(|(known, _)| known == name).map(|(_, sort)| *sort)
    }

    /// What a name is defined as.
    pub fn definition(&self, name: &Name) -> Option<&Tree> {
        self.definitions.iter().find(|(known, _)| known == name).map(|(_, tree)| tree)
    }

    /// Whether a side condition is known to hold, known not to hold, or neither.
    pub fn holds(&self, prop: &Prop) -> Truth {
        match prop {
            Prop::Compare(relation, left, right) => {
                if self.states(prop) {
                    return Truth::True;
                }
                let Some(signs) = difference(left, right).map(|tree| self.signs(&tree)) else {
                    return Truth::Unknown;
                };
                let wanted = Signs::of_difference(*relation);
                match left.ty() {
                    _ if signs.within(wanted) => Truth::True,
                    Type::Real if signs.and(wanted) == Signs::NONE => Truth::False,
                    _ => Truth::Unknown,
                }
            }
            Prop::SameAction(a, b, same) => {
                let known = |same| {
                    let stated = |x: &Action, y: &Action| Prop::SameAction(x.clone(), y.clone(), same);
                    self.states(&stated(a, b)) || self.states(&stated(b, a))
                };
                match (a == b || known(true), known(false)) {
                    (true, false) => (*same).into(),
                    (false, true) => (!*same).into(),
                    _ => Truth::Unknown,
                }
            }
            Prop::And(parts) => parts.iter().fold(Truth::True, |so_far, part| so_far.and(self.holds(part))),
            Prop::Or(..) | Prop::Implies(..) | Prop::Iff(..) if self.states(prop) => Truth::True,
            Prop::Or(parts) => parts.iter().fold(Truth::False, |so_far, part| so_far.or(self.holds(part))),
            Prop::Implies(..) | Prop::Iff(..) => Truth::Unknown,
        }
    }

    /// Whether a proposition is one of the facts.
    fn states(&self, prop: &Prop) -> bool {
        self.effort.spend(self.known.len() / 8).is_some() && self.known.iter().any(|fact| fact.0 == *prop)
    }

    /// The signs that a value may have.
    pub fn signs(&self, tree: &Tree) -> Signs {
        Signs(self.remembered("signs", tree, Signs::ANY.0, || {
            // Nothing is said of arithmetic with -inf, nor of what is too long to look at.
            let Some(normal) = polynomial(tree, &self.effort).filter(|_| self.is_finite(tree)) else {
                return Signs::ANY.0;
            };
            let signs = self.structural(tree);
            signs.and(self.bounded(&normal, tree.ty())).and(self.termwise(&normal, tree)).and(self.apart(tree)).0
        }))
    }

    /// That of which the absolute value is known to be positive is not zero, nor is any of its entries.
    fn apart(&self, tree: &Tree) -> Signs {
        let zero = if tree.ty() == Type::Real { Tree::integer(0) } else { Tree::zeros() };
        let Ok(size) = Tree::apply(Op::Abs, [tree.clone()]) else { return Signs::ANY };
        match self.states(&Prop::Compare(Relation::Less, zero, size)) {
            true => Signs::NEGATIVE.or(Signs::POSITIVE),
            false => Signs::ANY,
        }
    }

    /// The signs of a sum of products whose factors have known signs.
    fn termwise(&self, normal: &Polynomial, tree: &Tree) -> Signs {
        let factor = |atom: &Tree, power: u32| {
            let signs = if atom == tree { Signs::ANY } else { self.signs(atom) };
            if power.is_multiple_of(2) { signs.squared() } else { signs }
        };
        normal.terms().fold(Signs::ZERO, |sum, (monomial, coefficient)| {
            let number = Signs::of_number(coefficient);
            sum.plus(monomial.iter().fold(number, |product, (atom, power)| product.times(factor(atom, *power))))
        })
    }

    fn structural(&self, tree: &Tree) -> Signs {
        match tree.node() {
            Node::Number(value) => Signs::of_number(value),
            Node::Size | Node::Ones => Signs::POSITIVE,
            Node::Zeros => Signs::ZERO,
            Node::Unit(_) => Signs::NONNEGATIVE,
            Node::Variable(name, _) => match (self.definition(name), self.sort(name)) {
                (Some(body), _) => self.signs(body),
                (None, Some(Sort::Distribution | Sort::Subset)) => Signs::NONNEGATIVE,
                _ => Signs::ANY,
            },
            Node::At(v, _) => self.signs(v),
            Node::Others(v, _) => self.signs(v).or(Signs::ZERO),
            Node::Power(x, n) if *n > 0 => {
                let signs = self.signs(x);
                if n % 2 == 0 { signs.squared() } else { signs }
            }
            Node::Expect { action, over, body } => {
                let term = self.signs(over).times(self.without(action).signs(body));
                if term.within(Signs::NONNEGATIVE) { Signs::NONNEGATIVE } else { Signs::ANY }
            }
            Node::Apply(op, items) => self.applied(*op, items),
            _ => Signs::ANY,
        }
    }

    fn applied(&self, op: Op, items: &[Tree]) -> Signs {
        let of = |index: usize| self.signs(&items[index]);
        let pairwise = |f: fn(Signs, Signs) -> Signs| f(of(0), of(1));
        match op {
            Op::Neg => of(0).negated(),
            Op::Add => pairwise(Signs::plus),
            Op::Sub => pairwise(|x, y| x.plus(y.negated())),
            Op::Mul | Op::Hadamard | Op::Inner if items[0] == items[1] => of(0).squared(),
            Op::Mul | Op::Hadamard => pairwise(Signs::times),
            // A sum of K >= 1 products; all of one sign, or anything.
            Op::Inner => total(pairwise(Signs::times)),
            Op::Div | Op::Quotient if of(1).excludes_zero() => pairwise(Signs::times),
            Op::Norm | Op::NormSquared | Op::Collision => Signs::NONNEGATIVE,
            Op::Abs => of(0).squared(),
            Op::Sqrt if of(0).within(Signs::NONNEGATIVE) => of(0),
            Op::Exp | Op::Softmax if self.is_finite(&items[0]) => Signs::POSITIVE,
            Op::Exp | Op::Softmax if self.is_logits(&items[0]) => Signs::NONNEGATIVE,
            Op::Sum => match items[0].node() {
                // Some logit is finite.
                Node::Apply(Op::Exp, logits) if self.is_logits(&logits[0]) => Signs::POSITIVE,
                _ => total(of(0)),
            },
            Op::Max | Op::Min => of(0),
            Op::Derived(_) => unfold(op, items).map_or(Signs::ANY, |meaning| self.signs(&meaning)),
            _ => Signs::ANY,
        }
    }

    /// The signs that follow from a fact p with wanted = times*p + rest, `times` and `rest` numbers.
    fn bounded(&self, wanted: &Polynomial, ty: Type) -> Signs {
        let declared = self.declared_bounds(wanted);
        if self.effort.spend(self.known.len() / 4).is_none() {
            return Signs::ANY;
        }
        let facts = self.known.iter().filter_map(|fact| fact.1.as_ref()).filter(|(_, _, of)| *of == ty);
        let facts = facts.map(|(p, signs, _)| (p, *signs)).chain(declared.iter().map(|(p, signs)| (p, *signs)));
        facts.fold(Signs::ANY, |signs, (fact, known)| match multiple(wanted, fact) {
            Some((times, rest)) => {
                let scaled = if times.is_negative() { known.negated() } else { known };
                signs.and(scaled.plus(Signs::of_number(&rest)))
            }
            None => signs,
        })
    }

    /// What declarations say of the atoms of a polynomial: K >= 1; the entries of a distribution are at most 1 and
    /// sum to 1.
    fn declared_bounds(&self, of: &Polynomial) -> Vec<(Polynomial, Signs)> {
        let atoms = of.terms().flat_map(|(monomial, _)| monomial.keys().cloned());
        let less_one = |atom: &Tree| Polynomial::atom(atom.clone()).plus(&-BigRational::one(), &Polynomial::one());
        let bound = |atom: Tree| match atom.node() {
            Node::Size => Some((less_one(&atom)?, Signs::NONNEGATIVE)),
            Node::At(v, _) if self.at_most_one(v) => Some((less_one(&atom)?, Signs::NONPOSITIVE)),
            Node::Apply(Op::Max, v) if self.at_most_one(&v[0]) => Some((less_one(&atom)?, Signs::NONPOSITIVE)),
            Node::Apply(Op::Sum, v) if self.is_distribution(&v[0]) => Some((less_one(&atom)?, Signs::ZERO)),
            _ if atom.ty() == Type::Vector && self.at_most_one(&atom) => Some((less_one(&atom)?, Signs::NONPOSITIVE)),
            _ => None,
        };
        atoms.filter_map(bound).collect()
    }

    fn at_most_one(&self, v: &Tree) -> bool {
        self.is_distribution(v) || self.is_subset(v)
    }

    /// Whether a vector is known to have entries >= 0 that sum to 1.
    pub fn is_distribution(&self, v: &Tree) -> bool {
        match v.node() {
            Node::Unit(_) => true,
            Node::Apply(Op::Softmax, logits) => self.is_logits(&logits[0]),
            Node::Variable(name, _) if self.sort(name) == Some(Sort::Distribution) => true,
            Node::Variable(name, _) if self.definition(name).is_some_and(|body| self.is_distribution(body)) => true,
            _ => {
                let total = Tree::apply(Op::Sum, [v.clone()]).expect("a sum of a vector");
                let one = Prop::Compare(Relation::Equal, total, Tree::integer(1));
                self.states(&one) && self.structural(v).within(Signs::NONNEGATIVE)
            }
        }
    }

    /// Whether a vector is known to consist of zeros and ones.
    pub fn is_subset(&self, v: &Tree) -> bool {
        match v.node() {
            Node::Unit(_) | Node::Ones | Node::Zeros => true,
            Node::Variable(name, _) => {
                self.sort(name) == Some(Sort::Subset) || self.definition(name).is_some_and(|body| self.is_subset(body))
            }
            Node::Apply(Op::Sub, items) => matches!(items[0].node(), Node::Ones) && self.is_subset(&items[1]),
            _ => false,
        }
    }

    /// Whether a value is certainly finite: logits, which may be -inf, occur only under exp, lse and softmax.
    pub fn is_finite(&self, tree: &Tree) -> bool {
        self.remembered("finite", tree, 0, || self.finite(tree).into()) != 0
    }

    fn finite(&self, tree: &Tree) -> bool {
        match tree.node() {
            Node::Variable(name, _) => {
                self.sort(name) != Some(Sort::Masked) && self.definition(name).is_none_or(|body| self.is_finite(body))
            }
            Node::Apply(Op::Exp | Op::Lse | Op::Softmax, items) => self.is_logits(&items[0]),
            Node::Expect { action, over, body } => self.is_finite(over) && self.without(action).is_finite(body),
            node => node.children().into_iter().all(|child| self.is_finite(child)),
        }
    }

    /// Whether the entries are certainly real or -inf, one of them at least real.
    pub fn is_logits(&self, tree: &Tree) -> bool {
        self.remembered("logits", tree, 0, || self.logits(tree).into()) != 0
    }

    fn logits(&self, tree: &Tree) -> bool {
        match tree.node() {
            _ if self.is_finite(tree) => true,
            Node::Variable(name, _) => {
                self.sort(name) == Some(Sort::Masked) || self.definition(name).is_some_and(|body| self.is_logits(body))
            }
            Node::Apply(Op::Add, items) => {
                self.is_logits(&items[0]) && self.is_finite(&items[1])
                    || self.is_finite(&items[0]) && self.is_logits(&items[1])
            }
            Node::Apply(Op::Mul, items) => self.signs(&items[0]).within(Signs::POSITIVE) && self.is_logits(&items[1]),
            Node::Apply(Op::Div, items) => self.is_logits(&items[0]) && self.signs(&items[1]).within(Signs::POSITIVE),
            _ => false,
        }
    }
}

/// The signs of a sum of at least one value with these signs.
fn total(signs: Signs) -> Signs {
    if signs.plus(signs) == Signs::ANY { Signs::ANY } else { signs }
}

/// `right - left`, with a zero left out.
pub fn difference(left: &Tree, right: &Tree) -> Option<Tree> {
    let zero =
        |tree: &Tree| matches!(tree.node(), Node::Zeros) || matches!(tree.node(), Node::Number(n) if n.is_zero());
    match (zero(left), zero(right)) {
        (true, _) => Some(right.clone()),
        (_, true) => Tree::apply(Op::Neg, [left.clone()]).ok(),
        _ => Tree::apply(Op::Sub, [right.clone(), left.clone()]).ok(),
    }
}

/// Numbers `times` != 0 and `rest` with wanted = times*fact + rest, if there are any.
pub fn multiple(wanted: &Polynomial, fact: &Polynomial) -> Option<(BigRational, BigRational)> {
    let (monomial, coefficient) = fact.terms().find(|(monomial, _)| !monomial.is_empty())?;
    let times = wanted.coefficient(monomial) / coefficient;
    if times.is_zero() || wanted.terms().count().abs_diff(fact.terms().count()) > 1 {
        return None;
    }
    let rest = wanted.clone().plus(&-times.clone(), fact)?;
    rest.as_constant().map(|rest| (times, rest))
}
