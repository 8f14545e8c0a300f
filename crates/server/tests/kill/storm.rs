//! A storm: two hundred who comment at once while the program is killed again and again, and watchers who come back each
//! time. What was acknowledged is stored once, the counts are right, and every watcher was told of each comment once, in
//! order.
//!
//! MASTHEAD_TEST_STORM says how many comments; where it is not set, as many as a test run bears.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use masthead_tests::texts_at;
use serde_json::{Value, json};

use super::books::balance;
use super::program::{Place, Program, ask};
use super::{EMAIL, PASSWORD, on_postgres, sign_in};

const WRITERS: usize = 200;
/// Comments in all, where nobody says.
const COMMENTS: usize = 1_600;
const KILLS: usize = 3;
const ARTICLES: usize = 4;
const WATCHERS_OF_EACH: usize = 2;
/// How long the slowest machine may take for the last steps.
const PATIENCE: Duration = Duration::from_secs(120);

#[tokio::test]
async fn a_storm_of_comments_loses_and_doubles_nothing_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("masthead.sqlite").display());
    storm(Place { database: &database, data: folder.path() }).await;
}

#[tokio::test]
async fn a_storm_of_comments_loses_and_doubles_nothing_on_postgres() {
    on_postgres(async |place| storm(place).await).await;
}

/// Where the program is now; it listens elsewhere after each start.
struct Whereabouts(Mutex<String>);

impl Whereabouts {
    fn get(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, address: &str) {
        address.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// An acknowledged comment, and its article's place among the articles.
type Left = (usize, String);

async fn storm(place: Place<'_>) {
    let comments =
        std::env::var("MASTHEAD_TEST_STORM").map_or(COMMENTS, |set| set.parse().expect("a number"));
    let of_each = comments.div_ceil(WRITERS);
    place.login(EMAIL, PASSWORD);
    let program = place.serve();
    let articles = published_articles(&program.address);
    let whereabouts = Whereabouts(Mutex::new(program.address.clone()));
    let (acknowledged, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let watchers: Vec<Watcher> =
        (0..ARTICLES * WATCHERS_OF_EACH).map(|n| Watcher::new(n % ARTICLES)).collect();
    let began = Instant::now();

    let (program, left): (Program, Vec<Left>) = scope(|threads| {
        let mut program = program;
        for watcher in &watchers {
            let (whereabouts, is_over, article) = (&whereabouts, &is_over, &articles[watcher.article]);
            threads.spawn(move || watcher.watch(whereabouts, article, is_over));
        }
        // Those who watch are there before the storm.
        let mut left = Vec::new();
        while watchers.iter().any(|watcher| watcher.told().is_empty()) {
            assert!(began.elapsed() < PATIENCE, "nobody is told anything");
            for (n, article) in articles.iter().enumerate() {
                let name = format!("before-{n}-{}", left.len());
                left.push((n, comment(&whereabouts, &name, article, None)));
            }
            sleep(Duration::from_millis(100));
        }

        let at_work: Vec<_> = (0..WRITERS)
            .map(|name| {
                let (whereabouts, articles, acknowledged) = (&whereabouts, &articles, &acknowledged);
                threads.spawn(move || write(whereabouts, articles, name, of_each, acknowledged))
            })
            .collect();
        for kill in 1..=KILLS {
            while acknowledged.load(Ordering::SeqCst) < WRITERS * of_each * kill / (KILLS + 1) {
                assert!(!at_work.iter().all(|writer| writer.is_finished()), "a writer has failed");
                sleep(Duration::from_millis(2));
            }
            program.kill();
            program = place.serve();
            whereabouts.set(&program.address);
        }
        for writer in at_work {
            left.extend(writer.join().expect("a writer"));
        }
        // Nobody else writes any more: after these nothing comes.
        let last: Vec<String> = articles
            .iter()
            .enumerate()
            .map(|(n, article)| comment(&whereabouts, &format!("last-{n}"), article, None))
            .collect();
        let written = Instant::now();
        while watchers.iter().any(|watcher| watcher.told().last() != Some(&last[watcher.article]))
            && written.elapsed() < PATIENCE
        {
            sleep(Duration::from_millis(20));
        }
        left.extend(last.into_iter().enumerate());
        is_over.store(true, Ordering::SeqCst);
        (program, left)
    });
    eprintln!("{} comments in {:.1} s", left.len(), began.elapsed().as_secs_f64());
    counted(&program, &articles, &left);
    program.stop();

    let ids: BTreeSet<&String> = left.iter().map(|(_, id)| id).collect();
    assert_eq!(ids.len(), left.len(), "each was acknowledged by a name of its own");
    let stored = texts_at(place.database, "SELECT CAST(COUNT(*) AS TEXT) FROM comments").await;
    assert_eq!(stored, [left.len().to_string()], "what was acknowledged is what is stored");
    place.doctor().unwrap_or_else(|faults| panic!("{faults}"));
    balance(place.database).await;
    for watcher in &watchers {
        watcher.verify(&told_of(place.database, &articles[watcher.article]).await);
    }
}

fn published_articles(address: &str) -> Vec<String> {
    let token = sign_in(address);
    let create = "mutation($input: CreateArticleInput!) { it: createArticle(input: $input) { article { id } errors { code message } } }";
    let publish = "mutation($id: ID!) { it: publishArticle(id: $id) { errors { code message } } }";
    let one = |n: usize| {
        let input = json!({"title": format!("Storm {n}"), "body": {"html": "<p>It rains.</p>"}});
        let made = ask(address, Some(&token), create, json!({"input": input})).expect("an answer");
        let id = made["it"]["article"]["id"].as_str().expect("an id").to_owned();
        let done = ask(address, Some(&token), publish, json!({"id": id})).expect("an answer");
        assert_eq!(done["it"]["errors"], json!([]));
        id
    };
    (0..ARTICLES).map(one).collect()
}

/// One writer's share, to every article in turn; each third comment answers an earlier one.
fn write(
    whereabouts: &Whereabouts,
    articles: &[String],
    name: usize,
    count: usize,
    acknowledged: &AtomicUsize,
) -> Vec<Left> {
    let mut left: Vec<Left> = Vec::new();
    for n in 0..count {
        let article = (name + n) % articles.len();
        let answers =
            left.iter().rev().find(|(of, _)| n % 3 == 2 && *of == article).map(|(_, id)| id.clone());
        let id = comment(whereabouts, &format!("writer-{name}-text-{n}"), &articles[article], answers);
        left.push((article, id));
        acknowledged.fetch_add(1, Ordering::SeqCst);
    }
    left
}

/// Leaves a comment, again and again with one key, until it is acknowledged.
fn comment(whereabouts: &Whereabouts, name: &str, article: &str, parent: Option<String>) -> String {
    let document = "mutation($input: CreateCommentInput!) { it: createComment(input: $input) { outcome comment { id } errors { code message } } }";
    let input = json!({
        "articleId": article,
        "parentId": parent,
        "authorName": name,
        "body": format!("What {name} has to say of the weather."),
        "idempotencyKey": format!("key-of-the-comment-{name}"),
        "writerKey": format!("{name:-<64}"),
    });
    loop {
        if let Some(answer) = ask(&whereabouts.get(), None, document, json!({"input": input})) {
            assert_eq!(
                (&answer["it"]["outcome"], &answer["it"]["errors"]),
                (&json!("PUBLISHED"), &json!([])),
                "{name}"
            );
            return answer["it"]["comment"]["id"].as_str().expect("an id").to_owned();
        }
        sleep(Duration::from_millis(20));
    }
}

/// The counts that readers are shown.
fn counted(program: &Program, articles: &[String], left: &[Left]) {
    let count = "query($id: ID!) { node(id: $id) { ... on Article { commentCount } } }";
    for (n, article) in articles.iter().enumerate() {
        let answer = ask(&program.address, None, count, json!({"id": article})).expect("an answer");
        let expected = left.iter().filter(|(of, _)| *of == n).count();
        assert_eq!(answer["node"]["commentCount"], json!(expected));
    }
}

/// The comments of an article as the event log tells of them, in its order.
async fn told_of(database: &str, article: &str) -> Vec<String> {
    let plain = BASE64_URL_SAFE_NO_PAD.decode(article).expect("a global id");
    let key = String::from_utf8(plain).expect("text");
    let (_, key) = key.split_once(':').expect("a noun and a number");
    // Every comment was published as it was left, so its own number is its place among the events of its article.
    let sql = format!(
        "SELECT CAST(c.id AS TEXT) FROM events e JOIN comments c ON c.id = e.subject \
         WHERE e.kind = 'COMMENT_PUBLISHED' AND c.article_id = {key} ORDER BY e.seq"
    );
    let id = |number: String| BASE64_URL_SAFE_NO_PAD.encode(format!("Comment:{number}"));
    texts_at(database, &sql).await.into_iter().map(id).collect()
}

/// Someone who watches a thread, goes on from the last cursor whenever the stream breaks off, and remembers.
struct Watcher {
    article: usize,
    told: Mutex<Vec<String>>,
}

impl Watcher {
    fn new(article: usize) -> Self {
        Self { article, told: Mutex::default() }
    }

    fn told(&self) -> MutexGuard<'_, Vec<String>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(&self, whereabouts: &Whereabouts, article: &str, is_over: &AtomicBool) {
        let mut since: Option<String> = None;
        while !is_over.load(Ordering::SeqCst) {
            // A stream that breaks off is what this is about.
            let _ = self.one_stream(&whereabouts.get(), article, &mut since, is_over);
            sleep(Duration::from_millis(10));
        }
    }

    /// Reads one stream until it breaks off or everything is over.
    fn one_stream(
        &self,
        address: &str,
        article: &str,
        since: &mut Option<String>,
        is_over: &AtomicBool,
    ) -> std::io::Result<()> {
        let document = "subscription($a: ID!, $s: String) { it: threadChanged(articleId: $a, since: $s) { cursor kind commentId } }";
        let body = json!({"query": document, "variables": {"a": article, "s": since}}).to_string();
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_millis(500)))?;
        let head = format!(
            "POST /graphql HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\naccept: text/event-stream\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(body.as_bytes())?;
        let mut lines = BufReader::new(stream);
        let mut line = Vec::new();
        while !is_over.load(Ordering::SeqCst) {
            match lines.read_until(b'\n', &mut line) {
                Ok(0) => return Ok(()),
                Ok(_) if line.ends_with(b"\n") => {}
                Ok(_) => return Ok(()),
                // Nothing new; what has come of the line is kept.
                Err(error)
                    if matches!(
                        error.kind(),
                        std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                    ) =>
                {
                    continue;
                }
                Err(error) => return Err(error),
            }
            if let Some(data) = line.strip_prefix(b"data: {") {
                let event: Value = serde_json::from_slice(&[b"{", data].concat())?;
                let event = &event["data"]["it"];
                assert_eq!(event["kind"], "ADDED", "{event}");
                *since = event["cursor"].as_str().map(str::to_owned);
                self.told().push(event["commentId"].as_str().expect("an id").to_owned());
            }
            line.clear();
        }
        Ok(())
    }

    /// Whether it was told of everything since the first thing it was told of.
    fn verify(&self, all: &[String]) {
        let told = self.told();
        let first = all.iter().position(|id| Some(id) == told.first()).expect("it was told of what there is");
        let mut times: BTreeMap<&String, usize> = BTreeMap::new();
        told.iter().for_each(|id| *times.entry(id).or_default() += 1);
        let twice: Vec<_> = times.iter().filter(|(_, times)| **times > 1).collect();
        assert!(twice.is_empty(), "told twice: {twice:?}");
        assert_eq!(told[..], all[first..], "every comment, in the order of the log");
    }
}
