//! Each command, its output read and held against the truth.

use logitlab::certified::Given;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use logitlab::certified::reference::Precise;
use serde_json::Value;

use crate::printed::made::{CLAIMED, Made, ROWS};
use crate::printed::read::{Claim, HALF, WHOLE, between, cells, words};
use crate::printed::truth::{self, Truth};

/// What was read, and what of it was wrong.
#[derive(Default)]
pub struct Checked {
    pub by_command: BTreeMap<&'static str, u64>,
    pub misses: Vec<String>,
}

impl Checked {
    pub fn count(&self) -> u64 {
        self.by_command.values().sum()
    }

    fn check(&mut self, command: &'static str, what: &str, claim: &Claim, truth: &Truth) {
        *self.by_command.entry(command).or_default() += 1;
        if !claim.contains(truth) {
            let text = |x: &rug::Float| x.to_string_radix(10, Some(25));
            let [lo, hi, true_lo] = [&claim.lo, &claim.hi, &truth.lo].map(text);
            self.misses.push(format!("{command}: {what}: {lo} to {hi} excludes {true_lo}"));
        }
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// An end in JSON: a number, or a string where it is infinite.
fn end(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| value.as_str().unwrap().parse().unwrap())
}

pub fn measure(made: &Made, all: &mut Checked) {
    let temperature = [1.0, 0.7, 2.0][made.case as usize % 3];
    let steps: &[&str] = if temperature == 1.0 { &["--eta", "0.1"] } else { &[] };
    let tau = temperature.to_string();
    // As it is written: 0.7 is 7/10.
    let decimal: Given = tau.parse().unwrap();
    for (name, logits) in [("a", &made.a), ("masked", &made.masked)] {
        let file = format!("{name}.safetensors");
        let arguments = [&["measure", &file, "--temperature", &tau], steps].concat();
        let truths: Vec<Precise> =
            (0..ROWS).map(|row| truth::row(made.row(logits, row), made.actions[row], decimal)).collect();
        let text = made.run(&arguments);
        for (line, truth) in text.lines().skip(1).zip(&truths) {
            let known = columns(truth);
            let names = ["p", "collision", "w", "norm", "update", "logp_change", "entropy_change", "kl_second"];
            let cells = cells(line, HALF);
            assert_eq!(cells.len(), if steps.is_empty() { 6 } else { 10 }, "{line}");
            for (claim, name) in cells[2..].iter().zip(names) {
                all.check("measure, rows", &format!("{name} in {line}"), claim, &known[name]);
            }
        }
        let lines = made.run(&[&arguments[..], &["--json"]].concat());
        for (line, truth) in lines.lines().zip(&truths) {
            let row = json(line);
            for (name, truth) in columns(truth) {
                if let (Some(lo), Some(hi)) = (row[format!("{name}_lo")].as_str(), row[format!("{name}_hi")].as_str()) {
                    all.check("measure --json", &format!("{name} in {line}"), &Claim::ends(lo, hi), &truth);
                }
            }
        }
        summary(made, &arguments, &truths, all);
    }
}

/// The columns of `measure` by name, with steps of 0.1.
fn columns(of: &Precise) -> BTreeMap<&'static str, Truth> {
    let plain = [
        ("p", &of.p),
        ("rest", &of.rest),
        ("collision", &of.collision),
        ("w", &of.w),
        ("norm", &of.norm),
        ("entropy", &of.entropy),
        ("top", &of.top),
        ("logp", &truth::negated(&of.surprisal)),
    ]
    .map(|(name, x)| (name, Truth::from(x)));
    let steps = [
        ("update", truth::times(&of.norm, 0.1, 1, 1)),
        ("logp_change", truth::times(&of.w, 0.1, 1, 1)),
        ("entropy_change", truth::times(&of.entropy_slope, 0.1, 1, 1)),
        ("kl_second", truth::times(&of.variance, 0.1, 2, 2)),
    ];
    plain.into_iter().chain(steps).collect()
}

/// Quantiles, each within 1 % as they say, and sums of w.
fn summary(made: &Made, arguments: &[&str], truths: &[Precise], all: &mut Checked) {
    let text = made.printed(&[arguments, &["--summary"]].concat());
    let document = json(&made.run(&[arguments, &["--summary", "--json"]].concat()));
    type Named = (&'static str, fn(&Precise) -> &logitlab::arith::interval::Interval);
    let quantities: [Named; 4] =
        [("1 - P_c", |of| &of.rest), ("w", |of| &of.w), ("norm", |of| &of.norm), ("entropy", |of| &of.entropy)];
    for (index, (name, of)) in quantities.into_iter().enumerate() {
        let mut numbers: Vec<Truth> = truths.iter().map(|truth| Truth::from(of(truth))).collect();
        numbers.sort_by(|x, y| x.lo.partial_cmp(&y.lo).unwrap());
        let line = text.lines().find_map(|line| line.strip_prefix(name).filter(|rest| rest.starts_with(' '))).unwrap();
        let shares = [0, 5, 50, 95, 100];
        let cells = words(line);
        let mut last = rug::Float::with_val(99, -1);
        for (place, (share, cell)) in shares.iter().zip(&cells).enumerate() {
            // The least number that so many hundredths of the rows do not exceed.
            let truth = &numbers[(share * ROWS).div_ceil(100).max(1) - 1];
            let told = Claim::ends(cell, cell);
            let claim = Claim { lo: told.lo.clone() / 1.01, hi: told.hi.clone() * 1.01 };
            all.check("measure, quantiles", &format!("{name} {share} in {line}"), &claim, truth);
            assert!(told.hi >= last, "quantiles are in order: {line}");
            last = told.hi;
            let at = &document["quantiles"][index]["at"][place];
            let claim = Claim::ends(at["lo"].as_str().unwrap(), at["hi"].as_str().unwrap());
            all.check("measure --json, quantiles", &format!("{name} {at}"), &claim, truth);
        }
    }
    let sum = text.lines().find(|line| line.starts_with("all ")).unwrap();
    let told = sum.split("100.0 %").nth(1).unwrap();
    let total =
        truths.iter().fold(truth::point("0"), |sum, of| Truth { lo: sum.lo + of.w.lo(), hi: sum.hi + of.w.hi() });
    // Sums at 2048 bits are exact to far more digits than are told.
    all.check("measure, sums", sum, &cells(told, HALF)[0], &total);
}

pub fn doctor(made: &Made, all: &mut Checked) {
    let kinds = ["w", "logp", "sum_pi_squared", "entropy", "p", "norm"];
    for (name, logits) in [("a", &made.a), ("masked", &made.masked)] {
        let file = format!("{name}.safetensors");
        // As many rows as are listed of each column.
        for rows in ["0..5", "5..10", "10..15", "15..20"] {
            for kind in kinds {
                let claim = format!("{kind}=claimed");
                let arguments =
                    ["doctor", &file, "--modes", "f32", "--rows", rows, "--claimed", &claim, "--digits", "15"];
                let text = if rows == "0..5" { made.printed(&arguments) } else { made.run(&arguments) };
                let truth = |row: usize| {
                    let found = truth::row(made.row(logits, row), made.actions[row], 1.0);
                    match kind {
                        "w" => found.w,
                        "logp" => truth::negated(&found.surprisal),
                        "sum_pi_squared" => found.collision,
                        "p" => found.p,
                        "norm" => found.norm,
                        _ => found.entropy,
                    }
                };
                let mut listed = 0;
                for line in text.lines().filter(|line| line.starts_with("  row ")) {
                    listed += 1;
                    let row: usize = between(line, "  row ", ",")[0].parse().unwrap();
                    let truth = truth(row);
                    let ends = cells(between(line, "true in ", ", off")[0].trim(), HALF);
                    all.check("doctor", line, &ends[0], &Truth::from(&truth));
                    if let Some(off) = between(line, ", off by ", " nats").first().filter(|_| line.ends_with("nats")) {
                        let error = truth::off(CLAIMED, &truth);
                        all.check("doctor, errors", line, &cells(off, HALF)[0], &error);
                        let most = between(&text, "off by up to ", " nats").first().map_or("inf", |most| *most);
                        all.check("doctor, errors", line, &Claim::at_most(most), &error);
                    }
                }
                assert!(listed >= 5, "{text}");
                let document = json(&made.run(&[&arguments[..], &["--json"]].concat()));
                for row in document["claimed"][0]["first_wrong"].as_array().unwrap() {
                    let truth = truth(row["row"].as_u64().unwrap() as usize);
                    // What is infinite is no number in JSON.
                    if let (Some(lo), Some(hi)) = (row["low"].as_f64(), row["high"].as_f64()) {
                        let power = row["exponent"].as_i64().unwrap() as i32;
                        let Claim { lo, hi } = Claim::floats(lo, hi);
                        let claim = Claim { lo: lo << power, hi: hi << power };
                        all.check("doctor --json", &format!("{kind} {row}"), &claim, &Truth::from(&truth));
                    }
                }
            }
        }
    }
}

/// The rows of the table of distances, in order.
const DISTANCES: [(&str, &str); 9] = [
    ("kl_ab", "KL(A || B)"),
    ("kl_ba", "KL(B || A)"),
    ("tv", "total variation"),
    ("chi2_ba", "chi-squared, B against A"),
    ("chi2_ab", "chi-squared, A against B"),
    ("js", "Jensen-Shannon"),
    ("delta", "log P_B - log P_A of the action"),
    ("abs_delta", "|log P_B - log P_A| of the action"),
    ("ratio", "P_B / P_A of the action"),
];

pub fn diff(made: &Made, all: &mut Checked) {
    let arguments = ["diff", "a.safetensors", "b.safetensors"];
    let text = made.printed(&arguments);
    let document = json(&made.run(&[&arguments[..], &["--json", "--out", "rows.jsonl"]].concat()));
    let rows: Vec<Vec<(&str, rug::Float)>> = (0..ROWS)
        .map(|row| truth::distances(made.row(&made.a, row), made.row(&made.b, row), made.actions[row]))
        .collect();
    for (index, (name, title)) in DISTANCES.iter().enumerate() {
        let known: BTreeMap<&str, Truth> =
            truth::statistics(rows.iter().map(|row| row[index].1.clone()).collect()).into_iter().collect();
        let line =
            text.lines().find_map(|line| line.strip_prefix(title).filter(|rest| rest.starts_with("  "))).unwrap();
        for (cell, statistic) in words(line).iter().zip(["median", "p95", "p99", "max", "mean", "sum"]) {
            let claim = &cells(cell, WHOLE)[0];
            all.check("diff", &format!("{name}/{statistic} in {line}"), claim, &known[statistic]);
        }
        let quantities = document["quantities"].as_array().unwrap();
        let found = &quantities.iter().find(|quantity| quantity["name"] == *name).unwrap()["all"];
        for (statistic, truth) in known {
            let ends = &found[statistic];
            let claim = Claim::floats(end(&ends[0]), end(&ends[1]));
            all.check("diff --json", &format!("{name}/{statistic} {ends}"), &claim, &truth);
        }
    }
    let lines = std::fs::read_to_string(made.folder.join("rows.jsonl")).unwrap();
    for (line, known) in lines.lines().zip(&rows) {
        let row = json(line);
        for (name, x) in known {
            let claim = Claim::floats(end(&row[*name][0]), end(&row[*name][1]));
            let slack = rug::Float::with_val(truth::BITS, x * 1e-200).abs();
            let truth = Truth { lo: rug::Float::with_val(truth::BITS, x - &slack), hi: x.clone() + slack };
            all.check("diff --out", &format!("{name} in {line}"), &claim, &truth);
        }
    }
}

pub fn partial(made: &Made, all: &mut Checked) {
    // The three largest log-probabilities and that of the action, each rounded to f64 once.
    let (mut file, mut truths) = (String::new(), Vec::new());
    for row in 0..ROWS {
        let z = made.row(&made.a, row);
        let log = |action: usize| -truth::row(z, action, 1.0).surprisal.lo().to_f64();
        let mut top: Vec<f64> = (0..made.columns).map(log).collect();
        let own = top[made.actions[row]];
        top.sort_by(|x, y| y.total_cmp(x));
        // A largest log-probability of 0 leaves nothing to the others.
        if top[0] < -1e-12 {
            top.truncate(made.columns.min(3));
            _ = writeln!(file, "{}", serde_json::json!({"top_logprobs": top, "logprobs": own}));
            truths.push(truth::row(z, made.actions[row], 1.0));
        }
    }
    std::fs::write(made.folder.join("top.jsonl"), file).unwrap();
    let vocabulary = made.columns.to_string();
    let arguments = ["partial", "top.jsonl", "--vocabulary", &vocabulary];
    for (line, truth) in made.run(&arguments).lines().skip(1).zip(&truths) {
        let cells = cells(line, HALF);
        for (claim, (name, truth)) in [1, 3, 4, 5].map(|place| &cells[place]).into_iter().zip(parts(truth)) {
            all.check("partial", &format!("{name} in {line}"), claim, &truth);
        }
    }
    for (line, truth) in made.run(&[&arguments[..], &["--json"]].concat()).lines().zip(&truths) {
        let row = json(line);
        for (name, truth) in parts(truth) {
            let [lo, hi] = ["lo", "hi"].map(|end| row[format!("{name}_{end}")].as_str().unwrap());
            all.check("partial --json", &format!("{name} in {line}"), &Claim::ends(lo, hi), &truth);
        }
    }
}

fn parts(of: &Precise) -> [(&'static str, Truth); 4] {
    [("p", &of.p), ("collision", &of.collision), ("w", &of.w), ("norm", &of.norm)]
        .map(|(name, x)| (name, Truth::from(x)))
}

pub fn certify(made: &Made, all: &mut Checked) {
    let arguments = ["certify", "a.safetensors", "--rows", "0..5", "--out", "rows.v"];
    let text = made.run(&arguments);
    let said: Value = json(&made.run(&[&arguments[..], &["--json"]].concat()));
    for row in 0..5 {
        let truth = truth::row(made.row(&made.a, row), made.actions[row], 1.0);
        let truths = [("rest", Truth::from(&truth.rest)), ("norm", Truth::from(&truth.norm))];
        // The last two columns.
        let line = text.lines().nth(row + 1).unwrap();
        let norm = &line[line.rfind("  ").unwrap()..];
        let rest = line[..line.len() - norm.len()].split_whitespace().nth(3).unwrap();
        for ((name, truth), cell) in truths.iter().zip([rest, norm.trim()]) {
            all.check("certify", line, &cells(cell, HALF)[0], truth);
            let [lo, hi] = ["lo", "hi"].map(|end| said["rows"][row][format!("{name}_{end}")].as_str().unwrap());
            all.check("certify --json", &format!("{name} of row {row}"), &Claim::ends(lo, hi), truth);
        }
    }
}

pub fn round(made: &Made, all: &mut Checked) {
    for x in made.a.iter().take(4).map(|x| format!("{:.9}", x / 7.0)) {
        let text = made.run(&["round", &x, "--format", "bf16"]);
        let value = x.parse::<f64>().unwrap();
        let exact = rug::Rational::from_str_radix(&x.replace('.', ""), 10).unwrap() / 1_000_000_000u32;
        // Nine decimals are far from any middle of two numbers of bf16 but by their own rounding to f64.
        let result = rug::Rational::from_f64(half::bf16::from_f64(value).to_f64()).unwrap();
        let error = rug::Rational::from(&result - &exact).abs();
        let relative = rug::Rational::from(&error / &exact).abs();
        let line = text.lines().find(|line| line.trim_start().starts_with("error")).unwrap();
        let told = line.trim_start().strip_prefix("error").unwrap().replace(['~', ','], " ");
        let told: Vec<&str> = told.split_whitespace().collect();
        let truth = |x: rug::Rational| {
            let x = rug::Float::with_val(truth::BITS, x);
            Truth { lo: x.clone(), hi: x }
        };
        all.check("round", line, &Claim::decimal(told[0], HALF), &truth(error));
        all.check("round", line, &Claim::decimal(told[2], HALF), &truth(relative));
    }
}
