//! What a search may spend: units of work, estimated from the statement, so that results depend on no clock.

use std::time::{Duration, Instant};

use crate::expr::definition::unfold;
use crate::expr::{Node, Op, Prop, Statement, Tree, Type};

/// How hard a search tries, in units of work: a unit is about a tenth of a microsecond in a release build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort(pub u64);

impl Effort {
    /// For a claim of which nothing is known.
    pub const FULL: Effort = Effort(24_000_000);
    /// For a claim with a derivation, and for a step of one.
    pub const LOW: Effort = Effort(1_200_000);
}

/// Where a search stops whatever the estimate says: input is hostile until proven otherwise.
const LONGEST: Duration = Duration::from_secs(60);

/// What is left to spend.
pub struct Budget {
    whole: u64,
    left: u64,
    start: Instant,
    /// What is kept for a later phase.
    reserve: u64,
}

impl Budget {
    /// All of it.
    pub fn new(effort: Effort) -> Budget {
        Budget { whole: effort.0, left: effort.0, start: Instant::now(), reserve: 0 }
    }

    /// Keeps so many hundredths of what is left for later.
    pub fn reserve(&mut self, hundredths: u64) {
        self.reserve = self.left / 100 * hundredths;
    }

    /// Gives what was kept.
    pub fn release(&mut self) {
        self.reserve = 0;
    }

    /// A little more, to make small what was found.
    pub fn extend(&mut self) {
        self.left = self.left.max(self.whole / 10);
    }

    /// Takes off what something costs.
    pub fn spend(&mut self, units: u64) {
        self.left = self.left.saturating_sub(units);
    }

    /// Whether something is left.
    pub fn goes_on(&self) -> bool {
        self.left > self.reserve && self.start.elapsed() < LONGEST
    }
}

/// The cost of evaluating a statement once at some K in f64 intervals.
pub fn cost(statement: &Statement, k: usize) -> u64 {
    let trees = statement.trees();
    let actions = |prop: &Prop| u64::from(prop.trees().is_empty());
    let few = statement.shows.iter().map(actions).sum::<u64>();
    // The names' values have to be made as well.
    let names = statement.variables.len() as u64 * (5 + 8 * k as u64);
    20 + names + few + trees.into_iter().map(|tree| of_tree(tree, k as u64, 1)).sum::<u64>()
}

fn of_tree(tree: &Tree, k: u64, parts: u64) -> u64 {
    let all = |parts: u64| {
        tree.node().children().into_iter().map(|child| of_tree(child, k, parts)).fold(0, u64::saturating_add)
    };
    let entries = if tree.ty() == Type::Vector { k } else { 1 };
    match tree.node() {
        Node::Apply(op @ Op::Derived(_), arguments) => {
            let meaning = unfold(*op, arguments);
            meaning.map_or(all(parts), |meaning| of_tree(&meaning, k, parts))
        }
        Node::Apply(op, arguments) => {
            let over = if arguments[0].ty() == Type::Vector { k } else { entries };
            let each = match op {
                Op::Exp | Op::Log | Op::XlogX | Op::XlogY | Op::Lse | Op::Softmax | Op::Entropy => 16,
                Op::Divergence => 32,
                _ => 2,
            };
            all(parts).saturating_add(parts * each * over)
        }
        Node::Expect { .. } => all(parts).saturating_mul(k),
        Node::Derivative { .. } => all(2 * parts).saturating_add(10 * k),
        Node::Gradient { .. } => all(2 * parts).saturating_add(10 * k).saturating_mul(k),
        _ => all(parts).saturating_add(2 * parts),
    }
}
