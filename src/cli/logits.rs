//! Files of logits as commands are given them.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::Failure;
use crate::measure::{Chosen, Source};

/// Where a command takes the actions of rows from.
#[derive(Clone, Copy)]
pub enum Actions<'a> {
    /// A tensor of this name, or the second of two .npy files.
    Tensor(&'a str),
    /// No file.
    Chosen(Chosen),
}

/// Whether a name is that of a .npy file.
pub fn is_npy(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("npy"))
}

/// A .safetensors file, or a .npy file with logits, followed by one with actions unless those are chosen.
pub fn open(command: &str, files: &[PathBuf], logits: &str, actions: Actions<'_>) -> Result<Source, Failure> {
    let opened = match (files, actions) {
        ([path], _) if path.as_os_str() == "-" => {
            let why = "reads its input by position, which standard input does not allow; give it a file";
            return Err(Failure::Unusable(format!("{command} {why}")));
        }
        ([path], Actions::Chosen(chosen)) if is_npy(path) => Source::open_npy_logits(path, chosen),
        ([path], Actions::Chosen(chosen)) => Source::open_safetensors_logits(path, logits, chosen),
        ([path], Actions::Tensor(actions)) => Source::open_safetensors(path, logits, actions),
        ([logits, actions], Actions::Tensor(_)) if is_npy(logits) && is_npy(actions) => {
            Source::open_npy(logits, actions)
        }
        _ => {
            let why = "two files are taken as .npy files, the logits first; a .safetensors file holds both tensors";
            return Err(Failure::Unusable(why.to_string()));
        }
    };
    opened.map_err(|error| Failure::Unusable(error.to_string()))
}

/// The rows that were asked for, all by default.
pub fn rows(source: &Source, asked: &Option<Range<u64>>) -> Result<Range<u64>, Failure> {
    let rows = asked.clone().unwrap_or(0..source.rows);
    if rows.end > source.rows {
        let (asked, there) = (format!("{}..{}", rows.start, rows.end), source.rows);
        return Err(Failure::Unusable(format!("--rows {asked} reaches beyond the file, which has rows 0..{there}")));
    }
    Ok(rows)
}

/// Rows as an option says them: `0..100`, or `7` for one.
pub fn parse_rows(text: &str) -> Result<Range<u64>, String> {
    let number =
        |text: &str| text.trim().parse::<u64>().map_err(|_| "expected a range such as 0..100, or a row".to_string());
    let range = match text.split_once("..") {
        Some((start, end)) => number(start)?..number(end)?,
        None => {
            let row = number(text)?;
            row..row.checked_add(1).ok_or("no file has so many rows")?
        }
    };
    if range.is_empty() { Err("the range is empty: its end must be above its start".to_string()) } else { Ok(range) }
}
