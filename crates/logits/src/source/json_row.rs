//! One row as a JSON object: what is wanted of it, without keeping the rest.

use super::format::Wanted;
use super::location::Role;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// What is wanted of a row, as far as it has been read.
pub(super) struct Row<'a> {
    wanted: &'a [Wanted<'a>],
    pub logits: Vec<f64>,
    /// The bytes of everything else that is wanted, once it was read: an i64 for an action, an f64 for any other. Of
    /// the logits nothing but that they were there.
    pub numbers: Vec<Option<[u8; 8]>>,
    /// Some keys that the row has, for a message.
    others: Vec<String>,
}

impl<'a> Row<'a> {
    pub fn new(wanted: &'a [Wanted<'a>]) -> Row<'a> {
        Row { wanted, logits: Vec::new(), numbers: vec![None; wanted.len()], others: Vec::new() }
    }

    /// That nothing is missing, or what is.
    pub fn complete(&self) -> Result<(), String> {
        let missing = self.wanted.iter().zip(&self.numbers).find(|(_, number)| number.is_none());
        missing.map_or(Ok(()), |(wanted, _)| {
            if self.others.iter().any(|key| SERVER_KEYS.contains(&key.as_str())) {
                return Err(format!(
                    "no key `{}`, but {}: this looks like the answer of a server (vLLM, SGLang or OpenAI), which is not read as \
                     it is; take the numbers out of it",
                    wanted.name,
                    self.others.join(", ")
                ));
            }
            let others = match self.others.as_slice() {
                [] => "no others".to_string(),
                others => others.join(", "),
            };
            Err(format!("no key `{}`, expected in every line; beside what is read it has {others}", wanted.name))
        })
    }
}

/// Whether a key is what is wanted: by its name, or for what a row has one of by the name without its plural s.
fn is_wanted(wanted: &Wanted, key: &str) -> bool {
    wanted.name == key || (wanted.role != Role::Logits && wanted.name.strip_suffix('s') == Some(key))
}

impl<'de> DeserializeSeed<'de> for &mut Row<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut Row<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a row, such as {\"logits\": [0.5, null], \"action\": 0}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        const SHOWN: usize = 8;
        while let Some(key) = map.next_key::<String>()? {
            // Nothing keeps one key from being asked for twice.
            let places: Vec<usize> = (0..self.wanted.len()).filter(|&i| is_wanted(&self.wanted[i], &key)).collect();
            let Some(&first) = places.first() else {
                map.next_value::<IgnoredAny>()?;
                if self.others.len() < SHOWN {
                    self.others.push(format!("`{}`", key.chars().take(40).collect::<String>()));
                }
                continue;
            };
            if self.numbers[first].is_some() {
                return Err(A::Error::custom(format_args!("the key `{key}` appears twice")));
            }
            if self.wanted[first].role == Role::Logits {
                map.next_value_seed(Logits(&mut self.logits))?;
                self.numbers[first] = Some([0; 8]);
                if places.len() > 1 {
                    return Err(A::Error::custom(format_args!("`{key}` is asked for as logits and as a number")));
                }
                continue;
            }
            let truths = places.iter().all(|&i| self.wanted[i].role == Role::Mask);
            let number = map.next_value_seed(Number { null: f64::NAN, truths })?;
            for i in places {
                self.numbers[i] = Some(match self.wanted[i].role {
                    Role::Actions => whole(number)?.to_le_bytes(),
                    _ => number.to_le_bytes(),
                });
            }
        }
        Ok(())
    }
}

/// A number that is an action.
fn whole<E: Error>(number: f64) -> Result<i64, E> {
    // Exact: of whole numbers within 2^53.
    if number == number.trunc() && number.abs() <= 9007199254740992.0 {
        return Ok(number as i64);
    }
    Err(E::custom(format_args!("the action {number:?} is not a whole number")))
}

/// What to say of an object where a number should be.
const SERVER: &str = "an object where a number is expected: this looks like the answer of a server (vLLM, SGLang or OpenAI), \
                      which is not read as it is; take the numbers out of it";

/// Keys of what servers answer.
const SERVER_KEYS: [&str; 5] = ["`choices`", "`meta_info`", "`message`", "`token_logprobs`", "`prompt_logprobs`"];

/// An array of logits.
struct Logits<'a>(&'a mut Vec<f64>);

impl<'de> DeserializeSeed<'de> for Logits<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Logits<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of logits")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(logit) = seq.next_element_seed(Number { null: f64::NEG_INFINITY, truths: false })? {
            self.0.push(logit);
        }
        Ok(())
    }
}

/// A number, or a word for one that JSON has none for.
struct Number {
    /// What `null` means.
    null: f64,
    /// Whether it may be `true` or `false`, as a mask may.
    truths: bool,
}

impl<'de> DeserializeSeed<'de> for Number {
    type Value = f64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<f64, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Number {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, null or \"-inf\"")
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<f64, E> {
        Ok(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<f64, E> {
        match self.truths {
            true => Ok(f64::from(u8::from(value))),
            false => Err(E::invalid_type(serde::de::Unexpected::Bool(value), &self)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<f64, A::Error> {
        Err(A::Error::custom("a list where a number is expected; write a line for each row, with one list of numbers"))
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<f64, A::Error> {
        Err(A::Error::custom(SERVER))
    }

    fn visit_unit<E: Error>(self) -> Result<f64, E> {
        Ok(self.null)
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<f64, E> {
        match word.to_ascii_lowercase().as_str() {
            "-inf" | "-infinity" => Ok(f64::NEG_INFINITY),
            "inf" | "infinity" | "+inf" => Ok(f64::INFINITY),
            "n" | "nan" => Ok(f64::NAN),
            _ => Err(E::invalid_value(serde::de::Unexpected::Str(word), &self)),
        }
    }
}

/// Words that Python writes for what JSON has no numbers for, and JSON strings of the same length for them.
const WORDS: [(&[u8], &[u8]); 3] = [(b"-Infinity", b"\"-inf\"   "), (b"Infinity", b"\"inf\"   "), (b"NaN", b"\"N\"")];

/// Replaces Python's words for infinities and NaN, outside of strings, by strings: columns stay what they are.
pub(super) fn plain(text: &mut [u8]) {
    let (mut at, mut quoted) = (0, false);
    while at < text.len() {
        match text[at] {
            b'\\' if quoted => at += 1,
            b'"' => quoted = !quoted,
            b'-' | b'I' | b'N' if !quoted => {
                if let Some((word, string)) = WORDS.iter().find(|(word, _)| text[at..].starts_with(word)) {
                    text[at..at + word.len()].copy_from_slice(string);
                    at += word.len() - 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pythons_words_become_strings_of_the_same_length() {
        let check = |text: &str, expected: &str| {
            let mut bytes = text.as_bytes().to_vec();
            plain(&mut bytes);
            assert_eq!(str::from_utf8(&bytes).unwrap(), expected);
        };
        check("[-Infinity,Infinity, NaN]", r#"["-inf"   ,"inf"   , "N"]"#);
        check(r#"{"NaN": -1, "a\"NaN": "-Infinity", "b\\": NaN}"#, r#"{"NaN": -1, "a\"NaN": "-Infinity", "b\\": "N"}"#);
        check("[-Inf", "[-Inf");
    }

    const WANTED: [Wanted; 3] =
        [Wanted::new("logits", Role::Logits), Wanted::new("actions", Role::Actions), Wanted::new("w", Role::Column)];

    fn row(text: &str) -> Result<Row<'static>, String> {
        let mut row = Row::new(&WANTED);
        let mut bytes = text.as_bytes().to_vec();
        plain(&mut bytes);
        let mut parser = serde_json::Deserializer::from_slice(&bytes);
        row.deserialize(&mut parser).map_err(|error| error.to_string())?;
        row.complete()?;
        Ok(row)
    }

    #[test]
    fn rows() {
        let found = row(r#"{"x": {"logits": 3}, "w": 0.1, "logits": [1, -2.5, null, -Infinity, "-inf"], "action": 3}"#)
            .unwrap();
        assert_eq!(found.logits, [1.0, -2.5, f64::NEG_INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY]);
        assert_eq!(found.numbers[1..], [Some(3i64.to_le_bytes()), Some(0.1f64.to_le_bytes())]);
        let cases = [
            (
                r#"{"logits": [1], "actions": 0, "v": 2}"#,
                "no key `w`, expected in every line; beside what is read it has `v`",
            ),
            (r#"{"logits": [1], "actions": 0, "action": 0}"#, "the key `action` appears twice"),
            (r#"{"logits": [1], "actions": 1.5}"#, "the action 1.5 is not a whole number"),
            (r#"{"logits": 1}"#, "invalid type: integer `1`, expected an array of logits"),
            (r#"{"logits": [1, true]}"#, "invalid type: boolean `true`, expected a number, null or \"-inf\""),
            (r#"{"logits": [1], "actions": true}"#, "invalid type: boolean `true`, expected a number"),
            (r#"{"logits": [1], "actions": 0, "w": false}"#, "invalid type: boolean `false`, expected a number"),
            (r#"{"logits": [[1, 2]]}"#, "a list where a number is expected"),
            (r#"{"logits": [{"logprob": -1}]}"#, "an object where a number is expected: this looks like the answer"),
            (r#"{"choices": []}"#, "no key `logits`, but `choices`: this looks like the answer"),
            (r#"{"logits": [1, "x"]}"#, "invalid value: string \"x\", expected a number, null or \"-inf\""),
        ];
        for (text, error) in cases {
            let found = row(text).err().unwrap_or_default();
            assert!(found.starts_with(error), "{text}: {found}");
        }
    }
}
