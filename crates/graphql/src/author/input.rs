//! What `createAuthor` and `updateAuthor` take. The rules are the domain's; here fields get their names for clients.

use async_graphql::{ID, InputObject, MaybeUndefined};
use masthead_actions::article::input::Patch;
use masthead_actions::author::AuthorForm;
use masthead_actions::refused::{Fault, Refused};
use masthead_domain::media::ImageId;

use crate::id::GlobalId;
use crate::localized::{LocalizedTextInput, given, patch, text};
use crate::refusal::key;
use crate::scalar::LanguageTag;

/// A labelled web address of an author.
#[derive(InputObject)]
pub(crate) struct AuthorLinkInput {
    /// What the link says, one line, 1 to 100 characters.
    label: String,
    /// Where it leads: an absolute http or https address, at most 500 characters, without a user name or password.
    url: String,
}

/// A new author. A name is needed, in one language at least.
#[derive(InputObject)]
pub(crate) struct CreateAuthorInput {
    /// The slug, made of letters and digits of any script with hyphens between words, at most 80 characters; other
    /// characters become hyphens. One that another author has is INVALID. Absent or `null`: made of the name, and numbered
    /// where that is taken.
    slug: Option<String>,
    /// The language of `name`, `role` and `bio`; one that the site publishes in. Absent or `null`: the site's own.
    locale: Option<LanguageTag>,
    /// The name as it is written in that language, one line, at most 100 characters.
    name: Option<String>,
    /// What the author does at the paper, in that language, one line, at most 100 characters: "Head of culture".
    role: Option<String>,
    /// A short biography in that language, plain text, at most 2,000 characters.
    bio: Option<String>,
    /// The name in other languages.
    names: Option<Vec<LocalizedTextInput>>,
    /// The role in other languages.
    roles: Option<Vec<LocalizedTextInput>>,
    /// The biography in other languages.
    bios: Option<Vec<LocalizedTextInput>>,
    /// Addresses the author wants to be found at, in this order: at most 10.
    links: Option<Vec<AuthorLinkInput>>,
    /// A portrait: an image's id.
    avatar_id: Option<ID>,
}

/// What to change of an author. What is absent stays as it is.
#[derive(InputObject)]
pub(crate) struct UpdateAuthorInput {
    /// Another slug, as in `CreateAuthorInput`; the old one leads to the author still. One that another author has is
    /// INVALID; one that another once had leads here from now on. `null`: as it is.
    slug: Option<String>,
    /// The language of `name`, `role` and `bio`; one that the site publishes in. Absent or `null`: the site's own.
    locale: Option<LanguageTag>,
    /// The name as it is written in that language, one line, at most 100 characters. `null`: none in this language; the
    /// last name cannot be taken away.
    name: MaybeUndefined<String>,
    /// What the author does at the paper, in that language, one line, at most 100 characters. `null`: nothing is said.
    role: MaybeUndefined<String>,
    /// A short biography in that language, plain text, at most 2,000 characters. `null`: none.
    bio: MaybeUndefined<String>,
    /// The name in other languages. Languages that are not named stay as they are. `null`: as it is.
    names: Option<Vec<LocalizedTextInput>>,
    /// The role in other languages, likewise.
    roles: Option<Vec<LocalizedTextInput>>,
    /// The biography in other languages, likewise.
    bios: Option<Vec<LocalizedTextInput>>,
    /// Addresses the author wants to be found at, in this order, instead of those there are: at most 10. `null`: none.
    links: MaybeUndefined<Vec<AuthorLinkInput>>,
    /// A portrait: an image's id. `null`: none.
    avatar_id: MaybeUndefined<ID>,
}

impl CreateAuthorInput {
    /// The language that it is filled in in, where one is named.
    pub(super) fn locale(&self) -> Option<&masthead_domain::text::LanguageTag> {
        self.locale.as_ref().map(|locale| &locale.0)
    }

    /// The form that is filled in.
    pub(super) fn read(self) -> Result<AuthorForm, Refused> {
        Ok(AuthorForm {
            slug: self.slug,
            locale: self.locale.map(|locale| locale.0),
            names: text(given(self.name), self.names),
            roles: text(given(self.role), self.roles),
            biographies: text(given(self.bio), self.bios),
            links: links(given(self.links)),
            avatar: avatar(given(self.avatar_id))?,
        })
    }
}

impl UpdateAuthorInput {
    /// The language that it is filled in in, where one is named.
    pub(super) fn locale(&self) -> Option<&masthead_domain::text::LanguageTag> {
        self.locale.as_ref().map(|locale| &locale.0)
    }

    /// The form that is filled in.
    pub(super) fn read(self) -> Result<AuthorForm, Refused> {
        Ok(AuthorForm {
            slug: self.slug,
            locale: self.locale.map(|locale| locale.0),
            names: text(patch(self.name), self.names),
            roles: text(patch(self.role), self.roles),
            biographies: text(patch(self.bio), self.bios),
            links: links(patch(self.links)),
            avatar: avatar(patch(self.avatar_id))?,
        })
    }
}

fn links(said: Patch<Vec<AuthorLinkInput>>) -> Patch<Vec<(String, String)>> {
    match said {
        Patch::Keep => Patch::Keep,
        Patch::Clear => Patch::Clear,
        Patch::Set(links) => Patch::Set(links.into_iter().map(|link| (link.label, link.url)).collect()),
    }
}

fn avatar(said: Patch<ID>) -> Result<Patch<ImageId>, Refused> {
    const FIELD: &str = "input.avatarId";
    let image = |id| match id {
        GlobalId::Image(image) => Some(image),
        _ => None,
    };
    Ok(match said {
        Patch::Keep => Patch::Keep,
        Patch::Clear => Patch::Clear,
        Patch::Set(id) => Patch::Set(key(&id, FIELD, image).map_err(|refused| match refused {
            // The author is there: what is not is the picture.
            Refused::NotFound => Fault::new(FIELD, "There is no such picture.").into(),
            other => other,
        })?),
    })
}
