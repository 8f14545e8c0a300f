//! The schema behind the endpoint: what each request is given before its operation is executed, and the questions the
//! program asks of itself. It must not know HTTP beyond a request's [`Caller`].

use std::sync::Arc;

use async_graphql::{Request, Response};
use chrono::{DateTime, Utc};
use masthead_domain::viewer::Viewer;
use masthead_graphql::connection::PageSize;
use masthead_graphql::limits::ListSizes;
use masthead_graphql::{Entropy, Introspection, PublicUrl, Schema, Visit};
use masthead_persistence::Store;

use crate::config::Settings;
use crate::http::Ready;
use crate::http::graphql::{Caller, Service};

/// How long the schema's lists are.
pub const LIST_SIZES: ListSizes = ListSizes {
    page: PageSize::LIST.default as u64,
    max_page: PageSize::LIST.max as u64,
    plain: ListSizes::DEFAULT.plain,
};

/// The schema with what it answers from. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    schema: Schema,
    settings: masthead_graphql::Settings,
}

impl Api {
    /// Answers from `store`; absolute addresses begin with `public_url`.
    pub fn new(store: Store, settings: &Settings, public_url: &str) -> Self {
        let introspection =
            if settings.introspection.is_on() { Introspection::Open } else { Introspection::Closed };
        Self {
            schema: masthead_graphql::schema(introspection),
            settings: masthead_graphql::Settings {
                store,
                public_url: PublicUrl::new(public_url),
                comment_policy: settings.comment_policy,
                entropy: system_entropy(),
            },
        }
    }
}

impl Service for Api {
    async fn execute(&self, request: Request, caller: Caller) -> Response {
        let visit =
            Visit::new(&self.settings, Viewer::Guest, now(), caller.accept_language, caller.request_id);
        masthead_graphql::execute(&self.schema, request, visit).await
    }
}

/// Ready when the database answers.
impl Ready for Store {
    async fn ready(&self) -> bool {
        match self.ping().await {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(%error, "not ready");
                false
            }
        }
    }
}

/// The clock, read here for the whole program: everything beneath is told the time.
#[expect(clippy::disallowed_methods, reason = "this is where the clock is read")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

fn system_entropy() -> Entropy {
    Arc::new(|| {
        let mut bytes = [0; 32];
        #[expect(
            clippy::expect_used,
            reason = "without randomness no secret can be made; the one request fails"
        )]
        getrandom::fill(&mut bytes).expect("the system has randomness");
        bytes
    })
}
