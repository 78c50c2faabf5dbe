//! Rows of a comparison of two dumps, as a table.

use serde::Serialize;

use crate::diff::Top;
use crate::diff::quantity::QUANTITIES;
use crate::diff::stream::Compared;
use crate::measure::{Cell, Field, Kind, Rows};
use crate::stats::spread::Between;

/// The fields of a row. An enclosure has two, `NAME_lo` and `NAME_hi`; a number that a row does not have is NaN.
pub fn fields() -> Vec<Field> {
    let field = |name: &str, kind: Kind| Field { name: name.to_string(), kind };
    let ends = |name: &str| ["lo", "hi"].map(|end| field(&format!("{name}_{end}"), Kind::Real));
    let shown = QUANTITIES.iter().filter(|quantity| quantity.shown).map(|quantity| quantity.name);
    let mut fields = vec![field("row", Kind::Count), field("action", Kind::Count)];
    fields.extend(shown.chain(["p_a", "p_b"]).flat_map(ends));
    fields.extend([
        field("top1", Kind::Text { width: "differs".len() }),
        field("masked_by_a", Kind::Count),
        field("masked_by_b", Kind::Count),
        field("consistent", Kind::Flag),
        field("logits_beyond", Kind::Count),
    ]);
    fields.extend(ends("delta_bound"));
    fields
}

/// One row.
pub struct Row<'a>(pub &'a Compared);

#[derive(Serialize)]
struct Line<'a> {
    row: u64,
    action: usize,
    #[serde(flatten)]
    numbers: serde_json::Map<String, serde_json::Value>,
    p_a: Between,
    p_b: Between,
    top1: &'a str,
    masked_by_a: u64,
    masked_by_b: u64,
    /// Whether rounding of shared logits can have made the row.
    consistent: bool,
    logits_beyond: u64,
    /// The largest |log P_B - log P_A| of the action that rounding could make.
    delta_bound: Option<Between>,
}

impl Row<'_> {
    /// The numbers that a summary shows, by name.
    fn numbers(&self) -> impl Iterator<Item = (&'static str, Option<Between>)> {
        let shown = QUANTITIES.iter().filter(|quantity| quantity.shown);
        shown.map(|quantity| (quantity.name, (quantity.of)(&self.0.comparison).map(Between::from)))
    }

    fn fixed(&self) -> Line<'static> {
        let Compared { row, action, comparison, .. } = self.0;
        let chosen = &comparison.distances.chosen;
        Line {
            row: *row,
            action: *action,
            numbers: serde_json::Map::new(),
            p_a: chosen.p.into(),
            p_b: chosen.q.into(),
            top1: match comparison.top {
                Top::Same => "same",
                Top::Tie => "tie",
                Top::Differs => "differs",
            },
            masked_by_a: comparison.masks.by_a,
            masked_by_b: comparison.masks.by_b,
            consistent: comparison.explanation.consistent,
            logits_beyond: comparison.explanation.beyond,
            delta_bound: comparison.explanation.bounds.map(|bounds| Between { lo: 0.0, hi: bounds.delta }),
        }
    }
}

impl Rows for Row<'_> {
    fn count(&self) -> usize {
        1
    }

    fn cells(&self, _: usize) -> Vec<Cell> {
        let fixed = self.fixed();
        let ends = |x: Option<Between>| x.map_or([f64::NAN; 2], |x| [x.lo, x.hi]).map(Cell::Real);
        let mut cells = vec![Cell::Count(fixed.row), Cell::Count(fixed.action as u64)];
        cells.extend(self.numbers().flat_map(|(_, number)| ends(number)));
        cells.extend([fixed.p_a, fixed.p_b].into_iter().flat_map(|p| ends(Some(p))));
        cells.extend([
            Cell::Text(fixed.top1.into()),
            Cell::Count(fixed.masked_by_a),
            Cell::Count(fixed.masked_by_b),
            Cell::Flag(fixed.consistent),
            Cell::Count(fixed.logits_beyond),
        ]);
        cells.extend(ends(fixed.delta_bound));
        cells
    }

    /// A row as JSON, in which an enclosure is a list of its ends, and a number that there is not is null.
    fn line(&self, _: usize) -> String {
        let value = |number| serde_json::to_value(number).expect("ends are numbers or words");
        let numbers = self.numbers().map(|(name, number)| (name.to_string(), value(number))).collect();
        serde_json::to_string(&Line { numbers, ..self.fixed() }).expect("a map of names and values") + "\n"
    }
}
