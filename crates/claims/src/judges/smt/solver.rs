//! An SMT solver that is installed, and what it says of a text.

use std::env;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use num_rational::BigRational;
use num_traits::Zero;

/// A solver.
#[derive(Clone, Debug)]
pub struct Solver {
    program: PathBuf,
    /// Its name and version, such as `z3 4.8.12`.
    pub version: String,
    is_z3: bool,
}

/// What a solver says.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// There are no such values.
    None,
    /// Values of the symbols that were asked for; `None` of what is no rational number.
    Values(Vec<Option<BigRational>>),
    /// Nothing, within its time.
    Nothing,
    /// It did not run, or said something else.
    Failed(String),
}

/// How to get one, for messages.
pub const INSTALL: &str = "neither z3 nor cvc5 is installed (on Debian: apt-get install z3)";

impl Solver {
    /// The first solver on the path: z3, else cvc5.
    pub fn find() -> Option<Solver> {
        let path = env::var_os("PATH").unwrap_or_default();
        let there = |name: &str| env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
        ["z3", "cvc5"].into_iter().find_map(|name| Solver::new(there(name)?, name))
    }

    fn new(program: PathBuf, name: &str) -> Option<Solver> {
        let answer = Command::new(&program).arg("--version").stdin(Stdio::null()).output().ok()?;
        let text = String::from_utf8_lossy(&answer.stdout).into_owned();
        // `Z3 version 4.8.12 - 64 bit`, `This is cvc5 version 1.0.3`.
        let version = text.split("version ").nth(1)?.split_whitespace().next()?;
        Some(Solver { program, version: format!("{name} {version}"), is_z3: name == "z3" })
    }

    /// Whether there are values for the symbols of a text, and which.
    pub fn ask(&self, text: &str, symbols: &[String], seconds: u32) -> Answer {
        let mut command = Command::new(&self.program);
        let limit = match self.is_z3 {
            true => command.args(["-in", "-smt2", "-memory:2048"]).arg(format!("-T:{seconds}")),
            false => command.args(["--lang=smt2", "--produce-models"]).arg(format!("--tlimit={}", seconds * 1000)),
        };
        let spawned = limit.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = match spawned {
            Ok(child) => child,
            Err(error) => return Answer::Failed(error.to_string()),
        };
        let values = if symbols.is_empty() { String::new() } else { format!("(get-value ({}))\n", symbols.join(" ")) };
        let whole = format!("(set-logic QF_NRA)\n{text}(check-sat)\n{values}");
        // Written and closed at once: it answers only after all of it.
        let written = child.stdin.take().map(|mut input| input.write_all(whole.as_bytes()));
        let output = match child.wait_with_output() {
            Ok(output) => String::from_utf8_lossy(&output.stdout).into_owned(),
            Err(error) => return Answer::Failed(error.to_string()),
        };
        let (first, rest) = output.split_once('\n').unwrap_or((&output, ""));
        match (first.trim(), written) {
            ("unsat", _) => Answer::None,
            ("sat", _) => Answer::Values(read(rest, symbols.len())),
            ("unknown" | "timeout" | "", _) => Answer::Nothing,
            (_, Some(Err(error))) => Answer::Failed(error.to_string()),
            (other, _) => Answer::Failed(other.to_string()),
        }
    }
}

/// The values of `((symbol value) ...)`, in their order.
fn read(text: &str, count: usize) -> Vec<Option<BigRational>> {
    let mut tokens = tokens(text).into_iter().peekable();
    let mut values = Vec::new();
    if tokens.next().as_deref() != Some("(") {
        return vec![None; count];
    }
    while values.len() < count && tokens.next().as_deref() == Some("(") {
        tokens.next();
        values.push(value(&mut tokens));
        tokens.next();
    }
    values.resize(count, None);
    values
}

/// Brackets, symbols in bars as a whole, and words.
fn tokens(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let (mut word, mut quoted) = (String::new(), false);
    for c in text.chars() {
        if c == '|' {
            quoted = !quoted;
        }
        if quoted || !(c.is_whitespace() || c == '(' || c == ')') {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            all.push(std::mem::take(&mut word));
        }
        if !c.is_whitespace() {
            all.push(c.to_string());
        }
    }
    if !word.is_empty() {
        all.push(word);
    }
    all
}

/// `2`, `0.5`, `(- x)`, `(/ x y)`; everything else is gone past.
fn value(tokens: &mut std::iter::Peekable<std::vec::IntoIter<String>>) -> Option<BigRational> {
    let first = tokens.next()?;
    if first != "(" {
        return decimal(&first);
    }
    let sign = tokens.next()?;
    let mut parts = Vec::new();
    while tokens.peek().is_some_and(|token| token != ")") {
        parts.push(value(tokens));
    }
    tokens.next();
    match (sign.as_str(), parts.as_slice()) {
        ("-", [Some(x)]) => Some(-x.clone()),
        ("/", [Some(x), Some(y)]) if !y.is_zero() => Some(x / y),
        _ => None,
    }
}

fn decimal(text: &str) -> Option<BigRational> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let power = num_bigint::BigInt::from(10).pow(fraction.len() as u32);
    Some(BigRational::new(digits.parse().ok()?, power))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read() {
        let rational = |n: i32, d: i32| Some(BigRational::new(n.into(), d.into()));
        let text = "((|x| 1.5)\n (|P[1]| (- (/ 1.0 3.0)))\n (|y| (root-obj (+ (^ x 2) (- 2)) 2))\n (|z| 0.0))\n";
        assert_eq!(read(text, 4), [rational(3, 2), rational(-1, 3), None, rational(0, 1)]);
        assert_eq!(read("(error \"x\")", 2), [None, None]);
        assert_eq!(read("((|x| 2", 2), [rational(2, 1), None]);
    }
}
