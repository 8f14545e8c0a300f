//! The schema behind the endpoint: what each request is given before its operation is executed, and the questions the
//! program asks of itself. It must not know HTTP beyond a request's [`Caller`].

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Request, Response};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use http::{HeaderValue, header};
use masthead_actions::comment::Conversation;
use masthead_actions::comment::classify::Classify;
use masthead_actions::live::Live;
use masthead_actions::media::Workshop;
use masthead_actions::user::recognise::{Known, recognise, recognise_session};
use masthead_actions::user::{Door, Lifetimes};
use masthead_domain::live::Topic;
use masthead_domain::viewer::policy::{Action, may};
use masthead_domain::viewer::{Permission, Viewer};
use masthead_graphql::connection::PageSize;
use masthead_graphql::error::Code;
use masthead_graphql::limits::ListSizes;
use masthead_graphql::{Introspection, PublicUrl, Schema, SessionChange, Visit};
use masthead_persistence::{Store, StoreError};

use crate::config::Settings;
use crate::http::Ready;
use crate::http::graphql::{Caller, Credential, Leave, NotAdmitted, Service, SessionCookie, fault};

/// How long the schema's lists are.
pub const LIST_SIZES: ListSizes = ListSizes {
    page: PageSize::LIST.default as u64,
    max_page: PageSize::LIST.max as u64,
    plain: ListSizes::DEFAULT.plain,
    sections: ListSizes::DEFAULT.sections,
};

/// The schema with what it answers from. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    schema: Schema,
    settings: masthead_graphql::Settings,
    cookie: SessionCookie,
}

impl Api {
    /// Answers from `store`, and works on pictures in `workshop`; absolute addresses begin with `public_url`.
    /// `classifier` is asked about comments besides.
    pub fn new(
        store: Store,
        workshop: Workshop,
        settings: &Settings,
        public_url: &str,
        classifier: Option<Arc<dyn Classify>>,
    ) -> Self {
        let introspection =
            if settings.introspection.is_on() { Introspection::Open } else { Introspection::Closed };
        let days = |days: std::num::NonZeroU16| TimeDelta::days(i64::from(days.get()));
        let lifetimes =
            Lifetimes { idle: days(settings.session_idle_days), absolute: days(settings.session_max_days) };
        Self {
            cookie: SessionCookie::new(public_url),
            schema: masthead_graphql::schema(introspection),
            settings: masthead_graphql::Settings {
                live: Live::new(store.clone()),
                clock: Arc::new(now),
                store,
                workshop,
                public_url: PublicUrl::new(public_url),
                conversation: Conversation::new(
                    settings.comment_policy,
                    settings.comment_rate.is_on(),
                    classifier,
                ),
                door: Door::new(settings.sign_in_rate.is_on(), lifetimes),
                entropy: Arc::new(random_bytes),
            },
        }
    }
}

impl Api {
    /// What all who comment share.
    pub fn conversation(&self) -> &Conversation {
        &self.settings.conversation
    }

    /// What all who sign in share.
    pub fn door(&self) -> &Door {
        &self.settings.door
    }

    /// Those who watch what happens.
    pub fn live(&self) -> &Live {
        &self.settings.live
    }

    /// By which browsers show who they are.
    pub fn cookie(&self) -> &SessionCookie {
        &self.cookie
    }

    /// Who sends the request. A guest costs nothing; anybody else one statement.
    async fn recognise(&self, credential: &Credential, now: DateTime<Utc>) -> Result<Sender, Unrecognised> {
        let (store, door) = (&self.settings.store, &self.settings.door);
        let known = match credential {
            Credential::Nothing => return Ok(Sender { viewer: Viewer::Guest, has_stale_cookie: false }),
            Credential::Malformed => return Err(Unrecognised::Refused),
            Credential::Bearer(token) => recognise(store, door, token, now).await?,
            Credential::Cookie(token) => recognise_session(store, door, token, now).await?,
        };
        match known {
            Some(Known { viewer, note }) => {
                if let Some(note) = note {
                    let store = store.clone();
                    // After the answer: a read must not wait for the writer.
                    tokio::spawn(async move {
                        if let Err(error) = note.write(&store).await {
                            tracing::warn!(%error, "the last use of a token was not noted");
                        }
                    });
                }
                Ok(Sender { viewer, has_stale_cookie: false })
            }
            // A program that shows a token means to be somebody, and must be told that it is not.
            None if matches!(credential, Credential::Bearer(_)) => Err(Unrecognised::Refused),
            // A browser cannot help it: its session is over, and it is a guest again.
            None => Ok(Sender { viewer: Viewer::Guest, has_stale_cookie: true }),
        }
    }

    /// Whom a credential stands for now, without noting that it was used: who merely stays does nothing.
    async fn known(&self, credential: &Credential) -> Result<Option<Viewer>, StoreError> {
        let (store, door) = (&self.settings.store, &self.settings.door);
        let known = match credential {
            Credential::Nothing | Credential::Malformed => None,
            Credential::Bearer(token) => recognise(store, door, token, now()).await?,
            Credential::Cookie(token) => recognise_session(store, door, token, now()).await?,
        };
        Ok(known.map(|known| known.viewer))
    }

    /// Waits until a credential does not hold any more, or allows something else than it did.
    async fn until_other(self, credential: Credential, viewer: Viewer) {
        let Some(user) = viewer.user() else { return };
        let mut changed = self.settings.live.bell(Topic::Person(user));
        let mut faults = 0;
        while faults < FAULTS {
            // A session that ends is no event, and another process may have ended it.
            tokio::select! {
                () = changed.rung() => {}
                () = tokio::time::sleep(LOOK_AGAIN) => {}
            }
            match self.known(&credential).await {
                Ok(Some(now)) if allows_the_same(&viewer, &now) => faults = 0,
                Ok(_) => return,
                Err(error) => {
                    tracing::warn!(%error, "it could not be found out whether a session holds");
                    faults += 1;
                }
            }
        }
    }

    /// The `Set-Cookie` that an answer carries.
    fn set_cookie(
        &self,
        change: Option<SessionChange>,
        sender: &Sender,
        caller: &Caller,
        now: DateTime<Utc>,
    ) -> Option<HeaderValue> {
        match change {
            // Another site must not sign a browser in here, as somebody of its choice.
            Some(SessionChange::Begun { .. }) if caller.is_of_another_site => None,
            Some(SessionChange::Begun { token, expires_at }) => {
                self.cookie.set(&token, (expires_at - now).to_std().unwrap_or_default())
            }
            Some(SessionChange::Ended) => self.cookie.clear(),
            None if sender.has_stale_cookie => self.cookie.clear(),
            None => None,
        }
    }
}

/// How often it is looked whether the session behind a connection holds, where nothing is heard of the person.
const LOOK_AGAIN: Duration = Duration::from_secs(4);

/// How often that may fail before nobody is believed any more.
const FAULTS: u32 = 3;

/// Whether a person may do now what they could before; the rest of what is known of them may differ.
fn allows_the_same(before: &Viewer, now: &Viewer) -> bool {
    match (before.member(), now.member()) {
        (Some(before), Some(now)) => {
            (before.user, before.role, before.author, &before.scope, before.credential)
                == (now.user, now.role, now.author, &now.scope, now.credential)
        }
        (before, now) => before == now,
    }
}

/// Who sends a request.
struct Sender {
    viewer: Viewer,
    has_stale_cookie: bool,
}

/// Why it is not known who sends a request.
enum Unrecognised {
    /// The token is none that holds.
    Refused,
    /// Our fault.
    Fault(StoreError),
}

impl From<StoreError> for Unrecognised {
    fn from(error: StoreError) -> Self {
        Self::Fault(error)
    }
}

impl Unrecognised {
    fn response(self, request_id: &str) -> Response {
        match self {
            Self::Refused => {
                let message = "The token in Authorization is malformed, unknown, expired or revoked.";
                let mut response = Response::from_errors(vec![Code::Unauthenticated.error(message)]);
                // RFC 6750, 3.1.
                let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
                response.http_headers.insert(header::WWW_AUTHENTICATE, challenge);
                response
            }
            Self::Fault(cause) => {
                tracing::error!(%request_id, %cause, "it could not be found out who asks");
                Response::from_errors(vec![fault(request_id)])
            }
        }
    }
}

impl Service for Api {
    async fn execute(&self, request: Request, caller: Caller) -> Response {
        let now = now();
        let sender = match self.recognise(&caller.credential, now).await {
            Ok(sender) => sender,
            Err(unrecognised) => return unrecognised.response(&caller.request_id),
        };
        let visit = Visit::new(
            &self.settings,
            sender.viewer.clone(),
            now,
            caller.accept_language.clone(),
            caller.request_id.clone(),
        )
        .from_address(caller.address);
        let slot = visit.session_slot().clone();
        let mut response = masthead_graphql::execute(&self.schema, request, visit).await;
        if let Some(cookie) = self.set_cookie(slot.take(), &sender, &caller, now) {
            response.http_headers.append(header::SET_COOKIE, cookie);
        }
        response
    }

    async fn subscribe(&self, request: Request, caller: Caller) -> BoxStream<'static, Response> {
        let now = now();
        let sender = match self.recognise(&caller.credential, now).await {
            Ok(sender) => sender,
            Err(unrecognised) => return stream::iter([unrecognised.response(&caller.request_id)]).boxed(),
        };
        let visit = Visit::new(&self.settings, sender.viewer, now, caller.accept_language, caller.request_id)
            .from_address(caller.address);
        masthead_graphql::execute_stream(&self.schema, request, visit).boxed()
    }

    async fn stays(&self, credential: &Credential) -> Result<Option<Leave>, NotAdmitted> {
        match self.recognise(credential, now()).await {
            Ok(Sender { viewer: Viewer::Guest, .. }) => Ok(None),
            Ok(Sender { viewer, .. }) => {
                Ok(Some(Box::pin(self.clone().until_other(credential.clone(), viewer))))
            }
            Err(Unrecognised::Refused) => Err(NotAdmitted::Refused),
            Err(Unrecognised::Fault(cause)) => {
                tracing::error!(%cause, "it could not be found out who connects");
                Err(NotAdmitted::Fault)
            }
        }
    }

    /// Who is not recognised is told so when the operation is run.
    async fn takes_files(&self, caller: &Caller) -> bool {
        match self.recognise(&caller.credential, now()).await {
            Ok(sender) => may(&sender.viewer, Action::Use(Permission::UploadImages)).is_ok(),
            Err(_) => false,
        }
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

    /// What `Article.comments` says of its limit is so.
    #[test]
    fn the_largest_pages_of_comments_are_those_that_are_told() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/contract/reader");
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
        let text = read("article-page.graphql") + &read("fragments.graphql");
        let shape = SchemaShape::from_sdl(&masthead_graphql::sdl(), LIST_SIZES).unwrap();
        let document = CheckedDocument::check(parse_query(&text).unwrap(), &Limits::DEFAULT).unwrap();
        let (_, operation) = document.document().operations.iter().next().unwrap();
        let asked = |comments: u32, replies: u32| {
            let variables =
                Variables::from_json(serde_json::json!({ "comments": comments, "replies": replies }));
            Cost::measure(&shape, &document, &operation.node, &variables).check(&Limits::DEFAULT)
        };
        for (comments, replies) in [(100, 10), (50, 20), (10, 100), (20, 5)] {
            assert!(
                asked(comments, replies).is_ok(),
                "{comments} x {replies}: {:?}",
                asked(comments, replies)
            );
        }
        let refused = asked(100, 100).unwrap_err().to_string();
        assert!(
            refused.contains("The complexity of the operation is ")
                && refused.contains("at most 50000 is allowed"),
            "{refused}"
        );
        assert!(refused.contains("ask for smaller pages"), "{refused}");
    }

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

#[cfg(test)]
#[path = "api_tests.rs"]
mod sender_tests;
