//! Files of logits in every format.

use std::fs;
use std::ops::Range;
use std::path::PathBuf;

use logitlab::source::{
    Actions, Block, Chosen, Dtype, InputError, Request, Source, Watch, safetensors_metadata, stream,
};
use tempfile::TempDir;

use super::assert_is_shown;

/// A .npy file of version 1.0 that begins with this header: logits of two rows over three actions.
const LOGITS: &[u8] =
    b"\x93NUMPY\x01\x00\x46\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }          \n\
    \0\0\0\0\0\0\x80\x3f\0\0\0\x40\0\0\x80\xff\0\0\0\0\0\0\0\0";

thread_local! {
    static FOLDER: TempDir = TempDir::new().expect("a folder is made");
}

/// Lines of JSON.
pub fn json_lines(data: &[u8]) {
    archive("rows.jsonl", data);
}

/// Arrays of numpy in an archive.
pub fn npz(data: &[u8]) {
    archive("rows.npz", data);
}

/// Tensors in a .safetensors file.
pub fn safetensors(data: &[u8]) {
    let path = archive("rows.safetensors", data);
    match safetensors_metadata(&path) {
        Ok(metadata) => drop(metadata),
        Err(error) => assert_is_shown(&error.to_string()),
    }
}

/// Columns of a Parquet file.
pub fn parquet(data: &[u8]) {
    archive("rows.parquet", data);
}

/// An array of numpy, as logits and as what belongs to those.
pub fn npy(data: &[u8]) {
    let path = write("array.npy", data);
    let alone = Request { actions: Actions::Chosen(Chosen::Largest), ..Request::new([&path]) };
    survives(&alone);
    survives(&Request { dtype: Some(Dtype::BF16), ..alone });
    let array = path.to_str().expect("a path of the system's folder for temporary files").to_string();
    let logits = Request::new([write("logits.npy", LOGITS)]);
    survives(&Request { actions: Actions::Named(array.clone()), ..logits.clone() });
    let (mask, columns) = (Some(array.clone()), vec![array]);
    survives(&Request { actions: Actions::Chosen(Chosen::Always(1)), mask, columns, ..logits });
}

/// Asks a file with names in it for logits alone, with actions, with gaps, and with everything that a file can have.
fn archive(name: &str, data: &[u8]) -> PathBuf {
    let path = write(name, data);
    let named = Request::new([&path]);
    survives(&named);
    survives(&Request { actions: Actions::Chosen(Chosen::Largest), ..named.clone() });
    survives(&Request { padded: true, ..named.clone() });
    let (mask, columns) = (Some("mask".to_string()), vec!["advantages".to_string()]);
    survives(&Request { mask, columns, ..named.clone() });
    survives(&Request { advantages: Some("advantages".to_string()), ..named });
    path
}

fn write(name: &str, data: &[u8]) -> PathBuf {
    let path = FOLDER.with(|folder| folder.path().join(name));
    fs::write(&path, data).expect("a temporary file is written");
    path
}

/// Whatever is asked is answered by blocks that are what they promise, or by an error that can be shown.
fn survives(request: &Request) {
    if let Err(error) = exhaust(request) {
        assert_is_shown(&error.to_string());
        assert!(!error.to_string().contains('\n'), "{error}");
    }
}

/// Opens and reads everything, block by block.
fn exhaust(request: &Request) -> Result<(), InputError> {
    let source = Source::open(request)?;
    let one = |_: &mut (), [block]: [&Block; 1], Range { start: i, .. }: Range<usize>| {
        let count = block.rows.len();
        assert_eq!(block.actions.len(), count);
        assert!(request.columns.iter().all(|name| block.named[name].len() == count));
        let advantages = block.advantages.as_ref().map(|all| all.len() == count && all[i].is_finite());
        assert_eq!(advantages, request.advantages.as_ref().map(|_| true));
        let row = block.row(i);
        assert_eq!(row.len() as u64, source.columns);
        assert!(block.actions[i] < row.len());
        // Where places without a number are allowed, they are.
        assert!(request.padded || row.iter().all(|&logit| logit < f64::INFINITY));
        assert!(request.padded || row.iter().any(|&logit| logit.is_finite()));
        Ok(())
    };
    stream([&source], &(0..source.rows).into(), 1, Watch::NONE, one, |_| Ok(())).map(drop)
}
