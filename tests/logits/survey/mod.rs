//! Measuring many rows: columns, files, summaries, and how they are streamed.

mod cells;
mod columns;
mod files;
mod given;
mod streaming;
