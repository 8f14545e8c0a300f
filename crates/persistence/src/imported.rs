//! What imports remember of the things they brought in, so that a second run changes nothing.

use crate::store::StoreError;
use crate::tx::Tx;

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
}
