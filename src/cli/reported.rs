//! `--report FILE` of the commands: what was just run, as a page.

use std::path::{Path, PathBuf};

use clap::Args;

use super::ending::Failure;
use super::output;
use crate::document::{Results, document, html, markdown};

/// Where a report goes.
#[derive(Args)]
pub struct Reported {
    /// Also write a report of what was run: a page for a browser (.html) or Markdown (.md)
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

impl Reported {
    /// Whether one is asked for.
    pub fn is_asked(&self) -> bool {
        self.report.is_some()
    }

    /// Says what is wrong with the file that is asked for, before anything is run.
    ///
    /// # Errors
    /// If the suffix of the file says nothing of how to write it, or it cannot be written.
    pub fn check(&self) -> Result<(), Failure> {
        let Some(path) = &self.report else { return Ok(()) };
        Form::of(path)?;
        output::check(path)
    }

    /// Writes the report, if one is asked for.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write<'a>(&self, results: impl FnOnce() -> Results<'a>) -> Result<(), Failure> {
        let Some(path) = &self.report else { return Ok(()) };
        let document = document(&results());
        let text = match Form::of(path)? {
            Form::Html => html::page(&document),
            Form::Markdown => markdown::text(&document),
        };
        output::write(Some(path), &text)
    }
}

/// The forms of a report that is one file.
enum Form {
    Html,
    Markdown,
}

impl Form {
    fn of(path: &Path) -> Result<Form, Failure> {
        match path.extension().and_then(|suffix| suffix.to_str()) {
            Some("html" | "htm") => Ok(Form::Html),
            Some("md" | "markdown") => Ok(Form::Markdown),
            _ => Err(format!(
                "--report {}: give a file that ends in .html or .md, or run `logitlab report --latex DIR`",
                path.display()
            )
            .into()),
        }
    }
}

/// The command that was run, as it was typed, without where its report goes.
pub fn command() -> String {
    let mut words = vec!["logitlab".to_string()];
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let is_output = |option: &str| argument == option || argument.starts_with(&format!("{option}="));
        match OUTPUTS.iter().any(|option| is_output(option)) {
            true if argument.contains('=') => {}
            true => _ = arguments.next(),
            false => words.push(quoted(&argument)),
        }
    }
    words.join(" ")
}

/// The options that say where a report goes.
const OUTPUTS: [&str; 4] = ["--report", "--html", "--latex", "--markdown"];

/// An argument as a shell takes it.
fn quoted(argument: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./,:=+@%~^".contains(c);
    match !argument.is_empty() && argument.chars().all(is_plain) {
        true => argument.to_string(),
        false => format!("'{}'", argument.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn arguments_are_quoted_where_they_have_to_be() {
        assert_eq!(quoted("--k=10"), "--k=10");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted(""), "''");
    }
}
