//! One walk for all that is found for the registers of a tape: what each operation does with what is known of its
//! operands is a rule, and which rule a step follows is said here alone.

use crate::formats::Operation;
use crate::study::tape::{Register, Step, Tape};

/// What each operation makes of what is known of its operands in one case: a function of `own`, what is known of the
/// result beforehand, and of the operands. All are inlined by force, because a function would be called apart from the
/// vectors of the loop around it.
pub trait Rules: Copy {
    /// What the step as a whole adds to that.
    type Context: Copy;
    /// What is found.
    type Found: Copy;

    /// x, rounded.
    fn rounded(context: &Self::Context, own: Self, x: Self) -> Self::Found;
    /// x + y
    fn sum(context: &Self::Context, own: Self, x: Self, y: Self) -> Self::Found;
    /// x - y; unless it is said, as the sum.
    #[inline(always)]
    fn difference(context: &Self::Context, own: Self, x: Self, y: Self) -> Self::Found {
        Self::sum(context, own, x, y)
    }
    /// x y
    fn product(context: &Self::Context, own: Self, x: Self, y: Self) -> Self::Found;
    /// x / y
    fn quotient(context: &Self::Context, own: Self, x: Self, y: Self) -> Self::Found;
    /// The same of numbers that are not negative.
    #[inline(always)]
    fn positive_product(context: &Self::Context, own: Self, x: Self, y: Self) -> Self::Found {
        Self::product(context, own, x, y)
    }
    /// The same of numbers that are not negative.
    #[inline(always)]
    fn positive_quotient(context: &Self::Context, own: Self, x: Self, y: Self) -> Self::Found {
        Self::quotient(context, own, x, y)
    }
    /// The square root.
    fn root(context: &Self::Context, own: Self, x: Self) -> Self::Found;
    /// e^x
    fn exponential(context: &Self::Context, own: Self, x: Self) -> Self::Found;
    /// The natural logarithm.
    fn logarithm(context: &Self::Context, own: Self, x: Self) -> Self::Found;
    /// x times a logarithm, 0 where x is 0.
    fn guarded(context: &Self::Context, own: Self, x: Self, log: Self) -> Self::Found;
    /// -x
    fn negated(context: &Self::Context, own: Self, x: Self) -> Self::Found;
    /// |x|; unless it is said, as -x.
    #[inline(always)]
    fn magnitude(context: &Self::Context, own: Self, x: Self) -> Self::Found {
        Self::negated(context, own, x)
    }
    /// The larger of two.
    fn larger(context: &Self::Context, own: Self, x: Self, y: Self) -> Self::Found;
    /// The smaller of two; unless it is said, as the larger.
    #[inline(always)]
    fn smaller(context: &Self::Context, own: Self, x: Self, y: Self) -> Self::Found {
        Self::larger(context, own, x, y)
    }
    /// x y, not rounded.
    fn exact_product(context: &Self::Context, own: Self, x: Self, y: Self) -> Self::Found;
}

/// The cases of a block at one step.
pub trait Cases {
    /// What is known in a case.
    type Cell: Rules;

    /// Writes f(own, x, y) of each case.
    fn each(
        &mut self,
        x: Register,
        y: Register,
        f: impl Fn(Self::Cell, Self::Cell, Self::Cell) -> <Self::Cell as Rules>::Found,
    );
    /// Whether it pays to know that these are nowhere negative, and they are not.
    fn are_positive(&self, _: [Register; 2]) -> bool {
        false
    }
    /// x y + z.
    fn fused(&mut self, arguments: [Register; 3]);
    /// What a matrix unit adds up.
    fn block(&mut self, terms: &[Register]);
}

/// Finds what a step makes of its operands. Inputs and constants are for those who know them.
#[inline(always)]
pub fn apply<C: Cases>(step: &Step, tape: &Tape, context: <C::Cell as Rules>::Context, cases: &mut C) {
    macro_rules! each {
        ($rule:ident, $x:expr) => {
            cases.each(
                *$x,
                *$x,
                #[inline(always)]
                move |own, x, _| C::Cell::$rule(&context, own, x),
            )
        };
        ($rule:ident, $x:expr, $y:expr) => {
            cases.each(
                *$x,
                *$y,
                #[inline(always)]
                move |own, x, y| C::Cell::$rule(&context, own, x, y),
            )
        };
    }
    match step {
        Step::Input { .. } | Step::Constant(..) => {}
        Step::Apply(operation, [x, y, z], _) => match operation {
            Operation::Round => each!(rounded, x),
            Operation::Add => each!(sum, x, y),
            Operation::Sub => each!(difference, x, y),
            Operation::Mul if cases.are_positive([*x, *y]) => each!(positive_product, x, y),
            Operation::Mul => each!(product, x, y),
            Operation::Div if cases.are_positive([*x, *y]) => each!(positive_quotient, x, y),
            Operation::Div => each!(quotient, x, y),
            Operation::Fma => cases.fused([*x, *y, *z]),
            Operation::Sqrt => each!(root, x),
            Operation::Exp => each!(exponential, x),
            Operation::Log => each!(logarithm, x),
        },
        Step::Guarded([x, log], _) => each!(guarded, x, log),
        Step::Neg(x) => each!(negated, x),
        Step::Abs(x) => each!(magnitude, x),
        Step::Max(x, y) => each!(larger, x, y),
        Step::Min(x, y) => each!(smaller, x, y),
        Step::Product(x, y) => each!(exact_product, x, y),
        Step::Block(range) => cases.block(tape.terms(range)),
    }
}
