//! What the statements of all claims look like in every notation.

use std::fmt::Write as _;

use logitlab::claims::claims;
use logitlab::expr::{LATEX, MATHML, TEXT, UNICODE, mathml};
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

/// How many parts an element of MathML takes.
const PARTS: [(&str, usize); 5] = [("mfrac", 2), ("msub", 2), ("msup", 2), ("msubsup", 3), ("mn", 0)];

#[test]
fn mathml_is_well_formed() {
    for claim in claims() {
        let statement = &claim.statement;
        let props = statement.shows.iter().chain(&statement.hypotheses).map(|prop| MATHML.print(prop));
        let steps = claim.proof.iter().flat_map(|script| script.chains());
        let trees =
            steps.flat_map(|chain| std::iter::once(&chain.start).chain(chain.steps.iter().map(|step| &step.to)));
        for text in props.chain(trees.map(|tree| MATHML.print(tree))) {
            let without_blanks = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(without_blanks(&mathml::pieces(&text).concat()), without_blanks(&text));
            for piece in mathml::pieces(&text) {
                let text = format!("<math>{piece}</math>");
                let parsed = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
                for node in parsed.descendants() {
                    let name = node.tag_name().name();
                    let parts = node.children().filter(|child| child.is_element()).count();
                    let expected = PARTS.iter().find(|(known, _)| *known == name);
                    assert!(expected.is_none_or(|(_, count)| parts == *count), "{name} with {parts} parts: {text}");
                    let is_shown = node.text().is_some_and(|text| node.is_text() && !text.trim().is_empty());
                    let parent = node.parent().map_or("", |parent| parent.tag_name().name());
                    assert!(!is_shown || ["mi", "mn", "mo"].contains(&parent), "text in {parent}: {text}");
                }
            }
        }
    }
}

#[test]
fn mathml_of_some() {
    let some = ["norm-identity", "special-values", "entropy-change", "optimal-baseline", "saturation"];
    let mut out = String::new();
    for claim in some.iter().filter_map(|id| logitlab::claims::find(id)) {
        for show in &claim.statement.shows {
            _ = writeln!(out, "{}\n{}\n", TEXT.print(show), mathml::pieces(&MATHML.print(show)).join("\n"));
        }
    }
    insta::assert_snapshot!(out);
}
