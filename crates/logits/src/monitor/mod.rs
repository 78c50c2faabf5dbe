//! What the rows of many batches come to, in states that merge exactly: of a training run, of its ranks, of the workers
//! of a cluster.
//!
//! [`watch`] measures rows into a [`State`]. Counts are whole numbers, sums are exact, quantiles are told from fixed
//! bins, and the worst rows have a total order. So however rows are split among states, and in whatever order those are
//! merged, the bytes that come out are the same.

mod asked;
mod state;
mod watch;
mod worst;

pub use asked::Asked;
pub use state::{Refused, Settings, State};
pub use watch::watch;
pub use worst::Ranked;
