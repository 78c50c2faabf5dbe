//! What a part of a distribution says of an update: the log-probabilities of the most probable actions, or that of the
//! chosen one alone.
//!
//! Serving engines hand out the top k log-probabilities rather than logits. The rest is a tail of N further actions
//! with the mass m that is left over, of which only the size is known; what an update does then lies in an interval
//! that every completion of the distribution shares, by the claims tail-bound and two-sided.

use crate::arith::decimal::certain_digits;
use crate::arith::interval::{Interval, Intervals};
use crate::arith::scaled::Scaled;
use crate::arith::term::Term;
use crate::arith::{Arithmetic, Eval, Function};
use crate::source::Dtype;
use crate::text::counted;

/// Bits of the intervals: what 1 - P_c loses to cancellation is still there for 1 - P_c above 1e-60.
const BITS: u32 = 256;

/// The chosen action of a partial distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ChosenAction {
    /// This one of the most probable, from 0.
    Top(usize),
    /// One of the tail with this log-probability, which engines give for the sampled token even where it is not among
    /// the most probable.
    Tail(f64),
    /// One of the tail, without a log-probability.
    UnknownTail,
}

/// What is known of a row: natural logarithms of probabilities, and how exact they are.
#[derive(Clone, Copy, Debug)]
pub struct Partial<'a> {
    /// The log-probabilities of the most probable actions, in any order, at least one; -inf for probability 0.
    pub top: &'a [f64],
    /// How many actions there are in all: at least as many as are given.
    pub actions: u64,
    /// The chosen action.
    pub chosen: ChosenAction,
    /// How far each log-probability may be from the true one: what the computation that gave it may have done.
    pub slack: Slack,
}

/// How far log-probabilities may be from the true ones, in nats: by `absolute` + `relative` |logprob|, both at least 0.
///
/// [`Slack::EXACT`] takes them for exact, and then numbers that were rounded may well add up to more than 1. What is
/// right follows from what computed them: half a unit of the last place is not enough for a log-softmax in f32.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slack {
    /// What does not depend on the number.
    pub absolute: f64,
    /// What grows with its magnitude.
    pub relative: f64,
    /// A log-probability below this says only that the probability is at most e^this, up to the slack: it may have
    /// underflowed. Usually -inf.
    pub floor: f64,
}

impl Slack {
    /// None.
    pub const EXACT: Slack = Slack::uniform(0.0);

    /// The same for every number, in nats.
    pub const fn uniform(nats: f64) -> Slack {
        Slack { absolute: nats, relative: 0.0, floor: f64::NEG_INFINITY }
    }

    /// That of one number, rounded upward.
    ///
    /// ```
    /// use logitlab_logits::certified::partial::Slack;
    ///
    /// let slack = Slack { absolute: 1e-6, relative: 1e-7, ..Slack::EXACT };
    /// assert!(slack.of(-10.0) >= 2e-6 && slack.of(-10.0) < 2.001e-6);
    /// ```
    pub fn of(&self, logprob: f64) -> f64 {
        let nats = self.absolute + self.relative * if logprob.is_finite() { logprob.abs() } else { 0.0 };
        nats * (1.0 + 4.0 * f64::EPSILON)
    }

    /// This, and a rounding to nearest to a file's type: half a unit of the last place, and no less than half the
    /// smallest positive number, as next to 0 numbers are no nearer to each other.
    #[must_use]
    pub fn stored(self, dtype: Dtype) -> Slack {
        let half = dtype.format().unit_roundoff().to_f64();
        let relative = (self.relative + half + self.relative * half) * (1.0 + 4.0 * f64::EPSILON);
        // Halves of the smallest f64 are rounded up to it.
        let tiny = (0.5 * dtype.format().smallest_subnormal().to_f64()).max(f64::from_bits(1)) * (1.0 + self.relative);
        // What a sum would lose altogether is within what `of` adds.
        let lost = tiny < self.absolute * f64::EPSILON / 4.0;
        let absolute = if lost { self.absolute } else { (self.absolute + tiny) * (1.0 + 4.0 * f64::EPSILON) };
        Slack { absolute, relative, ..self }
    }

    fn is_sound(&self) -> bool {
        let sound = |x: f64| x.is_finite() && x >= 0.0;
        sound(self.absolute) && sound(self.relative) && !self.floor.is_nan()
    }
}

/// Enclosures that hold for every distribution that agrees with what is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PartialEnclosures {
    /// P_c, 0 to 1.
    pub p: Scaled,
    /// The mass m of the actions without a log-probability, 0 to 1.
    pub tail: Scaled,
    /// The collision probability C(P) = sum P_i^2, 0 to 1.
    pub collision: Scaled,
    /// w = |e_c - P|^2, 0 to 2.
    pub w: Scaled,
    /// |e_c - P|, the root of w.
    pub norm: Scaled,
}

/// Why there are no enclosures.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PartialError {
    /// No log-probability is given.
    #[error("no log-probability is given, expected at least that of the most probable action")]
    Nothing,
    /// More log-probabilities than actions.
    #[error("{given} log-probabilities, but only {}; check the size of the vocabulary", counted(*actions, "action"))]
    TooMany {
        /// How many are given, the chosen action's included.
        given: u64,
        /// How many actions there are.
        actions: u64,
    },
    /// No log-probability at this place.
    #[error("the chosen action is the one at {index} (from 0) of the most probable, but there are only {given}")]
    NoSuchAction {
        /// The place, from 0.
        index: usize,
        /// How many are given.
        given: usize,
    },
    /// The chosen action is in a tail without actions.
    #[error(
        "the chosen action is said to be in the tail, but {} given",
        if *.0 == 1 { "the only action is".to_string() } else { format!("all {} actions are", .0) }
    )]
    NoTail(u64),
    /// A number that is not the logarithm of a probability.
    #[error("the log-probability {0:+} is not at most 0; check that these are log-probabilities rather than logits")]
    NotALogarithm(f64),
    /// A slack that is not made of finite numbers from 0.
    #[error("a slack of {0:+} nats is not a finite number of at least 0")]
    BadSlack(f64),
    /// The chosen action is neither one of the most probable nor less probable than they are.
    #[error(
        "the chosen action's log-probability {own} is not among the largest that are given ({given}), and exceeds the \
         least of them, {least}; check that both come from the same run, and that a slack allows for their rounding"
    )]
    NotAmong {
        /// That of the chosen action.
        own: f64,
        /// How many are given.
        given: usize,
        /// The least of them.
        least: f64,
    },
    /// No distribution agrees with the numbers.
    #[error(
        "the probabilities given leave {left} for {} of at most {most} each, which no distribution \
         can: they were rounded, or are not those of the most probable actions; a slack allows for rounding",
        counted(*further, "further action")
    )]
    Impossible {
        /// 1 less the probabilities that are given.
        left: String,
        /// How many further actions there are.
        further: u64,
        /// The smallest probability of the most probable ones.
        most: String,
    },
}

/// Encloses what an update does, from the most probable actions.
///
/// With S the sum of the squares that are known, N further actions with mass m together and at most p each (claim
/// tail-bound; p is at most m): S + m^2/N <= C <= S + m p, and w lies as far above (1 - P_c)^2 - P_c^2. The lower end
/// is attained where the tail is uniform, the upper one where p divides m and as many of the tail as that have p. Is
/// the chosen action in the tail and its probability unknown, then 1 - 2p + S + m^2/N <= w <= 1 + S + m p.
///
/// ```
/// use logitlab_logits::certified::partial::{ChosenAction, Partial, Slack, enclose};
///
/// let top = [0.9f64, 0.06].map(libm::log);
/// let row = Partial { top: &top, actions: 50_000, chosen: ChosenAction::Top(0), slack: Slack::uniform(1e-15) };
/// let found = enclose(&row)?;
/// // 0.9^2 + 0.06^2, and 0.04^2 / 49_998 or 0.04 * 0.04 more
/// let scale = libm::exp2(found.collision.exponent as f64);
/// assert!((found.collision.lo * scale - 0.813600032).abs() < 1e-8);
/// assert!((found.collision.hi * scale - 0.8152).abs() < 1e-8);
/// # Ok::<(), logitlab_logits::certified::partial::PartialError>(())
/// ```
///
/// # Errors
/// If the numbers are not those of a distribution.
pub fn enclose(row: &Partial<'_>) -> Result<PartialEnclosures, PartialError> {
    enclose_bounded(row, Bounds::All)
}

/// Which of the most probable actions have at least as much as each further one.
#[derive(Clone, Copy, PartialEq)]
enum Bounds {
    /// All.
    All,
    /// All but the chosen one, which may have been appended; if it is the only one, it was not.
    Others,
}

fn enclose_bounded(row: &Partial<'_>, bounds: Bounds) -> Result<PartialEnclosures, PartialError> {
    check(row)?;
    let s = Intervals::new(BITS);
    let total = "sums and products of finite intervals";
    let known = Known::new(&s, row, bounds).expect(total);
    let Some(tail) = known.tail() else {
        return Err(PartialError::Impossible {
            left: certain_digits(&known.left, 6),
            further: known.further,
            most: certain_digits(&known.most, 6),
        });
    };
    Ok(known.enclosures(&s, &tail).expect(total))
}

/// Encloses what an update does, from the log-probability of the chosen action alone and the number of actions.
///
/// (1 - P_c)^2 K/(K - 1) <= w <= 2 (1 - P_c)^2 (claim two-sided), and C = w - 1 + 2 P_c; nothing more follows.
///
/// # Errors
/// If the number is no log-probability, or is not 0 for a single action.
pub fn sampled(logprob: f64, actions: u64, slack: Slack) -> Result<PartialEnclosures, PartialError> {
    // The others have at most what is left, all of it if one has it all.
    let row = Partial { top: &[logprob], actions, chosen: ChosenAction::Top(0), slack };
    check(&row)?;
    let s = Intervals::new(BITS);
    let total = "sums and products of finite intervals";
    let known = Known::new(&s, &row, Bounds::All).expect(total);
    let known = Known { most: s.ends(0, 1), ..known };
    let tail = known.tail().ok_or_else(|| PartialError::Impossible {
        left: certain_digits(&known.left, 6),
        further: known.further,
        most: "1".to_string(),
    })?;
    // Each of the tail has at most all of it.
    let known = Known { most: tail.clone(), ..known };
    Ok(known.enclosures(&s, &tail).expect(total))
}

/// Encloses what an update does, from log-probabilities that engines hand out and that of the chosen action, where
/// nothing says which of them it is; `None` where the chosen one's is not known.
///
/// `top` has the largest log-probabilities, and engines may have put the chosen action's among them whether or not it
/// is one of the largest. A log-probability that stands among `top` is that one's: whether the chosen action is this
/// one or another that is as probable makes no difference to w or C. Is it the least of them, it bounds nothing: the
/// further actions have at most what the least of the others has. Where it is within the slack of one but not the same,
/// the two may be the same action or not, and the enclosures hold for both. Where it is not known, they hold for every
/// action.
///
/// Engines that append the chosen action even where it is among the largest give it twice. Does `top` have another
/// number within the slack of the chosen one's, the enclosures hold for two actions and for one that is given twice.
///
/// # Errors
/// As [`enclose`]; and if the chosen action is none of `top`, nor less probable.
pub fn enclose_unplaced(
    top: &[f64],
    logprob: Option<f64>,
    actions: u64,
    slack: Slack,
) -> Result<PartialEnclosures, PartialError> {
    let Some(least) = top.iter().copied().reduce(f64::min) else { return Err(PartialError::Nothing) };
    let with = |chosen, bounds| enclose_bounded(&Partial { top, actions, chosen, slack }, bounds);
    let close = |one: f64, other: f64| one == other || (one - other).abs() <= slack.of(one) + slack.of(other);
    // The chosen action at this place, and each that it may be once more: without this place, the others are the
    // largest.
    let twice = |place: usize| {
        let others = [&top[..place], &top[place + 1..]].concat();
        let mut again: Vec<usize> = (0..others.len()).filter(|&other| close(others[other], top[place])).collect();
        again.dedup_by_key(|other| others[*other].to_bits());
        let reading = |&other: &usize| {
            let row = Partial { top: &others, actions, chosen: ChosenAction::Top(other), slack };
            enclose_bounded(&row, Bounds::All)
        };
        again.iter().map(reading).collect::<Vec<_>>()
    };
    let Some(own) = logprob else {
        let further = actions > top.len() as u64;
        let unknown = further.then_some(ChosenAction::UnknownTail);
        // One that is given twice is the same whichever place is taken away.
        let first = |place: &usize| !top[..*place].contains(&top[*place]);
        let given_twice = (0..top.len()).filter(first).flat_map(twice);
        // The one that is chosen may have been appended, whichever it is.
        let readings = (0..top.len()).map(ChosenAction::Top).chain(unknown).map(|chosen| with(chosen, Bounds::Others));
        return joined(given_twice.chain(readings));
    };
    let exact = top.iter().position(|&one| one == own);
    let near = (0..top.len()).filter(|&place| exact.map_or_else(|| close(top[place], own), |exact| exact == place));
    let near: Vec<usize> = near.collect();
    let mut readings: Vec<_> = near.iter().flat_map(|&place| twice(place)).collect();
    readings.extend(near.iter().map(|&place| with(ChosenAction::Top(place), Bounds::Others)));
    // One of the tail has at most as much as the least of the most probable.
    if own != least && (own < least || close(least, own)) {
        readings.push(with(ChosenAction::Tail(own), Bounds::All));
    }
    match readings.is_empty() {
        true => Err(PartialError::NotAmong { own, given: top.len(), least }),
        false => joined(readings.into_iter()),
    }
}

/// What contains all readings; one that no distribution agrees with is not what happened.
fn joined(
    readings: impl Iterator<Item = Result<PartialEnclosures, PartialError>>,
) -> Result<PartialEnclosures, PartialError> {
    let mut wrong = PartialError::Nothing;
    let possible: Vec<PartialEnclosures> = readings.filter_map(|one| one.map_err(|error| wrong = error).ok()).collect();
    possible.into_iter().reduce(PartialEnclosures::hull).ok_or(wrong)
}

impl PartialEnclosures {
    /// What contains both.
    fn hull(self, other: PartialEnclosures) -> PartialEnclosures {
        let hull = |x: Scaled, y: Scaled| {
            let (x, y) = (x.to_interval(), y.to_interval());
            let lo = if x.lo() < y.lo() { x.lo() } else { y.lo() };
            let hi = if x.hi() > y.hi() { x.hi() } else { y.hi() };
            Scaled::from_interval(&Intervals::new(BITS).ends(lo, hi))
        };
        PartialEnclosures {
            p: hull(self.p, other.p),
            tail: hull(self.tail, other.tail),
            collision: hull(self.collision, other.collision),
            w: hull(self.w, other.w),
            norm: hull(self.norm, other.norm),
        }
    }

    /// The quantities with their names, in the order of the fields.
    pub fn named(self) -> [(&'static str, Scaled); 5] {
        let PartialEnclosures { p, tail, collision, w, norm } = self;
        [("p", p), ("tail", tail), ("collision", collision), ("w", w), ("norm", norm)]
    }
}

fn check(row: &Partial<'_>) -> Result<(), PartialError> {
    let Partial { top, actions, chosen, slack } = *row;
    if !slack.is_sound() {
        return Err(PartialError::BadSlack(slack.absolute));
    }
    let own = match chosen {
        ChosenAction::Tail(logprob) => Some(logprob),
        ChosenAction::Top(_) | ChosenAction::UnknownTail => None,
    };
    // A log-probability of 0 may have been rounded up to a little more.
    if let Some(&wrong) = top.iter().chain(&own).find(|&&logprob| logprob.is_nan() || logprob > slack.of(logprob)) {
        return Err(PartialError::NotALogarithm(wrong));
    }
    let given = top.len() as u64 + u64::from(own.is_some());
    match chosen {
        _ if top.is_empty() => Err(PartialError::Nothing),
        _ if given > actions => Err(PartialError::TooMany { given, actions }),
        ChosenAction::Top(index) if index >= top.len() => Err(PartialError::NoSuchAction { index, given: top.len() }),
        ChosenAction::UnknownTail if given == actions => Err(PartialError::NoTail(actions)),
        _ => Ok(()),
    }
}

/// What the numbers say, as intervals.
struct Known {
    /// P_c, where it is known.
    chosen: Option<Interval>,
    /// The sum of the squares that are known, without P_c's.
    squares: Interval,
    /// 1 less the probabilities that are known: negative where they were rounded up.
    left: Interval,
    /// How many further actions there are.
    further: u64,
    /// What each of them has at most.
    most: Interval,
}

impl Known {
    fn new(s: &Intervals, row: &Partial<'_>, bounds: Bounds) -> Eval<Known> {
        let probability = |logprob: f64| -> Eval<Interval> {
            if logprob == f64::NEG_INFINITY && row.slack.floor == f64::NEG_INFINITY {
                return Ok(s.integer(0));
            }
            let slack = row.slack.of(logprob);
            let known = logprob.max(row.slack.floor);
            let p = s.function(Function::Exp, s.add(s.float(known), &s.ends(-slack, slack))?)?;
            // What may have underflowed may be anything below.
            let p = if logprob < row.slack.floor { s.ends(&rug::Float::new(BITS), p.hi()) } else { p };
            Ok(p.intersection(&s.ends(0, 1)).unwrap_or(p))
        };
        let mut all: Vec<Interval> = row.top.iter().map(|&l| probability(l)).collect::<Eval<_>>()?;
        // Every further action has at most as much as the least of these.
        let left_out = match (bounds, row.chosen) {
            (Bounds::Others, ChosenAction::Top(index)) if all.len() > 1 => Some(index),
            _ => None,
        };
        let mut bounding = all.iter().enumerate().filter(|(index, _)| Some(*index) != left_out).map(|(_, p)| p);
        let first = bounding.next().expect("one at least").clone();
        let most = bounding.try_fold(first, |least, p| s.min(least, p))?;
        let place = match row.chosen {
            ChosenAction::Top(index) => Some(index),
            ChosenAction::Tail(logprob) => {
                all.push(probability(logprob)?);
                Some(all.len() - 1)
            }
            ChosenAction::UnknownTail => None,
        };
        let mut squares = s.integer(0);
        let mut left = s.integer(1);
        for (index, p) in all.iter().enumerate() {
            left = s.sub(left, p)?;
            if Some(index) != place {
                squares = s.add(squares, &s.power(p, 2)?)?;
            }
        }
        let chosen = place.map(|index| all[index].clone());
        Ok(Known { chosen, squares, left, further: row.actions - all.len() as u64, most })
    }

    /// The mass of the further actions: what is left, as far as they can have it.
    fn tail(&self) -> Option<Interval> {
        let s = Intervals::new(BITS);
        let room = s.mul(whole(&s, self.further), &self.most).ok()?;
        self.left.intersection(&s.ends(&rug::Float::new(BITS), room.hi()))
    }

    fn enclosures(&self, s: &Intervals, tail: &Interval) -> Eval<PartialEnclosures> {
        let of = |x: &Interval| Term::new(s, x.clone());
        let [one, two] = [1, 2].map(|n| Term::new(s, s.integer(n)));
        // Nor has one of them more than all of them together.
        let most = (of(tail) * of(&s.min(self.most.clone(), tail)?)).get()?;
        let least = match self.further {
            0 => s.integer(0),
            further => (of(tail).square() / of(&whole(s, further))).get()?,
        };
        // The squares of all but the chosen action, or of all where that one is in the tail.
        let others = of(&self.squares) + of(&s.ends(least.lo(), most.hi()));
        let (p, collision, w) = match &self.chosen {
            Some(p) => (p.clone(), of(p).square() + &others, (one - of(p)).square() + others),
            None => {
                let most = if tail.hi() < self.most.hi() { tail.hi() } else { self.most.hi() };
                let p = s.ends(&rug::Float::new(BITS), most);
                let w = one + &others - two * of(&p);
                (p, others, w)
            }
        };
        let clipped = |x: Term<'_, Intervals>, most: u32| -> Eval<Interval> {
            let x = x.get()?;
            Ok(x.intersection(&s.ends(0, most)).unwrap_or(x))
        };
        let (collision, w) = (clipped(collision, 1)?, clipped(w, 2)?);
        let norm = s.function(Function::Sqrt, w.clone())?;
        let [p, tail, collision, w, norm] = [&p, tail, &collision, &w, &norm].map(Scaled::from_interval);
        Ok(PartialEnclosures { p, tail, collision, w, norm })
    }
}

fn whole(s: &Intervals, n: u64) -> Interval {
    s.enclose(&rug::Rational::from(n))
}
