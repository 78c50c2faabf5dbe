//! The judge `exhaustive`: it proves what is true of every number of a format, finds what is not, and says where it
//! cannot tell. Rounding among rationals is that of the narrow formats, whose code is another.

use logitlab::arith::{Eval, Fault, InFormat, format};
use logitlab::claims::{Claim, find, parse};
use logitlab::expr::{LATEX, UNICODE};
use logitlab::formats::{FORMATS, Format, Narrow, Rounding, Target};
use logitlab::judges::{JUDGES, Options, exhaustive};
use logitlab::outcome::{Judgement, Scope, Verdict};
use num_rational::BigRational;
use rug::Rational;

fn formats(names: &[&str]) -> Vec<Format> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

fn decide(claim: &Claim, names: &[&str]) -> Judgement {
    exhaustive::decide(claim, &Options { formats: formats(names), ..Options::default() })
}

fn of(text: &str) -> Claim {
    parse(&format!("claim x {text}")).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn proved(names: &[&str]) -> Verdict {
    Verdict::ProvedFor(Scope::formats(names.iter().map(|name| name.to_string()).collect()))
}

/// What stands in a claim's file, changed.
fn mutant(id: &str, from: &str, to: &str) -> Claim {
    let statement = find(id).unwrap().statement.to_string();
    assert!(statement.contains(from), "{statement}");
    of(&statement.replace(from, to))
}

fn rational(x: f64) -> Rational {
    Rational::from_f64(x).expect("it is finite")
}

#[test]
fn the_claims_hold_in_every_narrow_format() {
    let names: Vec<String> = exhaustive::default_formats().iter().map(Format::to_string).collect();
    assert_eq!(names, ["e2m1", "e2m3", "e3m2", "e4m3fn", "e5m2", "e4m3fnuz", "e5m2fnuz", "e4m3", "e3m4"]);
    for id in ["saturation", "stagnation", "nonnegative"] {
        let judgement = decide(find(id).unwrap(), &[]);
        assert_eq!(judgement.verdict, Verdict::ProvedFor(Scope::formats(names.clone())), "{id}");
        assert!(judgement.details.cases > 1000 && judgement.evidence.contains("every number of e2m1, e2m3,"), "{id}");
    }
}

#[test]
fn a_wide_format_is_proved_or_refused() {
    let saturation = find("saturation").unwrap();
    assert_eq!(decide(saturation, &["p8e5", "fp16"]).verdict, proved(&["p8e5", "fp16"]));
    let refused = decide(saturation, &["f32", "e5m2", "e5m2"]);
    assert_eq!(refused.verdict, proved(&["e5m2"]));
    assert!(refused.evidence.contains("not f32: about 4e9 cases, some 11.9 hours"), "{}", refused.evidence);
    let nothing = decide(saturation, &["f64"]);
    assert!(matches!(nothing.verdict, Verdict::Undecided(_)), "{}", nothing.evidence);
}

/// The thresholds in numbers: 1 - 2^-(p+1) where a normal number lies below 1, else a whole gap of 1 more.
#[test]
fn the_thresholds_of_saturation() {
    let threshold = |format: &Format| {
        let below = format::apply(format, InFormat::Pred, &Rational::from(1)).unwrap();
        (below + 1_u32) / 2_u32
    };
    let known = [("e5m2", 0.9375), ("e4m3", 0.96875), ("bf16", 0.998_046_875), ("fp16", 0.999_755_859_375)];
    for (name, expected) in known {
        assert_eq!(threshold(&name.parse().unwrap()), rational(expected), "{name}");
    }
    for record in FORMATS.iter().filter(|record| record.format.precision <= 53) {
        let format = record.format;
        let places = format.precision + u32::from(format.emin() <= -1);
        let expected = Rational::from(1) - Rational::from((1, rug::Integer::from(1) << places));
        assert_eq!(threshold(&format), expected, "{}", record.name);
        let at = |x: &Rational| format::apply(&format, InFormat::Nearest, x).unwrap() == 1;
        assert!(at(&expected) && !at(&(&expected - rational(1e-30))), "{}", record.name);
    }
    // Where 1 is the smallest normal number, the numbers below it are as far apart as those above.
    assert_eq!(threshold(&"e2m1".parse().unwrap()), rational(0.75));
}

#[test]
fn mutants_are_refuted() {
    let mutants = [
        ("saturation", "(1 + pred(1))/2 <= x", "(1 + pred(1))/2 < x"),
        ("saturation", "(1 + pred(1))/2 <= x", "(1 + pred(pred(1)))/2 <= x"),
        ("saturation", "(1 + pred(1))/2 <= x", "pred(1) < x"),
        ("saturation", "(1 + pred(1))/2 <= x", "1 <= x"),
        ("saturation", "fl(x) = 1", "ru(x) = 1"),
        ("saturation", "fl(x) = 1", "rd(x) = 1"),
        ("saturation", "rd(x) = 1", "fl(x) = 1"),
        ("stagnation", "even(z) = 1 =>", "even(z) = 0 =>"),
        ("stagnation", "even(z) = 0 =>", "even(z) = 1 =>"),
        ("stagnation", "d <= (succ(z) - z)/2", "d < (succ(z) - z)/2"),
        ("stagnation", "-(z - pred(z))/2 <= d", "-(z - pred(z))/2 < d"),
        ("stagnation", "d < (succ(z) - z)/2", "d <= (succ(z) - z)/2"),
        // The gap above taken for the one below: they differ at powers of two only, whose significand is even.
        ("stagnation", "-(z - pred(z))/2 <= d", "-(succ(z) - z)/2 <= d"),
        ("stagnation", "d <= (succ(z) - z)/2", "d <= succ(z) - z"),
        ("stagnation", "fl(z + d) = z", "rd(z + d) = z"),
        ("stagnation", "fl(z + d) = z", "ru(z + d) = z"),
        ("nonnegative", "rd(p^2) <= q", "pred(rd(p^2)) <= q"),
        ("nonnegative", "rd(p^2) <= q", "rd(p^2/2) <= q"),
        ("nonnegative", "rd(p^2) <= q", "rd(p^2) <= q + 1/2"),
        ("nonnegative", "0 <= rd(rd(1 - 2*p) + q)", "0 < rd(rd(1 - 2*p) + q)"),
        ("nonnegative", "rd(2*p) = 2*p", "rd(3*p) = 3*p"),
        ("nonnegative", "0 <= rd(1 - ru(2*p - q))", "0 <= rd(1 - succ(2*p - q))"),
    ];
    for (id, from, to) in mutants {
        let judgement = decide(&mutant(id, from, to), &[]);
        assert_eq!(judgement.verdict, Verdict::Refuted, "{id}: {to}: {}", judgement.evidence);
        assert!(judgement.witness.is_some());
    }
}

#[test]
fn the_false_twin_has_the_smallest_witness() {
    let judgement = decide(find("false-nonnegative").unwrap(), &[]);
    let witness = judgement.witness.expect("it is refuted");
    assert_eq!(witness.to_string(), "at e2m1, p = 1 (0x2), q = 0.5 (0x1): 0 <= -1/2 is false");
    assert!(witness.smallest && judgement.verdict == Verdict::Refuted);
    let wide = decide(find("false-nonnegative").unwrap(), &["e5m2", "e4m3fn"]);
    // Formats of one width in the order asked for.
    assert!(wide.evidence.starts_with("smallest counterexample at e5m2, p = "), "{}", wide.evidence);
}

/// Points that are neither numbers nor midpoints, and gaps between them.
#[test]
fn a_real_variable_is_every_real() {
    let refuted = [
        "given x : real, 0 <= x, x <= 1 show x != 1/3 and fl(1) = 1",
        "given x : real, 0 <= x, x <= 1 show fl(x) - x != 1/50",
        "given x : real, 0 <= x, x <= 1 show fl(x/3 + 1/7) = 13/64 => x != 1/5",
        "given x : real, 0 <= x, x <= 1 show fl(3 - x) = 3 => x < 1/16",
        "given x : real show fl(x) = x",
        "given x : real, x <= 1 show -1000000 < x and fl(1) = 1",
        "given z : float, x : real, z <= x, x <= succ(z) show fl(x) = z",
        "given x : real, 0 < x, x < 1 show pred(x) != pred(succ(x)) => fl(x) != x",
    ];
    for text in refuted {
        assert_eq!(decide(&of(text), &["e4m3fn"]).verdict, Verdict::Refuted, "{text}");
    }
    // Beyond the largest number there is nothing to round to.
    let beyond = decide(&of("given x : real show rd(x) <= x"), &["e4m3fn"]);
    assert_eq!(beyond.verdict, Verdict::Undefined, "{}", beyond.evidence);
    let holds = [
        "given x : real, -448 <= x, x <= 448 show rd(x) <= x and x <= ru(x) and rd(x) <= fl(x) and fl(x) <= ru(x)",
        "given x : real, rd(x) <= x, x <= ru(x) show rd(-x) = -ru(x) and fl(-x) = -fl(x)",
        "given x : real, 0 < x, x < 1 show pred(x) < x and x < succ(x) and fl(fl(x)) = fl(x)",
        "given z : float, pred(z) < z show succ(pred(z)) = z and even(z) != even(pred(z))",
        "given z : float, x : real, z <= x, x < (z + succ(z))/2 show fl(x) = z",
        "show fl(1/3) = 11/32",
    ];
    for text in holds {
        let judgement = decide(&of(text), &["e4m3fn"]);
        assert_eq!(judgement.verdict, proved(&["e4m3fn"]), "{text}: {}", judgement.evidence);
    }
}

#[test]
fn what_is_not_decided_is_not_called_proved() {
    let word = |text: &str| decide(&of(text), &["e4m3fn"]).verdict.word();
    // Not linear in x: points are no proof.
    assert_eq!(word("given x : real, 0 <= x, x <= 1 show fl(x^2) <= 1"), "consistent");
    assert_eq!(word("given x : real, 0 <= x, x <= 1 show fl(x - fl(x)) <= 1"), "consistent");
    assert_eq!(word("given x : real, 0 <= x, x <= 1 show x^2 <= 2"), "not-applicable");
    assert_eq!(word("given z : float show exp(z) > 0"), "undecided");
    assert_eq!(word("given z : float, z < z show z = 1"), "undecided");
    assert_eq!(word("given x : real, y : real show fl(x) <= fl(y)"), "undecided");
    assert_eq!(word("given P : distribution, z : float show sum(P) = 1"), "undecided");
    assert_eq!(word("given z : float show succ(z) > z"), "undefined", "the largest number has no successor");
}

#[test]
fn the_other_judges_do_not_pass_what_they_cannot_round() {
    for text in ["given x : real show fl(x) = x", "given z : float show z = z", "given z : float show z = 1"] {
        let claim = of(text);
        for judge in JUDGES.iter().filter(|judge| judge.name != "exhaustive") {
            let judgement = (judge.decide)(&claim, &Options::default());
            assert_eq!(judgement.verdict.word(), "not-applicable", "{}: {text}", judge.name);
            assert!(!judgement.evidence.is_empty());
        }
    }
}

#[test]
fn one_thread_finds_the_same() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    for id in ["saturation", "stagnation", "false-nonnegative"] {
        let all = || {
            let judgement = decide(find(id).unwrap(), &["e3m2", "e5m2"]);
            (judgement.evidence, judgement.details, judgement.witness, judgement.shows)
        };
        assert_eq!(pool.install(all), all(), "{id}");
    }
}

fn apply(format: &Format, how: InFormat, x: &Rational) -> Eval<Rational> {
    let found = format::apply(format, how, x);
    let other = |x: &Rational| logitlab::arith::rational::Rational::to_big(x);
    let again: Eval<BigRational> = format::apply(format, how, &other(x));
    assert_eq!(again, found.as_ref().map(other).map_err(|fault| *fault), "{format} {how:?} {x}");
    found
}

/// At every number, every midpoint and beside them.
#[test]
fn rounding_is_that_of_the_narrow_formats() {
    for format in FORMATS.iter().map(|record| record.format).filter(|format| format.bits() <= 8) {
        let numbers: Vec<f64> = format.numbers().iter().map(|x| x.to_f64()).collect();
        let narrow = |rounding| Narrow::new(Target { rounding, ..format.into() }).unwrap();
        let largest = *numbers.last().unwrap();
        let ends = [largest * 1.01, largest * 1.04, largest * 1.25, largest * 100.0].map(|x| [x, -x]);
        let middle = |pair: &[f64]| (pair[0] + pair[1]) / 2.0;
        let some = numbers.iter().copied().chain(numbers.windows(2).map(middle)).chain(ends.into_iter().flatten());
        for x in some.flat_map(|x| [x.next_down(), x, x.next_up()]) {
            let exact = rational(x);
            for (how, rounding) in [
                (InFormat::Nearest, Rounding::NearestEven),
                (InFormat::Down, Rounding::Down),
                (InFormat::Up, Rounding::Up),
            ] {
                let expected = narrow(rounding).round(x, 0);
                let overflows = !expected.is_finite() || numbers.iter().all(|number| *number != expected);
                // Without infinities the largest number stands for all beyond it; here it is no value.
                let saturated = !format.specials.has_infinity() && x.abs() > largest;
                match apply(&format, how, &exact) {
                    Ok(found) => assert!(found == rational(expected), "{format} {rounding} of {x}"),
                    Err(fault) => {
                        assert!(matches!(fault, Fault::Undefined(_)));
                        assert!(overflows || saturated, "{format} {rounding} of {x}: {expected}");
                    }
                }
            }
            let below = numbers.iter().rev().find(|number| **number < x);
            assert_eq!(apply(&format, InFormat::Pred, &exact).ok(), below.copied().map(rational), "{format} {x}");
            let above = numbers.iter().find(|number| **number > x);
            assert_eq!(apply(&format, InFormat::Succ, &exact).ok(), above.copied().map(rational), "{format} {x}");
            let pattern = numbers.contains(&x).then(|| format.encode(&rug::Float::with_val(53, x)).unwrap());
            let even = pattern.map(|pattern| Rational::from(1 - pattern % 2));
            assert_eq!(apply(&format, InFormat::Even, &exact).ok(), even, "{format} {x}");
        }
    }
}

#[test]
fn roundings_are_printed_in_every_notation() {
    let statement = of("given z : float show fl(rd(z) + ru(z))/2 = pred(succ(z)) and even(z) <= 1").statement;
    assert!(
        statement.to_string().contains("given  z : float\nshow   fl(rd(z) + ru(z))/2 = pred(succ(z)) and even(z) <= 1")
    );
    assert_eq!(UNICODE.print(&statement.shows[0]), "fl(rd(z) + ru(z))/2 = pred(succ(z)) ∧ even(z) ≤ 1");
    let latex = LATEX.print(&statement.shows[0]);
    assert!(latex.contains(r"\operatorname{pred}(\operatorname{succ}(z))"), "{latex}");
}
