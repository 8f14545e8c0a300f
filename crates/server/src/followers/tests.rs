//! The program's own work, on one process and on two that share a database: what is due is published, at its time, once;
//! other processes are heard; letters leave; all ends in good order.

use masthead_actions::Occasion;
use masthead_actions::article::step::{Step, step};
use masthead_actions::comment::Conversation;
use masthead_actions::live::Live;
use masthead_actions::mail::Letterhead;
use masthead_actions::user::{Door, Lifetimes};
use masthead_domain::article::body::{Block, Inline, Marks};
use masthead_domain::article::lifecycle::Transition;
use masthead_domain::article::{ArticleId, Body, Content, Kind, Rights, Seo, Status};
use masthead_domain::event::{Event, Logged};
use masthead_domain::text::{LanguageTag, Slug};
use masthead_domain::user::{EmailAddress, Role, UserId};
use masthead_domain::viewer::{Credential, Member, Scope, SessionId, Viewer};
use masthead_persistence::article::NewArticle;
use masthead_persistence::user::NewInvitation;
use masthead_tests::{TestStore, each_store};

use super::*;
use crate::api;
use crate::config::MailSink;

/// Longer than anything here takes, and shorter than the longest sleep of any task: what needs waking does not pass.
const PATIENCE: Duration = Duration::from_secs(20);

fn options(store: &Store, holder: &str, sink: &MailSink) -> Options {
    Options {
        keep_events: TimeDelta::days(30),
        look_every: Duration::from_millis(50),
        clock: api::now,
        holder: holder.to_owned(),
        door: Door::new(false, Lifetimes::default()),
        conversation: Conversation::new(None, false, None),
        live: Live::new(store.clone()),
        carrier: Carrier::new(sink).unwrap(),
        letterhead: Letterhead {
            name: None,
            address: EmailAddress::parse("desk@news.example").unwrap(),
            public_url: "https://news.example".to_owned(),
        },
    }
}

/// A store of its own on the same database, as another process has one.
async fn another(store: &TestStore) -> Store {
    Store::open(&masthead_persistence::Options::new(store.url())).await.unwrap()
}

async fn article(store: &Store, title: &str, goes_live: DateTime<Utc>, embargo: bool) -> ArticleId {
    let text = Inline::Text { text: "Text.".into(), marks: Marks::default() };
    let new = NewArticle {
        kind: Kind::Article,
        locale: LanguageTag::parse("en").unwrap(),
        content: Content {
            slug: Slug::make(title).unwrap(),
            title: title.to_owned(),
            subtitle: None,
            excerpt: None,
            direction: None,
            body: Body(vec![Block::Paragraph { direction: None, content: vec![text] }]),
            lead_image: None,
            section: None,
            other_sections: vec![],
            tags: vec![],
            authors: vec![],
            breaking: false,
            comment_policy: None,
            rights: Rights::default(),
            seo: Seo::default(),
        },
        status: if embargo { Status::Draft } else { Status::Scheduled },
        translations: None,
        published_at: None,
        modified_at: goes_live - TimeDelta::hours(1),
        scheduled_for: (!embargo).then_some(goes_live),
        sticky: false,
        embargo_until: embargo.then_some(goes_live),
        editor: None,
        reason: None,
    };
    let tx = store.begin().await.unwrap();
    let id = tx.article_create(&new, api::now()).await.unwrap().id;
    tx.append(Event::ArticleScheduled { article: id }, api::now());
    tx.commit().await.unwrap();
    if embargo {
        let before = goes_live - TimeDelta::hours(1);
        let occasion = Occasion { viewer: administrator(), now: before, entropy: [7; 32] };
        step(store, &occasion, id, Transition::Publish, Step::default()).await.unwrap();
    }
    id
}

fn administrator() -> Viewer {
    Viewer::Member(Arc::new(Member {
        user: UserId::from_stored(1),
        name: "Admin".to_owned(),
        role: Role::Admin,
        author: None,
        scope: Scope::Everywhere,
        credential: Credential::Session(SessionId::from_stored(1)),
    }))
}

async fn live(store: &TestStore) -> i64 {
    store.number("SELECT COUNT(*) FROM articles WHERE live").await
}

async fn wait_until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let waited = tokio::time::timeout(PATIENCE, async {
        while !done().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    assert!(waited.await.is_ok(), "{what}");
}

async fn released(store: &Store) -> Vec<Logged> {
    let mut events = store.events_after(Position::START, 1_000).await.unwrap();
    events.retain(|logged| {
        matches!(logged.event, Some(Event::ArticlePublished { .. } | Event::EmbargoEnded { .. }))
    });
    events
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_published_at_its_time_once_by_one_of_two_processes() {
    each_store(async |store| {
        store.execute("INSERT INTO users (id, email, email_key, name, role, created_at) VALUES (1, 'a@b.example', 'a@b.example', 'Admin', 'ADMIN', 0)").await;
        let began = api::now();
        let soon = |millis: i64| began + TimeDelta::milliseconds(millis);
        // Two fell due while no program was running.
        let mut due = vec![
            (article(store, "missed", soon(-5_000), false).await, soon(-5_000)),
            (article(store, "lifted", soon(-4_000), true).await, soon(-4_000)),
            (article(store, "soon", soon(900), false).await, soon(900)),
            (article(store, "embargoed", soon(1_000), true).await, soon(1_000)),
        ];
        let stores = [another(store).await, another(store).await];
        let mut processes = Vec::new();
        for (n, own) in stores.iter().enumerate() {
            processes.push(Followers::start(own, options(own, &format!("process {n}"), &MailSink::Log)).await.unwrap());
        }
        wait_until("what was planned before", async || live(store).await == 4).await;
        // Planned by a third process while both sleep: they must hear of it.
        let later = api::now() + TimeDelta::milliseconds(700);
        due.push((article(store, "planned", later, false).await, later));
        assert_eq!(live(store).await, 4, "not before its time");
        wait_until("what was planned while they slept", async || live(store).await == 5).await;

        let events = released(store).await;
        for (article, at) in due {
            let of_it: Vec<_> = events
                .iter()
                .filter(|logged| logged.event.as_ref().is_some_and(|event| event.subject() == article.get()))
                .filter(|logged| logged.at >= began)
                .collect();
            let ended: Vec<_> = of_it.iter().filter(|logged| logged.at >= at).collect();
            assert_eq!(ended.len(), 1, "{article:?}, once: {of_it:?}");
        }
        for process in processes {
            process.stop().await;
        }
        assert!(store.wrong_counts().await.unwrap().is_empty());
        for own in stores {
            own.close().await.unwrap();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_another_process_is_heard_without_looking() {
    let Some(store) = TestStore::postgres().await else { return };
    let own = another(&store).await;
    let never = Options { look_every: Duration::from_secs(3_600), ..options(&own, "a", &MailSink::Log) };
    let process = Followers::start(&own, never).await.unwrap();
    // Whichever comes first, the ear or the article: the start of the ear counts as news.
    article(&store, "heard", api::now() + TimeDelta::milliseconds(300), false).await;
    wait_until("a notice was heard", async || live(&store).await == 1).await;
    // Now that it listens for sure.
    article(&store, "heard again", api::now() + TimeDelta::milliseconds(300), false).await;
    wait_until("another notice was heard", async || live(&store).await == 2).await;
    process.stop().await;
    own.close().await.unwrap();
    store.discard().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_becomes_a_letter() {
    each_store(async |store| {
        let folder = tempfile::tempdir().unwrap();
        let letters = folder.path().join("letters");
        let process =
            Followers::start(store, options(store, "a", &MailSink::File(letters.clone()))).await.unwrap();
        let tx = store.begin().await.unwrap();
        let new = NewInvitation {
            to: Some((EmailAddress::parse("rana@news.example").unwrap(), "Rana".to_owned())),
            role: Role::Editor,
            sections: vec![],
            invited_by: None,
            expires_at: api::now() + TimeDelta::days(7),
        };
        let invitation = tx.invitation_create(&new, api::now()).await.unwrap();
        tx.append(Event::UserInvited { invitation }, api::now());
        tx.commit().await.unwrap();
        let count = |end: &str| {
            std::fs::read_dir(&letters)
                .unwrap()
                .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(end))
                .count()
        };
        wait_until("the letter is written", async || count(".eml") == 1).await;
        wait_until("and known to be", async || {
            store.number("SELECT COUNT(*) FROM letters WHERE outcome = 'SENT'").await == 1
        })
        .await;
        process.stop().await;
        let newest = store.newest_position().await.unwrap();
        let followers = store.followers().await.unwrap();
        let mail = followers.iter().find(|standing| standing.name == "mail").unwrap();
        assert_eq!((mail.position, mail.behind), (newest, 0));
        assert_eq!(count(".part"), 0);
    })
    .await;
}
