//! Opening and closing: durable, repeatable, and never over a database that is newer.

use masthead_persistence::{Options, Store, StoreError};
use sea_orm::{ConnectionTrait, Database};

use masthead_tests::each_store;

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
    let folder = tempfile::tempdir().expect("folder");
    let url = format!("sqlite:{}", folder.path().join("newer.sqlite").display());
    let store = Store::open(&Options::new(&url)).await.expect("open");
    store.migrate().await.expect("migrate");
    store.close().await.expect("close");
    let raw = Database::connect(&url).await.expect("raw");
    raw.execute_unprepared(
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_from_the_future', 0)",
    )
    .await
    .expect("insert");
    raw.close().await.expect("close");
    match Store::open(&Options::new(&url)).await {
        Err(StoreError::Newer(name)) => assert_eq!(name, "m9999_from_the_future"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_address_of_no_kind_or_no_file_is_refused() {
    assert!(matches!(Store::open(&Options::new("mysql://x")).await, Err(StoreError::UnknownKind)));
    let missing = Options { create: false, ..Options::new("sqlite:/nowhere/at/all.sqlite") };
    assert!(matches!(Store::open(&missing).await, Err(StoreError::NotThere(_))));
}
