//! Comparisons of modes as figures: errors over the confidence, digits left over confidence and K, thresholds.

use crate::study::comparison::{Cell, Comparison, Line};
use crate::study::{Mode, Place};

use super::comparison::{confidence, of_modes};
use super::plot::{Axis, Figure, HeatMap, LineChart, Panel, Series, ThresholdGroup, ThresholdRow, Thresholds};

/// The worst relative error against 1 - P_c, a panel for each mode and a line for each formula, with the proven bound
/// as a band where there is one.
pub fn error(comparison: &Comparison) -> Figure {
    let errors = || comparison.lines.iter().flat_map(|line| &line.cells).map(|cell| cell.relative.max);
    let least = errors().filter(|&error| error > 0.0).fold(0.1, f64::min) / 2.0;
    let series = |line: &Line| {
        let cells = || comparison.rests.iter().copied().zip(&line.cells);
        let band = |(rest, cell): (f64, &Cell)| cell.running.worst().map(|bound| (rest, least, cut(bound)));
        Series {
            label: line.formula.clone(),
            points: cells().map(|(rest, cell)| (rest, cut(cell.relative.max))).collect(),
            band: cells().filter_map(band).collect(),
        }
    };
    let panel = |lines: &[Line]| Panel {
        title: lines[0].mode.clone(),
        series: lines.iter().map(series).collect(),
        ..Panel::default()
    };
    let panels: Vec<Panel> = of_modes(comparison).map(panel).collect();
    Figure::Lines(LineChart {
        title: format!("Relative error of {} by mode", quantities(comparison)),
        caption: format!(
            "Worst of {} policies for each point, K = {}. At 1 nothing is left, and whatever is worse is drawn there; \
             the signs above a frame are results that are infinite or not a number.",
            comparison.cases, comparison.k
        ),
        x: facing_confident(Axis::log("1 - P_{c}"), &comparison.rests),
        y: Axis::log("relative error").over(least, 3.0),
        band_label: "proven bound".into(),
        columns: panels.len().min(3),
        panels,
        ..LineChart::default()
    })
}

/// A finite error of more than 100 % says no more than one of 100 %.
fn cut(error: f64) -> f64 {
    if error.is_finite() { error.min(1.0) } else { error }
}

/// The axis of 1 - P_c with confident policies at the right.
fn facing_confident(x: Axis, rests: &[f64]) -> Axis {
    let ends = rests.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), &rest| (low.min(rest), high.max(rest)));
    if ends.0 < ends.1 { x.over(if ends.1 > 0.3 { 1.0 } else { ends.1 }, ends.0) } else { x }
}

/// The digits left in the worst case: a row for each comparison's K, formula and mode, a column for each confidence.
/// All comparisons have the confidences of the first.
pub fn digits(comparisons: &[Comparison]) -> Figure {
    let Some(first) = comparisons.first() else { return Figure::Heat(HeatMap::default()) };
    let constant = |of: fn(&Line) -> &str| first.lines.iter().all(|line| of(line) == of(&first.lines[0]));
    let (one_mode, one_formula) = (constant(|line| &line.mode), constant(|line| &line.formula));
    // What all rows have in common stands in the title.
    let row = |line: &Line, k: usize| {
        let varying = [(!one_mode).then_some(&line.mode), (!one_formula).then_some(&line.formula)];
        varying.into_iter().flatten().cloned().chain([k.to_string()]).collect::<Vec<_>>().join(", ")
    };
    let names = [(!one_mode).then_some("mode"), (!one_formula).then_some("formula"), Some("K")];
    let what = if one_formula { first.lines[0].formula.clone() } else { quantities(first) };
    let place = if one_mode { format!(" in {}", first.lines[0].mode) } else { String::new() };
    // All K of one formula below each other.
    let places =
        || (0..first.lines.len()).flat_map(|index| comparisons.iter().map(move |one| (&one.lines[index], one.k)));
    Figure::Heat(HeatMap {
        title: format!("Digits left of {what}{place}"),
        caption: format!("Decimal digits in the worst of {} policies for each cell.", first.cases),
        x_label: "P_{c}".into(),
        y_label: names.into_iter().flatten().collect::<Vec<_>>().join(", "),
        columns: first.rests.iter().map(|&rest| confidence(rest)).collect(),
        rows: places().map(|(line, k)| row(line, k)).collect(),
        cells: places().map(|(line, _)| line.cells.iter().map(|cell| Some(cell.digits)).collect()).collect(),
        decimals: 1,
        range: Some((0.0, first.lines.iter().map(all_digits).fold(1.0, f64::max))),
        scale_label: "digits left".into(),
    })
}

/// The decimal digits that a result of this line can have, but for results that happen to be exact.
fn all_digits(line: &Line) -> f64 {
    let precision = line.mode_text.parse::<Mode>().map_or(53, |mode| mode.target(Place::Combine).format.precision);
    f64::from(precision) * std::f64::consts::LOG10_2
}

/// Where each formula loses the update, a group for each mode.
pub fn thresholds(comparison: &Comparison) -> Figure {
    let row =
        |line: &Line| ThresholdRow { label: line.formula.clone(), value: line.dies_at, ..ThresholdRow::default() };
    let group = |lines: &[Line]| ThresholdGroup { label: lines[0].mode.clone(), rows: lines.iter().map(row).collect() };
    let least = comparison.lines.iter().filter_map(|line| line.dies_at).fold(0.1, f64::min);
    Figure::Thresholds(Thresholds {
        title: format!("Loss of {} by mode", quantities(comparison)),
        caption: format!(
            "From 1 - P_{{c}} = x on the result is 0, of the wrong sign or not a number; all other actions are equally \
             likely, K = {}.",
            comparison.k
        ),
        x: Axis::log("1 - P_{c} at which it is lost").over(1.0, least),
        groups: of_modes(comparison).map(group).collect(),
        ..Thresholds::default()
    })
}

/// What the formulas compute, each quantity once.
fn quantities(comparison: &Comparison) -> String {
    let mut all: Vec<&str> = Vec::new();
    for line in &comparison.lines {
        if !all.contains(&line.quantity.as_str()) {
            all.push(&line.quantity);
        }
    }
    all.join(" and ")
}
