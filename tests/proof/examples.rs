//! Every rule is shown at work: its examples are claims whose proofs the kernel accepts, by that rule alone.

use logitlab::claims::parse;
use logitlab::proof::check;
use logitlab::proof::rules::{Law, laws};
use logitlab::proof::{PROCEDURES, RULES};
use logitlab::report::rules::{Cited, document, names};
use serde_json::Value;

fn examples(name: &str) -> Vec<String> {
    let document = document(Cited::find(name).expect("it is listed"), true);
    let json: Value = serde_json::to_value(document).unwrap();
    json["examples"].as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_string()).collect()
}

fn complaint(name: &str, text: &str) -> Option<String> {
    let claim = match parse(text) {
        Ok(claim) => claim,
        Err(error) => return Some(format!("{name}: {error}\n{text}")),
    };
    let script = claim.proof.as_ref().expect("an example has a proof");
    let rules: Vec<&str> = script.chains().iter().flat_map(|chain| chain.steps[0].rule_names()).collect();
    match check(&claim.statement, script, &|_| Ok(None)) {
        Ok(_) if rules == [name] => None,
        Ok(_) => Some(format!("{name}: by {rules:?}\n{text}")),
        Err(why) => Some(format!("{name}: {why}\n{text}")),
    }
}

/// Whether a step determines all values of a law: where a condition speaks of others, no step can cite it.
fn is_determined(law: &Law) -> bool {
    let conditions = || law.conditions.iter().flat_map(|condition| condition.trees());
    let known = |name: &str| law.left.has_variable(name) || law.right.has_variable(name);
    law.variables.iter().all(|(name, _)| known(name) || !conditions().any(|tree| tree.has_variable(name)))
}

#[test]
fn every_law_and_every_procedure_has_one_that_fires() {
    let mut complaints = Vec::new();
    let count = |name: &str| laws(name).unwrap().iter().filter(|law| is_determined(law)).count();
    let rules = RULES.iter().map(|rule| (rule.name, count(rule.name)));
    for (name, wanted) in rules.chain(PROCEDURES.iter().map(|(name, ..)| (*name, 1))) {
        let found = examples(name);
        if found.is_empty() || found.len() < wanted {
            complaints.push(format!("{name}: {} of {wanted} laws have an example", found.len()));
        }
        complaints.extend(found.iter().filter_map(|text| complaint(name, text)));
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn what_is_given_at_a_step_has_one_where_it_stands_alone() {
    let with: Vec<&str> = names()
        .filter(|name| matches!(Cited::find(name), Some(Cited::Local(..))))
        .filter(|name| !examples(name).is_empty())
        .collect();
    assert_eq!(with, ["definition", "hypothesis"]);
}

#[test]
fn an_example_of_another_rule_is_found_out() {
    let text = &examples("sum.ones")[0];
    assert!(complaint("sum.unit", text).is_some());
    assert!(complaint("sum.ones", &text.replace("K", "2")).is_some(), "{text}");
}
