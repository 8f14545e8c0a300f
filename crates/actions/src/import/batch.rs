//! Changes by the batch: one transaction for some hundred items, so that an import that is interrupted keeps what it
//! has done, and others can write in between.

use masthead_persistence::{Store, Tx};

use super::ImportError;
use super::report::Report;

/// Items in one transaction.
const MOST_ITEMS: u32 = 200;
/// Bytes of text in one transaction.
const MOST_BYTES: usize = 4 << 20;

/// The transaction that is open, if one is.
#[derive(Debug)]
pub(super) struct Batch<'a> {
    store: &'a Store,
    tx: Option<Tx>,
    items: u32,
    bytes: usize,
}

impl<'a> Batch<'a> {
    pub(super) const fn new(store: &'a Store) -> Self {
        Self { store, tx: None, items: 0, bytes: 0 }
    }

    /// The transaction to write to.
    pub(super) async fn tx(&mut self) -> Result<&Tx, ImportError> {
        if self.tx.is_none() {
            self.tx = Some(self.store.begin().await?);
        }
        self.tx.as_ref().ok_or(ImportError::NoTransaction)
    }

    /// Notes that an item of about so many bytes was written. Commits where that is enough, and says so.
    pub(super) async fn written(&mut self, bytes: usize, report: &mut Report) -> Result<bool, ImportError> {
        self.items += 1;
        self.bytes = self.bytes.saturating_add(bytes);
        let is_full = self.items >= MOST_ITEMS || self.bytes >= MOST_BYTES;
        if is_full {
            self.commit(report).await?;
        }
        Ok(is_full)
    }

    /// Makes what was written lasting, and then true in the report.
    pub(super) async fn commit(&mut self, report: &mut Report) -> Result<(), ImportError> {
        if let Some(tx) = self.tx.take() {
            tx.commit().await?;
        }
        (self.items, self.bytes) = (0, 0);
        report.settle().map_err(ImportError::Report)
    }
}
