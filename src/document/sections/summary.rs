//! The summary: what was found of every claim, and what each judge had to say.

use crate::document::model::{Block, Cell, Column, Inline, Kind, Mark, Number, Section, Table, Tone, code, text};
use crate::document::results::{Results, Verified};
use crate::judges;
use crate::outcome::{ClaimReport, Verdict};

use super::claims::{id, mark, says};

/// A word, what stands behind it, and whether a verdict is of this kind.
type Strength = (&'static str, &'static str, fn(&Verdict) -> bool);

/// What can be said of a claim, the strongest first, with what stands behind it.
const STRENGTHS: &[Strength] = &[
    ("contradicted", "one judge proves what another refutes, so that one of them is wrong", |verdict| {
        matches!(verdict, Verdict::Contradicted(_))
    }),
    ("refuted", "a counterexample that can be checked by hand", |verdict| *verdict == Verdict::Refuted),
    ("undefined", "a case in which it has no truth value", |verdict| *verdict == Verdict::Undefined),
    ("proved", "for every number of actions K", |verdict| *verdict == Verdict::Proved),
    (
        "proved for some K",
        "a full grid of exact cases for these K",
        |verdict| matches!(verdict, Verdict::ProvedFor(scope) if scope.is_of_actions()),
    ),
    (
        "proved for formats",
        "every number of these floating-point formats",
        |verdict| matches!(verdict, Verdict::ProvedFor(scope) if scope.is_of_formats()),
    ),
    (
        "proved where defined",
        "where what it speaks of has a value, under conditions that are not given",
        |verdict| matches!(verdict, Verdict::ProvedFor(scope) if !scope.defined.is_empty()),
    ),
    ("consistent", "no counterexample in the cases tried, which is evidence and no proof", |verdict| {
        *verdict == Verdict::Consistent
    }),
    ("undecided", "nothing could be said", |verdict| matches!(verdict, Verdict::Undecided(_))),
    ("not applicable", "it does not speak of claims of this kind", |verdict| {
        matches!(verdict, Verdict::NotApplicable(_))
    }),
];

pub fn section(results: &Results<'_>) -> Option<Section> {
    let verified = results.verified.as_ref()?;
    let shown = shown(verified);
    let meanings = shown.iter().map(|(word, meaning, _)| vec![text(format!("{word}: {meaning}"))]);
    let blocks = vec![
        Block::Paragraph(headline(verified)),
        Block::Table(by_judge(verified, &shown)),
        Block::List(meanings.collect()),
        Block::Table(claims(verified)),
    ];
    Some(Section {
        id: "summary".into(),
        title: "Summary".into(),
        blocks,
        numbers: numbers(verified),
        ..Section::default()
    })
}

/// How often a judge said something of this strength.
fn said(verified: &Verified<'_>, judge: &str, is_it: fn(&Verdict) -> bool) -> usize {
    let of_it = |claim: &&ClaimReport| claim.judges.iter().any(|one| one.judge == judge && is_it(&one.verdict));
    verified.report.claims.iter().filter(of_it).count()
}

/// What any judge said of any claim.
fn shown(verified: &Verified<'_>) -> Vec<&'static Strength> {
    let asked = judges_of(verified);
    STRENGTHS.iter().filter(|(_, _, is_it)| asked.iter().any(|judge| said(verified, judge, *is_it) > 0)).collect()
}

/// The judges that were asked.
fn judges_of<'a>(verified: &'a Verified<'_>) -> Vec<&'a str> {
    let first = verified.report.claims.first();
    first.map_or(vec![], |claim| claim.judges.iter().map(|judgement| judgement.judge.as_str()).collect())
}

fn headline(verified: &Verified<'_>) -> Vec<Inline> {
    let (claims, summary) = (&verified.report.claims, verified.report.summary);
    let found = STRENGTHS.iter().filter_map(|(word, _, is_it)| {
        let count = claims.iter().filter(|claim| is_it(&claim.verdict)).count();
        (count > 0).then(|| format!("{count} {word}"))
    });
    let found: Vec<String> = found.collect();
    let mark = match summary.unexpected {
        0 => Mark { word: "as expected".into(), tone: Tone::Strong },
        _ => Mark { word: "not as expected".into(), tone: Tone::Bad },
    };
    let sentence = match (summary.unexpected, claims.len()) {
        (0, 1) => "The claim is as expected".to_string(),
        (0, all) => format!("All {all} claims are as expected"),
        (1, 1) => "The claim is not as expected".to_string(),
        (unexpected, all) => format!("{unexpected} of {all} claims not as expected"),
    };
    vec![Inline::Mark(mark), text(format!(" {sentence}: {}.", found.join(", ")))]
}

/// A row for each judge that was asked: how often it said what.
fn by_judge(verified: &Verified<'_>, shown: &[&Strength]) -> Table {
    let row = |name: &str| {
        let summary = judges::find(name).map_or("", |judge| judge.summary);
        let counts = shown.iter().map(|(_, _, is_it)| said(verified, name, *is_it));
        let counts = counts.map(|count| Cell::number(count.to_string(), count as f64));
        std::iter::once(Cell::of(code(name))).chain(counts).chain([Cell::text(summary)]).collect()
    };
    let counts = shown.iter().map(|(word, ..)| Column::new(*word, Kind::Number));
    Table {
        id: "by-judge".into(),
        caption: "Claims by judge and strength of the evidence".into(),
        columns: std::iter::once(Column::new("judge", Kind::Word))
            .chain(counts)
            .chain([Column::new("what it does", Kind::Prose)])
            .collect(),
        rows: judges_of(verified).into_iter().map(row).collect(),
        browsable: false,
    }
}

/// A row for each claim.
fn claims(verified: &Verified<'_>) -> Table {
    let row = |claim: &ClaimReport| {
        vec![
            Cell::of(Inline::Link(claim.id.clone(), id(&claim.id))),
            Cell::text(&claim.title),
            Cell::text(claim.expected),
            Cell::of(Inline::Mark(mark(claim))),
            Cell::text(
                claim
                    .judges
                    .iter()
                    .filter(|one| says(one))
                    .map(|one| one.judge.as_str())
                    .collect::<Vec<_>>()
                    .join(", "),
            ),
        ]
    };
    Table {
        id: "by-claim".into(),
        caption: "Every claim with its verdict".into(),
        columns: vec![
            Column::new("claim", Kind::Word),
            Column::new("what it says", Kind::Prose),
            Column::new("expected", Kind::Word),
            Column::new("verdict", Kind::Word),
            Column::new("judges with a word on it", Kind::Prose),
        ],
        rows: verified.report.claims.iter().map(row).collect(),
        browsable: true,
    }
}

fn numbers(verified: &Verified<'_>) -> Vec<Number> {
    let claims = &verified.report.claims;
    let mut numbers = vec![
        Number::new("claims", claims.len(), "claims that were verified"),
        Number::new("as-expected", verified.report.summary.as_expected, "claims that came out as expected"),
        Number::new("unexpected", verified.report.summary.unexpected, "claims that did not"),
    ];
    for (word, meaning, is_it) in STRENGTHS {
        let count = claims.iter().filter(|claim| is_it(&claim.verdict)).count();
        numbers.push(Number::new(word.replace(' ', "-"), count, format!("claims that are {word}: {meaning}")));
    }
    numbers
}
