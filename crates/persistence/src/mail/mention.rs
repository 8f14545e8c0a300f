//! Letters to people of the newsroom whom a comment or a moderator's note names. Only who works there is named, a note
//! names only who decides on its comment; of a comment each is told once.

use chrono::{DateTime, TimeDelta, Utc};
use masthead_domain::article::ArticleId;
use masthead_domain::comment::CommentId;
use masthead_domain::comment::moderation::NoteId;
use masthead_domain::event::Position;
use masthead_domain::text::SlugKey;
use masthead_domain::user::{EmailAddress, UserId};
use sea_orm::Value;

use super::queue::NewLetter;
use super::thread::{HEADED, TOLD, headed, told};
use super::{About, LetterFacts, LetterKind, Recipient};
use crate::columns::Columns;
use crate::reads::keys;
use crate::store::{Store, StoreError};
use crate::tx::Tx;

/// Letters about being named in comments that one person gets within an hour.
const MENTIONS: u32 = 10;

/// A text that may name somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// The comment, or the one that the note is about.
    pub comment: CommentId,
    /// Below which article.
    pub article: ArticleId,
    /// Who wrote it, who is not told of it; `None`: a guest.
    pub by: Option<UserId>,
    /// The text.
    pub text: String,
}

/// Who of those that `person` keeps decides on the comments of an article: editors and administrators, everywhere or in
/// one of its sections or above it. Binds the article as $1 and what `person` needs as $2.
fn moderators(person: &str) -> String {
    format!(
        "WITH RECURSIVE above (section_id) AS (SELECT section_id FROM desk_sections WHERE article_id = $1 \
             UNION SELECT s.parent_id FROM above JOIN sections s ON s.id = above.section_id WHERE s.parent_id IS NOT NULL) \
         SELECT u.id FROM users u WHERE u.role IN ('EDITOR', 'ADMIN') AND u.disabled_at IS NULL AND {person} \
         AND (NOT u.scoped OR EXISTS (SELECT 1 FROM user_sections us JOIN above ON above.section_id = us.section_id \
             WHERE us.user_id = u.id)) ORDER BY u.id"
    )
}

/// Whose byline has one of the slugs in the list that `list` stands for.
fn is_named(list: &str) -> String {
    format!(
        "u.author_id IN (SELECT w.id FROM authors w WHERE w.slug_key IN (SELECT CAST(value AS TEXT) FROM json_each({list})))"
    )
}

impl Tx {
    /// Those of these comments that everyone sees and that may name somebody. One statement.
    pub async fn comments_naming(&self, comments: &[CommentId]) -> Result<Vec<Naming>, StoreError> {
        let sql = "SELECT c.id, c.article_id, c.user_id, c.body_text FROM comments c WHERE c.status = 'PUBLISHED' \
             AND c.body_text LIKE '%@%' AND c.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1)) ORDER BY c.id";
        self.rows(sql, vec![keys(comments)]).await?.iter().map(|row| naming(&mut Columns::of(row))).collect()
    }

    /// A moderator's note that is still there.
    pub async fn note_naming(&self, note: NoteId) -> Result<Option<Naming>, StoreError> {
        let sql = "SELECT c.id, c.article_id, n.user_id, n.body FROM comment_notes n JOIN comments c ON c.id = n.comment_id \
             WHERE n.id = $1";
        let row = self.row(sql, vec![note.get().into()]).await?;
        row.as_ref().map(|row| naming(&mut Columns::of(row))).transpose()
    }

    /// Queues a letter to each of the newsroom whom a comment names by one of these slugs and who was not told of this
    /// comment before; to each at most [`MENTIONS`] within an hour, because anybody can name anybody. How many.
    pub async fn letters_of_mention(
        &self,
        seq: Position,
        at: DateTime<Utc>,
        naming: &Naming,
        names: &[SlugKey],
    ) -> Result<u32, StoreError> {
        let sql = format!(
            "INSERT INTO comment_mentions (comment_id, user_id) SELECT $1, u.id FROM users u \
             WHERE {} AND u.role <> 'READER' AND u.disabled_at IS NULL AND u.id <> $3 \
               AND (SELECT COUNT(*) FROM letters l WHERE l.user_id = u.id AND l.kind = 'MENTIONED' AND l.happened_at > $4) < {MENTIONS} ON CONFLICT DO NOTHING RETURNING user_id",
            is_named("$2")
        );
        // No login has the key 0.
        let by = naming.by.map_or(0, |by| by.get());
        let since = (at - TimeDelta::hours(1)).timestamp_micros();
        let rows =
            self.rows(&sql, vec![naming.comment.get().into(), list(names)?, by.into(), since.into()]).await?;
        let mut queued = 0;
        for row in &rows {
            let to = Recipient::User(Columns::of(row).id()?);
            let new = NewLetter::of(to, seq, at, LetterKind::Mentioned);
            queued += self
                .letter_add(&NewLetter {
                    article: Some(naming.article),
                    comment: Some(naming.comment),
                    ..new
                })
                .await?;
        }
        Ok(queued)
    }

    /// Queues a letter to each who decides on the comment that a note is about and whom the note names. How many.
    pub async fn letters_of_note(
        &self,
        seq: Position,
        at: DateTime<Utc>,
        note: NoteId,
        naming: &Naming,
        names: &[SlugKey],
    ) -> Result<u32, StoreError> {
        let sql = moderators(&is_named("$2"));
        let rows = self.rows(&sql, vec![naming.article.get().into(), list(names)?]).await?;
        let mut queued = 0;
        for row in &rows {
            let user: UserId = Columns::of(row).id()?;
            if Some(user) == naming.by {
                continue;
            }
            let new = NewLetter::of(Recipient::User(user), seq, at, LetterKind::NamedInNote);
            let (article, comment) = (Some(naming.article), Some(naming.comment));
            queued += self.letter_add(&NewLetter { article, comment, note: Some(note), ..new }).await?;
        }
        Ok(queued)
    }
}

impl Store {
    pub(super) async fn mentioned(&self, letter: i64) -> Result<Option<LetterFacts>, StoreError> {
        let sql = format!(
            "SELECT u.name, u.email, {HEADED}, {TOLD} FROM letters l JOIN users u ON u.id = l.user_id \
             JOIN comments c ON c.id = l.comment_id JOIN articles p ON p.id = c.article_id \
             WHERE l.id = $1 AND p.live AND c.status = 'PUBLISHED' AND u.disabled_at IS NULL AND u.role <> 'READER'"
        );
        let rows = self.ask(&sql, vec![letter.into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let mut columns = Columns::of(row);
        Ok(Some(LetterFacts {
            name: columns.next()?,
            address: EmailAddress::parse(&columns.next::<String>()?).ok(),
            by: None,
            language: None,
            about: About::Mentioned { article: headed(&mut columns)?, comment: told(&mut columns)? },
        }))
    }

    pub(super) async fn named_in_note(
        &self,
        letter: i64,
        user: UserId,
    ) -> Result<Option<LetterFacts>, StoreError> {
        let sql = format!(
            "SELECT u.name, u.email, e.name, n.body, {HEADED}, {TOLD} FROM letters l JOIN users u ON u.id = l.user_id \
             JOIN comment_notes n ON n.id = l.note_id JOIN comments c ON c.id = n.comment_id \
             JOIN articles p ON p.id = c.article_id LEFT JOIN users e ON e.id = n.user_id WHERE l.id = $1"
        );
        let rows = self.ask(&sql, vec![letter.into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let mut columns = Columns::of(row);
        let (name, address): (String, String) = (columns.next()?, columns.next()?);
        let (by, note) = (columns.next()?, columns.next()?);
        let (article, comment) = (headed(&mut columns)?, told(&mut columns)?);
        // Notes are for who decides: whoever does not any more is not told.
        let decides = !self
            .ask(&moderators("u.id = $2"), vec![article.id.get().into(), user.get().into()])
            .await?
            .is_empty();
        Ok(decides.then(|| LetterFacts {
            name,
            address: EmailAddress::parse(&address).ok(),
            by,
            language: None,
            about: About::NamedInNote { article, comment, note },
        }))
    }
}

fn naming(columns: &mut Columns<'_>) -> Result<Naming, StoreError> {
    Ok(Naming {
        comment: columns.id()?,
        article: columns.id()?,
        by: columns.id_or_none()?,
        text: columns.next()?,
    })
}

fn list(names: &[SlugKey]) -> Result<Value, StoreError> {
    let names: Vec<&str> = names.iter().map(SlugKey::as_str).collect();
    serde_json::to_string(&names)
        .map(Into::into)
        .map_err(|error| StoreError::Unreadable { column: "authors.slug_key", why: error.to_string() })
}
