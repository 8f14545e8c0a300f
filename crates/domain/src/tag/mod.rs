//! A tag: a subject that articles of any section share.

use crate::text::{Localized, Slug, fold};

/// Longest name in characters.
pub const MAX_NAME: usize = 100;

/// The key of a tag.
pub type TagId = crate::Id<Tag>;

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Its key.
    pub id: TagId,
    /// One slug in all languages.
    pub slug: Slug,
    /// The name in each language.
    pub names: Localized<String>,
}

impl Tag {
    /// Whether what someone began to type leads to this tag: it begins the slug, a name in any language, or a word of
    /// one. `typed` must be [folded](fold).
    pub fn is_meant_by(&self, typed: &str) -> bool {
        let begins = |text: &str| {
            let text = fold(text);
            text.starts_with(typed)
                || text.match_indices(|c: char| !c.is_alphanumeric()).any(|(at, divider)| {
                    text.get(at + divider.len()..).is_some_and(|rest| rest.starts_with(typed))
                })
        };
        begins(self.slug.as_str()) || self.names.iter().any(|(_, name)| begins(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::LanguageTag;

    #[test]
    fn a_tag_is_found_by_what_one_begins_to_type() {
        let names = [("ar", "الميناء الجديد"), ("fr", "L’École navale")]
            .map(|(tag, name)| (LanguageTag::from_stored(tag.into()), name.to_owned()));
        let tag = Tag {
            id: TagId::from_stored(1),
            slug: Slug::from_stored("new-port".into()),
            names: names.into_iter().collect(),
        };
        for (typed, meant) in [
            ("new", true),
            ("PORT", true),
            ("الميناء", true),
            ("الجد", true),
            ("ecole", true),
            ("École nav", true),
            ("l'e", true),
            ("ort", false),
            ("navales", false),
        ] {
            assert_eq!(tag.is_meant_by(&fold(typed)), meant, "{typed}");
        }
    }
}
