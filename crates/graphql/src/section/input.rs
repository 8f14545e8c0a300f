//! What `createSection` and `updateSection` take. The rules are the domain's; here fields get their names for clients.

use async_graphql::{ID, InputObject, MaybeUndefined};
use masthead_actions::article::input::Patch;
use masthead_actions::refused::{Fault, Refused};
use masthead_actions::section::SectionForm;
use masthead_domain::section::SectionId;
use masthead_domain::text;

use crate::article::CommentPolicy;
use crate::id::GlobalId;
use crate::localized::{LocalizedTextInput, given, patch, text};
use crate::refusal::key;
use crate::scalar::LanguageTag;

/// A new section. A name is needed, in one language at least.
#[derive(InputObject)]
pub(crate) struct CreateSectionInput {
    /// The slug, made of letters and digits of any script with hyphens between words, at most 80 characters; other
    /// characters become hyphens. One that another section has is INVALID. Absent or `null`: made of the name, and numbered
    /// where that is taken.
    slug: Option<String>,
    /// The language of `name` and `description`; one that the site publishes in. Absent or `null`: the site's own.
    locale: Option<LanguageTag>,
    /// The name in that language, one line, at most 100 characters.
    name: Option<String>,
    /// What the section is about, in that language, plain text, at most 1,000 characters.
    description: Option<String>,
    /// The name in other languages.
    names: Option<Vec<LocalizedTextInput>>,
    /// The description in other languages.
    descriptions: Option<Vec<LocalizedTextInput>>,
    /// The section above: its id. Sections stand at most 8 levels deep. Absent or `null`: at the top of the tree.
    parent_id: Option<ID>,
    /// Its place among the sections beside it, 0 to 9,999, small numbers first; of equal ones, the older first. Absent or
    /// `null`: behind them all.
    position: Option<i32>,
}

/// What to change of a section. What is absent stays as it is.
#[derive(InputObject)]
pub(crate) struct UpdateSectionInput {
    /// Another slug, as in `CreateSectionInput`; the old one leads to the section still. One that another section has is
    /// INVALID; one that another once had leads here from now on. `null`: as it is.
    slug: Option<String>,
    /// The language of `name` and `description`; one that the site publishes in. Absent or `null`: the site's own.
    locale: Option<LanguageTag>,
    /// The name in that language, one line, at most 100 characters. `null`: none in this language; the last name cannot be
    /// taken away.
    name: MaybeUndefined<String>,
    /// What the section is about, in that language, plain text, at most 1,000 characters. `null`: nothing is said.
    description: MaybeUndefined<String>,
    /// The name in other languages. Languages that are not named stay as they are. `null`: as it is.
    names: Option<Vec<LocalizedTextInput>>,
    /// The description in other languages, likewise.
    descriptions: Option<Vec<LocalizedTextInput>>,
    /// The section above: its id, of none that stands below this one. Sections stand at most 8 levels deep. `null`: at the
    /// top of the tree.
    parent_id: MaybeUndefined<ID>,
    /// Its place among the sections beside it, 0 to 9,999, small numbers first; of equal ones, the older first. `null`: as
    /// it is; a section that moves elsewhere without a position goes behind them all.
    position: Option<i32>,
    /// Who may comment on its articles, and those of the sections below it, where these say nothing themselves. `null`: as
    /// the section above says, or the site.
    comment_policy: MaybeUndefined<CommentPolicy>,
}

impl CreateSectionInput {
    /// The language that it is filled in in, where one is named.
    pub(super) fn locale(&self) -> Option<&text::LanguageTag> {
        self.locale.as_ref().map(|locale| &locale.0)
    }

    /// The form that is filled in.
    pub(super) fn read(self) -> Result<SectionForm, Refused> {
        Ok(SectionForm {
            slug: self.slug,
            locale: self.locale.map(|locale| locale.0),
            names: text(given(self.name), self.names),
            descriptions: text(given(self.description), self.descriptions),
            parent: parent(given(self.parent_id))?,
            position: self.position,
            comment_policy: Patch::Keep,
        })
    }
}

impl UpdateSectionInput {
    /// The language that it is filled in in, where one is named.
    pub(super) fn locale(&self) -> Option<&text::LanguageTag> {
        self.locale.as_ref().map(|locale| &locale.0)
    }

    /// The form that is filled in.
    pub(super) fn read(self) -> Result<SectionForm, Refused> {
        Ok(SectionForm {
            slug: self.slug,
            locale: self.locale.map(|locale| locale.0),
            names: text(patch(self.name), self.names),
            descriptions: text(patch(self.description), self.descriptions),
            parent: parent(patch(self.parent_id))?,
            position: self.position,
            comment_policy: patch(self.comment_policy.map_value(Into::into)),
        })
    }
}

/// The section that an id names.
pub(super) fn section_key(id: &ID, field: &'static str) -> Result<SectionId, Refused> {
    key(id, field, |id| match id {
        GlobalId::Section(section) => Some(section),
        _ => None,
    })
}

fn parent(said: Patch<ID>) -> Result<Patch<SectionId>, Refused> {
    const FIELD: &str = "input.parentId";
    Ok(match said {
        Patch::Keep => Patch::Keep,
        Patch::Clear => Patch::Clear,
        Patch::Set(id) => Patch::Set(section_key(&id, FIELD).map_err(|refused| match refused {
            // What is not there is not the section that is changed.
            Refused::NotFound => Fault::new(FIELD, "There is no such section.").into(),
            other => other,
        })?),
    })
}
