//! The algorithms of softmax and log-sum-exp, step by step.

use crate::formats::Operation;

use super::backend::{BackEnd, Entry};
use super::mode::{Place, Softmax};
use super::setting::Compiled;
use super::tape::End;

/// log-sum-exp, shifted by the largest logit unless the mode says otherwise.
pub(super) fn lse<B: BackEnd>(back: &mut B, z: &B::Vector) -> Compiled<Entry> {
    use Operation::{Add, Exp, Log};
    let (max, weights) = if back.mode().softmax == Softmax::Naive {
        (None, back.map(Exp, z, Place::Lse)?)
    } else {
        let max = back.extreme(End::Largest, z)?;
        (Some(max), back.weigh(z, max, [Place::Lse; 2])?.1)
    };
    let total = back.sum(&weights, Place::Lse);
    back.weighed(max, &weights, total);
    let log = back.unary(Log, total, Place::Lse);
    Ok(max.map_or(log, |max| back.binary(Add, log, max, Place::Lse)))
}

/// The probabilities.
pub(super) fn softmax<B: BackEnd>(back: &mut B, z: &B::Vector) -> Compiled<B::Vector> {
    use Operation::{Div, Exp, Log, Sub};
    let algorithm = back.mode().softmax;
    let (max, online) = match algorithm {
        Softmax::Naive => (None, None),
        Softmax::Shifted | Softmax::Log => (Some(back.extreme(End::Largest, z)?), None),
        Softmax::Online => {
            let (max, total) = back.online(z)?;
            (Some(max), Some(total))
        }
    };
    let (shifted, weights) = match max {
        Some(max) => back.weigh(z, max, [Place::Shift, Place::Exp])?,
        None => (z.clone(), back.map(Exp, z, Place::Exp)?),
    };
    let total = online.unwrap_or_else(|| back.sum(&weights, Place::Total));
    back.weighed(max, &weights, total);
    if algorithm != Softmax::Log {
        let total = back.fill(total);
        return back.zip(Div, &weights, &total, Place::Probability);
    }
    let log = back.unary(Log, total, Place::Total);
    let log = back.fill(log);
    let logs = back.zip(Sub, &shifted, &log, Place::Logprob)?;
    back.map(Exp, &logs, Place::Probability)
}
