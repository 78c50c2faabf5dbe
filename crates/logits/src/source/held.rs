//! Bytes in memory that are somebody else's.

use std::fmt;
use std::sync::Arc;

/// Bytes that somebody holds: a vector, or a buffer of another library, which is not copied as a whole.
#[derive(Clone)]
pub struct Held(Arc<dyn AsRef<[u8]> + Send + Sync>);

impl Held {
    /// Bytes that do not change while they are held.
    pub fn new(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Held {
        Held(Arc::new(bytes))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        (*self.0).as_ref()
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.bytes().len())
    }
}
