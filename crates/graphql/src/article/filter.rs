//! All articles that a viewer sees: the public list, and the desk's, filtered and in the desk's orders.

use async_graphql::{Context, Enum, InputObject};
use masthead_domain::article::Status;
use masthead_domain::text::SlugKey;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, Denied, may};
use masthead_persistence::article::{DeskFilter, DeskOrder};

use super::Article;
use super::life::ArticleStatus;
use super::meta::ArticleKind;
use crate::connection::{Connection, Order, PageArguments, PageSize, shared};
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::scalar::LanguageTag;

/// Which articles. Everything that is given must hold; what is absent or `null` does not matter.
#[derive(InputObject, Default)]
pub(crate) struct ArticleFilter {
    /// In one of these states. A state that your role never sees is an error (FORBIDDEN).
    status: Option<Vec<ArticleStatus>>,
    /// In the section of this slug, or below it. An unknown one has no articles.
    section: Option<String>,
    /// By the author of this slug. An unknown one has no articles.
    author: Option<String>,
    /// With the tag of this slug. An unknown one has no articles.
    tag: Option<String>,
    /// News or pages; absent, the public sees news only, and the desk both.
    kind: Option<ArticleKind>,
}

/// The order of a list of articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Enum)]
#[graphql(remote = "masthead_persistence::article::DeskOrder")]
pub(crate) enum ArticleOrder {
    /// First published, newest first. What was never public stands by when it was begun.
    #[default]
    PublishedNewest,
    /// Last changed first: by the desk's change where you work on the article, else by the public one.
    ModifiedNewest,
}

/// The page of the list. Without a filter and in the usual order readers get the public list, whose count is kept.
pub(super) async fn articles(
    ctx: &Context<'_>,
    filter: Option<ArticleFilter>,
    order: ArticleOrder,
    locale: Option<LanguageTag>,
    arguments: &PageArguments,
) -> Result<Connection<Article>, Failure> {
    let visit = Visit::of(ctx);
    let of_the_desk = may(visit.viewer(), Action::Use(Permission::WriteArticles)).is_ok();
    if let Some(statuses) = filter.as_ref().and_then(|filter| filter.status.as_ref())
        && !of_the_desk
        && statuses.iter().any(|status| !Status::from(*status).is_public())
    {
        return Err(Denied::Forbidden.into());
    }
    let cursors = match order {
        ArticleOrder::PublishedNewest => Order::Newest,
        ArticleOrder::ModifiedNewest => Order::Modified,
    };
    let page = arguments.read(cursors, PageSize::LIST)?;
    let edition = Edition::open(ctx, locale).await?;
    let reads = &edition.session.reads;
    let found = match filter {
        None if !of_the_desk && order == ArticleOrder::PublishedNewest => {
            reads.article_list(edition.listed.as_ref(), &page).await?
        }
        filter => match desk_filter(filter.unwrap_or_default(), &edition).await? {
            Some(filter) => {
                let counted = ctx.look_ahead().field("totalCount").exists();
                reads.articles_filtered(&filter, DeskOrder::from(order), &page, counted).await?
            }
            None => masthead_domain::page::Page::empty(),
        },
    };
    Ok(Connection::plain(shared(found), cursors, |card| Article::of_card(card, edition.clone())))
}

/// The filter by keys; `None` where it names what is not there, so that nothing passes.
async fn desk_filter(filter: ArticleFilter, edition: &Edition) -> Result<Option<DeskFilter>, Failure> {
    let reads = &edition.session.reads;
    let sections = match filter.section {
        None => None,
        Some(slug) => {
            let tree = edition.session.sections().await?;
            let Some(section) = tree.by_slug(&SlugKey::of(&slug)) else { return Ok(None) };
            Some(tree.with_all_below(section.line.id))
        }
    };
    let author = match filter.author {
        None => None,
        Some(slug) => match reads.author_by_slug(&SlugKey::of(&slug)).await? {
            Some(author) => Some(author.line.id),
            None => return Ok(None),
        },
    };
    let tag = match filter.tag {
        None => None,
        Some(slug) => match reads.tag_by_slug(&SlugKey::of(&slug)).await? {
            Some(tag) => Some(tag.id),
            None => return Ok(None),
        },
    };
    Ok(Some(DeskFilter {
        status: filter.status.map(|statuses| statuses.into_iter().map(Into::into).collect()),
        sections,
        author,
        tag,
        locale: edition.listed.clone(),
        kind: filter.kind.map(Into::into),
    }))
}
