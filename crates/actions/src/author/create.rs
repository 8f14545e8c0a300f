//! Making an author, who may have no login.

use masthead_domain::audit::{Act, Subject};
use masthead_domain::author::AuthorId;
use masthead_domain::event::Event;
use masthead_domain::text::{Localized, Slug};
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};
use masthead_persistence::author::AuthorProfile;
use masthead_persistence::{Named, Store};

use super::AuthorForm;
use crate::Occasion;
use crate::refused::{DeskError, Faults};
use crate::texts::new_slug;

/// Makes an author of what the form says. The slug is the one asked for, which nobody may have; else one made of the name
/// in the site's language, else in any, and numbered where it is taken.
pub async fn create(store: &Store, occasion: &Occasion, form: &AuthorForm) -> Result<AuthorId, DeskError> {
    may(&occasion.viewer, Action::Use(Permission::ManageAuthors))?;
    let member = occasion.member()?;
    let tx = store.begin().await?;
    let site = tx.site().await?;
    let mut faults = Faults::default();
    let mut profile = AuthorProfile {
        slug: Slug::from_stored(String::new()),
        names: Localized::new(),
        roles: Localized::new(),
        biographies: Localized::new(),
        links: Vec::new(),
        avatar: None,
    };
    form.apply(&tx, &site, &mut profile, &mut faults).await?;
    let name = profile.names.get(&site.default_locale, &site.default_locale).map(String::as_str);
    profile.slug = new_slug(&tx, Named::Author, form.slug.as_deref(), name, faults).await?;
    let author = tx.author_create(&profile).await?;
    tx.audit_append(member, Act::AuthorCreated, Subject::Author(author), None, occasion.now).await?;
    tx.append(Event::AuthorChanged { author }, occasion.now);
    tx.commit().await?;
    Ok(author)
}
