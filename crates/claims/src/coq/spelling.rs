//! How operations are written in Coq: the names of `proofs/coq/Definitions.v`, and signs.

use crate::expr::{Op, Type};

/// How each operation is written: on reals, and on vectors; `_` is an argument, K the number of actions. A sign between
/// two arguments or before one binds as in Coq. A derived operation that is missing is written as what it stands for.
const SPELLINGS: &[(Op, &str, &str)] = &[
    (Op::Neg, "- _", "vopp _"),
    (Op::Add, "_ + _", "vadd _ _"),
    (Op::Sub, "_ - _", "vsub _ _"),
    (Op::Mul, "_ * _", "vscale _ _"),
    (Op::Div, "_ / _", "vdiv _ _"),
    (Op::Hadamard, "", "vmul _ _"),
    (Op::Quotient, "", "vquot _ _"),
    (Op::Inner, "dot K _ _", ""),
    (Op::Abs, "Rabs _", "vabs _"),
    (Op::Norm, "vnorm K _", ""),
    (Op::NormSquared, "sqnorm K _", ""),
    (Op::Sqrt, "sqrt _", "vsqrt _"),
    (Op::Exp, "exp _", "vexp _"),
    (Op::Log, "ln _", "vln _"),
    (Op::XlogX, "xlogx _", "vxlogx _"),
    (Op::XlogY, "xlogy _ _", "vxlogy _ _"),
    (Op::Sum, "vsum K _", ""),
    (Op::Max, "vmax K _", ""),
    (Op::Min, "vmin K _", ""),
    (Op::Lse, "lse K _", ""),
    (Op::Softmax, "", "softmax K _"),
    (Op::Collision, "C K _", ""),
    (Op::Entropy, "H K _", ""),
    (Op::CollisionEntropy, "H2 K _", ""),
    (Op::Divergence, "KL K _ _", ""),
];

/// How an operation is written on values of this type: empty where the type has none, `None` where it is written out.
pub fn spelling(op: Op, ty: Type) -> Option<&'static str> {
    let (_, real, vector) = SPELLINGS.iter().find(|(known, ..)| *known == op)?;
    Some(if ty == Type::Real { *real } else { *vector })
}

/// What an operation is called in Coq, on values of this type; none of what is written out.
pub fn head(op: Op, ty: Type) -> Option<&'static str> {
    match spelling(op, ty)? {
        "" => None,
        "_ + _" => Some("Rplus"),
        "_ - _" => Some("Rminus"),
        "_ * _" => Some("Rmult"),
        "_ / _" => Some("Rdiv"),
        "- _" => Some("Ropp"),
        named => named.split(' ').next(),
    }
}

/// Left bound, own level and right bound of an infix spelling.
pub fn infix(spelling: &str) -> Option<(u8, u8, u8)> {
    match spelling {
        "_ + _" | "_ - _" => Some((50, 50, 40)),
        "_ * _" | "_ / _" => Some((40, 40, 30)),
        _ => None,
    }
}
