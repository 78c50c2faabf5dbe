//! Why a step or an inference is not accepted.

use super::polynomial::{MAX_BITS, MAX_POWER, MAX_TERMS};
use crate::expr::parse::shorten;
use crate::expr::{Node, Prop, Relation, Tree};
use logitlab_words::Truth;

/// Why the kernel refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// No rule, lemma or claim has this name.
    #[error("there is no rule, lemma or proved claim `{name}`{}", hint(.nearest))]
    UnknownRule {
        /// The name.
        name: String,
        /// Names that look like it.
        nearest: Vec<String>,
    },
    /// The rule does not lead from one subexpression to the other.
    #[error("the rule does not give `{left} {} {right}`{}", .relation.sign(), instead(.left, .right, .expected))]
    Mismatch {
        /// The relation that was to be shown.
        relation: Relation,
        /// The subexpression on the left.
        left: Tree,
        /// The subexpression on the right.
        right: Tree,
        /// What the rule makes of the left one, if it applies to it.
        expected: Option<Tree>,
    },
    /// The rule gives something else, from which a normal form leads to what was wanted.
    #[error("the rule gives `{expected}` there, and that is `{right}` by {rule}: make it two steps")]
    Detour {
        /// What the rule gives.
        expected: Tree,
        /// What was wanted.
        right: Tree,
        /// The rule of the second step.
        rule: &'static str,
    },
    /// Multiplied out, the two sides are not the same.
    #[error(
        "the rule does not give `{left} = {right}`: multiplied out, the left side less the right one is `{difference}`"
    )]
    Difference {
        /// The left side.
        left: Tree,
        /// The right side.
        right: Tree,
        /// What is left of the left side less the right one.
        difference: Tree,
    },
    /// Two parts that are equal, and that the rule takes for different things.
    #[error("to the rule `{first}` and `{second}` are two things: write one as the other in a step before this one")]
    Apart {
        /// One of them.
        first: Tree,
        /// The other one.
        second: Tree,
    },
    /// A step that has none of the forms of the rule.
    #[error(
        "the rule does not give `{left} {} {right}`: it says `{law}`, for example; `logitlab show {rule}` has all of it{}",
        .relation.sign(), other_reading(.left, .right)
    )]
    OtherForm {
        /// The relation that was to be shown.
        relation: Relation,
        /// The left side.
        left: Tree,
        /// The right side.
        right: Tree,
        /// The rule.
        rule: &'static str,
        /// The first of its laws.
        law: &'static str,
    },
    /// A lemma of another part of the script.
    #[error(
        "the lemma `{0}` is not known here: it is shown further below, or inside another proof or case, with which it ends"
    )]
    OutOfReach(String),
    /// A side condition of the rule is false or not known.
    #[error("the rule needs `{condition}` here, which is {}", known(*.truth))]
    Condition {
        /// The condition, with the values that it has here.
        condition: Prop,
        /// What is known of it.
        truth: Truth,
    },
    /// A variable of the rule is to stand for something that it cannot stand for.
    #[error("the rule needs `{value}` to be {needed}, which is not known here")]
    Sort {
        /// The value.
        value: String,
        /// What it should be.
        needed: &'static str,
    },
    /// A hypothesis of the rule speaks of something that its conclusion does not determine.
    #[error("the condition `{0}` of the rule cannot be read off this step")]
    Undetermined(String),
    /// A hypothesis of the rule with a binder that would bind what it is not to bind.
    #[error("the condition `{0}` of the rule binds an action that this step names: it would say something else here")]
    Captured(String),
    /// More than is multiplied out.
    #[error(
        "too large to compare by ring: `{left}` and `{right}` have, multiplied out, more than {MAX_TERMS} terms, a power \
         above {MAX_POWER} or a number of more than {MAX_BITS} bits, or take too many operations; go in smaller steps"
    )]
    TooLarge {
        /// The left side, shortened.
        left: String,
        /// The right side, shortened.
        right: String,
    },
    /// A name that means nothing here, or more than one thing.
    #[error("`{0}` is not declared here as what it is used as, or it is declared and bound by an expectation at once")]
    Misused(String),
    /// A relation under an operation that does not preserve it.
    #[error("from `{left}` to `{right}`: the expression around it is not known to preserve `{}`", .relation.sign())]
    NotMonotone {
        /// The relation that was to be shown.
        relation: Relation,
        /// The subexpression on the left.
        left: Tree,
        /// The subexpression on the right.
        right: Tree,
    },
    /// A strict inequality from steps none of which is strict.
    #[error("no part of this step is strict, so that `<` does not follow, only `<=`")]
    NotStrict,
    /// A coordinate by its number.
    #[error("a coordinate by its number may not exist for every K; proofs are about declared actions")]
    Numbered,
    /// A relation that chains do not have.
    #[error("a chain goes by `=`, `<=` and `<`, or by `=`, `>=` and `>`, not by `{}`", .0.sign())]
    Relation(Relation),
    /// Steps in both directions.
    #[error("the chain turns round: `{}` after steps by `{}`", .next.sign(), .so_far.sign())]
    Turn {
        /// The relation so far.
        so_far: Relation,
        /// The next one.
        next: Relation,
    },
    /// A step that starts elsewhere than the one before it ended.
    #[error("this step starts from `{found}`, but the one before it ended at `{expected}`")]
    NotChained {
        /// The end of the step before.
        expected: Tree,
        /// The start of this one.
        found: Tree,
    },
    /// A chain without a step.
    #[error("this step leaves the expression as it is")]
    Idle,
    /// What was shown is not what was to be shown.
    #[error("this shows `{found}`, but `{expected}` was to be shown")]
    OtherGoal {
        /// What was to be shown.
        expected: String,
        /// What was shown.
        found: String,
    },
    /// Cases that leave something out.
    #[error("the cases are not known to cover everything: {0}")]
    NotExhaustive(String),
    /// A theorem that depends on more than is assumed here.
    #[error("`{0}` is not assumed here")]
    NotAssumed(String),
    /// A choice of an action that need not exist.
    #[error("an action can be chosen with `v[a] = max(v)` or `v[a] = min(v)`, where v does not depend on a")]
    Choice,
    /// A proof of a goal of another form.
    #[error("`{word}` proves {form}, but `{goal}` is to be shown")]
    Form {
        /// The construct.
        word: &'static str,
        /// What it can prove.
        form: &'static str,
        /// The goal.
        goal: String,
    },
    /// A proof that stops too soon.
    #[error("the proof ends without showing `{0}`")]
    Unfinished(String),
    /// A name that is taken.
    #[error("the name `{0}` is taken")]
    NameTaken(String),
    /// A claim that is cited while it is being proved.
    #[error("circular: {}", .0.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(" uses "))]
    Circular(Vec<String>),
    /// Claims that cite each other in a long row.
    #[error("`{name}` is cited by a claim that is cited, and so on, more than {max} deep: cite it where it is needed")]
    CitedTooDeep {
        /// The claim at the end of the row.
        name: String,
        /// The longest row.
        max: usize,
    },
    /// A claim that is cited but has no proof.
    #[error("the claim `{0}` is cited, but has no proof: `logitlab prove` with --write looks for one")]
    WithoutProof(String),
    /// A claim that is cited but was itself rejected.
    #[error("the claim `{0}` is cited, but its own proof is not accepted")]
    Unproved(String),
}

impl Reason {
    pub(super) fn too_large(left: &Tree, right: &Tree) -> Reason {
        Reason::TooLarge { left: shorten(&left.to_string()), right: shorten(&right.to_string()) }
    }

    /// How much it tells: a failed condition is closer to the author's intention than a failed match.
    pub(super) fn weight(&self) -> u8 {
        match self {
            Reason::Condition { .. }
            | Reason::Sort { .. }
            | Reason::Undetermined(_)
            | Reason::Captured(_)
            | Reason::TooLarge { .. }
            | Reason::NotMonotone { .. } => 2,
            Reason::Mismatch { expected: Some(_), .. } => 1,
            _ => 0,
        }
    }
}

fn hint(nearest: &[String]) -> String {
    match nearest {
        [] => String::new(),
        names => format!("; did you mean {}?", names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(" or ")),
    }
}

fn instead(left: &Tree, right: &Tree, expected: &Option<Tree>) -> String {
    let gives = expected.as_ref().map_or(String::new(), |tree| format!("; it gives `{tree}` there"));
    gives + &other_reading(left, right)
}

/// The other reading of a side that nothing around it makes a vector.
fn other_reading(left: &Tree, right: &Tree) -> String {
    let other = [left, right].into_iter().find_map(|side| Some((side, side.as_vector()?)));
    let read = other.filter(|(side, _)| matches!(side.node(), Node::Apply(..)));
    let told = |(real, vector)| format!("; `{real}` is read as a real here: the vector is `{vector}`");
    read.map_or(String::new(), told)
}

fn known(truth: Truth) -> &'static str {
    match truth {
        Truth::True => "true",
        Truth::False => "false",
        Truth::Unknown => "not known",
    }
}
