//! An answer as JSON. serde_json looks at each byte of a text by itself to see whether it must be escaped; answers are
//! mostly text, so here they are looked at in pieces. Everything else is serde_json's.

use std::io;

use async_graphql::{Response, Value};
use masthead_domain::text::span_without;

/// Writes a response. What has errors or extensions is rare, and written by serde_json.
pub(super) fn write_response(response: &Response, out: &mut Vec<u8>) -> io::Result<()> {
    if !response.errors.is_empty() || !response.extensions.is_empty() {
        return Ok(serde_json::to_writer(out, response)?);
    }
    out.extend_from_slice(b"{\"data\":");
    write_value(&response.data, out)?;
    out.push(b'}');
    Ok(())
}

fn write_value(value: &Value, out: &mut Vec<u8>) -> io::Result<()> {
    match value {
        Value::String(text) => write_text(text, out)?,
        Value::Enum(name) => write_text(name, out)?,
        Value::List(items) => {
            out.push(b'[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(b',');
                }
                write_value(item, out)?;
            }
            out.push(b']');
        }
        // A single field may be what the library wraps JSON in that is to be written as it stands.
        Value::Object(fields) if fields.len() > 1 => {
            for (n, (name, value)) in fields.iter().enumerate() {
                out.push(if n == 0 { b'{' } else { b',' });
                write_text(name, out)?;
                out.push(b':');
                write_value(value, out)?;
            }
            out.push(b'}');
        }
        Value::Null | Value::Number(_) | Value::Boolean(_) | Value::Binary(_) | Value::Object(_) => {
            serde_json::to_writer(out, value)?;
        }
    }
    Ok(())
}

fn write_text(text: &str, out: &mut Vec<u8>) -> io::Result<()> {
    let bytes = text.as_bytes();
    let plain = plain(bytes);
    if plain == bytes.len() {
        out.reserve(bytes.len() + 2);
        out.push(b'"');
        out.extend_from_slice(bytes);
        out.push(b'"');
        return Ok(());
    }
    out.push(b'"');
    let mut rest = bytes;
    let mut plain = plain;
    loop {
        out.extend_from_slice(&rest[..plain]);
        rest = &rest[plain..];
        let Some((&byte, behind)) = rest.split_first() else { break };
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0c => out.extend_from_slice(b"\\f"),
            other => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                let (high, low) = (HEX[usize::from(other >> 4)], HEX[usize::from(other & 15)]);
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', high, low]);
            }
        }
        rest = behind;
        plain = self::plain(rest);
    }
    out.push(b'"');
    Ok(())
}

/// How many bytes at the beginning need no escape.
fn plain(bytes: &[u8]) -> usize {
    span_without(bytes, |byte| (byte < 0x20) | (byte == b'"') | (byte == b'\\'))
}

#[cfg(test)]
mod tests {
    use async_graphql::{Name, ServerError, value};

    use super::*;

    fn same(response: &Response) {
        let mut out = Vec::new();
        write_response(response, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string(response).unwrap());
    }

    #[test]
    fn it_is_the_json_that_serde_json_writes() {
        let long = "مرفأ بيروت\u{7f}\u{2028} 𝒳 <p>text</p> ".repeat(9);
        for text in ["", "a", "\"", "\\", "a\"b\\c", "\u{0}\u{1f}\u{8}\u{c}\n\r\t", &long] {
            for at in 0..40 {
                let text = format!("{}{text}{long}{text}", "x".repeat(at));
                same(&Response::new(
                    value!({ "a": text, "b": [text, null, 1, -2.5, true, {}, []], "c": {"d": text} }),
                ));
            }
        }
        same(&Response::new(Value::Enum(Name::new("AR"))));
        same(&Response::new(Value::Null));
        same(&Response::new(value!({ "$serde_json::private::RawValue": "{\"a\": 1}" })));
        same(&Response::from_errors(vec![ServerError::new("no", None)]));
    }
}
