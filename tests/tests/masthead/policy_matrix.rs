//! The whole policy as one table, reviewed as a snapshot: who may do what, by role, sections, credential and what an
//! article is. No database.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use masthead_domain::article::Status;
use masthead_domain::article::lifecycle::Transition;
use masthead_domain::author::AuthorId;
use masthead_domain::comment;
use masthead_domain::section::SectionId;
use masthead_domain::user::{Role, UserId};
use masthead_domain::viewer::policy::{Action, ArticleAct, ArticleFacts, Denied, may};
use masthead_domain::viewer::{ApiTokenId, Credential, Member, Permission, Scope, SessionId, Viewer};

/// The section that articles and acts of this table are in.
const HERE: i64 = 1;
const ELSEWHERE: i64 = 2;

/// Everyone whom the policy tells apart: a heading, and who.
fn viewers() -> Vec<(String, Viewer)> {
    let everywhere =
        Role::ALL.map(|role| (role.as_str().to_owned(), member(role, Scope::Everywhere, session())));
    let mut viewers = vec![("GUEST".to_owned(), Viewer::Guest)];
    viewers.extend(everywhere);
    for role in [Role::Author, Role::Editor, Role::Admin] {
        viewers.push((format!("{} here", role.as_str()), member(role, within(HERE), session())));
        viewers.push((format!("{} elsewhere", role.as_str()), member(role, within(ELSEWHERE), session())));
    }
    let token = Credential::ApiToken(ApiTokenId::from_stored(1));
    viewers.push(("ADMIN's token".to_owned(), member(Role::Admin, Scope::Everywhere, token)));
    viewers
}

fn session() -> Credential {
    Credential::Session(SessionId::from_stored(1))
}

fn within(section: i64) -> Scope {
    Scope::Sections(BTreeSet::from([SectionId::from_stored(section)]))
}

fn member(role: Role, scope: Scope, credential: Credential) -> Viewer {
    let author = Some(AuthorId::from_stored(7));
    Viewer::Member(Arc::new(Member {
        user: UserId::from_stored(1),
        name: "N".into(),
        role,
        author,
        scope,
        credential,
    }))
}

/// What the table says of one answer.
fn answer(result: Result<(), Denied>) -> &'static str {
    match result {
        Ok(()) => "yes",
        Err(Denied::Unauthenticated) => "sign in",
        Err(Denied::Forbidden) => "-",
    }
}

/// What it says of an act on articles: on anyone's, on one's own, on none.
fn of_articles(viewer: &Viewer, act: ArticleAct, status: Option<Status>, was_public: bool) -> &'static str {
    let may = |mine| {
        let facts = ArticleFacts { status, was_public, mine, sections: vec![SectionId::from_stored(HERE)] };
        may(viewer, Action::Article(act, &facts))
    };
    match (may(true), may(false)) {
        (Ok(()), Ok(())) => "yes",
        (Ok(()), Err(_)) => "own",
        (Err(_), Ok(())) => "others'",
        (Err(denied), Err(_)) => answer(Err(denied)),
    }
}

/// A heading with one cell for each viewer.
type Row = (String, Vec<&'static str>);

fn row(what: impl Into<String>, cell: impl Fn(&Viewer) -> &'static str) -> Row {
    (what.into(), viewers().iter().map(|(_, viewer)| cell(viewer)).collect())
}

fn acts() -> Vec<ArticleAct> {
    let moves = Transition::ALL.map(ArticleAct::Move);
    let mut acts = vec![ArticleAct::See, ArticleAct::Edit];
    acts.extend(moves);
    acts.extend([ArticleAct::Correct, ArticleAct::Pin, ArticleAct::Delete]);
    acts
}

fn name(act: ArticleAct) -> String {
    match act {
        ArticleAct::Move(transition) => format!("{transition:?}"),
        other => format!("{other:?}"),
    }
}

/// One act in every state that an article can be in; one row where the state makes no difference.
fn article_rows(act: ArticleAct) -> Vec<Row> {
    let mut states = vec![(None, false, "new".to_owned())];
    for status in Status::ALL {
        for was_public in [false, true] {
            let word = match status {
                Status::InReview => "in review".to_owned(),
                other => format!("{other:?}").to_lowercase(),
            };
            let seen = if was_public { ", once public" } else { "" };
            states.push((Some(status), was_public, format!("{word}{seen}")));
        }
    }
    let rows: Vec<Row> = states
        .into_iter()
        .map(|(status, was_public, state)| {
            row(format!("{} ({state})", name(act)), |viewer| of_articles(viewer, act, status, was_public))
        })
        .collect();
    match rows.first() {
        Some((_, first)) if rows.iter().all(|(_, cells)| cells == first) => vec![(name(act), first.clone())],
        _ => rows,
    }
}

fn table(title: &str, rows: Vec<Row>) -> String {
    let heads = viewers();
    let first =
        rows.iter().map(|(what, _)| what.chars().count()).max().unwrap_or(0).max(title.chars().count());
    let mut out = format!("{title:first$}");
    for (head, _) in &heads {
        write!(out, " | {head}").expect("a string takes it");
    }
    out.push('\n');
    for (what, cells) in rows {
        write!(out, "{what:first$}").expect("a string takes it");
        for ((head, _), cell) in heads.iter().zip(cells) {
            write!(out, " | {cell:width$}", width = head.chars().count()).expect("a string takes it");
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
    }
    out.push('\n');
    out
}

#[test]
fn who_may_do_what() {
    let here = SectionId::from_stored(HERE);
    let mut text = String::from(
        "HERE is the section that the article, the comment or the act is in; a person without sections works in all of them.\n\
         yes: may; own: only with an article begun or written by oneself; sign in: UNAUTHENTICATED; -: FORBIDDEN.\n\n",
    );
    let permissions = Permission::ALL.map(|permission| {
        row(format!("{permission:?}"), |viewer| answer(may(viewer, Action::Use(permission))))
    });
    text.push_str(&table("PERMISSION, SOMEWHERE", permissions.to_vec()));
    let mut seen: Vec<Row> = Status::ALL
        .map(|status| {
            row(format!("article {status:?}"), |viewer| answer(may(viewer, Action::SeeArticle(status))))
        })
        .to_vec();
    for status in [
        comment::Status::Published,
        comment::Status::Pending,
        comment::Status::Rejected,
        comment::Status::Spam,
        comment::Status::Withdrawn,
    ] {
        seen.push(row(format!("comment {status:?}"), |viewer| {
            answer(may(viewer, Action::SeeComment(status)))
        }));
    }
    text.push_str(&table("SEE, AS READERS DO", seen));
    text.push_str(&table("AN ARTICLE HERE", acts().into_iter().flat_map(article_rows).collect()));
    let nowhere = ArticleFacts { status: Some(Status::Draft), ..ArticleFacts::default() };
    let in_none = acts()
        .into_iter()
        .map(|act| row(name(act), |viewer| answer(may(viewer, Action::Article(act, &nowhere)))));
    text.push_str(&table("ANOTHER'S DRAFT IN NO SECTION", in_none.collect()));
    text.push_str(&table(
        "THE REST",
        vec![
            row("change a section here, or make one below it", |viewer| {
                answer(may(viewer, Action::ChangeSection(here)))
            }),
            row("make a section at the top", |viewer| answer(may(viewer, Action::CreateTopSection))),
            row("change one's own profile", |viewer| {
                answer(may(viewer, Action::ChangeAuthor(AuthorId::from_stored(7))))
            }),
            row("change another's profile", |viewer| {
                answer(may(viewer, Action::ChangeAuthor(AuthorId::from_stored(8))))
            }),
            row("decide on a comment here", |viewer| answer(may(viewer, Action::Moderate(&[here])))),
            row("decide on a comment of no section", |viewer| answer(may(viewer, Action::Moderate(&[])))),
        ],
    ));
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("masthead__policy_matrix", text);
    });
}
