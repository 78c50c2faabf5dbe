//! Random modes, formulas and logits, and the true values.

use logitlab::arith::interval::{Interval, Intervals};
use logitlab::arith::{Eval, Vector};
use logitlab::eval::{Evaluator, Value};
use logitlab::formats::rounding::ROUNDINGS;
use logitlab::formats::{FORMATS, Format, Overflow, Rounding, Subnormals, Target};
use logitlab::formulas::{ACTION, Formula, LOGITS, OTHER, formulas};
use logitlab::policy::random::Rng;
use logitlab::study::mode::{PLACES, SOFTMAXES};
use logitlab::study::noise::Noise;
use logitlab::study::{CaseBlock, Mode, Names, Order, PRESETS, Program, Setting, compile};
use num_traits::One;

/// A formula compiled for a mode, and logits of a few cases for it.
pub struct Study {
    pub formula: &'static Formula,
    pub mode: Mode,
    pub k: usize,
    pub action: usize,
    pub lanes: usize,
    /// As [`Program::run`] wants them.
    pub inputs: Vec<f64>,
    pub program: Program,
    pub block: CaseBlock,
}

/// The formats that f64 has room for.
pub fn formats(rng: &mut Rng) -> Format {
    if rng.index(5) == 0 {
        return Format::ieee(2 + rng.index(23) as u32, 2 + rng.index(7) as u32);
    }
    let narrow: Vec<Format> = FORMATS.iter().map(|record| record.format).filter(|f| f.precision <= 24).collect();
    narrow[rng.index(narrow.len())]
}

pub fn target(rng: &mut Rng) -> Target {
    let mut target = Target::from(formats(rng));
    if rng.index(3) == 0 {
        target.rounding = match rng.index(7) {
            6 => Rounding::Stochastic(1 + rng.index(24) as u8),
            n => ROUNDINGS[n].1,
        };
    }
    if rng.index(4) == 0 {
        target.overflow = Overflow::Saturate;
    }
    if rng.index(6) == 0 {
        target.subnormals = Subnormals::Flush;
    }
    target
}

pub fn mode(rng: &mut Rng) -> Mode {
    let mut mode = match rng.index(8) {
        0 => PRESETS[rng.index(PRESETS.len())].text.parse().unwrap(),
        1 => "f64".parse().unwrap(),
        _ => Mode::uniform(target(rng)),
    };
    while rng.index(3) == 0 {
        mode = mode.with(PLACES[rng.index(PLACES.len())].0, target(rng));
    }
    if rng.index(3) == 0 {
        mode = mode.with(logitlab::study::Place::Sum, Format::ieee(24, 8));
    }
    mode.order = match rng.index(8) {
        0 => Order::Pairwise,
        1 => Order::Blocked(2 + rng.index(6) as u32),
        2 => Order::Kahan,
        3 => Order::Neumaier,
        4 => Order::Tensor(2 + rng.index(6) as u32),
        _ => Order::Recursive,
    };
    mode.softmax = SOFTMAXES[rng.index(SOFTMAXES.len())].0;
    let precision = mode.target(logitlab::study::Place::Probability).format.precision;
    mode.exact_products = precision <= 24 && rng.index(4) == 0;
    mode
}

/// Logits of one kind, K of them.
pub fn logits(rng: &mut Rng, k: usize) -> Vec<f64> {
    let scale = 0.1 * libm::exp(rng.unit() * libm::log(500.0));
    let mut z: Vec<f64> = (0..k).map(|_| rng.gaussian() * scale).collect();
    match rng.index(8) {
        0 => z.fill(scale),
        1 => z.iter_mut().for_each(|z| *z = z.round()),
        2 => {
            let free = rng.index(k);
            for (index, z) in z.iter_mut().enumerate() {
                if index != free && rng.index(3) == 0 {
                    *z = f64::NEG_INFINITY;
                }
            }
        }
        3 => z[rng.index(k)] += 20.0 * rng.unit(),
        4 => z.iter_mut().for_each(|z| *z += 100.0),
        5 if rng.index(4) == 0 => z.iter_mut().for_each(|z| *z *= 1e30),
        _ => {}
    }
    z
}

/// A random formula, mode and number of actions, with a block of cases.
pub fn study(rng: &mut Rng, most: usize, lanes: usize) -> Study {
    let formula = &formulas()[rng.index(formulas().len())];
    let (k, mode) = (1 + rng.index(most), mode(rng));
    let action = rng.index(k);
    with(rng, formula, mode, k, action, lanes)
}

pub fn compiled(formula: &Formula, mode: &Mode, k: usize, action: usize) -> Program {
    let both = [LOGITS.into(), OTHER.into()];
    let policies = if formula.uses(OTHER) { 2 } else { 1 };
    let names = Names { logits: &both[..policies], action: &ACTION.into(), definitions: &formula.definitions };
    let temperature = num_rational::BigRational::one();
    let tape = compile(&formula.tree, names, Setting { k, action, mode, temperature: &temperature }).unwrap();
    Program::new(tape, mode).unwrap()
}

pub fn with(rng: &mut Rng, formula: &'static Formula, mode: Mode, k: usize, action: usize, lanes: usize) -> Study {
    let program = compiled(formula, &mode, k, action);
    let policies = program.tape().policies;
    let mut inputs = vec![0.0; policies * k * lanes];
    for lane in 0..lanes {
        for policy in 0..policies {
            for (index, z) in logits(rng, k).into_iter().enumerate() {
                inputs[(policy * k + index) * lanes + lane] = z;
            }
        }
    }
    let mut block = CaseBlock::default();
    program.run(&inputs, lanes, &mut Noise::new(rng.word(), 0), &mut block);
    Study { formula, mode, k, action, lanes, inputs, program, block }
}

impl Study {
    /// The logits of a case, as given or as stored.
    pub fn logits(&self, lane: usize, policy: usize, stored: bool) -> Vec<f64> {
        let given = |index| self.inputs[(policy * self.k + index) * self.lanes + lane];
        let machine = self.program.machine(logitlab::study::Place::Logits);
        let random = matches!(machine.target().rounding, Rounding::Stochastic(_));
        let of = |index| match stored {
            // What was stored at random stands in the block, where the logits come first.
            true if random => self.stored(lane, policy, index),
            true => machine.round(given(index), 0),
            false => given(index),
        };
        (0..self.k).map(of).collect()
    }

    fn stored(&self, lane: usize, policy: usize, index: usize) -> f64 {
        use logitlab::formats::Operation;
        use logitlab::study::{Place, Step};
        let tape = self.program.tape();
        let of = |step: &Step| {
            matches!(step, Step::Apply(Operation::Round, [x, ..], Place::Logits)
            if tape.steps[*x as usize] == Step::Input { policy: policy as u32, index: index as u32 })
        };
        let register = tape.steps.iter().position(of).unwrap_or(usize::MAX);
        if register == usize::MAX { 0.0 } else { self.block.register(register as u32)[lane] }
    }

    /// The value of the formula in MPFR intervals, of its tree or of its meaning.
    pub fn truth(&self, lane: usize, stored: bool, bits: u32, meaning: bool) -> Eval<Interval> {
        let system = Intervals::new(bits);
        let mut evaluator = Evaluator::new(&system, self.k, &self.formula.definitions);
        for (policy, name) in [LOGITS, OTHER].into_iter().enumerate().take(self.program.tape().policies) {
            let z = self.logits(lane, policy, stored);
            let z = z.into_iter().map(|z| system.float(z)).collect();
            evaluator.assign(&name.into(), Value::Vector(Vector::dense(&system, z)));
        }
        evaluator.choose(&ACTION.into(), self.action);
        evaluator.real(if meaning { &self.formula.meaning } else { &self.formula.tree })
    }

    /// What a failure shows.
    pub fn describe(&self, lane: usize) -> String {
        let given: Vec<Vec<f64>> =
            (0..self.program.tape().policies).map(|policy| self.logits(lane, policy, false)).collect();
        format!("{} in {} for c = {} of {given:?}", self.formula.name, self.mode, self.action + 1)
    }

    pub fn computed(&self, lane: usize) -> f64 {
        self.block.register(self.program.tape().result)[lane]
    }
}
