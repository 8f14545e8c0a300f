//! What a page costs in SQL statements, counted one by one as they reach the database, raw ones too.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex as Blocking};

use serde_json::{Value, json};
use tokio::sync::Mutex;
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::documents::operation;
use crate::newsroom::{Newsroom, on_each_database_logging};

/// One test counts at a time: the counter is the process's.
pub static TURN: Mutex<()> = Mutex::const_new(());

pub static COUNTED: LazyLock<Arc<Counter>> = LazyLock::new(|| {
    let counter = Arc::new(Counter::default());
    let layer = CountStatements(counter.clone());
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))
        .expect("the only subscriber");
    counter
});

#[derive(Default)]
pub struct Counter {
    statements: AtomicUsize,
    last: Blocking<Vec<String>>,
    /// Those of `last` that a reader of SQLite asked, whole.
    read: Blocking<Vec<String>>,
}

impl Counter {
    /// What was read from a SQLite file since the last call, in full.
    pub fn take_read(&self) -> Vec<String> {
        std::mem::take(&mut self.read.lock().expect("not poisoned"))
    }
}

struct CountStatements(Arc<Counter>);

impl<S: tracing::Subscriber> Layer<S> for CountStatements {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() != "sqlx::query" {
            return;
        }
        let mut statement = Statement::default();
        event.record(&mut statement);
        let text = statement.0;
        // Neither the bounds of a snapshot nor the setting up of a connection is a question; and databases are made and
        // dropped by the tests beside this one.
        if ["BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "CREATE DATABASE", "DROP DATABASE"]
            .iter()
            .any(|word| text.starts_with(word))
        {
            return;
        }
        self.0.statements.fetch_add(1, Ordering::SeqCst);
        if event.metadata().module_path() == Some("masthead_persistence::sqlite") {
            self.0.read.lock().expect("not poisoned").push(text.clone());
        }
        self.0.last.lock().expect("not poisoned").push(text);
    }
}

#[derive(Default)]
struct Statement(String);

impl Visit for Statement {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "summary" {
            self.0 = format!("{value:?}").trim_matches('"').to_owned();
        }
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "summary" {
            self.0 = value.to_owned();
        }
    }
}

async fn counted(newsroom: &Newsroom, document: &str, variables: Value) -> (usize, Value) {
    let counter = COUNTED.clone();
    counter.statements.store(0, Ordering::SeqCst);
    counter.last.lock().expect("not poisoned").clear();
    let answer = newsroom.ask(document, variables).await;
    assert!(answer.get("errors").is_none(), "{answer:#}");
    (counter.statements.load(Ordering::SeqCst), answer)
}

/// Asks for a page in several sizes; each must cost at most `budget`, and the counter must have counted.
async fn within(newsroom: &Newsroom, name: &str, budget: usize, sizes: &[Value]) {
    let document = operation(name);
    for variables in sizes {
        let (statements, _) = counted(newsroom, &document, variables.clone()).await;
        assert!(statements > 0, "nothing was counted for {name}: the counter is deaf");
        let texts = COUNTED.last.lock().expect("not poisoned").join("\n  ");
        assert!(
            statements <= budget,
            "{name} {variables} took {statements} statements, more than {budget}:\n  {texts}"
        );
    }
}

#[tokio::test]
async fn forms_below_a_list_are_read_once_for_all() {
    let _turn = TURN.lock().await;
    LazyLock::force(&COUNTED);
    on_each_database_logging(async |newsroom| {
        let document =
            "query($n: Int!) { articles(first: $n) { nodes { commentForm { token maxLength guidelines } } } }";
        let (one, _) = counted(newsroom, document, json!({"n": 2})).await;
        let (many, answer) = counted(newsroom, document, json!({"n": 40})).await;
        let nodes = answer["data"]["articles"]["nodes"].as_array().expect("nodes");
        assert!(nodes.len() > 20 && nodes.iter().all(|node| node["commentForm"]["maxLength"] == 10_000));
        let texts = COUNTED.last.lock().expect("not poisoned").join("\n  ");
        assert!(one > 0 && many == one, "{many} statements for many articles, {one} for two:\n  {texts}");
    })
    .await;
}

#[tokio::test]
async fn a_field_that_waits_below_others_is_read_once() {
    let _turn = TURN.lock().await;
    LazyLock::force(&COUNTED);
    on_each_database_logging(async |newsroom| {
        let (slug, _) = newsroom.an_article_with_a_former_slug().await;
        for (document, statements) in [
            ("query($slug: String!) { article(slug: $slug) { section { parent { id } } } }", 3),
            ("query($slug: String!) { article(slug: $slug) { authors { bio articles(first: 1) { nodes { id } } } } }", 3),
            ("{ articles(first: 20) { nodes { section { description } } } }", 3),
            ("{ articles(first: 20) { nodes { id section { articles(first: 1) { nodes { tags { id } } } } } } }", 4),
            ("{ site { name commentForm { token } } }", 3),
        ] {
            // The second time the document is known to be valid.
            for _ in 0..2 {
                let (took, _) = counted(newsroom, document, json!({"slug": slug})).await;
                let texts = COUNTED.last.lock().expect("not poisoned").join("\n  ");
                assert_eq!(took, statements, "{document}:\n  {texts}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn pages_keep_to_their_budgets() {
    let _turn = TURN.lock().await;
    LazyLock::force(&COUNTED);
    on_each_database_logging(async |newsroom| {
        let (slug, former) = newsroom.an_article_with_a_former_slug().await;
        within(
            newsroom,
            "ArticlePage",
            5,
            &[
                json!({"slug": slug, "related": 1, "comments": 1, "replies": 1}),
                json!({"slug": slug}),
                json!({"slug": slug, "related": 20, "comments": 100, "replies": 100}),
            ],
        )
        .await;
        within(newsroom, "ArticlePage", 6, &[json!({"slug": former})]).await;
        within(newsroom, "ArticlePage", 3, &[json!({"slug": "there-is-no-such-article"})]).await;
        within(
            newsroom,
            "FrontPage",
            3,
            &[
                json!({"perSection": 1}),
                json!({"perSection": 10, "locale": "ar"}),
                json!({"perSection": 100, "locale": null}),
            ],
        )
        .await;
        within(
            newsroom,
            "SectionPage",
            3,
            &[
                json!({"slug": "sea", "first": 1}),
                json!({"slug": "sea", "locale": "fr"}),
                json!({"slug": "city", "first": 100}),
            ],
        )
        .await;
        within(
            newsroom,
            "TagPage",
            3,
            &[json!({"slug": "port", "first": 1}), json!({"slug": "port", "first": 100})],
        )
        .await;
        within(
            newsroom,
            "AuthorPage",
            3,
            &[json!({"slug": "samira-haddad"}), json!({"slug": "samira-haddad", "first": 100})],
        )
        .await;
        let article = newsroom.article_id(&slug).await;
        within(
            newsroom,
            "MoreComments",
            4,
            &[
                json!({"article": article, "first": 1}),
                json!({"article": article, "first": 100, "orderBy": "MOST_LIKED"}),
            ],
        )
        .await;
    })
    .await;
}
