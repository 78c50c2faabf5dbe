//! The prover: an untrusted search for derivations that the kernel accepts.
//!
//! Equations are decided by normal forms ([`rewrite`], [`form`], [`mod@equation`]); an inequality is a sum of pieces
//! that are not negative ([`pieces`], [`terms`], [`linear`], [`mod@inequality`]), or follows from a law whose
//! conditions are goals of their own ([`mod@backward`]). [`given`] makes what is assumed fit for use, [`citable`] is
//! what may be cited, and [`chain`] puts neighbouring steps together. Nothing here is believed: the printed text is
//! read again, and the kernel checks it.

pub mod backward;
pub mod chain;
pub mod citable;
pub mod equation;
pub mod form;
pub mod given;
pub mod inequality;
mod layout;
pub mod linear;
pub mod monomial;
pub mod pieces;
pub mod problem;
pub mod rewrite;
pub mod terms;

use crate::claims;
use crate::expr::error::Span;
use crate::expr::{Op, Prop, Relation, Statement, Tree, Type};
use crate::proof::script::{Branch, Item, Script};
use crate::proof::{Theorem, check};
pub use citable::Citable;
use equation::equation;
use inequality::{by_pieces, inequality};
use logitlab_words::Truth;
use problem::{Budget, Link, Problem, scripted};
pub use problem::{Limits, Stop};
use rewrite::Depth;

/// Why there is no derivation of a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no derivation found for `{goal}`: {stop} after {tried} steps were tried")]
pub struct Missing {
    /// The line.
    pub goal: Prop,
    /// Why the search stopped.
    pub stop: Stop,
    /// How many steps the kernel was asked about.
    pub tried: usize,
}

/// A derivation that the kernel has checked.
#[derive(Debug)]
pub struct Derivation {
    /// The text of a claim with its proof.
    pub text: String,
    /// The proof.
    pub script: Script,
    /// What the kernel made of it, one theorem for each `show`.
    pub theorems: Vec<Theorem>,
    /// The number of steps.
    pub steps: usize,
    /// How many steps the kernel was asked about.
    pub tried: usize,
}

/// What came of a statement.
#[derive(Debug)]
pub struct Outcome {
    /// The derivation of all that was found, if anything was.
    pub found: Option<Derivation>,
    /// What was not found.
    pub missing: Vec<Missing>,
}

/// Searches for a derivation of everything that a statement shows, which may cite a library. The id is for the text.
///
/// # Examples
/// ```
/// let claim = logitlab_claims::claims::parse("claim mass given P : distribution, g : real show sum(g*P) = g")?;
/// let outcome = logitlab_claims::prove::prove("mass", &claim.statement, &Default::default(), &Default::default());
/// let found = outcome.found.expect("it is easy");
/// assert_eq!(
///     found.text,
///     "claim  mass\n\
///      given  P : distribution, g : real\n\
///      show   sum(g*P) = g\n\
///      proof\n  \
///        sum(g*P)\n    \
///          = g  by algebra\n\
///      qed\n"
/// );
/// # Ok::<(), logitlab_kernel::expr::SyntaxError>(())
/// ```
pub fn prove(id: &str, statement: &Statement, library: &Citable, limits: &Limits) -> Outcome {
    let mut script = Script::default();
    let mut missing = Vec::new();
    let mut shows = Vec::new();
    let mut tried = 0;
    let first = Budget::new(limits);
    let mut items = Problem::new(statement, library, &first, solve);
    given::open(&mut items);
    for show in &statement.shows {
        let budget = Budget::new(limits);
        let mut problem = Problem { limits: &budget, ..items.clone() };
        let found = solve(&mut problem, show);
        tried += budget.tried();
        match found {
            Some(()) => {
                items.items = problem.items;
                items.known = problem.known;
                items.context = problem.context;
                shows.push(show.clone());
            }
            None => {
                let stop = if budget.is_over() { Stop::Time } else { Stop::Exhausted };
                missing.push(Missing { goal: show.clone(), stop, tried: budget.tried() });
            }
        }
    }
    if shows.is_empty() {
        return Outcome { found: None, missing };
    }
    script.items = items.items;
    let statement = Statement { shows: shows.clone(), ..statement.clone() };
    layout::prune(&statement, &mut script, library);
    let text = layout::claim(id, &statement, &script);
    let steps = script.chains().iter().map(|chain| chain.steps.len()).sum();
    let found = checked(&text, library).map(|theorems| Derivation { text, script, theorems, steps, tried });
    if found.is_none() {
        missing.extend(shows.into_iter().map(|goal| Missing { goal, stop: Stop::Rejected, tried }));
    }
    Outcome { found, missing }
}

/// The theorems of the text of a claim, by the kernel.
fn checked(text: &str, library: &Citable) -> Option<Vec<Theorem>> {
    let claim = claims::parse(text).ok()?;
    let theorems = check(&claim.statement, claim.proof.as_ref()?, &|name| library.cited(name)).ok()?;
    let shows = &claim.statement.shows;
    let all = theorems.len() == shows.len()
        && theorems.iter().zip(shows).all(|(theorem, show)| theorem.proves(&claim.statement, show));
    all.then_some(theorems)
}

/// Shows a proposition: the items that do are added to the problem.
pub(crate) fn solve(problem: &mut Problem<'_>, goal: &Prop) -> Option<()> {
    match goal {
        Prop::Compare(relation, left, right) if *relation != Relation::NotEqual => {
            let before = problem.clone();
            if let Some((start, links)) = compared(problem, *relation, left, right) {
                return conclude(problem, &start, &links);
            }
            *problem = before;
            by_cases(problem, goal, [left, right])
        }
        Prop::And(parts) => parts.iter().try_for_each(|part| solve(problem, part)),
        Prop::Implies(a, b) => {
            let branches = vec![branch(problem, a, b, 0)?];
            problem.items.push(assuming(goal, branches));
            Some(())
        }
        Prop::Or(parts) => parts.iter().find_map(|part| problem.aside(part, 0)),
        Prop::Iff(a, b) => {
            let branches = vec![branch(problem, a, b, 0)?, branch(problem, b, a, 0)?];
            problem.items.push(assuming(goal, branches));
            Some(())
        }
        _ => None,
    }
}

/// A chain that shows a relation, and where it starts.
fn compared(problem: &mut Problem<'_>, relation: Relation, left: &Tree, right: &Tree) -> Option<(Tree, Vec<Link>)> {
    match relation {
        Relation::Equal if left == right => Some((left.clone(), detour(left)?)),
        Relation::Equal => {
            let links = equation(problem, left, right).or_else(|| by_bounds(problem, left, right))?;
            Some((left.clone(), links))
        }
        Relation::GreaterEqual | Relation::Greater => {
            Some((right.clone(), inequality(problem, relation.mirrored(), right, left)?))
        }
        _ => Some((left.clone(), inequality(problem, relation, left, right)?)),
    }
}

/// Reals are equal where neither is larger: for a largest entry, and for what follows from inequalities that are met.
fn by_bounds(problem: &mut Problem<'_>, left: &Tree, right: &Tree) -> Option<Vec<Link>> {
    if left.ty() != Type::Real || problem.level > 1 || problem.quick {
        return None;
    }
    let before = problem.clone();
    let bounds = [(left, right), (right, left)];
    let bound = |small: &Tree, big: &Tree| Prop::Compare(Relation::LessEqual, small.clone(), big.clone());
    let shown = bounds.iter().try_for_each(|(small, big)| problem.aside(&bound(small, big), 1));
    let link = Link::new(Relation::Equal, right.clone(), "order.antisymmetric");
    if shown.is_some() && problem.step(left, &link).is_some() {
        return Some(vec![link]);
    }
    *problem = before;
    None
}

/// Cases of cases of cases.
const MAX_CASES: u8 = 3;

/// Shows a relation in cases: two actions the same or not, or something that stands under an absolute value negative
/// or not.
fn by_cases(problem: &mut Problem<'_>, goal: &Prop, sides: [&Tree; 2]) -> Option<()> {
    if problem.level >= MAX_CASES || problem.is_over() {
        return None;
    }
    if problem.level > 0 {
        let before = problem.clone();
        if absurd(problem).is_some() {
            return Some(());
        }
        *problem = before;
    }
    let sign = || {
        let x = given::open_signs(problem, Depth::Distributions, &sides, Op::Abs)
            .into_iter()
            .find(|x| x.ty() == Type::Real)?;
        let zero = Tree::integer(0);
        Some([Prop::Compare(Relation::LessEqual, zero.clone(), x.clone()), Prop::Compare(Relation::Less, x, zero)])
    };
    let actions = || match given::open_actions(problem, &sides)? {
        Prop::SameAction(a, c, _) => {
            Some([Prop::SameAction(a.clone(), c.clone(), true), Prop::SameAction(a, c, false)])
        }
        _ => None,
    };
    // What is given as one or the other, unless one of them is known.
    let either = || {
        let facts = problem.facts();
        problem.known.iter().find_map(|prop| match prop {
            Prop::Or(parts) if parts.iter().all(|part| facts.holds(part) != Truth::True) => Some(parts.clone()),
            _ => None,
        })
    };
    let cases = either().or_else(|| Some(actions().or_else(sign)?.to_vec()))?;
    let mut branches = Vec::new();
    for case in &cases {
        branches.push(branch(problem, case, goal, 1)?);
    }
    let script = Script { cases: branches, ..Script::default() };
    problem.items.push(Item::Goal(None, goal.clone(), Span::default(), script));
    Some(())
}

/// Shows that what is assumed cannot be: `0 < 0`, from which everything follows.
fn absurd(problem: &mut Problem<'_>) -> Option<()> {
    let zero = Tree::integer(0);
    problem.quick = true;
    let links = by_pieces(problem, Depth::Distributions, Relation::Less, &zero, &zero)?;
    conclude(problem, &zero, &links)
}

/// Adds a chain that shows what is wanted.
fn conclude(problem: &mut Problem<'_>, start: &Tree, links: &[Link]) -> Option<()> {
    let theorem = problem.chain(start, links)?;
    problem.known.push(theorem.conclusion().clone());
    problem.context.know(&"shown".into(), theorem).ok()?;
    problem.items.push(Item::Chain(None, scripted(start, links)));
    Some(())
}

/// A chain has a step; `x = x` has none of its own.
fn detour(tree: &Tree) -> Option<Vec<Link>> {
    let rule = if tree.ty() == Type::Real { "ring" } else { "vector" };
    let one = Tree::apply(Op::Mul, [Tree::integer(1), tree.clone()]).ok()?;
    Some([one, tree.clone()].into_iter().map(|to| Link::new(Relation::Equal, to, rule)).collect())
}

/// A goal under an assumption, so much deeper.
fn branch(problem: &Problem<'_>, assumption: &Prop, goal: &Prop, deeper: u8) -> Option<Branch> {
    let mut inner = problem.assume(assumption);
    inner.level += deeper;
    solve(&mut inner, goal)?;
    let script = Script { items: inner.items, ..Script::default() };
    Some(Branch { prop: assumption.clone(), span: Span::default(), script })
}

fn assuming(goal: &Prop, branches: Vec<Branch>) -> Item {
    let script = Script { assumptions: branches, ..Script::default() };
    Item::Goal(None, goal.clone(), Span::default(), script)
}
