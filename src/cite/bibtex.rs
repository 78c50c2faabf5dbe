//! BibTeX entries: logitlab with the claim that is cited, and the paper.

use super::{Fingerprint, VERSION};
use crate::claims::Claim;
use crate::expr::latex::escape;

/// The key of the paper's entry.
pub const PAPER_KEY: &str = "li2025logit";

/// The key of the entry for a claim of logitlab: one for each claim, so that several can be cited together.
pub fn key(claim: &Claim) -> String {
    format!("logitlab:{}", claim.id)
}

/// `@software` for logitlab with this claim, `@misc` for the paper.
pub fn entries(claim: &Claim, fingerprint: &Fingerprint) -> String {
    let note = format!("Claim \\texttt{{{}}}, {}", escape(&claim.id), escape(&fingerprint.sha256_name()));
    let software = [
        ("title", "{logitlab}: a verification workbench for softmax policy gradients".to_string()),
        ("author", "{The logitlab developers}".to_string()),
        ("version", VERSION.to_string()),
        ("note", note),
        ("swhid", fingerprint.swhid()),
    ];
    let paper = [
        ("title", "Logit Dynamics in Softmax Policy Gradient Methods".to_string()),
        ("author", "Li, Y.".to_string()),
        ("year", "2025".to_string()),
        ("eprint", "2506.12912".to_string()),
        ("archiveprefix", "arXiv".to_string()),
        ("url", "https://arxiv.org/abs/2506.12912".to_string()),
    ];
    format!("{}\n{}", entry("software", &key(claim), &software), entry("misc", PAPER_KEY, &paper))
}

fn entry(kind: &str, key: &str, fields: &[(&str, String)]) -> String {
    let fields: String = fields.iter().map(|(name, value)| format!("  {name:13} = {{{value}}},\n")).collect();
    format!("@{kind}{{{key},\n{fields}}}\n")
}
