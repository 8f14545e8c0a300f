//! Changing an article: a new revision, and what the article's row and its lists say after it.
//!
//! It must not know whether the change may be made: actions ask the policy and the lifecycle first.

use chrono::{DateTime, Utc};
use masthead_domain::article::desk::Manuscript;
use masthead_domain::article::revision::Change;
use masthead_domain::article::{ArticleId, Body, Content, Status};
use masthead_domain::event::Event;
use masthead_domain::text::Slug;
use masthead_domain::user::UserId;

use super::enlist::Listed;
use super::revision::NewRevision;
use super::write::{Shown, word};
use crate::columns::Columns;
use crate::store::StoreError;
use crate::tx::Tx;

/// What an article becomes by one change.
#[derive(Debug)]
pub struct Next<'a> {
    /// What makes the revision.
    pub change: Change,
    /// Where the article stands after it.
    pub status: Status,
    /// The new head; `None`: the text stays as it is.
    pub content: Option<&'a Content>,
    /// When it goes live, after it.
    pub scheduled_for: Option<DateTime<Utc>>,
    /// Its embargo, after it.
    pub embargo_until: Option<DateTime<Utc>>,
    /// What readers see after it.
    pub visibility: Visibility,
    /// Who changes it; `None`: the program.
    pub editor: Option<UserId>,
    /// Why.
    pub reason: Option<&'a str>,
}

/// What a change does to what readers see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Nothing.
    Unchanged,
    /// The new revision is published; readers see it unless its embargo is still on.
    Published,
    /// Readers see the article no more.
    Hidden,
    /// Readers see the published revision no more until the embargo ends, though the head was not published anew.
    Embargoed,
}

impl Tx {
    /// Changes an article by one revision. Returns its new version.
    ///
    /// The slug of a published article changes when the head that wishes it is published, and its old one keeps leading
    /// here.
    pub async fn article_revise(
        &self,
        before: &Manuscript,
        next: &Next<'_>,
        now: DateTime<Utc>,
    ) -> Result<i32, StoreError> {
        let id = before.id;
        let version = before.version + 1;
        let mut content = next.content.unwrap_or(&before.head).clone();
        let slug_shows = next.visibility == Visibility::Published || before.published_content.is_none();
        if slug_shows {
            // The wish was free when it was written; another article may have been quicker.
            content.slug = self.article_slug_for(&before.locale, &content.slug, Some(id)).await?;
        }
        let revision = NewRevision {
            article: id,
            number: version,
            content_number: if next.content.is_some() { version } else { before.content_number },
            change: next.change,
            slug: &content.slug,
            editor: next.editor,
            reason: next.reason,
        };
        let (revision, measures) = match next.content {
            Some(_) => self.revision_add(&revision, &content, &before.locale, now).await?,
            None => self.revision_repeat(&revision, content.direction(&before.locale), now).await?,
        };
        // While the row still says in which lists the article is.
        let hidden = match next.visibility {
            Visibility::Unchanged => None,
            Visibility::Published | Visibility::Hidden | Visibility::Embargoed => {
                let shown = self.shown_content(id).await?;
                self.delist(id).await?;
                Some(shown)
            }
        };
        self.run(
            "UPDATE articles SET version = $2, head_revision = $3, status = $4, scheduled_for = $5, embargo_until = $6, changed_at = $7, \
             live = live AND $8 WHERE id = $1",
            vec![
                id.get().into(),
                version.into(),
                revision.into(),
                word(&next.status)?,
                next.scheduled_for.map(|at| at.timestamp_micros()).into(),
                next.embargo_until.map(|at| at.timestamp_micros()).into(),
                now.timestamp_micros().into(),
                (next.visibility == Visibility::Unchanged).into(),
            ],
        )
        .await?;
        if next.content.is_some() {
            self.desk_relations(id, &content).await?;
        }
        let first_shown = before.published_at.unwrap_or(now);
        match (next.visibility, hidden) {
            (Visibility::Published, _) => {
                let shown = Shown { content: &content, measures, modified_at: now };
                self.publish_revision(before, next, (revision, version), &shown, now).await?;
            }
            // Its tags and authors stay with it for the desk.
            (visibility @ (Visibility::Hidden | Visibility::Embargoed), Some(shown)) => {
                self.enlist(Self::listed(before, first_shown, false), &shown).await?;
                if visibility == Visibility::Embargoed {
                    let revision = self.published_number(id).await?;
                    self.append(Event::ArticleEmbargoed { article: id, revision }, now);
                }
            }
            (Visibility::Unchanged, _) if before.published_content.is_none() && next.content.is_some() => {
                self.article_slug_change(id, &before.locale, &content.slug, false).await?;
                self.delist(id).await?;
                let shown = Shown { content: &content, measures, modified_at: now };
                self.show(Self::listed(before, now, false), &shown).await?;
            }
            (Visibility::Unchanged | Visibility::Hidden | Visibility::Embargoed, _) => {}
        }
        Ok(version)
    }

    /// Publishes the revision with this key and number: gives the article its slug, and shows it unless an embargo is on.
    async fn publish_revision(
        &self,
        before: &Manuscript,
        next: &Next<'_>,
        (key, number): (i64, i32),
        shown: &Shown<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let id = before.id;
        let was_public = before.published_at.is_some();
        let slug = &shown.content.slug;
        if slug.key() != self.article_slug(id).await?.key() {
            self.article_slug_change(id, &before.locale, slug, was_public).await?;
            self.append(Event::SlugChanged { article: id }, now);
        }
        let live = next.embargo_until.is_none_or(|until| until <= now);
        self.run(
            "UPDATE articles SET published_revision = $2, slug = $3 WHERE id = $1",
            vec![id.get().into(), key.into(), slug.as_str().into()],
        )
        .await?;
        if live {
            self.article_first_seen(id, now).await?;
        }
        self.show(Self::listed(before, before.published_at.unwrap_or(now), live), shown).await?;
        let event = if live {
            Event::ArticlePublished { article: id, revision: number, appeared: !before.live }
        } else {
            Event::ArticleEmbargoed { article: id, revision: number }
        };
        self.append(event, now);
        Ok(())
    }

    /// Notes when readers first saw an article, where that is not noted yet.
    pub(super) async fn article_first_seen(
        &self,
        id: ArticleId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE articles SET published_at = $2 WHERE id = $1 AND published_at IS NULL",
            vec![id.get().into(), now.timestamp_micros().into()],
        )
        .await?;
        Ok(())
    }

    pub(super) fn listed(article: &Manuscript, at: DateTime<Utc>, live: bool) -> Listed<'_> {
        Listed { id: article.id, kind: article.kind, locale: &article.locale, at, live }
    }

    async fn published_number(&self, id: ArticleId) -> Result<i32, StoreError> {
        let sql =
            "SELECT r.number FROM articles a JOIN revisions r ON r.id = a.published_revision WHERE a.id = $1";
        let row = self.row(sql, vec![id.get().into()]).await?.ok_or_else(|| StoreError::Unreadable {
            column: "articles.published_revision",
            why: format!("article {} has none", id.get()),
        })?;
        row.try_get_by_index(0)
    }

    async fn article_slug(&self, id: ArticleId) -> Result<Slug, StoreError> {
        let row = self.row("SELECT slug FROM articles WHERE id = $1", vec![id.get().into()]).await?;
        let row = row.ok_or_else(|| StoreError::Unreadable {
            column: "articles.slug",
            why: format!("article {} is gone within the change", id.get()),
        })?;
        Ok(Slug::from_stored(row.try_get_by_index(0)?))
    }

    /// What is shown of an article: the published revision, or the head before there is one.
    pub(super) async fn shown_content(&self, id: ArticleId) -> Result<Content, StoreError> {
        let sql = format!(
            "SELECT {CONTENT} FROM articles a JOIN revisions r ON r.id = COALESCE(a.published_revision, a.head_revision) WHERE a.id = $1"
        );
        let row = self.row(&sql, vec![id.get().into()]).await?.ok_or_else(|| StoreError::Unreadable {
            column: "articles.head_revision",
            why: format!("article {} has no revision", id.get()),
        })?;
        content(&mut Columns::of(&row))
    }
}

/// What a revision `r` holds; [`content`] reads it.
pub(super) const CONTENT: &str = "r.slug, r.title, r.subtitle, r.excerpt, r.direction, CAST(r.blocks AS TEXT), r.lead_image_id, r.section_id, \
     CAST(r.other_sections AS TEXT), CAST(r.tags AS TEXT), CAST(r.authors AS TEXT), r.breaking, r.comment_policy, \
     CAST(r.rights AS TEXT), CAST(r.seo AS TEXT)";

/// As [`CONTENT`], with an empty body: for lists, which never read one.
pub(super) const CONTENT_WITHOUT_BODY: &str = "r.slug, r.title, r.subtitle, r.excerpt, r.direction, '[]', r.lead_image_id, r.section_id, \
     CAST(r.other_sections AS TEXT), CAST(r.tags AS TEXT), CAST(r.authors AS TEXT), r.breaking, r.comment_policy, \
     CAST(r.rights AS TEXT), CAST(r.seo AS TEXT)";

pub(super) fn content(columns: &mut Columns<'_>) -> Result<Content, StoreError> {
    Ok(Content {
        slug: columns.slug()?,
        title: columns.next()?,
        subtitle: columns.next()?,
        excerpt: columns.next()?,
        direction: columns.word_or_none("revisions.direction")?,
        body: columns.json::<Body>("revisions.blocks")?,
        lead_image: columns.id_or_none()?,
        section: columns.id_or_none()?,
        other_sections: columns.json("revisions.other_sections")?,
        tags: columns.json("revisions.tags")?,
        authors: columns.json("revisions.authors")?,
        breaking: columns.next()?,
        comment_policy: columns.word_or_none("revisions.comment_policy")?,
        rights: columns.json("revisions.rights")?,
        seo: columns.json("revisions.seo")?,
    })
}
