//! Confidence: the borders between bands of P_c, and the rows that are called confident.

use rug::Float;
use rug::float::Round;
use serde::Serialize;

/// The borders between bands, decimals. The first one is for those who tell rows of P_c <= 1/2 apart.
pub const BORDERS: [&str; 4] = ["0.5", "0.9", "0.99", "0.999"];

/// The greatest f64 that is at most a border, for enclosures: there is no f64 between the two.
///
/// # Panics
/// If it is no decimal.
pub fn floor(border: &str) -> f64 {
    Float::with_val_round(53, Float::parse(border).expect("a decimal"), Round::Down).0.to_f64()
}

/// Rows with low < P_c <= high.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Band {
    /// How it is called.
    pub name: &'static str,
    /// P_c is above this.
    pub low: f64,
    /// P_c is at most this.
    pub high: f64,
}

/// The bands that together are all rows.
pub const BANDS: [Band; 4] = [
    Band { name: "<=0.9", low: -1.0, high: 0.9 },
    Band { name: "0.9-0.99", low: 0.9, high: 0.99 },
    Band { name: "0.99-0.999", low: 0.99, high: 0.999 },
    Band { name: ">0.999", low: 0.999, high: 1.0 },
];

/// The bands between all [`BORDERS`]: the first of [`BANDS`] in two.
pub const NAMES: [&str; 5] = ["<=0.5", "0.5-0.9", BANDS[1].name, BANDS[2].name, BANDS[3].name];

/// The rows that are called confident.
pub const CONFIDENT: Band = Band { name: ">0.99", low: 0.99, high: 1.0 };

/// Which of [`BANDS`] a P_c is in that is known to some units of the last place: on a border it may be either side's.
/// One that came out above 1 is in the last.
///
/// ```
/// use logitlab_numbers::stats::bands::{BANDS, BORDERS, band_of, floor};
///
/// assert_eq!([0.3, 0.9, 0.95, 0.9999, 1.0 + f64::EPSILON].map(band_of), [0, 0, 1, 3, 3]);
/// assert!(BANDS[1..].iter().zip(&BORDERS[1..]).all(|(band, border)| Ok(band.low) == border.parse()));
/// assert!(floor("0.5") == 0.5 && floor("0.9") == 0.9f64.next_down());
/// ```
pub fn band_of(p: f64) -> usize {
    BANDS[1..].iter().filter(|band| p > band.low).count()
}
