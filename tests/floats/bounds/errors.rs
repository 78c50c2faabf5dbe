//! No error exceeds its bound.

use logitlab::policy::random::Rng;
use logitlab::study::bounds::{Forward, RealValues, Reference, Running};

use super::cases::{Study, study};

/// How often bounds were finite, and how close errors came to them.
#[derive(Debug, Default)]
pub struct Seen {
    pub cases: usize,
    pub finite: usize,
    pub closest: f64,
    pub violations: Vec<String>,
}

impl Seen {
    /// Holds the error of a case against its bound: first by the f64 enclosure of the true value, and where that is too
    /// wide to tell by MPFR.
    pub fn hold(&mut self, study: &Study, lane: usize, stored: bool, (lo, hi): (f64, f64), bound: f64) {
        self.cases += 1;
        let computed = study.computed(lane);
        if bound == f64::INFINITY {
            return;
        }
        assert!(bound >= 0.0, "{}: a bound of {bound}", study.describe(lane));
        self.finite += 1;
        let most = (computed - lo).max(hi - computed) * (1.0 + f64::EPSILON);
        if most <= bound {
            self.closest = self.closest.max(most / bound);
            return;
        }
        let Ok(truth) = study.truth(lane, stored, 300, false) else {
            // Without a true value there is no error; of a finite bound the computed value is at least finite.
            return;
        };
        if computed == f64::NEG_INFINITY && *truth.hi() == computed {
            return;
        }
        let error = |end: &rug::Float| rug::Float::with_val(300, end - computed).abs().to_f64();
        let most = error(truth.lo()).max(error(truth.hi()));
        if most <= bound {
            self.closest = self.closest.max(most / bound);
            return;
        }
        self.violations.push(format!(
            "{} (stored: {stored}): {computed:e} is off by {most:e}, bound {bound:e}",
            study.describe(lane)
        ));
    }
}

/// Both bounds of random studies against their errors.
fn run(seed: u64, rounds: usize) -> [Seen; 2] {
    let mut rng = Rng::new(seed, 1);
    let mut real = RealValues::default();
    let mut seen = [Seen::default(), Seen::default()];
    for round in 0..rounds {
        let study = study(&mut rng, if round % 20 == 0 { 40 } else { 10 }, 32);
        let result = study.program.tape().result;
        let (mut running, mut forward) = (Running::new(&study.program), Forward::new(&study.program));
        for (reference, stored) in [(Reference::Stored, true), (Reference::Given, false)] {
            real.enclose(&study.program, &study.block, reference);
            running.run(&study.program, &study.block, reference);
            forward.run(&study.program, &real, reference);
            for lane in 0..study.lanes {
                let ends = (real.lo(result)[lane], real.hi(result)[lane]);
                seen[0].hold(&study, lane, stored, ends, running.bounds(result)[lane]);
                seen[1].hold(&study, lane, stored, ends, forward.bounds(result)[lane]);
            }
        }
    }
    seen
}

#[test]
fn no_error_exceeds_its_bound() {
    let rounds = std::env::var("ROUNDS").map_or(8000, |rounds| rounds.parse().expect("a number"));
    for (name, mut seen) in ["running", "a priori"].into_iter().zip(run(42, rounds)) {
        println!("{name}: {} cases, {} finite, closest {}", seen.cases, seen.finite, seen.closest);
        let n = seen.violations.len();
        seen.violations.sort_by_key(String::len);
        assert!(n == 0, "{name}: {n} violations, the shortest:\n{}", seen.violations[..n.min(12)].join("\n"));
    }
}
