//! A document as a folder for a paper: `logitlab.tex` to be put into an article, `numbers.tex` with a command for every
//! figure that a text may quote, `logitlab.bib`, `SNAPSHOTS.json`, figures, and a `main.tex` that compiles.

use std::collections::BTreeSet;

use serde::Serialize;

use super::model::{Block, Cell, Column, Document, Formula, Inline, Kind, Section, Table};
use crate::cite::{Citation, Fingerprint, Subject, VERSION, bibtex, stored};
use crate::expr::Notation;
use crate::report::latex as typeset;
use crate::report::plot::{Figure, Width, svg};
use markup::Tex;

/// A file of the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path in the folder, with `/`.
    pub path: String,
    /// What stands in it.
    pub contents: Contents,
}

/// What stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contents {
    /// Text.
    Text(String),
    /// A figure as the text of an SVG, which is to be converted to PDF.
    Figure(String),
}

/// What the folder is for, and what an article needs to include it.
const MAIN: &str = r"% The report as an article of its own. To put it into another one, take logitlab.tex, numbers.tex, logitlab.bib and
% figures/, and these packages.
\documentclass[11pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[margin=25mm]{geometry}
\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\usepackage{amsmath,amssymb,array,booktabs,longtable,graphicx}
\allowdisplaybreaks
\input{numbers}
\title{\logitlabTitle}
\author{}
\date{logitlab \logitlabVersion}
\begin{document}
\maketitle
\tableofcontents
\input{logitlab}
\nocite{li2025logit}
\bibliographystyle{plain}
\bibliography{logitlab}
\end{document}
";

/// The files of the folder, of which those of `citations` are cited.
pub fn files(document: &Document, citations: &[Citation<'_>]) -> Vec<File> {
    let text = |path: &str, text: String| File { path: path.into(), contents: Contents::Text(text) };
    let figure = |(id, figure): (&str, &Figure)| {
        let bare = figure.clone().bare().0;
        File { path: format!("figures/{id}.svg"), contents: Contents::Figure(svg(&bare, Width::Full)) }
    };
    let mut files = vec![
        text("main.tex", MAIN.to_string()),
        text("logitlab.tex", body(document)),
        text("numbers.tex", numbers(document)),
        text("logitlab.bib", bibliography(citations)),
        text("SNAPSHOTS.json", snapshots(citations)),
    ];
    files.extend(document.figures().map(figure));
    files
}

/// What is put into an article.
pub fn body(document: &Document) -> String {
    let mut out = Tex::default();
    // Ids and formulas hardly break, so that TeX has to be allowed wide spaces.
    out.raw("\\begingroup\\sloppy\n");
    blocks(&document.lead, &mut out);
    document.sections.iter().for_each(|part| section(part, 0, &mut out));
    out.raw("\\par\\endgroup\n");
    out.into_string()
}

const HEADINGS: [&str; 4] = ["\\section{", "\\subsection{", "\\subsubsection{", "\\paragraph{"];

fn section(section: &Section, depth: usize, out: &mut Tex) {
    out.raw(HEADINGS[depth.min(HEADINGS.len() - 1)]);
    out.text(&section.title);
    out.raw("}\n");
    if let Some(mark) = &section.mark {
        out.raw("\\noindent\\textbf{");
        out.text(&mark.word);
        out.raw("}.\n");
    }
    blocks(&section.blocks, out);
    section.sections.iter().for_each(|part| self::section(part, depth + 1, out));
}

fn blocks(blocks: &[Block], out: &mut Tex) {
    for block in blocks {
        self::block(block, out);
    }
}

fn block(block: &Block, out: &mut Tex) {
    match block {
        Block::Paragraph(parts) => {
            out.raw("\\par\\noindent ");
            line(parts, out);
            out.raw("\n");
        }
        Block::List(items) => {
            out.raw("\\begin{itemize}\n");
            for item in items {
                // A bracket would be taken for the label.
                out.raw("\\item\\relax ");
                line(item, out);
                out.raw("\n");
            }
            out.raw("\\end{itemize}\n");
        }
        Block::Display(formulas) => out.display(formulas),
        Block::Derivation(script) => out.derivation(script),
        Block::Listing { caption, text, .. } => {
            out.raw("\\par\\medskip\\noindent ");
            out.text(caption);
            out.raw("\n\\begin{flushleft}\\scriptsize\\ttfamily\n");
            for (place, line) in text.lines().enumerate() {
                out.raw(if place == 0 { "" } else { "\\\\\n" });
                out.verbatim(line);
            }
            out.raw("\n\\end{flushleft}\n");
        }
        Block::Table(table) => self::table(table, out),
        Block::Plot { id, figure } => {
            let (_, title, caption) = figure.clone().bare();
            out.raw("\\begin{figure}[htbp]\n\\centering\\includegraphics[width=\\linewidth,height=0.85\\textheight,keepaspectratio]{figures/");
            out.file_name(id);
            out.raw(".pdf}\n\\caption{");
            out.lowered(&format!("{title}. {caption}"));
            out.raw("}\n\\end{figure}\n");
        }
    }
}

fn line(parts: &[Inline], out: &mut Tex) {
    for part in parts {
        match part {
            Inline::Text(text) => out.text(text),
            Inline::Code(text) | Inline::Hash(text) | Inline::Link(text, _) => out.code(text),
            Inline::Formula(formula) => out.math(formula),
            Inline::Mark(mark) => {
                out.raw("\\textbf{");
                out.text(&mark.word);
                out.raw("}");
            }
        }
    }
}

/// What tables take of the width of the text of `main.tex`, in points, and those of a letter and of what stands between
/// columns, in tables.
const LINE: f64 = 430.0;
const LETTER: f64 = 4.1;
const GAP: f64 = 6.0;

/// A table, which may take several pages.
fn table(table: &Table, out: &mut Tex) {
    out.raw("\\begingroup\\scriptsize\\setlength{\\tabcolsep}{3pt}\n\\begin{longtable}{");
    for (column, width) in table.columns.iter().zip(widths(table)) {
        match column.kind {
            Kind::Word => out.raw("l"),
            Kind::Number => out.raw("r"),
            Kind::Prose => out.column(width),
        }
    }
    out.raw("}\n\\caption{");
    out.text(&table.caption);
    out.raw("}\\\\\n\\toprule\n");
    head(&table.columns, out);
    out.raw("\\midrule\n\\endfirsthead\n\\toprule\n");
    head(&table.columns, out);
    out.raw("\\midrule\n\\endhead\n");
    for row in &table.rows {
        for (place, Cell { content, .. }) in row.iter().enumerate() {
            out.raw(if place == 0 { "\\relax " } else { " & " });
            line(content, out);
        }
        out.raw(" \\\\\n");
    }
    out.raw("\\bottomrule\n\\end{longtable}\n\\endgroup\n");
}

/// The widths of the columns: those of prose share what the others leave, by their longest cells.
fn widths(table: &Table) -> Vec<f64> {
    let words = |parts: &[Inline]| -> usize { parts.iter().map(length).sum() };
    let longest = |(place, column): (usize, &Column)| {
        let cells = table.rows.iter().filter_map(|row| row.get(place)).map(|cell| words(&cell.content));
        // Headings are stacked.
        LETTER * cells.max().unwrap_or(0).max(words(&column.title).min(STACKED)) as f64
    };
    let needed: Vec<f64> = table.columns.iter().enumerate().map(longest).collect();
    let sum = |is_prose: bool| -> f64 {
        let of_kind = table.columns.iter().zip(&needed).filter(|(column, _)| (column.kind == Kind::Prose) == is_prose);
        of_kind.map(|(_, needed)| needed).sum()
    };
    let left = LINE - sum(false) - GAP * table.columns.len() as f64;
    let share = (left / sum(true).max(1.0)).min(1.0);
    needed.iter().map(|needed| (needed * share).max(45.0)).collect()
}

/// About how many letters a part has.
fn length(part: &Inline) -> usize {
    match part {
        Inline::Text(text) | Inline::Code(text) | Inline::Hash(text) | Inline::Link(text, _) => text.chars().count(),
        Inline::Formula(formula) => formula.print(&crate::expr::UNICODE).chars().count(),
        Inline::Mark(mark) => mark.word.chars().count() + 1,
    }
}

/// Headings are broken into lines of about so many letters.
const STACKED: usize = 9;

fn head(columns: &[Column], out: &mut Tex) {
    for (place, column) in columns.iter().enumerate() {
        out.raw(if place == 0 { "" } else { " & " });
        out.raw(match column.kind {
            Kind::Number => "\\shortstack[r]{",
            _ => "\\shortstack[l]{",
        });
        // Words, of which as many share a line as fit.
        let mut used = 0;
        for part in &column.title {
            let words: Vec<Inline> = match part {
                Inline::Text(text) => text.split(' ').filter(|word| !word.is_empty()).map(super::model::text).collect(),
                other => vec![other.clone()],
            };
            for word in words {
                let length = length(&word);
                if used > 0 {
                    let fits = used + length < STACKED;
                    out.raw(if fits { " " } else { "\\\\" });
                    used = if fits { used + 1 } else { 0 };
                }
                line(std::slice::from_ref(&word), out);
                used += length;
            }
        }
        out.raw("}");
    }
    out.raw(" \\\\\n");
}

/// A command for every figure that a text may quote.
fn numbers(document: &Document) -> String {
    let mut out = Tex::default();
    out.raw("% Figures to quote: \\input{numbers} before \\begin{document}.\n");
    let mut known = BTreeSet::new();
    let mut define = |name: &str, value: &str, meaning: &str| {
        let mut name = command(name);
        // Two different names may have the same letters.
        while !known.insert(name.clone()) {
            name.push('X');
        }
        out.comment(meaning);
        out.raw("\\newcommand{\\logitlab");
        out.letters(&name);
        out.raw("}{");
        out.figure(value);
        out.raw("}\n");
    };
    define("title", &document.title, "title of the report");
    for section in document.all_sections() {
        for number in &section.numbers {
            define(&number.name, &number.value, &number.meaning);
        }
    }
    out.into_string()
}

/// The letters of a command's name: words with capitals, digits and signs spelt out.
fn command(name: &str) -> String {
    const DIGITS: [&str; 10] = ["Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];
    let mut out = String::new();
    let mut starts = true;
    let letters: Vec<char> = name.chars().collect();
    for (place, &c) in letters.iter().enumerate() {
        let before = |distance: usize| place.checked_sub(distance).map(|place| letters[place]);
        // As in 1e-3.
        let is_exponent = before(1) == Some('e') && before(2).is_some_and(|c| c.is_ascii_digit());
        match c {
            'a'..='z' | 'A'..='Z' => out.extend(if starts { c.to_uppercase().next() } else { Some(c) }),
            '0'..='9' => out += DIGITS[c as usize - '0' as usize],
            '-' if is_exponent => out += "Minus",
            '-' | ' ' => {}
            '+' => out += "Plus",
            '=' => out += "Is",
            '.' => out += "Point",
            _ => out += "X",
        }
        starts = !c.is_ascii_alphanumeric();
    }
    out
}

fn bibliography(citations: &[Citation<'_>]) -> String {
    let software = citations.iter().filter_map(|citation| {
        let fingerprint = Fingerprint::of(stored::find(citation.id)?);
        Some(bibtex::software(Subject::find(citation.id)?, &fingerprint) + "\n")
    });
    format!("{}\n{}", bibtex::paper(), software.collect::<String>())
}

#[derive(Serialize)]
struct Snapshots<'a> {
    schema: u32,
    logitlab: &'static str,
    snapshots: Vec<Snapshot<'a>>,
}

#[derive(Serialize)]
struct Snapshot<'a> {
    id: &'a str,
    kind: &'static str,
    file: &'a str,
    sha256: &'a str,
    swhid: &'a str,
}

fn snapshots(citations: &[Citation<'_>]) -> String {
    fn one<'a>(citation: &'a Citation<'_>) -> Snapshot<'a> {
        let Citation { id, kind, file, sha256, swhid, .. } = citation;
        Snapshot { id, kind, file, sha256, swhid }
    }
    let all = Snapshots { schema: 1, logitlab: VERSION, snapshots: citations.iter().map(one).collect() };
    serde_json::to_string_pretty(&all).expect("it is plain data") + "\n"
}

impl typeset::Formula for Formula {
    fn latex(&self, notation: Notation) -> String {
        self.print(&notation)
    }
}

/// The only place where LaTeX is put together: whatever text reaches it is escaped.
mod markup {
    use super::{Formula, typeset};
    use crate::expr::LATEX;
    use crate::expr::latex::escape;
    use crate::proof::Script;

    /// LaTeX in text mode.
    #[derive(Default)]
    pub struct Tex(String);

    impl Tex {
        /// Commands that stand in this program.
        pub fn raw(&mut self, commands: &'static str) {
            self.0 += commands;
        }

        /// Text.
        pub fn text(&mut self, text: &str) {
            self.0 += &escape(&known(text));
        }

        /// Words of a program, which may break after signs and, where they are long, anywhere.
        pub fn code(&mut self, text: &str) {
            self.0 += "\\texttt{";
            let mut since = 0;
            for c in known(text).chars() {
                self.0 += &escape(c.encode_utf8(&mut [0; 4]));
                since += 1;
                if !c.is_ascii_alphanumeric() || since >= 16 {
                    self.0 += "\\allowbreak{}";
                    since = 0;
                }
            }
            self.0 += "}";
        }

        /// A line of a program, with its blanks.
        pub fn verbatim(&mut self, line: &str) {
            // A control space is as wide as a letter, and a line may break there.
            let words: Vec<String> = known(line).split(' ').map(escape).collect();
            self.0 += "\\mbox{}";
            self.0 += &words.join("\\ ");
        }

        /// A text in which `_{…}` lowers and `^{…}` raises what it encloses.
        pub fn lowered(&mut self, text: &str) {
            let mut rest = text;
            while let Some(at) = rest.find("_{").into_iter().chain(rest.find("^{")).min() {
                let Some(length) = rest[at..].find('}') else { break };
                self.text(&rest[..at]);
                self.0 += if rest[at..].starts_with('_') { "\\textsubscript{" } else { "\\textsuperscript{" };
                self.text(&rest[at + 2..at + length]);
                self.0 += "}";
                rest = &rest[at + length + 1..];
            }
            self.text(rest);
        }

        /// A formula within a line.
        pub fn math(&mut self, formula: &Formula) {
            self.0 += &format!("${}$", formula.print(&LATEX.with_fractions(0)));
        }

        /// Formulas below each other.
        pub fn display(&mut self, formulas: &[Formula]) {
            typeset::display(formulas, &mut self.0);
        }

        /// A derivation.
        pub fn derivation(&mut self, script: &Script) {
            typeset::script(script, &mut self.0);
            self.0 += "\\hfill$\\square$\n";
        }

        /// What a text quotes: a number such as 3.1e-2 as a power of ten, anything else as it is.
        pub fn figure(&mut self, value: &str) {
            let is_number =
                |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-');
            match value.split_once('e') {
                Some((digits, exponent)) if is_number(digits) && is_number(exponent) => {
                    self.0 += &format!("\\ensuremath{{{digits}\\cdot 10^{{{exponent}}}}}");
                }
                _ => self.text(value),
            }
        }

        /// The name of a file: letters, digits and hyphens; any other is left out.
        pub fn file_name(&mut self, name: &str) {
            self.0.extend(name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-'));
        }

        /// Letters; anything else is left out.
        pub fn letters(&mut self, letters: &str) {
            self.0.extend(letters.chars().filter(char::is_ascii_alphabetic));
        }

        /// A column of a table of so many points, set ragged.
        pub fn column(&mut self, points: f64) {
            self.0 += &format!(">{{\\raggedright\\arraybackslash}}p{{{points:.0}pt}}");
        }

        /// A comment, which ends with the line.
        pub fn comment(&mut self, text: &str) {
            let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            self.0 += &format!("% {line}\n");
        }

        /// The text.
        pub fn into_string(self) -> String {
            self.0
        }
    }

    /// The text with the letters that LaTeX's fonts have; of any other its number in Unicode.
    fn known(text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                c if c.is_ascii() || matches!(c, '\u{c0}'..='\u{ff}') && !matches!(c, '×' | '÷') => out.push(c),
                c => out += &format!("[U+{:04X}]", c as u32),
            }
        }
        out
    }
}
