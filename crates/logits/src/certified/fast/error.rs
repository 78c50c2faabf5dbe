//! The error of the sums over a row, proved, and the enclosures that it gives.
//!
//! Write u = 2^-53, eps = [`EXP_ERROR`], n for the number of summed actions (the rest of the row, and padding), and for
//! each of them d = (z - shift) / tau and e = e^d. Computed values have a hat. All terms of a sum have one sign; T and
//! U are taken without it.
//!
//! 1. *d^ = d (1 + eta'), |eta'| <= eta.* The difference of two f64 is rounded once: eta = u at temperature 1. Else
//!    1/tau (of the temperature itself, if that is a decimal) and the product are rounded, too: (1 + u)^3 - 1 <= eta =
//!    3.01 u. (A product below 2^-1022 adds 2^-1075: nothing against step 8.)
//! 2. *e^ = e (1 + phi), |phi| <= eps + eta |d|* to first order, where d^ >= -708: e^(d^) = e^d e^(d eta').
//! 3. *Clamped actions*, d^ < -708, masked ones and padding among them: e and e^ are both between 0 and 2^-1021, as d
//!    <= -707.99. So e^ is off by 2^-1021, and e^ |d^| by 708 2^-1021 < 2^-1011, since x e^-x decreases beyond x = 1.
//!    Their squares and cubes, also times |d|, are below 2^-1075.
//! 4. *Roundings.* Within a block, a term of a lane meets one rounding for each action of the lane there: at most
//!    `BLOCK` / `LANES` = 64. Block sums p_1..p_m are added with their errors kept (Ogita, Rump, Oishi, SIAM J. Sci.
//!    Comput. 26, 2005, Proposition 4.4): total and errors together are, before the last rounding, off by at most
//!    gamma_(m-1)^2 sum |p| <= 0.01 u sum |p| for m <= 2^22, that is up to 2^32 actions. Adding the errors and the
//!    lanes is 1 + 4 roundings. With h = the first number + 5, a sum is off from the exact sum of its computed terms by
//!    at most (1 + u)^h - 1 + 0.01 u < (h + 1) u relative.
//! 5. *Terms.* e d in T and e^2 in Q enter a fused multiply-add: no rounding of their own. In U and R, e^2 is rounded:
//!    u. d in T and U is off by eta. So the relative errors of the terms are, with step 2: S: eps + eta |d|; T: eps +
//!    eta + eta |d|; Q: 2 eps + 2 eta |d|; U: 2 eps + u + eta + 2 eta |d|; R: 3 eps + u + 3 eta |d|.
//! 6. *sum e |d| = T; sum e^2 |d| <= Q T/S and sum e^3 |d| <= R T/S* by Chebyshev's sum inequality with weights e: e
//!    and e^2 fall where |d| grows. So |d| in the errors of S, Q and R is the mean T/S.
//! 7. *sum e d^2 <= min(708 T, 64 T + n 2^-80)* where d^ >= -708: a term with |d| > 64 is below 64^2 e^-64 < 2^-80, as
//!    x^2 e^-x decreases beyond x = 2. Likewise sum e^2 d^2 <= min(708 U, 64 U + n 2^-172).
//! 8. *Underflow.* A fused multiply-add with a subnormal result adds 2^-1075; a subnormal e^2 is off by 2^-1075, times
//!    |d| <= 708 less than 2^-1065. With step 3, S is off by at most n 2^-1021, T by n 2^-1011, Q and R by n 2^-1073,
//!    U by n 2^-1064, in addition.
//!
//! All relative errors together are below 2^-40 (|d| <= 708), so that their products, the rounding of the bounds
//! themselves and the difference between d, e and d^, e^ in them are less than a thousandth of them: the factor 1.001.

use super::super::Given;
use super::combine::Rest;
use super::exp::EXP_ERROR;
use super::logit::{BLOCK, GROUP};
use super::sums::{LANES, Q, R, S, SUMS, T, U};
use super::wide::{Wide, power};

/// 2^-53
pub(super) const ROUNDOFF: f64 = f64::EPSILON / 2.0;

/// The most actions that the bounds hold for: 2^32.
pub(super) const MOST_ACTIONS: usize = 1 << 32;

/// eta of step 1.
pub(super) fn argument_error(temperature: Given) -> f64 {
    if temperature.is_one() { ROUNDOFF } else { 3.01 * ROUNDOFF }
}

/// (h + 1) u of step 4, for a row of `k` actions.
fn sum_error(k: usize) -> f64 {
    let roundings = k.next_multiple_of(GROUP).min(BLOCK) / LANES;
    (roundings + 6) as f64 * ROUNDOFF
}

/// Encloses the sums that were found over the rest of a row of `k` actions, at most [`MOST_ACTIONS`]; `argument` is
/// eta. S is at least 2^-300.
pub(super) fn enclosed(found: [f64; SUMS], k: usize, argument: f64) -> Rest {
    let n = (k + GROUP) as f64;
    let [s, t, q, u, r] = [S, T, Q, U, R].map(|sum| found[sum].abs());
    let mean = t / s;
    let second = |first: f64, beyond: f64| (708.0 * first).min(64.0 * first + n * beyond);
    let sums = sum_error(k);
    let bound = |value: f64, relative: f64, absolute: f64| {
        let error = 1.001 * (value * (sums + relative) + absolute);
        Wide::new((value - error).next_down().max(0.0), (value + error).next_up(), 0)
    };
    let (eta, eps) = (argument, EXP_ERROR);
    Rest {
        s: bound(s, eps + eta * mean, n * power(-1021)),
        t: bound(t, eps + eta, eta * second(t, power(-80)) + n * power(-1011)),
        q: bound(q, 2.0 * eps + 2.0 * eta * mean, n * power(-1073)),
        u: bound(u, 2.0 * eps + ROUNDOFF + eta, 2.0 * eta * second(u, power(-172)) + n * power(-1064)),
        r: bound(r, 3.0 * eps + ROUNDOFF + 3.0 * eta * mean, n * power(-1073)),
    }
}

#[cfg(test)]
mod tests {
    use rug::ops::Pow;
    use rug::{Float, Rational};

    use super::*;
    use crate::arith::elementary64::supremum::{exact, q, two};
    use crate::certified::fast::exp::LEAST;

    /// e^x from above.
    fn exp(x: f64) -> Rational {
        use rug::float::Round;
        let mut power = Float::with_val(100, x);
        power.exp_round(Round::Up);
        power.to_rational().expect("finite")
    }

    #[test]
    fn steps_1_to_3_of_the_proof_hold() {
        let u = two(-53);
        assert_eq!(exact(ROUNDOFF), u);
        assert!(
            (u.clone() + 1u32).pow(3) - 1u32 <= exact(argument_error(0.7.into()))
                && exact(argument_error(1.0.into())) == u
        );
        assert!(exact(-LEAST) / (q(1, 1) + exact(argument_error(2.0.into()))) > q(70_799, 100));
        assert!(exp(-707.99) <= two(-1021) && two(-1021) * 708u32 < two(-1011));
        assert!(two(-2042) * 708u32 < two(-1075));
    }

    #[test]
    fn steps_4_to_8_of_the_proof_hold() {
        let u = two(-53);
        let blocks = MOST_ACTIONS / BLOCK;
        assert!(blocks <= 1 << 22 && LANES == 1 << 4 && BLOCK.is_multiple_of(GROUP) && GROUP.is_multiple_of(LANES));
        let nu = u.clone() * blocks as u64;
        let gamma = nu.clone() / (q(1, 1) - nu);
        assert!(gamma.pow(2) <= u.clone() * q(1, 100));
        for (k, roundings) in [(1, 2), (32, 2), (33, 4), (1024, 64), (1025, 64), (MOST_ACTIONS, 64)] {
            let all = (u.clone() + 1u32).pow(roundings + 5) - 1u32 + u.clone() * q(1, 100);
            assert!(all <= exact(sum_error(k)), "{k}");
            assert!(exact(sum_error(k)) <= all * q(115, 100), "{k}: the bound is looser than it needs to be");
        }
        assert!(exp(-64.0) * 4096u32 < two(-80) && exp(-128.0) * 4096u32 < two(-172));
        assert!(two(-1075) * 708u32 + two(-1075) * 2u32 < two(-1065));
        // The largest relative error, that of R where |d| is 708 throughout.
        let all = exact(sum_error(MOST_ACTIONS)) + exact(EXP_ERROR) * 3u32 + &u + u * q(301, 100) * 3u32 * 709u32;
        assert!(all < two(-40));
    }

    #[test]
    fn sums_are_enclosed_by_their_errors() {
        let Rest { s, t, q, u, r } = enclosed([3.0, -5.0, 2.0, -3.0, 1.5], 3, ROUNDOFF);
        for (x, value) in [(s, 3.0), (t, 5.0), (q, 2.0), (u, 3.0), (r, 1.5)] {
            let found = x.scaled();
            assert!(found.lo < value && value < found.hi, "{found:?}");
            // 8 u and a few more on either side; 64 u |d| for T and U.
            assert!((10.0 * f64::EPSILON..200.0 * f64::EPSILON).contains(&found.relative_width()), "{found:?}");
        }
    }
}
