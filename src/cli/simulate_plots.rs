//! `logitlab simulate --plots`: the first run in every mode, as SVG files.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use super::{Failure, interrupt, output};
use crate::dynamics::outcome::TrainError;
use crate::dynamics::train::train;
use crate::dynamics::{Experiment, Row};
use crate::report::plot::{Width, svg};
use crate::report::simulation_plots::{InMode, MOST_POINTS, figures};
use crate::study::Mode;

/// Runs the first run of the experiment once more in each mode, for the rows that a page can show, and draws them into
/// this folder, which is made where there is none.
pub fn write(folder: &Path, experiment: &Experiment, modes: &[Mode]) -> Result<(), Failure> {
    let one = Experiment { runs: 1, ..experiment.clone() };
    let every = one.steps.div_ceil(MOST_POINTS as u64);
    let mut rows: Vec<(String, Vec<Row>)> = Vec::new();
    for mode in modes {
        let each = |_, seen| {
            rows.push((mode.to_string(), seen));
            ControlFlow::Continue(())
        };
        match train(&one, mode, every, &interrupt::asked, &|_| {}, each) {
            Err(TrainError::Stopped) => return Ok(()),
            trained => trained?,
        }
    }
    let modes: Vec<InMode<'_>> = rows.iter().map(|(mode, rows)| (mode.as_str(), rows.as_slice())).collect();
    fs::create_dir_all(folder).map_err(|error| format!("--plots {}: {error}", folder.display()))?;
    for (name, figure) in figures(&modes, experiment.arms.len()) {
        output::write(Some(&folder.join(format!("{name}.svg"))), &svg(&figure, Width::Full))?;
    }
    Ok(())
}
