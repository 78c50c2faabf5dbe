//! The same distances in MPFR intervals, straight from their definitions.

use crate::arith::interval::{Interval, Intervals};
use crate::arith::interval64::Interval64;
use crate::arith::{Arithmetic, Eval, Function};

use super::distances::{BANDS, Chosen, Distances, PROBABILITIES};
use super::kernel::Temperatures;

/// The fewest bits in which differences of logits are held.
const LOGIT_BITS: u32 = 128;

/// log p of each action, none where it is masked, and p.
type Row = Vec<Option<(Interval, Interval)>>;

/// Encloses all distances of two rows of the same length at `bits` bits. Logits are finite or -inf, at least one of
/// each row finite; temperatures are positive.
///
/// # Errors
/// If one of the rows has no softmax.
///
/// # Panics
/// If there is no action `action`.
pub fn enclose(bits: u32, a: &[f64], b: &[f64], action: usize, temperatures: Temperatures) -> Eval<Distances> {
    let s = Intervals::new(bits);
    let (p, q) = (softmax(&s, a, temperatures.a)?, softmax(&s, b, temperatures.b)?);
    let [mut kl_ab, mut kl_ba, mut tv2, mut chi2_ba, mut chi2_ab, mut js2] = [0; 6].map(|zero| s.integer(zero));
    let (mut only_in_a, mut only_in_b) = (false, false);
    let mut bands = [[f64::NEG_INFINITY; 2]; BANDS];
    let log_two = s.function(Function::Log, s.integer(2))?;
    // x log(2 x / sum); from log x, as x may be too small even for MPFR.
    let two_halves = |x: &Interval, log_x: &Interval, log_sum: &Interval| -> Eval<Interval> {
        let log = s.sub(s.add(log_two.clone(), log_x)?, log_sum)?;
        s.mul(x.clone(), &log)
    };
    // (y - x)^2 / x = y^2 / x - 2 y + x
    let square_over = |x: &Interval, log_x: &Interval, y: &Interval, log_y: &Interval| -> Eval<Interval> {
        if *x.lo() > 0 {
            return s.div(s.power(&s.sub(y.clone(), x)?, 2)?, x);
        }
        let exponent = s.sub(s.add(log_y.clone(), log_y)?, log_x)?;
        let first = s.function(Function::Exp, exponent)?;
        s.add(s.sub(first, &s.add(y.clone(), y)?)?, x)
    };
    for (p, q) in p.iter().zip(&q) {
        match (p, q) {
            (None, None) => {}
            (Some((_, x)), None) | (None, Some((_, x))) => {
                tv2 = s.add(tv2, x)?;
                js2 = s.add(js2, &s.mul(log_two.clone(), x)?)?;
                let chi2 = if q.is_none() { &mut chi2_ba } else { &mut chi2_ab };
                *chi2 = s.add(chi2.clone(), x)?;
                only_in_a |= q.is_none();
                only_in_b |= p.is_none();
            }
            (Some((log_p, p)), Some((log_q, q))) => {
                let d = s.sub(log_q.clone(), log_p)?;
                kl_ab = s.sub(kl_ab, &s.mul(d.clone(), p)?)?;
                kl_ba = s.add(kl_ba, &s.mul(d.clone(), q)?)?;
                let difference = s.sub(q.clone(), p)?;
                tv2 = s.add(tv2, &s.function(Function::Abs, difference)?)?;
                chi2_ba = s.add(chi2_ba, &square_over(p, log_p, q, log_q)?)?;
                chi2_ab = s.add(chi2_ab, &square_over(q, log_q, p, log_p)?)?;
                let sum = s.add(p.clone(), q)?;
                if *sum.lo() > 0 {
                    let log_sum = s.function(Function::Log, sum)?;
                    js2 = s.add(js2, &s.add(two_halves(p, log_p, &log_sum)?, &two_halves(q, log_q, &log_sum)?)?)?;
                } else {
                    // Between 0 and (p + q) log 2.
                    js2 = s.add(js2, &s.ends(s.integer(0).lo(), sum.hi()))?;
                }
                into_bands(&mut bands, p, &s.function(Function::Abs, d)?);
            }
        }
    }
    let zero = Interval64::point(0.0);
    let chosen = match (&p[action], &q[action]) {
        (None, None) => Chosen { p: zero, q: zero, delta: None, ratio: None },
        (Some((_, p)), None) => one_sided(outward(p), zero, f64::NEG_INFINITY, 0.0),
        (None, Some((_, q))) => one_sided(zero, outward(q), f64::INFINITY, f64::INFINITY),
        (Some((log_p, p)), Some((log_q, q))) => {
            let delta = s.sub(log_q.clone(), log_p)?;
            let ratio = s.function(Function::Exp, delta.clone())?;
            Chosen { p: outward(p), q: outward(q), delta: Some(outward(&delta)), ratio: Some(outward(&ratio)) }
        }
    };
    let finite = |infinite: bool, x: &Interval, most: f64| {
        let x = outward(x);
        if infinite { Interval64::point(f64::INFINITY) } else { Interval64::ends(x.lo().max(0.0), x.hi().min(most)) }
    };
    let half = |x: Interval64| Interval64::ends(0.5 * x.lo(), 0.5 * x.hi());
    let all = f64::INFINITY;
    // Where B masks an action, -sum p d over the others lacks its infinite term.
    Ok(Distances {
        kl_ab: finite(only_in_a, &kl_ab, all),
        kl_ba: finite(only_in_b, &kl_ba, all),
        tv: half(finite(false, &tv2, 2.0)),
        chi2_ba: finite(only_in_b, &chi2_ba, all),
        chi2_ab: finite(only_in_a, &chi2_ab, all),
        js: half(finite(false, &js2, all)),
        bands: bands.map(|[least, most]| (most >= 0.0).then(|| Interval64::ends(least.max(0.0), most))),
        chosen,
    })
}

fn one_sided(p: Interval64, q: Interval64, delta: f64, ratio: f64) -> Chosen {
    Chosen { p, q, delta: Some(Interval64::point(delta)), ratio: Some(Interval64::point(ratio)) }
}

/// log p and p of a row, with the largest logit taken off.
fn softmax(s: &Intervals, row: &[f64], tau: f64) -> Eval<Row> {
    let wide = Intervals::new(s.bits().max(LOGIT_BITS));
    let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let [largest, tau] = [largest, tau].map(|x| wide.float(x));
    let mut total = s.integer(0);
    let mut arguments = Vec::with_capacity(row.len());
    for &z in row {
        let argument = match z.is_finite() {
            true => Some(wide.div(wide.sub(wide.float(z), &largest)?, &tau)?),
            false => None,
        };
        if let Some(argument) = &argument {
            total = s.add(total, &s.function(Function::Exp, argument.clone())?)?;
        }
        arguments.push(argument);
    }
    let log_total = s.function(Function::Log, total)?;
    let one = |argument: Option<Interval>| match argument {
        None => Ok(None),
        Some(argument) => {
            let log = wide.sub(argument, &log_total)?;
            let p = s.function(Function::Exp, log.clone())?;
            Ok(Some((log, p)))
        }
    };
    arguments.into_iter().map(one).collect()
}

fn outward(x: &Interval) -> Interval64 {
    use rug::float::Round;
    Interval64::ends(x.lo().to_f64_round(Round::Down), x.hi().to_f64_round(Round::Up))
}

fn into_bands(bands: &mut [[f64; 2]; BANDS], p: &Interval, distance: &Interval) {
    let distance = outward(distance);
    let mut upper = f64::INFINITY;
    for (band, (_, lower)) in bands.iter_mut().zip(PROBABILITIES) {
        if *p.lo() >= lower && *p.hi() < upper {
            band[0] = band[0].max(distance.lo());
        }
        if *p.hi() >= lower && *p.lo() < upper {
            band[1] = band[1].max(distance.hi());
        }
        upper = lower;
    }
}
