//! The site's rules for comments.

use masthead_domain::comment::pipeline::Rules;

use crate::columns::Columns;
use crate::reads::Reads;
use crate::row::Row;
use crate::site::json;
use crate::store::StoreError;
use crate::tx::Tx;

const RULES: &str = "SELECT CAST(comment_rules AS TEXT) FROM site WHERE id = 1";

impl Reads {
    /// The site's rules for comments.
    pub async fn comment_rules(&self) -> Result<Rules, StoreError> {
        rules(self.row(RULES, vec![]).await?)
    }
}

impl Tx {
    /// The site's rules for comments.
    pub async fn comment_rules(&self) -> Result<Rules, StoreError> {
        rules(self.row(RULES, vec![]).await?)
    }

    /// Replaces the site's rules for comments.
    pub async fn comment_rules_put(&self, rules: &Rules) -> Result<(), StoreError> {
        self.run("UPDATE site SET comment_rules = $1 WHERE id = 1", vec![json(rules)?]).await?;
        Ok(())
    }
}

fn rules(row: Option<Row>) -> Result<Rules, StoreError> {
    let row = row
        .ok_or_else(|| StoreError::Unreadable { column: "site", why: "the site's row is missing".into() })?;
    Columns::of(&row).json("site.comment_rules")
}
