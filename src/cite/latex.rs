//! The LaTeX snippet: statement and derivation, or a study's table, and where they come from in one line.

use super::{Subject, VERSION, bibtex};
use crate::expr::latex::escape;
use crate::report::latex;

/// A snippet for an appendix, from a subject and its snapshot; the comment at its top says what the preamble needs.
pub fn snippet(subject: Subject<'_>, snapshot: &str, command: &str) -> String {
    let (preamble, body) = match subject.claim() {
        Some(claim) => (latex::PREAMBLE, latex::claim(claim)),
        None => ("\\usepackage{booktabs,longtable}\n", subject.figures_as_latex(snapshot).unwrap_or_default()),
    };
    let preamble: String = preamble.lines().map(|line| format!("% preamble: {line}\n")).collect();
    format!(
        "{preamble}{body}\\noindent {} \\texttt{{{}}} of logitlab~{} \\cite{{{},{}}}; derive it again with\\\\\n\
         {{\\scriptsize\\texttt{{{}}}}}\n",
        subject.capitalised_kind(),
        escape(subject.id()),
        escape(VERSION),
        bibtex::key(subject),
        bibtex::PAPER_KEY,
        escape(command)
    )
}
