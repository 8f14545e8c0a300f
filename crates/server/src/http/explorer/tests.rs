//! The explorer over poem's test client: its settings, its policy, its files.

use poem::test::TestClient;
use serde_json::{Value, json};

use super::*;

fn client(tabs: Vec<ExampleTab>) -> TestClient<impl Endpoint<Output = Response>> {
    TestClient::new(poem::Route::new().nest(
        "/graphiql",
        explorer("/graphql", move || {
            let tabs = tabs.clone();
            async move { tabs }
        }),
    ))
}

fn subjects() -> Subjects {
    Subjects {
        locales: ["ar", "fr", "en"].map(str::to_owned).to_vec(),
        article: Some(ArticleSubject { slug: "سينما-النجمة".into(), locale: "ar".into() }),
        section: Some("city".into()),
        commentable: Some("QXJ0aWNsZTox".into()),
    }
}

async fn text(response: Response) -> String {
    response.into_body().into_string().await.expect("text")
}

/// What the page's script will read.
fn config_of(html: &str) -> Value {
    let (_, rest) = html.split_once(CONFIG_OPENS).expect("the element opens");
    let (json, _) = rest.split_once("</script>").expect("the element closes");
    serde_json::from_str(json).expect("JSON")
}

#[tokio::test]
async fn the_page_carries_its_settings_as_data_and_forbids_all_else() {
    let client = client(example_tabs(&subjects()));
    for path in ["/graphiql", "/graphiql/", "/graphiql/plain"] {
        let response = client.get(path).send().await.0;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        let policy = response.headers()["content-security-policy"].to_str().expect("ASCII").to_owned();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        let config = config_of(&text(response).await);
        assert_eq!(config["endpoint"], "/graphql");
        assert_eq!(config["tabs"][0]["variables"], json!({ "slug": "سينما-النجمة", "locale": "ar" }));
    }
}

#[tokio::test]
async fn no_text_of_the_newsroom_can_end_the_data_element() {
    let slug = "</script><script>alert(1)</script><!--";
    let tabs = example_tabs(&Subjects {
        article: Some(ArticleSubject { slug: slug.into(), locale: "en".into() }),
        ..Subjects::default()
    });
    let html = text(client(tabs).get("/graphiql").send().await.0).await;
    assert!(!html.contains("alert(1)</script>"), "{html}");
    assert_eq!(config_of(&html)["tabs"][0]["variables"]["slug"], slug);
}

#[test]
fn examples_leave_out_what_the_newsroom_does_not_have() {
    let names = |subjects: &Subjects| {
        let name = |tab: ExampleTab| {
            let line =
                tab.query.lines().find(|line| !line.starts_with('#')).expect("an operation").to_owned();
            line.split(['(', ' ']).nth(1).expect("a name").to_owned()
        };
        example_tabs(subjects).into_iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(names(&subjects()), ["ArticlePage", "FrontPage", "SectionPage", "LeaveComment", "SignIn"]);
    assert_eq!(names(&Subjects::default()), ["FrontPage", "SignIn"]);
    assert_eq!(example_tabs(&subjects())[1].variables["locale"], "fr");
    let english_only = Subjects { locales: vec!["en".into()], ..subjects() };
    assert_eq!(example_tabs(&english_only)[1].variables["locale"], Value::Null, "no list of French articles");
}

#[tokio::test]
async fn a_file_is_sent_once() {
    let client = client(Vec::new());
    let first = client.get("/graphiql/plain.js").send().await.0;
    assert_eq!(first.status(), StatusCode::OK);
    assert_eq!(first.headers()["content-type"], "text/javascript; charset=utf-8");
    assert_eq!(first.headers()["vary"], "Accept-Encoding");
    let tag = first.headers()["etag"].clone();
    assert!(tag.as_bytes().starts_with(b"\"") && tag.as_bytes().ends_with(b"\""), "{tag:?}");

    let again = client.get("/graphiql/plain.js").header("If-None-Match", tag).send().await.0;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert!(text(again).await.is_empty());

    let other = client.get("/graphiql/plain.js").header("If-None-Match", "\"other\"").send().await.0;
    assert_eq!(other.status(), StatusCode::OK);
}

#[tokio::test]
async fn what_is_not_there_or_not_a_reading_is_refused() {
    let client = client(Vec::new());
    for path in ["/graphiql/assets/none.js", "/graphiql/../Cargo.toml", "/graphiql/%2e%2e/%2e%2e/Cargo.toml"]
    {
        client.get(path).send().await.assert_status(StatusCode::NOT_FOUND);
    }
    let refused = client.post("/graphiql").send().await;
    refused.assert_status(StatusCode::METHOD_NOT_ALLOWED);
    refused.assert_header("allow", "GET, HEAD");
}

#[test]
fn codings_are_accepted_as_rfc_9110_says() {
    let cases = [
        ("gzip, deflate, br", "br", true),
        ("gzip, deflate", "br", false),
        ("BR;q=0.5", "br", true),
        ("br;q=0, gzip", "br", false),
        ("*", "gzip", true),
        ("*;q=0, gzip;q=0.1", "gzip", true),
        ("*;q=0, gzip;q=0.1", "br", false),
        ("br;q=nonsense", "br", false),
        ("", "gzip", false),
    ];
    for (accepted, coding, expected) in cases {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, accepted.parse().expect("a header"));
        assert_eq!(accepts(&headers, coding), expected, "{accepted:?} for {coding}");
    }
}

#[test]
fn both_pages_have_a_place_for_the_settings() {
    let graphiql = include_str!("../../../explorer/index.html");
    let plain = include_str!("../../../explorer/plain/plain.html");
    let config = PageConfig { endpoint: "/graphql", graphiql: false, tabs: Vec::new() };
    for page in [graphiql, plain] {
        assert_eq!(config_of(&page_with(page, &config).expect("a place"))["tabs"], json!([]));
    }
}
