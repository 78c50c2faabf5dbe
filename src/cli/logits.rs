//! Files of logits as commands are given them: one group of options for all.

use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Failure, Progress, interrupt, options};
use crate::source::{Actions, Chosen, Dtype, InputError, Join, Request, Source, Watch, one_array};

/// The tensor that holds the actions where no option names it.
const ACTIONS: &str = "actions";

/// What every command that reads rows of files can say of them.
#[derive(Args, Clone, Debug)]
pub struct Files {
    /// Tensor or .npy file, shaped as the actions, that is 0 where a row is left out and 1 where it stays
    #[arg(long, value_name = "NAME")]
    pub mask: Option<String>,

    /// What 8 or 16 bits without a type mean, as .npy has no bfloat16: bf16, f16, f8_e4m3, f8_e5m2
    #[arg(long, value_name = "TYPE")]
    pub dtype: Option<Dtype>,

    /// Read files as further rows, even where they look like parts of the vocabulary of the same rows
    #[arg(long, value_name = "HOW", value_parser = options::join)]
    pub join: Option<Join>,
}

/// What every command that reads logits can say of its files, whose formats are [`crate::source::FORMATS`].
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Input")]
pub struct Options {
    /// Tensor that holds the logits, [rows, V] or [batch, time, V]
    #[arg(long, value_name = "NAME", default_value = "logits")]
    logits: String,

    /// Tensor or .npy file that holds the chosen actions, shaped as the logits without V [default: actions]
    #[arg(long, value_name = "NAME")]
    actions: Option<String>,

    /// Action of every row, from 0 or `argmax`, instead of those of a file
    #[arg(long, value_name = "ACTION", conflicts_with = "actions", value_parser = options::action)]
    action: Option<Chosen>,

    #[command(flatten)]
    files: Files,

    /// Rows of the files, e.g. 0..100 or 7 [default: all]
    #[arg(long, value_name = "RANGE", value_parser = options::rows)]
    rows: Option<Range<u64>>,
}

/// What was opened.
pub struct Opened {
    /// The files.
    pub source: Source,
    /// The rows of the source that were asked for.
    pub rows: Range<u64>,
    /// What the actions are, in words.
    pub actions: String,
}

impl Options {
    /// An option that was given, if any was.
    pub fn given(&self) -> Option<&'static str> {
        let given = [
            (self.logits != "logits", "--logits"),
            (self.actions.is_some(), "--actions"),
            (self.action.is_some(), "--action"),
            (self.files.mask.is_some(), "--mask"),
            (self.files.dtype.is_some(), "--dtype"),
            (self.files.join.is_some(), "--join"),
            (self.rows.is_some(), "--rows"),
        ];
        given.into_iter().find_map(|(given, option)| given.then_some(option))
    }

    /// Whether some rows were asked for.
    pub fn names_rows(&self) -> bool {
        self.rows.is_some()
    }

    /// Opens files for logits, actions and advantages of the given name. Of two .npy files without an option that says
    /// what the actions are, they are the second.
    pub fn open(&self, files: &[PathBuf], advantages: Option<&str>) -> Result<Opened, Failure> {
        if let [logits] = files
            && let Some(suffix) = one_array(logits)
            && self.action.is_none()
            && self.actions.is_none()
        {
            let why = format!(
                "a .{suffix} file holds one array: give the actions in a second one, as in `{} actions.{suffix}`, or \
                 choose them, as in `--action argmax`",
                logits.display()
            );
            return Err(why.into());
        }
        self.open_with(files, advantages, &[], None)
    }

    /// The same with further numbers, where actions do not matter: without an option or a file that says what they are,
    /// those of a .npy file are the ones of the largest logits.
    pub fn open_without_actions(
        &self,
        files: &[PathBuf],
        advantages: Option<&str>,
        columns: &[&str],
    ) -> Result<Opened, Failure> {
        let alone = matches!(files, [logits] if one_array(logits).is_some());
        self.open_with(files, advantages, columns, alone.then_some(Chosen::Largest))
    }

    /// Opens files for logits alone.
    pub fn open_vectors(&self, files: &[PathBuf]) -> Result<Opened, Failure> {
        Options { action: Some(Chosen::Largest), ..self.clone() }.open_with(files, None, &[], None)
    }

    fn open_with(
        &self,
        files: &[PathBuf],
        advantages: Option<&str>,
        columns: &[&str],
        default: Option<Chosen>,
    ) -> Result<Opened, Failure> {
        let (files, actions) = match (files, &self.actions, self.action) {
            (files, None, Some(chosen)) => (files, Actions::Chosen(chosen)),
            ([logits, actions], None, None) if [logits, actions].iter().all(|file| one_array(file).is_some()) => {
                (&files[..1], Actions::Named(actions.to_string_lossy().into_owned()))
            }
            (files, Some(name), _) => (files, Actions::Named(name.clone())),
            (files, None, None) => (files, default.map_or(Actions::Named(ACTIONS.to_string()), Actions::Chosen)),
        };
        let words = match &actions {
            Actions::Named(_) => "from the file".to_string(),
            Actions::Chosen(Chosen::Always(action)) => format!("always {action}"),
            Actions::Chosen(Chosen::Largest) => "that of the largest logit in each row".to_string(),
        };
        let source = Source::open(&Request {
            columns: columns.iter().map(|name| name.to_string()).collect(),
            advantages: advantages.map(String::from),
            ..self.request(files, actions)
        })?;
        let rows = self.rows(&source)?;
        if rows.is_empty() {
            let of = if self.names_rows() { "every row that --rows asks for" } else { "every row" };
            return Err(no_rows(self.files.mask.as_deref().unwrap_or_default(), of).into());
        }
        Ok(Opened { source, rows, actions: words })
    }

    fn request(&self, files: &[PathBuf], actions: Actions) -> Request {
        Request {
            logits: self.logits.clone(),
            actions,
            mask: self.files.mask.clone(),
            dtype: self.files.dtype,
            join: self.files.join.unwrap_or_default(),
            ..Request::new(files)
        }
    }

    /// The rows that were asked for, all by default, as those of the source.
    fn rows(&self, source: &Source) -> Result<Range<u64>, Failure> {
        let there = source.stored_rows();
        let rows = self.rows.clone().unwrap_or(0..there);
        if rows.end > there {
            let asked = format!("{}..{}", rows.start, rows.end);
            return Err(format!("--rows {asked} reaches beyond the file, which has rows 0..{there}").into());
        }
        Ok(source.among(rows))
    }
}

/// Two dumps of the same rows.
impl Options {
    /// Opens the first, with its actions and advantages of the given name.
    pub fn open_first(&self, file: &Path, advantages: Option<&str>) -> Result<Opened, Failure> {
        if let Some(suffix) = one_array(file).filter(|_| self.action.is_none() && self.actions.is_none()) {
            let why = format!(
                "a .{suffix} file holds one array: give the actions with --actions FILE.{suffix}, or choose them, as in \
                 --action argmax"
            );
            return Err(format!("{}: {why}", file.display()).into());
        }
        let opened = self.open_with(&[file.to_path_buf()], advantages, &[], None);
        opened.map_err(|failure| match failure.unusable() {
            Some(InputError::MissingTensor { kind: "tensor", name, .. }) if name == ACTIONS => {
                format!("{failure}; or choose one action for every row, as in --action argmax").into()
            }
            _ => failure,
        })
    }

    /// Opens the second; and whether it has actions of its own, which are to be those of the first.
    pub fn open_second(&self, file: &Path) -> Result<(Opened, bool), Failure> {
        let files = [file.to_path_buf()];
        let name = self.actions.as_deref().unwrap_or(ACTIONS);
        if self.action.is_some() || one_array(Path::new(name)).is_some() {
            return Ok((self.open_vectors(&files)?, false));
        }
        match Source::open(&self.request(&files, Actions::Named(name.to_string()))) {
            Err(InputError::MissingTensor { name: missing, .. }) if missing == name && missing != self.logits => {
                Ok((self.open_vectors(&files)?, false))
            }
            Err(error) => Err(error.into()),
            Ok(_) => Ok((self.open_with(&files, None, &[], None)?, true)),
        }
    }
}

/// Goes through rows with a bar of so many, until Ctrl-C: what was finished by then is complete.
pub fn watched<T, E>(rows: u64, go: impl FnOnce(Watch<'_>) -> Result<T, E>) -> Result<T, E> {
    watched_beside(rows, |watch, _| go(watch))
}

/// The same with the bar, beside which rows can be printed.
pub fn watched_beside<T, E>(rows: u64, go: impl FnOnce(Watch<'_>, &Progress) -> Result<T, E>) -> Result<T, E> {
    interrupt::watch();
    let bar = Progress::new(rows, "rows");
    let gone = go(Watch { stop: &interrupt::asked, done: &|rows| bar.step(rows) }, &bar);
    bar.finish();
    gone
}

/// What a mask says that is 0 in some rows, which are all that there could be.
pub fn no_rows(mask: &str, of: &str) -> String {
    format!("no rows are left: the mask `{mask}` is 0 in {of}; check that it is the right one, and 1 where a row stays")
}
