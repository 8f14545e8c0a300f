//! What an event of the log means to those who watch: a thread, the news, the moderators' queue, a person's rights.
//!
//! An event says what happened; what is told of it is the state of now, and only what the public sees. So the meaning here
//! is a first guess: whoever tells it looks at the comment or the article, and may tell less. It must not know who watches,
//! nor how.

use crate::article::ArticleId;
use crate::comment::CommentId;
use crate::event::Event;
use crate::user::UserId;

/// Something that can be watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// The public comments below one article.
    Thread(ArticleId),
    /// The articles that readers see.
    News,
    /// What waits for a moderator.
    Queue,
    /// What a person may do.
    Person(UserId),
}

/// What became of something that is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// It is there for everyone, and was not before.
    Added,
    /// It is there, and differs from before.
    Edited,
    /// It is there no more.
    Removed,
    /// More may have happened than can be told: whoever watches reads everything anew.
    Resync,
}

/// What an event means to a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThreadEvent {
    /// Something became of a comment.
    Comment(Change, CommentId),
    /// The article is visible, and was not: what became of its comments meanwhile was told to nobody.
    Appeared,
}

/// What an event means to the news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewsEvent {
    /// What became of the article.
    pub change: Change,
    /// Which.
    pub article: ArticleId,
    /// Whether it is known from the event alone that readers saw the article: the article itself is gone.
    pub was_public: bool,
    /// The number of the revision that was published, where one was.
    pub revision: Option<i32>,
}

impl Topic {
    /// What an event is told to; most events to nothing, none to more than two.
    pub fn of(event: &Event) -> impl Iterator<Item = Self> {
        let thread = match event {
            Event::CommentPublished { article, .. }
            | Event::CommentEdited { article, .. }
            | Event::CommentRemoved { article, .. }
            | Event::EmbargoEnded { article, .. }
            | Event::ArticlePublished { article, appeared: true, .. }
            // Nothing is told of these; but what was known of the thread before holds no more.
            | Event::ArticleArchived { article }
            | Event::ArticleEmbargoed { article, .. }
            | Event::ArticleDeleted { article, .. } => Some(Self::Thread(*article)),
            _ => None,
        };
        let other = match event {
            Event::UserChanged { user } => Some(Self::Person(*user)),
            Event::CommentPublished { .. }
            | Event::CommentHeld { .. }
            | Event::CommentEdited { .. }
            | Event::CommentRemoved { .. }
            | Event::CommentRefused { .. }
            | Event::CommentReported { .. } => Some(Self::Queue),
            event => NewsEvent::of(event).map(|_| Self::News),
        };
        thread.into_iter().chain(other)
    }
}

impl ThreadEvent {
    /// `None`: nothing.
    pub const fn of(event: &Event) -> Option<Self> {
        Some(match event {
            Event::CommentPublished { comment, .. } => Self::Comment(Change::Added, *comment),
            Event::CommentEdited { comment, .. } => Self::Comment(Change::Edited, *comment),
            Event::CommentRemoved { comment, .. } => Self::Comment(Change::Removed, *comment),
            Event::EmbargoEnded { .. } | Event::ArticlePublished { appeared: true, .. } => Self::Appeared,
            _ => return None,
        })
    }
}

impl NewsEvent {
    /// `None`: nothing. A correction and a change of the slug are nothing by themselves: what is public changes only by
    /// being published, which has an event of its own in the same change.
    pub const fn of(event: &Event) -> Option<Self> {
        let (change, article) = match event {
            Event::ArticlePublished { article, appeared: true, .. } | Event::EmbargoEnded { article, .. } => {
                (Change::Added, *article)
            }
            Event::ArticlePublished { article, .. } => (Change::Edited, *article),
            Event::ArticleArchived { article }
            | Event::ArticleEmbargoed { article, .. }
            | Event::ArticleDeleted { article, .. } => (Change::Removed, *article),
            _ => return None,
        };
        let revision = match event {
            Event::ArticlePublished { revision, .. } => Some(*revision),
            _ => None,
        };
        let was_public = matches!(event, Event::ArticleDeleted { was_live: true, .. });
        Some(Self { change, article, was_public, revision })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_told_to_whom_it_concerns() {
        let (article, comment) = (ArticleId::from_stored(1), CommentId::from_stored(2));
        let topics = |event: &Event| Topic::of(event).collect::<Vec<_>>();
        let thread = Topic::Thread(article);
        for (event, told) in [
            (Event::CommentPublished { comment, article }, vec![thread, Topic::Queue]),
            (Event::CommentHeld { comment, article }, vec![Topic::Queue]),
            (Event::CommentRefused { comment, article }, vec![Topic::Queue]),
            (Event::CommentRemoved { comment, article }, vec![thread, Topic::Queue]),
            (Event::ArticlePublished { article, revision: 1, appeared: true }, vec![thread, Topic::News]),
            (Event::ArticlePublished { article, revision: 2, appeared: false }, vec![Topic::News]),
            (Event::ArticleCorrected { article }, vec![]),
            (Event::ArticleChanged { article }, vec![]),
            (Event::SiteChanged, vec![]),
        ] {
            assert_eq!(topics(&event), told, "{event:?}");
        }
    }

    #[test]
    fn events_of_before_they_said_more_are_read() {
        let read = |json: &str| serde_json::from_str::<Event>(json).unwrap();
        let published = read(r#"{"kind":"ARTICLE_PUBLISHED","article":1,"revision":1}"#);
        assert!(matches!(published, Event::ArticlePublished { appeared: false, .. }));
        let deleted = read(r#"{"kind":"ARTICLE_DELETED","article":1}"#);
        assert!(matches!(deleted, Event::ArticleDeleted { was_live: false, .. }));
    }
}
