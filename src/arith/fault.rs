//! Three-valued truth, and why a computation may have no value.

/// What a judge may conclude: unknown never passes for true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Truth {
    /// Certainly false.
    False,
    /// This number system cannot tell.
    Unknown,
    /// Certainly true.
    True,
}

impl Truth {
    /// Both.
    pub fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::False, _) | (_, Truth::False) => Truth::False,
            (Truth::True, Truth::True) => Truth::True,
            _ => Truth::Unknown,
        }
    }

    /// At least one of them.
    pub fn or(self, other: Truth) -> Truth {
        self.not().and(other.not()).not()
    }

    /// Its negation.
    #[must_use]
    #[allow(clippy::should_implement_trait)]
    pub fn not(self) -> Truth {
        match self {
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
            Truth::True => Truth::False,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Truth {
        if value { Truth::True } else { Truth::False }
    }
}

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
