//! `newsroom.toml`: the site, its sections, authors and tags, and who signs in. It must not know of articles.

use masthead_actions::newsroom::described::{Author, Member, Newsroom, Section, Tag};
use masthead_actions::user::create::Person;
use masthead_actions::user::password::Password;
use masthead_domain::author::Link;
use masthead_domain::comment::Policy;
use masthead_domain::site::{Permalink, Site, TimeZone};
use masthead_domain::text::{LanguageTag, Localized, Slug, SlugKey};
use masthead_domain::user::{EmailAddress, Role};
use serde::Deserialize;

use super::content::{ContentError, Fault, Source, text, toml};
use super::picture::Pictures;

const FILE: &str = "newsroom.toml";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewsroomFile {
    site: SiteEntry,
    section: Vec<SectionEntry>,
    author: Vec<AuthorEntry>,
    tag: Vec<TagEntry>,
    member: Vec<MemberEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SiteEntry {
    default_locale: LanguageTag,
    locales: Vec<LanguageTag>,
    comment_policy: Policy,
    time_zone: String,
    name: Localized<String>,
    tagline: Localized<String>,
    copyright: Localized<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionEntry {
    slug: String,
    /// The slug of a section further up in the file.
    parent: Option<String>,
    position: i32,
    name: Localized<String>,
    description: Localized<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorEntry {
    slug: String,
    /// The name of a picture, without folder and ending.
    avatar: Option<String>,
    links: Vec<LinkEntry>,
    name: Localized<String>,
    role: Localized<String>,
    biography: Localized<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkEntry {
    label: String,
    url: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TagEntry {
    slug: String,
    name: Localized<String>,
}

/// Someone with a login.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MemberEntry {
    /// The slug of the author, whose name is taken too.
    author: String,
    email: String,
    role: Role,
}

/// Reads everything but articles and the pictures' entries.
pub(super) fn read(
    source: &impl Source,
    password: &Password,
    pictures: &mut Pictures,
) -> Result<Newsroom, ContentError> {
    let NewsroomFile { site, section, author, tag, member } = toml(FILE, &text(source, FILE)?, 1)?;
    let members = member.iter().map(|entry| self::member(entry, &author, &site.default_locale, password));
    let members = members.collect::<Result<_, _>>()?;
    Ok(Newsroom {
        site: Site {
            names: site.name,
            taglines: site.tagline,
            copyright_notices: site.copyright,
            default_locale: site.default_locale,
            locales: site.locales,
            comment_policy: site.comment_policy,
            comments_close_after_days: None,
            permalink: Permalink::default(),
            former_permalinks: Vec::new(),
            time_zone: TimeZone::parse(&site.time_zone)
                .map_err(|_| Fault::value("time_zone", &site.time_zone, "is none").of(FILE))?,
        },
        sections: section.into_iter().map(self::section).collect::<Result<_, _>>()?,
        pictures: Vec::new(),
        authors: author.into_iter().map(|entry| self::author(entry, pictures)).collect::<Result<_, _>>()?,
        tags: tag.into_iter().map(self::tag).collect::<Result<_, _>>()?,
        articles: Vec::new(),
        members,
    })
}

fn section(entry: SectionEntry) -> Result<Section, ContentError> {
    Ok(Section {
        slug: slug(&entry.slug)?,
        parent: entry.parent.as_deref().map(SlugKey::of),
        position: entry.position,
        names: entry.name,
        descriptions: entry.description,
    })
}

fn author(entry: AuthorEntry, pictures: &mut Pictures) -> Result<Author, ContentError> {
    let avatar = entry.avatar.map(|name| match pictures.name(&name) {
        Some(path) => Ok(path),
        None => Err(Fault::value("avatar", &name, "is not there").of(FILE)),
    });
    Ok(Author {
        slug: slug(&entry.slug)?,
        names: entry.name,
        roles: entry.role,
        biographies: entry.biography,
        links: entry.links.into_iter().map(|LinkEntry { label, url }| Link { label, url }).collect(),
        avatar: avatar.transpose()?,
    })
}

fn tag(entry: TagEntry) -> Result<Tag, ContentError> {
    Ok(Tag { slug: slug(&entry.slug)?, names: entry.name })
}

fn member(
    entry: &MemberEntry,
    authors: &[AuthorEntry],
    locale: &LanguageTag,
    password: &Password,
) -> Result<Member, ContentError> {
    let author = authors.iter().find(|author| author.slug == entry.author);
    let name = author.and_then(|author| author.name.get(locale, locale));
    let name = name.ok_or_else(|| Fault::value("author", &entry.author, "is not there").of(FILE))?;
    let email = EmailAddress::parse(&entry.email)
        .map_err(|_| Fault::value("email", &entry.email, "is no address").of(FILE))?;
    let person = Person { email, name: name.clone(), role: entry.role, password: password.clone() };
    Ok(Member { person, author: Some(SlugKey::of(&entry.author)) })
}

fn slug(text: &str) -> Result<Slug, ContentError> {
    Slug::import(text).ok_or_else(|| Fault::value("slug", text, "is none").of(FILE))
}
