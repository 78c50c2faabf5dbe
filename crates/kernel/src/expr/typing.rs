//! Which types a surface expression can have. The literals `1` and `0` can be reals or vectors, and so can what is
//! built from nothing else; everything else has one type, which then decides theirs.

use super::op::{Op, Type};
use super::scope::{Known, Scope, Subscripted};
use super::surface::{Form, Operator, Surface, Types};

impl Scope<'_> {
    /// The types that an expression can have.
    pub fn types(&self, surface: &Surface) -> Types {
        *surface.types.get_or_init(|| self.possible(surface))
    }

    fn possible(&self, surface: &Surface) -> Types {
        match &surface.form {
            Form::Number(digits) if digits == "1" || digits == "0" => Types::ALL,
            Form::Number(_) | Form::Bars(_) | Form::Angle(..) => Types::REAL,
            // A whole exponent is of reals only.
            Form::Power(_, exponent) if is_whole(exponent) => Types::REAL,
            Form::Power(base, _) => self.types(base),
            Form::Name(name) => match name.as_str() {
                "K" => Types::REAL,
                "ones" | "zeros" => Types::VECTOR,
                name => match (self.lookup(name), self.subscript(name)) {
                    (Some(Known::Value(ty)), _) => Types::only(ty),
                    (None, Some(Subscripted::Coordinate(..))) => Types::REAL,
                    (None, Some(Subscripted::Unit(_))) => Types::VECTOR,
                    _ => Types::ALL,
                },
            },
            Form::Call(name, arguments) => match (name.as_str(), arguments.len()) {
                ("others", _) | ("D", 2) => Types::VECTOR,
                ("D", _) => Types::REAL,
                (name, _) if self.function(name).is_some() => {
                    self.function(name).map_or(Types::ALL, |function| Types::only(function.body.ty()))
                }
                _ => Op::called(name, arguments.len()).map_or(Types::ALL, |op| self.results(op, arguments)),
            },
            Form::Index(base, _) => match &base.form {
                Form::Name(name) if name == "e" => Types::VECTOR,
                _ => Types::REAL,
            },
            Form::Binary(operator, left, right) => {
                let (left, right) = (self.types(left), self.types(right));
                match operator {
                    Operator::Plus | Operator::Minus => left.common(right).unwrap_or(Types::ALL),
                    Operator::Elementwise | Operator::ElementwiseOver => Types::VECTOR,
                    Operator::Over => left,
                    Operator::Times => {
                        let vector = (left.real && right.vector) || (left.vector && right.real);
                        let product = Types { real: left.real && right.real, vector };
                        if product.real || product.vector { product } else { Types::ALL }
                    }
                }
            }
            Form::List(_) => Types::VECTOR,
            Form::Negative(inner) | Form::Expect(_, _, _, inner) => self.types(inner),
            Form::Chain(..) | Form::And(_) | Form::Or(_) | Form::Implies(..) | Form::Iff(..) => Types::ALL,
        }
    }

    /// The results of an operation over the signatures that its arguments allow, or over all if they allow none.
    fn results(&self, op: Op, arguments: &[Surface]) -> Types {
        let signatures = op.info().signatures;
        let union = |test: &dyn Fn(&[Type]) -> bool| {
            let gives = |ty: Type| signatures.iter().any(|(takes, gives)| *gives == ty && test(takes));
            Types { real: gives(Type::Real), vector: gives(Type::Vector) }
        };
        let fitting = union(&|takes| self.fit(arguments, takes));
        if fitting.real || fitting.vector { fitting } else { union(&|_| true) }
    }

    /// Whether arguments can have the types that a signature takes.
    pub(super) fn fit(&self, arguments: &[Surface], takes: &[Type]) -> bool {
        arguments.len() == takes.len() && arguments.iter().zip(takes).all(|(x, ty)| self.types(x).has(*ty))
    }
}

/// Whether an exponent is written in digits alone.
pub(super) fn is_whole(exponent: &Surface) -> bool {
    matches!(&exponent.form, Form::Number(digits) if digits.bytes().all(|digit| digit.is_ascii_digit()))
}
