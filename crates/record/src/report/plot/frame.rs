//! A frame with its axes, and the strips along it for what has no place inside.

use super::scale::{Place, Ruler, Tick};
use super::style::{FAINT, GRID, INK, LINE, SIZE, Sign};
use super::svg::{Element, line, rectangle};
use super::typeset::{Anchor, Text, width};

/// A frame on the page. Above and below it are strips with a lane for each series that has points beyond the end.
#[derive(Clone, Debug)]
pub struct Frame {
    pub x: Ruler,
    pub y: Ruler,
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
    /// The height of the strip above, and what is written beside it.
    pub above: Strip,
    /// The same below.
    pub below: Strip,
}

/// Lanes for what lies beyond an end of the vertical axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Strip {
    pub lanes: usize,
    pub label: String,
}

/// How high a lane is: a sign and a bit.
const LANE: f64 = 4.8;
/// From the frame to the labels of ticks.
const APART: f64 = 4.0;
/// What a label of a tick takes of the length of an axis.
pub const ROOM: (f64, f64) = (25.0, 13.0);

impl Strip {
    pub fn height(&self) -> f64 {
        match self.lanes {
            0 => 0.0,
            lanes => 1.2 + LANE * lanes as f64,
        }
    }

    /// How far from the frame its label, or else the strip, reaches.
    pub fn reach(&self) -> f64 {
        match self.lanes {
            0 => 0.0,
            _ => self.height().max(self.label_at() + SIZE / 2.0),
        }
    }

    /// How far from the frame a lane is.
    fn lane(&self, lane: usize) -> f64 {
        0.6 + LANE * (lane as f64 + 0.5)
    }

    /// How far from the frame the label is: clear of that of the last tick.
    fn label_at(&self) -> f64 {
        (self.height() / 2.0).max(SIZE + 2.5)
    }
}

impl Frame {
    pub fn right(&self) -> f64 {
        self.left + self.width
    }

    pub fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// Where the strip below ends.
    pub fn foot(&self) -> f64 {
        self.bottom() + self.below.reach()
    }

    /// Where a point is, or where its sign goes if it has no place, and the sign. `lanes` are those of its series above
    /// and below.
    pub fn spot(&self, (x, y): (f64, f64), lanes: (usize, usize)) -> ((f64, f64), Option<Sign>) {
        let across = self.x.clamped(x);
        let sideways = match self.x.place(x) {
            Place::At(_) => None,
            Place::Undefined => Some(Sign::Cross),
            Place::Below | Place::Above if across > self.left => Some(Sign::Right),
            Place::Below | Place::Above => Some(Sign::Left),
        };
        let above = self.top - self.above.lane(lanes.0);
        let below = self.bottom() + self.below.lane(lanes.1);
        match self.y.place(y) {
            Place::At(at) => ((across, at), sideways),
            Place::Above => ((across, above), Some(Sign::Up)),
            Place::Below => ((across, below), Some(Sign::Down)),
            Place::Undefined => ((across, above), Some(Sign::Cross)),
        }
    }

    /// Light lines at the ticks of both axes, to be drawn first.
    pub fn grid(&self) -> Vec<Element> {
        let level = major(self.y.ticks(ROOM.1)).map(|y| line((self.left, y), (self.right(), y), GRID, 0.5));
        self.x_grid().into_iter().chain(level).collect()
    }

    /// Those of the horizontal axis alone.
    pub fn x_grid(&self) -> Vec<Element> {
        let upright = |x: f64| line((x, self.top), (x, self.bottom()), GRID, 0.5);
        major(self.x.ticks(ROOM.0)).map(upright).collect()
    }

    /// The outline, its strips, and the ticks; the labels of an axis only where they are asked for.
    pub fn axes(&self, (x_labels, y_labels): (bool, bool)) -> Vec<Element> {
        let mut items = self.x_axis(x_labels);
        items.extend(self.y_ticks(y_labels));
        items
    }

    /// The outline, its strips, and the ticks of the horizontal axis.
    pub fn x_axis(&self, labels: bool) -> Vec<Element> {
        let outline = |top: f64, height: f64| {
            rectangle((self.left, top), (self.width, height), "none").set("stroke", INK).at([("stroke-width", 0.6)])
        };
        let mut items = vec![outline(self.top, self.height)];
        for (strip, top) in [(&self.above, self.top - self.above.height()), (&self.below, self.bottom())] {
            if strip.lanes > 0 {
                items.push(outline(top, strip.height()).set("stroke-dasharray", "1 1.5"));
            }
        }
        items.extend(self.x_ticks(labels));
        items
    }

    fn x_ticks(&self, labels: bool) -> Vec<Element> {
        let mut items = Vec::new();
        for Tick { at, label } in self.x.ticks(ROOM.0) {
            let length = if label.is_some() { 3.0 } else { 1.6 };
            items.push(line((at, self.bottom()), (at, self.bottom() - length), INK, 0.5));
            if let Some(label) = label.filter(|_| labels) {
                items.push(Text::new(&label).anchor(Anchor::Middle).on(at, self.foot() + APART + 0.75 * SIZE));
            }
        }
        items
    }

    fn y_ticks(&self, labels: bool) -> Vec<Element> {
        let beside = |label: &str, y: f64| Text::new(label).anchor(Anchor::End).centred(self.left - APART, y);
        let mut items = Vec::new();
        for Tick { at, label } in self.y.ticks(ROOM.1) {
            let length = if label.is_some() { 3.0 } else { 1.6 };
            items.push(line((self.left, at), (self.left + length, at), INK, 0.5));
            if let Some(label) = label.filter(|_| labels) {
                items.push(beside(&label, at));
            }
        }
        let strips =
            [(&self.above, self.top - self.above.label_at()), (&self.below, self.bottom() + self.below.label_at())];
        for (strip, y) in strips.into_iter().filter(|(strip, _)| labels && strip.lanes > 0) {
            items.push(beside(&strip.label, y));
        }
        items
    }

    /// How wide the labels beside the vertical axis are, with the space before them.
    pub fn y_labels_width(&self) -> f64 {
        let ticks = self.y.ticks(ROOM.1).into_iter().filter_map(|tick| tick.label);
        let strips = [&self.above, &self.below].map(|strip| strip.label.clone());
        ticks.chain(strips).map(|label| width(&label, SIZE)).fold(0.0, f64::max) + APART
    }
}

/// What the labels below a horizontal axis take, its title left out.
pub const X_LABELS: f64 = APART + SIZE + 1.0;

/// The title of a horizontal axis whose labels end at `y`, about `x`; and what it takes.
pub fn x_title(label: &str, x: f64, y: f64) -> (Option<Element>, f64) {
    if label.is_empty() {
        return (None, 0.0);
    }
    (Some(Text::new(label).anchor(Anchor::Middle).on(x, y + SIZE + 1.0)), LINE + 1.0)
}

/// The title of a vertical axis about `y`, in the first [`LINE`] units of the page.
pub fn y_title(label: &str, y: f64) -> Option<Element> {
    (!label.is_empty()).then(|| Text::new(label).anchor(Anchor::Middle).turned(-90.0).on(SIZE, y))
}

/// Labels of marks stand in this colour.
pub const MARK: &str = FAINT;

/// Where the ticks with labels are.
fn major(ticks: Vec<Tick>) -> impl Iterator<Item = f64> {
    ticks.into_iter().filter(|tick| tick.label.is_some()).map(|tick| tick.at)
}
