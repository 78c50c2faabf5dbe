//! The command line: one file per command.

mod certify;
mod check;
mod cite;
mod compare;
mod compare_input;
mod derive;
mod diagnostic;
mod diff;
mod diff_input;
mod doctor;
mod exhaustive;
mod export;
mod export_coq;
mod figures;
mod formats;
mod formula;
mod help;
mod interrupt;
mod list;
mod logits;
mod manual;
mod measure;
mod number;
mod output;
mod partial;
mod progress;
mod rates;
mod rendering;
mod report;
mod reported;
mod round;
mod show;
mod simulate;
mod simulate_plots;
mod simulate_state;
mod simulate_table;
mod stalls;
mod subject;
mod text_policy;
mod threshold;
mod verify;

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{FromArgMatches, Parser, Subcommand};

use crate::report::text::Tone;
use progress::Progress;

/// What went wrong with what the user gave: shown, and the exit code is 2.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A message that says what, where and what to do.
    #[error("{0}")]
    Unusable(String),
    /// Output could not be written.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
}

/// How a command ended that could do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Everything is as it should be: exit code 0.
    Good,
    /// The result is negative: exit code 1.
    Negative,
    /// Ctrl-C ended the run early, and what was finished is complete: exit code 130.
    Interrupted,
}

/// What people come for, and the commands that serve it: each command stands in one group.
const GROUPS: [(&str, &[&str]); 6] = [
    ("My formula", &["verify", "derive", "show", "list"]),
    ("My logits", &["measure", "partial", "certify", "doctor", "diff"]),
    ("My format", &["compare", "formats", "round"]),
    ("My training", &["simulate", "stalls", "rates", "text-policy"]),
    ("My paper", &["cite", "check", "report", "export"]),
    ("This program", &["completions", "man", "help"]),
];

const AFTER_HELP: &str = "\
Examples:
  logitlab verify my.proof                    is a claim of mine true?
  logitlab measure logits.safetensors         what do updates of real logits do?
  logitlab compare --modes bf16,f32           what do formats leave of an update?
  logitlab simulate --check                   does training keep to the claims?
  logitlab cite norm-identity                 how do I cite a claim?
`logitlab COMMAND --help` has the options of a command and examples.

Exit codes: 0 as expected, 1 a negative result, 2 unusable input.";

/// A verification workbench for the logit dynamics of softmax policy gradients (arXiv:2506.12912).
#[derive(Parser)]
#[command(name = "logitlab", version, after_help = AFTER_HELP, max_term_width = 100, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Verify(verify::Arguments),
    List(list::Arguments),
    Show(show::Arguments),
    Derive(derive::Arguments),
    Measure(measure::Arguments),
    Partial(partial::Arguments),
    Certify(certify::Arguments),
    Doctor(doctor::Arguments),
    Diff(diff::Arguments),
    Compare(compare::Arguments),
    Simulate(simulate::Arguments),
    Stalls(stalls::Arguments),
    Rates(rates::Arguments),
    TextPolicy(text_policy::Arguments),
    Report(report::Arguments),
    Export(export::Arguments),
    Formats(formats::Arguments),
    Round(round::Arguments),
    Cite(cite::Arguments),
    Check(check::Arguments),
    Completions(manual::Completions),
    Man(manual::Man),
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let cli = Cli::from_arg_matches(&help::grouped().get_matches()).unwrap_or_else(|error| error.exit());
    let result = match &cli.command {
        Command::Verify(arguments) => verify::run(arguments),
        Command::List(arguments) => list::run(arguments),
        Command::Show(arguments) => show::run(arguments),
        Command::Derive(arguments) => derive::run(arguments),
        Command::Measure(arguments) => measure::run(arguments),
        Command::Partial(arguments) => partial::run(arguments),
        Command::Certify(arguments) => certify::run(arguments),
        Command::Doctor(arguments) => doctor::run(arguments),
        Command::Diff(arguments) => diff::run(arguments),
        Command::Compare(arguments) => compare::run(arguments),
        Command::Simulate(arguments) => simulate::run(arguments),
        Command::Stalls(arguments) => stalls::run(arguments),
        Command::Rates(arguments) => rates::run(arguments),
        Command::TextPolicy(arguments) => text_policy::run(arguments),
        Command::Report(arguments) => report::run(arguments),
        Command::Export(arguments) => export::run(arguments),
        Command::Formats(arguments) => formats::run(arguments),
        Command::Round(arguments) => round::run(arguments),
        Command::Cite(arguments) => cite::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Completions(arguments) => manual::completions(arguments),
        Command::Man(arguments) => manual::man(arguments),
    };
    match result {
        Ok(Ending::Good) => ExitCode::SUCCESS,
        Ok(Ending::Negative) => ExitCode::from(1),
        Ok(Ending::Interrupted) => ExitCode::from(130),
        // Whoever reads us has read enough.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            let label = paint(Tone::Bad, "error:");
            let text = failure.to_string();
            // Diagnostics bring their own label.
            let text = if text.contains("error") && text.contains("-->") { text } else { format!("{label} {text}") };
            _ = writeln!(anstream::stderr(), "{text}");
            ExitCode::from(2)
        }
    }
}

/// Colours for a terminal; the streams of `anstream` take them out again where there is none, or NO_COLOR is set.
fn paint(tone: Tone, text: &str) -> String {
    use anstyle::{AnsiColor, Style};
    let style = match tone {
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::Bad => AnsiColor::Red.on_default().bold(),
        Tone::Faint => Style::new().dimmed(),
        Tone::Strong => Style::new().bold(),
    };
    format!("{style}{text}{style:#}")
}

/// Writes text to standard output.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Writes one JSON document to standard output.
fn print_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::Output(error.into()))?;
    print(&(text + "\n"))
}

/// That no value of an option is given twice.
fn once<T: PartialEq + fmt::Display>(option: &str, values: &[T]) -> Result<(), Failure> {
    let twice = values.iter().enumerate().find_map(|(i, value)| values[..i].contains(value).then_some(value));
    twice.map_or(Ok(()), |twice| Err(Failure::Unusable(format!("{option}: {twice} is given twice; give it once"))))
}

/// Rows of cells as lines of columns, two blanks apart.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        cells.join("  ").trim_end().to_string() + "\n"
    };
    rows.iter().map(line).collect()
}
