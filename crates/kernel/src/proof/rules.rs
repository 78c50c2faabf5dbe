//! The rules that are propositions of the language: a table. (trusted)
//!
//! A rule is a name and the laws that may be used under it. A law is a proposition, read for all values of its
//! variables: `conditions => left relation right`. Because a law is a text of the language, the tests try every one
//! of them on random values, as they would a claim.
//!
//! Values are total here: what has no value by itself (`1/0`, `log(0)`) has some value that nobody knows, so that a
//! law with such a term must have a condition, unless it holds whatever that value is.

use std::sync::LazyLock;

pub use super::law::Law;
use crate::expr::elaborate;
use crate::expr::{Derived, Name, Op, Sort, Statement};

/// A named rule: the laws that may be used under this name.
#[derive(Debug)]
pub struct Rule {
    /// The name that scripts use.
    pub name: &'static str,
    /// The laws as propositions of the language.
    pub laws: &'static [&'static str],
    /// Where it comes from, or why it holds.
    pub source: &'static str,
    /// Whether it is a theorem in its own right that is taken on trust, rather than a property of the operations.
    pub axiom: bool,
}

impl Rule {
    /// Its subject: the first word of its name; the inequalities with a name are one group.
    pub fn group(&self) -> &'static str {
        self.name.split_once('.').map_or("inequality", |(group, _)| group)
    }
}

const fn rule(name: &'static str, laws: &'static [&'static str], source: &'static str) -> Rule {
    Rule { name, laws, source, axiom: false }
}

const fn axiom(name: &'static str, laws: &'static [&'static str], source: &'static str) -> Rule {
    Rule { name, laws, source, axiom: true }
}

/// What the variables of the laws are.
pub const VARIABLES: &[(Sort, &[&str])] = &[
    // Of the rules of gradients are k, a real that does not depend on z, and f and h, which have a derivative there.
    (Sort::Real, &["x", "y", "k", "f", "h"]),
    (Sort::Vector, &["u", "v", "w"]),
    (Sort::Distribution, &["P", "Q"]),
    (Sort::Subset, &["t"]),
    (Sort::Masked, &["z"]),
    (Sort::Action, &["a", "b", "c"]),
];

/// The same, one by one.
pub fn variables() -> Vec<(Name, Sort)> {
    VARIABLES.iter().flat_map(|(sort, names)| names.iter().map(|name| (Name::from(*name), *sort))).collect()
}

const DEFINITION: &str = "definition";
const INNER: &str = "the inner product is the sum of the products of entries";
const SUMS: &str = "sums of K entries";
const NORMS: &str = "the norm is the root of the inner product with itself";
const ENTRIES: &str = "operations act on each entry";
const FUNCTION: &str = "functional equations of exp, log and sqrt";
const XLOGX: &str = "log x <= x - 1 with equality only at 1; 0 log 0 = 0";
const XLOGY: &str = "x log x and x log y are products with a logarithm; 0 log 0 = 0";
const TANGENT: &str = "exp and log are convex and concave, and lie on one side of their tangents";
const EXTREMA: &str = "the largest and the smallest entry";
const ORDER: &str = "the order of the reals";
const MONOTONE: &str = "exp, log and the square of what is not negative are monotone";
const GRADIENT: &str = "rules of differentiation";

/// Every rule, by subject.
pub const RULES: &[Rule] = &[
    // Definitions; the table of operations has those of derived ones.
    rule("collision.definition", &[Op::Collision.law(), "C(v) = |v|^2"], DEFINITION),
    rule("entropy.definition", &[Op::Entropy.law()], DEFINITION),
    rule("collision-entropy.definition", &[Op::CollisionEntropy.law()], DEFINITION),
    rule("divergence.definition", &[Op::Divergence.law()], DEFINITION),
    rule("softmax.definition", &[Op::Softmax.law()], DEFINITION),
    rule("lse.definition", &[Op::Lse.law()], DEFINITION),
    rule("others.definition", &["others(v, c) = v - v[c]*e[c]"], DEFINITION),
    rule("sigmoid.definition", Op::Derived(Derived::Sigmoid).laws(), DEFINITION),
    rule("larger.definition", Op::Derived(Derived::Larger).laws(), DEFINITION),
    rule("smaller.definition", Op::Derived(Derived::Smaller).laws(), DEFINITION),
    rule("clip.definition", Op::Derived(Derived::Clip).laws(), DEFINITION),
    rule("power.definition", Op::Derived(Derived::Power).laws(), DEFINITION),
    rule("total-variation.definition", Op::Derived(Derived::TotalVariation).laws(), DEFINITION),
    rule("chi-squared.definition", Op::Derived(Derived::ChiSquared).laws(), DEFINITION),
    rule("jensen-shannon.definition", Op::Derived(Derived::JensenShannon).laws(), DEFINITION),
    rule("renyi-entropy.definition", Op::Derived(Derived::Renyi).laws(), DEFINITION),
    rule("variance.definition", Op::Derived(Derived::Variance).laws(), DEFINITION),
    rule("covariance.definition", Op::Derived(Derived::Covariance).laws(), DEFINITION),
    // Inner products and sums.
    rule("inner.unit", &["<e[c],e[c]> = 1", "<e[c],v> = v[c]", "<v,e[c]> = v[c]"], INNER),
    rule("inner.distinct", &["a != b => <e[a],e[b]> = 0"], INNER),
    rule("inner.ones", &["<1,1> = K", "<1,v> = sum(v)", "<v,1> = sum(v)"], INNER),
    rule("inner.symmetric", &["<u,v> = <v,u>"], INNER),
    rule("inner.elementwise", &["<u.*v,w> = <u,v.*w>"], INNER),
    rule("inner.sum", &["<u,v> = sum(u.*v)"], INNER),
    rule("inner.bound", &["|<u,v>| <= <abs(u),abs(v)>"], INNER),
    rule("sum.unit", &["sum(e[c]) = 1"], SUMS),
    rule("sum.ones", &["sum(1) = K"], SUMS),
    rule("others.sum", &["sum(others(v, c)) = sum(v) - v[c]"], SUMS),
    rule("sum.bound", &["0 <= v => v[c] <= sum(v)", "0 <= v => v <= sum(v)*1", "|sum(v)| <= sum(abs(v))"], SUMS),
    rule("sum.zero", &["0 <= v and sum(v) = 0 => v = 0"], SUMS),
    rule("distribution.sum", &["sum(P) = 1"], DEFINITION),
    // Entries.
    rule("unit.entry", &["e[c][c] = 1", "a != b => e[a][b] = 0"], ENTRIES),
    rule("unit.elementwise", &["e[c].*v = v[c]*e[c]", "v.*e[c] = v[c]*e[c]"], ENTRIES),
    rule("subset.square", &["t.*t = t"], "0^2 = 0 and 1^2 = 1"),
    rule("abs.subset", &["abs(u + t.*v) = abs(u) + t.*(abs(u + v) - abs(u))"], "a subset is 0 or 1 at each action"),
    rule("others.entry", &["others(v, c)[c] = 0", "a = c => others(v, c)[a] = 0"], ENTRIES),
    rule("exp.entry", &["exp(v)[c] = exp(v[c])"], ENTRIES),
    rule("log.entry", &["log(v)[c] = log(v[c])"], ENTRIES),
    rule("sqrt.entry", &["sqrt(v)[c] = sqrt(v[c])"], ENTRIES),
    rule("abs.entry", &["abs(v)[c] = |v[c]|"], ENTRIES),
    rule("quotient.entry", &["(u./v)[c] = u[c]/v[c]"], ENTRIES),
    rule("quotient.constant", &["v./(x*1) = v/x"], ENTRIES),
    rule("xlogx.entry", &["xlogx(v)[c] = xlogx(v[c])"], ENTRIES),
    rule("xlogy.entry", &["xlogy(u, v)[c] = xlogy(u[c], v[c])"], ENTRIES),
    rule("softmax.entry", &["softmax(z)[c] = exp(z)[c]/sum(exp(z))"], DEFINITION),
    // Norms and absolute values.
    rule("norm.square", &[Op::NormSquared.law(), "(|v|)^2 = |v|^2"], NORMS),
    rule("norm.root", &[Op::Norm.law()], NORMS),
    rule(
        "norm.scale",
        &[
            "|x*v|^2 = x^2*|v|^2",
            "|x*v| = |x|*|v|",
            "|-v|^2 = |v|^2",
            "|-v| = |v|",
            "x != 0 => |v/x|^2 = |v|^2/x^2",
            "x != 0 => |v/x| = |v|/|x|",
        ],
        NORMS,
    ),
    rule("norm.unit", &["|e[c]| = 1", "|e[c]|^2 = 1"], NORMS),
    rule("norm.zero", &["|v|^2 = 0 => v = 0", "|v| = 0 => v = 0", "v != 0 => 0 < |v|^2", "v != 0 => 0 < |v|"], NORMS),
    rule("norm.entry", &["v[c] <= |v|", "|v[c]| <= |v|", "v[c]^2 <= |v|^2", "max(abs(v)) <= |v|"], NORMS),
    rule("norm.least", &["0 <= x and |v|^2 <= x^2 => |v| <= x"], NORMS),
    rule(
        "norm.sum",
        &["|v| <= sum(abs(v))", "sum(abs(v)) <= sqrt(K)*|v|", "sum(v)^2 <= K*|v|^2", "sum(v) <= sqrt(K)*|v|"],
        NORMS,
    ),
    rule("norm.triangle", &["|u + v| <= |u| + |v|", "|u - v| <= |u| + |v|", "|u| - |v| <= |u - v|"], "Cauchy-Schwarz"),
    rule("abs.sign", &["0 <= x => |x| = x", "x <= 0 => |x| = -x", "0 <= v => abs(v) = v"], DEFINITION),
    rule("abs.negative", &["|-x| = |x|", "abs(-v) = abs(v)", "|x - y| = |y - x|"], DEFINITION),
    rule("abs.square", &["|x|^2 = x^2", "abs(v).*abs(v) = v.*v", "|abs(v)|^2 = |v|^2"], DEFINITION),
    rule("abs.product", &["|x*y| = |x|*|y|", "abs(u.*v) = abs(u).*abs(v)", "abs(x*v) = |x|*abs(v)"], DEFINITION),
    rule(
        "abs.quotient",
        &["y != 0 => |x/y| = |x|/|y|", "x != 0 => abs(v/x) = abs(v)/|x|", "0 < v => abs(u./v) = abs(u)./v"],
        DEFINITION,
    ),
    rule("abs.others", &["abs(v) = |v[c]|*e[c] + abs(others(v, c))"], ENTRIES),
    rule(
        "abs.bound",
        &["x <= |x|", "-x <= |x|", "-|x| <= x", "v <= abs(v)", "-v <= abs(v)", "-abs(v) <= v"],
        DEFINITION,
    ),
    rule("abs.least", &["x <= y and -x <= y => |x| <= y", "u <= v and -u <= v => abs(u) <= v"], DEFINITION),
    rule(
        "abs.triangle",
        &[
            "|x + y| <= |x| + |y|",
            "|x - y| <= |x| + |y|",
            "|x| - |y| <= |x - y|",
            "||x| - |y|| <= |x - y|",
            "abs(u + v) <= abs(u) + abs(v)",
            "abs(u - v) <= abs(u) + abs(v)",
        ],
        ORDER,
    ),
    // Exponential, logarithm, root.
    rule("exp.zero", &["exp(0) = 1", "exp(zeros) = 1"], FUNCTION),
    rule("exp.sum", &["exp(z + v) = exp(z).*exp(v)", "exp(x + y) = exp(x)*exp(y)"], FUNCTION),
    rule("exp.difference", &["exp(x - y) = exp(x)/exp(y)", "exp(z - v) = exp(z)./exp(v)"], FUNCTION),
    rule("exp.negative", &["exp(-x) = 1/exp(x)", "exp(v).*exp(-v) = 1", "exp(-v) = ones./exp(v)"], FUNCTION),
    rule("exp.double", &["exp(2*z) = exp(z).*exp(z)", "exp(2*x) = exp(x)^2"], FUNCTION),
    rule(
        "exp.multiple",
        &[
            "exp(3*x) = exp(x)^3",
            "exp(4*x) = exp(x)^4",
            "exp(3*z) = exp(z).*exp(z).*exp(z)",
            "exp(x/2)^2 = exp(x)",
            "exp(z/2).*exp(z/2) = exp(z)",
        ],
        FUNCTION,
    ),
    rule("exp.shift", &["exp(z + x*1) = exp(x)*exp(z)", "exp(z - x*1) = exp(z)/exp(x)"], FUNCTION),
    rule("exp.constant", &["exp(x*ones) = exp(x)*ones"], ENTRIES),
    rule("exp.unit", &["exp(x*e[c]) = 1 + (exp(x) - 1)*e[c]"], ENTRIES),
    rule("exp.tangent", &["1 + x <= exp(x)", "1 + v <= exp(v)", "x != 0 => 1 + x < exp(x)"], TANGENT),
    rule(
        "exp.quadratic",
        &[
            "0 <= x => 1 + x + x^2/2 <= exp(x)",
            "x <= 0 => exp(x) <= 1 + x + x^2/2",
            "0 <= v => 1 + v + v.*v/2 <= exp(v)",
            "v <= 0 => exp(v) <= 1 + v + v.*v/2",
        ],
        "the third derivative of exp is positive",
    ),
    rule("exp.log", &["0 < x => exp(log(x)) = x", "0 < v => exp(log(v)) = v"], FUNCTION),
    rule("log.exp", &["log(exp(x)) = x", "log(exp(v)) = v"], FUNCTION),
    rule("log.one", &["log(1) = 0", "log(ones) = 0"], FUNCTION),
    rule(
        "log.product",
        &[
            "0 < x and 0 < y => log(x*y) = log(x) + log(y)",
            "0 < x and 0 < v => log(x*v) = log(x)*1 + log(v)",
            "0 < u and 0 < v => log(u.*v) = log(u) + log(v)",
        ],
        FUNCTION,
    ),
    rule(
        "log.quotient",
        &[
            "0 < x and 0 < y => log(x/y) = log(x) - log(y)",
            "0 < v and 0 < x => log(v/x) = log(v) - log(x)*1",
            "0 < x => log(1/x) = -log(x)",
            "0 < u and 0 < v => log(u./v) = log(u) - log(v)",
        ],
        FUNCTION,
    ),
    rule(
        "log.power",
        &[
            "0 < x => log(x^2) = 2*log(x)",
            "x != 0 => log(x^2) = 2*log(|x|)",
            "0 < x => log(x^3) = 3*log(x)",
            "0 < v => log(v.*v) = 2*log(v)",
            "0 < x => log(sqrt(x)) = log(x)/2",
            "0 < v => log(sqrt(v)) = log(v)/2",
        ],
        FUNCTION,
    ),
    rule(
        "log.tangent",
        &[
            "0 < x => log(x) <= x - 1",
            "0 < v => log(v) <= v - 1",
            "0 < x => 1 - 1/x <= log(x)",
            "0 < x and x != 1 => log(x) < x - 1",
        ],
        TANGENT,
    ),
    rule(
        "log.quadratic",
        &["0 <= x => x - x^2/2 <= log(1 + x)", "-1 < x and x <= 0 => log(1 + x) <= x - x^2/2"],
        "the third derivative of log is positive",
    ),
    rule(
        "sqrt.square",
        &["sqrt(x^2) = |x|", "0 <= x => sqrt(x)^2 = x", "sqrt(v.*v) = abs(v)", "0 <= v => sqrt(v).*sqrt(v) = v"],
        FUNCTION,
    ),
    rule("sqrt.product", &["0 <= x and 0 <= y => sqrt(x*y) = sqrt(x)*sqrt(y)"], FUNCTION),
    rule("sqrt.quotient", &["0 <= x and 0 < y => sqrt(x/y) = sqrt(x)/sqrt(y)"], FUNCTION),
    // Softmax and the logarithm of the sum of the exponentials; some logit is finite, so that the sum is positive.
    rule("lse.exp", &["exp(lse(z)) = sum(exp(z))"], FUNCTION),
    rule("lse.shift", &["lse(z + x*1) = lse(z) + x", "lse(z - x*1) = lse(z) - x"], FUNCTION),
    rule("softmax.lse", &["softmax(z) = exp(z - lse(z)*1)", "log(softmax(v)) = v - lse(v)*1"], FUNCTION),
    // x log x and x log y, where 0 log 0 = 0.
    rule("xlogx.idempotent", &["v.*v = v => xlogx(v) = 0", "xlogx(0) = 0", "xlogx(1) = 0"], XLOGX),
    rule("xlogx.log", &["0 <= x => xlogx(x) = x*log(x)", "0 <= v => xlogx(v) = v.*log(v)"], XLOGY),
    rule("xlogy.log", &["0 < y => xlogy(x, y) = x*log(y)", "0 < v => xlogy(u, v) = u.*log(v)"], XLOGY),
    rule("xlogy.zero", &["0 <= x => xlogy(0, x) = 0", "0 <= v => xlogy(0, v) = 0"], XLOGY),
    rule("xlogy.same", &["0 <= x => xlogy(x, x) = xlogx(x)", "0 <= v => xlogy(v, v) = xlogx(v)"], XLOGY),
    rule(
        "xlogx.quotient",
        &[
            "0 < x and 0 <= v => xlogx(v/x) = (xlogx(v) - log(x)*v)/x",
            "0 <= u and 0 < v => v.*xlogx(u./v) = xlogx(u) - xlogy(u, v)",
        ],
        FUNCTION,
    ),
    rule(
        "xlogx.product",
        &[
            "0 < x and 0 <= v => xlogx(x*v) = x*xlogx(v) + xlogx(x)*v",
            "0 <= u and 0 <= v => xlogx(u.*v) = u.*xlogx(v) + v.*xlogx(u)",
        ],
        FUNCTION,
    ),
    rule(
        "xlogy.product",
        &[
            "0 <= u and 0 < v => xlogy(u, u.*v) = xlogx(u) + u.*log(v)",
            "0 < x and 0 < v => xlogy(u, x*v) = log(x)*u + xlogy(u, v)",
            "0 < x and 0 <= v => xlogy(v, x*v) = log(x)*v + xlogx(v)",
            "0 < v and 0 < w => xlogy(u, v.*w) = xlogy(u, v) + xlogy(u, w)",
            "0 <= v => xlogy(u.*v, v) = u.*xlogx(v)",
            "0 <= v => xlogy(x*v, v) = x*xlogx(v)",
            "0 <= v and x != 0 => xlogy(v/x, v) = xlogx(v)/x",
            "0 <= v and x != 0 => xlogy(u.*v/x, v) = u.*xlogx(v)/x",
        ],
        FUNCTION,
    ),
    rule(
        "xlogx.elementwise",
        &["0 <= u and 0 < v => xlogx(u./v) = (xlogx(u) - u.*log(v))./v", "xlogx(others(v, c)) = others(xlogx(v), c)"],
        XLOGY,
    ),
    rule(
        "xlogx.subset",
        &["xlogx(t) = 0", "xlogx(t.*v) = t.*xlogx(v)", "0 <= v => xlogy(t.*u, v) = t.*xlogy(u, v)"],
        XLOGY,
    ),
    rule("xlogx.tangent", &["0 <= v => xlogx(v) <= v.*v - v", "0 <= v => v - 1 <= xlogx(v)"], XLOGX),
    rule("xlogx.touch", &["0 <= v and xlogx(v) = v.*v - v => v.*v = v"], XLOGX),
    // Expectations.
    rule("expect.constant", &["E[i ~ u](1) = sum(u)"], DEFINITION),
    rule("expect.entry", &["E[i ~ u](v[i]) = <u,v>", "E[i ~ u](e[i]) = u", "E[i ~ u](v[i]*e[i]) = u.*v"], DEFINITION),
    // Order.
    rule("order.antisymmetric", &["x <= y and y <= x => x = y"], ORDER),
    rule(
        "order.square",
        &[
            "0 <= y and x^2 <= y^2 => x <= y",
            "0 <= y and x^2 < y^2 => x < y",
            "0 <= x and 0 <= y and x^2 = y^2 => x = y",
            "x^2 = 0 => x = 0",
        ],
        MONOTONE,
    ),
    rule("order.root", &["x^2 <= y => x <= sqrt(y)", "0 <= x and 0 <= y and x <= y^2 => sqrt(x) <= y"], MONOTONE),
    rule(
        "order.divide",
        &["0 < y and x*y <= k => x <= k/y", "0 < y and k <= x*y => k/y <= x", "0 < y and x*y <= k*y => x <= k"],
        ORDER,
    ),
    rule("order.exp", &["log(x) <= y => x <= exp(y)", "0 < x and y <= log(x) => exp(y) <= x"], MONOTONE),
    rule("order.log", &["0 < x and x <= exp(y) => log(x) <= y", "exp(x) <= y => x <= log(y)"], MONOTONE),
    rule(
        "product.bound",
        &[
            "x*y <= (x^2 + y^2)/2",
            "4*x*y <= (x + y)^2",
            "0 <= x and 0 <= y => sqrt(x*y) <= (x + y)/2",
            "<u,v> <= (|u|^2 + |v|^2)/2",
            "u.*v <= (u.*u + v.*v)/2",
        ],
        "0 <= (x - y)^2",
    ),
    rule("max.bound", &["v[c] <= max(v)", "v <= max(v)*1"], EXTREMA),
    rule("min.bound", &["min(v) <= v[c]", "v >= min(v)*1", "min(v) <= max(v)"], EXTREMA),
    rule("max.least", &["v <= x*1 => max(v) <= x"], EXTREMA),
    rule("min.greatest", &["v >= x*1 => x <= min(v)"], EXTREMA),
    rule(
        "max.scale",
        &[
            "0 <= x => max(x*v) = x*max(v)",
            "0 <= x => min(x*v) = x*min(v)",
            "x <= 0 => max(x*v) = x*min(v)",
            "x <= 0 => min(x*v) = x*max(v)",
            "0 < x => max(v/x) = max(v)/x",
            "0 < x => min(v/x) = min(v)/x",
            "max(-v) = -min(v)",
            "min(-v) = -max(v)",
        ],
        EXTREMA,
    ),
    rule(
        "max.shift",
        &[
            "max(x*1) = x",
            "min(x*1) = x",
            "max(v + x*1) = max(v) + x",
            "min(v + x*1) = min(v) + x",
            "max(v - x*1) = max(v) - x",
            "min(v - x*1) = min(v) - x",
        ],
        EXTREMA,
    ),
    rule("max.sum", &["max(u + v) <= max(u) + max(v)", "min(u) + min(v) <= min(u + v)"], EXTREMA),
    rule(
        "max.exp",
        &[
            "max(exp(v)) = exp(max(v))",
            "min(exp(v)) = exp(min(v))",
            "0 < v => max(log(v)) = log(max(v))",
            "0 < v => min(log(v)) = log(min(v))",
        ],
        MONOTONE,
    ),
    rule("mean.bound", &["<P,v> <= max(v)", "min(v) <= <P,v>"], "a mean lies between the extremes"),
    rule("lse.bound", &["v[c] <= lse(v)", "max(z) <= lse(z)", "lse(z) <= max(z) + log(K)"], EXTREMA),
    // Gradients. f and h have a derivative with respect to z, and k does not depend on z: see `step`.
    rule("gradient.direction", &["D(f, z, v) = <D(f, z),v>"], GRADIENT),
    rule("gradient.constant", &["D(k, z) = 0"], GRADIENT),
    rule(
        "gradient.sum",
        &[
            "D(f + h, z) = D(f, z) + D(h, z)",
            "D(f - h, z) = D(f, z) - D(h, z)",
            "D(-f, z) = -D(f, z)",
            "D(k*f, z) = k*D(f, z)",
        ],
        GRADIENT,
    ),
    rule("gradient.product", &["D(f*h, z) = f*D(h, z) + h*D(f, z)"], GRADIENT),
    rule("gradient.quotient", &["h != 0 => D(f/h, z) = (h*D(f, z) - f*D(h, z))/h^2"], GRADIENT),
    rule("gradient.log", &["0 < f => D(log(f), z) = D(f, z)/f"], GRADIENT),
    rule(
        "gradient.exp",
        &[
            "D(exp(z)[c], z) = exp(z)[c]*e[c]",
            "D(sum(exp(z)), z) = exp(z)",
            "D(<exp(z),u>, z) = exp(z).*u",
            "0 < k => D(exp(z/k)[c], z) = exp(z/k)[c]/k*e[c]",
            "0 < k => D(sum(exp(z/k)), z) = exp(z/k)/k",
        ],
        GRADIENT,
    ),
    rule("gradient.lse", &["D(lse(z), z) = softmax(z)"], GRADIENT),
    rule("gradient.softmax", &["D(<softmax(z),u>, z) = softmax(z).*u - <softmax(z),u>*softmax(z)"], GRADIENT),
    rule("gradient.xlogx", &["D(sum(xlogx(exp(z))), z) = xlogx(exp(z)) + exp(z)"], GRADIENT),
    // Inequalities with a name.
    axiom(
        "cauchy-schwarz",
        &[
            "<u,v>^2 <= <u,u>*<v,v>",
            "<u,v>^2 <= |u|^2*|v|^2",
            "<u,v> <= |u|*|v|",
            "|<u,v>| <= |u|*|v|",
            "0 <= w => <w,u.*v>^2 <= <w,u.*u>*<w,v.*v>",
            "<P,v>^2 <= <P,v.*v>",
        ],
        "Cauchy 1821, Schwarz 1888",
    ),
    axiom("inner.holder", &["<u,v> <= sum(abs(u))*max(abs(v))", "|<u,v>| <= sum(abs(u))*max(abs(v))"], "Hoelder 1889"),
    axiom("mean.variance", &["<P,v.*v> - <P,v>^2 <= (max(v) - min(v))^2/4"], "Popoviciu 1935"),
    axiom(
        "jensen",
        &[
            "<P,v> <= log(<P,exp(v)>)",
            "exp(<P,v>) <= <P,exp(v)>",
            "0 < v => <P,log(v)> <= log(<P,v>)",
            "0 <= v => <P,sqrt(v)> <= sqrt(<P,v>)",
            "0 <= v => xlogx(<P,v>) <= <P,xlogx(v)>",
        ],
        "Jensen 1906, for the convex exponential and the concave logarithm and root",
    ),
    axiom("hoeffding", &["log(<P,exp(v)>) <= <P,v> + (max(v) - min(v))^2/8"], "Hoeffding 1963, Lemma 1"),
    axiom(
        "divergence.bound",
        &[
            "0 <= u and 0 < v => u - v <= xlogx(u) - xlogy(u, v)",
            "0 < Q and KL(P, Q) = 0 => P = Q",
            "0 < Q and P != Q => 0 < KL(P, Q)",
        ],
        "Gibbs 1902: log x <= x - 1",
    ),
    axiom(
        "divergence.square",
        &["0 <= u and 0 < v => 3*(u - v).*(u - v) <= (2*u + 4*v).*(xlogx(u) - xlogy(u, v) - u + v)"],
        "(x - 1)^2 <= (2 x/3 + 4/3) (x log x - x + 1); Tsybakov 2009, Lemma 2.5",
    ),
];

static LAWS: LazyLock<Vec<(&'static str, Vec<Law>)>> = LazyLock::new(|| {
    let statement = Statement { variables: variables(), ..Statement::default() };
    let read = |text: &&str| {
        let prop = elaborate::proposition(text, &statement).unwrap_or_else(|error| panic!("{text}: {error}"));
        Law::of(&statement.variables, &[], &prop).into_iter().map(|law| Law { of_table: true, ..law })
    };
    RULES.iter().map(|rule| (rule.name, rule.laws.iter().flat_map(read).collect())).collect()
});

/// The laws of a rule of the table.
pub fn laws(name: &str) -> Option<&'static [Law]> {
    LAWS.iter().find(|(known, _)| *known == name).map(|(_, laws)| laws.as_slice())
}
