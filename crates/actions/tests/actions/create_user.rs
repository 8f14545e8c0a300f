//! Giving people a login.

use masthead_actions::user::create::{CreateUserError, create};
use masthead_actions::user::password::is_password;
use masthead_domain::user::Role;
use masthead_tests::each_store;

use crate::fixture::{at, person};

#[tokio::test]
async fn a_person_who_writes_gets_a_byline() {
    each_store(async |store| {
        let nadia = person("Nadia@Harbourvoice.Example", " نادية منصور ", Role::Author);
        create(store, at(0), [1; 32], nadia, &[]).await.expect("a login");
        let namesake = person("nadia.2@harbourvoice.example", "نادية منصور", Role::Contributor);
        create(store, at(0), [2; 32], namesake, &[]).await.expect("a login");
        create(store, at(0), [3; 32], person("r@example.org", "Hugo", Role::Reader), &[]).await.expect("a login");

        let users = "SELECT u.email || ' ' || u.role || ' ' || COALESCE(a.slug, '-') FROM users u LEFT JOIN authors a ON a.id = u.author_id ORDER BY u.id";
        assert_eq!(
            store.texts(users).await,
            [
                "Nadia@harbourvoice.example AUTHOR نادية-منصور",
                "nadia.2@harbourvoice.example CONTRIBUTOR نادية-منصور-2",
                "r@example.org READER -",
            ]
        );
        let names = store.texts("SELECT CAST(names AS TEXT) FROM authors ORDER BY id").await;
        assert!(names[0].contains("\"en\"") && names[0].contains("\"نادية منصور\""), "{names:?}");
        assert_eq!(store.number("SELECT COUNT(*) FROM events WHERE kind = 'AUTHOR_CHANGED'").await, 2);
    })
    .await;
}

#[tokio::test]
async fn the_password_is_kept_as_a_hash_of_its_own() {
    each_store(async |store| {
        for (n, email) in ["a@example.org", "b@example.org"].into_iter().enumerate() {
            let entropy = [n.to_le_bytes()[0]; 32];
            create(store, at(0), entropy, person(email, "Nadia", Role::Reader), &[]).await.expect("a login");
        }
        let hashes = store.texts("SELECT password_hash FROM users").await;
        assert_ne!(hashes[0], hashes[1], "the same password, with salts of their own");
        for hash in hashes {
            assert!(hash.starts_with("$argon2id$"), "{hash}");
            assert!(is_password("سفينة تعود من بعيد", &hash));
            assert!(!is_password("سفينة تعود من قريب", &hash));
        }
    })
    .await;
}

#[tokio::test]
async fn an_address_has_one_login_whatever_its_case() {
    each_store(async |store| {
        create(store, at(0), [1; 32], person("nadia@example.org", "Nadia", Role::Author), &[])
            .await
            .expect("a login");
        let again =
            create(store, at(0), [2; 32], person("NADIA@example.org", "Someone", Role::Admin), &[]).await;
        assert!(matches!(again, Err(CreateUserError::EmailTaken(email)) if email == "NADIA@example.org"));
        assert_eq!(store.number("SELECT COUNT(*) FROM users").await, 1);
        assert_eq!(store.number("SELECT COUNT(*) FROM authors").await, 1, "no byline is left behind");
        assert_eq!(store.texts("SELECT role FROM users").await, ["AUTHOR"]);
    })
    .await;
}

#[tokio::test]
async fn a_name_can_be_printed() {
    each_store(async |store| {
        let long = "ن".repeat(101);
        for name in ["", "   ", "…", "two\nlines", "nul\0", long.as_str()] {
            let refused =
                create(store, at(0), [1; 32], person("nadia@example.org", name, Role::Author), &[]).await;
            assert!(matches!(refused, Err(CreateUserError::Name)), "{name:?}: {refused:?}");
        }
        assert_eq!(store.number("SELECT COUNT(*) FROM users").await, 0);
    })
    .await;
}
