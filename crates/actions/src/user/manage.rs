//! Changing what people may do, and closing and opening logins. For administrators; nobody changes the own role, and the
//! last administrator stays one.

use masthead_domain::audit::{Act, Subject};
use masthead_domain::event::Event;
use masthead_domain::user::{Role, User, UserId};
use masthead_persistence::{Store, StoreError, Tx};

use super::create::{byline, checked_name};
use super::invite::NAME;
use super::staff::{self, MAX_SECTIONS};
use crate::Occasion;
use crate::refused::{DeskError, Fault, Faults, Refused};

/// What of a person is to be another; `None` stays.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    /// The name shown to colleagues; that of the byline is changed by itself.
    pub name: Option<String>,
    /// What the person may do.
    pub role: Option<Role>,
    /// In which sections, by slug; none means everywhere.
    pub sections: Option<Vec<String>>,
}

/// Changes a person. Holds from the person's next request on, also for tokens of their programs; one who writes from now
/// on gets a byline.
pub async fn update_user(
    store: &Store,
    occasion: &Occasion,
    id: UserId,
    change: UserChange,
) -> Result<User, DeskError> {
    let (tx, member) = staff::begin(store, &occasion.viewer).await?;
    let before = tx.user(id).await?.ok_or(Refused::NotFound)?;
    let mut faults = Faults::default();
    let named = change.name.as_deref().unwrap_or(&before.name);
    let name = checked_name(named);
    if name.is_none() {
        faults.add("input.name", NAME);
    }
    let role = change.role.unwrap_or(before.role);
    if id == member.user && role != before.role {
        faults.add("input.role", "Nobody changes the own role: another administrator can.");
    }
    let sections = match &change.sections {
        None => before.sections.clone(),
        Some(slugs) if slugs.is_empty() => None,
        Some(slugs) if slugs.len() > MAX_SECTIONS => {
            faults
                .add("input.sections", format!("At most {MAX_SECTIONS} sections are named; none means all."));
            None
        }
        Some(slugs) => faults.take(staff::sections(&tx, "input.sections", slugs).await?),
    };
    if id == member.user && sections != before.sections {
        faults.add("input.sections", "Nobody changes where the own role holds: another administrator can.");
    }
    faults.check()?;
    let Some((name, slug)) = name else { return Err(Refused::NotFound.into()) };

    tx.user_update(id, &name, role).await?;
    if sections != before.sections {
        tx.user_assign(id, sections.as_deref()).await?;
    }
    if role.writes() && before.author.is_none() {
        let author = byline(&tx, &name, slug, occasion.now).await?;
        tx.user_byline(id, author).await?;
    }
    require_an_admin(&tx, "input.role").await?;
    let detail = told(&change, role, sections.as_deref().map(<[_]>::len));
    tx.audit_append(member, Act::UserUpdated, Subject::User(id), Some(&detail), occasion.now).await?;
    tx.append(Event::UserChanged { user: id }, occasion.now);
    let after = tx.user(id).await?.ok_or(Refused::NotFound)?;
    tx.commit().await?;
    Ok(after)
}

/// Closes a login: the person's sessions end, tokens for programs are gone, and signing in fails as for a stranger.
pub async fn disable_user(store: &Store, occasion: &Occasion, id: UserId) -> Result<User, DeskError> {
    let (tx, member) = staff::begin(store, &occasion.viewer).await?;
    let before = tx.user(id).await?.ok_or(Refused::NotFound)?;
    if id == member.user {
        return Err(Fault::new("id", "Nobody closes the own login: another administrator can.").into());
    }
    if before.disabled_at.is_some() {
        return Ok(before);
    }
    tx.user_disable(id, Some(occasion.now)).await?;
    tx.sessions_end(id, None).await?;
    tx.api_tokens_remove(id).await?;
    require_an_admin(&tx, "id").await?;
    tx.audit_append(member, Act::UserDisabled, Subject::User(id), Some("closed"), occasion.now).await?;
    changed(tx, occasion, id).await
}

/// Opens a login again. The person signs in with the password there was; tokens are made anew.
pub async fn enable_user(store: &Store, occasion: &Occasion, id: UserId) -> Result<User, DeskError> {
    let (tx, member) = staff::begin(store, &occasion.viewer).await?;
    let before = tx.user(id).await?.ok_or(Refused::NotFound)?;
    if before.disabled_at.is_none() {
        return Ok(before);
    }
    tx.user_disable(id, None).await?;
    tx.audit_append(member, Act::UserDisabled, Subject::User(id), Some("opened again"), occasion.now).await?;
    changed(tx, occasion, id).await
}

async fn changed(tx: Tx, occasion: &Occasion, id: UserId) -> Result<User, DeskError> {
    tx.append(Event::UserChanged { user: id }, occasion.now);
    let after = tx.user(id).await?.ok_or(Refused::NotFound)?;
    tx.commit().await?;
    Ok(after)
}

/// Refuses what leaves no administrator of the whole site.
async fn require_an_admin(tx: &Tx, field: &'static str) -> Result<(), DeskError> {
    let left: Result<u64, StoreError> = tx.admin_count().await;
    match left? {
        0 => Err(Fault::new(field, "This is the last administrator of the whole site.").into()),
        _ => Ok(()),
    }
}

/// What was changed, for the audit log: no names, which are people's own.
fn told(change: &UserChange, role: Role, sections: Option<usize>) -> String {
    let place = match sections {
        None => "everywhere".to_owned(),
        Some(1) => "in 1 section".to_owned(),
        Some(n) => format!("in {n} sections"),
    };
    let renamed = if change.name.is_some() { ", with the name" } else { "" };
    format!("{} {place}{renamed}", role.as_str())
}
