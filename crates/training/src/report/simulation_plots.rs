//! Training as figures, from the rows of one run in one or several modes.

use crate::dynamics::Row;

use super::plot::{Axis, Figure, LineChart, Panel, Series};

/// The points of a line: more are not told apart on a page.
pub const MOST_POINTS: usize = 240;

/// A mode by its name, and the rows of one run in it, in the order of its steps.
pub type InMode<'a> = (&'a str, &'a [Row]);

/// Every figure of a run with K actions, each with the name of its file (without an ending).
pub fn figures(modes: &[InMode<'_>], k: usize) -> Vec<(&'static str, Figure)> {
    let told: Vec<(&str, Vec<Row>)> = modes.iter().map(|&(mode, rows)| (mode, moving(rows))).collect();
    let told: Vec<InMode<'_>> = told.iter().map(|(mode, rows)| (*mode, rows.as_slice())).collect();
    vec![
        ("policy", policy(modes)),
        ("norm", norm(&told)),
        ("band", band(&told, k)),
        ("modes-collision", across(modes, ("C(P)", Axis::linear("C(P)").over(0.0, 1.0), |row| row.collision))),
        ("modes-entropy", across(modes, ("entropy", Axis::linear("H in nats"), |row| row.entropy))),
        ("modes-move", across(&told, ("size of the update", Axis::log("size of the step as stored"), |row| row.moved))),
    ]
}

/// P_c, C(P) and H over time, a panel for each mode.
pub fn policy(modes: &[InMode<'_>]) -> Figure {
    let lines: [Quantity; 3] = [("P_{c}", |row| row.p), ("C(P)", |row| row.collision), ("H", |row| row.entropy)];
    panels(
        modes,
        &lines,
        LineChart {
            title: "Confidence, concentration and entropy".into(),
            caption: "Of the policy before each step; c is the action that was drawn.".into(),
            y: Axis::linear("P_{c}, C(P), H in nats"),
            ..LineChart::default()
        },
    )
}

/// The size of the update over time: exact, by the closed form as computed, and as the stored logits moved; of rows
/// that were told to move something.
pub fn norm(modes: &[InMode<'_>]) -> Figure {
    let lines: [Quantity; 3] =
        [("exact", |row| row.norm), ("closed form", |row| row.closed), ("as stored", |row| row.moved)];
    panels(
        modes,
        &lines,
        LineChart {
            title: "Size of the update".into(),
            caption: "exact: |g| |e_{c} - P|; closed form: |g| sqrt(1 - 2 P_{c} + C(P)) of the policy as computed; as \
                      stored: how far the stored logits moved. Steps with g = 0 are left out."
                .into(),
            y: Axis::log("size of the update"),
            ..LineChart::default()
        },
    )
}

/// |dz| / |g| of such rows against 1 - P_c, with the band that the claim two-sided proves.
pub fn band(modes: &[InMode<'_>], k: usize) -> Figure {
    let dots = |&(mode, rows): &InMode<'_>| Series {
        label: mode.to_string(),
        points: thinned(rows).iter().map(|row| (row.rest, row.moved / row.gain.abs())).collect(),
        band: Vec::new(),
    };
    let mut series: Vec<Series> = modes.iter().map(dots).collect();
    let rests = series.iter().flat_map(|one| &one.points).map(|&(rest, _)| rest).filter(|&rest| rest > 0.0);
    let least = rests.fold(0.1, f64::min);
    let least = libm::pow(10.0, libm::floor(libm::log10(least)));
    let factor = (k as f64 / (k as f64 - 1.0)).sqrt();
    if let Some(first) = series.first_mut() {
        first.band = [1.0, least].map(|rest| (rest, factor * rest, std::f64::consts::SQRT_2 * rest)).to_vec();
        first.band.reverse();
    }
    Figure::Lines(LineChart {
        title: "Size of the update against 1 - P_{c}".into(),
        caption: "How far the stored logits moved, over |g|. A step that moved nothing is marked below.".into(),
        x: Axis::log("1 - P_{c}").over(1.0, least),
        y: Axis::log("|dz| / |g|").over(least, 3.0),
        band_label: "sqrt(K/(K-1)) (1 - P_{c}) to sqrt(2) (1 - P_{c})".into(),
        unjoined: true,
        columns: 1,
        panels: vec![Panel { series, ..Panel::default() }],
    })
}

/// One quantity over time, a line for each mode.
pub fn across(modes: &[InMode<'_>], (title, y, of): (&str, Axis, fn(&Row) -> f64)) -> Figure {
    let series = modes.iter().map(|&(mode, rows)| line(mode, rows, of)).collect();
    Figure::Lines(LineChart {
        title: format!("The same run in several precisions: {title}"),
        x: Axis::linear("step"),
        y,
        columns: 1,
        panels: vec![Panel { series, ..Panel::default() }],
        ..LineChart::default()
    })
}

type Quantity = (&'static str, fn(&Row) -> f64);

/// Lines over time, a panel for each mode.
fn panels(modes: &[InMode<'_>], lines: &[Quantity], chart: LineChart) -> Figure {
    let panel = |&(mode, rows): &InMode<'_>| Panel {
        title: mode.to_string(),
        series: lines.iter().map(|&(label, of)| line(label, rows, of)).collect(),
        ..Panel::default()
    };
    let columns = modes.len().clamp(1, 3);
    Figure::Lines(LineChart { x: Axis::linear("step"), columns, panels: modes.iter().map(panel).collect(), ..chart })
}

fn line(label: &str, rows: &[Row], of: fn(&Row) -> f64) -> Series {
    let points = thinned(rows).iter().map(|row| (row.step as f64, of(row))).collect();
    Series { label: label.to_string(), points, band: Vec::new() }
}

/// The steps that were told to move something.
fn moving(rows: &[Row]) -> Vec<Row> {
    rows.iter().filter(|row| row.gain != 0.0).copied().collect()
}

/// At most so many of the rows as can be told apart, at equal distances, the first among them.
fn thinned(rows: &[Row]) -> Vec<Row> {
    rows.iter().step_by(rows.len().div_ceil(MOST_POINTS).max(1)).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::super::plot::{Width, svg};
    use super::*;

    fn row(step: u64) -> Row {
        let rest = 1.0 / (step + 2) as f64;
        Row {
            run: 0,
            step,
            action: 0,
            reward: 1.0,
            gain: if step.is_multiple_of(3) { 0.0 } else { 0.5 },
            p: 1.0 - rest,
            rest,
            collision: 1.0 - rest,
            entropy: rest,
            norm: 0.5 * rest,
            closed: 0.5 * rest,
            moved: if step > 500 { 0.0 } else { 0.6 * rest },
            dead: step > 500,
        }
    }

    #[test]
    fn every_figure_can_be_drawn_and_is_thinned() {
        let rows: Vec<Row> = (0..1000).map(row).collect();
        let figures = figures(&[("f32", &rows), ("bf16", &rows[..1])], 3);
        assert_eq!(figures.len(), 6);
        for (name, figure) in &figures {
            let text = svg(figure, Width::Full);
            assert!(
                text.starts_with("<svg ") && text.contains("bf16") && text.len() < 200_000,
                "{name}: {}",
                text.len()
            );
            let Figure::Lines(chart) = figure else { panic!("{name}: no lines") };
            for series in chart.panels.iter().flat_map(|panel| &panel.series) {
                assert!(series.points.len() <= MOST_POINTS, "{name}");
            }
        }
        for (name, figure) in super::figures(&[], 2) {
            assert!(svg(&figure, Width::Full).starts_with("<svg "), "{name} of nothing");
        }
    }

    #[test]
    fn steps_without_a_gain_have_no_size() {
        let rows: Vec<Row> = (0..9).map(row).collect();
        let figures = figures(&[("f32", &rows)], 3);
        let series = |wanted: &str| match figures.iter().find(|(name, _)| *name == wanted) {
            Some((_, Figure::Lines(chart))) => chart.panels[0].series[0].clone(),
            _ => panic!("{wanted}: no lines"),
        };
        let steps: Vec<f64> = series("norm").points.iter().map(|&(step, _)| step).collect();
        assert_eq!(steps, [1.0, 2.0, 4.0, 5.0, 7.0, 8.0]);
        assert_eq!((series("band").points.len(), series("policy").points.len()), (6, 9));
        let band = series("band").band;
        assert!(band.len() == 2 && band.iter().all(|(rest, low, high)| low < high && high > rest), "{band:?}");
    }
}
