//! The whole trusted base on one screen.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::table::list;
use super::text::{Paint, Tone};
use super::wrap::beside;
use crate::expr::{PRINTERS, READER};
use crate::proof::TRUSTED;
use crate::proof::kernel::{LOCAL, PROCEDURES};
use crate::proof::rules::RULES;

/// The most characters of a law with its source.
const MOST: usize = 96;

/// What a theorem also rests on.
const ELSE: &[&str] = &[
    "the language: that `expr` reads a statement as a person does (`logitlab show CLAIM` prints what it read)",
    "big rational arithmetic (the crates num-rational and num-bigint), the Rust compiler, the machine",
];

/// Not trusted, however much they matter.
const NOT: &str = "scripts, their reader and checker, the prover, judges, measurements, printers";

/// One layer of what is trusted.
#[derive(Clone, Debug)]
pub struct Layer {
    /// What it is.
    pub name: &'static str,
    /// Its lines, counted when the program was built; of the axioms, how many there are.
    pub lines: Option<usize>,
    /// What checks it.
    pub checked: &'static str,
    /// How to check it oneself.
    pub yourself: &'static str,
}

/// What a verdict `proved` rests on, layer by layer, and what checks each.
pub fn layers() -> Vec<Layer> {
    let lines = |texts: &[&str]| Some(texts.iter().map(|text| text.lines().count()).sum());
    let (laws, kernel): (Vec<_>, Vec<_>) = TRUSTED.iter().partition(|(name, ..)| *name == "rules");
    let of = |modules: Vec<&(&str, &'static str, &str)>| modules.iter().map(|(_, text, _)| *text).collect::<Vec<_>>();
    let axioms = include_str!("../../proofs/coq/allowed-axioms.txt").lines().filter(|line| !line.starts_with('#'));
    let layer = |name, lines, checked, yourself| Layer { name, lines, checked, yourself };
    vec![
        layer("laws", lines(&of(laws)), "Coq, a lemma for each", "make proofs"),
        layer("kernel", lines(&of(kernel)), "check.py and Coq, each step", "logitlab export coq --all"),
        layer("reader", lines(READER), "check.py has its own", "check.py --show OBJECT"),
        layer("printers", lines(PRINTERS), "the reader, read back", "cargo test --test judges"),
        layer(
            "check.py",
            lines(&[include_str!("../../proofs/checker/check.py")]),
            "damaged objects; the kernel",
            "cargo test --test proof object",
        ),
        layer("Coq's axioms", Some(axioms.count()), "coqchk: no others", "make proofs"),
        layer("GMP, MPFR", None, "PARI/GP, f64 enclosures", "make test"),
        layer("compiler", None, "nothing here", "another compiler, machine"),
    ]
}

/// Modules, axioms, laws by subject, procedures, and the rest.
pub fn screen(paint: Paint<'_>) -> String {
    let heading = |text: &str| paint.mark(Tone::Strong, text);
    let total: usize = TRUSTED.iter().map(|(_, text, _)| text.lines().count()).sum();
    let mut rows = vec![["layer", "lines", "what checks it", "check it yourself"].map(String::from).to_vec()];
    rows.extend(layers().into_iter().map(|Layer { name, lines, checked, yourself }| {
        let lines = lines.map_or_else(|| "    -".to_string(), |lines| format!("{lines:>5}"));
        vec![name.to_string(), lines, checked.to_string(), yourself.to_string()]
    }));
    let mut out = format!("{}\n{}\n", heading("What `proved` rests on"), list(&rows, 2, paint));
    _ = writeln!(out, "{}", heading(&format!("Trusted code: {total} lines in crates/kernel/src/proof")));
    let modules: Vec<String> =
        TRUSTED.iter().map(|(name, text, _)| format!("{name} {}", text.lines().count())).collect();
    out += &wrapped(&modules, paint);
    let axioms = || RULES.iter().filter(|rule| rule.axiom);
    _ = writeln!(out, "\n{}", heading("Laws with a name, each a lemma in proofs/coq/Laws.v"));
    for rule in axioms() {
        let more = match rule.laws.len() {
            1 => String::new(),
            many => format!(", and {} more", many - 1),
        };
        let said = format!("{}{more}", rule.laws[0]);
        let fits = said.len() + rule.source.len() <= MOST;
        let source = if fits { format!("  {}", rule.source) } else { String::new() };
        let law = format!("{said}{}", paint.mark(Tone::Faint, &source));
        _ = writeln!(out, "  {:16} {}", rule.name, beside(&law, 19, paint));
    }
    let mut subjects: BTreeMap<&str, usize> = BTreeMap::new();
    for rule in RULES.iter().filter(|rule| !rule.axiom) {
        *subjects.entry(rule.name.split('.').next().unwrap_or(rule.name)).or_default() += rule.laws.len();
    }
    let count: usize = subjects.values().sum();
    _ = writeln!(out, "\n{}", heading(&format!("Other laws: {count}, by subject")));
    let subjects: Vec<String> = subjects.iter().map(|(subject, laws)| format!("{subject} {laws}")).collect();
    out += &wrapped(&subjects, paint);
    _ = writeln!(out, "\n{}", heading("Procedures"));
    out += &wrapped(&PROCEDURES.iter().map(|(name, ..)| name.to_string()).collect::<Vec<_>>(), paint);
    _ = writeln!(out, "  `logitlab show RULE` has all laws of a rule, their sources, and what a procedure does");
    _ = writeln!(out, "\n{}", heading("Names for what is given at a step"));
    for (name, what) in LOCAL {
        _ = writeln!(out, "  {name:16} {}", beside(what, 19, paint));
    }
    _ = writeln!(out, "\n{}", heading("Also trusted"));
    for what in ELSE {
        _ = writeln!(out, "  {what}");
    }
    _ = writeln!(out, "\n{}\n  {NOT}", heading("Not trusted"));
    out
}

/// Words with commas between them, on lines that a terminal has room for.
fn wrapped(words: &[String], paint: Paint<'_>) -> String {
    let most = paint.width().map_or(90, |width| width.saturating_sub(3).min(90));
    let (mut out, mut line) = (String::new(), String::new());
    for (k, word) in words.iter().enumerate() {
        let comma = if k + 1 < words.len() { "," } else { "" };
        if line.len() + word.len() > most {
            _ = writeln!(out, " {line}");
            line.clear();
        }
        _ = write!(line, " {word}{comma}");
    }
    _ = writeln!(out, " {line}");
    out
}
