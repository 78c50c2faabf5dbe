//! How fast training converges, against what theory says.

use serde::Serialize;

use crate::arith::Eval;
use crate::policy::random::Rng;

use super::experiment::{Algorithm, Experiment};
use super::reference::ReferenceRun;
use super::run::Driver;

/// A fitted exponent: suboptimality falls as t^exponent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rate {
    /// The mean over the bandits.
    pub exponent: f64,
    /// Half the width of its 95 % interval: 1.96 standard errors.
    pub margin: f64,
    /// How many bandits.
    pub bandits: usize,
    /// The steps that were fitted: from and to.
    pub steps: [u64; 2],
}

/// The slope of y against x by least squares.
fn slope(points: &[(f64, f64)]) -> f64 {
    let n = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let products: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    products / points.iter().map(|p| (p.0 - x) * (p.0 - x)).sum::<f64>()
}

/// The exponent of a bandit's suboptimality r* - <P_t, r> over the last nine tenths of the steps, from 40 of them at
/// equal ratios, trained along the exact expected gradient.
fn exponent(experiment: &Experiment, bits: u32) -> Eval<f64> {
    let start: Vec<f64> = (0..experiment.arms.len()).map(|action| experiment.start_of(action)).collect();
    let mut run = ReferenceRun::new(bits, &start);
    let mut driver = Driver::new(experiment, 0..1);
    let best = experiment.arms.best();
    let (mut points, mut next) = (Vec::new(), experiment.steps as f64 / 10.0);
    for t in 1..=experiment.steps {
        driver.advance(&mut run)?;
        if t as f64 >= next {
            next *= libm::pow(10.0, 1.0 / 40.0);
            run.enclose()?;
            let lost = |(p, r): (&crate::arith::interval::Interval, &f64)| p.lo().to_f64() * (best - r);
            let gap: f64 = run.policy().iter().zip(&experiment.arms.means).map(lost).sum();
            points.push((libm::log(t as f64), libm::log(gap)));
        }
    }
    Ok(slope(&points))
}

/// Fits the rate of the expected gradient on `bandits` bandits of `k` actions with rewards drawn from \[0, 1\], at the
/// learning rate 2/5. Theory: suboptimality is O(1/t), and not better than that (Mei et al., arXiv:2005.06392, Theorems
/// 2 and 9).
///
/// # Errors
/// Never, for these bandits.
pub fn fit(k: usize, bandits: usize, steps: u64, seed: u64, bits: u32) -> Eval<Rate> {
    use rayon::prelude::*;
    let one = |bandit: usize| {
        let mut rng = Rng::new(seed, bandit as u64);
        let means: Vec<f64> = (0..k).map(|_| rng.unit()).collect();
        let arms = super::Arms { means, noise: super::arms::Noise::None };
        let schedule = super::Schedule::Constant(0.4);
        let experiment = Experiment { algorithm: Algorithm::Expected, schedule, steps, ..Experiment::new(arms) };
        exponent(&experiment, bits)
    };
    let exponents: Vec<f64> = (0..bandits).into_par_iter().map(one).collect::<Eval<_>>()?;
    let n = exponents.len() as f64;
    let mean = exponents.iter().sum::<f64>() / n;
    let variance = exponents.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0).max(1.0);
    Ok(Rate { exponent: mean, margin: 1.96 * (variance / n).sqrt(), bandits, steps: [steps / 10, steps] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_those_of_lines() {
        assert_eq!(slope(&[(0.0, 1.0), (1.0, -1.0), (2.0, -3.0)]), -2.0);
    }

    #[test]
    fn two_arms_converge_like_one_over_t() {
        let rate = fit(2, 4, 3000, 1, 64).unwrap();
        assert!(rate.exponent < -0.5 && rate.exponent > -1.3, "{rate:?}");
    }
}
