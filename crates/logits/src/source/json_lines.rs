//! JSON lines: an object a line, each of them one row.
//!
//! `{"logits": [0.5, -1.25, null], "action": 0, "advantage": 0.7}`: logits are numbers, or `null`, `"-inf"` or Python's
//! `-Infinity` for a masked action. Keys that are not asked for are skipped; a key may also be the name that is asked
//! for without its plural s, as one row has one action. Lines are read once, from a file or from standard input, one at
//! a time, and what is asked for goes into temporary files as f64 and i64.

use super::dtype::Dtype;
use super::error::InputError;
use super::file::DataFile;
use super::format::{FileFormat, Wanted};
use super::json_row::{Row, plain};
use super::location::{Location, Role};
use super::quote::complaint;
use super::spool::Spool;
use super::tensor::{Element, Tensor};
use serde::de::DeserializeSeed;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// The format.
pub(super) static FORMAT: FileFormat = FileFormat {
    name: "JSON lines",
    suffixes: &["jsonl", "ndjson"],
    one_array: false,
    floats: "numbers",
    convert: "convert it",
    integers: "integers",
    open,
};

/// The name that stands for standard input.
pub(super) const STANDARD_INPUT: &str = "-";
/// The longest line that is read: some millions of logits.
const MAX_LINE: u64 = 64 << 20;

fn open(path: &Path, wanted: &[Wanted]) -> Result<Vec<Tensor>, InputError> {
    if path == Path::new(STANDARD_INPUT) {
        return read(&mut io::stdin().lock(), path, wanted);
    }
    // Checks that it is a file, so that opening it again does not wait.
    DataFile::open(path)?;
    let file = File::open(path).map_err(|cause| InputError::Open { path: path.to_owned(), cause })?;
    read(&mut BufReader::with_capacity(1 << 16, file), path, wanted)
}

/// How many times as much as there is rows that are filled up may take.
const MOST_PADDING: u64 = 64;

/// Rows of these lengths, filled up with NaN to the longest.
fn filled_up(file: &DataFile, location: Location, lengths: &[u32], width: u64) -> Result<DataFile, InputError> {
    let mut spool = Spool::new(location)?;
    let mut offset = 0;
    for &length in lengths {
        let bytes = 8 * u64::from(length);
        spool.push(&file.read(offset, bytes)?)?;
        offset += bytes;
        (u64::from(length)..width).try_for_each(|_| spool.push(&f64::NAN.to_le_bytes()))?;
    }
    spool.finish()
}

/// A line as it is read, for a message.
fn example(wanted: &[Wanted]) -> String {
    let value = |wanted: &Wanted| match wanted.role {
        Role::Logits if wanted.padded => format!("\"{}\": [-0.1, -2.5]", wanted.name),
        Role::Logits => format!("\"{}\": [0.5, -1.25, null]", wanted.name),
        role => {
            let name = wanted.name.strip_suffix('s').unwrap_or(wanted.name);
            let number = match role {
                Role::Actions => "0",
                Role::Mask => "1",
                _ => "-0.1",
            };
            format!("\"{name}\": {number}")
        }
    };
    format!("{{{}}}", wanted.iter().map(value).collect::<Vec<_>>().join(", "))
}

/// Reads all lines.
fn read(input: &mut impl BufRead, path: &Path, wanted: &[Wanted]) -> Result<Vec<Tensor>, InputError> {
    let wrong = |line, column, what| {
        let example = example(wanted);
        InputError::JsonLine { path: path.to_owned(), line, column, what, example }
    };
    let location = |wanted: &Wanted| Location::array(path, "key", wanted.name);
    let mut spools = wanted.iter().map(|wanted| Spool::new(location(wanted))).collect::<Result<Vec<_>, _>>()?;
    let padded = wanted.iter().any(|wanted| wanted.padded);
    let (mut rows, mut width, mut blank, mut offset, mut text) = (0, 0, None, 0, Vec::new());
    let mut lengths: Vec<u32> = Vec::new();
    for line in 1u64.. {
        text.clear();
        let length = input.by_ref().take(MAX_LINE + 1).read_until(b'\n', &mut text);
        let failed = |cause| InputError::Read { location: Location::file(path), offset, length: 1, cause };
        let length = length.map_err(failed)? as u64;
        offset += length;
        if length > MAX_LINE {
            return Err(wrong(line, MAX_LINE, format!("longer than {} MiB", MAX_LINE >> 20)));
        }
        if length == 0 {
            break;
        }
        if text.trim_ascii().is_empty() {
            blank.get_or_insert(line);
            continue;
        }
        if let Some(line) = blank {
            return Err(wrong(line, 1, "an empty line, and lines that are not behind it".to_string()));
        }
        plain(&mut text);
        let mut row = Row::new(wanted);
        let mut parser = serde_json::Deserializer::from_slice(&text);
        let parsed = row.deserialize(&mut parser).and_then(|()| parser.end());
        parsed.map_err(|error| wrong(line, error.column() as u64, complaint(&error)))?;
        row.complete().map_err(|missing| wrong(line, text.trim_ascii_end().len() as u64, missing))?;
        let logits = row.logits.len() as u64;
        if padded {
            // Within a line, so that it fits.
            lengths.push(logits as u32);
        } else if line > 1 && logits != width {
            return Err(wrong(line, 1, format!("{logits} logits, but line 1 has {width}, and all rows have the same")));
        }
        width = logits.max(width);
        rows = line;
        for ((wanted, spool), number) in wanted.iter().zip(&mut spools).zip(&row.numbers) {
            match wanted.role {
                Role::Logits => row.logits.iter().try_for_each(|logit| spool.push(&logit.to_le_bytes()))?,
                _ => spool.push(&number.unwrap_or_default())?,
            }
        }
    }
    let tensor = |(wanted, spool): (&Wanted, Spool)| {
        let (element, stored) = match wanted.role {
            Role::Actions => (Element::Signed(8), "integers"),
            _ => (Element::Float(Dtype::F64), "numbers"),
        };
        let shape = if wanted.role == Role::Logits { vec![rows, width] } else { vec![rows] };
        let (location, stored) = (location(wanted), stored.to_string());
        let mut file = spool.finish()?;
        if wanted.role == Role::Logits && lengths.iter().any(|&length| u64::from(length) != width) {
            let numbers: u64 = lengths.iter().map(|&length| u64::from(length)).sum();
            if rows.saturating_mul(width) > MOST_PADDING.saturating_mul(numbers + rows) + MAX_LINE {
                let longest =
                    lengths.iter().position(|&length| u64::from(length) == width).unwrap_or_default() as u64 + 1;
                return Err(wrong(longest, 1, format!("{width} numbers, far more than in other lines; check it")));
            }
            file = filled_up(&file, location.clone(), &lengths, width)?;
        }
        Ok(Tensor { file, location, element, stored, shape, offset: 0, lines: true })
    };
    wanted.iter().zip(spools).map(tensor).collect()
}
