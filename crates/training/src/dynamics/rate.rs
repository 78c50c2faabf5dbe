//! How fast the exact gradient converges on bandits, against what theory says.
//!
//! Softmax policy gradient with the true gradient loses r* - <P_t, r> = O(1/t), and not less than that in order (Mei et
//! al., arXiv:2005.06392). With their two facts, that <P, r> is 5/2-smooth in the logits for rewards in \[0, 1\] and
//! that its gradient is at least P(a*) (r* - <P, r>) long, a step at the rate eta < 4/5 gains at least eta (1 - 5
//! eta/4) times the square of that, so that after t steps the loss is at most 1 / (eta (1 - 5 eta/4) c^2 t), c the
//! least P(a*) on the way.
//!
//! The constant: near the end x_i = P_i (r* - r_i) obeys dx_i/dt = -eta x_i (x_i + sum x) to first order, so that all
//! x_i come to be 1/(eta K t), and t times the loss tends to (K - 1)/(eta K).

use rayon::prelude::*;
use serde::Serialize;

use crate::policy::random::Rng;

use super::softmax;
use crate::stats::bins::median;

/// The largest learning rate, not itself included, for which the bound says something.
pub const RATE_LIMIT: f64 = 0.8;
/// Points of a fit in each decade of steps.
const POINTS: u32 = 20;
/// The first step that is looked at.
const FIRST: u64 = 10;

/// What is fitted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RateRequest {
    /// The number of actions, 2 or more.
    pub k: usize,
    /// How many bandits, 2 or more, with mean rewards drawn uniformly from \[0, 1\].
    pub bandits: u64,
    /// The learning rate, positive and below [`RATE_LIMIT`].
    pub eta: f64,
    /// How many steps, 100 or more.
    pub steps: u64,
    /// The seed of the rewards.
    pub seed: u64,
}

/// A fitted exponent: between these steps the loss falls as t^exponent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Window {
    /// The steps that were fitted: from and to.
    pub steps: [u64; 2],
    /// The exponent, the mean over the bandits.
    pub exponent: f64,
    /// Half the width of its 95 % interval, by Student's t over the bandits.
    pub margin: f64,
    /// The least and the greatest exponent of a bandit.
    pub range: [f64; 2],
}

/// What was found for one number of actions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rate {
    /// What was asked.
    #[serde(flatten)]
    pub request: RateRequest,
    /// Exponents, decade by decade of the steps.
    pub windows: Vec<Window>,
    /// t times the loss at the last step, the median over the bandits.
    pub constant: f64,
    /// What it tends to: (K - 1)/(eta K).
    pub limit: f64,
    /// The largest ratio of a loss to the bound, over all steps of all bandits: at most 1.
    pub of_bound: f64,
}

/// One bandit, trained along its expected gradient from even logits, in f64 without cancellation.
#[derive(Clone, Debug)]
struct Ascent {
    /// What each action has less than the best one: exact zeros for the best.
    short: Vec<f64>,
    eta: f64,
    z: Vec<f64>,
    p: Vec<f64>,
}

impl Ascent {
    fn new(rewards: &[f64], eta: f64) -> Ascent {
        let best = rewards.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let short: Vec<f64> = rewards.iter().map(|r| best - r).collect();
        Ascent { z: vec![0.0; short.len()], p: vec![1.0 / short.len() as f64; short.len()], short, eta }
    }

    /// r* - <P, r>, a sum of terms that are not negative.
    fn loss(&self) -> f64 {
        self.p.iter().zip(&self.short).map(|(p, short)| p * short).sum()
    }

    /// P(a*), of the first best action.
    fn confidence(&self) -> f64 {
        self.short.iter().position(|&short| short == 0.0).map_or(0.0, |best| self.p[best])
    }

    /// z_i += eta P_i (r_i - <P, r>).
    fn step(&mut self) {
        let loss = self.loss();
        for ((z, p), short) in self.z.iter_mut().zip(&self.p).zip(&self.short) {
            *z += self.eta * p * (loss - short);
        }
        softmax::fill(&self.z, &mut self.p);
    }
}

/// What one bandit came to.
struct Trace {
    /// An exponent for each window.
    exponents: Vec<f64>,
    constant: f64,
    of_bound: f64,
}

impl RateRequest {
    /// The decades of the steps, the last one ending with the last step.
    fn windows(&self) -> Vec<[u64; 2]> {
        let ends = std::iter::successors(Some(self.steps), |to| Some(to / 10));
        let mut all: Vec<[u64; 2]> = ends.map(|to| [to / 10, to]).take_while(|[from, _]| *from >= FIRST).collect();
        all.reverse();
        all
    }

    fn trace(&self, bandit: u64) -> Trace {
        let mut rng = Rng::new(self.seed, bandit);
        let rewards: Vec<f64> = (0..self.k).map(|_| rng.unit()).collect();
        let mut ascent = Ascent::new(&rewards, self.eta);
        let windows = self.windows();
        let mut points: Vec<Vec<(f64, f64)>> = vec![Vec::new(); windows.len()];
        let gain = self.eta * (1.0 - self.eta * 1.25);
        let (mut least, mut of_bound, mut next) = (ascent.confidence(), 0.0_f64, 0);
        for t in 1..=self.steps {
            ascent.step();
            let loss = ascent.loss();
            of_bound = of_bound.max(loss * gain * least * least * t as f64);
            least = least.min(ascent.confidence());
            if t >= next {
                let point = (libm::log(t as f64), libm::log(loss));
                for (points, [from, to]) in points.iter_mut().zip(&windows) {
                    if (*from..=*to).contains(&t) {
                        points.push(point);
                    }
                }
                next = libm::ceil(t as f64 * libm::pow(10.0, 1.0 / f64::from(POINTS))) as u64;
            }
        }
        let constant = ascent.loss() * self.steps as f64;
        Trace { exponents: points.iter().map(|points| slope(points)).collect(), constant, of_bound }
    }

    /// Trains and fits. Results do not depend on the number of threads; `done` is told of each bandit.
    ///
    /// # Panics
    /// If there are less than 2 actions or bandits, or less than 100 steps.
    pub fn fit(&self, done: &(dyn Fn() + Sync)) -> Rate {
        assert!(self.k >= 2 && self.bandits >= 2 && self.steps >= 100, "a request that can be fitted");
        let one = |bandit: u64| {
            let trace = self.trace(bandit);
            done();
            trace
        };
        let traces: Vec<Trace> = (0..self.bandits).into_par_iter().map(one).collect();
        let window = |(index, &steps): (usize, &[u64; 2])| {
            let exponents: Vec<f64> = traces.iter().map(|trace| trace.exponents[index]).collect();
            let (exponent, margin) = mean(&exponents);
            let least = exponents.iter().copied().fold(f64::INFINITY, f64::min);
            let greatest = exponents.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            Window { steps, exponent, margin, range: [least, greatest] }
        };
        Rate {
            windows: self.windows().iter().enumerate().map(window).collect(),
            constant: median(traces.iter().map(|trace| trace.constant)).expect("a bandit"),
            limit: (self.k - 1) as f64 / (self.eta * self.k as f64),
            of_bound: traces.iter().map(|trace| trace.of_bound).fold(0.0, f64::max),
            request: self.clone(),
        }
    }
}

/// The slope of y against x by least squares.
fn slope(points: &[(f64, f64)]) -> f64 {
    let n = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let products: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    products / points.iter().map(|p| (p.0 - x) * (p.0 - x)).sum::<f64>()
}

/// The mean of two or more numbers and half the width of its 95 % interval.
fn mean(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
    (mean, student(n - 1.0) * (variance / n).sqrt())
}

/// The 97.5 % quantile of Student's t with this number of degrees of freedom: exact for 1 and 2, else three terms of
/// its expansion about the Gaussian one (Abramowitz and Stegun, 26.7.5), which are right to 1 % from 3 degrees on.
fn student(freedom: f64) -> f64 {
    const X: f64 = 1.959_963_984_540_054;
    if freedom < 3.0 {
        return if freedom < 2.0 { 12.706_204_736 } else { 4.302_652_730 };
    }
    let power = |n: i32| (0..n).fold(1.0, |product, _| product * X);
    let terms = [
        (power(3) + X) / 4.0,
        (5.0 * power(5) + 16.0 * power(3) + 3.0 * X) / 96.0,
        (3.0 * power(7) + 19.0 * power(5) + 17.0 * power(3) - 15.0 * X) / 384.0,
    ];
    terms.iter().rev().fold(0.0, |sum, term| (sum + term) / freedom) + X
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamics::reference::ReferenceRun;
    use crate::dynamics::{Algorithm, Driver, Experiment, Schedule};

    #[test]
    fn slopes_are_those_of_lines_and_quantiles_those_of_tables() {
        assert_eq!(slope(&[(0.0, 1.0), (1.0, -1.0), (2.0, -3.0)]), -2.0);
        for (freedom, quantile) in
            [(1.0, 12.706), (2.0, 4.303), (3.0, 3.182), (4.0, 2.776), (9.0, 2.262), (31.0, 2.040)]
        {
            assert!((student(freedom) / quantile - 1.0).abs() < 0.01, "{freedom}: {}", student(freedom));
        }
        assert_eq!(mean(&[1.0, 1.0, 1.0]), (1.0, 0.0));
    }

    #[test]
    fn windows_are_the_decades_before_the_last_step() {
        let request = |steps| RateRequest { k: 2, bandits: 2, eta: 0.4, steps, seed: 1 };
        assert_eq!(request(10_000).windows(), [[10, 100], [100, 1000], [1000, 10_000]]);
        assert_eq!(request(500).windows(), [[50, 500]]);
        assert_eq!(request(100).windows(), [[10, 100]]);
    }

    /// The loss in f64 is that of the same run in MPFR arithmetic.
    #[test]
    fn f64_follows_the_reference() {
        let rewards = [0.9, 0.2, 0.55];
        let arms = "fixed:0.9,0.2,0.55".parse().unwrap();
        let schedule = Schedule::Constant(0.4);
        let experiment = Experiment { algorithm: Algorithm::Expected, schedule, ..Experiment::new(arms) };
        let (mut ascent, mut reference) = (Ascent::new(&rewards, 0.4), ReferenceRun::new(128, &[0.0; 3]));
        let mut driver = Driver::new(&experiment, 0..1);
        for _ in 0..500 {
            ascent.step();
            driver.advance(&mut reference).unwrap();
        }
        reference.enclose().unwrap();
        let exact: f64 = reference.policy().iter().zip(rewards).map(|(p, r)| p.lo().to_f64() * (0.9 - r)).sum();
        assert!((ascent.loss() / exact - 1.0).abs() < 1e-12, "{} {exact}", ascent.loss());
    }

    #[test]
    fn losses_fall_like_one_over_t_within_the_bound() {
        let rate = RateRequest { k: 3, bandits: 8, eta: 0.4, steps: 100_000, seed: 1 }.fit(&|| ());
        let last = rate.windows.last().unwrap();
        assert!((last.exponent + 1.0).abs() < 0.1 && last.margin < 0.1, "{rate:?}");
        assert!(rate.of_bound > 0.0 && rate.of_bound <= 1.0, "{rate:?}");
        assert!((rate.constant / rate.limit - 1.0).abs() < 0.3, "{rate:?}");
    }
}
