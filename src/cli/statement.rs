//! Statements that are given as arguments, with `--given` for what they are about: claims without a file.

use super::Failure;
use super::claim_files::ENDING;
use super::diagnostic::Text;
use crate::claims::{self, Claim, Expected};
use crate::expr::{Problem, Sort, Statement, SyntaxError, elaborate};
use logitlab_words::Unknown;

/// The id of the first statement; those that follow have a number more.
pub const NAMED: &str = "statement";

/// Whether what stands where a claim is named is a statement: no id, no name of a file, and with what only a statement
/// has.
pub fn is_one(text: &str) -> bool {
    !text.ends_with(ENDING) && text.contains(['=', '<', '>', ' ', '(', '|', '['])
}

/// The claim that a statement holds for all values of what is declared.
pub fn claim(id: &str, text: &str, given: Option<&str>) -> Result<Claim, Failure> {
    let mut statement = given.map_or(Ok(Statement::default()), declarations)?;
    let show = elaborate::proposition(text, &statement)
        .map_err(|error| Text::given("the statement", text).refuse_with(&error, &how_to_declare(text, &statement)))?;
    statement.shows = vec![show];
    Ok(Claim {
        id: id.to_string(),
        title: id.to_string(),
        source: String::new(),
        statement,
        expected: Expected::Holds,
        section: None,
        proof: None,
        beside: Default::default(),
    })
}

/// The statement of `--given`.
fn declarations(given: &str) -> Result<Statement, Failure> {
    let before = "claim given-here given ";
    match claims::parse(&format!("{before}{given}\nshow 0 = 0")) {
        Ok(claim) if claim.statement.shows.len() == 1 => Ok(claim.statement),
        Ok(_) => Err("--given takes declarations and hypotheses, no `show`".into()),
        Err(mut error) => {
            let own = |at: usize| at.saturating_sub(before.len()).min(given.len());
            (error.span.start, error.span.end) = (own(error.span.start), own(error.span.end));
            Err(Text::given("--given", given).refuse(&error))
        }
    }
}

/// What to add to `--given`, if names are missing there.
fn how_to_declare(text: &str, statement: &Statement) -> String {
    let mut known = statement.clone();
    let mut missing = Vec::new();
    // One name after the other is reported; each is declared as what it looks like, to see the next.
    while let Err(SyntaxError { problem: Problem::UnknownName(Unknown { name, .. }), .. }) =
        elaborate::proposition(text, &known)
    {
        let sort = match () {
            () if text.contains(&format!("[{name}]")) => Sort::Action,
            () if text.contains(&format!("{name}[")) => Sort::Vector,
            () => Sort::Real,
        };
        missing.push(format!("{name} : {}", sort.word()));
        known.variables.push((name.into(), sort));
    }
    if missing.is_empty() {
        return String::new();
    }
    let sorts: Vec<&str> = Sort::ALL.iter().map(|(_, word)| *word).collect();
    let (names, sorts) = (missing.join(", "), sorts.join(", "));
    format!("\n  = help: declare names, for example with --given \"{names}\"; the sorts are {sorts}")
}
