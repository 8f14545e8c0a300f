//! The follower that queues letters. It must not know what they say, or how they are sent.

use chrono::{DateTime, Utc};
use masthead_domain::comment::CommentId;
use masthead_domain::comment::mention::named;
use masthead_domain::comment::moderation::NoteId;
use masthead_domain::event::{Event, Logged, Position};
use masthead_persistence::{Start, Store, StoreError, Tx};

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
                | Event::ThreadFollowAsked { .. }
                | Event::CommentPublished { .. }
                | Event::CommentEdited { .. }
                | Event::CommentNoted { .. }
        )
    }

    async fn handle(
        &self,
        store: &Store,
        events: &[Logged],
        _now: DateTime<Utc>,
    ) -> Result<Option<Tx>, Failed> {
        let tx = store.begin().await?;
        mentions(&tx, events).await?;
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
                Some(Event::ThreadFollowAsked { follow }) => tx.letter_of_follow(*seq, *at, *follow).await?,
                Some(Event::CommentNoted { note, .. }) => note_names(&tx, *seq, *at, *note).await?,
                // Comments were looked at all at once.
                _ => 0,
            };
            tracing::debug!(seq = seq.get(), letters, "letters were queued");
        }
        Ok(Some(tx))
    }
}

/// Queues letters to those whom comments name: in one that is public by now, once a comment and person. Few comments name
/// anybody; one question finds those.
async fn mentions(tx: &Tx, events: &[Logged]) -> Result<(), StoreError> {
    let told = events.iter().filter_map(|logged| match logged.event {
        Some(Event::CommentPublished { comment, .. } | Event::CommentEdited { comment, .. }) => {
            Some((comment, logged.seq, logged.at))
        }
        _ => None,
    });
    let told: Vec<(CommentId, Position, DateTime<Utc>)> = told.collect();
    if told.is_empty() {
        return Ok(());
    }
    let comments: Vec<CommentId> = told.iter().map(|(comment, ..)| *comment).collect();
    for naming in tx.comments_naming(&comments).await? {
        let names = named(&naming.text);
        let event = told.iter().find(|(comment, ..)| *comment == naming.comment);
        if let Some((_, seq, at)) = event.filter(|_| !names.is_empty()) {
            let letters = tx.letters_of_mention(*seq, *at, &naming, &names).await?;
            tracing::debug!(seq = seq.get(), letters, "letters were queued");
        }
    }
    Ok(())
}

async fn note_names(tx: &Tx, seq: Position, at: DateTime<Utc>, note: NoteId) -> Result<u32, StoreError> {
    let Some(naming) = tx.note_naming(note).await? else { return Ok(0) };
    tx.letters_of_note(seq, at, note, &naming, &named(&naming.text)).await
}
