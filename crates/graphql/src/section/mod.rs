//! Sections: the tree of the paper, and the articles in each branch.

mod input;
mod load;
mod mutation;
mod object;
mod query;
mod tree;

pub(crate) use load::AllSections;
pub(crate) use mutation::SectionMutation;
pub(crate) use object::Section;
pub(crate) use query::SectionQuery;
pub(crate) use tree::Tree;
