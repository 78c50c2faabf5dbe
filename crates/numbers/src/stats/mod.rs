//! Statistics of many rows, in memory that does not grow with their number.
//!
//! | what | of | module |
//! |---|---|---|
//! | counts by bin, and the rank that a quantile has | anything in order | [`bins`] |
//! | quantiles as enclosures | enclosed numbers, of f64 or with an exponent of their own | [`quantiles`] |
//! | quantiles, extremes, mean and sum as enclosures | enclosed numbers | [`spread`] |
//! | quantiles, extremes, mean and their confidence intervals | errors, plain numbers from 0 | [`sample`] |
//! | rows for which something is so, is not, or cannot be told | enclosed numbers | [`count`] |
//! | what parts counted, added up | counts and sums | [`merge`] |
//! | distributions as text and back | what [`spread`] counts | `stored` |
//! | sums that do not depend on the order | f64 | [`exact`] |
//! | bands of confidence | P_c | [`bands`] |
//! | what `--fail-on` holds numbers against | plain and enclosed numbers | [`limit`] |

pub mod bands;
pub mod bins;
pub mod count;
pub mod exact;
pub mod limit;
pub mod merge;
pub mod quantiles;
pub mod sample;
pub mod spread;
mod stored;
