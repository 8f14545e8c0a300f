//! Comments of one item in an order in which each comes after the one it answers.
//! It must not know how comments are stored.

use std::collections::{HashMap, HashSet, VecDeque};

use masthead_interchange::wxr::Comment;

/// What a comment stands below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Above {
    /// Nothing: it begins a thread.
    Nothing,
    /// The comment at this place in the list.
    Comment(usize),
    /// It should stand below the comment of this number, which is not in the list.
    Missing(i64),
    /// It answers itself, by way of others perhaps: it begins a thread, so that they have an end.
    Itself,
}

/// The places of all comments, each behind the one it answers, otherwise in the list's order; with what each stands
/// below. Linear.
pub(super) fn in_order(comments: &[Comment]) -> Vec<(usize, Above)> {
    let mut places: HashMap<i64, usize> = HashMap::with_capacity(comments.len());
    for (place, id) in comments.iter().enumerate().filter_map(|(place, c)| Some((place, c.id?))) {
        places.entry(id).or_insert(place);
    }
    let parents: Vec<Option<usize>> =
        comments.iter().map(|comment| places.get(&comment.parent?).copied()).collect();
    let mut answers: Vec<Vec<usize>> = vec![Vec::new(); comments.len()];
    let mut roots = Vec::new();
    for (place, comment) in comments.iter().enumerate() {
        match (comment.parent, parents[place]) {
            (_, Some(parent)) => answers[parent].push(place),
            (Some(id), None) => roots.push((place, Above::Missing(id))),
            (None, None) => roots.push((place, Above::Nothing)),
        }
    }
    let mut ordered = Vec::with_capacity(comments.len());
    let mut is_placed = vec![false; comments.len()];
    let mut queue: VecDeque<(usize, Above)> = roots.into();
    let mut next = 0;
    loop {
        while let Some((place, above)) = queue.pop_front() {
            if !std::mem::replace(&mut is_placed[place], true) {
                ordered.push((place, above));
                queue.extend(answers[place].iter().map(|&answer| (answer, Above::Comment(place))));
            }
        }
        // What is left answers each other in circles, or hangs below one.
        let Some(left) = (next..comments.len()).find(|&place| !is_placed[place]) else { return ordered };
        next = left;
        queue.push_back((in_circle(left, &parents), Above::Itself));
    }
}

/// A comment of the circle that stands above `place`. What is looked at on the way up is placed right after.
fn in_circle(place: usize, parents: &[Option<usize>]) -> usize {
    let mut passed = HashSet::from([place]);
    let mut at = place;
    while let Some(parent) = parents[at] {
        at = parent;
        if !passed.insert(at) {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use masthead_interchange::wxr::{Approval, CommentKind};
    use proptest::prelude::*;

    use super::*;

    fn comment(id: i64, parent: i64) -> Comment {
        Comment {
            line: 1,
            id: Some(id),
            author: String::new(),
            author_email: None,
            author_url: None,
            had_ip: false,
            had_user_agent: false,
            date: None,
            date_gmt: None,
            content: String::new(),
            approved: Approval::Approved,
            kind: CommentKind::Comment,
            parent: (parent > 0).then_some(parent),
            user_id: None,
        }
    }

    fn order(pairs: &[(i64, i64)]) -> Vec<(i64, Above)> {
        let comments: Vec<Comment> = pairs.iter().map(|&(id, parent)| comment(id, parent)).collect();
        in_order(&comments).into_iter().map(|(place, above)| (pairs[place].0, above)).collect()
    }

    #[test]
    fn a_parent_comes_before_its_answers_wherever_it_stands_in_the_file() {
        assert_eq!(
            order(&[(3, 2), (2, 1), (1, 0), (9, 7)]),
            [(1, Above::Nothing), (9, Above::Missing(7)), (2, Above::Comment(2)), (3, Above::Comment(1)),]
        );
        assert_eq!(order(&[(5, 5)]), [(5, Above::Itself)]);
        // 2 and 3 answer each other, 1 answers 2.
        assert_eq!(
            order(&[(1, 2), (2, 3), (3, 2)]),
            [(2, Above::Itself), (1, Above::Comment(1)), (3, Above::Comment(1))]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn every_comment_comes_once_and_after_its_parent(pairs in prop::collection::vec((1_i64..12, 0_i64..14), 0..30)) {
            let comments: Vec<Comment> = pairs.iter().map(|&(id, parent)| comment(id, parent)).collect();
            let ordered = in_order(&comments);
            let mut seen = std::collections::HashSet::new();
            for (place, above) in &ordered {
                if let Above::Comment(parent) = above {
                    prop_assert!(seen.contains(parent));
                    prop_assert_eq!(comments[*parent].id, comments[*place].parent);
                }
                prop_assert!(seen.insert(*place));
            }
            prop_assert_eq!(seen.len(), comments.len());
        }
    }
}
