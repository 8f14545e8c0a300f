//! Sections: the tree of the paper, and the articles in each branch.

mod load;
mod object;
mod query;
mod tree;

pub(crate) use object::Section;
pub(crate) use query::SectionQuery;
pub(crate) use tree::Tree;
