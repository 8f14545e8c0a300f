//! Putting an article into the lists of its sections, tags and authors, and taking it out, with the counts that stand
//! there.

use chrono::{DateTime, Utc};
use masthead_domain::article::{ArticleId, Content, Kind};
use masthead_domain::section::SectionId;
use masthead_domain::text::LanguageTag;
use sea_orm::Value;

use super::write::ordinal;
use crate::store::StoreError;
use crate::tx::{Tx, rows_of};

/// What lists go by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listed<'a> {
    pub(super) id: ArticleId,
    pub(super) kind: Kind,
    pub(super) locale: &'a LanguageTag,
    /// By which lists are sorted.
    pub(super) at: DateTime<Utc>,
    /// Whether readers see it.
    pub(super) live: bool,
}

impl Tx {
    /// Gives an article the tags and authors that are shown with it and, where readers see it, puts it into the lists of
    /// its sections (and of those above), tags and authors, and counts it there. A page is in no list.
    pub(super) async fn enlist(&self, article: Listed<'_>, content: &Content) -> Result<(), StoreError> {
        self.lists_share().await?;
        let id = article.id;
        let listed = article.live && article.kind == Kind::Article;
        let locale = article.locale.as_str();
        let at = article.at.timestamp_micros();
        if listed {
            self.run(
                "INSERT INTO article_counts (locale, articles) VALUES ($1, 1) ON CONFLICT (locale) DO UPDATE SET articles = article_counts.articles + 1",
                vec![locale.into()],
            )
            .await?;
            let sections: Vec<SectionId> =
                content.section.into_iter().chain(content.other_sections.iter().copied()).collect();
            if !sections.is_empty() {
                self.run(
                    "INSERT INTO section_articles (section_id, article_id, locale, published_at) \
                     WITH RECURSIVE up (id, parent_id) AS ( \
                         SELECT id, parent_id FROM sections WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each($1)) \
                         UNION SELECT s.id, s.parent_id FROM sections s JOIN up ON s.id = up.parent_id) \
                     SELECT id, $2, $3, $4 FROM up",
                    vec![crate::reads::keys(&sections), id.get().into(), locale.into(), at.into()],
                )
                .await?;
                self.run(
                    "INSERT INTO section_counts (section_id, locale, articles) \
                     SELECT section_id, locale, 1 FROM section_articles WHERE article_id = $1 \
                     ON CONFLICT (section_id, locale) DO UPDATE SET articles = section_counts.articles + 1",
                    vec![id.get().into()],
                )
                .await?;
            }
        }
        let tags: Vec<i64> = content.tags.iter().map(|tag| tag.get()).collect();
        let authors: Vec<i64> = content.authors.iter().map(|author| author.get()).collect();
        for (table, owner, counts, owners) in [
            ("article_tags", "tag_id", "tag_counts", tags),
            ("article_authors", "author_id", "author_counts", authors),
        ] {
            if owners.is_empty() {
                continue;
            }
            let mut places = (0..).map(ordinal);
            for some in owners.chunks(OWNERS) {
                let sql = format!(
                    "INSERT INTO {table} (article_id, listed, locale, published_at, {owner}, position) VALUES {} ON CONFLICT DO NOTHING",
                    rows_of(some.len(), 4, 2)
                );
                let mut values: Vec<Value> = vec![id.get().into(), listed.into(), locale.into(), at.into()];
                for (key, place) in some.iter().zip(&mut places) {
                    values.extend([(*key).into(), place.into()]);
                }
                self.run(&sql, values).await?;
            }
            if listed {
                let sql = format!(
                    "INSERT INTO {counts} ({owner}, locale, articles) SELECT {owner}, locale, 1 FROM {table} WHERE article_id = $1 \
                     ON CONFLICT ({owner}, locale) DO UPDATE SET articles = {counts}.articles + 1"
                );
                self.run(&sql, vec![id.get().into()]).await?;
            }
        }
        Ok(())
    }
}

impl Tx {
    /// Takes an article out of all lists, with the counts, and takes its tags and authors away: as before
    /// [`enlist`](Self::enlist).
    pub(super) async fn delist(&self, id: ArticleId) -> Result<(), StoreError> {
        let key = || vec![id.get().into()];
        self.run(
            "UPDATE article_counts SET articles = articles - 1 WHERE locale = \
             (SELECT locale FROM articles WHERE id = $1 AND live AND kind = 'ARTICLE')",
            key(),
        )
        .await?;
        for (table, owner, counts, counted) in [
            ("section_articles", "section_id", "section_counts", ""),
            ("article_tags", "tag_id", "tag_counts", " AND x.listed"),
            ("article_authors", "author_id", "author_counts", " AND x.listed"),
        ] {
            let sql = format!(
                "UPDATE {counts} SET articles = articles - 1 WHERE EXISTS (SELECT 1 FROM {table} x \
                 WHERE x.article_id = $1{counted} AND x.{owner} = {counts}.{owner} AND x.locale = {counts}.locale)"
            );
            self.run(&sql, key()).await?;
            self.run(&format!("DELETE FROM {table} WHERE article_id = $1"), key()).await?;
        }
        Ok(())
    }
}

/// Tags or authors in one statement: few, so that statements of few lengths are kept prepared.
const OWNERS: usize = 16;
