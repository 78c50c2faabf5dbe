//! What many measured rows come to.

use rug::Float;
use rug::float::Round;
use serde::Serialize;

use super::enclosure::Measurement;
use crate::arith::interval::Interval;

/// Probabilities of the chosen action above which rows are counted: as text and as a fraction.
const THRESHOLDS: [(&str, (u32, u32)); 3] = [("0.9", (9, 10)), ("0.99", (99, 100)), ("0.999", (999, 1000))];

/// How many bits of a non-negative number an enclosure tells: the greatest whole b with hi - lo <= 2^-b lo, at least 0
/// and at most the precision of its ends, which one that is a single number has.
///
/// ```
/// use logitlab::arith::interval::Intervals;
/// use logitlab::measure::known_bits;
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

/// Whether an enclosure of a non-negative number does not even tell its size: it is at least as wide as its lower end.
fn tells_nothing(x: &Interval) -> bool {
    !x.is_point() && *x.hi() >= Float::with_val(x.lo().prec(), x.lo() * 2u32)
}

/// What a number of measured rows come to; [`Tally`] counts it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// How many rows.
    pub rows: u64,
    /// The working precision, in bits.
    pub bits: u32,
    /// [`known_bits`] of w; `None` without rows.
    pub known_bits: Option<Quantiles>,
    /// Confident rows: how many have a large P_c.
    pub confident: Vec<Confident>,
    /// What each formula gives by itself.
    pub formulas: Vec<Loss>,
}

/// The least, the middle and the greatest of some numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Quantiles {
    /// The least.
    pub min: u32,
    /// The middle one in order; of an even count, the lower of the two in the middle.
    pub median: u32,
    /// The greatest.
    pub max: u32,
}

/// How many rows have P_c above a threshold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Confident {
    /// The threshold as a decimal.
    pub above: &'static str,
    /// Rows whose P_c is certainly above it.
    pub rows: u64,
    /// Rows whose enclosure of P_c contains the threshold; more precision decides them, unless P_c is equal to it.
    pub undecided: u64,
}

/// What one formula for w gives by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// The formula's name.
    pub formula: &'static str,
    /// The most bits that it lost in one row: the working precision less the [`known_bits`] of its w.
    pub most_bits_lost: u32,
    /// Rows in which it left nothing: an enclosure at least as wide as its lower end is large, or one that reaches 0.
    pub rows_without_a_digit: u64,
}

/// Counts measured rows up to a [`Summary`], in memory that does not grow with their number.
#[derive(Clone, Debug)]
pub struct Tally {
    bits: u32,
    /// Rows by the known bits of w, 0 to `bits`.
    by_known_bits: Vec<u64>,
    confident: Vec<Confident>,
    thresholds: Vec<rug::Rational>,
    formulas: Vec<Loss>,
}

impl Tally {
    /// Counts nothing yet, of rows measured at `bits` bits.
    pub fn new(bits: u32) -> Tally {
        let confident = |&(above, _): &(&'static str, _)| Confident { above, rows: 0, undecided: 0 };
        Tally {
            bits,
            by_known_bits: vec![0; bits as usize + 1],
            confident: THRESHOLDS.iter().map(confident).collect(),
            thresholds: THRESHOLDS.iter().map(|(_, fraction)| (*fraction).into()).collect(),
            formulas: Vec::new(),
        }
    }

    /// Counts one more row.
    ///
    /// # Panics
    /// If it was measured at more bits than the tally is for.
    pub fn add(&mut self, measured: &Measurement) {
        self.by_known_bits[known_bits(&measured.w) as usize] += 1;
        for (confident, threshold) in self.confident.iter_mut().zip(&self.thresholds) {
            if *measured.p.lo() > *threshold {
                confident.rows += 1;
            } else if *measured.p.hi() > *threshold {
                confident.undecided += 1;
            }
        }
        if self.formulas.is_empty() {
            let none = |&(formula, _): &(&'static str, _)| Loss { formula, most_bits_lost: 0, rows_without_a_digit: 0 };
            self.formulas = measured.by_formula.iter().map(none).collect();
        }
        for (loss, (_, w)) in self.formulas.iter_mut().zip(&measured.by_formula) {
            loss.most_bits_lost = loss.most_bits_lost.max(self.bits - known_bits(w));
            loss.rows_without_a_digit += u64::from(tells_nothing(w));
        }
    }

    /// What has been counted.
    pub fn summary(&self) -> Summary {
        let rows: u64 = self.by_known_bits.iter().sum();
        // The known bits of the row at this place, 0-based, when rows are sorted by them.
        let at = |place: u64| {
            let mut seen = 0;
            self.by_known_bits.iter().position(|count| {
                seen += count;
                seen > place
            })
        };
        let at = |place: u64| at(place).map(|bits| bits as u32);
        let known_bits =
            rows.checked_sub(1).and_then(|last| Some(Quantiles { min: at(0)?, median: at(last / 2)?, max: at(last)? }));
        let (confident, formulas) = (self.confident.clone(), self.formulas.clone());
        Summary { rows, bits: self.bits, known_bits, confident, formulas }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arith::interval::Intervals;
    use crate::measure::enclose;
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

    #[test]
    fn an_enclosure_as_wide_as_its_lower_end_tells_nothing() {
        let system = Intervals::new(64);
        let ends = |lo: i32, hi: i32| tells_nothing(&system.ends(lo, hi));
        assert!(ends(1, 2) && ends(0, 1) && ends(-1, 1) && ends(2, 5));
        assert!(!ends(2, 3) && !ends(0, 0) && !ends(7, 7));
    }

    #[test]
    fn a_tally_counts() {
        let system = Intervals::new(64);
        let mut tally = Tally::new(64);
        assert_eq!(tally.summary().known_bits, None);
        // P_c = 1/2, 1 - 5e-5, and 1 - 1e-13, of whose w the closed form has nothing at 64 bits.
        for z in [0.0, 10.0, 30.0] {
            tally.add(&enclose(system, 0, &[z, 0.0], 0).unwrap());
        }
        let summary = tally.summary();
        assert_eq!((summary.rows, summary.bits), (3, 64));
        let spread = summary.known_bits.unwrap();
        assert!(58 <= spread.min && spread.min <= spread.median && spread.median < spread.max);
        assert_eq!(spread.max, 64, "probabilities of 1/2 are exact");
        let confident: Vec<_> = summary.confident.iter().map(|c| (c.above, c.rows, c.undecided)).collect();
        assert_eq!(confident, [("0.9", 2, 0), ("0.99", 2, 0), ("0.999", 2, 0)]);
        let lost: Vec<_> = summary.formulas.iter().map(|l| (l.formula, l.rows_without_a_digit)).collect();
        assert_eq!(lost, [("closed", 1), ("direct", 0), ("tail", 0)]);
        assert_eq!(summary.formulas[0].most_bits_lost, 64);
        assert!(summary.formulas[2].most_bits_lost < 6);
    }
}
