//! Derivations found by search: from the statement alone, and only what the kernel accepts.

use std::time::{Duration, Instant};

use logitlab::claims::{self, find};
use logitlab::expr::Statement;
use logitlab::proof::check;
use logitlab::prove::{Citable, Derivation, Limits, Missing, Outcome, prove};

/// The limit that the command has by default.
const LIMIT: Duration = Duration::from_secs(10);

fn search(id: &str, statement: &Statement) -> Outcome {
    let start = Instant::now();
    let outcome = prove(id, statement, &Citable::default(), &Limits::seconds(LIMIT.as_secs() as u32));
    let took = start.elapsed();
    println!("{id}: {took:.1?}");
    assert!(took < LIMIT * statement.shows.len() as u32, "{id} took {took:?}");
    outcome
}

/// Reads the printed text again, and lets the kernel check it without any other claim.
fn assert_proved(found: &Derivation) -> Statement {
    let claim = claims::parse(&found.text).unwrap_or_else(|error| panic!("{error}\n{}", found.text));
    let script = claim.proof.as_ref().expect("a proof");
    let theorems = check(&claim.statement, script, &|_| Ok(None)).unwrap_or_else(|e| panic!("{e}\n{}", found.text));
    for (show, theorem) in claim.statement.shows.iter().zip(&theorems) {
        assert!(theorem.proves(&claim.statement, show), "{}", found.text);
    }
    assert_eq!(theorems.len(), claim.statement.shows.len());
    claim.statement
}

fn assert_found(id: &str, most_steps: usize) {
    let statement = &find(id).expect("a claim").statement;
    let outcome = search(id, statement);
    assert_eq!(outcome.missing, [], "{id}");
    let found = outcome.found.expect("nothing is missing");
    assert_eq!(assert_proved(&found), *statement);
    assert!(found.steps <= most_steps, "{id}: {} steps\n{}", found.steps, found.text);
}

#[test]
fn finds_norm_identity() {
    assert_found("norm-identity", 12);
}

#[test]
fn finds_tail_form() {
    assert_found("tail-form", 12);
}

#[test]
fn finds_factored_form() {
    assert_found("factored-form", 12);
}

#[test]
fn finds_zero_sum() {
    assert_found("zero-sum", 4);
}

#[test]
fn finds_special_values() {
    assert_found("special-values", 14);
}

#[test]
fn finds_label_smoothing() {
    assert_found("label-smoothing", 8);
}

#[test]
fn finds_expected_norm() {
    let statement = &find("expected-norm").expect("a claim").statement;
    let first = Statement { shows: statement.shows[..1].to_vec(), ..statement.clone() };
    let outcome = search("expected-norm", &first);
    assert_eq!(outcome.missing, []);
    let found = outcome.found.expect("nothing is missing");
    assert_eq!(assert_proved(&found), first);
    assert!(found.steps <= 9, "{}", found.text);
}

fn statement(given: &str, show: &str) -> Statement {
    let text = format!("claim derived {given} show {show}");
    claims::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}")).statement
}

/// Nothing was made for the claims above alone.
#[test]
fn finds_other_equations() {
    let cases = [
        ("given u : vector, v : vector", "|u + v|^2 + |u - v|^2 = 2*|u|^2 + 2*|v|^2"),
        ("given u : vector, v : vector", "<u,v> = (|u + v|^2 - |u - v|^2)/4"),
        ("given P : distribution", "|P - 1/K*1|^2 = C(P) - 1/K"),
        ("given P : distribution, x : real", "sum(P + x*1) = 1 + x*K"),
        ("given P : distribution, c : action", "E[a ~ P](P[a] - P[c]) = C(P) - P[c]"),
        ("given v : vector, c : action", "others(others(v, c), c) = others(v, c)"),
        ("given v : vector, c : action, x : real, x = v[c]", "|v - x*e[c]|^2 = |v|^2 - x^2"),
        ("given x : real, y : real", "exp(x + y)/exp(y) = exp(x)"),
        ("given x : real", "x = x"),
        ("given u : vector, v : vector", "u = v <=> v = u"),
        ("given u : vector, v : vector", "u + v = v + u and <u,v> = <v,u>"),
        ("given a : action, c : action", "a != c => <e[a],e[c]> = 0 and |e[a] + e[c]|^2 = 2"),
        ("given x : real, x = 1 or x = 2", "x^2 - 3*x + 2 = 0"),
        ("given x : real", "sigmoid(-x) = 1 - sigmoid(x)"),
        ("given P : distribution, Q : distribution", "TV(P, Q) <= 1"),
        ("given P : distribution, v : vector", "<P,v>^2 <= <P,v.*v>"),
        ("given x : real, y : real", "x*y <= x^2 + y^2"),
        ("given z : vector, v : vector", "D(lse(z), z, v) = <softmax(z),v>"),
        ("given z : vector, K = 2", "softmax(z)[1] = sigmoid(z[1] - z[2])"),
    ];
    let mut missed = Vec::new();
    for (given, show) in cases {
        let statement = statement(given, show);
        let outcome = search("derived", &statement);
        match outcome.found {
            Some(found) if outcome.missing.is_empty() => {
                println!("{}", found.text);
                assert_eq!(assert_proved(&found), statement);
            }
            _ => missed.push(show),
        }
    }
    assert_eq!(missed, [""; 0]);
}

#[test]
fn does_not_find_what_is_false() {
    for (given, show) in [
        ("given P : distribution, c : action", "|e[c] - P|^2 = 1 - 2*P[c] - C(P)"),
        ("given P : vector, c : action", "sum(e[c] - P) = 0"),
        ("given x : real", "sqrt(x^2) = x"),
    ] {
        let outcome = prove("derived", &statement(given, show), &Citable::default(), &Limits::seconds(1));
        assert!(outcome.found.is_none(), "{show}");
        assert!(matches!(outcome.missing.as_slice(), [Missing { tried: 1.., .. }]), "{:?}", outcome.missing);
    }
    // What holds beside it is found all the same.
    let mixed = statement("given P : distribution show sum(P) = 1", "C(P) = 1");
    let outcome = prove("derived", &mixed, &Citable::default(), &Limits::seconds(1));
    assert_eq!(assert_proved(&outcome.found.expect("the first")).shows, mixed.shows[..1]);
    assert_eq!(outcome.missing.len(), 1);
}

#[test]
fn gives_up_on_what_nobody_could_read() {
    let long = (0..7).fold("x".to_string(), |sum, _| format!("({sum} + {sum}*y)"));
    // Each definition doubles the one before.
    let doubled: String = (1..10).map(|i| format!("let a{i} = a{} + a{}\n", i - 1, i - 1)).collect();
    let doubled = format!("given x : real\nlet a0 = x\n{doubled}");
    let many = format!("{} = 3", ["a9"; 25].join(" + "));
    for (given, show) in [("given x : real, y : real", format!("{long} = 0")), (&doubled, many)] {
        let start = Instant::now();
        let outcome = prove("derived", &statement(given, &show), &Citable::default(), &Limits::default());
        assert!(outcome.found.is_none());
        assert!(start.elapsed() < 2 * LIMIT, "{show}");
    }
}

#[test]
fn finds_the_same_every_time() {
    for id in ["norm-identity", "tail-form", "special-values"] {
        let text = || {
            prove(id, &find(id).expect("a claim").statement, &Citable::default(), &Limits::default())
                .found
                .expect("found")
                .text
        };
        assert_eq!(text(), text());
    }
}

/// The steps that a run asks the kernel about which nobody waits for.
const FEW: Limits = Limits { time: Duration::from_secs(5), steps: 800 };

/// How many of some claims are found; each may cite those that do not rest on it.
fn found(claims: &[&claims::Claim], limits: Limits, least: usize) {
    let is_found = |claim: &&&claims::Claim| {
        let outcome = prove(&claim.id, &claim.statement, &Citable::by(claim), &limits);
        outcome.missing.is_empty()
    };
    let missed: Vec<&str> = claims.iter().filter(|claim| !is_found(claim)).map(|claim| claim.id.as_str()).collect();
    let count = claims.len() - missed.len();
    println!("{count} of {} found; not {}", claims.len(), missed.join(", "));
    assert!(count >= least, "{count} of {}; missed {missed:?}", claims.len());
}

/// The statements of the suite, for which nothing was made.
#[test]
fn finds_most_of_the_suite() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/proof/suite");
    let mut paths: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|suffix| suffix == "proof"));
    paths.sort();
    let read = |path: &std::path::PathBuf| claims::parse(&std::fs::read_to_string(path).unwrap()).unwrap();
    let suite: Vec<claims::Claim> = paths.iter().map(read).collect();
    found(&suite.iter().collect::<Vec<_>>(), FEW, 68);
}

/// The claims that ship with a derivation, which is not looked at.
fn shipped() -> Vec<&'static claims::Claim> {
    use claims::Section::{Consequences, Paper};
    let derived = |claim: &&claims::Claim| claim.proof.is_some() && matches!(claim.section, Some(Paper | Consequences));
    claims::claims().iter().filter(derived).collect()
}

#[test]
fn finds_shipped_claims_again() {
    assert_eq!(shipped().len(), 31);
    found(&shipped(), FEW, 17);
}

#[test]
fn finds_most_shipped_claims_in_ten_seconds_when_asked() {
    if std::env::var_os("LOGITLAB_CAMPAIGN").is_some() {
        found(&shipped(), Limits::seconds(10), 26);
    }
}

/// A claim that cites another is no help for it: that would be a circle.
#[test]
fn cites_nothing_that_rests_on_the_claim() {
    let claim = find("norm-identity").expect("a claim");
    let library = Citable::by(claim);
    let rests =
        |other: &&claims::Claim| other.proof.as_ref().is_some_and(|proof| proof.to_string().contains(&claim.id));
    let resting: Vec<_> = claims::claims().iter().filter(rests).filter(|other| other.id != claim.id).collect();
    assert!(!resting.is_empty());
    for other in resting {
        assert!(library.theorems(&other.id).is_none(), "{}", other.id);
    }
    assert!(library.laws().next().is_some());
}
