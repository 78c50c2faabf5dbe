//! The canonical text of a study: its parameters, and its figures with fixed decimals.
//!
//! Nothing on the way to the figures depends on the machine: cases come from a seeded generator and `libm`, every
//! operation of a mode is correctly rounded, truths are enclosures by MPFR, and what is printed is far coarser than
//! their width.

use std::fmt::Write as _;

use crate::expr::latex::escape;
use crate::formulas::{self, POLICY};
use crate::report::comparison::short;
use crate::study::comparison::Comparison;
use crate::study::{Reference, Study};

/// What the figures are, as the line before them says.
const FIGURES: &str = "figures";

/// The text after the first line: runs the study.
///
/// # Panics
/// If the study cannot be run, which its snapshot rules out for every study of the registry.
pub fn derive(study: &Study) -> String {
    let compared = study.request().run(&|_| {}).unwrap_or_else(|error| panic!("{}: {error}", study.id));
    let mut out = format!("study  {}\ntitle  \"{}\"\n{}\n", study.id, study.title, parameters(study));
    _ = writeln!(
        out,
        "{FIGURES} decimal digits left in the worst case, at each rest; the rest at which the result dies (NaN, 0 or of \
         the wrong sign), all other actions equally likely"
    );
    for line in aligned(&rows(&compared)) {
        _ = writeln!(out, "{line}");
    }
    out
}

/// All that decides the figures.
pub fn parameters(study: &Study) -> String {
    let rests: Vec<String> = study.rests.iter().map(|rest| format!("{rest:e}")).collect();
    let truth = match study.reference {
        Reference::Stored => "of the logits as the mode stores them",
        Reference::Given => "of the logits as they are given",
    };
    let mut out = format!("actions {}\ncases  {} for each rest, seed {}\n", study.k, study.cases, study.seed);
    _ = writeln!(out, "rests  1 - P[c] = {}\ntruth  {truth}", rests.join(", "));
    for (name, mode) in study.modes.iter().zip(study.request().plan.modes) {
        _ = writeln!(out, "mode   {name} = {mode}");
    }
    for formula in study.formulas.iter().filter_map(|name| formulas::find(name)) {
        let own = formula.definitions.iter().filter(|(name, _)| &**name != POLICY);
        let own: String = own.map(|(name, tree)| format!(", {name} = {tree}")).collect();
        _ = writeln!(out, "formula {}: {} = {}{own}", formula.name, formula.meaning, formula.text);
    }
    out
}

/// Mode, formula, digits at each rest, the rest at which it dies.
fn rows(compared: &Comparison) -> Vec<Vec<String>> {
    let row = |line: &crate::study::comparison::Line| {
        let digits = line.cells.iter().map(|cell| format!("{:.1}", cell.digits));
        let dies = line.dies_at.map_or("never".to_string(), short);
        [line.mode.clone(), line.formula.clone()].into_iter().chain(digits).chain([dies]).collect()
    };
    compared.lines.iter().map(row).collect()
}

/// Columns below each other: names to the left, figures to the right.
fn aligned(rows: &[Vec<String>]) -> Vec<String> {
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..rows.first().map_or(0, Vec::len)).map(width).collect();
    let cell = |(column, text): (usize, &String)| match column {
        0 | 1 => format!("{text:0$}", widths[column]),
        _ => format!("{text:>0$}", widths[column]),
    };
    rows.iter().map(|row| row.iter().enumerate().map(cell).collect::<Vec<_>>().join("  ")).collect()
}

/// The figures of a snapshot row by row: mode, formula, digits at each rest, the rest at which it dies.
pub fn figures(snapshot: &str) -> impl Iterator<Item = Vec<&str>> {
    let rows = snapshot.lines().skip_while(|line| !line.starts_with(FIGURES)).skip(1);
    rows.map(|row| row.split_whitespace().collect())
}

/// The figures of a snapshot as a table for an article with booktabs and longtable: no study is run for it.
pub fn latex(study: &Study, snapshot: &str) -> String {
    let rests: Vec<String> = study.rests.iter().map(|&rest| format!("${}$", power(&format!("{rest:e}")))).collect();
    let columns = "r".repeat(rests.len() + 1);
    let mut out = format!(
        "\\begin{{longtable}}{{ll{columns}}}\n\\caption{{{}: decimal digits left in the worst of {} policies, $K = {}$, \
         by $1 - P_c$; last, where the result dies.}}\\\\\n\\toprule\nmode & formula & {} & dies at \\\\\n\\midrule\n\
         \\endfirsthead\n",
        escape(study.title),
        study.cases,
        study.k,
        rests.join(" & ")
    );
    let mut last = "";
    for row in figures(snapshot) {
        let mut cells = row.into_iter();
        let (mode, formula) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
        let shown = if mode == last { String::new() } else { escape(mode) };
        let figures: Vec<String> =
            cells.map(|cell| if cell == "never" { cell.into() } else { format!("${}$", power(cell)) }).collect();
        _ = writeln!(out, "{shown} & {} & {} \\\\", escape(formula), figures.join(" & "));
        last = mode;
    }
    out + "\\bottomrule\n\\end{longtable}\n"
}

/// A number such as 3.1e-2 as LaTeX writes it.
fn power(number: &str) -> String {
    match number.split_once('e') {
        Some(("1", exponent)) => format!("10^{{{exponent}}}"),
        Some((digits, exponent)) => format!("{digits} \\cdot 10^{{{exponent}}}"),
        None => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_latex() {
        assert_eq!(["3.1e-2", "1e-6", "14.2"].map(power), ["3.1 \\cdot 10^{-2}", "10^{-6}", "14.2"]);
    }

    #[test]
    fn the_parameters_say_everything_that_decides_the_figures() {
        let study = crate::study::registry::find("study-modes").expect("it is listed");
        let text = parameters(study);
        for change in [
            Study { k: 11, ..*study },
            Study { cases: 65, ..*study },
            Study { seed: 2, ..*study },
            Study { rests: &[0.5], ..*study },
            Study { modes: &["f64"], ..*study },
            Study { formulas: &["tail"], ..*study },
            Study { reference: Reference::Given, ..*study },
        ] {
            assert_ne!(parameters(&change), text, "{change:?}");
        }
    }
}
