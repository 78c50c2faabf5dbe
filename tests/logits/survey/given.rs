//! Sources of rows that the tests make themselves.

use logitlab::certified::MeasureError;
use logitlab::measure::{How, Measured, Modes, Precision, stream};
use logitlab::policy::random::Rng;
use logitlab::source::{Request, Source, Watch};
use std::ops::Range;
use std::path::Path;
use tempfile::TempDir;

use crate::support::logits::{f32s, i64s, safetensors};

/// A source, and the directory that its file is in for as long as it is needed.
pub struct Given {
    pub source: Source,
    _folder: TempDir,
}

impl Given {
    /// Rows of `columns` logits, stored as F32, and their actions.
    pub fn new(columns: u64, logits: &[f32], actions: &[i64]) -> Given {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.safetensors");
        let rows = actions.len() as u64;
        let tensors =
            [("logits", "F32", &[rows, columns][..], f32s(logits)), ("actions", "I64", &[rows][..], i64s(actions))];
        std::fs::write(&path, safetensors(&tensors)).unwrap();
        Given { source: open(&path), _folder: folder }
    }

    /// 600 rows of 12 Gaussian logits of different scales, some of them masked, some hopeless for f64.
    pub fn random() -> Given {
        const INF: f32 = f32::INFINITY;
        let mut rng = Rng::new(8, 0);
        let mut logits = Vec::new();
        for row in 0..600 {
            let scale = [0.1, 3.0, 40.0, 900.0][row % 4];
            let mut own: Vec<f32> = (0..12).map(|_| (scale * rng.gaussian()) as f32).collect();
            own[row % 11] = if row % 5 == 0 { -INF } else { 0.0 };
            logits.extend(own);
        }
        // Where the scale is the largest, the most likely action: a w that no f64 holds.
        let likely = |row: usize| {
            let own = &logits[12 * row..][..12];
            (0..12).max_by(|a, b| own[*a].total_cmp(&own[*b])).unwrap_or(0)
        };
        let actions: Vec<i64> =
            (0..600).map(|row| if row % 4 == 3 { likely(row) } else { rng.index(12) } as i64).collect();
        Given::new(12, &logits, &actions)
    }

    /// All of these rows, measured.
    pub fn measured(&self, how: &How, rows: Range<u64>) -> Vec<Measured> {
        let mut all = Vec::new();
        let flow = stream(&self.source, how, &Modes::default(), rows, Watch::NONE, |more| {
            all.extend(more);
            Ok::<_, MeasureError>(())
        });
        assert!(flow.unwrap());
        all
    }
}

pub fn open(path: &Path) -> Source {
    Source::open(&Request::new([path])).unwrap()
}

/// Tightly, at this temperature, with steps.
pub fn how(temperature: f64, eta: Option<f64>) -> How {
    How { temperature: temperature.into(), precision: Precision::Tolerance(1e-12), eta: eta.map(Into::into) }
}
