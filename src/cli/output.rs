//! Output into a file: all of it or none.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::ending::Failure;

/// Writes text to standard output.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Writes text to a file, or to standard output without one. A file that is there is replaced as a whole, once the new
/// one is complete.
pub fn write(path: Option<&Path>, text: &str) -> Result<(), Failure> {
    match path {
        None => print(text),
        Some(path) => write_bytes(path, text.as_bytes()),
    }
}

/// Writes bytes to a file, all of them or none.
pub fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let is_special = fs::metadata(path).is_ok_and(|found| !found.is_file());
    // A device or a pipe cannot be replaced, and has nothing to lose.
    let written = if is_special { fs::write(path, bytes) } else { replace(path, bytes) };
    written.map_err(|error| cannot_write(path, &error))
}

/// Whether a file can be written, before the work for it is done; nothing is left behind.
pub fn check(path: &Path) -> Result<(), Failure> {
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Ok(());
    }
    Draft::beside(path).map(|_| ()).map_err(|error| cannot_write(path, &error))
}

/// What to say of a file that could not be written.
pub fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    format!("cannot write {}: {error}", path.display()).into()
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (draft, mut file) = Draft::beside(path)?;
    file.write_all(bytes)?;
    // Who may read the old file may read the new one.
    if let Ok(old) = fs::metadata(path) {
        file.set_permissions(old.permissions())?;
    }
    draft.commit()
}

/// A file that is being written beside the one that it will replace. Without [`Draft::commit`] it is removed again.
pub struct Draft {
    draft: PathBuf,
    path: PathBuf,
}

impl Draft {
    /// An empty file in the folder of `path`, open for writing.
    pub fn beside(path: &Path) -> io::Result<(Draft, File)> {
        let name = path.file_name().ok_or_else(|| io::Error::other("it is not the name of a file"))?;
        let mut draft = std::ffi::OsString::from(".");
        draft.push(name);
        draft.push(format!(".{}", std::process::id()));
        let draft = path.with_file_name(draft);
        let file = File::create_new(&draft)?;
        Ok((Draft { draft, path: path.to_owned() }, file))
    }

    /// Puts the draft in the place of the file, when all of it is on the disk.
    pub fn commit(self) -> io::Result<()> {
        File::open(&self.draft)?.sync_all()?;
        fs::rename(&self.draft, &self.path)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // After a commit it is not there any more.
        _ = fs::remove_file(&self.draft);
    }
}
