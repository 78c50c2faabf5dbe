//! `logitlab rates`: how fast the exact gradient converges on bandits.

use clap::Args;
use serde::Serialize;

use super::outcome::pretty;
use super::{Done, Ending, Failure, Json, Progress};
use crate::dynamics::arms::MOST_ARMS;
use crate::dynamics::rate::{RATE_LIMIT, Rate, RateRequest};
use crate::report;
use crate::report::text::Paint;

const AFTER_HELP: &str = "\
Examples:
  logitlab rates                                   K = 2, 3, 5, 10, over 10^5 steps
  logitlab rates --k 100 --bandits 8 --steps 1000000
  logitlab rates --eta 0.1 --json

Theory (Mei et al., arXiv:2005.06392): the loss r* - <P, r> of softmax policy gradient with the
true gradient is O(1/t), and no smaller in order. The exponent is fitted by least squares to
log(loss) against log(t), decade by decade.

Exit codes: 0 no loss exceeds the bound, 1 one does, 2 unusable input.";

/// Fit how fast the exact gradient converges, against theory
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// Numbers of actions, separated by commas
    #[arg(long, value_name = "K", value_delimiter = ',', default_values_t = [2, 3, 5, 10])]
    k: Vec<usize>,

    /// Bandits for each of them
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u64).range(2..))]
    bandits: u64,

    /// The learning rate, below 0.8
    #[arg(long, value_name = "RATE", default_value_t = 0.4, allow_negative_numbers = true)]
    eta: f64,

    /// Steps of each
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(100..))]
    steps: u64,

    /// Seed of the rewards
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    #[command(flatten)]
    json: Json,
}

#[derive(Serialize)]
struct Fitted {
    schema: u32,
    rates: Vec<Rate>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    let eta = arguments.eta;
    if !(eta > 0.0 && eta < RATE_LIMIT) {
        let why = "the theory is about rates between 0 and";
        return Err(format!("--eta {eta}: {why} {RATE_LIMIT}; give one, such as 0.4").into());
    }
    if let Some(k) = arguments.k.iter().find(|k| !(2..=MOST_ARMS).contains(*k)) {
        return Err(format!("--k {k}: a bandit has 2 to {MOST_ARMS} actions").into());
    }
    let bar = Progress::new(arguments.bandits * arguments.k.len() as u64, "bandits");
    let one = |&k: &usize| {
        let request = RateRequest { k, bandits: arguments.bandits, eta, steps: arguments.steps, seed: arguments.seed };
        request.fit(&|| bar.step(1))
    };
    let rates: Vec<Rate> = arguments.k.iter().map(one).collect();
    bar.finish();
    let good = !rates.iter().any(|rate| rate.of_bound > 1.0);
    let text = |fitted: &Fitted, paint: Paint<'_>| report::rates::text(&fitted.rates, paint);
    let done = Done::told(Fitted { schema: 1, rates }, text, pretty);
    Ok(done.json(arguments.json.json).ending(Ending::of(true, good)))
}
