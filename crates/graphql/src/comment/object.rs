//! A comment as clients see it.

use std::sync::Arc;

use async_graphql::{Enum, ID, Object, SimpleObject};
use masthead_domain::comment;
use masthead_domain::page::Page;

use super::CommentById;
use super::load::{ModerationOf, RepliesTo};
use super::moderation::CommentModeration;
use crate::article::{Article, ArticleById, Planned};
use crate::connection::{Connection, Order, PageArguments, PageSize};
use crate::eager::{Eager, EagerList};
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::scalar::{DateTime, Html};
use crate::site::Direction;

/// The order of a list of comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Enum)]
#[graphql(remote = "masthead_domain::comment::Order")]
pub(crate) enum CommentOrder {
    /// As the conversation went.
    #[default]
    Oldest,
    /// The latest first.
    Newest,
    /// Most likes first; of as many likes, the oldest first.
    MostLiked,
}

/// What a reader can say of a comment with one touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "masthead_domain::comment::ReactionKind")]
pub(crate) enum ReactionKind {
    /// Likes it.
    Like,
    /// Learnt from it.
    Insightful,
    /// Sees it otherwise.
    Disagree,
}

/// How many readers chose a reaction.
#[derive(SimpleObject)]
pub(crate) struct ReactionCount {
    /// Which reaction.
    kind: ReactionKind,
    /// How many readers.
    count: u32,
}

/// The text of a comment.
#[derive(SimpleObject)]
pub(crate) struct CommentBody {
    /// With paragraphs, line breaks and links; everything else of what was typed is escaped. May be inserted as it
    /// stands.
    html: Html,
    /// As it was typed, plain text.
    text: String,
}

/// A comment, and the edition it is shown in.
pub(crate) struct Comment {
    comment: Arc<comment::Comment>,
    planned: Option<Arc<Planned>>,
    /// What it answers, where that was read along with it.
    above: Option<Option<Arc<comment::Comment>>>,
    edition: Arc<Edition>,
}

impl Comment {
    /// A comment; `planned` where it came with an article's page, replies and all.
    pub(crate) fn new(
        comment: Arc<comment::Comment>,
        planned: Option<Arc<Planned>>,
        edition: Arc<Edition>,
    ) -> Self {
        Self { comment, planned, above: None, edition }
    }

    /// A comment that was read with what it answers.
    pub(super) fn with_parent(
        comment: Arc<comment::Comment>,
        parent: Option<Arc<comment::Comment>>,
        edition: Arc<Edition>,
    ) -> Self {
        Self { comment, planned: None, above: Some(parent), edition }
    }

    async fn below(&self) -> Result<Option<Article>, Failure> {
        let card = self.edition.session.load(ArticleById(self.comment.article)).await?;
        Ok(card.map(|card| Article::of_card(card, self.edition.clone())))
    }

    async fn answered(&self) -> Result<Option<Self>, Failure> {
        let Some(parent) = self.comment.parent else { return Ok(None) };
        let parent = match &self.above {
            Some(read) => read.clone(),
            None => self.edition.session.load(CommentById(parent)).await?,
        };
        Ok(parent.map(|parent| Self::new(parent, None, self.edition.clone())))
    }

    async fn answers(&self, arguments: &PageArguments) -> Result<Connection<Self>, Failure> {
        let page = arguments.read(Order::OldestComment, PageSize::LIST)?;
        let id = self.comment.id;
        let found = match self.planned.as_ref().and_then(|planned| planned.replies(id, &page)) {
            Some(found) => found.clone(),
            None if self.comment.reply_count == 0 => Page::of(&page, Vec::new(), Some(0)),
            None => {
                let key = RepliesTo { parent: id, page };
                self.edition.session.load(key).await?.unwrap_or_else(Page::empty)
            }
        };
        Ok(Connection::plain(found, Order::OldestComment, |reply| {
            Self::new(reply, None, self.edition.clone())
        }))
    }
}

/// A comment below an article, by a reader or by the newsroom. Threads keep their true shape, whatever depth is shown.
#[Object]
impl Comment {
    /// The global id, for `node`, for answering it, and for caches.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::Comment(self.comment.id).into()
    }

    /// The name its writer gave, plain text. `null`: they gave none.
    fn author_name(&self) -> Option<&str> {
        self.comment.author_name.as_deref()
    }

    /// Whether the newsroom wrote it.
    fn by_staff(&self) -> bool {
        self.comment.by_staff
    }

    /// The reading direction of its text.
    fn direction(&self) -> Direction {
        self.comment.direction.into()
    }

    /// Whether its text is gone, taken back by its writer or away from readers: it is then the place of a comment, there
    /// for the answers below it, without name or text.
    fn removed(&self) -> bool {
        !self.comment.status.is_public() && self.comment.text.is_empty()
    }

    /// Its text; empty where it is `removed`.
    fn body(&self) -> Eager<CommentBody> {
        Eager(CommentBody { html: Html(self.comment.html.clone()), text: self.comment.text.clone() })
    }

    /// When it was left.
    fn created_at(&self) -> DateTime {
        DateTime(self.comment.created_at)
    }

    /// When its writer last changed it. `null` where it is as it was left.
    fn edited_at(&self) -> Option<DateTime> {
        self.comment.edited_at.map(DateTime)
    }

    /// How many readers chose each reaction: every kind, also those that nobody chose.
    fn reactions(&self) -> EagerList<Eager<ReactionCount>> {
        self.comment
            .reactions
            .iter()
            .map(|&(kind, count)| Eager(ReactionCount { kind: kind.into(), count }))
            .collect()
    }

    /// How many comments stand above it in its thread: 0 at the top.
    fn depth(&self) -> u32 {
        self.comment.depth
    }

    /// The article it is about. `null` where it is not for you.
    async fn article(&self) -> Option<Result<Article, Failure>> {
        self.below().await.transpose()
    }

    /// The comment it answers. `null` at the top of a thread, and where that comment is not there for readers.
    async fn parent(&self) -> Option<Result<Self, Failure>> {
        self.answered().await.transpose()
    }

    /// What only moderators see of it. `null` for everyone else, and where the comment is not theirs to decide on. Needs
    /// MODERATE_COMMENTS.
    async fn moderation(&self) -> Option<Result<CommentModeration, Failure>> {
        let loaded = self.edition.session.load(ModerationOf(self.comment.id)).await;
        loaded.map(|found| found.map(CommentModeration)).map_err(Failure::from).transpose()
    }

    /// The comments that answer this one directly, oldest first, places of removed ones that were answered among them; `totalCount` counts these. `null` only together
    /// with an error. Within a list of comments the two page sizes multiply, as `Article.comments` says.
    async fn replies(
        &self,
        #[graphql(
            desc = "How many from the beginning, behind `after`: 1 to 100. Default 20. Not together with `last`."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only comments behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, ahead of `before`: 1 to 100. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only comments ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Eager<Connection<Self>>, Failure>> {
        Some(self.answers(&PageArguments { first, last, after, before }).await.map(Eager))
    }
}
