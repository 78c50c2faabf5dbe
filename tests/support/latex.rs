//! pdflatex, and what its log says of lines that run off the page.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Typesets `<name>.tex` in a folder; the log. The test fails with the end of the log where LaTeX does.
pub fn typeset(pdflatex: &Path, folder: &Path, name: &str) -> String {
    let output = Command::new(pdflatex)
        .args(["-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", name])
        .current_dir(folder)
        // Lines of the log are wrapped there, which would hide what is looked for.
        .env("max_print_line", "1000")
        .output()
        .unwrap();
    let log = String::from_utf8_lossy(&fs::read(folder.join(format!("{name}.log"))).unwrap()).into_owned();
    let said: Vec<&str> = log.lines().filter(|line| !line.is_empty()).collect();
    assert!(output.status.success(), "{}", said[said.len().saturating_sub(60)..].join("\n"));
    log
}

/// The lines of a log about boxes that are too wide by more than this, in points.
pub fn overfull(log: &str, tolerated: f64) -> Vec<&str> {
    let excess = |line: &str| -> Option<f64> {
        line.strip_prefix("Overfull \\hbox (")?.split_once("pt too wide")?.0.parse().ok()
    };
    log.lines().filter(|line| excess(line).is_some_and(|points| points > tolerated)).collect()
}
