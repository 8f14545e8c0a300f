//! Posts and pages become articles and pages, each with one revision and its addresses. Which of them come in is not
//! decided here.

use masthead_domain::article::{ArticleId, Body, Content, Kind, Rights, Seo, Status, TranslationGroupId};
use masthead_domain::comment::Policy;
use masthead_domain::text::{Direction, LanguageTag, Slug, SlugKey};
use masthead_interchange::wxr::{Post, PostKind};
use masthead_persistence::article::{NewArticle, StoredArticle};
use masthead_persistence::{ImportedInto, StoreError, Tx};

use super::address::{self, Wish};
use super::item::Extent;
use super::key;
use super::lifecycle::{self, Life};
use super::plain::plain_line;
use super::reason::Reason;
use super::report::{Group, Note, Noun};
use super::run::{Known, Run, noun};

/// Metadata that is used; everything else is counted.
const USED: [&str; 17] = [
    "_thumbnail_id",
    "_wp_old_slug",
    "_wp_desired_post_slug",
    "footnotes",
    "_yoast_wpseo_title",
    "_yoast_wpseo_metadesc",
    "_yoast_wpseo_primary_category",
    "rank_math_title",
    "rank_math_description",
    "rank_math_primary_category",
    "_aioseo_title",
    "_aioseo_description",
    "_aioseop_title",
    "_aioseop_description",
    "_seopress_titles_title",
    "_seopress_titles_desc",
    "_seopress_robots_primary_cat",
];

/// Longest title that is made of a text, in characters.
const MADE_TITLE: usize = 60;

impl Run<'_> {
    /// Stores an article with what belongs to it but its comments.
    pub(super) async fn article_make(
        &mut self,
        tx: &Tx,
        post: &Post,
        name: &str,
        extent: Extent,
    ) -> Result<Made, StoreError> {
        let life = match extent {
            Extent::Whole | Extent::CutComments => Life::of(post, self.now),
            Extent::Cut => Life::of(post, self.now).held_back(),
        };
        let locale = self.language_of(post, name);
        self.gain_locale(tx, &locale).await?;
        let body = self.body_of(tx, post, name).await?;
        let excerpt = Some(plain_line(&post.excerpt)).filter(|excerpt| !excerpt.is_empty());
        let (title, made_title) = title(post, life.status, excerpt.as_deref(), &body);
        let is_public = life.status == Status::Published;
        let Wish { slug, former, remark } = address::slug(post, &title, is_public);
        let (section, other_sections) = self.sections_of(tx, post).await?;
        let search = post.search_texts();
        let seo_text = |text: Option<&str>| text.map(plain_line).filter(|text| !text.is_empty());
        let content = Content {
            slug: slug.clone(),
            title,
            subtitle: None,
            excerpt,
            direction: None,
            body,
            lead_image: self.lead_image_of(tx, post, name).await?,
            section,
            other_sections,
            tags: self.tags_of(tx, post).await?,
            authors: self.authors_of(tx, post).await?,
            breaking: false,
            comment_policy: (post.comments_open == Some(false)).then_some(Policy::Closed),
            rights: Rights::default(),
            seo: Seo { title: seo_text(search.title), description: seo_text(search.description) },
        };
        let direction = content.direction(&locale);
        let group = self.translations_of(tx, post).await?;
        let new = NewArticle {
            kind: if post.kind == PostKind::Page { Kind::Page } else { Kind::Article },
            locale,
            content,
            status: life.status,
            translations: group.and_then(|(_, id)| id),
            published_at: life.published_at,
            modified_at: life.modified_at,
            scheduled_for: life.scheduled_for,
            sticky: post.is_sticky,
            embargo_until: None,
            editor: None,
            reason: Some(format!("Imported from {}", self.origin)),
        };
        let stored = tx.article_create(&new, self.now).await?;
        self.report.came_in(noun_of_kind(&post.kind), Some(lifecycle::name(life.status)));
        let told = Told { line: post.line, name, slug: stored.slug.as_str() };
        for (reason, what) in life.remarks.into_iter().chain(made_title).chain(remark) {
            self.tell_article(&told, reason, what);
        }
        if stored.slug != slug {
            let what = format!("its slug “{slug}” is another article's here: it got “{}”", stored.slug);
            self.tell_article(&told, Reason::TakenSlug, what);
        }
        self.translations_keep(tx, group, &new.locale, &stored, &told).await?;
        self.addresses_keep(tx, post, &new.locale, &stored, former, &told).await?;
        self.count_the_rest(post, &told);
        Ok(Made { article: stored.id, direction, has_lead_image: new.content.lead_image.is_some() })
    }

    /// Polylang's group of the item's translations, and ours where one of them came in.
    async fn translations_of<'a>(
        &self,
        tx: &Tx,
        post: &'a Post,
    ) -> Result<Option<(&'a str, Option<TranslationGroupId>)>, StoreError> {
        let Some(group) = post.translation_group() else { return Ok(None) };
        let key = key::bounded(group);
        // The group goes when its last article does.
        let known = self.known(tx, noun::TRANSLATIONS, &key, ImportedInto::TranslationGroup).await?;
        let own =
            if let Known::Here(own) = known { Some(TranslationGroupId::from_stored(own)) } else { None };
        Ok(Some((group, own)))
    }

    async fn translations_keep(
        &mut self,
        tx: &Tx,
        group: Option<(&str, Option<TranslationGroupId>)>,
        locale: &LanguageTag,
        stored: &StoredArticle,
        told: &Told<'_>,
    ) -> Result<(), StoreError> {
        match group {
            None => Ok(()),
            Some((group, None)) => {
                self.remember(tx, noun::TRANSLATIONS, &key::bounded(group), stored.translations.get()).await
            }
            Some((group, Some(own))) => {
                if own != stored.translations {
                    let what = format!(
                        "the group of translations “{group}” has an article in {locale} already: it stands alone"
                    );
                    self.tell_article(told, Reason::TakenTranslation, what);
                }
                Ok(())
            }
        }
    }

    /// Keeps the slugs and paths that an article had on the old site.
    async fn addresses_keep(
        &mut self,
        tx: &Tx,
        post: &Post,
        locale: &LanguageTag,
        stored: &StoredArticle,
        former: Option<SlugKey>,
        told: &Told<'_>,
    ) -> Result<(), StoreError> {
        let own = stored.slug.key();
        let mut formers: Vec<SlugKey> = former.into_iter().collect();
        for old in post.old_slugs() {
            match Slug::import(old)
                .map(|slug| slug.key())
                .filter(|key| key.as_str().len() <= address::LONGEST_KEY)
            {
                Some(key) => formers.push(key),
                None => {
                    let short: String = old.chars().take(80).collect();
                    let what = format!("its former slug “{short}” can be none here: not kept");
                    self.tell_article(told, Reason::LongAddress, what);
                }
            }
        }
        formers.dedup();
        for slug in formers.into_iter().filter(|slug| *slug != own) {
            if !tx.former_slug_add(stored.id, locale, &slug).await? {
                let what = format!("its former slug “{}” leads to another article", slug.as_str());
                self.tell_article(told, Reason::TakenAddress, what);
            }
        }
        let (paths, too_long) = address::old_paths(post, self.base.as_ref());
        for path in tx.former_paths_add(stored.id, &paths).await? {
            let what = format!("its old address {path} leads to another article");
            self.tell_article(told, Reason::TakenAddress, what);
        }
        if !too_long.is_empty() {
            self.tell_article(told, Reason::LongAddress, "its old address is too long to be kept".to_owned());
        }
        Ok(())
    }

    /// Counts what an article here has no place for.
    fn count_the_rest(&mut self, post: &Post, told: &Told<'_>) {
        for (key, _) in post.meta.iter().filter(|(key, _)| !USED.contains(&key.as_str())) {
            self.report.tally(Group::CustomFields, key_group(key), post.line);
        }
        for term in &post.categories {
            match term.domain.as_str() {
                "category" | "post_tag" | "author" | "language" | "post_translations" | "post_format" => {}
                other => self.report.tally(Group::Taxonomies, other, post.line),
            }
        }
        if let Some(format) = post.post_format() {
            self.report.tally(Group::PostFormats, format, post.line);
        }
        if post.is_sticky {
            let what = "was sticky: that is remembered, but lists here go by date, and none puts it first";
            self.tell_article(told, Reason::Sticky, what.to_owned());
        }
        if post.kind == PostKind::Page && (post.parent.is_some() || post.menu_order != 0) {
            let what = "stood below another page or at a set place among pages; pages here have no order; its old address is kept";
            self.tell_article(told, Reason::PageOrder, what.to_owned());
        }
    }

    fn tell_article(&mut self, told: &Told<'_>, reason: Reason, what: String) {
        self.report.note(Note {
            line: Some(told.line),
            item: Some(told.name.to_owned()),
            slug: Some(told.slug.to_owned()),
            reason,
            what,
        });
    }
}

/// An article that was stored.
pub(super) struct Made {
    pub(super) article: ArticleId,
    pub(super) direction: Direction,
    pub(super) has_lead_image: bool,
}

/// What a line of the report says of its article.
struct Told<'a> {
    line: u64,
    name: &'a str,
    slug: &'a str,
}

/// The key of metadata, without the hash that plugins put behind some: `_oembed_…`.
pub(super) fn key_group(key: &str) -> String {
    let is_hash = |text: &str| text.len() >= 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
    match key.rsplit_once('_') {
        Some((before, hash)) if is_hash(hash) => format!("{before}_…"),
        _ => key.chars().take(80).collect(),
    }
}

pub(super) fn noun_of_kind(kind: &PostKind) -> Noun {
    if *kind == PostKind::Page { Noun::Pages } else { Noun::Articles }
}

/// The title; what is no draft has one, made of its first words where it must be.
fn title(
    post: &Post,
    status: Status,
    excerpt: Option<&str>,
    body: &Body,
) -> (String, Option<(Reason, String)>) {
    let title = plain_line(&post.title);
    if !title.is_empty() || status == Status::Draft {
        return (title, None);
    }
    let text = body.text();
    let lines = text.lines().chain(excerpt.unwrap_or_default().lines());
    let words = lines.map(str::trim).find(|line| !line.is_empty());
    let made = match words {
        Some(words) => first_words(words),
        None => match post.id {
            Some(id) => format!("#{id}"),
            None => "…".to_owned(),
        },
    };
    let what = format!("has no title: its first words stand for it, “{made}”");
    (made, Some((Reason::NoTitle, what)))
}

fn first_words(line: &str) -> String {
    let Some((end, _)) = line.char_indices().nth(MADE_TITLE) else { return line.to_owned() };
    let head = &line[..end];
    let cut = head.rsplit_once(char::is_whitespace).map_or(head, |(words, _)| words);
    format!("{}…", cut.trim_end())
}
