//! Tables that are not measured rows: every kind of cell in every format.

use logitlab::measure::{Cell, Field, Kind, Rows, object, writer};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

fn fields() -> Vec<Field> {
    let kinds = [
        ("mode", Kind::Text { width: 4 }),
        ("dead", Kind::Flag),
        ("step", Kind::Count),
        ("shift", Kind::Whole),
        ("p", Kind::Real),
    ];
    kinds.map(|(name, kind)| Field { name: name.into(), kind }).to_vec()
}

struct Two;

impl Rows for Two {
    fn count(&self) -> usize {
        2
    }

    fn cells(&self, index: usize) -> Vec<Cell> {
        let (mode, p) = [("f32", 0.5), ("bf16", f64::NAN)][index];
        vec![Cell::Text(mode.into()), Cell::Flag(index == 1), Cell::Count(7), Cell::Whole(-3), Cell::Real(p)]
    }

    fn line(&self, index: usize) -> String {
        object(&fields(), &self.cells(index))
    }
}

fn written(folder: &Path, suffix: &str) -> PathBuf {
    let path = folder.join(format!("rows.{suffix}"));
    let mut sink = (writer(&path).unwrap().open)(File::create(&path).unwrap(), &path, fields()).unwrap();
    sink.append(&Two).unwrap();
    sink.finish().unwrap();
    path
}

#[test]
fn as_text() {
    let folder = tempfile::tempdir().unwrap();
    let text = |suffix| std::fs::read_to_string(written(folder.path(), suffix)).unwrap();
    assert_eq!(text("csv"), "mode,dead,step,shift,p\nf32,false,7,-3,0.5\nbf16,true,7,-3,NaN\n");
    let line = |mode: &str, dead: &str, p: &str| {
        format!("{{\"mode\":\"{mode}\",\"dead\":{dead},\"step\":7,\"shift\":-3,\"p\":{p}}}\n")
    };
    assert_eq!(text("jsonl"), line("f32", "false", "0.5") + &line("bf16", "true", "null"));
}

#[test]
fn as_numpy_arrays() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = zip::ZipArchive::new(File::open(written(folder.path(), "npz")).unwrap()).unwrap();
    let mut member = |name: &str| {
        let mut bytes = Vec::new();
        archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        let data = bytes.split_off(128);
        (String::from_utf8_lossy(&bytes[10..]).into_owned(), data)
    };
    let (head, modes) = member("mode.npy");
    assert!(head.contains("'descr': '<U4'") && head.contains("'shape': (2,)"), "{head}");
    // Four bytes a character, zeros behind a short one.
    let characters = |text: &[u8; 4]| text.iter().flat_map(|&c| [c, 0, 0, 0]).collect::<Vec<u8>>();
    assert_eq!(modes, [characters(b"f32\0"), characters(b"bf16")].concat());
    let (head, flags) = member("dead.npy");
    assert!(head.contains("'descr': '|b1'"), "{head}");
    assert_eq!(flags, [0, 1]);
    assert_eq!(member("shift.npy").1, [(-3_i64).to_le_bytes(); 2].concat());
}

#[cfg(feature = "parquet")]
#[test]
fn as_parquet() {
    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    use ::parquet::record::Field;

    let folder = tempfile::tempdir().unwrap();
    let reader = SerializedFileReader::new(File::open(written(folder.path(), "parquet")).unwrap()).unwrap();
    let row = |row: Result<::parquet::record::Row, _>| {
        row.unwrap().get_column_iter().map(|(name, field)| (name.clone(), field.clone())).collect::<Vec<_>>()
    };
    let rows: Vec<Vec<(String, Field)>> = reader.get_row_iter(None).unwrap().map(row).collect();
    let own = |mode: &str, dead: bool, p: f64| {
        let fields = [Field::Str(mode.into()), Field::Bool(dead), Field::Long(7), Field::Long(-3), Field::Double(p)];
        ["mode", "dead", "step", "shift", "p"].map(String::from).into_iter().zip(fields).collect::<Vec<_>>()
    };
    assert_eq!(rows[0], own("f32", false, 0.5));
    assert_eq!(rows[1][..4], own("bf16", true, 0.0)[..4]);
    assert_eq!(rows.len(), 2);
}
