//! How many bits an enclosure tells.

use rug::Float;
use rug::float::Round;

use crate::arith::interval::Interval;

/// How many bits of a non-negative number an enclosure tells: the greatest whole b with hi - lo <= 2^-b lo, at least 0
/// and at most the precision of its ends, which one that is a single number has.
///
/// ```
/// use logitlab_numbers::arith::interval::Intervals;
/// use logitlab_logits::measure::known_bits;
///
/// let system = Intervals::new(64);
/// assert_eq!(known_bits(&system.ends(4, 5)), 2);
/// assert_eq!(known_bits(&system.ends(-1, 1)), 0);
/// assert_eq!(known_bits(&system.ends(0, 0)), 64);
/// ```
pub fn known_bits(x: &Interval) -> u32 {
    let (lo, hi) = (x.lo(), x.hi());
    let most = lo.prec();
    if lo == hi {
        return most;
    }
    if *lo <= 0 {
        return 0;
    }
    // Rounded up: no bit is claimed that is not there.
    let width = Float::with_val_round(53, hi - lo, Round::Up).0;
    let ratio = Float::with_val_round(53, &width / lo, Round::Up).0;
    let (significand, exponent) = ratio.to_f64_exp();
    // ratio = significand 2^exponent, 1/2 <= significand < 1
    let exponent = if significand == 0.5 { exponent - 1 } else { exponent };
    u32::try_from(-i64::from(exponent)).unwrap_or(0).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arith::interval::Intervals;
    use rug::Rational;

    #[test]
    fn known_bits_are_the_floor_of_minus_log2_of_the_relative_width() {
        let system = Intervals::new(100);
        for width in 1..70u32 {
            for lo in [3, 8, 9, 1000] {
                let x = system.enclose(&Rational::from((lo, 1)));
                let wider = system.ends(&Rational::from((lo, 1)), &Rational::from((lo * width + lo, width)));
                // (lo/width)/lo = 1/width, rounded outward
                let expected = width.ilog2();
                let found = known_bits(&wider);
                assert!(found == expected || (!width.is_power_of_two() && found + 1 == expected), "{width} {found}");
                assert_eq!(known_bits(&x), 100);
            }
        }
        assert_eq!(known_bits(&system.ends(1, 5)), 0);
        assert_eq!(known_bits(&system.ends(0, 5)), 0);
        let mut next = Float::with_val(100, 1);
        next.next_up();
        assert_eq!(known_bits(&system.ends(&Rational::from(1), &next.to_rational().unwrap())), 99);
    }
}
