//! What a request shows of who sends it: a bearer token, or the cookie of a browser that signed in here.
//!
//! The cookie goes along with whatever a browser sends here, on whichever page it was made. So it counts only on requests
//! of this site's own pages, as the browser itself says by `Sec-Fetch-Site` or `Origin`, which no script can set: on a
//! GET of another site it counts for nothing, and a POST of another site that carries it is refused. A bearer token is
//! put there by who has it, and goes before the cookie. It must not know whom a token stands for.

use std::fmt;
use std::time::Duration;

use cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use url::Url;

/// Set by browsers on requests to https and to this machine.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What a request shows.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Credential {
    /// Nothing.
    #[default]
    Nothing,
    /// The token behind `Authorization: Bearer`.
    Bearer(String),
    /// The token in the cookie, on a request of our own pages.
    Cookie(String),
    /// An `Authorization` that is neither a bearer token nor a proxy's own `Basic`.
    Malformed,
}

// Derived, it would print the token.
impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Bearer(_) => "Bearer",
            Self::Cookie(_) => "Cookie",
            Self::Malformed => "Malformed",
        })
    }
}

/// A POST of another site that carries our cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Forged;

/// The cookie that holds a session's token: for this host and all its paths, out of reach of scripts, kept back from
/// what other sites embed. Where the site is public under https it is sent over https only, and no other host of the
/// domain can set it (`__Host-`).
#[derive(Debug, Clone)]
pub struct SessionCookie {
    name: &'static str,
    secure: bool,
    /// The site's own origin, as browsers write it.
    origin: Option<String>,
}

impl SessionCookie {
    /// The cookie of a site with this public address.
    pub fn new(public_url: &str) -> Self {
        let url = Url::parse(public_url).ok();
        let secure = url.as_ref().is_some_and(|url| url.scheme() == "https");
        Self {
            name: if secure { "__Host-masthead-session" } else { "masthead-session" },
            secure,
            origin: url.map(|url| url.origin().ascii_serialization()),
        }
    }

    /// The `Set-Cookie` that makes a browser carry `token` for as long.
    pub fn set(&self, token: &str, lifetime: Duration) -> Option<HeaderValue> {
        self.header(token, lifetime)
    }

    /// The `Set-Cookie` that makes a browser forget it.
    pub fn clear(&self) -> Option<HeaderValue> {
        self.header("", Duration::ZERO)
    }

    fn header(&self, value: &str, lifetime: Duration) -> Option<HeaderValue> {
        let max_age = cookie::time::Duration::try_from(lifetime).ok()?;
        let cookie = Cookie::build((self.name, value))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.secure)
            .max_age(max_age);
        HeaderValue::from_str(&cookie.build().to_string()).ok()
    }

    /// What the request shows. With several cookies of our name the first counts, which browsers send for the longest
    /// path.
    pub(super) fn credential(&self, method: &Method, headers: &HeaderMap) -> Result<Credential, Forged> {
        match authorization(headers) {
            Credential::Nothing => {}
            shown => return Ok(shown),
        }
        match self.read(headers) {
            None => Ok(Credential::Nothing),
            Some(token) if !self.is_of_another_site(headers) => Ok(Credential::Cookie(token)),
            Some(_) if *method == Method::POST => Err(Forged),
            Some(_) => Ok(Credential::Nothing),
        }
    }

    /// Whether a browser made the request for a page of another site. Programs that are no browsers say nothing of it.
    pub(super) fn is_of_another_site(&self, headers: &HeaderMap) -> bool {
        match (headers.get(SEC_FETCH_SITE), headers.get(header::ORIGIN)) {
            (Some(site), _) => site != "same-origin" && site != "none",
            (None, Some(origin)) => !self.is_own(origin, headers.get(header::HOST)),
            (None, None) => false,
        }
    }

    /// Whether an origin is the public address's, or the host's that the request was sent to: people also come by this
    /// machine's own address.
    fn is_own(&self, origin: &HeaderValue, host: Option<&HeaderValue>) -> bool {
        let Ok(origin) = origin.to_str() else { return false };
        if self.origin.as_deref() == Some(origin) {
            return true;
        }
        let authority = origin.split_once("://").map(|(_scheme, authority)| authority);
        let host = host.and_then(|host| host.to_str().ok());
        matches!((authority, host), (Some(authority), Some(host)) if authority.eq_ignore_ascii_case(host))
    }

    fn read(&self, headers: &HeaderMap) -> Option<String> {
        let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        texts
            .flat_map(Cookie::split_parse)
            .filter_map(Result::ok)
            .find(|cookie| cookie.name() == self.name)
            .map(|cookie| cookie.value().to_owned())
    }
}

/// What stands in `Authorization`. `Basic` is left to the proxy in front that asked for it; whatever else is no bearer
/// token is told so rather than taken for a guest's.
fn authorization(headers: &HeaderMap) -> Credential {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = match (values.next(), values.next()) {
        (None, _) => return Credential::Nothing,
        (Some(value), None) => value,
        (Some(_), Some(_)) => return Credential::Malformed,
    };
    bearer(value)
}

/// What one `Authorization` shows.
pub(super) fn bearer(value: &HeaderValue) -> Credential {
    let value = value.to_str().unwrap_or_default().trim();
    let (scheme, rest) = value.split_once(' ').unwrap_or((value, ""));
    if scheme.eq_ignore_ascii_case("basic") {
        Credential::Nothing
    } else if scheme.eq_ignore_ascii_case("bearer") && !rest.trim().is_empty() {
        Credential::Bearer(rest.trim().to_owned())
    } else {
        Credential::Malformed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(given: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let cookie = SessionCookie::new("https://news.example");
        let day = Duration::from_secs(86_400);
        assert_eq!(
            cookie.set("abc", day).unwrap(),
            "__Host-masthead-session=abc; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=86400"
        );
        let plain = SessionCookie::new("http://127.0.0.1:8000");
        assert_eq!(
            plain.set("abc", day).unwrap(),
            "masthead-session=abc; HttpOnly; SameSite=Lax; Path=/; Max-Age=86400"
        );
        assert_eq!(plain.clear().unwrap(), "masthead-session=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
    }

    #[test]
    fn a_cookie_counts_on_our_own_pages_only() {
        let cookie = SessionCookie::new("https://news.example");
        let ours = ("cookie", "a=b; __Host-masthead-session=abc");
        let host = ("host", "10.0.0.7:8000");
        let taken = Credential::Cookie("abc".to_owned());
        for (others, own) in [
            (vec![], true),
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "none")], true),
            (vec![("sec-fetch-site", "same-site")], false),
            (vec![("sec-fetch-site", "cross-site")], false),
            (vec![("sec-fetch-site", "cross-site"), ("origin", "https://news.example")], false),
            (vec![("origin", "https://news.example")], true),
            (vec![("origin", "http://10.0.0.7:8000")], true),
            (vec![("origin", "http://10.0.0.7:8001")], false),
            (vec![("origin", "https://www.news.example")], false),
            (vec![("origin", "https://news.example.evil.example")], false),
            (vec![("origin", "null")], false),
        ] {
            let headers = headers(&[&[ours, host][..], &others].concat());
            let (get, post) =
                (cookie.credential(&Method::GET, &headers), cookie.credential(&Method::POST, &headers));
            if own {
                assert_eq!((get, post), (Ok(taken.clone()), Ok(taken.clone())), "{others:?}");
            } else {
                assert_eq!((get, post), (Ok(Credential::Nothing), Err(Forged)), "{others:?}");
            }
        }
        let named_otherwise =
            headers(&[("cookie", "masthead-session=abc"), ("sec-fetch-site", "cross-site")]);
        assert_eq!(cookie.credential(&Method::POST, &named_otherwise), Ok(Credential::Nothing));
    }

    #[test]
    fn a_bearer_token_goes_before_the_cookie_and_what_is_none_is_told_so() {
        let cookie = SessionCookie::new("http://127.0.0.1:8000");
        for (authorization, shown) in [
            ("Bearer abc", Credential::Bearer("abc".into())),
            ("bearer  abc ", Credential::Bearer("abc".into())),
            ("Bearer", Credential::Malformed),
            ("Bearer ", Credential::Malformed),
            ("mh_abc", Credential::Malformed),
            ("Token abc", Credential::Malformed),
            ("", Credential::Malformed),
            ("Basic YTpi", Credential::Cookie("c".into())),
        ] {
            let headers = headers(&[("authorization", authorization), ("cookie", "masthead-session=c")]);
            assert_eq!(cookie.credential(&Method::POST, &headers), Ok(shown), "{authorization:?}");
        }
        let two = headers(&[("authorization", "Bearer a"), ("authorization", "Bearer b")]);
        assert_eq!(cookie.credential(&Method::GET, &two), Ok(Credential::Malformed));
        assert_eq!(format!("{:?}", Credential::Bearer("abc".into())), "Bearer");
    }
}
