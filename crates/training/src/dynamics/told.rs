//! What one step is told to do.

/// What one step is to do in a run, beside what the policy says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Told {
    /// The chosen action.
    pub action: usize,
    /// g = eta (r - b), an f64; of the expected gradient: eta.
    pub gain: f64,
    /// eta times the coefficient of the entropy.
    pub entropy: f64,
}
