//! Numbers as people write them, rounded into formats.

use std::str::from_utf8;

use logitlab::formats::{Big, Literal, Target};
use logitlab::policy::Decimal;

/// A number, perhaps with a target after a blank: `0.1 fp16/up/flush`.
pub fn number(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    let (number, target) = text.split_once(' ').unwrap_or((text, "bf16"));
    if let Some(decimal) = Decimal::parse(number) {
        assert_eq!(Decimal::parse(&decimal.to_string()), Some(decimal), "{number}");
        assert!(decimal.to_f64() >= 0.0);
    }
    let literal: Literal = match number.parse() {
        Ok(literal) => literal,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let Ok(target) = target.parse::<Target>() else { return };
    let big = Big::new(target);
    let odd = literal.to_odd(target.format.precision + 26);
    let rounded = big.round(&odd, 0);
    if rounded.is_nan() {
        return;
    }
    assert_eq!(big.round(&rounded, 0), rounded, "{number} in {target}: what is rounded is a number of the format");
    if let Some(exact) = literal.finite().filter(|_| !big.flags(&odd, 0).inexact && rounded.is_finite()) {
        assert_eq!(rounded.to_rational(), Some(exact), "{number} in {target} is said to be exact");
    }
}
