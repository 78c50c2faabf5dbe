//! README.md and the book show what the binary prints: every `console` block of theirs is run, every field that a
//! table of `--json` names is printed and the other way round, and the pictures are drawn from runs.
//!
//! After a change of the output, `LOGITLAB_UPDATE=1 cargo test --test binary readme::` writes all anew; read the
//! difference.
//!
//! What a page may say:
//!
//! - a block `console`: lines `$ logitlab ...` are run in turn, in the page's own folder; `$ echo $?` shows the exit
//!   code of the command before it;
//! - a block with `file=NAME` behind its language: its text is put into that folder first;
//! - a block `sh json`: the commands print JSON, whose fields are those of the tables up to the next heading;
//! - `<!-- table: NAME -->`: up to `<!-- end -->` stands what one of [`TABLES`] makes of a registry.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

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

/// A table by its name.
type Table = (&'static str, fn() -> String);

/// The tables of registries that no command prints.
const TABLES: &[Table] = &[
    ("rules of the kernel", rules),
    ("columns of rows", columns_of_rows),
    ("columns of steps", columns_of_steps),
    ("checks of steps", checks_of_steps),
    ("files that are written", writers),
];

/// Where a table ends.
const END: &str = "<!-- end -->";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).into()
}

/// README.md and every page of the book.
fn pages() -> Vec<PathBuf> {
    fn markdown(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                markdown(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    let mut found = vec![root().join("README.md")];
    markdown(&root().join("docs/book/src"), &mut found);
    found.sort();
    found
}

fn run(folder: &Path, arguments: &[&str], colour: bool) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_logitlab"));
    command.args(arguments).current_dir(folder).env_remove("NO_COLOR").env_remove("COLUMNS");
    if colour {
        command.env("CLICOLOR_FORCE", "1");
    } else {
        command.env_remove("CLICOLOR_FORCE");
    }
    command.output().unwrap()
}

/// What a command prints that has nothing to complain of; of unusable input (exit code 2) the complaint.
fn shown(output: &Output) -> String {
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.code() == Some(2) {
        return without_times(&format!("{out}{error}"));
    }
    assert!(error.is_empty(), "{error}");
    without_times(&out)
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
    let found = std::fs::read_to_string(path).unwrap_or_default();
    if found == expected {
        return;
    }
    if std::env::var_os("LOGITLAB_UPDATE").is_some() {
        std::fs::write(path, expected).unwrap();
        return;
    }
    let line = 1 + found.lines().zip(expected.lines()).take_while(|(found, expected)| found == expected).count();
    panic!(
        "{}:{line}: this is not what the binary prints now; LOGITLAB_UPDATE=1 cargo test --test binary readme:: writes it anew",
        path.display()
    );
}

/// The words of a command as a shell takes them apart, as far as quotes go.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quote) = (None::<String>, None);
    for c in command.chars() {
        match (c, quote) {
            (c, Some(q)) if c == q => quote = None,
            ('\'' | '"', None) => {
                word.get_or_insert_default();
                quote = Some(c);
            }
            (' ', None) => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    assert!(quote.is_none(), "{command}: a quote is not closed");
    words.extend(word);
    words
}

fn logitlab(folder: &Path, command: &str) -> Output {
    let words =
        words(command.strip_prefix("logitlab ").unwrap_or_else(|| panic!("`{command}` is no logitlab command")));
    run(folder, &words.iter().map(String::as_str).collect::<Vec<_>>(), false)
}

/// The file that `logitlab text-policy` writes, made once.
static POLICY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    shown(&run(folder.path(), &["text-policy", "--out", "policy.safetensors"], false));
    std::fs::read(folder.path().join("policy.safetensors")).unwrap()
});

/// A folder with the files that pages may use without making them; the page "The files of the examples" tells of them.
fn folder(page: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("dump.safetensors"), support::logits::tour()).unwrap();
    for (name, dump) in ["rollout", "trainer"].into_iter().zip(support::logits::engines()) {
        std::fs::write(folder.path().join(format!("{name}.safetensors")), dump).unwrap();
    }
    if page.contains("policy.safetensors") {
        std::fs::write(folder.path().join("policy.safetensors"), &*POLICY).unwrap();
    }
    folder
}

/// A page with what the binary prints now.
fn rewritten(page: &str, folder: &Path) -> String {
    let mut written = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        written += &format!("{line}\n");
        if let Some(name) = line.strip_prefix("<!-- table: ").and_then(|rest| rest.strip_suffix(" -->")) {
            let (_, table) = TABLES.iter().find(|(known, _)| *known == name).expect("a table of this name");
            assert!(lines.by_ref().any(|line| line == END), "the table `{name}` has no end");
            written += &format!("\n{}\n{END}\n", table());
        }
        let fence = &line[..line.len() - line.trim_start_matches('`').len()];
        if fence.len() < 3 {
            continue;
        }
        let content: Vec<&str> = lines.by_ref().take_while(|line| *line != fence).collect();
        let mut info = line[fence.len()..].split(' ');
        if let Some(name) = info.clone().find_map(|word| word.strip_prefix("file=")) {
            assert!(written.contains(&format!("`{name}`")), "the text before the block does not name {name}");
            std::fs::write(folder.join(name), content.join("\n") + "\n").unwrap();
        }
        if info.next() == Some("console") {
            let mut code = None;
            for command in content.iter().filter_map(|line| line.strip_prefix("$ ")) {
                written += &format!("$ {command}\n");
                if command == "echo $?" {
                    written += &format!("{}\n", code.expect("a command before"));
                    continue;
                }
                let output = logitlab(folder, command);
                code = output.status.code();
                written += &shown(&output);
            }
        } else {
            written.extend(content.iter().map(|line| format!("{line}\n")));
        }
        written += &format!("{fence}\n");
    }
    written
}

/// A table: its headings, and its rows cell by cell.
fn table<'a>(headings: &[&str], rows: impl Iterator<Item = Vec<String>> + 'a) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let headings: Vec<String> = headings.iter().map(|&heading| heading.into()).collect();
    line(&headings) + &"|---".repeat(headings.len()) + "|\n" + &rows.map(|row| line(&row)).collect::<String>()
}

/// Text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Code in a cell of a table.
fn code(text: &str) -> String {
    format!("`{}`", cell(text))
}

fn rules() -> String {
    let row = |rule: &logitlab::proof::Rule| {
        let laws: Vec<String> = rule.laws.iter().map(|law| code(law)).collect();
        let why = format!("{}{}", if rule.axiom { "**on trust**: " } else { "" }, rule.source);
        vec![code(rule.name), laws.join("<br>"), why]
    };
    table(&["rule", "laws", "why"], logitlab::proof::RULES.iter().map(row))
}

fn columns_of_rows() -> String {
    let row = |column: &logitlab::measure::Column| {
        let ends = ["lo", "hi"].map(|end| code(&format!("{}_{end}", column.name)));
        vec![ends.join(", "), column.unit.into(), cell(column.what), if column.step { "a step" } else { "" }.into()]
    };
    table(&["field", "unit", "what is between them", "asks for"], logitlab::measure::COLUMNS.iter().map(row))
}

fn columns_of_steps() -> String {
    let columns = logitlab::dynamics::table::COLUMNS.iter();
    let row =
        |column: &logitlab::dynamics::table::Column| vec![code(column.name), column.unit.into(), cell(column.what)];
    table(&["column", "unit", "what it is"], columns.map(row))
}

fn checks_of_steps() -> String {
    let row = |check: &logitlab::dynamics::Check| {
        vec![code(check.name), check.claim.into(), code(check.show), check.within.map(code).unwrap_or_default()]
    };
    table(&["check", "claim", "as it stands", "by 1 %"], logitlab::dynamics::CHECKS.iter().map(row))
}

fn writers() -> String {
    let row = |writer: &logitlab::measure::Writer| vec![code(&format!(".{}", writer.suffix)), writer.what.into()];
    table(&["suffix", "what is written"], logitlab::measure::WRITERS.iter().map(row))
}

/// No command prints which files are read; the page about them is to name each.
#[test]
fn every_format_of_logits_is_told() {
    let page = std::fs::read_to_string(root().join("docs/book/src/reference/files.md")).unwrap();
    for suffix in logitlab::source::FORMATS.iter().flat_map(|format| format.suffixes) {
        assert!(page.contains(&format!("| .{suffix}")) || page.contains(&format!(", .{suffix}")), "{suffix}");
    }
}

#[test]
fn console_blocks_are_what_the_binary_prints() {
    for path in pages() {
        let page = std::fs::read_to_string(&path).unwrap();
        let folder = folder(&page);
        compare_or_update(&path, &rewritten(&page, folder.path()));
    }
}

/// A field of a JSON document: the names on the way to it, `[]` for any element of an array, and at the end [`NOTHING`]
/// where there could be more below it.
type Field = Vec<String>;

/// What stands for the parts of what is `null` or empty: another run may have some.
const NOTHING: &str = "?";

fn fields(value: &serde_json::Value, at: &Field, found: &mut BTreeSet<Field>) {
    let below = |name: &str| at.iter().cloned().chain([name.to_owned()]).collect();
    match value {
        serde_json::Value::Object(members) => {
            members.iter().for_each(|(name, value)| fields(value, &below(name), found));
        }
        serde_json::Value::Array(values) if !values.is_empty() => {
            values.iter().for_each(|value| fields(value, &below("[]"), found));
        }
        serde_json::Value::Array(_) | serde_json::Value::Null => _ = found.insert(below(NOTHING)),
        _ => _ = found.insert(at.clone()),
    }
}

/// A field as a table writes it, such as `rates[].windows[].k`; a part in `<>` stands for any name, and `*` for all
/// that is below.
fn pattern(text: &str) -> Field {
    let part = |part: &str| {
        let name = part.trim_end_matches("[]");
        let arrays = (part.len() - name.len()) / 2;
        Some(name.to_owned()).into_iter().filter(|name| !name.is_empty()).chain(vec!["[]".to_owned(); arrays])
    };
    text.split('.').flat_map(part).collect::<Vec<_>>()
}

/// Whether a row for `pattern` with this text speaks of `field`: below a `*` the text has to name it in backticks.
fn speaks_of((pattern, text): &(Field, &str), field: &Field) -> bool {
    let mut parts = field.iter();
    for pattern in pattern {
        match parts.next() {
            Some(part) if part == NOTHING => return true,
            Some(part) if pattern == "*" => {
                let name = parts.rfind(|part| ![NOTHING, "[]"].contains(&part.as_str())).unwrap_or(part);
                return text.contains(&format!("`{name}`"));
            }
            Some(part) if part == pattern || pattern.starts_with('<') => {}
            _ => return false,
        }
    }
    parts.next().is_none_or(|part| part == NOTHING)
}

/// The fields of a row: its first cell has them, each in backticks.
fn told(row: &str) -> impl Iterator<Item = &str> {
    row[2..].split(" | ").next().unwrap_or_default().split('`').skip(1).step_by(2)
}

/// What is wrong with the tables of fields of a page.
fn complaints(page: &str, folder: &Path) -> Vec<String> {
    let mut complaints = Vec::new();
    for section in page.split("\n```sh json\n").skip(1) {
        let (commands, rest) = section.split_once("\n```\n").expect("the block ends");
        let rows = rest.lines().take_while(|line| !line.starts_with('#')).filter(|line| line.starts_with("| `"));
        let told: Vec<(Field, &str)> = rows.flat_map(|row| told(row).map(move |text| (pattern(text), row))).collect();
        let mut found = BTreeSet::new();
        for command in commands.lines() {
            let out = shown(&logitlab(folder, command));
            let documents = serde_json::Deserializer::from_str(&out).into_iter::<serde_json::Value>();
            for document in documents {
                let document = document.unwrap_or_else(|error| panic!("`{command}` prints no JSON: {error}\n{out}"));
                fields(&document, &Field::new(), &mut found);
            }
        }
        assert!(!found.is_empty(), "{commands}: no field");
        let name = |field: &Field| field.join(".").replace(".[]", "[]");
        let untold = found.iter().filter(|field| !told.iter().any(|row| speaks_of(row, field)));
        complaints.extend(untold.map(|field| format!("`{}` of `{commands}` has no row", name(field))));
        let stale = told.iter().filter(|row| !found.iter().any(|field| speaks_of(row, field)));
        complaints.extend(stale.map(|(row, _)| format!("`{}`: `{commands}` does not print it", name(row))));
    }
    complaints
}

#[test]
fn every_field_of_json_has_a_row_and_every_row_a_field() {
    let mut checked = 0;
    for path in pages() {
        let page = std::fs::read_to_string(&path).unwrap();
        let blocks = page.matches("\n```sh json\n").count();
        if blocks == 0 {
            continue;
        }
        checked += blocks;
        let folder = folder(&page);
        // This puts the files of the page there, too.
        rewritten(&page, folder.path());
        let complaints = complaints(&page, folder.path());
        assert!(complaints.is_empty(), "{}:\n{}", path.display(), complaints.join("\n"));
    }
    assert!(checked > 0);
}

#[test]
fn a_field_without_a_row_and_a_row_without_a_field_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let page =
        |rows: &str| format!("\n```sh json\nlogitlab derive zero-sum --json\n```\n\n{rows}\n# Next\n| `x` | |\n");
    let rows = "| `schema` | |\n| `id` | |\n| `found` | |\n| `steps` | |\n| `missing[]` | |\n| `defined` | |\n\
                | `counterexample` | |";
    assert_eq!(complaints(&page(rows), folder.path()), [""; 0]);
    let changed = rows.replace("`steps`", "`moves`");
    let found = complaints(&page(&changed), folder.path());
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("`steps` of") && found[1].starts_with("`moves`: "), "{found:?}");
    let all = "| `*` | all: `schema`, `id`, `found`, `missing`, `defined`, `counterexample` |";
    let found = complaints(&page(all), folder.path());
    assert_eq!((found.len(), found[0].split(' ').next()), (1, Some("`steps`")), "{found:?}");
}

#[test]
fn a_page_is_rewritten_where_it_is_not_what_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let page = "`a.proof`:\n```text file=a.proof\nclaim a\nshow 1 = 1\n```\n\n\
                ````console\n$ logitlab show a.proof\nstale\n$ echo $?\n````\nend\n";
    let written = rewritten(page, folder.path());
    assert!(written.contains("$ logitlab show a.proof\nclaim  a\n"), "{written}");
    assert!(written.ends_with("\n$ echo $?\n0\n````\nend\n") && !written.contains("stale"), "{written}");
    assert_eq!(words("derive \"a = b\" --given 'P : vector' x"), ["derive", "a = b", "--given", "P : vector", "x"]);
}

#[test]
fn the_picture_is_what_the_binary_prints() {
    let folder = tempfile::tempdir().unwrap();
    let prompt = format!("$ logitlab {}\n", PICTURED.join(" "));
    let screen = prompt + &shown(&run(folder.path(), PICTURED, true));
    let picture = anstyle_svg::Term::new().render_svg(&screen);
    compare_or_update(&root().join("docs/book/src/pictures/verify.svg"), &picture);
}

#[test]
fn the_plot_is_what_the_binary_draws() {
    let folder = tempfile::tempdir().unwrap();
    let plot = shown(&run(folder.path(), PLOTTED, false));
    compare_or_update(&root().join("docs/book/src/pictures/compare.svg"), &plot);
}
