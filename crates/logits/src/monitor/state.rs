//! What rows came to, as it is kept, written and merged.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::asked::{
    Asked, CLIPPED, CONFIDENT, LOG_RATIO, NO_RATIO, QUANTITIES, SATURATED, UPDATE, error_name, wrong_name,
};
use super::worst::{Ranked, Worst};
use crate::stats::count::Count;
use crate::stats::merge::Merge;
use crate::stats::spread::{Between, Distribution, RowSpread};

/// What the text of a state begins with: another version has other fields.
const FORMAT: &str = "logitlab state 1";

/// Why states do not merge, or a text is no state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub(super) String);

/// What rows were measured with: numbers that were counted with other limits do not add up. Those of f64 are bits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The temperature, as text.
    pub temperature: String,
    /// See [`Asked::clip`].
    pub clip: u64,
    /// The nats that claimed numbers must be right to.
    pub nats: u64,
    /// The digits.
    pub digits: Option<u32>,
}

impl From<&Asked> for Settings {
    fn from(asked: &Asked) -> Settings {
        Settings {
            temperature: asked.how.temperature.to_string(),
            clip: asked.clip.to_bits(),
            nats: asked.required.nats.to_bits(),
            digits: asked.required.digits,
        }
    }
}

/// What rows came to. Two of the same rows are the same text, however those were split and merged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    format: String,
    settings: Settings,
    /// How many rows there are.
    pub(super) rows: u64,
    quantities: BTreeMap<String, Distribution>,
    counts: BTreeMap<String, Count>,
    worst: BTreeMap<String, Worst>,
}

impl State {
    /// Of no rows yet. Whatever is asked for has its name from the start.
    pub fn new(asked: &Asked) -> State {
        let mut state = State {
            format: FORMAT.to_string(),
            settings: asked.into(),
            rows: 0,
            quantities: BTreeMap::new(),
            counts: BTreeMap::new(),
            worst: BTreeMap::new(),
        };
        for name in QUANTITIES {
            state.quantity(name);
        }
        for name in [CONFIDENT, SATURATED] {
            state.count(name);
        }
        if asked.how.eta.is_some() {
            state.quantity(UPDATE);
        }
        if asked.old_logp.is_some() {
            state.quantity(LOG_RATIO);
            state.count(CLIPPED);
            state.count(NO_RATIO);
        }
        for (_, kind) in &asked.claimed {
            state.quantity(&error_name(*kind));
            state.count(&wrong_name(*kind));
            state.worst(&wrong_name(*kind));
        }
        state
    }

    pub(super) fn quantity(&mut self, name: &str) -> &mut Distribution {
        entry(&mut self.quantities, name)
    }

    pub(super) fn count(&mut self, name: &str) -> &mut Count {
        entry(&mut self.counts, name)
    }

    pub(super) fn worst(&mut self, name: &str) -> &mut Worst {
        entry(&mut self.worst, name)
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Adds what another counted.
    ///
    /// # Errors
    /// If it measured with other settings; nothing is added then.
    pub fn merge(&mut self, other: State) -> Result<(), Refused> {
        if self.settings != other.settings {
            let told = "states of different settings do not merge: temperature, clip, nats and digits must be the same";
            return Err(Refused(told.to_string()));
        }
        self.rows += other.rows;
        merge(&mut self.quantities, other.quantities);
        merge(&mut self.counts, other.counts);
        merge(&mut self.worst, other.worst);
        Ok(())
    }

    /// Flat names and numbers, for a logger: the middle of each enclosure, and shares of rows for which something is
    /// certain; NaN where no row has it.
    pub fn metrics(&self) -> Vec<(String, f64)> {
        let mut all = vec![("rows".to_string(), self.rows as f64)];
        for (name, distribution) in &self.quantities {
            let spread = distribution.spread();
            let middle = |x: Between| if x.lo == x.hi { x.lo } else { x.lo / 2.0 + x.hi / 2.0 };
            let of = |pick: fn(&RowSpread) -> Between| spread.as_ref().map_or(f64::NAN, |s| middle(pick(s)));
            let told = [
                ("mean", of(|s| s.mean)),
                ("min", of(|s| s.min)),
                ("median", of(|s| s.median)),
                ("p95", of(|s| s.p95)),
                ("max", of(|s| s.max)),
            ];
            all.extend(told.map(|(end, x)| (format!("{name}/{end}"), x)));
        }
        for (name, Count { yes, no, undecided }) in &self.counts {
            let total = (yes + no + undecided) as f64;
            all.push((format!("{name}/share"), *yes as f64 / total));
            all.push((format!("{name}/undecided"), *undecided as f64 / total));
        }
        all
    }

    /// How a quantity is spread, enclosed; none where no row has it.
    pub fn spread(&self, name: &str) -> Option<RowSpread> {
        self.quantities.get(name)?.spread()
    }

    /// The names of the quantities.
    pub fn quantities(&self) -> impl Iterator<Item = &str> {
        self.quantities.keys().map(String::as_str)
    }

    /// The worst rows of each kind of claimed number, the worst first.
    pub fn worst_rows(&self) -> impl Iterator<Item = (&str, &[Ranked])> {
        self.worst.iter().map(|(name, worst)| (name.as_str(), worst.rows()))
    }

    /// The state as text, always the same for the same rows.
    ///
    /// # Panics
    /// Never: names and whole numbers are all that there is.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).expect("a map of names and whole numbers")
    }

    /// What [`State::to_text`] wrote.
    ///
    /// # Errors
    /// If it did not.
    pub fn from_text(text: &str) -> Result<State, Refused> {
        let state: State = serde_json::from_str(text).map_err(|error| Refused(format!("no state: {error}")))?;
        let told = || format!("a state of another version, `{}`; this one reads `{FORMAT}`", state.format);
        if state.format == FORMAT { Ok(state) } else { Err(Refused(told())) }
    }
}

fn entry<'a, T: Default>(map: &'a mut BTreeMap<String, T>, name: &str) -> &'a mut T {
    if !map.contains_key(name) {
        map.insert(name.to_string(), T::default());
    }
    map.get_mut(name).expect("it is there now")
}

fn merge<T: Merge + Default>(own: &mut BTreeMap<String, T>, later: BTreeMap<String, T>) {
    later.into_iter().for_each(|(name, more)| entry(own, &name).merge(more));
}
