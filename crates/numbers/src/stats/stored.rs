//! Distributions as text and back, to the last bit: what one process counted, another adds up.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::bins::Bins;
use super::exact::Exact;
use super::quantiles::Sketch;
use super::spread::Distribution;

/// A distribution as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    /// Bins of the lower ends and how many are in each, in order.
    lower: Vec<(i64, u64)>,
    /// The same of the upper ends.
    upper: Vec<(i64, u64)>,
    /// The least and the greatest lower end, and the same of the upper ends, as bits.
    extremes: Option<[[u64; 2]; 2]>,
    infinite: u64,
    sum: [String; 2],
}

impl Serialize for Distribution {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Sketch { lower, upper, extremes, .. } = &self.sketch;
        let stored = Stored {
            lower: lower.counts().collect(),
            upper: upper.counts().collect(),
            extremes: extremes.map(|ends| ends.map(|end| end.map(f64::to_bits))),
            infinite: self.infinite,
            sum: self.sum.each_ref().map(Exact::to_text),
        };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Distribution {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Distribution, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        read(stored).ok_or_else(|| serde::de::Error::custom("a distribution whose numbers do not fit together"))
    }
}

fn read(stored: Stored) -> Option<Distribution> {
    let Stored { lower, upper, extremes, infinite, sum: [lo, hi] } = stored;
    let extremes = extremes.map(|ends| ends.map(|end| end.map(f64::from_bits)));
    let (count, lower) = bins(lower)?;
    let (upper_count, upper) = bins(upper)?;
    let fit = |[least, most]: [f64; 2]| least <= most;
    let extremes_fit = match extremes {
        Some(ends) => count > 0 && ends.into_iter().all(fit),
        None => count == 0,
    };
    let fits = count == upper_count && infinite <= count && extremes_fit;
    let sum = [Exact::from_text(&lo)?, Exact::from_text(&hi)?];
    fits.then(|| Distribution { sketch: Sketch { count, lower, upper, extremes }, infinite, sum })
}

/// How many there are in all, and bins in order; nothing if they are not.
fn bins(counts: Vec<(i64, u64)>) -> Option<(u64, Bins<i64>)> {
    let in_order = counts.windows(2).all(|pair| pair[0].0 < pair[1].0) && counts.iter().all(|(_, count)| *count > 0);
    let total = counts.iter().try_fold(0u64, |sum, (_, count)| sum.checked_add(*count))?;
    in_order.then(|| (total, counts.into_iter().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arith::interval64::Interval64;
    use crate::stats::merge::Merge;
    use proptest::prelude::*;

    fn counted(numbers: &[f64]) -> Distribution {
        let mut all = Distribution::default();
        numbers.iter().for_each(|&x| all.add(Interval64::ends(x.next_down(), x)));
        all
    }

    fn text(all: &Distribution) -> String {
        serde_json::to_string(all).unwrap()
    }

    proptest! {
        #[test]
        fn parts_in_any_order_give_the_same_bytes(
            numbers in prop::collection::vec(prop_oneof![-9.0..9.0f64, Just(0.0), Just(-0.0), Just(f64::INFINITY), 1e-310..1e-300f64], 0..30),
            cuts in prop::array::uniform2(0usize..30),
        ) {
            let [a, b] = cuts.map(|cut| cut.min(numbers.len()));
            let (a, b) = (a.min(b), a.max(b));
            let [first, second, third] = [&numbers[..a], &numbers[a..b], &numbers[b..]].map(counted);
            let join = |x: &Distribution, y: &Distribution| {
                let mut both = x.clone();
                both.merge(y.clone());
                both
            };
            let whole = text(&counted(&numbers));
            prop_assert_eq!(text(&join(&join(&third, &first), &second)), whole.clone());
            prop_assert_eq!(text(&join(&second, &join(&first, &third))), whole.clone());
            let back: Distribution = serde_json::from_str(&whole).unwrap();
            prop_assert_eq!(text(&back), whole);
            prop_assert_eq!(back.spread(), counted(&numbers).spread());
        }
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        let good = text(&counted(&[1.0, 2.0]));
        assert!(serde_json::from_str::<Distribution>(&good).is_ok());
        for (from, to) in [
            ("\"infinite\":0", "\"infinite\":3"),
            ("\"lower\":[[", "\"lower\":[[-5,1],["),
            ("\"sum\":[\"", "\"sum\":[\"0"),
        ] {
            let bad = good.replacen(from, to, 1);
            assert!(bad != good && serde_json::from_str::<Distribution>(&bad).is_err(), "{bad}");
        }
    }
}
