//! A document as one page for a browser: no network, no external file, formulas as MathML, figures as SVG. It is read
//! without JavaScript; with it, tables are sorted and filtered.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::model::{Block, Cell, Column, Document, Formula, Inline, Kind, Mark, Section, Table, Tone};
use crate::expr::{MATHML, Prop};
use crate::proof::Script;
use crate::proof::script::{Branch, Chain, Item};
use markup::Html;

const STYLE: &str = include_str!("page.css");
const PROGRAM: &str = include_str!("page.js");

/// The page.
pub fn page(document: &Document) -> String {
    let mut out = Html::default();
    out.raw("<!DOCTYPE html>\n");
    out.open("html", &[("lang", "en")]);
    out.raw("\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.open("meta", &[("http-equiv", "Content-Security-Policy"), ("content", &policy())]);
    // Else a browser asks the server of the page for one.
    out.raw("\n<link rel=\"icon\" href=\"data:,\">\n<title>");
    out.text(&document.title);
    out.raw("</title>\n<style>\n");
    out.raw(STYLE);
    out.raw("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n<header>\n<h1>");
    out.text(&document.title);
    out.raw("</h1>\n");
    blocks(&document.lead, &mut out);
    out.raw("</header>\n<nav aria-label=\"Contents\">\n");
    contents(&document.sections, &mut out);
    out.raw("</nav>\n<main id=\"main\">\n");
    document.sections.iter().for_each(|part| section(part, 0, &mut out));
    out.raw("</main>\n<script>");
    out.raw(PROGRAM);
    out.raw("</script>\n</body>\n</html>\n");
    out.into_string()
}

/// What the browser may do: run the one program of the page, and load nothing.
fn policy() -> String {
    let hash = STANDARD.encode(Sha256::digest(PROGRAM));
    format!(
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"
    )
}

/// Links to the sections and to those right within them. Claims are many, and the summary leads to each.
fn contents(sections: &[Section], out: &mut Html) {
    let entry = |section: &Section, out: &mut Html| {
        out.open("a", &[("href", &format!("#{}", section.id))]);
        out.text(&section.title);
        out.close("a");
    };
    out.raw("<ul>\n");
    for section in sections {
        out.raw("<li>");
        entry(section, out);
        if !section.sections.is_empty() {
            out.raw("\n<ul>\n");
            for part in &section.sections {
                out.raw("<li>");
                entry(part, out);
                out.raw("</li>\n");
            }
            out.raw("</ul>\n");
        }
        out.raw("</li>\n");
    }
    out.raw("</ul>\n");
}

/// Headings below the title of the page, the outermost first.
const HEADINGS: [&str; 5] = ["h2", "h3", "h4", "h5", "h6"];

fn section(section: &Section, depth: usize, out: &mut Html) {
    let heading = HEADINGS[depth.min(HEADINGS.len() - 1)];
    let name = format!("{}-heading", section.id);
    out.open("section", &[("id", &section.id), ("aria-labelledby", &name)]);
    out.open(heading, &[("id", &name)]);
    out.text(&section.title);
    if let Some(mark) = &section.mark {
        out.raw(" ");
        self::mark(mark, out);
    }
    out.close(heading);
    out.raw("\n");
    blocks(&section.blocks, out);
    section.sections.iter().for_each(|part| self::section(part, depth + 1, out));
    out.raw("</section>\n");
}

fn blocks(blocks: &[Block], out: &mut Html) {
    for block in blocks {
        self::block(block, out);
        out.raw("\n");
    }
}

fn block(block: &Block, out: &mut Html) {
    match block {
        Block::Paragraph(parts) => {
            out.raw("<p>");
            line(parts, out);
            out.raw("</p>");
        }
        Block::List(items) => {
            out.raw("<ul>\n");
            for item in items {
                out.raw("<li>");
                line(item, out);
                out.raw("</li>\n");
            }
            out.raw("</ul>");
        }
        Block::Display(formulas) => formulas.iter().for_each(|formula| display(formula, out)),
        Block::Derivation(script) => derivation(script, out),
        Block::Listing { caption, text, .. } => {
            out.raw("<figure>");
            if !caption.is_empty() {
                out.raw("<figcaption>");
                out.text(caption);
                out.raw("</figcaption>");
            }
            out.raw("<pre><code>");
            out.text(text);
            out.raw("</code></pre></figure>");
        }
        Block::Table(table) => self::table(table, out),
        Block::Plot { id, figure } => {
            out.open("figure", &[("id", id), ("class", "plot")]);
            out.svg(figure);
            out.raw("</figure>");
        }
    }
}

fn line(parts: &[Inline], out: &mut Html) {
    for part in parts {
        match part {
            Inline::Text(text) => out.text(text),
            Inline::Code(text) => out.element("code", &[], text),
            Inline::Hash(text) => out.element("code", &[("class", "hash")], text),
            Inline::Formula(formula) => out.math(formula),
            Inline::Mark(mark) => self::mark(mark, out),
            Inline::Link(text, id) => out.element("a", &[("href", &format!("#{id}"))], text),
        }
    }
}

fn mark(mark: &Mark, out: &mut Html) {
    let class = match mark.tone {
        Tone::Strong => "mark strong",
        Tone::Weak => "mark weak",
        Tone::Plain => "mark",
        Tone::Bad => "mark bad",
    };
    out.element("span", &[("class", class)], &mark.word);
}

fn display(formula: &Formula, out: &mut Html) {
    out.raw("<div class=\"display\">");
    out.math(formula);
    out.raw("</div>\n");
}

fn table(table: &Table, out: &mut Html) {
    let name = format!("{}-caption", table.id);
    // What is likely to be wider than the page has to be reached by keyboard, to be scrolled.
    let reached: &[(&'static str, &str)] =
        if table.browsable { &[("role", "region"), ("aria-labelledby", &name), ("tabindex", "0")] } else { &[] };
    out.open("div", &[&[("class", "wide")], reached].concat());
    let browsable: &[(&'static str, &str)] = if table.browsable { &[("data-browsable", "")] } else { &[] };
    out.open("table", &[&[("id", table.id.as_str())], browsable].concat());
    out.open("caption", &[("id", &name)]);
    out.text(&table.caption);
    out.raw("</caption>\n<thead><tr>");
    for column in &table.columns {
        out.open("th", &[("scope", "col"), ("class", class(column))]);
        line(&column.title, out);
        out.close("th");
    }
    out.raw("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        out.raw("<tr>");
        for (place, (cell, column)) in row.iter().zip(&table.columns).enumerate() {
            self::cell(cell, column, place == 0, out);
        }
        out.raw("</tr>\n");
    }
    out.raw("</tbody>\n</table></div>");
}

fn cell(cell: &Cell, column: &Column, names_the_row: bool, out: &mut Html) {
    let (tag, mut attributes) = if names_the_row { ("th", vec![("scope", "row")]) } else { ("td", vec![]) };
    attributes.push(("class", class(column)));
    let key = cell.key.map(|key| key.to_string());
    attributes.extend(key.as_deref().map(|key| ("data-key", key)));
    out.open(tag, &attributes);
    line(&cell.content, out);
    out.close(tag);
}

fn class(column: &Column) -> &'static str {
    match column.kind {
        Kind::Word => "word",
        Kind::Number => "number",
        Kind::Prose => "prose",
    }
}

fn derivation(script: &Script, out: &mut Html) {
    for item in &script.items {
        match item {
            Item::Chain(label, steps) => {
                lemma(label.as_deref(), out);
                chain(steps, out);
            }
            Item::Goal(label, goal, _, inner) => {
                lemma(label.as_deref(), out);
                proposition("We show that", goal, out);
                nested(inner, out);
            }
            Item::Choose(name, property, _) => {
                out.raw("<p>Choose an action ");
                out.math(&Formula::Name(name.clone()));
                out.raw(" such that</p>\n");
                display(&Formula::Prop(property.clone()), out);
            }
        }
    }
    for (word, branches) in [("Case", &script.cases), ("Assume", &script.assumptions)] {
        for Branch { prop, script, .. } in branches {
            proposition(word, prop, out);
            nested(script, out);
        }
    }
}

fn nested(script: &Script, out: &mut Html) {
    out.raw("<div class=\"branch\">\n");
    derivation(script, out);
    out.raw("</div>\n");
}

fn lemma(label: Option<&str>, out: &mut Html) {
    if let Some(name) = label {
        out.raw("<p><em>Lemma</em> ");
        out.element("code", &[], name);
        out.raw("</p>\n");
    }
}

fn proposition(word: &'static str, prop: &Prop, out: &mut Html) {
    out.raw("<p><em>");
    out.raw(word);
    out.raw("</em></p>\n");
    display(&Formula::Prop(prop.clone()), out);
}

/// The steps of a chain below each other, each with its rules at the margin.
fn chain(chain: &Chain, out: &mut Html) {
    out.raw("<div class=\"wide chain\"><table><caption class=\"hidden\">Steps of the derivation</caption>\n<thead class=\"hidden\"><tr>");
    for title in ["relation", "expression", "by"] {
        out.element("th", &[("scope", "col")], title);
    }
    out.raw("</tr></thead>\n<tbody>\n<tr><td class=\"formula start\" colspan=\"3\">");
    out.math(&Formula::Tree(chain.start.clone()));
    out.raw("</td></tr>\n");
    for step in &chain.steps {
        out.raw("<tr><td>");
        out.relation(step.relation);
        out.raw("</td><td class=\"formula\">");
        out.math(&Formula::Tree(step.to.clone()));
        out.raw("</td><td class=\"rules\">");
        out.text(&step.rule_names().join(", "));
        out.raw("</td></tr>\n");
    }
    out.raw("</tbody></table></div>\n");
}

/// The only place where a page is put together: whatever text reaches it is escaped.
mod markup {
    use super::{Formula, MATHML};
    use crate::expr::mathml::{escape, pieces};
    use crate::expr::{Notation, Relation};
    use crate::report::plot::{Figure, Width, svg};

    /// Markup of a page.
    #[derive(Default)]
    pub struct Html(String);

    impl Html {
        /// Markup that stands in this program.
        pub fn raw(&mut self, markup: &'static str) {
            self.0 += markup;
        }

        /// Text.
        pub fn text(&mut self, text: &str) {
            self.0 += &escape(text);
        }

        /// An opening tag.
        pub fn open(&mut self, name: &'static str, attributes: &[(&'static str, &str)]) {
            self.0 += "<";
            self.0 += name;
            for (attribute, value) in attributes {
                self.0 += &format!(" {attribute}=\"{}\"", escape(value));
            }
            self.0 += ">";
        }

        /// A closing tag.
        pub fn close(&mut self, name: &'static str) {
            self.0 += &format!("</{name}>");
        }

        /// An element with text.
        pub fn element(&mut self, name: &'static str, attributes: &[(&'static str, &str)], text: &str) {
            self.open(name, attributes);
            self.text(text);
            self.close(name);
        }

        /// A formula. Lines may end where it can be cut.
        pub fn math(&mut self, formula: &Formula) {
            let text = formula.print(&MATHML);
            let cut: Vec<String> = pieces(&text).iter().map(|piece| format!("<math>{piece}</math>")).collect();
            self.0 += &cut.join("<wbr>");
        }

        /// The sign of a relation.
        pub fn relation(&mut self, relation: Relation) {
            let notation: &Notation = &MATHML;
            self.0 += &format!("<math>{}</math>", notation.relation(relation));
        }

        /// A figure.
        pub fn svg(&mut self, figure: &Figure) {
            self.0 += &svg(figure, Width::Full);
        }

        /// The page.
        pub fn into_string(self) -> String {
            self.0
        }
    }
}
