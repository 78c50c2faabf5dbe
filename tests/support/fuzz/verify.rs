//! Claims, decided.

use std::str::from_utf8;

use logitlab::claims;
use logitlab::judges::{Judge, Options, find, verify as ask};
use logitlab::outcome::Verdict;

use super::assert_is_shown;

/// The judges that are asked.
const JUDGES: [&str; 3] = ["script", "exact", "enclosure"];
/// How many policies they try.
const CASES: usize = 4;

/// A claim, decided on a few cases: whatever it says, the judges agree.
pub fn verify(data: &[u8]) {
    let Ok(text) = from_utf8(data) else { return };
    let Ok(claim) = claims::parse(text) else { return };
    let judges: Vec<&Judge> = JUDGES.iter().map(|name| find(name).expect("there is such a judge")).collect();
    let report = ask(&[&claim], &judges, &Options { cases: CASES, ..Options::default() }, &|_, _| {});
    let verdict = &report.claims[0].verdict;
    assert!(!matches!(verdict, Verdict::Contradicted(_)), "{verdict}");
    assert_is_shown(&verdict.to_string());
}
