//! Thresholds: dots along a common axis, a row for each, the rows in groups.

use super::data::{ThresholdGroup, ThresholdRow, Thresholds};
use super::frame::{Frame, Strip, X_LABELS, x_title};
use super::page::{Block, page};
use super::scale::{Ruler, range, scientific};
use super::style::{COLOURS, FAINT, GRID, INK, SIZE, Sign};
use super::svg::{Element, line};
use super::typeset::{Anchor, Text, fit, width};

/// From one row to the next.
const ROW: f64 = 10.5;
/// Above the rows of a group, for its name.
const HEADING: f64 = 14.0;
const GUTTER: f64 = 12.0;

pub fn draw(chart: &Thresholds, wide: f64) -> String {
    let names: Vec<&str> = chart.groups.iter().map(|group| group.label.as_str()).collect();
    let summary = format!("{}, by row, for {}.", chart.x.label, names.join(", "));
    page(wide, (&chart.title, "Thresholds"), &chart.caption, &summary, Layout::new(chart, wide).body())
}

/// Groups below each other in a narrow figure, side by side in a wide one.
struct Layout<'a> {
    chart: &'a Thresholds,
    columns: usize,
    /// The rows of all groups have the same names, which stand at the left of the first column only.
    alike: bool,
    /// What the names of rows take, and what the values do.
    names: f64,
    values: f64,
    /// The width of the frames.
    across: f64,
    x: (f64, f64),
}

impl<'a> Layout<'a> {
    fn new(chart: &'a Thresholds, wide: f64) -> Self {
        let rows = || chart.groups.iter().flat_map(|group| &group.rows);
        let names = |group: &'a ThresholdGroup| group.rows.iter().map(|row| row.label.as_str());
        let alike = chart.groups.windows(2).all(|pair| names(&pair[0]).eq(names(&pair[1])));
        let most = if wide < 400.0 { 1 } else { 2 + usize::from(alike) };
        let columns = chart.groups.len().clamp(1, most);
        let widest =
            |text: &dyn Fn(&ThresholdRow) -> String| rows().map(|row| width(&text(row), SIZE)).fold(0.0, f64::max);
        let each = (wide - 10.0 - GUTTER * (columns as f64 - 1.0)) / columns as f64;
        let most = if alike { (0.45 * each).max(0.25 * wide) } else { 0.45 * each };
        let names = (widest(&|row| row.label.clone()) + 5.0).min(most);
        let values = (widest(&|row| written(chart, row)) + 6.0).min(0.35 * each);
        let shared = if alike { names / columns as f64 } else { names };
        let x = range(&chart.x, rows().filter_map(|row| row.value));
        Layout { chart, columns, alike, names, values, across: (each - shared - values).max(20.0), x }
    }

    /// Where the frames of a column start.
    fn left(&self, column: usize) -> f64 {
        let between = self.values + GUTTER + if self.alike { 0.0 } else { self.names };
        2.0 + self.names + (self.across + between) * column as f64
    }

    fn body(&self) -> Block {
        let mut blocks = Vec::new();
        for (index, groups) in self.chart.groups.chunks(self.columns).enumerate() {
            let rows = groups.iter().map(|group| group.rows.len()).max().unwrap_or(0);
            let mut items = Vec::new();
            for (column, group) in groups.iter().enumerate() {
                // The last group of its column has the axis.
                let last = (index + 1) * self.columns + column >= self.chart.groups.len();
                items.extend(self.group(group, column, last));
            }
            let lowest = (index + 1) * self.columns >= self.chart.groups.len();
            let axis = if lowest { X_LABELS } else { 0.0 };
            blocks.push(Block { height: HEADING + ROW * rows as f64 + 3.0 + axis, items });
        }
        let middle = (self.left(0) + self.left(self.columns - 1) + self.across) / 2.0;
        let (title, height) = x_title(&self.chart.x.label, middle, -2.0);
        blocks.push(Block { height, items: title.into_iter().collect() });
        Block::stack(blocks)
    }

    fn group(&self, group: &ThresholdGroup, column: usize, axis: bool) -> Vec<Element> {
        let left = self.left(column);
        let named = column == 0 || !self.alike;
        let height = ROW * group.rows.len() as f64;
        let frame = Frame {
            x: Ruler::new(self.chart.x.scale, self.x, (left, left + self.across)),
            y: Ruler::new(super::data::Scale::Linear, (0.0, 1.0), (HEADING + height, HEADING)),
            left,
            top: HEADING,
            width: self.across,
            height,
            above: Strip::default(),
            below: Strip::default(),
        };
        let title = fit(&group.label, SIZE * 1.07, self.across + self.values);
        let mut items = vec![Text::new(&title).bold().on(left, HEADING - 4.0)];
        items.extend(frame.x_grid());
        for (k, row) in group.rows.iter().enumerate() {
            let y = HEADING + ROW * (k as f64 + 0.5);
            items.extend(self.row(&frame, row, y));
            if named {
                let name = fit(&row.label, SIZE, self.names - 4.0);
                items.push(Text::new(&name).anchor(Anchor::End).centred(left - 4.0, y));
            }
        }
        items.extend(frame.x_axis(axis));
        items
    }

    fn row(&self, frame: &Frame, row: &ThresholdRow, y: f64) -> Vec<Element> {
        let colour = COLOURS[1];
        let value = fit(&written(self.chart, row), SIZE, self.values - 4.0);
        let ink = if row.value.is_some() { INK } else { FAINT };
        let mut items = vec![Text::new(&value).fill(ink).centred(frame.right() + 5.0, y)];
        match row.value {
            None => items.push(line((frame.left, y), (frame.right(), y), GRID, 0.8)),
            Some(value) => {
                let ((x, _), beyond) = frame.spot((value, 0.5), (0, 0));
                items.push(line((frame.left, y), (x, y), colour, 1.6));
                items.push(beyond.unwrap_or(Sign::Disc).draw((x, y), colour));
            }
        }
        items
    }
}

/// What is written beside a row.
fn written(chart: &Thresholds, row: &ThresholdRow) -> String {
    match row.value {
        _ if !row.note.is_empty() => row.note.clone(),
        Some(value) => scientific(value),
        None if chart.never.is_empty() => "never".to_owned(),
        None => chart.never.clone(),
    }
}
