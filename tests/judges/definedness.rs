//! Where a claim has a truth value: the conditions, which of them are known, and what the judges make of them.

use logitlab::arith::exact::Exact;
use logitlab::arith::interval::Intervals;
use logitlab::claims::parse;
use logitlab::expr::domain::{Guarded, Infinity, of_prop};
use logitlab::judges::case::{Case, Scalar};
use logitlab::judges::decide::{Decision, Outcome, Question};
use logitlab::judges::{self, JUDGES, Judge, Options};
use logitlab::outcome::ClaimReport;
use logitlab::proof::defined::undischarged;
use num_rational::BigRational;

/// What is asked of the first proposition that a claim shows.
fn asked(text: &str) -> Vec<String> {
    let claim = parse(&format!("claim x {text}")).unwrap();
    let of_show = of_prop(&claim.statement.shows[0], &claim.statement);
    let line = |guarded: Guarded| {
        let premises: String = guarded.premises.iter().map(|premise| format!("{premise} => ")).collect();
        let infinite = match guarded.condition.infinite {
            None => "",
            Some(Infinity::Plus) => " else +inf",
            Some(Infinity::Minus) => " else -inf",
        };
        format!("{premises}{}{infinite}", guarded.condition)
    };
    of_show.into_iter().map(line).collect()
}

#[test]
fn every_part_has_to_have_a_value() {
    let cases: &[(&str, &[&str])] = &[
        ("given x : real show (x - 17)/(x - 17) = 1", &["x - 17 != 0"]),
        ("given v : vector, c : action, x : real show others(v/x, c)[c] = 0", &["x != 0"]),
        ("given P : distribution, c : action show log(P)[c] = log(P[c])", &["0 < P", "0 < P[c]"]),
        ("given x : real show x = 17 => 0/(x - 17) = 0", &["x = 17 => x - 17 != 0"]),
        ("given x : real show 1/x = 1 => x = 1", &[]),
        ("given x : real show sqrt(x) = x", &["0 <= x"]),
        ("given P : distribution, Q : distribution show E[a ~ Q](log(Q[a])) = 0", &["0 < Q"]),
        ("given P : distribution, Q : distribution show E[a ~ P](P[a]/Q[a]) = 1", &["0 < Q"]),
        ("given P : distribution show H2(P) = 0", &["0 < C(P)"]),
        ("given v : vector let s = sum(v), w = v/s show w = w", &["s != 0"]),
        ("given v : vector show v = [1, 2]", &["K = 2"]),
        ("given v : vector show v[3] = 0", &["K >= 3"]),
        ("given v : vector show 1./v = v", &["v[a] != 0 for every a"]),
        ("given P : distribution, Q : distribution show sum(P./Q) = 1", &["0 < Q"]),
        ("given z : vector show 1./(exp(z) + 1) = z", &["(exp(z) + 1)[a] != 0 for every a"]),
        ("given v : vector show v./1 = v", &[]),
        ("given x : real, y : real show x^y = 1", &["0 < x"]),
        ("given P : distribution, x : real show sum(P^x) = 1", &["0 < P"]),
        ("given P : distribution, x : real show H(P, x) = 1", &["0 < P", "0 < sum(P^x)", "1 - x != 0"]),
        ("given P : distribution, Q : distribution show chi2(P, Q) = 1", &["0 < Q"]),
        ("given z : vector show D(max(sum(z), 1), z) = 1", &["sum(z) - 1 != 0"]),
        ("given z : masked logits show TV(z, z) = 0", &["0 < exp(z)", "0 < exp(z - z)"]),
        ("given z : vector show D(|z|, z) = z/|z|", &["z != 0", "0 < |z|"]),
        ("given z : vector show D(sum(abs(z - 1/3*1)), z) = 0", &["0 < abs(z - 1/3*1)"]),
        ("given z : vector show D(max(z), z) = z", &["z[a] = max(z) and z[b] = max(z) => a = b for every a, b"]),
        ("given z : vector show D(sum(xlogx(z)), z) = z", &["0 < z"]),
        ("given z : vector show D(H(softmax(z)), z) = z", &["0 <= softmax(z)"]),
        ("given z : vector, x : real show D(|x|*sum(z), z) = |x|*1", &[]),
        ("given z : vector show D(sum(abs(z)), z) = 1", &["0 < abs(z)"]),
        ("given z : vector, v : vector show D(sum(abs(v).*z), z) = abs(v)", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(asked(text), *expected, "{text}");
    }
}

#[test]
fn an_infinite_value_counts_as_a_whole_side_of_an_inequality() {
    let pq = "given P : distribution, Q : distribution, c : action show";
    let support = "Q[a] = 0 => P[a] = 0 for every a";
    let infinite = format!("{support} else +inf");
    assert_eq!(asked(&format!("{pq} KL(P, Q) >= 0")), ["0 <= P", "0 <= Q", &infinite]);
    assert_eq!(asked(&format!("{pq} KL(P, Q) = 0")), ["0 <= P", "0 <= Q", support]);
    assert_eq!(asked(&format!("{pq} 2*KL(P, Q) >= 0")), ["0 <= P", "0 <= Q", support]);
    assert_eq!(asked(&format!("{pq} log(P[c]) <= 0")), ["0 <= P[c]", "0 < P[c] else -inf"]);
    let conditions = ["0 <= y", "y = 0 => 0 <= x", "y = 0 => x = 0 else -inf"];
    assert_eq!(asked("given x : real, y : real show xlogy(x, y) <= 0"), conditions);
}

#[test]
fn masked_logits_are_finite_where_a_number_is_needed() {
    let cases: &[(&str, &[&str])] = &[
        ("given z : logits show <softmax(z),z> = 0", &[]),
        ("given z : masked logits show <softmax(z),z> = 0", &["0 < exp(z)"]),
        ("given z : masked logits show lse(z) >= max(z)", &[]),
        ("given z : masked logits, c : action show z[c] <= max(z)", &["0 < exp(z[c]) else -inf"]),
        ("given z : masked logits, tau : real show sum(softmax(z/tau)) = 1", &["0 < tau"]),
        ("given z : masked logits, v : vector show sum(softmax(z + v)) = 1", &[]),
        ("given z : masked logits, x : real show sum(softmax(z - x*1)) = sum(softmax(z + z))", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(asked(text), *expected, "{text}");
    }
}

fn left(text: &str) -> Vec<String> {
    let claim = parse(&format!("claim x {text}")).unwrap();
    undischarged(&claim.statement, claim.proof.as_ref()).iter().map(|left| left.condition.to_string()).collect()
}

#[test]
fn what_is_not_given_is_left() {
    let cases: &[(&str, &[&str])] = &[
        ("given x : real show x/x = 1", &["x != 0"]),
        ("given x : real show 0/(x - 17) = 0", &["x - 17 != 0"]),
        ("given x : real, x != 17 show 0/(x - 17) = 0", &[]),
        ("given x : real, 17 < x show 0/(x - 17) = 0", &[]),
        ("given x : real show 17 < x => 0/(x - 17) = 0", &[]),
        ("given P : distribution, c : action show log(P[c]) = 0", &["0 < P[c]"]),
        ("given P : distribution, c : action, P[c] > 0 show log(P[c]) = 0", &[]),
        ("given P : distribution, c : action, P[c] < 1 show others(P, c)/(1 - P[c]) = 0", &[]),
        ("given P : distribution, Q : distribution, 0 < Q show E[a ~ Q](P[a]/Q[a]) = 1", &[]),
        ("given P : distribution, Q : distribution, 0 < Q show KL(P, Q) = 0", &[]),
        ("given x : real, y : real show y/sqrt(x^2 + 1) = 0", &[]),
        ("given x : real, 0 < |x| show 1/x = 0", &[]),
        ("given x : real show x = 0 or x/x = 1", &[]),
        ("given x : real show x/x = 1 or x = 0", &["x != 0"]),
        ("given x : real show 0 < x or 1/x < 0", &["x != 0"]),
        ("given x : real show x <= 0 or log(x) < x", &[]),
        ("given v : vector show 1./v = v", &["v[a] != 0 for every a"]),
        ("given v : vector, v != 0 show 1./v = v", &["v[a] != 0 for every a"]),
        ("given v : vector, 0 < abs(v) show 1./v = v", &[]),
        ("given v : vector, 0 < v show 1./v = v", &[]),
        ("given v : vector, v < 0 show (1./v)[1] = 1", &[]),
        ("given P : distribution, Q : distribution, 0 < Q show sum(P./Q) = 1", &[]),
        ("given z : logits show 1./(exp(z) + 1) = z", &[]),
        ("given x : real show sigmoid(x) = 0", &[]),
        ("given z : masked logits, v : vector show sigmoid(v) = 0", &[]),
        ("given P : distribution, Q : distribution show JS(P, Q) >= 0", &[]),
        ("given P : distribution, v : vector show Var(P, v) >= 0", &[]),
        ("given P : distribution, x : real, 0 < P, x != 1 show H(P, x) >= 0", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(left(text), *expected, "{text}");
    }
}

#[test]
fn a_finite_move_masks_no_action() {
    let given = "given z : masked logits, v : vector, c : action";
    let moved = "log(softmax(z + v)[c]) = 0";
    assert_eq!(left(&format!("{given} show {moved}")), ["0 < softmax(z + v)[c]"]);
    assert_eq!(left(&format!("{given}, softmax(z)[c] > 0 show {moved}")), [""; 0]);
    assert_eq!(left(&format!("{given}, softmax(v)[c] > 0 show {moved}")), ["0 < softmax(z + v)[c]"]);
    assert_eq!(left(&format!("{given} show KL(softmax(z), softmax(z + v)) = 0")), [""; 0]);
    assert_eq!(left(&format!("{given} show KL(softmax(v), softmax(z + v)) = 0")).len(), 1);
}

#[test]
fn what_a_script_shows_is_known() {
    let text = "given v : vector, c : action show sqrt(1 - 2*v[c] + C(v)) = |e[c] - v| proof
          lemma square : |e[c] - v|^2
            = 1 - 2*v[c] + C(v) by ring
          qed";
    assert_eq!(left(text), [""; 0]);
}

/// What the default judges make of a claim.
fn verdict(text: &str) -> ClaimReport {
    let claim = parse(&format!("claim x {text}")).unwrap();
    let judges: Vec<&Judge> = JUDGES.iter().filter(|judge| judge.default).collect();
    judges::verify(&[&claim], &judges, &Options::default(), &|_, _| {}).claims.remove(0)
}

#[test]
fn a_value_that_does_not_exist_is_no_counterexample() {
    // What is claimed, the verdict, whether that is as expected, what the verdict's evidence says.
    let table: &[(&str, &str, bool, &str)] = &[
        ("given x : real show x/x = 1", "undefined", false, "undefined at x = 0: x/x has no value; add x != 0"),
        ("given x : real show x/x = 1 expect undefined", "undefined", true, "add x != 0"),
        ("given x : real show x/x = 1 expect refuted", "undefined", false, "add x != 0"),
        ("given x : real, x != 0 show x/x = 1", "proved for K = 1..6", true, "full grid"),
        ("given x : real show x/x = 1 and x = x + 1", "refuted", false, "is false"),
        ("given x : real show x = 0 or x/x = 1", "consistent", true, "cases"),
        ("given x : real show x/x = 1 or x = 0", "consistent", true, "cases"),
        (
            "given x : real show x/x = 1 or x = 1",
            "undefined",
            false,
            "undefined at x = 0: x/x has no value; add x != 0",
        ),
        ("given x : real show x = 1 or x = 2", "refuted", false, ": x = 1 or x = 2 is false"),
        ("given x : real, y : real show x*y = 0 => x = 0 or y = 0", "consistent", true, "cases"),
        ("given x : real, x = 1 or x = 2 show x^2 = 3*x - 2", "consistent", true, "cases"),
        ("given x : real show x = x + 1 and x/x = 1", "refuted", false, "is false"),
        ("given x : real show x != 0 => x/x = 1", "consistent", true, "cases"),
        ("given P : distribution, c : action, P[c] > 0 show log(P)[c] = log(P[c])", "undefined", false, "add 0 < P"),
        ("given v : vector, c : action, x : real show others(v/x, c)[c] = 0", "undefined", false, "add x != 0"),
        ("given P : distribution, Q : distribution show KL(P, Q) >= 0", "consistent", true, "cases"),
        ("given P : distribution, Q : distribution show 2*KL(P, Q) >= 0", "undefined", false, "add 0 < Q"),
        ("given P : distribution, Q : distribution show KL(P, Q) <= 100", "refuted", false, "+inf <= 100 is false"),
        ("given P : distribution, c : action show log(P[c]) <= 0", "consistent", true, "cases"),
        ("given P : distribution, c : action show -2 <= log(P[c])", "refuted", false, "is false"),
        ("given z : logits show H(softmax(z)) = lse(z) - <softmax(z),z>", "consistent", true, "cases"),
        ("given z : masked logits show H(softmax(z)) = lse(z) - <softmax(z),z>", "undefined", false, "add 0 < exp(z)"),
        ("given z : logits, c : action show log(softmax(z)[c]) = z[c] - lse(z)", "consistent", true, "cases"),
        ("given x : real, 1/x > 0 show x > 0", "consistent", true, "cases"),
        ("given P : distribution, Q : distribution let d = KL(P, Q) show d >= 0", "consistent", true, "cases"),
        ("given x : real, y : real show exp(y) <= y <=> (y^2 < 0 and 1/x > 0)", "consistent", true, "cases"),
        ("given z : masked logits, x : real show softmax(z - x*1) = softmax(z)", "consistent", true, "cases"),
        // The rationals that meet the hypothesis are 0 alone.
        ("given x : real, y : real, x^2 = 2*y^2 show x = 0", "undecided", false, "met only trivially, by zeros"),
        ("given x : real, x + 1 = 1 show x = 0", "consistent", true, "cases"),
        ("given v : vector show max(v) <= 1000000", "refuted", false, "1000001 <= 1000000 is false"),
        ("show K^2 != 3600", "refuted", false, "3600 != 3600 is false"),
        ("show K <= 100", "refuted", false, "101 <= 100 is false"),
        ("show 1/(K - 77) <= 1", "undefined", false, "undefined at K = 77"),
        ("given z : vector, c : action show D(max(z), z)[c] >= 0", "undefined", false, "max(z) has no value"),
    ];
    for (text, word, as_expected, evidence) in table {
        let report = verdict(text);
        let said: Vec<&str> = report.judges.iter().map(|judgement| judgement.evidence.as_str()).collect();
        assert_eq!(
            (report.verdict.to_string().as_str(), report.as_expected),
            (*word, *as_expected),
            "{text}: {said:?}"
        );
        assert!(said.iter().any(|said| said.contains(evidence)), "{text}: {said:?}");
    }
}

#[test]
fn a_derivation_says_where_it_is_one() {
    let zero = "show 0/(x - 17) = 0 proof 0/(x - 17) = 0 by ring qed";
    let report = verdict(&format!("given x : real, x != 17 {zero}"));
    assert_eq!((report.verdict.word(), report.as_expected), ("proved", true));
    let script = &verdict(&format!("given x : real {zero}")).judges[0];
    assert_eq!(script.verdict.to_string(), "proved where it is defined: x - 17 != 0");
    let premise = "given x : real show x = 17 => 0/(x - 17) = 0 proof assume x = 17\n0/(x - 17) = 0 by ring qed";
    let script = &verdict(premise).judges[0];
    assert_eq!(script.verdict.word(), "proved-where-defined");
}

#[test]
fn a_premise_that_no_case_meets_is_no_evidence() {
    let report = verdict("given P : distribution, c : action show |P| = 7/3 => C(P) <= 1/100");
    assert_eq!((report.verdict.word(), report.as_expected), ("undecided", false));
    let said: Vec<&str> = report.judges.iter().map(|judgement| judgement.evidence.as_str()).collect();
    assert!(said.iter().any(|said| said.contains("cases met the premise")), "{said:?}");
}

#[test]
fn contradictory_hypotheses_are_named_where_the_kernel_knows_it() {
    let said = |text: &str| {
        let report = verdict(text);
        assert_eq!((report.verdict.word(), report.as_expected), ("undecided", false), "{text}");
        report.judges.into_iter().map(|judgement| judgement.evidence).collect::<Vec<_>>().join("; ")
    };
    let contradict = "the hypotheses contradict each other";
    for text in ["given x : real, x < 1, x > 2 show x = 0", "given K < 1, P : distribution show sum(P) = 1"] {
        let said = said(text);
        assert!(said.contains(contradict), "{text}: {said}");
    }
    // Contradictory too, but nobody shows it.
    let text = "given P : distribution, |P| = 7/3 show C(P) <= 1/100";
    assert!(!said(text).contains(contradict) && said(text).contains("no case met the hypotheses"), "{}", said(text));
}

#[test]
fn what_cannot_be_resolved_may_be_false() {
    // Exact arithmetic has no exp(1) + log(2), which intervals find positive; 1/x has no value.
    let false_one = "exp(1) + log(2) <= 0";
    let case = Case {
        k: 1,
        actions: vec![],
        reals: vec![("x".into(), Scalar::Rational(BigRational::from_integer(0.into())))],
        vectors: vec![],
    };
    let found = |text: &str| {
        let claim = parse(&format!("claim t given x : real {text}")).unwrap();
        let question = Question::new(&claim.statement);
        (question.decide(&Exact::<rug::Rational>::new(), &case), question.decide(&Intervals::new(128), &case))
    };
    let decision = |outcome: Outcome| match outcome {
        Outcome::Inside(found) => found[0].decision.clone(),
        other => panic!("{other:?}"),
    };
    let is_unclear = |outcome: Outcome| matches!(decision(outcome), Decision::Unclear(_));

    let (exact, intervals) = found(&format!("show 1/x = 1 and {false_one}"));
    assert!(is_unclear(exact) && matches!(decision(intervals), Decision::Fails(_)));
    let (exact, intervals) = found(&format!("show ({false_one} => 1/x = 1) <=> x = 0"));
    assert!(is_unclear(exact) && decision(intervals) == Decision::Holds);
    let (exact, intervals) = found(&format!("given (1/x = 1 and {false_one}) <=> x = 1 show x = 0"));
    assert!(matches!(exact, Outcome::Unknown(..)) && decision(intervals) == Decision::Holds);
}

/// What the advice says to add can be written down, and helps.
#[test]
fn what_is_to_be_added_mends_it() {
    let table = [
        "given x : real show x/x = 1",
        "given P : distribution, c : action show log(P)[c] = log(P[c])",
        "given P : distribution, Q : distribution show E[a ~ P](P[a]/Q[a]) = 1 + E[a ~ P](P[a]/Q[a] - 1)",
        "given P : distribution, Q : distribution show 2*KL(P, Q) >= 0",
        "given P : distribution, r : vector, x : real show E[a ~ P](1/(r[a] - x)) = E[a ~ P](1/(r[a] - x))",
        "given z : masked logits show H(softmax(z)) = lse(z) - <softmax(z),z>",
        "given z : vector show D(sum(abs(z)), z) = D(sum(abs(z)), z)",
    ];
    for text in table {
        let mut text = text.to_string();
        for _ in 0..3 {
            let report = verdict(&text);
            let lack = report.judges.iter().find_map(|judgement| judgement.witness.as_ref()?.lack.clone());
            let Some(lack) = lack else { break };
            let add = lack.add.unwrap_or_else(|| panic!("{text}: nothing to add for {}", lack.of));
            text = text.replacen(" show ", &format!(", {add} show "), 1);
        }
        let report = verdict(&text);
        assert!(matches!(report.verdict.word(), "consistent" | "proved-for-k"), "{text}: {}", report.verdict);
    }
    // Nothing mends what is undefined everywhere, or in words that the language does not have.
    for text in ["given x : real show 1/0 = x", "given z : vector, c : action show D(max(z), z)[c] >= 0"] {
        let report = verdict(text);
        let lack = report.judges.iter().find_map(|judgement| judgement.witness.as_ref()?.lack.clone());
        assert_eq!(lack.map(|lack| lack.add), Some(None), "{text}");
    }
}
