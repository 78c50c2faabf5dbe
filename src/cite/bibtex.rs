//! BibTeX entries: logitlab with the claim or study that is cited, and the paper.

use super::{Fingerprint, Subject, VERSION};
use crate::expr::latex::escape;

/// The key of the paper's entry.
pub const PAPER_KEY: &str = "li2025logit";

/// The key of the entry for a claim or study of logitlab: one for each, so that several can be cited together.
pub fn key(subject: Subject<'_>) -> String {
    format!("logitlab:{}", subject.id())
}

/// `@software` for logitlab with this claim or study, `@misc` for the paper.
pub fn entries(subject: Subject<'_>, fingerprint: &Fingerprint) -> String {
    format!("{}\n{}", software(subject, fingerprint), paper())
}

/// `@software` for logitlab with this claim or study.
pub fn software(subject: Subject<'_>, fingerprint: &Fingerprint) -> String {
    let (kind, id) = (subject.capitalised_kind(), escape(subject.id()));
    let note = format!("{kind} \\texttt{{{id}}}, {}", escape(&fingerprint.sha256_name()));
    let software = [
        ("title", "{logitlab}: a verification workbench for softmax policy gradients".to_string()),
        ("author", "{The logitlab developers}".to_string()),
        ("version", VERSION.to_string()),
        ("note", note),
        ("swhid", fingerprint.swhid()),
    ];
    entry("software", &key(subject), &software)
}

/// `@misc` for the paper.
pub fn paper() -> String {
    let paper = [
        ("title", "Logit Dynamics in Softmax Policy Gradient Methods".to_string()),
        ("author", "Li, Y.".to_string()),
        ("year", "2025".to_string()),
        ("eprint", "2506.12912".to_string()),
        ("archiveprefix", "arXiv".to_string()),
        ("url", "https://arxiv.org/abs/2506.12912".to_string()),
    ];
    entry("misc", PAPER_KEY, &paper)
}

fn entry(kind: &str, key: &str, fields: &[(&str, String)]) -> String {
    let fields: String = fields.iter().map(|(name, value)| format!("  {name:13} = {{{value}}},\n")).collect();
    format!("@{kind}{{{key},\n{fields}}}\n")
}
