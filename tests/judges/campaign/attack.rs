//! A numerical search for points at which a statement is false: random starts and gradient-free climbing in f64, and
//! confirmation in 200 bits.

use logitlab::expr::{Sort, Statement};
use logitlab::policy::random::Rng;
use rug::Float;

use crate::campaign::degree::Degree;
use crate::campaign::evaluator::{Item, Machine, Point};
use crate::campaign::number::Number;

/// The precision in which a violation is confirmed.
const BITS: u32 = 200;

/// The least degree of a violation that counts: far above rounding in f64, let alone in 200 bits.
const MARGIN: f64 = 1e-6;

/// What fixes the value of a name.
#[derive(Clone)]
enum Gene {
    Action(usize),
    Real(f64),
    /// Weights of a distribution, else entries; -inf masks an action.
    Vector(Vec<f64>),
}

#[derive(Clone)]
struct Genes {
    k: usize,
    items: Vec<Gene>,
}

/// A point at which a statement is false.
pub struct Violation {
    /// How far the sides are apart, in proportion to their size, at the worst point found.
    pub degree: Degree,
    /// Where that is.
    pub at: String,
}

/// How hard to search.
#[derive(Clone, Copy)]
pub struct Effort {
    /// Random starts for each K.
    pub starts: usize,
    /// Steps from the best of them.
    pub steps: usize,
    /// How many of the best are climbed from, for each K.
    pub climbs: usize,
}

/// Searches over K = 1..6. With `thorough` it goes on after it has found something, for the worst point.
pub fn attack(statement: &Statement, seed: u64, effort: Effort, thorough: bool) -> Option<Violation> {
    let mut best: Option<Violation> = None;
    // The smallest K are tried first, and most often suffice.
    for k in [2, 3, 1, 4, 5, 6] {
        let mut rng = Rng::new(seed, k as u64);
        let mut starts: Vec<(f64, Genes)> = Vec::new();
        for _ in 0..effort.starts {
            let genes = random(statement, k, &mut rng);
            starts.push((score(statement, &genes), genes));
        }
        starts.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        for (start, genes) in starts.into_iter().take(effort.climbs) {
            let (_, genes) = climb(statement, start, genes, effort.steps, thorough, &mut rng);
            let Some(degree) = confirmed(statement, &genes) else { continue };
            if best.as_ref().is_none_or(|best| best.degree < degree) {
                best = Some(Violation { degree, at: describe(statement, &genes) });
            }
            if !thorough {
                return best;
            }
        }
    }
    best
}

fn climb(statement: &Statement, start: f64, genes: Genes, steps: usize, thorough: bool, rng: &mut Rng) -> (f64, Genes) {
    let (mut best, mut at) = (start, genes);
    let mut size = 0.5;
    for _ in 0..steps {
        if best > 100.0 * MARGIN && !thorough {
            break;
        }
        let next = moved(statement, &at, size, rng);
        let score = score(statement, &next);
        if score >= best {
            size = if score > best { (size * 1.5_f64).min(4.0) } else { size };
            (best, at) = (score, next);
        } else {
            size = (size * 0.97_f64).max(1e-6);
        }
    }
    (best, at)
}

/// More is more false; positive where the statement is false.
fn score(statement: &Statement, genes: &Genes) -> f64 {
    judged::<f64>(statement, genes, 53).unwrap_or(-9.0)
}

/// The degree of violation where it is one with a margin.
fn confirmed(statement: &Statement, genes: &Genes) -> Option<Degree> {
    judged::<Float>(statement, genes, BITS).filter(|degree| *degree > MARGIN)
}

fn judged<T: Number>(statement: &Statement, genes: &Genes, bits: u32) -> Option<f64> {
    let mut machine = Machine::new(statement, &point::<T>(statement, genes, bits), bits);
    let outside = machine.outside().ok()?;
    if outside > 0.0 {
        return Some(-1.0 - outside);
    }
    let mut worst = -8.0_f64;
    for show in &statement.shows {
        // A line without a value here is nothing to be counted, another one may still be false.
        if let Ok(degree) = machine.degree(show) {
            worst = worst.max(degree);
        }
    }
    Some(worst)
}

/// The values that genes stand for; distributions sum to 1 as well as the precision allows.
fn point<T: Number>(statement: &Statement, genes: &Genes, bits: u32) -> Point<T> {
    let item = |((_, sort), gene): (&(_, Sort), &Gene)| match gene {
        Gene::Action(index) => Item::Action(*index),
        Gene::Real(x) => Item::Real(T::new(bits, *x)),
        Gene::Vector(entries) => {
            let entries: Vec<T> = entries.iter().map(|x| T::new(bits, *x)).collect();
            if *sort != Sort::Distribution {
                return Item::Vector(entries);
            }
            let total = entries.iter().fold(T::new(bits, 0.0), |total, x| total.add(x));
            Item::Vector(entries.iter().map(|x| x.div(&total)).collect())
        }
    };
    Point { k: genes.k, items: statement.variables.iter().zip(&genes.items).map(item).collect() }
}

/// A number that people would try, or any.
fn real(rng: &mut Rng) -> f64 {
    const PLAIN: [f64; 12] = [0.0, 1.0, -1.0, 2.0, 0.5, -2.0, 0.25, 3.0, -0.5, 0.75, 0.1, 4.0];
    match rng.below(4) {
        0 | 1 => PLAIN[rng.index(PLAIN.len())],
        2 => rng.unit(),
        _ => 3.0 * rng.gaussian(),
    }
}

fn random(statement: &Statement, k: usize, rng: &mut Rng) -> Genes {
    let gene = |(_, sort): &(_, Sort)| match sort {
        Sort::Action => Gene::Action(rng.index(k)),
        Sort::Real | Sort::Float => Gene::Real(real(rng)),
        Sort::Distribution => Gene::Vector(weights(k, rng)),
        Sort::Subset => Gene::Vector((0..k).map(|_| rng.below(2) as f64).collect()),
        Sort::Logits | Sort::Masked => {
            let mut logits: Vec<f64> = entries(k, rng);
            if *sort == Sort::Masked && rng.below(4) == 0 {
                let spared = rng.index(k);
                for (index, z) in logits.iter_mut().enumerate() {
                    if index != spared && rng.below(3) == 0 {
                        *z = f64::NEG_INFINITY;
                    }
                }
            }
            Gene::Vector(logits)
        }
        Sort::Vector if rng.below(4) == 0 => {
            let weights = weights(k, rng);
            let total: f64 = weights.iter().sum();
            Gene::Vector(weights.iter().map(|w| w / total).collect())
        }
        Sort::Vector => Gene::Vector(entries(k, rng)),
    };
    Genes { k, items: statement.variables.iter().map(gene).collect() }
}

fn entries(k: usize, rng: &mut Rng) -> Vec<f64> {
    match rng.below(5) {
        0 => (0..k).map(|_| real(rng)).collect(),
        1 => (0..k).map(|_| rng.below(5) as f64 - 2.0).collect(),
        2 => (0..k).map(|_| rng.unit()).collect(),
        3 => (0..k).map(|_| libm::log(1.0 + rng.below(9) as f64)).collect(),
        _ => {
            let scale = [0.1, 1.0, 4.0][rng.index(3)];
            (0..k).map(|_| scale * rng.gaussian()).collect()
        }
    }
}

/// Weights with a positive sum.
fn weights(k: usize, rng: &mut Rng) -> Vec<f64> {
    let mut weights: Vec<f64> = match rng.below(6) {
        0 => vec![0.0; k],
        1 => vec![1.0; k],
        2 => (0..k).map(|_| rng.below(6) as f64).collect(),
        3 => (0..k).map(|_| rng.unit()).collect(),
        4 => (0..k).map(|_| libm::exp(-9.0 * rng.unit())).collect(),
        _ => (0..k).map(|_| libm::exp(2.0 * rng.gaussian())).collect(),
    };
    if weights.iter().sum::<f64>() <= 0.0 {
        weights[rng.index(k)] = 1.0;
    }
    weights
}

/// A point near a point.
fn moved(statement: &Statement, genes: &Genes, size: f64, rng: &mut Rng) -> Genes {
    let mut next = genes.clone();
    if next.items.is_empty() {
        return next;
    }
    for _ in 0..1 + rng.below(2) {
        let place = rng.index(next.items.len());
        let sort = statement.variables[place].1;
        let k = next.k;
        match &mut next.items[place] {
            Gene::Action(index) => *index = rng.index(k),
            Gene::Real(x) => *x = moved_real(*x, size, rng),
            Gene::Vector(entries) if sort == Sort::Subset => {
                let index = rng.index(k);
                entries[index] = 1.0 - entries[index];
            }
            Gene::Vector(entries) if sort == Sort::Distribution => {
                let all = rng.below(3) == 0;
                let only = rng.index(k);
                for index in (0..k).filter(|index| all || *index == only) {
                    let w = entries[index];
                    entries[index] = match rng.below(12) {
                        0 => 0.0,
                        1 => entries[rng.index(k)],
                        2 => rng.below(5) as f64,
                        3 => w + size * rng.unit(),
                        _ => w * libm::exp(size * rng.gaussian()),
                    };
                }
                let total = entries.iter().sum::<f64>();
                if total <= 0.0 || !total.is_finite() {
                    entries.fill(1.0);
                }
            }
            Gene::Vector(entries) => {
                let all = rng.below(3) == 0;
                let only = rng.index(k);
                for index in (0..k).filter(|index| all || *index == only) {
                    entries[index] = match rng.below(12) {
                        0 => entries[rng.index(k)],
                        _ if entries[index].is_finite() => moved_real(entries[index], size, rng),
                        _ => entries[index],
                    };
                }
                // A number that is no number would poison everything.
                if entries.iter().all(|x| !x.is_finite()) {
                    entries.fill(0.0);
                }
            }
        }
    }
    next
}

fn moved_real(x: f64, size: f64, rng: &mut Rng) -> f64 {
    let next = match rng.below(10) {
        0 => real(rng),
        1 => -x,
        2 => x * libm::exp(size * rng.gaussian()),
        3 => libm::round(4.0 * x) / 4.0,
        _ => x + size * rng.gaussian(),
    };
    // What people mean by a number; beyond, f64 tells little.
    next.clamp(-60.0, 60.0)
}

fn describe(statement: &Statement, genes: &Genes) -> String {
    let one = |((name, _), gene): (&(logitlab::expr::Name, Sort), &Gene)| match gene {
        Gene::Action(index) => format!("{name} = {}", index + 1),
        Gene::Real(x) => format!("{name} = {x:.6}"),
        Gene::Vector(entries) => {
            let entries: Vec<String> = entries.iter().map(|x| format!("{x:.6}")).collect();
            format!("{name} = ({})", entries.join(", "))
        }
    };
    statement.variables.iter().zip(&genes.items).map(one).collect::<Vec<_>>().join(", ")
}
