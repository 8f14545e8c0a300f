//! Where the site's addresses lead: asked of the schema itself, as any reader would, so that no page shows what readers
//! may not see. It must not know how the answers are shown.

use async_graphql::{Request, Variables};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::api::Api;
use crate::http::address::{Directory, Found, Link, Page, Text, Unknown};
use crate::http::graphql::{Caller, Service};

const ADDRESS: &str = r"query Address($path: String!) {
  address(path: $path) {
    kind url
    article { title direction locale authors { name } body { html } }
    section { name direction articles(first: 20) { ...Titles } }
    tag { name direction articles(first: 20) { ...Titles } }
    author { name direction articles(first: 20) { ...Titles } }
  }
}
fragment Titles on ArticleConnection { nodes { title url direction locale } }";

/// What a person sees who was sent a preview's link.
const PREVIEW: &str = r"query Preview($token: String!) {
  articlePreview(token: $token) { title direction locale authors { name } body { html } }
}";
/// Where such a link leads, behind the site's address.
const PREVIEWS: &str = "/preview/";

const FRONT: &str = r"{
  site { name tagline locale direction url }
  articles(first: 20) { nodes { title url direction locale } }
}";

impl Directory for Api {
    async fn find(&self, path: &str) -> Result<Option<Found>, Unknown> {
        if let Some(token) = path.strip_prefix(PREVIEWS) {
            let token = token.split('?').next().unwrap_or_default();
            let answer: PreviewAnswer = ask(self, PREVIEW, json!({ "token": token })).await?;
            return Ok(answer.preview.map(|article| Found::Page(article.page(None))));
        }
        let answer: AddressAnswer = ask(self, ADDRESS, json!({ "path": path })).await?;
        Ok(answer.address.and_then(Address::found))
    }

    async fn front(&self) -> Result<Page, Unknown> {
        let answer: FrontAnswer = ask(self, FRONT, json!({})).await?;
        let site = answer.site.ok_or(Unknown)?;
        let name = text(site.name, Some(site.locale), &site.direction);
        let links = answer.articles.map_or_else(Vec::new, Titles::links);
        Ok(Page {
            title: name,
            line: site.tagline.unwrap_or_default(),
            canonical: Some(site.url + "/"),
            html: String::new(),
            links,
        })
    }
}

/// What the schema answers to a document of ours, asked on behalf of a guest.
pub(crate) async fn ask<T: DeserializeOwned>(
    api: &Api,
    document: &str,
    variables: serde_json::Value,
) -> Result<T, Unknown> {
    let request = Request::new(document).variables(Variables::from_json(variables));
    let caller = Caller { request_id: "page".to_owned(), ..Caller::default() };
    let response = api.execute(request, caller).await;
    if let Some(error) = response.errors.first() {
        tracing::error!(%error, "the schema could not answer what a page asked");
        return Err(Unknown);
    }
    let answer = response.data.into_json().and_then(serde_json::from_value);
    answer.map_err(|error| {
        tracing::error!(%error, "the schema answered otherwise than a page asked");
        Unknown
    })
}

#[derive(Deserialize)]
struct AddressAnswer {
    address: Option<Address>,
}

#[derive(Deserialize)]
struct PreviewAnswer {
    #[serde(rename = "articlePreview")]
    preview: Option<Article>,
}

#[derive(Deserialize)]
struct FrontAnswer {
    site: Option<Site>,
    articles: Option<Titles>,
}

#[derive(Deserialize)]
struct Site {
    name: String,
    tagline: Option<String>,
    locale: String,
    direction: String,
    url: String,
}

#[derive(Deserialize)]
struct Address {
    kind: String,
    url: Option<String>,
    article: Option<Article>,
    section: Option<List>,
    tag: Option<List>,
    author: Option<List>,
}

#[derive(Deserialize)]
struct Article {
    title: String,
    direction: String,
    locale: String,
    authors: Vec<Named>,
    body: Option<Body>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Body {
    html: String,
}

#[derive(Deserialize)]
struct List {
    name: String,
    direction: String,
    articles: Option<Titles>,
}

#[derive(Deserialize)]
struct Titles {
    nodes: Vec<Title>,
}

#[derive(Deserialize)]
struct Title {
    title: String,
    url: String,
    direction: String,
    locale: String,
}

impl Address {
    fn found(self) -> Option<Found> {
        match (self.kind.as_str(), self.url) {
            ("GONE", _) => Some(Found::Gone),
            ("MOVED", Some(url)) => Some(Found::Moved(url)),
            (_, canonical) => {
                if let Some(article) = self.article {
                    return Some(Found::Page(article.page(canonical)));
                }
                let list = self.section.or(self.tag).or(self.author)?;
                Some(Found::Page(list.page(canonical)))
            }
        }
    }
}

impl Article {
    fn page(self, canonical: Option<String>) -> Page {
        let names: Vec<String> = self.authors.into_iter().map(|author| author.name).collect();
        Page {
            title: text(self.title, Some(self.locale), &self.direction),
            line: names.join(" · "),
            canonical,
            html: self.body.map_or_else(String::new, |body| body.html),
            links: Vec::new(),
        }
    }
}

impl List {
    fn page(self, canonical: Option<String>) -> Page {
        Page {
            title: text(self.name, None, &self.direction),
            line: String::new(),
            canonical,
            html: String::new(),
            links: self.articles.map_or_else(Vec::new, Titles::links),
        }
    }
}

impl Titles {
    fn links(self) -> Vec<Link> {
        let link = |title: Title| Link {
            text: text(title.title, Some(title.locale), &title.direction),
            url: title.url,
        };
        self.nodes.into_iter().map(link).collect()
    }
}

fn text(text: String, lang: Option<String>, direction: &str) -> Text {
    Text { text, lang, right_to_left: direction == "RTL" }
}
