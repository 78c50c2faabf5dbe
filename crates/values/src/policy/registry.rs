//! The list of generators.

pub use super::generator::{Choice, Generator};
use super::generators::{
    confident, exact, gaussian, huge, integers, masked, near_one_hot, rationals, subnormal, ties, zeros,
};

/// Every generator; a new one is a file in `generators/` and a line here.
///
/// ```
/// use logitlab_values::policy::registry::GENERATORS;
///
/// for generator in GENERATORS {
///     println!("{:14} {}", generator.name, generator.summary);
/// }
/// ```
pub static GENERATORS: &[Generator] = &[
    integers::GENERATOR,
    rationals::GENERATOR,
    exact::UNIFORM,
    exact::ONE_HOT,
    near_one_hot::GENERATOR,
    ties::GENERATOR,
    zeros::GENERATOR,
    gaussian::GENERATOR,
    masked::GENERATOR,
    subnormal::GENERATOR,
    huge::GENERATOR,
    confident::GENERATOR,
];

impl Generator {
    /// The generator called `name`.
    pub fn find(name: &str) -> Option<&'static Generator> {
        GENERATORS.iter().find(|generator| generator.name == name)
    }
}

/// A spec that spells a policy out instead of naming a generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Form {
    /// The name before `:` in a spec.
    pub name: &'static str,
    /// An example.
    pub example: &'static str,
    /// What it means, in one line.
    pub summary: &'static str,
}

/// The specs that spell a policy out; both take a last `c=` like the generators.
pub static FORMS: &[Form] = &[
    Form { name: "weights", example: "weights:1,2,3", summary: "the policy with these integer weights" },
    Form {
        name: "logits",
        example: "logits:0,1.5,-inf,c=2",
        summary: "the policy with these logits, -inf for a masked action",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_keys_too() {
        let mut names: Vec<_> = GENERATORS.iter().map(|g| g.name).chain(FORMS.iter().map(|f| f.name)).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        for generator in GENERATORS {
            let mut keys: Vec<_> = generator.keys().map(|key| key.name).collect();
            let count = keys.len();
            keys.sort_unstable();
            keys.dedup();
            assert_eq!(keys.len(), count, "{}", generator.name);
            assert!(generator.own_keys.iter().all(|key| key.default.is_some()), "{}", generator.name);
        }
    }
}
