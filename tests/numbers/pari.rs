//! Exact numbers against PARI/GP: both sides of `norm-identity` as the two libraries compute them, digit by digit.

use std::fmt::Write as _;
use std::process::{Command, Stdio};

use crate::support;
use logitlab::arith::exact::Exact;
use logitlab::arith::number::Number;
use logitlab::arith::rational::Rational;
use logitlab::claims::find;
use logitlab::expr::Prop;
use logitlab::judges::case::{Case, Entries, Scalar};
use logitlab::judges::values::evaluator;
use logitlab::policy::random::Rng;
use num_bigint::BigInt;
use num_rational::BigRational;

/// A rational number of up to 64 bits over as many, of any sign.
fn rational(rng: &mut Rng) -> BigRational {
    let numerator = BigInt::from(rng.word() >> rng.below(64)) * if rng.below(2) == 0 { 1 } else { -1 };
    BigRational::new(numerator, BigInt::from((rng.word() >> rng.below(63)) | 1))
}

/// The claim is one about any vector; this one need be no policy.
fn case(rng: &mut Rng) -> Case {
    let statement = &find("norm-identity").expect("the claim is registered").statement;
    let k = 1 + rng.below(12) as usize;
    let name = |at: usize| statement.variables[at].0.clone();
    Case {
        k,
        vectors: vec![(name(0), Entries::Numbers((0..k).map(|_| rational(rng)).collect()))],
        actions: vec![(name(1), rng.below(k as u64) as usize)],
        reals: vec![(name(2), Scalar::Rational(rational(rng)))],
    }
}

/// Both sides of the first line, in the digits of the library.
fn sides<R: Rational>(case: &Case) -> [String; 2] {
    let statement = &find("norm-identity").expect("the claim is registered").statement;
    let system = Exact::<R>::new();
    let mut evaluator = evaluator(&system, case, &statement.definitions).expect("the numbers are rational");
    let Prop::Compare(_, left, right) = &statement.shows[0] else { panic!("the first line is an equation") };
    [left, right].map(|side| match evaluator.real(side).expect("a rational number") {
        Number::Rational(value) => value.to_big().to_string(),
        other => panic!("{other:?} is not rational"),
    })
}

/// What PARI is asked for a case: the same two sides, from the definition and in closed form.
fn program(case: &Case) -> String {
    let Entries::Numbers(entries) = &case.vectors[0].1 else { panic!("the case has numbers") };
    let Scalar::Rational(g) = &case.reals[0].1 else { panic!("the case has a rational g") };
    let entries = entries.iter().map(BigRational::to_string).collect::<Vec<_>>().join(",");
    format!(
        "P = [{entries}]; c = {}; g = {g}; v = vector(#P, i, g*((i == c) - P[i])); print(norml2(v)); \
         print(g^2*(1 - 2*P[c] + norml2(P)));\n",
        case.actions[0].1 + 1
    )
}

#[test]
fn pari_computes_the_same_digits() {
    let Some(gp) = support::tool("gp", "pari_computes_the_same_digits") else { return };
    let mut rng = Rng::new(11, 0);
    let cases: Vec<Case> = (0..200).map(|_| case(&mut rng)).collect();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("cases.gp");
    let mut text = String::new();
    cases.iter().for_each(|case| _ = write!(text, "{}", program(case)));
    std::fs::write(&file, text).expect("the program is written");
    let output = Command::new(gp).args(["-q", "-f"]).arg(&file).stdin(Stdio::null()).output().expect("gp runs");
    let printed = String::from_utf8(output.stdout).expect("gp prints ASCII");
    let theirs: Vec<&str> = printed.lines().collect();
    assert_eq!(theirs.len(), 2 * cases.len(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    for (case, theirs) in cases.iter().zip(theirs.chunks(2)) {
        assert_eq!(sides::<rug::Rational>(case), theirs, "{case:?}");
        assert_eq!(sides::<BigRational>(case), theirs, "{case:?}");
    }
}
