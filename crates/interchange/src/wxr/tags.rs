//! What start tags say: their attributes, and the prefixes they declare.
//! It must not know where in a file a tag may stand.

use quick_xml::events::BytesStart;

use super::names::{Name, Names, Ns, namespace};
use super::text::{self, Mended};
use super::window::{StartTag, Window};

/// Name and value of each attribute; what is no attribute is passed over.
pub(super) fn attributes(raw: &[u8], mended: &mut Mended) -> Vec<(String, String)> {
    if raw.trim_ascii().is_empty() {
        return Vec::new();
    }
    let decoded = text::decode(raw, mended);
    // The name is of no interest here, and quick-xml wants one before the attributes.
    let tag = BytesStart::from_content(format!("x {decoded}"), 1);
    tag.html_attributes()
        .with_checks(false)
        .flatten()
        .map(|attribute| (attribute.key.0.to_owned(), text::unescape(attribute.value.into_owned(), mended)))
        .collect()
}

/// Learns the prefixes that `tag` declares.
pub(super) fn learn(window: Window<'_>, names: &mut Names, tag: &StartTag) {
    let raw = window.slice(tag.attributes.clone());
    if memchr::memmem::find(raw, b"xmlns:").is_none() {
        return;
    }
    for (name, uri) in attributes(raw, &mut Mended::default()) {
        if let Some(prefix) = name.strip_prefix("xmlns:") {
            names.declare(prefix.as_bytes(), &uri);
        }
    }
}

/// The name of `tag`. One without a prefix may declare its namespace itself, as `<post_id xmlns="…">`.
pub(super) fn name_of<'a>(window: Window<'a>, names: &Names, tag: &StartTag) -> Name<'a> {
    let name = names.resolve(window.slice(tag.name.clone()));
    let raw = window.slice(tag.attributes.clone());
    if name.ns != Ns::None || memchr::memmem::find(raw, b"xmlns=").is_none() {
        return name;
    }
    let declared = attributes(raw, &mut Mended::default()).into_iter().find(|(name, _)| name == "xmlns");
    match declared.map(|(_, uri)| namespace(&uri)) {
        Some(ns @ (Ns::Wp | Ns::Content | Ns::Excerpt | Ns::Dc)) => Name { ns, ..name },
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_as_html_would() {
        let raw = " domain=\"post_tag\" nicename='%d8%b3' flag x=\"a &amp; b & c\" \"junk\"".as_bytes();
        let mut mended = Mended::default();
        let found = attributes(raw, &mut mended);
        assert_eq!(found[0], ("domain".into(), "post_tag".into()));
        assert_eq!(found[1], ("nicename".into(), "%d8%b3".into()));
        assert_eq!(found.iter().find(|(name, _)| name == "x").map(|(_, v)| v.as_str()), Some("a & b & c"));
        assert_eq!(mended.ampersands, 1);
    }
}
