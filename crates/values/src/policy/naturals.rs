//! Many non-negative integers of one width in one allocation.

use std::cmp::Ordering;

/// Non-negative integers of one width, stored as flat little-endian limbs.
///
/// Entry `i` is `sum over j of limbs[i * width + j] * 2^(64 j)`. A million of them is one
/// allocation, and every big-integer library can read an entry's limbs as they stand.
///
/// ```
/// use logitlab_values::policy::Naturals;
///
/// let two = Naturals::new(2, vec![5, 0, 0, 1]); // 5 and 2^64
/// assert_eq!(two.len(), 2);
/// assert_eq!(two.entry(1), &[0, 1]);
/// assert_eq!(two.bits(1), 65);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Naturals {
    width: usize,
    limbs: Vec<u64>,
}

impl Naturals {
    /// Takes `limbs` as entries of `width` limbs each, least significant limb first.
    ///
    /// # Panics
    ///
    /// If `width` is zero or does not divide the number of limbs.
    pub fn new(width: usize, limbs: Vec<u64>) -> Naturals {
        assert!(width > 0, "an entry has at least one limb");
        assert!(limbs.len().is_multiple_of(width), "{} limbs are no whole number of entries of {width}", limbs.len());
        Naturals { width, limbs }
    }

    /// `len` zeros of `width` limbs each.
    ///
    /// # Panics
    ///
    /// If `width` is zero.
    pub fn zeros(width: usize, len: usize) -> Naturals {
        Naturals::new(width, vec![0; width * len])
    }

    /// Entries of one limb each.
    pub fn from_u64s(entries: Vec<u64>) -> Naturals {
        Naturals::new(1, entries)
    }

    /// Entries of different lengths (least significant limb first), padded with zeros to the longest.
    ///
    /// ```
    /// use logitlab_values::policy::Naturals;
    ///
    /// assert_eq!(Naturals::from_digits(&[vec![7], vec![1, 2], vec![]]), Naturals::new(2, vec![7, 0, 1, 2, 0, 0]));
    /// ```
    pub fn from_digits(entries: &[Vec<u64>]) -> Naturals {
        let width = entries.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let mut naturals = Naturals::zeros(width, entries.len());
        for (i, digits) in entries.iter().enumerate() {
            naturals.entry_mut(i)[..digits.len()].copy_from_slice(digits);
        }
        naturals
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.limbs.len() / self.width
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.limbs.is_empty()
    }

    /// Limbs per entry, at least 1.
    pub fn width(&self) -> usize {
        self.width
    }

    /// All limbs, entry after entry: `len() * width()` of them.
    pub fn limbs(&self) -> &[u64] {
        &self.limbs
    }

    /// The limbs of entry `i` (0-based), least significant first; high limbs may be zero.
    ///
    /// # Panics
    ///
    /// If `i` is not below `len()`.
    pub fn entry(&self, i: usize) -> &[u64] {
        &self.limbs[i * self.width..(i + 1) * self.width]
    }

    /// The limbs of entry `i` for writing.
    ///
    /// # Panics
    ///
    /// If `i` is not below `len()`.
    pub fn entry_mut(&mut self, i: usize) -> &mut [u64] {
        &mut self.limbs[i * self.width..(i + 1) * self.width]
    }

    /// All limbs for writing, entry after entry.
    pub fn limbs_mut(&mut self) -> &mut [u64] {
        &mut self.limbs
    }

    /// The limbs of every entry in order, for writing.
    pub fn iter_mut(&mut self) -> std::slice::ChunksExactMut<'_, u64> {
        self.limbs.chunks_exact_mut(self.width)
    }

    /// The limbs of every entry in order.
    pub fn iter(&self) -> std::slice::ChunksExact<'_, u64> {
        self.limbs.chunks_exact(self.width)
    }

    /// Whether entry `i` is zero.
    pub fn is_zero(&self, i: usize) -> bool {
        self.entry(i).iter().all(|&limb| limb == 0)
    }

    /// Bit length of entry `i`: the least `b` with entry < 2^b, so 0 for zero.
    pub fn bits(&self, i: usize) -> u64 {
        let entry = self.entry(i);
        entry
            .iter()
            .rposition(|&limb| limb != 0)
            .map_or(0, |top| 64 * top as u64 + u64::from(64 - entry[top].leading_zeros()))
    }

    /// Which of the entries `i` and `j` is the larger.
    pub fn compare(&self, i: usize, j: usize) -> Ordering {
        self.entry(i).iter().rev().cmp(self.entry(j).iter().rev())
    }
}

impl<'a> IntoIterator for &'a Naturals {
    type Item = &'a [u64];
    type IntoIter = std::slice::ChunksExact<'a, u64>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_compare_by_value_not_by_low_limb() {
        let naturals = Naturals::new(2, vec![9, 0, 0, 1, 9, 0]);
        assert_eq!(naturals.compare(0, 1), Ordering::Less);
        assert_eq!(naturals.compare(1, 0), Ordering::Greater);
        assert_eq!(naturals.compare(0, 2), Ordering::Equal);
    }

    #[test]
    fn bit_lengths() {
        let naturals = Naturals::new(2, vec![0, 0, 1, 0, u64::MAX, 0, 0, 1]);
        assert_eq!((0..4).map(|i| naturals.bits(i)).collect::<Vec<_>>(), [0, 1, 64, 65]);
        assert!(naturals.is_zero(0) && !naturals.is_zero(3));
        assert_eq!(naturals.iter().len(), 4);
    }

    #[test]
    #[should_panic(expected = "3 limbs are no whole number of entries of 2")]
    fn limbs_must_fill_entries() {
        Naturals::new(2, vec![1, 2, 3]);
    }
}
