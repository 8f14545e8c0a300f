//! Tags: declared ones, and used ones where nothing declares them.

use std::collections::HashSet;

use masthead_domain::event::Event;
use masthead_domain::tag::TagId;
use masthead_domain::text::{LanguageTag, Localized, Slug};
use masthead_interchange::wxr::{ItemTerm, Post, Tag};
use masthead_persistence::{ImportedInto, Named, StoreError, Tx};

use super::key;
use super::plain::plain_line;
use super::reason::Reason;
use super::report::{Group, Noun};
use super::run::{Known, Run, noun};
use super::site::in_locale;
use super::term::{Member, Translated};

impl Run<'_> {
    /// Takes a declared tag with its translations.
    pub(super) async fn tag_declare(&mut self, tx: &Tx, declared: Translated<Tag>) -> Result<(), StoreError> {
        let (mut here, mut new): (Option<TagId>, Vec<Member<Tag>>) = (None, Vec::new());
        for member in declared.0 {
            let tag = &member.term;
            let (key, name) = (key::of_slug(&tag.slug), plain_line(&tag.name));
            if self.tags.get(&key).is_some() {
                if tx.imported(&self.origin, noun::TAG, &key).await?.is_none() {
                    let what = "another tag of the file has its slug: one tag stands for both";
                    self.tell(tag.line, &name, Reason::Merged, what);
                }
                continue;
            }
            match self.known(tx, noun::TAG, &key, ImportedInto::Tag).await? {
                Known::Here(own) => {
                    let id = TagId::from_stored(own);
                    self.tags.insert(key, id);
                    if here != Some(id) {
                        self.report.already_here(Noun::Tags);
                    }
                    here = here.or(Some(id));
                }
                Known::Gone => self.tell_gone(tag.line, &name, "the tag"),
                Known::Never => new.push(member),
            }
        }
        for member in &new {
            let tag = &member.term;
            let name = plain_line(&tag.name);
            if !tag.description.trim().is_empty() {
                let what = "its description did not come in: tags here have none";
                self.tell(tag.line, &name, Reason::TagDescription, what);
            }
            let locale = member.locale.clone().unwrap_or_else(|| self.site.default_locale.clone());
            let key = key::of_slug(&tag.slug);
            let id = match here {
                Some(id) => self.tag_join(tx, id, tag, &name, &locale).await?,
                None => self.tag_make(tx, tag.line, &key, &tag.slug, &name, locale).await?,
            };
            if let Some((reason, what)) = member.remark.clone() {
                self.tell(tag.line, &name, reason, what);
            }
            here = here.or(Some(id));
            self.tags.insert(key, id);
        }
        Ok(())
    }

    /// Gives a tag the name of one that is its translation, and makes it found by that one's slug. A tag of ours that
    /// has the slug is used instead.
    async fn tag_join(
        &mut self,
        tx: &Tx,
        id: TagId,
        tag: &Tag,
        name: &str,
        locale: &LanguageTag,
    ) -> Result<TagId, StoreError> {
        let slug = Slug::import(&tag.slug).map(|slug| slug.key());
        let ours = match &slug {
            Some(slug) => tx.tag_by_slug(slug).await?,
            None => None,
        };
        let joined = match ours {
            Some(other) if other != id => {
                let what = format!(
                    "a tag has the slug “{}” already: that one is used, apart from its translations",
                    tag.slug
                );
                self.tell(tag.line, name, Reason::Merged, what);
                other
            }
            _ => {
                if tx.tag_names_add(id, &in_locale(locale, Some(&tag.name))).await? {
                    tx.append(Event::TagChanged { tag: id }, self.now);
                    self.report.tally(Group::Conversions, "translated tags", tag.line);
                } else {
                    let what = "its tag has a name in this language: this one did not come in";
                    self.tell(tag.line, name, Reason::TermTranslation, what);
                }
                if let Some(slug) = slug.filter(|_| ours.is_none())
                    && !tx.slug_former_add(Named::Tag, id, &slug).await?
                {
                    let what = format!("its slug “{}” leads to another tag", tag.slug);
                    self.tell(tag.line, name, Reason::TakenAddress, what);
                }
                id
            }
        };
        self.remember(tx, noun::TAG, &key::of_slug(&tag.slug), joined.get()).await?;
        Ok(joined)
    }

    /// The tags of an item, each once, in its order.
    pub(super) async fn tags_of(&mut self, tx: &Tx, post: &Post) -> Result<Vec<TagId>, StoreError> {
        let mut ids = Vec::new();
        let mut seen = HashSet::new();
        for term in post.terms_of("post_tag") {
            let Some(id) = self.tag_of(tx, post, term).await? else { continue };
            if seen.insert(id) {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    /// The tag of a term that an item carries; none where it was deleted here.
    async fn tag_of(&mut self, tx: &Tx, post: &Post, term: &ItemTerm) -> Result<Option<TagId>, StoreError> {
        let slug = term.nicename.as_deref().unwrap_or(&term.name);
        let key = key::of_slug(slug);
        if let Some(id) = self.tags.get(&key) {
            return Ok(Some(*id));
        }
        let name = plain_line(&term.name);
        let id = match self.known(tx, noun::TAG, &key, ImportedInto::Tag).await? {
            Known::Here(own) => TagId::from_stored(own),
            Known::Gone => {
                self.tell_gone(post.line, &name, "the tag");
                return Ok(None);
            }
            Known::Never => {
                let what = "an item carries this tag, which is declared nowhere: it came in";
                self.tell(post.line, &name, Reason::Undeclared, what);
                self.tag_make(tx, post.line, &key, slug, &name, self.locale_of(post)).await?
            }
        };
        self.tags.insert(key, id);
        Ok(Some(id))
    }

    /// Makes a tag, or takes the one of ours that has its slug.
    async fn tag_make(
        &mut self,
        tx: &Tx,
        line: u64,
        key: &str,
        slug: &str,
        name: &str,
        locale: LanguageTag,
    ) -> Result<TagId, StoreError> {
        let slug = Slug::import(slug)
            .or_else(|| Slug::make(name))
            .unwrap_or_else(|| Slug::from_stored(format!("tag-{line}")));
        let id = match tx.tag_by_slug(&slug.key()).await? {
            Some(id) => {
                let what = format!("a tag has the slug “{slug}” already: that one is used");
                self.tell(line, name, Reason::Merged, what);
                self.report.already_here(Noun::Tags);
                id
            }
            None => {
                let name = if name.is_empty() { slug.to_string() } else { name.to_owned() };
                let mut names = Localized::new();
                names.insert(locale, name);
                let id = tx.tag_create(&slug, &names).await?;
                tx.append(Event::TagChanged { tag: id }, self.now);
                self.report.came_in(Noun::Tags, None);
                id
            }
        };
        self.remember(tx, noun::TAG, key, id.get()).await?;
        Ok(id)
    }
}
