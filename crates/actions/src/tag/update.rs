//! Changing what a tag is called.

use masthead_domain::audit::{Act, Subject};
use masthead_domain::event::Event;
use masthead_domain::tag::{MAX_NAME, TagId};
use masthead_domain::text::LanguageTag;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};
use masthead_persistence::{Named, Store};

use crate::Occasion;
use crate::refused::{DeskError, Faults, Refused};
use crate::texts::{Form, TextChange, TextField, other_slug, require_name, touched};

/// What is said of a tag. What says nothing of a field leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct TagForm {
    /// The slug asked for.
    pub slug: Option<String>,
    /// The language in which it is filled in; `None`: the site's.
    pub locale: Option<LanguageTag>,
    /// The name.
    pub names: TextChange,
}

const NAME: TextField = TextField::line("input.name", "input.names", MAX_NAME);

/// Changes what the form speaks of. An old slug leads to the tag still.
pub async fn update(store: &Store, occasion: &Occasion, tag: TagId, form: &TagForm) -> Result<(), DeskError> {
    may(&occasion.viewer, Action::Use(Permission::ManageTags))?;
    let member = occasion.member()?;
    let tx = store.begin().await?;
    let before = tx.tag(tag).await?.ok_or(Refused::NotFound)?;
    let site = tx.site().await?;
    let mut faults = Faults::default();
    let mut names = before.names.clone();
    let opened = Form::open(&site, form.locale.as_ref(), &mut faults);
    NAME.apply(&form.names, &opened, &mut names, &mut faults);
    require_name(&names, &NAME, &mut faults);
    let slug = other_slug(&tx, Named::Tag, tag, &before.slug, form.slug.as_deref(), &mut faults).await?;
    faults.check()?;
    let touched = touched(&[("slug", slug.is_some()), ("name", names != before.names)]);
    let Some(touched) = touched else { return Ok(()) };
    tx.tag_update(tag, &names).await?;
    if let Some(slug) = &slug {
        tx.slug_change(Named::Tag, tag, slug).await?;
    }
    tx.audit_append(member, Act::TagUpdated, Subject::Tag(tag), Some(&touched), occasion.now).await?;
    tx.append(Event::TagChanged { tag }, occasion.now);
    tx.commit().await?;
    Ok(())
}
