//! `logitlab compare --exhaustive`: every case of a finite space.

use std::time::{Duration, Instant};

use super::outcome::pretty;
use super::{Ending, Failure, Outcome, Progress, interrupt, paint};
use crate::report::survey;
use crate::report::text::{Paint, Tone};
use crate::study::comparison::name;
use crate::study::exhaustive::{self, Space, Survey};
use crate::study::mode::Place;
use crate::study::run::policies;
use crate::study::{Mode, Plan};

/// What takes longer is not started without `--yes`.
const LONG: Duration = Duration::from_secs(600);

/// Runs every mode and formula of a plan on all logits of the mode's storage format.
pub fn run(plan: &Plan, k: usize, yes: bool) -> Result<Walked, Failure> {
    if let Some(formula) = plan.formulas.iter().find(|formula| policies(formula) != 1 || formula.quantity.is_none()) {
        let name = &formula.name;
        let why = "--exhaustive walks the logits of one policy and knows the truth of our quantities";
        return Err(format!("{why}; `{name}` is none of these").into());
    }
    let spaces = plan.modes.iter().map(|mode| space(mode, k)).collect::<Result<Vec<_>, _>>()?;
    let mut cases = 0.0;
    for (mode, space) in plan.modes.iter().zip(&spaces) {
        cases += space.count().map_or(f64::INFINITY, |count| count as f64) * plan.formulas.len() as f64;
        if space.count().is_none() {
            let of = mode.target(Place::Logits).format;
            return Err(format!("K = {k} in {of} has more than 2^64 cases: no run ends").into());
        }
    }
    let estimate = estimate(plan, &spaces, k, cases)?;
    if estimate > LONG && !yes {
        return Err(format!(
            "{cases:.1e} results would take about {} on this machine; give fewer actions, modes or formulas, or --yes",
            period(estimate)
        )
        .into());
    }
    interrupt::watch();
    let mut surveys = Vec::new();
    for (mode, space) in plan.modes.iter().zip(&spaces) {
        for formula in &plan.formulas {
            let bar = Progress::new(space.count().unwrap_or(u64::MAX), "cases");
            let found = exhaustive::run(plan, mode, formula, space, &|cases| bar.step(cases), &interrupt::asked);
            bar.finish();
            surveys.push(Survey::of(name(mode), mode, formula, space, found?));
            if interrupt::asked() {
                return Ok(Walked { surveys, complete: false });
            }
        }
    }
    Ok(Walked { surveys, complete: true })
}

/// What exhaustive runs came to.
pub struct Walked {
    surveys: Vec<Survey>,
    complete: bool,
}

impl Outcome for Walked {
    fn text(&self, paint: Paint<'_>) -> String {
        survey::text(&self.surveys, paint)
    }

    fn json(&self) -> Result<String, Failure> {
        pretty(&self.surveys)
    }

    fn ending(&self) -> Ending {
        let exceeded: u64 = self.surveys.iter().map(|survey| survey.cell.exceeded()).sum();
        Ending::of(self.complete, exceeded == 0)
    }

    fn notes(&self) -> String {
        let note = format!("{} this is what was finished\n", paint(Tone::Bad, "interrupted:"));
        if self.complete { String::new() } else { note }
    }
}

fn space(mode: &Mode, k: usize) -> Result<Space, Failure> {
    let format = mode.target(Place::Logits).format;
    if format.bits() > 16 {
        let bits = f64::from(format.bits()) * k as f64;
        return Err(format!(
            "--exhaustive: logits stored in {format} at K = {k} are 2^{bits} cases, which at 10^8 a second take {}; \
             formats of up to 16 bits can be walked",
            period(Duration::try_from_secs_f64(libm::exp2(bits) / 1e8).unwrap_or(Duration::MAX))
        )
        .into());
    }
    Ok(Space::new(&format, k))
}

/// How long it will take, from a small part of it.
fn estimate(plan: &Plan, spaces: &[Space], k: usize, cases: f64) -> Result<Duration, Failure> {
    let (Some(mode), Some(formula), Some(space)) = (plan.modes.first(), plan.formulas.first(), spaces.first()) else {
        return Ok(Duration::ZERO);
    };
    let limit: u64 = 1 << 20;
    if cases <= 64.0 * limit as f64 {
        return Ok(Duration::ZERO);
    }
    let start = Instant::now();
    let seen = std::sync::atomic::AtomicU64::new(0);
    let done = |count: u64| _ = seen.fetch_add(count, std::sync::atomic::Ordering::Relaxed);
    let enough = || seen.load(std::sync::atomic::Ordering::Relaxed) >= limit;
    exhaustive::run(plan, mode, formula, space, &done, &enough).map_err(|error| format!("K = {k}: {error}"))?;
    let rate = seen.load(std::sync::atomic::Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64();
    Ok(Duration::try_from_secs_f64(cases / rate).unwrap_or(Duration::MAX))
}

/// A time as people say it.
fn period(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        _ if seconds < 120.0 => format!("{seconds:.0} seconds"),
        _ if seconds < 7200.0 => format!("{:.0} minutes", seconds / 60.0),
        _ if seconds < 172_800.0 => format!("{:.0} hours", seconds / 3600.0),
        _ if seconds < 63_115_200.0 => format!("{:.0} days", seconds / 86_400.0),
        _ => format!("{:.0} years", seconds / 31_557_600.0),
    }
}
