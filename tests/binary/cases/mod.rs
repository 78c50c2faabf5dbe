//! Runs a folder of cases that once went wrong, each by the command that showed it, and compares the outcome with what
//! is right: `LOGITLAB_CASES=folder cargo test --test binary cases:: -- --nocapture`. Without the variable nothing
//! is run; what the cases stand for is held by the other tests, which make their own data.
//!
//! A line of `table.txt` is `files | arguments | exit code | what is printed`. `{}` in the arguments is the file with
//! its folder, `{dir}` the folder. Phrases are separated by `;`; one that starts with `!` must not be printed. A line
//! whose exit code is `later` is of a case that asks for something new, with what it asks for.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

const TABLE: &str = include_str!("table.txt");

struct Row<'t> {
    file: &'t str,
    arguments: &'t str,
    exit: &'t str,
    phrases: Vec<&'t str>,
}

fn rows() -> Vec<Row<'static>> {
    let row = |line: &'static str| {
        let fields: Vec<&str> = line.split('|').map(str::trim).collect();
        let [file, arguments, exit, phrases] = fields[..] else { panic!("not four fields: {line}") };
        Row {
            file,
            arguments,
            exit,
            phrases: phrases.split(';').map(str::trim).filter(|phrase| !phrase.is_empty()).collect(),
        }
    };
    TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(row).collect()
}

#[test]
fn every_case_has_its_right_outcome() {
    let Some(folder) = std::env::var_os("LOGITLAB_CASES") else {
        eprintln!("NOT RUN: every_case_has_its_right_outcome: LOGITLAB_CASES names no folder");
        return;
    };
    let folder = Path::new(&folder);
    let mut wrong = Vec::new();
    for row in rows() {
        if row.exit == "later" {
            println!("later  {}: {}", row.file, row.phrases.join("; "));
            continue;
        }
        let start = Instant::now();
        let (code, printed) = run(folder, &row);
        let flat = printed.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut problems: Vec<String> = row
            .phrases
            .iter()
            .filter(|phrase| match phrase.strip_prefix('!') {
                Some(phrase) => flat.contains(phrase),
                None => !flat.contains(**phrase),
            })
            .map(|phrase| format!("`{phrase}`"))
            .collect();
        if code.to_string() != row.exit {
            problems.push(format!("exit code {code}, not {}", row.exit));
        }
        let seconds = start.elapsed().as_secs_f64();
        let mark = if problems.is_empty() { "ok   " } else { "WRONG" };
        println!("{mark}  {} [{}] {seconds:.1} s  {}", row.file, row.arguments, problems.join(", "));
        if !problems.is_empty() {
            wrong.push(format!("{} [{}]: {}\n{printed}", row.file, row.arguments, problems.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows().len(), wrong.join("\n"));
}

fn run(folder: &Path, row: &Row<'_>) -> (i32, String) {
    let file = folder.join(row.file);
    let put = |word: &str| {
        word.replace("{}", &file.display().to_string()).replace("{dir}", &file.parent().unwrap().display().to_string())
    };
    let own = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_logitlab"))
        .args(row.arguments.split_whitespace().map(put))
        .current_dir(own.path())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout) + &text(&output.stderr))
}

#[test]
fn the_table_is_well_formed() {
    for row in rows() {
        assert!(row.exit == "later" || row.exit.parse::<i32>().is_ok(), "{}: {}", row.file, row.exit);
        assert!(!row.phrases.is_empty(), "{}: nothing is expected", row.file);
    }
}
