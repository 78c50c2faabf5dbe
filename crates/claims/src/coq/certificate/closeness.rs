//! How closely Coq computes: hints that its theorem does not depend on. What Coq proves is right for any of them; with
//! these it also is as narrow as the ends that a certificate states, and not slower than it has to be.

use std::fmt;

use rug::Complete as _;

use super::row::Certificate;

/// The arguments of `Precision` in `proofs/coq/Exponentials.v`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Closeness {
    bits: u64,
    work: u64,
    depth: u64,
    chunk: u64,
}

impl Closeness {
    /// Enough for all of these rows.
    ///
    /// A row's weights have at most `4 n + 3` units 2^-bits of error each, n being the number of powers that they are
    /// products of. Sums of K weights, of which the largest is 1, let the norm go astray by `4 K (4 n + 3)` units,
    /// relative to its size: that is to be a quarter of a step of f64, the least by which the ends are away from it.
    pub fn of(rows: &[Certificate]) -> Closeness {
        const STEP: u64 = 53 + 2;
        let (mut bits, mut over, mut powers, mut actions) = (0, 0, 0, 0);
        for row in rows {
            // Of exp (-2^i), i from the unit on, but not below 2^-MOST, and below 2^8, where nothing is left.
            const MOST: i64 = 160;
            let n = (8 - row.unit.clamp(-MOST, 8)) as u64;
            let units = 4 * row.actions() as u64 * (4 * n + 3);
            bits = bits.max(STEP + u64::from(units.next_power_of_two().trailing_zeros()));
            over = over.max(excess(row));
            powers = powers.max(n);
            actions = actions.max(row.actions() as u64);
        }
        // exp (-2^-depth) is off by 2^-2depth, and is raised to 2^depth times the logarithm that is asked for.
        let depth = bits + over + 2;
        Closeness { bits, work: 2 * depth + 4, depth, chunk: chunk(powers, actions) }
    }
}

impl Closeness {
    /// What is written, if it is not absurd: Coq would compute for long, and come to nothing else.
    pub fn read(text: &str) -> Option<Closeness> {
        const MOST: u64 = 10_000;
        let numbers: Option<Vec<u64>> = text.split(' ').map(|number| number.parse().ok()).collect();
        let [bits, work, depth, chunk] = numbers?[..] else { return None };
        let fits = bits.max(work).max(depth) <= MOST && chunk < 16;
        fits.then_some(Closeness { bits, work, depth, chunk })
    }
}

/// Bits before the point of what the logit of the action is above all others.
fn excess(row: &Certificate) -> u64 {
    let own = &row.logits[row.action];
    let others = row.logits.iter().enumerate().filter(|(i, _)| *i != row.action);
    let Some(above) = others.map(|(_, logit)| logit).max().map(|most| (own - most).complete()) else { return 0 };
    if above <= 0 { 0 } else { (i64::from(above.significant_bits()) + row.unit).max(0) as u64 }
}

/// One less than the height of the trees with which the fewest products are computed: those of the trees themselves,
/// and for each action one less than there are trees.
fn chunk(powers: u64, actions: u64) -> u64 {
    let products = |chunk: &u64| {
        let trees = powers.div_ceil(chunk + 1);
        trees * (1 << (chunk + 1)) + actions * trees
    };
    (1..16).min_by_key(products).unwrap_or(1)
}

impl fmt::Display for Closeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {}", self.bits, self.work, self.depth, self.chunk)
    }
}
