//! What is reported, made once for all tests: all claims and a comparison.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::Instant;

use logitlab::claims::{Claim, claims, parse};
use logitlab::document::model::{Block, Document};
use logitlab::document::{Results, Verified, document, html, latex, markdown};
use logitlab::judges::{self, JUDGES, Options};
use logitlab::study::registry;

/// Claims, verified quickly.
pub fn verified(claims: Vec<&Claim>) -> Verified<'_> {
    let options = Options { cases: 8, ..Options::default() };
    let judges: Vec<_> = JUDGES.iter().filter(|judge| judge.default).collect();
    let report = judges::verify(&claims, &judges, &options, &|_, _| {});
    Verified { claims, report, options }
}

/// Everything that a report can show.
pub fn results() -> Results<'static> {
    let mut request = registry::find("study-modes").unwrap().request();
    request.cases = 4;
    Results {
        title: "logitlab: a report".into(),
        command: "logitlab report".into(),
        verified: Some(verified(claims().iter().collect())),
        compared: vec![request.run(&|_| {}).unwrap()],
        printed: vec![],
        studies: true,
    }
}

/// The results of a report, computed once.
pub static RESULTS: LazyLock<Results<'static>> = LazyLock::new(results);

/// The document of all that.
pub static DOCUMENT: LazyLock<Document> = LazyLock::new(|| document(&RESULTS));

#[test]
fn the_same_results_give_the_same_bytes() {
    // Durations differ from run to run, and stand in no report.
    let again = document(&results());
    assert_eq!(html::page(&DOCUMENT), html::page(&again));
    assert_eq!(markdown::text(&DOCUMENT), markdown::text(&again));
    assert_eq!(latex::files(&DOCUMENT, &[]), latex::files(&again, &[]));
}

#[test]
fn every_claim_is_shown_with_all_that_is_known_of_it() {
    let sections = DOCUMENT.all_sections();
    for claim in claims() {
        let section = sections.iter().find(|section| section.id == format!("claim-{}", claim.id));
        let blocks = &section.unwrap_or_else(|| panic!("{} is not shown", claim.id)).blocks;
        let has = |test: fn(&Block) -> bool| blocks.iter().any(test);
        assert!(has(|block| matches!(block, Block::Display(_))), "{}: no statement", claim.id);
        assert_eq!(has(|block| matches!(block, Block::Derivation(_))), claim.proof.is_some(), "{}", claim.id);
        let has_theorem = logitlab::coq::pinned::module_of(&claim.id.replace('-', "_")).is_some();
        assert_eq!(has(|block| matches!(block, Block::Listing { .. })), has_theorem, "{}", claim.id);
        let is_false = claim.id.starts_with("false-");
        let counterexample =
            |block: &Block| matches!(block, Block::Table(table) if table.id.starts_with("counterexample-"));
        assert_eq!(blocks.iter().any(counterexample), is_false, "{}", claim.id);
    }
    assert_eq!(DOCUMENT.figures().count(), 2);
}

#[test]
fn a_report_is_small_and_quick() {
    let results = &*RESULTS;
    let start = Instant::now();
    let document = document(results);
    let (page, text, folder) = (html::page(&document), markdown::text(&document), latex::files(&document, &[]));
    let seconds = start.elapsed().as_secs_f64();
    let size = page.len() as f64 / 1e6;
    println!(
        "page {size:.2} MB, Markdown {:.2} MB, {} files; all in {seconds:.2} s",
        text.len() as f64 / 1e6,
        folder.len()
    );
    assert!(seconds < 2.0 && size < 3.0, "{seconds} s, {size} MB");
}

#[test]
fn a_surprise_is_marked_as_one() {
    let claim = parse("claim draft\ngiven P : distribution, c : action\nshow |e[c] - P|^2 <= 1\n").unwrap();
    let results = Results { verified: Some(verified(vec![&claim])), ..Results::default() };
    let text = markdown::text(&document(&results));
    assert!(text.contains("**not as expected**") && text.contains("refuted, not as expected"), "{text}");
    assert!(text.contains("The smallest counterexample to what was expected to hold"), "{text}");
}

#[test]
fn ids_and_names_are_unique() {
    let mut ids = BTreeSet::new();
    let mut names = BTreeSet::new();
    for section in DOCUMENT.all_sections() {
        assert!(ids.insert(section.id.clone()), "{}", section.id);
        for block in &section.blocks {
            match block {
                Block::Table(table) => assert!(ids.insert(table.id.clone()), "{}", table.id),
                Block::Plot { id, .. } => assert!(ids.insert(id.clone()), "{id}"),
                _ => {}
            }
        }
        for number in &section.numbers {
            assert!(names.insert(number.name.clone()), "{}", number.name);
        }
    }
    assert!(names.len() > 100, "{names:?}");
    let commands: Vec<&str> = NUMBERS.lines().filter(|line| line.starts_with("\\newcommand")).collect();
    assert!(commands.iter().all(|line| !line.contains("X}{")), "no name had to be told from another");
    assert_eq!(commands.len(), names.len() + 1);
}

static NUMBERS: LazyLock<String> = LazyLock::new(|| {
    let files = latex::files(&DOCUMENT, &[]);
    let found = files.into_iter().find(|file| file.path == "numbers.tex").unwrap();
    let latex::Contents::Text(text) = found.contents else { panic!("numbers are text") };
    text
});

#[test]
fn numbers_are_named_by_what_they_are() {
    let expected = format!("\\newcommand{{\\logitlabClaims}}{{{}}}", claims().len());
    assert!(NUMBERS.contains(&expected), "{}", *NUMBERS);
    assert!(
        NUMBERS.contains(
            "% digits left by tail in bf16 at P_c = 0.999\n\\newcommand{\\logitlabDigitsBfOneSixTailOneeMinusThree}{"
        ),
        "{}",
        *NUMBERS
    );
}
