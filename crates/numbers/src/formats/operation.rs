//! The operations that are correctly rounded in every format.

/// An operation on one, two or three numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Conversion into the format.
    Round,
    /// x + y
    Add,
    /// x - y
    Sub,
    /// x y
    Mul,
    /// x / y
    Div,
    /// x y + z, rounded once
    Fma,
    /// The square root.
    Sqrt,
    /// e^x
    Exp,
    /// The natural logarithm.
    Log,
}

/// Every operation, with its name and how many numbers it takes.
pub const OPERATIONS: &[(&str, Operation, usize)] = &[
    ("round", Operation::Round, 1),
    ("add", Operation::Add, 2),
    ("sub", Operation::Sub, 2),
    ("mul", Operation::Mul, 2),
    ("div", Operation::Div, 2),
    ("fma", Operation::Fma, 3),
    ("sqrt", Operation::Sqrt, 1),
    ("exp", Operation::Exp, 1),
    ("log", Operation::Log, 1),
];

impl Operation {
    /// Its name.
    pub fn name(self) -> &'static str {
        OPERATIONS.iter().find(|(_, operation, _)| *operation == self).map_or("", |(name, ..)| name)
    }

    /// How many numbers it takes.
    pub fn arity(self) -> usize {
        OPERATIONS.iter().find(|(_, operation, _)| *operation == self).map_or(0, |(.., arity)| *arity)
    }
}
