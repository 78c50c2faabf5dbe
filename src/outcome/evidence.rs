//! Evidence: how much was tried, and with what.

use std::fmt;

use serde::Serialize;

use super::verdict::numbers;

/// What stands behind a verdict.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Evidence {
    /// Policies that were tried.
    pub tried: usize,
    /// Those that met the hypotheses and were decided.
    pub cases: usize,
    /// Those that met the hypotheses but that the judge could not decide.
    pub undecided: usize,
    /// The smallest number of actions among the decided cases.
    pub k_min: usize,
    /// The largest number of actions among the decided cases.
    pub k_max: usize,
    /// Largest working precision used, for rigorous intervals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bits: Option<u32>,
    /// Equalities agreed to 2^-b of their scale, b being this, in the worst case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<i64>,
    /// A grid that proves a polynomial equality for some K.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grid: Option<Grid>,
    /// What else a reader should know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A polynomial that vanishes on more points than its degree in every variable is zero: these are the points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grid {
    /// The numbers of actions for which the grid was full.
    pub ks: Vec<usize>,
    /// The number of points, over all K and actions.
    pub points: usize,
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(grid) = &self.grid {
            parts.push(format!("full grid of {} points at K = {}", grid.points, numbers(&grid.ks)));
        }
        if self.cases > 0 {
            let range = if self.k_min == self.k_max { self.k_min.to_string() } else { format!("{}..{}", self.k_min, self.k_max) };
            let plural = if self.cases == 1 { "case" } else { "cases" };
            let what = if self.bits.is_some() { "enclosed" } else { "exact" };
            parts.push(format!("{what} in {} {plural}, K = {range}", self.cases));
        }
        if self.undecided > 0 {
            parts.push(format!("{} undecided", self.undecided));
        }
        if let Some(agreement) = self.agreement {
            parts.push(format!("equal to 2^-{agreement}"));
        }
        if let Some(bits) = self.bits.filter(|_| self.cases > 0) {
            parts.push(format!("up to {bits} bits"));
        }
        parts.extend(self.notes.iter().cloned());
        f.write_str(&parts.join("; "))
    }
}
