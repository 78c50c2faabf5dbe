//! The header of an npy file: a Python dict literal with the three keys that numpy writes, in any order.
//!
//! A parser of just that, rather than of Python literals: it does not recurse, and copies nothing but the element type
//! and the dimensions.

/// The first bytes of every npy file.
pub(super) const MAGIC: [u8; 6] = *b"\x93NUMPY";

/// The values of the three keys.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fields {
    pub descr: String,
    pub fortran_order: bool,
    pub shape: Vec<u64>,
}

/// Why bytes are not such a header. Positions count from the header's first byte.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Problem {
    Unexpected { at: usize, found: Option<u8>, expected: &'static str },
    Structured { at: usize },
}

impl Fields {
    pub fn parse(header: &[u8]) -> Result<Fields, Problem> {
        let mut parser = Parser { header, at: 0 };
        let (mut descr, mut fortran_order, mut shape) = (None, None, None);
        parser.token(b'{', "'{', the start of a dict")?;
        while !parser.accept(b'}') {
            let key_at = parser.at;
            let key = parser.string("a key in quotes, or '}'")?;
            parser.token(b':', "':' after a key")?;
            let first = match key {
                "descr" => descr.replace(parser.descr()?).is_none(),
                "fortran_order" => fortran_order.replace(parser.boolean()?).is_none(),
                "shape" => shape.replace(parser.shape()?).is_none(),
                _ => return Err(parser.unexpected(key_at, "'descr', 'fortran_order' or 'shape' as the key")),
            };
            if !first {
                return Err(parser.unexpected(key_at, "each key only once"));
            }
            if !parser.accept(b',') && parser.peek() != Some(b'}') {
                return Err(parser.unexpected(parser.at, "',' or '}' after a value"));
            }
        }
        parser.skip_space();
        if parser.peek().is_some() {
            return Err(parser.unexpected(parser.at, "nothing but padding after the dict"));
        }
        let missing = |expected| parser.unexpected(parser.at, expected);
        Ok(Fields {
            descr: descr.ok_or_else(|| missing("the key 'descr' before it"))?,
            fortran_order: fortran_order.ok_or_else(|| missing("the key 'fortran_order' before it"))?,
            shape: shape.ok_or_else(|| missing("the key 'shape' before it"))?,
        })
    }
}

struct Parser<'a> {
    header: &'a [u8],
    at: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.header.get(self.at).copied()
    }

    fn unexpected(&self, at: usize, expected: &'static str) -> Problem {
        Problem::Unexpected { at, found: self.header.get(at).copied(), expected }
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n')) {
            self.at += 1;
        }
    }

    /// Takes `token` and the space around it, if it comes next.
    fn accept(&mut self, token: u8) -> bool {
        self.skip_space();
        let found = self.peek() == Some(token);
        if found {
            self.at += 1;
            self.skip_space();
        }
        found
    }

    fn token(&mut self, token: u8, expected: &'static str) -> Result<(), Problem> {
        if self.accept(token) { Ok(()) } else { Err(self.unexpected(self.at, expected)) }
    }

    /// A string of printable ASCII without escapes, which all of numpy's keys and plain element types are.
    fn string(&mut self, expected: &'static str) -> Result<&'a str, Problem> {
        let quote = match self.peek() {
            Some(quote @ (b'\'' | b'"')) => quote,
            _ => return Err(self.unexpected(self.at, expected)),
        };
        let start = self.at + 1;
        self.at = start;
        while self.peek() != Some(quote) {
            match self.peek() {
                Some(b' '..=b'~') if self.peek() != Some(b'\\') => self.at += 1,
                _ => return Err(self.unexpected(self.at, "printable ASCII up to the closing quote")),
            }
        }
        let text = str::from_utf8(&self.header[start..self.at]).map_err(|_| self.unexpected(start, "ASCII"))?;
        self.at += 1;
        Ok(text)
    }

    fn descr(&mut self) -> Result<String, Problem> {
        if self.peek() == Some(b'[') {
            return Err(Problem::Structured { at: self.at });
        }
        self.string("a type in quotes, such as '<f4'").map(str::to_owned)
    }

    fn boolean(&mut self) -> Result<bool, Problem> {
        for (word, value) in [(b"True".as_slice(), true), (b"False", false)] {
            if self.header[self.at..].starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.unexpected(self.at, "True or False"))
    }

    fn shape(&mut self) -> Result<Vec<u64>, Problem> {
        let mut shape = Vec::new();
        self.token(b'(', "'(', the start of a shape")?;
        while !self.accept(b')') {
            shape.push(self.dimension()?);
            if !self.accept(b',') && self.peek() != Some(b')') {
                return Err(self.unexpected(self.at, "',' or ')' after a dimension"));
            }
        }
        Ok(shape)
    }

    fn dimension(&mut self) -> Result<u64, Problem> {
        let start = self.at;
        let mut value = 0u64;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            value = value
                .checked_mul(10)
                .and_then(|tens| tens.checked_add(u64::from(digit - b'0')))
                .ok_or_else(|| self.unexpected(start, "a dimension below 2^64"))?;
            self.at += 1;
        }
        if self.at == start { Err(self.unexpected(start, "a dimension of decimal digits")) } else { Ok(value) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_numpy_writes() {
        let header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }          \n";
        let fields = Fields { descr: "<f4".into(), fortran_order: false, shape: vec![3, 4] };
        assert_eq!(Fields::parse(header), Ok(fields));
    }

    #[test]
    fn other_orders_quotes_and_spacing() {
        let header = br#"{"shape":(18446744073709551615,),"fortran_order":True,"descr":"|V2"}"#;
        let fields = Fields { descr: "|V2".into(), fortran_order: true, shape: vec![u64::MAX] };
        assert_eq!(Fields::parse(header), Ok(fields));
        let scalar = Fields::parse(b"{'shape': ( ), 'fortran_order': False, 'descr': ''}");
        assert_eq!(scalar.map(|fields| fields.shape), Ok(vec![]));
    }

    #[test]
    fn what_is_wrong_and_where() {
        let cases: [(&str, usize, &str); 17] = [
            ("", 0, "'{', the start of a dict"),
            ("[]", 0, "'{', the start of a dict"),
            ("{", 1, "a key in quotes, or '}'"),
            ("{,}", 1, "a key in quotes, or '}'"),
            ("{'descr", 7, "printable ASCII up to the closing quote"),
            ("{'de\\x73cr': '<f4'}", 4, "printable ASCII up to the closing quote"),
            ("{'descr' '<f4'}", 9, "':' after a key"),
            ("{'descr': 4}", 10, "a type in quotes, such as '<f4'"),
            ("{'descr': '<f4' 'shape'}", 16, "',' or '}' after a value"),
            ("{'descr': '<f4', 'descr': '<f8'}", 17, "each key only once"),
            ("{'other': 1}", 1, "'descr', 'fortran_order' or 'shape' as the key"),
            ("{'fortran_order': 0}", 18, "True or False"),
            ("{'shape': [3]}", 10, "'(', the start of a shape"),
            ("{'shape': (-1,)}", 11, "a dimension of decimal digits"),
            ("{'shape': (18446744073709551616,)}", 11, "a dimension below 2^64"),
            ("{'shape': (3 4)}", 13, "',' or ')' after a dimension"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': ()} x", 54, "nothing but padding after the dict"),
        ];
        for (header, at, expected) in cases {
            let found = header.as_bytes().get(at).copied();
            let problem = Problem::Unexpected { at, found, expected };
            assert_eq!(Fields::parse(header.as_bytes()), Err(problem), "{header}");
        }
    }

    #[test]
    fn missing_keys_are_named() {
        let cases = [
            ("{'fortran_order': False, 'shape': ()}", "the key 'descr' before it"),
            ("{'descr': '<f4', 'shape': ()}", "the key 'fortran_order' before it"),
            ("{'descr': '<f4', 'fortran_order': False}", "the key 'shape' before it"),
        ];
        for (header, expected) in cases {
            let problem = Problem::Unexpected { at: header.len(), found: None, expected };
            assert_eq!(Fields::parse(header.as_bytes()), Err(problem), "{header}");
        }
    }

    #[test]
    fn records_are_recognised_without_being_parsed() {
        let nested = format!("{{'descr': {}", "[".repeat(60_000));
        assert_eq!(Fields::parse(nested.as_bytes()), Err(Problem::Structured { at: 10 }));
    }
}
