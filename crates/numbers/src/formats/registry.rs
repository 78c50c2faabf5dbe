//! The list of formats. A new one is a line here.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

pub use super::error::{MAX_EXPONENT_BITS, MAX_PRECISION};
use super::format::Specials::{FiniteOnly, NanIsNegativeZero, OneNan};
use super::{Format, UnknownFormat};
use logitlab_words::Unknown;

/// A format with a name.
#[derive(Clone, Copy, Debug)]
pub struct NamedFormat {
    /// The name by which it is shown.
    pub name: &'static str,
    /// Other names of the same format.
    pub aliases: &'static [&'static str],
    /// The format.
    pub format: Format,
    /// Where it is defined.
    pub source: &'static str,
}

const OFP8: &str = "OCP 8-bit Floating Point Specification (OFP8)";
const MX: &str = "OCP Microscaling Formats (MX)";
const FNUZ: &str = "Noune et al., arXiv:2206.02915";
const IEEE: &str = "IEEE 754-2019";

const fn row(
    name: &'static str,
    aliases: &'static [&'static str],
    format: Format,
    source: &'static str,
) -> NamedFormat {
    NamedFormat { name, aliases, format, source }
}

/// Every format with a name, narrow ones first.
pub const FORMATS: &[NamedFormat] = &[
    row("e2m1", &["fp4"], Format::ieee(2, 2).with(FiniteOnly), MX),
    row("e2m3", &[], Format::ieee(4, 2).with(FiniteOnly), MX),
    row("e3m2", &[], Format::ieee(3, 3).with(FiniteOnly), MX),
    row("e4m3fn", &["e4m3-ocp"], Format::ieee(4, 4).with(OneNan), OFP8),
    row("e5m2", &[], Format::ieee(3, 5), OFP8),
    row("e4m3fnuz", &[], Format::ieee(4, 4).with(NanIsNegativeZero), FNUZ),
    row("e5m2fnuz", &[], Format::ieee(3, 5).with(NanIsNegativeZero), FNUZ),
    row("e4m3", &[], Format::ieee(4, 4), "as IEEE 754 would have it; largest 240"),
    row("e3m4", &[], Format::ieee(5, 3), "as IEEE 754 would have it"),
    row("fp16", &["binary16", "f16", "float16", "half"], Format::ieee(11, 5), IEEE),
    row("bf16", &["bfloat16"], Format::ieee(8, 8), "Google Brain; the upper half of binary32"),
    row("tf32", &["tensorfloat32"], Format::ieee(11, 8), "NVIDIA A100 whitepaper"),
    row("f32", &["binary32", "fp32", "float32", "single"], Format::ieee(24, 8), IEEE),
    row("f64", &["binary64", "fp64", "float64", "double"], Format::ieee(53, 11), IEEE),
    row("f128", &["binary128", "fp128", "float128", "quad"], Format::ieee(113, 15), IEEE),
];

/// The name of a format, if it has one.
pub fn name_of(format: &Format) -> Option<&'static str> {
    FORMATS.iter().find(|record| record.format == *format).map(|record| record.name)
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match name_of(self) {
            Some(name) => f.pad(name),
            None => f.pad(&format!("p{}e{}", self.precision, self.exponent_bits)),
        }
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    /// A name, an alias, or `pXeY`: X significand bits with the hidden one, Y exponent bits, IEEE-like.
    fn from_str(text: &str) -> Result<Format, UnknownFormat> {
        let lower = text.to_ascii_lowercase();
        let named = FORMATS.iter().find(|record| record.name == lower || record.aliases.contains(&lower.as_str()));
        if let Some(record) = named {
            return Ok(record.format);
        }
        let sizes = lower.strip_prefix('p').and_then(|rest| rest.split_once('e'));
        let sizes = sizes.and_then(|(p, e)| Some((p.parse::<u32>().ok()?, e.parse::<u32>().ok()?)));
        match sizes {
            Some((p, e)) if (2..=MAX_PRECISION).contains(&p) && (2..=MAX_EXPONENT_BITS).contains(&e) => {
                Ok(Format::ieee(p, e))
            }
            Some(_) => Err(UnknownFormat::Size(text.to_string())),
            None => {
                let names = FORMATS.iter().flat_map(|record| record.aliases.iter().copied().chain([record.name]));
                let otherwise = "`logitlab formats` lists them; p8e5 is any format by its sizes";
                Err(UnknownFormat::Name(Unknown::new("format", text, names, otherwise)))
            }
        }
    }
}

impl Serialize for Format {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
