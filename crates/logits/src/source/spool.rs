//! What cannot be read by position, unpacked into a file that can.

use super::error::InputError;
use super::file::DataFile;
use super::location::Location;
use std::fs::File;
use std::io::{self, BufWriter, Write};

/// A temporary file without a name, in the folder that TMPDIR says: written from front to back, then read by position.
/// The system takes it away with the last of its readers, however the program ends.
pub(super) struct Spool {
    location: Location,
    writer: BufWriter<File>,
}

impl Spool {
    /// An empty one for what is at `location`.
    pub fn new(location: Location) -> Result<Spool, InputError> {
        match tempfile::tempfile() {
            Ok(file) => Ok(Spool { location, writer: BufWriter::with_capacity(1 << 16, file) }),
            Err(cause) => Err(failed(location, cause)),
        }
    }

    /// Appends bytes.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), InputError> {
        self.writer.write_all(bytes).map_err(|cause| failed(self.location.clone(), cause))
    }

    /// Everything that was written, to be read.
    pub fn finish(self) -> Result<DataFile, InputError> {
        let Spool { location, writer } = self;
        let file = writer.into_inner().map_err(io::IntoInnerError::into_error);
        file.and_then(|file| DataFile::of(file, location.clone())).map_err(|cause| failed(location, cause))
    }
}

fn failed(location: Location, cause: io::Error) -> InputError {
    InputError::Spool { location, cause }
}
