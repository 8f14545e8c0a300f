//! The four arguments of every connection, and the page they ask for.
//!
//! It must not know how a page is read, nor what is on it.

use async_graphql::{Name, Value};
use masthead_domain::page::{PageRequest, Place};

use super::cursor::{Cursor, Order};
use crate::error::Failure;

/// How many items a page has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSize {
    /// Where neither `first` nor `last` is given.
    pub default: u32,
    /// At most; more is refused, not cut.
    pub max: u32,
}

impl PageSize {
    /// Of lists: 20, at most 100.
    pub const LIST: Self = Self { default: 20, max: 100 };
    /// Of related articles: 5, at most 20.
    pub const RELATED: Self = Self { default: 5, max: 20 };
}

/// The four arguments of every connection, as they came. The sizes are wider than GraphQL's Int, so that one beyond it is
/// refused by its name too.
#[derive(Debug, Clone, Default)]
pub struct PageArguments {
    /// The first so many items behind `after`.
    pub first: Option<i64>,
    /// The last so many items ahead of `before`.
    pub last: Option<i64>,
    /// Only items behind this place.
    pub after: Option<String>,
    /// Only items ahead of this place.
    pub before: Option<String>,
}

impl PageArguments {
    /// Takes the four from all arguments of a selected field, for planning ahead. What is of the wrong type is left
    /// out: the field itself refuses it.
    pub fn of_selection(arguments: &[(Name, Value)]) -> Self {
        let value = |wanted: &str| arguments.iter().find(|(name, _)| name == wanted).map(|(_, value)| value);
        let number = |wanted| match value(wanted) {
            Some(Value::Number(number)) => number.as_i64(),
            _ => None,
        };
        let text = |wanted| match value(wanted) {
            Some(Value::String(text)) => Some(text.clone()),
            _ => None,
        };
        Self { first: number("first"), last: number("last"), after: text("after"), before: text("before") }
    }

    /// The page asked for of a list in `order`.
    ///
    /// # Errors
    /// [`Failure::Input`] that names the argument: `first` with `last`; a size below 1 or above the maximum, which the
    /// message tells; a cursor that is malformed or of a list in another order.
    pub fn read(&self, order: Order, size: PageSize) -> Result<PageRequest, Failure> {
        let (limit, from_end) = match (self.first, self.last) {
            (Some(_), Some(_)) => return Err(Failure::input("last", "Give `first` or `last`, not both.")),
            (None, None) => (size.default, false),
            (Some(first), None) => (within("first", first, size.max)?, false),
            (None, Some(last)) => (within("last", last, size.max)?, true),
        };
        let after = self.after.as_deref().map(|text| place("after", text, order)).transpose()?;
        let before = self.before.as_deref().map(|text| place("before", text, order)).transpose()?;
        Ok(PageRequest { limit, from_end, after, before })
    }
}

/// A number that a client gave for `argument`, where it is from 1 to `max`; else the refusal that names both.
pub(crate) fn within(argument: &'static str, given: i64, max: u32) -> Result<u32, Failure> {
    u32::try_from(given).ok().filter(|given| (1..=max).contains(given)).ok_or_else(|| {
        Failure::input(argument, format!("`{argument}` must be from 1 to {max}, not {given}."))
    })
}

fn place(argument: &'static str, text: &str, order: Order) -> Result<Place, Failure> {
    match Cursor::decode(text) {
        Some(cursor) if cursor.order == order => Ok(cursor.place),
        Some(_) => {
            Err(Failure::input(argument, format!("`{argument}` is a cursor of a list in another order.")))
        }
        None => Err(Failure::input(argument, format!("`{argument}` is no cursor that this site gave out."))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor(order: Order, sort: i64, id: i64) -> String {
        Cursor { order, place: Place { sort, id } }.encode()
    }

    fn refusal(arguments: PageArguments) -> (&'static str, String) {
        match arguments.read(Order::Newest, PageSize::LIST) {
            Err(Failure::Input { argument, message }) => (argument, message),
            other => panic!("{arguments:?} gave {other:?}"),
        }
    }

    #[test]
    fn a_page_has_a_default_size_and_an_end_to_be_asked_from() {
        let given = |first, last| PageArguments { first, last, ..PageArguments::default() };
        for (arguments, size, limit, from_end) in [
            (given(None, None), PageSize::LIST, 20, false),
            (given(None, None), PageSize::RELATED, 5, false),
            (given(Some(1), None), PageSize::LIST, 1, false),
            (given(Some(100), None), PageSize::LIST, 100, false),
            (given(None, Some(3)), PageSize::LIST, 3, true),
        ] {
            let page = arguments.read(Order::Newest, size).expect("a page");
            assert_eq!((page.limit, page.from_end), (limit, from_end), "{arguments:?}");
        }
    }

    #[test]
    fn nonsense_is_refused_with_the_argument_and_the_limit() {
        let first = |n| PageArguments { first: Some(n), ..PageArguments::default() };
        let last = |n| PageArguments { last: Some(n), ..PageArguments::default() };
        assert_eq!(refusal(first(0)), ("first", "`first` must be from 1 to 100, not 0.".into()));
        assert_eq!(refusal(first(101)), ("first", "`first` must be from 1 to 100, not 101.".into()));
        assert_eq!(refusal(last(-1)), ("last", "`last` must be from 1 to 100, not -1.".into()));
        assert_eq!(refusal(last(i64::MIN)).0, "last");
        assert_eq!(
            refusal(PageArguments { first: Some(1), ..last(1) }).1,
            "Give `first` or `last`, not both."
        );
        let related = first(21).read(Order::Nearest, PageSize::RELATED).expect_err("too many");
        assert_eq!(related.to_string(), "`first` must be from 1 to 20, not 21.");
    }

    #[test]
    fn a_cursor_is_refused_by_name_where_it_is_malformed_or_of_another_order() {
        let foreign = cursor(Order::NewestComment, 5, 5);
        for text in ["", "42", "bjoxOjI6Mw", "bjoxOjAy", "مؤشر", "bjox", foreign.as_str()] {
            let after = PageArguments { after: Some(text.into()), ..PageArguments::default() };
            assert_eq!(refusal(after).0, "after", "{text}");
            let before = PageArguments { before: Some(text.into()), ..PageArguments::default() };
            let (argument, message) = refusal(before);
            assert!(argument == "before" && message.contains("`before`"), "{text}: {message}");
        }
    }

    #[test]
    fn a_cursor_is_taken_by_lists_of_its_own_order_only() {
        for order in Order::ALL {
            let after = PageArguments { after: Some(cursor(order, -7, 42)), ..PageArguments::default() };
            for other in Order::ALL {
                let page = after.read(other, PageSize::LIST).ok().and_then(|page| page.after);
                assert_eq!(
                    page,
                    (order == other).then_some(Place { sort: -7, id: 42 }),
                    "{order:?} {other:?}"
                );
            }
        }
    }
}
