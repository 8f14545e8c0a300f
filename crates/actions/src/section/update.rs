//! Changing a section: what it is called, and where in the tree it stands.

use masthead_domain::audit::{Act, Subject};
use masthead_domain::event::Event;
use masthead_domain::section::SectionId;
use masthead_domain::viewer::policy::{Action, may};
use masthead_persistence::{Named, Store};

use super::SectionForm;
use super::form::may_change_below;
use crate::Occasion;
use crate::article::input::Patch;
use crate::refused::{DeskError, Faults, Refused};
use crate::texts::{other_slug, touched};

/// Changes what the form speaks of. An old slug leads to the section still. A section that moves takes along what is
/// below it, and the lists of the sections that it leaves and joins are right at once; whoever moves it must be allowed
/// to change the sections above, old and new.
pub async fn update(
    store: &Store,
    occasion: &Occasion,
    section: SectionId,
    form: &SectionForm,
) -> Result<(), DeskError> {
    may(&occasion.viewer, Action::ChangeSection(section))?;
    let member = occasion.member()?;
    let tx = store.begin().await?;
    tx.lists_own().await?;
    let before = tx.section(section).await?.ok_or(Refused::NotFound)?;
    let parent = match form.parent {
        Patch::Keep => before.parent,
        Patch::Clear => None,
        Patch::Set(parent) => Some(parent),
    };
    let moves = parent != before.parent;
    if moves {
        may_change_below(&occasion.viewer, before.parent)?;
        may_change_below(&occasion.viewer, parent)?;
    }
    let site = tx.site().await?;
    let mut faults = Faults::default();
    let mut after = before.clone();
    form.apply(&site, &mut after.line.names, &mut after.descriptions, &mut faults);
    let tree = tx.section_parents().await?;
    if moves {
        SectionForm::check_place(&tree, Some(section), parent, &mut faults);
    }
    let current = &before.line.slug;
    let slug = other_slug(&tx, Named::Section, section, current, form.slug.as_deref(), &mut faults).await?;
    faults.check()?;
    after.position = match form.position {
        Some(position) => position,
        None if moves => tx.section_next_position(parent).await?,
        None => before.position,
    };
    match form.comment_policy {
        Patch::Keep => {}
        Patch::Clear => after.comment_policy = None,
        Patch::Set(policy) => after.comment_policy = Some(policy),
    }
    let touched = touched(&[
        ("slug", slug.is_some()),
        ("name", after.line.names != before.line.names),
        ("description", after.descriptions != before.descriptions),
        ("parent", moves),
        ("position", after.position != before.position),
        ("commentPolicy", after.comment_policy != before.comment_policy),
    ]);
    let Some(touched) = touched else { return Ok(()) };
    tx.section_update(&after).await?;
    if let Some(slug) = &slug {
        tx.slug_change(Named::Section, section, slug).await?;
    }
    let mut changed = vec![section];
    if moves {
        changed.extend(tx.section_move(section, parent, &tree).await?);
    }
    if moves || after.comment_policy != before.comment_policy {
        tx.section_policies_settle().await?;
    }
    if moves {
        tx.section_rules_settle().await?;
    }
    tx.audit_append(member, Act::SectionUpdated, Subject::Section(section), Some(&touched), occasion.now)
        .await?;
    for section in changed {
        tx.append(Event::SectionChanged { section }, occasion.now);
    }
    tx.commit().await?;
    Ok(())
}
