//! Beginning an article: a draft of whoever writes it.

use masthead_domain::article::{ArticleId, Kind, Status};
use masthead_domain::audit::{Act, Subject};
use masthead_domain::viewer::Permission;
use masthead_persistence::Store;
use masthead_persistence::article::NewArticle;

use super::input::{ArticleInput, Patch, empty_content};
use super::member;
use super::resolve::{made_slug, translation_group, write_into};
use crate::Occasion;
use crate::refused::{DeskError, Faults};

/// Stores a draft. Without a language it is in the site's; without authors the writer's byline stands above it.
pub async fn create(store: &Store, occasion: &Occasion, input: ArticleInput) -> Result<ArticleId, DeskError> {
    let member = member(&occasion.viewer, Permission::WriteArticles)?;
    let mut faults = Faults::default();
    let mut checked = input.check(&mut faults);
    if matches!(checked.slug, Patch::Keep) {
        checked.slug = Patch::Clear;
    }
    let tx = store.begin().await?;
    let site = tx.site().await?;
    let locale = match &input.locale {
        Some(asked) => site.resolve(asked),
        None => site.default_locale.clone(),
    };
    if !site.locales.contains(&locale) {
        faults.add("input.locale", "The site does not publish in this language.");
    }
    let reason = checked.reason.take();
    let mut content = empty_content(made_slug(""));
    content.authors.extend(member.author);
    write_into(&mut content, &tx, occasion, &locale, &input, checked, &mut faults).await?;
    let translations = translation_group(&tx, &occasion.viewer, member, &input, &mut faults).await?;
    if let Some(group) = translations
        && !tx.group_lacks(group, &locale).await?
    {
        faults.add("input.translationOf", "That article has a translation into this language already.");
    }
    faults.check()?;
    let stored = tx
        .article_create(
            &NewArticle {
                kind: input.kind.unwrap_or(Kind::Article),
                locale,
                content,
                status: Status::Draft,
                translations,
                published_at: None,
                modified_at: occasion.now,
                scheduled_for: None,
                embargo_until: match input.embargo_until {
                    Patch::Set(until) => Some(until),
                    Patch::Keep | Patch::Clear => None,
                },
                sticky: false,
                editor: Some(member.user),
                reason,
            },
            occasion.now,
        )
        .await?;
    tx.audit_append(member, Act::ArticleCreated, Subject::Article(stored.id), None, occasion.now).await?;
    tx.commit().await?;
    Ok(stored.id)
}
