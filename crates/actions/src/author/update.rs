//! Changing an author's profile: one's own, or for who may, anyone's.

use masthead_domain::audit::{Act, Subject};
use masthead_domain::author::AuthorId;
use masthead_domain::event::Event;
use masthead_domain::viewer::policy::{Action, may};
use masthead_persistence::{Named, Store};

use super::AuthorForm;
use crate::Occasion;
use crate::refused::{DeskError, Faults, Refused};
use crate::texts::{other_slug, touched};

/// Changes what the form speaks of. An old slug leads to the author still.
pub async fn update(
    store: &Store,
    occasion: &Occasion,
    author: AuthorId,
    form: &AuthorForm,
) -> Result<(), DeskError> {
    may(&occasion.viewer, Action::ChangeAuthor(author))?;
    let member = occasion.member()?;
    let tx = store.begin().await?;
    let before = tx.author_profile(author).await?.ok_or(Refused::NotFound)?;
    let site = tx.site().await?;
    let mut faults = Faults::default();
    let mut after = before.clone();
    form.apply(&tx, &site, &mut after, &mut faults).await?;
    let slug =
        other_slug(&tx, Named::Author, author, &before.slug, form.slug.as_deref(), &mut faults).await?;
    faults.check()?;
    let touched = touched(&[
        ("slug", slug.is_some()),
        ("name", after.names != before.names),
        ("role", after.roles != before.roles),
        ("bio", after.biographies != before.biographies),
        ("links", after.links != before.links),
        ("avatar", after.avatar != before.avatar),
    ]);
    let Some(touched) = touched else { return Ok(()) };
    tx.author_update(author, &after).await?;
    if let Some(slug) = &slug {
        tx.slug_change(Named::Author, author, slug).await?;
    }
    tx.audit_append(member, Act::AuthorUpdated, Subject::Author(author), Some(&touched), occasion.now)
        .await?;
    tx.append(Event::AuthorChanged { author }, occasion.now);
    tx.commit().await?;
    Ok(())
}
