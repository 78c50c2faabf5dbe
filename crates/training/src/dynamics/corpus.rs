//! The text that the character policy learns: documentation of this crate.

use std::collections::BTreeSet;

/// The embedded texts by the path of their file.
pub const TEXTS: [(&str, &str); 2] = [
    ("docs/doctor.md", include_str!("../../docs/doctor.md")),
    ("proofs/README.md", include_str!("../../proofs/README.md")),
];

/// A text as numbers: each character by its place in the alphabet.
#[derive(Clone, Debug, PartialEq)]
pub struct Corpus {
    /// Every character that occurs, in the order of Unicode.
    pub alphabet: Vec<char>,
    /// The text.
    pub text: Vec<usize>,
}

impl Corpus {
    /// The embedded texts, one after the other.
    pub fn own() -> Corpus {
        Corpus::new(&TEXTS.map(|(_, text)| text).concat())
    }

    /// Any text.
    pub fn new(text: &str) -> Corpus {
        let alphabet: Vec<char> = text.chars().collect::<BTreeSet<char>>().into_iter().collect();
        let place = |c: char| alphabet.binary_search(&c).expect("every character is in the alphabet");
        let text = text.chars().map(place).collect();
        Corpus { alphabet, text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_places_in_the_alphabet() {
        let corpus = Corpus::new("banana");
        assert_eq!((corpus.alphabet, corpus.text), (vec!['a', 'b', 'n'], vec![1, 0, 2, 0, 2, 0]));
        let own = Corpus::own();
        assert!(own.alphabet.len() > 50 && own.text.len() > 10_000);
        let read: String = own.text.iter().map(|&place| own.alphabet[place]).collect();
        assert!(read.starts_with("# What to do when the doctor complains"));
    }
}
