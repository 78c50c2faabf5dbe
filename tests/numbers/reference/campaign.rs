//! The fast path held against the reference: on every row the fast enclosure contains the reference's.
//!
//! `make test` runs a slice; `make campaign` runs 100,000 rows of up to 262,144 actions. `LOGITLAB_ROW=n` runs one row
//! and prints it, and `LOGITLAB_ROWS=FILE` runs every row of a .safetensors file with tensors `logits` (F32) and
//! `actions` (I64).

use std::collections::BTreeMap;
use std::env;

use logitlab::arith::interval::Interval;
use logitlab::arith::scaled::Scaled;
use logitlab::certified::reference::Reference;
use logitlab::certified::{Enclosures, Path, enclose, fast};
use rayon::prelude::*;
use rug::Float;

use crate::reference::rows::{Row, row};

const SEED: u64 = 5;

/// The first attempt; the second has twice the bits.
const BITS: u32 = 128;

/// Whether an enclosure contains the reference's. Where that says no more than that a number is below those that MPFR
/// has, 2^(-2^30), the two must not exclude each other.
fn contains(outer: Scaled, inner: &Interval) -> bool {
    let exponent = outer.exponent.clamp(i32::MIN.into(), i32::MAX.into()) as i32;
    let [lo, hi] = [outer.lo, outer.hi].map(|end| Float::with_val(53, end) << exponent);
    if is_below_all(inner) { lo <= *inner.hi() && *inner.lo() <= hi } else { lo <= *inner.lo() && *inner.hi() <= hi }
}

/// Whether an interval reaches from 0 to what is about the least number that MPFR has.
fn is_below_all(x: &Interval) -> bool {
    let tiny = |end: &Float| end.get_exp().is_some_and(|exponent| exponent < rug::float::exp_min() / 2);
    !x.is_point() && (x.lo().is_zero() && tiny(x.hi()) || x.hi().is_zero() && tiny(x.lo()))
}

/// The quantities whose fast enclosure does not contain the reference's, at `bits` bits.
fn outside(found: &Enclosures, row: &Row, bits: u32) -> Vec<String> {
    let reference = Reference::shared(bits, row.settings.temperature);
    let truth = reference.enclose_precise(&row.logits, row.action).expect("a row with a softmax");
    let pairs = found.named().into_iter().zip(truth.named());
    let missed = pairs.filter(|((_, fast), (_, truth))| !contains(*fast, truth));
    missed.map(|((name, fast), (_, truth))| format!("{name}: {fast:?} does not contain {truth:?}")).collect()
}

/// What became of a row.
enum Outcome {
    Contained,
    /// To MPFR, and why.
    HandedOver(String),
    Failed(String),
}

/// Why a row was handed over: the quantity that is relatively widest in f64, and how wide it is.
fn reason(row: &Row) -> String {
    let found = fast::enclose(&row.logits, row.action, row.settings.temperature).expect("a row with a softmax");
    let asked = ["p", "rest", "collision", "w", "norm", "surprisal"];
    let widths = found.named().map(|(name, x)| (name, x.relative_width()));
    let asked = widths.into_iter().filter(|(name, _)| asked.contains(name));
    let (name, width) = asked.max_by(|a, b| a.1.total_cmp(&b.1)).expect("six quantities");
    match width {
        f64::INFINITY => format!("{name}: not enclosed in f64"),
        _ => format!("{name}: as wide as 2^{:.0}", libm::log2(width)),
    }
}

fn judge(row: &Row) -> Outcome {
    let (found, path) = enclose(&row.settings, &row.logits, row.action).expect("a row with a softmax");
    let missed = outside(&found, row, BITS);
    let missed = if missed.is_empty() { missed } else { outside(&found, row, 2 * BITS) };
    match path {
        _ if !missed.is_empty() => Outcome::Failed(missed.join("; ")),
        Path::Fast => Outcome::Contained,
        Path::Reference(_) => Outcome::HandedOver(reason(row)),
    }
}

/// Rows by kind: how many there were, and how many were handed over for each reason.
#[derive(Default)]
struct Tally {
    kinds: BTreeMap<&'static str, u64>,
    handed_over: BTreeMap<(&'static str, String), u64>,
    failures: Vec<String>,
}

impl Tally {
    fn count(mut self, (row, outcome): (Row, Outcome), replay: impl Fn() -> String) -> Tally {
        *self.kinds.entry(row.kind).or_default() += 1;
        match outcome {
            Outcome::Contained => {}
            Outcome::HandedOver(why) => *self.handed_over.entry((row.kind, why)).or_default() += 1,
            Outcome::Failed(what) => self.failures.push(format!("{}: {what}\n  replay: {}", row.words, replay())),
        }
        self
    }

    fn merge(mut self, other: Tally) -> Tally {
        other.kinds.into_iter().for_each(|(kind, count)| *self.kinds.entry(kind).or_default() += count);
        other.handed_over.into_iter().for_each(|(why, count)| *self.handed_over.entry(why).or_default() += count);
        self.failures.extend(other.failures);
        self
    }

    /// Prints the shares, and fails where a row did.
    fn conclude(self) {
        let rows: u64 = self.kinds.values().sum();
        let handed_over: u64 = self.handed_over.values().sum();
        println!(
            "rows handed over to MPFR: {handed_over} of {rows} ({:.2} %)",
            100.0 * handed_over as f64 / rows as f64
        );
        for ((kind, why), count) in &self.handed_over {
            println!("  {count} of {} rows {kind}: {why}", self.kinds[kind]);
        }
        let count = self.failures.len();
        assert!(count == 0, "{count} rows of {rows} are not contained:\n{}", self.failures.join("\n"));
    }
}

/// Runs rows `0..rows`, and fails with how each that fails is replayed.
fn run(rows: u64, largest: u64) {
    let one = |index: u64| {
        let row = row(SEED, index, largest);
        let outcome = judge(&row);
        let replay = || format!("LOGITLAB_ROW={index}:{largest} cargo test --test numbers one_row -- --nocapture");
        Tally::default().count((row, outcome), replay)
    };
    (0..rows).into_par_iter().map(one).reduce(Tally::default, Tally::merge).conclude();
}

#[test]
fn a_slice() {
    run(1_000, 4_096);
}

#[test]
fn all_when_asked() {
    if env::var_os("LOGITLAB_CAMPAIGN").is_some() {
        run(100_000, 262_144);
    }
}

/// `LOGITLAB_ROW=index:largest`
#[test]
fn one_row_when_asked() {
    let Ok(which) = env::var("LOGITLAB_ROW") else { return };
    let (index, largest) = which.split_once(':').expect("index:largest");
    let row = row(SEED, index.parse().expect("a number"), largest.parse().expect("a number"));
    let (found, path) = enclose(&row.settings, &row.logits, row.action).expect("a row with a softmax");
    let reference = Reference::shared(BITS, row.settings.temperature);
    let truth = reference.enclose_precise(&row.logits, row.action).expect("a row with a softmax");
    println!("{} ({path:?})", row.words);
    for ((name, fast), (_, truth)) in found.named().into_iter().zip(truth.named()) {
        println!("{name:14} {fast:?}\n  width 2^{:.1}  {truth:?}", libm::log2(fast.relative_width()));
    }
    assert!(!matches!(judge(&row), Outcome::Failed(_)));
}

#[test]
fn rows_of_a_file_when_asked() {
    let Some(path) = env::var_os("LOGITLAB_ROWS") else { return };
    let bytes = std::fs::read(path).expect("a file");
    let tensors = safetensors::SafeTensors::deserialize(&bytes).expect("a .safetensors file");
    let [logits, actions] = ["logits", "actions"].map(|name| tensors.tensor(name).expect("a tensor"));
    let k = logits.shape()[1];
    let read = |bytes: &[u8]| f64::from(f32::from_le_bytes(bytes.try_into().expect("four bytes")));
    let rows: Vec<&[u8]> = logits.data().chunks_exact(4 * k).collect();
    let actions: Vec<&[u8]> = actions.data().chunks_exact(8).collect();
    let one = |index: usize| {
        let logits = rows[index].chunks_exact(4).map(read).collect();
        let action = i64::from_le_bytes(actions[index].try_into().expect("eight bytes")) as usize;
        let row = Row { words: format!("row {index}"), kind: "stored", logits, action, settings: Default::default() };
        let outcome = judge(&row);
        Tally::default().count((row, outcome), || "the row of the file".to_string())
    };
    (0..rows.len()).into_par_iter().map(one).reduce(Tally::default, Tally::merge).conclude();
}

/// An enclosure that is a little too narrow, or in the wrong place, does not pass.
#[test]
fn what_does_not_contain_the_truth_is_found() {
    let mut rows = (0..).map(|index| row(SEED, index, 100));
    let row = rows.find(|row| row.kind == "gaussian" && row.logits.len() > 50).expect("one of many");
    let (found, _) = enclose(&row.settings, &row.logits, row.action).expect("a row with a softmax");
    assert!(outside(&found, &row, BITS).is_empty());
    let moved = |x: Scaled| Scaled { lo: x.hi.next_up(), hi: x.hi.next_up(), ..x };
    for (wrong, name) in [
        (Enclosures { w: moved(found.w), ..found }, "w: "),
        (Enclosures { entropy_slope: moved(found.entropy_slope), ..found }, "entropy_slope: "),
        (Enclosures { p: Scaled { hi: found.p.lo, ..found.p }, ..found }, "p: "),
    ] {
        let missed = outside(&wrong, &row, BITS);
        assert!(missed.len() == 1 && missed[0].starts_with(name), "{missed:?}");
    }
}
