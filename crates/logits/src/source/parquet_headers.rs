//! Headers of the pages of a Parquet column, looked at before the library acts on them.
//!
//! For a page the library makes room for as many bytes as its header says, up to 2^31 of them, whatever the file can
//! hold; and it unpacks gzip and framed LZ4 to their end, whatever the header says. So each header is read here first.
//! This reader is the stricter one: what both take for a header is the same to both.

use super::file::DataFile;
use super::parquet_bytes::Pieces;
use parquet::basic::Compression;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use std::io::{self, Read};

/// The most bytes that a page can have, packed or not: a row of 2^24 logits in f64, and an eighth for its levels.
const MOST_BYTES: u64 = 9 << 24;
/// How many bytes deflate can make of one: 258 of two bits.
const MOST_OF_ONE: u64 = 1032;
/// How deep what is not known may be nested.
const DEEPEST: u32 = 32;
/// The type of a page that the library reads over.
const INDEX_PAGE: i64 = 1;

/// The pages of a column chunk, each decoded only after its header was found to ask for no more than there may be.
pub(super) struct Checked {
    inner: Box<dyn PageReader>,
    chunk: Chunk,
    page: u64,
}

/// Where the pages of one column in one row group are, and what they are packed by.
pub(super) struct Chunk {
    pub file: DataFile,
    /// Which row group it is, from 0.
    pub group: usize,
    pub codec: Compression,
    /// The first byte that is not yet looked at.
    pub at: u64,
    /// The bytes from there on.
    pub left: u64,
}

impl Checked {
    pub fn new(inner: Box<dyn PageReader>, chunk: Chunk) -> Checked {
        Checked { inner, chunk, page: 0 }
    }

    /// Looks at the header of the next page that the library does not read over.
    fn check(&mut self) -> Result<()> {
        while self.chunk.left > 0 {
            let (group, page) = (self.chunk.group, self.page);
            let wrong = |what| ParquetError::General(format!("row group {group}, page {page} (from 0): {what}"));
            let header = self.chunk.header().map_err(wrong)?;
            self.page += 1;
            if header.kind != Some(INDEX_PAGE) {
                break;
            }
        }
        Ok(())
    }
}

impl Chunk {
    /// The next header, if it and its page are such as the library may have; the next is the one behind the page then.
    fn header(&mut self) -> Result<Header, String> {
        let mut reader = Compact::new(Pieces::of(self.file.clone(), self.at), self.left, 0);
        let (header, length) = reader.header().ok_or("expected a header of its page, with the sizes of it")?;
        let left = self.left - length;
        let size = |what: &str, bytes: i64| match u64::try_from(bytes) {
            Ok(size @ ..=MOST_BYTES) => Ok(size),
            _ => Err(format!(
                "its header says {bytes} bytes {what}, expected at most {MOST_BYTES} (1 MB is usual, as by pyarrow's \
                 `data_page_size`)"
            )),
        };
        size("when unpacked", header.unpacked)?;
        let packed = size("as it is stored", header.packed)?;
        if packed > left {
            return Err(format!("its header says {packed} bytes as it is stored, expected at most the {left} left"));
        }
        let at = self.at + length;
        if packed * MOST_OF_ONE > MOST_BYTES && self.unpacks_to_more(at, packed, header.levels)? {
            return Err(format!("more than {MOST_BYTES} bytes when unpacked, and {} are said", header.unpacked));
        }
        (self.at, self.left) = (at + packed, left - packed);
        Ok(header)
    }

    /// Whether a page is packed by what the library unpacks to its end, and that is too far away.
    fn unpacks_to_more(&self, at: u64, packed: u64, levels: i64) -> Result<bool, String> {
        if !matches!(self.codec, Compression::GZIP(_) | Compression::LZ4) {
            return Ok(false);
        }
        let levels = u64::try_from(levels).unwrap_or(0).min(packed);
        let bytes = self.file.read(at + levels, packed - levels).map_err(|error| error.to_string())?;
        let unpacked: Box<dyn Read + '_> = match self.codec {
            Compression::LZ4 => Box::new(lz4_flex::frame::FrameDecoder::new(&bytes[..])),
            _ => Box::new(flate2::read::MultiGzDecoder::new(&bytes[..])),
        };
        // What cannot be unpacked ends there for the library, too.
        Ok(reaches(unpacked, MOST_BYTES))
    }
}

/// Whether more bytes than this can be read.
fn reaches(bytes: impl Read, most: u64) -> bool {
    let mut left = bytes.take(most + 1);
    let mut piece = [0; 1 << 14];
    while let Ok(1..) = left.read(&mut piece) {}
    left.limit() == 0
}

/// What a header says of its page.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
struct Header {
    kind: Option<i64>,
    /// How many bytes it has when unpacked.
    unpacked: i64,
    /// How many it has as it is stored.
    packed: i64,
    /// How many of these are levels before what is packed.
    levels: i64,
}

/// What a field of a structure is that the library knows; it takes that for granted, whatever the field says of itself.
enum Field {
    Integer,
    Flag,
    Structure(&'static [Field]),
}

use Field::{Flag, Integer, Structure};

/// A page header, its fields from the number 1 on: type, sizes, checksum, and the header of one kind of page: of data,
/// of an index, of a dictionary, of data in the second version. Statistics are passed over.
const PAGE: &[Field] = &[
    Integer,
    Integer,
    Integer,
    Integer,
    Structure(&[Integer, Integer, Integer, Integer]),
    Structure(&[]),
    Structure(&[Integer, Integer, Flag]),
    Structure(&[Integer, Integer, Integer, Integer, Integer, Integer, Flag]),
];

/// Whether the footer of a file is one: the library goes through a list of as many elements as it says, up to 2^31,
/// where these take no bytes. What does not end as a footer does is left to the library.
pub(super) fn footer_is_sound(file: &DataFile) -> bool {
    let Some(end) = file.length.checked_sub(8) else { return true };
    let Ok(bytes) = file.read(end, 8) else { return true };
    let &[a, b, c, d, b'P', b'A', b'R', b'1'] = &bytes[..] else { return true };
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    let Some(start) = end.checked_sub(length) else { return true };
    Compact::new(Pieces::of(file.clone(), start), length, length)
        .structure(&[], 0, DEEPEST, &mut |_, _, _| {})
        .is_some()
}

/// Thrift's compact protocol, as far as headers of pages and footers go. `None` stands for what is not that.
struct Compact<R> {
    bytes: io::Take<R>,
    /// How many have been read.
    length: u64,
    /// How many elements lists may have together, each of which takes a byte at least.
    elements: u64,
}

impl<R: Read> Compact<R> {
    fn new(bytes: R, most: u64, elements: u64) -> Compact<R> {
        Compact { bytes: bytes.take(most), length: 0, elements }
    }

    /// A header, and how long it is.
    fn header(&mut self) -> Option<(Header, u64)> {
        let mut header = Header::default();
        let (mut unpacked, mut packed) = (None, None);
        self.structure(PAGE, 0, DEEPEST, &mut |within, id, value| match (within, id) {
            (0, 1) => header.kind = Some(value),
            (0, 2) => unpacked = Some(value),
            (0, 3) => packed = Some(value),
            (8, 5 | 6) => header.levels = header.levels.saturating_add(value),
            _ => {}
        })?;
        (header.unpacked, header.packed) = (unpacked?, packed?);
        Some((header, self.length))
    }

    /// The fields of a structure, each number handed on with the field that it is in (0: none) and its own.
    fn structure(
        &mut self,
        known: &[Field],
        within: i16,
        depth: u32,
        seen: &mut dyn FnMut(i16, i16, i64),
    ) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        let mut id = 0_i16;
        loop {
            let byte = self.byte()?;
            let (delta, kind) = (byte >> 4, byte & 0xf);
            if kind == 0 {
                return Some(());
            }
            id = if delta == 0 { i16::try_from(self.signed()?).ok()? } else { id.checked_add(i16::from(delta))? };
            let field = usize::try_from(id).ok().and_then(|id| known.get(id.checked_sub(1)?));
            match (field, kind) {
                (Some(Integer), 5) => {
                    let value = self.signed()?;
                    seen(within, id, value);
                }
                (Some(Flag), 1 | 2) => {}
                (Some(Structure(known)), 12) => self.structure(known, id, depth, seen)?,
                (Some(_), _) => return None,
                (None, kind) => self.pass_over(kind, depth)?,
            }
        }
    }

    /// What is not known, by the type that it says it has.
    fn pass_over(&mut self, kind: u8, depth: u32) -> Option<()> {
        match kind {
            1 | 2 => Some(()),
            3 => self.skip(1),
            4..=6 => self.unsigned().map(drop),
            7 => self.skip(8),
            8 => self.unsigned().and_then(|length| self.skip(length)),
            9 | 10 => {
                let byte = self.byte()?;
                let count = if byte >> 4 == 15 { self.unsigned()? } else { u64::from(byte >> 4) };
                self.elements(count, &[byte & 0xf], depth)
            }
            11 => match self.unsigned()? {
                0 => Some(()),
                count => {
                    let kinds = self.byte()?;
                    self.elements(count, &[kinds >> 4, kinds & 0xf], depth)
                }
            },
            12 => self.structure(&[], 0, depth, &mut |_, _, _| {}),
            13 => self.skip(16),
            _ => None,
        }
    }

    /// The elements of a list or a map; a truth value takes a byte there.
    fn elements(&mut self, count: u64, kinds: &[u8], depth: u32) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        self.elements = self.elements.checked_sub(count)?;
        for _ in 0..count {
            for &kind in kinds {
                if matches!(kind, 1 | 2) { self.skip(1)? } else { self.pass_over(kind, depth)? }
            }
        }
        Some(())
    }

    fn skip(&mut self, length: u64) -> Option<()> {
        let skipped = io::copy(&mut self.bytes.by_ref().take(length), &mut io::sink()).ok()?;
        self.length += skipped;
        (skipped == length).then_some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let mut byte = [0];
        self.bytes.read_exact(&mut byte).ok()?;
        self.length += 1;
        Some(byte[0])
    }

    /// Seven bits a byte, the lowest first, of ten bytes at most.
    fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            value |= bits.checked_shl(shift).filter(|shifted| shifted >> shift == bits)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// The numbers 0, -1, 1, -2, ... as 0, 1, 2, 3, ...
    fn signed(&mut self) -> Option<i64> {
        let value = self.unsigned()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }
}

impl Iterator for Checked {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Result<Page>> {
        self.get_next_page().transpose()
    }
}

impl PageReader for Checked {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        self.check()?;
        self.inner.get_next_page()
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.inner.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.check()?;
        self.inner.skip_next_page()
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        self.inner.at_record_boundary()
    }
}

#[cfg(test)]
mod tests {
    use super::super::location::Location;
    use super::*;
    use std::io::Write;
    use std::path::Path;

    fn header(bytes: &[u8]) -> Option<(Header, u64)> {
        Compact::new(bytes, bytes.len() as u64, 0).header()
    }

    /// A dictionary page of 22 bytes, 18 of them unpacked: type, sizes, a header of its own, the end.
    const DICTIONARY: [u8; 14] = [0x15, 4, 0x15, 44, 0x15, 36, 0x4c, 0x15, 8, 0x15, 0, 0x12, 0, 0];

    #[test]
    fn headers_are_read_to_their_end() {
        let expected = Header { kind: Some(2), unpacked: 22, packed: 18, levels: 0 };
        assert_eq!(header(&DICTIONARY), Some((expected, 14)));
        assert_eq!(header(&[&DICTIONARY[..], &[1, 2, 3]].concat()), Some((expected, 14)));
        for end in 0..DICTIONARY.len() {
            assert_eq!(header(&DICTIONARY[..end]), None, "{end}");
        }
        // Statistics, here a binary in a structure, are of no interest.
        let statistics = [0x15, 0, 0x15, 44, 0x15, 36, 0x2c, 0x15, 8, 0x4c, 0x18, 3, 9, 9, 9, 0, 0, 0];
        assert_eq!(header(&statistics), Some((Header { kind: Some(0), ..expected }, 18)));
        let second = [0x15, 6, 0x15, 44, 0x15, 36, 0x5c, 0x55, 4, 0x15, 6, 0x11, 0, 0];
        assert_eq!(header(&second), Some((Header { kind: Some(3), levels: 5, ..expected }, 14)));
    }

    #[test]
    fn what_the_library_might_read_otherwise_is_no_header() {
        let with = |at: usize, bytes: &[u8]| [&DICTIONARY[..at], bytes, &DICTIONARY[at + 1..]].concat();
        // A size that says it is a binary, a list, a number with more bits than there are.
        assert_eq!(header(&with(2, &[0x18])), None);
        assert_eq!(header(&with(4, &[0x19])), None);
        assert_eq!(header(&with(3, &[0xff; 10])), None);
        assert_eq!(header(&[&[0x1c; 80][..], &[0; 80]].concat()), None);
        // A size with more than 32 of them stays what it is.
        let long = header(&with(3, &[0xf7, 0xf7, 0xf7, 0xf7, 0xf7, 0xf7, 0xf7, 0xf7, 0x77])).unwrap().0.unpacked;
        assert!(i32::try_from(long).is_err(), "{long}");
    }

    /// A number as `signed` reads it.
    fn number(value: u64) -> Vec<u8> {
        (0..5).map(|i| (((2 * value) >> (7 * i)) as u8 & 0x7f) | (if i < 4 { 0x80 } else { 0 })).collect()
    }

    /// What is said of a dictionary page that says it has so many bytes, `stored` in the file.
    fn outcome(codec: Compression, unpacked: u64, stored: &[u8]) -> Result<Header, String> {
        let sizes = [&number(unpacked)[..], &[0x15], &number(stored.len() as u64)].concat();
        let bytes = [&DICTIONARY[..3], &sizes, &DICTIONARY[6..], stored].concat();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        let file = DataFile::of(file, Location::file(Path::new("rows.parquet"))).unwrap();
        Chunk { file, group: 0, codec, at: 0, left: bytes.len() as u64 }.header()
    }

    fn gzip(zeros: u64) -> Vec<u8> {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        io::copy(&mut io::repeat(0).take(zeros), &mut packed).unwrap();
        packed.finish().unwrap()
    }

    #[test]
    fn a_page_that_is_too_long_is_refused_whoever_says_so() {
        let codec = Compression::GZIP(Default::default());
        for (unpacked, said) in [(MOST_BYTES, false), (MOST_BYTES + 1, true), (1 << 30, true)] {
            assert_eq!(outcome(codec, unpacked, &[0; 9]).is_err(), said, "{unpacked}");
        }
        // The header of the second says nothing of what is there.
        assert!(outcome(codec, MOST_BYTES, &gzip(MOST_BYTES)).is_ok());
        let message = outcome(codec, 20, &gzip(MOST_BYTES + 1)).unwrap_err();
        assert!(message.contains("more than 150994944 bytes when unpacked, and 20 are said"), "{message}");
        let mut framed = lz4_flex::frame::FrameEncoder::new(Vec::new());
        io::copy(&mut io::repeat(0).take(MOST_BYTES + 1), &mut framed).unwrap();
        let framed = framed.finish().unwrap();
        assert!(outcome(Compression::LZ4, 20, &framed).is_err());
        assert!(outcome(Compression::LZ4_RAW, 20, &framed).is_ok());
    }

    #[test]
    fn lists_have_no_more_elements_than_bytes() {
        let sound = |bytes: &[u8]| {
            let length = bytes.len() as u64;
            Compact::new(bytes, length, length).structure(&[], 0, DEEPEST, &mut |_, _, _| {}).is_some()
        };
        // Two truth values, two numbers, no elements at all, a map of numbers to binaries.
        assert!(sound(&[0x19, 0x21, 1, 2, 0x19, 0x25, 8, 0x80, 1, 0x19, 0, 0x1b, 1, 0x58, 4, 1, 7, 0]));
        // 2^31 - 1 truth values, which would be gone through; lists in lists without an end.
        assert!(!sound(&[0x19, 0xf1, 0xff, 0xff, 0xff, 0xff, 7, 0]));
        assert!(!sound(&[&[0x19][..], &[0x19; 60], &[0; 3]].concat()));
    }

    #[test]
    fn bytes_are_counted_as_far_as_is_asked() {
        assert!(reaches(io::repeat(0), 1 << 20));
        assert!(reaches(&[0; 11][..], 10));
        assert!(!reaches(&[0; 10][..], 10));
    }
}
