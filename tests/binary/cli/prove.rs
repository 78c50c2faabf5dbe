//! `logitlab prove`: what it finds is a claim that `logitlab verify` reads, and into a file comes the proof alone.

use std::path::Path;

use logitlab::claims::{Collection, parse};
use serde_json::Value;

use crate::cli::run::{folder, run};

const GIVEN: &str = "P : distribution, c : action, g : real";
const ZERO: &str = "sum(g*(e[c] - P)) = 0";

/// Two claims without a proof and one with, with comments and spaces that nobody else would write.
const DRAFT: &str = "# Of a draft.
claim  zero-mass
title  \"An update moves no mass\"
source \"Draft, eq. (3)\"
given  P : distribution, c : action, g : real   # the update
show   sum(g*(e[c] - P))   =  0  # to be shown

# The next one.
claim false-one
given P : distribution
show C(P) = 1

claim has-one
given P : distribution, c : action
show sum(e[c] - P) = 0
proof   # by hand
  sum(e[c] - P) = sum(e[c]) - sum(P) by sum.linear
    = 1 - 1 by sum.unit, distribution.sum
    = 0 by ring
qed # the end
# After all.
";

#[test]
fn prints_a_claim_that_verify_reads() {
    let folder = folder(&[]);
    let (code, out, err) = run(folder.path(), &["prove", ZERO, "--given", GIVEN], b"");
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.starts_with("# found by a search, ") && out.contains("; checked by the kernel\n"), "{out}");
    let claim = parse(&out).unwrap();
    assert_eq!((claim.id.as_str(), claim.proof.is_some()), ("statement", true), "{out}");
    let (code, verified, _) = run(folder.path(), &["verify", "-", "--judge", "script"], out.as_bytes());
    assert!(code == 0 && verified.starts_with("ok   statement  proved  script: derived in "), "{verified}");
    // A shipped claim keeps its title and source, and `derive` is the same command.
    let (_, shipped, _) = run(folder.path(), &["prove", "zero-sum"], b"");
    assert_eq!(run(folder.path(), &["derive", "zero-sum"], b"").1, shipped);
    let of = |claim: &logitlab::claims::Claim| (claim.title.clone(), claim.source.clone());
    assert_eq!(of(&parse(&shipped).unwrap()), of(logitlab::claims::find("zero-sum").unwrap()));
    let (code, json, _) = run(folder.path(), &["prove", "zero-sum", "--json"], b"");
    let json: Value = serde_json::from_str(&json).unwrap();
    assert!(code == 0 && shipped.ends_with(json["found"].as_str().unwrap()), "{json}");
}

#[test]
fn says_that_nothing_was_found_and_shows_a_counterexample() {
    let folder = folder(&[]);
    let given = ["--given", "P : distribution", "--seconds", "1"];
    for show in ["C(P) = 1", "C(P) < 1/2", "H(P) <= H2(P)"] {
        let (code, out, err) = run(folder.path(), &[&["prove", show], &given[..]].concat(), b"");
        assert_eq!((code, err.as_str()), (1, ""), "{out}");
        assert!(out.starts_with("# not found: ") && out.contains("\n# it is false: "), "{out}");
        assert!(out.lines().all(|line| line.starts_with('#')), "{out}");
    }
    let (code, json, _) = run(folder.path(), &[&["prove", "C(P) = 1", "--json"], &given[..]].concat(), b"");
    let json: Value = serde_json::from_str(&json).unwrap();
    assert!(code == 1 && json["found"].is_null(), "{json}");
    assert_eq!(json["counterexample"], "smallest counterexample at P = (1, 1)/2: 1/2 = 1 is false");
}

#[test]
fn what_has_no_value_somewhere_is_not_called_proved() {
    let folder = folder(&[]);
    let prove = |show: &str, given: &str| run(folder.path(), &["prove", show, "--given", given], b"");
    for (show, given, defined) in [
        ("1/0 = 1/0", "x : real", "# proved where it is defined: 0 != 0\n"),
        ("x/x = x/x", "x : real", "# proved where it is defined: x != 0\n"),
        ("sum(log(P)) = sum(log(P))", "P : distribution", "# proved where it is defined: 0 < P\n"),
    ] {
        let (code, out, err) = prove(show, given);
        assert_eq!((code, err.as_str()), (1, ""), "{out}");
        assert!(out.starts_with(defined) && out.contains("\n# elsewhere: undefined "), "{out}");
        assert!(parse(&out).unwrap().proof.is_some(), "{out}");
    }
    let (code, out, _) = prove("x/x = x/x", "x : real, x != 0");
    assert!(code == 0 && out.starts_with("# found by a search, "), "{out}");
    let (code, json, _) = run(folder.path(), &["prove", "1/0 = 1/0", "--json"], b"");
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, json["defined"].as_str()), (1, Some("proved where it is defined: 0 != 0")), "{json}");
}

#[test]
fn rejects_what_is_no_statement() {
    let folder = folder(&[]);
    let cases: [(&[&str], &str); 9] = [
        (&["C(P) = P[c]"], "--given \"P : vector, c : action\""),
        (&["C(P) = x", "--given", "P : vector"], "--given \"x : real\""),
        (&["C(P) = ", "--given", "P : vector"], "the statement:1:"),
        (&["C(P)", "--given", "P : vector"], "the statement:1:1"),
        (&["C(P) = 1", "--given", "P : vektor"], "--given:1:5"),
        (&["C(P) = 1", "--given", "P : vector show C(P) = 1"], "no `show`"),
        (&["zero-sun"], "did you mean `zero-sum`?"),
        (&["zero-sum", "--given", "P : vector"], "--given is for statements"),
        (&["zero-sum", "--seconds", "0"], "--seconds"),
    ];
    for (arguments, expected) in cases {
        for command in ["prove", "verify"] {
            if command == "verify" && arguments.contains(&"--seconds") {
                continue;
            }
            let (code, out, err) = run(folder.path(), &[&[command], arguments].concat(), b"");
            assert_eq!((code, out.as_str()), (2, ""), "{command} {arguments:?}\n{err}");
            assert!(err.contains(expected), "{command} {arguments:?}\n{err}");
        }
    }
}

#[test]
fn verify_reads_statements_and_proves_what_has_no_derivation() {
    let folder = folder(&[("draft.proof", DRAFT.as_bytes())]);
    let (code, out, _) = run(folder.path(), &["verify", ZERO, "C(P) <= 1", "--given", GIVEN], b"");
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("ok   statement    proved"), "{out}");
    assert!(out.contains("script: found by a search, "), "{out}");
    assert!(out.contains("ok   statement-2  "), "{out}");
    let (code, json, _) = run(folder.path(), &["verify", "draft.proof", "--json"], b"");
    let json: Value = serde_json::from_str(&json).unwrap();
    let claim = |number: usize| &json["claims"][number];
    let words = [0, 1, 2].map(|number| claim(number)["verdict"].as_str().unwrap());
    assert_eq!((code, words), (1, ["proved", "refuted", "proved"]), "{json}");
    // What is refuted is not searched for, and what has a derivation keeps it.
    let found = |number: usize| claim(number)["judges"][0]["derivation"].as_str();
    assert!(parse(found(0).unwrap()).unwrap().proof.is_some());
    assert_eq!((found(1), found(2)), (None, None));
    // No shipped claim is searched for.
    let (_, out, _) = run(folder.path(), &["verify", "collision-range", "entropy-order"], b"");
    assert!(!out.contains("found by a search"), "{out}");
}

/// The text of a file, with the proofs taken out that were put in.
fn without(text: &str, ids: &[&str]) -> String {
    let mut out = text.to_string();
    for stated in Collection::read(text).unwrap().claims.iter().rev() {
        if let (true, Some(place)) = (ids.contains(&&*stated.claim.id), stated.proof) {
            let end = place.end + text[place.end..].find('\n').map_or(0, |at| at + 1);
            out.replace_range(place.start..end, "");
        }
    }
    out
}

fn read(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("draft.proof")).unwrap()
}

#[test]
fn a_proof_is_put_into_the_file_and_nothing_else_changes() {
    let crlf = DRAFT.replace('\n', "\r\n");
    for text in [DRAFT.to_string(), crlf, DRAFT.trim_end().to_string()] {
        let folder = folder(&[("draft.proof", text.as_bytes())]);
        let write = |more: &[&str]| run(folder.path(), &[&["prove", "--write", "--seconds", "1"], more].concat(), b"");
        // One of the claims is false: it alone is left without.
        let (code, out, err) = write(&["draft.proof"]);
        assert_eq!((code, err.as_str()), (1, ""), "{out}");
        assert!(
            out.contains("\n# written into draft.proof\n") && out.contains("# has-one has a proof, which stays"),
            "{out}"
        );
        let new = read(folder.path());
        assert_eq!(without(&new, &["zero-mass"]), text);
        assert!(!text.contains('\r') || !new.replace("\r\n", "").contains('\n'), "{new:?}");
        let (code, out, _) = run(folder.path(), &["verify", "draft.proof#zero-mass", "--judge", "script"], b"");
        assert!(code == 0 && out.contains("script: derived in "), "{out}");
        // It has one now.
        let (code, out, err) = write(&["draft.proof#zero-mass"]);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(err.contains("with --replace") && err.contains("draft.proof:7:1"), "{err}");
        assert_eq!(read(folder.path()), new);
        // A proof that was there is replaced, and what stands beside and below it stays.
        let (code, out, err) = write(&["draft.proof#has-one", "--replace"]);
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        let replaced = read(folder.path());
        assert_eq!(without(&replaced, &["zero-mass", "has-one"]), without(&new, &["zero-mass", "has-one"]));
        assert!(!replaced.contains("# by hand") && replaced.contains("qed # the end"), "{replaced}");
    }
}

#[test]
fn what_cannot_be_written_is_said_before_the_search() {
    let folder = folder(&[("draft.proof", DRAFT.as_bytes())]);
    let runs: [(&[&str], &str); 4] = [
        (&["prove", ZERO, "--given", GIVEN, "--write"], "`statement` is in none"),
        (&["prove", "zero-sum", "--write"], "`zero-sum` is in none"),
        (&["prove", "-", "--write"], "`zero-mass` is in none"),
        (&["prove", "draft.proof", "--replace"], "--write"),
    ];
    for (arguments, expected) in runs {
        let (code, out, err) = run(folder.path(), arguments, DRAFT.as_bytes());
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.contains(expected), "{arguments:?}\n{err}");
    }
    assert_eq!(read(folder.path()), DRAFT);
}

#[cfg(unix)]
#[test]
fn a_link_and_the_permissions_of_a_file_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder(&[("real.proof", DRAFT.as_bytes())]);
    let real = folder.path().join("real.proof");
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real.proof", folder.path().join("link.proof")).unwrap();
    let (code, out, err) = run(folder.path(), &["prove", "link.proof#zero-mass", "--write"], b"");
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(std::fs::symlink_metadata(folder.path().join("link.proof")).unwrap().is_symlink());
    assert_eq!(std::fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(std::fs::read_to_string(&real).unwrap().contains("\nqed\n"));
}

#[test]
fn what_rests_on_a_claim_is_not_cited_in_its_own_proof() {
    let again = "\nclaim rests-on-it\ngiven P : distribution, c : action\nshow sum(e[c] - P) = 0\nproof\n  \
                 sum(e[c] - P) = 0 by has-one\nqed\n";
    let text = format!("{DRAFT}{again}");
    let folder = folder(&[("draft.proof", text.as_bytes())]);
    let (code, out, err) = run(folder.path(), &["prove", "draft.proof#has-one", "--write", "--replace"], b"");
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let arguments = ["verify", "draft.proof#has-one", "draft.proof#rests-on-it", "--judge", "script"];
    let (code, out, _) = run(folder.path(), &arguments, b"");
    assert!(code == 0 && out.contains("2 proved"), "{out}\n{}", read(folder.path()));
}
