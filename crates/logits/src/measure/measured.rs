//! One measured row, and how rows are measured.

use crate::arith::interval::{Interval, Intervals};
use crate::arith::scaled::Scaled;
use crate::arith::{Arithmetic, Eval};
use crate::certified::MeasureError;
use crate::certified::reference::{Precise, Reference};
use crate::certified::{self, Enclosures, Given, Path, Settings};

/// How tightly rows are enclosed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Precision {
    /// As tightly as this relative width, by the fastest path that gets there.
    Tolerance(f64),
    /// By MPFR at this many bits.
    Bits(u32),
}

/// How rows are measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct How {
    /// The temperature tau, positive: P = softmax(z / tau).
    pub temperature: Given,
    /// How tightly.
    pub precision: Precision,
    /// The learning rate, where steps are asked for: g = eta times the advantage of the row.
    pub eta: Option<Given>,
}

impl How {
    /// The number system that columns are computed in.
    pub fn system(&self) -> Intervals {
        match self.precision {
            Precision::Tolerance(_) => Intervals::new(53),
            Precision::Bits(bits) => Intervals::new(bits),
        }
    }

    /// What measures rows so; made once for all of them.
    pub fn meter(&self) -> Meter {
        let reference = match self.precision {
            Precision::Tolerance(_) => None,
            Precision::Bits(bits) => Some(Reference::new(bits, self.temperature)),
        };
        Meter { how: *self, reference }
    }
}

/// Measures rows; threads may share it.
#[derive(Debug)]
pub struct Meter {
    how: How,
    reference: Option<Reference>,
}

impl Meter {
    /// Encloses one row whose advantage is `advantage` (finite, or 1 where there is none). The row `next`, which may be
    /// empty, is fetched from memory meanwhile.
    ///
    /// # Errors
    /// [`MeasureError::Undefined`] for logits without a softmax.
    ///
    /// # Panics
    /// If there is no action `action`.
    pub fn measure(
        &self,
        row: u64,
        logits: &[f64],
        action: usize,
        advantage: f64,
        next: &[f64],
    ) -> Result<Measured, MeasureError> {
        let undefined = |fault| MeasureError::Undefined { row, fault };
        let g = self.how.eta.map(|eta| self.factor(eta, advantage)).transpose().map_err(undefined)?;
        let (found, path, precise) = match (&self.reference, self.how.precision) {
            (Some(reference), Precision::Bits(bits)) => {
                let precise = reference.enclose_precise(logits, action).map_err(undefined)?;
                (precise.as_ref().map(Scaled::from_interval), Path::Reference(bits), Some(precise))
            }
            (_, Precision::Tolerance(tolerance)) => {
                let settings = Settings { temperature: self.how.temperature, tolerance };
                let (found, path) = certified::enclose_before(&settings, logits, action, next).map_err(undefined)?;
                (found, path, None)
            }
            (None, Precision::Bits(_)) => unreachable!("a meter at so many bits has its reference"),
        };
        Ok(Measured { row, position: None, computed: Vec::new(), action, g, found, path, precise })
    }

    fn factor(&self, eta: Given, advantage: f64) -> Eval<Interval> {
        let s = self.how.system();
        s.mul(eta.interval(&s), &s.float(advantage))
    }
}

/// What is known of one row.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The row of the files, from 0.
    pub row: u64,
    /// Its batch and time, where the logits have them.
    pub position: Option<[u64; 2]>,
    /// The chosen action c, from 0.
    pub action: usize,
    /// w as each mode and formula computes it that was asked for.
    pub computed: Vec<f64>,
    /// g = learning rate x advantage, where steps are asked for.
    pub g: Option<Interval>,
    /// The enclosures.
    pub found: Enclosures,
    /// What computed them.
    pub path: Path,
    /// At a precision of one's own, the same with all their digits.
    pub precise: Option<Precise>,
}

impl Measured {
    /// The quantities with all digits that there are.
    pub fn intervals(&self) -> Precise {
        self.precise.clone().unwrap_or_else(|| self.found.as_ref().map(|x| x.to_interval()))
    }
}
