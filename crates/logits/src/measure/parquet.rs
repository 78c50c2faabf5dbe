//! Rows as Parquet, one row group after the other.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use ::parquet::basic::{LogicalType, Repetition, Type as Physical};
use ::parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::types::{Type, TypePtr};

use super::cell::{Cell, Field, Kind, Rows};
use super::sink::Sink;

/// Rows of a group: some MB, which are in memory until they are written.
const GROUP_ROWS: usize = 1 << 15;

/// A column of the group that is being filled.
enum Column {
    Wholes(Vec<i64>),
    Reals(Vec<f64>),
    Flags(Vec<bool>),
    Texts(Vec<ByteArray>),
}

struct Parquet {
    out: SerializedFileWriter<File>,
    columns: Vec<Column>,
    rows: usize,
}

/// A file with the schema and no rows.
pub(super) fn open(file: File, _: &Path, fields: Vec<Field>) -> io::Result<Box<dyn Sink>> {
    let declared = fields.iter().map(declaration).collect::<::parquet::errors::Result<_>>();
    let message = declared.and_then(|fields| Type::group_type_builder("rows").with_fields(fields).build());
    let message = message.map_err(io::Error::other)?;
    let properties = Arc::new(WriterProperties::builder().build());
    let out = SerializedFileWriter::new(file, Arc::new(message), properties).map_err(io::Error::other)?;
    let column = |field: &Field| match field.kind {
        Kind::Real => Column::Reals(Vec::new()),
        Kind::Count | Kind::Whole => Column::Wholes(Vec::new()),
        Kind::Flag => Column::Flags(Vec::new()),
        Kind::Text { .. } => Column::Texts(Vec::new()),
    };
    Ok(Box::new(Parquet { columns: fields.iter().map(column).collect(), out, rows: 0 }))
}

fn declaration(field: &Field) -> ::parquet::errors::Result<TypePtr> {
    let physical = match field.kind {
        // Rows and actions are far below 2^63.
        Kind::Count | Kind::Whole => Physical::INT64,
        Kind::Real => Physical::DOUBLE,
        Kind::Flag => Physical::BOOLEAN,
        Kind::Text { .. } => Physical::BYTE_ARRAY,
    };
    let text = matches!(field.kind, Kind::Text { .. }).then_some(LogicalType::String);
    let builder = Type::primitive_type_builder(&field.name, physical).with_repetition(Repetition::REQUIRED);
    builder.with_logical_type(text).build().map(Arc::new)
}

impl Parquet {
    /// Writes the group that has been filled.
    fn flush(&mut self) -> ::parquet::errors::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.out.next_row_group()?;
        for column in &mut self.columns {
            let Some(mut writer) = group.next_column()? else { break };
            match column {
                Column::Wholes(values) => {
                    writer.typed::<Int64Type>().write_batch(values, None, None)?;
                    values.clear();
                }
                Column::Reals(values) => {
                    writer.typed::<DoubleType>().write_batch(values, None, None)?;
                    values.clear();
                }
                Column::Flags(values) => {
                    writer.typed::<BoolType>().write_batch(values, None, None)?;
                    values.clear();
                }
                Column::Texts(values) => {
                    writer.typed::<ByteArrayType>().write_batch(values, None, None)?;
                    values.clear();
                }
            }
            writer.close()?;
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

impl Sink for Parquet {
    fn append(&mut self, rows: &dyn Rows) -> io::Result<()> {
        for row in 0..rows.count() {
            for (cell, column) in rows.cells(row).into_iter().zip(&mut self.columns) {
                match (column, cell) {
                    (Column::Wholes(values), Cell::Whole(n)) => values.push(n),
                    (Column::Wholes(values), Cell::Count(n)) => {
                        values.push(i64::try_from(n).map_err(io::Error::other)?)
                    }
                    (Column::Reals(values), Cell::Real(x)) => values.push(x),
                    (Column::Flags(values), Cell::Flag(yes)) => values.push(yes),
                    (Column::Texts(values), Cell::Text(text)) => values.push(text.as_bytes().to_vec().into()),
                    _ => unreachable!("a cell is of the kind of its field"),
                }
            }
            self.rows += 1;
            if self.rows == GROUP_ROWS {
                self.flush().map_err(io::Error::other)?;
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.flush().map_err(io::Error::other)?;
        self.out.close().map_err(io::Error::other)?;
        Ok(())
    }
}
