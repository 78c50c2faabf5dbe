//! Derivations as texts of claims, the rules of each chain under each other.

use std::fmt::Write as _;

use super::citable::Citable;
use crate::expr::Statement;
use crate::proof::check;
use crate::proof::script::{Item, Script};

/// Steps longer than this do not move the rules of the others to the right.
const WIDE: usize = 72;

/// A claim with its proof, as `logitlab verify` reads it.
pub fn claim(id: &str, statement: &Statement, script: &Script) -> String {
    let mut out = format!("claim  {id}\n{statement}");
    _ = write!(out, "{}", aligned(&script.to_string()));
    out
}

/// Leaves out lemmas that nothing needs: without them, the kernel still accepts the rest.
pub fn prune(statement: &Statement, script: &mut Script, library: &Citable) {
    let is_accepted = |script: &Script| check(statement, script, &|name| library.cited(name)).is_ok();
    if !is_accepted(script) {
        return;
    }
    let mut places = Vec::new();
    lemmas(script, &mut Vec::new(), &mut places);
    for place in places.iter().rev() {
        let mut without = script.clone();
        remove(&mut without, place);
        if is_accepted(&without) {
            *script = without;
        }
    }
}

/// Where lemmas stand that are chains: the numbers of the items and branches on the way to each.
fn lemmas(script: &Script, way: &mut Vec<usize>, places: &mut Vec<Vec<usize>>) {
    for (at, item) in script.items.iter().enumerate() {
        way.push(at);
        match item {
            Item::Chain(..) => places.push(way.clone()),
            Item::Goal(_, _, _, inner) => lemmas(inner, way, places),
            _ => {}
        }
        way.pop();
    }
    for (at, branch) in script.cases.iter().chain(&script.assumptions).enumerate() {
        way.push(script.items.len() + at);
        lemmas(&branch.script, way, places);
        way.pop();
    }
}

/// Takes the item at a place away.
fn remove(script: &mut Script, place: &[usize]) {
    let (count, cases) = (script.items.len(), script.cases.len());
    match place {
        [at] => drop(script.items.remove(*at)),
        [at, rest @ ..] if *at < count => {
            if let Item::Goal(_, _, _, inner) = &mut script.items[*at] {
                remove(inner, rest);
            }
        }
        [at, rest @ ..] if *at - count < cases => remove(&mut script.cases[*at - count].script, rest),
        [at, rest @ ..] => remove(&mut script.assumptions[*at - count - cases].script, rest),
        [] => {}
    }
}

/// The text with `by` in one column for the lines of a chain.
fn aligned(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < lines.len() {
        let length = lines[at..].iter().take_while(|line| step(line).is_some()).count();
        let chain: Vec<(&str, &str)> = lines[at..at + length].iter().filter_map(|line| step(line)).collect();
        let width = chain.iter().map(|(left, _)| left.chars().count()).filter(|width| *width <= WIDE).max();
        for (left, rules) in &chain {
            let width = width.unwrap_or(0);
            _ = writeln!(out, "{left:width$}  by {rules}");
        }
        if length == 0 {
            _ = writeln!(out, "{}", lines[at]);
        }
        at += length.max(1);
    }
    out
}

/// A step's expression and its rules.
fn step(line: &str) -> Option<(&str, &str)> {
    let relation = ["= ", "<= ", "< ", ">= ", "> "];
    relation.iter().any(|sign| line.trim_start().starts_with(sign)).then(|| line.rsplit_once(" by ")).flatten()
}
