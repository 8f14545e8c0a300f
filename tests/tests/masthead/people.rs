//! A newsroom of people and nothing else, asked through the schema as each of them, at any time.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use masthead_actions::comment::Conversation;
use masthead_actions::live::Live;
use masthead_actions::user::create::{Person, create};
use masthead_actions::user::password::Password;
use masthead_actions::user::recognise::recognise;
use masthead_actions::user::{Door, Lifetimes};
use masthead_domain::text::{Localized, Slug, SlugKey};
use masthead_domain::user::{EmailAddress, Role};
use masthead_domain::viewer::Viewer;
use masthead_graphql::{Introspection, PublicUrl, Schema, SessionChange, Settings, Visit, execute, schema};
use masthead_persistence::section::SectionTexts;
use masthead_tests::{TestStore, each_store};
use serde_json::{Value, json};

use crate::newsroom::{now, workshop};

/// Everyone's password.
pub const PASSWORD: &str = "correct horse battery";

/// A site with logins.
pub struct People<'a> {
    /// Its database.
    pub store: &'a TestStore,
    schema: Schema,
    settings: Settings,
}

/// Runs `test` on a site without a throttle, on each database.
pub async fn on_each_database(test: impl AsyncFn(&People)) {
    each_store(async |store| test(&People::new(store, false)).await).await;
}

/// The same, with the throttle.
pub async fn on_each_database_throttled(test: impl AsyncFn(&People)) {
    each_store(async |store| test(&People::new(store, true)).await).await;
}

/// The moment so long after that of every test.
pub fn after(span: TimeDelta) -> DateTime<Utc> {
    now() + span
}

impl<'a> People<'a> {
    fn new(store: &'a TestStore, throttled: bool) -> Self {
        let drawn = AtomicU8::new(0);
        let settings = Settings {
            store: (**store).clone(),
            workshop: workshop(),
            public_url: PublicUrl::new("https://news.example"),
            conversation: Conversation::new(None, false, None),
            door: Door::new(throttled, Lifetimes::default()),
            entropy: Arc::new(move || [drawn.fetch_add(1, Ordering::SeqCst); 32]),
            live: Live::new((**store).clone()),
            clock: Arc::new(now),
        };
        Self { store, schema: schema(Introspection::Open), settings }
    }

    /// Gives a person a login with [`PASSWORD`], of all sections.
    pub async fn add(&self, email: &str, name: &str, role: Role) {
        let person = Person {
            email: EmailAddress::parse(email).expect("an address"),
            name: name.to_owned(),
            role,
            password: Password::parse(PASSWORD, &[]).expect("a password"),
        };
        create(self.store, now(), [3; 32], person, &[]).await.expect("a login");
    }

    /// Who a token stands for at a time, as the server finds out; writes down that it was used where that is due.
    pub async fn known_by(&self, token: &str, at: DateTime<Utc>) -> Option<Viewer> {
        let known =
            recognise(self.store, &self.settings.door, token, at).await.expect("the store answers")?;
        if let Some(note) = known.note {
            note.write(self.store).await.expect("noted");
        }
        Some(known.viewer)
    }

    /// Sends a document at a time as whoever the token stands for, from an address; also what became of the session.
    pub async fn send(
        &self,
        token: Option<&str>,
        from: &str,
        at: DateTime<Utc>,
        document: &str,
        variables: Value,
    ) -> (Value, Option<SessionChange>) {
        let viewer = match token {
            None => Viewer::Guest,
            Some(token) => self.known_by(token, at).await.expect("the token holds"),
        };
        let address: IpAddr = from.parse().expect("an address");
        let visit =
            Visit::new(&self.settings, viewer, at, None, "test".to_owned()).from_address(Some(address));
        let slot = visit.session_slot().clone();
        let request =
            async_graphql::Request::new(document).variables(async_graphql::Variables::from_json(variables));
        let answer = execute(&self.schema, request, visit).await;
        (serde_json::to_value(answer).expect("JSON"), slot.take())
    }

    /// The data of what is asked as whoever the token stands for, now; fails on errors of the answer.
    pub async fn ask(&self, token: Option<&str>, document: &str, variables: Value) -> Value {
        let (answer, _) = self.send(token, "192.0.2.1", now(), document, variables).await;
        assert!(answer.get("errors").is_none(), "{document}: {answer:#}");
        answer["data"].clone()
    }

    /// Makes a section, below another where one is named.
    pub async fn section(&self, slug: &str, below: Option<&str>) {
        let tx = self.store.begin().await.expect("begins");
        let parent = match below {
            Some(slug) => tx.section_by_slug(&SlugKey::of(slug)).await.expect("reads"),
            None => None,
        };
        let slug = Slug::make(slug).expect("letters");
        let (names, descriptions) = (Localized::new(), Localized::new());
        let texts = SectionTexts { slug, names, descriptions, parent, position: 0 };
        tx.section_create(&texts).await.expect("a section");
        tx.commit().await.expect("commits");
    }

    /// Removes all sections, behind everyone's back.
    pub async fn forget_sections(&self) {
        self.store.execute("DELETE FROM sections").await;
    }

    /// The global id of the person of an address.
    pub async fn id_of(&self, email: &str) -> String {
        let key = self.store.number(&format!("SELECT id FROM users WHERE email = '{email}'")).await;
        URL_SAFE_NO_PAD.encode(format!("User:{key}"))
    }

    /// What an administrator's change of a person comes to: the payload.
    pub async fn changed(&self, admin: &str, email: &str, input: Value) -> Value {
        let document = "mutation($id: ID!, $input: UpdateUserInput!) { updateUser(id: $id, input: $input) { user { name role } errors { code field message } } }";
        let variables = json!({"id": self.id_of(email).await, "input": input});
        self.ask(Some(admin), document, variables).await["updateUser"].clone()
    }

    /// Changes a person as an administrator.
    pub async fn change(&self, admin: &str, email: &str, input: Value) {
        let changed = self.changed(admin, email, input).await;
        assert_eq!(changed["errors"], json!([]), "{changed:#}");
    }

    /// The audit log: act, noun and detail of each line.
    pub async fn audit(&self) -> Vec<String> {
        let sql =
            "SELECT action || ' ' || subject_noun || ' ' || COALESCE(detail, '-') FROM audit_log ORDER BY id";
        self.store.texts(sql).await
    }

    /// How many events of a kind there are.
    pub async fn events(&self, kind: &str) -> i64 {
        self.store.number(&format!("SELECT COUNT(*) FROM events WHERE kind = '{kind}'")).await
    }

    /// Signs a person in; the token.
    pub async fn sign_in(&self, email: &str) -> String {
        let data = self.ask(None, SIGN_IN, json!({"email": email, "password": PASSWORD})).await;
        data["signIn"]["token"].as_str().unwrap_or_else(|| panic!("not signed in: {data:#}")).to_owned()
    }
}

/// The contract's document, whose fragment is beside it.
pub const SIGN_IN: &str = "mutation SignIn($email: EmailAddress!, $password: String!) { signIn(input: { email: $email, password: $password }) { token viewer { ...ViewerFields } errors { code message retryAfter } } } \
    fragment ViewerFields on Viewer { id email name role author { id slug } permissions }";
