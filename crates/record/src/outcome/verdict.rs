//! Verdicts: what may be said of a claim.

use std::fmt;

use serde::Serialize;

/// What a judge says of a claim. Sampling says at most `Consistent`: agreement proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// One judge proves what another refutes: one of them is wrong, for this reason.
    Contradicted(String),
    /// False: there is a counterexample.
    Refuted,
    /// Nowhere seen to be false, but there is a case in which it has no truth value.
    Undefined,
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// These numbers of actions K; all of them where there is none.
    pub actions: Option<Vec<usize>>,
    /// These floating-point formats, by name; all of them where there is none.
    pub formats: Option<Vec<String>>,
    /// Where these conditions hold, under which the claim has a truth value and which its hypotheses do not give.
    pub defined: Vec<String>,
}

/// How many formats a verdict names; of more it says how many they are, and the evidence names them.
const SHOWN: usize = 3;

impl Scope {
    /// These numbers of actions.
    pub fn actions(ks: Vec<usize>) -> Scope {
        Scope { actions: Some(ks), ..Scope::default() }
    }

    /// These formats, by name.
    pub fn formats(names: Vec<String>) -> Scope {
        Scope { formats: Some(names), ..Scope::default() }
    }

    /// Where these conditions hold.
    pub fn defined(conditions: Vec<String>) -> Scope {
        Scope { defined: conditions, ..Scope::default() }
    }

    /// Whether it is a scope of K alone.
    pub fn is_of_actions(&self) -> bool {
        self.defined.is_empty() && self.formats.is_none()
    }

    /// Whether it is a scope of formats, without further conditions.
    pub fn is_of_formats(&self) -> bool {
        self.defined.is_empty() && self.formats.is_some()
    }

    /// What lies in both; `None` where nothing does. A proof for some K and one for some formats have nothing in
    /// common, since neither says anything of what the other leaves open.
    fn intersection(self, other: Scope) -> Option<Scope> {
        fn common<T: PartialEq>(a: Option<Vec<T>>, b: Option<Vec<T>>) -> Option<Option<Vec<T>>> {
            match (a, b) {
                (Some(a), Some(b)) => {
                    let both: Vec<T> = a.into_iter().filter(|one| b.contains(one)).collect();
                    (!both.is_empty()).then_some(Some(both))
                }
                (a, b) => Some(a.or(b)),
            }
        }
        let mut defined = self.defined;
        defined.extend(other.defined.into_iter().filter(|one| !defined.contains(one)).collect::<Vec<_>>());
        let scope = Scope {
            actions: common(self.actions, other.actions)?,
            formats: common(self.formats, other.formats)?,
            defined,
        };
        (scope.actions.is_none() || scope.formats.is_none()).then_some(scope)
    }
}

impl Verdict {
    /// The word for machines, one for each kind.
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::Contradicted(_) => "contradicted",
            Verdict::Refuted => "refuted",
            Verdict::Undefined => "undefined",
            Verdict::Undecided(_) => "undecided",
            Verdict::NotApplicable(_) => "not-applicable",
            Verdict::Consistent => "consistent",
            Verdict::ProvedFor(scope) if !scope.defined.is_empty() => "proved-where-defined",
            Verdict::ProvedFor(Scope { formats: Some(_), .. }) => "proved-for-formats",
            Verdict::ProvedFor(_) => "proved-for-k",
            Verdict::Proved => "proved",
        }
    }

    /// How much it says: a refutation settles a claim, a case without a truth value comes next, then a proof, silence
    /// last.
    fn strength(&self) -> u8 {
        match self {
            Verdict::NotApplicable(_) => 0,
            Verdict::Undecided(_) => 1,
            Verdict::Consistent => 2,
            Verdict::ProvedFor(_) => 3,
            Verdict::Proved => 4,
            Verdict::Undefined => 5,
            Verdict::Refuted => 6,
            Verdict::Contradicted(_) => 7,
        }
    }

    /// Of two verdicts by different judges on one proposition, the one that says more.
    #[must_use]
    pub fn or(self, other: Verdict) -> Verdict {
        if other.strength() > self.strength() { other } else { self }
    }

    /// Of the verdicts on two propositions, that on both together: what is wrong with either, else the weaker one.
    #[must_use]
    pub fn and(self, other: Verdict) -> Verdict {
        match (self, other) {
            (wrong @ Verdict::Contradicted(_), _) | (_, wrong @ Verdict::Contradicted(_)) => wrong,
            (Verdict::Refuted, _) | (_, Verdict::Refuted) => Verdict::Refuted,
            (Verdict::Undefined, _) | (_, Verdict::Undefined) => Verdict::Undefined,
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
            Verdict::ProvedFor(scope) => write!(f, "proved{scope}"),
            other => f.write_str(&other.word().replace('-', " ")),
        }
    }
}

impl fmt::Display for Scope {
    /// Begins with a space: it goes on after `proved`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(ks) = &self.actions {
            write!(f, " for K = {}", numbers(ks))?;
        }
        match self.formats.as_deref() {
            None => {}
            Some(names) if names.len() <= SHOWN => write!(f, " for {}", names.join(", "))?,
            Some(names) => write!(f, " for {} formats", names.len())?,
        }
        match self.defined.len() {
            0 => Ok(()),
            1..=SHOWN => write!(f, " where it is defined: {}", self.defined.join(", ")),
            many => write!(f, " where {many} conditions hold"),
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
    use super::Scope;
    use super::Verdict::*;

    fn for_k(ks: &[usize]) -> super::Verdict {
        ProvedFor(Scope::actions(ks.to_vec()))
    }

    #[test]
    fn both_is_the_weaker_and_either_the_stronger() {
        assert_eq!(Proved.and(Consistent), Consistent);
        assert_eq!(Proved.and(Refuted), Refuted);
        assert_eq!(Consistent.or(Undecided("x".into())), Consistent);
        assert_eq!(Consistent.or(Refuted), Refuted);
        assert_eq!(for_k(&[1, 2]).and(for_k(&[2, 3])), for_k(&[2]));
        assert_eq!(Undecided("x".into()).and(Proved), Undecided("x".into()));
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(for_k(&[1, 2, 3]).to_string(), "proved for K = 1..3");
        assert_eq!(for_k(&[4]).to_string(), "proved for K = 4");
        assert_eq!(for_k(&[2, 4]).to_string(), "proved for K = 2, 4");
    }

    #[test]
    fn what_is_wrong_counts_before_what_is_proved() {
        assert_eq!(Proved.or(Undefined), Undefined);
        assert_eq!(Undefined.or(Refuted), Refuted);
        assert_eq!(Undefined.and(Proved), Undefined);
        assert_eq!(Undefined.and(Refuted), Refuted);
        let both = for_k(&[2, 3]).and(ProvedFor(Scope::defined(vec!["x != 0".into()])));
        assert_eq!(both.to_string(), "proved for K = 2..3 where it is defined: x != 0");
        assert_eq!((both.word(), Proved.and(both.clone())), ("proved-where-defined", both.clone()));
    }

    #[test]
    fn formats_are_named_as_long_as_they_are_few() {
        let formats = |names: &[&str]| ProvedFor(Scope::formats(names.iter().map(|name| name.to_string()).collect()));
        assert_eq!(formats(&["e4m3fn", "e5m2"]).to_string(), "proved for e4m3fn, e5m2");
        assert_eq!(formats(&["a", "b", "c", "d"]).to_string(), "proved for 4 formats");
        assert_eq!(formats(&["a", "b"]).and(formats(&["b", "c"])), formats(&["b"]));
        assert_eq!(formats(&["a"]).and(formats(&["b"])), Consistent);
        assert_eq!(formats(&["a"]).and(for_k(&[1])), Consistent);
        assert_eq!(formats(&["a"]).word(), "proved-for-formats");
    }
}
