//! What surrounds an article's text: its kind, rights, notes, translations, and what search engines are told.

use std::sync::Arc;

use async_graphql::{Enum, ID, Object, SimpleObject};
use masthead_domain::article::{self, ArticleId, Details};
use masthead_interchange::json_ld;

use super::{Article, ArticleById};
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::scalar::{DateTime, LanguageTag, Url};
use crate::site::Direction;

/// What an article is to lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "masthead_domain::article::Kind")]
pub(crate) enum ArticleKind {
    /// News: in lists and feeds by its date.
    Article,
    /// About, contact, imprint: found by its address only.
    Page,
}

/// What kind of change a note tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "masthead_domain::article::CorrectionKind")]
pub(crate) enum CorrectionKind {
    /// Something was wrong and was put right.
    Correction,
    /// Something was right but could be misunderstood.
    Clarification,
    /// Something new was added.
    Update,
    /// The article is withdrawn; it stays reachable under this notice.
    Retraction,
}

/// A dated public note on a change to a published article.
#[derive(SimpleObject)]
pub(crate) struct Correction {
    /// When the note was published.
    published_at: DateTime,
    /// What kind of change.
    kind: CorrectionKind,
    /// The note, plain text, in the article's language.
    note: String,
}

impl Correction {
    pub(super) fn new(correction: &article::Correction) -> Self {
        Self {
            published_at: DateTime(correction.published_at),
            kind: correction.kind.into(),
            note: correction.note.clone(),
        }
    }
}

/// Rights of use of an article.
#[derive(SimpleObject)]
pub(crate) struct Rights {
    /// A licence's name or address. `null`: all rights reserved.
    licence: Option<String>,
    /// A notice to print with the text, plain text: the article's own, else the site's copyright notice. `null` where
    /// there is neither.
    notice: Option<String>,
    /// The article's own notice, plain text. `null` where the site's copyright notice stands in its place.
    own_notice: Option<String>,
    /// Whether others may take the article over by feed or interface.
    syndicatable: bool,
}

impl Rights {
    /// `locale` is the article's: the notice is printed with its text.
    pub(super) fn new(
        rights: &article::Rights,
        locale: &masthead_domain::text::LanguageTag,
        edition: &Edition,
    ) -> Self {
        let site = || edition.site.copyright_notices.get(locale, &edition.site.default_locale).cloned();
        Self {
            licence: rights.licence.clone(),
            notice: rights.notice.clone().or_else(site),
            own_notice: rights.notice.clone(),
            syndicatable: rights.syndicatable,
        }
    }
}

/// What was written for search engines and link previews, where it differs from headline and excerpt.
#[derive(SimpleObject)]
pub(crate) struct HeadSeo {
    /// Instead of the headline, plain text. `null`: the headline.
    title: Option<String>,
    /// Instead of the excerpt, plain text. `null`: the excerpt.
    description: Option<String>,
}

impl HeadSeo {
    pub(super) fn new(seo: &article::Seo) -> Self {
        Self { title: seo.title.clone(), description: seo.description.clone() }
    }
}

/// The line of a translation, and the edition it is shown in.
pub(crate) struct ArticleTranslation {
    translation: article::Translation,
    edition: Arc<Edition>,
}

impl ArticleTranslation {
    pub(super) fn new(translation: article::Translation, edition: Arc<Edition>) -> Self {
        Self { translation, edition }
    }

    async fn whole(&self) -> Result<Option<Article>, Failure> {
        let id: ArticleId = self.translation.id;
        let card = self.edition.session.load(ArticleById(id)).await?;
        Ok(card.map(|card| Article::of_card(card, self.edition.clone())))
    }
}

/// The same story in another language.
#[Object]
impl ArticleTranslation {
    /// The global id of the other article: `node` with it answers an `Article`.
    fn id(&self) -> ID {
        GlobalId::Article(self.translation.id).into()
    }

    /// Its slug in its own language.
    fn slug(&self) -> &str {
        self.translation.slug.as_str()
    }

    /// Its language.
    fn locale(&self) -> LanguageTag {
        LanguageTag(self.translation.locale.clone())
    }

    /// Its headline, plain text.
    fn title(&self) -> &str {
        &self.translation.title
    }

    /// The direction that its language is written in.
    fn direction(&self) -> Direction {
        self.translation.locale.direction().into()
    }

    /// The address of its page.
    fn url(&self) -> Url {
        let path = self.edition.site.permalink.article(&self.translation.locale, &self.translation.slug);
        self.edition.absolute(path)
    }

    /// The whole of it. `null` only together with an error.
    async fn article(&self) -> Option<Result<Article, Failure>> {
        self.whole().await.transpose()
    }
}

/// An article whose details were read.
pub(crate) struct Seo {
    article: Article,
    details: Arc<Details>,
}

impl Seo {
    pub(super) fn new(article: Article, details: Arc<Details>) -> Self {
        Self { article, details }
    }

    async fn structured_data(&self) -> Result<String, Failure> {
        let (tags, corrections) =
            futures_util::try_join!(self.article.tags_read(), self.article.corrections_read())?;
        let tags: Vec<_> = tags.iter().map(AsRef::as_ref).collect();
        Ok(json_ld::article(&json_ld::Subject {
            card: self.article.card(),
            details: &self.details,
            tags: &tags,
            corrections: &corrections,
            site: &self.article.edition().site,
            public_url: self.article.edition().public_url(),
        }))
    }
}

/// What search engines and link previews are told of an article.
#[Object]
impl Seo {
    /// The title for results and previews, plain text: the one written for them, else the headline.
    fn title(&self) -> &str {
        self.details.seo.title.as_deref().unwrap_or(&self.article.card().title)
    }

    /// The description for results and previews, plain text: the one written for them, else the excerpt. `null` where
    /// there is neither.
    fn description(&self) -> Option<&str> {
        self.details.seo.description.as_deref().or(self.article.card().excerpt.as_deref())
    }

    /// The one address that this article should be known by.
    fn canonical_url(&self) -> Url {
        self.article.address()
    }

    /// A schema.org NewsArticle (a WebPage for `kind: PAGE`) as JSON-LD, to be put into
    /// `<script type="application/ld+json">` as it stands: `<`, `>` and `&` are escaped. `null` only together with an
    /// error.
    async fn json_ld(&self) -> Option<Result<String, Failure>> {
        Some(self.structured_data().await)
    }
}
