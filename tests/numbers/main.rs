//! Numbers: number systems, formats and their arithmetic, and rows enclosed from both sides, each held against another
//! library or a proof.

mod arith_containment;
mod arith_dual;
mod arith_exact;
mod arith_masked;
mod arith_programs;
mod certified;
mod elementary64;
mod exp_proofs;
mod formats;
mod pari;
mod reference;
#[path = "../support/mod.rs"]
mod support;
