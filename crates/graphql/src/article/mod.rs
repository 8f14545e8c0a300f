//! Articles: the card that lists show, and the page with its body.

mod block;
mod body;
mod load;
mod meta;
mod object;
mod plan;
mod query;

pub(crate) use load::ArticleById;
pub(crate) use object::Article;
pub(crate) use plan::Planned;
pub(crate) use query::ArticleQuery;
