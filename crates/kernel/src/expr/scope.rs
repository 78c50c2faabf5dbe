//! The names in scope: what each stands for, and which can still be given a meaning.

use super::error::{Problem, Span, SyntaxError};
use super::op::{LINES, OPS, Op, RESERVED, Type};
use super::parse::shorten;
use super::prop::Statement;
use super::tree::{Name, Node};
use logitlab_words::Unknown;

/// How many names a statement may declare and define.
pub const MAX_NAMES: usize = 256;

/// The names in scope: declared variables and definitions of a statement, and actions bound by expectations.
pub struct Scope<'a> {
    pub(super) statement: &'a Statement,
    pub(super) bound: Vec<Name>,
    pub(super) text: &'a str,
}

/// What a name in scope stands for.
pub(super) enum Known {
    Value(Type),
    Action,
}

impl<'a> Scope<'a> {
    /// The names of a statement; `text` is what the surfaces were parsed from.
    pub fn new(statement: &'a Statement, text: &'a str) -> Scope<'a> {
        Scope { statement, bound: Vec::new(), text }
    }

    pub(super) fn lookup(&self, name: &str) -> Option<Known> {
        if self.bound.iter().any(|bound| &**bound == name) {
            return Some(Known::Action);
        }
        if let Some((_, tree)) = self.statement.definitions.iter().find(|(known, _)| &**known == name) {
            return Some(Known::Value(tree.ty()));
        }
        self.statement.sort(name).map(|sort| sort.ty().map_or(Known::Action, Known::Value))
    }

    /// A complaint about a name that stands for nothing, or not for what it is used as.
    pub(super) fn unknown(&self, name: &str, span: Span) -> SyntaxError {
        let usage = match name {
            "e" => Some("e[c]".to_string()),
            "D" => Some("D(f, z)".to_string()),
            "others" => Some("others(v, c)".to_string()),
            _ => Op::by_name(name).map(|op| format!("{name}({})", vec!["..."; op.arity()].join(", "))),
        };
        let shown = shorten(name);
        let problem = if let Some(usage) = usage {
            Problem::Incomplete { name: shown, usage }
        } else if self.lookup(name).is_some() || name == "K" {
            Problem::NotAFunction(shown)
        } else {
            let declared = self.statement.variables.iter().map(|(name, _)| &**name);
            let defined = self.statement.definitions.iter().map(|(name, _)| &**name);
            let bound = self.bound.iter().map(|bound| &**bound);
            let functions = OPS.iter().filter_map(|row| row.name);
            let known = declared.chain(defined).chain(bound).chain(functions).chain(RESERVED.iter().copied());
            let otherwise = "declare it in a `given` line or define it in a `let` line above";
            Problem::UnknownName(Unknown { name: shown, ..Unknown::new("name", name, known, otherwise) })
        };
        SyntaxError::new(problem, Span { start: span.start, end: span.start + name.len() })
    }

    /// Whether a name can be given a meaning here: neither a word of the language nor taken.
    ///
    /// # Errors
    /// If it cannot.
    pub fn free(&self, name: &str, span: Span) -> Result<(), SyntaxError> {
        let problem = if let Some(op) = Op::by_name(name) {
            Problem::Reserved { name: name.to_string(), meaning: op.info().meaning.to_string() }
        } else if RESERVED.contains(&name) || LINES.contains(&name) {
            Problem::Reserved { name: name.to_string(), meaning: String::new() }
        } else if self.lookup(name).is_some() {
            Problem::NameTaken(shorten(name))
        } else {
            return Ok(());
        };
        Err(SyntaxError::new(problem, span))
    }

    /// Whether a name can be declared or defined for the statement: [`Scope::free`], and no expectation before it
    /// binds it, since statements are printed with their declarations first.
    ///
    /// # Errors
    /// If it cannot.
    pub fn declare(&self, name: &str, span: Span) -> Result<(), SyntaxError> {
        self.free(name, span)?;
        if self.statement.variables.len() + self.statement.definitions.len() >= MAX_NAMES {
            return Err(SyntaxError::new(Problem::TooManyNames { max: MAX_NAMES }, span));
        }
        let binds = |node: &Node| matches!(node, Node::Expect { action, .. } if &**action == name);
        let trees = self.statement.trees();
        if trees.iter().any(|tree| tree.any(&binds)) {
            return Err(SyntaxError::new(Problem::NameTaken(shorten(name)), span));
        }
        Ok(())
    }
}
