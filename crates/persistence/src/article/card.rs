//! An article's card, with its section, authors and picture, in one row.

use std::collections::HashMap;

use masthead_domain::Id;
use masthead_domain::article::{ArticleId, Card};
use masthead_domain::author::AuthorLine;
use masthead_domain::comment::pipeline::Closing;
use masthead_domain::section::SectionLine;
use masthead_domain::text::{Localized, Slug};

use crate::columns::{Columns, in_order};
use crate::media::image_or_none;
use crate::reads::{Reads, keys};
use crate::store::StoreError;

/// The columns of a card; [`card`] reads them in this order. Needs [`CARD_JOINS`].
pub(crate) const CARD: &str = "a.id, a.kind, a.locale, a.slug, a.direction, a.title, a.subtitle, a.excerpt, \
     a.published_at, COALESCE(a.modified_at, a.changed_at), a.word_count, a.reading_minutes, a.breaking, a.comment_count, a.thread_count, \
     COALESCE(a.comment_policy, s.policy_in_force), \
     CAST(COALESCE(a.comment_rules ->> 'close_after_days', s.comment_rules_in_force ->> 'close_after_days') AS INTEGER), a.translation_group, a.section_id, s.slug, CAST(s.names AS TEXT), \
     i.id, i.source, i.location, i.width, i.height, i.alt, i.credit, i.caption, i.focal_x, i.focal_y, i.own_work, \
     (SELECT CAST(json_group_array(json_array(y.position, json_array(u.id, u.slug, json(u.names)))) AS TEXT) \
        FROM article_authors y JOIN authors u ON u.id = y.author_id WHERE y.article_id = a.id)";

/// [`CARD`] without its authors, where their profiles are read beside it.
pub(crate) fn card_without_authors() -> String {
    CARD.rsplit_once(", (SELECT")
        .map_or_else(String::new, |(before, _)| format!("{before}, CAST(NULL AS TEXT)"))
}

/// What [`CARD`] reads from, behind `articles a`.
pub(crate) const CARD_JOINS: &str =
    "LEFT JOIN sections s ON s.id = a.section_id LEFT JOIN images i ON i.id = a.lead_image_id";

/// How many columns [`CARD`] has.
pub(crate) const CARD_WIDTH: usize = 33;

impl Reads {
    /// The cards of these articles that the viewer may see, pages too. One statement.
    pub async fn articles_by_id(&self, ids: &[ArticleId]) -> Result<HashMap<ArticleId, Card>, StoreError> {
        let sql = format!(
            "SELECT {CARD} FROM articles a {CARD_JOINS} WHERE {} AND a.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))",
            self.sight().sees("a")
        );
        let rows = self.rows(&sql, vec![keys(ids)]).await?;
        rows.iter().map(|row| card(&mut Columns::of(row)).map(|card| (card.id, card))).collect()
    }
}

pub(crate) fn card(columns: &mut Columns<'_>) -> Result<Card, StoreError> {
    Ok(Card {
        id: columns.id()?,
        kind: columns.word("articles.kind")?,
        locale: columns.locale()?,
        slug: columns.slug()?,
        direction: columns.word("articles.direction")?,
        title: columns.next()?,
        subtitle: columns.next()?,
        excerpt: columns.next()?,
        published_at: columns.time_or_none("articles.published_at")?,
        modified_at: columns.time("articles.modified_at")?,
        word_count: columns.small()?,
        reading_minutes: columns.small()?,
        breaking: columns.next()?,
        comment_count: columns.count()?,
        thread_count: columns.count()?,
        comment_policy: columns.word_or_none("articles.comment_policy")?,
        comments_close: columns
            .next::<Option<i64>>()?
            .and_then(|days| u32::try_from(days).ok())
            .map(Closing::from),
        translations: columns.id()?,
        section: section_line(columns)?,
        lead_image: image_or_none(columns)?,
        authors: author_lines(columns)?,
    })
}

fn section_line(columns: &mut Columns<'_>) -> Result<Option<SectionLine>, StoreError> {
    let Some(id) = columns.id_or_none()? else {
        columns.skip(2);
        return Ok(None);
    };
    Ok(Some(SectionLine { id, slug: columns.slug()?, names: columns.names("sections.names")? }))
}

fn author_lines(columns: &mut Columns<'_>) -> Result<Vec<AuthorLine>, StoreError> {
    let Some(text) = columns.next::<Option<String>>()? else { return Ok(Vec::new()) };
    let lines = in_order::<i32, (i64, String, Localized<String>)>(&text, "authors.names")?;
    Ok(lines
        .map(|(id, slug, names)| AuthorLine { id: Id::from_stored(id), slug: Slug::from_stored(slug), names })
        .collect())
}
