//! Tables of `diff --out` and `partial --out`: the same columns by name in every format, and nothing half-written.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use parquet::file::reader::{FileReader, SerializedFileReader};
use serde_json::Value;

use crate::cli::run::{folder, run};
use crate::support::logits::{engines, f32s, pair, safetensors};

/// The columns of a file by name, every cell as text.
type Columns = BTreeMap<String, Vec<String>>;

fn columns(path: &Path) -> Columns {
    let mut columns = Columns::new();
    match path.extension().unwrap().to_str().unwrap() {
        "csv" => {
            let mut reader = csv::Reader::from_path(path).unwrap();
            let names: Vec<String> = reader.headers().unwrap().iter().map(String::from).collect();
            for record in reader.records() {
                for (name, cell) in names.iter().zip(&record.unwrap()) {
                    columns.entry(name.clone()).or_default().push(cell.to_string());
                }
            }
        }
        "npz" => {
            let mut archive = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
            for index in 0..archive.len() {
                let mut member = archive.by_index(index).unwrap();
                let name = member.name().unwrap().strip_suffix(".npy").unwrap().to_string();
                let mut bytes = Vec::new();
                member.read_to_end(&mut bytes).unwrap();
                columns.insert(name, array(&bytes));
            }
        }
        _ => {
            let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
            for row in reader.get_row_iter(None).unwrap() {
                for (name, cell) in row.unwrap().get_column_iter() {
                    use parquet::record::Field;
                    let text = match cell {
                        Field::Double(x) => format!("{x:?}"),
                        Field::Str(text) => text.clone(),
                        other => other.to_string(),
                    };
                    columns.entry(name.clone()).or_default().push(text);
                }
            }
        }
    }
    columns
}

/// The numbers of a .npy file of one dimension.
fn array(bytes: &[u8]) -> Vec<String> {
    let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let (header, data) = bytes[10..].split_at(length);
    let header = std::str::from_utf8(header).unwrap();
    let word = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().unwrap());
    if header.contains("'<u8'") {
        data.chunks(8).map(|bytes| word(bytes).to_string()).collect()
    } else if header.contains("'<f8'") {
        data.chunks(8).map(|bytes| format!("{:?}", f64::from_bits(word(bytes)))).collect()
    } else if header.contains("'|b1'") {
        data.iter().map(|byte| (*byte == 1).to_string()).collect()
    } else {
        let width: usize = header.split("'<U").nth(1).unwrap().split('\'').next().unwrap().parse().unwrap();
        let letter = |bytes: &[u8]| char::from_u32(u32::from_le_bytes(bytes.try_into().unwrap())).unwrap();
        let text = |bytes: &[u8]| bytes.chunks(4).map(letter).take_while(|c| *c != '\0').collect();
        data.chunks(4 * width).map(text).collect()
    }
}

/// Runs a command for each format: the columns, which are the same, and the lines of JSON.
fn written(folder: &Path, arguments: &[&str]) -> (Columns, Vec<Value>) {
    for name in ["rows.csv", "rows.npz", "rows.parquet", "rows.jsonl"] {
        let (code, _, error) = run(folder, &[arguments, &["--out", name]].concat(), b"");
        assert_eq!((code, error.as_str()), (0, ""), "{name}");
    }
    let own = columns(&folder.join("rows.csv"));
    assert_eq!(columns(&folder.join("rows.npz")), own);
    assert_eq!(columns(&folder.join("rows.parquet")), own);
    let lines = std::fs::read_to_string(folder.join("rows.jsonl")).unwrap();
    (own, lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

#[test]
fn diff_writes_its_rows_in_every_format() {
    let [rollout, trainer] = engines();
    let folder = folder(&[("a.safetensors", &rollout), ("b.safetensors", &trainer)]);
    let (columns, lines) = written(folder.path(), &["diff", "a.safetensors", "b.safetensors"]);
    assert_eq!(lines.len(), 40);
    assert!(lines[0]["kl_ab"].is_array(), "{}", lines[0]);
    for (name, value) in lines.iter().enumerate().flat_map(|(row, line)| {
        line.as_object().unwrap().iter().map(move |(name, value)| ((row, name.clone()), value.clone()))
    }) {
        let (row, name) = name;
        let cell = |name: &str| columns[name][row].clone();
        match value {
            Value::Array(ends) => {
                for (end, value) in ["lo", "hi"].iter().zip(ends) {
                    assert_eq!(cell(&format!("{name}_{end}")), format!("{:?}", value.as_f64().unwrap()), "{name}");
                }
            }
            Value::Null => assert_eq!(cell(&format!("{name}_lo")), "NaN"),
            Value::String(text) => assert_eq!(cell(&name), text),
            other => assert_eq!(cell(&name), other.to_string(), "{name}"),
        }
    }
    assert_eq!(columns["top1"].iter().filter(|cell| *cell == "same").count() as u64, {
        let (_, printed, _) = run(folder.path(), &["diff", "a.safetensors", "b.safetensors", "--json"], b"");
        serde_json::from_str::<Value>(&printed).unwrap()["top_same"].as_u64().unwrap()
    });
}

#[test]
fn partial_writes_its_rows_in_every_format() {
    let top: Vec<f32> = (0..60).flat_map(|row| [-0.1 - 0.01 * row as f32, -3.0]).collect();
    let own: Vec<f32> = top.iter().copied().step_by(2).collect();
    let dump = safetensors(&[("top_logprobs", "F32", &[60, 2], f32s(&top)), ("logprobs", "F32", &[60], f32s(&own))]);
    let folder = folder(&[("rows.safetensors", &dump)]);
    let command = ["partial", "rows.safetensors", "--vocabulary", "5000"];
    let (columns, lines) = written(folder.path(), &command);
    assert_eq!((lines.len(), columns["row"].len()), (60, 60));
    for (row, line) in lines.iter().enumerate() {
        assert_eq!(columns.len(), line.as_object().unwrap().len());
        for (name, value) in line.as_object().unwrap() {
            let cell: f64 = columns[name][row].parse().unwrap();
            let decimal: f64 = value.as_str().map_or_else(|| value.as_f64().unwrap(), |text| text.parse().unwrap());
            // Both are rounded outward, to f64 and to decimals.
            assert!((cell - decimal).abs() <= 4.0 * f64::EPSILON * decimal.abs(), "{name}: {cell} and {decimal}");
        }
    }
    // With a file, the summary alone is printed.
    let (_, printed, _) = run(folder.path(), &[&command[..], &["--out", "rows.csv", "--json"]].concat(), b"");
    assert_eq!(serde_json::from_str::<Value>(&printed).unwrap()["rows"], 60);
}

#[test]
fn what_is_no_table_is_refused_and_what_fails_leaves_nothing() {
    let good = pair(&[0.0, 1.0, 2.0, 0.5, 0.0, 1.0], &[0, 1]);
    let bad = pair(&[0.0, 1.0, 2.0, 0.5, f32::NAN, 1.0], &[0, 1]);
    let top = b"{\"top_logprobs\": [-0.1], \"logprob\": -0.1}\n{\"top_logprobs\": [3.5], \"logprob\": 3.5}\n";
    let files: [(&str, &[u8]); 4] =
        [("good.safetensors", &good), ("bad.safetensors", &bad), ("top.jsonl", top), ("rows.csv", b"from before")];
    let folder = folder(&files);
    let names = || {
        let entries = std::fs::read_dir(folder.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>().len()
    };
    let commands: [&[&str]; 2] =
        [&["diff", "good.safetensors", "bad.safetensors"], &["partial", "top.jsonl", "--vocabulary", "5000"]];
    for command in commands {
        for (name, says) in [("rows.xlsx", ".parquet (row groups of columns)"), ("rows.csv", "row")] {
            let (code, printed, error) = run(folder.path(), &[command, &["--out", name]].concat(), b"");
            assert_eq!((code, printed.as_str()), (2, ""), "{error}");
            assert!(error.contains(says), "{error}");
        }
        assert_eq!(names(), files.len());
        assert_eq!(std::fs::read(folder.path().join("rows.csv")).unwrap(), b"from before");
    }
}
