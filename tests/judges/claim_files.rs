//! Claim files: what is accepted reads back as what it is, what is rejected is rejected with a reason and a place,
//! and nothing that anybody can put into a file ends in a panic or takes long.

use std::fmt::Write as _;

use logitlab::claims::registry::FILES;
use logitlab::claims::{Claim, parse};
use logitlab::expr::SyntaxError;
use proptest::prelude::*;

/// The claim as a file.
fn print(claim: &Claim) -> String {
    let Claim { id, title, source, statement, expected, .. } = claim;
    format!("claim  {id}\ntitle  \"{title}\"\nsource \"{source}\"\n{statement}expect {}\n", expected.word())
}

#[test]
fn whole_claims_read_back() {
    for (path, text) in FILES {
        let claim = parse(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let printed = print(&claim);
        let again = parse(&printed).unwrap_or_else(|error| panic!("{path}: {error}\n{printed}"));
        assert_eq!(again.statement, claim.statement, "{printed}");
        let rest = |claim: &Claim| (claim.id.clone(), claim.title.clone(), claim.source.clone(), claim.expected);
        assert_eq!(rest(&again), rest(&claim));
        assert_eq!(print(&again), printed);
    }
}

/// Definitions are printed between the declarations and the hypotheses, wherever they stood.
#[test]
fn statements_are_printed_in_one_order() {
    let check = |text: &str, expected: &str| {
        let statement = parse(&format!("claim x\n{text}")).unwrap_or_else(|error| panic!("{error}\n{text}")).statement;
        assert_eq!(statement.to_string(), expected);
        assert_eq!(parse(&format!("claim x\n{expected}")).unwrap().statement, statement);
    };
    check(
        "given v : vector, sum(v) = 1 let s = |v|, t = s^2 given x : real, t < x let y = x + t given u : vector
         show x > 0 show <u,v> = y, u = 1, y != 0",
        "given  v : vector, x : real, u : vector\nlet    s = |v|\nlet    t = s^2\nlet    y = x + t\n\
         given  sum(v) = 1\ngiven  t < x\nshow   x > 0\nshow   <u,v> = y\nshow   u = 1\nshow   y != 0\n",
    );
    check(
        "let u = ones, n = |zeros|, x = 1 show u = 1, ones = 1",
        "let    u = ones\nlet    n = |zeros|\nlet    x = 1\nshow   u = 1\nshow   ones = 1\n",
    );
}

#[test]
fn accepts_what_editors_write() {
    let text = "claim x\ntitle \"t\"\ngiven v : vector # comment\n\nshow |v| >= 0\n";
    let plain = parse(text).unwrap().statement;
    for variant in [
        text.replace('\n', "\r\n"),
        format!("\u{feff}{text}"),
        text.replace(' ', "\t"),
        text.trim_end().to_string(),
        format!("# ü ≤ \"\n{text}# end"),
    ] {
        assert_eq!(parse(&variant).unwrap_or_else(|error| panic!("{variant:?}: {error}")).statement, plain);
    }
}

/// What nobody sees is refused in every place of a file, and in the same places ordinary letters are read.
#[test]
fn what_is_shown_is_what_is_read() {
    const PLACES: [&str; 9] = [
        "claim x # @ b\ngiven g : real\nshow g = g\n",
        "# @ b\nclaim x\ngiven g : real\nshow g = g\n",
        "claim x\ntitle \"a @ b\"\ngiven g : real\nshow g = g\n",
        "claim x\ntitle \"a\"\nsource \"@ b\"\ngiven g : real\nshow g = g\n",
        "claim x\ngiven g : real, # @ b\n h : real\nshow g = g\n",
        "claim x\ngiven g : real\nshow g = g\nexpect holds # @ b",
        "claim x\ngiven g : real\nshow g = g\nproof # @ b\n  g\n    = g by ring\nqed\n",
        "claim x\ngiven g : real\nshow g = g\nproof\n  g\n    = g by ring # @ b\nqed\n",
        "claim x\ngiven g : real\nshow g = g\nproof\n  g\n    = g by ring\nqed # @ b\n",
    ];
    let line_ends = ["\r", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}"];
    let directions = ["\u{61c}", "\u{200e}", "\u{200f}", "\u{202a}", "\u{202e}", "\u{2066}", "\u{2069}"];
    let invisible =
        ["\u{ad}", "\u{34f}", "\u{200b}", "\u{200d}", "\u{2060}", "\u{3164}", "\u{fe0f}", "\u{feff}", "\u{e0041}"];
    let letters = ["s\u{43e}ftmax", "\u{421}", "\u{39f}", "\u{ff23}", "\u{1d5a2}", "\u{212a}"];
    for place in PLACES {
        let at = place.find('@').expect("a place");
        for wrong in line_ends.iter().chain(&directions).chain(&invisible).chain(&letters) {
            let text = place.replace('@', wrong);
            let error = parse(&text).expect_err(&text);
            let found = wrong.chars().find(|c| !c.is_ascii_alphabetic()).expect("one that is wrong");
            let (start, message) = (at + wrong.find(found).unwrap_or(0), error.to_string());
            assert_eq!(error.span.start, start, "{text:?}");
            assert!(message.contains(&format!("U+{:04X}", found as u32)), "{message}");
            assert!(message.contains("delete") || message.contains("write"), "what to do: {message}");
            let before = &text[..start];
            let line = before.matches('\n').count() + 1;
            assert_eq!(error.position(&text).0, line, "{text:?}");
        }
        for right in
            ["Łojasiewicz, Böhning", "Erdős–Rényi", "ε-greedy, ∇log π ≤ Δx", "О градиенте", "中文", "“x”", "\t"]
        {
            let text = place.replace('@', right);
            parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        }
    }
    // Inside of what is no prose.
    for wrong in line_ends.iter().chain(&directions).chain(&invisible).chain(&letters).chain(&["\u{a0}", "\u{3000}"]) {
        for text in [
            format!("claim x{wrong} \nshow 1 = 1\n"),
            format!("claim x\ngiven g{wrong} : real\nshow g = g\n"),
            format!("claim x\nshow 1{wrong} = 1\n"),
            format!("claim x\nshow 1 ={wrong} 1\n"),
            format!("claim x{wrong}show 1 = 1\n"),
            format!("claim x\nshow 1 = 1\nproof\n  1 = 1 by ri{wrong}ng\nqed\n"),
        ] {
            let error = parse(&text).expect_err(&text).to_string();
            assert!(error.contains("U+"), "{text:?}: {error}");
        }
    }
}

/// Where an error is, as its reader sees it.
fn excerpt(text: &str, error: &SyntaxError) -> String {
    let (line, column) = error.position(text);
    let source = text.split('\n').nth(line - 1).unwrap_or("").trim_end_matches('\r');
    let at = text[error.span.start..error.span.end].lines().next().unwrap_or("").chars().count();
    // Tabs stay, so that the caret stands below its character.
    let pad: String = source.chars().take(column - 1).map(|c| if c == '\t' { c } else { ' ' }).collect();
    let hidden = |c: char| c != '\t' && (c.is_control() || ('\u{200b}'..='\u{2069}').contains(&c));
    let shown: String = source.chars().take(110).map(|c| if hidden(c) { '.' } else { c }).collect();
    format!("{line}:{column}: {error}\n  {shown}\n  {pad}{}\n", "^".repeat(at.clamp(1, 60)))
}

/// What stands before the line in question, unless it is a whole file.
const HEAD: &str =
    "claim x\ngiven P : distribution, u : vector, v : vector, z : logits, c : action, a : action, g : real\n";

/// Rejected files; where they do not start with `claim`, [`HEAD`] stands before them.
fn rejected() -> Vec<String> {
    let lines = [
        // Characters.
        "show g ? 1",
        "show g ≤ 1",
        "show g = 1;",
        "show g² = 1",
        "show τ = 1",
        "show g =\u{200b} 1",
        "show g = 1\0",
        "show g\u{a0}= 1",
        "show \u{421}(P) = 1",
        "show g = 1 # \u{421}(P) <= 1",
        "show g = 1 # \u{202e}2/1 =< g   wohs",
        "#          \rshow g = 1/2",
        "show g = 1 # one line\u{2028}show g = 2",
        "show g = \u{ff11}",
        "let b_\u{430} = 1",
        "\tshow\tg = $1",
        // Lines.
        "shwo g = 1",
        "theorem g = 1",
        "show g = 1\ngiven b : real",
        "show g = 1\nlet b = 1",
        "show g = 1\ntitle \"a\"",
        "title \"a\"",
        "show g = 1\nexpect refuted\nshow g = 2",
        "show g = 1\nexpect refuted\nexpect holds",
        "show g = g\nproof\n  g\n    = g by ring\nqed\ngiven g < g",
        "show g = g\nproof\n  g\n    = g by ring\nqed\nexpect refuted",
        "show g = 1\nclaim y",
        "expect false",
        "let x = g",
        "show",
        "show\nlet x = 1",
        "show 2 g = 1",
        "show g (1) = 1",
        "show g = 1 show",
        // Declarations.
        "given b",
        "given b, d : real",
        "given b : distribtion",
        "given b : number",
        "given C : real",
        "given e : vector",
        "given show : real",
        "given g : vector",
        "let v = 1",
        "let b = E[i ~ P](P[i])\ngiven i : action",
        "let w = g = 1",
        "given K = 0",
        "given K = 2.5",
        "given 0.5 = K",
        "given g = 1 and K = 0",
        "let w := g",
        // Names.
        "show softmx(z) = P",
        "show Pp[c] = 1",
        "show p[c] = 1",
        "show P(c) = 1",
        "show lse = 1",
        "show e = u",
        "show xlogy = 1",
        "show K(2) = 1",
        "show completely_unknown = 1",
        // Types.
        "show u = g",
        "show g + v = u",
        "show sum(g) = 1",
        "show exp(v) = g*g",
        "show g/v = 1",
        "show <2,v> = 1",
        "show sum(3) = 1",
        "show 2 + v = u",
        "show u*v = 1",
        "show u*misspelt = 1",
        "show v^2 = 1",
        "show g^(-1) = 1",
        "show P^2 = P",
        "show P^v = P",
        "show P/v = P",
        "show max(g, v) = 1",
        "show sigmoid(P)*sigmoid(v) = 1",
        "show sigmoid = 1",
        "show H(g, P) = 1",
        "show clip(g, P, 1) = 1",
        "show g^65 = 1",
        "show g^-1 = 1",
        "show g^2^3 = 1",
        "show [1, v] = u",
        "show [] = u",
        "show max(1, 2, 3) = 1",
        "show KL(P) = 1",
        "show sum() = 1",
        "show others(v) = 1",
        "show D(g) = 1",
        "show xlogy(g, v) = 1",
        // Actions.
        "show e[g] = v",
        "show e[c + 1] = v",
        "show e[K] = v",
        "show e[i] = v",
        "show P[0] = 1",
        "show P[1.5] = 1",
        "show c = g",
        "show c + 1 = 2",
        "show a < c",
        "show sum(c) = 1",
        // Derivatives and expectations.
        "show D(v, z) = v",
        "show D(g, g) = v",
        "show D(C(P), P) = v",
        "show D(g, 2*z) = v",
        "show D(g, z, g) = g",
        "show E(P) = 1",
        "show E[P](g) = 1",
        "show E[c ~ P](g) = 1",
        "show E[i ~ g](g) = 1",
        "show E[i ~ P](P[j]) = 1",
        // Propositions.
        "show g",
        "show c",
        "show |v|^2",
        "show sum(u = v) = 1",
        "show (g = 1) + 1 = 2",
        "show g = 1 and g",
        "show g == 1",
        "show g = 1 => g = 2 => g = 3",
        "show g = 1 <=> g = 2 <=> g = 3",
        "show g = 1 or",
        "show or g = 1",
        "show g or g = 1",
        "show not g = 1",
        "given or : real",
        // Brackets.
        "show (g + 1 = 2",
        "show |v = 2",
        "show <u,v = 2",
        "show <u> = 2",
        "show P[c = 2",
        "show g*-1 = 2",
        "show --g = 2",
        "show g + = 2",
    ];
    let files = [
        "",
        " \n\n",
        "# nothing\n# but comments\n",
        "show 1 = 1",
        "claim",
        "claim\ntitle \"t\"",
        "claim Norm-Identity\nshow 1 = 1",
        "claim norm-\nshow 1 = 1",
        "claim -norm\nshow 1 = 1",
        "claim a--b\nshow 1 = 1",
        "claim a_b\nshow 1 = 1",
        "claim 2nd\nshow 1 = 1",
        "claim two words\nshow 1 = 1",
        "claim x\n",
        "claim x\ntitle \"a\"\ntitle \"b\"\nshow 1 = 1",
        "claim x\nsource \"a\"\ntitle \"b\"\nshow 1 = 1",
        "claim x\ntitle \"a\"\nsource \"b\"\nsource \"b\"\nshow 1 = 1",
        "claim x\ntitle unquoted",
        "claim x\ntitle \"bell \u{7}\"",
        "claim x\ntitle \"not closed\nshow g = 1",
        "claim x\ntitle \"C(P) \u{202e}2/1\u{202c} at most\"\nshow 1 = 1",
        "claim x\ntitle \"the s\u{43e}ftmax\"\nshow 1 = 1",
        "claim x\nsource \"\u{391}\"\nshow 1 = 1",
        "claim x\ngiven g : real\rshow g = g",
        "claim x\r\ngiven g : real\r\nshow g = h\r\n",
        "\u{feff}claim x\n\n\tshow\tK = h",
    ];
    let repeated = [
        format!("show {}g{} = 1", "(".repeat(300), ")".repeat(300)),
        format!("show {} = 1", vec!["g"; 300].join(" + ")),
        format!("show {} = 1", "9".repeat(1001)),
        (0..300).map(|k| format!("given x{k} : real\n")).collect(),
        format!("show {} = 1", "a_long_name".repeat(1000)),
        format!("show g = {}", "1 + ".repeat(10 << 18)),
        format!("show {}g{} = 1", "max(1, ".repeat(100), ")".repeat(100)),
    ];
    let with_head = lines.iter().map(|line| line.to_string()).chain(repeated).map(|line| format!("{HEAD}{line}"));
    files.iter().map(|file| file.to_string()).chain(with_head).collect()
}

/// Each definition uses the one before it twice: written out, the last would have a billion parts.
#[test]
fn definitions_that_double_are_rejected() {
    let doubling: String = (0..30).map(|k| format!("let a{} = a{k} + a{k}\n", k + 1)).collect();
    let error = parse(&format!("claim x\ngiven a0 : real\n{doubling}show a30 = 0\n")).unwrap_err();
    let nested: String = (0..30).map(|k| format!("let a{} = max(a{k}, 0)\n", k + 1)).collect();
    let other = parse(&format!("claim x\ngiven a0 : real\n{nested}show a30 = 0\n")).unwrap_err();
    assert!(other.to_string().ends_with("with all its definitions written out has more than 2000 parts"), "{other}");
    assert_eq!(error.to_string(), "`a10` with all its definitions written out has more than 2000 parts");
}

#[test]
fn rejected_files() {
    let mut report = String::new();
    for text in rejected() {
        match parse(&text) {
            Err(error) => writeln!(report, "{}", excerpt(&text, &error)).unwrap(),
            Ok(claim) => panic!("accepted: {text}\n{}", claim.statement),
        }
    }
    insta::assert_snapshot!(report);
}

/// Parses, and checks what holds of every outcome.
fn survives(text: &str) -> Result<(), TestCaseError> {
    match parse(text) {
        Ok(claim) => {
            let printed = claim.statement.to_string();
            let again = parse(&format!("claim x\n{printed}"));
            let again = again.map_err(|error| TestCaseError::fail(format!("{error}\n{printed}")))?;
            prop_assert_eq!(again.statement, claim.statement);
        }
        Err(error) => {
            let span = error.span;
            prop_assert!(span.start <= span.end && text.get(span.start..span.end).is_some(), "{span:?} of {text:?}");
            let (line, column) = error.position(text);
            prop_assert!(line >= 1 && column >= 1);
            let message = error.to_string();
            prop_assert!(message.len() < 600 && !message.contains(|c: char| c.is_control()), "{message:?}");
        }
    }
    Ok(())
}

const TOKENS: &[&str] = &[
    "claim",
    "x",
    "title",
    "\"t\"",
    "source",
    "given",
    "let",
    "show",
    "expect",
    "holds",
    "refuted",
    "P",
    "v",
    "z",
    "c",
    "g",
    ":",
    "real",
    "vector",
    "distribution",
    "logits",
    "subset",
    "action",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "=>",
    "<=>",
    "and",
    "or",
    "+",
    "-",
    "*",
    "/",
    ".*",
    "^",
    "2",
    "1",
    "0",
    "0.5",
    "(",
    ")",
    "[",
    "]",
    "|",
    "<",
    ">",
    ",",
    "~",
    ".",
    "e",
    "E",
    "D",
    "K",
    "others",
    "ones",
    "zeros",
    "sum",
    "exp",
    "xlogy",
    "C",
    "KL",
    "\n",
    "# ",
    "\"",
    "é",
    "\0",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        survives(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn arbitrary_tokens_never_panic(
        words in proptest::collection::vec(proptest::sample::select(TOKENS), 0..40), head in any::<bool>(),
    ) {
        let soup = words.join(" ");
        survives(&if head { format!("{HEAD}show {soup}") } else { soup })?;
    }
}

/// Every claim file with characters deleted, doubled, and replaced by others: each of the statement's, and of its
/// proof, which is long, each at which something else comes up in turn.
#[test]
fn mutations_of_every_file_never_panic() {
    const NEW: [&str; 12] = ["", "(", ")", "|", "<", ",", "-", "2", "c", "\"", "\n", "é"];
    for (path, text) in FILES {
        let proof = text.find("\nproof").unwrap_or(text.len());
        for (at, c) in text.char_indices() {
            let (before, after) = (&text[..at], &text[at + c.len_utf8()..]);
            let doubled = c.to_string() + &c.to_string();
            let all = NEW.into_iter().chain([doubled.as_str()]);
            let in_turn = |(turn, _): &(usize, &str)| at < proof || at % (3 * NEW.len()) == *turn;
            for (_, new) in all.enumerate().filter(in_turn) {
                let mutant = format!("{before}{new}{after}");
                survives(&mutant).unwrap_or_else(|error| panic!("{path} at {at} with {new:?}: {error}"));
            }
        }
    }
}
