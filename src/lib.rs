//! logitlab: a symbolic and numeric verification workbench for the logit dynamics of softmax policy gradients.
//!
//! One step of policy gradient on a softmax policy P changes the logits by g (e_c - P), g = learning rate x
//! advantage. arXiv:2506.12912 derives the size of that change, |g| sqrt(1 - 2 P_c + C(P)) with C(P) = sum P_i^2.
//! logitlab decides this identity and what follows from it, by judges that do not trust each other.
//!
//! What a user of the library needs stands at its top, each name with an example: [`parse_claim`], [`verify`],
//! [`find_proof`], [`check_proof`], [`enclose_row`], [`Source`], [`Emulator`], [`watch`], [`Citation`] and others.
//!
//! ```
//! let claim = logitlab::parse_claim("claim mass given P : distribution, g : real show sum(g*P) = g")?;
//! let judges = [logitlab::find_judge("exact").unwrap()];
//! let report = logitlab::verify(&[&claim], &judges, &Default::default(), &|_, _| {});
//! // Exact arithmetic proves it for each K up to 6.
//! assert!(matches!(report.claims[0].verdict, logitlab::Verdict::ProvedFor(_)));
//! # Ok::<(), logitlab::SyntaxError>(())
//! ```
//!
//! # Words
//!
//! A *claim* is a statement with hypotheses and an expected verdict. A *judge* is one independent way to decide it. A
//! *verdict* says what follows, *evidence* how strong that is. A *case* gives every name of a claim a value, made from
//! a *policy*. A *witness* is a case in which a claim is false. A *formula* is one way to compute w = ||e_c - P||^2 or
//! another quantity of a softmax. A *snapshot* is the canonical text of a claim, its derivation and its evidence. Its
//! bytes are hashed and cited.
//!
//! # Layers
//!
//! The library is a workspace. A crate of `crates/` imports only from those below it, which cargo holds; this crate
//! hands their modules on, and has what needs all of them: the binary, citations, documents. Files of one crate import
//! each other in no circle, which `tests/tidy` holds.
//!
//! | crate | module | what it is | to add one |
//! |---|---|---|---|
//! | `logitlab` | [`cli`] | the binary: one file per command | a file, and a line in `cli/mod.rs` |
//! | | [`document`] | results as one document: a page for a browser, a folder for a paper, Markdown | a section: a file, and a line in [`document::SECTIONS`] |
//! | | [`cite`] | snapshots of claims and studies, the hashes that they are cited by, and citations | a format: a file |
//! | `training` | [`dynamics`] | training, every step held against the claims, in every precision | a check: a line in [`dynamics::CHECKS`]; an algorithm: a line in `experiment.rs`; a study that can be cited: a line in [`dynamics::studies`] |
//! | `logits` | [`doctor`] | how wrong a framework's numbers are on real logits, and why | a finding: a line in [`doctor::FINDINGS`] |
//! | | [`mod@diff`] | how far two engines' distributions are apart, and whether rounding explains it | a quantity: a line in [`diff::quantity::QUANTITIES`] |
//! | | [`monitor`] | rows of many batches, ranks and workers as states that merge exactly | a quantity: a name in `monitor/asked.rs`, and a line in `monitor/watch.rs` |
//! | | [`measure`] | rows measured: streamed, as columns into files, and as a summary | a column: an entry of [`measure::COLUMNS`] (`measure/column.rs`); a file format: a file, and a line in [`measure::WRITERS`] |
//! | | [`certified`] | what an update of one row of logits does, enclosed: by MPFR, in f64 with proved bounds, and from log-probabilities alone | a quantity: a field of [`certified::Enclosures`] |
//! | | [`source`] | real logits from files, gone through by one stream | a file format: a file with its `FORMAT`, its `mod` line, and a line in [`source::FORMATS`] (`source/registry.rs`) |
//! | `floats` | [`study`] | float precision modes: errors, bounds, worst cases; studies that can be cited | a mode: a line in `mode_text.rs`; a study: a line in [`study::registry`] |
//! | | [`formulas`] | the ways to compute w and other quantities of a softmax | a line in `formulas/registry.rs`: its text is all that is needed |
//! | `claims` | [`judges`] | one file per judge; cases, the smallest counterexample, the runner | a file, and a line in [`judges::JUDGES`] |
//! | | [`coq`] | proofs in Coq: the development `proofs/coq`, `coqc`, statements, derivations and certificates written for it | a file under `proofs/coq` |
//! | | [`object`] | proof objects: what justifies every step of a derivation, and the laws, as data | |
//! | | [`mod@recorded`] | derivations with what justifies every step, for those who check them anew | |
//! | | [`mod@prove`] | an untrusted prover: it looks for derivations, which the kernel then checks | a method: a file, and a line in `prove/mod.rs` |
//! | | [`claims`] | the claims of `proofs/`, embedded | a file under `proofs/`, and a line in [`claims::registry`] |
//! | `values` | [`eval`] | what an expression is worth in a number system | an arm of `eval/mod.rs` |
//! | | [`policy`] | seeded generators of policies | a file, and a line in [`policy::registry`] |
//! | `record` | [`outcome`] | verdicts, evidence, witnesses: plain data | |
//! | | [`report`] | what prints, whatever the subject: text, tables, plots; each crate above has a `report` of its own for its subjects | a file |
//! | `kernel` | [`proof`] | derivations, and the kernel that alone makes a theorem | a law: a row of `proof/rules.rs`, and its lemma in `proofs/coq/Laws.v` |
//! | | [`expr`] | the language: tree, parser, printer, where an expression is defined | an operation that an equation defines: a row under `derived` of `expr/op.rs`, and nothing else; any other: a row under `plain`, and the arms that the compiler then asks for |
//! | `numbers` | [`arith`] | number systems: exact, MPFR intervals, f64 intervals, derivatives over each | a file that implements [`arith::Arithmetic`] |
//! | | [`formats`] | floating-point formats of one precision throughout and correctly rounded arithmetic in them | a line in [`formats::FORMATS`] (`formats/registry.rs`) |
//! | | [`stats`] | statistics of many rows: quantiles, counts, bands of confidence, limits | a file |
//! | `words` | | three-valued truth; names that were meant, characters that mislead, counts | |
//!
//! `kernel` and `numbers` know nothing of each other: what is trusted stands on big rational numbers alone
//! (`cargo tree -p logitlab-kernel -e normal`).
//!
//! # How a claim is decided
//!
//! [`claims::parse`] turns text into an [`expr::Statement`]. A judge draws [`judges::case::Case`]s, which
//! [`judges::values`] brings into a number system; [`eval::Evaluator`] computes both sides of every relation there, and
//! the number system's three-valued comparison decides: unknown never passes for true. The runner puts the judges'
//! words on every line of the claim together: a refutation settles it, else a case without a truth value
//! ([`expr::domain`]), else the strongest word on each line, else the weakest line; a proof beside a refutation is an
//! alarm.
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
//!   loop runs on vector registers. The last three are one walk by different rules ([`study::bounds::walk`]).
//! - *What an operation of the language is, is said once* ([`mod@study::compile`]), and an order of summation is
//!   written once ([`study::summation`]): tapes, whole rows at once and FPCore are back ends of the same compiler.
//! - *Rounding is done once.* Operations of narrow formats are computed in f64 exactly, or rounded to odd, or so that a
//!   second rounding is proved harmless ([`formats::odd`], [`study::lanes`]).
//! - *Snapshots are embedded by `build.rs`*, which reads the folder: a new claim needs no second registration, and
//!   `logitlab cite` and `check` work from an installed binary.

pub mod cite;
#[cfg(feature = "cli")]
pub mod cli;
pub mod document;
mod facade;
pub mod report;

pub use facade::*;

pub use logitlab_claims::{claims, coq, judges, object, prove, recorded};
pub use logitlab_floats::{formulas, study};
pub use logitlab_kernel::{expr, proof};
pub use logitlab_logits::{certified, diff, doctor, measure, monitor, source};
pub use logitlab_numbers::{arith, formats, stats};
pub use logitlab_record::outcome;
pub use logitlab_training::dynamics;
pub use logitlab_values::{eval, policy};
use logitlab_words::text;
