//! Every derivation, damaged in every kind of way: a mutant that changes what a step says must be rejected.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use logitlab::arith::Truth;
use logitlab::claims::{Claim, claims};
use logitlab::expr::{Action, Name, Node, Op, Prop, Relation, Sort, Statement, Tree};
use logitlab::proof::Library;
use logitlab::proof::script::{Branch, Chain, Item, Script, Step};

use crate::instances::Instance;

/// How many random instances are tried to show that a mutant says something false.
const INSTANCES: u64 = 60;

/// A damaged script or statement.
pub(crate) struct Mutant {
    pub(crate) kind: &'static str,
    pub(crate) statement: Statement,
    pub(crate) script: Script,
    /// What is false in it, where it stands: the assumptions there, and the step.
    pub(crate) says: (Vec<Prop>, Prop),
}

/// Every place where a step can be damaged: the index of the step, counted through the whole script.
fn visit_steps(script: &mut Script, given: &[Prop], f: &mut dyn FnMut(&[Prop], &Tree, &mut Step)) {
    let mut given = given.to_vec();
    for item in &mut script.items {
        match item {
            Item::Chain(_, Chain { start, steps }) => {
                let mut from = start.clone();
                for step in steps {
                    let next = step.to.clone();
                    f(&given, &from, step);
                    from = next;
                }
            }
            Item::Goal(_, _, _, script) => visit_steps(script, &given, f),
            Item::Choose(_, property, _) => given.push(property.clone()),
        }
    }
    for Branch { prop, script, .. } in script.cases.iter_mut().chain(&mut script.assumptions) {
        let mut inner = given.clone();
        inner.push(prop.clone());
        visit_steps(script, &inner, f);
    }
}

/// The variables of a statement and of the choices of a script.
pub(crate) fn choices(script: &Script, variables: &mut Vec<(Name, Sort)>) {
    for item in &script.items {
        match item {
            Item::Choose(name, ..) => variables.push((name.clone(), Sort::Action)),
            Item::Goal(_, _, _, script) => choices(script, variables),
            Item::Chain(..) => {}
        }
    }
    for branch in script.cases.iter().chain(&script.assumptions) {
        choices(&branch.script, variables);
    }
}

/// The tree with one node replaced: the `n`-th for which `f` has a replacement.
fn replace_nth(tree: &Tree, n: usize, f: &dyn Fn(&Tree) -> Option<Tree>) -> Option<Tree> {
    let mut seen = 0;
    let mut done = false;
    let result = tree.rewrite(&mut |node| {
        let new = f(node)?;
        seen += 1;
        (seen == n + 1).then(|| {
            done = true;
            new
        })
    });
    result.ok().filter(|_| done)
}

/// Another expression for one that is damaged.
type Damage = Box<dyn Fn(&Tree) -> Option<Tree>>;

/// Another sign, coefficient, a term less, another action.
fn damages(other: &Name) -> Vec<(&'static str, Damage)> {
    let other = Action::Name(other.clone());
    let swap = move |action: &Action| (*action != other).then(|| other.clone());
    vec![
        (
            "sign",
            Box::new(|tree| match tree.node() {
                Node::Apply(Op::Add, items) => Tree::apply(Op::Sub, items.clone()).ok(),
                Node::Apply(Op::Sub, items) => Tree::apply(Op::Add, items.clone()).ok(),
                Node::Apply(Op::Neg, items) => Some(items[0].clone()),
                _ => None,
            }),
        ),
        (
            "coefficient",
            Box::new(|tree| match tree.node() {
                Node::Number(value) => {
                    Tree::new(Node::Number(value + num_rational::BigRational::from_integer(1.into()))).ok()
                }
                _ => None,
            }),
        ),
        (
            "dropped term",
            Box::new(|tree| match tree.node() {
                Node::Apply(Op::Add | Op::Sub, items) => Some(items[0].clone()),
                _ => None,
            }),
        ),
        (
            "exchanged action",
            Box::new(move |tree| match tree.node() {
                Node::Unit(action) => Some(Tree::unit(swap(action)?)),
                Node::At(v, action) => Tree::new(Node::At(v.clone(), swap(action)?)).ok(),
                Node::Others(v, action) => Tree::new(Node::Others(v.clone(), swap(action)?)).ok(),
                _ => None,
            }),
        ),
    ]
}

/// What the kernel accepts is true: every step of every derivation, at random instances of what is given there.
#[test]
fn every_accepted_step_holds_on_random_instances() {
    let mut unmet = Vec::new();
    for claim in proved() {
        let mut script = claim.proof.clone().expect("only claims with a proof");
        let mut statement = claim.statement.clone();
        choices(&script, &mut statement.variables);
        visit_steps(&mut script, &[], &mut |given, from, step| {
            let prop = Prop::Compare(step.relation, from.clone(), step.to.clone());
            let mut met = 0;
            for seed in 0..400 {
                let instance = Instance::random(&statement.variables, seed);
                let holds = |prop: &Prop| instance.holds(&statement.definitions, prop);
                if statement.hypotheses.iter().chain(given).any(|prop| holds(prop) != Ok(Truth::True)) {
                    continue;
                }
                let verdict = holds(&prop);
                // Enclosures of equal numbers leave a strict inequality undecided, never false.
                assert_ne!(verdict, Ok(Truth::False), "{}: {prop} at {instance:?}", claim.id);
                met += usize::from(verdict == Ok(Truth::True));
                if met == 8 {
                    break;
                }
            }
            if met == 0 {
                unmet.push(format!("{}: {prop}", claim.id));
            }
        });
    }
    assert!(unmet.is_empty(), "tried on no instance:\n{}", unmet.join("\n"));
}

fn turned(relation: Relation) -> Option<Relation> {
    match relation {
        Relation::LessEqual => Some(Relation::GreaterEqual),
        Relation::Less => Some(Relation::Greater),
        Relation::GreaterEqual => Some(Relation::LessEqual),
        Relation::Greater => Some(Relation::Less),
        _ => None,
    }
}

pub(crate) fn mutants(claim: &Claim) -> Vec<Mutant> {
    let script = claim.proof.as_ref().expect("only claims with a proof");
    let mut statement = claim.statement.clone();
    let other = Name::from("another");
    statement.variables.push((other.clone(), Sort::Action));
    let damages = damages(&other);
    let mut total = 0;
    visit_steps(&mut script.clone(), &[], &mut |_, _, _| total += 1);
    let mut found = Vec::new();
    for target in 0..total {
        // One edit of the target step; what the step then says comes back if the edit applies.
        let mut edit = |kind: &'static str, change: &dyn Fn(&Tree, &mut Step) -> bool| {
            let mut mutant = script.clone();
            let (mut index, mut says) = (0, None);
            visit_steps(&mut mutant, &[], &mut |given, from, step| {
                if index == target && change(from, step) {
                    says = Some((given.to_vec(), Prop::Compare(step.relation, from.clone(), step.to.clone())));
                }
                index += 1;
            });
            let applied = says.is_some();
            if let Some(says) = says {
                found.push(Mutant { kind, statement: statement.clone(), script: mutant, says });
            }
            applied
        };
        for (kind, damage) in &damages {
            for n in 0..4 {
                let change = |_: &Tree, step: &mut Step| match replace_nth(&step.to, n, damage) {
                    Some(tree) => {
                        step.to = tree;
                        true
                    }
                    None => false,
                };
                if !edit(kind, &change) {
                    break;
                }
            }
        }
        edit("reversed inequality", &|_, step| turned(step.relation).map(|new| step.relation = new).is_some());
    }
    found
}

/// Whether some instance meets the hypotheses and what is assumed at the step, but not what it says.
pub(crate) fn is_false(statement: &Statement, script: &Script, (given, prop): &(Vec<Prop>, Prop)) -> bool {
    let mut statement = statement.clone();
    choices(script, &mut statement.variables);
    let conditions: Vec<Prop> = statement.hypotheses.iter().chain(given).cloned().collect();
    let mut tried = 0;
    for seed in 0..20 * INSTANCES {
        let instance = Instance::random(&statement.variables, seed);
        if conditions.iter().any(|prop| instance.holds(&statement.definitions, prop) != Ok(Truth::True)) {
            continue;
        }
        if instance.holds(&statement.definitions, prop) == Ok(Truth::False) {
            return true;
        }
        tried += 1;
        if tried == INSTANCES {
            break;
        }
    }
    false
}

pub(crate) fn proved() -> impl Iterator<Item = &'static Claim> {
    claims().iter().filter(|claim| claim.proof.is_some())
}

#[test]
fn every_mutant_that_says_something_false_is_rejected() {
    let library = Library::new(claims().iter().map(|claim| claim.entry()));
    let mut counts: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let mut survivors = Vec::new();
    for claim in proved() {
        // Undamaged, with the further action declared, the script is accepted.
        let mut wider = claim.statement.clone();
        wider.variables.push(("another".into(), Sort::Action));
        assert!(library.prove_script(&claim.id, &wider, claim.proof.as_ref().unwrap()).is_ok(), "{}", claim.id);
        for mutant in mutants(claim) {
            if !is_false(&mutant.statement, &mutant.script, &mutant.says) {
                continue;
            }
            *counts.entry(&claim.id).or_default().entry(mutant.kind).or_default() += 1;
            match library.prove_script(&claim.id, &mutant.statement, &mutant.script) {
                Ok(_) => survivors.push(format!("{}: {}: {}", claim.id, mutant.kind, mutant.says.1)),
                Err(rejection) => {
                    let reason = format!("{:?}", rejection.reason);
                    let name = reason.split([' ', '(']).next().expect("a reason has a name");
                    *reasons.entry(format!("{}: {name}", mutant.kind)).or_default() += 1;
                }
            }
        }
        let by_kind = counts.entry(&claim.id).or_default();
        by_kind.insert("wrong rule", wrong_rules(claim, &library, &mut survivors));
        by_kind.insert("dropped hypothesis", dropped_hypotheses(claim, &library, &mut survivors));
    }
    assert!(survivors.is_empty(), "{} survivors\n{}\n", survivors.len(), survivors.join("\n"));
    insta::assert_snapshot!("mutants", table(&counts));
    let reasons: Vec<String> = reasons.iter().map(|(reason, count)| format!("{count:>5} {reason}")).collect();
    insta::assert_snapshot!("mutants_reasons", reasons.join("\n"));
}

/// Every rule name replaced by that of a rule that has nothing to do with the step.
fn wrong_rules(claim: &Claim, library: &Library<'_>, survivors: &mut Vec<String>) -> usize {
    let script = claim.proof.as_ref().expect("only claims with a proof");
    let mut total = 0;
    visit_steps(&mut script.clone(), &[], &mut |_, _, _| total += 1);
    for target in 0..total {
        let (mut mutant, mut index) = (script.clone(), 0);
        visit_steps(&mut mutant, &[], &mut |_, _, step| {
            if index == target {
                for (name, _) in &mut step.rules {
                    *name = if &**name == "sum.ones" { "norm.unit" } else { "sum.ones" }.into();
                }
            }
            index += 1;
        });
        if library.prove_script(&claim.id, &claim.statement, &mutant).is_ok() {
            survivors.push(format!("{}: wrong rule: step {target}", claim.id));
        }
    }
    total
}

/// Hypotheses without which the claim is false somewhere, left out.
fn dropped_hypotheses(claim: &Claim, library: &Library<'_>, survivors: &mut Vec<String>) -> usize {
    let mut count = 0;
    for index in 0..claim.statement.hypotheses.len() {
        let mut statement = claim.statement.clone();
        let dropped = statement.hypotheses.remove(index);
        let script = claim.proof.as_ref().expect("only claims with a proof");
        // A claim without its hypothesis may be false, or only without a value, at some instance.
        let fails = |seed| {
            let instance = Instance::random(&statement.variables, seed);
            let meets = |prop: &Prop| instance.holds(&statement.definitions, prop) == Ok(Truth::True);
            statement.hypotheses.iter().all(meets)
                && !meets(&dropped)
                && statement.shows.iter().any(|show| !meets(show))
        };
        if (0..4000).any(fails) {
            count += 1;
            if library.prove_script(&claim.id, &statement, script).is_ok() {
                survivors.push(format!("{}: without `{dropped}`", claim.id));
            }
        }
    }
    count
}

fn table(counts: &BTreeMap<&str, BTreeMap<&str, usize>>) -> String {
    let kinds = [
        "sign",
        "coefficient",
        "dropped term",
        "exchanged action",
        "reversed inequality",
        "wrong rule",
        "dropped hypothesis",
    ];
    let mut text = format!("{:28}", "caught = made");
    kinds.iter().for_each(|kind| write!(text, " {kind:>19}").expect("a string takes all"));
    let mut totals = vec![0; kinds.len()];
    for (id, by_kind) in counts {
        write!(text, "\n{id:28}").expect("a string takes all");
        for (kind, total) in kinds.iter().zip(&mut totals) {
            let count = by_kind.get(kind).copied().unwrap_or(0);
            *total += count;
            write!(text, " {count:>19}").expect("a string takes all");
        }
    }
    write!(text, "\n{:28}", "total").expect("a string takes all");
    totals.iter().for_each(|total| write!(text, " {total:>19}").expect("a string takes all"));
    text
}
