//! The two names of a sequence of bytes: its SHA-256, and its Software Heritage identifier.

use std::fmt::Write as _;

use sha1::Sha1;
use sha2::{Digest, Sha256};

/// What [`Fingerprint::swhid`] starts with.
pub const SWHID_PREFIX: &str = "swh:1:cnt:";

/// Hashes of the bytes of a file, in lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// SHA-256 of the bytes, 64 digits.
    pub sha256: String,
    /// The hash that git gives to a file with these bytes, 40 digits.
    pub blob: String,
}

impl Fingerprint {
    /// The fingerprint of these bytes.
    ///
    /// # Examples
    /// ```
    /// use logitlab::cite::Fingerprint;
    /// let empty = Fingerprint::of(b"");
    /// assert_eq!(empty.sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    /// assert_eq!(empty.swhid(), "swh:1:cnt:e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    /// ```
    pub fn of(bytes: &[u8]) -> Fingerprint {
        let mut blob = Sha1::new();
        blob.update(format!("blob {}\0", bytes.len()));
        blob.update(bytes);
        Fingerprint { sha256: hex(&Sha256::digest(bytes)), blob: hex(&blob.finalize()) }
    }

    /// `sha256:` and the hash.
    pub fn sha256_name(&self) -> String {
        format!("sha256:{}", self.sha256)
    }

    /// The Software Heritage identifier of the bytes as a content; it resolves once they are archived there.
    pub fn swhid(&self) -> String {
        format!("{SWHID_PREFIX}{}", self.blob)
    }
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        _ = write!(out, "{byte:02x}");
        out
    })
}
