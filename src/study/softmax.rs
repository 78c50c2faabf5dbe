//! The algorithms of softmax and log-sum-exp, step by step.

use crate::expr::Op;
use crate::formats::Operation;

use super::compile::{Compiler, Entry};
use super::mode::{Place, Softmax};

impl Compiler<'_> {
    /// log-sum-exp, shifted by the largest logit unless the mode says otherwise.
    pub(super) fn lse(&mut self, z: &[Entry]) -> Entry {
        if self.setting.mode.softmax == Softmax::Naive {
            let weights = z.iter().map(|&z| self.unary(Operation::Exp, z, Place::Lse)).collect();
            let total = self.sum(weights, Place::Lse);
            return self.unary(Operation::Log, total, Place::Lse);
        }
        let max = self.extreme(Op::Max, z);
        let weights = z.iter().map(|&z| {
            let shifted = self.binary(Operation::Sub, z, max, Place::Lse);
            self.unary(Operation::Exp, shifted, Place::Lse)
        });
        let weights = weights.collect();
        let total = self.sum(weights, Place::Lse);
        let log = self.unary(Operation::Log, total, Place::Lse);
        self.binary(Operation::Add, log, max, Place::Lse)
    }

    /// The probabilities.
    pub(super) fn softmax(&mut self, z: &[Entry]) -> Vec<Entry> {
        use Operation::{Div, Exp, Log, Sub};
        if self.setting.mode.softmax == Softmax::Naive {
            let weights: Vec<Entry> = z.iter().map(|&z| self.unary(Exp, z, Place::Exp)).collect();
            let total = self.sum(weights.clone(), Place::Total);
            return weights.into_iter().map(|x| self.binary(Div, x, total, Place::Probability)).collect();
        }
        if self.setting.mode.softmax == Softmax::Online {
            let (max, total) = self.online(z);
            let weights: Vec<Entry> = z.iter().map(|&z| self.weight(z, max)).collect();
            return weights.into_iter().map(|x| self.binary(Div, x, total, Place::Probability)).collect();
        }
        let max = self.extreme(Op::Max, z);
        let shifted: Vec<Entry> = z.iter().map(|&z| self.binary(Sub, z, max, Place::Shift)).collect();
        let weights: Vec<Entry> = shifted.iter().map(|&x| self.unary(Exp, x, Place::Exp)).collect();
        let total = self.sum(weights.clone(), Place::Total);
        if self.setting.mode.softmax == Softmax::Shifted {
            return weights.into_iter().map(|x| self.binary(Div, x, total, Place::Probability)).collect();
        }
        let log = self.unary(Log, total, Place::Total);
        let logs: Vec<Entry> = shifted.into_iter().map(|x| self.binary(Sub, x, log, Place::Logprob)).collect();
        logs.into_iter().map(|x| self.unary(Exp, x, Place::Probability)).collect()
    }

    fn weight(&mut self, z: Entry, max: Entry) -> Entry {
        let shifted = self.binary(Operation::Sub, z, max, Place::Shift);
        self.unary(Operation::Exp, shifted, Place::Exp)
    }

    /// The largest logit and the sum of exponentials, rescaled in one pass.
    fn online(&mut self, z: &[Entry]) -> (Entry, Entry) {
        let (&first, rest) = z.split_first().expect("K >= 1");
        let mut max = first;
        let mut total = self.weight(first, first);
        for &next in rest {
            let higher = self.extreme(Op::Max, &[max, next]);
            let factor = self.weight(max, higher);
            let scaled = self.binary(Operation::Mul, total, factor, Place::Sum);
            let term = self.weight(next, higher);
            total = self.binary(Operation::Add, scaled, term, Place::Sum);
            max = higher;
        }
        (max, self.unary(Operation::Round, total, Place::Total))
    }
}
