//! The emulator gives on rows of a file what the program of a formula for one row gives, to the bit.

use logitlab::formulas::{ACTION, Formula, LOGITS, OTHER, find, formulas};
use logitlab::policy::random::Rng;
use logitlab::study::noise::Noise;
use logitlab::study::{CaseBlock, Emulator, Mode, Names, PRESETS, Program, Setting, compile};
use num_rational::BigRational;

/// Some rows of K logits: even, confident, with ties, and with masked actions, among them the chosen one.
fn rows(k: usize, count: usize, seed: u64) -> (Vec<f64>, Vec<usize>) {
    let mut logits = Vec::new();
    let mut actions = Vec::new();
    for row in 0..count {
        let mut rng = Rng::new(seed, row as u64);
        let scale = [0.5, 4.0, 20.0][row % 3];
        let mut z: Vec<f64> = (0..k).map(|_| f64::from((rng.gaussian() * scale) as f32)).collect();
        let action = rng.index(k);
        if row % 4 == 1 {
            z[action] += 12.0;
        }
        if row % 5 == 2 {
            (0..k / 3).for_each(|_| z[rng.index(k)] = f64::NEG_INFINITY);
            if !z.iter().any(|z| z.is_finite()) {
                z[0] = 1.0;
            }
        }
        logits.extend(z);
        actions.push(action);
    }
    (logits, actions)
}

fn one_by_one(formula: &Formula, mode: &Mode, temperature: f64, logits: &[f64], actions: &[usize]) -> Vec<f64> {
    let k = logits.len() / actions.len();
    let temperature = BigRational::from_float(temperature).unwrap();
    let names = [LOGITS.into()];
    let mut block = CaseBlock::default();
    let one = |(row, &action): (&[f64], &usize)| {
        let names = Names { logits: &names, action: &ACTION.into(), definitions: &formula.definitions };
        let tape = compile(&formula.tree, names, Setting { k, action, mode, temperature: &temperature }).unwrap();
        let program = Program::new(tape, mode).unwrap();
        program.run(row, 1, &mut Noise::new(0, 0), &mut block);
        block.register(program.tape().result)[0]
    };
    logits.chunks_exact(k).zip(actions).map(one).collect()
}

fn check(modes: &[Mode], temperature: f64, k: usize, count: usize) {
    let own: Vec<&Formula> = formulas().iter().filter(|formula| !formula.uses(OTHER)).collect();
    assert!(own.len() > 15);
    let (logits, actions) = rows(k, count, 7 + k as u64);
    for mode in modes {
        let emulated = Emulator::new(mode, &own, temperature).unwrap().run(0, &logits, &actions);
        assert_eq!(emulated.len(), own.len());
        for (formula, found) in own.iter().zip(emulated) {
            let expected = one_by_one(formula, mode, temperature, &logits, &actions);
            for (row, (found, expected)) in found.iter().zip(&expected).enumerate() {
                let same = found.to_bits() == expected.to_bits() || (found.is_nan() && expected.is_nan());
                assert!(same, "{} in {mode}, K = {k}, row {row}: {found:e}, expected {expected:e}", formula.name);
            }
        }
    }
}

fn mode(text: &str) -> Mode {
    text.parse().unwrap()
}

#[test]
fn every_preset_gives_what_its_program_gives() {
    let modes: Vec<Mode> = PRESETS.iter().map(|preset| mode(preset.text)).collect();
    check(&modes, 1.0, 9, 19);
    check(&[mode("bf16"), mode("fp16"), mode("e4m3fn"), mode("f32")], 0.75, 70, 18);
    check(&[mode("bf16-lse"), mode("f32"), mode("f64")], 1.0, 1, 5);
}

#[test]
fn every_order_of_summation_and_every_softmax() {
    let orders = ["recursive", "pairwise", "blocked4", "blocked64", "kahan", "neumaier", "tensor4"];
    let modes: Vec<Mode> = orders.iter().map(|order| mode(&format!("bf16+sum=f32:{order}"))).collect();
    check(&modes, 1.0, 67, 5);
    let modes: Vec<Mode> = orders.iter().map(|order| mode(&format!("fp16+sum=fp16:{order}"))).collect();
    check(&modes, 1.0, 130, 3);
    let softmaxes = ["naive", "shifted", "online", "log"];
    let modes: Vec<Mode> = softmaxes.iter().map(|name| mode(&format!("f32+probability=bf16+softmax={name}"))).collect();
    check(&modes, 1.0, 8, 5);
    check(&[mode("bf16+product=exact+sum=f32"), mode("bf16/up"), mode("p8e8/stochastic8")], 1.0, 6, 1);
}

#[test]
fn storing_is_what_the_mode_does_first() {
    let emulator = Emulator::new(&mode("f32+logits=bf16"), &[find("tail").unwrap()], 1.0).unwrap();
    assert_eq!(
        emulator.store(&[1.0, 1.00390625, 1.01171875, f64::NEG_INFINITY]),
        [1.0, 1.0, 1.015625, f64::NEG_INFINITY]
    );
}
