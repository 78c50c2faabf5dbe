//! `logitlab formats`: the table of floating-point formats.

use clap::Args;
use rug::Float;
use serde::Serialize;

use super::outcome::pretty;
use super::{Done, Failure, Json, number};
use crate::formats::{FORMATS, NamedFormat, Specials};
use crate::report::table::headed;
use crate::report::text::{Paint, Tone};

const AFTER_HELP: &str = "\
Examples:
  logitlab formats                  the table
  logitlab formats --json           every field, exactly

Wherever a format is asked for, pXeY is one with X significand bits (2 to 256, the hidden one included) and Y exponent
bits (2 to 19), as IEEE 754 would have it.";

/// List the floating-point formats
///
/// p is the number of significand bits with the hidden one, emin and emax are the exponents of the smallest normal and
/// of the largest number, u = 2^-p is the unit roundoff to nearest.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    #[command(flatten)]
    json: Json,
}

#[derive(Serialize)]
struct Listing {
    schema: u32,
    formats: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    name: &'static str,
    aliases: &'static [&'static str],
    bits: u32,
    precision: u32,
    exponent_bits: u32,
    bias: i32,
    emin: i32,
    emax: i32,
    unit_roundoff: String,
    largest: String,
    smallest_normal: String,
    smallest_subnormal: String,
    specials: &'static str,
    source: &'static str,
}

pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    let entries = |show| FORMATS.iter().map(|record| entry(record, show)).collect();
    let text = move |(): &(), paint: Paint<'_>| text(entries(number::short), paint);
    let json = move |(): &()| pretty(&Listing { schema: 1, formats: entries(number::hex) });
    Ok(Done::told((), text, json).json(arguments.json.json))
}

fn entry(record: &NamedFormat, show: fn(&Float) -> String) -> Entry {
    let format = &record.format;
    Entry {
        name: record.name,
        aliases: record.aliases,
        bits: format.bits(),
        precision: format.precision,
        exponent_bits: format.exponent_bits,
        bias: format.bias,
        emin: format.emin(),
        emax: format.emax(),
        unit_roundoff: show(&format.unit_roundoff()),
        largest: show(&format.largest()),
        smallest_normal: show(&format.smallest_normal()),
        smallest_subnormal: show(&format.smallest_subnormal()),
        specials: specials(format.specials),
        source: record.source,
    }
}

fn specials(specials: Specials) -> &'static str {
    match specials {
        Specials::Ieee => "inf, nan, -0",
        Specials::OneNan => "nan, -0",
        Specials::NanIsNegativeZero => "nan",
        Specials::FiniteOnly => "-0",
    }
}

fn text(entries: Vec<Entry>, paint: Paint<'_>) -> String {
    const HEAD: [&str; 13] = [
        "name",
        "bits",
        "p",
        "exp",
        "bias",
        "emin",
        "emax",
        "u",
        "largest",
        "normal >=",
        "subnormal >=",
        "specials",
        "aliases",
    ];
    let rows = entries.iter().map(|entry| {
        let numbers =
            [entry.bits as i32, entry.precision as i32, entry.exponent_bits as i32, entry.bias, entry.emin, entry.emax];
        let mut row = vec![entry.name.to_string()];
        row.extend(numbers.map(|n| n.to_string()));
        row.extend([
            format!("2^-{}", entry.precision),
            entry.largest.clone(),
            format!("2^{}", entry.emin),
            format!("2^{}", entry.emin - entry.precision as i32 + 1),
            entry.specials.to_string(),
            entry.aliases.join(" "),
        ]);
        row
    });
    let mut lines = vec![HEAD.map(String::from).to_vec()];
    lines.extend(rows);
    let mut out = headed(&lines, 1, Tone::Strong, paint);
    out += "\nSources\n";
    let mut sources: Vec<(&str, Vec<&str>)> = Vec::new();
    for entry in &entries {
        match sources.iter_mut().find(|(source, _)| *source == entry.source) {
            Some((_, names)) => names.push(entry.name),
            None => sources.push((entry.source, vec![entry.name])),
        }
    }
    for (source, names) in sources {
        out += &format!("  {}: {source}\n", names.join(", "));
    }
    out
}
