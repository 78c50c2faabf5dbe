//! Files that look right and are not: parts of a vocabulary, wrong checksums, truths for numbers; and rows with holes.

use crate::inputs::files::{Array, Files, actions, entry, logits, npy, npy_array, npy_header, safetensors};
use crate::inputs::formats::{ACTIONS, LOGITS, npz};
use crate::support::logits as support;
use logitlab::source::{Actions, Block, Chosen, InputError, Join, Request, Source};
use zip::CompressionMethod::{Deflated, Stored};

const SAME: [i64; 6] = [4, 1, 0, 1, 1, 0];

fn dump(columns: u64, first: f32, taken: &[i64]) -> Vec<u8> {
    let rows = taken.len() as u64;
    let values: Vec<f32> = (0..rows * columns).map(|i| first + (i * 7 % 11) as f32 / 4.0).collect();
    support::safetensors(&[
        ("logits", "F32", &[rows, columns], support::f32s(&values)),
        ("actions", "I64", &[rows], support::i64s(taken)),
    ])
}

fn rows(found: Result<Source, InputError>) -> Result<Block, InputError> {
    found.and_then(|source| source.read(0, source.rows as usize))
}

#[test]
fn parts_of_a_vocabulary_are_no_further_rows() {
    let files = Files::new();
    let open = |parts: &[Vec<u8>], names: [&str; 2], change: fn(&mut Request)| {
        let paths: Vec<_> = parts.iter().zip(names).map(|(bytes, name)| files.write(name, bytes)).collect();
        let mut request = Request::new(paths);
        change(&mut request);
        rows(Source::open(&request))
    };
    let names = ["a.safetensors", "b.safetensors"];
    let parts = [dump(5, 0.0, &SAME), dump(5, 3.0, &SAME)];
    let message = files.message(&open(&parts, names, |_| ()).unwrap_err());
    assert!(
        message.contains("the same actions, row by row")
            && message.contains("5 columns each")
            && message.contains("--join rows"),
        "{message}"
    );
    // Said to be rows, they are.
    assert_eq!(open(&parts, names, |asked| asked.join = Join::Rows).unwrap().rows.len(), 12);
    // Parts of the rows have other actions, whatever their names; and a copy is a copy.
    let tp = ["tp0.safetensors", "tp1.safetensors"];
    for (parts, names) in [
        ([dump(5, 0.0, &SAME), dump(5, 3.0, &[4, 1, 0, 1, 1, 2])], tp),
        ([dump(5, 0.0, &SAME), dump(5, 0.0, &SAME)], names),
        ([dump(5, 0.0, &[0; 6]), dump(5, 3.0, &[0; 6])], names),
        ([dump(3, 0.0, &[2, 1]), dump(3, 1.0, &[2, 1])], names),
        ([dump(5, 0.0, &SAME), dump(5, 3.0, &SAME[..5])], names),
    ] {
        assert!(open(&parts, names, |_| ()).is_ok(), "{names:?}");
    }
    // Names say it where few rows do not, or no actions are read.
    assert!(open(&[dump(3, 0.0, &[2, 1]), dump(3, 1.0, &[2, 1])], tp, |_| ()).is_err());
    let alone = |asked: &mut Request| asked.actions = Actions::Chosen(Chosen::Largest);
    assert!(matches!(open(&parts, tp, alone), Err(InputError::Vocabulary { .. })));
    assert!(open(&parts, names, alone).is_ok());
}

/// Two rows of three logits, of which the first is nothing but padding; the actions of both rows are the same in all.
fn padded_dump(second: [f32; 3]) -> Vec<u8> {
    let values = [[0.0; 3], second].concat();
    support::safetensors(&[
        ("logits", "F32", &[2, 3], support::f32s(&values)),
        ("actions", "I64", &[2], support::i64s(&[2, 1])),
    ])
}

#[test]
fn parts_whose_first_rows_are_equal_are_no_further_rows_either() {
    let files = Files::new();
    let open = |parts: [Vec<u8>; 2], names: [&str; 2]| {
        let paths: Vec<_> = parts.iter().zip(names).map(|(bytes, name)| files.write(name, bytes)).collect();
        rows(Source::open(&Request::new(paths)))
    };
    let tp = ["tp_rank0.safetensors", "tp_rank1.safetensors"];
    let parts = || [padded_dump([1.0, 2.0, 3.0]), padded_dump([4.0, 5.0, 6.0])];
    assert!(matches!(open(parts(), tp), Err(InputError::Vocabulary { .. })));
    // Copies are copies to the last row.
    assert!(open([padded_dump([1.0, 2.0, 3.0]), padded_dump([1.0, 2.0, 3.0])], tp).is_ok());
    // Where the actions say it, the last of many rows is enough.
    let long = |last: f32| {
        let mut values = vec![0.0; 300_000 * 2];
        values[599_999] = last;
        let taken: Vec<i64> = (0..300_000).map(|row| row % 2).collect();
        support::safetensors(&[
            ("logits", "F32", &[300_000, 2], support::f32s(&values)),
            ("actions", "I64", &[300_000], support::i64s(&taken)),
        ])
    };
    assert!(matches!(
        open([long(0.0), long(1.0)], ["a.safetensors", "b.safetensors"]),
        Err(InputError::Vocabulary { .. })
    ));
    // Rows of a run with two parts: the number behind tp is the same, and how many there are.
    for names in [["llama-tp2-part0.safetensors", "llama-tp2-part1.safetensors"], ["x-tp2-1.npz", "x-tp2-2.npz"]] {
        let names = names.map(|name| name.replace(".npz", ".safetensors"));
        assert!(open(parts(), [&names[0], &names[1]]).is_ok(), "{names:?}");
        let paths: Vec<_> = names.iter().map(|name| files.path(name)).collect();
        let alone = Request { actions: Actions::Chosen(Chosen::Largest), ..Request::new(paths) };
        assert!(rows(Source::open(&alone)).is_ok(), "{names:?}");
    }
    let ranks = ["llama-tp2-rank0.safetensors", "llama-tp2-rank1.safetensors"];
    assert!(matches!(open(parts(), ranks), Err(InputError::Vocabulary { .. })));
}

#[test]
fn an_action_of_the_other_part_says_so() {
    let files = Files::new();
    let paths =
        [files.write("a.safetensors", &dump(5, 0.0, &[7, 1])), files.write("b.safetensors", &dump(5, 1.0, &[7, 2]))];
    let message = files.message(&rows(Source::open(&Request::new(paths))).unwrap_err());
    assert!(message.contains("is 7, expected 0 to 4") && message.contains("torch.cat(parts, dim=-1)"), "{message}");
}

#[test]
fn checksums_of_members_are_held_against_their_bytes() {
    let good = npz(Stored);
    let files = Files::new();
    let open = |bytes: &[u8]| Source::open(&crate::inputs::formats::request(files.write("dump.npz", bytes)));
    assert!(open(&good).is_ok());
    // A bit of the first logit, whose bytes stand where they are.
    let first = good.windows(4).position(|bytes| bytes == LOGITS[0].to_le_bytes()).unwrap();
    let mut flipped = good.clone();
    flipped[first] ^= 1;
    let message = files.message(&open(&flipped).unwrap_err());
    assert!(message.contains("array `logits`: bad CRC"), "{message}");
    // Also of one that is unpacked: the checksum itself is another.
    let mut packed = npz(Deflated);
    let entry = packed.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    packed[entry + 16] ^= 1;
    let message = files.message(&open(&packed).unwrap_err());
    assert!(message.contains("bad CRC"), "{message}");
}

#[test]
fn an_array_that_is_there_twice_is_none() {
    let files = Files::new();
    // The names of two members made the same, where they stand in the archive and in its directory.
    let other = b"logits.npy";
    let arrays =
        [("logits.npy", npy_array(&logits("<f4", LOGITS))), ("logitx.npy", npy_array(&logits("<f4", [0.0; 6])))];
    let arrays = arrays.each_ref().map(|(name, bytes)| (*name, bytes.as_slice()));
    let mut twice = crate::inputs::formats::archive(&arrays, Stored);
    for at in 0..twice.len() - other.len() {
        if twice[at..].starts_with(b"logitx.npy") {
            twice[at..at + other.len()].copy_from_slice(other);
        }
    }
    let path = files.write("twice.npz", &twice);
    let found = Source::open(&Request { actions: Actions::Chosen(Chosen::Largest), ..Request::new([path]) });
    let message = files.message(&found.unwrap_err());
    assert!(message.contains("2 members with 1 name,") && message.contains("more than once"), "{message}");
}

#[test]
fn truths_are_no_numbers() {
    let files = Files::new();
    for line in ["{\"logits\": [1.0, true, 2], \"action\": 0}", "{\"logits\": [1.0, 2], \"action\": true}"] {
        let message =
            files.message(&Source::open(&Request::new([files.write("rows.jsonl", line.as_bytes())])).unwrap_err());
        assert!(message.contains("boolean `true`, expected a number"), "{message}");
    }
}

#[test]
fn integers_are_no_logits_and_nothing_converts_them() {
    let files = Files::new();
    for (descr, data, says) in [
        ("<u2", vec![0; 4], "say with --dtype what the bits mean"),
        ("<u4", vec![0; 8], "take the floats that they stand for"),
        ("<i8", vec![0; 16], "take the floats that they stand for"),
    ] {
        let path = files.write("z.npy", &npy_array(&Array { dtype: descr, shape: &[1, 2], data }));
        let found = Source::open(&Request { actions: Actions::Chosen(Chosen::Largest), ..Request::new([path]) });
        let message = files.message(&found.unwrap_err());
        assert!(message.contains(says) && !message.contains("astype"), "{message}");
    }
}

#[test]
fn types_that_a_writer_names_are_those_types() {
    let files = Files::new();
    let open = |descr: &'static str, data: Vec<u8>| {
        let path = files.write("z.npy", &npy_array(&Array { dtype: descr, shape: &[1, 2], data }));
        rows(Source::open(&Request { actions: Actions::Chosen(Chosen::Largest), ..Request::new([path]) }))
    };
    assert_eq!(open("bfloat16", vec![0x80, 0x3f, 0x00, 0xc0]).unwrap().logits, [1.0, -2.0]);
    assert_eq!(open("float8_e4m3fn", vec![0x38, 0x7e]).unwrap().logits, [1.0, 448.0]);
    assert!(open("bfloat17", vec![0; 4]).is_err());
}

#[test]
fn advice_on_arrays_is_a_line_that_does_it() {
    let files = Files::new();
    let message = |header: String| {
        let data = logits("<f4", LOGITS).data;
        let path = files.write("z.npy", &npy(&header, &data));
        let found = Source::open(&Request { actions: Actions::Chosen(Chosen::Largest), ..Request::new([path]) });
        files.message(&found.unwrap_err())
    };
    let fortran = npy_header("<f4", "(2, 3)").replace("False", "True");
    let records = npy_header("<f4", "(6,)").replace("'<f4'", "[('logits', '<f4')]");
    for (header, line) in [
        (fortran, "`numpy.save(\"rows.npy\", numpy.ascontiguousarray(numpy.load(\"z.npy\")))`"),
        (npy_header(">f4", "(2, 3)"), "`numpy.save(\"little.npy\", numpy.load(\"z.npy\").astype('<f4'))`"),
        (records, "`numpy.save(\"field.npy\", numpy.load(\"z.npy\")[\"field\"])`"),
    ] {
        let message = message(header);
        assert!(message.contains(line), "{message}");
    }
}

#[test]
fn a_mask_of_actions_is_told_from_one_of_rows() {
    let files = Files::new();
    let header = format!(
        "{{\"logits\":{},\"actions\":{},\"mask\":{}}}",
        entry("F32", &[2, 3], [0, 24]),
        entry("I64", &[2], [24, 40]),
        entry("BOOL", &[2, 3], [40, 46])
    );
    let data = [logits("F32", LOGITS).data, actions("I64", ACTIONS).data, vec![1; 6]].concat();
    let path = files.write("dump.safetensors", &safetensors(&header, &data));
    let found = Source::open(&Request { mask: Some("mask".to_string()), ..Request::new([path]) });
    let message = files.message(&found.unwrap_err());
    assert!(message.contains("`logits.masked_fill(~mask, float('-inf'))`"), "{message}");
}

/// Rows with places without a number.
fn padded(text: &[u8]) -> Result<Block, InputError> {
    let files = Files::new();
    let path = files.write("rows.jsonl", text);
    rows(Source::open(&Request { actions: Actions::Chosen(Chosen::Largest), padded: true, ..Request::new([path]) }))
}

#[test]
fn rows_of_different_lengths_are_filled_up_where_that_is_asked() {
    let text = b"{\"logits\": [-1]}\n{\"logits\": []}\n{\"logits\": [-3, null, NaN]}\n{\"logits\": [-4, -5]}\n";
    let block = padded(text).unwrap();
    let numbers: Vec<Option<f64>> = block.logits.iter().map(|x| (!x.is_nan()).then_some(*x)).collect();
    let masked = Some(f64::NEG_INFINITY);
    #[rustfmt::skip]
    let expected = [
        Some(-1.0), None, None,
        None, None, None,
        Some(-3.0), masked, None,
        Some(-4.0), Some(-5.0), None,
    ];
    assert_eq!((block.columns, numbers), (3, expected.to_vec()));
    // One long line among many short ones would take gigabytes.
    let mut bomb = format!("{{\"logits\": [{}-1]}}\n", "-1,".repeat(1 << 16)).into_bytes();
    bomb.extend(b"{\"logits\": []}\n".repeat(1 << 16));
    let message = padded(&bomb).unwrap_err().to_string();
    assert!(message.contains("line 1") && message.contains("65537 numbers, far more than in other lines"), "{message}");
}

#[test]
fn an_array_with_holes_is_read_where_that_is_asked() {
    let files = Files::new();
    let holes = [f32::NAN, 0.0, f32::NEG_INFINITY, f32::NAN, f32::INFINITY, f32::NAN];
    let path = files.write("z.npy", &npy_array(&logits("<f4", holes)));
    let request = Request { actions: Actions::Chosen(Chosen::Largest), ..Request::new([path]) };
    assert!(rows(Source::open(&request)).is_err());
    let block = rows(Source::open(&Request { padded: true, ..request })).unwrap();
    assert!(block.logits[0].is_nan() && block.logits[2] == f64::NEG_INFINITY && block.logits[4] == f64::INFINITY);
}

#[cfg(feature = "parquet")]
mod columns {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use parquet::data_type::{FloatType, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;
    use std::sync::Arc;

    /// Two rows of two logits, and an INT64 of each.
    fn file(schema: &str) -> Vec<u8> {
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let properties = Arc::new(WriterProperties::builder().set_dictionary_enabled(false).build());
        let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<FloatType>().write_batch(&[0.5, 1.0, -2.0, 3.0], Some(&[1; 4]), Some(&[0, 1, 0, 1])).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int64Type>().write_batch(&[1, 0], None, None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
        writer.into_inner().unwrap()
    }

    /// The rows of [`file`] as pyarrow writes them with `write_page_checksum`, the actions with a dictionary.
    const SUMMED: &str = "\
        UEFSMRUAFTgVOBWl/bH0BRwVCBUAFQYVBhwAAAACAAAAAwoCAAAACAEAAAA/AACAPwAAAMAAAEBAFQQVIBUgFYjrnq0IPBUEFQASAAAB\
        AAAAAAAAAAAAAAAAAAAAFQAVBhUGFZSHhLoHHBUEFRAVBhUGHAAAAAEDAhUEGVw1ABgGc2NoZW1hFQQANQAYBmxvZ2l0cxUCFQZMPAAA\
        ADUEGARsaXN0FQIAFQglABgHZWxlbWVudAAVBCUAGAdhY3Rpb25zABYEGRwZLCYAHBUIGSUGABk4BmxvZ2l0cwRsaXN0B2VsZW1lbnQV\
        ABYIFmoWaiYISRwVABUAFQIAPCkmBAQZJgAIAAAAJgAcFQQZNQAGEBkYB2FjdGlvbnMVABYEFoABFoABJroBJnIpLBUEFQAVAgAVABUQ\
        FQIAAAAW6gEWBCYIFuoBACggcGFycXVldC1jcHAtYXJyb3cgdmVyc2lvbiAyNi4wLjEZLBwAABwAAAD6AAAAUEFSMQ==\
        ";

    #[test]
    fn checksums_of_pages_are_held_against_their_bytes() {
        let good = STANDARD.decode(SUMMED).unwrap();
        let block = open(&good, |_| ()).unwrap();
        assert_eq!((block.logits, block.actions), (vec![0.5, 1.0, -2.0, 3.0], vec![1, 0]));
        // A logit in a page of data, and an action in a dictionary.
        for value in [3.0f32.to_le_bytes().to_vec(), 1i64.to_le_bytes().to_vec()] {
            let at = good.windows(value.len()).position(|window| window == value).unwrap();
            let mut flipped = good.clone();
            flipped[at] ^= 1;
            let message = open(&flipped, |_| ()).unwrap_err();
            assert!(message.contains("bad CRC") && message.contains("damaged"), "{message}");
        }
    }

    const LISTS: &str = "required group logits (LIST) { repeated group list { required float element; } }";

    fn open(bytes: &[u8], change: fn(&mut Request)) -> Result<Block, String> {
        let files = Files::new();
        let mut request = Request::new([files.write("rows.parquet", bytes)]);
        change(&mut request);
        rows(Source::open(&request)).map_err(|error| files.message(&error))
    }

    #[test]
    fn integers_that_count_something_else_are_no_actions() {
        let with =
            |kind: &str| open(&file(&format!("message rows {{ {LISTS} required int64 actions{kind}; }}")), |_| ());
        assert_eq!(with("").unwrap().actions, [1, 0]);
        assert_eq!(with(" (INTEGER(64, true))").unwrap().actions, [1, 0]);
        for (kind, word) in [
            (" (TIMESTAMP(MICROS, true))", "timestamps"),
            (" (TIME(NANOS, false))", "times"),
            (" (DECIMAL(10, 2))", "decimals"),
            (" (TIMESTAMP_MILLIS)", "timestamps"),
        ] {
            let message = with(kind).unwrap_err();
            assert!(message.contains(&format!("elements of type INT64 ({word})")), "{message}");
        }
    }

    #[test]
    fn fields_of_a_structure_have_names_that_can_be_chosen() {
        let bytes = file(&format!("message rows {{ required group step {{ {LISTS} required int64 actions; }} }}"));
        let message = open(&bytes, |_| ()).unwrap_err();
        assert!(message.contains("`step.logits` list of FLOAT, `step.actions` INT64"), "{message}");
        let found = open(&bytes, |asked| {
            asked.logits = "step.logits".to_string();
            asked.actions = Actions::Named("step.actions".to_string());
        });
        assert_eq!(found.unwrap().logits, [0.5, 1.0, -2.0, 3.0]);
    }

    #[test]
    fn a_compression_that_is_not_built_in_is_named() {
        let bytes = file(&format!("message rows {{ {LISTS} required int64 actions; }}"));
        // The codec in the footer, behind the path of the column: 0 is none, 4 is brotli.
        let codec = b"element\x15\x00\x16";
        let at = bytes.windows(codec.len()).rposition(|window| window == codec).unwrap();
        let mut brotli = bytes.clone();
        brotli[at + codec.len() - 2] = 8;
        let message = open(&brotli, |_| ()).unwrap_err();
        assert!(message.contains("compressed with brotli, which is not built in; write it again"), "{message}");
    }
}
