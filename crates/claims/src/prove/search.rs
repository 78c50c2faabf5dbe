//! Best-first search from both sides of an equation until they meet.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::time::Instant;

use super::chain::{Chained, joined};
use super::expand::{size, unfolded_size};
use super::fingerprint::fingerprint;
use super::measure::{measure, weights};
use super::moves::MAX_SIZE;
use super::problem::{Limits, Problem, Stop};
use crate::expr::Tree;

/// The kernel looks through definitions, which may double with each of them.
const MAX_UNFOLDED: usize = 20_000;

/// Moves that lead from the two sides to expressions that `ring` and `vector` join.
#[derive(Clone, Debug)]
pub struct Meeting {
    /// From the left side.
    pub left: Vec<usize>,
    /// From the right side.
    pub right: Vec<usize>,
}

/// How a search ended.
pub struct Ended {
    /// Where the sides meet, or why the search stopped.
    pub result: Result<Meeting, Stop>,
    /// How many expressions were looked at.
    pub tried: usize,
}

struct State {
    tree: Tree,
    /// The state before and the move that led here.
    from: Option<(usize, usize)>,
    steps: u32,
}

/// One of the two frontiers.
struct Side {
    states: Vec<State>,
    seen: HashSet<Tree>,
    prints: HashMap<u64, Vec<usize>>,
    queue: BinaryHeap<Reverse<(u64, usize)>>,
}

impl Side {
    fn new(start: &Tree) -> Side {
        let mut side =
            Side { states: Vec::new(), seen: HashSet::new(), prints: HashMap::new(), queue: BinaryHeap::new() };
        side.add(start.clone(), None, 0, 0.0);
        side
    }

    /// A new state, or none if the tree is known.
    fn add(&mut self, tree: Tree, from: Option<(usize, usize)>, steps: u32, weight: f64) -> Option<usize> {
        if !self.seen.insert(tree.clone()) {
            return None;
        }
        let index = self.states.len();
        self.prints.entry(fingerprint(&tree)).or_default().push(index);
        // Light first; of equally light ones those that were reached in fewer steps.
        let priority = (libm::log(weight).max(0.0) * 4096.0) as u64 + u64::from(steps) * 256;
        self.queue.push(Reverse((priority, index)));
        self.states.push(State { tree, from, steps });
        Some(index)
    }

    fn path(&self, index: usize) -> Vec<usize> {
        let mut path = Vec::new();
        let mut at = index;
        while let Some((before, by)) = self.states[at].from {
            path.push(by);
            at = before;
        }
        path.reverse();
        path
    }
}

/// Searches from both sides in turn. Without the limit of time the result is always the same.
pub fn search(problem: &Problem<'_>, limits: &Limits) -> Ended {
    let start = Instant::now();
    let weights = weights(&problem.statement.definitions);
    let mut sides = [Side::new(problem.left), Side::new(problem.right)];
    let ended = |result, sides: &[Side; 2]| Ended { result, tried: sides[0].states.len() + sides[1].states.len() };
    let unfolded = |tree: &Tree| unfolded_size(tree, &problem.statement.definitions);
    let too_long = |tree: &Tree| size(tree) > MAX_SIZE || unfolded(tree) > MAX_UNFOLDED;
    if too_long(problem.left) || too_long(problem.right) {
        return ended(Err(Stop::TooLong), &sides);
    }
    if joined(problem, problem.left, problem.right).is_some() {
        return ended(Ok(Meeting { left: Vec::new(), right: Vec::new() }), &sides);
    }
    let mut turn = 0;
    loop {
        let Some(side) = [turn, 1 - turn].into_iter().find(|side| !sides[*side].queue.is_empty()) else {
            return ended(Err(Stop::Exhausted), &sides);
        };
        turn = 1 - turn;
        let Reverse((_, index)) = sides[side].queue.pop().expect("just seen");
        let (tree, steps) = (sides[side].states[index].tree.clone(), sides[side].states[index].steps);
        // What is remembered of one expression is of little use for the next.
        let facts = problem.facts();
        for (by, step) in problem.moves.iter().enumerate() {
            if start.elapsed() >= limits.time {
                return ended(Err(Stop::Time), &sides);
            }
            let Some(to) = step.apply(&tree, &facts) else { continue };
            let weight = measure(&to, &weights);
            let Some(new) = sides[side].add(to, Some((index, by)), steps + 1, weight) else { continue };
            if let Some(other) = meets(problem, &sides[side].states[new].tree, &sides[1 - side]) {
                let (mine, theirs) = (sides[side].path(new), sides[1 - side].path(other));
                let (left, right) = if side == 0 { (mine, theirs) } else { (theirs, mine) };
                return ended(Ok(Meeting { left, right }), &sides);
            }
            if sides[0].states.len() + sides[1].states.len() >= limits.expressions {
                return ended(Err(Stop::Expressions), &sides);
            }
        }
    }
}

/// A state of the other side that can be joined with this expression.
fn meets(problem: &Problem<'_>, tree: &Tree, other: &Side) -> Option<usize> {
    let same = other.prints.get(&fingerprint(tree))?;
    same.iter().copied().find(|index| joined(problem, tree, &other.states[*index].tree).is_some())
}

/// The chain of a meeting, if its moves still apply: what the moves make of the two sides, and the join.
pub fn replay(problem: &Problem<'_>, meeting: &Meeting) -> Option<Chained> {
    let facts = problem.facts();
    let follow = |start: &Tree, path: &[usize]| {
        let mut trees = vec![start.clone()];
        for by in path {
            trees.push(problem.moves[*by].apply(trees.last().expect("it starts with one"), &facts)?);
        }
        Some(trees)
    };
    let (left, right) = (follow(problem.left, &meeting.left)?, follow(problem.right, &meeting.right)?);
    let (end, back) = (left.last()?, right.last()?);
    if fingerprint(end) != fingerprint(back) {
        return None;
    }
    let join = joined(problem, end, back)?;
    let mut chain = Chained { start: problem.left.clone(), steps: Vec::new() };
    for (by, to) in meeting.left.iter().zip(&left[1..]) {
        chain.push(problem.moves[*by].names.clone(), to.clone());
    }
    join.into_iter().for_each(|(names, to)| chain.push(names, to));
    for (index, by) in meeting.right.iter().enumerate().rev() {
        chain.push(problem.moves[*by].names.clone(), right[index].clone());
    }
    Some(chain)
}

/// The meeting without the moves that it does not need.
pub fn minimal(problem: &Problem<'_>, meeting: Meeting) -> Meeting {
    let mut best = meeting;
    while let Some(shorter) = shortened(&best).into_iter().find(|shorter| replay(problem, shorter).is_some()) {
        best = shorter;
    }
    best
}

/// A meeting without two moves, one on each side, or without one.
fn shortened(meeting: &Meeting) -> Vec<Meeting> {
    let without = |path: &[usize], at: usize| [&path[..at], &path[at + 1..]].concat();
    let Meeting { left, right } = meeting;
    let mut all = Vec::new();
    for (i, j) in (0..left.len()).flat_map(|i| (0..right.len()).map(move |j| (i, j))) {
        all.push(Meeting { left: without(left, i), right: without(right, j) });
    }
    all.extend((0..left.len()).map(|i| Meeting { left: without(left, i), right: right.clone() }));
    all.extend((0..right.len()).map(|j| Meeting { left: left.clone(), right: without(right, j) }));
    all
}
