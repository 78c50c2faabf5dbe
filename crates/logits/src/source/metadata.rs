//! What a safetensors file says about itself beside its tensors.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::error::InputError;
use super::file::DataFile;
use super::safetensors::{FORMAT, MAX_HEADER, PREFIX};

#[derive(Deserialize)]
struct Header {
    #[serde(rename = "__metadata__", default)]
    metadata: BTreeMap<String, String>,
}

/// The free text of a safetensors file, by key; empty where it has none.
///
/// # Errors
/// If the file cannot be read, or its header is no JSON with text under `__metadata__`.
pub fn safetensors_metadata(path: &Path) -> Result<BTreeMap<String, String>, InputError> {
    let file = DataFile::open(path)?;
    let claimed = u64::from_le_bytes(file.preamble(FORMAT.name, 0)?);
    let json = file.header(FORMAT.name, 0, PREFIX, claimed, MAX_HEADER)?;
    let header: Header =
        serde_json::from_slice(&json).map_err(|cause| InputError::HeaderJson { path: path.to_owned(), cause })?;
    Ok(header.metadata)
}
