//! What a figure shows: plain data, in the units of the reader. Nothing here knows of pixels or of studies.
//!
//! Texts are shown as they are, except that `_{…}` lowers and `^{…}` raises what it encloses: `1 - P_{c}`.

use serde::Serialize;

/// How values are spread along an axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Scale {
    /// Equal steps for equal differences.
    #[default]
    Linear,
    /// Equal steps for equal ratios; zero and negative values have no place and are marked at the edge.
    Log10,
}

/// One axis.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Axis {
    /// What is measured, with its unit.
    pub label: String,
    /// How values are spread.
    pub scale: Scale,
    /// The values at the left or lower end and at the other one; the first may be the larger. Left out, or not usable
    /// (not finite, of equal ends, not positive where the scale is logarithmic), it is taken from the data.
    pub range: Option<(f64, f64)>,
}

impl Axis {
    /// A logarithmic axis over what the data need.
    pub fn log(label: impl Into<String>) -> Self {
        Axis { label: label.into(), scale: Scale::Log10, range: None }
    }

    /// A linear axis over what the data need.
    pub fn linear(label: impl Into<String>) -> Self {
        Axis { label: label.into(), scale: Scale::Linear, range: None }
    }

    /// The same axis from `start` (left or lower end) to `end`.
    #[must_use]
    pub fn over(self, start: f64, end: f64) -> Self {
        Axis { range: Some((start, end)), ..self }
    }
}

/// A line with its markers, and what is known about it as a band.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Series {
    /// Its name. Series of the same name look the same in all panels.
    pub label: String,
    /// The points (x, y), in the order in which they are joined. A point that has no place in the frame (infinite, zero
    /// on a logarithmic axis, out of range, not a number) is marked at the edge and interrupts the line.
    pub points: Vec<(f64, f64)>,
    /// (x, low, high) in order of x: drawn as a light area whose upper edge is a thin line. Empty for none.
    pub band: Vec<(f64, f64, f64)>,
}

/// A vertical line that marks a value of x.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Mark {
    /// Where.
    pub x: f64,
    /// What stands above it.
    pub label: String,
}

/// One frame of a line chart.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Panel {
    /// What stands above the frame; may be empty.
    pub title: String,
    /// Its lines.
    pub series: Vec<Series>,
    /// Its reference lines.
    pub marks: Vec<Mark>,
}

/// Lines over a common pair of axes, in one frame or in several small ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LineChart {
    /// What stands above the figure; may be empty.
    pub title: String,
    /// What stands below the figure; may be empty.
    pub caption: String,
    /// The horizontal axis of every panel.
    pub x: Axis,
    /// The vertical axis of every panel.
    pub y: Axis,
    /// What the bands are, for the legend; empty to leave that to the caption.
    pub band_label: String,
    /// Whether points are dots that no line joins.
    pub unjoined: bool,
    /// How many panels stand side by side.
    pub columns: usize,
    /// The frames, row by row.
    pub panels: Vec<Panel>,
}

/// A table of numbers as shades of grey or colour, with the numbers in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct HeatMap {
    /// What stands above the figure; may be empty.
    pub title: String,
    /// What stands below the figure; may be empty.
    pub caption: String,
    /// What the columns are.
    pub x_label: String,
    /// What the rows are.
    pub y_label: String,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The names of the rows, from the top.
    pub rows: Vec<String>,
    /// The values, one list for each row; `None`, or a value that is missing at the end, is shown as a dash.
    pub cells: Vec<Vec<Option<f64>>>,
    /// Decimals of the numbers in the cells.
    pub decimals: usize,
    /// The values of the lightest and the darkest shade; left out or not usable, those of the data.
    pub range: Option<(f64, f64)>,
    /// What the values are, for the bar of shades.
    pub scale_label: String,
}

/// A row of [`Thresholds`].
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ThresholdRow {
    /// Its name.
    pub label: String,
    /// Where along the axis; `None` where there is no threshold at all.
    pub value: Option<f64>,
    /// What to write beside it instead of the value; may be empty.
    pub note: String,
}

/// Rows of [`Thresholds`] under a heading.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ThresholdGroup {
    /// The heading.
    pub label: String,
    /// The rows, in the order in which they are shown.
    pub rows: Vec<ThresholdRow>,
}

/// Where each of many things gives up, as dots along a common axis.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Thresholds {
    /// What stands above the figure; may be empty.
    pub title: String,
    /// What stands below the figure; may be empty.
    pub caption: String,
    /// The axis along which the thresholds lie.
    pub x: Axis,
    /// What is written for a row without a threshold; `never` if empty.
    pub never: String,
    /// The groups, in the order in which they are shown.
    pub groups: Vec<ThresholdGroup>,
}
