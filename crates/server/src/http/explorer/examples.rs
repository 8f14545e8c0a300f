//! What the explorer's tabs open on: operations of the contract, in three languages, with variables that name things
//! the newsroom has. It must not know how those were found.

use serde::Serialize;
use serde_json::{Value, json};

/// One operation that opens in a tab of its own.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExampleTab {
    /// A document with one operation; its comments are for whoever reads the tab, its name is the tab's title.
    pub query: &'static str,
    /// An object.
    pub variables: Value,
}

/// What the newsroom has at this moment that the examples can be shown with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subjects {
    /// The site's locales, as BCP 47 tags.
    pub locales: Vec<String>,
    /// A published article for the article page, best one in Arabic, with an image and comments; `None`: no such tab.
    pub article: Option<ArticleSubject>,
    /// The slug of a section that has articles; `None`: no such tab.
    pub section: Option<String>,
    /// The global id of a published article whose comments are open; `None`: no such tab.
    pub commentable: Option<String>,
}

/// How the article page asks for its article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleSubject {
    /// As stored, not percent-encoded.
    pub slug: String,
    /// The article's locale, a BCP 47 tag.
    pub locale: String,
}

/// The tabs, in the order they are shown: the article page, the front page in French, a section page in English (each
/// where the site has that locale, else in all of them), leaving a comment, signing in. What has no subject is left out;
/// the front page and signing in need none.
pub fn example_tabs(subjects: &Subjects) -> Vec<ExampleTab> {
    let spoken = |locale: &str| subjects.locales.iter().find(|known| *known == locale);

    let article = subjects.article.as_ref().map(|article| ExampleTab {
        query: include_str!("../../../explorer/examples/article-page.graphql"),
        variables: json!({ "slug": article.slug, "locale": article.locale }),
    });
    let front = ExampleTab {
        query: include_str!("../../../explorer/examples/front-page.graphql"),
        variables: json!({ "locale": spoken("fr"), "perSection": 3 }),
    };
    let section = subjects.section.as_ref().map(|slug| ExampleTab {
        query: include_str!("../../../explorer/examples/section-page.graphql"),
        variables: json!({ "slug": slug, "locale": spoken("en"), "first": 5 }),
    });
    let comment = subjects.commentable.as_ref().map(|id| ExampleTab {
        query: include_str!("../../../explorer/examples/leave-comment.graphql"),
        variables: json!({ "input": {
            "articleId": id,
            "authorName": "A reader",
            "authorEmail": "reader@example.org",
            "body": "Thank you for this piece.\n\nWill there be a public meeting about it?",
        } }),
    });
    let sign_in = ExampleTab {
        query: include_str!("../../../explorer/examples/sign-in.graphql"),
        variables: json!({ "email": "you@newsroom.example", "password": "" }),
    };
    article.into_iter().chain([front]).chain(section).chain(comment).chain([sign_in]).collect()
}
