//! The tensors of a request, found in its files, joined along the rows and held against each other.

use super::array::Array;
use super::dtype::Dtype;
use super::error::InputError;
use super::format::{FileFormat, Wanted};
use super::location::Role;
use super::memory::{self, HeldArray};
use super::registry::{format_of, one_array};
use super::request::{Actions, Join, Request};
use super::shards::expand;
use super::tensor::{Element, Tensor};
use super::vocabulary::refuse_vocabulary_shards;
use std::path::{Path, PathBuf};

/// What a request asks for, each with one row for each row of the logits.
pub(super) struct Gathered {
    pub logits: Array,
    pub columns: u64,
    pub dtype: Dtype,
    pub actions: Option<Array>,
    pub mask: Option<Array>,
    pub named: Vec<(String, Array)>,
    pub advantages: Option<Array>,
}

impl Gathered {
    pub fn open(request: &Request) -> Result<Gathered, InputError> {
        let wanted = wanted(request);
        let mut found: Vec<Vec<Tensor>> = wanted.iter().map(|_| Vec::new()).collect();
        let inside: Vec<usize> = (0..wanted.len()).filter(|&i| !is_a_file(&wanted[i])).collect();
        let asked: Vec<Wanted> = inside.iter().map(|&i| wanted[i]).collect();
        for path in expand(&request.files)? {
            for (&i, tensor) in inside.iter().zip(open(&path, &asked, request.dtype)?) {
                found[i].push(tensor);
            }
        }
        for (tensors, wanted) in found.iter_mut().zip(&wanted).filter(|(_, wanted)| is_a_file(wanted)) {
            let asked = [Wanted::new("", wanted.role)];
            for path in expand(&[PathBuf::from(wanted.name)])? {
                tensors.extend(open(&path, &asked, request.dtype)?);
            }
        }

        Gathered::of(request, found)
    }

    /// The same of arrays in memory.
    pub fn held(arrays: &[HeldArray], request: &Request) -> Result<Gathered, InputError> {
        let wanted = wanted(request);
        let tensors = typed(&memory::FORMAT, memory::tensors(arrays, &wanted)?, &wanted, request.dtype)?;
        Gathered::of(request, tensors.into_iter().map(|tensor| vec![tensor]).collect())
    }

    /// Tensors of everything that is wanted, held against each other.
    fn of(request: &Request, found: Vec<Vec<Tensor>>) -> Result<Gathered, InputError> {
        let mut found = found.into_iter();
        let (logits, columns, dtype) = logits(found.next().expect("logits are always wanted"))?;
        let mut next = |role| found.next().map(|tensors| aligned(tensors, role, &logits)).transpose();
        let actions = if let Actions::Named(_) = request.actions { next(Role::Actions)? } else { None };
        let mask = if request.mask.is_some() { next(Role::Mask)? } else { None };
        let mut named = Vec::new();
        for name in &request.columns {
            named.extend(next(Role::Column)?.map(|column| (name.clone(), column)));
        }
        let advantages = next(Role::Column)?;
        if request.join == Join::Checked {
            refuse_vocabulary_shards(&logits, actions.as_ref())?;
        }
        Ok(Gathered { logits, columns, dtype, actions, mask, named, advantages })
    }
}

/// Logits first, then actions, mask, further numbers and advantages, as far as they are asked for.
fn wanted(request: &Request) -> Vec<Wanted<'_>> {
    let mut wanted = vec![Wanted { padded: request.padded, ..Wanted::new(&request.logits, Role::Logits) }];
    if let Actions::Named(name) = &request.actions {
        wanted.push(Wanted::new(name, Role::Actions));
    }
    wanted.extend(request.mask.iter().map(|name| Wanted::new(name, Role::Mask)));
    let numbers = request.columns.iter().chain(&request.advantages);
    wanted.extend(numbers.map(|name| Wanted::new(name, Role::Column)));
    wanted
}

/// Whether a name is that of a file of its own.
fn is_a_file(wanted: &Wanted) -> bool {
    wanted.role != Role::Logits && one_array(Path::new(wanted.name)).is_some()
}

/// The tensors of one file.
fn open(path: &Path, wanted: &[Wanted], dtype: Option<Dtype>) -> Result<Vec<Tensor>, InputError> {
    let format = format_of(path)?;
    let tensors = (format.open)(path, wanted)?;
    let inside = |wanted: &&Wanted| wanted.role != Role::Logits && !wanted.name.is_empty();
    if let Some(wanted) = wanted.iter().find(inside).filter(|_| format.one_array) {
        let (path, suffix, name) = (path.to_owned(), format.suffixes[0], wanted.name.to_owned());
        return Err(InputError::OneArray { path, suffix, role: wanted.role, name });
    }
    typed(format, tensors, wanted, dtype)
}

/// Tensors of types that suit what they are for.
fn typed(
    format: &FileFormat,
    tensors: Vec<Tensor>,
    wanted: &[Wanted],
    dtype: Option<Dtype>,
) -> Result<Vec<Tensor>, InputError> {
    let typed = wanted.iter().zip(tensors).map(|(wanted, tensor)| {
        let tensor = match (wanted.role, dtype, tensor.element) {
            (Role::Logits, Some(dtype), _) => tensor.viewed(dtype)?,
            // Beside logits that need it there may be numbers that do not.
            (Role::Column, Some(dtype), Element::Unsigned(size) | Element::Opaque(size)) if size == dtype.size() => {
                tensor.viewed(dtype)?
            }
            _ => tensor,
        };
        if tensor.element.suits(wanted.role) { Ok(tensor) } else { Err(format.wrong_dtype(tensor, wanted.role)) }
    });
    typed.collect()
}

/// Logits as one array, how many columns they have and of which type.
fn logits(tensors: Vec<Tensor>) -> Result<(Array, u64, Dtype), InputError> {
    let mut agreed: Option<(&Tensor, u64, Dtype)> = None;
    for tensor in &tensors {
        let Element::Float(dtype) = tensor.element else { unreachable!("suits logits") };
        let location = || tensor.location.clone();
        let (2 | 3, Some(&columns)) = (tensor.shape.len(), tensor.shape.last()) else {
            return Err(InputError::WrongRank { location: location(), shape: tensor.shape.clone() });
        };
        if tensor.shape.contains(&0) {
            return Err(InputError::Empty { location: location(), shape: tensor.shape.clone() });
        }
        let (first, first_columns, first_dtype) = *agreed.get_or_insert((tensor, columns, dtype));
        if (columns, dtype) != (first_columns, first_dtype) {
            return Err(InputError::Shards {
                location: location(),
                columns,
                stored: tensor.stored.clone(),
                first: Box::new(first.location.clone()),
                first_columns,
                first_stored: first.stored.clone(),
            });
        }
    }
    let (_, columns, dtype) = agreed.ok_or(InputError::NoFiles)?;
    let array = Array::new(tensors, 1, columns).ok_or(InputError::NoFiles)?;
    Ok((array, columns, dtype))
}

/// Tensors as one array with one element for each row of the logits.
fn aligned(tensors: Vec<Tensor>, role: Role, logits: &Array) -> Result<Array, InputError> {
    let parts = logits.parts();
    if tensors.len() == parts.len() {
        for (tensor, part) in tensors.iter().zip(parts) {
            let shape = &part.tensor.shape;
            if tensor.shape != shape[..shape.len() - 1] {
                return Err(InputError::Misaligned {
                    location: tensor.location.clone(),
                    role,
                    shape: tensor.shape.clone(),
                    logits: Box::new(part.tensor.location.clone()),
                    logits_shape: shape.clone(),
                });
            }
        }
    }
    let location = tensors.first().ok_or(InputError::NoFiles)?.location.clone();
    let array = Array::new(tensors, 0, 1).ok_or(InputError::NoFiles)?;
    if array.rows() != logits.rows() {
        return Err(InputError::RowMismatch { location, role, found: array.rows(), rows: logits.rows() });
    }
    Ok(array)
}
