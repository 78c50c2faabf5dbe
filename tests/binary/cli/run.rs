//! Runs the binary in an empty folder and writes down all that a user sees.

use std::path::Path;
use std::process::{Command, Stdio};

/// A folder of the test's own with the given files.
pub fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

/// What the command printed, with times taken out, and its exit code.
pub fn transcript(folder: &Path, arguments: &[&str]) -> String {
    let (code, out, err) = run(folder, arguments, b"");
    let mut text = format!("$ logitlab {}\n", arguments.join(" "));
    text += &without_times(&out);
    text += &err;
    text + &format!("[exit code {code}]\n")
}

/// Exit code, standard output and standard error.
pub fn run(folder: &Path, arguments: &[&str], input: &[u8]) -> (i32, String, String) {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_logitlab"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("CLICOLOR_FORCE")
        .env("COLUMNS", "100")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input may be gone already.
    _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().expect("no signal"), text(output.stdout), text(output.stderr))
}

/// Replaces `| 0.12 s` at the end of lines.
fn without_times(text: &str) -> String {
    let line = |line: &str| match line.rsplit_once(" | ") {
        Some((rest, time)) if time.ends_with(" s") => format!("{rest} | [time]\n"),
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}
