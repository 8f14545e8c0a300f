//! The program's own work, on one process and on two that share a database: what is due is published, at its time, once;
//! other processes are heard; letters leave; all ends in good order.

use masthead_actions::Occasion;
use masthead_actions::article::step::{Step, step};
use masthead_actions::comment::follow::{Wish, follow};
use masthead_actions::comment::{Conversation, leave};
use masthead_actions::live::Live;
use masthead_actions::mail::Letterhead;
use masthead_actions::media::Workshop;
use masthead_actions::user::{Door, Lifetimes};
use masthead_domain::article::body::{Block, Inline, Marks};
use masthead_domain::article::lifecycle::Transition;
use masthead_domain::article::{ArticleId, Body, Content, Kind, Rights, Seo, Status};
use masthead_domain::comment::following::Frequency;
use masthead_domain::comment::leave::Submission;
use masthead_domain::event::{Event, Logged};
use masthead_domain::text::{LanguageTag, Slug};
use masthead_domain::user::{EmailAddress, Role, UserId};
use masthead_domain::viewer::{Credential, Member, Scope, SessionId, Viewer};
use masthead_persistence::article::NewArticle;
use masthead_persistence::media::Files;
use masthead_persistence::user::NewInvitation;
use masthead_tests::{TestStore, each_store};
use poem::Route;
use poem::test::TestClient;

use super::*;
use crate::api::{self, Api};
use crate::config::{MailSink, Settings};
use crate::http::thread_letters::ThreadLetters;

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

/// The whole way of a follow, with the program's own tasks: asked for, confirmed by the page's button, told of a comment
/// once by one of two processes, and ended with one click by a mail program.
#[tokio::test(flavor = "multi_thread")]
async fn a_thread_is_followed_from_the_first_letter_to_the_last() {
    each_store(async |store| {
        let folder = tempfile::tempdir().unwrap();
        let sink = MailSink::File(folder.path().to_owned());
        let own = another(store).await;
        let processes = [
            Followers::start(store, options(store, "a", &sink)).await.unwrap(),
            Followers::start(&own, options(&own, "b", &sink)).await.unwrap(),
        ];
        let id = article(store, "bus", api::now() - TimeDelta::seconds(1), false).await;
        wait_until("it is public", async || live(store).await == 1).await;

        let workshop = Workshop::new(Files::in_memory(), 2_000_000);
        let api = Api::new((**store).clone(), workshop, &Settings::default(), "https://news.example", None);
        let page = TestClient::new(Route::new().nest("/thread-letters", ThreadLetters(api.clone())));
        let occasion = || Occasion { viewer: Viewer::Guest, now: api::now(), entropy: [7; 32] };
        let wish = Wish {
            article: id,
            email: Some("rima@example.org".to_owned()),
            frequency: Frequency::Immediate,
            language: None,
            writer_key: None,
            address: None,
        };
        follow(store, api.conversation(), &occasion(), &wish).await.unwrap();
        let letters = || -> Vec<String> {
            let files = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
            let whole = files.filter(|path| path.extension().is_some_and(|end| end == "eml"));
            whole.map(|path| std::fs::read_to_string(path).unwrap().replace("=\r\n", "")).collect()
        };
        wait_until("the letter that asks", async || letters().len() == 1).await;
        let confirm = path_in(&letters()[0], "confirm");
        page.get(&confirm).send().await.assert_status_is_ok();
        assert_eq!(
            store.number("SELECT COUNT(*) FROM thread_follows WHERE confirmed_at IS NOT NULL").await,
            0
        );
        page.post(&confirm).send().await.assert_status_is_ok();
        assert_eq!(
            store.number("SELECT COUNT(*) FROM thread_follows WHERE confirmed_at IS NOT NULL").await,
            1
        );

        let comment = leave::Wish {
            article: id,
            parent: None,
            submission: Submission { body: "It was late again.".to_owned(), ..Submission::default() },
            form_token: None,
            address: None,
            follow: None,
        };
        leave::leave(store, api.conversation(), &occasion(), comment).await.unwrap();
        wait_until("the letter about it", async || letters().len() == 2).await;
        let news = letters().into_iter().find(|letter| letter.contains("List-Id: ")).unwrap();
        assert!(news.contains("It was late again.") && news.contains("List-Unsubscribe-Post: "), "{news}");
        let click = page.post(path_in(&news, "end")).content_type("application/x-www-form-urlencoded");
        click.body("List-Unsubscribe=One-Click").send().await.assert_status_is_ok();
        assert_eq!(store.number("SELECT COUNT(*) FROM thread_follows").await, 0);
        page.post(path_in(&news, "end")).send().await.assert_status_is_ok();
        page.post(&confirm).send().await.assert_status(http::StatusCode::NOT_FOUND);
        for process in processes {
            process.stop().await;
        }
        assert_eq!(letters().len(), 2, "one of two processes sent each");
        own.close().await.unwrap();
    })
    .await;
}

fn work(store: &TestStore) -> (Work, watch::Sender<bool>) {
    let (stop, stopped) = watch::channel(false);
    let (_, news) = watch::channel(Position::START);
    let work = Work { store: (**store).clone(), news, stopped, options: options(store, "a", &MailSink::Log) };
    (work, stop)
}

#[tokio::test]
async fn what_is_old_is_dropped_however_much_there_is_of_it() {
    each_store(async |store| {
        let old = api::now() - TimeDelta::days(60);
        let tx = store.begin().await.unwrap();
        for _ in 0..2_500 {
            tx.append(Event::SiteChanged, old);
        }
        tx.append(Event::SiteChanged, api::now());
        tx.commit().await.unwrap();
        let (mut work, _stop) = work(store);
        chores::prune(&mut work).await.unwrap();
        assert_eq!(store.number("SELECT COUNT(*) FROM events").await, 1, "the newest is kept");
    })
    .await;
}

#[tokio::test]
async fn nobodys_network_address_can_be_worked_out_after_some_days() {
    each_store(async |store| {
        let today = api::now().timestamp().div_euclid(86_400);
        let days = async || store.number("SELECT COUNT(*) FROM address_keys").await;
        let (mut work, _stop) = work(store);
        for (day, left) in [(today - 2, 0), (today - 1, 1)] {
            let tx = store.begin().await.unwrap();
            tx.address_secret(day, &[7; 32]).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(days().await, 1);
            store.execute("DELETE FROM chores").await;
            chores::clear_follows(&mut work).await.unwrap();
            assert_eq!(days().await, left, "{day} of {today}");
        }
    })
    .await;
}

/// The path and query of a link in a letter, whose `=` the transfer encoding writes as `=3D`.
fn path_in(letter: &str, what: &str) -> String {
    let begins = format!("https://news.example/thread-letters/{what}/");
    let (_, rest) = letter.split_once(&begins).unwrap_or_else(|| panic!("no link to {what} in {letter}"));
    let link = rest.split(['\r', '>']).next().unwrap().replace("=3D", "=");
    format!("/thread-letters/{what}/{link}")
}
