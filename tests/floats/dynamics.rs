//! Training by hardware f32 and by passes gives the bits of the tape, whatever the logits.

use logitlab::dynamics::Algorithm;
use logitlab::dynamics::float::{FloatRuns, Told};
use logitlab::study::noise::Noise;
use logitlab::study::softmaxes::Softmaxes;
use logitlab::study::{Emulator, Mode};
use proptest::prelude::*;

const MODES: [&str; 12] = [
    "f32",
    "f32+sum=f32:pairwise",
    "f32+sum=f32:blocked16",
    "f32+sum=f32:neumaier",
    "bf16-stored",
    "fp16-stored",
    "fp8-stored",
    "bf16",
    "bf16-eager",
    "fp16+sum=f32:pairwise",
    "e5m2+softmax=naive",
    "f32+softmax=log",
];

/// Logits of all sizes: near each other, far apart, tiny, and equal.
fn logit() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -3.0..3.0,
        2 => -120.0..120.0,
        1 => (-1.0..1.0_f64, -40..0_i32).prop_map(|(x, e)| libm::scalbn(x, e)),
        1 => Just(0.5),
    ]
}

fn case() -> impl Strategy<Value = (Mode, Vec<f64>, usize)> {
    let mode = prop::sample::select(&MODES[..]).prop_map(|text| text.parse().unwrap());
    (mode, prop::collection::vec(logit(), 2..90), 1..6_usize)
}

fn same(x: &[f64], y: &[f64]) -> bool {
    x.iter().zip(y).all(|(x, y)| x == y || (x.is_nan() && y.is_nan()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn softmaxes_by_passes_are_those_of_the_tape((mode, start, rows) in case()) {
        let stored = Emulator::new(&mode, &[], 1.0).unwrap().store(&start);
        let z: Vec<f64> = (0..start.len() * rows).map(|at| stored[(at / rows + at % rows) % start.len()]).collect();
        let (mut passes, mut tape) = (vec![0.0; z.len()], vec![0.0; z.len()]);
        Softmaxes::new(&mode, start.len(), rows).unwrap().run(&z, &mut Noise::new(0, 0), &mut passes);
        Softmaxes::by_tape(&mode, start.len(), rows).unwrap().run(&z, &mut Noise::new(0, 0), &mut tape);
        prop_assert!(same(&passes, &tape), "{} {:?}\n{:?}\n{:?}", mode, z, passes, tape);
        let (mut sums, mut taped) = (vec![0.0; rows], vec![0.0; rows]);
        Softmaxes::new(&mode, start.len(), rows).unwrap().totals(&passes, &mut Noise::new(0, 0), &mut sums);
        Softmaxes::by_tape(&mode, start.len(), rows).unwrap().totals(&passes, &mut Noise::new(0, 0), &mut taped);
        prop_assert!(same(&sums, &taped), "{} {:?} {:?}", mode, sums, taped);
    }

    #[test]
    fn hardware_steps_are_those_of_the_mode(
        (_, start, lanes) in case(),
        bfloat in any::<bool>(),
        gains in prop::collection::vec((-30.0..30.0_f64, -30..3_i32, any::<prop::sample::Index>()), 1..4),
        algorithm in prop::sample::select(&[Algorithm::Reinforce, Algorithm::Alternate, Algorithm::Expected][..]),
    ) {
        let mode: Mode = if bfloat { "bf16-stored" } else { "f32" }.parse().unwrap();
        let mut runs = [FloatRuns::new(&mode, &start, lanes, 1), FloatRuns::general(&mode, &start, lanes, 1)]
            .map(Result::unwrap);
        let rewards: Vec<f64> = start.iter().map(|z| z.rem_euclid(1.0)).collect();
        for (gain, exponent, action) in gains {
            let order = |lane: usize| {
                let gain = libm::scalbn(gain + lane as f64, exponent);
                Told { action: (action.index(start.len()) + lane) % start.len(), gain, entropy: 0.0 }
            };
            let orders: Vec<Told> = (0..lanes).map(order).collect();
            for runs in &mut runs {
                runs.policies();
                runs.step(algorithm, &orders, &rewards);
            }
            let [hardware, general] = &runs;
            for lane in 0..lanes {
                prop_assert!(same(&hardware.policy(lane), &general.policy(lane)), "policy of {lane}");
                prop_assert!(same(&hardware.moved(lane), &general.moved(lane)), "move of {lane}");
                prop_assert!(same(&hardware.stored(lane), &general.stored(lane)), "logits of {lane}");
                let what = |runs: &FloatRuns| (runs.has_moved(lane), runs.is_lost(lane));
                prop_assert_eq!(what(hardware), what(general));
                for choice in [0.0, 0.3, 0.999_999] {
                    prop_assert_eq!(hardware.choose(lane, choice), general.choose(lane, choice));
                }
            }
        }
    }
}
