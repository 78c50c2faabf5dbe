//! Short texts of one line: modes, recipes for policies, snapshots and hashes, and all other values of options.

use std::fmt::{Debug, Display};
use std::str::{FromStr, from_utf8};

use logitlab::cite::{Wanted, record, snapshot};
use logitlab::doctor::Threshold;
use logitlab::dynamics::{Arms, Baseline, Schedule};
use logitlab::formats::{Format, Rounding, Scale, Target};
use logitlab::policy::{Policy, Spec};
use logitlab::report::fpcore::Precision;
use logitlab::source::Dtype;
use logitlab::stats::limit::Limit;
use logitlab::study::{Mode, Order};

use super::assert_is_shown;

/// The most actions of a policy that is made.
const MOST_ACTIONS: usize = 64;

/// A float mode, and back.
pub fn mode(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    if let Some(mode) = prints_back::<Mode>(text) {
        assert!(!mode.formats().is_empty());
        assert!(mode.sharpness() > 0.0);
    }
}

/// A recipe for policies, and back; a small policy is made.
pub fn policy(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    let Some(spec) = prints_back::<Spec>(text) else { return };
    if spec.actions().high > MOST_ACTIONS {
        return;
    }
    let policy = Policy::generate(&spec, 1, 0);
    assert!((spec.actions().low..=spec.actions().high).contains(&policy.actions()));
    assert!(policy.action < policy.actions());
    assert_eq!(policy.generator, spec.to_string());
    assert!((0..policy.actions()).any(|i| !policy.scores.is_zero(i)), "{spec}: nothing is possible");
}

/// The head of a snapshot, a table of records, a hash.
pub fn snapshot(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    match snapshot::head(text) {
        Ok((kind, _)) => assert!(["claim", "study"].contains(&kind)),
        Err(why) => assert_is_shown(&why),
    }
    if let Ok(records) = record::parse(text) {
        assert_eq!(records.len(), text.lines().filter(|line| !line.starts_with('#')).count());
    }
    match text.parse::<Wanted>() {
        Ok(wanted) => drop((wanted.among(record::records()), wanted.nearest(record::records()))),
        Err(why) => assert_is_shown(&why.to_string()),
    }
}

/// A value of any other option.
pub fn words(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    prints_back::<Target>(text);
    prints_back::<Rounding>(text);
    prints_back::<Scale>(text);
    prints_back::<Format>(text);
    prints_back::<Order>(text);
    prints_back::<Schedule>(text);
    prints_back::<Baseline>(text);
    prints_back::<Arms>(text);
    prints_back::<Precision>(text);
    _ = text.parse::<Dtype>();
    if let Ok((name, limit)) = Limit::split(text) {
        let printed = format!("{name}{limit}");
        let again = Limit::split(&printed).unwrap_or_else(|error| panic!("{printed}: {error:?}"));
        assert_eq!((again.0, again.1.above, again.1.inclusive), (name, limit.above, limit.inclusive), "{printed}");
        assert_eq!(again.1.limit, limit.limit, "{printed}");
    }
    if let Ok(threshold) = text.parse::<Threshold>() {
        let printed = threshold.to_string();
        let again: Threshold = printed.parse().unwrap_or_else(|error| panic!("{printed}: {error}"));
        assert_eq!((again.subject, again.metric.id), (threshold.subject, threshold.metric.id), "{printed}");
    }
}

/// What a text is read as, which printed is read as the same again.
fn prints_back<T>(text: &str) -> Option<T>
where
    T: FromStr<Err: Display> + Display + PartialEq + Debug,
{
    match text.parse::<T>() {
        Ok(value) => {
            let printed = value.to_string();
            let again: T =
                printed.parse().unwrap_or_else(|error| panic!("{text:?} is printed as {printed:?}: {error}"));
            assert_eq!(again, value, "{text:?} is printed as {printed:?}");
            Some(value)
        }
        Err(error) => {
            assert!(!error.to_string().is_empty(), "a message says something");
            None
        }
    }
}
