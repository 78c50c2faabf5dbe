//! Precision: what float modes leave of an update, formula by formula, as figures and as a table of every line.

use crate::document::model::{
    Block, Cell, Column, Formula, Inline, Kind, Mark, Number, Section, Table, Tone, code, text,
};
use crate::document::results::Results;
use crate::expr::{Action, Node, Tree, Type};
use crate::formulas::{ACTION, POLICY};
use crate::report::comparison::{confidence, digits, short};
use crate::report::comparison_plots;
use crate::study::comparison::{Comparison, Line};

pub fn section(results: &Results<'_>) -> Option<Section> {
    let parts: Vec<Section> = results.compared.iter().enumerate().map(|(k, one)| part(one, k)).collect();
    let about = "Every formula is computed in every mode, one correctly rounded operation after the other, and compared \
                 with a rigorous enclosure of its real meaning. Digits are decimal, and those of the worst case.";
    (!parts.is_empty()).then(|| Section {
        id: "precision".into(),
        title: "Precision".into(),
        blocks: vec![Block::Paragraph(vec![text(about)])],
        sections: parts,
        ..Section::default()
    })
}

fn part(comparison: &Comparison, place: usize) -> Section {
    // The first needs no number: names of its figures are those that people quote.
    let suffix = if place == 0 { String::new() } else { format!("-{}", place + 1) };
    let search = match comparison.search {
        0 => String::new(),
        tried => format!(" and a climb over {tried}"),
    };
    let about = format!(
        "Worst of {} policies for each probability{search}, K = {}, seed {}. {}",
        comparison.cases,
        comparison.k,
        comparison.seed,
        bounds(comparison)
    );
    let plot = |name: &str, figure| Block::Plot { id: format!("{name}{suffix}"), figure };
    Section {
        id: format!("comparison{suffix}"),
        title: title(comparison),
        blocks: vec![
            Block::Paragraph(vec![text(about)]),
            plot("relative-error", comparison_plots::error(comparison)),
            plot("thresholds", comparison_plots::thresholds(comparison)),
            Block::Table(digits_table(comparison, &suffix)),
            Block::Paragraph(vec![text("What the modes are: ")]),
            Block::List(modes(comparison)),
        ],
        numbers: numbers(comparison, &suffix),
        ..Section::default()
    }
}

fn title(comparison: &Comparison) -> String {
    let mut quantities: Vec<&str> = Vec::new();
    for line in &comparison.lines {
        if !quantities.contains(&line.quantity.as_str()) {
            quantities.push(&line.quantity);
        }
    }
    format!("Digits left of {}", quantities.join(" and "))
}

/// Whether error bounds held, where there are any.
fn bounds(comparison: &Comparison) -> String {
    let cells = || comparison.lines.iter().flat_map(|line| &line.cells);
    let count: u64 = cells().map(|cell| cell.running.count + cell.a_priori.count).sum();
    match (count, comparison.exceeded()) {
        (0, _) => "No error bounds were computed.".to_string(),
        (count, 0) => format!("None of {count} error bounds was exceeded."),
        (count, exceeded) => format!("{exceeded} of {count} error bounds were exceeded, each of which is a bug."),
    }
}

/// A row for each mode and formula.
fn digits_table(comparison: &Comparison, suffix: &str) -> Table {
    let digits = comparison.rests.iter().map(|&rest| at(rest));
    Table {
        id: format!("digits-left{suffix}"),
        caption:
            "Decimal digits left in the worst case, by probability of the chosen action; where the result is lost \
                  (0, of the wrong sign or not a number), the other actions equally likely; and the largest observed \
                  error over its bound"
                .into(),
        columns: [Column::new("mode", Kind::Word), Column::new("formula", Kind::Word)]
            .into_iter()
            .chain(digits)
            .chain([lost(), Column::new("error / bound", Kind::Number)])
            .collect(),
        rows: comparison.lines.iter().map(row).collect(),
        browsable: true,
    }
}

/// The column of a confidence, by 1 - P_c.
pub fn at(rest: f64) -> Column {
    Column { title: vec![p_c(), text(format!(" = {}", confidence(rest)))], kind: Kind::Number }
}

/// The column of the 1 - P_c from which on a result is lost.
pub fn lost() -> Column {
    Column { title: vec![text("lost from 1 - "), p_c(), text(" =")], kind: Kind::Number }
}

/// The probability of the chosen action.
fn p_c() -> Inline {
    let policy = Tree::variable(POLICY, Type::Vector);
    let tree = Tree::new(Node::At(policy, Action::Name(ACTION.into()))).expect("a vector has coordinates");
    Inline::Formula(Formula::Tree(tree))
}

fn row(line: &Line) -> Vec<Cell> {
    let all_digits = line.cells.iter().map(|cell| {
        let word = digits(line, cell);
        // What is lost is to be seen at once.
        let content = if word == "0.0" { Inline::Mark(Mark { word, tone: Tone::Bad }) } else { text(word) };
        Cell { content: vec![content], key: Some(cell.digits) }
    });
    let dies = match line.dies_at {
        Some(rest) => Cell::number(short(rest), rest),
        None => Cell::number("never", 0.0),
    };
    let tightness = line.cells.iter().map(|cell| cell.running.tightness).fold(0.0, f64::max);
    let bounded = line.cells.iter().any(|cell| cell.running.count > 0);
    let tight = if bounded { Cell::number(format!("{tightness:.2}"), tightness) } else { Cell::text("-") };
    [Cell::of(code(&line.mode)), Cell::of(code(&line.formula))]
        .into_iter()
        .chain(all_digits)
        .chain([dies, tight])
        .collect()
}

/// What each mode is, where its name does not say it.
fn modes(comparison: &Comparison) -> Vec<Vec<Inline>> {
    let mut known: Vec<&str> = Vec::new();
    let mut items = Vec::new();
    for line in &comparison.lines {
        if !known.contains(&line.mode.as_str()) {
            known.push(&line.mode);
            let meaning = if line.mode == line.mode_text { text(": everything in this format") } else { text(" = ") };
            let mut item = vec![code(&line.mode), meaning];
            if line.mode != line.mode_text {
                item.push(code(&line.mode_text));
            }
            items.push(item);
        }
    }
    items
}

fn numbers(comparison: &Comparison, suffix: &str) -> Vec<Number> {
    let mut numbers = Vec::new();
    for line in &comparison.lines {
        for (&rest, cell) in comparison.rests.iter().zip(&line.cells) {
            numbers.push(Number::new(
                format!("digits{suffix}-{}-{}-{}", line.mode, line.formula, short(rest)),
                digits(line, cell),
                format!("digits left by {} in {} at P_c = {}", line.formula, line.mode, confidence(rest)),
            ));
        }
        numbers.push(Number::new(
            format!("lost{suffix}-{}-{}", line.mode, line.formula),
            line.dies_at.map_or("never".to_string(), short),
            format!("1 - P_c from which on {} in {} is lost", line.formula, line.mode),
        ));
    }
    numbers
}
