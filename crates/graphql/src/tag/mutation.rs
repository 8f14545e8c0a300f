//! What is done to tags. What is refused comes back in the payload; only a fault of ours is an error.

use std::borrow::Cow;

use async_graphql::{Context, Enum, ID, Object, OutputType, SimpleObject, TypeName};
use masthead_actions::refused::{DeskError, Refused};
use masthead_actions::tag::merge::merge;
use masthead_actions::tag::update::update;
use masthead_domain::tag::TagId;
use masthead_domain::text::LanguageTag;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};

use super::input::UpdateTagInput;
use super::{Tag, TagById};
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::refusal::{ErrorCode, Errors, codes, key, outcome};

/// The mutations on tags.
#[derive(Default)]
pub(crate) struct TagMutation;

/// What became of a tag.
#[derive(SimpleObject)]
#[graphql(name_type)]
pub(crate) struct TagPayload<C: OutputType> {
    /// The tag as it is now; of two that were merged, the one that stays. `null` where it was refused.
    tag: Option<Tag>,
    /// Why it was refused: one entry, or one for each field at fault. Empty where it was done.
    errors: Errors<C>,
}

impl<C: OutputType> TypeName for TagPayload<C> {
    fn type_name() -> Cow<'static, str> {
        let code = C::type_name();
        format!("{}Payload", code.strip_suffix("ErrorCode").unwrap_or(&code)).into()
    }
}

/// Why a tag was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum UpdateTagErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// There is no such tag.
    NotFound,
    /// A field cannot be taken as it is; `field` says which.
    Invalid,
}
codes!(UpdateTagErrorCode);

/// Why tags were not merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum MergeTagsErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// One of them is no tag.
    NotFound,
    /// An id that this site never gave out, or twice the same tag; `field` says where.
    Invalid,
}
codes!(MergeTagsErrorCode);

#[Object]
impl TagMutation {
    /// Changes what a tag is called. New tags come with the articles that name them. What changes nothing is written down
    /// nowhere. Needs MANAGE_TAGS.
    async fn update_tag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The tag's id.")] id: ID,
        #[graphql(desc = "What to change.")] input: UpdateTagInput,
    ) -> Option<Result<TagPayload<UpdateTagErrorCode>, Failure>> {
        let visit = Visit::of(ctx);
        let locale = input.locale().cloned();
        let done = async {
            may(visit.viewer(), Action::Use(Permission::ManageTags))?;
            let tag = tag_key(&id, "id")?;
            update(&visit.settings().store, &visit.occasion(), tag, &input.read()).await?;
            Ok(tag)
        };
        Some(TagPayload::of(visit, locale, done.await).await)
    }

    /// Makes one tag part of another: whatever carries `from`, drafts and old revisions too, carries `into` in its place;
    /// `from` is gone, and its slugs, former ones too, lead to `into`, which keeps its names and takes over those of
    /// languages that it has none in. It cannot be undone. Needs MANAGE_TAGS.
    async fn merge_tags(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the tag that goes.")] from: ID,
        #[graphql(desc = "The id of the tag that stays: another one.")] into: ID,
    ) -> Option<Result<TagPayload<MergeTagsErrorCode>, Failure>> {
        let visit = Visit::of(ctx);
        let done = async {
            may(visit.viewer(), Action::Use(Permission::ManageTags))?;
            let (from, into) = (tag_key(&from, "from")?, tag_key(&into, "into")?);
            merge(&visit.settings().store, &visit.occasion(), from, into).await?;
            Ok(into)
        };
        Some(TagPayload::of(visit, None, done.await).await)
    }
}

fn tag_key(id: &ID, field: &'static str) -> Result<TagId, Refused> {
    key(id, field, |id| match id {
        GlobalId::Tag(tag) => Some(tag),
        _ => None,
    })
}

impl<C: ErrorCode> TagPayload<C> {
    async fn of(
        visit: &Visit,
        locale: Option<LanguageTag>,
        done: Result<TagId, DeskError>,
    ) -> Result<Self, Failure> {
        let tag = match outcome(done)? {
            Ok(tag) => tag,
            Err(errors) => return Ok(Self { tag: None, errors }),
        };
        let edition = Edition::after_writing_in(visit, locale).await?;
        let found = edition.session.loader().load_one(TagById(tag)).await?;
        Ok(Self { tag: found.map(|tag| Tag::new(tag, edition)), errors: Vec::new() })
    }
}
