//! Every interval that is printed contains the truth: commands are run as a user runs them, their text and JSON are
//! read back, and what they claim is held against MPFR at several times their bits.
//!
//! `LOGITLAB_CAMPAIGN=1 cargo test --test binary printed:: -- --nocapture` reads more than 10^5 intervals.

mod checks;
mod made;
mod read;
mod small;
mod truth;

use checks::Checked;

/// How many files are made: each leads to some 1700 intervals.
fn cases() -> u64 {
    if std::env::var_os("LOGITLAB_CAMPAIGN").is_some() { 100 } else { 6 }
}

#[test]
fn every_printed_interval_contains_the_truth() {
    let mut all = Checked::default();
    for case in 0..cases() {
        let folder = tempfile::tempdir().unwrap();
        let made = made::Made::new(case, folder.path());
        let commands: [fn(&made::Made, &mut Checked); 6] =
            [checks::measure, checks::doctor, checks::diff, checks::partial, checks::certify, checks::round];
        commands.iter().for_each(|check| check(&made, &mut all));
    }
    println!("{} printed intervals, {} misses", all.count(), all.misses.len());
    println!("{:?}", all.by_command);
    assert!(
        all.misses.is_empty(),
        "{} of {}: {:#?}",
        all.misses.len(),
        all.count(),
        &all.misses[..all.misses.len().min(9)]
    );
    for (command, count) in &all.by_command {
        assert!(*count >= 2 * cases(), "only {count} intervals of {command} were read");
    }
}

/// What used to be printed: both ends rounded to nearest, which excludes the number.
#[test]
fn ends_that_exclude_the_number_are_seen() {
    let truth = truth::point("-0.04858735157374206");
    let of = |text: &str| read::cells(text, read::HALF)[0].contains(&truth);
    assert!(!of("[-4.858735157378e-2, -4.858735157377e-2]") && of("[-0.04858735157375, -0.04858735157374]"));
    assert!(of("-0.0485873516") && !of("-0.0485873515") && !of("0"));
}
