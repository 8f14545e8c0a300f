//! Where addresses are asked for.

use async_graphql::{Context, Object};
use masthead_domain::site::address::Candidates;
use masthead_persistence::{AddressStanding, Destination};

use super::object::{Address, AddressKind, Target};
use crate::article::{Article, ArticleById};
use crate::author::{Author, AuthorById};
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::scalar::LanguageTag;
use crate::section::Section;
use crate::tag::{Tag, TagById};

/// The root field for addresses.
#[derive(Default)]
pub(crate) struct AddressQuery;

#[Object]
impl AddressQuery {
    /// Where an address of this site leads: to the article, page, section, tag or author that stands there, to where that
    /// went, or nowhere any more. Knows the addresses that the site gives today, those by former slugs, and those that
    /// articles had on the site they were imported from. `null` where nothing has stood, or nothing for you.
    async fn address(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "A path that begins with a slash, or a full address of this site, as a browser shows or sends it: percent-encoded \
                    or not, in any Unicode normalization, with or without a slash at the end. Of a query only WordPress's \
                    `?p=1` and `?page_id=1` count. At most 8 KiB; anything else answers `null`."
        )]
        path: String,
    ) -> Option<Result<Address, Failure>> {
        address(ctx, &path).await.transpose()
    }
}

async fn address(ctx: &Context<'_>, path: &str) -> Result<Option<Address>, Failure> {
    let visit = Visit::of(ctx);
    let Some(path) = visit.settings().public_url.path_of(path) else { return Ok(None) };
    let reads = &visit.session().reads;
    let site = reads.site().await?;
    let Some(candidates) = Candidates::of(path, &site) else { return Ok(None) };
    let (kind, destination) = match reads.address(&candidates).await? {
        None => return Ok(None),
        Some(AddressStanding::Gone) => return Ok(Some(Address::gone())),
        Some(AddressStanding::Current(destination)) => (AddressKind::Current, destination),
        Some(AddressStanding::Moved(destination)) => (AddressKind::Moved, destination),
    };
    // What a list shows is in the language that its address names.
    let locale = match destination {
        Destination::Article(_) => None,
        Destination::Section(_) | Destination::Tag(_) | Destination::Author(_) => {
            candidates.list.map(|(_, locale, _)| LanguageTag(locale))
        }
    };
    let edition = Edition::open(ctx, locale).await?;
    let session = &edition.session;
    let target = match destination {
        Destination::Article(id) => match session.loader().load_one(ArticleById(id)).await? {
            Some(card) => {
                // What is named on its page is in its own language.
                let edition = Edition::open(ctx, Some(LanguageTag(card.locale.clone()))).await?;
                Some(Target::Article(Article::of_card(card, edition)))
            }
            None => None,
        },
        Destination::Section(id) => {
            let section = session.sections().await?.by_id(id).cloned();
            section.map(|section| Target::Section(Section::whole(section, edition.clone())))
        }
        Destination::Tag(id) => {
            let tag = session.loader().load_one(TagById(id)).await?;
            tag.map(|tag| Target::Tag(Tag::new(tag, edition.clone())))
        }
        Destination::Author(id) => {
            let author = session.loader().load_one(AuthorById(id)).await?;
            author.map(|author| Target::Author(Author::whole(author, edition.clone())))
        }
    };
    Ok(target.map(|target| Address::of(kind, target)))
}
