//! Files that have parts of the vocabulary of the same rows, as tensor parallelism leaves them, told from files that
//! have parts of the rows.
//!
//! To read the first as more rows gives a wrong number for every row. Two signs are sound enough to refuse: the same
//! actions, row by row, beside other logits; and names that say tensor parallelism with different numbers (`tp0`,
//! `tp_rank_1`) where no actions contradict them. An action beyond the columns of its own file is refused in any case,
//! when it is read. Files with other actions are parts of the rows, whatever their names and shapes.

use super::array::{Array, Part};
use super::error::InputError;
use super::vocabulary_error::VocabularyParts;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// What an equality of actions has to tell, in bits: less may be chance.
const LEAST_BITS: f64 = 8.0;
/// Actions that are read at once.
const TOGETHER: u64 = 1 << 16;
/// Logits that are read at once, about.
const NUMBERS_TOGETHER: u64 = 1 << 18;

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
        let ranks = [first, index].map(|part| parallel_rank(&logits.parts()[part].tensor.location.path));
        let named = ranks[0].is_some() && ranks[1].is_some() && ranks[0] != ranks[1];
        if (bits >= LEAST_BITS || named) && differ(logits, first, index)? {
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

/// Whether two parts of as many rows differ anywhere: copies of a file are no parts of a vocabulary. Padding can make
/// any row the same in both, so that all are held against each other, up to the first that differs.
fn differ(logits: &Array, first: usize, second: usize) -> Result<bool, InputError> {
    let [first, second] = [first, second].map(|part| &logits.parts()[part]);
    let columns = first.tensor.shape.last().copied().unwrap_or(1).max(1);
    let (count, most) = (first.rows.end - first.rows.start, (NUMBERS_TOGETHER / columns).max(1));
    // The first differ where any do, nearly always.
    let (mut start, mut together) = (0, 1);
    while start < count {
        let end = count.min(start + together);
        let rows = |part: &Part| {
            let mut values = Vec::new();
            logits.numbers(part.rows.start + start..part.rows.start + end, &mut values)?;
            Ok::<_, InputError>(values)
        };
        let (one, other) = (rows(first)?, rows(second)?);
        if one.iter().zip(&other).any(|(x, y)| x.to_bits() != y.to_bits()) {
            return Ok(true);
        }
        (start, together) = (end, most);
    }
    Ok(false)
}

/// Two files of the same shape that their names call different parts of tensor parallelism.
fn by_name(parts: &[Part]) -> Option<(usize, usize, &'static str)> {
    let first = parts.first()?;
    let mut ranks = Vec::new();
    for part in parts {
        let same_shape = part.tensor.shape == first.tensor.shape;
        ranks.push(parallel_rank(&part.tensor.location.path).filter(|_| same_shape)?);
    }
    let other = ranks.iter().position(|rank| *rank != ranks[0])?;
    Some((0, other, "the same shape and names that say different parts of tensor parallelism (tp)"))
}

/// Which part of tensor parallelism the name of a file says that it is: the number behind the word `tp` or one that
/// begins so, as in `tp0`, `tp_rank_1`, `tp-low-rank2`; behind `rank`, where that follows how many there are, as in
/// `tp2-rank1`. Nothing is said by `tpu0` and `http2`.
fn parallel_rank(path: &Path) -> Option<String> {
    let name = path.file_stem().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    name.match_indices("tp").find_map(|(at, _)| {
        let rest = &name[at + 2..];
        if name[..at].ends_with(char::is_alphabetic) || rest.starts_with('u') {
            return None;
        }
        let (number, behind) = next_number(rest)?;
        let word = behind.trim_start_matches(['-', '_', '.']);
        match word.strip_prefix("rank").and_then(next_number) {
            Some((rank, _)) => Some(rank),
            None => Some(number),
        }
    })
}

/// The first number of a text, without leading zeros, and what follows it.
fn next_number(text: &str) -> Option<(String, &str)> {
    let from = &text[text.find(|c: char| c.is_ascii_digit())?..];
    let end = from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len());
    let number = from[..end].trim_start_matches('0');
    Some((if number.is_empty() { "0" } else { number }.to_string(), &from[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tensor_parallelism() {
        for (name, rank) in [
            ("tp0.safetensors", "0"),
            ("dump_tp_rank_1.npz", "1"),
            ("x/tplow_rank0.safetensors", "0"),
            ("step-3-TP-2.npy", "2"),
            ("tp_rank_00.npz", "0"),
            ("llama-tp2-part1.npz", "2"),
            ("llama-tp2-rank1.npz", "1"),
        ] {
            assert_eq!(parallel_rank(Path::new(name)).as_deref(), Some(rank), "{name}");
        }
        for name in ["rank-0.safetensors", "tpu0.npz", "http2.npz", "part-10.npz", "tp.npz", "output3.npz"] {
            assert_eq!(parallel_rank(Path::new(name)), None, "{name}");
        }
    }
}
