//! The event log, and what imports remember so that a second run changes nothing.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// This change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await
    }
}

const TABLES: &str = "
CREATE TABLE events (
    seq {key},
    at {time} NOT NULL,
    kind TEXT NOT NULL,
    subject BIGINT NOT NULL,
    payload {json} NOT NULL
);

CREATE TABLE followers (
    name TEXT NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL
);

CREATE TABLE imported (
    origin TEXT NOT NULL,
    noun TEXT NOT NULL,
    foreign_key TEXT NOT NULL,
    own_id BIGINT NOT NULL,
    PRIMARY KEY (origin, noun, foreign_key)
);
";
