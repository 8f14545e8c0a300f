//! What the desk works with: who began an article, what each revision changed, who and which sections an article's
//! head belongs to, addresses that lead elsewhere or nowhere any more, and what was done by whom.
//!
//! The columns of `articles` from `title` on, `article_tags` and `article_authors` hold the *shown* revision: the
//! published one, or the head before the first publication. Readers see them only where `live` says so.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// This change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await?;
        dialect::run(manager, SHOWN).await
    }
}

const TABLES: &str = "
ALTER TABLE site ADD COLUMN time_zone TEXT NOT NULL DEFAULT 'UTC' CHECK (time_zone <> '');
ALTER TABLE site ADD COLUMN former_permalinks {json} NOT NULL DEFAULT '[]';

ALTER TABLE articles ADD COLUMN created_by BIGINT REFERENCES users (id) ON DELETE SET NULL;
CREATE INDEX articles_created_by ON articles (created_by);
CREATE INDEX articles_by_change ON articles (changed_at, id);
CREATE INDEX articles_by_public_change ON articles (modified_at, id) WHERE live AND kind = 'ARTICLE';
CREATE INDEX articles_scheduled ON articles (scheduled_for, id) WHERE status = 'SCHEDULED';
CREATE INDEX articles_embargoed ON articles (embargo_until, id) WHERE status = 'PUBLISHED' AND NOT live;

ALTER TABLE revisions ADD COLUMN change TEXT NOT NULL DEFAULT 'CREATED' CHECK (change IN ('CREATED', 'EDITED',
    'SUBMITTED', 'RETURNED', 'SCHEDULED', 'UNSCHEDULED', 'PUBLISHED', 'ARCHIVED', 'REOPENED', 'CORRECTED', 'RESTORED'));
ALTER TABLE revisions ADD COLUMN content_number INTEGER NOT NULL DEFAULT 1 CHECK (content_number >= 1);
UPDATE revisions SET content_number = number;
{later:CREATE INDEX revisions_tags ON revisions (tags) WHERE tags <> '[]'};
{later:CREATE INDEX revisions_other_sections ON revisions (other_sections) WHERE other_sections <> '[]'};
{postgres:CREATE INDEX revisions_tags ON revisions USING gin (tags)};
{postgres:CREATE INDEX revisions_other_sections ON revisions USING gin (other_sections)};

ALTER TABLE corrections ADD COLUMN revision INTEGER;
ALTER TABLE corrections ADD COLUMN editor_id BIGINT REFERENCES users (id) ON DELETE SET NULL;
CREATE INDEX corrections_editor ON corrections (editor_id);

CREATE TABLE desk_authors (
    article_id BIGINT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    author_id BIGINT NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
    PRIMARY KEY (article_id, author_id)
);
CREATE INDEX desk_authors_of ON desk_authors (author_id);

CREATE TABLE desk_sections (
    article_id BIGINT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    section_id BIGINT NOT NULL REFERENCES sections (id) ON DELETE CASCADE,
    PRIMARY KEY (article_id, section_id)
);
CREATE INDEX desk_sections_of ON desk_sections (section_id);

CREATE TABLE gone_slugs (
    locale TEXT NOT NULL,
    slug_key TEXT NOT NULL,
    gone_at {time} NOT NULL,
    PRIMARY KEY (locale, slug_key)
);
CREATE TABLE gone_paths (
    path TEXT NOT NULL PRIMARY KEY,
    gone_at {time} NOT NULL
);

CREATE TABLE former_section_slugs (
    slug_key TEXT NOT NULL PRIMARY KEY,
    section_id BIGINT NOT NULL REFERENCES sections (id) ON DELETE CASCADE
);
CREATE INDEX former_section_slugs_of ON former_section_slugs (section_id);
CREATE TABLE former_tag_slugs (
    slug_key TEXT NOT NULL PRIMARY KEY,
    tag_id BIGINT NOT NULL REFERENCES tags (id) ON DELETE CASCADE
);
CREATE INDEX former_tag_slugs_of ON former_tag_slugs (tag_id);
CREATE TABLE former_author_slugs (
    slug_key TEXT NOT NULL PRIMARY KEY,
    author_id BIGINT NOT NULL REFERENCES authors (id) ON DELETE CASCADE
);
CREATE INDEX former_author_slugs_of ON former_author_slugs (author_id);

ALTER TABLE images ADD COLUMN focal_x DOUBLE PRECISION CHECK (focal_x >= 0 AND focal_x <= 1);
ALTER TABLE images ADD COLUMN focal_y DOUBLE PRECISION CHECK (focal_y >= 0 AND focal_y <= 1);
ALTER TABLE images ADD COLUMN own_work BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE images ADD COLUMN uploaded_by BIGINT REFERENCES users (id) ON DELETE SET NULL;
CREATE INDEX images_uploaded_by ON images (uploaded_by);
CREATE INDEX images_by_date ON images (created_at, id);

CREATE TABLE audit_log (
    id {key},
    at {time} NOT NULL,
    actor_id BIGINT REFERENCES users (id) ON DELETE SET NULL,
    actor_name TEXT NOT NULL,
    actor_role TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_noun TEXT,
    subject_id BIGINT,
    detail TEXT
);
CREATE INDEX audit_log_by_actor ON audit_log (actor_id, id);
CREATE INDEX audit_log_by_action ON audit_log (action, id);
CREATE INDEX audit_log_by_subject ON audit_log (subject_noun, subject_id, id);
";

/// Whose head an article is; and what is shown of the articles that were never public.
const SHOWN: &str = "
INSERT INTO desk_authors (article_id, author_id)
SELECT DISTINCT a.id, x.id FROM articles a JOIN revisions r ON r.id = a.head_revision, {each:r.authors}, authors x
WHERE x.id = CAST(j.value AS BIGINT);

INSERT INTO desk_sections (article_id, section_id)
SELECT DISTINCT a.id, x.id FROM articles a JOIN revisions r ON r.id = a.head_revision, {each:r.other_sections}, sections x
WHERE x.id = CAST(j.value AS BIGINT)
UNION SELECT a.id, r.section_id FROM articles a JOIN revisions r ON r.id = a.head_revision WHERE r.section_id IS NOT NULL;

UPDATE articles SET (title, subtitle, excerpt, direction, word_count, reading_minutes, breaking, comment_policy, section_id, lead_image_id) =
    (SELECT r.title, r.subtitle, r.excerpt, r.direction, r.word_count, r.reading_minutes, r.breaking, r.comment_policy, r.section_id, r.lead_image_id
     FROM revisions r WHERE r.id = articles.head_revision)
WHERE published_revision IS NULL AND head_revision IS NOT NULL;
UPDATE articles SET direction = CASE WHEN substr(locale, 1, 2) IN ('ar', 'fa', 'he', 'ur') THEN 'RTL' ELSE 'LTR' END WHERE direction IS NULL;

INSERT INTO article_authors (article_id, author_id, position, listed, locale, published_at)
SELECT d.article_id, d.author_id, d.author_id, FALSE, a.locale, a.created_at
FROM desk_authors d JOIN articles a ON a.id = d.article_id WHERE a.published_revision IS NULL;

INSERT INTO article_tags (article_id, tag_id, position, listed, locale, published_at)
SELECT DISTINCT a.id, x.id, x.id, FALSE, a.locale, a.created_at
FROM articles a JOIN revisions r ON r.id = a.head_revision, {each:r.tags}, tags x
WHERE a.published_revision IS NULL AND x.id = CAST(j.value AS BIGINT);
";
