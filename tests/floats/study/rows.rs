//! What training code computes of confident policies: the figures follow the claim `production` in kind.

use logitlab::formulas::find;
use logitlab::study::rows::{ALL, BANDS, BandSummary, CONFIDENT, RowsComparison, compare};
use logitlab::study::{Case, Cases, Generated, Mode, Plan, Reference};
use num_rational::BigRational;

/// As `bf16-lse`, in another format.
fn production(format: &str) -> Mode {
    format!("f32+logits={format}+lse={format}+collision={format}+softmax=log").parse().unwrap()
}

fn policies() -> Vec<Case> {
    let confident = |spec: &str, seed| Generated { spec: spec.parse().unwrap(), count: 60, seed };
    let parts =
        ["confident:K=40,gap=0.3", "confident:K=40,gap=0.005", "confident:K=40,gap=1e-4", "confident:K=40,gap=1e-9"];
    parts
        .iter()
        .zip(1..)
        .flat_map(|(spec, seed)| {
            let part = confident(spec, seed);
            (0..part.count()).map(move |index| part.case(index)).collect::<Vec<_>>()
        })
        .collect()
}

fn run(modes: Vec<Mode>, formulas: &[&str]) -> RowsComparison {
    let formulas = formulas.iter().map(|name| find(name).unwrap().clone()).collect();
    let temperature = BigRational::from_integer(1.into());
    let plan = Plan { modes, formulas, temperature, reference: Reference::Stored, bounds: false, seed: 1 };
    compare(&plan, &policies(), 40, None, &|_| ()).unwrap()
}

fn share(count: u64, band: &BandSummary) -> f64 {
    count as f64 / band.rows as f64
}

#[test]
fn narrow_log_sum_exps_ruin_the_sum_and_binary32_leaves_rows_wrong() {
    let modes =
        vec![production("bf16"), production("fp16"), production("f32"), "f32+logits=bf16+softmax=log".parse().unwrap()];
    let compared = run(modes, &["production"]);
    let [bf16, fp16, f32, stored] = compared.lines.as_slice() else { panic!("four lines") };
    let off = |line: &logitlab::study::rows::RowsLine| share(line.bands[ALL].off, &line.bands[ALL]);
    let sum = |line: &logitlab::study::rows::RowsLine| line.bands[CONFIDENT].sum_ratio;
    assert!(off(bf16) > 0.6 && off(fp16) > 0.5, "{:#?}", bf16.bands);
    // w is below 2^-24, the last place of 1, in the two most confident quarters, and far above it in the others.
    assert!((0.4..=0.5).contains(&off(f32)) && (0.4..=0.5).contains(&off(stored)), "{} {}", off(f32), off(stored));
    // The sum is wrong altogether, in sign even.
    assert!(sum(bf16).abs() > 10.0 && sum(fp16).abs() > 10.0, "{} {}", sum(bf16), sum(fp16));
    assert!((sum(f32) - 1.0).abs() < 0.05 && (sum(stored) - 1.0).abs() < 0.05, "{} {}", sum(f32), sum(stored));
    assert!(f32.bands[ALL].not_positive > 0);
}

#[test]
fn the_tail_form_keeps_every_row() {
    let compared = run(vec![production("f32")], &["tail"]);
    let all = &compared.lines[0].bands[ALL];
    assert_eq!((all.rows, all.off, all.not_positive), (240, 0, 0));
    assert!(all.low_digits > 5.0);
}

#[test]
fn bands_add_up_and_do_not_depend_on_how_cases_are_grouped() {
    let compared = run(vec![production("bf16")], &["production"]);
    let bands = &compared.lines[0].bands;
    let of = |range: std::ops::Range<usize>, what: fn(&BandSummary) -> u64| bands[range].iter().map(what).sum::<u64>();
    for what in [|band: &BandSummary| band.rows, |band: &BandSummary| band.off, |band: &BandSummary| band.not_positive]
    {
        assert_eq!(of(ALL + 1..CONFIDENT, what), what(&bands[ALL]));
        assert_eq!(of(3..CONFIDENT, what), what(&bands[CONFIDENT]));
    }
    assert_eq!(bands.len(), BANDS.len());

    struct Apart(Vec<Case>);
    impl Cases for Apart {
        fn count(&self) -> u64 {
            self.0.count()
        }
        fn case(&self, index: u64) -> Case {
            self.0.case(index)
        }
        fn together(&self) -> u64 {
            7
        }
    }
    let plan = Plan {
        modes: vec![production("bf16")],
        formulas: vec![find("production").unwrap().clone()],
        temperature: BigRational::from_integer(1.into()),
        reference: Reference::Stored,
        bounds: false,
        seed: 1,
    };
    let apart = compare(&plan, &Apart(policies()), 40, None, &|_| ()).unwrap();
    for (one, other) in bands.iter().zip(&apart.lines[0].bands) {
        assert_eq!((one.rows, one.off, one.median_digits), (other.rows, other.off, other.median_digits));
        // Sums of f64 in another order, and none of no rows.
        assert!(one.rows == 0 || (one.sum_ratio - other.sum_ratio).abs() <= 1e-9 * one.sum_ratio.abs());
    }
}
