//! Watching what happens, through the schema: every event in order and once, whatever is missed, and nothing of what is
//! hidden.

use std::collections::BTreeSet;
use std::time::Duration;

use async_graphql::{Request, Response, Variables};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use masthead_domain::article::ArticleId;
use masthead_domain::comment::{CommentId, Status};
use masthead_domain::event::{Event, Position};
use masthead_domain::text::Direction;
use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use masthead_graphql::{Visit, execute_stream};
use masthead_persistence::Store;
use masthead_persistence::comment::NewComment;
use masthead_tests::TestStore;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::documents::operation;
use crate::newsroom::{Newsroom, global_id, now, on_each_database, on_each_database_raw};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A subscription of the contract.
struct Watcher(BoxStream<'static, Response>);

impl Watcher {
    fn new(newsroom: &Newsroom, who: &Viewer, name: &str, variables: Value) -> Self {
        let visit = Visit::new(newsroom.settings(), who.clone(), now(), None, "test".to_owned());
        let request = Request::new(operation(name)).variables(Variables::from_json(variables));
        Self(execute_stream(newsroom.schema(), request, visit).boxed())
    }

    async fn thread(newsroom: &Newsroom, article: &str, since: Option<&str>) -> Self {
        let watcher =
            Self::new(newsroom, &Viewer::Guest, "ThreadLive", json!({"article": article, "since": since}));
        watcher.begun().await
    }

    async fn news(newsroom: &Newsroom, section: Option<&str>, since: Option<&str>) -> Self {
        let watcher =
            Self::new(newsroom, &Viewer::Guest, "NewsLive", json!({"section": section, "since": since}));
        watcher.begun().await
    }

    /// Watches from here on: a stream begins when it is first asked.
    async fn begun(mut self) -> Self {
        if let Ok(early) = timeout(Duration::from_millis(200), self.0.next()).await {
            self.0 = futures_util::stream::iter(early).chain(self.0).boxed();
        }
        self
    }

    /// The whole answer.
    async fn answer(&mut self) -> Value {
        let answer = timeout(PATIENCE, self.0.next()).await.expect("something happens").expect("it goes on");
        serde_json::to_value(answer).expect("JSON")
    }

    /// What the one field tells.
    async fn next(&mut self) -> Value {
        let answer = self.answer().await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        answer["data"].as_object().and_then(|data| data.values().next()).expect("a field").clone()
    }

    /// Kind and id of the next event.
    async fn told(&mut self) -> (String, String) {
        let told = self.next().await;
        let id = told.get("commentId").or(told.get("articleId")).expect("an id");
        (told["kind"].as_str().expect("a kind").to_owned(), id.as_str().unwrap_or_default().to_owned())
    }
}

/// Passes on what happens while the test runs.
struct Teller(tokio::task::JoinHandle<()>);

impl Teller {
    fn start(newsroom: &Newsroom) -> Self {
        let live = newsroom.settings().live.clone();
        Self(tokio::spawn(async move {
            loop {
                live.read_on().await.expect("reads");
                tokio::time::sleep(Duration::from_millis(3)).await;
            }
        }))
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn leave(store: &Store, article: ArticleId, status: Status, text: &str) -> CommentId {
    let new = NewComment {
        article,
        parent: None,
        status,
        author_name: None,
        author_email: None,
        writer_key: None,
        user: None,
        address_hash: None,
        by_staff: false,
        direction: Direction::Ltr,
        text: text.to_owned(),
        html: format!("<p>{text}</p>"),
        created_at: now(),
    };
    let tx = store.begin().await.expect("begins");
    let comment = tx.comment_add(&new).await.expect("adds");
    tx.append(
        if status.is_public() {
            Event::CommentPublished { comment, article }
        } else {
            Event::CommentHeld { comment, article }
        },
        now(),
    );
    tx.commit().await.expect("commits");
    comment
}

/// Changes a comment's status and says so, as moderators and writers will.
async fn move_to(store: &TestStore, comment: CommentId, status: Status, event: Event) {
    store
        .execute(&format!(
            "UPDATE comments SET status = '{}', shown = {} WHERE id = {}",
            status.as_str(),
            status.is_public(),
            comment.get()
        ))
        .await;
    tell(store, event).await;
}

async fn tell(store: &Store, event: Event) {
    let tx = store.begin().await.expect("begins");
    tx.append(event, now());
    tx.commit().await.expect("commits");
}

fn comment_id(comment: CommentId) -> String {
    global_id(&format!("Comment:{}", comment.get()))
}

fn told(kind: &str, id: &Value) -> (String, String) {
    (kind.to_owned(), id.as_str().expect("an id").to_owned())
}

#[tokio::test]
async fn a_thread_is_told_as_it_stands() {
    on_each_database_raw(async |newsroom, store| {
        let _teller = Teller::start(newsroom);
        let id = newsroom.article_id(&newsroom.slug_of("derby.fr").await).await;
        let article = newsroom.key_of(&id);
        let mut watcher = Watcher::thread(newsroom, &id, None).await;
        let first = leave(store, article, Status::Published, "first").await;
        let event = watcher.next().await;
        assert_eq!((&event["kind"], &event["commentId"]), (&json!("ADDED"), &json!(comment_id(first))));
        assert_eq!(event["comment"]["body"], json!({"html": "<p>first</p>", "text": "first"}));
        assert_eq!(event["comment"]["parent"], Value::Null);
        let cursor = event["cursor"].as_str().expect("a cursor").to_owned();

        // An answer comes with what it answers.
        let answer = newsroom
            .field_as(
                &Viewer::Guest,
                "mutation($a: ID!, $p: ID!) { createComment(input: { articleId: $a, parentId: $p, body: \"An answer\" }) { comment { id } errors { code } } }",
                json!({"a": id, "p": comment_id(first)}),
            )
            .await;
        let event = watcher.next().await;
        assert_eq!(event["commentId"], answer["comment"]["id"]);
        assert_eq!(event["comment"]["parent"]["id"], comment_id(first));

        // Of one that waits nothing is told, and nothing of what becomes of it before it is public.
        let held = leave(store, article, Status::Pending, "held").await;
        let refused = leave(store, article, Status::Pending, "refused").await;
        move_to(store, refused, Status::Spam, Event::CommentRefused { comment: refused, article }).await;
        move_to(store, held, Status::Published, Event::CommentPublished { comment: held, article }).await;
        let event = watcher.next().await;
        assert_eq!((&event["kind"], &event["comment"]["body"]["text"]), (&json!("ADDED"), &json!("held")));

        store.execute(&format!("UPDATE comments SET body_text = 'edited' WHERE id = {}", first.get())).await;
        tell(store, Event::CommentEdited { comment: first, article }).await;
        let event = watcher.next().await;
        assert_eq!((&event["kind"], &event["comment"]["body"]["text"]), (&json!("EDITED"), &json!("edited")));
        move_to(store, held, Status::Withdrawn, Event::CommentRemoved { comment: held, article }).await;
        let event = watcher.next().await;
        assert_eq!(
            (&event["kind"], &event["commentId"], &event["comment"]),
            (&json!("REMOVED"), &json!(comment_id(held)), &Value::Null)
        );

        // Whoever comes back is told what they missed, each as it is now: never a comment that is gone.
        let mut back = Watcher::thread(newsroom, &id, Some(&cursor)).await;
        assert_eq!(back.told().await, told("ADDED", &answer["comment"]["id"]));
        let edited = back.next().await;
        assert_eq!((&edited["kind"], &edited["commentId"]), (&json!("EDITED"), &json!(comment_id(first))));
        assert_eq!(back.told().await, ("REMOVED".to_owned(), comment_id(held)));
        let last = leave(store, article, Status::Published, "last").await;
        for watcher in [&mut watcher, &mut back] {
            assert_eq!(watcher.told().await, ("ADDED".to_owned(), comment_id(last)));
        }
        // Of other threads nothing.
        let other = newsroom.key_of(&newsroom.article_id(&newsroom.slug_of("night-bus.en").await).await);
        leave(store, other, Status::Published, "elsewhere").await;
        let mine = leave(store, article, Status::Published, "here").await;
        assert_eq!(back.told().await, ("ADDED".to_owned(), comment_id(mine)));
    })
    .await;
}

#[tokio::test]
async fn the_place_of_a_comment_that_is_gone_is_told_as_no_comment() {
    on_each_database_raw(async |newsroom, store| {
        let _teller = Teller::start(newsroom);
        let id = newsroom.article_id(&newsroom.slug_of("derby.fr").await).await;
        let article = newsroom.key_of(&id);
        let mut watcher = Watcher::thread(newsroom, &id, None).await;
        let before = leave(store, article, Status::Published, "before").await;
        let cursor = watcher.next().await["cursor"].as_str().expect("a cursor").to_owned();
        let gone = leave(store, article, Status::Published, "to be taken back").await;
        let answer = newsroom
            .field_as(
                &Viewer::Guest,
                "mutation($a: ID!, $p: ID!) { createComment(input: { articleId: $a, parentId: $p, body: \"An answer\" }) { comment { id } errors { code } } }",
                json!({"a": id, "p": comment_id(gone)}),
            )
            .await;
        let place = format!("UPDATE comments SET status = 'WITHDRAWN' WHERE id = {}", gone.get());
        store.execute(&place).await;
        tell(store, Event::CommentRemoved { comment: gone, article }).await;
        let mut back = Watcher::thread(newsroom, &id, Some(&cursor)).await;
        let event = back.next().await;
        assert_eq!((&event["kind"], &event["commentId"]), (&json!("ADDED"), &answer["comment"]["id"]), "not {before:?} nor the one that is gone");
        assert_eq!(event["comment"]["parent"]["id"], comment_id(gone));
        assert_eq!(back.told().await, ("REMOVED".to_owned(), comment_id(gone)));
        store.execute(&format!("UPDATE articles SET comment_count = comment_count - 1 WHERE id = {}", article.get())).await;
    })
    .await;
}

#[tokio::test]
async fn a_thread_whose_article_is_hidden_is_silent_until_it_is_back() {
    on_each_database_raw(async |newsroom, store| {
        let _teller = Teller::start(newsroom);
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let id = newsroom.article_id(&newsroom.slug_of("derby.fr").await).await;
        let article = newsroom.key_of(&id);
        let before = leave(store, article, Status::Published, "before").await;
        let mut guest = Watcher::thread(newsroom, &id, None).await;
        let mut desk = Watcher::new(newsroom, &editor, "ThreadLive", json!({"article": id})).begun().await;
        newsroom.done_as(&editor, "ArchiveArticle", json!({"id": id})).await;
        let hidden = leave(store, article, Status::Published, "hidden words").await;
        move_to(store, before, Status::Withdrawn, Event::CommentRemoved { comment: before, article }).await;
        newsroom.done_as(&editor, "ReopenArticle", json!({"id": id})).await;
        newsroom.done_as(&editor, "PublishArticle", json!({"id": id})).await;
        for watcher in [&mut guest, &mut desk] {
            // Of what was told meanwhile either nothing, or, by one who looks late, what is public again.
            let mut kinds = BTreeSet::new();
            loop {
                let event = watcher.next().await;
                kinds.insert(event["kind"].as_str().expect("a kind").to_owned());
                if event["kind"] == "RESYNC" {
                    break;
                }
                assert!(event["commentId"] == comment_id(hidden) || event["commentId"] == comment_id(before));
            }
            assert!(kinds.contains("RESYNC"));
        }
    })
    .await;
}

#[tokio::test]
async fn of_a_hidden_article_nothing_is_ever_told() {
    on_each_database_raw(async |newsroom, store| {
        let _teller = Teller::start(newsroom);
        let hidden = ArticleId::from_stored(newsroom.hidden_key().await);
        let hidden_id = global_id(&format!("Article:{}", hidden.get()));
        let public = newsroom.article_id(&newsroom.slug_of("derby.fr").await).await;
        let since = {
            let mut watcher = Watcher::thread(newsroom, &public, None).await;
            leave(store, newsroom.key_of(&public), Status::Published, "a place to begin").await;
            watcher.next().await["cursor"].as_str().expect("a cursor").to_owned()
        };
        let mut thread = Watcher::thread(newsroom, &hidden_id, None).await;
        let mut news = Watcher::news(newsroom, None, None).await;
        let secret = leave(store, hidden, Status::Published, "secret").await;
        tell(store, Event::CommentEdited { comment: secret, article: hidden }).await;
        tell(store, Event::CommentRemoved { comment: secret, article: hidden }).await;
        for event in [
            Event::ArticlePublished { article: hidden, revision: 1, appeared: true },
            Event::ArticlePublished { article: hidden, revision: 1, appeared: false },
            Event::EmbargoEnded { article: hidden, revision: 1 },
            Event::ArticleCorrected { article: hidden },
            Event::SlugChanged { article: hidden },
            Event::ArticleDeleted { article: ArticleId::from_stored(987_654), was_live: false },
        ] {
            tell(store, event).await;
        }
        // A draft that never was public is put away.
        store.execute(&format!("UPDATE articles SET published_at = NULL WHERE id = {}", hidden.get())).await;
        tell(store, Event::ArticleArchived { article: hidden }).await;
        tell(store, Event::ArticleEmbargoed { article: hidden, revision: 1 }).await;
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        newsroom.done_as(&editor, "ArchiveArticle", json!({"id": public})).await;
        // The first that is told is the last that happened; also to one who comes back.
        assert_eq!(news.told().await, ("REMOVED".to_owned(), public.clone()));
        let mut back = Watcher::news(newsroom, None, Some(&since)).await;
        assert_eq!(back.told().await, ("REMOVED".to_owned(), public));
        let mut late = Watcher::thread(newsroom, &hidden_id, Some(&since)).await;
        for silent in [&mut thread, &mut late] {
            assert!(timeout(Duration::from_millis(200), silent.0.next()).await.is_err(), "nothing is told");
        }
    })
    .await;
}

#[tokio::test]
async fn the_news_of_all_and_of_a_section() {
    on_each_database_raw(async |newsroom, _| {
        let _teller = Teller::start(newsroom);
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let admin = newsroom.person("Adam", Role::Admin, &[]).await;
        let mut all = Watcher::news(newsroom, None, None).await;
        let mut sport = Watcher::news(newsroom, Some("sport"), None).await;
        let create = async |title: &str, section: &str, kind: &str| {
            let input = json!({"title": title, "locale": "en", "section": section, "kind": kind, "body": {"markdown": "Text."}});
            newsroom.done_as(&editor, "CreateArticle", json!({"input": input})).await["article"].clone()
        };
        let version = async |id: &Value| {
            let document = "query($id: ID!) { node(id: $id) { ... on Article { desk { version } } } }";
            newsroom.field_as(&editor, document, json!({"id": id})).await["desk"]["version"].clone()
        };
        let match_report = create("The match", "sport", "ARTICLE").await["id"].clone();
        let page = create("About us", "sport", "PAGE").await["id"].clone();
        newsroom.done_as(&editor, "PublishArticle", json!({"id": page})).await;
        newsroom.done_as(&editor, "PublishArticle", json!({"id": match_report})).await;
        let event = all.next().await;
        assert_eq!((&event["kind"], &event["articleId"]), (&json!("ADDED"), &match_report));
        assert_eq!(event["article"]["title"], "The match");
        assert_eq!(event["article"]["breaking"], json!(false));
        let begin = event["cursor"].as_str().expect("a cursor").to_owned();
        assert_eq!(sport.told().await, told("ADDED", &match_report));

        // A correction is one event, and so is a new slug.
        let correction = json!({"id": match_report, "version": version(&match_report).await, "kind": "CORRECTION", "note": "The score.",
            "input": {"title": "The match, corrected", "slug": "the-match-corrected"}});
        newsroom.done_as(&editor, "CorrectArticle", correction).await;
        assert_eq!(all.told().await, told("EDITED", &match_report));
        assert_eq!(sport.told().await, told("EDITED", &match_report));

        // It leaves the section, and comes back.
        for (section, of_all, of_sport) in [("city", "EDITED", "REMOVED"), ("sport", "EDITED", "ADDED")] {
            let update = json!({"id": match_report, "version": version(&match_report).await, "input": {"section": section}});
            newsroom.done_as(&editor, "UpdateArticle", update).await;
            newsroom.done_as(&editor, "PublishArticle", json!({"id": match_report})).await;
            assert_eq!(all.told().await, told(of_all, &match_report));
            assert_eq!(sport.told().await, told(of_sport, &match_report));
        }
        // Elsewhere, which the section's watchers are not told.
        let elsewhere = create("The council", "city", "ARTICLE").await["id"].clone();
        newsroom.done_as(&editor, "PublishArticle", json!({"id": elsewhere})).await;
        assert_eq!(all.told().await, told("ADDED", &elsewhere));
        newsroom.done_as(&editor, "ArchiveArticle", json!({"id": elsewhere})).await;
        assert_eq!(all.told().await, told("REMOVED", &elsewhere));

        newsroom.done_as(&editor, "ArchiveArticle", json!({"id": match_report})).await;
        assert_eq!(all.told().await, told("REMOVED", &match_report));
        assert_eq!(sport.told().await, told("REMOVED", &match_report));
        newsroom.done_as(&editor, "ReopenArticle", json!({"id": match_report})).await;
        newsroom.done_as(&editor, "PublishArticle", json!({"id": match_report})).await;
        assert_eq!(sport.told().await, told("ADDED", &match_report));
        newsroom.done_as(&admin, "DeleteArticle", json!({"id": match_report, "reason": "By order."})).await;
        assert_eq!(sport.told().await, told("REMOVED", &match_report));

        // Whoever comes back is told what became of it: nothing of what it was meanwhile.
        let mut back = Watcher::news(newsroom, None, Some(&begin)).await;
        for expected in [told("REMOVED", &elsewhere), told("REMOVED", &match_report)] {
            assert_eq!(back.told().await, expected);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_asked_wrongly_is_refused_by_name() {
    on_each_database(async |newsroom| {
        let id = newsroom.article_id(&newsroom.slug_of("derby.fr").await).await;
        for (name, variables, argument) in [
            ("ThreadLive", json!({"article": id, "since": "nonsense"}), "since"),
            ("ThreadLive", json!({"article": id, "since": ""}), "since"),
            ("ThreadLive", json!({"article": "nonsense"}), "articleId"),
            ("NewsLive", json!({"since": global_id("Article:1")}), "since"),
            ("NewsLive", json!({"section": "no-such-section"}), "section"),
        ] {
            let mut watcher = Watcher::new(newsroom, &Viewer::Guest, name, variables.clone());
            let answer = watcher.answer().await;
            let extensions = &answer["errors"][0]["extensions"];
            assert_eq!(
                *extensions,
                json!({"code": "BAD_USER_INPUT", "argument": argument}),
                "{name} {variables}"
            );
            assert_eq!(answer["data"], Value::Null);
            assert!(timeout(PATIENCE, watcher.0.next()).await.expect("it ends").is_none());
        }
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_told_any_more_is_to_be_read_anew() {
    on_each_database_raw(async |newsroom, store| {
        let _teller = Teller::start(newsroom);
        let id = newsroom.article_id(&newsroom.slug_of("derby.fr").await).await;
        let article = newsroom.key_of(&id);
        let cursor = |place: i64| global_id(&format!("l:{place}"));
        let newest = store.newest_position().await.expect("reads").get();
        // A place of another log, which this one has not come to.
        let mut ahead = Watcher::thread(newsroom, &id, Some(&cursor(newest + 1_000))).await;
        assert_eq!(
            ahead.next().await,
            json!({"cursor": cursor(newest), "kind": "RESYNC", "commentId": null, "comment": null})
        );
        let first = leave(store, article, Status::Published, "first").await;
        assert_eq!(ahead.told().await, ("ADDED".to_owned(), comment_id(first)));

        let kept = store.newest_position().await.expect("reads").get();
        store.execute(&format!("DELETE FROM events WHERE seq < {kept}")).await;
        let mut pruned = Watcher::thread(newsroom, &id, Some(&cursor(kept - 3))).await;
        assert_eq!(pruned.next().await["kind"], "RESYNC");
        let mut news = Watcher::news(newsroom, None, Some(&cursor(1))).await;
        assert_eq!(news.next().await["kind"], "RESYNC");
        // The last that is gone is a place from which nothing is missing.
        let mut just = Watcher::thread(newsroom, &id, Some(&cursor(kept - 1))).await;
        assert_eq!(just.told().await, ("ADDED".to_owned(), comment_id(first)));
        let next = leave(store, article, Status::Published, "next").await;
        for watcher in [&mut pruned, &mut just, &mut ahead] {
            assert_eq!(watcher.told().await, ("ADDED".to_owned(), comment_id(next)));
        }
        assert!(Position::from_stored(kept) < store.newest_position().await.expect("reads"));
    })
    .await;
}

/// While comments come in, each watcher drops its connection again and again and resumes with its last cursor.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_missed_or_told_twice_whatever_breaks_off() {
    const COMMENTS: usize = 300;
    on_each_database_raw(async |newsroom, store| {
        let _teller = Teller::start(newsroom);
        let id = newsroom.article_id(&newsroom.slug_of("derby.fr").await).await;
        let article = newsroom.key_of(&id);
        let newest = store.newest_position().await.expect("reads").get();
        let begin = global_id(&format!("l:{newest}"));
        let writing = async {
            let mut written = Vec::new();
            for n in 0..COMMENTS {
                written.push(comment_id(leave(store, article, Status::Published, &format!("{n}")).await));
                if n % 7 == 0 {
                    tokio::task::yield_now().await;
                }
            }
            written
        };
        let watching = async |watcher: usize| {
            let (mut cursor, mut seen, mut drops) = (begin.clone(), Vec::new(), 0_usize);
            while seen.len() < COMMENTS {
                let variables = json!({"article": id, "since": cursor});
                let mut stream = Watcher::new(newsroom, &Viewer::Guest, "ThreadLive", variables);
                // A few events, and gone: sometimes before the first, sometimes in the middle of waiting.
                let few = (drops * 7 + watcher * 3) % 23;
                for _ in 0..few {
                    if seen.len() == COMMENTS {
                        break;
                    }
                    let Ok(event) = timeout(Duration::from_millis(40), stream.next()).await else { break };
                    assert_eq!(event["kind"], "ADDED", "{event:#}");
                    cursor = event["cursor"].as_str().expect("a cursor").to_owned();
                    seen.push(event["commentId"].as_str().expect("an id").to_owned());
                }
                drops += 1;
            }
            assert!(drops > 5, "it broke off {drops} times");
            seen
        };
        let steady = async {
            let mut stream =
                Watcher::new(newsroom, &Viewer::Guest, "ThreadLive", json!({"article": id, "since": begin}));
            let mut seen = Vec::new();
            while seen.len() < COMMENTS {
                seen.push(stream.next().await["commentId"].as_str().expect("an id").to_owned());
            }
            seen
        };
        let all = async { tokio::join!(writing, watching(0), watching(1), watching(2), steady) };
        let (written, a, b, c, d) = timeout(PATIENCE * 2, all).await.expect("all is told");
        for seen in [a, b, c, d] {
            assert_eq!(seen, written);
        }
    })
    .await;
}

#[tokio::test]
async fn what_waits_for_a_moderator_is_told_to_moderators() {
    on_each_database_raw(async |newsroom, store| {
        let _teller = Teller::start(newsroom);
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let author = newsroom.person("Rania", Role::Author, &[]).await;
        for (who, code) in [(&Viewer::Guest, "UNAUTHENTICATED"), (&author, "FORBIDDEN")] {
            let answer = Watcher::new(newsroom, who, "QueueLive", json!({})).answer().await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], code);
            assert_eq!(answer["data"], Value::Null);
        }
        let pending = store.number("SELECT COUNT(*) FROM comments WHERE status = 'PENDING'").await;
        let mut watcher = Watcher::new(newsroom, &editor, "QueueLive", json!({})).begun().await;
        let id = newsroom.article_id(&newsroom.slug_of("derby.fr").await).await;
        let article = newsroom.key_of(&id);
        let public = leave(store, article, Status::Published, "nothing to do").await;
        let held = leave(store, article, Status::Pending, "held").await;
        assert_eq!(watcher.next().await, json!({"pending": pending + 1, "reported": 0}));
        // Many in a moment are told together.
        for _ in 0..20 {
            leave(store, article, Status::Pending, "held too").await;
        }
        move_to(store, held, Status::Rejected, Event::CommentRefused { comment: held, article }).await;
        let mut told = 0;
        loop {
            told += 1;
            if watcher.next().await == json!({"pending": pending + 20, "reported": 0}) {
                break;
            }
        }
        assert!(told <= 3, "told {told} times");
        // A reader's report waits too.
        let report = json!({"commentId": comment_id(public), "reason": "SPAM", "writerKey": "a key that a browser has made"});
        newsroom.field_as(&Viewer::Guest, "ReportComment", report).await;
        assert_eq!(watcher.next().await, json!({"pending": pending + 20, "reported": 1}));
    })
    .await;
}

#[tokio::test]
async fn the_desk_s_words_are_in_no_event() {
    on_each_database(async |newsroom| {
        let _teller = Teller::start(newsroom);
        let begin = global_id("l:0");
        // Everything that has happened since the database was made, as a reader is told of it.
        let mut news = Watcher::news(newsroom, None, Some(&begin)).await;
        let mut seen = String::new();
        while let Ok(Some(answer)) = timeout(Duration::from_millis(500), news.0.next()).await {
            seen.push_str(&serde_json::to_string(&answer).expect("JSON"));
        }
        assert!(seen.contains("ADDED"), "{seen}");
        for (slug, title) in newsroom.hidden().await {
            assert!(!seen.contains(&json!(title).to_string()), "{title} is told");
            assert!(!seen.contains(&json!(slug).to_string()), "{slug} is told");
        }
    })
    .await;
}
