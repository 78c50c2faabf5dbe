//! The text of a claim: `claim`, `title`, `source`, `given`, `let`, `show` and `expect` lines, and the proof, in this
//! order, so that nothing below what is to be shown changes what it says.

use std::sync::Arc;

use num_traits::Zero;

use crate::expr::elaborate::Scope;
use crate::expr::error::{Problem, Span, SyntaxError};
use crate::expr::function::{Function, MAX_BODY};
use crate::expr::lexer::Kind;
use crate::expr::parse::{Form, Parser, shorten};
use crate::expr::prop::{Prop, Relation, Sort, Statement};
use crate::expr::{Name, Node, Tree};
use crate::proof::script;
use crate::text::{did_you_mean, nearest};

use super::{Claim, Expected};

/// The words that start a line of a claim.
const KEYWORDS: &[&str] = &["claim", "title", "source", "given", "let", "show", "expect", "proof"];

/// The sections of a claim, in the order in which they stand; lines of one section stand in any order.
const SECTIONS: &[&[&str]] =
    &[&["claim"], &["title"], &["source"], &["given", "let"], &["show"], &["expect"], &["proof"]];

/// How many parts a definition may have with those that it uses written out: each may use the one before it twice, and
/// everything that walks expressions would take twice as long.
const MAX_UNFOLDED: usize = 2000;

/// Reads a claim from a text that has one claim and no more.
///
/// # Errors
/// Syntax, names or types, with the place in the text.
///
/// # Examples
/// ```
/// let claim = logitlab_claims::claims::parse(
///     "claim  norm-identity
///      given  P : vector, c : action, g : real
///      show   |g*(e[c] - P)|^2 = g^2*(1 - 2*P[c] + C(P))",
/// )?;
/// assert_eq!(claim.id, "norm-identity");
/// assert_eq!(claim.statement.shows[0].to_string(), "|g*(e[c] - P)|^2 = g^2*(1 - 2*P[c] + C(P))");
/// # Ok::<(), logitlab_kernel::expr::SyntaxError>(())
/// ```
pub fn parse(text: &str) -> Result<Claim, SyntaxError> {
    let mut parser = Parser::new(text)?;
    let stated = one(&mut parser)?;
    if parser.peek().kind == Kind::End {
        return Ok(stated.claim);
    }
    Err(SyntaxError::claim("a second `claim`: one text states one claim", parser.peek().span))
}

/// A claim with where it stands in its text.
#[derive(Clone, Debug)]
pub struct Stated {
    /// The claim.
    pub claim: Claim,
    /// Its id.
    pub id: Span,
    /// From `claim` to the end of the last line before the proof, without what follows that on the line.
    pub statement: Span,
    /// From `proof` to `qed`.
    pub proof: Option<Span>,
}

/// Reads one claim, the next tokens of a parser, up to the next `claim` or the end.
pub(super) fn one(parser: &mut Parser<'_>) -> Result<Stated, SyntaxError> {
    let start = parser.peek().span;
    let mut reader = Reader { parser, statement: Statement::default(), sizes: Vec::new() };
    if !reader.parser.accept("claim") {
        return Err(reader.parser.unexpected("a line `claim` with an id, such as `claim norm-identity`"));
    }
    let (id, place) = reader.hyphenated("an id: lower-case words joined by hyphens, such as `norm-identity`")?;
    let (mut title, mut source, mut expected, mut proof) = (None, None, None, None);
    let mut statement = start.to(place);
    let mut above = "claim";
    loop {
        let token = reader.parser.peek();
        let word = reader.parser.peek_text();
        if token.kind == Kind::End || word == "claim" {
            break;
        }
        if word == "use" && reader.parser.at_line_start() {
            return Err(SyntaxError::claim("`use` stands below a claim: move it to the top of the file", token.span));
        }
        if !KEYWORDS.contains(&word) {
            return Err(reader.not_a_line());
        }
        in_order(word, above, token.span)?;
        above = word;
        if word == "proof" {
            let script = script::parse(reader.parser, &reader.statement)?;
            let span = token.span.to(reader.parser.last());
            once(&mut proof, (script, span), token.span, word)?;
            continue;
        }
        reader.parser.next();
        match word {
            "title" => once(&mut title, reader.text()?, token.span, word)?,
            "source" => once(&mut source, reader.text()?, token.span, word)?,
            "expect" => once(&mut expected, reader.expectation()?, token.span, word)?,
            "given" => reader.list(Reader::given)?,
            "let" => reader.list(Reader::definition)?,
            _ => reader.list(Reader::show)?,
        }
        statement = statement.to(reader.parser.last());
    }
    if reader.statement.shows.is_empty() {
        let problem = format!("the claim `{id}` claims nothing: it needs a `show` line, such as `show sum(P) = 1`");
        return Err(SyntaxError::claim(problem, place));
    }
    let (script, proof) = proof.unzip();
    let claim = Claim {
        title: title.unwrap_or_else(|| id.clone()),
        id,
        source: source.unwrap_or_default(),
        statement: reader.statement,
        expected: expected.unwrap_or(Expected::Holds),
        section: None,
        proof: script,
        beside: Arc::default(),
    };
    Ok(Stated { claim, id: place, statement, proof })
}

/// That a hypothesis `K = n` is about a number of actions that there can be.
fn possible_size(hypothesis: &Prop, span: Span) -> Result<(), SyntaxError> {
    let number = match hypothesis {
        Prop::And(parts) => return parts.iter().try_for_each(|part| possible_size(part, span)),
        Prop::Compare(Relation::Equal, left, right) => match (left.node(), right.node()) {
            (Node::Size, Node::Number(number)) | (Node::Number(number), Node::Size) => number,
            _ => return Ok(()),
        },
        _ => return Ok(()),
    };
    if number.is_integer() && !number.is_zero() {
        return Ok(());
    }
    let problem = "K is the number of actions: `K = n` needs a whole number n, which is at least 1";
    Err(SyntaxError::claim(problem, span))
}

/// That a line does not stand below one of a later section.
fn in_order(word: &str, above: &str, span: Span) -> Result<(), SyntaxError> {
    let section = |word: &str| SECTIONS.iter().position(|section| section.contains(&word));
    if section(word) >= section(above) {
        return Ok(());
    }
    let above = if above == "proof" { "proof ... qed" } else { above };
    let order: Vec<String> = SECTIONS.iter().map(|words| format!("`{}`", words.join("` and `"))).collect();
    let problem = format!(
        "`{word}` stands below `{above}`: move it up; the lines of a claim stand in the order {}",
        order.join(", ")
    );
    Err(SyntaxError::claim(problem, span))
}

fn once<T>(slot: &mut Option<T>, value: T, span: Span, word: &str) -> Result<(), SyntaxError> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(SyntaxError::claim(format!("a second `{word}` line: a claim has one at most"), span)),
    }
}

struct Reader<'p, 'a> {
    parser: &'p mut Parser<'a>,
    statement: Statement,
    /// What [`Reader::unfolded`] says of each definition.
    sizes: Vec<usize>,
}

impl Reader<'_, '_> {
    /// Words joined by hyphens, with nothing between.
    fn hyphenated(&mut self, what: &str) -> Result<(String, Span), SyntaxError> {
        if self.parser.at_line_start() {
            return Err(self.parser.unexpected(what));
        }
        let mut span = self.parser.peek().span;
        // All that stands together is meant to be the id.
        while self.parser.peek().span.start <= span.end && self.parser.peek().kind != Kind::End {
            span = span.to(self.parser.next().span);
        }
        let id = self.parser.slice(span);
        let proper =
            |word: &str| !word.is_empty() && word.chars().all(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
        if id.starts_with(|c: char| c.is_ascii_lowercase()) && id.split('-').all(proper) {
            return Ok((id.to_string(), span));
        }
        let found = if id.is_empty() { "the end of the text".to_string() } else { format!("`{}`", shorten(id)) };
        Err(SyntaxError::new(Problem::Expected { expected: what.to_string(), found }, span))
    }

    /// A complaint about a token that starts no line: a misspelt word, or something that is not part of the line
    /// before it.
    fn not_a_line(&self) -> SyntaxError {
        let word = self.parser.peek_text();
        if !self.parser.at_line_start() {
            return self.parser.unexpected("an operator, a comma or a new line");
        }
        match nearest(word, KEYWORDS[1..].iter().copied()).as_slice() {
            [] => self.parser.unexpected(&format!("a line that starts with `{}`", KEYWORDS[1..].join("`, `"))),
            near => {
                let problem = format!("no line of a claim starts with `{}`; {}", shorten(word), did_you_mean(near));
                SyntaxError::claim(problem, self.parser.peek().span)
            }
        }
    }

    fn text(&mut self) -> Result<String, SyntaxError> {
        let (quoted, _) = self.parser.take(Kind::Text, "a text in double quotes")?;
        Ok(quoted[1..quoted.len() - 1].to_string())
    }

    fn expectation(&mut self) -> Result<Expected, SyntaxError> {
        for expected in [Expected::Holds, Expected::Refuted, Expected::Undefined] {
            if self.parser.accept(expected.word()) {
                return Ok(expected);
            }
        }
        Err(self.parser.unexpected("`holds`, `refuted` or `undefined`"))
    }

    fn list(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), SyntaxError>) -> Result<(), SyntaxError> {
        item(self)?;
        while self.parser.accept(",") {
            item(self)?;
        }
        Ok(())
    }

    /// `name : sort` or a hypothesis.
    fn given(&mut self) -> Result<(), SyntaxError> {
        if !self.parser.declares() {
            let surface = self.parser.proposition()?;
            let hypothesis = Scope::new(&self.statement, self.parser.text()).proposition(&surface);
            let hypothesis = hypothesis.map_err(|error| match (&surface.form, error.problem) {
                (Form::Name(name), Problem::UnknownName(_)) => {
                    let name = shorten(name);
                    let problem = format!("`{name}` is declared without a sort: write `{name} : vector`, for example");
                    SyntaxError::claim(problem, error.span)
                }
                (_, problem) => SyntaxError::new(problem, error.span),
            })?;
            possible_size(&hypothesis, surface.span)?;
            self.statement.hypotheses.push(hypothesis);
            return Ok(());
        }
        let (name, span) = self.parser.take(Kind::Word, "a name")?;
        Scope::new(&self.statement, self.parser.text()).declare(name, span)?;
        self.parser.expect(":")?;
        let sort = self.sort()?;
        self.statement.variables.push((name.into(), sort));
        Ok(())
    }

    /// The word of a sort, or its two words.
    fn sort(&mut self) -> Result<Sort, SyntaxError> {
        let masked = Sort::Masked.word().split_once(' ').expect("it has two words");
        if self.parser.accept(masked.0) {
            if self.parser.accept(masked.1) {
                return Ok(Sort::Masked);
            }
            return Err(self.parser.unexpected("`logits`, as in `z : masked logits`"));
        }
        let word = self.parser.peek_text();
        let sort = Sort::by_word(word).ok_or_else(|| {
            let sorts = || Sort::ALL.iter().map(|(_, word)| *word);
            match nearest(word, sorts()).as_slice() {
                [] => self.parser.unexpected(&format!("one of `{}`", sorts().collect::<Vec<_>>().join("`, `"))),
                near => {
                    let problem = format!("unknown sort `{}`; {}", shorten(word), did_you_mean(near));
                    SyntaxError::claim(problem, self.parser.peek().span)
                }
            }
        })?;
        self.parser.next();
        Ok(sort)
    }

    fn definition(&mut self) -> Result<(), SyntaxError> {
        let (name, span) = self.parser.take(Kind::Word, "a name to define")?;
        Scope::new(&self.statement, self.parser.text()).declare(name, span)?;
        if self.parser.accept("(") {
            return self.function(name);
        }
        self.parser.expect("=")?;
        let surface = self.parser.proposition()?;
        let tree = Scope::new(&self.statement, self.parser.text()).value(&surface, None)?;
        let size = self.unfolded(&tree);
        if size > MAX_UNFOLDED {
            let problem = format!("`{name}` with all its definitions written out has more than {MAX_UNFOLDED} parts");
            return Err(SyntaxError::claim(problem, span));
        }
        self.sizes.push(size);
        self.statement.definitions.push((name.into(), tree));
        Ok(())
    }

    /// The parameters and the body of `let f(x, u : vector) = ...`, behind the bracket.
    fn function(&mut self, name: &str) -> Result<(), SyntaxError> {
        const SORTS: [Sort; 3] = [Sort::Real, Sort::Vector, Sort::Action];
        let mut inner = Statement { shows: vec![], hypotheses: vec![], ..self.statement.clone() };
        let mut parameters: Vec<(Name, Sort)> = Vec::new();
        loop {
            let (parameter, span) = self.parser.take(Kind::Word, "a parameter, as in `let f(x, u : vector) = ...`")?;
            // A parameter may be called as what is given: inside, it stands for the argument.
            if parameters.iter().all(|(known, _)| **known != *parameter) {
                inner.variables.retain(|(known, _)| **known != *parameter);
            }
            Scope::new(&inner, self.parser.text()).declare(parameter, span)?;
            if parameter == name {
                return Err(SyntaxError::new(Problem::NameTaken(name.to_string()), span));
            }
            let place = self.parser.peek().span;
            let sort = if self.parser.accept(":") { self.sort()? } else { Sort::Real };
            if !SORTS.contains(&sort) {
                let problem = format!(
                    "a parameter is `: real` (also without a sort), `: vector` or `: action`, not `: {}`: what is given of \
                     an argument stands where it is declared",
                    sort.word()
                );
                return Err(SyntaxError::claim(problem, place));
            }
            parameters.push((parameter.into(), sort));
            inner.variables.push((parameter.into(), sort));
            if !self.parser.accept(",") {
                break;
            }
        }
        self.parser.expect(")")?;
        self.parser.expect("=")?;
        let surface = self.parser.proposition()?;
        let body = Scope::new(&inner, self.parser.text()).value(&surface, None)?;
        let is_parameter = |at: &Name| parameters.iter().any(|(name, _)| name == at);
        let moves =
            |node: &Node| matches!(node, Node::Gradient { at, .. } | Node::Derivative { at, .. } if is_parameter(at));
        if body.any(&moves) {
            let problem = "a derivative is with respect to a declared vector, not to a parameter of a function";
            return Err(SyntaxError::claim(problem, surface.span));
        }
        if body.parts() > MAX_BODY {
            let problem = format!("`{name}` with all its functions written out has more than {MAX_BODY} parts");
            return Err(SyntaxError::claim(problem, surface.span));
        }
        self.statement.functions.push(Function { name: name.into(), parameters, body });
        Ok(())
    }

    /// The number of parts of an expression once the definitions before it are written out.
    fn unfolded(&self, tree: &Tree) -> usize {
        let own = match tree.node() {
            Node::Variable(name, _) => {
                let index = self.statement.definitions.iter().position(|(defined, _)| defined == name);
                index.map_or(1, |index| self.sizes[index])
            }
            _ => 1,
        };
        // What a function stands for may use an argument several times.
        let uses = match tree.node() {
            Node::Apply(op, _) => usize::try_from(op.info().uses).unwrap_or(usize::MAX),
            _ => 1,
        };
        let part = |child: &Tree| self.unfolded(child).saturating_mul(uses);
        tree.node().children().into_iter().fold(own, |size, child| size.saturating_add(part(child)))
    }

    fn show(&mut self) -> Result<(), SyntaxError> {
        let prop = self.proposition()?;
        self.statement.shows.push(prop);
        Ok(())
    }

    fn proposition(&mut self) -> Result<Prop, SyntaxError> {
        let surface = self.parser.proposition()?;
        Scope::new(&self.statement, self.parser.text()).proposition(&surface)
    }
}
