//! What is taken off a reward before it moves the logits.

use std::fmt;
use std::str::FromStr;

/// A baseline b: the update is along (r - b)(e_c - P).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Baseline {
    /// b = 0.
    None,
    /// A constant.
    Constant(f64),
    /// The mean of the rewards so far, 0 at the first step.
    Mean,
    /// The optimal token baseline E\[G w\]/E\[w\] (claim optimal-baseline; arXiv:2602.07078), estimated by the sums of
    /// r w and of w so far, 0 while the latter is 0.
    Optimal,
}

/// The baselines by name; a number is a constant one.
pub const BASELINES: [(&str, Baseline, &str); 3] = [
    ("none", Baseline::None, "b = 0"),
    ("mean", Baseline::Mean, "the mean of the rewards so far"),
    ("optimal", Baseline::Optimal, "sum of r w over sum of w so far: the optimal token baseline"),
];

/// No baseline has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown baseline `{0}`: give none, mean, optimal or a number")]
pub struct UnknownBaseline(String);

impl FromStr for Baseline {
    type Err = UnknownBaseline;

    fn from_str(text: &str) -> Result<Baseline, UnknownBaseline> {
        let unknown = || UnknownBaseline(text.to_string());
        match BASELINES.iter().find(|(name, ..)| *name == text) {
            Some((_, baseline, _)) => Ok(*baseline),
            None => {
                let b: f64 = text.parse().map_err(|_| unknown())?;
                if b.is_finite() { Ok(Baseline::Constant(b)) } else { Err(unknown()) }
            }
        }
    }
}

impl fmt::Display for Baseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Baseline::Constant(b) => write!(f, "{b}"),
            named => f.pad(BASELINES.iter().find(|(_, baseline, _)| baseline == named).map_or("", |(name, ..)| name)),
        }
    }
}

/// What a baseline has learnt in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Memory {
    weighted: f64,
    weights: f64,
}

impl Memory {
    /// What has been summed: of r w and of w.
    pub fn sums(self) -> [f64; 2] {
        [self.weighted, self.weights]
    }

    /// Takes up sums again.
    pub fn from_sums([weighted, weights]: [f64; 2]) -> Memory {
        Memory { weighted, weights }
    }

    /// The baseline for the next step.
    pub fn value(&self, baseline: Baseline) -> f64 {
        match baseline {
            Baseline::None => 0.0,
            Baseline::Constant(b) => b,
            Baseline::Mean | Baseline::Optimal if self.weights > 0.0 => self.weighted / self.weights,
            Baseline::Mean | Baseline::Optimal => 0.0,
        }
    }

    /// Learns from a reward; w = |e_c - P|^2 of its step.
    pub fn add(&mut self, baseline: Baseline, reward: f64, w: f64) {
        let weight = match baseline {
            Baseline::Mean => 1.0,
            Baseline::Optimal => w,
            _ => return,
        };
        self.weighted += reward * weight;
        self.weights += weight;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_and_memories_average() {
        for text in ["none", "mean", "optimal", "-0.5"] {
            assert_eq!(text.parse::<Baseline>().unwrap().to_string(), text);
        }
        assert!("inf".parse::<Baseline>().is_err() && "median".parse::<Baseline>().is_err());
        let learnt = |baseline| {
            let mut memory = Memory::default();
            [(1.0, 0.5), (3.0, 1.5)].into_iter().for_each(|(r, w)| memory.add(baseline, r, w));
            memory.value(baseline)
        };
        assert_eq!(
            [Baseline::None, Baseline::Constant(7.0), Baseline::Mean, Baseline::Optimal].map(learnt),
            [0.0, 7.0, 2.0, 2.5]
        );
        assert_eq!(Memory::default().value(Baseline::Optimal), 0.0);
    }
}
