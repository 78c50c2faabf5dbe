//! Scalar expressions as a graph in which equal parts are one, and its text as an S-expression.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

/// A part of a graph: its place there. Parts come before what is made of them.
pub type Id = usize;

#[derive(Clone, PartialEq, Eq, Hash)]
enum Part {
    Number(BigRational),
    /// A variable, or `TRUE` or `FALSE`.
    Symbol(String),
    /// An operation of FPCore.
    Apply(&'static str, Vec<Id>),
}

/// What FPCore 2.0 gives a meaning of its own, so that nothing may be called so: its constants, and the operations
/// and forms that a name of a claim could coincide with.
const RESERVED: &str = "E LOG2E LOG10E LN2 LN10 PI PI_2 PI_4 M_1_PI M_2_PI M_2_SQRTPI SQRT2 SQRT1_2 INFINITY NAN TRUE FALSE \
    FPCore if let while for tensor cast array dim size ref digits fabs fma exp exp2 expm1 log log10 log2 \
    log1p pow sqrt cbrt hypot sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh erf erfc \
    tgamma lgamma ceil floor fmod remainder fmax fmin fdim copysign trunc round nearbyint and or not \
    isfinite isinf isnan isnormal signbit";

/// Operations whose values are truths, which `let*` does not bind.
const TRUTHS: &[&str] = &["==", "!=", "<", "<=", ">", ">=", "and", "or", "not"];

/// How deep brackets may stand in each other: what is deeper gets a name, for the sake of readers that are recursive.
const MAX_DEPTH: usize = 100;

/// Expressions over some variables.
pub struct Graph {
    parts: Vec<Part>,
    places: HashMap<Part, Id>,
    /// What a part is called if it gets a name.
    names: HashMap<Id, String>,
    /// Parts that get a name even if they are used once.
    pinned: HashSet<Id>,
    taken: HashSet<String>,
}

impl Graph {
    /// A graph over these variables, whose names no part will have.
    pub fn new(variables: &[String]) -> Graph {
        let taken = RESERVED.split(' ').map(str::to_string).chain(variables.iter().cloned()).collect();
        Graph { parts: vec![], places: HashMap::new(), names: HashMap::new(), pinned: HashSet::new(), taken }
    }

    /// The number of parts.
    pub fn len(&self) -> usize {
        self.parts.len()
    }

    fn part(&mut self, part: Part) -> Id {
        if let Some(&known) = self.places.get(&part) {
            return known;
        }
        self.parts.push(part.clone());
        self.places.insert(part, self.parts.len() - 1);
        self.parts.len() - 1
    }

    /// A literal.
    pub fn number(&mut self, value: BigRational) -> Id {
        self.part(Part::Number(value))
    }

    /// A whole number.
    pub fn integer(&mut self, value: usize) -> Id {
        self.number(BigRational::from_integer(value.into()))
    }

    /// A variable or a constant of FPCore.
    pub fn symbol(&mut self, name: &str) -> Id {
        self.part(Part::Symbol(name.to_string()))
    }

    /// An operation, as it is.
    pub fn apply(&mut self, op: &'static str, arguments: Vec<Id>) -> Id {
        self.part(Part::Apply(op, arguments))
    }

    /// Whether this is the literal 0.
    pub fn is_zero(&self, x: Id) -> bool {
        matches!(&self.parts[x], Part::Number(value) if value.is_zero())
    }

    fn is_one(&self, x: Id) -> bool {
        matches!(&self.parts[x], Part::Number(value) if value.is_one())
    }

    /// -x
    pub fn neg(&mut self, x: Id) -> Id {
        if self.is_zero(x) { x } else { self.apply("-", vec![x]) }
    }

    /// x + y; nothing is added to a literal 0, which is what a coordinate that is left out contributes.
    pub fn add(&mut self, x: Id, y: Id) -> Id {
        match () {
            () if self.is_zero(x) => y,
            () if self.is_zero(y) => x,
            () => self.apply("+", vec![x, y]),
        }
    }

    /// x - y
    pub fn sub(&mut self, x: Id, y: Id) -> Id {
        match () {
            () if self.is_zero(y) => x,
            () if self.is_zero(x) => self.neg(y),
            () => self.apply("-", vec![x, y]),
        }
    }

    /// x y
    pub fn mul(&mut self, x: Id, y: Id) -> Id {
        match () {
            () if self.is_zero(x) || self.is_one(y) => x,
            () if self.is_zero(y) || self.is_one(x) => y,
            () => self.apply("*", vec![x, y]),
        }
    }

    /// x / y for a y that is not the literal 0.
    pub fn div(&mut self, x: Id, y: Id) -> Id {
        if self.is_zero(x) || self.is_one(y) { x } else { self.apply("/", vec![x, y]) }
    }

    /// Proposes a name for a part that is an operation; the first proposal counts. With `pin`, it gets it in any case.
    pub fn call(&mut self, x: Id, name: &str, pin: bool) {
        if !matches!(self.parts[x], Part::Apply(..)) {
            return;
        }
        if !self.names.contains_key(&x) {
            let name = self.fresh(name);
            self.names.insert(x, name);
        }
        if pin {
            self.pinned.insert(x);
        }
    }

    /// A symbol of FPCore like this name, which nothing else is called.
    fn fresh(&mut self, name: &str) -> String {
        let base: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let numbered = (2..).map(|n| format!("{base}_{n}"));
        let mut candidates = [base.clone()].into_iter().chain(numbered);
        let name = candidates.find(|name| !self.taken.contains(name)).expect("some number is free");
        self.taken.insert(name.clone());
        name
    }

    /// The text of a part: what is used more than once, or stands too deep, is bound by `let*`, in an order in which it
    /// can be computed. Lines after the first start with `indent` blanks.
    pub fn text(&mut self, root: Id, indent: usize) -> String {
        let bound = self.bound(root);
        for &id in &bound {
            self.call(id, "t", false);
        }
        let mut out = String::new();
        if !bound.is_empty() {
            out += "(let* (";
            for (index, &id) in bound.iter().enumerate() {
                if index > 0 {
                    _ = write!(out, "\n{:width$}", "", width = indent + "(let* (".len());
                }
                _ = write!(out, "[{} ", self.names[&id]);
                self.write(&mut out, id, &bound, true);
                out.push(']');
            }
            _ = write!(out, ")\n{:width$}", "", width = indent + 2);
        }
        self.write(&mut out, root, &bound, false);
        if !bound.is_empty() {
            out.push(')');
        }
        out
    }

    /// The parts below a root that get a name, in order.
    fn bound(&self, root: Id) -> Vec<Id> {
        let mut uses = vec![0_usize; root + 1];
        uses[root] = 1;
        for id in (0..=root).rev() {
            if uses[id] > 0 {
                self.arguments(id).iter().for_each(|&argument| uses[argument] += 1);
            }
        }
        let mut bound = Vec::new();
        let mut depth = vec![0_usize; root + 1];
        let is_number = |id: Id| matches!(&self.parts[id], Part::Apply(op, _) if !TRUTHS.contains(op));
        for id in (0..root).filter(|&id| uses[id] > 0 && is_number(id)) {
            depth[id] = 1 + self.arguments(id).iter().map(|&argument| depth[argument]).max().unwrap_or(0);
            if uses[id] > 1 || self.pinned.contains(&id) || depth[id] == MAX_DEPTH {
                depth[id] = 0;
                bound.push(id);
            }
        }
        bound
    }

    fn arguments(&self, id: Id) -> &[Id] {
        match &self.parts[id] {
            Part::Apply(_, arguments) => arguments,
            Part::Number(_) | Part::Symbol(_) => &[],
        }
    }

    /// `whole`: the part itself rather than its name.
    fn write(&self, out: &mut String, id: Id, bound: &[Id], whole: bool) {
        match &self.parts[id] {
            Part::Number(value) => *out += &literal(value),
            Part::Symbol(name) => *out += name,
            Part::Apply(..) if !whole && bound.binary_search(&id).is_ok() => *out += &self.names[&id],
            Part::Apply(op, arguments) => {
                _ = write!(out, "({op}");
                for &argument in arguments {
                    out.push(' ');
                    self.write(out, argument, bound, false);
                }
                out.push(')');
            }
        }
    }
}

/// A number as FPCore writes it: `-3`, or the fraction `1/3`.
pub fn literal(value: &BigRational) -> String {
    let sign = if value.is_negative() { "-" } else { "" };
    let (n, d) = (value.numer().magnitude(), value.denom());
    if d.is_one() { format!("{sign}{n}") } else { format!("{sign}{n}/{d}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_twice_is_bound_once_and_before_its_use() {
        let mut graph = Graph::new(&["x".to_string()]);
        let x = graph.symbol("x");
        let exp = graph.apply("exp", vec![x]);
        let again = graph.apply("exp", vec![x]);
        assert_eq!(exp, again);
        graph.call(exp, "x", false);
        let sum = graph.add(exp, exp);
        assert_eq!(graph.text(exp, 0), "(exp x)");
        assert_eq!(graph.text(sum, 2), "(let* ([x_2 (exp x)])\n    (+ x_2 x_2))");
    }

    #[test]
    fn names_are_symbols_that_mean_nothing_else() {
        let mut graph = Graph::new(&["z0".to_string()]);
        for (name, expected) in [("z0", "z0_2"), ("E", "E_2"), ("P'", "P_"), ("P'", "P__2"), ("a b)", "a_b_")] {
            assert_eq!(graph.fresh(name), expected);
        }
    }

    #[test]
    fn literals() {
        for (n, d, expected) in [(-3, 1, "-3"), (2, 6, "1/3"), (-1, 2, "-1/2"), (0, 5, "0")] {
            assert_eq!(literal(&BigRational::new(n.into(), d.into())), expected);
        }
    }
}
