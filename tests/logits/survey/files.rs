//! Files of rows, read back by what others would read them with, against the enclosures.

use logitlab::arith::interval::Interval;
use logitlab::measure::{Enclosed, How, Kind, Modes, Numbers, Schema, WRITERS, writer};
use rug::Float;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::survey::given::{Given, how};

/// A table as a reader has it: names, then rows of numbers.
struct Table {
    names: Vec<String>,
    rows: Vec<Vec<f64>>,
}

impl Table {
    fn get(&self, row: usize, name: &str) -> f64 {
        let place = self.names.iter().position(|own| own == name).unwrap_or_else(|| panic!("no field {name}"));
        self.rows[row][place]
    }
}

/// Writes the rows in two parts, and reads them with `read`.
fn round_trip(suffix: &str, read: fn(&Path) -> Table) {
    let how = how(1.0, Some(0.25));
    let given = Given::random();
    let schema = Schema::new(&how, &Modes::default(), &given.source);
    let numbers = schema.all_numbers(&how, &given.measured(&how, 0..600)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("rows.{suffix}"));
    let mut sink = (writer(&path).unwrap().open)(File::create(&path).unwrap(), &path, schema.fields()).unwrap();
    sink.append(&Enclosed { schema: &schema, rows: &numbers[..150] }).unwrap();
    sink.append(&Enclosed { schema: &schema, rows: &numbers[150..] }).unwrap();
    sink.finish().unwrap();
    let table = read(&path);
    let fields = schema.fields();
    assert_eq!(table.names, fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>());
    assert_eq!(table.rows.len(), 600);
    check(&how, &schema, &numbers, &table);
    // Nothing is left beside the file.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// That every number read encloses, and as tightly as an f64 can.
fn check(_: &How, schema: &Schema, numbers: &[Numbers], table: &Table) {
    let mut below_f64 = 0;
    for (place, row) in numbers.iter().enumerate() {
        assert_eq!(table.get(place, "row"), row.row as f64);
        assert_eq!(table.get(place, "action"), row.action as f64);
        for (column, value) in schema.columns.iter().zip(&row.values) {
            let end = |end: &str| table.get(place, &format!("{}_{end}", column.name));
            encloses(value, [end("lo"), end("hi")], 0, column.name);
            if column.scaled {
                let exponent = end("exponent") as i32;
                encloses(value, [end("lo_significand"), end("hi_significand")], exponent, column.name);
                below_f64 += u32::from(end("lo") == 0.0 && end("hi") == f64::from_bits(1));
                assert_eq!(end("lo_significand") > 0.0, *value.lo() > 0, "{}", column.name);
            }
        }
    }
    assert!(below_f64 > 20, "some of the rows have a w that no f64 holds: {below_f64}");
}

fn encloses(value: &Interval, ends: [f64; 2], exponent: i32, name: &str) {
    let [lo, hi] = ends.map(|end| Float::with_val(53, end) << exponent);
    assert!(lo <= *value.lo() && *value.hi() <= hi, "{name}: {lo} {hi} {value:?}");
    // The next f64 inward is inside already.
    let [lo, hi] = [ends[0].next_up(), ends[1].next_down()].map(|end| Float::with_val(53, end) << exponent);
    assert!((lo > *value.lo() || value.lo().is_infinite()) && hi < *value.hi() || value.hi().is_infinite(), "{name}");
}

#[test]
fn csv() {
    round_trip("csv", |path| {
        let mut reader = csv::Reader::from_path(path).unwrap();
        let names = reader.headers().unwrap().iter().map(str::to_string).collect();
        let rows = reader.records().map(|record| record.unwrap().iter().map(|cell| cell.parse().unwrap()).collect());
        Table { names, rows: rows.collect() }
    });
}

#[test]
fn npz() {
    round_trip("npz", |path| {
        let mut archive = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
        let names: Vec<String> =
            (0..archive.len()).map(|at| archive.by_index(at).unwrap().name().unwrap().into_owned()).collect();
        let columns: Vec<Vec<f64>> = (0..names.len())
            .map(|at| {
                let mut bytes = Vec::new();
                archive.by_index(at).unwrap().read_to_end(&mut bytes).unwrap();
                npy(&bytes)
            })
            .collect();
        let rows = (0..columns[0].len()).map(|row| columns.iter().map(|column| column[row]).collect()).collect();
        Table { names: names.iter().map(|name| name.strip_suffix(".npy").unwrap().to_string()).collect(), rows }
    });
}

/// The numbers of a .npy file with one dimension.
fn npy(bytes: &[u8]) -> Vec<f64> {
    let (magic, rest) = bytes.split_at(8);
    assert_eq!(magic, b"\x93NUMPY\x01\x00");
    let length = usize::from(u16::from_le_bytes([rest[0], rest[1]]));
    assert_eq!((length + 10) % 64, 0);
    let (header, data) = rest[2..].split_at(length);
    let header = std::str::from_utf8(header).unwrap();
    let rows = data.len() / 8;
    assert!(header.ends_with('\n') && header.contains(&format!("'fortran_order': False, 'shape': ({rows},), }}")));
    let number = |bytes: [u8; 8]| match () {
        () if header.contains("'<u8'") => u64::from_le_bytes(bytes) as f64,
        () if header.contains("'<i8'") => i64::from_le_bytes(bytes) as f64,
        () => f64::from_le_bytes(bytes),
    };
    data.chunks_exact(8).map(|bytes| number(bytes.try_into().unwrap())).collect()
}

#[cfg(feature = "parquet")]
mod parquet {
    use super::*;
    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    use ::parquet::record::Field;

    fn number(field: &Field) -> f64 {
        match field {
            Field::Long(n) => *n as f64,
            Field::Double(x) => *x,
            other => panic!("{other:?} is no number of a row"),
        }
    }

    #[test]
    fn parquet() {
        round_trip("parquet", |path| {
            let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
            let schema = reader.metadata().file_metadata().schema_descr_ptr();
            let names = schema.columns().iter().map(|column| column.name().to_string()).collect();
            let row = |row: Result<::parquet::record::Row, _>| {
                row.unwrap().get_column_iter().map(|(_, field)| number(field)).collect()
            };
            Table { names, rows: reader.get_row_iter(None).unwrap().map(row).collect() }
        });
    }

    #[test]
    fn many_rows_are_written_group_by_group() {
        let how = how(1.0, None);
        let given = Given::random();
        let schema = Schema::new(&how, &Modes::default(), &given.source);
        let numbers = schema.all_numbers(&how, &given.measured(&how, 0..600)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.parquet");
        let mut sink = (writer(&path).unwrap().open)(File::create(&path).unwrap(), &path, schema.fields()).unwrap();
        for _ in 0..60 {
            sink.append(&Enclosed { schema: &schema, rows: &numbers }).unwrap();
        }
        // What is before the group that is being filled has left memory.
        assert!(std::fs::metadata(&path).unwrap().len() > 100_000);
        sink.finish().unwrap();
        let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
        let groups = reader.metadata().row_groups();
        assert_eq!(groups.iter().map(|group| group.num_rows()).collect::<Vec<_>>(), [1 << 15, 36_000 - (1 << 15)]);
        let mut rows = 0..;
        for row in reader.get_row_iter(None).unwrap() {
            let at = rows.next().unwrap() % 600;
            let row = row.unwrap();
            assert_eq!(number(row.get_column_iter().next().unwrap().1), at as f64);
        }
        assert_eq!(rows.start, 36_000);
    }
}

#[test]
fn json_lines_have_any_exponent() {
    let how = how(1.0, None);
    let given = Given::random();
    let schema = Schema::new(&how, &Modes::default(), &given.source);
    let numbers = schema.all_numbers(&how, &given.measured(&how, 0..600)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.jsonl");
    let mut sink = (writer(&path).unwrap().open)(File::create(&path).unwrap(), &path, schema.fields()).unwrap();
    sink.append(&Enclosed { schema: &schema, rows: &numbers }).unwrap();
    sink.finish().unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().count(), 600);
    let mut tiny = 0;
    for (line, row) in text.lines().zip(&numbers) {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(object["row"], row.row);
        for (column, value) in schema.columns.iter().zip(&row.values) {
            // Read at a precision at which nothing that matters is rounded.
            let [lo, hi] = ["lo", "hi"].map(|end| {
                let text = object[format!("{}_{end}", column.name)].as_str().unwrap();
                Float::with_val(300, Float::parse(text).unwrap())
            });
            if value.hi().is_infinite() {
                assert!(lo == *value.lo() && hi == *value.hi(), "{}: {lo} {hi}", column.name);
                continue;
            }
            let slack = Float::with_val(300, Float::u_exp(1, -250));
            assert!(lo.clone() - lo.clone().abs() * &slack <= *value.lo(), "{}", column.name);
            assert!(*value.hi() <= hi.clone() + hi.clone().abs() * &slack, "{}", column.name);
            tiny += u32::from(column.name == "w" && hi < 1e-320);
        }
    }
    assert!(tiny > 10);
}

#[test]
fn a_writer_is_found_by_suffix() {
    for format in WRITERS {
        assert_eq!(writer(Path::new(&format!("a.b.{}", format.suffix.to_uppercase()))).unwrap().suffix, format.suffix);
    }
    for name in ["rows", "rows.txt", ".csv"] {
        let Err(error) = writer(Path::new(name)) else { panic!("{name}") };
        assert!(error.to_string().contains(".csv (comma-separated values)"), "{error}");
    }
    let kinds = Schema::new(&how(1.0, None), &Modes::default(), &Given::random().source).fields();
    assert_eq!((kinds[0].kind, kinds[2].kind), (Kind::Count, Kind::Real));
}
