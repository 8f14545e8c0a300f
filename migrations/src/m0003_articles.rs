//! Articles with their revisions, addresses, lists, corrections and pins.
//!
//! An article's row points at its head and its published revision. The columns from `title` on are the published
//! revision's, and empty before the first publication; `live` says whether readers see them now. The three tables
//! `section_articles`, `article_tags` and `article_authors` hold the published revision's relations only.

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
CREATE TABLE translation_groups (
    id {key}
);

CREATE TABLE revisions (
    id {key},
    article_id BIGINT NOT NULL {later:REFERENCES articles (id) ON DELETE CASCADE},
    number INTEGER NOT NULL CHECK (number >= 1),
    created_at {time} NOT NULL,
    editor_id BIGINT REFERENCES users (id) ON DELETE SET NULL,
    reason TEXT,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    subtitle TEXT,
    excerpt TEXT,
    direction TEXT CHECK (direction IN ('LTR', 'RTL')),
    blocks {json} NOT NULL,
    html TEXT NOT NULL,
    body_text TEXT NOT NULL,
    word_count INTEGER NOT NULL CHECK (word_count >= 0),
    reading_minutes INTEGER NOT NULL CHECK (reading_minutes >= 0),
    lead_image_id BIGINT REFERENCES images (id) ON DELETE SET NULL,
    section_id BIGINT REFERENCES sections (id) ON DELETE SET NULL,
    other_sections {json} NOT NULL,
    tags {json} NOT NULL,
    authors {json} NOT NULL,
    breaking BOOLEAN NOT NULL DEFAULT FALSE,
    comment_policy TEXT CHECK (comment_policy IN ('OPEN', 'FIRST_TIME', 'MODERATED', 'MEMBERS', 'CLOSED')),
    rights {json} NOT NULL,
    seo {json} NOT NULL,
    UNIQUE (article_id, number)
);

CREATE TABLE articles (
    id {key},
    kind TEXT NOT NULL CHECK (kind IN ('ARTICLE', 'PAGE')),
    locale TEXT NOT NULL CHECK (locale <> ''),
    slug TEXT NOT NULL CHECK (slug <> ''),
    slug_key TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('DRAFT', 'IN_REVIEW', 'SCHEDULED', 'PUBLISHED', 'ARCHIVED')),
    version INTEGER NOT NULL CHECK (version >= 1),
    translation_group BIGINT NOT NULL REFERENCES translation_groups (id),
    head_revision BIGINT REFERENCES revisions (id) DEFERRABLE INITIALLY DEFERRED,
    published_revision BIGINT REFERENCES revisions (id) DEFERRABLE INITIALLY DEFERRED,
    scheduled_for {time},
    embargo_until {time},
    sticky BOOLEAN NOT NULL DEFAULT FALSE,
    created_at {time} NOT NULL,
    changed_at {time} NOT NULL,
    live BOOLEAN NOT NULL DEFAULT FALSE,
    title TEXT,
    subtitle TEXT,
    excerpt TEXT,
    direction TEXT CHECK (direction IN ('LTR', 'RTL')),
    published_at {time},
    modified_at {time},
    word_count INTEGER NOT NULL DEFAULT 0,
    reading_minutes INTEGER NOT NULL DEFAULT 0,
    breaking BOOLEAN NOT NULL DEFAULT FALSE,
    comment_policy TEXT CHECK (comment_policy IN ('OPEN', 'FIRST_TIME', 'MODERATED', 'MEMBERS', 'CLOSED')),
    section_id BIGINT REFERENCES sections (id) ON DELETE SET NULL,
    lead_image_id BIGINT REFERENCES images (id) ON DELETE SET NULL,
    comment_count BIGINT NOT NULL DEFAULT 0 CHECK (comment_count >= 0),
    thread_count BIGINT NOT NULL DEFAULT 0 CHECK (thread_count >= 0),
    UNIQUE (locale, slug_key),
    UNIQUE (translation_group, locale),
    CHECK (NOT live OR (status = 'PUBLISHED' AND published_revision IS NOT NULL AND title IS NOT NULL
        AND direction IS NOT NULL AND published_at IS NOT NULL AND modified_at IS NOT NULL)),
    CHECK (status <> 'SCHEDULED' OR scheduled_for IS NOT NULL)
);
{postgres:ALTER TABLE revisions ADD CONSTRAINT revisions_article FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE};
CREATE INDEX articles_by_slug ON articles (slug_key);
CREATE INDEX articles_by_date ON articles (published_at, id) WHERE live AND kind = 'ARTICLE';
CREATE INDEX articles_by_date_in_locale ON articles (locale, published_at, id) WHERE live AND kind = 'ARTICLE';
CREATE INDEX articles_on_the_desk ON articles (status, changed_at, id);
CREATE INDEX articles_head ON articles (head_revision);
CREATE INDEX articles_published ON articles (published_revision);
CREATE INDEX articles_main_section ON articles (section_id);
CREATE INDEX articles_lead_image ON articles (lead_image_id);
CREATE INDEX revisions_lead_image ON revisions (lead_image_id);
CREATE INDEX revisions_section ON revisions (section_id);
CREATE INDEX revisions_editor ON revisions (editor_id);

CREATE TABLE article_counts (
    locale TEXT NOT NULL PRIMARY KEY,
    articles BIGINT NOT NULL CHECK (articles >= 0)
);

CREATE TABLE former_slugs (
    locale TEXT NOT NULL,
    slug_key TEXT NOT NULL,
    article_id BIGINT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    PRIMARY KEY (locale, slug_key)
);
CREATE INDEX former_slugs_by_key ON former_slugs (slug_key);
CREATE INDEX former_slugs_of ON former_slugs (article_id);

CREATE TABLE former_paths (
    path TEXT NOT NULL PRIMARY KEY,
    article_id BIGINT NOT NULL REFERENCES articles (id) ON DELETE CASCADE
);
CREATE INDEX former_paths_of ON former_paths (article_id);

CREATE TABLE section_articles (
    section_id BIGINT NOT NULL REFERENCES sections (id) ON DELETE CASCADE,
    article_id BIGINT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    locale TEXT NOT NULL,
    published_at {time} NOT NULL,
    PRIMARY KEY (section_id, article_id)
);
CREATE INDEX section_articles_by_date ON section_articles (section_id, published_at, article_id);
CREATE INDEX section_articles_by_date_in_locale ON section_articles (section_id, locale, published_at, article_id);
CREATE INDEX section_articles_of ON section_articles (article_id);

CREATE TABLE article_tags (
    article_id BIGINT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    tag_id BIGINT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    listed BOOLEAN NOT NULL,
    locale TEXT NOT NULL,
    published_at {time} NOT NULL,
    PRIMARY KEY (article_id, tag_id)
);
CREATE INDEX article_tags_by_date ON article_tags (tag_id, published_at, article_id) WHERE listed;
CREATE INDEX article_tags_by_date_in_locale ON article_tags (tag_id, locale, published_at, article_id) WHERE listed;
CREATE INDEX article_tags_tag ON article_tags (tag_id);

CREATE TABLE article_authors (
    article_id BIGINT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    author_id BIGINT NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    listed BOOLEAN NOT NULL,
    locale TEXT NOT NULL,
    published_at {time} NOT NULL,
    PRIMARY KEY (article_id, author_id)
);
CREATE INDEX article_authors_by_date ON article_authors (author_id, published_at, article_id) WHERE listed;
CREATE INDEX article_authors_by_date_in_locale ON article_authors (author_id, locale, published_at, article_id) WHERE listed;
CREATE INDEX article_authors_author ON article_authors (author_id);

CREATE TABLE corrections (
    id {key},
    article_id BIGINT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    published_at {time} NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('CORRECTION', 'CLARIFICATION', 'UPDATE', 'RETRACTION')),
    note TEXT NOT NULL CHECK (note <> '')
);
CREATE INDEX corrections_of ON corrections (article_id, published_at, id);

CREATE TABLE related_pins (
    article_id BIGINT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    related_id BIGINT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    PRIMARY KEY (article_id, position),
    UNIQUE (article_id, related_id),
    CHECK (article_id <> related_id)
);
CREATE INDEX related_pins_to ON related_pins (related_id);
";
