//! Heat maps: a table whose cells are shaded by their numbers, which stand in them.

use super::data::HeatMap;
use super::page::{Block, page};
use super::scale::infinite;
use super::style::{FAINT, INK, LINE, SIZE, hex, readable_on, shade};
use super::svg::{Element, line, rectangle};
use super::typeset::{Anchor, Text, fit, width};

/// The smallest height of a cell.
const CELL: f64 = 15.0;

pub fn draw(map: &HeatMap, wide: f64) -> String {
    let table = Table::new(map, wide);
    let body = Block::stack([table.body(), table.bar()]);
    let summary = format!(
        "{}: {} rows ({}) by {} columns ({}).",
        map.scale_label,
        map.rows.len(),
        map.y_label,
        map.columns.len(),
        map.x_label
    );
    page(wide, (&map.title, "Heat map"), &map.caption, &summary, body)
}

/// A heat map with the places of its cells.
struct Table<'a> {
    map: &'a HeatMap,
    wide: f64,
    left: f64,
    cell: (f64, f64),
    low: f64,
    high: f64,
}

impl<'a> Table<'a> {
    fn new(map: &'a HeatMap, wide: f64) -> Self {
        let title = if map.y_label.is_empty() { 0.0 } else { LINE + 2.0 };
        let widest = map.rows.iter().map(|row| width(row, SIZE)).fold(0.0, f64::max);
        let left = 2.0 + title + widest.min(0.4 * wide) + 4.0;
        let across = (wide - left - 4.0) / map.columns.len().max(1) as f64;
        // Few columns are not made into broad bars.
        let cell = (across.min(60.0), CELL.max((0.5 * across).min(22.0)));
        let (low, high) = limits(map);
        Table { map, wide, left, cell, low, high }
    }

    fn right(&self) -> f64 {
        self.left + self.cell.0 * self.map.columns.len() as f64
    }

    fn bottom(&self) -> f64 {
        2.0 + self.cell.1 * self.map.rows.len() as f64
    }

    fn body(&self) -> Block {
        let mut items = Vec::new();
        for (row, name) in self.map.rows.iter().enumerate() {
            let y = 2.0 + self.cell.1 * row as f64;
            let name = fit(name, SIZE, self.left - 6.0);
            items.push(Text::new(&name).anchor(Anchor::End).centred(self.left - 4.0, y + self.cell.1 / 2.0));
            for column in 0..self.map.columns.len() {
                let value = self.map.cells.get(row).and_then(|cells| cells.get(column)).copied().flatten();
                items.extend(self.shaded((self.left + self.cell.0 * column as f64, y), value));
            }
        }
        let size = (self.right() - self.left, self.bottom() - 2.0);
        items.push(rectangle((self.left, 2.0), size, "none").set("stroke", INK).at([("stroke-width", 0.6)]));
        let mut height = self.bottom();
        height += self.column_names(&mut items);
        if !self.map.x_label.is_empty() {
            let middle = (self.left + self.right()) / 2.0;
            items.push(Text::new(&self.map.x_label).anchor(Anchor::Middle).on(middle, height + SIZE + 1.0));
            height += LINE + 1.0;
        }
        if !self.map.y_label.is_empty() {
            let middle = (2.0 + self.bottom()) / 2.0;
            items.push(Text::new(&self.map.y_label).anchor(Anchor::Middle).turned(-90.0).on(SIZE, middle));
        }
        Block { height: height + 5.0, items }
    }

    fn shaded(&self, (x, y): (f64, f64), value: Option<f64>) -> Vec<Element> {
        let shown = value.filter(|value| !value.is_nan());
        let colour = shown.map_or([255; 3], |value| shade((value - self.low) / (self.high - self.low)));
        let fill = hex(colour);
        let text = match value {
            None => "\u{2013}".to_owned(),
            Some(value) if value.is_nan() => "NaN".to_owned(),
            Some(value) if value.is_infinite() => infinite(value).to_owned(),
            Some(value) => rounded(value, self.map.decimals),
        };
        let room = self.cell.0 - 2.0;
        let size = if width(&text, SIZE) <= room { SIZE } else { SIZE * (room / width(&text, SIZE)).max(0.6) };
        let ink = if shown.is_some() { readable_on(colour) } else { FAINT };
        let middle = (x + self.cell.0 / 2.0, y + self.cell.1 / 2.0);
        // White lines between the cells, so that equal neighbours are told apart.
        let area = rectangle((x, y), self.cell, &fill).set("stroke", "#ffffff").at([("stroke-width", 0.5)]);
        vec![area, Text::new(&text).size(size).fill(ink).anchor(Anchor::Middle).centred(middle.0, middle.1)]
    }

    /// The names below the columns, slanted where they are too wide to stand side by side; and what they take.
    fn column_names(&self, items: &mut Vec<Element>) -> f64 {
        let widest = self.map.columns.iter().map(|name| width(name, SIZE)).fold(0.0, f64::max);
        let level = widest + 3.0 <= self.cell.0;
        // A slanted name must not leave the page at the left.
        let longest: f64 = 60.0;
        for (column, name) in self.map.columns.iter().enumerate() {
            let x = self.left + self.cell.0 * (column as f64 + 0.5);
            items.push(match level {
                true => Text::new(name).anchor(Anchor::Middle).on(x, self.bottom() + SIZE + 2.0),
                false => {
                    let name = fit(name, SIZE, longest.min((x - 6.0) * 1.4));
                    Text::new(&name).anchor(Anchor::End).turned(-45.0).on(x + 3.0, self.bottom() + SIZE)
                }
            });
        }
        if level { SIZE + 5.0 } else { widest.min(longest) * 0.71 + SIZE + 2.0 }
    }

    /// The shades with their values.
    fn bar(&self) -> Block {
        const STEPS: usize = 32;
        let long = (self.wide - 80.0).min(150.0);
        let x = self.left.min(self.wide - long - 20.0);
        let step = long / STEPS as f64;
        let mut items = Vec::new();
        for k in 0..STEPS {
            let fill = hex(shade((k as f64 + 0.5) / STEPS as f64));
            // A bit wider than a step: between two areas that only touch, a hairline of the background is seen.
            let wider = if k + 1 < STEPS { step + 0.4 } else { step };
            items.push(rectangle((x + step * k as f64, 12.0), (wider, 7.0), &fill));
        }
        items.push(rectangle((x, 12.0), (long, 7.0), "none").set("stroke", INK).at([("stroke-width", 0.5)]));
        for k in 0..=4 {
            let part = f64::from(k) / 4.0;
            let at = x + long * part;
            let value = rounded(self.low + (self.high - self.low) * part, self.map.decimals.max(1));
            items.push(line((at, 19.0), (at, 21.5), INK, 0.5));
            items.push(Text::new(&value).anchor(Anchor::Middle).on(at, 22.0 + SIZE));
        }
        items.push(Text::new(&fit(&self.map.scale_label, SIZE, self.wide - x - 4.0)).on(x, 8.0));
        Block { height: 34.0, items }
    }
}

/// The values of the lightest and the darkest shade.
fn limits(map: &HeatMap) -> (f64, f64) {
    let given = map.range.filter(|&(low, high)| low < high && (high - low).is_finite());
    let values = map.cells.iter().flatten().flatten().copied().filter(|value| value.is_finite());
    let extent = values.fold(None, |extent: Option<(f64, f64)>, value| {
        Some(extent.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
    });
    match given.or(extent) {
        Some((low, high)) if low < high && (high - low).is_finite() => (low, high),
        Some((low, _)) if low.abs() < 1e15 => (low - 0.5, low + 0.5),
        _ => (0.0, 1.0),
    }
}

/// A number with its decimals; never a negative zero, and in powers where it would be long.
fn rounded(value: f64, decimals: usize) -> String {
    if value.abs() >= 1e5 {
        return super::scale::scientific(value);
    }
    let text = format!("{value:.*}", decimals.min(17));
    let zero = text.trim_start_matches('-').chars().all(|c| matches!(c, '0' | '.'));
    if zero { text.trim_start_matches('-').to_owned() } else { text.replace('-', "\u{2212}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_cells() {
        let check = |value: f64, decimals: usize, expected: &str| assert_eq!(rounded(value, decimals), expected);
        check(15.95, 1, "15.9");
        check(-0.04, 1, "0.0");
        check(-1.25, 2, "\u{2212}1.25");
        check(3.0, 0, "3");
        check(1e300, 1, "10^{300}");
    }

    #[test]
    fn the_shades_span_the_data_or_the_range() {
        let map = |cells: Vec<Option<f64>>, range| HeatMap { cells: vec![cells], range, ..HeatMap::default() };
        let check = |cells: &[f64], range: Option<(f64, f64)>, expected: (f64, f64)| {
            assert_eq!(limits(&map(cells.iter().copied().map(Some).collect(), range)), expected);
        };
        check(&[1.0, 5.0, f64::INFINITY, f64::NAN], None, (1.0, 5.0));
        check(&[1.0, 5.0], Some((0.0, 16.0)), (0.0, 16.0));
        check(&[1.0, 5.0], Some((3.0, 3.0)), (1.0, 5.0));
        check(&[2.0], None, (1.5, 2.5));
        check(&[], None, (0.0, 1.0));
        check(&[-1e308, 1e308], None, (0.0, 1.0));
    }
}
