//! Long numbered work in parallel, added up in order.

use std::ops::{ControlFlow, Range};

use rayon::prelude::*;

/// Parts that are computed before what they gave is added up: what waits does not grow with the number of cases.
const PARTS: usize = 64;

/// Computes parts of `size` numbers from 0 to `count`, on all threads, and hands what they gave to `take` in their
/// order, so that sums do not depend on the number of threads. Neither the parts nor their results are ever listed
/// whole. Once `take` breaks, no new round of parts is begun; parts of the round that is finished are still handed
/// over.
///
/// # Errors
/// The first one, in order, of a part.
pub fn in_order<T: Send, E: Send>(
    count: u64,
    size: u64,
    part: impl Fn(Range<u64>) -> Result<T, E> + Sync,
    mut take: impl FnMut(T) -> ControlFlow<()>,
) -> Result<(), E> {
    let mut next = 0;
    while next < count {
        let mut ranges: Vec<Range<u64>> = Vec::with_capacity(PARTS);
        while next < count && ranges.len() < PARTS {
            let end = count.min(next.saturating_add(size.max(1)));
            ranges.push(next..end);
            next = end;
        }
        let parts: Vec<Result<T, E>> = ranges.into_par_iter().map(&part).collect();
        let mut flow = ControlFlow::Continue(());
        for part in parts {
            if take(part?).is_break() {
                flow = ControlFlow::Break(());
            }
        }
        if flow.is_break() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(count: u64, size: u64, stop_at: u64) -> Vec<Range<u64>> {
        let mut seen = Vec::new();
        let take = |range: Range<u64>| {
            let last = range.end >= stop_at;
            seen.push(range);
            if last { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        in_order(count, size, Ok::<_, ()>, take).unwrap();
        seen
    }

    #[test]
    fn every_number_is_in_one_part_and_the_parts_are_in_order() {
        for (count, size) in [(0, 3), (1, 3), (3, 3), (1000, 7), (64, 1), (65, 1), (u64::MAX, u64::MAX / 3)] {
            let parts = seen(count, size, u64::MAX);
            assert_eq!(parts.first().map_or(0, |part| part.start), 0);
            assert_eq!(parts.last().map_or(0, |part| part.end), count);
            assert!(parts.windows(2).all(|pair| pair[0].end == pair[1].start), "{count} by {size}");
        }
    }

    #[test]
    fn a_break_ends_after_its_round_and_an_endless_count_costs_nothing() {
        assert_eq!(seen(u64::MAX, 1, 10).len(), PARTS);
    }

    #[test]
    fn the_first_error_in_order_is_told() {
        let part = |range: Range<u64>| if range.start >= 5 { Err(range.start) } else { Ok(()) };
        assert_eq!(in_order(100, 1, part, |()| ControlFlow::Continue(())), Err(5));
    }
}
