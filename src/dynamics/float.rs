//! Runs in a float mode, many at once.
//!
//! Numbers are held as f64, in rows of one action: `z[action*lanes + lane]`, so that an operation on an action of all
//! runs is one loop. The softmax is the mode's, from its tape; what follows is rounded at the place `combine`, sums at
//! `sum` in the mode's order, products that are summed at `product`, and new logits as logits are stored.

use num_rational::BigRational;
use num_traits::One;

use crate::expr::{Op, Tree, Type};
use crate::formats::Operation::{Add, Log, Mul, Round, Sub};
use crate::formulas::{ACTION, LOGITS};
use crate::study::mode::{Mode, Place};
use crate::study::noise::Noise;
use crate::study::tape::{Register, Step, Tape};
use crate::study::{Block, Names, Program, Setting, StudyError, Unit, compile_vector};

use super::draws::choose;
use super::experiment::Algorithm;

/// What one step is to do in a run, beside what the policy says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Order {
    /// The chosen action.
    pub action: usize,
    /// g = eta (r - b), an f64; of the expected gradient: eta.
    pub gain: f64,
    /// eta times the coefficient of the entropy.
    pub entropy: f64,
}

/// Some runs of one experiment in a float mode.
#[derive(Debug)]
pub struct FloatRuns {
    actions: usize,
    lanes: usize,
    /// The logits as stored.
    z: Vec<f64>,
    softmax: Program,
    probabilities: Vec<Register>,
    sum: Program,
    block: Block,
    sums: Block,
    logits: Unit,
    product: Unit,
    combine: Unit,
    noise: Noise,
    /// The move of the last step, before it was added.
    d: Vec<f64>,
    scratch: [Vec<f64>; 4],
}

impl FloatRuns {
    /// Runs that start from these logits, rounded as logits are stored.
    ///
    /// # Errors
    /// If the mode cannot be computed.
    pub fn new(mode: &Mode, start: &[f64], lanes: usize, seed: u64) -> Result<FloatRuns, StudyError> {
        let actions = start.len();
        let too_wide = |why| StudyError::Mode { mode: mode.to_string(), why };
        let setting = Setting { k: actions, action: 0, mode, temperature: &BigRational::one() };
        let logits = [LOGITS.into()];
        let read = Names { logits: &logits, action: &ACTION.into(), definitions: &[] };
        let tree = Tree::apply(Op::Softmax, [Tree::variable(LOGITS, Type::Vector)]).expect("the softmax of a vector");
        let (tape, probabilities) =
            compile_vector(&tree, read, setting).map_err(|why| StudyError::Compile { formula: "P".into(), why })?;
        let softmax = Program::new(tape, mode).map_err(too_wide)?;
        let sum = Program::new(sum(actions, mode), mode).map_err(too_wide)?;
        let after = [Place::Probability, Place::Combine, Place::Sum, Place::Product];
        let unit = |place, operands: &[Place]| Unit::new(mode, place, operands).map_err(too_wide);
        let mut runs = FloatRuns {
            actions,
            lanes,
            z: start.iter().flat_map(|&z| vec![z; lanes]).collect(),
            softmax,
            probabilities,
            sum,
            block: Block::default(),
            sums: Block::default(),
            logits: unit(Place::Logits, &[Place::Logits, Place::Combine])?,
            product: unit(Place::Product, &after)?,
            combine: unit(Place::Combine, &after)?,
            noise: Noise::new(seed, 0),
            d: vec![0.0; actions * lanes],
            scratch: Default::default(),
        };
        let given = runs.z.clone();
        runs.logits.apply(Round, &given, &given, &mut runs.z, &mut runs.noise);
        runs.scratch = std::array::from_fn(|_| vec![0.0; actions.max(1) * lanes]);
        Ok(runs)
    }

    /// The number of runs.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// The logits of a run as they are stored.
    pub fn stored(&self, lane: usize) -> Vec<f64> {
        (0..self.actions).map(|action| self.z[action * self.lanes + lane]).collect()
    }

    /// The logits of all runs as they are stored: those of the first action in every run, then those of the second.
    pub fn all_stored(&self) -> &[f64] {
        &self.z
    }

    /// Puts a run's logits back to what they were.
    ///
    /// # Panics
    /// If there is not one for each action.
    pub fn restore(&mut self, lane: usize, stored: &[f64]) {
        assert_eq!(stored.len(), self.actions, "a logit for each action");
        for (action, &z) in stored.iter().enumerate() {
            self.z[action * self.lanes + lane] = z;
        }
    }

    /// Computes the policies of all runs.
    pub fn policies(&mut self) {
        self.softmax.run(&self.z, self.lanes, &mut self.noise, &mut self.block);
    }

    /// The probability of an action in all runs, as computed.
    pub fn probability(&self, action: usize) -> &[f64] {
        self.block.register(self.probabilities[action])
    }

    /// The policy of a run as computed.
    pub fn policy(&self, lane: usize) -> Vec<f64> {
        (0..self.actions).map(|action| self.probability(action)[lane]).collect()
    }

    /// The action of a run that a uniform number chooses.
    pub fn choose(&self, lane: usize, choice: f64) -> usize {
        choose((0..self.actions).map(|action| self.probability(action)[lane]), choice)
    }

    /// The move of the last step in a run, before it was added to the logits.
    pub fn moved(&self, lane: usize) -> Vec<f64> {
        (0..self.actions).map(|action| self.d[action * self.lanes + lane]).collect()
    }

    /// Moves the logits of all runs, one order for each; `rewards` are the mean rewards, for the expected gradient.
    pub fn step(&mut self, algorithm: Algorithm, orders: &[Order], rewards: &[f64]) {
        assert_eq!(orders.len(), self.lanes, "an order for each run");
        match algorithm {
            Algorithm::Reinforce | Algorithm::Alternate => self.sampled(algorithm, orders),
            Algorithm::Expected => self.expected(orders, rewards),
        }
        if orders.iter().any(|order| order.entropy != 0.0) {
            self.add_entropy(orders);
        }
        let before = std::mem::take(&mut self.z);
        let mut after = vec![0.0; before.len()];
        self.logits.apply(Add, &before, &self.d, &mut after, &mut self.noise);
        self.z = after;
    }

    /// d_i = g (\[i = c\] - P_i), or g \[i = c\].
    fn sampled(&mut self, algorithm: Algorithm, orders: &[Order]) {
        let FloatRuns { lanes, d, scratch, combine, noise, block, probabilities, .. } = self;
        let [gains, unit, difference, _] = scratch;
        let (gains, unit, difference) = (&mut gains[..*lanes], &mut unit[..*lanes], &mut difference[..*lanes]);
        let given: Vec<f64> = orders.iter().map(|order| order.gain).collect();
        combine.apply(Round, &given, &given, gains, noise);
        for (action, &register) in probabilities.iter().enumerate() {
            for (unit, order) in unit.iter_mut().zip(orders) {
                *unit = f64::from(u8::from(order.action == action));
            }
            let d = &mut d[action * *lanes..][..*lanes];
            match algorithm {
                Algorithm::Alternate => combine.apply(Mul, gains, unit, d, noise),
                _ => {
                    combine.apply(Sub, unit, block.register(register), difference, noise);
                    combine.apply(Mul, gains, difference, d, noise);
                }
            }
        }
    }

    /// d_i = eta P_i (r_i - <P, r>).
    fn expected(&mut self, orders: &[Order], rewards: &[f64]) {
        let FloatRuns { lanes, d, scratch, combine, product, noise, block, probabilities, sum, sums, .. } = self;
        let [products, gains, difference, rate] = scratch;
        let gains = &mut gains[..*lanes];
        let given: Vec<f64> = orders.iter().map(|order| order.gain).collect();
        combine.apply(Round, &given, &given, gains, noise);
        let (difference, rate) = (&mut difference[..*lanes], &mut rate[..*lanes]);
        for (action, &register) in probabilities.iter().enumerate() {
            rate.fill(rewards[action]);
            product.apply(Mul, block.register(register), rate, &mut products[action * *lanes..][..*lanes], noise);
        }
        sum.run(products, *lanes, noise, sums);
        let mean = sums.register(sum.tape().result);
        for (action, &register) in probabilities.iter().enumerate() {
            rate.fill(rewards[action]);
            combine.apply(Sub, rate, mean, difference, noise);
            combine.apply(Mul, block.register(register), difference, rate, noise);
            combine.apply(Mul, gains, rate, &mut d[action * *lanes..][..*lanes], noise);
        }
    }

    /// d_i -= eta lambda P_i (log P_i + H), x log x being 0 at 0.
    fn add_entropy(&mut self, orders: &[Order]) {
        let FloatRuns { lanes, d, scratch, combine, product, noise, block, probabilities, sum, sums, .. } = self;
        let [products, logs, difference, rate] = scratch;
        for (action, &register) in probabilities.iter().enumerate() {
            let p = block.register(register);
            let (log, part) = (&mut logs[action * *lanes..][..*lanes], &mut products[action * *lanes..][..*lanes]);
            combine.apply(Log, p, p, log, noise);
            // What has no probability takes part in nothing.
            log.iter_mut().zip(p).for_each(|(log, &p)| *log = if p == 0.0 { 0.0 } else { *log });
            product.apply(Mul, p, log, part, noise);
        }
        sum.run(products, *lanes, noise, sums);
        let negated = sums.register(sum.tape().result);
        let (difference, rate) = (&mut difference[..*lanes], &mut rate[..*lanes]);
        let weights: Vec<f64> = orders.iter().map(|order| order.entropy).collect();
        let mut rounded = vec![0.0; *lanes];
        combine.apply(Round, &weights, &weights, &mut rounded, noise);
        for (action, &register) in probabilities.iter().enumerate() {
            let log = &logs[action * *lanes..][..*lanes];
            combine.apply(Sub, log, negated, difference, noise);
            combine.apply(Mul, block.register(register), difference, rate, noise);
            combine.apply(Mul, &rounded, rate, difference, noise);
            let d = &mut d[action * *lanes..][..*lanes];
            let before = d.to_vec();
            combine.apply(Sub, &before, difference, d, noise);
        }
    }
}

/// The sum of as many inputs as there are actions, in the order of the mode.
fn sum(actions: usize, mode: &Mode) -> Tape {
    let mut tape = Tape { k: actions, policies: 1, ..Tape::default() };
    tape.steps.extend((0..actions as u32).map(|index| Step::Input { policy: 0, index }));
    let terms: Vec<Register> = (0..actions as Register).collect();
    let result = mode.order.emit(&mut tape, &terms);
    Tape { result, ..tape }
}
