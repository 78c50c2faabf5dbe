//! Derivations found by search.

use logitlab::claims::find;
use logitlab::derive::{Limits, derive};

#[test]
fn try_all() {
    for id in ["norm-identity", "tail-form", "factored-form", "zero-sum", "expected-norm", "special-values", "label-smoothing"] {
        let claim = find(id).unwrap();
        let start = std::time::Instant::now();
        let outcome = derive(id, &claim.statement, &Limits::default());
        println!("== {id} {:?}", start.elapsed());
        if let Some(found) = &outcome.found {
            println!("{} steps, {} tried\n{}", found.steps, found.tried, found.text);
        }
        for missing in &outcome.missing {
            println!("MISSING {missing}");
        }
    }
}
