//! A document as Markdown for READMEs and pull requests: that of GitHub and GitLab, which typeset formulas between
//! dollar signs and backticks. There is no HTML in it. Figures, which Markdown cannot hold, are named.

use super::model::{Block, Cell, Document, Formula, Inline, Kind, Section, Table};
use crate::expr::UNICODE;
use markup::Markdown;

/// The text.
pub fn text(document: &Document) -> String {
    let mut out = Markdown::default();
    heading(1, &document.title, &mut out);
    blocks(&document.lead, &mut out);
    document.sections.iter().for_each(|part| section(part, 2, &mut out));
    out.into_string()
}

fn heading(level: usize, title: &str, out: &mut Markdown) {
    (0..level.min(6)).for_each(|_| out.raw("#"));
    out.raw(" ");
    out.text(title);
    out.raw("\n\n");
}

fn section(section: &Section, level: usize, out: &mut Markdown) {
    heading(level, &section.title, out);
    if let Some(mark) = &section.mark {
        out.raw("Verdict: **");
        out.text(&mark.word);
        out.raw("**\n\n");
    }
    blocks(&section.blocks, out);
    section.sections.iter().for_each(|part| self::section(part, level + 1, out));
}

fn blocks(blocks: &[Block], out: &mut Markdown) {
    for block in blocks {
        self::block(block, out);
        out.raw("\n");
    }
}

fn block(block: &Block, out: &mut Markdown) {
    match block {
        Block::Paragraph(parts) => {
            line(parts, out);
            out.raw("\n");
        }
        Block::List(items) => {
            for item in items {
                out.raw("- ");
                line(item, out);
                out.raw("\n");
            }
        }
        Block::Display(formulas) => formulas.iter().for_each(|formula| out.display(formula)),
        Block::Derivation(script) => out.fence("text", &UNICODE.print(script)),
        Block::Listing { caption, language, text } => {
            if !caption.is_empty() {
                out.text(caption);
                out.raw(":\n\n");
            }
            out.fence(language, text);
        }
        Block::Table(table) => self::table(table, out),
        Block::Plot { figure, .. } => {
            let (_, title, caption) = figure.clone().bare();
            out.raw("Figure, which the HTML report shows: ");
            out.text(&title.replace(['{', '}'], ""));
            out.raw(". ");
            out.text(&caption.replace(['{', '}'], ""));
            out.raw("\n");
        }
    }
}

fn line(parts: &[Inline], out: &mut Markdown) {
    for part in parts {
        match part {
            Inline::Text(text) => out.text(text),
            Inline::Code(text) | Inline::Hash(text) | Inline::Link(text, _) => out.code(text),
            Inline::Formula(formula) => out.math(formula),
            Inline::Mark(mark) => {
                out.raw("**");
                out.text(&mark.word);
                out.raw("**");
            }
        }
    }
}

fn table(table: &Table, out: &mut Markdown) {
    out.text(&table.caption);
    out.raw(":\n\n|");
    out.in_table(true);
    for column in &table.columns {
        out.raw(" ");
        line(&column.title, out);
        out.raw(" |");
    }
    out.raw("\n|");
    for column in &table.columns {
        out.raw(if column.kind == Kind::Number { "---:|" } else { "---|" });
    }
    out.raw("\n");
    for row in &table.rows {
        out.raw("|");
        for Cell { content, .. } in row {
            out.raw(" ");
            line(content, out);
            out.raw(" |");
        }
        out.raw("\n");
    }
    out.in_table(false);
}

/// The only place where Markdown is put together: whatever text reaches it is escaped.
mod markup {
    use super::Formula;
    use crate::expr::LATEX;
    use crate::text::is_invisible;

    /// Markdown.
    #[derive(Default)]
    pub struct Markdown {
        out: String,
        in_table: bool,
    }

    impl Markdown {
        /// Markup that stands in this program.
        pub fn raw(&mut self, markup: &'static str) {
            self.out += markup;
        }

        /// Text on one line.
        pub fn text(&mut self, text: &str) {
            let starts_line = self.out.is_empty() || self.out.ends_with('\n') || self.out.ends_with("\n- ");
            self.out += &escape(text, starts_line);
        }

        /// Says whether what follows is in a table, where a bar would end a cell even in code.
        pub fn in_table(&mut self, in_table: bool) {
            self.in_table = in_table;
        }

        /// Words of a program, between more backticks than they have themselves.
        pub fn code(&mut self, text: &str) {
            let ticks = "`".repeat(longest_run(text, '`') + 1);
            let pad = if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
            let text: String = text.chars().map(|c| if is_invisible(c) { ' ' } else { c }).collect();
            let text = if self.in_table { text.replace('|', "\\|") } else { text };
            self.out += &format!("{ticks}{pad}{text}{pad}{ticks}");
        }

        /// Lines of a program.
        pub fn fence(&mut self, language: &'static str, text: &str) {
            let ticks = "`".repeat(longest_run(text, '`').max(2) + 1);
            let text: String = text.chars().map(|c| if c != '\n' && is_invisible(c) { ' ' } else { c }).collect();
            self.out += &format!("{ticks}{language}\n{}\n{ticks}\n", text.trim_end());
        }

        /// A formula within a line. Nothing that is printed of one has a backtick, a dollar sign or a bar.
        pub fn math(&mut self, formula: &Formula) {
            self.out += &format!("$`{}`$", formula.print(&LATEX.with_fractions(0)));
        }

        /// A formula on lines of its own.
        pub fn display(&mut self, formula: &Formula) {
            self.out += &format!("```math\n{}\n```\n", formula.print(&LATEX));
        }

        /// The text.
        pub fn into_string(self) -> String {
            self.out.trim_end().to_string() + "\n"
        }
    }

    fn longest_run(text: &str, of: char) -> usize {
        text.split(|c| c != of).map(str::len).max().unwrap_or(0)
    }

    /// Text without any meaning to Markdown: no emphasis, link, address, mention, formula, HTML, list or heading.
    fn escape(text: &str, starts_line: bool) -> String {
        let mut out = String::with_capacity(text.len());
        let mut before = None;
        for (at, c) in text.char_indices() {
            let rest = &text[at..];
            match c {
                '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '$' | '#' | '!' | '{' | '}' => {
                    out.extend(['\\', c]);
                }
                // Addresses and mentions become links by themselves. No backslash helps against a mention, a blank
                // does.
                '@' => out.push_str("@ "),
                ':' if rest.starts_with("://") => out.push_str("\\:"),
                '.' if out.to_ascii_lowercase().ends_with("www") => out.push_str("\\."),
                // What would make a list or a line of a table out of a paragraph.
                '-' | '+' | '=' if starts_line && at == 0 => out.extend(['\\', c]),
                '.' | ')' if starts_line && at > 0 && text[..at].bytes().all(|byte| byte.is_ascii_digit()) => {
                    out.extend(['\\', c]);
                }
                ' ' if before == Some(' ') => {}
                c if is_invisible(c) => out.push(' '),
                c => out.push(c),
            }
            before = Some(c);
        }
        out
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn text_has_no_meaning() {
            let check = |text: &str, expected: &str| assert_eq!(escape(text, true), expected);
            check("<script>alert(1)</script>", "\\<script\\>alert(1)\\</script\\>");
            check("a | b & c % *d* _e_ `f` $g$ [h](i)", "a \\| b \\& c % \\*d\\* \\_e\\_ \\`f\\` \\$g\\$ \\[h\\](i)");
            check("# no heading", "\\# no heading");
            check("- no item", "\\- no item");
            check("12. no item", "12\\. no item");
            check("https://example.org www.example.org", "https\\://example.org www\\.example.org");
            check("two\nlines", "two lines");
            assert_eq!(escape("- 1.", false), "- 1.");
        }

        #[test]
        fn code_ends_where_it_should() {
            let mut out = Markdown::default();
            out.code("a`b``|c");
            out.in_table(true);
            out.code("|");
            out.raw("\n");
            out.fence("text", "```\n</x>");
            assert_eq!(out.out, "```a`b``|c````\\|`\n````text\n```\n</x>\n````\n");
        }
    }
}
