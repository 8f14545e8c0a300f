//! Opening and closing: durable, repeatable, and never over a database that is newer.

use std::time::Duration;

use masthead_persistence::{Options, Store, StoreError};
use masthead_tests::{TestStore, each_store};

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    each_store(async |store| {
        assert_eq!(store.pending().await.expect("pending"), 0);
        assert_eq!(store.migrate().await.expect("migrate"), 0);
        store.require_current().await.expect("current");
        store.ping().await.expect("ping");
        assert_eq!(store.integrity_faults().await.expect("integrity"), Vec::<String>::new());
        assert_eq!(store.begin().await.expect("tx").site_secret().await.expect("secret").len(), 32);
    })
    .await;
}

#[tokio::test]
async fn a_newer_database_is_refused_by_name() {
    each_store(async |store| {
        store
            .execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_from_the_future', 0)")
            .await;
        match Store::open(&Options::new(store.url())).await {
            Err(StoreError::Newer(name)) => assert_eq!(name, "m9999_from_the_future"),
            other => panic!("{other:?}"),
        }
    })
    .await;
}

#[tokio::test]
async fn an_address_of_no_kind_or_no_file_is_refused() {
    assert!(matches!(Store::open(&Options::new("mysql://x")).await, Err(StoreError::UnknownKind)));
    let missing = Options { create: false, ..Options::new("sqlite:/nowhere/at/all.sqlite") };
    assert!(matches!(Store::open(&missing).await, Err(StoreError::NotThere(_))));
}

/// What is told where a PostgreSQL database cannot be opened.
async fn told(url: &str) -> String {
    let options = Options { connect_timeout: Duration::from_millis(300), ..Options::new(url) };
    let error = Store::open(&options).await.expect_err("nobody is let in");
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
    let told = format!("{error} {error:?}");
    assert!(!told.contains("hunter2"), "{told}");
    error.to_string()
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_with_the_reason() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    // It takes connections and says nothing.
    let silent = told(&format!("postgres://desk:hunter2@127.0.0.1:{port}/news")).await;
    assert_eq!(
        silent,
        format!(
            "cannot open the database “news” on 127.0.0.1:{port} as desk: it did not answer within 0.3 seconds"
        )
    );
    drop(listener);
    let refused = told(&format!("postgresql://desk:hunter2@127.0.0.1:{port}/news")).await;
    assert!(refused.contains(&format!("127.0.0.1:{port} as desk: the connection was refused")), "{refused}");
    let socket = told("postgres:///news?host=/nowhere&user=desk&password=hunter2").await;
    assert!(socket.contains("“news” on /nowhere as desk: there is no such socket"), "{socket}");
    let nonsense = Options::new("postgres://desk:hunter2@127.0.0.1:port/news");
    assert!(matches!(Store::open(&nonsense).await, Err(StoreError::UnknownKind)));
}

#[tokio::test]
async fn a_server_that_lets_nobody_in_is_quoted() {
    let Some(store) = TestStore::postgres().await else { return };
    let (base, _) = store.url().rsplit_once('/').expect("a name");
    let missing = told(&format!("{base}/no_such_database")).await;
    assert!(
        missing.contains("“no_such_database”") && missing.contains("there is no such database"),
        "{missing}"
    );
    let host = base.rsplit_once('@').map_or(base, |(_, host)| host);
    let stranger = told(&format!("postgres://no_such_user:hunter2@{host}/postgres")).await;
    assert!(stranger.contains("as no_such_user: "), "{stranger}");
    store.discard().await;
}
