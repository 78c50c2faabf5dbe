//! logitlab: a symbolic and numeric verification workbench for the logit dynamics of softmax policy gradients.
//!
//! One step of policy gradient on a softmax policy P changes the logits by g (e_c - P), g = learning rate x
//! advantage. arXiv:2506.12912 derives the size of that change, |g| sqrt(1 - 2 P_c + C(P)) with C(P) = sum P_i^2.
//! logitlab decides this identity and what follows from it, by judges that do not trust each other.
//!
//! # Words
//!
//! A *claim* is a statement with hypotheses and an expected verdict; a *judge* is one independent way to decide it;
//! a *verdict* says what follows, *evidence* how strong that is; a *case* gives every name of a claim a value, made
//! from a *policy*; a *witness* is a case in which a claim is false; a *formula* is one way to compute
//! w = ||e_c - P||^2 or another quantity of a softmax; a *snapshot* is the canonical text of a claim, its derivation and its evidence, whose bytes are
//! hashed and cited.
//!
//! # Layers
//!
//! A module imports only from those below it; `tests/tidy.rs` holds this.
//!
//! | module | what it is | to add one |
//! |---|---|---|
//! | [`cli`] | the binary: one file per command | a file, and a line in `cli/mod.rs` |
//! | [`document`] | results as one document: a page for a browser, a folder for a paper, Markdown | a section: a file, and a line in [`document::SECTIONS`] |
//! | [`cite`] | snapshots of claims and studies, the hashes that they are cited by, and citations | a format: a file |
//! | [`report`] | outcomes and derivations as text, Unicode, LaTeX and JSON; figures as SVG | a file |
//! | [`doctor`] | how wrong a framework's numbers are on real logits, and why | a finding: a line in [`doctor::FINDINGS`] |
//! | [`survey`] | many rows measured: streamed, as columns into files, and as a summary | a column: a line in `column.rs`; a file format: a file, and a line in [`survey::WRITERS`] |
//! | [`dynamics`] | training, every step held against the claims, in every precision | a check: a line in [`dynamics::CHECKS`]; an algorithm: a line in `experiment.rs`; a study that can be cited: a line in [`dynamics::studies`] |
//! | [`study`] | float precision modes: errors, bounds, worst cases; studies that can be cited | a mode: a line in `mode_text.rs`; a study: a line in [`study::registry`] |
//! | [`mod@diff`] | how far two engines' distributions are apart, and whether rounding explains it | a quantity: a line in [`diff::quantity::QUANTITIES`] |
//! | [`measure`] | real logits from files, enclosed rigorously | a file format: a file, and an entry of [`measure::FORMATS`] |
//! | [`certified`] | what an update of one row of logits does, enclosed: by MPFR, and in f64 with proved bounds | a quantity: a field of [`certified::Enclosures`] |
//! | [`judges`] | one file per judge; cases, the smallest counterexample, the runner | a file, and a line in [`judges::JUDGES`] |
//! | [`coq`] | proofs in Coq: the development `proofs/coq`, `coqc`, statements, derivations and certificates written for it | a file under `proofs/coq` |
//! | [`mod@derive`] | an untrusted search for derivations | nothing: it reads the kernel's table |
//! | [`claims`] | the claims of `proofs/`, embedded | a file under `proofs/`, and a line in [`claims::registry`] |
//! | [`proof`] | derivations, and the kernel that alone makes a theorem | a law: a row of `proof/rules.rs` |
//! | [`formulas`] | the ways to compute w and other quantities of a softmax | a line in its registry |
//! | [`expr`] | the language: tree, parser, printer, evaluation in any number system | a row of [`expr::OPS`] and its meaning in `eval.rs` |
//! | [`policy`] | seeded generators of policies | a file, and a line in [`policy::registry`] |
//! | [`stats`] | statistics of many rows: quantiles, counts, bands of confidence, limits | a file |
//! | [`arith`] | number systems: exact, MPFR intervals, f64 intervals, derivatives over each | a file that implements [`arith::Arithmetic`] |
//! | [`formats`] | floating-point formats and correctly rounded arithmetic in them | a line in [`formats::FORMATS`] |
//! | [`outcome`] | verdicts, evidence, witnesses: plain data | |
//!
//! # How a claim is decided
//!
//! [`claims::parse`] turns text into an [`expr::Statement`]. A judge draws [`judges::case::Case`]s, which
//! [`judges::values`] brings into a number system; [`expr::eval::Evaluator`] computes both sides of every relation
//! there, and the number system's three-valued comparison decides: unknown never passes for true. The runner puts
//! the judges' words on every line of the claim together: a refutation settles it, else a case without a truth value
//! ([`expr::domain`]), else the strongest word on each line, else the weakest line; a proof beside a refutation is an alarm.
//!
//! # Decisions
//!
//! - *A number system is a value.* Precision is a field of the context; trees, formulas and judges are written once
//!   over [`arith::Arithmetic`].
//! - *Vectors compute their coordinates when asked* ([`arith::vector`]), so that a reduction over e_c - P stores
//!   nothing, and rational vectors keep one denominator ([`arith::program`]), so that it takes no gcd.
//! - *Logits of rational policies are exact numbers*: z = log w ([`arith::number`]), which makes softmax, log-sum-exp,
//!   entropies and derivatives of them exact as well.
//! - *Undefined and unresolved differ* ([`arith::Fault`]): more precision is tried only where it can help.
//! - *Everything random is seeded per case*, so results do not depend on the number of threads.
//! - *A float mode is a program.* A formula is compiled for one mode into a list of correctly rounded operations, sums
//!   taken apart in the mode's order ([`study::tape`]); running it, enclosing its real meaning, bounding its error from
//!   computed values and from the logits alone are four walks over the same list, over blocks of cases, so that each
//!   loop runs on vector registers.
//! - *Rounding is done once.* Operations of narrow formats are computed in f64 exactly, or rounded to odd, or so that a
//!   second rounding is proved harmless ([`formats::odd`], [`study::lanes`]).
//! - *Snapshots are embedded by `build.rs`*, which reads the folder: a new claim needs no second registration, and
//!   `logitlab cite` and `check` work from an installed binary.

pub mod arith;
pub mod certified;
pub mod cite;
pub mod claims;
#[cfg(feature = "cli")]
pub mod cli;
pub mod coq;
pub mod derive;
pub mod diff;
pub mod doctor;
pub mod document;
pub mod dynamics;
pub mod expr;
pub mod formats;
pub mod formulas;
pub mod judges;
pub mod measure;
pub mod outcome;
mod parallel;
pub mod policy;
pub mod proof;
pub mod report;
pub mod stats;
pub mod study;
pub mod survey;
mod text;
