//! Ways to damage a proof object so that it no longer says what its claim says.

use serde_json::{Value, json};

use crate::instances::Dice;

/// What is changed.
pub const KINDS: &[&str] = &[
    "path",
    "law number",
    "rule",
    "binding",
    "dropped condition",
    "condition",
    "direction",
    "conclusion",
    "claim text",
    "step dropped",
    "use dropped",
    "swapped sides",
    "relation",
    "number",
];

/// Damages a claim of an object; false where it has nothing of this kind.
pub fn damage(claim: &mut Value, kind: &str, dice: &mut Dice) -> bool {
    match kind {
        "conclusion" => pick(&mut claim["statement"]["shows"], dice).is_some_and(other),
        "claim text" => {
            let text = claim["statement"]["text"].as_str().unwrap().to_string();
            let changed = [("<=", "<"), ("+", "-"), ("max", "min"), ("2", "3"), ("=", "<="), ("log", "exp")]
                .into_iter()
                .find_map(|(from, to)| {
                    text.rfind(from).map(|at| text[..at].to_string() + to + &text[at + from.len()..])
                });
            claim["statement"]["text"] = json!(changed.as_ref().unwrap_or(&text));
            changed.is_some()
        }
        _ => {
            let mut steps = Vec::new();
            collect(&mut claim["proof"], &mut steps);
            in_step(steps, kind, dice)
        }
    }
}

/// Every list of steps, those of lemmas and cases included.
fn collect<'v>(proof: &'v mut Value, found: &mut Vec<&'v mut Value>) {
    let Some(proof) = proof.as_object_mut() else { return };
    for (word, value) in proof.iter_mut() {
        for part in value.as_array_mut().into_iter().flatten() {
            let Some(part) = part.as_object_mut() else { continue };
            for (name, inner) in part.iter_mut() {
                match name.as_str() {
                    "steps" if word == "items" => found.push(inner),
                    "proof" => collect(inner, found),
                    _ => {}
                }
            }
        }
    }
}

fn pick<'v>(list: &'v mut Value, dice: &mut Dice) -> Option<&'v mut Value> {
    let list = list.as_array_mut()?;
    let index = dice.below(list.len().max(1));
    list.get_mut(index)
}

fn in_step(mut chains: Vec<&mut Value>, kind: &str, dice: &mut Dice) -> bool {
    for _ in 0..200 {
        let index = dice.below(chains.len());
        let steps = &mut chains[index];
        if kind == "step dropped" {
            let many = steps.as_array().unwrap().len();
            if many > 1 {
                steps.as_array_mut().unwrap().remove(dice.below(many - 1));
                return true;
            }
            continue;
        }
        let step = pick(steps, dice).unwrap();
        let done = match kind {
            "relation" => turn(&mut step["relation"]),
            "number" => bump(&mut step["to"]),
            "use dropped" => {
                let uses = step["uses"].as_array_mut().unwrap();
                uses.pop().is_some()
            }
            _ => pick(&mut step["uses"], dice).is_some_and(|used| in_use(used, kind, dice)),
        };
        if done {
            return true;
        }
    }
    false
}

fn in_use(used: &mut Value, kind: &str, dice: &mut Dice) -> bool {
    let is_law = used.get("law").is_some();
    match kind {
        "path" => {
            used["path"].as_array_mut().unwrap().push(json!(9));
            true
        }
        "law number" if is_law => {
            used["law"] = json!(used["law"].as_u64().unwrap() + 40);
            true
        }
        // A rule that has nothing to do with the step.
        "rule" if is_law => {
            used["rule"] = json!(if used["rule"] == "sum.ones" { "norm.unit" } else { "sum.ones" });
            true
        }
        "binding" if is_law => {
            let (Some(values), Some(actions)) = (used["values"].as_object(), used["actions"].as_object()) else {
                return false;
            };
            let names: Vec<String> = values.keys().cloned().collect();
            if names.is_empty() {
                let Some(name) = actions.keys().next().cloned() else { return false };
                used["actions"][&name] = json!("nobody");
                return true;
            }
            let name = &names[dice.below(names.len())];
            let value = used["values"][name].clone();
            used["values"][name] = json!(["neg", value]);
            true
        }
        "dropped condition" => used["conditions"].as_array_mut().is_some_and(|all| all.pop().is_some()),
        "condition" => used.get_mut("conditions").is_some_and(|all| pick(all, dice).is_some_and(other)),
        "direction" if is_law => {
            used["reversed"] = json!(!used["reversed"].as_bool().unwrap());
            true
        }
        "swapped sides" => used["shows"].as_array_mut().is_some_and(|sides| {
            sides.reverse();
            sides[0] != sides[1]
        }),
        _ => false,
    }
}

/// A proposition that is another one.
fn other(prop: &mut Value) -> bool {
    let first = prop[0].clone();
    match first.as_str().unwrap() {
        "=" => prop[0] = json!("<="),
        "<=" => prop[0] = json!("<"),
        "<" | ">" => prop[0] = json!("!="),
        ">=" => prop[0] = json!(">"),
        "and" | "or" | "=>" | "<=>" => return other(&mut prop[1]),
        _ => return false,
    }
    true
}

fn turn(relation: &mut Value) -> bool {
    let turned = match relation.as_str().unwrap() {
        "=" => "<",
        "<=" => ">=",
        "<" => ">",
        ">=" => "<=",
        ">" => "<",
        _ => return false,
    };
    *relation = json!(turned);
    true
}

/// The first number of a term, one more.
fn bump(term: &mut Value) -> bool {
    if term[0] == "number" {
        let number: f64 = term[1].as_str().unwrap().split('/').next().unwrap().parse().unwrap();
        term[1] = json!(format!("{}", number + 1.0));
        return true;
    }
    term.as_array_mut().is_some_and(|parts| parts.iter_mut().skip(1).any(|part| part.is_array() && bump(part)))
}
