//! The state of a simulation in a file, so that it can be interrupted.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::simulate_table::{About, Output};
use super::{Failure, output};
use crate::dynamics::{Progress, ResumeError, Watched};

/// What is kept.
#[derive(Default, Serialize, Deserialize)]
pub struct Checkpoint {
    schema: u32,
    /// Every setting that the results depend on, by name.
    settings: Vec<(String, String)>,
    /// How many rows of each mode are in the file beside it.
    pub rows: Vec<u64>,
    /// How far training has come.
    pub progress: Progress,
    /// The runs that are checked.
    pub watched: Vec<Watched>,
}

/// The version of the form above.
const SCHEMA: u32 = 1;

/// How often the state is written where nothing else is said.
const INTERVAL: Duration = Duration::from_secs(1);

/// Where the state is kept, if it is.
pub struct Store {
    path: Option<PathBuf>,
    /// Whether to write it whenever it is offered.
    always: bool,
    settings: Vec<(String, String)>,
    last: Instant,
    /// What the last time took: of a large state the interval is longer.
    cost: Duration,
}

impl Store {
    /// Opens the file, or begins one.
    ///
    /// # Errors
    /// If it cannot be read, or is the state of something else.
    pub fn open(
        path: Option<&Path>,
        every: Option<u64>,
        about: &About,
        rows_every: u64,
    ) -> Result<(Store, Checkpoint), Failure> {
        let mut settings = about.settings();
        settings.push(("rows".into(), if rows_every == 0 { "none".into() } else { format!("every {rows_every}") }));
        let (last, cost) = (Instant::now(), Duration::ZERO);
        let store = Store { path: path.map(Path::to_owned), always: every.is_some(), settings, last, cost };
        let kept = match path {
            Some(path) if path.exists() => match store.read(path)? {
                kept if kept.rows.len() > about.modes().len() => return Err(store.unusable(&ResumeError::Foreign)),
                kept => kept,
            },
            _ => Checkpoint::default(),
        };
        Ok((store, kept))
    }

    fn read(&self, path: &Path) -> Result<Checkpoint, Failure> {
        let shown = path.display();
        let wrong = |why: String| format!("{shown}: {why}; give another --checkpoint to start anew");
        let text = fs::read(path).map_err(|error| wrong(format!("the state cannot be read: {error}")))?;
        let kept: Checkpoint = serde_json::from_slice(&text)
            .map_err(|error| wrong(format!("it is not the state of a simulation, or damaged ({error})")))?;
        if kept.schema != SCHEMA {
            return Err(
                wrong(format!("it is a state of form {}, and this version has form {SCHEMA}", kept.schema)).into()
            );
        }
        let differs = |(own, there): (&(String, String), &(String, String))| {
            (own != there).then(|| format!("{} is {} there and {} here", own.0, short(&there.1), short(&own.1)))
        };
        let differences: Vec<String> = self.settings.iter().zip(&kept.settings).filter_map(differs).collect();
        if !differences.is_empty() || kept.settings.len() != self.settings.len() {
            return Err(format!(
                "{shown} is the state of another simulation: {}; give the same options, or another --checkpoint",
                differences.join(", ")
            )
            .into());
        }
        Ok(kept)
    }

    /// The file in which rows wait until all is done.
    pub fn spool(&self) -> Option<PathBuf> {
        self.path.as_ref().map(|path| {
            let mut name = path.clone().into_os_string();
            name.push(".rows");
            name.into()
        })
    }

    /// Writes the state, if it is time or `now`: as a whole, when the rows before it are on the disk.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn keep(
        &mut self,
        now: bool,
        table: &mut Output,
        state: impl FnOnce() -> (Progress, Vec<Watched>),
    ) -> Result<(), Failure> {
        let Some(path) = &self.path else { return Ok(()) };
        if !now && !self.always && self.last.elapsed() < INTERVAL.max(20 * self.cost) {
            return Ok(());
        }
        let start = Instant::now();
        let rows = table.flush()?;
        let (progress, watched) = state();
        let kept = Checkpoint { schema: SCHEMA, settings: self.settings.clone(), rows, progress, watched };
        let bytes = serde_json::to_vec(&kept).map_err(|error| Failure::Output(error.into()))?;
        output::write_bytes(path, &bytes)?;
        self.last = Instant::now();
        self.cost = start.elapsed();
        Ok(())
    }

    /// Takes the state away, when all is done.
    pub fn remove(&self) {
        for path in [self.path.clone(), self.spool()].into_iter().flatten() {
            _ = fs::remove_file(path);
        }
    }

    /// That the state in the file is of no use.
    pub fn unusable(&self, error: &dyn std::error::Error) -> Failure {
        match &self.path {
            Some(path) if path.exists() => {
                format!("{}: {error}; give another --checkpoint to start anew", path.display()).into()
            }
            _ => error.to_string().into(),
        }
    }
}

/// A setting as a message has it.
fn short(text: &str) -> String {
    const MOST: usize = 40;
    if text.len() > MOST && text.is_char_boundary(MOST) { format!("{}...", &text[..MOST]) } else { text.to_string() }
}
