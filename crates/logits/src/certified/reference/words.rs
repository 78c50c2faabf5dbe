//! Fractions in L words of 64 bits. Errors are counted in units of the last place, ulp = 2^(-64 L).
//!
//! Everything is truncated: a result is never above what it stands for, and the functions say how far it may be below.

use rug::Integer;
use rug::integer::Order;

/// A number 0 <= x < 1: the integer x 2^(64 L), its least significant word first.
pub(super) type Words<const L: usize> = [u64; L];

/// How far [`product`] is below the product, in ulp: less than this.
pub(super) const fn product_error(length: usize) -> u64 {
    2 * length as u64
}

/// x y, less [`product_error`].
///
/// Of word i of x times y, what lies below the last place is left out except the carry from its highest word: the low
/// half of that word's product, and the product with the words of y below it. Each of the two is less than an ulp.
#[inline(always)]
pub(super) fn product<const L: usize>(x: &Words<L>, y: &Words<L>) -> Words<L> {
    let mut out = [0; L];
    for i in 0..L {
        let mut carry = (wide(x[i], y[L - 1 - i]) >> 64) as u64;
        for j in L - i..L {
            (out[i + j - L], carry) = multiply_add(x[i], y[j], out[i + j - L], carry);
        }
        out[i] = carry;
    }
    out
}

/// x n 2^-64, less 1 ulp at most.
#[inline(always)]
pub(super) fn product_by_word<const L: usize>(x: &Words<L>, n: u64) -> Words<L> {
    let mut out = [0; L];
    let mut carry = (wide(x[0], n) >> 64) as u64;
    for i in 1..L {
        (out[i - 1], carry) = multiply_add(x[i], n, 0, carry);
    }
    out[L - 1] = carry;
    out
}

/// x - y modulo 1, exactly.
#[inline(always)]
pub(super) fn difference<const L: usize>(x: &Words<L>, y: &Words<L>) -> Words<L> {
    let mut out = [0; L];
    let mut borrow = false;
    for i in 0..L {
        let (once, first) = x[i].overflowing_sub(y[i]);
        let (twice, second) = once.overflowing_sub(borrow.into());
        (out[i], borrow) = (twice, first || second);
    }
    out
}

/// A sum of many numbers, exact.
#[derive(Clone, Debug)]
pub(super) struct Sum<const L: usize> {
    words: Words<L>,
    /// In units of 1: enough for 2^64 products with a word.
    whole: u128,
}

impl<const L: usize> Sum<L> {
    pub(super) fn new() -> Sum<L> {
        Sum { words: [0; L], whole: 0 }
    }

    /// Adds x.
    #[inline(always)]
    pub(super) fn add(&mut self, x: &Words<L>) {
        let mut carry = false;
        for (word, &x) in self.words.iter_mut().zip(x) {
            let (once, first) = word.overflowing_add(x);
            let (twice, second) = once.overflowing_add(carry.into());
            (*word, carry) = (twice, first || second);
        }
        self.whole = self.whole.wrapping_add(carry.into());
    }

    /// Adds x n.
    #[inline(always)]
    pub(super) fn add_product(&mut self, x: &Words<L>, n: u64) {
        let mut carry = 0;
        for (word, &x) in self.words.iter_mut().zip(x) {
            (*word, carry) = multiply_add(x, n, *word, carry);
        }
        self.whole = self.whole.wrapping_add(carry.into());
    }

    /// The sum, in ulp.
    pub(super) fn in_ulp(&self) -> Integer {
        (Integer::from(self.whole) << (64 * L as u32)) + Integer::from_digits(&self.words, Order::Lsf)
    }
}

#[inline(always)]
fn wide(x: u64, y: u64) -> u128 {
    u128::from(x) * u128::from(y)
}

/// x y + a + b, as its low and its high word: the largest it can be is 2^128 - 1.
#[inline(always)]
fn multiply_add(x: u64, y: u64, a: u64, b: u64) -> (u64, u64) {
    let value = wide(x, y).wrapping_add(a.into()).wrapping_add(b.into());
    (value as u64, (value >> 64) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn integer<const L: usize>(x: &Words<L>) -> Integer {
        Integer::from_digits(x, Order::Lsf)
    }

    fn word() -> impl Strategy<Value = u64> {
        prop_oneof![any::<u64>(), Just(0), Just(1), Just(u64::MAX), Just(1 << 63)]
    }

    fn words<const L: usize>() -> impl Strategy<Value = Words<L>> {
        prop::collection::vec(word(), L).prop_map(|words| words.try_into().expect("L words"))
    }

    fn check<const L: usize>(x: &Words<L>, y: &Words<L>, n: u64) {
        let (x_exact, y_exact, ulp) = (integer(x), integer(y), 64 * L as u32);
        let missing = Integer::from(&x_exact * &y_exact) - (integer(&product(x, y)) << ulp);
        assert!(missing >= 0 && missing < Integer::from(product_error(L)) << ulp);
        assert_eq!(integer(&product_by_word(x, n)), Integer::from(&x_exact * n) >> 64);
        let difference = integer(&difference(x, y)) - Integer::from(&x_exact - &y_exact);
        assert!(difference == 0 || difference == Integer::from(1) << ulp);
        let mut sum = Sum::new();
        for _ in 0..3 {
            sum.add(x);
            sum.add_product(y, n);
            sum.add(y);
        }
        assert_eq!(sum.in_ulp(), (x_exact + Integer::from(&y_exact * n) + y_exact) * 3);
    }

    proptest! {
        #[test]
        fn words_agree_with_big_integers(x in words::<5>(), y in words::<5>(), n in word()) {
            check(&x, &y, n);
            let [x3, y3] = [&x, &y].map(|x| [x[0], x[1], x[2]]);
            check(&x3, &y3, n);
            check(&[x[3]], &[y[4]], n);
        }
    }
}
