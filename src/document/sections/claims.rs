//! The claims: what each says, how it is derived, what Coq has of it, what refutes it.

use crate::claims::{Claim, Expected, Section as Part};
use crate::coq::{development, pinned};
use crate::document::model::{Block, Cell, Column, Formula, Inline, Kind, Mark, Section, Table, Tone, code, text};
use crate::document::results::Results;
use crate::expr::{Sort, Statement};
use crate::outcome::{ClaimReport, Judgement, Verdict, Witness};

/// The id of a claim's section.
pub fn id(claim: &str) -> String {
    format!("claim-{claim}")
}

/// Whether a judge says anything of a claim.
pub fn says(judgement: &Judgement) -> bool {
    !matches!(judgement.verdict, Verdict::NotApplicable(_))
}

/// The verdict on a claim. What is not as expected is bad, whatever it is.
pub fn mark(claim: &ClaimReport) -> Mark {
    let verdict = claim.verdict.to_string();
    let tone = match &claim.verdict {
        _ if !claim.as_expected => Tone::Bad,
        Verdict::Proved | Verdict::Refuted => Tone::Strong,
        Verdict::ProvedFor(_) => Tone::Weak,
        _ => Tone::Plain,
    };
    let word = if claim.as_expected { verdict } else { format!("{verdict}, not as expected") };
    Mark { word, tone }
}

pub fn section(results: &Results<'_>) -> Option<Section> {
    let verified = results.verified.as_ref()?;
    let pairs: Vec<(&Claim, &ClaimReport)> = verified.claims.iter().copied().zip(&verified.report.claims).collect();
    let parts = Part::ALL.iter().copied().map(Some).chain([None]);
    let part = |part: Option<Part>| {
        let own: Vec<Section> =
            pairs.iter().filter(|(claim, _)| claim.section == part).map(|(claim, report)| one(claim, report)).collect();
        let (id, title) = part.map_or(("own", "Claims from files"), |part| (part.folder(), part.title()));
        (!own.is_empty()).then(|| Section {
            id: format!("claims-{id}"),
            title: title.into(),
            sections: own,
            ..Section::default()
        })
    };
    Some(Section {
        id: "claims".into(),
        title: "Claims".into(),
        sections: parts.filter_map(part).collect(),
        ..Section::default()
    })
}

fn one(claim: &Claim, report: &ClaimReport) -> Section {
    let mut about = vec![code(&claim.id)];
    if !claim.source.is_empty() {
        about.push(text(format!("; {}", claim.source)));
    }
    let mut blocks = vec![Block::Paragraph(about)];
    blocks.extend(statement(&claim.statement, claim.expected));
    if let Some((judge, witness)) = witness(report) {
        blocks.push(Block::Paragraph(vec![text(counterexample(claim, judge, witness))]));
        blocks.push(Block::Table(values(claim, witness)));
    }
    if let Some(script) = &claim.proof {
        let checked = report.judges.iter().find(|judgement| judgement.judge == "script");
        let said = match checked {
            Some(judgement) if judgement.rejected.is_some() => "The kernel does not accept this derivation: ",
            Some(judgement) if judgement.verdict == Verdict::Proved => "Derivation, checked by the kernel: ",
            Some(_) => "Derivation; of it the kernel says: ",
            None => "Derivation, which this run did not check.",
        };
        let evidence = checked.map_or(String::new(), |judgement| format!("{}.", judgement.evidence));
        blocks.push(Block::Paragraph(vec![text(format!("{said}{evidence}"))]));
        blocks.push(Block::Derivation(script.clone()));
    }
    blocks.extend(coq(claim, report));
    blocks.push(Block::Table(judges(report)));
    Section { id: id(&claim.id), title: claim.title.clone(), mark: Some(mark(report)), blocks, ..Section::default() }
}

/// What is given, and what is then always true or, of a false claim, not.
fn statement(statement: &Statement, expected: Expected) -> Vec<Block> {
    let mut blocks = Vec::new();
    if !statement.variables.is_empty() {
        let declared = statement.variables.iter().enumerate().map(|(place, (name, sort))| {
            let verb = if place == 0 { " be " } else { " " };
            vec![Inline::Formula(Formula::Name(name.clone())), text(format!("{verb}{}", sort.noun()))]
        });
        blocks.push(Block::Paragraph(sentence("Let ", declared.collect())));
    }
    let defined = statement.definitions.iter().map(|(name, tree)| Formula::Definition(name.clone(), tree.clone()));
    blocks.extend(list("Put ", defined.collect()));
    blocks.extend(list("Assume ", statement.hypotheses.iter().cloned().map(Formula::Prop).collect()));
    let word = match expected {
        Expected::Holds => "Then",
        Expected::Refuted => "Then it is not always true that",
        Expected::Undefined => "Then it does not always have a truth value that",
    };
    blocks.push(Block::Paragraph(vec![text(word)]));
    blocks.push(Block::Display(statement.shows.iter().cloned().map(Formula::Prop).collect()));
    blocks
}

/// Formulas in a sentence, or below it where one of them is long.
fn list(word: &'static str, formulas: Vec<Formula>) -> Vec<Block> {
    match formulas.iter().all(Formula::is_short) {
        _ if formulas.is_empty() => vec![],
        true => {
            let parts = formulas.into_iter().map(|formula| vec![Inline::Formula(formula)]).collect();
            vec![Block::Paragraph(sentence(word, parts))]
        }
        false => vec![Block::Paragraph(vec![text(word.trim_end())]), Block::Display(formulas)],
    }
}

/// `Put a, b and c.`
fn sentence(word: &str, parts: Vec<Vec<Inline>>) -> Vec<Inline> {
    let last = parts.len() - 1;
    let mut out = vec![text(word)];
    for (place, part) in parts.into_iter().enumerate() {
        match place {
            0 => {}
            _ if place == last => out.push(text(" and ")),
            _ => out.push(text(", ")),
        }
        out.extend(part);
    }
    out.push(text("."));
    out
}

/// The counterexample of the first judge that has one.
fn witness(report: &ClaimReport) -> Option<(&str, &Witness)> {
    report.judges.iter().find_map(|judgement| Some((judgement.judge.as_str(), judgement.witness.as_ref()?)))
}

fn counterexample(claim: &Claim, judge: &str, witness: &Witness) -> String {
    let format = witness.format.as_ref().map_or(String::new(), |format| format!(" in {format}"));
    if let Some(lack) = &witness.lack {
        return format!(
            "A case without a truth value, found by the judge {judge}, has K = {}{format}. There {lack}.",
            witness.k
        );
    }
    let kind = if witness.smallest { "The smallest counterexample" } else { "A counterexample" };
    let of = match claim.expected {
        Expected::Refuted | Expected::Undefined => "",
        Expected::Holds => " to what was expected to hold",
    };
    let sides = witness.sides.as_ref().map_or(String::new(), |sides| format!(", where it reads {sides}"));
    format!(
        "{kind}{of}, found by the judge {judge}, has K = {}{format}. It makes {} false{sides}.",
        witness.k, witness.proposition
    )
}

fn values(claim: &Claim, witness: &Witness) -> Table {
    let sort = |name: &str| claim.statement.sort(name).map_or("", Sort::word);
    let row = |binding: &crate::outcome::Binding| {
        let name = Formula::Name(binding.name.as_str().into());
        vec![Cell::of(Inline::Formula(name)), Cell::text(sort(&binding.name)), Cell::of(code(&binding.value))]
    };
    Table {
        id: format!("counterexample-{}", claim.id),
        caption: "The counterexample; actions are counted from 1".into(),
        columns: vec![Column::new("name", Kind::Word), Column::new("a", Kind::Word), Column::new("value", Kind::Word)],
        rows: witness.bindings.iter().map(row).collect(),
        browsable: false,
    }
}

/// The theorems in Coq, as the development states them, and whether this run had them checked.
fn coq(claim: &Claim, report: &ClaimReport) -> Vec<Block> {
    let name = pinned::theorem_name(&claim.id);
    let names = [name.clone(), format!("{name}_masked")];
    let shown = |theorem: &String| {
        let module = pinned::module_of(theorem)?;
        let text = development::theorem(theorem)?.to_string();
        Some(Block::Listing {
            caption: format!("{theorem}, a theorem of proofs/coq/{module}.v"),
            language: "coq",
            text,
        })
    };
    let mut blocks: Vec<Block> = names.iter().filter_map(shown).collect();
    if !blocks.is_empty() && !report.judges.iter().any(|judgement| judgement.judge == "coq") {
        let said = "The theorem in Coq, as the development states it. This run did not ask coqc about it: ";
        blocks.insert(
            0,
            Block::Paragraph(vec![
                text(said),
                code(format!("logitlab verify {} --judge coq", claim.id)),
                text(" does."),
            ]),
        );
    }
    blocks
}

/// What each judge says.
fn judges(report: &ClaimReport) -> Table {
    let row = |judgement: &Judgement| {
        vec![
            Cell::of(code(&judgement.judge)),
            Cell::text(judgement.verdict.to_string()),
            Cell::text(&judgement.evidence),
        ]
    };
    Table {
        id: format!("judges-{}", report.id),
        caption: "What the judges say".into(),
        columns: vec![
            Column::new("judge", Kind::Word),
            Column::new("verdict", Kind::Word),
            Column::new("evidence", Kind::Prose),
        ],
        rows: report.judges.iter().filter(|judgement| says(judgement)).map(row).collect(),
        browsable: false,
    }
}
