//! The LaTeX snippet: statement, derivation, and where they come from in one line.

use super::{VERSION, bibtex};
use crate::claims::Claim;
use crate::expr::latex::escape;
use crate::report::latex;

/// A snippet for an appendix; the comment at its top says what the preamble needs.
pub fn snippet(claim: &Claim, command: &str) -> String {
    let preamble: String = latex::PREAMBLE.lines().map(|line| format!("% preamble: {line}\n")).collect();
    format!(
        "{preamble}{}\\noindent Claim \\texttt{{{}}} of logitlab~{} \\cite{{{},{}}}; derive it again with\\\\\n\
         {{\\scriptsize\\texttt{{{}}}}}\n",
        latex::claim(claim),
        escape(&claim.id),
        escape(VERSION),
        bibtex::key(claim),
        bibtex::PAPER_KEY,
        escape(command)
    )
}
