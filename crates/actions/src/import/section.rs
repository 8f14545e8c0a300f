//! Categories become sections: declared ones with their tree, used ones where nothing declares them.

use std::collections::HashSet;

use masthead_domain::event::Event;
use masthead_domain::section::SectionId;
use masthead_domain::text::{Localized, Slug};
use masthead_interchange::wxr::{Category, ItemTerm, Post};
use masthead_persistence::section::SectionTexts;
use masthead_persistence::{ImportedInto, Named, StoreError, Tx};

use super::key;
use super::plain::plain_line;
use super::reason::Reason;
use super::report::{Group, Noun};
use super::run::{Known, Place, Run, noun};
use super::site::in_locale;
use super::term::{Member, Translated, texts};

/// The tree of categories as it is declared, children before their parents perhaps.
#[derive(Debug, Default)]
pub(super) struct Tree {
    waiting: Vec<(i32, Translated<Category>)>,
    declared: i32,
}

/// A section that is made or found.
struct Wished<'a> {
    line: u64,
    slug: &'a str,
    names: Localized<String>,
    descriptions: Localized<String>,
    parent: Option<Place>,
    position: i32,
}

impl Tree {
    /// Takes a declared category with its translations: at once where what stands above it is known, else at the
    /// [end](Self::finish).
    pub(super) async fn declare(
        &mut self,
        run: &mut Run<'_>,
        tx: &Tx,
        declared: Translated<Category>,
    ) -> Result<(), StoreError> {
        self.declared = self.declared.saturating_add(1);
        let (mut here, mut new): (Option<Place>, Vec<Member<Category>>) = (None, Vec::new());
        for member in declared.0 {
            let category = &member.term;
            let key = key::of_slug(&category.slug);
            if run.sections.get(&key).is_some() {
                run.section_doubled(tx, category).await?;
                continue;
            }
            match run.known(tx, noun::SECTION, &key, ImportedInto::Section).await? {
                Known::Here(own) => {
                    let parent = run.section_above(category);
                    let depth = parent.map_or(0, |parent| parent.depth.saturating_add(1));
                    let place = Place { id: SectionId::from_stored(own), depth };
                    run.sections.insert(key, place);
                    if here.is_none_or(|here| here.id != place.id) {
                        run.report.already_here(Noun::Sections);
                    }
                    here = here.or(Some(place));
                }
                Known::Gone => run.tell_gone(category.line, &plain_line(&category.name), "the section"),
                Known::Never => new.push(member),
            }
        }
        let Some(first) = new.first() else { return Ok(()) };
        match (here, run.section_above(&first.term)) {
            (Some(place), _) => run.section_join(tx, place, &new).await?,
            (None, None) if first.term.parent.is_some() => {
                self.waiting.push((self.declared, Translated(new)));
            }
            (None, parent) => add(run, tx, &new, parent, self.declared).await?,
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
            for (position, members) in std::mem::take(&mut self.waiting) {
                match members.0.first().and_then(|first| run.section_above(&first.term)) {
                    Some(parent) => add(run, tx, &members.0, Some(parent), position).await?,
                    None => still_waiting.push((position, members)),
                }
            }
            // Nobody found a parent: it is declared nowhere, or they stand below each other.
            if still_waiting.len() == before {
                let (position, members) = still_waiting.remove(0);
                self.waiting = still_waiting;
                let Some(first) = members.0.first() else { continue };
                let (line, name) = (first.term.line, plain_line(&first.term.name));
                let parent = first.term.parent.as_deref().unwrap_or_default();
                if !is_complete {
                    let what = format!(
                        "the file is cut off before the category “{parent}” above it: does not come in"
                    );
                    run.tell(line, &name, Reason::CutOff, what);
                    continue;
                }
                let what = format!(
                    "stands below the category “{parent}”, which is not declared or stands below it: put at the top"
                );
                run.tell(line, &name, Reason::LostParent, what);
                add(run, tx, &members.0, None, position).await?;
                continue;
            }
            self.waiting = still_waiting;
        }
        Ok(())
    }
}

/// Makes one section of categories that are translations of each other.
async fn add(
    run: &mut Run<'_>,
    tx: &Tx,
    members: &[Member<Category>],
    parent: Option<Place>,
    position: i32,
) -> Result<(), StoreError> {
    let Some((first, others)) = members.split_first() else { return Ok(()) };
    let category = &first.term;
    let key = key::of_slug(&category.slug);
    if run.sections.get(&key).is_some() {
        return run.section_doubled(tx, category).await;
    }
    let default = run.site.default_locale.clone();
    let wished = Wished {
        line: category.line,
        slug: &category.slug,
        names: texts(std::slice::from_ref(first), &default, |term| &term.name),
        descriptions: texts(std::slice::from_ref(first), &default, |term| &term.description),
        parent,
        position,
    };
    let id = run.section_make(tx, &key, &plain_line(&category.name), wished).await?;
    if let Some((reason, what)) = first.remark.clone() {
        run.tell(category.line, &plain_line(&category.name), reason, what);
    }
    if let Some(number) = category.id {
        run.remember(tx, noun::SECTION_NUMBER, &number.to_string(), id.get()).await?;
    }
    let depth = parent.map_or(0, |parent| parent.depth.saturating_add(1));
    let place = Place { id, depth };
    run.sections.insert(key, place);
    run.section_join(tx, place, others).await
}

impl Run<'_> {
    /// Where the section above a category is, if it is known.
    fn section_above(&self, category: &Category) -> Option<Place> {
        category.parent.as_deref().and_then(|parent| self.sections.get(&key::of_slug(parent)).copied())
    }

    /// A category with the slug of one that was declared before: nothing tells their articles apart.
    async fn section_doubled(&mut self, tx: &Tx, category: &Category) -> Result<(), StoreError> {
        let Some(number) = category.id.map(|id| id.to_string()) else { return Ok(()) };
        let Some(place) = self.sections.get(&key::of_slug(&category.slug)).copied() else { return Ok(()) };
        if tx.imported(&self.origin, noun::SECTION_NUMBER, &number).await?.is_some() {
            return Ok(());
        }
        let what = "another category of the file has its slug: one section stands for both";
        self.tell(category.line, &plain_line(&category.name), Reason::Merged, what);
        self.remember(tx, noun::SECTION_NUMBER, &number, place.id.get()).await
    }

    /// Gives a section the names of categories that are its translations, and makes it found by their slugs.
    async fn section_join(
        &mut self,
        tx: &Tx,
        place: Place,
        members: &[Member<Category>],
    ) -> Result<(), StoreError> {
        let default = self.site.default_locale.clone();
        for member in members {
            let category = &member.term;
            let (key, name) = (key::of_slug(&category.slug), plain_line(&category.name));
            if let Some(above) = self.section_above(category)
                && tx.section_parent(place.id).await? != Some(above.id)
            {
                let parent = category.parent.as_deref().unwrap_or_default();
                let what = format!("stood below “{parent}”: it is one with its translation, which does not");
                self.tell(category.line, &name, Reason::TermTranslation, what);
            }
            let slug = Slug::import(&category.slug).map(|slug| slug.key());
            let ours = match &slug {
                Some(slug) => tx.section_by_slug(slug).await?,
                None => None,
            };
            let place = match ours {
                // A section of ours that is another.
                Some(id) if id != place.id => {
                    let what = format!(
                        "a section has the slug “{}” already: that one is used, apart from its translations",
                        category.slug
                    );
                    self.tell(category.line, &name, Reason::Merged, what);
                    Place { id, depth: 0 }
                }
                _ => {
                    let names = texts(std::slice::from_ref(member), &default, |term| &term.name);
                    let descriptions =
                        texts(std::slice::from_ref(member), &default, |term| &term.description);
                    if tx.section_texts_add(place.id, &names, &descriptions).await? {
                        tx.append(Event::SectionChanged { section: place.id }, self.now);
                        self.report.tally(Group::Conversions, "translated categories", category.line);
                    } else {
                        let what = "its section has a name in this language: this one did not come in";
                        self.tell(category.line, &name, Reason::TermTranslation, what);
                    }
                    if let Some(slug) = slug.filter(|_| ours.is_none())
                        && !tx.slug_former_add(Named::Section, place.id, &slug).await?
                    {
                        let what = format!("its slug “{}” leads to another section", category.slug);
                        self.tell(category.line, &name, Reason::TakenAddress, what);
                    }
                    place
                }
            };
            self.remember(tx, noun::SECTION, &key, place.id.get()).await?;
            if let Some(number) = category.id {
                self.remember(tx, noun::SECTION_NUMBER, &number.to_string(), place.id.get()).await?;
            }
            self.sections.insert(key, place);
        }
        Ok(())
    }

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
            let place = self.section_of(tx, post, term).await?;
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
    async fn section_of(
        &mut self,
        tx: &Tx,
        post: &Post,
        term: &ItemTerm,
    ) -> Result<Option<Place>, StoreError> {
        let slug = term.nicename.as_deref().unwrap_or(&term.name);
        let key = key::of_slug(slug);
        if let Some(place) = self.sections.get(&key) {
            return Ok(Some(*place));
        }
        let name = plain_line(&term.name);
        let id = match self.known(tx, noun::SECTION, &key, ImportedInto::Section).await? {
            Known::Here(own) => SectionId::from_stored(own),
            Known::Gone => {
                self.tell_gone(post.line, &name, "the section");
                return Ok(None);
            }
            Known::Never => {
                let what = "an item carries this category, which is declared nowhere: it came in at the top";
                self.tell(post.line, &name, Reason::Undeclared, what);
                let wished = Wished {
                    line: post.line,
                    slug,
                    names: in_locale(&self.locale_of(post), Some(&term.name)),
                    descriptions: Localized::new(),
                    parent: None,
                    position: i32::MAX,
                };
                self.section_make(tx, &key, &name, wished).await?
            }
        };
        let place = Place { id, depth: 0 };
        self.sections.insert(key, place);
        Ok(Some(place))
    }

    /// Makes a section, or takes the one of ours that has its slug.
    async fn section_make(
        &mut self,
        tx: &Tx,
        key: &str,
        name: &str,
        wished: Wished<'_>,
    ) -> Result<SectionId, StoreError> {
        let slug = Slug::import(wished.slug)
            .or_else(|| Slug::make(name))
            .unwrap_or_else(|| Slug::from_stored(format!("section-{}", wished.line)));
        let id = match tx.section_by_slug(&slug.key()).await? {
            Some(id) => {
                let what = format!("a section has the slug “{slug}” already: that one is used");
                self.tell(wished.line, name, Reason::Merged, what);
                self.report.already_here(Noun::Sections);
                id
            }
            None => {
                let mut names = wished.names;
                if names.is_empty() {
                    names.insert(self.site.default_locale.clone(), slug.to_string());
                }
                let texts = SectionTexts {
                    slug,
                    names,
                    descriptions: wished.descriptions,
                    parent: wished.parent.map(|parent| parent.id),
                    position: wished.position,
                };
                let id = tx.section_create(&texts).await?;
                tx.append(Event::SectionChanged { section: id }, self.now);
                self.report.came_in(Noun::Sections, None);
                id
            }
        };
        self.remember(tx, noun::SECTION, key, id.get()).await?;
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
