//! Decimal digits left at a relative error.

/// As many digits as are told apart from all.
pub const MOST_DIGITS: f64 = 17.0;

/// Digits left at this relative error.
pub fn digits(relative: f64) -> f64 {
    // Plus 0, so that an error of 1 leaves 0 and not -0.
    if relative.is_nan() { 0.0 } else { (-libm::log10(relative)).clamp(0.0, MOST_DIGITS) + 0.0 }
}
