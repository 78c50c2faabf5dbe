//! Limits that numbers are held against, as `--fail-on` is given them.

use std::fmt;
use std::str::FromStr;

use crate::arith::Truth;

/// What a number must not be: above or below a limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// Whether numbers above the limit are those that must not be, or those below.
    pub above: bool,
    /// Whether the limit itself must not be either.
    pub inclusive: bool,
    /// The limit; of a percentage, its hundredth.
    pub limit: f64,
    /// Whether it was written as a percentage.
    pub is_percentage: bool,
}

/// Why a text has no limit in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadLimit {
    /// There is no name, no comparison or nothing behind it.
    Form,
    /// What stands there is no number.
    Number(String),
}

impl Limit {
    /// Splits a text such as `tv/p99>=1%` into a name and its limit.
    ///
    /// # Errors
    /// If there is no name, comparison or number.
    ///
    /// ```
    /// use logitlab_numbers::stats::limit::Limit;
    ///
    /// let (name, limit) = Limit::split("tv/p99 >= 1%").unwrap();
    /// assert_eq!((name, limit.to_string().as_str(), limit.is_percentage), ("tv/p99", ">=0.01", true));
    /// assert!(limit.is_passed(0.01) && !limit.is_passed(0.009));
    /// ```
    pub fn split(text: &str) -> Result<(&str, Limit), BadLimit> {
        let at = text.find(['<', '>']).ok_or(BadLimit::Form)?;
        let (name, rest) = (text[..at].trim(), &text[at..]);
        let above = rest.starts_with('>');
        let rest = &rest[1..];
        let (inclusive, number) = match rest.strip_prefix('=') {
            Some(number) => (true, number.trim()),
            None => (false, rest.trim()),
        };
        if name.is_empty() || number.is_empty() {
            return Err(BadLimit::Form);
        }
        let (digits, is_percentage) = match number.strip_suffix('%') {
            Some(digits) => (digits.trim(), true),
            None => (number, false),
        };
        let limit: f64 = digits.parse().map_err(|_| BadLimit::Number(number.to_string()))?;
        if limit.is_nan() {
            return Err(BadLimit::Number(number.to_string()));
        }
        let limit = if is_percentage { limit / 100.0 } else { limit };
        Ok((name, Limit { above, inclusive, limit, is_percentage }))
    }

    /// Whether a number is what it must not be; one that is not a number is.
    pub fn is_passed(&self, x: f64) -> bool {
        let beyond = if self.above { x > self.limit } else { x < self.limit };
        x.is_nan() || beyond || (self.inclusive && x == self.limit)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.above { '>' } else { '<' };
        write!(f, "{sign}{}{}", if self.inclusive { "=" } else { "" }, self.limit)
    }
}

/// A metric and what it must not be: `tv/p99>0.01`.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricLimit {
    /// The name of the metric.
    pub metric: String,
    limit: Limit,
}

impl FromStr for MetricLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<MetricLimit, String> {
        let expected = "expected a metric, > or <, and a number, as in `tv/p99>0.01` or `clip>1%`";
        let (metric, limit) = Limit::split(text).map_err(|_| expected.to_string())?;
        Ok(MetricLimit { metric: metric.to_string(), limit })
    }
}

impl fmt::Display for MetricLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.metric, self.limit)
    }
}

impl MetricLimit {
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
    fn what_is_no_limit_is_said() {
        for form in ["tv", ">1", "tv>", "", "tv>="] {
            assert_eq!(Limit::split(form), Err(BadLimit::Form), "{form}");
        }
        for number in ["tv>one", "tv>nan", "tv>1%%"] {
            assert!(matches!(Limit::split(number), Err(BadLimit::Number(_))), "{number}");
        }
    }

    #[test]
    fn limits_are_passed_beyond_them() {
        let passed = |text: &str, x: f64| Limit::split(text).unwrap().1.is_passed(x);
        assert!(passed("x>1", 1.5) && !passed("x>1", 1.0) && passed("x>=1", 1.0) && !passed("x>=1", 0.5));
        assert!(passed("x<1", 0.5) && !passed("x<1", 1.0) && passed("x<=1", 1.0) && passed("x<1", f64::NAN));
    }

    #[test]
    fn enclosures_pass_limits_for_certain_or_perhaps() {
        let above: MetricLimit = "tv/p99 > 0.01".parse().unwrap();
        assert_eq!((above.metric.as_str(), above.to_string().as_str()), ("tv/p99", "tv/p99>0.01"));
        assert_eq!(above.is_passed(0.02, 0.03), Truth::True);
        assert_eq!(above.is_passed(0.005, 0.03), Truth::Unknown);
        assert_eq!(above.is_passed(0.005, 0.01), Truth::False);
        let below: MetricLimit = "x<1".parse().unwrap();
        assert_eq!(below.is_passed(0.5, f64::INFINITY), Truth::Unknown);
        assert!("tv".parse::<MetricLimit>().unwrap_err().starts_with("expected a metric"));
    }
}
