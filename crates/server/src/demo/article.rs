//! Articles of the demo: front matter and HTML into a description, with the threads that lie beside them.

use chrono::TimeDelta;
use masthead_actions::newsroom::described::{Article, Correction, Standing};
use masthead_domain::article::{Body, Rights, Seo, Status};
use masthead_domain::text::{Slug, SlugKey};
use masthead_persistence::media::NewImage;

use super::content::{ContentError, Fault, Source, text};
use super::front_matter::{FrontMatter, split};
use super::picture::Pictures;
use super::thread;

/// How long ago a draft was touched where its file does not say.
const LATELY: i64 = 1;

/// Reads every article, the oldest first, so that keys go up with time.
pub(super) fn read_all(source: &impl Source, pictures: &mut Pictures) -> Result<Vec<Article>, ContentError> {
    let paths = source.paths();
    let mut articles = Vec::new();
    for path in &paths {
        if let Some(key) = path.strip_prefix("articles/").and_then(|file| file.strip_suffix(".html")) {
            articles.push(read(source, path, key, pictures)?);
        }
    }
    for path in &paths {
        let key = path.strip_prefix("comments/").and_then(|file| file.strip_suffix(".toml"));
        if let Some(key) = key.filter(|key| articles.iter().all(|article| article.key != *key)) {
            return Err(Fault::value("article", key, "is not there").of(path));
        }
    }
    articles.sort_by_key(|article| std::cmp::Reverse(article.changed_ago));
    Ok(articles)
}

fn read(
    source: &impl Source,
    file: &str,
    key: &str,
    pictures: &mut Pictures,
) -> Result<Article, ContentError> {
    let text_of_file = text(source, file)?;
    let (front, html) = split(file, &text_of_file)?;
    let threads_file = format!("comments/{key}.toml");
    let threads = match source.bytes(&threads_file) {
        Some(_) => thread::read(&threads_file, &text(source, &threads_file)?)?,
        None => Vec::new(),
    };
    let Some((story, language)) = key.rsplit_once('.') else {
        return Err(Fault::value("the file's name", key, "is not STORY.LANGUAGE").of(file));
    };
    if language != front.locale.as_str() {
        return Err(
            Fault::value("locale", front.locale.as_str(), "is not the one in the file's name").of(file)
        );
    }
    let body = body(file, html, pictures)?;
    let lead_image = lead_image(file, key, &front, pictures)?;
    let standing = standing(file, &front)?;
    let slug = match &front.slug {
        Some(slug) => imported(file, slug)?,
        None => Slug::make(&front.title)
            .ok_or_else(|| Fault::value("title", &front.title, "makes no slug").of(file))?,
    };
    let former_slugs = front.former_slugs.iter().map(|slug| Ok(imported(file, slug)?.key()));
    let former_slugs = former_slugs.collect::<Result<_, ContentError>>()?;
    let hours = front.modified_hours_ago.or(front.hours_ago.filter(|hours| *hours > 0)).unwrap_or(LATELY);
    Ok(Article {
        key: key.to_owned(),
        story: story.to_owned(),
        kind: front.kind,
        locale: front.locale,
        slug,
        title: front.title,
        subtitle: front.subtitle,
        excerpt: front.excerpt,
        body,
        lead_image,
        section: front.section.as_deref().map(SlugKey::of),
        other_sections: keys(&front.other_sections),
        tags: keys(&front.tags),
        authors: keys(&front.authors),
        standing,
        changed_ago: TimeDelta::hours(hours),
        breaking: front.breaking,
        comment_policy: front.comment_policy,
        rights: Rights {
            licence: front.rights_licence,
            notice: front.rights_notice,
            syndicatable: front.rights_syndicatable,
        },
        seo: Seo { title: front.seo_title, description: front.seo_description },
        corrections: front
            .corrections
            .into_iter()
            .map(|entry| Correction {
                ago: TimeDelta::hours(entry.hours_ago),
                kind: entry.kind,
                note: entry.note,
            })
            .collect(),
        former_slugs,
        pins: front.pins,
        threads,
    })
}

/// The blocks of the text. Our own HTML is all of a kind that blocks hold, and its pictures are here.
fn body(file: &str, html: &str, pictures: &mut Pictures) -> Result<Body, ContentError> {
    let (mut body, losses) = Body::from_html(html);
    if let Some(loss) = losses.first() {
        return Err(Fault::value("the text", &loss.what, "would be lost").of(file));
    }
    let mut missing = None;
    body.for_each_image(&mut |image| {
        let found = Pictures::named_by(&image.src).and_then(|name| pictures.name(name));
        if found.is_none() && missing.is_none() {
            missing = Some(image.src.clone());
        }
    });
    match missing {
        Some(src) => Err(Fault::value("the picture", &src, "is not there").of(file)),
        None => Ok(body),
    }
}

fn lead_image(
    file: &str,
    key: &str,
    front: &FrontMatter,
    pictures: &mut Pictures,
) -> Result<Option<NewImage>, ContentError> {
    let Some(name) = &front.image else { return Ok(None) };
    let image =
        pictures.lead(name, key).ok_or_else(|| Fault::value("image", name, "is not there").of(file))?;
    Ok(Some(NewImage {
        alt: front.image_alt.clone().unwrap_or_default(),
        caption: front.image_caption.clone(),
        credit: front.image_credit.clone(),
        ..image
    }))
}

fn standing(file: &str, front: &FrontMatter) -> Result<Standing, ContentError> {
    let wrong = |why| Fault::value("hours_ago", &front.hours_ago.unwrap_or(0).to_string(), why).of(file);
    Ok(match (front.status, front.hours_ago) {
        (Status::Draft, _) => Standing::Draft,
        (Status::InReview, _) => Standing::InReview,
        (Status::Archived, _) => Standing::Archived,
        (Status::Scheduled, Some(hours)) if hours < 0 => {
            Standing::Scheduled { ahead: TimeDelta::hours(-hours) }
        }
        (Status::Scheduled, _) => return Err(wrong("must be below zero for what is still to come")),
        (Status::Published, Some(hours)) if hours > 0 => Standing::Published { ago: TimeDelta::hours(hours) },
        (Status::Published, _) => return Err(wrong("must be above zero for what is published")),
    })
}

fn imported(file: &str, slug: &str) -> Result<Slug, ContentError> {
    Slug::import(slug).ok_or_else(|| Fault::value("slug", slug, "is none").of(file))
}

fn keys(slugs: &[String]) -> Vec<SlugKey> {
    slugs.iter().map(|slug| SlugKey::of(slug)).collect()
}
