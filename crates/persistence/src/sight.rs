//! Which articles a viewer sees, as conditions of SQL: the policy of `domain::viewer::policy` in the database's words.
//!
//! Keys stand in the text as numbers, so that no condition binds a value. A test compares both over random articles.

use std::fmt::Write;

use masthead_domain::viewer::{Member, Permission, Scope, Viewer};

/// What a viewer sees. Worked out once a request.
#[derive(Debug, Clone)]
pub(crate) enum Sight {
    /// What is public.
    Public,
    /// What is public, and all that is on the desk.
    All,
    /// What is public, and what is on the desk and theirs: begun or written by them, or in their sections.
    Own { user: i64, author: Option<i64>, sections: Vec<i64> },
}

impl Sight {
    pub(crate) fn of(viewer: &Viewer) -> Self {
        match viewer.member() {
            Some(member) if Permission::WriteArticles.is_of(member) => Self::of_writer(member),
            Some(_) | None => Self::Public,
        }
    }

    fn of_writer(member: &Member) -> Self {
        let edits = Permission::EditArticles.is_of(member);
        let sections = match &member.scope {
            Scope::Everywhere if edits => return Self::All,
            Scope::Sections(sections) if edits => sections.iter().map(|section| section.get()).collect(),
            Scope::Everywhere | Scope::Sections(_) => Vec::new(),
        };
        Self::Own { user: member.user.get(), author: member.author.map(|author| author.get()), sections }
    }

    /// Whether the viewer sees more than the public.
    pub(crate) fn is_of_the_desk(&self) -> bool {
        !matches!(self, Self::Public)
    }

    /// Whether the viewer sees the row `a` of articles at all: its shown revision.
    pub(crate) fn sees(&self, a: &str) -> String {
        match self {
            Self::Public => format!("{a}.live"),
            Self::All => "TRUE".to_owned(),
            Self::Own { .. } => format!("({a}.live OR {})", self.works_on(a)),
        }
    }

    /// Whether the viewer sees the desk's side of the row `a` of articles: its head, its revisions.
    pub(crate) fn works_on(&self, a: &str) -> String {
        let (user, author, sections) = match self {
            Self::Public => return "FALSE".to_owned(),
            Self::All => return "TRUE".to_owned(),
            Self::Own { user, author, sections } => (user, author, sections),
        };
        let mut sql = format!("({a}.created_by IS NOT NULL AND {a}.created_by = {user}");
        if let Some(author) = author {
            let _ = write!(
                sql,
                " OR EXISTS (SELECT 1 FROM desk_authors da WHERE da.article_id = {a}.id AND da.author_id = {author})"
            );
        }
        if !sections.is_empty() {
            let keys = sections.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
            let _ = write!(
                sql,
                " OR EXISTS (SELECT 1 FROM desk_sections ds WHERE ds.article_id = {a}.id AND ds.section_id IN ({keys}))"
            );
        }
        sql.push(')');
        sql
    }
}

/// Whether the viewer decides on comments below the article whose key is `article`, an expression.
pub(crate) fn moderates(viewer: &Viewer, article: &str) -> String {
    let Some(member) = viewer.member().filter(|member| Permission::ModerateComments.is_of(member)) else {
        return "FALSE".to_owned();
    };
    match &member.scope {
        Scope::Everywhere => "TRUE".to_owned(),
        Scope::Sections(sections) if sections.is_empty() => "FALSE".to_owned(),
        Scope::Sections(sections) => {
            let keys =
                sections.iter().map(|section| section.get().to_string()).collect::<Vec<_>>().join(", ");
            format!(
                "EXISTS (SELECT 1 FROM desk_sections ms WHERE ms.article_id = {article} AND ms.section_id IN ({keys}))"
            )
        }
    }
}
