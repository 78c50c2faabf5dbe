//! README.md shows what the binary prints: every `console` block is run, and the pictures are drawn from runs.
//!
//! After a change of the output, `LOGITLAB_UPDATE=1 cargo test --test binary readme::` writes all anew; read the
//! difference.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support;

/// What the picture shows.
const PICTURED: &[&str] = &[
    "verify",
    "--judge",
    "script,exact",
    "norm-identity",
    "tail-form",
    "two-sided",
    "false-unit-bound",
    "false-low-entropy",
];

/// What the plot shows.
const PLOTTED: &[&str] = &["compare", "--format", "svg", "--modes", "f64,f32,bf16,fp16,bf16-stored,fp8-stored"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).into()
}

fn output(folder: &Path, arguments: &[&str], colour: bool) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_logitlab"));
    command.args(arguments).current_dir(folder).env_remove("NO_COLOR");
    if colour {
        command.env("CLICOLOR_FORCE", "1");
    } else {
        command.env_remove("CLICOLOR_FORCE");
    }
    let output = command.output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    without_times(&String::from_utf8(output.stdout).unwrap())
}

/// Times differ from run to run; `0.12 s` stands for any.
fn without_times(text: &str) -> String {
    let line = |line: &str| match line.rsplit_once(" | ") {
        Some((rest, time)) if time.trim_end_matches("\u{1b}[0m").ends_with(" s") => {
            let reset = if time.ends_with("\u{1b}[0m") { "\u{1b}[0m" } else { "" };
            format!("{rest} | 0.12 s{reset}\n")
        }
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

fn compare_or_update(path: &Path, expected: &str) {
    if std::env::var_os("LOGITLAB_UPDATE").is_some() {
        std::fs::write(path, expected).unwrap();
        return;
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == expected,
        "{} is not what the binary prints now; LOGITLAB_UPDATE=1 cargo test --test binary readme:: writes it anew",
        path.display()
    );
}

/// The text between two marks, over and over: the blocks of one language.
fn block<'a>(text: &'a str, fence: &str) -> Option<(&'a str, &'a str, &'a str)> {
    let start = text.find(fence)? + fence.len();
    let end = start + text[start..].find("```")?;
    Some((&text[..start], &text[start..end], &text[end..]))
}

#[test]
fn console_blocks_are_what_the_binary_prints() {
    let path = root().join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (_, draft, _) = block(&readme, "```text\n").expect("the README has a claim of one's own");
    std::fs::write(folder.path().join("draft.proof"), draft).unwrap();
    std::fs::write(folder.path().join("dump.safetensors"), support::logits::tour()).unwrap();
    for (name, dump) in ["rollout", "trainer"].into_iter().zip(support::logits::engines()) {
        std::fs::write(folder.path().join(format!("{name}.safetensors")), dump).unwrap();
    }

    let mut written = String::new();
    let mut rest = readme.as_str();
    while let Some((before, content, after)) = block(rest, "```console\n") {
        let command = content.lines().next().unwrap();
        let arguments: Vec<&str> = command.strip_prefix("$ logitlab ").expect("a command").split(' ').collect();
        written += before;
        written += &format!("{command}\n{}", output(folder.path(), &arguments, false));
        rest = after;
    }
    written += rest;
    assert!(written.len() > readme.len() / 2);
    compare_or_update(&path, &written);
}

#[test]
fn the_picture_is_what_the_binary_prints() {
    let folder = tempfile::tempdir().unwrap();
    let prompt = format!("$ logitlab {}\n", PICTURED.join(" "));
    let screen = prompt + &output(folder.path(), PICTURED, true);
    let picture = anstyle_svg::Term::new().render_svg(&screen);
    compare_or_update(&root().join("docs/verify.svg"), &picture);
}

#[test]
fn the_plot_is_what_the_binary_draws() {
    let folder = tempfile::tempdir().unwrap();
    compare_or_update(&root().join("docs/compare.svg"), &output(folder.path(), PLOTTED, false));
}
