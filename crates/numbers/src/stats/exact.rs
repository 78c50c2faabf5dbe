//! Sums of f64 that are held exactly, so that it does not matter in which order or in which parts they were made.

use rug::float::Round;
use rug::{Float, Integer};

use super::merge::Merge;

/// Every finite f64 is a whole number of 2^-UNIT.
const UNIT: u32 = 1074;

/// A sum, exact: a whole number of 2^-1074.
///
/// ```
/// use logitlab_numbers::stats::exact::Exact;
///
/// let mut sum = Exact::default();
/// [1e300, 1.0, -1e300].iter().for_each(|&x| sum.add(x));
/// assert_eq!((sum.down(), sum.up()), (1.0, 1.0));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exact(Integer);

impl Exact {
    /// Adds a finite number.
    ///
    /// # Panics
    /// If it is not finite.
    pub fn add(&mut self, x: f64) {
        assert!(x.is_finite(), "an exact sum has finite terms");
        let bits = x.to_bits();
        let (stored, fraction) = ((bits >> 52 & 0x7ff) as u32, bits & ((1 << 52) - 1));
        // significand 2^(exponent - UNIT)
        let (significand, exponent) = if stored == 0 { (fraction, 0) } else { (fraction | 1 << 52, stored - 1) };
        let term = Integer::from(significand) << exponent;
        if x < 0.0 {
            self.0 -= term;
        } else {
            self.0 += term;
        }
    }

    /// The greatest f64 that is at most the sum.
    pub fn down(&self) -> f64 {
        self.rounded(Round::Down)
    }

    /// The least f64 that is at least the sum.
    pub fn up(&self) -> f64 {
        self.rounded(Round::Up)
    }

    fn rounded(&self, round: Round) -> f64 {
        let bits = self.0.significant_bits().max(53);
        (Float::with_val(bits, &self.0) >> UNIT).to_f64_round(round)
    }

    /// The sum in units of 2^-1074, in hexadecimal.
    pub fn to_text(&self) -> String {
        self.0.to_string_radix(16)
    }

    /// What [`Exact::to_text`] wrote.
    pub fn from_text(text: &str) -> Option<Exact> {
        let sum = Exact(Integer::from_str_radix(text, 16).ok()?);
        (sum.to_text() == text).then_some(sum)
    }
}

impl Merge for Exact {
    fn merge(&mut self, later: Exact) {
        self.0 += later.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sum(numbers: &[f64]) -> Exact {
        let mut sum = Exact::default();
        numbers.iter().for_each(|&x| sum.add(x));
        sum
    }

    #[test]
    fn one_number_is_itself() {
        let tiny = f64::from_bits(1);
        for x in [0.0, 1.0, -1.5, tiny, -3.0 * tiny, f64::MIN_POSITIVE, f64::MAX, f64::MIN, 0.1] {
            assert_eq!((sum(&[x]).down(), sum(&[x]).up()), (x, x));
        }
        assert_eq!(sum(&[f64::MAX, f64::MAX]).up(), f64::INFINITY);
        assert_eq!(sum(&[f64::MAX, f64::MAX]).down(), f64::MAX);
        let [down, up] = [sum(&[1.0, 1e-30]).down(), sum(&[1.0, 1e-30]).up()];
        assert_eq!((down, up), (1.0, 1.0f64.next_up()));
    }

    #[test]
    fn text_is_the_sum_or_nothing() {
        for x in [0.0, -1.0, 1e300] {
            assert_eq!(Exact::from_text(&sum(&[x]).to_text()), Some(sum(&[x])));
        }
        assert!(["", "g", "00", "-0", "+1", " 1"].iter().all(|text| Exact::from_text(text).is_none()));
    }

    proptest! {
        #[test]
        fn order_and_parts_do_not_matter(
            numbers in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL, 0..40), cut in 0usize..40,
        ) {
            let (first, second) = numbers.split_at(cut.min(numbers.len()));
            let mut backwards = sum(second);
            backwards.merge(sum(first));
            prop_assert_eq!(backwards, sum(&numbers));
        }
    }
}
