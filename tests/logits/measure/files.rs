//! Files of logits that the tests make themselves.

use logitlab::source::{Request, Source};
use safetensors::tensor::{Dtype, TensorView, serialize};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A source, and the directory that its file is in for as long as it is needed.
pub struct File {
    pub source: Source,
    _directory: TempDir,
}

impl File {
    /// Rows of as many logits as the first, stored as F32, and their actions.
    pub fn new(rows: &[&[f32]], actions: &[i64]) -> File {
        let logits: Vec<u8> = rows.iter().flat_map(|row| row.iter()).flat_map(|z| z.to_le_bytes()).collect();
        let actions: Vec<u8> = actions.iter().flat_map(|action| action.to_le_bytes()).collect();
        let tensors = [
            ("logits", TensorView::new(Dtype::F32, vec![rows.len(), rows[0].len()], &logits).unwrap()),
            ("actions", TensorView::new(Dtype::I64, vec![rows.len()], &actions).unwrap()),
        ];
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("run.safetensors");
        fs::write(&path, serialize(tensors, None).unwrap()).unwrap();
        File { source: open(&path), _directory: directory }
    }
}

fn open(path: &Path) -> Source {
    Source::open(&Request::new([path])).unwrap()
}
