//! The laws as scripts use them: each fires under its condition, and not without it.

use std::fmt::Write as _;

use logitlab::claims::parse;
use logitlab::proof::{Library, RULES, Reason};

/// A step that a rule justifies under a condition alone: rule, declarations, condition, step.
const CONDITIONS: &[(&str, &str, &str, &str)] = &[
    ("log.power", "x : real", "0 < x", "log(x^2) = 2*log(x)"),
    ("log.power", "x : real", "x != 0", "log(x^2) = 2*log(|x|)"),
    ("log.power", "x : real", "0 < x", "log(sqrt(x)) = log(x)/2"),
    ("log.quotient", "x : real", "0 < x", "log(1/x) = -log(x)"),
    ("log.quotient", "u : vector, v : vector, 0 < u", "0 < v", "log(u./v) = log(u) - log(v)"),
    ("log.product", "x : real, v : vector, 0 < v", "0 < x", "log(x*v) = log(x)*1 + log(v)"),
    ("log.product", "u : vector, v : vector, 0 <= u, 0 < v", "0 < u", "log(u.*v) = log(u) + log(v)"),
    ("exp.log", "v : vector, 0 <= v", "0 < v", "exp(log(v)) = v"),
    ("sqrt.quotient", "x : real, y : real, 0 <= x, 0 <= y", "0 < y", "sqrt(x/y) = sqrt(x)/sqrt(y)"),
    ("sqrt.square", "v : vector", "0 <= v", "sqrt(v).*sqrt(v) = v"),
    ("norm.scale", "v : vector, x : real", "x != 0", "|v/x| = |v|/|x|"),
    ("norm.least", "v : vector, x : real, |v|^2 <= x^2", "0 <= x", "|v| <= x"),
    ("abs.quotient", "v : vector, x : real", "x < 0", "abs(v/x) = abs(v)/|x|"),
    ("abs.least", "x : real, y : real, x <= y", "-x <= y", "|x| <= y"),
    ("xlogx.log", "x : real", "0 <= x", "xlogx(x) = x*log(x)"),
    ("xlogy.log", "P : distribution, Q : distribution", "0 < Q", "xlogy(P, Q) = P.*log(Q)"),
    ("xlogy.zero", "x : real", "0 <= x", "xlogy(0, x) = 0"),
    ("xlogy.same", "v : vector", "0 <= v", "xlogy(v, v) = xlogx(v)"),
    ("xlogx.subset", "t : subset, u : vector, v : vector", "0 <= v", "xlogy(t.*u, v) = t.*xlogy(u, v)"),
    ("xlogx.product", "x : real, v : vector, 0 <= v", "0 < x", "xlogx(x*v) = x*xlogx(v) + xlogx(x)*v"),
    ("xlogx.tangent", "v : vector", "0 <= v", "v - 1 <= xlogx(v)"),
    ("log.tangent", "x : real, x != 0", "0 < x", "log(x) <= x - 1"),
    ("log.tangent", "x : real", "0 < x", "1 - 1/x <= log(x)"),
    ("order.square", "x : real, y : real, x^2 <= y^2", "0 <= y", "x <= y"),
    ("order.square", "x : real, y : real, x^2 = y^2, 0 <= y", "0 <= x", "x = y"),
    ("order.root", "x : real, y : real, x <= y^2, 0 <= y", "0 <= x", "sqrt(x) <= y"),
    ("order.divide", "x : real, y : real, k' : real, x*y <= k'", "0 < y", "x <= k'/y"),
    ("order.exp", "x : real, y : real, y <= log(x)", "0 < x", "exp(y) <= x"),
    ("order.log", "x : real, y : real, x <= exp(y)", "0 < x", "log(x) <= y"),
    ("max.scale", "v : vector, x : real, 0 <= x", "x != 0", "max(v/x) = max(v)/x"),
    ("max.exp", "v : vector", "0 < v", "max(log(v)) = log(max(v))"),
    ("jensen", "P : distribution, v : vector, 0 <= v", "0 < v", "<P,log(v)> <= log(<P,v>)"),
    ("jensen", "P : distribution, v : vector", "0 <= v", "<P,sqrt(v)> <= sqrt(<P,v>)"),
    ("product.bound", "x : real, y : real, 0 <= x", "0 <= y", "sqrt(x*y) <= (x + y)/2"),
    ("cauchy-schwarz", "u : vector, v : vector, w : vector", "0 <= w", "<w,u.*v>^2 <= <w,u.*u>*<w,v.*v>"),
    ("divergence.bound", "u : vector, v : vector, 0 <= u", "0 < v", "u - v <= xlogx(u) - xlogy(u, v)"),
    ("divergence.bound", "P : distribution, Q : distribution, KL(P, Q) = 0", "0 < Q", "P = Q"),
    (
        "divergence.square",
        "u : vector, v : vector, 0 < v",
        "0 <= u",
        "3*(u - v).*(u - v) <= (2*u + 4*v).*(xlogx(u) - xlogy(u, v) - u + v)",
    ),
    ("norm.zero", "v : vector", "v != 0", "0 < |v|"),
    ("exp.tangent", "x : real", "x != 0", "1 + x < exp(x)"),
    ("log.tangent", "x : real, 0 < x", "x != 1", "log(x) < x - 1"),
    ("exp.quadratic", "x : real", "0 <= x", "1 + x + x^2/2 <= exp(x)"),
    ("log.quadratic", "x : real, x <= 0", "-1 < x", "log(1 + x) <= x - x^2/2"),
    ("divergence.bound", "P : distribution, Q : distribution, 0 < Q", "P != Q", "0 < KL(P, Q)"),
    // Signs.
    ("order", "x : real", "1 <= x", "0 <= log(x)"),
    ("order", "x : real, x <= 1", "0 <= x", "xlogx(x) <= 0"),
    ("order", "x : real", "0 < x", "0 < exp(x) - 1"),
    ("order", "x : real", "x <= 0", "exp(x) <= 1"),
    ("order", "x : real", "x != 0", "0 < |x|"),
    ("order", "x : real", "0 < x", "0 < sqrt(x)"),
    ("order", "v : vector, 0 <= v", "v <= 1", "0 <= H(v)"),
    ("order", "v : vector, 0 <= v", "0 < v", "0 < |v|"),
    // Open conditions hold near the present point, and so under a derivative there.
    ("abs.sign", "v : vector, c : action, 0 <= v[c]", "0 < v[c]", "D(|v[c]|, v) = D(v[c], v)"),
    ("abs.sign", "v : vector, c : action", "v[c] < 0", "D(|v[c]|, v) = D(-v[c], v)"),
    ("ring", "v : vector, c : action", "v[c] != 0", "D(v[c]/v[c], v) = D(1, v)"),
    ("exp.log", "v : vector, c : action", "0 < log(v[c]), 0 < v[c]", "D(exp(log(v[c])), v) = D(v[c], v)"),
    (
        "log.power",
        "z : masked logits, A : vector",
        "<softmax(z),A> != 0",
        "D(log(<softmax(z),A>^2), z) = D(2*log(|<softmax(z),A>|), z)",
    ),
    ("abs.sign", "v : vector, c : action let w = v[c] + 1 given 0 <= w", "0 < w", "D(|w|, v) = D(w, v)"),
    // An unknown value may jump: of a root only one of what is positive is continuous.
    ("abs.sign", "v : vector, c : action, 0 < sqrt(v[c])", "0 < v[c]", "D(|sqrt(v[c])|, v) = D(sqrt(v[c]), v)"),
    ("abs.sign", "v : vector, c : action, 0 < 1/v[c]", "v[c] != 0", "D(|1/v[c]|, v) = D(1/v[c], v)"),
];

/// What no condition makes a rule say: rule, declarations and hypotheses, step, and where it is false.
const FALSE: &[(&str, &str, &str, &str)] = &[
    (
        "order, hypothesis, order.antisymmetric",
        "z : logits, A : vector, <softmax(z),A> = 0",
        "D(<softmax(z),A>, z) = D(0, z)",
        "the gradient at the one point where the mean is 0",
    ),
    (
        "order, hypothesis, order.antisymmetric",
        "z : logits, A : vector, <softmax(z),A> <= 0, <softmax(z),A> >= 0",
        "D(<softmax(z),A>, z) = D(0, z)",
        "the same by two inequalities",
    ),
    (
        "order, hypothesis, order.antisymmetric, ring",
        "z : logits, c : action, x : real, z[c] <= x, x <= z[c], x != 0",
        "D(z[c]/x, z) = D(1, z)",
        "the left side is e[c]/x",
    ),
    (
        "hypothesis, max.bound, order",
        "v : vector, c : action, v[c] = max(v)",
        "D(max(v), v) = D(v[c], v)",
        "v = (1, 1): max has no derivative there",
    ),
    ("abs.sign, order", "v : vector, c : action, 0 <= v[c]", "D(|v[c]|, v) = D(v[c], v)", "v[c] = 0"),
    ("norm.zero, order", "v : vector, |v|^2 = 0", "D(<v,v> + sum(v), v) = D(0, v)", "the left side is 1"),
    ("hypothesis, order", "v : vector, c : action, v[c] != 0", "D(v[c], v) = D(0, v)", "the left side is e[c]"),
    (
        "abs.sign, order",
        "v : vector, c : action, 0 < fl(v[c])",
        "D(|fl(v[c])|, v) = D(fl(v[c]), v)",
        "fl jumps at midpoints",
    ),
    ("softmax.lse", "z : masked logits", "log(softmax(z)) = z - lse(z)*1", "a masked entry: log(0)"),
    ("exp.negative", "z : masked logits", "exp(z).*exp(-z) = 1", "a masked entry: exp(inf)"),
    ("exp.sum", "u : vector, z : masked logits", "exp(u + z) = exp(u).*exp(z)", "true, but masked logits stand first"),
    ("max.shift", "z : masked logits, x : real", "min(z + x*1) = min(z) + x", "a masked entry: -inf"),
    ("abs.bound", "z : masked logits", "z <= abs(z)", "a masked entry: |-inf|"),
    ("norm.entry", "z : masked logits, c : action", "z[c] <= |z|", "a masked entry: |z| is infinite"),
    ("log.entry", "P : distribution, c : action", "log(P)[c] = log(1)", "P[c] = 1/2"),
    ("mean.bound", "u : vector, v : vector, 0 <= u", "<u,v> <= max(v)", "u = 2"),
    ("mean.variance", "u : vector, v : vector", "<u,v.*v> - <u,v>^2 <= (max(v) - min(v))^2/4", "u = v = 1/2"),
    ("jensen", "u : vector, v : vector", "exp(<u,v>) <= <u,exp(v)>", "u = 0"),
    ("xlogx.idempotent", "v : vector", "xlogx(v) = 0", "v = 2"),
    ("cauchy-schwarz", "u : vector, v : vector", "<u,v> < |u|*|v|", "u = v"),
    ("log.tangent", "x : real, 0 < x", "log(x) < x - 1", "x = 1"),
    ("exp.tangent", "x : real", "exp(x) <= 1 + x", "x = 1"),
    ("exp.quadratic", "x : real", "1 + x + x^2/2 <= exp(x)", "x = -1"),
    ("log.quadratic", "x : real", "x - x^2/2 <= log(1 + x)", "x = -1/2"),
    ("max.sum", "u : vector, v : vector", "max(u + v) = max(u) + max(v)", "u = (1, 0), v = (0, 1)"),
    ("product.bound", "x : real, y : real", "x*y <= x^2/2 + y/2", "y = 2, x = 1"),
    ("inner.holder", "u : vector, v : vector", "<u,v> <= sum(u)*max(v)", "u = -1, v = 0 and -1"),
    ("order.square", "x : real, y : real, 0 <= y, x^2 <= y^2", "x^2 = y^2", "x = 0, y = 1"),
    ("order", "x : real", "0 <= log(x)", "x = 1/2"),
    ("order", "P : distribution, c : action", "0 < max(others(P, c))", "P = e[c]"),
    ("order", "t : subset", "0 < C(t)", "t = 0"),
    ("order", "P : distribution", "0 < H(P)", "P = e[c]"),
    ("order", "x : real, x <= 1", "xlogx(x) <= 0", "x = -1: an unknown value"),
    ("order", "x : real, 0 <= x", "0 < exp(x) - 1", "x = 0"),
    ("order", "v : vector, v != 0", "0 < |v|", "true, and not known by signs of entries"),
];

/// Whether a rule justifies a step under what is given; why not.
pub fn proves(rule: &str, given: &str, step: &str) -> Result<(), String> {
    let text = format!("claim a given {given} show {step} proof show {step} by {rule} qed");
    let claim = parse(&text).map_err(|error| format!("{error}: {text}"))?;
    let proof = Library::new([claim.entry()]).prove("a").expect("it has a proof").map(|_| ());
    if let Err(rejection) = &proof {
        assert!(!matches!(rejection.reason, Reason::UnknownRule { .. }), "{}", rejection.reason);
    }
    proof.map_err(|rejection| rejection.reason.to_string())
}

#[test]
fn a_law_fires_under_its_condition_alone() {
    let (mut complaints, mut said) = (Vec::new(), String::new());
    for (rule, given, condition, step) in CONDITIONS {
        let stronger = format!("{given}, {condition}");
        if let Err(reason) = proves(rule, &stronger, step) {
            complaints.push(format!("{rule}: {step} given {stronger}: {reason}"));
        }
        match proves(rule, given, step) {
            Ok(()) => complaints.push(format!("{rule}: {step} without {condition}")),
            Err(reason) => writeln!(said, "{step} without {condition}: {reason}").expect("a string takes all"),
        }
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
    insta::assert_snapshot!("conditions", said);
}

#[test]
fn what_looks_like_a_law_and_is_none_is_refused() {
    let accepted: Vec<_> = FALSE.iter().filter(|(rule, given, step, _)| proves(rule, given, step).is_ok()).collect();
    assert!(accepted.is_empty(), "{accepted:#?}");
    // Nor by all rules at once.
    let all = RULES.iter().map(|rule| rule.name).chain(["order", "hypothesis", "ring", "vector"]);
    let all = all.collect::<Vec<_>>().join(", ");
    let harmless = ["true, "];
    let accepted: Vec<_> = FALSE
        .iter()
        .filter(|(_, given, step, why)| {
            !harmless.iter().any(|start| why.starts_with(start)) && proves(&all, given, step).is_ok()
        })
        .collect();
    assert!(accepted.is_empty(), "by any rule: {accepted:#?}");
}
