//! Enclosures from a part of a distribution, against every completion tried.

use crate::measure::reference::exact;
use logitlab::arith::scaled::Scaled;
use logitlab::certified::partial::{
    ChosenAction, Partial, PartialEnclosures, PartialError, Slack, enclose, enclose_unplaced, sampled,
};
use logitlab::source::Dtype;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};
use proptest::prelude::*;

/// Bounds what a logarithm of a probability, rounded to f64, may be off.
const NATS: f64 = 1e-13;
const SLACK: Slack = Slack::uniform(NATS);

fn rational(n: u64, d: u64) -> BigRational {
    BigRational::new(n.into(), d.into())
}

fn log(p: &BigRational) -> f64 {
    use num_traits::ToPrimitive;
    libm::log(p.to_f64().unwrap())
}

fn end(x: f64, exponent: i64) -> BigRational {
    let power = BigInt::one() << exponent.unsigned_abs();
    if exponent >= 0 { exact(x) * power } else { exact(x) / power }
}

fn contains(x: Scaled, value: &BigRational) -> bool {
    end(x.lo, x.exponent) <= *value && *value <= end(x.hi, x.exponent)
}

/// Whether an end is the value, up to what the slack and rounding allow.
fn near(x: f64, exponent: i64, value: &BigRational) -> bool {
    let off = end(x, exponent) - value;
    let off = if off < BigRational::zero() { -off } else { off };
    off <= exact(1e-11)
}

/// C and w of a distribution, by their definitions.
fn truth(p: &[BigRational], action: usize) -> (BigRational, BigRational) {
    assert!(p.iter().sum::<BigRational>().is_one(), "a distribution");
    let collision = p.iter().map(|p| p * p).sum();
    let off = |(i, p): (usize, &BigRational)| if i == action { BigRational::one() - p } else { p.clone() };
    let w = p.iter().enumerate().map(off).map(|x| &x * &x).sum();
    (collision, w)
}

fn holds(found: &PartialEnclosures, p: &[BigRational], action: usize) -> Result<(), TestCaseError> {
    let (collision, w) = truth(p, action);
    prop_assert!(contains(found.p, &p[action]), "P_c {:?}", found.p);
    prop_assert!(contains(found.collision, &collision), "C {:?} {collision}", found.collision);
    prop_assert!(contains(found.w, &w), "w {:?} {w}", found.w);
    let square = |x: f64| end(x, found.norm.exponent).pow(2);
    prop_assert!(square(found.norm.lo) <= w && w <= square(found.norm.hi), "the norm {:?}", found.norm);
    Ok(())
}

/// Weights of the most probable actions, the least of them last, and those of a tail with at most as much each.
fn weights() -> impl Strategy<Value = (Vec<u64>, Vec<u64>)> {
    let top = prop::collection::vec(1..10_000u64, 1..6);
    (top, prop::collection::vec(0.0..1.0f64, 1..9)).prop_map(|(mut top, shares)| {
        top.sort_by(|a, b| b.cmp(a));
        let least = top[top.len() - 1];
        let tail = shares.iter().map(|share| (share * (least as f64 + 1.0)) as u64).collect();
        (top, tail)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_completion_is_enclosed((top, tail) in weights(), place: prop::sample::Index, in_tail: bool) {
        let (k, n) = (top.len(), tail.len() as u64);
        let mass: u64 = tail.iter().sum();
        let total = top.iter().sum::<u64>() + mass;
        let known: Vec<BigRational> = top.iter().map(|&weight| rational(weight, total)).collect();
        let logs: Vec<f64> = known.iter().map(log).collect();
        let uniform = vec![rational(mass, total * n); tail.len()];
        // As many as there is mass for have what the least of the top has, one the rest, the others nothing.
        let mut left = mass;
        let greedy: Vec<BigRational> = tail.iter().map(|_| {
            let taken = left.min(top[k - 1]);
            left -= taken;
            rational(taken, total)
        }).collect();
        let drawn: Vec<BigRational> = tail.iter().map(|&weight| rational(weight, total)).collect();
        let actions = k as u64 + n;
        let row = |chosen| Partial { top: &logs, actions, chosen, slack: SLACK };

        let own = place.index(k);
        let found = enclose(&row(ChosenAction::Top(own))).unwrap();
        prop_assert!(contains(found.tail, &rational(mass, total)));
        for completion in [&uniform, &greedy, &drawn] {
            let all: Vec<BigRational> = known.iter().chain(completion.iter()).cloned().collect();
            holds(&found, &all, own)?;
            // Of the tail, known or not.
            let other = place.index(tail.len());
            if in_tail {
                holds(&enclose(&row(ChosenAction::UnknownTail)).unwrap(), &all, k + other)?;
                if !completion[other].is_zero() {
                    let known_one = ChosenAction::Tail(log(&completion[other]));
                    holds(&enclose(&row(known_one)).unwrap(), &all, k + other)?;
                }
            }
            // Where nothing says which one is chosen: the same number, or one that another rounding made of it.
            for logprob in [logs[own], logs[own] + NATS / 3.0] {
                holds(&enclose_unplaced(&logs, Some(logprob), actions, SLACK).unwrap(), &all, own)?;
            }
            if in_tail && !completion[other].is_zero() {
                let found = enclose_unplaced(&logs, Some(log(&completion[other])), actions, SLACK).unwrap();
                holds(&found, &all, k + other)?;
            }
            // Appended to the most probable, wherever; and not known at all.
            if in_tail && !completion[other].is_zero() {
                let own_log = log(&completion[other]);
                let mut appended = logs.clone();
                appended.insert(place.index(k + 1), own_log);
                holds(&enclose_unplaced(&appended, Some(own_log), actions, SLACK).unwrap(), &all, k + other)?;
                holds(&enclose_unplaced(&appended, None, actions, SLACK).unwrap(), &all, k + other)?;
            }
            let chosen = if in_tail { k + other } else { own };
            holds(&enclose_unplaced(&logs, None, actions, SLACK).unwrap(), &all, chosen)?;
            // Nothing but the chosen action's.
            holds(&sampled(logs[own], actions, SLACK).unwrap(), &all, own)?;
        }

        // The ends are attained: the lower one by the uniform tail, the upper one where the mass comes in whole shares.
        let ends = |completion: &[BigRational]| truth(&known.iter().chain(completion).cloned().collect::<Vec<_>>(), own);
        let (collision, w) = ends(&uniform);
        prop_assert!(near(found.collision.lo, found.collision.exponent, &collision));
        prop_assert!(near(found.w.lo, found.w.exponent, &w));
        if mass.is_multiple_of(top[k - 1]) {
            let (collision, w) = ends(&greedy);
            prop_assert!(near(found.collision.hi, found.collision.exponent, &collision));
            prop_assert!(near(found.w.hi, found.w.exponent, &w));
        }
    }

    #[test]
    fn the_chosen_alone_is_tight(weight in 1..1000u64, others in 1..1000u64, n in 1..9u64) {
        let total = weight + others;
        let p = rational(weight, total);
        let found = sampled(log(&p), n + 1, SLACK).unwrap();
        let mut one = vec![p.clone(), rational(others, total)];
        one.resize(n as usize + 1, BigRational::zero());
        let uniform: Vec<BigRational> =
            std::iter::once(p).chain((0..n).map(|_| rational(others, total * n))).collect();
        for (completion, lower) in [(uniform, true), (one, false)] {
            holds(&found, &completion, 0)?;
            let (collision, w) = truth(&completion, 0);
            let side = |x: Scaled| if lower { x.lo } else { x.hi };
            prop_assert!(near(side(found.w), found.w.exponent, &w));
            prop_assert!(near(side(found.collision), found.collision.exponent, &collision));
        }
    }
}

#[test]
fn a_whole_distribution_is_a_point() {
    let top = [0.0, f64::NEG_INFINITY];
    let row = Partial { top: &top, actions: 2, chosen: ChosenAction::Top(0), slack: Slack::EXACT };
    let found = enclose(&row).unwrap();
    assert_eq!((found.collision.lo, found.collision.hi), (0.5, 0.5), "1, scaled");
    assert_eq!((found.w, found.norm, found.tail), (Scaled::point(0.0), Scaled::point(0.0), Scaled::point(0.0)));
    assert_eq!(sampled(0.0, 1, Slack::EXACT).unwrap().w, Scaled::point(0.0));
    // Nothing of an action that is impossible: w is between K/(K - 1) and 2.
    let impossible = sampled(f64::NEG_INFINITY, 3, Slack::EXACT).unwrap();
    assert!(contains(impossible.w, &rational(3, 2)) && near(impossible.w.hi, impossible.w.exponent, &rational(2, 1)));
}

#[test]
fn a_logprob_near_one_of_the_top_may_be_that_one_or_another() {
    let top = [0.5f64, 0.3].map(libm::log);
    let found = |logprob, nats| enclose_unplaced(&top, Some(logprob), 100, Slack::uniform(nats));
    let width = |logprob, nats| found(logprob, nats).unwrap().w.relative_width();
    let same = width(top[1], 1e-9);
    // Off by more than the slack explains, it is another action, with 0.3 - 1e-6 of the 0.2 that are left.
    assert!(found(top[1] - 1e-6, 1e-9).is_err());
    // None of them, and more probable than the least of them.
    assert!(matches!(found(libm::log(0.4), 1e-9), Err(PartialError::NotAmong { given: 2, .. })));
    assert!(width(top[1] - 1e-9, 1e-9) >= same && same < 0.2);
    // 0.19 is not 0.3, and of the 0.2 that are left it leaves 0.01.
    assert!(width(libm::log(0.19), 1e-9) < 0.01);
}

#[test]
fn what_is_no_distribution_is_refused() {
    let half = libm::log(0.5);
    let row = |top: &'static [f64], actions, chosen, nats| {
        enclose(&Partial { top, actions, chosen, slack: Slack::uniform(nats) }).unwrap_err()
    };
    const TOP: ChosenAction = ChosenAction::Top(0);
    assert_eq!(row(&[], 3, TOP, 0.0), PartialError::Nothing);
    assert_eq!(row(&[-1.0, -2.0], 1, TOP, 0.0), PartialError::TooMany { given: 2, actions: 1 });
    assert_eq!(row(&[-1.0], 1, ChosenAction::Tail(-3.0), 0.0), PartialError::TooMany { given: 2, actions: 1 });
    assert_eq!(row(&[-1.0], 3, ChosenAction::Top(1), 0.0), PartialError::NoSuchAction { index: 1, given: 1 });
    assert_eq!(row(&[-1.0], 1, ChosenAction::UnknownTail, 0.0), PartialError::NoTail(1));
    let texts =
        [PartialError::NoTail(1), PartialError::TooMany { given: 2, actions: 1 }].map(|error| error.to_string());
    assert_eq!(
        texts,
        [
            "the chosen action is said to be in the tail, but the only action is given",
            "2 log-probabilities, but only 1 action; check the size of the vocabulary"
        ]
    );
    assert_eq!(row(&[0.5], 3, TOP, 0.0), PartialError::NotALogarithm(0.5));
    assert!(matches!(row(&[f64::NAN], 3, TOP, 0.0), PartialError::NotALogarithm(x) if x.is_nan()));
    assert_eq!(row(&[-1.0], 3, TOP, -1.0), PartialError::BadSlack(-1.0));
    // e^-0.1 twice is more than 1; e^-3 of 3 actions leaves more than two such can have.
    assert!(matches!(row(&[-0.1, -0.1], 3, TOP, 1e-9), PartialError::Impossible { .. }));
    let error = row(&[-3.0], 3, TOP, 0.0);
    assert_eq!(
        error.to_string(),
        "the probabilities given leave 0.950213 for 2 further actions of at most 0.0497871 each, which no distribution \
         can: they were rounded, or are not those of the most probable actions; a slack allows for rounding"
    );
    // Rounded up, two halves are more than 1, which a slack allows for.
    let halves = [half.next_up(), half.next_up()];
    let two = |nats| enclose(&Partial { top: &halves, actions: 2, chosen: TOP, slack: Slack::uniform(nats) });
    assert!(two(0.0).is_err() && two(1e-15).is_ok());
}

#[test]
fn an_appended_action_bounds_no_other() {
    // 0.5, then fifty of 0.01 each, of which one is appended to the first: the others have more than 0.001 each.
    let mut p = vec![rational(1, 2)];
    p.extend(std::iter::repeat_n(rational(499, 50_000), 50));
    p.push(rational(1, 1000));
    let top = [0.5f64, 0.001].map(libm::log);
    let found = enclose_unplaced(&top, Some(top[1]), 52, SLACK).unwrap();
    let (collision, w) = truth(&p, 51);
    assert!(contains(found.collision, &collision) && contains(found.w, &w));
    // What takes it for one of the most probable has no room for the rest.
    let placed = Partial { top: &top, actions: 52, chosen: ChosenAction::Top(1), slack: SLACK };
    assert!(enclose(&placed).is_err());
}

#[test]
fn an_action_that_is_given_twice_is_one_action() {
    // 0.2, 0.15 and 0.15 to 0.05: engines append the first, which was drawn, to the two largest.
    let hundredths = [20, 15, 15, 10, 10, 10, 5, 5, 5, 5];
    let p: Vec<BigRational> = hundredths.iter().map(|&share| rational(share, 100)).collect();
    let [first, second] = [log(&p[0]), log(&p[1])];
    for (top, own) in [
        (vec![first, second, first], Some(first)),
        (vec![first, first, second], Some(first)),
        (vec![first, second, first], None),
        // From two computations, which agree within the slack.
        (vec![first, second, first + NATS / 3.0], Some(first + NATS / 3.0)),
        (vec![first, second, first + NATS / 3.0], Some(first)),
        (vec![first, second, first - NATS / 3.0], None),
    ] {
        let found = enclose_unplaced(&top, own, 10, SLACK).unwrap();
        holds(&found, &p, 0).unwrap_or_else(|why| panic!("{top:?} {own:?}: {why}"));
        assert!(contains(found.tail, &rational(65, 100)), "{top:?} {own:?}");
    }
    // The least of the largest, drawn: it bounds the others, as it was not appended for being drawn.
    let found = enclose_unplaced(&[first, second, second], Some(second), 10, SLACK).unwrap();
    holds(&found, &p, 1).unwrap();
    // 0.9 twice is one action, as two have no room; of two actions in all, too.
    let most = libm::log(0.9);
    let found = enclose_unplaced(&[most, libm::log(0.06), most], Some(most), 50_000, SLACK).unwrap();
    assert!(contains(found.tail, &rational(4, 100)) && found.tail.relative_width() < 1e-9, "{:?}", found.tail);
    assert!(enclose_unplaced(&[most, libm::log(0.1), most], Some(most), 2, SLACK).is_ok());
    // And two that are as probable are two.
    let two = [rational(1, 2), rational(3, 10), rational(3, 10) - rational(1, 10)];
    let found = enclose_unplaced(&[log(&two[0]), log(&two[1])], Some(log(&two[1])), 3, SLACK).unwrap();
    assert!(holds(&found, &two, 1).is_ok() && found.w.relative_width() < 1e-9);
}

#[test]
fn what_a_type_stores_is_within_its_slack_down_to_zero() {
    for dtype in [Dtype::F64, Dtype::F32, Dtype::F16, Dtype::BF16, Dtype::F8E4M3, Dtype::F8E5M2] {
        let slack = Slack::EXACT.stored(dtype);
        // Nearly half the smallest number is stored as 0.
        let smallest = dtype.format().smallest_subnormal().to_f64();
        assert!(slack.of(0.0) >= 0.5 * smallest && slack.of(0.0) <= 1.001 * smallest, "{dtype}");
        let half = dtype.format().unit_roundoff().to_f64();
        assert!(slack.of(-1.0) >= half && slack.of(-1.0) <= 1.001 * (half + smallest), "{dtype}");
    }
    // f16 stores log(1 - 1e-8) as -0.
    let p = [rational(99_999_999, 100_000_000), rational(1, 300_000_000), rational(2, 300_000_000)];
    let found = enclose_unplaced(&[-0.0], Some(-0.0), 3, SLACK.stored(Dtype::F16)).unwrap();
    holds(&found, &p, 0).unwrap();
    assert!(enclose_unplaced(&[-0.0], Some(-0.0), 3, SLACK.stored(Dtype::F32)).unwrap().p.outward()[0] > 1.0 - 1e-12);
}

#[test]
fn a_certain_action_leaves_little_to_each_other() {
    // 1 - P_c is at most 1e-6, so that w <= 2e-12 whatever the most probable has.
    let found = enclose_unplaced(&[0.0], Some(0.0), 50_000, Slack::uniform(1e-6)).unwrap();
    assert!(found.w.outward()[1] < 2.001e-12 && found.w.outward()[0] == 0.0, "{:?}", found.w);
}

#[test]
fn a_slack_grows_with_the_number_and_has_a_floor() {
    let slack = Slack { absolute: 1e-6, relative: 1e-7, floor: -80.0 };
    let found = enclose_unplaced(&[-1e-3], Some(-200.0), 10, slack).unwrap();
    // Underflow says that P_c is at most e^-80 and a little, not that it is e^-200.
    let [p, least] = [found.p, Scaled::point(libm::exp(-80.0))];
    assert!(p.lo == 0.0 && p.outward()[1] > least.lo && p.outward()[1] < 1.001 * least.lo);
    let near = enclose_unplaced(&[-10.0], Some(-10.0), 1_000_000, slack).unwrap().p;
    assert!((near.relative_width() / 4e-6 - 1.0).abs() < 0.01, "{near:?}");
    assert!(matches!(sampled(-1.0, 3, Slack { relative: f64::NAN, ..slack }), Err(PartialError::BadSlack(_))));
}
