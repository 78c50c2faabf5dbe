//! The operations of the language as one table: name, signatures, meaning, and what derived ones stand for.

use std::fmt;

/// What a value is: a real number or a vector in R^K.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// A real number.
    Real,
    /// A vector of K real numbers.
    Vector,
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Real => "real",
            Vector => "vector",
        })
    }
}

/// One row of the language's table.
#[derive(Debug)]
pub struct OpInfo {
    /// The operation.
    pub op: Op,
    /// The name under which it is called as a function, if it is.
    pub name: Option<&'static str>,
    /// Argument types and the type of the result, one entry for each way to use it.
    pub signatures: &'static [(&'static [Type], Type)],
    /// What it means, in one line.
    pub meaning: &'static str,
    /// The equation that defines a derived operation by others; empty for those that are not derived.
    pub definition: &'static str,
}

use self::Type::{Real, Vector};

const R_R: (&[Type], Type) = (&[Real], Real);
const V_V: (&[Type], Type) = (&[Vector], Vector);
const RR_R: (&[Type], Type) = (&[Real, Real], Real);
const VV_V: (&[Type], Type) = (&[Vector, Vector], Vector);
const V_R: (&[Type], Type) = (&[Vector], Real);
const VV_R: (&[Type], Type) = (&[Vector, Vector], Real);
const ELEMENTWISE: &[(&[Type], Type)] = &[R_R, V_V];

/// The enumeration and the table in one, so that no operation is without a row.
macro_rules! operations {
    ($($(#[$doc:meta])* $op:ident: $name:expr, $signatures:expr, $meaning:literal $(, $definition:literal)?;)*) => {
        /// An operation on values. Elementwise ones take a vector to a vector.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Op {
            $($(#[$doc])* $op,)*
        }

        /// Every operation; the parser, the type checker, the printers, the rules of the kernel and the documentation
        /// read this table.
        pub const OPS: &[OpInfo] = &[$(OpInfo {
            op: Op::$op,
            name: $name,
            signatures: $signatures,
            meaning: $meaning,
            definition: [$($definition,)? ""][0],
        },)*];
    };
}

// The name as a function, the signatures, the meaning, and of a derived operation the equation that defines it.
operations! {
    /// `-x`
    Neg: None, ELEMENTWISE, "-x";
    /// `x + y`
    Add: None, &[RR_R, VV_V], "x + y";
    /// `x - y`
    Sub: None, &[RR_R, VV_V], "x - y";
    /// `x*y`: product of reals, or a real times a vector (the real stands first)
    Mul: None, &[RR_R, (&[Real, Vector], Vector)], "x*y, a real times a real or a vector";
    /// `x/y`: the divisor is a real
    Div: None, &[RR_R, (&[Vector, Real], Vector)], "x/y, divided by a real";
    /// `u.*v`, the elementwise product
    Hadamard: None, &[VV_V], "u.*v, the elementwise product";
    /// `u./v`, the elementwise quotient
    Quotient: None, &[VV_V], "u./v, the elementwise quotient";
    /// `<u,v>`, the inner product
    Inner: None, &[VV_R], "<u,v>, the inner product";
    /// `|x|` of a real, `abs(v)` elementwise
    Abs: Some("abs"), ELEMENTWISE, "absolute value; |x| for a real";
    /// `|v|`, the Euclidean norm
    Norm: None, &[V_R], "|v|, the Euclidean norm", "|v| = sqrt(|v|^2)";
    /// `|v|^2`, the squared Euclidean norm
    NormSquared: None, &[V_R], "|v|^2, the squared Euclidean norm", "|v|^2 = <v,v>";
    /// `sqrt(x)`, elementwise on vectors
    Sqrt: Some("sqrt"), ELEMENTWISE, "square root";
    /// `exp(x)`, elementwise on vectors
    Exp: Some("exp"), ELEMENTWISE, "exponential";
    /// `log(x)`, the natural logarithm, elementwise on vectors
    Log: Some("log"), ELEMENTWISE, "natural logarithm";
    /// `xlogx(x)` = x log x with 0 log 0 = 0, elementwise on vectors
    XlogX: Some("xlogx"), ELEMENTWISE, "x log x, 0 at 0";
    /// `xlogy(x, y)` = x log y with 0 log y = 0 for every y >= 0, elementwise on vectors
    XlogY: Some("xlogy"), &[RR_R, VV_V], "x log y, 0 at x = 0";
    /// `sum(v)`
    Sum: Some("sum"), &[V_R], "sum of the entries";
    /// `max(v)`
    Max: Some("max"), &[V_R], "largest entry";
    /// `min(v)`
    Min: Some("min"), &[V_R], "smallest entry";
    /// `lse(z)` = log(sum(exp(z)))
    Lse: Some("lse"), &[V_R], "log-sum-exp, log(sum(exp(z)))", "lse(z) = log(sum(exp(z)))";
    /// `softmax(z)` = exp(z)/sum(exp(z))
    Softmax: Some("softmax"), &[V_V], "exp(z)/sum(exp(z))", "softmax(z) = exp(z)/sum(exp(z))";
    /// `C(P)` = `<P,P>`, the collision probability
    Collision: Some("C"), &[V_R], "collision probability, <P,P>", "C(v) = <v,v>";
    /// `H(P)` = -sum(xlogx(P)), the Shannon entropy in nats
    Entropy: Some("H"), &[V_R], "Shannon entropy in nats, -sum(xlogx(P))", "H(v) = -sum(xlogx(v))";
    /// `H2(P)` = -log(C(P)), the collision (order-2 Renyi) entropy in nats
    CollisionEntropy: Some("H2"), &[V_R], "collision entropy in nats, -log(C(P))", "H2(v) = -log(C(v))";
    /// `KL(P, Q)` = sum(xlogx(P) - xlogy(P, Q)), the Kullback-Leibler divergence in nats
    Divergence: Some("KL"), &[VV_R],
        "Kullback-Leibler divergence in nats, sum(xlogx(P) - xlogy(P,Q))", "KL(u, v) = sum(xlogx(u) - xlogy(u, v))";
    /// `fl(x)`: x rounded to the nearest number of the format, ties to an even significand
    Nearest: Some("fl"), &[R_R], "x rounded to the nearest number of the format, ties to even";
    /// `rd(x)`: the largest number of the format that is at most x
    Down: Some("rd"), &[R_R], "x rounded down to a number of the format";
    /// `ru(x)`: the smallest number of the format that is at least x
    Up: Some("ru"), &[R_R], "x rounded up to a number of the format";
    /// `pred(x)`: the largest number of the format below x
    Pred: Some("pred"), &[R_R], "the number of the format next below x";
    /// `succ(x)`: the smallest number of the format above x
    Succ: Some("succ"), &[R_R], "the number of the format next above x";
    /// `even(x)`: 1 where the significand of x, a number of the format, is even, else 0
    Even: Some("even"), &[R_R], "1 where the significand of the number x of the format is even, else 0";
}

/// Words of the language that are not in [`OPS`] and that no variable may be called.
pub const RESERVED: &[&str] = &["e", "E", "D", "K", "others", "ones", "zeros", "and"];

/// Words that start a line of a claim or stand in its proof. No variable may be called so: where a value is missing,
/// the next line would be read as one.
pub const LINES: &[&str] = &[
    "claim", "title", "source", "given", "let", "show", "expect", "proof", "lemma", "choose", "assume", "case", "by",
    "qed",
];

impl Op {
    /// The operation's row in [`OPS`].
    pub fn info(self) -> &'static OpInfo {
        &OPS[self as usize]
    }

    /// The equation that defines a derived operation; of any other it does not compile as a constant.
    ///
    /// # Panics
    /// If it is not derived.
    pub const fn law(self) -> &'static str {
        let law = OPS[self as usize].definition;
        assert!(!law.is_empty(), "the operation is not derived");
        law
    }

    /// Whether it asks something of a floating-point format. Such an operation has a value only where a format is
    /// given and a finite number of it is the result; no law of the kernel speaks of it.
    pub fn is_of_format(self) -> bool {
        matches!(self, Op::Nearest | Op::Down | Op::Up | Op::Pred | Op::Succ | Op::Even)
    }

    /// How many arguments it takes.
    pub fn arity(self) -> usize {
        self.info().signatures[0].0.len()
    }

    /// The operation that is called by this function name.
    pub fn by_name(name: &str) -> Option<Op> {
        OPS.iter().find(|row| row.name == Some(name)).map(|row| row.op)
    }

    /// The type of the result for these argument types, if the operation accepts them.
    pub fn result(self, arguments: &[Type]) -> Option<Type> {
        self.info().signatures.iter().find(|(takes, _)| *takes == arguments).map(|(_, gives)| *gives)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_not_reserved() {
        let mut names: Vec<&str> = OPS.iter().filter_map(|row| row.name).collect();
        names.extend(RESERVED.iter().chain(LINES));
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn signatures_of_one_operation_differ() {
        for row in OPS {
            for (k, (takes, _)) in row.signatures.iter().enumerate() {
                assert!(row.signatures[..k].iter().all(|(other, _)| other != takes), "{:?}", row.op);
                assert_eq!(takes.len(), row.op.arity(), "{:?}", row.op);
            }
        }
    }
}
