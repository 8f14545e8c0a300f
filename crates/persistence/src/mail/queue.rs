//! Queueing letters, in the transaction that passes their event; claiming them to be sent; how they end.

use chrono::{DateTime, Utc};
use masthead_domain::article::ArticleId;
use masthead_domain::comment::CommentId;
use masthead_domain::comment::moderation::NoteId;
use masthead_domain::event::Position;
use masthead_domain::user::{InvitationId, PasswordResetId, UserId};
use sea_orm::Value;

use super::{DueLetter, LetterEnd, LetterKind, Recipient, UnsentLetter};
use crate::article::word;
use crate::columns::{Columns, time};
use crate::row::Row;
use crate::store::{Store, StoreError};
use crate::tx::Tx;

/// Who reviews an article: people of a role who are not disabled, everywhere or in one of its sections or above it. Who
/// is of some sections, all of them gone, reviews nothing.
/// Binds the article as $1 and the role as $2.
pub(super) const REVIEWERS: &str = "WITH RECURSIVE above (section_id) AS ( \
         SELECT section_id FROM desk_sections WHERE article_id = $1 \
         UNION SELECT s.parent_id FROM above JOIN sections s ON s.id = above.section_id WHERE s.parent_id IS NOT NULL) \
     SELECT u.id FROM users u WHERE u.role = $2 AND u.disabled_at IS NULL AND ( \
         NOT u.scoped \
         OR EXISTS (SELECT 1 FROM user_sections us JOIN above ON above.section_id = us.section_id WHERE us.user_id = u.id)) \
     ORDER BY u.id";

/// Who writes an article: who began it, and whose byline its head has. Binds the article as $1.
pub(super) const WRITERS: &str = "SELECT u.id FROM users u WHERE u.disabled_at IS NULL AND ( \
         u.id = (SELECT a.created_by FROM articles a WHERE a.id = $1) \
         OR u.author_id IN (SELECT author_id FROM desk_authors WHERE article_id = $1)) ORDER BY u.id";

/// The newest revision of an article that a step made until a moment; that step is the event's. Binds the article as $1.
const STEP: &str = "SELECT editor_id FROM revisions WHERE article_id = $1 AND change = $2 AND created_at <= $3 ORDER BY number DESC LIMIT 1";

impl Tx {
    /// Queues a letter to each editor of the article's sections, but not to who submitted it. Where there is no editor
    /// for it, the administrators get one. How many.
    pub async fn letters_about_review(
        &self,
        seq: Position,
        at: DateTime<Utc>,
        article: ArticleId,
    ) -> Result<u32, StoreError> {
        let submitter = self.who(article, "SUBMITTED", at).await?;
        for role in ["EDITOR", "ADMIN"] {
            let rows = self.rows(REVIEWERS, vec![article.get().into(), role.into()]).await?;
            let queued = self
                .letters_to(users(&rows)?, submitter, seq, at, LetterKind::ReviewRequested, article)
                .await?;
            if queued > 0 {
                return Ok(queued);
            }
        }
        Ok(0)
    }

    /// Queues a letter to each writer of the article, but not to who returned it. How many.
    pub async fn letters_about_return(
        &self,
        seq: Position,
        at: DateTime<Utc>,
        article: ArticleId,
    ) -> Result<u32, StoreError> {
        let editor = self.who(article, "RETURNED", at).await?;
        let rows = self.rows(WRITERS, vec![article.get().into()]).await?;
        self.letters_to(users(&rows)?, editor, seq, at, LetterKind::ArticleReturned, article).await
    }

    /// Queues the letter of an invitation, where it is still there and names an address. How many: one or none.
    pub async fn letter_of_invitation(
        &self,
        seq: Position,
        at: DateTime<Utc>,
        invitation: InvitationId,
    ) -> Result<u32, StoreError> {
        let there = self
            .row(
                "SELECT 1 FROM invitations WHERE id = $1 AND email IS NOT NULL",
                vec![invitation.get().into()],
            )
            .await?;
        if there.is_none() {
            return Ok(0);
        }
        let to = Recipient::Invited(invitation);
        self.letter_add(&NewLetter::of(to, seq, at, LetterKind::Invitation)).await
    }

    /// Queues the letter to who asked for a new password, where the address has a login. How many: one or none.
    pub async fn letter_of_reset(
        &self,
        seq: Position,
        at: DateTime<Utc>,
        reset: PasswordResetId,
    ) -> Result<u32, StoreError> {
        let sql = "SELECT user_id FROM password_resets WHERE id = $1 AND user_id IS NOT NULL";
        let Some(row) = self.row(sql, vec![reset.get().into()]).await? else { return Ok(0) };
        let to = Recipient::User(Columns::of(&row).id()?);
        self.letter_add(&NewLetter::of(to, seq, at, LetterKind::PasswordReset)).await
    }

    async fn who(
        &self,
        article: ArticleId,
        step: &str,
        at: DateTime<Utc>,
    ) -> Result<Option<UserId>, StoreError> {
        let values = vec![article.get().into(), step.into(), at.timestamp_micros().into()];
        match self.row(STEP, values).await? {
            Some(row) => Columns::of(&row).id_or_none(),
            None => Ok(None),
        }
    }

    async fn letters_to(
        &self,
        users: Vec<UserId>,
        but: Option<UserId>,
        seq: Position,
        at: DateTime<Utc>,
        kind: LetterKind,
        article: ArticleId,
    ) -> Result<u32, StoreError> {
        let mut queued = 0;
        for user in users.into_iter().filter(|user| Some(*user) != but) {
            let to = Recipient::User(user);
            let new = NewLetter { article: Some(article), ..NewLetter::of(to, seq, at, kind) };
            queued += self.letter_add(&new).await?;
        }
        Ok(queued)
    }

    /// Queues a letter, unless its event has given one to this recipient before. How many: one or none.
    pub(super) async fn letter_add(&self, new: &NewLetter) -> Result<u32, StoreError> {
        let (user, invitation, follow) = match new.to {
            Recipient::User(user) => (Some(user.get()), None, None),
            Recipient::Invited(invitation) => (None, Some(invitation.get()), None),
            Recipient::Follower(follow) => (None, None, Some(follow.get())),
        };
        let added = self
            .run(
                "INSERT INTO letters (seq, happened_at, kind, article_id, user_id, invitation_id, follow_id, comment_id, note_id, \
                 next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $2) ON CONFLICT DO NOTHING",
                vec![
                    new.seq.get().into(),
                    new.at.timestamp_micros().into(),
                    word(&new.kind)?,
                    new.article.map(|article| article.get()).into(),
                    user.into(),
                    invitation.into(),
                    follow.into(),
                    new.comment.map(|comment| comment.get()).into(),
                    new.note.map(|note| note.get()).into(),
                ],
            )
            .await?;
        Ok(u32::from(added > 0))
    }
}

/// A letter to be queued.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewLetter {
    pub(super) to: Recipient,
    pub(super) seq: Position,
    pub(super) at: DateTime<Utc>,
    pub(super) kind: LetterKind,
    pub(super) article: Option<ArticleId>,
    pub(super) comment: Option<CommentId>,
    pub(super) note: Option<NoteId>,
}

impl NewLetter {
    /// One about nothing that has a key.
    pub(super) const fn of(to: Recipient, seq: Position, at: DateTime<Utc>, kind: LetterKind) -> Self {
        Self { to, seq, at, kind, article: None, comment: None, note: None }
    }
}

impl Store {
    /// Takes the letter that has waited longest, to be sent now; nobody else takes it before `until`. `None`: there is
    /// none, or another process took it at this moment.
    pub async fn letter_claim(
        &self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Option<DueLetter>, StoreError> {
        let tx = self.begin().await?;
        let row = tx
            .row(
                "UPDATE letters SET attempts = attempts + 1, next_at = $2 WHERE next_at <= $1 AND id = \
                 (SELECT id FROM letters WHERE next_at <= $1 ORDER BY next_at, id LIMIT 1) \
                 RETURNING id, seq, happened_at, kind, user_id, invitation_id, follow_id, attempts",
                vec![now.timestamp_micros().into(), until.timestamp_micros().into()],
            )
            .await?;
        tx.commit().await?;
        let Some(row) = row else { return Ok(None) };
        let mut columns = Columns::of(&row);
        let (id, seq) = (columns.next()?, Position::from_stored(columns.next()?));
        let (at, kind) = (columns.time("letters.happened_at")?, columns.word("letters.kind")?);
        let (user, invitation, follow) =
            (columns.id_or_none()?, columns.id_or_none()?, columns.id_or_none()?);
        let to = match (user, invitation, follow) {
            (Some(user), _, _) => Recipient::User(user),
            (_, Some(invitation), _) => Recipient::Invited(invitation),
            (_, _, Some(follow)) => Recipient::Follower(follow),
            (None, None, None) => {
                return Err(StoreError::Unreadable {
                    column: "letters",
                    why: format!("{id} goes to nobody"),
                });
            }
        };
        Ok(Some(DueLetter { id, seq, at, kind, to, attempts: columns.small()? }))
    }

    /// When the next letter is to be sent, or tried again.
    pub async fn letters_next(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let rows = self.ask("SELECT MIN(next_at) FROM letters WHERE next_at IS NOT NULL", vec![]).await?;
        let at = rows.first().map(|row| row.try_get_by_index::<Option<i64>>(0)).transpose()?.flatten();
        at.map(|micros| time(micros, "letters.next_at")).transpose()
    }

    /// Writes down how a letter that was claimed has ended.
    pub async fn letter_end(
        &self,
        letter: &DueLetter,
        end: LetterEnd,
        why: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.letter_set(
            "next_at = NULL, ended_at = $3, outcome = $4, why = $5",
            letter,
            vec![now.timestamp_micros().into(), end.as_str().into(), why.map(str::to_owned).into()],
        )
        .await
    }

    /// Puts a letter that was claimed off until `again_at`.
    pub async fn letter_postpone(
        &self,
        letter: &DueLetter,
        why: &str,
        again_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.letter_set(
            "next_at = $3, why = $4",
            letter,
            vec![again_at.timestamp_micros().into(), why.into()],
        )
        .await
    }

    /// Changes a letter, unless it was claimed anew in the meantime.
    async fn letter_set(&self, set: &str, letter: &DueLetter, values: Vec<Value>) -> Result<(), StoreError> {
        let mut all: Vec<Value> =
            vec![letter.id.into(), i32::try_from(letter.attempts).unwrap_or(i32::MAX).into()];
        all.extend(values);
        let tx = self.begin().await?;
        tx.run(&format!("UPDATE letters SET {set} WHERE id = $1 AND attempts = $2 AND outcome IS NULL"), all)
            .await?;
        tx.commit().await
    }

    /// Lets letters that failed be sent once more, from now on. How many.
    pub async fn letters_retry(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let sql = "UPDATE letters SET outcome = NULL, ended_at = NULL, next_at = $1 WHERE outcome = 'FAILED'";
        self.letters_failed(sql, vec![now.timestamp_micros().into()]).await
    }

    /// Forgets letters that failed. How many.
    pub async fn letters_discard(&self) -> Result<u64, StoreError> {
        self.letters_failed("DELETE FROM letters WHERE outcome = 'FAILED'", vec![]).await
    }

    async fn letters_failed(&self, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        let tx = self.begin().await?;
        let changed = tx.run(sql, values).await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// Letters that failed, and those that have failed so far and wait; the newest first, at most `limit`.
    pub async fn letters_unsent(&self, limit: u32) -> Result<Vec<UnsentLetter>, StoreError> {
        let sql = "SELECT seq, kind, attempts, outcome IS NULL, why FROM letters \
             WHERE outcome = 'FAILED' OR (outcome IS NULL AND why IS NOT NULL) ORDER BY seq DESC, id DESC LIMIT $1";
        let mut letters = Vec::new();
        for row in self.ask(sql, vec![i64::from(limit).into()]).await? {
            let mut columns = Columns::of(&row);
            letters.push(UnsentLetter {
                seq: Position::from_stored(columns.next()?),
                kind: columns.word("letters.kind")?,
                attempts: columns.small()?,
                waits: columns.next()?,
                why: columns.next()?,
            });
        }
        Ok(letters)
    }
}

fn users(rows: &[Row]) -> Result<Vec<UserId>, StoreError> {
    rows.iter().map(|row| Columns::of(row).id()).collect()
}
