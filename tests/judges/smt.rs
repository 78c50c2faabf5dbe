//! The judge `smt`: what a solver proves at small K, what it refutes, and what is not believed.

use std::process::Command;

use crate::support;
use logitlab::claims::parse;
use logitlab::judges::{Options, find};
use logitlab::outcome::{Judgement, Verdict};

fn judged(text: &str) -> Judgement {
    let claim = parse(&format!("claim asked {text}")).unwrap_or_else(|error| panic!("{text}: {error}"));
    (find("smt").unwrap().decide)(&claim, &Options::default())
}

fn proved_for(judgement: &Judgement) -> Option<Vec<usize>> {
    match &judgement.verdict {
        Verdict::ProvedFor(scope) => scope.actions.clone(),
        _ => None,
    }
}

/// True claims, each with a variant that is false by little.
const TABLE: &[(&str, &str, &str)] = &[
    ("given P : distribution", "C(P) >= 1/K", "C(P) >= 1/K + 1/1000"),
    ("given P : distribution, c : action", "|e[c] - P|^2 <= 2*(1 - P[c])^2", "|e[c] - P|^2 <= 1.99*(1 - P[c])^2"),
    ("given P : distribution, c : action", "|e[c] - P| <= sqrt(2)*(1 - P[c])", "|e[c] - P| <= 1.414*(1 - P[c])"),
    ("given P : distribution", "C(P) <= max(P)", "max(P) <= C(P)"),
    ("given P : distribution, Q : distribution", "TV(P, Q) <= 1", "TV(P, Q) <= 0.99"),
    ("given P : distribution, t : subset", "<t,P>^2 <= <t,P>", "<t,P>^2 < <t,P>"),
    ("given u : vector, v : vector", "<u,v>^2 <= |u|^2*|v|^2", "<u,v>^2 < |u|^2*|v|^2"),
    ("given x : real, x > 0", "x + 1/x >= 2", "x + 1/x >= 2.01"),
    ("given P : distribution, r : vector", "E[a ~ P](r[a]^2) >= <P,r>^2", "E[a ~ P](r[a]^2) >= <P,r>^2 + 0.001*|r|^2"),
    ("given P : distribution, c : action", "1 - C(P) = E[a ~ P](1 - P[a])", "1 - C(P) = E[a ~ P](P[c] - P[a])"),
];

#[test]
fn what_is_true_is_proved_and_what_is_false_refuted() {
    if support::tool("z3", "what_is_true_is_proved_and_what_is_false_refuted").is_none() {
        return;
    }
    for (given, yes, no) in TABLE {
        let judgement = judged(&format!("{given} show {yes}"));
        assert_eq!(proved_for(&judgement), Some(vec![2, 3, 4]), "{yes}: {judgement:?}");
        assert!(judgement.evidence.ends_with("z3 4.8.12") || judgement.evidence.contains("by z3 "), "{judgement:?}");
        let judgement = judged(&format!("{given} show {no}"));
        assert_eq!(judgement.verdict, Verdict::Refuted, "{no}: {judgement:?}");
        assert!(judgement.witness.is_some() && judgement.evidence.contains("counterexample"), "{judgement:?}");
    }
}

#[test]
fn what_has_no_truth_value_or_no_rational_witness_is_not_decided() {
    if support::tool("z3", "what_has_no_truth_value_or_no_rational_witness_is_not_decided").is_none() {
        return;
    }
    for (text, why) in [
        ("given P : distribution, c : action show 1/P[c] >= 1", "has no truth value"),
        ("given x : real show x*(1/x) = 1", "has no truth value"),
        ("given x : real, y : real, x^2 = 2 show x = y + x", "no rational number"),
        ("given x : real, x^2 < 0 show x = 7", "no K of 2 to 4 meets the hypotheses"),
        ("given v : vector, K = 7 show sum(v) = sum(v) + 1", "no K of 2 to 4 meets the hypotheses"),
    ] {
        let judgement = judged(text);
        assert!(matches!(judgement.verdict, Verdict::Undecided(_)), "{text}: {judgement:?}");
        assert!(judgement.evidence.contains(why), "{text}: {}", judgement.evidence);
    }
    // Where the divisor is known not to be zero, it is decided.
    let judgement = judged("given P : distribution, c : action, P[c] > 0 show 1/P[c] >= 1");
    assert_eq!(proved_for(&judgement), Some(vec![2, 3, 4]), "{judgement:?}");
    // A size that is given is the only one.
    let judgement = judged("given P : distribution, K = 3 show C(P) >= 1/3");
    assert_eq!(proved_for(&judgement), Some(vec![3]), "{judgement:?}");
}

#[test]
fn what_is_no_polynomial_is_not_asked() {
    for text in [
        "given P : distribution show H(P) >= 0",
        "given z : logits show sum(softmax(z)) = 1",
        "given z : masked logits, a : real show C(softmax(z)) <= 1",
        "given x : real show exp(x) >= 1 + x",
    ] {
        let judgement = judged(text);
        assert!(matches!(judgement.verdict, Verdict::NotApplicable(_)), "{text}: {judgement:?}");
    }
}

#[test]
fn without_a_solver_nothing_passes() {
    let output = Command::new(env!("CARGO_BIN_EXE_logitlab"))
        .args(["verify", "tail-form", "--judge", "smt"])
        .env("PATH", "/nonexistent")
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{out}");
    assert!(out.contains("not run: neither z3 nor cvc5 is installed"), "{out}");
}
