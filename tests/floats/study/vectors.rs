//! The experiment of Blanchard, D. Higham and N. Higham on vectors of this crate's own.

use logitlab::policy::random::Rng;
use logitlab::study::Case;
use logitlab::study::algorithms::{ALGORITHMS, find};
use logitlab::study::published::{self, Vector};
use logitlab::study::truth::vector_truth;
use logitlab::study::vectors::{VectorComparison, VectorLine, VectorPlan};

/// Ten logits a row as a digit classifier has them: one of about 10 among others of about -2.
fn digits(count: u64) -> Vec<Case> {
    let vector = |index| {
        let mut rng = Rng::new(2021, index);
        let mut logits: Vec<f64> = (0..10).map(|_| 4.0 * rng.gaussian() - 2.0).collect();
        logits[rng.index(10)] = 9.5 + 2.0 * rng.gaussian();
        Case { logits, k: 10, action: 0 }
    };
    (0..count).map(vector).collect()
}

fn run(modes: &[&str], algorithms: &[&str], cases: &Vec<Case>) -> VectorComparison {
    let modes = modes.iter().map(|mode| mode.parse().unwrap()).collect();
    let algorithms = algorithms.iter().map(|name| find(name).unwrap()).collect();
    VectorPlan { modes, algorithms, seed: 1 }.run(cases, cases[0].k, &|_| ()).unwrap()
}

fn line<'a>(compared: &'a VectorComparison, mode: &str, algorithm: &str) -> &'a VectorLine {
    compared.lines.iter().find(|line| line.mode == mode && line.algorithm == algorithm).unwrap()
}

#[test]
fn unshifted_overflows_in_half_precision_and_shifted_never() {
    let names: Vec<&str> = ALGORITHMS.iter().map(|algorithm| algorithm.name).collect();
    let compared = run(&["fp16", "bf16", "f32"], &names, &digits(600));
    for line in &compared.lines {
        assert_eq!((line.vectors, line.unclear), (600, 0), "{}", line.algorithm);
        let half_unshifted = line.mode == "fp16" && ["exp-sum", "lse-naive", "softmax-naive"].contains(&line.algorithm);
        assert_eq!(line.overflows > 0, half_unshifted, "{} in {}: {}", line.algorithm, line.mode, line.overflows);
        assert_eq!(line.errors.count + line.overflows, 600);
    }
    let naive = line(&compared, "fp16", "lse-naive").overflows;
    assert!((60..240).contains(&naive), "{naive}");
    // Each bound is held against every finite result, and none is exceeded.
    for line in &compared.lines {
        for bound in &line.bounds {
            // What overflowed on the way and came out as 0 is not held against them.
            assert!(
                bound.checked == line.errors.count || line.mode == "fp16" && bound.checked >= 360,
                "{}",
                bound.name
            );
            assert_eq!(bound.exceeded_without_underflow, 0, "{} in {}", bound.name, line.mode);
            assert!(bound.looseness.count == 0 || bound.looseness.median > 1.0);
        }
    }
}

#[test]
fn errors_of_a_vector_that_is_computed_by_hand() {
    // bf16: e^0 + e^0 = 2 exactly, log 2 = 0.693147 rounds to 0.69140625 or 0.6953125.
    let case = vec![Case { logits: vec![0.0, 0.0], k: 2, action: 0 }];
    let compared = run(&["bf16"], &["exp-sum", "lse-naive", "softmax-shifted"], &case);
    let error = |algorithm: &str| line(&compared, "bf16", algorithm).errors.max;
    assert_eq!(error("exp-sum"), 0.0);
    assert_eq!(error("softmax-shifted"), 0.0);
    let expected = (std::f64::consts::LN_2 - 0.69140625) / std::f64::consts::LN_2;
    assert!((error("lse-naive") - expected).abs() < 1e-12, "{}", error("lse-naive"));
    let bounds = &line(&compared, "bf16", "lse-naive").bounds[0];
    // 1 + 3/log 2 = 5.328 times 2^-8.
    assert!((bounds.looseness.median - 5.328085 / 256.0 / expected).abs() < 0.02, "{:?}", bounds.looseness);
    assert_eq!((bounds.checked, bounds.exceeded), (1, 0));
}

#[test]
fn modes_without_one_unit_roundoff_are_held_against_nothing() {
    let case = vec![Case { logits: vec![-0.5, -1.0], k: 2, action: 0 }];
    let compared = run(&["bf16+exp=e5m2", "bf16/up"], &["lse-naive", "softmax-shifted"], &case);
    for line in &compared.lines {
        assert_eq!(line.unit_roundoff, None);
        assert!(line.bounds.iter().all(|bound| bound.checked == 0));
    }
}

#[test]
fn what_has_no_softmax_is_unclear_and_masked_numbers_are_fine() {
    let cases = vec![
        Case { logits: vec![1e6, 0.0], k: 2, action: 0 },
        Case { logits: vec![f64::NEG_INFINITY, 3.0], k: 2, action: 0 },
    ];
    let compared = run(&["fp16"], &["softmax-shifted"], &cases);
    let found = &compared.lines[0];
    // 10^6 is infinite in fp16: there is no policy left whose softmax could be meant.
    assert_eq!((found.vectors, found.unclear, found.overflows), (1, 1, 0));
    assert_eq!(found.errors.max, 0.0);
}

/// Theorem 4.4 is on exp(z - lse(z)) by the shifted log-sum-exp, and leaves out the rounding of its last addition; a
/// log-softmax has none, and keeps within the same coefficient though it is not stated for it.
#[test]
fn the_bound_of_the_shifted_division_free_softmax_is_of_what_adds_the_largest_back() {
    let mut exceeded = 0;
    for index in 0..100 {
        let mut rng = Rng::new(44, index);
        let logits: Vec<f64> = (0..5).map(|_| f64::from((1000.0 + rng.gaussian()) as f32)).collect();
        let case = vec![Case { logits: logits.clone(), k: 5, action: 0 }];
        let compared = run(&["f32"], &["softmax-log", "softmax-lse-shifted"], &case);
        let (log, lse) = (line(&compared, "f32", "softmax-log"), line(&compared, "f32", "softmax-lse-shifted"));
        assert!(log.bounds.is_empty() && lse.bounds.len() == 1);
        exceeded += lse.bounds[0].exceeded_without_underflow;
        let vector = Vector::new(&logits, vector_truth(&logits).unwrap().lse.to_f64());
        let stated = (published::of("softmax-lse-shifted").next().unwrap().coefficient)(&vector);
        let u = lse.unit_roundoff.unwrap() * (1.0 + 1e-4);
        assert!(log.errors.max <= stated * u && lse.errors.max <= (stated + vector.y.abs()) * u, "{logits:?}");
    }
    assert!(exceeded > 50, "{exceeded}");
}
