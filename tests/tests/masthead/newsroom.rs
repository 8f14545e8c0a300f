//! The demo newsroom on a database of its own, asked through the GraphQL schema as the server asks it.

use std::collections::BTreeSet;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use masthead_actions::comment::Conversation;
use masthead_actions::live::Live;
use masthead_actions::media::Workshop;
use masthead_actions::newsroom::described::{Comment, Standing};
use masthead_actions::newsroom::fill::fill;
use masthead_actions::user::password::Password;
use masthead_actions::user::{Door, Lifetimes};
use masthead_domain::article::ArticleId;
use masthead_domain::comment::Status;
use masthead_domain::text::{LanguageTag, Localized, Slug, SlugKey};
use masthead_domain::user::{EmailAddress, Role};
use masthead_domain::viewer::{Credential, Member, Scope, SessionId, Viewer};
use masthead_graphql::{Introspection, Planning, PublicUrl, Schema, Settings, Visit, execute, schema};
use masthead_persistence::author::AuthorProfile;
use masthead_persistence::media::Files;
use masthead_persistence::{NewUser, Options, Store};
use masthead_server::demo::Demo;
use masthead_tests::{TestStore, each_store};
use serde_json::{Value, json};

/// A newsroom that answers.
pub struct Newsroom {
    /// Its database.
    pub store: Store,
    schema: Schema,
    settings: Settings,
    demo: Demo,
}

/// Runs `test` on SQLite only: for answers that do not depend on the database.
pub async fn on_sqlite(test: impl AsyncFn(&Newsroom)) {
    let store = TestStore::sqlite().await;
    test(&Newsroom::fill((*store).clone()).await).await;
    store.discard().await;
}

/// Runs `test` on SQLite, and on PostgreSQL where there is one.
pub async fn on_each_database(test: impl AsyncFn(&Newsroom)) {
    each_store(async |store| test(&Newsroom::fill((**store).clone()).await).await).await;
}

/// The same, with the database's own tools at hand.
pub async fn on_each_database_raw(test: impl AsyncFn(&Newsroom, &TestStore)) {
    each_store(async |store| test(&Newsroom::fill((**store).clone()).await, store).await).await;
}

/// The same, with every statement told to the log.
pub async fn on_each_database_logging(test: impl AsyncFn(&Newsroom)) {
    each_store(async |store| {
        let newsroom = Newsroom::logging(store).await;
        test(&newsroom).await;
        let telling = newsroom.store.clone();
        drop(newsroom);
        telling.close().await.expect("closes");
    })
    .await;
}

/// The moment that every test lives in: the demo's dates are counted from it.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).expect("an instant")
}

impl Newsroom {
    /// One in which nothing has been written yet.
    pub fn empty(store: Store) -> Self {
        Self::on(store, described())
    }

    /// Filled, with every statement told to the log. Both are to be let go before the database is.
    pub async fn logging(store: &TestStore) -> Self {
        let quiet = Self::fill((**store).clone()).await;
        let options = Options { log_statements: true, ..Options::new(store.url()) };
        Self::on(Store::open(&options).await.expect("opens"), quiet.demo)
    }

    async fn fill(store: Store) -> Self {
        let demo = described();
        fill(&store, now(), [7; 32], &demo.newsroom).await.expect("stores").expect("the database was empty");
        Self::on(store, demo)
    }

    fn on(store: Store, demo: Demo) -> Self {
        let settings = Settings {
            store: store.clone(),
            workshop: workshop(),
            public_url: PublicUrl::new("https://news.example"),
            conversation: Conversation::new(None, false, None),
            door: Door::new(false, Lifetimes::default()),
            entropy: Arc::new(|| [9; 32]),
            live: Live::new(store.clone()),
            clock: Arc::new(now),
        };
        Self { store, schema: schema(Introspection::Open), settings, demo }
    }

    /// What requests are executed with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The schema that answers.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Sends an operation of the contract, or a document, on behalf of `viewer`: the payload of its mutation, or what its
    /// one field holds.
    pub async fn field_as(&self, viewer: &Viewer, document: &str, variables: Value) -> Value {
        let document =
            if document.contains('{') { document.to_owned() } else { crate::documents::operation(document) };
        let answer = self.ask_as(viewer, now(), &document, variables).await;
        assert!(answer.get("errors").is_none(), "{document}: {answer:#}");
        answer["data"].as_object().and_then(|data| data.values().next()).expect("a field").clone()
    }

    /// The same, where nothing must be refused.
    pub async fn done_as(&self, viewer: &Viewer, document: &str, variables: Value) -> Value {
        let payload = self.field_as(viewer, document, variables).await;
        assert_eq!(payload["errors"], json!([]), "{document}: {payload:#}");
        payload
    }

    /// Fails where a count, a list or a row that belongs to another is wrong.
    pub async fn assert_sound(&self) {
        assert_eq!(self.store.wrong_counts().await.expect("counts"), []);
        assert_eq!(self.store.misplaced().await.expect("rows"), []);
    }

    /// Sends a document as a guest would, without an Accept-Language.
    pub async fn ask(&self, document: &str, variables: Value) -> Value {
        self.ask_planned(document, variables, Planning::On).await
    }

    /// Sends a document on behalf of `viewer`, at a moment.
    pub async fn ask_as(
        &self,
        viewer: &Viewer,
        at: DateTime<Utc>,
        document: &str,
        variables: Value,
    ) -> Value {
        self.send(viewer.clone(), at, document, variables, Planning::On).await
    }

    /// The same, planned ahead or left to the loaders.
    pub async fn ask_planned(&self, document: &str, variables: Value, planning: Planning) -> Value {
        self.send(Viewer::Guest, now(), document, variables, planning).await
    }

    async fn send(
        &self,
        viewer: Viewer,
        at: DateTime<Utc>,
        document: &str,
        variables: Value,
        planning: Planning,
    ) -> Value {
        let visit = Visit::new(&self.settings, viewer, at, None, "test".to_owned());
        let request = async_graphql::Request::new(document)
            .variables(async_graphql::Variables::from_json(variables))
            .data(planning);
        serde_json::to_value(execute(&self.schema, request, visit).await).expect("JSON")
    }

    /// A person of the desk with a login and a byline of their own; `sections` are slugs, none of them means all.
    pub async fn person(&self, name: &str, role: Role, sections: &[&str]) -> Viewer {
        let tx = self.store.begin().await.expect("begins");
        let slug = Slug::make(name).expect("letters");
        let author = tx
            .author_create(&AuthorProfile {
                slug,
                names: Localized::from_iter([(LanguageTag::from_stored("en".to_owned()), name.to_owned())]),
                roles: Localized::new(),
                biographies: Localized::new(),
                links: Vec::new(),
                avatar: None,
            })
            .await
            .expect("an author");
        let email = format!("{}@news.example", name.to_lowercase());
        let user = NewUser {
            email: EmailAddress::parse(&email).expect("an address"),
            name: name.to_owned(),
            role,
            password_hash: "none".to_owned(),
            author: Some(author),
        };
        let user = tx.user_create(&user, now()).await.expect("stores").expect("a new address");
        let mut scope = BTreeSet::new();
        for slug in sections {
            scope.insert(tx.section_by_slug(&SlugKey::of(slug)).await.expect("reads").expect("a section"));
        }
        tx.commit().await.expect("commits");
        let scope = if scope.is_empty() { Scope::Everywhere } else { Scope::Sections(scope) };
        let credential = Credential::Session(SessionId::from_stored(1));
        let member = Member { user, name: name.to_owned(), role, author: Some(author), scope, credential };
        Viewer::Member(Arc::new(member))
    }

    /// The slug under which a piece of the demo was stored.
    pub async fn slug_of(&self, key: &str) -> String {
        let article = self.demo.newsroom.articles.iter().find(|article| article.key == key);
        article.unwrap_or_else(|| panic!("the demo has no {key}")).slug.as_str().to_owned()
    }

    /// The global id of a public article.
    pub async fn article_id(&self, slug: &str) -> String {
        let answer = self.ask("query($s: String!) { article(slug: $s) { id } }", json!({"s": slug})).await;
        answer["data"]["article"]["id"]
            .as_str()
            .unwrap_or_else(|| panic!("no article {slug}: {answer}"))
            .to_owned()
    }

    /// The key behind an article's global id.
    pub fn key_of(&self, id: &str) -> ArticleId {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(id).expect("base64")).expect("text");
        let key = text.strip_prefix("Article:").expect("an article's id");
        ArticleId::from_stored(key.parse().expect("a number"))
    }

    /// Slugs of all public articles and pages.
    pub async fn public_slugs(&self) -> Vec<String> {
        let public = self.demo.newsroom.articles.iter().filter(|article| is_public(article.standing));
        public.map(|article| article.slug.as_str().to_owned()).collect()
    }

    /// A public article with comments: its slug, and one that it once had.
    pub async fn an_article_with_a_former_slug(&self) -> (String, String) {
        let mut articles = self.demo.newsroom.articles.iter();
        let article = articles
            .find(|article| {
                is_public(article.standing) && !article.former_slugs.is_empty() && article.threads.len() > 1
            })
            .expect("the demo has one");
        (article.slug.as_str().to_owned(), article.former_slugs[0].as_str().to_owned())
    }

    /// Slugs and titles of what no reader may see.
    pub async fn hidden(&self) -> Vec<(String, String)> {
        let hidden = self.demo.newsroom.articles.iter().filter(|article| !is_public(article.standing));
        hidden.map(|article| (article.slug.as_str().to_owned(), article.title.clone())).collect()
    }

    /// The texts of comments that no reader may see.
    pub async fn hidden_comments(&self) -> Vec<String> {
        let mut open: Vec<&Comment> =
            self.demo.newsroom.articles.iter().flat_map(|article| &article.threads).collect();
        let mut texts = Vec::new();
        while let Some(comment) = open.pop() {
            open.extend(&comment.replies);
            if comment.status != Status::Published {
                texts.push(comment.text.clone());
            }
        }
        assert!(!texts.is_empty(), "the demo has comments that wait");
        texts
    }

    /// The key of an article that no reader may see: one that stands between those that readers see.
    pub async fn hidden_key(&self) -> i64 {
        for key in 1..=100 {
            let id = URL_SAFE_NO_PAD.encode(format!("Article:{key}"));
            let answer = self.ask("query($id: ID!) { node(id: $id) { id } }", json!({"id": id})).await;
            if answer["data"]["node"].is_null() {
                return key;
            }
        }
        panic!("every article is public");
    }
}

fn described() -> Demo {
    let password = Password::parse("only for the tests", &[]).expect("a password");
    Demo::load(&password).expect("the demo's content is sound")
}

/// Pictures of which there are none yet.
pub fn workshop() -> Workshop {
    Workshop::new(Files::in_memory(), 1_000_000)
}

fn is_public(standing: Standing) -> bool {
    matches!(standing, Standing::Published { .. })
}

/// The code and the field of each error of a payload.
pub fn refusals(payload: &Value) -> Vec<(String, Option<String>)> {
    let errors = payload["errors"].as_array().unwrap_or_else(|| panic!("no errors: {payload:#}"));
    let one = |error: &Value| {
        let text = |key: &str| error[key].as_str().map(str::to_owned);
        (text("code").expect("a code"), text("field"))
    };
    errors.iter().map(one).collect()
}

/// One refusal, as [`refusals`] tells it.
pub fn refusal(code: &str, field: Option<&str>) -> Vec<(String, Option<String>)> {
    vec![(code.to_owned(), field.map(str::to_owned))]
}

/// A global id as clients have it: `Article:1`.
pub fn global_id(id: &str) -> String {
    URL_SAFE_NO_PAD.encode(id)
}
