//! `logitlab list --rules` and `logitlab show RULE`.

use logitlab::proof::check::names;
use serde_json::Value;

use crate::cli::run::{folder, run};

#[test]
fn every_name_is_listed_with_its_laws() {
    let folder = folder(&[]);
    let (code, out, err) = run(folder.path(), &["list", "--rules"], b"");
    assert_eq!((code, err.as_str()), (0, ""));
    let (_, json, _) = run(folder.path(), &["list", "--rules", "--json"], b"");
    let json: Value = serde_json::from_str(&json).unwrap();
    let listed: Vec<&str> =
        json["rules"].as_array().unwrap().iter().map(|rule| rule["name"].as_str().unwrap()).collect();
    assert_eq!(listed, names().collect::<Vec<_>>());
    for rule in json["rules"].as_array().unwrap() {
        let starts = |line: &str| line.split_whitespace().next() == rule["name"].as_str();
        assert!(out.lines().any(starts), "{rule}");
        for law in rule["laws"].as_array().unwrap() {
            assert!(out.contains(law.as_str().unwrap()), "{rule}");
        }
    }
    assert!(out.contains("(Hoeffding 1963, Lemma 1; a theorem of the literature, taken on trust)"), "{out}");
}

#[test]
fn one_is_shown_with_examples_that_verify_accepts() {
    let folder = folder(&[]);
    for (rule, what) in [
        ("log.product", "law    0 < x and 0 < y => log(x*y) = log(x) + log(y)\n"),
        ("hoeffding", "trust  a theorem of the literature, taken on trust\n"),
        ("ring", "does   field operations on reals; all else is opaque\n"),
        ("definition", "is     a `let` of the claim, unfolded or folded\n"),
    ] {
        let (code, out, err) = run(folder.path(), &["show", rule], b"");
        assert_eq!((code, err.as_str()), (0, ""), "{rule}");
        assert!(out.starts_with(&format!("rule   {rule}\n")) && out.contains(what), "{out}");
        let examples = &out[out.find("\nclaim  example\n").expect("it has one")..];
        let (code, verified, err) = run(folder.path(), &["verify", "-", "--judge", "script"], examples.as_bytes());
        assert_eq!((code, err.as_str()), (0, ""), "{rule}: {verified}{examples}");
        assert!(verified.contains("script: derived in 1 step"), "{verified}");
    }
    let (code, _, err) = run(folder.path(), &["show", "log.prodct"], b"");
    assert!(code == 2 && err.contains("did you mean `log.product`"), "{err}");
    let (code, _, err) = run(folder.path(), &["show", "ring", "--format", "latex"], b"");
    assert!(code == 2 && err.contains("ring is a rule"), "{err}");
}
