//! The names in scope: what each stands for, and which can still be given a meaning.

use super::error::{Problem, Span, SyntaxError};
use super::function::Function;
use super::op::{LINES, OPS, Op, RESERVED, Type};
use super::parse::shorten;
use super::prop::Statement;
use super::tree::{Action, Name, Node, Tree};
use logitlab_words::Unknown;

/// How many names a statement may declare and define.
pub const MAX_NAMES: usize = 256;

/// The names in scope: declared variables and definitions of a statement, and actions bound by expectations.
pub struct Scope<'a> {
    pub(super) statement: &'a Statement,
    pub(super) bound: Vec<Name>,
    pub(super) text: &'a str,
}

/// What a name with a subscript stands for.
pub(super) enum Subscripted {
    /// `e_c`
    Unit(Action),
    /// `P_c`
    Coordinate(Name, Action),
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

    /// A function of the statement's own.
    pub(super) fn function(&self, name: &str) -> Option<&'a Function> {
        self.statement.functions.iter().find(|function| &*function.name == name)
    }

    /// `P_c` or `P_{c}` as its base and its index, if it is of that form.
    fn split(name: &str) -> Option<(&str, &str)> {
        let (base, index) = match name.strip_suffix('}') {
            Some(open) => open.split_once("_{")?,
            None => name.rsplit_once('_')?,
        };
        (!base.is_empty() && !index.is_empty()).then_some((base, index))
    }

    /// What `P_c` and `P_{c}` stand for where no name is so: a coordinate of a vector, or a unit vector.
    pub(super) fn subscript(&self, name: &str) -> Option<Subscripted> {
        let (base, index) = Scope::split(name)?;
        let action = match index.parse::<usize>() {
            Ok(index) if index >= 1 => Action::Index(index),
            _ => Action::Name(Name::from(index)),
        };
        match (&action, self.lookup(index)) {
            (Action::Index(_), _) | (_, Some(Known::Action)) => {}
            _ => return None,
        }
        match (base, self.lookup(base)) {
            ("e", _) => Some(Subscripted::Unit(action)),
            (_, Some(Known::Value(Type::Vector))) => Some(Subscripted::Coordinate(base.into(), action)),
            _ => None,
        }
    }

    /// Whether a value depends on a name, definitions looked through.
    pub(super) fn depends(&self, tree: &Tree, name: &Name) -> bool {
        let mut names = vec![name.clone()];
        for (defined, body) in &self.statement.definitions {
            if names.iter().any(|name| body.has_variable(name)) {
                names.push(defined.clone());
            }
        }
        names.iter().any(|name| tree.has_variable(name))
    }

    /// A complaint about a function that there is not.
    pub(super) fn unknown_function(&self, name: &str, span: Span) -> SyntaxError {
        if self.lookup(name).is_some() || name == "K" || name == "e" {
            return self.unknown(name, span);
        }
        let functions = OPS.iter().filter_map(|row| row.name);
        let own = self.statement.functions.iter().map(|function| &*function.name);
        let otherwise = "define it in a `let` line above, as in `let f(x) = x^2`";
        let shown = shorten(name);
        let unknown = Unknown { name: shown, ..Unknown::new("function", name, functions.chain(own), otherwise) };
        SyntaxError::new(Problem::UnknownName(unknown), Span { start: span.start, end: span.start + name.len() })
    }

    /// A complaint about a name that stands for nothing, or not for what it is used as.
    pub(super) fn unknown(&self, name: &str, span: Span) -> SyntaxError {
        let usage = match name {
            "e" => Some("e[c]".to_string()),
            "D" => Some("D(f, z)".to_string()),
            "others" => Some("others(v, c)".to_string()),
            _ if self.function(name).is_some() => Some(format!("{name}(...)")),
            _ => Op::by_name(name).map(|op| format!("{name}({})", vec!["..."; op.arity()].join(", "))),
        };
        let shown = shorten(name);
        let problem = if let Some(usage) = usage {
            Problem::Incomplete { name: shown, usage }
        } else if self.lookup(name).is_some() || name == "K" {
            Problem::NotAFunction(shown)
        } else if let Some((base, index)) = Scope::split(name)
            && matches!(self.lookup(base), Some(Known::Value(Type::Vector)))
        {
            Problem::Subscript { name: shown, base: base.to_string(), index: shorten(index) }
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
        let problem = if name.contains('{') {
            Problem::Braces(shorten(name))
        } else if let Some(op) = Op::by_name(name) {
            Problem::Reserved { name: name.to_string(), meaning: op.info().meaning.to_string() }
        } else if RESERVED.contains(&name) || LINES.contains(&name) {
            Problem::Reserved { name: name.to_string(), meaning: String::new() }
        } else if self.lookup(name).is_some() || self.function(name).is_some() {
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
        let statement = self.statement;
        if statement.variables.len() + statement.definitions.len() + statement.functions.len() >= MAX_NAMES {
            return Err(SyntaxError::new(Problem::TooManyNames { max: MAX_NAMES }, span));
        }
        let binds = |node: &Node| matches!(node, Node::Expect { action, .. } if &**action == name);
        let bodies = self.statement.functions.iter().map(|function| &function.body);
        if self.statement.trees().into_iter().chain(bodies).any(|tree| tree.any(&binds)) {
            return Err(SyntaxError::new(Problem::NameTaken(shorten(name)), span));
        }
        Ok(())
    }
}
