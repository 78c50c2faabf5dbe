//! The bytes of a file, as the Parquet library asks for them.

use super::file::DataFile;
use bytes::{Buf, Bytes};
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};
use std::io::{self, Read};

/// A file as the Parquet reader wants it.
pub(super) struct Chunks(pub DataFile);

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.0.length
    }
}

impl ChunkReader for Chunks {
    type T = Pieces;

    fn get_read(&self, start: u64) -> Result<Pieces, ParquetError> {
        Ok(Pieces::of(self.0.clone(), start))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let bytes = self.0.read(start, length as u64).map_err(|error| ParquetError::General(error.to_string()))?;
        Ok(bytes.into())
    }
}

/// A file from a position on, read in pieces.
pub(super) struct Pieces {
    file: DataFile,
    at: u64,
    buffer: Bytes,
}

impl Pieces {
    pub fn of(file: DataFile, at: u64) -> Pieces {
        Pieces { file, at, buffer: Bytes::new() }
    }
}

impl Read for Pieces {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        const PIECE: u64 = 1 << 14;
        if self.buffer.is_empty() {
            let count = self.file.length.saturating_sub(self.at).min(PIECE);
            if count == 0 {
                return Ok(0);
            }
            self.buffer = self.file.read(self.at, count).map_err(io::Error::other)?.into();
            self.at += count;
        }
        let count = self.buffer.len().min(out.len());
        self.buffer.copy_to_slice(&mut out[..count]);
        Ok(count)
    }
}
