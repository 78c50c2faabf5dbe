//! A figure as a stack of blocks: title, body, legend, caption.

use super::style::{FAINT, FONTS, INK, LINE, SIZE, TITLE};
use super::svg::{Element, group, number, rectangle, visible};
use super::typeset::{Anchor, Text, fit, plain, width, wrap};

/// Things drawn from (0, 0) downwards, and how high they are.
#[derive(Clone, Debug, Default)]
pub struct Block {
    pub height: f64,
    pub items: Vec<Element>,
}

impl Block {
    /// The blocks below each other.
    pub fn stack(blocks: impl IntoIterator<Item = Block>) -> Block {
        let mut stacked = Block::default();
        for block in blocks.into_iter().filter(|block| !block.items.is_empty()) {
            stacked.items.push(group(0.0, stacked.height, block.items));
            stacked.height += block.height;
        }
        stacked
    }
}

/// The file: `body` between the title and the caption, `wide` units in all. `kind` names figures without a title, and
/// `summary` tells what is seen to those who cannot see it.
pub fn page(wide: f64, (title, kind): (&str, &str), caption: &str, summary: &str, body: Block) -> String {
    let content = Block::stack([heading(title, wide), body, footing(caption, wide)]);
    let name = if title.is_empty() { kind } else { title };
    let high = content.height.ceil();
    let root = Element::new("svg")
        .set("xmlns", "http://www.w3.org/2000/svg")
        .set("width", format!("{}pt", number(wide)))
        .set("height", format!("{}pt", number(high)))
        .set("viewBox", format!("0 0 {} {}", number(wide), number(high)))
        .set("role", "img")
        // Else some readers drop the blank after a lowered letter.
        .set("xml:space", "preserve")
        .set("font-family", FONTS)
        .at([("font-size", SIZE)])
        .set("fill", INK)
        .with([
            Element::new("title").text(plain(name)),
            Element::new("desc").text(plain(summary)),
            rectangle((0.0, 0.0), (wide, high), "#ffffff"),
        ])
        .with(content.items);
    root.render() + "\n"
}

fn heading(title: &str, wide: f64) -> Block {
    // Bold letters are about a fifteenth wider.
    let lines = wrap(&visible(title), TITLE * 1.07, wide - 8.0);
    let step = TITLE + 2.0;
    let draw = |(k, line): (usize, &String)| {
        Text::new(line).bold().size(TITLE).anchor(Anchor::Middle).on(wide / 2.0, TITLE + 2.0 + step * k as f64)
    };
    Block { height: step * lines.len() as f64 + 5.0, items: lines.iter().enumerate().map(draw).collect() }
}

fn footing(caption: &str, wide: f64) -> Block {
    let lines = wrap(&visible(caption), SIZE, wide - 8.0);
    let draw = |(k, line): (usize, &String)| Text::new(line).fill(FAINT).on(4.0, SIZE + 2.0 + LINE * k as f64);
    Block { height: LINE * lines.len() as f64 + 6.0, items: lines.iter().enumerate().map(draw).collect() }
}

/// A key of a legend: what is drawn in a field of [`KEY`] units about the origin's height, and what it means.
pub struct Key {
    pub sample: Vec<Element>,
    pub label: String,
}

/// How wide the sample of a key is.
pub const KEY: f64 = 22.0;

/// The keys in rows, as many side by side as there is room for.
pub fn legend(keys: Vec<Key>, wide: f64) -> Block {
    let room = wide - 8.0;
    let (mut x, mut y) = (4.0, 7.0);
    let mut items = Vec::new();
    for key in keys {
        let label = fit(&key.label, SIZE, room - KEY - 4.0);
        let needed = KEY + 4.0 + width(&label, SIZE);
        if x > 4.0 && x + needed > wide - 4.0 {
            (x, y) = (4.0, y + LINE + 1.0);
        }
        let mut drawn = key.sample;
        drawn.push(Text::new(&label).centred(KEY + 4.0, 0.0));
        items.push(group(x, y, drawn));
        x += needed + 10.0;
    }
    Block { height: y + 7.0, items }
}
