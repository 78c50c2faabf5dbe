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
    /// Proved, but only within this scope.
    ProvedFor(Scope),
    /// Proved for every K.
    Proved,
}

/// For what a proof holds that does not hold for everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// These numbers of actions K.
    Actions(Vec<usize>),
    /// These floating-point formats, by name.
    Formats(Vec<String>),
}

/// How many formats a verdict names; of more it says how many they are, and the evidence names them.
const SHOWN: usize = 3;

impl Scope {
    /// What lies in both; `None` where nothing does. A proof for some K and one for some formats have nothing in
    /// common, since neither says anything of what the other leaves open.
    fn intersection(self, other: Scope) -> Option<Scope> {
        fn common<T: PartialEq>(a: Vec<T>, b: &[T]) -> Option<Vec<T>> {
            let both: Vec<T> = a.into_iter().filter(|one| b.contains(one)).collect();
            (!both.is_empty()).then_some(both)
        }
        match (self, other) {
            (Scope::Actions(a), Scope::Actions(b)) => common(a, &b).map(Scope::Actions),
            (Scope::Formats(a), Scope::Formats(b)) => common(a, &b).map(Scope::Formats),
            _ => None,
        }
    }
}

impl Verdict {
    /// The word for machines, one for each kind.
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::Refuted => "refuted",
            Verdict::Undecided(_) => "undecided",
            Verdict::NotApplicable(_) => "not-applicable",
            Verdict::Consistent => "consistent",
            Verdict::ProvedFor(Scope::Actions(_)) => "proved-for-k",
            Verdict::ProvedFor(Scope::Formats(_)) => "proved-for-formats",
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
                a.intersection(b).map_or(Verdict::Consistent, Verdict::ProvedFor)
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
            Verdict::ProvedFor(Scope::Actions(ks)) => write!(f, "proved for K = {}", numbers(ks)),
            Verdict::ProvedFor(Scope::Formats(names)) => match names.len() {
                0..=SHOWN => write!(f, "proved for {}", names.join(", ")),
                many => write!(f, "proved for {many} formats"),
            },
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
    use super::Scope::{Actions, Formats};
    use super::Verdict::*;

    #[test]
    fn both_is_the_weaker_and_either_the_stronger() {
        assert_eq!(Proved.and(Consistent), Consistent);
        assert_eq!(Proved.and(Refuted), Refuted);
        assert_eq!(Consistent.or(Undecided("x".into())), Consistent);
        assert_eq!(Consistent.or(Refuted), Refuted);
        assert_eq!(ProvedFor(Actions(vec![1, 2])).and(ProvedFor(Actions(vec![2, 3]))), ProvedFor(Actions(vec![2])));
        assert_eq!(Undecided("x".into()).and(Proved), Undecided("x".into()));
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(ProvedFor(Actions(vec![1, 2, 3])).to_string(), "proved for K = 1..3");
        assert_eq!(ProvedFor(Actions(vec![4])).to_string(), "proved for K = 4");
        assert_eq!(ProvedFor(Actions(vec![2, 4])).to_string(), "proved for K = 2, 4");
    }

    #[test]
    fn formats_are_named_as_long_as_they_are_few() {
        let formats = |names: &[&str]| ProvedFor(Formats(names.iter().map(|name| name.to_string()).collect()));
        assert_eq!(formats(&["e4m3fn", "e5m2"]).to_string(), "proved for e4m3fn, e5m2");
        assert_eq!(formats(&["a", "b", "c", "d"]).to_string(), "proved for 4 formats");
        assert_eq!(formats(&["a", "b"]).and(formats(&["b", "c"])), formats(&["b"]));
        assert_eq!(formats(&["a"]).and(formats(&["b"])), Consistent);
        assert_eq!(formats(&["a"]).and(ProvedFor(Actions(vec![1]))), Consistent);
        assert_eq!(formats(&["a"]).word(), "proved-for-formats");
    }
}
