//! The same request again: a double click, a retry after a lost answer, ten of them at once.

use futures_util::future::join_all;
use masthead_actions::comment::leave::{KEY_LIFETIME, Outcome};
use masthead_domain::comment::Policy;
use masthead_domain::comment::leave::{Refused, Submission};
use masthead_persistence::{Options, Store};
use masthead_tests::{TestStore, each_store};

use crate::fixture::{at, filled, guest, id_of};
use crate::leave::{below, leave, refusal, says, top};

const KEY: &str = "0c1d8e0e-6e0c-4f3f-8a53";

fn keyed(body: &str) -> Submission {
    Submission { idempotency_key: Some(KEY.into()), writer_key: Some("w".repeat(43)), ..says(body) }
}

async fn comments(store: &TestStore) -> i64 {
    store.number("SELECT COUNT(*) FROM comments").await
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer_and_stores_nothing() {
    each_store(async |store| {
        filled(store, Policy::Open).await;
        let article = id_of(store, "موسم الصيد يبدأ").await;
        let first = top(store, article, keyed("صباح الخير")).await.expect("left");
        let (stored, events) = (comments(store).await, store.number("SELECT COUNT(*) FROM events").await);
        for minutes in [1, 5, 23 * 60] {
            // Names and line ends may differ: it is the same text by the same writer.
            let again =
                Submission { author_name: Some("سليم".into()), ..keyed(" صباح الخير\r\n") };
            let again = refusal(leave(store, None, &guest(minutes), article, None, again).await);
            assert_eq!(again.as_ref(), Ok(&first), "after {minutes} minutes");
        }
        // Closed or not by now, it was left.
        store.execute("UPDATE articles SET comment_policy = 'CLOSED'").await;
        assert_eq!(top(store, article, keyed("صباح الخير")).await, Ok(first));
        assert_eq!(comments(store).await, stored);
        assert_eq!(store.number("SELECT COUNT(*) FROM events").await, events);
        assert_eq!(store.wrong_counts().await.expect("counts"), vec![]);
    })
    .await;
}

#[tokio::test]
async fn a_key_serves_one_request_of_one_writer() {
    each_store(async |store| {
        filled(store, Policy::Open).await;
        let article = id_of(store, "موسم الصيد يبدأ").await;
        let other_article = id_of(store, "La saison de pêche commence").await;
        let first = top(store, article, keyed("صباح الخير")).await.expect("left");
        let reused = Err(Refused::KeyReused);
        assert_eq!(top(store, article, keyed("مساء الخير")).await, reused);
        assert_eq!(top(store, other_article, keyed("صباح الخير")).await, reused);
        assert_eq!(below(store, article, Some(first.comment.id), keyed("صباح الخير")).await, reused);
        // Who knows key and text, both of which may be guessed, is not shown the writer's receipt.
        for writer_key in [None, Some("someone-else-entirely".to_owned())] {
            let other = Submission { writer_key, ..keyed("صباح الخير") };
            assert_eq!(top(store, article, other).await, reused);
        }
        // What was refused took no key.
        let fresh =
            |body: &str| Submission { idempotency_key: Some("another-key-0123456789".into()), ..says(body) };
        let nowhere = Some(masthead_domain::comment::CommentId::from_stored(999_999));
        assert_eq!(below(store, article, nowhere, fresh("1")).await, Err(Refused::ParentNotFound));
        assert!(top(store, article, fresh("2")).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_key_holds_for_a_day() {
    each_store(async |store| {
        filled(store, Policy::Open).await;
        let article = id_of(store, "موسم الصيد يبدأ").await;
        let first = top(store, article, keyed("صباح الخير")).await.expect("left");
        let minutes = 1 + KEY_LIFETIME.num_minutes();
        let later = refusal(leave(store, None, &guest(minutes), article, None, keyed("مساء الخير")).await);
        let later = later.expect("the key is free again");
        assert_ne!(later.comment.id, first.comment.id);
        assert_eq!(later.comment.created_at, at(minutes));
        assert_eq!(store.number("SELECT COUNT(*) FROM idempotency_keys").await, 1, "the old one is gone");
    })
    .await;
}

#[tokio::test]
async fn a_repeated_request_is_told_how_its_comment_stands_now() {
    each_store(async |store| {
        filled(store, Policy::Moderated).await;
        let article = id_of(store, "موسم الصيد يبدأ").await;
        let first = top(store, article, keyed("صباح الخير")).await.expect("left");
        assert_eq!(first.outcome, Outcome::Held);
        store
            .execute(&format!(
                "UPDATE comments SET status = 'PUBLISHED' WHERE id = {}",
                first.comment.id.get()
            ))
            .await;
        let again = top(store, article, keyed("صباح الخير")).await.expect("left");
        assert_eq!((again.outcome, &again.receipt), (Outcome::Published, &first.receipt));
        // The article is gone for readers: no key tells that it is still there.
        store.execute("UPDATE articles SET live = FALSE, status = 'ARCHIVED'").await;
        assert_eq!(top(store, article, keyed("صباح الخير")).await, Err(Refused::NotFound));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_at_once_store_one() {
    each_store(async |store| {
        filled(store, Policy::Open).await;
        let article = id_of(store, "موسم الصيد يبدأ").await;
        let before = comments(store).await;
        // A second instance of the program on the same database.
        let other = Store::open(&Options::new(store.url())).await.expect("opens");
        let ten = (0..10).map(|n| {
            let store = if n % 2 == 0 { (**store).clone() } else { other.clone() };
            tokio::spawn(async move {
                leave(&store, None, &guest(1), article, None, keyed("صباح الخير")).await
            })
        });
        let mut answers = Vec::new();
        for answer in join_all(ten).await {
            answers.push(refusal(answer.expect("no panic")).expect("left"));
        }
        other.close().await.expect("closes");
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
        assert_eq!(comments(store).await, before + 1);
        assert_eq!(store.number("SELECT COUNT(*) FROM events WHERE kind = 'COMMENT_PUBLISHED'").await, 4);
        assert_eq!(store.wrong_counts().await.expect("counts"), vec![]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_different_ones_at_once_are_all_counted() {
    each_store(async |store| {
        filled(store, Policy::Open).await;
        let article = id_of(store, "موسم الصيد يبدأ").await;
        let parent = top(store, article, says("سؤال")).await.expect("left").comment.id;
        let before = comments(store).await;
        let ten = (0..10).map(|n| {
            let store = (**store).clone();
            let submission =
                Submission { idempotency_key: Some(format!("{KEY}-{n}")), ..says(&n.to_string()) };
            tokio::spawn(
                async move { leave(&store, None, &guest(1), article, Some(parent), submission).await },
            )
        });
        for answer in join_all(ten).await {
            refusal(answer.expect("no panic")).expect("left");
        }
        assert_eq!(comments(store).await, before + 10);
        assert_eq!(store.wrong_counts().await.expect("counts"), vec![]);
    })
    .await;
}
