//! A progress bar on a terminal, nothing in a pipe.

use std::fmt::Write;
use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

/// Counts steps, from any thread.
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar of so many steps; `what` they are is shown beside it.
    pub fn new(steps: u64, what: &'static str) -> Progress {
        if !std::io::stderr().is_terminal() {
            return Progress(ProgressBar::hidden());
        }
        let template = "{bar:30} {pos}/{len} {msg}, {rate}, {eta} left";
        let style = ProgressStyle::with_template(template).expect("the template is valid");
        // As many digits as say something.
        let style = style.with_key("rate", |state: &ProgressState, out: &mut dyn Write| {
            let rate = state.per_sec();
            let digits = if rate < 10.0 { 1 } else { 0 };
            _ = write!(out, "{rate:.digits$}/s");
        });
        let bar = ProgressBar::new(steps).with_style(style).with_message(what);
        bar.enable_steady_tick(Duration::from_millis(100));
        Progress(bar)
    }

    /// A line that says what is being done, and for how long already.
    pub fn waiting(what: String) -> Progress {
        if !std::io::stderr().is_terminal() {
            return Progress(ProgressBar::hidden());
        }
        let style = ProgressStyle::with_template("{spinner} {msg}, {elapsed}").expect("the template is valid");
        let bar = ProgressBar::new_spinner().with_style(style).with_message(what);
        bar.enable_steady_tick(Duration::from_millis(100));
        Progress(bar)
    }

    /// So many steps are done.
    pub fn step(&self, steps: u64) {
        self.0.inc(steps);
    }

    /// Takes the bar away while something is printed, which would stand beside it.
    pub fn beside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.0.suspend(print)
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}
