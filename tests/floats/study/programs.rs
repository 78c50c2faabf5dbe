//! Programs give what one correctly rounded operation after the other gives.

use logitlab::expr::{OPS, Op, Tree, Type};
use logitlab::formats::{FORMATS, Narrow, Operation, Rounding, odd};
use logitlab::formulas::{ACTION, Formula, LOGITS, OTHER, formulas};
use logitlab::policy::random::Rng;
use logitlab::study::mode::PLACES;
use logitlab::study::noise::Noise;
use logitlab::study::{
    CaseBlock, Mode, Names, NotComputed, PRESETS, Program, Setting, Step, compile, compile_vector, matrix_unit,
};
use num_rational::BigRational;

fn program(formula: &Formula, k: usize, action: usize, mode: &Mode) -> Program {
    let temperature = BigRational::from_integer(1.into());
    let logits = [LOGITS.into(), OTHER.into()];
    let names = Names { logits: &logits, action: &ACTION.into(), definitions: &formula.definitions };
    let tape = compile(&formula.tree, names, Setting { k, action, mode, temperature: &temperature }).unwrap();
    Program::new(tape, mode).unwrap()
}

/// The tape in one case, every operation by MPFR and rounded by whole numbers.
fn slowly(program: &Program, inputs: &[f64]) -> f64 {
    let mut values: Vec<f64> = Vec::new();
    let k = program.tape().k;
    for (index, step) in program.tape().steps.iter().enumerate() {
        let at = |register: u32| values[register as usize];
        let value = match step {
            Step::Input { policy, index } => inputs[*policy as usize * k + *index as usize],
            Step::Constant(..) => program.constant(index),
            Step::Apply(operation, arguments, place) => {
                let machine = program.machine(*place);
                let operands = arguments.map(at);
                if machine.is_native() {
                    machine.apply(*operation, operands, 0)
                } else {
                    let exact = odd::by_mpfr(*operation, operands);
                    if exact == 0.0 { machine.apply(*operation, operands, 0) } else { machine.round(exact, 0) }
                }
            }
            Step::Guarded([x, _], _) if at(*x) == 0.0 => 0.0,
            Step::Guarded([x, log], place) => program.machine(*place).apply(Operation::Mul, [at(*x), at(*log), 0.0], 0),
            Step::Neg(x) => -at(*x),
            Step::Abs(x) => at(*x).abs(),
            Step::Max(x, y) | Step::Min(x, y) if at(*x).is_nan() || at(*y).is_nan() => f64::NAN,
            Step::Max(x, y) => at(*x).max(at(*y)),
            Step::Min(x, y) => at(*x).min(at(*y)),
            Step::Product(x, y) => at(*x) * at(*y),
            Step::Block(range) => {
                let terms: Vec<f64> = program.tape().terms(range).iter().map(|&r| at(r)).collect();
                matrix_unit::add(&terms, program.machine(logitlab::study::Place::Sum)).0
            }
        };
        values.push(value);
    }
    values[program.tape().result as usize]
}

fn modes() -> Vec<Mode> {
    let narrow = FORMATS.iter().filter(|record| Narrow::new(record.format.into()).is_some());
    let mut modes: Vec<Mode> = narrow.map(|record| Mode::uniform(record.format)).collect();
    modes.extend(PRESETS.iter().map(|preset| preset.text.parse::<Mode>().unwrap()));
    for order in ["pairwise", "blocked3", "kahan", "neumaier", "tensor4"] {
        for format in ["bf16", "fp16", "e4m3fn", "f32"] {
            modes.push(format!("{format}+sum={format}:{order}").parse().unwrap());
            modes.push(format!("{format}+sum=f32:{order}+product=exact").parse().unwrap());
        }
    }
    for softmax in ["naive", "online", "log"] {
        for format in ["bf16", "fp16", "e5m2", "f32", "f64"] {
            modes.push(format!("{format}+softmax={softmax}").parse().unwrap());
        }
    }
    for (name, _) in logitlab::formats::rounding::ROUNDINGS {
        for format in ["bf16", "e4m3fn/saturate", "fp16/flush", "p5e6"] {
            modes.push(format!("{format}/{name}").parse().unwrap());
        }
    }
    modes
}

/// Logits of many sizes; some are masked, some equal.
fn logits(rng: &mut Rng, k: usize) -> Vec<f64> {
    let scale = [0.1, 1.0, 5.0, 30.0, 400.0][rng.index(5)];
    let mut logits: Vec<f64> = (0..k).map(|_| rng.gaussian() * scale).collect();
    if k > 1 && rng.below(8) == 0 {
        logits[rng.index(k)] = f64::NEG_INFINITY;
    }
    if k > 1 && rng.below(4) == 0 {
        logits[0] = logits[1];
    }
    logits
}

#[test]
fn programs_compute_one_rounded_operation_after_the_other() {
    let mut rng = Rng::new(41, 0);
    let mut block = CaseBlock::default();
    let mut noise = Noise::new(0, 0);
    let mut finite = 0;
    for mode in modes() {
        for formula in formulas() {
            let k = 1 + rng.index(6);
            let program = program(formula, k, rng.index(k), &mode);
            let lanes = 16;
            let cases: Vec<Vec<f64>> =
                (0..lanes).map(|_| [logits(&mut rng, k), logits(&mut rng, k)].concat()).collect();
            let inputs: Vec<f64> = (0..2 * k).flat_map(|index| cases.iter().map(move |case| case[index])).collect();
            program.run(&inputs, lanes, &mut noise, &mut block);
            for (case, &found) in cases.iter().zip(block.register(program.tape().result)) {
                let expected = slowly(&program, case);
                let same = found.to_bits() == expected.to_bits() || (found.is_nan() && expected.is_nan());
                assert!(same, "{} in {mode}: {found:e}, not {expected:e}, at {case:?}", formula.name);
                finite += usize::from(found.is_finite());
            }
        }
    }
    assert!(finite > 5_000, "{finite}");
}

/// Each operation in each of its uses has an algorithm or is refused by name.
#[test]
fn every_operation_of_the_language_is_computed_or_refused() {
    let mode: Mode = "f32".parse().unwrap();
    let temperature = BigRational::from_integer(1.into());
    let names = Names { logits: &[LOGITS.into()], action: &ACTION.into(), definitions: &[] };
    let setting = Setting { k: 3, action: 0, mode: &mode, temperature: &temperature };
    for row in OPS {
        for (takes, gives) in row.signatures {
            let vector = Tree::variable(LOGITS, Type::Vector);
            let real = Tree::apply(Op::Sum, [vector.clone()]).unwrap();
            let argument = |ty: &Type| if *ty == Type::Real { real.clone() } else { vector.clone() };
            let tree = Tree::apply(row.op, takes.iter().map(argument).collect::<Vec<_>>()).unwrap();
            let compiled = match gives {
                Type::Real => compile(&tree, names, setting),
                Type::Vector => compile_vector(&tree, names, setting).map(|(tape, _)| tape),
            };
            match compiled {
                Ok(tape) => assert!(!row.op.is_of_format() && tape.roundings() > 0, "{tree}"),
                Err(NotComputed::Construct(text, _)) => {
                    assert!(row.op.is_of_format() && text == tree.to_string(), "{tree}");
                }
                Err(other) => panic!("{tree}: {other}"),
            }
        }
    }
}

#[test]
fn every_place_is_reached_by_some_formula() {
    let mode = "f32+softmax=log".parse::<Mode>().unwrap();
    let mut seen: Vec<&str> = Vec::new();
    for formula in formulas() {
        let program = program(formula, 3, 0, &mode);
        for (place, name) in PLACES {
            let used = program.tape().steps.iter().any(|step| matches!(step, Step::Apply(.., at) if *at == place));
            if used && !seen.contains(&name) {
                seen.push(name);
            }
        }
    }
    // The temperature is 1 here, and is then divided by nowhere.
    assert_eq!(seen.len(), PLACES.len() - 1, "{seen:?}");
}

#[test]
fn stochastic_rounding_is_the_same_for_the_same_seed_and_right_on_average() {
    let target = "p4e8/stochastic16".parse().unwrap();
    let machine = Narrow::new(target).unwrap();
    assert_eq!(target.rounding, Rounding::Stochastic(16));
    let x = 1.0 + 0.3 * 0.125;
    let mut noise = Noise::new(7, 0);
    let n = 20_000;
    let ups = (0..n).filter(|_| machine.round(x, noise.bits()) > 1.0).count() as f64 / f64::from(n);
    // Five standard deviations.
    assert!((ups - 0.3).abs() < 5.0 * (0.21 / f64::from(n)).sqrt(), "{ups}");
}
