//! The terminal: its colours, and how wide it is.

use std::env;
use std::io::{IsTerminal, stderr, stdout};
#[cfg(unix)]
use std::os::fd::AsFd as Stream;

use crate::report::text::{Style, Tone};

/// Where text for people goes, as they see it.
pub struct Terminal {
    width: Option<usize>,
}

impl Terminal {
    /// Standard output as it is now.
    pub fn output() -> Terminal {
        Terminal::of(&stdout())
    }

    /// Standard error as it is now.
    pub fn errors() -> Terminal {
        Terminal::of(&stderr())
    }

    /// As wide as COLUMNS says or the terminal is; of any width where it is none.
    fn of(stream: &(impl IsTerminal + Stream)) -> Terminal {
        let said = || env::var("COLUMNS").ok()?.parse().ok().filter(|columns| *columns > 0);
        let measured = || measured(stream).map(usize::from).filter(|columns| *columns > 0);
        Terminal { width: if stream.is_terminal() { said().or_else(measured) } else { None } }
    }
}

/// What a terminal says of its columns, which it may know without its lines.
#[cfg(unix)]
fn measured(stream: &impl Stream) -> Option<u16> {
    rustix::termios::tcgetwinsize(stream).ok().map(|size| size.ws_col)
}

#[cfg(not(unix))]
fn measured(_: &impl Stream) -> Option<u16> {
    terminal_size::terminal_size().map(|(terminal_size::Width(columns), _)| columns)
}

#[cfg(not(unix))]
trait Stream {}

#[cfg(not(unix))]
impl<T> Stream for T {}

impl Style for Terminal {
    fn mark(&self, tone: Tone, text: &str) -> String {
        paint(tone, text)
    }

    fn width(&self) -> Option<usize> {
        self.width
    }
}

/// Colours for a terminal; the streams of `anstream` take them out again where there is none, or NO_COLOR is set.
pub fn paint(tone: Tone, text: &str) -> String {
    use anstyle::{AnsiColor, Style};
    let style = match tone {
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::Bad => AnsiColor::Red.on_default().bold(),
        Tone::Faint => Style::new().dimmed(),
        Tone::Strong => Style::new().bold(),
    };
    format!("{style}{text}{style:#}")
}
