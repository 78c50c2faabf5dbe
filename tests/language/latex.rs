//! Every claim with its derivation, typeset by LaTeX in one article: no error, and no line that runs off the page.

use std::fs;
use std::path::Path;

use crate::support;
use logitlab::claims::{Claim, claims, parse};
use logitlab::report::latex;

use crate::support::latex::overfull;

fn article(claims: &[&Claim]) -> String {
    let body: Vec<String> = claims.iter().map(|claim| latex::claim(claim)).collect();
    format!(
        "\\documentclass[11pt,a4paper]{{article}}\n\\usepackage[T1]{{fontenc}}\n{}\\begin{{document}}\n{}\\end{{document}}\n",
        latex::PREAMBLE,
        body.join("\n")
    )
}

/// Typesets in a folder of its own, or where `LOGITLAB_LATEX` says, for a look at the pages. The log.
fn typeset(pdflatex: &Path, name: &str, text: &str) -> String {
    let own = tempfile::tempdir().unwrap();
    let kept = std::env::var_os("LOGITLAB_LATEX");
    let folder = kept.as_ref().map_or(own.path(), Path::new);
    fs::write(folder.join(format!("{name}.tex")), text).unwrap();
    support::latex::typeset(pdflatex, folder, name)
}

#[test]
fn all_derivations_fit_into_an_article() {
    let Some(pdflatex) = support::tool("pdflatex", "all_derivations_fit_into_an_article") else { return };
    let log = typeset(&pdflatex, "article", &article(&claims().iter().collect::<Vec<_>>()));
    let wide = overfull(&log, 5.0);
    assert!(wide.is_empty(), "{}", wide.join("\n"));
}

const HOSTILE: &str = "claim hostile\n\
    title \"\\input{x} & | % $ # _ { } ~ ^ \\ <<>> --- `` '' ?` \u{e9}\"\n\
    source \"}\\end{document}\\write18{x}% ^^41\"\n\
    given a_b_c : real, __ : real, x' : vector, long_name'' : vector, tau_1 : real, q : action\n\
    show (x'[q])^2*2*(a_b_c + __)*tau_1 = long_name''[q]/(1/(1/(1/__)))\n";

#[test]
fn hostile_text_is_inert() {
    let claim = parse(HOSTILE).unwrap();
    insta::assert_snapshot!(latex::claim(&claim));
    let Some(pdflatex) = support::tool("pdflatex", "hostile_text_is_inert") else { return };
    let log = typeset(&pdflatex, "hostile", &article(&[&claim]));
    assert!(log.contains("Output written on hostile.pdf (1 page"), "{log}");
}

#[test]
fn finds_what_is_too_wide() {
    let log = "Overfull \\hbox (12.3pt too wide) in paragraph\nOverfull \\hbox (4.9pt too wide) in paragraph\n";
    assert_eq!(overfull(log, 5.0).len(), 1);
}
