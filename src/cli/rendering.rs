//! The results of `logitlab compare` in the format that the user asks for, and what each needs by default.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::Failure;
use super::compare_input::Form;
use super::outcome::pretty;
use crate::report::plot::{Figure, Width, svg};
use crate::report::text::Paint;
use crate::report::{comparison, comparison_plots};
use crate::study::comparison::{Comparison, DEFAULT_RESTS, rests};
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
        Err(format!(
            "--plot digits: {rows} rows (modes x formulas x K) cannot be read; name modes, formulas and K so that \
             {MOST_ROWS} or fewer remain"
        )
        .into())
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
            (_, Some(_)) => Err("--plot: only an SVG shows a plot; add --format svg".into()),
        }
    }

    /// The form of what rows of a file give.
    ///
    /// # Errors
    /// If the format has no place for it.
    pub fn form(&self) -> Result<Form, Failure> {
        if self.out.is_some() {
            return Err("--out goes with comparisons of modes; redirect what --input prints".into());
        }
        match self.format {
            Output::Text => Ok(Form::Text),
            Output::Json => Ok(Form::Json),
            Output::Csv => Ok(Form::Csv),
            _ => Err("--input prints text, json or csv: give one with --format".into()),
        }
    }

    /// Checks that what exhaustive runs find has a place in the format.
    ///
    /// # Errors
    /// If it has none.
    pub fn check_exhaustive(&self) -> Result<(), Failure> {
        match self.format {
            Output::Text | Output::Json => Ok(()),
            _ => Err("--exhaustive prints text or json; leave --format out or give json".into()),
        }
    }

    /// Whether one JSON document is asked for.
    pub fn is_json(&self) -> bool {
        self.format == Output::Json
    }

    /// Whether tables for people are asked for.
    pub fn is_text(&self) -> bool {
        self.format == Output::Text
    }

    /// The file to write, if one is asked for.
    pub fn out(&self) -> Option<&Path> {
        self.out.as_deref()
    }

    /// Comparisons in the format that was asked for; only a heat map takes several.
    pub fn text(&self, compared: &[Comparison], paint: Paint<'_>) -> String {
        let [first, ..] = compared else { return String::new() };
        match self.format {
            Output::Text | Output::Json => comparison::text(first, paint),
            Output::Csv => comparison::csv(first),
            Output::Latex => comparison::latex(first),
            Output::Svg => svg(&self.figure(compared, first), Width::Full),
        }
    }

    /// The same as one JSON document.
    ///
    /// # Errors
    /// If there is a number in it that JSON does not have.
    pub fn json(&self, compared: &[Comparison]) -> Result<String, Failure> {
        compared.first().map_or(Ok(String::new()), |comparison| pretty(&Document { schema: 1, comparison }))
    }

    fn figure(&self, compared: &[Comparison], first: &Comparison) -> Figure {
        match self.plot {
            None | Some(Plot::Error) => comparison_plots::error(first),
            Some(Plot::Digits) => comparison_plots::digits(compared),
            Some(Plot::Thresholds) => comparison_plots::thresholds(first),
        }
    }
}
