//! The follower that queues letters. It must not know what they say, or how they are sent.

use chrono::{DateTime, Utc};
use masthead_domain::event::{Event, Logged};
use masthead_persistence::{Start, Store, Tx};

use crate::follow::{Failed, Follower};

/// Queues a letter to everyone to whom an event means one.
#[derive(Debug, Clone, Copy)]
pub struct QueueLetters;

impl Follower for QueueLetters {
    const NAME: &'static str = "mail";
    /// Letters about what is long past would be noise.
    const START: Start = Start::End;

    fn wants(&self, event: &Event) -> bool {
        matches!(
            event,
            Event::ArticleSubmitted { .. }
                | Event::ArticleReturned { .. }
                | Event::UserInvited { .. }
                | Event::PasswordResetRequested { .. }
        )
    }

    async fn handle(
        &self,
        store: &Store,
        events: &[Logged],
        _now: DateTime<Utc>,
    ) -> Result<Option<Tx>, Failed> {
        let tx = store.begin().await?;
        for Logged { seq, at, event, .. } in events {
            let letters = match event {
                Some(Event::ArticleSubmitted { article }) => {
                    tx.letters_about_review(*seq, *at, *article).await?
                }
                Some(Event::ArticleReturned { article }) => {
                    tx.letters_about_return(*seq, *at, *article).await?
                }
                Some(Event::UserInvited { invitation }) => {
                    tx.letter_of_invitation(*seq, *at, *invitation).await?
                }
                Some(Event::PasswordResetRequested { reset }) => {
                    tx.letter_of_reset(*seq, *at, *reset).await?
                }
                _ => 0,
            };
            tracing::debug!(seq = seq.get(), letters, "letters were queued");
        }
        Ok(Some(tx))
    }
}
