//! What to tell of a step that the kernel does not accept, where its own reason says little. Not trusted: a reason is
//! only told.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed};

use super::effort::Effort;
use super::facts::Facts;
use super::kernel::{Context, PROCEDURES, Theorem};
use super::normal::{Expand, Normalizer};
use super::polynomial::{Monomial, Polynomial};
use super::reason::Reason;
use super::rules::RULES;
use super::script::{Item, Script, Step};
use super::step::Justification;
use super::term::mentions_action;
use crate::expr::{Action, Name, Node, Op, Prop, Relation, Statement, Tree, Type};
use logitlab_words::Truth;

/// More divisors are not looked at for a hint.
const MAX_DIVISORS: usize = 32;

/// A difference of more terms or characters is not shown.
const MAX_SHOWN: usize = 6;
const MAX_WIDTH: usize = 200;

/// A step that is not accepted, and where it stands.
pub struct Refused<'a> {
    /// The claim.
    pub statement: &'a Statement,
    /// What is known there.
    pub context: &'a Context,
    /// Where the step starts.
    pub from: &'a Tree,
    /// The step.
    pub step: &'a Step,
    /// The names of its rules.
    pub names: &'a [Name],
    /// The theorems of the claims among them.
    pub cited: &'a [(Name, Vec<Theorem>)],
}

impl Refused<'_> {
    /// The kernel's reason, or one that says more of why it refuses.
    pub fn reason(&self, reason: Reason) -> Reason {
        if let Some(missing) = self.missing_divisor() {
            return missing;
        }
        match &reason {
            Reason::Mismatch { relation: Relation::Equal, right, expected: Some(expected), .. } => {
                self.detour(expected, right).unwrap_or(reason)
            }
            Reason::Mismatch { expected: None, .. } => {
                self.difference().or_else(|| self.of_another_form()).unwrap_or(reason)
            }
            _ => reason,
        }
    }

    fn goes(&self, context: &Context, from: &Tree, relation: Relation, to: &Tree, names: &[Name]) -> bool {
        context.step(from, relation, to, names, self.cited).is_ok()
    }

    /// The first divisor that is not known to be other than zero, if the step would follow were none of them zero.
    fn missing_divisor(&self) -> Option<Reason> {
        let mut divisors = Vec::new();
        for side in [self.from, &self.step.to] {
            side.visit(&mut |tree| {
                if let Node::Apply(Op::Div, items) = tree.node() {
                    let nonzero = Prop::Compare(Relation::NotEqual, items[1].clone(), Tree::integer(0));
                    if divisors.len() < MAX_DIVISORS && !divisors.contains(&nonzero) {
                        divisors.push(nonzero);
                    }
                }
            });
        }
        let known = |prop| (prop, self.context.truth(prop));
        let (condition, truth) = divisors.iter().map(known).find(|(_, truth)| *truth != Truth::True)?;
        let wider = divisors.iter().fold(self.context.clone(), |wider, prop| wider.assume(prop));
        let goes = self.goes(&wider, self.from, self.step.relation, &self.step.to, self.names);
        goes.then(|| Reason::Condition { condition: condition.clone(), truth })
    }

    /// Where the rule gives what differs by a normal form alone: that it takes a second step.
    fn detour(&self, expected: &Tree, right: &Tree) -> Option<Reason> {
        let by = |name: &str| self.goes(self.context, expected, Relation::Equal, right, &[name.into()]);
        let rule = ["ring", "vector"].into_iter().find(|name| by(name))?;
        Some(Reason::Detour { expected: expected.clone(), right: right.clone(), rule })
    }

    /// By what the two sides differ once a procedure has multiplied them out.
    fn difference(&self) -> Option<Reason> {
        let expand = self.names.iter().find_map(|name| {
            let (_, procedure, _) = PROCEDURES.iter().find(|(known, ..)| **known == **name)?;
            match procedure {
                Justification::Normal(expand, ty) if *ty == self.from.ty() => Some(*expand),
                Justification::Algebra => Some(Expand::All),
                _ => None,
            }
        })?;
        if self.step.relation != Relation::Equal || self.from.ty() != self.step.to.ty() {
            return None;
        }
        let Statement { variables, definitions, hypotheses, .. } = self.statement;
        let facts = Facts::new(variables, definitions, hypotheses.clone());
        let effort = Effort::default();
        let normal = Normalizer { known: &facts, binders: vec![], expand, effort: &effort };
        let over = normal.fraction(&Tree::apply(Op::Sub, [self.from.clone(), self.step.to.clone()]).ok()?)?.over;
        let (left, right) = (self.from.clone(), self.step.to.clone());
        if let Some((first, second)) = self.same_to_a_reader(&over) {
            return Some(Reason::Apart { first, second });
        }
        let difference = tree(&over, self.from.ty()).filter(|tree| tree.to_string().len() <= MAX_WIDTH)?;
        Some(Reason::Difference { left, right, difference })
    }

    /// Two parts that the procedure takes for different things, though it tells by itself that they are equal.
    fn same_to_a_reader(&self, over: &Polynomial) -> Option<(Tree, Tree)> {
        let mut atoms: Vec<&Tree> = over.terms().flat_map(|(monomial, _)| monomial.keys()).collect();
        atoms.dedup();
        atoms.truncate(MAX_SHOWN);
        let equal = |a: &Tree, b: &Tree| {
            a != b && a.ty() == b.ty() && self.goes(self.context, a, Relation::Equal, b, self.names)
        };
        let pair = |(index, a): (usize, &&Tree)| {
            atoms[index + 1..].iter().find(|b| equal(a, b)).map(|b| ((*a).clone(), (*b).clone()))
        };
        atoms.iter().enumerate().find_map(pair)
    }

    /// What the rules of the table say, where the step has none of their forms.
    fn of_another_form(&self) -> Option<Reason> {
        let [name] = self.names else { return None };
        let rule = RULES.iter().find(|rule| rule.name == &**name)?;
        let (left, right) = (self.from.clone(), self.step.to.clone());
        Some(Reason::OtherForm { relation: self.step.relation, left, right, rule: rule.name, law: rule.laws[0] })
    }
}

/// A polynomial as an expression, if it is short.
fn tree(of: &Polynomial, ty: Type) -> Option<Tree> {
    let mut sum: Option<Tree> = None;
    if of.terms().count() > MAX_SHOWN {
        return None;
    }
    // Positive terms come first.
    let (negative, positive): (Vec<_>, Vec<_>) = of.terms().partition(|(_, coefficient)| coefficient.is_negative());
    for (monomial, coefficient) in positive.into_iter().chain(negative) {
        let term = product(monomial, &coefficient.abs(), ty)?;
        sum = Some(match (sum, coefficient.is_negative()) {
            (None, false) => term,
            (None, true) => Tree::apply(Op::Neg, [term]).ok()?,
            (Some(sum), false) => Tree::apply(Op::Add, [sum, term]).ok()?,
            (Some(sum), true) => Tree::apply(Op::Sub, [sum, term]).ok()?,
        });
    }
    sum
}

fn product(monomial: &Monomial, coefficient: &BigRational, ty: Type) -> Option<Tree> {
    let times = |x: Option<Tree>, y: &Tree| match x {
        None => Some(y.clone()),
        Some(x) if x.ty() == Type::Vector && y.ty() == Type::Vector => Tree::apply(Op::Hadamard, [x, y.clone()]).ok(),
        Some(x) if x.ty() == Type::Vector => Tree::apply(Op::Mul, [y.clone(), x]).ok(),
        Some(x) => Tree::apply(Op::Mul, [x, y.clone()]).ok(),
    };
    let number = |n: &BigInt| Tree::new(Node::Number(BigRational::from_integer(n.clone()))).ok();
    let mut product = if coefficient.numer().is_one() { None } else { Some(number(coefficient.numer())?) };
    // Reals come before vectors.
    for wanted in [Type::Real, Type::Vector] {
        for (atom, power) in monomial.iter().filter(|(atom, _)| atom.ty() == wanted) {
            if *power == 1 || wanted == Type::Vector {
                for _ in 0..*power {
                    product = Some(times(product, atom)?);
                }
            } else {
                let power = Tree::new(Node::Power(atom.clone(), *power)).ok()?;
                product = Some(times(product, &power)?);
            }
        }
    }
    let product = product.unwrap_or_else(|| if ty == Type::Vector { Tree::ones() } else { Tree::integer(1) });
    let product = match coefficient.denom() {
        one if one.is_one() => product,
        other => Tree::apply(Op::Div, [product, number(other)?]).ok()?,
    };
    if ty == Type::Vector && product.ty() == Type::Real { times(Some(product), &Tree::ones()) } else { Some(product) }
}

/// Why an action cannot be chosen: the form is right, and the vector may have infinite entries.
pub fn of_choice(name: &Name, property: &Prop, reason: Reason) -> Reason {
    let Prop::Compare(Relation::Equal, left, right) = property else { return reason };
    match (left.node(), right.node(), &reason) {
        (Node::At(v, Action::Name(at)), Node::Apply(Op::Max | Op::Min, of), Reason::Choice)
            if at == name && *v == of[0] && !mentions_action(v, name) =>
        {
            Reason::Sort { value: v.to_string(), needed: "finite in every entry" }
        }
        _ => reason,
    }
}

/// Whether a lemma of this name stands anywhere in a script.
pub fn has_lemma(script: &Script, name: &str) -> bool {
    let is = |label: &Option<Name>| label.as_deref() == Some(name);
    let item = |item: &Item| match item {
        Item::Chain(label, _) => is(label),
        Item::Goal(label, _, _, script) => is(label) || has_lemma(script, name),
        Item::Choose(..) => false,
    };
    let branches = script.cases.iter().chain(&script.assumptions);
    script.items.iter().any(item) || branches.into_iter().any(|branch| has_lemma(&branch.script, name))
}
