//! What a generator is, and the values with which it is called.

use super::key::{C, K, Key, Value};
use super::random::Rng;
use super::scores::Scores;
use crate::arith::Decimal;

/// A way to make policies.
#[derive(Clone, Copy, Debug)]
pub struct Generator {
    /// The name before `:` in a spec.
    pub name: &'static str,
    /// What it makes, in one line.
    pub summary: &'static str,
    /// The keys it takes besides `K` and `c`.
    pub own_keys: &'static [Key],
    /// How the chosen action is found if the spec does not fix it.
    pub choice: Choice,
    /// 64-bit words of memory per action, at most.
    pub words: fn(&Params<'_>) -> u64,
    /// Makes `params.actions` scores.
    pub make: fn(&Params<'_>, &mut Rng) -> Scores,
}

/// How a generator's chosen action is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Choice {
    /// Any action uniformly for half of the draws, the most and the least probable for a quarter each.
    Drawn,
    /// The most probable action.
    Largest,
}

impl Generator {
    /// Every key in the order in which a spec prints them: `K`, its own, `c`.
    pub fn keys(&self) -> impl Iterator<Item = &'static Key> + use<> {
        [&K].into_iter().chain(self.own_keys).chain([&C])
    }
}

impl PartialEq for Generator {
    /// Generators are told apart by name.
    fn eq(&self, other: &Generator) -> bool {
        self.name == other.name
    }
}

/// The values with which a generator is called: those of the spec, and defaults for the rest.
#[derive(Clone, Copy, Debug)]
pub struct Params<'a> {
    /// Number of actions, already drawn if the spec gave an interval; at least 1.
    pub actions: usize,
    /// The chosen action (0-based) if the spec fixes it, below `actions`.
    pub chosen: Option<usize>,
    pub(super) generator: &'static Generator,
    /// one per key of the generator, in the order of [`Generator::keys`]
    pub(super) values: &'a [Option<Value>],
}

impl Params<'_> {
    /// The whole number that the generator's own key `name` holds.
    ///
    /// # Panics
    ///
    /// If the generator declares no such key: a mistake in the generator.
    pub fn integer(&self, name: &str) -> u64 {
        match self.value(name) {
            Value::Integer(n) => n,
            other => panic!("key `{name}` of `{}` holds {other}, no integer", self.generator.name),
        }
    }

    /// The decimal number that the generator's own key `name` holds.
    ///
    /// # Panics
    ///
    /// If the generator declares no such key: a mistake in the generator.
    pub fn decimal(&self, name: &str) -> Decimal {
        match self.value(name) {
            Value::Decimal(x) => x,
            other => panic!("key `{name}` of `{}` holds {other}, no decimal", self.generator.name),
        }
    }

    fn value(&self, name: &str) -> Value {
        let mut own = self.generator.own_keys.iter().zip(self.values);
        own.find_map(|(key, value)| if key.name == name { value.or(key.default) } else { None })
            .unwrap_or_else(|| panic!("generator `{}` declares no key `{name}`", self.generator.name))
    }
}
