//! The rules that are propositions of the language: a table. (trusted)
//!
//! A rule is a name and the laws that may be used under it. A law is a proposition, read for all values of its
//! variables: `conditions => left relation right`. Because a law is a text of the language, the tests try every one
//! of them on random values, as they would a claim.
//!
//! Values are total here: what has no value by itself (`1/0`, `log(0)`) has some value that nobody knows, so that a
//! law with such a term must have a condition, unless it holds whatever that value is.

use std::sync::LazyLock;

use crate::expr::elaborate;
use crate::expr::{Derived, Name, Op, Prop, Relation, Sort, Statement, Tree};

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
    (Sort::Distribution, &["P"]),
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
const EXTREMA: &str = "the largest and the smallest entry";
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
    rule("sum.unit", &["sum(e[c]) = 1"], SUMS),
    rule("sum.ones", &["sum(1) = K"], SUMS),
    rule("others.sum", &["sum(others(v, c)) = sum(v) - v[c]"], SUMS),
    rule("sum.bound", &["0 <= v => v[c] <= sum(v)", "0 <= v => v <= sum(v)*1"], SUMS),
    rule("sum.zero", &["0 <= v and sum(v) = 0 => v = 0"], SUMS),
    rule("distribution.sum", &["sum(P) = 1"], DEFINITION),
    // Entries.
    rule("unit.entry", &["e[c][c] = 1", "a != b => e[a][b] = 0"], ENTRIES),
    rule("unit.elementwise", &["e[c].*v = v[c]*e[c]", "v.*e[c] = v[c]*e[c]"], ENTRIES),
    rule("subset.square", &["t.*t = t"], "0^2 = 0 and 1^2 = 1"),
    rule("others.entry", &["others(v, c)[c] = 0", "a = c => others(v, c)[a] = 0"], ENTRIES),
    rule("exp.entry", &["exp(v)[c] = exp(v[c])"], ENTRIES),
    // Norms and absolute values.
    rule("norm.square", &[Op::NormSquared.law()], NORMS),
    rule("norm.root", &[Op::Norm.law()], NORMS),
    rule("norm.scale", &["|x*v|^2 = x^2*|v|^2", "|x*v| = |x|*|v|"], NORMS),
    rule("norm.unit", &["|e[c]| = 1", "|e[c]|^2 = 1"], NORMS),
    rule("norm.zero", &["|v|^2 = 0 => v = 0"], NORMS),
    rule("abs.sign", &["0 <= x => |x| = x", "x <= 0 => |x| = -x", "0 <= v => abs(v) = v"], DEFINITION),
    rule("abs.negative", &["|-x| = |x|", "abs(-v) = abs(v)"], DEFINITION),
    rule("abs.product", &["|x*y| = |x|*|y|"], DEFINITION),
    rule("abs.quotient", &["y != 0 => |x/y| = |x|/|y|"], DEFINITION),
    rule("abs.others", &["abs(v) = |v[c]|*e[c] + abs(others(v, c))"], ENTRIES),
    // Exponential, logarithm, root.
    rule("exp.sum", &["exp(z + v) = exp(z).*exp(v)", "exp(x + y) = exp(x)*exp(y)"], FUNCTION),
    rule("exp.difference", &["exp(x - y) = exp(x)/exp(y)"], FUNCTION),
    rule("exp.double", &["exp(2*z) = exp(z).*exp(z)", "exp(2*x) = exp(x)^2"], FUNCTION),
    rule("exp.shift", &["exp(z + x*1) = exp(x)*exp(z)"], FUNCTION),
    rule("exp.log", &["0 < x => exp(log(x)) = x"], FUNCTION),
    rule("log.exp", &["log(exp(x)) = x", "log(exp(v)) = v"], FUNCTION),
    rule("log.product", &["0 < x and 0 < y => log(x*y) = log(x) + log(y)"], FUNCTION),
    rule(
        "log.quotient",
        &["0 < x and 0 < y => log(x/y) = log(x) - log(y)", "0 < v and 0 < x => log(v/x) = log(v) - log(x)*1"],
        FUNCTION,
    ),
    rule("sqrt.square", &["sqrt(x^2) = |x|", "0 <= x => sqrt(x)^2 = x"], FUNCTION),
    rule("sqrt.product", &["0 <= x and 0 <= y => sqrt(x*y) = sqrt(x)*sqrt(y)"], FUNCTION),
    rule("xlogx.quotient", &["0 < x and 0 <= v => xlogx(v/x) = (xlogx(v) - log(x)*v)/x"], FUNCTION),
    rule("xlogy.product", &["0 <= u and 0 < v => xlogy(u, u.*v) = xlogx(u) + u.*log(v)"], FUNCTION),
    rule("xlogx.tangent", &["0 <= v => xlogx(v) <= v.*v - v"], XLOGX),
    rule("xlogx.touch", &["0 <= v and xlogx(v) = v.*v - v => v.*v = v"], XLOGX),
    rule("xlogx.idempotent", &["v.*v = v => xlogx(v) = 0"], XLOGX),
    // Expectations.
    rule("expect.constant", &["E[i ~ u](1) = sum(u)"], DEFINITION),
    rule("expect.entry", &["E[i ~ u](v[i]) = <u,v>", "E[i ~ u](e[i]) = u", "E[i ~ u](v[i]*e[i]) = u.*v"], DEFINITION),
    // Order.
    rule("order.antisymmetric", &["x <= y and y <= x => x = y"], "the order of the reals"),
    rule("max.bound", &["v[c] <= max(v)", "v <= max(v)*1"], EXTREMA),
    rule("min.bound", &["min(v) <= v[c]", "v >= min(v)*1"], EXTREMA),
    rule("max.least", &["v <= x*1 => max(v) <= x"], EXTREMA),
    rule("min.greatest", &["v >= x*1 => x <= min(v)"], EXTREMA),
    rule(
        "max.scale",
        &[
            "0 <= x => max(x*v) = x*max(v)",
            "0 <= x => min(x*v) = x*min(v)",
            "x <= 0 => max(x*v) = x*min(v)",
            "x <= 0 => min(x*v) = x*max(v)",
        ],
        EXTREMA,
    ),
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
    axiom("cauchy-schwarz", &["<u,v>^2 <= <u,u>*<v,v>"], "Cauchy 1821, Schwarz 1888"),
    axiom("jensen", &["<P,v> <= log(<P,exp(v)>)"], "Jensen 1906, for the convex exponential"),
    axiom("hoeffding", &["log(<P,exp(v)>) <= <P,v> + (max(v) - min(v))^2/8"], "Hoeffding 1963, Lemma 1"),
];

/// A law ready for use: for all values of its variables that meet the conditions, `left relation right`.
#[derive(Clone, Debug)]
pub struct Law {
    /// Its variables; a law without any is about given values.
    pub variables: Vec<(Name, Sort)>,
    /// What must hold.
    pub conditions: Vec<Prop>,
    /// `=`, `<=` or `<`; or `!=`, which can only be concluded as a whole.
    pub relation: Relation,
    /// The left side.
    pub left: Tree,
    /// The right side.
    pub right: Tree,
    /// Whether it stands in [`RULES`], where `f` and `h` are differentiable and `v` is a direction.
    pub of_table: bool,
    /// Whether a law about given values holds under binders of their names too: a definition does.
    pub everywhere: bool,
}

impl Law {
    /// The laws that a proposition contains: a conjunction is several, an equivalence is one in each direction.
    pub fn of(variables: &[(Name, Sort)], conditions: &[Prop], prop: &Prop) -> Vec<Law> {
        let under = |condition: &Prop, conclusion: &Prop| {
            let mut all = conditions.to_vec();
            all.push(condition.clone());
            Law::of(variables, &all, conclusion)
        };
        match prop {
            Prop::Compare(relation, left, right) => {
                let falling = matches!(relation, Relation::GreaterEqual | Relation::Greater);
                let (relation, left, right) =
                    if falling { (relation.mirrored(), right, left) } else { (*relation, left, right) };
                let (variables, conditions, left, right) =
                    (variables.to_vec(), conditions.to_vec(), left.clone(), right.clone());
                vec![Law { variables, conditions, relation, left, right, of_table: false, everywhere: false }]
            }
            // Of several alternatives none is known to hold.
            Prop::SameAction(..) | Prop::Or(_) => vec![],
            Prop::And(parts) => parts.iter().flat_map(|part| Law::of(variables, conditions, part)).collect(),
            Prop::Implies(a, b) => under(a, b),
            Prop::Iff(a, b) => under(a, b).into_iter().chain(under(b, a)).collect(),
        }
    }
}

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
