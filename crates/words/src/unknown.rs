//! A name that nothing has, and which one may have been meant.

use std::fmt;

use crate::text::{did_you_mean, nearest};

/// A name that is none of the known ones. It prints as "unknown mode `bf17`: did you mean `bf16`?", and with `{:#}`
/// with a semicolon for the colon.
///
/// ```
/// use logitlab_words::Unknown;
///
/// let unknown = |name: &str| Unknown::among("sort", name, ["real", "vector"]);
/// assert_eq!(unknown("vektor").to_string(), "unknown sort `vektor`: did you mean `vector`?");
/// assert_eq!(format!("{:#}", unknown("x")), "unknown sort `x`; they are real, vector");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// What it should be the name of.
    pub what: &'static str,
    /// The name as given.
    pub name: String,
    /// Up to three known names that look like it, the nearest first.
    pub nearest: Vec<String>,
    /// What to do where none does.
    pub otherwise: String,
}

impl Unknown {
    /// A name beside the known ones.
    pub fn new<'a>(
        what: &'static str,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
        otherwise: impl Into<String>,
    ) -> Unknown {
        let nearest = nearest(name, known).into_iter().map(str::to_string).collect();
        Unknown { what, name: name.to_string(), nearest, otherwise: otherwise.into() }
    }

    /// The same where the known names are few enough to list them all.
    pub fn among<'a>(what: &'static str, name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Unknown {
        let all = known.clone().into_iter().collect::<Vec<_>>().join(", ");
        Unknown::new(what, name, known, format!("they are {all}"))
    }

    /// What to do: the names that may have been meant, or [`Unknown::otherwise`].
    pub fn hint(&self) -> String {
        if self.nearest.is_empty() { self.otherwise.clone() } else { did_you_mean(&self.nearest) }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if f.alternate() { ';' } else { ':' };
        write!(f, "unknown {} `{}`{sign} {}", self.what, self.name, self.hint())
    }
}

impl std::error::Error for Unknown {}
