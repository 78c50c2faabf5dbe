//! Proofs: the kernel and the derivations, tried from every side; derivations found by search; and Coq.

mod alternatives;
mod attacks;
mod coq;
#[cfg(unix)]
mod coq_cache;
mod coq_certificates;
mod coq_laws;
mod coq_notation;
mod coq_statements;
mod defined;
mod derivations;
mod differential;
mod examples;
mod hostile;
mod instances;
mod laws;
mod mutations;
mod object;
mod pool;
mod procedures;
mod prove;
mod rejections;
mod rules;
mod scripts;
mod signs;
#[path = "../support/mod.rs"]
mod support;
mod total;
mod trusted;
