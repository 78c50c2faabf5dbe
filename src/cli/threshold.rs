//! `--fail-on` where values are enclosures: a limit is passed, is not, or cannot be ruled out.

use std::fmt;
use std::str::FromStr;

use crate::arith::Truth;
use crate::outcome::limit::Limit;

/// A metric and what it must not be: `tv/p99>0.01`.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// The name of the metric.
    pub metric: String,
    limit: Limit,
}

impl FromStr for Threshold {
    type Err = String;

    fn from_str(text: &str) -> Result<Threshold, String> {
        let expected = "expected a metric, > or <, and a number, as in `tv/p99>0.01` or `clip>1%`";
        let (metric, limit) = Limit::split(text).map_err(|_| expected.to_string())?;
        Ok(Threshold { metric: metric.to_string(), limit })
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.metric, self.limit)
    }
}

impl Threshold {
    /// Whether a number between `lo` and `hi` is what it must not be.
    pub fn is_passed(&self, lo: f64, hi: f64) -> Truth {
        // What is passed lies on one side, so both ends tell of all between them.
        match (self.limit.is_passed(lo), self.limit.is_passed(hi)) {
            (true, true) => Truth::True,
            (false, false) => Truth::False,
            _ => Truth::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enclosures_pass_limits_for_certain_or_perhaps() {
        let above: Threshold = "tv/p99 > 0.01".parse().unwrap();
        assert_eq!((above.metric.as_str(), above.to_string().as_str()), ("tv/p99", "tv/p99>0.01"));
        assert_eq!(above.is_passed(0.02, 0.03), Truth::True);
        assert_eq!(above.is_passed(0.005, 0.03), Truth::Unknown);
        assert_eq!(above.is_passed(0.005, 0.01), Truth::False);
        let below: Threshold = "x<1".parse().unwrap();
        assert_eq!(below.is_passed(0.5, f64::INFINITY), Truth::Unknown);
        assert!("tv".parse::<Threshold>().unwrap_err().starts_with("expected a metric"));
    }
}
