//! How far bounds are from the worst errors that a search finds.

use std::ops::Range;

use logitlab::formats::Operation;
use logitlab::formulas::find;
use logitlab::policy::random::Rng;
use logitlab::study::bounds::{Forward, RealValues, Reference, Running};
use logitlab::study::noise::Noise;
use logitlab::study::published::{self, Vector};
use logitlab::study::{CaseBlock, Place, Program, Step};

use super::cases::compiled;

const K: usize = 10;
const LANES: usize = 64;

/// A program with a softmax, and what is needed to hold its probabilities against their bounds.
struct Search {
    program: Program,
    probabilities: Vec<u32>,
    u: f64,
    running: Running,
    forward: Forward,
    block: CaseBlock,
    real: RealValues,
}

/// Errors and bounds of a softmax relative to its largest component, in units of u.
#[derive(Clone, Copy, Debug, Default)]
struct Found {
    error: f64,
    running: f64,
    forward: f64,
}

impl Search {
    fn new(mode: &str) -> Search {
        let mode = mode.parse().unwrap();
        // The closed form computes every probability.
        let program = compiled(find("closed").unwrap(), &mode, K, 0);
        let steps = program.tape().steps.iter().enumerate();
        let probabilities =
            steps.filter(|(_, step)| matches!(step, Step::Apply(Operation::Div, _, Place::Probability)));
        let probabilities: Vec<u32> = probabilities.map(|(index, _)| index as u32).collect();
        assert_eq!(probabilities.len(), K);
        let u = f64::from_bits((1023 - u64::from(mode.target(Place::Exp).format.precision)) << 52);
        let (running, forward) = (Running::new(&program), Forward::new(&program));
        Search { program, probabilities, u, running, forward, block: CaseBlock::default(), real: RealValues::default() }
    }

    /// The largest error of a component in each case, and its bounds.
    fn measure(&mut self, inputs: &[f64]) -> Vec<Found> {
        self.program.run(inputs, LANES, &mut Noise::new(0, 0), &mut self.block);
        self.real.enclose(&self.program, &self.block, Reference::Stored);
        self.running.run(&self.program, &self.block, Reference::Stored);
        self.forward.run(&self.program, &self.real, Reference::Stored);
        (0..LANES).map(|lane| self.found(lane)).collect()
    }

    fn found(&self, lane: usize) -> Found {
        let largest = self.probabilities.iter().map(|&p| self.real.lo(p)[lane]).fold(0.0, f64::max) * self.u;
        let mut found = Found::default();
        for &p in &self.probabilities {
            let computed = self.block.register(p)[lane];
            let error = (computed - self.real.lo(p)[lane]).max(self.real.hi(p)[lane] - computed);
            assert!(error <= self.running.bounds(p)[lane] && error <= self.forward.bounds(p)[lane]);
            found.error = found.error.max(error / largest);
            found.running = found.running.max(self.running.bounds(p)[lane] / largest);
            found.forward = found.forward.max(self.forward.bounds(p)[lane] / largest);
        }
        found
    }

    /// Moves single logits of the cases, and keeps what does not make the error smaller.
    fn climb(&mut self, rng: &mut Rng, scale: f64, steps: Range<usize>) -> (Found, Vec<f64>) {
        let machine = *self.program.machine(Place::Logits);
        let mut inputs: Vec<f64> = (0..K * LANES).map(|_| machine.round(rng.gaussian() * scale, 0)).collect();
        let mut best = self.measure(&inputs);
        for _ in steps {
            let moved = inputs.clone();
            for lane in 0..LANES {
                let at = rng.index(K) * LANES + lane;
                let size = if rng.index(2) == 0 { scale } else { scale * rng.unit() * 0.05 };
                inputs[at] = machine.round(moved[at] + rng.gaussian() * size, 0);
            }
            for (lane, found) in self.measure(&inputs).into_iter().enumerate() {
                if found.error >= best[lane].error {
                    best[lane] = found;
                } else {
                    (0..K).for_each(|index| inputs[index * LANES + lane] = moved[index * LANES + lane]);
                }
            }
        }
        let worst = (0..LANES).max_by(|&a, &b| best[a].error.total_cmp(&best[b].error)).expect("there are cases");
        (best[worst], (0..K).map(|index| inputs[index * LANES + worst]).collect())
    }
}

#[test]
fn bounds_on_the_shifted_softmax_are_within_five_times_of_the_worst_error() {
    for mode in ["fp16", "bf16"] {
        let mut search = Search::new(mode);
        let mut rng = Rng::new(7, 7);
        let climbs: Vec<_> = [0.3, 1.0, 3.0].map(|scale| search.climb(&mut rng, scale, 0..1500)).into();
        for (found, z) in &climbs {
            // It does not depend on the log-sum-exp.
            let published = (published::of("softmax-shifted").next().unwrap().coefficient)(&Vector::new(z, f64::NAN));
            println!(
                "{mode}: worst {:.2} u, running {:.2} u ({:.2} times), a priori {:.2} u ({:.2} times), published {published:.2} u",
                found.error,
                found.running,
                found.running / found.error,
                found.forward,
                found.forward / found.error
            );
            assert!(found.forward <= 5.0 * found.error && found.running <= 5.0 * found.error, "{mode} {z:?} {found:?}");
            assert!(found.error <= published, "{mode}: the published bound does not hold at {z:?}");
        }
    }
}
