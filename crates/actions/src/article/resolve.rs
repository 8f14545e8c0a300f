//! Looking up what an article's input names: sections, tags and authors by their words, pictures and translations by
//! their keys. Tags that are not there are made.

use std::collections::HashMap;

use masthead_domain::article::body::ImageReference;
use masthead_domain::article::desk::Manuscript;
use masthead_domain::article::{Content, TranslationGroupId};
use masthead_domain::event::Event;
use masthead_domain::section::SectionId;
use masthead_domain::tag::TagId;
use masthead_domain::text::{LanguageTag, Localized, Slug, SlugKey};
use masthead_domain::viewer::policy::{Action, ArticleAct, may};
use masthead_domain::viewer::{Member, Permission, Viewer};
use masthead_persistence::{StoreError, Tx};

use super::input::{ArticleInput, Checked, MAX_AUTHORS, MAX_SECTIONS, Patch, apply};
use crate::Occasion;
use crate::refused::{DeskError, Faults};

/// Writes an input into a content. What cannot be looked up is a fault of its field.
pub(super) async fn write_into(
    content: &mut Content,
    tx: &Tx,
    occasion: &Occasion,
    locale: &LanguageTag,
    input: &ArticleInput,
    checked: Checked,
    faults: &mut Faults,
) -> Result<(), StoreError> {
    if let Some(title) = checked.title {
        content.title = title;
    }
    apply(&mut content.subtitle, checked.subtitle);
    apply(&mut content.excerpt, checked.excerpt);
    apply(&mut content.direction, input.direction.clone());
    if let Some(body) = &input.body {
        content.body = body.clone();
    }
    if let Some(breaking) = input.breaking {
        content.breaking = breaking;
    }
    apply(&mut content.comment_policy, input.comment_policy.clone());
    if let Some(seo) = checked.seo {
        content.seo = seo;
    }
    if let Some(rights) = checked.rights {
        content.rights = rights;
    }
    sections(content, tx, input, faults).await?;
    authors(content, tx, input, faults).await?;
    pictures(content, tx, occasion, input, faults).await?;
    if let Some(names) = checked.tag_names {
        content.tags = tags(tx, occasion, locale, names).await?;
    }
    match checked.slug {
        Patch::Keep => {}
        Patch::Set(slug) => content.slug = slug,
        Patch::Clear => content.slug = made_slug(&content.title),
    }
    Ok(())
}

/// A slug of a headline; of one without letters, a word that the store numbers.
pub(super) fn made_slug(title: &str) -> Slug {
    Slug::make(title).unwrap_or_else(|| Slug::from_stored("article".to_owned()))
}

/// The group that an article is to join by its input: of a translation that the viewer may see. A fault where it cannot.
pub(super) async fn translation_group(
    tx: &Tx,
    viewer: &Viewer,
    member: &Member,
    input: &ArticleInput,
    faults: &mut Faults,
) -> Result<Option<TranslationGroupId>, DeskError> {
    let Patch::Set(original) = input.translation_of else { return Ok(None) };
    let seen = match (tx.article_facts(original, member).await?, tx.manuscript(original).await?) {
        // What an embargo hides is hidden here too, whatever its status.
        (Some(facts), Some(original)) => {
            let sees = original.live || may(viewer, Action::Article(ArticleAct::See, &facts)).is_ok();
            sees.then_some(original)
        }
        _ => None,
    };
    if seen.is_none() {
        faults.add("input.translationOf", "There is no such article, or none that you may see.");
    }
    Ok(seen.map(|Manuscript { translations, .. }| translations))
}

async fn sections(
    content: &mut Content,
    tx: &Tx,
    input: &ArticleInput,
    faults: &mut Faults,
) -> Result<(), StoreError> {
    match &input.section {
        Patch::Keep => {}
        Patch::Clear => content.section = None,
        Patch::Set(slug) => {
            if let Some(section) = section(tx, "input.section", slug, faults).await? {
                content.section = Some(section);
            }
        }
    }
    if let Some(slugs) = &input.other_sections {
        if slugs.len() > MAX_SECTIONS {
            faults.add(
                "input.otherSections",
                format!("An article has at most {MAX_SECTIONS} further sections."),
            );
        }
        let mut others = Vec::with_capacity(slugs.len());
        for slug in slugs.iter().take(MAX_SECTIONS) {
            if let Some(section) = section(tx, "input.otherSections", slug, faults).await?
                && !others.contains(&section)
            {
                others.push(section);
            }
        }
        content.other_sections = others;
    }
    let main = content.section;
    content.other_sections.retain(|other| Some(*other) != main);
    Ok(())
}

async fn section(
    tx: &Tx,
    field: &'static str,
    slug: &str,
    faults: &mut Faults,
) -> Result<Option<SectionId>, StoreError> {
    let found = tx.section_by_slug(&SlugKey::of(slug)).await?;
    if found.is_none() {
        faults.add(field, format!("There is no section `{}`.", shown(slug)));
    }
    Ok(found)
}

async fn authors(
    content: &mut Content,
    tx: &Tx,
    input: &ArticleInput,
    faults: &mut Faults,
) -> Result<(), StoreError> {
    let Some(slugs) = &input.authors else { return Ok(()) };
    if slugs.len() > MAX_AUTHORS {
        faults.add("input.authors", format!("An article has at most {MAX_AUTHORS} authors."));
    }
    let mut authors = Vec::with_capacity(slugs.len());
    for slug in slugs.iter().take(MAX_AUTHORS) {
        match tx.author_by_slug(&SlugKey::of(slug)).await? {
            Some(author) if !authors.contains(&author) => authors.push(author),
            Some(_) => {}
            None => faults.add("input.authors", format!("There is no author `{}`.", shown(slug))),
        }
    }
    content.authors = authors;
    Ok(())
}

/// The lead image, and the pictures of our library that the text shows: their addresses and sizes come from there.
async fn pictures(
    content: &mut Content,
    tx: &Tx,
    occasion: &Occasion,
    input: &ArticleInput,
    faults: &mut Faults,
) -> Result<(), StoreError> {
    match input.lead_image {
        Patch::Keep => {}
        Patch::Clear => content.lead_image = None,
        Patch::Set(image) => {
            // The library is for those who may upload; others may show again what readers see already.
            let may_choose = may(&occasion.viewer, Action::Use(Permission::UploadImages)).is_ok()
                || content.lead_image == Some(image)
                || tx.image_is_public(image).await?;
            if may_choose && tx.image(image).await?.is_some() {
                content.lead_image = Some(image);
            } else {
                faults.add("input.leadImageId", "There is no such picture.");
            }
        }
    }
    if input.body.is_none() {
        return Ok(());
    }
    let mut library = HashMap::new();
    for reference in content.body.image_references() {
        let image = match &reference {
            ImageReference::Id(id)
                if may(&occasion.viewer, Action::Use(Permission::UploadImages)).is_err()
                    && !tx.image_is_public(*id).await? =>
            {
                None
            }
            ImageReference::Id(id) => tx.image(*id).await?,
            ImageReference::Stored(name) => tx.image_stored_as(name).await?,
        };
        if let Some(image) = image {
            library.insert(reference, image);
        }
    }
    // A picture that only looks like one of ours stays as it is; one that is named by its id must be there.
    let missing = content.body.tie_images(&library);
    if missing.iter().any(|reference| matches!(reference, ImageReference::Id(_))) {
        faults.add("input.body", "A picture that the text shows is not in the library.");
    }
    Ok(())
}

async fn tags(
    tx: &Tx,
    occasion: &Occasion,
    locale: &LanguageTag,
    names: Vec<(Slug, String)>,
) -> Result<Vec<TagId>, StoreError> {
    // In the order of their slugs, so that two who make the same ones at once never wait for each other.
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_cached_key(|place| names[*place].0.key().as_str().to_owned());
    let mut found: Vec<(usize, TagId)> = Vec::with_capacity(names.len());
    for place in order {
        let (slug, name) = &names[place];
        let texts = Localized::from_iter([(locale.clone(), name.clone())]);
        let (tag, made) = tx.tag_find_or_create(slug, &texts).await?;
        if made {
            tx.append(Event::TagChanged { tag }, occasion.now);
        }
        found.push((place, tag));
    }
    found.sort_unstable_by_key(|(place, _)| *place);
    let mut tags = Vec::with_capacity(found.len());
    for (_, tag) in found {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    Ok(tags)
}

/// As much of a text as a sentence about it may repeat.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}
