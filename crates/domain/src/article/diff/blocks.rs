//! Two texts block by block: which came, went, changed, or stand elsewhere.
//!
//! Equal blocks are aligned by Myers' algorithm, whose work `similar` bounds; within what is left between them, blocks of a
//! kind that share words are taken for one that changed. The same two texts always give the same answer. It must not know
//! how a difference is shown.

use std::collections::{HashMap, HashSet};
use std::mem::discriminant;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::article::body::Block;
use crate::text::Direction;

/// A block that differs. Positions count from 0 in the text they are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockChange<'b> {
    /// Only the later text has it.
    Added {
        /// Its position in the later text.
        at: usize,
        /// It.
        block: &'b Block,
    },
    /// Only the earlier text has it.
    Removed {
        /// Its position in the earlier text.
        at: usize,
        /// It.
        block: &'b Block,
    },
    /// It says something else, and may stand elsewhere.
    Changed {
        /// Its positions in the earlier and in the later text.
        at: (usize, usize),
        /// What it was.
        before: &'b Block,
        /// What it is.
        after: &'b Block,
    },
    /// It is the same, and stands elsewhere among the blocks that are in both.
    Moved {
        /// Its positions in the earlier and in the later text.
        at: (usize, usize),
        /// It.
        block: &'b Block,
    },
}

/// The share of words that a block must keep to be the same block, changed.
const SIMILAR: f32 = 0.4;
/// The same of a block that stands elsewhere.
const SIMILAR_ELSEWHERE: f32 = 0.6;
/// The most blocks that are compared with as many others.
const MOST_COMPARED: usize = 100;

/// What differs between two texts, in reading order: what went stands where it was, before what came there. None where
/// they are equal.
#[must_use]
pub fn block_changes<'b>(before: &'b [Block], after: &'b [Block]) -> Vec<BlockChange<'b>> {
    let mut numbers = Numbers::default();
    let old: Vec<usize> = before.iter().map(|block| numbers.of(block)).collect();
    let new: Vec<usize> = after.iter().map(|block| numbers.of(block)).collect();
    let mut changes = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        if !matches!(op, DiffOp::Equal { .. }) {
            compare(before, op.old_range(), after, op.new_range(), &mut changes);
        }
    }
    join_moved(&mut changes, &old, &new);
    join_changed_elsewhere(&mut changes);
    changes
}

/// A number for every block, the same for equal ones.
#[derive(Default)]
struct Numbers<'b> {
    /// By their HTML, which blocks may share that differ in what is not shown.
    known: HashMap<String, Vec<(usize, &'b Block)>>,
    count: usize,
}

impl<'b> Numbers<'b> {
    fn of(&mut self, block: &'b Block) -> usize {
        let alike = self.known.entry(block.html(Direction::Ltr)).or_default();
        match alike.iter().find(|(_, other)| *other == block) {
            Some((number, _)) => *number,
            None => {
                self.count += 1;
                alike.push((self.count, block));
                self.count
            }
        }
    }
}

/// Blocks of which none is equal to one on the other side at the same place: which of them changed, and which came or went.
fn compare<'b>(
    before: &'b [Block],
    old: Range<usize>,
    after: &'b [Block],
    new: Range<usize>,
    changes: &mut Vec<BlockChange<'b>>,
) {
    let mut pairs = Vec::new();
    let (mut old_start, mut new_start) = (old.start, new.start);
    while old_start < old.end && new_start < new.end {
        let old_end = old.end.min(old_start + MOST_COMPARED);
        let new_end = new.end.min(new_start + MOST_COMPARED);
        pair(before, old_start..old_end, after, new_start..new_end, &mut pairs);
        (old_start, new_start) = (old_end, new_end);
    }
    let (mut i, mut j) = (old.start, new.start);
    for (was, is) in pairs.into_iter().chain([(old.end, new.end)]) {
        changes.extend((i..was).map(|at| BlockChange::Removed { at, block: &before[at] }));
        changes.extend((j..is).map(|at| BlockChange::Added { at, block: &after[at] }));
        if was < old.end && is < new.end {
            changes.push(BlockChange::Changed { at: (was, is), before: &before[was], after: &after[is] });
        }
        (i, j) = (was + 1, is + 1);
    }
}

/// The pairs of blocks, in order on both sides, that together share the most.
fn pair(
    before: &[Block],
    old: Range<usize>,
    after: &[Block],
    new: Range<usize>,
    pairs: &mut Vec<(usize, usize)>,
) {
    let sides = |blocks: &[Block], range: Range<usize>| -> Vec<Words> {
        blocks[range].iter().map(Words::of).collect()
    };
    let (was, is) = (sides(before, old.clone()), sides(after, new.clone()));
    let alike = |i: usize, j: usize| {
        let same_kind = discriminant(&before[old.start + i]) == discriminant(&after[new.start + j]);
        let share = if same_kind { was[i].share(&is[j]) } else { 0.0 };
        if share >= SIMILAR { share } else { 0.0 }
    };
    // best[i][j]: the most that the blocks from i and from j on can share.
    let width = is.len() + 1;
    let mut best = vec![0.0_f32; (was.len() + 1) * width];
    let mut shares = vec![0.0_f32; was.len() * is.len()];
    for i in (0..was.len()).rev() {
        for j in (0..is.len()).rev() {
            let share = alike(i, j);
            shares[i * is.len() + j] = share;
            let together = share + best[(i + 1) * width + j + 1];
            let apart = best[(i + 1) * width + j].max(best[i * width + j + 1]);
            best[i * width + j] = together.max(apart);
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < was.len() && j < is.len() {
        let share = shares[i * is.len() + j];
        let here = best[i * width + j];
        if share > 0.0 && share + best[(i + 1) * width + j + 1] >= here {
            pairs.push((old.start + i, new.start + j));
            (i, j) = (i + 1, j + 1);
        } else if best[(i + 1) * width + j] >= here {
            i += 1;
        } else {
            j += 1;
        }
    }
}

/// What a block is known by: the words of its text, and the address of what it shows.
struct Words(Vec<String>);

impl Words {
    fn of(block: &Block) -> Self {
        let mut words: Vec<String> = block.text().split_whitespace().map(str::to_owned).collect();
        match block {
            Block::Figure(image) => {
                words.extend(image.alt.split_whitespace().map(str::to_owned));
                // Weighs more than all that is said of it: the same picture with another caption is the same.
                words.extend(std::iter::repeat_n(image.src.clone(), (2 * words.len()).max(1)));
            }
            Block::Embed { url, .. } => {
                words.extend(std::iter::repeat_n(url.clone(), (2 * words.len()).max(1)))
            }
            Block::Gallery { images, .. } => words.extend(images.iter().map(|image| image.src.clone())),
            _ => {}
        }
        words.sort_unstable();
        Self(words)
    }

    /// The share of words in common, 0 to 1 (Dice's coefficient of the two multisets).
    #[expect(clippy::cast_precision_loss, reason = "a share need not be exact")]
    fn share(&self, other: &Self) -> f32 {
        let (mut i, mut j, mut common) = (0, 0, 0_usize);
        while let (Some(a), Some(b)) = (self.0.get(i), other.0.get(j)) {
            match a.cmp(b) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    common += 1;
                    (i, j) = (i + 1, j + 1);
                }
            }
        }
        let all = self.0.len() + other.0.len();
        if all == 0 { 0.0 } else { (2 * common) as f32 / all as f32 }
    }
}

/// Makes one change of a block that went at one place and of one that came at another, where they share most of their
/// words: those that share most first.
fn join_changed_elsewhere(changes: &mut Vec<BlockChange<'_>>) {
    let mut gone = Vec::new();
    let mut came = Vec::new();
    for (place, change) in changes.iter().enumerate() {
        match *change {
            BlockChange::Removed { at, block } => gone.push((place, at, block, Words::of(block))),
            BlockChange::Added { at, block } => came.push((place, at, block, Words::of(block))),
            BlockChange::Changed { .. } | BlockChange::Moved { .. } => {}
        }
    }
    if gone.len() * came.len() > MOST_COMPARED * MOST_COMPARED {
        return;
    }
    let mut alike = Vec::new();
    for (i, (_, _, was, before)) in gone.iter().enumerate() {
        for (j, (_, _, is, after)) in came.iter().enumerate() {
            if discriminant(*was) == discriminant(*is) {
                alike.push((before.share(after), i, j));
            }
        }
    }
    alike.retain(|(share, ..)| *share >= SIMILAR_ELSEWHERE);
    // The sort is stable: of pairs that share as much, the first.
    alike.sort_by(|(a, ..), (b, ..)| b.total_cmp(a));
    let mut joined = HashSet::new();
    let mut taken = (HashSet::new(), HashSet::new());
    for (_, i, j) in alike {
        if taken.0.contains(&i) || taken.1.contains(&j) {
            continue;
        }
        taken.0.insert(i);
        taken.1.insert(j);
        let ((gone_at, from, before, _), (came_at, to, after, _)) = (&gone[i], &came[j]);
        joined.insert(*gone_at);
        changes[*came_at] = BlockChange::Changed { at: (*from, *to), before, after };
    }
    let mut place = 0..;
    changes.retain(|_| place.next().is_some_and(|place| !joined.contains(&place)));
}

/// Makes one change of a block that went at one place and came, equal, at another. It stands where it came.
fn join_moved(changes: &mut Vec<BlockChange<'_>>, old: &[usize], new: &[usize]) {
    let mut gone: HashMap<usize, Vec<usize>> = HashMap::new();
    for change in changes.iter().rev() {
        if let BlockChange::Removed { at, .. } = change {
            gone.entry(old[*at]).or_default().push(*at);
        }
    }
    let mut moved = HashSet::new();
    for change in changes.iter_mut() {
        if let BlockChange::Added { at, block } = change
            && let Some(from) = gone.get_mut(&new[*at]).and_then(Vec::pop)
        {
            moved.insert(from);
            *change = BlockChange::Moved { at: (from, *at), block };
        }
    }
    changes.retain(|change| !matches!(change, BlockChange::Removed { at, .. } if moved.contains(at)));
}
