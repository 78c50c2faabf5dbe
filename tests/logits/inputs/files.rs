//! Writers of the two formats, by hand so that they can also write what no library would.

use logitlab::source::{Actions, InputError, Request, Source};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A directory of files for one test.
pub struct Files(TempDir);

impl Files {
    pub fn new() -> Files {
        Files(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Opens these bytes as a safetensors file with tensors `logits` and `actions`.
    pub fn open_safetensors(&self, bytes: &[u8]) -> Result<Source, InputError> {
        Source::open(&Request::new([self.write("run.safetensors", bytes)]))
    }

    /// Opens these bytes as a pair of npy files.
    pub fn open_npy(&self, logits: &[u8], actions: &[u8]) -> Result<Source, InputError> {
        let actions = self.write("actions.npy", actions).to_str().unwrap().to_string();
        let logits = Request::new([self.write("logits.npy", logits)]);
        Source::open(&Request { actions: Actions::Named(actions), ..logits })
    }

    /// What an error says, without the directory.
    pub fn message(&self, error: &InputError) -> String {
        error.to_string().replace(&format!("{}/", Path::new(self.0.path()).display()), "")
    }
}

/// A safetensors file with this header, whatever it says, and this data.
pub fn safetensors(header: &str, data: &[u8]) -> Vec<u8> {
    let length = header.len() as u64;
    [&length.to_le_bytes(), header.as_bytes(), data].concat()
}

/// A well-formed safetensors file of two tensors.
pub fn safetensors_pair(logits: &Array, actions: &Array) -> Vec<u8> {
    let (middle, end) = (logits.data.len(), logits.data.len() + actions.data.len());
    let header = format!(
        r#"{{"__metadata__":{{"format":"pt"}},"logits":{},"actions":{}}}"#,
        entry(logits.dtype, logits.shape, [0, middle]),
        entry(actions.dtype, actions.shape, [middle, end])
    );
    safetensors(&header, &[&logits.data[..], &actions.data].concat())
}

/// One tensor's entry in a safetensors header.
pub fn entry(dtype: &str, shape: &[u64], offsets: [usize; 2]) -> String {
    format!(r#"{{"dtype":"{dtype}","shape":{shape:?},"data_offsets":{offsets:?}}}"#)
}

/// An npy file of version 1 with this header, whatever it says, and this data.
pub fn npy(header: &str, data: &[u8]) -> Vec<u8> {
    npy_version(1, &(header.len() as u16).to_le_bytes(), header, data)
}

/// An npy file of any version, with its header length as it is to be written.
pub fn npy_version(version: u8, length: &[u8], header: &str, data: &[u8]) -> Vec<u8> {
    [b"\x93NUMPY", &[version, 0][..], length, header.as_bytes(), data].concat()
}

/// The header that numpy writes for an array stored by rows.
pub fn npy_header(descr: &str, shape: &str) -> String {
    let dict = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}");
    // Padded like numpy's, so that the data starts at a multiple of 64 bytes.
    let padded = (dict.len() + 11).next_multiple_of(64) - 11;
    format!("{dict:padded$}\n")
}

/// A well-formed npy file.
pub fn npy_array(array: &Array) -> Vec<u8> {
    let dimensions: String = array.shape.iter().map(|dimension| format!("{dimension}, ")).collect();
    npy(&npy_header(array.dtype, &format!("({dimensions})")), &array.data)
}

/// An array as a file would have it.
pub struct Array {
    pub dtype: &'static str,
    pub shape: &'static [u64],
    pub data: Vec<u8>,
}

/// Two rows of three logits in F32 under this name of the type.
pub fn logits(dtype: &'static str, values: [f32; 6]) -> Array {
    Array { dtype, shape: &[2, 3], data: values.iter().flat_map(|value| value.to_le_bytes()).collect() }
}

/// Two actions under this name of the type.
pub fn actions(dtype: &'static str, values: [i64; 2]) -> Array {
    Array { dtype, shape: &[2], data: values.iter().flat_map(|value| value.to_le_bytes()).collect() }
}

/// Logits and actions with nothing wrong.
pub const GOOD: ([f32; 6], [i64; 2]) = ([0.5, -1.0, 2.0, f32::NEG_INFINITY, 0.0, 1e-40], [2, 0]);
