//! Values that exist once per locale (a section's name, an author's biography). It must not know which
//! locale a site or a reader prefers: both are arguments.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::LanguageTag;

/// A value in each of several locales. May be empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Localized<T>(BTreeMap<LanguageTag, T>);

impl<T> Localized<T> {
    /// No value in any locale.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// The value to show who wants `wanted`: in exactly that locale; else in one of the same primary language
    /// (`ar` for `ar-LB` before others, then by tag); else in `fallback`, which is the site's; else the first
    /// there is, by tag. `None` only when there is none at all.
    #[must_use]
    pub fn get(&self, wanted: &LanguageTag, fallback: &LanguageTag) -> Option<&T> {
        self.0
            .get(wanted)
            .or_else(|| self.same_language(wanted))
            .or_else(|| self.0.get(fallback))
            .or_else(|| self.same_language(fallback))
            .or_else(|| self.0.values().next())
    }

    /// The value in exactly this locale.
    #[must_use]
    pub fn exact(&self, locale: &LanguageTag) -> Option<&T> {
        self.0.get(locale)
    }

    /// Sets the value of a locale, and gives back the one it replaced.
    pub fn insert(&mut self, locale: LanguageTag, value: T) -> Option<T> {
        self.0.insert(locale, value)
    }

    /// Removes the value of a locale, and gives it back.
    pub fn remove(&mut self, locale: &LanguageTag) -> Option<T> {
        self.0.remove(locale)
    }

    /// Each locale with its value, in the order of the tags.
    pub fn iter(&self) -> impl Iterator<Item = (&LanguageTag, &T)> {
        self.0.iter()
    }

    /// Whether there is no value in any locale.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In the order of the tags a bare `ar` stands before `ar-LB`, so the most general comes first.
    fn same_language(&self, wanted: &LanguageTag) -> Option<&T> {
        self.0.iter().find(|(locale, _)| locale.primary() == wanted.primary()).map(|(_, value)| value)
    }
}

impl<T> Default for Localized<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> FromIterator<(LanguageTag, T)> for Localized<T> {
    fn from_iter<I: IntoIterator<Item = (LanguageTag, T)>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(s: &str) -> LanguageTag {
        LanguageTag::parse(s).unwrap()
    }

    #[test]
    fn a_reader_gets_the_nearest_text_there_is() {
        let names: Localized<&str> =
            [("ar", "ثقافة"), ("fr-CA", "Culture (Québec)"), ("fr", "Culture"), ("pt-BR", "Cultura")]
                .into_iter()
                .map(|(locale, name)| (tag(locale), name))
                .collect();
        let cases = [
            ("fr-CA", "ar", "Culture (Québec)"),
            ("fr-BE", "ar", "Culture"),
            ("ar-LB", "fr", "ثقافة"),
            ("pt", "fr", "Cultura"),
            ("en", "fr", "Culture"),
            ("en", "fr-CH", "Culture"),
            ("en", "de", "ثقافة"),
        ];
        for (wanted, fallback, expected) in cases {
            assert_eq!(names.get(&tag(wanted), &tag(fallback)), Some(&expected), "{wanted} else {fallback}");
        }
        assert_eq!(Localized::<&str>::new().get(&tag("ar"), &tag("fr")), None);
    }

    #[test]
    fn it_is_stored_as_a_plain_object() {
        let names: Localized<String> =
            [(tag("fr"), "Sport".to_owned()), (tag("ar"), "رياضة".to_owned())].into_iter().collect();
        let json = serde_json::to_string(&names).unwrap();
        assert_eq!(json, r#"{"ar":"رياضة","fr":"Sport"}"#);
        assert_eq!(serde_json::from_str::<Localized<String>>(&json).unwrap(), names);
    }
}
