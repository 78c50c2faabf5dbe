//! Goes through a file once, block by block, and counts.

use rayon::prelude::*;

use crate::arith::Fault;
use crate::certified::{self, Enclosures, Given, Path};
use crate::formats::{Format, Target};
use crate::formulas::Formula;
use crate::stats::merge::Merge as _;
use crate::study::{Emulator, Place, StudyError};

use super::claimed::{Claim, ClaimedCounts, Required};
use super::figures::{Computed, Counts, is_confident};
use super::kinds::ClaimedKind;
use super::modes::{ProductionMode, formulas};
use super::report::{Parts, Report};
use super::step::{Row, StepCounts, StepSize};

/// What is to be examined.
#[derive(Clone, Debug)]
pub struct Examination {
    /// The modes in which w is emulated.
    pub modes: Vec<ProductionMode>,
    /// The name of the mode that computes in the type of the file, which thresholds without a mode mean.
    pub own: String,
    /// The format in which logits are stored.
    pub stored: Format,
    /// The sizes of steps; none where logits are what a network puts out, not parameters.
    pub steps: Vec<StepSize>,
    /// The claimed columns, in the order of [`Batch::claimed`].
    pub claimed: Vec<(String, ClaimedKind)>,
    /// What claimed values must be right to.
    pub required: Required,
    /// What logits are divided by, positive: the decimal that was given, or an f64.
    pub temperature: Given,
}

/// Some rows of a file.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// What each row is in the file.
    pub rows: Vec<u64>,
    /// The batch and time of each row, from 0, where the tensor has them; may be empty where no row has them.
    pub positions: Vec<Option<[u64; 2]>>,
    /// The number of logits of a row.
    pub columns: usize,
    /// The logits, row after row: finite or -inf, at least one of each row finite.
    pub logits: Vec<f64>,
    /// The chosen actions.
    pub actions: Vec<usize>,
    /// The advantages, where steps use them.
    pub advantages: Option<Vec<f64>>,
    /// The claimed columns.
    pub claimed: Vec<Vec<f64>>,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum DoctorError<E> {
    /// The input cannot be read.
    #[error(transparent)]
    Input(E),
    /// A mode cannot be emulated.
    #[error(transparent)]
    Study(StudyError),
    /// A row without probabilities; those of a valid batch have them.
    #[error("row {row} (from 0): {fault}")]
    Undefined {
        /// The row.
        row: u64,
        /// What has no value.
        fault: Fault,
    },
}

/// Logits of a part of a batch, which one thread examines.
const PART: u64 = 1 << 20;
/// Logits of a batch.
const WHOLE: u64 = 1 << 22;

impl Examination {
    /// How many rows a batch is best made of: so that its parts keep all threads busy, and it takes some tens of MB.
    pub fn batch_rows(columns: u64) -> usize {
        let part = part_rows(columns);
        part * (WHOLE / (part as u64 * columns).max(1)).clamp(4, 4096) as usize
    }
}

fn part_rows(columns: u64) -> usize {
    (PART / columns.max(1)).clamp(1, 16) as usize
}

/// What is emulated together: modes that store the logits alike.
struct Group {
    /// Mode by number.
    members: Vec<(usize, Emulator)>,
    /// Whether storing changes nothing.
    is_given: bool,
}

/// Examines all batches, one after the other, each in parallel; the result does not depend on the number of threads as
/// long as the batches are the same. `done` is told how many more rows are finished.
///
/// # Errors
/// The first batch that cannot be read; a mode that cannot be emulated.
pub fn examine<E: Send>(
    examination: &Examination,
    columns: u64,
    batches: impl Iterator<Item = Result<Batch, E>>,
    done: &dyn Fn(u64),
) -> Result<Report, DoctorError<E>> {
    let groups = groups(examination)?;
    let mut total = Tallies::new(examination);
    for batch in batches {
        let batch = batch.map_err(DoctorError::Input)?;
        let count = batch.actions.len();
        let step = part_rows(batch.columns as u64);
        let starts: Vec<usize> = (0..count).step_by(step).collect();
        let part = |&start: &usize| part(examination, &groups, &batch, start..count.min(start + step));
        let parts: Vec<Result<Tallies, (u64, Fault)>> = starts.par_iter().map(part).collect();
        for part in parts {
            total.merge(part.map_err(|(row, fault)| DoctorError::Undefined { row, fault })?);
        }
        done(count as u64);
    }
    Ok(total.report(examination, columns))
}

fn groups<E>(examination: &Examination) -> Result<Vec<Group>, DoctorError<E>> {
    let formulas = formulas();
    let formulas: Vec<&Formula> = formulas.iter().collect();
    let mut groups: Vec<(Target, Group)> = Vec::new();
    for (index, production) in examination.modes.iter().enumerate() {
        let mode = &production.mode;
        let emulator = Emulator::new(mode, &formulas, examination.temperature).map_err(DoctorError::Study)?;
        let target = mode.target(Place::Logits);
        match groups.iter_mut().find(|(known, _)| *known == target) {
            Some((_, group)) => group.members.push((index, emulator)),
            None => {
                let is_given = target == Target::from(examination.stored);
                groups.push((target, Group { members: vec![(index, emulator)], is_given }));
            }
        }
    }
    Ok(groups.into_iter().map(|(_, group)| group).collect())
}

/// What is counted.
struct Tallies {
    rows: u64,
    confident: u64,
    by_reference: u64,
    modes: Vec<Counts>,
    steps: Vec<StepCounts>,
    claimed: Vec<ClaimedCounts>,
}

logitlab_numbers::merge_fields!(Tallies: rows, confident, by_reference, modes, steps, claimed);

impl Tallies {
    fn new(examination: &Examination) -> Tallies {
        Tallies {
            rows: 0,
            confident: 0,
            by_reference: 0,
            modes: vec![Counts::default(); examination.modes.len()],
            steps: vec![StepCounts::default(); examination.steps.len()],
            claimed: vec![ClaimedCounts::default(); examination.claimed.len()],
        }
    }

    fn report(self, examination: &Examination, columns: u64) -> Report {
        let modes = self.modes.iter().zip(&examination.modes);
        let modes = modes.map(|(counts, mode)| counts.figures(mode.mode.room())).collect();
        let steps = self.steps.iter().zip(&examination.steps);
        let columns_of = self.claimed.into_iter().zip(&examination.claimed);
        Report::new(
            examination,
            Parts {
                rows: self.rows,
                columns,
                confident_rows: self.confident,
                rows_by_reference: self.by_reference,
                modes,
                steps: steps.map(|(counts, size)| counts.figures(size.name())).collect(),
                claimed: columns_of
                    .map(|(counts, (name, kind))| counts.figures(name.clone(), *kind, &examination.required))
                    .collect(),
            },
        )
    }
}

/// Some rows of a batch.
fn part(
    examination: &Examination,
    groups: &[Group],
    batch: &Batch,
    rows: std::ops::Range<usize>,
) -> Result<Tallies, (u64, Fault)> {
    let k = batch.columns;
    let logits = &batch.logits[rows.start * k..rows.end * k];
    let (actions, numbers) = (&batch.actions[rows.clone()], &batch.rows[rows.clone()]);
    let mut tallies = Tallies::new(examination);
    let settings = certified::Settings { temperature: examination.temperature, ..certified::Settings::default() };
    let enclose = |logits: &[f64], action: usize| certified::enclose(&settings, logits, action);

    let mut given: Vec<Enclosures> = Vec::with_capacity(actions.len());
    for ((row, &action), &number) in logits.chunks_exact(k).zip(actions).zip(numbers) {
        let (found, path) = enclose(row, action).map_err(|fault| (number, fault))?;
        tallies.rows += 1;
        tallies.confident += u64::from(is_confident(&found.p));
        tallies.by_reference += u64::from(path != Path::Fast);
        given.push(found);
    }
    for group in groups {
        let Some((_, first)) = group.members.first() else { continue };
        let stored = if group.is_given { Vec::new() } else { first.store(logits) };
        let of_stored: Vec<Option<Enclosures>> = if group.is_given {
            given.iter().copied().map(Some).collect()
        } else {
            let one = |(row, &action): (&[f64], &usize)| enclose(row, action).ok().map(|(found, _)| found);
            stored.chunks_exact(k).zip(actions).map(one).collect()
        };
        for (index, emulator) in &group.members {
            let results = emulator.run(numbers[0], logits, actions);
            let [w, collision, log_probability] = &results[..] else { unreachable!("three formulas") };
            for row in 0..actions.len() {
                let computed = Computed { w: w[row], collision: collision[row], log_probability: log_probability[row] };
                tallies.modes[*index].add(computed, of_stored[row].as_ref(), &given[row]);
            }
        }
    }
    for (index, (row, truth)) in logits.chunks_exact(k).zip(&given).enumerate() {
        let advantage = batch.advantages.as_ref().map(|all| all[rows.start + index]);
        let mut row = Row::new(&examination.stored, row, actions[index], truth, examination.temperature);
        for (size, counts) in examination.steps.iter().zip(&mut tallies.steps) {
            row.count(size.of(advantage), counts);
        }
        for (column, ((_, kind), counts)) in examination.claimed.iter().zip(&mut tallies.claimed).enumerate() {
            let place = rows.start + index;
            let claim = Claim {
                row: numbers[index],
                position: batch.positions.get(place).copied().flatten(),
                action: actions[index],
                claimed: batch.claimed[column][place],
            };
            counts.add(*kind, &examination.required, claim, truth);
        }
    }
    Ok(tallies)
}
