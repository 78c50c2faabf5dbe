//! Errors of claimed numbers in nats, and the rows with the largest ones.

use serde::Serialize;

use crate::arith::scaled::Scaled;
use crate::stats::merge::Merge;

/// A row whose claimed number is wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Offender {
    /// The row in the file, from 0.
    pub row: u64,
    /// Its batch and time, from 0, where the tensor has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<[u64; 2]>,
    /// The chosen action.
    pub action: usize,
    /// What is claimed.
    pub claimed: f64,
    /// The true value is at least this times 2^exponent.
    pub low: f64,
    /// The true value is at most this times 2^exponent.
    pub high: f64,
    /// See [`Offender::low`]; 0 where an f64 holds the value.
    pub exponent: i64,
    /// The error is at least and at most this: in nats where the column is judged in nats, otherwise relative to the
    /// true value; infinite where only one of the two numbers is.
    pub error: [f64; 2],
}

/// |claimed - true| at least and at most; 0 where both are the same infinity, infinite where only one is, and of NaN.
pub(super) fn nats(claimed: f64, truth: &Scaled) -> [f64; 2] {
    let [lo, hi] = truth.outward();
    if !claimed.is_finite() || !lo.is_finite() || !hi.is_finite() {
        return if claimed == lo && lo == hi { [0.0; 2] } else { [f64::INFINITY; 2] };
    }
    if lo == hi && lo == claimed {
        return [0.0; 2];
    }
    // A difference of f64 is rounded once; outward, the other way.
    let least = if claimed < lo { lo - claimed } else { claimed - hi };
    let most = (claimed - lo).abs().max((hi - claimed).abs());
    [if least > 0.0 { least.next_down() } else { 0.0 }, most.next_up()]
}

/// The ends of an enclosure under a power of two that is 0 wherever f64 has room for them.
pub(super) fn power_of_two(truth: &Scaled) -> (f64, f64, i64) {
    let [low, high] = truth.outward();
    let has_room = |x: f64| x == 0.0 || x.abs() >= f64::MIN_POSITIVE;
    let is_exact = has_room(low) && has_room(high) && (truth.lo == 0.0) == (low == 0.0);
    if is_exact && (high.is_finite() || truth.hi.is_infinite()) {
        (low, high, 0)
    } else {
        (truth.lo, truth.hi, truth.exponent)
    }
}

/// The N rows that are certainly off by most, the worst first; of equal ones the first.
#[derive(Clone, Debug, Default)]
pub(super) struct Worst<const N: usize>(Vec<Offender>);

impl<const N: usize> Worst<N> {
    pub fn add(&mut self, row: Offender) {
        let place = self.0.partition_point(|kept| kept.error[0] >= row.error[0]);
        if place < N {
            self.0.insert(place, row);
            self.0.truncate(N);
        }
    }

    pub fn into_rows(self) -> Vec<Offender> {
        self.0
    }
}

impl<const N: usize> Merge for Worst<N> {
    fn merge(&mut self, later: Worst<N>) {
        later.0.into_iter().for_each(|row| self.add(row));
    }
}

/// The first N rows.
#[derive(Clone, Debug, Default)]
pub(super) struct First<const N: usize>(pub Vec<Offender>);

impl<const N: usize> First<N> {
    pub fn add(&mut self, row: Offender) {
        if self.0.len() < N {
            self.0.push(row);
        }
    }
}

impl<const N: usize> Merge for First<N> {
    fn merge(&mut self, later: First<N>) {
        later.0.into_iter().for_each(|row| self.add(row));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_in_nats_are_enclosed() {
        let truth = Scaled { lo: -0.5, hi: -0.25, exponent: 0 };
        let [least, most] = nats(-1.0, &truth);
        assert!((0.4999..=0.5).contains(&least) && (0.75..0.7501).contains(&most));
        assert_eq!(nats(-0.3, &truth)[0], 0.0);
        assert_eq!(nats(f64::NAN, &truth), [f64::INFINITY; 2]);
        let masked = Scaled::point(f64::NEG_INFINITY);
        assert_eq!((nats(f64::NEG_INFINITY, &masked), nats(-9.0, &masked)), ([0.0; 2], [f64::INFINITY; 2]));
        assert_eq!(nats(f64::NEG_INFINITY, &truth), [f64::INFINITY; 2]);
    }

    #[test]
    fn what_f64_has_no_room_for_keeps_its_power() {
        let tiny = Scaled { lo: 0.5, hi: 0.75, exponent: -2000 };
        assert_eq!(power_of_two(&tiny), (0.5, 0.75, -2000));
        assert_eq!(power_of_two(&Scaled { exponent: -2, ..tiny }), (0.125, 0.1875, 0));
        assert_eq!(power_of_two(&Scaled::point(f64::NEG_INFINITY)), (f64::NEG_INFINITY, f64::NEG_INFINITY, 0));
    }
}
