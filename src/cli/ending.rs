//! How a command ended, or why it could not do its work, and the exit code of either.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use super::terminal::{Terminal, paint};
use crate::report::text::{Style as _, Tone};
use crate::report::wrap::fitted;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Everything is as it should be.
    Good,
    /// The result is negative.
    Negative,
    /// What the user gave cannot be used.
    Unusable,
    /// Ctrl-C ended the run early, and what was finished is complete.
    Interrupted,
}

impl Ending {
    /// Of a run that came to its end, or not, and of what it found until then.
    pub fn of(complete: bool, good: bool) -> Ending {
        match (complete, good) {
            (false, _) => Ending::Interrupted,
            (true, true) => Ending::Good,
            (true, false) => Ending::Negative,
        }
    }

    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Ending::Good => 0,
            Ending::Negative => 1,
            Ending::Unusable => 2,
            Ending::Interrupted => 130,
        }
    }
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> ExitCode {
        ExitCode::from(ending.code())
    }
}

/// Why there is no outcome.
#[derive(Debug)]
pub enum Failure {
    /// What the user gave cannot be used: what, where, what to do.
    Unusable(Box<dyn Error + Send + Sync>),
    /// The same, shown at its place in a text, with a label of its own.
    Diagnosed(String),
    /// Output could not be written.
    Output(io::Error),
}

/// A message, or an error of any kind that says what the user can do.
impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for Failure {
    fn from(error: E) -> Failure {
        match error.into().downcast::<io::Error>() {
            Ok(error) => Failure::Output(*error),
            Err(error) => Failure::Unusable(error),
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Unusable(error) => error.fmt(f),
            Failure::Diagnosed(text) => f.write_str(text),
            Failure::Output(error) => write!(f, "cannot write the output: {error}"),
        }
    }
}

impl Failure {
    /// The error that makes what the user gave unusable, if it is of this type.
    pub fn unusable<E: Error + 'static>(&self) -> Option<&E> {
        match self {
            Failure::Unusable(error) => error.downcast_ref(),
            _ => None,
        }
    }

    /// Tells standard error, and how the command ended by it.
    pub fn tell(&self) -> Ending {
        let text = match self {
            // Whoever reads us has read enough.
            Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ending::Good,
            // It shows a line of the text as it is.
            Failure::Diagnosed(text) => {
                _ = writeln!(anstream::stderr(), "{text}");
                return Ending::Unusable;
            }
            failure => format!("{} {failure}\n", paint(Tone::Bad, "error:")),
        };
        tell(&text);
        Ending::Unusable
    }
}

/// Tells standard error something that people read.
pub fn tell(text: &str) {
    let fitted = Terminal::errors().width().map(|width| fitted(text, width));
    // Nothing is left to be told where that cannot be written.
    _ = anstream::stderr().write_all(fitted.as_deref().unwrap_or(text).as_bytes());
}
