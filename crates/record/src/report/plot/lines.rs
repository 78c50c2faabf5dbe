//! Line charts: panels over common axes, with names at the ends of the lines or in a legend.

use super::bands;
use super::data::{LineChart, Mark, Panel, Series};
use super::endlabels;
use super::frame::{Frame, MARK, Strip, X_LABELS, x_title, y_title};
use super::page::{Block, KEY, Key, legend, page};
use super::scale::{Place, Ruler, infinite, range};
use super::style::{FAINT, LINE, Look, SIZE, Sign};
use super::svg::{Element, line, rectangle};
use super::typeset::{Anchor, Text, fit, width};

/// Between panels side by side: half of the last tick's label and half of the next panel's first.
const GUTTER: f64 = 21.0;
/// Right of the frames: half of the last tick's label.
const RIGHT: f64 = 13.0;
/// Between the end of a line and its name.
const LEADER: f64 = 9.0;

pub fn draw(chart: &LineChart, wide: f64) -> String {
    let layout = Layout::new(chart, wide);
    let body = layout.at_ends().unwrap_or_else(|| layout.with_legend());
    let names = layout.names.join(", ");
    let summary = format!("{} against {}, for {names}.", chart.y.label, chart.x.label);
    page(wide, (&chart.title, "Line chart"), &chart.caption, &summary, body)
}

/// What all panels share.
struct Layout<'a> {
    chart: &'a LineChart,
    panels: &'a [Panel],
    wide: f64,
    columns: usize,
    /// The names of the series, in the order of their looks.
    names: Vec<&'a str>,
    x: (f64, f64),
    y: (f64, f64),
    above: Strip,
    below: Strip,
    /// Rows of labels of marks over a frame.
    mark_rows: usize,
}

impl<'a> Layout<'a> {
    fn new(chart: &'a LineChart, wide: f64) -> Self {
        let panels = if chart.panels.is_empty() { const { &[EMPTY] } } else { chart.panels.as_slice() };
        let all = || panels.iter().flat_map(|panel| &panel.series);
        let points = || all().flat_map(|series| &series.points);
        let bands = || all().flat_map(|series| &series.band);
        let x = range(&chart.x, points().map(|&(x, _)| x).chain(bands().map(|&(x, ..)| x)));
        let y = range(&chart.y, points().map(|&(_, y)| y).chain(bands().flat_map(|&(_, low, high)| [low, high])));
        let mut names: Vec<&str> = Vec::new();
        for series in all().filter(|series| !series.label.is_empty()) {
            if !names.contains(&series.label.as_str()) {
                names.push(&series.label);
            }
        }
        let columns = chart.columns.clamp(1, panels.len());
        let (above, below) = strips(panels, &Ruler::new(chart.y.scale, y, (0.0, 1.0)));
        let mut layout = Layout { chart, panels, wide, columns, names, x, y, above, below, mark_rows: 0 };
        let frame = layout.frame(0, (layout.left(), 4.0));
        layout.mark_rows = panels.iter().map(|panel| marks(&frame, panel).1).max().unwrap_or(0);
        layout
    }

    /// The body with the names beside the ends of the lines, if they fit there.
    fn at_ends(&self) -> Option<Block> {
        let [panel] = self.panels else { return None };
        if panel.series.len() < 2 || panel.series.iter().any(|series| series.label.is_empty()) {
            return None;
        }
        let widest = panel.series.iter().map(|series| width(&series.label, SIZE)).fold(0.0, f64::max);
        let right = LEADER + 4.0 + widest + 3.0;
        if right > 0.36 * self.wide {
            return None;
        }
        let frame = self.frame(0, (self.left(), right));
        let ends: Option<Vec<(f64, f64)>> = panel.series.iter().map(|one| end(&frame, panel, one)).collect();
        let ends = ends.filter(|ends| ends.iter().all(|&(x, _)| frame.right() - x <= 0.06 * frame.width))?;
        let anchors: Vec<f64> = ends.iter().map(|&(_, y)| y).collect();
        let heights = endlabels::spread(&anchors, frame.top - frame.above.height(), frame.foot())?;
        let mut block = self.body((self.left(), right));
        for ((series, &(x, y)), height) in panel.series.iter().zip(&ends).zip(heights) {
            let look = self.look(series);
            let from = frame.right() + 2.0;
            let start = if x < frame.right() { (x + 3.0, y) } else { (from, y) };
            block.items.push(line(start, (from + LEADER - 4.0, height), FAINT, 0.4));
            block.items.push(look.sign().draw((from + LEADER - 1.5, height), look.colour()));
            block.items.push(Text::new(&series.label).centred(from + LEADER + 3.0, height));
        }
        Some(Block::stack([block, self.legend(false)]))
    }

    fn with_legend(&self) -> Block {
        let names = self.panels.len() > 1 || self.panels[0].series.len() > 1;
        Block::stack([self.body((self.left(), RIGHT)), self.legend(names)])
    }

    /// What stands left of the frames.
    fn left(&self) -> f64 {
        let title = if self.chart.y.label.is_empty() { 0.0 } else { LINE + 2.0 };
        title + 2.0 + self.frame(0, (40.0, RIGHT)).y_labels_width()
    }

    fn look(&self, series: &Series) -> Look {
        Look(self.names.iter().position(|name| *name == series.label).unwrap_or(0))
    }

    fn title_height(&self) -> f64 {
        if self.panels.iter().all(|panel| panel.title.is_empty()) { 3.0 } else { LINE + 3.0 }
    }

    /// The frame of a panel, given what stands left and right of all.
    fn frame(&self, index: usize, (left, right): (f64, f64)) -> Frame {
        let columns = self.columns as f64;
        let width = ((self.wide - left - right - GUTTER * (columns - 1.0)) / columns).max(20.0);
        let height = if self.panels.len() > 1 { (0.8 * width).max(60.0) } else { (0.64 * width).min(230.0) };
        let before = self.title_height() + LINE * self.mark_rows as f64 + self.above.reach();
        let step = before + height + self.below.height() + 6.0;
        let left = left + (width + GUTTER) * (index % self.columns) as f64;
        let top = before + step * (index / self.columns) as f64;
        Frame {
            x: Ruler::new(self.chart.x.scale, self.x, (left, left + width)),
            y: Ruler::new(self.chart.y.scale, self.y, (top + height, top)),
            left,
            top,
            width,
            height,
            above: self.above.clone(),
            below: self.below.clone(),
        }
    }

    fn body(&self, sides: (f64, f64)) -> Block {
        let mut items = Vec::new();
        for (index, panel) in self.panels.iter().enumerate() {
            let frame = self.frame(index, sides);
            let lowest = index + self.columns >= self.panels.len();
            items.extend(self.panel(&frame, panel, (lowest, index % self.columns == 0)));
        }
        let (first, last) = (self.frame(0, sides), self.frame(self.panels.len() - 1, sides));
        let right = self.frame(self.columns - 1, sides).right();
        let foot = last.foot() + X_LABELS;
        let (title, more) = x_title(&self.chart.x.label, (first.left + right) / 2.0, foot);
        items.extend(title);
        items.extend(y_title(&self.chart.y.label, (first.top + last.bottom()) / 2.0));
        Block { height: foot + more + 2.0, items }
    }

    fn panel(&self, frame: &Frame, panel: &Panel, labels: (bool, bool)) -> Vec<Element> {
        let mut items = frame.grid();
        let many = panel.series.iter().filter(|series| !series.band.is_empty()).count();
        let bands = panel.series.iter().flat_map(|series| bands::band(frame, series, self.look(series), many));
        items.push(bands::clipped(frame, bands.collect()));
        items.extend(marks(frame, panel).0);
        if !self.chart.unjoined {
            let lines = panel.series.iter().flat_map(|series| bands::lines(frame, series, self.look(series)));
            items.push(bands::clipped(frame, lines.collect()));
        }
        items.extend(frame.axes(labels));
        for (rank, series) in panel.series.iter().enumerate() {
            items.extend(signs(frame, panel, (rank, series), self.look(series), self.chart.unjoined));
        }
        if !panel.title.is_empty() {
            let title = fit(&panel.title, SIZE * 1.07, frame.width);
            let y = frame.top - frame.above.reach() - LINE * self.mark_rows as f64 - 3.5;
            items.push(Text::new(&title).bold().on(frame.left, y));
        }
        items
    }

    /// What the lines, the bands and the signs at the edges mean.
    fn legend(&self, names: bool) -> Block {
        let mut keys = Vec::new();
        for (k, name) in self.names.iter().enumerate().filter(|_| names) {
            let stroke = Look(k).stroke(line_shape((0.0, 0.0), (KEY, 0.0)), 1.1);
            let sign = Look(k).sign().draw((KEY / 2.0, 0.0), Look(k).colour());
            let sample = if self.chart.unjoined { vec![sign] } else { vec![stroke, sign] };
            keys.push(Key { sample, label: (*name).to_owned() });
        }
        let all = || self.panels.iter().flat_map(|panel| &panel.series);
        if !self.chart.band_label.is_empty() && all().any(|series| !series.band.is_empty()) {
            let area = bands::tint(rectangle((0.0, -3.0), (KEY, 6.0), FAINT), FAINT, 1);
            let sample = vec![area, line((0.0, -3.0), (KEY, -3.0), FAINT, 0.5)];
            keys.push(Key { sample, label: self.chart.band_label.clone() });
        }
        let frame = self.frame(0, (self.left(), RIGHT));
        let used: Vec<Sign> =
            all().flat_map(|series| &series.points).filter_map(|&point| frame.spot(point, (0, 0)).1).collect();
        for (sign, meaning) in MEANINGS.into_iter().filter(|(sign, _)| used.contains(sign)) {
            keys.push(Key { sample: vec![sign.draw((KEY / 2.0, 0.0), FAINT)], label: meaning.to_owned() });
        }
        if keys.is_empty() { Block::default() } else { legend(keys, self.wide) }
    }
}

const EMPTY: Panel = Panel { title: String::new(), series: Vec::new(), marks: Vec::new() };

const MEANINGS: [(Sign, &str); 5] = [
    (Sign::Up, "infinite or above the scale"),
    (Sign::Down, "zero or below the scale"),
    (Sign::Left, "left of the scale"),
    (Sign::Right, "right of the scale"),
    (Sign::Cross, "not a number"),
];

fn line_shape((x1, y1): (f64, f64), (x2, y2): (f64, f64)) -> Element {
    Element::new("line").at([("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)])
}

/// Which strip a value of y is shown in, if in one.
fn goes_above(place: Place) -> Option<bool> {
    match place {
        Place::At(_) => None,
        Place::Above | Place::Undefined => Some(true),
        Place::Below => Some(false),
    }
}

/// The strips that the panels need, of the same height in all.
fn strips(panels: &[Panel], y: &Ruler) -> (Strip, Strip) {
    let strip = |upper: bool| {
        let values = |series: &Series| {
            let strayed = |&(_, value): &(f64, f64)| (goes_above(y.place(value)) == Some(upper)).then_some(value);
            series.points.iter().filter_map(strayed).collect::<Vec<_>>()
        };
        let lanes = panels.iter().map(|panel| panel.series.iter().filter(|one| !values(one).is_empty()).count());
        let all: Vec<f64> = panels.iter().flat_map(|panel| &panel.series).flat_map(values).collect();
        let only = |like: fn(f64) -> bool| all.iter().copied().all(like);
        let label = match upper {
            _ if all.is_empty() => "",
            true if only(|value| value == f64::INFINITY) => infinite(1.0),
            true if only(f64::is_nan) => "NaN",
            true => "above",
            false if only(|value| value == 0.0) => "0",
            false => "below",
        };
        Strip { lanes: lanes.max().unwrap_or(0), label: label.to_owned() }
    };
    (strip(true), strip(false))
}

/// The lanes of a series above and below the frame: its rank among those that have points there.
fn lanes(frame: &Frame, panel: &Panel, series: &Series) -> (usize, usize) {
    let strays = |one: &Series, upper| one.points.iter().any(|&(_, y)| goes_above(frame.y.place(y)) == Some(upper));
    let before = panel.series.iter().take_while(|one| !std::ptr::eq(*one, series));
    before.fold((0, 0), |(above, below), one| {
        (above + usize::from(strays(one, true)), below + usize::from(strays(one, false)))
    })
}

/// Where the last point of a series, the one furthest to the right, is drawn.
fn end(frame: &Frame, panel: &Panel, series: &Series) -> Option<(f64, f64)> {
    let lanes = lanes(frame, panel, series);
    let spots = series.points.iter().map(|&point| frame.spot(point, lanes).0);
    spots.reduce(|best, spot| if spot.0 >= best.0 { spot } else { best })
}

/// The signs on a line: as many as are told apart, or all of them, and all of those at the edges and of those that no
/// line leads to. Series have theirs at different places, so that one is seen where lines coincide.
fn signs(frame: &Frame, panel: &Panel, (rank, series): (usize, &Series), look: Look, all: bool) -> Vec<Element> {
    const APART: f64 = 14.0;
    let lanes = lanes(frame, panel, series);
    let spots: Vec<_> = series.points.iter().map(|&point| frame.spot(point, lanes)).collect();
    let strayed = |k: Option<usize>| k.and_then(|k| spots.get(k)).is_none_or(|(_, beyond)| beyond.is_some());
    let dense = !all && spots.len() as f64 * APART > frame.width;
    let first = frame.left + APART * (rank % 4) as f64 / 4.0;
    let mut last: Option<f64> = None;
    let mut items = Vec::new();
    for (k, &(spot, beyond)) in spots.iter().enumerate() {
        if let Some(sign) = beyond {
            items.push(sign.draw(spot, look.colour()));
            continue;
        }
        let alone = strayed(k.checked_sub(1)) && strayed(Some(k + 1));
        let clear = last.map_or(spot.0 >= first, |last| (spot.0 - last).abs() >= APART);
        if !dense || alone || clear {
            items.push(look.sign().draw(spot, look.colour()));
            last = Some(spot.0);
        }
    }
    items
}

/// The reference lines with their labels above the frame, and how many rows these take.
fn marks(frame: &Frame, panel: &Panel) -> (Vec<Element>, usize) {
    let mut items = Vec::new();
    // How far to the right each row is taken.
    let mut rows: Vec<f64> = Vec::new();
    let mut sorted: Vec<&Mark> = panel.marks.iter().collect();
    sorted.sort_by(|a, b| frame.x.clamped(a.x).total_cmp(&frame.x.clamped(b.x)));
    for mark in sorted {
        let x = frame.x.clamped(mark.x);
        let top = frame.top - frame.above.reach();
        let inside = matches!(frame.x.place(mark.x), Place::At(_));
        let label = match inside {
            true => mark.label.clone(),
            false if x > frame.left => format!("{} \u{2192}", mark.label),
            false => format!("\u{2190} {}", mark.label),
        };
        let label = fit(&label, SIZE, frame.width);
        let half = width(&label, SIZE) / 2.0;
        let middle = x.clamp(frame.left + half, (frame.right() - half).max(frame.left + half));
        let row = rows.iter().position(|&taken| taken + 4.0 <= middle - half).unwrap_or(rows.len());
        match rows.get_mut(row) {
            Some(taken) => *taken = middle + half,
            None => rows.push(middle + half),
        }
        let base = top - 2.5 - LINE * row as f64;
        if inside {
            items.push(line((x, base + 1.0), (x, frame.foot()), MARK, 0.7).set("stroke-dasharray", "2 1.5"));
        }
        items.push(Text::new(&label).fill(MARK).anchor(Anchor::Middle).on(middle, base));
    }
    (items, rows.len())
}
