//! A claim with its derivation in LaTeX, for an article with amsmath and amssymb.

use std::fmt::Write as _;

use super::width;
use crate::claims::{Claim, Expected};
use crate::expr::latex::escape;
use crate::expr::{LATEX, Notation, Prop, Statement, Tree};
use crate::proof::Script;
use crate::proof::script::{Branch, Chain, Item};

/// Packages and settings that [`claim`] needs.
pub const PREAMBLE: &str = "\\usepackage{amsmath,amssymb}\n\\allowdisplaybreaks\n";

/// The text width of an A4 article at 11pt is 360 points.
const LINE: f64 = 345.0;

/// Formulas wider than this stand on lines of their own.
const INLINE: f64 = 170.0;

/// Left sides wider than this do, too.
const LEFT: f64 = 130.0;

/// The width of a relation with its spaces.
const SIGN: f64 = 16.0;

/// The width of `\quad`.
const QUAD: f64 = 11.0;

/// The claim and its derivation, if it has one, as a paragraph with displays.
pub fn claim(claim: &Claim) -> String {
    // Ids and inline formulas hardly break, so that TeX has to be allowed wide spaces.
    let mut out =
        format!("\\begin{{sloppypar}}\n\\paragraph{{{}}} (\\texttt{{{}}}", escape(&claim.title), id(&claim.id));
    if !claim.source.is_empty() {
        _ = write!(out, "; {}", escape(&claim.source));
    }
    out += ").\n";
    statement(&claim.statement, &mut out);
    out += match claim.expected {
        Expected::Holds => "Then\n",
        Expected::Refuted => "Then it is \\emph{not} always true that\n",
        Expected::Undefined => "Then it does not always have a truth value that\n",
    };
    display(&claim.statement.shows, &mut out);
    if let Some(proof) = &claim.proof {
        out += "\\noindent\\emph{Proof.}\n";
        script(proof, &mut out);
        out += "\\hfill$\\square$\n";
    }
    out + "\\end{sloppypar}\n"
}

/// An id, which may break after its hyphens.
fn id(id: &str) -> String {
    escape(id).replace("{-}", "{-}\\allowbreak{}")
}

/// The sentences before what is to be shown.
fn statement(statement: &Statement, out: &mut String) {
    let declared = statement.variables.iter().enumerate().map(|(k, (name, sort))| {
        let verb = if k == 0 { "be " } else { "" };
        format!("${}$ {verb}{}", LATEX.name(name), sort.noun())
    });
    sentence("Let", declared.collect(), out);
    let defined: Vec<Defined<'_>> = statement.definitions.iter().map(|(name, tree)| Defined(name, tree)).collect();
    list("Put", &defined, out);
    list("Assume", &statement.hypotheses, out);
}

/// `Put a, b and c.`
fn sentence(word: &str, parts: Vec<String>, out: &mut String) {
    match parts.as_slice() {
        [] => {}
        [only] => _ = writeln!(out, "{word} {only}."),
        [first @ .., last] => _ = writeln!(out, "{word} {} and {last}.", first.join(", ")),
    }
}

/// Propositions in a sentence, or below it where one of them is long.
fn list<T: Formula>(word: &str, parts: &[T], out: &mut String) {
    if parts.iter().all(|part| width::width(&part.latex(LATEX.with_fractions(0))) <= INLINE) {
        sentence(word, parts.iter().map(inline).collect(), out);
    } else {
        _ = writeln!(out, "{word}");
        display(parts, out);
    }
}

fn inline<T: Formula>(formula: &T) -> String {
    format!("${}$", formula.latex(LATEX.with_fractions(0)))
}

/// Formulas below each other, broken where they are wider than a line.
pub fn display<T: Formula>(parts: &[T], out: &mut String) {
    let rows = parts.iter().map(|part| format!("&{}", joined(&broken(part, LINE), "\\quad")));
    environment(&rows.collect::<Vec<_>>(), out);
}

fn environment(rows: &[String], out: &mut String) {
    _ = writeln!(out, "\\begin{{align*}}\n{}\n\\end{{align*}}", rows.join(" \\\\\n"));
}

/// The pieces of a formula, each on a line, those after the first indented.
fn joined(pieces: &[String], indent: &str) -> String {
    let continued = |piece: &String| match piece.strip_prefix("\\,") {
        Some(factor) => format!("\\cdot {factor}"),
        None => piece.clone(),
    };
    let rest = pieces.iter().skip(1).map(|piece| format!(" \\\\\n&{indent}{{}}{}", continued(piece)));
    pieces.iter().take(1).cloned().chain(rest).collect()
}

/// A formula in pieces that fit on lines. Fractions cannot be broken: where one is too wide, quotients are written
/// with a slash.
fn broken<T: Formula>(formula: &T, available: f64) -> Vec<String> {
    let pieces = |fractions: u8| {
        let text = formula.latex(LATEX.with_fractions(fractions));
        let lines = width::lines(&text, available)?;
        Some(lines.into_iter().map(str::to_string).collect())
    };
    let fitting = (0..=LATEX.fractions()).rev().find_map(pieces);
    fitting.unwrap_or_else(|| vec![formula.latex(LATEX.with_fractions(0))])
}

/// A derivation: lemmas, cases and chains of steps as paragraphs with displays.
pub fn script(script: &Script, out: &mut String) {
    let mut after_display = false;
    for item in &script.items {
        match item {
            Item::Chain(label, steps) => {
                // Two displays need a word between them.
                let word = if after_display && label.is_none() { "\\noindent Next,\n" } else { "" };
                _ = write!(out, "{}{word}", lemma(label.as_deref()));
                chain(steps, out);
            }
            Item::Goal(label, goal, _, inner) => {
                _ = write!(out, "\\par\\noindent {}We show that ", lemma(label.as_deref()));
                proposition(goal, ".", out);
                self::script(inner, out);
            }
            Item::Choose(name, property, _) => {
                _ = write!(out, "\\par\\noindent Choose an action ${}$ such that ", LATEX.name(name));
                proposition(property, ".", out);
            }
        }
        after_display = !matches!(item, Item::Choose(..));
    }
    for (word, branches) in [("Case ", &script.cases), ("Assume ", &script.assumptions)] {
        for Branch { prop, script, .. } in branches {
            _ = write!(out, "\\par\\noindent\\emph{{{word}}}");
            proposition(prop, ":", out);
            self::script(script, out);
        }
    }
}

fn lemma(label: Option<&str>) -> String {
    label.map(|name| format!("\\par\\noindent\\emph{{Lemma}} ({}).\n", escape(name))).unwrap_or_default()
}

/// A proposition that ends a sentence.
fn proposition(prop: &Prop, end: &str, out: &mut String) {
    if width::width(&prop.latex(LATEX.with_fractions(0))) <= INLINE {
        _ = writeln!(out, "{}{end}", inline(prop));
    } else {
        out.push('\n');
        display(std::slice::from_ref(prop), out);
    }
}

/// The steps of a chain below each other, each with its rules at the margin.
fn chain(chain: &Chain, out: &mut String) {
    let start = chain.start.latex(LATEX);
    let left = width::width(&start);
    // The sign takes some of the line.
    let available = LINE - left - SIGN;
    let fits = |tree: &Tree| width::width(&tree.latex(LATEX)) <= available;
    let mut rows = Vec::new();
    // Where a step is wide, the left side has a line of its own.
    let (mut before, indent, available) = if left <= LEFT && chain.steps.iter().all(|step| fits(&step.to)) {
        (format!("{start} "), "", available)
    } else {
        rows.push(format!("&{}", joined(&broken(&chain.start, LINE), "\\quad")));
        (String::new(), "\\quad ", LINE - SIGN - QUAD)
    };
    for step in &chain.steps {
        let sign = LATEX.relation(step.relation);
        let formula = joined(&broken(&step.to, available), &format!("{indent}\\qquad"));
        let rules: Vec<String> = step.rule_names().into_iter().map(escape).collect();
        rows.push(format!("{before}&{indent}{sign} {formula} \\tag*{{\\small({})}}", rules.join(", ")));
        before.clear();
    }
    environment(&rows, out);
}

/// `name = value`
struct Defined<'a>(&'a str, &'a Tree);

/// What can be written as a formula.
pub trait Formula {
    /// What it looks like in a notation for LaTeX.
    fn latex(&self, notation: Notation) -> String;
}

impl Formula for Tree {
    fn latex(&self, notation: Notation) -> String {
        notation.print(self)
    }
}

impl Formula for Prop {
    fn latex(&self, notation: Notation) -> String {
        notation.print(self)
    }
}

impl Formula for Defined<'_> {
    fn latex(&self, notation: Notation) -> String {
        format!("{} = {}", notation.name(self.0), notation.print(self.1))
    }
}
