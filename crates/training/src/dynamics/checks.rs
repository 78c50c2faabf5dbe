//! What every step must satisfy: statements about one step, in the language of claims.
//!
//! In the reference arithmetic P is the policy and d the move g (e_c - P), both enclosed rigorously, and every
//! statement is a theorem: one that is certainly false stops the run. In a float mode P is what was computed and d the
//! difference of the stored logits, exact numbers both, and the first step at which a statement is certainly false is a
//! result.

use std::sync::LazyLock;

use crate::arith::interval::{Interval, Intervals};
use crate::arith::{Arithmetic, Eval, Vector};
use crate::claims::{self, Claim};
use crate::eval::{Evaluator, Value};
use crate::judges::decide::{self, Decision, Outcome, Question};

/// When a check speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At every step along g (e_c - P).
    Drawn,
    /// At every step along the expected gradient.
    Expected,
    /// There too, if the step is within the smoothness bound: rewards in \[0, 1\] and eta at most 2/5 (Mei et al.,
    /// arXiv:2005.06392: the mean reward is 5/2-smooth).
    SmallExpected,
}

/// A statement about one step.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Its name.
    pub name: &'static str,
    /// The claim that it is an instance of.
    pub claim: &'static str,
    /// When it speaks.
    pub when: When,
    /// The statement, over z and y, the logits before and after; P; d, the move; r, the rewards; c, g.
    pub show: &'static str,
    /// The same with a margin of 1 % for what rounding does, where the statement is an equality.
    pub within: Option<&'static str>,
}

/// Every check. A new one is a line here.
pub const CHECKS: &[Check] = &[
    Check {
        name: "zero-sum",
        claim: "zero-sum",
        when: When::Drawn,
        show: "sum(d) = 0",
        within: Some("abs(sum(d)) <= sum(abs(d))/100"),
    },
    Check {
        name: "norm",
        claim: "norm-identity",
        when: When::Drawn,
        show: "|d|^2 = g^2*(1 - 2*P[c] + C(P))",
        within: Some("abs(|d|^2 - g^2*(1 - 2*P[c] + C(P))) <= |d|^2/50"),
    },
    Check {
        name: "at-least",
        claim: "two-sided",
        when: When::Drawn,
        show: "g^2*K/(K - 1)*(1 - P[c])^2 <= |d|^2",
        within: Some("g^2*K/(K - 1)*(1 - P[c])^2 <= |d|^2*51/50"),
    },
    Check {
        name: "at-most",
        claim: "two-sided",
        when: When::Drawn,
        show: "|d|^2 <= 2*g^2*(1 - P[c])^2",
        within: Some("|d|^2 <= 51/25*g^2*(1 - P[c])^2"),
    },
    Check {
        name: "finite-step",
        claim: "finite-step",
        when: When::Drawn,
        show: "log(softmax(y)[c]) - log(softmax(z)[c]) = d[c] - log(<P,exp(d)>)",
        within: Some("abs(log(softmax(y)[c]) - log(softmax(z)[c]) - d[c] + log(<P,exp(d)>)) <= (max(d) - min(d))/100"),
    },
    Check {
        name: "growth-at-least",
        claim: "finite-step",
        when: When::Drawn,
        show: "0 <= log(<P,exp(d)>) - g*(P[c] - C(P))",
        within: Some("-(max(d) - min(d))/100 <= log(<P,exp(d)>) - g*(P[c] - C(P))"),
    },
    Check {
        name: "growth-at-most",
        claim: "finite-step",
        when: When::Drawn,
        show: "log(<P,exp(d)>) - g*(P[c] - C(P)) <= (max(d) - min(d))^2/8",
        within: Some("log(<P,exp(d)>) - g*(P[c] - C(P)) <= (max(d) - min(d))^2/8 + (max(d) - min(d))/100"),
    },
    Check {
        name: "step-kl",
        claim: "step-kl",
        when: When::Drawn,
        show: "KL(P, softmax(y)) <= (max(d) - min(d))^2/8",
        within: Some("KL(P, softmax(y)) <= (max(d) - min(d))^2/8 + (max(d) - min(d))/100"),
    },
    Check {
        name: "entropy-change",
        claim: "entropy-change",
        when: When::Drawn,
        show: "D(H(softmax(z)), z, d) = -(<xlogx(P),d> - sum(xlogx(P))*<P,d>)",
        within: Some("abs(D(H(softmax(z)), z, d) + <xlogx(P),d> - sum(xlogx(P))*<P,d>) <= (max(d) - min(d))/100"),
    },
    Check {
        name: "expected-sum",
        claim: "expected-update",
        when: When::Expected,
        show: "sum(d) = 0",
        within: Some("abs(sum(d)) <= sum(abs(d))/100"),
    },
    Check {
        name: "ascent",
        claim: "bandit-ascent",
        when: When::SmallExpected,
        show: "<softmax(z),r> <= <softmax(y),r>",
        within: None,
    },
];

/// One step, in numbers of a system of intervals.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The logits before.
    pub before: Vec<Interval>,
    /// The logits after.
    pub after: Vec<Interval>,
    /// The policy.
    pub policy: Vec<Interval>,
    /// The move.
    pub moved: Vec<Interval>,
    /// The chosen action.
    pub action: usize,
    /// g.
    pub gain: Interval,
}

/// What is found of a check at a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// It holds, or nothing speaks against it.
    Holds,
    /// It is certainly false; what its sides are, as text.
    False(String),
    /// Nothing can be said at this precision.
    Unclear(String),
}

/// The checks as one claim each: parsed once.
/// The same, prepared to be decided at every step.
static QUESTIONS: LazyLock<Vec<[Option<Question<'static>>; 2]>> = LazyLock::new(|| {
    let prepared = |claim: &'static Option<Claim>| claim.as_ref().map(|claim| Question::new(&claim.statement));
    CLAIMS.iter().map(|[strict, loose]| [prepared(strict), prepared(loose)]).collect()
});

static CLAIMS: LazyLock<Vec<[Option<Claim>; 2]>> = LazyLock::new(|| {
    let one = |check: &Check| [Some(check.show), check.within].map(|show| show.map(|show| parsed(check.name, show)));
    CHECKS.iter().map(one).collect()
});

fn parsed(name: &str, show: &str) -> Claim {
    let given = "z : vector, y : vector, P : vector, d : vector, r : vector, c : action, g : real, K >= 2";
    claims::parse(&format!("claim {name}\ngiven {given}\nshow {show}\n")).expect("the statement of a check")
}

/// Looks at steps with intervals of one precision.
#[derive(Clone, Debug)]
pub struct Checker {
    system: Intervals,
    rewards: Vec<Interval>,
    when: Vec<When>,
}

impl Checker {
    /// For a bandit with these mean rewards; `when` says which checks speak.
    pub fn new(bits: u32, rewards: &[f64], when: Vec<When>) -> Checker {
        let system = Intervals::new(bits);
        Checker { system, rewards: rewards.iter().map(|&r| system.float(r)).collect(), when }
    }

    /// The number system of what it looks at.
    pub fn system(&self) -> Intervals {
        self.system
    }

    /// The checks that speak, by their place in [`CHECKS`].
    pub fn speaking(&self) -> impl Iterator<Item = usize> + use<'_> {
        CHECKS.iter().enumerate().filter(|(_, check)| self.when.contains(&check.when)).map(|(index, _)| index)
    }

    /// Looks at one check; with its margin, if it has one, where `within` is set.
    pub fn look(&self, check: usize, within: bool, seen: &Seen) -> Found {
        let [strict, loose] = &QUESTIONS[check];
        let question = if within { loose.as_ref().or(strict.as_ref()) } else { strict.as_ref() };
        let Some(question) = question else { return Found::Holds };
        match self.decide(question, seen) {
            Err(fault) => Found::Unclear(fault.to_string()),
            Ok(Outcome::Outside) => Found::Holds,
            Ok(Outcome::Unknown(why, _)) => Found::Unclear(why),
            Ok(Outcome::Inside(found)) => {
                let one = |found: decide::Found| match found.decision {
                    Decision::Holds | Decision::Unmet | Decision::Agrees(_) => Found::Holds,
                    Decision::Fails(sides) => Found::False(sides.unwrap_or_default()),
                    Decision::Unclear(why) => Found::Unclear(why),
                    Decision::Undefined(lack) => Found::Unclear(lack.to_string()),
                };
                let rank = |found: &Found| match found {
                    Found::Holds => 0,
                    Found::Unclear(_) => 1,
                    Found::False(_) => 2,
                };
                found.into_iter().map(one).max_by_key(rank).unwrap_or(Found::Holds)
            }
        }
    }

    fn decide(&self, question: &Question<'_>, seen: &Seen) -> Eval<Outcome> {
        let s = &self.system;
        let statement = question.statement;
        let mut evaluator = Evaluator::new(s, seen.before.len(), &statement.definitions);
        let vectors =
            [("z", &seen.before), ("y", &seen.after), ("P", &seen.policy), ("d", &seen.moved), ("r", &self.rewards)];
        for (name, values) in vectors {
            evaluator.assign(&name.into(), Value::Vector(Vector::dense(s, values.clone())));
        }
        evaluator.choose(&"c".into(), seen.action);
        evaluator.assign(&"g".into(), Value::Real(seen.gain.clone()));
        Ok(question.decide_assigned(s, &mut evaluator))
    }
}

/// What exact numbers are in a system of intervals.
pub fn points(system: &Intervals, values: &[f64]) -> Vec<Interval> {
    values.iter().map(|&x| system.float(x)).collect()
}

/// The differences y - x.
///
/// # Errors
/// Never, for finite numbers.
pub fn differences(system: &Intervals, y: &[Interval], x: &[Interval]) -> Eval<Vec<Interval>> {
    y.iter().zip(x).map(|(y, x)| system.sub(y.clone(), x)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A step of two actions from logits of 0: P = 1/2, g = 1.
    fn step(d: [f64; 2], p: [f64; 2]) -> (Checker, Seen) {
        let checker = Checker::new(128, &[1.0, 0.0], vec![When::Drawn, When::Expected, When::SmallExpected]);
        let s = checker.system();
        let seen = Seen {
            before: points(&s, &[0.0, 0.0]),
            after: points(&s, &d),
            policy: points(&s, &p),
            moved: points(&s, &d),
            action: 0,
            gain: s.float(1.0),
        };
        (checker, seen)
    }

    fn false_ones(d: [f64; 2], p: [f64; 2], within: bool) -> Vec<&'static str> {
        let (checker, seen) = step(d, p);
        let is_false = |&check: &usize| matches!(checker.look(check, within, &seen), Found::False(_));
        checker.speaking().filter(is_false).map(|check| CHECKS[check].name).collect()
    }

    #[test]
    fn a_true_step_passes_and_wrong_ones_do_not() {
        let none: [&str; 0] = [];
        assert_eq!(false_ones([0.5, -0.5], [0.5, 0.5], false), none);
        // A move that was rounded: the sum is off, and so is the norm, by less than 1 %.
        let rounded = false_ones([0.5, -0.498], [0.5, 0.5], false);
        assert!(
            ["zero-sum", "norm", "at-least", "expected-sum"].iter().all(|name| rounded.contains(name)),
            "{rounded:?}"
        );
        assert_eq!(false_ones([0.5, -0.498], [0.5, 0.5], true), none);
        // A dead step.
        let dead = false_ones([0.0, 0.0], [0.5, 0.5], true);
        assert!(dead.contains(&"norm") && dead.contains(&"at-least"), "{dead:?}");
        // A step the other way.
        let wrong = false_ones([-0.5, 0.5], [0.5, 0.5], true);
        assert!(wrong.contains(&"ascent"), "{wrong:?}");
        // Too large a step.
        assert!(false_ones([0.9, -0.9], [0.5, 0.5], true).contains(&"at-most"));
        // A policy that was computed wrongly.
        let wrong = false_ones([0.5, -0.5], [0.4, 0.5], true);
        assert!(wrong.contains(&"finite-step") && wrong.contains(&"entropy-change"), "{wrong:?}");
    }

    #[test]
    fn every_check_names_a_claim() {
        for check in CHECKS {
            assert!(claims::find(check.claim).is_some(), "{}", check.name);
            assert_eq!(CHECKS.iter().filter(|other| other.name == check.name).count(), 1);
        }
    }
}
