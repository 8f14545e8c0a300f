//! A forgotten password: who asked for a new one, and the tokens of the letters that let them set it.
//!
//! Asking leaves a row whether the address has a login or not, so that it takes as long. The address itself is not
//! kept: `account_key` is a hash of it that only this site can make. A letter of one more kind is sent.

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
CREATE TABLE password_resets (
    id {key},
    account_key {blob} NOT NULL UNIQUE,
    user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
    asked_at {time} NOT NULL
);
CREATE INDEX password_resets_of ON password_resets (user_id);
CREATE INDEX password_resets_by_age ON password_resets (asked_at);

CREATE TABLE password_reset_tokens (
    token_hash {blob} NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at {time} NOT NULL
);
CREATE INDEX password_reset_tokens_of ON password_reset_tokens (user_id);
CREATE INDEX password_reset_tokens_by_age ON password_reset_tokens (expires_at);
";

/// SQLite changes no constraint of a table that is there: it is made anew.
const LETTERS: &str = "
{postgres:ALTER TABLE letters DROP CONSTRAINT letters_kind_check}
;
{postgres:ALTER TABLE letters ADD CONSTRAINT letters_kind_check CHECK (kind IN ('REVIEW_REQUESTED', 'ARTICLE_RETURNED', 'INVITATION', 'PASSWORD_RESET'))}
;
{later:CREATE TABLE letters_anew (
    id {key},
    seq BIGINT NOT NULL,
    happened_at {time} NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('REVIEW_REQUESTED', 'ARTICLE_RETURNED', 'INVITATION', 'PASSWORD_RESET')),
    article_id BIGINT REFERENCES articles (id) ON DELETE CASCADE,
    user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
    invitation_id BIGINT REFERENCES invitations (id) ON DELETE CASCADE,
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    next_at {time},
    ended_at {time},
    outcome TEXT CHECK (outcome IN ('SENT', 'OBSOLETE', 'FAILED')),
    why TEXT,
    UNIQUE (seq, user_id),
    UNIQUE (seq, invitation_id),
    CHECK ((user_id IS NULL) <> (invitation_id IS NULL)),
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
";
