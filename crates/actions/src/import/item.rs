//! The items of a file: which of them come in, which were here before, which are there twice or only in part.
//! What becomes of one that comes in stands in the file of its noun.

use chrono::{DateTime, Utc};
use masthead_domain::article::ArticleId;
use masthead_interchange::wxr::{Post, PostKind, ProblemKind};
use masthead_persistence::{ImportedInto, StoreError, Tx};

use super::article::{Made, noun_of_kind};
use super::comment::Below;
use super::key;
use super::plain::plain_line;
use super::reason::Reason;
use super::report::Group;
use super::run::{Known, Run, noun, noun_of};

/// How much of an item the file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it.
    Whole,
    /// All but some of its comments, which an import of the whole file adds.
    CutComments,
    /// Something between its text and its comments may be missing: its password, for one.
    Cut,
}

impl Extent {
    /// Of an item, by the last damage that was told before it: the line, and what it was.
    pub(super) fn of(post: &Post, damage: Option<(u64, ProblemKind)>) -> Self {
        match damage {
            // Comments stand last in an item: where there is one, what stands before them is whole.
            Some((line, ProblemKind::Truncated)) if line >= post.line && !post.comments.is_empty() => {
                Self::CutComments
            }
            Some((line, _)) if line >= post.line => Self::Cut,
            _ => Self::Whole,
        }
    }
}

impl Run<'_> {
    /// Takes an item of the file; attachments were taken before.
    pub(super) async fn item(&mut self, tx: &Tx, post: Post, extent: Extent) -> Result<(), StoreError> {
        let name = name(&post);
        match &post.kind {
            PostKind::Post | PostKind::Page => {
                let is_new_number = post.id.is_none_or(|id| self.article_numbers.insert(id));
                self.article(tx, post, &name, is_new_number, extent).await
            }
            kind => {
                if post.id.is_some_and(|id| !self.other_numbers.insert(id)) {
                    self.report.tally(Group::RepeatedNumbers, kind.as_str(), post.line);
                }
                if *kind != PostKind::Attachment {
                    self.report.tally(Group::OtherItems, kind.as_str(), post.line);
                }
                self.comments_left_out(&post.comments, &name);
                Ok(())
            }
        }
    }

    async fn article(
        &mut self,
        tx: &Tx,
        mut post: Post,
        name: &str,
        is_new_number: bool,
        extent: Extent,
    ) -> Result<(), StoreError> {
        let text = key::text_of_post(&post);
        let number = post.id.map_or_else(|| format!("#{text}"), |id| id.to_string());
        let text_key = format!("{number}#{text}");
        let comments = std::mem::take(&mut post.comments);
        let is_cut = extent == Extent::CutComments;
        let key = if is_new_number { &number } else { &text_key };
        let known = match self.known(tx, noun::ARTICLE, key, ImportedInto::Article).await? {
            Known::Here(own) if extent != Extent::Cut && self.was_cut(tx, &post, name, key, own).await? => {
                Known::Never
            }
            known => known,
        };
        match known {
            Known::Gone => {
                self.tell_gone(post.line, name, "the article");
                Ok(())
            }
            Known::Here(own) => {
                let first = tx.imported(&self.origin, noun::ARTICLE, &number).await?;
                if !is_new_number && first == Some(own) {
                    let what = "the same item is in the file twice: came in once";
                    self.tell(post.line, name, Reason::Double, what);
                } else {
                    self.report.already_here(noun_of_kind(&post.kind));
                    if is_new_number && tx.imported(&self.origin, noun::ARTICLE, &text_key).await?.is_none() {
                        let what = "came in before, and has changed on the old site since: ours is kept";
                        self.tell(post.line, name, Reason::ChangedSince, what);
                    }
                }
                let thread = if first == Some(own) { &number } else { &text_key };
                if comments.is_empty() {
                    return Ok(());
                }
                let article = ArticleId::from_stored(own);
                let (locale, direction) = match tx.article_language(article).await? {
                    Some(language) => language,
                    None => (self.site.default_locale.clone(), None),
                };
                let direction = direction.unwrap_or_else(|| locale.direction());
                let below = Below {
                    article,
                    key: thread,
                    name,
                    direction,
                    date: self.date_of(&post),
                    is_new: false,
                    is_cut,
                };
                self.comments(tx, &below, comments).await
            }
            Known::Never => {
                if !is_new_number {
                    let what =
                        format!("another item of the file has its number ({number}) too: both came in");
                    self.tell(post.line, name, Reason::RepeatedNumber, what);
                }
                let Made { article, direction, has_lead_image } =
                    self.article_make(tx, &post, name, extent).await?;
                let keys = [(key.as_str(), article.get()), (text_key.as_str(), article.get())];
                let keys = if is_new_number { &keys[..] } else { &keys[1..] };
                tx.remember_imported(&self.origin, noun::ARTICLE, keys).await?;
                if let (false, Some(number)) = (has_lead_image, post.thumbnail_id()) {
                    let noun = noun_of(noun::LACKS_IMAGE, &number.to_string());
                    self.remember(tx, &noun, key, article.get()).await?;
                }
                if extent == Extent::Cut {
                    self.remember(tx, noun::ARTICLE_CUT, key, article.get()).await?;
                }
                let below =
                    Below { article, key, name, direction, date: self.date_of(&post), is_new: true, is_cut };
                self.comments(tx, &below, comments).await
            }
        }
    }

    /// Whether an article came in from a file that was cut off within it, and has now made place for the whole one.
    async fn was_cut(
        &mut self,
        tx: &Tx,
        post: &Post,
        name: &str,
        key: &str,
        own: i64,
    ) -> Result<bool, StoreError> {
        if tx.imported(&self.origin, noun::ARTICLE_CUT, key).await? != Some(own) {
            return Ok(false);
        }
        let made_place = tx.article_discard(ArticleId::from_stored(own)).await?;
        let what = if made_place {
            "came in before from a file that was cut off within it: the whole one took its place"
        } else {
            "came in before from a file that was cut off within it, and was changed here since: ours is kept"
        };
        self.tell(post.line, name, Reason::Completed, what);
        Ok(made_place)
    }

    fn date_of(&self, post: &Post) -> DateTime<Utc> {
        post.published_at().map_or(self.now, |(date, _)| date)
    }
}

/// What to call an item in the report: its title, else its slug, else its number.
pub(super) fn name(post: &Post) -> String {
    let title = plain_line(&post.title);
    let short: String = title.chars().take(80).collect();
    if !short.is_empty() {
        return short;
    }
    match (&post.slug, post.id) {
        (Some(slug), _) => slug.clone(),
        (None, Some(id)) => format!("#{id}"),
        (None, None) => String::new(),
    }
}
