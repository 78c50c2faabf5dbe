//! On which side of a threshold rows are: confidence bands, saturation points, sums over confident rows.

use rug::Float;
use rug::float::Round;
use rug::ops::AddAssignRound;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::measured::Measured;
use crate::arith::Truth;
use crate::arith::decimal::decimals;
use crate::arith::interval::{Interval, Intervals};
use crate::formats::FORMATS;
use crate::stats::bands::{BORDERS, NAMES, floor};
use crate::stats::count::above;

/// The precision of sums: rounding is far below what any row is known to.
const SUM_BITS: u32 = 192;

/// Rows of one band of confidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BandShare {
    /// The band.
    pub band: &'static str,
    /// Rows that are certainly in it.
    pub rows: u64,
}

/// Rows whose P_c becomes 1 when it is rounded to a format (claim saturation).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SaturationShare {
    /// The formats that this is so in: those of one precision.
    pub formats: Vec<&'static str>,
    /// Their precision p in bits: P_c becomes 1 from 1 - 2^-(p+1) on, to nearest, ties to even.
    pub precision: u32,
    /// Rows that are certainly there.
    pub rows: u64,
    /// Rows whose enclosure has the point inside.
    pub undecided: u64,
}

/// The sum of w over confident rows.
#[derive(Clone, Debug)]
pub struct ConfidentSum {
    /// P_c is above this decimal; of all rows, 0.
    pub above: &'static str,
    /// Rows for which that is certain.
    pub rows: u64,
    /// Rows whose enclosure has the border inside: they count for the upper end of the sum only.
    pub undecided: u64,
    /// The sum.
    pub w: Interval,
}

/// As an object with the ends `w_lo` and `w_hi` as decimals rounded outward.
impl Serialize for ConfidentSum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let [lo, hi] = decimals(&self.w);
        let mut object = serializer.serialize_struct("ConfidentSum", 5)?;
        object.serialize_field("above", self.above)?;
        object.serialize_field("rows", &self.rows)?;
        object.serialize_field("undecided", &self.undecided)?;
        object.serialize_field("w_lo", &lo)?;
        object.serialize_field("w_hi", &hi)?;
        object.end()
    }
}

/// Counts rows by side of thresholds.
#[derive(Clone, Debug)]
pub(super) struct Thresholds {
    borders: [f64; 4],
    bands: [u64; 5],
    undecided: u64,
    saturation: Vec<SaturationShare>,
    /// All rows, then those above each border but the first.
    sums: Vec<Sum>,
}

#[derive(Clone, Debug)]
struct Sum {
    rows: u64,
    undecided: u64,
    lo: Float,
    hi: Float,
}

impl Default for Thresholds {
    fn default() -> Thresholds {
        let zero = || Float::new(SUM_BITS);
        let sum = |_| Sum { rows: 0, undecided: 0, lo: zero(), hi: zero() };
        Thresholds {
            borders: BORDERS.map(floor),
            bands: [0; 5],
            undecided: 0,
            saturation: saturation(),
            sums: (0..BORDERS.len()).map(sum).collect(),
        }
    }
}

/// The formats in which 1 - 2^-(p+1) becomes 1 (those with emin <= -1), one entry for each precision.
fn saturation() -> Vec<SaturationShare> {
    let mut shares: Vec<SaturationShare> = Vec::new();
    for record in FORMATS.iter().filter(|record| record.format.emin() <= -1) {
        let precision = record.format.precision;
        match shares.iter_mut().find(|share| share.precision == precision) {
            Some(share) => share.formats.push(record.name),
            None => shares.push(SaturationShare { formats: vec![record.name], precision, rows: 0, undecided: 0 }),
        }
    }
    shares.sort_by_key(|share| share.precision);
    shares
}

impl Thresholds {
    /// Counts one more row.
    pub fn add(&mut self, row: &Measured) {
        let p = row.found.p.outward();
        let sides = self.borders.map(|border| above(p, border));
        if sides.contains(&Truth::Unknown) {
            self.undecided += 1;
        } else {
            self.bands[sides.iter().filter(|side| **side == Truth::True).count()] += 1;
        }
        let rest = row.found.rest.outward();
        for share in &mut self.saturation {
            match above(rest, libm::exp2(-f64::from(share.precision + 1))) {
                Truth::False => share.rows += 1,
                Truth::Unknown => share.undecided += 1,
                Truth::True => {}
            }
        }
        let w = row.found.w.to_interval();
        for (sum, side) in self.sums.iter_mut().zip([Truth::True].iter().chain(&sides[1..])) {
            match side {
                Truth::True => {
                    sum.rows += 1;
                    sum.lo.add_assign_round(w.lo(), Round::Down);
                    sum.hi.add_assign_round(w.hi(), Round::Up);
                }
                Truth::Unknown => {
                    sum.undecided += 1;
                    sum.hi.add_assign_round(w.hi(), Round::Up);
                }
                Truth::False => {}
            }
        }
    }

    /// Rows by band, and how many are in none for sure.
    pub fn bands(&self) -> (Vec<BandShare>, u64) {
        (NAMES.iter().zip(self.bands).map(|(&band, rows)| BandShare { band, rows }).collect(), self.undecided)
    }

    /// Rows beyond the saturation point of formats, those of least precision first.
    pub fn saturation(&self) -> Vec<SaturationShare> {
        self.saturation.clone()
    }

    /// Sums of w over all rows, and over those above each border.
    pub fn sums(&self) -> Vec<ConfidentSum> {
        // As many digits as sums of f64 ends are worth.
        let system = Intervals::new(53);
        let names = ["0"].into_iter().chain(BORDERS[1..].iter().copied());
        let sum = |(above, sum): (&'static str, &Sum)| ConfidentSum {
            above,
            rows: sum.rows,
            undecided: sum.undecided,
            w: system.ends(&sum.lo, &sum.hi),
        };
        names.zip(&self.sums).map(sum).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{How, Precision};

    fn count(rows: &[&[f64]]) -> Thresholds {
        let how = How { temperature: 1.0.into(), precision: Precision::Tolerance(1e-12), eta: None };
        let mut seen = Thresholds::default();
        rows.iter().for_each(|z| seen.add(&how.meter().measure(0, z, 0, 1.0, &[]).unwrap()));
        seen
    }

    #[test]
    fn rows_are_counted_in_their_bands() {
        // P_c = 1/2 exactly, 0.731, 0.953, 0.9933, 0.99988, 0.27
        let seen = count(&[&[0.0, 0.0], &[1.0, 0.0], &[3.0, 0.0], &[5.0, 0.0], &[9.0, 0.0], &[-1.0, 0.0]]);
        let (bands, undecided) = seen.bands();
        assert_eq!(bands.iter().map(|band| band.rows).collect::<Vec<_>>(), [1, 1, 1, 1, 1]);
        assert_eq!(undecided, 1, "1/2 is a border, and its enclosure reaches across");
        let sums = seen.sums();
        assert_eq!(sums.iter().map(|sum| sum.rows).collect::<Vec<_>>(), [6, 3, 2, 1]);
        // w = 2 (1 - P_c)^2 at K = 2.
        let rest = 1.0 / (1.0 + libm::exp(9.0));
        assert!((sums[3].w.lo().to_f64() / (2.0 * rest * rest) - 1.0).abs() < 1e-14);
        assert!(sums[3].w.lo() < sums[3].w.hi());
    }

    #[test]
    fn saturation_is_as_the_claim_says() {
        // 1 - P_c = 1/16 at z = log 15, a little less, and a little more: the point of e5m2 with 3 bits.
        let seen = count(&[&[2.71, 0.0], &[2.70, 0.0], &[30.0, 0.0], &[f64::NEG_INFINITY, 0.0], &[1.0]]);
        let rows = |name: &str| seen.saturation.iter().find(|share| share.formats.contains(&name)).unwrap().rows;
        assert_eq!([rows("e5m2"), rows("e4m3fn"), rows("bf16"), rows("f32"), rows("f64")], [3, 2, 2, 2, 1]);
        assert!(!seen.saturation.iter().any(|share| share.formats.contains(&"e2m1")), "1 is its smallest normal");
    }

    #[test]
    fn what_has_the_border_inside_is_undecided() {
        assert!(above([0.4, 0.6], 0.5) == Truth::Unknown && above([0.5, 0.5], 0.5) == Truth::False);
        assert!(above([0.5, 0.6], 0.5) == Truth::Unknown && above([0.5f64.next_up(), 0.6], 0.5) == Truth::True);
        // 0.9 is no f64; the one before it is not above 0.9, the one after it is.
        let floor = Thresholds::default().borders[1];
        assert!(above([floor; 2], floor) == Truth::False && above([0.9; 2], floor) == Truth::True);
    }
}
