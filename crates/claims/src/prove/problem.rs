//! What the prover knows where it works: a statement, what is assumed beside it, and what has been shown so far.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::citable::Citable;
use crate::expr::error::Span;
use crate::expr::function::Function;
use crate::expr::{Action, Name, Node, Prop, Relation, Statement, Tree};
use crate::proof::facts::Facts;
use crate::proof::script::{Chain, Item, Step};
use crate::proof::{Context, Theorem};

/// Where the prover stands in a proof.
#[derive(Clone)]
pub struct Problem<'a> {
    /// Declared names and definitions.
    pub statement: &'a Statement,
    /// What is assumed and what was shown, no conjunction among it.
    pub known: Vec<Prop>,
    /// The same for the kernel, which decides on steps.
    pub context: Context,
    /// Lemmas shown so far, in the order in which a script states them.
    pub items: Vec<Item>,
    /// What may be cited.
    pub library: &'a Citable,
    /// When to stop.
    pub limits: &'a Budget,
    /// How deep the search is: lemmas of lemmas are not looked for, nor cases of cases of cases.
    pub level: u8,
    /// Whether only signs are looked at, and no laws: for what may well be false.
    pub quick: bool,
    /// The prover as a whole, for what is a goal of its own on the way.
    pub solver: Solver,
}

/// Shows a proposition: the items that do are added to the problem.
pub type Solver = fn(&mut Problem<'_>, &Prop) -> Option<()>;

/// One step of a chain that is being found: the relation, where it leads, and the rules.
#[derive(Clone, Debug)]
pub struct Link {
    /// The relation.
    pub relation: Relation,
    /// The next expression.
    pub to: Tree,
    /// The names of rules.
    pub rules: Vec<Name>,
}

impl Link {
    /// A step by one rule.
    pub fn new(relation: Relation, to: Tree, rule: &str) -> Link {
        Link { relation, to, rules: vec![rule.into()] }
    }
}

/// The parts of conjunctions.
pub fn flat<'p>(props: impl IntoIterator<Item = &'p Prop>) -> Vec<Prop> {
    let part = |prop: &Prop| match prop {
        Prop::And(parts) => flat(parts),
        other => vec![other.clone()],
    };
    props.into_iter().flat_map(part).collect()
}

impl<'a> Problem<'a> {
    /// The hypotheses of a statement alone.
    pub fn new(statement: &'a Statement, library: &'a Citable, limits: &'a Budget, solver: Solver) -> Problem<'a> {
        let known = flat(&statement.hypotheses);
        Problem {
            statement,
            known,
            context: Context::new(statement),
            items: Vec::new(),
            library,
            limits,
            level: 0,
            quick: false,
            solver,
        }
    }

    /// The same under one more assumption, in a script of its own.
    pub fn assume(&self, prop: &Prop) -> Problem<'a> {
        let mut inner = self.clone();
        inner.items = Vec::new();
        inner.known.extend(flat([prop]));
        inner.context = inner.context.assume(prop);
        inner
    }

    /// Shows a goal of its own, so much deeper; nothing stays of it where it is not shown.
    pub fn aside(&mut self, goal: &Prop, deeper: u8) -> Option<()> {
        let mut inner = self.clone();
        inner.level += deeper;
        (self.solver)(&mut inner, goal)?;
        (inner.level, inner.quick) = (self.level, self.quick);
        *self = inner;
        Some(())
    }

    /// What is known here.
    pub fn facts(&self) -> Facts<'_> {
        Facts::new(&self.statement.variables, &self.statement.definitions, self.known.clone())
    }

    /// Whether the time is over.
    pub fn is_over(&self) -> bool {
        self.limits.is_over()
    }

    /// The theorem of a step, if the kernel accepts it.
    pub fn step(&self, from: &Tree, link: &Link) -> Option<Theorem> {
        self.limits.count();
        let cited = |name: &Name| self.library.theorems(name).map(|theorems| (name.clone(), theorems.to_vec()));
        let cited: Vec<_> = link.rules.iter().filter_map(cited).collect();
        self.context.step(from, link.relation, &link.to, &link.rules, &cited).ok()
    }

    /// Whether the kernel accepts an equation by these rules.
    pub fn accepts(&self, from: &Tree, to: &Tree, names: &[Name]) -> bool {
        self.step(from, &Link { relation: Relation::Equal, to: to.clone(), rules: names.to_vec() }).is_some()
    }

    /// The theorem of a chain, if the kernel accepts every step.
    pub fn chain(&self, start: &Tree, links: &[Link]) -> Option<Theorem> {
        let mut from = start;
        let mut so_far: Option<Theorem> = None;
        for link in links {
            let theorem = self.step(from, link)?;
            so_far = Some(match so_far {
                None => theorem,
                Some(before) => before.then(&theorem).ok()?,
            });
            from = &link.to;
        }
        so_far
    }

    /// Shows a lemma by a chain, if the kernel accepts it; its name.
    pub fn learn(&mut self, start: &Tree, links: &[Link]) -> Option<Name> {
        let theorem = self.chain(start, links)?;
        let conclusion = theorem.conclusion().clone();
        if self.known.contains(&conclusion) {
            return None;
        }
        let name = self.free_name();
        self.context.know(&name, theorem).ok()?;
        self.known.push(conclusion);
        self.items.push(Item::Chain(Some(name.clone()), scripted(start, links)));
        Some(name)
    }

    /// A name for a lemma.
    fn free_name(&self) -> Name {
        let taken = |name: &str| self.context.knows(name) || self.statement.sort(name).is_some();
        (1..).map(|n| format!("step{n}")).find(|name| !taken(name)).expect("there are more numbers than lemmas").into()
    }
}

/// A chain as a part of a script.
pub fn scripted(start: &Tree, links: &[Link]) -> Chain {
    let step = |link: &Link| Step {
        relation: link.relation,
        to: readable(&link.to),
        rules: link.rules.iter().map(|name| (name.clone(), Span::default())).collect(),
        span: Span::default(),
    };
    Chain { start: readable(start), steps: links.iter().map(step).collect() }
}

/// The same with another name for an action that is bound within an expectation over one of its name, as definitions
/// that were put into each other leave them: a script does not reuse names.
fn readable(tree: &Tree) -> Tree {
    let fresh = |bound: &Name, taken: &[Name]| {
        let is_free = |name: &Name| !taken.contains(name) && (name == bound || !mentions(tree, name));
        std::iter::successors(Some(bound.clone()), |name| Some(format!("{name}'").into()))
            .find(is_free)
            .expect("a tree mentions a finite number of names")
    };
    let whole = Function { name: "".into(), parameters: Vec::new(), body: tree.clone() };
    whole.applied(&[], &fresh).unwrap_or_else(|_| tree.clone())
}

/// Whether an action of this name stands in a tree.
fn mentions(tree: &Tree, name: &Name) -> bool {
    tree.any(&|node| match node {
        Node::Unit(at) | Node::At(_, at) | Node::Others(_, at) => matches!(at, Action::Name(other) if other == name),
        Node::Expect { action, .. } => action == name,
        _ => false,
    })
}

/// How long the prover may go on, for each line to be shown.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time.
    pub time: Duration,
    /// The number of steps that the kernel is asked about; with this one alone, the same is found on every machine.
    pub steps: usize,
}

impl Limits {
    /// So many seconds, and no more steps than can be expected to be tried in them on a slow machine.
    pub fn seconds(seconds: u32) -> Limits {
        Limits { time: Duration::from_secs(seconds.into()), steps: 4_000 * seconds as usize }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits::seconds(10)
    }
}

/// Limits and what is left of them.
#[derive(Debug)]
pub struct Budget {
    limits: Limits,
    start: Instant,
    tried: Cell<usize>,
}

impl Budget {
    /// All of it.
    pub fn new(limits: &Limits) -> Budget {
        Budget { limits: *limits, start: Instant::now(), tried: Cell::new(0) }
    }

    fn count(&self) {
        self.tried.set(self.tried.get() + 1);
    }

    /// How many steps were tried.
    pub fn tried(&self) -> usize {
        self.tried.get()
    }

    /// Whether nothing is left.
    pub fn is_over(&self) -> bool {
        self.tried.get() >= self.limits.steps || self.start.elapsed() >= self.limits.time
    }
}

/// Why the prover stopped without a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// The time was over, or the largest number of steps was reached.
    #[error("the time is over")]
    Time,
    /// Nothing is left that could be tried.
    #[error("nothing is left to be tried")]
    Exhausted,
    /// What was found is not accepted by the kernel: a mistake of the prover.
    #[error("the kernel does not accept what was found")]
    Rejected,
}
