//! Storing what a newsroom consists of, and remembering which key each thing got, since later ones name earlier ones.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use masthead_domain::article::{self, ArticleId, Content, TranslationGroupId};
use masthead_domain::author::AuthorId;
use masthead_domain::event::Event;
use masthead_domain::media::{ImageId, ImageSource};
use masthead_domain::section::SectionId;
use masthead_domain::tag::TagId;
use masthead_domain::text::SlugKey;
use masthead_persistence::article::NewArticle;
use masthead_persistence::author::AuthorProfile;
use masthead_persistence::section::SectionTexts;
use masthead_persistence::{NewUser, Tx};

use super::FillError;
use crate::newsroom::described::{Article, Member, Newsroom, Standing};

/// The keys that described things have got so far.
#[derive(Default)]
pub(super) struct Library {
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
    pub(super) async fn sections(
        &mut self,
        tx: &Tx,
        newsroom: &Newsroom,
        now: DateTime<Utc>,
    ) -> Result<(), FillError> {
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
                    tx.append(Event::SectionChanged { section: id }, now);
                    id
                }
            };
            self.sections.insert(key, id);
        }
        Ok(())
    }

    pub(super) async fn pictures(
        &mut self,
        tx: &Tx,
        newsroom: &Newsroom,
        now: DateTime<Utc>,
    ) -> Result<(), FillError> {
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

    pub(super) async fn authors(
        &mut self,
        tx: &Tx,
        newsroom: &Newsroom,
        now: DateTime<Utc>,
    ) -> Result<(), FillError> {
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
                    tx.append(Event::AuthorChanged { author: id }, now);
                    id
                }
            };
            self.authors.insert(key, id);
        }
        Ok(())
    }

    pub(super) async fn tags(
        &mut self,
        tx: &Tx,
        newsroom: &Newsroom,
        now: DateTime<Utc>,
    ) -> Result<(), FillError> {
        for tag in &newsroom.tags {
            let key = tag.slug.key();
            let id = match tx.tag_by_slug(&key).await? {
                Some(id) => id,
                None => {
                    let id = tx.tag_create(&tag.slug, &tag.names).await?;
                    tx.append(Event::TagChanged { tag: id }, now);
                    id
                }
            };
            self.tags.insert(key, id);
        }
        Ok(())
    }

    pub(super) async fn article(
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
            embargo_until: None,
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
            tx.correction_add(stored.id, &correction, Some(1), None).await?;
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
    pub(super) async fn pins(&self, tx: &Tx, newsroom: &Newsroom) -> Result<(), FillError> {
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
    pub(super) async fn login(
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
