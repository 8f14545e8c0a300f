//! Followers of the event log share it between processes by leases; on PostgreSQL events are numbered in the order in
//! which they are committed, and tell who waits for them.

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
ALTER TABLE followers ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
CREATE INDEX events_by_age ON events (at);
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
