//! Puts the kernel's inferences together as a script says. Not trusted: a mistake here can only lose a theorem.

use std::cell::RefCell;
use std::sync::Arc;

use super::hint::{self, Refused};
use super::kernel::{Context, LOCAL, PROCEDURES, Theorem};
use super::reason::Reason;
use super::record::{Record, Use};
use super::rules::RULES;
use super::script::{Branch, Chain, Item, Script, Step};
use crate::expr::error::Span;
use crate::expr::{Name, Prop, Statement, Tree};
use crate::text::nearest;

/// Why a script is not accepted, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Rejection {
    /// The reason.
    pub reason: Reason,
    /// The place in the text that the script was read from.
    pub span: Span,
    /// The step that is not justified, if it is one.
    pub step: Option<Box<Failed>>,
}

/// A step that is not justified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// What it says.
    pub prop: Prop,
    /// The rules that it names.
    pub rules: Vec<Name>,
}

/// Looks up the theorems of another claim; `None` where there is no claim of that name.
pub type Cited<'a> = &'a dyn Fn(&str) -> Result<Option<Vec<Theorem>>, Reason>;

/// The theorems of a statement, one for each `show`, by a script. `cited` looks up the theorems of other claims.
///
/// # Errors
/// The first thing in the script that is not accepted.
pub fn check(statement: &Statement, script: &Script, cited: Cited<'_>) -> Result<Vec<Theorem>, Rejection> {
    theorems(&Checker { cited, statement, script, record: None })
}

/// The same, with what justifies each step, in the order in which the steps stand.
///
/// # Errors
/// Those of [`check`].
pub fn recorded(
    statement: &Statement,
    script: &Script,
    cited: Cited<'_>,
) -> Result<(Vec<Theorem>, Vec<Vec<Use>>), Rejection> {
    let record = RefCell::default();
    let theorems = theorems(&Checker { cited, statement, script, record: Some(&record) })?;
    Ok((theorems, record.into_inner()))
}

fn theorems(checker: &Checker<'_>) -> Result<Vec<Theorem>, Rejection> {
    let Checker { statement, script, .. } = checker;
    let goal = match statement.shows.as_slice() {
        [single] => single.clone(),
        several => Prop::And(several.to_vec()),
    };
    let mut context = Context::new(statement);
    let theorem = checker.prove(&mut context, &goal, script)?;
    let whole = [theorem];
    let part = |show: &Prop| match statement.shows.len() {
        1 => Ok(whole[0].clone()),
        _ => context.part(&whole[0], show),
    };
    statement.shows.iter().map(part).collect::<Result<_, _>>().map_err(at(script.end))
}

fn at(span: Span) -> impl Fn(Reason) -> Rejection {
    move |reason| Rejection { reason, span, step: None }
}

struct Checker<'a> {
    cited: Cited<'a>,
    statement: &'a Statement,
    script: &'a Script,
    /// What justifies the steps so far, if it is asked for.
    record: Option<&'a RefCell<Vec<Vec<Use>>>>,
}

impl Checker<'_> {
    /// A theorem that says the goal. The context grows by what is shown on the way.
    fn prove(&self, context: &mut Context, goal: &Prop, script: &Script) -> Result<Theorem, Rejection> {
        let mut shown: Vec<Theorem> = Vec::new();
        for (index, item) in script.items.iter().enumerate() {
            let (label, theorem, span) = match item {
                Item::Choose(name, property, span) => {
                    let better = |reason| hint::of_choice(name, property, reason);
                    let mut inner = context.choose(name, property).map_err(better).map_err(at(*span))?;
                    let rest = Script { items: script.items[index + 1..].to_vec(), ..script.clone() };
                    let theorem = self.prove(&mut inner, goal, &rest)?;
                    return context.release(name, property, &theorem).map_err(at(*span));
                }
                Item::Chain(label, chain) => (label, self.chain(context, chain)?, chain.steps[0].span),
                Item::Goal(label, goal, span, script) => {
                    (label, self.prove(&mut context.clone(), goal, script)?, *span)
                }
            };
            let name = label.clone().unwrap_or_else(|| "shown".into());
            if label.is_some() && self.is_taken(&name) {
                return Err(at(span)(Reason::NameTaken(name.to_string())));
            }
            context.know(&name, theorem.clone()).map_err(at(span))?;
            shown.push(theorem);
        }
        match (script.cases.as_slice(), script.assumptions.as_slice()) {
            ([], []) => context.conclude(goal, &shown),
            (cases, []) => {
                let proved = cases.iter().map(|case| Ok((case.prop.clone(), self.branch(context, case, goal)?)));
                context.cases(goal, &proved.collect::<Result<Vec<_>, _>>()?)
            }
            ([], branches) => return self.assuming(context, goal, branches, script.end),
            (_, _) => {
                let form = "no goal beside `case`; a proof in a case is `goal proof ... qed`";
                Err(Reason::Form { word: "assume", form, goal: goal.to_string() })
            }
        }
        .map_err(at(script.end))
    }

    fn branch(&self, context: &Context, branch: &Branch, goal: &Prop) -> Result<Theorem, Rejection> {
        self.prove(&mut context.assume(&branch.prop), goal, &branch.script)
    }

    /// `assume a` for a => b; `assume a` and `assume b` for a <=> b.
    fn assuming(&self, context: &Context, goal: &Prop, branches: &[Branch], end: Span) -> Result<Theorem, Rejection> {
        let implication = |branch: &Branch, goal: &Prop| {
            let theorem = self.branch(context, branch, goal)?;
            context.implication(&branch.prop, &theorem).map_err(at(branch.span))
        };
        match (goal, branches) {
            (Prop::Implies(a, b), [only]) if only.prop == **a => implication(only, b),
            (Prop::Iff(a, b), [there, back]) if there.prop == **a && back.prop == **b => {
                let (there, back) = (implication(there, b)?, implication(back, a)?);
                context.equivalence(&there, &back).map_err(at(end))
            }
            _ => {
                let form = "`a => b` from `assume a`, and `a <=> b` from `assume a` and then `assume b`";
                Err(at(branches[0].span)(Reason::Form { word: "assume", form, goal: goal.to_string() }))
            }
        }
    }

    fn chain(&self, context: &Context, chain: &Chain) -> Result<Theorem, Rejection> {
        let mut from = &chain.start;
        let mut so_far: Option<Theorem> = None;
        for step in &chain.steps {
            let names: Vec<Name> = step.rules.iter().map(|(name, _)| name.clone()).collect();
            let reject = |span: Span| {
                let prop = Prop::Compare(step.relation, from.clone(), step.to.clone());
                let failed = Failed { prop, rules: names.clone() };
                move |reason| Rejection { reason, span, step: Some(Box::new(failed)) }
            };
            let mut cited = Vec::new();
            for (name, span) in &step.rules {
                if !self.is_taken(name) && !context.knows(name) {
                    match (self.cited)(name).map_err(reject(*span))? {
                        Some(theorems) => cited.push((name.clone(), theorems)),
                        None => return Err(reject(*span)(self.unknown(context, name))),
                    }
                }
            }
            let refused = Refused { statement: self.statement, context, from, step, names: &names, cited: &cited };
            let theorem = self
                .step(context, from, step, &names, &cited)
                .map_err(|reason| refused.reason(reason))
                .map_err(reject(step.span))?;
            so_far = Some(match so_far {
                None => theorem,
                Some(before) => before.then(&theorem).map_err(reject(step.span))?,
            });
            from = &step.to;
        }
        Ok(so_far.expect("a chain has a step"))
    }

    fn step(
        &self,
        context: &Context,
        from: &Tree,
        step: &Step,
        names: &[Name],
        cited: &[(Name, Vec<Theorem>)],
    ) -> Result<Theorem, Reason> {
        let Some(record) = self.record else { return context.step(from, step.relation, &step.to, names, cited) };
        let notes = Arc::new(Record::default());
        let mut context = context.clone();
        context.record = Some(notes.clone());
        let theorem = context.step(from, step.relation, &step.to, names, cited)?;
        record.borrow_mut().push(notes.uses());
        Ok(theorem)
    }

    fn is_taken(&self, name: &str) -> bool {
        names().any(|known| known == name)
    }

    fn unknown(&self, context: &Context, name: &str) -> Reason {
        if hint::has_lemma(self.script, name) {
            return Reason::OutOfReach(name.to_string());
        }
        let mut known: Vec<&str> = names().collect();
        known.extend(context.labels());
        let nearest = nearest(name, known).into_iter().map(str::to_string).collect();
        Reason::UnknownRule { name: name.to_string(), nearest }
    }
}

/// The names that mean the same everywhere: those of rules, procedures and local facts.
pub fn names() -> impl Iterator<Item = &'static str> {
    let rules = RULES.iter().map(|rule| rule.name);
    rules.chain(PROCEDURES.iter().map(|(name, ..)| *name)).chain(LOCAL.iter().map(|(name, _)| *name))
}
