//! Softmax of logits in f64, the same bits on every machine: for statistics, not for claims.

/// log P_i of finite logits.
pub fn log_probabilities(logits: &[f64]) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = logits.iter().map(|z| libm::exp(z - largest)).sum();
    let log = libm::log(total);
    logits.iter().map(|z| z - largest - log).collect()
}

/// P_i of finite logits.
pub fn probabilities(logits: &[f64]) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logits.iter().map(|z| libm::exp(z - largest)).collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / total).collect()
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
