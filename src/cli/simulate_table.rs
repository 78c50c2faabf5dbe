//! The table of steps in a file, and what is said of it beside it.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Failure;
use super::outcome::pretty;
use super::output::{self, cannot_write};
use super::rows::Table;
use crate::cite::fingerprint::hex;
use crate::dynamics::table::{BYTES, Described, Steps, described, fields, from_bytes, to_bytes};
use crate::dynamics::{Experiment, Row};
use crate::measure::Field;
use crate::study::Mode;

/// What results depend on: configuration, seed and version.
#[derive(Serialize)]
pub struct About {
    version: &'static str,
    experiment: Configuration,
    #[serde(skip)]
    modes: Vec<String>,
    /// The precision of the reference and of the checks, where they were asked for.
    check_bits: Option<u32>,
}

#[derive(Serialize)]
struct Configuration {
    arms: String,
    algorithm: String,
    baseline: String,
    eta: String,
    entropy: f64,
    start: Vec<f64>,
    steps: u64,
    runs: u64,
    seed: u64,
}

impl About {
    /// Of an experiment in these modes.
    pub fn new(experiment: &Experiment, modes: &[Mode], check_bits: Option<u32>) -> About {
        About {
            version: env!("CARGO_PKG_VERSION"),
            experiment: Configuration {
                arms: experiment.arms.to_string(),
                algorithm: experiment.algorithm.to_string(),
                baseline: experiment.baseline.to_string(),
                eta: experiment.schedule.to_string(),
                entropy: experiment.entropy,
                start: experiment.start.clone(),
                steps: experiment.steps,
                runs: experiment.runs,
                seed: experiment.seed,
            },
            modes: modes.iter().map(Mode::to_string).collect(),
            check_bits,
        }
    }

    /// The modes as text.
    pub fn modes(&self) -> &[String] {
        &self.modes
    }

    /// Every setting by its name.
    pub fn settings(&self) -> Vec<(String, String)> {
        let Configuration { arms, algorithm, baseline, eta, entropy, start, steps, runs, seed } = &self.experiment;
        let bits = self.check_bits.map_or("none".to_string(), |bits| format!("{bits} bits"));
        [
            ("version", self.version.to_string()),
            ("arms", arms.clone()),
            ("algorithm", algorithm.clone()),
            ("baseline", baseline.clone()),
            ("eta", eta.clone()),
            ("entropy", entropy.to_string()),
            ("start", format!("{start:?}")),
            ("steps", steps.to_string()),
            ("runs", runs.to_string()),
            ("seed", seed.to_string()),
            ("modes", self.modes.join(",")),
            ("check", bits),
        ]
        .map(|(name, value)| (name.to_string(), value))
        .to_vec()
    }
}

/// Where rows go: nowhere, into the table, or into a file where they wait until all is done.
pub struct Output {
    path: Option<PathBuf>,
    fields: Vec<Field>,
    /// Open while rows go there.
    table: Option<Table>,
    spool: Option<BufWriter<File>>,
    modes: Vec<Mode>,
    /// How many rows of each mode there are.
    rows: Vec<u64>,
}

#[derive(Serialize)]
struct Beside<'a> {
    schema: u32,
    file: String,
    sha256: String,
    #[serde(flatten)]
    about: &'a About,
    modes: &'a [String],
    every: u64,
    rows: u64,
    complete: bool,
    columns: Vec<Described>,
}

impl Output {
    /// Opens a table at `path`, if there is one, for rows in these modes. With a spool, `rows` of each mode are in it
    /// already.
    ///
    /// # Errors
    /// If there is no format for the path, or a file cannot be opened.
    pub fn open(
        path: Option<&Path>,
        spool: Option<&Path>,
        mut rows: Vec<u64>,
        modes: &[Mode],
    ) -> Result<Output, Failure> {
        rows.resize(modes.len(), 0);
        let (fields, path) = (fields(modes), path.map(Path::to_owned));
        let mut output = Output { path, fields, table: None, spool: None, modes: modes.to_vec(), rows };
        let Some(path) = &output.path else { return Ok(output) };
        // Opened in any case: what is wrong with the path is told before the work is done.
        let table = Table::open(path, output.fields.clone())?;
        match spool {
            Some(spool) => output.spool = Some(BufWriter::new(waiting(spool, &output.rows)?)),
            None => output.table = Some(table),
        }
        Ok(output)
    }

    /// Takes rows of a mode; those of a mode come after those of the modes before it.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn add(&mut self, mode: usize, rows: &[Row]) -> Result<(), Failure> {
        self.rows[mode] += rows.len() as u64;
        if let Some(spool) = &mut self.spool {
            rows.iter().try_for_each(|row| spool.write_all(&to_bytes(row)))?;
        } else if let Some(table) = &mut self.table {
            table.append(&Steps::new(&self.modes[mode], &self.fields, rows))?;
        }
        Ok(())
    }

    /// Sees to it that the rows that wait are on the disk: how many of each mode.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn flush(&mut self) -> Result<Vec<u64>, Failure> {
        if let Some(spool) = &mut self.spool {
            spool.flush()?;
            spool.get_ref().sync_data()?;
        }
        Ok(self.rows.clone())
    }

    /// Completes the table and puts it in its place, and then the file that tells of it.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn finish(self, about: &About, every: u64, complete: bool) -> Result<(), Failure> {
        let Output { path: Some(path), fields, table, spool, modes, rows } = self else { return Ok(()) };
        let mut table = table.map_or_else(|| Table::open(&path, fields.clone()), Ok)?;
        let mut fill = |spool: BufWriter<File>| -> io::Result<()> {
            let mut spool = spool.into_inner()?;
            spool.seek(SeekFrom::Start(0))?;
            let mut spool = BufReader::new(spool);
            for (mode, &count) in modes.iter().zip(&rows) {
                from_spool(&mut spool, count, |rows| table.append(&Steps::new(mode, &fields, rows)))?;
            }
            Ok(())
        };
        spool.map_or(Ok(()), &mut fill).map_err(|error| cannot_write(&path, &error))?;
        table.finish()?;
        let sha256 = hash(&path).map_err(|error| cannot_write(&path, &error))?;
        let beside = Beside {
            schema: 1,
            file: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            sha256,
            about,
            modes: about.modes(),
            every,
            rows: rows.iter().sum(),
            complete,
            columns: described(),
        };
        let mut name = path.into_os_string();
        name.push(".about.json");
        output::write(Some(Path::new(&name)), &pretty(&beside)?)
    }
}

/// The file of rows that wait, with as many of each mode as are known of; what was written after that is cut off.
fn waiting(path: &Path, rows: &[u64]) -> Result<File, Failure> {
    // No file is as long as what is beyond u64.
    let rows = rows.iter().copied().fold(0, u64::saturating_add);
    let wanted = rows.saturating_mul(BYTES as u64);
    let open = || -> io::Result<(File, u64)> {
        let mut file = File::options().read(true).write(true).create(true).truncate(false).open(path)?;
        let length = file.metadata()?.len();
        if wanted <= length {
            file.set_len(wanted)?;
        }
        file.seek(SeekFrom::End(0))?;
        Ok((file, length))
    };
    let (file, length) = open().map_err(|error| cannot_write(path, &error))?;
    if length < wanted {
        return Err(format!(
            "{}: {rows} rows should wait there, and it has {}; give another --checkpoint to start anew",
            path.display(),
            length / BYTES as u64
        )
        .into());
    }
    Ok(file)
}

/// Reads rows back, some at a time.
fn from_spool(spool: &mut impl Read, mut count: u64, mut each: impl FnMut(&[Row]) -> io::Result<()>) -> io::Result<()> {
    const TOGETHER: u64 = 1 << 13;
    let mut bytes = [0; BYTES];
    while count > 0 {
        let some = count.min(TOGETHER);
        let mut rows = Vec::with_capacity(some as usize);
        for _ in 0..some {
            spool.read_exact(&mut bytes)?;
            rows.push(from_bytes(&bytes));
        }
        each(&rows)?;
        count -= some;
    }
    Ok(())
}

/// The SHA-256 of a file, as hexadecimal digits.
fn hash(path: &Path) -> io::Result<String> {
    let mut file = BufReader::new(File::open(path)?);
    let mut hasher = Sha256::new();
    let mut bytes = vec![0; 1 << 16];
    loop {
        match file.read(&mut bytes)? {
            0 => return Ok(hex(&hasher.finalize())),
            count => hasher.update(&bytes[..count]),
        }
    }
}
