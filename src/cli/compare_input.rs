//! `logitlab compare --input`: float precision modes on real logits.

use std::path::PathBuf;

use clap::Args;

use super::logits::{self, Opened};
use super::{Ending, Failure, Progress, paint, print, print_json};
use crate::formulas::{ACTION, Formula};
use crate::report;
use crate::source::FileCases;
use crate::study::algorithms::{self, ALGORITHMS, Algorithm};
use crate::study::vectors::VectorPlan;
use crate::study::{Plan, rows};
use logitlab_words::Unknown;

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
                Err(Failure::Unusable(format!("{option} says something of real logits: give them, as --input FILE")))
            }
            _ => Ok(!self.input.is_empty()),
        }
    }

    /// The modes that are compared if none is named.
    pub fn default_modes(&self) -> Option<&'static [&'static str]> {
        (!self.algorithm.is_empty()).then_some(&["fp16", "bf16", "f32"])
    }

    /// Runs the plan on the rows and prints the results.
    pub fn compare(&self, plan: &Plan, form: Form) -> Result<Ending, Failure> {
        if !self.algorithm.is_empty() {
            return self.vectors(plan, form);
        }
        let Opened { source, rows, actions: words } = self.options.open_without_actions(&self.input, None, &[])?;
        if let Some(formula) = plan.formulas.iter().find(|formula| formula.uses(crate::formulas::OTHER)) {
            let why = "compares two policies, and the file has the logits of one";
            return Err(Failure::Unusable(format!("the formula {} {why}", formula.name)));
        }
        let cases = FileCases::new(&source, rows)?;
        let bar = Progress::new(crate::study::Cases::count(&cases), "rows");
        let actions = plan.formulas.iter().any(uses_action).then_some(words);
        let compared = rows::compare(plan, &cases, source.columns, actions, &|rows| bar.step(rows));
        bar.finish();
        cases.finish()?;
        let compared = compared.map_err(|error| Failure::Unusable(error.to_string()))?;
        match form {
            Form::Text => print(&report::rows::text(&compared, &paint))?,
            Form::Json => print_json(&compared)?,
            Form::Csv => print(&report::rows::csv(&compared))?,
        }
        Ok(Ending::Good)
    }
}

impl Input {
    /// Runs the algorithms on the rows as vectors and prints the results.
    fn vectors(&self, plan: &Plan, form: Form) -> Result<Ending, Failure> {
        let algorithms = self.algorithm.iter().map(|name| algorithm(name)).collect::<Result<_, _>>()?;
        let vectors = VectorPlan { modes: plan.modes.clone(), algorithms, seed: plan.seed };
        let Opened { source, rows, .. } = self.options.open_vectors(&self.input)?;
        let cases = FileCases::new(&source, rows)?;
        let bar = Progress::new(crate::study::Cases::count(&cases), "vectors");
        // What fits into memory row by row fits into a usize.
        let compared = vectors.run(&cases, source.columns as usize, &|rows| bar.step(rows));
        bar.finish();
        cases.finish()?;
        let compared = compared.map_err(|error| Failure::Unusable(error.to_string()))?;
        match form {
            Form::Text => print(&report::vectors::text(&compared, &paint))?,
            Form::Json => print_json(&compared)?,
            Form::Csv => print(&report::vectors::csv(&compared))?,
        }
        Ok(Ending::Good)
    }
}

fn algorithm(name: &str) -> Result<&'static Algorithm, Failure> {
    let names = ALGORITHMS.iter().map(|algorithm| algorithm.name);
    algorithms::find(name).ok_or_else(|| Unknown::among("algorithm", name, names).into())
}

fn uses_action(formula: &Formula) -> bool {
    formula.uses(ACTION) || formula.reaches(&formula.meaning, ACTION)
}
