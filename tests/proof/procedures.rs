//! The procedures of the kernel, attacked: each accepts a step under its condition and not without it, and none what is
//! false.

use logitlab::claims::parse;
use logitlab::proof::{Library, Reason};

use crate::laws::proves;

/// A step that a procedure justifies under a condition alone: procedure, declarations, condition, step.
const CONDITIONS: &[(&str, &str, &str, &str)] = &[
    ("algebra", "v : vector", "0 < abs(v)", "v./v = 1"),
    ("algebra", "x : real, y : real", "y != 0", "x/y*y = x"),
    ("algebra", "v : vector, w : vector", "0 < w", "(v./w).*w = v"),
    ("algebra", "u : vector, v : vector", "0 < u.*v", "1./(u.*v) = (1./u).*(1./v)"),
    ("algebra", "v : vector, a : action, b : action", "a = b", "v[a] = v[b]"),
    ("algebra", "a : action, b : action", "a != b", "e[a].*e[b] = 0"),
    ("algebra", "x : real", "0 <= x", "sqrt(x)^2 = x"),
    ("algebra", "v : vector", "0 <= v", "<sqrt(v),sqrt(v)> = sum(v)"),
    ("algebra", "v : vector", "0 < |v|", "|v|/|v| = 1"),
    ("algebra", "u : vector", "sum(exp(u)) = 1", "<exp(u),ones> = 1"),
    ("algebra", "z : masked logits", "0 < softmax(z)", "softmax(z)./softmax(z) = 1"),
    ("algebra", "x : real", "K >= 2", "x/(K - 1)*(K - 1) = x"),
    ("gradient", "v : vector, c : action", "v[c] != 0", "D(1/v[c], v) = -1/v[c]^2*e[c]"),
    ("gradient", "v : vector, c : action", "0 < v[c]", "D(|v[c]|, v) = v[c]/|v[c]|*e[c]"),
    ("gradient", "v : vector, c : action", "0 < v[c]", "D(log(v[c]), v) = e[c]/v[c]"),
    ("gradient", "v : vector, c : action", "0 < v[c]", "D(sqrt(v[c]), v) = 1/(2*sqrt(v[c]))*e[c]"),
    ("gradient", "v : vector, c : action", "0 < v[c]", "D(xlogx(v[c]), v) = (log(v[c]) + 1)*e[c]"),
    ("gradient", "v : vector, c : action, x : real", "0 < v[c]", "D(xlogy(x, v[c]), v) = x/v[c]*e[c]"),
    ("gradient", "v : vector", "0 < |v|", "D(|v|, v) = v/|v|"),
    ("gradient", "v : vector, u : vector", "0 < abs(v)", "D(<u,abs(v)>, v) = u.*v./abs(v)"),
    ("gradient", "v : vector, u : vector", "0 < v", "D(<u,1./v>, v) = -u./(v.*v)"),
    ("gradient", "v : vector", "0 < v", "D(sum(xlogx(v)), v) = log(v) + 1"),
    (
        "gradient",
        "z : logits, A : vector",
        "0 < <softmax(z),A>",
        "D(log(<softmax(z),A>), z) = softmax(z).*A/<softmax(z),A> - softmax(z)",
    ),
    ("expect.sum", "P : distribution, v : vector, x : real", "x != 0", "E[i ~ P](v[i]/x*x) = <P,v>"),
    ("expect.sum", "P : distribution, v : vector", "0 < v", "E[i ~ P](v[i]/v[i]) = 1"),
    ("expect.sum", "P : distribution, a : action, b : action", "a = b", "E[i ~ P](e[i][a]) = P[b]"),
    ("expect.sum", "v : vector, w : vector", "0 <= w", "E[i ~ v](sqrt(w[i])^2) = <v,w>"),
    ("algebra", "v : vector", "K >= 2", "2*v[2] - v[2] = v[2]"),
    ("algebra", "v : vector", "K = 2", "sum(v) = v[1] + v[2]"),
    ("algebra", "v : vector, K >= 3", "K = 3", "<v,1> = v[1] + v[2] + v[3]"),
    ("algebra", "v : vector, K >= 2", "K = 2", "|v|^2 = v[1]^2 + v[2]^2"),
    ("algebra", "v : vector, K >= 2", "K < 3, K = 2", "<v,1> - v[2] = v[1]"),
    ("algebra", "v : vector", "K >= 2", "<e[1],e[2]> = 0"),
    ("algebra", "v : vector", "K >= 3", "others(v, 3)[3] = 0"),
    ("algebra", "v : vector, c : action", "c = 1", "v[c] = v[1]"),
    ("algebra", "v : vector, c : action, K >= 2", "c != 2", "e[c].*e[2] = 0"),
    ("order", "P : distribution, 0 < P", "K >= 2", "P[1] < 1"),
    ("expect.sum", "P : distribution", "K >= 2", "E[i ~ P](e[i][2]) = P[2]"),
    ("gradient", "v : vector", "K >= 2", "D(v[2], v) = e[2]"),
    // The number stands in the definition alone.
    ("gradient", "v : vector let w = v[2] given 0 <= w", "K >= 2", "D(w, v, ones) = 1"),
];

/// What no procedure says under what is given: procedures, declarations and hypotheses, step, and where it is false.
const FALSE: &[(&str, &str, &str, &str)] = &[
    ("algebra", "v : vector, v != 0", "v./v = 1", "v = [1, 0]"),
    ("algebra", "v : vector, <v,v> = sum(v)", "v.*v = v", "v = [(1 + sqrt(2))/2, 1/2]"),
    ("algebra", "v : vector, sum(v) = 1", "<v,1> + sum(v) = 2 + K*0*v[1] + sum(v.*v) - 1", "v = [2, -1]"),
    ("algebra", "a : action, b : action", "e[a][b] = 1", "K = 2, a = 1, b = 2"),
    ("algebra", "a : action, b : action, c : action, a != b, b != c", "e[a][c] = 0", "a = c"),
    ("algebra", "z : masked logits", "exp(z).*(1./exp(z)) = 1", "a masked entry: 0*(1/0)"),
    ("algebra", "v : vector, c : action", "v.*e[c] = v[c]*1", "v = [1, 2]"),
    ("algebra", "x : real, y : real, x*y = 0", "x/x = y/y", "x = 0, y = 1"),
    ("algebra", "v : vector, w : vector", "(v./w)[1]*w[1] = v[1]", "w = 0, v = 1"),
    ("algebra", "K = 2, v : vector", "sum(v) = 2*v[1]", "v = [0, 1]"),
    ("algebra", "x : real", "|x|^3 = x^3", "x = -1"),
    (
        "gradient, algebra",
        "z : masked logits, c : action",
        "D(exp(sum(exp(z))*z)[c], z) = <1*e[c].*exp(sum(exp(z))*z),z>*1.*exp(z) + sum(exp(z))*(1*e[c].*exp(sum(exp(z))*z))",
        "a masked entry: 0*-inf",
    ),
    ("gradient", "z : masked logits, v : vector", "D(<softmax(z),z>, z, v) = <softmax(z),v>", "a masked entry"),
    ("gradient", "z : logits", "D(max(z), z) = softmax(z)", "z = [0, 1]"),
    ("gradient", "z : logits let w = sum(exp(z)) given 0 <= 1", "D(w*w, z) = w*exp(z)", "2*w*exp(z)"),
    ("gradient", "z : logits, A : vector, <softmax(z),A> = 0", "D(<softmax(z),A>, z) = 0", "A = [-1, 1], z = 0"),
    ("gradient", "v : vector, c : action", "D(v[c]^0, v) = e[c]", "0"),
    ("gradient", "v : vector, x : real", "D(|v|^2/x*x, v) = 2*v", "x = 0"),
    ("gradient", "v : vector, w : vector", "D(<v,w>, v, v) = <w,w>", "v = 0, w = 1"),
    ("expect.sum", "P : distribution, z : masked logits", "E[i ~ P](<e[i],z>) = <P,z>", "a masked entry: 0*-inf"),
    (
        "expect.sum",
        "P : distribution, z : masked logits",
        "E[i ~ P](log(<e[i],z>)) = <P,log(z)>",
        "a masked entry: 0*-inf under a logarithm",
    ),
    ("expect.sum", "P : distribution, v : vector", "E[i ~ P](v[i]^2) = <P,v>^2", "P = (1, 1)/2, v = [0, 2]"),
    ("expect.sum", "P : distribution, c : action", "E[i ~ P](e[i][c]) = 1", "P[c] = 0"),
    ("expect.sum", "P : distribution", "E[i ~ P](e[i][i]) = P[1]", "P = (1, 1)/2"),
    ("expect.sum", "P : distribution, v : vector", "E[i ~ P](E[j ~ P](v[i]*v[j])) = <P,v.*v>", "v = [0, 2]"),
    ("expect.sum", "P : distribution, v : vector", "E[i ~ P](E[j ~ P.*e[i]](v[j])) = <P,v>", "P = (1, 1)/2, v = 1"),
    ("expect.sum", "P : distribution, v : vector", "E[i ~ P](1/v[i]) = 1/<P,v>", "v = [1, 2]"),
    ("expect.sum", "P : distribution, v : vector", "E[i ~ P](v[i]*e[i]) = <P,v>*P", "P = (1, 1)/2, v = 1"),
    ("expect.sum", "u : vector", "E[i ~ u](3) = 3", "u = 0"),
    ("expect.sum", "P : distribution, v : vector", "E[i ~ P](|v[i]|) = |<P,v>|", "v = [-1, 1]"),
    ("algebra", "K = 2, v : vector", "sum(v) = v[1] + v[2] + v[3]", "v[3] is none"),
    ("algebra", "v : vector, c : action, K >= 2", "v[c] = v[2]", "c = 1"),
    // Open conditions: an equation, a weak order and an order of what may jump say nothing of what is near.
    ("algebra, distribution.sum", "z : logits, sum(exp(z)) = 1", "D(sum(exp(z)), z) = D(1, z)", "exp(z)"),
    ("algebra, distribution.sum", "v : vector, 0 <= v, sum(v) = 1", "D(sum(v), v) = D(1, v)", "1"),
    ("algebra, hypothesis, order", "v : vector, c : action, v[c] = 1", "D(v[c]^2, v) = D(v[c], v)", "2*e[c]"),
    ("algebra, hypothesis, order", "v : vector, u : vector, <u,v> = 0", "D(exp(<u,v>), v) = D(1, v)", "u"),
    ("gradient", "v : vector, c : action, |v[c]| = v[c]", "D(|v[c]|, v) = e[c]", "v[c] = 0"),
    ("gradient", "v : vector, c : action, 0 <= v[c]", "D(|v[c]|, v) = e[c]", "v[c] = 0"),
    ("gradient", "v : vector, 0 <= v", "D(sum(abs(v)), v) = 1", "v = 0"),
    (
        "gradient",
        "v : vector, c : action, 0 < log(v[c])",
        "D(log(v[c]), v) = e[c]/v[c]",
        "v[c] = -1, a value that nobody knows",
    ),
    ("gradient", "v : vector, c : action, 0 < sqrt(v[c])", "D(sqrt(v[c]), v) = e[c]/(2*sqrt(v[c]))", "v[c] = -1"),
    ("gradient", "v : vector, c : action, v[c] = max(v), 0 < max(v)", "D(max(v), v) = e[c]", "v = [1, 1]"),
    ("gradient", "v : vector, c : action, 0 <= v[c], 0 < 1/v[c]", "D(1/v[c], v) = -1/v[c]^2*e[c]", "v[c] = 0"),
    ("gradient", "v : vector, v != 0", "D(<v,1./v>, v) = 0", "v = [1, 0]"),
];

/// Whole scripts: what is tried, the script, and why it must fail.
const SCRIPTS: &[(&str, &str, &str)] = &[
    (
        "a coordinate that only a definition names, whose slope is 1 where K is not given and 0 where it is 1",
        "claim a given z : vector let w = z[2] show K = 1 => 1 <= 0 proof lemma l : D(w, z, ones) = 1 by gradient assume K = 1 show 1 = D(w, z, ones) by l = 0 by gradient qed",
        "K = 1",
    ),
    (
        "a unit vector that only a definition names",
        "claim a let w = e[3] show sum(w) = 1 proof sum(w) = 1 by algebra qed",
        "K = 2: there is no third action",
    ),
    (
        "a claim about two actions where there are three",
        "claim a given v : vector, K = 3 show sum(v) = v[1] + v[2] proof sum(v) = v[1] + v[2] by pair qed",
        "v = 1",
    ),
    (
        "a claim about two actions where K is not given",
        "claim a given v : vector, K >= 2 show sum(v) = v[1] + v[2] proof sum(v) = v[1] + v[2] by pair qed",
        "v = 1, K = 3",
    ),
    (
        "a case about one action kept for another",
        "claim a given v : vector, a : action, b : action show v[a] = v[b] proof case a = b show v[a] = v[b] by algebra case a != b show v[a] = v[b] by algebra qed",
        "v = [0, 1]",
    ),
];

#[test]
fn a_procedure_goes_by_its_condition_alone() {
    let mut complaints = Vec::new();
    for (rule, given, condition, step) in CONDITIONS {
        let stronger = format!("{given}, {condition}");
        if let Err(reason) = proves(rule, &stronger, step) {
            complaints.push(format!("{rule}: {step} given {stronger}: {reason}"));
        }
        if proves(rule, given, step).is_ok() {
            complaints.push(format!("{rule}: {step} without {condition}"));
        }
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn what_is_false_is_proved_by_no_procedure() {
    let all =
        "algebra, gradient, expect.sum, order, ring, vector, inner.bilinear, sum.linear, entry.linear, hypothesis";
    let accepted: Vec<_> = FALSE
        .iter()
        .filter(|(rules, given, step, _)| [*rules, all].iter().any(|rules| proves(rules, given, step).is_ok()))
        .collect();
    assert!(accepted.is_empty(), "{accepted:#?}");
}

#[test]
fn no_script_by_procedures_proves_what_is_false() {
    let pair = "claim pair given v : vector, K = 2 show sum(v) = v[1] + v[2] proof sum(v) = v[1] + v[2] by algebra qed";
    let pair = parse(pair).unwrap();
    assert!(Library::new([pair.entry()]).prove("pair").unwrap().is_ok());
    for (what, text, why) in SCRIPTS {
        let claim = parse(text).unwrap_or_else(|error| panic!("{what}: {error}"));
        match Library::new([pair.entry(), claim.entry()]).prove("a").expect("it has a proof") {
            Ok(_) => panic!("{what}: {why}"),
            Err(rejection) => assert!(!matches!(rejection.reason, Reason::UnknownRule { .. }), "{what}: {rejection}"),
        }
    }
}
