//! Names in LaTeX and Unicode, and the one place where text is escaped for LaTeX.

/// Names of Greek letters: the word, its command in LaTeX, its sign. Commands differ where the words do.
pub(super) const GREEK: &[(&str, &str, &str)] = &[
    ("alpha", r"\alpha", "α"),
    ("beta", r"\beta", "β"),
    ("gamma", r"\gamma", "γ"),
    ("delta", r"\delta", "δ"),
    ("eps", r"\varepsilon", "ε"),
    ("epsilon", r"\epsilon", "ϵ"),
    ("zeta", r"\zeta", "ζ"),
    ("eta", r"\eta", "η"),
    ("theta", r"\theta", "θ"),
    ("kappa", r"\kappa", "κ"),
    ("lambda", r"\lambda", "λ"),
    ("mu", r"\mu", "μ"),
    ("nu", r"\nu", "ν"),
    ("xi", r"\xi", "ξ"),
    ("pi", r"\pi", "π"),
    ("rho", r"\rho", "ρ"),
    ("sigma", r"\sigma", "σ"),
    ("tau", r"\tau", "τ"),
    ("phi", r"\varphi", "φ"),
    ("chi", r"\chi", "χ"),
    ("psi", r"\psi", "ψ"),
    ("omega", r"\omega", "ω"),
];

/// Functions that LaTeX has commands for.
const COMMANDS: &[&str] = &["exp", "log", "max", "min"];

/// Text without any meaning to LaTeX, for use in text mode. What is not ASCII stays: LaTeX reads UTF-8.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str(r"\textbackslash{}"),
            '~' => out.push_str(r"\textasciitilde{}"),
            '^' => out.push_str(r"\textasciicircum{}"),
            '<' => out.push_str(r"\textless{}"),
            '>' => out.push_str(r"\textgreater{}"),
            '|' => out.push_str(r"\textbar{}"),
            '"' => out.push_str(r"\textquotedbl{}"),
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => out.extend(['\\', c]),
            // Two of them would be a dash or a quotation mark, and a blank line would end a paragraph.
            '-' | '`' | '\'' | ',' => out.extend(['{', c, '}']),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A name in math mode: `tau` as the letter, other words upright enough to be one name. An underscore is written as
/// such: a subscript is a coordinate, and `P_c` is none. Different names stay different.
pub(super) fn name(name: &str) -> String {
    let (word, primes) = name.split_at(name.trim_end_matches('\'').len());
    let letter = match GREEK.iter().find(|(known, ..)| *known == word) {
        Some((_, command, _)) => (*command).to_string(),
        None if word.len() == 1 && word != "_" => word.to_string(),
        None => format!(r"\mathit{{{}}}", escape(word)),
    };
    // A prime is a superscript: in braces, another one may follow.
    if primes.is_empty() { letter } else { format!("{{{letter}{primes}}}") }
}

/// A name with Greek letters where it is one.
pub(super) fn unicode_name(name: &str) -> String {
    GREEK.iter().find(|(known, ..)| *known == name).map_or(name, |(_, _, sign)| sign).to_string()
}

/// A number in Unicode's superscript digits.
pub(super) fn superscript(n: u32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    n.to_string().bytes().map(|digit| DIGITS[usize::from(digit - b'0')]).collect()
}

/// A function's name in math mode.
pub(super) fn function(name: &str) -> String {
    match name {
        "H2" => "H_{2}".to_string(),
        "chi2" => r"\chi^{2}".to_string(),
        one if one.len() == 1 => one.to_string(),
        known if COMMANDS.contains(&known) => format!(r"\{known}"),
        other => format!(r"\operatorname{{{}}}", escape(other)),
    }
}
