//! Runs in a float mode, many at once.
//!
//! Numbers are held as f64, in rows of one action: `z[action*lanes + lane]`, so that an operation on some actions of
//! all runs is one loop. The softmax is the mode's; what follows is rounded at the place `combine`, sums at `sum` in
//! the mode's order, products that are summed at `product`, and new logits as logits are stored. Where the mode is
//! hardware f32, it computes what it can (`single`), to the same bits.

use crate::formats::Operation::{Add, Log, Mul, Round, Sub};
use crate::study::mode::{Mode, Place};
use crate::study::noise::Noise;
use crate::study::softmaxes::Softmaxes;
use crate::study::{PlaceUnit, StudyError};

use super::draws::choose;
use super::experiment::Algorithm;
use super::single::{Moved, Single};
pub use super::told::Told;

/// Runs that are computed side by side at most: more gain nothing.
pub const LANES: usize = 16;

/// Numbers of a piece: what a step reads and writes of it stays in a cache.
const PIECE: usize = 512;

/// Some runs of one experiment in a float mode.
#[derive(Debug)]
pub struct FloatRuns {
    actions: usize,
    lanes: usize,
    /// Where hardware f32 leads, logits and policies are there, and here only for what it does not do.
    single: Option<Single>,
    /// The logits as stored.
    z: Vec<f64>,
    /// The policies as computed.
    p: Vec<f64>,
    /// The move of the last step, before it was added.
    d: Vec<f64>,
    softmaxes: Softmaxes,
    units: Units,
    noise: Noise,
    /// What the last step did to each run.
    moved: Vec<Moved>,
    /// What the last step was told, while hardware f32 did it.
    told: Option<(Algorithm, Vec<Told>)>,
}

/// The arithmetic of the places, and room for what lies between operations.
#[derive(Debug)]
struct Units {
    logits: PlaceUnit,
    product: PlaceUnit,
    combine: PlaceUnit,
    scratch: [Vec<f64>; 3],
}

impl FloatRuns {
    /// Runs that start from these logits, rounded as logits are stored.
    ///
    /// # Errors
    /// If the mode cannot be computed.
    pub fn new(mode: &Mode, start: &[f64], lanes: usize, seed: u64) -> Result<FloatRuns, StudyError> {
        let mut runs = FloatRuns::general(mode, start, lanes, seed)?;
        runs.single = Single::new(mode, start, lanes);
        if runs.single.is_some() {
            [&mut runs.z, &mut runs.p, &mut runs.d].into_iter().for_each(|numbers| *numbers = Vec::new());
        }
        Ok(runs)
    }

    /// The same without hardware f32: what it is held against.
    ///
    /// # Errors
    /// As [`FloatRuns::new`].
    pub fn general(mode: &Mode, start: &[f64], lanes: usize, seed: u64) -> Result<FloatRuns, StudyError> {
        let actions = start.len();
        let after = [Place::Probability, Place::Combine, Place::Sum, Place::Product];
        let too_wide = |why| StudyError::Mode { mode: mode.to_string(), why };
        let unit = |place, operands: &[Place]| PlaceUnit::new(mode, place, operands).map_err(too_wide);
        let units = Units {
            logits: unit(Place::Logits, &[Place::Logits, Place::Combine])?,
            product: unit(Place::Product, &after)?,
            combine: unit(Place::Combine, &after)?,
            scratch: Default::default(),
        };
        let given: Vec<f64> = start.iter().flat_map(|&z| vec![z; lanes]).collect();
        let size = given.len();
        let mut runs = FloatRuns {
            actions,
            lanes,
            single: None,
            z: vec![0.0; size],
            p: vec![0.0; size],
            d: vec![0.0; size],
            softmaxes: Softmaxes::new(mode, actions, lanes)?,
            units,
            noise: Noise::new(seed, 0),
            moved: vec![Moved::default(); lanes],
            told: None,
        };
        runs.units.logits.apply(Round, &given, &given, &mut runs.z, &mut runs.noise);
        Ok(runs)
    }

    /// The number of runs.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// The logits of a run as they are stored.
    pub fn stored(&self, lane: usize) -> Vec<f64> {
        match &self.single {
            Some(single) => single.stored(lane).iter().map(|&z| f64::from(z)).collect(),
            None => self.column(&self.z, lane),
        }
    }

    /// Puts a run's logits back to what they were.
    ///
    /// # Panics
    /// If there is not one for each action.
    pub fn restore(&mut self, lane: usize, stored: &[f64]) {
        assert_eq!(stored.len(), self.actions, "a logit for each action");
        match &mut self.single {
            Some(single) => single.restore(lane, stored.iter().copied()),
            None => {
                let column = self.z.iter_mut().skip(lane).step_by(self.lanes);
                column.zip(stored).for_each(|(own, &z)| *own = z);
            }
        }
    }

    /// The random bits of the rounding that were used so far.
    pub fn noise(&self) -> u64 {
        self.noise.taken()
    }

    /// Goes on after this number of random bits.
    pub fn skip_noise(&mut self, taken: u64) {
        self.noise.skip(taken.saturating_sub(self.noise.taken()));
    }

    /// Computes the policies of all runs.
    pub fn policies(&mut self) {
        match &mut self.single {
            Some(single) => single.policies(),
            None => self.softmaxes.run(&self.z, &mut self.noise, &mut self.p),
        }
    }

    /// The probability of an action in a run, as computed.
    pub fn probability(&self, lane: usize, action: usize) -> f64 {
        match &self.single {
            Some(single) => f64::from(single.policy(lane)[action]),
            None => self.p[action * self.lanes + lane],
        }
    }

    /// The policy of a run as computed.
    pub fn policy(&self, lane: usize) -> Vec<f64> {
        match &self.single {
            Some(single) => single.policy(lane).iter().map(|&p| f64::from(p)).collect(),
            None => self.column(&self.p, lane),
        }
    }

    /// The action of a run that a uniform number chooses.
    pub fn choose(&self, lane: usize, choice: f64) -> usize {
        match &self.single {
            Some(single) => single.choose(lane, choice),
            None => choose(&self.column(&self.p, lane), choice),
        }
    }

    /// The move of the last step in a run, before it was added to the logits.
    pub fn moved(&self, lane: usize) -> Vec<f64> {
        match (&self.single, &self.told) {
            (Some(single), Some((algorithm, orders))) => {
                (0..self.actions).map(|action| single.moved(*algorithm, &orders[lane], lane, action)).collect()
            }
            _ => self.column(&self.d, lane),
        }
    }

    /// Whether an action other than this one has a probability, as computed: where none has, the step along e_c - P is
    /// 0.
    pub fn has_others(&self, lane: usize, action: usize) -> bool {
        (0..self.actions).any(|other| other != action && self.probability(lane, other) > 0.0)
    }

    /// Whether the last step changed a stored logit of a run.
    pub fn has_moved(&self, lane: usize) -> bool {
        self.moved[lane].any
    }

    /// Whether the last step took a stored logit of a run out of the numbers of its format.
    pub fn is_lost(&self, lane: usize) -> bool {
        self.moved[lane].lost
    }

    fn column(&self, all: &[f64], lane: usize) -> Vec<f64> {
        all.iter().skip(lane).step_by(self.lanes).copied().collect()
    }

    /// Moves the logits of all runs, one order for each; `rewards` are the mean rewards, for the expected gradient.
    ///
    /// # Panics
    /// If there is not an order for each run.
    pub fn step(&mut self, algorithm: Algorithm, orders: &[Told], rewards: &[f64]) {
        assert_eq!(orders.len(), self.lanes, "an order for each run");
        let regular = orders.iter().any(|order| order.entropy != 0.0);
        let Some(mut single) = self.single.take() else {
            return self.general_step(algorithm, orders, rewards, regular);
        };
        if algorithm != Algorithm::Expected && !regular {
            single.step(algorithm, orders, &mut self.moved);
            self.told = Some((algorithm, orders.to_vec()));
        } else {
            let lanes = self.lanes;
            let side_by_side = |row: fn(&Single, usize) -> &[f32]| -> Vec<f64> {
                let at = |index: usize| f64::from(row(&single, index % lanes)[index / lanes]);
                (0..self.actions * lanes).map(at).collect()
            };
            (self.z, self.p) = (side_by_side(Single::stored), side_by_side(Single::policy));
            self.d.resize(self.z.len(), 0.0);
            self.general_step(algorithm, orders, rewards, regular);
            self.told = None;
            for lane in 0..lanes {
                single.restore(lane, self.z.iter().skip(lane).step_by(lanes).copied());
            }
        }
        self.single = Some(single);
    }

    fn general_step(&mut self, algorithm: Algorithm, orders: &[Told], rewards: &[f64], regular: bool) {
        match algorithm {
            Algorithm::Reinforce | Algorithm::Alternate => self.sampled(algorithm, orders),
            Algorithm::Expected => self.expected(orders, rewards),
        }
        if regular {
            self.add_entropy(orders);
        }
        self.add();
    }

    /// The numbers of a piece, a multiple of the number of runs.
    fn piece(&self) -> usize {
        (PIECE / self.lanes).max(1) * self.lanes
    }

    /// g of each run, rounded, over and over.
    fn rounded(&mut self, of: impl Fn(&Told) -> f64, orders: &[Told]) -> Vec<f64> {
        let given: Vec<f64> = orders.iter().map(of).collect();
        let mut rounded = vec![0.0; self.lanes];
        self.units.combine.apply(Round, &given, &given, &mut rounded, &mut self.noise);
        rounded.repeat(self.piece() / self.lanes)
    }

    /// d_i = g (\[i = c\] - P_i), or g \[i = c\].
    fn sampled(&mut self, algorithm: Algorithm, orders: &[Told]) {
        let (size, lanes) = (self.piece(), self.lanes);
        let gains = self.rounded(|order| order.gain, orders);
        let FloatRuns { p, d, units, noise, .. } = self;
        let [unit, difference, _] = &mut units.scratch;
        for (index, (p, d)) in p.chunks(size).zip(d.chunks_mut(size)).enumerate() {
            let gains = &gains[..p.len()];
            unit.clear();
            unit.resize(p.len(), 0.0);
            for (lane, order) in orders.iter().enumerate() {
                if let Some(chosen) = (order.action * lanes + lane).checked_sub(index * size)
                    && let Some(unit) = unit.get_mut(chosen)
                {
                    *unit = 1.0;
                }
            }
            match algorithm {
                Algorithm::Alternate => units.combine.apply(Mul, gains, unit, d, noise),
                _ => {
                    difference.resize(p.len(), 0.0);
                    units.combine.apply(Sub, unit, p, difference, noise);
                    units.combine.apply(Mul, gains, difference, d, noise);
                }
            }
        }
    }

    /// d_i = eta P_i (r_i - <P, r>).
    fn expected(&mut self, orders: &[Told], rewards: &[f64]) {
        let (size, lanes) = (self.piece(), self.lanes);
        let gains = self.rounded(|order| order.gain, orders);
        let FloatRuns { p, d, units, noise, softmaxes, .. } = self;
        let [rates, difference, part] = &mut units.scratch;
        let of_piece = |rates: &mut Vec<f64>, index: usize, len: usize| {
            rates.clear();
            let first = index * size / lanes;
            rates.extend(rewards[first..first + len / lanes].iter().flat_map(|&r| std::iter::repeat_n(r, lanes)));
        };
        // The products, until their sums are known.
        for (index, (p, d)) in p.chunks(size).zip(d.chunks_mut(size)).enumerate() {
            of_piece(rates, index, p.len());
            units.product.apply(Mul, p, rates, d, noise);
        }
        let mut mean = vec![0.0; lanes];
        softmaxes.totals(d, noise, &mut mean);
        let mean = mean.repeat(size / lanes);
        for (index, (p, d)) in p.chunks(size).zip(d.chunks_mut(size)).enumerate() {
            of_piece(rates, index, p.len());
            difference.resize(p.len(), 0.0);
            part.resize(p.len(), 0.0);
            units.combine.apply(Sub, rates, &mean[..p.len()], difference, noise);
            units.combine.apply(Mul, p, difference, part, noise);
            units.combine.apply(Mul, &gains[..p.len()], part, d, noise);
        }
    }

    /// d_i -= eta lambda P_i (log P_i + H), x log x being 0 at 0.
    fn add_entropy(&mut self, orders: &[Told]) {
        let size = self.piece();
        let weights = self.rounded(|order| order.entropy, orders);
        let FloatRuns { lanes, p, d, units, noise, softmaxes, .. } = self;
        let (mut logs, mut products) = (vec![0.0; p.len()], vec![0.0; p.len()]);
        units.combine.apply(Log, p, p, &mut logs, noise);
        // What has no probability takes part in nothing.
        logs.iter_mut().zip(&*p).for_each(|(log, &p)| *log = if p == 0.0 { 0.0 } else { *log });
        units.product.apply(Mul, p, &logs, &mut products, noise);
        let mut negated = vec![0.0; *lanes];
        softmaxes.totals(&products, noise, &mut negated);
        let negated = negated.repeat(size / *lanes);
        let [difference, part, before] = &mut units.scratch;
        for ((p, log), d) in p.chunks(size).zip(logs.chunks(size)).zip(d.chunks_mut(size)) {
            [&mut *difference, &mut *part, &mut *before].into_iter().for_each(|room| room.resize(p.len(), 0.0));
            units.combine.apply(Sub, log, &negated[..p.len()], difference, noise);
            units.combine.apply(Mul, p, difference, part, noise);
            units.combine.apply(Mul, &weights[..p.len()], part, difference, noise);
            before.copy_from_slice(d);
            units.combine.apply(Sub, before, difference, d, noise);
        }
    }

    /// Adds the moves to the logits, and sees what that does to each run.
    fn add(&mut self) {
        let size = self.piece();
        let FloatRuns { lanes, z, d, units, noise, moved, .. } = self;
        let [before, ..] = &mut units.scratch;
        moved.fill(Moved::default());
        for (z, d) in z.chunks_mut(size).zip(d.chunks(size)) {
            before.clear();
            before.extend_from_slice(z);
            units.logits.apply(Add, before, d, z, noise);
            for (before, after) in before.chunks_exact(*lanes).zip(z.chunks_exact(*lanes)) {
                for ((moved, before), after) in moved.iter_mut().zip(before).zip(after) {
                    moved.any |= before != after;
                    moved.lost |= !after.is_finite();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamics::draws::Draws;

    /// Trains the same runs both ways, and compares logits, policies and moves after each step.
    fn agree(mode: &str, start: &[f64], lanes: usize, algorithm: Algorithm, entropy: f64, steps: u64) {
        let mode: Mode = mode.parse().unwrap();
        let mut fast = FloatRuns::new(&mode, start, lanes, 1).unwrap();
        let mut slow = FloatRuns::general(&mode, start, lanes, 1).unwrap();
        slow.softmaxes = Softmaxes::by_tape(&mode, start.len(), lanes).unwrap();
        let rewards: Vec<f64> = (0..start.len()).map(|action| (action % 7) as f64 / 6.0).collect();
        let mut draws: Vec<Draws> = (0..lanes as u64).map(|run| Draws::new(5, run, 0)).collect();
        for step in 0..steps {
            fast.policies();
            slow.policies();
            let order = |(lane, draws): (usize, &mut Draws)| {
                let draw = draws.next(true);
                let action = fast.choose(lane, draw.choice);
                assert_eq!(action, slow.choose(lane, draw.choice));
                // Gains of all sizes, of both signs.
                Told { action, gain: draw.gaussian * libm::exp(8.0 * draw.uniform - 6.0), entropy }
            };
            let orders: Vec<Told> = draws.iter_mut().enumerate().map(order).collect();
            fast.step(algorithm, &orders, &rewards);
            slow.step(algorithm, &orders, &rewards);
            for lane in 0..lanes {
                let place = format!("{mode} {algorithm} {} actions, step {step}, run {lane}", start.len());
                assert_eq!(fast.policy(lane), slow.policy(lane), "{place}");
                assert_eq!(fast.moved(lane), slow.moved(lane), "{place}");
                assert_eq!(fast.stored(lane), slow.stored(lane), "{place}");
                assert_eq!(fast.has_moved(lane), slow.has_moved(lane), "{place}");
            }
        }
    }

    #[test]
    fn hardware_and_passes_give_the_bits_of_the_tape() {
        let modes = [
            "f32",
            "f32+sum=f32:pairwise",
            "f32+sum=f32:kahan",
            "f32+sum=f32:neumaier",
            "f32+sum=f32:blocked8",
            "f32+sum=f32:tensor4",
            "bf16-stored",
            "fp16-stored",
            "fp8-stored",
            "bf16",
            "bf16-sum32",
            "bf16-eager",
            "fp16+sum=fp16:pairwise",
            "e4m3fn/saturate",
            "f32+softmax=naive",
            "f32+softmax=online",
            "bf16+sum=f32:tensor4",
        ];
        for mode in modes {
            for actions in [2, 10, 37] {
                let start: Vec<f64> = (0..actions).map(|action| f64::from(action % 5) - 2.0).collect();
                for (algorithm, entropy) in
                    [(Algorithm::Reinforce, 0.0), (Algorithm::Alternate, 0.0), (Algorithm::Expected, 0.01)]
                {
                    agree(mode, &start, 3, algorithm, entropy, 12);
                }
            }
        }
        // Over several pieces, with one run and with sixteen.
        for (mode, lanes) in [("f32", 1), ("bf16-stored", 16), ("fp16", 1), ("fp16", 16), ("bf16+sum=f32", 5)] {
            agree(mode, &[0.0; 1500], lanes, Algorithm::Reinforce, 0.0, 3);
        }
        agree("f64", &[0.0, 1.0, -3.0], 2, Algorithm::Reinforce, 0.0, 5);
    }

    #[test]
    fn logits_beyond_the_format_are_seen() {
        for mode in ["f32", "bf16-stored", "fp16"] {
            let mut runs = FloatRuns::new(&mode.parse().unwrap(), &[0.0; 20], 2, 1).unwrap();
            runs.policies();
            let order = |gain| Told { action: 3, gain, entropy: 0.0 };
            runs.step(Algorithm::Reinforce, &[order(1.0), order(3e38)], &[]);
            runs.step(Algorithm::Reinforce, &[order(0.0), order(3e38)], &[]);
            assert_eq!([0, 1].map(|lane| runs.is_lost(lane)), [false, true], "{mode}");
            assert!(!runs.has_moved(0), "{mode}");
        }
    }
}
