//! Every case of a statement in one format.

use rayon::prelude::*;
use rug::Rational;

use super::cells::{Cells, InFormat, jumps};
use super::plan::{End, Plan, mentions, side};
use crate::arith::Truth;
use crate::arith::exact::Exact;
use crate::arith::number::Number;
use crate::eval::{Evaluator, Value};
use crate::expr::{Name, Prop};
use crate::formats::Format;
use crate::judges::decide::{Decision, Outcome, Question};
use crate::outcome::Lack;

/// Formats with wider numbers have too many of them to list.
const WIDEST: u32 = 24;

/// How many cases of one format are tried one by one where fewer would do.
const MANY: u64 = 200_000;

/// How many cases of one format are tried at most.
pub const MOST: u64 = 20_000_000;

/// What was found in one format.
#[derive(Clone, Debug, Default)]
pub struct Tried {
    /// Cases that meet the hypotheses.
    pub cases: usize,
    /// For each line, why some case of it cannot be decided.
    pub unclear: Vec<Option<String>>,
    /// The first case in which a line is false.
    pub failure: Option<Failure>,
    /// The first case in which a line has no truth value.
    pub undefined: Option<Failure>,
    /// Whether the cases stand for all: every real number is like one of those tried.
    pub complete: bool,
    /// Which of the floats was tried only at both ends, since every line is monotone in it.
    pub reduced: Option<usize>,
}

/// A case in which a line is false, or has no truth value.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The number of the line.
    pub show: usize,
    /// The values of the floats, then that of the real.
    pub values: Vec<Rational>,
    /// What the two sides are.
    pub sides: Option<String>,
    /// Why it has no truth value, where it is not false.
    pub lack: Option<Lack>,
}

/// Tries every case.
///
/// # Errors
/// About how many cases there are, where they are more than [`MOST`].
pub fn run(plan: &Plan, format: &Format) -> Result<Tried, f64> {
    let count = plan.floats.len() as i32 + i32::from(plan.real.is_some());
    if count > 0 && format.bits() > WIDEST {
        return Err(libm::ldexp(1.0, format.bits() as i32 * count));
    }
    let search = Search::new(plan, *format);
    let search = search.reduced_if_many();
    let expected = search.expected();
    if expected > MOST as f64 {
        return Err(expected);
    }
    let total: usize = search.axes.iter().map(Vec::len).product();
    Ok((0..total).into_par_iter().map(|index| search.at(index)).reduce(|| search.nothing(), Tried::then))
}

impl Tried {
    /// What was found here and in the cases after these.
    fn then(self, later: Tried) -> Tried {
        let unclear = self.unclear.into_iter().zip(later.unclear).map(|(a, b)| a.or(b)).collect();
        Tried {
            cases: self.cases + later.cases,
            unclear,
            failure: self.failure.or(later.failure),
            undefined: self.undefined.or(later.undefined),
            complete: self.complete && later.complete,
            reduced: self.reduced,
        }
    }
}

struct Search<'p> {
    plan: &'p Plan,
    question: Question<'p>,
    system: Exact<Rational>,
    /// The numbers of the format in order, and where it jumps.
    numbers: Vec<Rational>,
    jumps: Vec<Rational>,
    cells: Option<Cells<'p>>,
    /// For each of the floats, the values that it takes in order of magnitude; one that is reduced has none here.
    axes: Vec<Vec<Rational>>,
    reduced: Option<usize>,
}

impl<'p> Search<'p> {
    fn new(plan: &'p Plan, format: Format) -> Search<'p> {
        let system = Exact::with(format);
        let is_needed = !plan.floats.is_empty() || plan.real.is_some();
        let listed = if is_needed { format.numbers() } else { vec![] };
        let numbers: Vec<Rational> =
            listed.iter().map(|x| x.to_rational().expect("the numbers of a format are finite")).collect();
        let jumps = if plan.real.is_some() { jumps(&format, &numbers) } else { vec![] };
        let cells = plan.real.as_ref().map(|x| Cells::new(plan, x));
        let question = Question::new(&plan.statement);
        let mut search = Search { plan, question, system, numbers, jumps, cells, axes: vec![], reduced: None };
        search.axes = plan.floats.iter().map(|name| search.axis(name)).collect();
        search
    }

    /// The numbers that meet the hypotheses about this name alone.
    fn axis(&self, name: &Name) -> Vec<Rational> {
        let hypotheses = self.plan.about_alone(name);
        let meets = |x: &&Rational| {
            let mut evaluator = Evaluator::new(&self.system, 1, &[]);
            assign(&mut evaluator, name, x);
            hypotheses.iter().all(|prop| may_hold(&mut evaluator, prop))
        };
        let mut values: Vec<Rational> = self.numbers.par_iter().filter(meets).cloned().collect();
        values.sort_by(|x, y| x.cmp_abs(y).then_with(|| y.cmp(x)));
        values
    }

    fn reduced_if_many(self) -> Self {
        let cases: f64 = self.axes.iter().map(|axis| axis.len() as f64).product();
        let reduced = self.plan.reducible().filter(|_| cases > MANY as f64);
        self.reduced_at(reduced)
    }

    fn reduced_at(self, reduced: Option<usize>) -> Self {
        let mut axes = self.axes;
        if let Some(at) = reduced {
            axes[at] = vec![Rational::new()];
        }
        Search { reduced, axes, ..self }
    }

    /// About how many cases there are, from some of them.
    fn expected(&self) -> f64 {
        let total: f64 = self.axes.iter().map(|axis| axis.len() as f64).product();
        if total == 0.0 {
            return 0.0;
        }
        let Some(cells) = &self.cells else { return total };
        let some = [0.0, 0.3, 0.6, 0.9].map(|part| {
            let mut evaluator = self.evaluator(&self.values((total * part) as usize));
            cells.points(&self.jumps, &mut evaluator).values.len() as f64
        });
        total * some.into_iter().fold(1.0, f64::max)
    }

    fn nothing(&self) -> Tried {
        let unclear = vec![None; self.plan.statement.shows.len()];
        Tried { unclear, complete: true, reduced: self.reduced, ..Tried::default() }
    }

    /// The values of the floats in case number `index`, the first of them varying slowest.
    fn values(&self, mut index: usize) -> Vec<Rational> {
        let mut values = vec![Rational::new(); self.axes.len()];
        for (value, axis) in values.iter_mut().zip(&self.axes).rev() {
            value.clone_from(&axis[index % axis.len()]);
            index /= axis.len();
        }
        values
    }

    fn evaluator(&self, values: &[Rational]) -> InFormat<'_> {
        let mut evaluator = Evaluator::new(&self.system, 1, &[]);
        for (name, value) in self.plan.floats.iter().zip(values) {
            assign(&mut evaluator, name, value);
        }
        evaluator
    }

    fn at(&self, index: usize) -> Tried {
        let values = self.values(index);
        let Some(at) = self.reduced else { return self.with_floats(values) };
        let mut evaluator = self.evaluator(&values);
        let end = |value: Rational| {
            let mut values = values.clone();
            values[at] = value;
            self.with_floats(values)
        };
        let ends = self.ends(&self.plan.floats[at], &mut evaluator).into_iter();
        ends.map(end).fold(self.nothing(), Tried::then)
    }

    /// The least and the greatest number that meets the hypotheses about a name, which leave no gaps.
    fn ends(&self, name: &Name, evaluator: &mut InFormat<'_>) -> Vec<Rational> {
        let (mut low, mut high) = (0, self.numbers.len());
        for prop in self.plan.about(name) {
            let mut holds = |x: &Rational| {
                assign(evaluator, name, x);
                may_hold(evaluator, prop)
            };
            match side(prop, name).expect("a reduced variable is compared") {
                End::Upper => low = low.max(self.numbers.partition_point(|x| !holds(x))),
                End::Lower => high = high.min(self.numbers.partition_point(holds)),
            }
        }
        match self.numbers.get(low..high).unwrap_or_default() {
            [] => vec![],
            [one] => vec![one.clone()],
            [least, .., greatest] => vec![least.clone(), greatest.clone()],
        }
    }

    fn with_floats(&self, values: Vec<Rational>) -> Tried {
        let mut evaluator = self.evaluator(&values);
        let (Some(cells), Some(x)) = (&self.cells, &self.plan.real) else {
            return self.case(&mut evaluator, values);
        };
        let mut of_floats = self.plan.statement.hypotheses.iter().filter(|prop| !mentions(prop, x));
        if !of_floats.all(|prop| may_hold(&mut evaluator, prop)) {
            return self.nothing();
        }
        let points = cells.points(&self.jumps, &mut evaluator);
        let some = |points: &[Rational]| {
            let mut evaluator = self.evaluator(&values);
            let one = |point: &Rational| {
                assign(&mut evaluator, x, point);
                self.case(&mut evaluator, values.iter().chain([point]).cloned().collect())
            };
            points.iter().map(one).fold(self.nothing(), Tried::then)
        };
        let all = points.values.par_chunks(4096).map(some).reduce(|| self.nothing(), Tried::then);
        Tried { complete: points.complete, ..all }
    }

    /// The case that the evaluator has the values of.
    fn case(&self, evaluator: &mut InFormat<'_>, values: Vec<Rational>) -> Tried {
        let mut tried = self.nothing();
        let found = match self.question.decide_assigned(&self.system, evaluator) {
            Outcome::Outside => return tried,
            Outcome::Unknown(why, _) => {
                tried.unclear.fill(Some(why));
                return tried;
            }
            Outcome::Inside(found) => found,
        };
        tried.cases = 1;
        for (show, one) in found.into_iter().enumerate() {
            match one.decision {
                Decision::Holds | Decision::Unmet => {}
                Decision::Undefined(_) if tried.undefined.is_some() => {}
                Decision::Undefined(lack) => {
                    let failure = Failure { show, values: values.clone(), sides: None, lack: Some(lack) };
                    tried.undefined = Some(failure);
                }
                Decision::Fails(_) if tried.failure.is_some() => {}
                Decision::Fails(sides) => {
                    tried.failure = Some(Failure { show, values: values.clone(), sides, lack: None })
                }
                Decision::Unclear(why) => tried.unclear[show] = Some(why),
                Decision::Agrees(_) => tried.unclear[show] = Some("exact arithmetic was not exact".to_string()),
            }
        }
        tried
    }
}

fn assign(evaluator: &mut InFormat<'_>, name: &Name, value: &Rational) {
    evaluator.assign(name, Value::Real(Number::Rational(value.clone())));
}

/// Whether a hypothesis is not certainly false; where it has no value, it is.
fn may_hold(evaluator: &mut InFormat<'_>, prop: &Prop) -> bool {
    match evaluator.holds(prop) {
        Ok(truth) => truth != Truth::False,
        Err(fault) => !matches!(fault, crate::arith::Fault::Undefined(_)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::{find, parse};

    /// Both ends of a variable say what all of its values say.
    #[test]
    fn reducing_a_variable_changes_no_verdict() {
        let check = |statement: &crate::expr::Statement, fails: bool| {
            let plan = Plan::new(statement).unwrap();
            for name in ["e2m1", "e3m2", "e4m3fn", "p6e3"] {
                let all = |search: Search<'_>| {
                    let total: usize = search.axes.iter().map(Vec::len).product();
                    (0..total).map(|index| search.at(index)).fold(search.nothing(), Tried::then)
                };
                let full = Search::new(&plan, name.parse().unwrap());
                let reduced = Search::new(&plan, name.parse().unwrap()).reduced_at(plan.reducible());
                assert!(reduced.reduced.is_some());
                let (full, reduced) = (all(full), all(reduced));
                assert!(reduced.cases < full.cases && reduced.cases > 0, "{name}");
                let fails_in = |tried: &Tried| tried.failure.is_some() || tried.undefined.is_some();
                assert_eq!(fails_in(&full), fails, "{name}");
                assert_eq!(fails_in(&reduced), fails, "{name}");
            }
        };
        let shipped = |id: &str| &find(id).unwrap().statement;
        check(shipped("nonnegative"), false);
        check(shipped("false-nonnegative"), true);
        // False at the upper end, and without a value where something overflows there.
        let own = |text: &str| parse(&format!("claim x given p : float, q : float, 0 <= p, {text}")).unwrap().statement;
        check(&own("p <= q, q < 2 show fl(q - p) <= 1"), true);
        check(&own("p <= q show 0 <= fl(q + q) - p"), true);
    }
}
