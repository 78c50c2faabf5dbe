//! Evidence: how much was tried, and with what.

use std::fmt;

use serde::Serialize;

use super::verdict::numbers;
use crate::text::counted;

/// What stands behind a verdict.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Evidence {
    /// Policies that were tried.
    pub tried: usize,
    /// Those that met the hypotheses.
    pub cases: usize,
    /// Of how many kinds these are, where they have vectors: K = 1, a zero vector, a one-hot policy, equal entries,
    /// none of these.
    pub kinds: usize,
    /// Those among the cases in which some line stayed undecided.
    pub undecided: usize,
    /// Small cases besides in which the search for a counterexample found that the claim holds.
    pub searched: usize,
    /// For each line that is to be shown, the cases in which it was decided.
    pub decided: Vec<usize>,
    /// The smallest number of actions among the cases.
    pub k_min: usize,
    /// The largest number of actions among the cases.
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
    /// Floating-point formats of which every number was tried.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub formats: Vec<String>,
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
        if !self.formats.is_empty() {
            let cases = counted(self.cases as u64, "case");
            parts.push(format!("every number of {}; {cases}", self.formats.join(", ")));
        } else if self.cases > 0 {
            let range =
                numbers(&if self.k_min == self.k_max { vec![self.k_min] } else { vec![self.k_min, self.k_max] });
            let cases = match (self.cases, self.tried) {
                (met, tried) if met < tried => format!("{met} of {}", counted(tried as u64, "case")),
                (met, _) => counted(met as u64, "case"),
            };
            let kinds =
                if self.kinds > 0 { format!(" of {}", counted(self.kinds as u64, "kind")) } else { String::new() };
            parts.push(format!("{cases}{kinds}, K = {}{}", range.replace(", ", ".."), self.fewer()));
        }
        if self.searched > 0 {
            parts.push(format!("{} searched", counted(self.searched as u64, "small case")));
        }
        if let Some(agreement) = self.agreement {
            parts.push(format!("equalities to 2^-{agreement}"));
        }
        f.write_str(&parts.join("; "))
    }
}

impl Evidence {
    /// Which lines were decided in fewer cases than met the hypotheses: ` (line 2 in 9, line 3 in 11)`.
    fn fewer(&self) -> String {
        let line = |(k, decided): (usize, &usize)| match self.decided.len() {
            _ if *decided == self.cases => None,
            1 => Some(format!("{decided} decided")),
            _ => Some(format!("line {} in {decided}", k + 1)),
        };
        let lines: Vec<String> = self.decided.iter().enumerate().filter_map(line).collect();
        if lines.is_empty() { String::new() } else { format!(" ({})", lines.join(", ")) }
    }
}
