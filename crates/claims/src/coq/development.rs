//! The folder `proofs/coq`, embedded in the binary: the definitions, lemmas and theorems in Coq.

/// Module and text of every file `proofs/coq/<Module>.v`, sorted by module. `build.rs` writes the table.
pub const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/coq.rs"));

/// The text of a module.
pub fn find(module: &str) -> Option<&'static str> {
    FILES.iter().find(|(known, _)| *known == module).map(|(_, text)| *text)
}

/// What a theorem says: from the word `Theorem` to the full stop before its proof.
pub fn theorem(name: &str) -> Option<&'static str> {
    FILES.iter().find_map(|(_, text)| {
        let is_it = |at: usize| {
            let rest = text[at..].strip_prefix("Theorem ").and_then(|rest| rest.strip_prefix(name));
            rest.is_some_and(|rest| rest.starts_with([' ', ':']))
        };
        let starts_line = |at: usize| at == 0 || text[..at].ends_with('\n');
        let start = text.match_indices("Theorem ").map(|(at, _)| at).find(|&at| starts_line(at) && is_it(at))?;
        let end = start + text[start..].find("\nProof.")?;
        Some(text[start..end].trim_end())
    })
}

/// The modules of the development that a text requires: those after each `From Logitlab Require`.
pub fn required(text: &str) -> Vec<&str> {
    let mut modules = Vec::new();
    for sentence in text.split("From Logitlab Require").skip(1) {
        // The sentence ends with a full stop; names of modules contain none.
        let sentence = sentence.split('.').next().unwrap_or_default();
        modules.extend(sentence.split_whitespace().filter(|word| !matches!(*word, "Import" | "Export")));
    }
    modules
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn theorems_are_cut_out_whole() {
        let text = theorem("norm_identity").expect("it is there");
        assert!(text.starts_with("Theorem norm_identity : forall (K : nat)") && text.ends_with("."), "{text}");
        assert!(!text.contains("Proof") && theorem("norm").is_none());
    }

    #[test]
    fn what_is_required_is_there() {
        for (module, text) in FILES {
            for required in required(text) {
                assert!(find(required).is_some(), "{module} requires {required}");
            }
        }
        assert_eq!(required("From Logitlab Require Import A\n  B.\nFrom Logitlab Require Export C."), ["A", "B", "C"]);
        assert!(!FILES.is_empty() && find("Definitions").is_some());
    }
}
