//! Policies: reproducible, and each generator keeps its promise.

use std::fmt::Write as _;

use logitlab::policy::key::{Key, Limits};
use logitlab::policy::random::Rng;
use logitlab::policy::registry::{Choice, GENERATORS, Generator};
use logitlab::policy::{Decimal, Naturals, Policy, Scores, Spec, suite};
use num_bigint::BigUint;
use proptest::prelude::*;
use rayon::prelude::*;

fn spec(text: &str) -> Spec {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The first policies of a spec.
fn draws(text: &str, cases: u64) -> impl Iterator<Item = Policy> {
    let spec = spec(text);
    (0..cases).map(move |case| Policy::generate(&spec, 42, case))
}

fn integers(policy: &Policy) -> &Naturals {
    match &policy.scores {
        Scores::Integers(weights) => weights,
        other => panic!("{}: integers expected, not {other:?}", policy.generator),
    }
}

fn logits(policy: &Policy) -> &[f64] {
    match &policy.scores {
        Scores::Logits(logits) => logits,
        other => panic!("{}: logits expected, not {other:?}", policy.generator),
    }
}

fn big(limbs: &[u64]) -> BigUint {
    limbs.iter().rev().fold(BigUint::ZERO, |n, &limb| (n << 64) + limb)
}

/// FNV-1a over everything in a policy but its name.
fn hash(policy: &Policy) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut mix = |word: u64| {
        for byte in word.to_le_bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    mix(policy.action as u64);
    match &policy.scores {
        Scores::Integers(weights) => {
            mix(weights.width() as u64);
            weights.limbs().iter().for_each(|&limb| mix(limb));
        }
        Scores::Rationals { numerators, denominators } => {
            mix(numerators.width() as u64);
            numerators.limbs().iter().chain(denominators.limbs()).for_each(|&limb| mix(limb));
        }
        Scores::Logits(logits) => logits.iter().for_each(|z| mix(z.to_bits())),
    }
    hash
}

/// A policy in one line: its numbers if they are few.
fn show(policy: &Policy) -> String {
    if policy.actions() > 3 {
        return format!("K={} c={} {:016x}", policy.actions(), policy.action + 1, hash(policy));
    }
    let list = |naturals: &Naturals| {
        let number = |n: &[u64]| if n.len() > 4 { format!("~2^{}", big(n).bits()) } else { big(n).to_string() };
        naturals.iter().map(number).collect::<Vec<_>>().join(" ")
    };
    let scores = match &policy.scores {
        Scores::Integers(weights) => list(weights),
        Scores::Rationals { numerators, denominators } => format!("{} over {}", list(numerators), list(denominators)),
        Scores::Logits(logits) => format!("{logits:?}"),
    };
    format!("K={} c={} {:016x} {scores}", policy.actions(), policy.action + 1, hash(policy))
}

#[test]
fn the_default_suite_does_not_change() {
    let mut text = String::new();
    for (case, spec) in suite(63).iter().enumerate() {
        writeln!(text, "{case} {spec}: {}", show(&Policy::generate(spec, 1, case as u64))).unwrap();
    }
    insta::assert_snapshot!(text);
}

#[test]
fn order_and_threads_do_not_matter() {
    let specs = suite(200);
    let forwards: Vec<Policy> = specs.iter().enumerate().map(|(i, s)| Policy::generate(s, 3, i as u64)).collect();
    let mut scattered: Vec<usize> = (0..specs.len()).map(|i| i * 77 % specs.len()).collect();
    scattered.reverse();
    let generate = || -> Vec<(usize, Policy)> {
        scattered.par_iter().with_max_len(1).map(|&i| (i, Policy::generate(&specs[i], 3, i as u64))).collect()
    };
    for threads in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let policies = pool.install(generate);
        assert_eq!(policies.len(), forwards.len());
        for (i, policy) in policies {
            assert_eq!((hash(&policy), &policy), (hash(&forwards[i]), &forwards[i]));
        }
    }
}

#[test]
fn cases_and_seeds_differ() {
    let spec = spec("integers:K=5,bits=64");
    let mut hashes: Vec<u64> = (0..50).map(|case| hash(&Policy::generate(&spec, 0, case))).collect();
    hashes.extend((1..50).map(|seed| hash(&Policy::generate(&spec, seed, 0))));
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), 99);
}

#[test]
fn every_policy_is_one() {
    for generator in GENERATORS {
        for policy in draws(&format!("{}:K=1..20", generator.name), 60) {
            assert!((1..=20).contains(&policy.actions()), "{policy:?}");
            assert!(policy.action < policy.actions(), "{policy:?}");
            assert!((0..policy.actions()).any(|i| !policy.scores.is_zero(i)), "{policy:?}");
            match &policy.scores {
                Scores::Integers(_) => {}
                Scores::Rationals { numerators, denominators } => {
                    assert_eq!(numerators.len(), denominators.len());
                    assert!((0..policy.actions()).all(|i| !denominators.is_zero(i)), "{policy:?}");
                }
                Scores::Logits(logits) => {
                    assert!(logits.iter().all(|&z| z.is_finite() || z == f64::NEG_INFINITY), "{policy:?}");
                }
            }
        }
    }
}

#[test]
fn drawn_values_can_be_fixed_without_changing_the_policy() {
    for generator in GENERATORS {
        for case in 0..20 {
            let drawn = Policy::generate(&spec(&format!("{}:K=1..50", generator.name)), 8, case);
            let (actions, chosen) = (drawn.actions(), drawn.action + 1);
            for fixed in [format!("K={actions}"), format!("K={actions},c={chosen}")] {
                let again = Policy::generate(&spec(&format!("{}:{fixed}", generator.name)), 8, case);
                assert_eq!((&again.scores, again.action), (&drawn.scores, drawn.action), "{fixed}");
            }
        }
    }
}

#[test]
fn chosen_actions_are_likely_unlikely_and_any() {
    let (mut largest, mut smallest) = (0, 0);
    for policy in draws("gaussian:K=50", 400) {
        largest += usize::from(policy.action == policy.scores.largest());
        smallest += usize::from(policy.action == policy.scores.smallest());
    }
    // a quarter each, and 1/50 of the other half
    assert!((75..=140).contains(&largest) && (75..=140).contains(&smallest), "{largest} {smallest}");
    assert!(draws("gaussian:K=3..9,c=2", 50).all(|policy| policy.action == 1));
}

#[test]
fn integers_have_at_most_their_bits_and_reach_them() {
    for bits in [1, 2, 8, 63, 64, 65, 200, 4096] {
        let policies: Vec<Policy> = draws(&format!("integers:K=40,bits={bits}"), 4).collect();
        let lengths = policies.iter().flat_map(|p| (0..40).map(|i| integers(p).bits(i))).collect::<Vec<_>>();
        assert!(lengths.iter().all(|length| (1..=bits).contains(length)), "{bits}");
        assert_eq!(lengths.iter().max(), Some(&bits));
    }
}

#[test]
fn integers_are_uniform_over_the_positive_values() {
    let mut counts = [0u32; 8];
    for policy in draws("integers:K=7000,bits=3", 1) {
        integers(&policy).limbs().iter().for_each(|&n| counts[n as usize] += 1);
    }
    assert_eq!(counts[0], 0);
    assert!(counts[1..].iter().all(|n| (850..1150).contains(n)), "{counts:?}");
}

#[test]
fn rationals_are_positive_and_unrelated() {
    for policy in draws("rationals:K=30,bits=70", 10) {
        let Scores::Rationals { numerators, denominators } = &policy.scores else { panic!("{policy:?}") };
        assert!((0..30).all(|i| (1..=70).contains(&numerators.bits(i)) && (1..=70).contains(&denominators.bits(i))));
        assert!((0..30).all(|i| numerators.entry(i) != denominators.entry(i)));
    }
}

#[test]
fn uniform_and_one_hot() {
    assert!(draws("uniform:K=6", 5).all(|policy| integers(&policy).limbs() == [1; 6]));
    let mut hot = [false; 6];
    for policy in draws("one-hot:K=6", 60) {
        assert_eq!(integers(&policy).limbs().iter().sum::<u64>(), 1);
        hot[policy.scores.largest()] = true;
    }
    assert_eq!(hot, [true; 6]);
}

#[test]
fn the_gap_of_near_one_hot_is_exact_to_30_bits() {
    for (gap, cases) in [("0.5", 50), ("0.3", 50), ("1e-9", 50), ("1e-300", 50), ("2.5e-1000", 20), ("1e-4000", 5)] {
        let exact = Decimal::parse(gap).unwrap();
        let (digits, power) = (BigUint::from(exact.digits()), exact.exponent().unsigned_abs());
        for policy in draws(&format!("near-one-hot:K=2..50,gap={gap}"), cases) {
            let weights = integers(&policy);
            let hot = big(weights.entry(policy.scores.largest()));
            let sum: BigUint = weights.iter().map(big).sum();
            // |(sum - hot) / sum - digits / 10^power| <= 2^-30 * digits / 10^power, times sum * 10^power
            let (others, gap) = ((&sum - &hot) * BigUint::from(10u32).pow(power), &sum * &digits);
            let error = if others > gap { &others - &gap } else { &gap - &others };
            assert!(error << 30 <= gap, "{policy:?}");
            assert!(weights.iter().all(|weight| big(weight) > BigUint::ZERO));
        }
    }
}

#[test]
fn the_weights_of_near_one_hot_fit_the_memory_that_is_promised() {
    for gap in ["0.5", "9.99e-9", "1e-300", "1e-4000", "1.234567890123456789e-3000"] {
        let text = format!("near-one-hot:K=2000,gap={gap}");
        let limit = (Decimal::parse(gap).unwrap().exponent().unsigned_abs() as usize * 10 / 3 + 89).div_ceil(64);
        assert!(draws(&text, 3).all(|policy| integers(&policy).width() <= limit), "{gap}");
    }
}

#[test]
fn ties_tie() {
    for policy in draws("ties:K=2..40", 100) {
        let mut values = integers(&policy).limbs().to_vec();
        values.sort_unstable();
        let largest = values[values.len() - 1];
        assert_eq!(values[values.len() - 2], largest, "{policy:?}");
        assert!(values[0] > 0);
        values.dedup();
        assert!(values.len() <= 3);
    }
}

#[test]
fn about_half_of_zeros_are_and_a_quarter_of_masked() {
    for (text, range) in [("zeros:K=100", 4200..5000), ("masked:K=100", 2200..2700)] {
        let zeros: usize = draws(text, 100).map(|p| (0..100).filter(|&i| p.scores.is_zero(i)).count()).sum();
        assert!(range.contains(&zeros), "{text}: {zeros}");
        let single = text.replace("100", "1");
        assert!(draws(&single, 20).all(|policy| !policy.scores.is_zero(0)));
    }
}

#[test]
fn subnormal_logits_are_subnormal() {
    let all: Vec<f64> = draws("subnormal:K=50", 20).flat_map(|policy| logits(&policy).to_vec()).collect();
    assert!(all.iter().all(|z| z.is_subnormal()));
    assert!(all.iter().any(|z| z.abs() == 5e-324) && all.iter().any(|z| z.abs() > 1e-308));
    assert!(all.iter().any(|&z| z < 0.0) && all.iter().any(|&z| z > 0.0));
}

#[test]
fn huge_logits_stay_within_their_scale_and_come_near_it() {
    for (text, scale) in [("huge:K=100", 1e4), ("huge:K=100,scale=1e6", 1e6), ("huge:K=100,scale=0.1", 0.1)] {
        let largest = draws(text, 5).flat_map(|p| logits(&p).to_vec()).fold(0.0, |m: f64, z| m.max(z.abs()));
        assert!(0.95 * scale < largest && largest <= scale, "{text}: {largest}");
    }
}

#[test]
fn confident_policies_are_so_of_the_chosen_action() {
    for gap in [0.5, 0.01, 1e-9, 1e-300] {
        for extra in ["", ",c=2"] {
            for policy in draws(&format!("confident:K=2..30,gap={gap:e}{extra}"), 40) {
                let z = logits(&policy);
                let raised = z[policy.action];
                let others = z.iter().enumerate().filter(|&(i, _)| i != policy.action);
                // 1 - P = s / (1 + s)
                let s: f64 = others.map(|(_, z)| libm::exp(z - raised)).sum();
                assert!((s / (1.0 + s) / gap - 1.0).abs() < 1e-12, "{policy:?}");
            }
        }
    }
    assert!(GENERATORS.iter().all(|g| (g.choice == Choice::Largest) == (g.name == "confident")));
}

#[test]
fn explicit_policies() {
    let policy = draws("weights:1,0,36893488147419103232,c=3", 1).next().unwrap();
    assert_eq!(integers(&policy), &Naturals::new(2, vec![1, 0, 0, 0, 0, 2]));
    assert_eq!((policy.action, policy.generator.as_str()), (2, "weights:1,0,36893488147419103232,c=3"));
    let policy = draws(" logits: 0, 1.5 ,-inf,-0,1e300,5e-324", 1).next().unwrap();
    assert_eq!(logits(&policy), [0.0, 1.5, f64::NEG_INFINITY, 0.0, 1e300, 5e-324]);
    assert_eq!(policy.generator, "logits:0,1.5,-inf,-0,1e300,5e-324");
}

#[test]
fn accepted_and_rejected_specs() {
    let texts = [
        "integers",
        "integers:K=4,bits=8",
        " integers : bits = 8 , c=2, K = 4 ",
        "integers:K=2..100",
        "integers:K=3..3",
        "integers:K=0004",
        "integers:K=10000000,bits=64",
        "near-one-hot:gap=0.001",
        "near-one-hot:K=1000000,gap=1e-300",
        "near-one-hot:gap=2.50E-1000",
        "huge:scale=10000.0",
        "weights:007,0",
        "weights:1,2,3,c=2",
        "logits:-inf,1e3,0.10",
        "",
        "  ",
        ":K=3",
        "gausian",
        "gauss:K=3",
        "Integer",
        "one_hot:K=3",
        "softmax",
        "integers:",
        "integers:K",
        "integers:K=4,,bits=8",
        "integers:k=4",
        "uniform:bits=8",
        "integers:K=4,K=5",
        "integers:K=",
        "integers:K=-4",
        "integers:K=four",
        "integers:K=0",
        "integers:K=10000001",
        "integers:K=99999999999999999999999",
        "integers:K=2..",
        "integers:K=2..1e3",
        "integers:K=0..5",
        "integers:K=9..2",
        "integers:K=4,bits=0",
        "integers:K=4,bits=4097",
        "integers:K=4,bits=8..16",
        "integers:K=4,c=5",
        "integers:K=2..9,c=3",
        "integers:c=0",
        "integers:K=10000000,bits=4096",
        "near-one-hot:gap=0",
        "near-one-hot:gap=0.51",
        "near-one-hot:gap=1e-4001",
        "near-one-hot:gap=tiny",
        "confident:gap=1e-301",
        "huge:scale=1.1e6",
        "größe:K=3",
        "integers:größe=3,K=3",
        "integers:K=3,bits=ä",
        "weights",
        "weights:",
        "weights:c=1",
        "weights:0,0",
        "weights:1,,2",
        "weights:1,-2",
        "weights:1,c=3",
        "weights:c=1,2",
        "weights:1,K=3",
        "logits:0,inf",
        "logits:0,nan",
        "logits:0,1e999",
        "logits:-inf,-inf",
    ];
    let mut table = String::new();
    for text in texts {
        match text.parse::<Spec>() {
            Ok(spec) => writeln!(table, "{text:?}\n  = {spec}").unwrap(),
            Err(error) => {
                let marked: String = text.chars().skip(error.column - 1).take(error.length).collect();
                writeln!(table, "{text:?}\n  ! {error} [at {marked:?}]").unwrap();
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn the_documented_keys_do_not_change() {
    let mut table = String::new();
    for generator in GENERATORS {
        writeln!(table, "{}: {}", generator.name, generator.summary).unwrap();
        for key in generator.keys() {
            let default = key.default.map_or("drawn".to_owned(), |value| value.to_string());
            writeln!(table, "  {}={default} ({}): {}", key.name, key.limits, key.meaning).unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

/// A valid value of a key, as text.
fn value(key: &'static Key) -> BoxedStrategy<String> {
    match key.limits {
        // small enough for every generator's memory
        Limits::Actions { low, .. } => {
            let one = low..=1000usize;
            prop_oneof![
                one.clone().prop_map(|k| k.to_string()),
                (one.clone(), one).prop_map(|(a, b)| format!("{}..{}", a.min(b), a.max(b))),
            ]
            .boxed()
        }
        // c: no larger than the fewest actions of any K
        Limits::Integer { low, .. } if key.name == "c" => Just(low.to_string()).boxed(),
        Limits::Integer { low, high } => (low..=high).prop_map(|n| n.to_string()).boxed(),
        Limits::Decimal { low, high } => (1u64..10_000_000, 0i32..20, -4020i32..0)
            .prop_map(|(digits, point, power)| format!("{}.{digits:07}e{}", digits % 7, power + point))
            .prop_filter("inside the limits", move |text| Decimal::parse(text).is_some_and(|x| low <= x && x <= high))
            .boxed(),
    }
}

/// A valid spec: some keys of a generator in some order.
fn generated() -> impl Strategy<Value = String> {
    (0..GENERATORS.len()).prop_flat_map(|at| {
        let generator: &'static Generator = &GENERATORS[at];
        let decimals = generator.own_keys.iter().any(|key| matches!(key.limits, Limits::Decimal { .. }));
        let keys: Vec<&'static Key> = generator.keys().collect();
        let all = keys.len();
        // most decimals of the strategy above are too small for a scale or a confident gap
        let item = move |key: &'static Key| match (decimals, key.limits) {
            (true, Limits::Decimal { high, .. }) if key.name != "gap" || generator.name == "confident" => {
                (1u32..500, -12i32..0)
                    .prop_map(move |(n, e)| format!("{}={n}e{e}", key.name))
                    .prop_filter("inside the limits", move |text| {
                        Decimal::parse(text.split_once('=').unwrap().1).is_some_and(|x| x <= high)
                    })
                    .boxed()
            }
            _ => value(key).prop_map(|value| format!("{}={value}", key.name)).boxed(),
        };
        let items: Vec<_> = keys.into_iter().map(item).collect();
        (items, proptest::sample::subsequence((0..all).collect::<Vec<_>>(), 0..=all).prop_shuffle()).prop_map(
            move |(items, order)| {
                let items: Vec<_> = order.into_iter().map(|i| items[i].clone()).collect();
                format!("{}{}{}", generator.name, if items.is_empty() { "" } else { ":" }, items.join(","))
            },
        )
    })
}

/// A valid spec that spells a policy out.
fn explicit() -> impl Strategy<Value = String> {
    let weights = proptest::collection::vec("[0-9]{1,60}", 1..20).prop_map(|w| format!("weights:{},1", w.join(",")));
    let logit = prop_oneof![any::<f64>().prop_filter("finite", |z| z.is_finite()), Just(f64::NEG_INFINITY)];
    let logits = proptest::collection::vec(logit, 1..20)
        .prop_map(|z| format!("logits:0,{}", z.iter().map(f64::to_string).collect::<Vec<_>>().join(",")));
    (prop_oneof![weights, logits], prop_oneof![Just(""), Just(",c=1"), Just(",c=2")])
        .prop_map(|(form, c)| format!("{form}{c}"))
}

proptest! {
    #[test]
    fn reading_and_printing_are_inverse(text in prop_oneof![3 => generated(), 1 => explicit()]) {
        let read = spec(&text);
        let printed = read.to_string();
        prop_assert_eq!(&spec(&printed), &read);
        prop_assert_eq!(spec(&printed).to_string(), printed);
    }

    #[test]
    fn any_text_is_read_without_panic(text in "(integers|gaussian|weights|logits|one-hot)?[:=,. a-zK0-9ä-]{0,30}|.{0,20}") {
        if let Err(error) = text.parse::<Spec>() {
            prop_assert!(error.column + error.length <= text.chars().count() + 1);
        }
    }

    #[test]
    fn a_drawn_number_of_actions_is_inside_its_interval(
        low in 1usize..500, more in 0usize..500, seed in any::<u64>(), case in any::<u64>(),
    ) {
        let policy = Policy::generate(&spec(&format!("uniform:K={low}..{}", low + more)), seed, case);
        prop_assert!((low..=low + more).contains(&policy.actions()));
    }

    #[test]
    fn below_is_below(n in 1u64.., seed in any::<u64>()) {
        prop_assert!(Rng::new(seed, 0).below(n) < n);
    }
}
