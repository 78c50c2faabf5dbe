//! Texts of the language: claims, their proofs, formulas.

use std::str::from_utf8;

use logitlab::claims::{self, Claim, claims};
use logitlab::coq::statement::{Logits, parts};
use logitlab::expr::{LATEX, MATHML, SyntaxError, UNICODE};
use logitlab::formulas::{ACTION, Formula, LOGITS};
use logitlab::proof::Library;
use logitlab::study::{Mode, Names, Setting, compile};
use num_rational::BigRational;

use super::assert_is_shown;

/// The most steps of a proof that is checked: what one costs is bounded, their number is not.
const MOST_STEPS: usize = 24;

/// Text to claim, and back.
pub fn claim(data: &[u8]) {
    let Some(claim) = parse(data) else { return };
    let text = print(&claim);
    let again = claims::parse(&text).unwrap_or_else(|error| panic!("{error}: what is printed is not read:\n{text}"));
    assert_eq!(again.statement, claim.statement, "{text}");
    assert_eq!((&again.id, &again.title, &again.source), (&claim.id, &claim.title, &claim.source));
    assert_eq!(again.expected, claim.expected);
    assert_eq!(print(&again), text);
    for notation in [&UNICODE, &LATEX, &MATHML] {
        assert!(!notation.print(&claim.statement).is_empty());
        claim.proof.iter().for_each(|proof| assert!(!notation.print(proof).is_empty()));
    }
    for logits in [Logits::Real, Logits::Masked] {
        match parts(&claim.statement, logits) {
            Ok(parts) => assert!(!parts.proposition().is_empty()),
            Err(unsupported) => assert_is_shown(&unsupported.to_string()),
        }
    }
}

/// A claim's own proof, checked by the kernel.
pub fn script(data: &[u8]) {
    thread_local! {
        static LIBRARY: Library<'static> = Library::new(claims().iter().map(Claim::entry));
    }
    let Some(claim) = parse(data) else { return };
    let Some(script) = &claim.proof else { return };
    if script.chains().iter().map(|chain| chain.steps.len()).sum::<usize>() > MOST_STEPS {
        return;
    }
    match LIBRARY.with(|library| library.prove_script(&claim.id, &claim.statement, script)) {
        Ok(theorems) => {
            assert_eq!(theorems.len(), claim.statement.shows.len());
            for (theorem, show) in theorems.iter().zip(&claim.statement.shows) {
                assert!(theorem.proves(&claim.statement, show), "{show}");
            }
        }
        Err(rejection) => {
            assert_is_shown(&rejection.reason.to_string());
            let span = rejection.span;
            assert!(from_utf8(data).expect("it was read").get(span.start..span.end).is_some(), "{span:?}");
        }
    }
}

/// A user's formula, compiled for three actions in two modes.
pub fn formula(data: &[u8]) {
    let Some(claim) = parse(data) else { return };
    let formula = match Formula::from_statement(&claim.id, &claim.statement) {
        Ok(formula) => formula,
        Err(error) => return assert_is_shown(&error.to_string()),
    };
    assert!(!formula.label().is_empty());
    let (logits, action) = ([LOGITS.into()], ACTION.into());
    let names = Names { logits: &logits, action: &action, definitions: &formula.definitions };
    let temperature = BigRational::from_integer(1.into());
    for mode in ["bf16", "f32"] {
        let mode: Mode = mode.parse().expect("it is a mode");
        let setting = Setting { mode: &mode, k: 3, action: 1, temperature: &temperature };
        if let Err(error) = compile(&formula.tree, names, setting) {
            assert_is_shown(&error.to_string());
        }
    }
    formula.root();
}

/// The claim that the bytes spell; an error must point into the text.
fn parse(data: &[u8]) -> Option<Claim> {
    let text = from_utf8(data).ok()?;
    match claims::parse(text) {
        Ok(claim) => Some(claim),
        Err(error) => {
            assert_points_into(text, &error);
            None
        }
    }
}

fn assert_points_into(text: &str, error: &SyntaxError) {
    assert_is_shown(&error.to_string());
    let span = error.span;
    assert!(text.get(span.start..span.end).is_some(), "{span:?} is no part of the text: {error}");
    let (line, column) = error.position(text);
    assert!(line >= 1 && column >= 1);
}

/// The text of a claim.
fn print(claim: &Claim) -> String {
    let Claim { id, title, source, statement, expected, proof, .. } = claim;
    let proof = proof.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("claim {id}\ntitle \"{title}\"\nsource \"{source}\"\n{statement}expect {}\n{proof}", expected.word())
}
