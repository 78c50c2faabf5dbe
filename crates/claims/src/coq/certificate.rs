//! Certificates: the norm of a row of logits lies between two numbers, as a theorem that Coq decides by evaluation.
//!
//! The row and the ends are dyadic numbers and stand in the file exactly. The theorem is about the development's own
//! `vnorm`, `e` and `softmax`; `proofs/coq/Certificate.v` proves that its interval program encloses that norm, so what
//! is left is one evaluation, without axioms beside those of the real numbers.

use std::fmt::Write as _;

use rug::Integer;

use crate::arith::scaled::Scaled;

/// The most actions that a certificate is written for: Coq takes about 12 ms for each.
pub const MAX_ACTIONS: usize = 4096;

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

/// A row of logits and an enclosure of its norm |e_c - softmax z|, exactly.
#[derive(Clone, Debug, PartialEq)]
pub struct Certificate {
    /// The logits that are not masked, in units of 2^unit.
    row: Vec<Integer>,
    unit: i64,
    /// The place of the chosen action among them.
    action: usize,
    masked: usize,
    lo: (Integer, i64),
    hi: (Integer, i64),
    bits: u32,
}

impl Certificate {
    /// That the norm of this row lies in `norm`. A logit of -inf masks its action: its probability is 0, and it is left
    /// out of the row.
    ///
    /// # Errors
    /// If the action is masked, there are too many actions, or the enclosure has an end that is not finite.
    ///
    /// # Panics
    /// If a logit is NaN or +inf, or there is no action `action`.
    pub fn new(logits: &[f64], action: usize, norm: Scaled) -> Result<Certificate, CertificateError> {
        let kept: Vec<f64> = logits.iter().copied().filter(|z| *z != f64::NEG_INFINITY).collect();
        assert!(kept.iter().all(|z| z.is_finite()), "logits are finite or -inf");
        if logits[action] == f64::NEG_INFINITY {
            return Err(CertificateError::Masked(action));
        }
        if kept.len() > MAX_ACTIONS {
            return Err(CertificateError::TooMany(kept.len()));
        }
        if !(norm.lo.is_finite() && norm.hi.is_finite()) {
            return Err(CertificateError::Unbounded);
        }
        let parts: Vec<(i64, i64)> = kept.iter().map(|z| dyadic(*z)).collect();
        let unit = parts.iter().filter(|(m, _)| *m != 0).map(|(_, e)| *e).min().unwrap_or(0);
        // At most the range of f64 in bits, 2098.
        let row = parts.iter().map(|(m, e)| Integer::from(*m) << if *m == 0 { 0 } else { (e - unit) as u32 }).collect();
        let masked_before = logits[..action].iter().filter(|z| **z == f64::NEG_INFINITY).count();
        let end = |x: f64| {
            let (m, e) = dyadic(x);
            (Integer::from(m), if m == 0 { 0 } else { e + norm.exponent })
        };
        Ok(Certificate {
            unit,
            action: action - masked_before,
            masked: logits.len() - kept.len(),
            lo: end(norm.lo),
            hi: end(norm.hi),
            bits: working_bits(kept.len(), &norm),
            row,
        })
    }

    /// The precision with which Coq is to evaluate, in bits.
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// The file; `about` are lines that say where the row comes from.
    pub fn text(&self, about: &[String]) -> String {
        let k = self.row.len();
        let mut out = String::from("(* The norm of a logit update, |e_c - softmax z|, of one row of logits z.\n");
        let masked = match self.masked {
            0 => String::new(),
            1 => "; one more is masked, has probability 0 and is left out".to_string(),
            n => format!("; {n} more are masked, have probability 0 and are left out"),
        };
        let about = about.iter().map(|line| comment(line));
        for line in about.chain([format!("{k} logits, exactly, in units of 2^{}{masked}.", self.unit)]) {
            _ = writeln!(out, "   {line}");
        }
        out += "\n   Check it with `logitlab certify`, or in the folder of this file with\n   \
                coqc -Q PATH/TO/proofs/coq Logitlab THIS_FILE.v *)\n\n\
                From Logitlab Require Import Certificate.\n\
                From Coq Require Import ZArith List.\nImport ListNotations.\n\n\
                Definition row : list Z := [\n";
        out += &wrapped(&self.row);
        let (lo, hi, action) = (end(&self.lo), end(&self.hi), self.action);
        let unit = integer(&Integer::from(self.unit));
        _ = write!(
            out,
            "]%Z.\n\n\
             Theorem certificate :\n  \
             dyadic {lo} <=\n  \
             vnorm {k} (vsub (e {action}) (softmax {k} (logits {unit} row)))\n  \
             <= dyadic {hi}.\n\
             Proof.\n  \
             refine (certified {} {unit} row {action} {lo} {hi} _).\n  \
             vm_cast_no_check (eq_refl true).\n\
             Qed.\n\n\
             Print Assumptions certificate.\n",
            self.bits,
        );
        out
    }
}

/// Enough bits for an interval far narrower than the enclosure, so that it lies inside.
fn working_bits(actions: usize, norm: &Scaled) -> u32 {
    const GUARD: u32 = 30;
    let width = norm.relative_width().clamp(f64::EPSILON / 4.0, 1.0);
    let known = (-libm::log2(width)).ceil() as u32;
    known + GUARD + usize::BITS - actions.leading_zeros()
}

/// m and e with x = m 2^e, m odd or 0.
fn dyadic(x: f64) -> (i64, i64) {
    let bits = x.to_bits();
    let fraction = (bits & ((1 << 52) - 1)) as i64;
    let exponent = (bits >> 52 & 0x7ff) as i64;
    let (m, e) = if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    if m == 0 {
        return (0, 0);
    }
    let zeros = m.trailing_zeros();
    (if x.is_sign_negative() { -(m >> zeros) } else { m >> zeros }, e + i64::from(zeros))
}

fn integer(n: &Integer) -> String {
    if *n < 0 { format!("({n})") } else { n.to_string() }
}

fn end((m, e): &(Integer, i64)) -> String {
    format!("{} {}", integer(m), integer(&Integer::from(*e)))
}

/// Numbers with semicolons between them, on lines of a readable length.
fn wrapped(numbers: &[Integer]) -> String {
    let mut out = String::new();
    let mut line = String::from(" ");
    for (k, number) in numbers.iter().enumerate() {
        let text = number.to_string();
        if line.len() + text.len() > 110 {
            out += &line;
            out.push('\n');
            line = String::from(" ");
        }
        _ = write!(line, " {text}{}", if k + 1 < numbers.len() { ";" } else { "" });
    }
    out + &line
}

/// A line that a comment can hold: a quote would open a string in it, a star might end it.
fn comment(line: &str) -> String {
    line.chars().map(|c| if c.is_control() || "\"*".contains(c) { '_' } else { c }).collect()
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
            assert_eq!(dyadic(x), expected, "{x:e}");
        }
    }

    #[test]
    fn a_row_is_exact_and_masked_actions_are_left_out() {
        let norm = Scaled { lo: 0.5, hi: 0.75, exponent: -3 };
        let logits = [f64::NEG_INFINITY, -0.25, 3.0, f64::NEG_INFINITY, 0.0];
        let certificate = Certificate::new(&logits, 2, norm).unwrap();
        assert_eq!((certificate.row.clone(), certificate.unit), (vec![(-1).into(), 12.into(), 0.into()], -2));
        let text = certificate.text(&["from \"a (* file".to_string()]);
        assert!(text.contains("from _a (_ file"), "{text}");
        assert!(text.contains("2 more are masked"), "{text}");
        assert!(
            text.contains(
                "dyadic 1 (-4) <=\n  vnorm 3 (vsub (e 1) (softmax 3 (logits (-2) row)))\n  <= dyadic 3 (-5)."
            )
        );
        assert_eq!(Certificate::new(&logits, 0, norm), Err(CertificateError::Masked(0)));
        let open = Scaled { hi: f64::INFINITY, ..norm };
        assert_eq!(Certificate::new(&logits, 1, open), Err(CertificateError::Unbounded));
    }
}
