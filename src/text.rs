//! Words for people: the known names that an unknown one may have been meant to be, and characters that nobody sees.

pub(crate) mod characters;

/// Up to three of the known names that look like `typed`, the nearest first. Case does not matter.
pub(crate) fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let typed = typed.to_lowercase();
    let length = typed.chars().count();
    let tolerated = 1 + length / 3;
    let mut near: Vec<(usize, &str)> = known
        .into_iter()
        // The distance is at least the difference in length, and costs the product of the lengths.
        .filter(|name| length <= 2 * (name.len() + 1))
        .map(|name| (strsim::damerau_levenshtein(&typed, &name.to_lowercase()), name))
        // All of a name's letters wrong is no likeness, but a part of it that was typed is.
        .filter(|&(distance, name)| {
            (distance <= tolerated && distance < length) || (length >= 3 && name.contains(&typed))
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().map(|(_, name)| name).take(3).collect()
}

/// `did you mean a or b?`, each name between backticks.
pub(crate) fn did_you_mean<S: AsRef<str>>(names: &[S]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    format!("did you mean {}?", quoted.join(" or "))
}

/// What to do about an unknown name: the known ones that it may have been meant to be, or all of them.
pub(crate) fn hint<'a>(typed: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(typed, known.clone()).as_slice() {
        [] => format!("they are {}", known.into_iter().collect::<Vec<_>>().join(", ")),
        near => did_you_mean(near),
    }
}

/// Whether nobody sees a character for what it is: control characters, those that change the direction or have no
/// width, and what is no character at all.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control() || characters::hidden(c).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 7] = ["softmax", "sum", "P", "C", "gaussian", "max", "distribution"];

    #[test]
    fn finds_what_was_meant() {
        let check = |typed: &str, expected: &[&str]| assert_eq!(nearest(typed, KNOWN), expected, "{typed}");
        check("softmx", &["softmax"]);
        check("Pp", &["P"]);
        check("p", &["P"]);
        check("q", &[]);
        check("mx", &["max"]);
        check("gauss", &["gaussian"]);
        check("Distribtuion", &["distribution"]);
        check("unrelated", &[]);
        check(&"a".repeat(1 << 20), &[]);
    }
}
