//! What the newsroom has that the explorer's examples can be shown with: asked of the schema itself, as any reader
//! would, so that no example names what readers may not see. It must not know how the page shows them.

use async_graphql::Request;
use serde::Deserialize;

use crate::api::Api;
use crate::http::explorer::{ArticleSubject, ExampleTab, Subjects, example_tabs};
use crate::http::graphql::{Caller, Service};

/// Articles in Arabic first, for the first tab; then the sections.
const QUESTION: &str = r#"{
  site { locales }
  articles(locale: "ar", first: 20) { nodes { ...Subject } }
  any: articles(first: 20) { nodes { ...Subject } }
  sections { slug articles(first: 1) { nodes { id } } }
}
fragment Subject on Article { id slug locale commentsOpen commentCount leadImage { alt } }"#;

#[derive(Default, Deserialize)]
struct Found {
    site: Option<Site>,
    articles: Option<Nodes<Article>>,
    any: Option<Nodes<Article>>,
    sections: Option<Vec<Section>>,
}

#[derive(Deserialize)]
struct Site {
    locales: Vec<String>,
}

#[derive(Deserialize)]
struct Nodes<T> {
    nodes: Vec<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Article {
    id: String,
    slug: String,
    locale: String,
    comments_open: bool,
    comment_count: u64,
    lead_image: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Section {
    slug: String,
    articles: Option<Nodes<serde::de::IgnoredAny>>,
}

/// The tabs for the articles there are now. A newsroom that cannot be asked has none but those that need no subject.
pub async fn tabs(api: &Api) -> Vec<ExampleTab> {
    let caller = Caller { request_id: "explorer".to_owned(), ..Caller::default() };
    let response = api.execute(Request::new(QUESTION), caller).await;
    let found = response.data.into_json().and_then(serde_json::from_value::<Option<Found>>);
    let found = found.unwrap_or_else(|error| {
        tracing::warn!(%error, "the explorer opens without examples");
        None
    });
    example_tabs(&subjects(found.unwrap_or_default()))
}

fn subjects(found: Found) -> Subjects {
    let nodes = |list: Option<Nodes<Article>>| list.map_or_else(Vec::new, |list| list.nodes);
    let articles: Vec<Article> = nodes(found.articles).into_iter().chain(nodes(found.any)).collect();
    let shown = articles
        .iter()
        .max_by_key(|article| (article.locale == "ar", article.lead_image.is_some(), article.comment_count));
    let has_articles =
        |section: &Section| section.articles.as_ref().is_some_and(|list| !list.nodes.is_empty());
    Subjects {
        locales: found.site.map_or_else(Vec::new, |site| site.locales),
        article: shown
            .map(|article| ArticleSubject { slug: article.slug.clone(), locale: article.locale.clone() }),
        section: found
            .sections
            .unwrap_or_default()
            .into_iter()
            .find(has_articles)
            .map(|section| section.slug),
        commentable: articles.iter().find(|article| article.comments_open).map(|article| article.id.clone()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn article(slug: &str, locale: &str, comments: u64, open: bool) -> serde_json::Value {
        json!({
            "id": format!("id of {slug}"), "slug": slug, "locale": locale, "commentsOpen": open,
            "commentCount": comments, "leadImage": {"alt": "x"},
        })
    }

    #[test]
    fn the_first_tab_opens_on_the_liveliest_arabic_article() {
        let found = json!({
            "site": {"locales": ["ar", "fr", "en"]},
            "articles": {"nodes": [article("هدوء", "ar", 0, false), article("ميناء", "ar", 7, false)]},
            "any": {"nodes": [article("the-harbour", "en", 90, true)]},
            "sections": [{"slug": "empty", "articles": {"nodes": []}}, {"slug": "city", "articles": {"nodes": [{"id": "1"}]}}],
        });
        assert_eq!(
            subjects(serde_json::from_value(found).unwrap()),
            Subjects {
                locales: ["ar", "fr", "en"].map(str::to_owned).to_vec(),
                article: Some(ArticleSubject { slug: "ميناء".into(), locale: "ar".into() }),
                section: Some("city".into()),
                commentable: Some("id of the-harbour".into()),
            }
        );
    }

    #[test]
    fn an_empty_newsroom_has_no_subjects() {
        let found = json!({"site": null, "articles": null, "any": {"nodes": []}, "sections": null});
        assert_eq!(subjects(serde_json::from_value(found).unwrap()), Subjects::default());
    }
}
