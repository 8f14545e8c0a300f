//! A small newsroom at work: two sections, people in them, an article that goes back and forth; and a post that keeps
//! what it is given.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use masthead_actions::Occasion;
use masthead_actions::article::step::{Step, step};
use masthead_actions::follow::{Following, Step as FollowStep};
use masthead_actions::mail::{Letter, Letterhead, NotSent, Outcome, Post, QueueLetters, send_next};
use masthead_domain::article::body::{Block, Inline, Marks};
use masthead_domain::article::lifecycle::Transition;
use masthead_domain::article::{ArticleId, Body, Content, Kind, Rights, Seo, Status};
use masthead_domain::author::AuthorId;
use masthead_domain::section::SectionId;
use masthead_domain::text::{LanguageTag, Localized, Slug};
use masthead_domain::user::{EmailAddress, Role, UserId};
use masthead_domain::viewer::{Credential, Member, Scope, SessionId, Viewer};
use masthead_persistence::article::NewArticle;
use masthead_persistence::author::AuthorProfile;
use masthead_persistence::section::SectionTexts;
use masthead_persistence::user::NewUser;
use masthead_persistence::{Store, Tx};
use masthead_tests::TestStore;

/// A day in October 2025, plus minutes.
pub fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_760_000_000, 0).expect("an instant") + TimeDelta::minutes(minutes)
}

fn locale(tag: &str) -> LanguageTag {
    LanguageTag::parse(tag).expect("a language tag")
}

fn names(text: &str) -> Localized<String> {
    [(locale("en"), text.to_owned()), (locale("ar"), format!("{text} بالعربية"))].into_iter().collect()
}

pub async fn section(tx: &Tx, name: &str, parent: Option<SectionId>) -> SectionId {
    let texts = SectionTexts {
        slug: Slug::make(name).expect("letters"),
        names: names(name),
        descriptions: Localized::new(),
        parent,
        position: 0,
    };
    tx.section_create(&texts).await.expect("section")
}

pub async fn person(tx: &Tx, name: &str, role: Role) -> (UserId, AuthorId) {
    let author = tx
        .author_create(&AuthorProfile {
            slug: Slug::make(name).expect("letters"),
            names: names(name),
            roles: Localized::new(),
            biographies: Localized::new(),
            links: vec![],
            avatar: None,
        })
        .await
        .expect("author");
    let user = NewUser {
        email: EmailAddress::parse(&format!("{name}@news.example")).expect("an address"),
        name: name.to_owned(),
        role,
        password_hash: "$argon2id$".to_owned(),
        author: Some(author),
    };
    (tx.user_create(&user, at(0)).await.expect("user").expect("a new address"), author)
}

/// On behalf of a person who works everywhere.
pub fn as_member(user: UserId, author: AuthorId, role: Role, minutes: i64) -> Occasion {
    let member = Member {
        user,
        name: "someone".to_owned(),
        role,
        author: Some(author),
        scope: Scope::Everywhere,
        credential: Credential::Session(SessionId::from_stored(1)),
    };
    Occasion { viewer: Viewer::Member(Arc::new(member)), now: at(minutes), entropy: [7; 32] }
}

/// The paper's people, and the one article that it is about.
pub struct Newsroom {
    pub sport: SectionId,
    pub writer: (UserId, AuthorId),
    pub second_writer: (UserId, AuthorId),
    pub editor: (UserId, AuthorId),
    pub article: ArticleId,
}

pub const TITLE: &str = "كأس the Cup";

impl Newsroom {
    /// Sport, and football below it; editors of everything, of sport, of culture; an article in football.
    pub async fn stored(store: &TestStore) -> Self {
        let tx = store.begin().await.expect("begin");
        let sport = section(&tx, "sport", None).await;
        let football = section(&tx, "football", Some(sport)).await;
        let culture = section(&tx, "culture", None).await;
        let writer = person(&tx, "wassim", Role::Author).await;
        let second_writer = person(&tx, "second", Role::Contributor).await;
        let editor = person(&tx, "everywhere", Role::Editor).await;
        let of_sport = person(&tx, "sporty", Role::Editor).await;
        let of_culture = person(&tx, "cultured", Role::Editor).await;
        let nowhere = person(&tx, "nowhere", Role::Editor).await;
        let gone = person(&tx, "gone", Role::Editor).await;
        person(&tx, "admin", Role::Admin).await;
        person(&tx, "reader", Role::Reader).await;
        let text = Inline::Text { text: "A match was played.".into(), marks: Marks::default() };
        let new = NewArticle {
            kind: Kind::Article,
            locale: locale("en"),
            content: Content {
                slug: Slug::make("cup").expect("letters"),
                title: TITLE.into(),
                subtitle: None,
                excerpt: None,
                direction: None,
                body: Body(vec![Block::Paragraph { direction: None, content: vec![text] }]),
                lead_image: None,
                section: Some(football),
                other_sections: vec![],
                tags: vec![],
                authors: vec![writer.1, second_writer.1],
                breaking: false,
                comment_policy: None,
                rights: Rights::default(),
                seo: Seo::default(),
            },
            status: Status::Draft,
            translations: None,
            published_at: None,
            modified_at: at(0),
            scheduled_for: None,
            sticky: false,
            embargo_until: None,
            editor: Some(writer.0),
            reason: None,
        };
        let article = tx.article_create(&new, at(0)).await.expect("article").id;
        tx.commit().await.expect("commit");
        for (user, section) in [(of_sport, sport), (of_culture, culture)] {
            let (user, section) = (user.0.get(), section.get());
            store
                .execute(&format!(
                    "INSERT INTO user_sections (user_id, section_id) VALUES ({user}, {section})"
                ))
                .await;
        }
        // Of some sections, of which one person's are all gone: that one reviews nothing.
        for user in [of_sport, of_culture, nowhere] {
            store.execute(&format!("UPDATE users SET scoped = TRUE WHERE id = {}", user.0.get())).await;
        }
        store.execute(&format!("UPDATE users SET disabled_at = 1 WHERE id = {}", gone.0.get())).await;
        Self { sport, writer, second_writer, editor, article }
    }

    pub async fn submit(&self, store: &Store, minutes: i64) {
        let occasion = as_member(self.writer.0, self.writer.1, Role::Author, minutes);
        step(store, &occasion, self.article, Transition::Submit, Step::default()).await.expect("submitted");
    }

    pub async fn hand_back(&self, store: &Store, minutes: i64, note: &str) {
        let occasion = as_member(self.editor.0, self.editor.1, Role::Editor, minutes);
        let given = Step { reason: Some(note.to_owned()), ..Step::default() };
        step(store, &occasion, self.article, Transition::Return, given).await.expect("returned");
    }
}

/// A follower that has begun before anything happened.
pub async fn follower(store: &Store) -> Following<QueueLetters> {
    Following::begin(store, QueueLetters, "a").await.expect("begins")
}

pub async fn queue(following: &mut Following<QueueLetters>, minutes: i64) {
    while following.step(at(minutes)).await.expect("step") != FollowStep::Idle {}
}

pub fn head() -> Letterhead {
    Letterhead {
        name: None,
        address: EmailAddress::parse("desk@news.example").expect("an address"),
        public_url: "https://news.example".to_owned(),
    }
}

/// Other bytes each time, as randomness has them.
pub fn entropy() -> [u8; 32] {
    static CALLS: AtomicU8 = AtomicU8::new(0);
    [CALLS.fetch_add(1, Ordering::Relaxed); 32]
}

/// Keeps letters, and refuses those to some addresses.
#[derive(Debug, Default)]
pub struct Keeping {
    pub kept: Mutex<Vec<Letter>>,
    pub refuses: Mutex<BTreeSet<String>>,
    pub for_good: bool,
}

impl Post for Keeping {
    async fn deliver(&self, letter: &Letter) -> Result<(), NotSent> {
        if self.refuses.lock().expect("no panic").contains(letter.to.as_str()) {
            let why = "refused".to_owned();
            return Err(if self.for_good { NotSent::ForGood(why) } else { NotSent::ForNow(why) });
        }
        self.kept.lock().expect("no panic").push(letter.clone());
        Ok(())
    }
}

impl Keeping {
    /// The addresses that got one, in order of the alphabet.
    pub fn recipients(&self) -> Vec<String> {
        let kept = self.kept.lock().expect("no panic");
        let mut to: Vec<String> = kept.iter().map(|letter| letter.to.as_str().to_owned()).collect();
        to.sort_unstable();
        to
    }

    /// Sends all that waits; how each went.
    pub async fn send_all(&self, store: &Store, minutes: i64) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        while let Some(outcome) =
            send_next(store, self, &head(), at(minutes), &entropy()).await.expect("sends")
        {
            outcomes.push(outcome);
        }
        outcomes
    }
}
