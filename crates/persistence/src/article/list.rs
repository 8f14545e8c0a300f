//! Lists of articles, newest first: all of them, a section's, a tag's, an author's.
//!
//! Each list is a table with an index in its order, so that page 5,000 costs what page 1 costs.

use std::collections::HashMap;

use masthead_domain::Id;
use masthead_domain::article::Card;
use masthead_domain::page::{Page, PageRequest, Place};
use masthead_domain::text::LanguageTag;

use super::card::{CARD, CARD_JOINS, card};
use crate::columns::Columns;
use crate::reads::{Reads, bind, keys, keyset, pages};
use crate::store::StoreError;

/// A table that lists articles below something.
pub(crate) struct Listing {
    /// The table, with `article_id`, `locale` and `published_at`.
    pub(crate) table: &'static str,
    /// The column that names what it lists them below.
    pub(crate) owner: &'static str,
    /// What else must hold for a row to be in the list, behind ` AND `.
    pub(crate) condition: &'static str,
    /// The table of counts.
    pub(crate) counts: &'static str,
}

impl Reads {
    /// All articles (no pages), newest first. One statement.
    pub async fn article_list(
        &self,
        locale: Option<&LanguageTag>,
        request: &PageRequest,
    ) -> Result<Page<Card>, StoreError> {
        let mut values = Vec::new();
        let (in_locale, counted) = match locale {
            Some(locale) => {
                let locale = bind(&mut values, locale.as_str());
                (format!(" AND a.locale = {locale}"), format!(" WHERE locale = {locale}"))
            }
            None => (String::new(), String::new()),
        };
        let keyset = keyset(request, "a.published_at", "a.id", true, &mut values);
        // The count hangs on the one row before the join, so that it is there when the page is empty.
        let sql = format!(
            "SELECT t.total, {CARD} FROM (SELECT CAST(COALESCE(SUM(articles), 0) AS INTEGER) AS total FROM article_counts{counted}) t \
             LEFT JOIN (SELECT * FROM articles a WHERE a.live AND a.kind = 'ARTICLE'{in_locale}{} ORDER BY {} LIMIT {}) a ON TRUE \
             {CARD_JOINS} ORDER BY {}",
            keyset.condition, keyset.order, keyset.limit, keyset.order
        );
        let rows = self.rows(&sql, values).await?;
        let mut total = None;
        let mut items = Vec::with_capacity(rows.len());
        for row in &rows {
            let mut columns = Columns::of(row);
            total = u64::try_from(columns.next::<i64>()?).ok();
            if row.try_get_by_index::<Option<i64>>(1)?.is_some() {
                let card = card(&mut columns)?;
                items.push((place(&card), card));
            }
        }
        Ok(Page::of(request, items, total))
    }

    /// The first page of each owner's list. One statement for all.
    pub(crate) async fn listed_articles<T>(
        &self,
        listing: &Listing,
        owners: &[Id<T>],
        locale: Option<&LanguageTag>,
        request: &PageRequest,
    ) -> Result<HashMap<Id<T>, Page<Card>>, StoreError> {
        let Listing { table, owner, condition, counts } = listing;
        let mut values = vec![keys(owners)];
        let (in_locale, counted) = match locale {
            Some(locale) => {
                let locale = bind(&mut values, locale.as_str());
                (format!(" AND x.locale = {locale}"), format!(" AND n.locale = {locale}"))
            }
            None => (String::new(), String::new()),
        };
        let keyset = keyset(request, "x.published_at", "x.article_id", true, &mut values);
        let of_each = self.dialect().first_of_each(
            table,
            "l",
            &format!("x.{owner} = k.id{condition}{in_locale}{}", keyset.condition),
            &keyset.order,
            &keyset.limit,
        );
        let sql = format!(
            "SELECT k.id, (SELECT CAST(COALESCE(SUM(n.articles), 0) AS INTEGER) FROM {counts} n WHERE n.{owner} = k.id{counted}), {CARD} \
             FROM (SELECT CAST(value AS INTEGER) AS id FROM json_each($1)) k {of_each} \
             LEFT JOIN articles a ON a.id = l.article_id AND a.live {CARD_JOINS} ORDER BY k.id, {}",
            keyset.order.replace("x.", "l.")
        );
        let rows = self.rows(&sql, values).await?;
        let rows = rows.iter().map(|row| {
            let mut columns = Columns::of(row);
            let owner = columns.id()?;
            let total = u64::try_from(columns.next::<i64>()?).ok();
            let item = match row.try_get_by_index::<Option<i64>>(2)? {
                Some(_) => Some(card(&mut columns).map(|card| (place(&card), card))?),
                None => None,
            };
            Ok((owner, total, item))
        });
        Ok(pages(owners, request, rows.collect::<Result<Vec<_>, StoreError>>()?))
    }
}

/// Where a card stands in every list by date.
fn place(card: &Card) -> Place {
    Place { sort: card.published_at.map_or(0, |at| at.timestamp_micros()), id: card.id.get() }
}
