//! What a form says of texts that exist in several languages, and of slugs; each fault named by its field.
//!
//! It must not know what the texts are for, nor GraphQL: paths of fields come in as they are spelt there.

use masthead_domain::Id;
use masthead_domain::site::Site;
use masthead_domain::text::plain::{Unfit, line, lines};
use masthead_domain::text::{LanguageTag, Localized, Slug, SlugKey};
use masthead_persistence::{Named, StoreError, Tx};

use crate::article::input::Patch;
use crate::refused::{DeskError, Fault, Faults};

/// What a change says of one text that exists in several languages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextChange {
    /// In the language that the whole form is filled in in.
    pub one: Patch<String>,
    /// In other languages, each by name; `None` takes the text of that language away.
    pub more: Vec<(LanguageTag, Option<String>)>,
}

/// A text of a form: how long it may be and where its faults are told.
#[derive(Debug, Clone, Copy)]
pub struct TextField {
    /// The path of the field in one language: `input.name`.
    pub one: &'static str,
    /// The path of the list of it in several: `input.names`.
    pub more: &'static str,
    /// Longest in characters.
    pub max: usize,
    /// Whether it may have several lines.
    pub many_lines: bool,
}

/// The language that a form is filled in in.
pub(crate) const LOCALE: &str = "input.locale";

impl TextField {
    /// A text of one line.
    pub const fn line(one: &'static str, more: &'static str, max: usize) -> Self {
        Self { one, more, max, many_lines: false }
    }

    /// A text of several lines.
    pub const fn lines(one: &'static str, more: &'static str, max: usize) -> Self {
        Self { one, more, max, many_lines: true }
    }

    /// Puts what is said into `texts`. What is wrong is noted, and nothing of it put in.
    pub(crate) fn apply(
        &self,
        change: &TextChange,
        form: &Form<'_>,
        texts: &mut Localized<String>,
        faults: &mut Faults,
    ) {
        // A language that is wrong was told of once, with the form.
        if let Some(locale) = &form.locale {
            match &change.one {
                Patch::Keep => {}
                Patch::Clear => self.put(self.one, locale.clone(), None, texts, faults),
                Patch::Set(said) => self.put(self.one, locale.clone(), Some(said), texts, faults),
            }
        }
        for (locale, said) in &change.more {
            match form.language(locale) {
                Some(locale) => self.put(self.more, locale, said.as_deref(), texts, faults),
                None => faults.add(self.more, form.no_such_language(locale)),
            }
        }
    }

    fn put(
        &self,
        path: &'static str,
        locale: LanguageTag,
        said: Option<&str>,
        texts: &mut Localized<String>,
        faults: &mut Faults,
    ) {
        match self.read(said.unwrap_or_default()) {
            Ok(None) => {
                texts.remove(&locale);
            }
            Ok(Some(text)) => {
                texts.insert(locale, text);
            }
            Err(unfit) => faults.add(path, format!("It {unfit}.")),
        }
    }

    fn read(&self, text: &str) -> Result<Option<String>, Unfit> {
        if self.many_lines { lines(text, self.max) } else { line(text, self.max) }
    }
}

/// A form that is being read: the languages of the site, and the one that it is filled in in.
pub(crate) struct Form<'a> {
    locales: &'a [LanguageTag],
    site: &'a Site,
    /// `None` where the site does not publish in the one that was named.
    locale: Option<LanguageTag>,
}

impl<'a> Form<'a> {
    /// A form filled in in `locale`, or in the site's own language. Notes where the site does not publish in it.
    pub(crate) fn open(site: &'a Site, locale: Option<&LanguageTag>, faults: &mut Faults) -> Self {
        let mut form = Self { locales: &site.locales, site, locale: None };
        form.locale = match locale {
            None => Some(site.default_locale.clone()),
            Some(locale) => form.language(locale),
        };
        if let (None, Some(locale)) = (&form.locale, locale) {
            faults.add(LOCALE, form.no_such_language(locale));
        }
        form
    }

    /// The site's language for one that was named.
    fn language(&self, locale: &LanguageTag) -> Option<LanguageTag> {
        let resolved = self.site.resolve(locale);
        self.locales.contains(&resolved).then_some(resolved)
    }

    fn no_such_language(&self, locale: &LanguageTag) -> String {
        let locales = self.locales.iter().map(LanguageTag::as_str).collect::<Vec<_>>().join(", ");
        format!("The site does not publish in {locale}. Its languages are: {locales}.")
    }
}

/// Notes at `field` where a thing has no name in any language.
pub(crate) fn require_name(names: &Localized<String>, field: &TextField, faults: &mut Faults) {
    if names.is_empty() {
        faults.add(field.one, "A name is needed, in one language at least.");
    }
}

/// Where the faults of a slug are told.
pub(crate) const SLUG: &str = "input.slug";

/// The slug of a new thing: the one asked for, which no other may have now; else one made of its name, numbered where it
/// is taken. Refuses where this or anything before it was at fault.
pub(crate) async fn new_slug(
    tx: &Tx,
    of: Named,
    asked: Option<&str>,
    name: Option<&str>,
    mut faults: Faults,
) -> Result<Slug, DeskError> {
    let slug = match asked {
        Some(asked) => faults.take(read_slug(asked)),
        None => name.and_then(Slug::make),
    };
    if let (Some(slug), Some(_)) = (&slug, asked) {
        if tx.slug_owner::<()>(of, &slug.key()).await?.is_some() {
            faults.add(SLUG, taken(slug));
        } else {
            // What once had it has another now.
            tx.slug_release(of, &slug.key()).await?;
        }
    }
    faults.check()?;
    slug.ok_or_else(|| {
        Fault::new(SLUG, "The name has no letter or digit to make a slug of: give one.").into()
    })
}

/// The slug that a thing is to have instead of `current`. `None` where it stays, or where a fault was noted.
pub(crate) async fn other_slug<T>(
    tx: &Tx,
    of: Named,
    id: Id<T>,
    current: &Slug,
    asked: Option<&str>,
    faults: &mut Faults,
) -> Result<Option<Slug>, StoreError> {
    let Some(asked) = asked.filter(|asked| SlugKey::of(asked) != current.key()) else { return Ok(None) };
    let Some(slug) = faults.take(read_slug(asked)) else { return Ok(None) };
    if slug == *current {
        return Ok(None);
    }
    match tx.slug_owner(of, &slug.key()).await? {
        Some(owner) if owner != id => {
            faults.add(SLUG, taken(&slug));
            Ok(None)
        }
        _ => Ok(Some(slug)),
    }
}

fn read_slug(asked: &str) -> Result<Slug, Fault> {
    Slug::make(asked).ok_or_else(|| Fault::new(SLUG, "A slug has at least one letter or digit."))
}

fn taken(slug: &Slug) -> String {
    format!("The slug “{slug}” is taken.")
}

/// The names of what a change touched, for the audit log.
pub(crate) fn touched(parts: &[(&'static str, bool)]) -> Option<String> {
    let names: Vec<_> = parts.iter().filter(|(_, changed)| *changed).map(|(name, _)| *name).collect();
    (!names.is_empty()).then(|| names.join(", "))
}
