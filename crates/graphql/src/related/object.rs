//! A related article as clients see it: the article, how near it is, and what it shares.

use std::sync::Arc;

use async_graphql::{Enum, SimpleObject};
use masthead_domain::page::Page;
use masthead_domain::related::score;
use masthead_domain::section::SectionLine;
use masthead_persistence::Related;

use crate::article::Article;
use crate::connection::{Connection, EdgeFields, Order};
use crate::eager::{Eager, EagerList};
use crate::edition::Edition;

/// Why an article is listed as related.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "masthead_domain::related::ReasonKind")]
pub(crate) enum RelatedReasonKind {
    /// An editor chose it.
    Pinned,
    /// Both carry the same tag.
    SharedTag,
    /// It is listed in the other's main section.
    SameSection,
}

/// One reason for which an article is related.
#[derive(SimpleObject)]
pub(crate) struct RelatedReason {
    /// What kind of reason.
    kind: RelatedReasonKind,
    /// What they share, in the language asked for: the tag's or the section's name. `null` where an editor chose it.
    label: Option<String>,
}

/// What an edge tells besides cursor and node.
#[derive(SimpleObject)]
pub(crate) struct Nearness {
    /// How near it is, from 0 to 1: 1 for an editor's choice, else by what the two share. For comparing within one list
    /// only.
    score: f64,
    /// Why it is listed: an editor's choice first, then shared tags, then the section. At least one.
    reasons: EagerList<Eager<RelatedReason>>,
}

impl EdgeFields for Nearness {
    fn list_of(node: &str) -> String {
        format!("Related{node}")
    }
}

/// The related articles of one article.
pub(crate) type RelatedArticles = Connection<Article, Nearness>;

/// The connection of a page of what is related to an article of `section`.
pub(crate) fn related_articles(
    page: Page<Arc<Related>>,
    section: Option<&SectionLine>,
    edition: &Arc<Edition>,
) -> RelatedArticles {
    Connection::new(page, Order::Nearest, |related| {
        let nearness = nearness(&related, section, edition);
        (Article::of_related(related, edition.clone()), nearness)
    })
}

fn nearness(related: &Related, section: Option<&SectionLine>, edition: &Edition) -> Nearness {
    let shared_tags = u32::try_from(related.shared_tags.len()).unwrap_or(u32::MAX);
    let mut reasons = Vec::with_capacity(2);
    if related.pinned {
        reasons.push(Eager(RelatedReason { kind: RelatedReasonKind::Pinned, label: None }));
    }
    reasons.extend(related.shared_tags.iter().map(|tag| {
        let label = Some(edition.name(&tag.names, &tag.slug).to_owned());
        Eager(RelatedReason { kind: RelatedReasonKind::SharedTag, label })
    }));
    if let Some(section) = section.filter(|_| related.same_section) {
        let label = Some(edition.name(&section.names, &section.slug).to_owned());
        reasons.push(Eager(RelatedReason { kind: RelatedReasonKind::SameSection, label }));
    }
    Nearness { score: score(related.pinned, shared_tags, related.same_section), reasons: reasons.into() }
}
