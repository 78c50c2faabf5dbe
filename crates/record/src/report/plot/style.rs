//! How things look: sizes, colours, dashes and markers. One unit is one point (1/72 inch) on the printed page.

use super::svg::{Element, points};

/// The size of all text but headings, the smallest that journals take.
pub const SIZE: f64 = 8.0;
/// From one line of text to the next.
pub const LINE: f64 = 10.0;
/// The size of a figure's title.
pub const TITLE: f64 = 9.0;
pub const FONTS: &str = "Helvetica, Arial, sans-serif";

pub const INK: &str = "#000000";
/// Secondary text; 7 : 1 against white.
pub const FAINT: &str = "#595959";
pub const GRID: &str = "#e4e4e4";

/// Colours that differ by lightness before they differ by hue, so that they survive a grey copy and every kind of
/// colour blindness; the darkest first.
pub const COLOURS: [&str; 6] = ["#000000", "#0b4a8f", "#b5361c", "#178a6f", "#d98200", "#7db7ea"];

/// Solid first; on, off, … in units.
const DASHES: [&str; 6] = ["", "5 2", "1.5 1.5", "7 2 1.5 2", "3 1.2", "7 1.5 1.5 1.5 1.5 1.5"];

/// The look of the k-th series. The numbers of colours and of markers have no common factor, so that 42 series differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look(pub usize);

/// A sign of about the size of a small letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Disc,
    Ring,
    Square,
    Frame,
    Diamond,
    Lozenge,
    Plus,
    /// Beyond the upper end.
    Up,
    /// Beyond the lower end.
    Down,
    /// Beyond the left end.
    Left,
    /// Beyond the right end.
    Right,
    /// Not a number.
    Cross,
}

const SIGNS: [Sign; 7] = [Sign::Disc, Sign::Frame, Sign::Diamond, Sign::Ring, Sign::Square, Sign::Lozenge, Sign::Plus];

impl Look {
    pub fn colour(self) -> &'static str {
        COLOURS[self.0 % COLOURS.len()]
    }

    pub fn sign(self) -> Sign {
        SIGNS[self.0 % SIGNS.len()]
    }

    /// Gives a stroke this look.
    pub fn stroke(self, element: Element, width: f64) -> Element {
        let element = element.set("fill", "none").set("stroke", self.colour()).at([("stroke-width", width)]);
        match DASHES[self.0 % DASHES.len()] {
            "" => element,
            dash => element.set("stroke-dasharray", dash),
        }
    }
}

impl Sign {
    /// The sign about a point, in a colour.
    pub fn draw(self, (x, y): (f64, f64), colour: &str) -> Element {
        let at = |offsets: &[(f64, f64)]| points(&offsets.iter().map(|(dx, dy)| (x + dx, y + dy)).collect::<Vec<_>>());
        let polygon = |offsets: &[(f64, f64)]| Element::new("polygon").set("points", at(offsets));
        let stroke = |element: Element| element.set("stroke", colour.to_owned()).at([("stroke-width", 0.8)]);
        let filled = |element: Element| element.set("fill", colour.to_owned());
        let open = |element: Element| stroke(element.set("fill", "#ffffff"));
        let circle = |r: f64| Element::new("circle").at([("cx", x), ("cy", y), ("r", r)]);
        let cross = |[a, b, c, d]: [(f64, f64); 4]| {
            let path = [[a, b], [c, d]].map(|ends| format!("M{}", at(&ends).replace(' ', "L")));
            Element::new("path").set("d", path.concat())
        };
        let square = [(-1.6, -1.6), (1.6, -1.6), (1.6, 1.6), (-1.6, 1.6)];
        let diamond = [(0.0, -2.3), (2.3, 0.0), (0.0, 2.3), (-2.3, 0.0)];
        match self {
            Sign::Disc => filled(circle(1.8)),
            Sign::Ring => open(circle(1.7)),
            Sign::Square => filled(polygon(&square)),
            Sign::Frame => open(polygon(&square)),
            Sign::Diamond => filled(polygon(&diamond)),
            Sign::Lozenge => open(polygon(&diamond)),
            Sign::Plus => stroke(cross([(-2.2, 0.0), (2.2, 0.0), (0.0, -2.2), (0.0, 2.2)])),
            Sign::Cross => stroke(cross([(-1.6, -1.6), (1.6, 1.6), (-1.6, 1.6), (1.6, -1.6)])),
            Sign::Up => open(polygon(&[(0.0, -1.9), (1.9, 1.5), (-1.9, 1.5)])),
            Sign::Down => open(polygon(&[(0.0, 1.9), (1.9, -1.5), (-1.9, -1.5)])),
            Sign::Left => open(polygon(&[(-1.9, 0.0), (1.5, 1.9), (1.5, -1.9)])),
            Sign::Right => open(polygon(&[(1.9, 0.0), (-1.5, 1.9), (-1.5, -1.9)])),
        }
    }
}

/// A colour of eight bits a channel.
pub type Rgb = [u8; 3];

/// What `t`, from 0 to 1, is as a shade: from nearly white to dark blue, ever darker.
pub fn shade(t: f64) -> Rgb {
    const STOPS: [Rgb; 5] = [[250, 251, 253], [201, 218, 236], [126, 166, 206], [48, 104, 164], [8, 40, 92]];
    let place = t.clamp(0.0, 1.0) * (STOPS.len() - 1) as f64;
    let below = (place.floor() as usize).min(STOPS.len() - 2);
    let part = place - below as f64;
    let mix = |k: usize| {
        let (a, b) = (f64::from(STOPS[below][k]), f64::from(STOPS[below + 1][k]));
        (a + (b - a) * part).round() as u8
    };
    [mix(0), mix(1), mix(2)]
}

pub fn hex([r, g, b]: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Relative luminance, 0 (black) to 1 (white), of sRGB: the definition of WCAG 2.
pub fn luminance(colour: Rgb) -> f64 {
    let linear = |channel: u8| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { libm::pow((c + 0.055) / 1.055, 2.4) }
    };
    let [r, g, b] = colour.map(linear);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Black or white, whichever is read better on a background: that of the greater contrast ratio (WCAG 2).
pub fn readable_on(background: Rgb) -> &'static str {
    let own = luminance(background) + 0.05;
    if own / 0.05 >= 1.05 / own { INK } else { "#ffffff" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rgb(hex: &str) -> Rgb {
        let value = u32::from_str_radix(&hex[1..], 16).expect("a colour in hexadecimal");
        [(value >> 16) as u8, (value >> 8) as u8, value as u8]
    }

    /// CIE lightness, 0 to 100.
    fn lightness(colour: Rgb) -> f64 {
        116.0 * libm::cbrt(luminance(colour)).max(0.0) - 16.0
    }

    #[test]
    fn colours_differ_in_grey() {
        for pair in COLOURS.windows(2) {
            let step = lightness(rgb(pair[1])) - lightness(rgb(pair[0]));
            assert!(step >= 8.0, "{pair:?}: {step}");
        }
        let lightest = luminance(rgb(COLOURS[5]));
        assert!(1.05 / (lightest + 0.05) >= 2.0, "it can be seen on white");
    }

    #[test]
    fn forty_two_looks_differ() {
        for a in 0..42 {
            for b in 0..a {
                let (a, b) = (Look(a), Look(b));
                assert!((a.colour(), a.sign()) != (b.colour(), b.sign()), "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn shades_only_darken() {
        let luminances: Vec<f64> = (0..=256).map(|k| luminance(shade(f64::from(k) / 256.0))).collect();
        assert!(luminances.is_sorted_by(|a, b| a >= b));
        assert!(luminances[0] > 0.95 && luminances[256] < 0.03);
    }

    #[test]
    fn text_on_a_shade_is_read() {
        for k in 0..=256 {
            let background = shade(f64::from(k) / 256.0);
            let (text, own) = (luminance(rgb(readable_on(background))), luminance(background));
            let contrast = (text.max(own) + 0.05) / (text.min(own) + 0.05);
            assert!(contrast >= 4.5, "{contrast} on {background:?}");
        }
    }
}
