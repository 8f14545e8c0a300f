//! A page of a long list, by keyset: where it begins, how many items, in which direction.
//!
//! What a cursor looks like to a client, and how large a page may be, is not known here.

/// The place of an item in a list: the value it is sorted by, then its key to break ties.
///
/// For lists by date the first is microseconds since 1970 in UTC; for comments by likes, the count; for related articles,
/// how near they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    /// The value that the list is sorted by.
    pub sort: i64,
    /// The key of the item.
    pub id: i64,
}

/// A request for one page. Both bounds are exclusive and may be given together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PageRequest {
    /// How many items at most.
    pub limit: u32,
    /// `false`: the first items after `after`. `true`: the last items before `before`.
    pub from_end: bool,
    /// Only items behind this place.
    pub after: Option<Place>,
    /// Only items ahead of this place.
    pub before: Option<Place>,
}

impl PageRequest {
    /// The first `limit` items of a list.
    pub const fn first(limit: u32) -> Self {
        Self { limit, from_end: false, after: None, before: None }
    }
}

/// One page of a list, in the list's order whichever end it was asked from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items with their places.
    pub items: Vec<(Place, T)>,
    /// Whether the list goes on behind the last item.
    pub has_next: bool,
    /// Whether there are items ahead of the first one.
    pub has_previous: bool,
    /// How many items the whole list has for this viewer; `None` where no counter is kept.
    pub total: Option<u64>,
}

impl<T> Page<T> {
    /// A page without items, of a list without items.
    pub fn empty() -> Self {
        Self { items: Vec::new(), has_next: false, has_previous: false, total: Some(0) }
    }

    /// Makes a page of rows read in reading direction, one more than asked for where there was one more.
    ///
    /// `rows` must come sorted forwards when `from_end` is false and backwards when it is true.
    pub fn of(request: &PageRequest, mut rows: Vec<(Place, T)>, total: Option<u64>) -> Self {
        let limit = request.limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        if request.from_end {
            rows.reverse();
            Self {
                items: rows,
                has_next: request.before.is_some(),
                has_previous: more || request.after.is_some(),
                total,
            }
        } else {
            Self {
                items: rows,
                has_next: more || request.before.is_some(),
                has_previous: request.after.is_some(),
                total,
            }
        }
    }

    /// The page of a list that is at hand whole, in whatever order; `descending`: the greatest place comes first.
    pub fn cut(
        request: &PageRequest,
        mut all: Vec<(Place, T)>,
        descending: bool,
        total: Option<u64>,
    ) -> Self {
        let order = |a: Place, b: Place| {
            let order = (a.sort, a.id).cmp(&(b.sort, b.id));
            if descending { order.reverse() } else { order }
        };
        all.retain(|(place, _)| {
            request.after.is_none_or(|after| order(*place, after).is_gt())
                && request.before.is_none_or(|before| order(*place, before).is_lt())
        });
        all.sort_unstable_by(|a, b| order(a.0, b.0));
        if request.from_end {
            all.reverse();
        }
        Self::of(request, all, total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_list_is_cut_from_either_end_and_in_either_direction() {
        let all = || rows(&[3, 1, 5, 2, 4]);
        let keys = |page: Page<i64>| page.items.into_iter().map(|(_, key)| key).collect::<Vec<_>>();
        let place = |key| Some(Place { sort: key, id: key });
        assert_eq!(keys(Page::cut(&PageRequest::first(2), all(), false, None)), [1, 2]);
        assert_eq!(keys(Page::cut(&PageRequest::first(2), all(), true, None)), [5, 4]);
        let behind = PageRequest { after: place(4), ..PageRequest::first(2) };
        assert_eq!(keys(Page::cut(&behind, all(), true, None)), [3, 2]);
        let ahead = PageRequest { limit: 2, from_end: true, after: None, before: place(4) };
        let page = Page::cut(&ahead, all(), false, Some(5));
        assert!(page.has_previous && page.has_next);
        assert_eq!(keys(page), [2, 3]);
    }

    fn rows(keys: &[i64]) -> Vec<(Place, i64)> {
        keys.iter().map(|&k| (Place { sort: k, id: k }, k)).collect()
    }

    #[test]
    fn a_page_forwards_knows_that_more_follows() {
        let page = Page::of(&PageRequest::first(2), rows(&[9, 8, 7]), Some(3));
        assert_eq!(page.items.iter().map(|i| i.1).collect::<Vec<_>>(), [9, 8]);
        assert!(page.has_next && !page.has_previous);
    }

    #[test]
    fn a_page_backwards_comes_in_the_list_order() {
        let request =
            PageRequest { limit: 2, from_end: true, after: None, before: Some(Place { sort: 5, id: 5 }) };
        let page = Page::of(&request, rows(&[6, 7, 8]), None);
        assert_eq!(page.items.iter().map(|i| i.1).collect::<Vec<_>>(), [7, 6]);
        assert!(page.has_next && page.has_previous);
    }
}
