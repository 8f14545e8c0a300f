//! The site's one row, pictures, authors, and people with a login.

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
CREATE TABLE site (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    names {json} NOT NULL,
    taglines {json} NOT NULL,
    copyright_notices {json} NOT NULL,
    default_locale TEXT NOT NULL CHECK (default_locale <> ''),
    locales {json} NOT NULL,
    comment_policy TEXT NOT NULL CHECK (comment_policy IN ('OPEN', 'FIRST_TIME', 'MODERATED', 'MEMBERS', 'CLOSED')),
    permalink TEXT NOT NULL CHECK (permalink LIKE '/%'),
    secret {blob} NOT NULL
);

INSERT INTO site (id, names, taglines, copyright_notices, default_locale, locales, comment_policy, permalink, secret)
VALUES (1, '{}', '{}', '{}', 'en', '[\"en\"]', 'OPEN', '/{locale}/{slug}', {secret});

CREATE TABLE images (
    id {key},
    source TEXT NOT NULL CHECK (source IN ('STORED', 'REMOTE')),
    location TEXT NOT NULL CHECK (location <> ''),
    width INTEGER CHECK (width > 0),
    height INTEGER CHECK (height > 0),
    alt TEXT NOT NULL,
    credit TEXT,
    caption TEXT,
    created_at {time} NOT NULL,
    UNIQUE (source, location)
);

CREATE TABLE authors (
    id {key},
    slug TEXT NOT NULL CHECK (slug <> ''),
    slug_key TEXT NOT NULL UNIQUE,
    names {json} NOT NULL,
    roles {json} NOT NULL,
    biographies {json} NOT NULL,
    links {json} NOT NULL,
    avatar_id BIGINT REFERENCES images (id) ON DELETE SET NULL
);
CREATE INDEX authors_avatar ON authors (avatar_id);

CREATE TABLE users (
    id {key},
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (name <> ''),
    role TEXT NOT NULL CHECK (role IN ('READER', 'CONTRIBUTOR', 'AUTHOR', 'EDITOR', 'ADMIN')),
    password_hash TEXT,
    author_id BIGINT UNIQUE REFERENCES authors (id) ON DELETE SET NULL,
    created_at {time} NOT NULL
);
";
