//! Sections as a tree, tags, and how many public articles each has in each language.

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
CREATE TABLE sections (
    id {key},
    slug TEXT NOT NULL CHECK (slug <> ''),
    slug_key TEXT NOT NULL UNIQUE,
    parent_id BIGINT REFERENCES sections (id) ON DELETE SET NULL CHECK (parent_id <> id),
    position INTEGER NOT NULL DEFAULT 0,
    names {json} NOT NULL,
    descriptions {json} NOT NULL
);
CREATE INDEX sections_parent ON sections (parent_id, position, id);

CREATE TABLE tags (
    id {key},
    slug TEXT NOT NULL CHECK (slug <> ''),
    slug_key TEXT NOT NULL UNIQUE,
    names {json} NOT NULL
);

CREATE TABLE section_counts (
    section_id BIGINT NOT NULL REFERENCES sections (id) ON DELETE CASCADE,
    locale TEXT NOT NULL,
    articles BIGINT NOT NULL CHECK (articles >= 0),
    PRIMARY KEY (section_id, locale)
);
CREATE TABLE tag_counts (
    tag_id BIGINT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    locale TEXT NOT NULL,
    articles BIGINT NOT NULL CHECK (articles >= 0),
    PRIMARY KEY (tag_id, locale)
);
CREATE TABLE author_counts (
    author_id BIGINT NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
    locale TEXT NOT NULL,
    articles BIGINT NOT NULL CHECK (articles >= 0),
    PRIMARY KEY (author_id, locale)
);
";
