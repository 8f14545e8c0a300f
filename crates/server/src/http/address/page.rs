//! A plain page: a title, then a text or links. No script and no style sheet; nothing of it is kept by browsers or
//! proxies. It must not know what it shows.

use std::fmt::Write;

use http::{HeaderValue, header};
use poem::Response;

/// Pictures and recordings may come from where an article's editors found them; nothing else is fetched or run.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; img-src 'self' https: data:; media-src 'self' https:; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'",
);

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The title.
    pub title: Text,
    /// A line below the title; empty where there is none.
    pub line: String,
    /// The page's address, in full; `None` where it has none that holds: search engines leave such a page out.
    pub canonical: Option<String>,
    /// Sanitised HTML; empty where there is none.
    pub html: String,
    /// What the page leads to.
    pub links: Vec<Link>,
}

/// A text in its language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Plain text.
    pub text: String,
    /// The language tag; `None` where it is not known.
    pub lang: Option<String>,
    /// Whether it is read from right to left.
    pub right_to_left: bool,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it says.
    pub text: Text,
    /// Where it leads.
    pub url: String,
}

impl Page {
    /// The page as it is sent.
    pub(super) fn response(&self) -> Response {
        Response::builder()
            .header(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))
            .header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))
            .header(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)
            .body(self.document())
    }

    fn document(&self) -> String {
        let title = escaped(&self.title.text);
        let mut html =
            format!("<!doctype html>\n<html{}>\n<head>\n<meta charset=\"utf-8\">\n", attributes(&self.title));
        html.push_str("<meta name=\"viewport\" content=\"width=device-width\">\n");
        let _ = writeln!(html, "<title>{title}</title>");
        match &self.canonical {
            Some(url) => {
                let _ = writeln!(html, "<link rel=\"canonical\" href=\"{}\">", escaped(url));
            }
            None => html.push_str("<meta name=\"robots\" content=\"noindex\">\n"),
        }
        let _ = writeln!(html, "</head>\n<body>\n<main>\n<h1>{title}</h1>");
        if !self.line.is_empty() {
            let _ = writeln!(html, "<p>{}</p>", escaped(&self.line));
        }
        html.push_str(&self.html);
        if !self.links.is_empty() {
            html.push_str("<ul>\n");
            for Link { text, url } in &self.links {
                let (attributes, words) = (attributes(text), escaped(&text.text));
                let _ = writeln!(html, "<li{attributes}><a href=\"{}\">{words}</a></li>", escaped(url));
            }
            html.push_str("</ul>\n");
        }
        html.push_str("\n</main>\n</body>\n</html>\n");
        html
    }
}

fn attributes(text: &Text) -> String {
    let lang = text.lang.as_ref().map(|lang| format!(" lang=\"{}\"", escaped(lang))).unwrap_or_default();
    format!("{lang} dir=\"{}\"", if text.right_to_left { "rtl" } else { "ltr" })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
