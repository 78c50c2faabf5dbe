//! Goes through a file once, and counts.

use std::ops::Range;

use crate::certified::{self, Enclosures, MeasureError, Path};
use crate::formats::Target;
use crate::formulas::Formula;
use crate::source::{Block, Picked, Source, Watch, stream};
use crate::stats::merge::Merge as _;
use crate::study::{Emulator, Place, StudyError};

use super::claimed::{Claim, ClaimedCounts};
use super::examination::Examination;
use super::figures::{Computed, Counts, is_confident};
use super::modes::formulas;
use super::report::{Parts, Report};
use super::step::{Row, StepCounts};

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum DoctorError {
    /// The input cannot be read, or a row of it measured.
    #[error(transparent)]
    Measure(#[from] MeasureError),
    /// A mode cannot be emulated.
    #[error(transparent)]
    Study(StudyError),
}

/// Logits of a part, which one thread examines.
const PART: u64 = 1 << 20;

/// Rows of a part. Sums over rows are those of parts, so that their last digits depend on it.
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

/// Examines rows of a source until `watch` says to stop; the report is about those that were examined. It does not
/// depend on the number of threads.
///
/// # Errors
/// Rows that cannot be read; a mode that cannot be emulated.
pub fn examine(
    examination: &Examination,
    source: &Source,
    rows: &Picked,
    watch: Watch<'_>,
) -> Result<Report, DoctorError> {
    let groups = groups(examination)?;
    let mut total = Tallies::new(examination);
    let one = |_: &mut (), [block]: [&Block; 1], rows: Range<usize>| part(examination, &groups, source, block, rows);
    stream([source], rows, part_rows(source.columns), watch, one, |parts| {
        parts.into_iter().for_each(|part| total.merge(part));
        Ok::<_, MeasureError>(())
    })?;
    Ok(total.report(examination, source.columns))
}

fn groups(examination: &Examination) -> Result<Vec<Group>, DoctorError> {
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

/// Some rows of a block.
fn part(
    examination: &Examination,
    groups: &[Group],
    source: &Source,
    block: &Block,
    rows: Range<usize>,
) -> Result<Tallies, MeasureError> {
    let k = block.columns;
    let logits = &block.logits[rows.start * k..rows.end * k];
    let (actions, numbers) = (&block.actions[rows.clone()], &block.rows[rows.clone()]);
    let claimed: Vec<&[f64]> = examination.claimed.iter().map(|(name, _)| &block.named[name][rows.clone()]).collect();
    let advantages = block.advantages.as_ref().map(|all| &all[rows]);
    let mut tallies = Tallies::new(examination);
    let settings = certified::Settings { temperature: examination.temperature, ..certified::Settings::default() };
    let enclose = |logits: &[f64], action: usize| certified::enclose(&settings, logits, action);

    let mut given: Vec<Enclosures> = Vec::with_capacity(actions.len());
    for ((row, &action), &number) in logits.chunks_exact(k).zip(actions).zip(numbers) {
        let (found, path) = enclose(row, action).map_err(|fault| MeasureError::Undefined { row: number, fault })?;
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
        let advantage = advantages.map(|all| all[index]);
        let mut row = Row::new(&examination.stored, row, actions[index], truth, examination.temperature);
        for (size, counts) in examination.steps.iter().zip(&mut tallies.steps) {
            row.count(size.of(advantage), counts);
        }
        let position = source.position(numbers[index]);
        let columns = examination.claimed.iter().zip(&claimed);
        for (((_, kind), claimed), counts) in columns.zip(&mut tallies.claimed) {
            let claim = Claim { row: numbers[index], position, action: actions[index], claimed: claimed[index] };
            counts.add(*kind, &examination.required, claim, truth);
        }
    }
    Ok(tallies)
}
