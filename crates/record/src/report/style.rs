//! How text for people is set: tones, and the width of a line.

/// How a piece of text is to stand out; a terminal may colour it, a pipe does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As expected.
    Good,
    /// Not as expected.
    Bad,
    /// Less important.
    Faint,
    /// A heading.
    Strong,
}

/// How text for people is set: what stands out, and how wide a line may be.
pub trait Style {
    /// Marks up a piece of text.
    fn mark(&self, tone: Tone, text: &str) -> String;

    /// The most characters of a line, where there is such a limit: a terminal has one, a pipe has not.
    fn width(&self) -> Option<usize> {
        None
    }
}

/// What marks up, for lines of any width.
impl<F: Fn(Tone, &str) -> String> Style for F {
    fn mark(&self, tone: Tone, text: &str) -> String {
        self(tone, text)
    }
}

/// A style that is handed on.
pub type Paint<'a> = &'a dyn Style;

/// No colours.
pub fn plain(_: Tone, text: &str) -> String {
    text.to_string()
}
