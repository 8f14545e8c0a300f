//! What people do with articles at the desk: one file a verb.
//!
//! Every verb opens the article the same way ([`open`]): policy for the permission, transaction, the article's facts,
//! policy again, version. What readers see follows in the same transaction.

pub mod correct;
pub mod create;
pub mod due;
pub mod input;
pub mod preview;
pub mod remove;
mod resolve;
pub mod restore;
pub mod step;
pub mod update;

use masthead_domain::article::ArticleId;
use masthead_domain::article::desk::{Manuscript, Missing};
use masthead_domain::viewer::policy::{Action, ArticleAct, ArticleFacts, Denied, may};
use masthead_domain::viewer::{Member, Permission, Viewer};
use masthead_persistence::{Store, Tx};

use crate::refused::{DeskError, Fault, Faults, Refused};

/// An article within a change, and who changes it.
struct Open<'a> {
    tx: Tx,
    member: &'a Member,
    facts: ArticleFacts,
    before: Manuscript,
}

/// Opens an article for an act that needs `permission` at least. What the viewer may not see is not there.
async fn open<'a>(
    store: &Store,
    viewer: &'a Viewer,
    permission: Permission,
    act: ArticleAct,
    id: ArticleId,
) -> Result<Open<'a>, DeskError> {
    let member = member(viewer, permission)?;
    let tx = store.begin().await?;
    let facts = tx.article_facts(id, member).await?.ok_or(Refused::NotFound)?;
    may(viewer, Action::Article(ArticleAct::See, &facts)).map_err(|_| Refused::NotFound)?;
    may(viewer, Action::Article(act, &facts))?;
    let before = tx.manuscript(id).await?.ok_or(Refused::NotFound)?;
    Ok(Open { tx, member, facts, before })
}

/// The person, where they have the permission somewhere.
fn member(viewer: &Viewer, permission: Permission) -> Result<&Member, Denied> {
    may(viewer, Action::Use(permission))?;
    viewer.member().ok_or(Denied::Unauthenticated)
}

impl Open<'_> {
    /// Refuses where the caller has seen another version than the current one.
    fn require_version(&self, seen: Option<i32>) -> Result<(), Refused> {
        match seen {
            Some(seen) if seen != self.before.version => Err(Refused::Stale { current: self.before.version }),
            _ => Ok(()),
        }
    }
}

/// Refuses with a fault for each field that a step needs and that is empty.
fn require(missing: Vec<Missing>) -> Result<(), Refused> {
    let mut faults = Faults::default();
    for missing in missing {
        match missing {
            Missing::Title => faults.add("input.title", "An article needs a headline before it goes on."),
            Missing::Body => {
                faults.add(
                    "input.body",
                    "An article needs a text, or at least a picture, before it is published.",
                );
            }
        }
    }
    faults.check()
}

/// An optional line that someone typed, such as a reason: at most 500 characters.
fn reason(text: Option<&str>, field: &'static str) -> Result<Option<String>, Fault> {
    let line = text.map(|text| masthead_domain::text::plain::lines(text, 500)).transpose();
    line.map(Option::flatten).map_err(|unfit| Fault::new(field, format!("It {unfit}.")))
}
