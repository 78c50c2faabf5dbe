//! What to do about an input that cannot be measured, where that depends on the input.

use super::location::Role;
use super::quote::File;
use std::path::Path;

/// What to do about an action for which there is no logit.
pub(super) fn no_such_column(action: i128, columns: u64, files: usize) -> &'static str {
    let all = i128::from(columns).saturating_mul(files as i128);
    if files > 1 && (i128::from(columns)..all).contains(&action) {
        "the files together have such a column: if each has a part of the vocabulary (tensor parallelism), join them along the \
         last dimension and save the whole, as in `torch.cat(parts, dim=-1)`"
    } else {
        "drop padding rows, and check that the actions count from 0"
    }
}

/// How to make of a file one that is read.
pub(super) fn convert(path: &Path) -> String {
    let (name, suffix) = match path.extension() {
        Some(suffix) => (path.with_extension(""), suffix.to_string_lossy().to_lowercase()),
        None => (path.to_owned(), String::new()),
    };
    let (from, to) = (File(path), File(&name));
    let unpack = |tool: &str| format!("unpack it first, with `{tool} {:?}`, and give {to}", path.to_string_lossy());
    match suffix.as_str() {
        "gz" => unpack("gunzip -k"),
        "zst" => unpack("unzstd"),
        "bz2" => unpack("bunzip2 -k"),
        "xz" => unpack("unxz -k"),
        "pt" | "pth" | "bin" | "ckpt" => format!(
            "in PyTorch, load it and save its tensors, as in `safetensors.torch.save_file({{\"logits\": logits, \"actions\": \
             actions}}, \"{}.safetensors\")`",
            name.to_string_lossy().escape_debug()
        ),
        "pkl" | "pickle" => format!(
            "in Python, load it and save its arrays, as in `numpy.savez(\"{}.npz\", logits=logits, actions=actions)`",
            name.to_string_lossy().escape_debug()
        ),
        "json" => format!(
            "write one object a line, as `jq -c '.[]'` does of an array, into a file that ends in .jsonl; {from} is not"
        ),
        _ => "convert it, or rename it if it is one of these".to_string(),
    }
}

/// What to do about a shape that does not fit.
pub(super) fn misaligned(role: Role, shape: &[u64], logits: &[u64]) -> &'static str {
    match role {
        Role::Mask if shape == logits => {
            "a mask here leaves out rows; where it says which actions are possible, give those that are not the logit -inf \
             before saving, as in `logits.masked_fill(~mask, float('-inf'))`, and leave --mask out"
        }
        _ => "check that both come from the same run",
    }
}

/// A number of bytes in words.
pub(super) struct Bytes(pub u64);

impl std::fmt::Display for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} byte{}", self.0, if self.0 == 1 { "" } else { "s" })
    }
}
