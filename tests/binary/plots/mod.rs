//! Figures: XML that others can read, nothing that leaves the page, nothing lost, the same bytes, hostile text inert.
//!
//! For a look at them: `LOGITLAB_PLOTS=folder cargo test --test binary plots::`, and any viewer of SVG.

mod samples;

use std::fs;
use std::path::Path;

use logitlab::report::plot::{Axis, Figure, HeatMap, LineChart, Mark, Panel, Series, Thresholds, Width, svg};
use roxmltree::{Document, Node};

#[test]
fn figures_are_svg_for_people_and_machines() {
    for (name, figure, width) in samples::figures() {
        let text = svg(&figure, width);
        if let Some(folder) = std::env::var_os("LOGITLAB_PLOTS") {
            fs::write(Path::new(&folder).join(format!("{name}.svg")), &text).unwrap();
        }
        assert_eq!(text, svg(&figure, width), "{name}: the same bytes");
        let document = Document::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let root = document.root_element();
        assert_eq!(root.attribute("role"), Some("img"), "{name}");
        for wanted in ["title", "desc"] {
            let child = root.children().find(|node| node.has_tag_name(wanted));
            assert!(child.and_then(|node| node.text()).is_some_and(|text| !text.is_empty()), "{name}: {wanted}");
        }
        // An id would clash where several figures share a page.
        let mut attributes = document.descendants().flat_map(|node| node.attributes());
        assert!(!attributes.any(|one| one.name() == "id" || ["NaN", "inf"].contains(&one.value())), "{name}");
        fits_the_page(name, &document, width.points());
        letters_can_be_read(name, &document);
    }
}

/// The offset of a node: that of the groups about it.
fn offset(node: Node) -> (f64, f64) {
    let moves = node.ancestors().filter(|node| node.has_tag_name("g")).filter_map(|node| node.attribute("transform"));
    moves.fold((0.0, 0.0), |(x, y), one| {
        let numbers = one.trim_start_matches("translate(").trim_end_matches(')').split(' ');
        let numbers: Vec<f64> = numbers.map(|number| number.parse().unwrap()).collect();
        (x + numbers[0], y + numbers[1])
    })
}

/// Starting points of everything that is not clipped lie on the page.
fn fits_the_page(name: &str, document: &Document, wide: f64) {
    let high: f64 = document.root_element().attribute("height").unwrap().trim_end_matches("pt").parse().unwrap();
    let clipped = |node: &Node| node.ancestors().filter(|node| node.has_tag_name("svg")).count() > 1;
    for node in document.descendants().filter(|node| node.is_element() && !clipped(node)) {
        let (dx, dy) = offset(node);
        for (name_x, name_y) in [("x", "y"), ("x1", "y1"), ("x2", "y2"), ("cx", "cy")] {
            let get = |name: &str| node.attribute(name).map(|text| text.parse::<f64>().unwrap());
            let (Some(x), Some(y)) = (get(name_x), get(name_y)) else { continue };
            let (x, y) = (x + dx, y + dy);
            assert!(
                (0.0..=wide).contains(&x) && (0.0..=high).contains(&y),
                "{name}: {x} {y} of {wide} {high}: {node:?}"
            );
        }
    }
}

/// Only numbers in cells that have no room are smaller than 8 pt; no text lies on another or leaves the page.
fn letters_can_be_read(name: &str, document: &Document) {
    for node in document.descendants().filter(|node| node.has_tag_name("text")) {
        let size = node.attribute("font-size").map_or(8.0, |size| size.parse().unwrap());
        assert!(size >= 6.0, "{name}: {size}: {:?}", node.text());
    }
    let wide: f64 = document.root_element().attribute("width").unwrap().trim_end_matches("pt").parse().unwrap();
    let level = |node: &Node| node.has_tag_name("text") && node.attribute("transform").is_none();
    let boxes: Vec<Extent> = document.descendants().filter(level).map(extent).collect();
    for (k, one) in boxes.iter().enumerate() {
        assert!(one.left >= 0.0 && one.right <= wide, "{name}: {one:?} leaves the page");
        for other in &boxes[..k] {
            let beside = one.right <= other.left || other.right <= one.left;
            let above = one.top >= other.bottom || other.top >= one.bottom;
            assert!(beside || above, "{name}: {one:?} lies on {other:?}");
        }
    }
}

/// The least that a text takes.
#[derive(Debug)]
#[expect(dead_code, reason = "the text is for the message")]
struct Extent {
    text: String,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

fn extent(node: Node) -> Extent {
    let number = |name: &str| node.attribute(name).map(|text| text.parse::<f64>().unwrap());
    let text: String = node.descendants().filter_map(|node| node.text().filter(|_| node.is_text())).collect();
    let size = number("font-size").unwrap_or(8.0);
    let wide = 0.42 * size * text.chars().count() as f64;
    let (dx, dy) = offset(node);
    let (x, bottom) = (number("x").unwrap() + dx, number("y").unwrap() + dy);
    let left = match node.attribute("text-anchor") {
        Some("middle") => x - wide / 2.0,
        Some("end") => x - wide,
        _ => x,
    };
    Extent { text, left, right: left + wide, top: bottom - 0.6 * size, bottom }
}

fn single(series: Vec<Series>, x: Axis, y: Axis) -> LineChart {
    LineChart { x, y, panels: vec![Panel { series, ..Panel::default() }], ..LineChart::default() }
}

fn named(label: &str, points: Vec<(f64, f64)>) -> Series {
    Series { label: label.into(), points, band: vec![] }
}

fn count(text: &str, tag: &str) -> usize {
    Document::parse(text).unwrap().descendants().filter(|node| node.has_tag_name(tag)).count()
}

#[test]
fn points_without_a_place_are_marked() {
    let draw = |y: f64| {
        let points = vec![(0.5, 1e-3), (1e-2, y), (1e-3, 1e-2)];
        let chart = single(vec![named("a", points)], Axis::log("x").over(1.0, 1e-4), Axis::log("y").over(1e-4, 1.0));
        svg(&Figure::Lines(chart), Width::Column)
    };
    // A triangle or cross in the strip and one in the legend; a disc for each of the others.
    let check = |y: f64, tag: &str, discs: usize, strip: &str, meaning: &str| {
        let text = draw(y);
        assert_eq!(count(&text, tag), 2, "{y}");
        assert_eq!(count(&text, "circle"), discs, "{y}");
        assert!(text.contains(&format!(">{strip}</text>")), "{y}: {text}");
        assert!(text.contains(&format!(">{meaning}</text>")), "{y}");
    };
    check(f64::INFINITY, "polygon", 2, "\u{221e}", "infinite or above the scale");
    check(3.0, "polygon", 2, "above", "infinite or above the scale");
    check(0.0, "polygon", 2, "0", "zero or below the scale");
    check(-1.0, "polygon", 2, "below", "zero or below the scale");
    check(f64::NEG_INFINITY, "polygon", 2, "below", "zero or below the scale");
    check(f64::NAN, "path", 2, "NaN", "not a number");
    let ordinary = draw(5e-3);
    assert_eq!((count(&ordinary, "circle"), count(&ordinary, "polygon"), count(&ordinary, "path")), (3, 0, 0));
}

#[test]
fn a_point_that_no_line_leads_to_is_seen() {
    // So many that not every point has its sign.
    let y = |k: usize| if k.is_multiple_of(2) { 0.5 } else { f64::INFINITY };
    let points = (0..101).map(|k| (k as f64, y(k))).collect();
    let chart = single(vec![named("a", points)], Axis::linear("x"), Axis::linear("y").over(0.0, 1.0));
    assert_eq!(count(&svg(&Figure::Lines(chart), Width::Column), "circle"), 51);
}

#[test]
fn places_off_the_horizontal_axis_are_marked_too() {
    let points = vec![(0.5, 1e-3), (0.0, 1e-2), (f64::INFINITY, 1e-2), (f64::NAN, 1e-2), (0.0, f64::INFINITY)];
    let chart = single(vec![named("a", points)], Axis::log("x").over(1.0, 1e-4), Axis::log("y").over(1e-4, 1.0));
    let text = svg(&Figure::Lines(chart), Width::Column);
    for meaning in ["left of the scale", "right of the scale", "not a number", "infinite or above the scale"] {
        assert!(text.contains(meaning), "{meaning}");
    }
    assert_eq!((count(&text, "circle"), count(&text, "polygon"), count(&text, "path")), (1, 3 + 3, 1 + 1));
}

#[test]
fn names_stand_at_the_ends_of_lines_or_in_a_legend() {
    let draw = |labels: &[&str]| {
        let one = |(k, label): (usize, &&str)| named(label, vec![(0.0, 0.0), (1.0, k as f64)]);
        let series = labels.iter().enumerate().map(one).collect();
        svg(&Figure::Lines(single(series, Axis::linear("x"), Axis::linear("y"))), Width::Column)
    };
    let keys = |text: &str| text.matches("x2=\"22\"").count();
    assert_eq!(keys(&draw(&["a", "b", "c"])), 0);
    assert_eq!(keys(&draw(&["a", "b", "a name that takes more than its part of the width"])), 3);
    assert_eq!(keys(&draw(&["a"; 1])), 0);
    assert_eq!(
        keys(&draw(&["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16"])),
        16
    );
}

#[test]
fn hostile_text_is_inert() {
    const HOSTILE: &str = "</text><script>alert(\"1\")</script> & ' | % \u{1b}[0m \0 _{ ^{x} \u{202e} ]]>";
    let text = || HOSTILE.to_owned();
    let axis = Axis::log(HOSTILE);
    let series = vec![named(HOSTILE, vec![(0.1, 0.1)]), named("b", vec![(0.2, 0.2)])];
    let panels = vec![Panel { title: text(), series, marks: vec![Mark { x: 0.1, label: text() }] }; 2];
    let (x, y) = (axis.clone(), axis.clone());
    let lines =
        LineChart { title: text(), caption: text(), x, y, band_label: text(), unjoined: false, columns: 2, panels };
    let mut heat = samples::heat(2, 2);
    (heat.title, heat.x_label, heat.scale_label) = (text(), text(), text());
    (heat.rows[0], heat.columns[1]) = (text(), text());
    let mut thresholds = samples::thresholds(2, 2);
    (thresholds.groups[0].label, thresholds.never, thresholds.groups[1].rows[0].note) = (text(), text(), text());
    for figure in [Figure::Lines(lines), Figure::Heat(heat), Figure::Thresholds(thresholds)] {
        for width in [Width::Column, Width::Full] {
            let text = svg(&figure, width);
            let document = Document::parse(&text).unwrap();
            assert!(document.descendants().all(|node| !node.has_tag_name("script")));
            assert!(!text.contains(['\u{1b}', '\0', '\u{202e}']));
        }
    }
}

#[test]
fn any_data_can_be_drawn() {
    let strange = [0.0, -0.0, 1.0, -1.0, 1e300, -1e300, 5e-324, f64::MAX, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
    let pairs: Vec<(f64, f64)> = strange.iter().flat_map(|&a| strange.map(|b| (a, b))).collect();
    let band = pairs.iter().map(|&(a, b)| (a, b, a)).collect();
    let series = vec![Series { label: String::new(), points: pairs, band }, Series::default()];
    let mut figures = vec![
        Figure::Lines(LineChart::default()),
        Figure::Heat(HeatMap::default()),
        Figure::Thresholds(Thresholds::default()),
    ];
    for axis in
        [Axis::log("x"), Axis::linear("x"), Axis::log("x").over(1e-300, 1e300), Axis::linear("x").over(1.0, f64::MAX)]
    {
        figures.push(Figure::Lines(single(series.clone(), axis.clone(), axis.clone())));
        let mut thresholds = samples::thresholds(9, 1);
        thresholds.groups[0].rows.iter_mut().zip(strange).for_each(|(row, value)| row.value = Some(value));
        figures.push(Figure::Thresholds(Thresholds { x: axis, ..thresholds }));
    }
    let mut heat = samples::heat(6, 8);
    heat.cells = vec![strange.map(Some).to_vec(), vec![]];
    figures.push(Figure::Heat(heat));
    for figure in figures {
        let text = svg(&figure, Width::Column);
        Document::parse(&text).unwrap_or_else(|error| panic!("{error}: {figure:?}"));
    }
}

#[test]
fn small_figures_do_not_change() {
    let mut chart = samples::lines(vec![samples::panel(samples::MODES[0], &samples::FORMULAS[..2], 5)], 1);
    chart.panels[0].marks = vec![Mark { x: 1e-2, label: "stall".into() }];
    insta::assert_snapshot!("lines", svg(&Figure::Lines(chart), Width::Column));
    insta::assert_snapshot!("heat", svg(&Figure::Heat(samples::heat(2, 3)), Width::Column));
    insta::assert_snapshot!("thresholds", svg(&Figure::Thresholds(samples::thresholds(2, 2)), Width::Full));
}
