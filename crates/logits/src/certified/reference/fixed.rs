//! The sums over a row in fixed point: each exponential is a product of a few entries of tables.
//!
//! Logits are dyadic numbers, and so are their differences y = from - z. With 2^k <= 1 / tau < 2^(k + 1) and rho = 2^-k
//! / tau, 1 <= rho < 2, the exponential of a gap h = y / tau is e^(-rho x) with x = 2^k y, dyadic as well. Its binary
//! digits down to 2^-31 are cut into fields of [`FIELD_BITS`]; a table holds e^(-rho v) for every value v of a field.
//! The next 64 digits, which are seldom other than 0, go through a series, and another 64 through another. An x with
//! digits beyond those goes to the intervals of `sums.rs`.
//!
//! # Errors
//!
//! Counted in ulp = 2^(-64 L), all on one side: what is computed is never above what it stands for.
//!
//! - An entry of a table is less than 2 below (truncation, and the bound that is truncated).
//! - If a and b are less than m and n below A <= 1 and B <= 1, then a b is less than m + n below A B, and [`product`]
//!   takes another [`product_error`].
//! - The series 1 - b_1 t + b_2 t^2 - ..., b_i = (rho u)^i / i! with u = 2^-31 or 2^-95, 0 <= t < 1, by Horner: a
//!   coefficient is less than 2 off, a product by t less than 1 more, and what the series leaves out is less than the
//!   first coefficient left out, which is less than 2. n coefficients are less than 3 n + 3 off on either side, which
//!   is taken off so that the result is below, then less than twice that.
//! - Where x is at least the [`cutoff`], e^(-rho x) is less than 1, and 0 is taken for it; x e^(-rho x) decreases
//!   there. Elsewhere x is at most the cutoff + 1, and multiplies the error in sums of f h.
//!
//! Sums are exact, so that the errors of terms add up.

use rug::float::Round;
use rug::{Float, Integer};

use crate::arith::interval::Interval;
use crate::arith::{Arithmetic, Eval};
use crate::certified::Given;

use super::sums::{Frame, Sums};
use super::words::{Sum, Words, difference, product, product_by_word, product_error};

/// Digits of x in one field: 2^10 entries a table, so that the tables fit into the second-level cache.
const FIELD_BITS: u32 = 10;
/// The number of fields.
const FIELDS: usize = 4;
/// Digits of x in the fields that lie behind the point.
const FRACTION_BITS: u32 = 31;
/// Digits of x behind the point altogether: those of the fields and two words.
const DIGITS: u32 = FRACTION_BITS + 128;
/// An error in a table: an entry is less than this below, in ulp.
const ENTRY_ERROR: u64 = 2;

/// x as an integer times 2^-159: the two words for the series, and the fields.
type Digits = Words<3>;

/// How many bits the words have beyond those that are asked for, at least: 2^15 terms with errors of 2^5 ulp,
/// multiplied by gaps up to 2^8, and 12 bits in which sums may agree.
const SPARE_BITS: u32 = 40;

/// The sums over a row.
pub(super) trait RowSums: Send + Sync + std::fmt::Debug {
    /// The sums over logits, but for those above the runner-up's.
    fn sums(&self, frame: &Frame, logits: &[f64]) -> Eval<Sums>;
}

/// Tables for results of `bits` bits, where there are any: for few bits, and temperatures from 2^-500 to 2^500.
pub(super) fn tables(bits: u32, tau: Given) -> Option<Box<dyn RowSums>> {
    let scale = Scale::new(tau)?;
    match (bits + SPARE_BITS).div_ceil(64) {
        ..=2 => Some(Box::new(Tables::<2>::new(scale))),
        3 => Some(Box::new(Tables::<3>::new(scale))),
        4 => Some(Box::new(Tables::<4>::new(scale))),
        5 => Some(Box::new(Tables::<5>::new(scale))),
        _ => None,
    }
}

/// 1 / tau = 2^k rho.
#[derive(Clone, Copy, Debug)]
struct Scale {
    k: i32,
    tau: Given,
}

impl Scale {
    fn new(tau: Given) -> Option<Scale> {
        // tau = m 2^e with 1/2 < m <= 1, so that rho = 1 / m.
        let (mut m, mut e) = libm::frexp(tau.nearest());
        if m == 0.5 {
            // A decimal next to a power of two may be on either side of it.
            if !tau.is_float() {
                return None;
            }
            (m, e) = (1.0, e - 1);
        }
        (m > 0.0 && e.abs() <= 500).then_some(Scale { k: -e, tau })
    }

    /// rho, rounded up or down to `bits` bits.
    fn rho(self, bits: u32, round: Round) -> Float {
        Float::with_val_round(bits, &self.tau.rational().recip(), round).0 >> self.k
    }
}

/// From where on e^-x is below 2^(-64 L); log 2 is below 0.7.
const fn cutoff(length: usize) -> u64 {
    (64 * length as u64 * 7).div_ceil(10)
}

/// Tables of exponentials for one temperature.
#[derive(Debug)]
struct Tables<const L: usize> {
    scale: Scale,
    /// y from which on x is certainly beyond the [`cutoff`].
    limit: f64,
    /// e^(-rho v) of the values v of a field, the most significant field first.
    fields: [Vec<Words<L>>; FIELDS],
    /// The coefficients of the series for each lower word of the digits, b_1 last.
    series: [Vec<Words<L>>; 2],
}

impl<const L: usize> Tables<L> {
    const BITS: u32 = 64 * L as u32;

    fn new(scale: Scale) -> Tables<L> {
        // 64 more bits make the errors of a few thousand roundings negligible: all together are below an ulp / 2^40.
        let bits = Self::BITS + 64;
        let truncated = |x: &Float| {
            let mut words = [0; L];
            let scaled = Float::with_val(bits, x << Self::BITS);
            let integer = scaled.to_integer_round(Round::Down).expect("a finite number").0;
            integer.write_digits(&mut words, rug::integer::Order::Lsf);
            words
        };
        let field = |index: usize| {
            let unit = (FIELDS as u32 - 1 - index as u32) * FIELD_BITS;
            let exponent = scale.rho(bits, Round::Up) << unit >> FRACTION_BITS;
            let step = Float::with_val_round(bits, (-exponent).exp_ref(), Round::Down).0;
            // 1 is no fraction: what comes nearest is 1 - ulp.
            let mut entries = vec![[u64::MAX; L]];
            let mut value = Float::with_val(bits, 1);
            while entries.len() < 1 << FIELD_BITS {
                value = Float::with_val_round(bits, &value * &step, Round::Down).0;
                entries.push(truncated(&value));
            }
            entries
        };
        let series = |below: u32| {
            let step = scale.rho(bits, Round::Down) >> below;
            let mut coefficients = Vec::new();
            let mut value = Float::with_val(bits, 1);
            loop {
                value = Float::with_val_round(bits, &value * &step, Round::Down).0;
                value = Float::with_val_round(bits, value / (coefficients.len() as u32 + 1), Round::Down).0;
                match truncated(&value) {
                    words if words == [0; L] => break,
                    words => coefficients.push(words),
                }
            }
            coefficients.reverse();
            coefficients
        };
        let limit = libm::ldexp((cutoff(L) + 1) as f64, -scale.k);
        let series = [series(FRACTION_BITS + 64), series(FRACTION_BITS)];
        Tables { scale, limit, fields: std::array::from_fn(field), series }
    }

    /// How far a series is off, on either side.
    fn series_error(series: &[Words<L>]) -> u64 {
        3 * series.len() as u64 + 3
    }

    /// How far [`Tables::weight`] is below.
    fn weight_error(&self) -> u64 {
        let series: u64 = self.series.iter().map(|series| 2 * Self::series_error(series)).sum();
        let factors = FIELDS + self.series.len();
        FIELDS as u64 * ENTRY_ERROR + series + (factors as u64 - 1) * product_error(L)
    }

    /// e^(-rho x).
    #[inline(always)]
    fn weight(&self, digits: &Digits) -> Words<L> {
        let [lower @ .., head] = digits;
        let entry = |index: usize| {
            let unit = (FIELDS as u32 - 1 - index as u32) * FIELD_BITS;
            (head >> unit) as usize & ((1 << FIELD_BITS) - 1)
        };
        let mut weight = self.fields[0][entry(0)];
        for index in 1..FIELDS {
            weight = product(&weight, &self.fields[index][entry(index)]);
        }
        for (&word, series) in lower.iter().zip(&self.series) {
            if word != 0 {
                weight = product(&weight, &Self::small(series, word));
            }
        }
        weight
    }

    /// e^(-rho r) for a lower word of the digits alone, by its series.
    fn small(series: &[Words<L>], word: u64) -> Words<L> {
        let sum = series.iter().fold([0; L], |sum, b| difference(b, &product_by_word(&sum, word)));
        let mut taken_off = [0; L];
        taken_off[0] = Self::series_error(series);
        let below = difference(&[0; L], &product_by_word(&sum, word));
        difference(&below, &taken_off)
    }

    /// Where the gap of a logit is.
    #[inline(always)]
    fn place(&self, from: f64, z: f64) -> Place {
        let y = from - z;
        // A difference does not underflow: it is 0 for equals only.
        if y <= 0.0 {
            return if y == 0.0 { Place::Equal } else { Place::Above };
        }
        // Overflow is beyond the limit, too.
        if y >= self.limit {
            return if z == f64::NEG_INFINITY { Place::Masked } else { Place::Far };
        }
        // y + error = from - z exactly (Knuth).
        let back = y - from;
        let error = (from - (y - back)) - (z + back);
        let digits = self.scale.k + DIGITS as i32;
        let Some(whole) = shifted(y, digits) else { return Place::Fine };
        if error == 0.0 {
            return Place::At(whole);
        }
        match shifted(error.abs(), digits) {
            Some(part) if error > 0.0 => Place::At(difference(&whole, &difference(&[0; 3], &part))),
            Some(part) => Place::At(difference(&whole, &part)),
            None => Place::Fine,
        }
    }
}

/// Where a gap lies.
enum Place {
    Above,
    Masked,
    Equal,
    At(Digits),
    /// It has digits beyond those of the tables.
    Fine,
    Far,
}

/// x 2^shift, of x > 0, where that is an integer below 2^191.
#[inline(always)]
fn shifted(x: f64, shift: i32) -> Option<Digits> {
    let bits = x.to_bits();
    let (field, fraction) = ((bits >> 52) as i32, bits & ((1 << 52) - 1));
    let (significand, exponent) = if field == 0 { (fraction, 1) } else { (fraction | 1 << 52, field) };
    let mut digits = [0; 3];
    match exponent - 1075 + shift {
        left @ 0..=138 => {
            let (word, bit) = (left as usize / 64, left % 64);
            let wide = u128::from(significand) << bit;
            digits[word] = wide as u64;
            if word < 2 {
                digits[word + 1] = (wide >> 64) as u64;
            }
        }
        right if right < 0 && significand.trailing_zeros() as i32 >= -right => {
            digits[0] = significand.checked_shr(right.unsigned_abs()).unwrap_or(0);
        }
        _ => return None,
    }
    Some(digits)
}

/// Sums of f x, one for each word of x.
struct Weighted<const L: usize>([Sum<L>; 3]);

impl<const L: usize> Weighted<L> {
    fn new() -> Weighted<L> {
        Weighted(std::array::from_fn(|_| Sum::new()))
    }

    #[inline(always)]
    fn add(&mut self, weight: &Words<L>, digits: &Digits) {
        for (sum, &word) in self.0.iter_mut().zip(digits) {
            if word != 0 {
                sum.add_product(weight, word);
            }
        }
    }

    /// In units of ulp 2^-159.
    fn in_units(&self) -> Integer {
        self.0.iter().rev().fold(Integer::new(), |total, sum| (total << 64) + sum.in_ulp())
    }
}

impl<const L: usize> RowSums for Tables<L> {
    fn sums(&self, frame: &Frame, logits: &[f64]) -> Eval<Sums> {
        let (mut f1, mut f2, mut f3) = (Sum::<L>::new(), Sum::<L>::new(), Sum::<L>::new());
        let (mut g1, mut g2) = (Weighted::<L>::new(), Weighted::<L>::new());
        let (mut equal, mut inexact, mut fine) = (0u64, 0u64, Vec::new());
        for &z in logits {
            match self.place(frame.second, z) {
                Place::Above | Place::Masked => {}
                Place::Equal => equal += 1,
                Place::At(digits) => {
                    let weight = self.weight(&digits);
                    let squared = product(&weight, &weight);
                    f1.add(&weight);
                    f2.add(&squared);
                    f3.add(&product(&squared, &weight));
                    g1.add(&weight, &digits);
                    g2.add(&squared, &digits);
                    inexact += 1;
                }
                Place::Fine => fine.push(z),
                Place::Far => inexact += 1,
            }
        }
        let once = self.weight_error();
        let twice = 2 * once + product_error(L);
        let thrice = once + twice + product_error(L);
        let equal = Integer::from(equal) << Self::BITS;
        let s = frame.system;
        // From a lower bound and an error of each term, both in units of 2^-digits.
        let enclosed = |least: Integer, error: Integer, digits: u32| -> Interval {
            let most = &least + error * inexact;
            let [lo, hi] = [(least, Round::Down), (most, Round::Up)]
                .map(|(x, round)| Float::with_val_round(s.bits(), x, round).0 >> digits);
            s.ends(&lo, &hi)
        };
        let plain = |sum: &Sum<L>, error: u64| enclosed(sum.in_ulp() + &equal, error.into(), Self::BITS);
        let weighted = |sum: &Weighted<L>, error: u64| {
            let error = (Integer::from(cutoff(L) + 1) << DIGITS) * error;
            // x = 2^k y, h = y / tau
            let sum = enclosed(sum.in_units(), error, DIGITS + Self::BITS);
            let [lo, hi] = [sum.lo(), sum.hi()].map(|end| Float::with_val(s.bits(), end >> self.scale.k));
            s.div(s.ends(&lo, &hi), &self.scale.tau.interval(&s))
        };
        let [f1, f2, f3] = [plain(&f1, once), plain(&f2, twice), plain(&f3, thrice)];
        let [g1, g2] = [weighted(&g1, once)?, weighted(&g2, twice)?];
        Sums::from_powers(frame, [f1, f2, f3, g1, g2])?.extend(frame, fine.into_iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arith::interval::Intervals;
    use proptest::prelude::*;
    use rug::Rational;

    fn exact(x: f64) -> Rational {
        Rational::from_f64(x).expect("a finite number")
    }

    fn temperature() -> impl Strategy<Value = Given> {
        let decimal = |text: &str| Just(text.parse::<Given>().unwrap());
        let floats = prop_oneof![Just(1.0), Just(0.5), Just(3.0), 0.1..10.0f64].prop_map(Given::from);
        prop_oneof![2 => floats, 1 => decimal("0.7"), 1 => decimal("1e-3")]
    }

    /// Numbers with few and with many digits, as logits are.
    fn logit() -> impl Strategy<Value = f64> {
        prop_oneof![
            4 => (-1e3..1e3f32).prop_map(f64::from),
            3 => -20.0..20.0f64,
            2 => (-300..300i32).prop_map(|n| f64::from(n) / 16.0),
            1 => Just(f64::NEG_INFINITY),
            1 => (-1e3..1e3f64, -80..0).prop_map(|(x, shift)| libm::ldexp(x, shift)),
            1 => (-1.0..1.0f64).prop_map(|x| x * 1e300),
        ]
    }

    /// How far words are below e^(-rho x), in ulp.
    fn missing<const L: usize>(scale: Scale, digits: &Digits, computed: &Words<L>) -> Float {
        let ulp = 64 * L as u32;
        let bits = ulp + 200;
        let digits = Integer::from_digits(digits, rug::integer::Order::Lsf);
        let x = (Float::with_val(bits, digits) >> DIGITS) * scale.rho(bits, Round::Down);
        let exact = Float::with_val(bits, (-x).exp_ref()) << ulp;
        Float::with_val(bits, exact - Integer::from_digits(computed, rug::integer::Order::Lsf))
    }

    fn word() -> impl Strategy<Value = u64> {
        prop_oneof![Just(0), any::<u64>(), Just(u64::MAX)]
    }

    /// Whether a weight is below e^(-rho x), and by less than its error.
    fn check_weight<const L: usize>(tau: Given, digits: &Digits) {
        let tables = Tables::<L>::new(Scale::new(tau).unwrap());
        let missing = missing(tables.scale, digits, &tables.weight(digits));
        assert!(missing >= 0 && missing < tables.weight_error(), "{missing} ulp of {digits:?} at {tau}");
    }

    /// The same of the entries of the tables and of the series, each alone.
    fn check_parts<const L: usize>(tau: Given) {
        let tables = Tables::<L>::new(Scale::new(tau).unwrap());
        for (index, field) in tables.fields.iter().enumerate() {
            let unit = (FIELDS - 1 - index) as u32 * FIELD_BITS;
            for (value, entry) in field.iter().enumerate() {
                let missing = missing(tables.scale, &[0, 0, (value as u64) << unit], entry);
                let is_right = missing >= 0 && missing.to_f64() < ENTRY_ERROR as f64;
                assert!(is_right, "{missing} ulp of {value} in field {index} at {tau}");
            }
        }
        for word in [1, 3, 1 << 20, 1 << 40, 1 << 63, u64::MAX / 3, u64::MAX - 1, u64::MAX] {
            for (series, digits) in tables.series.iter().zip([[word, 0, 0], [0, word, 0]]) {
                let missing = missing(tables.scale, &digits, &Tables::small(series, word));
                let error = Tables::series_error(series);
                // As much above as below what the error is taken off from, so neither end may be near.
                assert!(missing > error / 2 && missing < 2 * error - error / 2, "{missing} ulp of {digits:?} at {tau}");
            }
        }
    }

    /// Whether the sums of a row contain those that intervals of many bits give.
    fn check_sums<const L: usize>(tau: Given, logits: &[f64]) {
        let tables = Tables::<L>::new(Scale::new(tau).unwrap());
        let from = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if from == f64::NEG_INFINITY {
            return;
        }
        // The largest logit is the runner-up's, or a little above it.
        let largest = from + if logits.len().is_multiple_of(2) { 0.0 } else { 0.25 };
        let at = |bits| Frame::new(Intervals::between(bits), tau, largest, from).unwrap();
        let found = tables.sums(&at(Tables::<L>::BITS), logits).unwrap();
        let kept = logits.iter().copied().filter(|z| z.is_finite());
        let fine = Sums::empty(&Intervals::between(900)).extend(&at(900), kept).unwrap();
        for (found, fine) in found.all().into_iter().zip(fine.all()) {
            assert!(found.lo() <= fine.lo() && fine.hi() <= found.hi(), "{found:?} {fine:?}");
            let width = Float::with_val(64, found.hi() - found.lo());
            let allowed = Float::with_val(64, found.hi()).max(&Float::with_val(64, 1)) >> (Tables::<L>::BITS - 24);
            assert!(width < allowed, "{found:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn weights_are_below_by_less_than_their_error(
            tau in temperature(), head in 0..44u64 << FRACTION_BITS, lower in [word(), word()],
        ) {
            let digits = [lower[0], lower[1], head];
            check_weight::<2>(tau, &digits);
            check_weight::<3>(tau, &digits);
            check_weight::<5>(tau, &digits);
        }

        #[test]
        fn sums_contain_those_of_intervals(tau in temperature(), logits in prop::collection::vec(logit(), 1..30)) {
            check_sums::<2>(tau, &logits);
            check_sums::<4>(tau, &logits);
        }

        #[test]
        fn a_place_is_exact(tau in temperature(), a in logit(), b in logit()) {
            let (from, z) = if a < b { (b, a) } else { (a, b) };
            prop_assume!(from.is_finite());
            let tables = Tables::<3>::new(Scale::new(tau).unwrap());
            let x = |z: f64| (exact(from) - exact(z)) << tables.scale.k;
            match tables.place(from, z) {
                Place::Above => prop_assert!(false),
                Place::Masked => prop_assert!(z.is_infinite()),
                Place::Equal => prop_assert!(from == z),
                Place::At(digits) => {
                    prop_assert_eq!(x(z) << DIGITS, Integer::from_digits(&digits, rug::integer::Order::Lsf));
                }
                Place::Far => prop_assert!(x(z) >= cutoff(3)),
                Place::Fine => prop_assert!(from != z && !(x(z) << DIGITS).is_integer()),
            }
        }
    }

    #[test]
    fn entries_and_series_are_below_by_less_than_their_errors() {
        for tau in [1.0.into(), "0.7".parse().unwrap()] {
            check_parts::<2>(tau);
            check_parts::<3>(tau);
            check_parts::<5>(tau);
        }
    }

    #[test]
    fn beyond_the_cutoff_less_than_an_ulp_is_left() {
        for length in 1..10 {
            let left = Float::with_val(100, (-Float::with_val(100, cutoff(length))).exp_ref());
            assert!(left < Float::with_val(100, 1) >> (64 * length as u32));
            assert!((cutoff(length) + 2) << FRACTION_BITS < 1 << (FIELDS as u32 * FIELD_BITS) || length > 11);
        }
    }

    #[test]
    fn temperatures_are_taken_apart() {
        for tau in [1.0, 0.5, 0.7, 2.0, 3.0, 1e-100, 1e100] {
            let scale = Scale::new(tau.into()).unwrap();
            let rho = scale.rho(60, Round::Down);
            assert!((1.0..2.0).contains(&rho.to_f64()) || rho == 1, "{tau}: {rho}");
        }
        for tau in [1e-200, 1e200, 5e-324] {
            assert!(Scale::new(tau.into()).is_none());
        }
        assert!(Scale::new("1.000000000000000001".parse().unwrap()).is_none());
    }
}
