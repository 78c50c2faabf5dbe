//! Claims, the judges that decide them, derivations found by a search, and Coq.

use logitlab_kernel::{expr, proof};
use logitlab_numbers::{arith, formats};
use logitlab_record::outcome;
use logitlab_values::{eval, policy};
use logitlab_words::text;

pub mod claims;
pub mod coq;
pub mod judges;
pub mod object;

pub mod prove;
pub mod recorded;
pub mod report;
