//! Modes as text: presets, and the format of everything with exceptions.

use std::str::FromStr;

use crate::formats::{FORMATS, Target, UnknownFormat, UnknownTarget};
use logitlab_words::Unknown;

use super::mode::{Mode, PLACES, Place, SOFTMAXES};
use super::order::UnknownOrder;

/// A mode with a name: what frameworks do.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// The name.
    pub name: &'static str,
    /// The mode as text.
    pub text: &'static str,
    /// Where it is met, in one line.
    pub note: &'static str,
}

/// Every preset; a format's name alone is the mode that computes everything in it.
pub const PRESETS: &[Preset] = &[
    Preset { name: "bf16-stored", text: "f32+logits=bf16", note: "logits stored in bf16, upcast, computed in f32" },
    Preset { name: "fp16-stored", text: "f32+logits=fp16", note: "logits stored in fp16, upcast, computed in f32" },
    Preset {
        name: "fp8-stored",
        text: "f32+logits=e4m3fn/saturate",
        note: "logits stored in OCP E4M3, upcast, computed in f32",
    },
    Preset {
        name: "bf16-sum32",
        text: "bf16+sum=f32",
        note: "every single operation rounded to bf16, sums accumulated in f32: a softmax composed of elementwise steps",
    },
    Preset {
        name: "bf16-eager",
        text: "bf16+shift=f32+exp=f32+sum=f32+softmax=log",
        note: "every tensor in bf16, a log-softmax in f32 but for its sum, the logarithm of it and the result: PyTorch on CPU",
    },
    Preset {
        name: "fp16-sum32",
        text: "fp16+sum=f32",
        note: "every single operation rounded to fp16, sums accumulated in f32",
    },
    Preset {
        name: "bf16-lse",
        text: "f32+logits=bf16+lse=bf16+collision=bf16+softmax=log",
        note: "logits, log-sum-exps and C in bf16 (sums in f32), P_c by a log-softmax in f32",
    },
    Preset {
        name: "fp16-lse",
        text: "f32+logits=fp16+lse=fp16+collision=fp16+softmax=log",
        note: "logits, log-sum-exps and C in fp16 (sums in f32), P_c by a log-softmax in f32",
    },
    Preset {
        name: "fp8-sum32",
        text: "e4m3fn/saturate+sum=f32",
        note: "every single operation rounded to OCP E4M3, sums accumulated in f32",
    },
];

/// What is wrong with the text of a mode.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownMode {
    /// Neither a format nor a preset.
    #[error(transparent)]
    Name(Unknown),
    /// A part without a place that there is.
    #[error("`{part}` in a mode: no such place; places are {}{}", PLACES.map(|(_, name)| name).join(", "), " and softmax")]
    Place {
        /// The part.
        part: String,
    },
    /// A part whose value is no way to round.
    #[error("`{part}` in a mode: {why}")]
    Target {
        /// The part.
        part: String,
        /// Why.
        why: UnknownTarget,
    },
    /// A part whose order of summation is none.
    #[error("`{part}` in a mode: {why}")]
    Order {
        /// The part.
        part: String,
        /// Why.
        why: UnknownOrder,
    },
    /// A part that names a softmax that there is not.
    #[error("`{part}` in a mode: a softmax is {}", SOFTMAXES.map(|(_, name)| name).join(", "))]
    Softmax {
        /// The part.
        part: String,
    },
    /// A place that is given twice.
    #[error("`{part}` in a mode: this place is given twice")]
    Twice {
        /// The second part.
        part: String,
    },
    /// Exact products of numbers that are too long.
    #[error("exact products need probabilities of at most 26 bits of precision, and this mode has {0}")]
    Products(u32),
}

impl FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Mode, UnknownMode> {
        let mut parts = text.split('+').map(str::trim);
        let first = parts.next().unwrap_or_default();
        let mut mode = base(first)?;
        let mut seen: Vec<&str> = Vec::new();
        for part in parts {
            let (place, value) = part.split_once('=').ok_or_else(|| UnknownMode::Place { part: part.to_string() })?;
            if seen.contains(&place) {
                return Err(UnknownMode::Twice { part: part.to_string() });
            }
            seen.push(place);
            mode = except(mode, part, place, value)?;
        }
        let precision = mode.target(Place::Probability).format.precision;
        if mode.exact_products && precision > 26 {
            return Err(UnknownMode::Products(precision));
        }
        Ok(mode)
    }
}

fn base(name: &str) -> Result<Mode, UnknownMode> {
    if let Some(preset) = PRESETS.iter().find(|preset| preset.name == name) {
        return preset.text.parse();
    }
    match name.parse::<Target>() {
        Ok(target) => Ok(Mode::uniform(target)),
        Err(UnknownTarget::Format(UnknownFormat::Name(_))) => {
            let formats = FORMATS.iter().flat_map(|record| record.aliases.iter().copied().chain([record.name]));
            let known = formats.chain(PRESETS.iter().map(|preset| preset.name));
            let otherwise = "give a format, a preset (`logitlab list` names them), or a format with exceptions such as \
                             f32+logits=bf16";
            Err(UnknownMode::Name(Unknown::new("mode", name, known, otherwise)))
        }
        Err(why) => Err(UnknownMode::Target { part: name.to_string(), why }),
    }
}

fn except(mut mode: Mode, part: &str, place: &str, value: &str) -> Result<Mode, UnknownMode> {
    let part = part.to_string();
    if place == "softmax" {
        let known = SOFTMAXES.iter().find(|(_, name)| *name == value);
        mode.softmax = known.ok_or(UnknownMode::Softmax { part })?.0;
        return Ok(mode);
    }
    let Some(&(place, _)) = PLACES.iter().find(|(_, name)| *name == place) else {
        return Err(UnknownMode::Place { part });
    };
    if place == Place::Product && value == "exact" {
        mode.exact_products = true;
        return Ok(mode);
    }
    let (target, order) = match value.split_once(':') {
        Some((target, order)) if place == Place::Sum => (target, Some(order)),
        _ => (value, None),
    };
    if let Some(order) = order {
        mode.order = order.parse().map_err(|why| UnknownMode::Order { part: part.clone(), why })?;
    }
    let target: Target = target.parse().map_err(|why| UnknownMode::Target { part, why })?;
    Ok(mode.with(place, target))
}

/// The preset whose mode this is, if there is one.
pub fn preset_of(mode: &Mode) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.text.parse() == Ok(*mode))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_print_as_they_are_written() {
        for preset in PRESETS {
            let mode: Mode = preset.text.parse().unwrap();
            assert_eq!(mode.to_string(), preset.text, "{}", preset.name);
            assert_eq!(preset.name.parse::<Mode>().unwrap(), mode);
            assert_eq!(preset_of(&mode).map(|preset| preset.name), Some(preset.name));
        }
    }

    #[test]
    fn what_is_no_mode_is_told() {
        let check = |text: &str, expected: &str| {
            let error = text.parse::<Mode>().unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        };
        check("bfloat17", "did you mean `bfloat16`");
        check("f32+logit=bf16", "no such place");
        check("f32+sum=f32:kahn", "no order of summation");
        check("f32+logits=bf16+logits=fp16", "given twice");
        check("f32+softmax=fast", "naive, shifted, online, log");
        check("f64+product=exact", "53");
        check("f32+exp=f32/upward", "unknown rounding");
    }
}
