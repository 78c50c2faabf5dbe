//! Environments: multi-armed bandits.

use std::fmt;
use std::str::FromStr;

use crate::policy::random::Rng;

use super::draws::Draw;

/// How a reward is made from an arm's mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Noise {
    /// The mean itself.
    None,
    /// 1 with the mean as probability, else 0.
    Bernoulli,
    /// The mean and a Gaussian of this standard deviation.
    Gaussian(f64),
}

/// A multi-armed bandit: every action has a mean reward.
#[derive(Clone, Debug, PartialEq)]
pub struct Arms {
    /// The mean reward of each action; 2 to 2^18 of them, finite.
    pub means: Vec<f64>,
    /// What is drawn around the means.
    pub noise: Noise,
}

/// The most actions.
pub const MOST_ARMS: usize = 1 << 18;

/// What is wrong with the text of an environment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "environment `{text}`: {why}; give for example bernoulli:0.3,0.5,0.7 or gaussian:K=10,gap=0.1,sd=1 or fixed:K=10,gap=0.1"
)]
pub struct UnknownArms {
    text: String,
    why: String,
}

impl Arms {
    /// The reward of an action, from the numbers that were drawn for the step.
    pub fn reward(&self, action: usize, draw: &Draw) -> f64 {
        let mean = self.means[action];
        match self.noise {
            Noise::None => mean,
            Noise::Bernoulli => f64::from(u8::from(draw.uniform < mean)),
            Noise::Gaussian(deviation) => mean + deviation * draw.gaussian,
        }
    }

    /// The number of actions.
    pub fn len(&self) -> usize {
        self.means.len()
    }

    /// Whether there is no action: never.
    pub fn is_empty(&self) -> bool {
        self.means.is_empty()
    }

    /// The largest mean.
    pub fn best(&self) -> f64 {
        self.means.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// The first action with the largest mean.
    pub fn best_action(&self) -> usize {
        let best = self.best();
        self.means.iter().position(|&mean| mean == best).unwrap_or(0)
    }
}

impl fmt::Display for Arms {
    /// Every mean is written out, so that the text parses back to the same numbers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.noise {
            Noise::None => "fixed:",
            Noise::Bernoulli => "bernoulli:",
            Noise::Gaussian(_) => "gaussian:",
        })?;
        for (index, mean) in self.means.iter().enumerate() {
            write!(f, "{}{mean}", if index == 0 { "" } else { "," })?;
        }
        if let Noise::Gaussian(deviation) = self.noise { write!(f, ",sd={deviation}") } else { Ok(()) }
    }
}

impl FromStr for Arms {
    type Err = UnknownArms;

    /// `KIND:MEAN,MEAN,...`, or `KIND:K=10,gap=0.1` for one action that is better by the gap than the others, which all
    /// have the mean 1/2 - gap/2, or `KIND:K=10,seed=3` for means drawn uniformly from \[0, 1\]. `sd=1` is the standard
    /// deviation of `gaussian`.
    fn from_str(text: &str) -> Result<Arms, UnknownArms> {
        let wrong = |why: String| UnknownArms { text: text.to_string(), why };
        let (kind, rest) = text.split_once(':').ok_or_else(|| wrong("there is no `:` after its kind".into()))?;
        let mut means = Vec::new();
        let (mut k, mut gap, mut seed, mut deviation) = (None, None, None, None);
        for item in rest.split(',').map(str::trim) {
            let (key, value) = item.split_once('=').unwrap_or(("", item));
            let number: f64 = value.parse().map_err(|_| wrong(format!("`{value}` is no number")))?;
            if !number.is_finite() {
                return Err(wrong(format!("{value} is not finite")));
            }
            match key {
                "" => means.push(number),
                "K" => k = Some(number),
                "gap" => gap = Some(number),
                "seed" => seed = Some(number),
                "sd" => deviation = Some(number),
                _ => return Err(wrong(format!("unknown key `{key}`: K, gap, seed and sd are known"))),
            }
        }
        if let Some(k) = k {
            if !means.is_empty() || k.fract() != 0.0 || !(2.0..=MOST_ARMS as f64).contains(&k) {
                return Err(wrong(format!("K is a whole number from 2 to {MOST_ARMS}, without means beside it")));
            }
            means = match (gap, seed) {
                (Some(_), Some(_)) => return Err(wrong("gap and seed both say what the means are".into())),
                (None, Some(seed)) => {
                    let mut rng = Rng::new(seed as u64, 0);
                    (0..k as usize).map(|_| rng.unit()).collect()
                }
                (gap, None) => {
                    let gap = gap.unwrap_or(0.1);
                    (0..k as usize).map(|i| if i == 0 { 0.5 + gap / 2.0 } else { 0.5 - gap / 2.0 }).collect()
                }
            };
        } else if gap.is_some() || seed.is_some() {
            return Err(wrong("gap and seed want the number of actions, K".into()));
        }
        if !(2..=MOST_ARMS).contains(&means.len()) {
            return Err(wrong(format!("a bandit has 2 to {MOST_ARMS} actions, not {}", means.len())));
        }
        let noise = match kind {
            "fixed" => Noise::None,
            "bernoulli" if means.iter().all(|mean| (0.0..=1.0).contains(mean)) => Noise::Bernoulli,
            "bernoulli" => return Err(wrong("the means of `bernoulli` are probabilities, from 0 to 1".into())),
            "gaussian" => Noise::Gaussian(deviation.unwrap_or(1.0)),
            _ => return Err(wrong(format!("unknown kind `{kind}`: bernoulli, gaussian and fixed are known"))),
        };
        match (deviation, noise) {
            (Some(_), Noise::None | Noise::Bernoulli) => Err(wrong("sd is the deviation of `gaussian` alone".into())),
            (Some(deviation), _) if deviation < 0.0 => Err(wrong("a standard deviation is at least 0".into())),
            _ => Ok(Arms { means, noise }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_what_they_mean() {
        let arms: Arms = "bernoulli:0.25,0.75".parse().unwrap();
        assert_eq!((arms.means.as_slice(), arms.noise), ([0.25, 0.75].as_slice(), Noise::Bernoulli));
        let arms: Arms = "gaussian:K=4,gap=0.5,sd=2".parse().unwrap();
        assert_eq!((arms.means.as_slice(), arms.noise), ([0.75, 0.25, 0.25, 0.25].as_slice(), Noise::Gaussian(2.0)));
        for text in ["bernoulli:0.25,0.75", "gaussian:1,-1,sd=0.5", "fixed:K=3", "fixed:K=5,seed=2"] {
            let arms: Arms = text.parse().unwrap();
            assert_eq!(arms.to_string().parse::<Arms>().unwrap(), arms, "{text}");
        }
    }

    #[test]
    fn rejected_texts_say_why() {
        for (text, why) in [
            ("0.3,0.5", "no `:`"),
            ("fixed:0.3", "2 to 262144 actions, not 1"),
            ("bernoulli:0.5,1.5", "probabilities"),
            ("dirichlet:1,2", "unknown kind"),
            ("fixed:1,x", "`x` is no number"),
            ("fixed:1,inf", "not finite"),
            ("fixed:K=2.5", "whole number"),
            ("fixed:K=1e9", "whole number"),
            ("fixed:K=3,1", "without means"),
            ("fixed:gap=1", "want the number"),
            ("fixed:K=3,gap=1,seed=2", "both"),
            ("fixed:1,2,sd=1", "gaussian"),
            ("gaussian:1,2,sd=-1", "at least 0"),
            ("fixed:1,2,x=1", "unknown key"),
        ] {
            let error = text.parse::<Arms>().unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn rewards_follow_the_draw() {
        let draw = Draw { choice: 0.0, uniform: 0.5, gaussian: -2.0 };
        let reward = |text: &str, action| text.parse::<Arms>().unwrap().reward(action, &draw);
        assert_eq!(reward("bernoulli:0.5,0.6", 0), 0.0);
        assert_eq!(reward("bernoulli:0.5,0.6", 1), 1.0);
        assert_eq!(reward("gaussian:1,3,sd=0.25", 1), 2.5);
        assert_eq!(reward("fixed:1,3", 0), 1.0);
    }
}
