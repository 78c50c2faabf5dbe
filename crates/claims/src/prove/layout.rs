//! Derivations as texts of claims, the rules of each chain under each other.

use std::fmt::Write as _;

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
pub fn prune(statement: &Statement, script: &mut Script) {
    let is_accepted = |script: &Script| check(statement, script, &|_| Ok(None)).is_ok();
    if !is_accepted(script) {
        return;
    }
    let mut at = script.items.len();
    while at > 0 {
        at -= 1;
        if !matches!(&script.items[at], Item::Chain(Some(_), _)) {
            continue;
        }
        let mut without = script.clone();
        without.items.remove(at);
        if is_accepted(&without) {
            *script = without;
        }
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
    line.trim_start().starts_with("= ").then(|| line.rsplit_once(" by ")).flatten()
}
