//! What an update of one row of logits does, enclosed: every number here lies between two ends, whatever the logits.
//!
//! With P = softmax(z / tau) and the chosen action c, an update moves the logits along e_c - P. [`Enclosures`] are the
//! quantities of P that say what it does. [`fast`] computes them in hardware f64 with a proved error bound,
//! [`reference`](mod@reference) at any precision; [`enclose`] takes the second where the first is too wide.
//! [`enclosure`] has another way, by three formulas in interval arithmetic, and [`partial`] says what follows where
//! only the largest log-probabilities are known.

pub mod enclosure;
mod failure;
pub mod fast;
pub mod partial;
pub mod reference;

pub use crate::arith::Given;
pub use failure::MeasureError;

use crate::arith::Eval;
use crate::arith::scaled::Scaled;
use crate::arith::simd::Vectors;

/// How a row is enclosed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The temperature tau, positive: P = softmax(z / tau).
    pub temperature: Given,
    /// The relative width of P_c, 1 - P_c, C, w, the norm and -log P_c that is good enough.
    pub tolerance: f64,
}

impl Default for Settings {
    /// Temperature 1, tolerance 2^-40.
    fn default() -> Settings {
        Settings { temperature: Given::from(1.0), tolerance: 1.0 / (1u64 << 40) as f64 }
    }
}

/// What computed an enclosure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// Hardware f64 with a proved error bound.
    Fast,
    /// MPFR intervals of a given number of bits.
    Reference(u32),
}

/// The most bits that a row is worth: beyond, an enclosure stays as wide as it is.
const MOST_BITS: u32 = 1024;

/// Numbers below 2^-NEGLIGIBLE need not be told from 0: MPFR does not, either.
const NEGLIGIBLE: i64 = 1 << 29;

/// Encloses one row as tightly as asked. Logits are finite or -inf (a masked action), at least one of them finite. The
/// row is enclosed in f64 first, and if that is too wide in MPFR, with 128 bits and more.
///
/// # Errors
/// If there is no softmax: all logits are -inf, or one is NaN or +inf.
///
/// # Panics
/// If there is no action `action`.
pub fn enclose<Z: fast::Logit>(settings: &Settings, logits: &[Z], action: usize) -> Eval<(Enclosures, Path)> {
    enclose_before(settings, logits, action, &[])
}

/// [`enclose`], where it is known which row will be enclosed next: see [`fast::enclose_before`].
///
/// # Errors
/// As [`enclose`].
///
/// # Panics
/// As [`enclose`].
pub fn enclose_before<Z: fast::Logit>(
    settings: &Settings,
    logits: &[Z],
    action: usize,
    next: &[Z],
) -> Eval<(Enclosures, Path)> {
    let found = fast::enclose_before(Vectors::Widest, logits, action, settings.temperature, next)?;
    if found.within(settings.tolerance) {
        return Ok((found, Path::Fast));
    }
    let logits: Vec<f64> = logits.iter().map(|z| z.to_f64()).collect();
    let mut bits = 128;
    loop {
        let found = reference::enclose(bits, &logits, action, settings.temperature)?;
        if found.within(settings.tolerance) || bits >= MOST_BITS {
            return Ok((found, Path::Reference(bits)));
        }
        bits *= 2;
    }
}

/// Enclosures with an exponent of their own, of the quantities of one row.
pub type Enclosures = Quantities<Scaled>;

/// What an update of one row does, P = softmax(z / tau), c the chosen action. Logarithms are natural.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantities<T> {
    /// P_c, 0 to 1.
    pub p: T,
    /// 1 - P_c = the sum of the others' probabilities, 0 to 1; relatively as narrow as the others, however small.
    pub rest: T,
    /// The collision probability C(P) = sum P_i^2, 0 to 1.
    pub collision: T,
    /// w = |e_c - P|^2, 0 to 2 (claim norm-identity; computed by the tail form).
    pub w: T,
    /// |e_c - P|, the root of w (computed by the factored form).
    pub norm: T,
    /// -log P_c, at least 0; +inf where the action is masked.
    pub surprisal: T,
    /// Shannon's entropy H = -sum P_i log P_i, at least 0.
    pub entropy: T,
    /// The largest probability, 0 to 1.
    pub top: T,
    /// The rate of H along e_c - P: -sum P_i (log P_i + H) (e_c - P)_i, of either sign (claim entropy-change).
    pub entropy_slope: T,
    /// Var_P(e_c - P), at least 0: half of it, times g^2, is the KL divergence of a step g to second order (claim
    /// step-variance).
    pub variance: T,
}

impl Enclosures {
    /// Whether P_c, 1 - P_c, C, w, the norm and -log P_c are enclosed as tightly as `tolerance`, relatively, or are too
    /// small to matter.
    fn within(&self, tolerance: f64) -> bool {
        let tight = |x: Scaled| {
            // Every f64 is below 2^1024.
            let is_negligible = x.hi.is_finite() && x.exponent + 1024 < -NEGLIGIBLE;
            x.relative_width() <= tolerance || is_negligible
        };
        [self.p, self.rest, self.collision, self.w, self.norm, self.surprisal].into_iter().all(tight)
    }
}

impl<T> Quantities<T> {
    /// The ten quantities with their names, in the order of the fields.
    pub fn named(self) -> [(&'static str, T); 10] {
        [
            ("p", self.p),
            ("rest", self.rest),
            ("collision", self.collision),
            ("w", self.w),
            ("norm", self.norm),
            ("surprisal", self.surprisal),
            ("entropy", self.entropy),
            ("top", self.top),
            ("entropy_slope", self.entropy_slope),
            ("variance", self.variance),
        ]
    }

    /// Each quantity borrowed.
    pub fn as_ref(&self) -> Quantities<&T> {
        Quantities {
            p: &self.p,
            rest: &self.rest,
            collision: &self.collision,
            w: &self.w,
            norm: &self.norm,
            surprisal: &self.surprisal,
            entropy: &self.entropy,
            top: &self.top,
            entropy_slope: &self.entropy_slope,
            variance: &self.variance,
        }
    }

    /// What `f` makes of each.
    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Quantities<U> {
        Quantities {
            p: f(self.p),
            rest: f(self.rest),
            collision: f(self.collision),
            w: f(self.w),
            norm: f(self.norm),
            surprisal: f(self.surprisal),
            entropy: f(self.entropy),
            top: f(self.top),
            entropy_slope: f(self.entropy_slope),
            variance: f(self.variance),
        }
    }
}
