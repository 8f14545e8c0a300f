//! An article's life as clients see it: its states, and what can be done from each.

use async_graphql::Enum;
use masthead_domain::article::Status;
use masthead_domain::article::lifecycle::Transition;
use masthead_domain::viewer::policy::ArticleAct;

/// Where an article stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "masthead_domain::article::Status")]
pub(crate) enum ArticleStatus {
    /// Being written.
    Draft,
    /// Waiting for an editor.
    InReview,
    /// Goes live at a set time.
    Scheduled,
    /// Readers see its published revision, once no embargo hides it.
    Published,
    /// Was public, or was put aside; no reader sees it.
    Archived,
}

/// Something that can be done to an article at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ArticleAction {
    /// `updateArticle` and `restoreRevision`.
    Update,
    /// `submitArticle`.
    Submit,
    /// `returnArticle`.
    Return,
    /// `scheduleArticle`.
    Schedule,
    /// `unscheduleArticle`.
    Unschedule,
    /// `publishArticle`.
    Publish,
    /// `correctArticle`.
    Correct,
    /// `archiveArticle`.
    Archive,
    /// `reopenArticle`.
    Reopen,
    /// `setPinnedRelated`.
    PinRelated,
    /// `deleteArticle`.
    Delete,
}

impl ArticleAction {
    /// What can be done from a state, of what is allowed.
    pub(super) fn possible(status: Status, allowed: impl Fn(ArticleAct) -> bool) -> Vec<Self> {
        const ALL: [(ArticleAction, ArticleAct); 11] = [
            (ArticleAction::Update, ArticleAct::Edit),
            (ArticleAction::Submit, ArticleAct::Move(Transition::Submit)),
            (ArticleAction::Return, ArticleAct::Move(Transition::Return)),
            (ArticleAction::Schedule, ArticleAct::Move(Transition::Schedule)),
            (ArticleAction::Unschedule, ArticleAct::Move(Transition::Unschedule)),
            (ArticleAction::Publish, ArticleAct::Move(Transition::Publish)),
            (ArticleAction::Correct, ArticleAct::Correct),
            (ArticleAction::Archive, ArticleAct::Move(Transition::Archive)),
            (ArticleAction::Reopen, ArticleAct::Move(Transition::Reopen)),
            (ArticleAction::PinRelated, ArticleAct::Pin),
            (ArticleAction::Delete, ArticleAct::Delete),
        ];
        let fits = |act: ArticleAct| match act {
            ArticleAct::Move(transition) => status.after(transition).is_some(),
            ArticleAct::Correct => status == Status::Published,
            ArticleAct::See | ArticleAct::Edit | ArticleAct::Pin | ArticleAct::Delete => true,
        };
        ALL.into_iter().filter(|(_, act)| fits(*act) && allowed(*act)).map(|(action, _)| action).collect()
    }
}
