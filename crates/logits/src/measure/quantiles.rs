//! Quantiles of many enclosed numbers, in bounded memory, as enclosures.

use std::collections::BTreeMap;

use crate::arith::scaled::Scaled;

/// How much the two ends of a bin differ at most, relative to the smaller one: 2^-8.
pub const RESOLUTION: f64 = 1.0 / (1 << SPLIT) as f64;

/// Bins of an octave, as a power of two.
const SPLIT: u32 = 8;

/// Positive numbers below 2^LEAST are counted as one bin, so that there are never more than about 2^20 bins.
const LEAST: i64 = -4096;

/// The bin of 0.
const ZERO: i64 = i64::MIN;
/// The bin of what is positive, and less than 2^[`LEAST`].
const TINY: i64 = i64::MIN + 1;
/// The bin of infinity.
const INFINITE: i64 = i64::MAX;

/// Counts numbers that are not negative, each known by an enclosure.
///
/// The lower ends are counted apart from the upper ones. The n-th smallest number is at least the n-th smallest lower
/// end and at most the n-th smallest upper end, so that a quantile comes out as an enclosure, too. Counts do not depend
/// on the order.
///
/// ```
/// use logitlab_numbers::arith::scaled::Scaled;
/// use logitlab_logits::measure::Histogram;
///
/// let mut seen = Histogram::default();
/// (1..=99).for_each(|n| seen.add(&Scaled::point(f64::from(n))));
/// let [lo, hi] = seen.quantile(0.5).unwrap().outward();
/// assert!(lo <= 50.0 && 50.0 <= hi && hi - lo < 0.5, "{lo} {hi}");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Histogram {
    lo: BTreeMap<i64, u64>,
    hi: BTreeMap<i64, u64>,
    count: u64,
    /// The least and the greatest lower end, and the same of the upper ends: no quantile lies outside.
    extremes: Option<[[Number; 2]; 2]>,
}

/// A number that is not negative, as a significand in \[1/2, 1\) and a power of two, which order it; 0 has the least
/// power and infinity the greatest.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
struct Number {
    power: i64,
    significand: f64,
}

impl Number {
    fn new(x: f64, exponent: i64) -> Number {
        if x.is_nan() || x <= 0.0 {
            Number { power: i64::MIN, significand: 0.0 }
        } else if x == f64::INFINITY {
            Number { power: i64::MAX, significand: x }
        } else {
            let (significand, power) = libm::frexp(x);
            Number { power: i64::from(power).saturating_add(exponent), significand }
        }
    }

    fn pair(self) -> (f64, i64) {
        match self.power {
            i64::MIN | i64::MAX => (self.significand, 0),
            power => (self.significand, power),
        }
    }

    fn min(self, other: Number) -> Number {
        if other < self { other } else { self }
    }

    fn max(self, other: Number) -> Number {
        if other > self { other } else { self }
    }
}

impl Histogram {
    /// Counts one number.
    pub fn add(&mut self, x: &Scaled) {
        *self.lo.entry(bin(x.lo, x.exponent)).or_insert(0) += 1;
        *self.hi.entry(bin(x.hi, x.exponent)).or_insert(0) += 1;
        self.count += 1;
        let ends = [x.lo, x.hi].map(|end| Number::new(end, x.exponent));
        self.extremes = Some(match self.extremes {
            None => ends.map(|end| [end; 2]),
            Some([lower, upper]) => {
                [(lower, ends[0]), (upper, ends[1])].map(|([least, most], end)| [least.min(end), most.max(end)])
            }
        });
    }

    /// How many were counted.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The smallest number below or at which there is this share of them, 0 to 1: the smallest of all for 0, the greatest
    /// for 1, for 1/2 the middle one, and of an even count the lower of the two in the middle.
    pub fn quantile(&self, share: f64) -> Option<Scaled> {
        let last = self.count.checked_sub(1)?;
        // Shares are decimals: what is a whole number but for their rounding is that number.
        let rank = (share.clamp(0.0, 1.0) * self.count as f64 * (1.0 - 1e-12)).ceil() as u64;
        let place = rank.saturating_sub(1).min(last);
        let (lo, hi) = (nth(&self.lo, place)?, nth(&self.hi, place)?);
        let [[least, greatest_lower], [least_upper, greatest]] = self.extremes?;
        let number = |(x, exponent): (f64, i64)| Number::new(x, exponent);
        let (lo, hi) = match place {
            0 => (least, least_upper),
            _ if place == last => (greatest_lower, greatest),
            _ => (number(lower(lo)).max(least), number(upper(hi)).min(greatest)),
        };
        Some(join(lo.pair(), hi.pair()))
    }
}

/// The bin of x 2^exponent: 2^[`SPLIT`] of them for each power of two, in order.
fn bin(x: f64, exponent: i64) -> i64 {
    if x.is_nan() || x <= 0.0 {
        return ZERO;
    }
    if x == f64::INFINITY {
        return INFINITE;
    }
    // x = (1 + fraction) 2^power
    let (mantissa, shift) = libm::frexp(x);
    let power = i64::from(shift - 1).saturating_add(exponent);
    if power < LEAST {
        return TINY;
    }
    let fraction = ((2.0 * mantissa - 1.0) * f64::from(1 << SPLIT)) as i64;
    power.saturating_mul(1 << SPLIT).saturating_add(fraction)
}

/// The least number of a bin, or less.
fn lower(bin: i64) -> (f64, i64) {
    match bin {
        ZERO | TINY => (0.0, 0),
        INFINITE => (f64::INFINITY, 0),
        _ => (1.0 + bin.rem_euclid(1 << SPLIT) as f64 * RESOLUTION, bin.div_euclid(1 << SPLIT)),
    }
}

/// What all numbers of a bin are less than, or equal to.
fn upper(bin: i64) -> (f64, i64) {
    match bin {
        ZERO => (0.0, 0),
        TINY => (1.0, LEAST),
        INFINITE => (f64::INFINITY, 0),
        _ => lower(bin + 1),
    }
}

/// Both ends under one exponent.
fn join((lo, lo_exponent): (f64, i64), (hi, hi_exponent): (f64, i64)) -> Scaled {
    if !hi.is_finite() {
        // An infinite end has any exponent.
        return Scaled { lo, hi, exponent: lo_exponent };
    }
    // Exact, or 0 where the lower end is so much smaller that nothing is lost.
    let shift = i32::try_from(lo_exponent - hi_exponent).unwrap_or(i32::MIN);
    Scaled { lo: if shift < -1000 { 0.0 } else { libm::ldexp(lo, shift) }, hi, exponent: hi_exponent }
}

fn nth(counts: &BTreeMap<i64, u64>, place: u64) -> Option<i64> {
    let mut seen = 0;
    counts.iter().find_map(|(bin, count)| {
        seen += count;
        (seen > place).then_some(*bin)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arith::interval::Interval;
    use proptest::prelude::*;

    fn contains(outer: &Scaled, inner: &Scaled) -> bool {
        let [outer, inner]: [Interval; 2] = [outer.to_interval(), inner.to_interval()];
        outer.lo() <= inner.lo() && inner.hi() <= outer.hi()
    }

    #[test]
    fn bins_contain_their_numbers_and_touch() {
        for x in [1.0, 1.5, 1.9999999, 0.1, 3e-300, 5e-324, 7e300, f64::MAX, 0.0, f64::INFINITY] {
            for exponent in [0, -1, -3000, -1_000_000, 700] {
                let number = bin(x, exponent);
                let around = join(lower(number), upper(number));
                let point = Scaled { lo: x, hi: x, exponent };
                assert!(contains(&around, &point), "{x} {exponent} {around:?}");
                assert!(around.lo == 0.0 || around.relative_width() <= RESOLUTION * 1.0001, "{around:?}");
                assert!(!contains(&around, &Scaled::point(2.0)) || *around.to_interval().hi() == 2, "{around:?}");
            }
        }
    }

    #[test]
    fn the_extremes_are_told_as_they_are_and_nothing_lies_outside() {
        let mut seen = Histogram::default();
        let root = std::f64::consts::SQRT_2;
        [1.0, root, root, root].iter().for_each(|&x| seen.add(&Scaled { lo: x, hi: x, exponent: -3000 }));
        let point = |x: f64| Scaled { lo: x / 2.0, hi: x / 2.0, exponent: -2999 };
        assert_eq!((seen.quantile(0.0), seen.quantile(1.0)), (Some(point(1.0)), Some(point(root))));
        // The bin of the root of 2 reaches beyond it.
        assert!(contains(&Scaled { lo: 1.0, hi: root, exponent: -3000 }, &seen.quantile(0.5).unwrap()));
    }

    #[test]
    fn most_of_nine_numbers_are_at_most_the_greatest() {
        let mut seen = Histogram::default();
        (1..=9).for_each(|n| seen.add(&Scaled::point(f64::from(n))));
        let near = |share: f64, n: f64| (seen.quantile(share).unwrap().outward()[1] / n - 1.0).abs() < 0.01;
        // Eight are fewer than 95 % of nine.
        assert!(near(0.95, 9.0) && near(0.5, 5.0) && near(0.05, 1.0) && near(1.0 / 3.0, 3.0));
        (10..=20).for_each(|n| seen.add(&Scaled::point(f64::from(n))));
        assert!((seen.quantile(0.95).unwrap().outward()[1] / 19.0 - 1.0).abs() < 0.01, "nineteen of twenty");
    }

    #[test]
    fn no_numbers_have_no_quantile_and_zeros_have_zero() {
        let mut seen = Histogram::default();
        assert_eq!(seen.quantile(0.5), None);
        seen.add(&Scaled::point(0.0));
        assert_eq!((seen.quantile(0.0), seen.quantile(1.0)), (Some(Scaled::point(0.0)), Some(Scaled::point(0.0))));
        seen.add(&Scaled { lo: 0.0, hi: 3.0, exponent: 0 });
        let greatest = seen.quantile(1.0).unwrap();
        assert!(greatest.lo == 0.0 && greatest.outward()[1] >= 3.0 && greatest.outward()[1] <= 3.02);
    }

    proptest! {
        #[test]
        fn a_quantile_encloses_the_number_at_its_place(
            mut numbers in prop::collection::vec((1e-3..1e3f64, -2000..0i64), 1..60), share in 0.0..=1.0f64,
        ) {
            let mut seen = Histogram::default();
            for &(x, exponent) in &numbers {
                seen.add(&Scaled { lo: x * 0.999, hi: x * 1.001, exponent });
            }
            numbers.sort_by(|a, b| {
                let [a, b] = [a, b].map(|&(x, exponent)| Scaled { lo: x, hi: x, exponent }.to_interval());
                a.lo().partial_cmp(b.lo()).unwrap()
            });
            let rank = (share * numbers.len() as f64 * (1.0 - 1e-12)).ceil() as usize;
            let (x, exponent) = numbers[rank.max(1) - 1];
            let found = seen.quantile(share).unwrap();
            prop_assert!(contains(&found, &Scaled { lo: x, hi: x, exponent }), "{found:?} {x} {exponent}");
            prop_assert!(found.relative_width() < 0.012);
        }
    }
}
