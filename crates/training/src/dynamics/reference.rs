//! A run in MPFR arithmetic: every policy enclosed, every move rounded once at the working precision.

use rug::Float;
use rug::float::Round;

use crate::arith::interval::{Interval, Intervals};
use crate::arith::term::Term;
use crate::arith::{Arithmetic, Eval, Function};

use super::draws::choose;
use super::experiment::Algorithm;
use super::float::Told;

/// A run in MPFR numbers of one precision.
#[derive(Clone, Debug)]
pub struct ReferenceRun {
    system: Intervals,
    z: Vec<Float>,
    policy: Vec<Interval>,
    moved: Vec<Interval>,
}

impl ReferenceRun {
    /// Starts from these logits, exactly.
    pub fn new(bits: u32, start: &[f64]) -> ReferenceRun {
        let system = Intervals::new(bits);
        let z = start.iter().map(|&z| Float::with_val(bits, z)).collect();
        ReferenceRun { system, z, policy: Vec::new(), moved: Vec::new() }
    }

    /// The logits, as intervals of one number each.
    pub fn logits(&self) -> Vec<Interval> {
        self.z.iter().map(|z| self.system.ends(z, z)).collect()
    }

    /// The logits themselves.
    pub fn stored(&self) -> &[Float] {
        &self.z
    }

    /// The policy, enclosed.
    pub fn policy(&self) -> &[Interval] {
        &self.policy
    }

    /// The move of the last step, enclosed.
    pub fn moved(&self) -> &[Interval] {
        &self.moved
    }

    /// Encloses the policy.
    ///
    /// # Errors
    /// Never, for finite logits.
    pub fn enclose(&mut self) -> Eval<()> {
        let s = &self.system;
        let largest = self.z.iter().max_by(|x, y| x.total_cmp(y)).expect("there are actions").clone();
        let shift = s.ends(&largest, &largest);
        let weight = |z: &Float| s.function(Function::Exp, s.sub(s.ends(z, z), &shift)?);
        let weights: Vec<Interval> = self.z.iter().map(weight).collect::<Eval<_>>()?;
        let total = weights.iter().try_fold(s.integer(0), |total, x| s.add(total, x))?;
        self.policy = weights.into_iter().map(|x| s.div(x, &total)).collect::<Eval<_>>()?;
        Ok(())
    }

    /// The action that a uniform number chooses.
    pub fn choose(&self, choice: f64) -> usize {
        let policy: Vec<f64> = self.policy.iter().map(|p| p.lo().to_f64()).collect();
        choose(&policy, choice)
    }

    /// An enclosure of w = |e_c - P|^2, by the tail form, as its middle.
    ///
    /// # Errors
    /// Never, for an enclosed policy.
    pub fn w(&self, action: usize) -> Eval<f64> {
        let s = &self.system;
        let (mut rest, mut squares) = (s.integer(0), s.integer(0));
        for p in self.policy.iter().enumerate().filter(|(index, _)| *index != action).map(|(_, p)| p) {
            rest = s.add(rest, p)?;
            squares = s.add(squares, &s.power(p, 2)?)?;
        }
        Ok(s.add(squares, &s.power(&rest, 2)?)?.lo().to_f64())
    }

    /// Moves the logits.
    ///
    /// # Errors
    /// Never, for an enclosed policy.
    pub fn step(&mut self, algorithm: Algorithm, order: &Told, rewards: &[f64]) -> Eval<()> {
        let s = &self.system;
        let gain = s.float(order.gain);
        let mean = match algorithm {
            Algorithm::Expected => {
                let part = |(p, &r): (&Interval, &f64)| s.mul(p.clone(), &s.float(r));
                self.policy.iter().zip(rewards).map(part).try_fold(s.integer(0), |total, x| s.add(total, &x?))?
            }
            _ => s.integer(0),
        };
        let direction = |index: usize, p: &Interval| {
            let unit = s.integer(i64::from(index == order.action));
            match algorithm {
                Algorithm::Reinforce => s.sub(unit, p),
                Algorithm::Alternate => Ok(unit),
                Algorithm::Expected => s.mul(s.sub(s.float(rewards[index]), &mean)?, p),
            }
        };
        let mut moved = Vec::with_capacity(self.z.len());
        for (index, p) in self.policy.iter().enumerate() {
            moved.push(s.mul(direction(index, p)?, &gain)?);
        }
        if order.entropy != 0.0 {
            let logs: Vec<Interval> =
                self.policy.iter().map(|p| s.function(Function::Log, p.clone())).collect::<Eval<_>>()?;
            let parts = self.policy.iter().zip(&logs).map(|(p, log)| s.mul(p.clone(), log));
            let negated = parts.into_iter().try_fold(s.integer(0), |total, x| s.add(total, &x?))?;
            let of = |x: &Interval| Term::new(s, x.clone());
            let (negated, weight) = (of(&negated), Term::new(s, s.float(order.entropy)));
            for ((d, p), log) in moved.iter_mut().zip(&self.policy).zip(&logs) {
                *d = (of(d) - (of(log) - &negated) * of(p) * &weight).get()?;
            }
        }
        for (z, d) in self.z.iter_mut().zip(&moved) {
            // A number within the enclosure: the step differs from the exact one by a unit in the last place.
            *z = Float::with_val_round(s.bits(), &*z + d.lo(), Round::Nearest).0;
        }
        self.moved = moved;
        Ok(())
    }
}
