//! The relative error of a computed number against an enclosure with an exponent of its own.

use crate::arith::scaled::Scaled;

use super::truth::scale;

/// |computed - true| / |true|, at least and at most: 0 where both are 0, infinite where only the true number is
/// or where nothing finite was computed.
///
/// ```
/// use logitlab_numbers::arith::scaled::Scaled;
/// use logitlab_floats::study::relative::relative;
///
/// let half = Scaled { lo: 1.0, hi: 1.0, exponent: -1 };
/// assert_eq!(relative(0.75, &half), [0.5, 0.5]);
/// assert_eq!(relative(f64::NAN, &half), [f64::INFINITY; 2]);
/// assert_eq!(relative(0.0, &Scaled::point(0.0)), [0.0, 0.0]);
/// let wide = Scaled { lo: 1.0, hi: 2.0, exponent: 0 };
/// assert_eq!(relative(1.5, &wide), [0.0, 0.5]);
/// ```
pub fn relative(computed: f64, truth: &Scaled) -> [f64; 2] {
    let Scaled { lo, hi, exponent } = *truth;
    if !computed.is_finite() || !lo.is_finite() || !hi.is_finite() {
        return if computed == lo && lo == hi { [0.0; 2] } else { [f64::INFINITY; 2] };
    }
    // Far from the truth, where this is 0 or infinite, so is the error.
    let shift = i32::try_from(-exponent).unwrap_or(if exponent < 0 { i32::MAX } else { i32::MIN });
    let x = scale(computed, shift);
    let least = if x < lo { lo - x } else { (x - hi).max(0.0) };
    let most = (x - lo).abs().max((x - hi).abs());
    let ratio = |distance: f64, size: f64| if distance == 0.0 { 0.0 } else { distance / size };
    let smallest = if lo <= 0.0 && hi >= 0.0 { 0.0 } else { lo.abs().min(hi.abs()) };
    [ratio(least, lo.abs().max(hi.abs())), ratio(most, smallest)]
}
