//! What the statements of all claims look like in every notation.

use std::fmt::Write as _;

use logitlab::claims::claims;
use logitlab::expr::{LATEX, TEXT, UNICODE};
use logitlab::report::derivation;
use logitlab::report::text::plain;

#[test]
fn statements() {
    let mut out = String::new();
    for claim in claims() {
        _ = writeln!(out, "{}", claim.id);
        for show in claim.statement.shows.iter().chain(&claim.statement.hypotheses) {
            for notation in [TEXT, UNICODE, LATEX, LATEX.with_fractions(0)] {
                _ = writeln!(out, "  {}", notation.print(show));
            }
        }
        for (name, tree) in &claim.statement.definitions {
            for notation in [TEXT, UNICODE, LATEX] {
                _ = writeln!(out, "  {} = {}", notation.name(name), notation.print(tree));
            }
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn derivations_as_text_read_back() {
    for claim in claims() {
        let text = derivation::plain(claim, &TEXT, &plain);
        let again = logitlab::claims::parse(&text).unwrap_or_else(|error| panic!("{}: {error:?}\n{text}", claim.id));
        assert_eq!(derivation::plain(&again, &TEXT, &plain), text);
        assert_eq!(again.statement, claim.statement);
    }
}
