//! Changing an article's head. Readers see nothing of it until it is published. An embargo is the article's and no part of
//! its text: one that is set hides the article at once.

use chrono::{DateTime, Utc};
use masthead_domain::article::desk::missing;
use masthead_domain::article::lifecycle::Transition;
use masthead_domain::article::revision::Change;
use masthead_domain::article::{ArticleId, Content, Status};
use masthead_domain::audit::{Act, Subject};
use masthead_domain::event::Event;
use masthead_domain::text::LanguageTag;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, ArticleAct, ArticleFacts, may};
use masthead_persistence::Store;
use masthead_persistence::article::{Next, Visibility};

use super::input::{ArticleInput, Patch};
use super::resolve::{translation_group, write_into};
use super::{Open, open, require};
use crate::Occasion;
use crate::refused::{DeskError, Faults, Refused};

/// Changes the head of the version that the caller has seen. What changes nothing makes no revision. Returns the
/// article's version.
pub async fn update(
    store: &Store,
    occasion: &Occasion,
    id: ArticleId,
    version: i32,
    input: ArticleInput,
) -> Result<i32, DeskError> {
    let article = open(store, &occasion.viewer, Permission::WriteArticles, ArticleAct::Edit, id).await?;
    article.require_version(Some(version))?;
    let edited = edit(&article, occasion, &input).await?;
    let Open { tx, member, facts, mut before } = article;
    // It decides what readers see, whoever wrote the article.
    if before.status == Status::Published && edited.embargo_until != before.embargo_until {
        may(&occasion.viewer, Action::Article(ArticleAct::Move(Transition::Publish), &facts))?;
    }
    let hides = before.live && edited.embargo_until.is_some_and(|until| until > occasion.now);
    // Slugs, lists and the direction of a text that has no other are those of the language that it has from now on.
    let speaks_anew = before.locale != edited.locale;
    before.locale = edited.locale;
    require_still_publishable(before.status, &edited.content)?;
    if edited.content == before.head && edited.embargo_until == before.embargo_until && !edited.moved {
        return Ok(before.version);
    }
    let next = Next {
        change: Change::Edited,
        status: before.status,
        content: (speaks_anew || edited.content != before.head).then_some(&edited.content),
        scheduled_for: before.scheduled_for,
        embargo_until: edited.embargo_until,
        visibility: if hides { Visibility::Embargoed } else { Visibility::Unchanged },
        editor: Some(member.user),
        reason: edited.reason.as_deref(),
    };
    let version = tx.article_revise(&before, &next, occasion.now).await?;
    tx.append(Event::ArticleChanged { article: id }, occasion.now);
    tx.audit_append(member, Act::ArticleUpdated, Subject::Article(id), None, occasion.now).await?;
    tx.commit().await?;
    Ok(version)
}

/// A head that waits for its time goes live as it is then: it keeps what it needed to be scheduled.
pub(super) fn require_still_publishable(status: Status, content: &Content) -> Result<(), Refused> {
    if status == Status::Scheduled {
        require(missing(content, Transition::Schedule))?;
    }
    Ok(())
}

/// What an input makes of an article's head.
pub(super) struct Edited {
    pub(super) content: Content,
    pub(super) embargo_until: Option<DateTime<Utc>>,
    pub(super) reason: Option<String>,
    /// Its language, perhaps another than before.
    pub(super) locale: LanguageTag,
    /// Its language or its group of translations was changed already.
    pub(super) moved: bool,
}

/// Writes an input into a copy of the head, and the language and translations, which are no part of it, into the row.
pub(super) async fn edit(
    article: &Open<'_>,
    occasion: &Occasion,
    input: &ArticleInput,
) -> Result<Edited, DeskError> {
    let Open { tx, member, facts, before } = article;
    let mut faults = Faults::default();
    let mut checked = input.check(&mut faults);
    let reason = checked.reason.take();
    let mut locale = before.locale.clone();
    let mut moved = false;
    if let Some(asked) = &input.locale {
        let site = tx.site().await?;
        let asked = site.resolve(asked);
        if asked != locale {
            if !site.locales.contains(&asked) {
                faults.add("input.locale", "The site does not publish in this language.");
            } else if before.published_content.is_some() {
                faults.add(
                    "input.locale",
                    "An article keeps its language once it was published: translate it instead.",
                );
            } else if tx.article_change_locale(before, &asked).await? {
                locale = asked;
                moved = true;
            } else {
                faults.add("input.locale", "This article has a translation into that language already.");
            }
        }
    }
    if input.kind.is_some_and(|kind| kind != before.kind) {
        faults.add("input.kind", "An article stays an article, and a page a page.");
    }
    let mut content = before.head.clone();
    write_into(&mut content, tx, occasion, &locale, input, checked, &mut faults).await?;
    let group = match input.translation_of {
        Patch::Keep => None,
        Patch::Set(_) => translation_group(tx, &occasion.viewer, member, input, &mut faults).await?,
        Patch::Clear => Some(tx.translation_group_create().await?),
    };
    if let Some(group) = group.filter(|group| *group != before.translations) {
        if tx.article_join_group(before.id, &locale, group).await? {
            moved = true;
        } else {
            faults.add("input.translationOf", "That article has a translation into this language already.");
        }
    }
    faults.check()?;
    require_still_theirs(occasion, facts, &content)?;
    let embargo_until = match &input.embargo_until {
        Patch::Keep => before.embargo_until,
        Patch::Clear => None,
        Patch::Set(until) => Some(*until),
    };
    Ok(Edited { content, embargo_until, reason, locale, moved })
}

/// Whoever may edit in some sections only cannot move an article out of all of them.
fn require_still_theirs(occasion: &Occasion, facts: &ArticleFacts, content: &Content) -> Result<(), Refused> {
    let after = ArticleFacts {
        sections: content.section.into_iter().chain(content.other_sections.iter().copied()).collect(),
        ..facts.clone()
    };
    Ok(may(&occasion.viewer, Action::Article(ArticleAct::Edit, &after))?)
}
