//! Categories become sections: declared ones with their tree, used ones where nothing declares them.

use std::collections::HashSet;

use masthead_domain::event::Event;
use masthead_domain::section::SectionId;
use masthead_domain::text::{Localized, Slug};
use masthead_interchange::wxr::{Category, ItemTerm, Post};
use masthead_persistence::section::SectionTexts;
use masthead_persistence::{ImportedInto, StoreError, Tx};

use super::key;
use super::plain::plain_line;
use super::reason::Reason;
use super::report::Noun;
use super::run::{Known, Place, Run, noun};
use super::site::in_locale;

/// The tree of categories as it is declared, children before their parents perhaps.
#[derive(Debug, Default)]
pub(super) struct Tree {
    waiting: Vec<(i32, Category)>,
    declared: i32,
}

/// A section that is made or found.
struct Wished<'a> {
    line: u64,
    key: String,
    slug: &'a str,
    name: String,
    description: &'a str,
    parent: Option<Place>,
    position: i32,
}

impl Tree {
    /// Takes a declared category: at once where what stands above it is known, else at the [end](Self::finish).
    pub(super) async fn declare(
        &mut self,
        run: &mut Run<'_>,
        tx: &Tx,
        category: Category,
    ) -> Result<(), StoreError> {
        let key = key::of_slug(&category.slug);
        // Recent exports declare a category twice: as one, and as a term.
        if run.sections.get(&key).is_some() {
            return Ok(());
        }
        self.declared = self.declared.saturating_add(1);
        let parent = category.parent.as_deref().map(key::of_slug);
        let parent_place = parent.as_ref().and_then(|parent| run.sections.get(parent).copied());
        match run.known(tx, noun::SECTION, &key, ImportedInto::Section).await? {
            Known::Here(own) => {
                let depth = parent_place.map_or(0, |parent| parent.depth.saturating_add(1));
                run.sections.insert(key, Place { id: SectionId::from_stored(own), depth });
                run.report.already_here(Noun::Sections);
            }
            Known::Gone => run.tell_gone(category.line, &plain_line(&category.name), "the section"),
            Known::Never if parent.is_some() && parent_place.is_none() => {
                self.waiting.push((self.declared, category));
            }
            Known::Never => add(run, tx, category, parent_place, self.declared).await?,
        }
        Ok(())
    }

    /// Takes those whose parent came later, or never. `is_complete`: all categories of the old site were declared;
    /// else those whose parent is missing are left to an import of the whole file.
    pub(super) async fn finish(
        mut self,
        run: &mut Run<'_>,
        tx: &Tx,
        is_complete: bool,
    ) -> Result<(), StoreError> {
        while !self.waiting.is_empty() {
            let mut still_waiting = Vec::new();
            let before = self.waiting.len();
            for (position, category) in std::mem::take(&mut self.waiting) {
                let parent = category.parent.as_deref().map(key::of_slug);
                match parent.and_then(|parent| run.sections.get(&parent).copied()) {
                    Some(parent) => add(run, tx, category, Some(parent), position).await?,
                    None => still_waiting.push((position, category)),
                }
            }
            // Nobody found a parent: it is declared nowhere, or they stand below each other.
            if still_waiting.len() == before {
                let (position, category) = still_waiting.remove(0);
                let name = plain_line(&category.name);
                let parent = category.parent.as_deref().unwrap_or_default();
                if !is_complete {
                    let what = format!(
                        "the file is cut off before the category “{parent}” above it: does not come in"
                    );
                    run.tell(category.line, &name, Reason::CutOff, what);
                    self.waiting = still_waiting;
                    continue;
                }
                let what = format!(
                    "stands below the category “{parent}”, which is not declared or stands below it: put at the top"
                );
                run.tell(category.line, &name, Reason::LostParent, what);
                add(run, tx, category, None, position).await?;
            }
            self.waiting = still_waiting;
        }
        Ok(())
    }
}

async fn add(
    run: &mut Run<'_>,
    tx: &Tx,
    category: Category,
    parent: Option<Place>,
    position: i32,
) -> Result<(), StoreError> {
    let key = key::of_slug(&category.slug);
    if run.sections.get(&key).is_some() {
        return Ok(());
    }
    let wished = Wished {
        line: category.line,
        key: key.clone(),
        slug: &category.slug,
        name: plain_line(&category.name),
        description: &category.description,
        parent,
        position,
    };
    let id = run.section_make(tx, &wished).await?;
    if let Some(number) = category.id {
        run.remember(tx, noun::SECTION_NUMBER, &number.to_string(), id.get()).await?;
    }
    let depth = parent.map_or(0, |parent| parent.depth.saturating_add(1));
    run.sections.insert(key, Place { id, depth });
    Ok(())
}

impl Run<'_> {
    /// The main section of an item and the others: the main one is the one that its editors chose, else the deepest
    /// of the tree, else the first.
    pub(super) async fn sections_of(
        &mut self,
        tx: &Tx,
        post: &Post,
    ) -> Result<(Option<SectionId>, Vec<SectionId>), StoreError> {
        let mut places: Vec<Place> = Vec::new();
        let mut seen = HashSet::new();
        for term in post.terms_of("category") {
            let place = self.section_of(tx, post.line, term).await?;
            places.extend(place.filter(|place| seen.insert(place.id)));
        }
        let chosen = match primary(post) {
            Some(number) => tx.imported(&self.origin, noun::SECTION_NUMBER, &number.to_string()).await?,
            None => None,
        };
        let main = places
            .iter()
            .position(|place| Some(place.id.get()) == chosen)
            .or_else(|| (0..places.len()).rev().max_by_key(|&at| places[at].depth));
        let main = main.map(|at| places.remove(at).id);
        Ok((main, places.into_iter().map(|place| place.id).collect()))
    }

    /// The section of a category that an item carries; none where it was deleted here.
    async fn section_of(&mut self, tx: &Tx, line: u64, term: &ItemTerm) -> Result<Option<Place>, StoreError> {
        let slug = term.nicename.as_deref().unwrap_or(&term.name);
        let key = key::of_slug(slug);
        if let Some(place) = self.sections.get(&key) {
            return Ok(Some(*place));
        }
        let name = plain_line(&term.name);
        let id = match self.known(tx, noun::SECTION, &key, ImportedInto::Section).await? {
            Known::Here(own) => SectionId::from_stored(own),
            Known::Gone => {
                self.tell_gone(line, &name, "the section");
                return Ok(None);
            }
            Known::Never => {
                let what = "an item carries this category, which is declared nowhere: it came in at the top";
                self.tell(line, &name, Reason::Undeclared, what);
                let wished = Wished {
                    line,
                    key: key.clone(),
                    slug,
                    name,
                    description: "",
                    parent: None,
                    position: i32::MAX,
                };
                self.section_make(tx, &wished).await?
            }
        };
        let place = Place { id, depth: 0 };
        self.sections.insert(key, place);
        Ok(Some(place))
    }

    /// Makes a section, or takes the one of ours that has its slug.
    async fn section_make(&mut self, tx: &Tx, wished: &Wished<'_>) -> Result<SectionId, StoreError> {
        let slug = Slug::import(wished.slug)
            .or_else(|| Slug::make(&wished.name))
            .unwrap_or_else(|| Slug::from_stored(format!("section-{}", wished.line)));
        let id = match tx.section_by_slug(&slug.key()).await? {
            Some(id) => {
                let what = format!("a section has the slug “{slug}” already: that one is used");
                self.tell(wished.line, &wished.name, Reason::Merged, what);
                self.report.already_here(Noun::Sections);
                id
            }
            None => {
                let locale = self.site.default_locale.clone();
                let name = if wished.name.is_empty() { slug.to_string() } else { wished.name.clone() };
                let mut names = Localized::new();
                names.insert(locale.clone(), name);
                let texts = SectionTexts {
                    slug,
                    names,
                    descriptions: in_locale(&locale, Some(wished.description)),
                    parent: wished.parent.map(|parent| parent.id),
                    position: wished.position,
                };
                let id = tx.section_create(&texts).await?;
                tx.append(Event::SectionChanged { section: id }, self.now);
                self.report.came_in(Noun::Sections, None);
                id
            }
        };
        self.remember(tx, noun::SECTION, &wished.key, id.get()).await?;
        Ok(id)
    }
}

/// The number of the category that an item's editors chose as its main one, by a plugin.
fn primary(post: &Post) -> Option<i64> {
    ["_yoast_wpseo_primary_category", "rank_math_primary_category", "_seopress_robots_primary_cat"]
        .into_iter()
        .find_map(|key| post.meta_value(key))
        .and_then(|number| number.trim().parse().ok())
}
