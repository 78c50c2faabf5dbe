//! What can be wrong with the header of an npy array.

use super::location::Location;
use super::npy_header::MAGIC;
use super::quote::Text;
use std::fmt;

/// The array at a location as Python gets it.
struct Python<'a>(&'a Location);

impl fmt::Display for Python<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "numpy.load({:?})", self.0.path.to_string_lossy())?;
        self.0.array.as_deref().map_or(Ok(()), |(_, name)| write!(f, "[{name:?}]"))
    }
}

/// A header of an npy array that cannot be used: where, what was expected and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NpyError {
    /// An npy file that does not start as one.
    #[error(
        "{location}: the file starts with bytes {found:02x?}, expected {:02x?} (\"\\x93NUMPY\"); save the array with \
         `numpy.save`; an archive is read under a name that ends in .npz",
        MAGIC
    )]
    Magic {
        /// The file or the array in it.
        location: Location,
        /// Its first bytes.
        found: [u8; 6],
    },

    /// A version of the npy format that does not exist yet.
    #[error(
        "{location}: npy format version {major}.{minor} at byte 6, expected 1.0, 2.0 or 3.0; save the array with `numpy.save`"
    )]
    Version {
        /// The file or the array in it.
        location: Location,
        /// The version's first number.
        major: u8,
        /// The version's second number.
        minor: u8,
    },

    /// The header of an npy file is not the Python dict it should be.
    #[error(
        "{location}: the header has {} at byte {at} of the file, expected {expected}; save the array with `numpy.save`", found.map_or("its end".to_owned(), |byte| format!("'{}'", byte.escape_ascii()))
    )]
    Header {
        /// The file or the array in it.
        location: Location,
        /// The byte at which it goes wrong.
        at: u64,
        /// What stands there, unless the header ends.
        found: Option<u8>,
        /// What should.
        expected: &'static str,
    },

    /// An npy array stored by columns.
    #[error(
        "{location}: stored column by column ('fortran_order': True), expected row by row; convert it, as in \
         `numpy.save(\"rows.npy\", numpy.ascontiguousarray({}))`",
        Python(location)
    )]
    FortranOrder {
        /// The file or the array in it.
        location: Location,
    },

    /// An npy array stored with the other byte order.
    #[error(
        "{location}: stored big-endian ('descr': '{}'), expected little-endian; convert it, as in \
         `numpy.save(\"little.npy\", {}.astype('{}'))`",
        Text(descr), Python(location), Text(&descr.replacen('>', "<", 1))
    )]
    BigEndian {
        /// The file or the array in it.
        location: Location,
        /// The element type as the file spells it.
        descr: String,
    },

    /// An npy array of records.
    #[error(
        "{location}: the header has a structured dtype at byte {at} of the file, expected a plain number type; save one field \
         by itself, as in `numpy.save(\"field.npy\", {}[\"field\"])`",
        Python(location)
    )]
    Structured {
        /// The file or the array in it.
        location: Location,
        /// The byte at which the dtype stands.
        at: u64,
    },
}
