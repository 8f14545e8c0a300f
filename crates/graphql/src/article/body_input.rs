//! A text as editors hand it in.

use async_graphql::OneofObject;
use masthead_actions::refused::Fault;
use masthead_domain::article::Body;

/// The text of an article.
#[derive(OneofObject)]
pub(crate) enum BodyInput {
    /// HTML.
    Html(String),
}

impl BodyInput {
    pub(crate) fn read(self) -> Result<Body, Vec<Fault>> {
        let Self::Html(html) = self;
        Ok(Body::from_html(&html).0)
    }
}
