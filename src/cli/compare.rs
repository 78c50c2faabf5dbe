//! `logitlab compare`: what float precision modes leave of an update, formula by formula.

use clap::{Args, ValueEnum};
use num_rational::BigRational;

use super::compare_input::Input;
use super::options::{Listed, OverflowPolicy, named};
use super::rendering::{Drawn, Rendering};
use super::reported::{Reported, command};
use super::{Done, Ending, Failure, Outcome, Progress, exhaustive, subject};
use crate::document::Results;
use crate::dynamics::studies;
use crate::formats::Rounding;
use crate::report::text::Paint;
use crate::study::comparison::{Comparison, ComparisonRequest, parse_rest};
use crate::study::{Mode, Plan, Reference, STUDIES, registry};

const AFTER_HELP: &str = "\
Examples:
  logitlab compare                                       digits left in common modes, by formula
  logitlab compare --modes bf16,fp16 --k 1000            two modes, more actions
  logitlab compare --modes 'f32+logits=bf16+sum=f32:pairwise' --formulas closed,tail
  logitlab compare --formulas logp-logits,logp-softmax --p 0.9,1-1e-6
  logitlab compare --formulas my.proof                   a formula of your own, from a claim file
  logitlab compare --format csv -o errors.csv            every figure
  logitlab compare --format svg -o errors.svg            relative error against 1 - P_c, mode by mode
  logitlab compare --format svg --plot digits --modes fp16 --formulas tail --k 10,1000
  logitlab compare --study study-thresholds              a study that can be cited
  logitlab compare --input dump.safetensors --modes f32,bf16-lse --formulas production,tail
  logitlab compare --input logits.npy --algorithm lse-naive,lse-shifted
  logitlab compare --exhaustive --modes e4m3fn --formulas tail   all pairs of logits

A mode is a format (everything is computed in it), a preset, or a format with exceptions: f32+logits=bf16 stores logits
in bf16 and computes in f32. Places: logits, temperature, shift, exp, sum, total, logprob, probability, lse, product,
collision, combine; sum=f32:kahan sets the order of summation, softmax=online the algorithm, bf16/up the direction.
`logitlab list` names presets, formulas and algorithms.

Exit codes: 0 done, 1 an error bound was exceeded, 2 unusable input.";

/// Compare float precision modes: digits left of the update
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

    /// Number of actions; several, separated by commas, for a plot of digits [default: 10]
    #[arg(long, value_name = "K", value_delimiter = ',')]
    k: Vec<usize>,

    /// Probabilities of the chosen action, as 0.9 or 1-1e-6, separated by commas
    #[arg(long, value_name = "PROBABILITIES", value_delimiter = ',', value_parser = parse_rest)]
    p: Vec<f64>,

    /// Policies for each probability [default: 64; for a plot 16, of digits 4]
    #[arg(long, value_name = "N")]
    cases: Option<u64>,

    /// Climb from random policies to worse ones, trying so many for each cell
    #[arg(long, value_name = "N", default_value_t = 0)]
    search: u64,

    /// Seed of everything random
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Direction of rounding in every format
    #[arg(long, value_name = "DIRECTION")]
    rounding: Option<Rounding>,

    /// What becomes of results beyond the largest number
    #[arg(long, value_name = "POLICY")]
    overflow: Option<OverflowPolicy>,

    /// What errors are measured against
    #[arg(long, value_name = "POLICY", default_value = "stored")]
    reference: ReferencePolicy,

    /// Run all logits of the mode's storage format instead of samples; K is 2 unless given
    #[arg(long, conflicts_with_all = ["p", "cases", "search"])]
    exhaustive: bool,

    /// Start even what takes long
    #[arg(long, requires = "exhaustive")]
    yes: bool,

    /// Leave the error bounds out, which saves a third of the time
    #[arg(long)]
    no_bounds: bool,

    /// A study by its id, all of whose parameters are fixed (see `logitlab list`)
    #[arg(long, value_name = "ID", conflicts_with_all = [
        "modes", "formulas", "k", "p", "cases", "seed", "rounding", "overflow", "reference", "exhaustive", "no_bounds", "search",
    ])]
    study: Option<String>,

    #[command(flatten)]
    rendering: Rendering,

    #[command(flatten)]
    input: Input,

    #[command(flatten)]
    reported: Reported,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum ReferencePolicy {
    /// The policy of the logits as the mode stores them
    Stored,
    /// The policy of the logits as given: storing them counts
    Given,
}

pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    arguments.reported.check()?;
    let rendering = &arguments.rendering;
    let is_input = arguments.input.is_given()?;
    if arguments.reported.is_asked() && (is_input || arguments.exhaustive) {
        let option = if is_input { "--input" } else { "--exhaustive" };
        let why = "what is compared there has no page; leave one of them out";
        return Err(format!("--report does not go with {option}: {why}").into());
    }
    if is_input {
        let form = rendering.form()?;
        let compared = arguments.input.compare(&plan(arguments, Drawn::Table)?, form)?;
        return Ok(Done::new(compared).json(rendering.is_json()).code(!rendering.is_text()));
    }
    if arguments.exhaustive {
        let k = *arguments.k.first().unwrap_or(&2);
        rendering.check_exhaustive()?;
        let walked = exhaustive::run(&plan(arguments, Drawn::Table)?, actions(k)?, arguments.yes)?;
        return Ok(Done::new(walked).json(rendering.is_json()).out(rendering.out()));
    }
    let drawn = rendering.drawn()?;
    let requests = match &arguments.study {
        Some(id) => vec![study(id)?],
        None => requests(arguments, drawn)?,
    };
    drawn.fits(requests.iter().map(|request| request.plan.lines()).sum())?;
    let policies = requests.iter().map(|request| request.cases * request.rests.len() as u64).sum();
    let bar = Progress::new(policies, "policies");
    let compared: Result<Vec<Comparison>, _> =
        requests.iter().map(|request| request.run(&|cases| bar.step(cases))).collect();
    bar.finish();
    let done = Done::new(Compared { compared: compared?, rendering }).code(!rendering.is_text());
    Ok(done.json(rendering.is_json()).out(rendering.out()).report(&arguments.reported, "logitlab compare"))
}

/// Comparisons, and how they are to be printed.
struct Compared<'a> {
    compared: Vec<Comparison>,
    rendering: &'a Rendering,
}

impl Outcome for Compared<'_> {
    fn text(&self, paint: Paint<'_>) -> String {
        self.rendering.text(&self.compared, paint)
    }

    fn json(&self) -> Result<String, Failure> {
        self.rendering.json(&self.compared)
    }

    fn ending(&self) -> Ending {
        Ending::of(true, self.compared.iter().map(Comparison::exceeded).sum::<u64>() == 0)
    }

    fn results(&self, _: &str) -> Results<'_> {
        Results {
            title: "logitlab: precision modes, compared".into(),
            command: command(),
            compared: self.compared.clone(),
            ..Results::default()
        }
    }
}

/// The comparison of a study.
fn study(id: &str) -> Result<ComparisonRequest, Failure> {
    if studies::find(id).is_some() {
        let why = "it compares runs of training, not formulas";
        return Err(format!("--study {id}: {why}; `logitlab show {id}` prints its figures").into());
    }
    let table = STUDIES.iter().map(|study| (study.id, study));
    named("study", id, table, Listed::Here).map(registry::Study::request)
}

/// A comparison for each K.
fn requests(arguments: &Arguments, drawn: Drawn) -> Result<Vec<ComparisonRequest>, Failure> {
    let ks = if arguments.k.is_empty() { drawn.ks() } else { &arguments.k };
    if ks.len() > 1 && drawn != Drawn::Digits {
        let why = "several numbers of actions make a plot of digits only";
        return Err(format!("--k: {why}; give one, or --format svg --plot digits").into());
    }
    ks.iter().map(|&k| request(arguments, drawn, k)).collect()
}

fn request(arguments: &Arguments, drawn: Drawn, k: usize) -> Result<ComparisonRequest, Failure> {
    let k = actions(k)?;
    let cases = arguments.cases.unwrap_or_else(|| drawn.cases());
    if cases == 0 {
        return Err("--cases 0: give 1 or more".into());
    }
    let rests = if arguments.p.is_empty() { drawn.rests() } else { arguments.p.clone() };
    Ok(ComparisonRequest { plan: plan(arguments, drawn)?, k, rests, cases, search: arguments.search })
}

/// The most actions that are compared: every operation on every logit is a step in memory.
const MOST_ACTIONS: usize = 1 << 18;

/// A number of actions that can be compared.
fn actions(k: usize) -> Result<usize, Failure> {
    match k {
        0..=1 => Err(format!("--k {k}: with fewer than two actions nothing is ever updated; give 2 or more").into()),
        2..=MOST_ACTIONS => Ok(k),
        _ => Err(format!("--k {k}: at most {MOST_ACTIONS} actions are compared; give fewer").into()),
    }
}

fn plan(arguments: &Arguments, drawn: Drawn) -> Result<Plan, Failure> {
    let modes: Vec<&str> = names(&arguments.modes, arguments.input.default_modes().unwrap_or(drawn.modes()));
    let mode = |text: &&str| -> Result<Mode, Failure> {
        let mode: Mode = text.parse().map_err(|error| format!("--modes: {error}"))?;
        Ok(mode.map(|mut target| {
            target.rounding = arguments.rounding.unwrap_or(target.rounding);
            target.overflow = arguments.overflow.map_or(target.overflow, Into::into);
            target
        }))
    };
    let formulas: Vec<&str> = names(&arguments.formulas, drawn.formulas());
    Ok(Plan {
        modes: modes.iter().map(mode).collect::<Result<_, _>>()?,
        formulas: formulas.iter().map(|name| subject::formula(name)).collect::<Result<_, _>>()?,
        temperature: BigRational::from_integer(1.into()),
        reference: match arguments.reference {
            ReferencePolicy::Stored => Reference::Stored,
            ReferencePolicy::Given => Reference::Given,
        },
        bounds: !arguments.no_bounds,
        seed: arguments.seed,
    })
}

fn names<'a>(given: &'a [String], default: &[&'a str]) -> Vec<&'a str> {
    if given.is_empty() { default.to_vec() } else { given.iter().map(String::as_str).collect() }
}
