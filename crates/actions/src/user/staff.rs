//! What all acts on people's logins have in common: administrators take turns, must still be administrators when their
//! turn comes, and name sections by slug.

use masthead_domain::section::SectionId;
use masthead_domain::text::SlugKey;
use masthead_domain::user::{Role, User};
use masthead_domain::viewer::policy::{Action, Denied, may};
use masthead_domain::viewer::{Member, Permission, Viewer};
use masthead_persistence::{Store, StoreError, Tx};

use super::session::in_person;
use crate::refused::{DeskError, Fault};

/// Begins an act of an administrator: others wait until it is done.
pub(super) async fn begin<'a>(store: &Store, viewer: &'a Viewer) -> Result<(Tx, &'a Member), DeskError> {
    may(viewer, Action::Use(Permission::ManageUsers))?;
    let (member, _) = in_person(viewer)?;
    let tx = store.begin().await?;
    tx.lock_people().await?;
    // Another administrator may have had the turn before.
    let now = tx.user(member.user).await?;
    let is_still =
        |user: &User| user.role == Role::Admin && user.sections.is_none() && user.disabled_at.is_none();
    if now.as_ref().is_some_and(is_still) { Ok((tx, member)) } else { Err(Denied::Forbidden.into()) }
}

/// The sections of these slugs, in any spelling, each once; the fault names the first that is not there.
pub(super) async fn sections(
    tx: &Tx,
    field: &'static str,
    slugs: &[String],
) -> Result<Result<Vec<SectionId>, Fault>, StoreError> {
    let mut found = Vec::with_capacity(slugs.len());
    for slug in slugs {
        match tx.section_by_slug(&SlugKey::of(slug)).await? {
            Some(section) if !found.contains(&section) => found.push(section),
            Some(_) => {}
            None => {
                let shown: String = slug.chars().take(100).collect();
                return Ok(Err(Fault::new(field, format!("There is no section of the slug “{shown}”."))));
            }
        }
    }
    Ok(Ok(found))
}

/// Most sections that a person is given one by one.
pub(super) const MAX_SECTIONS: usize = 100;
