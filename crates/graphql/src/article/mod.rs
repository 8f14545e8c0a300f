//! Articles: the card that lists show, the page with its body, the desk's side, and what is done to them.

mod block;
mod body;
mod body_input;
mod desk;
mod diff;
mod filter;
mod history;
mod input;
mod life;
mod load;
mod meta;
mod mutation;
mod object;
mod payload;
mod plan;
mod preview;
mod query;
mod subscription;

pub(crate) use input::CommentPolicy;
pub(crate) use load::ArticleById;
pub(crate) use mutation::ArticleMutation;
pub(crate) use object::Article;
pub(crate) use plan::Planned;
pub(crate) use preview::PreviewQuery;
pub(crate) use query::ArticleQuery;
pub(crate) use subscription::ArticleSubscription;
