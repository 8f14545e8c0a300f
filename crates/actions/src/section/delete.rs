//! Deleting a section. No article loses its section by it, and nobody's role grows.

use masthead_domain::audit::{Act, Subject};
use masthead_domain::event::Event;
use masthead_domain::section::SectionId;
use masthead_domain::viewer::policy::{Action, may};
use masthead_persistence::Store;

use super::form::may_change_below;
use crate::Occasion;
use crate::refused::{DeskError, Fault, Refused};

const ID: &str = "id";

/// Deletes a section that has none below it; its articles and its slugs are the section's above from then on.
///
/// Refused for a section at the top that has articles, since they would be in none; and where somebody's role holds in
/// this section by name, since a person with no section left works in all of them.
pub async fn delete(store: &Store, occasion: &Occasion, section: SectionId) -> Result<(), DeskError> {
    may(&occasion.viewer, Action::ChangeSection(section))?;
    let member = occasion.member()?;
    let tx = store.begin().await?;
    tx.lists_own().await?;
    let before = tx.section(section).await?.ok_or(Refused::NotFound)?;
    may_change_below(&occasion.viewer, before.parent)?;
    let refused = |message: &str| DeskError::from(Fault::new(ID, message));
    if tx.section_parents().await?.has_children(section) {
        return Err(refused("There are sections below it: move or delete them first."));
    }
    if before.parent.is_none() && tx.section_has_articles(section).await? {
        return Err(refused(
            "It has articles, and no section above it to take them: put it below another section first.",
        ));
    }
    if tx.section_has_people(section, occasion.now).await? {
        return Err(refused(
            "Somebody works in this section by name, or was asked to: an administrator must change that first.",
        ));
    }
    tx.section_delete(section, before.parent).await?;
    tx.section_policies_settle().await?;
    tx.section_rules_settle().await?;
    let slug = before.line.slug.as_str();
    tx.audit_append(member, Act::SectionDeleted, Subject::Section(section), Some(slug), occasion.now).await?;
    tx.append(Event::SectionDeleted { section }, occasion.now);
    if let Some(section) = before.parent {
        tx.append(Event::SectionChanged { section }, occasion.now);
    }
    tx.commit().await?;
    Ok(())
}
