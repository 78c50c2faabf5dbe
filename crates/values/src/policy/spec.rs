//! The text form of a recipe for policies.

use std::fmt;

use super::generator::{Choice, Generator, Params};
use super::key::{Actions, Value};
use super::random::Rng;
use super::scores::{Scores, big};

/// A recipe for policies, read from and printed as `NAME:KEY=VALUE,KEY=VALUE`.
///
/// `NAME` is a generator of [`GENERATORS`](super::registry::GENERATORS), and the keys are its own,
/// `K` and `c`; keys left out have their defaults. `K` is a number or an interval `2..100` (both
/// ends included). `weights:1,2,3` and `logits:0,1.5,-inf` spell one policy out; a logit is
/// rounded to the nearest `f64`. All forms take `c=` (last), which fixes the chosen action,
/// counted from 1.
///
/// Printing gives the canonical text: keys in the generator's order, numbers in one form, defaults
/// left out if the spec left them out. Reading it gives an equal spec again.
///
/// ```
/// use logitlab_values::policy::Spec;
///
/// let spec: Spec = "integers:bits=64,K=2..100".parse()?;
/// assert_eq!(spec.name(), "integers");
/// assert_eq!((spec.actions().low, spec.actions().high), (2, 100));
/// assert_eq!(spec.to_string(), "integers:K=2..100,bits=64");
/// # Ok::<(), logitlab_values::policy::SpecError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Spec(pub(super) Source);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Source {
    Generated(Recipe),
    /// scores that are a `Scores::Integers` or a `Scores::Logits`, and the chosen action (0-based)
    Explicit(Scores, Option<usize>),
}

/// A generator with values for its keys.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Recipe {
    pub generator: &'static Generator,
    /// as typed
    pub actions: Option<Actions>,
    /// as typed, one per own key of the generator
    pub values: Vec<Option<Value>>,
    /// 0-based
    pub chosen: Option<usize>,
}

impl Recipe {
    /// The number of actions or the interval from which it is drawn.
    pub fn actions(&self) -> Actions {
        match (self.actions, super::key::K.default) {
            (Some(actions), _) | (None, Some(Value::Actions(actions))) => actions,
            _ => unreachable!("the default of K is a number of actions"),
        }
    }

    /// What the generator is called with for `actions` actions.
    pub fn params(&self, actions: usize) -> Params<'_> {
        Params { actions, chosen: self.chosen, generator: self.generator, values: &self.values }
    }
}

impl Spec {
    /// The name before the colon.
    pub fn name(&self) -> &'static str {
        match &self.0 {
            Source::Generated(recipe) => recipe.generator.name,
            Source::Explicit(Scores::Logits(_), _) => "logits",
            Source::Explicit(..) => "weights",
        }
    }

    /// The number of actions, or the interval from which it is drawn.
    pub fn actions(&self) -> Actions {
        match &self.0 {
            Source::Generated(recipe) => recipe.actions(),
            Source::Explicit(scores, _) => Actions { low: scores.len(), high: scores.len() },
        }
    }

    /// The chosen action (0-based) if the spec fixes it.
    pub fn chosen(&self) -> Option<usize> {
        match &self.0 {
            Source::Generated(Recipe { chosen, .. }) | Source::Explicit(_, chosen) => *chosen,
        }
    }

    /// Draws scores and a chosen action.
    ///
    /// What is drawn before the scores takes as much of the stream whether or not the spec fixes
    /// it: narrowing `K` to the number drawn, or adding `c=`, leaves the scores alone.
    pub(super) fn draw(&self, rng: &mut Rng) -> (Scores, usize) {
        let Actions { low, high } = self.actions();
        let actions = rng.log_uniform(low as u64, high as u64) as usize;
        let (which, any) = (rng.bits(2), rng.index(actions));
        let (scores, choice) = match &self.0 {
            Source::Generated(recipe) => {
                ((recipe.generator.make)(&recipe.params(actions), rng), recipe.generator.choice)
            }
            Source::Explicit(scores, _) => (scores.clone(), Choice::Drawn),
        };
        let action = self.chosen().unwrap_or_else(|| match (choice, which) {
            (Choice::Largest, _) | (Choice::Drawn, 0) => scores.largest(),
            (Choice::Drawn, 1) => scores.smallest(),
            (Choice::Drawn, _) => any,
        });
        (scores, action)
    }
}

impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        let mut separator = ":";
        let mut item = |f: &mut fmt::Formatter<'_>, text: &dyn fmt::Display| {
            write!(f, "{separator}{text}")?;
            separator = ",";
            Ok(())
        };
        match &self.0 {
            Source::Generated(recipe) => {
                if let Some(actions) = recipe.actions {
                    item(f, &format_args!("K={actions}"))?;
                }
                for (key, value) in recipe.generator.own_keys.iter().zip(&recipe.values) {
                    if let Some(value) = value {
                        item(f, &format_args!("{}={value}", key.name))?;
                    }
                }
            }
            Source::Explicit(Scores::Logits(logits), _) => {
                for logit in logits {
                    item(f, &short(*logit))?;
                }
            }
            Source::Explicit(Scores::Integers(weights), _) => {
                for weight in weights {
                    item(f, &big(weight))?;
                }
            }
            Source::Explicit(Scores::Rationals { .. }, _) => unreachable!("explicit weights are integers"),
        }
        if let Some(chosen) = self.chosen() {
            item(f, &format_args!("c={}", chosen + 1))?;
        }
        Ok(())
    }
}

/// The shortest decimal that reads back as `x`, with an exponent where it would be long.
fn short(x: f64) -> String {
    let text = format!("{x:?}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}
