//! Exported FPCore is read back by a reader of its own and computed in MPFR at 53 and at 200 bits: what it computes is
//! the formula, and what its `:spec` says is the meaning, as the evaluator of the language has them.

use std::collections::HashMap;

use crate::support::statements::{Choices, Kinds, bytes};
use logitlab::arith::interval::{Interval, Intervals};
use logitlab::arith::{Arithmetic, Vector};
use logitlab::claims;
use logitlab::eval::{Evaluator, Value};
use logitlab::expr::{Name, Tree, Type};
use logitlab::formulas::{ACTION, Formula, LOGITS, OTHER, find, formulas};
use logitlab::policy::random::Rng;
use logitlab::report::fpcore::{ExportError, Options, Softmax, fpcore};
use num_rational::BigRational;
use rug::ops::Pow;
use rug::{Float, Rational};

/// An S-expression.
#[derive(Clone, Debug, PartialEq)]
enum Sexp {
    Word(String),
    Text(String),
    List(Vec<Sexp>),
}

/// Reads all of a text, in which brackets have to match in kind.
fn read(text: &str) -> Vec<Sexp> {
    let mut open: Vec<(char, Vec<Sexp>)> = vec![(' ', vec![])];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let item = match c {
            _ if c.is_whitespace() => continue,
            '(' | '[' => {
                open.push((c, vec![]));
                continue;
            }
            ')' | ']' => {
                let (bracket, items) = open.pop().unwrap();
                assert_eq!((bracket, c), if c == ')' { ('(', ')') } else { ('[', ']') }, "{text}");
                Sexp::List(items)
            }
            '"' => {
                let mut string = String::new();
                loop {
                    match chars.next().expect("a string ends") {
                        '"' => break,
                        '\\' => string.push(chars.next().unwrap()),
                        c => {
                            assert!((' '..='~').contains(&c), "{c:?} in a string");
                            string.push(c);
                        }
                    }
                }
                Sexp::Text(string)
            }
            _ => {
                let mut word = c.to_string();
                while let Some(c) = chars.next_if(|c| !c.is_whitespace() && !"()[]\"".contains(*c)) {
                    word.push(c);
                }
                assert!(word.chars().all(|c| c.is_ascii_alphanumeric() || "~!@$%^&*_-+=<>.?/:".contains(c)), "{word}");
                Sexp::Word(word)
            }
        };
        open.last_mut().unwrap().1.push(item);
    }
    assert_eq!(open.len(), 1, "brackets are balanced");
    open.pop().unwrap().1
}

/// One `FPCore`: arguments, properties, body.
struct Core {
    arguments: Vec<String>,
    properties: HashMap<String, Sexp>,
    body: Sexp,
}

fn core(text: &str) -> Core {
    let all = read(text);
    let [Sexp::List(items)] = all.as_slice() else { panic!("one expression: {text}") };
    let [Sexp::Word(head), Sexp::List(arguments), rest @ .., body] = items.as_slice() else { panic!("{text}") };
    assert_eq!(head, "FPCore");
    let word = |sexp: &Sexp| if let Sexp::Word(word) = sexp { word.clone() } else { panic!("{sexp:?}") };
    let properties = rest.chunks(2).map(|pair| (word(&pair[0]), pair[1].clone())).collect::<HashMap<_, _>>();
    assert_eq!(properties.len() * 2, rest.len());
    Core { arguments: arguments.iter().map(word).collect(), properties, body: body.clone() }
}

#[derive(Clone, Debug)]
enum Result {
    Number(Float),
    Truth(bool),
}

/// The value of an expression with every operation rounded to a number of bits.
fn compute(sexp: &Sexp, scope: &HashMap<String, Float>, bits: u32) -> Result {
    let items = match sexp {
        Sexp::Word(word) if word == "TRUE" || word == "FALSE" => return Result::Truth(word == "TRUE"),
        Sexp::Word(word) => {
            let literal = || Float::with_val(bits, word.parse::<Rational>().unwrap());
            return Result::Number(scope.get(word).map_or_else(literal, |known| Float::with_val(bits, known)));
        }
        Sexp::List(items) => items,
        Sexp::Text(_) => panic!("{sexp:?}"),
    };
    let Sexp::Word(head) = &items[0] else { panic!("{sexp:?}") };
    if head == "let*" {
        let mut inner = scope.clone();
        let Sexp::List(bindings) = &items[1] else { panic!("{sexp:?}") };
        for binding in bindings {
            let Sexp::List(binding) = binding else { panic!("{binding:?}") };
            let [Sexp::Word(name), value] = binding.as_slice() else { panic!("{binding:?}") };
            let value = number(value, &inner, bits);
            assert!(inner.insert(name.clone(), value).is_none(), "{name} is bound twice");
        }
        return compute(&items[2], &inner, bits);
    }
    let truth = |index: usize| match compute(&items[index], scope, bits) {
        Result::Truth(truth) => truth,
        Result::Number(x) => panic!("{x} is no truth"),
    };
    let all = || items[1..].iter().map(|item| number(item, scope, bits)).collect::<Vec<_>>();
    let chain =
        |holds: fn(&Float, &Float) -> bool| Result::Truth(all().windows(2).all(|pair| holds(&pair[0], &pair[1])));
    match (head.as_str(), items.len()) {
        ("if", 4) => return compute(&items[if truth(1) { 2 } else { 3 }], scope, bits),
        ("not", 2) => return Result::Truth(!truth(1)),
        ("and", _) => return Result::Truth((1..items.len()).all(truth)),
        ("or", _) => return Result::Truth((1..items.len()).any(truth)),
        ("<=", _) => return chain(|x, y| x <= y),
        ("<", _) => return chain(|x, y| x < y),
        (">=", _) => return chain(|x, y| x >= y),
        (">", _) => return chain(|x, y| x > y),
        ("==", _) => return chain(|x, y| x == y),
        ("!=", 3) => return chain(|x, y| x != y),
        _ => {}
    }
    let all = all();
    let rounded = |x: Float| Result::Number(x);
    match (head.as_str(), all.as_slice()) {
        ("-", [x]) => rounded(Float::with_val(bits, -x)),
        ("+", [x, y]) => rounded(Float::with_val(bits, x + y)),
        ("-", [x, y]) => rounded(Float::with_val(bits, x - y)),
        ("*", [x, y]) => rounded(Float::with_val(bits, x * y)),
        ("/", [x, y]) => rounded(Float::with_val(bits, x / y)),
        ("pow", [x, y]) => rounded(Float::with_val(bits, x.pow(y))),
        ("fmax", [x, y]) => rounded(x.clone().max(y)),
        ("fmin", [x, y]) => rounded(x.clone().min(y)),
        ("fabs", [x]) => rounded(x.clone().abs()),
        ("sqrt", [x]) => rounded(x.clone().sqrt()),
        ("exp", [x]) => rounded(x.clone().exp()),
        ("log", [x]) => rounded(x.clone().ln()),
        (head, arguments) => panic!("({head}) of {} arguments", arguments.len()),
    }
}

fn number(sexp: &Sexp, scope: &HashMap<String, Float>, bits: u32) -> Float {
    match compute(sexp, scope, bits) {
        Result::Number(x) => x,
        Result::Truth(truth) => panic!("{truth} is no number: {sexp:?}"),
    }
}

/// Logits of one formula, multiples of 1/64 between -16 and 16: the same number at every precision.
struct Point {
    logits: Vec<f64>,
    other: Vec<f64>,
    action: usize,
}

impl Point {
    fn new(k: usize, index: u64) -> Point {
        let mut rng = Rng::new(4, index);
        let mut logits = || (0..k).map(|_| rng.below(2048) as f64 / 64.0 - 16.0).collect();
        let (logits, other) = (logits(), logits());
        Point { logits, other, action: rng.index(k) }
    }

    fn scope(&self) -> HashMap<String, Float> {
        let named = |name: &'static str, values: &[f64]| {
            let one = move |(index, z): (usize, &f64)| (format!("{name}{index}"), Float::with_val(53, *z));
            values.iter().enumerate().map(one).collect::<Vec<_>>()
        };
        named(LOGITS, &self.logits).into_iter().chain(named(OTHER, &self.other)).collect()
    }

    /// The value by the language's own evaluator, and the binary exponent of the largest term in it.
    fn value(&self, formula: &Formula, tree: &Tree) -> Option<(Interval, i64)> {
        let system = Intervals::new(400);
        let vector = |values: &[f64]| Vector::dense(&system, values.iter().map(|&z| system.float(z)).collect());
        let mut evaluator = Evaluator::new(&system, self.logits.len(), &formula.definitions);
        evaluator.assign(&LOGITS.into(), Value::Vector(vector(&self.logits)));
        evaluator.assign(&OTHER.into(), Value::Vector(vector(&self.other)));
        evaluator.choose(&ACTION.into(), self.action);
        let value = evaluator.real(tree).ok()?;
        let own = system.spread(&value, &value).unwrap().magnitude;
        Some((value, evaluator.take_magnitude().max(own)))
    }
}

/// That a number is that of a tree up to 2^-digits of the largest term.
fn assert_close(found: &Float, truth: &(Interval, i64), digits: i64, place: &dyn Fn() -> String) {
    let (truth, scale) = truth;
    let error = Float::with_val(400, found - truth.lo()).abs();
    let exponent = i32::try_from(scale.saturating_sub(digits)).unwrap_or(i32::MIN);
    let largest = Float::with_val(400, 1) << exponent;
    assert!(error <= largest, "{}: {found} and {}", place(), truth.lo());
}

fn check(formula: &Formula, k: usize, index: u64, softmax: Softmax) {
    let point = Point::new(k, index);
    let place = || format!("{} at K = {k}, point {index}, {softmax:?}", formula.name);
    let text = fpcore(formula, &Options { action: point.action, softmax, ..Options::new(k) });
    let text = text.unwrap_or_else(|error| panic!("{}: {error}", place()));
    let core = core(&text);
    let mut scope = point.scope();
    scope.retain(|name, _| core.arguments.contains(name));
    // The root of w, where rounding may lead below 0, has fewer digits than w.
    let is_root = formula.text.starts_with("sqrt(");
    match point.value(formula, &formula.tree) {
        Some(truth) => {
            assert_close(&number(&core.body, &scope, 200), &truth, 150, &place);
            // A logarithm of what is nearly 1 has few digits of its own.
            let truth = (truth.0, truth.1.max(0));
            assert_close(&number(&core.body, &scope, 53), &truth, if is_root { 20 } else { 36 }, &place);
        }
        None => assert!(is_root && k == 1, "{} has no value", place()),
    }
    let meaning = point.value(formula, &formula.meaning).unwrap();
    assert_close(&number(&core.properties[":spec"], &scope, 200), &meaning, 150, &place);
}

#[test]
fn every_formula_is_exported_as_what_it_computes_and_what_it_means() {
    for formula in formulas() {
        for k in [1, 2, 3, 10] {
            let undefined = k == 1 && formula.requires.as_ref().is_some_and(|prop| prop.to_string() == "P[c] < 1");
            if undefined {
                assert_eq!(fpcore(formula, &Options::new(1)), Err(ExportError::DivisionByZero { k: 1 }));
                continue;
            }
            for index in 0..8 {
                check(formula, k, index, if index % 2 == 0 { Softmax::Shifted } else { Softmax::Naive });
            }
        }
    }
}

fn own(text: &str) -> Formula {
    Formula::from_statement("own", &claims::parse(text).unwrap().statement).unwrap()
}

/// Everything that the language has, and names that FPCore has a meaning for or that the coordinates of z are called.
#[test]
fn every_operation_is_exported() {
    let formula = own("claim own
        given z : logits, y : logits, c : action
        let P = softmax(z), Q = softmax(y), z0 = H2(P) + H(P) + KL(P, Q), PI = abs(z[c]) + |<z,y>| + max(z) - min(y)
        let exp2 = E[a ~ P](z[a]*y[a]) + sum(E[a ~ Q](z[a]*e[a])), P' = 2*z - y/3 + abs(-z) + log(exp(y)) - 0.25*ones
        let NAN = xlogx(P[c]) + xlogy(P[c], Q[c]) + sum(xlogy(P, Q)) + sqrt(P[c])^3 + sum(sqrt(Q))
        show lse(z) = z0 + PI*exp2/K - NAN^2 + |P'| + |P' - z|^2 + sum(P.*Q) + C(others(P, c) + zeros) + P'[c]^0");
    for k in [1, 2, 5] {
        for index in 0..4 {
            check(&formula, k, index, Softmax::Shifted);
            check(&formula, k, index, Softmax::Naive);
        }
    }
}

/// Names that FPCore has a meaning for, or that something in an exported formula is called.
const TAKEN: [&str; 24] = [
    "z0", "y1", "z0_2", "x0", "E_", "PI", "LN2", "NAN", "INFINITY", "TRUE", "FALSE", "if", "let_", "exp2", "fabs",
    "fmax", "pow", "fma", "not", "nor", "FPCore", "S", "S_", "P'",
];

/// Random formulas with random definitions under such names: what is exported computes what the formula says.
#[test]
fn random_formulas_are_exported_as_what_they_say() {
    const KINDS: Kinds = Kinds { formats: false, derivatives: false, numbered: false };
    let start = claims::parse("claim own given z : logits, y : logits, c : action show 0 = 0").unwrap().statement;
    let mut compared = 0;
    for index in 0.. {
        assert!(index < 20_000, "only {compared} formulas have values");
        let bytes = bytes(index);
        let mut choices = Choices::new(&bytes, start.clone(), KINDS);
        for _ in 0..choices.pick(4) {
            let ty = if choices.pick(2) == 0 { Type::Real } else { Type::Vector };
            let body = choices.tree(ty, 2);
            let name: Name = TAKEN[choices.pick(TAKEN.len())].into();
            if choices.statement.definitions.iter().all(|(known, _)| *known != name) {
                choices.statement.definitions.push((name, body));
            }
        }
        let tree = choices.tree(Type::Real, 3);
        let mut given = String::new();
        for (name, body) in &choices.statement.definitions {
            given += &format!(" let {name} = {body}");
        }
        let text = format!("claim own given z : logits, y : logits, c : action{given} show lse(z) = {tree}");
        let formula = own(&text);
        let k = 1 + (index % 3) as usize;
        let point = Point::new(k, index);
        let options = Options { action: point.action, softmax: Softmax::Naive, ..Options::new(k) };
        let Ok(exported) = fpcore(&formula, &options) else { continue };
        let core = core(&exported);
        let Some((truth, _)) = point.value(&formula, &formula.tree) else { continue };
        let scale = Float::with_val(400, truth.lo()).abs().max(&Float::with_val(400, 1));
        if !truth.lo().is_finite() || Float::with_val(400, truth.hi() - truth.lo()) > scale.clone() >> 200_u32 {
            continue;
        }
        let mut scope = point.scope();
        scope.retain(|name, _| core.arguments.contains(name));
        let found = number(&core.body, &scope, 2000);
        let error = Float::with_val(2000, &found - truth.lo()).abs();
        assert!(error <= scale >> 100_u32, "{found} and {}\n{text}\n{exported}", truth.lo());
        compared += 1;
        if compared == 300 {
            break;
        }
    }
}

#[test]
fn conditions_hold_where_the_formula_has_a_value() {
    let formula = own("claim own
        given z : logits, c : action
        let   P = softmax(z)
        given z[c] > 0 => max(z) = z[c]
        given zeros <= P <=> z != zeros and K = 2
        show  lse(z) = lse(z)");
    let bound = |n: i32| BigRational::from_integer(n.into());
    let options = Options { range: Some((bound(-3), bound(3))), ..Options::new(2) };
    let core = core(&fpcore(&formula, &options).unwrap());
    for (z0, z1, expected) in [
        (1.0, 0.5, true),
        (1.0, 2.0, false),
        (-1.0, 2.0, true),
        (0.0, 0.0, false),
        (3.0, -3.0, true),
        (3.5, 0.0, false),
        (1.0, -3.5, false),
    ] {
        let scope = [("z0", z0), ("z1", z1)].map(|(name, z)| (name.to_string(), Float::with_val(53, z)));
        let Result::Truth(truth) = compute(&core.properties[":pre"], &scope.into(), 100) else { panic!() };
        assert_eq!(truth, expected, "{z0}, {z1}");
    }
}

#[test]
fn hostile_names_are_inert() {
    let name = "x\" :pre FALSE) (evil \\ \n;é";
    let formula = Formula { name: name.to_string(), note: name.to_string(), ..find("tail").unwrap().clone() };
    let core = core(&fpcore(&formula, &Options::new(2)).unwrap());
    assert_eq!(core.properties[":name"], Sexp::Text("x\" :pre FALSE) (evil \\ ?;?".to_string()));
    assert!(!core.properties.contains_key(":pre"));
}

#[test]
fn what_has_no_scalar_form_is_refused() {
    let refused = |text: &str, k| fpcore(&own(text), &Options::new(k)).unwrap_err();
    let tail = find("tail").unwrap();
    assert_eq!(fpcore(tail, &Options::new(0)), Err(ExportError::Size(0)));
    assert_eq!(fpcore(tail, &Options::new(1001)), Err(ExportError::Size(1001)));
    assert_eq!(fpcore(tail, &Options { action: 3, ..Options::new(3) }), Err(ExportError::Action { action: 3, k: 3 }));
    let fixed = "claim x given z : logits show lse(z) = z[3] + sum([1, 2, 3])";
    assert_eq!(refused(fixed, 2), ExportError::Beyond { index: 3, k: 2 });
    assert_eq!(refused(fixed, 4), ExportError::Entries { found: 3, k: 4 });
    let square = "claim x given z : logits show lse(z) = E[a ~ z](E[b ~ z](z[a]*z[b]))";
    assert_eq!(refused(square, 1000), ExportError::TooLarge { k: 1000 });
    assert!(fpcore(tail, &Options::new(1000)).is_ok());
    let rounded = "claim x given z : logits, c : action show z[c] = lse(z) - fl(softmax(z)[c])";
    assert!(matches!(refused(rounded, 3), ExportError::Construct(text, _) if text == "fl(softmax(z)[c])"));
}

/// A derivative may be meant, but FPCore cannot say it.
#[test]
fn a_meaning_that_is_a_derivative_is_left_to_the_description() {
    let formula = own("claim x given z : logits, c : action show D(lse(z), z)[c] = softmax(z)[c]");
    let core = core(&fpcore(&formula, &Options::new(2)).unwrap());
    assert!(!core.properties.contains_key(":spec"));
    let Sexp::Text(description) = &core.properties[":description"] else { panic!() };
    assert!(description.starts_with("D(lse(z), z)[c] = softmax(z)[c]"), "{description}");
}

#[test]
fn exports() {
    insta::assert_snapshot!("tail", fpcore(find("tail").unwrap(), &Options::new(3)).unwrap());
    let bound = |n: i32| BigRational::new(n.into(), 2.into());
    let options = Options {
        action: 1,
        precision: "bfloat16".parse().unwrap(),
        range: Some((bound(-21), bound(20))),
        softmax: Softmax::Naive,
        ..Options::new(2)
    };
    insta::assert_snapshot!("entropy-lse", fpcore(find("entropy-lse").unwrap(), &options).unwrap());
}
