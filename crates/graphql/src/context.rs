//! What a request brings along: who asks, when, in which languages, and where answers come from.
//!
//! The server makes [`Settings`] once and a [`Visit`] for each request; [`execute`](crate::execute) takes it from there.
//! Nothing of one visit is ever shared with another: a loader's cache holds what one viewer may see. It must not know
//! HTTP: headers come as plain values.

use std::hash::Hash;
use std::sync::Arc;

use async_graphql::dataloader::{DataLoader, HashMapCache, Loader};
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use masthead_actions::Occasion;
use masthead_domain::comment::Policy;
use masthead_domain::viewer::Viewer;
use masthead_persistence::{Reads, Store};
use tokio::sync::OnceCell;

use crate::batch::{Batches, NoDelay};
use crate::error::Failure;
use crate::load::Loads;
use crate::section::Tree;

/// What stays the same while the program runs. Cheap to clone.
#[derive(Clone)]
pub struct Settings {
    /// Where everything is kept.
    pub store: Store,
    /// What absolute addresses begin with.
    pub public_url: PublicUrl,
    /// Goes before the comment policy of the site and of any article; `None` in ordinary running.
    pub comment_policy: Option<Policy>,
    /// 32 new random bytes at each call, fit for secrets. Drawn once for each write.
    pub entropy: Entropy,
}

/// A source of randomness: the operating system's in the program, a fixed one in tests.
pub type Entropy = Arc<dyn Fn() -> [u8; 32] + Send + Sync>;

/// The site's address as the world knows it, `https://news.example`; never ends in a slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(Arc<str>);

impl PublicUrl {
    /// Takes an absolute http or https address, with or without slashes at its end.
    pub fn new(address: &str) -> Self {
        Self(address.trim_end_matches('/').into())
    }

    /// The address itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The full address of a path on this site; an address that names its host stays as it is.
    pub(crate) fn join(&self, location: String) -> String {
        if location.starts_with("http://") || location.starts_with("https://") {
            location
        } else if location.starts_with("//") {
            format!("https:{location}")
        } else {
            format!("{}/{}", self.0, location.trim_start_matches('/'))
        }
    }
}

/// Whether a page is planned ahead and read in few statements, or left to the loaders. The answer is the same; tests
/// put `Off` into a request's data to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planning {
    /// Look ahead. What holds where nothing is said.
    On,
    /// Every field loads for itself.
    Off,
}

/// One request.
pub struct Visit {
    settings: Settings,
    viewer: Viewer,
    now: DateTime<Utc>,
    accept_language: Option<String>,
    request_id: String,
    batches: Batches,
    session: Arc<Session>,
}

impl Visit {
    /// A request of `viewer`, made `now`, with its Accept-Language header as it came, and an id that finds it in the
    /// log. Reads nothing yet.
    pub fn new(
        settings: &Settings,
        viewer: Viewer,
        now: DateTime<Utc>,
        accept_language: Option<String>,
        request_id: String,
    ) -> Self {
        let batches = Batches::default();
        let session = Session::open(settings, viewer.clone(), &batches);
        Self { settings: settings.clone(), viewer, now, accept_language, request_id, batches, session }
    }

    /// The visit that a field is answered for.
    pub(crate) fn of<'a>(ctx: &async_graphql::Context<'a>) -> &'a Self {
        ctx.data_unchecked()
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    pub(crate) fn accept_language(&self) -> Option<&str> {
        self.accept_language.as_deref()
    }

    pub(crate) fn request_id(&self) -> &str {
        &self.request_id
    }

    pub(crate) fn batches(&self) -> &Batches {
        &self.batches
    }

    /// Where a query's answers come from: one snapshot for all of them.
    pub(crate) fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// A later snapshot, with nothing remembered, for reading what was just written.
    pub(crate) fn new_session(&self) -> Arc<Session> {
        Session::open(&self.settings, self.viewer.clone(), &self.batches)
    }

    /// The circumstances of a write, with randomness of its own.
    pub(crate) fn occasion(&self) -> Occasion {
        Occasion { viewer: self.viewer.clone(), now: self.now, entropy: (self.settings.entropy)() }
    }
}

/// What the loader has for a key.
pub(crate) type LoadedOne<'a, K> =
    BoxFuture<'a, Result<Option<<Loads as Loader<K>>::Value>, <Loads as Loader<K>>::Error>>;

/// One snapshot, and what was read of it so far.
pub(crate) struct Session {
    /// The snapshot.
    pub(crate) reads: Reads,
    /// The same, for many fields that ask the same question of different things.
    pub(crate) loader: DataLoader<Loads, HashMapCache>,
    sections: OnceCell<Arc<Tree>>,
}

impl Session {
    fn open(settings: &Settings, viewer: Viewer, batches: &Batches) -> Arc<Self> {
        let reads = settings.store.reads_as(viewer);
        let loads = Loads { reads: reads.clone() };
        let loader = DataLoader::with_cache(loads, batches.clone(), NoDelay, HashMapCache::default());
        Arc::new(Self { reads, loader, sections: OnceCell::new() })
    }

    /// Asks the loader one thing.
    ///
    /// On the heap, because what loads is rarely run and would else take its place, a kilobyte and more, in every field of
    /// the same object: the fields' futures are of one type, as large as the largest.
    pub(crate) fn load<K>(&self, key: K) -> LoadedOne<'_, K>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Loads: Loader<K>,
    {
        Box::pin(self.loader.load_one(key))
    }

    /// All sections. There are few, so they are read together, once.
    pub(crate) async fn sections(&self) -> Result<&Arc<Tree>, Failure> {
        self.sections
            .get_or_try_init(|| async { Ok(Arc::new(Tree::new(self.reads.sections().await?))) })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::PublicUrl;

    #[test]
    fn addresses_on_this_site_become_absolute_and_others_stay() {
        let site = PublicUrl::new("https://news.example/");
        assert_eq!(site.as_str(), "https://news.example");
        for (location, address) in [
            ("/media/640/port.jpg", "https://news.example/media/640/port.jpg"),
            ("media/port.jpg", "https://news.example/media/port.jpg"),
            ("/ar/%D9%85%D8%B1%D9%81%D8%A3", "https://news.example/ar/%D9%85%D8%B1%D9%81%D8%A3"),
            ("https://elsewhere.example/a.jpg", "https://elsewhere.example/a.jpg"),
            ("//cdn.example/a.jpg", "https://cdn.example/a.jpg"),
        ] {
            assert_eq!(site.join(location.to_owned()), address);
        }
    }
}
