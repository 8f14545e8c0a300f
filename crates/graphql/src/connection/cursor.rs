//! Cursors: a place in one order, `n:1763800000000000:42` in base64url.
//!
//! A cursor holds no position that a new item would shift, and tells its order, so that no list in another order takes
//! it. It must not know what is listed.

use base64::Engine;
use masthead_domain::comment;
use masthead_domain::page::Place;

use crate::id::BASE64;

/// The order of a list. Names a cursor's kind, so that no cursor is read in an order it was not made in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// Articles, the latest first.
    Newest,
    /// Articles, the last changed first.
    Modified,
    /// An article's revisions, the latest first.
    Revisions,
    /// Tags, the most used first.
    MostUsed,
    /// Lines of the audit log, the latest first.
    NewestEntry,
    /// Related articles, the nearest first.
    Nearest,
    /// Comments as the conversation went.
    OldestComment,
    /// Comments, the latest first.
    NewestComment,
    /// Comments, the most liked first.
    MostLikedComment,
    /// Reports of comments, the oldest first.
    OldestReport,
    /// Bans of commenters, the last set first.
    NewestBan,
    /// People with a login, the newest first.
    NewestPerson,
    /// Invitations, the newest first.
    NewestInvitation,
    /// Pictures of the library, the latest first.
    NewestImage,
    /// Threads that are followed, the last asked for first.
    NewestFollow,
}

impl Order {
    pub(super) const ALL: [Self; 15] = [
        Self::Newest,
        Self::Modified,
        Self::Revisions,
        Self::MostUsed,
        Self::NewestEntry,
        Self::Nearest,
        Self::OldestComment,
        Self::NewestComment,
        Self::MostLikedComment,
        Self::OldestReport,
        Self::NewestBan,
        Self::NewestPerson,
        Self::NewestInvitation,
        Self::NewestImage,
        Self::NewestFollow,
    ];

    const fn tag(self) -> &'static str {
        match self {
            Self::Newest => "n",
            Self::Modified => "m",
            Self::Revisions => "v",
            Self::MostUsed => "t",
            Self::NewestEntry => "a",
            Self::Nearest => "r",
            Self::OldestComment => "co",
            Self::NewestComment => "cn",
            Self::MostLikedComment => "cl",
            Self::OldestReport => "cr",
            Self::NewestBan => "cb",
            Self::NewestPerson => "p",
            Self::NewestInvitation => "i",
            Self::NewestImage => "g",
            Self::NewestFollow => "f",
        }
    }
}

impl From<comment::Order> for Order {
    fn from(order: comment::Order) -> Self {
        match order {
            comment::Order::Oldest => Self::OldestComment,
            comment::Order::Newest => Self::NewestComment,
            comment::Order::MostLiked => Self::MostLikedComment,
        }
    }
}

/// A place in a list that a client can come back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cursor {
    pub(super) order: Order,
    pub(super) place: Place,
}

impl Cursor {
    /// Reads a cursor; `None` where we never gave out such a one.
    pub(super) fn decode(text: &str) -> Option<Self> {
        let decoded = String::from_utf8(BASE64.decode(text).ok()?).ok()?;
        let mut parts = decoded.split(':');
        let (Some(tag), Some(sort), Some(id), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return None;
        };
        let order = Order::ALL.into_iter().find(|order| order.tag() == tag)?;
        Some(Self { order, place: Place { sort: canonical(sort)?, id: canonical(id)? } })
    }

    pub(super) fn encode(self) -> String {
        BASE64.encode(format!("{}:{}:{}", self.order.tag(), self.place.sort, self.place.id))
    }
}

fn canonical(digits: &str) -> Option<i64> {
    digits.parse::<i64>().ok().filter(|number| number.to_string() == digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cursor_leads_back_to_its_place_and_tells_its_order(sort: i64, id: i64, order in 0..Order::ALL.len()) {
            let cursor = Cursor { order: Order::ALL[order], place: Place { sort, id } };
            prop_assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        }

        #[test]
        fn no_text_makes_it_stumble(text in "\\PC{0,60}|[A-Za-z0-9_-]{0,60}") {
            if let Some(cursor) = Cursor::decode(&text) {
                prop_assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
            }
        }
    }
}
