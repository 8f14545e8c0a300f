//! Related articles, and why each is related.

mod load;
mod mutation;
mod object;

pub(crate) use load::RelatedTo;
pub(crate) use mutation::RelatedMutation;
pub(crate) use object::{RelatedArticles, related_articles};
