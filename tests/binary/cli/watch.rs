//! `logitlab verify --watch`: one block for each check, whatever becomes of the file, until Ctrl-C.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::cli::run::{folder, run};

const DRAFT: &str = "claim update
given P : distribution, c : action, g : real
show g = 0 => |g*(e[c] - P)|^2 = g^2*(1 - 2*P[c] + C(P))
proof
  lemma size : |e[c] - P|^2 = <e[c] - P,e[c] - P> by norm.square
  assume g = 0
    |g*(e[c] - P)|^2
      = g^2*|e[c] - P|^2 by norm.scale
      = g^2*<e[c] - P,e[c] - P> by size
      = g^2*(1 - 3*P[c] + C(P)) by algebra
qed
";

struct Watching {
    child: Child,
    out: std::path::PathBuf,
}

impl Watching {
    fn start(folder: &Path, arguments: &[&str]) -> Watching {
        let out = folder.join("printed.txt");
        let child = Command::new(env!("CARGO_BIN_EXE_logitlab"))
            .args(["verify", "--watch", "--judge", "script"])
            .args(arguments)
            .current_dir(folder)
            .env_remove("CLICOLOR_FORCE")
            .stdin(Stdio::null())
            .stdout(File::create(&out).unwrap())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        Watching { child, out }
    }

    /// The block of a check, once it is all there.
    fn block(&self, number: usize, last: &str) -> String {
        let start = Instant::now();
        loop {
            let text = fs::read_to_string(&self.out).unwrap();
            let head = format!("check {number} of ");
            if let Some(at) = text.find(&head).filter(|at| text[*at..].contains(last)) {
                return text[at..].to_string();
            }
            assert!(start.elapsed() < Duration::from_secs(60), "no check {number} with {last}:\n{text}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Ctrl-C; the exit code.
    fn end(mut self) -> Option<i32> {
        let killed = Command::new("sh").args(["-c", &format!("kill -INT {}", self.child.id())]).status().unwrap();
        assert!(killed.success());
        self.child.wait().unwrap().code()
    }
}

#[test]
fn a_file_is_checked_on_every_save_and_the_open_step_is_shown_with_what_is_known() {
    let folder = folder(&[("draft.proof", DRAFT.as_bytes())]);
    let path = folder.path().join("draft.proof");
    let watching = Watching::start(folder.path(), &["draft.proof"]);
    let block = watching.block(1, "to be shown there:");
    let known = block.split_once("known there:\n").unwrap().1;
    let expected = "  given  P : distribution, c : action, g : real
  size   |e[c] - P|^2 = <e[c] - P,e[c] - P>
  assumed g = 0
  so far |g*(e[c] - P)|^2 = g^2*<e[c] - P,e[c] - P>
to be shown there:
         |g*(e[c] - P)|^2 = g^2*(1 - 2*P[c] + C(P))
";
    assert_eq!(known.trim_end(), expected.trim_end(), "{block}");
    assert!(block.contains("draft.proof:10:7"), "{block}");
    // Written in place, replaced by another file, broken, and away for a while.
    let right = DRAFT.replace("1 - 3*P[c]", "1 - 2*P[c]");
    fs::write(&path, &right).unwrap();
    let block = watching.block(2, "the claim is as expected: 1 proved");
    assert!(!block.contains("first open step"), "{block}");
    fs::write(folder.path().join("new"), DRAFT).unwrap();
    fs::rename(folder.path().join("new"), &path).unwrap();
    watching.block(3, "to be shown there:");
    fs::write(&path, DRAFT.replace("given", "givn")).unwrap();
    watching.block(4, "did you mean `given`?");
    fs::remove_file(&path).unwrap();
    std::thread::sleep(Duration::from_millis(600));
    fs::write(&path, &right).unwrap();
    watching.block(5, "the claim is as expected: 1 proved");
    // The same bytes again are no change.
    fs::write(&path, &right).unwrap();
    std::thread::sleep(Duration::from_secs(3));
    let printed = fs::read_to_string(&watching.out).unwrap();
    assert!(!printed.contains("check 6 of "), "{printed}");
    assert!(!printed.contains('\u{1b}'), "{printed}");
    // The end of the last check.
    assert_eq!(watching.end(), Some(0));
}

#[test]
fn files_that_are_used_are_watched_too() {
    let lemma = "claim none given x : real show x - x = 0 proof x - x = 0 by ring qed\n";
    let draft = "use \"lemma.proof\"\nclaim twice given x : real show 2*(x - x) = 0 proof 2*(x - x) = 2*0 by none = 0 by ring qed\n";
    let folder = folder(&[("lemma.proof", lemma.as_bytes()), ("draft.proof", draft.as_bytes())]);
    let watching = Watching::start(folder.path(), &["draft.proof"]);
    watching.block(1, "the claim is as expected: 1 proved");
    fs::write(folder.path().join("lemma.proof"), lemma.replace("x - x = 0", "x - x = 1")).unwrap();
    let block = watching.block(2, "to be shown there:");
    assert!(block.contains("the claim `none` is cited, but its own proof is not accepted"), "{block}");
    assert_eq!(watching.end(), Some(1));
}

#[test]
fn what_cannot_be_watched_is_said() {
    let folder = folder(&[("draft.proof", DRAFT.as_bytes())]);
    for arguments in [&["zero-sum"][..], &["-"], &["sum(P) = 1"], &[], &["draft.proof", "--json"]] {
        let (code, _, err) = run(folder.path(), &[&["verify", "--watch"], arguments].concat(), b"");
        assert!(code == 2 && err.contains("--watch"), "{arguments:?}: {err}");
    }
}
