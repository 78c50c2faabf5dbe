//! A mode: where each rounding of a computation happens, and how.

use std::fmt;

use crate::arith::decimal::digits_of;
use crate::formats::{Format, Target};

use super::digits::MOST_DIGITS;
use super::order::Order;

pub use super::place::{PLACES, Place};

/// How the probabilities are formed from the logits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Softmax {
    /// exp(z_i) over their sum.
    Naive,
    /// exp(z_i - max z) over their sum.
    Shifted,
    /// The same sum formed in one pass, rescaled whenever a larger logit comes (Milakov and Gimelshein,
    /// arXiv:1805.02867, algorithm 3).
    Online,
    /// exp((z_i - max z) - log sum), as of a log-softmax.
    Log,
}

/// The names of the ways to form a softmax.
pub const SOFTMAXES: [(Softmax, &str); 4] =
    [(Softmax::Naive, "naive"), (Softmax::Shifted, "shifted"), (Softmax::Online, "online"), (Softmax::Log, "log")];

/// Where each rounding of a computation happens, and how: a [`Target`] for each [`Place`], the order of summation, and
/// the algorithm of the softmax.
///
/// It prints as one line, the format of everything first and then the exceptions, and parses back:
///
/// ```
/// use logitlab_floats::study::Mode;
///
/// let mode: Mode = "f32+logits=bf16+sum=f32:pairwise".parse().unwrap();
/// assert_eq!(mode.to_string(), "f32+logits=bf16+sum=f32:pairwise");
/// assert_eq!("bf16-stored".parse::<Mode>().unwrap().to_string(), "f32+logits=bf16");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mode {
    targets: [Target; PLACES.len()],
    /// Whether products that are summed are not rounded before.
    pub exact_products: bool,
    /// The order of summation.
    pub order: Order,
    /// The algorithm of the softmax.
    pub softmax: Softmax,
}

impl Mode {
    /// Everything in one format, sums from the first to the last, the shifted softmax.
    pub fn uniform(target: impl Into<Target>) -> Mode {
        Mode {
            targets: [target.into(); PLACES.len()],
            exact_products: false,
            order: Order::Recursive,
            softmax: Softmax::Shifted,
        }
    }

    /// How a place rounds.
    pub fn target(&self, place: Place) -> Target {
        self.targets[place as usize]
    }

    /// Lets a place round otherwise.
    #[must_use]
    pub fn with(mut self, place: Place, target: impl Into<Target>) -> Mode {
        self.targets[place as usize] = target.into();
        self
    }

    /// Lets the softmax be formed otherwise.
    #[must_use]
    pub fn with_softmax(self, softmax: Softmax) -> Mode {
        Mode { softmax, ..self }
    }

    /// The same mode with every target changed.
    #[must_use]
    pub fn map(mut self, change: impl Fn(Target) -> Target) -> Mode {
        self.targets = self.targets.map(change);
        self
    }

    /// Every format that occurs, each once.
    pub fn formats(&self) -> Vec<Format> {
        let mut all: Vec<Format> = Vec::new();
        for target in &self.targets {
            if !all.contains(&target.format) {
                all.push(target.format);
            }
        }
        all
    }

    /// The relative width of a truth that errors of this mode can be measured against: a thousandth of the unit
    /// roundoff of its most precise format, or ten digits if that is less.
    pub fn sharpness(&self) -> f64 {
        let precision = self.targets.iter().map(|target| target.format.precision).max().unwrap_or(0);
        libm::exp2(-f64::from(precision) - 10.0).min(1e-10)
    }

    /// The decimal digits that a result has room for: those of the format of the last operation, at most
    /// [`MOST_DIGITS`]. No more are left, however right a result came out.
    pub fn room(&self) -> f64 {
        digits_of(self.target(Place::Combine).format.precision).min(MOST_DIGITS)
    }

    /// The format that most places have; the first of equals.
    fn base(&self) -> Target {
        let count = |target: &Target| self.targets.iter().filter(|other| *other == target).count();
        let last = |best: Target, next: &Target| if count(next) > count(&best) { *next } else { best };
        self.targets.iter().fold(self.targets[Place::Combine as usize], last)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base = self.base();
        let mut text = base.to_string();
        for (place, name) in PLACES {
            let target = self.target(place);
            match place {
                Place::Sum if self.order != Order::Recursive => text += &format!("+sum={target}:{}", self.order),
                Place::Product if self.exact_products => text += "+product=exact",
                _ if target != base => text += &format!("+{name}={target}"),
                _ => {}
            }
        }
        if self.softmax != Softmax::Shifted {
            let name = SOFTMAXES.iter().find(|(softmax, _)| *softmax == self.softmax).map_or("", |(_, name)| name);
            text += &format!("+softmax={name}");
        }
        f.pad(&text)
    }
}
