//! Propositions about values, and statements: what is given and what is to be shown.

use super::op::Type;
use super::tree::{Action, Name, Node, Tree};

/// An order or equality relation; on vectors it holds when it holds in every coordinate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// `=`
    Equal,
    /// `!=`: some coordinate differs
    NotEqual,
    /// `<=`
    LessEqual,
    /// `<`
    Less,
    /// `>=`
    GreaterEqual,
    /// `>`
    Greater,
}

impl Relation {
    /// Every relation with its sign.
    pub const ALL: &'static [(Relation, &'static str)] = &[
        (Relation::Equal, "="),
        (Relation::NotEqual, "!="),
        (Relation::LessEqual, "<="),
        (Relation::Less, "<"),
        (Relation::GreaterEqual, ">="),
        (Relation::Greater, ">"),
    ];

    /// The relation of b to a where a has this one to b.
    pub fn mirrored(self) -> Relation {
        match self {
            Relation::LessEqual => Relation::GreaterEqual,
            Relation::Less => Relation::Greater,
            Relation::GreaterEqual => Relation::LessEqual,
            Relation::Greater => Relation::Less,
            symmetric => symmetric,
        }
    }

    /// The sign that it is written with.
    pub fn sign(self) -> &'static str {
        Relation::ALL.iter().find(|(relation, _)| *relation == self).expect("every relation is listed").1
    }
}

/// A proposition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Prop {
    /// A relation between two values of one type.
    Compare(Relation, Tree, Tree),
    /// `a = b` (true) or `a != b` (false) for actions, at least one of them a name.
    SameAction(Action, Action, bool),
    /// All of them: two or more, none of which is a conjunction itself.
    And(Vec<Prop>),
    /// One of them, at least: two or more, none of which is a disjunction itself.
    Or(Vec<Prop>),
    /// The second wherever the first holds; where it does not, the second is not even evaluated.
    Implies(Box<Prop>, Box<Prop>),
    /// Both or neither.
    Iff(Box<Prop>, Box<Prop>),
}

impl Prop {
    /// The expressions that stand in it, in reading order.
    pub fn trees(&self) -> Vec<&Tree> {
        match self {
            Prop::Compare(_, left, right) => vec![left, right],
            Prop::SameAction(..) => vec![],
            Prop::And(parts) | Prop::Or(parts) => parts.iter().flat_map(Prop::trees).collect(),
            Prop::Implies(a, b) | Prop::Iff(a, b) => a.trees().into_iter().chain(b.trees()).collect(),
        }
    }

    /// The actions that it compares, in reading order.
    pub fn actions(&self) -> Vec<&Action> {
        match self {
            Prop::Compare(..) => vec![],
            Prop::SameAction(a, b, _) => vec![a, b],
            Prop::And(parts) | Prop::Or(parts) => parts.iter().flat_map(Prop::actions).collect(),
            Prop::Implies(a, b) | Prop::Iff(a, b) => a.actions().into_iter().chain(b.actions()).collect(),
        }
    }

    /// What holds where it is false, where that is one relation: of vectors only of equations.
    pub fn opposite(&self) -> Option<Prop> {
        match self {
            Prop::Compare(relation, left, right) => {
                let of_vectors = left.ty() == Type::Vector;
                let opposite = match relation {
                    Relation::Equal => Relation::NotEqual,
                    Relation::NotEqual => Relation::Equal,
                    _ if of_vectors => return None,
                    Relation::LessEqual => Relation::Greater,
                    Relation::Less => Relation::GreaterEqual,
                    Relation::GreaterEqual => Relation::Less,
                    Relation::Greater => Relation::LessEqual,
                };
                Some(Prop::Compare(opposite, left.clone(), right.clone()))
            }
            Prop::SameAction(a, b, same) => Some(Prop::SameAction(a.clone(), b.clone(), !same)),
            _ => None,
        }
    }
}

/// What a declared name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// A real number.
    Real,
    /// A finite number of the floating-point format at hand: the statement is about every format.
    Float,
    /// A vector in R^K.
    Vector,
    /// A vector with entries >= 0 that sum to 1.
    Distribution,
    /// A vector of logits: any vector in R^K, drawn as the logarithm of a policy.
    Logits,
    /// A vector of masked logits: real entries or -inf (a masked action), not all of them -inf.
    Masked,
    /// A vector of zeros and ones.
    Subset,
    /// One of the K coordinates.
    Action,
}

impl Sort {
    /// Every sort with the word that declares it.
    pub const ALL: &'static [(Sort, &'static str)] = &[
        (Sort::Real, "real"),
        (Sort::Float, "float"),
        (Sort::Vector, "vector"),
        (Sort::Distribution, "distribution"),
        (Sort::Logits, "logits"),
        (Sort::Masked, "masked logits"),
        (Sort::Subset, "subset"),
        (Sort::Action, "action"),
    ];

    /// The word that declares it.
    pub fn word(self) -> &'static str {
        Sort::ALL.iter().find(|(sort, _)| *sort == self).expect("every sort is listed").1
    }

    /// What a value of it is called in a sentence.
    pub fn noun(self) -> &'static str {
        match self {
            Sort::Real => "a real number",
            Sort::Float => "a number of a floating-point format",
            Sort::Vector => "a vector",
            Sort::Distribution => "a distribution",
            Sort::Logits => "a vector of finite logits",
            Sort::Masked => "a vector of logits, some of which may be -inf",
            Sort::Subset => "a vector of zeros and ones",
            Sort::Action => "an action",
        }
    }

    /// The sort declared by this word.
    pub fn by_word(word: &str) -> Option<Sort> {
        Sort::ALL.iter().find(|(_, known)| *known == word).map(|(sort, _)| *sort)
    }

    /// The type of its values; an action is not a value.
    pub fn ty(self) -> Option<Type> {
        match self {
            Sort::Real | Sort::Float => Some(Type::Real),
            Sort::Vector | Sort::Distribution | Sort::Logits | Sort::Masked | Sort::Subset => Some(Type::Vector),
            Sort::Action => None,
        }
    }
}

/// A function: its name, its parameters and what it is. The body uses what is declared and defined above it; functions
/// that it uses are put in already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: Name,
    /// The parameters in order: reals, vectors and actions.
    pub parameters: Vec<(Name, Sort)>,
    /// What it is.
    pub body: Tree,
}

/// What is given and what is to be shown, for every K >= 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// Declared names in order.
    pub variables: Vec<(Name, Sort)>,
    /// What may be assumed.
    pub hypotheses: Vec<Prop>,
    /// Abbreviations in order; each may use the ones before it.
    pub definitions: Vec<(Name, Tree)>,
    /// What is to be shown, all of it.
    pub shows: Vec<Prop>,
    /// Functions of its own, which are written out wherever they are used.
    pub functions: Vec<Function>,
}

impl Statement {
    /// The sort of a declared name.
    pub fn sort(&self, name: &str) -> Option<Sort> {
        self.variables.iter().find(|(known, _)| &**known == name).map(|(_, sort)| *sort)
    }

    /// Whether it is about the numbers of a floating-point format: it declares one, or rounds.
    pub fn speaks_of_formats(&self) -> bool {
        let rounds = |node: &Node| matches!(node, Node::Apply(op, _) if op.is_of_format());
        self.variables.iter().any(|(_, sort)| *sort == Sort::Float) || self.trees().iter().any(|tree| tree.any(&rounds))
    }

    /// Every expression of the statement: hypotheses, definitions, what is to be shown.
    pub fn trees(&self) -> Vec<&Tree> {
        let props = self.hypotheses.iter().chain(&self.shows).flat_map(Prop::trees);
        props.chain(self.definitions.iter().map(|(_, tree)| tree)).collect()
    }
}
