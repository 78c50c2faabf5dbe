//! What a command came to, and the one place that shows it: as text or JSON, as a report, as an exit code.

use std::path::Path;

use clap::Args;
use serde::Serialize;

use super::ending::{Ending, Failure, tell};
use super::output;
use super::reported::{Reported, command};
use super::terminal::Terminal;
use crate::document::{Printed, Results};
use crate::report::text::{Paint, plain};
use crate::report::wrap::fitted;

/// What a command came to.
pub trait Outcome {
    /// For people.
    fn text(&self, paint: Paint<'_>) -> String;

    /// For programs: one JSON document.
    ///
    /// # Errors
    /// If there is a number in it that JSON does not have.
    fn json(&self) -> Result<String, Failure> {
        pretty(&self.text(&plain))
    }

    /// How the command ended.
    fn ending(&self) -> Ending {
        Ending::Good
    }

    /// What standard error is told once all is shown.
    fn notes(&self) -> String {
        String::new()
    }

    /// What `--report` has of it; `title` names the command.
    fn results(&self, title: &str) -> Results<'_> {
        printed(title, self.text(&plain))
    }
}

/// What a command prints, as a report has it.
pub fn printed(title: &str, text: String) -> Results<'static> {
    Results {
        title: title.into(),
        command: command(),
        printed: vec![Printed { title: title.into(), text }],
        ..Results::default()
    }
}

/// Text alone.
impl Outcome for String {
    fn text(&self, _: Paint<'_>) -> String {
        self.clone()
    }
}

/// What is set as text alone.
impl<F: Fn(Paint<'_>) -> String> Outcome for F {
    fn text(&self, paint: Paint<'_>) -> String {
        self(paint)
    }
}

/// A value that two functions tell of: one people, one programs.
struct Told<T, P, D> {
    value: T,
    text: P,
    json: D,
}

impl<T, P: Fn(&T, Paint<'_>) -> String, D: Fn(&T) -> Result<String, Failure>> Outcome for Told<T, P, D> {
    fn text(&self, paint: Paint<'_>) -> String {
        (self.text)(&self.value, paint)
    }

    fn json(&self) -> Result<String, Failure> {
        (self.json)(&self.value)
    }
}

/// One JSON document.
///
/// # Errors
/// If there is something in it that JSON does not have.
pub fn pretty(document: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(document).map_err(|error| Failure::Output(error.into()))?;
    Ok(text + "\n")
}

/// The option for programs.
#[derive(Args)]
pub struct Json {
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// The options for programs and for pages.
#[derive(Args)]
pub struct Forms {
    #[command(flatten)]
    json: Json,

    #[command(flatten)]
    pub reported: Reported,
}

/// What a command came to, and how it was asked to show it.
pub struct Done<'a> {
    outcome: Box<dyn Outcome + 'a>,
    ending: Ending,
    json: bool,
    is_code: bool,
    out: Option<&'a Path>,
    report: Option<(&'a Reported, &'static str)>,
}

impl<'a> Done<'a> {
    /// To be shown as text on standard output.
    pub fn new(outcome: impl Outcome + 'a) -> Done<'a> {
        let ending = outcome.ending();
        Done { outcome: Box::new(outcome), ending, json: false, is_code: false, out: None, report: None }
    }

    /// A value, of which one function tells people and one programs.
    pub fn told<T: 'a>(
        value: T,
        text: impl Fn(&T, Paint<'_>) -> String + 'a,
        json: impl Fn(&T) -> Result<String, Failure> + 'a,
    ) -> Done<'a> {
        Done::new(Told { value, text, json })
    }

    /// With this ending, where the outcome does not say.
    pub fn ending(self, ending: Ending) -> Done<'a> {
        Done { ending, ..self }
    }

    /// As JSON, if that is so.
    pub fn json(self, json: bool) -> Done<'a> {
        Done { json, ..self }
    }

    /// As it stands, if that is so: what programs read is not fitted to a terminal.
    pub fn code(self, is_code: bool) -> Done<'a> {
        Done { is_code, ..self }
    }

    /// Into a file, if there is one.
    pub fn out(self, out: Option<&'a Path>) -> Done<'a> {
        Done { out, ..self }
    }

    /// Into a report of this title too, if one is asked for.
    pub fn report(self, reported: &'a Reported, title: &'static str) -> Done<'a> {
        Done { report: Some((reported, title)), ..self }
    }

    /// In the forms that are asked for; `title` is that of a report.
    pub fn forms(self, forms: &'a Forms, title: &'static str) -> Done<'a> {
        self.json(forms.json.json).report(&forms.reported, title)
    }

    /// Shows it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn show(self) -> Result<Ending, Failure> {
        let terminal = Terminal::output();
        let style: Paint<'_> = if self.out.is_some() { &plain } else { &terminal };
        let mut text = if self.json { self.outcome.json()? } else { self.outcome.text(style) };
        if let Some(width) = style.width().filter(|_| !self.json && !self.is_code) {
            text = fitted(&text, width);
        }
        output::write(self.out, &text)?;
        if let Some((reported, title)) = self.report {
            reported.write(|| self.outcome.results(title))?;
        }
        tell(&self.outcome.notes());
        Ok(self.ending)
    }
}
