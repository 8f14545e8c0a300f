//! What subscriptions have in common: kinds of change, and cursors in the order of all events. It must not know any noun.

use async_graphql::Enum;
use base64::Engine;
use futures_util::stream::{self, BoxStream, StreamExt};
use masthead_domain::event::Position;
use masthead_persistence::StoreError;

use crate::context::Stay;
use crate::error::Failure;
use crate::id::BASE64;

/// What became of something that is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "masthead_domain::live::Change")]
pub(crate) enum ChangeKind {
    /// It is there, and was not before.
    Added,
    /// It is there, and differs from before.
    Edited,
    /// It is there no more. Whoever does not show it does nothing.
    Removed,
    /// More may have happened than can be told: read the page anew.
    Resync,
}

/// A subscription's events.
pub(crate) type Events<T> = BoxStream<'static, Result<T, Failure>>;

/// The cursor of a place, `l:123` in base64url: no list takes it, and it takes none of a list.
pub(crate) fn cursor(place: Position) -> String {
    BASE64.encode(format!("{TAG}{}", place.get()))
}

/// Reads the argument `since`.
///
/// # Errors
/// [`Failure::Input`] naming the argument, when we never gave out such a cursor.
pub(crate) fn since(cursor: Option<&str>) -> Result<Option<Position>, Failure> {
    cursor.map(|cursor| place(cursor).ok_or_else(malformed)).transpose()
}

const TAG: &str = "l:";

fn malformed() -> Failure {
    Failure::input("since", "`since` is no cursor of an event that this site gave out.")
}

fn place(cursor: &str) -> Option<Position> {
    let text = String::from_utf8(BASE64.decode(cursor).ok()?).ok()?;
    let digits = text.strip_prefix(TAG)?;
    let place: i64 = digits.parse().ok()?;
    (place >= 0 && digits == place.to_string()).then(|| Position::from_stored(place))
}

/// What a subscription is told of, one after the other.
pub(crate) trait Feed: Send + 'static {
    /// One thing that happened.
    type Item: Send;

    /// Waits for the next.
    fn next(&mut self) -> impl Future<Output = Result<Self::Item, StoreError>> + Send;
}

/// The events of a feed, each shown at its moment; a fault ends them.
pub(crate) fn events<F, T, Shown>(
    feed: F,
    stay: Stay,
    show: impl Fn(F::Item, std::sync::Arc<Stay>) -> Shown + Send + Sync + Clone + 'static,
) -> Events<T>
where
    F: Feed,
    T: Send + 'static,
    Shown: Future<Output = Result<T, Failure>> + Send,
{
    let begin = Some((feed, std::sync::Arc::new(stay)));
    stream::unfold(begin, move |running| {
        let show = show.clone();
        async move {
            let (mut feed, stay) = running?;
            let told = match feed.next().await {
                Ok(item) => show(item, stay.clone()).await,
                Err(fault) => Err(fault.into()),
            };
            let going = told.is_ok().then_some((feed, stay));
            Some((told, going))
        }
    })
    .boxed()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cursor_leads_back_to_its_place(seq in 0..=i64::MAX) {
            prop_assert_eq!(since(Some(&cursor(Position::from_stored(seq)))).unwrap(), Some(Position::from_stored(seq)));
        }

        #[test]
        fn no_text_makes_it_stumble(text in "\\PC{0,60}|[A-Za-z0-9_-]{0,60}") {
            if let Some(place) = place(&text) {
                prop_assert_eq!(since(Some(&cursor(place))).unwrap(), Some(place));
            }
        }
    }

    #[test]
    fn what_we_never_gave_out_is_refused_by_the_arguments_name() {
        assert_eq!(since(None).unwrap(), None);
        for given in [
            "",
            "5",
            "l:5",
            "nonsense",
            &BASE64.encode("l:-1"),
            &BASE64.encode("l:05"),
            &BASE64.encode("n:1:2"),
        ] {
            let refused = since(Some(given)).unwrap_err();
            assert!(matches!(refused, Failure::Input { argument: "since", .. }), "{given}");
        }
    }
}
