//! Holes put back on purpose: what a kernel with one hole would write of a false claim, and who notices.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use logitlab::arith::Truth;
use logitlab::claims::parse;
use logitlab::coq::Compiler;
use logitlab::coq::derivation::{self, Derived};
use logitlab::coq::statement::{Logits, parts};
use logitlab::expr::{Action, Statement, elaborate};
use logitlab::object;
use logitlab::proof::record::{Instance as Law, Use};
use logitlab::proof::rules::{self, variables};
use logitlab::proof::term::Binding;
use logitlab::proof::{Library, Script};

use super::check;
use crate::instances::Instance;
use crate::rules::try_law;
use crate::support;

/// What justifies a step in the eyes of a kernel with a hole: the place, the number of the law, whether it is reversed,
/// and what its variables stand for. Without a number it is a procedure.
type Used = (&'static [usize], Option<(usize, bool)>, &'static [(&'static str, &'static str)]);

/// A hole of the kernel: what it is, a false claim with the derivation that it lets through, and what is written for
/// each step.
type Hole = (&'static str, &'static str, &'static [Used]);

const KERNEL: &[Hole] = &[
    (
        "a binder captures a name: v = e[a] under `E[b ~ P]`",
        "given P : distribution, a : action show E[b ~ P](e[b][b]) = P[a] proof show E[b ~ P](e[b][b]) = <P,e[a]> by expect.entry\n = P[a] by inner.unit qed",
        &[(&[], Some((0, false)), &[("u", "P"), ("v", "e[a]")]), (&[], Some((2, false)), &[("v", "P"), ("c", "a")])],
    ),
    (
        "a side condition is dropped: 0 <= x of `abs.sign`",
        "given x : real show |x| = x proof show |x| = x by abs.sign qed",
        &[(&[], Some((0, false)), &[("x", "x")])],
    ),
    (
        "a sort is not looked at: a vector for a distribution",
        "given v : vector show sum(v) = 1 proof sum(v) = 1 by distribution.sum qed",
        &[(&[], Some((0, false)), &[("P", "v")])],
    ),
    (
        "an inequality is multiplied by an unknown sign",
        "given x : real, y : real, k' : real, x <= y show k'*x <= k'*y proof k'*x <= k'*y by hypothesis qed",
        &[(&[1], Some((0, false)), &[])],
    ),
    (
        "the subtrahend does not turn an inequality",
        "given x : real, y : real, x <= y show 1 - x <= 1 - y proof 1 - x <= 1 - y by hypothesis qed",
        &[(&[1], Some((0, false)), &[])],
    ),
    (
        "`<=` is taken for `<`",
        "given x : real, y : real, x <= y show x < y proof x < y by hypothesis qed",
        &[(&[], Some((0, false)), &[])],
    ),
    (
        "an inequality of squares, of numbers of any sign",
        "given x : real, y : real, x <= y show x^2 <= y^2 proof x^2 <= y^2 by hypothesis qed",
        &[(&[0], Some((0, false)), &[])],
    ),
    (
        "a law is used backwards",
        "given x : real, y : real show 1 + x = exp(x) proof 1 + x = exp(x) by exp.tangent qed",
        &[(&[], Some((0, false)), &[("x", "x")])],
    ),
    (
        "x/x is 1 for every x",
        "given x : real, x = 0 show x*(2/x) = 2 proof x*(2/x) = 2 by ring qed",
        &[(&[], None, &[])],
    ),
    ("-inf - (-inf) is 0", "given z : masked logits show z - z = 0 proof z - z = 0 by vector qed", &[(&[], None, &[])]),
    (
        "a coefficient is lost in a normal form",
        "given x : real, y : real show (x + y)^2 = x^2 + x*y + y^2 proof show (x + y)^2 = x^2 + x*y + y^2 by ring qed",
        &[(&[], None, &[])],
    ),
    (
        "what depends on z is taken for a constant",
        "given z : vector, c : action show D(z[c], z) = 0 proof D(z[c], z) = 0 by gradient.constant qed",
        &[(&[], Some((0, false)), &[("k", "z[c]"), ("z", "z")])],
    ),
    (
        "what holds at one z is used under a derivative",
        "given z : vector, c : action, z[c] = 0 show D(z[c], z) = D(0, z) proof D(z[c], z) = D(0, z) by hypothesis qed",
        &[(&[0], Some((0, false)), &[])],
    ),
    (
        "a wrong sign in the chain rule",
        "given z : vector, u : vector show D(-<z,u>, z) = u proof D(-<z,u>, z) = u by gradient qed",
        &[(&[], None, &[])],
    ),
    (
        "`<=` and then `>=` is taken for `<=`",
        "given x : real, y : real, x <= 1, y <= 1 show x <= y proof x <= 1 by hypothesis >= y by hypothesis qed",
        &[(&[], Some((0, false)), &[]), (&[], Some((1, false)), &[])],
    ),
    (
        "cases leave something out",
        "given x : real show |x| + x > 0 or |x| - x > 0 proof case 0 < x\n |x| + x > 0 by order\n case x < 0\n |x| - x > 0 by order qed",
        &[(&[], None, &[]), (&[], None, &[])],
    ),
    (
        "an assumption is not discharged",
        "given x : real show x = 0 proof assume x = 0\n x = 0*1 by hypothesis = 0 by ring qed",
        &[(&[], Some((0, false)), &[]), (&[], None, &[])],
    ),
    (
        "an action is chosen that there need not be",
        "given v : vector, x : real, v[1] = v[1] show x <= max(v) proof choose a : v[a] = x show x = v[a] by hypothesis <= max(v) by max.bound qed",
        &[(&[], Some((1, true)), &[]), (&[], Some((0, false)), &[("v", "v"), ("c", "a")])],
    ),
    (
        "a logarithm keeps order, of numbers of any sign",
        "given x : real, y : real, x <= y show log(x^2) <= log(y^2) proof log(x^2) <= log(y^2) by hypothesis qed",
        &[(&[0, 0], Some((0, false)), &[])],
    ),
    (
        "a coordinate by its number, however few there are",
        "given v : vector show e[1][2] = 0 proof e[1][2] = 0 by algebra qed",
        &[(&[], None, &[])],
    ),
];

/// A hole of the table: what it is, and the law.
const LAWS: &[(&str, &str)] = &[
    ("a wrong sign", "exp(x - y) = exp(x)*exp(y)"),
    ("the wrong way round", "max(u) + max(v) <= max(u + v)"),
    ("a condition is missing", "x^2 <= y^2 => x <= y"),
    ("true only because 1/0 is 0 in Coq", "1/(x*y) = 1/x*(1/y)"),
    ("true only because 1/0 is 0 in Coq", "|v/x| = |v|/|x|"),
    ("true only because ln 0 is 0 in Coq", "log(x^2) = 2*log(|x|)"),
    ("true only because sqrt(-1) is 0 in Coq", "sqrt(x)^2 = (x + |x|)/2"),
    ("a law of finite logits, of masked ones", "log(softmax(z)) = z - lse(z)*1"),
];

/// The object that a kernel with this hole would have written, and the statement.
fn written(text: &str, uses: &[Used]) -> (String, Statement, Vec<Vec<Use>>) {
    let claim = parse(&format!("claim hole {text}")).unwrap_or_else(|error| panic!("{text}: {error}"));
    let script = claim.proof.as_ref().unwrap();
    let mut inner = claim.statement.clone();
    crate::mutations::choices(script, &mut inner.variables);
    let names = script.chains().into_iter().flat_map(|chain| &chain.steps).map(|step| step.rules[0].0.clone());
    let used = |((path, law, values), rule): (&Used, logitlab::expr::Name)| {
        let law = law.map(|(number, reversed)| {
            let mut binding = Binding::default();
            for (name, value) in *values {
                if ["a", "b", "c"].contains(name) {
                    binding.actions.insert((*name).into(), Action::Name((*value).into()));
                } else {
                    binding.trees.insert((*name).into(), elaborate::value(value, &inner).unwrap());
                }
            }
            let law = rules::laws(&rule).map(|laws| &laws[number]);
            let conditions = law.map_or(vec![], |law| law.conditions.clone());
            let conditions = conditions.iter().map(|prop| binding.instantiate_prop(prop).unwrap()).collect();
            let (values, actions) = (binding.trees.into_iter().collect(), binding.actions.into_iter().collect());
            Law { number, reversed, values, actions, conditions }
        });
        vec![Use { path: path.to_vec(), rule: 0, law }]
    };
    let uses: Vec<Vec<Use>> = uses.iter().zip(names).map(used).collect();
    let object = object::written_claim("hole", &claim.statement, script, uses.clone());
    (object::whole(&[object.to_string()]), claim.statement, uses)
}

/// What Coq says of the derivation, if it is there.
fn asked(compiler: Option<&Compiler>, statement: &Statement, script: &Script, uses: Vec<Vec<Use>>) -> &'static str {
    let derived = Derived { id: "hole", statement, script, uses };
    let Ok(text) = derivation::file(&[derived]) else { return "is not asked, and why is said" };
    let Some(compiler) = compiler else { return "not run" };
    match compiler.compile("Hole", &text) {
        Ok(_) => "accepts",
        Err(_) => "refuses",
    }
}

/// Whether a random instance shows that a statement is false.
fn tried(statement: &Statement) -> bool {
    (0..2_000).any(|seed| {
        let instance = Instance::random(&statement.variables, seed);
        let holds = |prop| instance.holds(&statement.definitions, prop);
        statement.hypotheses.iter().all(|prop| holds(prop) == Ok(Truth::True))
            && statement.shows.iter().any(|show| holds(show) == Ok(Truth::False))
    })
}

const HEAD: &str = "<!-- Written by a test: LOGITLAB_UPDATE=1 cargo test --test proof holes -->\n";

fn yes(caught: bool) -> &'static str {
    if caught { "yes" } else { "no" }
}

/// Every hole is noticed by something that is not the kernel, and the table in the book says by what.
#[test]
fn every_hole_is_noticed() {
    let Some(python) = support::tool("python3", "every_hole_is_noticed") else { return };
    let holes: Vec<_> = KERNEL.iter().map(|(_, text, uses)| written(text, uses)).collect();
    let objects: Vec<String> = holes.iter().map(|(object, ..)| object.clone()).collect();
    let library = Library::new([]);
    let compiler = support::tool("coqc", "every_hole_is_noticed").map(|coqc| {
        let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("logitlab/coq");
        Compiler::new(coqc, cache).expect("a complete Coq")
    });
    let answers = check(&python, &objects);
    let mut rows = String::new();
    let mut counts = [0; 3];
    for (((what, text, _), (_, statement, uses)), answer) in KERNEL.iter().zip(&holes).zip(&answers) {
        let claim = parse(&format!("claim hole {text}")).unwrap();
        let kernel = library.prove_script("hole", statement, claim.proof.as_ref().unwrap());
        assert!(kernel.is_err(), "{what}: the kernel has this hole");
        let trial = tried(statement);
        let why = answer.as_ref().err().unwrap_or_else(|| panic!("{what}: the second checker has this hole too"));
        let why = why.trim_start_matches("hole: refused: ");
        println!("{what}: {why}");
        counts[0] += 1;
        counts[1] += usize::from(trial);
        let coq = asked(compiler.as_ref(), statement, claim.proof.as_ref().unwrap(), uses.clone());
        counts[2] += usize::from(coq != "accepts");
        _ = writeln!(rows, "| kernel | {what} | `{}` | yes | {} | {coq} |", statement.shows[0], yes(trial));
        assert!(!why.is_empty() && !why.contains("as its format says"), "{what}: {why}");
    }
    // A printer that leaves brackets out: the text says another thing than what was proved.
    let (object, ..) = written(
        "given x : real, y : real show x - (y - 1) = x - y + 1 proof x - (y - 1) = x - y + 1 by ring qed",
        &[(&[], None, &[])],
    );
    assert_eq!(check(&python, std::slice::from_ref(&object)), [Ok(())]);
    let printed = object.replace("x - (y - 1)", "x - y - 1");
    assert!(check(&python, &[printed])[0].is_err());
    let (_, says, _) = written("given x : real, y : real show x - y - 1 = x - y + 1 proof x = x by ring qed", &[]);
    assert!(tried(&says));
    counts[0] += 1;
    counts[1] += 1;
    _ = writeln!(rows, "| printer | a bracket is missing | `{}` | yes | yes | not asked |", says.shows[0]);
    let laws_v = include_str!("../../../proofs/coq/Laws.v").split_whitespace().collect::<Vec<_>>().join(" ");
    let table = object::laws();
    for (what, text) in LAWS {
        let statement = Statement { variables: variables(), ..Statement::default() };
        let prop = elaborate::proposition(text, &statement).unwrap();
        assert!(!table.contains(&format!("\"{text}\"")), "{text} is a law");
        let laws = rules::Law::of(&statement.variables, &[], &prop);
        let trial = laws.iter().any(|law| try_law(law, 400).is_err());
        let (hypotheses, shows) = match &prop {
            logitlab::expr::Prop::Implies(condition, conclusion) => {
                (vec![(**condition).clone()], vec![(**conclusion).clone()])
            }
            other => (vec![], vec![other.clone()]),
        };
        let mentioned = |name: &str| {
            let is = |prop: &logitlab::expr::Prop| logitlab::proof::term::prop_mentions(prop, &[name]);
            hypotheses.iter().chain(&shows).any(is)
        };
        let variables = variables().into_iter().filter(|(name, _)| mentioned(name)).collect();
        let statement =
            Statement { variables, hypotheses: hypotheses.clone(), shows: shows.clone(), ..Statement::default() };
        let coq = parts(&statement, Logits::Real).map(|parts| parts.proposition());
        let lemma = coq.is_ok_and(|coq| laws_v.contains(&coq.split_whitespace().collect::<Vec<_>>().join(" ")));
        assert!(!lemma, "{text}: Coq has proved it");
        counts[1] += usize::from(trial);
        counts[2] += 1;
        _ = writeln!(rows, "| law | {what} | `{text}` | takes laws as given | {} | no lemma says it |", yes(trial));
        assert!(trial, "{what}: {text} is noticed by nobody who runs");
    }
    let total = KERNEL.len() + 1 + LAWS.len();
    let page = format!(
        "{HEAD}# Holes put back on purpose\n\n\
         What a kernel with a hole would say of a false claim was written down as it would write it, and shown to those who\n\
         do not trust it. Of {total} holes, `check.py` refuses {}, all but those of the table of laws, which it takes as given.\n\
         Random trials find {}. Coq refuses {}: a law, since no lemma in\n\
         `proofs/coq/Laws.v` says the same. It is not asked what it would read otherwise: masked logits as real numbers,\n\
         and a coordinate that need not exist.\n\n\
         | where | the hole | what it lets through | `check.py` refuses | a random trial finds it | Coq |\n|---|---|---|---|---|---|\n{}",
        counts[0],
        counts[1],
        counts[2],
        rows.replace("|x", "\\|x").replace("x|", "x\\|").replace("|v", "\\|v").replace("v|", "v\\|")
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/book/src/explanation/holes.md");
    if std::env::var_os("LOGITLAB_UPDATE").is_some() && compiler.is_some() {
        fs::write(&path, &page).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    // Without Coq, its column is what it was, and so is how much it refuses.
    let known = |text: &str| match compiler {
        Some(_) => text.to_string(),
        None => {
            let rows = text.lines().filter(|line| line.starts_with("| "));
            rows.filter_map(|row| row.trim_end_matches(" |").rsplit_once(" | "))
                .map(|(row, _)| format!("{row}\n"))
                .collect()
        }
    };
    assert!(known(&kept) == known(&page), "LOGITLAB_UPDATE=1 cargo test --test proof holes writes it again:\n{page}");
}
