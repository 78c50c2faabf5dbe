//! The language: what is printed parses back to what it was printed from, with no more brackets than that needs.

use crate::support::statements::{Choices, Kinds};
use logitlab::claims;
use logitlab::expr::elaborate::{proposition, value};
use logitlab::expr::{Node, Op, Statement, Type};
use proptest::prelude::*;

/// The names that the expressions of these tests use.
fn names() -> Statement {
    let text = "claim names
        given P : distribution, v : vector, z : logits, t : subset, c : action, a : action, x : real, y' : real
        let s = x + y', w = s*v
        show x = x";
    claims::parse(text).expect("the names are declared").statement
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..120)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn values_parse_back(bytes in bytes(), depth in 0_usize..7, vector in any::<bool>()) {
        let mut choices = Choices::new(&bytes, names(), Kinds::ALL);
        let tree = choices.tree(if vector { Type::Vector } else { Type::Real }, depth);
        let text = tree.to_string();
        let again = value(&text, &names()).map_err(|error| TestCaseError::fail(format!("{error} in {text}")))?;
        prop_assert_eq!(again.node(), tree.node());
        prop_assert_eq!(again.to_string(), text);
    }

    #[test]
    fn propositions_parse_back(bytes in bytes(), depth in 0_usize..4) {
        let prop = Choices::new(&bytes, names(), Kinds::ALL).prop(depth, 3);
        let text = prop.to_string();
        let again = proposition(&text, &names()).map_err(|error| TestCaseError::fail(format!("{error} in {text}")))?;
        prop_assert_eq!(again.to_string(), text);
        prop_assert_eq!(again, prop);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Hypotheses of every shape, definitions, and names that mean something elsewhere.
    #[test]
    fn statements_parse_back(bytes in proptest::collection::vec(any::<u8>(), 0..200), depth in 0_usize..4) {
        let statement = Choices::whole(&bytes, Kinds::ALL, depth);
        let text = format!("claim x\n{statement}");
        let again = claims::parse(&text);
        // A number of actions that there cannot be is refused where it is read.
        prop_assume!(!again.as_ref().is_err_and(|error| error.to_string().starts_with("K is the number of actions")));
        let again = again.map_err(|error| TestCaseError::fail(format!("{error} in\n{text}")))?;
        prop_assert_eq!(again.statement.to_string(), statement.to_string());
        prop_assert_eq!(again.statement, statement);
    }
}

#[test]
fn values_are_printed_with_the_fewest_brackets() {
    let check = |text: &str, expected: &str| {
        let tree = value(text, &names()).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(tree.to_string(), expected, "{text}");
    };
    for text in [
        "x + y' + s",
        "x + (y' + s)",
        "x - (y' - s)",
        "x - y' - s",
        "x*y'*s",
        "x*(y'*s)",
        "x/y'/s",
        "x/(y'*s)",
        "x/y'*s",
        "-x",
        "-x*y'",
        "-x + y'",
        "-(x + y')",
        "-(-x)",
        "x - (-y')",
        "(-x)*y'",
        "x*(-y')",
        "(-x)^2",
        "-x^2",
        "(x + y')^2",
        "(x^2)^3",
        "x^0",
        "x[1]^2",
        "|x|",
        "|x|^2",
        "|x|^3",
        "|v|",
        "|v|^2",
        "(|v|)^2",
        "|v|^3",
        "(|v|^2)^2",
        "||x| - |y'||",
        "|ones|",
        "|x*ones|^2",
        "|ones - 0|",
        "|1|",
        "|x*1|",
        "|v + 1|",
        "ones",
        "zeros",
        "x*ones",
        "exp(zeros)",
        "exp(0)",
        "xlogy(ones, 0)",
        "xlogy(v, 1)",
        "xlogy(1, 0)",
        "E[i ~ 1](ones)",
        "E[i ~ 1](1)",
        "sum(1)*1",
        "sum(1)*ones",
        "x*1 + v",
        "exp(1) + v",
        "1/K*1 - P",
        "(1 - t).*P",
        "1.*v",
        "v.*(x*w)",
        "x*v.*w",
        "x*(v.*w)",
        "v/x",
        "v./w",
        "1./v",
        "1./1",
        "|1./1|",
        "v./w./P",
        "v./(w./P)",
        "v.*w./P",
        "v.*(w./P)",
        "x*(v./w)",
        "x*v./w",
        "v./w/x",
        "(v - w)./P",
        "-v./w",
        "(v./w)[c]",
        "x*v/s",
        "x*(v/s)",
        "<v,w>",
        "<v - w,P.*P>",
        "<1 - t,1>",
        "v[c]",
        "(v + w)[c]",
        "1[c]",
        "e[c]",
        "e[1][12]",
        "[x, 1, 0.25]",
        "[x][1]",
        "others(v, c)",
        "D(log(softmax(z)[c]), z)",
        "D(D(lse(z), z, v), z, v)",
        "E[i ~ P](E[j ~ P](v[i]*v[j]))",
        "E[i ~ P](e[i])",
        "0.5",
        "0.001",
        "100",
        "KL(P, softmax(z))",
        "sigmoid(x)",
        "sigmoid(-v)[c]",
        "max(x, y')",
        "max(v)*max(0, 1)",
        "min(v, w)",
        "min(v, 0)",
        "max(ones, 0)",
        "sum(max(1, 0))",
        "clip(x, 0, 1)",
        "clip(v, -x, x)",
        "clip(ones, 0, 1)",
        "clip(v./w, 1 - x, 1 + x)",
        "TV(P, softmax(z))",
        "TV(1, 0)",
        "chi2(P, w)",
        "JS(P, w)",
        "Var(P, v)",
        "Cov(P, v, w)",
        "H(P, x)",
        "H(P, 2)",
        "x^y'",
        "x^(y' - 1)",
        "x^(-y')",
        "x^0.5",
        "x^(1/2)",
        "x^K",
        "x^(v[c])",
        "(x^y')^2",
        "(x^2)^y'",
        "(x + 1)^y'*x",
        "2*3^x",
        "-x^y'",
        "|v|^x",
        "P^x",
        "(P^x)[c]",
        "P^x./w^x",
        "ones^x",
        "v + 1^x",
        "powr(x, 2)",
        "powr(x, -1)",
        "powr(v, 2)",
        "abs(v)",
        "H2(P)",
        "C(P)",
    ] {
        check(text.replace("x[1]", "v[1]").as_str(), &text.replace("x[1]", "v[1]"));
    }
    check("((x)) + ((y'))", "x + y'");
    check("(x*y')*s", "x*y'*s");
    check("v*x", "x*v");
    check("powr(x, y')", "x^y'");
    check("powr(P, 0.5)", "P^0.5");
    check("(v + w)*x", "x*(v + w)");
    check("v*x*s", "s*(x*v)");
    check("abs(x)", "|x|");
    check("(v)^2".replace('v', "x").as_str(), "x^2");
    check("<v,w>*< v , w >", "<v,w>*<v,w>");
    check("0.50", "0.5");
    check("007", "7");
    check("1.0", "1");
    check("ones + ones", "ones + 1");
    check("ones + v", "1 + v");
    check("sum(ones)", "sum(1)");
    check("others(zeros, c)", "others(0, c)");
}

#[test]
fn propositions_are_printed_with_the_fewest_brackets() {
    let check = |text: &str, expected: &str| {
        let prop = proposition(text, &names()).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(prop.to_string(), expected, "{text}");
    };
    for text in [
        "x = y'",
        "x <= y' and y' < s",
        "x = 1 => v != w",
        "(x = 1 => s = 1) => s = 2",
        "x = 1 => (s = 1 => s = 2)",
        "x = 1 and s = 1 => s = 2 and s > 1",
        "x = 1 <=> s = 2",
        "(x = 1 <=> s = 2) <=> s >= 3",
        "(x = 1 => s = 2) and s = 3",
        "x = 1 => (s = 1 <=> s = 2)",
        "(x = 1 => s = 1) <=> s = 2",
        "x = 1 or s = 2",
        "x = 1 or s = 2 or s = 3",
        "(x = 1 and s = 2) or s = 3",
        "x = 1 and (s = 2 or s = 3)",
        "x = 1 or s = 2 => s = 3 or s = 4",
        "x = 1 or (s = 2 => s = 3)",
        "x = 1 or c != a <=> s = 2",
        "c = a",
        "c != 1",
        "ones = 1",
        "1 = 1",
        "P = 1/K*1",
        "1 = v",
        "x*1 = v",
        "x*ones = 1",
        "<v,w> = x",
        "<v,w> > <w,v>",
    ] {
        check(text, text);
    }
    check("x < y' <= s", "x < y' and y' <= s");
    check("(x = 1 and s = 2) and s = 3", "x = 1 and s = 2 and s = 3");
    check("x = 1 or (s = 2 or s = 3)", "x = 1 or s = 2 or s = 3");
    check("x = 1 and s = 2 or s = 3 and x = 4", "(x = 1 and s = 2) or (s = 3 and x = 4)");
    check("<v,w>=x", "<v,w> = x");
    check("<v,w>>=x", "<v,w> >= x");
    check("x<<v,w>", "x < <v,w>");
    check("x = 1 => s = 1 <=> s = 2", "(x = 1 => s = 1) <=> s = 2");
    check("1 = c", "1 = c");
}

/// Reads a value in which the ones vector could be a number.
#[test]
fn literals_follow_what_stands_around_them() {
    let check = |text: &str, ty: Type| {
        let tree = value(text, &names()).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(tree.ty(), ty, "{text}");
    };
    for text in ["1", "exp(1)", "1/K", "2*1", "|x*1|", "E[i ~ P](1)"] {
        check(text, Type::Real);
    }
    for text in
        ["x*1 + v", "v + x*1", "exp(0) + v", "1*x + v", "E[i ~ P](1) + v", "xlogy(1, v)", "1 - (1 - 1) - t", "-1 + v"]
    {
        check(text, Type::Vector);
    }
    let norm = value("|x*1 + v|", &names()).unwrap();
    assert!(matches!(norm.node(), Node::Apply(Op::Norm, _)));
}
