//! The derivations that the crate ships: every one of them is accepted, in little time.

use std::time::{Duration, Instant};

use logitlab::claims::claims;
use logitlab::proof::Library;

#[test]
fn every_derivation_is_accepted() {
    let library = Library::new(claims().iter().map(|claim| claim.entry()));
    let start = Instant::now();
    let mut complaints = Vec::new();
    for claim in claims() {
        match library.prove(&claim.id) {
            None => println!("no proof: {}", claim.id),
            Some(Ok(theorems)) => {
                assert_eq!(theorems.len(), claim.statement.shows.len());
                for (theorem, show) in theorems.iter().zip(&claim.statement.shows) {
                    assert!(theorem.proves(&claim.statement, show), "{}: {show}", claim.id);
                }
            }
            Some(Err(rejection)) => {
                let step = rejection.step.map_or(String::new(), |step| format!("\n   in `{}`", step.prop));
                complaints.push(format!("{}: {:?}: {}{step}", claim.id, rejection.span, rejection.reason));
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}
