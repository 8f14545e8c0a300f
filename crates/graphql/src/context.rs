//! What a request brings along: who asks, when, in which languages, and where answers come from.
//!
//! The server makes [`Settings`] once and a [`Visit`] for each request; [`execute`](crate::execute) takes it from there.
//! Nothing of one visit is ever shared with another: a loader's cache holds what one viewer may see. It must not know
//! HTTP: headers come as plain values.

use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use async_graphql::dataloader::{DataLoader, HashMapCache, Loader};
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use masthead_actions::Occasion;
use masthead_actions::comment::Conversation;
use masthead_actions::live::Live;
use masthead_actions::media::Workshop;
use masthead_actions::user::Door;
use masthead_domain::viewer::Viewer;
use masthead_persistence::{Reads, Store};
use tokio::sync::OnceCell;

use crate::batch::{Batches, NoDelay};
use crate::error::Failure;
use crate::load::Loads;
use crate::section::{AllSections, Tree};

/// What stays the same while the program runs. Cheap to clone.
#[derive(Clone)]
pub struct Settings {
    /// Where everything is kept.
    pub store: Store,
    /// The pictures' files, and where the work on them is done.
    pub workshop: Workshop,
    /// What absolute addresses begin with.
    pub public_url: PublicUrl,
    /// What all who comment share.
    pub conversation: Conversation,
    /// What all who sign in share.
    pub door: Door,
    /// 32 new random bytes at each call, fit for secrets. Drawn once for each write.
    pub entropy: Entropy,
    /// Those who watch what happens.
    pub live: Live,
    /// The clock, for what lasts longer than a request.
    pub clock: Clock,
}

/// A clock: the machine's in the program, one that stands still in tests.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

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

    /// The path on this site that an address leads to, with its query; a path stays as it is. `None` for another site.
    pub(crate) fn path_of<'a>(&self, address: &'a str) -> Option<&'a str> {
        if address.starts_with('/') {
            return (!address.starts_with("//")).then_some(address);
        }
        let (own, rest) = (address.get(..self.0.len())?, &address[self.0.len()..]);
        let is_ours = own.eq_ignore_ascii_case(&self.0);
        let path = if rest.is_empty() { "/" } else { rest };
        (is_ours && path.starts_with('/')).then_some(path)
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

/// What a mutation made of the caller's session, for the server to carry: a cookie is set or cleared by it.
#[derive(Clone, PartialEq, Eq)]
pub enum SessionChange {
    /// The caller signed in.
    Begun {
        /// What stands for the person.
        token: String,
        /// When it ends however much it is used.
        expires_at: DateTime<Utc>,
    },
    /// The caller signed out.
    Ended,
}

/// Where a mutation leaves a [`SessionChange`]; the server takes it when the operation is done. Clones share it.
#[derive(Clone, Default)]
pub struct SessionSlot(Arc<Mutex<Option<SessionChange>>>);

impl SessionSlot {
    /// Leaves a change; the last one counts.
    pub(crate) fn leave(&self, change: SessionChange) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(change);
    }

    /// Takes what was left.
    pub fn take(&self) -> Option<SessionChange> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// One request.
pub struct Visit {
    settings: Settings,
    viewer: Viewer,
    now: DateTime<Utc>,
    accept_language: Option<String>,
    request_id: String,
    address: Option<IpAddr>,
    session_slot: SessionSlot,
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
        Self {
            settings: settings.clone(),
            viewer,
            now,
            accept_language,
            request_id,
            address: None,
            session_slot: SessionSlot::default(),
            batches,
            session,
        }
    }

    /// The same request, come from this address on the network.
    pub fn from_address(self, address: Option<IpAddr>) -> Self {
        Self { address, ..self }
    }

    /// Where its mutations leave what became of the caller's session.
    pub fn session_slot(&self) -> &SessionSlot {
        &self.session_slot
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

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Where on the network the request came from; `None` where that is not known.
    pub(crate) fn address(&self) -> Option<IpAddr> {
        self.address
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
        self.session_of(self.viewer.clone())
    }

    /// The same, for who was somebody else when the request began.
    pub(crate) fn session_of(&self, viewer: Viewer) -> Arc<Session> {
        Session::open(&self.settings, viewer, &self.batches)
    }

    /// What of the request a subscription keeps while it lasts.
    pub(crate) fn stay(&self) -> Stay {
        Stay {
            settings: self.settings.clone(),
            viewer: self.viewer.clone(),
            accept_language: self.accept_language.clone(),
            request_id: self.request_id.clone(),
            address: self.address,
            batches: self.batches.clone(),
        }
    }

    /// The circumstances of a write, with randomness of its own.
    pub(crate) fn occasion(&self) -> Occasion {
        Occasion { viewer: self.viewer.clone(), now: self.now, entropy: (self.settings.entropy)() }
    }
}

/// A request that lasts: who asked, and how. Each thing that it is told of is read for itself, at its own moment.
pub(crate) struct Stay {
    settings: Settings,
    viewer: Viewer,
    accept_language: Option<String>,
    request_id: String,
    address: Option<IpAddr>,
    batches: Batches,
}

impl Stay {
    /// The request as if it were made now, with a snapshot of its own. The site's settings are shared by all who watch.
    pub(crate) async fn visit(&self) -> Result<Visit, Failure> {
        let session = Session::open(&self.settings, self.viewer.clone(), &self.batches);
        session.reads.know_site(self.settings.live.site().await?);
        Ok(Visit {
            settings: self.settings.clone(),
            viewer: self.viewer.clone(),
            now: (self.settings.clock)(),
            accept_language: self.accept_language.clone(),
            request_id: self.request_id.clone(),
            address: self.address,
            session_slot: SessionSlot::default(),
            batches: self.batches.clone(),
            session,
        })
    }
}

/// What the loader has for a key.
pub(crate) type LoadedOne<'a, K> =
    BoxFuture<'a, Result<Option<<Loads as Loader<K>>::Value>, <Loads as Loader<K>>::Error>>;

/// One snapshot, and what was read of it so far.
pub(crate) struct Session {
    /// The snapshot.
    pub(crate) reads: Reads,
    /// The same, for many fields that ask the same question of different things; a page that was planned needs none.
    loader: OnceLock<DataLoader<Loads, HashMapCache>>,
    batches: Batches,
    sections: OnceCell<Arc<Tree>>,
}

impl Session {
    fn open(settings: &Settings, viewer: Viewer, batches: &Batches) -> Arc<Self> {
        let reads = settings.store.reads_as(viewer);
        let batches = batches.clone();
        Arc::new(Self { reads, loader: OnceLock::new(), batches, sections: OnceCell::new() })
    }

    /// Asks the loader one thing.
    ///
    /// On the heap, because what loads is rarely run and would else take its place in every field of the same
    /// object: the fields' futures are of one type, as large as the largest.
    pub(crate) fn load<K>(&self, key: K) -> LoadedOne<'_, K>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Loads: Loader<K>,
    {
        Box::pin(self.loader().load_one(key))
    }

    /// The loader, made when it is first asked for.
    pub(crate) fn loader(&self) -> &DataLoader<Loads, HashMapCache> {
        self.loader.get_or_init(|| {
            let loads = Loads { reads: self.reads.clone() };
            DataLoader::with_cache(loads, self.batches.clone(), NoDelay, HashMapCache::default())
        })
    }

    /// All sections. There are few, so they are read together, once.
    pub(crate) async fn sections(&self) -> Result<&Arc<Tree>, Failure> {
        self.sections
            .get_or_try_init(|| async {
                // Through the loader, since a field that waits may be asked twice.
                let found = self.load(AllSections).await?;
                Ok(found.unwrap_or_else(|| Arc::new(Tree::new(Vec::new()))))
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::PublicUrl;

    #[test]
    fn an_address_of_this_site_has_a_path() {
        let site = PublicUrl::new("https://news.example/paper");
        for (address, path) in [
            ("/ar/x?p=1", Some("/ar/x?p=1")),
            ("https://news.example/paper/ar/x?p=1", Some("/ar/x?p=1")),
            ("HTTPS://News.Example/paper", Some("/")),
            ("https://news.example/papers/ar/x", None),
            ("https://evil.example/paper/ar/x", None),
            ("//news.example/paper", None),
            ("ar/x", None),
            ("", None),
            ("https://news.example/pap\u{e9}x", None),
        ] {
            assert_eq!(site.path_of(address), path, "{address}");
        }
    }

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
