//! What Coq accepted is kept, and what is kept is not taken for more: it says from when it is, another program is
//! believed nothing that this one did not check, what is damaged is checked again, and on demand everything is.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support;
use logitlab::coq::{CompileError, Compiler};
use sha2::{Digest, Sha256};

const TRUE: &str = "Theorem one : 1 + 1 = 2.\nProof. reflexivity. Qed.\nPrint Assumptions one.\n";
const FALSE: &str = "Theorem one : 1 + 1 = 3.\nProof. reflexivity. Qed.\nPrint Assumptions one.\n";
const CLOSED: &str = "Closed under the global context\n";

/// A program that answers what `coqc` answers, and accepts everything.
fn accepts_everything(folder: &Path, coqc: &Path) -> PathBuf {
    let path = folder.join("coqc");
    let text = format!(
        "#!/bin/sh\ncase \"$1\" in -print-version|-where) exec {} \"$1\";; esac\nfor f; do :; done\n\
         case \"$f\" in *.v) : > \"${{f%.v}}.vo\";; esac\nprintf '{}'\n",
        coqc.display(),
        CLOSED.replace('\n', "\\n")
    );
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// The one entry of a module.
fn entry(cache: &Path, module: &str) -> PathBuf {
    let entries = fs::read_dir(cache).unwrap().map(|entry| entry.unwrap().path());
    let start = format!("{module}-");
    let mut found = entries.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(&start));
    let one = found.next().expect("an entry");
    assert_eq!(found.next(), None);
    one
}

#[test]
fn what_is_kept_says_so_and_is_checked_again_where_it_is_damaged() {
    let test = "what_is_kept_says_so_and_is_checked_again_where_it_is_damaged";
    let Some(coqc) = support::tool("coqc", test) else { return };
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let compiler = || Compiler::new(coqc.clone(), cache.clone()).expect("a complete Coq");
    let compile = |compiler: &Compiler| {
        let compiled = compiler.compile("One", TRUE).unwrap_or_else(|error| panic!("{error}"));
        (compiled.output, compiled.kept)
    };
    assert_eq!(compile(&compiler()), (CLOSED.to_string(), None));
    let (output, kept) = compile(&compiler());
    let kept = kept.expect("it is kept");
    assert_eq!((output.as_str(), &kept.version), (CLOSED, &compiler().version));
    assert!(kept.when.starts_with("20") && kept.when.ends_with(" UTC"), "{kept:?}");
    // Checked again, once.
    let fresh = compiler().fresh(true);
    assert_eq!(compile(&fresh).1, None);
    assert_eq!(compile(&fresh).1, None);
    assert!(compile(&compiler()).1.is_some());
    for name in ["One.v", "One.vo", "output.txt", "kept.txt"] {
        let path = entry(&cache, "One").join(name);
        for damage in
            [&|path: &Path| fs::write(path, "Axioms:\n").unwrap(), &|path: &Path| fs::remove_file(path).unwrap()]
                as [&dyn Fn(&Path); 2]
        {
            damage(&path);
            assert_eq!(compile(&compiler()), (CLOSED.to_string(), None), "{name}");
            assert!(compile(&compiler()).1.is_some());
        }
    }
    // Who can write all of an entry is believed, which is said, until everything is checked again.
    let path = entry(&cache, "One");
    let forged = "Axioms:\ncheat : False\n";
    let digest =
        |text: &str| Sha256::digest(text).iter().take(16).map(|byte| format!("{byte:02x}")).collect::<String>();
    let note = fs::read_to_string(path.join("kept.txt")).unwrap().replace(&digest(CLOSED), &digest(forged));
    fs::write(path.join("output.txt"), forged).unwrap();
    fs::write(path.join("kept.txt"), note).unwrap();
    let (output, kept) = compile(&compiler());
    assert!(output == forged && kept.is_some());
    assert_eq!(compile(&compiler().fresh(true)), (CLOSED.to_string(), None));
}

#[test]
fn another_program_is_not_believed() {
    let Some(coqc) = support::tool("coqc", "another_program_is_not_believed") else { return };
    let folder = tempfile::tempdir().unwrap();
    let other = accepts_everything(folder.path(), &coqc);
    let cache = folder.path().join("cache");
    let other = Compiler::new(other, cache.clone()).expect("it answers");
    assert!(other.compile("One", FALSE).is_ok());
    let real = Compiler::new(coqc, cache).expect("a complete Coq");
    assert_eq!(other.version, real.version);
    assert!(matches!(real.compile("One", FALSE), Err(CompileError::Rejected { .. })));
}

/// A false claim under the name of a theorem.
const ZERO_SUM: &str = "claim  zero-sum\ngiven  P : distribution, c : action, g : real\nshow   sum(g*(e[c] - P)) = 1\n";

/// A false one whose hypothesis would be true without its brackets.
const IMPLICATION: &str = "claim  self-regulation
given  q : distribution, c : action, s : real, t : real
given  q[c] = 0 => 0 <= s
given  s < t, t <= 1
let    at_s = s*e[c] + (1 - s)*q, at_t = t*e[c] + (1 - t)*q
show   |e[c] - at_s|^2 = (1 - s)^2*(1 + C(q))
show   |e[c] - at_t|^2 < |e[c] - at_s|^2
";

#[test]
fn the_judge_proves_no_other_statement_than_the_theorem() {
    let test = "the_judge_proves_no_other_statement_than_the_theorem";
    let Some(coqc) = support::tool("coqc", test) else { return };
    let folder = tempfile::tempdir().unwrap();
    let other = accepts_everything(folder.path(), &coqc);
    let verify = |path: &Path, name: &str, more: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_logitlab"))
            .args(["verify", name, "--judge", "coq"])
            .args(more)
            .current_dir(folder.path())
            .env("PATH", path.parent().unwrap())
            .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    for (name, text) in [("zero-sum.proof", ZERO_SUM), ("implication.proof", IMPLICATION)] {
        fs::write(folder.path().join(name), text).unwrap();
        let (_, out) = verify(&other, name, &["--fresh"]);
        assert!(out.contains("machine-checked by Coq"), "{out}");
        let (_, out) = verify(&other, name, &[]);
        assert!(out.contains("kept from 20") && out.contains("coqc 8"), "{out}");
        assert!(!out.contains("machine-checked"), "{out}");
        let (code, out) = verify(&coqc, name, &[]);
        assert_eq!(code, Some(1), "{out}");
        assert!(out.contains("not applicable") && out.contains("the statement differs from the theorem"), "{out}");
    }
    let (code, out) = verify(&coqc, "zero-sum", &[]);
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("proved"), "{out}");
}
