//! Who is looking: the root field `viewer`, and what the person sees of the own login.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use masthead_domain::user::User;
use masthead_domain::viewer::policy::permissions;
use masthead_domain::viewer::{self, Credential, Member, Scope};
use masthead_persistence::user::StoredSession;

use super::api_token::ApiToken;
use super::load::{UserById, sections};
use super::role::{Permission, Role};
use crate::author::{Author, AuthorById};
use crate::comment::ThreadFollow;
use crate::connection::{Connection, Order, PageArguments, PageSize};
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::scalar::{DateTime, EmailAddress};
use crate::section::Section;

/// The root field for who is looking.
#[derive(Default)]
pub(crate) struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// Who is signed in, by session or by a program's token. `null` for guests.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Result<Viewer, Failure>> {
        let visit = Visit::of(ctx);
        let viewer::Viewer::Member(member) = visit.viewer() else { return None };
        Some(Edition::open(ctx, None).await.map(|edition| Viewer::new(member.clone(), edition)))
    }
}

/// The person who is signed in, and the edition their sections are shown in.
pub(crate) struct Viewer {
    member: Arc<Member>,
    edition: Arc<Edition>,
}

/// A time at which the person signed in, somewhere.
#[derive(SimpleObject)]
pub(crate) struct Session {
    /// When the person signed in.
    created_at: DateTime,
    /// When it was last used, to the minute or so.
    last_used_at: DateTime,
    /// When it ends however much it is used; it ends earlier when it is not used for the time that the site allows.
    expires_at: DateTime,
    /// Whether this request came by it.
    current: bool,
}

impl Viewer {
    /// `edition` reads as this person.
    pub(crate) fn new(member: Arc<Member>, edition: Arc<Edition>) -> Self {
        Self { member, edition }
    }

    async fn user(&self) -> Result<Option<Arc<User>>, Failure> {
        Ok(self.edition.session.load(UserById(self.member.user)).await?)
    }

    async fn own_sections(&self) -> Result<Vec<Section>, Failure> {
        let Some(keys) = self.user().await?.and_then(|user| user.sections.clone()) else {
            return Ok(Vec::new());
        };
        sections(&keys, &self.edition).await
    }

    async fn own_follows(&self, page: &PageArguments) -> Result<Connection<ThreadFollow>, Failure> {
        let page = page.read(Order::NewestFollow, PageSize::LIST)?;
        let found = self.edition.session.reads.own_follows(&page).await?;
        Ok(Connection::plain(found, Order::NewestFollow, |follow| {
            ThreadFollow::new(follow, self.edition.clone())
        }))
    }

    async fn own_sessions(&self, visit: &Visit) -> Result<Vec<Session>, Failure> {
        let (now, door) = (visit.now(), &visit.settings().door);
        let stored = self.edition.session.reads.own_sessions(now, door.idle_since(now)).await?;
        let session = |stored: StoredSession| Session {
            created_at: DateTime(stored.created_at),
            last_used_at: DateTime(stored.last_used_at),
            expires_at: DateTime(stored.expires_at),
            current: self.member.credential == Credential::Session(stored.id),
        };
        Ok(stored.into_iter().map(session).collect())
    }
}

/// The person who is signed in, or on whose behalf a program acts. Nobody sees another's.
#[Object]
impl Viewer {
    /// The global id of the person.
    async fn id(&self) -> ID {
        GlobalId::User(self.member.user).into()
    }

    /// The address that signs in. `null` only together with an error.
    async fn email(&self) -> Option<Result<EmailAddress, Failure>> {
        let email = |user: Arc<User>| EmailAddress(user.email.as_str().to_owned());
        self.user().await.map(|user| user.map(email)).transpose()
    }

    /// The name shown to colleagues.
    async fn name(&self) -> &str {
        &self.member.name
    }

    /// What the person may do; by a program's token, the lesser of the token's role and the person's.
    async fn role(&self) -> Role {
        self.member.role.into()
    }

    /// The person's byline. `null` where they have none.
    async fn author(&self) -> Option<Result<Author, Failure>> {
        let id = self.member.author?;
        let found = self.edition.session.load(AuthorById(id)).await;
        let author = |author| Author::whole(author, self.edition.clone());
        found.map(|found| found.map(author)).map_err(Failure::from).transpose()
    }

    /// What the person may do somewhere, in the order of the enum. A client shows what is in it and hides the rest.
    async fn permissions(&self) -> Vec<Permission> {
        let viewer = viewer::Viewer::Member(self.member.clone());
        permissions(&viewer).into_iter().map(Into::into).collect()
    }

    /// Whether the role holds in all sections, and for what is in none.
    async fn works_everywhere(&self) -> bool {
        self.member.scope == Scope::Everywhere
    }

    /// The sections in which the role holds, and below which, in the order of the site's tree. Empty where it holds
    /// everywhere, or nowhere: see `worksEverywhere`. `null` only together with an error.
    async fn sections(&self) -> Option<Result<Vec<Section>, Failure>> {
        Some(self.own_sections().await)
    }

    /// Where the person is signed in: at most 50, the last used first. `null` only together with an error.
    async fn sessions(&self, ctx: &Context<'_>) -> Option<Result<Vec<Session>, Failure>> {
        Some(self.own_sessions(Visit::of(ctx)).await)
    }

    /// The threads that the person follows by e-mail, the last asked for first. `null` only together with an error.
    async fn followed_threads(
        &self,
        #[graphql(
            desc = "How many from the beginning, behind `after`: 1 to 100. Default 20. Not together with `last`."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only threads behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, ahead of `before`: 1 to 100. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only threads ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<ThreadFollow>, Failure>> {
        Some(self.own_follows(&PageArguments { first, last, after, before }).await)
    }

    /// The person's tokens for programs: at most 50, the newest first, expired ones too. `null` only together with an
    /// error.
    async fn api_tokens(&self) -> Option<Result<Vec<ApiToken>, Failure>> {
        let stored = self.edition.session.reads.own_api_tokens().await;
        Some(stored.map(|stored| stored.into_iter().map(Into::into).collect()).map_err(Into::into))
    }
}
