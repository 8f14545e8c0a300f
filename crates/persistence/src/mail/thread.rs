//! Letters to who follows a thread: what there is to tell, whose letter is due, and what it says when it is sent.
//!
//! Three steps, so that leaving a comment costs no more however many follow. What became public is written down once
//! an article, and every follow that has nothing waiting gets a time. When that has come, a letter is queued that tells of
//! all there is by then. What of it a guest sees is read when it is sent.

use chrono::{DateTime, Utc};
use masthead_domain::comment::CommentId;
use masthead_domain::comment::following::{FollowId, GAP};
use masthead_domain::event::Position;
use masthead_domain::user::EmailAddress;
use sea_orm::Value;

use super::queue::NewLetter;
use super::{About, Headed, LetterFacts, LetterKind, Recipient, Told};
use crate::columns::{Columns, time};
use crate::dialect::Dialect;
use crate::reads::keys;
use crate::store::{Store, StoreError};
use crate::tx::Tx;

/// Most comments told in one letter.
pub const MOST_TOLD: usize = 10;
/// Most letters in a day that ask one address to confirm.
const MOST_ASKED: i64 = 3;
const DAY_MICROS: i64 = 86_400_000_000;

/// Whether the comment `c` is that of who follows by `a`: by login, by the browser's key, or by the address that they
/// gave.
const OWN: &str = "(COALESCE(c.user_id = a.user_id, FALSE) OR COALESCE(c.writer_key = a.writer_key, FALSE) \
     OR COALESCE(c.email_key = a.email_key, FALSE))";

/// An article `p` as [`headed`] reads it.
pub(super) const HEADED: &str = "p.id, p.title, p.locale, p.slug, p.live";
/// A comment `c` as [`told`] reads it.
pub(super) const TOLD: &str = "c.id, c.author_name, c.body_text";

impl Tx {
    /// Writes down that everyone sees these comments since these events, where somebody follows their threads, and when
    /// letters about it are due: `morning` is when those once a day come. A comment that was written down before is not
    /// told again. Two statements.
    pub async fn thread_news_add(
        &self,
        published: &[(CommentId, Position)],
        now: DateTime<Utc>,
        morning: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let pairs: Vec<String> =
            published.iter().map(|(comment, seq)| format!("{}:{}", comment.get(), seq.get())).collect();
        let pairs = serde_json::to_string(&pairs)
            .map_err(|error| StoreError::Unreadable { column: "thread_news", why: error.to_string() })?;
        let sql = format!(
            "INSERT INTO thread_news (comment_id, article_id, seq, happened_at) \
             SELECT c.id, c.article_id, p.second, $2 FROM ({}) p JOIN comments c ON c.id = p.first \
             WHERE EXISTS (SELECT 1 FROM thread_follows f WHERE f.article_id = c.article_id AND f.confirmed_at IS NOT NULL) \
             ON CONFLICT DO NOTHING",
            self.dialect().pairs("$1")
        );
        self.run(&sql, vec![pairs.into(), now.timestamp_micros().into()]).await?;
        let comments: Vec<CommentId> = published.iter().map(|(comment, _)| *comment).collect();
        self.run(
            "UPDATE thread_follows SET next_at = CASE WHEN frequency = 'DAILY' THEN $2 WHEN told_at > $3 THEN told_at + $4 ELSE $5 END \
             WHERE next_at IS NULL AND confirmed_at IS NOT NULL AND article_id IN (SELECT c.article_id FROM comments c \
                 WHERE c.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1)))",
            vec![
                keys(&comments),
                morning.timestamp_micros().into(),
                (now - GAP).timestamp_micros().into(),
                GAP.num_microseconds().unwrap_or(0).into(),
                now.timestamp_micros().into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// Queues the letter that asks an address to confirm: not where it follows already, and at most so many a day to one
    /// address, whatever the articles. How many: one or none.
    pub async fn letter_of_follow(
        &self,
        seq: Position,
        at: DateTime<Utc>,
        follow: FollowId,
    ) -> Result<u32, StoreError> {
        let sql = "SELECT f.article_id, (SELECT COUNT(*) FROM letters l JOIN thread_follows o ON o.id = l.follow_id \
                 WHERE o.email_key = f.email_key AND l.kind = 'FOLLOW_ASKED' AND l.happened_at > $2) \
             FROM thread_follows f WHERE f.id = $1 AND f.confirmed_at IS NULL";
        let since = at.timestamp_micros() - DAY_MICROS;
        let Some(row) = self.row(sql, vec![follow.get().into(), since.into()]).await? else { return Ok(0) };
        let mut columns = Columns::of(&row);
        let article = columns.id()?;
        if columns.next::<i64>()? >= MOST_ASKED {
            return Ok(0);
        }
        let new = NewLetter::of(Recipient::Follower(follow), seq, at, LetterKind::FollowAsked);
        self.letter_add(&NewLetter { article: Some(article), ..new }).await
    }
}

impl Store {
    /// When the next letter about a thread is due.
    pub async fn thread_letters_next(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let rows =
            self.ask("SELECT MIN(next_at) FROM thread_follows WHERE next_at IS NOT NULL", vec![]).await?;
        let at = rows.first().map(|row| row.try_get_by_index::<Option<i64>>(0)).transpose()?.flatten();
        at.map(|micros| time(micros, "thread_follows.next_at")).transpose()
    }

    /// Queues the letters about threads that are due, the longest due first, at most `most`; none while `crowd` of them
    /// wait to be sent, so that others need not wait long. How many follows were dealt with: those that have nothing to
    /// be told by now get no letter. What one process takes no other does. Three statements.
    pub async fn thread_letters_queue(
        &self,
        at: DateTime<Utc>,
        most: u32,
        crowd: u32,
    ) -> Result<usize, StoreError> {
        let tx = self.begin().await?;
        let skip = match tx.dialect() {
            Dialect::Sqlite => "",
            Dialect::Postgres => " SKIP LOCKED",
        };
        let sql = format!(
            "UPDATE thread_follows SET next_at = CASE WHEN EXISTS (SELECT 1 FROM letters w WHERE w.follow_id = thread_follows.id \
                 AND w.kind = 'THREAD_NEWS' AND w.ended_at IS NULL) THEN CAST($4 AS BIGINT) END WHERE next_at <= $1 AND id IN (SELECT a.id FROM thread_follows a \
                 WHERE a.next_at <= $1 AND (SELECT COUNT(*) FROM letters l WHERE l.next_at <= $1 AND l.kind = 'THREAD_NEWS') < $3 \
                 ORDER BY a.next_at, a.id LIMIT $2{}{skip}) RETURNING id, next_at",
            tx.for_update()
        );
        let now: Value = at.timestamp_micros().into();
        // Whose last letter has not gone out yet gets no other beside it: what came since is told in one, later.
        let later: Value = (at + GAP).timestamp_micros().into();
        let values = vec![now.clone(), i64::from(most).into(), i64::from(crowd).into(), later];
        let mut due: Vec<FollowId> = Vec::new();
        let rows = tx.rows(&sql, values).await?;
        for row in &rows {
            let mut columns = Columns::of(row);
            let id = columns.id()?;
            if columns.next::<Option<i64>>()?.is_none() {
                due.push(id);
            }
        }
        if due.is_empty() {
            tx.commit().await?;
            return Ok(rows.len());
        }
        let sql = format!(
            "INSERT INTO letters (seq, happened_at, kind, article_id, follow_id, told_before, next_at) \
             SELECT x.newest, $2, 'THREAD_NEWS', x.article_id, x.id, x.told_through, $2 FROM ( \
                 SELECT a.id, a.article_id, a.told_through, (SELECT MAX(n.seq) FROM thread_news n JOIN comments c ON c.id = n.comment_id \
                     WHERE n.article_id = a.article_id AND n.seq > a.told_through AND c.status = 'PUBLISHED' AND NOT {OWN}) AS newest \
                 FROM thread_follows a JOIN articles p ON p.id = a.article_id AND p.live \
                 WHERE a.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))) x \
             WHERE x.newest IS NOT NULL ON CONFLICT DO NOTHING"
        );
        tx.run(&sql, vec![keys(&due), now.clone()]).await?;
        let newest = "(SELECT MAX(l.seq) FROM letters l WHERE l.follow_id = thread_follows.id AND l.kind = 'THREAD_NEWS')";
        let sql = format!(
            "UPDATE thread_follows SET told_through = {newest}, told_at = $2 \
             WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each($1)) AND told_through < {newest}"
        );
        tx.run(&sql, vec![keys(&due), now]).await?;
        tx.commit().await?;
        Ok(rows.len())
    }

    pub(super) async fn asked(
        &self,
        letter: i64,
        follow: FollowId,
    ) -> Result<Option<LetterFacts>, StoreError> {
        Ok(self.following(letter).await?.filter(|row| !row.confirmed).map(|row| LetterFacts {
            name: row.name,
            address: row.address,
            by: None,
            language: Some(row.language),
            about: About::FollowAsked { follow, article: row.article, frequency: row.frequency },
        }))
    }

    pub(super) async fn news(
        &self,
        letter: i64,
        follow: FollowId,
    ) -> Result<Option<LetterFacts>, StoreError> {
        let Some(row) = self.following(letter).await?.filter(|row| row.confirmed) else { return Ok(None) };
        let those = format!(
            "FROM letters l JOIN thread_follows a ON a.id = l.follow_id \
             JOIN thread_news n ON n.article_id = a.article_id AND n.seq > l.told_before AND n.seq <= l.seq \
             JOIN comments c ON c.id = n.comment_id AND c.status = 'PUBLISHED' WHERE l.id = $1 AND NOT {OWN}"
        );
        let sql = format!("SELECT {TOLD} {those} ORDER BY n.seq LIMIT {MOST_TOLD}");
        let rows = self.ask(&sql, vec![letter.into()]).await?;
        let comments: Vec<Told> =
            rows.iter().map(|row| told(&mut Columns::of(row))).collect::<Result<_, _>>()?;
        if comments.is_empty() {
            return Ok(None);
        }
        let total = match comments.len() {
            MOST_TOLD => {
                let rows = self.ask(&format!("SELECT COUNT(*) {those}"), vec![letter.into()]).await?;
                rows.first().map(|row| Columns::of(row).count()).transpose()?.unwrap_or(0)
            }
            few => u32::try_from(few).unwrap_or(u32::MAX),
        };
        Ok(Some(LetterFacts {
            name: row.name,
            address: row.address,
            by: None,
            language: Some(row.language),
            about: About::ThreadNews { follow, article: row.article, told: comments, total },
        }))
    }

    /// Who follows what, below an article that readers see; not whose login is closed.
    async fn following(&self, letter: i64) -> Result<Option<Following>, StoreError> {
        let sql = format!(
            "SELECT COALESCE(u.name, ''), COALESCE(u.email, f.email), f.language, f.frequency, (f.confirmed_at IS NOT NULL), {HEADED} \
             FROM letters l JOIN thread_follows f ON f.id = l.follow_id JOIN articles p ON p.id = f.article_id AND p.live \
             LEFT JOIN users u ON u.id = f.user_id WHERE l.id = $1 AND u.disabled_at IS NULL"
        );
        let rows = self.ask(&sql, vec![letter.into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let mut columns = Columns::of(row);
        Ok(Some(Following {
            name: columns.next()?,
            address: EmailAddress::parse(&columns.next::<String>()?).ok(),
            language: columns.word("thread_follows.language")?,
            frequency: columns.word("thread_follows.frequency")?,
            confirmed: columns.next()?,
            article: headed(&mut columns)?,
        }))
    }
}

struct Following {
    name: String,
    address: Option<EmailAddress>,
    language: masthead_domain::comment::following::Language,
    frequency: masthead_domain::comment::following::Frequency,
    confirmed: bool,
    article: Headed,
}

pub(super) fn headed(columns: &mut Columns<'_>) -> Result<Headed, StoreError> {
    Ok(Headed {
        id: columns.id()?,
        title: columns.next()?,
        address: (columns.locale()?, columns.slug()?),
        live: columns.next()?,
    })
}

pub(super) fn told(columns: &mut Columns<'_>) -> Result<Told, StoreError> {
    Ok(Told { id: columns.id()?, author_name: columns.next()?, text: columns.next()? })
}
