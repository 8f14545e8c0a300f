//! The rules for comments: the site's, those of sections and articles, and what holds below an article.

use std::collections::{BTreeMap, HashMap};

use masthead_domain::article::ArticleId;
use masthead_domain::comment::pipeline::{LocalRules, Rules, RulesOf};
use masthead_domain::section::SectionId;
use masthead_domain::section::tree::Parents;
use masthead_domain::viewer::policy::{Action, may};
use sea_orm::Value;

use crate::columns::Columns;
use crate::reads::{Reads, keys};
use crate::row::Row;
use crate::sight::moderates;
use crate::site::json;
use crate::store::StoreError;
use crate::tx::Tx;

const RULES: &str = "SELECT CAST(comment_rules AS TEXT) FROM site WHERE id = 1";

/// The site's rules, those in force in the section `s`, and those of the article `a`; [`merged`] reads them in this order.
pub(super) const MERGED: &str =
    "CAST(t.comment_rules AS TEXT), CAST(s.comment_rules_in_force AS TEXT), CAST(a.comment_rules AS TEXT)";
/// What [`MERGED`] reads below an article.
pub(super) const BELOW_ARTICLE: &str =
    "articles a LEFT JOIN sections s ON s.id = a.section_id JOIN site t ON t.id = 1";
/// What it reads in a section, where there is no article.
const IN_SECTION: &str = "sections s JOIN site t ON t.id = 1 LEFT JOIN articles a ON FALSE";

/// Where a place's own rules are kept, and its key there.
const fn table(place: RulesOf) -> (&'static str, i64) {
    match place {
        RulesOf::Article(id) => ("articles", id.get()),
        RulesOf::Section(id) => ("sections", id.get()),
    }
}

impl Reads {
    /// The site's rules for comments.
    pub async fn comment_rules(&self) -> Result<Rules, StoreError> {
        rules(self.row(RULES, vec![]).await?)
    }

    /// The rules that hold below these articles, which the viewer was shown before; without the lists of words and hosts,
    /// which forms do not need. Two statements, whatever their number.
    pub async fn comment_rules_below(
        &self,
        articles: &[ArticleId],
    ) -> Result<HashMap<ArticleId, Rules>, StoreError> {
        let site = self.comment_rules().await?;
        let site =
            Rules { suspect_words: Vec::new(), banned_words: Vec::new(), shorteners: Vec::new(), ..site };
        let sql = "SELECT a.id, CAST(s.comment_rules_in_force AS TEXT), CAST(a.comment_rules AS TEXT) \
             FROM articles a LEFT JOIN sections s ON s.id = a.section_id WHERE a.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))";
        let rows = self.rows(sql, vec![keys(articles)]).await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                let (id, section) = (columns.id()?, local(&mut columns)?);
                Ok((id, local(&mut columns)?.over(&section).of(site.clone())))
            })
            .collect()
    }

    /// What this place says itself, and the rules that hold there. `None`: it is not there, or the viewer does not moderate
    /// there. One statement.
    pub async fn comment_rules_of(&self, place: RulesOf) -> Result<Option<(LocalRules, Rules)>, StoreError> {
        let (sql, key) = match place {
            RulesOf::Article(id) => {
                let theirs = moderates(self.viewer(), "a.id");
                let own = "CAST(a.comment_rules AS TEXT)";
                (
                    format!("SELECT {own}, {MERGED} FROM {BELOW_ARTICLE} WHERE a.id = $1 AND {theirs}"),
                    id.get(),
                )
            }
            RulesOf::Section(id) if may(self.viewer(), Action::Moderate(&[id])).is_ok() => {
                let own = "CAST(s.comment_rules AS TEXT)";
                (format!("SELECT {own}, {MERGED} FROM {IN_SECTION} WHERE s.id = $1"), id.get())
            }
            RulesOf::Section(_) => return Ok(None),
        };
        let Some(row) = self.row(&sql, vec![key.into()]).await? else { return Ok(None) };
        let mut columns = Columns::of(&row);
        Ok(Some((local(&mut columns)?, merged(&mut columns)?)))
    }
}

impl Tx {
    /// The site's rules for comments.
    pub async fn comment_rules(&self) -> Result<Rules, StoreError> {
        rules(self.row(RULES, vec![]).await?)
    }

    /// The rules that hold below an article. `None`: it is not there. One statement.
    pub async fn comment_rules_below(&self, article: ArticleId) -> Result<Option<Rules>, StoreError> {
        let sql = format!("SELECT {MERGED} FROM {BELOW_ARTICLE} WHERE a.id = $1");
        let row = self.row(&sql, vec![article.get().into()]).await?;
        row.map(|row| merged(&mut Columns::of(&row))).transpose()
    }

    /// What this place says itself. `None`: it is not there.
    pub async fn comment_rules_of(&self, place: RulesOf) -> Result<Option<LocalRules>, StoreError> {
        let (table, key) = table(place);
        let sql = format!(
            "SELECT CAST(a.comment_rules AS TEXT) FROM {table} a WHERE a.id = $1{}",
            self.for_update()
        );
        self.row(&sql, vec![key.into()]).await?.map(|row| local(&mut Columns::of(&row))).transpose()
    }

    /// Replaces the site's rules for comments.
    pub async fn comment_rules_put(&self, rules: &Rules) -> Result<(), StoreError> {
        self.run("UPDATE site SET comment_rules = $1 WHERE id = 1", vec![json(rules)?]).await?;
        Ok(())
    }

    /// Replaces what a place says itself. Of a section, to be followed by
    /// [`section_rules_settle`](Self::section_rules_settle).
    pub async fn comment_rules_of_put(&self, place: RulesOf, rules: &LocalRules) -> Result<(), StoreError> {
        let (table, key) = table(place);
        let sql = format!("UPDATE {table} SET comment_rules = $2 WHERE id = $1");
        let rules = or_null(rules)?;
        self.run(&sql, vec![key.into(), rules]).await?;
        Ok(())
    }

    /// Works out anew which rules hold in each section: after some changed, or a section moved or went. One statement to
    /// read, one for each section of which they changed.
    pub async fn section_rules_settle(&self) -> Result<(), StoreError> {
        let sql = "SELECT id, parent_id, CAST(comment_rules AS TEXT), CAST(comment_rules_in_force AS TEXT) FROM sections ORDER BY id";
        let (mut own, mut before) = (BTreeMap::new(), Vec::new());
        let mut parents = Vec::new();
        for row in &self.rows(sql, vec![]).await? {
            let mut columns = Columns::of(row);
            let id: SectionId = columns.id()?;
            parents.push((id, columns.id_or_none()?));
            own.insert(id, local(&mut columns)?);
            before.push((id, local(&mut columns)?));
        }
        let tree = Parents::from_iter(parents);
        for (id, before) in before {
            // From the section up to the top: what was said nearer goes before.
            let places = std::iter::once(id).chain(tree.above(id));
            let after = places
                .filter_map(|place| own.get(&place))
                .fold(LocalRules::default(), |nearer, above| nearer.over(above));
            if after != before {
                let sql = "UPDATE sections SET comment_rules_in_force = $2 WHERE id = $1";
                self.run(sql, vec![id.get().into(), or_null(&after)?]).await?;
            }
        }
        Ok(())
    }
}

/// What holds, from the site's rules, the section's and the article's.
pub(super) fn merged(columns: &mut Columns<'_>) -> Result<Rules, StoreError> {
    let site: Rules = columns.json("site.comment_rules")?;
    let section = local(columns)?;
    Ok(local(columns)?.over(&section).of(site))
}

fn local(columns: &mut Columns<'_>) -> Result<LocalRules, StoreError> {
    let text: Option<String> = columns.next()?;
    text.map_or_else(|| Ok(LocalRules::default()), |text| crate::columns::json(&text, "comment_rules"))
}

/// What says nothing is kept as NULL, which costs the cards of a list nothing.
fn or_null(rules: &LocalRules) -> Result<Value, StoreError> {
    if rules.is_empty() { Ok(Value::Json(None)) } else { json(rules) }
}

fn rules(row: Option<Row>) -> Result<Rules, StoreError> {
    let row = row
        .ok_or_else(|| StoreError::Unreadable { column: "site", why: "the site's row is missing".into() })?;
    Columns::of(&row).json("site.comment_rules")
}
