//! Degrees: how high the polynomials are that an equality compares, once denominators are cleared.
//!
//! A distribution is w/sum(w) for independent weights w, so its coordinates are rational functions of the weights.
//! The bound counts, for each variable, the degree in any one of its coordinates; it is the same for all coordinates
//! of a vector, which is why a sum over coordinates does not raise it.

use std::collections::BTreeMap;

use super::definition::unfold;
use super::op::{Op, Type};
use super::prop::{Prop, Relation, Sort, Statement};
use super::tree::{Action, Name, Node, Tree};

/// The degree in each variable (for vectors: in each coordinate).
pub type Degrees = BTreeMap<Name, u32>;

/// A rational function: the degrees of its numerator, and its denominator as powers of known polynomials.
#[derive(Clone, Debug, Default)]
struct Fraction {
    numerator: Degrees,
    denominator: BTreeMap<Divisor, (u32, Degrees)>,
}

/// A polynomial that stands in denominators: the sum of the weights of a distribution, or an expression.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Divisor {
    Total(Name),
    Expression(Tree),
}

/// The degrees of the polynomial that vanishes exactly where the equality holds; `None` where the proposition is not
/// an equality between rational functions of the variables.
pub fn of_equality(prop: &Prop, statement: &Statement) -> Option<Degrees> {
    match prop {
        Prop::Compare(Relation::Equal, left, right) => {
            let context = Context { statement };
            let rational = || Some(context.fraction(left)?.plus(&context.fraction(right)?)?.numerator);
            // Two numbers that cannot be negative are equal when their squares are.
            let squares = || Some(context.square(left)?.plus(&context.square(right)?)?.numerator);
            rational().or_else(squares)
        }
        // A condition on actions alone selects among finitely many cases, all of which a grid contains.
        Prop::Implies(premise, conclusion) if matches!(**premise, Prop::SameAction(..)) => {
            of_equality(conclusion, statement)
        }
        Prop::And(parts) => {
            let all: Option<Vec<Degrees>> = parts.iter().map(|part| of_equality(part, statement)).collect();
            all?.into_iter().reduce(|a, b| larger(&a, &b))
        }
        _ => None,
    }
}

fn larger(a: &Degrees, b: &Degrees) -> Degrees {
    let mut result = a.clone();
    for (name, degree) in b {
        let entry = result.entry(name.clone()).or_default();
        *entry = (*entry).max(*degree);
    }
    result
}

/// a + times*b; `None` where a degree is too high for any bound to be of use.
fn sum(a: &Degrees, b: &Degrees, times: u32) -> Option<Degrees> {
    let mut result = a.clone();
    for (name, degree) in b {
        let entry = result.entry(name.clone()).or_default();
        *entry = entry.checked_add(degree.checked_mul(times)?)?;
    }
    Some(result)
}

impl Fraction {
    fn variable(name: &Name) -> Fraction {
        Fraction { numerator: Degrees::from([(name.clone(), 1)]), denominator: BTreeMap::new() }
    }

    fn distribution(name: &Name) -> Fraction {
        let total = (Divisor::Total(name.clone()), (1, Degrees::from([(name.clone(), 1)])));
        Fraction { denominator: BTreeMap::from([total]), ..Fraction::variable(name) }
    }

    fn plus(&self, other: &Fraction) -> Option<Fraction> {
        let mut denominator = self.denominator.clone();
        for (divisor, (power, degrees)) in &other.denominator {
            let entry = denominator.entry(divisor.clone()).or_insert((0, degrees.clone()));
            entry.0 = entry.0.max(*power);
        }
        // Each numerator is multiplied by what its own denominator lacks of the common one.
        let raised = |part: &Fraction| {
            denominator.iter().try_fold(part.numerator.clone(), |numerator, (divisor, (power, degrees))| {
                let own = part.denominator.get(divisor).map_or(0, |(power, _)| *power);
                sum(&numerator, degrees, power - own)
            })
        };
        let numerator = larger(&raised(self)?, &raised(other)?);
        Some(Fraction { numerator, denominator })
    }

    fn times(&self, other: &Fraction) -> Option<Fraction> {
        let mut denominator = self.denominator.clone();
        for (divisor, (power, degrees)) in &other.denominator {
            let entry = denominator.entry(divisor.clone()).or_insert((0, degrees.clone()));
            entry.0 = entry.0.checked_add(*power)?;
        }
        Some(Fraction { numerator: sum(&self.numerator, &other.numerator, 1)?, denominator })
    }

    fn power(&self, n: u32) -> Option<Fraction> {
        let raised = |(divisor, (power, degrees)): (&Divisor, &(u32, Degrees))| {
            Some((divisor.clone(), (power.checked_mul(n)?, degrees.clone())))
        };
        let denominator = self.denominator.iter().map(raised).collect::<Option<_>>()?;
        Some(Fraction { numerator: sum(&Degrees::new(), &self.numerator, n)?, denominator })
    }

    fn over(&self, other: &Fraction, tree: &Tree) -> Option<Fraction> {
        let mut result = self.clone();
        for (power, degrees) in other.denominator.values() {
            result.numerator = sum(&result.numerator, degrees, *power)?;
        }
        if other.numerator.values().any(|degree| *degree > 0) {
            let divisor = Divisor::Expression(tree.clone());
            let entry = result.denominator.entry(divisor).or_insert((0, other.numerator.clone()));
            entry.0 = entry.0.checked_add(1)?;
        }
        Some(result)
    }
}

struct Context<'a> {
    statement: &'a Statement,
}

impl Context<'_> {
    fn fraction(&self, tree: &Tree) -> Option<Fraction> {
        match tree.node() {
            Node::Number(_) | Node::Size | Node::Ones | Node::Zeros | Node::Unit(_) => Some(Fraction::default()),
            Node::Variable(name, _) => self.name(name),
            Node::Entries(items) => {
                items.iter().map(|item| self.fraction(item)).try_fold(Fraction::default(), |all, item| all.plus(&item?))
            }
            Node::At(v, _) | Node::Others(v, _) => self.fraction(v),
            Node::Power(x, n) => self.fraction(x)?.power(*n),
            // A denominator that differs between the actions would multiply up: no bound is tried.
            Node::Expect { action, body, .. } if divides_by(body, action) => None,
            Node::Expect { over, body, .. } => self.fraction(over)?.times(&self.fraction(body)?),
            Node::Apply(op, arguments) => self.apply(*op, arguments),
            Node::Gradient { .. } | Node::Derivative { .. } => None,
        }
    }

    /// The square of an expression that cannot be negative by its form: a norm, an absolute value, a root, a
    /// non-negative literal, products and quotients of such.
    fn square(&self, tree: &Tree) -> Option<Fraction> {
        let squared = |x: &Tree| self.fraction(x).and_then(|x| x.times(&x));
        match tree.node() {
            Node::Number(_) | Node::Size => squared(tree),
            Node::Apply(Op::Norm | Op::Abs, x) if tree.ty() == Type::Real => squared(&x[0]),
            Node::Apply(Op::Sqrt, x) => self.fraction(&x[0]),
            Node::Apply(Op::Mul, x) => self.square(&x[0])?.times(&self.square(&x[1])?),
            Node::Apply(Op::Div, x) => self.square(&x[0])?.over(&self.square(&x[1])?, &x[1]),
            _ => None,
        }
    }

    fn name(&self, name: &Name) -> Option<Fraction> {
        if let Some((_, tree)) = self.statement.definitions.iter().find(|(known, _)| known == name) {
            return self.fraction(tree);
        }
        match self.statement.sort(name)? {
            Sort::Real | Sort::Vector => Some(Fraction::variable(name)),
            Sort::Distribution => Some(Fraction::distribution(name)),
            Sort::Float | Sort::Logits | Sort::Masked | Sort::Subset | Sort::Action => None,
        }
    }

    fn apply(&self, op: Op, arguments: &[Tree]) -> Option<Fraction> {
        // With independent exponentials, the softmax of a declared z is a distribution with independent weights.
        if let (Op::Softmax, Node::Variable(name, _)) = (op, arguments[0].node()) {
            return matches!(self.statement.sort(name), Some(Sort::Logits | Sort::Masked))
                .then(|| Fraction::distribution(name));
        }
        if let Some(meaning) = unfold(op, arguments) {
            return self.fraction(&meaning);
        }
        let first = self.fraction(&arguments[0])?;
        let second = match arguments.get(1) {
            None => Fraction::default(),
            Some(same) if *same == arguments[0] => first.clone(),
            Some(other) => self.fraction(other)?,
        };
        match op {
            Op::Neg | Op::Sum => Some(first),
            Op::Add | Op::Sub => first.plus(&second),
            Op::Mul | Op::Hadamard | Op::Inner => first.times(&second),
            Op::Div => first.over(&second, &arguments[1]),
            // A divisor that differs between the coordinates would multiply up in their sum: no bound is tried.
            Op::Quotient if second.numerator.values().all(|degree| *degree == 0) => first.over(&second, &arguments[1]),
            // Not rational, or not known to be: no bound is given, and no grid is a proof.
            _ => None,
        }
    }
}

/// Whether some divisor depends on an action.
fn divides_by(tree: &Tree, action: &Name) -> bool {
    let mentions = |node: &Node| match node {
        Node::Unit(Action::Name(name)) | Node::At(_, Action::Name(name)) | Node::Others(_, Action::Name(name)) => {
            name == action
        }
        _ => false,
    };
    tree.any(&|node| match node {
        Node::Apply(Op::Div, parts) => parts[1].any(&mentions),
        Node::Apply(op @ Op::Derived(_), parts) => {
            unfold(*op, parts).is_none_or(|meaning| divides_by(&meaning, action))
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::elaborate::proposition;

    fn degrees(text: &str) -> Option<Vec<(String, u32)>> {
        let names = [("P", Sort::Distribution), ("v", Sort::Vector), ("g", Sort::Real), ("z", Sort::Logits)];
        let mut variables: Vec<(Name, Sort)> = names.map(|(name, sort)| (name.into(), sort)).into();
        variables.push(("c".into(), Sort::Action));
        let statement = Statement { variables, ..Statement::default() };
        let prop = proposition(text, &statement).unwrap();
        let found = of_equality(&prop, &statement)?;
        Some(found.into_iter().map(|(name, degree)| (name.to_string(), degree)).collect())
    }

    fn expect(text: &str, expected: &[(&str, u32)]) {
        let expected: Vec<(String, u32)> = expected.iter().map(|(name, degree)| (name.to_string(), *degree)).collect();
        assert_eq!(degrees(text), Some(expected), "{text}");
    }

    #[test]
    fn polynomials() {
        expect("|g*(e[c] - v)|^2 = g^2*(1 - 2*v[c] + C(v))", &[("g", 2), ("v", 2)]);
        expect("sum(v)^3 = g*v[c]", &[("g", 1), ("v", 3)]);
    }

    #[test]
    fn denominators_are_cleared_once() {
        // (S^2 - 2 w_c S + sum w^2)/S^2
        expect("|e[c] - P|^2 = 1 - 2*P[c] + C(P)", &[("P", 2)]);
        expect("sum(P) = 1", &[("P", 1)]);
        expect("softmax(z)[c] = 1", &[("z", 1)]);
        // g/(1 - P_c) = g S/(S - w_c)
        expect("g/(1 - P[c]) = 0", &[("P", 1), ("g", 1)]);
    }

    #[test]
    fn degrees_beyond_any_bound_are_none() {
        expect("(g/v[c])^3 = 1", &[("g", 3), ("v", 3)]);
        let tower = |core: &str| format!("(((((({core})^64)^64)^64)^64)^64)^64 = 1");
        for core in ["1/v[c]", "v[c]", "P[c]", "g/(g + v[c])"] {
            assert_eq!(degrees(&tower(core)), None, "{core}");
        }
    }

    #[test]
    fn squares_stand_for_what_cannot_be_negative() {
        expect("|g*(e[c] - v)| = |g|*sqrt(1 - 2*v[c] + C(v))", &[("g", 2), ("v", 2)]);
        assert_eq!(degrees("|v| = g*sqrt(C(v))"), None);
    }

    #[test]
    fn what_is_not_rational_has_no_degree() {
        for text in [
            "max(P) = 1",
            "sqrt(g) = g",
            "H(P) = 0",
            "D(sum(v), v) = 1",
            "P[c] <= 1",
            "lse(z) = 0",
            "E[a ~ P](1/(2 - P[a])) = 1",
        ] {
            assert_eq!(degrees(text), None, "{text}");
        }
    }
}
