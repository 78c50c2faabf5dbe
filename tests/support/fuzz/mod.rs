//! What fuzzing feeds with bytes, and what must hold whatever they are. The targets of `fuzz/` run these entries on
//! inputs that a fuzzer makes up, the test `fuzz_corpus` on those that were worth keeping.
//!
//! An entry panics where something is wrong: a panic in the crate, a result that is not what it promises, a message
//! that cannot be shown. Bytes that are refused are in order.

mod files;
mod number;
mod text;
mod verify;
mod words;

/// What is done with an input.
pub type Entry = fn(&[u8]);

/// Every entry with its name. A new one is a function, a line here, a file under `fuzz/targets` that calls it, and a
/// `[[bin]]` of `fuzz/Cargo.toml`.
pub const TARGETS: &[(&str, Entry)] = &[
    ("claim", text::claim),
    ("formula", text::formula),
    ("json_lines", files::json_lines),
    ("mode", words::mode),
    ("npy", files::npy),
    ("npz", files::npz),
    ("number", number::number),
    ("parquet", files::parquet),
    ("policy", words::policy),
    ("safetensors", files::safetensors),
    ("script", text::script),
    ("snapshot", words::snapshot),
    ("verify", verify::verify),
    ("words", words::words),
];

/// Runs an entry.
///
/// # Panics
/// If there is no such entry, or the bytes reveal a mistake.
pub fn run(name: &str, data: &[u8]) {
    let entry = TARGETS.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("no entry is named {name}"));
    (entry.1)(data);
}

/// Whether a message can be shown to a person: it says something, in characters that are seen, in reasonable length.
fn assert_is_shown(message: &str) {
    assert!(!message.is_empty(), "a message says something");
    assert!(message.chars().all(|c| !c.is_control() || c == '\n'), "{message:?}");
    assert!(message.chars().count() < 4000, "{message:?}");
}
