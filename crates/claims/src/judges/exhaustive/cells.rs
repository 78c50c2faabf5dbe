//! Finitely many points that stand for all real numbers.
//!
//! Let x occur in a statement only in arguments of roundings that are a x + b, and in comparisons whose sides differ by
//! a x + b, where a and b depend on x through roundings at most. Roundings jump only where their arguments are
//! numbers of the format or midpoints of neighbours; between two jumps every a and b is a constant, and a comparison
//! changes only where its a x + b is 0. So every line is true at all points or at none between two neighbours among
//! these finitely many *breakpoints*, and one point for each gap, with the breakpoints themselves, decides for all x.

use rug::Rational;

use super::plan::{Plan, is_rounding};
use crate::arith::exact::Exact;
use crate::arith::number::Number;
use crate::arith::{Eval, Fault};
use crate::eval::{Evaluator, Value};
use crate::expr::{Name, Node, Op, Prop, Relation, Tree};
use crate::formats::Format;

/// An evaluator in a format.
pub type InFormat<'a> = Evaluator<'a, Exact<Rational>>;

/// The points, in order of magnitude.
pub struct Points {
    /// The values for x.
    pub values: Vec<Rational>,
    /// Whether they decide for all real x.
    pub complete: bool,
}

/// Where roundings into a format jump: at its numbers, at the midpoints of neighbours, and where overflow begins.
pub fn jumps(format: &Format, numbers: &[Rational]) -> Vec<Rational> {
    let half = |x: &Rational, y: &Rational| Rational::from(x + y) / 2_u32;
    let between = numbers.windows(2).map(|pair| half(&pair[0], &pair[1]));
    let mut all: Vec<Rational> = numbers.iter().cloned().chain(between).collect();
    let mut beyond = Rational::from(1);
    let exponent = format.emax() - format.precision as i32;
    beyond <<= exponent;
    beyond += numbers.last().expect("every format has numbers");
    all.push(Rational::from(-&beyond));
    all.push(beyond);
    all.sort();
    all
}

/// A value as a function of x: times*x + rest, within a gap between jumps.
#[derive(Clone, Debug)]
struct Affine {
    times: Rational,
    rest: Rational,
}

/// Why a value is not of that form.
enum Other {
    /// It has no value, whatever x is.
    Undefined,
    /// It is something else, or not rational.
    Form,
}

type Form = Result<Affine, Other>;

/// Finds the points for a plan's real variable, for any values of the others.
pub struct Cells<'p> {
    x: &'p Name,
    hypotheses: Vec<(Relation, &'p Tree, &'p Tree)>,
    /// Arguments of roundings in which x itself occurs.
    rounded: Vec<&'p Tree>,
    /// Sides of comparisons in which x itself occurs.
    compared: Vec<(&'p Tree, &'p Tree)>,
    /// Whether all roundings are of the form above.
    in_form: bool,
}

impl<'p> Cells<'p> {
    /// What matters in the plan for its real variable.
    pub fn new(plan: &'p Plan, x: &'p Name) -> Cells<'p> {
        let mut cells = Cells { x, hypotheses: vec![], rounded: vec![], compared: vec![], in_form: true };
        for prop in &plan.statement.hypotheses {
            if let Prop::Compare(relation, left, right) = prop {
                cells.hypotheses.push((*relation, left, right));
            }
            cells.collect(prop);
        }
        plan.statement.shows.iter().for_each(|prop| cells.collect(prop));
        cells.hypotheses.retain(|(_, left, right)| [left, right].iter().all(|tree| !jumps_with(tree, x)));
        cells
    }

    fn collect(&mut self, prop: &'p Prop) {
        match prop {
            Prop::Compare(_, left, right) => {
                self.roundings(left);
                self.roundings(right);
                if is_bare(left, self.x) || is_bare(right, self.x) {
                    self.compared.push((left, right));
                }
            }
            Prop::SameAction(..) => {}
            Prop::And(parts) | Prop::Or(parts) => parts.iter().for_each(|part| self.collect(part)),
            Prop::Implies(a, b) | Prop::Iff(a, b) => {
                self.collect(a);
                self.collect(b);
            }
        }
    }

    fn roundings(&mut self, tree: &'p Tree) {
        for child in tree.node().children() {
            if is_rounding(tree.node()) && is_bare(child, self.x) {
                self.in_form &= !jumps_with(child, self.x);
                self.rounded.push(child);
            }
            self.roundings(child);
        }
    }

    /// The points, for the values that the evaluator has for the other variables.
    pub fn points(&self, jumps: &[Rational], evaluator: &mut InFormat<'_>) -> Points {
        let mut complete = self.in_form;
        let Some((low, high)) = self.bounds(evaluator) else { return Points { values: vec![], complete } };
        let inside =
            |x: &Rational| low.as_ref().is_none_or(|low| low <= x) && high.as_ref().is_none_or(|high| x <= high);
        let mut breaks: Vec<Rational> = low.iter().chain(&high).cloned().collect();
        for argument in &self.rounded {
            match self.affine(argument, evaluator) {
                Ok(form) => breaks.extend(form.meets(jumps, low.as_ref(), high.as_ref())),
                Err(Other::Undefined) => {}
                Err(Other::Form) => complete = false,
            }
        }
        breaks.retain(&inside);
        sort(&mut breaks);
        let gaps = representatives(&breaks, low.is_none(), high.is_none());
        for (left, right) in &self.compared {
            let stepped = jumps_with(left, self.x) || jumps_with(right, self.x);
            // What does not jump is the same function of x in every gap.
            for point in gaps.iter().take(if stepped { usize::MAX } else { 1 }) {
                self.assign(evaluator, point);
                match self.difference(left, right, evaluator).map(|form| form.zero()) {
                    Ok(zero) => breaks.extend(zero),
                    Err(Other::Undefined) => {}
                    Err(Other::Form) => complete = false,
                }
            }
        }
        breaks.retain(inside);
        sort(&mut breaks);
        let mut values = representatives(&breaks, low.is_none(), high.is_none());
        values.extend(breaks);
        values.sort_by(|x, y| x.cmp_abs(y).then_with(|| y.cmp(x)));
        Points { values, complete }
    }

    fn assign(&self, evaluator: &mut InFormat<'_>, x: &Rational) {
        evaluator.assign(self.x, Value::Real(Number::Rational(x.clone())));
    }

    /// Between which values the hypotheses can hold; `None` where they never do.
    #[allow(clippy::type_complexity)]
    fn bounds(&self, evaluator: &mut InFormat<'_>) -> Option<(Option<Rational>, Option<Rational>)> {
        let (mut low, mut high): (Option<Rational>, Option<Rational>) = (None, None);
        for (relation, left, right) in &self.hypotheses {
            let form = match self.difference(left, right, evaluator) {
                Ok(form) => form,
                Err(Other::Undefined) => return None,
                Err(Other::Form) => continue,
            };
            let Some(zero) = form.zero() else { continue };
            let relation = if form.times.is_negative() { relation.mirrored() } else { *relation };
            if matches!(relation, Relation::LessEqual | Relation::Less | Relation::Equal) {
                high = Some(high.map_or(zero.clone(), |high| high.min(zero.clone())));
            }
            if matches!(relation, Relation::GreaterEqual | Relation::Greater | Relation::Equal) {
                low = Some(low.map_or(zero.clone(), |low| low.max(zero)));
            }
        }
        match (&low, &high) {
            (Some(low), Some(high)) if low > high => None,
            _ => Some((low, high)),
        }
    }

    fn difference(&self, left: &Tree, right: &Tree, evaluator: &mut InFormat<'_>) -> Form {
        Ok(self.affine(left, evaluator)?.plus(self.affine(right, evaluator)?.negated()))
    }

    /// A value as a function of x, roundings of x being what they are at the present x.
    fn affine(&self, tree: &Tree, evaluator: &mut InFormat<'_>) -> Form {
        if !is_bare(tree, self.x) {
            return constant(evaluator.real(tree));
        }
        match tree.node() {
            Node::Variable(..) => Ok(Affine { times: 1.into(), rest: 0.into() }),
            Node::Apply(op, items) => match op {
                Op::Neg => self.affine(&items[0], evaluator).map(Affine::negated),
                Op::Add => Ok(self.affine(&items[0], evaluator)?.plus(self.affine(&items[1], evaluator)?)),
                Op::Sub => self.difference(&items[0], &items[1], evaluator),
                Op::Mul | Op::Div => {
                    let (x, y) = (self.affine(&items[0], evaluator)?, self.affine(&items[1], evaluator)?);
                    match op {
                        Op::Div if !y.times.is_zero() => Err(Other::Form),
                        Op::Div if y.rest.is_zero() => Err(Other::Undefined),
                        Op::Div => Ok(x.scaled(&y.rest.recip())),
                        _ if y.times.is_zero() => Ok(x.scaled(&y.rest)),
                        _ if x.times.is_zero() => Ok(y.scaled(&x.rest)),
                        _ => Err(Other::Form),
                    }
                }
                _ => Err(Other::Form),
            },
            _ => Err(Other::Form),
        }
    }
}

fn constant(value: Eval<Number<Rational>>) -> Form {
    match value {
        Ok(Number::Rational(rest)) => Ok(Affine { times: 0.into(), rest }),
        Err(Fault::Undefined(_)) => Err(Other::Undefined),
        _ => Err(Other::Form),
    }
}

impl Affine {
    fn negated(self) -> Affine {
        self.scaled(&Rational::from(-1))
    }

    fn scaled(self, factor: &Rational) -> Affine {
        Affine { times: self.times * factor, rest: self.rest * factor }
    }

    fn plus(self, other: Affine) -> Affine {
        Affine { times: self.times + other.times, rest: self.rest + other.rest }
    }

    /// Where it is 0, if at one place only.
    fn zero(&self) -> Option<Rational> {
        (!self.times.is_zero()).then(|| Rational::from(-&self.rest) / &self.times)
    }

    /// The x between the bounds at which it takes one of the values, which are sorted.
    fn meets<'a>(
        &'a self,
        values: &'a [Rational],
        low: Option<&Rational>,
        high: Option<&Rational>,
    ) -> impl Iterator<Item = Rational> + 'a {
        let at = |x: &Rational| Rational::from(x * &self.times) + &self.rest;
        let (low, high) = if self.times.is_negative() { (high, low) } else { (low, high) };
        let start = low.map_or(0, |low| values.partition_point(|value| *value < at(low)));
        let end = high.map_or(values.len(), |high| values.partition_point(|value| *value <= at(high)));
        let values = if self.times.is_zero() { &[] } else { &values[start.min(end)..end] };
        values.iter().map(|value| Rational::from(value - &self.rest) / &self.times)
    }
}

fn sort(values: &mut Vec<Rational>) {
    values.sort();
    values.dedup();
}

/// One point in each gap; those outside of all breakpoints only where x goes on there.
fn representatives(breaks: &[Rational], below: bool, above: bool) -> Vec<Rational> {
    let (Some(first), Some(last)) = (breaks.first(), breaks.last()) else { return vec![Rational::new()] };
    let mut all: Vec<Rational> = below.then(|| Rational::from(first - 1)).into_iter().collect();
    all.extend(breaks.windows(2).map(|pair| Rational::from(&pair[0] + &pair[1]) / 2_u32));
    all.extend(above.then(|| Rational::from(last + 1)));
    all
}

/// Whether x occurs other than within a rounding.
fn is_bare(tree: &Tree, x: &Name) -> bool {
    match tree.node() {
        Node::Variable(name, _) => name == x,
        node if is_rounding(node) => false,
        node => node.children().into_iter().any(|child| is_bare(child, x)),
    }
}

/// Whether x occurs within a rounding.
fn jumps_with(tree: &Tree, x: &Name) -> bool {
    if is_rounding(tree.node()) {
        return tree.has_variable(x);
    }
    tree.node().children().into_iter().any(|child| jumps_with(child, x))
}
