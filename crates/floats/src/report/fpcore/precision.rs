//! Precisions as FPCore names them.

use std::fmt;
use std::str::FromStr;

use logitlab_words::Unknown;

/// A binary format as IEEE 754 lays it out: the bits of its exponent, and of all of it.
///
/// ```
/// use logitlab_floats::report::fpcore::Precision;
///
/// let text = |name: &str| name.parse::<Precision>().map(|precision| precision.to_string());
/// assert_eq!(text("binary64").unwrap(), "binary64");
/// assert_eq!(text("bfloat16").unwrap(), "(float 8 16)");
/// assert_eq!(text("(float 4 9)").unwrap(), "(float 4 9)");
/// assert_eq!(text("bfloat").unwrap_err(), "unknown precision `bfloat`; did you mean `bfloat16`?");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Precision {
    exponent: u32,
    bits: u32,
}

impl Precision {
    /// binary32.
    pub const BINARY32: Precision = Precision { exponent: 8, bits: 32 };
}

/// Formats whose infinities, NaNs and subnormals are those of IEEE 754, which is what `(float e n)` means. Those of
/// the fn and fnuz families are not.
const NAMES: &[(&str, u32, u32)] = &[
    ("binary16", 5, 16),
    ("binary32", 8, 32),
    ("binary64", 11, 64),
    ("binary128", 15, 128),
    ("bfloat16", 8, 16),
    ("tf32", 8, 19),
    ("e5m2", 5, 8),
    ("e4m3", 4, 8),
    ("e3m4", 3, 8),
];

/// The precisions that the tools know by a word.
const WORDS: [&str; 2] = ["binary32", "binary64"];

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = |(_, exponent, bits): &&(&str, u32, u32)| (*exponent, *bits) == (self.exponent, self.bits);
        match NAMES.iter().find(own) {
            Some((name, ..)) if WORDS.contains(name) => f.write_str(name),
            _ => write!(f, "(float {} {})", self.exponent, self.bits),
        }
    }
}

impl FromStr for Precision {
    type Err = String;

    fn from_str(text: &str) -> Result<Precision, String> {
        if let Some((_, exponent, bits)) = NAMES.iter().find(|(name, ..)| *name == text) {
            return Ok(Precision { exponent: *exponent, bits: *bits });
        }
        let words: Vec<&str> = text.trim_matches(['(', ')']).split_whitespace().collect();
        if let ["float", exponent, bits] = words.as_slice() {
            return float(exponent, bits).ok_or_else(|| {
                format!(
                    "`{text}` is no format: `(float E N)` has E = 2 to 30 bits of exponent, and N = E + 2 to 4096 bits"
                )
            });
        }
        let names: Vec<&str> = NAMES.iter().map(|(name, ..)| *name).collect();
        let otherwise = format!("they are {} and \"(float E N)\"", names.join(", "));
        Err(format!("{:#}", Unknown::new("precision", text, names, otherwise)))
    }
}

fn float(exponent: &str, bits: &str) -> Option<Precision> {
    let (exponent, bits) = (exponent.parse().ok()?, bits.parse().ok()?);
    ((2..=30).contains(&exponent) && (exponent + 2..=4096).contains(&bits)).then_some(Precision { exponent, bits })
}
