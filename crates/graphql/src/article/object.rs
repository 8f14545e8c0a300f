//! An article as clients see it: a card of a list, or a page whose parts were read along with it.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use masthead_domain::article::{self, Card, Details};
use masthead_domain::comment;
use masthead_domain::comment::pipeline::{Closing, is_over};
use masthead_domain::page::Page;
use masthead_domain::tag;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};
use masthead_persistence::Related;

use super::body::ArticleBody;
use super::desk::ArticleDesk;
use super::load::{CorrectionsOf, DetailsOf, HeadOf, TagsOf, TranslationsOf};
use super::meta::{ArticleKind, ArticleTranslation, Correction, Rights, Seo};
use super::plan::Planned;
use crate::author::Author;
use crate::comment::{Comment, CommentForm, CommentOrder, CommentsOn};
use crate::connection::{Connection, Order, PageArguments, PageSize};
use crate::context::Visit;
use crate::eager::{Eager, EagerList};
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::media::Image;
use crate::related::{RelatedArticles, RelatedTo, related_articles};
use crate::scalar::{DateTime, LanguageTag, Url};
use crate::section::Section;
use crate::site::Direction;
use crate::tag::Tag;

/// An article with what was read of it, and the edition it is shown in.
#[derive(Clone)]
pub(crate) struct Article {
    source: Source,
    edition: Arc<Edition>,
}

#[derive(Clone)]
enum Source {
    Card(Arc<Card>),
    Related(Arc<Related>),
    Planned(Arc<Planned>),
}

impl Article {
    /// An article of a list.
    pub(crate) fn of_card(card: Arc<Card>, edition: Arc<Edition>) -> Self {
        Self { source: Source::Card(card), edition }
    }

    /// An article that is related to another.
    pub(crate) fn of_related(related: Arc<Related>, edition: Arc<Edition>) -> Self {
        Self { source: Source::Related(related), edition }
    }

    /// An article on its own page.
    pub(crate) fn of_planned(planned: Arc<Planned>, edition: Arc<Edition>) -> Self {
        Self { source: Source::Planned(planned), edition }
    }

    pub(crate) fn edition(&self) -> &Arc<Edition> {
        &self.edition
    }

    pub(crate) fn card(&self) -> &Card {
        match &self.source {
            Source::Card(card) => card,
            Source::Related(related) => &related.card,
            Source::Planned(planned) => &planned.card,
        }
    }

    fn plan(&self) -> Option<&Arc<Planned>> {
        match &self.source {
            Source::Planned(planned) => Some(planned),
            Source::Card(_) | Source::Related(_) => None,
        }
    }

    /// The full address of its page.
    pub(crate) fn address(&self) -> Url {
        let card = self.card();
        self.edition.absolute(self.edition.site.permalink.article(&card.locale, &card.slug))
    }

    async fn details(&self) -> Result<Option<Arc<Details>>, Failure> {
        match self.plan().and_then(|planned| planned.details.clone()) {
            Some(details) => Ok(Some(details)),
            None => Ok(self.edition.session.load(DetailsOf(self.card().id)).await?),
        }
    }

    async fn desk_read(&self) -> Result<Option<ArticleDesk>, Failure> {
        let session = &self.edition.session;
        if may(session.reads.viewer(), Action::Use(Permission::WriteArticles)).is_err() {
            return Ok(None);
        }
        let card = self.card();
        let head = session.load(HeadOf(card.id)).await?;
        let desk = |head| ArticleDesk {
            id: card.id,
            locale: card.locale.clone(),
            head,
            edition: self.edition.clone(),
        };
        Ok(head.map(desk))
    }

    pub(super) async fn tags_read(&self) -> Result<Arc<[Arc<tag::Tag>]>, Failure> {
        match self.plan().and_then(|planned| planned.tags.clone()) {
            Some(tags) => Ok(tags),
            None => {
                let found = self.edition.session.load(TagsOf(self.card().id)).await?;
                Ok(found.unwrap_or_else(|| Arc::new([])))
            }
        }
    }

    async fn translations_read(&self) -> Result<Arc<[article::Translation]>, Failure> {
        match self.plan().and_then(|planned| planned.translations.clone()) {
            Some(translations) => Ok(translations),
            None => {
                let found = self.edition.session.load(TranslationsOf(self.card().id)).await?;
                Ok(found.unwrap_or_else(|| Arc::new([])))
            }
        }
    }

    pub(super) async fn corrections_read(&self) -> Result<Arc<[article::Correction]>, Failure> {
        match self.plan().and_then(|planned| planned.corrections.clone()) {
            Some(corrections) => Ok(corrections),
            None => {
                let found = self.edition.session.load(CorrectionsOf(self.card().id)).await?;
                Ok(found.unwrap_or_else(|| Arc::new([])))
            }
        }
    }

    async fn related_page(&self, arguments: &PageArguments) -> Result<RelatedArticles, Failure> {
        let page = arguments.read(Order::Nearest, PageSize::RELATED)?;
        let card = self.card();
        let found = match self.plan().and_then(|planned| planned.related(&page)) {
            Some(found) => found.clone(),
            None => {
                let key = RelatedTo { article: card.id, page };
                self.edition.session.load(key).await?.unwrap_or_else(Page::empty)
            }
        };
        Ok(related_articles(found, card.section.as_ref(), &self.edition))
    }

    async fn threads(
        &self,
        order: CommentOrder,
        arguments: &PageArguments,
    ) -> Result<Connection<Comment>, Failure> {
        let order = comment::Order::from(order);
        let page = arguments.read(order.into(), PageSize::LIST)?;
        let plan = self.plan();
        let found = match plan.and_then(|planned| planned.comments(order, &page)) {
            Some(found) => found.clone(),
            None => {
                let key = CommentsOn { article: self.card().id, order, page };
                self.edition.session.load(key).await?.unwrap_or_else(Page::empty)
            }
        };
        Ok(Connection::plain(found, order.into(), |comment| {
            Comment::new(comment, plan.cloned(), self.edition.clone())
        }))
    }
}

/// An article, or a page such as "About". In one language; its translations are articles of their own. Readers see its
/// published revision.
#[Object]
impl Article {
    /// The global id, for `node` and for caches.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::Article(self.card().id).into()
    }

    /// Its slug as it is now, unique in its language; not percent-encoded.
    fn slug(&self) -> &str {
        self.card().slug.as_str()
    }

    /// The address of its page.
    fn url(&self) -> Url {
        self.address()
    }

    /// Whether it is news, in lists by its date, or a page that is found by its address only.
    fn kind(&self) -> ArticleKind {
        self.card().kind.into()
    }

    /// The language it is written in.
    fn locale(&self) -> LanguageTag {
        LanguageTag(self.card().locale.clone())
    }

    /// The reading direction of headline and text, as set by its author or found in it.
    fn direction(&self) -> Direction {
        self.card().direction.into()
    }

    /// The headline, plain text.
    fn title(&self) -> &str {
        &self.card().title
    }

    /// A second line below the headline, plain text. `null` where there is none.
    fn subtitle(&self) -> Option<&str> {
        self.card().subtitle.as_deref()
    }

    /// A teaser, plain text. `null` where there is none.
    fn excerpt(&self) -> Option<&str> {
        self.card().excerpt.as_deref()
    }

    /// When it was first published. `null` before that, which readers never see.
    fn published_at(&self) -> Option<DateTime> {
        self.card().published_at.map(DateTime)
    }

    /// When its public text last changed.
    fn modified_at(&self) -> DateTime {
        DateTime(self.card().modified_at)
    }

    /// Whether it is marked as breaking news.
    fn breaking(&self) -> bool {
        self.card().breaking
    }

    /// Words in the text, headline and teaser apart.
    fn word_count(&self) -> u32 {
        self.card().word_count
    }

    /// Minutes to read the text, at least 1 where there is any.
    fn reading_minutes(&self) -> u32 {
        self.card().reading_minutes
    }

    /// Its main section. `null` for a page, and for an article in no section.
    fn section(&self) -> Option<Eager<Section>> {
        self.card().section.clone().map(|section| Eager(Section::of_line(section, self.edition.clone())))
    }

    /// Who wrote it, in the order of the byline. Empty where nobody is named.
    fn authors(&self) -> EagerList<Eager<Author>> {
        match self.plan().and_then(|planned| planned.authors.as_ref()) {
            Some(authors) => authors
                .iter()
                .map(|author| Eager(Author::whole(author.clone(), self.edition.clone())))
                .collect(),
            None => {
                let lines = self.card().authors.iter();
                lines.map(|line| Eager(Author::of_line(line.clone(), self.edition.clone()))).collect()
            }
        }
    }

    /// The picture shown with it. `null` where there is none.
    fn lead_image(&self) -> Option<Eager<Image>> {
        self.card().lead_image.clone().map(|image| Eager(Image::new(image, self.edition.clone())))
    }

    /// The subjects it is about, in their set order. Empty where there are none; `null` only together with an error.
    async fn tags(&self) -> Option<Result<EagerList<Eager<Tag>>, Failure>> {
        let shown = |tag: &Arc<tag::Tag>| Eager(Tag::new(tag.clone(), self.edition.clone()));
        Some(self.tags_read().await.map(|tags| tags.iter().map(shown).collect()))
    }

    /// The text. `null` only together with an error.
    async fn body(&self) -> Option<Result<Eager<ArticleBody>, Failure>> {
        let body = |details| Eager(ArticleBody::new(details, self.card().direction, self.edition.clone()));
        self.details().await.map(|details| details.map(body)).transpose()
    }

    /// The same story in other languages. Empty where there is none; `null` only together with an error.
    async fn translations(&self) -> Option<Result<EagerList<Eager<ArticleTranslation>>, Failure>> {
        let one = |translation: &article::Translation| {
            Eager(ArticleTranslation::new(translation.clone(), self.edition.clone()))
        };
        Some(self.translations_read().await.map(|translations| translations.iter().map(one).collect()))
    }

    /// Public notes on changes since it was published, oldest first. Empty where there are none; `null` only together
    /// with an error.
    async fn corrections(&self) -> Option<Result<Vec<Correction>, Failure>> {
        Some(
            self.corrections_read()
                .await
                .map(|corrections| corrections.iter().map(Correction::new).collect()),
        )
    }

    /// Under which terms others may use it. `null` only together with an error.
    async fn rights(&self) -> Option<Result<Eager<Rights>, Failure>> {
        let rights =
            |details: Arc<Details>| Eager(Rights::new(&details.rights, &self.card().locale, &self.edition));
        self.details().await.map(|details| details.map(rights)).transpose()
    }

    /// What search engines and link previews are told. `null` only together with an error.
    async fn seo(&self) -> Option<Result<Eager<Seo>, Failure>> {
        let seo = |details| Eager(Seo::new(self.clone(), details));
        self.details().await.map(|details| details.map(seo)).transpose()
    }

    /// What to read next: editors' choices first, then what shares most. Of all languages where an editor chose it, else
    /// of the article's own. `null` only together with an error.
    async fn related(
        &self,
        #[graphql(
            desc = "How many from the beginning, behind `after`: 1 to 20. Default 5. Not together with `last`."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only articles behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, ahead of `before`: 1 to 20. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only articles ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Eager<RelatedArticles>, Failure>> {
        Some(self.related_page(&PageArguments { first, last, after, before }).await.map(Eager))
    }

    /// Whether a comment can be left: by the article's own rule, else its section's, else the site's, and as long as these
    /// take comments on articles of this age. Some sites take them from people who are signed in
    /// only.
    fn comments_open(&self) -> bool {
        let own = self.card().comment_policy.unwrap_or(self.edition.site.comment_policy);
        let site = self.edition.site.comments_close_after_days;
        let close_after_days = self.card().comments_close.map_or(site, Closing::days);
        let age = self.card().published_at.map(|at| self.edition.now - at);
        self.edition.comment_policy.unwrap_or(own).is_open() && !is_over(close_after_days, age)
    }

    /// What a form for a comment below it needs: its token, the guidelines, the limits that hold here. For the moment at
    /// which the form is opened, so it is not to be kept in a cache. `null` only together with an error, or where the article
    /// went a moment ago.
    async fn comment_form(&self, ctx: &Context<'_>) -> Option<Result<CommentForm, Failure>> {
        CommentForm::below(self.card().id, Visit::of(ctx), &self.edition).await.transpose()
    }

    /// The desk's side of it: the head, where it stands, its history. `null` for whoever does not work on it; or together
    /// with an error.
    async fn desk(&self) -> Option<Result<ArticleDesk, Failure>> {
        self.desk_read().await.transpose()
    }

    /// Public comments below it, replies included.
    fn comment_count(&self) -> u32 {
        self.card().comment_count
    }

    /// The public comments that answer no other; their answers are in `replies` of each. `totalCount` counts these
    /// threads, `commentCount` all comments. `null` only together with an error.
    ///
    /// A page of 100 threads with 100 replies each is more than one request may ask for (COMPLEXITY, 50,000 by default):
    /// the two page sizes multiply, and with them the fields asked for of a comment. Of some 20 fields each, 100 threads
    /// with 10 replies pass, or 50 with 20; fetch more by the cursors of each.
    async fn comments(
        &self,
        #[graphql(
            default_with = "Some(CommentOrder::Oldest)",
            desc = "The order of the threads. A cursor holds in one order only."
        )]
        order_by: Option<CommentOrder>,
        #[graphql(
            desc = "How many from the beginning, behind `after`: 1 to 100. Default 20. Not together with `last`."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only comments behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, ahead of `before`: 1 to 100. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only comments ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Eager<Connection<Comment>>, Failure>> {
        let page = PageArguments { first, last, after, before };
        Some(self.threads(order_by.unwrap_or_default(), &page).await.map(Eager))
    }
}
