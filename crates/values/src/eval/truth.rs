//! Whether a proposition holds, for the values that an evaluator has.

use super::{Each, Evaluator};
use crate::arith::{Arithmetic, Eval, Fault, Truth};
use crate::expr::op::Type;
use crate::expr::prop::{Prop, Relation};
use crate::expr::tree::{Name, Tree};

impl<'a, A: Arithmetic> Evaluator<'a, A> {
    /// Whether a proposition holds.
    ///
    /// # Errors
    /// If something in it has no value in this number system.
    pub fn holds(&mut self, prop: &Prop) -> Eval<Truth> {
        match prop {
            Prop::Compare(relation, left, right) => self.compare(*relation, left, right, &mut |_, _, truth| truth),
            Prop::SameAction(a, b, same) => Ok(((self.action(a)? == self.action(b)?) == *same).into()),
            Prop::And(parts) => parts.iter().try_fold(Truth::True, |so_far, part| match so_far {
                Truth::False => Ok(Truth::False),
                so_far => Ok(so_far.and(self.holds(part)?)),
            }),
            Prop::Or(parts) => parts.iter().try_fold(Truth::False, |so_far, part| match so_far {
                Truth::True => Ok(Truth::True),
                so_far => Ok(so_far.or(self.holds(part)?)),
            }),
            Prop::Implies(a, b) => match self.holds(a)? {
                Truth::False => Ok(Truth::True),
                Truth::True => self.holds(b),
                // Where the left side is false, the right one need not have a value.
                Truth::Unknown => match self.holds(b) {
                    Ok(Truth::True) => Ok(Truth::True),
                    Ok(_) | Err(Fault::Undefined(_)) => Ok(Truth::Unknown),
                    Err(fault) => Err(fault),
                },
            },
            Prop::Iff(a, b) => Ok(match (self.holds(a)?, self.holds(b)?) {
                (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
                (a, b) => (a == b).into(),
            }),
        }
    }

    /// Whether a proposition holds for every value of some bound actions.
    ///
    /// # Errors
    /// If something in it has no value in this number system, before it is false for some values.
    pub fn holds_everywhere(&mut self, names: &[Name], prop: &Prop) -> Eval<Truth> {
        let Some((name, rest)) = names.split_first() else { return self.holds(prop) };
        let mut all = Truth::True;
        for index in 0..self.k {
            all = all.and(self.with_action(name, index, |inner| inner.holds_everywhere(rest, prop))?);
            if all == Truth::False {
                break;
            }
        }
        Ok(all)
    }

    /// The number of actions.
    pub fn size(&self) -> usize {
        self.k
    }

    /// The number system.
    pub fn system(&self) -> &'a A {
        self.system
    }

    /// Whether a relation holds, in every coordinate of vectors. `each` sees both sides of every coordinate and the
    /// truth found, and may say otherwise.
    ///
    /// # Errors
    /// If a side has no value in this number system.
    pub fn compare(&mut self, relation: Relation, left: &Tree, right: &Tree, each: &mut Each<'_, A>) -> Eval<Truth> {
        if left.ty() == Type::Real {
            let (x, y) = (self.real(left)?, self.real(right)?);
            let truth = relate(self.system, relation, &x, &y)?;
            return Ok(each(&x, &y, truth));
        }
        let (u, v) = (self.vector(left)?, self.vector(right)?);
        // Vectors differ where some coordinate does; every other relation has to hold in all of them.
        let (relation, negated) =
            if relation == Relation::NotEqual { (Relation::Equal, true) } else { (relation, false) };
        let mut all = Truth::True;
        for index in 0..self.k {
            let (x, y) = (u.at(self.system, index)?, v.at(self.system, index)?);
            let truth = relate(self.system, relation, &x, &y)?;
            all = all.and(each(&x, &y, truth));
            if all == Truth::False {
                break;
            }
        }
        Ok(if negated { all.not() } else { all })
    }
}

fn relate<A: Arithmetic>(system: &A, relation: Relation, x: &A::Real, y: &A::Real) -> Eval<Truth> {
    match relation {
        Relation::Equal => system.equal(x, y),
        Relation::NotEqual => system.equal(x, y).map(Truth::not),
        Relation::LessEqual => system.less_equal(x, y),
        Relation::Less => system.less(x, y),
        Relation::GreaterEqual => system.less_equal(y, x),
        Relation::Greater => system.less(y, x),
    }
}
