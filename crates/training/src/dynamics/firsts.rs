//! Many watched runs summed up: in each float mode, where each check fails first.

use serde::Serialize;

use super::checks::CHECKS;
use super::watch::{First, Violation, Watched};

/// A step of a run at which a check is certainly false.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Place {
    /// The step, from 0.
    pub step: u64,
    /// The run, from 0; of several the first.
    pub run: u64,
    /// Both sides, as text.
    pub sides: String,
}

/// Where a check fails, and how often.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Failing {
    /// The first step of any run, and of runs with the same one the first.
    pub first: Option<Place>,
    /// How many runs have such a step.
    pub runs: u64,
}

impl Failing {
    fn add(&mut self, run: u64, first: Option<&First>) {
        let Some(First { step, sides }) = first else { return };
        self.runs += 1;
        if self.first.as_ref().is_none_or(|place| (place.step, place.run) > (*step, run)) {
            self.first = Some(Place { step: *step, run, sides: sides.clone() });
        }
    }
}

/// A check in a float mode.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InMode {
    /// The check's name.
    pub check: String,
    /// The claim that it is an instance of.
    pub claim: String,
    /// As it stands.
    pub exactly: Failing,
    /// By more than 1 %; `None` of a check that has no margin.
    pub by_one_percent: Option<Failing>,
}

/// A float mode.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OfMode {
    /// The mode as text.
    pub mode: String,
    /// Each check that speaks.
    pub checks: Vec<InMode>,
    /// The first step of any run at which another action is chosen than in the reference.
    pub parted: Option<u64>,
    /// How many runs have such a step.
    pub runs_parted: u64,
    /// The largest magnitude that the sum of the logits, less that of the start, had in any run.
    pub drift: f64,
}

/// A run that violated a claim in the reference arithmetic.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Violating {
    /// The run, from 0.
    pub run: u64,
    /// Where, and in what state.
    #[serde(flatten)]
    pub violation: Violation,
}

/// What many watched runs came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Checked {
    /// The runs.
    pub runs: u64,
    /// Their steps together.
    pub steps: u64,
    /// How many statements about steps of the reference were looked at.
    pub statements: u64,
    /// Of how many of them nothing could be said.
    pub unclear: u64,
    /// The runs that violated a claim in the reference.
    pub violations: Vec<Violating>,
    /// The float modes.
    pub modes: Vec<OfMode>,
}

/// Sums up runs that were watched in the same modes.
pub fn sum_up(watched: &[Watched]) -> Checked {
    let mut all = Checked { runs: 0, steps: 0, statements: 0, unclear: 0, violations: Vec::new(), modes: Vec::new() };
    for one in watched {
        all.runs += 1;
        all.steps += one.steps;
        all.statements += one.checked[0];
        all.unclear += one.checked[1];
        all.violations.extend(one.violation.clone().map(|violation| Violating { run: one.run, violation }));
        for (place, beside) in one.modes.iter().enumerate() {
            if all.modes.len() <= place {
                let checks = beside.checks.iter().map(|broken| InMode {
                    check: broken.check.to_string(),
                    claim: broken.claim.to_string(),
                    exactly: Failing::default(),
                    by_one_percent: has_margin(&broken.check).then(Failing::default),
                });
                let checks = checks.collect();
                let mode = beside.mode.clone();
                all.modes.push(OfMode { mode, checks, parted: None, runs_parted: 0, drift: 0.0 });
            }
            let own = &mut all.modes[place];
            for (check, broken) in own.checks.iter_mut().zip(&beside.checks) {
                check.exactly.add(one.run, broken.exactly.as_ref());
                if let Some(failing) = &mut check.by_one_percent {
                    failing.add(one.run, broken.by_one_percent.as_ref());
                }
            }
            own.runs_parted += u64::from(beside.parted.is_some());
            own.parted = own.parted.into_iter().chain(beside.parted).min();
            own.drift = own.drift.max(beside.drift);
        }
    }
    all
}

fn has_margin(check: &str) -> bool {
    CHECKS.iter().any(|known| known.name == check && known.within.is_some())
}

#[cfg(test)]
mod tests {
    use super::super::watch::{Beside, Broken};
    use super::*;

    fn watched(run: u64, step: Option<u64>) -> Watched {
        let first = step.map(|step| First { step, sides: format!("run {run}") });
        let norm = Broken { check: "norm".into(), claim: "norm-identity".into(), exactly: first, by_one_percent: None };
        let ascent = Broken { check: "ascent".into(), claim: "bandit-ascent".into(), ..Broken::default() };
        let beside = Beside {
            mode: "f32".into(),
            checks: vec![norm, ascent],
            parted: step,
            drift: run as f64,
            dead: 0,
            last_move: None,
            apart: 0.0,
        };
        Watched { run, steps: 10, checked: [20, 1], violation: None, modes: vec![beside] }
    }

    #[test]
    fn the_first_step_of_any_run_is_told_and_how_many_runs_have_one() {
        let all = sum_up(&[watched(0, Some(7)), watched(1, None), watched(2, Some(4)), watched(3, Some(4))]);
        assert_eq!((all.runs, all.steps, all.statements, all.unclear), (4, 40, 80, 4));
        let mode = &all.modes[0];
        let place = Place { step: 4, run: 2, sides: "run 2".into() };
        assert_eq!(mode.checks[0].exactly, Failing { first: Some(place), runs: 3 });
        assert_eq!(mode.checks[0].by_one_percent, Some(Failing::default()));
        assert_eq!(mode.checks[1].by_one_percent, None);
        assert_eq!((mode.parted, mode.runs_parted, mode.drift), (Some(4), 3, 3.0));
    }

    #[test]
    fn violations_of_the_reference_are_kept_with_their_state() {
        let violation = Violation {
            check: "norm".into(),
            claim: "norm-identity".into(),
            step: 3,
            sides: "1 and 2".into(),
            action: 1,
            gain: 0.5,
            logits: vec!["0".into(), "1.8".into()],
        };
        let bad = Watched { violation: Some(violation.clone()), ..watched(5, None) };
        let all = sum_up(&[watched(4, None), bad]);
        assert_eq!(all.violations, [Violating { run: 5, violation }]);
    }
}
