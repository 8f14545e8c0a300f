//! The only policy: who may see and do what.
//!
//! [`may`] is asked twice where an action has a target: for the permission alone, before anything is read, so that a
//! person without it learns nothing of what is there; and with the target's facts.

use super::{Member, Permission, Scope, Viewer};
use crate::article::Status;
use crate::article::lifecycle::Transition;
use crate::author::AuthorId;
use crate::section::SectionId;
use crate::user::Role;

/// Something that a viewer wants to see or do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action<'a> {
    /// See the public side of an article of this status.
    SeeArticle(Status),
    /// See a comment of this status.
    SeeComment(crate::comment::Status),
    /// Use a permission, whatever the target.
    Use(Permission),
    /// Do something at the desk to one article.
    Article(ArticleAct, &'a ArticleFacts),
    /// Change a section, or make one below it.
    ChangeSection(SectionId),
    /// Make a section at the top of the tree.
    CreateTopSection,
    /// Change an author's profile.
    ChangeAuthor(AuthorId),
    /// Decide on a comment below an article in these sections.
    Moderate(&'a [SectionId]),
}

/// What can be done to an article at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArticleAct {
    /// See its head, its revisions, and that it is there at all before it is public.
    See,
    /// Change its head, or restore an old revision of it.
    Edit,
    /// Take it through its life.
    Move(Transition),
    /// Change it in public, with a note.
    Correct,
    /// Choose what is related to it.
    Pin,
    /// Delete it for good.
    Delete,
}

/// What the policy must know of an article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArticleFacts {
    /// Where it stands; `None` before it is made.
    pub status: Option<Status>,
    /// Whether readers saw it at any time.
    pub was_public: bool,
    /// Whether the viewer began it, or is among its authors.
    pub mine: bool,
    /// The sections of its head.
    pub sections: Vec<SectionId>,
}

/// The viewer may not. Says no more on purpose: what is hidden looks like what is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody is signed in.
    #[error("Sign in first.")]
    Unauthenticated,
    /// The person who is signed in may not.
    #[error("You may not do this.")]
    Forbidden,
}

/// Whether `viewer` may.
pub fn may(viewer: &Viewer, action: Action<'_>) -> Result<(), Denied> {
    match (action, viewer) {
        (Action::SeeArticle(status), _) if status.is_public() => Ok(()),
        (Action::SeeComment(status), _) if status.is_public() => Ok(()),
        (_, Viewer::Guest) => Err(Denied::Unauthenticated),
        (_, Viewer::Member(member)) if member_may(member, action) => Ok(()),
        _ => Err(Denied::Forbidden),
    }
}

/// The permissions that a viewer has, somewhere.
pub fn permissions(viewer: &Viewer) -> Vec<Permission> {
    let of = |member: &Member| Permission::ALL.into_iter().filter(|p| p.is_of(member)).collect();
    viewer.member().map(of).unwrap_or_default()
}

fn member_may(member: &Member, action: Action<'_>) -> bool {
    match action {
        // The public side of what is not public is seen by way of the desk, with the article's facts.
        Action::SeeArticle(_) => false,
        Action::SeeComment(_) => Permission::ModerateComments.is_of(member),
        Action::Use(permission) => permission.is_of(member),
        Action::Article(act, facts) => may_act(member, act, facts),
        Action::ChangeSection(section) => {
            Permission::ManageSections.is_of(member) && member.scope.holds_in(&[section])
        }
        Action::CreateTopSection => {
            Permission::ManageSections.is_of(member) && member.scope == Scope::Everywhere
        }
        Action::ChangeAuthor(author) => {
            Permission::ManageAuthors.is_of(member)
                || (member.author == Some(author) && Permission::WriteArticles.is_of(member))
        }
        Action::Moderate(sections) => {
            Permission::ModerateComments.is_of(member) && member.scope.holds_in(sections)
        }
    }
}

fn may_act(member: &Member, act: ArticleAct, facts: &ArticleFacts) -> bool {
    let within = |permission: Permission| permission.is_of(member) && member.scope.holds_in(&facts.sections);
    let own = facts.mine && Permission::WriteArticles.is_of(member);
    match act {
        ArticleAct::See => own || within(Permission::EditArticles),
        ArticleAct::Edit => within(Permission::EditArticles) || (own && writer_may_edit(member.role, facts)),
        ArticleAct::Move(Transition::Submit) => own || within(Permission::EditArticles),
        ArticleAct::Move(Transition::Return) => within(Permission::EditArticles),
        ArticleAct::Move(_) | ArticleAct::Correct | ArticleAct::Pin => within(Permission::PublishArticles),
        ArticleAct::Delete => Permission::DeleteArticles.is_of(member),
    }
}

/// What an editor has approved of (scheduled) or put aside is out of its writer's hands, or unseen text would go live.
/// A contributor's ends with the first publication.
fn writer_may_edit(role: Role, facts: &ArticleFacts) -> bool {
    match facts.status {
        None | Some(Status::Draft | Status::InReview) => role >= Role::Author || !facts.was_public,
        Some(Status::Published) => role >= Role::Author,
        Some(Status::Scheduled | Status::Archived) => false,
    }
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
