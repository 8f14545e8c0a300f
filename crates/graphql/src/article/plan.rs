//! Looking ahead: what of an article's page a selection asks for, so that the store is asked once for all of it.
//!
//! A plan is only ever a gain in statements: each part is kept with the arguments it was read for, and a field whose
//! arguments differ (an alias, a second page) loads for itself. It must not know how parts are shown.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, InputType, Lookahead, Name, SelectionField, Value};
use masthead_domain::article::{Card, Correction, Details, Translation};
use masthead_domain::author::Author;
use masthead_domain::comment::{self, Comment, CommentId};
use masthead_domain::page::{Page, PageRequest};
use masthead_domain::tag::Tag;
use masthead_persistence::{ArticleLookup, ArticlePage, CommentsPlan, PagePlan, Related};

use crate::comment::CommentOrder;
use crate::connection::{self, PageArguments, PageSize, shared};
use crate::context::{Planning, Session};
use crate::error::Failure;

/// An article with the parts of its page that were read along with it.
pub(crate) struct Planned {
    pub(super) card: Card,
    pub(super) details: Option<Arc<Details>>,
    pub(super) tags: Option<Arc<[Arc<Tag>]>>,
    pub(super) authors: Option<Vec<Arc<Author>>>,
    pub(super) translations: Option<Arc<[Translation]>>,
    pub(super) corrections: Option<Arc<[Correction]>>,
    plan: PagePlan,
    related: Option<Page<Arc<Related>>>,
    comments: Option<Page<Arc<Comment>>>,
    replies: HashMap<CommentId, Page<Arc<Comment>>>,
}

impl Planned {
    /// Reads an article with what the field's selection asks of it. `None`: not there, or not for this viewer.
    pub(crate) async fn read(
        ctx: &Context<'_>,
        session: &Session,
        lookup: &ArticleLookup,
    ) -> Result<Option<Arc<Self>>, Failure> {
        let plan = match ctx.data_opt() {
            Some(Planning::Off) => PagePlan::default(),
            Some(Planning::On) | None => plan(&ctx.look_ahead()),
        };
        let page = session.reads.article_page(lookup, &plan).await?;
        Ok(page.map(|page| Arc::new(Self::new(plan, page))))
    }

    fn new(plan: PagePlan, page: ArticlePage) -> Self {
        Self {
            card: page.card,
            details: page.details.map(Arc::new),
            tags: page.tags.map(|tags| tags.into_iter().map(Arc::new).collect()),
            authors: page.authors.map(|authors| authors.into_iter().map(Arc::new).collect()),
            translations: page.translations.map(Into::into),
            corrections: page.corrections.map(Into::into),
            plan,
            related: page.related.map(shared),
            comments: page.comments.map(shared),
            replies: page.replies.into_iter().map(|(parent, replies)| (parent, shared(replies))).collect(),
        }
    }

    /// The related articles, where just this page of them was read.
    pub(super) fn related(&self, page: &PageRequest) -> Option<&Page<Arc<Related>>> {
        self.related.as_ref().filter(|_| self.plan.related.as_ref() == Some(page))
    }

    /// The threads, where just this page of them was read.
    pub(super) fn comments(&self, order: comment::Order, page: &PageRequest) -> Option<&Page<Arc<Comment>>> {
        let planned = self.plan.comments.as_ref()?;
        self.comments.as_ref().filter(|_| planned.order == order && planned.page == *page)
    }

    /// The replies to a comment, where just this page of them was read.
    pub(crate) fn replies(&self, parent: CommentId, page: &PageRequest) -> Option<&Page<Arc<Comment>>> {
        let planned = self.plan.comments.as_ref()?.replies.as_ref()?;
        self.replies.get(&parent).filter(|_| planned == page)
    }
}

/// What a selection on an article asks for.
fn plan(article: &Lookahead<'_>) -> PagePlan {
    let asks = |name: &str| article.field(name).exists();
    let structured_data = article.field("seo").field("jsonLd").exists();
    let authors = article.field("authors");
    PagePlan {
        details: asks("body") || asks("rights") || asks("seo"),
        tags: asks("tags") || structured_data,
        authors: ["role", "bio", "avatar", "links"].into_iter().any(|name| authors.field(name).exists()),
        translations: asks("translations"),
        corrections: asks("corrections") || structured_data,
        related: pages(&article.field("related"), |arguments| {
            PageArguments::of_selection(arguments).read(connection::Order::Nearest, PageSize::RELATED)
        })
        .map(|(page, _)| page),
        comments: comments(&article.field("comments")),
    }
}

fn comments(field: &Lookahead<'_>) -> Option<CommentsPlan> {
    let ((order, page), selections) = pages(field, |arguments| {
        let order = comment_order(arguments);
        PageArguments::of_selection(arguments).read(order.into(), PageSize::LIST).map(|page| (order, page))
    })?;
    let replies = selections.into_iter().find_map(|selection| {
        let comments = Lookahead::from(selection);
        let of = |list: &Lookahead<'_>| pages(&list.field("replies"), reply_page).map(|(page, _)| page);
        of(&comments.field("nodes")).or_else(|| of(&comments.field("edges").field("node")))
    });
    Some(CommentsPlan { order, page, replies })
}

fn reply_page(arguments: &[(Name, Value)]) -> Result<PageRequest, Failure> {
    PageArguments::of_selection(arguments).read(connection::Order::OldestComment, PageSize::LIST)
}

/// The `orderBy` of a selected list of comments; what is no order is left to the field itself to refuse.
fn comment_order(arguments: &[(Name, Value)]) -> comment::Order {
    let given = arguments.iter().find(|(name, _)| name == "orderBy").map(|(_, value)| value.clone());
    given.and_then(|value| CommentOrder::parse(Some(value)).ok()).unwrap_or_default().into()
}

/// The first page that a list is asked for, and all selections of that same page. Other pages, under aliases, are left
/// to the loader, and malformed arguments to the field, which refuses them.
fn pages<'a, P: PartialEq>(
    field: &Lookahead<'a>,
    read: impl Fn(&[(Name, Value)]) -> Result<P, Failure>,
) -> Option<(P, Vec<SelectionField<'a>>)> {
    let mut first = None;
    let mut selections = Vec::new();
    for selection in field.selection_fields() {
        let Some(page) = selection.arguments().ok().and_then(|arguments| read(&arguments).ok()) else {
            continue;
        };
        if first.as_ref().is_none_or(|first| *first == page) {
            first = Some(page);
            selections.push(selection);
        }
    }
    first.map(|first| (first, selections))
}
