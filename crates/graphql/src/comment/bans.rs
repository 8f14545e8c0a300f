//! Whom moderators keep from commenting, as a list for them.

use async_graphql::{Context, Object, SimpleObject};
use masthead_domain::viewer::policy::{Action, Denied, may};
use masthead_domain::viewer::{Permission, Scope};

use crate::connection::{Connection, Order, PageArguments, PageSize};
use crate::context::Visit;
use crate::error::Failure;
use crate::scalar::{DateTime, EmailAddress};

/// The query of bans.
#[derive(Default)]
pub(crate) struct CommenterBansQuery;

/// A ban in force: whoever types its address, or signs in with it, cannot comment.
#[derive(SimpleObject)]
pub(crate) struct CommenterBan {
    /// The address, in small letters.
    email: EmailAddress,
    /// When it ends by itself. `null`: never.
    until: Option<DateTime>,
    /// Whether the writer is not told: what they write is held, and they are told that everyone sees it.
    shadow: bool,
    /// Why, for colleagues. `null`: nothing was said.
    reason: Option<String>,
    /// The name of who set it. `null`: their login is gone.
    banned_by: Option<String>,
    /// When it was set, or last changed.
    banned_at: DateTime,
}

#[Object]
impl CommenterBansQuery {
    /// The bans in force, the last set first. Counted nowhere: `totalCount` is `null`. Needs MODERATE_COMMENTS on the whole
    /// site: for whoever lacks it, `null` with an error (UNAUTHENTICATED or FORBIDDEN).
    async fn commenter_bans(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "How many from the beginning, behind `after`: 1 to 100. Default 20. Not together with `last`."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only bans behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, ahead of `before`: 1 to 100. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only bans ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<CommenterBan>, Failure>> {
        Some(bans(Visit::of(ctx), &PageArguments { first, last, after, before }).await)
    }
}

async fn bans(visit: &Visit, page: &PageArguments) -> Result<Connection<CommenterBan>, Failure> {
    may(visit.viewer(), Action::Use(Permission::ModerateComments))?;
    if visit.viewer().member().is_some_and(|member| member.scope != Scope::Everywhere) {
        return Err(Denied::Forbidden.into());
    }
    let page = page.read(Order::NewestBan, PageSize::LIST)?;
    let found = visit.session().reads.bans(visit.now(), &page).await?;
    Ok(Connection::plain(found, Order::NewestBan, |ban| CommenterBan {
        email: EmailAddress(ban.email.as_str().to_owned()),
        until: ban.ban.until.map(DateTime),
        shadow: ban.ban.shadow,
        reason: ban.reason,
        banned_by: ban.by,
        banned_at: DateTime(ban.at),
    }))
}
