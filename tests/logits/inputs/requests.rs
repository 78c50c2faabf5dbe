//! What a request can ask for: shapes, masks, further numbers, several files.

use crate::inputs::files::{Files, logits, npy_array};
use crate::support::logits::{f32s, i64s, safetensors};
use logitlab::source::{Actions, Block, Chosen, Dtype, Request, RowPlace, Source, Within};

/// All of a source as one block.
fn all(source: &Source) -> Block {
    source.read(0, source.rows as usize).unwrap()
}

/// [2, 3, 2] logits counting up, actions of every type, a mask, and numbers.
fn batch() -> Vec<u8> {
    let values: Vec<f32> = (0..12).map(|i| i as f32).collect();
    let shape = [2, 3];
    safetensors(&[
        ("logits", "F32", &[2, 3, 2], f32s(&values)),
        ("actions", "I64", &shape, i64s(&[0, 1, 0, 1, 0, 1])),
        ("u8", "U8", &shape, vec![0, 1, 0, 1, 0, 1]),
        ("i32", "I32", &shape, [0i32, 1, 0, 1, 0, 1].iter().flat_map(|n| n.to_le_bytes()).collect()),
        ("u16", "U16", &shape, [0u16, 1, 0, 1, 0, 1].iter().flat_map(|n| n.to_le_bytes()).collect()),
        ("padded", "I64", &shape, i64s(&[0, -100, 0, 1, -100, -100])),
        ("mask", "BOOL", &shape, vec![1, 0, 1, 1, 0, 0]),
        ("float_mask", "F32", &shape, f32s(&[1.0, 0.0, 1.0, 1.0, 0.0, 0.0])),
        ("none", "U8", &shape, vec![0; 6]),
        ("weights", "F32", &shape, f32s(&[1.0, 0.0, 0.5, 1.0, 0.0, 0.0])),
        ("advantages", "F32", &shape, f32s(&[0.5, -1.0, f32::NAN, 2.0, 3.0, -0.0])),
        ("small", "F8_E5M2", &shape, vec![0x3c, 0xbc, 0x7c, 0x01, 0x00, 0x80]),
    ])
}

fn request(files: &Files) -> Request {
    Request::new([files.write("batch.safetensors", &batch())])
}

#[test]
fn batch_and_time_are_rows() {
    let files = Files::new();
    let source = Source::open(&request(&files)).unwrap();
    assert_eq!((source.rows, source.columns, source.stored_rows()), (6, 2, 6));
    let block = all(&source);
    assert_eq!((block.row(4), &block.actions[..]), (&[8.0, 9.0][..], &[0, 1, 0, 1, 0, 1][..]));
    for name in ["u8", "i32", "u16"] {
        let other = Request { actions: Actions::Named(name.to_string()), ..request(&files) };
        assert_eq!(all(&Source::open(&other).unwrap()), block, "{name}");
    }
    let error = Source::open(&Request { actions: Actions::Named("padded".to_string()), ..request(&files) });
    let message = error.and_then(|source| source.read(0, 6)).unwrap_err().to_string();
    assert!(message.contains("the action in row 1 ([0, 1] of [batch, time]) (from 0) is -100"), "{message}");
}

#[test]
fn a_mask_leaves_rows_out_as_if_they_were_not_there() {
    let files = Files::new();
    for mask in ["mask", "float_mask"] {
        let actions = Actions::Named("padded".to_string());
        let asked = Request { actions, mask: Some(mask.to_string()), ..request(&files) };
        let source = Source::open(&asked).unwrap();
        assert_eq!((source.rows, source.stored_rows()), (3, 6));
        let block = all(&source);
        assert_eq!((&block.rows[..], &block.actions[..]), (&[0, 2, 3][..], &[0, 0, 1][..]));
        assert_eq!(block.logits, [0.0, 1.0, 4.0, 5.0, 6.0, 7.0]);
        let middle = source.read(1, 1).unwrap();
        assert_eq!((middle.rows, middle.logits), (vec![2], vec![4.0, 5.0]));
        assert_eq!((source.among(0..6), source.among(1..3), source.among(4..6)), (0..3, 1..2, 3..3));
    }
    let source = Source::open(&Request { mask: Some("none".to_string()), ..request(&files) }).unwrap();
    assert_eq!((source.rows, all(&source).rows.len()), (0, 0));
}

#[test]
fn a_mask_is_0_or_1() {
    let files = Files::new();
    let error = Source::open(&Request { mask: Some("weights".to_string()), ..request(&files) }).unwrap_err();
    assert_eq!(
        files.message(&error),
        "`batch.safetensors`, tensor `weights`: the value in row 2 ([0, 2] of [batch, time]) (from 0) is +0.5, expected 0 \
         for a row to leave out or 1 for one to keep; compare it with what it should be, as in `mask = (weights > 0)`"
    );
}

#[test]
fn further_numbers_come_as_stored() {
    let files = Files::new();
    let columns = ["advantages", "small", "u8"].map(String::from).to_vec();
    let source = Source::open(&Request { columns, mask: Some("mask".to_string()), ..request(&files) }).unwrap();
    let block = all(&source);
    let advantages = &block.named["advantages"];
    assert_eq!((advantages[0], advantages[2]), (0.5, 2.0));
    assert!(advantages[1].is_nan());
    assert_eq!(block.named["small"], [1.0, f64::INFINITY, libm::ldexp(1.0, -16)]);
    assert_eq!(block.named["u8"], [0.0, 0.0, 1.0]);
    let types = ["advantages", "small", "u8"].map(|name| source.named_dtype(name));
    assert_eq!(types, [Some(Dtype::F32), Some(Dtype::F8E5M2), None]);
}

#[test]
fn advantages_are_finite() {
    let files = Files::new();
    let asked =
        Request { advantages: Some("advantages".to_string()), mask: Some("mask".to_string()), ..request(&files) };
    let source = Source::open(&asked).unwrap();
    assert_eq!(source.read(0, 1).unwrap().advantages.unwrap(), [0.5]);
    let message = files.message(&source.read(0, 3).unwrap_err());
    assert!(message.starts_with("`batch.safetensors`, tensor `advantages`: the value in row 2 ([0, 2]"), "{message}");
    assert!(message.contains("expected a finite advantage"), "{message}");
}

#[test]
fn the_first_bad_row_is_named_whatever_is_wrong_with_it() {
    let files = Files::new();
    let mut values = [0.0; 6];
    values[5] = f32::NAN;
    let tensors = [("logits", "F32", &[3, 2][..], f32s(&values)), ("actions", "I64", &[3][..], i64s(&[0, 9, 0]))];
    let source = Source::open(&Request::new([files.write("two.safetensors", &safetensors(&tensors))])).unwrap();
    let message = files.message(&source.read(0, 3).unwrap_err());
    assert!(message.contains("the action in row 1"), "{message}");
}

#[test]
fn several_files_are_one() {
    let files = Files::new();
    // Written in another order than their numbers.
    for (part, rows) in [(10u64, 1u64), (9, 2), (2, 3)] {
        let values: Vec<f32> = (0..2 * rows).map(|i| (100 * part + i) as f32).collect();
        let actions = vec![(part % 2) as i64; rows as usize];
        let tensors =
            [("logits", "F32", &[rows, 2][..], f32s(&values)), ("actions", "I64", &[rows][..], i64s(&actions))];
        files.write(&format!("part-{part}.safetensors"), &safetensors(&tensors));
    }
    let source = Source::open(&Request::new([files.path("part-*.safetensors")])).unwrap();
    let block = all(&source);
    assert_eq!(block.rows, [0, 1, 2, 3, 4, 5]);
    let firsts: Vec<f64> = (0..6).map(|i| block.row(i)[0]).collect();
    assert_eq!(firsts, [200.0, 202.0, 204.0, 900.0, 902.0, 1000.0]);
    assert_eq!(block.actions, [0, 0, 0, 1, 1, 0]);
    let across = source.read(2, 3).unwrap();
    assert_eq!((across.row(0)[0], across.row(2)[1]), (204.0, 903.0));

    let bad = [("logits", "F32", &[1, 2][..], f32s(&[0.0, f32::NAN])), ("actions", "I64", &[1][..], i64s(&[0]))];
    files.write("part-9.safetensors", &safetensors(&bad));
    let source = Source::open(&Request::new([files.path("part-*.safetensors")])).unwrap();
    let error = source.read(0, 5).unwrap_err();
    assert!(files.message(&error).starts_with(
        "`part-9.safetensors`, tensor `logits`: the logit in row 3 (row 0 of this file), column 1 (from 0) is NaN"
    ));
    assert_eq!(RowPlace { row: 3, within: Within::File(0) }.to_string(), "row 3 (row 0 of this file)");
}

#[test]
fn npy_files_have_their_parts_in_files_of_their_own() {
    let files = Files::new();
    files.write("z1.npy", &npy_array(&logits("<f4", [0.0, 1.0, 2.0, 3.0, 4.0, 5.0])));
    files.write("z2.npy", &npy_array(&logits("<f4", [6.0, 7.0, 8.0, 9.0, 10.0, 11.0])));
    let column = crate::inputs::files::Array { dtype: "|u1", shape: &[4], data: vec![1, 0, 1, 1] };
    let mask = files.write("keep.npy", &npy_array(&column)).to_str().unwrap().to_string();
    let asked = Request {
        actions: Actions::Chosen(Chosen::Largest),
        mask: Some(mask.clone()),
        columns: vec![mask.clone()],
        ..Request::new([files.path("z1.npy"), files.path("z2.npy")])
    };
    let block = all(&Source::open(&asked).unwrap());
    assert_eq!((&block.rows[..], &block.actions[..]), (&[0, 2, 3][..], &[2, 2, 2][..]));
    assert_eq!((block.row(1), &block.named[&mask][..]), (&[6.0, 7.0, 8.0][..], &[1.0, 1.0, 1.0][..]));
}

#[test]
fn a_dtype_gives_bits_their_meaning() {
    let files = Files::new();
    let open = |dtype, descr: &'static str, data: Vec<u8>| {
        let array = crate::inputs::files::Array { dtype: descr, shape: &[1, 2], data };
        let path = files.write("z.npy", &npy_array(&array));
        let actions = Actions::Chosen(Chosen::Always(0));
        Source::open(&Request { actions, dtype, ..Request::new([path]) })
    };
    for descr in ["<u2", "|V2", "<V2"] {
        let source = open(Some(Dtype::BF16), descr, vec![0x80, 0x3f, 0x00, 0xc0]).unwrap();
        assert_eq!((source.dtype, all(&source).logits), (Dtype::BF16, vec![1.0, -2.0]), "{descr}");
    }
    for descr in ["|u1", "|V1", "<f1"] {
        let source = open(Some(Dtype::F8E4M3), descr, vec![0x38, 0x7e]).unwrap();
        assert_eq!(all(&source).logits, [1.0, 448.0], "{descr}");
    }
    let source = open(Some(Dtype::F16), "<f2", vec![0x00, 0x3c, 0, 0]).unwrap();
    assert_eq!(all(&source).logits, [1.0, 0.0], "what it is anyway");
    let error = open(Some(Dtype::BF16), "<f4", vec![0; 8]).unwrap_err();
    assert_eq!(
        files.message(&error),
        "`z.npy`: elements of type '<f4' are not BF16 in disguise, expected unsigned integers or untyped bytes of 2 bytes \
         each; leave --dtype out if the file says its type itself"
    );
}
