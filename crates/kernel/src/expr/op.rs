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
    /// The equations that define a derived operation by others, one for each way to use it; none for those that are
    /// not derived.
    pub laws: &'static [&'static str],
    /// How often an argument stands in what a [`Derived`] function is once all is written out; 1 for any other.
    pub uses: u64,
}

use self::Type::{Real, Vector};

const R_R: (&[Type], Type) = (&[Real], Real);
const V_V: (&[Type], Type) = (&[Vector], Vector);
const RR_R: (&[Type], Type) = (&[Real, Real], Real);
const VV_V: (&[Type], Type) = (&[Vector, Vector], Vector);
const V_R: (&[Type], Type) = (&[Vector], Real);
const VV_R: (&[Type], Type) = (&[Vector, Vector], Real);
const RV_: (&[Type], Type) = (&[Vector, Real], Real);
const ELEMENTWISE: &[(&[Type], Type)] = &[R_R, V_V];

/// The enumeration and the table in one, so that no operation is without a row.
macro_rules! operations {
    (
        plain { $($(#[$doc:meta])* $op:ident: $name:expr, $signatures:expr, $meaning:literal $(, $law:literal)?;)* }
        derived { $($(#[$why:meta])* $fun:ident: $called:literal, $takes:expr, $says:literal, $uses:literal, $laws:expr;)* }
    ) => {
        /// An operation on values. Elementwise ones take a vector to a vector.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Op {
            $($(#[$doc])* $op,)*
            /// A function that is what its equation says, everywhere.
            Derived(Derived),
        }

        /// The functions that nothing but their equations knows: they are evaluated, written for Coq and looked
        /// through for signs, conditions and derivatives by what they stand for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Derived {
            $($(#[$why])* $fun,)*
        }

        /// The operations that are no [`Derived`] ones, by their places in the table.
        enum Plain {
            $($op,)*
        }

        const PLAIN: usize = [$(Plain::$op as usize,)*].len();

        impl Op {
            /// Its place in [`OPS`].
            pub const fn index(self) -> usize {
                match self {
                    $(Op::$op => Plain::$op as usize,)*
                    Op::Derived(function) => PLAIN + function as usize,
                }
            }
        }

        /// Every operation; the parser, the type checker, the printers, the rules of the kernel and the documentation
        /// read this table.
        pub const OPS: &[OpInfo] = &[
            $(OpInfo {
                op: Op::$op,
                name: $name,
                signatures: $signatures,
                meaning: $meaning,
                laws: &[$($law)?],
                uses: 1,
            },)*
            $(OpInfo {
                op: Op::Derived(Derived::$fun),
                name: Some($called),
                signatures: $takes,
                meaning: $says,
                laws: $laws,
                uses: $uses,
            },)*
        ];
    };
}

// The name as a function, the signatures, the meaning, and of a derived operation the equation that defines it. Those
// under `derived` are no more than their equations; before these stands how often they use an argument. The variables
// u, v, w, z are vectors there, x, y and k reals.
operations! {
plain {
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
derived {
    /// `sigmoid(x)` = 1/(1 + exp(-x)), elementwise on vectors
    Sigmoid: "sigmoid", ELEMENTWISE, "1/(1 + exp(-x))",
        1, &["sigmoid(x) = 1/(1 + exp(-x))", "sigmoid(v) = 1./(1 + exp(-v))"];
    /// `max(x, y)`, the larger of two, elementwise on vectors
    Larger: "max", &[RR_R, VV_V], "the larger of two numbers",
        2, &["max(x, y) = (x + y + |x - y|)/2", "max(u, v) = (u + v + abs(u - v))/2"];
    /// `min(x, y)`, the smaller of two, elementwise on vectors
    Smaller: "min", &[RR_R, VV_V], "the smaller of two numbers",
        2, &["min(x, y) = (x + y - |x - y|)/2", "min(u, v) = (u + v - abs(u - v))/2"];
    /// `clip(x, lo, hi)` = min(max(x, lo), hi), of a vector every entry
    Clip: "clip", &[(&[Real, Real, Real], Real), (&[Vector, Real, Real], Vector)], "x, lo where it is less, hi where it is more",
        4, &["clip(x, y, k) = min(max(x, y), k)", "clip(v, x, y) = min(max(v, x*1), y*1)"];
    /// `x^a` with a real exponent: exp(a*log(x)) of a positive x, elementwise on vectors
    Power: "powr", &[RR_R, (&[Vector, Real], Vector)], "x^a with a real exponent, exp(a*log(x))",
        1, &["x^y = exp(y*log(x))", "v^x = exp(x*log(v))"];
    /// `TV(P, Q)`, the total variation distance
    TotalVariation: "TV", &[VV_R], "total variation distance, sum(abs(P - Q))/2", 1, &["TV(u, v) = sum(abs(u - v))/2"];
    /// `chi2(P, Q)`, the chi-squared divergence
    ChiSquared: "chi2", &[VV_R], "chi-squared divergence, sum((P - Q).*(P - Q)./Q)",
        3, &["chi2(u, v) = sum((u - v).*(u - v)./v)"];
    /// `JS(P, Q)`, the Jensen-Shannon divergence in nats
    JensenShannon: "JS", &[VV_R], "Jensen-Shannon divergence in nats, H((P + Q)/2) - (H(P) + H(Q))/2",
        2, &["JS(u, v) = H((u + v)/2) - (H(u) + H(v))/2"];
    /// `H(P, a)`, the Renyi entropy of order a in nats
    Renyi: "H", &[RV_], "Renyi entropy of order a in nats, log(sum(P^a))/(1 - a)",
        2, &["H(v, x) = log(sum(v^x))/(1 - x)"];
    /// `Var(P, v)`, the variance of v under P
    Variance: "Var", &[VV_R], "variance of v under P, <P,v.*v> - <P,v>^2", 3, &["Var(u, v) = <u,v.*v> - <u,v>^2"];
    /// `Cov(P, u, v)`, the covariance of u and v under P
    Covariance: "Cov", &[(&[Vector, Vector, Vector], Real)], "covariance of u and v under P, <P,u.*v> - <P,u>*<P,v>",
        3, &["Cov(u, v, w) = <u,v.*w> - <u,v>*<u,w>"];
}
}

/// Words of the language that are not in [`OPS`] and that no variable may be called.
pub const RESERVED: &[&str] = &["e", "E", "D", "K", "others", "ones", "zeros", "and", "or"];

/// Words that start a line of a claim or stand in its proof. No variable may be called so: where a value is missing,
/// the next line would be read as one.
pub const LINES: &[&str] = &[
    "claim", "title", "source", "given", "let", "show", "expect", "proof", "lemma", "choose", "assume", "case", "by",
    "qed",
];

impl Op {
    /// The operation's row in [`OPS`].
    pub fn info(self) -> &'static OpInfo {
        &OPS[self.index()]
    }

    /// The equation that defines a derived operation; of any other it does not compile as a constant.
    ///
    /// # Panics
    /// If it is not derived.
    pub const fn law(self) -> &'static str {
        self.laws()[0]
    }

    /// The equations that define a derived operation, one for each way to use it.
    pub const fn laws(self) -> &'static [&'static str] {
        OPS[self.index()].laws
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

    /// The operations that are called by this function name, each with another number of arguments.
    pub fn named(name: &str) -> impl Iterator<Item = Op> {
        OPS.iter().filter(move |row| row.name == Some(name)).map(|row| row.op)
    }

    /// The operation that is called by this function name.
    pub fn by_name(name: &str) -> Option<Op> {
        Op::named(name).next()
    }

    /// The operation that is called by this function name with this number of arguments; any of this name where none
    /// takes so many.
    pub fn called(name: &str, arguments: usize) -> Option<Op> {
        Op::named(name).find(|op| op.arity() == arguments).or(Op::by_name(name))
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
        let mut names: Vec<(&str, usize)> = OPS.iter().filter_map(|row| Some((row.name?, row.op.arity()))).collect();
        for word in RESERVED.iter().chain(LINES) {
            assert_eq!(Op::by_name(word), None);
            names.push((word, 0));
        }
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn every_row_is_at_its_place_and_a_derived_one_says_what_it_is() {
        for (index, row) in OPS.iter().enumerate() {
            assert_eq!(row.op.index(), index, "{:?}", row.op);
            let laws = if matches!(row.op, Op::Derived(_)) { row.signatures.len() } else { row.laws.len().min(1) };
            assert_eq!(row.laws.len(), laws, "{:?}", row.op);
        }
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
