//! Scripts as proofs: what is shown becomes an assertion, cases and assumptions what they are in Coq.

use std::fmt::Write as _;

use super::step::{Known, Steps};
use super::{Derived, NotWritten, opened_prop};
use crate::coq::names::identifier;
use crate::coq::statement::{Logits, Parts, Writer};
use crate::expr::{Name, Node, Op, Prop, Relation, Statement, Tree, Type};
use crate::proof::record::Use;
use crate::proof::script::{Branch, Chain, Item, Script, Step};

/// The names of what is given.
pub fn given(parts: &Parts) -> impl Iterator<Item = String> {
    (0..parts.sorts.len() + parts.given.len()).map(|k| format!("given{k}"))
}

/// The proof of a claim, from the introduction of its names on.
pub fn written(
    claim: &Derived<'_>,
    opened: &Statement,
    before: &[Derived<'_>],
    parts: &Parts,
) -> Result<String, NotWritten> {
    let given: Vec<String> = given(parts).collect();
    let names = parts.binders.iter().map(|(name, _)| name.clone()).chain(given.iter().cloned());
    let hypotheses = given[parts.sorts.len()..].iter();
    let mut proof = Proof {
        claim,
        before,
        writer: Writer::new(Logits::Real).with_derivatives(),
        uses: claim.uses.clone().into_iter(),
        known: hypotheses.map(|name| Known { name: name.clone(), label: None, shown: false }).collect(),
        count: 0,
        depth: 1,
        out: String::new(),
    };
    proof.line(&format!("intros {}.", names.collect::<Vec<_>>().join(" ")));
    let goal = match opened.shows.as_slice() {
        [single] => single.clone(),
        several => Prop::And(several.to_vec()),
    };
    proof.script(claim.script, &goal)?;
    Ok(proof.out)
}

struct Proof<'a> {
    claim: &'a Derived<'a>,
    before: &'a [Derived<'a>],
    writer: Writer,
    /// What justifies the steps that are still to come.
    uses: std::vec::IntoIter<Vec<Use>>,
    known: Vec<Known>,
    count: usize,
    depth: usize,
    out: String,
}

impl Proof<'_> {
    fn line(&mut self, text: &str) {
        _ = writeln!(self.out, "{:width$}{text}", "", width = 2 * self.depth);
    }

    /// A number that no name has yet.
    fn next(&mut self) -> usize {
        self.count += 1;
        self.count
    }

    /// A block of its own, after which what became known in it is forgotten.
    fn block(&mut self, inside: impl FnOnce(&mut Self) -> Result<(), NotWritten>) -> Result<(), NotWritten> {
        let known = self.known.len();
        self.line("{");
        self.depth += 1;
        inside(self)?;
        self.depth -= 1;
        self.line("}");
        self.known.truncate(known);
        Ok(())
    }

    fn prop(&mut self, prop: &Prop) -> Result<String, NotWritten> {
        Ok(self.writer.prop(prop)?)
    }

    fn script(&mut self, script: &Script, goal: &Prop) -> Result<(), NotWritten> {
        for item in &script.items {
            match item {
                Item::Chain(label, chain) => self.chain(label.as_ref(), chain)?,
                Item::Goal(label, inner, _, script) => self.goal(label.as_ref(), inner, script)?,
                Item::Choose(name, property, _) => self.choice(name, property)?,
            }
        }
        match (script.cases.as_slice(), script.assumptions.as_slice()) {
            ([], []) => {
                self.line("conclude.");
                Ok(())
            }
            (cases, []) => self.cases(cases, goal),
            (_, assumptions) => self.assuming(assumptions, goal),
        }
    }

    fn goal(&mut self, label: Option<&Name>, inner: &Prop, script: &Script) -> Result<(), NotWritten> {
        let inner = opened_prop(inner, self.claim.statement);
        let name = format!("fact_{}", self.next());
        let says = self.prop(&inner)?;
        self.line(&format!("assert ({name} : {says})."));
        self.block(|proof| proof.script(script, &inner))?;
        self.known.push(Known { name, label: label.cloned(), shown: true });
        Ok(())
    }

    fn choice(&mut self, name: &Name, property: &Prop) -> Result<(), NotWritten> {
        let chosen = format!("chosen_{}", self.next());
        let Prop::Compare(_, left, right) = opened_prop(property, self.claim.statement) else { return Ok(()) };
        let Node::At(v, _) = left.node() else { return Ok(()) };
        let lemma = match right.node() {
            Node::Apply(Op::Max, _) => "vmax_attained",
            _ => "vmin_attained",
        };
        let v = self.writer.term(v)?.argument();
        let name = identifier(name);
        self.line(&format!("destruct ({lemma} K {v} given0) as [{name} [lt_{name} {chosen}]]."));
        self.known.push(Known { name: chosen, label: None, shown: false });
        Ok(())
    }

    fn cases(&mut self, cases: &[Branch], goal: &Prop) -> Result<(), NotWritten> {
        let number = self.next();
        let props: Vec<String> = cases
            .iter()
            .map(|case| self.prop(&opened_prop(&case.prop, self.claim.statement)))
            .collect::<Result<_, _>>()?;
        let or = |rest: String, one: String| format!("({one}) \\/ ({rest})");
        let either = props.into_iter().rev().reduce(or).unwrap_or_default();
        let name = format!("case_{number}");
        let pattern = (1..cases.len()).fold(name.clone(), |inner, _| format!("[{name} | {inner}]"));
        self.line(&format!("assert (cases_{number} : {either}). {{ exhaustive. }}"));
        self.line(&format!("destruct cases_{number} as {pattern}."));
        for case in cases {
            self.block(|proof| {
                proof.known.push(Known { name: name.clone(), label: None, shown: false });
                proof.script(&case.script, goal)
            })?;
        }
        Ok(())
    }

    fn assuming(&mut self, branches: &[Branch], goal: &Prop) -> Result<(), NotWritten> {
        let goals: Vec<&Prop> = match goal {
            Prop::Implies(_, b) => vec![b],
            Prop::Iff(a, b) => vec![b, a],
            _ => vec![],
        };
        if goals.len() > 1 {
            self.line("split.");
        }
        for (branch, goal) in branches.iter().zip(goals) {
            self.block(|proof| {
                let name = format!("assumed_{}", proof.next());
                proof.line(&format!("intros {name}."));
                proof.known.push(Known { name, label: None, shown: false });
                proof.script(&branch.script, goal)
            })?;
        }
        Ok(())
    }

    fn chain(&mut self, label: Option<&Name>, chain: &Chain) -> Result<(), NotWritten> {
        let number = self.next();
        let steps = Steps { claim: self.claim, before: self.before, writer: &self.writer, known: &self.known };
        let mut lines = Vec::new();
        let (mut from, mut whole): (&Tree, Option<(Relation, String)>) = (&chain.start, None);
        for (index, step) in chain.steps.iter().enumerate() {
            let uses = self.uses.next().unwrap_or_default();
            let name = format!("step_{number}_{}", index + 1);
            let says = steps.says(step.relation, from, &step.to)?;
            lines.push(format!("(* by {} *)", rules(step)));
            lines.push(format!("assert ({name} : {says})."));
            lines.push(format!("{{ {}. }}", steps.tactic(step, from, &uses)?));
            whole = Some(match whole {
                None => (step.relation, name),
                Some((so_far, before)) => join(from.ty(), so_far, &before, step.relation, &name),
            });
            from = &step.to;
        }
        let (relation, proof) = whole.unwrap_or((Relation::Equal, String::new()));
        let says = steps.says(relation, &chain.start, from)?;
        let name = format!("fact_{number}");
        self.line(&format!("assert ({name} : {says})."));
        self.block(|block| {
            lines.iter().for_each(|line| block.line(line));
            block.line(&format!("exact {proof}."));
            Ok(())
        })?;
        self.known.push(Known { name, label: label.cloned(), shown: true });
        Ok(())
    }
}

/// The rules that a step names.
fn rules(step: &Step) -> String {
    step.rule_names().join(", ")
}

/// One proof after the other; `a >= b` is proved as `b <= a`.
fn join(ty: Type, first: Relation, before: &str, second: Relation, after: &str) -> (Relation, String) {
    let falls = |relation| matches!(relation, Relation::GreaterEqual | Relation::Greater);
    let relation = match (first, second) {
        (Relation::Equal, other) | (other, Relation::Equal) => other,
        (first, second) if first == second => first,
        _ if falls(first) => Relation::Greater,
        _ => Relation::Less,
    };
    let turned = |relation, proof: &str| match (relation, ty) {
        (Relation::Equal, Type::Vector) => format!("(veq_sym _ _ _ {proof})"),
        (Relation::Equal, Type::Real) => format!("(eq_sym {proof})"),
        _ => proof.to_string(),
    };
    let (first, before, second, after) = if falls(relation) {
        (second, turned(second, after), first, turned(first, before))
    } else {
        (first, before.to_string(), second, after.to_string())
    };
    let word = |relation| match relation {
        Relation::Equal => "eq",
        Relation::LessEqual | Relation::GreaterEqual => "le",
        _ => "lt",
    };
    let (first, second) = (word(first), word(second));
    let proof = match ty {
        Type::Vector => format!("(v{first}_v{second} _ _ _ _ {before} {after})"),
        Type::Real => format!("({first}_{second} _ _ _ {before} {after})"),
    };
    (relation, proof)
}
