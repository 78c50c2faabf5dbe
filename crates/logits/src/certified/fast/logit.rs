//! Stored logits, and a row of them in blocks.

use half::slice::HalfFloatSliceExt;
use half::{bf16, f16};

/// How many actions a block has, at most.
pub(super) const BLOCK: usize = 1024;

/// How many actions are taken through a loop at once: enough independent work to hide the latency of each step. Blocks
/// are filled up to a whole number of groups.
pub(super) const GROUP: usize = 32;

/// A type that logits are stored in: `f32`, `f64`, `half::f16` or `half::bf16`.
pub trait Logit: Copy + sealed::Sealed {
    /// The type in which they are computed with, exactly.
    #[doc(hidden)]
    type Wide: Masked;

    /// The same numbers in that type; `space` may be used for them.
    #[doc(hidden)]
    fn widen<'a>(stored: &'a [Self], space: &'a mut [f32; BLOCK]) -> &'a [Self::Wide];

    /// The same numbers, if they are stored in that type; else none.
    #[doc(hidden)]
    fn plain(stored: &[Self]) -> &[Self::Wide];

    /// The same number.
    fn to_f64(self) -> f64;
}

/// What logits are computed with.
pub trait Masked: Copy + PartialOrd + Into<f64> {
    /// -inf
    const MASKED: Self;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
    impl Sealed for half::f16 {}
    impl Sealed for half::bf16 {}
}

impl Masked for f32 {
    const MASKED: f32 = f32::NEG_INFINITY;
}

impl Masked for f64 {
    const MASKED: f64 = f64::NEG_INFINITY;
}

/// What is computed with as it is stored.
macro_rules! as_stored {
    ($($stored:ty)*) => {$(
        impl Logit for $stored {
            type Wide = $stored;

            #[inline(always)]
            fn widen<'a>(stored: &'a [Self], _: &'a mut [f32; BLOCK]) -> &'a [Self] {
                stored
            }

            #[inline(always)]
            fn plain(stored: &[Self]) -> &[Self] {
                stored
            }

            #[inline(always)]
            fn to_f64(self) -> f64 {
                self.into()
            }
        }
    )*};
}

/// What is computed with as `f32`.
macro_rules! as_f32 {
    ($($stored:ty)*) => {$(
        impl Logit for $stored {
            type Wide = f32;

            #[inline(always)]
            fn widen<'a>(stored: &'a [Self], space: &'a mut [f32; BLOCK]) -> &'a [f32] {
                let space = &mut space[..stored.len()];
                stored.convert_to_f32_slice(space);
                space
            }

            #[inline(always)]
            fn plain(_: &[Self]) -> &[f32] {
                &[]
            }

            #[inline(always)]
            fn to_f64(self) -> f64 {
                self.into()
            }
        }
    )*};
}

as_stored!(f32 f64);
as_f32!(f16 bf16);

/// A row in blocks of [`BLOCK`] actions, some of which are passed over: they are masked.
pub(super) struct Blocks<'a, Z: Logit> {
    row: &'a [Z],
    /// The row that will be read next, or nothing.
    next: &'a [Z],
    /// The actions that are passed over.
    without: [usize; 2],
    space: [f32; BLOCK],
    copy: [Z::Wide; BLOCK],
}

impl<'a, Z: Logit> Blocks<'a, Z> {
    #[inline(always)]
    pub(super) fn new(row: &'a [Z], next: &'a [Z]) -> Blocks<'a, Z> {
        Blocks { row, next, without: [usize::MAX; 2], space: [0.0; BLOCK], copy: [Z::Wide::MASKED; BLOCK] }
    }

    /// Passes over two actions from now on.
    #[inline(always)]
    pub(super) fn leave_out(&mut self, without: [usize; 2]) {
        self.without = without;
    }

    /// What stands in the next row where this one has the block `index`; nothing where it has to be converted.
    #[inline(always)]
    pub(super) fn ahead(&self, index: usize) -> &'a [Z::Wide] {
        let from = (index * BLOCK).min(self.next.len());
        Z::plain(&self.next[from..self.next.len().min(from + BLOCK)])
    }

    #[inline(always)]
    pub(super) fn count(&self) -> usize {
        self.row.len().div_ceil(BLOCK)
    }

    /// One block, widened, a whole number of [`GROUP`] long: masked actions are added behind the last.
    #[inline(always)]
    pub(super) fn get(&mut self, index: usize) -> &[Z::Wide] {
        let from = index * BLOCK;
        let stored = &self.row[from..self.row.len().min(from + BLOCK)];
        let wide = Z::widen(stored, &mut self.space);
        let whole = wide.len() == BLOCK && self.without.iter().all(|&at| at / BLOCK != index);
        if whole {
            return wide;
        }
        let (filled, padding) = self.copy.split_at_mut(wide.len());
        filled.copy_from_slice(wide);
        padding.fill(Z::Wide::MASKED);
        for at in self.without {
            if at / BLOCK == index {
                self.copy[at - from] = Z::Wide::MASKED;
            }
        }
        &self.copy[..stored.len().next_multiple_of(GROUP)]
    }
}
