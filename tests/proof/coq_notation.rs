//! What is printed for Coq says what the statement says: random statements, with names that mean something in Coq, are
//! printed, read back by a reader that knows the notation of Coq alone, and both are computed on random values.

use std::collections::HashMap;
use std::path::PathBuf;

use crate::support;
use crate::support::coq::{self, BITS, Scope, Term, WIDTH, close, meaning};
use crate::support::statements::{Choices, Kinds, NAMES, bytes};
use logitlab::arith::interval::Intervals;
use logitlab::arith::{Arithmetic, Truth, Vector};
use logitlab::claims::parse;
use logitlab::coq::Compiler;
use logitlab::coq::names::identifier;
use logitlab::coq::statement::{Logits, Unsupported, parts};
use logitlab::eval::{Evaluator, Value};
use logitlab::expr::{Name, Node, Op, Prop, Relation, Sort, Statement, Tree, Type};
use logitlab::policy::random::Rng;
use num_rational::BigRational;
use rug::Float;

const KINDS: Kinds = Kinds { formats: false, derivatives: true, numbered: true };

/// A statement of which Coq can say everything.
fn random(index: u64) -> Statement {
    let depth = 1 + (index % 3) as usize;
    Choices::whole(&bytes(index), KINDS, depth)
}

fn printed(statement: &Statement) -> Result<String, Unsupported> {
    parts(statement, Logits::Real).map(|parts| parts.proposition())
}

/// Values for the names of a statement, as it is and as the reader has them.
struct Values {
    k: usize,
    actions: Vec<(Name, usize)>,
    numbers: Vec<(Name, Vec<BigRational>)>,
}

fn ratio(n: i64, d: i64) -> BigRational {
    BigRational::new(n.into(), d.into())
}

impl Values {
    fn random(statement: &Statement, rng: &mut Rng) -> Values {
        let k = 1 + rng.index(4);
        let (mut actions, mut numbers) = (vec![], vec![]);
        for (name, sort) in &statement.variables {
            let mut number = || ratio(rng.below(17) as i64 - 4, 1 + rng.below(7) as i64);
            let values = match sort {
                Sort::Action => {
                    actions.push((name.clone(), rng.index(k)));
                    continue;
                }
                Sort::Real => vec![number()],
                Sort::Distribution => {
                    let weights: Vec<i64> = (0..k).map(|_| 1 + rng.below(5) as i64).collect();
                    let total = weights.iter().sum();
                    weights.into_iter().map(|weight| ratio(weight, total)).collect()
                }
                Sort::Subset => (0..k).map(|_| ratio(rng.below(2) as i64, 1)).collect(),
                _ => (0..k).map(|_| number()).collect(),
            };
            numbers.push((name.clone(), values));
        }
        Values { k, actions, numbers }
    }

    fn scope(&self, statement: &Statement) -> Scope {
        let float = |x: &BigRational| {
            let part = |n: &num_bigint::BigInt| Float::with_val(BITS, Float::parse(n.to_string()).unwrap());
            part(x.numer()) / part(x.denom())
        };
        let mut scope = Scope::from([("K".to_string(), coq::Value::Nat(self.k as u64))]);
        for (name, index) in &self.actions {
            scope.insert(identifier(name), coq::Value::Nat(*index as u64));
        }
        for (name, values) in &self.numbers {
            let value = if statement.sort(name) == Some(Sort::Real) {
                coq::Value::Real(float(&values[0]))
            } else {
                let mut vector: Vec<Float> = values.iter().map(float).collect();
                // What stands beyond K counts for nothing.
                vector.resize(WIDTH, Float::with_val(BITS, 7));
                coq::Value::Vector(vector)
            };
            scope.insert(identifier(name), value);
        }
        scope
    }
}

/// The truth of propositions by the evaluator of the language; `None` where something has no value.
struct Judge<'a> {
    system: &'a Intervals,
    evaluator: Evaluator<'a, Intervals>,
    k: usize,
}

impl Judge<'_> {
    fn coordinates(&mut self, tree: &Tree) -> Option<Vec<Float>> {
        let intervals = match tree.ty() {
            Type::Real => vec![self.evaluator.real(tree).ok()?],
            Type::Vector => {
                let vector = self.evaluator.vector(tree).ok()?;
                (0..self.k).map(|index| vector.at(self.system, index).ok()).collect::<Option<_>>()?
            }
        };
        let point = |interval: logitlab::arith::interval::Interval| {
            let (low, high) = (interval.lo(), interval.hi());
            (low.is_finite() && close(low, high)).then(|| Float::with_val(BITS, low))
        };
        intervals.into_iter().map(point).collect()
    }

    fn truth(&mut self, prop: &Prop) -> Option<bool> {
        Some(match prop {
            Prop::Compare(relation, left, right) => {
                let (left, right) = (self.coordinates(left)?, self.coordinates(right)?);
                let all = |test: fn(&Float, &Float) -> bool| left.iter().zip(&right).all(|(x, y)| test(x, y));
                match relation {
                    Relation::Equal => all(close),
                    Relation::NotEqual => !all(close),
                    Relation::LessEqual => all(|x, y| x <= y || close(x, y)),
                    Relation::Less => all(|x, y| x < y && !close(x, y)),
                    Relation::GreaterEqual => all(|x, y| x >= y || close(x, y)),
                    Relation::Greater => all(|x, y| x > y && !close(x, y)),
                }
            }
            Prop::SameAction(..) => self.evaluator.holds(prop).ok()? == Truth::True,
            Prop::And(parts) => {
                let truths = parts.iter().map(|part| self.truth(part)).collect::<Option<Vec<_>>>()?;
                truths.into_iter().all(|truth| truth)
            }
            Prop::Or(parts) => {
                let truths = parts.iter().map(|part| self.truth(part)).collect::<Option<Vec<_>>>()?;
                truths.into_iter().any(|truth| truth)
            }
            Prop::Implies(a, b) => {
                let (a, b) = (self.truth(a)?, self.truth(b)?);
                !a || b
            }
            Prop::Iff(a, b) => self.truth(a)? == self.truth(b)?,
        })
    }
}

/// The truth values of the hypotheses and of what is to be shown, where all of them have one.
fn truths(statement: &Statement, values: &Values) -> Option<(Vec<bool>, Vec<bool>)> {
    let system = Intervals::new(BITS);
    let mut evaluator = Evaluator::new(&system, values.k, &statement.definitions);
    for (name, index) in &values.actions {
        evaluator.choose(name, *index);
    }
    for (name, numbers) in &values.numbers {
        let mut numbers = numbers.iter().map(|x| system.rational(x));
        let value = if statement.sort(name) == Some(Sort::Real) {
            Value::Real(numbers.next().expect("one"))
        } else {
            Value::Vector(Vector::dense(&system, numbers.collect()))
        };
        evaluator.assign(name, value);
    }
    let mut judge = Judge { system: &system, evaluator, k: values.k };
    let mut all = |props: &[Prop]| props.iter().map(|prop| judge.truth(prop)).collect::<Option<Vec<bool>>>();
    Some((all(&statement.hypotheses)?, all(&statement.shows)?))
}

/// Compares the printed statement with the statement at some values. Whether something could be compared.
fn compare(statement: &Statement, rng: &mut Rng) -> bool {
    let Ok(parts) = parts(statement, Logits::Real) else { return false };
    let values = Values::random(statement, rng);
    let Some((given, shown)) = truths(statement, &values) else { return false };
    let scope = values.scope(statement);
    let text = parts.proposition();
    let Term::Forall(binders, body) = coq::read(&text) else { panic!("{text}") };
    let names = statement.variables.iter().map(|(name, _)| identifier(name));
    let expected: Vec<String> = ["K".to_string()].into_iter().chain(names).collect();
    assert_eq!(binders.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(), expected);
    // Each part by itself, then what they are put together to.
    let mut inner = scope.clone();
    for (name, value) in &parts.lets {
        let value = meaning(&coq::read(value), &inner, false);
        inner.insert(name.clone(), value);
    }
    for (props, truths) in [(&parts.given, &given), (&parts.shows, &shown)] {
        for (prop, truth) in props.iter().zip(truths) {
            assert_eq!(meaning(&coq::read(prop), &inner, false).truth(), *truth, "{prop} in\n{statement}\n{text}");
        }
    }
    let whole = !given.iter().all(|truth| *truth) || shown.iter().all(|truth| *truth);
    assert_eq!(meaning(&body, &scope, false).truth(), whole, "{statement}\n{text}");
    true
}

#[test]
fn a_printed_statement_says_what_the_statement_says() {
    let mut rng = Rng::new(3, 0);
    let compared = (0..).filter(|index| {
        assert!(*index < 6000, "too few statements have values");
        let statement = random(*index);
        (0..3).filter(|_| compare(&statement, &mut rng)).count() > 0
    });
    assert_eq!(compared.take(1000).count(), 1000);
}

/// Statements that were printed as others once, and their like.
#[test]
fn statements_that_are_easily_misprinted() {
    let mut rng = Rng::new(4, 0);
    for text in [
        "given x : real, y : real given x > 0 => y > 0 show y > 0",
        "given x : real, y : real given x > 0 <=> y > 0 show y > 0",
        "given x : real, y : real given (x > 0 => y > 0) => x > 1 show y > x",
        "given x : real, y : real given x > 0 and (y > 0 => x > 1), y > 0 show y > x",
        "given x : real, y : real show x > 0 => (y > 0 => x > y), (x > y => y > 0) => x > 0",
        "given x : real, y : real show (x > 0 => y > 0) and x > y, x < y and y < 0",
        "given q : distribution, c : action, s : real, t : real given q[c] = 0 => 0 <= s given s < t, t <= 1 show s = t",
        "given z : vector, v : vector given v = D(sum(exp(z)), z) show v = 0",
        "given z : vector, v : vector given D(sum(exp(z)), z) = v, sum(v) = 0 show v = 0",
        "given z : vector, v : vector, d0 : real show D(sum(exp(z)), z, v) + 0 = d0",
        "given z : vector, d0 : vector, d1 : vector show D(sum(exp(z)), z) + D(C(z), z) = d0 + d1",
        "given z : vector, d0 : vector show D(sum(exp(z)), z) + 0 != d0 => d0 = 0",
        "given S : vector, S_ : vector, S__ : vector show S = S_, S_ != S__",
        "given z : vector, v : vector show D(D(sum(exp(z)), z, v)*1 + 0, z) = v",
        "given z : vector, v : vector let P = softmax(z) show D(H(P), z, v) = 0, D(C(P), z) = v",
        "given z : vector, v : vector let P = softmax(z), w = P - v, n = C(w) show D(n, z, w) = n, D(n, z) = 2*w",
        "given z : vector, v : vector let w = 2*z show D(D(C(z), z, w), z, v) = 4*<z,v>",
        "given z : vector, v : vector let w = 2*z show D(D(C(z), z, w), z, v) = 8*<z,v>",
        "given K_ : real, INR : real, fun : real, forall : real show (K_ + INR)*K = fun - forall",
        "given vsum : vector, dot : vector show sum(vsum) = <dot,vsum>",
        "given P : distribution, c : action show E[e_c ~ P](P[e_c]) = C(P)",
        "given P : distribution, c : action show E[d0 ~ P](E[d1 ~ P](P[d0]*P[d1]*P[c])) = C(P)*P[c]",
        "given x : real, y : real show -x^2 = -(x^2), x - (y - 1) = x - y - 1, x/y/2 = x/(y*2), 0.25*x = x/4",
        "given x : real given K >= 2, K != 3 show x < K",
    ] {
        let statement = parse(&format!("claim x {text}")).unwrap_or_else(|error| panic!("{error}: {text}")).statement;
        let compared = (0..20).filter(|_| compare(&statement, &mut rng)).count();
        assert!(compared > 0, "{text}: {:?}", printed(&statement));
    }
}

#[test]
fn what_cannot_be_said_is_not_printed() {
    for text in [
        // The derivative is another one for every bound action.
        "given P : distribution, z : vector show E[a ~ P](D(z[a]^2, z)[a] + 0) = 1",
        // It would have to be a function of two vectors.
        "given y : vector, z : vector, v : vector show D(D(<y,z>, z, v), y) = v",
        // That it exists everywhere is more than is given.
        "given z : vector, v : vector given D(D(sum(exp(z)), z, v), z, v) = 1 show sum(v) = 1",
        "given z : vector let g = D(sum(exp(z)), z) show g = 1",
    ] {
        let statement = parse(&format!("claim x {text}")).unwrap_or_else(|error| panic!("{error}: {text}")).statement;
        assert_eq!(printed(&statement), Err(Unsupported::Derivative), "{text}");
    }
}

/// The statement with what is printed in one way written in one way.
fn canonical(statement: &Statement) -> Statement {
    let decimals = |tree: &Tree| match tree.node() {
        Node::Number(value) if !value.is_integer() => {
            let (digits, scale) = decimal(value);
            let number = |n| Tree::new(Node::Number(BigRational::from_integer(n))).expect("a leaf");
            Some(Tree::apply(Op::Div, [number(digits), number(scale)]).expect("reals"))
        }
        _ => None,
    };
    let tree = |tree: &Tree| tree.rewrite(&mut |part| decimals(part)).expect("not much deeper");
    fn prop(of: &Prop, tree: &dyn Fn(&Tree) -> Tree) -> Prop {
        let boxed = |of: &Prop| Box::new(prop(of, tree));
        match of {
            Prop::Compare(Relation::GreaterEqual, a, b) if !counts(a, b) => {
                Prop::Compare(Relation::LessEqual, tree(b), tree(a))
            }
            Prop::Compare(Relation::Greater, a, b) if !counts(a, b) => Prop::Compare(Relation::Less, tree(b), tree(a)),
            Prop::Compare(relation, a, b) => Prop::Compare(*relation, tree(a), tree(b)),
            Prop::And(parts) => Prop::And(parts.iter().map(|part| prop(part, tree)).collect()),
            Prop::Or(parts) => Prop::Or(parts.iter().map(|part| prop(part, tree)).collect()),
            Prop::Implies(a, b) => Prop::Implies(boxed(a), boxed(b)),
            Prop::Iff(a, b) => Prop::Iff(boxed(a), boxed(b)),
            same => same.clone(),
        }
    }
    fn counts(a: &Tree, b: &Tree) -> bool {
        matches!(a.node(), Node::Size) && matches!(b.node(), Node::Number(n) if n.is_integer())
    }
    let all = |props: &[Prop]| props.iter().map(|of| prop(of, &tree)).collect();
    let real = |sort: Sort| if matches!(sort, Sort::Logits | Sort::Masked) { Sort::Vector } else { sort };
    Statement {
        variables: statement.variables.iter().map(|(name, sort)| (name.clone(), real(*sort))).collect(),
        hypotheses: all(&statement.hypotheses),
        definitions: statement.definitions.iter().map(|(name, body)| (name.clone(), tree(body))).collect(),
        shows: all(&statement.shows),
        ..Statement::default()
    }
}

/// Digits and power of ten of a decimal.
fn decimal(value: &BigRational) -> (num_bigint::BigInt, num_bigint::BigInt) {
    let mut scale = num_bigint::BigInt::from(1);
    while !(value * BigRational::from_integer(scale.clone())).is_integer() {
        scale *= 10;
    }
    ((value * BigRational::from_integer(scale.clone())).to_integer(), scale)
}

#[test]
fn two_statements_are_not_printed_alike() {
    let mut seen: HashMap<String, Statement> = HashMap::new();
    let mut rng = Rng::new(5, 0);
    for index in 0..1000 {
        // A statement, and others that differ from it by one choice.
        let own = bytes(index);
        let depth = 1 + (index % 3) as usize;
        let mut near = vec![own.clone()];
        for _ in 0..8 {
            let mut other = own.clone();
            let at = rng.index(other.len());
            other[at] = other[at].wrapping_add(1 + rng.below(4) as u8);
            near.push(other);
        }
        for bytes in near {
            let statement = Choices::whole(&bytes, KINDS, depth);
            let Ok(text) = printed(&statement) else { continue };
            let statement = canonical(&statement);
            if let Some(before) = seen.insert(text.clone(), statement.clone()) {
                assert_eq!(before, statement, "{text}");
            }
        }
    }
    assert!(seen.len() > 2000, "{}", seen.len());
}

/// Coq reads all of it, whatever the names are.
#[test]
fn coq_reads_what_is_printed() {
    let Some(coqc) = support::tool("coqc", "coq_reads_what_is_printed") else { return };
    let cache = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("logitlab/coq");
    let compiler = Compiler::new(coqc, cache).expect("a complete Coq");
    let mut text = String::from("From Logitlab Require Import Definitions.\n");
    let mut written = 0;
    for index in 0.. {
        let statement = random(index);
        let small = statement.to_string().len() < 400;
        let Ok(proposition) = printed(&statement) else { continue };
        if small {
            text += &format!("\n(* {index} *)\nGoal {proposition}.\nAbort.\n");
            written += 1;
        }
        if written == 60 {
            break;
        }
    }
    for name in NAMES {
        let declared = parse(&format!("claim x given {name} : real show {name} = {name}*K")).expect(name).statement;
        text += &format!("Goal {}.\nAbort.\n", printed(&declared).unwrap());
    }
    compiler.compile("Printed", &text).unwrap_or_else(|error| panic!("{error}"));
}
