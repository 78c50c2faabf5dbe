//! What the kernel's facts say of where a claim has a value, and what they leave open.

use logitlab::claims::parse;
use logitlab::proof::defined::undischarged;

/// Declarations, and what is left of the conditions of what is shown.
const CASES: &[(&str, &[&str])] = &[
    ("given x : real show x/x = 1", &["x != 0"]),
    ("given x : real show 0/(x - 17) = 0", &["x - 17 != 0"]),
    ("given P : distribution, c : action, P[c] > 0 show log(P[c]) = 0", &[]),
    ("given z : vector, c : action show log(softmax(z)[c]) = 0", &[]),
    ("given z : logits, c : action show log(softmax(z)[c]) = 0", &[]),
    ("given z : masked logits, c : action show log(softmax(z)[c]) = 0", &["0 < softmax(z)[c]"]),
    ("given z : vector show log(sum(exp(z))) = lse(z)", &[]),
    ("given x : real, y : real show y/sqrt(x^2 + 1) = 0", &[]),
    ("given P : distribution, Q : distribution, 0 < Q show E[a ~ Q](P[a]/Q[a]) = 1", &[]),
    ("given P : distribution, Q : distribution show E[a ~ Q](P[a]/Q[a]) = 1", &["0 < Q"]),
    ("given P : distribution, Q : distribution, c : action, 0 < Q[c] show E[a ~ Q](P[a]/Q[a]) = 1", &["0 < Q"]),
    ("given P : distribution, c : action, P[c] < 1 show 1/(1 - P[c]) = 0", &[]),
    ("given P : distribution, c : action, P[c] < 1 show others(P, c)/(1 - P[c]) = 0", &[]),
    ("given P : distribution, c : action show P[c] < 1 => 1/(1 - P[c]) = 0", &[]),
    ("given P : distribution show H(P)/K = 0", &[]),
    ("given P : distribution show H2(P)/|P| = 1/max(P)", &[]),
    ("given v : vector show H2(v) = 1/|v|", &["0 < C(v)", "0 < |v|"]),
    ("given v : vector, c : action show sqrt(1 - 2*v[c] + C(v)) = 0", &[]),
    ("given v : vector, c : action show sqrt(3 + <v,v> - 2*v[c]) = 0", &[]),
    ("given v : vector, c : action show sqrt(1/2 - 2*v[c] + C(v)) = 0", &["0 <= 1/2 - 2*v[c] + C(v)"]),
    ("given v : vector, c : action show sqrt(1 - 3*v[c] + C(v)) = 0", &["0 <= 1 - 3*v[c] + C(v)"]),
    ("given P : distribution, t : subset, <t,P> > 0 let Q = t.*P/<t,P> show KL(Q, P) = 0", &[]),
    (
        "given P : distribution, t : subset, <t,P> > 0 let Q = t.*P/<t,P> show KL(P, Q) = 0",
        &["Q[a] = 0 => P[a] = 0 for every a"],
    ),
    ("given x : real show 1/(x^2 + x + 1) = 0", &["x^2 + x + 1 != 0"]),
    ("given x : real, y : real, x <= 0, y < 0 show 1/(x + y) = 0", &[]),
    ("given x : real show 1/exp(x) = exp(-x)", &[]),
    // An equation holds at the point alone, and a derivative asks for what is around it.
    (
        "given z : vector, c : action, z[c] = z[c]^2, sum(D(z[c], z)) != 0 show 1/sum(D(z[c]^2, z)) = 1",
        &["sum(D(z[c]^2, z)) != 0"],
    ),
];

#[test]
fn what_does_not_follow_is_left() {
    for (text, expected) in CASES {
        let claim = parse(&format!("claim x {text}")).unwrap();
        let left = undischarged(&claim.statement, None);
        let left: Vec<String> = left.iter().map(|guarded| guarded.condition.to_string()).collect();
        assert_eq!(left, *expected, "{text}");
    }
}
