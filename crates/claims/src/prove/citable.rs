//! Theorems of other claims that a derivation may cite: those of the library that ships, and a user's own.

use std::sync::LazyLock;

use crate::claims::{Claim, Section, claims};
use crate::expr::Name;
use crate::proof::rules::Law;
use crate::proof::{Library, Reason, Theorem};

/// A claim's theorems, and the laws that they contain.
#[derive(Clone, Debug)]
struct Cited {
    name: Name,
    theorems: Vec<Theorem>,
    laws: Vec<Law>,
}

impl Cited {
    fn of(id: &str, theorems: Vec<Theorem>) -> Cited {
        let laws = theorems.iter().filter_map(Theorem::laws).flatten().collect();
        Cited { name: id.into(), theorems, laws }
    }
}

/// What may be cited.
#[derive(Clone, Debug, Default)]
pub struct Citable(Vec<Cited>);

static SHIPPED: LazyLock<Citable> = LazyLock::new(|| {
    let library = Library::new(claims().iter().map(Claim::entry));
    let cited = |claim: &Claim| Some(Cited::of(&claim.id, library.prove(&claim.id)?.ok()?));
    let shipped = claims().iter().filter(|claim| claim.section == Some(Section::Library));
    Citable(shipped.filter_map(cited).collect())
});

impl Citable {
    /// What a claim may cite: the library that ships, and the claims beside it that have a derivation; not itself.
    pub fn by(claim: &Claim) -> Citable {
        // One library for all of them, so that they may cite each other; without the claim, so that none rests on it.
        let others = claim.beside.iter().chain(claims()).filter(|other| other.id != claim.id);
        let library = Library::new(others.map(Claim::entry));
        let cited = |other: &Claim| Some(Cited::of(&other.id, library.prove(&other.id)?.ok()?));
        let beside = claim.beside.iter().filter_map(cited);
        let all = beside.chain(SHIPPED.0.iter().cloned());
        Citable(all.filter(|cited| *cited.name != *claim.id).collect())
    }

    /// The theorems of a name.
    pub fn theorems(&self, name: &str) -> Option<&[Theorem]> {
        self.0.iter().find(|cited| &*cited.name == name).map(|cited| cited.theorems.as_slice())
    }

    /// The same as a derivation asks for them.
    ///
    /// # Errors
    /// None: what is not there is no theorem.
    pub fn cited(&self, name: &str) -> Result<Option<Vec<Theorem>>, Reason> {
        Ok(self.theorems(name).map(<[_]>::to_vec))
    }

    /// Every name with its laws.
    pub fn laws(&self) -> impl Iterator<Item = (&Name, &[Law])> {
        self.0.iter().map(|cited| (&cited.name, cited.laws.as_slice()))
    }
}
