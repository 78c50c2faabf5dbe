//! An experiment in several modes from its start to its end, or from where it was interrupted.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::study::Mode;

use super::experiment::Experiment;
use super::group::{Group, Pace, State, groups};
use super::outcome::{Outcome, TrainError};
use super::row::Row;

/// How far a session has come: what is finished, and the state of the group of runs that is not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// What the runs came to, mode by mode, those of the last one perhaps not all.
    pub outcomes: Vec<Vec<Outcome>>,
    /// The group that is being trained, if it has begun.
    pub state: Option<State>,
}

/// Trains an experiment in modes, one after the other, and in each the runs group by group.
#[derive(Debug)]
pub struct Session<'e> {
    experiment: &'e Experiment,
    modes: &'e [Mode],
    /// Of which steps there are rows: see [`Group::advance`].
    every: u64,
    outcomes: Vec<Vec<Outcome>>,
    group: Option<Group<'e>>,
    pace: Pace,
}

/// Why a session could not begin where another had ended.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ResumeError {
    /// A mode cannot be computed, or training diverged.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// It is not one of this experiment.
    #[error("its state does not fit the experiment")]
    Foreign,
}

impl<'e> Session<'e> {
    /// A session that goes on from `progress`, by default from the start.
    ///
    /// # Errors
    /// [`ResumeError`]
    pub fn new(
        experiment: &'e Experiment,
        modes: &'e [Mode],
        every: u64,
        progress: Progress,
    ) -> Result<Session<'e>, ResumeError> {
        let Progress { outcomes, state } = progress;
        let mut session = Session { experiment, modes, every, outcomes, group: None, pace: Pace::default() };
        if session.outcomes.len() > modes.len() {
            return Err(ResumeError::Foreign);
        }
        if let Some(state) = state {
            let mut group = session.next_group()?.ok_or(ResumeError::Foreign)?;
            group.restore(&state).map_err(|_| ResumeError::Foreign)?;
            session.group = Some(group);
        }
        Ok(session)
    }

    /// The number of the mode that is being trained; that of the modes when all is done.
    pub fn mode(&self) -> usize {
        let runs = self.experiment.runs as usize;
        self.outcomes.iter().take_while(|outcomes| outcomes.len() == runs).count()
    }

    /// The step that comes next for the runs of these numbers.
    pub fn place(&self) -> (u64, Range<u64>) {
        self.group.as_ref().map_or((0, 0..0), |group| (group.step(), group.runs()))
    }

    /// Whether all is done.
    pub fn is_done(&self) -> bool {
        self.group.is_none() && self.mode() == self.modes.len()
    }

    fn next_group(&self) -> Result<Option<Group<'e>>, TrainError> {
        let mode = self.mode();
        let Some(own) = self.modes.get(mode) else { return Ok(None) };
        let finished = self.outcomes.get(mode).map_or(0, Vec::len) as u64;
        let runs = groups(self.experiment).find(|runs| runs.start == finished);
        runs.map(|runs| Group::new(self.experiment, own, runs)).transpose()
    }

    /// Takes a moment's steps, at most `most`: the number of the mode, how many steps of all runs together, and the
    /// rows, in the order of the steps and then of the runs of a group.
    ///
    /// # Errors
    /// The first divergence.
    pub fn advance(&mut self, most: u64) -> Result<(usize, u64, Vec<Row>), TrainError> {
        let mode = self.mode();
        if self.group.is_none() {
            self.group = self.next_group()?;
        }
        let Some(group) = &mut self.group else { return Ok((mode, 0, Vec::new())) };
        let (before, every) = (group.step(), self.every);
        let runs = group.runs();
        let count = runs.end - runs.start;
        let rows = self.pace.go(most.min(Pace::most(count, every)), |steps| group.advance(steps, every))?;
        let taken = (group.step() - before) * count;
        if group.step() == self.experiment.steps {
            let finished = group.outcomes();
            if self.outcomes.len() <= mode {
                self.outcomes.push(Vec::new());
            }
            self.outcomes[mode].extend(finished);
            self.group = None;
            self.pace = Pace::default();
        }
        Ok((mode, taken, rows))
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        Progress { outcomes: self.outcomes.clone(), state: self.group.as_ref().map(Group::state) }
    }

    /// What the runs came to, mode by mode; of modes of which all are done.
    pub fn finished(&self) -> &[Vec<Outcome>] {
        &self.outcomes[..self.mode()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_goes_on_from_wherever_it_was() {
        let arms = "bernoulli:0.1,0.8".parse().unwrap();
        // Two groups a mode.
        let experiment = Experiment { runs: 1030, steps: 6, ..Experiment::new(arms) };
        let modes: Vec<Mode> = ["f32", "bf16"].map(|mode| mode.parse().unwrap()).to_vec();
        let through = |cut: u64| {
            let mut session = Session::new(&experiment, &modes, 2, Progress::default()).unwrap();
            let (mut rows, mut calls) = (Vec::new(), 0);
            while !session.is_done() {
                rows.extend(session.advance(if cut == 0 { u64::MAX } else { 1 }).unwrap().2);
                calls += 1;
                if calls == cut {
                    let text = serde_json::to_string(&session.progress()).unwrap();
                    session = Session::new(&experiment, &modes, 2, serde_json::from_str(&text).unwrap()).unwrap();
                }
            }
            (rows, session.progress())
        };
        let whole = through(0);
        assert_eq!((whole.0.len(), whole.1.outcomes.len(), whole.1.state.is_none()), (2 * 1030 * 4, 2, true));
        for cut in [1, 5, 6, 9, 12, 13, 20] {
            assert!(through(cut) == whole, "cut after {cut} steps");
        }
    }
}
