//! Every way in which a file can be wrong, and what the user is told about it.

use crate::inputs::files::{
    Array, Files, GOOD, actions, entry, logits, npy, npy_array, npy_header, npy_version, safetensors, safetensors_pair,
};
use logitlab::source::{InputError, Request, Source};
use std::fmt::Write;
use std::fs::File;

/// What opening or else reading says, one case after the other.
#[derive(Default)]
struct Messages(String);

impl Messages {
    fn add(&mut self, case: &str, files: &Files, source: Result<Source, InputError>) {
        let outcome = source.and_then(|source| source.read(0, source.rows as usize));
        let error = outcome.expect_err(case);
        writeln!(self.0, "{case}\n    {}\n", files.message(&error)).unwrap();
    }

    fn safetensors(&mut self, case: &str, bytes: &[u8]) {
        let files = Files::new();
        self.add(case, &files, files.open_safetensors(bytes));
    }

    /// A safetensors file of two entries and `data` bytes of zeros.
    fn entries(&mut self, case: &str, logits: &str, actions: &str, data: usize) {
        let header = format!(r#"{{"logits":{logits},"actions":{actions}}}"#);
        self.safetensors(case, &safetensors(&header, &vec![0; data]));
    }

    /// A well-formed safetensors file with these values.
    fn values(&mut self, case: &str, values: [f32; 6], taken: [i64; 2]) {
        self.safetensors(case, &safetensors_pair(&logits("F32", values), &actions("I64", taken)));
    }

    /// An npy file as the logits, beside good actions.
    fn npy(&mut self, case: &str, bytes: &[u8]) {
        let files = Files::new();
        self.add(case, &files, files.open_npy(bytes, &npy_array(&actions("<i8", GOOD.1))));
    }

    /// Two well-formed npy files.
    fn npy_pair(&mut self, case: &str, logits: &Array, actions: &Array) {
        let files = Files::new();
        self.add(case, &files, files.open_npy(&npy_array(logits), &npy_array(actions)));
    }
}

#[test]
fn unreadable() {
    let mut messages = Messages::default();
    let files = Files::new();
    let open = |name: &str| Source::open(&Request::new([files.path(name)]));
    messages.add("no such file", &files, open("absent.safetensors"));
    std::fs::create_dir(files.path("directory.safetensors")).unwrap();
    messages.add("a directory", &files, open("directory.safetensors"));
    std::os::unix::fs::symlink("/dev/zero", files.path("device.safetensors")).unwrap();
    messages.add("a device", &files, open("device.safetensors"));

    let path = files.write("run.safetensors", &safetensors_pair(&logits("F32", GOOD.0), &actions("I64", GOOD.1)));
    let source = open("run.safetensors").unwrap();
    let beyond = source.read(1, 2).unwrap_err();
    writeln!(messages.0, "rows beyond the last\n    {}\n", files.message(&beyond)).unwrap();
    assert!(source.read(u64::MAX, usize::MAX).is_err());
    std::fs::write(path, "").unwrap();
    messages.add("a file that shrinks after it was opened", &files, Ok(source));
    insta::assert_snapshot!(messages.0);
}

#[test]
fn safetensors_headers() {
    let mut messages = Messages::default();
    let (f32s, i64s) = (entry("F32", &[2, 3], [0, 24]), entry("I64", &[2], [24, 40]));
    messages.safetensors("empty file", b"");
    messages.safetensors("7 bytes", &[0; 7]);
    messages.safetensors("header length u64::MAX", &[0xff; 8]);
    messages.safetensors("header longer than the file", &[&100u64.to_le_bytes()[..], b"{}"].concat());
    let long = Files::new();
    let path = long.write("run.safetensors", &150_000_000u64.to_le_bytes());
    File::options().write(true).open(&path).unwrap().set_len(200_000_000).unwrap();
    messages.add("header too long", &long, Source::open(&Request::new([path])));
    messages.safetensors("no header", &[0; 8]);
    messages.safetensors("header not JSON", &safetensors("logits", b""));
    messages.safetensors("header not UTF-8", &[&5u64.to_le_bytes()[..], b"{\"\xff\"}"].concat());
    messages.safetensors("header not an object", &safetensors("[1, 2]", b""));
    messages.safetensors("header nested deep", &safetensors(&format!("{{\"__metadata__\":{}", "[".repeat(5000)), b""));
    messages.entries("unknown dtype with a terminal escape", r#"{"dtype":"\u001b[2J"}"#, &i64s, 40);
    messages.entries("negative dimension", r#"{"dtype":"F32","shape":[-2,3],"data_offsets":[0,24]}"#, &i64s, 40);
    let twice = format!(r#"{{"logits":{f32s},"logits":{f32s},"actions":{i64s}}}"#);
    messages.safetensors("tensor name twice", &safetensors(&twice, &[0; 40]));
    messages.entries("offsets beyond the file", &f32s, &entry("I64", &[1 << 40], [24, 24 + (8 << 40)]), 40);
    messages.entries("offsets backwards", &entry("F32", &[2, 3], [24, 0]), &i64s, 40);
    messages.entries("offsets with a gap", &f32s, &entry("I64", &[2], [32, 48]), 48);
    messages.entries("offsets that overlap", &f32s, &entry("I64", &[2], [16, 32]), 32);
    messages.entries("size not that of the shape", &entry("F32", &[2, 4], [0, 24]), &i64s, 40);
    messages.entries("shape overflow", &entry("F32", &[1 << 40, 1 << 40], [0, 24]), &i64s, 40);
    messages.entries("truncated data", &f32s, &i64s, 39);
    messages.entries("trailing data", &f32s, &i64s, 41);
    messages.entries("logits I64", &entry("I64", &[1, 3], [0, 24]), &i64s, 40);
    messages.entries("actions F32", &f32s, &entry("F32", &[4], [24, 40]), 40);
    messages.entries("logits of rank 1", &entry("F32", &[6], [0, 24]), &i64s, 40);
    messages.entries("actions of rank 2", &f32s, &entry("I64", &[2, 1], [24, 40]), 40);
    messages.entries("more logits than actions", &entry("F32", &[3, 2], [0, 24]), &i64s, 40);
    messages.entries("no columns", &entry("F32", &[2, 0], [0, 0]), &entry("I64", &[2], [0, 16]), 16);
    messages.entries("no rows", &entry("F32", &[0, 3], [0, 0]), &entry("I64", &[0], [0, 0]), 0);
    messages.safetensors("missing tensor", &safetensors(&format!(r#"{{"logit":{f32s},"action":{i64s}}}"#), &[0; 40]));
    messages.safetensors("missing tensor among many", &many_tensors());
    messages.safetensors("no tensors", &safetensors(r#"{"__metadata__":{"a":"b"}}"#, b""));
    insta::assert_snapshot!(messages.0);
}

/// A file of fifteen tensors, none of which is wanted, and the first of which has a name like no other.
fn many_tensors() -> Vec<u8> {
    let mut entries: Vec<String> = (1..15).map(|i| format!(r#""{i:02}":{}"#, entry("U8", &[0], [0, 0]))).collect();
    let name = r"\u001b]0;\n".repeat(50);
    entries.push(format!(r#""!{name}":{}"#, entry("F4", &[0; 20], [0, 0])));
    safetensors(&format!("{{{}}}", entries.join(",")), b"")
}

#[test]
fn values() {
    let mut messages = Messages::default();
    let (good, taken) = GOOD;
    let with = |i: usize, value: f32| {
        let mut values = good;
        values[i] = value;
        values
    };
    messages.values("NaN in row 1, column 2", with(5, f32::NAN), taken);
    messages.values("+inf in row 0, column 1", with(1, f32::INFINITY), taken);
    let masked = [0.0, 0.0, 0.0, f32::NEG_INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
    messages.values("row 1 all -inf", masked, taken);
    messages.values("action -1", good, [-1, 0]);
    messages.values("action 3 of 3", good, [2, 3]);
    messages.values("the first row that is wrong comes first", with(5, f32::NAN), [i64::MIN, 0]);
    let nan = [0.0, 0.0, 0.0, 0.0, f32::NAN, 0.0];
    messages.npy_pair("the same in npy", &logits("<f4", nan), &actions("<i8", taken));
    messages.npy_pair("an action in npy", &logits("<f4", good), &actions("<i8", [0, i64::MAX]));
    insta::assert_snapshot!(messages.0);
}

#[test]
fn npy_headers() {
    let mut messages = Messages::default();
    let (good, taken) = (logits("<f4", GOOD.0), actions("<i8", GOOD.1));
    let data = &good.data;
    messages.npy("empty file", b"");
    messages.npy("a zip archive", b"PK\x03\x04\x14\0\0\0");
    messages.npy("version 9", &npy_version(9, &[0, 0], "", b""));
    messages.npy("no header length", b"\x93NUMPY\x02\0\x10\0");
    messages.npy("header length 4 GB", &npy_version(2, &[0xff; 4], "{}", b""));
    messages.npy("header length beyond the file", &npy_version(1, &[0xff; 2], "{}", b""));
    let long = " ".repeat(70_000);
    messages.npy("long header", &npy_version(2, &70000u32.to_le_bytes(), &long, b""));
    messages.npy("header not a dict", &npy("[1, 2]", data));
    messages.npy("header without a shape", &npy("{'descr': '<f4', 'fortran_order': False}", data));
    messages.npy("header with an escape", &npy("{\x1b[2J}", data));
    let fortran = npy_header("<f4", "(2, 3)").replace("False", "True");
    messages.npy("fortran order", &npy(&fortran, data));
    messages.npy("big-endian", &npy(&npy_header(">f4", "(2, 3)"), data));
    let records = npy_header("<f4", "(6,)").replace("'<f4'", "[('a', '<f4'), ('b', '<i4')]");
    messages.npy("structured dtype", &npy(&records, data));
    messages.npy("pickled objects", &npy(&npy_header("|O", "(2, 3)"), data));
    messages.npy("shape overflow", &npy(&npy_header("<f4", "(1099511627776, 1099511627776)"), data));
    messages.npy("dimension overflow", &npy(&npy_header("<f4", "(99999999999999999999, 1)"), data));
    messages.npy("truncated data", &npy(&npy_header("<f4", "(2, 3)"), &data[1..]));
    messages.npy("trailing data", &npy(&npy_header("<f4", "(2, 2)"), data));
    messages.npy("rank 0", &npy(&npy_header("<f4", "()"), &data[..4]));
    messages.npy_pair("logits <i8", &Array { dtype: "<i8", shape: &[1, 3], data: data.clone() }, &taken);
    messages.npy_pair("actions <i4", &good, &Array { dtype: "<i4", shape: &[4], data: taken.data.clone() });
    messages.npy_pair("actions of another run", &good, &Array { dtype: "<i8", shape: &[1], data: vec![0; 8] });
    insta::assert_snapshot!(messages.0);
}
