//! The shortcodes of WordPress itself, and those of WordPress.com for films and posts of other sites.
//! It must not know how shortcodes are found.

use super::expand::Replacement;
use super::shortcode::{Attributes, Opening};
use super::{AttachmentLink, Converter, embed};
use crate::wordpress::html::{self, Kind, escape, is_address};

/// Whether a known shortcode takes what is between it and its end.
pub(super) fn takes_inner(name: &str) -> bool {
    matches!(name, "caption" | "wp_caption" | "embed") || is_code(name) || is_other_site(name)
}

/// Shortcodes that show files; what is inside of them is not shown.
pub(super) fn is_player(name: &str) -> bool {
    matches!(name, "audio" | "video" | "gallery" | "playlist")
}

/// Whether `inner` is what a player has for old browsers. A player without an end would otherwise take all text
/// up to the end of the next one.
pub(super) fn is_fallback(name: &str, inner: &str) -> bool {
    const LONGEST: usize = 400;
    inner.len() <= LONGEST && !inner.contains(&format!("[{name}")) && !inner.contains("\n\n")
}

/// Shortcodes that show program text.
fn is_code(name: &str) -> bool {
    matches!(
        name,
        "code"
            | "sourcecode"
            | "source"
            | "php"
            | "html"
            | "css"
            | "js"
            | "javascript"
            | "python"
            | "bash"
            | "sql"
            | "xml"
    )
}

/// Shortcodes of WordPress.com and Jetpack for what can be named by an address.
fn is_other_site(name: &str) -> bool {
    matches!(
        name,
        "youtube"
            | "vimeo"
            | "dailymotion"
            | "ted"
            | "tweet"
            | "twitter"
            | "instagram"
            | "facebook"
            | "tiktok"
            | "soundcloud"
            | "spotify"
            | "flickr"
            | "googlemaps"
    )
}

impl Converter<'_> {
    /// What a shortcode becomes; None where it is not known.
    pub(super) fn replace_shortcode(
        &mut self,
        opening: &Opening<'_>,
        inner: Option<&str>,
        depth: usize,
    ) -> Option<Replacement> {
        let attributes = &opening.attributes;
        Some(match opening.name {
            "caption" | "wp_caption" => match inner {
                Some(inner) => self.caption(attributes, inner, depth),
                None => return None,
            },
            "gallery" => self.gallery(attributes),
            "playlist" => self.playlist(attributes),
            "embed" => self.embed(attributes, inner),
            "audio" => self.media("audio", attributes, &["src", "mp3", "m4a", "ogg", "wav", "flac", "wma"]),
            "video" => self.media("video", attributes, &["src", "mp4", "m4v", "webm", "ogv", "wmv", "flv"]),
            name if is_code(name) => self.code(inner?),
            name if is_other_site(name) => self.other_site(name, attributes, inner),
            _ => return None,
        })
    }

    /// `[caption]<img> text[/caption]`, or before WordPress 3.4 with the text in an attribute.
    fn caption(&mut self, attributes: &Attributes<'_>, inner: &str, depth: usize) -> Replacement {
        let inner = self.expand_shortcodes(inner.trim(), depth + 1);
        let picture = picture_end(&inner);
        let (picture, below) = inner.split_at(picture);
        let text = match attributes.get("caption") {
            Some(text) => text.to_owned(),
            None if picture.is_empty() => String::new(),
            None => trim_breaks(below).replace('\n', "<br>"),
        };
        let picture =
            if picture.is_empty() || attributes.get("caption").is_some() { inner.as_str() } else { picture };
        let align = attributes.get("align").filter(|align| align.bytes().all(|b| b.is_ascii_alphanumeric()));
        let class = align.map_or_else(|| "wp-caption".to_owned(), |align| format!("wp-caption {align}"));
        let caption = if text.is_empty() { text } else { format!("<figcaption>{text}</figcaption>") };
        self.changes.changed("shortcode [caption]: made a figure");
        Replacement::Block(format!("<figure class=\"{class}\">{}{caption}</figure>", picture.trim()))
    }

    /// `[gallery ids="1,2"]`; without numbers it shows what was uploaded to the item.
    fn gallery(&mut self, attributes: &Attributes<'_>) -> Replacement {
        let excluded = attributes.get("exclude").map(numbers).unwrap_or_default();
        let ids = match attributes.get("ids").or_else(|| attributes.get("include")) {
            Some(list) => numbers(list),
            None => self.context.attached_images.to_vec(),
        };
        let images: Vec<String> =
            ids.iter().filter(|id| !excluded.contains(id)).filter_map(|id| self.gallery_image(*id)).collect();
        if images.is_empty() {
            self.changes.lost("shortcode [gallery] without any image that the export has");
            return Replacement::Nothing;
        }
        self.changes.changed("shortcode [gallery]: made a figure");
        Replacement::Block(format!("<figure class=\"wp-block-gallery\">{}</figure>", images.concat()))
    }

    fn gallery_image(&mut self, id: i64) -> Option<String> {
        let Some(AttachmentLink { url, alt, caption }) = (self.attachment)(id) else {
            self.changes.lost("image of a gallery that the export does not have");
            return None;
        };
        let caption = if caption.trim().is_empty() {
            String::new()
        } else {
            format!("<figcaption>{caption}</figcaption>")
        };
        Some(format!(
            "<figure class=\"wp-block-image\"><img data-attachment-id=\"{id}\" src=\"{}\" alt=\"{}\">{caption}</figure>",
            escape(&url),
            escape(&alt)
        ))
    }

    /// `[playlist ids="1,2"]`: links to the files, with their captions or names.
    fn playlist(&mut self, attributes: &Attributes<'_>) -> Replacement {
        let mut links = String::new();
        for id in attributes.get("ids").map(numbers).unwrap_or_default() {
            let Some(AttachmentLink { url, alt, .. }) = (self.attachment)(id) else {
                self.changes.lost("file of a playlist that the export does not have");
                continue;
            };
            let name = if alt.trim().is_empty() { url.rsplit('/').next().unwrap_or(&url) } else { &alt };
            links.push_str(&format!("<li><a href=\"{}\">{}</a></li>", escape(&url), escape(name)));
        }
        if links.is_empty() {
            self.changes.lost("shortcode [playlist] without any file that the export has");
            return Replacement::Nothing;
        }
        self.changes.changed("shortcode [playlist]: made a list of links");
        Replacement::Block(format!("<ul>{links}</ul>"))
    }

    fn embed(&mut self, attributes: &Attributes<'_>, inner: Option<&str>) -> Replacement {
        match address_in(attributes, inner) {
            Some(address) => {
                self.changes.changed("shortcode [embed]: made a figure");
                Replacement::Block(embed::figure(&address))
            }
            None => Replacement::Keep,
        }
    }

    /// `[audio src="…"]`, `[video mp4="…" poster="…"]`; without an address it plays what was uploaded to the item.
    fn media(&mut self, tag: &str, attributes: &Attributes<'_>, keys: &[&str]) -> Replacement {
        let named = keys.iter().find_map(|key| attributes.get(key));
        let plain = || attributes.plain.iter().copied().find(|value| value.contains('/'));
        let Some(source) = named.or_else(plain) else {
            self.changes.lost(format!("shortcode [{tag}] without an address"));
            return Replacement::Nothing;
        };
        let poster = match attributes.get("poster") {
            Some(poster) if tag == "video" => format!(" poster=\"{}\"", escape(poster)),
            _ => String::new(),
        };
        self.changes.changed(format!("shortcode [{tag}]: made a figure"));
        Replacement::Block(format!(
            "<figure class=\"wp-block-{tag}\"><{tag} controls src=\"{}\"{poster}></{tag}></figure>",
            escape(source)
        ))
    }

    /// Program text: nothing in it is HTML or a shortcode, and its lines stay.
    fn code(&mut self, inner: &str) -> Replacement {
        self.changes.changed("shortcode for program text: made preformatted text");
        // Some plugins store `&lt;`, some `<`: references stay, tags are escaped.
        let text = escape(inner.trim_matches('\n')).replace("&quot;", "\"");
        Replacement::Block(format!("<pre class=\"wp-block-code\"><code>{text}</code></pre>"))
    }

    fn other_site(&mut self, name: &str, attributes: &Attributes<'_>, inner: Option<&str>) -> Replacement {
        let number = || {
            let id = attributes.plain.first().copied().or_else(|| attributes.get("id"))?;
            let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
            (name == "vimeo" && is_number).then(|| format!("https://vimeo.com/{id}"))
        };
        match address_in(attributes, inner).or_else(number) {
            Some(address) => {
                self.changes.changed(format!("shortcode [{name}]: made an embed"));
                Replacement::Block(embed::figure(&address))
            }
            None => Replacement::Keep,
        }
    }
}

/// The address that a shortcode names, inside it or in its attributes.
fn address_in(attributes: &Attributes<'_>, inner: Option<&str>) -> Option<String> {
    // No address is longer; what is longer is another shortcode's text.
    const LONGEST: usize = 4096;
    let inner = inner.filter(|inner| inner.len() <= LONGEST).map(crate::wordpress::plain_text);
    let values = attributes.values().map(|value| crate::wxr::resolve_references(value.trim().to_owned()));
    inner.into_iter().chain(values).find(|value| is_address(value))
}

/// Where the picture at the beginning of a caption ends: an image, in its link if it has one. 0 without a picture.
fn picture_end(inner: &str) -> usize {
    let tokens = html::tokens(inner);
    let is = |index: usize, wanted: &Kind| tokens.get(index).is_some_and(|token| token.kind == *wanted);
    let Some(image) = tokens.iter().position(|token| token.kind == Kind::Start("img".to_owned())) else {
        return 0;
    };
    let linked = tokens[..image].iter().any(|token| token.kind == Kind::Start("a".to_owned()));
    let link_end = Kind::End("a".to_owned());
    let end = if linked { (image..tokens.len()).find(|index| is(*index, &link_end)) } else { None };
    tokens[end.unwrap_or(image)].range.end
}

/// Without line breaks and white space at either end.
fn trim_breaks(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let trimmed = ["<br />", "<br/>", "<br>", "</p>", "<p>"]
            .iter()
            .fold(text, |text, tag| text.strip_prefix(tag).unwrap_or(text).trim_start());
        let trimmed = ["<br />", "<br/>", "<br>", "<p>", "</p>"]
            .iter()
            .fold(trimmed, |text, tag| text.strip_suffix(tag).unwrap_or(text).trim_end());
        if trimmed.len() == text.len() {
            return text;
        }
        text = trimmed;
    }
}

/// The numbers of a list separated by commas or spaces.
fn numbers(list: &str) -> Vec<i64> {
    list.split(|c: char| !c.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
        .filter(|id| *id > 0)
        .collect()
}
