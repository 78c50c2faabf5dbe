//! Many runs in one mode: rows of a table, and what each run came to.

use std::ops::ControlFlow;

use crate::study::Mode;

use super::experiment::Experiment;
use super::group::{Group, Pace, groups};
use super::outcome::{Outcome, TrainError};
use super::row::Row;

/// Trains all runs of an experiment in a mode. Of every `every`-th step, and the last, a row goes to `each`, run by
/// run; none where it is 0. Results do not depend on the number of threads. `stop` is asked every moment.
///
/// The rows of a thousand runs are in memory together; [`Group::advance`] hands them on as they come.
///
/// # Errors
/// If the mode cannot be computed, or training diverges until there is no policy.
pub fn train(
    experiment: &Experiment,
    mode: &Mode,
    every: u64,
    stop: &(dyn Fn() -> bool + Sync),
    done: &(dyn Fn(u64) + Sync),
    mut each: impl FnMut(Outcome, Vec<Row>) -> ControlFlow<()>,
) -> Result<(), TrainError> {
    for runs in groups(experiment) {
        let mut group = Group::new(experiment, mode, runs.clone())?;
        let mut pace = Pace::default();
        let mut rows: Vec<Vec<Row>> = runs.clone().map(|_| Vec::new()).collect();
        while group.step() < experiment.steps {
            if stop() {
                return Err(TrainError::Stopped);
            }
            let before = group.step();
            for row in pace.go(u64::MAX, |steps| group.advance(steps, every))? {
                rows[(row.run - runs.start) as usize].push(row);
            }
            done((group.step() - before) * rows.len() as u64);
        }
        for (outcome, rows) in group.outcomes().into_iter().zip(rows) {
            if each(outcome, rows).is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trained(runs: u64, mode: &str, every: u64) -> Vec<(Outcome, Vec<Row>)> {
        let experiment = Experiment { runs, steps: 50, ..Experiment::new("bernoulli:0.1,0.8".parse().unwrap()) };
        let mut all = Vec::new();
        let each = |outcome, rows| {
            all.push((outcome, rows));
            ControlFlow::Continue(())
        };
        train(&experiment, &mode.parse().unwrap(), every, &|| false, &|_| {}, each).unwrap();
        all
    }

    #[test]
    fn runs_come_in_order_with_the_rows_that_were_asked_for() {
        let all = trained(70, "f32", 20);
        assert_eq!(all.iter().map(|(outcome, _)| outcome.run).collect::<Vec<_>>(), (0..70).collect::<Vec<_>>());
        assert!(all.iter().all(|(_, rows)| rows.iter().map(|row| row.step).eq([0, 20, 40, 49])));
        let alone = &trained(40, "f32", 20)[33];
        assert_eq!(alone, &all[33]);
    }

    #[test]
    fn rows_tell_the_size_of_the_update() {
        for (_, rows) in trained(2, "f64", 1) {
            for row in rows {
                assert!((row.norm - row.closed).abs() <= 1e-12 && (row.norm - row.moved).abs() <= 1e-12, "{row:?}");
                assert!((row.p + row.rest - 1.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn too_large_a_rate_is_an_error_that_says_where() {
        let experiment = Experiment {
            schedule: super::super::Schedule::Constant(1e30),
            ..Experiment::new("gaussian:1,2".parse().unwrap())
        };
        let mode = "f64+logits=e5m2".parse().unwrap();
        let found = train(&experiment, &mode, 0, &|| false, &|_| {}, |_, _| ControlFlow::Continue(()));
        assert!(matches!(found, Err(TrainError::Diverged { run: 0, .. })), "{found:?}");
    }
}
