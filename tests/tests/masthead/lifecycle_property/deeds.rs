//! What people may do to articles in a random sequence, and how it is done. It must not know what has to hold after it.

use chrono::{DateTime, TimeDelta, Utc};
use masthead_actions::Occasion;
use masthead_actions::article::due::release_due;
use masthead_actions::article::input::{ArticleInput, Patch};
use masthead_actions::article::step::{Step, step};
use masthead_actions::article::{correct, create, remove, restore, update};
use masthead_actions::refused::{DeskError, Refused};
use masthead_domain::article::lifecycle::Transition;
use masthead_domain::article::{ArticleId, Body, CorrectionKind, Kind};
use masthead_domain::text::LanguageTag;
use masthead_domain::viewer::Viewer;
use masthead_persistence::Store;
use proptest::prelude::*;

/// One thing that someone tries.
#[derive(Debug, Clone)]
pub struct Deed {
    /// Who, as a place in the list of people.
    pub who: usize,
    /// To which of the sequence's articles.
    pub article: usize,
    /// Which version they have seen.
    pub seen: Seen,
    /// What.
    pub act: Act,
    /// How long after the one before, in minutes.
    pub wait: i64,
}

/// The version that is given along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The current one.
    Right,
    /// One that is over.
    Stale,
    /// None, where it may be left out.
    Unsaid,
}

/// Something that is done to an article.
#[derive(Debug, Clone)]
pub enum Act {
    Create(Wish),
    Update(Wish),
    /// A step; the minutes from now on are for the schedule.
    Step(Transition, i64),
    Correct(Wish),
    Restore(i32),
    Remove,
    /// Nobody does anything, and what is due falls due.
    Due,
}

/// What is to be written.
#[derive(Debug, Clone)]
pub struct Wish {
    title: Option<&'static str>,
    slug: Option<&'static str>,
    body: Option<&'static str>,
    section: Option<Option<&'static str>>,
    tags: Option<Vec<&'static str>>,
    authors: Option<Vec<&'static str>>,
    locale: Option<&'static str>,
    embargo: Option<Option<i64>>,
    page: bool,
    translation_of: Option<usize>,
}

/// A whole sequence.
pub fn sequence() -> impl Strategy<Value = Vec<Deed>> {
    prop::collection::vec(deed(), 30)
}

fn deed() -> impl Strategy<Value = Deed> {
    // Those who may more come more often, or little would happen.
    let who = prop::sample::select(vec![0_usize, 1, 2, 3, 3, 4, 4, 5, 5, 5, 5, 6, 6]);
    let seen = prop::sample::select(vec![
        Seen::Right,
        Seen::Right,
        Seen::Right,
        Seen::Right,
        Seen::Stale,
        Seen::Unsaid,
    ]);
    (who, 0..4_usize, seen, act(), 0..200_i64).prop_map(|(who, article, seen, act, wait)| Deed {
        who,
        article,
        seen,
        act,
        wait,
    })
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        2 => wish().prop_map(Act::Create),
        5 => wish().prop_map(Act::Update),
        12 => (prop::sample::select(Transition::ALL.to_vec()), -60..600_i64).prop_map(|(step, at)| Act::Step(step, at)),
        2 => wish().prop_map(Act::Correct),
        2 => (1..6_i32).prop_map(Act::Restore),
        1 => Just(Act::Remove),
        4 => Just(Act::Due),
    ]
}

fn wish() -> impl Strategy<Value = Wish> {
    fn one<T: Clone + std::fmt::Debug + 'static>(of: Vec<T>) -> impl Strategy<Value = Option<T>> {
        prop::option::weighted(0.5, prop::sample::select(of))
    }
    let texts = (
        one(vec!["Bridge", "Harbour", "جسر", ""]),
        one(vec!["bridge", "harbour", "ميناء"]),
        one(vec!["<p>Work begins.</p>", "<p>يبدأ العمل.</p><ul><li>x</li></ul>", ""]),
    );
    let places = (
        one(vec![Some("city"), Some("sport"), None]),
        one(vec![vec!["Rivers"], vec!["Rivers", "Ports"], vec![]]),
        one(vec![vec!["author"], vec!["contributor", "author"], vec![]]),
    );
    let rest = (
        prop::option::weighted(0.2, prop::sample::select(vec!["en", "ar", "fr"])),
        prop::option::weighted(0.3, prop_oneof![Just(None), (-100..700_i64).prop_map(Some)]),
        prop::bool::weighted(0.1),
        prop::option::weighted(0.15, 0..4_usize),
    );
    (texts, places, rest).prop_map(
        |((title, slug, body), (section, tags, authors), (locale, embargo, page, translation_of))| Wish {
            title,
            slug,
            body,
            section,
            tags,
            authors,
            locale,
            embargo,
            page,
            translation_of,
        },
    )
}

impl Deed {
    /// Tries it. The article that was made, where one was.
    pub async fn attempt(
        &self,
        store: &Store,
        viewer: &Viewer,
        now: DateTime<Utc>,
        articles: &[ArticleId],
        version: i32,
    ) -> Result<Option<ArticleId>, DeskError> {
        let occasion = Occasion { viewer: viewer.clone(), now, entropy: [3; 32] };
        if let Act::Create(wish) = &self.act {
            let kind = Some(if wish.page { Kind::Page } else { Kind::Article });
            let input = ArticleInput { kind, ..wish.input(now, articles) };
            return create::create(store, &occasion, input).await.map(Some);
        }
        if matches!(self.act, Act::Due) {
            release_due(store, now).await?;
            return Ok(None);
        }
        let id = articles.get(self.article % articles.len().max(1)).copied().ok_or(Refused::NotFound)?;
        let seen = match self.seen {
            Seen::Right => Some(version),
            Seen::Stale => Some(version - 1),
            Seen::Unsaid => None,
        };
        match &self.act {
            Act::Create(_) | Act::Due => {}
            Act::Update(wish) => {
                update::update(store, &occasion, id, seen.unwrap_or(version), wish.input(now, articles))
                    .await?;
            }
            Act::Step(transition, at) => {
                let at = (*transition == Transition::Schedule).then(|| now + TimeDelta::minutes(*at));
                step(store, &occasion, id, *transition, Step { version: seen, at, reason: None }).await?;
            }
            Act::Correct(wish) => {
                let input = wish.input(now, articles);
                correct::correct(
                    store,
                    &occasion,
                    id,
                    seen.unwrap_or(version),
                    CorrectionKind::Update,
                    "New.",
                    input,
                )
                .await?;
            }
            Act::Restore(number) => {
                restore::restore(store, &occasion, id, seen, *number).await?;
            }
            Act::Remove => remove::remove(store, &occasion, id, "An order").await?,
        }
        Ok(None)
    }
}

impl Wish {
    fn input(&self, now: DateTime<Utc>, articles: &[ArticleId]) -> ArticleInput {
        let texts = |texts: &Option<Vec<&str>>| {
            texts.as_ref().map(|all| all.iter().map(|&one| one.to_owned()).collect())
        };
        ArticleInput {
            title: self.title.map(str::to_owned),
            slug: self.slug.map_or(Patch::Keep, |slug| Patch::Set(slug.to_owned())),
            body: self.body.map(|html| Body::from_html(html).0),
            section: match self.section {
                None => Patch::Keep,
                Some(None) => Patch::Clear,
                Some(Some(slug)) => Patch::Set(slug.to_owned()),
            },
            tag_names: texts(&self.tags),
            authors: texts(&self.authors),
            locale: self.locale.map(|tag| LanguageTag::from_stored(tag.to_owned())),
            embargo_until: match self.embargo {
                None => Patch::Keep,
                Some(None) => Patch::Clear,
                Some(Some(minutes)) => Patch::Set(now + TimeDelta::minutes(minutes)),
            },
            translation_of: self
                .translation_of
                .and_then(|place| articles.get(place))
                .map_or(Patch::Keep, |id| Patch::Set(*id)),
            ..ArticleInput::default()
        }
    }
}
