//! Parquet: a column of lists of floats for the logits, of one length throughout, and columns of numbers beside it.
//!
//! Pages are compressed and have no positions: row group by row group, what is wanted of them goes into temporary
//! files, as it is stored. Lists of variable and of fixed size are the same to Parquet. A null logit is a masked
//! action. In memory are some rows and one page at a time, whatever the file says.

use super::dtype::Dtype;
use super::error::InputError;
use super::file::DataFile;
use super::format::{FileFormat, Wanted};
use super::location::{Location, Role, TensorSummary};
use super::parquet_bytes::Chunks;
use super::parquet_headers::{Checked, Chunk, footer_is_sound};
use super::parquet_pages::{Allowance, Pages};
use super::parquet_panics::caught;
use super::spool::Spool;
use super::tensor::{Element, Tensor};
use half::f16;
use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type};
use parquet::column::page::PageReader;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::{DataType, FixedLenByteArray};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::{ColumnDescriptor, Type as SchemaType};
use std::path::Path;
use std::sync::Arc;

/// The format.
pub(super) static FORMAT: FileFormat = FileFormat {
    name: "Parquet",
    suffixes: &["parquet", "pq"],
    one_array: false,
    floats: "a column of lists of DOUBLE, FLOAT or FLOAT16 for logits",
    convert: "convert it",
    integers: "a column of INT32 or INT64 for actions; convert it",
    open,
};

/// What the format calls an array.
const KIND: &str = "column";
/// Values that are read at once, about.
const TOGETHER: u64 = 1 << 18;
/// The most logits that a row can have.
const MOST_COLUMNS: u64 = 1 << 24;

/// All columns; where the library panics at damage that it takes for impossible, that is an error like any other.
fn open(path: &Path, wanted: &[Wanted]) -> Result<Vec<Tensor>, InputError> {
    // Nothing that a panic may leave half done is used again: the reader is dropped on the way.
    caught(|| read(path, wanted)).unwrap_or_else(|| {
        let what = "the file is damaged, write it again".to_string();
        Err(InputError::Parquet { location: Location::file(path), what })
    })
}

fn read(path: &Path, wanted: &[Wanted]) -> Result<Vec<Tensor>, InputError> {
    let file = DataFile::open(path)?;
    if !footer_is_sound(&file) {
        let what = "a footer that is none; the file is damaged or not Parquet, write it again".to_string();
        return Err(InputError::Parquet { location: Location::file(path), what });
    }
    let reader =
        SerializedFileReader::new(Chunks(file.clone())).map_err(|cause| wrong(Location::file(path), &cause))?;
    wanted.iter().map(|wanted| column(&reader, &file, path, wanted)).collect()
}

/// One column of all row groups.
fn column(
    reader: &SerializedFileReader<Chunks>,
    file: &DataFile,
    path: &Path,
    wanted: &Wanted,
) -> Result<Tensor, InputError> {
    let location = Location::array(path, KIND, wanted.name);
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let names = names(schema.root_schema());
    let leaves: Vec<usize> = (0..schema.num_columns()).filter(|&i| names[i] == wanted.name).collect();
    let &[leaf] = leaves.as_slice() else {
        if leaves.is_empty() {
            let (path, name) = (path.to_owned(), wanted.name.to_owned());
            let available = names.into_iter().enumerate().map(|(i, name)| summary(name, &schema.column(i))).collect();
            return Err(InputError::MissingTensor { path, kind: KIND, name, available });
        }
        let what = format!("a structure of {} columns, expected one of numbers", leaves.len());
        return Err(InputError::Parquet { location, what });
    };
    let descriptor = schema.column(leaf);
    let lists = descriptor.max_rep_level();
    let expected = i16::from(wanted.role == Role::Logits);
    if lists != expected {
        let what = match (lists, expected) {
            (0, _) => "numbers, expected lists of them for logits: one list for each row",
            (_, 0) => "lists, expected one number for each row",
            _ => "lists of lists, expected one list for each row; flatten batch and time to rows",
        };
        return Err(InputError::Parquet { location, what: what.to_string() });
    }
    let mut copy = Copy { location, role: wanted.role, spool: None, rows: 0, width: (lists == 0).then_some(1) };
    for number in 0..reader.num_row_groups() {
        let failed = |cause: ParquetError| wrong(copy.location.clone(), &cause);
        let group = reader.get_row_group(number).map_err(failed)?;
        let meta = group.metadata().column(leaf);
        // The library takes these for granted, and ends the process where they are negative.
        let start = meta.dictionary_page_offset().unwrap_or(meta.data_page_offset());
        if start < 0 || meta.compressed_size() < 0 {
            return Err(copy.wrong("a row group that starts before the file, or is shorter than nothing"));
        }
        let (rows, values) = (group.metadata().num_rows(), meta.num_values());
        if let Some(codec) = missing_codec(meta.compression()) {
            return Err(copy.wrong(&format!(
                "compressed with {codec}, which is not built in; write it again with another compression, as in \
                 `pyarrow.parquet.write_table(table, \"rows.parquet\", compression=\"zstd\")`"
            )));
        }
        let pages = group.get_column_page_reader(leaf).map_err(failed)?;
        let (at, left) = meta.byte_range();
        let chunk = Chunk { file: file.clone(), group: number, codec: meta.compression(), at, left };
        copy.group(&descriptor, Box::new(Checked::new(pages, chunk)), rows, values)?;
    }
    copy.finish(&descriptor)
}

/// A column on its way into a temporary file.
struct Copy {
    location: Location,
    role: Role,
    spool: Option<Spool>,
    rows: u64,
    /// How many values each row has, once that is known.
    width: Option<u64>,
}

impl Copy {
    /// One row group, with the number of rows and of values that it says.
    fn group(
        &mut self,
        descriptor: &Arc<ColumnDescriptor>,
        pages: Box<dyn PageReader>,
        rows: i64,
        values: i64,
    ) -> Result<(), InputError> {
        let (Ok(rows), Ok(values)) = (u64::try_from(rows), u64::try_from(values)) else {
            return Err(self.wrong("a row group with a negative number of rows or values"));
        };
        if rows == 0 {
            return Ok(());
        }
        let width = values / rows;
        if width * rows != values || *self.width.get_or_insert(width) != width {
            return Err(self.wrong("lists of different lengths, expected as many logits in every row"));
        }
        if width > MOST_COLUMNS {
            return Err(self.wrong(&format!("{width} values a row, expected at most {MOST_COLUMNS}")));
        }
        let together = (TOGETHER / width.max(1)).max(1);
        let allowance = Allowance::new(together * width);
        let pages = Pages::new(pages, allowance.clone());
        let copied = Rows { descriptor, rows, together, allowance };
        // What a null is: a masked action, or a number that nobody knows. Integers have nothing for it.
        let null = if self.role == Role::Logits { f64::NEG_INFINITY } else { f64::NAN };
        match get_column_reader(Arc::clone(descriptor), Box::new(pages)) {
            ColumnReader::FloatColumnReader(reader) => {
                self.rows(&copied, reader, Some((null as f32).to_le_bytes()), |x| x.to_le_bytes())
            }
            ColumnReader::DoubleColumnReader(reader) => {
                self.rows(&copied, reader, Some(null.to_le_bytes()), |x| x.to_le_bytes())
            }
            ColumnReader::Int32ColumnReader(reader) => self.rows(&copied, reader, None, |x| x.to_le_bytes()),
            ColumnReader::Int64ColumnReader(reader) => self.rows(&copied, reader, None, |x| x.to_le_bytes()),
            ColumnReader::BoolColumnReader(reader) => self.rows(&copied, reader, None, |x| [u8::from(*x)]),
            ColumnReader::FixedLenByteArrayColumnReader(reader) if element(descriptor).0 != Element::Other => {
                let bytes = |x: &FixedLenByteArray| match x.data() {
                    &[low, high] => [low, high],
                    _ => f16::NAN.to_le_bytes(),
                };
                self.rows(&copied, reader, Some(f16::from_f64(null).to_le_bytes()), bytes)
            }
            // Of a type that has no use: the source refuses it by its type.
            _ => Ok(()),
        }
    }

    /// All rows of a row group, some at a time, each value as the bytes that are made of it.
    fn rows<T: DataType, const N: usize>(
        &mut self,
        Rows { descriptor, rows, together, allowance }: &Rows,
        mut reader: ColumnReaderImpl<T>,
        null: Option<[u8; N]>,
        bytes: impl Fn(&T::T) -> [u8; N],
    ) -> Result<(), InputError> {
        const RAGGED: &str = "rows missing, or lists of different lengths; expected as many logits in every row";
        let there = descriptor.max_def_level();
        // One level below there is a null, if it is the value that may be one.
        let optional = descriptor.self_type().get_basic_info().repetition() == Repetition::OPTIONAL;
        let width = self.width.unwrap_or(1);
        let (mut values, mut defined, mut repeated) = (Vec::new(), Vec::new(), Vec::new());
        let mut left = *rows;
        while left > 0 {
            values.clear();
            defined.clear();
            repeated.clear();
            let asked = left.min(*together);
            let read = reader.read_records(asked as usize, Some(&mut defined), Some(&mut repeated), &mut values);
            let (count, _, levels) = read.map_err(|cause| wrong(self.location.clone(), &cause))?;
            let mut lists = repeated.chunks(width.max(1) as usize);
            let even = lists.all(|row| row[0] == 0 && row[1..].iter().all(|&level| level == 1));
            if count as u64 != asked || levels as u64 != asked * width || !even {
                return Err(self.wrong(RAGGED));
            }
            allowance.consume(levels as u64);
            if defined.iter().any(|&level| level < there && !(optional && level + 1 == there)) {
                return Err(self.wrong("an empty or missing list, expected one for each row"));
            }
            let mut out = Vec::with_capacity(levels * N);
            let mut next = values.iter();
            for index in 0..levels {
                let is_null = defined.get(index).is_some_and(|&level| level < there);
                let value = if is_null { null } else { next.next().map(&bytes) };
                let Some(value) = value else {
                    let row = self.rows + index as u64 / width;
                    return Err(self.wrong(&format!("a null in row {row} (from 0), expected a number; fill it")));
                };
                out.extend_from_slice(&value);
            }
            self.push(&out)?;
            self.rows += asked;
            left -= asked;
        }
        Ok(())
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), InputError> {
        if self.spool.is_none() {
            self.spool = Some(Spool::new(self.location.clone())?);
        }
        self.spool.as_mut().map_or(Ok(()), |spool| spool.push(bytes))
    }

    fn finish(mut self, descriptor: &ColumnDescriptor) -> Result<Tensor, InputError> {
        self.push(&[])?;
        let Copy { location, role, spool, rows, width } = self;
        let (element, stored) = element(descriptor);
        let shape = if role == Role::Logits { vec![rows, width.unwrap_or(0)] } else { vec![rows] };
        let file = spool.expect("made above").finish()?;
        Ok(Tensor { file, location, element, stored, shape, offset: 0, lines: false })
    }

    fn wrong(&self, what: &str) -> InputError {
        InputError::Parquet { location: self.location.clone(), what: what.to_string() }
    }
}

/// The rows of a row group, and how many of them are read together.
struct Rows<'a> {
    descriptor: &'a ColumnDescriptor,
    rows: u64,
    together: u64,
    allowance: Allowance,
}

/// What an element is and how the file spells it.
fn element(descriptor: &ColumnDescriptor) -> (Element, String) {
    let logical = descriptor.logical_type_ref();
    // Integers that count something else: days, microseconds, hundredths.
    if let Some(meaning) = other_meaning(descriptor) {
        return (Element::Other, format!("{} ({meaning})", descriptor.physical_type()));
    }
    let unsigned = matches!(logical, Some(LogicalType::Integer(kind)) if !kind.is_signed);
    let half = matches!(logical, Some(LogicalType::Float16));
    let element = match descriptor.physical_type() {
        Type::DOUBLE => Element::Float(Dtype::F64),
        Type::FLOAT => Element::Float(Dtype::F32),
        Type::FIXED_LEN_BYTE_ARRAY if half && descriptor.type_length() == 2 => Element::Float(Dtype::F16),
        Type::INT32 if unsigned => Element::Unsigned(4),
        Type::INT64 if unsigned => Element::Unsigned(8),
        Type::INT32 => Element::Signed(4),
        Type::INT64 => Element::Signed(8),
        Type::BOOLEAN => Element::Bool,
        _ => Element::Other,
    };
    (element, if half { "FLOAT16".to_string() } else { descriptor.physical_type().to_string() })
}

/// What the numbers of a column mean, if that is not numbers.
fn other_meaning(descriptor: &ColumnDescriptor) -> Option<&'static str> {
    // As newer files say it, or as older ones do.
    match (descriptor.logical_type_ref(), descriptor.converted_type()) {
        (Some(LogicalType::Timestamp(_)), _)
        | (_, ConvertedType::TIMESTAMP_MILLIS | ConvertedType::TIMESTAMP_MICROS) => Some("timestamps"),
        (Some(LogicalType::Date), _) | (_, ConvertedType::DATE) => Some("dates"),
        (Some(LogicalType::Time(_)), _) | (_, ConvertedType::TIME_MILLIS | ConvertedType::TIME_MICROS) => Some("times"),
        (Some(LogicalType::Decimal(_)), _) | (_, ConvertedType::DECIMAL) => Some("decimals"),
        _ => None,
    }
}

/// The name of a compression that this binary cannot undo.
fn missing_codec(compression: Compression) -> Option<&'static str> {
    match compression {
        Compression::BROTLI(_) => Some("brotli"),
        Compression::LZO => Some("LZO"),
        _ => None,
    }
}

/// The name of each leaf of a schema: of a column its own, of a field of a structure both, as in `step.logits`. What a
/// list is made of has the name of the list.
fn names(root: &SchemaType) -> Vec<String> {
    let mut names = Vec::new();
    // Not by recursion: a file can nest as deep as it likes.
    let mut left: Vec<(&SchemaType, String)> =
        root.get_fields().iter().rev().map(|field| (&**field, field.name().to_string())).collect();
    while let Some((node, name)) = left.pop() {
        if node.is_primitive() {
            names.push(name);
            continue;
        }
        let info = node.get_basic_info();
        let is_list = info.converted_type() == ConvertedType::LIST
            || matches!(info.logical_type_ref(), Some(LogicalType::List))
            || (info.has_repetition() && info.repetition() == Repetition::REPEATED);
        // A list has one field, of which the name says nothing; a structure in it has fields again.
        let in_list = is_list && node.get_fields().len() == 1;
        let own = |field: &SchemaType| if in_list { name.clone() } else { format!("{name}.{}", field.name()) };
        left.extend(node.get_fields().iter().rev().map(|field| (&**field, own(field))));
    }
    names
}

fn summary(name: String, descriptor: &ColumnDescriptor) -> TensorSummary {
    let list = if descriptor.max_rep_level() > 0 { "list of " } else { "" };
    TensorSummary { name, dtype: format!("{list}{}", element(descriptor).1), shape: None }
}

fn wrong(location: Location, cause: &ParquetError) -> InputError {
    let cause = cause.to_string();
    let mut cause = cause.strip_prefix("Parquet error: ").unwrap_or(&cause);
    if cause.to_lowercase().contains("crc") {
        cause = "bad CRC: the bytes of a page are not those that the file has the checksum of";
    }
    InputError::Parquet { location, what: format!("{cause}; the file is damaged or not Parquet, write it again") }
}
