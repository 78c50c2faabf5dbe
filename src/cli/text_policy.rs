//! `logitlab text-policy`: a small policy over characters, and its logits as a file.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::options::{self, Listed, named};
use super::outcome::pretty;
use super::{Done, Ending, Failure, Json, Progress, interrupt, output};
use crate::dynamics::characters::{BATCH, CharacterPolicy, MOST_CONTEXT, OBJECTIVES, Objective, Training};
use crate::dynamics::corpus::{Corpus, TEXTS};
use crate::dynamics::dump;
use crate::report::text::Paint;
use crate::stats::bands::{BANDS, BORDERS};
use crate::study::Mode;
use crate::study::mode::Place;

const AFTER_HELP: &str = "\
Examples:
  logitlab text-policy --out policy.safetensors
  logitlab text-policy --out rl.safetensors --train reinforce
  logitlab text-policy --out bf16.safetensors --mode bf16-stored
  logitlab measure policy.safetensors                 the size of its updates
  logitlab doctor policy.safetensors                  what training code makes of them
  logitlab compare --input policy.safetensors --modes bf16,bf16-lse --formulas production,tail
  logitlab diff policy.safetensors bf16.safetensors   what bf16 tables have done to it

The policy predicts the next character of documentation that logitlab carries with it. Its table
has a row of logits for each context of the last 0, 1, ... characters, and the logits of a position
are the sum of its rows: a step moves each by g (e_c - P). Modes are those of `logitlab compare`;
the table is stored as their logits are.

Exit codes: 0 done, 2 unusable input, 130 interrupted, with nothing written.";

/// Train a small character policy and write its logits
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// The file to write, .safetensors: logits [rows, V] and actions [rows]
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,

    /// xent (cross-entropy) or reinforce (policy gradient)
    #[arg(long, value_name = "NAME", default_value = "xent")]
    train: String,

    /// The float mode of training
    #[arg(long, value_name = "MODE", default_value = "f32")]
    mode: Mode,

    /// How many of the last characters the policy sees
    #[arg(long, value_name = "N", default_value_t = 5,
          value_parser = clap::value_parser!(u64).range(0..=MOST_CONTEXT as u64))]
    context: u64,

    /// Steps of 32 positions each
    #[arg(long, value_name = "N", default_value_t = 3000)]
    steps: u64,

    /// Steps of cross-entropy before those of reinforce, which learns nothing from an even policy [default: 1000]
    #[arg(long, value_name = "N")]
    warm_up: Option<u64>,

    /// The learning rate
    #[arg(long, value_name = "RATE", default_value_t = 0.5, allow_negative_numbers = true,
          value_parser = options::positive)]
    eta: f64,

    /// Rows of the file: the last positions of the text
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = clap::value_parser!(u64).range(1..))]
    rows: u64,

    /// Seed of everything random
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    #[command(flatten)]
    json: Json,
}

/// What was trained and written.
#[derive(Serialize)]
struct Document {
    schema: u32,
    text: Vec<&'static str>,
    characters: usize,
    alphabet: usize,
    contexts: usize,
    #[serde(flatten)]
    note: Note,
    positions_of_a_step: usize,
    /// The mean of -log P of the text's own characters in nats, of the even policy and of the trained one.
    loss: [f64; 2],
    /// The mean of P of them, which is the expected reward.
    reward: [f64; 2],
    file: String,
    rows: usize,
    dtype: String,
    /// Rows with P_c above 0.9, 0.99 and 0.999.
    confident: [usize; 3],
}

/// The configuration, which the file carries as metadata too.
#[derive(Clone, Serialize)]
struct Note {
    version: &'static str,
    train: &'static str,
    mode: String,
    context: u64,
    warm_up: u64,
    steps: u64,
    eta: f64,
    seed: u64,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    let table = OBJECTIVES.iter().map(|&(name, objective, _)| (name, (name, objective)));
    let (name, objective) = named("objective", &arguments.train, table, Listed::Here)?;
    if arguments.out.extension().is_none_or(|suffix| suffix != "safetensors") {
        let path = arguments.out.display();
        return Err(format!("--out {path}: give the name of a file that ends in .safetensors").into());
    }
    if objective == Objective::CrossEntropy && arguments.warm_up.is_some() {
        return Err("--warm-up is for --train reinforce; give --steps alone".into());
    }
    let training = Training {
        objective,
        mode: arguments.mode,
        context: arguments.context as usize,
        warm_up: if objective == Objective::Reinforce { arguments.warm_up.unwrap_or(1000) } else { 0 },
        steps: arguments.steps,
        eta: arguments.eta,
        seed: arguments.seed,
    };
    let before = CharacterPolicy::new(Corpus::own(), 0, &training.mode)?.quality();
    interrupt::watch();
    let bar = Progress::new(training.warm_up.saturating_add(training.steps), "steps");
    let policy = CharacterPolicy::train(Corpus::own(), &training, &interrupt::asked, &|| bar.step(1));
    bar.finish();
    let mut policy = policy?;
    if interrupt::asked() {
        return Ok(Done::new(String::new()).ending(Ending::Interrupted));
    }
    let positions = policy.last(usize::try_from(arguments.rows).unwrap_or(usize::MAX), &training)?;
    let after = policy.quality();
    let note = Note {
        version: env!("CARGO_PKG_VERSION"),
        train: name,
        mode: arguments.mode.to_string(),
        context: arguments.context,
        warm_up: training.warm_up,
        steps: arguments.steps,
        eta: arguments.eta,
        seed: arguments.seed,
    };
    let format = training.mode.target(Place::Logits).format;
    let metadata = serde_json::to_string(&note).expect("plain data");
    let (bytes, dtype) = dump::safetensors(&positions, &format, &metadata);
    output::write_bytes(&arguments.out, &bytes)?;
    let [_, bands @ ..] = BANDS;
    let document = Document {
        schema: 1,
        text: TEXTS.map(|(path, _)| path).to_vec(),
        characters: policy.corpus().text.len(),
        alphabet: policy.corpus().alphabet.len(),
        contexts: policy.contexts(),
        note,
        positions_of_a_step: BATCH,
        loss: [before[0], after[0]],
        reward: [before[1], after[1]],
        file: arguments.out.display().to_string(),
        rows: positions.actions.len(),
        dtype,
        confident: bands.map(|band| positions.above(band.low)),
    };
    Ok(Done::told(document, text, pretty).json(arguments.json.json))
}

fn text(document: &Document, _: Paint<'_>) -> String {
    let Document { note, loss, reward, file, dtype, .. } = document;
    let share = |rows: usize| format!("{:.1} %", 100.0 * rows as f64 / document.rows as f64);
    let confident = |(p, rows): (&&str, usize)| format!("        P_c > {p} in {rows} rows ({})\n", share(rows));
    let confident: String = BORDERS[1..].iter().zip(document.confident).map(confident).collect();
    let warm_up = if note.warm_up > 0 { format!("{} steps of xent, then ", note.warm_up) } else { String::new() };
    format!(
        "text    {} characters, {} different: {}\n\
         policy  {} contexts of the last 0 to {} characters, a row of logits each\n\
         train   {warm_up}{} steps of {} in {}, {} positions each, learning rate {}, seed {}\n\
         text's  mean -log P {:.3} nats, before {:.3}; mean P {:.3}, before {:.3}\n\
         rows    the last {} positions, logits in {dtype}\n{confident}\
         file    {file}: see logitlab measure {file}, logitlab doctor {file}\n",
        document.characters,
        document.alphabet,
        document.text.join(" and "),
        document.contexts,
        note.context,
        note.steps,
        note.train,
        note.mode,
        document.positions_of_a_step,
        note.eta,
        note.seed,
        loss[1],
        loss[0],
        reward[1],
        reward[0],
        document.rows,
    )
}
