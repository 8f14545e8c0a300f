//! All sections of the site, as they were read once for a request. It must not know how they are shown.

use std::collections::HashMap;
use std::sync::Arc;

use masthead_domain::section::{Section, SectionId};
use masthead_domain::text::SlugKey;

/// The sections, parents before children and siblings by position.
pub(crate) struct Tree {
    sections: Vec<Arc<Section>>,
    by_id: HashMap<SectionId, usize>,
}

impl Tree {
    /// Takes the sections in tree order.
    pub(crate) fn new(sections: Vec<Section>) -> Self {
        let by_id = sections.iter().enumerate().map(|(n, section)| (section.line.id, n)).collect();
        Self { sections: sections.into_iter().map(Arc::new).collect(), by_id }
    }

    /// Every section, in tree order.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Section>> {
        self.sections.iter()
    }

    /// The sections right below one, or at the top of the tree.
    pub(crate) fn below(&self, parent: Option<SectionId>) -> impl Iterator<Item = &Arc<Section>> {
        self.all().filter(move |section| section.parent == parent)
    }

    /// The section with this key.
    pub(crate) fn by_id(&self, id: SectionId) -> Option<&Arc<Section>> {
        self.by_id.get(&id).and_then(|&n| self.sections.get(n))
    }

    /// The section of this slug, under any spelling.
    pub(crate) fn by_slug(&self, key: &SlugKey) -> Option<&Arc<Section>> {
        self.all().find(|section| section.line.slug.key() == *key)
    }

    /// The keys of a section and of all below it.
    pub(crate) fn with_all_below(&self, id: SectionId) -> Vec<SectionId> {
        // In tree order a parent comes before its children.
        let mut within = vec![id];
        for section in self.all() {
            if section.parent.is_some_and(|parent| within.contains(&parent))
                && !within.contains(&section.line.id)
            {
                within.push(section.line.id);
            }
        }
        within
    }

    /// The sections above one, from the top of the tree down. A circle, which the store prevents, ends where it
    /// closes.
    pub(crate) fn above(&self, id: SectionId) -> Vec<&Arc<Section>> {
        let parent_of = |section: &Arc<Section>| section.parent.and_then(|parent| self.by_id(parent));
        let first = self.by_id(id).and_then(parent_of);
        let mut path: Vec<_> =
            std::iter::successors(first, |section| parent_of(section)).take(self.sections.len()).collect();
        path.reverse();
        path
    }
}

#[cfg(test)]
mod tests {
    use masthead_domain::section::SectionLine;
    use masthead_domain::text::{Localized, Slug};

    use super::*;

    fn section(id: i64, parent: Option<i64>, slug: &str) -> Section {
        Section {
            line: SectionLine {
                id: SectionId::from_stored(id),
                slug: Slug::from_stored(slug.to_owned()),
                names: Localized::new(),
            },
            descriptions: Localized::new(),
            parent: parent.map(SectionId::from_stored),
            position: 0,
            comment_policy: None,
        }
    }

    fn slugs<'a>(sections: impl IntoIterator<Item = &'a Arc<Section>>) -> Vec<&'a str> {
        sections.into_iter().map(|section| section.line.slug.as_str()).collect()
    }

    #[test]
    fn sections_are_found_above_below_and_by_any_spelling() {
        let tree = Tree::new(vec![
            section(1, None, "رياضة"),
            section(2, Some(1), "كرة-القدم"),
            section(3, Some(2), "دوري"),
            section(4, None, "économie"),
        ]);
        assert_eq!(slugs(tree.below(None)), ["رياضة", "économie"]);
        assert_eq!(slugs(tree.below(Some(SectionId::from_stored(2)))), ["دوري"]);
        assert_eq!(slugs(tree.above(SectionId::from_stored(3))), ["رياضة", "كرة-القدم"]);
        assert!(tree.above(SectionId::from_stored(4)).is_empty());
        assert!(tree.above(SectionId::from_stored(9)).is_empty());
        for spelling in ["رياضة", "رِياضة", "%D8%B1%D9%8A%D8%A7%D8%B6%D8%A9/"] {
            let found = tree.by_slug(&SlugKey::of(spelling)).map(|section| section.line.id.get());
            assert_eq!(found, Some(1), "{spelling}");
        }
        assert!(tree.by_slug(&SlugKey::of("economie")).is_none());
    }

    #[test]
    fn a_circle_ends() {
        let tree = Tree::new(vec![section(1, Some(2), "a"), section(2, Some(1), "b")]);
        assert!(tree.above(SectionId::from_stored(1)).len() <= 2);
    }
}
