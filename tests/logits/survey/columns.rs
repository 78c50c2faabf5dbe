//! What columns say, against the step itself in f64.

use logitlab::arith::interval::Intervals;
use logitlab::arith::scaled::outward;
use logitlab::certified::enclosure::enclose;
use logitlab::measure::known_bits;
use logitlab::measure::{COLUMNS, How, Modes, Numbers, Precision, Schema};

use crate::survey::given::{Given, how};

fn softmax(z: &[f64], temperature: f64) -> Vec<f64> {
    let largest = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let e: Vec<f64> = z.iter().map(|z| libm::exp((z - largest) / temperature)).collect();
    let total: f64 = e.iter().sum();
    e.iter().map(|e| e / total).collect()
}

fn entropy(p: &[f64]) -> f64 {
    p.iter().filter(|p| **p > 0.0).map(|p| -p * libm::log(*p)).sum()
}

/// The enclosure of one column.
fn ends(schema: &Schema, numbers: &Numbers, name: &str) -> [f64; 2] {
    let place = schema.columns.iter().position(|column| column.name == name).unwrap();
    outward(&numbers.values[place])
}

fn schema(how: &How) -> Schema {
    Schema::new(how, &Modes::default(), &Given::new(1, &[0.0], &[0]).source)
}

fn numbers(how: &How, z: &[f64], action: usize, advantage: f64) -> (Schema, Numbers) {
    let schema = schema(how);
    let row = how.meter().measure(0, z, action, advantage, &[]).unwrap();
    let numbers = schema.numbers(how, &row).unwrap();
    (schema, numbers)
}

#[test]
fn predictions_are_the_first_order_of_what_a_step_does() {
    let z = [0.5, -1.0, 2.0, 0.25, -0.75];
    for (temperature, eta, advantage) in [(1.0, 1e-3, 1.0), (0.7, 1e-3, -2.0), (2.5, -1e-3, 3.0)] {
        for action in [0, 2] {
            let how = how(temperature, Some(eta));
            let (schema, numbers) = numbers(&how, &z, action, advantage);
            let g = eta * advantage;
            let before = softmax(&z, temperature);
            let step: Vec<f64> =
                (0..z.len()).map(|i| g / temperature * (f64::from(u8::from(i == action)) - before[i])).collect();
            let moved: Vec<f64> = z.iter().zip(&step).map(|(z, step)| z + step).collect();
            let after = softmax(&moved, temperature);
            let kl: f64 = before.iter().zip(&after).map(|(p, q)| p * libm::log(p / q)).sum();
            let size = libm::sqrt(step.iter().map(|step| step * step).sum());
            let seen = [
                ("logp_change", libm::log(after[action] / before[action])),
                ("entropy_change", entropy(&after) - entropy(&before)),
                ("kl_second", kl),
                ("update", size),
                ("logp", libm::log(before[action])),
                ("entropy", entropy(&before)),
            ];
            for (name, seen) in seen {
                let [lo, hi] = ends(&schema, &numbers, name);
                assert!(lo <= hi && (hi - lo) <= 1e-11 * hi.abs(), "{name} is narrow: {lo} {hi}");
                assert!((seen / lo - 1.0).abs() < 0.02, "{name} at {temperature}: {lo} {seen}");
            }
            let [lo, hi] = ends(&schema, &numbers, "kl");
            assert!(lo == 0.0 && kl <= hi && hi < 50.0 * kl, "{kl} {hi}");
        }
    }
}

#[test]
fn steps_are_left_out_unless_they_are_asked_for() {
    let names = |eta| schema(&how(1.0, eta)).columns.iter().map(|column| column.name).collect::<Vec<_>>();
    assert_eq!(names(None), ["p", "rest", "collision", "w", "norm", "logp", "entropy", "top"]);
    assert_eq!(names(Some(0.0)).len(), COLUMNS.len());
}

#[test]
fn one_action_and_masked_actions_have_numbers() {
    const MASKED: f64 = f64::NEG_INFINITY;
    for precision in [Precision::Tolerance(1e-12), Precision::Bits(100)] {
        for (z, action, w) in [
            (&[3.0][..], 0, 0.0),
            (&[MASKED, 2.0][..], 1, 0.0),
            (&[MASKED, 2.0][..], 0, 2.0),
            (&[MASKED, 2.0, 2.0][..], 0, 1.5),
        ] {
            let how = How { temperature: 1.5.into(), precision, eta: Some((-1.0).into()) };
            let (schema, numbers) = numbers(&how, z, action, 1.0);
            for column in &schema.columns {
                let [lo, hi] = ends(&schema, &numbers, column.name);
                assert!(lo <= hi, "{} of {z:?}: {lo} {hi}", column.name);
                assert_eq!(lo.is_infinite(), w > 0.0 && column.name == "logp", "{} of {z:?}", column.name);
            }
            let [lo, hi] = ends(&schema, &numbers, "w");
            assert!(lo <= w && w <= hi && hi - lo <= 1e-12);
        }
    }
}

#[test]
fn names_are_unique_and_explained() {
    let given = Given::random();
    let how = how(1.0, Some(1.0));
    let fields = schema(&how).fields();
    let mut names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), fields.len());
    assert!(COLUMNS.iter().all(|column| !column.what.is_empty() && !column.unit.is_empty()));
    let row = &given.measured(&how, 0..1)[0];
    let schema = schema(&how);
    assert_eq!(schema.cells(&schema.numbers(&how, row).unwrap()).len(), fields.len());
}

#[test]
fn batches_have_positions_and_advantages() {
    use crate::support::logits::{f32s, i64s, safetensors};
    use logitlab::certified::MeasureError;
    use logitlab::source::{Request, Source, Watch};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("batch.safetensors");
    let logits = f32s(&[1.0, 0.0, 2.0, 0.0, 3.0, 0.0, 4.0, 0.0, 5.0, 0.0, 6.0, 0.0]);
    let advantages = |last: f32| f32s(&[1.0, -2.0, 0.5, 0.25, 0.0, last]);
    let write = |last| {
        let tensors = [
            ("logits", "F32", &[2, 3, 2][..], logits.clone()),
            ("actions", "I64", &[2, 3][..], i64s(&[0; 6])),
            ("mask", "I64", &[2, 3][..], i64s(&[1, 1, 0, 1, 1, 1])),
            ("advantages", "F32", &[2, 3][..], advantages(last)),
        ];
        std::fs::write(&path, safetensors(&tensors)).unwrap();
        let request =
            Request { mask: Some("mask".into()), advantages: Some("advantages".into()), ..Request::new([&path]) };
        Source::open(&request).unwrap()
    };
    let how = how(1.0, Some(2.0));
    let run = |source: &Source| {
        let mut rows = Vec::new();
        let flow = logitlab::measure::stream(source, &how, &Modes::default(), 0..5, Watch::NONE, |more| {
            rows.extend(more);
            Ok::<_, MeasureError>(())
        });
        flow.map(|_| rows)
    };
    let source = write(4.0);
    let rows = run(&source).unwrap();
    let schema = Schema::new(&how, &Modes::default(), &source);
    let names: Vec<String> = schema.fields().into_iter().take(4).map(|field| field.name).collect();
    assert_eq!(names, ["row", "batch", "time", "action"]);
    let seen: Vec<_> = rows.iter().map(|row| (row.row, row.position.unwrap())).collect();
    assert_eq!(seen, [(0, [0, 0]), (1, [0, 1]), (3, [1, 0]), (4, [1, 1]), (5, [1, 2])]);
    let g: Vec<f64> = rows.iter().map(|row| row.g.as_ref().unwrap().lo().to_f64()).collect();
    assert_eq!(g, [2.0, -4.0, 0.5, 0.0, 8.0]);
    let line = logitlab::measure::line(&schema, &schema.numbers(&how, &rows[2]).unwrap());
    assert!(line.starts_with(r#"{"row":3,"batch":1,"time":0,"action":0,"p_lo":"#), "{line}");
    let error = run(&write(f32::NAN)).unwrap_err().to_string();
    assert!(error.contains("tensor `advantages`") && error.contains("[1, 2]") && error.contains("finite"), "{error}");
}

#[test]
fn modes_leave_digits() {
    use logitlab::certified::MeasureError;
    use logitlab::measure::stream;
    use logitlab::source::Watch;
    let given = Given::new(3, &[9.0, 0.5, 0.0, 0.0, 0.5, 1.0, 2.0, 2.0, 2.0], &[0, 0, 1]);
    let how = how(1.0, None);
    let named = |name: &str| (name.to_string(), name.parse().unwrap());
    let formulas = ["production", "tail"].map(|name| logitlab::formulas::find(name).unwrap());
    let modes = Modes::new(&[named("f64"), named("bf16-lse")], &formulas, 1.0.into()).unwrap();
    let schema = Schema::new(&how, &modes, &given.source);
    let fields: Vec<String> = schema.fields().into_iter().map(|field| field.name).collect();
    assert_eq!(fields.last().unwrap(), "digits_bf16-lse_tail_hi");
    let mut digits = Vec::new();
    let flow = stream(&given.source, &how, &modes, 0..3, Watch::NONE, |rows| {
        for row in &rows {
            let numbers = schema.numbers(&how, row).unwrap();
            digits.push(numbers.values[schema.columns.len()..].iter().map(outward).collect::<Vec<_>>());
        }
        Ok::<_, MeasureError>(())
    });
    assert!(flow.is_ok() && digits.len() == 3 && digits[0].len() == 4);
    // P_c = 0.9997: the closed form in bf16 has nothing left of w, in f64 it has lost half; the tail form is good.
    let [f64_production, f64_tail, production, tail] = digits[0][..] else { unreachable!() };
    assert_eq!(production, [0.0, 0.0]);
    assert!(f64_production[0] > 6.0 && f64_production[1] < 12.0, "{f64_production:?}");
    assert!(f64_tail[0] > 11.0 && tail[0] > 1.5 && tail[1] < 5.0, "{f64_tail:?} {tail:?}");
}

#[test]
fn three_formulas_in_intervals_agree() {
    let given = Given::random();
    let bits = |temperature| How { precision: Precision::Bits(160), ..how(temperature, None) };
    for (how, known) in [(how(1.0, None), 38), (bits(1.0), 155), (bits(0.5), 155)] {
        for row in given.measured(&how, 0..80) {
            let block = given.source.read(row.row, 1).unwrap();
            // Exact: 1 and 1/2 are powers of 2.
            let scaled: Vec<f64> = block.row(0).iter().map(|z| z / how.temperature.nearest()).collect();
            // The closed form, the direct one and the tail form, whose common part it gives, or an error.
            let other = enclose(Intervals::new(160), row.row, &scaled, row.action).unwrap();
            let found = row.intervals();
            for (one, other) in [
                (&found.p, &other.p),
                (&found.collision, &other.collision),
                (&found.w, &other.w),
                (&found.norm, &other.norm),
            ] {
                let common = one.intersection(other).unwrap_or_else(|| panic!("row {}: {one:?} {other:?}", row.row));
                assert!(known_bits(&common) >= known, "row {}: {one:?} {other:?}", row.row);
            }
        }
    }
}

#[test]
fn at_bits_of_ones_own_all_columns_have_them_at_any_temperature() {
    let given = Given::random();
    for temperature in [1.0, 0.7, 3.0] {
        let how = How { precision: Precision::Bits(200), ..how(temperature, Some(0.1)) };
        let schema = Schema::new(&how, &Modes::default(), &given.source);
        for row in given.measured(&how, 0..80) {
            let numbers = schema.numbers(&how, &row).unwrap();
            for (column, value) in schema.columns.iter().zip(&numbers.values) {
                // Bounds are no narrower than what they bound, and log P_c of a masked action is infinite.
                if column.name == "kl" || value.lo().is_infinite() {
                    continue;
                }
                assert_eq!(*value.lo() < 0, *value.hi() < 0, "{} of row {}: {value:?}", column.name, row.row);
                let (lo, hi) = (value.lo().clone().abs(), value.hi().clone().abs());
                let positive = Intervals::new(200).ends(&lo.clone().min(&hi), &lo.max(&hi));
                assert!(known_bits(&positive) >= 190, "{} of row {} at {temperature}: {value:?}", column.name, row.row);
            }
        }
    }
}
