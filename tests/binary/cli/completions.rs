//! What the shell completes: options, and the names that arguments take, besides files where they take those.

use std::process::Command;

use logitlab::proof::{LOCAL, PROCEDURES, RULES};

use crate::cli::run::{folder, run};

fn script(shell: &str) -> String {
    let folder = folder(&[]);
    let (code, out, err) = run(folder.path(), &["completions", shell], b"");
    assert_eq!((code, err.as_str()), (0, ""));
    out
}

#[test]
fn names_of_claims_rules_modes_and_formats_are_known_to_shells() {
    let rules = RULES.iter().map(|rule| rule.name).chain(PROCEDURES.iter().map(|(name, ..)| *name));
    let rules: Vec<&str> = rules.chain(LOCAL.iter().map(|(name, _)| *name)).collect();
    for shell in ["bash", "zsh", "fish"] {
        let script = script(shell);
        let words: std::collections::HashSet<&str> =
            script.split(|c: char| !c.is_ascii_alphanumeric() && !"-.:+_".contains(c)).collect();
        let missing: Vec<&&str> = rules.iter().filter(|rule| !words.contains(**rule)).collect();
        assert!(missing.is_empty(), "{shell}: {missing:?}");
        for name in ["norm-identity", "study-modes", "e4m3fn", "bf16", "tail", "lse-naive", "exhaustive"] {
            assert!(words.contains(name), "{shell}: {name}");
        }
    }
    // What stands for files in the making stands in no script.
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(!script(shell).contains("@files"), "{shell}");
    }
    assert!(script("zsh").contains("\"files:file:_files\""));
}

/// What bash offers where the cursor stands after these words.
fn offered(words: &[&str]) -> Vec<String> {
    let folder = folder(&[("logitlab.bash", script("bash").as_bytes())]);
    let line = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
    let (last, before) = (words.len() - 1, words[words.len() - 2]);
    let code = format!(
        "source logitlab.bash; COMP_WORDS=({line}); COMP_CWORD={last}; \
         _logitlab logitlab '{}' '{before}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words[last]
    );
    let output = Command::new("bash").args(["--norc", "-c", &code]).current_dir(folder.path()).output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_string).collect()
}

#[test]
fn bash_offers_them() {
    assert_eq!(offered(&["logitlab", "verify", "norm-i"]), ["norm-identity"]);
    assert_eq!(offered(&["logitlab", "prove", "norm-i"]), ["norm-identity"]);
    assert_eq!(offered(&["logitlab", "derive", "norm-i"]), ["norm-identity"]);
    assert_eq!(offered(&["logitlab", "show", "log.prod"]), ["log.product"]);
    assert_eq!(offered(&["logitlab", "compare", "--modes", "e4m3fn"])[0], "e4m3fn");
    assert_eq!(offered(&["logitlab", "verify", "--judge", "exact:"]), ["exact:rug", "exact:num-bigint"]);
    assert!(offered(&["logitlab", "round", "--format", "bf"]).contains(&"bf16".to_string()));
    // Nothing here is a name, so that bash goes on with files.
    assert_eq!(offered(&["logitlab", "verify", "my.pr"]), [""]);
}
