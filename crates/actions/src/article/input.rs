//! What an editor asks to write into an article, checked field by field before anything is looked up.

use chrono::{DateTime, Utc};
use masthead_domain::article::{ArticleId, Body, Content, Kind, Rights, Seo};
use masthead_domain::comment::Policy;
use masthead_domain::media::ImageId;
use masthead_domain::text::plain::{Unfit, line, lines};
use masthead_domain::text::{Direction, LanguageTag, Slug};

use crate::refused::{Fault, Faults};

/// A wish for a field that may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Leave it as it is.
    #[default]
    Keep,
    /// Make it empty.
    Clear,
    /// Put this there.
    Set(T),
}

/// What is to be written; what is absent stays as it is.
#[derive(Debug, Clone, Default)]
pub struct ArticleInput {
    /// The headline, one line, at most 300 characters.
    pub title: Option<String>,
    /// A second line below it, at most 500 characters.
    pub subtitle: Patch<String>,
    /// A teaser, at most 2,000 characters.
    pub excerpt: Patch<String>,
    /// The slug wished for; cleared: made of the headline.
    pub slug: Patch<String>,
    /// The language; only before the first publication.
    pub locale: Option<LanguageTag>,
    /// As set by the author; cleared: found in the text.
    pub direction: Patch<Direction>,
    /// The main section's slug.
    pub section: Patch<String>,
    /// Further sections' slugs, at most 10.
    pub other_sections: Option<Vec<String>>,
    /// The tags' names in their order, at most 30; new ones are made.
    pub tag_names: Option<Vec<String>>,
    /// The authors' slugs in their order, at most 20.
    pub authors: Option<Vec<String>>,
    /// The text.
    pub body: Option<Body>,
    /// The picture shown with it.
    pub lead_image: Patch<ImageId>,
    /// An article whose translation this one is; cleared: of none.
    pub translation_of: Patch<ArticleId>,
    /// Article or page; only when it is made.
    pub kind: Option<Kind>,
    /// Breaking news.
    pub breaking: Option<bool>,
    /// The article's own rule for comments.
    pub comment_policy: Patch<Policy>,
    /// Before this no reader sees it.
    pub embargo_until: Patch<DateTime<Utc>>,
    /// For search engines.
    pub seo: Option<Seo>,
    /// Rights of use.
    pub rights: Option<Rights>,
    /// Why it is changed, for the history.
    pub reason: Option<String>,
}

/// Most further sections.
pub const MAX_SECTIONS: usize = 10;
/// Most tags.
pub const MAX_TAGS: usize = 30;
/// Most authors.
pub const MAX_AUTHORS: usize = 20;
/// Longest name of a tag in characters.
pub const MAX_TAG_NAME: usize = 100;
/// Longest headline in characters.
pub const MAX_TITLE: usize = 300;

/// A wish without anything to be looked up: what can be checked by itself.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub(super) title: Option<String>,
    pub(super) subtitle: Patch<String>,
    pub(super) excerpt: Patch<String>,
    pub(super) slug: Patch<Slug>,
    pub(super) tag_names: Option<Vec<(Slug, String)>>,
    pub(super) seo: Option<Seo>,
    pub(super) rights: Option<Rights>,
    pub(super) reason: Option<String>,
}

impl ArticleInput {
    /// Checks what needs no look at the database. Every fault is told, not only the first.
    pub(super) fn check(&self, faults: &mut Faults) -> Checked {
        Checked {
            title: self
                .title
                .as_deref()
                .and_then(|text| fit(faults, "input.title", line(text, MAX_TITLE)))
                .map(Option::unwrap_or_default),
            subtitle: short(faults, "input.subtitle", &self.subtitle, 500),
            excerpt: match &self.excerpt {
                Patch::Set(text) => {
                    fit(faults, "input.excerpt", lines(text, 2_000)).map_or(Patch::Keep, set_or_clear)
                }
                Patch::Clear => Patch::Clear,
                Patch::Keep => Patch::Keep,
            },
            slug: self.check_slug(faults),
            tag_names: self.check_tags(faults),
            seo: self.seo.as_ref().map(|seo| Seo {
                title: optional(faults, "input.seo.title", seo.title.as_deref(), MAX_TITLE),
                description: optional(faults, "input.seo.description", seo.description.as_deref(), 500),
            }),
            rights: self.rights.as_ref().map(|rights| Rights {
                licence: optional(faults, "input.rights.licence", rights.licence.as_deref(), 200),
                notice: optional(faults, "input.rights.notice", rights.notice.as_deref(), 500),
                syndicatable: rights.syndicatable,
            }),
            reason: optional(faults, "input.reason", self.reason.as_deref(), 500),
        }
    }

    fn check_slug(&self, faults: &mut Faults) -> Patch<Slug> {
        match &self.slug {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(text) => match Slug::import(text) {
                Some(slug) if slug.as_str().chars().count() <= Slug::MAX_MADE => Patch::Set(slug),
                _ => {
                    faults.add(
                        "input.slug",
                        format!(
                            "A slug has 1 to {} letters, digits or hyphens of any script, and no spaces or slashes.",
                            Slug::MAX_MADE
                        ),
                    );
                    Patch::Keep
                }
            },
        }
    }

    fn check_tags(&self, faults: &mut Faults) -> Option<Vec<(Slug, String)>> {
        let names = self.tag_names.as_ref()?;
        if names.len() > MAX_TAGS {
            faults.add(
                "input.tagNames",
                format!("An article has at most {MAX_TAGS} tags, and this one {}.", names.len()),
            );
        }
        let mut tags: Vec<(Slug, String)> = Vec::with_capacity(names.len());
        for name in names {
            let Some(name) = fit(faults, "input.tagNames", line(name, MAX_TAG_NAME)).flatten() else {
                continue;
            };
            match Slug::make(&name) {
                Some(slug) if tags.iter().all(|(other, _)| other.key() != slug.key()) => {
                    tags.push((slug, name))
                }
                Some(_) => {}
                None => faults.add("input.tagNames", "A tag's name has a letter or a digit."),
            }
        }
        Some(tags)
    }
}

/// What an article that is begun starts from.
pub(super) fn empty_content(slug: Slug) -> Content {
    Content {
        slug,
        title: String::new(),
        subtitle: None,
        excerpt: None,
        direction: None,
        body: Body::default(),
        lead_image: None,
        section: None,
        other_sections: Vec::new(),
        tags: Vec::new(),
        authors: Vec::new(),
        breaking: false,
        comment_policy: None,
        rights: Rights::default(),
        seo: Seo::default(),
    }
}

/// Puts a wish into its field.
pub(super) fn apply<T>(field: &mut Option<T>, patch: Patch<T>) {
    match patch {
        Patch::Keep => {}
        Patch::Clear => *field = None,
        Patch::Set(value) => *field = Some(value),
    }
}

fn set_or_clear(text: Option<String>) -> Patch<String> {
    text.map_or(Patch::Clear, Patch::Set)
}

fn short(faults: &mut Faults, field: &'static str, patch: &Patch<String>, max: usize) -> Patch<String> {
    match patch {
        Patch::Set(text) => fit(faults, field, line(text, max)).map_or(Patch::Keep, set_or_clear),
        Patch::Clear => Patch::Clear,
        Patch::Keep => Patch::Keep,
    }
}

fn optional(faults: &mut Faults, field: &'static str, text: Option<&str>, max: usize) -> Option<String> {
    text.and_then(|text| fit(faults, field, lines(text, max)).flatten())
}

fn fit<T>(faults: &mut Faults, field: &'static str, text: Result<T, Unfit>) -> Option<T> {
    faults.take(text.map_err(|unfit| Fault::new(field, format!("It {unfit}."))))
}
