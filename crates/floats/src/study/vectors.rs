//! Log-sum-exp and softmax of many vectors: errors and overflows by algorithm, and what published bounds say.

use std::collections::HashMap;
use std::ops::{ControlFlow, Range};

use num_rational::BigRational;
use serde::Serialize;

use crate::arith::Fault;
use crate::expr::elaborate;
use crate::formulas::{ACTION, LOGITS, names};

use super::algorithms::{Algorithm, Function};
use super::cases::{Case, Cases};
use super::comparison::name;
use super::compile::{Names, Setting, compile, compile_vector};
use super::lanes::{Flags, OVERFLOW, UNDERFLOW};
use super::mode::{Mode, Place};
use super::noise::Noise;
use super::program::{CaseBlock, Program};
use super::published::{self, Published};
use super::rounds::in_order;
use super::run::{StudyError, stored};
use super::tape::Register;
use super::truth::{TrueValue, VectorTruth, scale, vector_truth};
use crate::stats::merge::Merge as _;
use crate::stats::sample::{Sample, SampleSummary};

/// What is compared: every algorithm in every mode.
#[derive(Clone, Debug)]
pub struct VectorPlan {
    /// The modes; what they say of the softmax, the algorithm decides.
    pub modes: Vec<Mode>,
    /// The algorithms.
    pub algorithms: Vec<&'static Algorithm>,
    /// The seed of stochastic rounding.
    pub seed: u64,
}

/// One algorithm in one mode.
#[derive(Clone, Debug, Serialize)]
pub struct VectorLine {
    /// The mode's short name, or its text.
    pub mode: String,
    /// The mode in full.
    pub mode_text: String,
    /// The algorithm's name.
    pub algorithm: &'static str,
    /// The vectors.
    pub vectors: u64,
    /// Vectors with a result that is infinite or NaN.
    pub overflows: u64,
    /// Vectors in which something underflowed on the way.
    pub underflows: u64,
    /// Vectors whose truth could not be told, or that storing destroyed.
    pub unclear: u64,
    /// Relative errors of the finite results, of a softmax relative to its largest component.
    pub errors: SampleSummary,
    /// The unit roundoff, where the mode has one: a single format, to nearest.
    pub unit_roundoff: Option<f64>,
    /// What published bounds say.
    pub bounds: Vec<Checked>,
}

/// A published bound held against every finite result.
#[derive(Clone, Debug, Serialize)]
pub struct Checked {
    /// The bound.
    pub name: &'static str,
    /// Its coefficient of u.
    pub coefficient: &'static str,
    /// Where it is published.
    pub source: &'static str,
    /// The results that it was held against.
    pub checked: u64,
    /// How many certainly exceed it.
    pub exceeded: u64,
    /// How many of those had no underflow on the way, which the bound excludes.
    pub exceeded_without_underflow: u64,
    /// Results that are exact, for which no ratio is formed.
    pub exact: u64,
    /// Bound over error: how loose it is.
    pub looseness: SampleSummary,
}

/// All results.
#[derive(Clone, Debug, Serialize)]
pub struct VectorComparison {
    /// The version of this document.
    pub schema: u32,
    /// The number of vectors.
    pub vectors: u64,
    /// How long each is.
    pub length: u64,
    /// One for each mode and algorithm, mode by mode.
    pub lines: Vec<VectorLine>,
}

#[derive(Clone, Debug, Default)]
struct Against {
    checked: u64,
    exceeded: u64,
    exceeded_without_underflow: u64,
    exact: u64,
    looseness: Sample,
}

#[derive(Clone, Debug, Default)]
struct Kept {
    vectors: u64,
    overflows: u64,
    underflows: u64,
    unclear: u64,
    errors: Sample,
    /// One for each published bound of the algorithm.
    bounds: Vec<Against>,
}

/// How much of an error is certain: enclosures of the truth are at least this sharp, relative to it.
const CERTAIN: f64 = 1.0 - 1e-6;

logitlab_numbers::merge_fields!(Against: checked, exceeded, exceeded_without_underflow, exact, looseness);
logitlab_numbers::merge_fields!(Kept: vectors, overflows, underflows, unclear, errors, bounds);

impl Against {
    fn add(&mut self, error: f64, bound: f64, underflowed: bool) {
        self.checked += 1;
        let exceeded = error * CERTAIN > bound;
        self.exceeded += u64::from(exceeded);
        self.exceeded_without_underflow += u64::from(exceeded && !underflowed);
        if error > 0.0 { self.looseness.add(bound / error) } else { self.exact += 1 }
    }
}

impl Kept {
    fn new(algorithm: &Algorithm) -> Kept {
        Kept { bounds: vec![Against::default(); published::of(algorithm.name).count()], ..Kept::default() }
    }

    fn add(&mut self, results: &[f64], flags: Flags, truth: &VectorTruth, line: &Line<'_>) {
        self.vectors += 1;
        let underflowed = flags & UNDERFLOW != 0;
        self.underflows += u64::from(underflowed);
        if results.iter().any(|x| !x.is_finite()) {
            self.overflows += 1;
            return;
        }
        let error = truth.error(line.algorithm.function, results);
        self.errors.add(error);
        if let Some(unit) = line.unit.filter(|_| flags & OVERFLOW == 0) {
            for (bound, against) in published::of(line.algorithm.name).zip(&mut self.bounds) {
                against.add(error, (bound.coefficient)(&truth.facts) * unit, underflowed);
            }
        }
    }
}

impl VectorTruth {
    /// The relative error of the results, at most; of a softmax the largest relative to its largest component.
    fn error(&self, function: Function, results: &[f64]) -> f64 {
        let relative = |truth: &TrueValue, x: f64| {
            let distance = truth.distance(x);
            if distance == 0.0 { 0.0 } else { distance / truth.least() }
        };
        match function {
            Function::ExpSum => relative(&self.sum, results[0]),
            Function::Lse => relative(&self.lse, results[0]),
            Function::Softmax => {
                let distance = |(truth, &x): (&TrueValue, &f64)| scale(truth.distance(x), truth.exponent);
                let largest = self.probabilities.iter().map(TrueValue::to_f64).fold(0.0, f64::max);
                self.probabilities.iter().zip(results).map(distance).fold(0.0, f64::max) / largest
            }
        }
    }
}

/// An algorithm in a mode, compiled.
struct Line<'a> {
    algorithm: &'a Algorithm,
    program: Program,
    /// The registers of the results.
    results: Vec<Register>,
    unit: Option<f64>,
}

/// The unit roundoff of a mode that is a single format, recursive sums and rounding to nearest.
fn unit_roundoff(mode: &Mode) -> Option<f64> {
    let target = mode.target(Place::Combine);
    let plain = Mode::uniform(target).with_softmax(mode.softmax) == *mode;
    (plain && target.rounding.is_nearest()).then(|| target.format.unit_roundoff().to_f64())
}

impl VectorPlan {
    fn line<'a>(&self, mode: &Mode, algorithm: &'a Algorithm, k: usize) -> Result<Line<'a>, StudyError> {
        let mode = mode.with_softmax(algorithm.softmax);
        let tree =
            elaborate::value(algorithm.text, names()).unwrap_or_else(|error| panic!("{}: {error}", algorithm.name));
        let logits = [LOGITS.into()];
        let read = Names { logits: &logits, action: &ACTION.into(), definitions: &names().definitions };
        let temperature = BigRational::from_integer(1.into());
        let setting = Setting { k, action: 0, mode: &mode, temperature: &temperature };
        let compiled = match algorithm.function {
            Function::Softmax => compile_vector(&tree, read, setting),
            _ => compile(&tree, read, setting).map(|tape| {
                let result = tape.result;
                (tape, vec![result])
            }),
        };
        let (tape, results) =
            compiled.map_err(|why| StudyError::Compile { formula: algorithm.name.to_string(), why })?;
        let program = Program::new(tape, &mode).map_err(|why| StudyError::Mode { mode: mode.to_string(), why })?;
        Ok(Line { algorithm, program, results, unit: unit_roundoff(&mode) })
    }

    fn pairs(&self) -> impl Iterator<Item = (&Mode, &'static Algorithm)> {
        self.modes.iter().flat_map(|mode| self.algorithms.iter().map(move |&algorithm| (mode, algorithm)))
    }

    /// Runs all vectors, each of which has `length` numbers; `done` is told how many more are finished. The result
    /// does not depend on the number of threads.
    ///
    /// # Errors
    /// If an algorithm cannot be computed in a mode.
    pub fn run(
        &self,
        cases: &dyn Cases,
        length: usize,
        done: &(dyn Fn(u64) + Sync),
    ) -> Result<VectorComparison, StudyError> {
        let lines = self.pairs().map(|(mode, algorithm)| self.line(mode, algorithm, length));
        let lines: Vec<Line<'_>> = lines.collect::<Result<_, _>>()?;
        let fresh = || -> Vec<Kept> { lines.iter().map(|line| Kept::new(line.algorithm)).collect() };
        let mut total = fresh();
        let part = |range: Range<u64>| {
            let (start, size) = (range.start, range.end - range.start);
            let chunk: Vec<Case> = range.map(|index| cases.case(index)).collect();
            let mut kept = fresh();
            let mut truths = HashMap::new();
            for (line, kept) in lines.iter().zip(&mut kept) {
                self.chunk(line, &chunk, start, &mut truths, kept);
            }
            done(size);
            Ok::<_, StudyError>(kept)
        };
        let take = |part: Vec<Kept>| {
            total.merge(part);
            ControlFlow::Continue(())
        };
        in_order(cases.count(), cases.together(), part, take)?;
        let lines = self.pairs().zip(lines).zip(total).map(|(((mode, _), line), kept)| summary(mode, &line, kept));
        Ok(VectorComparison { schema: 1, vectors: cases.count(), length: length as u64, lines: lines.collect() })
    }

    fn chunk(&self, line: &Line<'_>, cases: &[Case], start: u64, truths: &mut Truths, kept: &mut Kept) {
        let mut noise = Noise::new(self.seed, start);
        let mut block = CaseBlock::default();
        let k = line.program.tape().k;
        // A row that could not be read again has another length; the study ends with its error.
        let cases: Vec<&Case> = cases.iter().filter(|case| case.k == k).collect();
        for cases in cases.chunks(line.program.lanes()) {
            let inputs: Vec<f64> = (0..k).flat_map(|index| cases.iter().map(move |case| case.logits[index])).collect();
            line.program.run(&inputs, cases.len(), &mut noise, &mut block);
            for lane in 0..cases.len() {
                let logits = stored(&line.program, &block, lane);
                let key = logits.iter().map(|z| z.to_bits()).collect();
                match truths.entry(key).or_insert_with(|| vector_truth(&logits)) {
                    Ok(truth) => {
                        let results: Vec<f64> =
                            line.results.iter().map(|&register| block.register(register)[lane]).collect();
                        kept.add(&results, block.flags()[lane], truth, line);
                    }
                    Err(_) => kept.unclear += 1,
                }
            }
        }
    }
}

/// Truths that several algorithms share, by the bits of the logits.
type Truths = HashMap<Vec<u64>, Result<VectorTruth, Fault>>;

fn summary(mode: &Mode, line: &Line<'_>, kept: Kept) -> VectorLine {
    let checked = |(bound, against): (&Published, Against)| Checked {
        name: bound.name,
        coefficient: bound.text,
        source: published::SOURCE,
        checked: against.checked,
        exceeded: against.exceeded,
        exceeded_without_underflow: against.exceeded_without_underflow,
        exact: against.exact,
        looseness: against.looseness.summary(),
    };
    VectorLine {
        mode: name(mode),
        mode_text: mode.to_string(),
        algorithm: line.algorithm.name,
        vectors: kept.vectors,
        overflows: kept.overflows,
        underflows: kept.underflows,
        unclear: kept.unclear,
        errors: kept.errors.summary(),
        unit_roundoff: line.unit,
        bounds: published::of(line.algorithm.name).zip(kept.bounds).map(checked).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_counted_as_exceeded_where_they_are() {
        let mut against = Against::default();
        for (error, bound, underflowed) in [(2.0, 1.0, true), (3.0, 1.0, false), (0.5, 1.0, true), (0.0, 1.0, false)] {
            against.add(error, bound, underflowed);
        }
        // Within what the truth is known to.
        against.add(1.0 + 1e-9, 1.0, false);
        let mut total = Against::default();
        total.merge(against);
        let counts = (total.checked, total.exceeded, total.exceeded_without_underflow, total.exact);
        assert_eq!(counts, (5, 2, 1, 1));
        let looseness = total.looseness.summary();
        assert_eq!(looseness.count, 4);
        assert!((looseness.min - 1.0 / 3.0).abs() < 2e-3 && (looseness.max - 2.0).abs() < 1e-9);
    }

    #[test]
    fn unit_roundoffs_are_of_single_formats_to_nearest() {
        let unit = |text: &str| unit_roundoff(&text.parse().unwrap());
        assert_eq!(unit("fp16"), Some(1.0 / 2048.0));
        assert_eq!(unit("f32+softmax=naive"), Some(libm::ldexp(1.0, -24)));
        for mixed in ["bf16+sum=f32", "bf16/up", "bf16+sum=bf16:pairwise", "f32+logits=bf16"] {
            assert_eq!(unit(mixed), None, "{mixed}");
        }
    }
}
