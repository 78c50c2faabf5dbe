//! A measured row as JSON.

use serde::Serialize;

use super::decimal::decimals;
use super::enclosure::Measurement;

/// A measured row as it is written: both ends of every enclosure as decimals rounded outward, so that the exact value
/// lies between the numbers as written.
///
/// The decimals are strings, as a JSON reader would round a number to an `f64`; see
/// [`decimals`](super::decimals) for their form.
///
/// ```
/// use logitlab::arith::interval::Intervals;
/// use logitlab::measure::{Row, enclose};
///
/// let certain = enclose(Intervals::new(64), 7, &[1.5], 0)?;
/// assert_eq!(
///     serde_json::to_string(&Row::from(&certain)).unwrap(),
///     r#"{"row":7,"action":0,"p_lo":"1","p_hi":"1","collision_lo":"1","collision_hi":"1","#.to_owned()
///         + r#""w_lo":"0","w_hi":"0","norm_lo":"0","norm_hi":"0"}"#
/// );
/// # Ok::<(), logitlab::measure::MeasureError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The row of the file, from 0.
    pub row: u64,
    /// The chosen action c, from 0.
    pub action: usize,
    /// A lower bound of P_c, 0 to 1.
    pub p_lo: String,
    /// An upper bound of P_c, 0 to 1.
    pub p_hi: String,
    /// A lower bound of the collision probability, 0 to 1.
    pub collision_lo: String,
    /// An upper bound of the collision probability, 0 to 1.
    pub collision_hi: String,
    /// A lower bound of w = |e_c - P|^2, 0 to 2.
    pub w_lo: String,
    /// An upper bound of w, 0 to 2.
    pub w_hi: String,
    /// A lower bound of |e_c - P|, at least 0.
    pub norm_lo: String,
    /// An upper bound of |e_c - P|.
    pub norm_hi: String,
}

impl From<&Measurement> for Row {
    fn from(measured: &Measurement) -> Row {
        let [p_lo, p_hi] = decimals(&measured.p);
        let [collision_lo, collision_hi] = decimals(&measured.collision);
        let [w_lo, w_hi] = decimals(&measured.w);
        let [norm_lo, norm_hi] = decimals(&measured.norm);
        let Measurement { row, action, .. } = *measured;
        Row { row, action, p_lo, p_hi, collision_lo, collision_hi, w_lo, w_hi, norm_lo, norm_hi }
    }
}
