//! Two dumps as `diff` is given them: opened, and checked to be about the same thing.

use std::ops::Range;
use std::path::Path;

use super::Failure;
use super::logits::{Opened, Options};
use crate::diff::refuse::check_temperatures;
use crate::diff::{Labels, Temperatures};
use crate::formats::Format;
use crate::measure::{Dtype, Source, safetensors_metadata};

/// Two dumps.
pub struct Dump {
    pub a: Source,
    pub b: Source,
    /// The rows that were asked for.
    pub rows: Range<u64>,
    pub labels: Labels,
    /// Whether both have actions, which have to be compared.
    pub check_actions: bool,
    /// Where the actions come from, in words.
    pub actions: String,
    pub temperatures: Temperatures,
    /// The formats that the logits are stored in.
    pub formats: [Format; 2],
    /// What is worth saying of the files.
    pub notes: Vec<String>,
}

/// Opens both dumps. Actions of both files have to agree; B may have none.
pub fn open(
    [a, b]: [&Path; 2],
    options: &Options,
    advantages: Option<&str>,
    temperature: Option<Temperatures>,
) -> Result<Dump, Failure> {
    let labels = Labels { a: a.display().to_string(), b: b.display().to_string() };
    let columns: Vec<&str> = advantages.into_iter().collect();
    let Opened { source: first, rows, actions } = options.open_first(a, &columns)?;
    let (Opened { source: second, .. }, check_actions) = options.open_second(b)?;
    let actions = if check_actions { "from both files, which agree".to_string() } else { format!("{actions}, A's") };
    let (temperatures, notes) = temperatures([a, b], &labels, temperature)?;
    let formats = [format(first.dtype), format(second.dtype)];
    Ok(Dump { a: first, b: second, rows, labels, check_actions, actions, temperatures, formats, notes })
}

/// What the logits are divided by: as given, else 1 where the files do not contradict each other.
fn temperatures(
    paths: [&Path; 2],
    labels: &Labels,
    given: Option<Temperatures>,
) -> Result<(Temperatures, Vec<String>), Failure> {
    if let Some(given) = given {
        return Ok((given, Vec::new()));
    }
    let said = |path: &Path| -> Result<Option<String>, Failure> {
        let is_safetensors = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("safetensors"));
        // A pattern stands for several files, which may be anything.
        if !is_safetensors || !path.is_file() {
            return Ok(None);
        }
        Ok(safetensors_metadata(path)?.get("temperature").cloned())
    };
    let [a, b] = [said(paths[0])?, said(paths[1])?];
    let note = a.as_ref().or(b.as_ref()).map(|text| {
        let what = "it is not applied: --temperature says what stored logits are to be divided by";
        format!("the metadata says temperature {text}; {what}")
    });
    check_temperatures(labels, a, b)?;
    Ok((Temperatures { a: 1.0, b: 1.0 }, note.into_iter().collect()))
}

fn format(dtype: Dtype) -> Format {
    let name = match dtype {
        Dtype::F64 => "f64",
        Dtype::F32 => "f32",
        Dtype::F16 => "fp16",
        Dtype::BF16 => "bf16",
        Dtype::F8E4M3 => "e4m3fn",
        Dtype::F8E5M2 => "e5m2",
    };
    name.parse().expect("a format of the registry")
}
