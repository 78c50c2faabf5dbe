//! A document as plain data: sections of paragraphs, tables, formulas, derivations, listings and figures. It holds text
//! and expressions, and no markup of any kind: what a renderer makes of them is its own affair.

use crate::expr::{Name, Notation, Prop, Relation, Tree, UNICODE};
use crate::proof::Script;
use crate::report::plot::Figure;

/// A document.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it is about, in one line.
    pub title: String,
    /// What stands before the first section.
    pub lead: Vec<Block>,
    /// Its sections.
    pub sections: Vec<Section>,
}

/// A part of a document with a heading.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// Lower-case words joined by hyphens, unique in the document: links lead there.
    pub id: String,
    /// The heading.
    pub title: String,
    /// A word beside the heading.
    pub mark: Option<Mark>,
    /// What stands in it.
    pub blocks: Vec<Block>,
    /// Sections within it.
    pub sections: Vec<Section>,
    /// Figures that a text may quote.
    pub numbers: Vec<Number>,
}

/// Something that stands by itself.
#[derive(Clone, Debug)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// Items below each other.
    List(Vec<Vec<Inline>>),
    /// Formulas below each other.
    Display(Vec<Formula>),
    /// How a claim is derived.
    Derivation(Script),
    /// Text in the language of a program, as it is.
    Listing {
        /// What it is.
        caption: String,
        /// The name of the language, as Markdown takes it: lower-case letters.
        language: &'static str,
        /// The text.
        text: String,
    },
    /// A table.
    Table(Table),
    /// A figure.
    Plot {
        /// Lower-case words joined by hyphens, unique in the document: the name of a file.
        id: String,
        /// What is drawn; it has a title and a caption of its own.
        figure: Figure,
    },
}

/// A part of a line.
#[derive(Clone, Debug)]
pub enum Inline {
    /// Words.
    Text(String),
    /// Words of a program: ids, commands, values.
    Code(String),
    /// A long word of hexadecimal digits.
    Hash(String),
    /// A formula.
    Formula(Formula),
    /// A verdict.
    Mark(Mark),
    /// Text that leads to the section with this id.
    Link(String, String),
}

/// A word that is to be seen first, with what it means for the reader. The tone is never all that says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The word.
    pub word: String,
    /// Good or bad news.
    pub tone: Tone,
}

/// What a word means for the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As strong as can be.
    Strong,
    /// True within limits.
    Weak,
    /// Neither good nor bad.
    Plain,
    /// Not as it should be.
    Bad,
}

/// What can be written as a formula.
#[derive(Clone, Debug)]
pub enum Formula {
    /// An expression.
    Tree(Tree),
    /// A proposition.
    Prop(Prop),
    /// A name and what it stands for.
    Definition(Name, Tree),
    /// A name.
    Name(Name),
}

impl Formula {
    /// Whether it is short enough to stand within a sentence.
    pub fn is_short(&self) -> bool {
        self.print(&UNICODE).chars().count() <= 24
    }

    /// What it looks like in a notation.
    pub fn print(&self, notation: &Notation) -> String {
        match self {
            Formula::Tree(tree) => notation.print(tree),
            Formula::Prop(prop) => notation.print(prop),
            Formula::Definition(name, tree) => {
                let (equals, tree) = (notation.relation(Relation::Equal), notation.print(tree));
                format!("{} {equals} {tree}", notation.name(name))
            }
            Formula::Name(name) => notation.name(name),
        }
    }
}

/// Rows of cells.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Lower-case words joined by hyphens, unique in the document.
    pub id: String,
    /// What it shows.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each with a cell for every column. The first cell of a row names it.
    pub rows: Vec<Vec<Cell>>,
    /// Whether it is worth sorting and filtering.
    pub browsable: bool,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its heading.
    pub title: Vec<Inline>,
    /// What its cells are.
    pub kind: Kind,
}

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A word or two.
    Word,
    /// Numbers.
    Number,
    /// Sentences, which may take several lines.
    Prose,
}

impl Column {
    /// A column with this heading in words.
    pub fn new(title: impl Into<String>, kind: Kind) -> Column {
        Column { title: vec![text(title)], kind }
    }
}

/// A cell of a table.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// What stands in it.
    pub content: Vec<Inline>,
    /// By what it is sorted, where its text does not tell: an infinity sorts last or first.
    pub key: Option<f64>,
}

impl Cell {
    /// A cell with words.
    pub fn text(text: impl Into<String>) -> Cell {
        Cell::of(Inline::Text(text.into()))
    }

    /// A cell with one part.
    pub fn of(inline: Inline) -> Cell {
        Cell { content: vec![inline], key: None }
    }

    /// A cell with a number, as it is written and as it is.
    pub fn number(text: impl Into<String>, key: f64) -> Cell {
        Cell { content: vec![Inline::Text(text.into())], key: Some(key) }
    }
}

/// A figure that a text may quote by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// Words and numbers joined by hyphens, unique in the document.
    pub name: String,
    /// The figure.
    pub value: String,
    /// What it is.
    pub meaning: String,
}

impl Number {
    /// A figure with its name and what it is.
    pub fn new(name: impl Into<String>, value: impl ToString, meaning: impl Into<String>) -> Number {
        Number { name: name.into(), value: value.to_string(), meaning: meaning.into() }
    }
}

/// Words.
pub fn text(text: impl Into<String>) -> Inline {
    Inline::Text(text.into())
}

/// Words of a program.
pub fn code(text: impl Into<String>) -> Inline {
    Inline::Code(text.into())
}

impl Section {
    /// The section and all within it, in reading order.
    pub fn all(&self) -> Vec<&Section> {
        std::iter::once(self).chain(self.sections.iter().flat_map(Section::all)).collect()
    }
}

impl Document {
    /// Every section, in reading order.
    pub fn all_sections(&self) -> Vec<&Section> {
        self.sections.iter().flat_map(Section::all).collect()
    }

    /// Every block, in reading order.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.lead.iter().chain(self.all_sections().into_iter().flat_map(|section| &section.blocks))
    }

    /// Every figure with its id, in reading order.
    pub fn figures(&self) -> impl Iterator<Item = (&str, &Figure)> {
        self.blocks().filter_map(|block| match block {
            Block::Plot { id, figure } => Some((id.as_str(), figure)),
            _ => None,
        })
    }
}
