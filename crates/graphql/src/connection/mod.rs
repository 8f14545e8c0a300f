//! Relay paging, once for every list: a page as a connection, the arguments that ask for it, the cursors.
//!
//! The types are ours rather than async-graphql's because theirs cannot be described in our words. It must not know what
//! is listed, nor how a page is read.

mod arguments;
mod cursor;

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::connection::EmptyFields;
use async_graphql::{Object, ObjectType, OutputType, SimpleObject, TypeName};
use masthead_domain::page::Page;

pub(crate) use arguments::within;
pub use arguments::{PageArguments, PageSize};
pub use cursor::{Cursor, Order};

use crate::eager::{Eager, EagerList};

/// One page of a list of `N`, whose edges tell `E` besides.
pub struct Connection<N, E = EmptyFields> {
    edges: Vec<Edge<N, E>>,
    has_previous: bool,
    has_next: bool,
    total: Option<u64>,
}

impl<N, E> Connection<N, E> {
    /// The connection of a page of a list in `order`.
    pub fn new<T>(page: Page<T>, order: Order, edge: impl Fn(T) -> (N, E)) -> Self {
        let edge = |(place, item)| {
            let (node, more) = edge(item);
            Edge { cursor: Cursor { order, place }, node, more }
        };
        Self {
            edges: page.items.into_iter().map(edge).collect(),
            has_previous: page.has_previous,
            has_next: page.has_next,
            total: page.total,
        }
    }
}

impl<N> Connection<N> {
    /// The connection of a page whose edges tell nothing of their own.
    pub fn plain<T>(page: Page<T>, order: Order, node: impl Fn(T) -> N) -> Self {
        Self::new(page, order, |item| (node(item), EmptyFields))
    }
}

/// What an edge tells besides its cursor and node; it names the list too.
pub trait EdgeFields: ObjectType {
    /// The name of the list's types, before `Connection` and `Edge`, for nodes of a type.
    fn list_of(node: &str) -> String;
}

impl EdgeFields for EmptyFields {
    fn list_of(node: &str) -> String {
        node.to_owned()
    }
}

impl<N: OutputType, E: EdgeFields> TypeName for Connection<N, E> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", E::list_of(&N::type_name())).into()
    }
}

/// One page of a list, and how to go on from it.
#[Object(name_type)]
impl<N: ObjectType + 'static, E: EdgeFields + 'static> Connection<N, E> {
    /// The items of this page in the list's order, each with its cursor.
    fn edges(&self) -> EagerList<Eager<&Edge<N, E>>> {
        self.edges.iter().map(Eager).collect()
    }

    /// The items of this page in the list's order, for clients that need no cursor of each.
    fn nodes(&self) -> EagerList<Eager<&N>> {
        self.edges.iter().map(|edge| Eager(&edge.node)).collect()
    }

    /// Where this page stands in the list.
    fn page_info(&self) -> Eager<PageInfo> {
        Eager(PageInfo {
            has_previous_page: self.has_previous,
            has_next_page: self.has_next,
            start_cursor: self.edges.first().map(|edge| edge.cursor.encode()),
            end_cursor: self.edges.last().map(|edge| edge.cursor.encode()),
        })
    }

    /// How many items the whole list has, all its pages together. For public lists a kept counter, so asking costs
    /// nothing; a filtered list is counted when this is asked for, up to 10,000. `null` beyond that, and where nothing is
    /// counted.
    fn total_count(&self) -> Option<i32> {
        self.total.and_then(|total| i32::try_from(total).ok())
    }
}

/// One item of a page.
pub struct Edge<N, E> {
    cursor: Cursor,
    node: N,
    more: E,
}

impl<N: OutputType, E: EdgeFields> TypeName for Edge<N, E> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", E::list_of(&N::type_name())).into()
    }
}

/// One item of a page, and its place in the list.
#[Object(name_type)]
impl<N: ObjectType + 'static, E: EdgeFields + 'static> Edge<N, E> {
    /// The item's place in the list, for `after` and `before`. Opaque; holds in lists of the same order only, and stays
    /// right when items come and go.
    fn cursor(&self) -> String {
        self.cursor.encode()
    }

    /// The item.
    fn node(&self) -> Eager<&N> {
        Eager(&self.node)
    }

    #[graphql(flatten)]
    fn more(&self) -> &E {
        &self.more
    }
}

/// Where a page stands in its list.
#[derive(Debug, SimpleObject)]
pub struct PageInfo {
    /// Whether the list has items ahead of this page, in whichever direction it is read.
    has_previous_page: bool,
    /// Whether the list goes on behind this page, in whichever direction it is read.
    has_next_page: bool,
    /// The cursor of the first item, to be given as `before`. `null` on a page without items.
    start_cursor: Option<String>,
    /// The cursor of the last item, to be given as `after`. `null` on a page without items.
    end_cursor: Option<String>,
}

/// The page with its items behind counted references, so that a loader can hand it out more than once.
pub(crate) fn shared<T>(page: Page<T>) -> Page<Arc<T>> {
    Page {
        items: page.items.into_iter().map(|(place, item)| (place, Arc::new(item))).collect(),
        has_next: page.has_next,
        has_previous: page.has_previous,
        total: page.total,
    }
}

#[cfg(test)]
mod tests {
    use masthead_domain::page::Place;

    use super::*;

    #[test]
    fn a_page_keeps_its_order_its_ends_and_its_total() {
        let items = vec![(Place { sort: 9, id: 2 }, "b"), (Place { sort: 8, id: 1 }, "a")];
        let page = Page { items, has_next: true, has_previous: false, total: Some(2) };
        let connection = Connection::plain(page, Order::Newest, str::to_owned);
        assert!(connection.has_next && !connection.has_previous);
        assert_eq!(connection.total, Some(2));
        let nodes: Vec<_> = connection.edges.iter().map(|edge| edge.node.as_str()).collect();
        assert_eq!(nodes, ["b", "a"]);
        assert_eq!(
            connection.edges[1].cursor.encode(),
            Cursor { order: Order::Newest, place: Place { sort: 8, id: 1 } }.encode()
        );
    }
}
