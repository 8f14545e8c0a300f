//! The conversation below articles: rules of the site, what phases found in a comment, reports, reactions, moderators'
//! decisions and notes, bans, and what spam looks like here.
//!
//! A comment is `shown` where it is public, or where an answer to it is shown: of one that is not public any more only the
//! place is left then, so that its answers stay readable. `reply_count` and `thread_count` count what is shown.
//!
//! A section's `policy_in_force` is its own comment policy, or that of the nearest section above that has one.
//!
//! A writer is known by a keyed hash of a session's person or of the browser's key; a network address only by a hash whose
//! key is thrown away after some days, so that the hash then leads nowhere.

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
ALTER TABLE site ADD COLUMN comment_rules {json} NOT NULL DEFAULT '{}';
ALTER TABLE sections ADD COLUMN comment_policy TEXT CHECK (comment_policy IN ('OPEN', 'FIRST_TIME', 'MODERATED', 'MEMBERS', 'CLOSED'));
ALTER TABLE sections ADD COLUMN policy_in_force TEXT CHECK (policy_in_force IN ('OPEN', 'FIRST_TIME', 'MODERATED', 'MEMBERS', 'CLOSED'));

ALTER TABLE comments ADD COLUMN report_count BIGINT NOT NULL DEFAULT 0 CHECK (report_count >= 0);
ALTER TABLE comments ADD COLUMN address_hash {blob};
ALTER TABLE comments ADD COLUMN erased_at {time};
ALTER TABLE comments ADD COLUMN shown BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE comments SET shown = TRUE WHERE id IN (
    WITH RECURSIVE up (id) AS (
        SELECT id FROM comments WHERE status = 'PUBLISHED'
        UNION SELECT c.parent_id FROM comments c JOIN up ON up.id = c.id WHERE c.parent_id IS NOT NULL)
    SELECT id FROM up);
UPDATE comments SET reply_count = (SELECT COUNT(*) FROM comments r WHERE r.parent_id = comments.id AND r.shown)
    WHERE id IN (SELECT parent_id FROM comments WHERE parent_id IS NOT NULL AND shown AND status <> 'PUBLISHED');
UPDATE articles SET thread_count = (SELECT COUNT(*) FROM comments c WHERE c.article_id = articles.id AND c.parent_id IS NULL AND c.shown)
    WHERE id IN (SELECT article_id FROM comments WHERE parent_id IS NULL AND shown AND status <> 'PUBLISHED');
DROP INDEX comments_threads;
DROP INDEX comments_liked;
DROP INDEX comments_replies;
CREATE INDEX comments_threads ON comments (article_id, created_at, id) WHERE parent_id IS NULL AND shown;
CREATE INDEX comments_liked ON comments (article_id, (-likes), id) WHERE parent_id IS NULL AND shown;
CREATE INDEX comments_replies ON comments (parent_id, created_at, id) WHERE shown;
CREATE INDEX comments_reported ON comments (created_at, id) WHERE report_count > 0;
ALTER TABLE comments ADD COLUMN email_key TEXT;
UPDATE comments SET email_key = LOWER(author_email) WHERE author_email IS NOT NULL;
CREATE INDEX comments_by_email ON comments (email_key, id) WHERE email_key IS NOT NULL;
CREATE INDEX comments_by_address ON comments (address_hash, created_at) WHERE address_hash IS NOT NULL;

CREATE TABLE address_keys (
    day BIGINT NOT NULL PRIMARY KEY,
    secret {blob} NOT NULL
);

CREATE TABLE comment_findings (
    comment_id BIGINT NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
    n INTEGER NOT NULL CHECK (n >= 0),
    phase TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('PUBLISH', 'HOLD', 'REWORD', 'REFUSE')),
    detail TEXT NOT NULL,
    span_start INTEGER,
    span_end INTEGER,
    found_at {time} NOT NULL,
    PRIMARY KEY (comment_id, n)
);

CREATE TABLE comment_reports (
    id {key},
    comment_id BIGINT NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
    reporter {blob} NOT NULL,
    user_id BIGINT REFERENCES users (id) ON DELETE SET NULL,
    reason TEXT NOT NULL CHECK (reason IN ('OFFENSIVE', 'SPAM', 'OFF_TOPIC', 'ILLEGAL')),
    note TEXT,
    reported_at {time} NOT NULL,
    decision TEXT CHECK (decision IN ('APPROVE', 'REJECT', 'SPAM', 'WITHDRAWN')),
    decided_at {time},
    UNIQUE (comment_id, reporter),
    CHECK ((decision IS NULL) = (decided_at IS NULL))
);
CREATE INDEX comment_reports_by_user ON comment_reports (user_id);
CREATE INDEX comment_reports_by_reporter ON comment_reports (reporter);
CREATE INDEX comment_reports_illegal ON comment_reports (reported_at, id) WHERE reason = 'ILLEGAL';

CREATE TABLE comment_reactions (
    comment_id BIGINT NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
    writer {blob} NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('LIKE', 'INSIGHTFUL', 'DISAGREE')),
    reacted_at {time} NOT NULL,
    PRIMARY KEY (comment_id, writer)
);
CREATE INDEX comment_reactions_by_writer ON comment_reactions (writer);

CREATE TABLE comment_decisions (
    id {key},
    batch BIGINT NOT NULL,
    comment_id BIGINT NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
    user_id BIGINT REFERENCES users (id) ON DELETE SET NULL,
    decision TEXT NOT NULL CHECK (decision IN ('APPROVE', 'REJECT', 'SPAM')),
    note TEXT,
    before TEXT NOT NULL CHECK (before IN ('PUBLISHED', 'PENDING', 'REJECTED', 'SPAM')),
    decided_at {time} NOT NULL,
    undone_at {time}
);
CREATE INDEX comment_decisions_of ON comment_decisions (comment_id, id);
CREATE INDEX comment_decisions_batch ON comment_decisions (batch);
CREATE INDEX comment_decisions_by_user ON comment_decisions (user_id);

CREATE TABLE comment_notes (
    id {key},
    comment_id BIGINT NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
    user_id BIGINT REFERENCES users (id) ON DELETE SET NULL,
    body TEXT NOT NULL,
    noted_at {time} NOT NULL
);
CREATE INDEX comment_notes_of ON comment_notes (comment_id, id);
CREATE INDEX comment_notes_by_user ON comment_notes (user_id);

CREATE TABLE commenter_bans (
    id {key},
    email TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('BAN', 'SHADOW')),
    until {time},
    reason TEXT,
    user_id BIGINT REFERENCES users (id) ON DELETE SET NULL,
    banned_at {time} NOT NULL
);
CREATE INDEX commenter_bans_by_user ON commenter_bans (user_id);

CREATE TABLE spam_tokens (
    token TEXT NOT NULL PRIMARY KEY,
    spam BIGINT NOT NULL DEFAULT 0 CHECK (spam >= 0),
    ham BIGINT NOT NULL DEFAULT 0 CHECK (ham >= 0)
);
CREATE TABLE spam_lessons (
    comment_id BIGINT NOT NULL PRIMARY KEY REFERENCES comments (id) ON DELETE CASCADE,
    spam BOOLEAN NOT NULL
);
";
