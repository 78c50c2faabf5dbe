//! Softmax of logits in f64, the same bits on every machine: for statistics, not for claims.

/// log P_i of finite logits.
pub fn log_probabilities(logits: &[f64]) -> Vec<f64> {
    let mut weights = vec![0.0; logits.len()];
    let (largest, total) = weigh(logits, &mut weights);
    let log = libm::log(total);
    logits.iter().map(|z| z - largest - log).collect()
}

/// P_i of finite logits.
pub fn probabilities(logits: &[f64]) -> Vec<f64> {
    let mut p = vec![0.0; logits.len()];
    fill(logits, &mut p);
    p
}

/// [`probabilities`] into a slice of as many numbers.
pub fn fill(logits: &[f64], p: &mut [f64]) {
    let (_, total) = weigh(logits, p);
    p.iter_mut().for_each(|p| *p /= total);
}

/// exp(z_i - max z) into a slice of as many numbers; the largest logit, and the sum of these.
fn weigh(logits: &[f64], weights: &mut [f64]) -> (f64, f64) {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    weights.iter_mut().zip(logits).for_each(|(weight, z)| *weight = libm::exp(z - largest));
    (largest, weights.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_are_the_same_policy() {
        let logits = [3.0, -1.0, 700.0, 699.0];
        let p = probabilities(&logits);
        assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-15 && (p[2] / p[3] - std::f64::consts::E).abs() < 1e-14);
        for (p, log) in p[2..].iter().zip(&log_probabilities(&logits)[2..]) {
            assert!((libm::log(*p) - log).abs() < 1e-13);
        }
    }
}
