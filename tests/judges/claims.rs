//! The claim files: all of them are registered, parse, and print as what they parse to.

use std::collections::BTreeSet;
use std::path::Path;

use logitlab::claims::registry::FILES;
use logitlab::claims::{Section, claims, parse};

#[test]
fn every_file_under_proofs_is_registered() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("proofs");
    let registered: BTreeSet<String> = FILES.iter().map(|(path, _)| path.to_string()).collect();
    let mut found = BTreeSet::new();
    for section in Section::ALL {
        for entry in std::fs::read_dir(root.join(section.folder())).unwrap() {
            found.insert(format!("{}/{}", section.folder(), entry.unwrap().file_name().to_str().unwrap()));
        }
    }
    assert_eq!(registered, found);
}

#[test]
fn ids_are_unique_and_name_their_files() {
    let ids: BTreeSet<&str> = claims().iter().map(|claim| claim.id.as_str()).collect();
    assert_eq!(ids.len(), claims().len());
    for ((path, _), claim) in FILES.iter().zip(claims()) {
        assert_eq!(*path, format!("{}/{}.proof", claim.section.unwrap().folder(), claim.id));
    }
}

#[test]
fn statements_print_as_what_they_parse_to() {
    for claim in claims() {
        let text = format!("claim {}\n{}", claim.id, claim.statement);
        let again = parse(&text).unwrap_or_else(|error| panic!("{}: {error}\n{text}", claim.id));
        assert_eq!(again.statement, claim.statement, "{text}");
    }
}
