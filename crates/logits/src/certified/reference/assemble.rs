//! From the sums over a row to its quantities, without cancellation.
//!
//! In units of the largest weight: e_i = e^(-gap of i), so that an action of largest logit, t, has e_t = 1 (t = c if
//! there is a choice), and so have its n ties. The weights below 1 are e_i = E f_i, E = e^-g, where g is the gap of the
//! runner-up, the largest of them: the f_i have [`Sums`] of at least 1 however confident the policy is, and whatever
//! is a sum of e (1 - e) has nothing of the ties. Z is the sum of all weights, and sums below run over i != t. Every
//! formula here is exact algebra of P_i = e_i / Z; the unit tests hold them against the definitions, in rational
//! numbers.

use rug::Float;
use rug::float::Round;

use crate::arith::interval::{Interval, Intervals};
use crate::arith::term::Term;
use crate::arith::{Arithmetic, Eval};
use crate::certified::Quantities;

use super::sums::{Frame, Sums};

/// The chosen action c: its gap and e_c, where it is not t.
pub(super) enum Chosen {
    Top,
    Other { gap: Interval, weight: Interval },
    Masked,
}

/// The quantities of a row, from the sums over the actions but t and its ties.
pub(super) fn assemble(frame: &Frame, ties: usize, sums: &Sums, chosen: &Chosen) -> Eval<Quantities<Interval>> {
    let s = &frame.system;
    let of = |x: &Interval| Term::new(s, x.clone());
    let [zero, one, two] = [0, 1, 2].map(|n| Term::new(s, s.integer(n)));

    let [g, scale] = [&frame.gap, &frame.scale].map(of);
    let Sums { f1, f2, f3, g1, g2, d1, d2, dg } = sums;
    let [f1, f2, f3, g1, g2, d1, d2, dg] = [f1, f2, f3, g1, g2, d1, d2, dg].map(of);
    let scale_squared = scale.square();
    // Sums of e, e^2 and e^3 as (unit a1, unit^2 a2, unit^3 a3): the a are at least 1 unless all else is masked.
    let (unit, [a1, a2, a3]) = if ties == 0 {
        (scale.clone(), [&f1, &f2, &f3].map(Term::clone))
    } else {
        let tied = Term::new(s, s.float(ties as f64));
        let scale_cubed = &scale_squared * &scale;
        (one.clone(), [&scale * &f1 + &tied, &scale_squared * &f2 + &tied, scale_cubed * &f3 + &tied])
    };
    // Sums of e, of e^2, of e gap and of e^2 gap.
    let e1 = &unit * &a1;
    let e2 = unit.square() * &a2;
    let t1 = &scale * (&g * &f1 + g1);
    let t2 = &scale_squared * (&g * &f2 + g2);
    // Sums of e (1 - e), of e (1 - e)^2 and of e (1 - e) gap.
    let [spread, spread2, spread_gap] = [d1, d2, dg].map(|d| &scale * d);
    let z = &one + &e1;
    let z_squared = z.square();
    let log_z = Term::new(s, log1p(s, &e1.get()?));

    // sum P gap = -sum P log P - log Z
    let mean_gap = t1 / &z;
    let entropy = &log_z + &mean_gap;
    let collision = (&one + &e2) / &z_squared;

    let (gap, weight) = match chosen {
        Chosen::Top => (zero.clone(), one.clone()),
        Chosen::Other { gap, weight } => (of(gap), of(weight)),
        Chosen::Masked => (zero.clone(), zero.clone()),
    };
    let p = &weight / &z;
    let surprisal = match chosen {
        Chosen::Masked => Term::new(s, s.float(f64::INFINITY)),
        _ => log_z + &gap,
    };
    // The sums of the weights other than c's and of their squares, in the same way. What is subtracted is part of what
    // it is subtracted from, which is at least twice as large.
    let (o_unit, o1, o2) = match chosen {
        Chosen::Top => (&unit, a1.clone(), a2.clone()),
        _ => (&one, &z - &weight, &one + &e2 - weight.square()),
    };
    let rest = o_unit * &o1 / &z;
    let w = o_unit.square() * (o1.square() + &o2) / &z_squared;
    let norm = if s.is_zero(&o1.clone().get()?) { zero } else { &rest * (&one + &o2 / o1.square()).sqrt() };
    let entropy_slope = match chosen {
        // -(P_c - C) sum P gap - sum P^2 gap, where P_c - C is the sum of e (1 - e) over Z^2
        Chosen::Top => -((&mean_gap * &spread + t2) / &z_squared),
        // P_c (gap of c - sum P gap) + sum P (P_t - P) (gap - sum P gap)
        _ => &p * (gap - &mean_gap) + (spread_gap - &mean_gap * &spread) / &z_squared,
    };
    // Var(x) = E y^2 - (E y)^2 with y = x - x_t, multiplied by Z^4.
    let variance = match chosen {
        // y_i = -(e1 + e_i) / Z. What remains is a sum of numbers that are not negative (a1 a3 >= a2^2 by
        // Cauchy and Schwarz), multiplied by the cube of the unit.
        Chosen::Top => {
            let cube = &a1 * (a1.square() + (&a2 + &a2)) + &a3;
            unit.square() * &unit * (cube + &unit * (&a1 * &a3 - a2.square()))
        }
        // y_i = (1 - e_i) / Z, and 1 more for c.
        _ => {
            let own = &z * (&z + two - (&weight + &weight + &weight)) - (&spread + &spread);
            &z * spread2 - spread.square() + &weight * &z * own
        }
    };
    let variance = variance / z_squared.square();

    // Rounding may have led beyond what a theorem allows.
    let below = |x: Term<'_, Intervals>, most: u32| -> Eval<Interval> {
        Ok(x.get()?.intersection(&s.ends(0, most)).expect("what a theorem says of every distribution"))
    };
    Ok(Quantities {
        p: below(p, 1)?,
        rest: below(rest, 1)?,
        collision: below(collision, 1)?,
        w: below(w, 2)?,
        norm: norm.get()?,
        surprisal: surprisal.get()?,
        entropy: entropy.get()?,
        top: below(one / z, 1)?,
        entropy_slope: entropy_slope.get()?,
        variance: below(variance, 1)?,
    })
}

/// log(1 + x) for x >= 0, with all its digits where x is small.
fn log1p(s: &Intervals, x: &Interval) -> Interval {
    let lo = Float::with_val_round(s.bits(), x.lo().ln_1p_ref(), Round::Down).0;
    let hi = Float::with_val_round(s.bits(), x.hi().ln_1p_ref(), Round::Up).0;
    s.ends(&lo, &hi)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rug::Rational;

    /// The rational quantities of weights, by their definitions: p, rest, collision, w, top, variance.
    fn defined(weights: &[Rational], chosen: usize) -> [Rational; 6] {
        let total = Rational::from(Rational::sum(weights.iter()));
        let p: Vec<Rational> = weights.iter().map(|e| Rational::from(e / &total)).collect();
        let step: Vec<Rational> = (0..p.len()).map(|i| Rational::from(i32::from(i == chosen)) - &p[i]).collect();
        let dot = |x: &[Rational], y: &[Rational]| Rational::from(Rational::dot(x.iter().zip(y)));
        let mean = dot(&p, &step);
        let squares: Vec<Rational> = step.iter().map(|x| Rational::from(x * x)).collect();
        let variance = dot(&p, &squares) - Rational::from(&mean * &mean);
        let top = p.iter().max().unwrap().clone();
        [p[chosen].clone(), step[chosen].clone(), dot(&p, &p), dot(&step, &step), top, variance]
    }

    /// The same weights through the sums; gaps are none of these six quantities' business, and are left at 0.
    fn assembled(s: &Intervals, weights: &[Rational], chosen: usize) -> Quantities<Interval> {
        let largest = weights.iter().max().unwrap().clone();
        let top = weights.iter().position(|e| *e == largest).unwrap();
        let e: Vec<Rational> = weights.iter().map(|e| Rational::from(e / &largest)).collect();
        let others: Vec<&Rational> = e.iter().filter(|e| **e < 1).collect();
        let ties = e.len() - 1 - others.len();
        let scale = others.iter().max().map_or(Rational::new(), |&e| e.clone());
        let f: Vec<Rational> = others.iter().filter(|e| ***e > 0).map(|&e| Rational::from(e / &scale)).collect();
        let sum =
            |of: &dyn Fn(&Rational) -> Rational| s.enclose(&f.iter().map(of).fold(Rational::new(), |sum, x| sum + x));
        let rest = |f: &Rational| Rational::from(1) - Rational::from(f * &scale);
        let sums = Sums {
            f1: sum(&|f| f.clone()),
            f2: sum(&|f| f.clone().square()),
            f3: sum(&|f| f.clone().square() * f),
            d1: sum(&|f| rest(f) * f),
            d2: sum(&|f| rest(f).square() * f),
            ..Sums::empty(s)
        };
        let chosen = match chosen {
            c if c == top => Chosen::Top,
            c if e[c] == 0 => Chosen::Masked,
            c => Chosen::Other { gap: s.integer(0), weight: s.enclose(&e[c]) },
        };
        let mut frame = Frame::new(*s, 1.0.into(), 0.0, 0.0).unwrap();
        frame.scale = s.enclose(&scale);
        assemble(&frame, ties, &sums, &chosen).unwrap()
    }

    /// Weights of any size, ties and zeros among them.
    fn weights() -> impl Strategy<Value = Vec<Rational>> {
        let weight = prop_oneof![
            3 => (1..1000u32).prop_map(Rational::from),
            1 => Just(Rational::new()),
            1 => Just(Rational::from(7)),
            2 => (1..100u32, 0..200u32).prop_map(|(n, shift)| Rational::from(n) >> shift),
        ];
        prop::collection::vec(weight, 0..6).prop_map(|mut weights| {
            weights.push(Rational::from(7));
            let middle = weights.len() / 2;
            weights.rotate_left(middle);
            weights
        })
    }

    proptest! {
        #[test]
        fn the_algebra_is_that_of_the_definitions(weights in weights(), chosen in any::<prop::sample::Index>()) {
            let chosen = chosen.index(weights.len());
            let s = Intervals::new(700);
            let Quantities { p, rest, collision, w, top, variance, norm, .. } = assembled(&s, &weights, chosen);
            let [.., exact_w, _, _] = &defined(&weights, chosen);
            let norm_squared = s.power(&norm, 2).unwrap();
            prop_assert!(norm_squared.lo() <= exact_w && norm_squared.hi() >= exact_w);
            for (found, exact) in [p, rest, collision, w, top, variance].iter().zip(defined(&weights, chosen)) {
                prop_assert!(*found.lo() <= exact && *found.hi() >= exact, "{found:?} {exact}");
                let width = found.hi().to_rational().unwrap() - found.lo().to_rational().unwrap();
                prop_assert!(width <= Rational::from(&exact >> 680u32), "{found:?} {exact}");
            }
        }
    }
}
