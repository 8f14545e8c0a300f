//! The moderators' queue, and what is held about one commenter.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::Utc;
use masthead_actions::comment::commenter::login_mark;
use masthead_domain::user;
use masthead_domain::viewer::policy::{Action, Denied, may};
use masthead_domain::viewer::{Permission, Scope};
use masthead_persistence::comment::QueueFilter;

use super::moderation::{CommentStatus, ReportReason};
use super::object::ReactionKind;
use super::{Comment, ThreadFollow};
use crate::connection::{Connection, Order, PageArguments, PageSize};
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::scalar::{DateTime, EmailAddress};

/// The queries of moderators.
#[derive(Default)]
pub(crate) struct ModerationQuery;

/// What is held about one commenter. Of each list 1,000 at a time, more only where they are of one moment; `next` says from
/// when to ask on.
#[derive(SimpleObject)]
pub(crate) struct CommenterData {
    /// The comments left with the address, or by the login that has it, whatever their status, the oldest first.
    comments: Vec<Comment>,
    /// The threads that the address follows, or was asked whether it wants to, the oldest first.
    follows: Vec<ThreadFollow>,
    /// What was chosen as a reaction with the same browser or login, the oldest first.
    reactions: Vec<CommenterReaction>,
    /// What was reported with the same browser or login, the oldest first.
    reports: Vec<CommenterReport>,
    /// Whether a ban of the address is in force.
    banned: bool,
    /// Where not all of it is told here: the `since` that goes on, whose answer may tell some once more. `null`: that was all.
    next: Option<DateTime>,
}

/// A reaction that a commenter chose.
#[derive(SimpleObject)]
pub(crate) struct CommenterReaction {
    /// To which comment.
    comment_id: ID,
    /// Which.
    kind: ReactionKind,
    /// When.
    reacted_at: DateTime,
}

/// A report that a commenter made.
#[derive(SimpleObject)]
pub(crate) struct CommenterReport {
    /// Of which comment.
    comment_id: ID,
    /// Why.
    reason: ReportReason,
    /// Why, in their words. `null`: none.
    note: Option<String>,
    /// When.
    reported_at: DateTime,
}

#[Object]
impl ModerationQuery {
    /// The comments that the viewer decides on, of one status, the oldest first. `totalCount` counts up to 10,000, then it
    /// is `null`. Needs MODERATE_COMMENTS: for whoever lacks it, `null` with an error (UNAUTHENTICATED or FORBIDDEN).
    #[allow(clippy::too_many_arguments, reason = "a field's arguments are what they are")]
    async fn moderation_queue(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only comments of this status. Default PENDING. `null`: of every status.",
            default_with = "Some(CommentStatus::Pending)"
        )]
        status: Option<CommentStatus>,
        #[graphql(desc = "Only comments with reports that nobody has dealt with.", default = false)]
        reported: bool,
        #[graphql(
            desc = "How many from the beginning, behind `after`: 1 to 100. Default 20. Not together with `last`."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only comments behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, ahead of `before`: 1 to 100. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only comments ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Comment>, Failure>> {
        let filter = QueueFilter { status: status.map(Into::into), reported };
        Some(queue(ctx, filter, &PageArguments { first, last, after, before }).await)
    }

    /// All that is held about whoever typed this address or signs in with it: for who asks what a newsroom knows of them.
    /// Nothing is found where nobody did. Needs MODERATE_COMMENTS on the whole site: for whoever lacks it, `null` with an error.
    async fn commenter_data(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address, in any case.")] email: EmailAddress,
        #[graphql(desc = "Only what was done then or later. Absent or `null`: from the beginning.")]
        since: Option<DateTime>,
    ) -> Option<Result<CommenterData, Failure>> {
        let since = since.map_or(chrono::DateTime::UNIX_EPOCH, |since| since.0);
        Some(commenter(ctx, &email, since).await)
    }
}

async fn queue(
    ctx: &Context<'_>,
    filter: QueueFilter,
    page: &PageArguments,
) -> Result<Connection<Comment>, Failure> {
    let visit = Visit::of(ctx);
    may(visit.viewer(), Action::Use(Permission::ModerateComments))?;
    let page = page.read(Order::OldestComment, PageSize::LIST)?;
    let edition = Edition::open(ctx, None).await?;
    let counted = ctx.look_ahead().field("totalCount").exists();
    let found = edition.session.reads.moderation_queue(filter, &page, counted).await?;
    Ok(Connection::plain(found, Order::OldestComment, |comment| {
        Comment::new(Arc::new(comment), None, edition.clone())
    }))
}

async fn commenter(
    ctx: &Context<'_>,
    email: &EmailAddress,
    since: chrono::DateTime<Utc>,
) -> Result<CommenterData, Failure> {
    let visit = Visit::of(ctx);
    may(visit.viewer(), Action::Use(Permission::ModerateComments))?;
    if visit.viewer().member().is_some_and(|member| member.scope != Scope::Everywhere) {
        return Err(Denied::Forbidden.into());
    }
    let email = user::EmailAddress::parse(&email.0)
        .map_err(|_| Failure::input("email", "`email` is no e-mail address."))?;
    let edition = Edition::open(ctx, None).await?;
    let reads = &edition.session.reads;
    let found = reads.commenter_comments(&email, since).await?;
    let follows = reads.commenter_follows(&email, since).await?;
    let mark = login_mark(&visit.settings().store, &email).await?.unwrap_or_default();
    let touches = reads.commenter_touches(&email, &mark, since, visit.now()).await?;
    let ends =
        [found.more_since, follows.more_since, touches.reactions.more_since, touches.reports.more_since];
    let next = ends.into_iter().flatten().min();
    let comments = found
        .items
        .into_iter()
        .map(|comment| Comment::new(Arc::new(comment), None, edition.clone()))
        .collect();
    let follows =
        follows.items.into_iter().map(|follow| ThreadFollow::new(follow, edition.clone())).collect();
    let reactions = touches.reactions.items.into_iter().map(|(comment, kind, at)| CommenterReaction {
        comment_id: GlobalId::Comment(comment).into(),
        kind: kind.into(),
        reacted_at: DateTime(at),
    });
    let reports = touches.reports.items.into_iter().map(|report| CommenterReport {
        comment_id: GlobalId::Comment(report.comment).into(),
        reason: report.reason.into(),
        note: report.note,
        reported_at: DateTime(report.at),
    });
    Ok(CommenterData {
        comments,
        follows,
        reactions: reactions.collect(),
        reports: reports.collect(),
        banned: touches.banned,
        next: next.map(DateTime),
    })
}
