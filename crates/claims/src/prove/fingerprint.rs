//! Fingerprints: numbers that are equal for expressions that `ring` or `vector` would equate anywhere in them.
//!
//! An expression is computed modulo a prime, with a pseudo-random value for each operation outside the ring that
//! depends only on the operation and the fingerprints of its arguments. Equal normal forms thus have equal
//! fingerprints; the converse holds but for accidents, which the kernel would not accept.

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use crate::expr::{Action, Node, Op, Tree, Type};

/// A prime; products of two residues fit into 128 bits.
const MODULUS: u64 = (1 << 61) - 1;

/// The fingerprint of an expression.
pub fn fingerprint(tree: &Tree) -> u64 {
    match tree.node() {
        Node::Number(value) => times(residue(value.numer()), inverse(residue(value.denom()))),
        Node::Ones => 1,
        Node::Zeros => 0,
        Node::Power(base, n) => power(fingerprint(base), u64::from(*n)),
        Node::Apply(op, items) => applied(*op, &items.iter().map(fingerprint).collect::<Vec<_>>()),
        Node::Size => mix(&[1]),
        Node::Variable(name, ty) => mix(&[2, u64::from(*ty == Type::Vector), text(name)]),
        Node::Unit(at) => mix(&[3, action(at)]),
        Node::Entries(items) => mix(&[&[4], items.iter().map(fingerprint).collect::<Vec<_>>().as_slice()].concat()),
        Node::At(v, at) => mix(&[5, fingerprint(v), action(at)]),
        Node::Others(v, at) => mix(&[6, fingerprint(v), action(at)]),
        Node::Expect { action, over, body } => mix(&[7, text(action), fingerprint(over), fingerprint(body)]),
        Node::Gradient { of, at } => mix(&[8, fingerprint(of), text(at)]),
        Node::Derivative { of, at, along } => mix(&[9, fingerprint(of), text(at), fingerprint(along)]),
    }
}

fn applied(op: Op, items: &[u64]) -> u64 {
    match (op, items) {
        (Op::Neg, [x]) => minus(0, *x),
        (Op::Add, [x, y]) => (x + y) % MODULUS,
        (Op::Sub, [x, y]) => minus(*x, *y),
        (Op::Mul | Op::Hadamard, [x, y]) => times(*x, *y),
        // Whatever 1/0 is, it is not a residue.
        (Op::Div, [x, y]) => times(*x, if *y == 0 { mix(&[10]) } else { inverse(*y) }),
        (Op::Inner, [x, y]) => mix(&[11, *x.min(y), *x.max(y)]),
        _ => mix(&[&[12, op.index() as u64], items].concat()),
    }
}

fn minus(x: u64, y: u64) -> u64 {
    (x + MODULUS - y) % MODULUS
}

fn times(x: u64, y: u64) -> u64 {
    (u128::from(x) * u128::from(y) % u128::from(MODULUS)) as u64
}

fn power(base: u64, mut exponent: u64) -> u64 {
    let (mut square, mut product) = (base, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            product = times(product, square);
        }
        square = times(square, square);
        exponent >>= 1;
    }
    product
}

fn inverse(x: u64) -> u64 {
    power(x, MODULUS - 2)
}

fn residue(value: &BigInt) -> u64 {
    (value % BigInt::from(MODULUS)).to_u64().expect("literals are not negative, and residues are small")
}

fn action(action: &Action) -> u64 {
    match action {
        Action::Name(name) => text(name),
        Action::Index(index) => mix(&[13, *index as u64]),
    }
}

fn text(text: &str) -> u64 {
    mix(&text.bytes().map(u64::from).collect::<Vec<_>>())
}

/// A residue that depends on all the numbers (splitmix64).
fn mix(parts: &[u64]) -> u64 {
    let mut state = parts.len() as u64;
    for part in parts {
        state = (state ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        state ^= state >> 31;
    }
    state % MODULUS
}
