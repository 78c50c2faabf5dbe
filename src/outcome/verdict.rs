//! Verdicts: what may be said of a claim.

use std::fmt;

use serde::Serialize;

/// What a judge says of a claim. Sampling says at most `Consistent`: agreement proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// False: there is a counterexample.
    Refuted,
    /// Nothing could be said, for this reason.
    Undecided(String),
    /// The judge has nothing to say about claims of this kind, for this reason.
    NotApplicable(String),
    /// It held in every case that was tried.
    Consistent,
    /// Proved, but only for these numbers of actions K.
    ProvedFor(Vec<usize>),
    /// Proved for every K.
    Proved,
}

impl Verdict {
    /// The word for machines, one for each kind.
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::Refuted => "refuted",
            Verdict::Undecided(_) => "undecided",
            Verdict::NotApplicable(_) => "not-applicable",
            Verdict::Consistent => "consistent",
            Verdict::ProvedFor(_) => "proved-for-k",
            Verdict::Proved => "proved",
        }
    }

    /// How much it says: a refutation settles a claim, a proof comes next, silence last.
    fn strength(&self) -> u8 {
        match self {
            Verdict::NotApplicable(_) => 0,
            Verdict::Undecided(_) => 1,
            Verdict::Consistent => 2,
            Verdict::ProvedFor(_) => 3,
            Verdict::Proved => 4,
            Verdict::Refuted => 5,
        }
    }

    /// Of two verdicts by different judges on one proposition, the one that says more.
    #[must_use]
    pub fn or(self, other: Verdict) -> Verdict {
        if other.strength() > self.strength() { other } else { self }
    }

    /// Of the verdicts on two propositions, that on both together: a refutation of either, else the weaker one.
    #[must_use]
    pub fn and(self, other: Verdict) -> Verdict {
        match (self, other) {
            (Verdict::Refuted, _) | (_, Verdict::Refuted) => Verdict::Refuted,
            (Verdict::ProvedFor(a), Verdict::ProvedFor(b)) => {
                let both: Vec<usize> = a.into_iter().filter(|k| b.contains(k)).collect();
                if both.is_empty() { Verdict::Consistent } else { Verdict::ProvedFor(both) }
            }
            (a, b) => {
                if b.strength() < a.strength() {
                    b
                } else {
                    a
                }
            }
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::ProvedFor(ks) => write!(f, "proved for K = {}", numbers(ks)),
            other => f.write_str(&other.word().replace('-', " ")),
        }
    }
}

impl Serialize for Verdict {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// `1, 2, 3` or, where they follow each other, `1..3`.
pub fn numbers(ks: &[usize]) -> String {
    match ks {
        [first, .., last] if ks.windows(2).all(|pair| pair[1] == pair[0] + 1) => format!("{first}..{last}"),
        _ => ks.iter().map(usize::to_string).collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::Verdict::*;

    #[test]
    fn both_is_the_weaker_and_either_the_stronger() {
        assert_eq!(Proved.and(Consistent), Consistent);
        assert_eq!(Proved.and(Refuted), Refuted);
        assert_eq!(Consistent.or(Undecided("x".into())), Consistent);
        assert_eq!(Consistent.or(Refuted), Refuted);
        assert_eq!(ProvedFor(vec![1, 2]).and(ProvedFor(vec![2, 3])), ProvedFor(vec![2]));
        assert_eq!(Undecided("x".into()).and(Proved), Undecided("x".into()));
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(ProvedFor(vec![1, 2, 3]).to_string(), "proved for K = 1..3");
        assert_eq!(ProvedFor(vec![4]).to_string(), "proved for K = 4");
        assert_eq!(ProvedFor(vec![2, 4]).to_string(), "proved for K = 2, 4");
    }
}
