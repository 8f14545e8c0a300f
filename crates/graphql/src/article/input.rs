//! What `createArticle`, `updateArticle` and `correctArticle` take.

use async_graphql::{Enum, ID, InputObject, MaybeUndefined};
use masthead_actions::article::input::{ArticleInput, Patch};
use masthead_actions::refused::{Fault, Refused};
use masthead_domain::article;

use super::body_input::{BodyInput, WrittenBody};
use super::meta::ArticleKind;
use crate::id::GlobalId;
use crate::refusal::key;
use crate::scalar::{DateTime, LanguageTag};
use crate::site::Direction;

/// Who may comment below an article, and what happens to a comment at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "masthead_domain::comment::Policy")]
pub(crate) enum CommentPolicy {
    /// Published at once.
    Open,
    /// Held until a writer has had a comment approved.
    FirstTime,
    /// Held for a moderator, always.
    Moderated,
    /// Only people who are signed in.
    Members,
    /// No new comments.
    Closed,
}

/// What search engines and link previews are told, where it differs from headline and excerpt.
#[derive(InputObject)]
pub(crate) struct SeoInput {
    /// Instead of the headline, at most 300 characters. Absent, `null` or empty: the headline.
    title: Option<String>,
    /// Instead of the excerpt, at most 500 characters. Absent, `null` or empty: the excerpt.
    description: Option<String>,
}

/// Rights of use of an article.
#[derive(InputObject)]
pub(crate) struct RightsInput {
    /// A licence's name or address, at most 200 characters. Absent or `null`: all rights reserved.
    licence: Option<String>,
    /// A notice to print with the text, at most 500 characters. Absent or `null`: the site's copyright notice.
    notice: Option<String>,
    /// Whether others may take the article over by feed or interface.
    #[graphql(default)]
    syndicatable: bool,
}

/// An article to be begun.
#[derive(InputObject)]
pub(crate) struct CreateArticleInput {
    /// The headline, plain text on one line, at most 300 characters. May be empty in a draft.
    title: String,
    /// A second line below it, at most 500 characters.
    subtitle: Option<String>,
    /// A teaser, plain text, at most 2,000 characters.
    excerpt: Option<String>,
    /// The slug wished for, at most 80 characters of any script; numbered where another article has it. Absent or `null`:
    /// made of the headline.
    slug: Option<String>,
    /// The language; one that the site publishes in. Absent or `null`: the site's own.
    locale: Option<LanguageTag>,
    /// The reading direction. Absent or `null`: found in the text.
    direction: Option<Direction>,
    /// The main section's slug. Absent or `null`: in none.
    section: Option<String>,
    /// Further sections' slugs, at most 10.
    other_sections: Option<Vec<String>>,
    /// The names of its tags, in order, at most 30 of at most 100 characters. A tag is found by its name in whatever
    /// spelling; one that is not there is made.
    tag_names: Option<Vec<String>>,
    /// The slugs of its authors, in order, at most 20. Absent or `null`: whoever begins it.
    authors: Option<Vec<String>>,
    /// The text. Absent or `null`: none yet.
    body: Option<BodyInput>,
    /// The id of the picture shown with it.
    lead_image_id: Option<ID>,
    /// The id of the article that this one translates: one in another language, of whose group it becomes part.
    translation_of: Option<ID>,
    /// ARTICLE (the default) or PAGE; cannot be changed later.
    kind: Option<ArticleKind>,
    /// Whether it is breaking news. Default false.
    breaking: Option<bool>,
    /// The article's own rule for comments. Absent or `null`: the site's.
    comment_policy: Option<CommentPolicy>,
    /// Until this moment no reader sees it, whatever its status. Absent or `null`: no embargo.
    embargo_until: Option<DateTime>,
    /// For search engines.
    seo: Option<SeoInput>,
    /// Rights of use.
    rights: Option<RightsInput>,
    /// Why, for the history, at most 500 characters.
    reason: Option<String>,
}

/// What is to be changed of an article's head. What is absent stays as it is; `null` makes a field empty where it may
/// be, and else leaves it too.
#[derive(InputObject)]
pub(crate) struct UpdateArticleInput {
    /// The headline, plain text on one line, at most 300 characters.
    title: Option<String>,
    /// A second line below it, at most 500 characters.
    subtitle: MaybeUndefined<String>,
    /// A teaser, plain text, at most 2,000 characters.
    excerpt: MaybeUndefined<String>,
    /// The slug wished for, at most 80 characters; numbered where another article has it. `null`: made of the headline.
    /// Of a published article it changes when the change is published, and the old one keeps leading here.
    slug: MaybeUndefined<String>,
    /// The language; only before the first publication.
    locale: Option<LanguageTag>,
    /// The reading direction. `null`: found in the text.
    direction: MaybeUndefined<Direction>,
    /// The main section's slug. `null`: in none.
    section: MaybeUndefined<String>,
    /// Further sections' slugs, at most 10: all of them, in place of those it has.
    other_sections: Option<Vec<String>>,
    /// The names of its tags, in order, at most 30: all of them, in place of those it has. New ones are made.
    tag_names: Option<Vec<String>>,
    /// The slugs of its authors, in order, at most 20: all of them, in place of those it has.
    authors: Option<Vec<String>>,
    /// The whole text, in place of the one it has.
    body: Option<BodyInput>,
    /// The id of the picture shown with it. `null`: none.
    lead_image_id: MaybeUndefined<ID>,
    /// The id of the article that this one translates. `null`: it is no translation.
    translation_of: MaybeUndefined<ID>,
    /// Must be what it is: an article stays an article, and a page a page.
    kind: Option<ArticleKind>,
    /// Whether it is breaking news.
    breaking: Option<bool>,
    /// The article's own rule for comments. `null`: the site's.
    comment_policy: MaybeUndefined<CommentPolicy>,
    /// Until this moment no reader sees it. `null`: no embargo. Of a published article it holds at once, other than the rest
    /// of the head: readers who see it now see it no more until then, and where an embargo is lifted they see what is
    /// published within a second. To change it there needs PUBLISH_ARTICLES, else it is FORBIDDEN.
    embargo_until: MaybeUndefined<DateTime>,
    /// For search engines: in place of what is said now.
    seo: Option<SeoInput>,
    /// Rights of use: in place of what is said now.
    rights: Option<RightsInput>,
    /// Why, for the history, at most 500 characters.
    reason: Option<String>,
}

impl CreateArticleInput {
    /// What the action takes; the faults of ids and of the text. `origin` is what the site's own addresses begin with.
    pub(super) async fn read(self, origin: &str) -> Result<(ArticleInput, Vec<String>), Refused> {
        let (body, warnings) = body(self.body, origin).await?;
        let input = ArticleInput {
            title: Some(self.title),
            subtitle: given(self.subtitle),
            excerpt: given(self.excerpt),
            slug: given(self.slug),
            locale: self.locale.map(|locale| locale.0),
            direction: given(self.direction.map(Into::into)),
            section: given(self.section),
            other_sections: self.other_sections,
            tag_names: self.tag_names,
            authors: self.authors,
            body,
            lead_image: given(self.lead_image_id.map(|id| image(&id)).transpose()?),
            translation_of: given(self.translation_of.map(|id| original(&id)).transpose()?),
            kind: self.kind.map(Into::into),
            breaking: self.breaking,
            comment_policy: given(self.comment_policy.map(Into::into)),
            embargo_until: given(self.embargo_until.map(|at| at.0)),
            seo: self.seo.map(Into::into),
            rights: self.rights.map(Into::into),
            reason: self.reason,
        };
        Ok((input, warnings))
    }
}

impl UpdateArticleInput {
    /// What the action takes; the faults of ids and of the text. `origin` is what the site's own addresses begin with.
    pub(super) async fn read(self, origin: &str) -> Result<(ArticleInput, Vec<String>), Refused> {
        let (body, warnings) = body(self.body, origin).await?;
        let input = ArticleInput {
            title: self.title,
            subtitle: patch(self.subtitle),
            excerpt: patch(self.excerpt),
            slug: patch(self.slug),
            locale: self.locale.map(|locale| locale.0),
            direction: patch(self.direction.map_value(Into::into)),
            section: patch(self.section),
            other_sections: self.other_sections,
            tag_names: self.tag_names,
            authors: self.authors,
            body,
            lead_image: match self.lead_image_id {
                MaybeUndefined::Value(id) => Patch::Set(image(&id)?),
                MaybeUndefined::Null => Patch::Clear,
                MaybeUndefined::Undefined => Patch::Keep,
            },
            translation_of: match self.translation_of {
                MaybeUndefined::Value(id) => Patch::Set(original(&id)?),
                MaybeUndefined::Null => Patch::Clear,
                MaybeUndefined::Undefined => Patch::Keep,
            },
            kind: self.kind.map(Into::into),
            breaking: self.breaking,
            comment_policy: patch(self.comment_policy.map_value(Into::into)),
            embargo_until: patch(self.embargo_until.map_value(|at| at.0)),
            seo: self.seo.map(Into::into),
            rights: self.rights.map(Into::into),
            reason: self.reason,
        };
        Ok((input, warnings))
    }
}

impl From<SeoInput> for article::Seo {
    fn from(input: SeoInput) -> Self {
        Self { title: input.title, description: input.description }
    }
}

impl From<RightsInput> for article::Rights {
    fn from(input: RightsInput) -> Self {
        Self { licence: input.licence, notice: input.notice, syndicatable: input.syndicatable }
    }
}

async fn body(
    input: Option<BodyInput>,
    origin: &str,
) -> Result<(Option<article::Body>, Vec<String>), Refused> {
    let Some(input) = input else { return Ok((None, Vec::new())) };
    let WrittenBody { body, warnings } = input.read("input.body", origin).await.map_err(Refused::Invalid)?;
    Ok((Some(body), warnings))
}

/// The key of a picture; an id of another kind of thing is a fault of its field, not "no such article".
fn image(id: &ID) -> Result<masthead_domain::media::ImageId, Refused> {
    named(
        key(id, "input.leadImageId", |id| match id {
            GlobalId::Image(image) => Some(image),
            _ => None,
        }),
        "input.leadImageId",
        "This is no picture's id.",
    )
}

fn original(id: &ID) -> Result<article::ArticleId, Refused> {
    named(
        key(id, "input.translationOf", |id| match id {
            GlobalId::Article(article) => Some(article),
            _ => None,
        }),
        "input.translationOf",
        "This is no article's id.",
    )
}

fn named<T>(key: Result<T, Refused>, field: &'static str, message: &str) -> Result<T, Refused> {
    key.map_err(|refused| match refused {
        Refused::NotFound => Fault::new(field, message).into(),
        other => other,
    })
}

fn given<T>(value: Option<T>) -> Patch<T> {
    value.map_or(Patch::Keep, Patch::Set)
}

fn patch<T>(value: MaybeUndefined<T>) -> Patch<T> {
    match value {
        MaybeUndefined::Undefined => Patch::Keep,
        MaybeUndefined::Null => Patch::Clear,
        MaybeUndefined::Value(value) => Patch::Set(value),
    }
}
