//! Who follows a thread by e-mail: asking, confirming, changing and ending it, and what a person or a moderator reads of
//! it. It must not know who may, nor what letters say.

use chrono::{DateTime, Utc};
use masthead_domain::article::ArticleId;
use masthead_domain::comment::following::{FollowId, Frequency, Language};
use masthead_domain::page::{Page, PageRequest, Place};
use masthead_domain::user::{EmailAddress, UserId};

use super::person::{Part, from_moment};
use crate::columns::Columns;
use crate::reads::{Reads, keyset};
use crate::row::Row;
use crate::store::{Store, StoreError};
use crate::tx::Tx;

/// A follow that is to be.
#[derive(Debug, Clone)]
pub struct NewFollow<'a> {
    /// Of which article's thread.
    pub article: ArticleId,
    /// Where letters go.
    pub email: &'a EmailAddress,
    /// The follower's hash, by which their own comments are known.
    pub writer_key: Option<&'a [u8]>,
    /// In which language.
    pub language: Language,
    /// How often.
    pub frequency: Frequency,
    /// When it was asked for.
    pub at: DateTime<Utc>,
}

/// A follow that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFollow {
    /// The key.
    pub id: FollowId,
    /// Of which article's thread.
    pub article: ArticleId,
    /// Whose, where it is somebody with a login.
    pub user: Option<UserId>,
    /// In which language letters are.
    pub language: Language,
    /// How often they come.
    pub frequency: Frequency,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// When its address confirmed it; `None`: not yet.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When the last letter was written.
    pub told_at: Option<DateTime<Utc>>,
    /// Whether there is something to tell that no letter has told yet.
    pub waits: bool,
}

/// The columns of the follow `a`; [`follow`] reads them in this order.
const FOLLOW: &str = "a.id, a.article_id, a.user_id, a.language, a.frequency, a.asked_at, a.confirmed_at, a.told_at, \
     (a.next_at IS NOT NULL)";

/// The number of the newest event: what was before it is told in no letter.
const NEWEST: &str = "COALESCE((SELECT MAX(e.seq) FROM events e), 0)";

impl Tx {
    /// Writes down that letters were asked for to an address that has to confirm it. One that follows already, or was
    /// asked already, keeps its row; of one that follows nothing is changed. One statement, whichever it is.
    pub async fn follow_ask(&self, new: &NewFollow<'_>) -> Result<FollowId, StoreError> {
        let unless = |column: &str| {
            format!(
                "{column} = CASE WHEN thread_follows.confirmed_at IS NULL THEN excluded.{column} ELSE thread_follows.{column} END"
            )
        };
        let kept = ["email", "writer_key", "language", "frequency", "asked_at"].map(unless).join(", ");
        let sql = format!(
            "INSERT INTO thread_follows (article_id, email, email_key, writer_key, language, frequency, asked_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (article_id, email_key) DO UPDATE SET {kept} RETURNING id"
        );
        self.insert(&sql, values(new)).await
    }

    /// Makes somebody with a login follow, at the address of the login. What was asked for at this address before is
    /// theirs, and confirmed, from now on.
    pub async fn follow_own(&self, new: &NewFollow<'_>, user: UserId) -> Result<StoredFollow, StoreError> {
        let sql = format!(
            "INSERT INTO thread_follows AS f (article_id, email, email_key, writer_key, language, frequency, asked_at, \
                 user_id, confirmed_at, told_through) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7, {NEWEST}) \
             ON CONFLICT (article_id, email_key) DO UPDATE SET user_id = excluded.user_id, email = excluded.email, \
                 writer_key = excluded.writer_key, language = excluded.language, frequency = excluded.frequency, \
                 confirmed_at = COALESCE(f.confirmed_at, excluded.confirmed_at), \
                 told_through = CASE WHEN f.confirmed_at IS NULL THEN excluded.told_through ELSE f.told_through END"
        );
        let mut values = values(new);
        values.push(user.get().into());
        self.run(&sql, values).await?;
        let found = self.follow_of(user, new.article).await?;
        found.ok_or_else(|| StoreError::Unreadable {
            column: "thread_follows",
            why: "an insert left no row".to_owned(),
        })
    }

    /// Confirms a follow: from now on there are letters. Again changes nothing. `None`: there is no such follow any more.
    pub async fn follow_confirm(
        &self,
        id: FollowId,
        now: DateTime<Utc>,
    ) -> Result<Option<StoredFollow>, StoreError> {
        let sql = format!(
            "UPDATE thread_follows SET told_through = {NEWEST}, confirmed_at = $2 WHERE id = $1 AND confirmed_at IS NULL"
        );
        self.run(&sql, vec![id.get().into(), now.timestamp_micros().into()]).await?;
        self.follow(id).await
    }

    /// A follow, confirmed or not; its row is locked until the change is made.
    pub async fn follow(&self, id: FollowId) -> Result<Option<StoredFollow>, StoreError> {
        let sql = format!("SELECT {FOLLOW} FROM thread_follows a WHERE a.id = $1{}", self.for_update());
        self.row(&sql, vec![id.get().into()]).await?.as_ref().map(follow).transpose()
    }

    /// The follow of somebody with a login, locked alike.
    pub async fn follow_of(
        &self,
        user: UserId,
        article: ArticleId,
    ) -> Result<Option<StoredFollow>, StoreError> {
        let sql = format!(
            "SELECT {FOLLOW} FROM thread_follows a WHERE a.user_id = $1 AND a.article_id = $2{}",
            self.for_update()
        );
        let values = vec![user.get().into(), article.get().into()];
        self.row(&sql, values).await?.as_ref().map(follow).transpose()
    }

    /// Changes how a follow's letters come; `next_at` is when the next one does, where something waits.
    pub async fn follow_change(
        &self,
        id: FollowId,
        language: Language,
        frequency: Frequency,
        next_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE thread_follows SET language = $2, frequency = $3, \
             next_at = CASE WHEN next_at IS NULL THEN NULL ELSE CAST($4 AS BIGINT) END WHERE id = $1",
            vec![
                id.get().into(),
                language.tag().into(),
                frequency.as_str().into(),
                next_at.timestamp_micros().into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// Ends a follow, with the letters that wait for it. Does nothing where it has ended.
    pub async fn follow_end(&self, id: FollowId) -> Result<(), StoreError> {
        self.run("DELETE FROM thread_follows WHERE id = $1", vec![id.get().into()]).await?;
        Ok(())
    }

    /// Ends what this address follows, a login's follows too, with the letters that wait. How many.
    pub async fn follows_erase(&self, email: &EmailAddress) -> Result<u64, StoreError> {
        self.run("DELETE FROM thread_follows WHERE email_key = $1", vec![email.key().into()]).await
    }

    /// The address of a login that is open.
    pub async fn own_address(&self, user: UserId) -> Result<Option<EmailAddress>, StoreError> {
        let sql = "SELECT u.email FROM users u WHERE u.id = $1 AND u.disabled_at IS NULL";
        let Some(row) = self.row(sql, vec![user.get().into()]).await? else { return Ok(None) };
        Ok(Some(EmailAddress::from_stored(Columns::of(&row).next()?)))
    }
}

impl Reads {
    /// What the viewer follows, the last asked for first; nothing for a guest. Two statements.
    pub async fn own_follows(&self, request: &PageRequest) -> Result<Page<StoredFollow>, StoreError> {
        let Some(user) = self.viewer().user() else { return Ok(Page::empty()) };
        let mut values = vec![user.get().into()];
        let count = self
            .row("SELECT COUNT(*) FROM thread_follows a WHERE a.user_id = $1", values.clone())
            .await?
            .map(|row| row.try_get_by_index::<i64>(0))
            .transpose()?;
        let keyset = keyset(request, "a.asked_at", "a.id", true, &mut values);
        let sql = format!(
            "SELECT {FOLLOW} FROM thread_follows a WHERE a.user_id = $1{} ORDER BY {} LIMIT {}",
            keyset.condition, keyset.order, keyset.limit
        );
        let rows = self.rows(&sql, values).await?;
        let items = rows.iter().map(|row| {
            let follow = follow(row)?;
            Ok((Place { sort: follow.asked_at.timestamp_micros(), id: follow.id.get() }, follow))
        });
        let items = items.collect::<Result<_, StoreError>>()?;
        Ok(Page::of(request, items, count.and_then(|count| u64::try_from(count).ok())))
    }

    /// What this address follows or was asked to, asked for at `since` or later, the oldest first, see [`Part`];
    /// nothing for who may not moderate the whole site. One statement.
    pub async fn commenter_follows(
        &self,
        email: &EmailAddress,
        since: DateTime<Utc>,
    ) -> Result<Part<StoredFollow>, StoreError> {
        if !self.moderates_all() {
            return Ok(Part::default());
        }
        const THEIRS: &str = "thread_follows a WHERE a.email_key = $1";
        let sql = format!(
            "SELECT {FOLLOW} FROM {THEIRS} AND {} ORDER BY a.asked_at, a.id",
            from_moment("a.asked_at", 2, THEIRS)
        );
        let values = vec![email.key().into(), since.timestamp_micros().into()];
        let follows = self.rows(&sql, values).await?.iter().map(follow).collect::<Result<_, _>>()?;
        Ok(Part::of(follows, |follow: &StoredFollow| follow.asked_at))
    }
}

impl Store {
    /// Forgets follows that were asked for before `asked_before` and that nobody has confirmed, and what there was to tell
    /// before `told_before`; at most `limit` of each. How many went.
    pub async fn follows_prune(
        &self,
        asked_before: DateTime<Utc>,
        told_before: DateTime<Utc>,
        limit: u32,
    ) -> Result<u64, StoreError> {
        let tx = self.begin().await?;
        let mut dropped = 0;
        for (sql, before) in [
            (
                "DELETE FROM thread_follows WHERE id IN (SELECT id FROM thread_follows \
                 WHERE confirmed_at IS NULL AND asked_at <= $1 ORDER BY asked_at LIMIT $2)",
                asked_before,
            ),
            (
                "DELETE FROM thread_news WHERE comment_id IN (SELECT comment_id FROM thread_news \
                 WHERE happened_at <= $1 ORDER BY happened_at LIMIT $2)",
                told_before,
            ),
        ] {
            dropped += tx.run(sql, vec![before.timestamp_micros().into(), i64::from(limit).into()]).await?;
        }
        tx.commit().await?;
        Ok(dropped)
    }
}

fn values(new: &NewFollow<'_>) -> Vec<sea_orm::Value> {
    vec![
        new.article.get().into(),
        new.email.as_str().into(),
        new.email.key().into(),
        new.writer_key.map(<[u8]>::to_vec).into(),
        new.language.tag().into(),
        new.frequency.as_str().into(),
        new.at.timestamp_micros().into(),
    ]
}

fn follow(row: &Row) -> Result<StoredFollow, StoreError> {
    let mut columns = Columns::of(row);
    Ok(StoredFollow {
        id: columns.id()?,
        article: columns.id()?,
        user: columns.id_or_none()?,
        language: columns.word("thread_follows.language")?,
        frequency: columns.word("thread_follows.frequency")?,
        asked_at: columns.time("thread_follows.asked_at")?,
        confirmed_at: columns.time_or_none("thread_follows.confirmed_at")?,
        told_at: columns.time_or_none("thread_follows.told_at")?,
        waits: columns.next()?,
    })
}
