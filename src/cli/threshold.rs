//! `--fail-on`: limits that a result is held against, so that a command can stand in CI.

use std::fmt;
use std::str::FromStr;

use crate::arith::Truth;

/// A metric and what it must not be: `tv/p99>0.01`.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// The name of the metric.
    pub metric: String,
    /// The comparison as it was written.
    relation: Relation,
    limit: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Above,
    AtLeast,
    Below,
    AtMost,
}

/// As they are written, the longer before those that they begin with.
const RELATIONS: [(&str, Relation); 4] =
    [(">=", Relation::AtLeast), ("<=", Relation::AtMost), (">", Relation::Above), ("<", Relation::Below)];

impl FromStr for Threshold {
    type Err = String;

    fn from_str(text: &str) -> Result<Threshold, String> {
        let expected = "expected a metric, > or <, and a number, as in `tv/p99>0.01`";
        let (sign, relation) =
            RELATIONS.into_iter().find(|(sign, _)| text.contains(sign)).ok_or_else(|| expected.to_string())?;
        let (metric, limit) = text.split_once(sign).ok_or_else(|| expected.to_string())?;
        let (metric, limit) = (metric.trim(), limit.trim());
        let number = limit
            .strip_suffix('%')
            .map_or_else(|| limit.parse(), |percent| percent.trim().parse().map(|x: f64| x / 100.0));
        let limit: f64 = number.map_err(|_| format!("`{limit}` is no number: {expected}"))?;
        if metric.is_empty() || limit.is_nan() {
            return Err(expected.to_string());
        }
        Ok(Threshold { metric: metric.to_string(), relation, limit })
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = RELATIONS.iter().find(|(_, relation)| *relation == self.relation).map_or("", |(sign, _)| sign);
        write!(f, "{} {sign} {}", self.metric, self.limit)
    }
}

impl Threshold {
    /// Whether a number between `lo` and `hi` is what it must not be.
    pub fn is_passed(&self, lo: f64, hi: f64) -> Truth {
        let (certain, possible) = match self.relation {
            Relation::Above => (lo > self.limit, hi > self.limit),
            Relation::AtLeast => (lo >= self.limit, hi >= self.limit),
            Relation::Below => (hi < self.limit, lo < self.limit),
            Relation::AtMost => (hi <= self.limit, lo <= self.limit),
        };
        match (certain, possible) {
            (true, _) => Truth::True,
            (false, true) => Truth::Unknown,
            (false, false) => Truth::False,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_read_and_decided() {
        let read = |text: &str| text.parse::<Threshold>();
        let above = read("tv/p99 > 0.01").unwrap();
        assert_eq!((above.metric.as_str(), above.to_string().as_str()), ("tv/p99", "tv/p99 > 0.01"));
        assert_eq!(read("clip>=2%").unwrap().limit, 0.02);
        assert_eq!(above.is_passed(0.02, 0.03), Truth::True);
        assert_eq!(above.is_passed(0.005, 0.03), Truth::Unknown);
        assert_eq!(above.is_passed(0.005, 0.01), Truth::False);
        assert_eq!(read("x>=1").unwrap().is_passed(1.0, 1.0), Truth::True);
        assert_eq!(read("x<1").unwrap().is_passed(1.0, 2.0), Truth::False);
        assert_eq!(read("x<=1").unwrap().is_passed(0.5, 1.0), Truth::True);
        assert_eq!(read("x<1").unwrap().is_passed(0.5, f64::INFINITY), Truth::Unknown);
        for wrong in ["tv", ">1", "tv>", "tv>one", "tv>nan"] {
            assert!(read(wrong).unwrap_err().contains("expected a metric"), "{wrong}");
        }
    }
}
