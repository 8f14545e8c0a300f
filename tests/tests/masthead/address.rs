//! Where addresses lead, for readers: what stands there, where it went, what was deleted, and nothing of what is hidden.

use masthead_domain::article::ArticleId;
use masthead_domain::section::SectionId;
use masthead_domain::text::SlugKey;
use masthead_persistence::Named;
use serde_json::{Value, json};

use crate::newsroom::{Newsroom, on_each_database, on_each_database_raw};

const ADDRESS: &str = "query($path: String!) { address(path: $path) { \
     kind url article { slug locale title body { html } } section { slug name } tag { slug } author { slug } } }";

async fn address(newsroom: &Newsroom, path: &str) -> Value {
    let answer = newsroom.ask(ADDRESS, json!({"path": path})).await;
    assert!(answer.get("errors").is_none(), "{path}: {answer:#}");
    answer["data"]["address"].clone()
}

/// The keys of the first public article, of one that is hidden, and the address of the first.
async fn public_and_hidden(newsroom: &Newsroom) -> (ArticleId, ArticleId, String) {
    let answer = newsroom.ask("{ articles(first: 1) { nodes { id url } } }", json!({})).await;
    let node = &answer["data"]["articles"]["nodes"][0];
    let hidden = ArticleId::from_stored(newsroom.hidden_key().await);
    let url = node["url"].as_str().expect("an address").to_owned();
    (newsroom.key_of(node["id"].as_str().expect("an id")), hidden, url)
}

#[tokio::test]
async fn every_address_that_is_given_out_leads_back() {
    on_each_database(async |newsroom| {
        let all = newsroom
            .ask(
                "{ articles(first: 100) { nodes { slug url } } sections { slug url articles(first: 1) { nodes { \
                 tags { slug url } authors { slug url } } } } }",
                json!({}),
            )
            .await;
        let all = &all["data"];
        let mut seen = 0;
        let mut given = vec![("article", all["articles"]["nodes"].clone()), ("section", all["sections"].clone())];
        for section in all["sections"].as_array().expect("sections") {
            for article in section["articles"]["nodes"].as_array().expect("nodes") {
                given.push(("tag", article["tags"].clone()));
                given.push(("author", article["authors"].clone()));
            }
        }
        for (noun, things) in given {
            for thing in things.as_array().expect("a list") {
                let url = thing["url"].as_str().expect("an address");
                let path = url.strip_prefix("https://news.example").expect("ours");
                for spelling in [url.to_owned(), path.to_owned(), path.to_lowercase() + "/?utm_source=x#top"] {
                    let found = address(newsroom, &spelling).await;
                    assert_eq!(found["kind"], "CURRENT", "{spelling}: {found}");
                    assert_eq!((&found["url"], &found[noun]["slug"]), (&thing["url"], &thing["slug"]), "{spelling}");
                    seen += 1;
                }
            }
        }
        assert!(seen > 150, "{seen}");
        let page = newsroom.ask("{ a: articles(first: 1) { nodes { url body { html } } } }", json!({})).await;
        let page = &page["data"]["a"]["nodes"][0];
        let found = address(newsroom, page["url"].as_str().expect("an address")).await;
        assert_eq!(found["article"]["body"], page["body"]);
    })
    .await;
}

#[tokio::test]
async fn what_moved_is_sent_on() {
    on_each_database(async |newsroom| {
        let (current, former) = newsroom.an_article_with_a_former_slug().await;
        let of = newsroom
            .ask("query($s: String!) { article(slug: $s) { url locale } }", json!({"s": current}))
            .await;
        let (url, locale) =
            (&of["data"]["article"]["url"], of["data"]["article"]["locale"].as_str().expect("a tag"));
        let found = address(newsroom, &format!("/{locale}/{former}/")).await;
        assert_eq!(
            (&found["kind"], &found["url"], &found["article"]["slug"]),
            (&json!("MOVED"), url, &json!(current))
        );

        let (public, _, url) = public_and_hidden(newsroom).await;
        let tx = newsroom.store.begin().await.expect("begins");
        let paths = ["/2019/05/été", "/?p=77"].map(str::to_owned);
        assert_eq!(tx.former_paths_add(public, &paths).await.expect("adds"), Vec::<String>::new());
        let section = SectionId::from_stored(1);
        assert!(tx.slug_former_add(Named::Section, section, &SlugKey::of("vieux-port")).await.expect("adds"));
        tx.commit().await.expect("commits");
        for path in [
            "/2019/05/%C3%A9t%C3%A9",
            "/2019/05/%c3%a9t%c3%a9/",
            "/2019/05/e\u{301}te\u{301}/?amp=1",
            "https://news.example/?p=77",
            "/index.php?page_id=77&preview=true",
        ] {
            let found = address(newsroom, path).await;
            assert_eq!((&found["kind"], &found["url"]), (&json!("MOVED"), &json!(url)), "{path}");
        }
        let found = address(newsroom, "/fr/section/Vieux-Port").await;
        assert_eq!(found["kind"], "MOVED");
        let slug = found["section"]["slug"].as_str().expect("a slug");
        assert_eq!(found["url"], format!("https://news.example/fr/section/{slug}"));
    })
    .await;
}

#[tokio::test]
async fn what_was_deleted_is_gone() {
    on_each_database_raw(async |newsroom, store| {
        store
            .execute(
                "INSERT INTO gone_slugs (locale, slug_key, gone_at) VALUES ('ar', 'deleted', 1); \
                 INSERT INTO gone_paths (path, gone_at) VALUES ('/old/deleted', 1)",
            )
            .await;
        for path in ["/ar/deleted", "/AR/Deleted/", "/old/deleted/"] {
            let found = address(newsroom, path).await;
            assert_eq!(
                found,
                json!({"kind": "GONE", "url": null, "article": null, "section": null, "tag": null, "author": null}),
                "{path}"
            );
        }
        assert_eq!(address(newsroom, "/fr/deleted").await, Value::Null);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_told_of_what_is_hidden_or_was_never_there() {
    on_each_database(async |newsroom| {
        let (_, hidden, _) = public_and_hidden(newsroom).await;
        let tx = newsroom.store.begin().await.expect("begins");
        tx.former_paths_add(hidden, &["/old/hidden".to_owned()]).await.expect("adds");
        tx.commit().await.expect("commits");
        let mut paths: Vec<String> =
            ["/old/hidden", "/", "", "/ar", "/ar/no-such", "/de/section/sea", "/ar/section/no-such"]
                .map(str::to_owned)
                .to_vec();
        for (slug, _) in newsroom.hidden().await {
            paths.extend(["ar", "fr", "en"].map(|locale| format!("/{locale}/{slug}")));
        }
        paths.extend([
            "https://evil.example/ar/x".to_owned(),
            "//evil.example/ar/x".to_owned(),
            "/a\0b".to_owned(),
        ]);
        paths.push(format!("/ar/{}", "a".repeat(9000)));
        for path in paths {
            assert_eq!(address(newsroom, &path).await, Value::Null, "{path:?}");
        }
    })
    .await;
}
