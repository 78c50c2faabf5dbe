//! Errors of compensated sums, by identities that hold in every direction of rounding.
//!
//! Write r(x) for the error of the rounding that made x. **Kahan**: y_i = t_i - c_(i-1) + r(y_i),
//! s_i = s_(i-1) + y_i + r(s_i), d_i = s_i - s_(i-1) + r(d_i), c_i = d_i - y_i + r(c_i). So
//! c_i = r(s_i) + r(d_i) + r(c_i): adding up, all r(s_i) but the last meet their c_i and
//!
//! s_n - sum t = r(s_0) + sum r(y_i) + r(s_n) - sum_(i < n) (r(d_i) + r(c_i)).
//!
//! To nearest r(d_i) = r(c_i) = 0 where |s_(i-1)| >= |y_i| (Dekker 1971).
//!
//! **Neumaier** with Knuth's two-sum: s_i = s_(i-1) + t_i - d_i, a = s_i - s_(i-1) + r(a), b = s_i - a + r(b), l =
//! s_(i-1) - b + r(l), m = t_i - a + r(m), e_i = l + m + r(e_i). r(a) cancels and e_i = d_i - r(b) + r(l) + r(m) +
//! r(e_i). With E_i = E_(i-1) + e_i + r(E_i) the result s_n + E_n + r differs from the sum by
//!
//! r(s_0) + sum (r(l) + r(m) + r(e_i) - r(b)) + sum r(E_i) + r.
//!
//! To nearest the first sum is 0 where the terms are numbers of the accumulator's format (Knuth; Boldo, Graillat and
//! Muller, "On the robustness of the 2Sum and Fast2Sum algorithms", TOMS 2017).
//!
//! With |r(x)| <= u |x| from the computed values these are running bounds; their usual forms 2u + O(n u^2) and
//! u |s| + gamma^2 sum |x| (Ogita, Rump and Oishi 2005, Proposition 4.5) follow to nearest.

use std::ops::Range;

use crate::study::order::Order;

/// The steps of a compensated sum by their roles.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    order: Order,
    /// The step that rounds the first term.
    pub first: usize,
    /// How many further terms there are.
    pub further: usize,
    /// The step with the result.
    pub last: usize,
}

/// One term's steps in Kahan's sum.
#[derive(Clone, Copy, Debug)]
pub struct Kahan {
    /// s_(i-1)
    pub before: usize,
    /// y_i
    pub term: usize,
    /// s_i
    pub total: usize,
    /// d_i
    pub taken: usize,
    /// c_i
    pub carry: usize,
}

/// One term's steps in Neumaier's sum.
#[derive(Clone, Copy, Debug)]
pub struct Neumaier {
    /// s_i
    pub total: usize,
    /// b, l, m and e_i
    pub inner: [usize; 4],
    /// E_i
    pub errors: usize,
}

impl Layout {
    /// The layout of the steps that [`Order::emit`] makes; `None` for sums without corrections.
    pub fn new(order: Order, steps: &Range<u32>, terms: usize) -> Option<Layout> {
        let each = match order {
            Order::Kahan => 4,
            Order::Neumaier => 7,
            _ => return None,
        };
        let (first, last) = (steps.start as usize, steps.end as usize - 1);
        let expected = first + 2 + each * (terms - 1);
        assert_eq!(last, expected, "a compensated sum has a round, a zero, {each} steps a term, and a last one");
        Some(Layout { order, first, further: terms - 1, last })
    }

    /// The steps of the further terms in Kahan's sum.
    pub fn kahan(&self) -> impl Iterator<Item = Kahan> {
        let (first, further) = (self.first, if self.order == Order::Kahan { self.further } else { 0 });
        (0..further).map(move |index| {
            let term = first + 2 + 4 * index;
            let before = if index == 0 { first } else { term - 3 };
            Kahan { before, term, total: term + 1, taken: term + 2, carry: term + 3 }
        })
    }

    /// The steps of the further terms in Neumaier's sum.
    pub fn neumaier(&self) -> impl Iterator<Item = Neumaier> {
        let (first, further) = (self.first, if self.order == Order::Neumaier { self.further } else { 0 });
        (0..further).map(move |index| {
            let total = first + 2 + 7 * index;
            Neumaier { total, inner: [total + 2, total + 3, total + 4, total + 5], errors: total + 6 }
        })
    }
}
