//! Coq: its proofs of the claims, embedded; its checker, run; and what the workbench writes for it.
//!
//! [`development`] is the folder `proofs/coq`, [`compiler`] runs `coqc` on it and on what is written here, and [`kept`]
//! is what was accepted. [`certificate`] writes that a row of logits has a norm between two numbers, [`statement`] what
//! a claim says ([`spelling`]), [`pinned`] that a theorem of the development says the same, [`derivation`] a claim's
//! derivation, step by step.

pub mod certificate;
pub mod compiler;
pub mod derivation;
pub mod development;
pub mod kept;
pub mod names;
pub mod pinned;
pub mod spelling;
pub mod statement;

pub use certificate::Certificate;
pub use compiler::{CompileError, Compiled, Compiler, Unavailable};
pub use kept::Kept;

/// What has to be installed on Debian for Coq to check anything of this crate.
pub const DEBIAN_PACKAGES: &str = "coq libcoq-interval";

/// The axioms that a proof may rest on: those of Coq's real numbers, and that functions with the same values are equal.
pub fn allowed_axioms() -> impl Iterator<Item = &'static str> {
    include_str!("../../proofs/coq/allowed-axioms.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
}

/// The axioms in what `Print Assumptions` printed that are not among [`allowed_axioms`]; `None` where it printed
/// neither axioms nor that there are none.
pub fn foreign_axioms(output: &str) -> Option<Vec<String>> {
    if !output.contains("Axioms:") {
        return output.contains("Closed under the global context").then(Vec::new);
    }
    // An axiom starts a line, its type follows after a colon or on indented lines.
    let names = output.lines().filter(|line| !line.starts_with(char::is_whitespace) && !line.is_empty());
    let names = names.map(|line| line.split(':').next().unwrap_or(line).trim());
    let headings = ["Axioms", "Closed under the global context"];
    Some(
        names
            .filter(|name| !headings.contains(name) && !allowed_axioms().any(|axiom| axiom == *name))
            .map(String::from)
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axioms_are_read_off() {
        let standard = "Axioms:\nClassicalDedekindReals.sig_not_dec : forall P : Prop, {~ ~ P} + {~ P}\n\
                        ClassicalDedekindReals.sig_forall_dec\n  : forall P : nat -> Prop,\n    P 0\n";
        assert_eq!(foreign_axioms(standard), Some(vec![]));
        let cheat = format!("{standard}Logitlab.Cheat.assumed : False\n");
        assert_eq!(foreign_axioms(&cheat), Some(vec!["Logitlab.Cheat.assumed".to_string()]));
        assert_eq!(foreign_axioms("Closed under the global context\n"), Some(vec![]));
        assert_eq!(foreign_axioms("something else"), None);
    }
}
