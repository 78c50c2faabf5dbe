//! A file, or bytes in memory, read by position.

use super::error::InputError;
use super::held::Held;
use super::location::Location;
use std::borrow::Cow;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

/// Bytes that are read by position: a file, or a part of one. Reads take `&self` and share no cursor, so blocks can be
/// read from several threads.
#[derive(Debug, Clone)]
pub(super) struct DataFile {
    /// What it is to the user.
    pub location: Location,
    /// How many bytes there are.
    pub length: u64,
    /// Where they start in what holds them.
    start: u64,
    holder: Holder,
}

/// What holds bytes.
#[derive(Debug, Clone)]
enum Holder {
    File(Arc<File>),
    Memory(Held),
}

impl DataFile {
    pub fn open(path: &Path) -> Result<DataFile, InputError> {
        let failed = |cause| InputError::Open { path: path.to_owned(), cause };
        // Asked before opening: opening a pipe would wait for a writer, perhaps for ever.
        if !fs::metadata(path).map_err(failed)?.is_file() {
            return Err(InputError::NotAFile { path: path.to_owned() });
        }
        DataFile::of(File::open(path).map_err(failed)?, Location::file(path)).map_err(failed)
    }

    /// An open file, all of it.
    pub fn of(file: File, location: Location) -> io::Result<DataFile> {
        let length = file.metadata()?.len();
        Ok(DataFile { location, length, start: 0, holder: Holder::File(Arc::new(file)) })
    }

    /// Bytes in memory, all of them.
    pub fn held(bytes: Held, location: Location) -> DataFile {
        DataFile { location, length: bytes.bytes().len() as u64, start: 0, holder: Holder::Memory(bytes) }
    }

    /// A part of it, by its first byte and length.
    pub fn part(&self, location: Location, start: u64, length: u64) -> Result<DataFile, InputError> {
        let end = start.saturating_add(length);
        if end > self.length {
            return Err(InputError::Truncated { location, end, length: self.length });
        }
        Ok(DataFile { location, length, start: self.start + start, holder: self.holder.clone() })
    }

    /// Exactly `length` bytes from `offset`: those of memory as they are there, those of a file read.
    ///
    /// Bytes beyond the end are refused before a buffer for them exists. Every byte of every tensor comes through here,
    /// so no claim in a header can make the readers allocate a buffer larger than the file it stands in.
    pub fn bytes(&self, offset: u64, length: u64) -> Result<Cow<'_, [u8]>, InputError> {
        let failed = |cause| InputError::Read { location: self.location.clone(), offset, length, cause };
        if offset.checked_add(length).is_none_or(|end| end > self.length) {
            return Err(failed(io::ErrorKind::UnexpectedEof.into()));
        }
        let from = self.start + offset;
        match &self.holder {
            Holder::File(file) => {
                let mut bytes = zeroed(length).ok_or_else(|| failed(io::ErrorKind::OutOfMemory.into()))?;
                file.read_exact_at(&mut bytes, from).map_err(failed)?;
                Ok(bytes.into())
            }
            // Both are lengths of what is in memory.
            Holder::Memory(held) => Ok(held.bytes()[from as usize..][..length as usize].into()),
        }
    }

    /// The same, to keep.
    pub fn read(&self, offset: u64, length: u64) -> Result<Vec<u8>, InputError> {
        Ok(self.bytes(offset, length)?.into_owned())
    }

    /// Whether it is in memory.
    pub fn is_held(&self) -> bool {
        matches!(self.holder, Holder::Memory(_))
    }
}

/// What binary formats begin with: numbers of fixed size, and a header that they give the length of.
impl DataFile {
    /// The `N` bytes at `offset`, without which there is no header.
    pub fn preamble<const N: usize>(&self, format: &'static str, offset: u64) -> Result<[u8; N], InputError> {
        let needed = offset + N as u64;
        if self.length < needed {
            let (location, length) = (self.location.clone(), self.length);
            return Err(InputError::TooShort { location, format, length, needed });
        }
        let mut bytes = [0; N];
        bytes.copy_from_slice(&self.read(offset, N as u64)?);
        Ok(bytes)
    }

    /// The header from byte `start`, of the length that is `claimed` at byte `at`.
    pub fn header(
        &self,
        format: &'static str,
        at: u64,
        start: u64,
        claimed: u64,
        limit: u64,
    ) -> Result<Vec<u8>, InputError> {
        let most = self.length.saturating_sub(start).min(limit);
        if claimed > most {
            return Err(InputError::HeaderLength { location: self.location.clone(), format, at, claimed, most });
        }
        self.read(start, claimed)
    }
}

/// `length` zeros, or nothing if they do not fit in memory (a sparse file can be longer than that).
fn zeroed(length: u64) -> Option<Vec<u8>> {
    let length = usize::try_from(length).ok()?;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(length).ok()?;
    bytes.resize(length, 0);
    Some(bytes)
}
