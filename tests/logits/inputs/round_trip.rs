//! What is stored comes back, exactly.

use crate::inputs::files::{
    Array, Files, GOOD, actions, entry, logits, npy_array, npy_header, npy_version, safetensors, safetensors_pair,
};
use ::safetensors::tensor::{Dtype as Stored, TensorView, serialize};
use logitlab::source::{Actions, Block, Dtype, InputError, Request, Source, Watch, stream};
use std::fs::File;
use std::ops::Range;

const INF: f64 = f64::INFINITY;

/// One row of four logits of some type.
struct Sample {
    dtype: Dtype,
    safetensors: &'static str,
    /// What npy calls the type, if it has it.
    npy: Option<&'static str>,
    stored: Vec<u8>,
    meaning: [f64; 4],
}

/// Each type's smallest subnormal, largest finite value, negative zero and -inf.
fn samples() -> [Sample; 4] {
    let halves = |values: [u16; 4]| values.into_iter().flat_map(u16::to_le_bytes).collect();
    let singles = [f32::from_bits(1), f32::MAX, -0.0, f32::NEG_INFINITY];
    let doubles = [f64::from_bits(1), f64::MAX, -0.0, -INF];
    [
        Sample {
            dtype: Dtype::F16,
            safetensors: "F16",
            npy: Some("<f2"),
            stored: halves([0x0001, 0x7bff, 0x8000, 0xfc00]),
            meaning: [libm::ldexp(1.0, -24), 65504.0, -0.0, -INF],
        },
        Sample {
            dtype: Dtype::BF16,
            safetensors: "BF16",
            npy: None,
            stored: halves([0x0001, 0x7f7f, 0x8000, 0xff80]),
            meaning: [libm::ldexp(1.0, -133), 255.0 * libm::ldexp(1.0, 120), -0.0, -INF],
        },
        Sample {
            dtype: Dtype::F32,
            safetensors: "F32",
            npy: Some("<f4"),
            stored: singles.into_iter().flat_map(f32::to_le_bytes).collect(),
            meaning: [libm::ldexp(1.0, -149), (2.0 - libm::ldexp(1.0, -23)) * libm::ldexp(1.0, 127), -0.0, -INF],
        },
        Sample {
            dtype: Dtype::F64,
            safetensors: "F64",
            npy: Some("<f8"),
            stored: doubles.into_iter().flat_map(f64::to_le_bytes).collect(),
            meaning: doubles,
        },
    ]
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn every_dtype_is_exact() {
    for Sample { dtype, safetensors, npy, stored, meaning } in samples() {
        let files = Files::new();
        let row = |dtype| Array { dtype, shape: &[1, 4], data: stored.clone() };
        let taken = |dtype| Array { dtype, shape: &[1], data: 3i64.to_le_bytes().to_vec() };
        let mut sources = vec![files.open_safetensors(&safetensors_pair(&row(safetensors), &taken("I64"))).unwrap()];
        if let Some(descr) = npy {
            sources.push(files.open_npy(&npy_array(&row(descr)), &npy_array(&taken("<i8"))).unwrap());
        }
        for source in sources {
            assert_eq!((source.rows, source.columns, source.dtype), (1, 4, dtype));
            let block = source.read(0, 1).unwrap();
            assert_eq!(bits(block.row(0)), bits(&meaning), "{dtype}");
            assert_eq!(block.actions, [3], "a masked action is allowed: its probability is zero");
        }
    }
}

#[test]
fn files_of_the_safetensors_crate_are_read() {
    let (values, taken) = GOOD;
    let (values, taken) = (logits("", values), actions("", taken));
    let views = [
        ("policy.actions", TensorView::new(Stored::I64, vec![2], &taken.data).unwrap()),
        ("policy.logits", TensorView::new(Stored::F32, vec![2, 3], &values.data).unwrap()),
        ("value", TensorView::new(Stored::BOOL, vec![5], &[1; 5]).unwrap()),
    ];
    let files = Files::new();
    let path = files.write("run.safetensors", &serialize(views, None).unwrap());
    let source = Source::open(&Request {
        logits: "policy.logits".to_string(),
        actions: Actions::Named("policy.actions".to_string()),
        ..Request::new([path])
    })
    .unwrap();
    assert_eq!(bits(&source.read(0, 2).unwrap().logits), bits(&GOOD.0.map(f64::from)));
}

#[test]
fn every_npy_version_is_read() {
    let (values, taken) = GOOD;
    let header = npy_header("<f4", "(2, 3)");
    let files = Files::new();
    for version in [2, 3] {
        let length = (header.len() as u32).to_le_bytes();
        let file = npy_version(version, &length, &header, &logits("<f4", values).data);
        let source = files.open_npy(&file, &npy_array(&actions("<i8", taken))).unwrap();
        assert_eq!(bits(&source.read(0, 2).unwrap().logits), bits(&values.map(f64::from)));
    }
}

#[test]
fn blocks_equal_one_whole_read() {
    const ROWS: u64 = 1000;
    let data = (0..7 * ROWS).flat_map(|i| libm::sinf(i as f32).to_le_bytes()).collect();
    let taken = (0..ROWS).flat_map(|i| (i % 7).to_le_bytes()).collect();
    let data = Array { dtype: "F32", shape: &[ROWS, 7], data };
    let taken = Array { dtype: "I64", shape: &[ROWS], data: taken };
    let files = Files::new();
    let source = files.open_safetensors(&safetensors_pair(&data, &taken)).unwrap();
    let whole = source.read(0, ROWS as usize).unwrap();
    for size in [1, 7, 64, 999, 1000] {
        let mut joined = Block { rows: vec![], columns: 7, logits: vec![], actions: vec![], ..whole.clone() };
        for start in (0..ROWS).step_by(size) {
            let block = source.read(start, size.min((ROWS - start) as usize)).unwrap();
            joined.rows.extend(block.rows.iter());
            assert_eq!(block.rows[0], start);
            assert_eq!(block.row(0), whole.row(start as usize));
            joined.logits.extend(block.logits);
            joined.actions.extend(block.actions);
        }
        assert_eq!(joined, whole);
    }
    assert!(source.read(ROWS, 0).unwrap().actions.is_empty(), "no rows after the last are still no rows");
}

#[test]
fn blocks_are_a_few_mib() {
    let open = |shape: &'static [u64], rows: &'static [u64]| {
        let zeros = |dtype, shape: &'static [u64], size| {
            let bytes = shape.iter().product::<u64>() as usize * size;
            Array { dtype, shape, data: vec![0; bytes] }
        };
        Files::new().open_safetensors(&safetensors_pair(&zeros("F16", shape, 2), &zeros("I64", rows, 8))).unwrap()
    };
    let blocks = |source: Source| {
        let mut counts = Vec::new();
        let one = |_: &mut (), _: [&Block; 1], _: Range<usize>| Ok::<_, InputError>(());
        let all = stream([&source], &(0..source.rows).into(), 1, Watch::NONE, one, |rows| {
            counts.push(rows.len());
            Ok(())
        });
        assert!(all.unwrap());
        counts
    };
    assert_eq!(blocks(open(&[10, 3], &[10])), [10], "all of a small file");
    assert_eq!(blocks(open(&[1100, 127], &[1100])), [512, 512, 76], "rows of 1 KiB");
    assert_eq!(blocks(open(&[6, 1 << 20], &[6])), [4, 2], "rows of 8 MiB");
}

#[test]
fn files_longer_than_memory_are_read_in_part() {
    const ROWS: u64 = 1 << 32;
    let data = 16 * ROWS as usize;
    let (logits, actions) = (entry("F16", &[ROWS, 4], [0, data / 2]), entry("I64", &[ROWS], [data / 2, data]));
    let header = safetensors(&format!(r#"{{"logits":{logits},"actions":{actions}}}"#), &[]);
    let files = Files::new();
    let path = files.write("run.safetensors", &header);
    // A hole: it reads as zeros and takes no space on the disk.
    File::options().write(true).open(&path).unwrap().set_len((header.len() + data) as u64).unwrap();
    let source = Source::open(&Request::new([path])).unwrap();
    let last = Block {
        rows: vec![ROWS - 1],
        columns: 4,
        logits: vec![0.0; 4],
        actions: vec![0],
        ..source.read(0, 0).unwrap()
    };
    assert_eq!(source.read(ROWS - 1, 1).unwrap(), last);
}

#[test]
fn threads_share_a_source() {
    fn shareable<T: Send + Sync>() {}
    shareable::<Source>();
}
