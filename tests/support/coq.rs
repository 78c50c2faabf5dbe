//! A reader for what is written for Coq about statements: its grammar, and what every word means by `Definitions.v`, in
//! floats of a given number of bits that nothing is in doubt. It knows nothing of how statements are written.

use std::collections::HashMap;
use std::rc::Rc;

use rug::Float;
use rug::ops::Pow;

/// The precision of all numbers.
pub const BITS: u32 = 500;

/// How many coordinates a vector has; those from K on count for nothing.
pub const WIDTH: usize = 16;

/// A term or a proposition.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// A name.
    Name(String),
    /// Digits.
    Number(String),
    /// `f x y`
    Apply(Box<Term>, Vec<Term>),
    /// `fun x => t`
    Fun(String, Box<Term>),
    /// `let x := a in t`
    Let(String, Box<Term>, Box<Term>),
    /// `forall (x : T) ..., t`
    Forall(Vec<(String, String)>, Box<Term>),
    /// `exists x, t`
    Exists(String, Box<Term>),
    /// An infix operator.
    Infix(&'static str, Box<Term>, Box<Term>),
    /// `- x` and `~ p`
    Prefix(&'static str, Box<Term>),
    /// `(t)%nat`
    Nat(Box<Term>),
}

const SYMBOLS: [&str; 23] = [
    "<->", "->", "=>", ":=", "::", "/\\", "\\/", "<=", "<>", "%nat", "(", ")", ",", ":", "<", "=", "~", "+", "-", "*",
    "/", "^", ">",
];

/// Infix operators with their levels, and whether the right side is at the same level.
const INFIX: [(&str, u8, bool); 14] = [
    ("->", 99, true),
    ("<->", 95, false),
    ("/\\", 80, true),
    ("\\/", 85, true),
    ("=", 70, false),
    ("<>", 70, false),
    ("<=", 70, false),
    ("<", 70, false),
    ("::", 60, true),
    ("+", 50, false),
    ("-", 50, false),
    ("*", 40, false),
    ("/", 40, false),
    ("^", 30, true),
];

const KEYWORDS: [&str; 5] = ["forall", "exists", "fun", "let", "in"];

fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let in_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '\'';
        let length = if first.is_ascii_digit() {
            rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
        } else if in_name(first) {
            rest.find(|c: char| !in_name(c)).unwrap_or(rest.len())
        } else {
            SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)).unwrap_or_else(|| panic!("{rest}")).len()
        };
        tokens.push(rest[..length].to_string());
        rest = rest[length..].trim_start();
    }
    tokens
}

struct Reader {
    tokens: Vec<String>,
    at: usize,
}

/// Reads a proposition or a term.
pub fn read(text: &str) -> Term {
    let mut reader = Reader { tokens: tokens(text), at: 0 };
    let term = reader.term(200);
    assert_eq!(reader.at, reader.tokens.len(), "all is read: {text}");
    term
}

impl Reader {
    fn peek(&self) -> &str {
        self.tokens.get(self.at).map_or("", String::as_str)
    }

    fn next(&mut self) -> String {
        self.at += 1;
        self.tokens.get(self.at - 1).cloned().unwrap_or_else(|| panic!("the end: {}", self.tokens.join(" ")))
    }

    fn expect(&mut self, token: &str) {
        let found = self.next();
        assert_eq!(found, token, "token {} of {}", self.at, self.tokens.join(" "));
    }

    fn name(&mut self) -> String {
        let name = self.next();
        assert!(name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'), "{name} is no name");
        assert!(!KEYWORDS.contains(&name.as_str()) && name != "_", "{name} is a word of Coq");
        name
    }

    /// A term that binds at least as tightly as the level says.
    fn term(&mut self, level: u8) -> Term {
        match self.peek() {
            "forall" => {
                self.next();
                let mut binders = vec![];
                if self.peek() != "(" {
                    binders.push((self.name(), String::new()));
                }
                while self.peek() == "(" {
                    self.next();
                    let name = self.name();
                    self.expect(":");
                    binders.push((name, self.next()));
                    self.expect(")");
                }
                self.expect(",");
                return Term::Forall(binders, self.term(200).into());
            }
            "exists" => {
                self.next();
                let name = self.name();
                self.expect(",");
                return Term::Exists(name, self.term(200).into());
            }
            "fun" => {
                self.next();
                let name = self.name();
                self.expect("=>");
                return Term::Fun(name, self.term(200).into());
            }
            "let" => {
                self.next();
                let name = self.name();
                self.expect(":=");
                let value = self.term(200);
                self.expect("in");
                return Term::Let(name, value.into(), self.term(200).into());
            }
            _ => {}
        }
        let (mut left, mut own) = match self.peek() {
            "-" => {
                self.next();
                (Term::Prefix("-", self.term(35).into()), 35)
            }
            "~" => {
                self.next();
                (Term::Prefix("~", self.term(75).into()), 75)
            }
            _ => (self.application(), 10),
        };
        while let Some((sign, operator, right)) = INFIX.iter().find(|(sign, ..)| *sign == self.peek()) {
            let left_level = if *right || *operator == 70 || *operator == 95 { operator - 1 } else { *operator };
            if *operator > level || own > left_level {
                break;
            }
            self.next();
            let right = self.term(if *right { *operator } else { operator - 1 });
            left = Term::Infix(sign, left.into(), right.into());
            own = *operator;
        }
        left
    }

    fn application(&mut self) -> Term {
        let head = self.atom();
        let mut arguments = vec![];
        while self.peek() == "(" || self.peek().starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
            if KEYWORDS.contains(&self.peek()) {
                break;
            }
            arguments.push(self.atom());
        }
        if arguments.is_empty() { head } else { Term::Apply(head.into(), arguments) }
    }

    fn atom(&mut self) -> Term {
        let token = self.next();
        let term = match token.as_str() {
            "(" => {
                let inner = self.term(200);
                self.expect(")");
                inner
            }
            digits if digits.starts_with(|c: char| c.is_ascii_digit()) => Term::Number(token),
            _ => {
                self.at -= 1;
                Term::Name(self.name())
            }
        };
        if self.peek() == "%nat" {
            self.next();
            return Term::Nat(term.into());
        }
        term
    }
}

/// What a term stands for.
#[derive(Clone)]
pub enum Value {
    /// A real.
    Real(Float),
    /// A vector.
    Vector(Vec<Float>),
    /// A natural number.
    Nat(u64),
    /// A list of reals.
    List(Vec<Float>),
    /// A proposition.
    Truth(bool),
    /// A function.
    Function(Rc<dyn Fn(Value) -> Value>),
}

/// The names in scope.
pub type Scope = HashMap<String, Value>;

fn real(x: f64) -> Float {
    Float::with_val(BITS, x)
}

/// Whether two reals count as equal.
pub fn close(x: &Float, y: &Float) -> bool {
    let size = x.clone().abs().max(&y.clone().abs()).max(&real(1.0));
    // Beyond all numbers, everything would be near.
    x == y || size.is_finite() && Float::with_val(BITS, x - y).abs() <= size >> 60_u32
}

impl Value {
    fn real(&self) -> Float {
        match self {
            Value::Real(x) => x.clone(),
            _ => panic!("a real is needed"),
        }
    }

    fn vector(&self) -> Vec<Float> {
        match self {
            Value::Vector(v) => v.clone(),
            // A function from naturals is a vector.
            Value::Function(f) => (0..WIDTH).map(|index| f(Value::Nat(index as u64)).real()).collect(),
            _ => panic!("a vector is needed"),
        }
    }

    fn nat(&self) -> u64 {
        match self {
            Value::Nat(n) => *n,
            _ => panic!("a natural is needed"),
        }
    }

    /// Whether it is true.
    pub fn truth(&self) -> bool {
        match self {
            Value::Truth(truth) => *truth,
            _ => panic!("a proposition is needed"),
        }
    }

    fn apply(&self, argument: Value) -> Value {
        match self {
            Value::Function(f) => f(argument),
            Value::Vector(v) => {
                let index = argument.nat() as usize;
                Value::Real(v.get(index).cloned().unwrap_or_else(|| real(0.0)))
            }
            _ => panic!("a function is needed"),
        }
    }
}

/// The meaning of a term where names have values; `nat` within `%nat`.
pub fn meaning(term: &Term, scope: &Scope, nat: bool) -> Value {
    let inner = |term: &Term| meaning(term, scope, nat);
    match term {
        Term::Nat(inner) => meaning(inner, scope, true),
        Term::Number(digits) if nat => Value::Nat(digits.parse().unwrap()),
        Term::Number(digits) => Value::Real(Float::with_val(BITS, Float::parse(digits).unwrap())),
        Term::Name(name) => scope.get(name).cloned().unwrap_or_else(|| constant(name)),
        Term::Apply(head, arguments) => apply(head, arguments, scope),
        Term::Fun(name, body) => {
            let (name, body, scope) = (name.clone(), (**body).clone(), scope.clone());
            Value::Function(Rc::new(move |argument| {
                let mut scope = scope.clone();
                scope.insert(name.clone(), argument);
                meaning(&body, &scope, false)
            }))
        }
        Term::Let(name, value, body) => {
            let mut within = scope.clone();
            within.insert(name.clone(), inner(value));
            meaning(body, &within, nat)
        }
        Term::Forall(..) => panic!("no quantifier is left here"),
        Term::Exists(name, body) => {
            let Term::Infix("/\\", first, rest) = &**body else { panic!("what exists is told first: {body:?}") };
            let mut within = scope.clone();
            within.insert(name.clone(), witness(first, name, scope));
            Value::Truth(meaning(rest, &within, nat).truth())
        }
        Term::Prefix("-", x) => Value::Real(-inner(x).real()),
        Term::Prefix(_, x) => Value::Truth(!inner(x).truth()),
        Term::Infix("->", a, b) => Value::Truth(!inner(a).truth() || inner(b).truth()),
        Term::Infix("<->", a, b) => Value::Truth(inner(a).truth() == inner(b).truth()),
        Term::Infix("\\/", a, b) => Value::Truth(inner(a).truth() || inner(b).truth()),
        Term::Infix("/\\", a, b) => Value::Truth(inner(a).truth() && inner(b).truth()),
        Term::Infix("::", a, b) => {
            let mut items = vec![inner(a).real()];
            match inner(b) {
                Value::List(rest) => items.extend(rest),
                _ => panic!("a list is needed"),
            }
            Value::List(items)
        }
        Term::Infix("^", x, n) => {
            let Term::Number(digits) = &**n else { panic!("an exponent: {n:?}") };
            Value::Real(inner(x).real().pow(digits.parse::<u32>().unwrap()))
        }
        Term::Infix(sign, a, b) => infix(sign, &inner(a), &inner(b)),
    }
}

fn infix(sign: &str, a: &Value, b: &Value) -> Value {
    if let (Value::Nat(a), Value::Nat(b)) = (a, b) {
        return Value::Truth(match sign {
            "=" => a == b,
            "<>" => a != b,
            "<=" => a <= b,
            "<" => a < b,
            _ => panic!("{sign} of naturals"),
        });
    }
    let (a, b) = (a.real(), b.real());
    match sign {
        "+" => Value::Real(a + b),
        "-" => Value::Real(a - b),
        "*" => Value::Real(a * b),
        "/" => Value::Real(a / b),
        "=" => Value::Truth(close(&a, &b)),
        "<>" => Value::Truth(!close(&a, &b)),
        "<=" => Value::Truth(a <= b || close(&a, &b)),
        "<" => Value::Truth(a < b && !close(&a, &b)),
        _ => panic!("{sign} of reals"),
    }
}

fn constant(name: &str) -> Value {
    match name {
        "ones" => Value::Vector(vec![real(1.0); WIDTH]),
        "zeros" => Value::Vector(vec![real(0.0); WIDTH]),
        "nil" => Value::List(vec![]),
        _ => panic!("{name} stands for nothing"),
    }
}

fn apply(head: &Term, arguments: &[Term], scope: &Scope) -> Value {
    let values = || arguments.iter().map(|argument| meaning(argument, scope, false)).collect::<Vec<_>>();
    let known = match head {
        Term::Name(name) if !scope.contains_key(name) => ARITIES.iter().find(|(known, _)| known == name),
        _ => None,
    };
    let (first, rest) = match known {
        Some((name, arity)) => {
            let values = values();
            assert!(values.len() >= *arity, "{name} takes {arity}");
            (function(name, &values[..*arity]), values[*arity..].to_vec())
        }
        None => (meaning(head, scope, false), values()),
    };
    rest.into_iter().fold(first, |f, argument| f.apply(argument))
}

const ARITIES: [(&str, usize); 46] = [
    ("INR", 1),
    ("e", 1),
    ("vlist", 1),
    ("others", 2),
    ("expect", 3),
    ("vexpect", 3),
    ("is_grad", 4),
    ("is_along", 4),
    ("vopp", 1),
    ("vadd", 2),
    ("vsub", 2),
    ("vscale", 2),
    ("vdiv", 2),
    ("vmul", 2),
    ("vquot", 2),
    ("dot", 3),
    ("Rabs", 1),
    ("vabs", 1),
    ("vnorm", 2),
    ("sqnorm", 2),
    ("sqrt", 1),
    ("vsqrt", 1),
    ("exp", 1),
    ("vexp", 1),
    ("ln", 1),
    ("vln", 1),
    ("xlogx", 1),
    ("vxlogx", 1),
    ("xlogy", 2),
    ("vxlogy", 2),
    ("vsum", 2),
    ("vmax", 2),
    ("vmin", 2),
    ("lse", 2),
    ("softmax", 2),
    ("lse_on", 3),
    ("softmax_on", 3),
    ("C", 2),
    ("H", 2),
    ("H2", 2),
    ("KL", 3),
    ("veq", 3),
    ("vle", 3),
    ("vlt", 3),
    ("distribution", 2),
    ("subset", 2),
];

fn xlogy(x: &Float, y: &Float) -> Float {
    if x.is_zero() { real(0.0) } else { y.clone().ln() * x }
}

fn function(name: &str, arguments: &[Value]) -> Value {
    let k = || arguments[0].nat() as usize;
    let x = |index: usize| arguments[index].real();
    let v = |index: usize| arguments[index].vector();
    let sum = |items: &mut dyn Iterator<Item = Float>| items.fold(real(0.0), |total, item| total + item);
    let total = |v: &[Float], k: usize| sum(&mut v[..k].iter().cloned());
    let dot = |u: &[Float], v: &[Float], k: usize| {
        sum(&mut u.iter().zip(v).take(k).map(|(x, y)| Float::with_val(BITS, x * y)))
    };
    let each = |f: &dyn Fn(Float) -> Float| Value::Vector(v(0).into_iter().map(f).collect());
    let both =
        |f: &dyn Fn(&Float, &Float) -> Float| Value::Vector(v(0).iter().zip(&v(1)).map(|(x, y)| f(x, y)).collect());
    let all =
        |test: &dyn Fn(&Float, &Float) -> bool| Value::Truth(v(1).iter().zip(&v(2)).take(k()).all(|(x, y)| test(x, y)));
    let exps = |z: &[Float]| z.iter().map(|z| z.clone().exp()).collect::<Vec<_>>();
    match name {
        "INR" => Value::Real(real(arguments[0].nat() as f64)),
        "e" => {
            let c = arguments[0].nat() as usize;
            Value::Vector((0..WIDTH).map(|index| real(f64::from(u8::from(index == c)))).collect())
        }
        "vlist" => {
            let Value::List(items) = &arguments[0] else { panic!("a list is needed") };
            Value::Vector((0..WIDTH).map(|index| items.get(index).cloned().unwrap_or_else(|| real(0.0))).collect())
        }
        "others" => {
            let mut v = v(0);
            v[arguments[1].nat() as usize] = real(0.0);
            Value::Vector(v)
        }
        "expect" => Value::Real(sum(&mut (0..k()).map(|a| arguments[2].apply(Value::Nat(a as u64)).real() * &v(1)[a]))),
        "vexpect" => {
            let weights = v(1);
            let values: Vec<Vec<Float>> = (0..k()).map(|a| arguments[2].apply(Value::Nat(a as u64)).vector()).collect();
            let one = |index: usize| {
                sum(&mut values.iter().zip(&weights).map(|(value, w)| Float::with_val(BITS, w * &value[index])))
            };
            Value::Vector((0..WIDTH).map(one).collect())
        }
        "is_grad" => {
            let (found, said) = (slopes(&arguments[1], &v(2), k()), v(3));
            Value::Truth(found.iter().zip(&said).take(k()).all(|(x, y)| close(x, y)))
        }
        "is_along" => Value::Truth(close(&slope(&arguments[0], &v(1), &v(2)), &x(3))),
        "vopp" => each(&|x| -x),
        "vadd" => both(&|x, y| Float::with_val(BITS, x + y)),
        "vsub" => both(&|x, y| Float::with_val(BITS, x - y)),
        "vmul" => both(&|x, y| Float::with_val(BITS, x * y)),
        "vquot" => both(&|x, y| Float::with_val(BITS, x / y)),
        "vscale" => Value::Vector(v(1).into_iter().map(|y| y * x(0)).collect()),
        "vdiv" => Value::Vector(v(0).into_iter().map(|y| y / x(1)).collect()),
        "dot" => Value::Real(dot(&v(1), &v(2), k())),
        "Rabs" => Value::Real(x(0).abs()),
        "sqrt" => Value::Real(x(0).sqrt()),
        "exp" => Value::Real(x(0).exp()),
        "ln" => Value::Real(x(0).ln()),
        "xlogx" => Value::Real(xlogy(&x(0), &x(0))),
        "xlogy" => Value::Real(xlogy(&x(0), &x(1))),
        "vabs" => each(&|x| x.abs()),
        "vsqrt" => each(&|x| x.sqrt()),
        "vexp" => each(&|x| x.exp()),
        "vln" => each(&|x| x.ln()),
        "vxlogx" => each(&|x| xlogy(&x, &x)),
        "vxlogy" => both(&xlogy),
        "sqnorm" | "C" => Value::Real(dot(&v(1), &v(1), k())),
        "vnorm" => Value::Real(dot(&v(1), &v(1), k()).sqrt()),
        "H2" => Value::Real(-dot(&v(1), &v(1), k()).ln()),
        "vsum" => Value::Real(total(&v(1), k())),
        "vmax" => Value::Real(v(1)[..k()].iter().cloned().reduce(|x, y| x.max(&y)).unwrap()),
        "vmin" => Value::Real(v(1)[..k()].iter().cloned().reduce(|x, y| x.min(&y)).unwrap()),
        "lse" => Value::Real(total(&exps(&v(1)), k()).ln()),
        "softmax" => {
            let weights = exps(&v(1));
            let total = total(&weights, k());
            Value::Vector(weights.into_iter().map(|w| w / &total).collect())
        }
        "H" => Value::Real(-sum(&mut v(1)[..k()].iter().map(|x| xlogy(x, x)))),
        "KL" => Value::Real(sum(&mut v(1).iter().zip(&v(2)).take(k()).map(|(p, q)| xlogy(p, p) - xlogy(p, q)))),
        "veq" => all(&close),
        "vle" => all(&|x, y| x <= y || close(x, y)),
        "vlt" => all(&|x, y| x < y && !close(x, y)),
        "distribution" => {
            let v = v(1);
            Value::Truth(v[..k()].iter().all(|x| !x.is_sign_negative()) && close(&total(&v, k()), &real(1.0)))
        }
        "subset" => Value::Truth(v(1)[..k()].iter().all(|x| x.is_zero() || *x == 1)),
        _ => panic!("{name} has no meaning here"),
    }
}

/// How far a point is moved for a difference, which is off by the square of it.
fn shift() -> Float {
    real(1.0) >> 90_u32
}

fn slope(f: &Value, z: &[Float], v: &[Float]) -> Float {
    let at = |sign: f64| {
        let moved = z.iter().zip(v).map(|(z, v)| Float::with_val(BITS, v * shift() * sign) + z);
        f.apply(Value::Vector(moved.collect())).real()
    };
    (at(1.0) - at(-1.0)) / (shift() * 2_u32)
}

fn slopes(f: &Value, z: &[Float], k: usize) -> Vec<Float> {
    let unit = |c: usize| (0..WIDTH).map(|index| real(f64::from(u8::from(index == c && c < k)))).collect::<Vec<_>>();
    (0..WIDTH).map(|c| if c < k { slope(f, z, &unit(c)) } else { real(0.0) }).collect()
}

/// What a name stands for of which a derivative is told: `is_grad K f z d`, or `forall z, ... (d z)`.
fn witness(told: &Term, name: &str, scope: &Scope) -> Value {
    if let Term::Forall(binders, told) = told {
        let [(point, _)] = binders.as_slice() else { panic!("{binders:?}") };
        let (point, told, name, scope) = (point.clone(), (**told).clone(), name.to_string(), scope.clone());
        return Value::Function(Rc::new(move |at| {
            let mut scope = scope.clone();
            scope.insert(point.clone(), at);
            witness(&told, &name, &scope)
        }));
    }
    if let Term::Let(defined, value, told) = told {
        let mut within = scope.clone();
        within.insert(defined.clone(), meaning(value, scope, false));
        return witness(told, name, &within);
    }
    let Term::Apply(head, arguments) = told else { panic!("{told:?}") };
    let values = |count: usize| arguments[..count].iter().map(|x| meaning(x, scope, false)).collect::<Vec<_>>();
    match &**head {
        Term::Name(is) if is == "is_grad" => {
            let [k, f, z] = &values(3)[..] else { panic!() };
            Value::Vector(slopes(f, &z.vector(), k.nat() as usize))
        }
        Term::Name(is) if is == "is_along" => {
            let [f, z, v] = &values(3)[..] else { panic!() };
            Value::Real(slope(f, &z.vector(), &v.vector()))
        }
        other => panic!("{other:?} tells of no derivative"),
    }
}
