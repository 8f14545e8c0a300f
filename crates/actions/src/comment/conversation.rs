//! What all who comment share: how fast one may, the newsroom's classifier, and the compiled word lists. Made once for
//! the program. It must not know where comments are kept.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use masthead_domain::article::ArticleId;
use masthead_domain::comment::pipeline::{Rules, WordLists};
use masthead_domain::comment::{CommentId, Policy};

use super::classify::Classify;
use crate::rate::{Bucket, Told, TooFast, network};

/// Comments of one writer: 5 at once, then one each 15 seconds.
const WRITER: (u32, Duration) = (5, Duration::from_secs(15));
/// Comments from one address, behind which a whole office may be: 20 at once, then one each 5 seconds.
const ADDRESS: (u32, Duration) = (20, Duration::from_secs(5));
/// Comments below one article, by everyone: 200 at once, then one each half second.
const ARTICLE: (u32, Duration) = (200, Duration::from_millis(500));
/// Other texts for one comment: 5 at once, then one each 15 seconds.
const EDITS: (u32, Duration) = (5, Duration::from_secs(15));
/// Reactions and reports from one address: 60 at once, then one each second.
const TOUCHES: (u32, Duration) = (60, Duration::from_secs(1));

/// Asking for letters about threads from one address: 10 at once, then one each minute.
const FOLLOWS_FROM: (u32, Duration) = (10, Duration::from_secs(60));
/// Asking for them to one address: 3 at once, then one each 8 hours.
const FOLLOWS_TO: (u32, Duration) = (3, Duration::from_secs(8 * 3_600));

/// Whom letters to an address reach: with most hosts, what stands behind a plus sign makes no other inbox.
fn inbox(email: &str) -> (&str, &str) {
    let (name, host) = email.rsplit_once('@').unwrap_or((email, ""));
    (name.split_once('+').map_or(name, |(inbox, _)| inbox), host)
}

/// See the module. Cheap to clone.
#[derive(Clone)]
pub struct Conversation(Arc<Inner>);

struct Inner {
    policy: Option<Policy>,
    throttle: Option<Throttle>,
    classifier: Option<Arc<dyn Classify>>,
    words: Mutex<Option<Compiled>>,
}

struct Throttle {
    by_writer: Bucket,
    by_address: Bucket,
    by_article: Bucket,
    edits: Bucket,
    touches: Bucket,
    follows_from: Bucket,
    follows_to: Bucket,
    clock: Told,
    hasher: RandomState,
}

/// Word lists with what they were made of.
struct Compiled {
    suspect: Vec<String>,
    banned: Vec<String>,
    lists: Arc<WordLists>,
}

impl Conversation {
    /// `policy` goes before that of the site, a section or an article. Without a throttle near-duplicates and forms sent
    /// too quickly pass as well: for trials and tests.
    pub fn new(policy: Option<Policy>, throttled: bool, classifier: Option<Arc<dyn Classify>>) -> Self {
        let clock = Told::default();
        let throttle = throttled.then(|| Throttle {
            by_writer: Bucket::new(WRITER, &clock),
            by_address: Bucket::new(ADDRESS, &clock),
            by_article: Bucket::new(ARTICLE, &clock),
            edits: Bucket::new(EDITS, &clock),
            touches: Bucket::new(TOUCHES, &clock),
            follows_from: Bucket::new(FOLLOWS_FROM, &clock),
            follows_to: Bucket::new(FOLLOWS_TO, &clock),
            hasher: RandomState::new(),
            clock,
        });
        Self(Arc::new(Inner { policy, throttle, classifier, words: Mutex::default() }))
    }

    /// What goes before every other policy.
    pub fn policy(&self) -> Option<Policy> {
        self.0.policy
    }

    /// Whether there is no throttle.
    pub(super) fn is_unthrottled(&self) -> bool {
        self.0.throttle.is_none()
    }

    pub(super) fn classifier(&self) -> Option<&dyn Classify> {
        self.0.classifier.as_deref()
    }

    /// Counts a comment, or says how long to wait. A guest without a key counts by address only.
    pub(super) fn comment(
        &self,
        writer: Option<&[u8]>,
        address: Option<IpAddr>,
        article: ArticleId,
        now: DateTime<Utc>,
    ) -> Result<(), TooFast> {
        let Some(throttle) = &self.0.throttle else { return Ok(()) };
        throttle.clock.tell(now);
        throttle.by_address.take(throttle.hasher.hash_one(network(address)))?;
        if let Some(writer) = writer {
            throttle.by_writer.take(throttle.hasher.hash_one(writer))?;
        }
        throttle.by_article.take(throttle.hasher.hash_one(article.get()))
    }

    /// Counts another text for a comment, or says how long to wait.
    pub(super) fn edit(&self, comment: CommentId, now: DateTime<Utc>) -> Result<(), TooFast> {
        let Some(throttle) = &self.0.throttle else { return Ok(()) };
        throttle.clock.tell(now);
        throttle.edits.take(throttle.hasher.hash_one(comment.get()))
    }

    /// Counts a reaction or a report, or says how long to wait.
    pub(super) fn touch(&self, address: Option<IpAddr>, now: DateTime<Utc>) -> Result<(), TooFast> {
        let Some(throttle) = &self.0.throttle else { return Ok(()) };
        throttle.clock.tell(now);
        throttle.touches.take(throttle.hasher.hash_one(network(address)))
    }

    /// Counts asking for letters about a thread, by whence it comes, or says how long to wait.
    pub(super) fn follow_from(&self, address: Option<IpAddr>, now: DateTime<Utc>) -> Result<(), TooFast> {
        let Some(throttle) = &self.0.throttle else { return Ok(()) };
        throttle.clock.tell(now);
        throttle.follows_from.take(throttle.hasher.hash_one(network(address)))
    }

    /// Counts asking for them by where they are to go, whether that follows already or not.
    pub(super) fn follow_to(&self, email: &str, now: DateTime<Utc>) -> Result<(), TooFast> {
        let Some(throttle) = &self.0.throttle else { return Ok(()) };
        throttle.clock.tell(now);
        throttle.follows_to.take(throttle.hasher.hash_one(inbox(email)))
    }

    /// Forgets counts that are held against nobody any more. To be called now and then.
    pub fn forget(&self, now: DateTime<Utc>) {
        if let Some(throttle) = &self.0.throttle {
            throttle.clock.tell(now);
            for bucket in [
                &throttle.by_writer,
                &throttle.by_address,
                &throttle.by_article,
                &throttle.edits,
                &throttle.touches,
                &throttle.follows_from,
                &throttle.follows_to,
            ] {
                bucket.forget();
            }
        }
    }

    /// The compiled word lists of `rules`: compiled anew where they changed since the last call.
    pub(super) fn words(&self, rules: &Rules) -> Arc<WordLists> {
        let mut kept = self.0.words.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some(kept) if kept.suspect == rules.suspect_words && kept.banned == rules.banned_words => {
                kept.lists.clone()
            }
            _ => {
                let lists = Arc::new(WordLists::compile(rules));
                *kept = Some(Compiled {
                    suspect: rules.suspect_words.clone(),
                    banned: rules.banned_words.clone(),
                    lists: lists.clone(),
                });
                lists
            }
        }
    }
}

impl fmt::Debug for Conversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conversation").field("policy", &self.0.policy).finish_non_exhaustive()
    }
}
