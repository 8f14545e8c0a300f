//! Where sections are asked for.

use async_graphql::{Context, MaybeUndefined, Object};
use masthead_domain::text::SlugKey;

use super::Section;
use crate::eager::{Eager, EagerList};
use crate::edition::Edition;
use crate::error::Failure;
use crate::scalar::LanguageTag;

/// The root fields for sections.
#[derive(Default)]
pub(crate) struct SectionQuery;

#[Object]
impl SectionQuery {
    /// All sections of the paper, parents before their children and siblings in their set order: what a front page or a
    /// menu is made of. Not paged; a paper has tens of them. `null` only together with an error.
    async fn sections(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language whose names are shown and whose articles the sections list. Absent: the best of \
                    Accept-Language, else the site's own, for both. `null`: names likewise, and articles of all languages."
        )]
        locale: MaybeUndefined<LanguageTag>,
        #[graphql(
            default = false,
            desc = "Only the sections at the top of the tree, whose lists hold their descendants' articles too."
        )]
        top_level_only: bool,
    ) -> Option<Result<EagerList<Eager<Section>>, Failure>> {
        Some(sections(ctx, locale, top_level_only).await)
    }

    /// The section of this slug, or of one that it, or a section that was deleted below it, once had: where `slug` of the
    /// answer is another than was asked for, its page is at `url` now, and a client redirects. `null` where there is none.
    async fn section(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The section's slug, the same in every language, in any spelling of it.")]
        slug: String,
        #[graphql(
            desc = "The language whose names are shown; where given, the section lists articles of this language only. \
                    Absent: names by Accept-Language, else the site's language; articles of all languages."
        )]
        locale: Option<LanguageTag>,
    ) -> Option<Result<Eager<Section>, Failure>> {
        section(ctx, &slug, locale).await.map(|found| found.map(Eager)).transpose()
    }
}

async fn sections(
    ctx: &Context<'_>,
    locale: MaybeUndefined<LanguageTag>,
    top_level_only: bool,
) -> Result<EagerList<Eager<Section>>, Failure> {
    let edition = Edition::front(ctx, locale).await?;
    let tree = edition.session.sections().await?;
    let shown = tree.all().filter(|section| !top_level_only || section.parent.is_none());
    Ok(shown.map(|section| Eager(Section::whole(section.clone(), edition.clone()))).collect())
}

async fn section(
    ctx: &Context<'_>,
    slug: &str,
    locale: Option<LanguageTag>,
) -> Result<Option<Section>, Failure> {
    let edition = Edition::open(ctx, locale).await?;
    let tree = edition.session.sections().await?;
    let key = SlugKey::of(slug);
    let found = match tree.by_slug(&key) {
        Some(section) => Some(section),
        None => {
            let former = edition.session.reads.section_by_former_slug(&key).await?;
            former.and_then(|section| tree.by_id(section))
        }
    };
    Ok(found.map(|section| Section::whole(section.clone(), edition.clone())))
}
