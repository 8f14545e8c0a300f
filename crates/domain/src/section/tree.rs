//! The sections' tree as keys alone: what stands above and below what, and whether a section may go somewhere else.
//!
//! It must not know names, nor articles.

use std::collections::{BTreeMap, BTreeSet};

use super::SectionId;

/// The most levels of a tree. An import may have brought deeper ones, which can only be moved up.
pub const MAX_LEVELS: usize = 8;

/// Which section stands right above which.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parents(BTreeMap<SectionId, Option<SectionId>>);

/// Why a section cannot stand where it is wished to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Misplaced {
    /// There is no such section to stand below.
    #[error("There is no such section.")]
    NoParent,
    /// It would stand below itself.
    #[error("A section cannot stand below itself, nor below one that stands below it.")]
    Circle,
    /// The tree would get too deep.
    #[error("Sections stand at most {MAX_LEVELS} levels deep.")]
    TooDeep,
}

impl Parents {
    /// Whether there is such a section.
    pub fn contains(&self, section: SectionId) -> bool {
        self.0.contains_key(&section)
    }

    /// The section right above; `None` at the top, and where there is no such section.
    pub fn parent(&self, section: SectionId) -> Option<SectionId> {
        self.0.get(&section).copied().flatten()
    }

    /// Whether any section stands right below.
    pub fn has_children(&self, section: SectionId) -> bool {
        self.0.values().any(|parent| *parent == Some(section))
    }

    /// The sections above, the nearest first, without the section itself. A circle ends where it closes.
    pub fn above(&self, section: SectionId) -> Vec<SectionId> {
        std::iter::successors(self.parent(section), |above| self.parent(*above)).take(self.0.len()).collect()
    }

    /// The section and everything below it.
    pub fn below(&self, section: SectionId) -> BTreeSet<SectionId> {
        let within = |other: &SectionId| *other == section || self.above(*other).contains(&section);
        self.0.keys().copied().filter(within).collect()
    }

    /// Whether `section`, which may be a new one (`None`), may stand below `parent`, or at the top.
    ///
    /// # Errors
    /// [`Misplaced`].
    pub fn may_stand(&self, section: Option<SectionId>, parent: Option<SectionId>) -> Result<(), Misplaced> {
        let Some(parent) = parent else { return Ok(()) };
        if !self.contains(parent) {
            return Err(Misplaced::NoParent);
        }
        let above = self.above(parent);
        if section.is_some_and(|section| section == parent || above.contains(&section)) {
            return Err(Misplaced::Circle);
        }
        let levels = section.map_or(1, |section| self.levels(section));
        if above.len() + 1 + levels > MAX_LEVELS {
            return Err(Misplaced::TooDeep);
        }
        Ok(())
    }

    /// The tree with `section` below `parent`.
    pub fn with(&self, section: SectionId, parent: Option<SectionId>) -> Self {
        let mut tree = self.clone();
        tree.0.insert(section, parent);
        tree
    }

    /// How many levels a section and what is below it take.
    fn levels(&self, section: SectionId) -> usize {
        let depth = |below: SectionId| {
            self.above(below).iter().position(|above| *above == section).map_or(0, |at| at + 1)
        };
        1 + self.below(section).into_iter().map(depth).max().unwrap_or(0)
    }
}

impl FromIterator<(SectionId, Option<SectionId>)> for Parents {
    fn from_iter<I: IntoIterator<Item = (SectionId, Option<SectionId>)>>(sections: I) -> Self {
        Self(sections.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(key: i64) -> SectionId {
        SectionId::from_stored(key)
    }

    fn tree(sections: &[(i64, i64)]) -> Parents {
        sections.iter().map(|&(section, parent)| (id(section), (parent > 0).then(|| id(parent)))).collect()
    }

    #[test]
    fn above_and_below() {
        let tree = tree(&[(1, 0), (2, 1), (3, 2), (4, 1), (5, 0)]);
        assert_eq!(tree.above(id(3)), [id(2), id(1)]);
        assert_eq!(tree.below(id(1)), BTreeSet::from([1, 2, 3, 4].map(id)));
        assert_eq!(tree.below(id(5)), BTreeSet::from([id(5)]));
        assert!(tree.has_children(id(2)) && !tree.has_children(id(3)));
        assert_eq!(tree.with(id(2), Some(id(5))).above(id(3)), [id(2), id(5)]);
    }

    #[test]
    fn nothing_stands_below_itself_nor_too_deep() {
        let chain: Vec<(i64, i64)> = (1..=8).map(|key| (key, key - 1)).chain([(10, 0), (11, 10)]).collect();
        let tree = tree(&chain);
        for (section, parent, allowed) in [
            (Some(1), 3, Err(Misplaced::Circle)),
            (Some(1), 1, Err(Misplaced::Circle)),
            (Some(1), 99, Err(Misplaced::NoParent)),
            (None, 99, Err(Misplaced::NoParent)),
            (None, 8, Err(Misplaced::TooDeep)),
            (None, 7, Ok(())),
            (Some(10), 7, Err(Misplaced::TooDeep)),
            (Some(10), 6, Ok(())),
            (Some(3), 1, Ok(())),
            (Some(2), 11, Err(Misplaced::TooDeep)),
        ] {
            assert_eq!(tree.may_stand(section.map(id), Some(id(parent))), allowed, "{section:?} {parent}");
        }
        assert_eq!(tree.may_stand(Some(id(8)), None), Ok(()));
    }

    #[test]
    fn a_circle_ends() {
        let tree = tree(&[(1, 2), (2, 1)]);
        assert!(tree.above(id(1)).len() <= 2);
        assert_eq!(tree.below(id(1)).len(), 2);
    }
}
