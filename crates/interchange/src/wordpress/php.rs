//! A reader of PHP's `serialize()` format, which WordPress and its plugins keep structured metadata in.
//! It must not know what any of it means.
//!
//! Written here because the crates for it refuse a string whose length does not match. In exports lengths often
//! do not: addresses were replaced in the file, line ends or encodings were converted. So a length is a hint; a
//! string ends at its `";` and what follows must be the beginning of another value.

use std::fmt;

/// A value of PHP. Objects are read as arrays of their properties.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `N;`, and references (`R:1;`), which are not followed.
    Null,
    /// `b:1;`
    Bool(bool),
    /// `i:42;`
    Int(i64),
    /// `d:0.5;`
    Float(f64),
    /// `s:5:"hello";`
    Text(String),
    /// `a:1:{i:0;s:1:"x";}`, in the order of the text.
    Array(Vec<(Key, Value)>),
}

/// A key of an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl Value {
    /// The value under a text key, None where this is no array or has no such key.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries()
            .iter()
            .find(|(known, _)| matches!(known, Key::Text(text) if text == key))
            .map(|(_, v)| v)
    }

    /// The entries of an array; none where it is none.
    pub fn entries(&self) -> &[(Key, Self)] {
        match self {
            Self::Array(entries) => entries,
            _ => &[],
        }
    }

    /// A text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A whole number; PHP keeps many as texts.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Bool(flag) => Some(i64::from(*flag)),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
}

/// Why a text is no serialized PHP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhpError {
    /// Nothing that is a value begins there.
    #[error("no serialized value at byte {0}")]
    NoValue(usize),
    /// More arrays inside arrays than [`DEEPEST`].
    #[error("arrays nested deeper than {DEEPEST}")]
    TooDeep,
}

/// How many arrays inside arrays are read.
pub const DEEPEST: usize = 32;

/// Reads one value. What follows it is passed over.
///
/// # Errors
/// Where the text is no serialized PHP, is cut off, or is nested deeper than [`DEEPEST`].
pub fn parse(text: &str) -> Result<Value, PhpError> {
    let start = text.len() - text.trim_start().len();
    Parser { text, at: start }.value(0)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn value(&mut self, depth: usize) -> Result<Value, PhpError> {
        if depth > DEEPEST {
            return Err(PhpError::TooDeep);
        }
        let from = self.at;
        let kind = self.text.as_bytes().get(from).copied();
        if kind == Some(b'N') {
            self.at += 1;
            self.expect(b';')?;
            return Ok(Value::Null);
        }
        self.at += 1;
        self.expect(b':')?;
        match kind {
            Some(b'i') => self.until(b';')?.parse().map(Value::Int).map_err(|_| PhpError::NoValue(from)),
            Some(b'b') => Ok(Value::Bool(self.until(b';')? != "0")),
            Some(b'd') => self.until(b';')?.parse().map(Value::Float).map_err(|_| PhpError::NoValue(from)),
            Some(b'r' | b'R') => self.until(b';').map(|_| Value::Null),
            Some(b's' | b'S') => self.string().map(Value::Text),
            Some(b'E') => self.string().map(Value::Text),
            Some(b'a') => {
                self.until(b':')?;
                self.array(depth)
            }
            Some(b'O') => {
                self.until(b':')?;
                self.until(b':')?;
                self.until(b':')?;
                self.array(depth)
            }
            _ => Err(PhpError::NoValue(from)),
        }
    }

    /// From the `{` on. The count is not believed: the array ends at its `}`.
    fn array(&mut self, depth: usize) -> Result<Value, PhpError> {
        self.expect(b'{')?;
        let mut entries = Vec::new();
        while self.text.as_bytes().get(self.at) != Some(&b'}') {
            let at = self.at;
            let key = match self.value(depth + 1)? {
                Value::Int(number) => Key::Int(number),
                // Private properties are named `\0Class\0name`.
                Value::Text(text) => Key::Text(text.rsplit('\0').next().unwrap_or_default().to_owned()),
                _ => return Err(PhpError::NoValue(at)),
            };
            entries.push((key, self.value(depth + 1)?));
        }
        self.at += 1;
        Ok(Value::Array(entries))
    }

    /// From the length on. Where the length does not fit, the string ends at the first `";` that is followed by
    /// a value, by `}`, or by the end.
    fn string(&mut self) -> Result<String, PhpError> {
        let from = self.at;
        let length: usize = self.until(b':')?.parse().map_err(|_| PhpError::NoValue(from))?;
        self.expect(b'"')?;
        let start = self.at;
        let told = start.checked_add(length).filter(|end| {
            self.text.get(start..*end).is_some() && self.text.as_bytes()[*end..].starts_with(b"\";")
        });
        let end = match told {
            Some(end) => end,
            None => self.text[start..]
                .match_indices("\";")
                .map(|(offset, _)| start + offset)
                .find(|end| begins_value(&self.text.as_bytes()[end + 2..]))
                .ok_or(PhpError::NoValue(from))?,
        };
        self.at = end + 2;
        Ok(self.text[start..end].to_owned())
    }

    fn until(&mut self, byte: u8) -> Result<&'a str, PhpError> {
        // No number and no class name is longer.
        const LONGEST: usize = 256;
        let bytes = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let length =
            memchr::memchr(byte, &bytes[..bytes.len().min(LONGEST)]).ok_or(PhpError::NoValue(self.at))?;
        let found = self.text.get(self.at..self.at + length).ok_or(PhpError::NoValue(self.at))?;
        self.at += length + 1;
        Ok(found)
    }

    fn expect(&mut self, byte: u8) -> Result<(), PhpError> {
        if self.text.as_bytes().get(self.at) != Some(&byte) {
            return Err(PhpError::NoValue(self.at));
        }
        self.at += 1;
        Ok(())
    }
}

/// Whether `rest` begins with a value or with what ends one.
fn begins_value(rest: &[u8]) -> bool {
    match rest {
        [] | [b'}', ..] | [b'N', b';', ..] => true,
        [b'i' | b'b' | b'd' | b's' | b'S' | b'a' | b'O' | b'E' | b'r' | b'R', b':', next, ..] => {
            next.is_ascii_digit() || *next == b'-'
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn attachment_metadata_is_read() {
        let text = r#"a:4:{s:5:"width";i:1600;s:6:"height";s:3:"900";s:4:"file";s:19:"2024/05/harbour.jpg";s:10:"image_meta";a:3:{s:6:"credit";s:12:"Rania Khoury";s:7:"caption";s:14:"ميناء";s:8:"aperture";d:2.8;}}"#;
        let root = parse(text).unwrap();
        assert_eq!(root.get("width").and_then(Value::as_int), Some(1600));
        assert_eq!(root.get("height").and_then(Value::as_int), Some(900));
        let image = root.get("image_meta").unwrap();
        assert_eq!(image.get("credit").and_then(Value::as_str), Some("Rania Khoury"));
        // The length told is of another encoding; the text is whole all the same.
        assert_eq!(image.get("caption").and_then(Value::as_str), Some("ميناء"));
        assert_eq!(image.get("aperture"), Some(&Value::Float(2.8)));
    }

    #[test]
    fn lengths_that_do_not_fit_are_mended() {
        let cases = [
            (r#"s:3:"https://new.example/x";"#, "https://new.example/x"),
            (r#"s:99:"short";"#, "short"),
            (r#"s:6:"a "b";c";"#, "a \"b\";c"),
            (r#"s:0:"";"#, ""),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), Ok(Value::Text(expected.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_is_no_serialized_php_is_refused() {
        for text in [
            "",
            "hello",
            "a:1:{",
            "a:1:{i:0;",
            "s:5:\"abc",
            "i:;",
            "i:12",
            "x:1;",
            "a:1:{a:0:{}i:1;}",
            "O:3:",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        let deep = "a:1:{i:0;".repeat(10_000);
        assert_eq!(parse(&deep), Err(PhpError::TooDeep));
    }

    #[test]
    fn objects_are_arrays_of_their_properties() {
        let value = parse("O:8:\"stdClass\":2:{s:4:\"name\";s:1:\"x\";s:7:\"\0A\0cost\";N;}").unwrap();
        assert_eq!(value.get("name").and_then(Value::as_str), Some("x"));
        assert_eq!(value.get("cost"), Some(&Value::Null));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn any_text_is_answered(text in "[aisbdONR:;{}\"0-9é-]{0,60}") {
            let _ = parse(&text);
        }
    }
}
