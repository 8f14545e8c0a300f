//! Categories and tags as an export declares them, put together where the plugin Polylang says that they are
//! translations of each other: WordPress keeps one for each language, a newsroom here has one section or tag with a
//! name in each. It must not know how sections and tags are made.
//!
//! The groups of translations stand behind the categories and tags in the file, and all of them before its items. So
//! terms are held until the first item, as many as a newsroom has: memory does not grow with the file.

use std::collections::HashMap;

use masthead_domain::text::{LanguageTag, Localized};
use masthead_interchange::wxr::{Category, Polylang, Tag, Term};

use super::key;
use super::plain::plain_line;
use super::reason::Reason;
use super::run::Run;
use super::site::parse;

/// Terms that are held; what a larger file has beyond comes in as if nothing were translated. Some 20 MB.
const MOST: usize = 50_000;

/// A category or a tag.
pub(super) trait Declared {
    fn id(&self) -> Option<i64>;
    fn slug(&self) -> &str;
    fn name(&self) -> &str;
}

/// One category or tag, and what its language is.
#[derive(Debug, Clone)]
pub(super) struct Member<T> {
    /// None where the file does not tell: then it is taken for the site's.
    pub(super) locale: Option<LanguageTag>,
    pub(super) term: T,
    /// What is to be told when it comes in.
    pub(super) remark: Option<(Reason, String)>,
}

/// Categories or tags that become one here, at least one; the first gives the slug.
#[derive(Debug, Clone)]
pub(super) struct Translated<T>(pub(super) Vec<Member<T>>);

/// Terms that wait for the groups of translations.
#[derive(Debug, Default)]
pub(super) struct Terms {
    categories: Held<Category>,
    tags: Held<Tag>,
    /// For a term's number its group and the code of its language.
    groups: HashMap<i64, (usize, String)>,
    /// How many groups there are.
    declared: usize,
    /// Whether terms were given on already; they are no more held then.
    given: bool,
}

#[derive(Debug)]
struct Held<T> {
    terms: Vec<T>,
    /// The numbers of each slug.
    seen: HashMap<String, Vec<Option<i64>>>,
}

impl<T> Default for Held<T> {
    fn default() -> Self {
        Self { terms: Vec::new(), seen: HashMap::new() }
    }
}

impl<T: Declared> Held<T> {
    /// Recent exports declare a category twice: as one, and as a term.
    fn hold(&mut self, term: T) {
        let ids = self.seen.entry(key::of_slug(term.slug())).or_default();
        let id = term.id();
        if ids.iter().any(|known| known.is_none() || id.is_none() || *known == id) {
            return;
        }
        ids.push(id);
        self.terms.push(term);
    }
}

impl Terms {
    /// Takes a category.
    pub(super) fn category(&mut self, category: Category) {
        self.categories.hold(category);
    }

    /// Takes a tag.
    pub(super) fn tag(&mut self, tag: Tag) {
        self.tags.hold(tag);
    }

    /// Learns which terms say the same.
    pub(super) fn group(&mut self, run: &mut Run<'_>, term: &Term) {
        let Some(Polylang::Translations(ids)) = &term.polylang else { return };
        if self.given {
            let what = "this group of translated categories or tags stands behind those it names: they came in one by one";
            run.tell(term.line, &term.name, Reason::TermTranslation, what);
            return;
        }
        let group = self.declared;
        self.declared += 1;
        for (code, id) in ids {
            self.groups.entry(*id).or_insert_with(|| (group, code.clone()));
        }
    }

    /// Whether no more can be held.
    pub(super) fn is_full(&self) -> bool {
        self.categories.terms.len() + self.tags.terms.len() + self.groups.len() >= MOST
    }

    /// What was held, put together, in the file's order.
    pub(super) fn give(&mut self, run: &Run<'_>) -> (Vec<Translated<Category>>, Vec<Translated<Tag>>) {
        self.given |= !self.categories.terms.is_empty() || !self.tags.terms.is_empty();
        self.categories.seen.clear();
        self.tags.seen.clear();
        let groups = std::mem::take(&mut self.groups);
        let categories = together(run, std::mem::take(&mut self.categories.terms), &groups);
        let tags = together(run, std::mem::take(&mut self.tags.terms), &groups);
        (categories, tags)
    }
}

fn together<T: Declared>(
    run: &Run<'_>,
    terms: Vec<T>,
    groups: &HashMap<i64, (usize, String)>,
) -> Vec<Translated<T>> {
    let mut all: Vec<Translated<T>> = Vec::new();
    let mut places: HashMap<usize, usize> = HashMap::new();
    for term in terms {
        let Some((group, code)) = term.id().and_then(|id| groups.get(&id)) else {
            let is_untold = run.languages.len() > 1;
            let remark = is_untold.then(|| (Reason::UntoldLanguage, untold(run)));
            all.push(Translated(vec![Member { locale: None, term, remark }]));
            continue;
        };
        let Some(locale) = run.languages.get(code).cloned().or_else(|| parse(code)) else {
            let what = format!("its language “{code}” is no language tag: it is translated by none here");
            let remark = Some((Reason::UnknownLanguage, what));
            all.push(Translated(vec![Member { locale: None, term, remark }]));
            continue;
        };
        let locale = run.site.resolve(&locale);
        let Some(place) = places.get(group).copied() else {
            places.insert(*group, all.len());
            all.push(Translated(vec![Member { locale: Some(locale), term, remark: None }]));
            continue;
        };
        let Translated(members) = &mut all[place];
        if let Some(other) = members.iter().find(|member| member.locale.as_ref() == Some(&locale)) {
            let what =
                format!("“{}” is its translation in {locale} already: it stands alone", other.term.name());
            let remark = Some((Reason::TermTranslation, what));
            all.push(Translated(vec![Member { locale: Some(locale), term, remark }]));
            continue;
        }
        // The site's own language gives the slug.
        let at = if locale == run.site.default_locale { 0 } else { members.len() };
        members.insert(at, Member { locale: Some(locale), term, remark: None });
    }
    all
}

fn untold(run: &Run<'_>) -> String {
    format!("the file does not tell its language: its name stands for {}", run.site.default_locale)
}

/// A text of each member in its language, those without a letter apart.
pub(super) fn texts<T: Declared>(
    members: &[Member<T>],
    default: &LanguageTag,
    text: impl Fn(&T) -> &str,
) -> Localized<String> {
    let mut texts = Localized::new();
    for member in members {
        let line = plain_line(text(&member.term));
        if !line.is_empty() {
            texts.insert(member.locale.as_ref().unwrap_or(default).clone(), line);
        }
    }
    texts
}

impl Declared for Category {
    fn id(&self) -> Option<i64> {
        self.id
    }
    fn slug(&self) -> &str {
        &self.slug
    }
    fn name(&self) -> &str {
        &self.name
    }
}

impl Declared for Tag {
    fn id(&self) -> Option<i64> {
        self.id
    }
    fn slug(&self) -> &str {
        &self.slug
    }
    fn name(&self) -> &str {
        &self.name
    }
}
