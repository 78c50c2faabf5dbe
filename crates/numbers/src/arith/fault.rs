//! Why a computation may have no value.

/// Why a computation has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Fault {
    /// It has none in the real numbers: a division by zero, the logarithm of a negative number.
    #[error("undefined: {0}")]
    Undefined(&'static str),
    /// It may have one, but the enclosure is too wide to tell; more precision may help.
    #[error("unresolved at this precision: {0}")]
    Unresolved(&'static str),
    /// It has one, but not in this number system; more precision does not help.
    #[error("not representable: {0}")]
    Unrepresentable(&'static str),
}

/// The result of a computation in a number system.
pub type Eval<T> = Result<T, Fault>;
