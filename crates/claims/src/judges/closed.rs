//! Claims without variables: computations, which are done for every small K.

use super::case::{Case, fixed_size, untried};
use super::decide::{Found, Outcome};
use super::search::turning;
use crate::expr::{Node, Prop, Statement, Type};
use crate::policy::Spec;

/// The largest K at which a computation is done that does not fix K, in their order.
const SMALL: [usize; 8] = [2, 3, 4, 5, 6, 7, 8, 1];

/// The largest K near a whole number of the statement.
const MOST_ACTIONS: usize = 10_000;

/// Whether a statement says anything of K: where it does not, one K stands for all.
pub fn depends_on_size(statement: &Statement) -> bool {
    let has = |node: &Node| {
        let vector = node.children().iter().any(|child| child.ty() == Type::Vector);
        vector || matches!(node, Node::Size | Node::Ones | Node::Zeros | Node::Unit(_) | Node::Entries(_))
    };
    let actions = |prop: &Prop| prop.trees().is_empty();
    statement.trees().iter().any(|tree| tree.any(&has))
        || statement.hypotheses.iter().chain(&statement.shows).any(actions)
}

/// The K for which a claim without variables is computed.
pub fn sizes(statement: &Statement) -> Vec<usize> {
    match fixed_size(statement) {
        Some(_) if untried(statement).is_some() => vec![],
        Some(k) => vec![k],
        None if !depends_on_size(statement) => vec![SMALL[0]],
        None => {
            let mut sizes = SMALL.to_vec();
            let mut more = turning::sizes(statement, MOST_ACTIONS);
            for tree in statement.trees() {
                tree.visit(&mut |part| {
                    if let Node::Entries(items) = part.node() {
                        more.push(items.len());
                    }
                });
            }
            more.sort_unstable();
            more.dedup();
            more.retain(|k| *k > SMALL.len());
            sizes.extend(more);
            sizes
        }
    }
}

/// The policies that stand for these K: the claim does not speak of one.
pub fn specs(statement: &Statement) -> Vec<Spec> {
    let spec = |k: &usize| format!("uniform:K={k}").parse().expect("a number of actions");
    sizes(statement).iter().map(spec).collect()
}

/// For each line to be shown, the K for which it is proved: where the hypotheses hold and `settles` says so of what is
/// found.
pub fn proved(
    statement: &Statement,
    decide: impl Fn(&Case) -> Outcome,
    settles: impl Fn(&Prop, &Found) -> bool,
) -> Vec<Vec<usize>> {
    let mut all = vec![vec![]; statement.shows.len()];
    for k in sizes(statement) {
        if let Outcome::Inside(found) = decide(&Case { k, actions: vec![], reals: vec![], vectors: vec![] }) {
            for ((show, one), ks) in statement.shows.iter().zip(&found).zip(&mut all) {
                if settles(show, one) {
                    ks.push(k);
                }
            }
        }
    }
    all.iter_mut().for_each(|ks| ks.sort_unstable());
    all
}
