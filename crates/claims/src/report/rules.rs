//! The rules that a step may cite: all of them, grouped, and one with what it says and examples.

use std::fmt::Write as _;

use serde::Serialize;

use super::table::list;
use super::text::{Paint, Tone};
use crate::claims::{Claim, claims};
use crate::expr::{Sort, Statement};
use crate::proof::example::{self, Example};
use crate::proof::rules::variables;
use crate::proof::{LOCAL, PROCEDURES, RULES, Rule, rules};

/// What is said of a rule that is a theorem by itself.
const ON_TRUST: &str = "a theorem of the literature, taken on trust";

/// Every name that `by` may cite, besides lemmas and claims.
pub fn names() -> impl Iterator<Item = &'static str> {
    crate::proof::check::names()
}

/// One name that `by` may cite.
#[derive(Clone, Copy)]
pub enum Cited {
    /// A rule of the table.
    Rule(&'static Rule),
    /// A procedure, and what it does.
    Procedure(&'static str, &'static str),
    /// What is given where a step stands, and what that is.
    Local(&'static str, &'static str),
}

impl Cited {
    /// What has this name.
    pub fn find(name: &str) -> Option<Cited> {
        let rule = RULES.iter().find(|rule| rule.name == name).map(Cited::Rule);
        let procedure = || PROCEDURES.iter().find(|(known, ..)| *known == name).map(|(a, _, b)| Cited::Procedure(a, b));
        let local = || LOCAL.iter().find(|(known, _)| *known == name).map(|(a, b)| Cited::Local(a, b));
        rule.or_else(procedure).or_else(local)
    }

    fn name(self) -> &'static str {
        match self {
            Cited::Rule(rule) => rule.name,
            Cited::Procedure(name, _) | Cited::Local(name, _) => name,
        }
    }

    /// Steps that it justifies: one for each law, one for a procedure; none for what depends on the place.
    pub fn examples(self) -> Vec<Example> {
        match self {
            Cited::Rule(rule) => example::of_rule(rule.name).into_iter().flatten().collect(),
            Cited::Procedure(name, _) => example::of_procedure(name, shipped(name)).into_iter().collect(),
            Cited::Local(name, _) => shipped(name).into_iter().find_map(Example::accepted).into_iter().collect(),
        }
    }
}

/// The steps of the derivations that the crate ships in which a name is cited alone, short ones first.
fn shipped(name: &str) -> Vec<Example> {
    let steps = |claim: &'static Claim| {
        let chains = claim.proof.iter().flat_map(|script| script.chains());
        chains.flat_map(move |chain| {
            let starts = std::iter::once(&chain.start).chain(chain.steps.iter().map(|step| &step.to));
            starts.zip(&chain.steps).map(move |(left, step)| (claim, left, step))
        })
    };
    let cited = claims().iter().flat_map(steps).filter(|(_, _, step)| step.rule_names() == [name]);
    let mut found: Vec<Example> = cited
        .map(|(claim, left, step)| {
            let show = crate::expr::Prop::Compare(step.relation, left.clone(), step.to.clone());
            let statement = Statement { shows: vec![show], ..claim.statement.clone() };
            Example {
                statement,
                left: left.clone(),
                relation: step.relation,
                right: step.to.clone(),
                rule: name.into(),
            }
        })
        .collect();
    found.sort_by_key(|example| example.statement.to_string().len());
    found
}

/// Every rule by subject, the procedures, and the names for what is given at a step.
pub fn all(paint: Paint<'_>) -> String {
    let mut out = String::new();
    let width = names().map(str::len).max().unwrap_or(0);
    let row = |name: &str, what: &str| vec![format!("{name:width$}"), what.to_string()];
    let mut groups: Vec<&str> = Vec::new();
    for rule in RULES {
        if !groups.contains(&rule.group()) {
            groups.push(rule.group());
        }
    }
    for group in groups {
        _ = writeln!(out, "{}", paint.mark(Tone::Strong, group));
        let mut rows = Vec::new();
        for rule in RULES.iter().filter(|rule| rule.group() == group) {
            let why = if rule.axiom { format!("{}; {ON_TRUST}", rule.source) } else { rule.source.to_string() };
            for (number, law) in rule.laws.iter().enumerate() {
                rows.push(row(if number == 0 { rule.name } else { "" }, law));
            }
            rows.push(row("", &format!("({why})")));
        }
        out += &list(&rows, 2, paint);
        out.push('\n');
    }
    _ = writeln!(out, "{}", paint.mark(Tone::Strong, "Procedures, which compute"));
    out += &list(&PROCEDURES.iter().map(|(name, _, what)| row(name, what)).collect::<Vec<_>>(), 2, paint);
    _ = writeln!(out, "\n{}", paint.mark(Tone::Strong, "Names for what is given at a step"));
    out += &list(&LOCAL.iter().map(|(name, what)| row(name, what)).collect::<Vec<_>>(), 2, paint);
    _ = writeln!(out, "\n{}", letters());
    out
}

/// What the letters of the laws stand for.
fn letters() -> String {
    let mut out = String::from("For all values of the letters, where what stands before => is known to hold:");
    for (sort, _) in Sort::ALL {
        let names: Vec<String> =
            variables().into_iter().filter(|(_, of)| of == sort).map(|(name, _)| name.to_string()).collect();
        if !names.is_empty() {
            _ = write!(out, "\n  {} : {}", names.join(", "), sort.word());
        }
    }
    out + "\nOf the rules of gradients k does not depend on z, and f and h have a derivative."
}

/// The letters that stand in the laws of a rule, as declarations.
fn declared(rule: &Rule) -> String {
    let laws = rules::laws(rule.name).unwrap_or_default();
    let stands = |name: &str, sort: Sort| {
        let props = laws.iter().flat_map(|law| law.conditions.iter().cloned().chain([conclusion(law)]));
        props.into_iter().any(|prop| match sort {
            Sort::Action => crate::proof::term::prop_mentions(&prop, &[name]),
            _ => prop.trees().iter().any(|tree| tree.has_variable(name)),
        })
    };
    let used = variables().into_iter().filter(|(name, sort)| stands(name, *sort));
    used.map(|(name, sort)| format!("{name} : {}", sort.word())).collect::<Vec<_>>().join(", ")
}

fn conclusion(law: &rules::Law) -> crate::expr::Prop {
    crate::expr::Prop::Compare(law.relation, law.left.clone(), law.right.clone())
}

/// What one name says, why, and examples as claims with their proofs.
pub fn one(cited: Cited, paint: Paint<'_>) -> String {
    let mut out = format!("rule   {}\n", paint.mark(Tone::Strong, cited.name()));
    match cited {
        Cited::Rule(rule) => {
            for law in rule.laws {
                _ = writeln!(out, "law    {law}");
            }
            _ = writeln!(out, "for    {}", declared(rule));
            _ = writeln!(out, "why    {}", rule.source);
            if rule.axiom {
                _ = writeln!(out, "trust  {ON_TRUST}");
            }
        }
        Cited::Procedure(_, what) => _ = writeln!(out, "does   {what}"),
        Cited::Local(_, what) => _ = writeln!(out, "is     {what}"),
    }
    for text in texts(cited) {
        out += &format!("\n{text}");
    }
    out
}

/// The examples as files of claims.
fn texts(cited: Cited) -> Vec<String> {
    let text = |(number, example): (usize, &Example)| {
        let id = if number == 0 { "example".to_string() } else { format!("example-{}", number + 1) };
        let Example { statement, left, relation, right, rule } = example;
        let start = left.to_string();
        let start = if start.starts_with(['<', '(']) { format!("show {start}") } else { start };
        format!("claim  {id}\n{statement}proof\n  {start}\n    {} {right}  by {rule}\nqed\n", relation.sign())
    };
    cited.examples().iter().enumerate().map(text).collect()
}

/// A rule as data.
#[derive(Debug, Serialize)]
pub struct Document {
    schema: u32,
    name: &'static str,
    kind: &'static str,
    /// Of a rule its subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'static str>,
    laws: Vec<&'static str>,
    /// Why it holds, or what it does.
    why: &'static str,
    axiom: bool,
    /// Claims with proofs of one step each.
    #[serde(skip_serializing_if = "Option::is_none")]
    examples: Option<Vec<String>>,
}

/// A rule as data, with its examples or without.
pub fn document(cited: Cited, with_examples: bool) -> Document {
    let (kind, group, laws, why, axiom) = match cited {
        Cited::Rule(rule) => ("rule", Some(rule.group()), rule.laws.to_vec(), rule.source, rule.axiom),
        Cited::Procedure(_, what) => ("procedure", None, vec![], what, false),
        Cited::Local(_, what) => ("local", None, vec![], what, false),
    };
    let examples = with_examples.then(|| texts(cited));
    Document { schema: 1, name: cited.name(), kind, group, laws, why, axiom, examples }
}
