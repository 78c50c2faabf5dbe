//! From values to places on the page, and the ticks of an axis. No function here depends on the platform.

use super::data::{Axis, Scale};

/// Where a value is with respect to the ends of an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// On the axis, at this coordinate.
    At(f64),
    /// Too small, or without a place because it is not positive.
    Below,
    /// Too large, or infinite.
    Above,
    /// Not a number.
    Undefined,
}

/// A tick, with what is written at it if it is a major one.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub at: f64,
    pub label: Option<String>,
}

/// An axis laid along the page.
#[derive(Clone, Debug)]
pub struct Ruler {
    scale: Scale,
    /// The values at the two ends.
    range: (f64, f64),
    /// The coordinates of the two ends.
    ends: (f64, f64),
}

impl Ruler {
    /// `range` must come from [`range`].
    pub fn new(scale: Scale, range: (f64, f64), ends: (f64, f64)) -> Self {
        Ruler { scale, range, ends }
    }

    /// The coordinate of a value, which may lie far outside; `None` if it has none.
    pub fn coordinate(&self, value: f64) -> Option<f64> {
        let (start, end) = (self.measure(self.range.0)?, self.measure(self.range.1)?);
        let part = (self.measure(value)? - start) / (end - start);
        Some(self.ends.0 + part * (self.ends.1 - self.ends.0)).filter(|at| at.is_finite())
    }

    pub fn place(&self, value: f64) -> Place {
        let (low, high) = (self.range.0.min(self.range.1), self.range.0.max(self.range.1));
        if value.is_nan() {
            Place::Undefined
        } else if value < low {
            Place::Below
        } else if value > high {
            Place::Above
        } else {
            self.coordinate(value).map_or(Place::Undefined, Place::At)
        }
    }

    /// The coordinate of the end where values are small.
    pub fn low_end(&self) -> f64 {
        if self.range.0 <= self.range.1 { self.ends.0 } else { self.ends.1 }
    }

    /// The coordinate of the end where values are large.
    pub fn high_end(&self) -> f64 {
        if self.range.0 <= self.range.1 { self.ends.1 } else { self.ends.0 }
    }

    /// The coordinate of a value, or of the end beyond which it lies; that of the start for what is not a number.
    pub fn clamped(&self, value: f64) -> f64 {
        match self.place(value) {
            Place::At(at) => at,
            Place::Below => self.low_end(),
            Place::Above => self.high_end(),
            Place::Undefined => self.ends.0,
        }
    }

    /// The ticks, labels at least `room` apart.
    pub fn ticks(&self, room: f64) -> Vec<Tick> {
        let most = ((self.ends.1 - self.ends.0).abs() / room).floor().clamp(1.0, 100.0);
        let ticks = match self.scale {
            Scale::Log10 => self.log_ticks(most),
            Scale::Linear => Vec::new(),
        };
        // Within a decade powers of ten are too few to read an axis by.
        if ticks.iter().filter(|tick| tick.label.is_some()).count() < 2 { self.linear_ticks(most) } else { ticks }
    }

    fn log_ticks(&self, most: f64) -> Vec<Tick> {
        let (low, high) = (self.range.0.min(self.range.1), self.range.0.max(self.range.1));
        let (first, last) = (decade(low), decade(high));
        let least = (1..).find(|&step| f64::from(last - first) <= most * f64::from(step)).unwrap_or(1);
        // Rather a few labels less, and both ends written.
        let even = (least..=2 * least).find(|step| (last - first) % step == 0 && last - first > *step);
        let (step, start) = even.map_or((least, 0), |step| (step, first));
        let roomy = step == 1 && f64::from(last - first) * 3.0 <= most * 2.0 + 3.0;
        let mut ticks = Vec::new();
        for k in first..=last {
            let major = (k - start).rem_euclid(step) == 0;
            let label = major.then(|| format!("10^{{{}}}", signed(k)));
            ticks.push((power(k), label));
            if roomy {
                ticks.extend((2..10).map(|digit| (f64::from(digit) * power(k), None)));
            }
        }
        let within = |(value, label): (f64, Option<String>)| match self.place(value) {
            Place::At(at) => Some(Tick { at, label }),
            _ => None,
        };
        ticks.into_iter().filter_map(within).collect()
    }

    fn linear_ticks(&self, most: f64) -> Vec<Tick> {
        let (low, high) = (self.range.0.min(self.range.1), self.range.0.max(self.range.1));
        let (digit, exponent) = step((high - low) / most);
        let size = f64::from(digit) * power(exponent);
        let (first, last) = ((low / size).ceil(), (high / size).floor());
        let mut ticks = Vec::new();
        let mut k = first;
        while k <= last && ticks.len() <= 200 {
            let value = if exponent < 0 { k * f64::from(digit) / power(-exponent) } else { k * size };
            if let Place::At(at) = self.place(value.clamp(low, high)) {
                ticks.push(Tick { at, label: Some(decimal(value, exponent)) });
            }
            k += 1.0;
        }
        ticks
    }

    fn measure(&self, value: f64) -> Option<f64> {
        let measured = match self.scale {
            Scale::Linear => value,
            Scale::Log10 if value > 0.0 => libm::log10(value),
            Scale::Log10 => return None,
        };
        measured.is_finite().then_some(measured)
    }
}

/// The range of an axis: its own if that can be used, else the nearest round values about the data.
pub fn range(axis: &Axis, values: impl Iterator<Item = f64>) -> (f64, f64) {
    let usable = |value: f64| value.is_finite() && (axis.scale == Scale::Linear || value >= f64::MIN_POSITIVE);
    // Differences must not overflow.
    let usable = |value: f64| usable(value) && (axis.scale == Scale::Log10 || value.abs() <= 1e300);
    if let Some((start, end)) = axis.range.filter(|&(start, end)| usable(start) && usable(end) && start != end) {
        return (start, end);
    }
    let extent = values.filter(|&value| usable(value)).fold(None, |extent: Option<(f64, f64)>, value| {
        Some(extent.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
    });
    match (axis.scale, extent) {
        (Scale::Linear, None) => (0.0, 1.0),
        (Scale::Log10, None) => (0.1, 1.0),
        (Scale::Linear, Some((low, high))) => round_linear(low, high),
        (Scale::Log10, Some((low, high))) => round_decades(low, high),
    }
}

fn round_linear(low: f64, high: f64) -> (f64, f64) {
    if high - low <= 1e-12 * high.abs().max(low.abs()) {
        let half = if high == 0.0 { 0.5 } else { high.abs() / 2.0 };
        return (low - half, high + half);
    }
    let (digit, exponent) = step((high - low) / 5.0);
    let size = f64::from(digit) * power(exponent);
    ((low / size).floor() * size, (high / size).ceil() * size)
}

fn round_decades(low: f64, high: f64) -> (f64, f64) {
    let (first, below) = (decade(low), decade(high));
    let last = if power(below) == high { below } else { below + 1 };
    let (first, last) = if first == last { (first - 1, last + 1) } else { (first, last) };
    (power(first.max(-307)), power(last.min(308)))
}

/// The smallest of 1, 2, 5 times a power of ten that is at least `least`, as digit and exponent.
fn step(least: f64) -> (i32, i32) {
    let exponent = decade(least);
    let reached = |digit: &i32| f64::from(*digit) * power(exponent) >= least * (1.0 - 1e-9);
    [1, 2, 5].into_iter().find(reached).map_or((1, exponent + 1), |digit| (digit, exponent))
}

/// The exponent of the power of ten at or below a positive value.
fn decade(value: f64) -> i32 {
    let guess = libm::floor(libm::log10(value.max(f64::MIN_POSITIVE))) as i32;
    // Just below a power of ten the logarithm rounds to the integer.
    if power(guess) > value { guess - 1 } else { guess }
}

/// The power of ten that is nearest to 10^k.
fn power(k: i32) -> f64 {
    format!("1e{k}").parse().unwrap_or(f64::INFINITY)
}

/// An integer with a true minus sign.
fn signed(k: i32) -> String {
    k.to_string().replace('-', "\u{2212}")
}

/// A multiple of a power of ten as a decimal, in powers where that would be long.
fn decimal(value: f64, exponent: i32) -> String {
    if value != 0.0 && (exponent < -4 || value.abs() >= 1e6) {
        return scientific(value);
    }
    let text = format!("{value:.*}", usize::try_from(-exponent).unwrap_or(0));
    text.replace('-', "\u{2212}")
}

/// A value with two digits, as 3.9 · 10^-3 is written on paper.
pub fn scientific(value: f64) -> String {
    let text = format!("{value:.1e}");
    let Some((digits, exponent)) = text.split_once('e') else {
        return if value.is_nan() { "NaN".to_owned() } else { infinite(value).to_owned() };
    };
    let digits = digits.strip_suffix(".0").unwrap_or(digits).replace('-', "\u{2212}");
    let exponent = exponent.replace('-', "\u{2212}");
    match (digits.as_str(), exponent.as_str()) {
        (digits, "0") => digits.to_owned(),
        ("1", exponent) => format!("10^{{{exponent}}}"),
        (digits, exponent) => format!("{digits}\u{b7}10^{{{exponent}}}"),
    }
}

/// An infinite value as a sign.
pub fn infinite(value: f64) -> &'static str {
    if value > 0.0 { "\u{221e}" } else { "\u{2212}\u{221e}" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ruler: &Ruler, room: f64) -> Vec<String> {
        ruler.ticks(room).into_iter().filter_map(|tick| tick.label).collect()
    }

    #[test]
    fn decades_are_exact() {
        for k in -307..=307 {
            let at = power(k);
            assert_eq!((decade(at), decade(at.next_down()), decade(at.next_up())), (k, k - 1, k));
        }
    }

    #[test]
    fn writes_decades_with_minor_ticks_between() {
        let ruler = Ruler::new(Scale::Log10, (1.0, 1e-4), (0.0, 200.0));
        assert_eq!(
            labels(&ruler, 24.0),
            ["10^{\u{2212}4}", "10^{\u{2212}3}", "10^{\u{2212}2}", "10^{\u{2212}1}", "10^{0}"]
        );
        assert_eq!(ruler.ticks(24.0).len(), 5 + 4 * 8);
        assert_eq!(ruler.coordinate(1e-2), Some(100.0));
    }

    #[test]
    fn labels_fewer_decades_where_room_is_short() {
        let ruler = Ruler::new(Scale::Log10, (1.0, 1e-16), (0.0, 100.0));
        assert_eq!(
            labels(&ruler, 24.0),
            ["10^{\u{2212}16}", "10^{\u{2212}12}", "10^{\u{2212}8}", "10^{\u{2212}4}", "10^{0}"]
        );
        assert_eq!(ruler.ticks(24.0).len(), 17);
        let whole = Ruler::new(Scale::Log10, (1e-307, 1e308), (0.0, 100.0));
        assert!((2..=6).contains(&labels(&whole, 24.0).len()));
    }

    #[test]
    fn writes_round_numbers() {
        let check = |range: (f64, f64), expected: &[&str]| {
            assert_eq!(labels(&Ruler::new(Scale::Linear, range, (0.0, 100.0)), 20.0), expected, "{range:?}");
        };
        check((0.0, 1.0), &["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        check((-1.0, 1.0), &["\u{2212}1.0", "\u{2212}0.5", "0.0", "0.5", "1.0"]);
        check((16.0, 0.0), &["0", "5", "10", "15"]);
        check((0.0, 3e-7), &["0.0000000", "10^{\u{2212}7}", "2\u{b7}10^{\u{2212}7}", "3\u{b7}10^{\u{2212}7}"]);
        let narrow = Ruler::new(Scale::Log10, (3e-4, 6e-4), (0.0, 100.0));
        assert!(labels(&narrow, 20.0).len() >= 2);
    }

    #[test]
    fn values_without_a_place_are_told_apart() {
        for range in [(1e-4, 1.0), (1.0, 1e-4)] {
            let ruler = Ruler::new(Scale::Log10, range, (0.0, 100.0));
            let check = |value: f64, expected: Place| assert_eq!(ruler.place(value), expected, "{value} {range:?}");
            check(0.0, Place::Below);
            check(-1.0, Place::Below);
            check(1e-5, Place::Below);
            check(f64::NEG_INFINITY, Place::Below);
            check(f64::INFINITY, Place::Above);
            check(2.0, Place::Above);
            check(f64::NAN, Place::Undefined);
            assert!(matches!(ruler.place(1e-4), Place::At(_)) && matches!(ruler.place(1.0), Place::At(_)));
        }
        let reversed = Ruler::new(Scale::Log10, (1.0, 1e-4), (0.0, 100.0));
        assert_eq!((reversed.clamped(0.0), reversed.clamped(7.0)), (100.0, 0.0));
    }

    #[test]
    fn takes_ranges_from_the_data() {
        let check = |axis: &Axis, values: &[f64], expected: (f64, f64)| {
            assert_eq!(range(axis, values.iter().copied()), expected, "{values:?}");
        };
        let (log, linear) = (Axis::log(""), Axis::linear(""));
        check(&log, &[3e-5, 0.2, 0.0, -1.0, f64::NAN, f64::INFINITY], (1e-5, 1.0));
        check(&log, &[1e-5, 1.0], (1e-5, 1.0));
        check(&log, &[1e-3], (1e-4, 1e-2));
        check(&log, &[], (0.1, 1.0));
        check(&log, &[5e-324, 1e308], (1e307, 1e308));
        check(&linear, &[], (0.0, 1.0));
        check(&linear, &[0.0, 9.7], (0.0, 10.0));
        check(&linear, &[4.0], (2.0, 6.0));
        for unusable in [(1.0, 1.0), (0.0, 1.0), (f64::NAN, 1.0), (1.0, f64::INFINITY)] {
            check(&log.clone().over(unusable.0, unusable.1), &[0.2], (0.1, 1.0));
        }
        check(&log.over(1.0, 1e-16), &[5.0], (1.0, 1e-16));
    }

    #[test]
    fn writes_two_digits() {
        let check = |value: f64, expected: &str| assert_eq!(scientific(value), expected);
        check(3.9e-3, "3.9\u{b7}10^{\u{2212}3}");
        check(1e-8, "10^{\u{2212}8}");
        check(0.0, "0");
        check(2.5, "2.5");
        check(f64::INFINITY, "\u{221e}");
        check(f64::NAN, "NaN");
    }
}
