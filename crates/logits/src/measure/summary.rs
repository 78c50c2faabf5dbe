//! What many measured rows come to.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::known_bits::known_bits;
use super::measured::{How, Measured, Precision};
use super::modes::{Modes, digits_left};
use super::thresholds::{BandShare, ConfidentSum, SaturationShare, Thresholds};
use crate::arith::decimal::decimals;
use crate::arith::scaled::{Scaled, outward};
use crate::certified::{Enclosures, Given, Path};
use crate::stats::bins::{Bins, rank};
use crate::stats::quantiles::{Histogram, RESOLUTION};

/// The shares of rows for which quantiles are told.
pub const SHARES: [(&str, f64); 5] = [("min", 0.0), ("5 %", 0.05), ("median", 0.5), ("95 %", 0.95), ("max", 1.0)];

/// A quantity whose quantiles are told: name, and which it is.
type Quantity = (&'static str, fn(&Enclosures) -> Scaled);

/// The quantities whose quantiles are told.
const QUANTITIES: [Quantity; 4] = [
    ("1 - P_c", |found| found.rest),
    ("w", |found| found.w),
    ("norm", |found| found.norm),
    ("entropy", |found| found.entropy),
];

/// What a number of measured rows come to; [`MeasureTally`] counts it.
#[derive(Clone, Debug, Serialize)]
pub struct MeasureSummary {
    /// How many rows were measured.
    pub rows: u64,
    /// How many were to be measured: more than `rows` after an interruption.
    pub asked: u64,
    /// The temperature: the decimal that was given, or the f64.
    pub temperature: Given,
    /// The relative width that was asked for, unless `bits` were.
    pub tolerance: Option<f64>,
    /// The precision that was asked for, in bits.
    pub bits: Option<u32>,
    /// The learning rate, where steps were asked for.
    pub eta: Option<Given>,
    /// Rows that hardware f64 decided.
    pub fast: u64,
    /// Rows that MPFR decided.
    pub mpfr: u64,
    /// To how many bits w is known in every row; `None` without rows.
    pub known_bits: Option<u32>,
    /// To how many bits it is known in the median.
    pub known_bits_median: Option<u32>,
    /// How far apart the two ends of a quantile are, relatively, beyond what the rows themselves are known to.
    pub resolution: f64,
    /// Quantiles.
    pub quantiles: Vec<Quantiles>,
    /// Rows by P_c.
    pub bands: Vec<BandShare>,
    /// Rows in no band for sure.
    pub bands_undecided: u64,
    /// Rows whose P_c becomes 1 in a format.
    pub saturation: Vec<SaturationShare>,
    /// Sums of w.
    pub sums: Vec<ConfidentSum>,
    /// Quantiles of the decimal digits of w that formulas leave in precision modes, where such were asked for; of each
    /// row at most those that the mode's format has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub digits: Vec<DigitsLeft>,
}

/// What one formula leaves in one mode.
#[derive(Clone, Debug, Serialize)]
pub struct DigitsLeft {
    /// The mode.
    pub mode: String,
    /// The formula.
    pub formula: String,
    /// Decimal digits, at each of [`SHARES`].
    pub at: Vec<Quantile>,
}

/// The quantiles of one quantity.
#[derive(Clone, Debug, Serialize)]
pub struct Quantiles {
    /// The quantity.
    pub name: &'static str,
    /// At each of [`SHARES`].
    pub at: Vec<Quantile>,
}

/// One quantile, enclosed.
#[derive(Clone, Debug)]
pub struct Quantile {
    /// Its share of rows, in words.
    pub share: &'static str,
    /// The enclosure.
    pub value: Scaled,
}

/// As an object with the ends `lo` and `hi` as decimals rounded outward.
impl Serialize for Quantile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let [lo, hi] = decimals(&self.value.to_interval());
        let mut object = serializer.serialize_struct("Quantile", 3)?;
        object.serialize_field("share", self.share)?;
        object.serialize_field("lo", &lo)?;
        object.serialize_field("hi", &hi)?;
        object.end()
    }
}

/// Counts measured rows up to a [`MeasureSummary`], in memory that does not grow with their number.
#[derive(Clone, Debug)]
pub struct MeasureTally {
    how: How,
    fast: u64,
    mpfr: u64,
    known: Bins<u32>,
    histograms: [Histogram; QUANTITIES.len()],
    thresholds: Thresholds,
    modes: Vec<[String; 2]>,
    room: Vec<f64>,
    digits: Vec<Histogram>,
}

impl MeasureTally {
    /// Counts nothing yet, of rows measured so.
    pub fn new(how: &How, modes: &Modes) -> MeasureTally {
        MeasureTally {
            how: *how,
            fast: 0,
            mpfr: 0,
            known: Bins::default(),
            histograms: Default::default(),
            thresholds: Thresholds::default(),
            modes: modes.names.clone(),
            room: modes.room.clone(),
            digits: vec![Histogram::default(); modes.names.len()],
        }
    }

    /// Counts one more row.
    pub fn add(&mut self, row: &Measured) {
        match row.path {
            Path::Fast => self.fast += 1,
            Path::Reference(_) => self.mpfr += 1,
        }
        self.known
            .add(known_bits(&row.precise.as_ref().map_or_else(|| row.found.w.to_interval(), |all| all.w.clone())));
        for (histogram, (_, of)) in self.histograms.iter_mut().zip(QUANTITIES) {
            histogram.add(&of(&row.found));
        }
        self.thresholds.add(row);
        let w = row.found.w.to_interval();
        for ((histogram, computed), room) in self.digits.iter_mut().zip(&row.computed).zip(&self.room) {
            // A w is not negative, so that there is always a number of digits.
            if let Ok(left) = digits_left(*computed, &w) {
                // However right a result came out, its format has room for so many digits only.
                let [lo, hi] = outward(&left).map(|digits| digits.min(*room));
                histogram.add(&Scaled { lo, hi, exponent: 0 });
            }
        }
    }

    /// How many rows were counted.
    pub fn rows(&self) -> u64 {
        self.fast + self.mpfr
    }

    /// What has been counted, of so many rows that were asked for.
    pub fn summary(&self, asked: u64) -> MeasureSummary {
        let rows = self.rows();
        let known = |share: f64| self.known.ranked(rank(rows, share)?);
        let (tolerance, bits) = match self.how.precision {
            Precision::Tolerance(tolerance) => (Some(tolerance), None),
            Precision::Bits(bits) => (None, Some(bits)),
        };
        let at = |histogram: &Histogram| {
            let at = SHARES.iter().filter_map(|&(share, at)| Some(Quantile { share, value: histogram.quantile(at)? }));
            at.collect()
        };
        let quantiles = |(histogram, (name, _)): (&Histogram, Quantity)| Quantiles { name, at: at(histogram) };
        let digits = |([mode, formula], histogram): (&[String; 2], &Histogram)| DigitsLeft {
            mode: mode.clone(),
            formula: formula.clone(),
            at: at(histogram),
        };
        let (bands, bands_undecided) = self.thresholds.bands();
        MeasureSummary {
            rows,
            asked,
            temperature: self.how.temperature,
            tolerance,
            bits,
            eta: self.how.eta,
            fast: self.fast,
            mpfr: self.mpfr,
            known_bits: known(0.0),
            known_bits_median: known(0.5),
            resolution: RESOLUTION,
            quantiles: self.histograms.iter().zip(QUANTITIES).map(quantiles).collect(),
            bands,
            bands_undecided,
            saturation: self.thresholds.saturation(),
            sums: self.thresholds.sums(),
            digits: self.modes.iter().zip(&self.digits).map(digits).collect(),
        }
    }
}
