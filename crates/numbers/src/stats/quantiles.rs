//! Quantiles of many enclosed numbers, in bounded memory, as enclosures.

use super::bins::{Bins, rank};
use super::merge::Merge;
use crate::arith::scaled::Scaled;

/// How much the two ends of a bin of a [`Histogram`] differ at most, relative to the smaller one: 2^-8.
pub const RESOLUTION: f64 = 1.0 / (1 << SPLIT) as f64;

/// Bins of an octave of positive numbers of any exponent, as a power of two.
const SPLIT: u32 = 8;

/// Bits of the significand of an f64 that its bin keeps: neighbouring bins are 0.1 % apart.
const KEPT: u32 = 10;

/// Numbers in order that fall into bins in order.
pub trait Binned: Copy + PartialOrd {
    /// The bin.
    fn bin(self) -> i64;
    /// The least number of a bin, or less.
    fn lower(bin: i64) -> Self;
    /// What no number of a bin exceeds.
    fn upper(bin: i64) -> Self;
}

/// Counts numbers, each known by two ends.
///
/// The lower ends are counted apart from the upper ones. The n-th smallest number is at least the n-th smallest lower
/// end and at most the n-th smallest upper end, so that a quantile comes out as an enclosure, too. Counts do not depend
/// on the order.
#[derive(Clone, Debug, PartialEq)]
pub struct Sketch<N> {
    pub(super) count: u64,
    pub(super) lower: Bins<i64>,
    pub(super) upper: Bins<i64>,
    /// The least and the greatest lower end, and the same of the upper ends: no quantile lies outside.
    pub(super) extremes: Option<[[N; 2]; 2]>,
}

impl<N> Default for Sketch<N> {
    fn default() -> Sketch<N> {
        Sketch { count: 0, lower: Bins::default(), upper: Bins::default(), extremes: None }
    }
}

impl<N: Binned> Sketch<N> {
    /// Counts a number between two.
    pub fn add(&mut self, [lo, hi]: [N; 2]) {
        self.count += 1;
        self.lower.add(lo.bin());
        self.upper.add(hi.bin());
        let [lower, upper] = self.extremes.unwrap_or([[lo; 2], [hi; 2]]);
        self.extremes =
            Some([(lower, lo), (upper, hi)].map(|([least, most], end)| [least_of(least, end), most_of(most, end)]));
    }

    /// How many were counted.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The quantile of a share, 0 to 1, as [`rank`] defines it; the extremes as they are.
    pub fn quantile(&self, share: f64) -> Option<[N; 2]> {
        let [[least, greatest_lower], [least_upper, greatest]] = self.extremes?;
        match rank(self.count, share)? {
            1 => Some([least, least_upper]),
            last if last == self.count => Some([greatest_lower, greatest]),
            rank => {
                let (lo, hi) = (self.lower.ranked(rank)?, self.upper.ranked(rank)?);
                Some([most_of(least, N::lower(lo)), least_of(greatest, N::upper(hi))])
            }
        }
    }
}

impl<N: Binned> Merge for Sketch<N> {
    fn merge(&mut self, later: Sketch<N>) {
        let join = |[own, other]: [[N; 2]; 2]| [least_of(own[0], other[0]), most_of(own[1], other[1])];
        self.count += later.count;
        self.lower.merge(later.lower);
        self.upper.merge(later.upper);
        self.extremes = match (self.extremes, later.extremes) {
            (Some([lower, upper]), Some([other_lower, other_upper])) => {
                Some([join([lower, other_lower]), join([upper, other_upper])])
            }
            (own, other) => own.or(other),
        };
    }
}

fn least_of<N: PartialOrd>(x: N, y: N) -> N {
    if y < x { y } else { x }
}

fn most_of<N: PartialOrd>(x: N, y: N) -> N {
    if y > x { y } else { x }
}

/// Numbers by their leading bits. 0 and the two infinities have bins of their own.
impl Binned for f64 {
    fn bin(self) -> i64 {
        match self {
            0.0 => 0,
            // It shares its leading bits with numbers.
            f64::NEG_INFINITY => i64::MIN,
            _ => (order(self) >> (52 - KEPT)) + i64::from(self > 0.0),
        }
    }

    fn lower(bin: i64) -> f64 {
        match bin {
            i64::MIN => f64::NEG_INFINITY,
            0 => 0.0,
            bin => from_order((bin - i64::from(bin > 0)) << (52 - KEPT)),
        }
    }

    fn upper(bin: i64) -> f64 {
        match bin {
            i64::MIN => f64::NEG_INFINITY,
            0 => 0.0,
            bin => from_order(((bin - i64::from(bin > 0)) << (52 - KEPT)) + ((1 << (52 - KEPT)) - 1)),
        }
    }
}

/// The place of a number in the order of all f64, NaN aside.
fn order(x: f64) -> i64 {
    let bits = (x + 0.0).to_bits() as i64;
    // Of negative numbers, those with larger bits come first.
    if bits < 0 { i64::MIN - bits } else { bits }
}

fn from_order(place: i64) -> f64 {
    let x = f64::from_bits(if place < 0 { (i64::MIN - place) as u64 } else { place as u64 });
    if x.is_nan() { if place < 0 { f64::NEG_INFINITY } else { f64::INFINITY } } else { x }
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
}

/// Positive numbers below 2^LEAST are counted as one bin, so that there are never more than about 2^20 bins.
const LEAST: i64 = -4096;

/// The bin of 0.
const ZERO: i64 = i64::MIN;
/// The bin of what is positive, and less than 2^[`LEAST`].
const TINY: i64 = i64::MIN + 1;
/// The bin of infinity.
const INFINITE: i64 = i64::MAX;

/// 2^[`SPLIT`] bins for each power of two.
impl Binned for Number {
    fn bin(self) -> i64 {
        match self.power {
            i64::MIN => ZERO,
            i64::MAX => INFINITE,
            power if power <= LEAST => TINY,
            // (1 + fraction) 2^(power - 1)
            power => {
                let fraction = ((2.0 * self.significand - 1.0) * f64::from(1 << SPLIT)) as i64;
                (power - 1).saturating_mul(1 << SPLIT).saturating_add(fraction)
            }
        }
    }

    fn lower(bin: i64) -> Number {
        match bin {
            ZERO | TINY => Number::new(0.0, 0),
            INFINITE => Number::new(f64::INFINITY, 0),
            _ => Number::new(1.0 + bin.rem_euclid(1 << SPLIT) as f64 * RESOLUTION, bin.div_euclid(1 << SPLIT)),
        }
    }

    fn upper(bin: i64) -> Number {
        match bin {
            ZERO | INFINITE => Number::lower(bin),
            TINY => Number::new(1.0, LEAST),
            _ => Number::lower(bin + 1),
        }
    }
}

/// Counts numbers that are not negative, each known by an enclosure with an exponent of its own.
///
/// ```
/// use logitlab_numbers::arith::scaled::Scaled;
/// use logitlab_numbers::stats::quantiles::Histogram;
///
/// let mut seen = Histogram::default();
/// (1..=99).for_each(|n| seen.add(&Scaled::point(f64::from(n))));
/// let [lo, hi] = seen.quantile(0.5).unwrap().outward();
/// assert!(lo <= 50.0 && 50.0 <= hi && hi - lo < 0.5, "{lo} {hi}");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Histogram(Sketch<Number>);

impl Histogram {
    /// Counts one number.
    pub fn add(&mut self, x: &Scaled) {
        self.0.add([x.lo, x.hi].map(|end| Number::new(end, x.exponent)));
    }

    /// The quantile of a share, 0 to 1, as [`rank`] defines it; `None` without numbers.
    pub fn quantile(&self, share: f64) -> Option<Scaled> {
        self.0.quantile(share).map(|[lo, hi]| join(lo.pair(), hi.pair()))
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
                let bin = Number::new(x, exponent).bin();
                let around = join(Number::lower(bin).pair(), Number::upper(bin).pair());
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
    fn no_numbers_have_no_quantile_and_zeros_have_zero() {
        let mut seen = Histogram::default();
        assert_eq!(seen.quantile(0.5), None);
        seen.add(&Scaled::point(0.0));
        assert_eq!((seen.quantile(0.0), seen.quantile(1.0)), (Some(Scaled::point(0.0)), Some(Scaled::point(0.0))));
        seen.add(&Scaled { lo: 0.0, hi: 3.0, exponent: 0 });
        let greatest = seen.quantile(1.0).unwrap();
        assert!(greatest.lo == 0.0 && greatest.outward()[1] >= 3.0 && greatest.outward()[1] <= 3.02);
    }

    #[test]
    fn order_is_that_of_the_numbers() {
        let numbers = [f64::NEG_INFINITY, f64::MIN, -1.0, -1e-310, -0.0, 0.0, 1e-310, 1.0, f64::MAX, f64::INFINITY];
        for pair in numbers.windows(2) {
            assert!(order(pair[0]) <= order(pair[1]), "{pair:?}");
        }
        for x in numbers {
            assert_eq!(from_order(order(x)), x);
            assert!(f64::lower(x.bin()) <= x && x <= f64::upper(x.bin()), "{x}");
        }
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
