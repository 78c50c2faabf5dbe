//! What parts counted, added up to what the whole counts.

/// What can be counted in parts, of which later ones come after earlier ones where order matters.
pub trait Merge {
    /// Counts what a later part counted, too.
    fn merge(&mut self, later: Self);
}

impl Merge for u64 {
    fn merge(&mut self, later: u64) {
        *self += later;
    }
}

/// A sum.
impl Merge for f64 {
    fn merge(&mut self, later: f64) {
        *self += later;
    }
}

impl<T: Merge> Merge for Option<T> {
    fn merge(&mut self, later: Option<T>) {
        match (self.as_mut(), later) {
            (Some(own), Some(later)) => own.merge(later),
            (None, later) => *self = later,
            (Some(_), None) => {}
        }
    }
}

impl<T: Merge, const N: usize> Merge for [T; N] {
    fn merge(&mut self, later: [T; N]) {
        self.iter_mut().zip(later).for_each(|(own, later)| own.merge(later));
    }
}

impl<T: Merge> Merge for Vec<T> {
    fn merge(&mut self, later: Vec<T>) {
        self.iter_mut().zip(later).for_each(|(own, later)| own.merge(later));
    }
}

/// Merges a struct by its fields, of which none can be left out: those that add up, then minima, then maxima.
#[macro_export]
macro_rules! merge_fields {
    ($name:ident: $($field:ident),+ $(; min $($min:ident),+)? $(; max $($max:ident),+)?) => {
        impl $crate::stats::merge::Merge for $name {
            fn merge(&mut self, later: $name) {
                let $name { $($field,)+ $($($min,)+)? $($($max,)+)? } = later;
                $($crate::stats::merge::Merge::merge(&mut self.$field, $field);)+
                $($(self.$min = self.$min.min($min);)+)?
                $($(self.$max = self.$max.max($max);)+)?
            }
        }
    };
}
