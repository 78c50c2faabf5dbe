//! What several number systems have in common, word for word.

/// What takes a number system without derivatives to the one with a first, for its `Arithmetic`.
macro_rules! lifted_once {
    ($real:ty) => {
        fn lift(&self) -> Dual<Self> {
            Dual::new(*self)
        }

        fn perturb(
            &self,
            lifted: &Dual<Self>,
            v: &Vector<Self>,
            along: &Vector<Self>,
            k: usize,
        ) -> Eval<Vector<Dual<Self>>> {
            dual::perturb_base(lifted, v, along, k)
        }

        fn constant(&self, _: &Dual<Self>, x: &$real) -> HyperDual<$real> {
            HyperDual::constant(x.clone())
        }

        fn tangent(&self, lifted: &Dual<Self>, x: &Real<Dual<Self>>) -> $real {
            lifted.tangent_of_base(x)
        }
    };
}
pub(super) use lifted_once;

/// The comparisons of intervals by their ends `lo` and `hi`, for their `Arithmetic`.
macro_rules! compared_by_ends {
    ($real:ty) => {
        fn equal(&self, x: &$real, y: &$real) -> Eval<Truth> {
            Ok(if x.lo > y.hi || x.hi < y.lo {
                Truth::False
            } else if x.lo == x.hi && y.lo == y.hi {
                Truth::True
            } else {
                Truth::Unknown
            })
        }

        fn less(&self, x: &$real, y: &$real) -> Eval<Truth> {
            Ok(if x.hi < y.lo {
                Truth::True
            } else if x.lo >= y.hi {
                Truth::False
            } else {
                Truth::Unknown
            })
        }

        fn less_equal(&self, x: &$real, y: &$real) -> Eval<Truth> {
            self.less(y, x).map(Truth::not)
        }
    };
}
pub(super) use compared_by_ends;
