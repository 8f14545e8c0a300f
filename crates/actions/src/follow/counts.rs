//! Recounting what an event has touched, as soon as it is in the log: the first line of the self-check, whose second is
//! to recount everything once a day.
//!
//! A wrong count is told and not mended: it is kept in the transaction of each change, so that a wrong one is a fault of
//! the program, which mending in silence would hide. `masthead doctor` finds the same.

use chrono::{DateTime, TimeDelta, Utc};
use masthead_domain::article::ArticleId;
use masthead_domain::event::{Event, Logged};
use masthead_persistence::{Start, Store, Tx, WrongCount};

use super::{Failed, Follower};

/// The follower that recounts comments.
#[derive(Debug, Clone, Copy)]
pub struct RecountComments;

impl Follower for RecountComments {
    const NAME: &'static str = "recount-comments";
    const START: Start = Start::End;
    /// An article that is being discussed is counted once for many comments.
    const PAUSE: TimeDelta = TimeDelta::seconds(5);

    fn wants(&self, event: &Event) -> bool {
        matches!(
            event,
            Event::CommentPublished { .. } | Event::CommentHeld { .. } | Event::CommentRemoved { .. }
        )
    }

    async fn handle(
        &self,
        store: &Store,
        events: &[Logged],
        _now: DateTime<Utc>,
    ) -> Result<Option<Tx>, Failed> {
        let mut articles: Vec<ArticleId> = events.iter().filter_map(article).collect();
        articles.sort_unstable();
        articles.dedup();
        tell(&store.wrong_comment_counts(&articles).await?);
        Ok(None)
    }
}

fn article(logged: &Logged) -> Option<ArticleId> {
    match logged.event {
        Some(
            Event::CommentPublished { article, .. }
            | Event::CommentHeld { article, .. }
            | Event::CommentRemoved { article, .. },
        ) => Some(article),
        _ => None,
    }
}

/// Tells the log of counts that are wrong.
pub fn tell(wrong: &[WrongCount]) {
    for WrongCount { count, key, locale, kept, counted } in wrong {
        let locale = locale.as_deref();
        tracing::warn!(count, key, locale, kept, counted, "a kept count is wrong: see `masthead doctor`");
    }
}
