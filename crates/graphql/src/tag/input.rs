//! What `updateTag` takes. The rules are the domain's; here fields get their names for clients.

use async_graphql::{InputObject, MaybeUndefined};
use masthead_actions::tag::update::TagForm;
use masthead_domain::text;

use crate::localized::{LocalizedTextInput, patch, text};
use crate::scalar::LanguageTag;

/// What to change of a tag. What is absent stays as it is.
#[derive(InputObject)]
pub(crate) struct UpdateTagInput {
    /// Another slug, made of letters and digits of any script with hyphens between words, at most 80 characters; other
    /// characters become hyphens. The old one leads to the tag still. One that another tag has is INVALID: merge them. One
    /// that another once had leads here from now on. `null`: as it is.
    slug: Option<String>,
    /// The language of `name`; one that the site publishes in. Absent or `null`: the site's own.
    locale: Option<LanguageTag>,
    /// The name in that language, one line, at most 100 characters. `null`: none in this language; the last name cannot be
    /// taken away.
    name: MaybeUndefined<String>,
    /// The name in other languages. Languages that are not named stay as they are. `null`: as it is.
    names: Option<Vec<LocalizedTextInput>>,
}

impl UpdateTagInput {
    /// The language that it is filled in in, where one is named.
    pub(super) fn locale(&self) -> Option<&text::LanguageTag> {
        self.locale.as_ref().map(|locale| &locale.0)
    }

    /// The form that is filled in.
    pub(super) fn read(self) -> TagForm {
        TagForm {
            slug: self.slug,
            locale: self.locale.map(|locale| locale.0),
            names: text(patch(self.name), self.names),
        }
    }
}
