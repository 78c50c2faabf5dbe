//! Judges: independent ways to decide a claim, and the runner that asks them.
//!
//! A judge looks at [`case`]s: assignments of values to a claim's names, made from policies. [`exact`] decides them
//! in rational arithmetic on two libraries, [`enclosure`] in rigorous intervals, [`script`] checks the claim's
//! derivation, [`coq`] has Coq check its theorem or derivation, [`smt`] asks a solver about one K at a time,
//! [`exhaustive`] tries all numbers of floating-point formats; [`grid`] turns finitely many exact cases into a
//! proof for a K, [`closed`] computes claims without variables; [`mod@draw`] makes the cases that most of them try;
//! [`smallest`] looks for a small counterexample of every claim, with its parts in [`search`]; [`solve`] finds
//! cases that meet equations, [`kind`] tells trivial cases, [`coordinates`] are values as numbers; [`sampling`],
//! [`decide`] and [`conclusion`] are what they share.

pub mod case;
pub mod closed;
pub mod conclusion;
pub mod coordinates;
pub mod coq;
pub mod decide;
pub mod draw;
pub mod enclosure;
pub mod exact;
pub mod exhaustive;
pub mod found;
pub mod grid;
pub mod kind;
pub mod runner;
pub mod sampling;
pub mod script;
pub mod search;
pub mod smallest;
pub mod smt;
pub mod solve;
pub mod values;

use crate::claims::Claim;
use crate::formats::Format;
use crate::outcome::Judgement;
use crate::policy::Spec;
use crate::prove::Limits;

pub use runner::{OnJudgement, verify};

/// What a judge may use and how hard it tries.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many policies to try.
    pub cases: usize,
    /// The seed of everything random.
    pub seed: u64,
    /// The working precision at which intervals start, in bits.
    pub bits: u32,
    /// Policies to try instead of the default ones.
    pub policy: Option<Spec>,
    /// Floating-point formats of which every number is tried; none for the default: those with a name and at most
    /// [`exhaustive::DEFAULT_WIDTH`] bits.
    pub formats: Vec<Format>,
    /// Whether Coq checks again what it accepted before.
    pub fresh: bool,
    /// How long a derivation is searched for of a user's claim that has none and that no judge refutes; `None` for not
    /// at all.
    pub search: Option<Limits>,
}

/// The number of policies that are tried by default.
pub const DEFAULT_CASES: usize = 64;
/// The working precision at which intervals start by default.
pub const DEFAULT_BITS: u32 = 128;
/// How many seconds a derivation of a user's claim is searched for where nothing else is said.
pub const DEFAULT_SEARCH: u32 = 2;

impl Default for Options {
    fn default() -> Self {
        let (policy, formats, fresh, search) = Default::default();
        Options { cases: DEFAULT_CASES, seed: 1, bits: DEFAULT_BITS, policy, formats, fresh, search }
    }
}

/// An independent way to decide a claim.
pub struct Judge {
    /// The name by which it is asked for.
    pub name: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// Whether it is asked when no judge is named.
    pub default: bool,
    /// Decides a claim.
    pub decide: fn(&Claim, &Options) -> Judgement,
}

/// Every judge. A new one is a file and a line here.
pub const JUDGES: &[Judge] = &[
    Judge {
        name: script::NAME,
        summary: "the claim's derivation, or one that a search finds, checked by the kernel: a proof for every K",
        default: true,
        decide: script::decide,
    },
    Judge {
        name: "exact",
        summary: "exact arithmetic on rational weights, on rug and on num-bigint, which must agree",
        default: true,
        decide: exact::both,
    },
    Judge { name: "exact:rug", summary: "exact arithmetic on rug alone", default: false, decide: exact::on_rug },
    Judge {
        name: "exact:num-bigint",
        summary: "exact arithmetic on num-bigint alone",
        default: false,
        decide: exact::on_num_bigint,
    },
    Judge {
        name: "enclosure",
        summary: "rigorous MPFR intervals, from logits or from rational weights",
        default: true,
        decide: enclosure::decide,
    },
    Judge {
        name: "enclosure:f64",
        summary: "rigorous intervals in f64, from the same cases",
        default: false,
        decide: enclosure::in_f64,
    },
    Judge {
        name: "exhaustive",
        summary: "every number of floating-point formats, and one real number for each way in which they round",
        default: true,
        decide: exhaustive::decide,
    },
    Judge {
        name: "coq",
        summary: "the claim's theorem in proofs/coq, or its derivation, checked by coqc: for every K, asked for by name",
        default: false,
        decide: coq::decide,
    },
    Judge {
        name: smt::NAME,
        summary: "polynomial claims at K = 2, 3, 4 by z3 or cvc5: a proof for that K, asked for by name",
        default: false,
        decide: smt::decide,
    },
];

/// The judge with this name.
pub fn find(name: &str) -> Option<&'static Judge> {
    JUDGES.iter().find(|judge| judge.name == name)
}
