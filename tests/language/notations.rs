//! What the statements of all claims look like in every notation.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::support::statements::{Choices, Kinds, NAMES, bytes};
use logitlab::claims::{Claim, Expected, claims, parse};
use logitlab::expr::{LATEX, MATHML, Sort, Statement, TEXT, UNICODE, mathml};
use logitlab::policy::random::Rng;
use logitlab::report::text::plain;
use logitlab::report::{derivation, latex};

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
        let again = parse(&text).unwrap_or_else(|error| panic!("{}: {error:?}\n{text}", claim.id));
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

/// Everything that a statement says, in every notation.
fn typeset(statement: &Statement) -> Vec<String> {
    let whole = |notation| {
        let mut out = String::new();
        for (name, sort) in &statement.variables {
            _ = writeln!(out, "{} : {}", logitlab::expr::Notation::name(notation, name), sort.word());
        }
        for (name, tree) in &statement.definitions {
            _ = writeln!(out, "{} := {}", logitlab::expr::Notation::name(notation, name), notation.print(tree));
        }
        for (word, props) in [("given", &statement.hypotheses), ("show", &statement.shows)] {
            for prop in props {
                _ = writeln!(out, "{word} {}", notation.print(prop));
            }
        }
        out
    };
    let claim = Claim {
        id: "x".to_string(),
        title: "x".to_string(),
        source: String::new(),
        statement: statement.clone(),
        expected: Expected::Holds,
        section: None,
        proof: None,
        beside: Default::default(),
    };
    let notations = [TEXT, UNICODE, LATEX, LATEX.with_fractions(1), LATEX.with_fractions(0), MATHML];
    notations.iter().map(whole).chain([latex::claim(&claim)]).collect()
}

/// Two statements that differ, by one choice mostly, differ in every notation.
#[test]
fn two_statements_are_not_typeset_alike() {
    let mut seen: HashMap<String, Statement> = HashMap::new();
    let mut rng = Rng::new(6, 0);
    let mut many = 0;
    for index in 0..1000 {
        let own = bytes(index);
        let mut near = vec![own.clone()];
        for _ in 0..5 {
            let mut other = own.clone();
            let at = rng.index(other.len());
            other[at] = other[at].wrapping_add(1 + rng.below(4) as u8);
            near.push(other);
        }
        for bytes in near {
            let statement = Choices::whole(&bytes, Kinds::ALL, 1 + (index % 4) as usize);
            for (notation, text) in typeset(&statement).into_iter().enumerate() {
                match seen.insert(format!("{notation} {text}"), statement.clone()) {
                    Some(before) => assert_eq!(before, statement, "{text}"),
                    None => many += 1,
                }
            }
        }
    }
    assert!(many > 20_000, "{many}");
}

/// A name is no coordinate, no unit vector, no function and no product, and no two names are one.
#[test]
fn a_name_is_typeset_as_a_name() {
    let parsed = |text: &str| parse(&format!("claim x {text}")).unwrap_or_else(|error| panic!("{error}: {text}"));
    let shown = |text: &str| typeset(&parsed(text).statement);
    for (name, other) in [
        (
            "given P : distribution, c : action, P_c : real show P_c = 1",
            "given P : distribution, c : action, P_c : real show P[c] = 1",
        ),
        ("given c : action, e_c : vector show e_c = 1", "given c : action, e_c : vector show e[c] = 1"),
        ("given v : vector, v_1 : real show v_1 = 1", "given v : vector, v_1 : real show v[1] = 1"),
        ("given P : vector, H_2 : real show H_2 = 1", "given P : vector, H_2 : real show H2(P) = 1"),
        (
            "given at : vector, s : action, at_s : real show at_s = 1",
            "given at : vector, s : action, at_s : real show at[s] = 1",
        ),
    ] {
        for (a, b) in shown(name).iter().zip(&shown(other)) {
            assert_ne!(a, b);
        }
        // Neither is there a subscript in what the name is written as.
        let statement = parsed(name).statement;
        for show in &statement.shows {
            assert!(!LATEX.print(show).contains("_{") && !MATHML.print(show).contains("<msub>"), "{name}");
        }
    }
    let named = |notation: &logitlab::expr::Notation| NAMES.map(|name| notation.name(name));
    for notation in [UNICODE, LATEX, MATHML] {
        let mut names = named(&notation).to_vec();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), NAMES.len());
    }
    assert_eq!(
        Sort::ALL.len(),
        Sort::ALL.iter().map(|(sort, _)| sort.noun()).collect::<std::collections::HashSet<_>>().len()
    );
}
