//! An article as JSON-LD for search engines: schema.org's NewsArticle, or a WebPage for what is no news.
//!
//! Pure: everything comes in. Texts that exist in several languages are told in the article's own. It must not know
//! where the result is put, only that it may be put into a `<script>` element.

use chrono::SecondsFormat;
use masthead_domain::article::{Card, Correction, Details, Kind};
use masthead_domain::media::Image;
use masthead_domain::site::Site;
use masthead_domain::site::permalink::listing;
use masthead_domain::tag::Tag;
use masthead_domain::text::{Localized, Slug, push_escaped};
use serde::Serialize;

/// What is told of an article.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The article.
    pub card: &'a Card,
    /// Its rights, and what it tells search engines in other words.
    pub details: &'a Details,
    /// Its tags, which become keywords.
    pub tags: &'a [&'a Tag],
    /// Its public notes.
    pub corrections: &'a [Correction],
    /// The site, its publisher.
    pub site: &'a Site,
    /// What the site's addresses begin with, without a slash at the end.
    pub public_url: &'a str,
}

/// The article as one JSON object (schema.org's terms, <https://schema.org/NewsArticle>). `<`, `>`, `&`, U+2028 and U+2029
/// are escaped, so it may stand in an HTML `<script>` element as it is. What is not known is left out.
pub fn article(subject: &Subject<'_>) -> String {
    let Subject { card, details, tags, corrections, site, public_url } = *subject;
    let address = &format!("{public_url}{}", site.permalink.article(&card.locale, &card.slug));
    let is_news = card.kind == Kind::Article;
    let section = card.section.as_ref().filter(|_| is_news);
    let told = Told {
        context: "https://schema.org",
        id: address,
        kind: if is_news { "NewsArticle" } else { "WebPage" },
        alternative_headline: card.subtitle.as_deref(),
        article_section: section.map(|section| name(subject, &section.names, &section.slug)),
        author: card.authors.iter().map(|line| person(subject, &line.names, &line.slug)).collect(),
        copyright_notice: details.rights.notice.as_deref(),
        correction: corrections.iter().map(note).collect(),
        date_modified: time(card.published_at.map_or(card.modified_at, |at| at.max(card.modified_at))),
        date_published: card.published_at.map(time),
        description: details.seo.description.as_deref().or(card.excerpt.as_deref()),
        headline: &card.title,
        image: card.lead_image.as_ref().map(|image| picture(image, public_url)),
        in_language: card.locale.as_str(),
        is_accessible_for_free: true,
        keywords: tags.iter().map(|tag| name(subject, &tag.names, &tag.slug)).collect(),
        license: details.rights.licence.as_deref().filter(|licence| is_address(licence)),
        main_entity_of_page: address,
        publisher: publisher(subject),
        url: address,
        word_count: is_news.then_some(card.word_count),
    };
    #[expect(clippy::expect_used, reason = "texts and numbers, and a String to write them to")]
    let json = serde_json::to_string(&told).expect("what is told has nothing that JSON has no form for");
    for_script(&json)
}

/// The article, in the words of schema.org.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Told<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@id")]
    id: &'a str,
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    alternative_headline: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    article_section: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    author: Vec<Party<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    copyright_notice: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    correction: Vec<Note<'a>>,
    date_modified: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    headline: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Picture<'a>>,
    in_language: &'a str,
    is_accessible_for_free: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keywords: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<&'a str>,
    main_entity_of_page: &'a str,
    publisher: Party<'a>,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    word_count: Option<u32>,
}

/// Somebody, or an organisation.
#[derive(Serialize)]
struct Party<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    url: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Picture<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Note<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    date_published: String,
    text: &'a str,
}

fn name<'a>(subject: &Subject<'_>, names: &'a Localized<String>, slug: &'a Slug) -> &'a str {
    names.get(&subject.card.locale, &subject.site.default_locale).map_or(slug.as_str(), String::as_str)
}

fn person<'a>(subject: &Subject<'_>, names: &'a Localized<String>, slug: &'a Slug) -> Party<'a> {
    let url = format!("{}{}", subject.public_url, listing("author", &subject.card.locale, slug));
    Party { kind: "Person", name: name(subject, names, slug), url }
}

fn publisher<'a>(subject: &Subject<'a>) -> Party<'a> {
    let site = subject.site;
    let name = site.names.get(&subject.card.locale, &site.default_locale);
    Party {
        kind: "NewsMediaOrganization",
        name: name.map_or(subject.public_url, String::as_str),
        url: format!("{}/", subject.public_url),
    }
}

fn picture<'a>(image: &'a Image, public_url: &str) -> Picture<'a> {
    let location = image.location(None);
    Picture {
        kind: "ImageObject",
        caption: image.caption.as_deref(),
        credit_text: image.credit.as_deref(),
        height: image.height,
        url: if is_address(&location) { location } else { format!("{public_url}{location}") },
        width: image.width,
    }
}

fn note(Correction { published_at, note, .. }: &Correction) -> Note<'_> {
    Note { kind: "CorrectionComment", date_published: time(*published_at), text: note }
}

fn time(instant: chrono::DateTime<chrono::Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn is_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// JSON that cannot end the script element it stands in, begin a comment there, or break a line in old JavaScript: such
/// characters stand in JSON's strings only, where an escape means the same.
fn for_script(json: &str) -> String {
    // 0xE2 is the first byte of U+2028 and U+2029, and of other characters. Without `||`, so that there are no branches.
    let special = |byte: u8| (byte == b'<') | (byte == b'>') | (byte == b'&') | (byte == 0xE2);
    let mut out = String::with_capacity(json.len() + 16);
    push_escaped(&mut out, json, special, |found| match found {
        '<' => Some("\\u003c"),
        '>' => Some("\\u003e"),
        '&' => Some("\\u0026"),
        '\u{2028}' => Some("\\u2028"),
        '\u{2029}' => Some("\\u2029"),
        _ => None,
    });
    out
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use masthead_domain::Id;
    use masthead_domain::article::{Body, CorrectionKind, Rights, SavedBody, Seo};
    use masthead_domain::author::AuthorLine;
    use masthead_domain::comment::Policy;
    use masthead_domain::media::ImageSource;
    use masthead_domain::section::SectionLine;
    use masthead_domain::site::{Permalink, TimeZone};
    use masthead_domain::text::{Direction, LanguageTag};
    use serde_json::{Value, json};

    use super::*;

    fn tag(tag: &str) -> LanguageTag {
        LanguageTag::parse(tag).expect("a tag")
    }

    fn names(list: &[(&str, &str)]) -> Localized<String> {
        list.iter().map(|(locale, name)| (tag(locale), (*name).to_owned())).collect()
    }

    fn slug(slug: &str) -> Slug {
        Slug::from_stored(slug.to_owned())
    }

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn site() -> Site {
        Site {
            names: names(&[("ar", "صوت المرفأ"), ("fr", "La Voix du port")]),
            taglines: Localized::new(),
            copyright_notices: Localized::new(),
            default_locale: tag("ar"),
            locales: vec![tag("ar"), tag("fr")],
            comment_policy: Policy::Open,
            comments_close_after_days: None,
            permalink: Permalink::default(),
            former_permalinks: Vec::new(),
            time_zone: TimeZone::UTC,
        }
    }

    fn card() -> Card {
        Card {
            id: Id::from_stored(1),
            kind: Kind::Article,
            locale: tag("ar"),
            slug: slug("مرفأ"),
            direction: Direction::Rtl,
            title: "المرفأ </script><b>".into(),
            subtitle: None,
            excerpt: Some("موجز".into()),
            published_at: Some(instant("2026-03-01T08:00:00Z")),
            modified_at: instant("2026-03-02T08:00:00Z"),
            word_count: 420,
            reading_minutes: 2,
            breaking: false,
            comment_count: 0,
            thread_count: 0,
            comment_policy: None,
            comments_close: None,
            section: Some(SectionLine {
                id: Id::from_stored(3),
                slug: slug("news"),
                names: names(&[("fr", "Actualités"), ("ar", "أخبار")]),
            }),
            authors: vec![AuthorLine {
                id: Id::from_stored(2),
                slug: slug("nadia"),
                names: names(&[("fr", "Nadia M.")]),
            }],
            lead_image: None,
            translations: Id::from_stored(1),
        }
    }

    fn details() -> Details {
        Details {
            body: SavedBody { blocks: Body::default(), html: String::new(), text: String::new() },
            rights: Rights::default(),
            seo: Seo::default(),
        }
    }

    fn told(card: &Card, details: &Details, tags: &[&Tag], corrections: &[Correction]) -> (String, Value) {
        let public_url = "https://news.example";
        let text = article(&Subject { card, details, tags, corrections, site: &site(), public_url });
        let value = serde_json::from_str(&text).expect("JSON");
        (text, value)
    }

    #[test]
    fn a_news_article_tells_what_search_engines_ask_for() {
        let (_, told) = told(&card(), &details(), &[], &[]);
        let address = "https://news.example/ar/%D9%85%D8%B1%D9%81%D8%A3";
        assert_eq!(
            told,
            json!({
                "@context": "https://schema.org",
                "@type": "NewsArticle",
                "@id": address,
                "url": address,
                "mainEntityOfPage": address,
                "headline": "المرفأ </script><b>",
                "description": "موجز",
                "inLanguage": "ar",
                "datePublished": "2026-03-01T08:00:00Z",
                "dateModified": "2026-03-02T08:00:00Z",
                "author": [{"@type": "Person", "name": "Nadia M.", "url": "https://news.example/ar/author/nadia"}],
                "publisher": {"@type": "NewsMediaOrganization", "name": "صوت المرفأ", "url": "https://news.example/"},
                "articleSection": "أخبار",
                "wordCount": 420,
                "isAccessibleForFree": true,
            })
        );
    }

    #[test]
    fn nothing_in_it_can_end_the_script_it_stands_in() {
        let details = Details {
            seo: Seo { title: None, description: Some("<!-- & \u{2028} -->".into()) },
            ..details()
        };
        let (text, told) = told(&card(), &details, &[], &[]);
        assert!(!text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{text}");
        assert_eq!(told["headline"], "المرفأ </script><b>");
        assert_eq!(told["description"], "<!-- & \u{2028} -->");
    }

    #[test]
    fn pictures_keywords_notes_and_rights_are_told_where_there_are_any() {
        let image = Image {
            id: Id::from_stored(9),
            source: ImageSource::Stored("demo/port.jpg".into()),
            width: Some(1600),
            height: Some(900),
            alt: String::new(),
            credit: Some("A. Haddad".into()),
            caption: None,
            focal_point: None,
            own_work: false,
        };
        let card = Card { lead_image: Some(image), subtitle: Some("عنوان ثان".into()), ..card() };
        let details = Details {
            rights: Rights {
                licence: Some("https://creativecommons.org/licenses/by/4.0/".into()),
                notice: Some("© 2026".into()),
                syndicatable: true,
            },
            ..details()
        };
        let harbour = Tag {
            id: Id::from_stored(4),
            slug: slug("port"),
            names: names(&[("ar", "مرفأ"), ("fr", "port")]),
        };
        let correction = Correction {
            published_at: instant("2026-03-03T10:00:00Z"),
            kind: CorrectionKind::Correction,
            note: "صحّحنا الرقم.".into(),
        };
        let (_, told) = told(&card, &details, &[&harbour], &[correction]);
        assert_eq!(
            told["image"],
            json!({
                "@type": "ImageObject",
                "url": "https://news.example/media/demo/port.jpg",
                "width": 1600,
                "height": 900,
                "creditText": "A. Haddad",
            })
        );
        assert_eq!(told["keywords"], json!(["مرفأ"]));
        assert_eq!(told["alternativeHeadline"], "عنوان ثان");
        assert_eq!(told["license"], "https://creativecommons.org/licenses/by/4.0/");
        assert_eq!(told["copyrightNotice"], "© 2026");
        assert_eq!(
            told["correction"],
            json!([{"@type": "CorrectionComment", "text": "صحّحنا الرقم.", "datePublished": "2026-03-03T10:00:00Z"}])
        );
    }

    #[test]
    fn a_page_is_a_web_page_and_a_licence_without_an_address_is_no_link() {
        let rights = Rights { licence: Some("CC BY 4.0".into()), ..Rights::default() };
        let (_, told) =
            told(&Card { kind: Kind::Page, ..card() }, &Details { rights, ..details() }, &[], &[]);
        assert_eq!(told["@type"], "WebPage");
        assert!(told.get("articleSection").is_none() && told.get("wordCount").is_none());
        assert!(told.get("license").is_none());
    }
}
