//! The language: what is printed parses back to what it was printed from, with no more brackets than that needs.

use logitlab::claims;
use logitlab::expr::elaborate::{MAX_EXPONENT, proposition, value};
use logitlab::expr::{Action, Name, Node, OPS, Op, Prop, Relation, Statement, Tree, Type};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Pow;
use proptest::prelude::*;

/// The names that the expressions of these tests use.
fn names() -> Statement {
    let text = "claim names
        given P : distribution, v : vector, z : logits, t : subset, c : action, a : action, x : real, y' : real
        let s = x + y', w = s*v
        show x = x";
    claims::parse(text).expect("the names are declared").statement
}

/// Choices, read from a list of bytes that gets shorter when a failure is made small; 0 when they are used up, which
/// is always the simplest choice.
struct Choices<'a> {
    bytes: std::slice::Iter<'a, u8>,
    bound: Vec<Name>,
}

impl Choices<'_> {
    fn pick(&mut self, among: usize) -> usize {
        usize::from(self.bytes.next().copied().unwrap_or(0)) % among
    }

    fn action(&mut self) -> Action {
        let bound = self.bound.len();
        match self.pick(4 + bound) {
            0 => Action::Name("c".into()),
            1 => Action::Name("a".into()),
            2 => Action::Index(1),
            3 => Action::Index(12),
            k => Action::Name(self.bound[k - 4].clone()),
        }
    }

    fn tree(&mut self, ty: Type, depth: usize) -> Tree {
        if depth == 0 {
            return self.leaf(ty);
        }
        let shape = self.pick(12);
        let node = match (shape, ty) {
            (0, _) => return self.leaf(ty),
            (1, Type::Real) => Node::At(self.tree(Type::Vector, depth - 1), self.action()),
            (2, Type::Real) => {
                let base = self.tree(Type::Real, depth - 1);
                let exponent = self.pick(4 + MAX_EXPONENT as usize) as u32;
                Node::Power(base, if exponent > MAX_EXPONENT { 2 } else { exponent })
            }
            (3, Type::Real) => {
                let (of, at) = (self.tree(Type::Real, depth - 1), self.variable());
                Node::Derivative { of, at, along: self.tree(Type::Vector, depth - 1) }
            }
            (1, Type::Vector) => Node::Others(self.tree(Type::Vector, depth - 1), self.action()),
            (2, Type::Vector) => {
                let count = 1 + self.pick(3);
                Node::Entries((0..count).map(|_| self.tree(Type::Real, depth - 1)).collect())
            }
            (3, Type::Vector) => Node::Gradient { of: self.tree(Type::Real, depth - 1), at: self.variable() },
            (4, _) => {
                let over = self.tree(Type::Vector, depth - 1);
                let action: Name = format!("i{}", self.bound.len()).into();
                self.bound.push(action.clone());
                let body = self.tree(ty, depth - 1);
                self.bound.pop();
                Node::Expect { action, over, body }
            }
            _ => {
                let ways: Vec<(Op, &[Type])> = OPS
                    .iter()
                    .flat_map(|row| row.signatures.iter().map(|(takes, gives)| (row.op, *takes, *gives)))
                    .filter(|(_, _, gives)| *gives == ty)
                    .map(|(op, takes, _)| (op, takes))
                    .collect();
                let (op, takes) = ways[self.pick(ways.len())];
                Node::Apply(op, takes.iter().map(|ty| self.tree(*ty, depth - 1)).collect())
            }
        };
        Tree::new(node).expect("the types fit")
    }

    fn variable(&mut self) -> Name {
        ["v", "z"][self.pick(2)].into()
    }

    fn leaf(&mut self, ty: Type) -> Tree {
        match ty {
            Type::Real => match self.pick(7) {
                0 => Tree::variable("x", ty),
                1 => Tree::integer(1),
                2 => Tree::integer(0),
                3 => Tree::size(),
                4 => {
                    let scale = Pow::pow(BigInt::from(10), self.pick(5));
                    let digits = BigInt::from(self.pick(256) * 256 + self.pick(256));
                    Tree::new(Node::Number(BigRational::new(digits, scale))).expect("a leaf")
                }
                5 => Tree::variable("y'", ty),
                _ => Tree::variable("s", ty),
            },
            Type::Vector => match self.pick(8) {
                0 => Tree::variable("v", ty),
                1 | 2 => Tree::ones(),
                3 => Tree::zeros(),
                4 => Tree::unit(self.action()),
                5 => Tree::variable("P", ty),
                6 => Tree::variable("z", ty),
                _ => Tree::variable("w", ty),
            },
        }
    }

    fn prop(&mut self, depth: usize) -> Prop {
        let shape = if depth == 0 { 0 } else { self.pick(6) };
        let mut part = || self.prop(depth.saturating_sub(1));
        match shape {
            1 => Prop::Implies(part().into(), part().into()),
            2 => Prop::Iff(part().into(), part().into()),
            // A conjunction has two parts or more, none of which is one.
            3 => match [part(), part()] {
                [Prop::And(_), other] | [other, Prop::And(_)] => other,
                parts => Prop::And(parts.into()),
            },
            4 => Prop::SameAction(Action::Name("c".into()), self.action(), self.pick(2) == 0),
            _ => {
                let relation = Relation::ALL[self.pick(Relation::ALL.len())].0;
                let ty = if self.pick(2) == 0 { Type::Real } else { Type::Vector };
                Prop::Compare(relation, self.tree(ty, 3), self.tree(ty, 3))
            }
        }
    }
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..120)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn values_parse_back(bytes in bytes(), depth in 0_usize..7, vector in any::<bool>()) {
        let mut choices = Choices { bytes: bytes.iter(), bound: Vec::new() };
        let tree = choices.tree(if vector { Type::Vector } else { Type::Real }, depth);
        let text = tree.to_string();
        let again = value(&text, &names()).map_err(|error| TestCaseError::fail(format!("{error} in {text}")))?;
        prop_assert_eq!(again.node(), tree.node());
        prop_assert_eq!(again.to_string(), text);
    }

    #[test]
    fn propositions_parse_back(bytes in bytes(), depth in 0_usize..4) {
        let prop = Choices { bytes: bytes.iter(), bound: Vec::new() }.prop(depth);
        let text = prop.to_string();
        let again = proposition(&text, &names()).map_err(|error| TestCaseError::fail(format!("{error} in {text}")))?;
        prop_assert_eq!(again.to_string(), text);
        prop_assert_eq!(again, prop);
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
        "abs(v)",
        "H2(P)",
        "C(P)",
    ] {
        check(text.replace("x[1]", "v[1]").as_str(), &text.replace("x[1]", "v[1]"));
    }
    check("((x)) + ((y'))", "x + y'");
    check("(x*y')*s", "x*y'*s");
    check("v*x", "x*v");
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
