//! What a file format is.

use super::error::InputError;
use super::location::Role;
use super::tensor::{Element, Tensor};
use std::path::Path;

/// A file format that logits are read from.
#[derive(Debug)]
pub struct FileFormat {
    /// Its name.
    pub name: &'static str,
    /// The ends of names of such files, without the dot, in lower case.
    pub suffixes: &'static [&'static str],
    /// Whether a file holds one array, without a name: the logits, or what is asked for by the file's own name.
    pub one_array: bool,
    /// The element types that logits can have, and how to get one, for a message.
    pub(super) floats: &'static str,
    /// How floats of another type become one of them.
    pub(super) convert: &'static str,
    /// The same of actions.
    pub(super) integers: &'static str,
    /// The tensors of a file that are wanted, in the order in which they are, each with a name and a role.
    ///
    /// A tensor lies within its file and has any type and shape: whoever wanted it checks those.
    pub(super) open: fn(&Path, &[Wanted]) -> Result<Vec<Tensor>, InputError>,
}

/// A tensor that is asked for; the name is empty for the one array of a file of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub name: &'a str,
    pub role: Role,
    /// Whether logits may be of different numbers in different rows, as those of text can be: filled up with NaN.
    pub padded: bool,
}

impl<'a> Wanted<'a> {
    pub const fn new(name: &'a str, role: Role) -> Wanted<'a> {
        Wanted { name, role, padded: false }
    }
}

impl FileFormat {
    /// What elements a role can have, for a message.
    fn types(&self, role: Role, element: Element) -> String {
        let other = match role {
            Role::Logits => return self.logits(element),
            Role::Actions => self.integers,
            Role::Mask => "booleans, integers or floats that are 0 or 1 for a mask; convert it",
            Role::Column => "floats, integers or booleans for a number for each row; convert it",
        };
        other.to_string()
    }

    /// What elements logits can have, instead of these: integers are no logits, and nothing converts them.
    fn logits(&self, element: Element) -> String {
        let convert = match element {
            Element::Unsigned(1 | 2) => {
                "integers are no logits, and converted they would be other numbers: say with --dtype what the bits mean \
                 (bf16, f16, f8_e4m3 or f8_e5m2), or take the floats that they stand for"
            }
            Element::Signed(_) | Element::Unsigned(_) | Element::Bool => {
                "integers are no logits, and converted they would be other numbers: take the floats that they stand for"
            }
            Element::Opaque(1 | 2) => {
                "bits without a type: say with --dtype what they mean (bf16, f16, f8_e4m3 or f8_e5m2), or convert them"
            }
            Element::Float(_) | Element::Opaque(_) | Element::Other => self.convert,
        };
        format!("{}; {convert}", self.floats)
    }

    /// The error for a tensor of a type that does not suit its role.
    pub(super) fn wrong_dtype(&self, tensor: Tensor, role: Role) -> InputError {
        let Tensor { location, stored, element, .. } = tensor;
        InputError::WrongDtype { location, stored, expected: self.types(role, element) }
    }
}
