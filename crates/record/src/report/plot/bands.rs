//! Lines and the bands about them, cut at the frame.

use super::data::Series;
use super::frame::Frame;
use super::style::Look;
use super::svg::{Element, number, points};

/// What is drawn is clipped by a viewport of its own: clip paths need ids, which clash where several figures share a
/// page.
pub fn clipped(frame: &Frame, items: Vec<Element>) -> Element {
    // Half of a line along the edge would be cut off.
    const SLACK: f64 = 0.6;
    let (x, y) = (frame.left - SLACK, frame.top - SLACK);
    let (wide, high) = (frame.width + 2.0 * SLACK, frame.height + 2.0 * SLACK);
    Element::new("svg")
        .at([("x", x), ("y", y), ("width", wide), ("height", high)])
        .set("viewBox", [x, y, wide, high].map(number).join(" "))
        .with(items)
}

/// The line through the points of a series, interrupted where a point has no coordinates.
pub fn lines(frame: &Frame, series: &Series, look: Look) -> Vec<Element> {
    let at = |&(x, y): &(f64, f64)| Some((frame.x.coordinate(x)?, frame.y.coordinate(y)?));
    pieces(series.points.iter().map(at)).iter().map(|piece| polyline(piece, look, 1.1)).collect()
}

fn polyline(piece: &[(f64, f64)], look: Look, width: f64) -> Element {
    look.stroke(Element::new("polyline").set("points", points(piece)), width)
}

/// The band of a series, one of `many` that may overlap: a light area, and a thin line along its upper edge where that
/// is finite.
pub fn band(frame: &Frame, series: &Series, look: Look, many: usize) -> Vec<Element> {
    let edges = |&(x, low, high): &(f64, f64, f64)| {
        let end = |value: f64| match value.is_nan() {
            true => None,
            false => Some(frame.y.coordinate(value).unwrap_or_else(|| frame.y.clamped(value))),
        };
        Some((frame.x.coordinate(x)?, end(low)?, end(high)?))
    };
    let area = |piece: &Vec<(f64, f64, f64)>| {
        let upper = piece.iter().map(|&(x, _, high)| (x, high));
        let lower = piece.iter().rev().map(|&(x, low, _)| (x, low));
        tint(
            Element::new("polygon").set("points", points(&upper.chain(lower).collect::<Vec<_>>())),
            look.colour(),
            many,
        )
    };
    let edge = |&(x, _, high): &(f64, f64, f64)| Some((frame.x.coordinate(x)?, frame.y.coordinate(high)?));
    let areas = pieces(series.band.iter().map(edges));
    let rims = pieces(series.band.iter().map(edge));
    areas.iter().map(area).chain(rims.iter().map(|rim| polyline(rim, look, 0.5))).collect()
}

/// Fills with a tint so light that what lies under `many` of them is still seen.
pub fn tint(element: Element, colour: &str, many: usize) -> Element {
    element.set("fill", colour).at([("fill-opacity", (0.25 / many.max(1) as f64).clamp(0.04, 0.14))])
}

/// The runs between what is missing.
fn pieces<T>(items: impl Iterator<Item = Option<T>>) -> Vec<Vec<T>> {
    let mut pieces = vec![Vec::new()];
    for item in items {
        match (item, pieces.last_mut()) {
            (Some(item), Some(piece)) => piece.push(item),
            _ => pieces.push(Vec::new()),
        }
    }
    pieces.retain(|piece| piece.len() > 1);
    pieces
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn lines_are_interrupted() {
        let items = [Some(1), Some(2), None, Some(3), None, None, Some(4), Some(5)];
        assert_eq!(pieces(items.into_iter()), [vec![1, 2], vec![4, 5]]);
    }
}
