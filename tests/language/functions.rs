//! Functions of a statement's own, coordinates written with subscripts, and what is said where they are misused.

use logitlab::claims::parse;
use logitlab::expr::elaborate::value;

const GIVEN: &str = "claim x
    given P : distribution, v : vector, z : logits, c : action, x : real, K = 3
    let w = softmax(z)\n";

/// What the first line to be shown of a claim with these lines reads as.
fn shown(lines: &str) -> String {
    let claim = parse(&format!("{GIVEN}{lines}")).unwrap_or_else(|error| panic!("{lines}: {error}"));
    claim.statement.shows[0].to_string()
}

fn refused(lines: &str) -> String {
    let text = format!("{GIVEN}{lines}");
    parse(&text).map_or_else(|error| error.to_string(), |claim| panic!("{}", claim.statement))
}

#[test]
fn a_use_is_the_body_with_the_arguments() {
    for (lines, expected) in [
        ("let f(y) = y^2 + x show f(x + 1) = f(2)", "(x + 1)^2 + x = 2^2 + x"),
        // Called as what is given, a parameter stands for the argument alone.
        ("let f(x) = x^2 show f(2*x) = x", "(2*x)^2 = x"),
        ("let f(x, y) = x - y, g(y) = f(y, 1) show g(f(2, 3)) = 0", "2 - 3 - 1 = 0"),
        ("let g(u : vector, a : action) = u[a]*e[a] show g(v, c) = g(1, 2)", "v[c]*e[c] = 1[2]*e[2]"),
        ("let A(u : vector) = u - <P,u>*1 show <P,A(v)> = 0", "<P,v - <P,v>*1> = 0"),
        ("let r(u : vector) = u./P show clip(r(w), 1 - x, 1 + x) = v", "clip(w./P, 1 - x, 1 + x) = v"),
        ("let f(y) = y^x show f(2) = 2^x", "2^x = 2^x"),
        ("let d(u : vector) = D(<softmax(z),u>, z) show d(v) = d(P)", "D(<softmax(z),v>, z) = D(<softmax(z),P>, z)"),
        // What the body binds gets another name where that one stands around it.
        ("let m(u : vector) = E[a ~ P](u[a]) show E[a ~ w](m(v[a]*v)) = 0", "E[a ~ w](E[a' ~ P]((v[a]*v)[a'])) = 0"),
        (
            "let m(u : vector) = E[a ~ P](u[a]), n(u : vector) = E[a ~ P](m(u[a]*u)) show n(v) = 0",
            "E[a ~ P](E[a' ~ P]((v[a]*v)[a'])) = 0",
        ),
    ] {
        assert_eq!(shown(lines), expected, "{lines}");
    }
}

#[test]
fn a_statement_with_functions_reads_back() {
    let lines = "let f(y) = y^2 + x, g(u : vector, a : action) = f(u[a])*<w,u>
        given f(x) = 1 or f(x) = 2
        show g(v, c) <= f(g(P, c)) and f(x) > 0";
    let claim = parse(&format!("{GIVEN}{lines}")).unwrap();
    let text = claim.statement.to_string();
    assert!(text.contains("let    g(u : vector, a : action) = (u[a]^2 + x)*<w,u>\n"), "{text}");
    let again = parse(&format!("claim x\n{text}")).unwrap_or_else(|error| panic!("{error} in\n{text}"));
    assert_eq!(again.statement, claim.statement);
    assert_eq!(again.statement.to_string(), text);
}

#[test]
fn a_function_is_used_in_a_proof() {
    let text = "claim square-of-one
        given v : vector
        let q(u : vector) = <u,u>
        show q(v + 1) = q(v) + 2*sum(v) + K
        proof
          q(v + 1)
            = <v,v> + 2*<1,v> + <1,1>   by inner.bilinear
            = q(v) + 2*sum(v) + K       by inner.ones
        qed";
    let claim = parse(text).unwrap();
    logitlab::proof::check(&claim.statement, claim.proof.as_ref().unwrap(), &|_| Ok(None)).unwrap();
}

#[test]
fn what_is_wrong_with_a_function_is_said() {
    for (lines, expected) in [
        (
            "let f(y) = y^2 show f(v) = 0",
            "`v` is a vector, but `y` is a real in `f`: declare it there as what is meant, as in `let f(y : vector)`",
        ),
        ("let f(y) = y^2 show f(x, x) = 0", "`f` takes 1 argument and is given 2 (a function defined above)"),
        ("let f(y) = y^2 show f = 0", "`f` needs its arguments: write `f(...)`"),
        (
            "let f(y) = f(y) show f(x) = 0",
            "unknown function `f`; define it in a `let` line above, as in `let f(x) = x^2`",
        ),
        ("let f(y, y) = y show f(x, x) = 0", "the name `y` already stands for something above; choose another"),
        ("let f(w) = 1 show f(x) = 0", "the name `w` already stands for something above; choose another"),
        ("let max(y) = y show max(x) = 0", "`max` is a word of the language (largest entry); choose another name"),
        (
            "let f(Q : distribution) = 1 show f(P) = 0",
            "a parameter is `: real` (also without a sort), `: vector` or `: action`, not `: distribution`: what is given of an argument stands where it is declared",
        ),
        (
            "let f(u : vector) = D(C(u), u) show f(z) = z",
            "a derivative is with respect to a declared vector, not to a parameter of a function",
        ),
        (
            "let f(u : vector) = D(<w,u>, z) show f(w) = z",
            "`u` stands under a derivative with respect to `z` in `f`, so that its argument must not depend on `z`: write the derivative out here",
        ),
        ("show hinge(x) = 0", "unknown function `hinge`; define it in a `let` line above, as in `let f(x) = x^2`"),
        ("show sigmod(x) = 0", "unknown function `sigmod`; did you mean `sigmoid`?"),
    ] {
        assert_eq!(refused(lines), expected, "{lines}");
    }
    // Each uses the one before it twice.
    let doubling: String = (0..20).map(|k| format!("let f{}(y) = f{k}(y) + f{k}(y)\n", k + 1)).collect();
    assert!(refused(&format!("let f0(y) = y\n{doubling}show f9(x) = 0")).contains("parts"));
}

#[test]
fn a_subscript_is_a_coordinate() {
    for (lines, expected) in [
        ("show P_c = P_{c}", "P[c] = P[c]"),
        ("show w_c^2 - z_1 = v_{3}", "w[c]^2 - z[1] = v[3]"),
        ("show |e_c - P| = e_{c}[c]", "|e[c] - P| = e[c][c]"),
        ("show E[a ~ P](v_a*e_{a}) = P.*v", "E[a ~ P](v[a]*e[a]) = P.*v"),
        ("let P_c = 2 show P_c = x", "P_c = x"),
    ] {
        assert_eq!(shown(lines), expected, "{lines}");
    }
    for (lines, expected) in [
        (
            "show P_a = 0",
            "`P_a` is not declared; a coordinate of `P` is written `P[a]`, where `a` is declared `: action`, or a number",
        ),
        (
            "show P_{a} = 0",
            "`P_{a}` is not declared; a coordinate of `P` is written `P[a]`, where `a` is declared `: action`, or a number",
        ),
        (
            "show P_0 = 0",
            "`P_0` is not declared; a coordinate of `P` is written `P[0]`; coordinates are counted from 1",
        ),
        (
            "given P_{c} : real show x = 0",
            "`P_{c}` is no name: braces stand in coordinates only, as in `P_{c}`, which is `P[c]`",
        ),
        (
            "show softmax(z)_c = 0",
            "expected an operator (a coordinate is written in brackets, as in `v[c]`), found `_c`",
        ),
        ("show x{c} = 0", "the character `{` is not used in this language; write `(`"),
    ] {
        assert_eq!(refused(lines), expected, "{lines}");
    }
}

#[test]
fn the_reading_as_a_real_is_told() {
    let text = "claim x given v : vector show xlogx(1) = 0 proof xlogx(1) = 0 by unit.elementwise qed";
    let claim = parse(text).unwrap();
    let error = logitlab::proof::check(&claim.statement, claim.proof.as_ref().unwrap(), &|_| Ok(None)).unwrap_err();
    let said = "; `xlogx(1)` is read as a real here: the vector is `xlogx(ones)`";
    assert!(error.to_string().ends_with(said), "{error}");
    assert!(value("xlogx(ones)", &claim.statement).is_ok());
}
