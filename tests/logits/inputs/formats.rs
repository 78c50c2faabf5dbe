//! The same rows in every format.

use crate::inputs::files::{Files, actions, logits, npy_array};
use logitlab::source::{Actions, Block, InputError, Request, Source};
use std::io::Write;
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

const MASKED: f32 = f32::NEG_INFINITY;
pub const LOGITS: [f32; 6] = [0.5, -1.25, 0.1, MASKED, 7.0, 1e-40];
pub const ACTIONS: [i64; 2] = [2, 1];
pub const ADVANTAGES: [f32; 2] = [-0.75, 3.5];

/// The request that all of these files can answer.
pub fn request(path: std::path::PathBuf) -> Request {
    let columns = vec!["advantages".to_string()];
    Request { actions: Actions::Named("actions".to_string()), columns, ..Request::new([path]) }
}

/// What they hold, the numbers as f64 as they are.
fn expected() -> Block {
    Block {
        rows: vec![0, 1],
        columns: 3,
        logits: LOGITS.map(f64::from).to_vec(),
        actions: vec![2, 1],
        named: [("advantages".to_string(), ADVANTAGES.map(f64::from).to_vec())].into(),
        advantages: None,
    }
}

fn all(source: Result<Source, InputError>) -> Block {
    let source = source.unwrap();
    source.read(0, source.rows as usize).unwrap()
}

/// An archive of npy files, as numpy writes them.
pub fn npz(method: CompressionMethod) -> Vec<u8> {
    let advantages = ADVANTAGES.iter().flat_map(|x| x.to_le_bytes()).collect();
    let advantages = crate::inputs::files::Array { dtype: "<f4", shape: &[2], data: advantages };
    let members = [("logits", logits("<f4", LOGITS)), ("actions", actions("<i8", ACTIONS)), ("advantages", advantages)];
    let members = members.map(|(name, array)| (format!("{name}.npy"), npy_array(&array)));
    archive(&members.each_ref().map(|(name, data)| (name.as_str(), data.as_slice())), method)
}

pub fn archive(members: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, data) in members {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(data).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Lines as Python writes them.
pub fn json_lines() -> Vec<u8> {
    let row = |i: usize| {
        let logits: Vec<String> = LOGITS[3 * i..][..3].iter().map(|&z| number(z)).collect();
        format!(
            "{{\"id\": \"row {i}\", \"logits\": [{}], \"action\": {}, \"advantage\": {}}}\n",
            logits.join(", "),
            ACTIONS[i],
            ADVANTAGES[i]
        )
    };
    (row(0) + &row(1)).into_bytes()
}

fn number(z: f32) -> String {
    if z == MASKED { "-Infinity".to_string() } else { format!("{:?}", f64::from(z)) }
}

#[test]
fn archives() {
    let files = Files::new();
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let path = files.write("dump.npz", &npz(method));
        assert_eq!(all(Source::open(&request(path))), expected(), "{method}");
    }
}

#[test]
fn lines() {
    let files = Files::new();
    let path = files.write("rows.jsonl", &json_lines());
    assert_eq!(all(Source::open(&request(path))), expected());
    let text = String::from_utf8(json_lines()).unwrap();
    for (name, changed) in [
        ("null", text.replace("-Infinity", "null")),
        ("a word", text.replace("-Infinity", "\"-inf\"")),
        ("the plural", text.replace("\"action\"", "\"actions\"")),
        ("no newline at the end", text.trim_end().to_string()),
        ("empty lines at the end", text.clone() + "\n \n"),
        ("line ends of Windows", text.replace('\n', "\r\n")),
    ] {
        let path = files.write("rows.ndjson", changed.as_bytes());
        assert_eq!(all(Source::open(&request(path))), expected(), "{name}");
    }
}

#[test]
fn numbers_in_lines_are_rounded_once() {
    // Halfway between two f64 but for the last digit, and a number that a table of powers gets wrong.
    let texts = ["9007199254740993.0000000000000001", "1.7976931348623157e308", "5e-324", "0.1", "8.41e-321"];
    let line = format!("{{\"logits\": [{}], \"action\": 0}}\n", texts.join(","));
    let files = Files::new();
    let source = Source::open(&Request::new([files.write("rows.jsonl", line.as_bytes())]));
    assert_eq!(all(source).logits, texts.map(|text| text.parse::<f64>().unwrap()));
}

#[test]
fn a_mask_of_words_and_lines_in_messages() {
    let text = "{\"logits\": [1, 2], \"action\": 0, \"keep\": true}\n\
                {\"logits\": [null, null], \"action\": 0, \"keep\": false}\n\
                {\"logits\": [1, 2], \"action\": 5, \"keep\": 1}\n";
    let files = Files::new();
    let asked =
        Request { mask: Some("keep".to_string()), ..Request::new([files.write("rows.jsonl", text.as_bytes())]) };
    let source = Source::open(&asked).unwrap();
    assert_eq!(source.rows, 2);
    assert_eq!(source.read(0, 1).unwrap().rows, [0]);
    assert_eq!(
        files.message(&source.read(1, 1).unwrap_err()),
        "`rows.jsonl`, key `actions`: the action in row 2 (line 3 of the file) (from 0) is 5, expected 0 to 1, a column of \
         the logits; drop padding rows, and check that the actions count from 0"
    );
}

#[cfg(feature = "parquet")]
pub mod columns {
    use super::*;
    use parquet::data_type::{DoubleType, FloatType, Int32Type};
    use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;
    use std::sync::Arc;

    const SCHEMA: &str = "message rows {
        required group logits (LIST) { repeated group list { optional float element; } }
        optional int32 actions (INTEGER(32, true));
        required double advantages;
        required boolean keep;
    }";

    /// Two rows, in a row group each or in one.
    pub fn parquet(groups: usize) -> Vec<u8> {
        written(groups, WriterProperties::builder())
    }

    /// The same, as these properties say.
    pub fn written(groups: usize, properties: WriterPropertiesBuilder) -> Vec<u8> {
        let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
        let properties = properties.build();
        let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
        let each = 2 / groups;
        for start in (0..2).step_by(each) {
            let mut group = writer.next_row_group().unwrap();
            let logits = &LOGITS[3 * start..][..3 * each];
            let values: Vec<f32> = logits.iter().copied().filter(|z| *z != MASKED).collect();
            let defined: Vec<i16> = logits.iter().map(|z| if *z == MASKED { 1 } else { 2 }).collect();
            let repeated: Vec<i16> = (0..logits.len()).map(|i| i16::from(i % 3 != 0)).collect();
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<FloatType>().write_batch(&values, Some(&defined), Some(&repeated)).unwrap();
            column.close().unwrap();
            let actions: Vec<i32> = ACTIONS[start..][..each].iter().map(|&a| a as i32).collect();
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<Int32Type>().write_batch(&actions, Some(&vec![1; each]), None).unwrap();
            column.close().unwrap();
            let advantages: Vec<f64> = ADVANTAGES[start..][..each].iter().map(|&a| f64::from(a)).collect();
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<DoubleType>().write_batch(&advantages, None, None).unwrap();
            column.close().unwrap();
            let mut column = group.next_column().unwrap().unwrap();
            let keep: Vec<bool> = [true, false][start..][..each].to_vec();
            column.typed::<parquet::data_type::BoolType>().write_batch(&keep, None, None).unwrap();
            column.close().unwrap();
            group.close().unwrap();
        }
        writer.into_inner().unwrap()
    }

    #[test]
    fn row_groups() {
        let files = Files::new();
        for groups in [1, 2] {
            let path = files.write("rows.parquet", &parquet(groups));
            assert_eq!(all(Source::open(&request(path.clone()))), expected(), "{groups} row groups");
            let masked = Request { mask: Some("keep".to_string()), ..request(path) };
            assert_eq!(all(Source::open(&masked)).rows, [0]);
        }
    }

    #[test]
    fn what_is_no_row_of_logits() {
        let files = Files::new();
        let path = files.write("rows.parquet", &parquet(1));
        let message = |change: fn(&mut Request)| {
            let mut asked = request(path.clone());
            change(&mut asked);
            files.message(&Source::open(&asked).unwrap_err())
        };
        let text = [
            message(|asked| asked.logits = "policy".to_string()),
            message(|asked| asked.logits = "advantages".to_string()),
            message(|asked| asked.actions = Actions::Named("logits".to_string())),
            message(|asked| asked.actions = Actions::Named("advantages".to_string())),
        ];
        insta::assert_snapshot!(text.join("\n\n"));
    }
}
