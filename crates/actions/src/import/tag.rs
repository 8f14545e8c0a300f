//! Tags: declared ones, and used ones where nothing declares them.

use std::collections::HashSet;

use masthead_domain::event::Event;
use masthead_domain::tag::TagId;
use masthead_domain::text::{Localized, Slug};
use masthead_interchange::wxr::{ItemTerm, Post, Tag};
use masthead_persistence::{ImportedInto, StoreError, Tx};

use super::key;
use super::plain::plain_line;
use super::reason::Reason;
use super::report::Noun;
use super::run::{Known, Run, noun};

impl Run<'_> {
    /// Takes a declared tag.
    pub(super) async fn tag_declare(&mut self, tx: &Tx, tag: &Tag) -> Result<(), StoreError> {
        let key = key::of_slug(&tag.slug);
        // Recent exports declare a tag twice: as one, and as a term.
        if self.tags.get(&key).is_some() {
            return Ok(());
        }
        let name = plain_line(&tag.name);
        let id = match self.known(tx, noun::TAG, &key, ImportedInto::Tag).await? {
            Known::Here(own) => {
                self.report.already_here(Noun::Tags);
                TagId::from_stored(own)
            }
            Known::Gone => {
                self.tell_gone(tag.line, &name, "the tag");
                return Ok(());
            }
            Known::Never => {
                if !tag.description.trim().is_empty() {
                    let what = "its description did not come in: tags here have none";
                    self.tell(tag.line, &name, Reason::TagDescription, what);
                }
                self.tag_make(tx, tag.line, &key, &tag.slug, &name).await?
            }
        };
        self.tags.insert(key, id);
        Ok(())
    }

    /// The tags of an item, each once, in its order.
    pub(super) async fn tags_of(&mut self, tx: &Tx, post: &Post) -> Result<Vec<TagId>, StoreError> {
        let mut ids = Vec::new();
        let mut seen = HashSet::new();
        for term in post.terms_of("post_tag") {
            let Some(id) = self.tag_of(tx, post.line, term).await? else { continue };
            if seen.insert(id) {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    /// The tag of a term that an item carries; none where it was deleted here.
    async fn tag_of(&mut self, tx: &Tx, line: u64, term: &ItemTerm) -> Result<Option<TagId>, StoreError> {
        let slug = term.nicename.as_deref().unwrap_or(&term.name);
        let key = key::of_slug(slug);
        if let Some(id) = self.tags.get(&key) {
            return Ok(Some(*id));
        }
        let name = plain_line(&term.name);
        let id = match self.known(tx, noun::TAG, &key, ImportedInto::Tag).await? {
            Known::Here(own) => TagId::from_stored(own),
            Known::Gone => {
                self.tell_gone(line, &name, "the tag");
                return Ok(None);
            }
            Known::Never => {
                let what = "an item carries this tag, which is declared nowhere: it came in";
                self.tell(line, &name, Reason::Undeclared, what);
                self.tag_make(tx, line, &key, slug, &name).await?
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
                names.insert(self.site.default_locale.clone(), name);
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
