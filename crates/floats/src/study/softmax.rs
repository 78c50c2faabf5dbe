//! The algorithms of softmax and log-sum-exp, step by step.

use crate::expr::Op;
use crate::formats::Operation;

use super::compile::Compiled;
use super::machine::{Entry, Machine};
use super::mode::{Place, Softmax};

/// log-sum-exp, shifted by the largest logit unless the mode says otherwise.
pub(super) fn lse<M: Machine>(machine: &mut M, z: &M::Vector) -> Compiled<Entry> {
    use Operation::{Add, Exp, Log, Sub};
    if machine.mode().softmax == Softmax::Naive {
        let weights = machine.map(Exp, z, Place::Lse)?;
        let total = machine.sum(&weights, Place::Lse);
        return Ok(machine.unary(Log, total, Place::Lse));
    }
    let max = machine.extreme(Op::Max, z)?;
    let largest = machine.fill(max);
    let shifted = machine.zip(Sub, z, &largest, Place::Lse)?;
    let weights = machine.map(Exp, &shifted, Place::Lse)?;
    let total = machine.sum(&weights, Place::Lse);
    let log = machine.unary(Log, total, Place::Lse);
    Ok(machine.binary(Add, log, max, Place::Lse))
}

/// The probabilities.
pub(super) fn softmax<M: Machine>(machine: &mut M, z: &M::Vector) -> Compiled<M::Vector> {
    use Operation::{Div, Exp, Log, Sub};
    let algorithm = machine.mode().softmax;
    if algorithm == Softmax::Naive {
        let weights = machine.map(Exp, z, Place::Exp)?;
        let total = machine.sum(&weights, Place::Total);
        let total = machine.fill(total);
        return machine.zip(Div, &weights, &total, Place::Probability);
    }
    let (max, online) = match algorithm {
        Softmax::Online => {
            let (max, total) = machine.online(z)?;
            (max, Some(total))
        }
        _ => (machine.extreme(Op::Max, z)?, None),
    };
    let max = machine.fill(max);
    let shifted = machine.zip(Sub, z, &max, Place::Shift)?;
    let weights = machine.map(Exp, &shifted, Place::Exp)?;
    let total = match online {
        Some(total) => total,
        None => machine.sum(&weights, Place::Total),
    };
    if algorithm != Softmax::Log {
        let total = machine.fill(total);
        return machine.zip(Div, &weights, &total, Place::Probability);
    }
    let log = machine.unary(Log, total, Place::Total);
    let log = machine.fill(log);
    let logs = machine.zip(Sub, &shifted, &log, Place::Logprob)?;
    machine.map(Exp, &logs, Place::Probability)
}
