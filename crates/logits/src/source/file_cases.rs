//! Rows of a file as cases of a study.

use std::ops::Range;
use std::sync::Mutex;

use crate::study::cases::{Case, Cases};

use super::{InputError, Source, check};

/// Numbers of a file that are in memory at once for each thread, about.
const TOGETHER: u64 = 1 << 20;

/// Some rows of a file, each read when it is asked for.
#[derive(Debug)]
pub struct FileCases<'a> {
    source: &'a Source,
    rows: Range<u64>,
    failure: Mutex<Option<InputError>>,
}

impl<'a> FileCases<'a> {
    /// The rows of a file, all of which are read and checked here once.
    ///
    /// # Errors
    /// What is wrong with the first row that is.
    pub fn new(source: &'a Source, rows: Range<u64>) -> Result<FileCases<'a>, InputError> {
        check(source, &rows)?;
        Ok(FileCases { source, rows, failure: Mutex::new(None) })
    }

    /// Ends a study.
    ///
    /// # Errors
    /// If the file changed while it was read: then the study is worth nothing.
    pub fn finish(self) -> Result<(), InputError> {
        let failure = self.failure.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        failure.map_or(Ok(()), Err)
    }
}

impl Cases for FileCases<'_> {
    fn count(&self) -> u64 {
        self.rows.end - self.rows.start
    }

    fn case(&self, index: u64) -> Case {
        match self.source.read(self.rows.start + index, 1) {
            Ok(block) => Case { k: block.columns, action: block.actions[0], logits: block.logits },
            Err(error) => {
                let mut failure = self.failure.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                failure.get_or_insert(error);
                // Stands in for the row until the study ends with the error.
                Case { logits: vec![0.0], k: 1, action: 0 }
            }
        }
    }

    fn together(&self) -> u64 {
        (TOGETHER / self.source.columns).clamp(1, 256)
    }
}
