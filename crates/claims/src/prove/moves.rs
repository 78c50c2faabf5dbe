//! What a search may do to an expression: use a rule of the kernel wherever it applies.

use crate::expr::{Name, Node, Prop, Relation, Tree, Type};
use crate::proof::facts::Facts;
use crate::proof::kernel::PROCEDURES;
use crate::proof::normal::Expand;
use crate::proof::rules::{self, Law, RULES};
use crate::proof::step::{Goal, Justification, follows};
use crate::proof::term::Binding;

use super::expand::{expand, size, tidy};

/// Expressions with more nodes are not looked at: nobody wants to read them.
pub const MAX_SIZE: usize = 300;

fn equal<'a>(left: &'a Tree, right: &'a Tree) -> Goal<'a> {
    Goal { relation: Relation::Equal, left, right }
}

/// One kind of step.
#[derive(Debug)]
pub struct Move {
    /// The names that a script gives for it.
    pub names: Vec<Name>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// Laws from left to right.
    Laws(Vec<Law>),
    /// Linearity.
    Expand(Expand, Type),
    /// Zeros and ones taken away.
    Tidy,
}

impl Move {
    /// Every move: the equations of the kernel's table in both directions, its procedures, definitions and
    /// hypotheses.
    pub fn all(definitions: &[(Name, Tree)], hypotheses: &[Prop]) -> Vec<Move> {
        let mut moves = vec![Move { names: vec!["ring".into(), "vector".into()], kind: Kind::Tidy }];
        for (name, procedure, _) in PROCEDURES {
            if let Justification::Normal(expand, ty) = procedure
                && *expand != Expand::Nothing
            {
                moves.push(Move { names: vec![(*name).into()], kind: Kind::Expand(*expand, *ty) });
            }
        }
        let defined = definitions.iter().flat_map(|(name, body)| {
            let prop = Prop::Compare(Relation::Equal, Tree::variable(name, body.ty()), body.clone());
            Law::of(&[], &[], &prop).into_iter().map(|law| Law { everywhere: true, ..law })
        });
        let assumed = hypotheses.iter().flat_map(|prop| Law::of(&[], &[], prop));
        let own = [("definition", defined.collect::<Vec<_>>()), ("hypothesis", assumed.collect())];
        let table = RULES.iter().filter_map(|rule| Some((rule.name, rules::laws(rule.name)?.to_vec())));
        for (name, laws) in table.chain(own) {
            let laws: Vec<Law> = laws.into_iter().filter(|law| law.relation == Relation::Equal).collect();
            let turned = laws.iter().map(|law| Law { left: law.right.clone(), right: law.left.clone(), ..law.clone() });
            for direction in [turned.filter(leads).collect(), laws.iter().filter(|law| leads(law)).cloned().collect()] {
                let direction: Vec<Law> = direction;
                if !direction.is_empty() {
                    moves.push(Move { names: vec![name.into()], kind: Kind::Laws(direction) });
                }
            }
        }
        moves
    }

    /// The expression after this move at every place where it applies, as the kernel sees it; `None` where there is
    /// none.
    pub fn apply(&self, tree: &Tree, facts: &Facts<'_>) -> Option<Tree> {
        facts.effort.renew();
        let to = match &self.kind {
            Kind::Tidy => tidy(tree)?,
            Kind::Laws(laws) => everywhere(tree, facts, &|tree, facts| by_law(laws, tree, facts))?,
            Kind::Expand(kind, ty) => everywhere(tree, facts, &|tree, facts| {
                let to = expand(*kind, tree).filter(|to| to.ty() == *ty && to != tree)?;
                follows(&[Justification::Normal(*kind, *ty)], facts, equal(tree, &to)).ok().map(|()| to)
            })?,
        };
        (to != *tree && size(&to) <= MAX_SIZE).then_some(to)
    }
}

/// Whether a law can be used from left to right: the left side is no mere name or number, which stands everywhere,
/// and the right side brings no binder, for which a name would have to be found.
fn leads(law: &Law) -> bool {
    let binds = |node: &Node| matches!(node, Node::Expect { .. } | Node::Gradient { .. } | Node::Derivative { .. });
    law.variables.is_empty()
        || !law.left.node().children().is_empty() && (law.left.any(&binds) || !law.right.any(&binds))
}

fn by_law(laws: &[Law], tree: &Tree, facts: &Facts<'_>) -> Option<Tree> {
    laws.iter().find_map(|law| {
        let to = if law.variables.is_empty() {
            (law.left == *tree).then(|| law.right.clone())?
        } else {
            let mut binding = Binding::default();
            if !binding.matches(&law.left, tree) {
                return None;
            }
            binding.instantiate(&law.right)?
        };
        let rule = [Justification::Laws(vec![law.clone()])];
        (to != *tree && follows(&rule, facts, equal(tree, &to)).is_ok()).then_some(to)
    })
}

/// A tree changed at the outermost places where `f` changes it.
fn everywhere(tree: &Tree, facts: &Facts<'_>, f: &dyn Fn(&Tree, &Facts<'_>) -> Option<Tree>) -> Option<Tree> {
    if let Some(changed) = f(tree, facts) {
        return Some(changed);
    }
    let children = tree.node().children();
    let mut parts: Vec<Tree> = Vec::with_capacity(children.len());
    for (index, child) in children.iter().enumerate() {
        let inner = match (tree.node(), index) {
            (Node::Expect { action: name, .. }, 1)
            | (Node::Gradient { at: name, .. } | Node::Derivative { at: name, .. }, 0) => Some(facts.without(name)),
            _ => None,
        };
        let changed = everywhere(child, inner.as_deref().unwrap_or(facts), f);
        parts.push(changed.unwrap_or_else(|| (*child).clone()));
    }
    if parts.iter().zip(&children).all(|(part, child)| part == *child) {
        return None;
    }
    Tree::new(tree.node().with_children(parts)).ok()
}
