//! `node` and `nodes`: one thing, or several, by global id.

use std::sync::Arc;

use async_graphql::{Context, ID, Interface, Object};
use futures_util::future::join_all;
use masthead_persistence::ArticleLookup;

use crate::article::{Article, ArticleById, Planned};
use crate::author::{Author, AuthorById};
use crate::comment::{Comment, CommentById};
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::media::{Image, LibraryImage};
use crate::section::Section;
use crate::tag::{Tag, TagById};

/// Anything that has an id of its own.
#[derive(Interface)]
#[graphql(field(
    name = "id",
    ty = "ID",
    desc = "The global id: opaque, and the same for the life of the thing."
))]
pub(crate) enum Node {
    Article(Article),
    Author(Author),
    Comment(Comment),
    Image(Image),
    Section(Section),
    Tag(Tag),
}

/// A thing, or nothing, or why it cannot be told.
type Found = Option<Result<Node, Failure>>;

/// How many ids `nodes` takes.
const MAX_IDS: usize = 100;

/// The root fields for anything.
#[derive(Default)]
pub(crate) struct NodeQuery;

#[Object]
impl NodeQuery {
    /// The thing of this id. `null` where there is none, or none for you. Texts are shown by Accept-Language, else in the
    /// site's own language.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "A global id, as any `id` field gives it. Another text is an error (BAD_USER_INPUT)."
        )]
        id: ID,
    ) -> Option<Result<Node, Failure>> {
        node(ctx, &id).await.transpose()
    }

    /// The things of these ids, in the same order, `null` for each that there is none of, or none for you. The whole list
    /// is `null` only together with an error.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "At most 100 global ids. More, or a text that is none, is an error (BAD_USER_INPUT)."
        )]
        ids: Vec<ID>,
    ) -> Option<Result<Vec<Found>, Failure>> {
        Some(nodes(ctx, &ids).await)
    }
}

async fn node(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>, Failure> {
    let id = GlobalId::parse("id", id)?;
    let edition = Edition::open(ctx, None).await?;
    if let GlobalId::Article(id) = id {
        let found = Planned::read(ctx, &edition.session, &ArticleLookup::Id(id)).await?;
        return Ok(found.map(|planned| Article::of_planned(planned, edition).into()));
    }
    load(id, edition).await
}

async fn nodes(ctx: &Context<'_>, ids: &[ID]) -> Result<Vec<Found>, Failure> {
    if ids.len() > MAX_IDS {
        return Err(Failure::input("ids", format!("`ids` takes at most {MAX_IDS} ids, not {}.", ids.len())));
    }
    let ids = ids.iter().map(|id| GlobalId::parse("ids", id)).collect::<Result<Vec<_>, _>>()?;
    let edition = Edition::open(ctx, None).await?;
    let one = |id| {
        let edition = edition.clone();
        async move { load(id, edition).await.transpose() }
    };
    Ok(join_all(ids.into_iter().map(one)).await)
}

async fn load(id: GlobalId, edition: Arc<Edition>) -> Result<Option<Node>, Failure> {
    let session = &edition.session;
    Ok(match id {
        GlobalId::Article(id) => session
            .loader()
            .load_one(ArticleById(id))
            .await?
            .map(|card| Article::of_card(card, edition.clone()).into()),
        GlobalId::Author(id) => session
            .loader()
            .load_one(AuthorById(id))
            .await?
            .map(|author| Author::whole(author, edition.clone()).into()),
        GlobalId::Comment(id) => session
            .loader()
            .load_one(CommentById(id))
            .await?
            .map(|comment| Comment::new(comment, None, edition.clone()).into()),
        GlobalId::Section(id) => session
            .sections()
            .await?
            .by_id(id)
            .map(|section| Section::whole(section.clone(), edition.clone()).into()),
        GlobalId::Image(id) => session
            .loader()
            .load_one(LibraryImage(id))
            .await?
            .map(|image| Image::new(image, edition.clone()).into()),
        // Not for readers, and reached through what they belong to.
        GlobalId::Figure(_)
        | GlobalId::User(_)
        | GlobalId::Invitation(_)
        | GlobalId::ApiToken(_)
        | GlobalId::AuditEntry(_) => None,
        GlobalId::Tag(id) => {
            session.loader().load_one(TagById(id)).await?.map(|tag| Tag::new(tag, edition.clone()).into())
        }
    })
}
