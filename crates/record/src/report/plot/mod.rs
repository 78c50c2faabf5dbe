//! Figures fit for a paper, as SVG text: lines over (logarithmic) axes, heat maps, thresholds.
//!
//! Plain data ([`LineChart`], [`HeatMap`], [`Thresholds`]) become the text of a file by [`svg`]. The sizes are those of
//! the printed page: a unit is a point, text is Helvetica of 8 pt, a column is 85 mm wide. Series differ by lightness,
//! dash and marker, so that a grey copy can be read; text stays text. What has no place in a frame (an infinite error,
//! a zero on a logarithmic axis) is marked at its edge rather than left out. The same data give the same bytes
//! everywhere: coordinates have two decimals, and nothing calls the platform's mathematics.
//!
//! No library writes the text: plotters places everything on whole pixels, draws each dash as a line of its own and
//! cannot raise an exponent; svg puts line breaks, which show as gaps, between a text and its exponent, and lets
//! control characters through, which are not XML.
//!
//! ```
//! use logitlab_record::report::plot::{Axis, Figure, LineChart, Panel, Series, Width, svg};
//!
//! let direct = Series { label: "direct".into(), points: vec![(0.5, 1e-8), (1e-4, 2e-7), (1e-9, 0.0)], band: vec![] };
//! let chart = LineChart {
//!     x: Axis::log("1 - P_{c}").over(1.0, 1e-9),
//!     y: Axis::log("relative error"),
//!     panels: vec![Panel { series: vec![direct], ..Panel::default() }],
//!     ..LineChart::default()
//! };
//! let text = svg(&Figure::Lines(chart), Width::Column);
//! assert!(text.starts_with("<svg ") && text.contains("relative error"));
//! ```

mod bands;
mod data;
mod endlabels;
mod frame;
mod heat;
mod lines;
mod page;
mod scale;
mod style;
mod svg;
mod thresholds;
mod typeset;

use serde::Serialize;

pub use data::{Axis, HeatMap, LineChart, Mark, Panel, Scale, Series, ThresholdGroup, ThresholdRow, Thresholds};

/// How wide a figure is on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Width {
    /// A column of a page with two: 85 mm (241 pt).
    #[default]
    Column,
    /// The whole width of the text: 180 mm (510 pt).
    Full,
}

impl Width {
    /// In points.
    pub fn points(self) -> f64 {
        match self {
            Width::Column => 241.0,
            Width::Full => 510.0,
        }
    }
}

/// What can be drawn.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Figure {
    /// Lines, in one panel or several.
    Lines(LineChart),
    /// A table in shades.
    Heat(HeatMap),
    /// Dots along an axis, in groups.
    Thresholds(Thresholds),
}

impl Figure {
    /// The figure without title and caption, for a page that has a place of its own for them; title and caption.
    #[must_use]
    pub fn bare(mut self) -> (Figure, String, String) {
        let (title, caption) = match &mut self {
            Figure::Lines(chart) => (&mut chart.title, &mut chart.caption),
            Figure::Heat(map) => (&mut map.title, &mut map.caption),
            Figure::Thresholds(chart) => (&mut chart.title, &mut chart.caption),
        };
        let (title, caption) = (std::mem::take(title), std::mem::take(caption));
        (self, title, caption)
    }
}

/// The figure as the text of an SVG file. Every figure can be drawn; what is empty gives empty frames.
pub fn svg(figure: &Figure, width: Width) -> String {
    let wide = width.points();
    match figure {
        Figure::Lines(chart) => lines::draw(chart, wide),
        Figure::Heat(map) => heat::draw(map, wide),
        Figure::Thresholds(chart) => thresholds::draw(chart, wide),
    }
}
