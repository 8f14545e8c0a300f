//! Storing a whole described newsroom, at once or not at all, where there is none yet.
//!
//! What is there stays: a site that has a name keeps its settings, a section, tag or author whose slug is taken is the
//! one that has it, an address that has a login keeps it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use masthead_domain::article::{self, ArticleId, Content, TranslationGroupId};
use masthead_domain::author::AuthorId;
use masthead_domain::comment::text;
use masthead_domain::event::Event;
use masthead_domain::media::{ImageId, ImageSource};
use masthead_domain::section::SectionId;
use masthead_domain::tag::TagId;
use masthead_domain::text::{Direction, SlugKey};
use masthead_domain::user::EmailAddress;
use masthead_persistence::article::NewArticle;
use masthead_persistence::author::AuthorProfile;
use masthead_persistence::comment::{NewComment, Parent};
use masthead_persistence::section::SectionTexts;
use masthead_persistence::{NewUser, Store, StoreError, Tx};
use thiserror::Error;

use super::described::{Article, Comment, Member, Newsroom, Standing};
use crate::keyed_hash::{Purpose, keyed_hash};
use crate::user::password::HashingFailed;

/// What was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// How many articles and pages.
    pub articles: usize,
    /// How many comments.
    pub comments: usize,
    /// Who got a login; those who had one already are not among them.
    pub logins: Vec<EmailAddress>,
}

/// Why nothing was stored.
#[derive(Debug, Clone, Error)]
pub enum FillError {
    /// The description names something that is not in it.
    #[error("{by} names the {noun} {name}, which is not described")]
    Unknown {
        /// What kind of thing.
        noun: &'static str,
        /// What it is named by.
        name: String,
        /// Where.
        by: String,
    },
    /// A password could not be hashed.
    #[error(transparent)]
    Hashing(#[from] HashingFailed),
    /// Our fault.
    #[error(transparent)]
    Fault(#[from] StoreError),
}

/// Whether [`fill`] would store something: whether there is no article yet, public or not.
pub async fn is_empty(store: &Store) -> Result<bool, StoreError> {
    Ok(!store.begin().await?.has_articles().await?)
}

/// Stores all of `newsroom`, with its dates counted from `now`, in one transaction. `None`: there are articles already,
/// and nothing was changed. Two that start at once take turns, and the second finds the first one's articles.
///
/// `entropy` is 32 random bytes for this call alone.
pub async fn fill(
    store: &Store,
    now: DateTime<Utc>,
    entropy: [u8; 32],
    newsroom: &Newsroom,
) -> Result<Option<Filled>, FillError> {
    let hashes = password_hashes(&newsroom.members, entropy).await?;
    let tx = store.begin().await?;
    // The first statement takes the site's row, so that others wait here.
    site(&tx, newsroom, now).await?;
    if tx.has_articles().await? {
        return Ok(None);
    }
    let mut library = Library::default();
    library.sections(&tx, newsroom, now).await?;
    library.pictures(&tx, newsroom, now).await?;
    library.authors(&tx, newsroom, now).await?;
    library.tags(&tx, newsroom, now).await?;
    let mut comments = 0;
    for article in &newsroom.articles {
        let stored = library.article(&tx, article, now).await?;
        comments += threads(&tx, stored, article, now).await?;
    }
    library.pins(&tx, newsroom).await?;
    let mut logins = Vec::new();
    for (member, password_hash) in newsroom.members.iter().zip(hashes) {
        if library.login(&tx, member, password_hash, now).await? {
            logins.push(member.person.email.clone());
        }
    }
    tx.commit().await?;
    Ok(Some(Filled { articles: newsroom.articles.len(), comments, logins }))
}

/// Hashes on as many threads as there are members, before the transaction: nobody should wait for it.
async fn password_hashes(members: &[Member], entropy: [u8; 32]) -> Result<Vec<String>, HashingFailed> {
    let mut hashing = Vec::with_capacity(members.len());
    for (n, member) in members.iter().enumerate() {
        let salt = keyed_hash(&entropy, Purpose::Salt, &[&n.to_be_bytes()]);
        let password = member.person.password.clone();
        hashing.push(tokio::spawn(async move { password.hash(salt).await }));
    }
    let mut hashes = Vec::with_capacity(hashing.len());
    for hash in hashing {
        hashes.push(hash.await.map_err(|_| HashingFailed)??);
    }
    Ok(hashes)
}

async fn site(tx: &Tx, newsroom: &Newsroom, now: DateTime<Utc>) -> Result<(), StoreError> {
    let there = tx.site().await?;
    let unnamed = there.names.is_empty();
    tx.site_update(if unnamed { &newsroom.site } else { &there }).await?;
    if unnamed {
        tx.append(&Event::SiteChanged, now).await?;
    }
    Ok(())
}

/// The keys that described things have got so far.
#[derive(Default)]
struct Library {
    sections: HashMap<SlugKey, SectionId>,
    authors: HashMap<SlugKey, AuthorId>,
    tags: HashMap<SlugKey, TagId>,
    /// By path, as bodies name them.
    pictures: HashMap<String, Picture>,
    articles: HashMap<String, ArticleId>,
    stories: HashMap<String, TranslationGroupId>,
}

#[derive(Clone, Copy)]
struct Picture {
    id: ImageId,
    width: Option<u32>,
    height: Option<u32>,
}

impl Library {
    async fn sections(&mut self, tx: &Tx, newsroom: &Newsroom, now: DateTime<Utc>) -> Result<(), FillError> {
        for section in &newsroom.sections {
            let key = section.slug.key();
            let id = match tx.section_by_slug(&key).await? {
                Some(id) => id,
                None => {
                    let parent = section.parent.as_ref();
                    let parent =
                        parent.map(|parent| found(&self.sections, parent, "section", section.slug.as_str()));
                    let texts = SectionTexts {
                        slug: section.slug.clone(),
                        names: section.names.clone(),
                        descriptions: section.descriptions.clone(),
                        parent: parent.transpose()?,
                        position: section.position,
                    };
                    let id = tx.section_create(&texts).await?;
                    tx.append(&Event::SectionChanged { section: id }, now).await?;
                    id
                }
            };
            self.sections.insert(key, id);
        }
        Ok(())
    }

    async fn pictures(&mut self, tx: &Tx, newsroom: &Newsroom, now: DateTime<Utc>) -> Result<(), FillError> {
        for picture in &newsroom.pictures {
            let id = tx.image_add(picture, now).await?;
            let path = match &picture.source {
                ImageSource::Stored(name) => format!("/media/{name}"),
                ImageSource::Remote(address) => address.clone(),
            };
            self.pictures.insert(path, Picture { id, width: picture.width, height: picture.height });
        }
        Ok(())
    }

    async fn authors(&mut self, tx: &Tx, newsroom: &Newsroom, now: DateTime<Utc>) -> Result<(), FillError> {
        for author in &newsroom.authors {
            let key = author.slug.key();
            let id = match tx.author_by_slug(&key).await? {
                Some(id) => id,
                None => {
                    let avatar = author.avatar.as_ref();
                    let avatar = avatar.map(|path| match self.pictures.get(path) {
                        Some(picture) => Ok(picture.id),
                        None => Err(unknown("picture", path, author.slug.as_str())),
                    });
                    let profile = AuthorProfile {
                        slug: author.slug.clone(),
                        names: author.names.clone(),
                        roles: author.roles.clone(),
                        biographies: author.biographies.clone(),
                        links: author.links.clone(),
                        avatar: avatar.transpose()?,
                    };
                    let id = tx.author_create(&profile).await?;
                    tx.append(&Event::AuthorChanged { author: id }, now).await?;
                    id
                }
            };
            self.authors.insert(key, id);
        }
        Ok(())
    }

    async fn tags(&mut self, tx: &Tx, newsroom: &Newsroom, now: DateTime<Utc>) -> Result<(), FillError> {
        for tag in &newsroom.tags {
            let key = tag.slug.key();
            let id = match tx.tag_by_slug(&key).await? {
                Some(id) => id,
                None => {
                    let id = tx.tag_create(&tag.slug, &tag.names).await?;
                    tx.append(&Event::TagChanged { tag: id }, now).await?;
                    id
                }
            };
            self.tags.insert(key, id);
        }
        Ok(())
    }

    async fn article(
        &mut self,
        tx: &Tx,
        article: &Article,
        now: DateTime<Utc>,
    ) -> Result<ArticleId, FillError> {
        let content = self.content(tx, article, now).await?;
        let (status, published_at, scheduled_for) = match article.standing {
            Standing::Draft => (article::Status::Draft, None, None),
            Standing::InReview => (article::Status::InReview, None, None),
            Standing::Archived => (article::Status::Archived, None, None),
            Standing::Scheduled { ahead } => (article::Status::Scheduled, None, Some(now + ahead)),
            Standing::Published { ago } => (article::Status::Published, Some(now - ago), None),
        };
        let new = NewArticle {
            kind: article.kind,
            locale: article.locale.clone(),
            content,
            status,
            translations: self.stories.get(&article.story).copied(),
            published_at,
            modified_at: now - article.changed_ago,
            scheduled_for,
            sticky: false,
            editor: None,
            reason: None,
        };
        let stored = tx.article_create(&new, now).await?;
        for correction in &article.corrections {
            let correction = article::Correction {
                published_at: now - correction.ago,
                kind: correction.kind,
                note: correction.note.clone(),
            };
            tx.correction_add(stored.id, &correction).await?;
        }
        for slug in &article.former_slugs {
            tx.former_slug_add(stored.id, &article.locale, slug).await?;
        }
        self.articles.insert(article.key.clone(), stored.id);
        self.stories.entry(article.story.clone()).or_insert(stored.translations);
        Ok(stored.id)
    }

    async fn content(&self, tx: &Tx, article: &Article, now: DateTime<Utc>) -> Result<Content, FillError> {
        let by = article.key.as_str();
        let lead_image = match &article.lead_image {
            Some(image) => Some(tx.image_add(image, now).await?),
            None => None,
        };
        let mut body = article.body.clone();
        body.for_each_image(&mut |image| {
            if let Some(picture) = self.pictures.get(&image.src) {
                image.id = Some(picture.id);
                image.width = image.width.or(picture.width);
                image.height = image.height.or(picture.height);
            }
        });
        let section = article.section.as_ref().map(|key| found(&self.sections, key, "section", by));
        Ok(Content {
            slug: article.slug.clone(),
            title: article.title.clone(),
            subtitle: article.subtitle.clone(),
            excerpt: article.excerpt.clone(),
            direction: None,
            body,
            lead_image,
            section: section.transpose()?,
            other_sections: all_found(&self.sections, &article.other_sections, "section", by)?,
            tags: all_found(&self.tags, &article.tags, "tag", by)?,
            authors: all_found(&self.authors, &article.authors, "author", by)?,
            breaking: article.breaking,
            comment_policy: article.comment_policy,
            rights: article.rights.clone(),
            seo: article.seo.clone(),
        })
    }

    /// After all articles: a pin may lead to a later one.
    async fn pins(&self, tx: &Tx, newsroom: &Newsroom) -> Result<(), FillError> {
        for article in newsroom.articles.iter().filter(|article| !article.pins.is_empty()) {
            let known = |key: &String| match self.articles.get(key) {
                Some(&id) => Ok(id),
                None => Err(unknown("article", key, &article.key)),
            };
            let pins = article.pins.iter().map(known).collect::<Result<Vec<_>, _>>()?;
            tx.related_pin(known(&article.key)?, &pins).await?;
        }
        Ok(())
    }

    /// Whether the member got a login.
    async fn login(
        &self,
        tx: &Tx,
        member: &Member,
        password_hash: String,
        now: DateTime<Utc>,
    ) -> Result<bool, FillError> {
        let person = &member.person;
        let author =
            member.author.as_ref().map(|key| found(&self.authors, key, "author", person.email.as_str()));
        let user = NewUser {
            email: person.email.clone(),
            name: person.name.clone(),
            role: person.role,
            password_hash,
            author: author.transpose()?,
        };
        Ok(tx.user_create(&user, now).await?.is_some())
    }
}

/// Stores an article's comments, each after the one that it answers; how many.
async fn threads(tx: &Tx, id: ArticleId, article: &Article, now: DateTime<Utc>) -> Result<usize, FillError> {
    let fallback = Direction::first_strong(&article.title).unwrap_or_else(|| article.locale.direction());
    let mut stored = 0;
    let mut waiting: Vec<(Option<Parent>, &Comment)> =
        article.threads.iter().rev().map(|top| (None, top)).collect();
    while let Some((parent, comment)) = waiting.pop() {
        let new = NewComment {
            article: id,
            parent,
            status: comment.status,
            author_name: comment.author_name.clone(),
            author_email: None,
            writer_key: None,
            by_staff: comment.by_staff,
            direction: text::direction(&comment.text, fallback),
            text: comment.text.clone(),
            html: text::html(&comment.text),
            created_at: now - comment.ago,
        };
        let key = tx.comment_add(&new).await?;
        if comment.status.is_public() {
            tx.append(&Event::CommentPublished { comment: key, article: id }, now).await?;
        }
        stored += 1;
        let own = Parent {
            id: key,
            root: parent.map_or(key, |parent| parent.root),
            depth: parent.map_or(0, |parent| parent.depth + 1),
            status: comment.status,
        };
        waiting.extend(comment.replies.iter().rev().map(|reply| (Some(own), reply)));
    }
    Ok(stored)
}

fn found<T: Copy>(
    known: &HashMap<SlugKey, T>,
    key: &SlugKey,
    noun: &'static str,
    by: &str,
) -> Result<T, FillError> {
    known.get(key).copied().ok_or_else(|| unknown(noun, key.as_str(), by))
}

fn all_found<T: Copy>(
    known: &HashMap<SlugKey, T>,
    keys: &[SlugKey],
    noun: &'static str,
    by: &str,
) -> Result<Vec<T>, FillError> {
    keys.iter().map(|key| found(known, key, noun, by)).collect()
}

fn unknown(noun: &'static str, name: &str, by: &str) -> FillError {
    FillError::Unknown { noun, name: name.to_owned(), by: by.to_owned() }
}
