//! What a run of an import knows and remembers while it goes through the file.
//! What is done with each noun stands in the file of that noun.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use masthead_domain::author::AuthorId;
use masthead_domain::media::ImageId;
use masthead_domain::section::SectionId;
use masthead_domain::site::Site;
use masthead_domain::tag::TagId;
use masthead_domain::text::LanguageTag;
use masthead_interchange::authors_csv::AuthorRow;
use masthead_interchange::wordpress::content::AttachmentLink;
use masthead_interchange::wxr::Problem;
use masthead_persistence::{ImportedInto, StoreError, Tx};
use url::Url;

use super::author::Staff;
use super::block::ReusableBlocks;
use super::key::{Numbers, Recent};
use super::reason::Reason;
use super::report::{Note, Report};

/// One run.
#[derive(Debug)]
pub(super) struct Run<'a> {
    /// When the import began; stands for dates that are told nowhere.
    pub(super) now: DateTime<Utc>,
    /// The site that the export is of; see [`super::key::origin`].
    pub(super) origin: String,
    /// What relative addresses on the old site began with.
    pub(super) base: Option<Url>,
    /// Our site as it stands.
    pub(super) site: Site,
    /// Polylang's codes, where they are not the language tags themselves.
    pub(super) languages: HashMap<String, LanguageTag>,
    /// Lines of the side file.
    pub(super) authors_file: &'a [AuthorRow],
    /// The lines of it that were used.
    pub(super) authors_used: HashSet<u64>,
    /// What is told in the end.
    pub(super) report: Report,
    /// Sections by the key of their slug on the old site, with how deep they stand in its tree.
    pub(super) sections: Recent<String, Place>,
    /// Tags, likewise.
    pub(super) tags: Recent<String, TagId>,
    /// Authors by each of the keys that items name them by.
    pub(super) authors: Recent<String, AuthorId>,
    /// Pictures by address.
    pub(super) images: Recent<String, ImageId>,
    /// Attachments that are no pictures, by number.
    pub(super) files: Recent<i64, AttachmentLink>,
    /// Who of the commenters writes for the paper.
    pub(super) staff: Staff,
    /// Texts that several bodies share.
    pub(super) blocks: ReusableBlocks,
    /// Numbers of articles that were seen.
    pub(super) article_numbers: Numbers,
    /// Numbers of pictures that were seen.
    pub(super) image_numbers: Numbers,
    /// Numbers of other items that were seen.
    pub(super) other_numbers: Numbers,
}

/// Where a section stands in the old site's tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) id: SectionId,
    /// How many stand above it; 0 where it is not known.
    pub(super) depth: u32,
}

/// The nouns that are remembered. What belongs to one item has the item's key behind it.
pub(super) mod noun {
    /// By the key of its slug.
    pub(crate) const SECTION: &str = "section";
    /// By its number: WordPress names main categories by it.
    pub(crate) const SECTION_NUMBER: &str = "section-number";
    /// By the key of its slug.
    pub(crate) const TAG: &str = "tag";
    /// By every key that items name it by.
    pub(crate) const AUTHOR: &str = "author";
    /// By its number, else its address.
    pub(crate) const IMAGE: &str = "attachment";
    /// By place and number, below the item it was uploaded to.
    pub(crate) const IMAGES_OF: &str = "attachments-of";
    /// Articles by their keys, below the number of the featured image that they did not find.
    pub(crate) const LACKS_IMAGE: &str = "lacks-attachment";
    /// By its number, and by that and the hash of its text.
    pub(crate) const ARTICLE: &str = "article";
    /// As the article, where a file that was cut off had only a part of it.
    pub(crate) const ARTICLE_CUT: &str = "article-cut";
    /// By its number or the hash of its text, below its item.
    pub(crate) const COMMENTS_OF: &str = "comments-of";
    /// By Polylang's name of it.
    pub(crate) const TRANSLATIONS: &str = "translations";
}

/// The noun of what belongs to one item.
pub(super) fn noun_of(noun: &str, owner: &str) -> String {
    format!("{noun}:{owner}")
}

/// What is remembered under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// It never came in.
    Never,
    /// It came in, and is here under this key of ours.
    Here(i64),
    /// It came in, and was deleted here since: an import does not bring it back.
    Gone,
}

impl Run<'_> {
    /// Whether something came in, and is still here.
    pub(super) async fn known(
        &self,
        tx: &Tx,
        noun: &str,
        key: &str,
        into: ImportedInto,
    ) -> Result<Known, StoreError> {
        Ok(match tx.imported_into(into, &self.origin, noun, key).await? {
            None => Known::Never,
            Some((own, true)) => Known::Here(own),
            Some((_, false)) => Known::Gone,
        })
    }

    /// Remembers what came in.
    pub(super) async fn remember(&self, tx: &Tx, noun: &str, key: &str, own: i64) -> Result<(), StoreError> {
        tx.remember_imported(&self.origin, noun, &[(key, own)]).await
    }

    /// Adds a line to the report.
    pub(super) fn tell(&mut self, line: u64, item: &str, reason: Reason, what: impl Into<String>) {
        let item = (!item.is_empty()).then(|| item.to_owned());
        self.report.note(Note { line: Some(line), item, slug: None, reason, what: what.into() });
    }

    /// Adds the line that something was deleted here since it came in.
    pub(super) fn tell_gone(&mut self, line: u64, item: &str, what: &str) {
        let what = format!("{what} came in before and was deleted here since: not brought back");
        self.tell(line, item, Reason::DeletedHere, what);
    }

    /// Adds what the reader of the file said.
    pub(super) fn tell_problem(&mut self, problem: Problem) {
        let Problem { line, kind, item, what, lost } = problem;
        self.report.note(Note { line: Some(line), item, slug: None, reason: Reason::File(kind, lost), what });
    }
}
