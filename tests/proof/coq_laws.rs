//! `proofs/coq/Laws.v`: a lemma for each law of the table, that says what the law says.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use logitlab::coq::statement::{Logits, Unsupported, parts};
use logitlab::expr::{Name, Prop, Sort, Statement};
use logitlab::proof::rules::{Law, RULES, laws};
use logitlab::proof::term::prop_mentions;

const LAWS: &str = include_str!("../../proofs/coq/Laws.v");
const ASSUMPTIONS: &str = include_str!("../../proofs/coq/Assumptions.v");

/// The laws that have no lemma, and why.
const MISSING: &[(&str, &str)] = &[];

/// The laws of functions f and h of z, which no statement of a claim has: their lemmas are stated by hand.
const BY_HAND: &[&str] = &[
    "law_gradient_direction_1",
    "law_gradient_sum_1",
    "law_gradient_sum_2",
    "law_gradient_sum_3",
    "law_gradient_sum_4",
    "law_gradient_product_1",
    "law_gradient_quotient_1",
    "law_gradient_log_1",
];

/// The name of the lemma of a law: that of its rule, and its number there.
fn lemma(rule: &str, index: usize) -> String {
    format!("law_{}_{}", rule.replace(['.', '-'], "_"), index + 1)
}

/// A law as a statement of its own, about the variables that it mentions.
fn statement(law: &Law) -> Statement {
    let conclusion = Prop::Compare(law.relation, law.left.clone(), law.right.clone());
    let mentioned = |name: &Name| law.conditions.iter().chain([&conclusion]).any(|prop| prop_mentions(prop, &[name]));
    let variables: Vec<(Name, Sort)> = law.variables.iter().filter(|(name, _)| mentioned(name)).cloned().collect();
    let (hypotheses, shows) = (law.conditions.clone(), vec![conclusion]);
    Statement { variables, hypotheses, shows, ..Statement::default() }
}

/// The lemmas that there should be, in the order of the table.
fn expected() -> Vec<(String, Result<String, Unsupported>)> {
    let of_rule = |name: &'static str| {
        let laws = laws(name).expect("a rule of the table").iter().enumerate();
        laws.map(move |(index, law)| {
            (lemma(name, index), parts(&statement(law), Logits::Real).map(|parts| parts.proposition()))
        })
    };
    RULES.iter().flat_map(|rule| of_rule(rule.name)).collect()
}

/// The lemmas of `Laws.v`, and what each says.
fn stated(text: &str) -> BTreeMap<&str, &str> {
    let lemmas = text.split("\nLemma ").skip(1);
    lemmas.filter_map(|rest| rest.split_once(".\nProof")?.0.split_once(" : ")).collect()
}

/// A text with one space between its words.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_law_is_stated_in_coq_as_it_stands_in_the_table_or_told_to_be_missing() {
    let (expected, stated) = (expected(), stated(LAWS));
    let mut complaints = String::new();
    let mut frame = String::new();
    for (name, proposition) in &expected {
        let missing = MISSING.iter().any(|(known, _)| known == name);
        match (proposition, stated.get(name.as_str())) {
            (Ok(proposition), Some(says)) if spaced(proposition) == spaced(says) && !missing => {}
            (_, None) if missing => {}
            (_, Some(_)) if BY_HAND.contains(&name.as_str()) => {}
            (Ok(proposition), None) => {
                _ = writeln!(complaints, "{name} is missing");
                _ = writeln!(frame, "\nLemma {name} : {proposition}.\nProof. law. Qed.");
            }
            (Ok(proposition), Some(says)) => _ = writeln!(complaints, "{name} says\n{says}\nand not\n{proposition}"),
            (Err(why), _) => _ = writeln!(complaints, "{name}: {why}"),
        }
    }
    for name in stated.keys() {
        if !ASSUMPTIONS.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == *name) {
            _ = writeln!(complaints, "Assumptions.v does not list {name}");
        }
        if !expected.iter().any(|(known, _)| known == name) {
            _ = writeln!(complaints, "{name} is the lemma of no law");
        }
    }
    for name in MISSING.iter().map(|(name, _)| name).chain(BY_HAND) {
        assert!(expected.iter().any(|(known, _)| known == name), "{name} is no law");
    }
    assert!(complaints.is_empty(), "\n{complaints}\nWhat is missing would be:\n{frame}");
}

#[test]
fn a_lemma_that_says_something_else_is_noticed() {
    let of =
        |rule: &str, index: usize| parts(&statement(&laws(rule).unwrap()[index]), Logits::Real).unwrap().proposition();
    let name = lemma("log.power", 0);
    assert_eq!(spaced(stated(LAWS)[name.as_str()]), spaced(&of("log.power", 0)));
    // The same without its condition, and with another one.
    let weaker = LAWS.replace("(0 < x) ->\n  (ln (x ^ 2) = 2 * ln x)", "(ln (x ^ 2) = 2 * ln x)");
    assert_ne!(spaced(stated(&weaker)[name.as_str()]), spaced(&of("log.power", 0)));
    assert_ne!(of("log.power", 0), of("log.power", 1));
}
