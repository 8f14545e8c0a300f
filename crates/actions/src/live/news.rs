//! What is told of the articles that readers see: each event as it stands when it is told.
//!
//! Of an article that readers never saw nothing is ever told, not even that it is gone. Pages are in no list, and are no
//! news.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use masthead_domain::article::{ArticleId, Card, Kind};
use masthead_domain::event::{Event, Position};
use masthead_domain::live::{Change, NewsEvent, Topic};
use masthead_domain::section::SectionId;
use masthead_domain::viewer::Viewer;
use masthead_persistence::{PublicStanding, Reads, StoreError};

use super::Live;
use super::channel::Told;
use super::feed::{Feed, Happened};

/// Articles that are read at a time for one who has fallen behind.
const AT_A_TIME: usize = 32;

/// The news, in order.
pub struct NewsFeed {
    section: Option<SectionId>,
    feed: Feed,
    /// Of the log, not looked up yet.
    waiting: VecDeque<(Position, Event)>,
    /// Told by the channel, not looked up yet.
    fresh: VecDeque<Arc<Told>>,
    ready: VecDeque<NewsItem>,
}

/// One thing that happened to an article.
#[derive(Debug, Clone)]
pub struct NewsItem {
    /// The place behind it.
    pub place: Position,
    /// What happened.
    pub change: Change,
    /// To which article; `None` where everything is to be read anew.
    pub id: Option<ArticleId>,
    /// The article as it is now; `None` where it was removed or everything is to be read anew.
    pub card: Option<Arc<Card>>,
}

/// How it stands when an event is told.
#[derive(Clone)]
pub(super) struct NewsState(Arc<State>);

struct State {
    /// `None`: the article is gone.
    standing: Option<PublicStanding>,
    /// As everyone sees it.
    card: Option<Arc<Card>>,
    /// Where it was before it was published anew.
    before: BTreeSet<SectionId>,
}

impl NewsFeed {
    pub(super) async fn begin(
        live: &Live,
        section: Option<SectionId>,
        since: Option<Position>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            section,
            feed: Feed::begin(live, Topic::News, since).await?,
            waiting: VecDeque::new(),
            fresh: VecDeque::new(),
            ready: VecDeque::new(),
        })
    }

    /// Waits for the next thing. Whoever stops waiting has missed nothing.
    pub async fn next(&mut self) -> Result<NewsItem, StoreError> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Ok(item);
            }
            if let Some(told) = self.fresh.front() {
                let live = self.feed.live();
                let state = told.news.get(|| state(live, told.seq, &told.event)).await?;
                let item = item(told.seq, &told.event, &state, self.section);
                self.fresh.pop_front();
                self.ready.extend(item);
                continue;
            }
            if !self.waiting.is_empty() {
                let some: Vec<_> = self.waiting.iter().take(AT_A_TIME).cloned().collect();
                let states = states(self.feed.live(), &some).await?;
                self.waiting.drain(..some.len());
                let told = some.iter().zip(&states);
                self.ready
                    .extend(told.filter_map(|((seq, event), state)| item(*seq, event, state, self.section)));
                continue;
            }
            match self.feed.next().await? {
                Happened::Now(told) => self.fresh.extend(told),
                Happened::Before(events) => self.waiting.extend(events),
                Happened::Resync(place) => {
                    return Ok(NewsItem { place, change: Change::Resync, id: None, card: None });
                }
            }
        }
    }
}

/// What is told of an event to who watches a section, or all; `None`: nothing.
fn item(
    place: Position,
    event: &Event,
    NewsState(state): &NewsState,
    section: Option<SectionId>,
) -> Option<NewsItem> {
    let news = NewsEvent::of(event)?;
    let id = Some(news.article);
    let removed = NewsItem { place, change: Change::Removed, id, card: None };
    let Some(standing) = &state.standing else {
        // In which sections it was, nobody knows any more.
        return (news.change == Change::Removed && news.was_public).then_some(removed);
    };
    if standing.kind != Kind::Article {
        return None;
    }
    let within = |sections: &BTreeSet<SectionId>| section.is_none_or(|section| sections.contains(&section));
    if news.change == Change::Removed {
        return (standing.was_public && within(&standing.sections)).then_some(removed);
    }
    let card = state.card.clone()?;
    let was_within = news.change == Change::Edited && within(&state.before);
    match (was_within, within(&standing.sections)) {
        (true, true) => Some(NewsItem { place, change: Change::Edited, id, card: Some(card) }),
        (false, true) => Some(NewsItem { place, change: Change::Added, id, card: Some(card) }),
        (true, false) => Some(removed),
        (false, false) => None,
    }
}

async fn state(live: &Live, place: Position, event: &Event) -> Result<NewsState, StoreError> {
    Ok(states(live, &[(place, event.clone())]).await?.swap_remove(0))
}

/// One for each of the events.
async fn states(live: &Live, events: &[(Position, Event)]) -> Result<Vec<NewsState>, StoreError> {
    let reads = live.0.store.reads_as(Viewer::Guest);
    let news: Vec<NewsEvent> = events.iter().filter_map(|(_, event)| NewsEvent::of(event)).collect();
    let ids: Vec<ArticleId> = news.iter().map(|news| news.article).collect();
    let standing = reads.public_standing(&ids).await?;
    let cards: HashMap<ArticleId, Arc<Card>> =
        reads.articles_by_id(&ids).await?.into_iter().map(|(id, card)| (id, Arc::new(card))).collect();
    let mut states = Vec::with_capacity(events.len());
    for (_, event) in events {
        let news = NewsEvent::of(event);
        let article = news.map(|news| news.article);
        states.push(NewsState(Arc::new(State {
            standing: article.and_then(|article| standing.get(&article).cloned()),
            card: article.and_then(|article| cards.get(&article).cloned()),
            before: before(&reads, news).await?,
        })));
    }
    Ok(states)
}

/// Where an article was that was published anew.
async fn before(reads: &Reads, news: Option<NewsEvent>) -> Result<BTreeSet<SectionId>, StoreError> {
    match news {
        Some(NewsEvent { change: Change::Edited, article, revision: Some(revision), .. }) => {
            reads.sections_before(article, revision).await
        }
        _ => Ok(BTreeSet::new()),
    }
}
