//! Texts in several languages as mutations take them. It must not know what the texts are.

use async_graphql::{InputObject, MaybeUndefined};
use masthead_actions::article::input::Patch;
use masthead_actions::texts::TextChange;

use crate::scalar::LanguageTag;

/// A text in one language, among others.
#[derive(InputObject)]
pub(crate) struct LocalizedTextInput {
    /// The language; one that the site publishes in.
    locale: LanguageTag,
    /// The text, plain. `null` or empty: it has none in this language any more.
    text: Option<String>,
}

/// What the two fields of a text say: the one in the form's language, and the list of others.
pub(crate) fn text(one: Patch<String>, more: Option<Vec<LocalizedTextInput>>) -> TextChange {
    let more = more.unwrap_or_default().into_iter().map(|other| (other.locale.0, other.text)).collect();
    TextChange { one, more }
}

/// What an optional field of a change says.
pub(crate) fn patch<T>(field: MaybeUndefined<T>) -> Patch<T> {
    match field {
        MaybeUndefined::Undefined => Patch::Keep,
        MaybeUndefined::Null => Patch::Clear,
        MaybeUndefined::Value(value) => Patch::Set(value),
    }
}

/// What an optional field of something new says.
pub(crate) fn given<T>(field: Option<T>) -> Patch<T> {
    field.map_or(Patch::Keep, Patch::Set)
}
