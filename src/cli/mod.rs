//! The command line: one file per command.

mod certify;
mod check;
mod cite;
mod claim_files;
mod compare;
mod compare_input;
mod diagnostic;
mod diff;
mod diff_input;
mod diff_table;
mod doctor;
mod ending;
mod exhaustive;
mod export;
mod export_coq;
mod export_proof;
mod figures;
mod formats;
mod help;
mod interrupt;
mod list;
mod logits;
mod manual;
mod measure;
mod number;
mod options;
mod outcome;
mod output;
mod partial;
mod partial_table;
mod progress;
mod proofs_written;
mod prove;
mod rates;
mod rendering;
mod report;
mod reported;
mod round;
mod rows;
mod show;
mod simulate;
mod simulate_plots;
mod simulate_state;
mod simulate_table;
mod stalls;
mod statement;
mod subject;
mod terminal;
mod text_policy;
mod verify;
mod watch;

use std::process::ExitCode;

use clap::{FromArgMatches, Parser, Subcommand};

use ending::{Ending, Failure};
use outcome::{Done, Forms, Json, Outcome};
use progress::Progress;
use terminal::paint;

/// What people come for, and the commands that serve it: each command stands in one group.
const GROUPS: [(&str, &[&str]); 6] = [
    ("My formula", &["verify", "prove", "show", "list"]),
    ("My logits", &["measure", "partial", "certify", "doctor", "diff"]),
    ("My format", &["compare", "formats", "round"]),
    ("My training", &["simulate", "stalls", "rates", "text-policy"]),
    ("My paper", &["cite", "check", "report", "export"]),
    ("This program", &["completions", "man", "help"]),
];

const AFTER_HELP: &str = "\
Examples:
  logitlab verify my.proof              is a claim of mine true?
  logitlab prove my.proof --write       how is it derived?
  logitlab measure logits.safetensors   what do updates of real logits do?
  logitlab compare --modes bf16,f32     what do formats leave of an update?
  logitlab simulate --check             does training keep to the claims?
  logitlab cite norm-identity           how do I cite a claim?
`logitlab COMMAND --help` has the options of a command and examples.

Exit codes: 0 as expected, 1 a negative result, 2 unusable input.";

/// A verification workbench for the logit dynamics of softmax policy gradients (arXiv:2506.12912).
#[derive(Parser)]
#[command(name = "logitlab", version, after_help = AFTER_HELP, max_term_width = help::MOST, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Verify(verify::Arguments),
    List(list::Arguments),
    Show(show::Arguments),
    #[command(visible_alias = "derive")]
    Prove(prove::Arguments),
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

impl Command {
    fn run(&self) -> Result<Done<'_>, Failure> {
        match self {
            Command::Verify(arguments) => verify::run(arguments),
            Command::List(arguments) => list::run(arguments),
            Command::Show(arguments) => show::run(arguments),
            Command::Prove(arguments) => prove::run(arguments),
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
        }
    }
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let cli = match help::grouped().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            ending::tell(&error.render().ansi().to_string());
            return Ending::Unusable.into();
        }
        Err(help) => help.exit(),
    };
    let ended = cli.command.run().and_then(Done::show);
    ended.unwrap_or_else(|failure| failure.tell()).into()
}
