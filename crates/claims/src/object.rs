//! Proof objects: a derivation with what justifies every step, and the table of laws, as JSON that another program can
//! check. `docs/book/src/reference/proof-object.md` describes both. Not trusted: whoever checks an object does not
//! believe it.

use num_rational::BigRational;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::claims::Claim;
use crate::expr::{Action, Name, Node, Op, Prop, Relation, Statement, Tree};
use crate::proof::record::{Instance, Use};
use crate::proof::rules::{RULES, VARIABLES};
use crate::proof::script::{Branch, Chain, Item, Script, Step};
use crate::recorded::{Recorded, recorded};

/// The version of both formats; it grows when what is written changes its meaning.
pub const VERSION: u32 = 1;

/// The table of laws: canonical JSON, one rule on a line.
pub fn laws() -> String {
    let variables: Vec<String> = VARIABLES
        .iter()
        .flat_map(|(sort, names)| names.iter().map(move |name| json!([name, sort.word()]).to_string()))
        .collect();
    let rules: Vec<String> =
        RULES.iter().map(|rule| json!({ "name": rule.name, "laws": rule.laws }).to_string()).collect();
    format!(
        "{{\"format\":\"logitlab-laws\",\"version\":{VERSION},\n\"differentiable\":[\"f\",\"h\"],\"direction\":[\"v\"],\n\
         \"variables\":[{}],\n\"rules\":[\n{}\n]}}\n",
        variables.join(","),
        rules.join(",\n")
    )
}

/// The proof object of some claims and of all that they cite: canonical JSON, one claim on a line.
///
/// # Errors
/// Which claim has no derivation that the kernel accepts, and why.
pub fn of(claims: &[&Claim]) -> Result<String, String> {
    let written = recorded(claims)?
        .into_iter()
        .map(|Recorded { claim, script, uses }| written_claim(&claim.id, &claim.statement, script, uses).to_string());
    Ok(whole(&written.collect::<Vec<_>>()))
}

/// A claim in an object. Whether the uses justify the steps is for whoever checks the object.
pub fn written_claim(id: &str, claim: &Statement, script: &Script, uses: Vec<Vec<Use>>) -> Value {
    let mut writer = Writer { uses: uses.into_iter() };
    json!({ "id": id, "statement": statement(claim), "proof": writer.proof(script) })
}

/// An object of claims that are written already, each behind those that it cites.
pub fn whole(claims: &[String]) -> String {
    let digest: String = Sha256::digest(laws()).iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "{{\"format\":\"logitlab-proof\",\"version\":{VERSION},\"laws\":\"{digest}\",\n\"claims\":[\n{}\n]}}\n",
        claims.join(",\n")
    )
}

/// A statement: its text, and what was read of it.
fn statement(statement: &Statement) -> Value {
    json!({
        "text": statement.to_string(),
        "variables": statement.variables.iter().map(|(name, sort)| json!([&**name, sort.word()])).collect::<Vec<_>>(),
        "definitions": statement.definitions.iter().map(|(name, body)| json!([&**name, term(body, &[])])).collect::<Vec<_>>(),
        "hypotheses": statement.hypotheses.iter().map(|prop| proposition(prop, &[])).collect::<Vec<_>>(),
        "shows": statement.shows.iter().map(|prop| proposition(prop, &[])).collect::<Vec<_>>(),
    })
}

struct Writer {
    /// What justifies the steps, in the order in which they stand.
    uses: std::vec::IntoIter<Vec<Use>>,
}

impl Writer {
    fn proof(&mut self, script: &Script) -> Value {
        let mut proof = Map::new();
        proof.insert("items".into(), script.items.iter().map(|item| self.item(item)).collect());
        for (word, branches) in [("cases", &script.cases), ("assume", &script.assumptions)] {
            if !branches.is_empty() {
                proof.insert(word.into(), branches.iter().map(|branch| self.branch(branch)).collect());
            }
        }
        Value::Object(proof)
    }

    fn branch(&mut self, branch: &Branch) -> Value {
        json!({ "prop": proposition(&branch.prop, &[]), "proof": self.proof(&branch.script) })
    }

    fn item(&mut self, item: &Item) -> Value {
        match item {
            Item::Chain(label, Chain { start, steps }) => {
                let mut from = start;
                let mut all = Vec::new();
                for step in steps {
                    all.push(self.step(from, step));
                    from = &step.to;
                }
                json!({ "kind": "chain", "label": label.as_deref(), "start": term(start, &[]), "steps": all })
            }
            Item::Goal(label, goal, _, script) => json!({
                "kind": "goal", "label": label.as_deref(), "goal": proposition(goal, &[]), "proof": self.proof(script),
            }),
            Item::Choose(name, property, _) => {
                json!({ "kind": "choose", "name": &**name, "property": proposition(property, &[]) })
            }
        }
    }

    fn step(&mut self, from: &Tree, step: &Step) -> Value {
        let uses = self.uses.next().unwrap_or_default();
        let uses: Vec<Value> = uses.iter().map(|used| written_use(used, from, step)).collect();
        json!({ "relation": step.relation.sign(), "to": term(&step.to, &[]), "uses": uses })
    }
}

/// One use of a rule: the place, the rule, and the instance of the law or what the procedure shows.
fn written_use(used: &Use, from: &Tree, step: &Step) -> Value {
    let rule = step.rule_names()[used.rule];
    let (place, around) = at(from, &used.path);
    match &used.law {
        None => {
            let (other, _) = at(&step.to, &used.path);
            let sides = [place, other].map(|side| side.map(|side| term(side, &around)));
            json!({ "path": used.path, "rule": rule, "shows": sides })
        }
        Some(Instance { number, reversed, values, actions, conditions }) => {
            let values: Map<String, Value> =
                values.iter().map(|(name, value)| (name.to_string(), term(value, &around))).collect();
            let actions: Map<String, Value> =
                actions.iter().map(|(name, value)| (name.to_string(), action(value, &around))).collect();
            let conditions: Vec<Value> = conditions.iter().map(|prop| proposition(prop, &around)).collect();
            json!({
                "path": used.path, "rule": rule, "law": number, "reversed": reversed,
                "values": values, "actions": actions, "conditions": conditions,
            })
        }
    }
}

/// The expression at a place, and the actions that are bound around it, the innermost last.
fn at<'t>(tree: &'t Tree, path: &[usize]) -> (Option<&'t Tree>, Vec<Name>) {
    let mut around = Vec::new();
    let mut here = Some(tree);
    for &child in path {
        if let Some(Node::Expect { action, .. }) = here.map(Tree::node)
            && child == 1
        {
            around.push(action.clone());
        }
        here = here.and_then(|tree| tree.node().children().get(child).copied());
    }
    (here, around)
}

/// The name of an operation in an object: as it is called, or a word.
pub fn operation(op: Op) -> &'static str {
    match op {
        Op::Neg => "neg",
        Op::Add => "add",
        Op::Sub => "sub",
        Op::Mul => "mul",
        Op::Div => "div",
        Op::Hadamard => "times",
        Op::Quotient => "over",
        Op::Inner => "inner",
        Op::Norm => "norm",
        Op::NormSquared => "norm2",
        named => named.info().name.expect("operations without a sign have a name"),
    }
}

fn number(value: &BigRational) -> Value {
    json!(["number", value.to_string()])
}

/// An action: a name, a number, or `["#", k]`, bound by the k-th binder around it, the innermost being 0.
fn action(action: &Action, around: &[Name]) -> Value {
    match action {
        Action::Index(index) => json!(index),
        Action::Name(name) => match around.iter().rev().position(|bound| bound == name) {
            Some(index) => json!(["#", index]),
            None => json!(&**name),
        },
    }
}

/// An expression; `around` are the actions bound around it, the innermost last.
pub fn term(tree: &Tree, around: &[Name]) -> Value {
    let part = |tree: &Tree| term(tree, around);
    match tree.node() {
        Node::Number(value) => number(value),
        Node::Size => json!(["K"]),
        Node::Ones => json!(["ones"]),
        Node::Zeros => json!(["zeros"]),
        Node::Variable(name, _) => json!(["name", &**name]),
        Node::Unit(at) => json!(["unit", action(at, around)]),
        Node::Entries(items) => Value::Array(std::iter::once(json!("entries")).chain(items.iter().map(part)).collect()),
        Node::Apply(op, items) => {
            Value::Array(std::iter::once(json!(operation(*op))).chain(items.iter().map(part)).collect())
        }
        Node::At(v, at) => json!(["at", part(v), action(at, around)]),
        Node::Others(v, at) => json!(["others", part(v), action(at, around)]),
        Node::Power(x, n) => json!(["power", part(x), n]),
        Node::Expect { action, over, body } => {
            let inner = [around, std::slice::from_ref(action)].concat();
            json!(["E", part(over), term(body, &inner)])
        }
        Node::Gradient { of, at } => json!(["D", part(of), &**at]),
        Node::Derivative { of, at, along } => json!(["D", part(of), &**at, part(along)]),
    }
}

/// A proposition.
pub fn proposition(prop: &Prop, around: &[Name]) -> Value {
    let parts = |word: &str, parts: &[Prop]| {
        Value::Array(std::iter::once(json!(word)).chain(parts.iter().map(|part| proposition(part, around))).collect())
    };
    match prop {
        Prop::Compare(relation, left, right) => json!([relation.sign(), term(left, around), term(right, around)]),
        Prop::SameAction(a, b, same) => {
            let relation = if *same { Relation::Equal } else { Relation::NotEqual };
            json!(["action", relation.sign(), action(a, around), action(b, around)])
        }
        Prop::And(all) => parts("and", all),
        Prop::Or(all) => parts("or", all),
        Prop::Implies(a, b) => json!(["=>", proposition(a, around), proposition(b, around)]),
        Prop::Iff(a, b) => json!(["<=>", proposition(a, around), proposition(b, around)]),
    }
}
