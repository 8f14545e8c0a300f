//! Watching the news. What is told, and to whom, is the actions'; here it gets its names.

use std::sync::Arc;

use async_graphql::{Context, ID, SimpleObject, Subscription};
use masthead_actions::live::{NewsFeed, NewsItem};
use masthead_domain::section::SectionId;
use masthead_domain::text::SlugKey;
use masthead_persistence::StoreError;

use super::Article;
use crate::context::{Stay, Visit};
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::live::{ChangeKind, Events, Feed, cursor, events, since};

/// Something that happened to an article.
#[derive(SimpleObject)]
pub(crate) struct NewsChange {
    /// The place behind it: for `since`.
    cursor: String,
    /// What happened.
    kind: ChangeKind,
    /// To which article. `null` for RESYNC.
    article_id: Option<ID>,
    /// The article as it is now. `null` for REMOVED and RESYNC.
    article: Option<Article>,
}

/// The subscriptions on articles.
#[derive(Default)]
pub(crate) struct ArticleSubscription;

#[Subscription]
impl ArticleSubscription {
    /// The articles that readers see, in all languages: each that comes, is published anew or goes. Pages are no news.
    ///
    /// With `section`, an article that comes into it is ADDED, and one that leaves it is REMOVED; one that is deleted for
    /// good is REMOVED for every section, because nobody knows any more where it was.
    async fn news_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The slug of a section, in any spelling, also one that it once had: only its articles and those of the \
                    sections below it. Absent: all articles."
        )]
        section: Option<String>,
        #[graphql(
            desc = "The cursor of the last event that was received: begins with what came after it. Absent: begins now."
        )]
        since: Option<String>,
    ) -> Result<Events<NewsChange>, Failure> {
        news(Visit::of(ctx), section.as_deref(), since.as_deref()).await
    }
}

async fn news(
    visit: &Visit,
    section: Option<&str>,
    cursor: Option<&str>,
) -> Result<Events<NewsChange>, Failure> {
    let since = since(cursor)?;
    let section = match section {
        Some(slug) => Some(section_of(visit, slug).await?),
        None => None,
    };
    let feed = visit.settings().live.news(section, since).await?;
    Ok(events(feed, visit.stay(), news_change))
}

/// Sections are public, so that one which is not there may be told so.
async fn section_of(visit: &Visit, slug: &str) -> Result<SectionId, Failure> {
    // A snapshot that ends here: the subscription goes on for long.
    let session = visit.new_session();
    let key = SlugKey::of(slug);
    if let Some(section) = session.reads.section_by_slug(&key).await? {
        return Ok(section.line.id);
    }
    let former = session.reads.section_by_former_slug(&key).await?;
    former.ok_or_else(|| Failure::input("section", "`section` is the slug of no section."))
}

async fn news_change(item: NewsItem, stay: Arc<Stay>) -> Result<NewsChange, Failure> {
    let article = match item.card {
        Some(card) => Some(Article::of_card(card, Edition::at_the_moment(&stay).await?)),
        None => None,
    };
    Ok(NewsChange {
        cursor: cursor(item.place),
        kind: item.change.into(),
        article_id: item.id.map(|id| GlobalId::Article(id).into()),
        article,
    })
}

impl Feed for NewsFeed {
    type Item = NewsItem;

    async fn next(&mut self) -> Result<NewsItem, StoreError> {
        Self::next(self).await
    }
}
