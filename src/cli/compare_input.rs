//! `logitlab compare --input`: float precision modes on real logits.

use std::ops::Range;
use std::path::PathBuf;

use clap::Args;

use super::logits::{self, Actions, is_npy, parse_rows};
use super::{Ending, Failure, Progress, paint, print, print_json};
use crate::formulas::{ACTION, Formula};
use crate::measure::{Chosen, InputError, Source};
use crate::report;
use crate::study::algorithms::{self, ALGORITHMS, Algorithm};
use crate::study::vectors::VectorPlan;
use crate::study::{FileCases, Plan, rows};
use crate::text::{did_you_mean, nearest};

/// The options of `compare` that are about a file of logits.
#[derive(Args)]
#[command(next_help_heading = "Real logits")]
pub struct Input {
    /// Real logits: a .safetensors file, or a .npy file with logits, possibly followed by one with actions
    #[arg(long, value_names = ["FILE", "ACTIONS.npy"], num_args = 1..=2, conflicts_with_all = ["k", "p", "cases"])]
    input: Vec<PathBuf>,

    /// Tensor that holds the logits
    #[arg(long, value_name = "NAME", default_value = "logits", requires = "input")]
    logits: String,

    /// Tensor that holds the chosen actions
    #[arg(long, value_name = "NAME", default_value = "actions", requires = "input")]
    actions: String,

    /// Action of every row, from 0 or `argmax`, instead of those of a file [default without actions: argmax]
    #[arg(long, value_name = "ACTION", requires = "input", conflicts_with = "actions", value_parser = parse_action)]
    action: Option<Chosen>,

    /// Log-sum-exp and softmax of each row by these algorithms, instead of formulas
    #[arg(long, value_name = "ALGORITHMS", value_delimiter = ',', requires = "input",
          conflicts_with_all = ["formulas", "action", "actions", "reference"])]
    algorithm: Vec<String>,

    /// Rows of the file, e.g. 0..100 or 7 [default: all]
    #[arg(long, value_name = "RANGE", requires = "input", value_parser = parse_rows)]
    rows: Option<Range<u64>>,
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
    pub fn is_given(&self) -> bool {
        !self.input.is_empty()
    }

    /// The modes that are compared if none is named.
    pub fn default_modes(&self) -> Option<&'static [&'static str]> {
        (!self.algorithm.is_empty()).then_some(&["fp16", "bf16", "f32"])
    }

    /// Opens the file; what its actions are, in words.
    fn open(&self) -> Result<(Source, String), Failure> {
        let chosen = match (self.action, self.input.as_slice()) {
            (Some(_), [_, actions]) => {
                let why = "--action says what the actions are, and so does a second file: give one of them";
                return Err(Failure::Unusable(format!("{why} (the file is {})", actions.display())));
            }
            (Some(chosen), _) => Some(chosen),
            (None, [path]) if is_npy(path) => Some(Chosen::Largest),
            (None, _) => None,
        };
        let actions = chosen.map_or(Actions::Tensor(&self.actions), Actions::Chosen);
        let source = logits::open("compare", &self.input, &self.logits, actions)?;
        let words = match chosen {
            None => "from the file".to_string(),
            Some(Chosen::Always(action)) => format!("always {action}"),
            Some(Chosen::Largest) => "that of the largest logit in each row".to_string(),
        };
        Ok((source, words))
    }

    /// Runs the plan on the rows and prints the results.
    pub fn compare(&self, plan: &Plan, form: Form) -> Result<Ending, Failure> {
        if !self.algorithm.is_empty() {
            return self.vectors(plan, form);
        }
        let (source, words) = self.open()?;
        let rows = logits::rows(&source, &self.rows)?;
        if let Some(formula) = plan.formulas.iter().find(|formula| formula.uses(crate::formulas::OTHER)) {
            let why = "compares two policies, and the file has the logits of one";
            return Err(Failure::Unusable(format!("the formula {} {why}", formula.name)));
        }
        let cases = FileCases::new(&source, rows).map_err(unusable)?;
        let bar = Progress::new(crate::study::Cases::count(&cases), "rows");
        let actions = plan.formulas.iter().any(uses_action).then_some(words);
        let compared = rows::compare(plan, &cases, source.columns, actions, &|rows| bar.step(rows));
        bar.finish();
        cases.finish().map_err(unusable)?;
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
        if let [_, second] = self.input.as_slice() {
            let why = "algorithms read vectors without actions: leave the second file";
            return Err(Failure::Unusable(format!("{}: {why}", second.display())));
        }
        let algorithms = self.algorithm.iter().map(|name| algorithm(name)).collect::<Result<_, _>>()?;
        let vectors = VectorPlan { modes: plan.modes.clone(), algorithms, seed: plan.seed };
        let source = logits::open("compare", &self.input, &self.logits, Actions::Chosen(Chosen::Largest))?;
        let rows = logits::rows(&source, &self.rows)?;
        let cases = FileCases::new(&source, rows).map_err(unusable)?;
        let bar = Progress::new(crate::study::Cases::count(&cases), "vectors");
        // What fits into memory row by row fits into a usize.
        let compared = vectors.run(&cases, source.columns as usize, &|rows| bar.step(rows));
        bar.finish();
        cases.finish().map_err(unusable)?;
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
    algorithms::find(name).ok_or_else(|| {
        let names = || ALGORITHMS.iter().map(|algorithm| algorithm.name);
        let hint = match nearest(name, names()).as_slice() {
            [] => format!("they are {}", names().collect::<Vec<_>>().join(", ")),
            near => did_you_mean(near),
        };
        Failure::Unusable(format!("unknown algorithm `{name}`; {hint}"))
    })
}

fn unusable(error: InputError) -> Failure {
    Failure::Unusable(error.to_string())
}

fn uses_action(formula: &Formula) -> bool {
    formula.uses(ACTION) || formula.reaches(&formula.meaning, ACTION)
}

fn parse_action(text: &str) -> Result<Chosen, String> {
    match text {
        "argmax" => Ok(Chosen::Largest),
        _ => text.parse().map(Chosen::Always).map_err(|_| "expected `argmax` or an action, counted from 0".to_string()),
    }
}
