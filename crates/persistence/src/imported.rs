//! What imports remember of the things they brought in, so that a second run changes nothing.

use crate::columns::Columns;
use crate::store::StoreError;
use crate::tx::Tx;

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

    /// Remembers that something came in.
    pub async fn remember_imported(
        &self,
        origin: &str,
        noun: &str,
        foreign_key: &str,
        own: i64,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO imported (origin, noun, foreign_key, own_id) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (origin, noun, foreign_key) DO UPDATE SET own_id = excluded.own_id",
            vec![origin.into(), noun.into(), foreign_key.into(), own.into()],
        )
        .await?;
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

    /// Whether what came in is still here: it may have been deleted since.
    pub async fn imported_is_there(&self, into: ImportedInto, own: i64) -> Result<bool, StoreError> {
        let table = match into {
            ImportedInto::Article => "articles",
            ImportedInto::Section => "sections",
            ImportedInto::Tag => "tags",
            ImportedInto::Author => "authors",
            ImportedInto::Image => "images",
        };
        Ok(self.row(&format!("SELECT 1 FROM {table} WHERE id = $1"), vec![own.into()]).await?.is_some())
    }
}
