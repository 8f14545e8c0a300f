//! Deciding on comments: many at once, all or none; taking a decision back; notes.

use std::collections::BTreeSet;

use masthead_domain::audit::{Act, Subject};
use masthead_domain::comment::mention::named;
use masthead_domain::comment::moderation::{Decision, MOST_DECIDED, note};
use masthead_domain::comment::pipeline::spam::tokens;
use masthead_domain::comment::{Comment, CommentId, Status};
use masthead_domain::event::Event;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};
use masthead_persistence::comment::Decidable;
use masthead_persistence::{Store, StoreError, Tx};

use super::own::announce;
use crate::Occasion;
use crate::refused::{DeskError, Fault, Refused};

const IDS: &str = "input.ids";
const NOTE: &str = "input.note";

/// Decides on comments, all of them or none: none where one is not there or not the viewer's to decide on. A comment that
/// its writer took back stays so. Reports on them are dealt with. The site learns what spam looks like from what was
/// taken for spam, and from what was published after having been held.
pub async fn decide(
    store: &Store,
    occasion: &Occasion,
    ids: &[CommentId],
    decision: Decision,
    typed: Option<&str>,
) -> Result<Vec<Comment>, DeskError> {
    may(&occasion.viewer, Action::Use(Permission::ModerateComments))?;
    let member = occasion.member()?;
    let note = note(typed).map_err(|wrong| Fault::new(NOTE, format!("It {wrong}.")))?;
    let ids: BTreeSet<CommentId> = ids.iter().copied().collect();
    if ids.is_empty() || ids.len() > MOST_DECIDED {
        return Err(Fault::new(IDS, format!("Decide on 1 to {MOST_DECIDED} comments at a time.")).into());
    }
    let ids: Vec<CommentId> = ids.into_iter().collect();
    let tx = store.begin().await?;
    tx.moderators_own().await?;
    tx.threads_own(&ids).await?;
    let found = theirs(&tx, occasion, &ids).await?;
    let batch = tx.decision_batch().await?;
    for comment in &found {
        let standing = &comment.standing;
        if standing.status == Status::Withdrawn {
            continue;
        }
        tx.decision_add(batch, standing, decision, note.as_deref(), member.user, occasion.now).await?;
        tx.spam_learn(standing.id, &tokens(&comment.text), comment.lesson, lesson(decision)).await?;
        let to = decision.status();
        if standing.status != to {
            tx.comment_move(standing, to).await?;
            announce(&tx, standing, to, occasion.now);
        } else {
            let (comment, article) = (standing.id, standing.article);
            tx.append(Event::CommentReported { comment, article }, occasion.now);
        }
        let act = match decision {
            Decision::Approve => Act::CommentApproved,
            Decision::Reject => Act::CommentRejected,
            Decision::Spam => Act::CommentMarkedSpam,
        };
        tx.audit_append(member, act, Subject::Comment(standing.id), None, occasion.now).await?;
    }
    // Of what its writer has taken back nothing was decided.
    let decided = found.iter().map(|comment| &comment.standing).filter(|it| it.status != Status::Withdrawn);
    let decided: Vec<CommentId> = decided.map(|standing| standing.id).collect();
    tx.reports_decide(&decided, decision, occasion.now).await?;
    let after = all(&tx, &ids).await?;
    tx.commit().await?;
    Ok(after)
}

/// Takes the last decision on a comment back: it stands where it stood before, its reports are open again, and of what was
/// learnt from the decision only that of the one before it is left.
pub async fn undo(store: &Store, occasion: &Occasion, id: CommentId) -> Result<Comment, DeskError> {
    may(&occasion.viewer, Action::Use(Permission::ModerateComments))?;
    let member = occasion.member()?;
    let tx = store.begin().await?;
    tx.moderators_own().await?;
    tx.threads_own(&[id]).await?;
    let found = theirs(&tx, occasion, &[id]).await?;
    let comment = found.first().ok_or(Refused::NotFound)?;
    if comment.standing.status == Status::Withdrawn {
        return Err(Fault::new("input.id", "Its writer has taken it back.").into());
    }
    let last = tx.decision_last(id).await?;
    let last = last.ok_or_else(|| Fault::new("input.id", "There is no decision to take back."))?;
    tx.decision_undo(id, last.id, occasion.now).await?;
    // What was decided of another text teaches nothing of this one.
    let earlier = tx.decision_last(id).await?;
    let earlier = earlier.filter(|it| comment.edited_at.is_none_or(|edited| edited <= it.at));
    let lesson = earlier.and_then(|it| lesson(it.decision));
    tx.spam_learn(id, &tokens(&comment.text), comment.lesson, lesson).await?;
    tx.comment_move(&comment.standing, last.before).await?;
    if comment.standing.status != last.before {
        announce(&tx, &comment.standing, last.before, occasion.now);
    }
    let (comment, article) = (id, comment.standing.article);
    tx.append(Event::CommentReported { comment, article }, occasion.now);
    tx.audit_append(member, Act::ModerationUndone, Subject::Comment(id), None, occasion.now).await?;
    let after = all(&tx, &[id]).await?.pop().ok_or(Refused::NotFound)?;
    tx.commit().await?;
    Ok(after)
}

/// Adds a note that only moderators see; those of them whom it names get a letter.
pub async fn add_note(
    store: &Store,
    occasion: &Occasion,
    id: CommentId,
    typed: &str,
) -> Result<Comment, DeskError> {
    may(&occasion.viewer, Action::Use(Permission::ModerateComments))?;
    let member = occasion.member()?;
    let text = note(Some(typed)).map_err(|wrong| Fault::new(NOTE, format!("It {wrong}.")))?;
    let text = text.ok_or_else(|| Fault::new(NOTE, "Write something first."))?;
    let tx = store.begin().await?;
    theirs(&tx, occasion, &[id]).await?;
    let note = tx.comment_note_add(id, &text, member.user, occasion.now).await?;
    tx.audit_append(member, Act::CommentNoted, Subject::Comment(id), None, occasion.now).await?;
    if !named(&text).is_empty() {
        tx.append(Event::CommentNoted { note, comment: id }, occasion.now);
    }
    let after = all(&tx, &[id]).await?.pop().ok_or(Refused::NotFound)?;
    tx.commit().await?;
    Ok(after)
}

/// All of these comments, if they are there and the viewer's to decide on.
async fn theirs(tx: &Tx, occasion: &Occasion, ids: &[CommentId]) -> Result<Vec<Decidable>, DeskError> {
    let found = tx.comments_decidable(ids).await?;
    let all_are_theirs =
        found.iter().all(|comment| may(&occasion.viewer, Action::Moderate(&comment.sections)).is_ok());
    if found.len() != ids.len() || !all_are_theirs {
        return Err(Refused::NotFound.into());
    }
    Ok(found)
}

/// What a decision teaches: `Some(true)` that the text is spam.
const fn lesson(decision: Decision) -> Option<bool> {
    match decision {
        Decision::Spam => Some(true),
        Decision::Approve => Some(false),
        // Refused for another reason: it says nothing of spam.
        Decision::Reject => None,
    }
}

async fn all(tx: &Tx, ids: &[CommentId]) -> Result<Vec<Comment>, StoreError> {
    let mut all = Vec::with_capacity(ids.len());
    for id in ids {
        all.extend(tx.comment_with_status(*id).await?.map(|(comment, _)| comment));
    }
    Ok(all)
}
