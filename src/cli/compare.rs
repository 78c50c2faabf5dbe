//! `logitlab compare`: what float precision modes leave of an update, formula by formula.

use clap::{Args, ValueEnum};
use num_rational::BigRational;

use super::compare_input::{Form, Input};
use super::{Ending, Failure, Progress, formula, paint, print, print_json};
use crate::formats::{Overflow, Rounding};
use crate::report::comparison;
use crate::study::comparison::{Comparison, DEFAULT_RESTS, Request};
use crate::study::{Mode, Plan, Reference};

const AFTER_HELP: &str = "\
Examples:
  logitlab compare                                       digits left in common modes, by formula
  logitlab compare --modes bf16,fp16 --k 1000            two modes, more actions
  logitlab compare --modes 'f32+logits=bf16+sum=f32:pairwise' --formulas closed,tail
  logitlab compare --formulas logp-logits,logp-softmax --p 0.9,1-1e-6
  logitlab compare --formulas my.proof                   a formula of your own, from a claim file
  logitlab compare --format csv > errors.csv             every figure
  logitlab compare --input dump.safetensors --modes f32,bf16-lse --formulas production,tail
  logitlab compare --input logits.npy --algorithm lse-naive,lse-shifted

A mode is a format (everything is computed in it), a preset, or a format with exceptions: f32+logits=bf16 stores logits
in bf16 and computes in f32. Places: logits, temperature, shift, exp, sum, total, logprob, probability, lse, product,
collision, combine; sum=f32:kahan sets the order of summation, softmax=online the algorithm, bf16/up the direction.
`logitlab list` names presets, formulas and algorithms.

Exit codes: 0 done, 1 an error bound was exceeded, 2 unusable input.";

/// Compare float precision modes: digits left of the update, by formula and confidence
///
/// Every formula is computed in every mode on policies whose chosen action has a given probability, one correctly
/// rounded operation after the other, and compared with a rigorous enclosure of its real meaning. Shown is the worst
/// case. Without arguments: the table that most users want.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// Modes, separated by commas
    #[arg(long, value_name = "MODES", value_delimiter = ',')]
    modes: Vec<String>,

    /// Formulas, or files with claims `meaning = formula`, separated by commas
    #[arg(long, value_name = "FORMULAS", value_delimiter = ',')]
    formulas: Vec<String>,

    /// Number of actions
    #[arg(long, value_name = "K", default_value_t = 10)]
    k: usize,

    /// Probabilities of the chosen action, as 0.9 or 1-1e-6, separated by commas
    #[arg(long, value_name = "PROBABILITIES", value_delimiter = ',')]
    p: Vec<String>,

    /// Policies for each probability
    #[arg(long, value_name = "N", default_value_t = 64)]
    cases: u64,

    /// Seed of everything random
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Direction of rounding in every format
    #[arg(long, value_name = "DIRECTION")]
    rounding: Option<String>,

    /// What becomes of results beyond the largest number
    #[arg(long, value_name = "POLICY")]
    overflow: Option<OverflowPolicy>,

    /// What errors are measured against
    #[arg(long, value_name = "POLICY", default_value = "stored")]
    reference: ReferencePolicy,

    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Output,

    #[command(flatten)]
    input: Input,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum OverflowPolicy {
    /// As the format's standard says: infinity, or NaN where there is none
    Standard,
    /// The largest number
    Saturate,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum ReferencePolicy {
    /// The policy of the logits as the mode stores them
    Stored,
    /// The policy of the logits as given: storing them counts
    Given,
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
}

/// The modes that are compared if none is named.
const MODES: [&str; 12] = [
    "f64",
    "f32",
    "bf16",
    "fp16",
    "e4m3fn",
    "e5m2",
    "bf16-stored",
    "fp8-stored",
    "bf16-sum32",
    "fp16-sum32",
    "fp8-sum32",
    "bf16-lse",
];

/// The formulas that are compared if none is named.
const FORMULAS: [&str; 5] = ["closed", "closed-lse", "direct", "tail", "factored"];

pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    if arguments.input.is_given() {
        let form = match arguments.format {
            Output::Text => Form::Text,
            Output::Json => Form::Json,
            Output::Csv => Form::Csv,
            _ => return Err(Failure::Unusable("--input prints text, json or csv: give one with --format".to_string())),
        };
        return arguments.input.compare(&plan(arguments)?, form);
    }
    let request = request(arguments)?;
    let bar = Progress::new(request.cases * request.rests.len() as u64, "policies");
    let compared = request.run(&|cases| bar.step(cases));
    bar.finish();
    let compared = compared.map_err(|error| Failure::Unusable(error.to_string()))?;
    show(&compared, arguments.format)?;
    let violations: u64 = compared.lines.iter().flat_map(|line| &line.cells).map(|cell| cell.counts.violations).sum();
    Ok(if violations == 0 { Ending::Good } else { Ending::Negative })
}

fn show(compared: &Comparison, format: Output) -> Result<(), Failure> {
    match format {
        Output::Text => print(&comparison::text(compared, &paint)),
        Output::Json => print_json(compared),
        Output::Csv => print(&comparison::csv(compared)),
        Output::Latex => print(&comparison::latex(compared)),
    }
}

fn request(arguments: &Arguments) -> Result<Request, Failure> {
    let unusable = |why: String| Failure::Unusable(why);
    if arguments.k < 2 {
        return Err(unusable(format!(
            "--k {}: with fewer than two actions nothing is ever updated; give 2 or more",
            arguments.k
        )));
    }
    if arguments.cases == 0 {
        return Err(unusable("--cases 0: give 1 or more".to_string()));
    }
    let rests = match arguments.p.as_slice() {
        [] => DEFAULT_RESTS.to_vec(),
        given => given.iter().map(|text| rest(text)).collect::<Result<_, _>>()?,
    };
    Ok(Request { plan: plan(arguments)?, k: arguments.k, rests, cases: arguments.cases })
}

fn plan(arguments: &Arguments) -> Result<Plan, Failure> {
    let rounding = match &arguments.rounding {
        Some(text) => {
            Some(text.parse::<Rounding>().map_err(|error| Failure::Unusable(format!("--rounding: {error}")))?)
        }
        None => None,
    };
    let modes: Vec<&str> = names(&arguments.modes, arguments.input.default_modes().unwrap_or(&MODES));
    let mode = |text: &&str| -> Result<Mode, Failure> {
        let mode: Mode = text.parse().map_err(|error| Failure::Unusable(format!("--modes: {error}")))?;
        Ok(mode.map(|mut target| {
            target.rounding = rounding.unwrap_or(target.rounding);
            target.overflow = match arguments.overflow {
                Some(OverflowPolicy::Saturate) => Overflow::Saturate,
                Some(OverflowPolicy::Standard) => Overflow::Standard,
                None => target.overflow,
            };
            target
        }))
    };
    let formulas: Vec<&str> = names(&arguments.formulas, &FORMULAS);
    Ok(Plan {
        modes: modes.iter().map(mode).collect::<Result<_, _>>()?,
        formulas: formulas.iter().map(|name| formula::load(name)).collect::<Result<_, _>>()?,
        temperature: BigRational::from_integer(1.into()),
        reference: match arguments.reference {
            ReferencePolicy::Stored => Reference::Stored,
            ReferencePolicy::Given => Reference::Given,
        },
        bounds: true,
        seed: arguments.seed,
    })
}

fn names<'a>(given: &'a [String], default: &[&'a str]) -> Vec<&'a str> {
    if given.is_empty() { default.to_vec() } else { given.iter().map(String::as_str).collect() }
}

/// 1 - P_c of a text such as `0.9` or `1-1e-6`, which keeps its digits.
fn rest(text: &str) -> Result<f64, Failure> {
    let problem = || {
        Failure::Unusable(format!(
            "--p {text}: a probability strictly between 0 and 1, such as 0.9 or 1-1e-6 (for 1 - 0.000001)"
        ))
    };
    let rest = match text.strip_prefix("1-") {
        Some(rest) => rest.parse::<f64>().map_err(|_| problem())?,
        None => 1.0 - text.parse::<f64>().map_err(|_| problem())?,
    };
    if rest > 0.0 && rest < 1.0 { Ok(rest) } else { Err(problem()) }
}
