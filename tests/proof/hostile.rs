//! Scripts that would take forever, fill memory or overflow: each is decided in a moment, by a reason.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use logitlab::claims::parse;
use logitlab::expr::degree::of_equality;
use logitlab::proof::{Library, Reason};

use crate::instances::Dice;

/// Far more than any script here takes, on a machine with other things to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// The verdict on a claim: proved, or why not. A text that is not read is told by its error.
fn verdict(text: &str) -> Result<(), String> {
    let start = Instant::now();
    let verdict = match parse(text) {
        Err(error) => Err(error.to_string()),
        Ok(claim) => {
            claim.statement.shows.iter().for_each(|show| drop(of_equality(show, &claim.statement)));
            let library = Library::new(logitlab::claims::claims().iter().map(|claim| claim.entry()));
            let script = claim.proof.as_ref().expect("it has a proof");
            let proved = library.prove_script(&claim.id, &claim.statement, script);
            if let Err(rejection) = &proved {
                // What is long is told in short.
                let told = rejection.reason.to_string();
                assert!(!matches!(rejection.reason, Reason::TooLarge { .. }) || told.len() < 500, "{told}");
            }
            proved.map(|_| ()).map_err(|rejection| rejection.reason.to_string())
        }
    };
    let shown: String = text.chars().take(2_000).collect();
    assert!(start.elapsed() < PATIENCE, "{:?} for {shown}", start.elapsed());
    verdict
}

/// `f` around `f` around ... `core`
fn nested(depth: usize, core: &str, f: &dyn Fn(&str) -> String) -> String {
    (0..depth).fold(core.to_string(), |inside, _| f(&inside))
}

/// A claim with a proof in one step.
fn step(given: &str, left: &str, relation: &str, right: &str, rules: &str) -> String {
    format!("claim a given {given} show {left} {relation} {right} proof {left} {relation} {right} by {rules} qed")
}

/// The signs of an expression are found by looking at each part once, however deep it is.
#[test]
fn side_conditions_take_no_longer_than_their_expressions_are_long() {
    for depth in [12, 100, 120] {
        for (core, f) in [
            ("x^2", "sqrt(@ + 1)"),
            ("x", "exp(@ - 1)"),
            ("x^2", "sqrt(@)*2"),
            ("x^2 + 1", "1/(@ + 1)"),
            ("x^2", "|@ + 1|"),
            ("<v,v>", "E[a@ ~ P](@ + 1)"),
            ("exp(x)", "sum(exp((@)*v))"),
        ] {
            let level = std::cell::Cell::new(0);
            let around = |inside: &str| {
                level.set(level.get() + 1);
                f.replace("a@", &format!("a{}", level.get())).replace('@', inside)
            };
            // Two levels for each, and more for some: what is too deep to be read is made less so.
            let deep = nested(if f.len() > 12 { depth / 2 } else { depth }, core, &around);
            let text = step("x : real, v : vector, P : distribution", "0", "<=", &deep, "order");
            assert_eq!(verdict(&text), Ok(()), "{f} {depth}");
        }
    }
}

/// Each is refused with a reason, or proved.
#[test]
fn what_is_too_large_is_said_to_be() {
    let power = |base: &str| format!("({base})^64");
    let sum = |n: usize, term: &dyn Fn(usize) -> String| {
        let mut terms: Vec<String> = (1..=n).map(term).collect();
        while terms.len() > 1 {
            terms = terms.chunks(2).map(|pair| format!("({})", pair.join(" + "))).collect();
        }
        terms.remove(0)
    };
    let reals = "x : real, y : real, k : real, h : real, v : vector, c : action, 0 < v[c], 1 < x";
    let digits = "7".repeat(999);
    let vectors = sum(2_000, &|n| format!("{n}*v"));
    let mixed = sum(3_000, &|n| format!("x^{}*v", n % 60 + 1));
    let primes = sum(6_000, &|n| format!("1/{}", 2 * n + 100_001));
    let squares = sum(1_500, &|n| format!("sqrt(x^2 + {n})"));
    let sides: Vec<(String, &str, &str)> = vec![
        (nested(6, "1/v[c]", &power), "1", "ring, order"),
        (nested(6, "x", &power), "x", "ring, order"),
        (nested(7, "2", &power), "x", "ring, order"),
        (power("x + y + k + h"), "x", "ring, order"),
        (nested(30, "x + y + k + h", &|inside| format!("({inside})*(x + y + k + h)")), "0", "ring, order"),
        (nested(60, "x", &|inside| format!("1/({inside} + 1/x)")), "x", "ring, order"),
        (nested(60, "x", &|inside| format!("1/(({inside})^2 + y^2 + 1)")), "x", "ring, order"),
        (nested(7, &digits, &|inside| format!("({inside})*({inside})")), "x", "ring, order"),
        (nested(6, &format!("0.{}", &digits[1..]), &power), "x", "ring, order"),
        (primes, "x", "ring, order"),
        (squares, "x", "ring, order"),
        (format!("<{vectors},{vectors}>"), "<v,v>", "inner.bilinear, order"),
        (format!("<{mixed},{mixed}>"), "<v,v>", "inner.bilinear, order"),
        (format!("sum({mixed})"), "sum(v)", "sum.linear, order"),
        (format!("({mixed})[c]"), "v[c]", "entry.linear, order"),
        (format!("E[a ~ v](({mixed})[a])"), "v[c]", "expect.linear, order, expect.entry"),
        (nested(200, "v[c]", &|inside| format!("log({inside})")), "x", "order, log.exp, ring"),
        (nested(100, "x", &|inside| format!("|{inside}*y|")), "x", "abs.product, abs.sign, ring"),
    ];
    let mut reasons = String::new();
    for (left, right, rules) in &sides {
        let reason = verdict(&step(reals, left, "=", right, rules)).unwrap_err();
        let start: String = left.chars().take(40).collect();
        let reason: String = reason.chars().take(120).collect();
        writeln!(reasons, "{start}: {reason}").expect("a string takes all");
        // Only the time counts here: some of these hold.
        for relation in ["<=", "<"] {
            let _ = verdict(&step(reals, right, relation, left, rules));
        }
    }
    insta::assert_snapshot!("too_large", reasons);
}

/// Long scripts take time in proportion to their length, or are refused.
#[test]
fn long_scripts_are_checked_step_by_step() {
    let lemmas: String = (0..400).map(|n| format!("lemma l{n} : 0 <= {n}*x^2 by order\n")).collect();
    let text = format!("claim a given x : real show 0 <= x^2 proof {lemmas} 0 <= x^2 by order qed");
    assert_eq!(verdict(&text), Ok(()));
    let given: String = (0..6_000).map(|n| format!(", x < {n}")).collect();
    let text = format!("claim a given x : real{given} show x < 1 proof x < 1 by hypothesis qed");
    assert_eq!(verdict(&text), Ok(()));
    let choices: String = (0..400).map(|n| format!("choose c{n} : v[c{n}] = max(v)\n")).collect();
    let text = format!("claim a given v : vector show 0 <= <v,v> proof {choices} 0 <= <v,v> by order qed");
    assert!(verdict(&text).unwrap_err().contains("more than 256 names"));
    let lets: String = (1..9)
        .map(|n| format!("let d{n} = {} ", nested(60, &format!("d{}", n - 1), &|inside| format!("sqrt({inside} + 1)"))))
        .collect();
    let text = format!("claim a given x : real let d0 = x^2 {lets} show 0 <= d8 proof 0 <= d8 by order qed");
    assert_eq!(verdict(&text), Ok(()));
}

/// Pieces that scripts are damaged with.
const PIECES: &[&str] = &[
    "(x + y + 1)^64",
    "^64",
    "1/",
    "sqrt(",
    "exp(",
    "log(",
    "E[i ~ P](",
    "E[c ~ P](",
    "D(",
    ", z)",
    ")",
    "(",
    "|",
    "<",
    ">",
    "=",
    "<=",
    "0",
    "1",
    "K",
    "P",
    "v",
    "z",
    "x",
    "c",
    "i",
    "[c]",
    "[i]",
    "[1]",
    "[99999999999]",
    "e[c]",
    "others(v, c)",
    "+",
    "-",
    "*",
    ".*",
    ",",
    "by",
    "ring",
    "order",
    "vector",
    "hypothesis",
    "definition",
    "shown",
    "expect.linear",
    "gradient.sum",
    "inner.bilinear",
    "choose i : v[i] = max(v)",
    "case",
    "assume",
    "lemma l :",
    "show",
    "proof",
    "qed",
    "and",
    "=>",
    "<=>",
    "123456789012345678901234567890",
    "0.000000000000000000000000000001",
    "let",
    "given",
    "K >= 2",
    "softmax(",
    "lse(",
    "H(",
    "max(",
    "sum(",
    "abs(",
    "xlogx(",
    "KL(P, P)",
    "a = b",
    "a != b",
];

/// What a token can be exchanged for without breaking the grammar at once.
fn class(token: &str) -> usize {
    match token.chars().next().expect("tokens are not empty") {
        _ if logitlab::proof::check::names().any(|name| name == token) => 0,
        c if c.is_ascii_digit() => 1,
        c if c.is_alphabetic() && token.len() == 1 => 2,
        '=' | '<' | '>' if token.len() == 2 || token == "=" => 3,
        '+' | '-' | '*' | '/' | '.' => 4,
        _ => 5,
    }
}

/// A text with some of its tokens replaced, repeated, dropped, exchanged, or wrapped.
fn damaged(words: &[&str], dice: &mut Dice) -> String {
    let mut words: Vec<String> = words.iter().map(|word| (*word).to_string()).collect();
    for _ in 0..1 + dice.below(3) {
        let (at, other) = (dice.below(words.len()), dice.below(words.len()));
        let wild = PIECES[dice.below(PIECES.len())].to_string();
        let alike = |words: &[String], text: &str| class(&words[at]) == class(text) && class(text) < 5;
        match dice.below(16) {
            0 => words[at] = wild,
            1 => words.insert(at, wild),
            2 if words.len() > 2 => drop(words.remove(at)),
            3 => words.swap(at, other),
            4 => {
                let (from, to) = (at.min(other), at.max(other));
                let part = words[from..to.min(from + 40)].to_vec();
                words.splice(to..to, part);
            }
            5..8 if class(&words[at]) == 2
                && words.get(at + 1).is_some_and(|next| !"[(~:]".contains(next.as_str())) =>
            {
                let around = ["(@ + 1)", "(@ + @)", "(@^64 + 1)", "1*@", "(@ - @)", "(@)", "(@ + 0)", "(@/2)"];
                let around = around[dice.below(around.len())];
                words[at] = nested(1 + dice.below(8), &words[at], &|inside| around.replace('@', inside));
            }
            8..11 if alike(&words, &wild) => words[at] = wild,
            _ => {
                let place = (0..words.len()).map(|n| (n + other) % words.len()).find(|n| alike(&words, &words[*n]));
                if let Some(place) = place {
                    words[at] = words[place].clone();
                }
            }
        }
    }
    words.join(" ")
}

/// The tokens of a text with its ends of lines, names of rules in one piece.
fn tokens(text: &str) -> Vec<&str> {
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '\'');
    let mut rest = text;
    let mut all = Vec::new();
    while let Some(first) = rest.chars().next() {
        let joins = |(at, c): (usize, char)| matches!(c, '.' | '-') && rest[at + 1..].starts_with(word) || word(c);
        let length = match first {
            '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            '#' => rest.find('\n').unwrap_or(rest.len()),
            c if word(c) => rest.char_indices().find(|item| !joins(*item)).map_or(rest.len(), |(at, _)| at),
            '<' | '>' | '=' | '!' | '.' => rest.find(|c| !"<>=!.*".contains(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let token = &rest[..length];
        if token == "\n" || !token.trim().is_empty() && first != '#' {
            all.push(token);
        }
        rest = &rest[length..];
    }
    all
}

/// Damaged proofs are accepted or refused, never anything else.
#[test]
fn damaged_scripts_are_decided() {
    let runs = std::env::var("LOGITLAB_DAMAGED").ok().and_then(|n| n.parse().ok()).unwrap_or(1_500);
    let mut texts = Vec::new();
    for folder in ["paper", "consequences", "exp"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("proofs").join(folder);
        let mut files: Vec<_> = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        texts.extend(files.into_iter().map(|file| std::fs::read_to_string(file).unwrap()));
    }
    texts.retain(|text| text.contains("qed") && text.len() < 6_000);
    assert!(texts.len() > 10);
    let dice = &mut Dice::new(20_261_130);
    let (mut proved, mut refused) = (0, 0);
    for _ in 0..runs {
        let text = &texts[dice.below(texts.len())];
        let text = damaged(&tokens(text), dice);
        if parse(&text).is_ok_and(|claim| claim.proof.is_some()) {
            match verdict(&text) {
                Ok(()) => proved += 1,
                Err(_) => refused += 1,
            }
        }
    }
    assert!(proved > runs / 50 && refused > runs / 20, "{proved} proved, {refused} refused of {runs}");
}
