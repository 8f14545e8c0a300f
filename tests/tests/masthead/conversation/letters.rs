//! The post of the tests: what the program's own followers and steps do about letters, at the moment of the test, and what
//! was handed over.

use std::sync::Mutex;

use chrono::{DateTime, Utc};
use masthead_actions::follow::{Follower, Following, Step};
use masthead_actions::mail::{
    Letter, Letterhead, NotSent, NoteThreadNews, Post, QueueLetters, queue_thread_letters, send_next,
};
use masthead_domain::user::EmailAddress;
use masthead_domain::viewer::Viewer;
use serde_json::{Value, json};

use super::Talk;

pub const FOLLOW: &str = "mutation($input: FollowThreadInput!) { followThread(input: $input) { outcome errors { code field message retryAfter } } }";
pub const CONFIRM: &str = "mutation($token: String!) { confirmThreadFollow(token: $token) { token
    follow { frequency language confirmedAt article { title } } errors { code field message } } }";
pub const UPDATE: &str = "mutation($input: UpdateThreadFollowInput!) { updateThreadFollow(input: $input) { follow { frequency language } errors { code field message } } }";
pub const UNFOLLOW: &str = "mutation($input: UnfollowThreadInput!) { unfollowThread(input: $input) { ended errors { code field message } } }";

/// Both followers, and a post that keeps what it is given.
pub struct Mail {
    letters: Following<QueueLetters>,
    news: Following<NoteThreadNews>,
    kept: Kept,
}

#[derive(Default)]
struct Kept(Mutex<Vec<Letter>>);

impl Post for Kept {
    async fn deliver(&self, letter: &Letter) -> Result<(), NotSent> {
        self.0.lock().expect("no panic").push(letter.clone());
        Ok(())
    }
}

fn head() -> Letterhead {
    Letterhead {
        name: None,
        address: EmailAddress::parse("desk@news.example").expect("an address"),
        public_url: "https://news.example".to_owned(),
    }
}

async fn catch_up<F: Follower>(following: &mut Following<F>, at: DateTime<Utc>) {
    loop {
        match following.step(at).await.expect("a step") {
            Step::Idle => return,
            Step::Moved { .. } | Step::Passed => {}
            step @ (Step::Held | Step::Failed(_)) => panic!("{step:?}"),
        }
    }
}

impl Mail {
    /// From here on.
    pub async fn begin(talk: &Talk<'_>) -> Self {
        Self {
            letters: Following::begin(talk.store, QueueLetters, "a").await.expect("begins"),
            news: Following::begin(talk.store, NoteThreadNews, "a").await.expect("begins"),
            kept: Kept::default(),
        }
    }

    /// Lets the followers deal with what has happened.
    pub async fn follow(&mut self, at: DateTime<Utc>) {
        catch_up(&mut self.letters, at).await;
        catch_up(&mut self.news, at).await;
    }

    /// Queues the letters about threads that are due.
    pub async fn queue(&self, talk: &Talk<'_>, at: DateTime<Utc>) {
        while queue_thread_letters(talk.store, at).await.expect("queues") > 0 {}
    }

    /// Sends what waits, and hands out what was sent.
    pub async fn send(&self, talk: &Talk<'_>, at: DateTime<Utc>) -> Vec<Letter> {
        while send_next(talk.store, &self.kept, &head(), at, &[3; 32]).await.expect("sends").is_some() {}
        std::mem::take(&mut *self.kept.0.lock().expect("no panic"))
    }

    /// All of it.
    pub async fn round(&mut self, talk: &Talk<'_>, at: DateTime<Utc>) -> Vec<Letter> {
        self.follow(at).await;
        self.queue(talk, at).await;
        self.send(talk, at).await
    }

    /// Lets an address follow, its confirmation included; the token that changes and ends it.
    pub async fn confirmed(&mut self, talk: &Talk<'_>, input: Value, at: DateTime<Utc>) -> String {
        let asked = talk.at(&Viewer::Guest, at, FOLLOW, json!({"input": input})).await;
        assert_eq!((&asked["outcome"], &asked["errors"]), (&json!("ASKED"), &json!([])), "{asked:#}");
        let letters = self.round(talk, at).await;
        assert_eq!(letters.len(), 1, "the letter that asks");
        let token = link(&letters[0], "confirm");
        let confirmed = talk.at(&Viewer::Guest, at, CONFIRM, json!({"token": token})).await;
        assert_eq!(confirmed["errors"], json!([]), "{confirmed:#}");
        confirmed["token"].as_str().expect("a token").to_owned()
    }
}

/// The token of a link in a letter.
pub fn link(letter: &Letter, what: &str) -> String {
    let begins = format!("https://news.example/thread-letters/{what}/");
    let line = letter.body.lines().find_map(|line| line.strip_prefix(&begins));
    let line = line.unwrap_or_else(|| panic!("no link to {what} in {}", letter.body));
    line.split('?').next().expect("a token").to_owned()
}

/// To whom letters went, in order of the alphabet.
pub fn recipients(letters: &[Letter]) -> Vec<&str> {
    let mut to: Vec<&str> = letters.iter().map(|letter| letter.to.as_str()).collect();
    to.sort_unstable();
    to
}
