//! The registry of file formats.

use super::error::InputError;
use super::format::FileFormat;
#[cfg(feature = "parquet")]
use super::parquet;
use super::{json_lines, npy, npz, safetensors};
use std::path::Path;

/// Every format; Parquet only with the feature `parquet`.
pub static FORMATS: &[&FileFormat] = &[
    &safetensors::FORMAT,
    &npy::FORMAT,
    &npz::FORMAT,
    &json_lines::FORMAT,
    #[cfg(feature = "parquet")]
    &parquet::FORMAT,
];

/// The format of a file by its name.
pub(super) fn format_of(path: &Path) -> Result<&'static FileFormat, InputError> {
    if path == Path::new(json_lines::STANDARD_INPUT) {
        return Ok(&json_lines::FORMAT);
    }
    let suffix = path.extension().map(|suffix| suffix.to_string_lossy().to_lowercase()).unwrap_or_default();
    let found = FORMATS.iter().find(|format| format.suffixes.contains(&suffix.as_str()));
    found.copied().ok_or_else(|| InputError::UnknownFormat { path: path.to_owned(), known: suffixes() })
}

/// The suffix of a file that holds one array, without a name.
pub fn one_array(path: &Path) -> Option<&'static str> {
    format_of(path).ok().filter(|format| format.one_array).map(|format| format.suffixes[0])
}

/// The formats by their suffixes, as in `.npy, .npz or .jsonl`.
pub fn format_names() -> String {
    let names: Vec<String> = FORMATS.iter().map(|format| format!(".{}", format.suffixes[0])).collect();
    let (last, others) = names.split_last().expect("there are formats");
    format!("{} or {last}", others.join(", "))
}

/// The ends of names of all formats, for a message.
fn suffixes() -> String {
    let all = FORMATS.iter().flat_map(|format| format.suffixes).map(|suffix| format!(".{suffix}"));
    all.collect::<Vec<_>>().join(", ")
}
