//! Headers that list choices with a quality each: Accept, Accept-Encoding (RFC 9110, 12.4.2). It must not know what
//! is chosen between.

use http::HeaderMap;
use http::header::AsHeaderName;

/// One choice of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice<'a> {
    /// The value, as written, without its parameters.
    pub value: &'a str,
    /// 0 (never) to 1000 (best).
    pub quality: u16,
}

/// The choices of all headers of that name, in order. What cannot be read is left out.
pub fn choices<'a>(headers: &'a HeaderMap, name: impl AsHeaderName) -> impl Iterator<Item = Choice<'a>> {
    headers
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|item| {
            let mut parts = item.split(';').map(str::trim);
            let value = parts.next().filter(|value| !value.is_empty())?;
            let mut quality = 1000;
            for parameter in parts {
                if let Some((name, number)) = parameter.split_once('=')
                    && name.trim().eq_ignore_ascii_case("q")
                {
                    quality = thousandths(number.trim())?;
                }
            }
            Some(Choice { value, quality })
        })
}

/// `0`, `1`, or either with at most three decimals.
fn thousandths(number: &str) -> Option<u16> {
    let quality: f32 = number.parse().ok()?;
    (number.len() <= 5 && (0.0..=1.0).contains(&quality)).then_some((quality * 1000.0).round() as u16)
}

#[cfg(test)]
mod tests {
    use http::header::ACCEPT;

    use super::*;

    #[test]
    fn choices_are_read_in_order_over_several_headers() {
        let mut headers = HeaderMap::new();
        headers.append(ACCEPT, "text/html, application/json;charset=utf-8;Q=0.5".parse().unwrap());
        headers.append(ACCEPT, " */* ; q=0.001 ,,x;q=2,y;q=a,z;q=0.0001".parse().unwrap());
        let found: Vec<_> = choices(&headers, ACCEPT).map(|it| (it.value, it.quality)).collect();
        assert_eq!(found, [("text/html", 1000), ("application/json", 500), ("*/*", 1)]);
    }
}
