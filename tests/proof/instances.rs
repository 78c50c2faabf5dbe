//! Random instances of statements: what shows that a law or a step is false.

use logitlab::arith::exact::Exact;
use logitlab::arith::interval::Intervals;
use logitlab::arith::{Arithmetic, Eval, Fault, Truth, Vector};
use logitlab::eval::{Evaluator, Value};
use logitlab::expr::{Name, Prop, Relation, Sort, Tree};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::ToPrimitive;

use crate::total::World;

/// A small generator of numbers, the same everywhere.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678_9abc_def0)
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) % n as u64) as usize
    }

    fn pick(&mut self, pool: &[(i64, i64)]) -> BigRational {
        let (numerator, denominator) = pool[self.below(pool.len())];
        BigRational::new(BigInt::from(numerator), BigInt::from(denominator))
    }
}

const ANY: &[(i64, i64)] = &[(-2, 1), (-1, 1), (-1, 2), (0, 1), (1, 3), (1, 2), (1, 1), (3, 2), (2, 1), (3, 1)];
const SMALL: &[(i64, i64)] = &[(0, 1), (0, 1), (1, 1), (1, 1), (2, 1), (1, 2)];

/// Values for the variables of a statement.
#[derive(Clone, Debug)]
pub struct Instance {
    k: usize,
    reals: Vec<(Name, BigRational)>,
    vectors: Vec<(Name, Vec<BigRational>)>,
    logits: Vec<(Name, Vec<f64>)>,
    actions: Vec<(Name, usize)>,
}

impl Instance {
    pub fn random(variables: &[(Name, Sort)], seed: u64) -> Instance {
        let dice = &mut Dice::new(seed);
        let k = 1 + dice.below(4);
        let mut instance = Instance { k, reals: vec![], vectors: vec![], logits: vec![], actions: vec![] };
        for (name, sort) in variables {
            let pool = if dice.below(2) == 0 { ANY } else { SMALL };
            let name = name.clone();
            match sort {
                Sort::Real | Sort::Float => instance.reals.push((name, dice.pick(pool))),
                Sort::Vector => instance.vectors.push((name, (0..k).map(|_| dice.pick(pool)).collect())),
                Sort::Subset => instance.vectors.push((name, (0..k).map(|_| dice.pick(&[(0, 1), (1, 1)])).collect())),
                Sort::Distribution => instance.vectors.push((name, distribution(k, dice))),
                Sort::Logits => instance.logits.push((name, logits(k, dice, false))),
                Sort::Masked => instance.logits.push((name, logits(k, dice, true))),
                Sort::Action => instance.actions.push((name, dice.below(k))),
            }
        }
        instance
    }

    /// The same with every number of a real or a vector that is no distribution moved far away: times 40.
    pub fn enlarged(mut self, variables: &[(Name, Sort)]) -> Instance {
        let plain = |name: &Name| variables.iter().any(|(known, sort)| known == name && *sort == Sort::Vector);
        let far = BigRational::from_integer(BigInt::from(40));
        self.reals.iter_mut().for_each(|(_, value)| *value *= &far);
        let vectors = self.vectors.iter_mut().filter(|(name, _)| plain(name));
        vectors.for_each(|(_, values)| values.iter_mut().for_each(|value| *value *= &far));
        self.logits.iter_mut().for_each(|(_, values)| values.iter_mut().for_each(|value| *value *= 40.0));
        self
    }

    /// The same as total values.
    pub fn world(&self, seed: u64) -> World {
        let float = |value: &BigRational| value.to_f64().expect("a small fraction");
        let reals = self.reals.iter().map(|(name, value)| (name.clone(), vec![float(value)]));
        let vectors = self.vectors.iter().map(|(name, values)| (name.clone(), values.iter().map(float).collect()));
        let values = reals.chain(vectors).chain(self.logits.iter().cloned()).collect();
        World { k: self.k, values, actions: self.actions.iter().cloned().collect(), seed }
    }

    fn evaluator<'a, A: Arithmetic>(
        &self,
        system: &'a A,
        definitions: &'a [(Name, Tree)],
        logit: &dyn Fn(f64) -> A::Real,
    ) -> Evaluator<'a, A> {
        let mut evaluator = Evaluator::new(system, self.k, definitions);
        for (name, value) in &self.reals {
            evaluator.assign(name, Value::Real(system.rational(value)));
        }
        for (name, values) in &self.vectors {
            let items = values.iter().map(|value| system.rational(value)).collect();
            evaluator.assign(name, Value::Vector(Vector::dense(system, items)));
        }
        for (name, values) in &self.logits {
            let items = values.iter().map(|value| logit(*value)).collect();
            evaluator.assign(name, Value::Vector(Vector::dense(system, items)));
        }
        for (name, index) in &self.actions {
            evaluator.choose(name, *index);
        }
        evaluator
    }

    /// Calls `f` with an evaluator in exact arithmetic, and in intervals where that cannot represent the values.
    pub fn judge(&self, definitions: &[(Name, Tree)], f: &dyn Judge) -> Eval<Truth> {
        if self.logits.is_empty() {
            let exact = Exact::<rug::Rational>::new();
            match f.exact(&mut self.evaluator(&exact, definitions, &|_| unreachable!("no logits"))) {
                Err(Fault::Unrepresentable(_)) => {}
                decided => return decided,
            }
        }
        let intervals = Intervals::new(200);
        f.enclosed(&mut self.evaluator(&intervals, definitions, &|x| intervals.float(x)), &intervals)
    }

    /// Whether a proposition holds here; equal to 100 bits counts as equal.
    pub fn holds(&self, definitions: &[(Name, Tree)], prop: &Prop) -> Eval<Truth> {
        self.judge(definitions, &Holds(prop))
    }

    /// Whether an expression has a value here.
    pub fn defined(&self, definitions: &[(Name, Tree)], tree: &Tree) -> bool {
        let same = Prop::Compare(Relation::Equal, tree.clone(), tree.clone());
        !matches!(self.holds(definitions, &same), Err(Fault::Undefined(_)))
    }
}

/// Something to evaluate in either number system.
pub trait Judge {
    fn exact(&self, evaluator: &mut Evaluator<'_, Exact<rug::Rational>>) -> Eval<Truth>;
    fn enclosed(&self, evaluator: &mut Evaluator<'_, Intervals>, system: &Intervals) -> Eval<Truth>;
}

struct Holds<'a>(&'a Prop);

impl Judge for Holds<'_> {
    fn exact(&self, evaluator: &mut Evaluator<'_, Exact<rug::Rational>>) -> Eval<Truth> {
        evaluator.holds(self.0)
    }

    fn enclosed(&self, evaluator: &mut Evaluator<'_, Intervals>, system: &Intervals) -> Eval<Truth> {
        let Prop::Compare(relation, left, right) = self.0 else { return evaluator.holds(self.0) };
        let weak = !matches!(relation, Relation::Less | Relation::Greater | Relation::NotEqual);
        evaluator.compare(*relation, left, right, &mut |x, y, truth| {
            let close = || system.spread(x, y).is_some_and(|spread| spread.distance <= spread.magnitude.max(0) - 100);
            if truth == Truth::Unknown && weak && close() { Truth::True } else { truth }
        })
    }
}

fn distribution(k: usize, dice: &mut Dice) -> Vec<BigRational> {
    let chosen = dice.below(k);
    let kind = dice.below(4);
    let weights: Vec<i64> = (0..k)
        .map(|index| match kind {
            0 => 1,
            1 => i64::from(index == chosen),
            _ => i64::from(index == chosen) + dice.below(4) as i64,
        })
        .collect();
    let total: i64 = weights.iter().sum();
    weights.into_iter().map(|weight| BigRational::new(weight.into(), total.into())).collect()
}

fn logits(k: usize, dice: &mut Dice, masked: bool) -> Vec<f64> {
    let finite = dice.below(k);
    (0..k)
        .map(|index| match dice.below(6) {
            0 if masked && index != finite => f64::NEG_INFINITY,
            n => n as f64 / 2.0 - 1.0,
        })
        .collect()
}
