//! Making one tag part of another: "Port" and "الميناء" are one subject.

use masthead_domain::audit::{Act, Subject};
use masthead_domain::event::Event;
use masthead_domain::tag::TagId;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};
use masthead_persistence::Store;

use crate::Occasion;
use crate::refused::{DeskError, Fault, Refused};

/// Where it is told that a tag cannot be merged into itself.
const INTO: &str = "into";

/// Gives every article that carries `from`, and every revision of one, the tag `into` in its place; `from` is gone, and
/// its slugs, former ones too, lead to `into`, which also takes over the names of languages that it has none in.
pub async fn merge(store: &Store, occasion: &Occasion, from: TagId, into: TagId) -> Result<(), DeskError> {
    may(&occasion.viewer, Action::Use(Permission::ManageTags))?;
    let member = occasion.member()?;
    if from == into {
        return Err(Fault::new(INTO, "A tag cannot become part of itself.").into());
    }
    let tx = store.begin().await?;
    tx.lists_own().await?;
    let gone = tx.tag(from).await?.ok_or(Refused::NotFound)?;
    let kept = tx.tag(into).await?.ok_or(Refused::NotFound)?;
    let mut names = kept.names.clone();
    for (locale, name) in gone.names.iter() {
        if names.exact(locale).is_none() {
            names.insert(locale.clone(), name.clone());
        }
    }
    if names != kept.names {
        tx.tag_update(into, &names).await?;
    }
    tx.tags_merge(from, into).await?;
    let slug = gone.slug.as_str();
    tx.audit_append(member, Act::TagsMerged, Subject::Tag(into), Some(slug), occasion.now).await?;
    tx.append(Event::TagsMerged { from, into }, occasion.now);
    tx.commit().await?;
    Ok(())
}
