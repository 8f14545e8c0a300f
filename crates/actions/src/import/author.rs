//! Authors: declared users, co-authors without a login, and names that items use and nothing declares. Roles and
//! biographies come from a side file; where ours has one, ours stays.

use std::collections::HashSet;

use masthead_domain::author::AuthorId;
use masthead_domain::event::Event;
use masthead_domain::text::{LanguageTag, Localized, Slug};
use masthead_interchange::authors_csv::AuthorRow;
use masthead_interchange::wxr::{Author, Comment, Post};
use masthead_persistence::author::AuthorProfile;
use masthead_persistence::{ImportedInto, StoreError, Tx};

use super::key;
use super::plain::{plain_line, without_controls};
use super::reason::Reason;
use super::report::{Group, Note, Noun};
use super::run::{Known, Run, noun};
use super::site;

/// Who of the commenters writes for the paper.
///
/// Only who was signed in on the old site can be: anybody can type an editor's name or address into a form. They are
/// known by their number; where the file tells no numbers of its authors, by name or address.
#[derive(Debug, Default)]
pub(super) struct Staff {
    numbers: HashSet<i64>,
    unnumbered: HashSet<String>,
}

impl Staff {
    fn add(&mut self, author: &Author) {
        match author.id {
            Some(number) => {
                self.numbers.insert(number);
            }
            None => {
                let names = [author.email.as_deref(), author.display_name.as_deref(), Some(&*author.login)];
                self.unnumbered.extend(names.into_iter().flatten().map(|name| name.trim().to_lowercase()));
            }
        }
    }

    /// Whether one of the paper's authors wrote a comment.
    pub(super) fn wrote(&self, comment: &Comment) -> bool {
        let Some(number) = comment.user_id else { return false };
        let is_named = |name: &str| self.unnumbered.contains(&name.trim().to_lowercase());
        self.numbers.contains(&number)
            || is_named(&comment.author)
            || comment.author_email.as_deref().is_some_and(is_named)
    }
}

/// An author that is made or found.
struct Wished<'a> {
    line: u64,
    login: &'a str,
    name: String,
}

impl Run<'_> {
    /// Takes a declared author.
    pub(super) async fn author_declare(&mut self, tx: &Tx, author: &Author) -> Result<(), StoreError> {
        self.staff.add(author);
        if author.email.is_some() {
            self.report.tally(Group::PersonalData, "e-mail addresses of authors", author.line);
        }
        let keys = keys(&author.login);
        if self.authors.get(&keys[0]).is_some() {
            return Ok(());
        }
        let names = [author.first_name.as_deref(), author.last_name.as_deref()];
        let full_name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let name = author.display_name.clone().filter(|name| !name.is_empty()).unwrap_or(full_name);
        let wished = Wished { line: author.line, login: &author.login, name: plain_line(&name) };
        let id = match self.known(tx, noun::AUTHOR, &keys[0], ImportedInto::Author).await? {
            Known::Here(own) => {
                self.report.already_here(Noun::Authors);
                let id = AuthorId::from_stored(own);
                self.author_fill(tx, id, &author.login).await?;
                id
            }
            Known::Gone => {
                self.tell_gone(author.line, &wished.name, "the author");
                return Ok(());
            }
            Known::Never => self.author_make(tx, &wished).await?,
        };
        self.author_keep(keys, id);
        Ok(())
    }

    /// The authors of an item, in order: its co-authors where there are any, else who wrote it down.
    pub(super) async fn authors_of(&mut self, tx: &Tx, post: &Post) -> Result<Vec<AuthorId>, StoreError> {
        let mut named: Vec<(&str, &str)> =
            post.co_authors().into_iter().map(|author| (author.login, author.name)).collect();
        if named.is_empty() {
            named.extend(post.creator.as_deref().map(|login| (login, login)));
        }
        let mut ids = Vec::new();
        let mut seen = HashSet::new();
        for (login, name) in named {
            let id = self.author_of(tx, post.line, login, name).await?;
            ids.extend(id.filter(|id| seen.insert(*id)));
        }
        Ok(ids)
    }

    async fn author_of(
        &mut self,
        tx: &Tx,
        line: u64,
        login: &str,
        name: &str,
    ) -> Result<Option<AuthorId>, StoreError> {
        let keys = keys(login);
        if let Some(id) = keys.iter().find_map(|key| self.authors.get(key)) {
            return Ok(Some(*id));
        }
        let mut gone = false;
        let mut found = None;
        for key in &keys {
            match self.known(tx, noun::AUTHOR, key, ImportedInto::Author).await? {
                Known::Here(own) => found = found.or(Some(AuthorId::from_stored(own))),
                Known::Gone => gone = true,
                Known::Never => {}
            }
        }
        let wished = Wished { line, login, name: plain_line(name) };
        let id = match found {
            Some(id) => id,
            None if gone => {
                self.tell_gone(line, &wished.name, "the author");
                return Ok(None);
            }
            None => {
                let what = "an item names this author, who is declared nowhere: came in under that name";
                self.tell(line, &wished.name, Reason::Undeclared, what);
                self.author_make(tx, &wished).await?
            }
        };
        self.author_keep(keys, id);
        Ok(Some(id))
    }

    fn author_keep(&mut self, keys: Vec<String>, id: AuthorId) {
        for key in keys {
            if self.authors.get(&key).is_none() {
                self.authors.insert(key, id);
            }
        }
    }

    /// Makes an author, or takes the one of ours that has the slug. Two logins of one export are never one author.
    async fn author_make(&mut self, tx: &Tx, wished: &Wished<'_>) -> Result<AuthorId, StoreError> {
        let login = before_at(wished.login);
        let name = match before_at(&wished.name) {
            "" => login,
            name => name,
        };
        if wished.login.contains('@') || wished.name.contains('@') {
            let what =
                format!("the login or name is an e-mail address, which is not shown: called “{name}” here");
            self.tell(wished.line, name, Reason::AddressAsName, what);
        }
        let slug = Slug::make(login)
            .or_else(|| Slug::make(name))
            .unwrap_or_else(|| Slug::from_stored(format!("author-{}", wished.line)));
        let ours = tx.author_by_slug(&slug.key()).await?.filter(|id| !self.authors.any(|known| known == id));
        let id = match ours {
            Some(id) => {
                let what = format!("an author has the slug “{slug}” already: that one is used, as it is");
                self.tell(wished.line, name, Reason::Merged, what);
                self.report.already_here(Noun::Authors);
                self.author_fill(tx, id, wished.login).await?;
                id
            }
            None => {
                let mut profile = AuthorProfile {
                    slug,
                    names: Localized::new(),
                    roles: Localized::new(),
                    biographies: Localized::new(),
                    links: Vec::new(),
                    avatar: None,
                };
                self.fill(&mut profile, wished.login);
                let locale = self.site.default_locale.clone();
                if profile.names.exact(&locale).is_none() {
                    profile.names.insert(locale, name.to_owned());
                }
                let id = tx.author_create(&profile).await?;
                tx.append(Event::AuthorChanged { author: id }, self.now);
                self.report.came_in(Noun::Authors, None);
                id
            }
        };
        for key in keys(wished.login) {
            if tx.imported(&self.origin, noun::AUTHOR, &key).await?.is_none() {
                self.remember(tx, noun::AUTHOR, &key, id.get()).await?;
            }
        }
        Ok(id)
    }

    /// Puts what the side file says into the profile of an author of ours, where that is empty.
    async fn author_fill(&mut self, tx: &Tx, id: AuthorId, login: &str) -> Result<(), StoreError> {
        if !self.authors_file.iter().any(|row| is_of(row, login)) {
            return Ok(());
        }
        let Some(mut profile) = tx.author_profile(id).await? else { return Ok(()) };
        if self.fill(&mut profile, login) {
            tx.author_update(id, &profile).await?;
            tx.append(Event::AuthorChanged { author: id }, self.now);
        }
        Ok(())
    }

    /// Whether the side file had something that the profile did not. What it says otherwise than ours is told, once.
    fn fill(&mut self, profile: &mut AuthorProfile, login: &str) -> bool {
        let mut changed = false;
        for row in self.authors_file.iter().filter(|row| is_of(row, login)) {
            let is_first_time = self.authors_used.insert(row.line);
            let locale = self.locale_of_row(row);
            let mut kept = Vec::new();
            for (column, texts, told) in [
                ("name", &mut profile.names, &row.name),
                ("role", &mut profile.roles, &row.role),
                ("biography", &mut profile.biographies, &row.biography),
            ] {
                let Some(text) = told.as_deref().map(without_controls) else { continue };
                match texts.exact(&locale) {
                    None => {
                        texts.insert(locale.clone(), text);
                        changed = true;
                    }
                    Some(ours) if *ours != text => kept.push(column),
                    Some(_) => {}
                }
            }
            if is_first_time && !kept.is_empty() {
                let what = format!("has {} in {locale} already: ours is kept", kept.join(", "));
                self.tell_row(row, Reason::AuthorsFile, what);
            }
        }
        changed
    }

    /// The site's language for the one of a line.
    fn locale_of_row(&self, row: &AuthorRow) -> LanguageTag {
        let told = row.locale.as_deref().and_then(site::parse);
        told.map_or_else(|| self.site.default_locale.clone(), |tag| self.site.resolve(&tag))
    }

    fn tell_row(&mut self, row: &AuthorRow, reason: Reason, what: String) {
        let (line, item) = (Some(row.line), Some(row.login.clone()));
        self.report.note(Note { line, item, slug: None, reason, what });
    }

    /// Tells of the lines whose language is none of the site's. Only in the end: articles bring languages along.
    fn tell_locales(&mut self) {
        for row in self.authors_file.iter().filter(|row| row.locale.is_some()) {
            let locale = self.locale_of_row(row);
            let told = row.locale.as_deref().unwrap_or_default();
            if !self.authors_used.contains(&row.line) {
                continue;
            }
            if site::parse(told).is_none() {
                let what = format!("its language “{told}” is no language tag: taken for {locale}");
                self.tell_row(row, Reason::AuthorsFile, what);
            } else if !self.site.locales.contains(&locale) {
                let what = format!("its language “{told}” is none of the site's: kept, for when it is");
                self.tell_row(row, Reason::AuthorsFile, what);
            }
        }
    }

    /// Looks for the authors of the side file whom this export does not name: an earlier one may have.
    pub(super) async fn authors_finish(&mut self, tx: &Tx) -> Result<(), StoreError> {
        for row in self.authors_file {
            if self.authors_used.contains(&row.line) {
                continue;
            }
            let key = key::bounded(&row.login.trim().to_lowercase());
            match self.known(tx, noun::AUTHOR, &key, ImportedInto::Author).await? {
                Known::Here(own) => self.author_fill(tx, AuthorId::from_stored(own), &row.login).await?,
                Known::Never | Known::Gone => {
                    let what = "a line of the authors' file: the export has no author of that login";
                    self.tell_row(row, Reason::UnknownAuthor, what.to_owned());
                }
            }
        }
        self.tell_locales();
        Ok(())
    }
}

/// What items name an author by: the login first, then what WordPress makes of it for addresses, marked as such
/// because another's login may be the same.
fn keys(login: &str) -> Vec<String> {
    let plain = login.trim().to_lowercase();
    let made = [plain.clone(), plain.replace(['@', '+', '\''], "")].map(|text| Slug::make(&text));
    let mut keys = vec![key::bounded(&plain)];
    for slug in made.into_iter().flatten() {
        let key = key::bounded(&format!("~{}", slug.key().as_str()));
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

fn before_at(name: &str) -> &str {
    name.split_once('@').map_or(name, |(before, _)| before).trim()
}

fn is_of(row: &AuthorRow, login: &str) -> bool {
    row.login.trim().eq_ignore_ascii_case(login.trim())
}
