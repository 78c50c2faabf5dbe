//! Output into a file: all of it or none.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use super::{Failure, print};

/// Writes text to a file, or to standard output without one. A file that is there is replaced as a whole, once the new
/// one is complete.
pub fn write(path: Option<&Path>, text: &str) -> Result<(), Failure> {
    let Some(path) = path else { return print(text) };
    let is_special = fs::metadata(path).is_ok_and(|found| !found.is_file());
    // A device or a pipe cannot be replaced, and has nothing to lose.
    let written = if is_special { fs::write(path, text) } else { replace(path, text) };
    written.map_err(|error| Failure::Unusable(format!("cannot write {}: {error}", path.display())))
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    let name = path.file_name().ok_or_else(|| io::Error::other("it is not the name of a file"))?;
    let mut draft = std::ffi::OsString::from(".");
    draft.push(name);
    draft.push(format!(".{}", std::process::id()));
    let draft = path.with_file_name(draft);
    let result = File::create_new(&draft).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&draft, path)
    });
    if result.is_err() {
        _ = fs::remove_file(&draft);
    }
    result
}
