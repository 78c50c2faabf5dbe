//! Deep nesting: every construct, nested as deeply as it is accepted, fits into a small stack, from the parser to the
//! destructor; and what is nested deeper, or is as large as a text can be, is turned down in time.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use logitlab::arith::exact::Exact;
use logitlab::arith::{Arithmetic, Fault};
use logitlab::claims;
use logitlab::expr::elaborate::{proposition, value};
use logitlab::expr::lexer::MAX_LENGTH;
use logitlab::expr::{Op, Problem, Statement, Tree, Type};
use num_rational::BigRational;

/// Half of what a thread of the standard library gets.
const STACK: usize = 1 << 20;

fn on_a_small_stack(f: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(STACK).spawn(f).expect("a thread starts").join().expect("the thread ends");
}

fn names() -> Statement {
    let text = "claim names given v : vector, z : logits, c : action, x : real show x = x";
    claims::parse(text).expect("the names are declared").statement
}

/// Opening, innermost and closing text of nestings; `#` is the level.
const NESTINGS: &[(&str, &str, &str)] = &[
    ("(", "x", ")"),
    ("|", "x", "|"),
    ("|x*", "x", "|"),
    ("<e[c]*", "x", ",v>"),
    ("<v,v*", "x", ">"),
    ("<v + v*", "x", ",v>"),
    ("sum(v*", "x", ")"),
    ("exp(", "x", ")"),
    ("-(", "x", ")"),
    ("x^2*(", "x", ")^2"),
    ("(", "x", ")^2"),
    ("x + (", "x", ")"),
    ("x/(", "x", ")"),
    ("[", "x", "][1]"),
    ("others(", "v", ", c)"),
    ("softmax(", "v", ")"),
    ("E[i# ~ v](", "x", ")"),
    ("E[i# ~ ", "v", "](v)"),
    ("D(", "x", ", z, v)"),
    ("D(x, z, v*", "x", ")"),
    ("sum(D(", "x", ", z))"),
    ("", "x", " + x"),
    ("", "v", "*x"),
    ("", "v", "*x/x"),
    ("x*", "v", ""),
    ("", "e[c]", "*x.*v"),
];

fn nest((open, inner, close): (&str, &str, &str), levels: usize) -> String {
    let mut text = String::new();
    for level in 0..levels {
        text.push_str(&open.replace('#', &level.to_string()));
    }
    text.push_str(inner);
    text.push_str(&close.repeat(levels));
    text
}

/// Uses a tree in every way that walks it.
fn walk(text: &str, tree: Tree) {
    let printed = tree.to_string();
    let again = value(&printed, &names()).unwrap_or_else(|error| panic!("{error}: {text}\n{printed}"));
    assert_eq!(again, tree, "{text}");
    let state = RandomState::new();
    assert_eq!(state.hash_one(&again), state.hash_one(&tree));
    assert!(!format!("{tree:?}").is_empty());
    let doubled = tree.rewrite(&mut |part| (part == &Tree::variable("x", Type::Real)).then(|| Tree::integer(2)));
    assert!(doubled.is_ok(), "{text}");
    let mut nodes = 0;
    tree.visit(&mut |_| nodes += 1);
    assert!(nodes >= tree.depth() && !tree.any(&|_| false));
}

#[test]
fn the_deepest_nestings_fit_into_a_small_stack() {
    on_a_small_stack(|| {
        let mut deepest = HashMap::new();
        for nesting in NESTINGS {
            let accepted = (1..300).map_while(|levels| {
                let text = nest(*nesting, levels);
                value(&text, &names()).ok().map(|tree| (text, tree))
            });
            let (levels, (text, tree)) = accepted.enumerate().last().expect("one level is accepted");
            walk(&text, tree);
            deepest.insert(nesting, levels + 1);
            for levels in [levels + 2, 1000, 10_000] {
                let error = value(&nest(*nesting, levels), &names()).unwrap_err();
                assert!(matches!(error.problem, Problem::TooDeep | Problem::TooManyBrackets { .. }), "{error}: {text}");
            }
        }
        assert!(deepest.values().all(|levels| *levels >= 50), "{deepest:#?}");
    });
}

#[test]
fn the_deepest_propositions_fit_into_a_small_stack() {
    on_a_small_stack(|| {
        for (open, close) in [("(", ")"), ("x = 1 => (", ")"), ("(", ") <=> x = 1"), ("x = 1 and (x = 2 => ", ")")] {
            let nested = |levels: usize| format!("{}x = 1{}", open.repeat(levels), close.repeat(levels));
            let accepted = (1..300).map_while(|levels| proposition(&nested(levels), &names()).ok());
            let prop = accepted.last().expect("one level is accepted");
            let printed = prop.to_string();
            assert_eq!(proposition(&printed, &names()).expect("it parses back"), prop);
            assert!(!prop.trees().is_empty() && !format!("{prop:?}").is_empty());
            assert_eq!(prop.clone(), prop);
            assert!(proposition(&nested(10_000), &names()).is_err());
        }
    });
}

/// What is never accepted does not overflow on the way to its error either.
#[test]
fn rejected_nestings_fit_into_a_small_stack() {
    on_a_small_stack(|| {
        for (open, inner, close) in [
            ("v[", "c", "]"),
            ("- ", "x", ""),
            ("", "x", "^2"),
            ("x => ", "x", ""),
            ("(", "", ""),
            ("|", "", ""),
            ("x^", "2", ""),
        ] {
            for levels in [2, 250, 257, 10_000] {
                assert!(value(&nest((open, inner, close), levels), &names()).is_err(), "{open}");
            }
        }
    });
}

/// Texts as long as a text can be, each of them bad in its own way. Their time is not measured, but it would show:
/// anything that grows with the square of the length takes minutes here.
#[test]
fn long_texts_are_turned_down_or_read_in_time() {
    const LENGTH: usize = MAX_LENGTH - 1000;
    let fill = |unit: &str| unit.repeat(LENGTH / unit.len());
    let declared: String = (0..250).map(|k| format!(", a{k} : real")).collect();
    let products = format!("({}x) + ", "x*".repeat(120));
    for text in [
        fill("("),
        fill("a"),
        fill("9"),
        fill("\""),
        fill("# \n"),
        fill("x + "),
        format!("sum([{}x])", fill("x, ")),
        format!("sum([{}x])", fill(&format!("{}x, ", "x*".repeat(100)))),
        format!("max({}x)", fill("x, ")),
        format!("sum([{}x])", fill(&format!("{}, ", "(".repeat(100) + "x" + &")".repeat(100)))),
        format!("{}x", products.repeat(100)),
        format!("sum([{}x])", fill("a249*a248, ")),
        format!("{}x", fill("x = x and ")),
        format!("[{}1]", fill(&format!("0.{}1, ", "0".repeat(900)))),
    ] {
        let _ = claims::parse(&format!("claim y given x : real{declared} show {text} = 1"));
    }
    let lets: String = (0..20_000).map(|k| format!(" let d{k} = 1")).collect();
    let given: String = (0..20_000).map(|k| format!(", d{k} : real")).collect();
    let late: String = (0..250).map(|k| format!(" let d{k} = 1")).collect();
    for text in [lets, format!("given x : real{given}"), format!("show {}1 = 1{late}", "1 = 1 and ".repeat(20_000))] {
        assert!(text.len() < MAX_LENGTH + 200_000);
        let _ = claims::parse(&format!("claim y {text} show 1 = 1"));
    }
    let error = claims::parse(&" ".repeat(10 << 20)).unwrap_err();
    assert!(matches!(error.problem, Problem::TooLong { .. }));
}

/// Powers of powers are numbers of millions of digits: they are not computed on the way to where they end.
#[test]
fn powers_of_powers_are_not_computed() {
    let system = Exact::<rug::Rational>::new();
    let half = |n: i64| system.rational(&BigRational::new(n.into(), 2.into()));
    let power = |x, n| system.power(&x, n);
    let long = power(power(power(half(3), 64).unwrap(), 64).unwrap(), 64).expect("some 680 000 bits");
    assert!(matches!(power(long, 2), Err(Fault::Unrepresentable(_))));
}

/// Trees that no text was parsed to, as deep as a tree can be.
#[test]
fn the_deepest_trees_parse_back() {
    on_a_small_stack(|| {
        let x = || Tree::variable("x", Type::Real);
        let mut right = x();
        while let Ok(deeper) = Tree::apply(Op::Sub, [x(), right.clone()]) {
            right = deeper;
        }
        walk("x - (x - ...", right);
    });
}
