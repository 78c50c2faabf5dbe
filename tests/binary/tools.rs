//! The tools around the crate: how a test finds one, and how `scripts/setup.sh` provides them.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use crate::support::{self, Lookup, look_up};
use tempfile::TempDir;

/// A directory with an executable for each of `tools`: all that a search path holds.
fn dir_with(tools: &[&str]) -> TempDir {
    let dir = TempDir::new().expect("a temporary directory");
    for tool in tools {
        script(dir.path(), tool, "exit 0");
    }
    dir
}

/// Held while a script is written and while a process is started: a process started by one test inherits, until it
/// runs its program, the files that others are writing, and a script that is open for writing cannot be run.
static SCRIPTS: Mutex<()> = Mutex::new(());

fn script(dir: &Path, name: &str, body: &str) {
    let _guard = SCRIPTS.lock().unwrap_or_else(PoisonError::into_inner);
    let file = dir.join(name);
    fs::write(&file, format!("#!/bin/sh\n{body}\n")).expect("the script is written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("the script is made executable");
}

#[test]
fn a_tool_on_the_path_is_found() {
    let (empty, dir) = (dir_with(&[]), dir_with(&["gp"]));
    let path = std::env::join_paths([empty.path(), dir.path()]).expect("a search path");
    assert_eq!(look_up("gp", "t", &path, ""), Lookup::Found(dir.path().join("gp")));
    assert_eq!(look_up("gp", "t", &path, "gp"), Lookup::Found(dir.path().join("gp")));
}

#[test]
fn a_file_that_cannot_be_run_is_not_a_tool() {
    let dir = dir_with(&[]);
    fs::write(dir.path().join("gp"), "").expect("the file is written");
    assert!(matches!(look_up("gp", "t", dir.path().as_os_str(), ""), Lookup::NotRun(_)));
}

#[test]
fn a_missing_tool_leaves_the_test_out_and_says_so() {
    let line = "NOT RUN: t: gp is not installed (make setup-tests, or apt-get install pari-gp)";
    for require in ["", "m4", "gpu,m4"] {
        assert_eq!(look_up("gp", "t", OsStr::new(""), require), Lookup::NotRun(line.into()));
    }
}

#[test]
fn a_missing_tool_that_is_required_fails_the_test() {
    let line = "t: gp is not installed (make setup-tests, or apt-get install pari-gp), and LOGITLAB_REQUIRE names it";
    for require in ["gp", "m4,gp", "m4, gp ,coqc"] {
        assert_eq!(look_up("gp", "t", OsStr::new(""), require), Lookup::Required(line.into()));
    }
}

#[test]
#[should_panic(expected = "scripts/setup.sh")]
fn a_tool_that_setup_does_not_know_is_a_mistake_in_the_test() {
    look_up("no-such-tool", "t", OsStr::new(""), "");
}

/// What `scripts/setup.sh` needs to have found before it looks at its own table.
const BASE: [&str; 3] = ["cargo", "cc", "make"];

/// Runs `scripts/setup.sh` with only `dir` on its search path: its exit code, what it printed and what it complained.
fn setup(dir: &Path, args: &[&str], setup: &str) -> (Option<i32>, String, String) {
    let guard = SCRIPTS.lock().unwrap_or_else(PoisonError::into_inner);
    let child = Command::new("/bin/sh")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/setup.sh"))
        .args(args)
        .env("PATH", dir)
        .env("SETUP", setup)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the script is run");
    drop(guard);
    let output = child.wait_with_output().expect("the script ends");
    let text = |bytes| String::from_utf8(bytes).expect("the script prints UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// `dir`, with the commands that installing takes: `id` that says `uid`, and the real `env` and `tail`.
fn dir_for_installing(uid: u32) -> TempDir {
    let dir = dir_with(&BASE);
    script(dir.path(), "id", &format!("echo {uid}"));
    for tool in ["env", "tail", "chmod"] {
        let real =
            [format!("/usr/bin/{tool}"), format!("/bin/{tool}")].into_iter().find(|file| Path::new(file).exists());
        symlink(real.expect("a Unix has it"), dir.path().join(tool)).expect("the link is made");
    }
    dir
}

/// The body of an `apt-get` that installs the packages of the table into `dir`, once its lists are fetched.
fn apt_get(dir: &Path) -> String {
    format!(
        r#"cd '{}'
[ "$DEBIAN_FRONTEND" = noninteractive ] || exit 1
for last; do
    case $last in update) : >lists ;; esac
done
[ -e lists ] || {{ echo "E: Unable to locate package $last"; exit 100; }}
case $last in m4) new=m4 ;; libcoq-interval) new=coqc ;; pari-gp) new=gp ;; texlive-latex-recommended) new=pdflatex ;; gappa | sollya | python3 | chromium | z3) new=$last ;; *) exit 0 ;; esac
echo '#!/bin/sh' >$new && chmod +x $new"#,
        dir.display()
    )
}

const M4: &str = "get it with: apt-get install m4 | dnf install m4 | brew install m4\n";

#[test]
fn setup_has_nothing_to_say_when_everything_is_there() {
    let dir = dir_with(&[&BASE[..], &["m4"]].concat());
    for switch in ["yes", "no"] {
        assert_eq!(setup(dir.path(), &[], switch), (Some(0), String::new(), String::new()));
    }
}

#[test]
fn setup_has_nothing_to_say_on_this_machine() {
    let name = "setup_has_nothing_to_say_on_this_machine";
    let Some(m4) = support::tool("m4", name) else { return };
    let dir = dir_with(&BASE);
    symlink(m4, dir.path().join("m4")).expect("the link is made");
    assert_eq!(setup(dir.path(), &[], "no"), (Some(0), String::new(), String::new()));
}

#[test]
fn setup_that_may_not_install_names_what_is_missing() {
    let dir = dir_with(&BASE);
    let line = format!("setup: m4 is missing (the build of GMP runs it) and SETUP=no forbids installing it; {M4}");
    assert_eq!(setup(dir.path(), &[], "no"), (Some(2), String::new(), line));
}

#[test]
fn setup_that_cannot_install_names_what_is_missing() {
    let missing = "setup: m4 is missing (the build of GMP runs it) and";

    let dir = dir_for_installing(0);
    let line = format!("{missing} there is no apt-get to install it with; {M4}");
    assert_eq!(setup(dir.path(), &[], "yes"), (Some(2), String::new(), line));

    let dir = dir_for_installing(1000);
    script(dir.path(), "apt-get", "exit 0");
    let line = format!("{missing} installing it takes root or sudo; {M4}");
    assert_eq!(setup(dir.path(), &[], "yes"), (Some(2), String::new(), line));

    let dir = dir_for_installing(0);
    script(dir.path(), "apt-get", "echo 'E: no network' >&2; exit 100");
    let (code, _, complaint) = setup(dir.path(), &[], "yes");
    assert_eq!(code, Some(2));
    assert_eq!(complaint, format!("{missing} apt-get did not install it: E: no network; {M4}"));
}

#[test]
fn setup_installs_what_is_missing_and_says_why() {
    let said = "setup: installing the package m4 (the build of GMP runs it; download and disk: 0.3 MB, 1 MB)\n";
    for uid in [0, 1000] {
        let dir = dir_for_installing(uid);
        script(dir.path(), "apt-get", &apt_get(dir.path()));
        script(dir.path(), "sudo", "[ \"$1\" != -n ] || shift\nexec \"$@\"");
        assert_eq!(setup(dir.path(), &[], "yes"), (Some(0), said.into(), String::new()));
        assert!(dir.path().join("m4").exists() && !dir.path().join("gp").exists(), "only what is required");
        assert_eq!(setup(dir.path(), &[], "yes"), (Some(0), String::new(), String::new()));
    }
}

#[test]
fn setup_of_the_tests_installs_what_they_judge_with() {
    let dir = dir_for_installing(0);
    script(dir.path(), "apt-get", &apt_get(dir.path()));
    let (code, said, complaint) = setup(dir.path(), &["tests"], "yes");
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
    assert!(said.contains("installing the packages coq libcoq-interval (the theorems of proofs/coq"), "{said}");
    assert!(dir.path().join("coqc").exists() && !dir.path().join("python3").exists(), "and nothing else");
}

#[test]
fn setup_of_the_proofs_installs_coq_alone() {
    let dir = dir_for_installing(0);
    script(dir.path(), "apt-get", &apt_get(dir.path()));
    let (code, _, complaint) = setup(dir.path(), &["proofs"], "yes");
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
    assert!(dir.path().join("coqc").exists() && !dir.path().join("gappa").exists(), "and nothing else");
}

#[test]
fn the_tests_can_do_without_what_setup_cannot_install_for_them() {
    let dir = dir_with(&[&BASE[..], &["m4"]].concat());
    let (code, said, complaint) = setup(dir.path(), &["tests"], "no");
    assert_eq!((code, said.as_str()), (Some(0), ""));
    assert!(complaint.contains("coqc is missing"), "{complaint}");
    assert_eq!(setup(dir.path(), &["all"], "no").0, Some(2));
}

#[test]
fn setup_of_all_installs_the_optional_tools_too() {
    let dir = dir_for_installing(0);
    script(dir.path(), "apt-get", &apt_get(dir.path()));
    let (code, said, complaint) = setup(dir.path(), &["all"], "yes");
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
    assert!(said.contains("the package python3 (a test runs the code"), "{said}");
    assert!(["coqc", "gp", "python3"].iter().all(|tool| dir.path().join(tool).exists()));
}

#[test]
fn setup_names_each_missing_part_of_the_toolchain() {
    for absent in BASE {
        let tools: Vec<&str> = BASE.into_iter().chain(["m4"]).filter(|&tool| tool != absent).collect();
        let (code, said, complaint) = setup(dir_with(&tools).path(), &[], "yes");
        assert_eq!((code, said.as_str()), (Some(2), ""));
        assert!(complaint.starts_with(&format!("setup: {absent} is missing; get ")), "{complaint}");
        assert_eq!(complaint.lines().count(), 1, "{complaint}");
    }
}

/// Runs `scripts/not-run.sh` on a shell that runs `command`: its exit code and what it printed.
fn not_run(command: &str) -> (Option<i32>, String) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/not-run.sh");
    let output = Command::new(script).args(["sh", "-c", command]).output().expect("the script is run");
    (output.status.code(), String::from_utf8(output.stdout).expect("the script prints UTF-8"))
}

#[test]
fn what_was_left_out_is_listed_at_the_end() {
    let add = |lines: &str, end: &str| not_run(&format!("printf '{lines}' >>$LOGITLAB_NOT_RUN; echo the tests; {end}"));
    let head = "the tests\nleft out (make setup-all installs what Debian has of it):\n";
    let two = "NOT RUN: b: gp is not installed\\nNOT RUN: a: gp is not installed\\nNOT RUN: b: gp is not installed\\n";
    let lines = "NOT RUN: a: gp is not installed\nNOT RUN: b: gp is not installed\n";
    assert_eq!(add(two, ""), (Some(0), format!("{head}{lines}")));
    assert_eq!(add(two, "exit 101"), (Some(101), format!("{head}{lines}")));
    let all = "the tests\nevery judge ran: nothing was left out for want of a tool\n";
    assert_eq!(add("", ""), (Some(0), all.into()));
    assert_eq!(add("", "exit 101"), (Some(101), "the tests\n".into()), "it may have ended before its time");
}

#[test]
fn lines_are_added_to_the_list() {
    let dir = dir_with(&[]);
    let list = dir.path().join("list");
    std::thread::scope(|scope| {
        for k in 0..9 {
            let list = &list;
            scope.spawn(move || support::list_in(list, &format!("NOT RUN: {k}")));
        }
    });
    let text = fs::read_to_string(&list).expect("the list was made");
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, (0..9).map(|k| format!("NOT RUN: {k}")).collect::<Vec<_>>());
}
