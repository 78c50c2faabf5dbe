//! The expression tree: immutable, shared, typed; no positions, so that equal expressions are equal trees.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use super::op::{Op, Type};

/// A name of a variable, an action or a definition.
pub type Name = Arc<str>;

/// How deep a tree may be. Everything that walks trees is recursive, and input is hostile until proven otherwise.
pub const MAX_DEPTH: usize = 256;

/// The largest exponent that may be written.
pub const MAX_EXPONENT: u32 = 64;

/// How many parts an expression may have once its derived functions are written out: what each of them stands for uses
/// its arguments several times.
pub const MAX_PARTS: u64 = 10_000;

/// How many parts what a derived function stands for has at most, besides its arguments.
const OWN_PARTS: u64 = 40;

/// An action: one of the K coordinates.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// A declared action, or one bound by an expectation.
    Name(Name),
    /// A coordinate by its number, 1-based, for statements about given numbers.
    Index(usize),
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::Name(name) => f.write_str(name),
            Action::Index(index) => write!(f, "{index}"),
        }
    }
}

/// The shapes that an expression can have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// A literal: non-negative, an integer or a finite decimal.
    Number(BigRational),
    /// `K`, the number of actions, as a real.
    Size,
    /// `1` where a vector is needed: the vector of ones.
    Ones,
    /// `0` where a vector is needed.
    Zeros,
    /// A declared variable or a definition.
    Variable(Name, Type),
    /// `e[c]`, the unit vector of an action.
    Unit(Action),
    /// `[x, y, ...]`, a vector by its entries.
    Entries(Vec<Tree>),
    /// An operation on its arguments.
    Apply(Op, Vec<Tree>),
    /// `v[c]`, a coordinate.
    At(Tree, Action),
    /// `others(v, c)` = `v - v[c]*e[c]`.
    Others(Tree, Action),
    /// `x^n` of a real, n >= 0.
    Power(Tree, u32),
    /// `E[a ~ P](body)` = the sum of `P[a]*body` over the actions a.
    Expect {
        /// The bound action.
        action: Name,
        /// The weights, a vector.
        over: Tree,
        /// A real or a vector.
        body: Tree,
    },
    /// `D(f, z)`: the gradient of a real with respect to a vector variable.
    Gradient {
        /// A real.
        of: Tree,
        /// A vector variable.
        at: Name,
    },
    /// `D(f, z, v)`: the derivative at t = 0 along `z + t*v`, v held fixed.
    Derivative {
        /// A real.
        of: Tree,
        /// A vector variable.
        at: Name,
        /// The direction, a vector.
        along: Tree,
    },
}

#[derive(Debug)]
struct Inner {
    node: Node,
    ty: Type,
    depth: usize,
    /// The number of parts, derived functions written out.
    parts: u64,
    /// Equal trees have equal ones: most that differ are told apart without being walked through.
    hash: u64,
}

/// A typed expression. Cloning is cheap; equality is structural. It prints as text that parses back to it.
///
/// # Examples
/// ```
/// use logitlab_kernel::expr::{Action, Op, Tree, Type};
///
/// let difference = Tree::apply(Op::Sub, [Tree::unit(Action::Name("c".into())), Tree::ones()])?;
/// let norm = Tree::apply(Op::NormSquared, [difference])?;
/// assert_eq!((norm.to_string().as_str(), norm.ty()), ("|e[c] - 1|^2", Type::Real));
/// // `1` alone would be a number.
/// assert_eq!(Tree::apply(Op::Norm, [Tree::ones()])?.to_string(), "|ones|");
///
/// let error = Tree::apply(Op::Add, [norm, Tree::ones()]).unwrap_err();
/// assert_eq!(error.to_string(), "x + y does not take (real, vector)");
/// # Ok::<(), logitlab_kernel::expr::tree::BuildError>(())
/// ```
#[derive(Clone)]
pub struct Tree(Arc<Inner>);

impl PartialEq for Tree {
    fn eq(&self, other: &Tree) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || (self.0.hash == other.0.hash && self.0.node == other.0.node)
    }
}

impl Eq for Tree {}

/// A total order without meaning, so that trees can be keys of ordered maps.
impl Ord for Tree {
    fn cmp(&self, other: &Tree) -> Ordering {
        if Arc::ptr_eq(&self.0, &other.0) {
            return Ordering::Equal;
        }
        self.0.depth.cmp(&other.0.depth).then_with(|| self.0.node.cmp(&other.0.node))
    }
}

impl PartialOrd for Tree {
    fn partial_cmp(&self, other: &Tree) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Tree {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash.hash(state);
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{self}`")
    }
}

/// Why a tree cannot be built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// Argument types that the operation does not take.
    #[error("{} does not take ({})", .op.info().meaning, .found.iter().map(Type::to_string).collect::<Vec<_>>().join(", "))]
    Types {
        /// The operation.
        op: Op,
        /// The types of the arguments given.
        found: Vec<Type>,
    },
    /// A vector where a real is needed, or the other way round.
    #[error("a {found} where a {expected} is needed")]
    Mismatch {
        /// The type needed.
        expected: Type,
        /// The type found.
        found: Type,
    },
    /// Deeper than [`MAX_DEPTH`].
    #[error("the expression is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// More than [`MAX_PARTS`].
    #[error("the expression with all that its functions stand for has more than {MAX_PARTS} parts")]
    TooLarge,
}

impl Node {
    /// The direct subexpressions, in reading order.
    pub fn children(&self) -> Vec<&Tree> {
        match self {
            Node::Number(_) | Node::Size | Node::Ones | Node::Zeros | Node::Variable(..) | Node::Unit(_) => vec![],
            Node::Entries(items) | Node::Apply(_, items) => items.iter().collect(),
            Node::At(x, _) | Node::Others(x, _) | Node::Power(x, _) | Node::Gradient { of: x, .. } => vec![x],
            Node::Expect { over, body, .. } => vec![over, body],
            Node::Derivative { of, along, .. } => vec![of, along],
        }
    }

    /// The same node on other subexpressions, given in the order of [`Node::children`].
    ///
    /// # Panics
    /// If their number differs.
    pub fn with_children(&self, children: Vec<Tree>) -> Node {
        assert_eq!(children.len(), self.children().len(), "a node keeps its number of children");
        let mut next = children.into_iter();
        let mut take = || next.next().expect("counted above");
        match self {
            Node::Number(_) | Node::Size | Node::Ones | Node::Zeros | Node::Variable(..) | Node::Unit(_) => {
                self.clone()
            }
            Node::Entries(items) => Node::Entries(items.iter().map(|_| take()).collect()),
            Node::Apply(op, items) => Node::Apply(*op, items.iter().map(|_| take()).collect()),
            Node::At(_, action) => Node::At(take(), action.clone()),
            Node::Others(_, action) => Node::Others(take(), action.clone()),
            Node::Power(_, n) => Node::Power(take(), *n),
            Node::Gradient { at, .. } => Node::Gradient { of: take(), at: at.clone() },
            Node::Expect { action, .. } => Node::Expect { action: action.clone(), over: take(), body: take() },
            Node::Derivative { at, .. } => Node::Derivative { of: take(), at: at.clone(), along: take() },
        }
    }

    fn result_type(&self) -> Result<Type, BuildError> {
        let need = |tree: &Tree, expected: Type| match tree.ty() {
            found if found == expected => Ok(()),
            found => Err(BuildError::Mismatch { expected, found }),
        };
        match self {
            Node::Number(_) | Node::Size => Ok(Type::Real),
            Node::Ones | Node::Zeros | Node::Unit(_) => Ok(Type::Vector),
            Node::Variable(_, ty) => Ok(*ty),
            Node::Entries(items) => {
                items.iter().try_for_each(|item| need(item, Type::Real))?;
                Ok(Type::Vector)
            }
            Node::Apply(op, arguments) => {
                let found: Vec<Type> = arguments.iter().map(Tree::ty).collect();
                op.result(&found).ok_or(BuildError::Types { op: *op, found })
            }
            Node::At(v, _) => need(v, Type::Vector).map(|()| Type::Real),
            Node::Others(v, _) => need(v, Type::Vector).map(|()| Type::Vector),
            Node::Power(x, _) => need(x, Type::Real).map(|()| Type::Real),
            Node::Expect { over, body, .. } => need(over, Type::Vector).map(|()| body.ty()),
            Node::Gradient { of, .. } => need(of, Type::Real).map(|()| Type::Vector),
            Node::Derivative { of, along, .. } => {
                need(of, Type::Real)?;
                need(along, Type::Vector).map(|()| Type::Real)
            }
        }
    }
}

impl Tree {
    /// Builds a typed tree.
    ///
    /// # Errors
    /// If the types of the parts do not fit, or the tree would be deeper than [`MAX_DEPTH`] or, with what its functions
    /// stand for, larger than [`MAX_PARTS`].
    ///
    /// # Panics
    /// On a [`Node::Number`] that is negative: those are written with [`Op::Neg`].
    pub fn new(node: Node) -> Result<Tree, BuildError> {
        let ty = node.result_type()?;
        let depth = 1 + node.children().iter().map(|child| child.0.depth).max().unwrap_or(0);
        if depth > MAX_DEPTH {
            return Err(BuildError::TooDeep);
        }
        let inner = node.children().iter().fold(0, |sum: u64, child| sum.saturating_add(child.0.parts));
        let parts = match &node {
            Node::Apply(op @ Op::Derived(_), _) => OWN_PARTS.saturating_add(inner.saturating_mul(op.info().uses)),
            _ => inner.saturating_add(1),
        };
        if parts > MAX_PARTS && matches!(node, Node::Apply(Op::Derived(_), _)) {
            return Err(BuildError::TooLarge);
        }
        if let Node::Number(value) = &node {
            assert!(!value.is_negative(), "negative literals are written with Neg");
        }
        let mut hasher = DefaultHasher::new();
        node.hash(&mut hasher);
        let hash = hasher.finish();
        Ok(Tree(Arc::new(Inner { node, ty, depth, parts, hash })))
    }

    /// An operation applied to arguments; see [`Tree::new`] for the errors.
    pub fn apply(op: Op, arguments: impl Into<Vec<Tree>>) -> Result<Tree, BuildError> {
        Tree::new(Node::Apply(op, arguments.into()))
    }

    /// A leaf, which cannot fail to be well typed.
    fn leaf(node: Node) -> Tree {
        Tree::new(node).expect("a leaf has no parts that could disagree")
    }

    /// The literal `n`.
    pub fn integer(n: u32) -> Tree {
        Tree::leaf(Node::Number(BigRational::from_integer(n.into())))
    }

    /// A variable or definition of the given type.
    pub fn variable(name: &str, ty: Type) -> Tree {
        Tree::leaf(Node::Variable(name.into(), ty))
    }

    /// The unit vector `e[action]`.
    pub fn unit(action: Action) -> Tree {
        Tree::leaf(Node::Unit(action))
    }

    /// The number of actions.
    pub fn size() -> Tree {
        Tree::leaf(Node::Size)
    }

    /// The vector of ones.
    pub fn ones() -> Tree {
        Tree::leaf(Node::Ones)
    }

    /// The zero vector.
    pub fn zeros() -> Tree {
        Tree::leaf(Node::Zeros)
    }

    /// Its outermost shape.
    pub fn node(&self) -> &Node {
        &self.0.node
    }

    /// Its type.
    pub fn ty(&self) -> Type {
        self.0.ty
    }

    /// The number of levels; a leaf has one.
    pub fn depth(&self) -> usize {
        self.0.depth
    }

    /// The number of parts once derived functions are written out, or more.
    pub fn parts(&self) -> u64 {
        self.0.parts
    }

    /// Whether this is the literal 1 (a real) or the vector of ones.
    pub fn is_one(&self) -> bool {
        matches!(self.node(), Node::Ones) || matches!(self.node(), Node::Number(n) if n.is_one())
    }

    /// The vector that is written in the same way, of a real made of `1` and `0` only.
    pub fn as_vector(&self) -> Option<Tree> {
        match self.node() {
            Node::Number(value) if value.is_one() => Some(Tree::ones()),
            Node::Number(value) if value.is_zero() => Some(Tree::zeros()),
            Node::Apply(op, items) => {
                let items: Option<Vec<Tree>> = items.iter().map(Tree::as_vector).collect();
                Tree::apply(*op, items?).ok().filter(|tree| tree.ty() == Type::Vector)
            }
            _ => None,
        }
    }

    /// Whether this is a whole number written out, with a sign or without.
    pub fn is_whole(&self) -> bool {
        match self.node() {
            Node::Number(value) => value.is_integer(),
            Node::Apply(Op::Neg, items) => items[0].is_whole(),
            _ => false,
        }
    }

    /// Rebuilds the tree bottom-up: `f` sees every node after its subexpressions were rebuilt, and returns a
    /// replacement or `None` to keep it.
    ///
    /// # Errors
    /// If a replacement does not fit where it stands.
    pub fn rewrite(&self, f: &mut dyn FnMut(&Tree) -> Option<Tree>) -> Result<Tree, BuildError> {
        let children = self.node().children();
        let mut changed = false;
        let mut rebuilt = Vec::with_capacity(children.len());
        for child in children {
            let new = child.rewrite(f)?;
            changed |= !Arc::ptr_eq(&new.0, &child.0);
            rebuilt.push(new);
        }
        let tree = if changed { Tree::new(self.node().with_children(rebuilt))? } else { self.clone() };
        Ok(f(&tree).unwrap_or(tree))
    }

    /// Calls `f` on this tree and all its subexpressions, outermost first.
    pub fn visit(&self, f: &mut dyn FnMut(&Tree)) {
        f(self);
        for child in self.node().children() {
            child.visit(f);
        }
    }

    /// Whether a variable of this name occurs, as a value or as what a derivative is taken with respect to.
    pub fn has_variable(&self, name: &str) -> bool {
        self.any(&|node| match node {
            Node::Variable(known, _) | Node::Gradient { at: known, .. } | Node::Derivative { at: known, .. } => {
                &**known == name
            }
            _ => false,
        })
    }

    /// Whether some subexpression satisfies `test`.
    pub fn any(&self, test: &dyn Fn(&Node) -> bool) -> bool {
        test(self.node()) || self.node().children().iter().any(|child| child.any(test))
    }
}
