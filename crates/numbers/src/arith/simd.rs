//! Loops in code for the vectors that this processor has.
//!
//! The same loop is compiled for several instruction sets and the widest one that there is is taken when it runs. No
//! operation is contracted or reordered, so the results are the same bits on each.

use pulp::{Arch, NullaryFnOnce};

/// The vectors that a loop is compiled for. The results are the same bits with each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Vectors {
    /// The widest ones that this processor has.
    #[default]
    Widest,
    /// AVX2 and FMA, four `f64` at a time, though there may be wider ones.
    Avx2,
    /// What every processor of this kind has. Fused multiply-adds may be done by software there: slow.
    Plain,
}

impl Vectors {
    /// Whether this processor has them.
    pub fn available(self) -> bool {
        match self {
            Vectors::Widest | Vectors::Plain => true,
            Vectors::Avx2 => avx2_available(),
        }
    }

    /// Runs a loop over `data`, compiled for these vectors; for the widest ones where this processor lacks them. What
    /// [`vectorized`] asks of `run` holds here too.
    #[inline(always)]
    pub fn run<T, R>(self, data: T, run: impl Fn(T) -> R) -> R {
        match self {
            Vectors::Plain => run(data),
            Vectors::Avx2 if avx2_available() => avx2(Loop { data, run }),
            Vectors::Widest | Vectors::Avx2 => Arch::new().dispatch(Loop { data, run }),
        }
    }
}

#[cfg(target_arch = "x86_64")]
fn avx2_available() -> bool {
    pulp::x86::V3::is_available()
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn avx2<F: NullaryFnOnce>(run: F) -> F::Output {
    match pulp::x86::V3::try_new() {
        Some(simd) => simd.vectorize(run),
        None => run.call(),
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn avx2_available() -> bool {
    false
}

#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
fn avx2<F: NullaryFnOnce>(run: F) -> F::Output {
    run.call()
}

/// Runs a loop over `data`, compiled for the vectors of this processor.
///
/// `run` must be marked `#[inline(always)]`, and must get all slices that it writes to by `data`: what is compiled
/// apart from the function that has the wide vectors does not have them.
///
/// ```
/// use logitlab_numbers::arith::simd::vectorized;
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
