//! How people sign in: sessions, tokens for programs, invitations; in which sections a person works.
//!
//! Tokens are kept as hashes only. An invitation's token is signed, not stored. `users.scoped` says whether a person
//! works in the sections of `user_sections` only: a person whose last section is deleted then works in none, not in all.
//! The invitation of a site's first administrator names neither address nor name.

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
ALTER TABLE users ADD COLUMN disabled_at {time};

ALTER TABLE users ADD COLUMN scoped BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE user_sections (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    section_id BIGINT NOT NULL REFERENCES sections (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, section_id)
);
CREATE INDEX user_sections_of ON user_sections (section_id);

CREATE INDEX users_by_age ON users (created_at, id);

CREATE TABLE sessions (
    id {key},
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash {blob} NOT NULL UNIQUE,
    created_at {time} NOT NULL,
    last_used_at {time} NOT NULL,
    expires_at {time} NOT NULL CHECK (expires_at > created_at)
);
CREATE INDEX sessions_of ON sessions (user_id);
CREATE INDEX sessions_by_age ON sessions (expires_at);

CREATE TABLE api_tokens (
    id {key},
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash {blob} NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (name <> ''),
    role TEXT NOT NULL CHECK (role IN ('READER', 'CONTRIBUTOR', 'AUTHOR', 'EDITOR', 'ADMIN')),
    created_at {time} NOT NULL,
    last_used_at {time},
    expires_at {time}
);
CREATE INDEX api_tokens_of ON api_tokens (user_id, id);

CREATE TABLE invitations (
    id {key},
    email TEXT,
    email_key TEXT,
    name TEXT CHECK (name <> ''),
    role TEXT NOT NULL CHECK (role IN ('READER', 'CONTRIBUTOR', 'AUTHOR', 'EDITOR', 'ADMIN')),
    sections {json} NOT NULL,
    invited_by BIGINT REFERENCES users (id) ON DELETE SET NULL,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    accepted_at {time},
    CHECK ((email IS NULL) = (email_key IS NULL) AND (email IS NULL) = (name IS NULL))
);
CREATE INDEX invitations_by_age ON invitations (created_at, id);
CREATE INDEX invitations_by_email ON invitations (email_key);
CREATE INDEX invitations_by ON invitations (invited_by);
";
