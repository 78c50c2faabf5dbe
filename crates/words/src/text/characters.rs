//! Characters that are not what they look like: those that nobody sees, and letters that look like others.

/// A character that nobody sees for what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Its name in Unicode, or what it is one of.
    pub name: &'static str,
    /// What it does to a text that is shown.
    pub effect: &'static str,
}

/// A letter that looks like a letter of ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LookAlike {
    /// Its name in Unicode, or what it is one of.
    pub name: &'static str,
    /// The letter that it looks like, if it is always the same.
    pub like: Option<char>,
    /// Whose alphabet it belongs to; `None` where it stands in no alphabet and has no place in prose.
    script: Option<Script>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Cherokee,
    Lisu,
}

const NO_SHAPE: &str = "has no shape of its own";
const DIRECTION: &str = "changes the order in which the characters around it are shown";
const LINE: &str = "ends a line for some programs and not for others";
const CONTROL: &str = "is a control character, which every program shows in another way";
const NO_MEANING: &str = "is shown in another way by every font, or not at all";

/// Ranges of characters that nobody sees for what they are, with their names. The first match counts.
const HIDDEN: &[(u32, u32, &str, &str)] = &[
    (0x0b, 0x0b, "LINE TABULATION", LINE),
    (0x0c, 0x0c, "FORM FEED", LINE),
    (0x0d, 0x0d, "CARRIAGE RETURN", "moves what follows to the start of the line for some programs"),
    (0x85, 0x85, "NEXT LINE", LINE),
    (0x2028, 0x2028, "LINE SEPARATOR", LINE),
    (0x2029, 0x2029, "PARAGRAPH SEPARATOR", LINE),
    (0x00, 0x00, "NULL", CONTROL),
    (0x07, 0x07, "BELL", CONTROL),
    (0x08, 0x08, "BACKSPACE", CONTROL),
    (0x1b, 0x1b, "ESCAPE", CONTROL),
    (0x7f, 0x7f, "DELETE", CONTROL),
    (0x00, 0x1f, "a control character", CONTROL),
    (0x80, 0x9f, "a control character", CONTROL),
    (0x061c, 0x061c, "ARABIC LETTER MARK", DIRECTION),
    (0x200e, 0x200e, "LEFT-TO-RIGHT MARK", DIRECTION),
    (0x200f, 0x200f, "RIGHT-TO-LEFT MARK", DIRECTION),
    (0x202a, 0x202a, "LEFT-TO-RIGHT EMBEDDING", DIRECTION),
    (0x202b, 0x202b, "RIGHT-TO-LEFT EMBEDDING", DIRECTION),
    (0x202c, 0x202c, "POP DIRECTIONAL FORMATTING", DIRECTION),
    (0x202d, 0x202d, "LEFT-TO-RIGHT OVERRIDE", DIRECTION),
    (0x202e, 0x202e, "RIGHT-TO-LEFT OVERRIDE", DIRECTION),
    (0x2066, 0x2066, "LEFT-TO-RIGHT ISOLATE", DIRECTION),
    (0x2067, 0x2067, "RIGHT-TO-LEFT ISOLATE", DIRECTION),
    (0x2068, 0x2068, "FIRST STRONG ISOLATE", DIRECTION),
    (0x2069, 0x2069, "POP DIRECTIONAL ISOLATE", DIRECTION),
    (0x00ad, 0x00ad, "SOFT HYPHEN", NO_SHAPE),
    (0x034f, 0x034f, "COMBINING GRAPHEME JOINER", NO_SHAPE),
    (0x115f, 0x115f, "HANGUL CHOSEONG FILLER", NO_SHAPE),
    (0x1160, 0x1160, "HANGUL JUNGSEONG FILLER", NO_SHAPE),
    (0x17b4, 0x17b5, "a Khmer vowel that is not shown", NO_SHAPE),
    (0x180b, 0x180f, "a Mongolian variation selector or vowel separator", NO_SHAPE),
    (0x200b, 0x200b, "ZERO WIDTH SPACE", NO_SHAPE),
    (0x200c, 0x200c, "ZERO WIDTH NON-JOINER", NO_SHAPE),
    (0x200d, 0x200d, "ZERO WIDTH JOINER", NO_SHAPE),
    (0x2060, 0x2060, "WORD JOINER", NO_SHAPE),
    (0x2061, 0x2061, "FUNCTION APPLICATION", NO_SHAPE),
    (0x2062, 0x2062, "INVISIBLE TIMES", NO_SHAPE),
    (0x2063, 0x2063, "INVISIBLE SEPARATOR", NO_SHAPE),
    (0x2064, 0x2064, "INVISIBLE PLUS", NO_SHAPE),
    (0x2065, 0x206f, "a formatting character", NO_SHAPE),
    (0x2800, 0x2800, "BRAILLE PATTERN BLANK", NO_SHAPE),
    (0x3164, 0x3164, "HANGUL FILLER", NO_SHAPE),
    (0xfe00, 0xfe0f, "a variation selector", NO_SHAPE),
    (0xfeff, 0xfeff, "ZERO WIDTH NO-BREAK SPACE", NO_SHAPE),
    (0xffa0, 0xffa0, "HALFWIDTH HANGUL FILLER", NO_SHAPE),
    (0xfff0, 0xfffb, "a formatting character", NO_SHAPE),
    (0xfffc, 0xfffc, "OBJECT REPLACEMENT CHARACTER", NO_MEANING),
    (0x1bca0, 0x1bca3, "a formatting character of shorthand", NO_SHAPE),
    (0x1d173, 0x1d17a, "a formatting character of music", NO_SHAPE),
    (0xe0000, 0xe007f, "a tag", NO_SHAPE),
    (0xe0100, 0xe01ef, "a variation selector", NO_SHAPE),
    (0xe0000, 0xe0fff, "a character without a shape", NO_SHAPE),
    (0xe000, 0xf8ff, "a private-use character", NO_MEANING),
    (0xfdd0, 0xfdef, "a noncharacter", NO_MEANING),
    (0xf0000, 0x10ffff, "a private-use character", NO_MEANING),
];

/// What is wrong with a character wherever it stands, if nobody sees it for what it is. Line feeds and tabs are seen.
pub fn hidden(c: char) -> Option<Hidden> {
    if matches!(c, '\n' | '\t') {
        return None;
    }
    let code = c as u32;
    if code & 0xfffe == 0xfffe {
        return Some(Hidden { name: "a noncharacter", effect: NO_MEANING });
    }
    let found = HIDDEN.iter().find(|(low, high, ..)| (*low..=*high).contains(&code));
    found.map(|(_, _, name, effect)| Hidden { name, effect })
}

/// Blanks that are not the ordinary one, with their names.
const BLANKS: &[(u32, u32, &str)] = &[
    (0xa0, 0xa0, "NO-BREAK SPACE"),
    (0x1680, 0x1680, "OGHAM SPACE MARK"),
    (0x2000, 0x200a, "a space of another width"),
    (0x202f, 0x202f, "NARROW NO-BREAK SPACE"),
    (0x205f, 0x205f, "MEDIUM MATHEMATICAL SPACE"),
    (0x3000, 0x3000, "IDEOGRAPHIC SPACE"),
];

/// The name of a blank that is not the ordinary one.
pub fn blank(c: char) -> Option<&'static str> {
    let code = c as u32;
    BLANKS.iter().find(|(low, high, _)| (*low..=*high).contains(&code)).map(|(_, _, name)| *name)
}

/// Letters of other alphabets with the letters of ASCII that they look like, and their names.
const LOOK_ALIKES: &[(char, char, &str)] = &[
    ('\u{410}', 'A', "CYRILLIC CAPITAL LETTER A"),
    ('\u{412}', 'B', "CYRILLIC CAPITAL LETTER VE"),
    ('\u{415}', 'E', "CYRILLIC CAPITAL LETTER IE"),
    ('\u{41a}', 'K', "CYRILLIC CAPITAL LETTER KA"),
    ('\u{41c}', 'M', "CYRILLIC CAPITAL LETTER EM"),
    ('\u{41d}', 'H', "CYRILLIC CAPITAL LETTER EN"),
    ('\u{41e}', 'O', "CYRILLIC CAPITAL LETTER O"),
    ('\u{420}', 'P', "CYRILLIC CAPITAL LETTER ER"),
    ('\u{421}', 'C', "CYRILLIC CAPITAL LETTER ES"),
    ('\u{422}', 'T', "CYRILLIC CAPITAL LETTER TE"),
    ('\u{423}', 'Y', "CYRILLIC CAPITAL LETTER U"),
    ('\u{425}', 'X', "CYRILLIC CAPITAL LETTER HA"),
    ('\u{405}', 'S', "CYRILLIC CAPITAL LETTER DZE"),
    ('\u{406}', 'I', "CYRILLIC CAPITAL LETTER BYELORUSSIAN-UKRAINIAN I"),
    ('\u{408}', 'J', "CYRILLIC CAPITAL LETTER JE"),
    ('\u{474}', 'V', "CYRILLIC CAPITAL LETTER IZHITSA"),
    ('\u{4ae}', 'Y', "CYRILLIC CAPITAL LETTER STRAIGHT U"),
    ('\u{4c0}', 'I', "CYRILLIC LETTER PALOCHKA"),
    ('\u{50c}', 'G', "CYRILLIC CAPITAL LETTER KOMI SJE"),
    ('\u{51a}', 'Q', "CYRILLIC CAPITAL LETTER QA"),
    ('\u{51c}', 'W', "CYRILLIC CAPITAL LETTER WE"),
    ('\u{430}', 'a', "CYRILLIC SMALL LETTER A"),
    ('\u{435}', 'e', "CYRILLIC SMALL LETTER IE"),
    ('\u{43e}', 'o', "CYRILLIC SMALL LETTER O"),
    ('\u{440}', 'p', "CYRILLIC SMALL LETTER ER"),
    ('\u{441}', 'c', "CYRILLIC SMALL LETTER ES"),
    ('\u{443}', 'y', "CYRILLIC SMALL LETTER U"),
    ('\u{445}', 'x', "CYRILLIC SMALL LETTER HA"),
    ('\u{455}', 's', "CYRILLIC SMALL LETTER DZE"),
    ('\u{456}', 'i', "CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I"),
    ('\u{458}', 'j', "CYRILLIC SMALL LETTER JE"),
    ('\u{475}', 'v', "CYRILLIC SMALL LETTER IZHITSA"),
    ('\u{4af}', 'y', "CYRILLIC SMALL LETTER STRAIGHT U"),
    ('\u{4bb}', 'h', "CYRILLIC SMALL LETTER SHHA"),
    ('\u{4cf}', 'l', "CYRILLIC SMALL LETTER PALOCHKA"),
    ('\u{501}', 'd', "CYRILLIC SMALL LETTER KOMI DE"),
    ('\u{51b}', 'q', "CYRILLIC SMALL LETTER QA"),
    ('\u{51d}', 'w', "CYRILLIC SMALL LETTER WE"),
    ('\u{37f}', 'J', "GREEK CAPITAL LETTER YOT"),
    ('\u{391}', 'A', "GREEK CAPITAL LETTER ALPHA"),
    ('\u{392}', 'B', "GREEK CAPITAL LETTER BETA"),
    ('\u{395}', 'E', "GREEK CAPITAL LETTER EPSILON"),
    ('\u{396}', 'Z', "GREEK CAPITAL LETTER ZETA"),
    ('\u{397}', 'H', "GREEK CAPITAL LETTER ETA"),
    ('\u{399}', 'I', "GREEK CAPITAL LETTER IOTA"),
    ('\u{39a}', 'K', "GREEK CAPITAL LETTER KAPPA"),
    ('\u{39c}', 'M', "GREEK CAPITAL LETTER MU"),
    ('\u{39d}', 'N', "GREEK CAPITAL LETTER NU"),
    ('\u{39f}', 'O', "GREEK CAPITAL LETTER OMICRON"),
    ('\u{3a1}', 'P', "GREEK CAPITAL LETTER RHO"),
    ('\u{3a4}', 'T', "GREEK CAPITAL LETTER TAU"),
    ('\u{3a5}', 'Y', "GREEK CAPITAL LETTER UPSILON"),
    ('\u{3a7}', 'X', "GREEK CAPITAL LETTER CHI"),
    ('\u{3bf}', 'o', "GREEK SMALL LETTER OMICRON"),
    ('\u{3f2}', 'c', "GREEK LUNATE SIGMA SYMBOL"),
    ('\u{3f3}', 'j', "GREEK LETTER YOT"),
    ('\u{3f9}', 'C', "GREEK CAPITAL LUNATE SIGMA SYMBOL"),
    ('\u{54d}', 'U', "ARMENIAN CAPITAL LETTER SEH"),
    ('\u{555}', 'O', "ARMENIAN CAPITAL LETTER OH"),
    ('\u{570}', 'h', "ARMENIAN SMALL LETTER HO"),
    ('\u{578}', 'n', "ARMENIAN SMALL LETTER VO"),
    ('\u{57d}', 'u', "ARMENIAN SMALL LETTER SEH"),
    ('\u{581}', 'g', "ARMENIAN SMALL LETTER CO"),
    ('\u{584}', 'f', "ARMENIAN SMALL LETTER KEH"),
    ('\u{585}', 'o', "ARMENIAN SMALL LETTER OH"),
    ('\u{251}', 'a', "LATIN SMALL LETTER ALPHA"),
    ('\u{261}', 'g', "LATIN SMALL LETTER SCRIPT G"),
    ('\u{1c0}', '|', "LATIN LETTER DENTAL CLICK"),
    ('\u{1c3}', '!', "LATIN LETTER RETROFLEX CLICK"),
    ('\u{2ba}', '"', "MODIFIER LETTER DOUBLE PRIME"),
    ('\u{2ee}', '"', "MODIFIER LETTER DOUBLE APOSTROPHE"),
    ('\u{212a}', 'K', "KELVIN SIGN"),
    ('\u{2160}', 'I', "ROMAN NUMERAL ONE"),
    ('\u{2164}', 'V', "ROMAN NUMERAL FIVE"),
    ('\u{2169}', 'X', "ROMAN NUMERAL TEN"),
    ('\u{216c}', 'L', "ROMAN NUMERAL FIFTY"),
    ('\u{216d}', 'C', "ROMAN NUMERAL ONE HUNDRED"),
    ('\u{216e}', 'D', "ROMAN NUMERAL FIVE HUNDRED"),
    ('\u{216f}', 'M', "ROMAN NUMERAL ONE THOUSAND"),
    ('\u{2170}', 'i', "SMALL ROMAN NUMERAL ONE"),
    ('\u{2174}', 'v', "SMALL ROMAN NUMERAL FIVE"),
    ('\u{2179}', 'x', "SMALL ROMAN NUMERAL TEN"),
    ('\u{217c}', 'l', "SMALL ROMAN NUMERAL FIFTY"),
    ('\u{217d}', 'c', "SMALL ROMAN NUMERAL ONE HUNDRED"),
    ('\u{217e}', 'd', "SMALL ROMAN NUMERAL FIVE HUNDRED"),
    ('\u{217f}', 'm', "SMALL ROMAN NUMERAL ONE THOUSAND"),
];

/// Rows of ASCII letters in other shapes that most fonts show like the plain ones: the first character, what it looks
/// like, how many follow each other, and the name of the row.
const ROWS: &[(u32, char, u32, &str)] = &[
    (0xff01, '!', 94, "a full-width character"),
    (0x1d5a0, 'A', 26, "a mathematical sans-serif letter"),
    (0x1d5ba, 'a', 26, "a mathematical sans-serif letter"),
    (0x1d670, 'A', 26, "a mathematical monospace letter"),
    (0x1d68a, 'a', 26, "a mathematical monospace letter"),
    (0x1d7e2, '0', 10, "a mathematical sans-serif digit"),
    (0x1d7f6, '0', 10, "a mathematical monospace digit"),
];

fn script(c: char) -> Option<Script> {
    match c as u32 {
        0x41..=0x5a | 0x61..=0x7a | 0xc0..=0x24f | 0x1e00..=0x1eff => Some(Script::Latin),
        0x370..=0x3ff | 0x1f00..=0x1fff => Some(Script::Greek),
        0x400..=0x52f | 0x1c80..=0x1c8f | 0x2de0..=0x2dff | 0xa640..=0xa69f => Some(Script::Cyrillic),
        0x530..=0x58f => Some(Script::Armenian),
        0x13a0..=0x13ff | 0xab70..=0xabbf => Some(Script::Cherokee),
        0xa4d0..=0xa4ff => Some(Script::Lisu),
        _ => None,
    }
}

/// What a letter looks like, if that is a letter of ASCII and it is another.
pub fn look_alike(c: char) -> Option<LookAlike> {
    if c.is_ascii() {
        return None;
    }
    let own = script(c).filter(|script| *script != Script::Latin);
    if let Some((_, like, name)) = LOOK_ALIKES.iter().find(|(known, ..)| *known == c) {
        return Some(LookAlike { name, like: Some(*like), script: own });
    }
    let code = c as u32;
    for (first, like, count, name) in ROWS {
        if (*first..first + count).contains(&code) {
            let like = char::from_u32(*like as u32 + (code - first));
            return Some(LookAlike { name, like, script: None });
        }
    }
    match own {
        Some(Script::Cherokee) => Some(LookAlike { name: "a letter of Cherokee", like: None, script: own }),
        Some(Script::Lisu) => Some(LookAlike { name: "a letter of Lisu", like: None, script: own }),
        _ => None,
    }
}

/// The first letter in prose that reads as a letter of ASCII and is another, and where it stands: in a word with
/// Latin letters, or in a word of nothing else, unless the prose has letters of that alphabet that cannot be mistaken.
pub fn misread(prose: &str) -> Option<(usize, char)> {
    let unmistakable = |wanted: Script| prose.chars().any(|c| script(c) == Some(wanted) && look_alike(c).is_none());
    let mut at = 0;
    for word in prose.split(|c: char| !c.is_alphanumeric()) {
        let start = at;
        at = start + word.len() + prose[start + word.len()..].chars().next().map_or(0, char::len_utf8);
        if word.is_ascii() {
            continue;
        }
        let latin = word.chars().any(|c| script(c) == Some(Script::Latin));
        let only = word.chars().all(|c| look_alike(c).is_some() || !c.is_alphabetic());
        let bad = |c: char| match (look_alike(c), script(c)) {
            (Some(LookAlike { script: None, .. }), _) => true,
            (Some(LookAlike { script: Some(script), .. }), _) => latin || only && !unmistakable(script),
            // Delta x may be one word; a letter of Cyrillic stands among those of Latin only by mistake.
            (None, Some(Script::Cyrillic | Script::Armenian)) => latin,
            (None, _) => false,
        };
        if let Some((offset, c)) = word.char_indices().find(|(_, c)| bad(*c)) {
            return Some((start + offset, c));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_has_a_name() {
        let named = |c: char| hidden(c).map(|hidden| hidden.name);
        assert_eq!(named('\r'), Some("CARRIAGE RETURN"));
        assert_eq!(named('\u{202e}'), Some("RIGHT-TO-LEFT OVERRIDE"));
        assert_eq!(named('\u{1}'), Some("a control character"));
        assert_eq!(named('\u{1ffff}'), Some("a noncharacter"));
        for seen in ['\n', '\t', ' ', 'a', 'ü', 'Ł', 'α', 'я', '≤', '\u{301}', '中', '😀', '\u{fffd}', '\u{a0}']
        {
            assert_eq!(hidden(seen), None, "{seen}");
        }
    }

    #[test]
    fn ordinary_prose_is_not_misread() {
        for prose in [
            "Łojasiewicz, Böhning and Erdős: naïve façade, 1/2",
            "the rate ν of Δx, ε-greedy, χ² and Πᵢ, ∇log π",
            "Η άνω φραγμή του Ε",
            "О градиенте стратегии, с доказательством",
            "“quoted” – dashed — 中文 日本語",
            "𝔼[x] over ℝ, 𝑃 italic",
            "",
        ] {
            assert_eq!(misread(prose), None, "{prose}");
        }
    }

    #[test]
    fn letters_that_read_as_others_are_found() {
        for (prose, at, c) in [
            ("\u{421}(P) at most 1", 0, '\u{421}'),
            ("the s\u{43e}ftmax of z", 5, '\u{43e}'),
            ("о градиенте, the s\u{43e}ftmax", 28, '\u{43e}'),
            ("x = \u{ff21}", 4, '\u{ff21}'),
            ("\u{391}\u{392}", 0, '\u{391}'),
            ("\u{212a}", 0, '\u{212a}'),
            ("жP", 0, 'ж'),
        ] {
            assert_eq!(misread(prose), Some((at, c)), "{prose}");
        }
        assert_eq!(look_alike('\u{ff21}').and_then(|found| found.like), Some('A'));
        assert_eq!(look_alike('\u{1d6a3}').and_then(|found| found.like), Some('z'));
    }
}
