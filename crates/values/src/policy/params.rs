//! The values with which a generator is called.

use super::key::Value;
use super::registry::Generator;
use crate::arith::Decimal;

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
