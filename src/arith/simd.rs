//! Loops in code for the vectors that this processor has.
//!
//! The same loop is compiled for several instruction sets and the widest one that there is is taken when it runs. No
//! operation is contracted or reordered, so the results are the same bits on each.

use pulp::{Arch, NullaryFnOnce};

/// Runs a loop over `data`, compiled for the vectors of this processor.
///
/// `run` must be marked `#[inline(always)]`, and must get all slices that it writes to by `data`: what is compiled
/// apart from the function that has the wide vectors does not have them.
///
/// ```
/// use logitlab::arith::simd::vectorized;
///
/// let (x, mut y) = ([1.0, 2.0], [0.0; 2]);
/// vectorized((&x, &mut y), #[inline(always)] |(x, y)| y.iter_mut().zip(x).for_each(|(y, x)| *y = x * x));
/// assert_eq!(y, [1.0, 4.0]);
/// ```
#[inline(always)]
pub fn vectorized<T, R>(data: T, run: impl Fn(T) -> R) -> R {
    Arch::new().dispatch(Loop { data, run })
}

/// A closure that can be called more than once would be called through a function of its own, which need not be
/// inlined; this is not.
struct Loop<T, F> {
    data: T,
    run: F,
}

impl<T, R, F: Fn(T) -> R> NullaryFnOnce for Loop<T, F> {
    type Output = R;

    #[inline(always)]
    fn call(self) -> R {
        (self.run)(self.data)
    }
}
