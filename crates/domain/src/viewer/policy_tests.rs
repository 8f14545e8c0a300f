//! The policy as tables: what guests see, what scope and ownership change. The whole matrix is a snapshot of `tests`.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::{Credential, SessionId};
use super::*;
use crate::user::UserId;

fn member(role: Role, scope: Scope) -> Viewer {
    Viewer::Member(Arc::new(Member {
        user: UserId::from_stored(1),
        name: "Nadia".into(),
        role,
        author: Some(AuthorId::from_stored(7)),
        scope,
        credential: Credential::Session(SessionId::from_stored(1)),
    }))
}

fn sections(keys: &[i64]) -> Vec<SectionId> {
    keys.iter().map(|&key| SectionId::from_stored(key)).collect()
}

fn scoped(keys: &[i64]) -> Scope {
    Scope::Sections(BTreeSet::from_iter(sections(keys)))
}

#[test]
fn guests_see_what_is_published_and_nothing_else() {
    use crate::comment::Status as C;
    for status in [Status::Draft, Status::InReview, Status::Scheduled, Status::Archived] {
        assert_eq!(may(&Viewer::Guest, Action::SeeArticle(status)), Err(Denied::Unauthenticated));
    }
    assert_eq!(may(&Viewer::Guest, Action::SeeArticle(Status::Published)), Ok(()));
    for status in [C::Pending, C::Rejected, C::Spam, C::Withdrawn] {
        assert_eq!(may(&Viewer::Guest, Action::SeeComment(status)), Err(Denied::Unauthenticated));
    }
    assert_eq!(may(&Viewer::Guest, Action::SeeComment(C::Published)), Ok(()));
    for permission in Permission::ALL {
        assert_eq!(may(&Viewer::Guest, Action::Use(permission)), Err(Denied::Unauthenticated));
    }
}

#[test]
fn a_role_holds_in_its_sections_only() {
    let editor = member(Role::Editor, scoped(&[3]));
    let publish = ArticleAct::Move(Transition::Publish);
    for (keys, allowed) in [(&[3][..], true), (&[2, 3], true), (&[2], false), (&[], false)] {
        let facts =
            ArticleFacts { status: Some(Status::InReview), sections: sections(keys), ..Default::default() };
        assert_eq!(may(&editor, Action::Article(publish, &facts)).is_ok(), allowed, "{keys:?}");
        assert_eq!(may(&editor, Action::Article(ArticleAct::See, &facts)).is_ok(), allowed, "{keys:?}");
    }
    assert!(may(&editor, Action::ChangeSection(SectionId::from_stored(3))).is_ok());
    assert!(may(&editor, Action::ChangeSection(SectionId::from_stored(4))).is_err());
    assert!(may(&editor, Action::CreateTopSection).is_err());
    assert!(may(&editor, Action::Use(Permission::ManageTags)).is_err());
    assert!(may(&member(Role::Editor, Scope::Everywhere), Action::CreateTopSection).is_ok());
}

#[test]
fn a_writer_keeps_hold_of_own_articles_until_an_editor_has_approved_of_them() {
    for (role, status, was_public, allowed) in [
        (Role::Reader, Status::Draft, false, false),
        (Role::Contributor, Status::Draft, false, true),
        (Role::Contributor, Status::InReview, false, true),
        (Role::Contributor, Status::Draft, true, false),
        (Role::Contributor, Status::Scheduled, false, false),
        (Role::Contributor, Status::Published, true, false),
        (Role::Author, Status::Published, true, true),
        (Role::Author, Status::Draft, true, true),
        (Role::Author, Status::Scheduled, false, false),
        (Role::Author, Status::Archived, true, false),
    ] {
        let facts = ArticleFacts { status: Some(status), was_public, mine: true, sections: Vec::new() };
        let viewer = member(role, Scope::Everywhere);
        assert_eq!(
            may(&viewer, Action::Article(ArticleAct::Edit, &facts)).is_ok(),
            allowed,
            "{role:?} {status:?}"
        );
        let others = ArticleFacts { mine: false, ..facts };
        assert!(may(&viewer, Action::Article(ArticleAct::See, &others)).is_err(), "{role:?} {status:?}");
    }
}

#[test]
fn nobody_below_an_editor_publishes() {
    let facts = ArticleFacts { status: Some(Status::InReview), mine: true, ..Default::default() };
    for role in Role::ALL {
        let viewer = member(role, Scope::Everywhere);
        for transition in Transition::ALL.into_iter().filter(|t| *t != Transition::Submit) {
            let allowed = may(&viewer, Action::Article(ArticleAct::Move(transition), &facts)).is_ok();
            assert_eq!(allowed, role >= Role::Editor, "{role:?} {transition:?}");
        }
        let deleted = may(&viewer, Action::Article(ArticleAct::Delete, &facts)).is_ok();
        assert_eq!(deleted, role == Role::Admin, "{role:?}");
    }
}

#[test]
fn authors_change_their_own_profile_and_editors_every_one() {
    let (own, other) = (AuthorId::from_stored(7), AuthorId::from_stored(8));
    for (role, mine, others) in [
        (Role::Reader, false, false),
        (Role::Contributor, true, false),
        (Role::Author, true, false),
        (Role::Editor, true, true),
    ] {
        let viewer = member(role, Scope::Everywhere);
        assert_eq!(may(&viewer, Action::ChangeAuthor(own)).is_ok(), mine, "{role:?}");
        assert_eq!(may(&viewer, Action::ChangeAuthor(other)).is_ok(), others, "{role:?}");
    }
}

#[test]
fn a_token_for_programs_makes_no_tokens_and_manages_nobody() {
    let Viewer::Member(person) = member(Role::Admin, Scope::Everywhere) else { unreachable!() };
    let token = Credential::ApiToken(super::super::ApiTokenId::from_stored(1));
    let program = Viewer::Member(Arc::new(Member { credential: token, ..(*person).clone() }));
    for permission in Permission::ALL {
        let in_person = matches!(permission, Permission::CreateApiTokens | Permission::ManageUsers);
        assert_eq!(may(&program, Action::Use(permission)).is_ok(), !in_person, "{permission:?}");
    }
}
