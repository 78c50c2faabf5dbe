//! Ctrl-C: what was finished is reported, and the exit code says that it is not all.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::cli::run::folder;

const ROWS: u64 = 1_000_000;
const COLUMNS: u64 = 1024;

/// A dump of zeros that would take long, batch after short batch, and takes no room on the disk.
fn sparse(path: &Path) {
    let (logits, all) = (4 * ROWS * COLUMNS, 4 * ROWS * COLUMNS + 8 * ROWS);
    let header = serde_json::json!({
        "logits": {"dtype": "F32", "shape": [ROWS, COLUMNS], "data_offsets": [0, logits]},
        "actions": {"dtype": "I64", "shape": [ROWS], "data_offsets": [logits, all]},
    });
    let header = header.to_string();
    let mut file = File::create(path).unwrap();
    file.write_all(&(header.len() as u64).to_le_bytes()).unwrap();
    file.write_all(header.as_bytes()).unwrap();
    file.set_len(8 + header.len() as u64 + all).unwrap();
}

/// What a command prints that gets Ctrl-C after a while, and its exit code.
fn interrupted(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let child = Command::new(env!("CARGO_BIN_EXE_logitlab"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("CLICOLOR_FORCE")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_secs(3));
    let killed = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap())
}

#[test]
fn what_was_finished_is_reported() {
    let folder = folder(&[]);
    for name in ["a.safetensors", "b.safetensors"] {
        sparse(&folder.path().join(name));
    }
    let (code, printed) = interrupted(folder.path(), &["doctor", "a.safetensors", "--modes", "f32"]);
    assert_eq!(code, Some(130), "{printed}");
    assert!(printed.starts_with("interrupted after ") && printed.contains("of 1000000 rows"), "{printed}");
    assert!(printed.contains("w <= 0"), "{printed}");

    let (code, printed) = interrupted(folder.path(), &["diff", "a.safetensors", "b.safetensors"]);
    assert_eq!(code, Some(130), "{printed}");
    assert!(printed.contains("KL(A || B)") && printed.contains("Stopped early"), "{printed}");
}
