//! What several test files share. Here: tools that a test compares with and that may not be installed, and the list of
//! what was left out for want of one.
#![allow(dead_code, reason = "each test binary uses only a part of this")]

pub mod coq;
pub mod latex;
pub mod logits;
pub mod statements;

use std::env;
use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The script whose table says what each tool is for and which package has it.
const SETUP: &str = include_str!("../../scripts/setup.sh");

/// What became of looking for a tool.
#[derive(Debug, PartialEq)]
pub enum Lookup {
    /// It is installed, here.
    Found(PathBuf),
    /// It is not, and the test is to be left out with this line.
    NotRun(String),
    /// It is not, and this machine promised to have it: the test is to fail with this line.
    Required(String),
}

/// Where `tool` is, for the test of the name `test`. Where it is not installed the answer is `None`, after a line
/// `NOT RUN` that says so; but if `LOGITLAB_REQUIRE` (a comma-separated list) names the tool, the test fails.
///
/// ```ignore
/// let Some(gp) = support::tool("gp", "determinants_agree_with_gp") else { return };
/// ```
pub fn tool(tool: &str, test: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let require = env::var("LOGITLAB_REQUIRE").unwrap_or_default();
    match look_up(tool, test, &path, &require) {
        Lookup::Found(path) => Some(path),
        Lookup::NotRun(line) => {
            not_run(&line);
            None
        }
        Lookup::Required(line) => panic!("{line}"),
    }
}

/// Says at once that something was left out, by a line `NOT RUN: test: why`, and adds it to the file that
/// `LOGITLAB_NOT_RUN` names, which `scripts/not-run.sh` prints when all tests have ended.
pub fn not_run(line: &str) {
    // Not `eprintln!`: of a test that passes, the harness would swallow that.
    writeln!(io::stderr(), "{line}").expect("standard error can be written to");
    if let Some(list) = env::var_os("LOGITLAB_NOT_RUN") {
        list_in(Path::new(&list), line);
    }
}

/// Adds `line` to the file `list`, by one write: tests run side by side.
pub fn list_in(list: &Path, line: &str) {
    let mut file = OpenOptions::new().create(true).append(true).open(list).expect("the list of LOGITLAB_NOT_RUN opens");
    file.write_all(format!("{line}\n").as_bytes()).expect("the list can be added to");
}

/// [`tool`], with the environment as parameters.
pub fn look_up(tool: &str, test: &str, path: &OsStr, require: &str) -> Lookup {
    let hint =
        how_to_get(tool).unwrap_or_else(|| panic!("{tool} has no line in the table of scripts/setup.sh: add it"));
    if let Some(found) = env::split_paths(path).map(|dir| dir.join(tool)).find(|file| is_executable(file)) {
        return Lookup::Found(found);
    }
    if require.split(',').any(|name| name.trim() == tool) {
        Lookup::Required(format!("{test}: {tool} is not installed ({hint}), and LOGITLAB_REQUIRE names it"))
    } else {
        Lookup::NotRun(format!("NOT RUN: {test}: {tool} is not installed ({hint})"))
    }
}

/// How `tool` is installed, by its line in the table of `scripts/setup.sh`.
fn how_to_get(tool: &str) -> Option<String> {
    SETUP.lines().map(|line| line.split('|').collect::<Vec<_>>()).find_map(|fields| match fields[..] {
        [name, need, debian, ..] if name == tool => {
            let target = match need {
                "required" => "setup",
                "proofs" => "setup-proofs",
                "tests" => "setup-tests",
                _ => "setup-all",
            };
            Some(format!("make {target}, or apt-get install {debian}"))
        }
        _ => None,
    })
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}
