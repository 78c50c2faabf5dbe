//! The results of `logitlab compare` in the format that the user asks for, and what each needs by default.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::compare_input::Form;
use super::{Failure, output, paint};
use crate::report::plot::{Figure, Width, svg};
use crate::report::text::{Paint, plain};
use crate::report::{comparison, comparison_plots, survey};
use crate::study::comparison::{Comparison, DEFAULT_RESTS, rests};
use crate::study::exhaustive::Survey;
use crate::study::registry::{FORMULAS, MODES};

/// How to print a comparison.
#[derive(Args)]
pub struct Rendering {
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Output,

    /// What an SVG shows [default: error]
    #[arg(long, value_name = "PLOT")]
    plot: Option<Plot>,

    /// A file for the result, replaced as a whole [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Output {
    /// A table for people
    Text,
    /// One JSON document
    Json,
    /// A line for each mode, formula and probability
    Csv,
    /// A booktabs table
    Latex,
    /// A figure
    Svg,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Plot {
    /// The worst relative error against 1 - P_c, a panel for each mode
    Error,
    /// A heat map of the digits left over P_c and K
    Digits,
    /// Where each formula loses the update in each mode
    Thresholds,
}

/// What is made of the results, which decides what is computed if nothing is said.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Drawn {
    /// Nothing: a table or data.
    Table,
    /// Errors over the confidence.
    Error,
    /// Digits over confidence and K.
    Digits,
    /// Thresholds.
    Thresholds,
}

impl Drawn {
    /// The numbers of actions.
    pub fn ks(self) -> &'static [usize] {
        if self == Drawn::Digits { &[2, 10, 100, 1000, 10_000, 32_768] } else { &[10] }
    }

    /// 1 - P_c.
    pub fn rests(self) -> Vec<f64> {
        match self {
            Drawn::Table => DEFAULT_RESTS.to_vec(),
            Drawn::Error => rests(12, 3),
            Drawn::Digits => [0.5].into_iter().chain(rests(8, 1)).collect(),
            Drawn::Thresholds => Vec::new(),
        }
    }

    /// Policies for each of them.
    pub fn cases(self) -> u64 {
        match self {
            Drawn::Table => 64,
            Drawn::Error | Drawn::Thresholds => 16,
            // As many logits as in ten tables, at K = 32768.
            Drawn::Digits => 4,
        }
    }

    /// The modes.
    pub fn modes(self) -> &'static [&'static str] {
        if self == Drawn::Digits { &["bf16"] } else { MODES }
    }

    /// Checks that so many rows (modes x formulas x K) can be read.
    ///
    /// # Errors
    /// If a heat map would have more than a page holds.
    pub fn fits(self, rows: usize) -> Result<(), Failure> {
        if self != Drawn::Digits || rows <= MOST_ROWS {
            return Ok(());
        }
        Err(Failure::Unusable(format!(
            "--plot digits: {rows} rows (modes x formulas x K) cannot be read; name modes, formulas and K so that \
             {MOST_ROWS} or fewer remain"
        )))
    }

    /// The formulas.
    pub fn formulas(self) -> &'static [&'static str] {
        if self == Drawn::Digits { &["closed", "tail"] } else { FORMULAS }
    }
}

/// The most rows of a heat map that can be read on a page.
const MOST_ROWS: usize = 60;

/// The JSON document.
#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    #[serde(flatten)]
    comparison: &'a Comparison,
}

impl Rendering {
    /// What is drawn.
    ///
    /// # Errors
    /// If a plot is asked for in a format that has none.
    pub fn drawn(&self) -> Result<Drawn, Failure> {
        match (self.format, self.plot) {
            (Output::Svg, None | Some(Plot::Error)) => Ok(Drawn::Error),
            (Output::Svg, Some(Plot::Digits)) => Ok(Drawn::Digits),
            (Output::Svg, Some(Plot::Thresholds)) => Ok(Drawn::Thresholds),
            (_, None) => Ok(Drawn::Table),
            (_, Some(_)) => Err(Failure::Unusable("--plot: only an SVG shows a plot; add --format svg".into())),
        }
    }

    /// The form of what rows of a file give.
    ///
    /// # Errors
    /// If the format has no place for it.
    pub fn form(&self) -> Result<Form, Failure> {
        if self.out.is_some() {
            return Err(Failure::Unusable("--out goes with comparisons of modes; redirect what --input prints".into()));
        }
        match self.format {
            Output::Text => Ok(Form::Text),
            Output::Json => Ok(Form::Json),
            Output::Csv => Ok(Form::Csv),
            _ => Err(Failure::Unusable("--input prints text, json or csv: give one with --format".into())),
        }
    }

    /// Writes comparisons, of which only a heat map takes several.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn show(&self, compared: &[Comparison]) -> Result<(), Failure> {
        let [first, ..] = compared else { return Ok(()) };
        let paint: Paint<'_> = if self.out.is_some() { &plain } else { &paint };
        let text = match self.format {
            Output::Text => comparison::text(first, paint),
            Output::Json => json(first)?,
            Output::Csv => comparison::csv(first),
            Output::Latex => comparison::latex(first),
            Output::Svg => svg(&self.figure(compared, first), Width::Full),
        };
        output::write(self.out.as_deref(), &text)
    }

    /// Writes what exhaustive runs found.
    ///
    /// # Errors
    /// If the output cannot be written, or the format has no place for it.
    pub fn show_surveys(&self, surveys: &[Survey]) -> Result<(), Failure> {
        let paint: Paint<'_> = if self.out.is_some() { &plain } else { &paint };
        let text = match self.format {
            Output::Text => survey::text(surveys, paint),
            Output::Json => pretty(&surveys)?,
            _ => {
                return Err(Failure::Unusable(
                    "--exhaustive prints text or json; leave --format out or give json".into(),
                ));
            }
        };
        output::write(self.out.as_deref(), &text)
    }

    fn figure(&self, compared: &[Comparison], first: &Comparison) -> Figure {
        match self.plot {
            None | Some(Plot::Error) => comparison_plots::error(first),
            Some(Plot::Digits) => comparison_plots::digits(compared),
            Some(Plot::Thresholds) => comparison_plots::thresholds(first),
        }
    }
}

fn json(comparison: &Comparison) -> Result<String, Failure> {
    pretty(&Document { schema: 1, comparison })
}

fn pretty(document: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(document).map_err(|error| Failure::Output(error.into()))?;
    Ok(text + "\n")
}
