//! Formulas: the ways to compute what a policy update needs, each written once in the language of the claims.
//!
//! w = |e_c - P|^2 can be computed in several ways that are equal on paper and not at all equal in finite precision,
//! and so can a log-probability, an importance ratio or an entropy. Each stands in [`registry`] as text beside its
//! real meaning, so that one and the same formula is evaluated exactly, in intervals of any precision, and wherever
//! else a number system is added, and its error is computed. A user's own is read by [`Formula::from_statement`].

pub mod quantity;
pub mod registry;
pub mod statement;

use std::sync::LazyLock;

use crate::expr::{Action, Name, Node, Op, Prop, Sort, Statement, Tree, Type};

pub use quantity::Quantity;
pub use registry::{find, formulas};
pub use statement::FormulaError;

/// A named way to compute something from logits.
///
/// ```
/// use logitlab_floats::formulas::{Quantity, find};
///
/// let tail = find("tail").unwrap();
/// assert_eq!(tail.quantity, Some(Quantity::SquaredNorm));
/// assert_eq!(tail.meaning.to_string(), "|e[c] - P|^2");
/// assert_eq!(tail.tree.to_string(), tail.text);
/// assert_eq!(tail.definitions[0].1.to_string(), "softmax(z)");
/// ```
#[derive(Clone, Debug)]
pub struct Formula {
    /// Lower-case words joined by hyphens, unique in the registry; for a user's formula whatever the user calls it.
    pub name: String,
    /// What it computes; `None` for a user's formula whose meaning is none of ours.
    pub quantity: Option<Quantity>,
    /// What it should be: a real, over the names of [`names`] and [`Formula::definitions`].
    pub meaning: Tree,
    /// What is computed: a real, over the same names.
    pub tree: Tree,
    /// What the names stand for that are not [`LOGITS`], [`OTHER`] or [`ACTION`], in order: P = softmax(z), and what
    /// the formula computes first. Each is evaluated once, where it is used.
    pub definitions: Vec<(Name, Tree)>,
    /// What the values must satisfy for meaning and formula to have a value; `None` where they always have one.
    pub requires: Option<Prop>,
    /// Where it stands numerically, in one line.
    pub note: String,
    /// The text of [`Formula::tree`].
    pub text: String,
}

/// The name of the logits in every formula.
pub const LOGITS: &str = "z";
/// The name of the logits of another policy, which a ratio compares with.
pub const OTHER: &str = "y";
/// The name of the chosen action in every formula.
pub const ACTION: &str = "c";
/// The name of the distribution softmax(z).
pub const POLICY: &str = "P";
/// The name of the collision probability in the formulas that compute it from log-sum-exps, as a part of its own: it
/// is often held in another format than the rest.
pub const COLLISION: &str = "collision";

/// What the formulas are written over: [`LOGITS`], [`OTHER`] and [`ACTION`], and [`POLICY`], which is defined by them.
pub fn names() -> &'static Statement {
    static NAMES: LazyLock<Statement> = LazyLock::new(|| {
        let logits = Tree::variable(LOGITS, Type::Vector);
        let policy = Tree::apply(Op::Softmax, [logits]).expect("the softmax of a vector");
        Statement {
            variables: VARIABLES.iter().map(|&(name, sort)| (name.into(), sort)).collect(),
            definitions: vec![(POLICY.into(), policy)],
            ..Statement::default()
        }
    });
    &NAMES
}

/// What may be declared in a formula.
const VARIABLES: [(&str, Sort); 3] = [(LOGITS, Sort::Logits), (OTHER, Sort::Logits), (ACTION, Sort::Action)];

impl Formula {
    /// What it computes, in a word, or for a formula of a user the text of its meaning.
    pub fn label(&self) -> String {
        self.quantity.map_or_else(|| self.meaning.to_string(), |quantity| quantity.name().to_string())
    }

    /// Whether what is computed depends on one of the names [`LOGITS`], [`OTHER`], [`ACTION`], or on a definition,
    /// directly or by its definitions.
    ///
    /// ```
    /// use logitlab_floats::formulas::{ACTION, OTHER, find};
    ///
    /// assert!(find("ratio").unwrap().uses(OTHER) && !find("logp-logits").unwrap().uses(OTHER));
    /// assert!(find("tail").unwrap().uses(ACTION) && !find("entropy").unwrap().uses(ACTION));
    /// ```
    pub fn uses(&self, name: &str) -> bool {
        self.reaches(&self.tree, name)
    }

    /// Whether an expression over the names of this formula depends on one of them, directly or by its definitions.
    pub fn reaches(&self, tree: &Tree, name: &str) -> bool {
        let own = match tree.node() {
            Node::Variable(found, _) => {
                // A definition uses only those before it, so that this ends.
                let defined = || self.definitions.iter().find(|(known, _)| known == found);
                &**found == name || defined().is_some_and(|(_, tree)| self.reaches(tree, name))
            }
            Node::Unit(Action::Name(action)) | Node::At(_, Action::Name(action)) => &**action == name,
            Node::Others(_, Action::Name(action)) => &**action == name,
            Node::Expect { action, over, .. } if &**action == name => return self.reaches(over, name),
            _ => false,
        };
        own || tree.node().children().into_iter().any(|child| self.reaches(child, name))
    }

    /// The norm by the square root of a formula for w; `None` for any other formula.
    pub fn root(&self) -> Option<Formula> {
        if self.quantity != Some(Quantity::SquaredNorm) {
            return None;
        }
        let tree = Tree::apply(Op::Sqrt, [self.tree.clone()]).ok()?;
        Some(Formula {
            name: format!("{}-norm", self.name),
            quantity: Some(Quantity::Norm),
            meaning: Quantity::Norm.meaning(),
            text: tree.to_string(),
            tree,
            note: format!("the square root of `{}`", self.name),
            ..self.clone()
        })
    }
}
