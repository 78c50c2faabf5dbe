//! Rows of a source, taken into a state.

use std::ops::Range;

use super::asked::{
    Asked, CLIPPED, CONFIDENT, LOG_RATIO, NO_RATIO, QUANTITIES, SATURATED, UPDATE, error_name, wrong_name,
};
use super::state::State;
use super::worst::Ranked;
use crate::arith::Truth;
use crate::arith::interval64::Interval64;
use crate::arith::scaled::{Scaled, outward};
use crate::certified::MeasureError;
use crate::doctor::ClaimedKind;
use crate::measure::{COLUMNS, Measured, Terms};
use crate::source::{self, Block, Source, Watch};
use crate::stats::bands::{BORDERS, floor};
use crate::stats::count::{above, below};

/// A row as it is taken in.
struct Row {
    measured: Measured,
    id: f64,
    old_logp: Option<f64>,
    claimed: Vec<f64>,
}

/// Measures rows of a source into a state; those before a stop. It does not depend on the number of threads.
///
/// # Errors
/// Rows that cannot be read or measured.
///
/// # Panics
/// If the source does not have the columns.
pub fn watch(source: &Source, asked: &Asked, rows: Range<u64>, watch: Watch<'_>) -> Result<State, MeasureError> {
    let (meter, mut state) = (asked.how.meter(), State::new(asked));
    let one = |_: &mut (), [block]: [&Block; 1], Range { start: i, .. }: Range<usize>| {
        let advantage = block.advantages.as_ref().map_or(1.0, |all| all[i]);
        let of = |name: &String| block.named[name][i];
        Ok::<_, MeasureError>(Row {
            measured: meter.measure(block.rows[i], block.row(i), block.actions[i], advantage, &[])?,
            // Up to 2^53, as rows are that fit in memory.
            id: asked.id.as_ref().map_or(block.rows[i] as f64, of),
            old_logp: asked.old_logp.as_ref().map(of),
            claimed: asked.claimed.iter().map(|(name, _)| of(name)).collect(),
        })
    };
    source::stream([source], &rows.into(), 1, watch, one, |rows| {
        rows.iter().try_for_each(|row| add(&mut state, asked, row))
    })?;
    Ok(state)
}

fn between(ends: [f64; 2]) -> Interval64 {
    Interval64::ends(ends[0], ends[1])
}

fn add(state: &mut State, asked: &Asked, row: &Row) -> Result<(), MeasureError> {
    let found = &row.measured.found;
    let logp = ClaimedKind::Logp.truth(found).outward();
    let own = [found.p, found.w, found.norm, found.entropy].map(|x: Scaled| x.outward());
    state.rows += 1;
    for (name, ends) in QUANTITIES.iter().zip(own.into_iter().chain([logp])) {
        state.quantity(name).add(between(ends));
    }
    // The third border is 0.99; P_c becomes 1 in a format of 8 bits from 1 - 2^-9 on (claim saturation).
    state.count(CONFIDENT).add(above(own[0], floor(BORDERS[2])));
    state.count(SATURATED).add(above(found.rest.outward(), 1.0 / 512.0).not());
    if asked.how.eta.is_some() {
        let column = COLUMNS.iter().find(|column| column.name == UPDATE).expect("a column of the registry");
        let undefined = |fault| MeasureError::Undefined { row: row.measured.row, fault };
        let size = (column.of)(&Terms::new(&asked.how, &row.measured)).map_err(undefined)?;
        state.quantity(UPDATE).add(between(outward(&size)));
    }
    if let Some(old) = row.old_logp {
        let has_ratio = !old.is_nan() && old != f64::INFINITY && !(old == f64::NEG_INFINITY && logp[1] == old);
        state.count(NO_RATIO).add(if has_ratio { Truth::False } else { Truth::True });
        if has_ratio {
            let ratio = log_ratio(logp, old);
            state.quantity(LOG_RATIO).add(between(ratio));
            state.count(CLIPPED).add(clipped(ratio, asked.clip));
        }
    }
    for ((_, kind), &claimed) in asked.claimed.iter().zip(&row.claimed) {
        let truth = kind.truth(found);
        let judged = asked.required.judge(*kind, claimed, &truth);
        state.quantity(&error_name(*kind)).add(between(judged.error));
        state.count(&wrong_name(*kind)).add(judged.wrong);
        if judged.wrong == Truth::True {
            let id = row.id as i64;
            let action = row.measured.action as u64;
            let ranked = Ranked { error: judged.error, id, action, claimed, truth: truth.outward() };
            state.worst(&wrong_name(*kind)).add(ranked);
        }
    }
    Ok(())
}

/// Between which numbers log P_c is from the old one.
fn log_ratio([lo, hi]: [f64; 2], old: f64) -> [f64; 2] {
    // A difference of f64 is rounded once; that of infinities is exact.
    let exact = |x: f64| x == old || (x - old).is_infinite();
    let down = if exact(lo) { lo - old } else { (lo - old).next_down() };
    let up = if exact(hi) { hi - old } else { (hi - old).next_up() };
    [down, up]
}

/// Whether a ratio is beyond a clip: its logarithm beyond those of 1 + epsilon and 1 - epsilon.
fn clipped(log_ratio: [f64; 2], clip: f64) -> Truth {
    // The logarithms are within a unit in the last place.
    let slack = 4.0 * f64::EPSILON;
    let [low, high] = [libm::log1p(-clip), libm::log1p(clip)];
    let wide = |x: f64| [x - slack * x.abs(), x + slack * x.abs()];
    let beyond = |is: fn([f64; 2], f64) -> Truth, [first, last]: [f64; 2]| {
        let both = [is(log_ratio, first), is(log_ratio, last)];
        if both[0] == both[1] { both[0] } else { Truth::Unknown }
    };
    beyond(above, wide(high)).or(beyond(below, wide(low)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Required;
    use crate::measure::{How, Precision};
    use crate::source::{Actions, Held, HeldArray, Request};
    use proptest::prelude::*;

    /// A logit of the first action, the others being 0, an advantage, an old and a claimed log-probability, an id.
    type Given = (f64, f64, f64, f64, i64);

    fn state(rows: &[Given]) -> State {
        let array = |name: &str, dtype: &str, columns: &[u64], numbers: Vec<[u8; 8]>| {
            let shape = [&[rows.len() as u64], columns].concat();
            HeldArray { name: name.into(), dtype: dtype.into(), shape, bytes: Held::new(numbers.concat()) }
        };
        let reals = |of: fn(&Given) -> f64| rows.iter().map(|row| of(row).to_le_bytes()).collect();
        let logits = rows.iter().flat_map(|row| [row.0, 0.0, 0.0].map(f64::to_le_bytes)).collect();
        let arrays = [
            array("logits", "F64", &[3], logits),
            array("actions", "I64", &[], rows.iter().map(|_| 0i64.to_le_bytes()).collect()),
            array("advantages", "F64", &[], reals(|row| row.1)),
            array("old", "F64", &[], reals(|row| row.2)),
            array("claimed", "F64", &[], reals(|row| row.3)),
            array("id", "I64", &[], rows.iter().map(|row| row.4.to_le_bytes()).collect()),
        ];
        let request = Request {
            actions: Actions::Named("actions".into()),
            advantages: Some("advantages".into()),
            columns: ["old", "claimed", "id"].map(String::from).into(),
            ..Request::new(Vec::<String>::new())
        };
        let source = Source::held(&arrays, &request).unwrap();
        let how = How { temperature: 1.0.into(), precision: Precision::Tolerance(1e-12), eta: Some(1.0.into()) };
        let asked = Asked {
            how,
            claimed: vec![("claimed".into(), ClaimedKind::Logp)],
            required: Required::default(),
            old_logp: Some("old".into()),
            clip: 0.2,
            id: Some("id".into()),
        };
        watch(&source, &asked, 0..source.rows, Watch::NONE).unwrap()
    }

    fn join(mut one: State, other: State) -> State {
        one.merge(other).unwrap();
        one
    }

    proptest! {
        #[test]
        fn any_split_in_any_order_gives_the_same_bytes(
            rows in prop::collection::vec(
                (
                    prop_oneof![-40.0..40.0f64, Just(f64::NEG_INFINITY)],
                    -3.0..3.0f64,
                    prop_oneof![-9.0..0.0f64, Just(f64::NEG_INFINITY), Just(f64::NAN)],
                    prop_oneof![Just(-1.0), Just(f64::NAN), Just(f64::NEG_INFINITY), -9.0..0.0f64],
                    0i64..4,
                ),
                3..20,
            ),
            cuts in prop::array::uniform2(1usize..19),
        ) {
            let [a, b] = cuts.map(|cut| cut.min(rows.len() - 1));
            let (a, b) = (a.min(b), a.max(b));
            let parts = [&rows[..a], &rows[a..b], &rows[b..]].map(|part| (!part.is_empty()).then(|| state(part)));
            let [first, second, third] = parts;
            let whole = state(&rows).to_text();
            let (first, third) = (first.unwrap(), third.unwrap());
            let other = match second {
                Some(second) => {
                    let one = join(join(third.clone(), first.clone()), second.clone());
                    prop_assert_eq!(one.to_text(), whole.clone());
                    join(second, join(first, third))
                }
                None => join(third, first),
            };
            prop_assert_eq!(other.to_text(), whole.clone());
            prop_assert_eq!(State::from_text(&whole).unwrap().to_text(), whole);
        }
    }

    #[test]
    fn ratios_are_beyond_a_clip_for_certain_or_perhaps() {
        let point = |x: f64| [x, x];
        let cases = [
            (point(0.19), Truth::True),
            (point(0.18), Truth::False),
            (point(-0.23), Truth::True),
            (point(-0.22), Truth::False),
            ([0.18, 0.19], Truth::Unknown),
            (point(libm::log1p(0.2)), Truth::Unknown),
            (point(f64::NEG_INFINITY), Truth::True),
        ];
        for (ratio, expected) in cases {
            assert_eq!(clipped(ratio, 0.2), expected, "{ratio:?}");
        }
    }

    #[test]
    fn log_ratios_are_enclosed_and_infinities_are_exact() {
        let [lo, hi] = log_ratio([-0.75, -0.5], -0.25);
        assert!(lo < -0.5 && -0.25 < hi && hi - lo < 0.26);
        assert_eq!(log_ratio([f64::NEG_INFINITY; 2], -1.0), [f64::NEG_INFINITY; 2]);
        assert_eq!(log_ratio([-1.0; 2], f64::NEG_INFINITY), [f64::INFINITY; 2]);
        assert_eq!(log_ratio([-1.0; 2], -1.0), [0.0; 2]);
    }
}
