//! People with a login and people who were invited, as administrators see them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use masthead_actions::user::invite::opened_by;
use masthead_domain::user::User as Person;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};
use masthead_persistence::user::StoredInvitation;

use super::load::sections;
use super::role::Role;
use crate::author::{Author, AuthorById};
use crate::connection::{Connection, Order, PageArguments, PageSize};
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::scalar::{DateTime, EmailAddress};
use crate::section::Section;

/// A person with a login, and the edition their sections are shown in.
pub(crate) struct User {
    user: Arc<Person>,
    edition: Arc<Edition>,
}

impl User {
    /// `edition` reads as somebody who may know the person.
    pub(crate) fn new(user: Arc<Person>, edition: Arc<Edition>) -> Self {
        Self { user, edition }
    }
}

/// A person with a login, as administrators see them.
#[Object]
impl User {
    /// The global id, for the mutations on people.
    async fn id(&self) -> ID {
        GlobalId::User(self.user.id).into()
    }

    /// The address that signs in.
    async fn email(&self) -> EmailAddress {
        EmailAddress(self.user.email.as_str().to_owned())
    }

    /// The name shown to colleagues.
    async fn name(&self) -> &str {
        &self.user.name
    }

    /// What the person may do.
    async fn role(&self) -> Role {
        self.user.role.into()
    }

    /// The person's byline. `null` where they have none.
    async fn author(&self) -> Option<Result<Author, Failure>> {
        let id = self.user.author?;
        let found = self.edition.session.load(AuthorById(id)).await;
        let author = |author| Author::whole(author, self.edition.clone());
        found.map(|found| found.map(author)).map_err(Failure::from).transpose()
    }

    /// Whether the role holds in all sections, and for what is in none.
    async fn works_everywhere(&self) -> bool {
        self.user.sections.is_none()
    }

    /// The sections in which the role holds, and below which, in the order of the site's tree. Empty where it holds
    /// everywhere, or nowhere: see `worksEverywhere`. `null` only together with an error.
    async fn sections(&self) -> Option<Result<Vec<Section>, Failure>> {
        Some(sections(self.user.sections.as_deref().unwrap_or_default(), &self.edition).await)
    }

    /// Since when the person has a login.
    async fn created_at(&self) -> DateTime {
        DateTime(self.user.created_at)
    }

    /// Since when the login is closed. `null`: it is open.
    async fn disabled_at(&self) -> Option<DateTime> {
        self.user.disabled_at.map(DateTime)
    }
}

/// A person who was invited, and the edition their sections are shown in.
pub(crate) struct Invitation {
    invitation: StoredInvitation,
    edition: Arc<Edition>,
}

impl Invitation {
    pub(super) fn new(invitation: StoredInvitation, edition: Arc<Edition>) -> Self {
        Self { invitation, edition }
    }
}

/// An invitation to have a login. Its link goes out by letter and is shown nowhere.
#[Object]
impl Invitation {
    /// The global id, for `revokeInvitation`.
    async fn id(&self) -> ID {
        GlobalId::Invitation(self.invitation.id).into()
    }

    /// Where the letter went, and the address that will sign in. `null` for a site's first administrator, who tells it
    /// when accepting.
    async fn email(&self) -> Option<EmailAddress> {
        self.invitation.to.as_ref().map(|(email, _)| EmailAddress(email.as_str().to_owned()))
    }

    /// The name shown to colleagues; the person may change it when accepting. `null` for a site's first administrator.
    async fn name(&self) -> Option<&str> {
        self.invitation.to.as_ref().map(|(_, name)| name.as_str())
    }

    /// What the person will be able to do.
    async fn role(&self) -> Role {
        self.invitation.role.into()
    }

    /// The sections in which the role will hold, and below which. Empty: in all. `null` only together with an error.
    async fn sections(&self) -> Option<Result<Vec<Section>, Failure>> {
        Some(sections(&self.invitation.sections, &self.edition).await)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.invitation.created_at)
    }

    /// When its link ends: 7 days after it was made.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.invitation.expires_at)
    }
}

/// The root fields for people.
#[derive(Default)]
pub(crate) struct PeopleQuery;

#[Object]
impl PeopleQuery {
    /// Everyone with a login, closed ones too, the newest first. Needs MANAGE_USERS, in person: for others it is `null`,
    /// with an error UNAUTHENTICATED or FORBIDDEN.
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only people of this role. Absent or `null`: of every role.")] role: Option<Role>,
        #[graphql(
            desc = "How many from the beginning, behind `after`: 1 to 100. Default 20. Not together with `last`."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only people behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, ahead of `before`: 1 to 100. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only people ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<User>, Failure>> {
        Some(users(ctx, role, &PageArguments { first, last, after, before }).await)
    }

    /// Invitations that nobody has accepted, expired ones too, the newest first. Needs MANAGE_USERS, in person: for others
    /// it is `null`, with an error UNAUTHENTICATED or FORBIDDEN.
    async fn invitations(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "How many from the beginning, behind `after`: 1 to 100. Default 20. Not together with `last`."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only invitations behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, ahead of `before`: 1 to 100. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only invitations ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Invitation>, Failure>> {
        Some(invitations(ctx, &PageArguments { first, last, after, before }).await)
    }

    /// The invitation that a link's token is for, for who follows the link: what to show above the field for the password.
    /// Needs no login. `null` where it does not hold: changed, taken back, accepted or expired.
    async fn invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the link ends in, behind `/invitation/`.")] token: String,
    ) -> Option<Result<Invitation, Failure>> {
        invitation(ctx, &token).await.transpose()
    }
}

async fn users(
    ctx: &Context<'_>,
    role: Option<Role>,
    arguments: &PageArguments,
) -> Result<Connection<User>, Failure> {
    may(Visit::of(ctx).viewer(), Action::Use(Permission::ManageUsers))?;
    let page = arguments.read(Order::NewestPerson, PageSize::LIST)?;
    let edition = Edition::open(ctx, None).await?;
    let found = edition.session.reads.users(role.map(Into::into), &page).await?;
    Ok(Connection::plain(found, Order::NewestPerson, |user| User::new(Arc::new(user), edition.clone())))
}

async fn invitations(
    ctx: &Context<'_>,
    arguments: &PageArguments,
) -> Result<Connection<Invitation>, Failure> {
    may(Visit::of(ctx).viewer(), Action::Use(Permission::ManageUsers))?;
    let page = arguments.read(Order::NewestInvitation, PageSize::LIST)?;
    let edition = Edition::open(ctx, None).await?;
    let found = edition.session.reads.invitations(&page).await?;
    let node = |invitation| Invitation::new(invitation, edition.clone());
    Ok(Connection::plain(found, Order::NewestInvitation, node))
}

async fn invitation(ctx: &Context<'_>, token: &str) -> Result<Option<Invitation>, Failure> {
    let visit = Visit::of(ctx);
    let found = opened_by(&visit.session().reads, token, visit.now()).await?;
    let Some(found) = found else { return Ok(None) };
    Ok(Some(Invitation::new(found, Edition::open(ctx, None).await?)))
}
