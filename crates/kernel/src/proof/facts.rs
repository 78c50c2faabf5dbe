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
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::effort::Effort;
use super::known::Known;
use super::normal::polynomial;
use super::polynomial::Polynomial;
pub use super::signs::Signs;
use super::term::{mentions, prop_mentions};
use crate::expr::definition::unfold;
use crate::expr::{Action, Name, Node, Op, Prop, Relation, Sort, Tree, Type};
use logitlab_words::Truth;

/// Sums over more actions are not written out.
const MAX_SIZE: usize = 16;

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
    /// Where what justifies a step is written down, if it is asked for.
    pub record: super::record::Asked,
}

impl<'a> Facts<'a> {
    /// Knowledge from declarations and propositions.
    pub fn new(variables: &'a [(Name, Sort)], definitions: &'a [(Name, Tree)], props: Vec<Prop>) -> Facts<'a> {
        Facts::of(variables, definitions, Facts::of(variables, definitions, vec![]).learned(props))
    }

    /// Knowledge from declarations and facts.
    pub fn of(variables: &'a [(Name, Sort)], definitions: &'a [(Name, Tree)], known: Vec<Fact>) -> Facts<'a> {
        let (blocked, remembered, inner, effort, record) = Default::default();
        Facts { variables, definitions, known, blocked, remembered, inner, effort, record }
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

    /// All that is known under a binder of a name: what does not depend on it; and where a derivative with respect to
    /// it binds it, the open conditions, for they hold near the present point too, and that is all that is
    /// differentiated.
    pub fn without(&self, name: &Name) -> Rc<Facts<'a>> {
        if let Some(inner) = self.inner.borrow().get(name) {
            return inner.clone();
        }
        self.effort.spend(self.known.len());
        let names = self.dependent(name);
        // An expectation binds an action that is not declared, a derivative one of the declared values.
        let moved = matches!(self.sort(name), Some(Sort::Real | Sort::Vector | Sort::Logits | Sort::Masked));
        let holds = |prop: &Prop| !prop_mentions(prop, &names) || moved && self.is_open(prop, name);
        let free = self.known.iter().filter(|fact| holds(&fact.0)).cloned().collect();
        let mut inner = Facts::of(self.variables, self.definitions, free);
        inner.blocked = [self.blocked.as_slice(), std::slice::from_ref(name)].concat();
        inner.effort = self.effort.clone();
        inner.record = self.record.clone();
        let inner = Rc::new(inner);
        self.inner.borrow_mut().insert(name.clone(), inner.clone());
        inner
    }

    /// An answer that is looked for only once; where no work is left for it, the one that says nothing.
    pub(super) fn remembered(&self, question: &'static str, tree: &Tree, nothing: u8, find: impl FnOnce() -> u8) -> u8 {
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

    pub(super) fn sort(&self, name: &Name) -> Option<Sort> {
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
    pub(super) fn states(&self, prop: &Prop) -> bool {
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
            signs
                .and(self.bounded(&normal, tree.ty()))
                .and(self.factor(&normal))
                .and(self.termwise(&normal, tree))
                .and(self.apart(tree))
                .0
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

    pub(super) fn structural(&self, tree: &Tree) -> Signs {
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
            Op::Inner if items[0] == items[1] && self.is_somewhere(&items[0]) => Signs::POSITIVE,
            Op::Mul | Op::Hadamard | Op::Inner if items[0] == items[1] => of(0).squared(),
            Op::Mul | Op::Hadamard => pairwise(Signs::times),
            // A sum of K >= 1 products; all of one sign, or anything.
            Op::Inner => pairwise(Signs::times).total(),
            Op::Div | Op::Quotient if of(1).excludes_zero() => pairwise(Signs::times),
            Op::Norm | Op::NormSquared | Op::Collision if self.is_somewhere(&items[0]) => Signs::POSITIVE,
            Op::Norm | Op::NormSquared | Op::Collision => Signs::NONNEGATIVE,
            Op::Abs => of(0).squared(),
            Op::Sqrt if of(0).within(Signs::NONNEGATIVE) => of(0),
            Op::Exp | Op::Softmax if self.is_finite(&items[0]) => Signs::POSITIVE,
            Op::Exp | Op::Softmax if self.is_logits(&items[0]) => Signs::NONNEGATIVE,
            Op::Sum => match items[0].node() {
                // Some logit is finite.
                Node::Apply(Op::Exp, logits) if self.is_logits(&logits[0]) => Signs::POSITIVE,
                _ => of(0).total(),
            },
            Op::Max if self.is_distribution(&items[0]) => Signs::POSITIVE,
            Op::Max | Op::Min => of(0),
            Op::Log if of(0).within(Signs::POSITIVE) => self.above_one(&items[0]),
            // x log x has the sign of x (x - 1), and is 0 at 0.
            Op::XlogX if of(0).within(Signs::NONNEGATIVE) => of(0).times(self.above_one(&items[0])),
            Op::Entropy if of(0).within(Signs::NONNEGATIVE) => of(0).times(self.above_one(&items[0])).total().negated(),
            Op::Derived(_) => unfold(op, items).map_or(Signs::ANY, |meaning| self.signs(&meaning)),
            _ => Signs::ANY,
        }
    }

    /// Whether some entry of a vector is known to be other than zero. There is one entry at least.
    fn is_somewhere(&self, v: &Tree) -> bool {
        // Some logit is finite.
        let of_logits = matches!(v.node(), Node::Apply(Op::Exp, z) if self.is_logits(&z[0]));
        of_logits || self.is_distribution(v) || self.signs(v).excludes_zero()
    }

    /// The signs of x - 1.
    fn above_one(&self, x: &Tree) -> Signs {
        let one = if x.ty() == Type::Vector { Tree::ones() } else { Tree::integer(1) };
        difference(&one, x).map_or(Signs::ANY, |tree| self.signs(&tree))
    }

    /// That a factor is not zero where a product with it is not.
    fn factor(&self, wanted: &Polynomial) -> Signs {
        let single = |polynomial: &Polynomial| {
            let mut terms = polynomial.terms();
            terms.next().filter(|_| terms.next().is_none()).map(|(monomial, _)| monomial.clone())
        };
        let Some(atom) = single(wanted).filter(|m| m.len() == 1).and_then(|m| m.into_keys().next()) else {
            return Signs::ANY;
        };
        let nonzero = |fact: &Fact| {
            fact.1.as_ref().is_some_and(|(product, signs, _)| {
                signs.excludes_zero() && single(product).is_some_and(|monomial| monomial.contains_key(&atom))
            })
        };
        if self.known.iter().any(nonzero) { Signs::NEGATIVE.or(Signs::POSITIVE) } else { Signs::ANY }
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

    /// What is known of the atoms of a polynomial without any fact: K >= 1; the entries of a distribution are at most 1
    /// and sum to 1; exp(x) - 1 has the sign of x.
    fn declared_bounds(&self, of: &Polynomial) -> Vec<(Polynomial, Signs)> {
        let atoms = of.terms().flat_map(|(monomial, _)| monomial.keys().cloned());
        let less_one = |atom: &Tree| Polynomial::atom(atom.clone()).plus(&-BigRational::one(), &Polynomial::one());
        let bound = |atom: Tree| match atom.node() {
            Node::Size => Some((less_one(&atom)?, Signs::NONNEGATIVE)),
            // Another action has a positive probability too.
            Node::At(v, _)
                if self.is_distribution(v) && self.signs(v).within(Signs::POSITIVE) && self.has_actions(2) =>
            {
                Some((less_one(&atom)?, Signs::NEGATIVE))
            }
            Node::At(v, _) if self.at_most_one(v) => Some((less_one(&atom)?, Signs::NONPOSITIVE)),
            Node::Apply(Op::Max, v) if self.at_most_one(&v[0]) => Some((less_one(&atom)?, Signs::NONPOSITIVE)),
            Node::Apply(Op::Sum, v) if self.is_distribution(&v[0]) => Some((less_one(&atom)?, Signs::ZERO)),
            Node::Apply(Op::Exp, x) if self.is_finite(&x[0]) => Some((less_one(&atom)?, self.signs(&x[0]))),
            _ if atom.ty() == Type::Vector && self.at_most_one(&atom) => Some((less_one(&atom)?, Signs::NONPOSITIVE)),
            _ => None,
        };
        atoms.filter_map(bound).collect()
    }

    fn at_most_one(&self, v: &Tree) -> bool {
        self.is_distribution(v) || self.is_subset(v)
    }

    /// The number of actions, where it is given and small.
    pub fn size(&self) -> Option<usize> {
        let stated = |fact: &Fact| match &fact.0 {
            Prop::Compare(Relation::Equal, left, right) => match (left.node(), right.node()) {
                (Node::Size, Node::Number(n)) | (Node::Number(n), Node::Size) if n.is_integer() => n.numer().to_usize(),
                _ => None,
            },
            _ => None,
        };
        self.known.iter().find_map(stated).filter(|size| (1..=MAX_SIZE).contains(size))
    }

    /// Whether there are at least this number of actions.
    pub fn has_actions(&self, least: usize) -> bool {
        let Ok(least) = u32::try_from(least) else { return false };
        self.holds(&Prop::Compare(Relation::LessEqual, Tree::integer(least), Tree::size())) == Truth::True
    }
}

impl Known for Facts<'_> {
    fn excludes_zero(&self, tree: &Tree, binders: &[Name]) -> bool {
        Facts::excludes_zero(self, tree, binders)
    }

    fn is_nonnegative(&self, tree: &Tree) -> bool {
        self.signs(tree).within(Signs::NONNEGATIVE)
    }

    fn is_finite(&self, tree: &Tree) -> bool {
        Facts::is_finite(self, tree)
    }

    fn is_distribution(&self, tree: &Tree) -> bool {
        Facts::is_distribution(self, tree)
    }

    fn is_subset(&self, tree: &Tree) -> bool {
        Facts::is_subset(self, tree)
    }

    fn same(&self, left: &Action, right: &Action) -> Truth {
        match (left, right) {
            (Action::Index(left), Action::Index(right)) => (left == right).into(),
            _ => self.holds(&Prop::SameAction(left.clone(), right.clone(), true)),
        }
    }

    fn representative(&self, action: &Action) -> Action {
        let mut class = vec![action.clone()];
        let mut at = 0;
        while at < class.len() {
            for fact in &self.known {
                let Prop::SameAction(a, b, true) = &fact.0 else { continue };
                let other = if *a == class[at] { b } else { a };
                if (*a == class[at] || *b == class[at]) && !class.contains(other) {
                    class.push(other.clone());
                }
            }
            at += 1;
        }
        class.into_iter().min().expect("the action itself is one of them")
    }

    fn size(&self) -> Option<usize> {
        Facts::size(self)
    }
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
