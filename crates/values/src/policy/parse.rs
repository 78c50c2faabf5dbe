//! Reading a spec.

use std::str::FromStr;

use num_bigint::BigUint;

use super::error::{SpecError, SpecProblem};
use super::key::{Actions, C, Key, Limits, MOST_ACTIONS, MOST_BITS, Value};
use super::naturals::Naturals;
use super::registry::{FORMS, Form, GENERATORS, Generator};
use super::scores::Scores;
use super::spec::{Recipe, Source, Spec};
use crate::arith::Decimal;
use logitlab_words::Unknown;

/// Most 64-bit words of one policy's scores (1 GiB).
const MOST_WORDS: u64 = 1 << 27;

impl FromStr for Spec {
    type Err = SpecError;

    /// Reads a spec; spaces around names, items and values are allowed.
    fn from_str(text: &str) -> Result<Spec, SpecError> {
        let whole = Piece { all: text, start: 0, end: text.len() };
        let (name, items) = match whole.split_once(":") {
            Some((name, items)) => (name.trim(), Some(items)),
            None => (whole.trim(), None),
        };
        if whole.trim().text().is_empty() {
            return Err(whole.error(SpecProblem::Empty { names: names() }));
        }
        if let Some(form) = FORMS.iter().find(|form| form.name == name.text()) {
            return explicit(form, name, items).map(Spec);
        }
        match Generator::find(name.text()) {
            Some(generator) => generated(generator, name, items).map(|recipe| Spec(Source::Generated(recipe))),
            None => {
                let otherwise = format!("expected one of {}", names().join(", "));
                let unknown = Unknown::new("generator", name.text(), names(), otherwise);
                Err(name.error(SpecProblem::UnknownGenerator(unknown)))
            }
        }
    }
}

/// A part of the text that knows where it lies.
#[derive(Clone, Copy)]
struct Piece<'a> {
    all: &'a str,
    /// byte offsets into `all`
    start: usize,
    end: usize,
}

impl<'a> Piece<'a> {
    fn text(self) -> &'a str {
        &self.all[self.start..self.end]
    }

    fn trim(self) -> Piece<'a> {
        let start = self.end - self.text().trim_start().len();
        Piece { start, end: start + self.text().trim().len(), ..self }
    }

    fn split_once(self, separator: &str) -> Option<(Piece<'a>, Piece<'a>)> {
        let at = self.start + self.text().find(separator)?;
        Some((Piece { end: at, ..self }, Piece { start: at + separator.len(), ..self }))
    }

    /// The parts between commas, without the spaces around them.
    fn items(self) -> impl Iterator<Item = Piece<'a>> {
        let mut rest = Some(self);
        std::iter::from_fn(move || {
            let piece = rest.take()?;
            let (item, after) = piece.split_once(",").map_or((piece, None), |(item, after)| (item, Some(after)));
            rest = after;
            Some(item.trim())
        })
    }

    fn error(self, problem: SpecProblem) -> SpecError {
        let column = self.all[..self.start].chars().count() + 1;
        SpecError { column, length: self.text().chars().count(), problem }
    }
}

/// Every name that a spec can begin with.
fn names() -> Vec<&'static str> {
    GENERATORS.iter().map(|generator| generator.name).chain(FORMS.iter().map(|form| form.name)).collect()
}

fn generated(generator: &'static Generator, name: Piece<'_>, items: Option<Piece<'_>>) -> Result<Recipe, SpecError> {
    let keys = || generator.keys().map(|key| key.name).collect::<Vec<_>>();
    // one per key, in the order of `Generator::keys`: the value and where it stands
    let mut given: Vec<Option<(Value, Piece<'_>)>> = vec![None; generator.keys().count()];
    for item in items.into_iter().flat_map(Piece::items) {
        let Some((key, value)) = item.split_once("=") else {
            let text = item.text().to_owned();
            return Err(item.error(SpecProblem::NotAPair { generator: generator.name, text, keys: keys() }));
        };
        let (typed, value) = (key.trim(), value.trim());
        let Some((at, key)) = generator.keys().enumerate().find(|(_, key)| key.name == typed.text()) else {
            let key = typed.text().to_owned();
            return Err(typed.error(SpecProblem::UnknownKey { generator: generator.name, key, keys: keys() }));
        };
        if given[at].is_some() {
            return Err(typed.error(SpecProblem::Repeated { key: key.name }));
        }
        given[at] = Some((read(key, value)?, value));
    }
    let chosen = given.pop().flatten();
    let actions = given.remove(0);
    let recipe = Recipe {
        generator,
        actions: actions.map(|(value, _)| match value {
            Value::Actions(actions) => actions,
            other => unreachable!("K was read as {other}"),
        }),
        values: given.iter().map(|value| value.map(|(value, _)| value)).collect(),
        chosen: chosen.map(|(value, _)| chosen_action(value)),
    };
    let Actions { low, high } = recipe.actions();
    if let (Some((_, at)), Some(chosen)) = (chosen, recipe.chosen) {
        check_chosen(chosen, low, at)?;
    }
    let words = (generator.words)(&recipe.params(high)).saturating_mul(high as u64);
    if words > MOST_WORDS {
        let problem = SpecProblem::TooLarge {
            actions: high,
            megabytes: words.saturating_mul(8).div_ceil(1_000_000),
            most: MOST_WORDS * 8 / 1_000_000,
        };
        return Err(actions.map_or(name, |(_, at)| at).error(problem));
    }
    Ok(recipe)
}

/// The 0-based action of a value of `c`.
fn chosen_action(value: Value) -> usize {
    match value {
        Value::Integer(chosen) => chosen as usize - 1,
        other => unreachable!("c was read as {other}"),
    }
}

fn check_chosen(chosen: usize, actions: usize, at: Piece<'_>) -> Result<(), SpecError> {
    if chosen < actions {
        return Ok(());
    }
    Err(at.error(SpecProblem::ChosenBeyondActions { chosen: chosen + 1, actions }))
}

/// The value of `key` that `piece` holds.
fn read(key: &Key, piece: Piece<'_>) -> Result<Value, SpecError> {
    match key.limits {
        Limits::Integer { low, high } => Ok(Value::Integer(read_integer(key, piece, low, high)?)),
        Limits::Decimal { low, high } => match Decimal::parse(piece.text()) {
            Some(x) if low <= x && x <= high => Ok(Value::Decimal(x)),
            Some(_) => Err(out_of_range(key, piece)),
            None => Err(not_a_value(key, piece)),
        },
        Limits::Actions { low, high } => {
            let number = |end: Piece<'_>| match is_digits(end.text()) {
                true => read_integer(key, end, low as u64, high as u64).map(|k| k as usize),
                false => Err(not_a_value(key, piece)),
            };
            let actions = match piece.split_once("..") {
                Some((low, high)) => Actions { low: number(low.trim())?, high: number(high.trim())? },
                None => number(piece).map(|k| Actions { low: k, high: k })?,
            };
            if actions.low > actions.high {
                let Actions { low, high } = actions;
                return Err(piece.error(SpecProblem::EmptyInterval { key: key.name, low, high }));
            }
            Ok(Value::Actions(actions))
        }
    }
}

fn read_integer(key: &Key, piece: Piece<'_>, low: u64, high: u64) -> Result<u64, SpecError> {
    if !is_digits(piece.text()) {
        return Err(not_a_value(key, piece));
    }
    // digits that do not parse are too many of them
    piece.text().parse().ok().filter(|n| (low..=high).contains(n)).ok_or_else(|| out_of_range(key, piece))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn not_a_value(key: &Key, piece: Piece<'_>) -> SpecError {
    let text = piece.text().to_owned();
    piece.error(SpecProblem::NotAValue { key: key.name, text, expected: key.limits.expected() })
}

fn out_of_range(key: &Key, piece: Piece<'_>) -> SpecError {
    let (text, limits) = (piece.text().to_owned(), key.limits.to_string());
    piece.error(SpecProblem::OutOfRange { key: key.name, text, limits })
}

/// `weights:...` and `logits:...`.
fn explicit(form: &'static Form, name: Piece<'_>, items: Option<Piece<'_>>) -> Result<Source, SpecError> {
    let Some(items) = items else {
        return Err(name.error(SpecProblem::NoActions { form: form.name, example: form.example }));
    };
    let mut scores: Vec<Piece<'_>> = Vec::new();
    let mut chosen: Option<(usize, Piece<'_>)> = None;
    for item in items.items() {
        if chosen.is_some() {
            return Err(item.error(SpecProblem::AfterChosen { form: form.name }));
        }
        match item.split_once("=") {
            Some((key, value)) if key.trim().text() == C.name => {
                let value = value.trim();
                chosen = Some((chosen_action(read(&C, value)?), value));
            }
            _ => scores.push(item),
        }
    }
    if scores.iter().all(|item| item.text().is_empty()) && scores.len() < 2 {
        return Err(items.trim().error(SpecProblem::NoActions { form: form.name, example: form.example }));
    }
    if scores.len() > MOST_ACTIONS {
        let (actions, most) = (scores.len(), MOST_ACTIONS);
        return Err(items.error(SpecProblem::TooManyActions { form: form.name, actions, most }));
    }
    if let Some((chosen, at)) = chosen {
        check_chosen(chosen, scores.len(), at)?;
    }
    let chosen = chosen.map(|(chosen, _)| chosen);
    let (scores, wanted) = match form.name {
        "weights" => (weights(&scores)?, "positive weight"),
        _ => (logits(&scores)?, "finite logit"),
    };
    if (0..scores.len()).all(|i| scores.is_zero(i)) {
        return Err(items.trim().error(SpecProblem::NothingPossible { wanted }));
    }
    Ok(Source::Explicit(scores, chosen))
}

fn weights(items: &[Piece<'_>]) -> Result<Scores, SpecError> {
    // more digits than this are beyond 2^4096 unless they begin with zeros
    let most_digits = MOST_BITS as usize;
    let read = |item: &Piece<'_>| {
        let text = item.text();
        let weight: Option<BigUint> =
            (is_digits(text) && text.len() <= most_digits).then(|| text.parse().ok()).flatten();
        weight
            .filter(|weight| weight.bits() <= MOST_BITS)
            .map(|weight| weight.to_u64_digits())
            .ok_or_else(|| item.error(SpecProblem::NotAWeight { text: text.to_owned(), bits: MOST_BITS }))
    };
    let digits = items.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    Ok(Scores::Integers(Naturals::from_digits(&digits)))
}

fn logits(items: &[Piece<'_>]) -> Result<Scores, SpecError> {
    let read = |item: &Piece<'_>| {
        let text = item.text();
        let logit: Option<f64> = text.parse().ok();
        logit
            .filter(|z| z.is_finite() || text == "-inf")
            .ok_or_else(|| item.error(SpecProblem::NotALogit { text: text.to_owned() }))
    };
    items.iter().map(read).collect::<Result<Vec<_>, _>>().map(Scores::Logits)
}
