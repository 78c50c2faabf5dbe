//! Scripts that try to prove what is false, or what need not hold for every K and all that is given.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use logitlab::claims::parse;
use logitlab::expr::{Prop, Relation, Tree};
use logitlab::proof::{Context, Library};

/// What is tried, the script, and why it must fail.
const ATTACKS: &[(&str, &str, &str)] = &[
    (
        "a derivative in a cited hypothesis",
        "claim a given z : masked logits show sum(exp(z))*sum(1) + sum(exp(z)) = sum(exp(z))*sum(1) + sum(exp(z)) + 1 proof lemma l : 0 < sum(exp(z)) by order = <exp(z),1> by inner.ones = <D(sum(exp(z)), z),1> by gradient.exp = D(sum(exp(z)), z, 1) by gradient.direction sum(exp(z))*sum(1) + sum(exp(z)) = sum(exp(z))*sum(1) + sum(exp(z)) + 1 by slope qed",
        "x = x + 1",
    ),
    (
        "a masked logit cancelled in an order",
        "claim a given z : masked logits, c : action, x : real, y : real, z[c] + x <= z[c] + y show x <= y proof x <= y by order qed",
        "z[c] = -inf, x = 1, y = 0",
    ),
    (
        "a masked logit cancelled in an equality",
        "claim a given z : masked logits, c : action, x : real, z[c] + x = z[c] show x = 0 proof x = 0 by order qed",
        "z[c] = -inf, x = 1",
    ),
    (
        "masked logits cancelled in vectors",
        "claim a given z : masked logits, v : vector, z <= z + v show 0 <= v proof 0 <= v by order qed",
        "z = [0, -inf], v = [0, -1]",
    ),
    (
        "an exponent beyond 32 bits",
        "claim a given x : real show (((((x^64)^64)^64)^64)^64)^4*x = x proof (((((x^64)^64)^64)^64)^64)^4*x = x by ring qed",
        "x = 2",
    ),
    (
        "a coefficient that fills memory",
        "claim a given x : real show ((((2^64)^64)^64)^64)^64 = x proof ((((2^64)^64)^64)^64)^64 = x by ring qed",
        "x = 0",
    ),
    ("x/x", "claim a given x : real show x/x = 1 proof x/x = 1 by ring qed", "x = 0"),
    ("a factor cancelled", "claim a given x : real, y : real show x*y/x = y proof x*y/x = y by ring qed", "x = 0"),
    ("K - 1 as a divisor", "claim a show (K - 1)/(K - 1) = 1 proof (K - 1)/(K - 1) = 1 by ring qed", "K = 1"),
    ("two actions at least", "claim a show 1 < K proof 1 < K by order qed", "K = 1"),
    (
        "a divisor of unknown sign",
        "claim a given x : real, y : real, z' : real, x <= y show x/z' <= y/z' proof x/z' <= y/z' by hypothesis qed",
        "z' = -1",
    ),
    (
        "order through a divisor that changes sign",
        "claim a given x : real, y : real, x <= y show 1/y <= 1/x proof 1/y <= 1/x by hypothesis qed",
        "x = -1, y = 1",
    ),
    (
        "an odd root of nothing",
        "claim a given x : real show sqrt(x)^2 = x proof sqrt(x)^2 = x by sqrt.square qed",
        "x = -1",
    ),
    ("sqrt(x^2)", "claim a given x : real show sqrt(x^2) = x proof sqrt(x^2) = x by sqrt.square qed", "x = -1"),
    (
        "a product of roots of negatives",
        "claim a given x : real show sqrt(x*x) = sqrt(x)*sqrt(x) proof sqrt(x*x) = sqrt(x)*sqrt(x) by sqrt.product qed",
        "x = -1",
    ),
    (
        "exp(log(x))",
        "claim a given x : real, 0 <= x show exp(log(x)) = x proof exp(log(x)) = x by exp.log qed",
        "x = 0",
    ),
    (
        "the logarithm of a product with zeros",
        "claim a given P : distribution, c : action show log(P[c]*P[c]) = log(P[c]) + log(P[c]) proof log(P[c]*P[c]) = log(P[c]) + log(P[c]) by log.product qed",
        "P[c] = 0",
    ),
    (
        "x log y at y = 0",
        "claim a given P : distribution, v : vector, 0 <= v show xlogy(P, P.*v) = xlogx(P) + P.*log(v) proof xlogy(P, P.*v) = xlogx(P) + P.*log(v) by xlogy.product qed",
        "v = 0",
    ),
    (
        "an even power of negatives",
        "claim a given x : real, y : real, x <= y show x^2 <= y^2 proof x^2 <= y^2 by hypothesis qed",
        "x = -2, y = 1",
    ),
    (
        "an absolute value as monotone",
        "claim a given x : real, y : real, x <= y show |x| <= |y| proof |x| <= |y| by hypothesis qed",
        "x = -2, y = 1",
    ),
    (
        "the subtrahend",
        "claim a given x : real, y : real, x <= y show 1 - x <= 1 - y proof 1 - x <= 1 - y by hypothesis qed",
        "x = 0, y = 1",
    ),
    (
        "an inner product with unknown weights",
        "claim a given u : vector, v : vector, w : vector, u <= v show <u,w> <= <v,w> proof <u,w> <= <v,w> by hypothesis qed",
        "w = -1",
    ),
    (
        "strict under weights that may vanish",
        "claim a given P : distribution, u : vector, v : vector, w : subset, u < v show <w,u> < <w,v> proof <w,u> < <w,v> by hypothesis qed",
        "w = 0",
    ),
    (
        "strict times zero",
        "claim a given P : distribution, c : action, x : real, y : real, x < y show P[c]*x < P[c]*y proof P[c]*x < P[c]*y by hypothesis qed",
        "P[c] = 0",
    ),
    (
        "strict beside the chosen coordinate",
        "claim a given u : vector, v : vector, c : action, u < v show others(u, c) < others(v, c) proof others(u, c) < others(v, c) by hypothesis qed",
        "the coordinate c of both is 0",
    ),
    (
        "others are not empty",
        "claim a given P : distribution, c : action, 0 < P show 0 < sum(others(P, c)) proof 0 < sum(others(P, c)) by order qed",
        "K = 1",
    ),
    (
        "an expectation under weights of unknown sign",
        "claim a given u : vector, x : real, y : real, x <= y show E[a ~ u](x) <= E[a ~ u](y) proof E[a ~ u](x) <= E[a ~ u](y) by hypothesis qed",
        "u = -1",
    ),
    (
        "the sum of what is no distribution",
        "claim a given u : vector show E[a ~ u](1) = 1 proof E[a ~ u](1) = 1 by expect.constant, distribution.sum qed",
        "u = 0",
    ),
    (
        "the outer action brought under a binder",
        "claim a given P : distribution, v : vector show E[a ~ P](v[a] - <P,v>) = E[a ~ P](v[a] - v[a]) proof E[a ~ P](v[a] - <P,v>) = E[a ~ P](v[a] - v[a]) by expect.entry qed",
        "v = [0, 1]",
    ),
    (
        "an expectation as its own body",
        "claim a given P : distribution, v : vector show E[a ~ P](v[a]*<P,v>) = E[a ~ P](<P,v[a]*v>)*E[a ~ P](1) + 1 proof E[a ~ P](v[a]*<P,v>) = E[a ~ P](<P,v[a]*v>)*E[a ~ P](1) + 1 by expect.linear qed",
        "v = 0",
    ),
    (
        "a definition as constant",
        "claim a given z : masked logits let w = sum(exp(z)) show D(w, z) = 0 proof D(w, z) = 0 by gradient.constant qed",
        "z = 0",
    ),
    (
        "a definition as constant factor",
        "claim a given z : masked logits let w = sum(exp(z)) show D(w*w, z) = w*D(w, z) proof D(w*w, z) = w*D(w, z) by gradient.sum qed",
        "z = 0",
    ),
    (
        "a derivative at a kink",
        "claim a given z : masked logits, k : real show D(k*max(exp(z)), z) = k*D(max(exp(z)), z) proof D(k*max(exp(z)), z) = k*D(max(exp(z)), z) by gradient.sum qed",
        "z = 0",
    ),
    (
        "a derivative of a root at 0",
        "claim a given v : vector, c : action, x : real show D(x*sqrt(v[c]), v) = x*D(sqrt(v[c]), v) proof D(x*sqrt(v[c]), v) = x*D(sqrt(v[c]), v) by gradient.sum qed",
        "v[c] = 0",
    ),
    (
        "a derivative of |x| at 0",
        "claim a given v : vector, c : action show D(|v[c]| + v[c], v) = D(|v[c]|, v) + D(v[c], v) proof D(|v[c]| + v[c], v) = D(|v[c]|, v) + D(v[c], v) by gradient.sum qed",
        "v[c] = 0",
    ),
    (
        "a quotient by what may be zero",
        "claim a given v : vector, c : action show D(1/v[c], v) = (v[c]*D(1, v) - 1*D(v[c], v))/v[c]^2 proof D(1/v[c], v) = (v[c]*D(1, v) - 1*D(v[c], v))/v[c]^2 by gradient.quotient qed",
        "v[c] = 0",
    ),
    (
        "weights that depend on z",
        "claim a given z : masked logits show D(<softmax(z),softmax(z)>, z) = softmax(z).*softmax(z) - <softmax(z),softmax(z)>*softmax(z) proof D(<softmax(z),softmax(z)>, z) = softmax(z).*softmax(z) - <softmax(z),softmax(z)>*softmax(z) by gradient.softmax qed",
        "z = [0, 1]",
    ),
    (
        "a temperature that depends on z",
        "claim a given z : masked logits show D(sum(exp(z/sum(exp(z)))), z) = exp(z/sum(exp(z)))/sum(exp(z)) proof D(sum(exp(z/sum(exp(z)))), z) = exp(z/sum(exp(z)))/sum(exp(z)) by gradient.exp qed",
        "z = 0",
    ),
    (
        "a hypothesis about z under a derivative",
        "claim a given z : vector, c : action, z[c] = 1 show D(z[c], z) = D(1, z) proof D(z[c], z) = D(1, z) by hypothesis qed",
        "the left side is e[c]",
    ),
    (
        "the largest entry everywhere",
        "claim a given v : vector, c : action show max(v) = v[c] proof max(v) = v[c] by max.bound qed",
        "v = [0, 1]",
    ),
    (
        "max.scale of a negative",
        "claim a given v : vector, x : real show max(x*v) = x*max(v) proof max(x*v) = x*max(v) by max.scale qed",
        "x = -1",
    ),
    (
        "coordinates for vectors",
        "claim a given u : vector, v : vector, c : action, u[c] = v[c] show u = v proof u = v by hypothesis qed",
        "K = 2",
    ),
    (
        "vectors that differ, coordinate by coordinate",
        "claim a given v : vector, c : action, v != 0 show v[c]/v[c] = 1 proof v[c]/v[c] = 1 by ring qed",
        "v = [0, 1]",
    ),
    (
        "cases with a gap at 0",
        "claim a given x : real show 0 < x^2 proof case 0 < x\n0 < x^2 by order case x < 0\n0 < x^2 by order qed",
        "x = 0",
    ),
    (
        "cases on a masked logit",
        "claim a given z : masked logits, c : action, x : real show x = x + 1 proof case z[c] < z[c] + x\nx = x + 1 by order case z[c] >= z[c] + x\nx = x + 1 by order qed",
        "no case holds of undefined values",
    ),
    (
        "a claim about distributions for a vector",
        "claim a given v : vector show sum(v) = 1 proof sum(v) = 1 by mass qed",
        "v = 0",
    ),
    (
        "a claim about vectors for logits",
        "claim a given z : masked logits show z - z = 0 proof z - z = 0 by cancel qed",
        "z = [0, -inf]",
    ),
    (
        "a variable that stands for two values",
        "claim a given x : real, y : real show x - y = 0 proof x - y = 0 by same qed",
        "x = 1, y = 0",
    ),
    (
        "a choice of a masked entry",
        "claim a given z : masked logits show 0 < 1 proof choose c : z[c] = min(z)\n0 < 1 by order qed",
        "min(z) = -inf",
    ),
    (
        "a choice kept after its proof",
        "claim a given v : vector, b : action show v[b] = max(v) proof show max(v) = max(v) + 0 proof choose c : v[c] = max(v) show max(v) = max(v) + 0 by ring qed v[b] = max(v) by shown qed",
        "v = [0, 1]",
    ),
    (
        "probabilities are less than 1",
        "claim a given P : distribution, c : action show P[c] < 1 proof P[c] < 1 by order qed",
        "P = e[c]",
    ),
    (
        "probabilities are positive",
        "claim a given P : distribution, c : action show 0 < P[c] proof 0 < P[c] by order qed",
        "P[c] = 0",
    ),
    (
        "masked softmax is positive",
        "claim a given z : masked logits show 0 < softmax(z) proof 0 < softmax(z) by order qed",
        "z = [0, -inf]",
    ),
    (
        "masked exp is positive",
        "claim a given z : masked logits, c : action show 0 < exp(z)[c] proof 0 < exp(z)[c] by order qed",
        "z[c] = -inf",
    ),
    (
        "a number under a vector",
        "claim a given v : vector show <v,1> = 1*sum(1) proof <v,1> = 1*sum(1) by inner.ones qed",
        "v = 0",
    ),
    ("0^0 as 0", "claim a given x : real show x^0 = 0 proof x^0 = 0 by ring qed", "x = 0 gives 1"),
    (
        "rounding as if nothing were rounded",
        "claim a given x : real show fl(x) = x proof fl(x) = x by ring, order, hypothesis qed",
        "x = 1/3",
    ),
    (
        "rounding a number of the format, of which no law speaks",
        "claim a given z' : float show fl(z') = z' proof fl(z') = z' by ring, order, hypothesis qed",
        "true of every format, and none of the kernel's business",
    ),
    (
        "rounding as if it were linear",
        "claim a given x : real, y : real show fl(x + y) = fl(x) + fl(y) proof fl(x + y) = fl(x) + fl(y) by ring qed",
        "x = y = 1/3",
    ),
    (
        "rounding as if it kept an order strict",
        "claim a given x : real, y : real, x < y show fl(x) < fl(y) proof fl(x) < fl(y) by hypothesis qed",
        "x = 1/3, y = 1/3 + 1/10^99",
    ),
    (
        "rounding as if it had a derivative",
        "claim a given v : vector, c : action show D(fl(v[c]) + v[c], v) = D(fl(v[c]), v) + D(v[c], v) proof D(fl(v[c]) + v[c], v) = D(fl(v[c]), v) + D(v[c], v) by gradient.sum qed",
        "v[c] = a midpoint",
    ),
    (
        "a number as its own neighbour",
        "claim a given z' : float show pred(z') = z' proof pred(z') = z' by ring, order qed",
        "any z'",
    ),
];

/// What the scripts cite.
const CITED: &[&str] = &[
    "claim slope given x : real, z : masked logits, v : vector, 0 < D(x, z, v) show x*sum(v) + sum(exp(z)) = x*sum(v) + sum(exp(z)) + 1 proof 0 < D(x, z, v) by hypothesis = <D(x, z),v> by gradient.direction = <0,v> by gradient.constant = 0 by inner.bilinear qed",
    "claim mass given P : distribution show sum(P) = 1 proof sum(P) = 1 by distribution.sum qed",
    "claim cancel given v : vector show v - v = 0 proof v - v = 0 by vector qed",
    "claim same given x : real show x - x = 0 proof x - x = 0 by ring qed",
];

#[test]
fn what_is_false_is_not_proved() {
    let start = Instant::now();
    let cited: Vec<_> = CITED.iter().map(|text| parse(text).unwrap()).collect();
    let mut reasons = String::new();
    let mut accepted = Vec::new();
    for (what, text, why) in ATTACKS {
        let claim = parse(text);
        let claim = match claim {
            Ok(claim) => claim,
            Err(error) => {
                writeln!(reasons, "{what} ({why}): {error}").expect("a string takes all");
                continue;
            }
        };
        let library = Library::new(cited.iter().map(|claim| claim.entry()).chain([claim.entry()]));
        for claim in &cited {
            assert!(library.prove(claim.entry().id).unwrap().is_ok(), "{}", claim.entry().id);
        }
        match library.prove("a").expect("it has a proof") {
            Ok(_) => accepted.push(*what),
            Err(rejection) => writeln!(reasons, "{what} ({why}): {}", rejection.reason).expect("a string takes all"),
        }
    }
    assert!(accepted.is_empty(), "{accepted:#?}");
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    insta::assert_snapshot!("attacks", reasons);
}

#[test]
fn two_differences_are_not_chained() {
    let claim = parse("claim a given x : real, y : real, x < y show x <= y").unwrap();
    let Prop::Compare(_, x, y) = claim.statement.shows[0].clone() else { panic!("a comparison") };
    let context = Context::new(&claim.statement);
    let less = context.step(&x, Relation::Less, &y, &["hypothesis".into()], &[]).unwrap();
    let differ = |a: &Tree, b: &Tree| {
        let goal = Prop::Compare(Relation::NotEqual, a.clone(), b.clone());
        context.conclude(&goal, std::slice::from_ref(&less)).unwrap()
    };
    // x != y and y != x, from which x != x does not follow.
    assert!(differ(&x, &y).then(&differ(&y, &x)).is_err());
}

/// What is shown of the numbers of a format is cited for nothing else, whatever else is known of it.
#[test]
fn a_law_of_floats_is_none_of_reals() {
    let floats = parse("claim floats given z' : float, 0 <= z' show 0 <= z'*z' proof 0 <= z'*z' by order qed").unwrap();
    for x in ["x : real", "P : distribution, x : real"] {
        let text = format!("claim a given {x}, 0 <= x show 0 <= x*x proof 0 <= x*x by floats qed");
        let claim = parse(&text).unwrap();
        let library = Library::new([floats.entry(), claim.entry()]);
        assert!(library.prove("floats").expect("it has a proof").is_ok());
        let rejection = library.prove("a").expect("it has a proof").map(|_| ()).unwrap_err();
        assert!(rejection.reason.to_string().contains("a number of the format"), "{rejection}");
    }
}
