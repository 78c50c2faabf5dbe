//! How far apart the numbers of a format lie, and what is one of them.

use libm::{frexp, ldexp};
use rug::Rational;

use super::Format;

impl Format {
    /// The exponent of the unit in the last place of every x with 2^exponent <= |x| < 2^(exponent + 1):
    /// [`Format::quantum`] below the smallest normal number. Beyond the largest number it goes on as if there were
    /// none.
    #[inline]
    pub fn last_place(&self, exponent: i32) -> i32 {
        exponent.max(self.emin()) - self.precision as i32 + 1
    }

    /// The unit in the last place at a finite x: the distance of the multiples among which x is rounded, and from a
    /// number of the format that of the next one away from zero. 0 where f64 has no such small number.
    ///
    /// ```
    /// use logitlab_numbers::formats::Format;
    ///
    /// let bf16: Format = "bf16".parse().unwrap();
    /// assert_eq!([1.0, 1.99, 2.0, -200.0].map(|x| bf16.ulp(x)), [0.0078125, 0.0078125, 0.015625, 1.0]);
    /// assert_eq!(bf16.ulp(0.0), bf16.smallest_subnormal().to_f64());
    /// ```
    pub fn ulp(&self, x: f64) -> f64 {
        ldexp(1.0, self.last_place(self.exponent(x)))
    }

    /// The distance from x, a number of the format, to the next one in a direction: [`Format::ulp`], and half of it
    /// from a power of two towards zero, where numbers lie closer. 0 where f64 has no such small number.
    ///
    /// ```
    /// use logitlab_numbers::formats::Format;
    ///
    /// let e4m3: Format = "e4m3fn".parse().unwrap();
    /// assert_eq!((e4m3.gap(1.0, true), e4m3.gap(1.0, false), e4m3.gap(-1.0, true)), (0.125, 0.0625, 0.0625));
    /// ```
    pub fn gap(&self, x: f64, up: bool) -> f64 {
        let towards_zero = up == (x < 0.0);
        let narrower = towards_zero && frexp(x.abs()).0 == 0.5 && self.exponent(x) > self.emin();
        if narrower { self.ulp(x) / 2.0 } else { self.ulp(x) }
    }

    /// Half of [`Format::gap`]: what is added to x, a number of the format, is lost if it is less, and in the middle if
    /// x [is even](Format::is_even). 0 where f64 has no such small number, as in f64 at its smallest.
    pub fn half_gap(&self, x: f64, up: bool) -> f64 {
        self.gap(x, up) / 2.0
    }

    /// Whether the last bit of the significand of x, a number of the format, is 0: a tie goes to such a number.
    ///
    /// ```
    /// use logitlab_numbers::formats::Format;
    ///
    /// let bf16: Format = "bf16".parse().unwrap();
    /// assert!(bf16.is_even(1.0) && !bf16.is_even(1.0078125) && bf16.is_even(0.0));
    /// ```
    pub fn is_even(&self, x: f64) -> bool {
        ldexp(x.abs(), -self.last_place(self.exponent(x))) % 2.0 == 0.0
    }

    /// Whether x is a finite number of the format.
    ///
    /// ```
    /// use logitlab_numbers::formats::Format;
    /// use rug::Rational;
    ///
    /// let e4m3: Format = "e4m3fn".parse().unwrap();
    /// assert!(e4m3.is_number(&Rational::from((11, 32))) && !e4m3.is_number(&Rational::from((1, 3))));
    /// assert!(e4m3.is_number(&Rational::from(448)) && !e4m3.is_number(&Rational::from(480)));
    /// ```
    pub fn is_number(&self, x: &Rational) -> bool {
        let units = Rational::from(x >> self.quantum());
        let significand = units.numer().significant_bits() - units.numer().find_one(0).unwrap_or(0);
        units.is_integer() && significand <= self.precision && *x.as_abs() <= self.largest()
    }

    /// The exponent e of a finite x, 2^e <= |x| < 2^(e+1), and that of the smallest normal number for 0.
    fn exponent(&self, x: f64) -> i32 {
        // frexp has the significand in [1/2, 1).
        if x == 0.0 { self.emin() } else { frexp(x).1 - 1 }
    }
}
