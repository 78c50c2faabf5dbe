//! `logitlab round`: what becomes of a number in a format.

use std::fmt::Write as _;
use std::io::Read as _;

use clap::Args;
use rug::{Float, Rational};
use serde::Serialize;

use super::options::{self, OverflowPolicy};
use super::outcome::pretty;
use super::{Done, Failure, Json, number};
use crate::formats::{Big, FORMATS, Flags, Format, Literal, Rounding, Subnormals, Target};
use crate::report::table::headed;
use crate::report::text::{Paint, Tone};

const AFTER_HELP: &str = "\
Examples:
  logitlab round 0.1                                        in every format
  logitlab round 0.1 --format bf16                          bits, neighbours and errors
  logitlab round 1/3 --format fp16,bf16 --rounding up       two formats, a direction
  logitlab round 465 --format e4m3fn --overflow saturate    448; without saturation NaN
  logitlab round 0x1.8p-3 --format p8e5                     any format by its sizes
  logitlab round - --format fp16 < numbers.txt              one value a line

A value is a decimal, a fraction a/b, a hexadecimal float, inf or nan, and is read exactly.

Exit codes: 0 done, 2 unusable input.";

/// Show what becomes of a number in a floating-point format
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// A number, exactly as written; - reads one a line from standard input
    #[arg(value_name = "VALUE", allow_hyphen_values = true)]
    value: String,

    /// Formats, repeated or with commas [default: all that have a name]
    #[arg(long, value_name = "F", value_delimiter = ',', value_parser = options::format)]
    format: Vec<Format>,

    /// nearest-even, nearest-away, toward-zero, up, down, odd or stochasticN (N random bits)
    #[arg(long, value_name = "R", default_value = "nearest-even")]
    rounding: Rounding,

    /// The random bits of stochastic rounding, as a number
    #[arg(long, value_name = "N", default_value_t = 0)]
    noise: u64,

    /// What becomes of a result beyond the largest number
    #[arg(long, value_enum, default_value_t = OverflowPolicy::Standard)]
    overflow: OverflowPolicy,

    /// Flush subnormal results to zero
    #[arg(long)]
    flush: bool,

    #[command(flatten)]
    json: Json,
}

#[derive(Serialize)]
struct Document {
    schema: u32,
    results: Vec<Rounded>,
}

/// A value in a format.
#[derive(Serialize)]
struct Rounded {
    value: String,
    target: String,
    format: Format,
    result: String,
    hex: String,
    bits: String,
    below: Neighbour,
    above: Neighbour,
    /// None where the value or the result is not finite.
    error: Option<Errors>,
    #[serde(flatten)]
    flags: Flags,
}

/// The nearest number of the format on one side; for a number of the format the next one.
#[derive(Serialize)]
struct Neighbour {
    number: String,
    hex: String,
    distance: Option<String>,
}

#[derive(Serialize)]
struct Errors {
    absolute: String,
    /// None for the value 0.
    relative: Option<String>,
    ulp: String,
}

pub fn run(arguments: &Arguments) -> Result<Done<'_>, Failure> {
    let targets = targets(arguments);
    let values = values(&arguments.value)?;
    let pairs = values.iter().flat_map(|value| targets.iter().map(move |target| (value, *target)));
    let results: Vec<Rounded> =
        pairs.map(|((shown, value), target)| rounded(shown, value, target, arguments.noise)).collect();
    Ok(Done::told(Document { schema: 1, results }, text, pretty).json(arguments.json.json))
}

fn text(document: &Document, paint: Paint<'_>) -> String {
    match document.results.as_slice() {
        [one] => block(one, paint),
        several => overview(several, paint),
    }
}

fn targets(arguments: &Arguments) -> Vec<Target> {
    let Arguments { rounding, overflow, .. } = *arguments;
    let subnormals = if arguments.flush { Subnormals::Flush } else { Subnormals::Keep };
    let mut formats = arguments.format.clone();
    if formats.is_empty() {
        formats.extend(FORMATS.iter().map(|record| record.format));
    }
    formats.into_iter().map(|format| Target { format, rounding, overflow: overflow.into(), subnormals }).collect()
}

/// The values with what was typed, from the argument or from standard input.
fn values(text: &str) -> Result<Vec<(String, Literal)>, Failure> {
    let read = |text: &str| text.parse::<Literal>().map(|value| (text.to_string(), value));
    if text != "-" {
        return Ok(vec![read(text)?]);
    }
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).map_err(|error| format!("cannot read standard input: {error}"))?;
    let lines = input.lines().enumerate().map(|(i, line)| (i + 1, line.trim())).filter(|(_, line)| !line.is_empty());
    let values: Vec<_> = lines
        .map(|(i, line)| read(line).map_err(|error| format!("standard input, line {i}: {error}")))
        .collect::<Result<_, _>>()?;
    if values.is_empty() {
        return Err("standard input has no value: expected one a line".into());
    }
    Ok(values)
}

fn rounded(shown: &str, value: &Literal, target: Target, noise: u64) -> Rounded {
    let big = Big::new(target);
    let odd = value.to_odd(target.format.precision + 26);
    let result = big.round(&odd, noise);
    let neighbour = |x: Float| Neighbour {
        number: number::decimal(&x),
        hex: number::hex(&x),
        distance: value.finite().zip(x.to_rational()).map(|(exact, x)| number::approximate(&(x - exact).abs())),
    };
    Rounded {
        value: shown.to_string(),
        target: target.to_string(),
        format: target.format,
        result: number::decimal(&result),
        hex: number::hex(&result),
        bits: number::bits(&target.format, &result),
        below: neighbour(adjacent(value, &target.format, Rounding::Down)),
        above: neighbour(adjacent(value, &target.format, Rounding::Up)),
        error: value.finite().zip(result.to_rational()).map(|(exact, result)| errors(&exact, result, &target.format)),
        flags: big.flags(&odd, noise),
    }
}

/// The next number of the format in a direction.
fn adjacent(value: &Literal, format: &Format, direction: Rounding) -> Float {
    let big = Big::new(Target { rounding: direction, ..Target::from(*format) });
    let bits = format.precision + 26;
    let x = big.round(&value.to_odd(bits), 0);
    let exact = value.finite();
    if exact.is_none() || x.to_rational() != exact {
        return x;
    }
    // Less than the distance to any neighbour.
    let mut little = Rational::from(1) >> 2u32;
    little >>= format.quantum().unsigned_abs();
    let beside =
        if direction == Rounding::Up { exact.unwrap_or_default() + little } else { exact.unwrap_or_default() - little };
    big.round(&Literal::Finite(beside).to_odd(bits), 0)
}

/// One unit in the last place is the distance between neighbours at the exact value, on its side of a power of two.
fn errors(exact: &Rational, result: Rational, format: &Format) -> Errors {
    let absolute = (result - exact).abs();
    // Truncation keeps the exponent.
    let exponent = Literal::Finite(exact.clone()).to_odd(64).get_exp().map_or(format.emin(), |exponent| exponent - 1);
    Errors {
        relative: (!exact.is_zero()).then(|| number::approximate(&Rational::from(&absolute / exact).abs())),
        ulp: number::approximate(&Rational::from(&absolute >> format.last_place(exponent))),
        absolute: number::approximate(&absolute),
    }
}

fn words(flags: &Flags) -> String {
    let all = [
        (!flags.inexact, "exact"),
        (flags.inexact, "inexact"),
        (flags.overflow, "overflow"),
        (flags.underflow, "underflow"),
        (flags.subnormal, "subnormal"),
    ];
    let set: Vec<&str> = all.iter().filter(|(set, _)| *set).map(|(_, word)| *word).collect();
    set.join(", ")
}

fn block(rounded: &Rounded, paint: Paint<'_>) -> String {
    let mut out = format!("{} in {}\n", rounded.value, rounded.target);
    let mut line = |label: &str, text: String| {
        _ = writeln!(out, "  {}  {}", paint.mark(Tone::Faint, &format!("{label:8}")), text.trim_end())
    };
    line("result", format!("{}  {}", paint.mark(Tone::Strong, &rounded.result), rounded.hex));
    line("bits", rounded.bits.clone());
    for (label, neighbour) in [("below", &rounded.below), ("above", &rounded.above)] {
        let distance = neighbour.distance.as_ref().map(|distance| format!("  at a distance of {distance}"));
        line(label, format!("{}  {}{}", neighbour.number, neighbour.hex, distance.unwrap_or_default()));
    }
    if let Some(error) = &rounded.error {
        let relative = error.relative.as_ref().map(|relative| format!(", relative {relative}"));
        line("error", format!("{}{}, {} ulp", error.absolute, relative.unwrap_or_default(), error.ulp));
    }
    line("flags", words(&rounded.flags));
    out
}

fn overview(results: &[Rounded], paint: Paint<'_>) -> String {
    let mut rows = vec![["value", "format", "result", "hex", "relative", "ulp", "flags"].map(String::from).to_vec()];
    rows.extend(results.iter().map(|rounded| {
        let error = rounded.error.as_ref();
        let dash = || "-".to_string();
        vec![
            rounded.value.clone(),
            rounded.target.clone(),
            rounded.result.clone(),
            rounded.hex.clone(),
            error.and_then(|error| error.relative.clone()).unwrap_or_else(dash),
            error.map_or_else(dash, |error| error.ulp.clone()),
            words(&rounded.flags),
        ]
    }));
    headed(&rows, 2, Tone::Strong, paint)
}

#[cfg(test)]
mod tests {
    use crate::formats::rounding::ROUNDINGS;

    #[test]
    fn the_help_names_every_direction() {
        use clap::CommandFactory;
        let help = crate::cli::Cli::command().find_subcommand_mut("round").unwrap().render_long_help().to_string();
        for (name, _) in ROUNDINGS {
            assert!(help.contains(name), "{name}");
        }
    }
}
