//! Giving a person a login, and a byline where the role writes.
//!
//! Done by whoever can run the program on the database: there is no viewer to ask for leave. How people sign in is not
//! known here.

use chrono::{DateTime, Utc};
use masthead_domain::author::AuthorId;
use masthead_domain::event::Event;
use masthead_domain::text::{Localized, Slug, SlugKey};
use masthead_domain::user::{EmailAddress, Role, UserId};
use masthead_persistence::author::AuthorProfile;
use masthead_persistence::{NewUser, Store, StoreError, Tx};
use thiserror::Error;

use super::password::{HashingFailed, Password};

/// Longest name in characters.
pub const MAX_NAME: usize = 100;

/// A person to be given a login.
#[derive(Debug, Clone)]
pub struct Person {
    /// The address that signs in.
    pub email: EmailAddress,
    /// The name shown to colleagues, and above what the person writes.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// What the person signs in with.
    pub password: Password,
}

/// Why nobody was given a login.
#[derive(Debug, Clone, Error)]
pub enum CreateUserError {
    /// The name is empty, too long, or none that can be printed.
    #[error("a name has 1 to {MAX_NAME} characters, among them a letter or digit, on one line")]
    Name,
    /// Somebody signs in with this address already. In whatever case: addresses differ in more than that.
    #[error("{0} has a login already")]
    EmailTaken(String),
    /// There is no section of this slug.
    #[error("there is no section {0}")]
    NoSection(String),
    /// The password could not be hashed.
    #[error(transparent)]
    Hashing(#[from] HashingFailed),
    /// Our fault.
    #[error(transparent)]
    Fault(#[from] StoreError),
}

/// Gives `person` a login. A person who writes gets an author's profile with the name in the site's language, and a
/// slug made of it, numbered where it is taken; it can be filled in later. The role holds in the `sections` of these
/// slugs and below them; none means everywhere.
///
/// `entropy` is 32 random bytes for this call alone.
pub async fn create(
    store: &Store,
    now: DateTime<Utc>,
    entropy: [u8; 32],
    person: Person,
    sections: &[String],
) -> Result<UserId, CreateUserError> {
    let (name, slug) = checked_name(&person.name).ok_or(CreateUserError::Name)?;
    // Before the transaction: nobody else should wait for it.
    let password_hash = person.password.hash(entropy).await?;
    let tx = store.begin().await?;
    let mut assigned = Vec::with_capacity(sections.len());
    for section in sections {
        let found = tx.section_by_slug(&SlugKey::of(section)).await?;
        assigned.push(found.ok_or_else(|| CreateUserError::NoSection(section.clone()))?);
    }
    let author = if person.role.writes() { Some(byline(&tx, &name, slug, now).await?) } else { None };
    let user = NewUser { email: person.email.clone(), name, role: person.role, password_hash, author };
    let Some(id) = tx.user_create(&user, now).await? else {
        return Err(CreateUserError::EmailTaken(person.email.as_str().to_owned()));
    };
    if !assigned.is_empty() {
        tx.user_assign(id, Some(&assigned)).await?;
    }
    tx.append(Event::UserChanged { user: id }, now);
    tx.commit().await?;
    Ok(id)
}

/// A person's name without what surrounds it, and a slug made of it. `None`: it is empty, too long, or none that can be
/// printed.
pub(super) fn checked_name(text: &str) -> Option<(String, Slug)> {
    let name = text.trim();
    let fits = name.chars().count() <= MAX_NAME && !name.chars().any(char::is_control);
    Slug::make(name).filter(|_| fits).map(|slug| (name.to_owned(), slug))
}

/// Makes an author's profile of a name.
pub(super) async fn byline(
    tx: &Tx,
    name: &str,
    slug: Slug,
    now: DateTime<Utc>,
) -> Result<AuthorId, StoreError> {
    let site = tx.site().await?;
    let profile = AuthorProfile {
        slug,
        names: Localized::from_iter([(site.default_locale, name.to_owned())]),
        roles: Localized::new(),
        biographies: Localized::new(),
        links: Vec::new(),
        avatar: None,
    };
    let author = tx.author_create(&profile).await?;
    tx.append(Event::AuthorChanged { author }, now);
    Ok(author)
}
