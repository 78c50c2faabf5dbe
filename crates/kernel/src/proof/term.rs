//! Names in expressions: what occurs, unfolding of definitions, matching of patterns. (trusted)

use std::collections::BTreeMap;

use crate::expr::{Action, Name, Node, Prop, Sort, Tree, Type};

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

/// The numbers by which coordinates are named.
pub fn numbers(tree: &Tree) -> Vec<usize> {
    let mut all = Vec::new();
    tree.visit(&mut |tree| match tree.node() {
        Node::Unit(Action::Index(n)) | Node::At(_, Action::Index(n)) | Node::Others(_, Action::Index(n)) => {
            all.push(*n)
        }
        _ => {}
    });
    all
}

/// Whether one of some names occurs: the first as an action or a variable, the others as variables.
pub fn mentions(tree: &Tree, names: &[&str]) -> bool {
    mentions_action(tree, names[0]) || names.iter().any(|name| tree.has_variable(name))
}

/// The same of a proposition.
pub fn prop_mentions(prop: &Prop, names: &[&str]) -> bool {
    let is = |action: &&Action| matches!(action, Action::Name(name) if **name == *names[0]);
    prop.trees().iter().any(|tree| mentions(tree, names)) || prop.actions().iter().any(is)
}

/// A name that is not declared as what it is used as, or that is declared and bound at once; `bound` are the actions
/// bound around the tree. Without such a name, a tree means the same wherever the names are declared, and no binder
/// captures a declared name.
pub fn misused<'t>(
    tree: &'t Tree,
    variables: &[(Name, Sort)],
    definitions: &[(Name, Tree)],
    bound: &[&Name],
) -> Option<&'t Name> {
    let sort = |name: &Name| variables.iter().find(|(known, _)| known == name).map(|(_, sort)| *sort);
    let defined = |name: &Name| definitions.iter().find(|(known, _)| known == name).map(|(_, body)| body.ty());
    let own = match tree.node() {
        Node::Variable(name, ty) => (defined(name).or(sort(name).and_then(Sort::ty)) != Some(*ty)).then_some(name),
        Node::Gradient { at, .. } | Node::Derivative { at, .. } => {
            (!matches!(sort(at), Some(Sort::Vector | Sort::Logits | Sort::Masked))).then_some(at)
        }
        Node::Expect { action, .. } => (sort(action).is_some() || defined(action).is_some()).then_some(action),
        Node::Unit(Action::Name(name)) | Node::At(_, Action::Name(name)) | Node::Others(_, Action::Name(name)) => {
            (!bound.contains(&name) && sort(name) != Some(Sort::Action)).then_some(name)
        }
        _ => None,
    };
    let inside = |(index, child)| match tree.node() {
        Node::Expect { action, .. } if index == 1 => {
            misused(child, variables, definitions, &[bound, &[action]].concat())
        }
        _ => misused(child, variables, definitions, bound),
    };
    own.or_else(|| tree.node().children().into_iter().enumerate().find_map(inside))
}

/// A tree with definitions replaced by what they stand for, as often as there are any.
pub fn unfold(tree: &Tree, definitions: &[(Name, Tree)]) -> Option<Tree> {
    let mut too_deep = false;
    let mut replace = |node: &Tree| {
        let Node::Variable(name, _) = node.node() else { return None };
        let index = definitions.iter().position(|(known, _)| known == name)?;
        // A definition uses only those before it.
        let body = unfold(&definitions[index].1, &definitions[..index]);
        too_deep |= body.is_none();
        body
    };
    tree.rewrite(&mut replace).ok().filter(|_| !too_deep)
}

/// A proposition with its expressions and actions replaced.
pub fn map_prop(prop: &Prop, f: &dyn Fn(&Tree) -> Option<Tree>, g: &dyn Fn(&Action) -> Option<Action>) -> Option<Prop> {
    let both = |a: &Prop, b: &Prop| Some((Box::new(map_prop(a, f, g)?), Box::new(map_prop(b, f, g)?)));
    Some(match prop {
        Prop::Compare(relation, left, right) => Prop::Compare(*relation, f(left)?, f(right)?),
        Prop::SameAction(a, b, same) => Prop::SameAction(g(a)?, g(b)?, *same),
        Prop::And(parts) => Prop::And(parts.iter().map(|part| map_prop(part, f, g)).collect::<Option<_>>()?),
        Prop::Or(parts) => Prop::Or(parts.iter().map(|part| map_prop(part, f, g)).collect::<Option<_>>()?),
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
    /// The binders around the place at hand, the innermost last: what each is called in the pattern and in the tree.
    around: Vec<(Name, Name)>,
    /// All binders met so far, in the same way.
    met: Vec<(Name, Name)>,
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
                let same = self.matches(po, to);
                self.around.push((pa.clone(), ta.clone()));
                let same = same && self.matches(pb, tb);
                self.met.extend(self.around.pop());
                same
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

    /// A value that mentions an action bound around it has no meaning outside of that binder.
    fn bind(&mut self, name: &Name, tree: &Tree) -> bool {
        !self.around.iter().any(|(_, bound)| mentions_action(tree, bound))
            && self.trees.entry(name.clone()).or_insert_with(|| tree.clone()) == tree
    }

    /// Two actions are the same where one binder binds both, or where both are free.
    fn action(&mut self, pattern: &Action, action: &Action) -> bool {
        let place = |action: &Action, side: fn(&(Name, Name)) -> &Name| {
            self.around.iter().rposition(|pair| matches!(action, Action::Name(name) if name == side(pair)))
        };
        match (pattern, place(pattern, |pair| &pair.0), place(action, |pair| &pair.1)) {
            (Action::Name(name), None, None) => {
                self.actions.entry(name.clone()).or_insert_with(|| action.clone()) == action
            }
            (Action::Index(_), ..) => pattern == action,
            (_, ours, theirs) => ours == theirs,
        }
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

    /// The name of a bound action of the pattern in the expression, and the binding below it; `None` where some value
    /// mentions an action of that name, which the binder would capture.
    fn enter(&self, action: &Name) -> Option<(Name, Binding)> {
        let known = self.met.iter().find(|(pattern, _)| pattern == action);
        let name = known.map_or(action, |(_, name)| name).clone();
        let value = |(of, value): (&Name, &Action)| of != action && *value == Action::Name(name.clone());
        let captures = self.trees.values().any(|tree| mentions_action(tree, &name)) || self.actions.iter().any(value);
        let mut inner = self.clone();
        inner.actions.insert(action.clone(), Action::Name(name.clone()));
        (!captures).then_some((name, inner))
    }

    /// Whether a binder of a proposition would capture what a value mentions, were it instantiated.
    pub fn captures(&self, prop: &Prop) -> bool {
        let caught = |node: &Node| matches!(node, Node::Expect { action, .. } if self.enter(action).is_none());
        prop.trees().iter().any(|tree| tree.any(&caught))
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

/// Whether two trees are the same but for the names of the actions that they bind.
pub fn alike(left: &Tree, right: &Tree) -> bool {
    if left == right {
        return true;
    }
    let mut same = Binding::default();
    same.matches(left, right)
        && same.trees.iter().all(|(name, tree)| matches!(tree.node(), Node::Variable(known, _) if known == name))
        && same.actions.iter().all(|(name, action)| matches!(action, Action::Name(known) if known == name))
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
