//! The LaTeX snippet: statement, derivation, and where they come from in one line. It needs no package.

use super::{VERSION, bibtex};
use crate::claims::Claim;

/// A snippet for an appendix.
pub fn snippet(claim: &Claim, command: &str) -> String {
    let derivation = claim.proof.as_ref().map(ToString::to_string).unwrap_or_default();
    format!(
        "\\paragraph{{{}}}\n{}\\noindent Claim \\texttt{{{}}} of logitlab~{} \\cite{{{},{}}}; derive it again with\\\\\n\
         {{\\scriptsize\\texttt{{{}}}}}\n",
        escape(&claim.title),
        displayed(&format!("{}{derivation}", claim.statement)),
        escape(&claim.id),
        escape(VERSION),
        bibtex::key(claim),
        bibtex::PAPER_KEY,
        escape(command)
    )
}

/// A text of the claim language as it stands: the one place that knows how statements and derivations are set.
fn displayed(text: &str) -> String {
    // The environment ends at these words, whatever stands around them; no text of the language contains them.
    let text = text.replace("\\end{verbatim}", "\\end {verbatim}");
    format!("\\begin{{verbatim}}\n{text}\\end{{verbatim}}\n")
}

/// Plain text with what TeX would take for a command written as the character itself.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '<' => out.push_str("\\textless{}"),
            '>' => out.push_str("\\textgreater{}"),
            '|' => out.push_str("\\textbar{}"),
            '#' | '$' | '%' | '&' | '_' | '{' | '}' => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn what_tex_would_execute_is_escaped() {
        assert_eq!(
            escape("a_b & 50% of {x^2} \\input"),
            "a\\_b \\& 50\\% of \\{x\\textasciicircum{}2\\} \\textbackslash{}input"
        );
        assert_eq!(escape("sha256:0a, swh:1:cnt:0b"), "sha256:0a, swh:1:cnt:0b");
    }
}
