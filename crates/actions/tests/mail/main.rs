//! Letters: who gets which, what they say, when they are not sent any more, and what becomes of those that fail.

#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod newsroom;
mod reset;

use std::collections::BTreeSet;
use std::sync::Mutex;

use masthead_actions::mail::{Outcome, send_next};
use masthead_domain::Id;
use masthead_domain::event::Event;
use masthead_tests::each_store;

use newsroom::{Keeping, Newsroom, TITLE, at, entropy, follower, head, queue};

#[tokio::test]
async fn editors_of_the_articles_sections_are_asked_for_review_and_its_writers_told_of_its_return() {
    each_store(async |store| {
        let paper = Newsroom::stored(store).await;
        let mut following = follower(store).await;
        let post = Keeping::default();
        paper.submit(store, 1).await;
        queue(&mut following, 2).await;
        assert_eq!(post.send_all(store, 2).await, [Outcome::Sent, Outcome::Sent]);
        assert_eq!(post.recipients(), ["everywhere@news.example", "sporty@news.example"]);
        {
            let kept = post.kept.lock().expect("no panic").clone();
            let letter = kept.iter().find(|letter| letter.to_name == "sporty").expect("a letter");
            assert_eq!(letter.subject, format!("For review: \u{2068}{TITLE}\u{2069}"));
            assert!(letter.body.starts_with("Hello \u{2068}sporty\u{2069},\n"), "{}", letter.body);
            assert!(letter.body.contains("From: \u{2068}wassim\u{2069}\n"), "{}", letter.body);
            assert!(letter.body.contains("2025-10-09 08:54 (UTC)"), "{}", letter.body);
            assert!(letter.body.ends_with("\nhttps://news.example\n"), "{}", letter.body);
            assert_eq!((letter.language, letter.at), ("en", at(1)));
        }

        post.kept.lock().expect("no panic").clear();
        store.execute("UPDATE site SET default_locale = 'ar', time_zone = 'Asia/Beirut'").await;
        paper.hand_back(store, 3, "Shorter.\nوأهدأ.").await;
        queue(&mut following, 4).await;
        post.send_all(store, 4).await;
        assert_eq!(post.recipients(), ["second@news.example", "wassim@news.example"]);
        let kept = post.kept.lock().expect("no panic").clone();
        let letter = &kept[0];
        assert_eq!(letter.language, "ar");
        assert_eq!(letter.subject, format!("أُعيدت المادة: \u{2068}{TITLE}\u{2069}"));
        assert!(letter.body.contains("2025-10-09 11:56 (Asia/Beirut)"), "{}", letter.body);
        assert!(letter.body.contains("أعادها: \u{2068}everywhere\u{2069}"), "{}", letter.body);
        assert!(
            letter.body.contains("ملاحظة:\n\u{2068}Shorter.\u{2069}\n\u{2068}وأهدأ.\u{2069}\n"),
            "{}",
            letter.body
        );
    })
    .await;
}

#[tokio::test]
async fn who_did_it_gets_no_letter_and_where_nobody_edits_the_administrators_get_one() {
    each_store(async |store| {
        let paper = Newsroom::stored(store).await;
        let mut following = follower(store).await;
        let post = Keeping::default();
        // The writer becomes an editor, and submits: to the others only.
        store.execute("UPDATE users SET role = 'EDITOR' WHERE name = 'wassim'").await;
        paper.submit(store, 1).await;
        queue(&mut following, 1).await;
        post.send_all(store, 1).await;
        assert_eq!(post.recipients(), ["everywhere@news.example", "sporty@news.example"]);

        post.kept.lock().expect("no panic").clear();
        store.execute("UPDATE users SET author_id = NULL WHERE name = 'wassim'").await;
        let occasion = newsroom::as_member(
            paper.second_writer.0,
            paper.second_writer.1,
            masthead_domain::user::Role::Admin,
            2,
        );
        let back = masthead_actions::article::step::Step::default();
        let transition = masthead_domain::article::lifecycle::Transition::Return;
        masthead_actions::article::step::step(store, &occasion, paper.article, transition, back)
            .await
            .expect("returned");
        queue(&mut following, 2).await;
        post.send_all(store, 2).await;
        assert_eq!(
            post.recipients(),
            ["wassim@news.example"],
            "who began it, though the byline is gone; not who returned it"
        );

        post.kept.lock().expect("no panic").clear();
        store.execute("UPDATE users SET role = 'AUTHOR' WHERE role = 'EDITOR'").await;
        paper.submit(store, 3).await;
        queue(&mut following, 3).await;
        post.send_all(store, 3).await;
        assert_eq!(post.recipients(), ["admin@news.example"]);
    })
    .await;
}

#[tokio::test]
async fn a_letter_is_not_sent_when_there_is_nothing_more_to_say_or_nobody_to_say_it_to() {
    each_store(async |store| {
        let paper = Newsroom::stored(store).await;
        let mut following = follower(store).await;
        let post = Keeping::default();
        paper.submit(store, 1).await;
        queue(&mut following, 1).await;
        // One is not of that section any more, and works no more at all.
        store.execute("UPDATE users SET role = 'AUTHOR' WHERE name = 'everywhere'").await;
        store.execute("DELETE FROM users WHERE name = 'sporty'").await;
        assert_eq!(post.send_all(store, 1).await, [Outcome::Obsolete]);
        store.execute("UPDATE users SET role = 'EDITOR' WHERE name = 'everywhere'").await;
        paper.hand_back(store, 2, "No.").await;
        paper.submit(store, 3).await;
        queue(&mut following, 3).await;
        paper.hand_back(store, 4, "No again.").await;
        queue(&mut following, 4).await;
        // Two returns to two writers; the review is over before it was asked for.
        let outcomes = post.send_all(store, 4).await;
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == Outcome::Obsolete).count(), 1);
        let kept = post.kept.lock().expect("no panic").clone();
        let notes: Vec<bool> = kept.iter().map(|letter| letter.body.contains("No again.")).collect();
        assert_eq!(notes, [false, false, true, true], "each has the note of its own return");
        store.execute("DELETE FROM articles").await;
        assert_eq!(
            store.number("SELECT COUNT(*) FROM letters").await,
            0,
            "a deleted article leaves no letters"
        );
    })
    .await;
}

#[tokio::test]
async fn a_letter_that_fails_holds_up_no_other_and_is_tried_for_a_day_with_the_same_id() {
    each_store(async |store| {
        let paper = Newsroom::stored(store).await;
        let mut following = follower(store).await;
        let post = Keeping {
            refuses: Mutex::new(BTreeSet::from(["sporty@news.example".to_owned()])),
            ..Keeping::default()
        };
        paper.submit(store, 0).await;
        queue(&mut following, 0).await;
        let mut outcomes = post.send_all(store, 0).await;
        outcomes.sort_unstable_by_key(|outcome| format!("{outcome:?}"));
        assert_eq!(outcomes, [Outcome::Postponed, Outcome::Sent]);
        assert_eq!(store.letters_next().await.expect("next"), Some(at(1)));
        assert!(post.send_all(store, 0).await.is_empty(), "not before its time");
        assert_eq!(post.send_all(store, 1).await, [Outcome::Postponed]);
        let unsent = store.letters_unsent(10).await.expect("unsent");
        assert_eq!((unsent.len(), unsent[0].attempts, unsent[0].waits), (1, 2, true));
        assert_eq!(unsent[0].why.as_deref(), Some("refused"));

        // A process that is killed after handing it over has not written that down: the next one sends it again.
        post.refuses.lock().expect("no panic").clear();
        assert_eq!(post.send_all(store, 10).await, [Outcome::Sent]);
        store
            .execute("UPDATE letters SET outcome = NULL, ended_at = NULL, next_at = 0 WHERE attempts = 3")
            .await;
        assert_eq!(post.send_all(store, 20).await, [Outcome::Sent]);
        let kept = post.kept.lock().expect("no panic").clone();
        let twice: Vec<_> = kept.iter().filter(|letter| letter.to_name == "sporty").collect();
        assert_eq!(twice.len(), 2);
        assert_eq!(twice[0], twice[1], "the same letter, with the same message id");
        assert_ne!(kept[0].message_id, twice[0].message_id);
        assert!(
            twice[0].message_id.starts_with("masthead.") && twice[0].message_id.ends_with("@news.example")
        );

        // One that never goes.
        post.refuses.lock().expect("no panic").insert("second@news.example".to_owned());
        paper.hand_back(store, 30, "No.").await;
        queue(&mut following, 30).await;
        let mut minutes = 30;
        let mut tries = 0;
        loop {
            let outcomes = post.send_all(store, minutes).await;
            tries += outcomes.iter().filter(|outcome| **outcome == Outcome::Postponed).count();
            if outcomes.contains(&Outcome::Failed) {
                break;
            }
            minutes = (store.letters_next().await.expect("next").expect("it waits") - at(0)).num_minutes();
        }
        assert!((24 * 60..27 * 60).contains(&(minutes - 30)), "{minutes}");
        assert!((10..30).contains(&tries), "{tries}");
        let unsent = store.letters_unsent(10).await.expect("unsent");
        assert_eq!((unsent.len(), unsent[0].waits), (1, false));
        assert_eq!(store.letters_next().await.expect("next"), None);
        assert_eq!(store.leavings_prune(at(minutes + 1), 100).await.expect("prune"), 4);
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_for_good_is_not_tried_again() {
    each_store(async |store| {
        let paper = Newsroom::stored(store).await;
        let mut following = follower(store).await;
        let refuses = Mutex::new(BTreeSet::from(["sporty@news.example".to_owned()]));
        let post = Keeping { refuses, for_good: true, ..Keeping::default() };
        paper.submit(store, 0).await;
        queue(&mut following, 0).await;
        store.execute("UPDATE users SET email = 'no address' WHERE name = 'everywhere'").await;
        assert_eq!(post.send_all(store, 0).await, [Outcome::Failed, Outcome::Failed]);
        assert!(post.recipients().is_empty());
    })
    .await;
}

#[tokio::test]
async fn two_processes_send_each_letter_once() {
    each_store(async |store| {
        let paper = Newsroom::stored(store).await;
        let mut following = follower(store).await;
        for n in 0..5 {
            paper.submit(store, n * 2).await;
            paper.hand_back(store, n * 2 + 1, "No.").await;
        }
        queue(&mut following, 10).await;
        let post = Keeping::default();
        tokio::join!(post.send_all(store, 10), post.send_all(store, 10), post.send_all(store, 10));
        while send_next(store, &post, &head(), at(10), &entropy()).await.expect("sends").is_some() {}
        let kept = post.kept.lock().expect("no panic").clone();
        let ids: BTreeSet<&str> = kept.iter().map(|letter| letter.message_id.as_str()).collect();
        assert_eq!(
            (kept.len(), ids.len()),
            (10, 10),
            "five returns to two writers; no review is waited for any more"
        );
    })
    .await;
}

#[tokio::test]
async fn who_is_invited_gets_the_link_until_it_is_taken_or_has_ended() {
    each_store(async |store| {
        let paper = Newsroom::stored(store).await;
        let mut following = follower(store).await;
        for (id, ends, accepted) in [(1, 100, "NULL"), (2, 100, "5"), (3, 1, "NULL")] {
            let ends = at(ends).timestamp_micros();
            let by = paper.editor.0.get();
            store
                .execute(&format!(
                    "INSERT INTO invitations (id, email, email_key, name, role, sections, invited_by, created_at, expires_at, accepted_at) \
                     VALUES ({id}, 'new{id}@news.example', 'new{id}@news.example', 'New {id}', 'EDITOR', '[{}]', {by}, 0, {ends}, {accepted})",
                    paper.sport.get()
                ))
                .await;
        }
        let tx = store.begin().await.expect("begin");
        for id in [1, 2, 3, 4] {
            tx.append(Event::UserInvited { invitation: Id::from_stored(id) }, at(0));
        }
        tx.commit().await.expect("commit");
        queue(&mut following, 2).await;
        let post = Keeping::default();
        assert_eq!(post.send_all(store, 2).await, [Outcome::Sent, Outcome::Obsolete, Outcome::Obsolete]);
        let kept = post.kept.lock().expect("no panic").clone();
        assert_eq!(kept[0].to.as_str(), "new1@news.example");
        let link = kept[0].body.lines().find(|line| line.starts_with("https://news.example/")).expect("a link");
        assert!(link.len() > "https://news.example/".len() + 20, "{link}");
        assert!(kept[0].body.contains("Role: \u{2068}Editor\u{2069}\n"), "{}", kept[0].body);
        assert!(!format!("{:?}", kept[0]).contains(link), "a letter's link is not for the log");
    })
    .await;
}
