//! Made-up data of the kinds that are drawn: errors that rise to 1, digits that go, thresholds. They are no results.

use logitlab::report::plot::{
    Axis, Figure, HeatMap, LineChart, Mark, Panel, Series, ThresholdGroup, ThresholdRow, Thresholds, Width,
};

pub const MODES: [(&str, f64); 9] = [
    ("bf16", 3.9e-3),
    ("fp16", 4.9e-4),
    ("f32", 6.0e-8),
    ("bf16 stored, f32 computed", 7.0e-8),
    ("e4m3 stored, f32 computed", 6.3e-2),
    ("f64", 1.1e-16),
    ("e5m2", 0.125),
    ("tf32", 4.8e-4),
    ("bf16 lse, f32 rest", 2.0e-4),
];

/// Name, and the power of 1 - P_c by which the error grows.
pub const FORMULAS: [(&str, f64); 5] =
    [("closed", 2.0), ("closed-lse", 1.8), ("direct", 1.0), ("factored", 0.1), ("tail", 0.0)];

/// An error that rises from `unit` as 1 - P_c falls; past 1 it is everything (infinite), and where it is tiny, zero.
pub fn error(unit: f64, power: f64, rest: f64, wiggle: usize) -> f64 {
    let bumps = [1.0, 0.6, 1.4, 0.8, 1.1];
    let error = unit * bumps[wiggle % bumps.len()] / libm::pow(rest, power);
    if error > 1.0 {
        f64::INFINITY
    } else if error < 1e-8 && wiggle % 7 == 3 {
        0.0
    } else {
        error
    }
}

pub fn series((name, power): (&str, f64), unit: f64, points: usize) -> Series {
    let rest = |k: usize| 0.5 * libm::pow(10.0, -7.69 * k as f64 / (points - 1) as f64);
    let point = |k: usize| (rest(k), error(unit, power, rest(k), k));
    let bound = |k: usize| (rest(k), unit / 30.0, 6.0 * unit / libm::pow(rest(k), power));
    Series { label: name.into(), points: (0..points).map(point).collect(), band: (0..points).map(bound).collect() }
}

pub fn panel(mode: (&str, f64), formulas: &[(&str, f64)], points: usize) -> Panel {
    let series = formulas.iter().map(|&formula| series(formula, mode.1, points)).collect();
    Panel { title: mode.0.into(), series, marks: Vec::new() }
}

/// A chart of one panel or several.
pub fn lines(panels: Vec<Panel>, columns: usize) -> LineChart {
    LineChart {
        title: "Relative error of w by formula".into(),
        caption: "Made-up data. Bands reach from nothing to the proven bound; a sign in the strip above has lost the \
                  update altogether."
            .into(),
        x: Axis::log("1 - P_{c}").over(1.0, 1e-8),
        y: Axis::log("relative error of w").over(1e-9, 1.0),
        band_label: "up to the proven bound".into(),
        columns,
        panels,
        ..LineChart::default()
    }
}

pub fn marked(mut panel: Panel) -> Panel {
    let mark = |x: f64, label: &str| Mark { x, label: label.into() };
    panel.marks = vec![mark(1.95e-3, "P_{c} rounds to 1"), mark(8e-3, "stall"), mark(1e-12, "f64")];
    panel
}

pub fn heat(rows: usize, columns: usize) -> HeatMap {
    let digit = |row: usize, column: usize| match (row, column) {
        (5, 7) => None,
        (4, 7) => Some(f64::NAN),
        _ => Some((7.2 - 0.9 * column as f64 - 0.23 * row as f64).max(0.0)),
    };
    let p = ["0.5", "0.9", "0.99", "0.999", "1-10^{-4}", "1-10^{-5}", "1-10^{-6}", "1-10^{-7}"];
    let k = ["2", "10", "100", "1 000", "32 000", "128 000"];
    HeatMap {
        title: "Decimal digits left by the closed form in f32".into(),
        caption: "Made-up data; a dash where there is no case.".into(),
        x_label: "P_{c}".into(),
        y_label: "K".into(),
        columns: p[..columns].iter().map(|&name| name.into()).collect(),
        rows: k[..rows].iter().map(|&name| name.into()).collect(),
        cells: (0..rows).map(|row| (0..columns).map(|column| digit(row, column)).collect()).collect(),
        decimals: 1,
        range: None,
        scale_label: "digits left".into(),
    }
}

pub fn thresholds(modes: usize, formulas: usize) -> Thresholds {
    let row = |(mode, unit): (&str, f64), power: f64| {
        let value = (power > 0.0).then(|| libm::pow(unit, 1.0 / power).max(1e-40));
        ThresholdRow { label: mode.into(), value, note: String::new() }
    };
    let group = |&(name, power): &(&str, f64)| ThresholdGroup {
        label: name.into(),
        rows: MODES[..modes].iter().map(|&mode| row(mode, power)).collect(),
    };
    Thresholds {
        title: "Where the update dies".into(),
        caption: "Made-up data. Longer is better.".into(),
        x: Axis::log("1 - P_{c} at which the computed norm is 0").over(1.0, 1e-16),
        never: String::new(),
        groups: FORMULAS[..formulas].iter().map(group).collect(),
    }
}

/// Every kind at both widths and at the sizes of real studies, each with its name.
pub fn figures() -> Vec<(&'static str, Figure, Width)> {
    let six = || MODES[..6].iter().map(|&mode| panel(mode, &FORMULAS[..4], 40)).collect::<Vec<_>>();
    let one = |mode: usize| lines(vec![marked(panel(MODES[mode], &FORMULAS, 40))], 1);
    let two = lines(vec![panel(MODES[2], &[FORMULAS[0], FORMULAS[4]], 12)], 1);
    let five = lines(six()[..5].to_vec(), 2);
    let mut exact = lines(vec![panel(MODES[2], &FORMULAS[..2], 12)], 1);
    exact.panels[0].series[0].points[3].1 = 0.0;
    vec![
        ("lines-zero", Figure::Lines(exact), Width::Column),
        ("lines-column", Figure::Lines(one(0)), Width::Column),
        ("lines-full", Figure::Lines(one(2)), Width::Full),
        ("lines-two", Figure::Lines(two), Width::Column),
        ("panels-column", Figure::Lines(five), Width::Column),
        ("panels-full", Figure::Lines(lines(six(), 3)), Width::Full),
        ("heat-column", Figure::Heat(heat(6, 8)), Width::Column),
        ("heat-full", Figure::Heat(heat(6, 8)), Width::Full),
        ("thresholds-column", Figure::Thresholds(thresholds(9, 5)), Width::Column),
        ("thresholds-full", Figure::Thresholds(thresholds(9, 5)), Width::Full),
    ]
}
