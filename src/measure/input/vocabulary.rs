//! Files that have parts of the vocabulary of the same rows, as tensor parallelism leaves them, told from files that have
//! parts of the rows.
//!
//! To read the first as more rows gives a wrong number for every row. Two signs are sound enough to refuse: the same
//! actions, row by row, beside other logits; and names that say tensor parallelism (`tp0`, `tp_rank_1`) where no actions
//! contradict them. An action beyond the columns of its own file is refused in any case, when it is read. Files with other
//! actions are parts of the rows, whatever their names and shapes.

use super::array::{Array, Part};
use super::error::InputError;
use super::location::Location;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// Files that look like parts of the vocabulary of the same rows.
#[derive(Debug, thiserror::Error)]
#[error(
    "{first} and {second}: {sign}: these look like parts of one vocabulary (tensor parallelism), {columns} columns each, \
     rather than further rows; join them along the last dimension and save the whole, as in `torch.cat(parts, dim=-1)`, \
     or say with --join rows that they are different rows"
)]
pub struct VocabularyParts {
    /// The logits of the first of two.
    pub first: Location,
    /// Those of the second.
    pub second: Location,
    /// How many columns each has.
    pub columns: u64,
    /// What says so.
    pub sign: &'static str,
}

/// What an equality of actions has to tell, in bits: less may be chance.
const LEAST_BITS: f64 = 8.0;
/// Rows that are read at once.
const TOGETHER: u64 = 1 << 16;

/// An error where files look like parts of the vocabulary.
pub(super) fn refuse_vocabulary_shards(logits: &Array, actions: Option<&Array>) -> Result<(), InputError> {
    let parts = logits.parts();
    let found = match actions {
        Some(actions) if actions.parts().len() == parts.len() => same_actions(logits, actions)?,
        // One file of actions for all of them: as many as all rows together.
        Some(_) => None,
        None => by_name(parts),
    };
    let Some((first, second, sign)) = found else { return Ok(()) };
    let location = |part: usize| parts[part].tensor.location.clone();
    let columns = parts[first].tensor.shape.last().copied().unwrap_or_default();
    Err(Box::new(VocabularyParts { first: location(first), second: location(second), columns, sign }).into())
}

/// Two files of as many rows with the same actions and other logits.
fn same_actions(logits: &Array, actions: &Array) -> Result<Option<(usize, usize, &'static str)>, InputError> {
    if logits.parts().len() < 2 {
        return Ok(None);
    }
    let mut known: HashMap<(u64, u64), usize> = HashMap::new();
    for (index, part) in logits.parts().iter().enumerate() {
        let (hash, varied) = digest(actions, part)?;
        let rows = part.rows.end - part.rows.start;
        let Some(&first) = known.get(&(rows, hash)) else {
            known.insert((rows, hash), index);
            continue;
        };
        let columns = part.tensor.shape.last().copied().unwrap_or_default();
        let bits = if varied { rows as f64 * libm::log2(columns as f64) } else { 0.0 };
        let names = [first, index].map(|part| says_parallel(&logits.parts()[part].tensor.location.path));
        if (bits >= LEAST_BITS || names == [true; 2]) && differ(logits, first, index)? {
            return Ok(Some((first, index, "the same actions, row by row, beside other logits")));
        }
    }
    Ok(None)
}

/// A digest of the actions of a part, and whether there are several among them.
fn digest(actions: &Array, part: &Part) -> Result<(u64, bool), InputError> {
    let mut hasher = DefaultHasher::new();
    let (mut first, mut varied) = (None, false);
    let mut start = part.rows.start;
    while start < part.rows.end {
        let end = part.rows.end.min(start + TOGETHER);
        let mut values = Vec::new();
        actions.integers(start..end, &mut values)?;
        for value in values {
            value.hash(&mut hasher);
            varied |= *first.get_or_insert(value) != value;
        }
        start = end;
    }
    Ok((hasher.finish(), varied))
}

/// Whether the first rows of two parts differ: copies of a file are no parts of a vocabulary.
fn differ(logits: &Array, first: usize, second: usize) -> Result<bool, InputError> {
    let row = |part: usize| {
        let start = logits.parts()[part].rows.start;
        let mut values = Vec::new();
        logits.numbers(start..start + 1, &mut values)?;
        Ok::<_, InputError>(values.into_iter().map(f64::to_bits).collect::<Vec<_>>())
    };
    Ok(row(first)? != row(second)?)
}

/// Two files of the same shape that their names call parts of tensor parallelism.
fn by_name(parts: &[Part]) -> Option<(usize, usize, &'static str)> {
    let shape = &parts.first()?.tensor.shape;
    let all = parts.len() > 1
        && parts.iter().all(|part| part.tensor.shape == *shape && says_parallel(&part.tensor.location.path));
    all.then_some((0, 1, "the same shape and names that say tensor parallelism (tp)"))
}

/// Whether the name of a file has the word `tp` or one that begins so, followed by a number: `tp0`, `tp_rank_1`,
/// `tp-low-rank2`; not `tpu0`, `http2`.
fn says_parallel(path: &Path) -> bool {
    let name = path.file_stem().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let starts = |&(at, _): &(usize, &str)| {
        let rest = &name[at + 2..];
        !name[..at].ends_with(char::is_alphabetic)
            && !rest.starts_with('u')
            && rest.contains(|c: char| c.is_ascii_digit())
    };
    name.match_indices("tp").any(|found| starts(&found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tensor_parallelism() {
        for name in ["tp0.safetensors", "dump_tp_rank_1.npz", "x/tplow_rank0.safetensors", "step-3-TP-2.npy"] {
            assert!(says_parallel(Path::new(name)), "{name}");
        }
        for name in ["rank-0.safetensors", "tpu0.npz", "http2.npz", "part-10.npz", "tp.npz", "output3.npz"] {
            assert!(!says_parallel(Path::new(name)), "{name}");
        }
    }
}
