//! Followers of the event log share it between processes by leases; on PostgreSQL events are numbered in the order in
//! which they are committed, and tell who waits for them. Also what followers leave behind: events that were set aside,
//! and letters to be sent.
//!
//! A letter's row holds keys only: whom it goes to and what it says is read when it is sent, so that what is erased
//! before is never sent.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::dialect;

/// This change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            for statement in [FUNCTION, TRIGGER] {
                manager.get_connection().execute_unprepared(statement).await?;
            }
        }
        Ok(())
    }
}

const TABLES: &str = "
ALTER TABLE followers ADD COLUMN leased_until {time} NOT NULL DEFAULT 0;
ALTER TABLE followers ADD COLUMN lease TEXT NOT NULL DEFAULT '';
ALTER TABLE followers ADD COLUMN failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0);

CREATE TABLE set_aside (
    follower TEXT NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    set_aside_at {time} NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (follower, seq)
);

CREATE TABLE chores (
    name TEXT NOT NULL PRIMARY KEY,
    begun_at {time} NOT NULL
);

CREATE TABLE letters (
    id {key},
    seq BIGINT NOT NULL,
    happened_at {time} NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('REVIEW_REQUESTED', 'ARTICLE_RETURNED', 'INVITATION')),
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
);
CREATE INDEX letters_due ON letters (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX letters_ended ON letters (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX letters_about ON letters (article_id);
CREATE INDEX letters_to ON letters (user_id);
CREATE INDEX letters_to_invited ON letters (invitation_id);
";

/// Before the statement, and so before its rows get their numbers: whoever inserts holds the lock until the end of the
/// transaction, so that no number below one that was seen can appear later. The notice is sent at commit.
const FUNCTION: &str = "
CREATE FUNCTION events_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(4720190827);
    PERFORM pg_notify('masthead_events', '');
    RETURN NULL;
END $$";

const TRIGGER: &str = "CREATE TRIGGER events_in_order BEFORE INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION events_in_order()";
