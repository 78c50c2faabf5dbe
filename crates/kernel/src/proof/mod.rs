//! Proof scripts and the kernel that checks them.
//!
//! Trusted are [`kernel`], which alone makes a [`Theorem`], and what it uses: [`law`] and [`rules`] (the laws, as a
//! table), [`step`] (whether a law justifies a step), [`facts`], `kinds` (side conditions), [`signs`], [`normal`],
//! [`polynomial`], [`smooth`], [`gradient`], [`lift`] and [`term`]. Not trusted: [`effort`] ends what would take too
//! long, [`record`] writes down what justified a step, [`example`] shows rules at work, [`hint`] says more of why a
//! step is refused, [`place`] what is known there, [`script`] reads and prints scripts, [`mod@check`] puts the
//! kernel's inferences together as a script says, and [`library`] does so for many claims that cite each other.
//!
//! # Examples
//! ```
//! let claim = logitlab_claims::claims::parse(
//!     "claim  zero-sum
//!      given  P : distribution, c : action
//!      show   sum(e[c] - P) = 0
//!      proof
//!        sum(e[c] - P)
//!          = sum(e[c]) - sum(P)  by sum.linear
//!          = 1 - 1               by sum.unit, distribution.sum
//!          = 0                   by ring
//!      qed",
//! )?;
//! let script = claim.proof.as_ref().expect("it has a proof");
//! let theorems = logitlab_kernel::proof::check(&claim.statement, script, &|_| Ok(None))?;
//! assert!(theorems[0].proves(&claim.statement, &claim.statement.shows[0]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod check;
pub mod defined;
pub mod effort;
pub mod example;
pub mod facts;
pub mod gradient;
pub mod hint;
pub mod kernel;
mod kinds;
pub mod known;
pub mod law;
pub mod library;
pub mod lift;
pub mod normal;
pub mod place;
pub mod polynomial;
pub mod reason;
pub mod record;
pub mod rules;
pub mod script;
pub mod signs;
pub mod smooth;
pub mod step;
pub mod term;

pub use check::{Failed, Rejection, check};
pub use kernel::{Context, LOCAL, PROCEDURES, Theorem};
pub use library::{Entry, Library};
pub use reason::Reason;
pub use rules::{RULES, Rule};
pub use script::Script;

/// The trusted modules: name, source text, what it does.
pub const TRUSTED: &[(&str, &str, &str)] = &[
    ("kernel", include_str!("kernel.rs"), "the inferences; it alone makes theorems"),
    ("rules", include_str!("rules.rs"), "the laws, as a table"),
    ("law", include_str!("law.rs"), "a proposition as a law"),
    ("step", include_str!("step.rs"), "whether a law justifies a step"),
    ("facts", include_str!("facts.rs"), "signs and other side conditions"),
    ("kinds", include_str!("kinds.rs"), "what is finite, a distribution, continuous"),
    ("signs", include_str!("signs.rs"), "arithmetic of signs"),
    ("known", include_str!("known.rs"), "what normal forms ask"),
    ("normal", include_str!("normal.rs"), "normal forms"),
    ("polynomial", include_str!("polynomial.rs"), "polynomials with rational coefficients"),
    ("smooth", include_str!("smooth.rs"), "what has a derivative"),
    ("gradient", include_str!("gradient.rs"), "derivatives by the chain rule"),
    ("lift", include_str!("lift.rs"), "expectations as sums"),
    ("term", include_str!("term.rs"), "substitution and matching"),
];
