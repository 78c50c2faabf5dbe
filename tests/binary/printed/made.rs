//! Files of logits that the test makes, and the command run on them.

use std::path::{Path, PathBuf};
use std::process::Command;

use logitlab::policy::random::Rng;

use crate::support::logits::{f32s, i64s, safetensors};

/// Rows of a file.
pub const ROWS: usize = 24;

/// What every claimed column says: wrong, so that its rows are listed with their enclosures.
pub const CLAIMED: f64 = 3.0;

/// Two dumps of the same rows in a folder, `a.safetensors` and `b.safetensors`, and what is in them.
pub struct Made {
    pub case: u64,
    pub folder: PathBuf,
    pub columns: usize,
    pub a: Vec<f64>,
    pub b: Vec<f64>,
    /// As a, with some actions masked: `masked.safetensors`.
    pub masked: Vec<f64>,
    pub actions: Vec<usize>,
}

impl Made {
    pub fn new(case: u64, folder: &Path) -> Made {
        let mut rng = Rng::new(20261130, case);
        let columns = [2, 3, 7, 40, 5][case as usize % 5];
        let mut numbers = || {
            let scale = [1.0, 4.0, 20.0, 90.0][rng.below(4) as usize];
            (0..columns).map(|_| (scale * rng.gaussian()) as f32).collect::<Vec<f32>>()
        };
        let a: Vec<f32> = (0..ROWS).flat_map(|_| numbers()).collect();
        let b: Vec<f32> =
            a.iter().map(|z| if rng.below(3) == 0 { z * 1.01 } else { half::bf16::from_f32(*z).to_f32() }).collect();
        let actions: Vec<usize> = (0..ROWS).map(|_| rng.below(columns as u64) as usize).collect();
        let is_masked = |index: usize, rng: &mut Rng| !index.is_multiple_of(columns) && rng.below(6) == 0;
        let masked: Vec<f32> =
            a.iter().enumerate().map(|(i, z)| if is_masked(i, &mut rng) { f32::NEG_INFINITY } else { *z }).collect();
        let shape = [ROWS as u64, columns as u64];
        let claimed = f32s(&[CLAIMED as f32; ROWS]);
        let chosen: Vec<i64> = actions.iter().map(|action| *action as i64).collect();
        for (name, z) in [("a", &a), ("b", &b), ("masked", &masked)] {
            let tensors = [
                ("logits", "F32", &shape[..], f32s(z)),
                ("actions", "I64", &shape[..1], i64s(&chosen)),
                ("claimed", "F32", &shape[..1], claimed.clone()),
            ];
            std::fs::write(folder.join(format!("{name}.safetensors")), safetensors(&tensors)).unwrap();
        }
        let wide = |z: Vec<f32>| z.into_iter().map(f64::from).collect();
        Made { case, folder: folder.into(), columns, a: wide(a), b: wide(b), masked: wide(masked), actions }
    }

    /// What a command prints. It may end with exit code 1, as a negative result does.
    pub fn run(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_logitlab"));
        command.args(arguments).current_dir(&self.folder).env_remove("CLICOLOR_FORCE");
        let output = command.output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code().is_some_and(|code| code < 2), "{arguments:?}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command three times: for its text, and for the same text in a page and in Markdown.
    pub fn printed(&self, arguments: &[&str]) -> String {
        let text = self.run(arguments);
        for name in ["page.html", "page.md"] {
            self.run(&[arguments, &["--report", name]].concat());
            let page = std::fs::read_to_string(self.folder.join(name)).unwrap();
            let page = page
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
            for line in text.lines() {
                assert!(page.contains(line.trim_end()), "{arguments:?}: {name} does not have the line `{line}`");
            }
        }
        text
    }

    /// The logits of a row of one of the files.
    pub fn row<'a>(&self, of: &'a [f64], row: usize) -> &'a [f64] {
        &of[row * self.columns..(row + 1) * self.columns]
    }
}
