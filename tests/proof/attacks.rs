//! Scripts that try to prove what is false, or what need not hold for every K and all that is given.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use logitlab::claims::parse;
use logitlab::expr::{Action, Node, Op, Prop, Relation, Tree, Type};
use logitlab::proof::{Context, Library, Reason};

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
    (
        "one part of a disjunction taken for known",
        "claim a given x : real, y : real, x = 0 or y = 0 show x = 0 proof x = 0 by hypothesis qed",
        "x = 1, y = 0",
    ),
    (
        "cases that leave out a part of a disjunction",
        "claim a given x : real, x = 1 or x = 2 or x = 3 show x^2 - 3*x + 2 = 0 proof case x = 1 show x^2 - 3*x + 2 = 1^2 - 3*1 + 2 by hypothesis = 0 by ring case x = 2 show x^2 - 3*x + 2 = 2^2 - 3*2 + 2 by hypothesis = 0 by ring qed",
        "x = 3",
    ),
    (
        "cases of a disjunction that nobody knows",
        "claim a given x : real show x^2 - 3*x + 2 = 0 proof case x = 1 show x^2 - 3*x + 2 = 1^2 - 3*1 + 2 by hypothesis = 0 by ring case x = 2 show x^2 - 3*x + 2 = 2^2 - 3*2 + 2 by hypothesis = 0 by ring qed",
        "x = 0",
    ),
    (
        "a disjunction of which no part is shown",
        "claim a given x : real show x < 0 or 0 < x proof case x <= 0 show x <= 0 by hypothesis case 0 < x show 0 < x by hypothesis qed",
        "x = 0",
    ),
    (
        "an elementwise quotient by what has a zero",
        "claim a given u : vector, v : vector, 0 <= u, 0 <= v show 0 <= u./v - 1 proof 0 <= u./v - 1 by order qed",
        "u = 0, v = 1",
    ),
    ("v./v", "claim a given v : vector, v != 0 show v./v = 1 proof v./v = 1 by vector qed", "v = [1, 0]"),
    (
        "a derivative where two numbers cross",
        "claim a given z : logits show D(2*max(sum(z), 0), z) = 2*D(max(sum(z), 0), z) proof D(2*max(sum(z), 0), z) = 2*D(max(sum(z), 0), z) by gradient.sum qed",
        "z = 0",
    ),
    (
        "a fact under a derivative that need not hold near by",
        "claim a given z : logits, max(sum(z), 0) = 0 show D(1/(1 + max(sum(z), 0)), z) = 0 proof D(1/(1 + max(sum(z), 0)), z) = D(1/(1 + 0), z) by hypothesis = 0 by gradient qed",
        "z = 0, where there is no derivative",
    ),
    (
        "a real power of what is not positive",
        "claim a given x : real, y : real show exp(y*log(x)) = 1/x proof exp(y*log(x)) = x^y by power.definition = 1/x by ring qed",
        "x = 2, y = 1",
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
    (
        "a chosen action that a hypothesis of a cited claim binds",
        "claim a given u : vector, v : vector, w : vector, E[i ~ u](v[i]*w[i]) = 0 show <u,v>*max(w) = 0 proof choose i : w[i] = max(w) show <u,v>*max(w) = <u,v>*w[i] by hypothesis = 0 by inside qed",
        "K = 2, u = v = (0, 1), w = (1, 0)",
    ),
    (
        "a bound action that a hypothesis of a cited claim binds too",
        "claim a given u : vector, v : vector, w : vector, Q : vector, E[i ~ u](v[i]*w[i]) = 0 show E[i ~ Q](<u,v>*w[i]) = E[i ~ Q](0) proof E[i ~ Q](<u,v>*w[i]) = E[i ~ Q](0) by inside qed",
        "K = 2, u = v = (0, 1), w = Q = (1, 0)",
    ),
    (
        "a chosen action that a lemma binds",
        "claim a given u : vector, v : vector, w : vector show <u,v>*max(w) = 0 proof lemma l : E[i ~ u](v[i]) = <u,v> by expect.entry choose i : w[i] = max(w) show <u,v>*max(w) = <u,v>*w[i] by hypothesis = 0 by l qed",
        "the name would mean two actions",
    ),
    (
        "a chosen action that a definition binds",
        "claim a given u : vector, w : vector let m = E[i ~ u](w[i]) show m = max(w)*sum(u) proof choose i : w[i] = max(w) m = max(w)*sum(u) by definition, hypothesis, expect.constant qed",
        "u = 1, w = (0, 1)",
    ),
    (
        "a chosen action that the goal binds",
        "claim a given u : vector, w : vector show E[i ~ u](w[i]) = E[i ~ u](max(w)) proof choose i : w[i] = max(w) E[i ~ u](w[i]) = E[i ~ u](max(w)) by hypothesis qed",
        "u = 1, w = (0, 1)",
    ),
    (
        "a lemma about a chosen action after its proof",
        "claim a given u : vector, w : vector show E[i ~ u](w[i]) = E[i ~ u](max(w)) proof show max(w) = max(w) + 0 proof choose k : w[k] = max(w) lemma l : w[k] = max(w) by hypothesis show max(w) = max(w) + 0 by ring qed E[i ~ u](w[i]) = E[i ~ u](max(w)) by l qed",
        "u = 1, w = (0, 1)",
    ),
    (
        "one bound action for a bound and a free one of a cited claim",
        "claim a given Q : vector, v : vector, w : vector show E[b ~ Q](E[c ~ Q](v[c]*w[c])) = E[b ~ Q](<Q,v>*w[b]) proof E[b ~ Q](E[c ~ Q](v[c]*w[c])) = E[b ~ Q](<Q,v>*w[b]) by outside qed",
        "Q = 1, v = (0, 1), w = (1, 0)",
    ),
    (
        "two binders for one of a cited claim",
        "claim a given Q : vector, v : vector, w : vector show E[b ~ Q](E[c ~ Q](v[b]*w[c])) = E[b ~ Q](<Q,v>*w[b]) proof E[b ~ Q](E[c ~ Q](v[b]*w[c])) = E[b ~ Q](<Q,v>*w[b]) by outside qed",
        "Q = 1, v = (0, 1), w = (1, 0)",
    ),
    (
        "an expectation out of another one that its weights depend on",
        "claim a given P : distribution, v : vector, w : vector show E[a ~ P](E[b ~ v[a]*P](w[b])) = <P,w> proof E[a ~ P](E[b ~ v[a]*P](w[b])) = E[a ~ P](1)*<P,w> by expect.linear, expect.entry = <P,w> by expect.constant, distribution.sum, ring qed",
        "v = 0",
    ),
    (
        "a quotient of expectations",
        "claim a given P : distribution, v : vector, w : vector, 0 < v show E[a ~ P](w[a]/v[a]) = E[a ~ P](w[a])/E[a ~ P](v[a]) proof E[a ~ P](w[a]/v[a]) = E[a ~ P](w[a])/E[a ~ P](v[a]) by expect.linear qed",
        "P = (1, 1)/2, w = (1, 0), v = (1, 2)",
    ),
    (
        "a case about a declared action under a binder of its name",
        "claim a given u : vector, w : vector, c : action, w[c] = 0 show E[c ~ u](w[c]) = 0 proof E[c ~ u](w[c]) = E[c ~ u](0) by hypothesis = 0 by expect.linear qed",
        "u = 1, w = (0, 1)",
    ),
    (
        "a hypothesis about z in a cited claim under a derivative",
        "claim a given z : vector, c : action, z[c] = 1 show D(z[c]*z[c], z) = D(1, z) proof D(z[c]*z[c], z) = D(1, z) by unit-square qed",
        "the left side is 2 e[c]",
    ),
    (
        "a hypothesis about a definition of z under a derivative",
        "claim a given z : vector, c : action let s = z[c] given s = 1 show D(s, z) = D(1, z) proof D(s, z) = D(1, z) by hypothesis qed",
        "the left side is e[c]",
    ),
    (
        "a case about z under a derivative",
        "claim a given z : vector, c : action show D(|z[c]|, z) = D(z[c], z) proof case 0 <= z[c]\nD(|z[c]|, z) = D(z[c], z) by abs.sign case z[c] < 0\nD(|z[c]|, z) = D(z[c], z) by abs.sign qed",
        "z[c] = -1",
    ),
    (
        "a constant of a cited claim that depends on z",
        "claim a given z : vector show D(sum(z), z) = 0 proof D(sum(z), z) = 0 by flat qed",
        "the left side is 1",
    ),
    (
        "two points of a cited claim in one",
        "claim a given t' : vector show D(<t',t'>, t') + t' = t' proof D(<t',t'>, t') + t' = t' by slope-of-inner qed",
        "t' = 1: the left side is 2 t'",
    ),
    ("a claim about K without its hypothesis", "claim a show 1 < K proof 1 < K by many qed", "K = 1"),
    (
        "a quotient to a power beyond 32 bits",
        "claim a given v : vector, c : action, v[c] > 0 show ((((((1/v[c])^64)^64)^64)^64)^64)^64 = 1 proof ((((((1/v[c])^64)^64)^64)^64)^64)^64 = 1 by ring qed",
        "v[c] = 2",
    ),
];

/// What the scripts cite.
const CITED: &[&str] = &[
    "claim slope given x : real, z : masked logits, v : vector, 0 < D(x, z, v) show x*sum(v) + sum(exp(z)) = x*sum(v) + sum(exp(z)) + 1 proof 0 < D(x, z, v) by hypothesis = <D(x, z),v> by gradient.direction = <0,v> by gradient.constant = 0 by inner.bilinear qed",
    "claim inside given u : vector, v : vector, w : vector, c : action, E[i ~ u](v[i]*w[c]) = 0 show <u,v>*w[c] = 0 proof show <u,v>*w[c] = E[i ~ u](v[i])*w[c] by expect.entry = E[i ~ u](v[i]*w[c]) by expect.linear = 0 by hypothesis qed",
    "claim outside given Q : vector, v : vector, w : vector, c : action show E[i ~ Q](v[i]*w[c]) = <Q,v>*w[c] proof E[i ~ Q](v[i]*w[c]) = E[i ~ Q](v[i])*w[c] by expect.linear = <Q,v>*w[c] by expect.entry qed",
    "claim unit-square given v : vector, c : action, v[c] = 1 show v[c]*v[c] = 1 proof v[c]*v[c] = 1*1 by hypothesis = 1 by ring qed",
    "claim flat given x : real, z : vector show D(x, z) = 0 proof D(x, z) = 0 by gradient.constant qed",
    "claim slope-of-inner given v : vector, z : vector show D(<v,v>, z) + v = v proof D(<v,v>, z) + v = 0 + v by gradient.constant = v by vector qed",
    "claim many given K >= 2 show 1 < K proof 1 < K by order qed",
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

/// Trees that no text gives, since names that are taken cannot be bound: the kernel does not rely on that.
#[test]
fn what_no_text_says_is_not_proved_either() {
    let named = |name: &str| Action::Name(name.into());
    let expect = |action: &str, over: &Tree, body: Tree| {
        Tree::new(Node::Expect { action: action.into(), over: over.clone(), body }).unwrap()
    };
    let at = |v: &Tree, action: &str| Tree::new(Node::At(v.clone(), named(action))).unwrap();
    let [u, v, w] = ["u", "v", "w"].map(|name| Tree::variable(name, Type::Vector));

    // A definition under a binder of the action that it is about.
    let text = "claim a given u : vector, v : vector, w : vector, c : action let s = w[c] show s = s + 0";
    let claim = parse(text).unwrap();
    let context = Context::new(&claim.statement);
    let s = Tree::variable("s", Type::Real);
    let step = |left: &Tree, right: &Tree, rule: &str| context.step(left, Relation::Equal, right, &[rule.into()], &[]);
    assert!(step(&s, &at(&w, "c"), "definition").is_ok());
    let captured = step(&expect("c", &u, s), &expect("c", &u, at(&w, "c")), "definition");
    assert_eq!(captured.map(|_| ()), Err(Reason::Misused("c".to_string())));

    // The name of a bound action may be another; what it is bound by may not.
    let text = "claim a given u : vector, v : vector, c : action let s = E[i ~ u](E[j ~ v](u[i])) show s = s + 0";
    let binders = Context::new(&parse(text).unwrap().statement);
    let s = Tree::variable("s", Type::Real);
    let unfolded = |outer: &str, inner: &str, action: &str| {
        let right = expect(outer, &u, expect(inner, &v, at(&u, action)));
        binders.step(&s, Relation::Equal, &right, &["definition".into()], &[]).is_ok()
    };
    assert!(unfolded("i", "j", "i") && unfolded("k", "j", "k") && unfolded("j", "i", "j"));
    assert!(!unfolded("i", "j", "j") && !unfolded("j", "i", "i") && !unfolded("i", "i", "i"));
    assert!(!unfolded("k", "j", "c") && !unfolded("k", "j", "i"));

    // An action, and a vector, that nobody declares.
    let [free, none] = [at(&w, "q"), Tree::variable("q", Type::Vector)];
    for unknown in [free, Tree::apply(Op::Sum, [none]).unwrap()] {
        let twice = Tree::apply(Op::Add, [unknown.clone(), unknown.clone()]).unwrap();
        let double = Tree::apply(Op::Mul, [Tree::integer(2), unknown]).unwrap();
        assert_eq!(step(&twice, &double, "ring").map(|_| ()), Err(Reason::Misused("q".to_string())));
    }

    // A choice of an action that a hypothesis binds.
    let bound = Prop::Compare(Relation::Equal, expect("i", &u, at(&v, "i")), Tree::integer(0));
    let largest = Prop::Compare(Relation::Equal, at(&w, "i"), Tree::apply(Op::Max, [w.clone()]).unwrap());
    assert!(context.choose(&"i".into(), &largest).is_ok());
    let chosen = context.assume(&bound).choose(&"i".into(), &largest);
    assert_eq!(chosen.map(|_| ()).unwrap_err(), Reason::Misused("i".to_string()));

    // A binder within one of the same name: the coordinate of v belongs to the inner one alone.
    let nested = parse(
        "claim nested given u : vector, v : vector, w : vector let m = E[i ~ u](v[i]) show E[i ~ w](m*v[i]) = <u,v>*<w,v> \
         proof E[i ~ w](m*v[i]) = m*E[i ~ w](v[i]) by expect.linear = E[i ~ u](v[i])*E[i ~ w](v[i]) by definition \
         = <u,v>*<w,v> by expect.entry qed",
    )
    .unwrap();
    let library = Library::new([nested.entry()]);
    let cited = [("nested".into(), library.prove("nested").unwrap().unwrap())];
    let cite = |outer: &str, inner: &str, coordinate: &str| {
        let mean = expect(inner, &u, at(&v, inner));
        let body = expect(outer, &w, Tree::apply(Op::Mul, [mean, at(&v, coordinate)]).unwrap());
        let means = [&u, &w].map(|weights| Tree::apply(Op::Inner, [weights.clone(), v.clone()]).unwrap());
        let product = Tree::apply(Op::Mul, means).unwrap();
        context.step(&expect("k", &u, body), Relation::Equal, &expect("k", &u, product), &["nested".into()], &cited)
    };
    assert!(cite("j", "k", "j").is_ok());
    assert!(cite("j", "j", "j").is_ok());
    assert!(cite("j", "k", "k").is_err());
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
