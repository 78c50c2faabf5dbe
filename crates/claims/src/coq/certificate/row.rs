//! One row of logits, exactly, and two numbers that its norm lies between.

use rug::{Float, Integer};

use crate::arith::interval::{Interval, Intervals};
use crate::arith::scaled::Scaled;

/// The most actions that a row of a certificate has. Coq takes some 0.7 ms and 10 kB of memory for each.
pub const MAX_ACTIONS: usize = 1 << 18;

/// Why there is no certificate.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CertificateError {
    /// The action has probability 0, and no logit that Coq knows of.
    #[error("the chosen action {0} is masked: a certificate is about an action with a finite logit")]
    Masked(usize),
    /// More than [`MAX_ACTIONS`].
    #[error("the row has {0} actions that are not masked; a certificate is written for at most {MAX_ACTIONS}")]
    TooMany(usize),
    /// An end that is infinite or no number.
    #[error("the norm was not enclosed: one end is not a finite number")]
    Unbounded,
}

/// The number m 2^e.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dyadic {
    pub m: i64,
    pub e: i64,
}

/// A row of logits and two numbers that its norm |e_c - softmax z| is to lie between, exactly.
#[derive(Clone, Debug, PartialEq)]
pub struct Certificate {
    /// The number of the row, from 0, which names its theorem.
    pub number: u64,
    /// What its comment says: no part of the theorem.
    pub about: Vec<String>,
    /// The logits that are not masked, in units of 2^unit.
    pub(super) logits: Vec<Integer>,
    pub(super) unit: i64,
    /// The place of the chosen action among them.
    pub(super) action: usize,
    /// The least and the largest that the norm may be.
    pub(super) ends: [Dyadic; 2],
}

impl Certificate {
    /// That the norm of this row lies in `norm`, or less than one step of f64 beside it, so that Coq need not compute
    /// more closely than to such a step. A logit of -inf masks its action: its probability is 0, and it is left out of
    /// the row. `about` are lines that say where the row comes from.
    ///
    /// # Errors
    /// If the action is masked, there are too many actions, or the enclosure has an end that is not finite.
    ///
    /// # Panics
    /// If a logit is NaN or +inf, or there is no action `action`.
    pub fn new(
        number: u64,
        mut about: Vec<String>,
        logits: &[f64],
        action: usize,
        norm: Scaled,
    ) -> Result<Certificate, CertificateError> {
        let kept: Vec<f64> = logits.iter().copied().filter(|z| *z != f64::NEG_INFINITY).collect();
        assert!(kept.iter().all(|z| z.is_finite()), "logits are finite or -inf");
        if logits[action] == f64::NEG_INFINITY {
            return Err(CertificateError::Masked(action));
        }
        if kept.len() > MAX_ACTIONS {
            return Err(CertificateError::TooMany(kept.len()));
        }
        // 0 stays, as it is what the norm of a row with one action is.
        let wider = |x: f64, step: fn(f64) -> f64| if x == 0.0 { x } else { step(x) };
        let (lo, hi) = (wider(norm.lo, f64::next_down), wider(norm.hi, f64::next_up));
        if !(lo.is_finite() && hi.is_finite()) {
            return Err(CertificateError::Unbounded);
        }
        let parts: Vec<Dyadic> = kept.iter().map(|z| dyadic(*z)).collect();
        let unit = parts.iter().filter(|part| part.m != 0).map(|part| part.e).min().unwrap_or(0);
        let masked = match logits.len() - kept.len() {
            0 => String::new(),
            1 => "; one more is masked, has probability 0 and is left out".to_string(),
            n => format!("; {n} more are masked, have probability 0 and are left out"),
        };
        about.push(format!("{} logits, exactly, in units of 2^{unit}{masked}.", kept.len()));
        // At most the range of f64 in bits, 2098.
        let shifted = |part: &Dyadic| Integer::from(part.m) << if part.m == 0 { 0 } else { (part.e - unit) as u32 };
        let masked_before = logits[..action].iter().filter(|z| **z == f64::NEG_INFINITY).count();
        let end = |x: f64| {
            let Dyadic { m, e } = dyadic(x);
            Dyadic { m, e: if m == 0 { 0 } else { e + norm.exponent } }
        };
        Ok(Certificate {
            number,
            about,
            logits: parts.iter().map(shifted).collect(),
            unit,
            action: action - masked_before,
            ends: [end(lo), end(hi)],
        })
    }

    /// How many actions are not masked.
    pub fn actions(&self) -> usize {
        self.logits.len()
    }

    /// The place of the chosen action among those that are not masked, from 0.
    pub fn action(&self) -> usize {
        self.action
    }

    /// The exponent u of the unit 2^u that the logits are multiples of.
    pub fn unit(&self) -> i64 {
        self.unit
    }

    /// The two numbers that the norm is to lie between: exact, but for what is beyond MPFR's own exponents, which is
    /// rounded outward.
    pub fn norm(&self) -> Interval {
        let [lo, hi] = self.ends.map(|end| {
            let shift = end.e.clamp(i32::MIN.into(), i32::MAX.into()) as i32;
            Float::with_val(64, end.m) << shift
        });
        Intervals::new(64).ends(&lo, &hi)
    }
}

/// m and e with x = m 2^e, m odd or 0.
fn dyadic(x: f64) -> Dyadic {
    let bits = x.to_bits();
    let fraction = (bits & ((1 << 52) - 1)) as i64;
    let exponent = (bits >> 52 & 0x7ff) as i64;
    let (m, e) = if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    if m == 0 {
        return Dyadic { m: 0, e: 0 };
    }
    let zeros = m.trailing_zeros();
    Dyadic { m: if x.is_sign_negative() { -(m >> zeros) } else { m >> zeros }, e: e + i64::from(zeros) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_apart_exactly() {
        for (x, expected) in [
            (0.0, (0, 0)),
            (1.0, (1, 0)),
            (-0.75, (-3, -2)),
            (3.0 * 1024.0, (3, 10)),
            (f64::MIN_POSITIVE, (1, -1022)),
            (5e-324, (1, -1074)),
            (f64::MAX, ((1 << 53) - 1, 971)),
        ] {
            let Dyadic { m, e } = dyadic(x);
            assert_eq!((m, e), expected, "{x:e}");
        }
    }

    #[test]
    fn a_row_is_exact_and_masked_actions_are_left_out() {
        let norm = Scaled { lo: 0.5, hi: 0.75, exponent: -3 };
        let logits = [f64::NEG_INFINITY, -0.25, 3.0, f64::NEG_INFINITY, 0.0];
        let new = |logits: &[f64], action, norm| Certificate::new(0, vec![], logits, action, norm);
        let certificate = new(&logits, 2, norm).unwrap();
        assert_eq!((certificate.logits.clone(), certificate.unit), (vec![(-1).into(), 12.into(), 0.into()], -2));
        assert_eq!((certificate.action(), certificate.actions()), (1, 3));
        assert!(certificate.about[0].contains("2 more are masked"), "{:?}", certificate.about);
        // One step of f64 wider on either side.
        let [lo, hi] = certificate.ends;
        assert_eq!((lo.m, lo.e), ((1 << 53) - 1, -54 - 3));
        assert_eq!((hi.m, hi.e), (3 * (1 << 51) + 1, -53 - 3));
        assert_eq!(new(&logits, 0, norm), Err(CertificateError::Masked(0)));
        for open in [Scaled { hi: f64::INFINITY, ..norm }, Scaled { lo: f64::NEG_INFINITY, ..norm }] {
            assert_eq!(new(&logits, 1, open), Err(CertificateError::Unbounded));
        }
        let one = new(&[2.5], 0, Scaled::point(0.0)).unwrap();
        assert_eq!(one.ends, [Dyadic { m: 0, e: 0 }; 2]);
    }
}
