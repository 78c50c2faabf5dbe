//! Actions that no file says.

/// The action of every row, where no file says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    /// That of the largest logit as stored in the file; the first of equals.
    Largest,
    /// Always this one, from 0.
    Always(u64),
}

/// The column of the largest number; the first of equals, and 0 if there is none.
pub(super) fn largest(logits: &[f64]) -> usize {
    let better = |best: usize, index: usize| if logits[index] > logits[best] { index } else { best };
    (1..logits.len()).fold(0, better)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_is_the_first_of_equals() {
        assert_eq!(largest(&[f64::NEG_INFINITY, -3.0, 2.5, 1.0, 2.5]), 2);
        assert_eq!(largest(&[0.0, -0.0]), 0);
        assert_eq!(largest(&[-1.0, -0.5]), 1);
    }
}
