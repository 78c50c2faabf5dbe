//! Cases that are solved for meet the hypotheses and are of their sorts, whatever the numbers are.

use logitlab::arith::Truth;
use logitlab::arith::exact::Exact;
use logitlab::claims::parse;
use logitlab::expr::{Sort, Statement};
use logitlab::judges::case::{Case, Entries};
use logitlab::judges::coordinates::coordinates;
use logitlab::judges::draw::draw;
use logitlab::judges::kind::{Kind, kind};
use logitlab::judges::values::evaluator;
use logitlab::policy::suite;
use num_rational::BigRational;
use num_traits::{One, Signed};
use proptest::prelude::*;

fn statement(given: &str) -> Statement {
    parse(&format!("claim draft\ngiven {given}\nshow K >= 1\n"))
        .unwrap_or_else(|error| panic!("{given}: {error}"))
        .statement
}

/// Whether the hypotheses hold in exact arithmetic on num-bigint, which the solver does not use.
fn holds(statement: &Statement, case: &Case) -> bool {
    let system = Exact::<BigRational>::new();
    let Ok(mut evaluator) = evaluator(&system, case, &statement.definitions) else { return false };
    statement.hypotheses.iter().all(|hypothesis| evaluator.holds(hypothesis) == Ok(Truth::True))
}

fn is_of_its_sorts(statement: &Statement, case: &Case) -> bool {
    statement.variables.iter().all(|(name, sort)| match sort {
        Sort::Action => case.actions.iter().any(|(known, index)| known == name && *index < case.k),
        Sort::Distribution => {
            let Some(all) = case.entries(name).and_then(coordinates) else { return false };
            all.len() == case.k && all.iter().all(|x| !x.is_negative()) && all.iter().sum::<BigRational>().is_one()
        }
        Sort::Logits => match case.entries(name) {
            Some(Entries::Logits(scores)) => (0..scores.len()).all(|index| !scores.is_zero(index)),
            other => other.is_some(),
        },
        _ => true,
    })
}

/// How many of the first draws of the default suite meet the hypotheses, and how many of these are of no trivial kind.
fn met(statement: &Statement, seed: u64) -> (usize, usize) {
    let small = suite(64).into_iter().filter(|spec| spec.actions().high <= 17);
    let mut count = (0, 0);
    for (index, spec) in small.take(16).enumerate() {
        for attempt in 0..4 {
            let (case, _) = draw(statement, &spec, seed, index as u64, attempt);
            if !case.is_proper(statement) {
                continue;
            }
            assert!(!case.is_rational() || is_of_its_sorts(statement, &case), "{case:?}");
            if holds(statement, &case) {
                count.0 += 1;
                count.1 += usize::from(kind(statement, &case) == Kind::Generic);
                break;
            }
        }
    }
    count
}

/// The same over several seeds: of one, the number scatters by some 4 of 16.
fn met_of_many(statement: &Statement, seed: u64) -> (usize, usize) {
    (0..SEEDS).map(|more| met(statement, seed + 1000 * more)).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
}

const SEEDS: u64 = 8;

/// Families of hypotheses, with how many of 16 draws on average have to meet them and to do so other than trivially.
fn families(n: u32, d: u32) -> Vec<(String, usize, usize)> {
    let (least, most) = (n.min(d), n.max(d) + 1);
    vec![
        (format!("P : distribution, c : action, P[c] = {least}/{most}"), 8, 6),
        (format!("P : distribution, v : vector, <P,v> = {n}/{d}"), 12, 8),
        (format!("P : distribution, w : vector, 0 < w, <P,w> = {n}/{d}"), 9, 6),
        (format!("v : vector, sum(v) = {n}, <v,v> >= 0"), 12, 8),
        ("P : distribution, Q : distribution, w : vector, P = Q.*w".to_string(), 8, 6),
        ("P : distribution, r : vector, s : vector, <P,r> = 0, <P,s> = 0".to_string(), 8, 6),
        ("r : vector, c : action, r[c] = max(r)".to_string(), 12, 8),
        ("z : logits, A : vector, <softmax(z),A> = 0".to_string(), 10, 6),
        ("P : distribution, c : action, a : action, a != c, P[a] = max(others(P, c)), K >= 2".to_string(), 8, 6),
        (format!("x : real, y : real, {d}*x - {n}*y = 1"), 14, 0),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, ..ProptestConfig::default() })]

    #[test]
    fn hypotheses_are_met_by_most_draws(n in 1_u32..20, d in 1_u32..20, seed in 0_u64..1000) {
        for (given, least, generic) in families(n, d) {
            let (found, of) = (met_of_many(&statement(&given), seed), SEEDS as usize);
            prop_assert!(found.0 >= of * least && found.1 >= of * generic, "{given}: {found:?} of {}", 16 * of);
        }
    }
}
