//! Words for people: the known names that an unknown one may have been meant to be, and characters that nobody sees.

pub mod characters;

/// Up to three of the known names that look like `typed`, the nearest first. Case does not matter.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
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
pub fn did_you_mean<S: AsRef<str>>(names: &[S]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    format!("did you mean {}?", quoted.join(" or "))
}

/// `1 row`, `2 rows`: a count with what is counted, whose plural takes an s.
pub fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// A share, 0 to 1, in percent: what is not nothing is not shown as nothing, and what is not all not as all.
pub fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    match percent {
        _ if percent.is_nan() => "-".to_string(),
        _ if percent > 0.0 && percent < 0.1 => format!("{} %", rounded(percent, 1)),
        _ if (99.95..100.0).contains(&percent) => ">99.9 %".to_string(),
        _ => format!("{:.1} %", percent + 0.0),
    }
}

/// A computed number, of which no digit is claimed to be certain, rounded to a number of significant digits: plain
/// where that is short, a word where there is no number.
pub fn rounded(x: f64, digits: usize) -> String {
    if x == 0.0 {
        return "0".to_string();
    }
    if !x.is_finite() {
        return if x.is_nan() { "not a number" } else { "infinite" }.to_string();
    }
    let text = format!("{x:.*e}", digits - 1);
    let (mantissa, exponent) = text.split_once('e').expect("an exponent was asked for");
    let exponent: i32 = exponent.parse().expect("it is a whole number");
    if !(-4..=5).contains(&exponent) {
        return format!("{mantissa}e{exponent}");
    }
    let places = (digits as i32 - 1 - exponent).max(0) as usize;
    // The rounded number, so that 9.996 to three digits is 10.0.
    format!("{:.places$}", text.parse::<f64>().unwrap_or(x))
}

/// Whether nobody sees a character for what it is: control characters, those that change the direction or have no
/// width, and what is no character at all.
pub fn is_invisible(c: char) -> bool {
    c.is_control() || characters::hidden(c).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 7] = ["softmax", "sum", "P", "C", "gaussian", "max", "distribution"];

    #[test]
    fn numbers_and_counts_read_as_they_are() {
        assert_eq!([counted(1, "row"), counted(0, "row"), counted(2, "row")], ["1 row", "0 rows", "2 rows"]);
        let shares = [0.0, 0.0003, 0.025, 0.9996, 1.0, -0.0, f64::NAN].map(percent);
        assert_eq!(shares, ["0.0 %", "0.03 %", "2.5 %", ">99.9 %", "100.0 %", "0.0 %", "-"]);
        let numbers = [-0.0, 1.0006, 9.9996, 123456.0, 2.5e9, 1e-7, -0.00012346, f64::NAN, f64::INFINITY];
        let expected =
            ["0", "1.001", "10.00", "123500", "2.500e9", "1.000e-7", "-0.0001235", "not a number", "infinite"];
        assert_eq!(numbers.map(|x| rounded(x, 4)), expected);
    }

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
