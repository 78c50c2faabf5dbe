//! The npz format: a zip archive of npy files, whose names are those of the arrays with `.npy` behind.
//!
//! Members that are stored, as `numpy.savez` does, are read by position where they are. Those that are deflated, as
//! `numpy.savez_compressed` does, have no positions: each that is wanted is unpacked once into a temporary file, a
//! buffer at a time. Nothing that an archive says is believed: what is unpacked ends where the archive says that the
//! member does, which cannot be beyond what deflate can make of the bytes that are there.

use super::error::InputError;
use super::file::DataFile;
use super::format::{FileFormat, Wanted};
use super::location::{Location, TensorSummary};
use super::npy;
use super::spool::Spool;
use super::tensor::Tensor;
use crate::text::counted;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use zip::read::{ZipArchive, ZipFile};
use zip::{CompressionMethod, result::ZipError};

/// The format.
pub(super) static FORMAT: FileFormat = FileFormat {
    name: "npz",
    suffixes: &["npz"],
    one_array: false,
    floats: npy::FLOATS,
    convert: npy::CONVERT,
    integers: npy::INTEGERS,
    open: |path, wanted| {
        let mut archive = Archive::open(path)?;
        wanted.iter().map(|tensor| archive.tensor(tensor)).collect()
    },
};

/// What the format calls an array.
const KIND: &str = "array";
/// What numpy appends to the name of an array.
const SUFFIX: &str = ".npy";
/// The most that deflate can make of a byte: 258 bytes take two bits at least.
const MOST_EXPANSION: u64 = 1032;
/// Bytes of what stands at the end of an archive, without its comment.
const END: u64 = 22;
/// Bytes that are unpacked at once.
const CHUNK: usize = 1 << 16;

struct Archive {
    file: DataFile,
    zip: ZipArchive<Cursor>,
}

impl Archive {
    fn open(path: &Path) -> Result<Archive, InputError> {
        let file = DataFile::open(path)?;
        let cursor = Cursor { file: file.clone(), at: 0, buffer: Vec::new(), start: 0 };
        let zip = ZipArchive::new(cursor).map_err(|cause| wrong(file.location.clone(), &cause))?;
        // The library keeps the last of each name.
        if let Some(entries) = entries(&file, zip.comment().len() as u64)
            && entries > zip.len()
        {
            let names = counted(zip.len() as u64, "name");
            let what = format!("{entries} members with {names}, one of which is there more than once");
            return Err(InputError::Archive { location: file.location.clone(), what });
        }
        Ok(Archive { file, zip })
    }

    fn tensor(&mut self, wanted: &Wanted) -> Result<Tensor, InputError> {
        let path = self.file.location.path.clone();
        let location = Location::array(&path, KIND, wanted.name);
        let name = format!("{}{SUFFIX}", wanted.name);
        let Some(index) = self.zip.index_for_name(&name) else {
            let name = wanted.name.to_owned();
            return Err(InputError::MissingTensor { path, kind: KIND, name, available: self.arrays() });
        };
        let mut member = self.zip.by_index(index).map_err(|cause| wrong(location.clone(), &cause))?;
        // What is there, whether it is stored or packed.
        let start = member.data_start().unwrap_or(u64::MAX);
        let there = self.file.part(location.clone(), start, member.compressed_size())?;
        let bytes = match member.compression() {
            CompressionMethod::Stored if member.size() == there.length => {
                verify(&mut member, &location)?;
                there
            }
            CompressionMethod::Stored => {
                let what = format!("stored in {} bytes, but said to have {}", there.length, member.size());
                return Err(InputError::Archive { location, what });
            }
            CompressionMethod::Deflated => unpack(&mut member, location)?,
            method => {
                let what = format!("compressed by {method}, which numpy does not do");
                return Err(InputError::Archive { location, what });
            }
        };
        npy::array(bytes)
    }

    /// The arrays that there are.
    fn arrays(&self) -> Vec<TensorSummary> {
        let names = self.zip.file_names().filter_map(|name| Some(name.ok()?.strip_suffix(SUFFIX)?.to_owned()));
        let mut names: Vec<String> = names.collect();
        names.sort();
        names.into_iter().map(|name| TensorSummary { name, dtype: String::new(), shape: None }).collect()
    }
}

/// How many members an archive says that it has, at its end; nothing where it says so elsewhere, as with more than
/// 65534.
fn entries(file: &DataFile, comment: u64) -> Option<usize> {
    let end: [u8; END as usize] = file.read(file.length.checked_sub(comment + END)?, END).ok()?.try_into().ok()?;
    let entries = u16::from_le_bytes([end[10], end[11]]);
    (end.starts_with(b"PK\x05\x06") && entries < u16::MAX).then_some(entries.into())
}

/// Reads a stored member to its end, where the library holds its checksum against what was read.
fn verify(member: &mut ZipFile<'_, Cursor>, location: &Location) -> Result<(), InputError> {
    match io::copy(member, &mut io::sink()) {
        Ok(_) => Ok(()),
        Err(cause) => Err(damaged(location.clone(), &cause)),
    }
}

/// The error of a member that cannot be read to its end.
fn damaged(location: Location, cause: &io::Error) -> InputError {
    let mut what = cause.to_string();
    if what.to_lowercase().contains("checksum") {
        what = "bad CRC: its bytes are not those that the archive has the checksum of".to_string();
    }
    InputError::Archive { location, what }
}

/// Unpacks a member, a buffer at a time and no further than it says.
fn unpack(member: &mut ZipFile<'_, Cursor>, location: Location) -> Result<DataFile, InputError> {
    let (size, packed) = (member.size(), member.compressed_size());
    if size / MOST_EXPANSION > packed {
        let what = format!("{size} bytes said to be unpacked from {packed}, which deflate cannot do");
        return Err(InputError::Archive { location, what });
    }
    let mut spool = Spool::new(location.clone())?;
    let mut buffer = vec![0; CHUNK];
    let mut left = size;
    loop {
        match member.read(&mut buffer) {
            Ok(0) if left == 0 => return spool.finish(),
            Ok(0) => {
                let what = format!("{} bytes unpacked where {size} were said to be", size - left);
                return Err(InputError::Archive { location, what });
            }
            Ok(count) if count as u64 <= left => {
                spool.push(&buffer[..count])?;
                left -= count as u64;
            }
            Ok(_) => {
                let what = format!("more bytes unpacked than the {size} that were said to be");
                return Err(InputError::Archive { location, what });
            }
            Err(cause) => return Err(damaged(location, &cause)),
        }
    }
}

fn wrong(location: Location, cause: &ZipError) -> InputError {
    InputError::Archive { location, what: cause.to_string() }
}

/// A position in a file, as the zip reader wants it, with a small buffer.
struct Cursor {
    file: DataFile,
    at: u64,
    buffer: Vec<u8>,
    /// The byte at which the buffer starts.
    start: u64,
}

impl Read for Cursor {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.file.length {
            return Ok(0);
        }
        let end = self.start + self.buffer.len() as u64;
        if !(self.start..end).contains(&self.at) {
            let count = (self.file.length - self.at).min(CHUNK as u64);
            self.buffer = self.file.read(self.at, count).map_err(io::Error::other)?;
            self.start = self.at;
        }
        let there = &self.buffer[(self.at - self.start) as usize..];
        let count = there.len().min(out.len());
        out[..count].copy_from_slice(&there[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Cursor {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(offset) => self.file.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.at.checked_add_signed(offset),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
