//! What float precision modes leave of w: what they compute, held against the enclosure.

use crate::arith::interval::{Interval, Intervals};
use crate::arith::{Arithmetic, Eval};
use crate::certified::Given;
use crate::formulas::Formula;
use crate::study::observation::{MOST_DIGITS, digits};
use crate::study::{Emulator, Mode, StudyError};

/// By how much an end of a number of digits may be off: a logarithm in f64, and room.
const SLACK: f64 = 1e-9;

/// Formulas for w in precision modes, computed for every row.
#[derive(Clone, Debug, Default)]
pub struct Modes {
    emulators: Vec<Emulator>,
    /// Mode and formula of each result, mode by mode.
    pub names: Vec<[String; 2]>,
    /// The decimal digits that each result has room for, as the format of the last operation has.
    pub room: Vec<f64>,
}

impl Modes {
    /// Every formula in every mode; modes come with the names that they are to have.
    ///
    /// # Errors
    /// If a formula cannot be computed in a mode.
    ///
    /// # Panics
    /// If the temperature is not finite, or a formula compares two policies.
    pub fn new(modes: &[(String, Mode)], formulas: &[&Formula], temperature: Given) -> Result<Modes, StudyError> {
        let emulator = |(_, mode): &(String, Mode)| Emulator::new(mode, formulas, temperature);
        let emulators = modes.iter().map(emulator).collect::<Result<_, _>>()?;
        let pairs = modes.iter().flat_map(|(mode, _)| formulas.iter().map(move |formula| (mode, formula)));
        Ok(Modes {
            emulators,
            names: pairs.map(|(mode, formula)| [mode.clone(), formula.name.clone()]).collect(),
            room: modes.iter().flat_map(|(_, mode)| formulas.iter().map(|_| mode.room())).collect(),
        })
    }

    /// What is computed of one row, in the order of the names.
    pub fn run(&self, row: u64, logits: &[f64], action: usize) -> Vec<f64> {
        self.emulators.iter().flat_map(|emulator| emulator.run(row, logits, &[action])).flatten().collect()
    }
}

/// How many decimal digits a computed w has in common with the true one, 0 to 17, as an interval: -log10 of the
/// relative error, 0 where it is as large as w or not finite.
///
/// ```
/// use logitlab_numbers::arith::interval::Intervals;
/// use logitlab_logits::measure::digits_left;
///
/// let w = Intervals::new(53).ends(1.0, 1.0);
/// let left = digits_left(1.001, &w)?;
/// assert!(*left.lo() > 2.999 && *left.hi() < 3.001);
/// assert!(*digits_left(-1.0, &w)?.hi() == 0 && *digits_left(f64::NAN, &w)?.hi() == 0);
/// assert!(*digits_left(1.0, &w)?.lo() == 17);
/// # Ok::<(), logitlab_numbers::arith::Fault>(())
/// ```
///
/// # Errors
/// Never, of a w that is not negative.
pub fn digits_left(computed: f64, w: &Interval) -> Eval<Interval> {
    let s = Intervals::new(64);
    let between = |worst: f64, best: f64| s.ends((worst - SLACK).max(0.0), (best + SLACK).min(MOST_DIGITS));
    if !computed.is_finite() {
        return Ok(s.integer(0));
    }
    if *w.lo() <= 0 {
        return Ok(match (*w.hi() <= 0, computed == 0.0) {
            (true, true) => s.float(MOST_DIGITS),
            (true, false) => s.integer(0),
            // A w that may be 0 and may not: nothing is known.
            (false, _) => between(0.0, MOST_DIGITS),
        });
    }
    let off = s.sub(s.float(computed), w)?;
    let error = s.div(s.max(off.clone(), &s.neg(off)?)?, w)?;
    let worst = digits(error.hi().to_f64());
    let best = if *error.lo() <= 0 { MOST_DIGITS } else { digits(error.lo().to_f64()) };
    Ok(match () {
        () if best == 0.0 => s.integer(0),
        () if worst == MOST_DIGITS => s.float(MOST_DIGITS),
        () => between(worst, best),
    })
}
