//! The reference against the expressions of the language, through the evaluator: two paths that share no formula.

use logitlab::arith::Vector;
use logitlab::arith::interval::Intervals;
use logitlab::certified::reference::Reference;
use logitlab::eval::{Evaluator, Value};
use logitlab::expr::{Tree, elaborate};
use logitlab::formulas::{ACTION, LOGITS, names};
use logitlab::policy::random::Rng;

/// What each quantity is, in the language; the slope is the derivative itself.
const MEANINGS: [(&str, &str); 10] = [
    ("p", "P[c]"),
    ("rest", "sum(others(P, c))"),
    ("collision", "C(P)"),
    ("w", "|e[c] - P|^2"),
    ("norm", "sqrt(|e[c] - P|^2)"),
    ("surprisal", "-log(P[c])"),
    ("entropy", "H(P)"),
    ("top", "max(P)"),
    ("entropy_slope", "D(H(softmax(z)), z, e[c] - P)"),
    ("variance", "<P, (e[c] - P).*(e[c] - P)> - <P, e[c] - P>^2"),
];

#[test]
fn the_quantities_are_what_the_language_says() {
    let trees: Vec<(&str, Tree)> = MEANINGS
        .iter()
        .map(|(name, text)| (*name, elaborate::value(text, names()).unwrap_or_else(|e| panic!("{text}: {e:?}"))))
        .collect();
    let mut met = 0;
    for case in 0..60 {
        let mut rng = Rng::new(9, case);
        let k = rng.log_uniform(1, 40) as usize;
        let scale = [0.1, 3.0, 30.0, 100.0, 1e-12][rng.index(5)];
        let logit = |rng: &mut Rng| if rng.below(8) == 0 { scale } else { scale * rng.gaussian() };
        let mut logits: Vec<f64> = (0..k).map(|_| logit(&mut rng)).collect();
        let action = rng.index(k);
        // Derivatives are not for masked actions.
        let masked = case % 3 == 0 && k > 2;
        if masked {
            logits[(action + 1) % k] = f64::NEG_INFINITY;
        }
        let found = Reference::new(128, 1.0).enclose_precise(&logits, action).expect("a row with a softmax").named();
        let system = Intervals::new(600);
        let stored = Intervals::new(1200);
        let z = Vector::dense(&system, logits.iter().map(|&z| stored.float(z)).collect());
        let mut evaluator = Evaluator::new(&system, k, &names().definitions);
        evaluator.assign(&LOGITS.into(), Value::Vector(z));
        evaluator.choose(&ACTION.into(), action);
        for ((name, tree), (own, x)) in trees.iter().zip(found) {
            assert_eq!(*name, own);
            if masked && *name == "entropy_slope" {
                continue;
            }
            let value = evaluator.real(tree).unwrap_or_else(|fault| panic!("{name} of {logits:?}: {fault:?}"));
            assert!(
                x.lo() <= value.hi() && value.lo() <= x.hi(),
                "{name}: {x:?} {value:?} of {logits:?}, c = {action}"
            );
            met += 1;
        }
    }
    assert!(met > 560, "{met}");
}
