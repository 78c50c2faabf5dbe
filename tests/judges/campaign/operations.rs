//! What operations on numbers mean, by the evaluator of this test: where they have values, and masked logits.

use std::cmp::Ordering;

use Lack::{Undefined, Unsure};
use logitlab::expr::{Node, Op, Sort, Tree};

use crate::campaign::evaluator::{Found, Lack, Machine};
use crate::campaign::number::{Jet, Number};

impl<T: Number> Machine<'_, T> {
    /// x log x, with 0 log 0 = 0.
    pub fn x_log_x(&self, x: &Jet<T>) -> Found<Jet<T>> {
        self.x_log_y(x, x)
    }

    pub fn x_log_y(&self, x: &Jet<T>, y: &Jet<T>) -> Found<Jet<T>> {
        match (self.sign(y.value())?, self.sign(x.value())?) {
            (Ordering::Less, _) => Err(Undefined),
            (Ordering::Equal, Ordering::Equal) if x.leaves(&self.zero) || y.leaves(&self.zero) => Err(Unsure),
            // Still something that moves, if with slope 0.
            (Ordering::Equal, Ordering::Equal) => Ok(x.mul(y, &self.zero)),
            (Ordering::Equal, _) => Err(Undefined),
            (Ordering::Greater, _) => self.bounded(x.mul(&y.log(&self.zero), &self.zero)),
        }
    }

    pub fn divide(&self, x: &Jet<T>, y: &Jet<T>) -> Found<Jet<T>> {
        match (self.sign(y.value())?, self.is_masked(x)) {
            (Ordering::Equal, _) => Err(Undefined),
            (Ordering::Greater, true) => Ok(x.clone()),
            (_, true) => Err(Undefined),
            (_, false) if y.moves() => self.bounded(x.mul(&y.inverse(&self.zero), &self.zero)),
            // Without a detour over 1/y, so that x/x is 1.
            (_, false) => {
                let divisor = y.value();
                self.bounded(scaled(x, &|x| x.div(divisor)))
            }
        }
    }

    pub fn times(&self, x: &Jet<T>, y: &Jet<T>) -> Found<Jet<T>> {
        let x = self.finite(x.clone())?;
        if !self.is_masked(y) {
            return self.bounded(x.mul(y, &self.zero));
        }
        if self.sign(x.value())? == Ordering::Greater { Ok(y.clone()) } else { Err(Undefined) }
    }

    pub fn plus(&self, x: &Jet<T>, y: &Jet<T>) -> Found<Jet<T>> {
        match (self.is_masked(x), self.is_masked(y)) {
            (false, false) => self.bounded(x.add(y, &self.zero)),
            (true, false) => Ok(x.clone()),
            (false, true) => Ok(y.clone()),
            (true, true) => Ok(x.clone()),
        }
    }

    /// A masked logit less a finite number is masked.
    pub fn minus_finite(&self, x: &Jet<T>, y: &Jet<T>) -> Found<Jet<T>> {
        if self.is_masked(x) { Ok(x.clone()) } else { self.bounded(x.sub(y, &self.zero)) }
    }

    /// What may hold masked logits by its sort is multiplied by what is positive only, masked or not.
    pub fn keeps_masks(&self, logits: &Tree, factor: &Jet<T>) -> Found<()> {
        if self.by_sort(logits) && self.sign(factor.value())? != Ordering::Greater { Err(Undefined) } else { Ok(()) }
    }

    /// Whether an expression may be -inf because a name is declared so.
    pub fn by_sort(&self, tree: &Tree) -> bool {
        match tree.node() {
            Node::Variable(name, _) => match self.statement.definitions.iter().find(|(known, _)| known == name) {
                Some((_, body)) => self.by_sort(body),
                None => self.statement.sort(name) == Some(Sort::Masked),
            },
            Node::At(v, _) => self.by_sort(v),
            Node::Apply(Op::Add, items) => self.by_sort(&items[0]) || self.by_sort(&items[1]),
            Node::Apply(Op::Mul, items) => self.by_sort(&items[1]),
            Node::Apply(Op::Sub | Op::Div | Op::Min, items) => self.by_sort(&items[0]),
            _ => false,
        }
    }

    pub fn magnitude(&self, x: &Jet<T>) -> Found<Jet<T>> {
        let x = self.finite(x.clone())?;
        if !x.moves() {
            let negative = x.value().compare(&self.zero) == Ordering::Less;
            return Ok(if negative { self.minus(&x) } else { x });
        }
        match self.sign(x.value())? {
            Ordering::Less => Ok(self.minus(&x)),
            Ordering::Equal => Err(Undefined),
            Ordering::Greater => Ok(x),
        }
    }

    pub fn minus(&self, x: &Jet<T>) -> Jet<T> {
        self.number(0.0).sub(x, &self.zero)
    }

    pub fn root(&self, x: &Jet<T>) -> Found<Jet<T>> {
        let x = self.finite(x.clone())?;
        match self.sign(x.value())? {
            Ordering::Less => Err(Undefined),
            Ordering::Equal if x.moves() => Err(Undefined),
            Ordering::Equal => Ok(self.number(0.0)),
            Ordering::Greater => Ok(x.sqrt(&self.zero)),
        }
    }

    pub fn logarithm(&self, x: &Jet<T>) -> Found<Jet<T>> {
        let x = self.finite(x.clone())?;
        if self.sign(x.value())? == Ordering::Greater { Ok(x.log(&self.zero)) } else { Err(Undefined) }
    }

    /// What is smaller than rounding errors, and not 0 for a masked action, would be lost in a sum.
    pub fn exponential(&self, x: &Jet<T>) -> Found<Jet<T>> {
        let y = self.bounded(x.exp(&self.zero))?;
        let lost = !self.is_masked(x) && y.value().compare(&self.tiny) == Ordering::Less;
        if lost { Err(Unsure) } else { Ok(y) }
    }

    /// What x log x is of where it moves: at 0 its slope is infinite, unless x is a probability that stays 0 there.
    pub fn leaves_zero(&self, tree: &Tree, x: &Jet<T>) -> Found<()> {
        let stays = matches!(self.defined(tree).node(), Node::Apply(Op::Softmax | Op::Exp, _));
        if x.moves() && !stays && self.sign(x.value())? == Ordering::Equal { Err(Undefined) } else { Ok(()) }
    }

    fn defined<'t>(&'t self, tree: &'t Tree) -> &'t Tree {
        let Node::Variable(name, _) = tree.node() else { return tree };
        let definition = self.statement.definitions.iter().find(|(known, _)| known == name);
        definition.map_or(tree, |(_, body)| self.defined(body))
    }

    /// The largest entry, or the smallest.
    pub fn extreme(&self, v: &[Jet<T>], largest: bool) -> Found<Jet<T>> {
        let (mut best, mut tie) = (v[0].clone(), false);
        for x in &v[1..] {
            let difference = x.value().sub(best.value());
            let both = self.is_masked(x) && self.is_masked(&best);
            let moves = x.moves() || best.moves();
            let order = match () {
                () if both => Ordering::Equal,
                () if moves => self.sign(&difference)?,
                () => difference.compare(&self.zero),
            };
            match order {
                // A tie of what moves has no derivative, if it turns out to be extreme.
                Ordering::Equal if moves => tie = true,
                Ordering::Equal => {}
                order if (order == Ordering::Greater) == largest => (best, tie) = (x.clone(), false),
                _ => {}
            }
        }
        if tie { Err(Undefined) } else { Ok(best) }
    }
}

fn scaled<T: Number>(x: &Jet<T>, f: &dyn Fn(&T) -> T) -> Jet<T> {
    match x {
        Jet::Still(x) => Jet::Still(f(x)),
        Jet::Moving { level, at, slope } => Jet::moving(*level, scaled(at, f), scaled(slope, f)),
    }
}
