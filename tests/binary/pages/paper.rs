//! The folder for a paper, as LaTeX sees it.

use std::fs;
use std::path::Path;
use std::process::Command;

use logitlab::document::document;

use crate::pages::document::verified;
use crate::pages::hostile;
use crate::support;
use crate::support::latex::overfull;

/// Runs the binary in a folder; it must succeed.
fn report(folder: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_logitlab")).args(arguments).current_dir(folder).output().unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Typesets `main.tex` as often as its references need; the log of the last time.
fn typeset(pdflatex: &Path, folder: &Path) -> String {
    let latex = || support::latex::typeset(pdflatex, folder, "main");
    latex();
    // It stands beside pdflatex in every distribution.
    let bibtex = Command::new(pdflatex.with_file_name("bibtex")).arg("main").current_dir(folder).output().unwrap();
    assert!(bibtex.status.success(), "{}", String::from_utf8_lossy(&bibtex.stdout));
    latex();
    latex()
}

#[test]
fn the_folder_compiles_and_nothing_runs_off_the_page() {
    let Some(pdflatex) = support::tool("pdflatex", "the_folder_compiles_and_nothing_runs_off_the_page") else { return };
    let own = tempfile::tempdir().unwrap();
    let kept = std::env::var_os("LOGITLAB_LATEX");
    let folder = kept.as_ref().map_or(own.path().to_path_buf(), |path| Path::new(path).join("report"));
    report(own.path(), &["report", "--latex", &folder.display().to_string()]);
    let log = typeset(&pdflatex, &folder);
    let wide = overfull(&log, 1.0);
    assert!(wide.is_empty(), "{}", wide.join("\n"));
    for complaint in ["LaTeX Warning: Reference", "LaTeX Warning: Citation", "Missing character"] {
        assert!(!log.contains(complaint), "{complaint}");
    }
    assert!(log.contains("Output written on main.pdf"));
}

#[test]
fn hostile_text_is_typeset_as_text() {
    let Some(pdflatex) = support::tool("pdflatex", "hostile_text_is_typeset_as_text") else { return };
    let claim = hostile::claim();
    let folder = tempfile::tempdir().unwrap();
    for file in logitlab::document::latex::files(&document(&hostile::results(&claim)), &[]) {
        if let logitlab::document::latex::Contents::Text(text) = &file.contents {
            fs::write(folder.path().join(&file.path), text).unwrap();
        }
    }
    let log = typeset(&pdflatex, folder.path());
    assert!(log.contains("Output written on main.pdf") && !log.contains("(/etc/passwd"), "{log}");
    assert!(!verified(vec![&claim]).report.claims.is_empty());
}
