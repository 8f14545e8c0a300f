//! A forgotten password: who gets the letter, how often, what its link does, and for how long.

use masthead_actions::Occasion;
use masthead_actions::mail::Outcome;
use masthead_actions::refused::Refused;
use masthead_actions::user::attempt::AttemptError;
use masthead_actions::user::door::{Door, Lifetimes};
use masthead_actions::user::reset_password::{request_reset, reset_password, set_password};
use masthead_actions::user::sign_in::sign_in;
use masthead_domain::user::EmailAddress;
use masthead_domain::viewer::Viewer;
use masthead_tests::{TestStore, each_store};

use crate::newsroom::{Keeping, Newsroom, at, entropy, follower, queue};

const LINK: &str = "https://news.example/password-reset/";
const NEW: &str = "a passphrase that is new";

fn guest(minutes: i64) -> Occasion {
    Occasion { viewer: Viewer::Guest, now: at(minutes), entropy: entropy() }
}

fn door() -> Door {
    Door::new(false, Lifetimes::default())
}

async fn ask(store: &TestStore, email: &str, minutes: i64) {
    request_reset(store, &door(), &guest(minutes), None, email).await.expect("heard");
}

async fn set(store: &TestStore, token: &str, password: &str, minutes: i64) -> Result<(), AttemptError> {
    reset_password(store, &door(), &guest(minutes), token, password).await
}

fn is_gone(done: Result<(), AttemptError>) -> bool {
    matches!(done, Err(AttemptError::Refused(Refused::NotFound)))
}

/// The tokens of the letters that were kept, in their order.
fn tokens(post: &Keeping) -> Vec<String> {
    let kept = post.kept.lock().expect("no panic");
    let link = |body: &str| body.lines().find_map(|line| line.strip_prefix(LINK)).map(str::to_owned);
    kept.iter().map(|letter| link(&letter.body).expect("a link")).collect()
}

#[tokio::test]
async fn the_letters_link_sets_a_password_once_and_signs_everybody_out() {
    each_store(async |store| {
        let paper = Newsroom::stored(store).await;
        let mut following = follower(store).await;
        let post = Keeping::default();
        let email = EmailAddress::parse("wassim@news.example").expect("an address");
        set_password(store, at(0), entropy(), &email, "a passphrase that is old").await.expect("set");
        let old = sign_in(store, &door(), &guest(0), None, email.as_str(), "a passphrase that is old").await;
        old.expect("signed in");

        ask(store, "Wassim@News.example", 1).await;
        queue(&mut following, 1).await;
        assert_eq!(post.send_all(store, 1).await, [Outcome::Sent]);
        assert_eq!(post.recipients(), ["wassim@news.example"]);
        let token = tokens(&post).remove(0);
        assert_eq!(token.len(), 43);
        let kept = "SELECT CAST(SUM(LENGTH(token_hash)) AS BIGINT) FROM password_reset_tokens";
        assert_eq!(store.number(kept).await, 32, "only a hash is kept");

        let weak = set(store, &token, "wassim@news.example", 2).await;
        assert!(matches!(weak, Err(AttemptError::Refused(Refused::Invalid(_)))), "{weak:?}");
        for nonsense in ["", "x", &token[1..], &token.to_lowercase()] {
            assert!(is_gone(set(store, nonsense, NEW, 2).await), "{nonsense}");
        }
        set(store, &token, NEW, 2).await.expect("set");
        assert_eq!(store.number("SELECT COUNT(*) FROM sessions").await, 0, "all are signed out");
        assert!(is_gone(set(store, &token, NEW, 3).await), "once");
        sign_in(store, &door(), &guest(3), None, email.as_str(), NEW).await.expect("signed in");
        let written = store
            .texts("SELECT action || ' ' || actor_name || ' ' || COALESCE(detail, '') FROM audit_log WHERE action = 'PASSWORD_RESET'")
            .await;
        assert_eq!(written, ["PASSWORD_RESET wassim ", "PASSWORD_RESET wassim "], "by the operator, then by the letter");
        assert_eq!(
            store.number("SELECT subject_id FROM audit_log WHERE action = 'PASSWORD_RESET'").await,
            paper.writer.0.get()
        );
    })
    .await;
}

#[tokio::test]
async fn an_account_gets_few_letters_and_strangers_leave_the_same_rows() {
    each_store(async |store| {
        Newsroom::stored(store).await;
        let mut following = follower(store).await;
        let post = Keeping::default();
        for email in ["wassim@news.example", "nobody@news.example", "gone@news.example"] {
            for minutes in [0, 1, 4] {
                ask(store, email, minutes).await;
            }
        }
        assert_eq!(store.number("SELECT COUNT(*) FROM password_resets").await, 3, "a closed login's too");
        let asked = "SELECT COUNT(*) FROM events WHERE kind = 'PASSWORD_RESET_REQUESTED'";
        assert_eq!(store.number(asked).await, 3);
        let told = store.texts("SELECT CAST(payload AS TEXT) FROM events WHERE kind LIKE 'PASSWORD%'").await;
        assert!(told.iter().all(|payload| !payload.contains('@')), "{told:?}");
        queue(&mut following, 4).await;
        post.send_all(store, 4).await;
        assert_eq!(post.recipients(), ["wassim@news.example"]);

        ask(store, "wassim@news.example", 5).await;
        queue(&mut following, 5).await;
        post.send_all(store, 5).await;
        let tokens = tokens(&post);
        assert_eq!(tokens.len(), 2);
        assert!(is_gone(set(store, &tokens[0], NEW, 60).await), "an hour is over");
        set(store, &tokens[1], NEW, 64).await.expect("the second letter holds for an hour of its own");

        ask(store, "wassim@news.example", 70).await;
        queue(&mut following, 70).await;
        store.execute("UPDATE users SET disabled_at = 1 WHERE name = 'wassim'").await;
        assert_eq!(post.send_all(store, 70).await, [Outcome::Obsolete], "the login was closed meanwhile");
    })
    .await;
}

#[tokio::test]
async fn a_letter_that_is_sent_again_has_a_link_that_holds_as_the_first_one_does() {
    each_store(async |store| {
        Newsroom::stored(store).await;
        let mut following = follower(store).await;
        let post = Keeping::default();
        ask(store, "wassim@news.example", 0).await;
        queue(&mut following, 0).await;
        post.send_all(store, 0).await;
        store.execute("UPDATE letters SET outcome = NULL, ended_at = NULL, next_at = 0").await;
        assert_eq!(post.send_all(store, 10).await, [Outcome::Sent]);
        let tokens = tokens(&post);
        assert_ne!(tokens[0], tokens[1]);
        set(store, &tokens[0], NEW, 20).await.expect("set");
        assert!(is_gone(set(store, &tokens[1], NEW, 20).await), "with one of them all are used up");

        ask(store, "wassim@news.example", 30).await;
        queue(&mut following, 30).await;
        assert_eq!(post.send_all(store, 95).await, [Outcome::Obsolete], "its link would have ended");
        let door = door();
        masthead_actions::user::session::tidy(store, &door, at(95)).await.expect("tidied");
        assert_eq!(store.number("SELECT COUNT(*) FROM password_resets").await, 0);
    })
    .await;
}
