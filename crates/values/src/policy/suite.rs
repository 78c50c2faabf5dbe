//! The default policies on which a claim is tried.

use super::spec::Spec;

/// Generators of the default suite, with their keys besides `K`.
const TEMPLATES: [&str; 21] = [
    "integers:K=_,bits=8",
    "gaussian:K=_",
    "rationals:K=_,bits=8",
    "near-one-hot:K=_,gap=1e-300",
    "ties:K=_",
    "masked:K=_",
    "integers:K=_,bits=64",
    "zeros:K=_",
    "huge:K=_",
    "uniform:K=_",
    "confident:K=_,gap=1e-9",
    "integers:K=_,bits=200",
    "one-hot:K=_",
    "subnormal:K=_",
    "rationals:K=_,bits=64",
    "near-one-hot:K=_,gap=1e-9",
    "gaussian:K=_,scale=30",
    "confident:K=_,gap=1e-300",
    "huge:K=_,scale=1e6",
    "near-one-hot:K=_,gap=1e-1000",
    "masked:K=_,scale=30",
];

/// Numbers of actions of the default suite: small ones often, large ones seldom.
const ACTIONS: [&str; 20] =
    ["2", "3", "100..1000", "2", "5", "3", "1", "8", "2", "17", "4", "3", "64", "2", "5", "1", "8", "3", "4", "17"];

/// The specs of the default suite for `cases` cases: case `i` tries spec `i`.
///
/// Spec `i` is template `i mod 21` with number of actions `i mod 20` of two fixed lists. As 21 and
/// 20 have no common factor, the first 21 cases cover every generator, the first 20 every
/// number of actions (1, 2, 3, 4, 5, 8, 17, 64 and 100..1000), and the first 420 every pair;
/// after that the specs repeat, with other draws.
///
/// A longer suite begins with the shorter ones.
///
/// ```
/// use logitlab_values::policy::suite;
///
/// let specs = suite(1000);
/// assert_eq!(specs[0].to_string(), "integers:K=2,bits=8");
/// assert_eq!(specs[..48], suite(48));
/// ```
pub fn suite(cases: usize) -> Vec<Spec> {
    let spec = |template: &str, actions: &str| -> Spec {
        template.replace('_', actions).parse().expect("the fixed specs of the suite are valid")
    };
    (0..cases).map(|i| spec(TEMPLATES[i % TEMPLATES.len()], ACTIONS[i % ACTIONS.len()])).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::policy::registry::GENERATORS;

    #[test]
    fn a_short_suite_covers_every_generator_and_number_of_actions() {
        let specs = suite(48);
        let names: BTreeSet<_> = specs.iter().map(Spec::name).collect();
        assert_eq!(names, GENERATORS.iter().map(|g| g.name).collect());
        let actions: BTreeSet<_> = specs.iter().map(|spec| spec.actions().to_string()).collect();
        assert_eq!(actions, ["1", "2", "3", "4", "5", "8", "17", "64", "100..1000"].map(str::to_owned).into());
    }

    #[test]
    fn every_pair_occurs_before_the_specs_repeat() {
        let distinct: BTreeSet<_> = suite(420).iter().map(Spec::to_string).collect();
        let actions: BTreeSet<_> = ACTIONS.into_iter().collect();
        assert_eq!(distinct.len(), TEMPLATES.len() * actions.len());
        assert_eq!(suite(421)[420], suite(1)[0]);
    }
}
