//! A comparison of modes as a table: for a terminal, as CSV, as LaTeX.

use std::fmt::Write as _;

use crate::expr::latex::escape;
use crate::stats::merge::Merge as _;
use crate::study::comparison::{Cell, Comparison, Line};
use crate::study::observation::MOST_DIGITS;
use crate::study::{Bounded, Mode};

use super::table;
use super::text::{Paint, Tone};
use crate::text::{counted, percent};

/// The decimal digits that results of a mode have room for: those of the format of the last operation. No more are
/// shown, however right a result came out.
pub(crate) fn room(mode: &str) -> f64 {
    let mode: Result<Mode, _> = mode.parse();
    mode.map_or(MOST_DIGITS, |mode| mode.room())
}

/// The digits in a cell: whole ones, `.` for none.
fn whole(digits: f64) -> String {
    if digits < 1.0 { ".".to_string() } else { format!("{}", digits as u32) }
}

/// Digits with one place: no less than none, and no more than the mode has.
pub fn digits(line: &Line, cell: &Cell) -> String {
    format!("{:.1}", cell.digits.clamp(0.0, room(&line.mode_text)))
}

fn shown(line: &Line, cell: &Cell) -> String {
    whole(cell.digits.min(room(&line.mode_text)))
}

/// P_c as people write it: 0.99, and 1-1e-6 near 1.
pub fn confidence(rest: f64) -> String {
    if rest >= 0.000_999 { format!("{}", (1.0 - rest) as f32) } else { format!("1-{}", short(rest)) }
}

/// Two significant digits, as 3.9e-3 or 1e-6.
pub fn short(x: f64) -> String {
    let text = format!("{x:.1e}");
    text.replace(".0e", "e").trim_end_matches("e0").to_string()
}

/// For a terminal: digits left in the worst case, and where each line dies.
pub fn text(comparison: &Comparison, paint: Paint<'_>) -> String {
    let mut out = String::new();
    let columns: Vec<String> = comparison.rests.iter().map(|&rest| confidence(rest)).collect();
    let searched =
        if comparison.search > 0 { format!(" and of a climb over {}", comparison.search) } else { String::new() };
    let head =
        format!("Decimal digits left, worst of {} policies each{searched} at K = {}", comparison.cases, comparison.k);
    _ = writeln!(out, "{}", paint.mark(Tone::Strong, &head));
    _ = writeln!(out, "in a cell: at P_c = {}; `.` is none\n", columns.join(", "));
    let widths: Vec<usize> = (0..comparison.rests.len())
        .map(|index| comparison.lines.iter().map(|line| shown(line, &line.cells[index]).len()).max().unwrap_or(1))
        .collect();
    let cell = |line: &Line| {
        let digits = line.cells.iter().zip(&widths).map(|(cell, &width)| format!("{:>width$}", shown(line, cell)));
        digits.collect::<Vec<_>>().join(" ")
    };
    out += &grid(comparison, paint, cell);
    _ = writeln!(
        out,
        "\n{}",
        paint.mark(
            Tone::Strong,
            "The result dies (NaN, 0 or of the wrong sign) from P_c = 1 - x on, equal other actions: x"
        )
    );
    out.push('\n');
    out += &grid(comparison, paint, |line| line.dies_at.map_or("never".to_string(), short));
    if comparison.lines.iter().flat_map(|line| &line.cells).any(|cell| cell.running.count > 0) {
        _ = writeln!(
            out,
            "\n{}\n",
            paint.mark(
                Tone::Strong,
                "Observed error over bound at most: bound from computed values, bound from logits alone"
            )
        );
        out += &grid(comparison, paint, |line| {
            let most = |of: fn(&Cell) -> &Bounded| line.cells.iter().map(|cell| of(cell).tightness).fold(0.0, f64::max);
            format!("{:.2} {:.2}", most(|cell| &cell.running), most(|cell| &cell.a_priori))
        });
    }
    out += &remarks(comparison);
    out
}

/// Modes as rows and formulas as columns.
fn grid(comparison: &Comparison, paint: Paint<'_>, cell: impl Fn(&Line) -> String) -> String {
    let formulas = formulas(comparison);
    let rows: Vec<(&str, Vec<String>)> = comparison
        .lines
        .chunks(formulas.len())
        .map(|lines| (lines[0].mode.as_str(), lines.iter().map(&cell).collect()))
        .collect();
    table::grid("mode", &formulas, &rows, paint)
}

/// The lines of each mode.
pub fn of_modes(comparison: &Comparison) -> impl Iterator<Item = &[Line]> {
    comparison.lines.chunks(formulas(comparison).len().max(1))
}

fn formulas(comparison: &Comparison) -> Vec<&str> {
    let first = comparison.lines.first().map(|line| line.mode_text.as_str());
    let of_first = comparison.lines.iter().take_while(|line| Some(line.mode_text.as_str()) == first);
    of_first.map(|line| line.formula.as_str()).collect()
}

/// What happened beside rounding, and what the bounds said.
fn remarks(comparison: &Comparison) -> String {
    let total = |count: fn(&crate::study::comparison::Counts) -> u64| -> u64 {
        comparison.lines.iter().flat_map(|line| &line.cells).map(|cell| count(&cell.counts)).sum()
    };
    let results: u64 = comparison.lines.iter().flat_map(|line| &line.cells).map(|cell| cell.relative.count).sum();
    let mut out = format!("\n{}", counted(results, "result"));
    for (what, count) in [
        ("not positive", total(|counts| counts.not_positive)),
        ("NaN", total(|counts| counts.nan)),
        ("infinite", total(|counts| counts.infinite)),
        ("with underflow on the way", total(|counts| counts.underflow)),
        ("with overflow", total(|counts| counts.overflow)),
        ("of unclear truth", total(|counts| counts.unclear)),
    ] {
        if count > 0 {
            _ = write!(out, ", {count} {what}");
        }
    }
    out += "\n";
    for (from, of) in
        [("computed values", (|cell| &cell.running) as fn(&Cell) -> &Bounded), ("logits alone", |cell| &cell.a_priori)]
    {
        let mut all = Bounded::default();
        comparison.lines.iter().flat_map(|line| &line.cells).for_each(|cell| all.merge(of(cell).clone()));
        if all.count > 0 {
            let share = |count: u64| percent(count as f64 / all.count as f64);
            _ = writeln!(
                out,
                "{} from {from}: {} exceeded, {} infinite, {} above 100 % of the true value",
                counted(all.count, "error bound"),
                all.exceeded,
                share(all.infinite),
                share(all.empty)
            );
        }
    }
    out
}

/// One line for each mode, formula and confidence.
pub fn csv(comparison: &Comparison) -> String {
    let mut out = String::from(
        "mode,formula,quantity,k,rest,cases,digits_worst,digits_median,relative_median,relative_p95,relative_max,\
         relative_bound,ulp_max,not_positive,dead,nan,infinite,underflow,overflow,dies_at_rest\n",
    );
    for line in &comparison.lines {
        for (rest, cell) in comparison.rests.iter().zip(&line.cells) {
            let counts = &cell.counts;
            let dies = line.dies_at.map_or(String::new(), |rest| format!("{rest:e}"));
            _ = writeln!(
                out,
                "{},{},{},{},{rest:e},{},{:.2},{:.2},{:e},{:e},{:e},{},{:e},{},{},{},{},{},{},{dies}",
                table::quoted(&line.mode_text),
                table::quoted(&line.formula),
                table::quoted(&line.quantity),
                comparison.k,
                cell.relative.count,
                cell.digits,
                cell.median_digits,
                cell.relative.median,
                cell.relative.p95,
                cell.relative.max,
                cell.running.worst().map_or(String::new(), |bound| format!("{bound:e}")),
                cell.ulps.max,
                counts.not_positive,
                counts.dead,
                counts.nan,
                counts.infinite,
                counts.underflow,
                counts.overflow,
            );
        }
    }
    out
}

/// A booktabs table of the digits left.
pub fn latex(comparison: &Comparison) -> String {
    let formulas = formulas(comparison);
    let columns = comparison.rests.len();
    let mut out = String::from("% needs \\usepackage{booktabs}\n");
    _ = writeln!(out, "\\begin{{tabular}}{{l{}}}", "r".repeat(columns * formulas.len()));
    out += "\\toprule\n";
    let heads: Vec<String> =
        formulas.iter().map(|formula| format!("\\multicolumn{{{columns}}}{{c}}{{{}}}", escape(formula))).collect();
    _ = writeln!(out, " & {} \\\\", heads.join(" & "));
    let confidences: Vec<String> = comparison.rests.iter().map(|&rest| format!("${}$", confidence(rest))).collect();
    _ = writeln!(out, "mode & {} \\\\\n\\midrule", vec![confidences.join(" & "); formulas.len()].join(" & "));
    for lines in of_modes(comparison) {
        let cells: Vec<String> =
            lines.iter().flat_map(|line| line.cells.iter().map(|cell| digits(line, cell))).collect();
        _ = writeln!(out, "{} & {} \\\\", escape(&lines[0].mode), cells.join(" & "));
    }
    out + "\\bottomrule\n\\end{tabular}\n"
}
