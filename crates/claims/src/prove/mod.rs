//! Finding derivations: an untrusted search for chains of steps that the kernel accepts.
//!
//! Both sides of an equation are taken apart by the rules of the kernel's table ([`moves`]), lighter expressions first
//! ([`mod@measure`]), until two of them differ by ring operations only ([`mod@fingerprint`]); then the moves that were
//! not needed are left out again and neighbouring steps put together ([`chain`]). Nothing here knows of any claim,
//! and nothing here is believed: the printed text is read again, and the kernel checks it.

pub mod chain;
pub mod expand;
pub mod fingerprint;
mod layout;
pub mod measure;
pub mod moves;
pub mod problem;
pub mod search;
pub mod terms;

use crate::claims;
use crate::expr::error::Span;
use crate::expr::{Prop, Relation, Statement};
use crate::proof::script::{Branch, Item, Script};
use crate::proof::{Theorem, check};
use problem::Problem;
pub use problem::{Limits, Stop};
use search::{minimal, replay, search};

/// Why there is no derivation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// A search without success.
    #[error("no chain of steps found for `{equation}`: {stop} after {tried} expressions")]
    NotFound {
        /// The equation.
        equation: Prop,
        /// Why the search stopped.
        stop: Stop,
        /// How many expressions were tried, both sides together.
        tried: usize,
    },
    /// Something else than an equation of values.
    #[error("`{0}` is not an equation, and a search finds chains of `=` only")]
    NotAnEquation(Prop),
}

/// A derivation that the kernel has checked.
#[derive(Debug)]
pub struct Derivation {
    /// The text of a claim with its proof.
    pub text: String,
    /// What the kernel made of it, one theorem for each `show`.
    pub theorems: Vec<Theorem>,
    /// The number of steps.
    pub steps: usize,
    /// How many expressions were tried.
    pub tried: usize,
}

/// What came of a statement.
#[derive(Debug)]
pub struct Outcome {
    /// The derivation of all that was found, if anything was.
    pub found: Option<Derivation>,
    /// What was not found.
    pub missing: Vec<Missing>,
}

/// Searches for a derivation of everything that a statement shows. The id is for the text.
///
/// # Examples
/// ```
/// let claim = logitlab_claims::claims::parse("claim mass given P : distribution, g : real show sum(g*P) = g")?;
/// let outcome = logitlab_claims::prove::prove("mass", &claim.statement, &Default::default());
/// let found = outcome.found.expect("it is easy");
/// assert_eq!(
///     found.text,
///     "claim  mass\n\
///      given  P : distribution, g : real\n\
///      show   sum(g*P) = g\n\
///      proof\n  \
///        sum(g*P)\n    \
///          = g*sum(P)  by sum.linear\n    \
///          = g*1       by distribution.sum\n    \
///          = g         by ring\n\
///      qed\n"
/// );
/// # Ok::<(), logitlab_kernel::expr::SyntaxError>(())
/// ```
pub fn prove(id: &str, statement: &Statement, limits: &Limits) -> Outcome {
    let mut finder = Finder { statement, limits, steps: 0, tried: 0 };
    let mut script = Script::default();
    let mut missing = Vec::new();
    let mut shows = Vec::new();
    for show in &statement.shows {
        match finder.items(&[], show) {
            Ok(items) => {
                script.items.extend(items);
                shows.push(show.clone());
            }
            Err(problem) => missing.push(problem),
        }
    }
    if shows.is_empty() {
        return Outcome { found: None, missing };
    }
    let text = layout::claim(id, &Statement { shows: shows.clone(), ..statement.clone() }, &script);
    let (steps, tried) = (finder.steps, finder.tried);
    let found = checked(&text).map(|theorems| Derivation { text, theorems, steps, tried });
    if found.is_none() {
        let rejected = |equation| Missing::NotFound { equation, stop: Stop::Rejected, tried };
        missing.extend(shows.into_iter().map(rejected));
    }
    Outcome { found, missing }
}

/// The theorems of the text of a claim, by the kernel.
fn checked(text: &str) -> Option<Vec<Theorem>> {
    let claim = claims::parse(text).ok()?;
    let theorems = check(&claim.statement, claim.proof.as_ref()?, &|_| Ok(None)).ok()?;
    let shows = &claim.statement.shows;
    let all = theorems.len() == shows.len()
        && theorems.iter().zip(shows).all(|(theorem, show)| theorem.proves(&claim.statement, show));
    all.then_some(theorems)
}

struct Finder<'a> {
    statement: &'a Statement,
    limits: &'a Limits,
    steps: usize,
    tried: usize,
}

impl Finder<'_> {
    /// What shows a proposition under assumptions.
    fn items(&mut self, assumed: &[Prop], goal: &Prop) -> Result<Vec<Item>, Missing> {
        match goal {
            Prop::Compare(Relation::Equal, left, right) => {
                let problem = Problem::new(self.statement, assumed, left, right);
                let ended = search(&problem, self.limits);
                self.tried += ended.tried;
                let missing = |stop| Missing::NotFound { equation: goal.clone(), stop, tried: ended.tried };
                let meeting = minimal(&problem, ended.result.map_err(missing)?);
                let found = replay(&problem, &meeting).ok_or_else(|| missing(Stop::Rejected))?;
                let chain = chain::scripted(chain::merged(&problem, &found));
                self.steps += chain.steps.len();
                Ok(vec![Item::Chain(None, chain)])
            }
            Prop::And(parts) => {
                let mut items = Vec::new();
                for part in parts {
                    items.extend(self.items(assumed, part)?);
                }
                Ok(items)
            }
            Prop::Implies(a, b) => {
                let branches = vec![self.branch(assumed, a, b)?];
                Ok(vec![assuming(goal, branches)])
            }
            Prop::Iff(a, b) => {
                let branches = vec![self.branch(assumed, a, b)?, self.branch(assumed, b, a)?];
                Ok(vec![assuming(goal, branches)])
            }
            other => Err(Missing::NotAnEquation(other.clone())),
        }
    }

    fn branch(&mut self, assumed: &[Prop], assumption: &Prop, goal: &Prop) -> Result<Branch, Missing> {
        let assumed = [assumed, std::slice::from_ref(assumption)].concat();
        let script = Script { items: self.items(&assumed, goal)?, ..Script::default() };
        Ok(Branch { prop: assumption.clone(), span: Span::default(), script })
    }
}

fn assuming(goal: &Prop, branches: Vec<Branch>) -> Item {
    let script = Script { assumptions: branches, ..Script::default() };
    Item::Goal(None, goal.clone(), Span::default(), script)
}
