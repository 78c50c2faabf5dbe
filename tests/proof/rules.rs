//! The table of rules: every law tried on random instances, as if it were a claim.

use logitlab::arith::{Fault, Truth};
use logitlab::expr::{Node, Prop, Statement, Tree, elaborate};
use logitlab::proof::rules::{Law, RULES, laws, variables};

use crate::instances::Instance;

/// Functions of z to stand for the f and h of the rules of gradients.
const FUNCTIONS: &[[&str; 2]] = &[
    ["sum(exp(z))", "<exp(z),u>"],
    ["x + <exp(z),w>", "C(softmax(z))"],
    ["log(sum(exp(z)))", "x*sum(exp(z)) + y"],
    ["softmax(z)[c]", "lse(z)"],
];

/// The law with the functions put in; the law itself where it has none.
fn concrete(law: &Law, functions: &[&str; 2]) -> Law {
    let statement = Statement { variables: variables(), ..Statement::default() };
    let [f, h] = functions.map(|text| elaborate::value(text, &statement).unwrap());
    let put = |tree: &Tree| {
        tree.rewrite(&mut |node: &Tree| match node.node() {
            Node::Variable(name, _) if &**name == "f" => Some(f.clone()),
            Node::Variable(name, _) if &**name == "h" => Some(h.clone()),
            _ => None,
        })
        .unwrap()
    };
    let condition = |prop: &Prop| match prop {
        Prop::Compare(relation, a, b) => Prop::Compare(*relation, put(a), put(b)),
        other => other.clone(),
    };
    Law {
        conditions: law.conditions.iter().map(condition).collect(),
        left: put(&law.left),
        right: put(&law.right),
        ..law.clone()
    }
}

/// How many instances met the conditions, or one that refutes the law.
pub(crate) fn try_law(law: &Law, cases: u64) -> Result<usize, String> {
    let mut met = 0;
    for seed in 0..cases {
        let small = Instance::random(&law.variables, seed);
        let law = concrete(law, &FUNCTIONS[seed as usize % FUNCTIONS.len()]);
        let instance = if seed % 8 == 7 { small.enlarged(&law.variables) } else { small };
        met += usize::from(try_where_defined(&law, &instance)?);
        try_total(&law, &instance, seed)?;
    }
    Ok(met)
}

fn is_total(tree: &Tree) -> bool {
    !tree.any(&|node| matches!(node, Node::Gradient { .. } | Node::Derivative { .. }))
}

/// Whether the law says something at an instance where both sides have a value of their own.
fn try_where_defined(law: &Law, instance: &Instance) -> Result<bool, String> {
    let conditions = Prop::And(law.conditions.clone());
    if !law.conditions.is_empty() && instance.holds(&[], &conditions) != Ok(Truth::True) {
        return Ok(false);
    }
    let conclusion = Prop::Compare(law.relation, law.left.clone(), law.right.clone());
    match instance.holds(&[], &conclusion) {
        Ok(Truth::True) => Ok(true),
        // What a side is that has no value of its own, only the reading as total values says; of derivatives there is
        // none, so that both sides must have a value, or neither.
        Err(Fault::Undefined(_)) if is_total(&law.left) && is_total(&law.right) => Ok(false),
        Err(Fault::Undefined(_)) if !instance.defined(&[], &law.left) && !instance.defined(&[], &law.right) => {
            Ok(false)
        }
        other => Err(format!("{conclusion}: {other:?} at {instance:?}")),
    }
}

/// The law at an instance as the kernel reads it: what has no value of its own has one that nobody knows, several
/// of which are tried.
fn try_total(law: &Law, instance: &Instance, seed: u64) -> Result<(), String> {
    let conclusion = Prop::Compare(law.relation, law.left.clone(), law.right.clone());
    for unknown in 0..4 {
        let world = instance.world(4 * seed + unknown);
        let met = law.conditions.iter().all(|condition| world.holds(condition, false) == Some(true));
        if met && world.holds(&conclusion, true) == Some(false) {
            return Err(format!("{conclusion} as total values at {world:?}"));
        }
    }
    Ok(())
}

#[test]
fn every_law_holds_on_random_instances() {
    let mut complaints = Vec::new();
    for rule in RULES {
        for law in laws(rule.name).unwrap() {
            match try_law(law, 400) {
                Ok(met) if met >= 10 => {}
                Ok(met) => complaints.push(format!("{}: {} = {}: only {met} cases", rule.name, law.left, law.right)),
                Err(why) => complaints.push(format!("{}: {why}", rule.name)),
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn a_wrong_law_is_found_out() {
    let statement = Statement { variables: variables(), ..Statement::default() };
    for text in [
        "|x*v|^2 = x*|v|^2",
        "<u,v>^2 <= |u|*|v|",
        "|x| = x",
        "sqrt(x^2) = x",
        "x/x = 1",
        "exp(log(x)) = x",
        "v <= sum(v)*1",
        "a != b => <e[a],e[b]> = 1",
        "log(x*y) = log(x) + log(y)",
        "xlogx(v) <= v.*v - 2*v",
        "D(f*h, z) = f*D(h, z)",
        "D(log(f), z) = D(f, z)",
        "log(<P,exp(v)>) <= <P,v> + (max(v) - min(v))^2/16",
        "<P,v> + x <= log(<P,exp(v)>)",
        "E[i ~ u](1) = 1",
        "0 <= u and 0 <= v => xlogy(u, u.*v) = xlogx(u) + u.*log(v)",
        // True wherever both sides have a value of their own.
        "log(x^2) = 2*log(|x|)",
        "log(1/x) = -log(x)",
        "|x/y| = |x|/|y|",
        "sqrt(x*y) = sqrt(x)*sqrt(y)",
        "xlogx(x) = x*log(x)",
        "xlogy(0, x) = 0",
        "xlogy(x, x) = xlogx(x)",
        "xlogy(t.*u, v) = t.*xlogy(u, v)",
        "0 <= v => xlogy(u, v) = u.*log(v)",
        "log(x) <= x - 1",
        "0 <= u and 0 <= v => 0 <= xlogx(u) - xlogy(u, v) - u + v",
        "0 <= KL(P, Q)",
        "KL(P, Q) = 0 => P = Q",
        "x*y <= k => x <= k/y",
        "x <= log(y) => exp(x) <= y",
        "x <= y^2 and 0 <= y => sqrt(x) <= y",
    ] {
        let prop = elaborate::proposition(text, &statement).unwrap();
        let wrong = Law::of(&statement.variables, &[], &prop).remove(0);
        assert!(try_law(&wrong, 2000).is_err(), "{text}");
    }
}

/// A law without one of its conditions, for each of them.
fn weakened(law: &Law) -> Vec<(String, Law)> {
    let parts = |prop: &Prop| match prop {
        Prop::And(parts) => parts.clone(),
        other => vec![other.clone()],
    };
    let all: Vec<Prop> = law.conditions.iter().flat_map(parts).collect();
    let without = |index: usize| {
        let mut conditions = all.clone();
        let removed = conditions.remove(index);
        (removed.to_string(), Law { conditions, ..law.clone() })
    };
    (0..all.len()).map(without).collect()
}

/// Conditions whose lack no instance shows: of a derivative nothing is tried where a side has no value, and division by
/// 0 is tried as multiplication by something.
const CAREFUL: &[(&str, &str)] = &[("gradient.exp", "0 < k"), ("xlogy.product", "x != 0")];

/// No law asks for what it does not need, and the instances are many enough to tell.
#[test]
fn every_condition_is_needed() {
    let mut complaints = Vec::new();
    for rule in RULES {
        for law in laws(rule.name).unwrap() {
            for (condition, wrong) in weakened(law) {
                let careful = CAREFUL.contains(&(rule.name, condition.as_str()));
                if try_law(&wrong, 3000).is_ok() != careful {
                    complaints.push(format!(
                        "{}: {} {} {}: {condition}",
                        rule.name,
                        law.left,
                        law.relation.sign(),
                        law.right
                    ));
                }
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn names_are_unique_and_subjects_stand_together() {
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), names.len());
    for rule in RULES {
        assert!(!rule.laws.is_empty() && !rule.source.is_empty(), "{}", rule.name);
    }
}
