//! Following a thread by e-mail: who asked for letters about an article's comments, which comments there are to tell of,
//! and who of the newsroom was told that a comment names them.
//!
//! A follow is one row an article and address. One that its address has not confirmed gets no letter but the one that
//! asks, and is deleted after some days. `told_through` is the number of the last event that a letter has told of,
//! `next_at` when the next letter is due; NULL: there is nothing to tell.
//!
//! A letter gets a third kind of recipient, and may be about a comment or a moderator's note. One about a thread tells of
//! the events behind `told_before`, up to its own.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// This change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await?;
        dialect::run(manager, LETTERS).await
    }
}

const TABLES: &str = "
CREATE TABLE thread_follows (
    id {key},
    article_id BIGINT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
    email TEXT NOT NULL CHECK (email <> ''),
    email_key TEXT NOT NULL,
    writer_key {blob},
    language TEXT NOT NULL CHECK (language IN ('ar', 'fr', 'en')),
    frequency TEXT NOT NULL CHECK (frequency IN ('IMMEDIATE', 'DAILY')),
    asked_at {time} NOT NULL,
    confirmed_at {time},
    told_through BIGINT NOT NULL DEFAULT 0 CHECK (told_through >= 0),
    told_at {time},
    next_at {time},
    UNIQUE (article_id, email_key),
    CHECK (user_id IS NULL OR confirmed_at IS NOT NULL),
    CHECK (next_at IS NULL OR confirmed_at IS NOT NULL)
);
CREATE INDEX thread_follows_due ON thread_follows (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX thread_follows_by_user ON thread_follows (user_id, asked_at, id) WHERE user_id IS NOT NULL;
CREATE INDEX thread_follows_by_email ON thread_follows (email_key);
CREATE INDEX thread_follows_unconfirmed ON thread_follows (asked_at) WHERE confirmed_at IS NULL;

CREATE TABLE thread_news (
    comment_id BIGINT NOT NULL PRIMARY KEY REFERENCES comments (id) ON DELETE CASCADE,
    article_id BIGINT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    happened_at {time} NOT NULL
);
CREATE INDEX thread_news_of ON thread_news (article_id, seq);
CREATE INDEX thread_news_by_age ON thread_news (happened_at);

CREATE TABLE comment_mentions (
    comment_id BIGINT NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (comment_id, user_id)
);
CREATE INDEX comment_mentions_of ON comment_mentions (user_id);
";

/// SQLite changes no constraint of a table that is there: it is made anew.
const LETTERS: &str = "
{postgres:ALTER TABLE letters DROP CONSTRAINT letters_kind_check}
;
{postgres:ALTER TABLE letters ADD CONSTRAINT letters_kind_check CHECK (kind IN ('REVIEW_REQUESTED', 'ARTICLE_RETURNED', 'INVITATION', 'PASSWORD_RESET', 'FOLLOW_ASKED', 'THREAD_NEWS', 'MENTIONED', 'NAMED_IN_NOTE'))}
;
{postgres:ALTER TABLE letters ADD COLUMN follow_id BIGINT REFERENCES thread_follows (id) ON DELETE CASCADE}
;
{postgres:ALTER TABLE letters ADD COLUMN comment_id BIGINT REFERENCES comments (id) ON DELETE CASCADE}
;
{postgres:ALTER TABLE letters ADD COLUMN note_id BIGINT REFERENCES comment_notes (id) ON DELETE CASCADE}
;
{postgres:ALTER TABLE letters ADD COLUMN told_before BIGINT}
;
{postgres:ALTER TABLE letters DROP CONSTRAINT letters_check}
;
{postgres:ALTER TABLE letters ADD CONSTRAINT letters_check CHECK (num_nonnulls(user_id, invitation_id, follow_id) = 1)}
;
{postgres:ALTER TABLE letters ADD CONSTRAINT letters_seq_follow_id_key UNIQUE (seq, follow_id)}
;
{later:CREATE TABLE letters_anew (
    id {key},
    seq BIGINT NOT NULL,
    happened_at {time} NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('REVIEW_REQUESTED', 'ARTICLE_RETURNED', 'INVITATION', 'PASSWORD_RESET', 'FOLLOW_ASKED', 'THREAD_NEWS', 'MENTIONED', 'NAMED_IN_NOTE')),
    article_id BIGINT REFERENCES articles (id) ON DELETE CASCADE,
    user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
    invitation_id BIGINT REFERENCES invitations (id) ON DELETE CASCADE,
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    next_at {time},
    ended_at {time},
    outcome TEXT CHECK (outcome IN ('SENT', 'OBSOLETE', 'FAILED')),
    why TEXT,
    follow_id BIGINT REFERENCES thread_follows (id) ON DELETE CASCADE,
    comment_id BIGINT REFERENCES comments (id) ON DELETE CASCADE,
    note_id BIGINT REFERENCES comment_notes (id) ON DELETE CASCADE,
    told_before BIGINT,
    UNIQUE (seq, user_id),
    UNIQUE (seq, invitation_id),
    UNIQUE (seq, follow_id),
    CHECK ((user_id IS NOT NULL) + (invitation_id IS NOT NULL) + (follow_id IS NOT NULL) = 1),
    CHECK ((next_at IS NULL) = (outcome IS NOT NULL) AND (ended_at IS NULL) = (outcome IS NULL))
)}
;
{later:INSERT INTO letters_anew (id, seq, happened_at, kind, article_id, user_id, invitation_id, attempts, next_at, ended_at, outcome, why)
    SELECT id, seq, happened_at, kind, article_id, user_id, invitation_id, attempts, next_at, ended_at, outcome, why FROM letters}
;
{later:DROP TABLE letters}
;
{later:ALTER TABLE letters_anew RENAME TO letters}
;
{later:CREATE INDEX letters_due ON letters (next_at, id) WHERE next_at IS NOT NULL}
;
{later:CREATE INDEX letters_ended ON letters (ended_at) WHERE ended_at IS NOT NULL}
;
{later:CREATE INDEX letters_about ON letters (article_id)}
;
{later:CREATE INDEX letters_to ON letters (user_id)}
;
{later:CREATE INDEX letters_to_invited ON letters (invitation_id)}
;
CREATE INDEX letters_to_follower ON letters (follow_id) WHERE follow_id IS NOT NULL
;
CREATE INDEX letters_about_comment ON letters (comment_id) WHERE comment_id IS NOT NULL
;
CREATE INDEX letters_about_note ON letters (note_id) WHERE note_id IS NOT NULL
";
