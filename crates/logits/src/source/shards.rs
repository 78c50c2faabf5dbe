//! Several files that are read as one.

use super::error::InputError;
use std::cmp::Ordering;
use std::path::{Path, PathBuf};

/// Files as they were given, patterns replaced by what they match.
pub(super) fn expand(files: &[PathBuf]) -> Result<Vec<PathBuf>, InputError> {
    let mut expanded = Vec::new();
    for file in files {
        match file.to_str() {
            Some(pattern) if pattern.contains(['*', '?', '[']) && !file.exists() => expanded.extend(matches(pattern)?),
            _ => expanded.push(file.clone()),
        }
    }
    if expanded.is_empty() { Err(InputError::NoFiles) } else { Ok(expanded) }
}

/// The files that a pattern matches, in natural order.
fn matches(pattern: &str) -> Result<Vec<PathBuf>, InputError> {
    let wrong = |why: &dyn ToString| InputError::Pattern { pattern: pattern.into(), why: why.to_string() };
    let found = glob::glob(pattern).map_err(|error| wrong(&error.msg))?;
    let mut paths = found.collect::<Result<Vec<_>, _>>().map_err(|error| wrong(&error))?;
    if paths.is_empty() {
        return Err(wrong(&"no file matches it"));
    }
    paths.sort_by(|a, b| natural(a, b));
    Ok(paths)
}

/// The order of names in which numbers count as numbers: `part2` comes before `part10`.
fn natural(a: &Path, b: &Path) -> Ordering {
    let (text_a, text_b) = (a.to_string_lossy(), b.to_string_lossy());
    pieces(&text_a).cmp(pieces(&text_b)).then_with(|| a.cmp(b))
}

/// A name taken apart into characters and whole numbers, which stand where their digits do: by their length without
/// leading zeros first, then by the digits.
fn pieces(mut text: &str) -> impl Iterator<Item = (char, usize, &str)> {
    std::iter::from_fn(move || {
        let first = text.chars().next()?;
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (piece, rest) = text.split_at(if digits > 0 { digits } else { first.len_utf8() });
        text = rest;
        let number = piece.trim_start_matches('0');
        Some(if digits > 0 { ('0', number.len(), number) } else { (first, 0, "") })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_count_as_numbers() {
        let order = ["a/2.npy", "a/010.npy", "a/10.npy", "part-1", "part-2", "part-10", "part-10-1", "part-a"];
        let mut sorted = order.map(Path::new);
        sorted.reverse();
        sorted.sort_by(|a, b| natural(a, b));
        // Equal as numbers, the plain order of the names decides.
        assert_eq!(sorted, order.map(Path::new));
    }
}
