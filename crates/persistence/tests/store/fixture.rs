//! The pieces of a small newsroom, to be stored as each test wants them.

use chrono::{DateTime, TimeDelta, Utc};
use masthead_domain::article::body::{Block, Inline, List, ListItem, Marks};
use masthead_domain::article::{ArticleId, Body, Content, Kind, Rights, Seo, Status};
use masthead_domain::author::AuthorId;
use masthead_domain::comment::{CommentId, Status as CommentStatus};
use masthead_domain::section::SectionId;
use masthead_domain::tag::TagId;
use masthead_domain::text::{Direction, LanguageTag, Localized, Slug};
use masthead_persistence::Tx;
use masthead_persistence::article::{NewArticle, StoredArticle};
use masthead_persistence::author::AuthorProfile;
use masthead_persistence::comment::NewComment;
use masthead_persistence::section::SectionTexts;

pub fn locale(tag: &str) -> LanguageTag {
    LanguageTag::parse(tag).expect("a language tag")
}

pub fn slug(text: &str) -> Slug {
    Slug::make(text).expect("letters")
}

pub fn names(text: &str) -> Localized<String> {
    let mut names = Localized::new();
    names.insert(locale("en"), text.to_owned());
    names.insert(locale("ar"), format!("{text} بالعربية"));
    names
}

/// Noon of the first day, plus minutes.
pub fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_760_000_000, 0).expect("an instant") + TimeDelta::minutes(minutes)
}

pub async fn section(tx: &Tx, name: &str, parent: Option<SectionId>) -> SectionId {
    let texts = SectionTexts {
        slug: slug(name),
        names: names(name),
        descriptions: names("about"),
        parent,
        position: 0,
    };
    tx.section_create(&texts).await.expect("section")
}

pub async fn tag(tx: &Tx, name: &str) -> TagId {
    tx.tag_create(&slug(name), &names(name)).await.expect("tag")
}

pub async fn author(tx: &Tx, name: &str) -> AuthorId {
    let profile = AuthorProfile {
        slug: slug(name),
        names: names(name),
        roles: names("Reporter"),
        biographies: names("Writes."),
        links: vec![],
        avatar: None,
    };
    tx.author_create(&profile).await.expect("author")
}

/// An article with a body of one paragraph; change what the test is about.
pub fn article(title: &str, minutes: i64) -> NewArticle {
    NewArticle {
        kind: Kind::Article,
        locale: locale("en"),
        content: Content {
            slug: slug(title),
            title: title.into(),
            subtitle: None,
            excerpt: Some(format!("About {title}.")),
            direction: None,
            body: body(title),
            lead_image: None,
            section: None,
            other_sections: vec![],
            tags: vec![],
            authors: vec![],
            breaking: false,
            comment_policy: None,
            rights: Rights::default(),
            seo: Seo::default(),
        },
        status: Status::Published,
        translations: None,
        published_at: Some(at(minutes)),
        modified_at: at(minutes),
        scheduled_for: None,
        sticky: false,
        embargo_until: None,
        editor: None,
        reason: None,
    }
}

/// A paragraph, and a list that starts at four.
fn body(title: &str) -> Body {
    let text = |text: String| Inline::Text { text, marks: Marks::default() };
    let item = ListItem { content: vec![text("four".into())], children: vec![] };
    let list = List { ordered: true, start: 4, reversed: false, direction: None, items: vec![item] };
    Body(vec![
        Block::Paragraph { direction: None, content: vec![text(format!("{title} in full."))] },
        Block::List(list),
    ])
}

pub async fn store_article(tx: &Tx, new: &NewArticle) -> StoredArticle {
    tx.article_create(new, at(0)).await.expect("article")
}

pub async fn comment(
    tx: &Tx,
    article: ArticleId,
    parent: Option<CommentId>,
    text: &str,
    minutes: i64,
    status: CommentStatus,
) -> CommentId {
    let parent = match parent {
        Some(id) => tx.comment_parent(article, id).await.expect("parent"),
        None => None,
    };
    let new = NewComment {
        article,
        parent,
        status,
        author_name: Some("Reader".into()),
        author_email: None,
        writer_key: None,
        user: None,
        address_hash: None,
        by_staff: false,
        direction: Direction::Ltr,
        text: text.into(),
        html: masthead_domain::comment::text::html(text),
        created_at: at(minutes),
    };
    tx.comment_add(&new).await.expect("comment")
}
