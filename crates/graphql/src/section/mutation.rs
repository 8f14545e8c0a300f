//! What is done to sections. What is refused comes back in the payload; only a fault of ours is an error.

use std::borrow::Cow;

use async_graphql::{Context, Enum, ID, Object, OutputType, SimpleObject, TypeName};
use masthead_actions::refused::DeskError;
use masthead_actions::section::create::create;
use masthead_actions::section::delete::delete;
use masthead_actions::section::update::update;
use masthead_domain::section::SectionId;
use masthead_domain::text::LanguageTag;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};

use super::Section;
use super::input::{CreateSectionInput, UpdateSectionInput, section_key};
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::refusal::{ErrorCode, Errors, codes, outcome};

/// The mutations on sections.
#[derive(Default)]
pub(crate) struct SectionMutation;

/// What became of a section.
#[derive(SimpleObject)]
#[graphql(name_type)]
pub(crate) struct SectionPayload<C: OutputType> {
    /// The section as it is now, in the language of the input. `null` where it was refused.
    section: Option<Section>,
    /// Why it was refused: one entry, or one for each field at fault. Empty where it was done.
    errors: Errors<C>,
}

impl<C: OutputType> TypeName for SectionPayload<C> {
    fn type_name() -> Cow<'static, str> {
        let code = C::type_name();
        format!("{}Payload", code.strip_suffix("ErrorCode").unwrap_or(&code)).into()
    }
}

/// What became of a section that was to be deleted.
#[derive(SimpleObject)]
pub(crate) struct DeleteSectionPayload {
    /// The id that the section had. `null` where it was refused.
    deleted_id: Option<ID>,
    /// Why it was refused. Empty where it was done.
    errors: Errors<DeleteSectionErrorCode>,
}

/// Why a section was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum CreateSectionErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not: not at all, or not below that section.
    Forbidden,
    /// Never answered: what an input names and is not there is INVALID, with the field.
    NotFound,
    /// A field cannot be taken as it is; `field` says which.
    Invalid,
}
codes!(CreateSectionErrorCode);

/// Why a section was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum UpdateSectionErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not: not at all, or not there.
    Forbidden,
    /// There is no such section.
    NotFound,
    /// A field cannot be taken as it is; `field` says which.
    Invalid,
}
codes!(UpdateSectionErrorCode);

/// Why a section was not deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum DeleteSectionErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not: not at all, or not there.
    Forbidden,
    /// There is no such section.
    NotFound,
    /// It cannot go as it stands: there are sections below it, nothing above it would take its articles, or somebody
    /// works in it by name. The message says which.
    Invalid,
}
codes!(DeleteSectionErrorCode);

#[Object]
impl SectionMutation {
    /// Makes a section. Needs MANAGE_SECTIONS, for the section above; at the top of the tree, for all sections.
    async fn create_section(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is called and where it stands.")] input: CreateSectionInput,
    ) -> Option<Result<SectionPayload<CreateSectionErrorCode>, Failure>> {
        let visit = Visit::of(ctx);
        let locale = input.locale().cloned();
        let done = async {
            may(visit.viewer(), Action::Use(Permission::ManageSections))?;
            create(&visit.settings().store, &visit.occasion(), &input.read()?).await
        };
        Some(SectionPayload::of(visit, locale, done.await).await)
    }

    /// Changes a section, or moves it, with all that is below it, elsewhere in the tree: the lists and counts of the
    /// sections above are right at once. What changes nothing is written down nowhere. Needs MANAGE_SECTIONS, for this
    /// section; to move it, for the sections above it too, old and new, and at the top of the tree for all sections.
    async fn update_section(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The section's id.")] id: ID,
        #[graphql(desc = "What to change.")] input: UpdateSectionInput,
    ) -> Option<Result<SectionPayload<UpdateSectionErrorCode>, Failure>> {
        let visit = Visit::of(ctx);
        let locale = input.locale().cloned();
        let done = async {
            may(visit.viewer(), Action::Use(Permission::ManageSections))?;
            let section = section_key(&id, "id")?;
            update(&visit.settings().store, &visit.occasion(), section, &input.read()?).await?;
            Ok(section)
        };
        Some(SectionPayload::of(visit, locale, done.await).await)
    }

    /// Deletes a section that has none below it. Its articles, drafts and old revisions too, are in the section above
    /// from then on, to which its slugs lead. One at the top that has articles is not deleted: put it below another first.
    /// Nor is one in which somebody works by name. Needs MANAGE_SECTIONS, for this section and the one above; at the top
    /// of the tree, for all sections.
    async fn delete_section(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The section's id.")] id: ID,
    ) -> Option<Result<DeleteSectionPayload, Failure>> {
        let visit = Visit::of(ctx);
        let done = async {
            may(visit.viewer(), Action::Use(Permission::ManageSections))?;
            let section = section_key(&id, "id")?;
            delete(&visit.settings().store, &visit.occasion(), section).await?;
            Ok(section)
        };
        Some(outcome(done.await).map(|done| match done {
            Ok(section) => DeleteSectionPayload {
                deleted_id: Some(GlobalId::Section(section).into()),
                errors: Vec::new(),
            },
            Err(errors) => DeleteSectionPayload { deleted_id: None, errors },
        }))
    }
}

impl<C: ErrorCode> SectionPayload<C> {
    async fn of(
        visit: &Visit,
        locale: Option<LanguageTag>,
        done: Result<SectionId, DeskError>,
    ) -> Result<Self, Failure> {
        let section = match outcome(done)? {
            Ok(section) => section,
            Err(errors) => return Ok(Self { section: None, errors }),
        };
        let edition = Edition::after_writing_in(visit, locale).await?;
        let found = edition.session.sections().await?.by_id(section).cloned();
        Ok(Self { section: found.map(|section| Section::whole(section, edition)), errors: Vec::new() })
    }
}
