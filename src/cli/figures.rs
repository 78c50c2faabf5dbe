//! Figures as PDF, drawn from the same SVG that a page shows. Letters become outlines, from fonts that the program
//! brings.
//!
//! No library draws the file: svg2pdf, which would keep letters, numbers its objects in the order of a hash table with
//! a random seed, so that the same figure would be another file each time.

use std::collections::BTreeMap;
use std::sync::Arc;

use pdf_writer::types::{LineCapStyle, LineJoinStyle};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref};
use usvg::fontdb::Database;
use usvg::tiny_skia_path::{Path as Outline, PathSegment, Transform};
use usvg::{ClipPath, FillRule, Group, LineCap, LineJoin, Node, Options, Paint, Path, Tree};

/// Letters as wide as those of Helvetica. No font of the machine is used, so that the same figure is the same file
/// everywhere.
const FONTS: [&[u8]; 2] =
    [include_bytes!("fonts/LogitlabSans-Regular.ttf"), include_bytes!("fonts/LogitlabSans-Bold.ttf")];

/// The family that stands for `sans-serif`.
const FAMILY: &str = "Logitlab Sans";

/// How much of the time to spend on making files small: that of most programs.
const COMPRESSION: u8 = 6;

/// Converts figures.
pub struct Converter(Options<'static>);

impl Converter {
    /// A converter with the fonts loaded.
    pub fn new() -> Converter {
        let mut fonts = Database::new();
        FONTS.iter().for_each(|font| fonts.load_font_data(font.to_vec()));
        fonts.set_sans_serif_family(FAMILY);
        // One unit of a figure is a point.
        Converter(Options { fontdb: Arc::new(fonts), font_family: FAMILY.into(), dpi: 72.0, ..Options::default() })
    }

    /// The bytes of a PDF of one page with the figure.
    ///
    /// # Errors
    /// What is wrong with the figure: no figure of this program should have anything.
    pub fn pdf(&self, svg: &str) -> Result<Vec<u8>, String> {
        let tree = Tree::from_str(svg, &self.0).map_err(|error| error.to_string())?;
        let (width, height) = (tree.size().width(), tree.size().height());
        let mut drawing = Drawing { content: Content::new(), alphas: BTreeMap::new() };
        // Of a page the lower left corner is (0, 0), of a figure the upper left one.
        drawing.group(tree.root(), Transform::from_row(1.0, 0.0, 0.0, -1.0, 0.0, height))?;
        Ok(file(drawing, width, height))
    }
}

/// What is drawn on the page.
struct Drawing {
    content: Content,
    /// The opacities in use, of areas and of lines in 255ths, and the number of each pair.
    alphas: BTreeMap<[u8; 2], usize>,
}

impl Drawing {
    fn group(&mut self, group: &Group, outer: Transform) -> Result<(), String> {
        let transform = outer.pre_concat(group.transform());
        if group.mask().is_some() || !group.filters().is_empty() || group.opacity().get() != 1.0 {
            return Err("masks, filters and the opacity of groups are not drawn".into());
        }
        self.content.save_state();
        if let Some(clip) = group.clip_path() {
            self.clip(clip, transform)?;
        }
        for child in group.children() {
            match child {
                Node::Group(inner) => self.group(inner, transform)?,
                Node::Path(path) => self.path(path, transform)?,
                Node::Text(text) => self.group(text.flattened(), transform)?,
                Node::Image(_) => return Err("images are not drawn".into()),
            }
        }
        self.content.restore_state();
        Ok(())
    }

    /// Restricts what follows to the outlines of a clip path.
    fn clip(&mut self, clip: &ClipPath, outer: Transform) -> Result<(), String> {
        let transform = outer.pre_concat(clip.transform()).pre_concat(clip.root().transform());
        for child in clip.root().children() {
            let Node::Path(path) = child else { return Err("only outlines clip".into()) };
            let outline = path.data().clone().transform(transform).ok_or("a clip path cannot be drawn")?;
            self.outline(&outline);
        }
        self.content.clip_nonzero().end_path();
        Ok(())
    }

    fn path(&mut self, path: &Path, transform: Transform) -> Result<(), String> {
        if !path.is_visible() {
            return Ok(());
        }
        let alpha = |opacity: Option<f32>| (255.0 * opacity.unwrap_or(1.0)).round() as u8;
        let alphas = [
            alpha(path.fill().map(|fill| fill.opacity().get())),
            alpha(path.stroke().map(|stroke| stroke.opacity().get())),
        ];
        let next = self.alphas.len();
        let number = *self.alphas.entry(alphas).or_insert(next);
        self.content.save_state().set_parameters(Name(alpha_name(number).as_bytes()));
        let Transform { sx, ky, kx, sy, tx, ty } = transform;
        self.content.transform([sx, ky, kx, sy, tx, ty]);
        if let Some(fill) = path.fill() {
            let [r, g, b] = colour(fill.paint())?;
            self.content.set_fill_rgb(r, g, b);
        }
        if let Some(stroke) = path.stroke() {
            let [r, g, b] = colour(stroke.paint())?;
            self.content.set_stroke_rgb(r, g, b).set_line_width(stroke.width().get());
            self.content.set_line_cap(match stroke.linecap() {
                LineCap::Butt => LineCapStyle::ButtCap,
                LineCap::Round => LineCapStyle::RoundCap,
                LineCap::Square => LineCapStyle::ProjectingSquareCap,
            });
            self.content.set_line_join(match stroke.linejoin() {
                LineJoin::Miter | LineJoin::MiterClip => LineJoinStyle::MiterJoin,
                LineJoin::Round => LineJoinStyle::RoundJoin,
                LineJoin::Bevel => LineJoinStyle::BevelJoin,
            });
            self.content.set_miter_limit(stroke.miterlimit().get());
            self.content.set_dash_pattern(stroke.dasharray().unwrap_or(&[]).iter().copied(), stroke.dashoffset());
        }
        self.outline(path.data());
        let is_even_odd = path.fill().is_some_and(|fill| fill.rule() == FillRule::EvenOdd);
        match (path.fill().is_some(), path.stroke().is_some(), is_even_odd) {
            (true, true, false) => self.content.fill_nonzero_and_stroke(),
            (true, true, true) => self.content.fill_even_odd_and_stroke(),
            (true, false, false) => self.content.fill_nonzero(),
            (true, false, true) => self.content.fill_even_odd(),
            (false, true, _) => self.content.stroke(),
            (false, false, _) => self.content.end_path(),
        };
        self.content.restore_state();
        Ok(())
    }

    fn outline(&mut self, outline: &Outline) {
        let mut last = usvg::tiny_skia_path::Point::zero();
        for segment in outline.segments() {
            match segment {
                PathSegment::MoveTo(to) => {
                    self.content.move_to(to.x, to.y);
                    last = to;
                }
                PathSegment::LineTo(to) => {
                    self.content.line_to(to.x, to.y);
                    last = to;
                }
                // PDF has no quadratic curves: the same as a cubic one.
                PathSegment::QuadTo(by, to) => {
                    let third = |a: f32, b: f32| a + 2.0 / 3.0 * (b - a);
                    let (x1, y1) = (third(last.x, by.x), third(last.y, by.y));
                    let (x2, y2) = (third(to.x, by.x), third(to.y, by.y));
                    self.content.cubic_to(x1, y1, x2, y2, to.x, to.y);
                    last = to;
                }
                PathSegment::CubicTo(a, b, to) => {
                    self.content.cubic_to(a.x, a.y, b.x, b.y, to.x, to.y);
                    last = to;
                }
                PathSegment::Close => _ = self.content.close_path(),
            }
        }
    }
}

/// The name of a pair of opacities in the page's resources.
fn alpha_name(number: usize) -> String {
    format!("A{number}")
}

fn colour(paint: &Paint) -> Result<[f32; 3], String> {
    match paint {
        Paint::Color(colour) => Ok([colour.red, colour.green, colour.blue].map(|part| f32::from(part) / 255.0)),
        _ => Err("gradients and patterns are not drawn".into()),
    }
}

/// The file of one page.
fn file(drawing: Drawing, width: f32, height: f32) -> Vec<u8> {
    let [catalog, pages, page, content] = [1, 2, 3, 4].map(Ref::new);
    let alpha = |number: usize| Ref::new(5 + number as i32);
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(pages);
    pdf.pages(pages).kids([page]).count(1);
    let mut written = pdf.page(page);
    written.media_box(Rect::new(0.0, 0.0, width, height)).parent(pages).contents(content);
    let mut resources = written.resources();
    let mut names = resources.ext_g_states();
    for number in drawing.alphas.values() {
        names.pair(Name(alpha_name(*number).as_bytes()), alpha(*number));
    }
    names.finish();
    resources.finish();
    written.finish();
    for ([area, line], number) in &drawing.alphas {
        let share = |part: &u8| f32::from(*part) / 255.0;
        pdf.ext_graphics(alpha(*number)).non_stroking_alpha(share(area)).stroking_alpha(share(line));
    }
    let bytes = miniz_oxide::deflate::compress_to_vec_zlib(&drawing.content.finish(), COMPRESSION);
    pdf.stream(content, &bytes).filter(Filter::FlateDecode);
    pdf.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::plot::{Axis, Figure, LineChart, Panel, Series, Width, svg};

    #[test]
    fn the_same_figure_is_the_same_file() {
        let series = Series {
            label: "tail".into(),
            points: vec![(0.5, 1e-8), (1e-4, 2e-7)],
            band: vec![(0.5, 1e-9, 1e-6), (1e-4, 1e-9, 1e-5)],
        };
        let panels = vec![Panel { series: vec![series], ..Panel::default() }];
        let chart = LineChart { x: Axis::log("1 - P_{c}"), panels, ..LineChart::default() };
        let text = svg(&Figure::Lines(chart), Width::Column);
        let pdf = Converter::new().pdf(&text).unwrap();
        assert_eq!(pdf, Converter::new().pdf(&text).unwrap());
        assert!(pdf.starts_with(b"%PDF-"));
    }

    /// The lines of a page's content.
    fn drawn(svg: &str) -> String {
        let pdf = Converter::new().pdf(svg).unwrap();
        let find = |word: &[u8]| pdf.windows(word.len()).position(|bytes| bytes == word).unwrap();
        let stream = &pdf[find(b"stream\n") + 7..find(b"\nendstream")];
        String::from_utf8(miniz_oxide::inflate::decompress_to_vec_zlib(stream).unwrap()).unwrap()
    }

    #[test]
    fn what_is_not_drawn_is_not_left_out_in_silence() {
        let svg = |inner: &str| {
            format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20pt\" height=\"10pt\" font-family=\"sans-serif\">{inner}</svg>"
            )
        };
        assert_eq!(drawn(&svg("<text y=\"8\">8</text>")).matches("\nf\n").count(), 1, "a letter is an area");
        let text = drawn(&svg("<rect width=\"4\" height=\"3\" fill=\"#ff0000\"/>"));
        assert!(text.contains("1 0 0 rg") && text.contains("1 0 0 -1 0 10 cm"), "{text}");
        let faint = svg("<g opacity=\".5\"><rect width=\"4\" height=\"4\"/><rect width=\"2\" height=\"2\"/></g>");
        assert!(Converter::new().pdf(&faint).is_err());
        assert!(Converter::new().pdf("<svg").is_err());
    }
}
