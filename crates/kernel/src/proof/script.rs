//! The text of a proof: `proof ... qed`, read into typed steps.

use std::fmt;

use crate::expr::elaborate::Scope;
use crate::expr::error::{Problem, Span, SyntaxError};
use crate::expr::lexer::Kind;
use crate::expr::parse::{Form, Parser, Surface};
use crate::expr::print::In;
use crate::expr::{Name, Notation, Prop, Relation, Sort, Statement, TEXT, Tree};

/// How deep proofs may stand in proofs.
const MAX_NESTING: usize = 32;

/// How many steps and choices a proof may have: each may use all that were before it.
const MAX_STEPS: usize = 1_000;

/// The words that start an item or end a proof.
const KEYWORDS: &[&str] = &["lemma", "choose", "show", "assume", "case", "qed"];

/// A proof: what is shown in order, and then cases or assumptions if there are any.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// What is shown first.
    pub items: Vec<Item>,
    /// `case P ...` one after the other.
    pub cases: Vec<Branch>,
    /// `assume P ...`: one for an implication, two for an equivalence.
    pub assumptions: Vec<Branch>,
    /// The closing `qed`.
    pub end: Span,
}

/// A proof under a proposition.
#[derive(Clone, Debug)]
pub struct Branch {
    /// The case or assumption.
    pub prop: Prop,
    /// Where it stands.
    pub span: Span,
    /// What is shown there; it ends with the next branch.
    pub script: Script,
}

/// Something that is shown.
#[derive(Clone, Debug)]
pub enum Item {
    /// `a = b by ... = c by ...`
    Chain(Option<Name>, Chain),
    /// `goal proof ... qed`
    Goal(Option<Name>, Prop, Span, Script),
    /// `choose a : v[a] = max(v)`: holds to the end of the proof.
    Choose(Name, Prop, Span),
}

/// A chain of steps.
#[derive(Clone, Debug)]
pub struct Chain {
    /// Where it starts.
    pub start: Tree,
    /// Its steps; at least one.
    pub steps: Vec<Step>,
}

/// `relation to by rules`
#[derive(Clone, Debug)]
pub struct Step {
    /// How the expression before is related to this one.
    pub relation: Relation,
    /// The next expression.
    pub to: Tree,
    /// The names of the rules.
    pub rules: Vec<(Name, Span)>,
    /// From the relation to the last rule.
    pub span: Span,
}

/// Reads `proof ... qed`, the next tokens of a parser.
///
/// # Errors
/// Syntax, names or types, with the place.
pub fn parse(parser: &mut Parser<'_>, statement: &Statement) -> Result<Script, SyntaxError> {
    parser.expect("proof")?;
    let script = Reader { parser, statement: statement.clone(), nesting: 0, steps: 0 }.body()?;
    parser.expect("qed")?;
    Ok(script)
}

struct Reader<'p, 'a> {
    parser: &'p mut Parser<'a>,
    statement: Statement,
    nesting: usize,
    steps: usize,
}

impl Reader<'_, '_> {
    /// Items, then branches, up to `qed`.
    fn body(&mut self) -> Result<Script, SyntaxError> {
        let mut script = self.items()?;
        while let word @ ("case" | "assume") = self.parser.peek_text() {
            self.parser.next();
            let surface = self.parser.proposition()?;
            let prop = self.scope().proposition(&surface)?;
            self.count(1)?;
            let branch = Branch { prop, span: surface.span, script: self.items()? };
            let kind = if word == "case" { &mut script.cases } else { &mut script.assumptions };
            kind.push(branch);
        }
        script.end = self.parser.peek().span;
        Ok(script)
    }

    /// Items up to the next branch or `qed`. What they choose is known to the branches that follow.
    fn items(&mut self) -> Result<Script, SyntaxError> {
        let mut items = Vec::new();
        while !["case", "assume", "qed"].contains(&self.parser.peek_text()) {
            if self.parser.peek().kind == Kind::End {
                return Err(self.parser.unexpected("a step or `qed`"));
            }
            self.count(1)?;
            items.push(self.item()?);
        }
        Ok(Script { items, end: self.parser.peek().span, ..Script::default() })
    }

    /// Counts steps, up to the limit.
    fn count(&mut self, more: usize) -> Result<(), SyntaxError> {
        self.steps += more;
        let problem = || format!("a proof of more than {MAX_STEPS} steps: make claims of its parts, and cite them");
        if self.steps > MAX_STEPS { Err(SyntaxError::claim(problem(), self.parser.peek().span)) } else { Ok(()) }
    }

    fn scope(&self) -> Scope<'_> {
        Scope::new(&self.statement, self.parser.text())
    }

    fn item(&mut self) -> Result<Item, SyntaxError> {
        if self.parser.accept("choose") {
            return self.choice();
        }
        let mut label = None;
        if self.parser.accept("lemma") {
            label = Some(Name::from(self.parser.take(Kind::Word, "a name for the lemma")?.0));
            self.parser.expect(":")?;
        } else {
            // Only needed where the first sign would be read as part of the line before.
            self.parser.accept("show");
        }
        let surface = self.parser.proposition()?;
        if self.parser.peek_text() == "by" {
            return Ok(Item::Chain(label, self.chain(surface)?));
        }
        let goal = self.scope().proposition(&surface)?;
        if !self.parser.accept("proof") {
            return Err(self.parser.unexpected("`by` and a rule, or `proof`"));
        }
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(SyntaxError::new(Problem::TooDeep, surface.span));
        }
        let declared = self.statement.variables.len();
        let script = self.body()?;
        self.parser.expect("qed")?;
        self.statement.variables.truncate(declared);
        self.nesting -= 1;
        Ok(Item::Goal(label, goal, surface.span, script))
    }

    fn choice(&mut self) -> Result<Item, SyntaxError> {
        let (name, span) = self.parser.take(Kind::Word, "a name for the action")?;
        self.scope().declare(name, span)?;
        self.parser.expect(":")?;
        self.statement.variables.push((name.into(), Sort::Action));
        let surface = self.parser.proposition()?;
        let property = self.scope().proposition(&surface)?;
        Ok(Item::Choose(name.into(), property, surface.span))
    }

    /// A chain whose first link has been read up to `by`.
    fn chain(&mut self, first: Surface) -> Result<Chain, SyntaxError> {
        let whole = first.span;
        let prop = self.scope().proposition(&first)?;
        let (Prop::Compare(relation, start, to), Form::Chain(values, _)) = (prop, first.form) else {
            let text = "a step is one relation between two expressions, `a = b by rule`".to_string();
            return Err(SyntaxError::new(Problem::Claim(text), whole));
        };
        let ty = start.ty();
        let rules = self.rules()?;
        let gap = &self.parser.text()[values[0].span.end..];
        let start_of_sign = values[0].span.end + gap.len() - gap.trim_start().len();
        let span = Span { start: start_of_sign, end: values[1].span.end };
        let mut steps = vec![Step { relation, to, rules, span }];
        loop {
            let begin = self.parser.peek().span;
            let Some(relation) = self.parser.relation() else { return Ok(Chain { start, steps }) };
            let surface = self.parser.value()?;
            let to = self.scope().value(&surface, Some(ty))?;
            let span = begin.to(surface.span);
            self.count(1)?;
            steps.push(Step { relation, to, rules: self.rules()?, span });
        }
    }

    /// `by rule, rule`
    fn rules(&mut self) -> Result<Vec<(Name, Span)>, SyntaxError> {
        self.parser.expect("by")?;
        let mut rules = vec![self.rule()?];
        while self.parser.accept(",") {
            rules.push(self.rule()?);
        }
        Ok(rules)
    }

    /// Words joined by points and hyphens without a space between them.
    fn rule(&mut self) -> Result<(Name, Span), SyntaxError> {
        let (first, mut span) = self.parser.take(Kind::Word, "the name of a rule, a lemma or a claim")?;
        if KEYWORDS.contains(&first) {
            let found = format!("`{first}`");
            let expected = "the name of a rule, a lemma or a claim".to_string();
            return Err(SyntaxError::new(Problem::Expected { expected, found }, span));
        }
        while matches!(self.parser.peek_text(), "." | "-") && self.parser.peek().span.start == span.end {
            self.parser.next();
            let (_, word) = self.parser.take(Kind::Word, "the rest of the name")?;
            span = span.to(word);
        }
        Ok((self.parser.slice(span).into(), span))
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        In(&TEXT, self).fmt(f)
    }
}

/// Writes `proof ... qed`; as text, it reads back as the same script.
impl fmt::Display for In<'_, Script> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let In(notation, script) = self;
        writeln!(f, "proof")?;
        script.write(notation, f, 1)?;
        writeln!(f, "qed")
    }
}

impl Script {
    /// Every chain of the proof in reading order, those in lemmas, cases and assumptions included.
    pub fn chains(&self) -> Vec<&Chain> {
        let branches = self.cases.iter().chain(&self.assumptions);
        self.items.iter().flat_map(Item::chains).chain(branches.flat_map(|branch| branch.script.chains())).collect()
    }

    fn write(&self, n: &Notation, f: &mut fmt::Formatter<'_>, level: usize) -> fmt::Result {
        let indent = "  ".repeat(level);
        for item in &self.items {
            item.write(n, f, level)?;
        }
        for (word, branches) in [("case", &self.cases), ("assume", &self.assumptions)] {
            for branch in branches {
                writeln!(f, "{indent}{word} {}", In(n, &branch.prop))?;
                branch.script.write(n, f, level + 1)?;
            }
        }
        Ok(())
    }
}

impl Item {
    fn chains(&self) -> Vec<&Chain> {
        match self {
            Item::Chain(_, chain) => vec![chain],
            Item::Goal(_, _, _, script) => script.chains(),
            Item::Choose(..) => vec![],
        }
    }

    fn write(&self, n: &Notation, f: &mut fmt::Formatter<'_>, level: usize) -> fmt::Result {
        let indent = "  ".repeat(level);
        let head = |label: &Option<Name>, text: String| match label {
            Some(name) => format!("lemma {name} : {text}"),
            None if text.starts_with(['<', '(']) => format!("show {text}"),
            None => text,
        };
        match self {
            Item::Choose(name, property, _) => {
                writeln!(f, "{indent}choose {} : {}", n.name(name), In(n, property))
            }
            Item::Goal(label, goal, _, script) => {
                writeln!(f, "{indent}{} proof", head(label, n.print(goal)))?;
                script.write(n, f, level + 1)?;
                writeln!(f, "{indent}qed")
            }
            Item::Chain(label, chain) => {
                writeln!(f, "{indent}{}", head(label, n.print(&chain.start)))?;
                for step in &chain.steps {
                    let (relation, rules) = (n.relation(step.relation), step.rule_names().join(", "));
                    writeln!(f, "{indent}  {relation} {} by {rules}", In(n, &step.to))?;
                }
                Ok(())
            }
        }
    }
}

impl Step {
    /// The names of its rules.
    pub fn rule_names(&self) -> Vec<&str> {
        self.rules.iter().map(|(name, _)| &**name).collect()
    }
}
