//! Scripts that are not accepted, and what their authors are told.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use logitlab::claims::{claims, parse};
use logitlab::expr::SyntaxError;
use logitlab::proof::Library;

/// Claims that are wrong in one way each: what is wrong, and the text.
const WRONG: &[(&str, &str)] = &[
    ("the proof ends early", "claim a given v : vector, x : real show |x*v| = |x|*|v| proof qed"),
    ("no `qed`", "claim a given v : vector, x : real show |x*v| = |x|*|v| proof |x*v| = |x|*|v| by norm.scale"),
    (
        "a chain stops before the goal",
        "claim a given v : vector show |v| = sqrt(<v,v>) proof |v| = sqrt(|v|^2) by norm.root qed",
    ),
    (
        "an unknown rule",
        "claim a given v : vector, x : real show |x*v| = |x|*|v| proof |x*v| = |x|*|v| by norm.scael qed",
    ),
    ("an unknown claim", "claim a given v : vector show |v|^2 = <v,v> proof |v|^2 = <v,v> by norm-identiti qed"),
    (
        "a chain that starts elsewhere",
        "claim a given x : real, y : real show x - x = y - y proof x - x = 0 by ring 0 - 0 = y - y by ring qed",
    ),
    (
        "a wrong coefficient",
        "claim a given x : real show (x + 1)^2 = x^2 + 2*x + 1 proof (x + 1)^2 = x^2 + 3*x + 1 by ring qed",
    ),
    (
        "a rule that gives something else",
        "claim a given v : vector, x : real show |x*v|^2 = x*|v|^2 proof |x*v|^2 = x*|v|^2 by norm.scale qed",
    ),
    ("a missing side condition", "claim a given x : real show |x| = x proof |x| = x by abs.sign qed"),
    ("a false side condition", "claim a given x : real, x < 0 show |x| = x proof |x| = x by abs.sign qed"),
    ("a divisor that may be zero", "claim a given x : real show x/x = 1 proof x/x = 1 by ring qed"),
    ("no distribution", "claim a given v : vector show sum(v) = 1 proof sum(v) = 1 by distribution.sum qed"),
    (
        "a reversed inequality",
        "claim a given v : vector, 0 <= v, c : action show sum(v) <= v[c] proof sum(v) <= v[c] by sum.bound qed",
    ),
    (
        "an equality from an inequality",
        "claim a given v : vector, 0 <= v, c : action show v[c] = sum(v) proof v[c] = sum(v) by sum.bound qed",
    ),
    (
        "a strict inequality from a weak one",
        "claim a given v : vector, 0 <= v, c : action show v[c] < sum(v) proof v[c] < sum(v) by sum.bound qed",
    ),
    (
        "a factor of unknown sign",
        "claim a given v : vector, 0 <= v, c : action, x : real show x*v[c] <= x*sum(v) proof x*v[c] <= x*sum(v) by sum.bound qed",
    ),
    (
        "a chain that turns round",
        "claim a given x : real, y : real, x <= y show x <= x proof x <= y by hypothesis >= x by hypothesis qed",
    ),
    (
        "swapped factors under a log",
        "claim a given x : real, y : real, 0 < x, 0 < y show 1 + log(x*y) = log(y*x) + 1 \
         proof 1 + log(x*y) = log(y*x) + 1 by ring qed",
    ),
    (
        "the other order of what a rule gives",
        "claim a given x : real, y : real, 0 < x, 0 < y show log(y*x) = log(x) + log(y) \
         proof log(y*x) = log(x) + log(y) by log.product qed",
    ),
    (
        "an expectation that is not linear",
        "claim a given P : distribution, v : vector, x : real show E[a ~ P](x*v[a]) = x^2*E[a ~ P](v[a]) \
         proof E[a ~ P](x*v[a]) = x^2*E[a ~ P](v[a]) by expect.linear qed",
    ),
    (
        "a vector that differs",
        "claim a given u : vector, v : vector show u + v = 1/2*u + v - 1 proof u + v = 1/2*u + v - 1 by vector qed",
    ),
    ("a step of another form", "claim a given x : real show |x| = -|x| proof |x| = -|x| by log.product qed"),
    (
        "an action where infinite entries may stand",
        "claim a given z : masked logits show max(z) = max(z) + 0 \
         proof choose a : z[a] = max(z) show max(z) = max(z) + 0 by ring qed",
    ),
    (
        "a lemma of another proof",
        "claim a given x : real show x + 0 = x proof x*1 = x proof lemma inner : x*1 = x + 0 by ring x*1 = x by ring qed \
         x + 0 = x*1 by inner = x by ring qed",
    ),
    ("`!=` in a chain", "claim a given x : real show x + 1 != x proof x + 1 != x by ring qed"),
    ("a step that does nothing", "claim a given x : real show x = x proof x = x by ring qed"),
    ("ring does not know sums", "claim a given P : distribution show sum(P) = 1 proof sum(P) = 1 by ring qed"),
    (
        "ring does not know norms",
        "claim a given v : vector, x : real show |x*v|^2 = x^2*|v|^2 proof |x*v|^2 = x^2*|v|^2 by ring qed",
    ),
    ("its own claim", "claim a given x : real show x = x + 1 proof x = x + 1 by a qed"),
    ("a circle of two", "claim a given x : real show x = x + 1 proof x = x + 1 by b qed"),
    ("a claim without a proof", "claim a given x : real show x = x + 1 proof x = x + 1 by unproved qed"),
    ("a claim whose proof is wrong", "claim a given x : real show x = x + 1 proof x = x + 1 by wrong qed"),
    (
        "a cited claim whose hypothesis is not met",
        "claim a given P : distribution, c : action show |e[c] - P|^2 <= 2*(1 - P[c])^2 proof |e[c] - P|^2 <= 2*(1 - P[c])^2 by two-sided qed",
    ),
    (
        "cases that leave a gap",
        "claim a given x : real show |x|^2 = x^2 proof case 0 < x |x|^2 = x^2 by abs.sign case x < 0 |x|^2 = (-x)^2 by abs.sign = x^2 by ring qed",
    ),
    (
        "cases of different things",
        "claim a given x : real, y : real show 0 <= 1 proof case 0 <= x\n0 <= 1 by order case y <= 0\n0 <= 1 by order qed",
    ),
    (
        "an assumption that is not in the goal",
        "claim a given x : real show x < 1 => x < 2 proof assume x < 2\nx < 2 by hypothesis qed",
    ),
    (
        "half of an equivalence",
        "claim a given x : real show x < 1 <=> 0 < 1 - x proof assume x < 1\n0 < 1 - x by order qed",
    ),
    (
        "an assumption used outside",
        "claim a given x : real show (x < 1 => x < 1) and x < 1 proof x < 1 => x < 1 proof assume x < 1\nx < 1 by hypothesis qed x < 1 by hypothesis qed",
    ),
    ("a hypothesis that is none", "claim a given x : real, x < 1 show x < 2 proof x < 2 by hypothesis qed"),
    (
        "a lemma with the name of a rule",
        "claim a given x : real show x - x = 0 proof lemma ring : x - x = 0 by vector qed",
    ),
    (
        "a choice that need not exist",
        "claim a given v : vector, x : real show 0 <= 1 proof choose c : v[c] = x\n0 <= 1 by order qed",
    ),
    (
        "a chosen action in the goal",
        "claim a given v : vector show 0 <= 1 proof choose c : v[c] = max(v)\nlemma l : v[c] = max(v) by hypothesis v[d] = 1 by l qed",
    ),
    (
        "a hypothesis under a derivative",
        "claim a given z : masked logits, x : real, sum(exp(z)) = x show D(sum(exp(z)), z) = D(x, z) proof D(sum(exp(z)), z) = D(x, z) by hypothesis qed",
    ),
    (
        "a factor that is not constant",
        "claim a given z : masked logits show D(<exp(z),softmax(z)>, z) = 0 proof D(<exp(z),softmax(z)>, z) = exp(z).*softmax(z) by gradient.exp qed",
    ),
    (
        "a function without a derivative",
        "claim a given z : masked logits, x : real show D(x*max(softmax(z)), z) = 0 proof D(x*max(softmax(z)), z) = x*D(max(softmax(z)), z) by gradient.sum qed",
    ),
    ("-inf minus -inf", "claim a given z : masked logits show z - z = 0 proof z - z = 0 by vector qed"),
    ("zero times -inf", "claim a given z : masked logits show 0*z = 0 proof 0*z = 0 by order qed"),
    (
        "a strict step beside -inf",
        "claim a given z : masked logits, v : vector, 0 < v show z + 0 < z + v proof z + 0 < z + v by hypothesis qed",
    ),
    (
        "a cited constant that depends on z",
        "claim a given z : masked logits, c : action show D(log(softmax(z/sum(exp(z)))[c]), z) = 0 proof show D(log(softmax(z/sum(exp(z)))[c]), z) = (e[c] - softmax(z/sum(exp(z))))/sum(exp(z)) by temperature qed",
    ),
    (
        "a lemma about z under a derivative",
        "claim a given z : masked logits, x : real, sum(exp(z)) = x show D(sum(exp(z))*x, z) = 0 proof lemma l : sum(exp(z)) = x by hypothesis D(sum(exp(z))*x, z) = D(x*x, z) by l qed",
    ),
    (
        "a factor that the action does change",
        "claim a given P : distribution, v : vector show E[a ~ P](v[a]*v[a]) = <P,v>^2 proof E[a ~ P](v[a]*v[a]) = E[a ~ P](v[a])*E[a ~ P](v[a]) by expect.linear qed",
    ),
    (
        "an expectation that forgets the weights",
        "claim a given P : vector, x : real show E[a ~ P](x) = x proof E[a ~ P](x) = x by expect.linear qed",
    ),
    (
        "a condition on another action",
        "claim a given a : action, b : action, c : action, a != b show <e[a],e[c]> = 0 proof show <e[a],e[c]> = 0 by inner.distinct qed",
    ),
    (
        "the largest entry somewhere else",
        "claim a given v : vector, c : action show v[c] = max(v) proof choose b : v[b] = max(v)\nv[c] = max(v) by hypothesis qed",
    ),
    ("an unknown name", "claim a given x : real show x = x proof x = y by ring qed"),
    ("a type error", "claim a given x : real, v : vector show x = x proof x = x + v by ring qed"),
    ("no rule", "claim a given x : real show x = x proof x = x + 0 qed"),
    (
        "a false claim",
        "claim a given P : distribution, c : action show |e[c] - P|^2 = 1 - P[c] + C(P) proof |e[c] - P|^2 = <e[c] - P,e[c] - P> by norm.square = <e[c],e[c]> - <e[c],P> + <P,P> by inner.bilinear qed",
    ),
    ("a coordinate by its number", "claim a show <e[7],e[7]> = 1 proof <e[7],e[7]> = 1 by inner.unit qed"),
];

/// Claims that the scripts cite.
const CITED: &[&str] = &[
    "claim b given x : real show x = x + 1 proof x = x + 1 by a qed",
    "claim unproved given x : real show x = x + 1",
    "claim wrong given x : real show x = x + 1 proof x = x + 1 by ring qed",
];

/// What becomes of a claim: accepted, or the message with the place it is about.
fn verdict(text: &str) -> String {
    let place = |start: usize, end: usize| format!("`{}`", text[start..end].chars().take(60).collect::<String>());
    let claim = match parse(text) {
        Ok(claim) => claim,
        Err(SyntaxError { problem, span }) => return format!("{problem}\n    at {}", place(span.start, span.end)),
    };
    let cited: Vec<_> = CITED.iter().map(|text| parse(text).unwrap()).collect();
    let entries = claims().iter().chain(&cited).map(|claim| claim.entry());
    let library = Library::new(entries.chain([claim.entry()]));
    match library.prove("a").expect("it has a proof") {
        Ok(_) => "accepted".to_string(),
        Err(rejection) => format!("{}\n    at {}", rejection.reason, place(rejection.span.start, rejection.span.end)),
    }
}

#[test]
fn wrong_scripts_are_rejected_with_the_reason() {
    let mut text = String::new();
    for (what, claim) in WRONG {
        let verdict = verdict(claim);
        assert_ne!(verdict, "accepted", "{what}: {claim}");
        writeln!(text, "{what}: {verdict}").expect("a string takes all");
    }
    insta::assert_snapshot!("rejections", text);
}

#[test]
fn hostile_scripts_are_rejected_in_bounded_time() {
    let start = Instant::now();
    let step = |to: &str| format!("claim a given x : real show x = x proof x = {to} by ring qed");
    let nested =
        |n: usize| format!("claim a given x : real show x = x proof {}x = x + 0 by ring", "x = x proof ".repeat(n));
    let texts = [
        step(&"x + ".repeat(10 << 18)),
        step(&format!("{}x", "x + ".repeat(10 << 18))),
        step(&"(".repeat(100_000)),
        step(&format!("({})^64", (0..60).map(|n| format!("sum({n}*x*e[c])")).collect::<Vec<_>>().join(" + "))),
        step(&"9".repeat(1 << 20)),
        nested(100_000),
        format!("claim a given x : real show x = x proof {}", "case x < 1 ".repeat(100_000)),
        format!("claim a given x : real show x = x proof lemma {} : x = x by ring qed", "l".repeat(1 << 20)),
        step("(x + x^2 + x^3 + x^4 + 1/x + exp(x) + log(x) + |x| + sqrt(x) + exp(2*x) + exp(3*x))^64"),
    ];
    for text in &texts {
        assert_ne!(verdict(text), "accepted", "{}", &text[..80]);
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}
