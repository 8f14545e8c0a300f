//! Someone who writes, publishes and comments as fast as the program answers, and remembers what was acknowledged.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::program::ask;

/// Articles that one writer makes before turning to the ones there are.
const ARTICLES: usize = 6;

/// A writer's memory.
pub struct Writer {
    name: usize,
    token: String,
    dice: Dice,
    articles: Vec<Article>,
    made: usize,
    /// What was under way when the program was killed.
    open: Option<Open>,
}

/// What an article was when it was last acknowledged.
#[derive(Debug, Clone, PartialEq)]
struct Article {
    id: String,
    version: i64,
    status: &'static str,
    head: Text,
    public: Option<Text>,
    corrections: Vec<String>,
    comments: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
struct Text {
    slug: String,
    title: String,
    body: String,
}

/// Something that was asked for and not acknowledged: what is there if it was done.
struct Open {
    /// `None` for an article that is to be made.
    place: Option<usize>,
    after: Article,
}

const SHOWN: &str = "id slug title body { text } corrections { note } comments(first: 100) { totalCount nodes { body { text } } } \
    desk { version status slug title body { text } hasUnpublishedChanges revisions(first: 1) { totalCount nodes { number } } }";

impl Writer {
    pub fn new(name: usize, token: &str, seed: u64) -> Self {
        Self { name, token: token.to_owned(), dice: Dice(seed), articles: Vec::new(), made: 0, open: None }
    }

    /// Works until the program answers no more; counts what is acknowledged.
    pub fn work(&mut self, address: &str, acknowledged: &AtomicUsize) {
        while self.one(address).is_some() {
            acknowledged.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Every comment that was acknowledged.
    pub fn comments(&self) -> impl Iterator<Item = &String> {
        self.articles.iter().flat_map(|article| &article.comments)
    }

    /// Looks whether everything that was acknowledged is there, and nothing by halves; takes what was under way as done
    /// where it was.
    pub fn verify(&mut self, address: &str) {
        match self.open.take() {
            Some(Open { place: None, mut after }) => {
                let document = format!("query($s: String!) {{ article(slug: $s) {{ {SHOWN} }} }}");
                let found = self.ask(address, &document, json!({"s": after.head.slug})).expect("an answer")["article"].clone();
                if !found.is_null() {
                    found["id"].as_str().expect("an id").clone_into(&mut after.id);
                    assert_eq!(told(&found), expected(&after), "made by halves");
                    self.articles.push(after);
                }
            }
            Some(Open { place: Some(place), after }) => {
                let found = self.found(address, &after.id);
                if told(&found) != expected(&self.articles[place]) {
                    assert_eq!(
                        told(&found),
                        expected(&after),
                        "neither as before nor as after, but {:?}",
                        self.articles[place]
                    );
                    self.articles[place] = after;
                }
            }
            None => {}
        }
        for article in &self.articles {
            assert_eq!(
                told(&self.found(address, &article.id)),
                expected(article),
                "what was acknowledged is not there"
            );
        }
    }

    fn found(&self, address: &str, id: &str) -> Value {
        let document = format!("query($id: ID!) {{ node(id: $id) {{ ... on Article {{ {SHOWN} }} }} }}");
        self.ask(address, &document, json!({"id": id})).expect("an answer")["node"].clone()
    }

    fn ask(&self, address: &str, document: &str, variables: Value) -> Option<Value> {
        ask(address, Some(&self.token), document, variables)
    }

    /// Does one thing. `None`: the answer did not come.
    fn one(&mut self, address: &str) -> Option<()> {
        if self.articles.len() < ARTICLES && (self.articles.is_empty() || self.dice.below(3) == 0) {
            return self.create(address);
        }
        let place = self.dice.below(self.articles.len());
        let mut after = self.articles[place].clone();
        let mut text = self.text();
        let change = |after: &Article| json!({"id": after.id, "version": after.version, "input": {"title": text.title, "body": {"html": format!("<p>{}</p>", text.body)}}});
        let (document, variables) = match (after.status, self.dice.below(6)) {
            ("ARCHIVED", _) => {
                after.status = "DRAFT";
                (
                    "mutation($id: ID!) { it: reopenArticle(id: $id) { article { desk { version } } errors { code message } } }",
                    json!({"id": after.id}),
                )
            }
            ("PUBLISHED", 0) => {
                let article_id = after.id.clone();
                after.comments.push(text.body.clone());
                after.version -= 1;
                (
                    "mutation($a: ID!, $b: String!) { it: createComment(input: { articleId: $a, body: $b }) { comment { id } errors { code message } } }",
                    json!({"a": article_id, "b": text.body}),
                )
            }
            ("PUBLISHED", 1) => {
                after.status = "ARCHIVED";
                (
                    "mutation($id: ID!) { it: archiveArticle(id: $id, reason: \"put aside\") { article { desk { version } } errors { code message } } }",
                    json!({"id": after.id}),
                )
            }
            ("PUBLISHED", 2) => {
                let mut variables = change(&after);
                variables["note"] = json!(text.title);
                after.corrections.push(text.title.clone());
                text.slug.clone_from(&after.head.slug);
                after.head = text.clone();
                after.public = Some(text);
                (
                    "mutation($id: ID!, $version: Int!, $note: String!, $input: UpdateArticleInput!) { it: correctArticle(id: $id, version: $version, kind: CORRECTION, note: $note, input: $input) { article { desk { version } } errors { code message } } }",
                    variables,
                )
            }
            (_, 3 | 4) => {
                let variables = json!({"id": after.id, "version": after.version});
                after.status = "PUBLISHED";
                after.public = Some(after.head.clone());
                (
                    "mutation($id: ID!, $version: Int!) { it: publishArticle(id: $id, version: $version) { article { desk { version } } errors { code message } } }",
                    variables,
                )
            }
            _ => {
                let variables = change(&after);
                text.slug.clone_from(&after.head.slug);
                after.head = text;
                (
                    "mutation($id: ID!, $version: Int!, $input: UpdateArticleInput!) { it: updateArticle(id: $id, version: $version, input: $input) { article { desk { version } } errors { code message } } }",
                    variables,
                )
            }
        };
        after.version += 1;
        self.open = Some(Open { place: Some(place), after: after.clone() });
        let answer = self.ask(address, document, variables)?;
        assert_eq!(answer["it"]["errors"], json!([]), "{document}");
        if let Some(version) = answer["it"]["article"]["desk"]["version"].as_i64() {
            assert_eq!(version, after.version, "{document}");
        }
        self.articles[place] = after;
        self.open = None;
        Some(())
    }

    fn create(&mut self, address: &str) -> Option<()> {
        let head = self.text();
        let mut after = Article {
            id: String::new(),
            version: 1,
            status: "DRAFT",
            head: head.clone(),
            public: None,
            corrections: Vec::new(),
            comments: Vec::new(),
        };
        let Text { slug, title, body } = head;
        self.open = Some(Open { place: None, after: after.clone() });
        let document = "mutation($input: CreateArticleInput!) { it: createArticle(input: $input) { article { id } errors { code message } } }";
        let input = json!({"title": title, "slug": slug, "locale": "en", "tagNames": [format!("tag {}", self.dice.below(4))], "body": {"html": format!("<p>{body}</p>")}});
        let answer = self.ask(address, document, json!({"input": input}))?;
        assert_eq!(answer["it"]["errors"], json!([]), "{document}");
        answer["it"]["article"]["id"].as_str().expect("an id").clone_into(&mut after.id);
        self.articles.push(after);
        self.open = None;
        Some(())
    }

    /// A text that nobody has written yet.
    fn text(&mut self) -> Text {
        self.made += 1;
        let (name, made) = (self.name, self.made);
        let body = format!("Writer {name} wrote this as text {made}. ")
            .repeat(1 + self.dice.below(60))
            .trim()
            .to_owned();
        Text { slug: format!("w{name}-{made}"), title: format!("Text {made} by {name}"), body }
    }
}

/// What the answer says of an article, and what it should say.
fn told(found: &Value) -> Value {
    let comments = found["comments"]["nodes"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|comment| comment["body"]["text"].clone());
    let corrections =
        found["corrections"].as_array().into_iter().flatten().map(|correction| correction["note"].clone());
    let desk = &found["desk"];
    json!({
        "shown": [found["slug"], found["title"], found["body"]["text"]],
        "head": [desk["slug"], desk["title"], desk["body"]["text"]],
        "standing": [desk["status"], desk["version"], desk["revisions"]["totalCount"], desk["revisions"]["nodes"][0]["number"]],
        "changed": desk["hasUnpublishedChanges"],
        "corrections": corrections.collect::<Vec<_>>(),
        "comments": comments.collect::<Vec<_>>(),
        "counted": found["comments"]["totalCount"],
    })
}

fn expected(article: &Article) -> Value {
    let text = |text: &Text| json!([text.slug, text.title, text.body]);
    // Comments are shown with what readers see only.
    let comments = if article.status == "PUBLISHED" { article.comments.as_slice() } else { &[] };
    json!({
        "shown": text(article.public.as_ref().unwrap_or(&article.head)),
        "head": text(&article.head),
        "standing": [article.status, article.version, article.version, article.version],
        "changed": article.public.as_ref().is_some_and(|public| *public != article.head),
        "corrections": article.corrections,
        "comments": comments,
        "counted": comments.len(),
    })
}

/// Numbers that follow from a seed (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).expect("below the limit")
    }
}
