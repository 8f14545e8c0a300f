//! What is done to authors' profiles. What is refused comes back in the payload; only a fault of ours is an error.

use std::borrow::Cow;

use async_graphql::{Context, Enum, ID, Object, OutputType, SimpleObject, TypeName};
use masthead_actions::author::create::create;
use masthead_actions::author::update::update;
use masthead_actions::refused::DeskError;
use masthead_domain::author::AuthorId;
use masthead_domain::text::LanguageTag;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};

use super::input::{CreateAuthorInput, UpdateAuthorInput};
use super::{Author, AuthorById};
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::refusal::{ErrorCode, Errors, codes, key, outcome};

/// The mutations on authors.
#[derive(Default)]
pub(crate) struct AuthorMutation;

/// What became of an author.
#[derive(SimpleObject)]
#[graphql(name_type)]
pub(crate) struct AuthorPayload<C: OutputType> {
    /// The author as they are now, in the language of the input. `null` where it was refused.
    author: Option<Author>,
    /// Why it was refused: one entry, or one for each field at fault. Empty where it was done.
    errors: Errors<C>,
}

impl<C: OutputType> TypeName for AuthorPayload<C> {
    fn type_name() -> Cow<'static, str> {
        let code = C::type_name();
        format!("{}Payload", code.strip_suffix("ErrorCode").unwrap_or(&code)).into()
    }
}

/// Why an author was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum CreateAuthorErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// Never answered: what an input names and is not there is INVALID, with the field.
    NotFound,
    /// A field cannot be taken as it is; `field` says which.
    Invalid,
}
codes!(CreateAuthorErrorCode);

/// Why an author was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum UpdateAuthorErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not: the profile is another's.
    Forbidden,
    /// There is no such author.
    NotFound,
    /// A field cannot be taken as it is; `field` says which.
    Invalid,
}
codes!(UpdateAuthorErrorCode);

#[Object]
impl AuthorMutation {
    /// Makes an author: a byline with a profile, which needs no login. Needs MANAGE_AUTHORS.
    async fn create_author(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who it is.")] input: CreateAuthorInput,
    ) -> Option<Result<AuthorPayload<CreateAuthorErrorCode>, Failure>> {
        let visit = Visit::of(ctx);
        let locale = input.locale().cloned();
        let done = async {
            may(visit.viewer(), Action::Use(Permission::ManageAuthors))?;
            create(&visit.settings().store, &visit.occasion(), &input.read()?).await
        };
        Some(AuthorPayload::of(visit, locale, done.await).await)
    }

    /// Changes an author's profile. What changes nothing is written down nowhere. Needs WRITE_ARTICLES for one's own
    /// profile, MANAGE_AUTHORS for others'.
    async fn update_author(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The author's id.")] id: ID,
        #[graphql(desc = "What to change.")] input: UpdateAuthorInput,
    ) -> Option<Result<AuthorPayload<UpdateAuthorErrorCode>, Failure>> {
        let visit = Visit::of(ctx);
        let locale = input.locale().cloned();
        let done = async {
            // Before the id is read: those who may change no profile learn nothing of ids.
            may(visit.viewer(), Action::Use(Permission::WriteArticles))?;
            let author = key(&id, "id", |id| match id {
                GlobalId::Author(author) => Some(author),
                _ => None,
            })?;
            update(&visit.settings().store, &visit.occasion(), author, &input.read()?).await?;
            Ok(author)
        };
        Some(AuthorPayload::of(visit, locale, done.await).await)
    }
}

impl<C: ErrorCode> AuthorPayload<C> {
    async fn of(
        visit: &Visit,
        locale: Option<LanguageTag>,
        done: Result<AuthorId, DeskError>,
    ) -> Result<Self, Failure> {
        let author = match outcome(done)? {
            Ok(author) => author,
            Err(errors) => return Ok(Self { author: None, errors }),
        };
        let edition = Edition::after_writing_in(visit, locale).await?;
        let found = edition.session.loader().load_one(AuthorById(author)).await?;
        Ok(Self { author: found.map(|author| Author::whole(author, edition)), errors: Vec::new() })
    }
}
