//! What imports remember of the things they brought in, so that a second run changes nothing.

use sea_orm::Value;

use crate::columns::Columns;
use crate::store::StoreError;
use crate::tx::{Tx, rows_of};

/// What something that came in has become here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportedInto {
    /// An article or a page.
    Article,
    /// A section.
    Section,
    /// A tag.
    Tag,
    /// An author.
    Author,
    /// A picture of the library.
    Image,
    /// A group of translations.
    TranslationGroup,
}

impl ImportedInto {
    const fn table(self) -> &'static str {
        match self {
            Self::Article => "articles",
            Self::Section => "sections",
            Self::Tag => "tags",
            Self::Author => "authors",
            Self::Image => "images",
            Self::TranslationGroup => "translation_groups",
        }
    }
}

impl Tx {
    /// Our key of something that came in before. `origin` names the site it came from, `noun` its kind, `foreign_key`
    /// its key there.
    pub async fn imported(
        &self,
        origin: &str,
        noun: &str,
        foreign_key: &str,
    ) -> Result<Option<i64>, StoreError> {
        let row = self
            .row(
                "SELECT own_id FROM imported WHERE origin = $1 AND noun = $2 AND foreign_key = $3",
                vec![origin.into(), noun.into(), foreign_key.into()],
            )
            .await?;
        Ok(match row {
            Some(row) => Some(row.try_get_by_index(0)?),
            None => None,
        })
    }

    /// As [`imported`](Self::imported), and whether what came in is still here: it may have been deleted since.
    pub async fn imported_into(
        &self,
        into: ImportedInto,
        origin: &str,
        noun: &str,
        foreign_key: &str,
    ) -> Result<Option<(i64, bool)>, StoreError> {
        let sql = format!(
            "SELECT i.own_id, x.id FROM imported i LEFT JOIN {} x ON x.id = i.own_id \
             WHERE i.origin = $1 AND i.noun = $2 AND i.foreign_key = $3",
            into.table()
        );
        let Some(row) = self.row(&sql, vec![origin.into(), noun.into(), foreign_key.into()]).await? else {
            return Ok(None);
        };
        let mut columns = Columns::of(&row);
        let own = columns.next()?;
        Ok(Some((own, columns.next::<Option<i64>>()?.is_some())))
    }

    /// Remembers what came in of a noun: keys there, each once, with ours.
    pub async fn remember_imported(
        &self,
        origin: &str,
        noun: &str,
        keys: &[(&str, i64)],
    ) -> Result<(), StoreError> {
        for some in keys.chunks(KEYS) {
            let sql = format!(
                "INSERT INTO imported (origin, noun, foreign_key, own_id) VALUES {} \
                 ON CONFLICT (origin, noun, foreign_key) DO UPDATE SET own_id = excluded.own_id",
                rows_of(some.len(), 2, 2)
            );
            let mut values: Vec<Value> = vec![origin.into(), noun.into()];
            for (key, own) in some {
                values.extend([(*key).into(), (*own).into()]);
            }
            self.run(&sql, values).await?;
        }
        Ok(())
    }

    /// Everything of a noun that came in from an origin: its keys there with ours, in no order. For nouns that have
    /// few things, such as the comments below one article.
    pub async fn imported_all(&self, origin: &str, noun: &str) -> Result<Vec<(String, i64)>, StoreError> {
        let rows = self
            .rows(
                "SELECT foreign_key, own_id FROM imported WHERE origin = $1 AND noun = $2",
                vec![origin.into(), noun.into()],
            )
            .await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                Ok((columns.next()?, columns.next()?))
            })
            .collect()
    }
}

/// Keys in one statement: few, so that statements of few lengths are kept prepared.
const KEYS: usize = 16;
