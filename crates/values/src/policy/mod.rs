//! Policies: the inputs on which claims are tried.
//!
//! A [`Spec`] such as `integers:K=2..100,bits=64` is a recipe; with a seed and the number of a case
//! it makes one [`Policy`], the same on every machine, in any order, on any number of threads:
//!
//! ```
//! use logitlab_values::policy::{Policy, Scores, Spec};
//!
//! let spec: Spec = "integers:K=4,bits=8".parse()?;
//! let policy = Policy::generate(&spec, 1, 0);
//! let Scores::Integers(weights) = &policy.scores else { unreachable!() };
//! assert_eq!(weights.len(), 4);
//! assert!(weights.iter().all(|weight| (1..256).contains(&weight[0])));
//! assert!(policy.action < 4);
//! assert_eq!(policy, Policy::generate(&spec, 1, 0));
//! # Ok::<(), logitlab_values::policy::SpecError>(())
//! ```

pub mod key;
pub mod random;
pub mod registry;

mod error;
mod generator;
mod generators;
mod naturals;
mod parse;
mod scores;
mod spec;
mod suite;

pub use crate::arith::Decimal;
pub use error::{SpecError, SpecProblem};
pub use generator::Params;
pub use naturals::Naturals;
pub use scores::Scores;
pub use spec::Spec;
pub use suite::suite;

/// A policy P over K actions, and a chosen one.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// The spec that made it, in canonical text such as `integers:K=4,bits=8`.
    pub generator: String,
    /// What fixes P: K >= 1 entries, of which at least one has positive probability.
    pub scores: Scores,
    /// The chosen action c, 0-based, below K; its probability may be 0.
    pub action: usize,
}

impl Policy {
    /// Policy number `case` of `spec` under `seed`.
    ///
    /// All random numbers come from stream `case` of `seed` (see [`random::Rng::new`]), in this
    /// order: K, the choice of the action, the scores. With an interval replaced by the K that was
    /// drawn from it, the spec makes the same scores and chooses the same action; with `c=` added
    /// it makes the same scores (except for `confident`, which raises the chosen action's).
    pub fn generate(spec: &Spec, seed: u64, case: u64) -> Policy {
        let (scores, action) = spec.draw(&mut random::Rng::new(seed, case));
        Policy { generator: spec.to_string(), scores, action }
    }

    /// Number of actions K.
    pub fn actions(&self) -> usize {
        self.scores.len()
    }
}
