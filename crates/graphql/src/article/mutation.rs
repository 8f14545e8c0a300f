//! What is done to articles at the desk. What is refused comes back in the payload; only a fault of ours is an error.

use async_graphql::{Context, ID, Object};
use masthead_actions::article::correct::correct;
use masthead_actions::article::create::create;
use masthead_actions::article::remove::remove;
use masthead_actions::article::restore::restore;
use masthead_actions::article::step::{Step, permission, step};
use masthead_actions::article::update::update;
use masthead_actions::refused::{DeskError, Refused};
use masthead_domain::article::ArticleId;
use masthead_domain::article::lifecycle::Transition;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};

use super::input::{CreateArticleInput, UpdateArticleInput};
use super::meta::CorrectionKind;
use super::payload::{
    ArchiveArticleErrorCode, ArticlePayload, CorrectArticleErrorCode, CreateArticleErrorCode,
    DeleteArticlePayload, PublishArticleErrorCode, ReopenArticleErrorCode, RestoreRevisionErrorCode,
    ReturnArticleErrorCode, ScheduleArticleErrorCode, SubmitArticleErrorCode, UnscheduleArticleErrorCode,
    UpdateArticleErrorCode,
};
use crate::context::Visit;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::refusal::{ErrorCode, key, outcome};
use crate::scalar::DateTime;

/// The mutations on articles.
#[derive(Default)]
pub(crate) struct ArticleMutation;

type Answer<C> = Option<Result<ArticlePayload<C>, Failure>>;

#[Object]
impl ArticleMutation {
    /// Begins an article: a draft, seen by its writer and by the editors of its sections. Needs WRITE_ARTICLES.
    async fn create_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it begins with.")] input: CreateArticleInput,
    ) -> Answer<CreateArticleErrorCode> {
        let visit = Visit::of(ctx);
        let mut warnings = Vec::new();
        let created = async {
            allowed(visit, Permission::WriteArticles)?;
            let (input, lost) = input.read(visit.settings().public_url.as_str()).await?;
            warnings = lost;
            create(&visit.settings().store, &visit.occasion(), input).await
        };
        let created: Result<ArticleId, DeskError> = created.await;
        let id = created.as_ref().ok().copied();
        Some(ArticlePayload::of(visit, id, created).await.map(|payload| payload.warning(warnings)))
    }

    /// Changes an article's head. Readers see nothing of it until it is published, but for an embargo, which holds at once.
    /// What changes nothing makes no new version. Needs WRITE_ARTICLES for one's own article, as long as no editor has approved of it; EDIT_ARTICLES for
    /// others'.
    async fn update_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The article's id.")] id: ID,
        #[graphql(desc = "The version that was seen, as `desk.version` tells it; another one is STALE.")]
        version: i32,
        #[graphql(desc = "What to change.")] input: UpdateArticleInput,
    ) -> Answer<UpdateArticleErrorCode> {
        let visit = Visit::of(ctx);
        let target = target(visit, Permission::WriteArticles, &id);
        let mut warnings = Vec::new();
        let done = async {
            let id = target.clone()?;
            let (input, lost) = input.read(visit.settings().public_url.as_str()).await?;
            warnings = lost;
            update(&visit.settings().store, &visit.occasion(), id, version, input).await
        };
        let done = done.await;
        let payload = ArticlePayload::of(visit, target.ok(), done).await;
        Some(payload.map(|payload| payload.warning(warnings)))
    }

    /// Hands a draft to the editors. Needs WRITE_ARTICLES for one's own article, EDIT_ARTICLES for others'.
    async fn submit_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The article's id.")] id: ID,
        #[graphql(
            desc = "The version that was seen; another one is STALE. Absent or `null`: whatever it is."
        )]
        version: Option<i32>,
    ) -> Answer<SubmitArticleErrorCode> {
        Some(take(ctx, &id, Transition::Submit, Step { version, ..Step::default() }).await)
    }

    /// Hands an article in review back to its writer, as a draft. Needs EDIT_ARTICLES.
    async fn return_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The article's id.")] id: ID,
        #[graphql(
            desc = "What the writer should know, at most 500 characters: kept in the history, and sent to them."
        )]
        note: Option<String>,
    ) -> Answer<ReturnArticleErrorCode> {
        Some(take(ctx, &id, Transition::Return, Step { reason: note, ..Step::default() }).await)
    }

    /// Sets the moment at which an article's head goes live; of one that is scheduled already, another moment. Needs
    /// PUBLISH_ARTICLES.
    async fn schedule_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The article's id.")] id: ID,
        #[graphql(
            desc = "The version that was seen; another one is STALE. Absent or `null`: whatever it is."
        )]
        version: Option<i32>,
        #[graphql(desc = "When, in the future.")] at: DateTime,
    ) -> Answer<ScheduleArticleErrorCode> {
        let with = Step { version, at: Some(at.0), ..Step::default() };
        Some(take(ctx, &id, Transition::Schedule, with).await)
    }

    /// Takes a scheduled article off the schedule; it is a draft again. Needs PUBLISH_ARTICLES.
    async fn unschedule_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The article's id.")] id: ID,
    ) -> Answer<UnscheduleArticleErrorCode> {
        Some(take(ctx, &id, Transition::Unschedule, Step::default()).await)
    }

    /// Makes an article's head what readers see, from now on, or from the end of its embargo; of one that is published,
    /// shows what was changed since. Needs PUBLISH_ARTICLES.
    async fn publish_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The article's id.")] id: ID,
        #[graphql(
            desc = "The version that was seen, so that no unseen text is published; another one is STALE. Absent or \
                    `null`: whatever it is."
        )]
        version: Option<i32>,
    ) -> Answer<PublishArticleErrorCode> {
        Some(take(ctx, &id, Transition::Publish, Step { version, ..Step::default() }).await)
    }

    /// Takes an article away from readers, or puts one aside that was never published. Its address answers as if it had
    /// never been there. Needs PUBLISH_ARTICLES.
    async fn archive_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The article's id.")] id: ID,
        #[graphql(desc = "Why, for the history, at most 500 characters.")] reason: Option<String>,
    ) -> Answer<ArchiveArticleErrorCode> {
        Some(take(ctx, &id, Transition::Archive, Step { reason, ..Step::default() }).await)
    }

    /// Makes an archived article a draft again. Needs PUBLISH_ARTICLES.
    async fn reopen_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The article's id.")] id: ID,
    ) -> Answer<ReopenArticleErrorCode> {
        Some(take(ctx, &id, Transition::Reopen, Step::default()).await)
    }

    /// Deletes an article for good, for what the law or safety demands: text, revisions and comments. The addresses that
    /// readers knew answer "gone"; who did it and why stays in the audit log. Needs DELETE_ARTICLES.
    async fn delete_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The article's id.")] id: ID,
        #[graphql(
            desc = "Why, 1 to 500 characters, for the audit log: write nothing there that is to be forgotten."
        )]
        reason: String,
    ) -> Option<Result<DeleteArticlePayload, Failure>> {
        let visit = Visit::of(ctx);
        let done = async {
            let id = target(visit, Permission::DeleteArticles, &id)?;
            remove(&visit.settings().store, &visit.occasion(), id, &reason).await
        };
        let payload = |done: Result<(), _>| match done {
            Ok(()) => DeleteArticlePayload { deleted_id: Some(id.clone()), errors: Vec::new() },
            Err(errors) => DeleteArticlePayload { deleted_id: None, errors },
        };
        Some(outcome(done.await).map(payload))
    }

    /// Changes a published article in public: at once, and with a dated note that readers see. With `input: {}` only the
    /// note is new, besides what was changed at the desk before. A retracted article stays reachable below its note.
    /// Needs PUBLISH_ARTICLES.
    async fn correct_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The article's id.")] id: ID,
        #[graphql(desc = "The version that was seen; another one is STALE.")] version: i32,
        #[graphql(desc = "What kind of change.")] kind: CorrectionKind,
        #[graphql(
            desc = "What readers are told, plain text, 1 to 2,000 characters, in the article's language."
        )]
        note: String,
        #[graphql(desc = "What to change.")] input: UpdateArticleInput,
    ) -> Answer<CorrectArticleErrorCode> {
        let visit = Visit::of(ctx);
        let target = target(visit, Permission::PublishArticles, &id);
        let mut warnings = Vec::new();
        let done = async {
            let id = target.clone()?;
            let (input, lost) = input.read(visit.settings().public_url.as_str()).await?;
            warnings = lost;
            let store = &visit.settings().store;
            correct(store, &visit.occasion(), id, version, kind.into(), &note, input).await
        };
        let done = done.await;
        let payload = ArticlePayload::of(visit, target.ok(), done).await;
        Some(payload.map(|payload| payload.warning(warnings)))
    }

    /// Makes what an old revision held the head again, as a new revision. Readers see nothing of it until it is
    /// published. Needs WRITE_ARTICLES for one's own article, EDIT_ARTICLES for others'.
    async fn restore_revision(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The article's id.")] id: ID,
        #[graphql(
            desc = "The version that was seen; another one is STALE. Absent or `null`: whatever it is."
        )]
        version: Option<i32>,
        #[graphql(desc = "The number of the revision to restore.")] revision: i32,
    ) -> Answer<RestoreRevisionErrorCode> {
        let visit = Visit::of(ctx);
        let target = target(visit, Permission::WriteArticles, &id);
        let done = async {
            restore(&visit.settings().store, &visit.occasion(), target.clone()?, version, revision).await
        };
        Some(ArticlePayload::of(visit, target.clone().ok(), done.await).await)
    }
}

async fn take<C: ErrorCode>(
    ctx: &Context<'_>,
    id: &ID,
    transition: Transition,
    with: Step,
) -> Result<ArticlePayload<C>, Failure> {
    let visit = Visit::of(ctx);
    let target = target(visit, permission(transition), id);
    let done =
        async { step(&visit.settings().store, &visit.occasion(), target.clone()?, transition, with).await };
    let done = done.await;
    ArticlePayload::of(visit, target.ok(), done).await
}

fn allowed(visit: &Visit, permission: Permission) -> Result<(), Refused> {
    Ok(may(visit.viewer(), Action::Use(permission))?)
}

/// The article that an id names, asked for after the permission, so that who lacks it learns nothing of ids.
fn target(visit: &Visit, permission: Permission, id: &ID) -> Result<ArticleId, Refused> {
    allowed(visit, permission)?;
    key(id, "id", |id| match id {
        GlobalId::Article(article) => Some(article),
        _ => None,
    })
}
