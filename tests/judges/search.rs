//! The search for small counterexamples: false claims come back with the case that a person would name, and every such
//! case is a counterexample to an evaluation that shares nothing with the search.

use logitlab::arith::interval::{Interval, Intervals};
use logitlab::arith::vector::Vector;
use logitlab::arith::{Arithmetic, Function, Truth};
use logitlab::claims::{Claim, parse};
use logitlab::eval::{Evaluator, Value};
use logitlab::expr::{Sort, Statement};
use logitlab::judges::{self, Judge, Options};
use logitlab::outcome::{ClaimReport, Verdict, Witness};
use num_rational::BigRational;

fn claim(statement: &str) -> Claim {
    parse(&format!("claim draft\n{statement}\n")).unwrap_or_else(|error| panic!("{statement}: {error}"))
}

/// What the judges `exact` and `enclosure` say.
fn verify(claim: &Claim) -> ClaimReport {
    let judges: Vec<&Judge> = ["exact", "enclosure"].map(|name| judges::find(name).unwrap()).into();
    judges::verify(&[claim], &judges, &Options::default(), &|_, _| {}).claims.remove(0)
}

fn witnesses(report: &ClaimReport) -> Vec<&Witness> {
    report
        .judges
        .iter()
        .filter(|judge| judge.verdict == Verdict::Refuted)
        .filter_map(|judge| judge.witness.as_ref())
        .collect()
}

fn text(witness: &Witness) -> String {
    let bindings: Vec<String> = witness.bindings.iter().map(|one| format!("{} = {}", one.name, one.value)).collect();
    format!("{}{}", if witness.smallest { "smallest: " } else { "" }, bindings.join(", "))
}

/// Reads `5/2` or `log(3)`.
fn real(system: &Intervals, text: &str) -> Interval {
    let rational = |text: &str| system.rational(&text.trim().parse::<BigRational>().unwrap());
    match text.trim().strip_prefix("log(").and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => system.function(Function::Log, rational(inner)).unwrap(),
        None => rational(text),
    }
}

/// Reads `(1, 2)/3`, `log (1, 2)` and `(1/2, -1)`.
fn vector(system: &Intervals, text: &str) -> Vec<Interval> {
    let open = text.find('(').unwrap();
    let close = text.rfind(')').unwrap();
    let items = text[open + 1..close].split(',').map(|item| real(system, item));
    let total = text[close + 1..].strip_prefix('/').map(|total| real(system, total));
    let is_log = text.starts_with("log ");
    let one = |x: Interval| match &total {
        Some(total) => system.div(x, total).unwrap(),
        None if is_log && system.is_zero(&x) => system.float(f64::NEG_INFINITY),
        None if is_log => system.function(Function::Log, x).unwrap(),
        None => x,
    };
    items.map(one).collect()
}

/// Whether the printed case is of the declared sorts, meets the hypotheses as far as intervals can tell, and makes the
/// proposition false.
fn confirms(statement: &Statement, witness: &Witness) {
    let shown = text(witness);
    let system = Intervals::new(300);
    let mut evaluator = Evaluator::new(&system, witness.k, &statement.definitions);
    for (name, sort) in &statement.variables {
        let binding =
            witness.bindings.iter().find(|one| one.name == **name).unwrap_or_else(|| panic!("{shown}: {name}"));
        match sort {
            Sort::Action => {
                let number: usize = binding.value.parse().unwrap();
                assert!((1..=witness.k).contains(&number), "{shown}");
                evaluator.choose(name, number - 1);
            }
            Sort::Real => evaluator.assign(name, Value::Real(real(&system, &binding.value))),
            sort => {
                let entries = vector(&system, &binding.value);
                assert_eq!(entries.len(), witness.k, "{shown}");
                if *sort == Sort::Distribution {
                    let zero = system.integer(0);
                    assert!(entries.iter().all(|x| system.less(x, &zero) != Ok(Truth::True)), "{shown}");
                    let total = entries.iter().fold(system.integer(0), |total, x| system.add(total, x).unwrap());
                    assert_ne!(system.equal(&total, &system.integer(1)), Ok(Truth::False), "{shown}");
                }
                evaluator.assign(name, Value::Vector(Vector::dense(&system, entries)));
            }
        }
    }
    for hypothesis in &statement.hypotheses {
        assert_ne!(evaluator.holds(hypothesis), Ok(Truth::False), "{shown}: {hypothesis}");
    }
    let show = statement.shows.iter().find(|show| show.to_string() == witness.proposition).unwrap();
    // The premise is an equation that intervals cannot resolve; what follows from it is false.
    let false_part = match show {
        logitlab::expr::Prop::Implies(premise, conclusion) => {
            assert_ne!(evaluator.holds(premise), Ok(Truth::False), "{shown}: {premise}");
            conclusion
        }
        other => other,
    };
    assert_eq!(evaluator.holds(false_part), Ok(Truth::False), "{shown}: {show}");
}

#[track_caller]
fn refuted(statement: &str) -> Vec<String> {
    let claim = claim(statement);
    let report = verify(&claim);
    assert_eq!(report.verdict, Verdict::Refuted, "{statement}");
    let found = witnesses(&report);
    found.iter().for_each(|witness| confirms(&claim.statement, witness));
    found.into_iter().map(text).collect()
}

#[track_caller]
fn refuted_at(statement: &str, expected: &str) {
    let found = refuted(statement);
    assert!(found.iter().any(|witness| witness == expected), "{statement}: {found:?}");
}

#[test]
fn the_first_false_case_in_order_is_the_smallest() {
    refuted_at("given P : distribution, c : action\nshow K >= 3", "smallest: P = (1, 1)/2, c = 1");
    refuted_at("given P : distribution\nshow K <= 2", "smallest: P = (1, 1, 1)/3");
    refuted_at("given P : distribution\nshow H2(P) <= -1.9*log(max(P))", "smallest: P = (1, 11)/12");
    // Six reals do not eat the budget before the first of them is 2.
    refuted_at(
        "given P : distribution, c : action, a : real, b : real, d : real, f : real, g : real, h : real, K >= 2\n\
         show a - 2 < 0 and P[c] > 1/10",
        "smallest: P = (1, 1)/2, c = 1, a = 2, b = 1, d = 1, f = 1, g = 1, h = 1",
    );
}

#[test]
fn what_is_not_known_to_be_smallest_is_not_called_so() {
    refuted_at(
        "given r : vector, c : action, K >= 3\nlet m = sum(r)/K, var = |r - m*1|^2/K\n\
         show (r[c] - m)^2 <= 0.99*(K - 1)*var",
        "r = (1, 1, 0), c = 3",
    );
    let found = refuted("given P : distribution, Q : distribution\nshow H((P + Q)/2) - (H(P) + H(Q))/2 <= 0.69");
    assert!(found.iter().all(|witness| !witness.starts_with("smallest")), "{found:?}");
    let found = refuted("given P : distribution, c : action\nshow P[c] = 123/1000 => C(P) <= 1/100");
    assert!(found.iter().all(|witness| !witness.starts_with("smallest")), "{found:?}");
}

#[test]
fn the_number_of_actions_is_a_variable() {
    assert_eq!(refuted("show K <= 2").len(), 2);
    assert_eq!(refuted("show K < 5/2 and exp(1) < 3").len(), 2);
    assert_eq!(refuted("show K <= 2")[0], "smallest: K = 3");
    // Beyond the small K, near the statement's own numbers; a list of 41 entries is cut where it is printed.
    let large = verify(&claim("given P : distribution\nshow K <= 40"));
    assert!(witnesses(&large).iter().all(|witness| witness.k == 41) && large.verdict == Verdict::Refuted);
    let report = verify(&claim("given K >= 3\nshow K >= 2"));
    assert_eq!(report.verdict.to_string(), "proved for K = 3..8");
    // What says nothing of K is computed once.
    assert_eq!(verify(&claim("show exp(1) < 3")).verdict.to_string(), "proved for K = 2");
}

#[test]
fn a_real_is_tried_where_the_claim_can_turn() {
    for statement in [
        "given x : real\nshow x^2 - 3.1*x + 2.4 >= 0",
        "given x : real\nshow |x - 37/4| > 0",
        "given x : real\nshow (x - 17)^2 > 0",
        "given x : real, x > 9\nshow 3*x <= 1000",
    ] {
        refuted(statement);
    }
}

#[test]
fn near_misses_are_found() {
    for statement in [
        "given P : distribution, Q : distribution, 0 < Q\nshow sum(abs(P - Q))^2 <= 1.9995*KL(P, Q)",
        "given x : real\nshow x^4 - 1.4*x^2 + 0.4895 >= 0",
        "given z : vector, y : vector, r : vector, 0 <= r, r <= 1\n\
         show |<softmax(y),r> - <softmax(z),r> - <D(<softmax(z),r>, z),y - z>| <= 0.09*|y - z|^2",
        "given x : real, y : real, 0 < x, 0 < y\nshow x*y*(1 - x - y) <= 0.03701",
    ] {
        refuted(statement);
    }
}

#[test]
fn equations_among_the_hypotheses_are_met() {
    for statement in [
        "given z : logits, A : vector, <softmax(z),A> = 0\nshow |D(<softmax(z),A>, z)|^2 = <softmax(z),A.*A>",
        "given P : distribution, w : vector, 0 < w, <P,w> = 1\nshow <P,w.*w> = 1",
        "given P : distribution, Q : distribution, 0 < P, 0 < Q, KL(P, Q) = KL(Q, P)\nshow P = Q",
        "given P : distribution, Q : distribution, w : vector, P = Q.*w\nshow C(P) = 1",
        "given P : distribution, r : vector, <P,r> = 0\nshow <P.*P,r> = 0",
        "given P : distribution, c : action, P[c] = 123/1000\nshow C(P) <= 1/100",
        "given v : vector, |v| = 1\nshow sum(v) <= 1",
        "given P : distribution, C(P) = 1/2\nshow max(P) <= 1/2",
        "given v : vector, u : vector, sum(v) = 0, sum(u) = 1\nshow <u,v> = 0",
    ] {
        refuted(statement);
    }
}

#[test]
fn premises_are_met() {
    for statement in [
        "given P : distribution, c : action\nshow P[c] = 123/1000 => C(P) <= 1/100",
        "given x : real, y : real\nshow 2*x - 3*y = 7 => x >= y + 2",
        "given P : distribution, r : vector\nshow <P,r> = 5/4 => max(r) <= 2",
    ] {
        refuted(statement);
    }
}

#[test]
fn true_claims_are_not_refuted_by_cases_of_another_sort() {
    for statement in [
        "given P : distribution, Q : distribution, c : action, Q[c] = 0\nshow sum(Q) = 1",
        "given P : distribution, Q : distribution, c : action, Q[c] = 3/4\nshow C(Q) <= 1 and 0 <= Q",
        "given P : distribution, r : vector, <P,r> = 0\nshow min(r) <= 0",
        "given t : subset, P : distribution, <t,P> = 1/2\nshow t.*t = t",
    ] {
        let report = verify(&claim(statement));
        assert!(
            matches!(report.verdict, Verdict::Consistent | Verdict::ProvedFor(_)),
            "{statement}: {}",
            report.verdict
        );
        let met = report.judges.iter().map(|judge| judge.details.cases).min();
        assert!(met > Some(20), "{statement}: {met:?} cases met the hypotheses");
    }
}

#[test]
fn a_k_that_cannot_be_tried_is_undecided_with_the_reason() {
    for (size, reason) in
        [("7000000", "K = 7000000 is too large to be tried"), ("3000000000", "K = 3000000000 is too large to be tried")]
    {
        let report = verify(&claim(&format!("given K = {size}, P : distribution\nshow sum(P) = 1")));
        assert!(matches!(&report.verdict, Verdict::Undecided(why) if why.starts_with(reason)), "{:?}", report.verdict);
    }
}
