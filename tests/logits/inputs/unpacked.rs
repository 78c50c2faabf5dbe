//! What can be wrong with files that have to be unpacked, and what the user is told about it.

use crate::inputs::files::{Files, actions, logits, npy_array};
use crate::inputs::formats::{ACTIONS, LOGITS, archive, json_lines, npz, request};
use logitlab::source::{InputError, Request, Source};
#[cfg(feature = "parquet")]
use parquet::{
    basic::{Compression, Encoding},
    file::properties::WriterProperties,
    schema::types::ColumnPath,
};
use std::fmt::Write;
use std::process::{Command, Output};
use zip::CompressionMethod::{Deflated, Stored};

/// What opening or else reading says, one case after the other.
struct Messages(String);

impl Messages {
    fn add(&mut self, case: &str, name: &str, bytes: &[u8]) {
        let files = Files::new();
        self.outcome(case, &files, Source::open(&request(files.write(name, bytes))));
    }

    fn outcome(&mut self, case: &str, files: &Files, source: Result<Source, InputError>) {
        let outcome = source.and_then(|source| source.read(0, source.rows as usize));
        let error = outcome.expect_err(case);
        writeln!(self.0, "{case}\n    {}\n", files.message(&error)).unwrap();
    }
}

/// An archive with four bytes of the central directory's first entry replaced: what it says of the logits.
fn lying(mut bytes: Vec<u8>, at: usize, value: u32) -> Vec<u8> {
    let entry = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    bytes[entry + at..][..4].copy_from_slice(&value.to_le_bytes());
    bytes
}

const PACKED_SIZE: usize = 20;
const SIZE: usize = 24;
const OFFSET: usize = 42;

#[test]
fn archives() {
    let mut messages = Messages(String::new());
    messages.add("empty file", "dump.npz", b"");
    messages.add("not an archive", "dump.npz", &npy_array(&logits("<f4", LOGITS)));
    let good = npz(Deflated);
    messages.add("cut off", "dump.npz", &good[..good.len() - 30]);
    messages.add("an archive without arrays", "dump.npz", &archive(&[("logits.txt", b"1")], Deflated));
    messages.add("a missing array", "dump.npz", &archive(&[("logit.npy", b"1"), ("x.npy", b"1")], Stored));
    let members = |logits: &[u8]| {
        let actions = npy_array(&actions("<i8", ACTIONS));
        archive(&[("logits.npy", logits), ("actions.npy", &actions), ("advantages.npy", &actions)], Deflated)
    };
    messages.add("a member that is no array", "dump.npz", &members(b"[1, 2, 3]"));
    messages.add(
        "an array by columns",
        "dump.npz",
        &members(&{
            let text = String::from_utf8_lossy(&npy_array(&logits("<f4", [0.0; 6]))).replace("False", "True ");
            // The one byte that is no text, of the magic number.
            [b"\x93", text.trim_start_matches('\u{fffd}').as_bytes()].concat()
        }),
    );
    messages.add("an array cut off", "dump.npz", &members(&npy_array(&logits("<f4", [0.0; 6]))[..140]));
    messages.add("more than is said", "dump.npz", &lying(good.clone(), SIZE, 150));
    messages.add("less than is said", "dump.npz", &lying(good.clone(), SIZE, 153));
    messages.add("a bomb", "dump.npz", &lying(good.clone(), SIZE, u32::MAX - 1));
    messages.add("packed beyond the file", "dump.npz", &lying(good.clone(), PACKED_SIZE, u32::MAX - 1));
    messages.add("stored beyond the file", "dump.npz", &lying(npz(Stored), SIZE, u32::MAX - 1));
    messages.add("somewhere else", "dump.npz", &lying(good.clone(), OFFSET, 1 << 20));
    let mut damaged = good.clone();
    // In the packed bytes of the first member, behind its header.
    damaged[60] ^= 0x55;
    messages.add("damaged", "dump.npz", &damaged);
    insta::assert_snapshot!(messages.0);
}

#[test]
fn lines() {
    let mut messages = Messages(String::new());
    let good = String::from_utf8(json_lines()).unwrap();
    let with = |from: &str, to: &str| good.replacen(from, to, 1).into_bytes();
    messages.add("empty file", "rows.jsonl", b"");
    messages.add("not JSON", "rows.jsonl", b"logits: 1, 2\n");
    messages.add("not UTF-8", "rows.jsonl", b"{\"logits\": \"\xff\"}\n");
    messages.add("an array", "rows.jsonl", b"[1, 2, 3]\n");
    messages.add("cut off", "rows.jsonl", &good.as_bytes()[..good.len() - 9]);
    messages.add("two rows a line", "rows.jsonl", good.replace('\n', " ").as_bytes());
    messages.add("an empty line", "rows.jsonl", &with("\n", "\n\n"));
    messages.add("no action", "rows.jsonl", &with("\"action\"", "\"token\""));
    messages.add("the action twice", "rows.jsonl", &with("\"id\": \"row 0\"", "\"action\": 1"));
    messages.add("action 2.5", "rows.jsonl", &with("\"action\": 2", "\"action\": 2.5"));
    messages.add("action null", "rows.jsonl", &with("\"action\": 2", "\"action\": null"));
    messages.add("action 1e300", "rows.jsonl", &with("\"action\": 2", "\"action\": 1e300"));
    messages.add("action 3 of 3", "rows.jsonl", &with("\"action\": 2", "\"action\": 3"));
    messages.add("a logit that is a word", "rows.jsonl", &with("0.5", "\"masked \\u001b[2J\""));
    messages.add("a logit that is a list", "rows.jsonl", &with("0.5", "[0.5]"));
    messages.add("NaN", "rows.jsonl", &with("0.5", "NaN"));
    messages.add("infinity", "rows.jsonl", &with("0.5", "Infinity"));
    messages.add("beyond f64", "rows.jsonl", &with("0.5", "1e309"));
    messages.add("another length", "rows.jsonl", &with("7.0, ", ""));
    messages.add("no logits", "rows.jsonl", b"{\"logits\": [], \"action\": 0, \"advantage\": 1}\n");
    messages.add("nested deep", "rows.jsonl", format!("{{\"x\": {}", "[".repeat(5000)).as_bytes());
    messages.add("a line without end", "rows.jsonl", &vec![b' '; (64 << 20) + 1]);
    insta::assert_snapshot!(messages.0);
}

#[test]
fn files_that_do_not_belong_together() {
    let mut messages = Messages(String::new());
    let files = Files::new();
    let wide = json_lines();
    let narrow = "{\"logits\": [1, 2], \"action\": 0, \"advantage\": 0}\n";
    let paths = [files.write("a.jsonl", &wide), files.write("b.jsonl", narrow.as_bytes())];
    let both = |paths: &[std::path::PathBuf]| Source::open(&Request { files: paths.to_vec(), ..request("".into()) });
    messages.outcome("other columns", &files, both(&paths));
    let other = files.write("c.npz", &npz(Stored));
    messages.outcome("other types", &files, both(&[paths[0].clone(), other]));
    messages.outcome("no such pattern", &files, both(&[files.path("*.npz2")]));
    messages.outcome("not a pattern", &files, both(&[files.path("[a.npz")]));
    messages.outcome("no files", &files, both(&[]));
    messages.outcome("no kind of file", &files, both(&[files.write("dump.bin", b"")]));
    messages.outcome("no name at all", &files, both(&["".into()]));
    insta::assert_snapshot!(messages.0);
}

#[cfg(feature = "parquet")]
#[test]
fn columns() {
    use crate::inputs::formats::columns::parquet;
    let mut messages = Messages(String::new());
    let good = parquet(1);
    messages.add("empty file", "rows.parquet", b"");
    messages.add("not Parquet", "rows.parquet", &json_lines());
    messages.add("cut off", "rows.parquet", &good[..good.len() - 9]);
    let mut long = good.clone();
    let at = long.len() - 8;
    long[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    messages.add("a footer longer than the file", "rows.parquet", &long);
    let mut damaged = good.clone();
    damaged[8] ^= 0xff;
    messages.add("a damaged page", "rows.parquet", &damaged);
    messages.add("a page that says it is long", "rows.parquet", &claiming(1_082_196_484));
    insta::assert_snapshot!(messages.0);
}

/// A file whose first page says that it has this number of bytes when unpacked. The number takes four bytes more than
/// before, which are taken from what is stored, so that all else stands where it did.
#[cfg(feature = "parquet")]
fn claiming(bytes: u64) -> Vec<u8> {
    let snappy = WriterProperties::builder().set_compression(Compression::SNAPPY);
    let good = crate::inputs::formats::columns::written(1, snappy);
    // Type, unpacked and packed size of the page, of which the second and third are a number below 64 each.
    let ([b'P', b'A', b'R', b'1', 0x15, 4, 0x15, _, 0x15, packed], rest) = good.split_first_chunk().unwrap() else {
        panic!("{:?}", &good[..10]);
    };
    let stored = 8 + usize::from(*packed) / 2;
    let number: Vec<u8> =
        (0..5).map(|i| (((2 * bytes) >> (7 * i)) as u8 & 0x7f) | (if i < 4 { 0x80 } else { 0 })).collect();
    [&good[..7], &number, &[0x15, packed - 8], &rest[..stored - 4], &rest[stored..]].concat()
}

/// What `measure` does with these bytes in an address space of 900 MB.
#[cfg(all(feature = "parquet", unix))]
fn measure(bytes: &[u8]) -> Output {
    let files = Files::new();
    Command::new("sh")
        .args(["-c", "ulimit -v 900000 && exec \"$0\" measure \"$1\"", env!("CARGO_BIN_EXE_logitlab")])
        .arg(files.write("rows.parquet", bytes))
        .env("RAYON_NUM_THREADS", "1")
        .output()
        .unwrap()
}

/// What a page says of its size is no reason to make room for it: 948 bytes once took 1.08 GB.
#[cfg(all(feature = "parquet", unix))]
#[test]
fn a_page_that_says_it_is_long_takes_no_memory() {
    let good = measure(&crate::inputs::formats::columns::parquet(1));
    assert!(good.status.success(), "{}", String::from_utf8_lossy(&good.stderr));
    for bytes in [300_000_000, 1_082_196_484, (1 << 31) - 1] {
        let refused = measure(&claiming(bytes));
        let message = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{message}");
        assert!(message.contains(&bytes.to_string()), "{message}");
    }
}

/// Where the library panics, that is an error like any other, and no panic is told: actions as differences, of which
/// there are none.
#[cfg(all(feature = "parquet", unix))]
#[test]
fn a_panic_of_the_library_is_an_error_like_any_other() {
    let differences = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_column_encoding(ColumnPath::from("actions"), Encoding::DELTA_BINARY_PACKED);
    let mut bytes = crate::inputs::formats::columns::written(1, differences);
    assert!(measure(&bytes).status.success());
    // Blocks of 128 in 4 parts, 2 values.
    let at = bytes.windows(4).position(|window| window == [0x80, 1, 4, 2]).unwrap();
    bytes[at + 3] = 0;
    let refused = measure(&bytes);
    let message = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{message}");
    assert!(message.contains("the file is damaged, write it again") && !message.contains("panicked"), "{message}");
}
