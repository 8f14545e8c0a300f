//! The schema put together, and the one way to execute a request on it.
//!
//! # What null means
//! Written into the descriptions, and held throughout:
//! - `null` means "not there, or not for you"; the two cannot be told apart. Lists hide what is not for you.
//! - A field that can fail by itself is nullable and answers `Option<Result<_>>`, so that its failure is `null` and an
//!   error, and the rest of the page stays. (`Result<Option<_>>` would take the parent along.) Everything that loads is
//!   of this kind.
//! - A field that cannot fail, because its object already holds it, is non-null unless there may be nothing.
//! - Items of lists are non-null; so are the parts of a payload that say what went wrong.

use std::any::TypeId;
use std::sync::Arc;

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextValidation};
use async_graphql::{
    CacheControl, MergedObject, MergedSubscription, Request, Response, SDLExportOptions, SchemaBuilder,
    ServerError, ValidationResult, Value,
};
use futures_util::stream::{self, Stream, StreamExt};

use crate::address::AddressQuery;
use crate::article::{ArticleMutation, ArticleQuery, ArticleSubscription, PreviewQuery};
use crate::audit::AuditQuery;
use crate::author::{AuthorMutation, AuthorQuery};
use crate::comment::{
    CommentMutation, CommentRulesMutation, CommentRulesQuery, CommentSubscription, CommenterBansQuery,
    FollowMutation, IllegalReportsQuery, LocalCommentRulesMutation, LocalCommentRulesQuery,
    ModerationMutation, ModerationQuery, OwnCommentMutation, OwnCommentQuery, ReactionMutation,
};
use crate::context::Visit;
use crate::eager::Waits;
use crate::error::{Code, finish};
use crate::limits::{CheckedDocument, Given};
use crate::media::{MediaMutation, MediaQuery};
use crate::node::NodeQuery;
use crate::related::RelatedMutation;
use crate::section::{SectionMutation, SectionQuery};
use crate::site::{SiteMutation, SiteQuery};
use crate::tag::{TagMutation, TagQuery};
use crate::user::{
    ApiTokenMutation, PasswordResetMutation, PeopleMutation, PeopleQuery, SignInMutation, ViewerQuery,
};

/// What can be read.
///
/// `null` means "not there, or not for you", and the two cannot be told apart. A field that may fail on its own is
/// nullable, so that its failure (an entry in `errors` with an `extensions.code`) never takes the rest of the answer
/// along. Lists that can grow are Relay connections; `first` and `last` take 1 to 100 unless a field says otherwise.
#[derive(MergedObject, Default)]
pub struct Query(
    SiteQuery,
    SectionQuery,
    ArticleQuery,
    PreviewQuery,
    AuthorQuery,
    TagQuery,
    MediaQuery,
    AddressQuery,
    NodeQuery,
    ViewerQuery,
    AuditQuery,
    PeopleQuery,
    OwnCommentQuery,
    ModerationQuery,
    IllegalReportsQuery,
    CommentRulesQuery,
    LocalCommentRulesQuery,
    CommenterBansQuery,
);

/// What can be done. Each mutation answers a payload of its own; what it refuses is told in the payload's `errors`, the
/// same whether its target exists or not. An entry in the answer's own `errors` is a fault, or a request that does not
/// fit the schema.
#[derive(MergedObject, Default)]
pub struct Mutation(
    ArticleMutation,
    RelatedMutation,
    AuthorMutation,
    SectionMutation,
    TagMutation,
    MediaMutation,
    SiteMutation,
    CommentMutation,
    OwnCommentMutation,
    ReactionMutation,
    FollowMutation,
    ModerationMutation,
    CommentRulesMutation,
    LocalCommentRulesMutation,
    SignInMutation,
    PasswordResetMutation,
    ApiTokenMutation,
    PeopleMutation,
);

/// What can be watched: over WebSocket (`graphql-transport-ws`) and Server-Sent Events, both at `/graphql`.
///
/// Each event is told as it stands when it is told, and only if you may see it. Every `cursor` is a place in the order of
/// all events: given as `since` of a new subscription, it replays what was missed, in order, each once, and then goes on.
/// Where too much was missed, or so long ago that it is not kept any more, one event of kind RESYNC comes instead: read
/// the page anew, and go on from its cursor. To miss nothing between a page and its first event, subscribe first and read
/// the page then.
///
/// Nothing is buffered for a client that does not keep up: it is told what it missed when it takes it, RESYNC where that is
/// too much, and is disconnected where it takes nothing for a while; it connects again with its last cursor.
#[derive(MergedSubscription, Default)]
pub struct Subscription(ArticleSubscription, CommentSubscription);

/// The schema. Cheap to clone.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// Whether the schema answers questions about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Introspection {
    /// It does; and a mistyped name is told its neighbours.
    Open,
    /// It does not, in either way.
    Closed,
}

/// Builds the schema. Needs no database.
///
/// The library's limits on depth, complexity, aliases and directives stay off: [`crate::limits`] is asked before.
pub fn schema(introspection: Introspection) -> Schema {
    let unvalidating = builder(introspection).extension(KnownValid).finish();
    builder(introspection).data(Unvalidating(unvalidating)).finish()
}

/// The same schema for requests whose document and variables are known to be valid; a part of the one that validates.
struct Unvalidating(Schema);

/// Leaves validation out. Even the library's quick mode walks the document and looks up each field.
struct KnownValid;

impl ExtensionFactory for KnownValid {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for KnownValid {
    async fn validation(
        &self,
        _: &ExtensionContext<'_>,
        _: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        // What documents cost is counted by our own limits, and answers are not cached by the library.
        Ok(ValidationResult { cache_control: CacheControl::default(), complexity: 0, depth: 0 })
    }
}

fn builder(introspection: Introspection) -> SchemaBuilder<Query, Mutation, Subscription> {
    let builder = Schema::build(Query::default(), Mutation::default(), Subscription::default());
    match introspection {
        Introspection::Open => builder,
        Introspection::Closed => builder.disable_introspection().disable_suggestions(),
    }
}

/// The schema in the schema language, sorted and with all descriptions: the contract that clients generate code from.
pub fn sdl() -> String {
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by()
        .use_space_ident();
    schema(Introspection::Open).sdl_with_options(options)
}

/// Executes a request on behalf of a visit. Every error of the answer carries `extensions.code`.
///
/// The limits have been asked before: neither the text nor the document is bounded here. Where the request carries the
/// [`CheckedDocument`] that it was parsed to (in an `Arc`, among its data), it is validated only if need be.
pub async fn execute(schema: &Schema, mut request: Request, visit: Visit) -> Response {
    let request_id = visit.request_id().to_owned();
    if let Err(mut error) = request.parsed_query() {
        Code::BadRequest.mark(&mut error);
        return Response::from_errors(vec![error]);
    }
    let batches = visit.batches().clone();
    let checked = checked(&request);
    let (schema, passes) = match &checked {
        Some((document, given)) if document.is_valid(given) => {
            (schema.data::<Unvalidating>().map_or(schema, |Unvalidating(schema)| schema), false)
        }
        _ => (schema, true),
    };
    let response = batches.drive(Box::pin(schema.execute(request.data(visit).data(Waits::default())))).await;
    // Without data, the errors may be those of validation.
    if let Some((document, given)) = checked
        && passes
        && response.data != Value::Null
    {
        document.set_valid(given);
    }
    finish(response, &request_id)
}

/// Begins a subscription on behalf of a visit, and answers each thing that happens as [`execute`] would. It ends by itself
/// only where it is refused, or after a fault, with an answer that has errors and no data.
///
/// The limits have been asked before, as for [`execute`].
pub fn execute_stream(
    schema: &Schema,
    request: Request,
    visit: Visit,
) -> impl Stream<Item = Response> + Send + 'static + use<> {
    let request_id = visit.request_id().to_owned();
    let batches = visit.batches().clone();
    let responses = schema.execute_stream(request.data(visit).data(Waits::default()));
    stream::unfold((responses, batches, request_id), |(mut responses, batches, request_id)| async move {
        let response = batches.drive(responses.next()).await?;
        Some((finish(response, &request_id), (responses, batches, request_id)))
    })
}

fn checked(request: &Request) -> Option<(Arc<CheckedDocument>, Given)> {
    let document: &Arc<CheckedDocument> =
        request.data.get(&TypeId::of::<Arc<CheckedDocument>>())?.downcast_ref()?;
    let given = document.given(&request.variables)?;
    Some((Arc::clone(document), given))
}

#[cfg(test)]
#[path = "schema_tests.rs"]
mod tests;
