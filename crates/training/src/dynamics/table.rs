//! Steps as rows of a table, and as fixed numbers of bytes.

use std::sync::Arc;

use serde::Serialize;

use crate::measure::{Cell, Field, Kind, Rows, object};
use crate::study::Mode;

use super::row::Row;

/// One column of the table of steps.
#[derive(Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// What it is, in words.
    pub what: &'static str,
    kind: Kind,
    of: fn(&Row) -> Cell,
}

const fn count(name: &'static str, unit: &'static str, what: &'static str, of: fn(&Row) -> Cell) -> Column {
    Column { name, unit, what, kind: Kind::Count, of }
}

const fn real(name: &'static str, unit: &'static str, what: &'static str, of: fn(&Row) -> Cell) -> Column {
    Column { name, unit, what, kind: Kind::Real, of }
}

/// Every column, in the order in which files have them, after the mode. P is the policy before the step.
pub const COLUMNS: &[Column] = &[
    count("run", "1", "the run, from 0", |row| Cell::Count(row.run)),
    count("step", "1", "the step, from 0", |row| Cell::Count(row.step)),
    count("action", "1", "the chosen action c, from 0; of the expected gradient the best arm", |row| {
        Cell::Count(row.action as u64)
    }),
    real("reward", "reward", "the reward; 0 of the expected gradient", |row| Cell::Real(row.reward)),
    real("gain", "logits", "g: learning rate times (reward less baseline); of the expected gradient the rate", |row| {
        Cell::Real(row.gain)
    }),
    real("p", "probability", "P_c", |row| Cell::Real(row.p)),
    real("rest", "probability", "1 - P_c", |row| Cell::Real(row.rest)),
    real("collision", "probability", "C(P) = sum P_i^2", |row| Cell::Real(row.collision)),
    real("entropy", "nats", "H(P)", |row| Cell::Real(row.entropy)),
    real("norm", "logits", "|g| |e_c - P|, the size of the exact update", |row| Cell::Real(row.norm)),
    real("closed", "logits", "|g| sqrt(1 - 2 P_c + C) of the policy as computed; NaN where there is no root", |row| {
        Cell::Real(row.closed)
    }),
    real("moved", "logits", "the size of the difference of the stored logits after the step and before", |row| {
        Cell::Real(row.moved)
    }),
    Column {
        name: "dead",
        unit: "1",
        what: "whether no stored logit changed though the exact update is not 0",
        kind: Kind::Flag,
        of: |row| Cell::Flag(row.dead),
    },
];

/// The fields of a table of steps in these modes.
pub fn fields(modes: &[Mode]) -> Vec<Field> {
    let width = modes.iter().map(|mode| mode.to_string().len()).max().unwrap_or(0);
    let mode = Field { name: "mode".into(), kind: Kind::Text { width } };
    std::iter::once(mode)
        .chain(COLUMNS.iter().map(|column| Field { name: column.name.into(), kind: column.kind }))
        .collect()
}

/// Steps in one mode, ready to be written.
#[derive(Clone, Debug)]
pub struct Steps<'a> {
    mode: Arc<str>,
    fields: &'a [Field],
    rows: &'a [Row],
}

impl<'a> Steps<'a> {
    /// Rows of a mode, for a table of these [`fields`].
    pub fn new(mode: &Mode, fields: &'a [Field], rows: &'a [Row]) -> Steps<'a> {
        Steps { mode: mode.to_string().into(), fields, rows }
    }
}

impl Rows for Steps<'_> {
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn cells(&self, index: usize) -> Vec<Cell> {
        let row = &self.rows[index];
        std::iter::once(Cell::Text(self.mode.clone())).chain(COLUMNS.iter().map(|column| (column.of)(row))).collect()
    }

    fn line(&self, index: usize) -> String {
        object(self.fields, &self.cells(index))
    }
}

/// What a table says of itself, for the file beside it.
#[derive(Clone, Debug, Serialize)]
pub struct Described {
    name: &'static str,
    unit: &'static str,
    what: &'static str,
}

/// The columns as a document has them.
pub fn described() -> Vec<Described> {
    let mode = Described { name: "mode", unit: "1", what: "the float mode as text" };
    let one = |column: &Column| Described { name: column.name, unit: column.unit, what: column.what };
    std::iter::once(mode).chain(COLUMNS.iter().map(one)).collect()
}

/// The bytes of a row that waits in a file.
pub const BYTES: usize = 8 * WORDS;

const WORDS: usize = 13;

/// A row as bytes.
pub fn to_bytes(row: &Row) -> [u8; BYTES] {
    let reals = [row.reward, row.gain, row.p, row.rest, row.collision, row.entropy, row.norm, row.closed, row.moved];
    let counts = [row.run, row.step, row.action as u64, u64::from(row.dead)];
    let words = counts.into_iter().chain(reals.map(f64::to_bits));
    let mut bytes = [0; BYTES];
    bytes.as_chunks_mut::<8>().0.iter_mut().zip(words).for_each(|(bytes, word)| *bytes = word.to_le_bytes());
    bytes
}

/// The row of these bytes.
pub fn from_bytes(bytes: &[u8; BYTES]) -> Row {
    let mut words = [0; WORDS];
    words.iter_mut().zip(bytes.as_chunks::<8>().0).for_each(|(word, bytes)| *word = u64::from_le_bytes(*bytes));
    let [run, step, action, dead, reals @ ..] = words;
    let [reward, gain, p, rest, collision, entropy, norm, closed, moved] = reals.map(f64::from_bits);
    let (action, dead) = (action as usize, dead != 0);
    Row { run, step, action, reward, gain, p, rest, collision, entropy, norm, closed, moved, dead }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        Row {
            run: 3,
            step: 70,
            action: 2,
            reward: 1.0,
            gain: -0.1,
            p: 0.25,
            rest: 0.75,
            collision: 0.5,
            entropy: 1.5,
            norm: 0.0625,
            closed: f64::NAN,
            moved: 5e-324,
            dead: true,
        }
    }

    #[test]
    fn bytes_are_the_row() {
        let mut row = row();
        assert!(from_bytes(&to_bytes(&row)).closed.is_nan());
        row.closed = -0.0;
        let back = from_bytes(&to_bytes(&row));
        assert_eq!((back, back.closed.to_bits()), (row, (-0.0_f64).to_bits()));
    }

    #[test]
    fn a_line_has_every_column_by_its_name() {
        let mode: Mode = "bf16-stored".parse().unwrap();
        let fields = fields(&[mode, "f32".parse().unwrap()]);
        assert_eq!(fields[0].kind, Kind::Text { width: "f32+logits=bf16".len() });
        let line = Steps::new(&mode, &fields, &[row()]).line(0);
        assert_eq!(
            line,
            "{\"mode\":\"f32+logits=bf16\",\"run\":3,\"step\":70,\"action\":2,\"reward\":1.0,\"gain\":-0.1,\"p\":0.25,\
             \"rest\":0.75,\"collision\":0.5,\"entropy\":1.5,\"norm\":0.0625,\"closed\":null,\"moved\":5e-324,\"dead\":true}\n"
        );
        assert_eq!(described().len(), fields.len());
    }
}
