//! The schema behind the endpoint: what each request is given before its operation is executed, and the questions the
//! program asks of itself. It must not know HTTP beyond a request's [`Caller`].

use std::sync::Arc;

use async_graphql::{Request, Response};
use chrono::{DateTime, Utc};
use masthead_domain::viewer::Viewer;
use masthead_graphql::connection::PageSize;
use masthead_graphql::limits::ListSizes;
use masthead_graphql::{Introspection, PublicUrl, Schema, Visit};
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
                entropy: Arc::new(random_bytes),
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
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}

/// 32 random bytes, fit for secrets: the system's randomness, read here for the whole program.
#[expect(clippy::expect_used, reason = "without randomness no secret can be made; what needs one fails")]
pub(crate) fn random_bytes() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the system has randomness");
    bytes
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use async_graphql::Variables;
    use async_graphql::parser::parse_query;
    use masthead_graphql::limits::{CheckedDocument, Cost, Limits, SchemaShape, scan};

    use super::*;

    /// The operations that clients send, under the default limits, with the page sizes they default to. Fragments that
    /// a file uses and does not hold are in `fragments.graphql`.
    #[test]
    fn no_limit_stands_in_the_way_of_the_contract() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/contract/reader");
        let read = |path: &Path| std::fs::read_to_string(path).unwrap();
        let shared = read(&folder.join("fragments.graphql"));
        let shape = SchemaShape::from_sdl(&masthead_graphql::sdl(), LIST_SIZES).unwrap();
        let mut operations = 0;
        for file in std::fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            if path.file_name().is_some_and(|name| name == "fragments.graphql") {
                continue;
            }
            let text = format!("{}\n{shared}", read(&path));
            scan::check_document(&text, &Limits::DEFAULT).unwrap();
            let document = CheckedDocument::check(parse_query(&text).unwrap(), &Limits::DEFAULT).unwrap();
            for (name, operation) in document.document().operations.iter() {
                let cost = Cost::measure(&shape, &document, &operation.node, &Variables::default());
                let room = Limits { complexity: Limits::DEFAULT.complexity / 4, ..Limits::DEFAULT };
                assert!(cost.check(&room).is_ok(), "{name:?} in {}: {cost:?}", path.display());
                operations += 1;
            }
        }
        assert!(operations > 10, "{operations}");
    }
}
