//! Watching a thread, and what waits for a moderator. What is told, and to whom, is the actions'; here it gets its names.

use std::sync::Arc;

use async_graphql::{Context, ID, SimpleObject, Subscription};
use masthead_actions::live::{QueueFeed, ThreadFeed, ThreadItem};
use masthead_domain::article::ArticleId;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};
use masthead_persistence::StoreError;
use masthead_persistence::comment::Waiting;

use super::Comment;
use crate::context::{Stay, Visit};
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::live::{ChangeKind, Events, Feed, cursor, events, since};

/// Something that happened to a thread.
#[derive(SimpleObject)]
pub(crate) struct ThreadChange {
    /// The place behind it: for `since`.
    cursor: String,
    /// What happened.
    kind: ChangeKind,
    /// To which comment. `null` for RESYNC.
    comment_id: Option<ID>,
    /// The comment as it is now. `null` for REMOVED and RESYNC.
    comment: Option<Comment>,
}

/// How much waits for a moderator.
#[derive(SimpleObject)]
pub(crate) struct ModerationQueueCounts {
    /// Comments that nobody has decided on yet.
    pending: u32,
    /// Public comments that readers have reported and no moderator has looked at since.
    reported: u32,
}

/// The subscriptions on comments.
#[derive(Default)]
pub(crate) struct CommentSubscription;

#[Subscription]
impl CommentSubscription {
    /// The public comments below an article: each that comes, changes or goes, as everyone sees it. Silent, and open, where
    /// there is no such article, or none for the public.
    async fn thread_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The article.")] article_id: ID,
        #[graphql(
            desc = "The cursor of the last event that was received: begins with what came after it. Absent: begins now."
        )]
        since: Option<String>,
    ) -> Result<Events<ThreadChange>, Failure> {
        thread(Visit::of(ctx), &article_id, since.as_deref()).await
    }

    /// What waits for a moderator, whenever it has changed, at most once a second. For those who may moderate; whoever else
    /// asks gets an error.
    async fn moderation_queue_changed(
        &self,
        ctx: &Context<'_>,
    ) -> Result<Events<ModerationQueueCounts>, Failure> {
        queue(Visit::of(ctx)).await
    }
}

async fn thread(visit: &Visit, article: &ID, cursor: Option<&str>) -> Result<Events<ThreadChange>, Failure> {
    let since = since(cursor)?;
    let article = match GlobalId::parse("articleId", article)? {
        GlobalId::Article(article) => article,
        // A thing of another kind is no article.
        _ => ArticleId::from_stored(0),
    };
    let feed = visit.settings().live.thread(article, since).await?;
    Ok(events(feed, visit.stay(), thread_change))
}

async fn thread_change(item: ThreadItem, stay: Arc<Stay>) -> Result<ThreadChange, Failure> {
    let comment = match item.comment {
        Some(shown) => {
            let edition = Edition::at_the_moment(&stay).await?;
            Some(Comment::with_parent(shown.comment, shown.parent, edition))
        }
        None => None,
    };
    Ok(ThreadChange {
        cursor: cursor(item.place),
        kind: item.change.into(),
        comment_id: item.id.map(|id| GlobalId::Comment(id).into()),
        comment,
    })
}

async fn queue(visit: &Visit) -> Result<Events<ModerationQueueCounts>, Failure> {
    may(visit.viewer(), Action::Use(Permission::ModerateComments))?;
    let feed = visit.settings().live.queue(visit.viewer().clone()).await?;
    Ok(events(feed, visit.stay(), async |counts: Waiting, _| {
        Ok(ModerationQueueCounts { pending: counts.pending, reported: counts.reported })
    }))
}

impl Feed for ThreadFeed {
    type Item = ThreadItem;

    async fn next(&mut self) -> Result<ThreadItem, StoreError> {
        Self::next(self).await
    }
}

impl Feed for QueueFeed {
    type Item = Waiting;

    async fn next(&mut self) -> Result<Waiting, StoreError> {
        Self::next(self).await
    }
}
