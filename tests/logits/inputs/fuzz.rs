//! No bytes make the readers panic, or hand over a block that is not what it promises.
//!
//! Nor do any make them allocate more than a small multiple of the file's size, which follows from how they are built.
//! Stored bytes of tensors are read in one place alone, which compares the range with the file's length before it makes
//! a buffer. What is made from such a buffer grows with it: a 16-bit logit becomes an `f64` of four times its size, and
//! the most costly JSON of a header, a long shape or many tensors, some fifteen times its size. Headers are limited
//! besides, to 100 MB in safetensors and 64 KiB in npy. A longer header or array that a file only claims to have is
//! therefore an error before it is an allocation; the tables of hostile files have claims of 2^64 - 1 bytes.
//!
//! What has to be unpacked goes through buffers of fixed size: a deflated member of an archive through 64 KiB, JSON a
//! line of at most 64 MiB at a time, Parquet some rows and one page of at most 2^25 values and 151 MB, which is looked
//! up in its header before it is unpacked.

use crate::inputs::files::{Files, GOOD, actions, logits, npy_array, safetensors_pair};
use crate::inputs::formats::{self, json_lines, npz};
use logitlab::source::{Block, InputError, Request, Source, Watch, stream};
use proptest::prelude::*;
use proptest::sample::Index;
use std::ops::Range;
use zip::CompressionMethod;

/// Opens and reads everything, block by block, and checks what blocks promise.
fn exhaust(source: Result<Source, InputError>) -> Result<(), InputError> {
    let source = source?;
    let one = |_: &mut (), [block]: [&Block; 1], Range { start: i, .. }: Range<usize>| {
        assert_eq!(block.actions.len(), block.rows.len());
        let row = block.row(i);
        assert_eq!(row.len() as u64, source.columns);
        assert!(block.actions[i] < row.len());
        assert!(row.iter().all(|&logit| logit < f64::INFINITY));
        assert!(row.iter().any(|&logit| logit.is_finite()));
        Ok(())
    };
    stream([&source], &(0..source.rows).into(), 1, Watch::NONE, one, |_| Ok(())).map(drop)
}

/// Whatever the outcome, it must be one that can be shown.
fn survives(source: Result<Source, InputError>) {
    if let Err(error) = exhaust(source) {
        let message = error.to_string();
        assert!(message.chars().all(|c| !c.is_control()), "{message:?}");
        assert!(message.chars().count() < 4000, "{message:?}");
    }
}

fn good_safetensors() -> Vec<u8> {
    safetensors_pair(&logits("F32", GOOD.0), &actions("I64", GOOD.1))
}

fn good_npy() -> (Vec<u8>, Vec<u8>) {
    (npy_array(&logits("<f4", GOOD.0)), npy_array(&actions("<i8", GOOD.1)))
}

/// Opens these bytes under a name that says their format.
fn open(name: &str, bytes: &[u8]) -> Result<Source, InputError> {
    let files = Files::new();
    Source::open(&formats::request(files.write(name, bytes)))
}

/// A change to a file.
#[derive(Debug, Clone)]
enum Mutation {
    FlipBit(Index, u8),
    Replace(Index, u8),
    Truncate(Index),
    Insert(Index, Vec<u8>),
    Remove(Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    // Bytes that mean something in a header are likelier to get past the first check than any others.
    let byte = prop_oneof![any::<u8>(), prop::sample::select(b"{}[](),:'\"0179-<>TF \\".as_slice())];
    prop_oneof![
        4 => (any::<Index>(), 0..8u8).prop_map(|(at, bit)| Mutation::FlipBit(at, bit)),
        4 => (any::<Index>(), byte.clone()).prop_map(|(at, byte)| Mutation::Replace(at, byte)),
        1 => any::<Index>().prop_map(Mutation::Truncate),
        1 => (any::<Index>(), prop::collection::vec(byte, 1..20)).prop_map(|(at, bytes)| Mutation::Insert(at, bytes)),
        1 => any::<Index>().prop_map(Mutation::Remove),
    ]
}

fn mutate(mut bytes: Vec<u8>, mutations: &[Mutation]) -> Vec<u8> {
    for mutation in mutations {
        if bytes.is_empty() {
            break;
        }
        let length = bytes.len();
        match mutation {
            Mutation::FlipBit(at, bit) => bytes[at.index(length)] ^= 1 << bit,
            Mutation::Replace(at, byte) => bytes[at.index(length)] = *byte,
            Mutation::Truncate(at) => bytes.truncate(at.index(length)),
            Mutation::Insert(at, more) => drop(bytes.splice(at.index(length)..at.index(length), more.iter().copied())),
            Mutation::Remove(at) => drop(bytes.remove(at.index(length))),
        }
    }
    bytes
}

#[test]
fn the_files_to_mutate_are_valid() {
    let files = Files::new();
    exhaust(files.open_safetensors(&good_safetensors())).unwrap();
    let (logits, actions) = good_npy();
    exhaust(files.open_npy(&logits, &actions)).unwrap();
    exhaust(open("rows.jsonl", &json_lines())).unwrap();
    exhaust(open("stored.npz", &npz(CompressionMethod::Stored))).unwrap();
    exhaust(open("deflated.npz", &npz(CompressionMethod::Deflated))).unwrap();
    #[cfg(feature = "parquet")]
    exhaust(open("rows.parquet", &formats::columns::parquet(2))).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let files = Files::new();
        survives(files.open_safetensors(&bytes));
        survives(files.open_npy(&bytes, &bytes));
        for name in ["rows.jsonl", "dump.npz", "rows.parquet"] {
            survives(open(name, &bytes));
        }
    }

    #[test]
    fn arbitrary_headers(header in ".{0,200}", data in prop::collection::vec(any::<u8>(), 0..100)) {
        let files = Files::new();
        survives(files.open_safetensors(&crate::inputs::files::safetensors(&header, &data)));
        survives(files.open_npy(&crate::inputs::files::npy(&header, &data), &data));
    }

    #[test]
    fn mutated_safetensors(mutations in prop::collection::vec(mutation(), 1..4)) {
        survives(Files::new().open_safetensors(&mutate(good_safetensors(), &mutations)));
    }

    #[test]
    fn mutated_npy(
        logit_mutations in prop::collection::vec(mutation(), 0..3),
        action_mutations in prop::collection::vec(mutation(), 0..3),
    ) {
        let (logits, actions) = good_npy();
        let (logits, actions) = (mutate(logits, &logit_mutations), mutate(actions, &action_mutations));
        survives(Files::new().open_npy(&logits, &actions));
    }

    #[test]
    fn mutated_archives(mutations in prop::collection::vec(mutation(), 1..4), deflated: bool) {
        let method = if deflated { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        survives(open("dump.npz", &mutate(npz(method), &mutations)));
    }

    #[test]
    fn mutated_lines(mutations in prop::collection::vec(mutation(), 1..4)) {
        survives(open("rows.jsonl", &mutate(json_lines(), &mutations)));
    }

    #[test]
    fn mutated_lines_with_holes(mutations in prop::collection::vec(mutation(), 1..4)) {
        let files = Files::new();
        let path = files.write("rows.jsonl", &mutate(json_lines(), &mutations));
        let source = Source::open(&Request { padded: true, ..formats::request(path) });
        // Numbers of any kind, and no more than rows are said to have.
        let read = source.and_then(|source| source.read(0, source.rows as usize).map(|block| (source.columns, block)));
        match read {
            Ok((columns, block)) => prop_assert_eq!(block.logits.len() as u64, columns * block.rows.len() as u64),
            Err(error) => prop_assert!(error.to_string().chars().all(|c| !c.is_control())),
        }
    }

    #[test]
    fn mutated_parts(mutations in prop::collection::vec(mutation(), 1..4), swapped: bool) {
        let files = Files::new();
        let mut paths = vec![
            files.write("tp0.safetensors", &good_safetensors()),
            files.write("tp1.safetensors", &mutate(good_safetensors(), &mutations)),
        ];
        if swapped {
            paths.reverse();
        }
        survives(Source::open(&Request::new(paths)));
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn mutated_columns(mutations in prop::collection::vec(mutation(), 1..4), groups in 1..3usize) {
        survives(open("rows.parquet", &mutate(formats::columns::parquet(groups), &mutations)));
    }
}
