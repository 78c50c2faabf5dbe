//! `logitlab compare --input`: float precision modes on real logits.

use std::path::PathBuf;

use clap::Args;

use super::logits::{self, Opened};
use super::outcome::pretty;
use super::{Failure, Outcome, Progress, options};
use crate::formulas::{ACTION, Formula};
use crate::report;
use crate::report::text::Paint;
use crate::source::FileCases;
use crate::study::rows::RowsComparison;
use crate::study::vectors::{VectorComparison, VectorPlan};
use crate::study::{Plan, rows};

/// The options of `compare` that are about a file of logits.
#[derive(Args)]
#[command(next_help_heading = "Real logits")]
pub struct Input {
    /// Real logits, of files read as one; of two .npy files, the second holds the actions; - for JSON lines
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["k", "p", "cases"])]
    input: Vec<PathBuf>,

    /// Log-sum-exp and softmax of each row by these algorithms, instead of formulas
    #[arg(long, value_name = "ALGORITHMS", value_delimiter = ',', requires = "input",
          conflicts_with_all = ["formulas", "action", "actions", "reference"])]
    algorithm: Vec<String>,

    #[command(flatten)]
    options: logits::Options,
}

/// How a file's results can be printed.
#[derive(Clone, Copy, PartialEq)]
pub enum Form {
    /// Tables.
    Text,
    /// One document.
    Json,
    /// A line for each mode, formula and band.
    Csv,
}

impl Input {
    /// Whether there is a file.
    ///
    /// # Errors
    /// If there is none, and an option says something of one.
    pub fn is_given(&self) -> Result<bool, Failure> {
        match self.options.given() {
            Some(option) if self.input.is_empty() => {
                Err(format!("{option} says something of real logits: give them, as --input FILE").into())
            }
            _ => Ok(!self.input.is_empty()),
        }
    }

    /// The modes that are compared if none is named.
    pub fn default_modes(&self) -> Option<&'static [&'static str]> {
        (!self.algorithm.is_empty()).then_some(&["fp16", "bf16", "f32"])
    }

    /// Runs the plan on the rows: its formulas, or algorithms on the rows as vectors.
    pub fn compare(&self, plan: &Plan, form: Form) -> Result<Compared, Failure> {
        let is_vectors = !self.algorithm.is_empty();
        let Opened { source, rows, actions: words } = match is_vectors {
            true => self.options.open_vectors(&self.input)?,
            false => self.options.open_without_actions(&self.input, None, &[])?,
        };
        if let Some(formula) = plan.formulas.iter().find(|formula| !is_vectors && formula.uses(crate::formulas::OTHER))
        {
            let why = "compares two policies, and the file has the logits of one";
            return Err(format!("the formula {} {why}", formula.name).into());
        }
        let algorithms = self.algorithm.iter().map(|name| options::algorithm(name)).collect::<Result<_, _>>()?;
        let cases = FileCases::new(&source, rows)?;
        let bar = Progress::new(crate::study::Cases::count(&cases), if is_vectors { "vectors" } else { "rows" });
        let step = |rows| bar.step(rows);
        let of = if is_vectors {
            let vectors = VectorPlan { modes: plan.modes.clone(), algorithms, seed: plan.seed };
            // What fits into memory row by row fits into a usize.
            vectors.run(&cases, source.columns as usize, &step).map(Of::Vectors)
        } else {
            let actions = plan.formulas.iter().any(uses_action).then_some(words);
            rows::compare(plan, &cases, source.columns, actions, &step).map(Of::Rows)
        };
        bar.finish();
        cases.finish()?;
        Ok(Compared { of: of?, form })
    }
}

/// What came out, and how it is to be printed.
pub struct Compared {
    of: Of,
    form: Form,
}

enum Of {
    Rows(RowsComparison),
    Vectors(VectorComparison),
}

impl Outcome for Compared {
    fn text(&self, paint: Paint<'_>) -> String {
        match (&self.of, self.form) {
            (Of::Rows(compared), Form::Csv) => report::rows::csv(compared),
            (Of::Rows(compared), _) => report::rows::text(compared, paint),
            (Of::Vectors(compared), Form::Csv) => report::vectors::csv(compared),
            (Of::Vectors(compared), _) => report::vectors::text(compared, paint),
        }
    }

    fn json(&self) -> Result<String, Failure> {
        match &self.of {
            Of::Rows(compared) => pretty(compared),
            Of::Vectors(compared) => pretty(compared),
        }
    }
}

fn uses_action(formula: &Formula) -> bool {
    formula.uses(ACTION) || formula.reaches(&formula.meaning, ACTION)
}
