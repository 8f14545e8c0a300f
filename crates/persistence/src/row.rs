//! A row of an answer, whichever way it was asked for: through the ORM, or from SQLite directly.

use std::sync::Arc;

use sea_orm::{DbErr, QueryResult, TryGetable};

use crate::store::StoreError;

/// A row that can be read column by column. Cheap to move.
#[derive(Debug)]
pub(crate) enum Row {
    /// Read through the ORM.
    Orm(QueryResult),
    /// Read from SQLite directly: a row of all that was answered.
    Local { answer: Arc<Answer>, nth: usize },
}

/// All rows that SQLite answered, in few allocations whatever their number.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) width: usize,
    pub(crate) cells: Vec<Kept>,
    /// The texts of all cells, one behind the other.
    pub(crate) texts: String,
    pub(crate) bytes: Vec<u8>,
}

/// A cell of an [`Answer`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kept {
    Null,
    Integer(i64),
    Real(f64),
    /// From and to, in the answer's texts.
    Text(usize, usize),
    /// From and to, in the answer's bytes.
    Bytes(usize, usize),
}

/// A cell, as SQLite knows it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cell<'a> {
    Null,
    Integer(i64),
    Real(f64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

/// A type that columns are read as.
pub(crate) trait FromCell: TryGetable {
    /// `None`: the cell holds something else.
    fn from_cell(cell: Cell<'_>) -> Option<Self>;
}

impl Row {
    /// The column `at`, counted from 0.
    pub(crate) fn try_get_by_index<T: FromCell>(&self, at: usize) -> Result<T, StoreError> {
        match self {
            Self::Orm(row) => Ok(row.try_get_by_index(at)?),
            Self::Local { answer, nth } => {
                let cell = answer.cell(*nth, at);
                cell.and_then(T::from_cell).ok_or_else(|| unfit(cell, at))
            }
        }
    }

    /// Whether the column `at`, one of text, is NULL.
    pub(crate) fn is_null(&self, at: usize) -> Result<bool, StoreError> {
        match self {
            Self::Orm(row) => Ok(row.try_get_by_index::<Option<String>>(at)?.is_none()),
            Self::Local { answer, nth } => Ok(matches!(answer.cell(*nth, at), None | Some(Cell::Null))),
        }
    }

    /// A column of text, for what is made of it at once. `None` where it is no text, or the row was not read from SQLite
    /// directly: [`Row::try_get_by_index`] then gives a copy, or the error.
    pub(crate) fn text(&self, at: usize) -> Option<&str> {
        match self {
            Self::Local { answer, nth } => match answer.cell(*nth, at)? {
                Cell::Text(text) => Some(text),
                Cell::Null | Cell::Integer(_) | Cell::Real(_) | Cell::Bytes(_) => None,
            },
            Self::Orm(_) => None,
        }
    }
}

impl Answer {
    /// Without a row, with room for a few.
    pub(crate) fn of(width: usize) -> Self {
        Self {
            width,
            cells: Vec::with_capacity(width * 8),
            texts: String::with_capacity(2_048),
            bytes: Vec::new(),
        }
    }

    fn cell(&self, nth: usize, at: usize) -> Option<Cell<'_>> {
        let kept = (at < self.width).then(|| self.cells.get(nth * self.width + at)).flatten()?;
        Some(match *kept {
            Kept::Null => Cell::Null,
            Kept::Integer(value) => Cell::Integer(value),
            Kept::Real(value) => Cell::Real(value),
            Kept::Text(from, to) => Cell::Text(self.texts.get(from..to)?),
            Kept::Bytes(from, to) => Cell::Bytes(self.bytes.get(from..to)?),
        })
    }

    /// Its rows, each on its own.
    pub(crate) fn into_rows(self) -> Vec<Row> {
        let rows = self.cells.len().checked_div(self.width).unwrap_or(0);
        let answer = Arc::new(self);
        (0..rows).map(|nth| Row::Local { answer: Arc::clone(&answer), nth }).collect()
    }
}

#[cold]
fn unfit(cell: Option<Cell<'_>>, at: usize) -> StoreError {
    let found = match cell {
        None => "missing",
        Some(Cell::Null) => "NULL",
        Some(Cell::Integer(_)) => "an integer",
        Some(Cell::Real(_)) => "a number",
        Some(Cell::Text(_)) => "a text",
        Some(Cell::Bytes(_)) => "bytes",
    };
    DbErr::Type(format!("column {at} is {found}, which is not what it is read as")).into()
}

impl FromCell for i64 {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Integer(value) => Some(value),
            Cell::Null | Cell::Real(_) | Cell::Text(_) | Cell::Bytes(_) => None,
        }
    }
}

impl FromCell for i32 {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        i64::from_cell(cell)?.try_into().ok()
    }
}

impl FromCell for bool {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        Some(i64::from_cell(cell)? != 0)
    }
}

impl FromCell for f64 {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Real(value) => Some(value),
            // Whole numbers stay far below 2^53.
            Cell::Integer(value) => Some(value as Self),
            Cell::Null | Cell::Text(_) | Cell::Bytes(_) => None,
        }
    }
}

impl FromCell for String {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Text(text) => Some(text.to_owned()),
            Cell::Null | Cell::Integer(_) | Cell::Real(_) | Cell::Bytes(_) => None,
        }
    }
}

impl FromCell for Vec<u8> {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Bytes(bytes) => Some(bytes.to_owned()),
            Cell::Null | Cell::Integer(_) | Cell::Real(_) | Cell::Text(_) => None,
        }
    }
}

impl<T: FromCell> FromCell for Option<T> {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            other => T::from_cell(other).map(Some),
        }
    }
}
