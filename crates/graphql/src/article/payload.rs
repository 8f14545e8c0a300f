//! What the mutations on articles answer: the article as it is afterwards, or why not, with a code of each mutation's own.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::{Enum, ID, OutputType, SimpleObject, TypeName};
use masthead_actions::refused::{DeskError, Refused};
use masthead_domain::article::ArticleId;

use super::{Article, ArticleById};
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::refusal::{ErrorCode, Errors, codes, errors};

/// What became of the article.
#[derive(SimpleObject)]
#[graphql(name_type)]
pub(crate) struct ArticlePayload<C: OutputType> {
    /// The article after the change; after STALE, as it is now. `null` where it was refused for another reason.
    article: Option<Article>,
    /// What of a text that was handed in could not be kept, a sentence for each kind of loss, in English. Empty where all
    /// of it was, and where none was handed in.
    warnings: Vec<String>,
    /// Why it was refused. Empty where it was done.
    errors: Errors<C>,
}

impl<C: OutputType> TypeName for ArticlePayload<C> {
    fn type_name() -> Cow<'static, str> {
        let code = C::type_name();
        format!("{}Payload", code.strip_suffix("ErrorCode").unwrap_or(&code)).into()
    }
}

/// What became of an article that was to be deleted.
#[derive(SimpleObject)]
pub(crate) struct DeleteArticlePayload {
    /// The id that the article had. `null` where it was refused.
    pub(super) deleted_id: Option<ID>,
    /// Why it was refused. Empty where it was done.
    pub(super) errors: Errors<DeleteArticleErrorCode>,
}

impl<C: ErrorCode> ArticlePayload<C> {
    /// The payload of what was tried on `id`, read anew.
    pub(super) async fn of<T>(
        visit: &Visit,
        id: Option<ArticleId>,
        done: Result<T, DeskError>,
    ) -> Result<Self, Failure> {
        let refused = match done {
            Ok(_) => None,
            Err(DeskError::Refused(refused)) => Some(refused),
            Err(DeskError::Fault(fault)) => return Err(fault.into()),
        };
        let shown = matches!(refused, None | Some(Refused::Stale { .. }));
        let article = match id.filter(|_| shown) {
            Some(id) => article(visit, id).await?,
            None => None,
        };
        Ok(Self { article, warnings: Vec::new(), errors: refused.map(errors).unwrap_or_default() })
    }

    /// The same, telling what of a text could not be kept.
    pub(super) fn warning(self, warnings: Vec<String>) -> Self {
        Self { warnings, ..self }
    }
}

async fn article(visit: &Visit, id: ArticleId) -> Result<Option<Article>, Failure> {
    let edition: Arc<Edition> = Edition::after_writing(visit).await?;
    let card = edition.session.loader().load_one(ArticleById(id)).await?;
    Ok(card.map(|card| Article::of_card(card, edition)))
}

/// Why an article was not begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum CreateArticleErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// Never answered: what an input names and is not there is INVALID, with the field.
    NotFound,
    /// A field cannot be taken as it is; `field` says which.
    Invalid,
}
codes!(CreateArticleErrorCode);

/// Why an article was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum UpdateArticleErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// There is no such article, or none that you may see.
    NotFound,
    /// A field cannot be taken as it is; `field` says which.
    Invalid,
    /// Someone has changed it since; `article` is the current one.
    Stale,
}
codes!(UpdateArticleErrorCode, Stale);

/// Why an article was not submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum SubmitArticleErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// There is no such article, or none that you may see.
    NotFound,
    /// It lacks a headline; `field` says so.
    Invalid,
    /// Someone has changed it since; `article` is the current one.
    Stale,
    /// It is no draft.
    WrongStatus,
}
codes!(SubmitArticleErrorCode, Stale, WrongStatus);

/// Why an article was not returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ReturnArticleErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// There is no such article, or none that you may see.
    NotFound,
    /// The note is too long, or holds what cannot be stored.
    Invalid,
    /// It is not in review.
    WrongStatus,
}
codes!(ReturnArticleErrorCode, WrongStatus);

/// Why an article was not scheduled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ScheduleArticleErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// There is no such article, or none that you may see.
    NotFound,
    /// The moment has passed, or the article lacks a headline or a text; `field` says which.
    Invalid,
    /// Someone has changed it since; `article` is the current one.
    Stale,
    /// It is published or archived.
    WrongStatus,
}
codes!(ScheduleArticleErrorCode, Stale, WrongStatus);

/// Why an article was not taken off the schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum UnscheduleArticleErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// There is no such article, or none that you may see.
    NotFound,
    /// The id is none that this site gave out.
    Invalid,
    /// It is not scheduled.
    WrongStatus,
}
codes!(UnscheduleArticleErrorCode, WrongStatus);

/// Why an article was not published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum PublishArticleErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// There is no such article, or none that you may see.
    NotFound,
    /// It lacks a headline or a text; `field` says which.
    Invalid,
    /// Someone has changed it since; `article` is the current one.
    Stale,
    /// It is archived: reopen it first.
    WrongStatus,
}
codes!(PublishArticleErrorCode, Stale, WrongStatus);

/// Why an article was not archived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ArchiveArticleErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// There is no such article, or none that you may see.
    NotFound,
    /// The reason is too long, or holds what cannot be stored.
    Invalid,
    /// It is archived already, or scheduled: unschedule it first.
    WrongStatus,
}
codes!(ArchiveArticleErrorCode, WrongStatus);

/// Why an article was not reopened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ReopenArticleErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// There is no such article, or none that you may see.
    NotFound,
    /// The id is none that this site gave out.
    Invalid,
    /// It is not archived.
    WrongStatus,
}
codes!(ReopenArticleErrorCode, WrongStatus);

/// Why an article was not deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum DeleteArticleErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// There is no such article.
    NotFound,
    /// The reason is missing or too long; `field` says so.
    Invalid,
}
codes!(DeleteArticleErrorCode);

/// Why an article was not corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum CorrectArticleErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// There is no such article, or none that you may see.
    NotFound,
    /// The note or a field cannot be taken as it is; `field` says which.
    Invalid,
    /// Someone has changed it since; `article` is the current one.
    Stale,
    /// It is not published.
    WrongStatus,
}
codes!(CorrectArticleErrorCode, Stale, WrongStatus);

/// Why a revision was not restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum RestoreRevisionErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// There is no such article, or none that you may see.
    NotFound,
    /// The article has no such revision.
    Invalid,
    /// Someone has changed it since; `article` is the current one.
    Stale,
}
codes!(RestoreRevisionErrorCode, Stale);
