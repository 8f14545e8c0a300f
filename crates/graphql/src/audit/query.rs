//! Where the audit log is asked for.

use async_graphql::{Context, ID, Object};
use masthead_domain::audit::Subject;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};
use masthead_persistence::AuditFilter;

use super::object::{AuditAction, AuditEntry};
use crate::connection::{Connection, Order, PageArguments, PageSize};
use crate::context::Visit;
use crate::error::Failure;
use crate::id::GlobalId;

/// The root field for the audit log.
#[derive(Default)]
pub(crate) struct AuditQuery;

#[Object]
impl AuditQuery {
    /// What was done by people with a login, the latest first: every change of articles, sections, tags, authors,
    /// images, people and settings. Never holds secrets, addresses or texts. Needs READ_AUDIT_LOG: for whoever lacks it,
    /// `null` with an error (UNAUTHENTICATED or FORBIDDEN). Counted nowhere: `totalCount` is `null`.
    #[allow(clippy::too_many_arguments, reason = "a field's arguments are what they are")]
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only what this person did: a user's id. One that this site never gave out is an error (BAD_USER_INPUT)."
        )]
        actor: Option<ID>,
        #[graphql(desc = "Only what was done in this way.")] action: Option<AuditAction>,
        #[graphql(
            desc = "Only what was done to this: the id of an article, section, author, tag, image, user or comment. Another one is an \
                    error (BAD_USER_INPUT)."
        )]
        subject: Option<ID>,
        #[graphql(
            desc = "How many from the beginning, behind `after`: 1 to 100. Default 20. Not together with `last`."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only lines behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, ahead of `before`: 1 to 100. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only lines ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<AuditEntry>, Failure>> {
        let page = PageArguments { first, last, after, before };
        Some(audit_log(Visit::of(ctx), actor.as_ref(), action, subject.as_ref(), &page).await)
    }
}

async fn audit_log(
    visit: &Visit,
    actor: Option<&ID>,
    action: Option<AuditAction>,
    subject: Option<&ID>,
    page: &PageArguments,
) -> Result<Connection<AuditEntry>, Failure> {
    may(visit.viewer(), Action::Use(Permission::ReadAuditLog))?;
    let page = page.read(Order::NewestEntry, PageSize::LIST)?;
    let actor = actor
        .map(|id| match GlobalId::parse("actor", id)? {
            GlobalId::User(user) => Ok(user),
            _ => Err(Failure::input("actor", "`actor` is no user's id.")),
        })
        .transpose()?;
    let subject = subject.map(subject_of).transpose()?;
    let filter = AuditFilter { actor, act: action.map(Into::into), subject };
    let found = visit.session().reads.audit_log(&filter, &page).await?;
    Ok(Connection::plain(found, Order::NewestEntry, AuditEntry))
}

fn subject_of(id: &ID) -> Result<Subject, Failure> {
    Ok(match GlobalId::parse("subject", id)? {
        GlobalId::Article(id) => Subject::Article(id),
        GlobalId::Section(id) => Subject::Section(id),
        GlobalId::Author(id) => Subject::Author(id),
        GlobalId::Tag(id) => Subject::Tag(id),
        GlobalId::Image(id) => Subject::Image(id),
        GlobalId::User(id) => Subject::User(id),
        GlobalId::Comment(id) => Subject::Comment(id),
        GlobalId::Invitation(_) | GlobalId::ApiToken(_) | GlobalId::AuditEntry(_) | GlobalId::Figure(_) => {
            return Err(Failure::input("subject", "`subject` is the id of nothing that the log speaks of."));
        }
    })
}
