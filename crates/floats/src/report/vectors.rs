//! Log-sum-exp and softmax of many vectors, as a table: for a terminal and as CSV.

use std::fmt::Write as _;

use crate::study::published::SOURCE;
use crate::study::vectors::{Checked, VectorComparison, VectorLine};

use super::comparison::short;
use super::table::{grid, quoted};
use super::text::{Paint, Tone};
use super::wrap::note;

/// For a terminal: errors and overflows, then the bounds.
pub fn text(comparison: &VectorComparison, paint: Paint<'_>) -> String {
    let mut out = format!("{} vectors of {} numbers\n", comparison.vectors, comparison.length);
    let heading = "Results that are infinite or NaN, underflow on the way, and relative errors of the others";
    _ = write!(out, "\n{}\n\n", paint.mark(Tone::Strong, heading));
    let rows: Vec<(&str, Vec<String>)> =
        comparison.lines.iter().map(|line| (line.mode.as_str(), results(line))).collect();
    out += &grid("mode", &["algorithm", "inf/NaN", "underflow", "median", "worst"], &rows, paint);
    let checked: Vec<(&str, Vec<String>)> = comparison
        .lines
        .iter()
        .flat_map(|line| line.bounds.iter().map(move |bound| (line.mode.as_str(), against(line, bound))))
        .filter(|(_, cells)| cells[2] != "0")
        .collect();
    if !checked.is_empty() {
        let heading = "Published first-order bounds, and how many times the error they are";
        _ = write!(out, "\n{}\n\n", paint.mark(Tone::Strong, heading));
        let columns = ["algorithm", "coefficient of u", "checked", "exceeded", "no underflow", "least", "median"];
        out += &grid("mode", &columns, &checked, paint);
        let source = format!(
            "{SOURCE}: errors up to the coefficient times u, plus O(u^2), without underflow. What exceeds the first\n\
             term refutes no theorem; `no underflow` counts where underflow is no reason either."
        );
        _ = writeln!(out, "\n{}", note(&source, 0, paint));
    }
    for line in &comparison.lines {
        if line.unclear > 0 {
            _ = writeln!(out, "{} in {}: {} of unclear truth", line.algorithm, line.mode, line.unclear);
        }
        if line.unit_roundoff.is_none() {
            _ = writeln!(out, "{} in {}: no published bound for mixed or directed modes", line.algorithm, line.mode);
        }
    }
    out
}

fn results(line: &VectorLine) -> Vec<String> {
    vec![
        line.algorithm.to_string(),
        line.overflows.to_string(),
        line.underflows.to_string(),
        number(line, line.errors.median),
        number(line, line.errors.max),
    ]
}

fn number(line: &VectorLine, error: f64) -> String {
    if line.errors.count == 0 { "-".to_string() } else { short(error) }
}

fn against(line: &VectorLine, bound: &Checked) -> Vec<String> {
    let times = |x: f64| if bound.looseness.count == 0 { "-".to_string() } else { format!("{x:.1}") };
    vec![
        line.algorithm.to_string(),
        bound.coefficient.to_string(),
        bound.checked.to_string(),
        bound.exceeded.to_string(),
        bound.exceeded_without_underflow.to_string(),
        times(bound.looseness.min),
        times(bound.looseness.median),
    ]
}

/// One line for each mode and algorithm, and for each bound where it has more than one.
pub fn csv(comparison: &VectorComparison) -> String {
    let mut out = String::from(
        "mode,algorithm,vectors,overflows,underflows,unclear,error_median,error_p95,error_max,bound,checked,exceeded,\
         exceeded_without_underflow,looseness_min,looseness_median\n",
    );
    for line in &comparison.lines {
        let head = format!(
            "{},{},{},{},{},{},{:e},{:e},{:e}",
            quoted(&line.mode_text),
            line.algorithm,
            line.vectors,
            line.overflows,
            line.underflows,
            line.unclear,
            line.errors.median,
            line.errors.p95,
            line.errors.max
        );
        if line.bounds.is_empty() {
            _ = writeln!(out, "{head},,,,,,");
        }
        for bound in &line.bounds {
            _ = writeln!(
                out,
                "{head},{},{},{},{},{:e},{:e}",
                bound.name,
                bound.checked,
                bound.exceeded,
                bound.exceeded_without_underflow,
                bound.looseness.min,
                bound.looseness.median
            );
        }
    }
    out
}
