//! Comments in threads, and the keys that make a repeated request harmless.
//!
//! A comment keeps its true parent and the root of its thread; `depth` counts the comments above it. The counts of
//! public replies stand on the parent, those of an article on its row.

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
CREATE TABLE comments (
    id {key},
    article_id BIGINT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    parent_id BIGINT REFERENCES comments (id) ON DELETE CASCADE,
    root_id BIGINT REFERENCES comments (id) ON DELETE CASCADE,
    depth INTEGER NOT NULL CHECK (depth >= 0),
    status TEXT NOT NULL CHECK (status IN ('PUBLISHED', 'PENDING', 'REJECTED', 'SPAM', 'WITHDRAWN')),
    author_name TEXT,
    author_email TEXT,
    user_id BIGINT REFERENCES users (id) ON DELETE SET NULL,
    writer_key {blob},
    by_staff BOOLEAN NOT NULL DEFAULT FALSE,
    direction TEXT NOT NULL CHECK (direction IN ('LTR', 'RTL')),
    body_text TEXT NOT NULL,
    html TEXT NOT NULL,
    created_at {time} NOT NULL,
    edited_at {time},
    reply_count BIGINT NOT NULL DEFAULT 0 CHECK (reply_count >= 0),
    likes BIGINT NOT NULL DEFAULT 0 CHECK (likes >= 0),
    insightfuls BIGINT NOT NULL DEFAULT 0 CHECK (insightfuls >= 0),
    disagrees BIGINT NOT NULL DEFAULT 0 CHECK (disagrees >= 0),
    CHECK ((parent_id IS NULL) = (depth = 0)),
    CHECK ((parent_id IS NULL) = (root_id IS NULL))
);
CREATE INDEX comments_threads ON comments (article_id, created_at, id) WHERE parent_id IS NULL AND status = 'PUBLISHED';
CREATE INDEX comments_liked ON comments (article_id, (-likes), id) WHERE parent_id IS NULL AND status = 'PUBLISHED';
CREATE INDEX comments_replies ON comments (parent_id, created_at, id) WHERE status = 'PUBLISHED';
CREATE INDEX comments_of ON comments (article_id);
CREATE INDEX comments_below ON comments (parent_id);
CREATE INDEX comments_thread ON comments (root_id);
CREATE INDEX comments_by_user ON comments (user_id);
CREATE INDEX comments_by_writer ON comments (writer_key, status);
CREATE INDEX comments_to_moderate ON comments (status, created_at, id);

CREATE TABLE idempotency_keys (
    key_hash {blob} NOT NULL PRIMARY KEY,
    request_hash {blob} NOT NULL,
    comment_id BIGINT NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
    expires_at {time} NOT NULL
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (expires_at);
CREATE INDEX idempotency_keys_comment ON idempotency_keys (comment_id);
";
