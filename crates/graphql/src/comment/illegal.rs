//! Reports of what is against the law, to be shown to who may ask a newsroom for them.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use masthead_domain::comment::moderation::IllegalReport as Report;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};
use masthead_persistence::comment::ReportedWithin;

use super::Comment;
use super::moderation::CommentDecision;
use crate::connection::{Connection, Order, PageArguments, PageSize};
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::scalar::DateTime;

/// The query of what was reported as against the law.
#[derive(Default)]
pub(crate) struct IllegalReportsQuery;

/// A reader's report that a comment is against the law, as article 16 of the European Union's Digital Services Act has it,
/// with what was decided. Who reported it is not kept.
#[derive(SimpleObject)]
pub(crate) struct IllegalReport {
    /// Why it is against the law, in the reader's words, plain.
    ground: String,
    /// When it was reported.
    reported_at: DateTime,
    /// What was decided on it, by whom and when, with the reason that was noted. `null`: nobody has dealt with it, or the
    /// decision was taken back.
    decision: Option<CommentDecision>,
    /// The comment as it is now, with all its text.
    comment: Comment,
}

#[Object]
impl IllegalReportsQuery {
    /// Every report on grounds of law of a comment that the viewer decides on, the oldest first: read page by page, this is
    /// what a newsroom hands to an authority. Reports on comments that were erased are gone with them. Counted nowhere:
    /// `totalCount` is `null`. Needs MODERATE_COMMENTS: for whoever lacks it, `null` with an error (UNAUTHENTICATED or
    /// FORBIDDEN).
    #[allow(clippy::too_many_arguments, reason = "a field's arguments are what they are")]
    async fn illegal_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what was reported then or later.")] since: Option<DateTime>,
        #[graphql(desc = "Only what was reported earlier than this.")] until: Option<DateTime>,
        #[graphql(
            desc = "How many from the beginning, behind `after`: 1 to 100. Default 20. Not together with `last`."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only reports behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, ahead of `before`: 1 to 100. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only reports ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<IllegalReport>, Failure>> {
        let within = ReportedWithin { since: since.map(|at| at.0), until: until.map(|at| at.0) };
        Some(reports(ctx, within, &PageArguments { first, last, after, before }).await)
    }
}

async fn reports(
    ctx: &Context<'_>,
    within: ReportedWithin,
    page: &PageArguments,
) -> Result<Connection<IllegalReport>, Failure> {
    may(Visit::of(ctx).viewer(), Action::Use(Permission::ModerateComments))?;
    let page = page.read(Order::OldestReport, PageSize::LIST)?;
    let edition = Edition::open(ctx, None).await?;
    let found = edition.session.reads.illegal_reports(within, &page).await?;
    Ok(Connection::plain(found, Order::OldestReport, |(Report { ground, at, decided }, comment)| {
        IllegalReport {
            ground,
            reported_at: DateTime(at),
            decision: decided.as_ref().map(CommentDecision::of),
            comment: Comment::new(Arc::new(comment), None, edition.clone()),
        }
    }))
}
