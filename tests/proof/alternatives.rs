//! Other true derivations of the same claims: the kernel is not merely strict.

use std::fs;
use std::path::Path;

use logitlab::claims::{claims, find, parse};
use logitlab::proof::Library;

#[test]
fn other_routes_to_the_same_claims_are_accepted() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/proof/alternatives");
    let library = Library::new(claims().iter().map(|claim| claim.entry()));
    let mut complaints = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().to_string();
        let claim = match parse(&text) {
            Ok(claim) => claim,
            Err(error) => {
                complaints.push(format!("{name}:{:?}: {error}", error.position(&text)));
                continue;
            }
        };
        // It is the same claim, and the derivation is another one.
        let original =
            claims().iter().filter(|known| claim.id.starts_with(&known.id)).max_by_key(|known| known.id.len());
        let original = find(&original.unwrap().id).unwrap();
        assert_eq!(claim.statement, original.statement, "{name}");
        let script = claim.proof.as_ref().unwrap();
        assert_ne!(script.to_string(), original.proof.as_ref().unwrap().to_string(), "{name}");
        match library.prove_script(&original.id, &claim.statement, script) {
            Ok(_) => count += 1,
            Err(rejection) => {
                let line = text[..rejection.span.start].matches('\n').count() + 1;
                complaints.push(format!("{name}:{line}: {}", rejection.reason));
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
    assert!(count >= 20, "{count}");
}
