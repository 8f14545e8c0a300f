//! Adding comments, with the counts that stand on articles and parents, and the keys against doubles.

use chrono::{DateTime, Utc};
use masthead_domain::article::ArticleId;
use masthead_domain::comment::{Comment, CommentId, Policy, Status};
use masthead_domain::text::{Direction, LanguageTag};
use masthead_domain::user::{EmailAddress, UserId};

use super::read::{COMMENT, comment};
use crate::columns::Columns;
use crate::store::StoreError;
use crate::tx::Tx;

/// A comment to be added.
#[derive(Debug, Clone)]
pub struct NewComment {
    /// Below which article.
    pub article: ArticleId,
    /// What it answers; `None` begins a thread.
    pub parent: Option<Parent>,
    /// Where it stands at first.
    pub status: Status,
    /// The name to show.
    pub author_name: Option<String>,
    /// For the newsroom only.
    pub author_email: Option<EmailAddress>,
    /// The writer's hash: of the login, else of the browser's secret. `None`: a guest without one.
    pub writer_key: Option<Vec<u8>>,
    /// The writer's login.
    pub user: Option<UserId>,
    /// Hash of the network address, under a secret that is soon thrown away.
    pub address_hash: Option<Vec<u8>>,
    /// Written by the newsroom.
    pub by_staff: bool,
    /// Reading direction.
    pub direction: Direction,
    /// The text as written.
    pub text: String,
    /// The text as sanitised HTML.
    pub html: String,
    /// When it was left.
    pub created_at: DateTime<Utc>,
}

/// The comment that another answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parent {
    /// Its key.
    pub id: CommentId,
    /// The top of its thread; its own key where it is the top.
    pub root: CommentId,
    /// How many comments stand above it.
    pub depth: u32,
    /// Where it stands.
    pub status: Status,
}

/// What an idempotency key was used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotent {
    /// Hash of the article and body it came with.
    pub request_hash: Vec<u8>,
    /// The comment that it made.
    pub comment: CommentId,
}

/// What leaving a comment needs to know of an article that readers see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commentable {
    /// The rule in force: the article's own, else that of its section or of the nearest section above that has one, else
    /// the site's.
    pub policy: Policy,
    /// Its reading direction.
    pub direction: Direction,
    /// Its language.
    pub locale: LanguageTag,
    /// Since when readers have it.
    pub published_at: Option<DateTime<Utc>>,
}

impl Tx {
    /// Adds a comment, and counts it where it is public.
    pub async fn comment_add(&self, new: &NewComment) -> Result<CommentId, StoreError> {
        self.thread_own(new.article).await?;
        let id = self.comment_add_uncounted(new, 0).await?;
        if new.status.is_public() {
            self.comment_shown(new.article, new.parent.map(|parent| parent.id), 1).await?;
        }
        Ok(id)
    }

    /// Counts public comments that were added below an article, and how many threads that readers are shown.
    pub async fn comments_count(
        &self,
        article: ArticleId,
        comments: u32,
        threads: u32,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE articles SET comment_count = comment_count + $2, thread_count = thread_count + $3 WHERE id = $1",
            vec![article.get().into(), i64::from(comments).into(), i64::from(threads).into()],
        )
        .await?;
        Ok(())
    }

    /// Adds a comment that is counted nowhere, for who adds a whole thread: `replies` answers that readers are shown
    /// are to follow, and
    /// [`comments_count`](Self::comments_count) in the end.
    pub async fn comment_add_uncounted(
        &self,
        new: &NewComment,
        replies: u32,
    ) -> Result<CommentId, StoreError> {
        let depth = new.parent.map_or(0, |parent| parent.depth.saturating_add(1));
        self.insert(
                "INSERT INTO comments (article_id, parent_id, root_id, depth, status, author_name, author_email, writer_key, by_staff, \
                 direction, body_text, html, created_at, reply_count, shown, email_key, user_id, address_hash) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) RETURNING id",
                vec![
                    new.article.get().into(),
                    new.parent.map(|parent| parent.id.get()).into(),
                    new.parent.map(|parent| parent.root.get()).into(),
                    i32::try_from(depth).unwrap_or(i32::MAX).into(),
                    new.status.as_str().into(),
                    new.author_name.clone().into(),
                    new.author_email.as_ref().map(|email| email.as_str()).into(),
                    new.writer_key.clone().into(),
                    new.by_staff.into(),
                    direction_word(new.direction).into(),
                    new.text.as_str().into(),
                    new.html.as_str().into(),
                    new.created_at.timestamp_micros().into(),
                    i64::from(replies).into(),
                    (new.status.is_public() || replies > 0).into(),
                    new.author_email.as_ref().map(EmailAddress::key).into(),
                    new.user.map(|user| user.get()).into(),
                    new.address_hash.clone().into(),
                ],
            )
            .await
    }

    /// The comment that is to be answered, if it stands below this article.
    pub async fn comment_parent(
        &self,
        article: ArticleId,
        id: CommentId,
    ) -> Result<Option<Parent>, StoreError> {
        let row = self
            .row(
                "SELECT id, COALESCE(root_id, id), depth, status FROM comments WHERE id = $1 AND article_id = $2",
                vec![id.get().into(), article.get().into()],
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        let mut columns = Columns::of(&row);
        Ok(Some(Parent {
            id: columns.id()?,
            root: columns.id()?,
            depth: columns.small()?,
            status: columns.word("comments.status")?,
        }))
    }

    /// A comment whatever its status, for its own writer.
    pub async fn comment_with_status(&self, id: CommentId) -> Result<Option<(Comment, Status)>, StoreError> {
        let row = self
            .row(
                &format!("SELECT c.status, {COMMENT} FROM comments c WHERE c.id = $1"),
                vec![id.get().into()],
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        let mut columns = Columns::of(&row);
        let status = columns.word("comments.status")?;
        Ok(Some((comment(&mut columns)?, status)))
    }

    /// What leaving a comment needs to know of an article; `None` where readers do not see it. One statement.
    pub async fn commentable(&self, article: ArticleId) -> Result<Option<Commentable>, StoreError> {
        let row = self
            .row(
                "SELECT COALESCE(a.comment_policy, s.policy_in_force, (SELECT comment_policy FROM site WHERE id = 1)), a.direction, \
                 a.locale, a.published_at FROM articles a LEFT JOIN sections s ON s.id = a.section_id WHERE a.id = $1 AND a.live",
                vec![article.get().into()],
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        let mut columns = Columns::of(&row);
        Ok(Some(Commentable {
            policy: columns.word("articles.comment_policy")?,
            direction: columns.word("articles.direction")?,
            locale: columns.locale()?,
            published_at: columns.time_or_none("articles.published_at")?,
        }))
    }

    /// Puts another text in the place of a comment's.
    pub async fn comment_edit(
        &self,
        id: CommentId,
        text: &str,
        html: &str,
        direction: Direction,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE comments SET body_text = $2, html = $3, direction = $4, edited_at = $5 WHERE id = $1",
            vec![
                id.get().into(),
                text.into(),
                html.into(),
                direction_word(direction).into(),
                at.timestamp_micros().into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// What an idempotency key was used for, if it still holds.
    pub async fn idempotent(
        &self,
        key_hash: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Option<Idempotent>, StoreError> {
        let row = self
            .row(
                "SELECT request_hash, comment_id FROM idempotency_keys WHERE key_hash = $1 AND expires_at > $2",
                vec![key_hash.to_vec().into(), now.timestamp_micros().into()],
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        let mut columns = Columns::of(&row);
        Ok(Some(Idempotent { request_hash: columns.next()?, comment: columns.id()? }))
    }

    /// Takes an idempotency key for a request, and drops keys that no longer hold. `false`: another request took the
    /// key a moment ago.
    pub async fn idempotent_take(
        &self,
        key_hash: &[u8],
        used_for: &Idempotent,
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.run("DELETE FROM idempotency_keys WHERE expires_at <= $1", vec![now.timestamp_micros().into()])
            .await?;
        let added = self
            .run(
                "INSERT INTO idempotency_keys (key_hash, request_hash, comment_id, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                vec![
                    key_hash.to_vec().into(),
                    used_for.request_hash.clone().into(),
                    used_for.comment.get().into(),
                    expires_at.timestamp_micros().into(),
                ],
            )
            .await?;
        Ok(added > 0)
    }
}

const fn direction_word(direction: Direction) -> &'static str {
    match direction {
        Direction::Ltr => "LTR",
        Direction::Rtl => "RTL",
    }
}
