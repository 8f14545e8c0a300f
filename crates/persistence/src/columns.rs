//! Reading a row column by column, in the order of the SELECT list that stands beside the reader.

use chrono::{DateTime, Utc};
use masthead_domain::Id;
use masthead_domain::text::{LanguageTag, Localized, Slug};
use serde::de::DeserializeOwned;

use crate::row::{FromCell, Row};
use crate::store::StoreError;

/// A row, read from its first column on.
pub(crate) struct Columns<'a> {
    row: &'a Row,
    at: usize,
}

impl<'a> Columns<'a> {
    pub(crate) fn of(row: &'a Row) -> Self {
        Self { row, at: 0 }
    }

    /// The next column.
    pub(crate) fn next<T: FromCell>(&mut self) -> Result<T, StoreError> {
        let at = self.at;
        self.at += 1;
        self.row.try_get_by_index(at)
    }

    /// The number of the column that comes next.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Whether the next column is NULL; it stays the next one.
    pub(crate) fn is_null(&self) -> Result<bool, StoreError> {
        self.row.is_null(self.at)
    }

    /// Passes over `n` columns.
    pub(crate) fn skip(&mut self, n: usize) {
        self.at += n;
    }

    pub(crate) fn id<T>(&mut self) -> Result<Id<T>, StoreError> {
        Ok(Id::from_stored(self.next()?))
    }

    pub(crate) fn id_or_none<T>(&mut self) -> Result<Option<Id<T>>, StoreError> {
        Ok(self.next::<Option<i64>>()?.map(Id::from_stored))
    }

    pub(crate) fn time(&mut self, column: &'static str) -> Result<DateTime<Utc>, StoreError> {
        time(self.next()?, column)
    }

    pub(crate) fn time_or_none(&mut self, column: &'static str) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.next::<Option<i64>>()?.map(|micros| time(micros, column)).transpose()
    }

    /// A count: never negative in the database, which checks it.
    pub(crate) fn count(&mut self) -> Result<u32, StoreError> {
        Ok(u32::try_from(self.next::<i64>()?).unwrap_or(u32::MAX))
    }

    /// A small count, kept in an INTEGER.
    pub(crate) fn small(&mut self) -> Result<u32, StoreError> {
        Ok(u32::try_from(self.next::<i32>()?).unwrap_or(0))
    }

    pub(crate) fn slug(&mut self) -> Result<Slug, StoreError> {
        Ok(Slug::from_stored(self.next()?))
    }

    pub(crate) fn locale(&mut self) -> Result<LanguageTag, StoreError> {
        Ok(LanguageTag::from_stored(self.next()?))
    }

    pub(crate) fn names(&mut self, column: &'static str) -> Result<Localized<String>, StoreError> {
        self.json(column)
    }

    pub(crate) fn json<T: DeserializeOwned>(&mut self, column: &'static str) -> Result<T, StoreError> {
        match self.row.text(self.at) {
            Some(text) => {
                self.at += 1;
                json(text, column)
            }
            None => json(&self.next::<String>()?, column),
        }
    }

    /// A word of one of the domain's enums, by the name serde gives it.
    pub(crate) fn word<T: DeserializeOwned>(&mut self, column: &'static str) -> Result<T, StoreError> {
        match self.row.text(self.at) {
            Some(text) => {
                self.at += 1;
                word(text, column)
            }
            None => word(&self.next::<String>()?, column),
        }
    }

    pub(crate) fn word_or_none<T: DeserializeOwned>(
        &mut self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        self.next::<Option<String>>()?.map(|text| word(&text, column)).transpose()
    }
}

/// The instant of a column of microseconds.
pub(crate) fn time(micros: i64, column: &'static str) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| StoreError::Unreadable { column, why: format!("{micros} is no instant") })
}

pub(crate) fn json<T: DeserializeOwned>(text: &str, column: &'static str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Unreadable { column, why: error.to_string() })
}

/// The items of a list that was gathered as pairs of a place and an item, by their places. They are put in order here: an
/// ORDER BY within an aggregate makes SQLite build a table for each list, which takes longer than the lists themselves.
pub(crate) fn in_order<K, T>(text: &str, column: &'static str) -> Result<impl Iterator<Item = T>, StoreError>
where
    K: DeserializeOwned + Ord,
    T: DeserializeOwned,
{
    let mut placed: Vec<(K, T)> = json(text, column)?;
    placed.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(placed.into_iter().map(|(_, item)| item))
}

fn word<T: DeserializeOwned>(text: &str, column: &'static str) -> Result<T, StoreError> {
    use serde::de::IntoDeserializer;
    let word: serde::de::value::StrDeserializer<'_, serde::de::value::Error> = text.into_deserializer();
    T::deserialize(word).map_err(|error| StoreError::Unreadable { column, why: error.to_string() })
}
