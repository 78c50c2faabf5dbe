//! Certificates: the norms of rows of logits lie between two numbers each, as theorems that Coq decides by evaluation.
//!
//! The rows and the ends are dyadic numbers and stand in the file exactly. Each theorem is about the development's own
//! `vnorm`, `e` and `softmax`; `proofs/coq/Certificate.v` proves that its program of integers encloses that norm, so
//! what is left is one evaluation, without axioms beside those of the real numbers.
//!
//! [`row`] is one row with its ends, [`closeness`] says how closely Coq is to compute, [`mod@file`] writes rows as one
//! file, and [`read`] reads such a file back and refuses any other.

pub mod closeness;
pub mod file;
pub mod read;
pub mod row;

pub use file::Certificates;
pub use read::Refused;
pub use row::{Certificate, CertificateError, MAX_ACTIONS};
