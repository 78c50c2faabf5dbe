//! Functions of a statement's own, `let f(x) = ...`: where one is used, its body is put with the arguments.

pub use super::prop::Function;
use super::tree::{Action, BuildError, Name, Node, Tree};

/// How many parts a body, and what is put where a function is used, may have.
pub const MAX_BODY: u64 = 2000;

/// What stands for a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A real or a vector.
    Value(Tree),
    /// An action.
    Action(Action),
}

/// Names that are given to what a body binds.
type Fresh<'a> = &'a dyn Fn(&Name, &[Name]) -> Name;

impl Function {
    /// The body with arguments for the parameters. `fresh` gives a name for an action that the body binds, which must
    /// be none of those that stand around the use, of those that arguments mention, or of the listed ones.
    ///
    /// # Errors
    /// If what comes out is too deep or too large.
    pub fn applied(&self, arguments: &[Argument], fresh: Fresh<'_>) -> Result<Tree, BuildError> {
        let mut renamed = Vec::new();
        let tree = self.put(&self.body, arguments, &mut renamed, fresh)?;
        if tree.parts() > MAX_BODY { Err(BuildError::TooLarge) } else { Ok(tree) }
    }

    fn put(
        &self,
        tree: &Tree,
        arguments: &[Argument],
        renamed: &mut Vec<(Name, Name)>,
        fresh: Fresh<'_>,
    ) -> Result<Tree, BuildError> {
        let argument = |name: &Name| self.parameters.iter().position(|(known, _)| known == name).map(|k| &arguments[k]);
        let action = |action: &Action, renamed: &[(Name, Name)]| match action {
            Action::Index(_) => action.clone(),
            Action::Name(name) => match (renamed.iter().rev().find(|(from, _)| from == name), argument(name)) {
                (Some((_, to)), _) => Action::Name(to.clone()),
                (None, Some(Argument::Action(action))) => action.clone(),
                _ => action.clone(),
            },
        };
        let node = match tree.node() {
            Node::Variable(name, _) => match argument(name) {
                Some(Argument::Value(value)) => return Ok(value.clone()),
                _ => return Ok(tree.clone()),
            },
            Node::Unit(at) => Node::Unit(action(at, renamed)),
            Node::At(v, at) => {
                let at = action(at, renamed);
                Node::At(self.put(v, arguments, renamed, fresh)?, at)
            }
            Node::Others(v, at) => {
                let at = action(at, renamed);
                Node::Others(self.put(v, arguments, renamed, fresh)?, at)
            }
            Node::Expect { action: bound, over, body } => {
                let over = self.put(over, arguments, renamed, fresh)?;
                let taken: Vec<Name> = renamed.iter().map(|(_, to)| to.clone()).collect();
                let name = fresh(bound, &taken);
                renamed.push((bound.clone(), name.clone()));
                let body = self.put(body, arguments, renamed, fresh);
                renamed.pop();
                Node::Expect { action: name, over, body: body? }
            }
            node => {
                let children = node.children().into_iter();
                let children: Result<Vec<Tree>, BuildError> =
                    children.map(|child| self.put(child, arguments, renamed, fresh)).collect();
                node.with_children(children?)
            }
        };
        Tree::new(node)
    }

    /// The parameter that stands under a derivative with respect to one of some names, and that name; with respect to a
    /// parameter nothing is differentiated. Put there, an argument that depends on the name would be differentiated
    /// too.
    pub fn differentiated(&self) -> Vec<(&Name, Name)> {
        let mut found = Vec::new();
        self.body.visit(&mut |tree| {
            if let Node::Gradient { of, at } | Node::Derivative { of, at, .. } = tree.node() {
                let inside = self.parameters.iter().map(|(name, _)| name).filter(|name| of.has_variable(name));
                found.extend(inside.map(|name| (name, at.clone())));
            }
        });
        found
    }
}
