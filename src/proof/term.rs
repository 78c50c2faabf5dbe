//! Names in expressions: what occurs, unfolding of definitions, matching of patterns. (trusted)

use std::collections::BTreeMap;

use crate::expr::{Action, Name, Node, Prop, Tree, Type};

/// Whether an action of this name occurs free.
pub fn mentions_action(tree: &Tree, name: &str) -> bool {
    let is = |action: &Action| matches!(action, Action::Name(known) if &**known == name);
    match tree.node() {
        Node::Unit(action) => is(action),
        Node::At(inner, action) | Node::Others(inner, action) => is(action) || mentions_action(inner, name),
        Node::Expect { action, over, body } => {
            mentions_action(over, name) || &**action != name && mentions_action(body, name)
        }
        node => node.children().into_iter().any(|child| mentions_action(child, name)),
    }
}

/// Whether a coordinate is named by its number.
pub fn is_numbered(tree: &Tree) -> bool {
    let index = |action: &Action| matches!(action, Action::Index(_));
    tree.any(&|node| match node {
        Node::Unit(action) | Node::At(_, action) | Node::Others(_, action) => index(action),
        _ => false,
    })
}

/// Whether a variable of this name occurs.
pub fn mentions_variable(tree: &Tree, name: &str) -> bool {
    tree.any(&|node| match node {
        Node::Variable(known, _) | Node::Gradient { at: known, .. } | Node::Derivative { at: known, .. } => {
            &**known == name
        }
        _ => false,
    })
}

/// A tree with definitions replaced by what they stand for, as often as there are any.
pub fn unfold(tree: &Tree, definitions: &[(Name, Tree)]) -> Option<Tree> {
    // A definition uses only those before it, so one pass from the last to the first is enough.
    definitions.iter().rev().try_fold(tree.clone(), |tree, (name, body)| {
        let mut replace = |node: &Tree| match node.node() {
            Node::Variable(known, _) if known == name => Some(body.clone()),
            _ => None,
        };
        tree.rewrite(&mut replace).ok()
    })
}

/// A proposition with its expressions and actions replaced.
pub fn map_prop(prop: &Prop, f: &dyn Fn(&Tree) -> Option<Tree>, g: &dyn Fn(&Action) -> Option<Action>) -> Option<Prop> {
    let both = |a: &Prop, b: &Prop| Some((Box::new(map_prop(a, f, g)?), Box::new(map_prop(b, f, g)?)));
    Some(match prop {
        Prop::Compare(relation, left, right) => Prop::Compare(*relation, f(left)?, f(right)?),
        Prop::SameAction(a, b, same) => Prop::SameAction(g(a)?, g(b)?, *same),
        Prop::And(parts) => Prop::And(parts.iter().map(|part| map_prop(part, f, g)).collect::<Option<_>>()?),
        Prop::Implies(a, b) => both(a, b).map(|(a, b)| Prop::Implies(a, b))?,
        Prop::Iff(a, b) => both(a, b).map(|(a, b)| Prop::Iff(a, b))?,
    })
}

/// What the variables of a pattern stand for.
#[derive(Clone, Debug, Default)]
pub struct Binding {
    /// Reals and vectors.
    pub trees: BTreeMap<Name, Tree>,
    /// Actions.
    pub actions: BTreeMap<Name, Action>,
    /// Bound actions of the pattern, which no value may mention, and what they are called in the expression.
    bound: Vec<(Name, Name)>,
}

impl Binding {
    /// Extends the binding so that the pattern becomes the tree; every name of the pattern is a variable.
    pub fn matches(&mut self, pattern: &Tree, tree: &Tree) -> bool {
        if pattern.ty() != tree.ty() {
            return false;
        }
        match (pattern.node(), tree.node()) {
            (Node::Variable(name, _), _) => self.bind(name, tree),
            (Node::Unit(p), Node::Unit(t)) => self.action(p, t),
            (Node::At(p, pa), Node::At(t, ta)) | (Node::Others(p, pa), Node::Others(t, ta)) => {
                self.action(pa, ta) && self.matches(p, t)
            }
            (Node::Apply(p, left), Node::Apply(t, right)) => {
                p == t && left.len() == right.len() && left.iter().zip(right).all(|(l, r)| self.matches(l, r))
            }
            (Node::Power(p, n), Node::Power(t, m)) => n == m && self.matches(p, t),
            (Node::Expect { action: pa, over: po, body: pb }, Node::Expect { action: ta, over: to, body: tb }) => {
                if !self.matches(po, to) {
                    return false;
                }
                self.bound.push((pa.clone(), ta.clone()));
                self.matches(pb, tb)
            }
            (Node::Gradient { of: p, at: pz }, Node::Gradient { of: t, at: tz }) => {
                self.bind(pz, &Tree::variable(tz, Type::Vector)) && self.matches(p, t)
            }
            (Node::Derivative { of: p, at: pz, along: pv }, Node::Derivative { of: t, at: tz, along: tv }) => {
                self.bind(pz, &Tree::variable(tz, Type::Vector)) && self.matches(p, t) && self.matches(pv, tv)
            }
            (Node::Number(_) | Node::Size | Node::Ones | Node::Zeros, _) => pattern == tree,
            _ => false,
        }
    }

    fn bind(&mut self, name: &Name, tree: &Tree) -> bool {
        match self.trees.get(name) {
            Some(known) => known == tree,
            None => {
                self.trees.insert(name.clone(), tree.clone());
                true
            }
        }
    }

    fn action(&mut self, pattern: &Action, action: &Action) -> bool {
        let Action::Name(name) = pattern else { return pattern == action };
        if let Some((_, bound)) = self.bound.iter().rev().find(|(known, _)| known == name) {
            return matches!(action, Action::Name(found) if found == bound);
        }
        self.actions.entry(name.clone()).or_insert_with(|| action.clone()) == action
    }

    /// Whether no value mentions an action that is bound in the expression: such a value would change its meaning
    /// where the rule takes it out of the binder.
    pub fn is_closed(&self) -> bool {
        let free = |name: &Name| {
            self.trees.values().all(|tree| !mentions_action(tree, name))
                && self.actions.values().all(|action| !matches!(action, Action::Name(known) if known == name))
        };
        self.bound.iter().all(|(_, name)| free(name))
    }

    /// The pattern with values for its variables; `None` if one has no value or would be captured by a binder.
    pub fn instantiate(&self, pattern: &Tree) -> Option<Tree> {
        let variable = |name: &Name| match self.trees.get(name)?.node() {
            Node::Variable(known, _) => Some(known.clone()),
            _ => None,
        };
        let part = |tree: &Tree| self.instantiate(tree);
        let node = match pattern.node() {
            Node::Variable(name, _) => return self.trees.get(name).cloned(),
            Node::Unit(action) => Node::Unit(self.renamed(action)?),
            Node::At(v, action) => Node::At(part(v)?, self.renamed(action)?),
            Node::Others(v, action) => Node::Others(part(v)?, self.renamed(action)?),
            Node::Gradient { of, at } => Node::Gradient { of: part(of)?, at: variable(at)? },
            Node::Derivative { of, at, along } => {
                Node::Derivative { of: part(of)?, at: variable(at)?, along: part(along)? }
            }
            Node::Expect { action, over, body } => {
                let (name, inner) = self.enter(action)?;
                Node::Expect { action: name, over: part(over)?, body: inner.instantiate(body)? }
            }
            other => other.with_children(other.children().into_iter().map(part).collect::<Option<_>>()?),
        };
        Tree::new(node).ok()
    }

    /// The name of a bound action of the pattern in the expression, and the binding below it.
    fn enter(&self, action: &Name) -> Option<(Name, Binding)> {
        let known = self.bound.iter().find(|(pattern, _)| pattern == action);
        let name = known.map_or(action, |(_, name)| name).clone();
        let mut inner = self.clone();
        inner.actions.insert(action.clone(), Action::Name(name.clone()));
        self.trees.values().all(|tree| !mentions_action(tree, &name)).then_some((name, inner))
    }

    fn renamed(&self, action: &Action) -> Option<Action> {
        match action {
            Action::Name(name) => self.actions.get(name).cloned(),
            Action::Index(_) => Some(action.clone()),
        }
    }

    /// A proposition with values for its variables.
    pub fn instantiate_prop(&self, prop: &Prop) -> Option<Prop> {
        map_prop(prop, &|tree| self.instantiate(tree), &|action| self.renamed(action))
    }
}

/// Whether two trees have the same operation at the top; their subexpressions may differ.
pub fn same_shape(left: &Tree, right: &Tree) -> bool {
    let (a, b) = (left.node().children(), right.node().children());
    if a.is_empty() || a.len() != b.len() || a.iter().zip(&b).any(|(x, y)| x.ty() != y.ty()) {
        return false;
    }
    let others: Vec<Tree> = b.into_iter().cloned().collect();
    left.node().with_children(others) == *right.node()
}
