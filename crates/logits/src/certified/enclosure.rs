//! One row of logits: rigorous enclosures of what an update of it would do.

use std::sync::LazyLock;

use crate::arith::interval::{Interval, Intervals};
use crate::arith::{Arithmetic, Eval, Function, Vector};
use crate::eval::{Evaluator, Value};
use crate::expr::elaborate;
use crate::expr::{Name, Tree};
use crate::formulas::{ACTION, LOGITS, find, names};

use super::failure::MeasureError;

/// Rigorous enclosures for one row: the exact value, for the logits as stored, lies within each interval.
#[derive(Clone, Debug)]
pub struct Measurement {
    /// The row, from 0.
    pub row: u64,
    /// The chosen action c, from 0.
    pub action: usize,
    /// P_c, within \[0, 1\].
    pub p: Interval,
    /// The collision probability C(P), within \[0, 1\].
    pub collision: Interval,
    /// w = |e_c - P|^2, within \[0, 2\]: what all of [`Measurement::by_formula`] have in common.
    pub w: Interval,
    /// |e_c - P|, the square root of w.
    pub norm: Interval,
    /// w by each formula alone, with the formula's name. Wide ones may reach below 0.
    pub by_formula: Vec<(&'static str, Interval)>,
}

/// The formulas for w of which every row is shown the intersection. All of them are functions of P alone and have a
/// value for every distribution.
const SQUARED_NORMS: [&str; 3] = ["closed", "direct", "tail"];

/// What is evaluated for every row, over logits and an action.
struct Program {
    logits: Name,
    action: Name,
    /// P = softmax(z); evaluated once per row and stored.
    definitions: &'static [(Name, Tree)],
    p: Tree,
    collision: Tree,
    squared_norms: Vec<(&'static str, Tree)>,
}

static PROGRAM: LazyLock<Program> = LazyLock::new(|| {
    let value = |text: &str| elaborate::value(text, names()).expect("a fixed text");
    let formula = |name| (name, find(name).expect("a formula of the registry").tree.clone());
    Program {
        logits: LOGITS.into(),
        action: ACTION.into(),
        definitions: &names().definitions,
        p: value("P[c]"),
        collision: value("C(P)"),
        squared_norms: SQUARED_NORMS.map(formula).into(),
    }
});

/// The fewest bits with which logits are held: the difference of two `f64` is then exact unless their magnitudes are
/// a factor 2^75 apart, whatever the precision of everything that is computed from it. It would be multiplied by the
/// size of the logits otherwise, which may be large.
const LOGIT_BITS: u32 = 128;

/// Encloses one row, at the precision of `system`.
///
/// Every formula for w is evaluated, and what is reported is the intersection. It is clipped to the range that a
/// theorem gives (0 <= P_c <= 1, 0 <= C <= 1, 0 <= w <= 2 for every distribution), which takes nothing away from the
/// exact value: rounding outward may have led beyond.
///
/// ```
/// use logitlab_numbers::arith::interval::Intervals;
/// use logitlab_logits::certified::enclosure::enclose;
///
/// // Two actions of equal probability, and one that is masked.
/// let row = enclose(Intervals::new(64), 0, &[3.0, 3.0, f64::NEG_INFINITY], 1)?;
/// assert_eq!((row.p.lo().to_f64(), row.w.lo().to_f64()), (0.5, 0.5));
/// assert!(row.w.is_point() && *row.norm.lo() < *row.norm.hi());
/// # Ok::<(), logitlab_logits::certified::MeasureError>(())
/// ```
///
/// # Errors
/// [`MeasureError::Undefined`] for logits that are all `-inf`, or not all finite or `-inf`;
/// [`MeasureError::Disagreement`] never, unless there is a bug in this crate.
///
/// # Panics
/// If `action` is not below the number of logits.
pub fn enclose(system: Intervals, row: u64, logits: &[f64], action: usize) -> Result<Measurement, MeasureError> {
    assert!(action < logits.len(), "action {action} of {}", logits.len());
    let raw = Raw::evaluate(&system, logits, action).map_err(|fault| MeasureError::Undefined { row, fault })?;
    let Raw { p, collision, by_formula } = raw;

    let p = common(system, row, "P_c", 1, vec![("P[c]", p)])?.0;
    let collision = common(system, row, "C", 1, vec![("C(P)", collision)])?.0;
    let (w, by_formula) = common(system, row, "w", 2, by_formula)?;
    let norm = system.function(Function::Sqrt, w.clone()).map_err(|fault| MeasureError::Undefined { row, fault })?;
    Ok(Measurement { row, action, p, collision, w, norm, by_formula })
}

/// Enclosures of one number, each with the name of what gave it.
type Named = Vec<(&'static str, Interval)>;

/// What enclosures of a number between 0 and `most` have in common, and the enclosures.
fn common(
    system: Intervals,
    row: u64,
    quantity: &'static str,
    most: u32,
    intervals: Named,
) -> Result<(Interval, Named), MeasureError> {
    let range = system.ends(0, most);
    match intervals.iter().try_fold(range, |common, (_, x)| common.intersection(x)) {
        Some(common) => Ok((common, intervals)),
        None => Err(MeasureError::Disagreement { row, quantity, most, intervals }),
    }
}

/// What the expressions give, before theorems narrow it.
struct Raw {
    p: Interval,
    collision: Interval,
    by_formula: Named,
}

impl Raw {
    fn evaluate(system: &Intervals, logits: &[f64], action: usize) -> Eval<Raw> {
        let program = &*PROGRAM;
        let stored = Intervals::new(system.bits().max(LOGIT_BITS));
        let z = Vector::dense(system, logits.iter().map(|&z| stored.float(z)).collect());
        let mut evaluator = Evaluator::new(system, logits.len(), program.definitions);
        evaluator.assign(&program.logits, Value::Vector(z));
        evaluator.choose(&program.action, action);
        let mut by_formula = Vec::with_capacity(program.squared_norms.len());
        for (name, tree) in &program.squared_norms {
            by_formula.push((*name, evaluator.real(tree)?));
        }
        Ok(Raw { p: evaluator.real(&program.p)?, collision: evaluator.real(&program.collision)?, by_formula })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn common_part(most: u32, ends: &[(&'static str, i32, i32)]) -> Result<Interval, MeasureError> {
        let system = Intervals::new(24);
        let intervals = ends.iter().map(|&(name, lo, hi)| (name, system.ends(lo, hi))).collect();
        common(system, 3, "w", most, intervals).map(|(common, _)| common)
    }

    #[test]
    fn the_common_part_is_the_intersection_with_the_range() {
        let x = common_part(4, &[("closed", -1, 3), ("tail", 1, 9)]).unwrap();
        assert!(*x.lo() == 1 && *x.hi() == 3);
        let x = common_part(2, &[("closed", -1, 3)]).unwrap();
        assert!(*x.lo() == 0 && *x.hi() == 2);
    }

    #[test]
    fn enclosures_that_disagree_are_an_error_that_shows_them() {
        let error = common_part(2, &[("closed", -1, 0), ("tail", 1, 2)]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "row 3 (from 0): the enclosures of w have nothing in common within 0 to 2 (closed [-1.00000000, 0], tail \
             [1.00000000, 2.00000000]); this is a bug in logitlab, please report it with the row"
        );
        assert!(matches!(common_part(2, &[("tail", 3, 4)]), Err(MeasureError::Disagreement { most: 2, .. })));
    }

    #[test]
    fn logits_without_a_softmax_are_undefined() {
        let system = Intervals::new(24);
        for logits in [[f64::NEG_INFINITY; 2], [f64::INFINITY, 0.0], [f64::NAN, 0.0]] {
            let found = enclose(system, 5, &logits, 0);
            assert!(matches!(found, Err(MeasureError::Undefined { row: 5, .. })), "{logits:?} {found:?}");
        }
    }
}
