//! Random sequences of what people do at the desk, each with their right, with right and stale versions and a clock that
//! goes on: whatever happens, the rows keep the lifecycle's rules, what is refused changes nothing, and following the event
//! log gives the same public paper as the rows.

mod deeds;
mod ledger;

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use masthead_actions::refused::{DeskError, Refused};
use masthead_domain::article::desk::is_visible_after;
use masthead_domain::article::{ArticleId, Status};
use masthead_domain::event::{Event, Position};
use masthead_domain::text::{LanguageTag, Localized, Slug};
use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use masthead_persistence::section::SectionTexts;
use masthead_tests::TestStore;
use proptest::test_runner::{Config, FileFailurePersistence, TestCaseError, TestRunner};
use tokio::runtime::{Builder, Runtime};

use self::deeds::{Act, Deed, Seen, sequence};
use self::ledger::Ledger;
use crate::newsroom::{Newsroom, now};

/// How many sequences each database sees.
const SEQUENCES: u32 = 24;

#[test]
fn whatever_people_do_on_sqlite_the_lifecycle_holds() {
    let runtime = runtime();
    let store = runtime.block_on(TestStore::sqlite());
    sequences(&runtime, store);
}

#[test]
fn whatever_people_do_on_postgres_the_lifecycle_holds() {
    let runtime = runtime();
    if let Some(store) = runtime.block_on(TestStore::postgres()) {
        sequences(&runtime, store);
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn sequences(runtime: &Runtime, store: TestStore) {
    let mut paper = runtime.block_on(Paper::found(store));
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/masthead/lifecycle_property.regressions");
    let kept: &'static str = Box::leak(kept.display().to_string().into_boxed_str());
    let config = Config {
        cases: SEQUENCES,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(kept))),
        max_shrink_iters: 200,
        ..Config::default()
    };
    let cell = std::cell::RefCell::new(&mut paper);
    let outcome = TestRunner::new(config).run(&sequence(), |deeds| {
        let mut paper = cell.borrow_mut();
        runtime.block_on(paper.live_through(&deeds)).map_err(TestCaseError::fail)
    });
    let (done, refused) = (paper.done, paper.refused);
    runtime.block_on(paper.close());
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    // Sequences in which nothing happens would prove nothing.
    assert!(done > 100 && refused > 100, "{done} things were done, {refused} refused");
}

/// A paper without articles, its people, and all that has happened.
struct Paper {
    store: TestStore,
    people: Vec<Viewer>,
    ledger: Ledger,
    clock: DateTime<Utc>,
    events: Vec<Event>,
    position: Position,
    done: usize,
    refused: usize,
}

impl Paper {
    async fn found(store: TestStore) -> Self {
        let tx = store.begin().await.expect("begins");
        let mut site = tx.site().await.expect("a site");
        let tag = |tag: &str| LanguageTag::from_stored(tag.to_owned());
        site.locales = vec![tag("en"), tag("ar")];
        tx.site_update(&site).await.expect("stores");
        for slug in ["city", "sport"] {
            let section = SectionTexts {
                slug: Slug::from_stored(slug.to_owned()),
                names: Localized::from_iter([(tag("en"), slug.to_owned())]),
                descriptions: Localized::new(),
                parent: None,
                position: 0,
            };
            tx.section_create(&section).await.expect("stores");
        }
        tx.commit().await.expect("commits");
        let newsroom = Newsroom::empty((*store).clone());
        let mut people = vec![Viewer::Guest];
        for (name, role, sections) in [
            ("Reader", Role::Reader, &[][..]),
            ("Contributor", Role::Contributor, &[]),
            ("Author", Role::Author, &[]),
            ("City", Role::Editor, &["city"]),
            ("Editor", Role::Editor, &[]),
            ("Admin", Role::Admin, &[]),
        ] {
            people.push(newsroom.person(name, role, sections).await);
        }
        let ledger = Ledger::open(&store).await;
        Self {
            store,
            people,
            ledger,
            clock: now(),
            events: Vec::new(),
            position: Position::START,
            done: 0,
            refused: 0,
        }
    }

    async fn close(self) {
        self.ledger.close().await;
        self.store.discard().await;
    }

    /// One sequence, with articles of its own.
    async fn live_through(&mut self, deeds: &[Deed]) -> Result<(), String> {
        let mut articles: Vec<ArticleId> = Vec::new();
        let mut before = self.ledger.rows().await;
        for deed in deeds {
            self.clock += TimeDelta::minutes(deed.wait);
            let rows =
                self.one(deed, &mut articles, &before).await.map_err(|wrong| format!("{deed:?}: {wrong}"))?;
            before = rows;
        }
        let wrong = self.store.wrong_counts().await.map_err(|error| error.to_string())?;
        let misplaced = self.store.misplaced().await.map_err(|error| error.to_string())?;
        if !wrong.is_empty() || !misplaced.is_empty() {
            return Err(format!("{wrong:?} {misplaced:?}"));
        }
        Ok(())
    }

    /// One deed, and a look at everything after it. Every row as it is then.
    async fn one(
        &mut self,
        deed: &Deed,
        articles: &mut Vec<ArticleId>,
        before: &[String],
    ) -> Result<Vec<String>, String> {
        let target = articles.get(deed.article % articles.len().max(1)).copied();
        let standing = match target {
            Some(id) => self.ledger.standing(id.get()).await,
            None => None,
        };
        let version = standing.as_ref().map_or(1, |(version, _)| *version);
        let outcome = deed.attempt(&self.store, &self.people[deed.who], self.clock, articles, version).await;
        let rows = self.ledger.rows().await;
        match &outcome {
            Err(DeskError::Fault(fault)) => return Err(format!("a fault: {fault}")),
            Err(DeskError::Refused(refused)) => {
                self.refused += 1;
                if rows != before {
                    return Err(format!(
                        "refused ({refused:?}), and yet changed: {:?}",
                        changed(before, &rows)
                    ));
                }
                if matches!(refused, Refused::Stale { .. }) && deed.seen != Seen::Stale {
                    return Err("the current version is called stale".to_owned());
                }
            }
            Ok(made) => {
                self.done += 1;
                articles.extend(made);
                if deed.seen == Seen::Stale && minds_versions(&deed.act) {
                    return Err("a stale version was taken".to_owned());
                }
                if let (Some(id), Some(standing)) = (target, standing) {
                    self.moved(deed, id, &standing).await?;
                }
            }
        }
        let broken = self.ledger.broken(self.clock.timestamp_micros(), matches!(deed.act, Act::Due)).await;
        if !broken.is_empty() {
            return Err(format!("{broken:?}"));
        }
        self.follow().await?;
        Ok(rows)
    }

    /// Whether a step led where the lifecycle says, and everything else left the article where it stood.
    async fn moved(
        &mut self,
        deed: &Deed,
        id: ArticleId,
        (version, status): &(i32, String),
    ) -> Result<(), String> {
        let after = self.ledger.standing(id.get()).await;
        let status: Status =
            serde_json::from_value(serde_json::json!(status)).map_err(|error| error.to_string())?;
        let expected = match &deed.act {
            Act::Remove => {
                return if after.is_none() { Ok(()) } else { Err("deleted, and there".to_owned()) };
            }
            Act::Due => return Ok(()),
            Act::Step(transition, _) => {
                status.after(*transition).ok_or("a step that cannot be taken was taken")?
            }
            Act::Create(_) | Act::Update(_) | Act::Correct(_) | Act::Restore(_) => status,
        };
        let (next, now) = after.ok_or("it is gone")?;
        if serde_json::json!(expected) != now.as_str() {
            return Err(format!("it stands at {now} and not at {expected:?}"));
        }
        let grown = next - version;
        let right = match &deed.act {
            Act::Create(_) => grown == 0,
            // What changes nothing makes no revision.
            Act::Update(_) => grown == 0 || grown == 1,
            _ => grown == 1,
        };
        if right { Ok(()) } else { Err(format!("its version grew by {grown}")) }
    }

    /// Reads what was added to the log, and compares the paper that follows from it with the rows.
    async fn follow(&mut self) -> Result<(), String> {
        loop {
            let more =
                self.store.events_after(self.position, 500).await.map_err(|error| error.to_string())?;
            let Some(last) = more.last() else { break };
            self.position = last.seq;
            for logged in more {
                self.events.push(logged.event.ok_or("an event that cannot be read")?);
            }
        }
        let live = self.ledger.live().await;
        let mut known: Vec<i64> = self
            .events
            .iter()
            .filter(|event| matches!(event, Event::ArticleCreated { .. }))
            .map(Event::subject)
            .collect();
        known.sort_unstable();
        let follows: Vec<i64> = known
            .into_iter()
            .filter(|id| is_visible_after(&self.events, ArticleId::from_stored(*id)))
            .collect();
        if follows == live {
            Ok(())
        } else {
            Err(format!("the log leads to {follows:?}, and readers see {live:?}"))
        }
    }
}

/// Whether an act is refused for a stale version: it then always is, before anything else of the article is looked at.
fn minds_versions(act: &Act) -> bool {
    !matches!(act, Act::Create(_) | Act::Remove | Act::Due)
}

fn changed<'a>(before: &'a [String], after: &'a [String]) -> Vec<&'a String> {
    after
        .iter()
        .filter(|row| !before.contains(row))
        .chain(before.iter().filter(|row| !after.contains(row)))
        .collect()
}
