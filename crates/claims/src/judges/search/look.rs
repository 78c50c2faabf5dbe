//! One case of a search: the cheapest arithmetic first, and the judge's word last.

use num_rational::BigRational;

use super::work::{Budget, Effort, cost};
use crate::arith::exact::Exact;
use crate::arith::interval64::Intervals64;
use crate::expr::{Name, Prop, Statement};
use crate::judges::case::Case;
use crate::judges::decide::{Decision, Outcome, Question};
use crate::judges::solve::{Target, WORK_OF_A_SEARCH, premises};
use crate::outcome::Lack;
use crate::policy::random::Rng;

/// A case in which a proposition is false.
#[derive(Clone, Debug)]
pub struct Refuted {
    /// Which of the propositions to be shown.
    pub show: usize,
    /// The case.
    pub case: Case,
    /// Its two sides.
    pub sides: Option<String>,
}

/// What is known of a case.
pub enum Look {
    /// The judge refutes the claim here.
    Refuted(Box<Refuted>),
    /// The hypotheses hold and so does what is to be shown.
    Holds,
    /// The same, but the premise of some implication does not hold.
    Unmet,
    /// The hypotheses do not hold.
    Outside,
    /// Nobody can tell.
    Open,
}

/// Cost of an exact evaluation and of the judge's own decision, in decisions in f64.
const EXACT: u64 = 3;
const JUDGE: u64 = 12;

/// So many cases are solved for at first, then one in so many.
const FIRST_SOLVED: usize = 60;
const SELDOM: usize = 16;

/// Looks at cases and keeps account.
pub struct Refuter<'a, D> {
    /// What is to be refuted.
    pub statement: &'a Statement,
    /// What is left to spend.
    pub budget: Budget,
    /// Whether some case stayed open.
    pub open: bool,
    /// The cases in which the hypotheses held and the claim did.
    pub held: usize,
    /// The first case in which a proposition has no truth value.
    pub undefined: Option<(usize, Case, Lack)>,
    question: Question<'a>,
    decide: D,
    given: Target<'a>,
    premises: Vec<Target<'a>>,
    costs: Vec<u64>,
    rng: Rng,
    seen: usize,
    solved: usize,
}

impl<'a, D: Fn(&Case) -> Outcome> Refuter<'a, D> {
    /// For a statement, with the judge's own decision.
    pub fn new(statement: &'a Statement, effort: Effort, decide: D) -> Refuter<'a, D> {
        Refuter {
            statement,
            budget: Budget::new(effort),
            open: false,
            held: 0,
            undefined: None,
            question: Question::new(statement),
            decide,
            given: Target::new(statement, &[]),
            premises: premises(statement)
                .into_iter()
                .map(|premise: &Prop| Target::new(statement, &[premise]))
                .collect(),
            costs: vec![],
            rng: Rng::new(0x5eed, 0),
            seen: 0,
            solved: 0,
        }
    }

    /// The cost of one decision in f64.
    pub fn unit(&mut self, k: usize) -> u64 {
        while self.costs.len() <= k.min(64) {
            self.costs.push(cost(self.statement, self.costs.len().max(1)));
        }
        let known = self.costs[k.min(64)];
        if k > 64 { known.saturating_mul(k as u64 / 32) } else { known }
    }

    /// Whether the claim is false in this case, as it is.
    pub fn look(&mut self, case: &Case) -> Look {
        let unit = self.unit(case.k);
        self.budget.spend(unit);
        if !case.is_proper(self.statement) {
            return Look::Outside;
        }
        let mut found = verdict(&self.question.decide(&Intervals64, case));
        if matches!(found, Found::Open | Found::Agrees) && case.is_rational() {
            self.budget.spend(EXACT * unit);
            found = match verdict(&self.question.decide(&Exact::<rug::Rational>::new(), case)) {
                Found::Open => found,
                decided => decided,
            };
        }
        match found {
            // Sides that agree to half of the digits are equal in small cases, or the judge cannot tell them apart.
            Found::Agrees => {
                self.held += 1;
                Look::Holds
            }
            // One case without a truth value tells as much as many.
            Found::Undefined if self.undefined.is_some() => Look::Outside,
            Found::Open | Found::Fails | Found::Undefined => self.confirm(case),
            Found::Holds => {
                self.held += 1;
                Look::Holds
            }
            Found::Unmet => Look::Unmet,
            Found::Outside => Look::Outside,
        }
    }

    /// Where the hypotheses did not hold, a refutation in a case near it that meets them; where the premise of an
    /// implication did not, in one that meets that.
    pub fn look_around(&mut self, case: &Case, look: &Look) -> Option<Refuted> {
        self.seen += 1;
        let outside = matches!(look, Look::Outside) && self.given.has_equations();
        let unmet = matches!(look, Look::Unmet) && !self.premises.is_empty();
        // Solving costs as much as looking at many cases as they are.
        if !(outside || unmet) || self.solved > FIRST_SOLVED + self.seen / SELDOM {
            return None;
        }
        let unit = self.unit(case.k);
        let count = if outside { 1 } else { self.premises.len() };
        for number in 0..count {
            self.solved += 1;
            let target = if outside { &self.given } else { &self.premises[number] };
            let met = target.meet(case, WORK_OF_A_SEARCH, &mut self.rng);
            self.budget.spend(EXACT * unit * target.evaluations());
            if let Some(met) = met
                && let Look::Refuted(found) = self.look(&met)
            {
                return Some(*found);
            }
        }
        None
    }

    /// Whether some case had to be solved for.
    pub fn has_solved(&self) -> bool {
        self.solved > 0
    }

    /// Whether a hypothesis is an equation.
    pub fn solves_given(&self) -> bool {
        self.given.has_equations()
    }

    /// A case near this one that meets the hypotheses.
    pub fn meet(&mut self, case: &Case) -> Option<Case> {
        let unit = self.unit(case.k);
        let met = self.given.meet(case, WORK_OF_A_SEARCH, &mut self.rng);
        self.budget.spend(EXACT * unit * self.given.evaluations());
        met
    }

    fn confirm(&mut self, case: &Case) -> Look {
        let unit = self.unit(case.k);
        self.budget.spend(JUDGE * unit);
        let found = match (self.decide)(case) {
            Outcome::Outside => return Look::Outside,
            Outcome::Unknown(..) => {
                self.open = true;
                return Look::Open;
            }
            Outcome::Inside(found) => found,
        };
        let (mut open, mut lacking) = (false, None);
        for (show, one) in found.into_iter().enumerate() {
            match one.decision {
                Decision::Fails(sides) => {
                    return Look::Refuted(Box::new(Refuted { show, case: case.clone(), sides }));
                }
                Decision::Undefined(lack) => lacking = lacking.or(Some((show, lack))),
                Decision::Unclear(_) => open = true,
                Decision::Holds | Decision::Agrees(_) | Decision::Unmet => {}
            }
        }
        if let Some((show, lack)) = lacking {
            self.undefined.get_or_insert_with(|| (show, case.clone(), lack));
            return Look::Outside;
        }
        self.open |= open;
        if open { Look::Open } else { Look::Holds }
    }
}

enum Found {
    Holds,
    Agrees,
    Unmet,
    Fails,
    Undefined,
    Outside,
    Open,
}

fn verdict(outcome: &Outcome) -> Found {
    let found = match outcome {
        Outcome::Outside => return Found::Outside,
        Outcome::Unknown(..) => return Found::Open,
        Outcome::Inside(found) => found,
    };
    let any = |test: &dyn Fn(&Decision) -> bool| found.iter().any(|one| test(&one.decision));
    match () {
        () if any(&|one| matches!(one, Decision::Fails(_))) => Found::Fails,
        () if any(&|one| matches!(one, Decision::Undefined(_))) => Found::Undefined,
        () if any(&|one| matches!(one, Decision::Unclear(_))) => Found::Open,
        () if any(&|one| matches!(one, Decision::Agrees(_))) => Found::Agrees,
        () if any(&|one| *one == Decision::Unmet) => Found::Unmet,
        () => Found::Holds,
    }
}

/// Points at which the reals of a statement can turn.
pub type Turning = Vec<(Name, BigRational)>;
