//! Random moves and deletions of sections and merges of tags, beside a model in memory: lists, counts and tags are what
//! the model says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::TimeDelta;
use masthead_actions::Occasion;
use masthead_actions::article::input::Patch;
use masthead_actions::refused::DeskError;
use masthead_actions::section::{SectionForm, create, delete, update};
use masthead_actions::tag::merge::merge;
use masthead_actions::texts::TextChange;
use masthead_domain::article::{ArticleId, Body, Content, Kind, Rights, Seo, Status};
use masthead_domain::page::PageRequest;
use masthead_domain::section::SectionId;
use masthead_domain::tag::TagId;
use masthead_domain::text::{LanguageTag, Localized, Slug};
use masthead_domain::user::{EmailAddress, Role, UserId};
use masthead_domain::viewer::{Credential, Member, Scope, SessionId, Viewer};
use masthead_persistence::article::NewArticle;
use masthead_persistence::{NewUser, Store};
use masthead_tests::TestStore;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::newsroom::now;

const SECTIONS: usize = 6;
const TAGS: usize = 5;

/// An article of the model: its sections and tags by number, the main section first.
#[derive(Debug, Clone)]
struct Written {
    sections: Vec<usize>,
    tags: Vec<usize>,
    published: bool,
    french: bool,
}

/// Something that is done; numbers are taken modulo what there is.
#[derive(Debug, Clone)]
enum Step {
    Make(usize),
    Move(usize, Option<usize>),
    Delete(usize),
    Merge(usize, usize),
}

fn written() -> impl Strategy<Value = Written> {
    (
        proptest::sample::subsequence((0..SECTIONS).collect::<Vec<_>>(), 0..=3).prop_shuffle(),
        proptest::sample::subsequence((0..TAGS).collect::<Vec<_>>(), 0..=3).prop_shuffle(),
        proptest::bool::weighted(0.8),
        any::<bool>(),
    )
        .prop_map(|(sections, tags, published, french)| Written { sections, tags, published, french })
}

fn step() -> impl Strategy<Value = Step> {
    let number = 0..100_usize;
    prop_oneof![
        1 => number.clone().prop_map(Step::Make),
        5 => (number.clone(), proptest::option::weighted(0.8, number.clone())).prop_map(|(a, b)| Step::Move(a, b)),
        2 => number.clone().prop_map(Step::Delete),
        2 => (number.clone(), number).prop_map(|(a, b)| Step::Merge(a, b)),
    ]
}

/// What should be.
struct Model {
    editor: UserId,
    parents: BTreeMap<SectionId, Option<SectionId>>,
    tags: BTreeSet<TagId>,
    articles: Vec<Filed>,
}

struct Filed {
    id: ArticleId,
    /// The main section.
    main: Option<SectionId>,
    others: Vec<SectionId>,
    tags: Vec<TagId>,
    locale: LanguageTag,
    public: bool,
}

impl Model {
    fn above(&self, section: SectionId) -> Vec<SectionId> {
        std::iter::successors(Some(section), |section| self.parents[section]).collect()
    }

    fn nth<T: Copy>(mut of: impl ExactSizeIterator<Item = T>, n: usize) -> Option<T> {
        let length = of.len();
        (length > 0).then(|| of.nth(n % length.max(1))).flatten()
    }

    fn section(&self, n: usize) -> Option<SectionId> {
        Self::nth(self.parents.keys().copied(), n)
    }

    fn tag(&self, n: usize) -> Option<TagId> {
        Self::nth(self.tags.iter().copied(), n)
    }

    /// Public articles in a section or below it.
    fn listed_in(&self, section: SectionId) -> BTreeSet<ArticleId> {
        let within = |article: &&Filed| {
            article.main.iter().chain(&article.others).any(|own| self.above(*own).contains(&section))
        };
        self.articles
            .iter()
            .filter(|article| article.public)
            .filter(within)
            .map(|article| article.id)
            .collect()
    }

    fn delete(&mut self, section: SectionId) {
        let parent = self.parents.remove(&section).flatten();
        for article in &mut self.articles {
            if article.main == Some(section) {
                article.main = parent;
            }
            if article.others.contains(&section) {
                article.others.retain(|other| *other != section);
                article.others.extend(parent.filter(|parent| !article.others.contains(parent)));
            }
            article.others.retain(|other| Some(*other) != article.main);
        }
    }

    fn merge(&mut self, from: TagId, into: TagId) {
        self.tags.remove(&from);
        for article in &mut self.articles {
            let mut tags = Vec::new();
            for tag in &article.tags {
                let tag = if *tag == from { into } else { *tag };
                if !tags.contains(&tag) {
                    tags.push(tag);
                }
            }
            article.tags = tags;
        }
    }
}

fn occasion(user: UserId, minutes: i64) -> Occasion {
    let credential = Credential::Session(SessionId::from_stored(1));
    let member = Member {
        user,
        name: "Salma".into(),
        role: Role::Editor,
        author: None,
        scope: Scope::Everywhere,
        credential,
    };
    let viewer = Viewer::Member(Arc::new(member));
    Occasion { viewer, now: now() + TimeDelta::minutes(minutes), entropy: [1; 32] }
}

fn slug(text: &str) -> Slug {
    Slug::make(text).expect("letters")
}

fn form(name: String, parent: Patch<SectionId>) -> SectionForm {
    SectionForm {
        names: TextChange { one: Patch::Set(name), more: Vec::new() },
        parent,
        ..SectionForm::default()
    }
}

/// A site of two languages with a tree of sections (each below the one before it half of the time), tags and articles.
async fn fill(store: &Store, articles: &[Written]) -> Model {
    let editor = {
        let tx = store.begin().await.expect("begins");
        let user = NewUser {
            email: EmailAddress::parse("salma@news.example").expect("an address"),
            name: "Salma".to_owned(),
            role: Role::Editor,
            password_hash: "none".to_owned(),
            author: None,
        };
        let user = tx.user_create(&user, now()).await.expect("stores").expect("the first");
        tx.commit().await.expect("commits");
        user
    };
    let mut model = Model { editor, parents: BTreeMap::new(), tags: BTreeSet::new(), articles: Vec::new() };
    let mut sections = Vec::new();
    for n in 0..SECTIONS {
        let parent = (n % 3 > 0).then(|| sections[n - 1]);
        let wished = parent.map_or(Patch::Clear, Patch::Set);
        let id = create::create(store, &occasion(editor, 0), &form(format!("Section {n}"), wished))
            .await
            .expect("a section");
        model.parents.insert(id, parent);
        sections.push(id);
    }
    let tx = store.begin().await.expect("begins");
    let mut tags = Vec::new();
    for n in 0..TAGS {
        let tag = tx.tag_create(&slug(&format!("Tag {n}")), &Localized::new()).await.expect("a tag");
        model.tags.insert(tag);
        tags.push(tag);
    }
    for (n, article) in articles.iter().enumerate() {
        let own: Vec<SectionId> = article.sections.iter().map(|n| sections[*n]).collect();
        let carried: Vec<TagId> = article.tags.iter().map(|n| tags[*n]).collect();
        let locale = LanguageTag::from_stored(if article.french { "fr" } else { "en" }.to_owned());
        let (main, others) = (own.first().copied(), own.iter().skip(1).copied().collect::<Vec<_>>());
        let content = Content {
            section: main,
            other_sections: others.clone(),
            tags: carried.clone(),
            ..content(&format!("Article {n}"))
        };
        let at = now() - TimeDelta::hours(i64::try_from(n).expect("few"));
        let new = NewArticle {
            kind: Kind::Article,
            locale: locale.clone(),
            content,
            status: if article.published { Status::Published } else { Status::Draft },
            translations: None,
            published_at: article.published.then_some(at),
            modified_at: at,
            scheduled_for: None,
            embargo_until: None,
            sticky: false,
            editor: None,
            reason: None,
        };
        let stored = tx.article_create(&new, at).await.expect("an article");
        let public = article.published;
        model.articles.push(Filed { id: stored.id, main, others, tags: carried, locale, public });
    }
    tx.commit().await.expect("commits");
    model
}

fn content(title: &str) -> Content {
    Content {
        slug: slug(title),
        title: title.to_owned(),
        subtitle: None,
        excerpt: None,
        direction: None,
        body: Body::default(),
        lead_image: None,
        section: None,
        other_sections: Vec::new(),
        tags: Vec::new(),
        authors: Vec::new(),
        breaking: false,
        comment_policy: None,
        rights: Rights::default(),
        seo: Seo::default(),
    }
}

fn taken<T>(done: Result<T, DeskError>) -> Option<T> {
    match done {
        Ok(done) => Some(done),
        Err(DeskError::Refused(_)) => None,
        Err(DeskError::Fault(fault)) => panic!("{fault}"),
    }
}

/// Does a step in the store and, where it was not refused, in the model.
async fn take(store: &Store, model: &mut Model, step: &Step, minutes: i64) {
    let occasion = occasion(model.editor, minutes);
    match *step {
        Step::Make(parent) => {
            let parent = model.section(parent);
            let wished = form(format!("Made {minutes}"), parent.map_or(Patch::Clear, Patch::Set));
            if let Some(id) = taken(create::create(store, &occasion, &wished).await) {
                model.parents.insert(id, parent);
            }
        }
        Step::Move(section, parent) => {
            let Some(section) = model.section(section) else { return };
            let parent = parent.and_then(|parent| model.section(parent));
            let wished =
                SectionForm { parent: parent.map_or(Patch::Clear, Patch::Set), ..SectionForm::default() };
            let circle = parent.is_some_and(|parent| model.above(parent).contains(&section));
            let moved = taken(update::update(store, &occasion, section, &wished).await).is_some();
            assert!(!(circle && moved), "a circle");
            if moved {
                model.parents.insert(section, parent);
            }
        }
        Step::Delete(section) => {
            let Some(section) = model.section(section) else { return };
            if taken(delete::delete(store, &occasion, section).await).is_some() {
                model.delete(section);
            }
        }
        Step::Merge(from, into) => {
            let (Some(from), Some(into)) = (model.tag(from), model.tag(into)) else { return };
            if taken(merge(store, &occasion, from, into).await).is_some() {
                assert_ne!(from, into, "a tag is not merged into itself");
                model.merge(from, into);
            }
        }
    }
}

async fn check(store: &Store, model: &Model) {
    assert_eq!(store.wrong_counts().await.expect("counts"), []);
    assert_eq!(store.misplaced().await.expect("rows"), []);
    let reads = store.reads_as(Viewer::Guest);
    let sections: Vec<SectionId> = model.parents.keys().copied().collect();
    let tree: BTreeMap<_, _> = reads
        .sections()
        .await
        .expect("sections")
        .into_iter()
        .map(|section| (section.line.id, section.parent))
        .collect();
    assert_eq!(tree, model.parents);
    let page = PageRequest::first(100);
    for locale in [None, Some(LanguageTag::from_stored("fr".to_owned()))] {
        let of = |id: &ArticleId| model.articles.iter().find(|article| article.id == *id).expect("known");
        let lists = reads.section_articles(&sections, locale.as_ref(), &page).await.expect("lists");
        for section in &sections {
            let found = &lists[section];
            let listed: BTreeSet<_> = found.items.iter().map(|(_, card)| card.id).collect();
            let mut expected = model.listed_in(*section);
            expected.retain(|id| locale.as_ref().is_none_or(|locale| of(id).locale == *locale));
            assert_eq!(listed, expected, "{section:?}");
            assert_eq!(found.total, Some(expected.len() as u64), "{section:?}");
        }
        let tags: Vec<TagId> = model.tags.iter().copied().collect();
        let lists = reads.tag_articles(&tags, locale.as_ref(), &page).await.expect("lists");
        for tag in &tags {
            let carries = |article: &&Filed| article.public && article.tags.contains(tag);
            let here = |article: &&Filed| locale.as_ref().is_none_or(|locale| article.locale == *locale);
            let expected: BTreeSet<_> =
                model.articles.iter().filter(carries).filter(here).map(|article| article.id).collect();
            let listed: BTreeSet<_> = lists[tag].items.iter().map(|(_, card)| card.id).collect();
            assert_eq!(listed, expected, "{tag:?}");
            assert_eq!(lists[tag].total, Some(expected.len() as u64), "{tag:?}");
        }
    }
    // What the desk works on, and so every later revision, says the same.
    for article in &model.articles {
        let tx = store.begin().await.expect("begins");
        let manuscript = tx.manuscript(article.id).await.expect("reads").expect("is there");
        assert_eq!(manuscript.head.section, article.main, "{:?}", article.id);
        let (mut told, mut others) = (manuscript.head.other_sections.clone(), article.others.clone());
        told.sort_unstable();
        others.sort_unstable();
        assert_eq!(told, others, "{:?}", article.id);
        assert_eq!(manuscript.head.tags, article.tags, "{:?}", article.id);
    }
}

/// Tries so many random newsrooms on the databases that `open` gives.
fn try_random(cases: u32, open: impl AsyncFn() -> Option<TestStore>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let newsrooms = (proptest::collection::vec(written(), 1..12), proptest::collection::vec(step(), 1..15));
    let outcome = runner.run(&newsrooms, |(articles, steps)| {
        runtime.block_on(async {
            let Some(store) = open().await else { return };
            let mut model = fill(&store, &articles).await;
            check(&store, &model).await;
            for (minutes, step) in (1..).zip(&steps) {
                take(&store, &mut model, step, minutes).await;
                check(&store, &model).await;
            }
            store.discard().await;
        });
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

#[test]
fn lists_and_counts_stay_right_on_sqlite() {
    try_random(24, async || Some(TestStore::sqlite().await));
}

#[test]
fn lists_and_counts_stay_right_on_postgres() {
    try_random(6, TestStore::postgres);
}
