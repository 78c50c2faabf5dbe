//! Pages of a Parquet column, no more of them than rows of the right length can need.
//!
//! A row that claims to be longer than its row group says would otherwise have all of its pages in memory at once, and
//! a page of a few bytes can claim 2^31 values.

use parquet::basic::Encoding;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The most values that a page can have.
const MOST_VALUES: u64 = 1 << 25;

/// How many values may be handed out before some are consumed.
#[derive(Clone)]
pub(super) struct Allowance {
    most: u64,
    consumed: Arc<AtomicU64>,
}

impl Allowance {
    pub fn new(most: u64) -> Allowance {
        Allowance { most, consumed: Arc::new(AtomicU64::new(0)) }
    }

    /// So many more are no longer in memory.
    pub fn consume(&self, values: u64) {
        self.consumed.fetch_add(values, Ordering::Relaxed);
    }
}

/// The pages of a column, as long as there is an allowance for them.
pub(super) struct Pages {
    inner: Box<dyn PageReader>,
    allowance: Allowance,
    handed_out: u64,
    /// Whether a dictionary has come, without which the library ends the process at a page that refers to one.
    dictionary: bool,
}

impl Pages {
    pub fn new(inner: Box<dyn PageReader>, allowance: Allowance) -> Pages {
        Pages { inner, allowance, handed_out: 0, dictionary: false }
    }

    /// The page, if there is an allowance for it.
    fn allowed(&mut self, page: Page) -> Result<Page> {
        let values = u64::from(page.num_values());
        if values > MOST_VALUES {
            return Err(ParquetError::General(format!("a page of {values} values, expected at most {MOST_VALUES}")));
        }
        if page.is_dictionary_page() {
            self.dictionary = true;
        } else {
            let refers = matches!(page.encoding(), Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY);
            if refers && !self.dictionary {
                return Err(ParquetError::General(
                    "a page that refers to a dictionary, and none before it".to_string(),
                ));
            }
            if self.handed_out > self.allowance.consumed.load(Ordering::Relaxed) + self.allowance.most {
                return Err(ParquetError::General("a list longer than all others".to_string()));
            }
            self.handed_out += values;
        }
        Ok(page)
    }
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Result<Page>> {
        self.get_next_page().transpose()
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        loop {
            let page = self.inner.get_next_page()?;
            // Data pages of no values are sound, but the library takes one for the end of the column.
            match page {
                Some(page) if page.num_values() == 0 && !page.is_dictionary_page() => {}
                page => return page.map(|page| self.allowed(page)).transpose(),
            }
        }
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.inner.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.inner.skip_next_page()
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        self.inner.at_record_boundary()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use std::collections::VecDeque;

    /// Pages of a given number of values.
    struct Fixed(VecDeque<u32>);

    impl Iterator for Fixed {
        type Item = Result<Page>;

        fn next(&mut self) -> Option<Result<Page>> {
            self.get_next_page().transpose()
        }
    }

    impl PageReader for Fixed {
        fn get_next_page(&mut self) -> Result<Option<Page>> {
            Ok(self.0.pop_front().map(|num_values| Page::DataPage {
                buf: Bytes::new(),
                num_values,
                encoding: Encoding::PLAIN,
                def_level_encoding: Encoding::RLE,
                rep_level_encoding: Encoding::RLE,
                statistics: None,
            }))
        }

        fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
            Ok(None)
        }

        fn skip_next_page(&mut self) -> Result<()> {
            Ok(())
        }
    }

    #[test]
    fn pages_of_no_values_are_read_over() {
        let pages = Fixed(VecDeque::from([0, 3, 0, 0, 5, 0]));
        let values = Pages::new(Box::new(pages), Allowance::new(100)).map(|page| page.unwrap().num_values());
        assert_eq!(values.collect::<Vec<_>>(), [3, 5]);
    }
}
