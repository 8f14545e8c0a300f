//! Making a section.

use masthead_domain::audit::{Act, Subject};
use masthead_domain::event::Event;
use masthead_domain::section::SectionId;
use masthead_domain::text::Localized;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};
use masthead_persistence::section::SectionTexts;
use masthead_persistence::{Named, Store};

use super::SectionForm;
use super::form::may_change_below;
use crate::Occasion;
use crate::article::input::Patch;
use crate::refused::{DeskError, Faults};
use crate::texts::new_slug;

/// Makes a section of what the form says, at the top where it names no parent, behind its siblings where it gives no
/// position. The slug is the one asked for, which no section may have; else one made of the name in the site's language,
/// else in any, and numbered where it is taken.
pub async fn create(store: &Store, occasion: &Occasion, form: &SectionForm) -> Result<SectionId, DeskError> {
    may(&occasion.viewer, Action::Use(Permission::ManageSections))?;
    let parent = match form.parent {
        Patch::Set(parent) => Some(parent),
        Patch::Keep | Patch::Clear => None,
    };
    may_change_below(&occasion.viewer, parent)?;
    let member = occasion.member()?;
    let tx = store.begin().await?;
    tx.lists_own().await?;
    let site = tx.site().await?;
    let mut faults = Faults::default();
    let (mut names, mut descriptions) = (Localized::new(), Localized::new());
    form.apply(&site, &mut names, &mut descriptions, &mut faults);
    SectionForm::check_place(&tx.section_parents().await?, None, parent, &mut faults);
    let name = names.get(&site.default_locale, &site.default_locale).map(String::as_str);
    let slug = new_slug(&tx, Named::Section, form.slug.as_deref(), name, faults).await?;
    let position = match form.position {
        Some(position) => position,
        None => tx.section_next_position(parent).await?,
    };
    let section = tx.section_create(&SectionTexts { slug, names, descriptions, parent, position }).await?;
    tx.audit_append(member, Act::SectionCreated, Subject::Section(section), None, occasion.now).await?;
    tx.append(Event::SectionChanged { section }, occasion.now);
    tx.commit().await?;
    Ok(section)
}
