//! Work on several threads whose outcome does not depend on which of them comes first.

use rayon::prelude::*;

/// All results in order, or the first error in order: rayon's own way to collect them gives any of several.
pub fn in_order<T: Send, E: Send>(results: impl IndexedParallelIterator<Item = Result<T, E>>) -> Result<Vec<T>, E> {
    let mut all = Vec::new();
    results.collect_into_vec(&mut all);
    all.into_iter().collect()
}

/// What `of` makes of each item, in order, or the first error in order. A single item stays on this thread: to wake
/// another takes longer than what is short.
pub fn each_in_order<A: Sync, T: Send, E: Send>(
    items: &[A],
    of: impl Fn(&A) -> Result<T, E> + Sync + Send,
) -> Result<Vec<T>, E> {
    match items {
        [one] => Ok(vec![of(one)?]),
        items => in_order(items.par_iter().map(of)),
    }
}

#[cfg(test)]
mod tests {
    use rayon::prelude::*;

    use super::in_order;

    #[test]
    fn of_several_errors_the_first_is_reported() {
        let late = |n: usize| {
            // The first error takes longest.
            std::thread::sleep(std::time::Duration::from_millis(if n == 3 { 20 } else { 0 }));
            if n >= 3 { Err(n) } else { Ok(n) }
        };
        for _ in 0..5 {
            assert_eq!(in_order((0..64).into_par_iter().map(late)), Err(3));
        }
        assert_eq!(in_order((0..3).into_par_iter().map(late)), Ok(vec![0, 1, 2]));
    }
}
