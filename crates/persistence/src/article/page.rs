//! An article's page, all of it, in four statements whatever its size and whatever is asked of it; what may add one more
//! is told at [`Reads::article_page`].

use std::collections::HashMap;

use masthead_domain::article::{ArticleId, Card, Correction, Details, Translation};
use masthead_domain::author::Author;
use masthead_domain::comment::{Comment, CommentId, Order};
use masthead_domain::page::{Page, PageRequest};
use masthead_domain::tag::Tag;
use masthead_domain::text::{LanguageTag, SlugKey};

use super::card::{CARD, CARD_JOINS, CARD_WIDTH, card, card_without_authors};
use super::parts::{
    CORRECTIONS, DETAILS, DETAILS_WIDTH, TAGS, corrections, details, tags, translations, translations_seen,
};
use super::related::Related;
use crate::author::{AUTHORS_OF_ARTICLE, authors_of_article};
use crate::columns::Columns;
use crate::reads::{Reads, bind};
use crate::store::StoreError;

/// How to find the article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArticleLookup {
    /// By its slug, a former one too, under any spelling.
    Slug {
        /// What spellings are compared by.
        key: SlugKey,
        /// Only this language.
        locale: Option<LanguageTag>,
        /// Where `locale` is not given: the best of these, in their order, else any.
        preferred: Vec<LanguageTag>,
    },
    /// By its key.
    Id(ArticleId),
}

/// What of the page is wanted. The default is the card alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PagePlan {
    /// Body, rights, texts for search engines.
    pub details: bool,
    /// Tags.
    pub tags: bool,
    /// The authors' profiles; their names come with the card.
    pub authors: bool,
    /// The same story in other languages.
    pub translations: bool,
    /// Public notes.
    pub corrections: bool,
    /// Related articles.
    pub related: Option<PageRequest>,
    /// Comments.
    pub comments: Option<CommentsPlan>,
}

/// Which comments are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentsPlan {
    /// The order of the threads.
    pub order: Order,
    /// Which threads.
    pub page: PageRequest,
    /// Which replies to each, oldest first; `None`: none of them.
    pub replies: Option<PageRequest>,
}

/// The page: what the plan asked for is `Some`.
#[derive(Debug, Clone)]
pub struct ArticlePage {
    /// The card.
    pub card: Card,
    /// Body, rights, texts for search engines.
    pub details: Option<Details>,
    /// Tags in their order.
    pub tags: Option<Vec<Tag>>,
    /// Authors in their order, with profiles.
    pub authors: Option<Vec<Author>>,
    /// The same story in other languages.
    pub translations: Option<Vec<Translation>>,
    /// Public notes, oldest first.
    pub corrections: Option<Vec<Correction>>,
    /// Related articles.
    pub related: Option<Page<Related>>,
    /// The threads' first comments.
    pub comments: Option<Page<Comment>>,
    /// The replies to each of `comments`, where they were asked for.
    pub replies: HashMap<CommentId, Page<Comment>>,
}

impl Reads {
    /// The page of one article: one statement for it and its small parts, two for related articles, one for comments
    /// (two where hundreds of comments are gone of which the places are left). A slug that is a former one takes one
    /// statement more. `None`: not there, or not for this viewer.
    pub async fn article_page(
        &self,
        lookup: &ArticleLookup,
        plan: &PagePlan,
    ) -> Result<Option<ArticlePage>, StoreError> {
        let mut page = match self.page_core(lookup, plan, false).await? {
            Some(page) => page,
            None if matches!(lookup, ArticleLookup::Slug { .. }) => {
                match self.page_core(lookup, plan, true).await? {
                    Some(page) => page,
                    None => return Ok(None),
                }
            }
            None => return Ok(None),
        };
        let id = page.card.id;
        if let Some(request) = &plan.related {
            page.related = match &page.tags {
                Some(tags) => self.related_to_tagged(id, tags, request).await?,
                None => self.article_related(&[id], request).await?.remove(&id),
            };
        }
        if let Some(wanted) = &plan.comments {
            let (comments, replies) = self.comment_threads(id, wanted, page.card.comment_count).await?;
            page.comments = Some(comments);
            page.replies = replies;
        }
        Ok(Some(page))
    }

    async fn page_core(
        &self,
        lookup: &ArticleLookup,
        plan: &PagePlan,
        former: bool,
    ) -> Result<Option<ArticlePage>, StoreError> {
        let mut values = Vec::new();
        let sight = self.sight();
        let found = found(lookup, former, &sight.sees("b"), &mut values);
        let mut columns = if plan.authors { card_without_authors() } else { CARD.to_owned() };
        let mut joins = String::from(CARD_JOINS);
        if plan.details {
            columns = format!("{columns}, {DETAILS}");
            joins.push_str(" JOIN revisions r ON r.id = COALESCE(a.published_revision, a.head_revision)");
        }
        for (wanted, column) in [
            (plan.tags, TAGS),
            (plan.authors, AUTHORS_OF_ARTICLE.as_str()),
            (plan.translations, &translations_seen(sight)),
            (plan.corrections, CORRECTIONS),
        ] {
            if wanted {
                columns = format!("{columns}, {column}");
            }
        }
        let sql =
            format!("SELECT {columns} FROM articles a {joins} WHERE {} AND a.id = {found}", sight.sees("a"));
        let Some(row) = self.row(&sql, values).await? else { return Ok(None) };
        let mut from = Columns::of(&row);
        let mut card = card(&mut from)?;
        debug_assert_eq!(from.at(), CARD_WIDTH);
        let details = if plan.details { Some(details(&mut from)?) } else { None };
        debug_assert!(!plan.details || from.at() == CARD_WIDTH + DETAILS_WIDTH);
        let mut part = |wanted: bool| if wanted { from.next::<Option<String>>().map(Some) } else { Ok(None) };
        let tags = part(plan.tags)?.map(tags).transpose()?;
        let authors = part(plan.authors)?.map(authors_of_article).transpose()?;
        if let Some(authors) = &authors {
            card.authors = authors.iter().map(|author| author.line.clone()).collect();
        }
        let translations = part(plan.translations)?.map(translations).transpose()?;
        let corrections = part(plan.corrections)?.map(corrections).transpose()?;
        Ok(Some(ArticlePage {
            card,
            details,
            tags,
            authors,
            translations,
            corrections,
            related: None,
            comments: None,
            replies: HashMap::new(),
        }))
    }
}

/// An expression for the key of the article that is looked for.
fn found(lookup: &ArticleLookup, former: bool, seen: &str, values: &mut Vec<sea_orm::Value>) -> String {
    let (key, locale, preferred) = match lookup {
        ArticleLookup::Id(id) => return bind(values, id.get()),
        ArticleLookup::Slug { key, locale, preferred } => (key, locale, preferred),
    };
    let key = bind(values, key.as_str());
    let from = if former {
        format!("former_slugs f JOIN articles b ON b.id = f.article_id WHERE {seen} AND f.slug_key = {key}")
    } else {
        format!("articles b WHERE {seen} AND b.slug_key = {key}")
    };
    match locale {
        Some(locale) => {
            let locale = bind(values, locale.as_str());
            let column = if former { "f.locale" } else { "b.locale" };
            format!("(SELECT b.id FROM {from} AND {column} = {locale} LIMIT 1)")
        }
        None => {
            let mut rank = String::new();
            for (n, locale) in preferred.iter().take(4).enumerate() {
                rank.push_str(&format!(" WHEN {} THEN {n}", bind(values, locale.as_str())));
            }
            if !rank.is_empty() {
                rank = format!("CASE b.locale{rank} ELSE 9 END, ");
            }
            format!("(SELECT b.id FROM {from} ORDER BY {rank}b.id LIMIT 1)")
        }
    }
}
