//! The desk's side of an article: its head, where it stands, its history.

use std::sync::Arc;

use async_graphql::{ID, Object};
use masthead_domain::article::desk::Head;
use masthead_domain::article::{ArticleId, Details};
use masthead_domain::text;
use masthead_domain::viewer::policy::{Action, ArticleAct, ArticleFacts, may};

use super::body::ArticleBody;
use super::diff::{FieldChange, revision_diff};
use super::history::{RevisionEntry, revisions};
use super::input::CommentPolicy;
use super::life::{ArticleAction, ArticleStatus};
use super::load::HeadBodyOf;
use super::meta::{HeadSeo, Rights};
use crate::author::{Author, AuthorById};
use crate::connection::{Connection, PageArguments};
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::media::{Image, ImageById};
use crate::scalar::{DateTime, Url};
use crate::section::Section;
use crate::site::Direction;
use crate::tag::{Tag, TagById};

/// An article's head, and the edition it is shown in.
#[derive(Clone)]
pub(crate) struct ArticleDesk {
    pub(super) id: ArticleId,
    pub(super) locale: text::LanguageTag,
    pub(super) head: Arc<Head>,
    pub(super) edition: Arc<Edition>,
}

impl ArticleDesk {
    fn text_direction(&self) -> text::Direction {
        self.head.content.direction(&self.locale)
    }

    async fn authors_read(&self) -> Result<Vec<Author>, Failure> {
        let keys: Vec<_> = self.head.content.authors.iter().copied().map(AuthorById).collect();
        let mut found = self.edition.session.loader().load_many(keys.iter().copied()).await?;
        let whole = |author| Author::whole(author, self.edition.clone());
        Ok(keys.iter().filter_map(|key| found.remove(key)).map(whole).collect())
    }

    async fn tags_read(&self) -> Result<Vec<Tag>, Failure> {
        let keys: Vec<_> = self.head.content.tags.iter().copied().map(TagById).collect();
        let mut found = self.edition.session.loader().load_many(keys.iter().copied()).await?;
        Ok(keys
            .iter()
            .filter_map(|key| found.remove(key))
            .map(|tag| Tag::new(tag, self.edition.clone()))
            .collect())
    }

    async fn sections_read(
        &self,
        ids: &[masthead_domain::section::SectionId],
    ) -> Result<Vec<Section>, Failure> {
        let tree = self.edition.session.sections().await?;
        let section =
            |id: &_| tree.by_id(*id).map(|section| Section::whole(section.clone(), self.edition.clone()));
        Ok(ids.iter().filter_map(section).collect())
    }

    async fn body_read(&self) -> Result<Option<ArticleBody>, Failure> {
        let body = self.edition.session.load(HeadBodyOf(self.id)).await?;
        Ok(body.map(|details: Arc<Details>| {
            ArticleBody::new(details, self.text_direction(), self.edition.clone())
        }))
    }

    async fn lead_image_read(&self) -> Result<Option<Image>, Failure> {
        let Some(id) = self.head.content.lead_image else { return Ok(None) };
        let image = self.edition.session.load(ImageById(id)).await?;
        Ok(image.map(|image| Image::new(image, self.edition.clone())))
    }

    async fn preview(&self) -> Result<Url, Failure> {
        let secret = self.edition.session.reads.site_secret().await?;
        let token = masthead_actions::article::preview::issue(&secret, self.id, self.edition.now);
        Ok(self.edition.absolute(format!("/preview/{token}")))
    }

    /// What the policy must know, as far as a head tells it: who reaches a head by their own articles is told so.
    fn facts(&self) -> ArticleFacts {
        let viewer = self.edition.session.reads.viewer();
        let content = &self.head.content;
        let mine = viewer.member().is_some_and(|member| {
            self.head.created_by == Some(member.user)
                || member.author.is_some_and(|author| content.authors.contains(&author))
        });
        ArticleFacts {
            status: Some(self.head.status),
            was_public: self.head.was_public,
            mine,
            sections: content.section.into_iter().chain(content.other_sections.iter().copied()).collect(),
        }
    }
}

/// What the desk works on: the article's head, which readers see only when it is published, and where it stands.
#[Object]
impl ArticleDesk {
    /// Where the article stands in its life.
    fn status(&self) -> ArticleStatus {
        self.head.status.into()
    }

    /// The number of its newest revision: 1 at first, one more with every change, steps of its life included. To be
    /// given back with a change, so that two people do not overwrite each other.
    fn version(&self) -> i32 {
        self.head.version
    }

    /// What you may do with it now.
    async fn actions(&self) -> Vec<ArticleAction> {
        let facts = self.facts();
        let viewer = self.edition.session.reads.viewer();
        let allowed = |act: ArticleAct| may(viewer, Action::Article(act, &facts)).is_ok();
        ArticleAction::possible(self.head.status, allowed)
    }

    /// The slug that the head wishes for.
    fn slug(&self) -> &str {
        self.head.content.slug.as_str()
    }

    /// The head's headline, plain text. May be empty in a draft.
    fn title(&self) -> &str {
        &self.head.content.title
    }

    /// The head's second line. `null` where there is none.
    fn subtitle(&self) -> Option<&str> {
        self.head.content.subtitle.as_deref()
    }

    /// The head's teaser. `null` where there is none.
    fn excerpt(&self) -> Option<&str> {
        self.head.content.excerpt.as_deref()
    }

    /// The head's reading direction: as set, else as found in the text.
    fn direction(&self) -> Direction {
        self.text_direction().into()
    }

    /// The reading direction as it was set. `null` where it is found in the text.
    fn own_direction(&self) -> Option<Direction> {
        self.head.content.direction.map(Into::into)
    }

    /// The head's text. `null` only together with an error.
    async fn body(&self) -> Option<Result<ArticleBody, Failure>> {
        self.body_read().await.transpose()
    }

    /// The head's text as Markdown for whoever goes on writing: handed in again as `body: { markdown }` it gives the same
    /// text. What Markdown cannot say is HTML in it. `null` only together with an error.
    async fn body_markdown(&self) -> Option<Result<String, Failure>> {
        self.body_read().await.map(|body| body.map(|body| body.markdown())).transpose()
    }

    /// Words in the head's text.
    fn word_count(&self) -> u32 {
        self.head.word_count
    }

    /// When it goes live. `null` where it is not scheduled.
    fn scheduled_for(&self) -> Option<DateTime> {
        self.head.scheduled_for.map(DateTime)
    }

    /// The same moment as a clock in the site's time zone shows it, by RFC 3339 with the zone's offset:
    /// `2026-11-24T16:30:00+02:00`. `null` where it is not scheduled.
    fn scheduled_for_local(&self) -> Option<String> {
        self.head.scheduled_for.map(|at| self.edition.site.time_zone.clock(at))
    }

    /// Until when no reader sees it, whatever its status. `null` where there is no embargo.
    fn embargo_until(&self) -> Option<DateTime> {
        self.head.embargo_until.map(DateTime)
    }

    /// The same moment as a clock in the site's time zone shows it, by RFC 3339 with the zone's offset. `null` where there
    /// is no embargo.
    fn embargo_until_local(&self) -> Option<String> {
        self.head.embargo_until.map(|at| self.edition.site.time_zone.clock(at))
    }

    /// When it was last changed, steps of its life included.
    fn modified_at(&self) -> DateTime {
        DateTime(self.head.modified_at)
    }

    /// Whether the head differs from what is published. False before the first publication.
    fn has_unpublished_changes(&self) -> bool {
        self.head.has_unpublished_changes
    }

    /// A link that shows the head to a person without an account, for 7 to 8 days. Whoever has it may look. `null` only
    /// together with an error.
    async fn preview_url(&self) -> Option<Result<Url, Failure>> {
        Some(self.preview().await)
    }

    /// The head's main section. `null` where it is in none; or together with an error.
    async fn section(&self) -> Option<Result<Section, Failure>> {
        let section: Vec<_> = self.head.content.section.into_iter().collect();
        self.sections_read(&section).await.map(|sections| sections.into_iter().next()).transpose()
    }

    /// The head's further sections. `null` only together with an error.
    async fn other_sections(&self) -> Option<Result<Vec<Section>, Failure>> {
        Some(self.sections_read(&self.head.content.other_sections).await)
    }

    /// The head's authors in their order. `null` only together with an error.
    async fn authors(&self) -> Option<Result<Vec<Author>, Failure>> {
        Some(self.authors_read().await)
    }

    /// The head's tags in their order. `null` only together with an error.
    async fn tags(&self) -> Option<Result<Vec<Tag>, Failure>> {
        Some(self.tags_read().await)
    }

    /// The head's picture. `null` where there is none; or together with an error.
    async fn lead_image(&self) -> Option<Result<Image, Failure>> {
        self.lead_image_read().await.transpose()
    }

    /// Whether the head is marked as breaking news.
    fn breaking(&self) -> bool {
        self.head.content.breaking
    }

    /// The article's own rule for comments. `null`: the site's.
    fn comment_policy(&self) -> Option<CommentPolicy> {
        self.head.content.comment_policy.map(Into::into)
    }

    /// What the head says to search engines and link previews in the place of headline and excerpt: as `seo` of the input
    /// takes it.
    fn seo(&self) -> HeadSeo {
        HeadSeo::new(&self.head.content.seo)
    }

    /// The head's rights of use.
    fn rights(&self) -> Rights {
        Rights::new(&self.head.content.rights, &self.locale, &self.edition)
    }

    /// The id of the person who began it. `null` where it was imported, or their login is gone.
    fn created_by_id(&self) -> Option<ID> {
        self.head.created_by.map(|user| GlobalId::User(user).into())
    }

    /// All its revisions, the newest first. `null` only together with an error.
    async fn revisions(
        &self,
        #[graphql(
            desc = "How many from the beginning, behind `after`: 1 to 100. Default 20. Not together with `last`."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only revisions behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, ahead of `before`: 1 to 100. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only revisions ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<RevisionEntry>, Failure>> {
        Some(revisions(self, &PageArguments { first, last, after, before }).await)
    }

    /// What differs from one revision to another: one entry a field that does. The two are compared as they are; a later
    /// `from` shows what was taken back. `null` where it has no such revision; or together with an error.
    async fn revision_diff(
        &self,
        #[graphql(desc = "The number of the revision to start from.")] from: i32,
        #[graphql(desc = "The number of the revision to compare it with.")] to: i32,
    ) -> Option<Result<Vec<FieldChange>, Failure>> {
        revision_diff(self, from, to).await.transpose()
    }
}
