//! Formulas as FPCore 2.0 (<https://fpbench.org/spec/fpcore-2.0.html>), for Herbie, FPTaylor, Gappa and whatever else
//! reads it.
//!
//! FPCore has no vectors of unspecified length: a formula is written out for a given K and action, with the logits
//! `z0` to `z{K-1}` as arguments. Sums run from the first coordinate to the last; a coordinate that a formula leaves
//! out is not added.

mod expand;
mod graph;
mod precision;

use std::fmt::Write as _;

use num_rational::BigRational;
use num_traits::One as _;

use crate::expr::{Action, Name, Node, Op, Prop, Relation, Tree};
use crate::formats::Format;
use crate::formulas::{ACTION, Formula, LOGITS, OTHER, Quantity};
use crate::study::unrolled::coordinates;
use crate::study::{Mode, Names, Setting};

pub use crate::study::Softmax;
pub use expand::MAX_PARTS;
pub use precision::Precision;

use expand::Expander;

/// The most actions.
pub const MAX_K: usize = 1000;

/// What a formula is written out for.
#[derive(Clone, Debug)]
pub struct Options {
    /// The number of actions, 1 to [`MAX_K`].
    pub k: usize,
    /// The chosen action, from 0.
    pub action: usize,
    /// In which every operation is rounded.
    pub precision: Precision,
    /// The least and the largest logit, for the precondition.
    pub range: Option<(BigRational, BigRational)>,
    /// How a softmax and a log-sum-exp are computed.
    pub softmax: Softmax,
}

impl Options {
    /// Binary32, the first action, the shifted softmax, logits of any size.
    pub fn new(k: usize) -> Options {
        Options { k, action: 0, precision: Precision::BINARY32, range: None, softmax: Softmax::Shifted }
    }
}

/// Why a formula cannot be written out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// A K outside 1 to [`MAX_K`].
    #[error("K = {0} is outside 1 to {MAX_K}: every coordinate is written out")]
    Size(usize),
    /// An action beyond K.
    #[error("there is no action {action} of {k}: they are counted from 0, so the last is {last}", last = k - 1)]
    Action {
        /// The action, from 0.
        action: usize,
        /// K.
        k: usize,
    },
    /// More than [`MAX_PARTS`] parts.
    #[error("written out for K = {k} the formula has more than {MAX_PARTS} parts: take a smaller K")]
    TooLarge {
        /// K.
        k: usize,
    },
    /// A coordinate by its number beyond K.
    #[error("the formula speaks of action {index}, counted from 1, and K = {k}: take a larger K")]
    Beyond {
        /// The number in the formula, from 1.
        index: usize,
        /// K.
        k: usize,
    },
    /// A vector by its entries of another length than K.
    #[error("the formula has a vector of {found} entries, and K = {k}: take K = {found}")]
    Entries {
        /// How many entries it has.
        found: usize,
        /// K.
        k: usize,
    },
    /// A division by what is 0 for every value of the logits.
    #[error("the formula divides by 0 at K = {k}, whatever the logits are")]
    DivisionByZero {
        /// K.
        k: usize,
    },
    /// A construct that no scalar expression says.
    #[error("`{0}` has no FPCore: {1}")]
    Construct(String, &'static str),
    /// FPCore has no derivatives.
    #[error("`{0}` is a derivative, which FPCore does not have: write it out")]
    Derivative(String),
    /// A name that stands for nothing.
    #[error("the formula uses `{name}`, which stands for no value in it")]
    Unknown {
        /// The name.
        name: String,
    },
}

/// A formula as one FPCore: arguments, `:name`, `:description`, `:precision`, `:pre` (the range of the logits and what
/// the formula requires of them), `:spec` (its real meaning, unless that is a derivative), and what is computed.
///
/// ```
/// use logitlab_floats::formulas::find;
/// use logitlab_floats::report::fpcore::{Options, Softmax, fpcore};
///
/// let options = Options { softmax: Softmax::Naive, ..Options::new(2) };
/// let text = fpcore(find("lse").unwrap(), &options)?;
/// assert!(text.starts_with("(FPCore (z0 z1)\n  :name \"lse\""));
/// assert!(text.ends_with("\n  (log (+ (exp z0) (exp z1))))\n"));
/// # Ok::<(), logitlab_floats::report::fpcore::ExportError>(())
/// ```
///
/// # Errors
/// If K or the action is out of range, or the formula has no scalar form at this K.
pub fn fpcore(formula: &Formula, options: &Options) -> Result<String, ExportError> {
    let Options { k, action, .. } = *options;
    if !(1..=MAX_K).contains(&k) {
        return Err(ExportError::Size(k));
    }
    if action >= k {
        return Err(ExportError::Action { action, k });
    }
    let logits: &[Name] = if depends_on_other(formula) { &[LOGITS.into(), OTHER.into()] } else { &[LOGITS.into()] };
    let arguments: Vec<String> = logits.iter().flat_map(|name| coordinates(name, k)).collect();
    let names = Names { logits, action: &ACTION.into(), definitions: &formula.definitions };
    // Conditions and meanings are about real numbers: no softmax needs a shift there. Formats are not looked at.
    let [real, computed] =
        [Softmax::Naive, options.softmax].map(|softmax| Mode::uniform(Format::ieee(24, 8)).with_softmax(softmax));
    let temperature = &BigRational::one();
    let expander = |mode| Expander::new(names, Setting { k, action, mode, temperature });

    let mut out = format!("(FPCore ({})\n", arguments.join(" "));
    _ = writeln!(out, "  :name {}", quoted(&formula.name));
    _ = writeln!(out, "  :description {}", quoted(&description(formula, options)));
    if matches!(formula.quantity, Some(Quantity::SquaredNorm | Quantity::Norm)) {
        out += "  :cite (arXiv-2506.12912)\n";
    }
    _ = writeln!(out, "  :precision {}", options.precision);
    let ranges = options.range.as_ref().map(|range| ranges(&arguments, range));
    let indent = if ranges.is_some() { "  :pre (and ".len() } else { "  :pre ".len() };
    let requires = formula.requires.as_ref().filter(|prop| !holds_for_finite_logits(prop, formula, k));
    let requires = requires.map(|prop| expander(&real).condition(prop, indent)).transpose()?;
    match (ranges, requires) {
        (None, None) => {}
        (None, Some(condition)) => _ = writeln!(out, "  :pre {condition}"),
        (Some(ranges), None) => _ = writeln!(out, "  :pre (and {ranges})"),
        (Some(ranges), Some(condition)) => _ = writeln!(out, "  :pre (and {ranges}\n{:indent$}{condition})", ""),
    }
    match expander(&real).text(&formula.meaning, "  :spec ".len()) {
        Ok(spec) => _ = writeln!(out, "  :spec {spec}"),
        // The description has it in words.
        Err(ExportError::Derivative(_)) => {}
        Err(error) => return Err(error),
    }
    _ = writeln!(out, "  {})", expander(&computed).text(&formula.tree, 2)?);
    Ok(out)
}

/// Whether meaning, formula or condition speak of a second policy.
fn depends_on_other(formula: &Formula) -> bool {
    let conditions = formula.requires.iter().flat_map(|prop| prop.trees());
    let mut trees = [&formula.tree, &formula.meaning].into_iter().chain(conditions);
    trees.any(|tree| formula.reaches(tree, OTHER))
}

fn description(formula: &Formula, options: &Options) -> String {
    let mut text = format!("{} = {}", formula.meaning, formula.text);
    for (name, tree) in &formula.definitions {
        if formula.uses(name) || formula.reaches(&formula.meaning, name) {
            _ = write!(text, ", {name} = {tree}");
        }
    }
    _ = write!(text, ", K = {}", options.k);
    if formula.uses(ACTION) {
        _ = write!(text, ", {ACTION} = {} counted from 0", options.action);
    }
    if !formula.note.is_empty() {
        _ = write!(text, "; {}", formula.note);
    }
    text
}

/// That every argument is within a range.
fn ranges(arguments: &[String], (low, high): &(BigRational, BigRational)) -> String {
    let (low, high) = (graph::literal(low), graph::literal(high));
    arguments.iter().map(|name| format!("(<= {low} {name} {high})")).collect::<Vec<_>>().join(" ")
}

/// Whether a condition says no more than that a softmax lies between 0 and 1, which excludes masked actions and
/// K = 1. Logits in FPCore are finite, and not every tool that looks for ranges in `:pre` can read more than ranges.
fn holds_for_finite_logits(prop: &Prop, formula: &Formula, k: usize) -> bool {
    let Prop::Compare(relation, left, right) = prop else { return false };
    let is_softmax = |v: &Tree| {
        let defined = match v.node() {
            Node::Variable(name, _) => formula.definitions.iter().find(|(known, _)| known == name),
            _ => None,
        };
        let plain = defined.map_or(v, |(_, tree)| tree);
        matches!(plain.node(), Node::Apply(Op::Softmax, z) if matches!(z[0].node(), Node::Variable(name, _)
            if [LOGITS, OTHER].contains(&&**name)))
    };
    let is_probability = match left.node() {
        Node::At(v, Action::Name(_)) => is_softmax(v),
        Node::Apply(Op::Min, v) => is_softmax(&v[0]),
        _ => false,
    };
    let is_implied = match relation {
        Relation::Greater => *right == Tree::integer(0),
        Relation::Less => *right == Tree::integer(1) && k > 1,
        _ => false,
    };
    is_probability && is_implied
}

/// A string of FPCore, which has printable ASCII only.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            _ => out.push('?'),
        }
    }
    out.push('"');
    out
}
