//! The grammar for editors, made from the tables of the language: `docs/editors/logitlab.tmLanguage.json`.
//!
//! After a change of a table, `LOGITLAB_UPDATE=1 cargo test --test language editors::` writes it anew.

use std::path::Path;

use logitlab::expr::op::{LINES, OPS, RESERVED};
use logitlab::expr::{Relation, Sort};
use logitlab::proof::check::names;
use serde_json::{Value, json};

const PATH: &str = "docs/editors/logitlab.tmLanguage.json";

/// Words that stand at the start of lines, in the order of the table, and `use`, which stands above claims.
fn lines() -> Vec<&'static str> {
    LINES.iter().copied().chain(["use"]).collect()
}

/// Names of functions, and words that are used like them.
fn functions() -> Vec<&'static str> {
    let mut names: Vec<&str> = OPS.iter().filter_map(|row| row.name).chain(["others", "E", "D"]).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn constants() -> Vec<&'static str> {
    RESERVED.iter().copied().filter(|word| !["others", "E", "D"].contains(word)).collect()
}

fn sorts() -> Vec<&'static str> {
    let mut words: Vec<&str> = Sort::ALL.iter().map(|(_, word)| *word).collect();
    // Longer ones first: `masked logits` is no `logits`.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
}

fn any(words: &[&str]) -> String {
    format!("(?:{})", words.join("|"))
}

/// An identifier may have an apostrophe, before which there is no boundary of a word.
fn whole(words: &[&str]) -> String {
    format!("(?<![A-Za-z0-9_'])({})(?![A-Za-z0-9_'])", words.join("|"))
}

fn grammar() -> Value {
    let rules: Vec<String> = names().map(|rule| rule.replace('.', "\\.")).collect();
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    let relations: Vec<&str> = Relation::ALL.iter().map(|(_, sign)| *sign).filter(|sign| sign.len() > 1).collect();
    let id = "[a-z][a-z0-9]*(?:-[a-z0-9]+)*";
    json!({
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "logitlab",
        "scopeName": "source.logitlab",
        "fileTypes": ["proof"],
        "patterns": [
            { "name": "comment.line.number-sign.logitlab", "match": "#.*$" },
            { "name": "string.quoted.double.logitlab", "match": "\"[^\"]*\"" },
            {
                "match": format!("^\\s*(claim)\\s+({id})"),
                "captures": {
                    "1": { "name": "keyword.control.logitlab" },
                    "2": { "name": "entity.name.function.logitlab" }
                }
            },
            {
                "comment": "What a step cites: rules, and other names, which are lemmas and claims.",
                "begin": whole(&["by"]),
                "beginCaptures": { "1": { "name": "keyword.control.logitlab" } },
                "end": "$|(?=#)",
                "patterns": [
                    { "name": "support.function.rule.logitlab", "match": format!("(?<![A-Za-z0-9_.'-])({})(?![A-Za-z0-9_.'-])", rules.join("|")) },
                    { "include": "#relations" },
                    { "name": "entity.name.function.cited.logitlab", "match": format!("(?<![A-Za-z0-9_.'-])[A-Za-z_]{}*", "[A-Za-z0-9_.'-]") }
                ]
            },
            { "name": "keyword.control.logitlab", "match": whole(&lines()) },
            { "name": "constant.language.verdict.logitlab", "match": whole(&["holds", "refuted", "undefined"]) },
            { "name": "storage.type.sort.logitlab", "match": format!("(?<=:)\\s*{}(?![A-Za-z0-9_'])", any(&sorts())) },
            { "name": "support.function.logitlab", "match": format!("{}(?=\\s*[(\\[])", whole(&functions())) },
            { "name": "constant.language.logitlab", "match": whole(&constants()) },
            { "name": "constant.numeric.logitlab", "match": "(?<![A-Za-z0-9_'])[0-9]+(?:\\.[0-9]+)?" },
            { "include": "#relations" },
            { "name": "keyword.operator.logitlab", "match": "\\.\\*|\\./|[-+*/^~|]" }
        ],
        "repository": {
            "relations": {
                "name": "keyword.operator.relation.logitlab",
                "match": format!("<=>|=>|{}|[<>=]", relations.join("|"))
            }
        }
    })
}

#[test]
fn the_grammar_is_that_of_the_language() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PATH);
    let made = serde_json::to_string_pretty(&grammar()).unwrap() + "\n";
    if std::env::var_os("LOGITLAB_UPDATE").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap();
    assert_eq!(there, made, "{PATH}: LOGITLAB_UPDATE=1 cargo test --test language editors:: writes it anew");
}

/// The words of the file itself, read back out of it.
#[test]
fn every_word_of_the_language_has_a_colour() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PATH);
    let grammar: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let text = grammar.to_string();
    let known =
        |word: &str| text.split(|c: char| !c.is_ascii_alphanumeric() && !" _".contains(c)).any(|part| part == word);
    let tables = OPS.iter().filter_map(|row| row.name).chain(LINES.iter().copied()).chain(RESERVED.iter().copied());
    let missing: Vec<&str> = tables.chain(sorts()).filter(|word| !known(word)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    // And no keyword but those: each is refused as a name.
    for word in lines().into_iter().filter(|word| *word != "use") {
        assert!(logitlab::claims::parse(&format!("claim x given {word} : real show 1 = 1")).is_err(), "{word}");
    }
}
